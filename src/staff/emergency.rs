//! Emergencies: staff let themselves in, and what is owed for it afterwards.

use alloc::vec::Vec;

use super::condition::{
    Answer, CHANGE_REFUSED, Condition, GLASS_BROKEN, GLASS_REVIEWED, NOTICE_GIVEN, REQUEST_REFUSED,
};
use super::consent::ConsentState;
use super::grant::{GrantRequest, Requesting, absent, refuse};
use super::party::Party;
use super::policy::StaffPolicy;
use super::scope::Area;
use super::standing::{Glass, Standing};
use super::state::{GrantState, Phase};
use crate::event::{Code, Fact};
use crate::id::OpaqueId;
use crate::store::Transition;
use crate::time::{Now, Timestamp};

/// Lets a member of staff in at once, in an emergency, where the customer has enabled it: for the time asked for, and
/// no longer than the customer's terms and the policy say. The customer is to be told and the emergency to be reviewed,
/// and both stay owed until they are done.
///
/// Never into the user manager: consent to emergencies is no specific approval (E-5.5).
///
/// `reason` is the incident, by the id under which the host keeps it.
pub fn break_glass(
    now: Now,
    policy: &StaffPolicy,
    known: &Requesting<'_>,
    request: &GrantRequest,
    reason: &OpaqueId,
) -> Transition<GrantState, Answer<Standing>> {
    let mut failed = request.failed(now, policy, known);
    let enabled = known.consent.and_then(ConsentState::enabled);
    match enabled {
        None => failed.push(Condition::GlassNotEnabled),
        Some((terms, ..)) if request.duration_secs > terms.max_duration().as_secs() => {
            let ceiling_secs = terms.max_duration().as_secs();
            failed.push(Condition::Duration { asked_secs: request.duration_secs, ceiling_secs });
        }
        Some(_) if request.starts_at.is_some() => failed.push(Condition::Start),
        Some(_) => {}
    }
    if request.scope.area() == Area::UserManager {
        failed.push(Condition::NotInEmergency);
    }
    let (Some((terms, by, generation)), true) = (enabled, failed.is_empty()) else {
        let (answer, fact) = refuse(failed, REQUEST_REFUSED, None, &request.scope);
        return Transition::keep(answer).with(fact.with("staff", &request.staff).with("incident", reason));
    };
    let glass = Glass {
        reason: reason.clone(),
        generation,
        enabled_by: by.clone(),
        notice_due: terms.notice_due(now),
        notice_at: None,
        review_due: terms.review_due(now),
        review_at: None,
    };
    let fact = match glass.notice_due {
        Some(due) => Fact::success(GLASS_BROKEN).with("notice_due", due),
        None => Fact::success(GLASS_BROKEN).with("notice_due", "without_delay"),
    };
    let fact = fact.with("review_due", glass.review_due);
    let mut state = request.state(now, policy, known);
    (state.needed, state.by_operator, state.phase) = (0, false, Phase::Active { from: now.timestamp() });
    state.glass = Some(glass);
    let said = state.fact(GLASS_BROKEN);
    let fact = said.clauses().iter().fold(fact, |fact, clause| fact.under(*clause));
    let fact = fact.with("staff", &state.staff).with("incident", reason).with("duration_secs", state.duration_secs);
    let fact = fact.with("area", state.scope.area().as_str()).with("purpose", state.purpose.kind().as_str());
    let answer = Answer::Granted(state.standing(now, policy, known.consent));
    Transition::new(state.next(now, policy), answer).with(fact)
}

/// The customer was told of an emergency.
pub fn note_notice(state: Option<&GrantState>, now: Now, policy: &StaffPolicy) -> Transition<GrantState, Answer<()>> {
    settle(state, now, policy, NOTICE_GIVEN, None, |glass| &mut glass.notice_at)
}

/// An emergency was reviewed, by somebody else than who let himself in.
pub fn note_review(
    state: Option<&GrantState>,
    now: Now,
    policy: &StaffPolicy,
    by: &Party,
) -> Transition<GrantState, Answer<()>> {
    settle(state, now, policy, GLASS_REVIEWED, Some(by), |glass| &mut glass.review_at)
}

fn settle(
    state: Option<&GrantState>,
    now: Now,
    policy: &StaffPolicy,
    code: Code,
    by: Option<&Party>,
    done_at: impl FnOnce(&mut Glass) -> &mut Option<Timestamp>,
) -> Transition<GrantState, Answer<()>> {
    let Some(state) = state else { return absent(CHANGE_REFUSED) };
    let failed = [
        state.glass.is_none().then_some(Condition::NoEmergency),
        by.filter(|by| by.tenant != state.tenant).map(|_| Condition::OtherTenant),
        by.filter(|by| by.within.is_some()).map(|_| Condition::Chained),
        by.filter(|by| by.is(&state.staff)).map(|_| Condition::Oneself),
        by.filter(|by| !by.has_right).map(|_| Condition::NoRight),
    ];
    let failed: Vec<Condition> = failed.into_iter().flatten().collect();
    let mut next = state.clone();
    match &mut next.glass {
        Some(glass) if failed.is_empty() => {
            let done_at = done_at(glass);
            if done_at.is_some() {
                return Transition::keep(Answer::Granted(()));
            }
            *done_at = Some(now.timestamp());
            let fact = next.fact(code);
            Transition::new(next.next(now, policy), Answer::Granted(())).with(fact)
        }
        _ => {
            let (answer, fact) = refuse(failed, CHANGE_REFUSED, Some(state), &state.scope);
            Transition::keep(answer).with(fact)
        }
    }
}
