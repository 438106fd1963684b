//! The end of a service: section 10 of the addendum, clause 12 of the Standard Contractual Clauses.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;

use super::super::{
    CertificateKind, Conflict, DpaEvent, Due, Duty, Fact, FindingKind, Gap, Missing, PauseGround, Regime,
    ReturnRequestOutcome,
};
use super::matter::{Matter, day, not_before};
use crate::clause;
use crate::deadline::Deadline;
use crate::id::OpaqueId;

pub(super) fn decide(m: &mut Matter<'_>) {
    let Some(ceased) = m.first(|fact| matches!(fact, Fact::Ceased { .. })) else { return };
    let Fact::Ceased { regime } = *ceased.fact() else { return };
    let cessation = ceased.when().day();
    let terms = m.context.terms;
    let plan = match terms.exit_plan(cessation, m.context.policy.late_return_request().clone()) {
        Ok(plan) => plan,
        Err(error) => {
            m.by(Duty::DeleteCopies, ceased, Due::Unknown(Missing::Date(error)), None);
            return;
        }
    };
    let limit = plan.deletion();

    // ---- what the customer chose
    let waived = m.first(|fact| matches!(fact, Fact::ReturnWaived));
    let asked = m.first(|fact| matches!(fact, Fact::ReturnRequested));
    let in_time = asked.filter(|asked| plan.return_window().is_met_on(asked.when().day()));
    if let (Some(asked), None) = (asked, in_time) {
        m.find(asked, FindingKind::ReturnRequestTooLate { last_day: plan.return_window().adjusted_last_day() });
    }
    let from = asked.map_or(ceased.when(), |asked| asked.when().min(ceased.when()));
    let handed = m.first_from(from, |fact| matches!(fact, Fact::HandedOver { flaws } if flaws.is_empty()));
    for flawed in m.all(|fact| matches!(fact, Fact::HandedOver { flaws } if !flaws.is_empty())) {
        m.find(flawed, FindingKind::CopyFlawed);
    }
    let chosen = in_time.or(waived).or(handed);

    m.by(Duty::RequestReturn, ceased, Due::Day(plan.return_window().clone()), chosen);
    if let Some(asked) = in_time {
        let due = match plan.return_request_due(asked.when().day()) {
            Ok(ReturnRequestOutcome::OverdueOnReceipt { by_days, due, .. }) => {
                Due::OverdueOnReceipt { literal: plan.return_compliance().clone(), by_days, due }
            }
            Ok(_) => Due::Day(plan.return_compliance().clone()),
            Err(error) => Due::Unknown(Missing::Date(error)),
        };
        m.by(Duty::ReturnCopy, asked, due, handed);
    }

    // ---- deletion, holder by holder
    // Whatever is done breaches a clause as long as nobody chose, or chose when it was too late to keep both.
    let settled = waived.is_some()
        || handed.is_some()
        || in_time.is_some_and(|asked| plan.return_compliance().is_met_on(asked.when().day()));
    let conflict = Gap::between(limit, plan.return_window())
        .map(|gap| Conflict::DutyDestroysOpenRight { right: plan.return_window().clone(), duty: limit.clone(), gap })
        .filter(|_| !settled);
    let gone = deletion(m, ceased, limit, conflict.as_ref());

    if let Some(gone) = gone {
        let returned = handed.is_some_and(|handed| not_before(gone.when(), handed.when()));
        let requested = in_time.is_some_and(|asked| not_before(gone.when(), asked.when()));
        let known = chosen.is_some_and(|chosen| not_before(gone.when(), chosen.when()));
        if requested && !returned {
            m.find(gone, FindingKind::DeletedBeforeReturn);
        }
        if regime == Regime::Clauses && !known {
            m.find(gone, FindingKind::DestroyedBeforeChoice);
        }
    }
    certificates(m, ceased, regime, gone, in_time.is_some().then_some(handed));
    holds(m, regime, limit);
}

