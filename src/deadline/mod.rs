//! Legal periods, with the working shown.
//!
//! | you want | use |
//! |---|---|
//! | say how long a period is | [`Period`]; hours are [`Hours`] |
//! | say how it is counted | [`Counting`], or a named [`Convention`] such as [`REGULATION_1182_71`] |
//! | say what a clause sets, and from which event | [`DeadlineRule`], [`HourRule`], [`Trigger`] |
//! | say which days are working days | a [`Calendar`]: [`Place::calendar`], [`HolidayCalendar`] |
//! | the last day, counted from the event | [`DeadlineRule::deadline`], [`DeadlineRule::deadline_in`] |
//! | why it is that day | [`Deadline::steps`] |
//! | what others would count, the earliest and the latest | [`DeadlineRule::readings`], [`HourRule::readings`] |
//! | whether a day is in time | [`Deadline::is_met_on`] |
//! | the instant at which it is over, in some place | [`Deadline::ends_before`], [`Zone`] |
//! | pauses, extensions, a corrected event | [`Case`], [`DeadlineRule::assess`] |
//! | what a new calendar or a new rule moves | [`Deadline::change_to`] |
//! | all of it as JSON | [`Deadline::in_zone`] |
//!
//! # Conventions
//!
//! Without another [`Counting`], a rule counts as a contract counts that says nothing more:
//!
//! - The day of the event is not counted.
//! - Weeks end on the weekday of the event; months and years end on the day with the event's number, or on
//!   the last day of a month that has no such day. 31 January and one month is 28 or 29 February.
//! - The end stands where it falls. The contract clauses this crate knows name no roll off weekends
//!   and holidays, and a private contract is no act that Regulation 1182/71 reaches by itself.
//!
//! And always:
//!
//! - Units are never converted: a month is not 30 days, two weeks are written as weeks, three days are not 72 hours.
//! - A maximum takes the shorter reading and a minimum the longer one: [`Counting::CONTRACT`], [`Counting::MINIMUM`].
//! - A day ends where somebody lives: no zone is assumed, [`Deadline::ends_before`] asks for one.
//! - A calendar that does not know a day says so; it never says "no holiday".
//!
//! # Laws that do not hold
//!
//! Month arithmetic cannot be chained or undone: from 31 January, one month and one more reach
//! 28 March, two months reach 31 March; and one month on and one back from there is 28 January. Days and months
//! cannot change places: from 21 July, two months and ten days end on 1 October, ten days and two months on 30
//! September. A yearly duty first due on 29 February comes back on one, if every date is counted from the first.
//! So every period is counted from its own event, never from a computed end ([`Deadline::then`] starts from the
//! raw one), and an age is tested forwards, never by subtraction.
//!
//! ```
//! use chrono::{NaiveDate, Utc};
//! use clausework::clause;
//! use clausework::deadline::{DeadlineError, DeadlineRule, Period, Step, Trigger};
//!
//! let rule = DeadlineRule::new(Period::Months(1), clause::D_10_1B, Trigger::new("the Cessation Date"));
//! let cessation = NaiveDate::from_ymd_opt(2024, 1, 31).ok_or("no such day")?;
//!
//! let deadline = rule.deadline(cessation)?;
//! assert_eq!(deadline.adjusted_last_day().to_string(), "2024-02-29");
//! assert_eq!(deadline.ends_before(&Utc)?.to_string(), "2024-03-01T00:00:00.000000Z");
//! assert!(deadline.steps().iter().any(|step| matches!(step, Step::ClampedToMonthEnd { missing_day: 31, .. })));
//!
//! let too_late = rule.deadline(NaiveDate::MAX); // never a panic
//! assert_eq!(too_late, Err(DeadlineError::StartOutOfRange { start: NaiveDate::MAX }));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod calendar;
mod convention;
mod decide;
mod error;
mod hours;
mod period;
mod policy;
mod readings;
mod result;
mod rule;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod zone;

pub use self::calendar::{
    Calendar, CalendarError, CalendarLabel, Coverage, HolidayCalendar, HolidayCalendarBuilder, LabelPart, ListError,
    ListFault, Place, Weekend,
};
pub use self::convention::{
    BGB_EVENT, BGB_START_OF_DAY, CCPA, CCPA_CONFIRMATION, CONTRACT, CONVENTIONS, Convention, ICO_ONE_MONTH, LGPD,
    REGULATION_1182_71,
};
pub use self::decide::LastDay;
pub use self::error::{
    CALENDAR, CALENDAR_MISSING, CODES, DeadlineError, EMPTY_PERIOD, END_OUT_OF_RANGE, LAST_DAY_OUT_OF_RANGE,
    MISSING_DAY, NO_WORKING_DAY, NOT_IN_FORCE, OUTSIDE_COVERAGE, START_OUT_OF_RANGE, UNSUPPORTED,
};
pub use self::hours::{HourDeadline, HourReading, HourReadingKind, HourReadings, HourRule};
pub use self::period::{Hours, Period, PeriodError, PeriodFault};
pub use self::policy::{Counting, CountingBuilder, CountingError, Direction, EventDay, MonthEnd, Roll, Span};
pub use self::readings::{Reading, Readings};
pub use self::result::{Change, Deadline, ZonedDeadline};
pub use self::rule::{DeadlineRule, Extension, Trigger};
pub use self::state::{Assessment, Case, CaseError, Clock, Pause, PauseGround, RefusedNotice};
pub use self::step::Step;
pub use self::zone::{Zone, ZoneError, end_of_day};
