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

/// From where the bearer of an account has signed in with the present password: keyed marks, no addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct FamiliarState {
    /// Of the credential that was shown there. With any other, everyone is a stranger: a sign-in that was under way
    /// when the password was replaced may still write its source here, and must gain nothing by it.
    generation: u64,
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
    generation: u64,
    sources: Vec<Source>,
}

impl TryFrom<Stored> for FamiliarState {
    type Error = &'static str;

    fn try_from(Stored { generation, sources }: Stored) -> Result<Self, Self::Error> {
        if sources.len() > FamiliarPolicy::MAX_SOURCES as usize {
            return Err("more sources than any decision keeps");
        }
        Ok(Self { generation, sources })
    }
}

impl Record for FamiliarState {
    const KIND: &'static str = "familiar";
    const VERSION: u16 = 2;
    /// Its instants say when; its account is its key.
    const STAMPED: bool = false;

    /// Version 1 did not say with which credential: nobody is familiar until the next sign-in.
    fn upgrade(version: u16, state: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct V1 {
            #[serde(rename = "sources")]
            _sources: Vec<Source>,
        }
        let V1 { .. } = serde_json::from_str(state).ok().filter(|_| version == 1)?;
        Some(Self::default())
    }
}

impl FamiliarState {
    /// How many sources are kept.
    #[must_use]
    pub const fn sources(&self) -> usize {
        self.sources.len()
    }
}

/// A source as it is marked: under the present key, and under the one before, if the ring has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceMarks {
    pub(crate) current: Mark,
    pub(crate) former: Option<Mark>,
}

impl SourceMarks {
    fn has(self, mark: Mark) -> bool {
        mark == self.current || Some(mark) == self.former
    }
}

/// Whether this source is familiar now, to the bearer of this credential: until exactly its lifetime after a sign-in.
/// A stored end that lies further ahead than any (some clock was wrong) is not believed.
pub(crate) fn is_familiar(
    state: Option<&FamiliarState>,
    now: Now,
    policy: &FamiliarPolicy,
    generation: u64,
    source: SourceMarks,
) -> bool {
    let furthest = now.plus(policy.lifetime().saturating_add(SKEW));
    let mut sources = state.filter(|state| state.generation == generation).into_iter().flat_map(|state| &state.sources);
    sources.any(|known| source.has(known.mark) && now.timestamp() < known.until && known.until <= furthest)
}

/// Keeps the source of a sign-in with this credential: the latest ones, as many as the policy says. Those of another
/// credential are forgotten.
pub(crate) fn remember(
    state: Option<FamiliarState>,
    now: Now,
    policy: &FamiliarPolicy,
    generation: u64,
    source: SourceMarks,
) -> Transition<FamiliarState, ()> {
    let state = state.filter(|state| state.generation == generation);
    let mut state = state.unwrap_or(FamiliarState { generation, sources: Vec::new() });
    let until = now.plus(policy.lifetime());
    let fresh = |known: &&Source| known.until.saturating_add(GRAIN) > until && known.until <= until;
    if state.sources.iter().any(|known| known.mark == source.current && fresh(&known)) {
        return Transition::keep(());
    }
    state.sources.retain(|known| !source.has(known.mark) && now.timestamp() < known.until);
    let excess = state.sources.len().saturating_add(1).saturating_sub(policy.sources as usize);
    state.sources.drain(..excess.min(state.sources.len()));
    state.sources.push(Source { mark: source.current, until });
    Transition::put(state, ())
}
