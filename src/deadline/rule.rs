//! What a clause sets: a period, and the event it runs from.

use core::fmt;

use chrono::NaiveDate;

use super::{Deadline, DeadlineError, Period, decide};
use crate::clause::Clause;

/// The event from whose day a period is counted, in a few words that fit after "within 1 month of".
///
/// ```
/// use clausework::deadline::Trigger;
///
/// let receipt = Trigger::new("receipt of the notice");
/// assert_eq!(receipt.to_string(), "receipt of the notice");
/// assert_ne!(receipt, Trigger::new("dispatch of the notice")); // these are days apart
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trigger(&'static str);

impl Trigger {
    /// Names the event. The words appear in explanations only; nothing is decided by them.
    #[must_use]
    pub const fn new(words: &'static str) -> Self {
        Self(words)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What a clause says about time: within a [`Period`] of a [`Trigger`].
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::deadline::{DeadlineRule, Period, Trigger};
///
/// let rule = DeadlineRule::new(Period::Weeks(2), clause::D_6_3B, Trigger::new("receipt of the notice"));
/// assert_eq!(rule.to_string(), "D-6.3b: within 2 weeks of receipt of the notice");
///
/// let thursday = NaiveDate::from_ymd_opt(2020, 3, 12).ok_or("no such day")?;
/// let deadline = rule.deadline(thursday)?;
/// assert_eq!(deadline.raw_last_day().to_string(), "2020-03-26"); // a Thursday again
/// assert!(rule.deadline(NaiveDate::MIN).is_err()); // before the year 1
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineRule {
    period: Period,
    clause: Clause,
    trigger: Trigger,
}

impl DeadlineRule {
    /// The rule "within `period` of `trigger`", as `clause` sets it.
    ///
    /// It follows the conventions of this [module](super): the event's day is not counted, a missing
    /// day of the month is replaced by the month's last, and nothing moves off weekends or holidays.
    #[must_use]
    pub const fn new(period: Period, clause: Clause, trigger: Trigger) -> Self {
        Self { period, clause, trigger }
    }

    /// How long.
    #[must_use]
    pub const fn period(self) -> Period {
        self.period
    }

    /// Which clause says so.
    #[must_use]
    pub const fn clause(self) -> Clause {
        self.clause
    }

    /// Counted from which event.
    #[must_use]
    pub const fn trigger(self) -> Trigger {
        self.trigger
    }

    /// The deadline for an event that happened on `start`, a local date where the duty is performed.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::StartOutOfRange`] and [`DeadlineError::LastDayOutOfRange`] when a day leaves
    /// 0001-01-01 to 9999-12-31.
    pub fn deadline(self, start: NaiveDate) -> Result<Deadline, DeadlineError> {
        decide::deadline(self, start)
    }
}

impl fmt::Display for DeadlineRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: within {} of {}", self.clause.id(), self.period, self.trigger)
    }
}
