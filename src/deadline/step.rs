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
    /// What was sent counts as received so much later; the period runs from then.
    DeemedReceived {
        /// The day of dispatch.
        dispatched: NaiveDate,
        /// How much later.
        after: Period,
        /// The day from which the period runs.
        received: NaiveDate,
    },
    /// Counting starts on the day after the event, or backwards on the day before it.
    EventDayNotCounted {
        /// What happened.
        trigger: Trigger,
        /// When: a local date.
        day: NaiveDate,
    },
    /// The day of the event is the first one of the period.
    EventDayCounted {
        /// What happened.
        trigger: Trigger,
        /// When: a local date.
        day: NaiveDate,
    },
    /// The period was added to the event's day.
    Added {
        /// What was added.
        period: Period,
        /// The day reached, after any [`Step::ClampedToMonthEnd`] and its like.
        reached: NaiveDate,
    },
    /// The period was counted back from the event's day.
    Subtracted {
        /// What was subtracted.
        period: Period,
        /// The day reached, after any [`Step::ClampedToMonthEnd`] and its like.
        reached: NaiveDate,
    },
    /// The month reached has no day with the event's number.
    ClampedToMonthEnd {
        /// The day of the month that does not exist: 29, 30 or 31.
        missing_day: u32,
        /// The last day of that month, which takes its place.
        last_day: NaiveDate,
    },
    /// The month reached has no day with the event's number.
    MovedToNextMonth {
        /// The day of the month that does not exist: 29, 30 or 31.
        missing_day: u32,
        /// The first day of the month after, which takes its place.
        first_day: NaiveDate,
    },
    /// The event was on the last day of a month, and so is the end.
    KeptAtMonthEnd {
        /// The last day of the month reached.
        last_day: NaiveDate,
    },
    /// The event's day was the first of the period, so it is over a day sooner.
    FirstDayCounted {
        /// The last day of the period.
        last_day: NaiveDate,
    },
    /// The period is one of clear days, so the act is a day further away.
    ClearDays {
        /// The day for the act.
        last_day: NaiveDate,
    },
    /// Days on which the clock stood still were added at the end.
    Paused {
        /// The first of them.
        from: NaiveDate,
        /// The last of them.
        until: NaiveDate,
        /// The last day of the period, with them.
        last_day: NaiveDate,
    },
    /// The end stands, weekend or holiday or not, because the rule names no roll.
    NotRolled {
        /// The day that stands.
        last_day: NaiveDate,
    },
    /// The end stands, because it is a working day of the calendar.
    OnWorkingDay {
        /// The day that stands.
        last_day: NaiveDate,
    },
    /// The end was no working day of the calendar, and moved to one.
    Rolled {
        /// From this day.
        from: NaiveDate,
        /// To this one: after it, or before it.
        to: NaiveDate,
    },
    /// The period held too few working days, and was made longer.
    MinimumWorkingDays {
        /// How many it must hold.
        minimum: u8,
        /// How many it held.
        found: u32,
        /// The day with which it holds enough.
        last_day: NaiveDate,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeemedReceived { dispatched, after, received } => {
                write!(f, "sent on {dispatched}, it counts as received {after} later: {received}")
            }
            Self::EventDayNotCounted { trigger, day } => {
                write!(f, "the day of the event, {day} ({trigger}), is not counted")
            }
            Self::EventDayCounted { trigger, day } => {
                write!(f, "the day of the event, {day} ({trigger}), is the first day")
            }
            Self::Added { period, reached } => write!(f, "add {period}, {}: {reached}", way(*period)),
            Self::Subtracted { period, reached } => write!(f, "count {period} back, {}: {reached}", way(*period)),
            Self::ClampedToMonthEnd { missing_day, last_day } => write!(
                f,
                "{} has no day {missing_day}: its last day, {last_day}, takes its place",
                last_day.format("%Y-%m")
            ),
            Self::MovedToNextMonth { missing_day, first_day } => write!(
                f,
                "{} has no day {missing_day}: the first day after it, {first_day}, takes its place",
                first_day.pred_opt().unwrap_or(*first_day).format("%Y-%m")
            ),
            Self::KeptAtMonthEnd { last_day } => {
                write!(f, "from the last day of a month to the last day of a month: {last_day}")
            }
            Self::FirstDayCounted { last_day } => {
                write!(f, "the first day was counted, so the period ends a day sooner: {last_day}")
            }
            Self::ClearDays { last_day } => {
                write!(f, "the days are clear days, so the act is a day further away: {last_day}")
            }
            Self::Paused { from, until, last_day } => {
                write!(f, "the clock stood still from {from} to {until}, both included: {last_day}")
            }
            Self::NotRolled { last_day } => {
                write!(
                    f,
                    "{last_day}, a {}, stands: the clause moves no end off weekends or holidays",
                    last_day.format("%A")
                )
            }
            Self::OnWorkingDay { last_day } => {
                write!(f, "{last_day}, a {}, is a working day and stands", last_day.format("%A"))
            }
            Self::Rolled { from, to } => {
                let word = if to > from { "next" } else { "last" };
                let days = from.format("%A");
                write!(f, "{from}, a {days}, is no working day: the {word} one is {to}, a {}", to.format("%A"))
            }
            Self::MinimumWorkingDays { minimum, found, last_day } => {
                write!(f, "it holds {found} working days and must hold {minimum}: {last_day}")
            }
        }
    }
}

fn way(period: Period) -> &'static str {
    match period {
        Period::Days(_) => "counted day by day",
        Period::WorkingDays(_) => "working day by working day",
        Period::Weeks(_) => "to the same weekday",
        Period::Months(_) | Period::Years(_) => "to the same day of the month",
    }
}

/// Serialises as its words.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
