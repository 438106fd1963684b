use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::thread;

use serde::{Deserialize, Serialize};

use super::{Failure, Promise};
use crate::event::{Actor, Provenance};
use crate::id::{OpaqueId, Scope, TenantId};
use crate::store::{
    Batch, Change, Commit, DecodeError, EventRow, Key, Record, Store, Stored, Transition, UpdateError, Version, Write,
    update,
};
use crate::time::{Now, Timestamp};

/// How often a racing thread tries one update again that ended as contended, which is a right answer.
const PATIENCE: u32 = 1000;

/// The record that racing threads write.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counter {
    pub(super) count: u64,
}

impl Record for Counter {
    const KIND: &'static str = "conformance";
    const VERSION: u16 = 1;
}

/// A second kind. With an underscore, `conformance` + `other_1` and `conformance_other` + `1` are told apart
/// only by a store that keeps its columns, or a separator, clean.
#[derive(Serialize, Deserialize)]
pub(super) struct Other;

impl Record for Other {
    const KIND: &'static str = "conformance_other";
    const VERSION: u16 = 1;
}

/// One check under way: the promise it is about, and its handle.
pub(super) struct Check<S> {
    pub(super) promise: Promise,
    pub(super) store: S,
}

impl<S: Store> Check<S> {
    pub(super) fn failure(&self, detail: String) -> Failure {
        Failure { promise: self.promise, detail }
    }

    pub(super) fn ensure(&self, holds: bool, detail: impl FnOnce() -> String) -> Result<(), Failure> {
        if holds { Ok(()) } else { Err(self.failure(detail())) }
    }

    /// A key of this check's own, in tenant and id: a store that mixes keys up fails where keys are checked.
    pub(super) fn key(&self, id: &str) -> Key {
        let promise = format!("{:?}", self.promise);
        Key::of::<Counter>(tenant(&promise), &opaque(&format!("{promise}-{id}")))
    }

    pub(super) fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Failure> {
        let loaded = self.store.load(keys).map_err(|error| self.failure(failed("load", &error)))?;
        let (asked, found) = (keys.len(), loaded.len());
        if asked == found {
            return Ok(loaded);
        }
        let detail = format!("load was asked for {asked} keys and answered {found} entries");
        Err(Failure { promise: Promise::LoadInOrder, detail })
    }

    pub(super) fn commit(&mut self, writes: &[Write], events: &[EventRow]) -> Result<Commit, Failure> {
        self.store.commit(&Batch { writes, events }).map_err(|error| self.failure(failed("commit", &error)))
    }

    pub(super) fn applies(&mut self, writes: &[Write], events: &[EventRow]) -> Result<(), Failure> {
        let commit = self.commit(writes, events)?;
        self.ensure(commit == Commit::Applied, || format!("a conflict, where there is none: {}", said(writes)))
    }

    pub(super) fn conflicts(&mut self, writes: &[Write], events: &[EventRow]) -> Result<(), Failure> {
        let commit = self.commit(writes, events)?;
        self.ensure(commit == Commit::Conflict, || format!("applied, where there is a conflict: {}", said(writes)))
    }

    pub(super) fn holds(&mut self, key: &Key, version: i64, text: &str) -> Result<(), Failure> {
        let found = self.load(slice(key))?.into_iter().flatten().next();
        let right = found.as_ref().is_some_and(|stored| stored.version.0 == version && stored.text == text);
        self.ensure(right, || {
            let found = found
                .map_or("nothing".into(), |stored| format!("{} at version {}", cut(&stored.text), stored.version.0));
            format!("{key} should be {} at version {version} and is {found}", cut(text))
        })
    }

    /// Writes whatever is there, to be collected after that instant.
    pub(super) fn puts(&mut self, key: &Key, until: Option<Timestamp>) -> Result<(), Failure> {
        let (promise, store) = (self.promise, &mut self.store);
        patiently(promise, store, slice(key), |change| {
            let transition = Transition::put(Counter { count: 1 }, ());
            change.apply(key, until.into_iter().fold(transition, Transition::collect_after))
        })
    }
}

