use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Acknowledgement, Attendance, PersonState};
use crate::audit::retention::RetentionPolicy;
use crate::audit::tree::Hash;
use crate::clause;
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{
    Days, Finding, FindingKind, ProgrammeState, RecordOutcome, Refusal, VersionsState, codes, erasure,
};
use crate::id::OpaqueId;
use crate::store::{Next, Transition};
use crate::time::{KEPT_AFTER_END, Now};

/// Records that somebody is of the personnel from this day on.
///
/// ```
/// use clausework::governance::{RecordOutcome, Refusal, join};
/// use clausework::store::Next;
///
/// let (Next::Put(anna), ..) = join(None, "2026-03-02".parse()?).into_parts() else { panic!() };
/// let again = join(Some(anna), "2026-05-01".parse()?); // she has not left
/// assert_eq!(again.outcome(), &RecordOutcome::Refused(Refusal::Overlaps));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn join(state: Option<PersonState>, day: NaiveDate) -> Transition<PersonState, RecordOutcome> {
    let mut state = state.unwrap_or_default();
    let clauses = [clause::E_2_2B];
    if state.tenures.iter().any(|days| days.first() == day) {
        return unchanged();
    }
    let Ok(tenure) = Days::since(day) else { return refused(Refusal::Year, &clauses) };
    if state.tenures.iter().any(|days| days.common(tenure).is_some()) {
        return refused(Refusal::Overlaps, &clauses);
    }
    state.tenures.push(tenure);
    recorded(state, Room::New, Fact::success(codes::JOINED).under(clause::E_2_2B))
}

/// Records the last day on which somebody is of the personnel.
///
/// ```
/// use clausework::governance::{PersonState, RecordOutcome, Refusal, leave};
///
/// let nobody = leave(PersonState::default(), "2026-06-30".parse()?);
/// assert_eq!(nobody.outcome(), &RecordOutcome::Refused(Refusal::Unknown));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn leave(state: PersonState, last: NaiveDate) -> Transition<PersonState, RecordOutcome> {
    let mut state = state;
    let clauses = [clause::E_2_2B];
    let Some(days) = state.tenures.last_mut() else { return refused(Refusal::Unknown, &clauses) };
    match (days.last(), days.ended(last)) {
        (Some(on), _) if on == last => unchanged(),
        (Some(on), _) => refused(Refusal::Ended { on }, &clauses),
        (None, Err(refusal)) => refused(refusal, &clauses),
        (None, Ok(ended)) => {
            *days = ended;
            recorded(state, Room::Correction, Fact::success(codes::LEFT).under(clause::E_2_2B))
        }
    }
}

/// Erases the record of somebody who has left: it ends, and is blank. What is left is in the log, as long as that is kept.
///
/// The record stays as long as the [retention](RetentionPolicy) keeps the records of what he did, six months at least
/// (`A2-Mon-2`): they show that he was bound by the policy when he did it. Who needs it for longer, for claims, asks later.
/// Who comes back begins again.
///
/// ```
/// use clausework::audit::retention::RetentionPolicy;
/// use clausework::governance::{PersonState, RecordOutcome, Refusal, erase_person, join, leave};
/// use clausework::store::Next;
/// # let now = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().map(clausework::Now::from);
///
/// let retention = RetentionPolicy::default();
/// let (Next::Put(anna), ..) = join(None, "2026-01-01".parse()?).into_parts() else { panic!() };
/// let here = erase_person(anna.clone(), now("2026-11-22T09:00:00Z")?, &retention);
/// assert_eq!(here.outcome(), &RecordOutcome::Refused(Refusal::NotEnded));
///
/// let (Next::Put(anna), ..) = leave(anna, "2026-03-31".parse()?).into_parts() else { panic!() };
/// let (Next::End { state, .. }, ..) = erase_person(anna, now("2026-11-22T09:00:00Z")?, &retention).into_parts() else { panic!() };
/// assert_eq!(state, PersonState::default());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn erase_person(
    state: PersonState,
    now: Now,
    retention: &RetentionPolicy,
) -> Transition<PersonState, RecordOutcome> {
    let clauses = [clause::A2_USE_6, clause::A2_MON_2];
    if state.tenures.iter().any(|days| days.last().is_none()) {
        return refused(Refusal::NotEnded, &clauses);
    }
    let left = state.tenures.iter().filter_map(|days| days.last());
    let did = state.acknowledgements.iter().map(|given| given.day).chain(state.attendances.iter().map(|seen| seen.day));
    let Some(last) = left.chain(did).max() else { return unchanged() };
    if let Some(why) = erasure::refusal(last, now, retention) {
        return refused(why, &clauses);
    }
    let next = Next::End { state: PersonState::default(), collect_after: now.plus(KEPT_AFTER_END) };
    Transition::new(next, RecordOutcome::Recorded).with(Fact::success(codes::ERASED).under(clause::A2_USE_6))
}

