//! What can go wrong when a deadline is computed: only leaving the calendar.

use chrono::NaiveDate;
use thiserror::Error;

use super::Period;

/// A day that the calendar of this crate, 0001-01-01 to 9999-12-31, does not hold.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::DeadlineError;
/// use clausework::dpa::DpaTerms;
///
/// let last = NaiveDate::from_ymd_opt(9999, 12, 31).ok_or("no such day")?;
/// let error = DpaTerms::default().deletion(last).unwrap_err();
/// assert_eq!(error.to_string(), "1 month from 9999-12-31 ends after 9999-12-31");
/// assert!(matches!(error, DeadlineError::LastDayOutOfRange { .. }));
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
    /// The last day is in range, but the instant at which it ends in that zone is not a
    /// [`Timestamp`](crate::Timestamp).
    #[error("the end of {last_day} in that zone is after the year 9999 or before the year 1")]
    EndOutOfRange {
        /// The last day.
        last_day: NaiveDate,
    },
}
