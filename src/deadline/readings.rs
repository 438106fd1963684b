//! One rule, read in more than one way.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Calendar, Convention, Deadline, DeadlineError, DeadlineRule};

/// What a rule gives under each convention that somebody holds: a deadline is seldom one date.
///
/// Made by [`DeadlineRule::readings`]. For one's own act the [earliest](Readings::earliest) day is safe; before the
/// other side is called late, the [latest](Readings::latest) has to be over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    chosen: Deadline,
    others: Vec<Reading>,
}

/// A deadline by another convention, and with it who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    held_by: Convention,
    deadline: Deadline,
}

impl Reading {
    /// The convention: its [source](Convention::source) says who holds it.
    #[must_use]
    pub const fn held_by(&self) -> Convention {
        self.held_by
    }

    /// The deadline by it, with its working.
    #[must_use]
    pub const fn deadline(&self) -> &Deadline {
        &self.deadline
    }
}

impl Readings {
    /// By the rule as it was written.
    #[must_use]
    pub const fn chosen(&self) -> &Deadline {
        &self.chosen
    }

    /// By the other conventions, in the order in which they were given.
    #[must_use]
    pub fn others(&self) -> &[Reading] {
        &self.others
    }

    /// The deadline that ends first: safe for one's own act.
    #[must_use]
    pub fn earliest(&self) -> &Deadline {
        self.all().fold(
            &self.chosen,
            |best, next| {
                if next.adjusted_last_day() < best.adjusted_last_day() { next } else { best }
            },
        )
    }

    /// The deadline that ends last: before it is over, nobody is late under every reading.
    #[must_use]
    pub fn latest(&self) -> &Deadline {
        self.all().fold(
            &self.chosen,
            |best, next| {
                if next.adjusted_last_day() > best.adjusted_last_day() { next } else { best }
            },
        )
    }

    /// Whether all readings give the same day.
    #[must_use]
    pub fn is_undisputed(&self) -> bool {
        self.earliest().adjusted_last_day() == self.latest().adjusted_last_day()
    }

    fn all(&self) -> impl Iterator<Item = &Deadline> {
        self.others.iter().map(Reading::deadline)
    }
}

impl DeadlineRule {
    /// The deadline as the rule counts it, and as each of these conventions would.
    ///
    /// # Errors
    ///
    /// As [`Counting::last_day`](super::Counting::last_day), and [`DeadlineError::NotInForce`] for a convention that
    /// did not hold on that day: a reading that nobody holds is none.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{DeadlineRule, Period, Place, REGULATION_1182_71, Trigger};
    ///
    /// let deletion = DeadlineRule::new(Period::Months(1), clause::D_10_1B, Trigger::new("the Cessation Date"));
    /// let cessation = NaiveDate::from_ymd_opt(2025, 10, 31).ok_or("no such day")?;
    /// let calendar = Place::Germany.calendar(2025, 2025)?;
    /// let readings = deletion.readings(cessation, &[REGULATION_1182_71], Some(&calendar))?;
    ///
    /// assert_eq!(readings.earliest().adjusted_last_day().to_string(), "2025-11-30"); // a Sunday: delete by then
    /// assert_eq!(readings.latest().adjusted_last_day().to_string(), "2025-12-01"); // late under every reading after that
    /// assert_eq!(readings.others()[0].held_by().name(), "Regulation 1182/71");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn readings(
        self,
        start: NaiveDate,
        conventions: &[Convention],
        calendar: Option<&dyn Calendar>,
    ) -> Result<Readings, DeadlineError> {
        let compute = |rule: Self| match calendar {
            Some(calendar) => rule.deadline_in(start, calendar),
            None => rule.deadline(start),
        };
        let mut others = Vec::with_capacity(conventions.len());
        for convention in conventions {
            others.push(Reading { held_by: *convention, deadline: compute(self.under(convention, start)?)? });
        }
        Ok(Readings { chosen: compute(self)?, others })
    }
}
