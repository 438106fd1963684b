//! What a clause sets: a period, the event it runs from, and how it is counted.

use core::fmt;

use chrono::NaiveDate;

use super::{Calendar, Counting, Deadline, DeadlineError, Direction, Period, Span, decide};
use crate::clause::Clause;

/// The event from whose day a period is counted, in a few words that fit after "within 1 month of".
///
/// ```
/// use clausework::deadline::Trigger;
///
/// let receipt = Trigger::new("receipt of the notice");
/// assert_eq!(receipt.to_string(), "receipt of the notice");
/// assert_ne!(receipt, Trigger::new("dispatch of the notice")); // these are days apart
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trigger(&'static str);

impl Trigger {
    /// Names the event. The words appear in explanations only; nothing is decided by them.
    #[must_use]
    pub const fn new(words: &'static str) -> Self {
        Self(words)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What a clause says about time: within a [`Period`] of a [`Trigger`], by some [`Counting`].
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::deadline::{DeadlineRule, Period, Trigger};
///
/// let rule = DeadlineRule::new(Period::Weeks(2), clause::D_6_3B, Trigger::new("receipt of the notice"));
/// assert_eq!(rule.to_string(), "D-6.3b: within 2 weeks of receipt of the notice");
///
/// let thursday = NaiveDate::from_ymd_opt(2020, 3, 12).ok_or("no such day")?;
/// let deadline = rule.deadline(thursday)?;
/// assert_eq!(deadline.raw_last_day().to_string(), "2020-03-26"); // a Thursday again
/// assert!(rule.deadline(NaiveDate::MIN).is_err()); // before the year 1
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineRule {
    period: Period,
    clause: Clause,
    trigger: Trigger,
    counting: Counting,
    deemed_receipt: Option<Period>,
    extension: Option<Extension>,
}

/// By how much a period may be extended, and how often.
///
/// ```
/// use clausework::deadline::{Extension, Period};
///
/// let gdpr = Extension::new(Period::Months(2), 1); // GDPR Article 12(3)
/// assert_eq!((gdpr.by(), gdpr.times()), (Period::Months(2), 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extension {
    by: Period,
    times: u8,
}

impl Extension {
    /// By `by`, at most `times` times. The unit must be that of the period it extends.
    #[must_use]
    pub const fn new(by: Period, times: u8) -> Self {
        Self { by, times }
    }

    /// By how much, each time.
    #[must_use]
    pub const fn by(self) -> Period {
        self.by
    }

    /// How often at most.
    #[must_use]
    pub const fn times(self) -> u8 {
        self.times
    }
}

impl DeadlineRule {
    /// The rule "within `period` of `trigger`", as `clause` sets it, counted as a contract counts that says nothing
    /// more: see [`Counting::CONTRACT`].
    #[must_use]
    pub const fn new(period: Period, clause: Clause, trigger: Trigger) -> Self {
        let (deemed_receipt, extension) = (None, None);
        Self { period, clause, trigger, counting: Counting::CONTRACT, deemed_receipt, extension }
    }

    /// The same rule, counted otherwise.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{Counting, DeadlineRule, Direction, Period, Trigger};
    ///
    /// let backward = Counting::builder().direction(Direction::Backward).build()?;
    /// let rule = DeadlineRule::new(Period::Days(60), clause::D_13_4_1, Trigger::new("the variation takes effect"))
    ///     .with_counting(backward);
    /// let effect = NaiveDate::from_ymd_opt(2024, 3, 1).ok_or("no such day")?;
    /// assert_eq!(rule.deadline(effect)?.adjusted_last_day().to_string(), "2024-01-01"); // a leap day lies between
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_counting(mut self, counting: Counting) -> Self {
        self.counting = counting;
        self
    }

    /// The same rule, for events that count as received so much after they were sent. The fiction is added first,
    /// by [`Counting::CONTRACT`] and without a roll; the period runs from the day it reaches.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{DeadlineRule, Period, Trigger};
    ///
    /// let rule = DeadlineRule::new(Period::Months(4), clause::D_6_3B, Trigger::new("receipt of the notice"))
    ///     .with_deemed_receipt(Period::Days(10));
    /// let sent = NaiveDate::from_ymd_opt(2023, 3, 1).ok_or("no such day")?;
    /// assert_eq!(rule.deadline(sent)?.adjusted_last_day().to_string(), "2023-07-11"); // 11 March and four months
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_deemed_receipt(mut self, after: Period) -> Self {
        self.deemed_receipt = Some(after);
        self
    }

    /// The same rule, which a notice in time extends: see [`DeadlineRule::assess`].
    #[must_use]
    pub const fn with_extension(mut self, extension: Extension) -> Self {
        self.extension = Some(extension);
        self
    }

    /// How long.
    #[must_use]
    pub const fn period(self) -> Period {
        self.period
    }

    /// Which clause says so.
    #[must_use]
    pub const fn clause(self) -> Clause {
        self.clause
    }

    /// Counted from which event.
    #[must_use]
    pub const fn trigger(self) -> Trigger {
        self.trigger
    }

    /// Counted how.
    #[must_use]
    pub const fn counting(self) -> Counting {
        self.counting
    }

    /// How long after dispatch something counts as received, if the period runs from that.
    #[must_use]
    pub const fn deemed_receipt(self) -> Option<Period> {
        self.deemed_receipt
    }

    /// By how much it may be extended, if it may be.
    #[must_use]
    pub const fn extension(self) -> Option<Extension> {
        self.extension
    }

    /// The deadline for an event that happened on `start`, a local date where the duty is performed.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31, and for a rule that needs a calendar: see
    /// [`DeadlineRule::deadline_in`].
    pub fn deadline(self, start: NaiveDate) -> Result<Deadline, DeadlineError> {
        decide::deadline(self, start, None)
    }

    /// As [`DeadlineRule::deadline`], with the working days of the place where the act is to be done.
    ///
    /// # Errors
    ///
    /// As [`Counting::last_day`].
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{DeadlineError, DeadlineRule, Period, Place, Trigger, REGULATION_1182_71};
    ///
    /// let (receipt, day) = (Trigger::new("receipt of the request"), NaiveDate::from_ymd_opt(2025, 11, 25));
    /// let received = day.ok_or("no such day")?;
    /// let rule = DeadlineRule::new(Period::Months(1), clause::G_12_3, receipt).under(&REGULATION_1182_71, received)?;
    /// let deadline = rule.deadline_in(received, &Place::Germany.calendar(2025, 2026)?)?;
    /// assert_eq!(deadline.raw_last_day().to_string(), "2025-12-25");
    /// assert_eq!(deadline.adjusted_last_day().to_string(), "2025-12-29"); // Christmas, then a weekend
    ///
    /// assert!(matches!(rule.deadline(received), Err(DeadlineError::CalendarMissing { .. })));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn deadline_in(self, start: NaiveDate, calendar: &dyn Calendar) -> Result<Deadline, DeadlineError> {
        decide::deadline(self, start, Some(calendar))
    }
}

impl fmt::Display for DeadlineRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, period, trigger) = (self.clause.id(), self.period, self.trigger);
        let clear = if self.counting.span() == Span::Clear { " clear" } else { "" };
        match self.counting.direction() {
            Direction::Forward => write!(f, "{id}: within {period}{clear} of {trigger}"),
            Direction::Backward => write!(f, "{id}: not less than {period}{clear} before {trigger}"),
        }
    }
}