/// The obligations to delete. Returns the event with which the last copy was gone.
fn deletion<'a>(
    m: &mut Matter<'a>,
    ceased: &'a DpaEvent,
    limit: &Deadline,
    conflict: Option<&Conflict>,
) -> Option<&'a DpaEvent> {
    let mut holders: BTreeMap<Option<&OpaqueId>, Option<&'a DpaEvent>> = BTreeMap::from([(None, None)]);
    for event in m.facts.iter().copied() {
        match event.fact() {
            Fact::CopyHeld { holder } => drop(holders.entry(Some(holder)).or_default()),
            Fact::Deleted { holder } if not_before(event.when(), ceased.when()) => {
                holders.entry(holder.as_ref()).or_default().get_or_insert(event);
            }
            _ => {}
        }
    }
    let isolation = m
        .all(|fact| matches!(fact, Fact::IsolationAgreed { .. }))
        .filter_map(|event| match event.fact() {
            Fact::IsolationAgreed { until } => Some((event.when().day(), *until)),
            _ => None,
        })
        .max_by_key(|(_, until)| *until);
    let mut gone = Some(ceased);
    for (holder, deleted) in holders {
        gone = gone
            .zip(deleted)
            .map(|(last, deleted)| if not_before(deleted.when(), last.when()) { deleted } else { last });
        let obligation = m.by(Duty::DeleteCopies, ceased, Due::Day(limit.clone()), deleted);
        obligation.part_of(holder).torn(conflict);
        if holder.is_some() {
            obligation.citing(clause::D_10_1C);
        }
        if let Some((since, until)) = isolation {
            obligation.paused(since, PauseGround::AgreedIsolation { until });
        }
    }
    m.promptly(Duty::DeletePromptly, ceased, gone);
    gone
}

/// `returned` is the copy handed over, if one was asked for in time.
fn certificates(
    m: &mut Matter<'_>,
    ceased: &DpaEvent,
    regime: Regime,
    gone: Option<&DpaEvent>,
    returned: Option<Option<&DpaEvent>>,
) {
    let full = |fact: &Fact| matches!(fact, Fact::CertificateIssued { kind: CertificateKind::Full });
    if let Some(asked) = m.first(|fact| matches!(fact, Fact::CertificateRequested)) {
        let (terms, request) = (m.context.terms, asked.when().day());
        let issued = m.first_from(asked.when(), |fact| matches!(fact, Fact::CertificateIssued { .. }));
        m.by(Duty::Certify, asked, day(terms.certification(request)), issued);
        if let Ok(Some(conflict)) = terms.certificate_conflict(ceased.when().day(), request) {
            m.find(asked, FindingKind::Conflict(Box::new(conflict)));
        }
        if let Some(interim) = issued.filter(|issued| !full(issued.fact())) {
            let complete = m.first_from(interim.when(), full);
            m.promptly(Duty::CompleteCertificate, interim, complete);
        }
    }
    if let (Regime::Clauses, Some(gone)) = (regime, gone) {
        let issued = m.first_from(gone.when(), full);
        m.promptly(Duty::CertifyDestruction, gone, issued);
    }
    for issued in m.all(full) {
        let is_before = |event: Option<&DpaEvent>| event.is_some_and(|event| not_before(issued.when(), event.when()));
        if !is_before(gone) || returned.is_some_and(|handed| !is_before(handed)) {
            m.find(issued, FindingKind::CertificateUntrue);
        }
    }
}

/// What law requires to be kept: cut out of the deletion, until the requirement ends.
fn holds(m: &mut Matter<'_>, regime: Regime, limit: &Deadline) {
    let closed = m.parts(opened_scope, |fact| match fact {
        Fact::HoldClosed { scope } => Some(scope),
        _ => None,
    });
    let deleted = m.parts(opened_scope, |fact| match fact {
        Fact::HeldDeleted { scope } => Some(scope),
        _ => None,
    });
    // Both lists have the same scopes, in the same order.
    for ((scope, opened, closed), (_, _, deleted)) in closed.into_iter().zip(deleted) {
        let Fact::HoldOpened { until, .. } = opened.fact() else { continue };
        let keep = m.promptly(Duty::KeepHeldConfidential, opened, deleted).part_of(Some(scope));
        if regime == Regime::Clauses {
            keep.citing(clause::SCC_12_1B);
        }
        // Once the law no longer requires it, nothing permits to keep it beyond the limit of section 10.1.
        let ends = match (closed.map(|event| event.when().day()), *until) {
            (Some(closed), Some(until)) => Some(closed.min(until)),
            (closed, until) => closed.or(until),
        };
        if let Some(ends) = ends {
            let due = if ends <= limit.adjusted_last_day() { Due::Day(limit.clone()) } else { Due::On(ends) };
            m.by(Duty::DeleteHeld, closed.unwrap_or(opened), due, deleted).part_of(Some(scope));
        }
    }
}

const fn opened_scope(fact: &Fact) -> Option<&OpaqueId> {
    match fact {
        Fact::HoldOpened { scope, .. } => Some(scope),
        _ => None,
    }
}
