//! How an obligation stands at the present.

use alloc::boxed::Box;
use core::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::codes;
use super::{Conflict, Done, Due, Evidence, Missing, Obligation, PauseGround, When};
use crate::event::Code;

/// The status of an [`Obligation`], which says what is true and hides nothing: a pause and an open
/// decision carry the status beneath them.
///
/// `Display` is a few words.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::Status;
///
/// let day = NaiveDate::from_ymd_opt(2026, 7, 16).ok_or("no such day")?;
/// assert_eq!(Status::OverdueSince(day).to_string(), "overdue since 2026-07-16");
/// assert_eq!(Status::OverdueSince(day).code().as_str(), "dpa.overdue");
/// assert!(Status::OverdueSince(day).is_overdue() && !Status::DueOn(day).is_overdue());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status<'a> {
    /// It runs without a number since this day.
    Running {
        /// The day of the event.
        since: NaiveDate,
    },
    /// Due on a later day.
    DueOn(NaiveDate),
    /// Due today, until the end of the day.
    DueToday(NaiveDate),
    /// Due before this instant.
    DueBefore(DateTime<FixedOffset>),
    /// Over on the strict reading, in time on the lenient one.
    OverdueOnOneReading {
        /// The strict end.
        earliest: DateTime<FixedOffset>,
        /// The lenient end.
        latest: DateTime<FixedOffset>,
    },
    /// Overdue; this is the first day on which it was.
    OverdueSince(NaiveDate),
    /// The literal day had passed when the duty arose, and the chosen one has not.
    OverdueOnReceipt {
        /// The day that the text gives.
        literal_due: NaiveDate,
        /// The day under the chosen policy.
        due: NaiveDate,
    },
    /// The clock stands still; beneath it is the status without the pause.
    Paused {
        /// Since when.
        since: NaiveDate,
        /// Why.
        ground: &'a PauseGround,
        /// The status that the pause must not hide.
        meanwhile: Box<Self>,
    },
    /// Done in time, or without a number to be late by.
    Done(NaiveDate),
    /// Done too late.
    DoneLate {
        /// When.
        on: NaiveDate,
        /// The last day.
        due: NaiveDate,
        /// The reasons given.
        reasons: Option<&'a Evidence>,
    },
    /// A right that was not used and is over.
    Lapsed {
        /// Its last day.
        last_day: NaiveDate,
    },
    /// No date can be given.
    CannotCompute(Missing),
    /// Whatever is done breaches a clause: somebody must decide. Beneath it is the literal status.
    DecisionNeeded {
        /// The breaches on either side.
        conflict: &'a Conflict,
        /// The status that the text gives.
        meanwhile: Box<Self>,
    },
}

impl Status<'_> {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Running { .. } => codes::RUNNING,
            Self::DueOn(_) | Self::DueBefore(_) => codes::DUE,
            Self::DueToday(_) => codes::DUE_TODAY,
            Self::OverdueOnOneReading { .. } => codes::OVERDUE_DISPUTED,
            Self::OverdueSince(_) => codes::OVERDUE,
            Self::OverdueOnReceipt { .. } => codes::OVERDUE_ON_RECEIPT,
            Self::Paused { .. } => codes::PAUSED,
            Self::Done(_) => codes::DONE,
            Self::DoneLate { .. } => codes::DONE_LATE,
            Self::Lapsed { .. } => codes::LAPSED,
            Self::CannotCompute(_) => codes::CANNOT_COMPUTE,
            Self::DecisionNeeded { .. } => codes::DECISION_NEEDED,
        }
    }

    /// Whether it is late on any reading, paused or not, decided or not.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        match self {
            Self::OverdueOnOneReading { .. } | Self::OverdueSince(_) | Self::OverdueOnReceipt { .. } => true,
            Self::Paused { meanwhile, .. } | Self::DecisionNeeded { meanwhile, .. } => meanwhile.is_overdue(),
            _ => false,
        }
    }
}

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running { since } => write!(f, "running since {since}"),
            Self::DueOn(day) => write!(f, "due on {day}"),
            Self::DueToday(day) => write!(f, "due today, {day}"),
            Self::DueBefore(end) => write!(f, "due before {}", When::At(*end)),
            Self::OverdueOnOneReading { earliest, latest } => {
                write!(
                    f,
                    "overdue since {} on the strict reading, due before {}",
                    When::At(*earliest),
                    When::At(*latest)
                )
            }
            Self::OverdueSince(day) => write!(f, "overdue since {day}"),
            Self::OverdueOnReceipt { literal_due, due } => {
                write!(f, "overdue on receipt (literally due {literal_due}), by {due} under the chosen policy")
            }
            Self::Paused { since, ground, meanwhile } => {
                write!(f, "paused since {since}, {ground}; otherwise {meanwhile}")
            }
            Self::Done(day) => write!(f, "done on {day}"),
            Self::DoneLate { on, due, reasons } => {
                write!(
                    f,
                    "done late on {on}, due {due}, {}",
                    if reasons.is_some() { "with reasons" } else { "no reasons given" }
                )
            }
            Self::Lapsed { last_day } => write!(f, "lapsed after {last_day}"),
            Self::CannotCompute(missing) => write!(f, "cannot be computed without {missing}"),
            Self::DecisionNeeded { conflict, meanwhile } => {
                let [first, second] = conflict.clauses();
                write!(f, "decision needed, {} against {}; literally {meanwhile}", first.id(), second.id())
            }
        }
    }
}

