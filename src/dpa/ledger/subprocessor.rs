//! Sub-processors and the exporter's list: section 6, clauses 5 and 11.

use super::super::gate::SubprocessorFile;
use super::super::{
    ConsentModel, ContractTerm, Due, Duty, Fact, FindingKind, Missing, ObjectionOutcome, Regime, Standstill, periods,
};
use super::matter::{Matter, day, not_before};
use crate::clause;
use crate::deadline::Trigger;
use crate::id::OpaqueId;

const LIST: Trigger = Trigger::new("the day the list was first kept");

pub(super) fn decide(m: &mut Matter<'_>) {
    let opened = m.first(|fact| matches!(fact, Fact::Announced { .. } | Fact::AlreadyEngaged { .. }));
    let Some(mut opened) = opened else { return };
    if matches!(opened.fact(), Fact::Announced { .. }) {
        // The window is that of the first notice with full details.
        opened = m.first(|fact| matches!(fact, Fact::Announced { full_details: true, .. })).unwrap_or(opened);
    }
    let (Fact::Announced { regime, .. } | Fact::AlreadyEngaged { regime }) = *opened.fact() else { return };
    let (terms, policy) = (m.context.terms, m.context.policy);

    match opened.fact() {
        Fact::Announced { .. } => {
            let window = terms.objection(opened.when().day());
            let last = window.as_ref().ok().map(|window| window.adjusted_last_day());
            for bare in m.all(|fact| matches!(fact, Fact::Announced { full_details: false, .. })) {
                m.find(bare, FindingKind::NoticeIncomplete);
            }
            if regime == Regime::Clauses && policy.consent() == ConsentModel::General {
                m.find(opened, FindingKind::Contradiction(clause::X3));
            }
            let mut used = m.first(|fact| matches!(fact, Fact::ConsentGiven));
            let objections = m.pairs(
                |fact| matches!(fact, Fact::Objected { .. }),
                |fact| matches!(fact, Fact::ObjectionEnded { .. }),
            );
            for (objection, ended) in objections {
                let late = last.filter(|last| objection.when().day() > *last);
                if matches!(objection.fact(), Fact::Objected { grounds: None }) {
                    m.find(objection, FindingKind::ObjectionWithoutGrounds);
                } else if let Some(last_day) = late {
                    m.find(objection, FindingKind::ObjectionTooLate { last_day });
                } else {
                    m.promptly(Duty::FindAlternative, objection, ended);
                    if let Some(ended) = ended
                        && matches!(ended.fact(), Fact::ObjectionEnded { outcome: ObjectionOutcome::Unresolved })
                    {
                        m.find(ended, FindingKind::Contradiction(clause::X7));
                    }
                    used = Some(objection);
                }
            }
            m.by(Duty::ObjectToSubprocessor, opened, day(window), used);
        }
        _ => {
            let diligence = m.first(|fact| matches!(fact, Fact::DueDiligenceDone));
            let contract = m.first(move |fact| SubprocessorFile::is_complete_contract(fact, regime));
            let met = diligence.zip(contract).map(|(a, b)| if not_before(a.when(), b.when()) { a } else { b });
            if m.context.accepted.is_none() {
                m.find(opened, FindingKind::Contradiction(clause::X11));
                m.by(Duty::MeetConditions, opened, Due::Unknown(Missing::AcceptanceDate), met);
            } else {
                m.promptly(Duty::MeetConditions, opened, met);
            }
        }
    }

    let is_sent = |fact: &Fact| matches!(fact, Fact::CopySent);
    for (asked, sent) in m.pairs(|fact| matches!(fact, Fact::CopyRequested), is_sent) {
        m.promptly(Duty::SendRequestedCopy, asked, sent);
    }
    if regime == Regime::Clauses {
        copies(m);
    }
    if let Some(started) = m.first(|fact| matches!(fact, Fact::ProcessingStarted)) {
        let file = SubprocessorFile::new(m.context, m.facts);
        let refusals = file.refusals(started.when().day());
        let in_window = terms.objection(opened.when().day()).is_ok_and(|window| window.is_met_on(started.when().day()));
        if !refusals.is_empty() {
            m.find(started, FindingKind::StartedTooEarly { refusals });
        } else if policy.standstill() == Standstill::None
            && in_window
            && matches!(opened.fact(), Fact::Announced { .. })
        {
            m.find(started, FindingKind::Contradiction(clause::X7));
        }
    }
}

/// The importer sends each contract, the exporter lists it: the two sides of `X14`.
fn copies(m: &mut Matter<'_>) {
    let is_contract =
        |fact: &Fact| matches!(fact, Fact::ContractSigned { terms } if terms.contains(&ContractTerm::Written));
    let listed = m.first(|fact| matches!(fact, Fact::Listed));
    let mut sent = None;
    for (contract, copy) in m.pairs(is_contract, |fact| matches!(fact, Fact::CopySent)) {
        sent = copy;
        m.promptly(Duty::SendContractCopy, contract, sent);
    }
    if let Some(sent) = sent {
        let listed = m.first_from(sent.when(), |fact| matches!(fact, Fact::Listed));
        m.promptly(Duty::ListContract, sent, listed);
    }
    if let (Some(listed), None) = (listed, sent) {
        m.find(listed, FindingKind::Contradiction(clause::X14));
    }
}

/// The yearly dates count from the day on which the list was first kept, so that 29 February comes back.
pub(super) fn list(m: &mut Matter<'_>) {
    let Some(kept) = m.first(|fact| matches!(fact, Fact::ListKept)) else { return };
    let anchor = kept.when().day();
    let mut updates = m.all(|fact| matches!(fact, Fact::ListUpdated)).peekable();
    let (mut after, mut since) = (anchor, kept);
    // One obligation for every year that an update met, in time or late, and one for the first that none has met.
    for year in 1..=super::super::DpaTerms::MAX_LIST_YEARS {
        let period = periods::times(m.context.terms.list_update_period(), year);
        let Some(deadline) = period.map(|period| periods::within(period, clause::SCC_11_4, LIST, anchor)) else {
            return;
        };
        let last = deadline.as_ref().ok().map(|deadline| deadline.adjusted_last_day());
        while updates.next_if(|update| update.when().day() <= after).is_some() {}
        let update = updates.peek().copied();
        let number = OpaqueId::try_new(alloc::format!("{year}")).ok();
        m.by(Duty::UpdateList, since, day(deadline), update).part_of(number.as_ref());
        let (Some(update), Some(last)) = (update, last) else { return };
        (after, since) = (last, update);
    }
}
