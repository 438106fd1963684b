//! Time as an argument: [`Now`] is made once at the door, [`Timestamp`] is what is stored.
//!
//! The crate never reads a clock. A host converts its clock once a request:
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use clausework::Now;
//!
//! let clock: DateTime<Utc> = "2026-11-22T09:30:00.123456789Z".parse()?;
//! let now = Now::from(clock); // in a host: Now::from(Utc::now())
//! assert_eq!(now.timestamp().to_string(), "2026-11-22T09:30:00.123456Z"); // whole microseconds
//! # Ok::<(), chrono::ParseError>(())
//! ```

use core::fmt;
use core::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How far the clocks of two nodes may differ without a record looking as if it came from the future.
pub(crate) const SKEW: Duration = Duration::from_secs(30);

/// How long an ended record is kept, so that its version is never met again.
pub(crate) const KEPT_AFTER_END: Duration = Duration::from_secs(24 * 60 * 60);

/// An instant in UTC, in whole microseconds, from year 1 to year 9999.
///
/// Microseconds because a database keeps no more, and a boundary decided at t−1, t or t+1 must
/// survive a round trip. There are no leap seconds: one is folded into the second before it.
///
/// ```
/// use core::time::Duration;
/// use clausework::Timestamp;
///
/// let third_failure = Timestamp::from_micros(1_000_000).ok_or("out of range")?;
/// let opens = third_failure.saturating_add(Duration::from_secs(15 * 60));
/// assert_eq!(opens.to_string(), "1970-01-01T00:15:01.000000Z");
/// assert_eq!(Timestamp::MAX.saturating_add(Duration::from_secs(1)), Timestamp::MAX);
/// assert_eq!(Timestamp::from_micros(i64::MAX), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// 9999-12-31T23:59:59.999999Z.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// From microseconds since 1970-01-01T00:00:00Z; `None` outside the years 1 to 9999.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 { None } else { Some(Self(micros)) }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The same instant for `chrono`.
    #[must_use]
    pub fn to_datetime(self) -> DateTime<Utc> {
        // INVARIANT: every value lies within years 1 to 9999, all of which chrono can represent.
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// This much later, stopping at [`Timestamp::MAX`]: a lock that would overflow holds for ever, it does not wrap open.
    #[must_use]
    pub fn saturating_add(self, length: Duration) -> Self {
        let micros = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros).min(Self::MAX.0))
    }

    /// This much earlier, stopping at [`Timestamp::MIN`].
    #[must_use]
    pub fn saturating_sub(self, length: Duration) -> Self {
        let micros = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros).max(Self::MIN.0))
    }

    /// Reads exactly the form that `Display` writes: no other offset, no other precision.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let form: [u8; 27] = text.as_bytes().try_into().ok()?;
        #[rustfmt::skip]
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2, b'.', f1, f2, f3, f4, f5, f6, b'Z']
            = form else { return None };
        let (year, month, day) = (number([y1, y2, y3, y4])?, number([m1, m2])?, number([d1, d2])?);
        let (hour, minute, second) = (number([h1, h2])?, number([i1, i2])?, number([s1, s2])?);
        let micros = number([f1, f2, f3, f4, f5, f6])?;
        let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        // There is no year 0.
        Self::from_micros(day.and_hms_micro_opt(hour, minute, second, micros)?.and_utc().timestamp_micros())
    }

    /// How long after `earlier` this is; zero if it is not after.
    ///
    /// ```
    /// use core::time::Duration;
    /// use clausework::Timestamp;
    ///
    /// let later = Timestamp::MIN.saturating_add(Duration::from_secs(9));
    /// assert_eq!(later.since(Timestamp::MIN), Duration::from_secs(9));
    /// assert_eq!(Timestamp::MIN.since(later), Duration::ZERO);
    /// ```
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        u64::try_from(self.0.saturating_sub(earlier.0)).map_or(Duration::ZERO, Duration::from_micros)
    }
}

/// Truncates to microseconds; years outside 1 to 9999 become the nearest end of that range.
impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        // chrono writes a leap second as nanoseconds ≥ 1e9 of the second before: fold it into that second.
        let nanos = i64::from(instant.timestamp_subsec_nanos()).min(999_999_999);
        let micros = instant.timestamp().saturating_mul(1_000_000).saturating_add(nanos / 1000);
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }
}

/// RFC 3339 in UTC with six decimals, always 27 characters, so that text order is time order.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Text::of(*self).as_str())
    }
}

/// An instant's only text, `YYYY-MM-DDThh:mm:ss.ffffffZ`, on the stack: a stored record may hold several of them.
struct Text([u8; 27]);

impl Text {
    fn of(instant: Timestamp) -> Self {
        let at = instant.to_datetime().naive_utc();
        let (year, month, day) = (at.year().unsigned_abs(), at.month(), at.day()); // the year is 1 to 9999
        let (hour, minute, second, micros) = (at.hour(), at.minute(), at.second(), at.nanosecond() / 1000);
        let d = |number: u32| u8::try_from(number % 10).map_or(b'0', |digit| b'0' | digit);
        #[rustfmt::skip]
        let text = [
            d(year / 1000), d(year / 100), d(year / 10), d(year), b'-', d(month / 10), d(month), b'-', d(day / 10), d(day), b'T',
            d(hour / 10), d(hour), b':', d(minute / 10), d(minute), b':', d(second / 10), d(second), b'.',
            d(micros / 100_000), d(micros / 10_000), d(micros / 1000), d(micros / 100), d(micros / 10), d(micros), b'Z',
        ];
        Self(text)
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default() // ASCII
    }
}

