//! What the audit logs have in common beside [`clausework::audit::log`].

use std::ops::Range;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointError, LogProof, SignError, SignedCheckpoint};
use clausework::audit::log::{self, Entries, Tail};
use clausework::audit::record::{Body, Disclosure, Record, RecordError};
use clausework::audit::retention::NotCleared;
use clausework::audit::sequencer::ConfirmError;
use clausework::audit::tree::{ConsistencyProof, InclusionProof, ProofError, TreeError, leaf_hash};
use clausework::{Scope, Timestamp};

/// What became of what was to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Sequenced {
    /// These indices were given.
    Appended(Range<u64>),
    /// Nothing waits.
    Nothing,
    /// Another sequencer was faster; nothing was written. Look again.
    Moved,
}

/// What was worked out and is not stored yet.
#[derive(Debug)]
#[must_use = "nothing is appended until this is stored"]
pub struct Prepared {
    pub(crate) scope: String,
    /// The text of the state that is replaced; `None` for the first record.
    pub(crate) before: Option<String>,
    pub(crate) entries: Entries,
    /// What is then no longer waiting.
    pub(crate) taken: Vec<i64>,
}

impl Prepared {
    /// How many events could become no record and are a gap with its reason instead: for an alarm.
    #[must_use]
    pub const fn gaps(&self) -> u64 {
        self.entries.gaps()
    }
}

/// A record as it is stored, for whoever shows it. What it says is not verified by this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Where it stands.
    pub index: u64,
    /// The canonical bytes; `None` if they were purged.
    pub body: Option<Vec<u8>>,
    /// What opens its commitments, as far as it was not erased.
    pub values: Vec<Disclosure>,
}

/// Bodies, newest first, each with its values.
pub(crate) fn page(bodies: Vec<(i64, Option<Vec<u8>>)>, values: Vec<Disclosure>) -> Vec<StoredRecord> {
    let of = |index: u64| values.iter().filter(|value| value.index() == index).cloned().collect();
    let record = |(index, body)| StoredRecord { index: unsigned(index), body, values: of(unsigned(index)) };
    bodies.into_iter().map(record).collect()
}

/// The row of a log: the text of its state, and what that and the last record say.
pub(crate) struct Head {
    pub(crate) text: Option<String>,
    pub(crate) tail: Tail,
}

impl Head {
    pub(crate) fn read<E>(scope: &Scope, row: Option<(String, Vec<u8>)>) -> Result<Self, LogError<E>> {
        let Some((text, last)) = row else { return Ok(Self { text: None, tail: Tail::new(scope.clone()) }) };
        let tail = Tail::decode(scope.clone(), &text, &last)?;
        Ok(Self { text: Some(text), tail })
    }

    /// These entries, for the log as it is here.
    pub(crate) fn prepared(self, entries: Entries, taken: Vec<i64>) -> Prepared {
        Prepared { scope: self.tail.scope().to_string(), before: self.text, entries, taken }
    }
}

/// What waits: its number, when it was accepted, its text.
pub(crate) type WaitingRow = (i64, i64, String);

pub(crate) fn waiting(rows: &[WaitingRow]) -> impl Iterator<Item = log::Waiting<'_>> {
    rows.iter().map(|(_, at, text)| log::Waiting::new(text, Timestamp::from_micros(*at)))
}

/// The bodies of these indices, all of them.
pub(crate) fn whole<E>(range: Range<u64>, rows: Vec<(u64, Option<Vec<u8>>)>) -> Result<Vec<Vec<u8>>, LogError<E>> {
    let mut rows = rows.into_iter().peekable();
    range
        .map(|index| {
            let body = rows.next_if(|(found, _)| *found == index).and_then(|(_, body)| body);
            body.ok_or(LogError::Confirm(ConfirmError::Missing { index }))
        })
        .collect()
}

/// Whether the keys change in one of these: the checkpoint over them is the word of the key that goes, and stays.
pub(crate) fn changes_keys(bodies: &[Vec<u8>]) -> bool {
    bodies.iter().any(|bytes| Record::decode(bytes).is_ok_and(|record| matches!(record.body(), Body::KeyChange { .. })))
}

/// The text of the proof that a record is stored with when the beginning that it stands in goes.
pub(crate) fn kept<E>(body: &[u8], proof: &InclusionProof, over: &SignedCheckpoint) -> Result<String, LogError<E>> {
    proof.verify(&leaf_hash(body), &over.unverified().head())?;
    Ok(LogProof::new(proof, over.clone())?.to_string())
}

/// The bytes of the proof that a checkpoint is stored with when what it can be met at goes.
pub(crate) fn link<E>(
    earlier: &SignedCheckpoint,
    proof: &ConsistencyProof,
    later: &SignedCheckpoint,
) -> Result<Vec<u8>, LogError<E>> {
    proof.verify(&earlier.unverified().head(), &later.unverified().head())?;
    Ok(proof.to_bytes())
}

/// A checkpoint as it is stored, with the proof that links it to a later one.
pub(crate) type CheckpointRow = (String, Option<Vec<u8>>);

pub(crate) fn add_checkpoints<E>(bundle: &mut Bundle, rows: Vec<CheckpointRow>) -> Result<(), LogError<E>> {
    for (text, link) in rows {
        bundle.add_checkpoint(SignedCheckpoint::parse(&text)?);
        if let Some(link) = link {
            bundle.add_consistency(ConsistencyProof::from_bytes(&link)?);
        }
    }
    Ok(())
}

pub(crate) fn disclosures<E>(texts: Vec<String>) -> Result<Vec<Disclosure>, LogError<E>> {
    texts.iter().map(|text| Ok(serde_json::from_str(text)?)).collect()
}

/// The numbers of a log fit 63 bits.
pub(crate) fn signed<E>(number: u64) -> Result<i64, LogError<E>> {
    i64::try_from(number).map_err(|_| LogError::Log(log::LogError::Full))
}

pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Nothing is deleted before a checkpoint covers its intent.
pub(crate) const NO_CHECKPOINT: &str = "has no checkpoint";

/// There is a row already where a log in this state has none.
pub(crate) const BEYOND: &str = "has rows beyond its state: was a part of it restored from a backup?";

/// Why the log could not be read or written; `E` is the database's own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError<E> {
    /// The database.
    #[error("{0}")]
    Store(E),
    /// What is stored of the log, or what was to be appended.
    #[error(transparent)]
    Log(#[from] log::LogError),
    /// A stored record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// What is stored is not what was appended. An alarm.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// A proof that was to be stored does not hold: a record, a node or a checkpoint was changed. An alarm.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The key.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A stored checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A stored value, or the state.
    #[error("a stored value of the log: {0}")]
    Json(#[from] serde_json::Error),
    /// The intent may not be carried out: no checkpoint covers it, it is done, or a hold was set.
    #[error(transparent)]
    NotCleared(#[from] NotCleared),
    /// A row of the log is gone, or one is there that should not be. An alarm.
    #[error("the log {what}")]
    Broken {
        /// What is wrong.
        what: &'static str,
    },
}
