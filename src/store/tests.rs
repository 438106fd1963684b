use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;
use core::convert::Infallible;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::*;
use crate::event::{Actor, Code, Event, Fact, Provenance, Stamp};
use crate::id::{OpaqueId, TenantId};
use crate::time::Now;

const COUNTED: Code = Code::internal("test.counted");

/// A stamped record in its first version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    count: u32,
}

impl Record for Count {
    const KIND: &'static str = "count";
    const VERSION: u16 = 1;
}

/// The same in its second version, with another field name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count2 {
    total: u32,
}

impl Record for Count2 {
    const KIND: &'static str = "count";
    const VERSION: u16 = 2;

    fn upgrade(version: u16, state: &str) -> Option<Self> {
        let Count { count } = serde_json::from_str(state).ok().filter(|_| version == 1)?;
        Some(Self { total: count })
    }
}

/// And in its third, which no longer reads the first.
#[derive(Debug, Serialize, Deserialize)]
struct Count3 {
    total: u32,
}

impl Record for Count3 {
    const KIND: &'static str = "count";
    const VERSION: u16 = 3;

    fn upgrade(version: u16, state: &str) -> Option<Self> {
        serde_json::from_str(state).ok().filter(|_| version == 2)
    }
}

/// A record without a stamp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Bare(u32);

impl Record for Bare {
    const KIND: &'static str = "bare";
    const VERSION: u16 = 1;
    const STAMPED: bool = false;
}

fn at(micros: i64) -> Now {
    Timestamp::from_micros(micros).unwrap().into()
}

/// 2026-11-22T09:30:00Z
const MORNING: i64 = 1_795_339_800_000_000;

fn key<R: Record>() -> Key {
    Key::of::<R>(TenantId::try_new("acme").unwrap(), &OpaqueId::try_new("one").unwrap())
}

fn by(user: &str) -> Provenance {
    Provenance::internal(Actor::Service(OpaqueId::try_new(user).unwrap()))
}

fn rows<R: Record>(text: &str) -> Rows {
    Rows::new([key::<R>()], [Some(Stored::new(Version::new(1), text))])
}

fn read<R: Record>(text: &str) -> Result<R, DecodeError> {
    rows::<R>(text).read::<R>(&key::<R>()).map(Option::unwrap)
}

fn put<R: Record>(rows: &Rows, now: Now, state: R) -> Result<Write, DecodeError> {
    let by = by("tester");
    let mut change = Change::new(rows, now, &by);
    change.apply(&key::<R>(), Transition::put(state, ()))?;
    Ok(change.finish(()).batch().writes()[0].clone())
}

fn absent<R: Record>() -> Rows {
    Rows::new([key::<R>()], [None])
}

const GOOD: &str = r#"{"kind":"count","v":1,"stamp":{"created_by":"unauthenticated","created_at":"2026-11-22T09:30:00.000000Z","updated_by":"unauthenticated","updated_at":"2026-11-22T09:30:00.000000Z","revision":1},"state":{"count":7}}"#;

mod decoding {
    use super::*;

    const KIND: &str = "count";

