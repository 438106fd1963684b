//! One obligation: whose it is, since which event, by when, and whether it was done.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{Alternative, Conflict, Duty, Evidence, HourLimit, HourWindow, Party, Status, When, hours};
use crate::clause::Clause;
use crate::deadline::{Deadline, DeadlineError};
use crate::id::OpaqueId;

/// What is not on record, so that a date cannot be computed. A date is never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// Only the day of the awareness is known; hours run from an instant.
    InstantOfAwareness,
    /// Only the day of the act is known, and the limit falls within that day.
    InstantOfAct,
    /// The date on which the addendum was accepted (`X11`).
    AcceptanceDate,
    /// The person has not yet proved its identity or paid the fee, so that the clock has not begun (`G-UK`).
    Identity,
    /// A calendar of holidays, for a period in working days.
    Calendar,
    /// No day follows: it lies outside the years 1 to 9999, or a reading has none for this event.
    Date(DeadlineError),
}

impl From<DeadlineError> for Missing {
    fn from(error: DeadlineError) -> Self {
        match error {
            DeadlineError::CalendarMissing { .. } | DeadlineError::Calendar(_) => Self::Calendar,
            error => Self::Date(error),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InstantOfAwareness => f.write_str("the instant of the awareness, not only its day"),
            Self::InstantOfAct => f.write_str("the instant of the act, not only its day"),
            Self::AcceptanceDate => f.write_str("the date on which the addendum was accepted"),
            Self::Identity => f.write_str("the identity information or the fee that was asked for"),
            Self::Calendar => f.write_str("a calendar of holidays for the working days"),
            Self::Date(error) => write!(f, "a date that can be counted: {error}"),
        }
    }
}

/// By when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Due {
    /// "Promptly", "without undue delay": there is no number, and none is invented (`X17`).
    Promptly,
    /// A last day, with its working.
    Day(Deadline),
    /// A number of hours.
    Hours(HourLimit),
    /// A number of hours from an event of which only the day is on record.
    HoursOfDay(HourWindow),
    /// A day without a period: agreed, or set by another event.
    On(NaiveDate),
    /// The literal last day had passed when the duty arose (`X1`).
    OverdueOnReceipt {
        /// The day that the text gives, kept for ever.
        literal: Deadline,
        /// How many days before the duty arose that was: at least 1.
        by_days: u32,
        /// The day under the chosen [`LateReturnRequest`](super::LateReturnRequest).
        due: NaiveDate,
    },
    /// It cannot be computed.
    Unknown(Missing),
}

impl Due {
    /// The last day as the clause itself counts it, or as was chosen for what is overdue on receipt; `None` without a
    /// number. [`Obligation::last_day`] is the one to act on.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        match self {
            Self::Promptly | Self::Unknown(_) => None,
            Self::Day(deadline) => Some(deadline.adjusted_last_day()),
            Self::Hours(limit) => Some(hours::last_day(limit.earliest().naive_local())),
            Self::HoursOfDay(window) => Some(window.last_day()),
            Self::On(day) | Self::OverdueOnReceipt { due: day, .. } => Some(*day),
        }
    }
}

/// How the duty was discharged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub(super) when: When,
    pub(super) event: OpaqueId,
    pub(super) reasons: Option<Evidence>,
}

impl Done {
    /// When.
    #[must_use]
    pub const fn when(&self) -> When {
        self.when
    }

    /// The event that says so.
    #[must_use]
    pub const fn event(&self) -> &OpaqueId {
        &self.event
    }

    /// The reasons given for a delay.
    #[must_use]
    pub const fn reasons(&self) -> Option<&Evidence> {
        self.reasons.as_ref()
    }
}

/// Why a clock stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseGround {
    /// The person was asked what the request means (`G-UK`).
    Clarification,
    /// The authority waits for information (`G-36.2`).
    Information,
    /// Law forbids the act for now.
    Law(Evidence),
    /// Both sides agreed to keep the data isolated, so that it can be returned.
    AgreedIsolation {
        /// Until when.
        until: NaiveDate,
    },
}

impl fmt::Display for PauseGround {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clarification => f.write_str("clarification was asked for"),
            Self::Information => f.write_str("information was asked for"),
            Self::Law(_) => f.write_str("law forbids it for now"),
            Self::AgreedIsolation { until } => write!(f, "isolation is agreed until {until}"),
        }
    }
}

/// A pause that still lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) since: NaiveDate,
    pub(super) ground: PauseGround,
}

impl Pause {
    pub(super) fn lasts_on(&self, today: NaiveDate) -> bool {
        // One that is on record for a later day has not begun.
        self.since <= today && !matches!(self.ground, PauseGround::AgreedIsolation { until } if until < today)
    }
}

