//! A computed deadline: its days, its end and its working.

use alloc::vec::Vec;
use core::fmt;

use chrono::{NaiveDate, TimeZone};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Calendar, CalendarLabel, DeadlineError, DeadlineRule, Period, Step, decide, zone};
use crate::Timestamp;
use crate::clause::Clause;

/// The last day on which something is in time, and how that day was reached.
///
/// Made by [`DeadlineRule::deadline`] and its like. Two last days are kept: the raw one, from which any further
/// period must be counted ([`Deadline::then`] does), and the adjusted one, which decides what is in time. They
/// differ only where the rule moves an end off weekends and holidays, which no clause of the agreement does.
///
/// Serialises as `last_day` (raw), `adjusted_last_day`, `steps` (words), `clause` (id) and, if one was used,
/// `calendar`; with the end as an instant through [`Deadline::in_zone`].
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::dpa::DpaTerms;
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let deadline = DpaTerms::default().certification(day(2024, 2, 29)?)?;
///
/// assert_eq!(deadline.clause(), clause::D_10_4);
/// assert_eq!(deadline.adjusted_last_day(), day(2024, 3, 30)?);
/// assert!(deadline.is_met_on(day(2024, 3, 30)?));
/// assert!(!deadline.is_met_on(day(2024, 3, 31)?));
/// assert_eq!(
///     deadline.to_string(),
///     "2024-03-30 (D-10.4: within 30 days of the request for the certificate, 2024-02-29)"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub(super) rule: DeadlineRule,
    pub(super) period: Period,
    pub(super) start: NaiveDate,
    pub(super) raw_last_day: NaiveDate,
    pub(super) adjusted_last_day: NaiveDate,
    pub(super) steps: Vec<Step>,
    pub(super) calendar: Option<CalendarLabel>,
}

impl Deadline {
    /// The rule that was applied.
    #[must_use]
    pub const fn rule(&self) -> DeadlineRule {
        self.rule
    }

