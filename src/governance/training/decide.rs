use alloc::vec::Vec;

use super::{ProgrammeState, Session};
use crate::clause::Clause;
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{RecordOutcome, Refusal, codes};
use crate::store::Transition;

/// Records that a session was held.
///
/// ```
/// use clausework::clause;
/// use clausework::governance::{RecordOutcome, Refusal, Session, hold};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let session = |day: &str| -> Result<_, Box<dyn core::error::Error>> {
///     Ok(Session::new(OpaqueId::try_new("2026-q1")?, day.parse()?, Reference::try_new("minutes 14")?))
/// };
/// let (Next::Put(state), ..) = hold(None, clause::E_2_3, session("2026-02-12")?).into_parts() else { panic!() };
/// let other = hold(Some(state), clause::E_2_3, session("2026-02-13")?);
/// assert_eq!(other.outcome(), &RecordOutcome::Refused(Refusal::IdTaken));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
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
