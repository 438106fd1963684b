//! What a reader should look at first.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::{AlertSection, ObligationStanding, Report};
use crate::clause::{self, Clause};

/// A part of a report.
///
/// ```
/// use clausework::clause;
/// use clausework::evidence::ReportPart;
///
/// assert_eq!(ReportPart::SignIn.title(), "Lock-outs and refusals");
/// assert!(ReportPart::SignIn.clauses().contains(&clause::E_6P_3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReportPart {
    /// What it rests on.
    Basis,
    /// The rules in force.
    Rules,
    /// Published documents.
    Profiles,
    /// Lock-outs and refusals.
    SignIn,
    /// Alerts.
    Alerts,
    /// Access by staff.
    Staff,
    /// Obligations.
    Obligations,
    /// Measures.
    Measures,
    /// The audit log.
    Audit,
}

impl ReportPart {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 9] = [
        Self::Basis,
        Self::Rules,
        Self::Profiles,
        Self::SignIn,
        Self::Alerts,
        Self::Staff,
        Self::Obligations,
        Self::Measures,
        Self::Audit,
    ];

    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Basis => "What this report rests on",
            Self::Rules => "Rules in force",
            Self::Profiles => "Published documents",
            Self::SignIn => "Lock-outs and refusals",
            Self::Alerts => "Alerts",
            Self::Staff => "Access by the provider's staff",
            Self::Obligations => "Obligations under the agreement",
            Self::Measures => "Security measures and their evidence",
            Self::Audit => "Audit log",
        }
    }

    /// The clauses that ask for it to be shown, or for what it shows.
    #[must_use]
    pub const fn clauses(self) -> &'static [Clause] {
        match self {
            Self::Basis => &[clause::E_5_4, clause::A2_ACCESS_5, clause::A2_INPUT_8],
            Self::Rules => &[clause::E_5_10C, clause::E_C_1, clause::A2_DOC_1],
            Self::Profiles => &[clause::D_5_1],
            Self::SignIn => &[clause::E_6P_3, clause::A2_ACCESS_4, clause::A2_ACCESS_5],
            Self::Alerts => &[clause::A2_ACCESS_4],
            Self::Staff => {
                &[clause::E_3_2, clause::E_5_5, clause::E_5_6A, clause::E_5_6B, clause::D_4_1B, clause::A2_MON_0]
            }
            Self::Obligations => &[clause::D_11_1],
            Self::Measures => &[clause::A2_DOC_1, clause::D_5_1],
            Self::Audit => &[clause::A2_MON_2, clause::A2_MON_3],
        }
    }

    /// Its name in the JSON, which is also its anchor in the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basis => "basis",
            Self::Rules => "rules",
            Self::Profiles => "profiles",
            Self::SignIn => "sign_in",
            Self::Alerts => "alerts",
            Self::Staff => "staff",
            Self::Obligations => "obligations",
            Self::Measures => "measures",
            Self::Audit => "audit",
        }
    }
}

impl fmt::Display for ReportPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that a reader should look at first.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let report = Report::builder(now, tenant, november).stored_events(["?"]).build();
/// let first = &report.attention[0];
/// assert_eq!((first.part.as_str(), first.count, first.what.as_str()), ("basis", 1, "event could not be read"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attention {
    /// Where it stands.
    pub part: ReportPart,
    /// How many.
    pub count: u64,
    /// What, in words that follow the count.
    pub what: String,
}

