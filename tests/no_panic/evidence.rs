//! Evidence reports: of whatever a host hands in, read as a page and as JSON.

use clausework::alerts::{AlertState, observe};
use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::SignedCheckpoint;
use clausework::audit::verify;
use clausework::dpa::Ledger;
use clausework::evidence::{Report, ReportBuilder, ReportPeriod};
use clausework::governance;
use clausework::profile::Profile;
use clausework::staff::GrantState;

use super::draw::Gen;
use super::{say, see};

pub(super) fn all(g: &Gen) {
    let mut report = builder(g);
    for _ in 0..g.below(3) {
        report.policies_since(g.timestamp(), &super::password::policies(g));
    }
    if g.flag() {
        report.detect(super::small::alert_policy(g));
    }
    report.staff_policy(&super::staff::policy(g)).profile(g.pick(&Profile::ALL));
    let grants = g.some(3, |g| g.state::<GrantState>(include_str!("../golden/staff_grant.v1.json")));
    report.grants(grants.iter().flatten());
    let events: Vec<_> = g.some(20, super::small::event).into_iter().flatten().collect();
    let (mut state, policy) = (AlertState::default(), super::small::alert_policy(g));
    report.alerts(events.iter().flat_map(|event| observe(&mut state, &policy, event)).collect::<Vec<_>>());
    report.events(&events);
    let lines: Vec<&str> = include_str!("../golden/event.v1.json").lines().collect();
    report.stored_events(g.some(5, |g| g.changed(g.pick(&lines)))).stored_event(&g.text());
    read(&report);
}

/// The obligations of a ledger.
pub(super) fn agreement(g: &Gen, ledger: &Ledger) {
    let mut report = builder(g);
    let agreement = ledger.obligations().next().map(|entry| entry.agreement().clone());
    report.agreement(ledger, &agreement.unwrap_or_else(|| g.id()));
    read(&report);
}

/// A log, with what was found in it.
pub(super) fn log(g: &Gen, bundle: &Bundle, found: &verify::Report, checkpoints: &[SignedCheckpoint]) {
    let mut report = builder(g);
    match g.flag() {
        true => report.audit_bundle(bundle, found),
        false => report.audit_log(found, checkpoints),
    };
    read(&report);
}

/// Measures, with what an auditor would miss.
pub(super) fn measures(g: &Gen, measures: &governance::Report<'_>, findings: &[governance::Finding]) {
    let mut report = builder(g);
    report.measures(measures).findings(findings);
    read(&report);
}

fn builder(g: &Gen) -> ReportBuilder {
    let drawn = match g.below(3) {
        0 => ReportPeriod::days(g.date(), g.date(), super::deadline::zone(g)),
        1 => ReportPeriod::instants(g.timestamp(), g.timestamp(), super::deadline::zone(g)),
        _ => {
            let from = g.timestamp();
            let length = core::time::Duration::from_secs(g.pick(&[1, 86_400, 31 * 86_400, 3_659 * 86_400]));
            ReportPeriod::instants(from, from.saturating_add(length), super::deadline::zone(g))
        }
    };
    let period = drawn.unwrap_or_else(|error| {
        say(&error);
        let day = |text: &str| text.parse().unwrap();
        ReportPeriod::days(day("2026-11-01"), day("2026-12-01"), "+01:00".parse().unwrap()).unwrap()
    });
    see(&(period.day_of(g.timestamp()), period.first_day(), period.last_day()));
    let mut report = Report::builder(g.now(), g.tenant(), period);
    if g.flag() {
        report.masked();
    }
    report
}

fn read(report: &ReportBuilder) {
    let report = report.build();
    see(&(report.to_html().len(), report.to_json().len()));
}
