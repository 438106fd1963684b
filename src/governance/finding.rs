use core::fmt;

use chrono::NaiveDate;

use super::{Days, codes};
use crate::clause::{Clause, Contradiction, contradictions};
use crate::event::Code;
use crate::id::OpaqueId;

/// What an auditor would object to: a rule, what or whom it is about, and the days.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::governance::{Days, FindingKind, RolesState};
///
/// let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).ok_or("no such day");
/// let found = RolesState::default().findings(Days::try_new(day(1)?, day(31)?)?);
/// assert_eq!(found[0].kind(), FindingKind::NobodyAccountable);
/// assert_eq!((found[0].clause(), found[0].code().as_str()), (clause::E_2_1, "governance.nobody_accountable"));
/// assert_eq!(found[0].to_string(), "E-2.1: nobody is accountable from 2026-03-01 to 2026-03-31");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    kind: FindingKind,
    clause: Clause,
    about: Option<OpaqueId>,
    days: Days,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// There never was any evidence that counts.
    Missing,
    /// There was evidence that counts, and there is no longer.
    Lapsed,
    /// There is evidence that counts, until the last of these days.
    DueSoon,
    /// Nobody is accountable for security.
    NobodyAccountable,
    /// So many are accountable at once.
    SeveralAccountable {
        /// How many.
        count: usize,
    },
    /// Fewer than two people are responsible for security.
    TooFewResponsible {
        /// How many.
        count: usize,
    },
    /// No version of the policy is in force.
    NoVersion,
    /// The version in force is not published.
    Unpublished {
        /// Its number.
        version: u32,
    },
    /// The version in force is not part of the personnel handbook.
    NotInHandbook {
        /// Its number.
        version: u32,
    },
    /// A person has not acknowledged the version in force.
    Unacknowledged {
        /// Its number.
        version: u32,
    },
    /// No session was held in its turn.
    NoSession,
    /// A person missed a session and has not made up for it.
    Absent,
    /// A person never attended a session.
    NeverAttended,
    /// A person is an administrator, and not appointed.
    Unappointed,
    /// A person is appointed, and no administrator.
    NoAdministrator,
    /// The list of administrators was asked for, and is not handed out.
    ListOwed {
        /// The last day of the host's own service target, if it has one.
        target: Option<NaiveDate>,
    },
}

impl Finding {
    pub(super) const fn new(kind: FindingKind, clause: Clause, about: Option<OpaqueId>, days: Days) -> Self {
        Self { kind, clause, about, days }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        self.kind
    }

    /// Which rule says so.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// What or whom it is about: a measure's subject, a document, a person, a session, a request.
    #[must_use]
    pub const fn about(&self) -> Option<&OpaqueId> {
        self.about.as_ref()
    }

    /// On which days.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self.kind {
            FindingKind::Missing => codes::MISSING,
            FindingKind::Lapsed => codes::LAPSED,
            FindingKind::DueSoon => codes::DUE_SOON,
            FindingKind::NobodyAccountable => codes::NOBODY_ACCOUNTABLE,
            FindingKind::SeveralAccountable { .. } => codes::SEVERAL_ACCOUNTABLE,
            FindingKind::TooFewResponsible { .. } => codes::TOO_FEW_RESPONSIBLE,
            FindingKind::NoVersion => codes::NO_VERSION,
            FindingKind::Unpublished { .. } => codes::UNPUBLISHED,
            FindingKind::NotInHandbook { .. } => codes::NOT_IN_HANDBOOK,
            FindingKind::Unacknowledged { .. } => codes::UNACKNOWLEDGED,
            FindingKind::NoSession => codes::NO_SESSION,
            FindingKind::Absent => codes::ABSENT,
            FindingKind::NeverAttended => codes::NEVER_ATTENDED,
            FindingKind::Unappointed => codes::UNAPPOINTED,
            FindingKind::NoAdministrator => codes::NO_ADMINISTRATOR,
            FindingKind::ListOwed { .. } => codes::LIST_OWED,
        }
    }

    /// The contradictions and gaps of the text that the rule is part of.
    pub fn contradictions(&self) -> impl Iterator<Item = Contradiction> {
        let clause = self.clause();
        contradictions().iter().copied().filter(move |entry| entry.clauses().contains(&clause))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.clause.id())?;
        if let Some(about) = &self.about {
            write!(f, ", {about}")?;
        }
        f.write_str(": ")?;
        let days = self.days;
        match self.kind {
            FindingKind::Missing => write!(f, "no evidence {days}"),
            FindingKind::Lapsed => write!(f, "no valid evidence {days}"),
            FindingKind::DueSoon => write!(f, "evidence lapses soon, valid {days}"),
            FindingKind::NobodyAccountable => write!(f, "nobody is accountable {days}"),
            FindingKind::SeveralAccountable { count } => write!(f, "{count} are accountable at once {days}"),
            FindingKind::TooFewResponsible { count } => write!(f, "{count} responsible, not several, {days}"),
            FindingKind::NoVersion => write!(f, "no version in force {days}"),
            FindingKind::Unpublished { version } => write!(f, "version {version} not published {days}"),
            FindingKind::NotInHandbook { version } => write!(f, "version {version} not in the handbook {days}"),
            FindingKind::Unacknowledged { version } => write!(f, "version {version} not acknowledged {days}"),
            FindingKind::NoSession => write!(f, "no session {days}"),
            FindingKind::Absent => write!(f, "session missed, not made up for {days}"),
            FindingKind::NeverAttended => write!(f, "no session attended {days}"),
            FindingKind::Unappointed => write!(f, "administrator without an appointment {days}"),
            FindingKind::NoAdministrator => write!(f, "appointed, but no administrator {days}"),
            FindingKind::ListOwed { target: None } => write!(f, "list asked for and not handed out {days}"),
            FindingKind::ListOwed { target: Some(target) } => {
                write!(f, "list asked for and not handed out {days}, own target {target}")
            }
        }
    }
}
