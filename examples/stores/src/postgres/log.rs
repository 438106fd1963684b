mod kept;
mod rows;

use std::fmt;
use std::ops::Range;

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
use deadpool_postgres::tokio_postgres::{self, IsolationLevel, Row};
use deadpool_postgres::{Client, Pool, PoolError, Transaction};

use self::kept::{add, inclusion, keep, last_checkpoint};
use self::rows::{body, delete, fresh, frontier, head, int, ledger, put};
use super::{PostgresError, PostgresStore, lost_the_race};
use crate::log::{
    Head, LogError, NO_CHECKPOINT, Prepared, Sequenced, StoredRecord, WaitingRow, changes_keys, disclosures, page,
    unsigned, waiting, whole,
};

const SCHEMA: &str = include_str!("log/schema.sql");
/// The version of [`SCHEMA`], kept in `clausework_audit_schema`.
const SCHEMA_VERSION: i32 = 1;

type Error = LogError<PostgresError>;

/// The audit log in PostgreSQL, beside the records and events of a [`PostgresStore`].
///
/// Clones share the pool. A trigger takes in every event in the transaction that commits it; nothing is locked on the
/// way in. Sequencing is one statement, on condition that the log is as it was: of two sequencers one is told
/// [`Sequenced::Moved`]. What has become a record is no longer among the store's events.
///
/// Any future may be dropped at any point: what it does then takes effect whole or not at all.
///
/// ```no_run
/// use clausework::audit::checkpoint::{Ed25519Signer, Origin};
/// use clausework::audit::record::Class;
/// use clausework::{Now, entropy::OsEntropy, event::Event, id::OpaqueId};
/// use clausework_stores::{PostgresLog, Sequenced};
///
/// # async fn job(pool: deadpool_postgres::Pool, now: Now, signer: Ed25519Signer) -> Result<(), Box<dyn std::error::Error>> {
/// let log = PostgresLog::open(pool).await?; // or in any number of processes: of two that race, one wins
/// let portal = OpaqueId::try_new("portal")?;
/// let class = |event: &Event| if event.code().starts_with("sign_in.") { Class::Authentication } else { Class::Change };
/// for scope in log.waiting().await? {
///     let mut entropy = OsEntropy;
///     while let Sequenced::Appended(_) = log.sequence(&scope, now, &portal, class, 256, &mut entropy).await? {}
///     let checkpoint = log.checkpoint(&scope, Origin::of_scope("audit.example.com", &scope)?, &[&signer]).await?;
///     // Keep it where whoever can change this database cannot, and then: log.anchor(&scope, its size).
/// #   drop(checkpoint);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct PostgresLog {
    store: PostgresStore,
}

impl From<PostgresError> for Error {
    fn from(error: PostgresError) -> Self {
        Self::Store(error)
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        Self::Store(error.into())
    }
}

impl PostgresLog {
    /// Takes a pool, creates the tables of the [store](PostgresStore::open) and of the log if they are not there, and
    /// takes in every event that is. Any number of hosts may do so at once; the first needs the right to create tables.
    ///
    /// # Errors
    /// [`LogError::Store`]: no connection, tables of a newer version, or a server that acknowledges what it may lose.
    pub async fn open(pool: Pool) -> Result<Self, Error> {
        let log = Self { store: PostgresStore::open(pool).await? };
        let mut client = log.client().await?;
        let there = "SELECT to_regclass('clausework_audit_schema') IS NOT NULL";
        if !client.query_one(there, &[]).await?.try_get::<_, bool>(0)? {
            let transaction = begin(&mut client, IsolationLevel::ReadCommitted).await?;
            transaction.batch_execute(SCHEMA).await?;
            transaction.commit().await?;
        }
        match client.query_one("SELECT version FROM clausework_audit_schema", &[]).await?.try_get(0)? {
            SCHEMA_VERSION => Ok(log),
            found => Err(PostgresError::Newer { found }.into()),
        }
    }

    /// The store: what is committed through it, or any other way into its tables, is accepted.
    #[must_use]
    pub const fn store(&self) -> &PostgresStore {
        &self.store
    }

