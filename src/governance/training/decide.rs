use alloc::vec::Vec;

use super::{ProgrammeState, Session};
use crate::clause::Clause;
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{RecordOutcome, Refusal, codes};
use crate::store::Transition;

/// Records that a session was held.
pub fn hold(
    state: Option<ProgrammeState>,
    clause: Clause,
    session: Session,
) -> Transition<ProgrammeState, RecordOutcome> {
    let mut state = state.unwrap_or(ProgrammeState { clause, sessions: Vec::new() });
    if state.clause != clause {
        return refused(Refusal::AnotherClause, &[clause]);
    }
    match state.session(session.id()) {
        Some(known) if *known == session => return unchanged(),
        Some(_) => return refused(Refusal::IdTaken, &[clause]),
        None => {}
    }
    let fact = Fact::success(codes::SESSION_HELD).under(clause).with("session", session.id());
    state.sessions.push(session);
    recorded(state, Room::New, fact)
}
