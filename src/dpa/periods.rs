//! The one place where the agreement meets [`deadline`](crate::deadline).

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::Timestamp;
use crate::clause::{self, Clause};
use crate::deadline::{
    Calendar, Convention, Counting, Deadline, DeadlineError, DeadlineRule, Direction, HourReadingKind, HourRule, Hours,
    Period, Trigger,
};

const AWARENESS: Trigger = Trigger::new("becoming aware of the breach");

/// Within `period` of `trigger`, which happened on `start`.
pub(super) fn within(
    period: Period,
    clause: Clause,
    trigger: Trigger,
    start: NaiveDate,
) -> Result<Deadline, DeadlineError> {
    DeadlineRule::new(period, clause, trigger).deadline(start)
}

/// The same, as a named convention counts. Whether the law behind it was in force has been decided.
pub(super) fn under(
    convention: Convention,
    period: Period,
    clause: Clause,
    trigger: Trigger,
    start: NaiveDate,
) -> Result<Deadline, DeadlineError> {
    let counting = convention.counting(Direction::Forward, start.max(convention.from()))?;
    DeadlineRule::new(period, clause, trigger).with_counting(counting).deadline(start)
}

/// The last day, without the working.
pub(super) fn last_day(period: Period, start: NaiveDate) -> Option<NaiveDate> {
    Counting::CONTRACT.last_day(period, start, None).ok().map(|last| last.adjusted())
}

/// The day that lies `period` before another.
pub(super) fn before(period: Period, day: NaiveDate) -> Option<NaiveDate> {
    let backward = Counting::builder().direction(Direction::Backward).build().ok()?;
    backward.last_day(period, day, None).ok().map(|last| last.adjusted())
}

/// The ends of a number of hours after an instant: the exact one, the one when the hour of the event is not counted,
/// and, if there is a calendar, the disputed one with two working days.
pub(super) type HourEnds = ([DateTime<FixedOffset>; 2], Option<DateTime<FixedOffset>>);

pub(super) fn hours(start: DateTime<FixedOffset>, hours: u32, calendar: Option<&dyn Calendar>) -> Option<HourEnds> {
    let rule = HourRule::new(Hours::new(hours), clause::G_33_1, AWARENESS);
    let readings = rule.readings(Timestamp::from(start.to_utc()), start.offset(), calendar).ok()?;
    let end = |kind| {
        let reading = readings.all().iter().find(|reading| reading.kind() == kind)?;
        Some(reading.ends_before().to_datetime().with_timezone(start.offset()))
    };
    let ends = [end(HourReadingKind::Elapsed)?, end(HourReadingKind::HourNotCounted)?];
    Some((ends, end(HourReadingKind::TwoWorkingDays)))
}

/// `count` periods as one, so that a recurrence is counted from its anchor and never drifts.
pub(super) fn times(period: Period, count: u32) -> Option<Period> {
    match period {
        Period::Days(days) => days.checked_mul(count).map(Period::Days),
        Period::WorkingDays(days) => days.checked_mul(count).map(Period::WorkingDays),
        Period::Weeks(weeks) => weeks.checked_mul(count).map(Period::Weeks),
        Period::Months(months) => months.checked_mul(count).map(Period::Months),
        Period::Years(years) => years.checked_mul(count).map(Period::Years),
    }
}
