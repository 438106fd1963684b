use alloc::string::String;
use core::fmt;

use serde::Serialize;

use crate::audit::checkpoint::{Origin, VerifiedCheckpoint};
use crate::audit::record::{Body, Kind, Purge, Record, Seen};
use crate::audit::tree::{Hash, InclusionProof, ProofError, leaf_hash};
use crate::audit::verify::Ledger;
use crate::clause::{self, Clause};
use crate::time::Timestamp;

/// That an intent may now be carried out: it is in the log, a checkpoint covers it, and it is not done.
///
/// It comes from [`of`](Self::of) alone, and what says that the deletion is done comes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "nothing was deleted by it"]
pub struct Clearance {
    intent: u64,
    erasure: bool,
    seen: Seen,
}

/// Why an intent may not be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotCleared {
    /// The record is no intent.
    #[error("record {index} is of the kind {kind}, no intent")]
    NoIntent {
        /// Its index.
        index: u64,
        /// Its kind.
        kind: Kind,
    },
    /// The log does not have it open: it is done or withdrawn, or the ledger is not of this log.
    #[error("the intent {index} is not open")]
    NotOpen {
        /// Its index.
        index: u64,
    },
    /// No checkpoint covers it yet: should the log be lost now, nothing would explain what is gone.
    #[error("the checkpoint of {size} records does not cover the intent {index}")]
    NotCovered {
        /// Its index.
        index: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The record is not the one that the log has there.
    #[error("the record {index} is not the intent of the log")]
    Differs {
        /// Its index.
        index: u64,
    },
    /// Nothing shows that it is in the tree of the checkpoint: the checkpoint may be of another log.
    #[error("the intent {index} is not shown to be below the checkpoint: {error}")]
    NotIncluded {
        /// Its index.
        index: u64,
        /// Why the proof shows nothing.
        error: ProofError,
    },
    /// A legal hold was set after it: plan it again.
    #[error("a legal hold was set after the intent {index}")]
    HeldSince {
        /// Its index.
        index: u64,
    },
}

impl Clearance {
    /// As [`of`](Self::of), with the proof that the intent is below the checkpoint. So the checkpoint is of this log, and
    /// whoever keeps it can show the intent; by the ledger alone that is the word of whoever hands both in.
    ///
    /// # Errors
    /// [`NotCleared`]: delete nothing.
    pub fn proven(
        intent: &Record<'_>,
        proof: &InclusionProof,
        ledger: &Ledger,
        checkpoint: &VerifiedCheckpoint<'_>,
    ) -> Result<Self, NotCleared> {
        let clearance = Self::of(intent, ledger, checkpoint)?;
        match included(intent, proof, checkpoint) {
            Ok(()) => Ok(clearance),
            Err(error) => Err(NotCleared::NotIncluded { index: clearance.intent, error }),
        }
    }

    /// Of an intent, by the ledger of the log as it is now, and a checkpoint over it. That the checkpoint is of the same
    /// log is for the caller to know, who verified it for its origin; [`proven`](Self::proven) checks it.
    ///
    /// # Errors
    /// [`NotCleared`]: delete nothing.
    pub fn of(intent: &Record<'_>, ledger: &Ledger, checkpoint: &VerifiedCheckpoint<'_>) -> Result<Self, NotCleared> {
        let (index, kind, head) = (intent.place().index(), intent.body().kind(), checkpoint.head());
        let erasure = match kind {
            Kind::ErasureIntent => true,
            Kind::PurgeIntent => false,
            kind => return Err(NotCleared::NoIntent { index, kind }),
        };
        let seen = Seen { size: head.size(), root: *head.root().as_bytes() };
        let clearance = Self { intent: index, erasure, seen };
        if head.size() <= index {
            return Err(NotCleared::NotCovered { index, size: head.size() });
        }
        clearance.still_holds(ledger)?;
        match ledger.open_intent(index) {
            Some(leaf) if leaf == leaf_hash(intent.as_bytes()) => Ok(clearance),
            _ => Err(NotCleared::Differs { index }),
        }
    }

    /// The index of the intent: its body says what may be deleted, and nothing else does.
    #[must_use]
    pub const fn intent(&self) -> u64 {
        self.intent
    }

    /// Whether the intent is open still and no hold was set after it, by the ledger as it is where the deletion is
    /// committed: both may have changed since it was cleared.
    ///
    /// # Errors
    /// [`NotCleared`]: delete nothing.
    pub fn still_holds(&self, ledger: &Ledger) -> Result<(), NotCleared> {
        let index = self.intent;
        if !ledger.open_intents().any(|open| open == index) {
            return Err(NotCleared::NotOpen { index });
        }
        if ledger.is_held_since(index) {
            return Err(NotCleared::HeldSince { index });
        }
        Ok(())
    }