/// What there is to look at in a report, part by part.
pub(super) fn of(report: &Report) -> Vec<Attention> {
    let mut found = Found(Vec::new());
    if let Some(events) = &report.basis.events {
        found.add(ReportPart::Basis, events.unreadable.total, "event could not be read", "events could not be read");
        found.add(
            ReportPart::Basis,
            events.of_others,
            "event of another tenant was handed in",
            "events of other tenants were handed in",
        );
        found.add(ReportPart::Basis, events.out_of_order, "event came out of order", "events came out of order");
    }
    if let Some(rules) = &report.rules {
        let unknown = rules.in_force_since.is_some() && !rules.known_from_start;
        found.add(ReportPart::Rules, u64::from(unknown), "part of the period for which no rules were handed in", "");
        found.add(
            ReportPart::Rules,
            count(rules.unlisted_changes.len()),
            "change of policies in what no rule shows",
            "changes of policies in what no rule shows",
        );
    }
    let demanded = report.profiles.iter().flatten().flat_map(|profile| &profile.findings);
    let demanded = demanded.filter(|finding| finding.is_demanded);
    // Of two levels that were held against, both have what the lower one asks.
    let demanded: BTreeSet<_> = demanded.map(|one| (one.of, one.section, one.setting, &one.asked)).collect();
    found.add(
        ReportPart::Profiles,
        count(demanded.len()),
        "demand of a published document is not met",
        "demands of published documents are not met",
    );
    if let Some(alerts) = &report.alerts {
        found.add(ReportPart::Alerts, alerts.alerts.total, "alert was raised", "alerts were raised");
        found.add(
            ReportPart::Alerts,
            alerts.unobserved,
            "event was not seen by the detectors",
            "events were not seen by the detectors",
        );
    }
    if let (Some(AlertSection { detected: true, .. }), Some(told)) = (&report.alerts, &report.sign_in) {
        found.add(
            ReportPart::Alerts,
            told.withheld,
            "refusal was counted only, so that no detector saw it",
            "refusals were counted only, so that no detector saw them",
        );
    }
    if let Some(staff) = &report.staff {
        found.add(
            ReportPart::Staff,
            staff.without_needed_grant,
            "use without a grant where one is needed",
            "uses without a grant where one is needed",
        );
        found.add(
            ReportPart::Staff,
            staff.of_unknown_grants,
            "use of a grant whose approval is not shown",
            "uses of grants whose approval is not shown",
        );
        found.add(ReportPart::Staff, staff.emergencies, "emergency", "emergencies");
        found.add(
            ReportPart::Staff,
            staff.emergencies_unsettled,
            "emergency of which the customer was not told, or that was not reviewed",
            "emergencies of which the customer was not told, or that were not reviewed",
        );
        found.add(
            ReportPart::Staff,
            staff.emergencies_late,
            "emergency of which the customer was told too late, or that was reviewed too late",
            "emergencies of which the customer was told too late, or that were reviewed too late",
        );
        found.add(
            ReportPart::Staff,
            staff.login_data_found,
            "finding of stored login data",
            "findings of stored login data",
        );
    }
    if let Some(owed) = &report.obligations {
        found.add(
            ReportPart::Obligations,
            count(owed.unknown.len()),
            "agreement of which no event was handed in",
            "agreements of which no event was handed in",
        );
        for (standing, one, many) in [
            (ObligationStanding::Overdue, "obligation is overdue", "obligations are overdue"),
            (ObligationStanding::Late, "obligation was met late", "obligations were met late"),
            (
                ObligationStanding::MetOnOneReading,
                "obligation was met late on one reading",
                "obligations were met late on one reading",
            ),
            (ObligationStanding::Undetermined, "obligation cannot be computed", "obligations cannot be computed"),
        ] {
            found.add(ReportPart::Obligations, owed.at_end.of(standing), one, many);
        }
        found.add(
            ReportPart::Obligations,
            owed.findings.total,
            "finding in what happened",
            "findings in what happened",
        );
    }
    if let Some(measures) = &report.measures {
        found.add(
            ReportPart::Measures,
            measures.with_gaps,
            "measure has gaps in its evidence",
            "measures have gaps in their evidence",
        );
        found.add(ReportPart::Measures, measures.findings.total, "further finding", "further findings");
    }
    if let Some(audit) = &report.audit {
        found.add(ReportPart::Audit, u64::from(audit.is_alarm), "alarm: the log is not what it was", "");
        let unproven = !audit.is_alarm && !audit.is_sound;
        found.add(ReportPart::Audit, u64::from(unproven), "log that is not shown to be whole", "");
        found.add(
            ReportPart::Audit,
            audit.beyond,
            "record after the last checkpoint",
            "records after the last checkpoint",
        );
        found.add(
            ReportPart::Audit,
            audit.of_others,
            "record of another scope in the bundle",
            "records of other scopes in the bundle",
        );
    }
    found.0
}

struct Found(Vec<Attention>);

impl Found {
    fn add(&mut self, part: ReportPart, count: u64, one: &str, many: &str) {
        if count > 0 {
            self.0.push(Attention { part, count, what: (if count == 1 { one } else { many }).into() });
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
