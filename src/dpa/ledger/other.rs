//! Audits, transfers, variations and tasks: sections 11 to 13, clauses 4, 5, 8 and 12.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::super::gate::{report_fails, scc_in_force};
use super::super::{
    CLAUSES_2010, Due, Duty, ExporterDecision, Fact, FindingKind, PauseGround, Regime, VariationGround,
};
use super::matter::{Matter, not_before};
use crate::clause;

pub(super) fn audit(m: &mut Matter<'_>) {
    let asked = m.first(|fact| matches!(fact, Fact::AuditAsked { .. }));
    let on_site = m.first(|fact| matches!(fact, Fact::OnSiteAuditAsked));
    let mut accepted = None;
    for provided in m.all(|fact| matches!(fact, Fact::ReportProvided { .. })) {
        let Fact::ReportProvided { report } = provided.fact() else { continue };
        let fails = report_fails(m.context.terms, report, provided.when().day());
        if !fails.is_empty() {
            m.find(provided, FindingKind::ReportRefused { fails });
        } else if asked.is_some_and(|asked| not_before(provided.when(), asked.when())) {
            accepted = accepted.or(Some(provided));
        }
        if on_site.is_some() {
            m.find(provided, FindingKind::ReportIsNoAudit);
        }
    }
    if let Some(asked) = asked {
        m.promptly(Duty::ProvideReport, asked, accepted);
        if on_site.is_none() && matches!(asked.fact(), Fact::AuditAsked { regime: Regime::Clauses }) {
            // The clauses, which prevail, open the facilities as well.
            m.find(asked, FindingKind::Contradiction(clause::X4));
        }
    }
    if let Some(on_site) = on_site {
        let held = m.first_from(on_site.when(), |fact| matches!(fact, Fact::OnSiteAuditHeld));
        m.promptly(Duty::AdmitAudit, on_site, held);
    }
}

pub(super) fn transfer(m: &mut Matter<'_>) {
    instrument(m);
    let Some(started) = m.first(|fact| matches!(fact, Fact::TransferStarted { .. })) else { return };
    let Fact::TransferStarted { to_stranger, special_categories } = *started.fact() else { return };
    let joined = |m: &Matter<'_>, is: fn(&Fact) -> bool| m.first(is).map(|event| event.when().day());
    let exporter = joined(m, |fact| matches!(fact, Fact::ExporterJoined));
    let importer = joined(m, |fact| matches!(fact, Fact::ImporterJoined));
    let start = started.when().day();

    let mut fails = Vec::new();
    let in_force = scc_in_force(exporter, importer, Some(start));
    if in_force.since() != Some(start) {
        fails.push(clause::D_12_2);
    }
    let authority = m.first(|fact| matches!(fact, Fact::AuthorityVerified));
    if to_stranger {
        // A later ratification heals it, so that only an authority still missing is too early.
        m.promptly(Duty::VerifyAuthority, started, authority);
        if authority.is_none() {
            fails.push(clause::D_12_4);
        }
    }
    if !fails.is_empty() {
        m.find(started, FindingKind::TransferTooEarly { fails });
    }
    if special_categories {
        let informed = m.first(|fact| matches!(fact, Fact::SubjectsInformed));
        m.promptly(Duty::InformOfSpecialCategories, started, informed);
    }
}