pub(super) fn status(obligation: &Obligation, now: DateTime<FixedOffset>) -> Status<'_> {
    if let Some(done) = &obligation.done {
        return discharged(obligation, done);
    }
    let open = open(obligation, now);
    if let Some(pause) = obligation.pause.as_ref().filter(|pause| pause.lasts_on(now.date_naive())) {
        return Status::Paused { since: pause.since, ground: &pause.ground, meanwhile: Box::new(open) };
    }
    // Once the right has lapsed nothing stands against the duty.
    let is_torn = |conflict: &&Conflict| match conflict {
        Conflict::DutyDestroysOpenRight { gap, .. } => now.date_naive() <= gap.last_day(),
        _ => true,
    };
    match obligation.dilemma.as_deref().filter(is_torn) {
        Some(conflict) => Status::DecisionNeeded { conflict, meanwhile: Box::new(open) },
        None => open,
    }
}

fn open(obligation: &Obligation, now: DateTime<FixedOffset>) -> Status<'_> {
    let today = now.date_naive();
    let by = |last_day: NaiveDate| match last_day.cmp(&today) {
        core::cmp::Ordering::Greater => Status::DueOn(last_day),
        core::cmp::Ordering::Equal => Status::DueToday(last_day),
        core::cmp::Ordering::Less if obligation.duty.is_right() => Status::Lapsed { last_day },
        core::cmp::Ordering::Less => Status::OverdueSince(last_day.succ_opt().unwrap_or(last_day)),
    };
    match &obligation.due {
        Due::Promptly => Status::Running { since: obligation.since.day() },
        Due::Day(deadline) => by(deadline.adjusted_last_day()),
        Due::On(day) => by(*day),
        Due::Hours(limit) if now < limit.earliest() => Status::DueBefore(limit.earliest()),
        Due::Hours(limit) if now < limit.latest() => {
            Status::OverdueOnOneReading { earliest: limit.earliest(), latest: limit.latest() }
        }
        Due::Hours(limit) => Status::OverdueSince(limit.latest().with_timezone(now.offset()).date_naive()),
        // The chosen day does not undo that the literal one has passed.
        Due::OverdueOnReceipt { literal, due, .. } if *due >= today => {
            Status::OverdueOnReceipt { literal_due: literal.adjusted_last_day(), due: *due }
        }
        Due::OverdueOnReceipt { literal, .. } => by(literal.adjusted_last_day()),
        Due::Unknown(missing) => Status::CannotCompute(*missing),
    }
}

fn discharged<'a>(obligation: &Obligation, done: &'a Done) -> Status<'a> {
    let on = done.when.day();
    let late = |due| Status::DoneLate { on, due, reasons: done.reasons.as_ref() };
    match &obligation.due {
        Due::Promptly | Due::Unknown(_) => Status::Done(on),
        Due::Day(_) | Due::On(_) => match obligation.due.last_day() {
            Some(due) if on > due => late(due),
            _ => Status::Done(on),
        },
        Due::OverdueOnReceipt { literal, .. } => late(literal.adjusted_last_day()),
        Due::Hours(limit) => {
            let end = limit.earliest();
            match done.when {
                // Late for both sides only after the lenient end; done between the two is done.
                When::At(at) if at < limit.latest() => Status::Done(on),
                When::At(_) => late(end.date_naive()),
                When::On(day) if day < end.date_naive() => Status::Done(on),
                When::On(day) if day > limit.latest().date_naive() => late(end.date_naive()),
                When::On(_) => Status::CannotCompute(Missing::InstantOfAct),
            }
        }
    }
}
