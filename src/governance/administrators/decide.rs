use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::state::Done;
use super::{AdministratorsState, Appointment, ListRequest};
use crate::audit::retention::RetentionPolicy;
use crate::audit::tree::Hash;
use crate::clause;
use crate::deadline::{DeadlineRule, Period, Trigger};
use crate::event::Fact;
use crate::governance::outcome::{Room, has_room, recorded, refused, unchanged};
use crate::governance::{Days, Finding, FindingKind, RecordOutcome, Refusal, codes, erasure};
use crate::id::OpaqueId;
use crate::store::Transition;
use crate::time::Now;

/// Appoints an administrator (`A2-Mon-1`): one person, by another, with tasks. Other tasks are another appointment.
///
/// ```
/// use clausework::governance::{Appointment, Days, Identification, RecordOutcome, Refusal, appoint};
/// use clausework::id::{OpaqueId, Reference};
///
/// let (id, text) = (|text: &str| OpaqueId::try_new(text), Reference::try_new);
/// let name = Identification::new(text("Anna Example")?, text("database operation")?);
/// let days = Days::since("2026-03-03".parse()?)?;
/// let anna = Appointment::new(id("a-1")?, id("s-17")?, name, id("s-2")?, days, text("letter of 2 March 2026")?);
/// assert_eq!(appoint(None, anna.clone()).outcome(), &RecordOutcome::Refused(Refusal::Tasks)); // to do what?
/// let anna = anna.with_tasks([text("backup and restore")?]);
/// assert_eq!(appoint(None, anna).outcome(), &RecordOutcome::Recorded);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn appoint(
    state: Option<AdministratorsState>,
    appointment: Appointment,
) -> Transition<AdministratorsState, RecordOutcome> {
    let mut state = state.unwrap_or_default();
    let clauses = [clause::A2_MON_1, clause::A2_MON_4];
    match state.appointments.iter().find(|known| known.id == appointment.id) {
        Some(known) if *known == appointment => return unchanged(),
        Some(_) => return refused(Refusal::IdTaken, &clauses),
        None => {}
    }
    if let Some(refusal) = appointment.refusal() {
        return refused(refusal, &clauses);
    }
    let fact = Fact::success(codes::APPOINTED).under(clause::A2_MON_1).under(clause::A2_MON_4);
    let fact = fact.with("appointment", appointment.id()).with("person", appointment.person());
    state.appointments.push(appointment);
    added(state, fact)
}

/// Recorded, if there is room also for handing out every list that is asked for: nobody is to wait for ever.
fn added(state: AdministratorsState, fact: Fact) -> Transition<AdministratorsState, RecordOutcome> {
    let mut later = state.clone();
    for asked in &mut later.requests {
        asked.done.get_or_insert(Done { day: asked.day, digest: Hash::new([0; 32]) });
    }
    match has_room(&later, Room::New) {
        true => Transition::put(state, RecordOutcome::Recorded).with(fact),
        false => refused(Refusal::Full, fact.clauses()),
    }
}

/// Ends an appointment on a last day, which may be earlier than the one it had, and not later.
///
/// ```
/// use clausework::governance::{AdministratorsState, RecordOutcome, Refusal, end_appointment};
/// use clausework::id::OpaqueId;
///
/// let none = end_appointment(AdministratorsState::default(), &OpaqueId::try_new("a-1")?, "2026-03-09".parse()?);
/// assert_eq!(none.outcome(), &RecordOutcome::Refused(Refusal::Unknown));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn end_appointment(
    state: AdministratorsState,
    id: &OpaqueId,
    last: NaiveDate,
) -> Transition<AdministratorsState, RecordOutcome> {
    let mut state = state;
    let clauses = [clause::A2_MON_4];
    let Some(appointment) = state.appointments.iter_mut().find(|known| known.id == *id) else {
        return refused(Refusal::Unknown, &clauses);
    };
    match (appointment.days.last(), appointment.days.ended(last)) {
        (Some(on), _) if on == last => return unchanged(),
        (Some(on), _) if on < last => return refused(Refusal::Ended { on }, &clauses),
        (_, Err(refusal)) => return refused(refusal, &clauses),
        (_, Ok(days)) => appointment.days = days,
    }
    let fact = Fact::success(codes::APPOINTMENT_ENDED).under(clause::A2_MON_4).with("appointment", id);
    recorded(state, Room::Correction, fact)
}

