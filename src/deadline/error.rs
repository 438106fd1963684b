//! What can go wrong when a deadline is computed, and its stable codes.

use chrono::NaiveDate;
use thiserror::Error;

use super::{CalendarError, Hours, Period};
use crate::Timestamp;
use crate::event::Code;

/// The event, or the date counted from, lies outside 0001-01-01 to 9999-12-31.
pub const START_OUT_OF_RANGE: Code = Code::public("deadline.start_out_of_range");
/// The period ends outside 0001-01-01 to 9999-12-31.
pub const LAST_DAY_OUT_OF_RANGE: Code = Code::public("deadline.last_day_out_of_range");
/// The instant at which the last day, or a period of hours, is over is outside the years 1 to 9999.
pub const END_OUT_OF_RANGE: Code = Code::public("deadline.end_out_of_range");
/// The month reached has no such day, and the rule wants no other.
pub const MISSING_DAY: Code = Code::public("deadline.missing_day");
/// A period of no days has no first day that could be counted.
pub const EMPTY_PERIOD: Code = Code::public("deadline.empty_period");
/// The rule needs working days, and no calendar was given.
pub const CALENDAR_MISSING: Code = Code::public("deadline.calendar_missing");
/// The calendar does not answer for a day in question.
pub const OUTSIDE_COVERAGE: Code = Code::public("deadline.outside_coverage");
/// A calendar in which no day of the week, or no day of its coverage, is a working day.
pub const NO_WORKING_DAY: Code = Code::public("deadline.no_working_day");
/// A calendar that cannot be made of what was given.
pub const CALENDAR: Code = Code::public("deadline.calendar");
/// A convention that was not in force on the day of the event.
pub const NOT_IN_FORCE: Code = Code::public("deadline.not_in_force");
/// What was asked for has no meaning for that unit or direction.
pub const UNSUPPORTED: Code = Code::public("deadline.unsupported");

/// The stable codes of this module.
pub const CODES: &[Code] = &[
    START_OUT_OF_RANGE,
    LAST_DAY_OUT_OF_RANGE,
    END_OUT_OF_RANGE,
    MISSING_DAY,
    EMPTY_PERIOD,
    CALENDAR_MISSING,
    OUTSIDE_COVERAGE,
    NO_WORKING_DAY,
    CALENDAR,
    NOT_IN_FORCE,
    UNSUPPORTED,
];

/// Why there is no deadline: a day outside the calendar of this crate (0001-01-01 to 9999-12-31), or a question
/// that the rule or the calendar leaves open.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::{DeadlineError, LAST_DAY_OUT_OF_RANGE};
/// use clausework::dpa::DpaTerms;
///
/// let last = NaiveDate::from_ymd_opt(9999, 12, 31).ok_or("no such day")?;
/// let error = DpaTerms::default().deletion(last).unwrap_err();
/// assert_eq!(error.to_string(), "1 month from 9999-12-31 ends after 9999-12-31");
/// assert!(matches!(error, DeadlineError::LastDayOutOfRange { .. }));
/// assert_eq!(error.code(), LAST_DAY_OUT_OF_RANGE);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum DeadlineError {
    /// The event lies outside the years 1 to 9999.
    #[error("the start {start} is outside 0001-01-01 to 9999-12-31")]
    StartOutOfRange {
        /// The day of the event.
        start: NaiveDate,
    },
    /// The period ends after 9999-12-31.
    #[error("{period} from {start} ends after 9999-12-31")]
    LastDayOutOfRange {
        /// The day of the event.
        start: NaiveDate,
        /// What was to be added to it.
        period: Period,
    },
    /// Counted backwards, the period ends before 0001-01-01.
    #[error("{period} back from {start} ends before 0001-01-01")]
    LastDayBeforeRange {
        /// The day of the event.
        start: NaiveDate,
        /// What was to be subtracted from it.
        period: Period,
    },
    /// The last day is in range, but the instant at which it ends in that zone is not a
    /// [`Timestamp`](crate::Timestamp).
    #[error("the end of {last_day} in that zone is after the year 9999 or before the year 1")]
    EndOutOfRange {
        /// The last day.
        last_day: NaiveDate,
    },
    /// A period of hours leaves the years 1 to 9999.
    #[error("{hours} from {start} end outside the years 1 to 9999")]
    HoursOutOfRange {
        /// The instant of the event.
        start: Timestamp,
        /// What was to be added.
        hours: Hours,
    },
    /// The month reached has no such day, and [`MonthEnd::Reject`](super::MonthEnd::Reject) wants no other.
    #[error("{period} from {start}: the month reached has no day {missing_day}")]
    MissingDay {
        /// The day of the event.
        start: NaiveDate,
        /// What was to be added to it.
        period: Period,
        /// The day of the month that does not exist: 29, 30 or 31.
        missing_day: u32,
    },
    /// A period of no days whose first day is to be counted.
    #[error("a period of no days cannot begin with the day of the event, {start}")]
    EmptyPeriod {
        /// The day of the event.
        start: NaiveDate,
    },
    /// The rule needs working days, and no calendar was given.
    #[error("{period} from {start}: the rule needs a calendar of working days")]
    CalendarMissing {
        /// The day of the event.
        start: NaiveDate,
        /// The period.
        period: Period,
    },
    /// The calendar has no answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The convention was not in force on that day.
    #[error("{convention} was not in force on {event}: it is from {from} to {}", Until(*.until))]
    NotInForce {
        /// The convention's name.
        convention: &'static str,
        /// The day of the event.
        event: NaiveDate,
        /// The first day on which it was.
        from: NaiveDate,
        /// The last day on which it was, if there is one.
        until: Option<NaiveDate>,
    },
    /// A pause or an extension of a period counted backwards, or an extension in another unit.
    #[error("{what}")]
    Unsupported {
        /// What has no meaning.
        what: &'static str,
    },
}

struct Until(Option<NaiveDate>);

impl core::fmt::Display for Until {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(day) => write!(f, "{day}"),
            None => f.write_str("today"),
        }
    }
}

impl DeadlineError {
    /// The stable code: one of [`CODES`].
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::StartOutOfRange { .. } => START_OUT_OF_RANGE,
            Self::LastDayOutOfRange { .. } | Self::LastDayBeforeRange { .. } => LAST_DAY_OUT_OF_RANGE,
            Self::EndOutOfRange { .. } | Self::HoursOutOfRange { .. } => END_OUT_OF_RANGE,
            Self::MissingDay { .. } => MISSING_DAY,
            Self::EmptyPeriod { .. } => EMPTY_PERIOD,
            Self::CalendarMissing { .. } => CALENDAR_MISSING,
            Self::Calendar(error) => error.code(),
            Self::NotInForce { .. } => NOT_IN_FORCE,
            Self::Unsupported { .. } => UNSUPPORTED,
        }
    }
}
