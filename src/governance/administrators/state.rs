use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::audit::tree::Hash;
use crate::governance::{Days, Refusal};
use crate::id::{OpaqueId, Reference, Scope};
use crate::store::{Key, KeyId, Record};

/// What is stored of the administrators: every appointment (`A2-Mon-1`), and every request for the list (`A2-Mon-4`).
///
/// The names of the administrators are in here, and in nothing that prints: neither in an event, a finding nor `Debug`.
///
/// Some 100 appointments fill a record; then the next volume is begun. [`compare`](super::compare),
/// [`owed`](super::owed) and [`hand_out`](super::hand_out) read all of them.
///
/// ```
/// use clausework::Scope;
/// use clausework::governance::{AdministratorsState, ListRequest, RecordOutcome, Refusal, end_appointment, request_list};
/// use clausework::id::OpaqueId;
/// use clausework::store::Next;
///
/// assert_eq!(AdministratorsState::key(Scope::Operator, 0).to_string(), "operator/administrators/~0");
/// let asked = ListRequest::new(OpaqueId::try_new("q-1")?, OpaqueId::try_new("acme")?, "2026-03-03".parse()?);
/// let (Next::Put(state), ..) = request_list(None, asked).into_parts() else { panic!() };
/// assert_eq!((state.appointments().len(), state.requests().len()), (0, 1));
/// // An appointment is ended in the volume that it is in.
/// let other = end_appointment(state, &OpaqueId::try_new("a-1")?, "2026-03-09".parse()?);
/// assert_eq!(other.outcome(), &RecordOutcome::Refused(Refusal::Unknown));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct AdministratorsState {
    pub(super) appointments: Vec<Appointment>,
    pub(super) requests: Vec<ListRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    appointments: Vec<Appointment>,
    requests: Vec<ListRequest>,
}

impl AdministratorsState {
    /// The key of the administrators. Volume 0 is the first.
    #[must_use]
    pub fn key(scope: impl Into<Scope>, volume: u16) -> Key {
        Key::of::<Self>(scope, KeyId::own(&format!("{volume}")))
    }

    /// The appointments, in the order of their recording.
    #[must_use]
    pub fn appointments(&self) -> &[Appointment] {
        &self.appointments
    }

    /// The list as it was on a day (`A2-Mon-4`).
    ///
    /// ```
    /// use clausework::governance::{Appointment, Days, Identification, RecordOutcome, Refusal, appoint};
    /// use clausework::id::{OpaqueId, Reference};
    /// use clausework::store::Next;
    ///
    /// let (id, text) = (|text: &str| OpaqueId::try_new(text), Reference::try_new);
    /// let name = Identification::new(text("Anna Example")?, text("database operation")?);
    /// let (days, letter) = (Days::since("2026-03-03".parse()?)?, text("letter of 2 March 2026")?);
    /// let anna = Appointment::new(id("a-1")?, id("s-17")?, name.clone(), id("s-2")?, days, letter.clone())
    ///     .with_tasks([text("backup and restore")?]);
    /// assert!(!format!("{anna:?}").contains("Anna"));
    /// let (Next::Put(state), ..) = appoint(None, anna).into_parts() else { panic!() };
    /// assert_eq!(state.on("2026-03-03".parse()?).count(), 1);
    /// assert_eq!(state.on("2026-03-02".parse()?).count(), 0);
    ///
    /// let herself = Appointment::new(id("a-2")?, id("s-17")?, name, id("s-17")?, days, letter);
    /// assert_eq!(appoint(None, herself).outcome(), &RecordOutcome::Refused(Refusal::ByOneself));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Appointment> {
        self.appointments.iter().filter(move |appointment| appointment.days.has(day))
    }

    /// The requests for the list, in the order of their recording.
    #[must_use]
    pub fn requests(&self) -> &[ListRequest] {
        &self.requests
    }
}

impl Record for AdministratorsState {
    const KIND: &'static str = "administrators";
    const VERSION: u16 = 1;
}

impl TryFrom<Stored> for AdministratorsState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let appointments: BTreeSet<_> = stored.appointments.iter().map(Appointment::id).collect();
        let requests: BTreeSet<_> = stored.requests.iter().map(ListRequest::id).collect();
        if appointments.len() < stored.appointments.len() || requests.len() < stored.requests.len() {
            return Err("an id is there twice");
        }
        // Only what has ended is without a name.
        let is_odd = |made: &Appointment| {
            made.refusal().is_some_and(|why| why != Refusal::Unnamed || made.days.last().is_none())
        };
        if stored.appointments.iter().any(is_odd) {
            return Err("an appointment is by oneself, without tasks or without a name");
        }
        if stored.requests.iter().any(|asked| asked.done.is_some_and(|done| done.day < asked.day)) {
            return Err("a list was handed out before it was asked for");
        }
        Ok(Self { appointments: stored.appointments, requests: stored.requests })
    }
}

/// How an administrator is identified in the list: name, and function or organisational area (`A2-Mon-4`).
///
/// `Debug` shows neither.
///
/// ```
/// use clausework::governance::Identification;
/// use clausework::id::Reference;
///
/// let anna = Identification::new(Reference::try_new("Anna Example")?, Reference::try_new("database operation")?);
/// assert_eq!(anna.name().as_str(), "Anna Example");
/// assert_eq!(format!("{anna:?}"), "Identification(..)");
/// assert!(Reference::try_new(" ").is_err()); // no name
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identification {
    name: Reference,
    area: Reference,
}

