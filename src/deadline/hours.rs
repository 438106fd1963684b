//! Periods of hours: from an instant to an instant.

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use chrono::{NaiveDate, Offset, TimeZone};

use super::zone::{end_of_day, is_in_range};
use super::{Calendar, DeadlineError, Direction, Hours, Trigger};
use crate::Timestamp;
use crate::clause::Clause;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

impl Hours {
    /// The instant so many hours after `start`, or before it: what is done *before* it is in time.
    ///
    /// The hours are elapsed ones: weekends count, and a change of the clocks changes nothing.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::HoursOutOfRange`] outside the years 1 to 9999.
    ///
    /// ```
    /// use clausework::Timestamp;
    /// use clausework::deadline::{Direction, Hours};
    ///
    /// let aware: Timestamp = "2026-10-23T10:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?.into(); // noon in Berlin
    /// let end = Hours::new(72).from(aware, Direction::Forward)?;
    /// assert_eq!(end.to_string(), "2026-10-26T10:00:00.000000Z"); // 11:00 there: the clocks went back
    /// assert!(Hours::new(1).from(Timestamp::MAX, Direction::Forward).is_err());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn from(self, start: Timestamp, direction: Direction) -> Result<Timestamp, DeadlineError> {
        let micros = i64::from(self.count()).saturating_mul(MICROS_PER_HOUR);
        let micros = if direction == Direction::Forward { micros } else { micros.saturating_neg() };
        let end = Timestamp::from_micros(start.as_micros().saturating_add(micros));
        end.ok_or(DeadlineError::HoursOutOfRange { start, hours: self })
    }
}

/// What a clause says about hours: within so many of a [`Trigger`], of which the instant counts and not the day.
///
/// Nothing is rolled: Regulation 1182/71 Article 3(4) leaves periods of hours alone.
///
/// ```
/// use clausework::{Timestamp, clause};
/// use clausework::deadline::{HourRule, Hours, Trigger};
///
/// let notice = HourRule::new(Hours::new(72), clause::G_33_1, Trigger::new("becoming aware of the breach"));
/// let friday: Timestamp = "2026-07-03T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?.into();
///
/// let deadline = notice.deadline(friday)?;
/// assert_eq!(deadline.ends_before().to_string(), "2026-07-06T15:00:00.000000Z"); // a Monday
/// assert!(deadline.is_met_at(friday));
/// assert!(!deadline.is_met_at(deadline.ends_before())); // the end itself is too late
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourRule {
    hours: Hours,
    clause: Clause,
    trigger: Trigger,
}

impl HourRule {
    /// The rule "within `hours` of `trigger`", as `clause` sets it.
    #[must_use]
    pub const fn new(hours: Hours, clause: Clause, trigger: Trigger) -> Self {
        Self { hours, clause, trigger }
    }

    /// How many hours.
    #[must_use]
    pub const fn hours(self) -> Hours {
        self.hours
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

    /// The deadline by elapsed hours: the earliest reading.
    ///
    /// # Errors
    ///
    /// [`DeadlineError::HoursOutOfRange`] when it ends outside the years 1 to 9999.
    pub fn deadline(self, start: Timestamp) -> Result<HourDeadline, DeadlineError> {
        Ok(HourDeadline { rule: self, start, ends_before: self.hours.from(start, Direction::Forward)? })
    }

    /// Every reading of the hours of an EU act, in a zone: elapsed hours; with the hour of the event not counted;
    /// and, if there is a calendar, with two whole working days after the day of the event.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when an end is outside the years 1 to 9999 or the calendar does not cover a day in question.
    ///
    /// ```
    /// use chrono::FixedOffset;
    /// use clausework::{Timestamp, clause};
    /// use clausework::deadline::{HourReadingKind, HourRule, Hours, Place, Trigger};
    ///
    /// let notice = HourRule::new(Hours::new(72), clause::G_33_1, Trigger::new("becoming aware of the breach"));
    /// let aware: Timestamp = "2026-07-03T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?.into();
    /// let brussels = FixedOffset::east_opt(2 * 3600).ok_or("no such offset")?;
    /// let readings = notice.readings(aware, &brussels, Some(&Place::EuInstitutions.calendar(2026, 2026)?))?;
    ///
    /// assert_eq!(readings.earliest().kind(), HourReadingKind::Elapsed); // safe for one's own notice
    /// assert_eq!(readings.earliest().ends_before().to_string(), "2026-07-06T15:00:00.000000Z");
    /// assert_eq!(readings.latest().ends_before().to_string(), "2026-07-07T22:00:00.000000Z"); // before calling it late
    /// for reading in readings.all() {
    ///     assert!(!reading.kind().held_by().is_empty());
    /// }
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn readings<Z: TimeZone>(
        self,
        start: Timestamp,
        zone: &Z,
        calendar: Option<&dyn Calendar>,
    ) -> Result<HourReadings, DeadlineError> {
        let out_of_range = DeadlineError::HoursOutOfRange { start, hours: self.hours };
        let elapsed = self.deadline(start)?.ends_before;
        let mut all = Vec::with_capacity(3);
        all.push(HourReading { kind: HourReadingKind::Elapsed, ends_before: elapsed });

        let utc = start.to_datetime().naive_utc();
        let offset = zone.offset_from_utc_datetime(&utc).fix();
        let seconds = i64::from(offset.local_minus_utc());
        let local = start.as_micros().saturating_add(seconds.saturating_mul(1_000_000));
        let into_hour = local.rem_euclid(MICROS_PER_HOUR);
        let rest = u64::try_from(MICROS_PER_HOUR.saturating_sub(into_hour)).unwrap_or(0);
        let next_hour =
            Timestamp::from_micros(elapsed.as_micros().saturating_add_unsigned(rest)).ok_or(out_of_range)?;
        all.push(HourReading { kind: HourReadingKind::HourNotCounted, ends_before: next_hour });

        if let Some(calendar) = calendar {
            let day: NaiveDate = utc.checked_add_offset(offset).ok_or(out_of_range)?.date();
            let second = calendar.advance(day, 2, Direction::Forward)?;
            if !is_in_range(second) {
                return Err(out_of_range);
            }
            let ends_before = end_of_day(second, zone)?.max(next_hour);
            all.push(HourReading { kind: HourReadingKind::TwoWorkingDays, ends_before });
        }
        Ok(HourReadings { rule: self, start, all })
    }
}

impl fmt::Display for HourRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: within {} of {}", self.clause.id(), self.hours, self.trigger)
    }
}

