use chrono::NaiveDate;

use super::{Assignment, Role, RolesState};
use crate::clause;
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{RecordOutcome, Refusal, codes};
use crate::id::OpaqueId;
use crate::store::Transition;

/// Assigns a role.
pub fn assign(state: Option<RolesState>, assignment: Assignment) -> Transition<RolesState, RecordOutcome> {
    let mut state = state.unwrap_or_default();
    match state.assignments.iter().find(|known| known.id == assignment.id) {
        Some(known) if *known == assignment => return unchanged(),
        Some(_) => return refused(Refusal::IdTaken, &[clause::E_2_1]),
        None => {}
    }
    let accountable = *assignment.role() == Role::Accountable;
    let fact = Fact::success(codes::ROLE_ASSIGNED).under(clause::E_2_1).with("accountable", accountable);
    let fact = fact.with("assignment", assignment.id()).with("person", assignment.person());
    state.assignments.push(assignment);
    recorded(state, Room::New, fact)
}

/// Ends a role on a last day, which may be earlier than the one it had: the role is corrected. It cannot be lengthened;
/// that is a new assignment.
pub fn end_role(state: RolesState, id: &OpaqueId, last: NaiveDate) -> Transition<RolesState, RecordOutcome> {
    let mut state = state;
    let Some(assignment) = state.assignments.iter_mut().find(|known| known.id == *id) else {
        return refused(Refusal::Unknown, &[clause::E_2_1]);
    };
    match (assignment.days.last(), assignment.days.ended(last)) {
        (Some(on), _) if on == last => return unchanged(),
        (Some(on), _) if on < last => return refused(Refusal::Ended { on }, &[clause::E_2_1]),
        (_, Err(refusal)) => return refused(refusal, &[clause::E_2_1]),
        (_, Ok(days)) => assignment.days = days,
    }
    recorded(state, Room::Correction, Fact::success(codes::ROLE_ENDED).under(clause::E_2_1).with("assignment", id))
}
