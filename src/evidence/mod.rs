//! The evidence report: everything that the two documents ask to be shown, for one tenant and one period, as JSON and as
//! one HTML page that needs nothing else (A2-Doc-1, D-5.1, D-11.1).
//!
//! | you want | use |
//! |---|---|
//! | say which time it is about | [`ReportPeriod`] |
//! | hand in what you have | [`Report::builder`], and the methods of [`ReportBuilder`] |
//! | keep it, or read it with a program | [`Report::to_json`]; the fields of [`Report`] are the same |
//! | hand it to an auditor | [`Report::to_html`] |
//! | show it to somebody who must not see accounts and addresses | [`ReportBuilder::masked`] |
//!
//! # What it proves
//!
//! A report counts what was handed in, and says what that was. A section of which nothing was handed in is absent
//! (`null`), and its page says "No data was handed in"; one in which nothing happened is there and says so. What could not
//! be read, was of another tenant, or came out of order is counted, and never dropped silently. Whether the events that
//! were handed in are all that there were is for the audit log to show: hand in its verdict.
//!
//! Nothing here judges whether the host is compliant. It puts the numbers beside the clauses that ask for them.
//!
//! ```
//! use clausework::deadline::Zone;
//! use clausework::evidence::{Report, ReportPeriod};
//! use clausework::{Now, TenantId};
//!
//! let now = Now::from("2026-12-01T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
//! let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
//! let stored = [
//!     r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":"internal","subject":{"kind":"lockout","id":"u-17"},"code":"lockout.locked","outcome":"failure","clauses":["E-6P.3"],"details":{"failures":3}}"#,
//!     r#"{"v":1,"at":"2026-11-23T09:30:00.000000Z","scope":"tenant:umbrella","actor":"unauthenticated","origin":"internal","subject":{"kind":"lockout","id":"u-99"},"code":"lockout.locked","outcome":"failure","clauses":["E-6P.3"],"details":{"failures":3}}"#,
//! ];
//! let report = Report::builder(now, TenantId::try_new("acme")?, november).stored_events(stored).build();
//!
//! let sign_in = report.sign_in.as_ref().ok_or("no events were handed in")?;
//! assert_eq!((sign_in.lockouts, sign_in.accounts.rows[0].account.as_str()), (1, "u-17"));
//! assert_eq!(report.basis.events.as_ref().ok_or("none")?.of_others, 1); // counted, and nothing of it shown
//! assert!(report.obligations.is_none()); // not "nothing is owed": nothing was handed in
//! assert!(report.to_html().starts_with("<!DOCTYPE html>") && !report.to_html().contains("u-99"));
//! assert!(report.to_json().starts_with(r#"{"format":"clausework/evidence-report","version":1,"tenant":"acme""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alerts;
mod attention;
mod audit_log;
mod basis;
mod builder;
mod html;
mod listed;
mod mask;
mod measures;
mod obligations;
mod period;
mod report;
mod rules;
mod sign_in;
mod staff;
#[cfg(test)]
mod tests;

pub use self::alerts::{AlertRow, AlertSection};
pub use self::attention::{Attention, ReportPart};
pub use self::audit_log::{AuditSection, CheckpointRow, LogGapRow, ReviewRow};
pub use self::basis::{CodeCount, EventBasis, UnreadableEvent};
pub use self::builder::ReportBuilder;
pub use self::listed::Listed;
use self::mask::Masker;
pub use self::measures::{EvidenceRow, FindingRow, MeasureRow, MeasureSection};
pub use self::obligations::{
    DpaFindingRow, ObligationRow, ObligationSection, ObligationStanding, StandingCounts, StandingRow,
};
pub use self::period::{ReportPeriod, ReportPeriodError};
pub use self::report::{Basis, Report};
pub use self::rules::{ProfileFindingRow, ProfileRow, RuleChange, RuleRow, RuleSection, RuleValue};
pub use self::sign_in::{DayCount, LockedAccount, RefusalReason, SignInSection};
pub use self::staff::{ApprovalRow, EmergencyRow, GrantEnd, GrantRow, StaffReason, StaffSection, UseWithoutGrant};
