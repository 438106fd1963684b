//! The one place where the agreement meets [`deadline`](crate::deadline).

use chrono::{DateTime, Datelike, Days, Duration, FixedOffset, Months, NaiveDate, Timelike};

use super::{Due, Missing};
use crate::clause::Clause;
use crate::deadline::{Deadline, DeadlineError, DeadlineRule, Period, Trigger};

/// Within `period` of `trigger`, which happened on `start`.
pub(super) fn within(
    period: Period,
    clause: Clause,
    trigger: Trigger,
    start: NaiveDate,
) -> Result<Deadline, DeadlineError> {
    DeadlineRule::new(period, clause, trigger).deadline(start)
}

/// The last day, without the working.
pub(super) fn last_day(period: Period, start: NaiveDate) -> Option<NaiveDate> {
    DeadlineRule::new(period, crate::clause::D_10_1B, Trigger::new("")).deadline(start).ok().map(|d| d.raw_last_day())
}

/// A number of hours after an instant: the exact end, and the end when the hour of the event is not counted.
pub(super) fn hours(start: DateTime<FixedOffset>, hours: u32) -> Option<[DateTime<FixedOffset>; 2]> {
    let exact = start.checked_add_signed(Duration::hours(i64::from(hours)))?;
    let whole = exact.with_minute(0)?.with_second(0)?.with_nanosecond(0)?;
    let rounded = whole.checked_add_signed(Duration::hours(1))?;
    Some([exact, rounded])
}

/// `count` periods as one, so that a recurrence is counted from its anchor and never drifts.
pub(super) fn times(period: Period, count: u32) -> Option<Period> {
    match period {
        Period::Days(days) => days.checked_mul(count).map(Period::Days),
        Period::Weeks(weeks) => weeks.checked_mul(count).map(Period::Weeks),
        Period::Months(months) => months.checked_mul(count).map(Period::Months),
    }
}

/// Working days of a place whose holidays are not known here: the limit needs a calendar.
pub(super) const fn business_days(_days: u32, _start: NaiveDate) -> Due {
    Due::Unknown(Missing::Calendar)
}

/// The day that lies `period` before another.
pub(super) fn before(period: Period, day: NaiveDate) -> Option<NaiveDate> {
    let reached = match period {
        Period::Days(count) => day.checked_sub_days(Days::new(u64::from(count))),
        Period::Weeks(count) => day.checked_sub_days(Days::new(u64::from(count).saturating_mul(7))),
        Period::Months(count) => day.checked_sub_months(Months::new(count)),
    };
    reached.filter(|day| (1..=9999).contains(&day.year()))
}
