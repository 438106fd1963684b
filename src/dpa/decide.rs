//! The calculators: which clause, which period, which event.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Conflict, Duty, ExitPlan, Gap, LateReturnRequest, PlannedDuty, schedule};
use super::{DpaTerms, ReturnRequestOutcome};
use crate::clause;
use crate::deadline::{Deadline, DeadlineError, DeadlineRule, Trigger};

const CESSATION: Trigger = Trigger::new("the Cessation Date");
const CERTIFICATE_REQUEST: Trigger = Trigger::new("the request for the certificate");
const NOTICE_RECEIPT: Trigger = Trigger::new("receipt of the notice");
const RETURN_REQUEST: Trigger = Trigger::new("the return request");
const REPORT_DATE: Trigger = Trigger::new("the date of the audit report");
const VARIATION_NOTICE: Trigger = Trigger::new("receipt of the notice of variation");

/// The calculators. Every date is the local date where the duty is performed.
impl DpaTerms {
    /// The last day for deleting all copies, Subprocessors' included, after the Cessation Date (`D-10.1b`).
    ///
    /// It is an outer limit: the primary duty is to delete promptly (`D-10.1a`), for which the addendum
    /// gives no number.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31; so do all calculators.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let cessation = NaiveDate::from_ymd_opt(2024, 1, 31).ok_or("no such day")?;
    /// let deadline = DpaTerms::default().deletion(cessation)?;
    /// assert_eq!(deadline.adjusted_last_day().to_string(), "2024-02-29"); // 30 days would be two days late: 03-01
    /// assert!(DpaTerms::default().deletion(NaiveDate::MAX).is_err());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn deletion(&self, cessation: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.deletion_period(), clause::D_10_1B, CESSATION).deadline(cessation)
    }

    /// The last day on which the Customer may ask for the return of its data (`D-10.2a`).
    ///
    /// A request before the Cessation Date is in time as well.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let window = DpaTerms::default().return_request(day(2025, 11, 30)?)?;
    /// assert!(window.is_met_on(day(2025, 11, 1)?));
    /// assert!(window.is_met_on(day(2026, 2, 28)?));
    /// assert!(!window.is_met_on(day(2026, 3, 1)?));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn return_request(&self, cessation: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.return_window_period(), clause::D_10_2A, CESSATION).deadline(cessation)
    }

    /// The last day for complying with a return request, whenever it was made (`D-10.2d`).
    ///
    /// Like deletion it is counted from the Cessation Date, not from the request: that is one half of
    /// the contradiction which [`ExitPlan::conflicts`] reports.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    pub fn return_compliance(&self, cessation: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.return_compliance_period(), clause::D_10_2D, CESSATION).deadline(cessation)
    }

    /// The last day for certifying full compliance, after the Customer's request (`D-10.4`).
    ///
    /// It can come before deletion itself is due: see [`DpaTerms::certificate_conflict`].
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let request = NaiveDate::from_ymd_opt(2024, 2, 29).ok_or("no such day")?;
    /// let deadline = DpaTerms::default().certification(request)?;
    /// assert_eq!(deadline.adjusted_last_day().to_string(), "2024-03-30"); // one month would end on 03-29
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn certification(&self, request: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.certification_period(), clause::D_10_4, CERTIFICATE_REQUEST).deadline(request)
    }

    /// The last day for objecting to a new Subprocessor, after receipt of the notice (`D-6.3b`).
    ///
    /// The addendum does not say what silence means; no consent follows from this date.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let received = NaiveDate::from_ymd_opt(2025, 12, 18).ok_or("no such day")?;
    /// let deadline = DpaTerms::default().objection(received)?;
    /// assert_eq!(deadline.adjusted_last_day().to_string(), "2026-01-01"); // a holiday, and it stands
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn objection(&self, receipt: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.objection_period(), clause::D_6_3B, NOTICE_RECEIPT).deadline(receipt)
    }

    /// The last day on which an audit report is not older than the agreement allows (`D-11.2a`).
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let dated = NaiveDate::from_ymd_opt(2022, 8, 30).ok_or("no such day")?;
    /// let deadline = DpaTerms::default().audit_report(dated)?;
    /// assert_eq!(deadline.adjusted_last_day().to_string(), "2024-02-29"); // there is no 30 February
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn audit_report(&self, report_date: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.audit_report_age(), clause::D_11_2A, REPORT_DATE).deadline(report_date)
    }

    /// Whether a report of `report_date` may be provided on the day `on` (`D-11.2a`).
    ///
    /// Tested forwards from the report's date: subtracting months from `on` gives another answer at
    /// month ends. A report dated after `on` does not exist yet and is not current.
    ///
    /// # Errors
    ///
    /// As [`DpaTerms::audit_report`].
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let terms = DpaTerms::default();
    /// assert!(terms.audit_report_is_current(day(2024, 12, 31)?, day(2026, 6, 30)?)?);
    /// assert!(!terms.audit_report_is_current(day(2024, 12, 31)?, day(2026, 7, 1)?)?);
    /// assert!(!terms.audit_report_is_current(day(2024, 12, 31)?, day(2024, 12, 30)?)?);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn audit_report_is_current(&self, report_date: NaiveDate, on: NaiveDate) -> Result<bool, DeadlineError> {
        Ok(report_date <= on && self.audit_report(report_date)?.is_met_on(on))
    }

    /// The first day on which a variation of the Standard Contractual Clauses can have effect, after
    /// receipt of its notice (`D-13.4.1`). A minimum, not a maximum: later is in time.
    ///
    /// Whether both ends count is not said; with both clear, it is the day after this one.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let notice = NaiveDate::from_ymd_opt(2024, 1, 1).ok_or("no such day")?;
    /// let effect = DpaTerms::default().variation_effect(notice)?;
    /// assert_eq!(effect.adjusted_last_day().to_string(), "2024-03-01"); // a leap day lies inside
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn variation_effect(&self, notice: NaiveDate) -> Result<Deadline, DeadlineError> {
        DeadlineRule::new(self.variation_notice_period(), clause::D_13_4_1, VARIATION_NOTICE).deadline(notice)
    }

    /// Everything that the end of one service on `cessation` sets off (section 10).
    ///
    /// `late` says what to do with a return request for which the literal date has already passed. It
    /// has no default, because the addendum answers with two dates that exclude each other.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::{DpaTerms, LateReturnRequest};
    ///
    /// let cessation = NaiveDate::from_ymd_opt(2026, 6, 15).ok_or("no such day")?;
    /// let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::LaterOf)?;
    /// let lines: Vec<String> = plan.duties().iter().map(|d| format!("{}  {}", d.last_day(), d.because())).collect();
    /// assert!(lines[0].starts_with("2026-07-15  delete all copies"));
    /// assert_eq!(lines.len(), 3);
    ///
    /// assert!(DpaTerms::default().exit_plan(NaiveDate::MIN, LateReturnRequest::LaterOf).is_err());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn exit_plan(&self, cessation: NaiveDate, late: LateReturnRequest) -> Result<ExitPlan, DeadlineError> {
        let deletion = self.deletion(cessation)?;
        let compliance = self.return_compliance(cessation)?;
        let window = self.return_request(cessation)?;

        let mut conflicts = Vec::new();
        if let Some(gap) = Gap::between(&deletion, &window) {
            conflicts.push(Conflict::DutyDestroysOpenRight { right: window.clone(), duty: deletion.clone(), gap });
        }
        if let Some(gap) = Gap::between(&compliance, &window) {
            conflicts.push(Conflict::RightOutlastsDuty { right: window.clone(), duty: compliance.clone(), gap });
        }
        let recommended = schedule::recommend(cessation, &deletion, &compliance);
        let duties = [
            PlannedDuty { kind: Duty::DeleteCopies, deadline: deletion },
            PlannedDuty { kind: Duty::ReturnCopy, deadline: compliance },
            PlannedDuty { kind: Duty::RequestReturn, deadline: window },
        ];
        let late_rule = DeadlineRule::new(self.return_compliance_period(), clause::D_10_2D, RETURN_REQUEST);
        Ok(ExitPlan { cessation, late, late_rule, duties, conflicts, recommended })
    }

    /// The conflict in which a certificate asked for on `request` is due before deletion is (`D-10.4`
    /// against `D-10.1b`), or `None` where deletion is due first or on the same day.
    ///
    /// An interim certificate that states what remains, and why, keeps to both clauses.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let (terms, cessation) = (DpaTerms::default(), day(2026, 7, 15)?);
    /// let conflict = terms.certificate_conflict(cessation, cessation)?.ok_or("a conflict was expected")?;
    /// assert_eq!(conflict.id(), "X2"); // certificate by 2026-08-14, deletion by 2026-08-15
    /// assert_eq!(terms.certificate_conflict(cessation, day(2026, 7, 16)?)?, None);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn certificate_conflict(
        &self,
        cessation: NaiveDate,
        request: NaiveDate,
    ) -> Result<Option<Conflict>, DeadlineError> {
        let certificate = self.certification(request)?;
        let deletion = self.deletion(cessation)?;
        Ok(Gap::between(&certificate, &deletion).map(|gap| Conflict::CertificateBeforeDeletion {
            certificate,
            deletion,
            gap,
        }))
    }
}