/// Records that somebody acknowledged a version of a policy, whose text he was shown (`E-2.2b`). The first day counts.
///
/// It may be before the version is effective, and before the person joins; it is good for that version for ever, also for
/// one who leaves and comes back.
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::{PolicyVersion, RecordOutcome, Refusal, acknowledge, adopt, join, unacknowledged};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let (policy, anna, ceo) = (OpaqueId::try_new("engage")?, OpaqueId::try_new("s-17")?, OpaqueId::try_new("s-1")?);
/// let text = Hash::new([1; 32]);
/// let first = PolicyVersion::new(1, "2026-01-01".parse()?, text, ceo, Reference::try_new("PSP 2026")?);
/// let (Next::Put(versions), ..) = adopt(None, first).into_parts() else { panic!() };
/// let (Next::Put(person), ..) = join(None, "2026-03-02".parse()?).into_parts() else { panic!() };
///
/// let open = unacknowledged(&policy, &versions, [(&anna, &person)], "2026-03-02".parse()?);
/// assert_eq!(open[0].to_string(), "E-2.2b, s-17: version 1 not acknowledged since 2026-03-02");
///
/// let other = acknowledge(person.clone(), &policy, &versions, 1, Hash::new([2; 32]), "2026-03-02".parse()?);
/// assert_eq!(other.outcome(), &RecordOutcome::Refused(Refusal::OtherText)); // not what he is bound by
/// let (Next::Put(person), ..) = acknowledge(person, &policy, &versions, 1, text, "2026-03-02".parse()?).into_parts() else { panic!() };
/// assert!(unacknowledged(&policy, &versions, [(&anna, &person)], "2026-03-02".parse()?).is_empty());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn acknowledge(
    state: PersonState,
    policy: &OpaqueId,
    versions: &VersionsState,
    version: u32,
    shown: Hash,
    day: NaiveDate,
) -> Transition<PersonState, RecordOutcome> {
    let mut state = state;
    let clauses = [clause::E_2_2B];
    match versions.version(version) {
        None => return refused(Refusal::Unknown, &clauses),
        Some(known) if known.digest() != shown => return refused(Refusal::OtherText, &clauses),
        Some(_) => {}
    }
    let known = state.acknowledgements.iter_mut().find(|known| known.policy == *policy && known.version == version);
    match known {
        Some(known) if known.day <= day => return unchanged(),
        Some(known) => known.day = day,
        None => state.acknowledgements.push(Acknowledgement { policy: policy.clone(), version, day }),
    }
    let fact = Fact::success(codes::ACKNOWLEDGED).under(clause::E_2_2B);
    recorded(state, Room::New, fact.with("policy", policy).with("version", version))
}

