//! A plain list of holidays.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{CalendarError, CalendarLabel, Coverage, HolidayCalendar, ListError, ListFault, Weekend};
use crate::deadline::zone::strict_date;

impl HolidayCalendar {
    /// The longest line, in bytes.
    pub const MAX_LINE: usize = 400;

    /// Reads one date a line, `YYYY-MM-DD`; what follows a `#` is a remark, and blank lines are passed over.
    ///
    /// The coverage is an argument, because a list does not say where it ends: a year without an entry may be a year
    /// without holidays or one that nobody has looked up.
    ///
    /// # Errors
    ///
    /// [`ListError`] with the number of the first line that is no date, is too long, or is not covered.
    ///
    /// ```
    /// use clausework::deadline::{Calendar, CalendarLabel, Coverage, HolidayCalendar, Weekend};
    ///
    /// let label = CalendarLabel::try_new("Bulgaria", "the Council of Ministers", "2025")?;
    /// let read = |text| HolidayCalendar::from_list(label.clone(), Coverage::years(2025, 2025)?, Weekend::SATURDAY_SUNDAY, text)
    ///     .map_err(Box::<dyn core::error::Error>::from);
    /// let calendar = read("# 2025\n2025-03-03  # Liberation Day\n\n2025-05-06\n")?;
    /// assert_eq!(calendar.holidays().count(), 2);
    ///
    /// let error = read("2025-03-03\n2025-02-30\n").unwrap_err();
    /// assert_eq!(error.to_string(), "line 2: not a date of the calendar, written as YYYY-MM-DD");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn from_list(
        label: CalendarLabel,
        coverage: Coverage,
        weekend: Weekend,
        text: &str,
    ) -> Result<Self, ListError> {
        let mut holidays = Vec::<NaiveDate>::new();
        let mut line_number = 0;
        for (line, content) in (1..).zip(text.lines()) {
            line_number = line;
            let fault = |fault| ListError { line, fault };
            if content.len() > Self::MAX_LINE {
                return Err(fault(ListFault::TooLong));
            }
            let date = content.split('#').next().unwrap_or_default().trim();
            if date.is_empty() {
                continue;
            }
            let day = strict_date(date).ok_or(fault(ListFault::Date))?;
            if !coverage.contains(day) {
                return Err(fault(CalendarError::HolidayOutsideCoverage { day }.into()));
            }
            if holidays.len() == Self::MAX_HOLIDAYS {
                return Err(fault(CalendarError::TooMany.into()));
            }
            holidays.push(day);
        }
        let built = Self::builder(label).coverage(coverage).weekend(weekend).holidays(holidays).build();
        built.map_err(|error| ListError { line: line_number, fault: error.into() })
    }
}
