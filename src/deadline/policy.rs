//! How a period is counted: what a convention decides, as one checked value.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Which way a period runs from its event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums, reason = "closed: there are two ways")]
pub enum Direction {
    /// From the event into the future.
    #[default]
    Forward,
    /// Back from the event: "not less than n before". The last day is the latest one on which the act is in time.
    Backward,
}

/// Whether the day of the event is part of the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums, reason = "closed: it is or it is not")]
pub enum EventDay {
    /// "Within n of", "from", "after": counting starts with the day after the event.
    #[default]
    Excluded,
    /// "Beginning with", "beginning on the day": the event's day is the first of the period.
    Counted,
}

/// What becomes of a day that the month reached does not have, such as 31 February.
///
/// | from 31 January of a common year, 1 month | ends on |
/// |---|---|
/// | `LastDay`, `StickyEnd` | 28 February |
/// | `FirstOfNext` | 1 March |
/// | `Reject` | an error |
///
/// From 28 February of a common year, `StickyEnd` ends on 31 March and the others on 28 March.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums, reason = "closed: every answer that the sources give")]
pub enum MonthEnd {
    /// The last day of that month takes its place: the shorter reading.
    #[default]
    LastDay,
    /// The first day of the month after takes its place: the longer reading.
    FirstOfNext,
    /// As `LastDay`; and an event on the last day of its month always ends on the last day of a month
    /// (Regulation 2245/2002 Article 56(4)).
    #[serde(rename = "sticky")]
    StickyEnd,
    /// There is no answer: [`DeadlineError::MissingDay`](super::DeadlineError::MissingDay).
    Reject,
}

/// What becomes of a last day on which nobody works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums, reason = "closed: it stands or moves one way or the other")]
pub enum Roll {
    /// It stands.
    #[default]
    None,
    /// The next working day takes its place.
    Following,
    /// The working day before takes its place.
    Preceding,
}

/// Whether the act's own day may be one of the period's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums, reason = "closed: it may or it may not")]
pub enum Span {
    /// The last day of the period is the last day for the act.
    #[default]
    Plain,
    /// Clear days: the whole period lies between event and act, so the act is one day further away (CPR 2.8).
    Clear,
}

/// How a period is counted: direction, event day, month end, roll, clear days, minimum of working days.
///
/// The default is what a contract says that says nothing more: the day with the event's number, the event's day
/// not counted, the last day of a month without such a day, and no roll. Named conventions with their sources
/// are [`Convention`](super::Convention)s; anything else is built here. serde checks as `build` does.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::{Counting, CountingError, Direction, EventDay, Period, Span};
///
/// let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).ok_or("no such day");
/// let plain = Counting::default();
/// assert_eq!(plain.last_day(Period::Months(1), day(1, 31)?, None)?.adjusted(), day(2, 29)?);
///
/// let notice = Counting::builder().direction(Direction::Backward).span(Span::Clear).build()?;
/// assert_eq!(notice.last_day(Period::Days(7), day(3, 30)?, None)?.adjusted(), day(3, 22)?);
///
/// let both = Counting::builder().event_day(EventDay::Counted).span(Span::Clear).build();
/// assert_eq!(both, Err(CountingError::CountedAndClear)); // inside the period and outside it
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "CountingBuilder")]
pub struct Counting(CountingBuilder);

impl Counting {
    /// The most working days that a period can be required to contain.
    pub const MAX_MINIMUM_WORKING_DAYS: u8 = 31;

    /// What a contract says that says nothing more; the default.
    pub const CONTRACT: Self = Self(CountingBuilder::CONTRACT);

    /// For a minimum duration counted forwards, such as a retention: where months leave a choice, the longer one.
    ///
    /// A maximum takes the shorter one: [`Counting::CONTRACT`]. Counted backwards, `CONTRACT` *is* the longer one.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::deadline::{Counting, Period};
    ///
    /// let made = NaiveDate::from_ymd_opt(2025, 8, 31).ok_or("no such day")?;
    /// let last = |counting: Counting| counting.last_day(Period::Months(6), made, None).map(|last| last.raw().to_string());
    /// assert_eq!(last(Counting::MINIMUM)?, "2026-03-01"); // kept six months at least, through this day
    /// assert_eq!(last(Counting::CONTRACT)?, "2026-02-28"); // done within six months at most
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub const MINIMUM: Self = {
        let mut builder = CountingBuilder::CONTRACT;
        builder.month_end = MonthEnd::FirstOfNext;
        Self(builder)
    };

