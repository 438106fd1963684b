use core::ops::Range;

use super::LogState;
use crate::audit::checkpoint::{Checkpoint, Origin};
use crate::audit::tree::Frontier;
use crate::store::Transition;

impl LogState {
    /// Begins a checkpoint of what is committed: take the state from the store, not from an append that may yet fail.
    #[must_use = "nothing is signed by it"]
    pub fn checkpoint_plan(&self, origin: Origin) -> CheckpointPlan {
        CheckpointPlan { origin, before: self.checkpoint.clone(), after: self.frontier.clone() }
    }
}

/// A checkpoint to be: which records have to be read back before a key signs.
///
/// A log must never sign two heads that contradict each other, and a single bit that flipped between hashing and storing
/// is enough for that. So the records since the last checkpoint are read from storage and hashed once more, from the
/// frontier of that checkpoint: what is signed continues what was signed, and is what is stored.
///
/// ```
/// use clausework::audit::checkpoint::Origin;
/// use clausework::audit::sequencer::{Accepted, ConfirmError, LogState, append, note_checkpoint};
/// use clausework::store::Next;
/// use clausework::{Now, Timestamp};
///
/// let now = Now::from(Timestamp::MIN);
/// let records = [b"sign-in".as_slice(), b"export"];
/// let accepted = records.map(|record| Accepted::new(record, now.timestamp()));
/// let (Next::Put(log), ..) = append(None, now, 0, &accepted).into_parts() else { return Err("not appended".into()) };
///
/// let plan = log.checkpoint_plan(Origin::try_new("audit.example.com/acme")?);
/// assert_eq!(plan.records(), 0..2); // read these back
/// assert_eq!(plan.confirm([b"sign-in".as_slice(), b"exp0rt"]), Err(ConfirmError::Differs { size: 2 }));
/// let confirmed = plan.confirm(records)?;
/// assert!(confirmed.checkpoint().to_string().starts_with("audit.example.com/acme\n2\n")); // sign it, store it, and then:
/// let (Next::Put(log), ..) = note_checkpoint(log, &confirmed).into_parts() else { return Err("not noted".into()) };
/// assert_eq!(log.checkpointed(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointPlan {
    origin: Origin,
    before: Frontier,
    after: Frontier,
}

impl CheckpointPlan {
    /// The indices of the records to be read back.
    #[must_use]
    pub const fn records(&self) -> Range<u64> {
        self.before.size()..self.after.size()
    }

    /// Hashes what was read back, and releases the checkpoint if it is what was appended.
    ///
    /// # Errors
    /// [`ConfirmError`]: do not sign, and find out why.
    pub fn confirm<R: AsRef<[u8]>>(
        &self,
        records: impl IntoIterator<Item = R>,
    ) -> Result<ConfirmedCheckpoint, ConfirmError> {
        let expected = self.records();
        let mut tree = self.before.clone();
        for record in records {
            if tree.size() >= expected.end || tree.push(record.as_ref()).is_err() {
                return Err(ConfirmError::TooMany { size: expected.end });
            }
        }
        if tree.size() < expected.end {
            return Err(ConfirmError::Missing { index: tree.size() });
        }
        if tree != self.after {
            return Err(ConfirmError::Differs { size: expected.end });
        }
        Ok(ConfirmedCheckpoint { checkpoint: Checkpoint::new(self.origin.clone(), tree.head()), frontier: tree })
    }
}

/// A checkpoint whose records were read back: the one to be signed. Made by [`CheckpointPlan::confirm`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedCheckpoint {
    checkpoint: Checkpoint,
    frontier: Frontier,
}

impl ConfirmedCheckpoint {
    /// What is to be signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

/// Why a checkpoint must not be signed: storage does not hold what was appended. An alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfirmError {
    /// A record is not there.
    #[error("record {index} was appended and is not stored")]
    Missing {
        /// The first that is missing at the end; it may be another that is.
        index: u64,
    },
    /// There are records that were not appended.
    #[error("more records are stored than the {size} that were appended")]
    TooMany {
        /// Records of the log.
        size: u64,
    },
    /// A record is not what was appended.
    #[error("what is stored of the {size} records is not what was appended")]
    Differs {
        /// Records of the log.
        size: u64,
    },
}

/// Notes that a checkpoint was signed and stored. One that is older than the last known changes nothing.
///
/// The outcome is the size of the last checkpoint.
pub fn note_checkpoint(mut state: LogState, confirmed: &ConfirmedCheckpoint) -> Transition<LogState, u64> {
    let size = confirmed.frontier.size();
    if size <= state.checkpoint.size() || size > state.size() {
        return Transition::keep(state.checkpoint.size());
    }
    state.oldest_before = [state.oldest_before, state.oldest_after].into_iter().flatten().min();
    if size == state.size() {
        state.oldest_after = None;
    }
    state.checkpoint = confirmed.frontier.clone();
    Transition::put(state, size)
}

/// Notes that a checkpoint of this size is kept where whoever can change the log cannot change it: with the tenant, in
/// storage that is written once, in another log.
///
/// The outcome is the size that is anchored. A size beyond the last checkpoint is taken for that of no checkpoint.
pub fn note_anchor(mut state: LogState, size: u64) -> Transition<LogState, u64> {
    if size <= state.anchored || size > state.checkpoint.size() {
        return Transition::keep(state.anchored);
    }
    state.anchored = size;
    if size == state.checkpoint.size() {
        state.oldest_before = None;
    }
    Transition::put(state, size)
}
