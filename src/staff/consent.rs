use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::condition::{Answer, CHANGE_REFUSED, Condition, Denied, GLASS_DISABLED, GLASS_ENABLED, REVOKED_ALL};
use super::party::Party;
use super::policy::StaffPolicy;
use super::scope::{Area, GrantId};
use crate::clause;
use crate::event::{Actor, Fact};
use crate::id::TenantId;
use crate::store::{Key, Record, Transition};
use crate::time::{Now, Timestamp};

/// On which terms a customer lets staff in without asking, in an emergency.
///
/// ```
/// use clausework::staff::{GlassTerms, GlassTermsError};
///
/// let terms = GlassTerms::try_new(60 * 60, None, 7 * 86_400)?; // an hour; told without delay; reviewed in a week
/// assert_eq!(terms.max_duration().as_secs(), 3600);
/// assert_eq!(GlassTerms::try_new(0, None, 86_400), Err(GlassTermsError::Duration { asked_secs: 0 }));
/// # Ok::<(), GlassTermsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredTerms")]
pub struct GlassTerms {
    max_secs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice_secs: Option<u64>,
    review_secs: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTerms {
    max_secs: u64,
    #[serde(default)]
    notice_secs: Option<u64>,
    review_secs: u64,
}

impl TryFrom<StoredTerms> for GlassTerms {
    type Error = GlassTermsError;

    fn try_from(StoredTerms { max_secs, notice_secs, review_secs }: StoredTerms) -> Result<Self, GlassTermsError> {
        Self::try_new(max_secs, notice_secs, review_secs)
    }
}

impl GlassTerms {
    /// The longest time to a notice or a review: 31 days (our choice).
    pub const MAX_WAIT: Duration = StaffPolicy::MAX_WAIT;

    /// For how long at most, in seconds; within how many seconds the customer is told, `None` for "without delay"; and
    /// within how many it is reviewed.
    ///
    /// # Errors
    /// [`GlassTermsError`] when one of them is zero, or over its ceiling.
    pub fn try_new(max_secs: u64, notice_secs: Option<u64>, review_secs: u64) -> Result<Self, GlassTermsError> {
        let waits = 1..=Self::MAX_WAIT.as_secs();
        if !(1..=StaffPolicy::MAX_DURATION.as_secs()).contains(&max_secs) {
            return Err(GlassTermsError::Duration { asked_secs: max_secs });
        }
        for asked_secs in notice_secs.into_iter().chain([review_secs]) {
            if !waits.contains(&asked_secs) {
                return Err(GlassTermsError::Wait { asked_secs });
            }
        }
        Ok(Self { max_secs, notice_secs, review_secs })
    }

    /// For how long at most; the ceiling of the policy holds beside it.
    #[must_use]
    pub const fn max_duration(&self) -> Duration {
        Duration::from_secs(self.max_secs)
    }

    /// By when the customer is told of what begins now; `None`: without delay.
    #[must_use]
    pub fn notice_due(&self, now: Now) -> Option<Timestamp> {
        self.notice_secs.map(|seconds| now.plus(Duration::from_secs(seconds)))
    }

    /// By when what begins now is reviewed.
    #[must_use]
    pub fn review_due(&self, now: Now) -> Timestamp {
        now.plus(Duration::from_secs(self.review_secs))
    }
}

/// Why there are no such terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GlassTermsError {
    /// Zero, or over [`StaffPolicy::MAX_DURATION`].
    #[error("an emergency of {asked_secs} seconds is not between 1 second and 366 days")]
    Duration {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Zero, or over [`GlassTerms::MAX_WAIT`].
    #[error("{asked_secs} seconds to a notice or a review are not between 1 second and 31 days")]
    Wait {
        /// Seconds asked for.
        asked_secs: u64,
    },
}

/// What is stored of a customer's consent as a whole, read at each use: the generation of its revocations, and whether
/// staff may let themselves in, in an emergency. Without a record they may not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentState {
    generation: u64,
    glass_generation: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    glass: Option<EnabledGlass>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnabledGlass {
    terms: GlassTerms,
    by: Actor,
}

impl Record for ConsentState {
    const KIND: &'static str = "staff_consent";
    const VERSION: u16 = 1;
}

impl ConsentState {
    /// The key of a customer's consent.
    #[must_use]
    pub fn key(tenant: &TenantId) -> Key {
        Key::of::<Self>(tenant.clone(), tenant)
    }

    /// One more each time that all grants were revoked: a grant of another generation is.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// The terms of emergencies, if they are enabled.
    #[must_use]
    pub fn glass(&self) -> Option<&GlassTerms> {
        self.glass.as_ref().map(|glass| &glass.terms)
    }

    pub(super) fn terms_of(&self, generation: u64) -> Option<&GlassTerms> {
        self.glass().filter(|_| self.glass_generation == generation)
    }