/// The answer to a return request of `request`, under the plan's policy.
pub(super) fn return_request_due(plan: &ExitPlan, request: NaiveDate) -> Result<ReturnRequestOutcome, DeadlineError> {
    let window = plan.return_window();
    if !window.is_met_on(request) {
        return Ok(ReturnRequestOutcome::TooLate { last_day: window.adjusted_last_day() });
    }
    let compliance = plan.return_compliance();
    let literal_due = compliance.adjusted_last_day();
    let by_days = days_after(literal_due, request);
    if by_days == 0 {
        return Ok(ReturnRequestOutcome::Feasible { due: literal_due });
    }
    let from_request = || plan.late_rule.deadline(request).map(|deadline| deadline.adjusted_last_day());
    let due = match &plan.late {
        LateReturnRequest::Literal => literal_due,
        LateReturnRequest::MonthFromRequest => from_request()?,
        LateReturnRequest::LaterOf => from_request()?.max(literal_due),
        LateReturnRequest::Agreed { date, .. } => *date,
    };
    Ok(ReturnRequestOutcome::OverdueOnReceipt { literal_due, by_days, due })
}

/// How many days `later` is after `earlier`; zero if it is not after.
pub(super) fn days_after(earlier: NaiveDate, later: NaiveDate) -> u32 {
    u32::try_from(later.signed_duration_since(earlier).num_days()).unwrap_or(0)
}
