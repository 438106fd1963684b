//! The computation: pure, checked, and total over every date that chrono can hold.

use alloc::vec::Vec;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Offset, TimeZone, Utc};

use super::{Deadline, DeadlineError, DeadlineRule, Period, Step};
use crate::Timestamp;

/// No zone is a whole day away from UTC: chrono's offsets stay below 24 hours.
const MAX_OFFSET_SECONDS: i64 = 86_400;

/// Counts `rule` from `start` and writes down each step.
pub(super) fn deadline(rule: DeadlineRule, start: NaiveDate) -> Result<Deadline, DeadlineError> {
    if !is_in_range(start) {
        return Err(DeadlineError::StartOutOfRange { start });
    }
    let period = rule.period();
    let reached =
        add(start, period).filter(|&day| is_in_range(day)).ok_or(DeadlineError::LastDayOutOfRange { start, period })?;

    let mut steps = Vec::with_capacity(4);
    steps.push(Step::EventDayNotCounted { trigger: rule.trigger(), day: start });
    steps.push(Step::Added { period, reached });
    if matches!(period, Period::Months(_)) && reached.day() != start.day() {
        steps.push(Step::ClampedToMonthEnd { missing_day: start.day(), last_day: reached });
    }
    steps.push(Step::NotRolled { last_day: reached });
    Ok(Deadline { rule, start, raw_last_day: reached, adjusted_last_day: reached, steps })
}

fn is_in_range(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

fn add(start: NaiveDate, period: Period) -> Option<NaiveDate> {
    match period {
        Period::Days(count) => start.checked_add_days(Days::new(u64::from(count))),
        Period::Weeks(count) => start.checked_add_days(Days::new(u64::from(count).saturating_mul(7))),
        // The event's day number, or the last day of a month without it: exactly the clauses' convention.
        Period::Months(count) => start.checked_add_months(Months::new(count)),
    }
}

/// The first instant of the local day after `last_day`.
pub(super) fn end_of_day<Z: TimeZone>(last_day: NaiveDate, zone: &Z) -> Result<Timestamp, DeadlineError> {
    last_day
        .succ_opt()
        .and_then(|next| first_instant(next, zone))
        .and_then(|instant| Timestamp::from_micros(instant.timestamp_micros()))
        .ok_or(DeadlineError::EndOutOfRange { last_day })
}

/// The first instant whose local date in `zone` is `day` or later.
fn first_instant<Z: TimeZone>(day: NaiveDate, zone: &Z) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let has_begun = |instant: DateTime<Utc>| {
        let offset = zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
        instant.naive_utc().checked_add_offset(offset).is_some_and(|local| local >= midnight)
    };

    // The usual case: midnight exists. The check is for zones that answer with an offset which has
    // just ceased to apply, as some do at the very second of a change.
    let mapped = zone.offset_from_local_datetime(&midnight);
    for offset in [mapped.clone().earliest(), mapped.latest()].into_iter().flatten() {
        let instant = midnight.checked_sub_offset(offset.fix()).map(|naive| naive.and_utc());
        if instant.is_some_and(has_begun) {
            return instant;
        }
    }

    // Midnight does not exist: halve the span around it until the second of the change remains.
    let mut before = midnight.and_utc().timestamp().checked_sub(MAX_OFFSET_SECONDS)?;
    let mut begun = midnight.and_utc().timestamp().checked_add(MAX_OFFSET_SECONDS)?;
    while before.saturating_add(1) < begun {
        let middle = i64::midpoint(before, begun);
        if has_begun(DateTime::from_timestamp(middle, 0)?) {
            begun = middle;
        } else {
            before = middle;
        }
    }
    DateTime::from_timestamp(begun, 0)
}
