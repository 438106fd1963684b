//! Notes: a record of the tests' own, for what is asked of every server.

use clausework::event::{Actor, Code, Fact, Provenance};
use clausework::id::OpaqueId;
use clausework::store::{Change, Decision, Key, Record, Rows, Transition};
use clausework::testing::Clock;
use clausework::{Now, Scope, TenantId};

/// A record of these tests' own.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Note(pub(crate) String);

impl Record for Note {
    const KIND: &'static str = "note";
    const VERSION: u16 = 1;
}

const NOTED: Code = Code::internal("test.noted");

pub(crate) fn now() -> Now {
    Clock::at("2026-11-22T09:30:00Z").now()
}

pub(crate) fn tenant(id: &str) -> Scope {
    TenantId::try_new(id).unwrap().into()
}

pub(crate) fn key(scope: &Scope, id: &str) -> Key {
    Key::of::<Note>(scope.clone(), &OpaqueId::try_new(id).unwrap())
}

/// A note to each of these keys, with an event each.
pub(crate) fn noting(rows: &Rows, keys: &[Key]) -> Decision<()> {
    let by = Provenance::internal(Actor::Unauthenticated);
    let mut change = Change::new(rows, now(), &by);
    for key in keys {
        let transition = Transition::put(Note("here".into()), ()).with(Fact::success(NOTED));
        change.apply(key, transition).unwrap();
    }
    change.finish(())
}
