//! From accepted records to leaves of the tree: one sequencer at a time, with no lock on the way in.
//!
//! | you want | use |
//! |---|---|
//! | append records to a log, and know what to store | [`integrate`], in a transaction of your own; [`append`], over the crate's [store](crate::store) |
//! | know what is to be done, and when to look again | [`SequencerPolicy::due`] |
//! | have the head signed, what was stored read back first | [`LogState::checkpoint_plan`], [`CheckpointPlan::confirm`], [`note_checkpoint`] |
//! | say that a checkpoint is safe elsewhere | [`note_anchor`] |
//! | watch how much is unprotected | [`LogState::oldest_unanchored`] |
//!
//! **In.** A record is accepted when the business transaction commits: it rides there as an event of the same batch, so
//! either both are there or neither. Nothing is chained at that point and no row is locked, so no two requests wait for
//! one another and none can fork the log.
//!
//! **Sequencing.** Some job takes what is accepted and not yet in the tree, and commits all of this in one transaction,
//! on condition that the log still has the size it began with: the records with their indices, their
//! [nodes](Integration::nodes), the new [`LogState`], and that the rows taken are taken. Of two sequencers one wins; the
//! other is told [`Moved`](AppendOutcome::Moved), writes nothing, and looks again. One that dies leaves either all of it
//! or nothing. Delete the rows that were taken in that transaction ([`log`](super::log) works out all of it); do not
//! remember "the last row number seen": rows become visible in another order than they are numbered, and one that comes
//! late would never be taken.
//!
//! **Out.** What is accepted but not below a checkpoint that is kept elsewhere is not protected yet.
//! [`oldest_unanchored`](LogState::oldest_unanchored) says since when, for an alarm.
//!
//! ```
//! use clausework::audit::sequencer::{Accepted, AppendOutcome, LogState, append};
//! use clausework::event::{Actor, Provenance};
//! use clausework::id::OpaqueId;
//! use clausework::store::{Change, MemoryStore, update};
//! use clausework::{Now, Scope, Timestamp};
//!
//! let (store, now) = (MemoryStore::new(), Now::from(Timestamp::MIN));
//! let by = Provenance::internal(Actor::Job(OpaqueId::try_new("sequencer")?));
//! let key = LogState::key(Scope::Operator);
//! let records = [Accepted::new(b"sign-in", now.timestamp()), Accepted::new(b"export", now.timestamp())];
//!
//! // `at` is the size the log had when the records were found not to be in it.
//! let run = |at| update(&store, [&key], |rows| {
//!     let mut change = Change::new(rows, now, &by);
//!     let outcome = change.apply(&key, append(rows.read(&key)?, now, at, &records))?;
//!     Ok(change.finish(outcome))
//! });
//! let AppendOutcome::Appended(done) = run(0)? else { return Err("not appended".into()) };
//! assert_eq!((done.records(), done.nodes().len()), (0..2, 3)); // two leaves and the node above them
//! assert_eq!(run(0)?, AppendOutcome::Moved { size: 2 });       // a second sequencer with the same records
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod plan;
mod policy;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

pub use self::plan::{CheckpointPlan, ConfirmError, ConfirmedCheckpoint, note_anchor, note_checkpoint};
pub use self::policy::{Due, SequencerPolicy, SequencerPolicyBuilder, SequencerPolicyError};
use super::checkpoint::{Checkpoint, Origin};
use super::tree::{Frontier, Hash, NodeId, TreeError, TreeHead, leaf_hash};
use crate::id::Scope;
use crate::store::{Key, KeyId, Record, Transition};
use crate::time::{Now, Timestamp};

/// What an append adds to a log: the records' indices, the nodes to be stored, and the state after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing is appended until this is stored"]
pub struct Integration {
    first: u64,
    frontier: Frontier,
    nodes: Vec<(NodeId, Hash)>,
}

impl Integration {
    /// The size that the log must still have when this is stored: compare it and swap.
    #[must_use]
    pub const fn replaces(&self) -> u64 {
        self.first
    }

    /// The indices of the records, in the order they were given.
    #[must_use]
    pub const fn records(&self) -> Range<u64> {
        self.first..self.frontier.size()
    }

    /// Every node that was completed, leaves included: two for each record on average.
    #[must_use]
    pub fn nodes(&self) -> &[(NodeId, Hash)] {
        &self.nodes
    }

    /// The hashes of the records' leaves, in order.
    pub fn leaves(&self) -> impl Iterator<Item = Hash> {
        self.nodes.iter().filter(|(node, _)| node.level() == 0).map(|(_, hash)| *hash)
    }

    /// What is needed for the next append.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Size and root after it.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        self.frontier.head()
    }

    /// The text of a checkpoint of it. A key should sign only what was read back from storage:
    /// [`LogState::checkpoint_plan`].
    #[must_use]
    pub fn checkpoint(&self, origin: Origin) -> Checkpoint {
        Checkpoint::new(origin, self.head())
    }
}