/// Records that somebody attended a session, or made up for it on a later day. The first day counts.
///
/// ```
/// use clausework::clause;
/// use clausework::governance::{PersonState, Refusal, RecordOutcome, Session, attend, hold, join};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let (awareness, q1, anna) = (OpaqueId::try_new("awareness")?, OpaqueId::try_new("2026-q1")?, OpaqueId::try_new("s-17")?);
/// let session = Session::new(q1.clone(), "2026-02-12".parse()?, Reference::try_new("minutes 14")?);
/// let (Next::Put(programme), ..) = hold(None, clause::E_2_3, session.clone()).into_parts() else { panic!() };
/// let (Next::Put(person), ..) = join(None, "2026-01-01".parse()?).into_parts() else { panic!() };
/// let absent = |person: &PersonState| Ok::<_, chrono::ParseError>(programme.absent(&awareness, &session, [(&anna, person)], "2026-03-01".parse()?));
/// assert_eq!(absent(&person)?.len(), 1);
///
/// let early = attend(person.clone(), &awareness, &programme, &q1, "2026-02-11".parse()?);
/// assert_eq!(early.outcome(), &RecordOutcome::Refused(Refusal::TooEarly { from: session.day() }));
/// let (Next::Put(person), ..) = attend(person, &awareness, &programme, &q1, "2026-02-20".parse()?).into_parts() else { panic!() };
/// assert!(absent(&person)?.is_empty()); // made up for
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn attend(
    state: PersonState,
    programme: &OpaqueId,
    sessions: &ProgrammeState,
    session: &OpaqueId,
    day: NaiveDate,
) -> Transition<PersonState, RecordOutcome> {
    let mut state = state;
    let clauses = [sessions.clause()];
    match sessions.session(session).map(|held| held.day()) {
        None => return refused(Refusal::Unknown, &clauses),
        Some(from) if day < from => return refused(Refusal::TooEarly { from }, &clauses),
        Some(_) => {}
    }
    let is_it = |known: &&mut Attendance| known.programme == *programme && known.session == *session;
    match state.attendances.iter_mut().find(is_it) {
        Some(known) if known.day <= day => return unchanged(),
        Some(known) => known.day = day,
        None => {
            let (programme, session) = (programme.clone(), session.clone());
            state.attendances.push(Attendance { programme, session, day });
        }
    }
    let fact = Fact::success(codes::ATTENDED).under(sessions.clause());
    recorded(state, Room::New, fact.with("programme", programme).with("session", session))
}

/// Who is of the personnel on a day and had not acknowledged, by then, the version that is in force (`E-2.2b`): with the
/// first day on which he was bound by it. Every new version opens the question again. Without a version in force there is
/// nothing to acknowledge; [`VersionsState::findings`] says that.
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::{PolicyVersion, adopt, join, unacknowledged};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let (policy, anna, ceo) = (OpaqueId::try_new("engage")?, OpaqueId::try_new("s-17")?, OpaqueId::try_new("s-1")?);
/// let first = PolicyVersion::new(1, "2026-04-01".parse()?, Hash::new([1; 32]), ceo, Reference::try_new("PSP 2026")?);
/// let (Next::Put(versions), ..) = adopt(None, first).into_parts() else { panic!() };
/// let (Next::Put(person), ..) = join(None, "2026-03-02".parse()?).into_parts() else { panic!() };
///
/// let open = |day: &str| Ok::<_, chrono::ParseError>(unacknowledged(&policy, &versions, [(&anna, &person)], day.parse()?));
/// assert!(open("2026-03-31")?.is_empty()); // of the personnel, but the version is not yet in force
/// assert_eq!(open("2026-04-01")?[0].to_string(), "E-2.2b, s-17: version 1 not acknowledged since 2026-04-01");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn unacknowledged<'p>(
    policy: &OpaqueId,
    versions: &VersionsState,
    people: impl IntoIterator<Item = (&'p OpaqueId, &'p PersonState)>,
    day: NaiveDate,
) -> Vec<Finding> {
    let Some(version) = versions.in_force(day) else { return Vec::new() };
    let number = version.number();
    let finding = |(id, person): (&OpaqueId, &PersonState)| {
        let bound = person.tenure(day)?.first().max(version.effective());
        let is_it = |given: &Acknowledgement| given.policy == *policy && given.version == number && given.day <= day;
        let kind = FindingKind::Unacknowledged { version: number };
        (!person.acknowledgements.iter().any(is_it))
            .then(|| Finding::new(kind, clause::E_2_2B, Some(id.clone()), Days::open(bound)))
    };
    people.into_iter().filter_map(finding).collect()
}