    /// Whose events wait.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub async fn waiting(&self) -> Result<Vec<Scope>, Error> {
        let select = "SELECT DISTINCT scope FROM clausework_audit_waiting ORDER BY scope";
        let foreign = |_| LogError::Broken { what: "holds events of a scope that is none" };
        let rows = self.client().await?.query(select, &[]).await?;
        rows.iter().map(|row| Scope::try_from(row.try_get::<_, String>(0)?).map_err(foreign)).collect()
    }

    /// When the oldest event was accepted that waits, and the state of the log: what
    /// [`SequencerPolicy::due`](clausework::audit::sequencer::SequencerPolicy::due) asks.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn state(&self, scope: &Scope) -> Result<(Option<LogState>, Option<Timestamp>), Error> {
        let client = self.client().await?;
        // In this order: what is sequenced in between is then seen twice, and not never.
        let oldest = "SELECT min(at) FROM clausework_audit_waiting WHERE scope = $1";
        let oldest: Option<i64> = client.query_one(oldest, &[&scope.to_string()]).await?.try_get(0)?;
        let state = head(&client, scope, false).await?.tail.state().cloned();
        Ok((state, oldest.map(|at| Timestamp::from_micros(at).unwrap_or(Timestamp::MIN))))
    }

    /// Takes the events that wait, oldest first and at most `batch`, works out their records and appends them: see
    /// [`Tail::take_in`](clausework::audit::log::Tail::take_in). In the same commit the events are deleted.
    ///
    /// # Errors
    /// [`LogError`]; nothing is written, and what waits waits.
    pub async fn sequence(
        &self,
        scope: &Scope,
        now: Now,
        component: &OpaqueId,
        class: impl Fn(&Event) -> Class + Send,
        batch: u32,
        entropy: &mut (dyn Entropy + Send),
    ) -> Result<Sequenced, Error> {
        match self.prepare(scope, now, component, class, batch, entropy).await? {
            Some(prepared) => self.commit(&prepared).await,
            None => Ok(Sequenced::Nothing),
        }
    }

    /// The first half of [`sequence`](Self::sequence): reads and hashes, and locks nobody out.
    ///
    /// # Errors
    /// As [`sequence`](Self::sequence).
    pub async fn prepare(
        &self,
        scope: &Scope,
        now: Now,
        component: &OpaqueId,
        class: impl Fn(&Event) -> Class + Send,
        batch: u32,
        entropy: &mut (dyn Entropy + Send),
    ) -> Result<Option<Prepared>, Error> {
        const WAITING: &str = "SELECT id, at, text FROM clausework_audit_waiting WHERE scope = $1 ORDER BY id LIMIT $2";
        let client = self.client().await?;
        // In this order: had another taken some in between, the state that is read first is no longer there.
        let head = head(&client, scope, false).await?;
        let select = client.prepare_cached(WAITING).await?;
        let rows = client.query(&select, &[&scope.to_string(), &i64::from(batch)]).await?;
        let row = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        let rows: Vec<WaitingRow> = rows.iter().map(row).collect::<Result<_, Error>>()?;
        if rows.is_empty() {
            return Ok(None);
        }
        let entries = head.tail.take_in(now, component, waiting(&rows), class, entropy)?;
        Ok(Some(head.prepared(entries, rows.iter().map(|(number, ..)| *number).collect())))
    }

    /// The second half: stores it, if the log is still as it was.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub async fn commit(&self, prepared: &Prepared) -> Result<Sequenced, Error> {
        match put(&self.client().await?, prepared).await {
            Ok(true) => Ok(Sequenced::Appended(prepared.entries.range())),
            Ok(false) => Ok(Sequenced::Moved),
            Err(LogError::Store(PostgresError::Postgres(error))) if lost_the_race(&error) => Ok(Sequenced::Moved),
            Err(error) => Err(error),
        }
    }

    /// Appends records of the log's own: intents, holds, reviews, heartbeats.
    ///
    /// # Errors
    /// [`LogError`]; nothing is written.
    pub async fn append(&self, scope: &Scope, now: Now, drafts: &mut [Draft<'_>]) -> Result<Range<u64>, Error> {
        // The first record of a log finds no row to lock, so another may come before it; the second time there is one.
        for _ in 0..2 {
            let mut client = self.client().await?;
            let transaction = begin(&mut client, IsolationLevel::ReadCommitted).await?;
            let head = head(&transaction, scope, true).await?;
            if let Some(range) = enter(&transaction, head, now, drafts).await? {
                transaction.commit().await?;
                return Ok(range);
            }
        }
        Err(LogError::Broken { what: "has a row that cannot be locked" })
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
    /// PostgreSQL overwrites the space at the next `VACUUM`; its write-ahead log and backups keep what was deleted until
    /// they are recycled.
    ///
    /// # Errors
    /// [`LogError::NotCleared`]; [`LogError::Proof`] is an alarm; [`LogError`]. Nothing is deleted.
    pub async fn delete(
        &self,
        scope: &Scope,
        now: Now,
        intent: u64,
        origin: &Origin,
        known: &[&(dyn CheckpointVerifier + Sync)],
        draft: Draft<'_>,
    ) -> Result<u64, Error> {
        let name = scope.to_string();
        let mut client = self.client().await?;
        let transaction = begin(&mut client, IsolationLevel::ReadCommitted).await?;
        let head = head(&transaction, scope, true).await?; // from here on nobody appends
        let ledger = ledger(&transaction, &name, u64::MAX).await?;
        let bytes = body(&transaction, &name, intent).await?.ok_or(LogError::Broken { what: "has no such intent" })?;
        let intent = Record::decode(&bytes)?;
        let checkpoint = last_checkpoint(&transaction, &name).await?;
        let checkpoint = checkpoint.ok_or(LogError::Broken { what: NO_CHECKPOINT })?;
        let over = {
            let known: Vec<&dyn CheckpointVerifier> = known.iter().map(|key| *key as _).collect();
            checkpoint.verify(origin, &known)?
        };
        // First without a proof: there is none of what is not covered.
        let index = Clearance::of(&intent, &ledger, &over)?.intent();
        let proof = inclusion(&transaction, &name, index, over.head().size()).await?;
        let clearance = Clearance::proven(&intent, &proof, &ledger, &over)?;
        let removal =
            Removal::of(&intent).ok_or(LogError::Broken { what: "has another record than the intent there" })?;
        let mut count = 0;
        if let Removal::Prefix { minimum_index } = removal {
            count += keep(&transaction, &name, minimum_index, &ledger, &checkpoint).await?;
        }
        count += delete(&transaction, &name, removal).await?;
        let done = enter(&transaction, head, now, &mut [draft.body(clearance.done(count))]).await?;
        done.ok_or(LogError::Broken { what: "has lost its row" })?;
        transaction.commit().await?;
        Ok(count)
    }

    /// Reads back what was appended since the last checkpoint, has it signed and stores the checkpoint; `None` if there
    /// is nothing new, or a later one was stored meanwhile. The signers are called in this task: one that waits for
    /// hardware belongs on a thread of its own.
    ///
    /// The first one after a change of keys is to be signed by the key that goes: that is its word for the other.
    ///
    /// # Errors
    /// [`LogError::Confirm`] is an alarm; [`LogError`].
    pub async fn checkpoint(
        &self,
        scope: &Scope,
        origin: Origin,
        signers: &[&(dyn CheckpointSigner + Sync)],
    ) -> Result<Option<SignedCheckpoint>, Error> {
        const BODIES: &str = "SELECT idx, body FROM clausework_audit_records
            WHERE scope = $1 AND idx >= $2 AND idx < $3 ORDER BY idx";
        const STORE: &str =
            "INSERT INTO clausework_audit_checkpoints (scope, size, text, stays) VALUES ($1, $2, $3, $4)";
        let mut client = self.client().await?;
        let snapshot = begin(&mut client, IsolationLevel::RepeatableRead).await?; // what is purged meanwhile is in it
        let head_then = head(&snapshot, scope, false).await?;
        let Some(plan) = head_then.tail.state().map(|state| state.checkpoint_plan(origin)) else { return Ok(None) };
        let range = plan.records();
        if range.is_empty() {
            return Ok(None);
        }
        let rows = snapshot.query(BODIES, &[&scope.to_string(), &int(range.start)?, &int(range.end)?]).await?;
        snapshot.rollback().await?;
        drop(client);
        let row = |row: &Row| Ok((unsigned(row.try_get(0)?), row.try_get(1)?));
        let bodies = rows.iter().map(row).collect::<Result<_, Error>>()?;
        let bodies = whole::<PostgresError>(range, bodies)?;
        let confirmed = plan.confirm(&bodies)?;
        let checkpoint = {
            let signers: Vec<&dyn CheckpointSigner> = signers.iter().map(|signer| *signer as _).collect();
            confirmed.checkpoint().clone().sign(&signers)?
        };
        // Records may have come while it was signed: it is noted on the log as that is now.
        let mut client = self.client().await?;
        let transaction = begin(&mut client, IsolationLevel::ReadCommitted).await?;
        if !note(&transaction, scope, |state| note_checkpoint(state, &confirmed).into_parts().0).await? {
            return Ok(None); // a later one was noted meanwhile
        }
        let (size, text) = (int(checkpoint.unverified().head().size())?, checkpoint.to_string());
        let stored = transaction.execute(STORE, &[&scope.to_string(), &size, &text, &changes_keys(&bodies)]).await;
        stored.map_err(fresh)?;
        transaction.commit().await?;
        Ok(Some(checkpoint))
    }

    /// Notes that a checkpoint of this size is kept elsewhere, and says whether that is news. Who keeps it gets an answer
    /// even when the beginning that it was over is gone: it stays in the [bundle](Self::bundle), with its proof.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn anchor(&self, scope: &Scope, size: u64) -> Result<bool, Error> {
        const STAYS: &str = "UPDATE clausework_audit_checkpoints SET stays = true WHERE scope = $1 AND size = $2";
        let mut client = self.client().await?;
        let transaction = begin(&mut client, IsolationLevel::ReadCommitted).await?;
        let news = note(&transaction, scope, |state| note_anchor(state, size).into_parts().0).await?;
        transaction.execute(STAYS, &[&scope.to_string(), &int(size)?]).await?;
        transaction.commit().await?;
        Ok(news)
    }

    /// The last checkpoint that was stored.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn last_checkpoint(&self, scope: &Scope) -> Result<Option<SignedCheckpoint>, Error> {
        last_checkpoint(&self.client().await?, &scope.to_string()).await
    }

    /// What the log says of its own gaps, of the records below this size. Only its own records are read.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub async fn ledger(&self, scope: &Scope, covered: u64) -> Result<Ledger, Error> {
        ledger(&self.client().await?, &scope.to_string(), covered).await
    }

    /// The body of a record; `None` if it was purged.
    ///
    /// # Errors
    /// [`LogError::Store`].
    pub async fn body(&self, scope: &Scope, index: u64) -> Result<Option<Vec<u8>>, Error> {
        body(&self.client().await?, &scope.to_string(), index).await
    }

    /// The records below this index, newest first and at most `limit`: a page to show, the next one from its last index.
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn page(&self, scope: &Scope, below: u64, limit: u32) -> Result<Vec<StoredRecord>, Error> {
        const BODIES: &str = "SELECT idx, body FROM clausework_audit_records
            WHERE scope = $1 AND idx < $2 ORDER BY idx DESC LIMIT $3";
        const VALUES: &str = "SELECT text FROM clausework_audit_values
            WHERE scope = $1 AND idx >= $2 AND idx < $3 ORDER BY idx, field";
        let name = scope.to_string();
        // Every index fits: what is beyond has no record.
        let below = i64::try_from(below).unwrap_or(i64::MAX);
        let mut client = self.client().await?;
        let snapshot = begin(&mut client, IsolationLevel::RepeatableRead).await?;
        let rows = snapshot.query(BODIES, &[&name, &below, &i64::from(limit)]).await?;
        let row = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
        let bodies: Vec<(i64, Option<Vec<u8>>)> = rows.iter().map(row).collect::<Result<_, Error>>()?;
        let Some((first, _)) = bodies.last() else { return Ok(Vec::new()) };
        let values = snapshot.query(VALUES, &[&name, first, &below]).await?;
        let values = values.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        Ok(page(bodies, disclosures::<PostgresError>(values)?))
    }

    /// The evidence up to the last checkpoint, read from one snapshot (REPEATABLE READ). With the checkpoints over changes
    /// of keys, those that are kept elsewhere, and what was stored apart when a beginning went; without the keys
    /// ([`Bundle::add_key`]).
    ///
    /// # Errors
    /// [`LogError`].
    pub async fn bundle(&self, scope: &Scope, origin: Origin) -> Result<Bundle, Error> {
        const FIRST: &str = "SELECT min(idx) FROM clausework_audit_records WHERE scope = $1 AND idx < $2";
        const VALUES: &str =
            "SELECT text FROM clausework_audit_values WHERE scope = $1 AND idx < $2 ORDER BY idx, field";
        const RECORDS: &str =
            "SELECT idx, leaf, body FROM clausework_audit_records WHERE scope = $1 AND idx < $2 ORDER BY idx";
        let name = scope.to_string();
        let mut client = self.client().await?;
        let snapshot = begin(&mut client, IsolationLevel::RepeatableRead).await?;
        let mut bundle = Bundle::new(origin, Values::Shown);
        let mut size = head(&snapshot, scope, false).await?.tail.state().map_or(0, LogState::size);
        if let Some(checkpoint) = last_checkpoint(&snapshot, &name).await? {
            size = checkpoint.unverified().head().size();
        }
        add(&snapshot, &name, &mut bundle).await?;
        let end = int(size)?;
        if let Some(first @ 1..) = snapshot.query_one(FIRST, &[&name, &end]).await?.try_get::<_, Option<i64>>(0)? {
            bundle.begin_after(frontier(&snapshot, &name, unsigned(first)).await?);
        }
        let values = snapshot.query(VALUES, &[&name, &end]).await?;
        let values = values.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let records = snapshot.query(RECORDS, &[&name, &end]).await?;
        let row = |row: &Row| Ok::<_, Error>((unsigned(row.try_get(0)?), hash(row.try_get(1)?)?, row.try_get(2)?));
        fill(&mut bundle, disclosures::<PostgresError>(values)?, records.iter().map(row))?;
        Ok(bundle)
    }

    async fn client(&self) -> Result<Client, Error> {
        Ok(self.store.0.get().await?)
    }
}

