//! Whether a report is the report that section 11.2 means.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::super::{AuditReport, DpaTerms};
use crate::clause::{self, Clause};

/// The clauses that a report provided on the day `on` fails: its age (`D-11.2a`), and independence,
/// standard and sufficiency (`D-11.2b`). Empty for a report that answers the request.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::dpa::{AuditReport, DpaTerms, report_fails};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let good = AuditReport { dated: day(2024, 12, 31)?, independent: true, accepted_standard: true, shows_sufficiency: true };
/// assert!(report_fails(&DpaTerms::default(), &good, day(2026, 6, 30)?).is_empty());
/// assert_eq!(report_fails(&DpaTerms::default(), &good, day(2026, 7, 1)?), [clause::D_11_2A]); // too old
/// let own = AuditReport { independent: false, ..good };
/// assert_eq!(report_fails(&DpaTerms::default(), &own, day(2026, 6, 30)?), [clause::D_11_2B]);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn report_fails(terms: &DpaTerms, report: &AuditReport, on: NaiveDate) -> Vec<Clause> {
    // A date beyond the calendar is no proof of age.
    let current = terms.audit_report_is_current(report.dated, on).unwrap_or(false);
    let sound = report.independent && report.accepted_standard && report.shows_sufficiency;
    let conditions = [(current, clause::D_11_2A), (sound, clause::D_11_2B)];
    conditions.into_iter().filter(|(met, _)| !met).map(|(_, clause)| clause).collect()
}
