use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::html::Page;
use super::{
    AlertSection, Attention, AuditSection, EventBasis, MeasureSection, ObligationSection, ProfileRow, ReportBuilder,
    ReportPeriod, RuleSection, SignInSection, StaffSection,
};
use crate::id::TenantId;
use crate::time::{Now, Timestamp};

/// An evidence report: what was handed in for one tenant and one period, counted and put beside the clauses.
///
/// A section is `None` where nothing was handed in for it. The same input gives the same report, byte by byte.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-01T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let nothing: [&str; 0] = [];
/// let quiet = Report::builder(now, tenant, november).stored_events(nothing).build();
/// assert_eq!(quiet.sign_in.as_ref().ok_or("none handed in")?.lockouts, 0); // none of those handed in, which are none
/// assert!(quiet.audit.is_none());
/// assert!(quiet.to_html().contains("No data was handed in"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// [`Report::FORMAT`].
    pub format: &'static str,
    /// [`Report::VERSION`].
    pub version: u16,
    /// Whose.
    pub tenant: TenantId,
    /// About which time.
    pub period: ReportPeriod,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether the period was over when it was made. If not, it is told how things stand when it was made.
    pub is_over: bool,
    /// Whether accounts and addresses are replaced by numbers.
    pub is_masked: bool,
    /// What a reader should look at first, part by part.
    pub attention: Vec<Attention>,
    /// What it rests on.
    pub basis: Basis,
    /// The rules in force, and their changes.
    pub rules: Option<RuleSection>,
    /// Published documents that the policies in force were held against.
    pub profiles: Option<Vec<ProfileRow>>,
    /// Lock-outs and refusals.
    pub sign_in: Option<SignInSection>,
    /// Alerts.
    pub alerts: Option<AlertSection>,
    /// Access by the operator's staff.
    pub staff: Option<StaffSection>,
    /// What the agreements owed.
    pub obligations: Option<ObligationSection>,
    /// The measures, their evidence and their gaps.
    pub measures: Option<MeasureSection>,
    /// The verdict on the audit log.
    pub audit: Option<AuditSection>,
}

/// What a report rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Basis {
    /// The events that were handed in; none if none were, not even an empty list.
    pub events: Option<EventBasis>,
}

impl Report {
    /// What its JSON says it is.
    pub const FORMAT: &'static str = "clausework/evidence-report";
    /// The version of the JSON. Fields may be added within a version, and none are taken away or changed.
    pub const VERSION: u16 = 1;
    /// The most rows of a table of the page: the JSON has those past it.
    pub const PAGE_ROWS: usize = 200;

    /// Starts a report of this tenant and this period, made at present.
    #[must_use]
    pub fn builder(now: Now, tenant: TenantId, period: ReportPeriod) -> ReportBuilder {
        ReportBuilder::new(now, tenant, period)
    }

    /// The report as one line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // INVARIANT: every field is a string, number, bool, or list or struct of these.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The report as one page of HTML: no script, nothing from elsewhere, and a policy (CSP) that allows neither. It is
    /// well-formed XML, too. What a table has past [`Report::PAGE_ROWS`] is counted.
    #[must_use]
    pub fn to_html(&self) -> String {
        Page(self).to_string()
    }
}