/// An update that takes `Contended` for what it is: come back.
pub(super) fn patiently<S: Store, O>(
    promise: Promise,
    store: &mut S,
    keys: &[Key],
    mut decide: impl FnMut(&mut Change<'_>) -> Result<O, DecodeError>,
) -> Result<O, Failure> {
    let by = Provenance::internal(Actor::Service(opaque("conformance")));
    for _ in 0..PATIENCE {
        let updated = update(&mut *store, keys, |rows| {
            let mut change = Change::new(rows, now(), &by);
            let outcome = decide(&mut change)?;
            Ok(change.finish(outcome))
        });
        match updated {
            Ok(outcome) => return Ok(outcome),
            Err(UpdateError::Contended) => thread::yield_now(),
            Err(UpdateError::Decode(error)) => return Err(Failure { promise, detail: error.to_string() }),
            Err(UpdateError::Store(error)) => return Err(Failure { promise, detail: failed("an update", &error) }),
        }
    }
    Err(Failure { promise, detail: "nothing but conflicts".into() })
}

pub(super) const TEXT: &str = r#"{"text":"as written"}"#;
pub(super) const STALE: &str = r#"{"text":"never to be seen"}"#;

/// 2026-01-01T00:00:00Z. The suite has no clock.
pub(super) fn now() -> Now {
    Timestamp::from_micros(1_767_225_600_000_000).unwrap_or(Timestamp::MAX).into()
}

pub(super) const fn slice(key: &Key) -> &[Key] {
    core::slice::from_ref(key)
}

pub(super) fn none(loaded: &[Option<Stored>]) -> bool {
    loaded.iter().all(Option::is_none)
}

pub(super) fn write(key: &Key, replaces: Option<i64>, version: i64, text: &str) -> Write {
    let replaces = replaces.map(Version);
    Write { key: key.clone(), replaces, version: Version(version), text: text.into(), collect_after: None }
}

pub(super) fn event(scope: &Scope, text: &str) -> EventRow {
    EventRow { scope: scope.clone(), at: now().timestamp(), text: text.into() }
}

/// What a store might not keep byte for byte. All of it JSON, which a column may insist on.
pub(super) fn texts(longest: usize) -> Vec<String> {
    let hard = [
        r#"{"b":1,"a":2.0,"c":1e2}"#, // order and spelling: a binary JSON column loses both
        r#"{ "a" : [ 1 , 2 ] }"#,     // white space
        r#"{"a":"'; DROP TABLE records; -- \" \\ % _ ? $1 :a {}"}"#,
        r#"{"a":"\u0000\n\t\u001f"}"#, // escaped control characters
        r#"{"a":"  spaces at both ends  "}"#,
        "{\"a\":\"é e\u{301} \u{212b} \u{fb01}\"}", // composed and not: nothing is normalised
        "{\"a\":\"Straße ПРИВЕТ 日本語 שלום\"}",
        "{\"a\":\"\u{1f511}\u{10ffff}\u{fffd}\u{2028}\u{200d}\u{feff}\"}", // four bytes in UTF-8, and invisible ones
    ];
    let fill = |unit: &str| {
        let room = longest.saturating_sub(2).checked_div(unit.len()).unwrap_or(0);
        let padding = longest.saturating_sub(2).saturating_sub(room.saturating_mul(unit.len()));
        format!("\"{}{}\"", unit.repeat(room), "x".repeat(padding))
    };
    hard.into_iter().map(String::from).chain([fill("x"), fill("\u{1f511}")]).collect()
}

/// What a store reported, on one line.
fn failed(what: &str, error: &dyn core::error::Error) -> String {
    let mut detail = format!("{what} failed: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        detail.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    detail.replace(['\n', '\r'], " ")
}

/// What a batch asked for, on one line.
fn said(writes: &[Write]) -> String {
    let one = |write: &Write| match write.replaces {
        Some(Version(replaces)) => format!("{} from version {replaces} to {}", write.key, write.version.0),
        None => format!("{} created at version {}", write.key, write.version.0),
    };
    writes.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The beginning of a text, escaped.
pub(super) fn cut(text: &str) -> String {
    let length = text.len();
    let start: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if length > 240 { format!("{start}… ({length} bytes)") } else { start }
}

#[allow(clippy::expect_used, reason = "ids of this suite's own, in a test")]
pub(super) fn tenant(id: &str) -> TenantId {
    TenantId::try_new(id).expect("an id")
}

#[allow(clippy::expect_used, reason = "ids of this suite's own, in a test")]
pub(super) fn opaque(id: &str) -> OpaqueId {
    OpaqueId::try_new(id).expect("an id")
}
