use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::audit::record::{Class, Disclosure, Draft, DraftError, Place, Record, RecordError};
use crate::audit::sequencer::{Accepted, AppendOutcome, Integration, LogState, append};
use crate::audit::tree::{Hash, NodeId};
use crate::entropy::EntropyError;
use crate::id::Scope;
use crate::store::Next;
use crate::time::{Now, Timestamp};

/// Where a log ends: the state and the record that the next ones follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    scope: Scope,
    state: Option<LogState>,
    last: Option<Place>,
}

impl Tail {
    /// A log without a record.
    #[must_use]
    pub const fn new(scope: Scope) -> Self {
        Self { scope, state: None, last: None }
    }

    /// A log whose row holds this [state](Entries::state) and this [last](Entries::last) record.
    ///
    /// # Errors
    /// [`LogError::State`], [`LogError::Record`], or [`LogError::Torn`] if the two do not belong together.
    pub fn decode(scope: Scope, state: &str, last: &[u8]) -> Result<Self, LogError> {
        let state: LogState = serde_json::from_str(state).map_err(|_| LogError::State)?;
        let last = Record::decode(last)?;
        if last.place().index().checked_add(1) != Some(state.size()) || !is_of(&last, &scope) {
            return Err(LogError::Torn { size: state.size() });
        }
        let last = Some(last.place());
        Ok(Self { scope, state: Some(state), last })
    }

    /// Which log.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Its state; `None` before the first record.
    #[must_use]
    pub const fn state(&self) -> Option<&LogState> {
        self.state.as_ref()
    }

    /// Works out records of the log's own: intents, holds, reviews, heartbeats, or what a host has drafted.
    ///
    /// # Errors
    /// [`LogError::Draft`], also for what belongs to another tenant; [`LogError::Nothing`], [`LogError::Full`].
    pub fn enter(&self, now: Now, drafts: &mut [Draft<'_>]) -> Result<Entries, LogError> {
        let mut builder = Builder::new(self, now);
        drafts.iter_mut().try_for_each(|draft| builder.add(draft))?;
        builder.finish()
    }
}

/// Whether a record belongs to the log of this scope.
fn is_of(record: &Record<'_>, scope: &Scope) -> bool {
    match scope {
        Scope::Tenant(tenant) => record.tenant() == Some(tenant.as_str()),
        Scope::Operator => record.tenant().is_none(),
    }
}

/// A record that has its place.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    bytes: Vec<u8>,
    own: bool,
    at: Timestamp,
}

/// Encodes one draft after the other.
pub(super) struct Builder<'t> {
    tail: &'t Tail,
    now: Now,
    last: Option<Place>,
    entries: Vec<Entry>,
    disclosures: Vec<Disclosure>,
    pub(super) gaps: u64,
}

impl<'t> Builder<'t> {
    pub(super) const fn new(tail: &'t Tail, now: Now) -> Self {
        Self { tail, now, last: tail.last, entries: Vec::new(), disclosures: Vec::new(), gaps: 0 }
    }

    /// Gives the draft the next place. One that is refused takes none.
    pub(super) fn add(&mut self, draft: &mut Draft<'_>) -> Result<(), LogError> {
        let place = self.last.map_or_else(|| Place::first(self.now), |last| last.next(self.now));
        let mut bytes = Vec::new();
        let disclosures = draft.encode_into(place, &mut bytes)?;
        let record = Record::decode(&bytes)?;
        if !is_of(&record, &self.tail.scope) {
            return Err(LogError::Draft(DraftError::Refused { what: "a record of another tenant's log" }));
        }
        let (own, at) = (record.class() == Class::Log, record.at());
        self.disclosures.extend(disclosures);
        self.entries.push(Entry { bytes, own, at });
        self.last = Some(place);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Entries, LogError> {
        let Self { tail, now, entries, disclosures, gaps, .. } = self;
        let accepted: Vec<_> = entries.iter().map(|entry| Accepted::new(&entry.bytes, entry.at)).collect();
        let at = tail.state.as_ref().map_or(0, LogState::size);
        match append(tail.state.clone(), now, at, &accepted).into_parts() {
            (Next::Put(state), AppendOutcome::Appended(integration), _) => {
                let state = serde_json::to_string(&state).map_err(|_| LogError::State)?;
                Ok(Entries { state, integration, entries, disclosures, gaps })
            }
            (_, AppendOutcome::Nothing, _) => Err(LogError::Nothing),
            _ => Err(LogError::Full),
        }
    }
}

/// What is to be stored in one commit, if the log is still as it was when this was worked out.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "nothing is appended until this is stored"]
pub struct Entries {
    state: String,
    integration: Integration,
    entries: Vec<Entry>,
    disclosures: Vec<Disclosure>,
    gaps: u64,
}

impl Entries {
    /// The size that the log had.
    #[must_use]
    pub const fn replaces(&self) -> u64 {
        self.integration.replaces()
    }

    /// The indices of the new records.
    #[must_use]
    pub const fn range(&self) -> Range<u64> {
        self.integration.records()
    }

    /// The text of the state of the log after it.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The bytes of the last record: stored beside the state, so that the next one follows even if its row is purged.
    #[must_use]
    pub fn last(&self) -> &[u8] {
        self.entries.last().map(|entry| entry.bytes.as_slice()).unwrap_or_default()
    }

    /// The new records, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let places = self.range().zip(self.integration.leaves());
        self.entries.iter().zip(places).map(|(entry, (index, leaf))| {
            let Entry { bytes, own, .. } = entry;
            Row { index, leaf, bytes, own: *own }
        })
    }

    /// Every node that was completed, leaves included.
    #[must_use]
    pub fn nodes(&self) -> &[(NodeId, Hash)] {
        self.integration.nodes()
    }

    /// What opens the commitments of the new records: rows of their own, which may be deleted.
    #[must_use]
    pub fn disclosures(&self) -> &[Disclosure] {
        &self.disclosures
    }

    /// How many events could become no record, and are a gap with its reason.
    #[must_use]
    pub const fn gaps(&self) -> u64 {
        self.gaps
    }
}

/// Without what opens commitments.
impl core::fmt::Debug for Entries {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Entries").field("range", &self.range()).field("gaps", &self.gaps).finish_non_exhaustive()
    }
}

/// One new record, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row<'e> {
    /// Its index.
    pub index: u64,
    /// The hash of its leaf.
    pub leaf: Hash,
    /// The record: stored byte for byte.
    pub bytes: &'e [u8],
    /// Whether it is the log's own: what a [ledger](crate::audit::verify::Ledger) is read from, so worth an index.
    pub own: bool,
}

/// Why nothing can be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The stored state of the log cannot be read.
    #[error("the stored state of the log is none")]
    State,
    /// The last record that is stored cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The last record that is stored is not that of the state.
    #[error("the last record that is stored is not that of a log of {size} records")]
    Torn {
        /// The size by the state.
        size: u64,
    },
    /// A draft is no record.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// No salt could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// There is nothing to append.
    #[error("there is nothing to append")]
    Nothing,
    /// The log has 2^63 − 1 records.
    #[error("the log is full")]
    Full,
}
