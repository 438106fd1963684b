//! How long: a number and its unit.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The length of a legal period of days. Units are distinct and never converted into each other.
///
/// There is no order between periods either: one month is shorter than 30 days from 31 January and
/// longer from 1 July. Zero is allowed and ends on the day of the event. Hours are no days: they are
/// another type, [`Hours`], and are counted from an instant.
///
/// In serde a period is a map with its unit: `{"months":1}`. [`FromStr`] reads ISO 8601: `P90D`, `P2W`,
/// `P1M`, `P1Y`; one unit only, because months and days together give another day in another order.
///
/// ```
/// use clausework::deadline::Period;
///
/// assert_eq!(Period::Months(1).to_string(), "1 month");
/// assert_eq!(Period::WorkingDays(10).to_string(), "10 working days");
/// assert_ne!(Period::Weeks(2), Period::Days(14)); // the same days, but not the same words of a clause
///
/// assert_eq!(serde_json::from_str::<Period>(r#"{"weeks":2}"#)?, Period::Weeks(2));
/// assert!(serde_json::from_str::<Period>(r#"{"days":-1}"#).is_err());
/// assert!(serde_json::from_str::<Period>("30").is_err()); // 30 of what?
///
/// assert_eq!("P90D".parse(), Ok(Period::Days(90)));
/// let mixed = "P1M10D".parse::<Period>().unwrap_err();
/// assert_eq!(mixed.to_string(), "\"P1M10D\", position 3: more than one unit");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Period {
    /// Calendar days.
    Days(u32),
    /// Days on which a [`Calendar`](super::Calendar) says that work is done.
    WorkingDays(u32),
    /// Calendar weeks: the last day has the weekday of the event.
    Weeks(u32),
    /// Calendar months: the last day has the day number of the event; a
    /// [`MonthEnd`](super::MonthEnd) says what becomes of a day that the month does not have.
    Months(u32),
    /// Calendar years: as twelve times as many months.
    Years(u32),
}

impl Period {
    /// The number, without its unit.
    #[must_use]
    pub const fn count(self) -> u32 {
        match self {
            Self::Days(count)
            | Self::WorkingDays(count)
            | Self::Weeks(count)
            | Self::Months(count)
            | Self::Years(count) => count,
        }
    }

    /// This period and another of the same unit; `None` when the units differ or the sum is too large.
    ///
    /// ```
    /// use clausework::deadline::Period;
    ///
    /// assert_eq!(Period::Months(1).checked_add(Period::Months(2)), Some(Period::Months(3)));
    /// assert_eq!(Period::Months(1).checked_add(Period::Days(30)), None); // nobody knows how long that is
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Days(one), Self::Days(two)) => one.checked_add(two).map(Self::Days),
            (Self::WorkingDays(one), Self::WorkingDays(two)) => one.checked_add(two).map(Self::WorkingDays),
            (Self::Weeks(one), Self::Weeks(two)) => one.checked_add(two).map(Self::Weeks),
            (Self::Months(one), Self::Months(two)) => one.checked_add(two).map(Self::Months),
            (Self::Years(one), Self::Years(two)) => one.checked_add(two).map(Self::Years),
            _ => None,
        }
    }
}

/// Number and unit in words: `1 month`, `2 weeks`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self {
            Self::Days(_) => "day",
            Self::WorkingDays(_) => "working day",
            Self::Weeks(_) => "week",
            Self::Months(_) => "month",
            Self::Years(_) => "year",
        };
        let count = self.count();
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads `PnD`, `PnW`, `PnM` or `PnY`. ISO 8601 has no working days, and hours are [`Hours`].
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fault = |at, fault| Err(PeriodError::new(text, at, fault));
        match read(text)? {
            (Scale::Date, count, b'D', _) => Ok(Self::Days(count)),
            (Scale::Date, count, b'W', _) => Ok(Self::Weeks(count)),
            (Scale::Date, count, b'M', _) => Ok(Self::Months(count)),
            (Scale::Date, count, b'Y', _) => Ok(Self::Years(count)),
            (Scale::Date, _, _, at) => fault(at, PeriodFault::Unit),
            (Scale::Time, ..) => fault(1, PeriodFault::NotDays),
        }
    }
}

/// A length of elapsed hours, for the few rules that count them: from an instant to an instant, weekends,
/// holidays and changes of the clocks included.
///
/// ```
/// use clausework::deadline::Hours;
///
/// assert_eq!("PT72H".parse(), Ok(Hours::new(72)));
/// assert_eq!(Hours::new(72).to_string(), "72 hours");
/// assert!("P3D".parse::<Hours>().is_err()); // three days are not 72 hours
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours(u32);