    /// Starts from [`Counting::CONTRACT`].
    pub const fn builder() -> CountingBuilder {
        CountingBuilder::CONTRACT
    }

    /// Which way.
    #[must_use]
    pub const fn direction(self) -> Direction {
        self.0.direction
    }

    /// Whether the event's day counts.
    #[must_use]
    pub const fn event_day(self) -> EventDay {
        self.0.event_day
    }

    /// What becomes of a day that a month does not have.
    #[must_use]
    pub const fn month_end(self) -> MonthEnd {
        self.0.month_end
    }

    /// What becomes of a last day on which nobody works.
    #[must_use]
    pub const fn roll(self) -> Roll {
        self.0.roll
    }

    /// Whether the period is one of clear days.
    #[must_use]
    pub const fn span(self) -> Span {
        self.0.span
    }

    /// How many working days a period that is long enough for them must contain; 0 for no such rule.
    #[must_use]
    pub const fn minimum_working_days(self) -> u8 {
        self.0.minimum_working_days
    }

    /// The settings, to be changed.
    pub const fn to_builder(self) -> CountingBuilder {
        self.0
    }
}

impl TryFrom<CountingBuilder> for Counting {
    type Error = CountingError;

    fn try_from(builder: CountingBuilder) -> Result<Self, CountingError> {
        builder.build()
    }
}

/// The settings of a [`Counting`], not yet checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[must_use]
pub struct CountingBuilder {
    direction: Direction,
    event_day: EventDay,
    month_end: MonthEnd,
    roll: Roll,
    span: Span,
    minimum_working_days: u8,
}

impl CountingBuilder {
    const CONTRACT: Self = Self {
        direction: Direction::Forward,
        event_day: EventDay::Excluded,
        month_end: MonthEnd::LastDay,
        roll: Roll::None,
        span: Span::Plain,
        minimum_working_days: 0,
    };

    /// Which way the period runs.
    pub const fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// Whether the event's day is part of the period.
    ///
    /// If it is, a period of weeks, months or years ends on the day before the corresponding one. From 31 January,
    /// one month so ends on 27 February under [`MonthEnd::LastDay`], and on 28 February under
    /// [`MonthEnd::FirstOfNext`], which is the reading of BGB 187(2) with 188(2) and (3).
    pub const fn event_day(mut self, event_day: EventDay) -> Self {
        self.event_day = event_day;
        self
    }

    /// What becomes of a day that a month does not have.
    pub const fn month_end(mut self, month_end: MonthEnd) -> Self {
        self.month_end = month_end;
        self
    }

    /// What becomes of a last day on which nobody works; with anything but [`Roll::None`] a calendar is needed.
    pub const fn roll(mut self, roll: Roll) -> Self {
        self.roll = roll;
        self
    }

    /// Whether the whole period lies between event and act.
    pub const fn span(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// How many working days a period of at least as many days must contain: 0 (no such rule) to 31. Regulation
    /// 1182/71 Article 3(5) has 2. What is missing is added at the end; a calendar is needed. In a period of clear days
    /// they lie between event and act.
    pub const fn minimum_working_days(mut self, days: u8) -> Self {
        self.minimum_working_days = days;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`CountingError`] when they contradict each other or ask for too many working days.
    pub const fn build(self) -> Result<Counting, CountingError> {
        if matches!((self.event_day, self.span), (EventDay::Counted, Span::Clear)) {
            return Err(CountingError::CountedAndClear);
        }
        if self.minimum_working_days > Counting::MAX_MINIMUM_WORKING_DAYS {
            return Err(CountingError::Minimum { asked: self.minimum_working_days });
        }
        Ok(Counting(self))
    }

    /// For the conventions of this room, whose settings a test builds.
    pub(super) const fn unchecked(self) -> Counting {
        Counting(self)
    }
}

/// Settings that make no [`Counting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum CountingError {
    /// Clear days leave the event's day out, and the setting wants it counted.
    #[error("the event's day cannot be counted in a period of clear days")]
    CountedAndClear,
    /// The minimum is above [`Counting::MAX_MINIMUM_WORKING_DAYS`].
    #[error("a minimum of {asked} working days is not between 0 and 31")]
    Minimum {
        /// What was asked for.
        asked: u8,
    },
}
