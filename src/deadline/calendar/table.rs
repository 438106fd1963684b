//! A weekend and a list of holidays, made so that the n-th working day costs two look-ups, whatever n is.

use alloc::format;
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

use super::{Calendar, CalendarError, CalendarLabel, Coverage, Weekend};
use crate::deadline::Direction;

/// A [`Calendar`] of a weekend and any holidays.
///
/// The n-th working day is found by counting weeks and looking twice into the sorted holidays: it costs the same
/// for every n.
///
/// ```
/// use chrono::{Days, NaiveDate};
/// use clausework::deadline::{Calendar, CalendarLabel, Coverage, Direction, HolidayCalendar};
///
/// let christmas = NaiveDate::from_ymd_opt(2026, 12, 25).ok_or("no such day")?; // a Friday
/// let calendar = HolidayCalendar::builder(CalendarLabel::try_new("our office", "the handbook", "2026")?)
///     .coverage(Coverage::years(2026, 2026)?)
///     .holidays([christmas])
///     .build()?;
///
/// assert!(!calendar.is_working(christmas)?);
/// let monday = calendar.advance(christmas - Days::new(1), 1, Direction::Forward)?;
/// assert_eq!(monday.to_string(), "2026-12-28");
/// assert!(calendar.advance(monday, 10, Direction::Forward).is_err()); // nobody knows the holidays of 2027
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayCalendar {
    label: CalendarLabel,
    coverage: Coverage,
    weekend: Weekend,
    /// The holidays outside weekends, by number of the day (1 is 0001-01-01, a Monday), rising.
    holidays: Vec<i32>,
    /// For each of them, how many days outside weekends there are up to it, less the holidays before it. Working
    /// day number r comes after exactly those holidays for which this is at most r.
    ranks: Vec<i32>,
    /// The working days of a week, as days after Monday, and how many there are.
    week: [u8; 7],
    per_week: i32,
    /// The coverage, by number of the day.
    first: i32,
    last: i32,
}

impl HolidayCalendar {
    /// The most holidays.
    pub const MAX_HOLIDAYS: usize = 20_000;

    /// Starts a calendar that covers every day, with Saturday and Sunday free and no holidays.
    pub const fn builder(label: CalendarLabel) -> HolidayCalendarBuilder {
        let (coverage, weekend) = (Coverage::ALL, Weekend::SATURDAY_SUNDAY);
        HolidayCalendarBuilder { label, coverage, weekend, holidays: Vec::new() }
    }

    /// The weekend.
    #[must_use]
    pub const fn weekend(&self) -> Weekend {
        self.weekend
    }

    /// The holidays that are not on a weekend, in order.
    pub fn holidays(&self) -> impl Iterator<Item = NaiveDate> {
        self.holidays.iter().filter_map(|day| NaiveDate::from_num_days_from_ce_opt(*day))
    }

