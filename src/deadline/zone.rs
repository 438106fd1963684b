//! Where a day ends: zones, and the first instant of a local day.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use chrono::{
    DateTime, Datelike, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::DeadlineError;
use crate::Timestamp;

/// No zone is a whole day away from UTC: chrono's offsets stay below 24 hours.
const MAX_OFFSET_SECONDS: i64 = 86_400;

/// Where a day begins and ends, as text that a host can store: `UTC`, an offset such as `+01:00`, or (feature
/// `chrono-tz`) a name of the IANA database such as `Europe/Berlin`.
///
/// Whatever takes a zone takes any [`TimeZone`] of chrono; this one is for policies and records. An offset has no
/// summer time: for a place whose clocks change, the end is an hour off for half of the year.
///
/// ```
/// use clausework::deadline::Zone;
///
/// let zone: Zone = "+05:30".parse()?;
/// assert_eq!(zone.to_string(), "+05:30");
/// assert_eq!("Z".parse::<Zone>()?, Zone::UTC);
/// assert_eq!("CET?".parse::<Zone>().unwrap_err().to_string(), "\"CET?\" is no zone known here");
/// # Ok::<(), clausework::deadline::ZoneError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Kind);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Utc,
    /// Never that of UTC, so that equal zones are equal.
    Fixed(FixedOffset),
    #[cfg(feature = "chrono-tz")]
    Named(chrono_tz::Tz),
}

impl Zone {
    /// The longest name, in bytes.
    pub const MAX_LEN: usize = 64;

    /// Coordinated Universal Time.
    pub const UTC: Self = Self(Kind::Utc);
}

impl From<FixedOffset> for Zone {
    fn from(offset: FixedOffset) -> Self {
        Self(if offset.local_minus_utc() == 0 { Kind::Utc } else { Kind::Fixed(offset) })
    }
}

#[cfg(feature = "chrono-tz")]
impl From<chrono_tz::Tz> for Zone {
    fn from(zone: chrono_tz::Tz) -> Self {
        Self(Kind::Named(zone))
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        if matches!(text, "UTC" | "Z") {
            return Ok(Self::UTC);
        }
        if text.len() > Self::MAX_LEN {
            return Err(ZoneError::TooLong);
        }
        // Strict: chrono alone would also read `+0100` and `+01 : 00`.
        let offset = text.parse::<FixedOffset>().ok().filter(|offset| offset.to_string() == text);
        if let Some(offset) = offset {
            return Ok(offset.into());
        }
        #[cfg(feature = "chrono-tz")]
        if let Ok(zone) = text.parse::<chrono_tz::Tz>() {
            return Ok(Self(Kind::Named(zone)));
        }
        Err(ZoneError::Unknown { name: text.into() })
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(text: String) -> Result<Self, ZoneError> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Utc => f.write_str("UTC"),
            Kind::Fixed(offset) => write!(f, "{offset}"),
            #[cfg(feature = "chrono-tz")]
            Kind::Named(zone) => f.write_str(zone.name()),
        }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({self})")
    }
}

impl TimeZone for Zone {
    type Offset = FixedOffset;

    fn from_offset(offset: &FixedOffset) -> Self {
        (*offset).into()
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<FixedOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        #[cfg(not(feature = "chrono-tz"))]
        let _ = local;
        match self.0 {
            Kind::Utc => MappedLocalTime::Single(Utc.fix()),
            Kind::Fixed(offset) => MappedLocalTime::Single(offset),
            #[cfg(feature = "chrono-tz")]
            Kind::Named(zone) => zone.offset_from_local_datetime(local).map(|offset| offset.fix()),
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        #[cfg(not(feature = "chrono-tz"))]
        let _ = utc;
        match self.0 {
            Kind::Utc => Utc.fix(),
            Kind::Fixed(offset) => offset,
            #[cfg(feature = "chrono-tz")]
            Kind::Named(zone) => zone.offset_from_utc_datetime(utc).fix(),
        }
    }
}

/// A text that names no [`Zone`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ZoneError {
    /// Neither `UTC`, nor an offset such as `+01:00`, nor (feature `chrono-tz`) a name that is known.
    #[error("{name:?} is no zone known here")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// Longer than [`Zone::MAX_LEN`].
    #[error("the name of a zone is at most 64 bytes long")]
    TooLong,
}

/// Exactly `YYYY-MM-DD`, of a day that exists; chrono alone would also read `2024-1-31` and `+2024-01-31`.
pub(super) fn strict_date(text: &str) -> Option<NaiveDate> {
    let is_shaped = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if is_shaped { text.parse().ok() } else { None }
}

#[inline]
pub(super) fn is_in_range(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

/// The instant at which a local day is over: the first one of the next local day. What is done *before* it is in
/// time.
///
/// Where the clocks skip midnight, that is the end of the gap; where a zone skips a whole day, it is the moment of the
/// jump. Where the clocks go back over midnight, so that midnight comes twice, the first counts: the safe reading for
/// whoever owes the act. Any zone of chrono will do, and so will a [`Zone`].
///
/// # Errors
///
/// [`DeadlineError::EndOutOfRange`] when that instant is outside the years 1 to 9999.
///
/// ```
/// use chrono::{FixedOffset, NaiveDate};
/// use clausework::deadline::end_of_day;
///
/// let day = NaiveDate::from_ymd_opt(2024, 2, 29).ok_or("no such day")?;
/// let madrid = FixedOffset::east_opt(3600).ok_or("no such offset")?;
/// assert_eq!(end_of_day(day, &madrid)?.to_string(), "2024-02-29T23:00:00.000000Z");
/// assert!(end_of_day(NaiveDate::MAX, &madrid).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn end_of_day<Z: TimeZone>(last_day: NaiveDate, zone: &Z) -> Result<Timestamp, DeadlineError> {
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