/// One that is dropped is rolled back.
async fn begin(client: &mut Client, isolation: IsolationLevel) -> Result<Transaction<'_>, Error> {
    Ok(client.build_transaction().isolation_level(isolation).start().await?)
}

/// Changes the state of a log, if there is anything to change. From here on nobody else does.
async fn note(
    transaction: &Transaction<'_>,
    scope: &Scope,
    change: impl Fn(LogState) -> Next<LogState> + Send,
) -> Result<bool, Error> {
    const NOTE: &str = "UPDATE clausework_audit_logs SET state = $1 WHERE scope = $2";
    let Some(state) = head(transaction, scope, true).await?.tail.state().cloned() else { return Ok(false) };
    let Next::Put(after) = change(state) else { return Ok(false) };
    transaction.execute(NOTE, &[&serde_json::to_string(&after)?, &scope.to_string()]).await?;
    Ok(true)
}

/// Appends drafts to a log whose row is locked; `None` if it had no row and has one now.
async fn enter(
    transaction: &Transaction<'_>,
    head: Head,
    now: Now,
    drafts: &mut [Draft<'_>],
) -> Result<Option<Range<u64>>, Error> {
    let prepared = head.tail.enter(now, drafts).map(|entries| head.prepared(entries, Vec::new()))?;
    Ok(put(transaction, &prepared).await?.then(|| prepared.entries.range()))
}

fn hash(bytes: &[u8]) -> Result<Hash, Error> {
    let broken = LogError::Broken { what: "has a hash that is none" };
    bytes.try_into().map(Hash::new).map_err(|_| broken)
}

/// Without the pool, whose settings hold a password.
impl fmt::Debug for PostgresLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresLog(..)")
    }
}