/// The number that these digits are, at most six of them.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    digits.into_iter().try_fold(0_u32, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit <= 9).then(|| number.wrapping_mul(10).wrapping_add(digit.into()))
    })
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Text::of(*self).as_str())
    }
}

/// Reads exactly the form that [`Display`](fmt::Display) writes: no other offset, no other precision.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Canonical)
    }
}

struct Canonical;

impl de::Visitor<'_> for Canonical {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant as YYYY-MM-DDThh:mm:ss.ffffffZ")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        Timestamp::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Other("another text"), &self))
    }
}

/// The present, as the host's clock shows it: made once a request and passed in.
///
/// A type of its own so that no stored instant can be handed in for it by mistake.
///
/// ```
/// use clausework::{Now, Timestamp};
///
/// let now = Now::from(Timestamp::from_micros(0).ok_or("out of range")?);
/// assert_eq!(now.timestamp().as_micros(), 0);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now(Timestamp);

impl Now {
    /// The instant itself, to be stored or compared.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The instant this long from now, saturating.
    #[must_use]
    pub fn plus(self, length: Duration) -> Timestamp {
        self.0.saturating_add(length)
    }
}

impl From<DateTime<Utc>> for Now {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.into())
    }
}

impl From<Timestamp> for Now {
    fn from(instant: Timestamp) -> Self {
        Self(instant)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn range_is_years_1_to_9999() {
        assert_eq!(Timestamp::MIN.to_string(), "0001-01-01T00:00:00.000000Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(Timestamp::from(DateTime::<Utc>::MAX_UTC), Timestamp::MAX);
        assert_eq!(Timestamp::from(DateTime::<Utc>::MIN_UTC), Timestamp::MIN);
    }

    #[test]
    fn a_leap_second_is_folded_into_the_second_before() {
        assert_eq!(Timestamp::from(at("2016-12-31T23:59:60.5Z")).to_string(), "2016-12-31T23:59:59.999999Z");
    }

    /// The text is that of chrono, and read back it is the same instant.
    #[test]
    fn the_text_is_rfc_3339() {
        let spread = (0..5000_i64).map(|n| Timestamp::MIN.0 + n * ((Timestamp::MAX.0 - Timestamp::MIN.0) / 4999));
        for instant in spread.chain([-1, 0, 1, Timestamp::MIN.0, Timestamp::MAX.0]).map(Timestamp) {
            let text = instant.to_datetime().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
            assert_eq!(instant.to_string(), text);
            assert_eq!(serde_json::from_str::<Timestamp>(&alloc::format!("\"{text}\"")).unwrap(), instant);
        }
    }

    #[test]
    fn only_the_canonical_text_is_read() {
        let good = "\"2026-11-22T09:30:00.000001Z\"";
        let value: Timestamp = serde_json::from_str(good).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), good);
        for bad in [
            "\"2026-11-22T09:30:00Z\"",
            "\"2026-11-22T09:30:00.000001+00:00\"",
            "\"2026-11-22t09:30:00.000001Z\"",
            "\"2026-11-22\"",
            "\"2026-11-22T09:30:00.000001Z \"",
            "\"+026-11-22T09:30:00.000001Z\"",
            "\"2026-02-29T09:30:00.000001Z\"",
            "\"2026-11-22T24:00:00.000000Z\"",
            "\"2026-11-22T23:59:60.000000Z\"",
            "\"0000-12-31T23:59:59.999999Z\"",
            "\"\"",
            "7",
        ] {
            assert!(serde_json::from_str::<Timestamp>(bad).is_err(), "{bad}");
        }
    }

    /// Whatever one byte is exchanged for, left out or added: what is read is what chrono reads and writes again.
    #[test]
    fn no_other_text_is_read() {
        for good in ["2026-11-22T09:30:00.000001Z", "0001-01-01T00:00:00.000000Z", "2024-02-29T23:59:59.999999Z"] {
            let mut read = 0;
            let ends = (0..=good.len()).flat_map(|index| [(index, index), (index, (index + 1).min(good.len()))]);
            for (start, end) in ends {
                for byte in (0_u8..128).map(|byte| alloc::string::String::from(char::from(byte))).chain(["".into()]) {
                    let text = alloc::format!("{}{byte}{}", &good[..start], &good[end..]);
                    let by_chrono = DateTime::parse_from_rfc3339(&text).ok().map(|at| at.with_timezone(&Utc));
                    let canonical =
                        by_chrono.filter(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true) == text);
                    // chrono knows a year 0, and leap seconds.
                    let canonical = canonical.filter(|at| at.year() > 0 && at.nanosecond() < 1_000_000_000);
                    let expected = canonical.map(Timestamp::from);
                    assert_eq!(Timestamp::parse(&text), expected, "{text:?}");
                    read += u32::from(expected.is_some());
                }
            }
            assert!(read > 100, "{good}");
        }
    }
}