    /// What says that so many rows were deleted: to be accepted in the same commit.
    #[must_use]
    pub const fn done(&self, count: u64) -> Body<'static> {
        let Self { intent, seen, .. } = *self;
        if self.erasure { Body::ErasureDone { intent, seen, count } } else { Body::PurgeDone { intent, seen, count } }
    }
}

/// The evidence that records or values were destroyed: what a certificate of deletion is made of (D-10.4), and the
/// documented destruction of A2-Use-6.
///
/// It says of the log what the log says. Whoever has the [bundle](crate::audit::bundle) up to `log_size` can verify it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Certificate {
    /// Which log.
    pub log: String,
    /// What was destroyed, in words.
    pub what: String,
    /// How many rows were deleted.
    pub count: u64,
    /// By what right.
    pub ground: String,
    /// Who asked for it, if somebody did.
    pub requested_by: Option<String>,
    /// Who carried it out.
    pub performed_by: String,
    /// When it was decided.
    pub intended_at: Timestamp,
    /// When it was done.
    pub done_at: Timestamp,
    /// The index of the intent.
    pub intent: u64,
    /// The index of the record that says it is done.
    pub done: u64,
    /// The size of the checkpoint that covers both.
    pub log_size: u64,
    /// And its root.
    pub log_root: Hash,
}

impl Certificate {
    /// The clauses that ask for it.
    pub const CLAUSES: [Clause; 2] = [clause::D_10_4, clause::A2_USE_6];

    /// Of an intent and the record that it is done, each with the proof that it is below the checkpoint; `None` if they
    /// do not belong together, the checkpoint is of another log than `origin`, or a proof does not lead to it.
    #[must_use]
    pub fn of(
        (intent, intent_proof): (&Record<'_>, &InclusionProof),
        (done, done_proof): (&Record<'_>, &InclusionProof),
        checkpoint: &VerifiedCheckpoint<'_>,
        origin: &Origin,
    ) -> Option<Self> {
        let (before, after, head) = (intent.place(), done.place(), checkpoint.head());
        included(intent, intent_proof, checkpoint).ok()?;
        included(done, done_proof, checkpoint).ok()?;
        let (kind, of, count) = match done.body() {
            Body::ErasureDone { intent, count, .. } => (Kind::ErasureIntent, intent, count),
            Body::PurgeDone { intent, count, .. } => (Kind::PurgeIntent, intent, count),
            _ => return None,
        };
        let ordered = before.index() < after.index() && checkpoint.checkpoint().origin() == origin;
        if of != before.index() || kind != intent.body().kind() || !ordered || intent.tenant() != done.tenant() {
            return None;
        }
        let (what, ground, requested_by) = match intent.body() {
            Body::ErasureIntent { targets, ground, requested_by, request } => {
                let what = alloc::format!("the personal values of {} targets, as asked in {request}", targets.len());
                (what, ground, Some(alloc::format!("{requested_by}")))
            }
            Body::PurgeIntent { what, youngest, ground } => {
                let what = match what {
                    Purge::Disclosures { class, ranges } => {
                        alloc::format!("personal values of the class {class} in {} ranges", ranges.len())
                    }
                    Purge::Bodies { class, ranges } => {
                        alloc::format!("records of the class {class} in {} ranges", ranges.len())
                    }
                    Purge::Prefix { minimum_index } => alloc::format!("all before record {minimum_index}"),
                };
                (alloc::format!("{what}, recorded until {youngest}"), ground, None)
            }
            _ => return None,
        };
        Some(Self {
            log: checkpoint.checkpoint().origin().as_str().into(),
            what,
            count,
            ground: alloc::format!("{ground}"),
            requested_by,
            performed_by: alloc::format!("{}", done.actor()),
            intended_at: before.recorded_at(),
            done_at: after.recorded_at(),
            intent: before.index(),
            done: after.index(),
            log_size: head.size(),
            log_root: head.root(),
        })
    }
}

/// Whether the proof leads from this record, at its own index, to the checkpoint.
fn included(
    record: &Record<'_>,
    proof: &InclusionProof,
    checkpoint: &VerifiedCheckpoint<'_>,
) -> Result<(), ProofError> {
    if proof.index() != record.place().index() {
        return Err(ProofError::Path);
    }
    proof.verify(&leaf_hash(record.as_bytes()), &checkpoint.head())
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log, what, count, ground, performed_by, done_at, intent, done, log_size, log_root, .. } = self;
        writeln!(f, "destroyed: {what}; {count} rows, by {ground}")?;
        writeln!(f, "by {performed_by} at {done_at}, intended in record {intent}, done in record {done}")?;
        writeln!(f, "of the log {}, checkpoint {log_size} with root {log_root}", log.escape_debug())
    }
}