/// Appends records to a log: pure, for a host that stores everything in a transaction of its own.
///
/// ```
/// use clausework::audit::{sequencer::integrate, tree::{Frontier, root_of}};
///
/// let first = integrate(&Frontier::new(), ["sign-in", "export"])?;
/// let second = integrate(first.frontier(), ["sign-out"])?;
/// assert_eq!((second.replaces(), second.records()), (2, 2..3));
/// assert_eq!(second.head().root(), root_of(["sign-in", "export", "sign-out"]));
/// # Ok::<(), clausework::audit::tree::TreeError>(())
/// ```
///
/// # Errors
/// [`TreeError::TooLarge`]: the log is full.
pub fn integrate<R: AsRef<[u8]>>(
    before: &Frontier,
    records: impl IntoIterator<Item = R>,
) -> Result<Integration, TreeError> {
    let records = records.into_iter();
    let mut frontier = before.clone();
    // Room for no more than a batch: a hint is what somebody says.
    let expected = records.size_hint().0.min(SequencerPolicy::MAX_BATCH as usize);
    let mut nodes = Vec::with_capacity(expected.saturating_mul(2));
    for record in records {
        frontier.push_with(leaf_hash(record.as_ref()), |node, hash| nodes.push((node, hash)))?;
    }
    Ok(Integration { first: before.size(), frontier, nodes })
}

/// A record that was accepted and is not in the log yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted<'a> {
    record: &'a [u8],
    at: Timestamp,
}

impl<'a> Accepted<'a> {
    /// Its bytes, and when it was accepted.
    #[must_use]
    pub const fn new(record: &'a [u8], at: Timestamp) -> Self {
        Self { record, at }
    }

    /// The bytes.
    #[must_use]
    pub const fn record(&self) -> &'a [u8] {
        self.record
    }

    /// When it was accepted.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl AsRef<[u8]> for Accepted<'_> {
    fn as_ref(&self) -> &[u8] {
        self.record
    }
}

/// What is stored of a log beside its records and nodes: at most 63 hashes twice, and a few instants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct LogState {
    frontier: Frontier,
    /// The frontier at the last checkpoint.
    checkpoint: Frontier,
    /// The size of the largest checkpoint that is kept elsewhere.
    anchored: u64,
    /// When the last record was appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    appended_at: Option<Timestamp>,
    /// When the oldest record after the last checkpoint was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_after: Option<Timestamp>,
    /// When the oldest record up to the last checkpoint, and not anchored, was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_before: Option<Timestamp>,
}

impl LogState {
    /// The key of a log's state: there is one log in a scope.
    #[must_use]
    pub fn key(scope: impl Into<Scope>) -> Key {
        Key::of::<Self>(scope, KeyId::own("log"))
    }

    /// How many records the log has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// What is needed to append.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The size of the last checkpoint; 0 before the first.
    #[must_use]
    pub const fn checkpointed(&self) -> u64 {
        self.checkpoint.size()
    }

    /// The size of the largest checkpoint that is kept elsewhere; 0 before the first.
    #[must_use]
    pub const fn anchored(&self) -> u64 {
        self.anchored
    }

    /// When the last record was appended.
    #[must_use]
    pub const fn appended_at(&self) -> Option<Timestamp> {
        self.appended_at
    }

    /// Since when something is unprotected: when the oldest record was accepted that is below no checkpoint kept
    /// elsewhere. Never later than it should be; a little earlier, when an older checkpoint than the last is anchored.
    ///
    /// `waiting`: when the oldest record was accepted that is not in the log yet.
    #[must_use]
    pub fn oldest_unanchored(&self, waiting: Option<Timestamp>) -> Option<Timestamp> {
        [waiting, self.oldest_after, self.oldest_before].into_iter().flatten().min()
    }
}

impl Record for LogState {
    const KIND: &'static str = "audit_log";
    const VERSION: u16 = 1;
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    frontier: Frontier,
    checkpoint: Frontier,
    anchored: u64,
    #[serde(default)]
    appended_at: Option<Timestamp>,
    #[serde(default)]
    oldest_after: Option<Timestamp>,
    #[serde(default)]
    oldest_before: Option<Timestamp>,
}

impl TryFrom<Stored> for LogState {
    type Error = TreeError;

    fn try_from(stored: Stored) -> Result<Self, TreeError> {
        let Stored { frontier, checkpoint, anchored, appended_at, oldest_after, oldest_before } = stored;
        for (index, size) in [(checkpoint.size(), frontier.size()), (anchored, checkpoint.size())] {
            if index > size {
                return Err(TreeError::OutOfRange { index, size });
            }
        }
        Ok(Self { frontier, checkpoint, anchored, appended_at, oldest_after, oldest_before })
    }
}

/// What became of an append.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum AppendOutcome {
    /// The records are in the log, once this is committed: to be stored with the same commit.
    Appended(Integration),
    /// There were no records; nothing is written.
    Nothing,
    /// The log has grown since the records were found: another sequencer was here, and may have taken them. Nothing is
    /// written; look again.
    Moved {
        /// The log's size now.
        size: u64,
    },
    /// The log has 2^63 − 1 records; nothing is written.
    Full,
}

/// Appends accepted records to a log that still has the size `at`.
///
/// `at` is the size that was read before the records were found not to be in the log. Whatever happened in between, no
/// record is appended twice: the store's compare-and-swap refuses the commit, and when it is decided again, `at` does.
pub fn append(
    state: Option<LogState>,
    now: Now,
    at: u64,
    records: &[Accepted<'_>],
) -> Transition<LogState, AppendOutcome> {
    let mut state = state.unwrap_or_default();
    if state.size() != at {
        return Transition::keep(AppendOutcome::Moved { size: state.size() });
    }
    let Some(oldest) = records.iter().map(Accepted::at).min() else {
        return Transition::keep(AppendOutcome::Nothing);
    };
    let Ok(integration) = integrate(&state.frontier, records) else {
        return Transition::keep(AppendOutcome::Full);
    };
    state.frontier = integration.frontier.clone();
    state.appended_at = Some(now.timestamp());
    state.oldest_after = Some(state.oldest_after.map_or(oldest, |before| before.min(oldest)));
    Transition::put(state, AppendOutcome::Appended(integration))
}
