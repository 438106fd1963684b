//! How an obligation stands at the present.

use alloc::boxed::Box;
use core::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset};

use super::codes;
use super::event::local_day;
use super::{Conflict, Done, Due, Evidence, Missing, Obligation, PauseGround, When, hours};
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
    /// Due within a number of hours of an instant of which only the day is on record.
    DueWithin {
        /// The end if it was at the beginning of that day: the one to act on.
        earliest: DateTime<FixedOffset>,
        /// The end after which it is late whenever it was.
        latest: DateTime<FixedOffset>,
        /// What would tell.
        missing: Missing,
    },
    /// Over on the strict reading, in time on the lenient one.
    OverdueOnOneReading {
        /// The strict end.
        earliest: DateTime<FixedOffset>,
        /// The lenient end.
        latest: DateTime<FixedOffset>,
    },
    /// The same for days: the strictest last day is over, that of another reading is not.
    OverdueOnStrictDay {
        /// The last day on the strictest reading.
        strict: NaiveDate,
        /// The last day on the most lenient one.
        lenient: NaiveDate,
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
    /// Done too late on the strict reading, and in time on another.
    DoneLateOnOneReading {
        /// When.
        on: NaiveDate,
        /// The last day on the strict reading.
        due: NaiveDate,
        /// The last day on the lenient one.
        lenient: NaiveDate,
        /// The reasons given.
        reasons: Option<&'a Evidence>,
    },
    /// A right that was not used and is over.
    Lapsed {
        /// Its last day.
        last_day: NaiveDate,
    },
    /// A right that is over on the strict reading, and not on another.
    LapsedOnStrictDay {
        /// The last day on the strictest reading.
        strict: NaiveDate,
        /// The last day on the most lenient one.
        lenient: NaiveDate,
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
            Self::DueOn(_) | Self::DueBefore(_) | Self::DueWithin { .. } => codes::DUE,
            Self::DueToday(_) => codes::DUE_TODAY,
            Self::OverdueOnOneReading { .. } | Self::OverdueOnStrictDay { .. } => codes::OVERDUE_DISPUTED,
            Self::OverdueSince(_) => codes::OVERDUE,
            Self::OverdueOnReceipt { .. } => codes::OVERDUE_ON_RECEIPT,
            Self::Paused { .. } => codes::PAUSED,
            Self::Done(_) => codes::DONE,
            Self::DoneLate { .. } => codes::DONE_LATE,
            Self::DoneLateOnOneReading { .. } => codes::DONE_DISPUTED,
            Self::Lapsed { .. } => codes::LAPSED,
            Self::LapsedOnStrictDay { .. } => codes::LAPSED_DISPUTED,
            Self::CannotCompute(_) => codes::CANNOT_COMPUTE,
            Self::DecisionNeeded { .. } => codes::DECISION_NEEDED,
        }
    }

    /// Whether it is late on any reading, paused or not, decided or not. [`Ledger::overdue`](super::Ledger::overdue)
    /// lists these.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        match self {
            Self::OverdueOnOneReading { .. }
            | Self::OverdueOnStrictDay { .. }
            | Self::OverdueSince(_)
            | Self::OverdueOnReceipt { .. } => true,
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
            Self::DueWithin { earliest, latest, missing } => write!(
                f,
                "due before {} at the earliest, {} at the latest: which needs {missing}",
                When::At(*earliest),
                When::At(*latest)
            ),
            Self::OverdueOnStrictDay { strict, lenient } => {
                write!(f, "overdue since {} on the strict reading, due on {lenient}", next(*strict))
            }
            Self::OverdueSince(day) => write!(f, "overdue since {day}"),
            Self::OverdueOnReceipt { literal_due, due } => {
                write!(f, "overdue on receipt (literally due {literal_due}), by {due} under the chosen policy")
            }
            Self::Paused { since, ground, meanwhile } => {
                write!(f, "paused since {since}, {ground}; otherwise {meanwhile}")
            }
            Self::Done(day) => write!(f, "done on {day}"),
            Self::DoneLate { on, due, reasons } => write!(f, "done late on {on}, due {due}, {}", given(*reasons)),
            Self::DoneLateOnOneReading { on, due, lenient, reasons } => write!(
                f,
                "done on {on}, late on the strict reading (due {due}) and not on another (due {lenient}), {}",
                given(*reasons)
            ),
            Self::Lapsed { last_day } => write!(f, "lapsed after {last_day}"),
            Self::LapsedOnStrictDay { strict, lenient } => {
                write!(f, "lapsed after {strict} on the strict reading, after {lenient} on another")
            }
            Self::CannotCompute(missing) => write!(f, "cannot be computed without {missing}"),
            Self::DecisionNeeded { conflict, meanwhile } => {
                let [first, second] = conflict.clauses();
                write!(f, "decision needed, {} against {}; literally {meanwhile}", first.id(), second.id())
            }
        }
    }
}

const fn given(reasons: Option<&Evidence>) -> &'static str {
    if reasons.is_some() { "with reasons" } else { "no reasons given" }
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

