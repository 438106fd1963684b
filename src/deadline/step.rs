//! How a deadline was reached, step by step.

use core::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::{Period, Trigger};

/// One step of the working: data to match on, words in `Display` (and in serde).
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::Step;
/// use clausework::dpa::DpaTerms;
///
/// let terms = DpaTerms::default();
/// let clamped = |step: &Step| matches!(step, Step::ClampedToMonthEnd { .. });
///
/// let from_31st = terms.deletion(NaiveDate::from_ymd_opt(2023, 1, 31).ok_or("no such day")?)?;
/// assert!(from_31st.steps().iter().any(clamped));
/// assert_eq!(from_31st.steps()[2].to_string(), "2023-02 has no day 31: its last day, 2023-02-28, takes its place");
///
/// let from_15th = terms.deletion(NaiveDate::from_ymd_opt(2023, 1, 15).ok_or("no such day")?)?;
/// assert!(!from_15th.steps().iter().any(clamped));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Counting starts on the day after the event.
    EventDayNotCounted {
        /// What happened.
        trigger: Trigger,
        /// When: a local date.
        day: NaiveDate,
    },
    /// The period was added to the event's day.
    Added {
        /// What was added.
        period: Period,
        /// The day reached, after any [`Step::ClampedToMonthEnd`].
        reached: NaiveDate,
    },
    /// The month reached has no day with the event's number.
    ClampedToMonthEnd {
        /// The day of the month that does not exist: 29, 30 or 31.
        missing_day: u32,
        /// The last day of that month, which takes its place.
        last_day: NaiveDate,
    },
    /// The end stands, weekend or holiday or not, because the clause names no roll.
    NotRolled {
        /// The day that stands.
        last_day: NaiveDate,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventDayNotCounted { trigger, day } => {
                write!(f, "the day of the event, {day} ({trigger}), is not counted")
            }
            Self::Added { period, reached } => {
                let convention = match period {
                    Period::Days(_) => "counted day by day",
                    Period::Weeks(_) => "to the same weekday",
                    Period::Months(_) => "to the same day of the month, or the last day of a month without it",
                };
                write!(f, "add {period}, {convention}: {reached}")
            }
            Self::ClampedToMonthEnd { missing_day, last_day } => {
                write!(
                    f,
                    "{} has no day {missing_day}: its last day, {last_day}, takes its place",
                    last_day.format("%Y-%m")
                )
            }
            Self::NotRolled { last_day } => {
                write!(
                    f,
                    "{last_day}, a {}, stands: the clause moves no end off weekends or holidays",
                    last_day.format("%A")
                )
            }
        }
    }
}

/// Serialises as its words.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
