//! Calendars of working days: whose holidays, from which source, for which years.
//!
//! | you want | use |
//! |---|---|
//! | the holidays of a place that the crate knows the rules of | [`Place::calendar`] |
//! | your own, from a list | [`HolidayCalendar::from_list`], [`HolidayCalendar::builder`] |
//! | a day that is free in either of two places | [`HolidayCalendar::union`] |
//! | another source altogether | implement [`Calendar`] |
//!
//! A question outside a calendar's coverage is an error, never "no holiday".

mod error;
mod list;
mod place;
mod table;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use self::error::{CalendarError, LabelPart, ListError, ListFault};
pub use self::place::Place;
#[cfg(test)]
pub(super) use self::place::easter;
pub use self::table::{HolidayCalendar, HolidayCalendarBuilder};
use super::Direction;

/// Which days are working days in some place, for some years, by some source.
///
/// Only three methods have to be written; the others walk day by day. [`HolidayCalendar`] jumps instead. Every
/// answer is by whole days: a half day is what the implementor says it is.
///
/// ```
/// use chrono::{Datelike, NaiveDate};
/// use clausework::deadline::{Calendar, CalendarError, CalendarLabel, Coverage, Direction};
///
/// /// A shop that is closed on the first of each month, and on no other day.
/// #[derive(Debug)]
/// struct Shop(CalendarLabel);
/// impl Calendar for Shop {
///     fn label(&self) -> &CalendarLabel {
///         &self.0
///     }
///     fn coverage(&self) -> Coverage {
///         Coverage::ALL
///     }
///     fn is_working(&self, day: NaiveDate) -> Result<bool, CalendarError> {
///         self.coverage().check(day)?;
///         Ok(day.day() != 1)
///     }
/// }
///
/// let shop = Shop(CalendarLabel::try_new("the shop", "the sign on its door", "2026")?);
/// let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).ok_or("no such day");
/// assert_eq!(shop.advance(day(1, 30)?, 2, Direction::Forward)?, day(2, 2)?); // 31 January, then not the 1st
/// assert!(shop.is_working(NaiveDate::MAX).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub trait Calendar: fmt::Debug + Send + Sync {
    /// Place, source and version.
    fn label(&self) -> &CalendarLabel;

    /// The days for which the calendar has an answer.
    fn coverage(&self) -> Coverage;

    /// Whether the day is a working day.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutsideCoverage`] for a day that the calendar does not know.
    fn is_working(&self, day: NaiveDate) -> Result<bool, CalendarError>;

    /// The `count`-th working day strictly after `from`, or strictly before it; `from` itself if `count` is 0.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutsideCoverage`] when a day on the way is not covered.
    fn advance(&self, from: NaiveDate, count: u32, direction: Direction) -> Result<NaiveDate, CalendarError> {
        let (mut day, mut left) = (from, count);
        while left > 0 {
            day = step(day, direction).ok_or_else(|| self.coverage().outside(day))?;
            left = left.saturating_sub(u32::from(self.is_working(day)?));
        }
        Ok(day)
    }

    /// How many working days there are from `first` to `last`, both included; none if `last` is before `first`.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutsideCoverage`] when one of them is not covered.
    fn count(&self, first: NaiveDate, last: NaiveDate) -> Result<u32, CalendarError> {
        let (mut day, mut found) = (first, 0_u32);
        while day <= last {
            found = found.saturating_add(u32::from(self.is_working(day)?));
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        Ok(found)
    }
}

fn step(day: NaiveDate, direction: Direction) -> Option<NaiveDate> {
    match direction {
        Direction::Forward => day.succ_opt(),
        Direction::Backward => day.pred_opt(),
    }
}

/// Whose calendar it is, who says so, and as of when: kept with every deadline that used it, so that a later
/// version can be told from it.
///
/// Cheap to clone. Each part is one line of 1 to 200 characters.
///
/// ```
/// use clausework::deadline::{CalendarError, CalendarLabel};
///
/// let label = CalendarLabel::try_new("Germany, nationwide", "laws of the Länder", "2026-11")?;
/// assert_eq!(label.to_string(), "Germany, nationwide (laws of the Länder, 2026-11)");
/// assert!(CalendarLabel::try_new("Germany", "", "2026-11").is_err()); // nobody says so
/// # Ok::<(), CalendarError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CalendarLabel(Arc<Label>);

#[derive(PartialEq, Eq, Hash, Serialize)]
struct Label {
    place: String,
    source: String,
    version: String,
}

impl CalendarLabel {
    /// The most characters in a part.
    pub const MAX_CHARS: usize = 200;

    /// A label of three parts.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Label`] for a part that is blank, too long or more than one line.
    pub fn try_new(place: &str, source: &str, version: &str) -> Result<Self, CalendarError> {
        for (part, text) in [(LabelPart::Place, place), (LabelPart::Source, source), (LabelPart::Version, version)] {
            let is_bad = text.trim().is_empty() || text.chars().any(char::is_control);
            if is_bad || text.chars().nth(Self::MAX_CHARS).is_some() {
                return Err(CalendarError::Label { part });
            }
        }
        Ok(Self::of(place.to_owned(), source.to_owned(), version.to_owned()))
    }

    /// Of parts that are known to be good, or joined of such.
    fn of(place: String, source: String, version: String) -> Self {
        Self(Arc::new(Label { place, source, version }))
    }

    /// Where the calendar holds.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.0.place
    }

    /// Who says so.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// As of when, or which edition.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.version
    }
}

impl fmt::Display for CalendarLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.place(), self.source(), self.version())
    }
}

