use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::condition::{Condition, UNDERTAKING_ENDED, UNDERTAKING_SIGNED};
use crate::clause;
use crate::event::Fact;
use crate::id::{OpaqueId, Scope};
use crate::store::{Key, Record, Transition};
use crate::time::{Now, Timestamp};

/// What binds a person to confidentiality (D-4.1c).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: the agreement lists these")]
pub enum Duty {
    /// An undertaking by contract.
    Contract,
    /// A professional duty.
    Professional,
    /// A statutory duty.
    Statutory,
}

impl Duty {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Professional => "professional",
            Self::Statutory => "statutory",
        }
    }
}

/// An undertaking of confidentiality: in force from an instant on, until another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all of it")]
pub struct Undertaking {
    /// What binds.
    pub duty: Duty,
    /// The document, by the id under which the host keeps it.
    pub reference: OpaqueId,
    /// From then on.
    pub from: Timestamp,
    /// No longer from then on; `None` for one without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Undertaking {
    /// Whether it is in force: the first instant counts, the last does not.
    #[must_use]
    pub fn is_in_force(&self, now: Now) -> bool {
        self.from <= now.timestamp() && self.until.is_none_or(|until| now.timestamp() < until)
    }
}

/// What is stored of a person of the operator's staff: the undertakings of confidentiality. Roles are the host's.
///
/// ```
/// use clausework::id::OpaqueId;
/// use clausework::staff::{Duty, MemberState, Undertaking, end_undertaking, sign};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let reference = OpaqueId::try_new("nda-7")?;
/// let nda = Undertaking { duty: Duty::Contract, reference: reference.clone(), from: now.timestamp(), until: None };
/// let (Next::Put(member), ..) = sign(None, nda).into_parts() else { panic!() };
/// assert!(member.is_bound(now));
///
/// // She leaves: bound as a person, but no longer let in on this document.
/// let (Next::Put(member), ..) = end_undertaking(Some(member), &reference).into_parts() else { panic!() };
/// assert!(!member.is_bound(now));
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct MemberState {
    undertakings: Vec<Undertaking>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    undertakings: Vec<Undertaking>,
}

impl TryFrom<Stored> for MemberState {
    type Error = &'static str;

    fn try_from(Stored { undertakings }: Stored) -> Result<Self, Self::Error> {
        // INVARIANT: no decision keeps more.
        if undertakings.len() > Self::MAX {
            return Err("values that no decision writes");
        }
        Ok(Self { undertakings })
    }
}

impl Record for MemberState {
    const KIND: &'static str = "staff_member";
    const VERSION: u16 = 1;
}

impl MemberState {
    /// The most undertakings that are kept: with one more, the one that was signed first goes.
    pub const MAX: usize = 16;

    /// The key of a member's record. It is the operator's.
    #[must_use]
    pub fn key(staff: &OpaqueId) -> Key {
        Key::of::<Self>(Scope::Operator, staff)
    }

    /// The undertakings, in the order of their signing.
    #[must_use]
    pub fn undertakings(&self) -> &[Undertaking] {
        &self.undertakings
    }

    /// Whether an undertaking is in force.
    #[must_use]
    pub fn is_bound(&self, now: Now) -> bool {
        self.undertakings.iter().any(|undertaking| undertaking.is_in_force(now))
    }

    /// What D-4.1c has against this person.
    pub(super) fn failed(member: Option<&Self>, now: Now) -> Option<Condition> {
        match member {
            Some(member) if member.is_bound(now) => None,
            Some(member) if !member.undertakings.is_empty() => Some(Condition::UndertakingNotInForce),
            _ => Some(Condition::NoUndertaking),
        }
    }
}

/// Notes an undertaking of confidentiality (D-4.1c). One that is noted already, by its reference, is replaced.
pub fn sign(state: Option<MemberState>, undertaking: Undertaking) -> Transition<MemberState, ()> {
    let mut state = state.unwrap_or_default();
    let fact = Fact::success(UNDERTAKING_SIGNED).under(clause::D_4_1C).with("duty", undertaking.duty.as_str());
    let fact = fact.with("reference", &undertaking.reference).with("from", undertaking.from);
    let fact = match undertaking.until {
        Some(until) => fact.with("until", until),
        None => fact,
    };
    state.undertakings.retain(|known| known.reference != undertaking.reference);
    state.undertakings.push(undertaking);
    if state.undertakings.len() > MemberState::MAX {
        state.undertakings.remove(0);
    }
    Transition::put(state, ()).with(fact)
}

/// Ends an undertaking, by its reference: the next use by this person is refused. It leaves the record, so that no clock that
/// steps back revives it; the event says when.
pub fn end_undertaking(state: Option<MemberState>, reference: &OpaqueId) -> Transition<MemberState, ()> {
    let mut state = state.unwrap_or_default();
    let before = state.undertakings.len();
    state.undertakings.retain(|undertaking| undertaking.reference != *reference);
    if state.undertakings.len() == before {
        return Transition::keep(());
    }
    let fact = Fact::success(UNDERTAKING_ENDED).under(clause::D_4_1C).with("reference", reference);
    Transition::put(state, ()).with(fact)
}
