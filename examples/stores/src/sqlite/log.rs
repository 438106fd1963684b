use std::fmt;
use std::ops::Range;
use std::path::Path;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointError, CheckpointSigner, Origin, SignError, SignedCheckpoint};
use clausework::audit::record::{Body, Class, Disclosure, Draft, DraftError, Place, Purge, Record, RecordError};
use clausework::audit::retention::{Clearance, NotCleared};
use clausework::audit::sequencer::{
    Accepted, AppendOutcome, ConfirmError, Integration, LogState, append, note_checkpoint,
};
use clausework::audit::tree::{Frontier, Hash, MinimumIndex, NodeId, TreeError, frontier_nodes};
use clausework::audit::verify::{Ledger, Values};
use clausework::event::{Event, EventError};
use clausework::id::OpaqueId;
use clausework::store::Next;
use clausework::{Now, Scope};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{SqliteError, SqliteStore};

/// The tables of the log, beside those of the store. The trigger is the intake: what is committed as an event waits for
/// the sequencer, in the same transaction, whoever committed it. It waits with its text and a number of its own: what
/// was accepted comes into the log even if its event is erased meanwhile, and an event that takes its row is another.
const SCHEMA: &str = "
    CREATE TABLE audit_logs (
        scope TEXT PRIMARY KEY, state TEXT NOT NULL, last BLOB NOT NULL, checkpoint TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_records (
        scope TEXT NOT NULL, idx INTEGER NOT NULL, leaf BLOB NOT NULL, body BLOB, own INTEGER NOT NULL,
        PRIMARY KEY (scope, idx)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX audit_own ON audit_records (scope, idx) WHERE own;
    CREATE TABLE audit_nodes (
        scope TEXT NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (scope, level, idx)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_values (
        scope TEXT NOT NULL, idx INTEGER NOT NULL, field TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (scope, idx, field)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit_waiting (
        event INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_waiting_scope ON audit_waiting (scope, event);
    INSERT INTO audit_waiting (scope, text) SELECT scope, text FROM events ORDER BY id;
    CREATE TRIGGER audit_intake AFTER INSERT ON events
        BEGIN INSERT INTO audit_waiting (scope, text) VALUES (new.scope, new.text); END;";

/// The audit log in a SQLite file, beside the records and events of a [`SqliteStore`].
///
/// Nothing is locked on the way in, and the sequencer hashes before it takes the write lock: of two, one is told
/// [`Sequenced::Moved`].
pub struct SqliteLog {
    store: SqliteStore,
}

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
    scope: String,
    before: Option<String>,
    after: String,
    done: Integration,
    bodies: Vec<(Vec<u8>, bool)>,
    values: Vec<Disclosure>,
    taken: Vec<i64>,
}

/// Why the log could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The database.
    #[error(transparent)]
    Store(#[from] SqliteError),
    /// A stored event.
    #[error(transparent)]
    Event(#[from] EventError),
    /// A record that cannot be written.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A stored record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// What is stored is not what was appended. An alarm.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// The key.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A stored checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The stored state.
    #[error("the state of the log: {0}")]
    State(#[from] serde_json::Error),
    /// The intent was carried out meanwhile, or a hold was set.
    #[error(transparent)]
    NotCleared(#[from] NotCleared),
    /// The log is full, or a row of it is gone.
    #[error("the log {what}")]
    Broken {
        /// What is wrong.
        what: &'static str,
    },
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl SqliteLog {
    /// Opens the file, or creates it, and takes in every event that is there.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LogError> {
        let mut store = SqliteStore::open(path)?;
        let transaction = write_lock(&mut store.0)?;
        let there = "SELECT count(*) FROM sqlite_schema WHERE name = 'audit_intake'";
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

    /// Takes the events that wait, oldest first, works out their records and appends them.
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
    ) -> Result<Sequenced, LogError> {
        match self.prepare(scope, now, component, class, batch)? {
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
    ) -> Result<Option<Prepared>, LogError> {
        let transaction = self.store.0.transaction()?; // one state of the file, for both questions
        let waiting: Vec<(i64, String)> = transaction
            .prepare_cached("SELECT event, text FROM audit_waiting WHERE scope = ? ORDER BY event LIMIT ?")?
            .query_map(params![scope.to_string(), batch], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let events: Vec<Event> = waiting.iter().map(|(_, text)| Event::decode(text)).collect::<Result<_, _>>()?;
        let mut drafts: Vec<_> = events.iter().map(|event| Draft::of_event(event, component, class(event))).collect();
        let taken = waiting.iter().map(|(id, _)| *id).collect();
        prepare(&transaction, scope, now, &mut drafts, taken).map(Some)
    }

    /// The second half: stores it, if the log is still as it was.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn commit(&mut self, prepared: &Prepared) -> Result<Sequenced, LogError> {
        let transaction = write_lock(&mut self.store.0)?;
        if !put(&transaction, prepared)? {
            transaction.rollback()?;
            return Ok(Sequenced::Moved);
        }
        transaction.commit()?;
        Ok(Sequenced::Appended(prepared.done.records()))
    }

    /// Appends records of the log's own: intents, holds, reviews, heartbeats.
    ///
    /// # Errors
    /// [`LogError`]; nothing is written.
    pub fn append(&mut self, scope: &Scope, now: Now, drafts: &mut [Draft<'_>]) -> Result<Range<u64>, LogError> {
        let transaction = write_lock(&mut self.store.0)?;
        let prepared = prepare(&transaction, scope, now, drafts, Vec::new())?;
        put(&transaction, &prepared)?;
        transaction.commit()?;
        Ok(prepared.done.records())
    }

    /// Deletes what the cleared intent names, and appends in the same commit that it is done. `draft` is the record of
    /// it, without its body.
    ///
    /// # Errors
    /// [`LogError::NotCleared`] if it was done meanwhile, or a hold was set; [`LogError`]. Nothing is deleted.
    pub fn delete(
        &mut self,
        scope: &Scope,
        now: Now,
        clearance: &Clearance,
        draft: Draft<'_>,
    ) -> Result<u64, LogError> {
        let transaction = write_lock(&mut self.store.0)?;
        let name = scope.to_string();
        clearance.still_holds(&ledger(&transaction, &name, u64::MAX)?)?;
        let gone = LogError::Broken { what: "has lost the intent" };
        let intent = body(&transaction, &name, clearance.intent())?.ok_or(gone)?;
        let count = delete(&transaction, &name, Record::decode(&intent)?.body())?;
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let prepared = prepare(&transaction, scope, now, &mut [draft.body(clearance.done(count))], Vec::new())?;
        put(&transaction, &prepared)?;
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
    ) -> Result<Option<SignedCheckpoint>, LogError> {
        let name = scope.to_string();
        let Some((_, state, _)) = row(&self.store.0, &name)? else { return Ok(None) };
        let plan = state.checkpoint_plan(origin);
        if plan.records().is_empty() {
            return Ok(None);
        }
        let mut bodies = Vec::new();
        for index in plan.records() {
            bodies.push(body(&self.store.0, &name, index)?.ok_or(ConfirmError::Missing { index })?);
        }
        let confirmed = plan.confirm(&bodies)?;
        let checkpoint = confirmed.checkpoint().clone().sign(signers)?;
        // Records may have come while it was signed: it is noted on the log as that is now.
        let transaction = write_lock(&mut self.store.0)?;
        let Some((_, state, _)) = row(&transaction, &name)? else { return Ok(None) };
        // A later one was noted meanwhile.
        let (Next::Put(after), ..) = note_checkpoint(state, &confirmed).into_parts() else { return Ok(None) };
        transaction.execute(
            "UPDATE audit_logs SET state = ?, checkpoint = ? WHERE scope = ?",
            params![serde_json::to_string(&after)?, checkpoint.to_string(), name],
        )?;
        transaction.commit()?;
        Ok(Some(checkpoint))
    }

    /// The last checkpoint that was stored.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn last_checkpoint(&self, scope: &Scope) -> Result<Option<SignedCheckpoint>, LogError> {
        let text: Option<String> = self
            .store
            .0
            .query_row("SELECT checkpoint FROM audit_logs WHERE scope = ?", [scope.to_string()], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(text.map(|text| SignedCheckpoint::parse(&text)).transpose()?)
    }

    /// What the log says of its own gaps, of the records below this size. Only its own records are read.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn ledger(&self, scope: &Scope, covered: u64) -> Result<Ledger, LogError> {
        ledger(&self.store.0, &scope.to_string(), covered)
    }

    /// The body of a record; `None` if it was purged.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub fn body(&self, scope: &Scope, index: u64) -> Result<Option<Vec<u8>>, LogError> {
        body(&self.store.0, &scope.to_string(), index)
    }

    /// The evidence up to the last checkpoint.
    ///
    /// # Errors
    /// [`LogError`].
    pub fn bundle(&self, scope: &Scope, origin: Origin) -> Result<Bundle, LogError> {
        let name = scope.to_string();
        let _one_state_of_the_file = self.store.0.unchecked_transaction()?;
        let mut bundle = Bundle::new(origin, Values::Shown);
        let mut size = row(&self.store.0, &name)?.map_or(0, |(_, state, _)| state.size());
        if let Some(checkpoint) = self.last_checkpoint(scope)? {
            size = checkpoint.unverified().head().size();
            bundle.add_checkpoint(checkpoint);
        }
        let values: Vec<Disclosure> = self
            .store
            .0
            .prepare_cached("SELECT text FROM audit_values WHERE scope = ? AND idx < ? ORDER BY idx, field")?
            .query_map(params![name, signed(size)?], |row| row.get::<_, String>(0))?
            .map(|text| Ok(serde_json::from_str(&text?)?))
            .collect::<Result<_, LogError>>()?;
        let mut values = values.into_iter().peekable();
        let mut select = self
            .store
            .0
            .prepare_cached("SELECT idx, leaf, body FROM audit_records WHERE scope = ? AND idx < ? ORDER BY idx")?;
        let mut rows = select.query(params![name, signed(size)?])?;
        let mut begun = false;
        while let Some(row) = rows.next()? {
            let index = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(u64::MAX);
            if !begun && index > 0 {
                bundle.begin_after(self.frontier(&name, index)?);
            }
            begun = true;
            // A value whose record has no body opens nothing, and least of all the next record.
            let until = std::iter::from_fn(|| values.next_if(|value| value.index() <= index));
            let own = until.filter(|value| value.index() == index).collect();
            match row.get::<_, Option<Vec<u8>>>(2)? {
                Some(bytes) => bundle.add_stored(index, Hash::new(row.get(1)?), bytes, own),
                None => bundle.add_purged(index, Hash::new(row.get(1)?)),
            }
        }
        Ok(bundle)
    }

    /// What is kept of the records before this index.
    fn frontier(&self, name: &str, size: u64) -> Result<Frontier, LogError> {
        let mut select =
            self.store.0.prepare_cached("SELECT hash FROM audit_nodes WHERE scope = ? AND level = ? AND idx = ?")?;
        let hashes = frontier_nodes(size)?
            .map(|node| {
                let params = params![name, node.level(), signed(node.index())?];
                let hash = select.query_row(params, |row| row.get(0)).optional()?;
                hash.map(Hash::new).ok_or(LogError::Broken { what: "has lost a node of its frontier" })
            })
            .collect::<Result<_, LogError>>()?;
        Ok(Frontier::from_parts(size, hashes)?)
    }
}

/// IMMEDIATE takes the write lock at once: nothing changes between comparing and writing.
fn write_lock(connection: &mut Connection) -> Result<Transaction<'_>, LogError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn signed(number: u64) -> Result<i64, LogError> {
    i64::try_from(number).map_err(|_| LogError::Broken { what: "is full" })
}

/// The state as it is stored, what it says, and the last record.
fn row(connection: &Connection, scope: &str) -> Result<Option<(String, LogState, Vec<u8>)>, LogError> {
    let select = "SELECT state, last FROM audit_logs WHERE scope = ?";
    let row = connection.query_row(select, [scope], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).optional()?;
    row.map(|(text, last)| Ok((text.clone(), serde_json::from_str(&text)?, last))).transpose()
}

fn ledger(connection: &Connection, scope: &str, covered: u64) -> Result<Ledger, LogError> {
    let mut select = connection
        .prepare_cached("SELECT body FROM audit_records WHERE scope = ? AND own AND body IS NOT NULL ORDER BY idx")?;
    let mut rows = select.query([scope])?;
    let mut ledger = Ledger::covered_by(covered);
    while let Some(row) = rows.next()? {
        if let Ok(record) = Record::decode(row.get_ref(0)?.as_blob().unwrap_or_default()) {
            ledger.read(&record);
        }
    }
    Ok(ledger)
}

fn body(connection: &Connection, scope: &str, index: u64) -> Result<Option<Vec<u8>>, LogError> {
    let mut select = connection.prepare_cached("SELECT body FROM audit_records WHERE scope = ? AND idx = ?")?;
    Ok(select.query_row(params![scope, signed(index)?], |row| row.get(0)).optional()?.flatten())
}

/// Encodes drafts for the next places of the log, and hashes them.
fn prepare(
    connection: &Connection,
    scope: &Scope,
    now: Now,
    drafts: &mut [Draft<'_>],
    taken: Vec<i64>,
) -> Result<Prepared, LogError> {
    let name = scope.to_string();
    let (before, state, mut last) = match row(connection, &name)? {
        Some((text, state, last)) => (Some(text), Some(state), Some(Record::decode(&last)?.place())),
        None => (None, None, None),
    };
    let (mut bodies, mut values) = (Vec::new(), Vec::new());
    for draft in drafts {
        let place = last.map_or_else(|| Place::first(now), |place: Place| place.next(now));
        let mut bytes = Vec::new();
        values.extend(draft.encode_into(place, &mut bytes)?);
        let own = Record::decode(&bytes)?.class() == Class::Log;
        bodies.push((bytes, own));
        last = Some(place);
    }
    let accepted: Vec<Accepted<'_>> = bodies
        .iter()
        .map(|(bytes, _)| Ok(Accepted::new(bytes, Record::decode(bytes)?.at())))
        .collect::<Result<_, RecordError>>()?;
    let at = state.as_ref().map_or(0, LogState::size);
    match append(state, now, at, &accepted).into_parts() {
        (Next::Put(after), AppendOutcome::Appended(done), _) => {
            let after = serde_json::to_string(&after)?;
            Ok(Prepared { scope: name, before, after, done, bodies, values, taken })
        }
        _ => Err(LogError::Broken { what: "is full, or there is nothing to append" }),
    }
}

/// Stores what was prepared, if the log is still as it was then.
fn put(transaction: &Transaction<'_>, prepared: &Prepared) -> Result<bool, LogError> {
    let Prepared { scope, before, after, done, bodies, values, taken } = prepared;
    let last = bodies.last().map(|(bytes, _)| bytes.as_slice()).unwrap_or_default();
    let changed = match before {
        None => transaction.execute(
            "INSERT INTO audit_logs (scope, state, last) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            params![scope, after, last],
        )?,
        Some(before) => transaction.execute(
            "UPDATE audit_logs SET state = ?, last = ? WHERE scope = ? AND state = ?",
            params![after, last, scope, before],
        )?,
    };
    if changed != 1 {
        return Ok(false);
    }
    for event in taken {
        if transaction.prepare_cached("DELETE FROM audit_waiting WHERE event = ?")?.execute([event])? != 1 {
            return Ok(false);
        }
    }
    for (node, hash) in done.nodes() {
        transaction.prepare_cached("INSERT INTO audit_nodes VALUES (?, ?, ?, ?)")?.execute(params![
            scope,
            node.level(),
            signed(node.index())?,
            hash.as_bytes()
        ])?;
    }
    for ((bytes, own), index) in bodies.iter().zip(done.records()) {
        let leaf = clausework::audit::tree::leaf_hash(bytes);
        transaction.prepare_cached("INSERT INTO audit_records VALUES (?, ?, ?, ?, ?)")?.execute(params![
            scope,
            signed(index)?,
            leaf.as_bytes(),
            bytes,
            own
        ])?;
    }
    for value in values {
        let text = serde_json::to_string(value)?;
        transaction.prepare_cached("INSERT INTO audit_values VALUES (?, ?, ?, ?)")?.execute(params![
            scope,
            signed(value.index())?,
            value.field(),
            text
        ])?;
    }
    Ok(true)
}

/// Deletes what an intent names, and says how many rows of it.
fn delete(transaction: &Transaction<'_>, scope: &str, intent: Body<'_>) -> Result<usize, LogError> {
    let values = "DELETE FROM audit_values WHERE scope = ? AND idx >= ? AND idx < ?";
    let mut count = 0;
    match intent {
        Body::ErasureIntent { targets, .. } => {
            let mut one =
                transaction.prepare("DELETE FROM audit_values WHERE scope = ? AND idx = ? AND ? IN ('', field)")?;
            for target in targets.iter() {
                count += one.execute(params![scope, signed(target.index())?, target.path().unwrap_or_default()])?;
            }
        }
        Body::PurgeIntent { what: Purge::Disclosures { ranges, .. }, .. } => {
            for range in ranges.iter() {
                count += transaction.execute(values, params![scope, signed(range.start())?, signed(range.end())?])?;
            }
        }
        Body::PurgeIntent { what: Purge::Bodies { ranges, .. }, .. } => {
            for range in ranges.iter() {
                let params = params![scope, signed(range.start())?, signed(range.end())?];
                transaction.execute(values, params)?;
                count += transaction.execute(
                    "UPDATE audit_records SET body = NULL
                     WHERE scope = ? AND idx >= ? AND idx < ? AND body IS NOT NULL",
                    params,
                )?;
            }
        }
        Body::PurgeIntent { what: Purge::Prefix { minimum_index: minimum }, .. } => {
            let end = signed(minimum)?;
            transaction.execute(values, params![scope, 0, end])?;
            count +=
                transaction.execute("DELETE FROM audit_records WHERE scope = ? AND idx < ?", params![scope, end])?;
            prune(transaction, scope, minimum)?;
        }
        _ => return Err(LogError::Broken { what: "has another record than the intent there" }),
    }
    Ok(count)
}

/// Deletes the nodes before the minimum, but for its frontier.
fn prune(transaction: &Transaction<'_>, scope: &str, minimum: u64) -> Result<(), LogError> {
    let kept: Vec<NodeId> = MinimumIndex::new(minimum, minimum)?.kept().collect();
    for level in 0..=62_u8 {
        let end = minimum >> level;
        if end == 0 {
            break;
        }
        let spared =
            kept.iter().find(|node| node.level() == level).map_or(-1, |node| node.index().try_into().unwrap_or(-1));
        transaction.execute(
            "DELETE FROM audit_nodes WHERE scope = ? AND level = ? AND idx < ? AND idx <> ?",
            params![scope, level, signed(end)?, spared],
        )?;
    }
    Ok(())
}

impl fmt::Debug for SqliteLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteLog(..)")
    }
}
