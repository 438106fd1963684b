use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::LogState;
use crate::time::{Now, SKEW, Timestamp};

const SECONDS: core::ops::RangeInclusive<u64> = 1..=SequencerPolicy::MAX_SECS;

/// How often a log is checkpointed, when it says that it lives, and how many records one transaction takes.
///
/// No clause gives these numbers: A2-Mon-2 asks that logs be "secure, accurate, unmodified" and leaves open how soon. The
/// defaults are a minute (what is lost of the protection when the host is broken into), an hour (how long "nothing was
/// logged" may go without evidence) and 256 records.
///
/// ```
/// use core::time::Duration;
/// use clausework::audit::sequencer::{Due, LogState, SequencerPolicy};
/// use clausework::{Now, Timestamp};
///
/// let policy = SequencerPolicy::builder().checkpoint_secs(30).build()?;
/// assert_eq!(policy.checkpoint_every(), Duration::from_secs(30));
/// let now = Now::from(Timestamp::MIN);
/// assert_eq!(policy.due(None, now, Some(now.timestamp())), Due::Integrate);
/// assert_eq!(policy.due(None, now, None), Due::Heartbeat); // a log that was never written to: say that it began
/// assert!(SequencerPolicy::builder().checkpoint_secs(0).build().is_err());
/// # Ok::<(), clausework::audit::sequencer::SequencerPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SequencerPolicyBuilder")]
pub struct SequencerPolicy(SequencerPolicyBuilder);

impl SequencerPolicy {
    /// The longest time between two checkpoints, and between two heartbeats: a day.
    pub const MAX_SECS: u64 = 24 * 60 * 60;
    /// The most records of one transaction.
    pub const MAX_BATCH: u32 = 65_536;

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> SequencerPolicyBuilder {
        SequencerPolicyBuilder::default()
    }

    /// How long a record may be in the log without a checkpoint over it.
    #[must_use]
    pub const fn checkpoint_every(&self) -> Duration {
        Duration::from_secs(self.0.checkpoint_secs)
    }

    /// How long nothing may be appended before a heartbeat is.
    #[must_use]
    pub const fn heartbeat_every(&self) -> Duration {
        Duration::from_secs(self.0.heartbeat_secs)
    }

    /// How many records one transaction takes at most.
    #[must_use]
    pub const fn batch(&self) -> u32 {
        self.0.batch
    }

    /// What is to be done next with a log.
    ///
    /// `waiting`: when the oldest record was accepted that is not in the log yet. A clock that steps back makes things
    /// due earlier, never later.
    pub fn due(&self, state: Option<&LogState>, now: Now, waiting: Option<Timestamp>) -> Due {
        let ahead = now.plus(SKEW);
        // Whatever was noted in the future was noted by a clock that was wrong.
        let due_at =
            |noted: Timestamp, every| if noted > ahead { now.timestamp() } else { noted.saturating_add(every) };
        let reached = |at: Timestamp| at <= now.timestamp();
        let checkpoint = state.and_then(|state| state.oldest_after).map(|at| due_at(at, self.checkpoint_every()));
        if checkpoint.is_some_and(reached) {
            return Due::Checkpoint;
        }
        if waiting.is_some() {
            return Due::Integrate;
        }
        let appended = state.and_then(|state| state.appended_at);
        match appended.map(|at| due_at(at, self.heartbeat_every())) {
            Some(heartbeat) if !reached(heartbeat) => {
                Due::Nothing { wake_at: checkpoint.map_or(heartbeat, |checkpoint| checkpoint.min(heartbeat)) }
            }
            _ => Due::Heartbeat,
        }
    }
}

/// What is to be done next with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a sequencer does these and nothing else")]
pub enum Due {
    /// Have what is in the log signed ([`LogState::checkpoint_plan`]).
    Checkpoint,
    /// Append what waits ([`append`](super::append)), at most a [batch](SequencerPolicy::batch).
    Integrate,
    /// Append a record that says that nothing happened: the checkpoint over it is the evidence, and a log that was
    /// stopped shows by its absence.
    Heartbeat,
    /// Nothing before this instant, unless a record is accepted.
    Nothing {
        /// When to look again.
        wake_at: Timestamp,
    },
}

/// Values for a [`SequencerPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SequencerPolicyBuilder {
    checkpoint_secs: u64,
    heartbeat_secs: u64,
    batch: u32,
}

impl Default for SequencerPolicyBuilder {
    fn default() -> Self {
        Self { checkpoint_secs: 60, heartbeat_secs: 60 * 60, batch: 256 }
    }
}

impl SequencerPolicyBuilder {
    /// How long a record may be in the log without a checkpoint over it: 1 second to a day.
    #[must_use]
    pub const fn checkpoint_secs(mut self, seconds: u64) -> Self {
        self.checkpoint_secs = seconds;
        self
    }

    /// How long nothing may be appended before a heartbeat is: 1 second to a day.
    #[must_use]
    pub const fn heartbeat_secs(mut self, seconds: u64) -> Self {
        self.heartbeat_secs = seconds;
        self
    }

    /// How many records one transaction takes at most: 1 to 65536.
    #[must_use]
    pub const fn batch(mut self, records: u32) -> Self {
        self.batch = records;
        self
    }

    /// Checks the values.
    ///
    /// # Errors
    /// [`SequencerPolicyError`] when one is out of its range.
    pub fn build(self) -> Result<SequencerPolicy, SequencerPolicyError> {
        if !SECONDS.contains(&self.checkpoint_secs) {
            return Err(SequencerPolicyError::Checkpoint { secs: self.checkpoint_secs });
        }
        if !SECONDS.contains(&self.heartbeat_secs) {
            return Err(SequencerPolicyError::Heartbeat { secs: self.heartbeat_secs });
        }
        if self.batch == 0 || self.batch > SequencerPolicy::MAX_BATCH {
            return Err(SequencerPolicyError::Batch { records: self.batch });
        }
        Ok(SequencerPolicy(self))
    }
}

impl TryFrom<SequencerPolicyBuilder> for SequencerPolicy {
    type Error = SequencerPolicyError;

    fn try_from(builder: SequencerPolicyBuilder) -> Result<Self, SequencerPolicyError> {
        builder.build()
    }
}

/// Why a [`SequencerPolicy`] is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SequencerPolicyError {
    /// Between two checkpoints.
    #[error("a checkpoint every {secs} seconds is not between 1 and 86400")]
    Checkpoint {
        /// Seconds found.
        secs: u64,
    },
    /// Between two heartbeats.
    #[error("a heartbeat every {secs} seconds is not between 1 and 86400")]
    Heartbeat {
        /// Seconds found.
        secs: u64,
    },
    /// Of one transaction.
    #[error("a batch of {records} records is not between 1 and 65536")]
    Batch {
        /// Records found.
        records: u32,
    },
}
