use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{FamiliarPolicy, Mark};
use crate::store::{Record, Transition};
use crate::time::{Now, Timestamp};

/// A sign-in renews the familiarity of its source only if that gains a day, so that most sign-ins write nothing.
const GRAIN: Duration = Duration::from_secs(24 * 60 * 60);
/// How far the clocks of two nodes may differ before a source is not taken for familiar.
const SKEW: Duration = Duration::from_secs(60 * 60);

/// From where the bearer of an account has signed in: keyed marks, no addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct FamiliarState {
    sources: Vec<Source>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    mark: Mark,
    until: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    sources: Vec<Source>,
}

impl TryFrom<Stored> for FamiliarState {
    type Error = &'static str;

    fn try_from(Stored { sources }: Stored) -> Result<Self, Self::Error> {
        if sources.len() > FamiliarPolicy::MAX_SOURCES as usize {
            return Err("more sources than any decision keeps");
        }
        Ok(Self { sources })
    }
}

impl Record for FamiliarState {
    const KIND: &'static str = "familiar";
    const VERSION: u16 = 1;
    /// Its instants say when; its account is its key.
    const STAMPED: bool = false;
}

impl FamiliarState {
    /// How many sources are kept.
    #[must_use]
    pub const fn sources(&self) -> usize {
        self.sources.len()
    }
}

/// Whether this source is familiar now: until exactly its lifetime after a sign-in. A stored end that lies further
/// ahead than any (some clock was wrong) is not believed.
pub(crate) fn is_familiar(state: Option<&FamiliarState>, now: Now, policy: &FamiliarPolicy, source: Mark) -> bool {
    let furthest = now.plus(policy.lifetime().saturating_add(SKEW));
    let mut sources = state.into_iter().flat_map(|state| &state.sources);
    sources.any(|known| known.mark == source && now.timestamp() < known.until && known.until <= furthest)
}

/// Keeps the source of a sign-in: the latest ones, as many as the policy says.
pub(crate) fn remember(
    state: Option<FamiliarState>,
    now: Now,
    policy: &FamiliarPolicy,
    source: Mark,
) -> Transition<FamiliarState, ()> {
    let (mut state, until) = (state.unwrap_or_default(), now.plus(policy.lifetime()));
    let fresh = |known: &&Source| known.until.saturating_add(GRAIN) > until && known.until <= until;
    if state.sources.iter().any(|known| known.mark == source && fresh(&known)) {
        return Transition::keep(());
    }
    state.sources.retain(|known| known.mark != source && now.timestamp() < known.until);
    let excess = state.sources.len().saturating_add(1).saturating_sub(policy.sources as usize);
    state.sources.drain(..excess.min(state.sources.len()));
    state.sources.push(Source { mark: source, until });
    Transition::put(state, ())
}

/// Forgets all of them: with another password, everyone is a stranger.
pub(crate) fn forget(state: Option<FamiliarState>) -> Transition<FamiliarState, ()> {
    match state {
        Some(state) if !state.sources.is_empty() => Transition::put(FamiliarState::default(), ()),
        _ => Transition::keep(()),
    }
}
