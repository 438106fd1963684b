//! What the end of a service sets off.

use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::{Conflict, Duty, Gap, LateReturnRequest, Recommendation, ReturnRequestOutcome, decide};
use crate::deadline::{Deadline, DeadlineError, DeadlineRule};

/// The duties, conflicts and recommendations that follow from one Cessation Date. Made by
/// [`DpaTerms::exit_plan`](super::DpaTerms::exit_plan).
///
/// Retention required by law (`D-10.3a`) takes its scope out of this plan; the rest follows it.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{DpaTerms, LateReturnRequest};
///
/// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
/// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
///
/// for duty in plan.duties() {
///     println!("{}  {}", duty.last_day(), duty.because());
/// }
/// for conflict in plan.conflicts() {
///     println!("{conflict}"); // 10.2 against 10.1 and against itself, with both dates
/// }
/// assert_eq!((plan.duties().len(), plan.conflicts().len()), (3, 2));
/// assert_eq!(plan.recommended().last().map(|r| r.day().to_string()), Some("2026-07-15".into()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitPlan {
    pub(super) cessation: NaiveDate,
    pub(super) late: LateReturnRequest,
    pub(super) late_rule: DeadlineRule,
    pub(super) duties: [PlannedDuty; 3],
    pub(super) conflicts: Vec<Conflict>,
    pub(super) recommended: Vec<Recommendation>,
}

impl ExitPlan {
    /// The Cessation Date.
    #[must_use]
    pub const fn cessation(&self) -> NaiveDate {
        self.cessation
    }

    /// The chosen answer to late return requests.
    #[must_use]
    pub const fn late_return_request(&self) -> &LateReturnRequest {
        &self.late
    }

    /// The limit for deletion (`D-10.1b`).
    #[must_use]
    pub const fn deletion(&self) -> &Deadline {
        let [deletion, _, _] = &self.duties;
        &deletion.deadline
    }

    /// The limit for compliance with a return request (`D-10.2d`).
    #[must_use]
    pub const fn return_compliance(&self) -> &Deadline {
        let [_, compliance, _] = &self.duties;
        &compliance.deadline
    }

    /// The window for return requests (`D-10.2a`).
    #[must_use]
    pub const fn return_window(&self) -> &Deadline {
        let [_, _, window] = &self.duties;
        &window.deadline
    }

    /// The days on which a return may be asked for although deletion was due; `None` if there are none.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        Gap::between(self.deletion(), self.return_window())
    }

    /// The duties: deletion, compliance with a return request, acceptance of return requests.
    #[must_use]
    pub const fn duties(&self) -> &[PlannedDuty] {
        &self.duties
    }

    /// Which clauses exclude each other on these dates; empty for terms that fit together.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// A schedule that keeps to every reading: return first, for everyone, before deletion is due. It
    /// is a recommendation and no clause.
    #[must_use]
    pub fn recommended(&self) -> &[Recommendation] {
        &self.recommended
    }

    /// When a return request of the day `request` must be complied with. Requests before the Cessation
    /// Date count.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a period counted from the request ends after 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::{DpaTerms, LateReturnRequest, ReturnRequestOutcome};
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let plan = DpaTerms::default().exit_plan(day(2026, 6, 15)?, LateReturnRequest::Literal)?;
    ///
    /// let early = plan.return_request_due(day(2026, 5, 1)?)?;
    /// assert_eq!(early, ReturnRequestOutcome::Feasible { due: day(2026, 7, 15)? });
    /// let too_late = plan.return_request_due(day(2026, 9, 14)?)?;
    /// assert_eq!(too_late, ReturnRequestOutcome::TooLate { last_day: day(2026, 9, 13)? });
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn return_request_due(&self, request: NaiveDate) -> Result<ReturnRequestOutcome, DeadlineError> {
        decide::return_request_due(self, request)
    }
}

/// A duty of an [`ExitPlan`] with its last day and the reason for that day.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{DpaTerms, Duty, LateReturnRequest};
///
/// let cessation = NaiveDate::from_ymd_opt(2024, 1, 31).ok_or("no such day")?;
/// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::Literal)?;
/// let duty = plan.duties().iter().find(|d| d.kind() == Duty::DeleteCopies).ok_or("no such duty")?;
/// assert_eq!(duty.last_day().to_string(), "2024-02-29");
/// assert_eq!(
///     duty.because().to_string(),
///     "delete all copies, Subprocessors' included (D-10.1b: within 1 month of the Cessation Date, 2024-01-31)"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDuty {
    pub(super) kind: Duty,
    pub(super) deadline: Deadline,
}

impl PlannedDuty {
    /// What is to be done.
    #[must_use]
    pub const fn kind(&self) -> Duty {
        self.kind
    }

    /// The last day that is in time.
    #[must_use]
    pub const fn last_day(&self) -> NaiveDate {
        self.deadline.adjusted_last_day()
    }

    /// What is to be done and which clause says so, in words.
    #[must_use]
    pub const fn because(&self) -> Because<'_> {
        Because(self)
    }

    /// The deadline with its working.
    #[must_use]
    pub const fn deadline(&self) -> &Deadline {
        &self.deadline
    }
}

/// The words of [`PlannedDuty::because`], rendered when printed.
#[derive(Clone, Copy, Debug)]
pub struct Because<'a>(&'a PlannedDuty);

impl fmt::Display for Because<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deadline = &self.0.deadline;
        write!(f, "{} ({}, {})", self.0.kind, deadline.rule(), deadline.start())
    }
}
