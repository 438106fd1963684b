//! What the agreement owed in the period: met, late, open, overdue.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;

use super::{Listed, ReportPeriod, RuleRow};
use crate::clause::{self, Clause};
use crate::dpa::{Due, Entry, Ledger, Status, When};
use crate::id::OpaqueId;

/// Obligations and rights under the tenant's agreements that were open at some time in the period (D-6 to D-13, SCC).
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger, Regime};
/// use clausework::evidence::{ObligationStanding, Report, ReportPeriod};
/// use clausework::id::OpaqueId;
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let id = |text: &str| OpaqueId::try_new(text);
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
/// for (number, day, fact) in [
///     ("e-1", "2026-10-12", Fact::Ceased { regime: Regime::Addendum }),
///     ("e-2", "2026-12-01", Fact::Deleted { holder: None }),
/// ] {
///     ledger.apply(DpaEvent::new(id(number)?, id("acme-1")?, id("crm")?, day.parse()?, fact));
/// }
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let report = Report::builder(now, tenant, november).agreement(&ledger, &id("acme-1")?).build();
/// let owed = report.obligations.as_ref().ok_or("none handed in")?;
/// let delete = owed.obligations.rows.iter().find(|row| row.duty == "delete_copies").ok_or("not owed")?;
/// assert_eq!(delete.at_end.standing, ObligationStanding::Overdue); // it was due on 12 November
/// assert_eq!(delete.now.as_ref().map(|now| now.standing), Some(ObligationStanding::Late)); // and done on 1 December
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ObligationSection {
    /// The agreements, by their ids.
    pub agreements: Vec<String>,
    /// Ids of which the ledger that was handed in knows no event: what they owe is not known.
    pub unknown: Vec<String>,
    /// How many stand how at the end of the period, or at present if it is not over.
    pub at_end: StandingCounts,
    /// How the same ones stand at present.
    pub now: StandingCounts,
    /// One by one, by the last day to act.
    pub obligations: Listed<ObligationRow>,
    /// What the events of the agreements show beside obligations, as of the end of the period.
    pub findings: Listed<DpaFindingRow>,
}

/// How an obligation stands, in a word.
///
/// ```
/// use clausework::evidence::{ObligationStanding, StandingCounts};
///
/// assert_eq!(ObligationStanding::MetOnOneReading.as_str(), "met on one reading");
/// let none = StandingCounts::default();
/// assert!(ObligationStanding::ALL.iter().all(|standing| none.of(*standing) == 0));
/// ```
///
/// Closed: whoever adds them up must answer for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: whoever adds them up must answer for each")]
pub enum ObligationStanding {
    /// Done in time, or without a number to be late by.
    Met,
    /// Done, and late on one reading of the clause only.
    MetOnOneReading,
    /// Done too late.
    Late,
    /// Not done, and not late on any reading.
    Open,
    /// Not done, and late on some reading.
    Overdue,
    /// A right that was not used, and is over: nothing is owed.
    Lapsed,
    /// It cannot be computed; the words say what is missing.
    Undetermined,
}

impl ObligationStanding {
    /// Every one, in the order in which a reader wants them.
    pub const ALL: [Self; 7] =
        [Self::Overdue, Self::Late, Self::MetOnOneReading, Self::Undetermined, Self::Open, Self::Met, Self::Lapsed];

    /// A word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::MetOnOneReading => "met on one reading",
            Self::Late => "late",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Lapsed => "lapsed",
            Self::Undetermined => "undetermined",
        }
    }

    fn of(status: &Status<'_>) -> Self {
        match status {
            Status::Done(_) => Self::Met,
            Status::DoneLateOnOneReading { .. } => Self::MetOnOneReading,
            Status::DoneLate { .. } => Self::Late,
            Status::Lapsed { .. } | Status::LapsedOnStrictDay { .. } => Self::Lapsed,
            Status::CannotCompute(_) => Self::Undetermined,
            // What stands beneath a pause or an open decision must not be hidden by it.
            Status::Paused { meanwhile, .. } | Status::DecisionNeeded { meanwhile, .. } => Self::of(meanwhile),
            status if status.is_overdue() => Self::Overdue,
            _ => Self::Open,
        }
    }
}

