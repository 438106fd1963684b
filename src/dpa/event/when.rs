//! When something happened: a local day, or an instant that also knows its local day.

use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// The local day of an event where the duty is performed, with its instant if that is known.
///
/// Periods in days and months need the day, periods in hours the instant; neither is guessed from
/// the other. Written as `2026-06-15` or, with the offset that makes the local day, as
/// `2026-07-03T17:00:00+02:00`. Years 1 to 9999.
///
/// ```
/// use clausework::dpa::When;
///
/// let aware: When = "2026-07-03T00:30:00+02:00".parse()?;
/// assert_eq!(aware.day().to_string(), "2026-07-03"); // in UTC it was still the second
/// assert_eq!(aware.instant().map(|at| at.to_string()), Some("2026-07-02T22:30:00.000000Z".into()));
///
/// let only_a_day: When = "2026-07-03".parse()?;
/// assert_eq!(only_a_day.instant(), None); // 72 hours cannot be counted from it
/// assert!("2026-02-30".parse::<When>().is_err());
/// assert!("2026-07-03T17:00:00".parse::<When>().is_err()); // where?
/// assert!("2026-07-03 17:00:00Z".parse::<When>().is_err()); // one form only
/// # Ok::<(), clausework::dpa::WhenError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: an instant is known or it is not")]
pub enum When {
    /// Only the local day is known.
    On(NaiveDate),
    /// The instant, with the offset of the place.
    At(DateTime<FixedOffset>),
}

/// A text that is neither a day nor an instant with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("not a day such as 2026-06-15 or an instant with offset such as 2026-07-03T17:00:00+02:00, in years 1 to 9999")]
pub struct WhenError(());

impl When {
    /// The local day.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::On(day) => *day,
            Self::At(at) => local_day(*at),
        }
    }

    /// The offset of the place, if the instant is known.
    pub(in crate::dpa) const fn offset(&self) -> Option<FixedOffset> {
        match self {
            Self::On(_) => None,
            Self::At(at) => Some(*at.offset()),
        }
    }

    /// The instant, if it is known.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::On(_) => None,
            Self::At(at) => Some(Timestamp::from(at.to_utc())),
        }
    }
}

/// The local day; at the ends of chrono's years, where the offset leads to a day that it cannot name, that of UTC.
pub(in crate::dpa) fn local_day(at: DateTime<FixedOffset>) -> NaiveDate {
    let utc = at.naive_utc();
    utc.checked_add_offset(*at.offset()).unwrap_or(utc).date()
}

/// By local day, then a day alone before the instants of that day, then by instant.
impl Ord for When {
    fn cmp(&self, other: &Self) -> Ordering {
        self.day().cmp(&other.day()).then_with(|| match (self, other) {
            (Self::On(_), Self::On(_)) => Ordering::Equal,
            (Self::On(_), Self::At(_)) => Ordering::Less,
            (Self::At(_), Self::On(_)) => Ordering::Greater,
            (Self::At(a), Self::At(b)) => a.cmp(b),
        })
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl core::str::FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<Self, WhenError> {
        let read = if text.len() <= 10 {
            // Strict: chrono alone would also read `+2026-6-15` and `2026- 6-15`.
            text.parse::<NaiveDate>().ok().map(Self::On).filter(|_| is_like(text.as_bytes(), b"0000-00-00"))
        } else {
            DateTime::parse_from_rfc3339(text).ok().map(Self::At).filter(|_| is_shaped(text.as_bytes()))
        };
        read.filter(|when| (1..=9999).contains(&when.day().year())).ok_or(WhenError(()))
    }
}

/// `2026-07-03T17:00:00`, up to nine decimals, and `Z` or an offset such as `+02:00`. Strict: chrono alone would also
/// read a space or a small letter for the `T`, a second of 60, and any number of decimals.
fn is_shaped(text: &[u8]) -> bool {
    const MINUTE: &[u8] = b"0000-00-00T00:00:00";
    let Some((start, rest)) = text.split_at_checked(MINUTE.len()) else { return false };
    let digits = rest.strip_prefix(b".").map(|rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let offset = match digits {
        None => rest,
        Some(count @ 1..=9) => rest.get(count.saturating_add(1)..).unwrap_or_default(),
        Some(_) => return false,
    };
    let is_offset = offset == b"Z" || is_like(offset, b"+00:00") || is_like(offset, b"-00:00");
    is_like(start, MINUTE) && start.get(17) != Some(&b'6') && is_offset
}

/// Whether a text has a digit wherever the shape has a nought, and otherwise the same letters.
fn is_like(text: &[u8], shape: &[u8]) -> bool {
    let fits = |(byte, like): (&u8, &u8)| if *like == b'0' { byte.is_ascii_digit() } else { byte == like };
    text.len() == shape.len() && text.iter().zip(shape).all(fits)
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(day) => write!(f, "{day}"),
            Self::At(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S%.f%:z")),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
