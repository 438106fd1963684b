use chrono::{NaiveDate, Offset, TimeZone};
use serde::Serialize;

use crate::deadline::{DeadlineError, Zone, end_of_day};
use crate::time::Timestamp;

/// The time a report is about: half-open, from its first instant up to and without its end, with the zone in which its
/// days are counted.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{ReportPeriod, ReportPeriodError};
///
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, "+01:00".parse()?)?;
/// assert_eq!(november.from().to_string(), "2026-10-31T23:00:00.000000Z");
/// assert_eq!(november.until().to_string(), "2026-11-30T23:00:00.000000Z");
/// assert!(november.has(november.from()) && !november.has(november.until()));
/// assert_eq!(november.last_day().to_string(), "2026-11-30");
///
/// let nothing = ReportPeriod::days("2026-12-01".parse()?, "2026-12-01".parse()?, Zone::UTC);
/// assert_eq!(nothing, Err(ReportPeriodError::Empty));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ReportPeriod {
    from: Timestamp,
    until: Timestamp,
    zone: Zone,
}

impl ReportPeriod {
    /// The longest period, in days: ten years.
    pub const MAX_DAYS: i64 = 3_660;

    /// These local days: `from` is the first, `until` the first that no longer belongs to it.
    ///
    /// # Errors
    /// [`ReportPeriodError`] when it has no day or too many, or lies outside the years 1 to 9999.
    pub fn days(from: NaiveDate, until: NaiveDate, zone: Zone) -> Result<Self, ReportPeriodError> {
        let begins = |day: NaiveDate| {
            let before = day.pred_opt().ok_or(ReportPeriodError::Year)?;
            end_of_day(before, &zone).map_err(|_: DeadlineError| ReportPeriodError::Year)
        };
        Self::instants(begins(from)?, begins(until)?, zone)
    }

    /// From one instant up to another; the zone says where its days are counted.
    ///
    /// # Errors
    /// [`ReportPeriodError::Empty`] or [`ReportPeriodError::TooLong`].
    pub fn instants(from: Timestamp, until: Timestamp, zone: Zone) -> Result<Self, ReportPeriodError> {
        if until <= from {
            return Err(ReportPeriodError::Empty);
        }
        let period = Self { from, until, zone };
        let days = period.last_day().signed_duration_since(period.first_day()).num_days();
        if days >= Self::MAX_DAYS { Err(ReportPeriodError::TooLong) } else { Ok(period) }
    }

    /// The first instant.
    #[must_use]
    pub const fn from(self) -> Timestamp {
        self.from
    }

    /// The first instant that is no longer within.
    #[must_use]
    pub const fn until(self) -> Timestamp {
        self.until
    }

    /// Where its days are counted.
    #[must_use]
    pub const fn zone(self) -> Zone {
        self.zone
    }

    /// Whether an instant is within.
    #[must_use]
    pub fn has(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// The local day of an instant.
    #[must_use]
    pub fn day_of(self, at: Timestamp) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// The local day of its first instant.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.day_of(self.from)
    }

    /// The local day of its last instant.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.day_of(self.last())
    }

    /// The last instant within.
    pub(super) fn last(self) -> Timestamp {
        self.until.saturating_sub(core::time::Duration::from_micros(1))
    }

    /// The instant with the offset that the zone has then.
    pub(super) fn local(self, at: Timestamp) -> chrono::DateTime<chrono::FixedOffset> {
        let utc = at.to_datetime().naive_utc();
        let offset = self.zone.offset_from_utc_datetime(&utc).fix();
        offset.from_utc_datetime(&utc)
    }
}

/// Why there is no such period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ReportPeriodError {
    /// It ends before it begins, or when it begins.
    #[error("a period ends after it begins")]
    Empty,
    /// Over [`ReportPeriod::MAX_DAYS`].
    #[error("a period has at most 3660 days")]
    TooLong,
    /// Outside the years 1 to 9999.
    #[error("a period lies within the years 1 to 9999")]
    Year,
}