/// How many obligations stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StandingCounts {
    /// [`ObligationStanding::Met`].
    pub met: u64,
    /// [`ObligationStanding::MetOnOneReading`].
    pub met_on_one_reading: u64,
    /// [`ObligationStanding::Late`].
    pub late: u64,
    /// [`ObligationStanding::Open`].
    pub open: u64,
    /// [`ObligationStanding::Overdue`].
    pub overdue: u64,
    /// [`ObligationStanding::Lapsed`].
    pub lapsed: u64,
    /// [`ObligationStanding::Undetermined`].
    pub undetermined: u64,
}

impl StandingCounts {
    /// How many stand so.
    #[must_use]
    pub const fn of(&self, standing: ObligationStanding) -> u64 {
        match standing {
            ObligationStanding::Met => self.met,
            ObligationStanding::MetOnOneReading => self.met_on_one_reading,
            ObligationStanding::Late => self.late,
            ObligationStanding::Open => self.open,
            ObligationStanding::Overdue => self.overdue,
            ObligationStanding::Lapsed => self.lapsed,
            ObligationStanding::Undetermined => self.undetermined,
        }
    }

    const fn add(&mut self, standing: ObligationStanding) {
        let count = match standing {
            ObligationStanding::Met => &mut self.met,
            ObligationStanding::MetOnOneReading => &mut self.met_on_one_reading,
            ObligationStanding::Late => &mut self.late,
            ObligationStanding::Open => &mut self.open,
            ObligationStanding::Overdue => &mut self.overdue,
            ObligationStanding::Lapsed => &mut self.lapsed,
            ObligationStanding::Undetermined => &mut self.undetermined,
        };
        *count = count.saturating_add(1);
    }
}

/// One obligation, or one right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ObligationRow {
    /// The agreement.
    pub agreement: String,
    /// The service, request, breach, sub-processor … that it is about.
    pub matter: String,
    /// What is owed, or may be claimed, by its stored name.
    pub duty: String,
    /// The same in words.
    pub what: String,
    /// The holder, scope or step, where one matter has several.
    pub part: Option<String>,
    /// Who owes it, or holds the right.
    pub party: String,
    /// Whether it is a right.
    pub is_right: bool,
    /// The clause behind it.
    pub clause: Clause,
    /// How the last day was reached; of what has none, why.
    pub working: String,
    /// Other readings, each with who holds it.
    pub readings: Vec<String>,
    /// The day of the event from which it arose.
    pub since: NaiveDate,
    /// The last day to act, on the strictest reading.
    pub last_day: Option<NaiveDate>,
    /// The host's own service target, which is no part of the contract.
    pub target: Option<NaiveDate>,
    /// The day on which it was done, as known at the end of the period.
    pub done_on: Option<NaiveDate>,
    /// How it stood at the end of the period, or stands at present if that is not over.
    pub at_end: StandingRow,
    /// How it stands at present; none where what happened since shows that it does not exist.
    pub now: Option<StandingRow>,
}

/// How an obligation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StandingRow {
    /// In a word.
    pub standing: ObligationStanding,
    /// The stable code of its status.
    pub code: &'static str,
    /// The status in words, with its days.
    pub words: String,
}

/// What the events of an agreement show beside obligations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DpaFindingRow {
    /// The stable code.
    pub code: &'static str,
    /// In words.
    pub what: String,
}

fn standing(entry: &Entry<'_>, at: DateTime<FixedOffset>) -> StandingRow {
    let status = entry.obligation().status(at);
    StandingRow { standing: ObligationStanding::of(&status), code: status.code().as_str(), words: status.to_string() }
}

