use core::fmt;

use chrono::NaiveDate;
use thiserror::Error;

use super::super::error::{CALENDAR, NO_WORKING_DAY, OUTSIDE_COVERAGE};
use crate::event::Code;

/// A calendar that has no answer, or that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The day, or one on the way to it, is not covered.
    #[error("the calendar covers {first} to {last}, and the answer depends on {day}")]
    OutsideCoverage {
        /// The day in question.
        day: NaiveDate,
        /// The first day covered.
        first: NaiveDate,
        /// The last day covered.
        last: NaiveDate,
    },
    /// Every day of the week is free.
    #[error("a calendar without any working day")]
    NoWorkingDay,
    /// A coverage that ends before it begins, or leaves the years 1 to 9999.
    #[error("a calendar cannot cover {first} to {last}")]
    Coverage {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// The rules of a place are not known for these years.
    #[error("the holidays of this place are known for {first} to {last}, not for {asked}")]
    Years {
        /// The year asked for.
        asked: i32,
        /// The first year known.
        first: i32,
        /// The last year known.
        last: i32,
    },
    /// A holiday that the calendar does not cover.
    #[error("the holiday {day} is outside the coverage of the calendar")]
    HolidayOutsideCoverage {
        /// The holiday.
        day: NaiveDate,
    },
    /// More holidays than [`HolidayCalendar::MAX_HOLIDAYS`](super::HolidayCalendar::MAX_HOLIDAYS).
    #[error("more than 20,000 holidays")]
    TooMany,
    /// A part of a label that is blank, too long or more than one line.
    #[error("the {part} of a calendar is one line of 1 to 200 characters")]
    Label {
        /// Which part.
        part: LabelPart,
    },
    /// Two calendars that have no day in common.
    #[error("the calendars have no day in common")]
    Disjoint,
}

impl CalendarError {
    /// The stable code: one of [`CODES`](super::super::CODES).
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::OutsideCoverage { .. } => OUTSIDE_COVERAGE,
            Self::NoWorkingDay => NO_WORKING_DAY,
            _ => CALENDAR,
        }
    }
}

/// A part of a [`CalendarLabel`](super::CalendarLabel).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: a label has three parts")]
pub enum LabelPart {
    /// Where.
    Place,
    /// Who says so.
    Source,
    /// As of when.
    Version,
}

impl fmt::Display for LabelPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Place => "place",
            Self::Source => "source",
            Self::Version => "version",
        })
    }
}

/// A list of holidays that cannot be read, and the line that is to blame, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[error("line {line}: {fault}")]
pub struct ListError {
    pub(super) line: usize,
    pub(super) fault: ListFault,
}

impl ListError {
    /// The line, from 1.
    #[must_use]
    pub const fn line(self) -> usize {
        self.line
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn fault(self) -> ListFault {
        self.fault
    }
}

/// What is wrong with a line of a list of holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ListFault {
    /// It is no date.
    #[error("not a date of the calendar, written as YYYY-MM-DD")]
    Date,
    /// It is longer than [`HolidayCalendar::MAX_LINE`](super::HolidayCalendar::MAX_LINE) bytes.
    #[error("longer than 400 bytes")]
    TooLong,
    /// The calendar cannot hold it.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
