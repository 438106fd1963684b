//! The rows of the section.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::time::Timestamp;

/// A use that names no grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UseWithoutGrant {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub staff: String,
    /// Where.
    pub area: String,
    /// For what.
    pub purpose: Option<String>,
    /// Whether the area needs a grant, so that there must be none such.
    pub grant_needed: bool,
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StaffReason {
    /// The code of the condition that was not met.
    pub code: String,
    /// How often.
    pub count: u64,
}

/// One grant, as far as events and records up to the end of the period tell.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let event = |at: &str, code: &str, details: &str| format!(
///     r#"{{"v":1,"at":"2026-11-{at}:00.000000Z","scope":"tenant:acme","actor":{{"staff":"s-7"}},"origin":"internal","subject":{{"kind":"staff_grant","id":"g-9"}},"code":"{code}","outcome":"success","clauses":["E-5.5"],"details":{{{details}}}}}"#
/// );
/// let report = Report::builder(now, tenant, november).stored_events([
///     event("20T01:00", "staff.glass_broken", r#""duration_secs":3600,"incident":"inc-9","staff":"s-7""#),
///     event("20T03:00", "staff.notice_given", ""),
/// ]).build();
/// let staff = report.staff.as_ref().ok_or("none handed in")?;
/// let grant = &staff.grants.rows[0];
/// assert_eq!((grant.grant.as_str(), grant.staff.as_deref(), grant.uses), ("g-9", Some("s-7"), 0));
/// let end = grant.end.as_ref().ok_or("still open")?;
/// assert!(end.computed && end.at.to_string() == "2026-11-20T02:00:00.000000Z"); // an hour, and nobody looked since
/// let emergency = grant.emergency.as_ref().ok_or("none")?;
/// assert!(emergency.notice_at.is_some() && emergency.review_at.is_none()); // told, and not reviewed
/// assert_eq!((staff.emergencies, staff.emergencies_unsettled), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GrantRow {
    /// Its id.
    pub grant: String,
    /// Who asked for it, and alone may use it.
    pub staff: Option<String>,
    /// Where it opens.
    pub area: Option<String>,
    /// For what.
    pub purpose: Option<String>,
    /// The request or the legal reference of that purpose.
    pub reference: Option<String>,
    /// What it covers, if its record was handed in.
    pub scope: Option<String>,
    /// When it was asked for.
    pub requested_at: Option<Timestamp>,
    /// How long it lasts from its start, in seconds.
    pub duration_secs: Option<u64>,
    /// How many approvals it needs, once one was given.
    pub approvals_needed: Option<u64>,
    /// Who approved it, in order.
    pub approvals: Vec<ApprovalRow>,
    /// How often it was used in the period.
    pub uses: u64,
    /// When it was first used, in the period or before.
    pub first_used_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// How it ended, if it did.
    pub end: Option<GrantEnd>,
    /// The emergency, if it was one.
    pub emergency: Option<EmergencyRow>,
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApprovalRow {
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How a grant ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GrantEnd {
    /// When it was written as over, or when its time was over at the latest.
    pub at: Timestamp,
    /// The code of the reason.
    pub reason: String,
    /// Whether no event says so, and it follows from its first use and its length.
    pub computed: bool,
}

/// Staff let themselves in, in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EmergencyRow {
    /// When.
    pub at: Timestamp,
    /// The incident, by the id under which the host keeps it.
    pub incident: Option<String>,
    /// By when the customer was to be told; none for without delay.
    pub notice_due: Option<Timestamp>,
    /// When the customer was told.
    pub notice_at: Option<Timestamp>,
    /// By when it was to be reviewed.
    pub review_due: Option<Timestamp>,
    /// When it was reviewed.
    pub review_at: Option<Timestamp>,
    /// By whom.
    pub reviewed_by: Option<String>,
}

impl EmergencyRow {
    /// Whether what was due by then was done no sooner. "Without delay" has no number to be late by.
    pub(in crate::evidence) fn is_late(done: Option<Timestamp>, due: Option<Timestamp>) -> bool {
        done.zip(due).is_some_and(|(done, due)| done >= due)
    }
}
