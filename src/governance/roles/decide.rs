use chrono::NaiveDate;

use super::{Assignment, Role, RolesState};
use crate::clause;
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{RecordOutcome, Refusal, codes};
use crate::id::OpaqueId;
use crate::store::Transition;

/// Assigns a role.
///
/// ```
/// use clausework::governance::{Assignment, Days, RecordOutcome, Refusal, Role, assign};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let (days, board) = (Days::since("2026-01-01".parse()?)?, Reference::try_new("board 4")?);
/// let ceo = Assignment::new(id("r-1")?, Role::Accountable, id("s-1")?, days, board.clone());
/// let (Next::Put(roles), ..) = assign(None, ceo).into_parts() else { panic!() };
/// let second = Assignment::new(id("r-1")?, Role::Responsible(id("audit")?), id("s-9")?, days, board);
/// assert_eq!(assign(Some(roles), second).outcome(), &RecordOutcome::Refused(Refusal::IdTaken));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
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
///
/// ```
/// use clausework::governance::{RecordOutcome, Refusal, RolesState, end_role};
/// use clausework::id::OpaqueId;
///
/// let none = end_role(RolesState::default(), &OpaqueId::try_new("r-1")?, "2026-03-02".parse()?);
/// assert_eq!(none.outcome(), &RecordOutcome::Refused(Refusal::Unknown));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
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
