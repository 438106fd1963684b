use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clause;
use crate::deadline::{DeadlineRule, Period, Trigger};
use crate::governance::Days;
use crate::governance::evidence::is_cadence;

/// How often a session is held, counted from an anchor: the host's own choice, as "regularly" has no number (`E-2.3`,
/// `X17`).
///
/// Every turn is counted from the anchor and ends on the day so many periods after it, so that nothing drifts: neither a
/// session that was held late nor a short month moves the turns after it.
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::governance::{Cadence, CadenceError};
///
/// let monthly = Cadence::try_new("2026-01-31".parse()?, Period::Months(1))?;
/// assert_eq!(monthly.turn_of("2026-02-10".parse()?).map(|turn| turn.to_string()), Some("from 2026-02-01 to 2026-02-28".into()));
/// assert_eq!(monthly.turn_of("2026-03-31".parse()?).map(|turn| turn.to_string()), Some("from 2026-03-01 to 2026-03-31".into()));
/// assert_eq!(monthly.turn_of("2026-01-31".parse()?), None); // the first turn begins on the next day
/// assert_eq!(Cadence::try_new("2026-01-31".parse()?, Period::WorkingDays(5)), Err(CadenceError::Period));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Cadence {
    anchor: NaiveDate,
    every: Period,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    anchor: NaiveDate,
    every: Period,
}

impl Cadence {
    /// A session in every period from the day after the anchor on: 1 day to 10 years.
    ///
    /// # Errors
    /// [`CadenceError`] for another period, and for an anchor outside the years 1 to 9999.
    pub fn try_new(anchor: NaiveDate, every: Period) -> Result<Self, CadenceError> {
        if !is_cadence(every) {
            return Err(CadenceError::Period);
        }
        Days::since(anchor).map_err(|_| CadenceError::Anchor)?;
        Ok(Self { anchor, every })
    }

    /// The day before the first turn.
    #[must_use]
    pub const fn anchor(self) -> NaiveDate {
        self.anchor
    }

    /// How long a turn is.
    #[must_use]
    pub const fn every(self) -> Period {
        self.every
    }

    /// The turn that a day is in; none up to the anchor, and after the year 9999.
    #[must_use]
    pub fn turn_of(self, day: NaiveDate) -> Option<Days> {
        // The number of the first turn that ends on the day or after it, between `over` turns and `ends`.
        let (mut over, mut ends) = (0_u32, 4_000_000_u32);
        if day <= self.anchor {
            return None;
        }
        while let middle = over.midpoint(ends)
            && middle > over
        {
            match self.end(middle) {
                Some(end) if end < day => over = middle,
                _ => ends = middle,
            }
        }
        Days::try_new(self.end(over)?.succ_opt()?, self.end(ends)?).ok()
    }

    /// The last day of the turn of this number; that of number 0 is the anchor.
    fn end(self, number: u32) -> Option<NaiveDate> {
        let count = self.every.count().checked_mul(number)?;
        let period = match self.every {
            Period::Days(_) | Period::WorkingDays(_) => Period::Days(count),
            Period::Weeks(_) => Period::Weeks(count),
            Period::Months(_) => Period::Months(count),
            Period::Years(_) => Period::Years(count),
        };
        let rule = DeadlineRule::new(period, clause::E_2_3, Trigger::new("the anchor"));
        rule.deadline(self.anchor).ok().map(|deadline| deadline.adjusted_last_day())
    }
}

impl TryFrom<Stored> for Cadence {
    type Error = CadenceError;

    fn try_from(stored: Stored) -> Result<Self, CadenceError> {
        Self::try_new(stored.anchor, stored.every)
    }
}

/// Why there is no such cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CadenceError {
    /// Nothing, more than ten years, or working days, which need a calendar.
    #[error("a cadence is 1 day to 10 years, in days, weeks, months or years")]
    Period,
    /// An anchor outside the years 1 to 9999.
    #[error("the anchor is outside the years 1 to 9999")]
    Anchor,
}