    /// A calendar in which a day is free when it is free in either, over the days that both cover: what some rules
    /// on freedom of information want of several parts of a country.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] when no day is covered by both, or the weekends together leave no working day.
    ///
    /// ```
    /// use clausework::deadline::{Calendar, Place};
    ///
    /// let both = Place::Germany.calendar(2026, 2027)?.union(&Place::Netherlands.calendar(2026, 2027)?)?;
    /// let kings_day = chrono::NaiveDate::from_ymd_opt(2026, 4, 27).ok_or("no such day")?;
    /// assert!(!both.is_working(kings_day)?);
    /// assert!(both.union(&Place::Germany.calendar(2030, 2030)?).is_err());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn union(&self, other: &Self) -> Result<Self, CalendarError> {
        let first = self.coverage.first().max(other.coverage.first());
        let last = self.coverage.last().min(other.coverage.last());
        let coverage = Coverage::try_new(first, last).map_err(|_| CalendarError::Disjoint)?;
        let weekend = Weekend(self.weekend.0 | other.weekend.0);
        if weekend.0 == 0b111_1111 {
            return Err(CalendarError::NoWorkingDay);
        }
        let (mine, theirs) = (&self.label, &other.label);
        let label = CalendarLabel::of(
            format!("{} or {}", mine.place(), theirs.place()),
            format!("{}; {}", mine.source(), theirs.source()),
            format!("{}; {}", mine.version(), theirs.version()),
        );
        let holidays = self.holidays().chain(other.holidays()).filter(|day| coverage.contains(*day)).collect();
        HolidayCalendarBuilder { label, coverage, weekend, holidays }.build()
    }

    /// How many days outside weekends there are from day 1 to this one.
    fn weekdays_until(&self, day: i32) -> i32 {
        let (weeks, rest) = (day.div_euclid(7), day.rem_euclid(7));
        let free = i32::from(self.weekend.0) & 1_i32.wrapping_shl(rest.unsigned_abs()).wrapping_sub(1);
        weeks.saturating_mul(self.per_week).saturating_add(rest).saturating_sub(free.count_ones().cast_signed())
    }

    /// The day outside weekends with this number, from 1.
    fn weekday_number(&self, number: i32) -> i32 {
        let before = number.saturating_sub(1);
        // A week has one working day at least, so there is no division by zero.
        let per_week = self.per_week.max(1);
        let (weeks, rest) = (before.div_euclid(per_week), before.rem_euclid(per_week));
        let offset = usize::try_from(rest).ok().and_then(|rest| self.week.get(rest)).copied().unwrap_or(0);
        weeks.saturating_mul(7).saturating_add(i32::from(offset)).saturating_add(1)
    }

    fn holidays_until(&self, day: i32) -> usize {
        self.holidays.partition_point(|holiday| *holiday <= day)
    }

    /// The working day with this number, from 1, of which at least so many holidays come before it.
    fn ranked(&self, rank: i32, at_least: usize) -> i32 {
        // Most are few days away: look near first, in spans that double.
        let rest = self.ranks.get(at_least..).unwrap_or_default();
        let mut span = 1_usize;
        while rest.get(span.saturating_sub(1)).is_some_and(|found| *found <= rank) {
            span = span.saturating_mul(2);
        }
        let near = rest.get(..span).unwrap_or(rest);
        let before = at_least.saturating_add(near.partition_point(|found| *found <= rank));
        self.weekday_number(rank.saturating_add(signed(before)))
    }

    /// The day, if it is covered.
    fn covered(&self, day: i32) -> Result<NaiveDate, CalendarError> {
        let edge = if day > 1 { NaiveDate::MAX } else { NaiveDate::MIN };
        let date = NaiveDate::from_num_days_from_ce_opt(day);
        if self.first <= day && day <= self.last {
            date.ok_or_else(|| self.coverage.outside(edge))
        } else {
            Err(self.coverage.outside(date.unwrap_or(edge)))
        }
    }

    fn check_number(&self, day: i32) -> Result<(), CalendarError> {
        if self.first <= day && day <= self.last { Ok(()) } else { self.covered(day).map(|_| ()) }
    }
}