/// One obligation of an agreement: data with the event it came from. Its [`Status`] depends on the
/// present and is asked for with it.
///
/// `Display` is one line without personal data.
///
/// ```
/// use chrono::DateTime;
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger, Regime, Status};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
/// let ceased = Fact::Ceased { regime: Regime::Addendum };
/// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("crm")?, "2026-06-15".parse()?, ceased));
///
/// let entry = ledger.obligations().find(|entry| entry.obligation().duty() == Duty::DeleteCopies).ok_or("none")?;
/// let delete = entry.obligation();
/// assert_eq!(delete.to_string(), "provider: delete all copies, Subprocessors' included (D-10.1b: within 1 month of the Cessation Date, 2026-06-15)");
/// assert_eq!(delete.because().as_str(), "e-1");
///
/// let noon = |day: &str| DateTime::parse_from_rfc3339(&format!("{day}T12:00:00+00:00"));
/// assert!(matches!(delete.status(noon("2026-07-16")?), Status::DecisionNeeded { meanwhile, .. } if matches!(*meanwhile, Status::OverdueSince(_))));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    pub(super) duty: Duty,
    pub(super) clause: Clause,
    pub(super) part: Option<OpaqueId>,
    pub(super) since: When,
    pub(super) because: OpaqueId,
    pub(super) due: Due,
    pub(super) target: Option<NaiveDate>,
    pub(super) done: Option<Done>,
    pub(super) pause: Option<Pause>,
    pub(super) dilemma: Option<Box<Conflict>>,
    pub(super) alternatives: Vec<Alternative>,
}

impl Obligation {
    /// What is owed, or may be claimed.
    #[must_use]
    pub const fn duty(&self) -> Duty {
        self.duty
    }

    /// The clause behind it: that of the duty, or a more precise one.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// Who owes it, or holds the right.
    #[must_use]
    pub const fn party(&self) -> Party {
        self.duty.party()
    }

    /// The holder, scope, step or year, where one matter has several obligations of one kind.
    #[must_use]
    pub const fn part(&self) -> Option<&OpaqueId> {
        self.part.as_ref()
    }

    /// When it arose.
    #[must_use]
    pub const fn since(&self) -> When {
        self.since
    }

    /// The event from which it arose.
    #[must_use]
    pub const fn because(&self) -> &OpaqueId {
        &self.because
    }

    /// By when, with every reading.
    #[must_use]
    pub const fn due(&self) -> &Due {
        &self.due
    }

    /// What others read, with who holds it: the lenient hours, the roll of Regulation 1182/71, the conventions of the
    /// [host](super::Ledger::with_reading). One that needs working days without a
    /// [calendar](super::Ledger::with_calendar) says so. A duty is [overdue](Status::is_overdue) on the strictest, and
    /// plainly so on the last. Whether a request or an objection was in time goes by the clause's own reading.
    #[must_use]
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    /// The last day to act on: that of the strictest reading; `None` without a number. By its order the
    /// [ledger](super::Ledger::next_due), the table and the calendar go.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        let [strict, _] = self.days(self.due.last_day()?);
        Some(strict)
    }

    /// The last days of the strictest and of the most lenient reading, beside the clause's own.
    pub(super) fn days(&self, own: NaiveDate) -> [NaiveDate; 2] {
        let days = self.alternatives.iter().filter_map(Alternative::last_day);
        days.fold([own; 2], |[first, last], day| [first.min(day), last.max(day)])
    }

    /// The last day after which it is overdue on some reading.
    pub(super) fn strict_day(&self) -> Option<NaiveDate> {
        match &self.due {
            Due::OverdueOnReceipt { literal, .. } => Some(literal.adjusted_last_day()),
            _ => self.last_day(),
        }
    }

    /// The host's own service target for a duty without a number. It is no part of the contract.
    #[must_use]
    pub const fn target(&self) -> Option<NaiveDate> {
        self.target
    }

    /// How it was discharged, if it was.
    #[must_use]
    pub const fn done(&self) -> Option<&Done> {
        self.done.as_ref()
    }

    /// The status at the present, which brings the local offset of the place of performance: a last
    /// day ends where somebody lives.
    #[must_use]
    pub fn status(&self, now: DateTime<FixedOffset>) -> Status<'_> {
        super::status::status(self, now)
    }
}

impl fmt::Display for Obligation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.party(), self.duty)?;
        if let Some(part) = &self.part {
            write!(f, " [{part}]")?;
        }
        match &self.due {
            Due::Promptly => write!(f, " ({}: promptly, since {})", self.clause.id(), self.since.day())?,
            Due::Day(deadline) => {
                let rule = deadline.rule();
                write!(
                    f,
                    " ({}: within {} of {}, {})",
                    self.clause.id(),
                    rule.period(),
                    rule.trigger(),
                    deadline.start()
                )?;
            }
            Due::Hours(limit) => {
                write!(f, " ({}: within {} hours of {})", self.clause.id(), limit.hours(), When::At(limit.start()))?;
            }
            Due::HoursOfDay(window) => {
                let (id, hours) = (self.clause.id(), window.hours());
                write!(f, " ({id}: within {hours} hours of an unknown instant of {})", window.day())?;
            }
            Due::On(day) => write!(f, " ({}: by {day})", self.clause.id())?,
            Due::OverdueOnReceipt { literal, by_days, .. } => write!(
                f,
                " ({}: by {}, {by_days} days before it was asked for)",
                self.clause.id(),
                literal.adjusted_last_day()
            )?,
            Due::Unknown(missing) => write!(f, " ({}: needs {missing})", self.clause.id())?,
        }
        match self.target {
            Some(target) => write!(f, "; own target {target}, not contractual"),
            None => Ok(()),
        }
    }
}

/// The obligations and findings of one matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) obligations: Vec<Obligation>,
    pub(super) findings: Vec<super::Finding>,
}
