use alloc::vec::Vec;
use core::borrow::Borrow;

use super::alerts::AlertTally;
use super::basis::{BasisTally, Place};
use super::rules::{of_alerts, of_staff};
use super::sign_in::SignInTally;
use super::staff::StaffTally;
use super::{
    AuditSection, Basis, MeasureSection, ObligationSection, ProfileRow, Report, ReportPeriod, RuleRow, RuleSection,
    attention, obligations,
};
use crate::alerts::{Alert, AlertPolicy};
use crate::audit::bundle::Bundle;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::verify;
use crate::dpa::Ledger;
use crate::event::Event;
use crate::evidence::Masker;
use crate::governance;
use crate::id::{OpaqueId, TenantId};
use crate::profile::{PolicySet, Profile};
use crate::staff::{GrantState, StaffPolicy};
use crate::time::{Now, Timestamp};

/// Takes what a host has, and makes a [`Report`] of it.
///
/// Events are folded as they are handed in, so that a million need no more memory than the accounts, grants and days they
/// are about. What no method was called for is absent from the report, and the report says so.
///
/// ```
/// use clausework::alerts::AlertPolicy;
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// use clausework::profile::{PolicySet, Profile};
/// # let now = clausework::Now::from("2026-12-01T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let policy = PolicySet::from_json(
///     r#"{ "sign_in": { "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } } } }"#,
/// )?;
///
/// let mut builder = Report::builder(now, tenant, november);
/// builder.policies_since(november.from(), &policy).profile(Profile::Engage2015).detect(AlertPolicy::default());
/// for line in ["…"] { // from a cursor over the host's own table
///     builder.stored_event(line);
/// }
/// let report = builder.build();
/// let lock = report.rules.iter().flat_map(|rules| &rules.rules).find(|rule| rule.setting == "sign_in.lockout.lock_secs");
/// assert_eq!(lock.map(|rule| (rule.value.to_string(), rule.unit)), Some(("900".into(), "seconds")));
/// assert_eq!(lock.map(|rule| rule.clauses[0].id()), Some("E-6P.3"));
/// assert!(report.profiles.iter().flatten().all(|held| held.findings.is_empty()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReportBuilder {
    now: Now,
    tenant: TenantId,
    period: ReportPeriod,
    is_masked: bool,
    has_events: bool,
    basis: BasisTally,
    versions: Vec<(Timestamp, PolicySet)>,
    staff_policy: Option<StaffPolicy>,
    terms: Vec<RuleRow>,
    profiles: Vec<Profile>,
    sign_in: SignInTally,
    alerts: AlertTally,
    staff: StaffTally,
    obligations: Option<ObligationSection>,
    measures: Option<MeasureSection>,
    audit: Option<AuditSection>,
}

impl ReportBuilder {
    pub(super) fn new(now: Now, tenant: TenantId, period: ReportPeriod) -> Self {
        Self {
            now,
            tenant,
            period,
            is_masked: false,
            has_events: false,
            basis: BasisTally::default(),
            versions: Vec::new(),
            staff_policy: None,
            terms: Vec::new(),
            profiles: Vec::new(),
            sign_in: SignInTally::default(),
            alerts: AlertTally::default(),
            staff: StaffTally::default(),
            obligations: None,
            measures: None,
            audit: None,
        }
    }

    /// Puts numbers in the place of accounts and addresses, the same one for the same throughout the report. The ids of
    /// staff, grants, agreements and matters stay: they are what an auditor follows up.
    pub const fn masked(&mut self) -> &mut Self {
        self.is_masked = true;
        self
    }

    /// The policies that were in force since this instant, until those handed in with a later one. Hand in those in
    /// force when the period began, and every change since.
    pub fn policies_since(&mut self, since: Timestamp, policies: &PolicySet) -> &mut Self {
        self.versions.push((since, policies.clone()));
        self
    }

    /// The rules of staff access in force.
    pub fn staff_policy(&mut self, policy: &StaffPolicy) -> &mut Self {
        self.staff_policy = Some(policy.clone());
        self
    }

    /// Holds the policies in force at the end of the period against a published document.
    pub fn profile(&mut self, profile: Profile) -> &mut Self {
        if !self.profiles.contains(&profile) {
            self.profiles.push(profile);
        }
        self
    }

    /// Folds the detectors of [`alerts`](crate::alerts) over the events that are handed in from now on, in the order of
    /// their instants; those of the time before the period tell the detectors what was usual. Call it first: how many
    /// events went unobserved is in the report.
    pub fn detect(&mut self, policy: AlertPolicy) -> &mut Self {
        self.alerts.detect(policy);
        self
    }

    /// Alerts that the host kept; one that the report raises itself counts once.
    pub fn alerts(&mut self, alerts: impl IntoIterator<Item = Alert>) -> &mut Self {
        self.alerts.give(self.period, alerts);
        self
    }

    /// Events of the tenant, in the order of their instants. Those before the period are remembered for grants and
    /// detectors and not counted; others are passed over and counted as such. Refusals that were counted only are told
    /// later ([`GAP`](crate::lockout::GAP)): hand in the events up to the first
    /// [`close_gaps`](crate::sign_in::SignIn::close_gaps) after the period, and of these the report takes nothing else.
    pub fn events<E: Borrow<Event>>(&mut self, events: impl IntoIterator<Item = E>) -> &mut Self {
        self.has_events = true;
        for event in events {
            self.event(event.borrow());
        }
        self
    }

