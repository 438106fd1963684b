use chrono::NaiveDate;
use serde::Serialize;

use super::codes;
use crate::clause::Clause;
use crate::event::{Code, Fact};
use crate::store::{MAX_TEXT_BYTES, Transition};
use crate::time::Timestamp;

/// What came of an entry to a register.
///
/// ```
/// use clausework::governance::{RecordOutcome, Refusal};
///
/// let refused = RecordOutcome::Refused(Refusal::Full);
/// assert!(!refused.is_recorded());
/// assert_eq!(Refusal::Full.code().as_str(), "governance.full");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: it is recorded, was recorded, or is refused")]
pub enum RecordOutcome {
    /// It is on record.
    Recorded,
    /// The same was on record already; nothing changed.
    AlreadyRecorded,
    /// It is not recorded, and nothing changed.
    Refused(Refusal),
}

impl RecordOutcome {
    /// Whether it is on record now.
    #[must_use]
    pub const fn is_recorded(self) -> bool {
        matches!(self, Self::Recorded | Self::AlreadyRecorded)
    }
}

/// Why an entry is refused. Nothing is lost: what was there stays as it is.
///
/// ```
/// use clausework::governance::Refusal;
///
/// let refusal = Refusal::NotNext { expected: 3 };
/// assert_eq!((refusal.code().as_str(), refusal.to_string().as_str()), ("governance.not_next", "the next version is 3"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The register is that of another rule.
    #[error("the register is that of another rule")]
    AnotherClause,
    /// Another entry has this id, and says something else.
    #[error("another entry has this id")]
    IdTaken,
    /// It names something that is not on record.
    #[error("it names something that is not on record")]
    Unknown,
    /// The record would be longer than a store keeps: begin the next volume.
    #[error("the record is full")]
    Full,
    /// A version other than the next one.
    #[error("the next version is {expected}")]
    NotNext {
        /// The number of the next version.
        expected: u32,
    },
    /// It would hold from a day that is not after that of the entry before it.
    #[error("the entry before it is of {before}, and this is not later")]
    NotLater {
        /// The day of the entry before it.
        before: NaiveDate,
    },
    /// The text is that of the version before: nothing changed.
    #[error("the text is that of the version before")]
    SameText,
    /// The digest is not that of the document on record.
    #[error("the digest is not that of the document on record")]
    OtherText,
    /// Somebody appoints himself.
    #[error("nobody appoints himself")]
    ByOneself,
    /// No task, or more than an appointment can have.
    #[error("an appointment has 1 to 16 tasks")]
    Tasks,
    /// It overlaps what is on record for the same person.
    #[error("it overlaps what is on record")]
    Overlaps,
    /// It has ended, or was done, on another day.
    #[error("it ended, or was done, on {on}")]
    Ended {
        /// That day.
        on: NaiveDate,
    },
    /// A day outside the years 1 to 9999.
    #[error("a day is outside the years 1 to 9999")]
    Year,
    /// A day before the beginning of what it is about.
    #[error("it is about something of {from}, and of a day before")]
    TooEarly {
        /// The day on which that began.
        from: NaiveDate,
    },
    /// An appointment without the name and the function or area of the administrator.
    #[error("an appointment names the administrator")]
    Unnamed,
    /// It has not ended by then, so nothing of it is erased.
    #[error("it has not ended")]
    NotEnded,
    /// It is kept as long as the records of what the person did (`A2-Mon-2`).
    #[error("it is kept until {until}")]
    Kept {
        /// The first instant at which it may go.
        until: Timestamp,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::AnotherClause => codes::ANOTHER_CLAUSE,
            Self::IdTaken => codes::ID_TAKEN,
            Self::Unknown => codes::UNKNOWN,
            Self::Full => codes::FULL,
            Self::NotNext { .. } => codes::NOT_NEXT,
            Self::NotLater { .. } => codes::NOT_LATER,
            Self::SameText => codes::SAME_TEXT,
            Self::OtherText => codes::OTHER_TEXT,
            Self::ByOneself => codes::BY_ONESELF,
            Self::Tasks => codes::TASKS,
            Self::Overlaps => codes::OVERLAPS,
            Self::Ended { .. } => codes::ENDED,
            Self::Year => codes::YEAR,
            Self::TooEarly { .. } => codes::TOO_EARLY,
            Self::Unnamed => codes::UNNAMED,
            Self::NotEnded => codes::NOT_ENDED,
            Self::Kept { .. } => codes::KEPT,
        }
    }
}

/// So many bytes of a record are for new entries; the rest is for corrections, ends and the store's own.
const FOR_ENTRIES: usize = MAX_TEXT_BYTES / 4 * 3;
/// So many are for all of it but the store's own.
const FOR_ALL: usize = MAX_TEXT_BYTES / 16 * 15;

/// Whether a new entry is to be made.
#[derive(Clone, Copy)]
pub(super) enum Room {
    New,
    Correction,
}

/// The state with its entry, unless it is too long for that.
pub(super) fn recorded<S: Serialize>(state: S, room: Room, fact: Fact) -> Transition<S, RecordOutcome> {
    match has_room(&state, room) {
        true => Transition::put(state, RecordOutcome::Recorded).with(fact),
        false => refused(Refusal::Full, fact.clauses()),
    }
}

/// Whether the state is short enough.
pub(super) fn has_room<S: Serialize>(state: &S, room: Room) -> bool {
    let limit = match room {
        Room::New => FOR_ENTRIES,
        Room::Correction => FOR_ALL,
    };
    serde_json::to_string(state).is_ok_and(|text| text.len() <= limit)
}

/// Nothing changes, and the log says why.
pub(super) fn refused<S>(refusal: Refusal, clauses: &[Clause]) -> Transition<S, RecordOutcome> {
    let fact = clauses.iter().fold(Fact::failure(codes::REFUSED), |fact, clause| fact.under(*clause));
    Transition::keep(RecordOutcome::Refused(refusal)).with(fact.with("reason", refusal.code()))
}

/// Nothing changes: the same was said before.
pub(super) const fn unchanged<S>() -> Transition<S, RecordOutcome> {
    Transition::keep(RecordOutcome::AlreadyRecorded)
}