    #[test]
    fn a_good_text_is_read() {
        assert_eq!(read::<Count>(GOOD), Ok(Count { count: 7 }));
        assert_eq!(read::<Bare>(r#"{"kind":"bare","v":1,"state":3}"#), Ok(Bare(3)));
    }

    /// JSON has many texts for one value; ours is read at once, and the others all the same, if they are JSON.
    #[test]
    fn the_text_of_an_unstamped_record_may_be_written_otherwise() {
        for text in [
            r#"{"kind":"bare","v":1,"state": 3 }"#,
            r#"{"kind":"bare","v":1, "state":3}"#,
            r#"{ "kind":"bare","v":1,"state":3} "#,
            r#"{"v":1,"state":3,"kind":"bare"}"#,
            r#"{"kind":"bare","v":1,"stamp":null,"state":3}"#,
            r#"{"kind":"\u0062are","v":1,"state":3}"#,
        ] {
            assert_eq!(read::<Bare>(text), Ok(Bare(3)), "{text}");
        }
        for text in [
            r#"{"kind":"bare","v":01,"state":3}"#,
            r#"{"kind":"bare","v":+1,"state":3}"#,
            r#"{"kind":"bare","v":1,"state":3"#,
            r#"{"kind":"bare","v":1,"state":}"#,
            r#"{"kind":"bare","v":1,"state":3}}"#,
            r#"{"kind":"bare","v":1,"state":3,"more":4}"#,
            r#"{"kind":"bare","v":1,"state":"3"}"#,
        ] {
            assert_eq!(read::<Bare>(text), Err(DecodeError::Malformed { kind: "bare" }), "{text}");
        }
        let newer = r#"{"kind":"bare","v":2,"state":3}"#;
        assert_eq!(read::<Bare>(newer), Err(DecodeError::Newer { kind: "bare", found: 2, known: 1 }));
        let foreign = r#"{"kind":"bares","v":1,"state":3}"#;
        assert_eq!(read::<Bare>(foreign), Err(DecodeError::Foreign { kind: "bare" }));
        // Nor is a stamped one read without its stamp, though its text is as short.
        let unstamped = r#"{"kind":"count","v":1,"state":{"count":7}}"#;
        assert_eq!(read::<Count>(unstamped), Err(DecodeError::Malformed { kind: KIND }));
    }

    #[test]
    fn the_text_of_a_stamped_record_may_be_written_otherwise() {
        for (plain, text) in [
            (r#"{"kind""#, r#"{ "kind""#),
            (r#","stamp":"#, r#", "stamp":"#),
            (r#""stamp":{"#, r#""stamp": {"#),
            (r#"},"state""#, r#"} , "state""#),
            (r#""state":{"#, r#""state": {"#),
            (r#""revision":1"#, r#""revision": 1 "#),
            (r#""unauthenticated""#, r#""\u0075nauthenticated""#),
        ] {
            assert_eq!(read::<Count>(&GOOD.replacen(plain, text, 1)), Ok(Count { count: 7 }), "{text}");
        }
        for (plain, text) in [
            (r#"},"state""#, r#"}"state""#),
            (r#"},"state""#, r#"},{},"state""#),
            (r#"},"state""#, r#"},"stamp":null,"state""#),
            (r#""revision":1"#, r#""revision":1,"state":{"count":7}"#),
            (r#""revision":1"#, r#""revision":01"#),
            (r#""state":{"count":7}"#, r#""state":{"count":7},"state":{"count":7}"#),
            (r#""state":{"count":7}"#, r#""state":{"count":7},"more":{}"#),
            (r#""v":1"#, r#""v":01"#),
        ] {
            let text = GOOD.replacen(plain, text, 1);
            assert_ne!(text, GOOD);
            assert_eq!(read::<Count>(&text), Err(DecodeError::Malformed { kind: KIND }), "{text}");
        }
    }

    #[test]
    fn every_prefix_is_malformed() {
        for length in 0..GOOD.len() {
            assert_eq!(read::<Count>(&GOOD[..length]), Err(DecodeError::Malformed { kind: KIND }), "{length}");
        }
        assert_eq!(read::<Count>(&format!("{GOOD}x")), Err(DecodeError::Malformed { kind: KIND }));
    }

    #[test]
    fn what_is_not_a_record_is_malformed() {
        for text in ["", "null", "[]", "{}", "7", "\"count\"", r#"{"kind":"count"}"#, r#"{"kind":"count","v":1}"#] {
            assert_eq!(read::<Count>(text), Err(DecodeError::Malformed { kind: KIND }), "{text}");
        }
    }

    #[test]
    fn a_value_or_field_that_cannot_be_is_malformed() {
        for (good, bad) in [
            (r#""count":7"#, r#""count":-7"#),
            (r#""count":7"#, r#""count":"7""#),
            (r#""count":7"#, r#""count":7,"more":1"#),
            (r#""count":7"#, r#""count":7,"count":8"#),
            (r#""v":1"#, r#""v":1,"v":1"#),
            (r#""v":1"#, r#""v":1,"more":1"#),
            (r#""v":1"#, r#""v":70000"#),
            (r#""revision":1"#, r#""revision":-1"#),
            ("2026-11-22", "2026-13-22"),
        ] {
            let text = GOOD.replacen(good, bad, 1);
            assert_ne!(text, GOOD);
            assert_eq!(read::<Count>(&text), Err(DecodeError::Malformed { kind: KIND }), "{text}");
        }
    }

    #[test]
    fn another_kind_is_foreign() {
        let text = GOOD.replace(r#""kind":"count""#, r#""kind":"session""#);
        assert_eq!(read::<Count>(&text), Err(DecodeError::Foreign { kind: KIND }));
        assert_eq!(read::<Count2>(&text), Err(DecodeError::Foreign { kind: KIND }));
    }

    #[test]
    fn a_newer_version_is_named() {
        let text = GOOD.replace(r#""v":1"#, r#""v":4"#).replace(r#"{"count":7}"#, r#"{"of":{"the":["future"]}}"#);
        let error = read::<Count2>(&text).unwrap_err();
        assert_eq!(error, DecodeError::Newer { kind: KIND, found: 4, known: 2 });
        assert_eq!(error.to_string(), "the stored count record has version 4, this crate knows versions up to 2");
    }

    #[test]
    fn an_older_version_is_upgraded_or_named() {
        assert_eq!(read::<Count2>(GOOD), Ok(Count2 { total: 7 }));
        let error = read::<Count3>(GOOD).unwrap_err();
        assert_eq!(error, DecodeError::Older { kind: KIND, found: 1, known: 3 });
        assert_eq!(error.to_string(), "the stored count record has version 1, too old for version 3");
        // What the version before wrote, and no decision of it could have.
        for bad in [r#""count":-7"#, r#""count":7,"count":7"#] {
            let damaged = GOOD.replace(r#""count":7"#, bad);
            assert_eq!(read::<Count2>(&damaged), Err(DecodeError::Older { kind: KIND, found: 1, known: 2 }));
        }
    }

    #[test]
    fn the_present_version_is_never_upgraded() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Careless(u32);

        impl Record for Careless {
            const KIND: &'static str = "careless";
            const VERSION: u16 = 2;

            fn upgrade(_: u16, state: &str) -> Option<Self> {
                serde_json::from_str(state).ok()
            }
        }

        // Without a stamp it is damaged, and an upgrade that does not ask for the version must not let it pass.
        let text = r#"{"kind":"careless","v":2,"state":7}"#;
        assert_eq!(read::<Careless>(text), Err(DecodeError::Malformed { kind: "careless" }));
        assert_eq!(read::<Careless>(&text.replace(":2", ":1")), Ok(Careless(7)));
    }

    #[test]
    fn an_upgraded_record_keeps_its_stamp_and_is_written_anew() {
        let write = put(&rows::<Count2>(GOOD), at(MORNING + 1), Count2 { total: 8 }).unwrap();
        assert!(write.text().starts_with(r#"{"kind":"count","v":2,"#));
        assert_eq!(read::<Count2>(write.text()), Ok(Count2 { total: 8 }));
        let stamp = rows::<Count2>(write.text()).stamp::<Count2>(&key::<Count2>()).unwrap().unwrap();
        assert_eq!((stamp.created_by(), stamp.revision()), (&Actor::Unauthenticated, 2));
        // The version before reads it no more, and says why.
        assert_eq!(read::<Count>(write.text()), Err(DecodeError::Newer { kind: KIND, found: 2, known: 1 }));
    }

    #[test]
    fn a_stamp_is_there_if_and_only_if_the_kind_has_one() {
        let (start, rest) = GOOD.split_once(r#""stamp""#).unwrap();
        let unstamped = format!("{start}{}", &rest[rest.find(r#""state""#).unwrap()..]);
        assert_eq!(read::<Count>(&unstamped), Err(DecodeError::Malformed { kind: KIND }));
        let stamped = GOOD.replace(r#""kind":"count""#, r#""kind":"bare""#).replace(r#"{"count":7}"#, "7");
        assert_eq!(read::<Bare>(&stamped), Err(DecodeError::Malformed { kind: "bare" }));
    }

    #[test]
    fn what_is_too_long_is_not_even_looked_at() {
        let pad = |length: usize| format!("{}{GOOD}", " ".repeat(length - GOOD.len()));
        assert_eq!(read::<Count>(&pad(MAX_TEXT_BYTES)), Ok(Count { count: 7 }));
        let found = MAX_TEXT_BYTES + 1;
        assert_eq!(read::<Count>(&pad(found)), Err(DecodeError::TooLong { kind: KIND, found }));
    }

    #[test]
    fn what_was_not_loaded_is_not_guessed() {
        let key = key::<Count>();
        let error = DecodeError::NotLoaded { kind: KIND };
        assert_eq!(Rows::new([], []).read::<Count>(&key), Err(error));
        assert_eq!(Rows::new([key.clone()], []).read::<Count>(&key), Err(error), "the store answered too few rows");
        assert_eq!(rows::<Bare>("x").read::<Bare>(&key), Err(DecodeError::NotLoaded { kind: "bare" }), "a foreign key");
        assert_eq!(Rows::new([key.clone()], [None]).read::<Count>(&key), Ok(None));
        assert_eq!(Rows::new([], []).with_absent([key.clone()]).read::<Count>(&key), Ok(None));
        assert_eq!(put(&Rows::new([], []), at(0), Count { count: 1 }).unwrap_err(), error);
    }

    #[test]
    fn an_error_never_shows_the_text() {
        for text in ["hunter2", r#"{"kind":"hunter2","v":1,"state":1}"#, r#"{"kind":"count","v":9,"state":"hunter2"}"#]
        {
            let error = read::<Count>(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}

mod writing {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Odd(String);

    impl Serialize for Odd {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if self.0.is_empty() { Err(serde::ser::Error::custom("odd")) } else { serializer.serialize_str(&self.0) }
        }
    }

    impl Record for Odd {
        const KIND: &'static str = "odd";
        const VERSION: u16 = 1;
    }

    #[test]
    fn what_could_not_be_read_again_is_not_written() {
        let empty = put(&absent::<Odd>(), at(MORNING), Odd(String::new())).unwrap_err();
        assert_eq!(empty, DecodeError::Unencodable { kind: "odd" });
        let rest = put(&absent::<Odd>(), at(MORNING), Odd("x".into())).unwrap().text().len() - 1;
        let longest = put(&absent::<Odd>(), at(MORNING), Odd("x".repeat(MAX_TEXT_BYTES - rest))).unwrap();
        assert_eq!(longest.text().len(), MAX_TEXT_BYTES);
        assert!(read::<Odd>(longest.text()).is_ok());
        let over = put(&absent::<Odd>(), at(MORNING), Odd("x".repeat(MAX_TEXT_BYTES - rest + 1))).unwrap_err();
        assert_eq!(over, DecodeError::TooLong { kind: "odd", found: MAX_TEXT_BYTES + 1 });
    }

    fn version_after(before: Option<i64>, now: i64) -> i64 {
        let stored = before.map(|version| Stored::new(Version::new(version), r#"{"kind":"bare","v":1,"state":1}"#));
        let write = put(&Rows::new([key::<Bare>()], [stored]), at(now), Bare(2)).unwrap();
        assert_eq!(write.replaces(), before.map(Version::new));
        write.version().as_i64()
    }

    #[test]
    fn the_version_is_the_instant_or_one_more_than_before() {
        assert_eq!(version_after(None, MORNING), MORNING);
        assert_eq!(version_after(Some(MORNING - 1), MORNING), MORNING);
        assert_eq!(version_after(Some(MORNING), MORNING), MORNING + 1, "twice in one microsecond");
        assert_eq!(version_after(Some(MORNING + 9), MORNING), MORNING + 10, "a clock that stepped back");
        assert_eq!(version_after(None, 0), 1);
        assert_eq!(version_after(None, Timestamp::MIN.as_micros()), 1, "always positive");
        assert_eq!(version_after(Some(1), Timestamp::MIN.as_micros()), 2);
        assert_eq!(version_after(Some(i64::MAX - 1), MORNING), i64::MAX);
    }

    #[test]
    fn the_largest_version_is_never_replaced_by_itself() {
        let stored = Stored::new(Version::new(i64::MAX), r#"{"kind":"bare","v":1,"state":1}"#);
        let rows = Rows::new([key::<Bare>()], [Some(stored)]);
        assert_eq!(put(&rows, at(MORNING), Bare(2)).unwrap_err(), DecodeError::Malformed { kind: "bare" });
    }

    #[test]
    fn the_stamp_names_creator_updater_instants_and_revision() {
        let (key, anna, ben) = (key::<Count>(), by("anna"), by("ben"));
        let mut rows = absent::<Count>();
        let stamp = |rows: &mut Rows, now: i64, who: &Provenance| -> Stamp {
            let mut change = Change::new(rows, at(now), who);
            change.apply(&key, Transition::put(Count { count: 1 }, ())).unwrap();
            *rows = change.rows_after();
            rows.stamp::<Count>(&key).unwrap().unwrap()
        };
        let created = stamp(&mut rows, MORNING, &anna);
        assert_eq!(created, Stamp::created(at(MORNING), anna.actor().clone()));
        let updated = stamp(&mut rows, MORNING + 5, &ben);
        assert_eq!((updated.created_by(), updated.created_at()), (anna.actor(), at(MORNING).timestamp()));
        assert_eq!((updated.updated_by(), updated.updated_at()), (ben.actor(), at(MORNING + 5).timestamp()));
        assert_eq!(updated.revision(), 2);
        // A clock that stepped back is recorded as it was, the revision shows the order.
        let again = stamp(&mut rows, MORNING - 5, &anna);
        assert_eq!((again.updated_at(), again.revision()), (at(MORNING - 5).timestamp(), 3));
    }

    #[test]
    fn an_unstamped_kind_has_no_stamp() {
        let write = put(&absent::<Bare>(), at(MORNING), Bare(2)).unwrap();
        assert_eq!(write.text(), r#"{"kind":"bare","v":1,"state":2}"#);
        assert_eq!(rows::<Bare>(write.text()).stamp::<Bare>(&key::<Bare>()), Ok(None));
    }

    #[test]
    fn whoever_has_shown_who_he_is_acts_from_then_on() {
        let (rows, stranger) = (absent::<Count>(), Provenance::internal(Actor::Unauthenticated));
        let mut change = Change::new(&rows, at(MORNING), &stranger);
        change.note(&key::<Count>(), Fact::success(COUNTED));
        change.acting_as(by("anna").actor().clone());
        change.apply(&key::<Count>(), Transition::put(Count { count: 1 }, ()).with(Fact::success(COUNTED))).unwrap();
        let decision = change.finish(());
        let actors: Vec<Actor> =
            decision.batch().events().iter().map(|row| Event::decode(row.text()).unwrap().actor().clone()).collect();
        assert_eq!(actors, [Actor::Unauthenticated, by("anna").actor().clone()]);
    }

    #[test]
    fn an_event_says_what_its_row_says_and_decodes() {
        let (rows, by) = (absent::<Count>(), by("anna"));
        let mut change = Change::new(&rows, at(MORNING), &by);
        let fact = Fact::failure(COUNTED).with("count", 3_u32).with("word", "fixed");
        assert_eq!(change.apply(&key::<Count>(), Transition::<Count, _>::keep("kept").with(fact)), Ok("kept"));
        let decision = change.finish(());
        assert!(decision.batch().writes().is_empty() && !decision.is_empty());
        let row = &decision.batch().events()[0];
        let event = Event::decode(row.text()).unwrap();
        assert_eq!((event.scope(), event.at()), (row.scope(), row.at()));
        assert_eq!((event.subject().kind(), event.subject().id()), ("count", "one"));
        assert_eq!((event.code(), event.at()), ("test.counted", at(MORNING).timestamp()));
        assert_eq!(event.encode(), row.text());
    }

    #[test]
    fn a_later_transition_of_a_record_replaces_the_earlier_one() {
        let (rows, by) = (absent::<Count>(), by("anna"));
        let mut change = Change::new(&rows, at(MORNING), &by);
        for count in [1, 2] {
            change.apply(&key::<Count>(), Transition::put(Count { count }, ())).unwrap();
        }
        let decision = change.finish(());
        let [write] = decision.batch().writes() else { panic!("no key twice") };
        assert_eq!(read::<Count>(write.text()), Ok(Count { count: 2 }));
    }

    #[test]
    fn the_time_of_collection_goes_with_the_write() {
        let (rows, by, until) = (absent::<Count>(), by("anna"), at(MORNING).plus(Duration::from_secs(60)));
        let collected = |transition| {
            let mut change = Change::new(&rows, at(MORNING), &by);
            change.apply(&key::<Count>(), transition).unwrap();
            change.finish(()).batch().writes()[0].collect_after()
        };
        assert_eq!(collected(Transition::put(Count { count: 1 }, ())), None);
        assert_eq!(collected(Transition::put(Count { count: 1 }, ()).collect_after(until)), Some(until));
        let kept = Transition::<Count, ()>::keep(()).collect_after(until);
        assert_eq!(kept.next(), &Next::Keep, "what is not written is not collected");
    }

    #[test]
    fn the_rows_after_a_change_are_what_a_load_then_gives() {
        let (store, by) = (MemoryStore::new(), by("anna"));
        let keys = [key::<Count>(), key::<Bare>()];
        let mut known = Rows::new(keys.clone(), [None, None]);
        for round in 0..3 {
            let mut change = Change::new(&known, at(MORNING - round), &by);
            change.apply(&keys[0], Transition::put(Count { count: 1 }, ())).unwrap();
            if round != 1 {
                change.apply(&keys[1], Transition::put(Bare(2), ())).unwrap();
            }
            let after = change.rows_after();
            let commit = Store::commit(&mut &store, &change.finish(()).batch()).unwrap();
            assert_eq!(commit, Commit::Applied, "round {round} began from the rows before, without a load");
            let loaded = Rows::new(keys.clone(), Store::load(&mut &store, &keys).unwrap());
            let contents = |rows: &Rows| {
                let count = (rows.read::<Count>(&keys[0]).unwrap(), rows.stamp::<Count>(&keys[0]).unwrap());
                (count, rows.read::<Bare>(&keys[1]).unwrap())
            };
            assert_eq!(contents(&after), contents(&loaded));
            known = after;
        }
    }
}

mod driving {
    use super::*;
    #[cfg(feature = "testing")]
    use crate::testing::{FaultyStore, StoreFault, block_on};

    /// Counts calls, and may answer nothing but conflicts.
    #[derive(Default)]
    struct Counting {
        inner: MemoryStore,
        loads: u32,
        commits: u32,
        conflicts: u32,
    }

    impl Store for Counting {
        type Error = Infallible;

        fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
            self.loads += 1;
            Store::load(&mut self.inner, keys)
        }

        fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
            self.commits += 1;
            match self.commits <= self.conflicts {
                true => Ok(Commit::Conflict),
                false => Store::commit(&mut self.inner, batch),
            }
        }
    }

    impl AsyncStore for Counting {
        type Error = Infallible;

        async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
            Store::load(self, keys)
        }

        async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
            Store::commit(self, batch)
        }
    }

    fn count_up(rows: &Rows) -> Result<Decision<u32>, DecodeError> {
        let count = rows.read::<Count>(&key::<Count>())?.map_or(0, |found| found.count) + 1;
        let by = by("driver");
        let mut change = Change::new(rows, at(MORNING), &by);
        let fact = Fact::success(COUNTED).with("count", count);
        let count = change.apply(&key::<Count>(), Transition::put(Count { count }, count).with(fact))?;
        Ok(change.finish(count))
    }

    #[test]
    fn a_conflict_is_decided_again_on_what_is_there_then() {
        let mut store = Counting::default();
        assert_eq!(update(&mut store, &[key::<Count>()], count_up), Ok(1));
        let (other, turns) = (store.inner.clone(), Cell::new(0));
        let counted = update(&mut store, &[key::<Count>()], |rows| {
            turns.set(turns.get() + 1);
            if turns.get() == 1 {
                update(&other, &[key::<Count>()], count_up).unwrap(); // somebody else, between load and commit
            }
            count_up(rows)
        });
        assert_eq!((counted, turns.get()), (Ok(3), 2));
        assert_eq!((store.loads, store.commits), (3, 3));
        assert_eq!(store.inner.events().len(), 3);
    }

    #[test]
    fn it_gives_up_after_a_bounded_number_of_rounds() {
        for (conflicts, ends) in [(MAX_ROUNDS - 1, Ok(1)), (MAX_ROUNDS, Err(UpdateError::Contended))] {
            let mut store = Counting { conflicts, ..Counting::default() };
            assert_eq!(update(&mut store, &[key::<Count>()], count_up), ends);
            assert_eq!((store.loads, store.commits), (MAX_ROUNDS, MAX_ROUNDS));
            assert_eq!(store.inner.events().len(), usize::from(ends.is_ok()));
        }
    }

    #[test]
    fn an_empty_decision_commits_nothing() {
        let mut store = Counting::default();
        let looked =
            update(&mut store, &[key::<Count>()], |rows| Ok(Change::new(rows, at(0), &by("x")).finish("seen")));
        assert_eq!(looked, Ok("seen"));
        assert_eq!((store.loads, store.commits), (1, 0));
    }

    #[test]
    fn beginning_from_known_rows_loads_only_after_a_conflict() {
        let mut store = Counting::default();
        assert_eq!(update_from(&mut store, Rows::new([key::<Count>()], [None]), count_up), Ok(1));
        assert_eq!((store.loads, store.commits), (0, 1));
        // The same snapshot again is stale now.
        assert_eq!(update_from(&mut store, Rows::new([key::<Count>()], [None]), count_up), Ok(2));
        assert_eq!((store.loads, store.commits), (1, 3));
        // What was said to be absent is loaded as well.
        assert_eq!(update_from(&mut store, Rows::new([], []).with_absent([key::<Count>()]), count_up), Ok(3));
        assert_eq!((store.loads, store.commits), (2, 5));
    }

    #[test]
    fn an_undecodable_record_ends_the_update_and_stays_as_it_is() {
        let mut store = Counting::default();
        let write = Write {
            key: key::<Count>(),
            replaces: None,
            version: Version(1),
            text: "damaged".to_owned(),
            collect_after: None,
        };
        assert_eq!(Store::commit(&mut store, &Batch { writes: &[write], events: &[] }), Ok(Commit::Applied));
        let ended = update(&mut store, &[key::<Count>()], count_up);
        assert_eq!(ended, Err(UpdateError::Decode(DecodeError::Malformed { kind: "count" })));
        assert_eq!(store.inner.records()[0].1, "damaged");
        assert_eq!(store.commits, 1);
    }

    #[test]
    fn the_answer_is_released_by_an_applied_commit_only() {
        let decision = count_up(&Rows::new([key::<Count>()], [None])).unwrap();
        assert_eq!(decision.clone().release(Commit::Conflict), None);
        assert_eq!(decision.release(Commit::Applied), Some(1));
    }

    #[cfg(feature = "testing")]
    #[test]
    fn every_fault_of_the_store_is_reported_and_none_answers() {
        let mut store = FaultyStore::new(MemoryStore::new());
        let keys = [key::<Count>()];
        store.plan(StoreFault::SpuriousConflict);
        assert!(matches!(update(&mut store, &keys, count_up), Ok(1)));
        for (fault, written) in [(StoreFault::Load, 0), (StoreFault::Commit, 0), (StoreFault::LostAcknowledgement, 1)] {
            let before = store.inner().events().len();
            store.plan(fault);
            let error = update(&mut store, &keys, count_up).unwrap_err();
            assert!(matches!(error, UpdateError::Store(_)), "{fault:?}");
            assert_eq!(error.to_string(), "the store failed");
            assert_eq!(store.inner().events().len() - before, written, "{fault:?}");
        }
        // Also after a conflict: the second load fails.
        store.plan(StoreFault::SpuriousConflict);
        store.plan(StoreFault::Load);
        assert!(matches!(update_from(&mut store, Rows::new(keys, [None]), count_up), Err(UpdateError::Store(_))));
    }

    #[cfg(feature = "testing")]
    #[test]
    fn the_asynchronous_drivers_do_the_same() {
        let keys = [key::<Count>()];
        for (conflicts, ends) in [(0, Ok(1)), (2, Ok(1)), (MAX_ROUNDS, Err(UpdateError::Contended))] {
            let mut store = Counting { conflicts, ..Counting::default() };
            assert_eq!(block_on(update_async(&mut store, &keys, count_up)), ends);
            let rounds = (conflicts + 1).min(MAX_ROUNDS);
            assert_eq!((store.loads, store.commits), (rounds, rounds));
        }
        let mut store = Counting::default();
        assert_eq!(block_on(update_from_async(&mut store, Rows::new(keys, [None]), count_up)), Ok(1));
        assert_eq!((store.loads, store.commits), (0, 1));
        let nothing = |rows: &Rows| Ok(Change::new(rows, at(0), &by("x")).finish(()));
        assert_eq!(block_on(update_from_async(&mut store, Rows::new([], []), nothing)), Ok(()));
        assert_eq!((store.loads, store.commits), (0, 1));
    }
}

mod memory {
    use super::*;

    #[test]
    fn it_collects_what_is_due_and_erases_what_belongs_to_a_tenant() {
        let (store, by, due) = (MemoryStore::new(), by("x"), at(MORNING).timestamp());
        let tenant = |id: &str| Scope::from(TenantId::try_new(id).unwrap());
        let keys = [tenant("acme"), tenant("acme2"), Scope::Operator]
            .map(|scope| Key::of::<Count>(scope, &OpaqueId::try_new("one").unwrap()));
        for key in &keys {
            let written = update(&store, [key], |rows| {
                let mut change = Change::new(rows, at(MORNING), &by);
                let transition = Transition::put(Count { count: 1 }, ()).with(Fact::success(COUNTED));
                let collected = if *key == keys[1] { transition.collect_after(due) } else { transition };
                change.apply(key, collected)?;
                Ok(change.finish(()))
            });
            assert_eq!(written, Ok(()));
        }
        let left = || store.records().into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        store.collect(at(MORNING));
        assert_eq!(left().len(), 3, "after that instant, not at it");
        store.collect(at(MORNING + 1));
        assert_eq!(left(), [keys[0].clone(), keys[2].clone()]);
        store.erase(&tenant("acme"));
        assert_eq!(left(), [keys[2].clone()]);
        let scopes: Vec<Scope> = store.events().iter().map(|event| event.scope().clone()).collect();
        assert_eq!(scopes, [tenant("acme2"), Scope::Operator]);
    }
}
