use super::{HandbookLink, PolicyVersion, Publication, VersionsState};
use crate::clause;
use crate::event::Fact;
use crate::governance::outcome::{Room, recorded, refused, unchanged};
use crate::governance::{RecordOutcome, Refusal, codes};
use crate::store::Transition;

/// Adopts the next version: its number follows, it is effective later than the one before, and says something else
/// (`E-C.1`). Two who adopt at once cannot both be the next.
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::{PolicyVersion, RecordOutcome, Refusal, adopt};
/// use clausework::id::{OpaqueId, Reference};
///
/// let ceo = OpaqueId::try_new("s-1")?;
/// let second = PolicyVersion::new(2, "2026-01-01".parse()?, Hash::new([2; 32]), ceo, Reference::try_new("PSP 2026")?);
/// let refused = adopt(None, second);
/// assert_eq!(refused.outcome(), &RecordOutcome::Refused(Refusal::NotNext { expected: 1 }));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn adopt(state: Option<VersionsState>, version: PolicyVersion) -> Transition<VersionsState, RecordOutcome> {
    let mut state = state.unwrap_or_default();
    let clauses = [clause::E_C_1, clause::E_0_1];
    if state.version(version.number).is_some_and(|known| is_same(known, &version)) {
        return unchanged();
    }
    let last = state.versions.last();
    let expected = last.map_or(0, PolicyVersion::number).saturating_add(1);
    if version.number != expected {
        return refused(Refusal::NotNext { expected }, &clauses);
    }
    if let Some(before) = last.map(PolicyVersion::effective).filter(|before| version.effective <= *before) {
        return refused(Refusal::NotLater { before }, &clauses);
    }
    if last.is_some_and(|last| last.digest == version.digest) {
        return refused(Refusal::SameText, &clauses);
    }
    let fact = Fact::success(codes::VERSION_ADOPTED).under(clause::E_C_1).under(clause::E_0_1);
    let fact = fact.with("version", version.number).with("by", &version.approved_by);
    state.versions.push(PolicyVersion { publications: [].into(), handbook: None, ..version });
    recorded(state, Room::New, fact)
}

fn is_same(one: &PolicyVersion, other: &PolicyVersion) -> bool {
    (one.effective, one.digest, &one.approved_by, &one.reference)
        == (other.effective, other.digest, &other.approved_by, &other.reference)
}

/// Records where a version is published, if what stands there is its text (`E-C.2`).
///
/// ```
/// use clausework::audit::tree::Hash;
/// use clausework::governance::{PolicyVersion, Publication, RecordOutcome, Refusal, adopt, publish};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
///
/// let (text, page) = (Hash::new([1; 32]), Reference::try_new("https://www.example.com/policy")?);
/// let first = PolicyVersion::new(1, "2026-01-01".parse()?, text, OpaqueId::try_new("s-1")?, Reference::try_new("PSP 2026")?);
/// let (Next::Put(state), ..) = adopt(None, first).into_parts() else { panic!() };
/// let on = |digest| Ok::<_, chrono::ParseError>(Publication::new("2026-01-02".parse()?, page.clone(), digest));
/// assert_eq!(publish(state.clone(), 1, on(text)?).outcome(), &RecordOutcome::Recorded);
/// let draft = publish(state, 1, on(Hash::new([9; 32]))?);
/// assert_eq!(draft.outcome(), &RecordOutcome::Refused(Refusal::OtherText));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn publish(
    state: VersionsState,
    number: u32,
    publication: Publication,
) -> Transition<VersionsState, RecordOutcome> {
    let mut state = state;
    let clauses = [clause::E_C_2];
    let Some(version) = state.versions.iter_mut().find(|version| version.number == number) else {
        return refused(Refusal::Unknown, &clauses);
    };
    if version.publications.contains(&publication) {
        return unchanged();
    }
    if version.digest != publication.digest {
        return refused(Refusal::OtherText, &clauses);
    }
    version.publications.push(publication);
    let fact = Fact::success(codes::VERSION_PUBLISHED).under(clause::E_C_2).with("version", number);
    recorded(state, Room::New, fact)
}

/// Records that a version is part of the personnel handbook (`E-2.2a`). An earlier day replaces a later one, and no
/// other.
///
/// ```
/// use clausework::governance::{HandbookLink, RecordOutcome, Refusal, VersionsState, put_in_handbook};
/// use clausework::id::OpaqueId;
///
/// let link = HandbookLink::new(OpaqueId::try_new("handbook-7")?, "2026-01-01".parse()?);
/// let none = put_in_handbook(VersionsState::default(), 1, link); // there is no version 1
/// assert_eq!(none.outcome(), &RecordOutcome::Refused(Refusal::Unknown));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn put_in_handbook(
    state: VersionsState,
    number: u32,
    link: HandbookLink,
) -> Transition<VersionsState, RecordOutcome> {
    let mut state = state;
    let clauses = [clause::E_2_2A];
    let Some(version) = state.versions.iter_mut().find(|version| version.number == number) else {
        return refused(Refusal::Unknown, &clauses);
    };
    match &version.handbook {
        Some(known) if *known == link => return unchanged(),
        Some(known) if known.day <= link.day => return refused(Refusal::Ended { on: known.day }, &clauses),
        _ => {}
    }
    let fact = Fact::success(codes::VERSION_IN_HANDBOOK).under(clause::E_2_2A).with("version", number);
    let fact = fact.with("edition", link.edition());
    version.handbook = Some(link);
    recorded(state, Room::Correction, fact)
}