/// The instant before which something is in time: made by [`HourRule::deadline`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourDeadline {
    rule: HourRule,
    start: Timestamp,
    ends_before: Timestamp,
}

impl HourDeadline {
    /// The rule that was applied.
    #[must_use]
    pub const fn rule(self) -> HourRule {
        self.rule
    }

    /// The instant of the event.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        self.start
    }

    /// The first instant that is too late.
    #[must_use]
    pub const fn ends_before(self) -> Timestamp {
        self.ends_before
    }

    /// Whether something done at that instant is in time.
    #[must_use]
    pub fn is_met_at(self, instant: Timestamp) -> bool {
        instant < self.ends_before
    }
}

/// The end, the rule and the start on one line.
impl fmt::Display for HourDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "before {} ({}, {}, in elapsed hours)", self.ends_before, self.rule, self.start)
    }
}

/// One way of reading a period of hours, of three that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HourReadingKind {
    /// Elapsed hours, weekends included.
    Elapsed,
    /// The hour in which the event happened is not counted, and the last hour is counted to its end.
    HourNotCounted,
    /// Two whole working days after the day of the event, if that is later. Disputed, and never the default.
    TwoWorkingDays,
}

impl HourReadingKind {
    /// Who reads it so.
    #[must_use]
    pub const fn held_by(self) -> &'static str {
        match self {
            Self::Elapsed => "the wording of GDPR Article 33(1), read strictly: safe under every reading",
            Self::HourNotCounted => {
                "Regulation 1182/71 Article 3(1) and (2)(a); its Article 3(5) does not touch hours: Bavarian state \
                 commissioner for data protection (June 2019), LDI NRW (2024)"
            }
            Self::TwoWorkingDays => "Regulation 1182/71 Article 3(5) as read by Piltz/Pradel, ZD 2019, 152",
        }
    }
}

/// A reading and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourReading {
    kind: HourReadingKind,
    ends_before: Timestamp,
}

impl HourReading {
    /// Which one, and with it who holds it.
    #[must_use]
    pub const fn kind(self) -> HourReadingKind {
        self.kind
    }

    /// The first instant that is too late under it.
    #[must_use]
    pub const fn ends_before(self) -> Timestamp {
        self.ends_before
    }
}

/// All readings of one period of hours: made by [`HourRule::readings`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourReadings {
    rule: HourRule,
    start: Timestamp,
    all: Vec<HourReading>,
}

impl HourReadings {
    /// The rule that was applied.
    #[must_use]
    pub const fn rule(&self) -> HourRule {
        self.rule
    }

    /// Every reading, the elapsed hours first.
    #[must_use]
    pub fn all(&self) -> &[HourReading] {
        &self.all
    }

    /// The one that is safe for one's own act.
    #[must_use]
    pub fn earliest(&self) -> HourReading {
        let elapsed = HourReading { kind: HourReadingKind::Elapsed, ends_before: self.start };
        self.all.iter().copied().min_by_key(|reading| reading.ends_before).unwrap_or(elapsed)
    }

    /// The one to wait for before calling the other side late.
    #[must_use]
    pub fn latest(&self) -> HourReading {
        self.all.iter().copied().max_by_key(|reading| reading.ends_before).unwrap_or_else(|| self.earliest())
    }

    /// How much later the latest is than the earliest.
    #[must_use]
    pub fn dispute(&self) -> Duration {
        self.latest().ends_before.since(self.earliest().ends_before)
    }
}
