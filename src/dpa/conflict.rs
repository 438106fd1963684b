//! Clauses that cannot all be kept, with the dates that show it.

use core::fmt;

use chrono::NaiveDate;

use super::decide::days_after;
use crate::clause::Clause;
use crate::deadline::{Deadline, Period};

/// The days after one deadline up to and including another.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{DpaTerms, LateReturnRequest};
///
/// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
/// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
/// let gap = plan.gap().ok_or("a gap was expected")?;
/// assert_eq!(gap.to_string(), "from 2026-07-16 to 2026-09-13 (60 days)");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    first_day: NaiveDate,
    last_day: NaiveDate,
}

impl Gap {
    /// The days on which `earlier` is over but `later` is not; `None` if there are none.
    #[must_use]
    pub fn between(earlier: &Deadline, later: &Deadline) -> Option<Self> {
        let first_day = earlier.adjusted_last_day().succ_opt()?;
        let last_day = later.adjusted_last_day();
        (first_day <= last_day).then_some(Self { first_day, last_day })
    }

    /// The first day after the earlier deadline.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.first_day
    }

    /// The later deadline's last day.
    #[must_use]
    pub const fn last_day(self) -> NaiveDate {
        self.last_day
    }

    /// How many days, both ends included: at least 1.
    #[must_use]
    pub fn days(self) -> u32 {
        days_after(self.first_day, self.last_day).saturating_add(1)
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {} to {} ({})", self.first_day, self.last_day, Period::Days(self.days()))
    }
}

/// Two clauses whose dates exclude each other. `Display` is one sentence with both dates.
///
/// Nothing is resolved here: which clause gives way is for the parties to agree.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::dpa::{Conflict, DpaTerms, LateReturnRequest};
///
/// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
/// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
/// let [destroys, overdue] = plan.conflicts() else { return Err("two conflicts were expected".into()) };
///
/// assert_eq!((destroys.id(), destroys.clauses()), ("X1", [clause::D_10_2A, clause::D_10_1B]));
/// assert_eq!(
///     overdue.to_string(),
///     "X1: D-10.2a allows return requests until 2026-09-13, but D-10.2d makes compliance due by 2026-07-15: \
///      every request from 2026-07-16 to 2026-09-13 (60 days) is overdue on receipt"
/// );
/// assert!(matches!(overdue, Conflict::RightOutlastsDuty { gap, .. } if gap.days() == 60));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflict {
    /// `X1`: a duty destroys the object of a right that may still be used. Deletion is due while the
    /// return of the data may still be asked for.
    #[non_exhaustive]
    DutyDestroysOpenRight {
        /// The window of the right (`D-10.2a`).
        right: Deadline,
        /// The duty that destroys its object (`D-10.1b`).
        duty: Deadline,
        /// The days on which the right stands and its object need not.
        gap: Gap,
    },
    /// `X1`: a right outlasts the duty that must honour it. A request in the gap is overdue when it arrives.
    #[non_exhaustive]
    RightOutlastsDuty {
        /// The window of the right (`D-10.2a`).
        right: Deadline,
        /// The duty that must honour it (`D-10.2d`).
        duty: Deadline,
        /// The days on which the right can only be honoured too late.
        gap: Gap,
    },
    /// `X2`: the certificate of full compliance is due before deletion is. An interim certificate that
    /// states what remains, and why, keeps to both clauses.
    #[non_exhaustive]
    CertificateBeforeDeletion {
        /// When the certificate is due (`D-10.4`).
        certificate: Deadline,
        /// When deletion is due (`D-10.1b`).
        deletion: Deadline,
        /// The days on which the certificate is due and deletion is not.
        gap: Gap,
    },
}

impl Conflict {
    /// The stable id of the contradiction: `X1` or `X2`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::DutyDestroysOpenRight { .. } | Self::RightOutlastsDuty { .. } => "X1",
            Self::CertificateBeforeDeletion { .. } => "X2",
        }
    }

    /// The two deadlines that exclude each other, in the order of the fields.
    #[must_use]
    pub const fn deadlines(&self) -> [&Deadline; 2] {
        match self {
            Self::DutyDestroysOpenRight { right, duty, .. } | Self::RightOutlastsDuty { right, duty, .. } => {
                [right, duty]
            }
            Self::CertificateBeforeDeletion { certificate, deletion, .. } => [certificate, deletion],
        }
    }

    /// The clauses of [`Conflict::deadlines`].
    #[must_use]
    pub fn clauses(&self) -> [Clause; 2] {
        self.deadlines().map(Deadline::clause)
    }

    /// The days in dispute.
    #[must_use]
    pub const fn gap(&self) -> Gap {
        match self {
            Self::DutyDestroysOpenRight { gap, .. }
            | Self::RightOutlastsDuty { gap, .. }
            | Self::CertificateBeforeDeletion { gap, .. } => *gap,
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.deadlines().map(|d| (d.clause().id(), d.adjusted_last_day()));
        write!(f, "{}: {} ", self.id(), first.0)?;
        match self {
            Self::DutyDestroysOpenRight { gap, .. } => write!(
                f,
                "allows return requests until {}, but {} makes deletion due by {}: \
                 {gap} deletion in time destroys what may still be asked back",
                first.1, second.0, second.1
            ),
            Self::RightOutlastsDuty { gap, .. } => write!(
                f,
                "allows return requests until {}, but {} makes compliance due by {}: \
                 every request {gap} is overdue on receipt",
                first.1, second.0, second.1
            ),
            Self::CertificateBeforeDeletion { .. } => write!(
                f,
                "makes the certificate of full compliance due by {}, but {} leaves deletion until {}: \
                 a certificate in time may have to state what remains",
                first.1, second.0, second.1
            ),
        }
    }
}
