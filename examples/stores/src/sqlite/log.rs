mod kept;
mod rows;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointSigner, CheckpointVerifier, Origin, SignedCheckpoint};
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
use rusqlite::{Row, Transaction, params};

use self::kept::{add, inclusion, keep, last_checkpoint};
use self::rows::{body, delete, enter, fresh, frontier, head, int, ledger, put, write_lock};
use super::{SqliteError, SqliteStore};
use crate::log::{
    LogError, NO_CHECKPOINT, Prepared, Sequenced, StoredRecord, WaitingRow, changes_keys, disclosures, page, unsigned,
    waiting, whole,
};

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
        let there = "SELECT count(*) FROM sqlite_schema WHERE name = 'audit_kept'";
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

    /// Carries out an intent: deletes what it names, and appends in the same commit that it is done. `draft` is the
    /// record of that, without its body.
    ///
    /// The last checkpoint must be signed by one of the `known` keys and [shown](Clearance::proven) to cover the intent.
    /// Of a beginning, what the [ledger keeps](Ledger::keeps) is stored apart, with its proof and its values: a plan may
    /// take all of that as proven. So are the checkpoints that are [kept elsewhere](Self::anchor) or were the first over
    /// a change of keys, with a proof that the log grew from them; other checkpoints of before go. What was stored apart
    /// for a hold that is lifted goes with the next beginning.
    ///
    /// # Errors
    /// [`LogError::NotCleared`]; [`LogError::Proof`] is an alarm; [`LogError`]. Nothing is deleted.
    pub fn delete(
        &mut self,
        scope: &Scope,
        now: Now,
        intent: u64,
        origin: &Origin,
        known: &[&dyn CheckpointVerifier],
        draft: Draft<'_>,
    ) -> Result<u64, Error> {
        let transaction = write_lock(&mut self.store.0)?;
        let name = scope.to_string();
        let ledger = ledger(&transaction, &name, u64::MAX)?;
        let bytes = body(&transaction, &name, intent)?.ok_or(LogError::Broken { what: "has no such intent" })?;
        let intent = Record::decode(&bytes)?;
        let checkpoint = last_checkpoint(&transaction, &name)?.ok_or(LogError::Broken { what: NO_CHECKPOINT })?;
        let over = checkpoint.verify(origin, known)?;
        // First without a proof: there is none of what is not covered.
        let index = Clearance::of(&intent, &ledger, &over)?.intent();
        let proof = inclusion(&transaction, &name, index, over.head().size())?;
        let clearance = Clearance::proven(&intent, &proof, &ledger, &over)?;
        let removal =
            Removal::of(&intent).ok_or(LogError::Broken { what: "has another record than the intent there" })?;
        let mut count = 0;
        if let Removal::Prefix { minimum_index } = removal {
            count += keep(&transaction, &name, minimum_index, &ledger, &checkpoint)?;
        }
        count += delete(&transaction, &name, removal)?;
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
    /// The first one after a change of keys is to be signed by the key that goes: that is its word for the other.
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
        let bodies = whole::<SqliteError>(range, bodies)?;
        let confirmed = plan.confirm(&bodies)?;
        let checkpoint = confirmed.checkpoint().clone().sign(signers)?;
        // Records may have come while it was signed: it is noted on the log as that is now.
        let transaction = write_lock(&mut self.store.0)?;
        if !note(&transaction, scope, |state| note_checkpoint(state, &confirmed).into_parts().0)? {
            return Ok(None); // a later one was noted meanwhile
        }
        let size = int(checkpoint.unverified().head().size())?;
        fresh(transaction.execute(
            "INSERT INTO audit_checkpoints (scope, size, text, stays) VALUES (?, ?, ?, ?)",
            params![name, size, checkpoint.to_string(), changes_keys(&bodies)],
        ))?;
        transaction.commit()?;
        Ok(Some(checkpoint))
    }

    /// Notes that a checkpoint of this size is kept elsewhere, and says whether that is news. Who keeps it gets an answer
    /// even when the beginning that it was over is gone: it stays in the [bundle](Self::bundle), with its proof.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn anchor(&mut self, scope: &Scope, size: u64) -> Result<bool, Error> {
        let transaction = write_lock(&mut self.store.0)?;
        let stays = "UPDATE audit_checkpoints SET stays = 1 WHERE scope = ? AND size = ?";
        transaction.execute(stays, params![scope.to_string(), int(size)?])?;
        let news = note(&transaction, scope, |state| note_anchor(state, size).into_parts().0)?;
        transaction.commit()?;
        Ok(news)
    }

    /// The last checkpoint that was stored.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn last_checkpoint(&self, scope: &Scope) -> Result<Option<SignedCheckpoint>, Error> {
        last_checkpoint(&self.store.0, &scope.to_string())
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

    /// The records below this index, newest first and at most `limit`: a page to show, the next one from its last index.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn page(&self, scope: &Scope, below: u64, limit: u32) -> Result<Vec<StoredRecord>, Error> {
        let name = scope.to_string();
        let file = self.store.0.unchecked_transaction()?; // one state of the file, for both questions
        // Every index fits: what is beyond has no record.
        let below = i64::try_from(below).unwrap_or(i64::MAX);
        let bodies: Vec<(i64, Option<Vec<u8>>)> = file
            .prepare_cached(
                "SELECT idx, body FROM audit_records WHERE scope = ? AND idx < ? ORDER BY idx DESC LIMIT ?",
            )?
            .query_map(params![name, below, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let Some((first, _)) = bodies.last() else { return Ok(Vec::new()) };
        let values = file
            .prepare_cached(
                "SELECT text FROM audit_values WHERE scope = ? AND idx >= ? AND idx < ? ORDER BY idx, field",
            )?
            .query_map(params![name, first, below], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(page(bodies, disclosures::<SqliteError>(values)?))
    }

    /// The evidence up to the last checkpoint, read from one state of the file. With the checkpoints over changes of keys,
    /// those that are kept elsewhere, and what was stored apart when a beginning went; without the keys
    /// ([`Bundle::add_key`]).
    ///
    /// # Errors
    /// [`LogError`].
    pub fn bundle(&self, scope: &Scope, origin: Origin) -> Result<Bundle, Error> {
        let name = scope.to_string();
        let file = self.store.0.unchecked_transaction()?;
        let mut bundle = Bundle::new(origin, Values::Shown);
        let mut size = head(&file, scope)?.tail.state().map_or(0, LogState::size);
        if let Some(checkpoint) = last_checkpoint(&file, &name)? {
            size = checkpoint.unverified().head().size();
        }
        add(&file, &name, &mut bundle)?;
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

/// Changes the state of a log, if there is anything to change.
fn note(
    transaction: &Transaction<'_>,
    scope: &Scope,
    change: impl Fn(LogState) -> Next<LogState>,
) -> Result<bool, Error> {
    let Some(state) = head(transaction, scope)?.tail.state().cloned() else { return Ok(false) };
    let Next::Put(after) = change(state) else { return Ok(false) };
    let after = serde_json::to_string(&after)?;
    transaction.execute("UPDATE audit_logs SET state = ? WHERE scope = ?", params![after, scope.to_string()])?;
    Ok(true)
}

impl fmt::Debug for SqliteLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteLog(..)")
    }
}
