mod rows;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointSigner, Origin, SignedCheckpoint};
use clausework::audit::log::{Removal, fill};
use clausework::audit::record::{Class, Draft, Record};
use clausework::audit::retention::Clearance;
use clausework::audit::sequencer::{LogState, note_anchor, note_checkpoint};
use clausework::audit::tree::Hash;
use clausework::audit::verify::{Ledger, Values};
use clausework::entropy::Entropy;
use clausework::event::Event;
use clausework::id::OpaqueId;
use clausework::store::Next;
use clausework::{Now, Scope, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use self::rows::{body, delete, enter, frontier, head, int, ledger, put, write_lock};
use super::{SqliteError, SqliteStore};
use crate::log::{LogError, Prepared, Sequenced, WaitingRow, disclosures, unsigned, waiting, whole};

const SCHEMA: &str = include_str!("log.sql");

type Error = LogError<SqliteError>;

const FOREIGN: Error = LogError::Broken { what: "holds events of a scope that is none" };

/// The audit log in a SQLite file, beside the records and events of a [`SqliteStore`].
///
/// Nothing is locked on the way in, and the sequencer hashes before it takes the write lock: of two, one is told
/// [`Sequenced::Moved`]. What has become a record is no longer among the store's events.
pub struct SqliteLog {
    store: SqliteStore,
}

impl From<SqliteError> for Error {
    fn from(error: SqliteError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl SqliteLog {
    /// Opens the file, or creates it, and takes in every event that is there.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let mut store = SqliteStore::open(path)?;
        let transaction = write_lock(&mut store.0)?;
        let there = "SELECT count(*) FROM pragma_table_info('audit_waiting') WHERE name = 'at'";
        if transaction.query_row(there, [], |row| row.get::<_, i64>(0))? == 0 {
            transaction.execute_batch(SCHEMA)?;
        }
        transaction.commit()?;
        Ok(Self { store })
    }

    /// The store: what is committed through it, or any other handle of the file, is accepted.
    pub const fn store(&mut self) -> &mut SqliteStore {
        &mut self.store
    }

    /// Whose events wait.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn waiting(&self) -> Result<Vec<Scope>, Error> {
        let mut select = self.store.0.prepare_cached("SELECT DISTINCT scope FROM audit_waiting ORDER BY scope")?;
        let scopes: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        scopes.into_iter().map(|text| Scope::try_from(text).map_err(|_| FOREIGN)).collect()
    }

    /// When the oldest event was accepted that waits, and the state of the log: what
    /// [`SequencerPolicy::due`](clausework::audit::sequencer::SequencerPolicy::due) asks.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn state(&self, scope: &Scope) -> Result<(Option<LogState>, Option<Timestamp>), Error> {
        // In this order: what is sequenced in between is then seen twice, and not never.
        let mut oldest = self.store.0.prepare_cached("SELECT min(at) FROM audit_waiting WHERE scope = ?")?;
        let oldest: Option<i64> = oldest.query_row([scope.to_string()], |row| row.get(0))?;
        let state = head(&self.store.0, scope)?.tail.state().cloned();
        Ok((state, oldest.map(|at| Timestamp::from_micros(at).unwrap_or(Timestamp::MIN))))
    }

    /// Takes the events that wait, oldest first and at most `batch`, works out their records and appends them: see
    /// [`Tail::take_in`](clausework::audit::log::Tail::take_in). In the same commit the events are deleted.
    ///
    /// # Errors
    /// [`LogError`]; nothing is written, and what waits waits.
    pub fn sequence(
        &mut self,
        scope: &Scope,
        now: Now,
        component: &OpaqueId,
        class: impl Fn(&Event) -> Class,
        batch: u32,
        entropy: &mut dyn Entropy,
    ) -> Result<Sequenced, Error> {
        match self.prepare(scope, now, component, class, batch, entropy)? {
            Some(prepared) => self.commit(&prepared),
            None => Ok(Sequenced::Nothing),
        }
    }

    /// The first half of [`sequence`](Self::sequence): reads and hashes, and locks nobody out.
    ///
    /// # Errors
    /// As [`sequence`](Self::sequence).
    pub fn prepare(
        &mut self,
        scope: &Scope,
        now: Now,
        component: &OpaqueId,
        class: impl Fn(&Event) -> Class,
        batch: u32,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Prepared>, Error> {
        let transaction = self.store.0.transaction()?; // one state of the file, for both questions
        let rows: Vec<WaitingRow> = transaction
            .prepare_cached("SELECT number, at, text FROM audit_waiting WHERE scope = ? ORDER BY number LIMIT ?")?
            .query_map(params![scope.to_string(), batch], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        if rows.is_empty() {
            return Ok(None);
        }
        let head = head(&transaction, scope)?;
        let entries = head.tail.take_in(now, component, waiting(&rows), class, entropy)?;
        Ok(Some(head.prepared(entries, rows.iter().map(|(number, ..)| *number).collect())))
    }

    /// The second half: stores it, if the log is still as it was.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn commit(&mut self, prepared: &Prepared) -> Result<Sequenced, Error> {
        let transaction = write_lock(&mut self.store.0)?;
        if !put(&transaction, prepared)? {
            transaction.rollback()?;
            return Ok(Sequenced::Moved);
        }
        transaction.commit()?;
        Ok(Sequenced::Appended(prepared.entries.range()))
    }

    /// Appends records of the log's own: intents, holds, reviews, heartbeats.
    ///
    /// # Errors
    /// [`LogError`]; nothing is written.
    pub fn append(&mut self, scope: &Scope, now: Now, drafts: &mut [Draft<'_>]) -> Result<Range<u64>, Error> {
        let transaction = write_lock(&mut self.store.0)?;
        let range = enter(&transaction, scope, now, drafts)?;
        transaction.commit()?;
        Ok(range)
    }

    /// Deletes what the cleared intent names, and appends in the same commit that it is done. `draft` is the record of
    /// it, without its body.
    ///
    /// # Errors
    /// [`LogError::NotCleared`] if it was done meanwhile, or a hold was set; [`LogError`]. Nothing is deleted.
    pub fn delete(&mut self, scope: &Scope, now: Now, clearance: &Clearance, draft: Draft<'_>) -> Result<u64, Error> {
        let transaction = write_lock(&mut self.store.0)?;
        let name = scope.to_string();
        clearance.still_holds(&ledger(&transaction, &name, u64::MAX)?)?;
        let gone = LogError::Broken { what: "has lost the intent" };
        let intent = body(&transaction, &name, clearance.intent())?.ok_or(gone)?;
        let other = LogError::Broken { what: "has another record than the intent there" };
        let count = delete(&transaction, &name, Removal::of(&Record::decode(&intent)?).ok_or(other)?)?;
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        enter(&transaction, scope, now, &mut [draft.body(clearance.done(count))])?;
        transaction.commit()?;
        // The write-ahead log still holds what was deleted, until it is emptied.
        self.store.0.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(count)
    }

    /// Reads back what was appended since the last checkpoint, has it signed and stores the checkpoint; `None` if there
    /// is nothing new, or a later one was stored meanwhile.
    ///
    /// # Errors
    /// [`LogError::Confirm`] is an alarm; [`LogError`].
    pub fn checkpoint(
        &mut self,
        scope: &Scope,
        origin: Origin,
        signers: &[&dyn CheckpointSigner],
    ) -> Result<Option<SignedCheckpoint>, Error> {
        let name = scope.to_string();
        let file = self.store.0.transaction()?; // one state of the file: what is purged meanwhile is there still
        let head_then = head(&file, scope)?;
        let Some(plan) = head_then.tail.state().map(|state| state.checkpoint_plan(origin)) else { return Ok(None) };
        let range = plan.records();
        if range.is_empty() {
            return Ok(None);
        }
        let bodies = file
            .prepare_cached(
                "SELECT idx, body FROM audit_records WHERE scope = ? AND idx >= ? AND idx < ? ORDER BY idx",
            )?
            .query_map(params![name, int(range.start)?, int(range.end)?], |row| {
                Ok((unsigned(row.get(0)?), row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        drop(file);
        let confirmed = plan.confirm(whole::<SqliteError>(range, bodies)?)?;
        let checkpoint = confirmed.checkpoint().clone().sign(signers)?;
        // Records may have come while it was signed: it is noted on the log as that is now.
        let noted = self.note(scope, Some(&checkpoint), |state| note_checkpoint(state, &confirmed).into_parts().0)?;
        Ok(noted.then_some(checkpoint)) // or a later one was noted meanwhile
    }

    /// Notes that a checkpoint of this size is kept elsewhere, and says whether that is news.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn anchor(&mut self, scope: &Scope, size: u64) -> Result<bool, Error> {
        self.note(scope, None, |state| note_anchor(state, size).into_parts().0)
    }

    fn note(
        &mut self,
        scope: &Scope,
        checkpoint: Option<&SignedCheckpoint>,
        change: impl Fn(LogState) -> Next<LogState>,
    ) -> Result<bool, Error> {
        let transaction = write_lock(&mut self.store.0)?;
        let Some(state) = head(&transaction, scope)?.tail.state().cloned() else { return Ok(false) };
        let Next::Put(after) = change(state) else { return Ok(false) };
        transaction.execute(
            "UPDATE audit_logs SET state = ?, checkpoint = coalesce(?, checkpoint) WHERE scope = ?",
            params![serde_json::to_string(&after)?, checkpoint.map(ToString::to_string), scope.to_string()],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// The last checkpoint that was stored.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn last_checkpoint(&self, scope: &Scope) -> Result<Option<SignedCheckpoint>, Error> {
        let select = "SELECT checkpoint FROM audit_logs WHERE scope = ?";
        let text = self.store.0.query_row(select, [scope.to_string()], |row| row.get(0)).optional()?;
        Ok(text.flatten().map(|text: String| SignedCheckpoint::parse(&text)).transpose()?)
    }

    /// What the log says of its own gaps, of the records below this size. Only its own records are read.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn ledger(&self, scope: &Scope, covered: u64) -> Result<Ledger, Error> {
        ledger(&self.store.0, &scope.to_string(), covered)
    }

    /// The body of a record; `None` if it was purged.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn body(&self, scope: &Scope, index: u64) -> Result<Option<Vec<u8>>, Error> {
        body(&self.store.0, &scope.to_string(), index)
    }

    /// The evidence up to the last checkpoint, read from one state of the file.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn bundle(&self, scope: &Scope, origin: Origin) -> Result<Bundle, Error> {
        let name = scope.to_string();
        let file = self.store.0.unchecked_transaction()?;
        let mut bundle = Bundle::new(origin, Values::Shown);
        let mut size = head(&file, scope)?.tail.state().map_or(0, LogState::size);
        if let Some(checkpoint) = self.last_checkpoint(scope)? {
            size = checkpoint.unverified().head().size();
            bundle.add_checkpoint(checkpoint);
        }
        let below = params![name, int(size)?];
        let first = "SELECT min(idx) FROM audit_records WHERE scope = ? AND idx < ?";
        if let Some(first @ 1..) = file.query_row(first, below, |row| row.get::<_, Option<i64>>(0))? {
            bundle.begin_after(frontier(&file, &name, unsigned(first))?);
        }
        let values = file
            .prepare_cached("SELECT text FROM audit_values WHERE scope = ? AND idx < ? ORDER BY idx, field")?
            .query_map(below, |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut select =
            file.prepare_cached("SELECT idx, leaf, body FROM audit_records WHERE scope = ? AND idx < ? ORDER BY idx")?;
        let row = |row: &Row<'_>| Ok((unsigned(row.get(0)?), Hash::new(row.get(1)?), row.get(2)?));
        fill(&mut bundle, disclosures::<SqliteError>(values)?, select.query_map(below, row)?)?;
        Ok(bundle)
    }
}

impl fmt::Debug for SqliteLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteLog(..)")
    }
}
