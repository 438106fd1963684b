//! The end of a service: section 10 of the addendum, clause 12 of the Standard Contractual Clauses.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::super::{
    CertificateKind, Conflict, DpaEvent, Due, Duty, Fact, FindingKind, Gap, Missing, PauseGround, Regime,
    ReturnRequestOutcome, days_after,
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
    // The earliest choice; whatever follows finds the right used.
    let earlier = |a: &DpaEvent, b: &DpaEvent| !not_before(a.when(), b.when());
    let choices = [in_time, waived, handed].into_iter().flatten();
    let chosen = choices.reduce(|first, next| if earlier(next, first) { next } else { first });

    m.by(Duty::RequestReturn, ceased, Due::Day(plan.return_window().clone()), chosen);
    // A copy that is to be returned later is not to be deleted before that.
    let mut delete = Due::Day(limit.clone());
    if let Some(asked) = in_time {
        let due = match plan.return_request_due(asked.when().day()) {
            Ok(ReturnRequestOutcome::OverdueOnReceipt { by_days, due, .. }) => {
                let is_owed = waived.is_none() || handed.is_some();
                if due > limit.adjusted_last_day() && is_owed {
                    let by_days = days_after(limit.adjusted_last_day(), asked.when().day());
                    delete = Due::OverdueOnReceipt { literal: limit.clone(), by_days, due };
                }
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
        || matches!(delete, Due::OverdueOnReceipt { .. })
        || in_time.is_some_and(|asked| plan.return_compliance().is_met_on(asked.when().day()));
    let conflict = Gap::between(limit, plan.return_window())
        .map(|gap| Conflict::DutyDestroysOpenRight { right: plan.return_window().clone(), duty: limit.clone(), gap })
        .filter(|_| !settled);
    let gone = deletion(m, ceased, &delete, conflict.as_ref());

    if let Some(gone) = gone {
        let returned = handed.is_some_and(|handed| not_before(gone.when(), handed.when()));
        // Asked for after the deletion but within the window, it is defeated as well, unless it was waived before.
        let requested = in_time.is_some_and(|asked| {
            !waived.is_some_and(|waived| earlier(waived, asked)) || not_before(gone.when(), asked.when())
        });
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
    due: &Due,
    conflict: Option<&Conflict>,
) -> Option<&'a DpaEvent> {
    let mut holders: BTreeMap<Option<&OpaqueId>, Option<&'a DpaEvent>> = BTreeMap::from([(None, None)]);
    for event in m.facts.iter().copied() {
        match event.fact() {
            Fact::CopyHeld { holder } => {
                let deleted = holders.entry(Some(holder)).or_default();
                // A copy that is found after its holder's deletion is still to be deleted.
                if deleted.is_some_and(|deleted: &DpaEvent| deleted.when().day() < event.when().day()) {
                    *deleted = None;
                }
            }
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
        let obligation = m.by(Duty::DeleteCopies, ceased, due.clone(), deleted);
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
        // The addendum wants a certificate on request, the clauses, which prevail, always.
        if m.first(|fact| matches!(fact, Fact::CertificateRequested)).is_none() {
            m.find(gone, FindingKind::Contradiction(clause::X6));
        }
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

/// What was held under one scope: since when, until when, and whether it is gone.
#[derive(Debug)]
struct Held<'a> {
    since: &'a DpaEvent,
    /// For every hold that was opened, its end as far as one is known, and the event that set it.
    ends: Vec<(Option<NaiveDate>, &'a DpaEvent, IsClosed)>,
    deleted: Option<&'a DpaEvent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IsClosed {
    Yes,
    No,
}

impl<'a> Held<'a> {
    /// The day on which the last of the holds ends; `None` as long as one has no end.
    fn end(&self) -> Option<(NaiveDate, &'a DpaEvent)> {
        let mut last = None;
        for (end, event, _) in &self.ends {
            let end = (*end)?;
            last = last.filter(|(last, _)| *last >= end).or(Some((end, *event)));
        }
        last
    }
}

/// The facts on holds, folded scope by scope in their order.
fn held<'a>(m: &Matter<'a>) -> BTreeMap<&'a OpaqueId, Held<'a>> {
    let mut scopes: BTreeMap<&OpaqueId, Held<'a>> = BTreeMap::new();
    for event in m.facts.iter().copied() {
        match event.fact() {
            Fact::HoldOpened { scope, until, .. } => {
                let held =
                    scopes.entry(scope).or_insert_with(|| Held { since: event, ends: Vec::new(), deleted: None });
                // What is held anew after its deletion is there again.
                if held.deleted.is_some_and(|deleted| deleted.when().day() < event.when().day()) {
                    *held = Held { since: event, ends: Vec::new(), deleted: None };
                }
                held.ends.push((*until, event, IsClosed::No));
            }
            Fact::HoldClosed { scope } => {
                let closed = event.when().day();
                for hold in scopes.get_mut(scope).into_iter().flat_map(|held| &mut held.ends) {
                    if hold.2 == IsClosed::No {
                        *hold = (Some(hold.0.map_or(closed, |until| until.min(closed))), event, IsClosed::Yes);
                    }
                }
            }
            Fact::HeldDeleted { scope } => {
                if let Some(held) = scopes.get_mut(scope) {
                    held.deleted.get_or_insert(event);
                }
            }
            _ => {}
        }
    }
    scopes
}

/// What law requires to be kept: cut out of the deletion, until the last of the requirements ends.
fn holds(m: &mut Matter<'_>, regime: Regime, limit: &Deadline) {
    for (scope, held) in held(m) {
        let keep = m.promptly(Duty::KeepHeldConfidential, held.since, held.deleted).part_of(Some(scope));
        if regime == Regime::Clauses {
            keep.citing(clause::SCC_12_1B);
        }
        // Once the law no longer requires it, nothing permits to keep it beyond the limit of section 10.1.
        if let Some((ends, event)) = held.end() {
            let due = if ends <= limit.adjusted_last_day() { Due::Day(limit.clone()) } else { Due::On(ends) };
            m.by(Duty::DeleteHeld, event, due, held.deleted).part_of(Some(scope));
        }
    }
}
