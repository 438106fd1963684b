use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::check::{Counter, Other, STALE, TEXT, cut, event, none, now, opaque, slice, tenant, texts, write};
use super::{Failure, Promise, Suite};
use crate::event::Event;
use crate::id::Scope;
use crate::store::{Commit, EventRow, Key, KeyId, MAX_TEXT_BYTES, Store, Stored, Version};
use crate::time::Timestamp;

impl<S: Store + Send> Suite<'_, S> {
    pub(super) fn create(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::Create);
        let key = check.key("one");
        let found = check.load(slice(&key))?;
        check.ensure(none(&found), || "it was there before, use an empty database".into())?;
        check.applies(&[write(&key, None, 1, TEXT)], &[])?;
        let texts: Vec<_> = check.load(slice(&key))?.into_iter().flatten().map(|stored| stored.text).collect();
        check.ensure(texts == [TEXT], || format!("loaded {texts:?}"))?;
        // What one handle has written, another sees: it was committed.
        let texts: Vec<_> =
            self.check(Promise::Create).load(slice(&key))?.into_iter().flatten().map(|stored| stored.text).collect();
        check.ensure(texts == [TEXT], || format!("another handle loaded {texts:?}"))
    }

    pub(super) fn version_kept(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::VersionKept);
        // 7; the first integer that a 64-bit float cannot hold; an instant in microseconds; the largest.
        for (id, version) in [("a", 7), ("b", (1 << 53) + 1), ("c", 1_795_339_800_000_000), ("d", i64::MAX)] {
            let key = check.key(id);
            check.applies(&[write(&key, None, version, TEXT)], &[])?;
            check.holds(&key, version, TEXT)?;
        }
        Ok(())
    }

    pub(super) fn update(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::Update);
        let key = check.key("one");
        check.applies(&[write(&key, None, 1, TEXT)], &[])?;
        // Versions jump: they are instants.
        for (from, to) in [(1, 2), (2, 1_795_339_800_000_000), (1_795_339_800_000_000, i64::MAX)] {
            let text = format!(r#"{{"now":{to}}}"#);
            check.applies(&[write(&key, Some(from), to, &text)], &[])?;
            let stored = check.load(slice(&key))?.into_iter().flatten().next();
            check.ensure(stored.as_ref().is_some_and(|stored| stored.text == text), || format!("loaded {stored:?}"))?;
            let kept = stored.map(|stored| stored.version.as_i64());
            if kept != Some(to) {
                let detail = format!("version {from} was replaced by {to}, then it was {kept:?}");
                return Err(Failure { promise: Promise::VersionKept, detail });
            }
        }
        Ok(())
    }

    pub(super) fn stale_update(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::StaleUpdate);
        let key = check.key("one");
        check.applies(&[write(&key, None, 5, TEXT)], &[])?;
        check.applies(&[write(&key, Some(5), 6, TEXT)], &[])?;
        for stale in [5, 1, 7, i64::MAX] {
            check.conflicts(&[write(&key, Some(stale), 8, STALE)], &[])?;
            check.holds(&key, 6, TEXT)?;
        }
        Ok(())
    }

    pub(super) fn create_once(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::CreateOnce);
        let key = check.key("one");
        check.applies(&[write(&key, None, 5, TEXT)], &[])?;
        for version in [5, 6] {
            check.conflicts(&[write(&key, None, version, STALE)], &[])?;
            check.holds(&key, 5, TEXT)?;
        }
        Ok(())
    }

    pub(super) fn update_of_nothing(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::UpdateOfNothing);
        let key = check.key("one");
        for version in [0, 1] {
            check.conflicts(&[write(&key, Some(version), 2, STALE)], &[])?;
            let found = check.load(slice(&key))?;
            check.ensure(none(&found), || format!("loaded {found:?}"))?;
        }
        Ok(())
    }

    pub(super) fn load_in_order(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::LoadInOrder);
        let [a, b, c, unknown] = ["a", "b", "c", "unknown"].map(|id| check.key(id));
        check.applies(
            &[write(&b, None, 2, r#""b""#), write(&c, None, 3, r#""c""#), write(&a, None, 1, r#""a""#)],
            &[],
        )?;
        let (a, b, c, unknown) = ((a, Some(1)), (b, Some(2)), (c, Some(3)), (unknown, None));
        for asked in [
            Vec::new(),
            Vec::from([a.clone(), b.clone(), c.clone()]),
            Vec::from([c.clone(), unknown.clone(), a.clone(), b.clone()]),
            Vec::from([b.clone(), b.clone(), unknown.clone(), unknown, b, a, c]),
        ] {
            let keys: Vec<Key> = asked.iter().map(|(key, _)| key.clone()).collect();
            let wanted: Vec<Option<i64>> = asked.iter().map(|(_, version)| *version).collect();
            let found = check.load(&keys)?;
            let found: Vec<_> = found.iter().map(|entry| entry.as_ref().map(|stored| stored.version.0)).collect();
            check.ensure(found == wanted, || format!("asked for versions {wanted:?}, loaded {found:?}"))?;
        }
        Ok(())
    }

    pub(super) fn text_kept(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::TextKept);
        for (index, text) in texts(MAX_TEXT_BYTES).iter().enumerate() {
            let (created, updated) = (check.key(&format!("created-{index}")), check.key(&format!("updated-{index}")));
            check.applies(&[write(&created, None, 1, text), write(&updated, None, 1, TEXT)], &[])?;
            check.applies(&[write(&updated, Some(1), 2, text)], &[])?;
            check.holds(&created, 1, text)?;
            check.holds(&updated, 2, text)?;
        }
        Ok(())
    }

    pub(super) fn keys_apart(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::KeysApart);
        let tenant = |id: &str| Scope::Tenant(tenant(id));
        let long = |last: &str| format!("{}{last}", "x".repeat(63));
        let mut keys = Vec::new();
        for scope in [tenant("apart"), tenant("Apart"), tenant("apart-"), tenant("operator"), Scope::Operator] {
            for id in ["1", "01", "1.", "1_", "1-", "other_1", "a", "A", "a.b", "a_b", "a-b"] {
                keys.push(Key::of::<Counter>(scope.clone(), &opaque(id)));
                keys.push(Key::of::<Other>(scope.clone(), &opaque(id)));
            }
        }
        for id in [long("x"), long("X"), long("y")] {
            keys.push(Key::of::<Counter>(tenant(&id), &opaque(&id)));
        }
        // The longest ids there are, with the mark of the crate's own.
        for last in ["8", "9", "a", "A"] {
            keys.push(Key::of::<Counter>(tenant("apart"), KeyId::own(&format!("{:_<78}{last}", "_"))));
        }

        for (key, version) in keys.iter().zip(1..) {
            let commit = check.commit(&[write(key, None, version, &format!("{version}"))], &[])?;
            check.ensure(commit == Commit::Applied, || format!("{key} was taken for another"))?;
        }
        let found = check.load(&keys)?;
        for ((key, version), stored) in keys.iter().zip(1..).zip(found) {
            let wanted = Some(Stored::new(Version(version), version.to_string()));
            check.ensure(stored == wanted, || format!("{key} should be {wanted:?} and is {stored:?}"))?;
        }
        Ok(())
    }

    pub(super) fn all_or_nothing(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::AllOrNothing);
        let [a, b, c, new] = ["a", "b", "c", "new"].map(|id| check.key(id));
        let keys = [a.clone(), b.clone(), c.clone(), new.clone()];
        check.applies(&[write(&a, None, 1, TEXT), write(&b, None, 1, TEXT), write(&c, None, 1, TEXT)], &[])?;
        let before = check.load(&keys)?;
        let good = [write(&a, Some(1), 2, STALE), write(&b, Some(1), 2, STALE), write(&new, None, 2, STALE)];
        for (what, bad) in [
            ("a stale update", write(&c, Some(9), 10, STALE)),
            ("a second creation", write(&c, None, 10, STALE)),
            ("an update of nothing", write(&check.key("nothing"), Some(1), 10, STALE)),
        ] {
            for place in 0..=good.len() {
                let mut writes = good.to_vec();
                writes.insert(place, bad.clone());
                check.conflicts(&writes, &[])?;
                let after = check.load(&keys)?;
                check.ensure(after == before, || format!("{what} as write {place} left {after:?}"))?;
            }
        }
        check.applies(&good, &[])?;
        for key in [&a, &b, &new] {
            check.holds(key, 2, STALE)?;
        }
        check.holds(&c, 1, TEXT)
    }

    pub(super) fn events_kept(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::EventsKept);
        let (key, scopes) = (check.key("one"), [Scope::from(tenant("events")), Scope::Operator]);
        // Twice the same is two events; all of a batch have one instant, as in life.
        let mut lines = texts(Event::MAX_BYTES);
        lines.extend_from_slice(&[r#"{"n":2}"#, r#"{"n":1}"#, r#"{"n":1}"#, r#"{"n":3}"#].map(String::from));
        let rows: Vec<EventRow> =
            lines.iter().zip(scopes.iter().cycle()).map(|(text, scope)| event(scope, text)).collect();

        let before = (self.events)();
        check.applies(&[write(&key, None, 1, TEXT)], &rows)?;
        check.applies(&[write(&key, Some(1), 2, TEXT)], rows.get(..1).unwrap_or_default())?;
        let wanted: Vec<&String> = before.iter().chain(&lines).chain(lines.first()).collect();
        let found = (self.events)();
        check.ensure(found.len() == wanted.len(), || {
            format!("there should be {} and there are {}", wanted.len(), found.len())
        })?;
        for (index, (found, wanted)) in found.iter().zip(wanted).enumerate() {
            check
                .ensure(found == wanted, || format!("event {index} should be {} and is {}", cut(wanted), cut(found)))?;
        }
        Ok(())
    }

    pub(super) fn events_only_if_applied(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::EventsOnlyIfApplied);
        let (one, two) = (check.key("one"), check.key("two"));
        let rows = [event(&Scope::Operator, STALE)];
        check.applies(&[write(&one, None, 1, TEXT)], &[])?;
        let before = (self.events)();
        check.conflicts(&[write(&one, None, 2, STALE)], &rows)?;
        check.conflicts(&[write(&two, Some(1), 2, STALE)], &rows)?;
        check.conflicts(&[write(&two, None, 2, STALE), write(&one, Some(9), 10, STALE)], &rows)?;
        let found = (self.events)().len().saturating_sub(before.len());
        check.ensure(found == 0, || format!("three batches in conflict left {found} events"))
    }

    pub(super) fn events_alone(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::EventsAlone);
        let mut wanted = (self.events)();
        check.applies(&[], &[event(&Scope::Operator, r#""alone""#)])?;
        check.applies(&[], &[])?;
        wanted.push(r#""alone""#.into());
        let found = (self.events)();
        check.ensure(found == wanted, || format!("there should be {} and there are {}", wanted.len(), found.len()))
    }

    pub(super) fn collects_only_due(&self) -> Result<(), Failure> {
        let mut check = self.check(Promise::CollectsOnlyDue);
        // Some stores collect by a clock of their own, so these are long gone and far away on every clock.
        let (past, future) = (Timestamp::from_micros(946_684_800_000_000), Some(Timestamp::MAX));
        let [due, later, never, kept, postponed] =
            ["due", "later", "never", "kept", "postponed"].map(|id| check.key(id));
        for (key, until) in [(&due, past), (&later, future), (&never, None), (&kept, past), (&postponed, past)] {
            check.puts(key, until)?;
        }
        // Their latest write counts, not their first.
        check.puts(&kept, None)?;
        check.puts(&postponed, future)?;
        let keys = [later, never, kept, postponed];
        let before = check.load(&keys)?;
        check.ensure(before.iter().all(Option::is_some), || format!("before any collection: {before:?}"))?;
        (self.collect)(now());
        let after = check.load(&keys)?;
        check.ensure(after == before, || format!("they were {before:?} and became {after:?}"))?;
        // What is due is there or gone; both can be written, and a version of before is not met again.
        let old = Version(now().timestamp().as_micros());
        check.puts(&due, None)?;
        let renewed = check.load(slice(&due))?.into_iter().flatten().next();
        check.ensure(renewed.is_some_and(|stored| stored.version >= old), || "a version was met again".into())
    }
}
