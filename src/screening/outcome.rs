use core::fmt;

use serde::{Deserialize, Serialize};

use crate::event::Code;

/// A range answer without a single row that counts.
pub const ANSWER_EMPTY: Code = Code::internal("screening.answer_empty");
/// A range answer with a row that cannot be read.
pub const ANSWER_MALFORMED: Code = Code::internal("screening.answer_malformed");
/// A range answer longer than any sound one.
pub const ANSWER_TOO_LONG: Code = Code::internal("screening.answer_too_long");
/// A list whose index does not fit its entries.
pub const LIST_DAMAGED: Code = Code::internal("screening.list_damaged");
/// Nobody answered.
pub const NO_ANSWER: Code = Code::internal("screening.no_answer");

/// What a source knows of a password.
///
/// ```
/// use clausework::Secret;
/// use clausework::screening::{Screening, UnknownReason, screen_common};
///
/// assert_eq!(screen_common(&Secret::from("QWERTY")), Screening::Known { count: None });
/// assert_eq!(screen_common(&Secret::from("nine-lilac-otters")), Screening::Clean);
///
/// // The host asked a service and was not answered: that is not "clean".
/// let timed_out = Screening::Unknown { reason: UnknownReason::NoAnswer };
/// assert_eq!(Screening::Clean.and(timed_out), timed_out);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "screening", deny_unknown_fields)]
#[must_use = "a password that is known to be bad must not be accepted"]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must handle all three")]
pub enum Screening {
    /// The source was searched and does not have it.
    Clean,
    /// The source has it.
    Known {
        /// How often it was seen in breaches, at least 1; `None` when the source does not count. It nearly names the
        /// password: for the user, never for a log.
        count: Option<u64>,
    },
    /// The source could not be searched.
    Unknown {
        /// Why.
        reason: UnknownReason,
    },
}

impl Screening {
    /// What two sources know together: known if either knows it (the higher count), else unknown if
    /// either could not be searched (the first reason in the order of [`UnknownReason`]), else clean.
    /// The order of the sources does not matter.
    ///
    /// ```
    /// use clausework::screening::Screening;
    ///
    /// let (few, many) = (Screening::Known { count: None }, Screening::Known { count: Some(3) });
    /// assert_eq!(few.and(Screening::Clean).and(many), many);
    /// assert_eq!(Screening::Clean.and(Screening::Clean), Screening::Clean);
    /// ```
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known { count: one }, Self::Known { count: two }) => Self::Known { count: one.max(two) },
            (known @ Self::Known { .. }, _) | (_, known @ Self::Known { .. }) => known,
            (Self::Unknown { reason: one }, Self::Unknown { reason: two }) => Self::Unknown { reason: one.min(two) },
            (unknown @ Self::Unknown { .. }, _) | (_, unknown @ Self::Unknown { .. }) => unknown,
            (Self::Clean, Self::Clean) => Self::Clean,
        }
    }
}

/// Why a source could not be searched. For the host's logs, not for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnknownReason {
    /// A row of the answer cannot be read: it was cut off, or is not a range answer at all.
    AnswerMalformed,
    /// The answer has no row, or padding only. Every range of Pwned Passwords has hundreds, so nothing was looked up.
    AnswerEmpty,
    /// The answer is longer than any sound one.
    AnswerTooLong,
    /// The list's index does not fit its entries; [`List::verify`](crate::screening) says more.
    ListDamaged,
    /// Nobody answered: for the host to say when its own I/O failed.
    NoAnswer,
}

impl UnknownReason {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::AnswerMalformed => ANSWER_MALFORMED,
            Self::AnswerEmpty => ANSWER_EMPTY,
            Self::AnswerTooLong => ANSWER_TOO_LONG,
            Self::ListDamaged => LIST_DAMAGED,
            Self::NoAnswer => NO_ANSWER,
        }
    }
}

impl fmt::Display for UnknownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnswerMalformed => "the range answer cannot be read",
            Self::AnswerEmpty => "the range answer is empty",
            Self::AnswerTooLong => "the range answer is too long",
            Self::ListDamaged => "the list is damaged",
            Self::NoAnswer => "there was no answer",
        })
    }
}
