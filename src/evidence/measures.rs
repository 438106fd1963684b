//! The measures, their evidence and their gaps.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::Listed;
use crate::clause::Clause;
use crate::governance::{Days, Finding, Report};

/// Measures with their evidence and gaps (A2-Doc-1, D-5.1), and what else an auditor would object to.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// use clausework::clause;
/// use clausework::governance::{Days, Demand, EvidencePolicy, Register, RolesState};
/// # use clausework::id::OpaqueId;
///
/// let days = Days::try_new("2026-11-01".parse()?, "2026-11-30".parse()?)?;
/// let wanted = EvidencePolicy::builder().demand(Demand::new(clause::E_6H_2, OpaqueId::try_new("iso-27001")?)).build()?;
/// let mut report = Report::builder(now, tenant, november);
/// report.measures(&Register::new(&wanted, []).report(days)).findings(&RolesState::default().findings(days));
/// let measures = report.build().measures.ok_or("none handed in")?;
/// let missing = measures.measures.rows.iter().find(|row| row.clause == clause::E_6H_2).ok_or("not wanted")?;
/// assert!(!missing.is_held && missing.evidence.is_empty());
/// assert_eq!(missing.gaps, ["from 2026-11-01 to 2026-11-30"]); // nothing was filed
/// assert_eq!(measures.findings.rows[0].what, "E-2.1: nobody is accountable from 2026-11-01 to 2026-11-30");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MeasureSection {
    /// The days that the registers were read for, in words; they may be others than those of the report.
    pub days: Vec<String>,
    /// Measure by measure, in the order of the ids of their clauses.
    pub measures: Listed<MeasureRow>,
    /// How many of them have days without evidence that counts.
    pub with_gaps: u64,
    /// Findings that were handed in beside the measures: training, appointments, policy versions, roles.
    pub findings: Listed<FindingRow>,
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MeasureRow {
    /// The rule.
    pub clause: Clause,
    /// What it is about; none where there is neither evidence nor a demand.
    pub about: Option<String>,
    /// Whether it is in order on the last day.
    pub is_held: bool,
    /// How it stands on the last day, in words.
    pub standing: String,
    /// The days without evidence that counts, in words.
    pub gaps: Vec<String>,
    /// The evidence up to the last day.
    pub evidence: Vec<EvidenceRow>,
}

/// One entry of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EvidenceRow {
    /// Its id.
    pub id: String,
    /// The document that it refers to.
    pub reference: String,
    /// On which days it counts, in words.
    pub days: String,
    /// Who vouches for it.
    pub by: String,
    /// The SHA-256 digest of the document, in base64, if it is on record.
    pub sha256: Option<String>,
}

/// What an auditor would object to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FindingRow {
    /// The rule.
    pub clause: Clause,
    /// The stable code.
    pub code: &'static str,
    /// In words, with the days.
    pub what: String,
}

/// The most entries of evidence that are listed of one measure: the latest.
const MAX_ENTRIES: usize = 100;

impl MeasureSection {
    pub(super) fn add(&mut self, report: &Report<'_>) {
        self.days.push(report.days().to_string());
        for line in report.lines() {
            self.with_gaps = self.with_gaps.saturating_add(u64::from(!line.gaps().is_empty()));
            self.measures.push_with(|| {
                let first = line.entries().len().saturating_sub(MAX_ENTRIES);
                let evidence = line.entries().iter().skip(first).map(|filed| {
                    let evidence = filed.evidence();
                    EvidenceRow {
                        id: evidence.id().to_string(),
                        reference: evidence.reference().as_str().to_string(),
                        days: evidence.days().to_string(),
                        by: evidence.by().to_string(),
                        sha256: evidence.digest().map(|digest| digest.to_base64()),
                    }
                });
                MeasureRow {
                    clause: line.clause(),
                    about: line.about().map(ToString::to_string),
                    is_held: line.standing().is_held(),
                    standing: line.standing().to_string(),
                    gaps: line.gaps().iter().map(Days::to_string).collect(),
                    evidence: evidence.collect(),
                }
            });
        }
    }

    pub(super) fn find(&mut self, finding: &Finding) {
        self.findings.push_with(|| FindingRow {
            clause: finding.clause(),
            code: finding.code().as_str(),
            what: finding.to_string(),
        });
    }
}