/// Erases the name, and the function or area, of somebody who is no longer an administrator, in every appointment of this
/// volume: all of them, or none.
///
/// The names stay as long as the [retention](RetentionPolicy) keeps the records of what he did as one, six months at
/// least (`A2-Mon-2`), as those say nothing without them. That this id was appointed, by whom, for what and when, stays
/// for the audits to come, and so does the digest of every list; the lists themselves cannot be shown again.
///
/// ```
/// use clausework::audit::retention::RetentionPolicy;
/// use clausework::governance::{Appointment, Days, Identification, RecordOutcome, Refusal, appoint, erase_names};
/// use clausework::id::{OpaqueId, Reference};
/// use clausework::store::Next;
/// # let now = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().map(clausework::Now::from);
///
/// let (id, text) = (|text: &str| OpaqueId::try_new(text), Reference::try_new);
/// let name = Identification::new(text("Anna Example")?, text("database operation")?);
/// let days = Days::try_new("2026-01-01".parse()?, "2026-03-31".parse()?)?;
/// let anna = Appointment::new(id("a-1")?, id("s-17")?, name, id("s-2")?, days, text("letter 12")?).with_tasks([text("restores")?]);
/// let (Next::Put(state), ..) = appoint(None, anna).into_parts() else { panic!() };
///
/// let retention = RetentionPolicy::default();
/// let early = erase_names(state.clone(), now("2026-06-01T09:00:00Z")?, &id("s-17")?, &retention);
/// assert!(matches!(early.outcome(), RecordOutcome::Refused(Refusal::Kept { .. })));
/// let (Next::Put(state), ..) = erase_names(state, now("2026-11-22T09:00:00Z")?, &id("s-17")?, &retention).into_parts() else { panic!() };
/// assert_eq!(state.appointments()[0].identification(), None);
/// assert_eq!(state.on("2026-03-31".parse()?).count(), 1); // that s-17 was one is still known
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn erase_names(
    state: AdministratorsState,
    now: Now,
    person: &OpaqueId,
    retention: &RetentionPolicy,
) -> Transition<AdministratorsState, RecordOutcome> {
    let mut state = state;
    let clauses = [clause::A2_USE_6, clause::A2_MON_2];
    let mut found = state.appointments.iter_mut().filter(|made| made.person() == person).peekable();
    if found.peek().is_none() {
        return refused(Refusal::Unknown, &clauses);
    }
    let mut changed = false;
    for made in found {
        let why = match made.days.last() {
            None => Some(Refusal::NotEnded),
            Some(last) => erasure::refusal(last, now, retention),
        };
        if let Some(why) = why {
            return refused(why, &clauses);
        }
        changed |= made.identification.take().is_some();
    }
    match changed {
        true => {
            let fact = Fact::success(codes::ERASED).under(clause::A2_USE_6).with("person", person);
            Transition::put(state, RecordOutcome::Recorded).with(fact)
        }
        false => unchanged(),
    }
}

/// Who acts as an administrator on a day, as the host reports it, against who is appointed: somebody without an
/// appointment (`A2-Mon-1`), and somebody who is appointed and no administrator (`A2-Mon-4`: the list is not current).
///
/// ```
/// use std::collections::BTreeSet;
/// use clausework::governance::compare;
/// use clausework::id::OpaqueId;
///
/// let actual = BTreeSet::from([OpaqueId::try_new("s-17")?]);
/// let found = compare([], &actual, "2026-03-03".parse()?);
/// assert_eq!(found[0].to_string(), "A2-Mon-1, s-17: administrator without an appointment on 2026-03-03");
/// assert!(compare([], &BTreeSet::new(), "2026-03-03".parse()?).is_empty());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn compare<'a>(
    volumes: impl IntoIterator<Item = &'a AdministratorsState>,
    actual: &BTreeSet<OpaqueId>,
    day: NaiveDate,
) -> Vec<Finding> {
    let appointments = volumes.into_iter().flat_map(|volume| volume.on(day));
    let appointed: BTreeSet<&OpaqueId> = appointments.map(Appointment::person).collect();
    let without = actual.iter().filter(|person| !appointed.contains(person));
    let unappointed = without.map(|person| (FindingKind::Unappointed, clause::A2_MON_1, person));
    let gone = appointed.iter().copied().filter(|person| !actual.contains(*person));
    let gone = gone.map(|person| (FindingKind::NoAdministrator, clause::A2_MON_4, person));
    let finding =
        |(kind, clause, person): (_, _, &OpaqueId)| Finding::new(kind, clause, Some(person.clone()), Days::one(day));
    unappointed.chain(gone).map(finding).collect()
}

