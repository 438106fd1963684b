use alloc::vec::Vec;

use super::{Evidence, EvidenceState, Filed};
use crate::clause::{self, Clause};
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{RecordOutcome, Refusal, codes};
use crate::store::Transition;
use crate::time::Now;

/// Files evidence for a rule. That it does not count ([`Evidence::shortfalls`]) is no reason to refuse it: a restore
/// that failed is evidence as well.
///
/// ```
/// use clausework::clause;
/// use clausework::governance::{Days, Evidence, RecordOutcome, Refusal, file};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let since = Days::since("2026-01-05".parse()?)?;
/// let lock = Evidence::new(id("e-1")?, id("room-2")?, id("s-2")?, since, Reference::try_new("key plan 4")?);
/// let (next, outcome, facts) = file(None, now, clause::A2_INPUT_5, lock.clone()).into_parts();
/// assert_eq!(outcome, RecordOutcome::Recorded);
/// assert_eq!(facts[0].code().as_str(), "governance.evidence_filed");
///
/// let Next::Put(state) = next else { panic!() };
/// let other = file(Some(state), now, clause::A2_USE_5, lock);
/// assert_eq!(other.outcome(), &RecordOutcome::Refused(Refusal::AnotherClause));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn file(
    state: Option<EvidenceState>,
    now: Now,
    clause: Clause,
    evidence: Evidence,
) -> Transition<EvidenceState, RecordOutcome> {
    let mut state = state.unwrap_or(EvidenceState { clause, entries: Vec::new() });
    let clauses = [clause, clause::A2_DOC_1];
    if state.clause != clause {
        return refused(Refusal::AnotherClause, &clauses);
    }
    let find = |id| state.entries.iter().find(|filed| filed.evidence.id() == id);
    match find(evidence.id()) {
        Some(filed) if filed.evidence == evidence => return unchanged(),
        Some(_) => return refused(Refusal::IdTaken, &clauses),
        None => {}
    }
    // So no entry replaces itself, and no two each other.
    if evidence.replaces().is_some_and(|replaced| find(replaced).is_none()) {
        return refused(Refusal::Unknown, &clauses);
    }
    let room = if evidence.replaces().is_some() { Room::Correction } else { Room::New };
    let fact = Fact::success(codes::EVIDENCE_FILED).under(clause).under(clause::A2_DOC_1);
    let fact = fact.with("evidence", evidence.id()).with("about", evidence.about()).with("by", evidence.by());
    state.entries.push(Filed { at: now.timestamp(), evidence });
    recorded(state, room, fact)
}
