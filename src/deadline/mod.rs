//! Legal periods on calendar days, with the working shown.
//!
//! | you want | use |
//! |---|---|
//! | say how long a period is | [`Period`] |
//! | say what a clause sets, and from which event | [`DeadlineRule`], [`Trigger`] |
//! | the last day, counted from the event | [`DeadlineRule::deadline`] |
//! | why it is that day | [`Deadline::steps`] |
//! | whether a day is in time | [`Deadline::is_met_on`] |
//! | the instant at which it is over, in some place | [`Deadline::ends_before`] |
//! | all of it as JSON | [`Deadline::in_zone`] |
//!
//! # Conventions
//!
//! - The day of the event is not counted.
//! - Weeks end on the weekday of the event; months end on the day with the event's number, or on
//!   the last day of a month that has no such day. 31 January and one month is 28 or 29 February.
//! - Units are never converted: a month is not 30 days, two weeks are written as weeks.
//! - The end stands where it falls. The contract clauses this crate knows name no roll off weekends
//!   and holidays, and a private contract is no act that Regulation 1182/71 reaches by itself.
//! - A day ends where somebody lives: no zone is assumed, [`Deadline::ends_before`] asks for one.
//!
//! # Laws that do not hold
//!
//! Month arithmetic cannot be chained or undone: from 31 January, one month and one more reach
//! 28 March, two months reach 31 March. Count every period from its own event, never from a computed
//! end, and test an age forwards, never by subtraction.
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

mod decide;
mod error;
mod period;
mod result;
mod rule;
mod step;
#[cfg(test)]
mod tests;

pub use self::error::DeadlineError;
pub use self::period::Period;
pub use self::result::{Deadline, ZonedDeadline};
pub use self::rule::{DeadlineRule, Trigger};
pub use self::step::Step;