    pub(super) fn enabled(&self) -> Option<(&GlassTerms, &Actor, u64)> {
        self.glass.as_ref().map(|glass| (&glass.terms, &glass.by, self.glass_generation))
    }
}

/// Revokes all grants of the tenant, pending ones included; what is asked for after this is of the next generation. No
/// clock decides.
///
/// ```
/// use clausework::staff::revoke_all;
/// use clausework::store::Next;
///
/// let (Next::Put(consent), generation, _) = revoke_all(None).into_parts() else { panic!() };
/// assert_eq!((generation, consent.generation()), (1, 1)); // what is open is of 0
/// ```
pub fn revoke_all(state: Option<ConsentState>) -> Transition<ConsentState, u64> {
    let mut state = state.unwrap_or_default();
    // Wrapping: no number that was reached stays as it is.
    state.generation = state.generation.wrapping_add(1);
    let generation = state.generation;
    let fact = Fact::success(REVOKED_ALL).under(clause::E_5_5).with("generation", generation);
    Transition::put(state, generation).with(fact)
}

/// The customer, in the person of `by`, enables emergencies on these terms. Those under earlier terms are revoked.
///
/// For the record of the customer that `by` is of. Refused to an account without the right to, to staff, whatever their
/// right, and to whoever acts under a grant.
pub fn enable_glass(
    state: Option<ConsentState>,
    terms: GlassTerms,
    by: &Party,
) -> Transition<ConsentState, Answer<()>> {
    let failed =
        [by.within.as_ref().map(|_| Condition::Chained), (by.is_staff || !by.has_right).then_some(Condition::NoRight)];
    let failed: Vec<Condition> = failed.into_iter().flatten().collect();
    if !failed.is_empty() {
        let denied = Denied::new(failed);
        let fact = denied.fact(CHANGE_REFUSED, Area::Account);
        return Transition::keep(Answer::Denied(denied)).with(fact);
    }
    let mut state = state.unwrap_or_default();
    state.glass_generation = state.glass_generation.wrapping_add(1);
    let fact = Fact::success(GLASS_ENABLED).under(clause::E_5_5).with("max_secs", terms.max_secs);
    let fact = fact.with("review_secs", terms.review_secs).with("notice_secs", terms.notice_secs.unwrap_or_default());
    state.glass = Some(EnabledGlass { terms, by: by.actor.clone() });
    Transition::put(state, Answer::Granted(())).with(fact)
}

/// The customer disables emergencies: the next use under one is refused. Doing it twice changes nothing.
pub fn disable_glass(state: Option<ConsentState>) -> Transition<ConsentState, ()> {
    match state {
        Some(state) if state.glass.is_some() => {
            let state = ConsentState { glass: None, ..state };
            Transition::put(state, ()).with(Fact::success(GLASS_DISABLED).under(clause::E_5_5))
        }
        _ => Transition::keep(()),
    }
}

/// What is stored of which grants of a tenant are open: their ids alone, so that a customer's screen can load them.
///
/// An id leaves it when its grant ends, and at the latest at the first request after the instant at which the grant must
/// be over; one for which something is owed stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredIndex")]
pub struct IndexState {
    open: Vec<(GrantId, Option<i64>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredIndex {
    open: Vec<(GrantId, Option<i64>)>,
}

impl TryFrom<StoredIndex> for IndexState {
    type Error = &'static str;

    fn try_from(StoredIndex { open }: StoredIndex) -> Result<Self, Self::Error> {
        // INVARIANT: no decision lists more.
        if open.len() > usize::from(StaffPolicy::MAX_OPEN) {
            return Err("values that no decision writes");
        }
        Ok(Self { open })
    }
}

impl Record for IndexState {
    const KIND: &'static str = "staff_index";
    const VERSION: u16 = 1;
}

impl IndexState {
    /// The key of a customer's index.
    #[must_use]
    pub fn key(tenant: &TenantId) -> Key {
        Key::of::<Self>(tenant.clone(), tenant)
    }

    /// The ids, in the order of their requests.
    pub fn ids(&self) -> impl Iterator<Item = &GrantId> {
        self.open.iter().map(|(id, _)| id)
    }

    /// Leaves out what must be over by now: a minute later, so that no clock of another node is hurried.
    pub(super) fn prune(&mut self, now: Now) {
        let minute_ago = now.timestamp().saturating_sub(Duration::from_secs(60)).as_micros().div_euclid(1_000_000);
        self.open.retain(|(_, over)| over.is_none_or(|over| over >= minute_ago));
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn add(&mut self, id: GrantId, over: Option<Timestamp>) {
        self.open.push((id, over.map(seconds)));
    }

    /// Keeps an id as long as its grant can last by now, and says whether that is longer than it was, or an end at all.
    pub(super) fn extend(&mut self, id: &GrantId, over: Option<Timestamp>) -> bool {
        let Some((_, known)) = self.open.iter_mut().find(|(open, _)| open == id) else { return false };
        let over = over.map(seconds);
        let is_news = known.is_some() != over.is_some() || over > *known;
        *known = if is_news { over } else { *known };
        is_news
    }

    /// Takes an id out, and says whether it was there.
    pub(super) fn remove(&mut self, id: &GrantId) -> bool {
        let before = self.open.len();
        self.open.retain(|(open, _)| open != id);
        self.open.len() != before
    }
}

/// The first whole second after an instant.
fn seconds(instant: Timestamp) -> i64 {
    instant.as_micros().div_euclid(1_000_000).saturating_add(1)
}
