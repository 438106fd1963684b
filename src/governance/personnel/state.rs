use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::governance::Days;
use crate::id::{OpaqueId, Scope};
use crate::store::{Key, Record};

/// What is stored of a person of the personnel, or of anybody else at work on site (`A2-Doc-2`): when he was there, what
/// he has acknowledged and attended. By an opaque id, without a name.
///
/// One record a person: there is room for 250 acknowledgements and attendances at least, and for about 700 with ids such as
/// `2026-q1`. When it is full, he can still leave.
///
/// ```
/// use clausework::governance::{PersonState, join, leave};
/// use clausework::store::Next;
///
/// let (Next::Put(anna), ..) = join(None, "2026-03-02".parse()?).into_parts() else { panic!() };
/// let (Next::Put(anna), ..) = leave(anna, "2026-06-30".parse()?).into_parts() else { panic!() };
/// assert!(anna.is_employed("2026-06-30".parse()?));
/// assert!(!anna.is_employed("2026-07-01".parse()?));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct PersonState {
    pub(super) tenures: Vec<Days>,
    pub(super) acknowledgements: Vec<Acknowledgement>,
    pub(super) attendances: Vec<Attendance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    tenures: Vec<Days>,
    acknowledgements: Vec<Acknowledgement>,
    attendances: Vec<Attendance>,
}

impl PersonState {
    /// The key of a person.
    #[must_use]
    pub fn key(scope: impl Into<Scope>, person: &OpaqueId) -> Key {
        Key::of::<Self>(scope, person)
    }

    /// When he was, or is, of the personnel.
    #[must_use]
    pub fn tenures(&self) -> &[Days] {
        &self.tenures
    }

    /// The time of service that a day is in.
    #[must_use]
    pub fn tenure(&self, day: NaiveDate) -> Option<Days> {
        self.tenures.iter().find(|days| days.has(day)).copied()
    }

    /// Whether he is of the personnel on a day.
    #[must_use]
    pub fn is_employed(&self, day: NaiveDate) -> bool {
        self.tenure(day).is_some()
    }

    /// What he has acknowledged.
    #[must_use]
    pub fn acknowledgements(&self) -> &[Acknowledgement] {
        &self.acknowledgements
    }

    /// What he has attended.
    #[must_use]
    pub fn attendances(&self) -> &[Attendance] {
        &self.attendances
    }

    /// The sessions of a programme that he had attended by a day.
    pub(in crate::governance) fn attended(
        &self,
        programme: &OpaqueId,
        day: NaiveDate,
    ) -> impl Iterator<Item = &OpaqueId> {
        let by_then = move |seen: &&Attendance| seen.programme == *programme && seen.day <= day;
        self.attendances.iter().filter(by_then).map(|seen| &seen.session)
    }
}

impl Record for PersonState {
    const KIND: &'static str = "personnel";
    const VERSION: u16 = 1;
}

impl TryFrom<Stored> for PersonState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let follows = |one: &Days, next: &Days| one.last().is_some_and(|last| last < next.first());
        if !stored.tenures.is_sorted_by(follows) {
            return Err("a time of service does not follow the one before it");
        }
        let given: BTreeSet<_> = stored.acknowledgements.iter().map(|given| (&given.policy, given.version)).collect();
        let seen: BTreeSet<_> = stored.attendances.iter().map(|seen| (&seen.programme, &seen.session)).collect();
        if given.len() < stored.acknowledgements.len() || seen.len() < stored.attendances.len() {
            return Err("the same is there twice");
        }
        Ok(Self { tenures: stored.tenures, acknowledgements: stored.acknowledgements, attendances: stored.attendances })
    }
}

/// That a person acknowledged a version of a policy.
///
/// ```
/// use clausework::governance::PersonState;
///
/// let person: PersonState = serde_json::from_str(
///     r#"{"tenures":[],"acknowledgements":[{"policy":"engage","version":1,"day":"2026-02-05"}],"attendances":[]}"#,
/// )?;
/// let given = &person.acknowledgements()[0];
/// assert_eq!((given.policy().as_str(), given.version(), given.day().to_string().as_str()), ("engage", 1, "2026-02-05"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    pub(super) policy: OpaqueId,
    pub(super) version: u32,
    pub(super) day: NaiveDate,
}

impl Acknowledgement {
    /// Which policy.
    #[must_use]
    pub const fn policy(&self) -> &OpaqueId {
        &self.policy
    }

    /// Which version.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// When.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }
}

/// That a person attended a session, or made up for it on a later day.
///
/// ```
/// use clausework::governance::PersonState;
///
/// let person: PersonState = serde_json::from_str(
///     r#"{"tenures":[],"acknowledgements":[],"attendances":[{"programme":"awareness","session":"2026-q1","day":"2026-02-12"}]}"#,
/// )?;
/// let seen = &person.attendances()[0];
/// assert_eq!((seen.programme().as_str(), seen.session().as_str()), ("awareness", "2026-q1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    pub(super) programme: OpaqueId,
    pub(super) session: OpaqueId,
    pub(super) day: NaiveDate,
}

impl Attendance {
    /// Of which programme.
    #[must_use]
    pub const fn programme(&self) -> &OpaqueId {
        &self.programme
    }

    /// Which session.
    #[must_use]
    pub const fn session(&self) -> &OpaqueId {
        &self.session
    }

    /// When.
    #[must_use]
    pub const fn day(&self) -> NaiveDate {
        self.day
    }
}