/// The clauses of Annex 2 are those of 2010, which end (`X10`): no new contract on them, and none to carry a transfer
/// after their last day, however long it has lasted.
fn instrument(m: &mut Matter<'_>) {
    let exporter = m.first(|fact| matches!(fact, Fact::ExporterJoined));
    let importer = m.first(|fact| matches!(fact, Fact::ImporterJoined));
    let Some((exporter, importer)) = exporter.zip(importer) else { return };
    let concluded = if not_before(importer.when(), exporter.when()) { importer } else { exporter };
    let started = m.first(|fact| matches!(fact, Fact::TransferStarted { .. }));
    let valid_on = |on: NaiveDate| CLAUSES_2010.is_valid(concluded.when().day(), on);
    if !valid_on(concluded.when().day()) {
        // Never an instrument, whether the transfer has begun or not.
        m.find(started.unwrap_or(concluded), FindingKind::Contradiction(clause::X10));
        return;
    }
    let Some(started) = started else { return };
    let since = if not_before(started.when(), concluded.when()) { started } else { concluded };
    // Left before it began, the clauses never carried it.
    let left = m.first_from(concluded.when(), |fact| matches!(fact, Fact::ClausesLeft));
    if left.is_some_and(|left| !not_before(left.when(), since.when())) {
        return;
    }
    if !valid_on(since.when().day()) {
        m.find(started, FindingKind::Contradiction(clause::X10));
    }
    if let Some(last_day) = CLAUSES_2010.last_day {
        m.by(Duty::ReplaceClauses, since, Due::On(last_day), left);
    }
}

pub(super) fn variation(m: &mut Matter<'_>) {
    for noticed in m.all(|fact| matches!(fact, Fact::VariationNoticed { .. })) {
        let Fact::VariationNoticed { ground, effect } = *noticed.fact() else { continue };
        if ground == VariationGround::Other {
            m.find(noticed, FindingKind::VariationForbidden);
            continue;
        }
        m.find(noticed, FindingKind::Contradiction(clause::X5));
        match m.context.terms.variation_effect(noticed.when().day()) {
            Ok(earliest) if effect < earliest.adjusted_last_day() => {
                m.find(noticed, FindingKind::NoticeTooShort { earliest: earliest.adjusted_last_day() });
            }
            _ => {}
        }
        let done = m.first_from(noticed.when(), |fact| matches!(fact, Fact::VariationImplemented));
        m.promptly(Duty::ImplementVariation, noticed, done);
    }
    let is_answer = |fact: &Fact| matches!(fact, Fact::ConsequenceAnswered);
    for (proposed, answered) in m.pairs(|fact| matches!(fact, Fact::ConsequenceProposed), is_answer) {
        m.promptly(Duty::AnswerConsequence, proposed, answered);
    }
    let is_discussion = |fact: &Fact| matches!(fact, Fact::VariationDiscussed);
    for (proposed, discussed) in m.pairs(|fact| matches!(fact, Fact::VariationProposed), is_discussion) {
        m.promptly(Duty::DiscussVariation, proposed, discussed);
    }
}

pub(super) fn task(m: &mut Matter<'_>) {
    let Some(arose) = m.first(|fact| matches!(fact, Fact::TaskArose { .. })) else { return };
    let Fact::TaskArose { duty } = *arose.fact() else { return };
    if !duty.is_task() {
        m.find(arose, FindingKind::NotATask);
        return;
    }
    let bars = m.pairs(|fact| matches!(fact, Fact::TaskBarred { .. }), |fact| matches!(fact, Fact::TaskFreed));
    let bar = bars.into_iter().find(|(_, freed)| freed.is_none()).map(|(barred, _)| barred);
    let done = m.first_from(arose.when(), |fact| matches!(fact, Fact::TaskDone));
    let owed = m.promptly(duty, arose, done);
    if let Some(Fact::TaskBarred { ground }) = bar.map(|bar| bar.fact())
        && let Some(bar) = bar
    {
        owed.paused(bar.when().day(), PauseGround::Law(ground.clone()));
    }
    // An exporter that goes on after such a notice, or lifts its suspension, tells the authority.
    if matches!(duty, Duty::NotifyInability | Duty::NotifyChangeOfLaw | Duty::NotifyAuditBar) {
        let goes_on = |fact: &Fact| {
            matches!(fact, Fact::ExporterDecided { decision: ExporterDecision::Continue | ExporterDecision::Resume })
        };
        for (decided, forwarded) in m.pairs(goes_on, |fact| matches!(fact, Fact::NoticeForwarded)) {
            m.promptly(Duty::ForwardNotice, decided, forwarded);
        }
    }
}