impl ObligationSection {
    /// Adds the obligations of one agreement; `end` is the last instant of the period or the present, whichever is first.
    pub(super) fn add(
        &mut self,
        period: ReportPeriod,
        [end, now]: [DateTime<FixedOffset>; 2],
        ledger: &Ledger,
        agreement: &OpaqueId,
    ) {
        if self.agreements.iter().chain(&self.unknown).any(|known| known == agreement.as_str()) {
            return;
        }
        if !ledger.knows(agreement) {
            self.unknown.push(agreement.to_string());
            return;
        }
        self.agreements.push(agreement.to_string());
        let then = ledger.of_agreement_as_of(agreement, end);
        // The name of an entry is its own through all that happens.
        let present: alloc::collections::BTreeMap<String, Entry<'_>> =
            ledger.of_agreement(agreement).map(|entry| (entry.to_string(), entry)).collect();
        for entry in then.of_agreement(agreement) {
            let owed = entry.obligation();
            let is_over = owed.done().is_some_and(|done| done.when().day() < period.first_day());
            if is_over || owed.since().day() > period.last_day() {
                continue;
            }
            let at_end = standing(&entry, end);
            // A right that lapsed before the period is not of it.
            if at_end.standing == ObligationStanding::Lapsed
                && owed.last_day().is_some_and(|last| last < period.first_day())
            {
                continue;
            }
            let now = present.get(&entry.to_string()).map(|entry| standing(entry, now));
            self.at_end.add(at_end.standing);
            if let Some(now) = &now {
                self.now.add(now.standing);
            }
            self.obligations.push_with(|| row(&entry, at_end, now));
        }
        for finding in then.findings_of(agreement) {
            self.findings.push_with(|| DpaFindingRow { code: finding.code().as_str(), what: finding.to_string() });
        }
        self.obligations.rows.sort_by_key(|row| (row.last_day.unwrap_or(NaiveDate::MAX), row.since));
    }
}

fn row(entry: &Entry<'_>, at_end: StandingRow, now: Option<StandingRow>) -> ObligationRow {
    let owed = entry.obligation();
    let working = match owed.due() {
        Due::Promptly => "promptly: the clause gives no number".to_string(),
        Due::Day(deadline) => deadline.to_string(),
        Due::Hours(limit) => alloc::format!("within {} hours of {}", limit.hours(), When::At(limit.start())),
        Due::HoursOfDay(window) => {
            alloc::format!("within {} hours of an unknown instant of {}", window.hours(), window.day())
        }
        Due::On(day) => alloc::format!("{day}, as agreed or set by another event"),
        Due::OverdueOnReceipt { literal, by_days, due } => alloc::format!(
            "{literal}, which is {by_days} days before it was asked for; by {due} under the chosen policy (X1)"
        ),
        Due::Unknown(missing) => alloc::format!("not without {missing}"),
    };
    ObligationRow {
        agreement: entry.agreement().to_string(),
        matter: entry.matter().to_string(),
        duty: owed.duty().as_str().to_string(),
        what: owed.duty().to_string(),
        part: owed.part().map(ToString::to_string),
        party: owed.party().to_string(),
        is_right: owed.duty().is_right(),
        clause: owed.clause(),
        working,
        readings: owed.alternatives().iter().map(ToString::to_string).collect(),
        since: owed.since().day(),
        last_day: owed.last_day(),
        target: owed.target(),
        done_on: owed.done().map(|done| done.when().day()),
        at_end,
        now,
    }
}

/// The numbers of the agreement.
pub(super) fn terms(ledger: &Ledger) -> Vec<RuleRow> {
    let terms = ledger.terms();
    let row = |setting, name, period: crate::deadline::Period, clause| {
        RuleRow::new(setting, name, super::RuleValue::Text(period.to_string()), "", &[clause])
    };
    Vec::from([
        row(
            "dpa.deletion",
            "data are deleted after the Cessation Date within",
            terms.deletion_period(),
            clause::D_10_1B,
        ),
        row(
            "dpa.return_window",
            "return may be requested after the Cessation Date for",
            terms.return_window_period(),
            clause::D_10_2A,
        ),
        row(
            "dpa.return_compliance",
            "a request for return is complied with within",
            terms.return_compliance_period(),
            clause::D_10_2D,
        ),
        row("dpa.certification", "deletion is certified within", terms.certification_period(), clause::D_10_4),
        row("dpa.objection", "a Sub-processor may be objected to for", terms.objection_period(), clause::D_6_3B),
        row("dpa.audit_report_age", "an audit report is no older than", terms.audit_report_age(), clause::D_11_2A),
        row(
            "dpa.list_update",
            "the list of sub-processing agreements is updated every",
            terms.list_update_period(),
            clause::SCC_11_4,
        ),
        row(
            "dpa.variation_notice",
            "a variation is announced beforehand by",
            terms.variation_notice_period(),
            clause::D_13_4_1,
        ),
    ])
}
