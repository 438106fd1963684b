//! Limits in hours: from an instant, or from a day whose instant nobody recorded.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::periods;
use crate::deadline::{Calendar, Direction};

/// A limit in elapsed hours, with the readings that are held of it.
///
/// ```
/// use chrono::DateTime;
/// use clausework::dpa::HourLimit;
///
/// let aware = DateTime::parse_from_rfc3339("2020-12-22T12:17:00+01:00")?;
/// let limit = HourLimit::try_new(aware, 72).ok_or("out of range")?;
/// assert_eq!(limit.earliest().to_rfc3339(), "2020-12-25T12:17:00+01:00"); // weekends and holidays count
/// assert_eq!(limit.latest().to_rfc3339(), "2020-12-25T13:00:00+01:00"); // the hour of the event does not
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HourLimit {
    start: DateTime<FixedOffset>,
    hours: u32,
    ends: [DateTime<FixedOffset>; 2],
    working: Option<DateTime<FixedOffset>>,
}

impl HourLimit {
    /// `hours` after `start`; `None` when that leaves the calendar.
    #[must_use]
    pub fn try_new(start: DateTime<FixedOffset>, hours: u32) -> Option<Self> {
        periods::hours(start, hours, None).map(|([elapsed, rounded], working)| Self {
            start,
            hours,
            ends: [elapsed, rounded],
            working,
        })
    }

    /// The same limit with the disputed third reading: two whole working days after the day of the event (Regulation
    /// 1182/71, Article 3(5)). `None` when the calendar does not cover them.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use clausework::deadline::Place;
    /// use clausework::dpa::HourLimit;
    ///
    /// let friday = DateTime::parse_from_rfc3339("2026-07-03T17:00:00+02:00")?;
    /// let limit = HourLimit::try_new(friday, 72).ok_or("out of range")?;
    /// let disputed = limit.with_calendar(&Place::EuInstitutions.calendar(2026, 2026)?).ok_or("not covered")?;
    /// assert_eq!(disputed.earliest(), limit.earliest()); // what to act on stays
    /// assert_eq!(disputed.latest().to_rfc3339(), "2026-07-08T00:00:00+02:00"); // Monday and Tuesday
    /// assert!(limit.with_calendar(&Place::EuInstitutions.calendar(2027, 2027)?).is_none());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_calendar(self, calendar: &dyn Calendar) -> Option<Self> {
        let (_, working) = periods::hours(self.start, self.hours, Some(calendar))?;
        Some(Self { working, ..self })
    }

    /// The event.
    #[must_use]
    pub const fn start(&self) -> DateTime<FixedOffset> {
        self.start
    }

    /// How many hours.
    #[must_use]
    pub const fn hours(&self) -> u32 {
        self.hours
    }

    /// The reading to act on: exactly that many hours after the event, weekends and holidays included.
    #[must_use]
    pub const fn earliest(&self) -> DateTime<FixedOffset> {
        let [exact, _] = self.ends;
        exact
    }

    /// The reading to wait for before calling the other side late: the hour of the event is not counted (Regulation
    /// 1182/71, Article 3(1)); with a [calendar](HourLimit::with_calendar), two working days lie within as well.
    #[must_use]
    pub fn latest(&self) -> DateTime<FixedOffset> {
        self.working.unwrap_or(self.rounded()).max(self.rounded())
    }

    pub(super) const fn rounded(&self) -> DateTime<FixedOffset> {
        let [_, rounded] = self.ends;
        rounded
    }

    pub(super) const fn working(&self) -> Option<DateTime<FixedOffset>> {
        self.working
    }
}

/// A limit in elapsed hours from an event of which only the day is known: it ends somewhere between that many hours
/// after the beginning and after the end of that day. The day is that of the place where the present is told.
///
/// ```
/// use chrono::{FixedOffset, NaiveDate};
/// use clausework::dpa::HourWindow;
///
/// let aware = NaiveDate::from_ymd_opt(2026, 7, 3).ok_or("no such day")?;
/// let window = HourWindow::try_new(aware, 72).ok_or("out of range")?;
/// let brussels = FixedOffset::east_opt(2 * 3600).ok_or("no such offset")?;
/// assert_eq!(window.earliest(brussels).to_rfc3339(), "2026-07-06T00:00:00+02:00"); // to act on
/// assert_eq!(window.latest(brussels).to_rfc3339(), "2026-07-07T00:00:00+02:00"); // late whenever it was
/// assert_eq!(window.last_day().to_string(), "2026-07-05"); // the last day that is safe as a whole
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HourWindow {
    day: NaiveDate,
    hours: u32,
    ends: [NaiveDateTime; 2],
    working: Option<NaiveDateTime>,
}

impl HourWindow {
    /// `hours` after the unknown instant of `day`; `None` when that leaves the years 1 to 9999.
    #[must_use]
    pub fn try_new(day: NaiveDate, hours: u32) -> Option<Self> {
        let length = TimeDelta::hours(hours.into());
        let end = |day: NaiveDate| day.and_time(NaiveTime::MIN).checked_add_signed(length).filter(is_in_range);
        let ends = [end(day)?, end(day.succ_opt()?)?];
        Some(Self { day, hours, ends, working: None }).filter(|_| is_in_range(&day.and_time(NaiveTime::MIN)))
    }

    /// The same limit with two whole working days after that day, if that is later: see [`HourLimit::with_calendar`].
    #[must_use]
    pub fn with_calendar(self, calendar: &dyn Calendar) -> Option<Self> {
        let second = calendar.advance(self.day, 2, Direction::Forward).ok()?;
        let end = second.succ_opt()?.and_time(NaiveTime::MIN);
        let [_, latest] = self.ends;
        is_in_range(&end).then_some(Self { working: Some(end.max(latest)), ..self })
    }

    /// The day of the event.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }

    /// How many hours.
    #[must_use]
    pub const fn hours(&self) -> u32 {
        self.hours
    }

    /// The last day that is in time as a whole, whenever on its day the event was.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        let [earliest, _] = self.ends;
        last_day(earliest)
    }

    /// The end if the event was at the very beginning of its day: the reading to act on.
    #[must_use]
    pub fn earliest(&self, offset: FixedOffset) -> DateTime<FixedOffset> {
        let [earliest, _] = self.ends;
        at(earliest, offset)
    }

    /// The end if it was at the very end of its day, with which its hour is not counted either: late for certain from
    /// then on. With a calendar, two working days lie within as well.
    #[must_use]
    pub fn latest(&self, offset: FixedOffset) -> DateTime<FixedOffset> {
        let [_, latest] = self.ends;
        at(self.working.unwrap_or(latest), offset)
    }

    pub(super) const fn working(&self) -> Option<NaiveDateTime> {
        self.working
    }
}

/// The last day of what is in time before that end: one at midnight ends with the day before.
pub(super) fn last_day(end: NaiveDateTime) -> NaiveDate {
    end.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(end).date()
}

/// The years of this crate, a day apart from their ends, so that every offset leaves an instant within chrono's.
fn is_in_range(local: &NaiveDateTime) -> bool {
    use chrono::Datelike;
    (1..=9999).contains(&local.year())
}

/// The instant of a local time, where the clocks never change.
pub(super) fn at(local: NaiveDateTime, offset: FixedOffset) -> DateTime<FixedOffset> {
    // INVARIANT: years 1 to 9999 are days away from the ends of chrono, and an offset is less than one.
    let utc = local.checked_sub_offset(offset).unwrap_or(local);
    DateTime::from_naive_utc_and_offset(utc, offset)
}