/// Records that a customer asked for the list (`A2-Mon-4`).
///
/// ```
/// use clausework::governance::{ListRequest, RecordOutcome, Refusal, request_list};
/// use clausework::id::OpaqueId;
/// use clausework::store::Next;
///
/// let asked = |by| Ok::<_, Box<dyn core::error::Error>>(ListRequest::new(OpaqueId::try_new("q-1")?, OpaqueId::try_new(by)?, "2026-03-03".parse()?));
/// let (Next::Put(state), ..) = request_list(None, asked("acme")?).into_parts() else { panic!() };
/// let again = request_list(Some(state.clone()), asked("acme")?);
/// assert_eq!(again.outcome(), &RecordOutcome::AlreadyRecorded);
/// let other = request_list(Some(state), asked("umbrella")?);
/// assert_eq!(other.outcome(), &RecordOutcome::Refused(Refusal::IdTaken));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn request_list(
    state: Option<AdministratorsState>,
    request: ListRequest,
) -> Transition<AdministratorsState, RecordOutcome> {
    let mut state = state.unwrap_or_default();
    match state.requests.iter().find(|known| known.id == request.id) {
        Some(known) if (known.by(), known.day) == (request.by(), request.day) => return unchanged(),
        Some(_) => return refused(Refusal::IdTaken, &[clause::A2_MON_4]),
        None => {}
    }
    let fact = Fact::success(codes::LIST_REQUESTED).under(clause::A2_MON_4);
    let fact = fact.with("request", request.id()).with("by", request.by());
    state.requests.push(ListRequest { done: None, ..request });
    added(state, fact)
}

/// The list that is handed out.
///
/// `Debug` shows no name.
///
/// ```
/// use clausework::governance::{HandOut, Refusal};
///
/// let refused = HandOut::Refused(Refusal::Unknown);
/// assert_eq!(refused.text(), None);
/// assert_eq!(format!("{refused:?}"), "Refused(Unknown)");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: handed out, or not")]
pub enum HandOut {
    /// This is what the customer gets.
    List {
        /// The appointments of that day, as a JSON array.
        text: String,
        /// Its SHA-256, which is kept with the request.
        digest: Hash,
    },
    /// Nothing is handed out.
    Refused(Refusal),
}

impl HandOut {
    /// What the customer gets.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::List { text, .. } => Some(text),
            Self::Refused(_) => None,
        }
    }
}

impl fmt::Debug for HandOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List { digest, .. } => write!(f, "List({digest})"),
            Self::Refused(refusal) => write!(f, "Refused({refusal:?})"),
        }
    }
}

