use alloc::vec::Vec;
use core::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Refusal;

/// Calendar days from a first to a last, both included; without a last day, until further notice.
///
/// Days are those of the place where the duty is performed, as the host writes them down: no instant becomes a day in
/// here, so no time zone plays a part.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::governance::{Days, DaysError};
///
/// let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).ok_or("no such day");
/// let week = Days::try_new(day(3)?, day(9)?)?;
/// assert!(week.has(day(9)?) && !week.has(day(10)?));
/// assert_eq!(week.to_string(), "from 2026-03-03 to 2026-03-09");
/// assert_eq!(Days::try_new(day(9)?, day(3)?), Err(DaysError::Reversed));
/// assert_eq!(Days::since(day(3)?)?.last(), None);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Days {
    first: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    first: NaiveDate,
    #[serde(default)]
    last: Option<NaiveDate>,
}

impl Days {
    /// From the one day to the other, both included.
    ///
    /// # Errors
    /// [`DaysError`] when the last day is before the first, or one is outside the years 1 to 9999.
    pub fn try_new(first: NaiveDate, last: NaiveDate) -> Result<Self, DaysError> {
        Self::checked(first, Some(last))
    }

    /// From this day until further notice.
    ///
    /// # Errors
    /// [`DaysError::Year`] for a day outside the years 1 to 9999.
    pub fn since(first: NaiveDate) -> Result<Self, DaysError> {
        Self::checked(first, None)
    }

    /// As [`since`](Self::since), of a day that is known to be one.
    pub(super) const fn open(first: NaiveDate) -> Self {
        Self { first, last: None }
    }

    /// The one day.
    pub(super) const fn one(day: NaiveDate) -> Self {
        Self { first: day, last: Some(day) }
    }

    fn checked(first: NaiveDate, last: Option<NaiveDate>) -> Result<Self, DaysError> {
        let out = |day: NaiveDate| !(1..=9999).contains(&day.year());
        if out(first) || last.is_some_and(out) {
            Err(DaysError::Year)
        } else if last.is_some_and(|last| last < first) {
            Err(DaysError::Reversed)
        } else {
            Ok(Self { first, last })
        }
    }

    /// The first day.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// The last day, if there is one.
    #[must_use]
    pub const fn last(self) -> Option<NaiveDate> {
        self.last
    }

    /// Whether that day is one of them.
    #[must_use]
    pub fn has(self, day: NaiveDate) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }

    /// The days of both.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let last = match (self.last, other.last) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let first = self.first.max(other.first);
        last.is_none_or(|last| first <= last).then_some(Self { first, last })
    }

    /// These days up to that one; none if they begin later.
    pub(super) fn until(self, last: Option<NaiveDate>) -> Option<Self> {
        let end = match (self.last, last) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        end.is_none_or(|end| self.first <= end).then_some(Self { last: end, ..self })
    }

    /// These days, with that one as the last.
    pub(super) fn ended(self, last: NaiveDate) -> Result<Self, Refusal> {
        Self::try_new(self.first, last).map_err(|error| match error {
            DaysError::Reversed => Refusal::TooEarly { from: self.first },
            DaysError::Year => Refusal::Year,
        })
    }

    /// These days before that one.
    pub(super) fn before(self, day: NaiveDate) -> Option<Self> {
        self.until(Some(day.pred_opt()?))
    }
}

impl TryFrom<Stored> for Days {
    type Error = DaysError;

    fn try_from(stored: Stored) -> Result<Self, DaysError> {
        Self::checked(stored.first, stored.last)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) if last == self.first => write!(f, "on {last}"),
            Some(last) => write!(f, "from {} to {last}", self.first),
            None => write!(f, "since {}", self.first),
        }
    }
}

/// Why two dates are no days of validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DaysError {
    /// The last day is before the first.
    #[error("the last day is before the first")]
    Reversed,
    /// A day outside the years 1 to 9999.
    #[error("a day is outside the years 1 to 9999")]
    Year,
}

/// The same days in order, none twice: what overlaps or follows without a gap is one.
pub(super) fn merged(mut spans: Vec<Days>) -> Vec<Days> {
    spans.sort_unstable();
    let mut merged: Vec<Days> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            // An open end takes in all that follows; otherwise the next day continues.
            Some(before) if before.last.is_none_or(|last| last.succ_opt().is_none_or(|next| span.first <= next)) => {
                before.last = match (before.last, span.last) {
                    (Some(one), Some(two)) => Some(one.max(two)),
                    _ => None,
                };
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// The days `within` that no span has, in order.
pub(super) fn gaps(spans: Vec<Days>, within: Days) -> Vec<Days> {
    let mut gaps = Vec::new();
    let mut open = Some(within.first);
    for span in merged(spans) {
        let Some(from) = open else { break };
        if from < span.first {
            gaps.extend(Days::open(from).before(span.first).and_then(|gap| gap.until(within.last)));
        }
        open = span.last.and_then(|last| last.succ_opt()).map(|next| next.max(from));
    }
    gaps.extend(open.and_then(|from| Days::open(from).until(within.last)));
    gaps
}
