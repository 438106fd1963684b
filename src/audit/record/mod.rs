//! The record: canonical bytes, and nothing beside them.
//!
//! | you want | use |
//! |---|---|
//! | write a record | [`Draft`]; [`Essentials`] are what none goes without |
//! | write what is about to be done, and find what was never completed | [`Phase`], [`open_attempts`] |
//! | turn one of the crate's events into a record | [`Draft::of_event`] |
//! | read a record | [`Record::decode`] |
//! | keep a personal value erasable | [`Draft::personal`], [`Disclosure`], [`Record::opens`] |
//! | say what happens to the log itself | the control kinds of [`Body`] |
//!
//! # The bytes are the record
//!
//! What is hashed is what is stored, byte by byte; typed access is a parse, and JSON is a view. So no database, clock
//! precision, key order or library can make a hash differ, and no field can stand outside it.
//!
//! - There is one way to write a record: fixed order, big-endian integers of fixed width, every text after its length,
//!   lists sorted where order says nothing, no floating point. What would not be written the same is refused.
//! - The version is the first byte, and the one thing that says how to read the rest. A newer one is a named error.
//! - The index within the log and the instant of recording are in the bytes ([`Place`]), so that a record knows where it
//!   belongs; they are given by the sequencer when it integrates. The instant never goes back: a clock that does is
//!   noted, and the event's own instant is kept as it was.
//! - Reading allocates nothing. A length that lies is caught by the length of the input.
//!
//! # What may stand in it
//!
//! [`Value`] has no kind for text without a classification. Personal values stand as salted [`Commitment`]s, their
//! length included in what is hidden; the [`Disclosure`] that opens one is a row of its own that may be deleted. What a
//! client claims stands apart ([`Claimed`]), cut to its cap. A [`Record`] prints on one line, whatever is in it.

mod attempts;
mod body;
mod capped;
mod codec;
mod commitment;
mod draft;
mod encode;
mod error;
mod field;
mod ground;
mod inventory;
mod kind;
mod line;
mod list;
mod opening;
mod phase;
mod reach;
mod read;
mod render;
mod source;
#[cfg(test)]
pub(in crate::audit) mod tests;
mod to_event;
mod value;
mod who;
mod wire;

pub use self::attempts::{OpenAttempt, open_attempts};
pub use self::body::{Body, Purge, Reach};
pub use self::capped::Capped;
pub use self::commitment::{Commitment, Disclosure, Salt};
pub use self::draft::{Draft, Essentials};
use self::error::RecordError as Error;
pub use self::error::{DraftError, RecordError};
pub use self::field::{Attribute, Classification, FieldChange};
pub use self::ground::{Basis, Ground};
pub use self::inventory::{Inventory, InventoryRow};
pub use self::kind::{Action, Kind};
pub use self::list::List;
pub use self::opening::Disclosures;
pub use self::phase::{Class, OperationId, Outcome, Phase};
pub use self::reach::{IndexRange, Seen, Target};
pub use self::read::{FieldPath, Opens, Record};
pub use self::render::Escaped;
pub(in crate::audit) use self::render::Hex;
pub use self::source::{Claimed, Source};
pub use self::value::{Digest, Value};
pub use self::who::{About, ActorKind, Delegation, Who};
use self::wire::{Reader, Writer};
use crate::time::{Now, Timestamp};

/// The version of the canonical bytes.
const VERSION: u8 = 1;

/// Where a record stands in its log, and when it was put there.
///
/// The index is dense: 0, 1, 2 and so on. The instant of recording never goes back.
///
/// ```
/// use core::time::Duration;
/// use clausework::{Now, Timestamp, audit::record::Place};
///
/// let noon = Timestamp::from_micros(0).ok_or("out of range")?;
/// let first = Place::first(Now::from(noon));
/// let next = first.next(Now::from(noon.saturating_sub(Duration::from_secs(5)))); // the clock was set back
/// assert_eq!((next.index(), next.recorded_at(), next.is_clamped()), (1, noon, true));
/// assert!(!next.next(Now::from(noon)).is_clamped());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    index: u64,
    recorded_at: Timestamp,
    clamped: bool,
}

impl Place {
    /// The first of a log.
    #[must_use]
    pub const fn first(now: Now) -> Self {
        Self { index: 0, recorded_at: now.timestamp(), clamped: false }
    }

    /// The one after this. A clock that has gone back is held at this one's instant, and the record says so.
    #[must_use]
    pub fn next(self, now: Now) -> Self {
        let clock = now.timestamp();
        Self {
            index: self.index.saturating_add(1),
            recorded_at: clock.max(self.recorded_at),
            clamped: clock < self.recorded_at,
        }
    }

    /// The index.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// When the record was put into the log.
    #[must_use]
    pub const fn recorded_at(self) -> Timestamp {
        self.recorded_at
    }

    /// Whether the clock showed an earlier instant than that.
    #[must_use]
    pub const fn is_clamped(self) -> bool {
        self.clamped
    }

    fn write(self, w: &mut Writer<'_>) {
        w.u64(self.index);
        w.instant(self.recorded_at);
        w.u8(u8::from(self.clamped));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, Error> {
        let (index, recorded_at) = (r.u64()?, r.instant()?);
        let clamped = match r.u8()? {
            0 => false,
            1 => true,
            _ => return Err(r.invalid("flags that no record has")),
        };
        Ok(Self { index, recorded_at, clamped })
    }
}

/// What stands in every record, in the order of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head<'a> {
    at: Timestamp,
    class: Class,
    phase: Phase,
    tenant: Option<&'a str>,
    code: &'a str,
    component: &'a str,
    actor: Who<'a>,
    source: Source,
    about: About<'a>,
    person: Option<&'a str>,
    claimed: Claimed<'a>,
}

/// What must hold between the parts of a record.
fn check_whole<'a>(
    head: &Head<'a>,
    mut chain: impl Iterator<Item = Delegation<'a>>,
    body: &Body<'a>,
) -> Result<(), &'static str> {
    let kind = body.kind();
    if kind.is_control() != (head.class == Class::Log) {
        return Err("a record of the log itself that is of another class, or another that is of its");
    }
    // What excuses an absence came about: a purge that was denied excuses nothing. Reading may well be denied.
    if kind.is_control() && kind != Kind::LogRead && head.phase != Phase::Whole(Outcome::Success) {
        return Err("a record of the log itself that did not come about");
    }
    if let Body::Review { reviewed, .. } = body {
        let is_reviewed = |who: Who<'a>| reviewed.iter().any(|one| one == who);
        if is_reviewed(head.actor) || chain.any(|step| is_reviewed(step.principal())) {
            return Err("a review by one of those reviewed");
        }
    }
    Ok(())
}
