//! The holidays of a few places, by rule.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{CalendarError, CalendarLabel, Coverage, HolidayCalendar};

/// A place whose holidays the crate can compute, with the source of the rule and the years it is known for.
///
/// | place | source | years |
/// |---|---|---|
/// | `EuInstitutions` | yearly decisions of the Commission, staff in Brussels | 2025 to 2027 |
/// | `Netherlands` | Algemene termijnenwet art. 3(1) and (2) | 2014 to 2050 |
/// | `Germany` | the holidays that the laws of all Länder share | 1995 to 2050 |
/// | `EnglandAndWales` | Banking and Financial Dealings Act 1971 s. 1 and Schedule 1, common-law holidays, proclamations | 2011 to 2050 |
///
/// The EU's list is decided anew for each year and follows no rule that would hold for a year not yet decided. In
/// the other places, years to come are computed by the rule of today: a new law or a proclamation makes a new
/// version, and [`Deadline::change_to`](crate::deadline::Deadline::change_to) finds what it moves. The Dutch decrees under article 3(3),
/// which put single days on a level with holidays (such as the Friday after Ascension), and regional holidays are not
/// included: add them by [`HolidayCalendar::union`] with a list.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::{Calendar, Place};
///
/// let england = Place::EnglandAndWales.calendar(2022, 2023)?;
/// let coronation = NaiveDate::from_ymd_opt(2023, 5, 8).ok_or("no such day")?;
/// assert!(!england.is_working(coronation)?);
/// assert!(Place::EuInstitutions.calendar(2025, 2030).is_err()); // not decided yet
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The institutions of the European Union, for staff in Brussels.
    EuInstitutions,
    /// The Netherlands.
    Netherlands,
    /// Germany: the nine holidays that every Land has.
    Germany,
    /// England and Wales.
    EnglandAndWales,
}

/// The version in every label: when the rules and exceptions below were last looked at.
const VERSION: &str = "clausework 2026-11";

impl Place {
    /// The first and the last year that the rule is known for.
    #[must_use]
    pub const fn years(self) -> (i32, i32) {
        match self {
            Self::EuInstitutions => (2025, 2027),
            Self::Netherlands => (2014, 2050),
            Self::Germany => (1995, 2050),
            Self::EnglandAndWales => (2011, 2050),
        }
    }

    /// The calendar of these years, first and last included, with Saturday and Sunday free.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Years`] for a year outside [`Place::years`], [`CalendarError::Coverage`] when `last` is
    /// before `first`.
    pub fn calendar(self, first: i32, last: i32) -> Result<HolidayCalendar, CalendarError> {
        let (known, until) = self.years();
        if let Some(asked) = [first, last].into_iter().find(|year| !(known..=until).contains(year)) {
            return Err(CalendarError::Years { asked, first: known, last: until });
        }
        let (place, source) = match self {
            Self::EuInstitutions => ("EU institutions, Brussels", "yearly Commission decisions on public holidays"),
            Self::Netherlands => ("Netherlands", "Algemene termijnenwet art. 3(1)-(2)"),
            Self::Germany => ("Germany, nationwide", "holiday laws of all Länder"),
            Self::EnglandAndWales => {
                ("England and Wales", "Banking and Financial Dealings Act 1971, common law, proclamations")
            }
        };
        let label = CalendarLabel::of(place.to_owned(), source.to_owned(), VERSION.to_owned());
        let holidays = (first..=last).flat_map(|year| self.holidays(year));
        HolidayCalendar::builder(label).coverage(Coverage::years(first, last)?).holidays(holidays).build()
    }

    fn holidays(self, year: i32) -> Vec<NaiveDate> {
        match self {
            Self::EuInstitutions => eu_institutions(year),
            Self::Netherlands => netherlands(year),
            Self::Germany => germany(year),
            Self::EnglandAndWales => england_and_wales(year),
        }
        .into_iter()
        .flatten()
        .collect()
    }
}

type Holidays = Vec<Option<NaiveDate>>;

/// The days that the decisions have in common, those on a weekend included, which a decision leaves out; 2027 has one
/// more day before Christmas.
fn eu_institutions(year: i32) -> Holidays {
    let mut days: Holidays = [(1, 1), (1, 2), (5, 1), (5, 9), (7, 21), (8, 15), (11, 1), (11, 2)]
        .into_iter()
        .chain((24..=31).map(|day| (12, day)))
        .map(|(month, day)| ymd(year, month, day))
        .collect();
    // Maundy Thursday, Good Friday, Easter Monday, Ascension and the day after, Whit Monday.
    days.extend([-3, -2, 1, 39, 40, 50].map(|offset| from_easter(year, offset)));
    if year == 2027 {
        days.push(ymd(2027, 12, 23));
    }
    days
}

