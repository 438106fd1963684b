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