impl Hours {
    /// So many hours.
    #[must_use]
    pub const fn new(count: u32) -> Self {
        Self(count)
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} hour{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

impl FromStr for Hours {
    type Err = PeriodError;

    /// Reads `PTnH`.
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        match read(text)? {
            (Scale::Time, count, b'H', _) => Ok(Self(count)),
            (Scale::Time, _, _, at) => Err(PeriodError::new(text, at, PeriodFault::Unit)),
            (Scale::Date, ..) => Err(PeriodError::new(text, 1, PeriodFault::NotHours)),
        }
    }
}

/// A text that is no period, and where: see [`Period`] and [`Hours`].
///
/// ```
/// use clausework::deadline::{Period, PeriodFault};
///
/// let error = "P1.5M".parse::<Period>().unwrap_err();
/// assert_eq!((error.at(), error.fault()), (2, PeriodFault::Unit));
/// assert!("PT72H".parse::<Period>().unwrap_err().to_string().ends_with("hours, not days, weeks, months or years"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[error("{:?}{}, position {at}: {fault}", self.shown(), if self.is_cut { " …" } else { "" })]
pub struct PeriodError {
    at: usize,
    fault: PeriodFault,
    /// The text's first bytes, of which ASCII is shown: enough for every period that can be read.
    start: [u8; Self::SHOWN],
    is_cut: bool,
}

/// What is wrong with the text of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum PeriodFault {
    /// It does not begin with `P`.
    #[error("a period begins with \"P\"")]
    NoP,
    /// There is no whole number.
    #[error("a whole number is missing")]
    NoNumber,
    /// The number is above 4,294,967,295.
    #[error("the number is too large")]
    TooLarge,
    /// The unit is missing or none of those that can be read.
    #[error("a unit is missing or unknown")]
    Unit,
    /// A second unit follows.
    #[error("more than one unit")]
    Mixed,
    /// A period of days was wanted.
    #[error("these are hours, not days, weeks, months or years")]
    NotDays,
    /// A period of hours was wanted.
    #[error("these are no hours")]
    NotHours,
}

impl PeriodError {
    const SHOWN: usize = 16;

    fn new(text: &str, at: usize, fault: PeriodFault) -> Self {
        let mut start = [0; Self::SHOWN];
        for (place, byte) in start.iter_mut().zip(text.bytes()) {
            *place = if byte.is_ascii_graphic() { byte } else { b'?' };
        }
        Self { at, fault, start, is_cut: text.len() > Self::SHOWN }
    }

    /// The byte at which reading stopped, from 0.
    #[must_use]
    pub const fn at(self) -> usize {
        self.at
    }

    /// What was wrong there.
    #[must_use]
    pub const fn fault(self) -> PeriodFault {
        self.fault
    }

    fn shown(&self) -> &str {
        let length = self.start.iter().position(|byte| *byte == 0).unwrap_or(Self::SHOWN);
        self.start.get(..length).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

enum Scale {
    Date,
    Time,
}

/// Scale, number, unit and the unit's place. It looks no further than the first thing that is wrong.
fn read(text: &str) -> Result<(Scale, u32, u8, usize), PeriodError> {
    let fault = |at, fault| Err(PeriodError::new(text, at, fault));
    let mut bytes = text.bytes().enumerate().peekable();
    if bytes.next_if(|(_, byte)| *byte == b'P').is_none() {
        return fault(0, PeriodFault::NoP);
    }
    let scale = if bytes.next_if(|(_, byte)| *byte == b'T').is_some() { Scale::Time } else { Scale::Date };
    let mut count = None::<u32>;
    while let Some((at, digit)) = bytes.next_if(|(_, byte)| byte.is_ascii_digit()) {
        let next = count.unwrap_or(0).checked_mul(10).and_then(|tens| tens.checked_add(u32::from(digit & 0x0f)));
        let Some(next) = next else { return fault(at, PeriodFault::TooLarge) };
        count = Some(next);
    }
    match (count, bytes.next(), bytes.next()) {
        (None, found, _) => fault(found.map_or(text.len(), |(at, _)| at), PeriodFault::NoNumber),
        (Some(_), None, _) => fault(text.len(), PeriodFault::Unit),
        (Some(count), Some((at, unit)), None) => Ok((scale, count, unit, at)),
        (Some(_), Some((at, unit)), Some(_)) if !unit.is_ascii_uppercase() => fault(at, PeriodFault::Unit),
        (Some(_), Some(_), Some((at, _))) => fault(at, PeriodFault::Mixed),
    }
}
