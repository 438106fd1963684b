use std::thread::sleep;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

/// The version of [`SCHEMA`], kept in SQLite's `user_version`.
const SCHEMA_VERSION: i64 = 1;

/// Instants are microseconds since 1970 in UTC; `text` is JSON.
const SCHEMA: &str = "
    CREATE TABLE records (
        scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, text TEXT NOT NULL, collect_after INTEGER,
        PRIMARY KEY (scope, kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX records_due ON records (collect_after) WHERE collect_after IS NOT NULL;
    CREATE TABLE events (id INTEGER PRIMARY KEY, scope TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE INDEX events_scope ON events (scope);
    PRAGMA user_version = 1;";

/// How long a call waits for another writer before it fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a connection ours: the tables are there, commits are durable, what is erased is overwritten.
pub(super) fn prepare(mut connection: Connection) -> Result<Connection, SqliteError> {
    connection.busy_timeout(PATIENCE)?;
    if !is_ours(&connection)? {
        // Two processes may create it at once: whoever gets the lock second finds it done.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !is_ours(&transaction)? {
            transaction.execute_batch(SCHEMA)?;
        }
        transaction.commit()?;
    }
    write_ahead(&connection)?;
    // FULL: a commit that was acknowledged survives a power cut.
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
    Ok(connection)
}

/// Switches a new file to write-ahead logging, for good. That needs the file to itself for a moment, and
/// this is the one thing that SQLite does not wait for by itself.
fn write_ahead(connection: &Connection) -> Result<(), rusqlite::Error> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    loop {
        match connection.execute_batch("PRAGMA journal_mode = WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < PATIENCE => {
                sleep(PAUSE);
                waited += PAUSE;
            }
            done => return done,
        }
    }
}

/// Whether the tables are there. An error if something else is.
fn is_ours(connection: &Connection) -> Result<bool, SqliteError> {
    // One statement sees one state of the file, even while another process is creating the tables.
    const FOUND: &str = "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version";
    match connection.query_row(FOUND, [], |row| <(i64, i64)>::try_from(row))? {
        (0, 0) => Ok(false),
        (SCHEMA_VERSION, _) => Ok(true),
        (found @ 1.., _) => Err(SqliteError::Newer { found }),
        _ => Err(SqliteError::Foreign),
    }
}

/// What can go wrong with the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// SQLite reported this: no database, locked for too long, disk full.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Written by a newer version of this store.
    #[error("the database has schema version {found}, this store knows version 1")]
    Newer {
        /// The version found.
        found: i64,
    },
    /// A database with tables of another program.
    #[error("the database belongs to another program")]
    Foreign,
}