/// Hands out the list of a day to who asked for it, and keeps when, and the digest of what. The request is in `state`;
/// `others` are the other volumes.
///
/// Asked again, it gives out the same list again, as of the day on which it was handed out, as long as the registers still
/// say what they said: a list whose delivery failed is not lost, and no second version of it goes out.
///
/// ```
/// use clausework::governance::{HandOut, ListRequest, Refusal, hand_out, owed, request_list};
/// use clausework::id::OpaqueId;
/// use clausework::store::Next;
///
/// let asked = ListRequest::new(OpaqueId::try_new("q-1")?, OpaqueId::try_new("acme")?, "2026-03-03".parse()?);
/// let (Next::Put(state), ..) = request_list(None, asked).into_parts() else { panic!() };
/// assert_eq!(owed([&state], None, "2026-03-05".parse()?)[0].to_string(), "A2-Mon-4, q-1: list asked for and not handed out since 2026-03-03");
///
/// let (Next::Put(state), HandOut::List { text, .. }, _) =
///     hand_out(state, [], &OpaqueId::try_new("q-1")?, "2026-03-05".parse()?).into_parts() else { panic!() };
/// assert_eq!(text, "[]");
/// assert!(owed([&state], None, "2026-03-06".parse()?).is_empty());
///
/// let unknown = hand_out(state, [], &OpaqueId::try_new("q-2")?, "2026-03-05".parse()?);
/// assert_eq!(unknown.outcome(), &HandOut::Refused(Refusal::Unknown));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn hand_out<'a>(
    state: AdministratorsState,
    others: impl IntoIterator<Item = &'a AdministratorsState>,
    request: &OpaqueId,
    day: NaiveDate,
) -> Transition<AdministratorsState, HandOut> {
    let mut state = state;
    let refuse = |refusal| {
        let (next, _, facts) = refused::<AdministratorsState>(refusal, &[clause::A2_MON_4]).into_parts();
        Transition::new(next, HandOut::Refused(refusal)).with_all(facts)
    };
    let Some(asked) = state.requests.iter().find(|known| known.id == *request) else {
        return refuse(Refusal::Unknown);
    };
    if day < asked.day {
        return refuse(Refusal::TooEarly { from: asked.day });
    }
    let (of, done) = (asked.done.map_or(day, |done| done.day), asked.done);
    let mut list: Vec<&Appointment> = others.into_iter().flat_map(|volume| volume.on(of)).chain(state.on(of)).collect();
    list.sort_by(|one, next| one.id.cmp(&next.id));
    list.dedup();
    // INVARIANT: ids, texts and days encode.
    let text = serde_json::to_string(&list).unwrap_or_default();
    let digest = Hash::new(Sha256::digest(&text).into());
    let fact = Fact::success(codes::LIST_HANDED_OUT).under(clause::A2_MON_4).with("request", request);
    match done {
        Some(done) if done.digest == digest => return Transition::keep(HandOut::List { text, digest }).with(fact),
        Some(done) => return refuse(Refusal::Ended { on: done.day }),
        None => {}
    }
    for asked in state.requests.iter_mut().filter(|known| known.id == *request) {
        asked.done = Some(Done { day, digest });
    }
    Transition::put(state, HandOut::List { text, digest }).with(fact)
}

/// The requests for the list that are open on a day, of all volumes. "Promptly" has no number (`X17`): each is open since
/// it was made; a service target of the host's is shown as the host's own.
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::governance::{ListRequest, owed, request_list};
/// use clausework::id::OpaqueId;
/// use clausework::store::Next;
///
/// let asked = ListRequest::new(OpaqueId::try_new("q-1")?, OpaqueId::try_new("acme")?, "2026-03-03".parse()?);
/// let (Next::Put(state), ..) = request_list(None, asked).into_parts() else { panic!() };
/// assert!(owed([&state], None, "2026-03-02".parse()?).is_empty());
/// let late = owed([&state], Some(Period::Weeks(1)), "2026-04-05".parse()?);
/// assert!(late[0].to_string().ends_with("not handed out since 2026-03-03, own target 2026-03-10"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn owed<'a>(
    volumes: impl IntoIterator<Item = &'a AdministratorsState>,
    target: Option<Period>,
    day: NaiveDate,
) -> Vec<Finding> {
    let open = |asked: &&ListRequest| asked.day <= day && asked.done.is_none_or(|done| day < done.day);
    let finding = |asked: &ListRequest| {
        let rule = |period| DeadlineRule::new(period, clause::A2_MON_4, Trigger::new("the request"));
        let deadline = target.and_then(|period| rule(period).deadline(asked.day).ok());
        let target = deadline.map(|deadline| deadline.adjusted_last_day());
        Finding::new(FindingKind::ListOwed { target }, clause::A2_MON_4, Some(asked.id.clone()), Days::open(asked.day))
    };
    volumes.into_iter().flat_map(|volume| &volume.requests).filter(open).map(finding).collect()
}