impl Identification {
    /// This name and function or area: one line each.
    #[must_use]
    pub const fn new(name: Reference, area: Reference) -> Self {
        Self { name, area }
    }

    /// His name: personal data, for the list and nothing else.
    #[must_use]
    pub const fn name(&self) -> &Reference {
        &self.name
    }

    /// His function or organisational area.
    #[must_use]
    pub const fn area(&self) -> &Reference {
        &self.area
    }
}

impl fmt::Debug for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identification(..)")
    }
}

/// The appointment of one person by another: who, what he is to do, on which days, and where that is written.
///
/// ```
/// use clausework::governance::{Appointment, Days, Identification, RecordOutcome, Refusal, appoint};
/// use clausework::id::{OpaqueId, Reference};
///
/// let (id, text) = (|text: &str| OpaqueId::try_new(text), Reference::try_new);
/// let name = Identification::new(text("Anna Example")?, text("database operation")?);
/// let days = Days::since("2026-03-03".parse()?)?;
/// let anna = Appointment::new(id("a-1")?, id("s-17")?, name, id("s-2")?, days, text("letter 12")?);
/// let many = anna.clone().with_tasks((0..17).map(|_| text("restores")).collect::<Result<Vec<_>, _>>()?);
/// assert_eq!(appoint(None, many).outcome(), &RecordOutcome::Refused(Refusal::Tasks));
/// let anna = anna.with_tasks([text("restores")?]);
/// assert_eq!((anna.person().as_str(), anna.tasks().len()), ("s-17", 1));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    pub(super) id: OpaqueId,
    person: OpaqueId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) identification: Option<Identification>,
    by: OpaqueId,
    pub(super) days: Days,
    instrument: Reference,
    tasks: Vec<Reference>,
}

impl Appointment {
    /// The most tasks.
    pub const MAX_TASKS: usize = 16;

    /// The appointment of this person, by another, on these days, in this document. The person's id is that of the
    /// account he acts with.
    #[must_use]
    pub const fn new(
        id: OpaqueId,
        person: OpaqueId,
        identification: Identification,
        by: OpaqueId,
        days: Days,
        instrument: Reference,
    ) -> Self {
        Self { id, person, identification: Some(identification), by, days, instrument, tasks: Vec::new() }
    }

    /// What he is to do: 1 to 16 tasks, one line each.
    #[must_use]
    pub fn with_tasks(mut self, tasks: impl IntoIterator<Item = Reference>) -> Self {
        self.tasks = tasks.into_iter().collect();
        self
    }

    /// Its own id.
    #[must_use]
    pub const fn id(&self) -> &OpaqueId {
        &self.id
    }

    /// Who, by the id he acts with.
    #[must_use]
    pub const fn person(&self) -> &OpaqueId {
        &self.person
    }

    /// How the list names him; none once his name is [erased](super::erase_names).
    #[must_use]
    pub const fn identification(&self) -> Option<&Identification> {
        self.identification.as_ref()
    }

    /// Why it is no appointment, if so.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        if self.by == self.person {
            Some(Refusal::ByOneself)
        } else if self.tasks.is_empty() || self.tasks.len() > Self::MAX_TASKS {
            Some(Refusal::Tasks)
        } else {
            self.identification.is_none().then_some(Refusal::Unnamed)
        }
    }

    /// Who appointed him.
    #[must_use]
    pub const fn by(&self) -> &OpaqueId {
        &self.by
    }

    /// On which days.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// Where it is written.
    #[must_use]
    pub const fn instrument(&self) -> &Reference {
        &self.instrument
    }

    /// What he is to do.
    #[must_use]
    pub fn tasks(&self) -> &[Reference] {
        &self.tasks
    }
}

/// A request of a customer, the data exporter, for the list of administrators (`A2-Mon-4`).
///
/// ```
/// use clausework::governance::ListRequest;
/// use clausework::id::OpaqueId;
///
/// let asked = ListRequest::new(OpaqueId::try_new("q-1")?, OpaqueId::try_new("acme")?, "2026-03-03".parse()?);
/// assert_eq!((asked.by().as_str(), asked.handed_out(), asked.digest()), ("acme", None, None));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRequest {
    pub(super) id: OpaqueId,
    pub(super) by: OpaqueId,
    pub(super) day: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) done: Option<Done>,
}

/// That the list was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Done {
    pub(super) day: NaiveDate,
    pub(super) digest: Hash,
}

impl ListRequest {
    /// The customer `by` asked on that day.
    #[must_use]
    pub const fn new(id: OpaqueId, by: OpaqueId, day: NaiveDate) -> Self {
        Self { id, by, day, done: None }
    }

    /// Its own id.
    #[must_use]
    pub const fn id(&self) -> &OpaqueId {
        &self.id
    }

    /// Which customer asked.
    #[must_use]
    pub const fn by(&self) -> &OpaqueId {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }

    /// When the list was handed out.
    #[must_use]
    pub fn handed_out(&self) -> Option<NaiveDate> {
        self.done.map(|done| done.day)
    }

    /// The SHA-256 of [what was handed out](super::HandOut::text).
    #[must_use]
    pub fn digest(&self) -> Option<Hash> {
        self.done.map(|done| done.digest)
    }
}
