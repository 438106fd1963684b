//! When what is on record of a person may go: not before the records of what he did.

use chrono::{NaiveDate, NaiveTime};

use super::Refusal;
use crate::audit::record::Class;
use crate::audit::retention::RetentionPolicy;
use crate::time::{Now, Timestamp};

/// Nothing, if what ended on that day may go.
pub(super) fn refusal(last: NaiveDate, now: Now, retention: &RetentionPolicy) -> Option<Refusal> {
    let last = Timestamp::from(last.and_time(NaiveTime::MIN).and_utc());
    match retention.kept_until(Class::Administration, last) {
        Ok(until) if until <= now.timestamp() => None,
        Ok(until) => Some(Refusal::Kept { until }),
        Err(_) => Some(Refusal::Year),
    }
}