    /// One more event.
    pub fn event(&mut self, event: &Event) -> &mut Self {
        self.has_events = true;
        let place = self.basis.place(&self.tenant, self.period, event);
        if place == Place::Elsewhere {
            return self;
        }
        self.sign_in.count(self.period, event, place);
        if place != Place::After {
            self.alerts.observe(event, place == Place::Within);
            self.staff.count(event, place);
        }
        self
    }

    /// Events as they are stored (see [`Event::decode`]), in the order of their instants. What cannot be read is counted
    /// with its place.
    pub fn stored_events<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) -> &mut Self {
        self.has_events = true;
        for text in texts {
            self.stored_event(text.as_ref());
        }
        self
    }

    /// One more event as it is stored.
    pub fn stored_event(&mut self, text: &str) -> &mut Self {
        match Event::decode(text) {
            Ok(event) => self.event(&event),
            Err(error) => {
                self.has_events = true;
                self.basis.unreadable(error);
                self
            }
        }
    }

    /// The records of grants, for what they cover, which no event says. Those of another tenant are passed over.
    pub fn grants<'a>(&mut self, grants: impl IntoIterator<Item = &'a GrantState>) -> &mut Self {
        for grant in grants.into_iter().filter(|grant| *grant.tenant() == self.tenant) {
            self.staff.give(grant);
        }
        self
    }

    /// The obligations of one agreement of the tenant's; call it for each. Nothing of the ledger's other agreements is
    /// read.
    pub fn agreement(&mut self, ledger: &Ledger, agreement: &OpaqueId) -> &mut Self {
        let times = [self.as_of().min(self.period.last()), self.now.timestamp()].map(|at| self.period.local(at));
        self.obligations.get_or_insert_default().add(self.period, times, ledger, agreement);
        if self.terms.is_empty() {
            self.terms = obligations::terms(ledger);
        }
        self
    }

    /// Measures with their evidence and gaps, as [`Register::report`](governance::Register::report) gives them.
    pub fn measures(&mut self, report: &governance::Report<'_>) -> &mut Self {
        self.measures.get_or_insert_default().add(report);
        self
    }

    /// Findings of [`governance`] beside the measures: training, appointments, versions of the policy, roles.
    pub fn findings<'a>(&mut self, findings: impl IntoIterator<Item = &'a governance::Finding>) -> &mut Self {
        let section = self.measures.get_or_insert_default();
        findings.into_iter().for_each(|finding| section.find(finding));
        self
    }

    /// The verdict on the tenant's audit log, which was verified as a stream, and the checkpoints of it.
    pub fn audit_log<'a>(
        &mut self,
        report: &verify::Report,
        checkpoints: impl IntoIterator<Item = &'a SignedCheckpoint>,
    ) -> &mut Self {
        self.audit = Some(AuditSection::of(report, checkpoints));
        self
    }

    /// The tenant's audit log as a bundle with the verdict on it, as [`Bundle::verify`] gives it: with what it says is
    /// gone, and the reviews of it.
    pub fn audit_bundle(&mut self, bundle: &Bundle, report: &verify::Report) -> &mut Self {
        self.audit = Some(AuditSection::of_bundle(&self.tenant, bundle, report));
        self
    }

    /// The end of the period, or the present if it is not over.
    fn as_of(&self) -> Timestamp {
        self.period.until().min(self.now.timestamp())
    }

    /// The report of all that was handed in so far.
    #[must_use]
    pub fn build(&self) -> Report {
        let (period, as_of) = (self.period, self.as_of());
        let mut mask = Masker::new(self.is_masked);
        let mut others = self.staff_policy.as_ref().map(of_staff).unwrap_or_default();
        others.extend(self.alerts.policy().map(of_alerts).unwrap_or_default());
        others.extend(self.terms.iter().cloned());
        let in_force = self.versions.iter().enumerate().filter(|(_, (since, _))| *since < as_of);
        let in_force = in_force.max_by_key(|(index, (since, _))| (*since, *index)).map(|(_, (_, set))| set);
        let held = |set: &PolicySet| self.profiles.iter().map(|profile| ProfileRow::of(set, *profile)).collect();
        let mut report = Report {
            format: Report::FORMAT,
            version: Report::VERSION,
            tenant: self.tenant.clone(),
            period,
            made_at: self.now.timestamp(),
            is_over: self.now.timestamp() >= period.until(),
            is_masked: self.is_masked,
            attention: Vec::new(),
            basis: Basis { events: self.has_events.then(|| self.basis.finish()) },
            rules: RuleSection::of(period, as_of, &self.versions, others),
            profiles: in_force.filter(|_| !self.profiles.is_empty()).map(held),
            sign_in: self.has_events.then(|| self.sign_in.finish(period, &mut mask)),
            alerts: self.alerts.finish(self.has_events, &mut mask),
            staff: self.staff.finish(period.from(), as_of, self.has_events, &mut mask),
            obligations: self.obligations.clone(),
            measures: self.measures.clone(),
            audit: self.audit.clone(),
        };
        report.attention = attention::of(&report);
        report
    }
}