    /// The clause that sets the rule.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.rule.clause()
    }

    /// How long: the rule's period, with what it was extended by.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The calendar whose working days decided, if any did.
    #[must_use]
    pub const fn calendar(&self) -> Option<&CalendarLabel> {
        self.calendar.as_ref()
    }

    /// The day from which the period runs: that of the event, or of its deemed receipt.
    #[must_use]
    pub const fn start(&self) -> NaiveDate {
        self.start
    }

    /// The last day as counted, before any roll.
    #[must_use]
    pub const fn raw_last_day(&self) -> NaiveDate {
        self.raw_last_day
    }

    /// The last day that is in time. Where the rule has no roll it equals the raw one; a [`Step::NotRolled`] says so.
    ///
    /// No period is counted from here: that would give the second period the days the first one was rolled by.
    #[must_use]
    pub const fn adjusted_last_day(&self) -> NaiveDate {
        self.adjusted_last_day
    }

    /// How the last day was reached, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The deadline of a rule whose period begins where this one ends: counted from the raw last day, never from the
    /// adjusted one.
    ///
    /// # Errors
    ///
    /// As [`DeadlineRule::deadline_in`].
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{Counting, DeadlineRule, Period, Place, Roll, Trigger};
    ///
    /// let rolling = Counting::builder().roll(Roll::Following).build()?;
    /// let week = DeadlineRule::new(Period::Weeks(1), clause::G_36_2, Trigger::new("the request")).with_counting(rolling);
    /// let calendar = Place::Germany.calendar(2026, 2026)?;
    /// let saturday = NaiveDate::from_ymd_opt(2026, 1, 10).ok_or("no such day")?;
    ///
    /// let first = week.deadline_in(saturday, &calendar)?;
    /// assert_eq!(first.adjusted_last_day().to_string(), "2026-01-19"); // a Monday, for Saturday the 17th
    /// let second = first.then(week, Some(&calendar))?;
    /// assert_eq!(second.raw_last_day().to_string(), "2026-01-24"); // a Saturday again, not a Monday
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn then(&self, rule: DeadlineRule, calendar: Option<&dyn Calendar>) -> Result<Self, DeadlineError> {
        decide::deadline(rule, self.raw_last_day, calendar)
    }

    /// What became different in a later version of the same deadline: after a correction of the event, with another
    /// calendar, or by another rule; `None` if nothing did.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::deadline::{Calendar, CalendarLabel, Counting, DeadlineRule, HolidayCalendar, Period, Roll, Trigger};
    ///
    /// let day = |m, d| NaiveDate::from_ymd_opt(2022, m, d).ok_or("no such day");
    /// let rule = DeadlineRule::new(Period::Days(10), clause::G_12_3, Trigger::new("receipt of the request"))
    ///     .with_counting(Counting::builder().roll(Roll::Following).build()?);
    /// let calendar = |version, days: &[NaiveDate]| -> Result<_, Box<dyn core::error::Error>> {
    ///     let label = CalendarLabel::try_new("England", "GOV.UK", version)?;
    ///     Ok(HolidayCalendar::builder(label).holidays(days.iter().copied()).build()?)
    /// };
    /// let before = rule.deadline_in(day(9, 9)?, &calendar("August", &[])?)?;
    /// let after = rule.deadline_in(day(9, 9)?, &calendar("September", &[day(9, 19)?])?)?;
    ///
    /// let change = before.change_to(&after).ok_or("a change was expected")?;
    /// assert_eq!(change.adjusted_last_day(), Some((day(9, 19)?, day(9, 20)?)));
    /// assert_eq!(change.raw_last_day(), None); // the same day was counted to
    /// assert!(before.change_to(&before).is_none());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn change_to(&self, later: &Self) -> Option<Change> {
        let differs = |before, after| (before != after).then_some((before, after));
        let change = Change {
            start: differs(self.start, later.start),
            raw_last_day: differs(self.raw_last_day, later.raw_last_day),
            adjusted_last_day: differs(self.adjusted_last_day, later.adjusted_last_day),
            calendar: (self.calendar != later.calendar).then(|| (self.calendar.clone(), later.calendar.clone())),
            rule: if self.rule == later.rule && self.period == later.period {
                None
            } else {
                Some((self.rule, later.rule))
            },
        };
        let same = Change { start: None, raw_last_day: None, adjusted_last_day: None, calendar: None, rule: None };
        (change != same).then_some(change)
    }

    /// Whether something done on `day` is in time. Days before the event count as in time.
    ///
    /// This is also how an age is tested: forwards from its beginning. Subtracting the period from `day` gives another
    /// answer at month ends.
    #[must_use]
    pub fn is_met_on(&self, day: NaiveDate) -> bool {
        day <= self.adjusted_last_day
    }

    /// The instant at which the last day is over in `zone`: what is done *before* it is in time.
    ///
    /// This is the first instant of the next local day. Where the clocks skip midnight, that is the
    /// end of the gap; where a zone skips a whole day, it is the moment of the jump. Where the clocks
    /// go back over midnight, so that midnight comes twice, the first counts: the safe reading for
    /// whoever owes the act.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::EndOutOfRange`] when that instant is outside the years 1 to 9999.
    ///
    /// ```
    /// use chrono::{FixedOffset, NaiveDate, Utc};
    /// use clausework::dpa::DpaTerms;
    ///
    /// let deadline = DpaTerms::default().deletion(NaiveDate::from_ymd_opt(2024, 1, 31).ok_or("no such day")?)?;
    /// let madrid = FixedOffset::east_opt(3600).ok_or("no such offset")?;
    /// assert_eq!(deadline.ends_before(&Utc)?.to_string(), "2024-03-01T00:00:00.000000Z");
    /// assert_eq!(deadline.ends_before(&madrid)?.to_string(), "2024-02-29T23:00:00.000000Z"); // an hour earlier
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn ends_before<Z: TimeZone>(&self, zone: &Z) -> Result<Timestamp, DeadlineError> {
        zone::end_of_day(self.adjusted_last_day, zone)
    }

    /// The deadline together with its end in `zone`, to be shown or serialised.
    ///
    /// # Errors
    ///
    /// As [`Deadline::ends_before`].
    pub fn in_zone<Z: TimeZone>(&self, zone: &Z) -> Result<ZonedDeadline<'_>, DeadlineError> {
        Ok(ZonedDeadline { deadline: self, ends_before: self.ends_before(zone)? })
    }

    fn write<S: Serializer>(&self, serializer: S, ends_before: Option<Timestamp>) -> Result<S::Ok, S::Error> {
        let optional = [ends_before.is_some(), self.calendar.is_some()];
        let count = optional.into_iter().map(usize::from).fold(4, usize::saturating_add);
        let mut fields = serializer.serialize_struct("Deadline", count)?;
        fields.serialize_field("last_day", &self.raw_last_day)?;
        fields.serialize_field("adjusted_last_day", &self.adjusted_last_day)?;
        if let Some(instant) = ends_before {
            fields.serialize_field("ends_before", &instant)?;
        }
        fields.serialize_field("steps", &self.steps)?;
        fields.serialize_field("clause", &self.clause())?;
        if let Some(calendar) = &self.calendar {
            fields.serialize_field("calendar", calendar)?;
        }
        fields.end()
    }
}