pub(super) fn status(obligation: &Obligation, now: DateTime<FixedOffset>) -> Status<'_> {
    if let Some(done) = &obligation.done {
        return discharged(obligation, done);
    }
    let (open, today) = (open(obligation, now), local_day(now));
    if let Some(pause) = obligation.pause.as_ref().filter(|pause| pause.lasts_on(today)) {
        return Status::Paused { since: pause.since, ground: &pause.ground, meanwhile: Box::new(open) };
    }
    // Once the right has lapsed nothing stands against the duty.
    let is_torn = |conflict: &&Conflict| match conflict {
        Conflict::DutyDestroysOpenRight { gap, .. } => today <= gap.last_day(),
        _ => true,
    };
    match obligation.dilemma.as_deref().filter(is_torn) {
        Some(conflict) => Status::DecisionNeeded { conflict, meanwhile: Box::new(open) },
        None => open,
    }
}

fn open(obligation: &Obligation, now: DateTime<FixedOffset>) -> Status<'_> {
    let today = local_day(now);
    let by = |last_day: NaiveDate| match last_day.cmp(&today) {
        core::cmp::Ordering::Greater => Status::DueOn(last_day),
        core::cmp::Ordering::Equal => Status::DueToday(last_day),
        core::cmp::Ordering::Less if obligation.duty.is_right() => Status::Lapsed { last_day },
        core::cmp::Ordering::Less => Status::OverdueSince(next(last_day)),
    };
    let readings = |own| match obligation.days(own) {
        [strict, lenient] if today <= strict || lenient < today => by(strict),
        [strict, lenient] if obligation.duty.is_right() => Status::LapsedOnStrictDay { strict, lenient },
        [strict, lenient] => Status::OverdueOnStrictDay { strict, lenient },
    };
    // The last instant that was in time tells the first day that was not.
    let overdue = |end: DateTime<FixedOffset>| Status::OverdueSince(local_day(end.with_timezone(now.offset())));
    match &obligation.due {
        Due::Promptly => Status::Running { since: obligation.since.day() },
        Due::Day(deadline) => readings(deadline.adjusted_last_day()),
        Due::On(day) => readings(*day),
        Due::Hours(limit) if now < limit.earliest() => Status::DueBefore(limit.earliest()),
        Due::Hours(limit) if now < limit.latest() => {
            Status::OverdueOnOneReading { earliest: limit.earliest(), latest: limit.latest() }
        }
        Due::Hours(limit) => overdue(limit.latest()),
        Due::HoursOfDay(window) => {
            let (earliest, latest) = (window.earliest(*now.offset()), window.latest(*now.offset()));
            if now < earliest {
                Status::DueWithin { earliest, latest, missing: Missing::InstantOfAwareness }
            } else if now < latest {
                Status::OverdueOnOneReading { earliest, latest }
            } else {
                overdue(latest)
            }
        }
        // The chosen day does not undo that the literal one has passed.
        Due::OverdueOnReceipt { literal, due, .. } if *due >= today && literal.adjusted_last_day() < today => {
            Status::OverdueOnReceipt { literal_due: literal.adjusted_last_day(), due: *due }
        }
        Due::OverdueOnReceipt { literal, .. } => by(literal.adjusted_last_day()),
        Due::Unknown(missing) => Status::CannotCompute(*missing),
    }
}

fn discharged<'a>(obligation: &'a Obligation, done: &'a Done) -> Status<'a> {
    let on = done.when.day();
    let reasons = done.reasons.as_ref();
    let late = |due| Status::DoneLate { on, due, reasons };
    let readings = |own| match obligation.days(own) {
        [strict, _] if on <= strict => Status::Done(on),
        [due, lenient] if on <= lenient => Status::DoneLateOnOneReading { on, due, lenient, reasons },
        [strict, _] => late(strict),
    };
    // A day alone is compared with local ends, for which any offset will do.
    let offset = done.when.offset().unwrap_or_else(|| chrono::Utc.fix());
    match &obligation.due {
        Due::Promptly | Due::Unknown(_) => Status::Done(on),
        Due::Day(deadline) => readings(deadline.adjusted_last_day()),
        Due::On(day) => readings(*day),
        Due::OverdueOnReceipt { literal, .. } if on <= literal.adjusted_last_day() => Status::Done(on),
        Due::OverdueOnReceipt { literal, .. } => late(literal.adjusted_last_day()),
        Due::Hours(limit) => in_hours(done, limit.earliest(), limit.latest()),
        Due::HoursOfDay(window) => in_hours(done, window.earliest(offset), window.latest(offset)),
    }
}

/// Whether an act was before the strict end, before the lenient one, or late. An act of which only the day is known
/// is measured by the whole of that day, in the offset of the ends.
fn in_hours(done: &Done, earliest: DateTime<FixedOffset>, latest: DateTime<FixedOffset>) -> Status<'_> {
    let (on, reasons) = (done.when.day(), done.reasons.as_ref());
    let is_before = |end: DateTime<FixedOffset>| match done.when {
        When::At(at) => at < end,
        When::On(day) => next(day).and_time(NaiveTime::MIN) <= end.naive_local(),
    };
    let is_after = |end: DateTime<FixedOffset>| match done.when {
        When::At(at) => at >= end,
        When::On(day) => day.and_time(NaiveTime::MIN) >= end.naive_local(),
    };
    let last_day = |end: DateTime<FixedOffset>| hours::last_day(end.naive_local());
    if is_before(earliest) {
        Status::Done(on)
    } else if is_after(latest) {
        Status::DoneLate { on, due: last_day(earliest), reasons }
    } else if is_after(earliest) && is_before(latest) {
        Status::DoneLateOnOneReading { on, due: last_day(earliest), lenient: last_day(latest), reasons }
    } else {
        Status::CannotCompute(Missing::InstantOfAct)
    }
}
