mod log;

use std::fmt;

use clausework::store::{AsyncStore, Batch, Commit, EventRow, Key, Stored, Version, Write};
use clausework::{Now, Scope, Timestamp};
use deadpool_postgres::tokio_postgres::error::SqlState;
use deadpool_postgres::tokio_postgres::types::ToSql;
use deadpool_postgres::tokio_postgres::{self, Row};
use deadpool_postgres::{Pool, PoolError};

pub use self::log::PostgresLog;

const SCHEMA: &str = include_str!("postgres/schema.sql");
const LOAD: &str = include_str!("postgres/load.sql");
const REPLACE: &str = include_str!("postgres/replace.sql");
const REPLACE_NOTING: &str = include_str!("postgres/replace_noting.sql");
const COMMIT: &str = include_str!("postgres/commit.sql");
/// The version of [`SCHEMA`], kept in `clausework_schema`.
const SCHEMA_VERSION: i32 = 1;

/// Records and events in PostgreSQL (12 or later), over a pool of the host's.
///
/// Clones share the pool: keep one in the state of the application and give each request its clone. The tables are
/// found by the connection's `search_path`.
///
/// A commit is **one statement**: one round trip, atomic, right under READ COMMITTED and under every stricter level.
/// No transaction is ever open between two round trips, so a future may be dropped at any point: its statement then
/// takes effect whole or not at all, and the connection goes back to the pool as good as before.
///
/// ```no_run
/// use clausework_stores::PostgresStore;
/// use deadpool_postgres::{Manager, Pool, tokio_postgres::NoTls};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// // A commit that waits for a lock, or for a server that is gone, must end some time: as an error, nobody is let in.
/// let config = "host=db.internal user=app dbname=app target_session_attrs=read-write connect_timeout=5 \
///               tcp_user_timeout=10 options='-c statement_timeout=5s'";
/// let pool = Pool::builder(Manager::new(config.parse()?, NoTls)).max_size(16).build()?; // NoTls: on one machine only
/// let store = PostgresStore::open(pool).await?;
/// let mut of_one_request = store.clone();
/// # use clausework::store::AsyncStore;
/// # of_one_request.load(&[]).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct PostgresStore(Pool);

impl PostgresStore {
    /// Takes a pool, and creates the tables if they are not there. Any number of hosts may do so at once; the right
    /// to create tables is needed only by the first.
    ///
    /// # Errors
    /// [`PostgresError`]: no connection, tables of a newer version, or a server that acknowledges what it may lose.
    pub async fn open(pool: Pool) -> Result<Self, PostgresError> {
        let client = pool.get().await?;
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            let value: String = client.query_one("SELECT current_setting($1)", &[&setting]).await?.try_get(0)?;
            if value == "off" {
                return Err(PostgresError::NotDurable { setting });
            }
        }
        let there: bool =
            client.query_one("SELECT to_regclass('clausework_schema') IS NOT NULL", &[]).await?.try_get(0)?;
        if !there {
            client.batch_execute(SCHEMA).await?;
        }
        match client.query_one("SELECT version FROM clausework_schema", &[]).await?.try_get(0)? {
            SCHEMA_VERSION => Ok(Self(pool)),
            found => Err(PostgresError::Newer { found }),
        }
    }

    /// The text of every event of a tenant, or of all, in the order of insertion.
    ///
    /// # Errors
    /// [`PostgresError`].
    pub async fn events(&self, scope: Option<&Scope>) -> Result<Vec<String>, PostgresError> {
        const EVENTS: &str = "SELECT text FROM clausework_events WHERE $1::text IS NULL OR scope = $1 ORDER BY id";
        let rows = self.0.get().await?.query(EVENTS, &[&scope.map(Scope::to_string)]).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }

    /// Deletes the records whose time of collection has come, and says how many. It waits for nobody: a record that
    /// is being written is left for the next time.
    ///
    /// # Errors
    /// [`PostgresError`].
    pub async fn collect(&self, now: Now) -> Result<u64, PostgresError> {
        const COLLECT: &str = "DELETE FROM clausework_records WHERE collect_after < $1 AND (scope, kind, id) IN
            (SELECT scope, kind, id FROM clausework_records WHERE collect_after < $1 FOR UPDATE SKIP LOCKED)";
        Ok(self.0.get().await?.execute(COLLECT, &[&now.timestamp().as_micros()]).await?)
    }

    /// Deletes every record and event of a tenant, of every kind, in one statement. Shut the tenant out first: what
    /// its users write meanwhile stays. PostgreSQL overwrites the space at the next `VACUUM`; its write-ahead log and
    /// backups keep what was deleted until they are recycled.
    ///
    /// # Errors
    /// [`PostgresError`]; nothing is deleted then, and it can be called again.
    pub async fn erase(&self, scope: &Scope) -> Result<(), PostgresError> {
        const ERASE: &str = "WITH records AS (DELETE FROM clausework_records WHERE scope = $1)
            DELETE FROM clausework_events WHERE scope = $1";
        self.0.get().await?.execute(ERASE, &[&scope.to_string()]).await?;
        Ok(())
    }
}