/// Last day, rule and start on one line.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {}", self.adjusted_last_day, self.rule, self.start)?;
        if self.period != self.rule.period() {
            write!(f, ", extended to {}", self.period)?;
        }
        f.write_str(")")
    }
}

/// What is different between two versions of one deadline, each as before and after: made by
/// [`Deadline::change_to`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    start: Option<(NaiveDate, NaiveDate)>,
    raw_last_day: Option<(NaiveDate, NaiveDate)>,
    adjusted_last_day: Option<(NaiveDate, NaiveDate)>,
    calendar: Option<(Option<CalendarLabel>, Option<CalendarLabel>)>,
    rule: Option<(DeadlineRule, DeadlineRule)>,
}

impl Change {
    /// The day from which the period runs, if it is another.
    #[must_use]
    pub const fn start(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.start
    }

    /// The raw last day, if it is another.
    #[must_use]
    pub const fn raw_last_day(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.raw_last_day
    }

    /// The last day that is in time, if it is another.
    #[must_use]
    pub const fn adjusted_last_day(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.adjusted_last_day
    }

    /// The calendar, if it is another or another version.
    #[must_use]
    pub const fn calendar(&self) -> Option<&(Option<CalendarLabel>, Option<CalendarLabel>)> {
        self.calendar.as_ref()
    }

    /// The rule, if it or what it was extended by is another.
    #[must_use]
    pub const fn rule(&self) -> Option<(DeadlineRule, DeadlineRule)> {
        self.rule
    }
}

/// The days that moved, and why: on one line.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days =
            [("start", self.start), ("raw last day", self.raw_last_day), ("last day in time", self.adjusted_last_day)];
        let mut separator = "";
        for (name, (before, after)) in days.into_iter().filter_map(|(name, days)| Some((name, days?))) {
            write!(f, "{separator}{name} {before} -> {after}")?;
            separator = ", ";
        }
        if let Some((before, after)) = &self.calendar {
            let label = |label: &Option<CalendarLabel>| label.as_ref().map_or("none".into(), |l| alloc::format!("{l}"));
            write!(f, "{separator}calendar {} -> {}", label(before), label(after))?;
            separator = ", ";
        }
        if let Some((before, after)) = self.rule {
            write!(f, "{separator}rule {before} -> {after}")?;
        }
        Ok(())
    }
}

impl Serialize for Deadline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write(serializer, None)
    }
}

/// A [`Deadline`] and the instant at which it is over in one zone. Made by [`Deadline::in_zone`].
///
/// ```
/// use chrono::{NaiveDate, Utc};
/// use clausework::dpa::DpaTerms;
///
/// let deadline = DpaTerms::default().objection(NaiveDate::from_ymd_opt(2025, 12, 18).ok_or("no such day")?)?;
/// let json = serde_json::to_string(&deadline.in_zone(&Utc)?)?;
/// assert!(json.starts_with(r#"{"last_day":"2026-01-01","adjusted_last_day":"2026-01-01","#));
/// assert!(json.contains(r#""ends_before":"2026-01-02T00:00:00.000000Z","#));
/// assert!(!serde_json::to_string(&deadline)?.contains("ends_before")); // no zone, no instant
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZonedDeadline<'a> {
    deadline: &'a Deadline,
    ends_before: Timestamp,
}

impl<'a> ZonedDeadline<'a> {
    /// The deadline itself.
    #[must_use]
    pub const fn deadline(self) -> &'a Deadline {
        self.deadline
    }

    /// The first instant that is too late.
    #[must_use]
    pub const fn ends_before(self) -> Timestamp {
        self.ends_before
    }
}

impl Serialize for ZonedDeadline<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.deadline.write(serializer, Some(self.ends_before))
    }
}