impl fmt::Debug for CalendarLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CalendarLabel({self})")
    }
}

impl Serialize for CalendarLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The days for which a calendar answers, first and last included, within 0001-01-01 to 9999-12-31.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::Coverage;
///
/// let year = Coverage::years(2026, 2026)?;
/// let new_year = NaiveDate::from_ymd_opt(2027, 1, 1).ok_or("no such day")?;
/// assert!(year.check(new_year).is_err());
/// assert!(Coverage::years(2027, 2026).is_err()); // no day at all
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coverage {
    first: NaiveDate,
    last: NaiveDate,
}

impl Coverage {
    /// Every day of this crate: for rules that have no end, such as a weekend.
    pub const ALL: Self = {
        match (NaiveDate::from_ymd_opt(1, 1, 1), NaiveDate::from_ymd_opt(9999, 12, 31)) {
            (Some(first), Some(last)) => Self { first, last },
            // INVARIANT: both days exist; this arm is never compiled to a value.
            _ => Self { first: NaiveDate::MIN, last: NaiveDate::MIN },
        }
    };

    /// From one day to another, both included.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Coverage`] when `last` is before `first` or one of them is outside the years 1 to 9999.
    pub fn try_new(first: NaiveDate, last: NaiveDate) -> Result<Self, CalendarError> {
        if first < Self::ALL.first || last > Self::ALL.last || last < first {
            return Err(CalendarError::Coverage { first, last });
        }
        Ok(Self { first, last })
    }

    /// Whole years, first and last included.
    ///
    /// # Errors
    ///
    /// As [`Coverage::try_new`].
    pub fn years(first: i32, last: i32) -> Result<Self, CalendarError> {
        let from = NaiveDate::from_ymd_opt(first, 1, 1).unwrap_or(NaiveDate::MIN);
        Self::try_new(from, NaiveDate::from_ymd_opt(last, 12, 31).unwrap_or(NaiveDate::MAX))
    }

    /// The first day covered.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.first
    }

    /// The last day covered.
    #[must_use]
    pub const fn last(self) -> NaiveDate {
        self.last
    }

    /// Whether the day is covered.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Nothing, for a day that is covered.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutsideCoverage`] for any other.
    pub fn check(self, day: NaiveDate) -> Result<(), CalendarError> {
        if self.contains(day) { Ok(()) } else { Err(self.outside(day)) }
    }

    const fn outside(self, day: NaiveDate) -> CalendarError {
        CalendarError::OutsideCoverage { day, first: self.first, last: self.last }
    }
}

/// The days of the week on which nobody works: any but all seven of them.
///
/// ```
/// use chrono::Weekday;
/// use clausework::deadline::Weekend;
///
/// let week = Weekend::try_new([Weekday::Sun])?; // where Saturday is a working day
/// assert!(!week.contains(Weekday::Sat));
/// assert!(Weekend::SATURDAY_SUNDAY.contains(Weekday::Sat));
/// assert_eq!(serde_json::to_string(&week)?, r#"["sun"]"#);
///
/// let all = r#"["mon","tue","wed","thu","fri","sat","sun"]"#;
/// assert!(serde_json::from_str::<Weekend>(all).is_err()); // no working day is left
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Days", into = "Days")]
pub struct Weekend(u8);

/// What is written: the days, Monday first.
#[derive(Serialize, Deserialize)]
struct Days(alloc::vec::Vec<Day>);

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekend {
    /// No day of the week is free.
    pub const NONE: Self = Self(0);
    /// Saturday and Sunday.
    pub const SATURDAY_SUNDAY: Self = Self(0b110_0000);

    const WEEK: [(Weekday, Day); 7] = [
        (Weekday::Mon, Day::Mon),
        (Weekday::Tue, Day::Tue),
        (Weekday::Wed, Day::Wed),
        (Weekday::Thu, Day::Thu),
        (Weekday::Fri, Day::Fri),
        (Weekday::Sat, Day::Sat),
        (Weekday::Sun, Day::Sun),
    ];

    /// Of these days.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NoWorkingDay`] when they are all seven.
    pub fn try_new(days: impl IntoIterator<Item = Weekday>) -> Result<Self, CalendarError> {
        let mask = days.into_iter().fold(0, |mask, day| mask | bit(day));
        if mask == 0b111_1111 { Err(CalendarError::NoWorkingDay) } else { Ok(Self(mask)) }
    }

    /// Whether nobody works on that day of the week.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    fn is_free(self, day: NaiveDate) -> bool {
        self.contains(day.weekday())
    }
}

fn bit(day: Weekday) -> u8 {
    1_u8.wrapping_shl(day.num_days_from_monday())
}

impl fmt::Debug for Weekend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = Self::WEEK.iter().filter(|(day, _)| self.contains(*day)).map(|(day, _)| day);
        f.debug_set().entries(days).finish()
    }
}

impl TryFrom<Days> for Weekend {
    type Error = CalendarError;

    fn try_from(Days(days): Days) -> Result<Self, CalendarError> {
        Self::try_new(days.into_iter().filter_map(|named| {
            let found =
                Self::WEEK.iter().find(|(_, day)| core::mem::discriminant(day) == core::mem::discriminant(&named));
            found.map(|(day, _)| *day)
        }))
    }
}

impl From<Weekend> for Days {
    fn from(weekend: Weekend) -> Self {
        Self(Weekend::WEEK.iter().filter(|(day, _)| weekend.contains(*day)).map(|(_, day)| *day).collect())
    }
}