impl AsyncStore for PostgresStore {
    type Error = PostgresError;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, PostgresError> {
        let (scopes, kinds, ids) = columns(keys);
        let client = self.0.get().await?;
        let load = client.prepare_cached(LOAD).await?;
        let rows = client.query(&load, &[&scopes, &kinds, &ids]).await?;
        let stored = |row: &Row| match row.try_get(0)? {
            Some(version) => Ok(Some(Stored::new(Version::new(version), row.try_get::<_, String>(1)?))),
            None => Ok(None),
        };
        rows.iter().map(stored).collect()
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, PostgresError> {
        let (writes, events) = (batch.writes(), batch.events());
        let client = self.0.get().await?;
        let applied = match (writes, events, writes.first().and_then(Write::replaces)) {
            ([write], [] | [_], Some(replaces)) => {
                let key = write.key();
                let (scope, until) = (key.scope().to_string(), write.collect_after().map(Timestamp::as_micros));
                let (id, before, after) = (key.id(), replaces.as_i64(), write.version().as_i64());
                let record: [&(dyn ToSql + Sync); 7] =
                    [&scope, &key.kind(), &id, &before, &after, &write.text(), &until];
                let written = match events.first() {
                    None => client.execute(&client.prepare_cached(REPLACE).await?, &record).await,
                    Some(event) => {
                        let (scope, at) = (event.scope().to_string(), event.at().as_micros());
                        let noted: [&(dyn ToSql + Sync); 3] = [&scope, &at, &event.text()];
                        let replace = client.prepare_cached(REPLACE_NOTING).await?;
                        client.execute(&replace, &[&record[..], &noted].concat()).await
                    }
                };
                written.map(|rows| rows == 1)
            }
            _ => {
                let (scopes, kinds, ids) = columns(writes.iter().map(Write::key));
                let replaces: Vec<_> = writes.iter().map(|write| write.replaces().map(Version::as_i64)).collect();
                let versions: Vec<_> = writes.iter().map(|write| write.version().as_i64()).collect();
                let texts: Vec<_> = writes.iter().map(Write::text).collect();
                let until: Vec<_> = writes.iter().map(|w| w.collect_after().map(Timestamp::as_micros)).collect();
                let event_scopes: Vec<_> = events.iter().map(|event| event.scope().to_string()).collect();
                let instants: Vec<_> = events.iter().map(|event| event.at().as_micros()).collect();
                let lines: Vec<_> = events.iter().map(EventRow::text).collect();
                let commit = client.prepare_cached(COMMIT).await?;
                let records: [&(dyn ToSql + Sync); 7] = [&scopes, &kinds, &ids, &replaces, &versions, &texts, &until];
                let noted: [&(dyn ToSql + Sync); 3] = [&event_scopes, &instants, &lines];
                let row = client.query_one(&commit, &[&records[..], &noted].concat()).await;
                row.and_then(|row| row.try_get(0))
            }
        };
        match applied {
            Ok(true) => Ok(Commit::Applied),
            Ok(false) => Ok(Commit::Conflict),
            Err(error) if lost_the_race(&error) => Ok(Commit::Conflict),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether another writer came first. The statement has then written nothing.
fn lost_the_race(error: &tokio_postgres::Error) -> bool {
    const LOST: [SqlState; 3] =
        [SqlState::UNIQUE_VIOLATION, SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| LOST.contains(code))
}

/// The three columns of these keys.
fn columns<'a>(keys: impl IntoIterator<Item = &'a Key>) -> (Vec<String>, Vec<&'a str>, Vec<&'a str>) {
    let (mut scopes, mut kinds, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for key in keys {
        scopes.push(key.scope().to_string());
        kinds.push(key.kind());
        ids.push(key.id());
    }
    (scopes, kinds, ids)
}

/// Without the pool, whose settings hold a password.
impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresStore(..)")
    }
}

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// PostgreSQL, or the connection to it, reported this.
    #[error("postgres: {0}")]
    Postgres(#[from] tokio_postgres::Error),
    /// The pool gave no connection.
    #[error("postgres: {0}")]
    Pool(#[from] PoolError),
    /// Written by a newer version of this store.
    #[error("the database has schema version {found}, this store knows version 1")]
    Newer {
        /// The version found.
        found: i32,
    },
    /// The server would acknowledge commits that a crash may undo, and with them a lock or a failure.
    #[error("postgres: `{setting}` is off, so an acknowledged commit may be lost")]
    NotDurable {
        /// The setting that is off.
        setting: &'static str,
    },
}