/// New Year, Good Friday, Easter Monday, King's Day (on the Saturday if 27 April is a Sunday), 5 May, Ascension,
/// Whit Monday, both days of Christmas.
fn netherlands(year: i32) -> Holidays {
    let birthday = ymd(year, 4, 27);
    let kings_day = if birthday.is_some_and(|day| day.weekday() == Weekday::Sun) { ymd(year, 4, 26) } else { birthday };
    let mut days: Holidays = [(1, 1), (5, 5), (12, 25), (12, 26)].map(|(month, day)| ymd(year, month, day)).into();
    days.push(kings_day);
    days.extend([-2, 1, 39, 50].map(|offset| from_easter(year, offset)));
    days
}

/// New Year, Good Friday, Easter Monday, 1 May, Ascension, Whit Monday, 3 October, both days of Christmas; and
/// once, in 2017, the 500th Reformation Day.
fn germany(year: i32) -> Holidays {
    let mut days: Holidays =
        [(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)].map(|(month, day)| ymd(year, month, day)).into();
    days.extend([-2, 1, 39, 50].map(|offset| from_easter(year, offset)));
    if year == 2017 {
        days.push(ymd(2017, 10, 31));
    }
    days
}

/// Proclaimed once: the weddings, jubilees, the funeral and the coronation.
const ENGLAND_ONCE: [(i32, u32, u32); 5] = [(2011, 4, 29), (2012, 6, 5), (2022, 6, 3), (2022, 9, 19), (2023, 5, 8)];

/// New Year, Good Friday, Easter Monday, the first and last Monday in May, the last in August, Christmas and Boxing
/// Day, with a substitute for what falls on a weekend; the early May holiday of 2020 and the spring holidays of 2012
/// and 2022 were moved.
fn england_and_wales(year: i32) -> Holidays {
    let early_may = if year == 2020 { ymd(2020, 5, 8) } else { on_or_after(ymd(year, 5, 1), Weekday::Mon) };
    let spring = match year {
        2012 => ymd(2012, 6, 4),
        2022 => ymd(2022, 6, 2),
        _ => on_or_after(ymd(year, 5, 25), Weekday::Mon),
    };
    let august = on_or_after(ymd(year, 8, 25), Weekday::Mon);
    let new_year = ymd(year, 1, 1).and_then(|day| match day.weekday() {
        Weekday::Sat => day.checked_add_days(Days::new(2)),
        Weekday::Sun => day.checked_add_days(Days::new(1)),
        _ => Some(day),
    });
    // The two days of Christmas and their substitutes, as one: Saturday gives Monday, Sunday gives Tuesday.
    let christmas = [25, 26].map(|number| {
        let day = ymd(year, 12, number)?;
        let is_free = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if is_free { day.checked_add_days(Days::new(2)) } else { Some(day) }
    });
    let mut days = alloc::vec![new_year, from_easter(year, -2), from_easter(year, 1), early_may, spring, august];
    days.extend(christmas);
    days.extend(
        ENGLAND_ONCE.iter().filter(|(once, ..)| *once == year).map(|&(year, month, day)| ymd(year, month, day)),
    );
    days
}

fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn on_or_after(day: Option<NaiveDate>, weekday: Weekday) -> Option<NaiveDate> {
    day?.iter_days().take(7).find(|day| day.weekday() == weekday)
}

fn from_easter(year: i32, offset: i64) -> Option<NaiveDate> {
    let days = Days::new(offset.unsigned_abs());
    let easter = easter(year)?;
    if offset < 0 { easter.checked_sub_days(days) } else { easter.checked_add_days(days) }
}

/// Easter Sunday by the Gregorian computus, in its usual steps: the golden number, the century's corrections of sun
/// and moon, the epact, and the Sunday after the full moon. The years are those of a [`Place`], so nothing overflows.
#[allow(clippy::arithmetic_side_effects, reason = "remainders and small sums of a year between 1 and 9999")]
pub(in crate::deadline) fn easter(year: i32) -> Option<NaiveDate> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    ymd(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?)
}