/// Lists are bounded, so this loses nothing.
fn signed(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl Calendar for HolidayCalendar {
    fn label(&self) -> &CalendarLabel {
        &self.label
    }

    fn coverage(&self) -> Coverage {
        self.coverage
    }

    fn is_working(&self, day: NaiveDate) -> Result<bool, CalendarError> {
        self.coverage.check(day)?;
        Ok(!self.weekend.is_free(day) && self.holidays.binary_search(&day.num_days_from_ce()).is_err())
    }

    fn advance(&self, from: NaiveDate, count: u32, direction: Direction) -> Result<NaiveDate, CalendarError> {
        let (start, count) = (from.num_days_from_ce(), i32::try_from(count).unwrap_or(i32::MAX));
        if count == 0 {
            return Ok(from);
        }
        match direction {
            Direction::Forward => {
                self.check_number(start.saturating_add(1))?;
                let passed = self.holidays_until(start);
                let rank = self.weekdays_until(start).saturating_sub(signed(passed));
                self.covered(self.ranked(rank.saturating_add(count), passed))
            }
            Direction::Backward => {
                let before = start.saturating_sub(1);
                self.check_number(before)?;
                let worked = self.weekdays_until(before).saturating_sub(signed(self.holidays_until(before)));
                let rank = worked.saturating_add(1).saturating_sub(count);
                if rank < 1 { Err(self.coverage.outside(NaiveDate::MIN)) } else { self.covered(self.ranked(rank, 0)) }
            }
        }
    }

    fn count(&self, first: NaiveDate, last: NaiveDate) -> Result<u32, CalendarError> {
        if last < first {
            return Ok(0);
        }
        self.coverage.check(first)?;
        self.coverage.check(last)?;
        let rank = |day| self.weekdays_until(day).saturating_sub(signed(self.holidays_until(day)));
        let before = rank(first.num_days_from_ce().saturating_sub(1));
        let found = rank(last.num_days_from_ce()).saturating_sub(before);
        Ok(u32::try_from(found).unwrap_or(0))
    }
}

/// The parts of a [`HolidayCalendar`], not yet checked.
#[derive(Clone, Debug)]
#[must_use]
pub struct HolidayCalendarBuilder {
    label: CalendarLabel,
    coverage: Coverage,
    weekend: Weekend,
    holidays: Vec<NaiveDate>,
}

impl HolidayCalendarBuilder {
    /// The days that the list of holidays is complete for.
    pub const fn coverage(mut self, coverage: Coverage) -> Self {
        self.coverage = coverage;
        self
    }

    /// The days of the week that are free.
    pub const fn weekend(mut self, weekend: Weekend) -> Self {
        self.weekend = weekend;
        self
    }

    /// Adds holidays, in any order and as often as one likes.
    pub fn holidays(mut self, days: impl IntoIterator<Item = NaiveDate>) -> Self {
        // One more than allowed is enough to be refused.
        let room = HolidayCalendar::MAX_HOLIDAYS.saturating_add(1).saturating_sub(self.holidays.len());
        self.holidays.extend(days.into_iter().take(room));
        self
    }

    /// Checks and sorts.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] for a holiday outside the coverage, or for too many of them.
    pub fn build(self) -> Result<HolidayCalendar, CalendarError> {
        let Self { label, coverage, weekend, holidays: days } = self;
        if days.len() > HolidayCalendar::MAX_HOLIDAYS {
            return Err(CalendarError::TooMany);
        }
        if let Some(day) = days.iter().copied().find(|day| !coverage.contains(*day)) {
            return Err(CalendarError::HolidayOutsideCoverage { day });
        }
        let outside = days.iter().filter(|day| !weekend.is_free(**day));
        let mut holidays: Vec<i32> = outside.map(Datelike::num_days_from_ce).collect();
        holidays.sort_unstable();
        holidays.dedup();
        let mut week = [0; 7];
        let working = (0..7_u8).filter(|day| weekend.0.wrapping_shr((*day).into()) & 1 == 0);
        let mut per_week = 0_i32;
        for (place, day) in week.iter_mut().zip(working) {
            *place = day;
            per_week = per_week.saturating_add(1);
        }
        let (first, last) = (coverage.first().num_days_from_ce(), coverage.last().num_days_from_ce());
        let ranks = Vec::new();
        let mut calendar = HolidayCalendar { label, coverage, weekend, holidays, ranks, week, per_week, first, last };
        let rank = |(before, day): (i32, &i32)| calendar.weekdays_until(*day).saturating_sub(before);
        calendar.ranks = (0..).zip(&calendar.holidays).map(rank).collect();
        Ok(calendar)
    }
}
