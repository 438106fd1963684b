mod log;
mod schema;

use std::fmt;
use std::path::Path;

pub use self::log::SqliteLog;
pub use self::schema::SqliteError;
use clausework::store::{Batch, Commit, Key, Store, Stored, Version, Write};
use clausework::{Now, Scope, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

/// Records and events in a SQLite file.
///
/// One connection, so **one handle per thread**: open the same path as often as needed, in as many
/// threads and processes as needed, on one machine. Writers wait for each other, readers for nobody.
///
/// ```
/// use clausework::store::Store;
/// use clausework_stores::SqliteStore;
///
/// let mut store = SqliteStore::open_in_memory()?;
/// assert!(store.load(&[])?.is_empty());
/// assert!(store.events(None)?.is_empty());
/// # Ok::<(), clausework_stores::SqliteError>(())
/// ```
pub struct SqliteStore(Connection);

impl SqliteStore {
    /// Opens the file, or creates it.
    ///
    /// # Errors
    /// [`SqliteError`] when the file cannot be opened or is not ours; it is then left as it was.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SqliteError> {
        schema::prepare(Connection::open(path)?).map(Self)
    }

    /// A database of its own that ends with the handle.
    ///
    /// # Errors
    /// [`SqliteError::Sqlite`].
    pub fn open_in_memory() -> Result<Self, SqliteError> {
        schema::prepare(Connection::open_in_memory()?).map(Self)
    }

    /// The text of every event of a tenant, or of all, oldest first.
    ///
    /// # Errors
    /// [`SqliteError::Sqlite`].
    pub fn events(&self, scope: Option<&Scope>) -> Result<Vec<String>, SqliteError> {
        let text = |row: &Row<'_>| row.get(0);
        let texts = match scope {
            Some(scope) => self
                .0
                .prepare_cached("SELECT text FROM events WHERE scope = ? ORDER BY id")?
                .query_map([scope.to_string()], text)?
                .collect::<Result<_, _>>(),
            None => self.0.prepare_cached("SELECT text FROM events ORDER BY id")?.query_map([], text)?.collect(),
        };
        Ok(texts?)
    }

    /// The latest instant of any event: where a scripted clock goes on.
    ///
    /// # Errors
    /// [`SqliteError::Sqlite`].
    pub fn last_event_at(&self) -> Result<Option<Timestamp>, SqliteError> {
        let latest: Option<i64> = self.0.query_row("SELECT max(at) FROM events", [], |row| row.get(0))?;
        Ok(latest.and_then(Timestamp::from_micros))
    }

    /// Deletes the records whose time of collection has come, and says how many.
    ///
    /// # Errors
    /// [`SqliteError::Sqlite`].
    pub fn collect(&mut self, now: Now) -> Result<usize, SqliteError> {
        let now = now.timestamp().as_micros();
        Ok(self.0.execute("DELETE FROM records WHERE collect_after < ?", [now])?)
    }

    /// Deletes every record and event of a tenant, of every kind, and overwrites them in the file.
    ///
    /// # Errors
    /// [`SqliteError::Sqlite`].
    pub fn erase(&mut self, scope: &Scope) -> Result<(), SqliteError> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM records WHERE scope = ?", [scope.to_string()])?;
        transaction.execute("DELETE FROM events WHERE scope = ?", [scope.to_string()])?;
        transaction.commit()?;
        // The write-ahead log still holds what was deleted, until it is emptied. A reader can delay that.
        Ok(self.0.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

impl Store for SqliteStore {
    type Error = SqliteError;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, SqliteError> {
        // One look at the file for all of them: without it each takes and leaves the lock of readers.
        let snapshot = self.0.transaction()?;
        let mut select =
            snapshot.prepare_cached("SELECT version, text FROM records WHERE scope = ? AND kind = ? AND id = ?")?;
        let stored = |row: &Row<'_>| Ok(Stored::new(Version::new(row.get(0)?), row.get::<_, String>(1)?));
        let one = |key: &Key| {
            let params = params![key.scope().to_string(), key.kind(), key.id()];
            Ok(select.query_row(params, stored).optional()?)
        };
        let found = keys.iter().map(one).collect();
        drop(select);
        snapshot.commit()?;
        found
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, SqliteError> {
        // IMMEDIATE takes the write lock at once: nothing changes between comparing and writing.
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for record in batch.writes() {
            if !write(&transaction, record)? {
                transaction.rollback()?;
                return Ok(Commit::Conflict);
            }
        }
        for event in batch.events() {
            let mut insert = transaction.prepare_cached("INSERT INTO events (scope, at, text) VALUES (?, ?, ?)")?;
            insert.execute(params![event.scope().to_string(), event.at().as_micros(), event.text()])?;
        }
        transaction.commit()?;
        Ok(Commit::Applied)
    }
}

/// Writes one record if the table holds what it replaces, and says whether it did.
fn write(transaction: &Transaction<'_>, write: &Write) -> Result<bool, rusqlite::Error> {
    let (scope, kind, id) = (write.key().scope().to_string(), write.key().kind(), write.key().id());
    let (version, until) = (write.version().as_i64(), write.collect_after().map(Timestamp::as_micros));
    let changed = match write.replaces() {
        None => transaction
            .prepare_cached("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![scope, kind, id, version, write.text(), until])?,
        Some(present) => transaction
            .prepare_cached(
                "UPDATE records SET version = ?, text = ?, collect_after = ?
                 WHERE scope = ? AND kind = ? AND id = ? AND version = ?",
            )?
            .execute(params![version, write.text(), until, scope, kind, id, present.as_i64()])?,
    };
    Ok(changed == 1)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqliteStore(..)") // the file's path is the host's business
    }
}
