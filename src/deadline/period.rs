//! How long: a number and its unit.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The length of a legal period. Units are distinct and never converted into each other.
///
/// There is no order between periods either: one month is shorter than 30 days from 31 January and
/// longer from 1 July. Zero is allowed and ends on the day of the event.
///
/// In serde a period is a map with its unit: `{"months":1}`.
///
/// ```
/// use clausework::deadline::Period;
///
/// assert_eq!(Period::Months(1).to_string(), "1 month");
/// assert_eq!(Period::Days(90).to_string(), "90 days");
/// assert_ne!(Period::Weeks(2), Period::Days(14)); // the same days, but not the same words of a clause
///
/// assert_eq!(serde_json::from_str::<Period>(r#"{"weeks":2}"#)?, Period::Weeks(2));
/// assert!(serde_json::from_str::<Period>(r#"{"days":-1}"#).is_err());
/// assert!(serde_json::from_str::<Period>("30").is_err()); // 30 of what?
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Period {
    /// Calendar days.
    Days(u32),
    /// Calendar weeks: the last day has the weekday of the event.
    Weeks(u32),
    /// Calendar months: the last day has the day number of the event, or is the last of its month.
    Months(u32),
}

/// Number and unit in words: `1 month`, `2 weeks`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Self::Days(count) => (count, "day"),
            Self::Weeks(count) => (count, "week"),
            Self::Months(count) => (count, "month"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}
