//! SQLite: a file and a few connections to it, the store over them, and the table of users.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clausework::TenantId;
use clausework::store::{Batch, Commit, Key, Store, Stored};
use clausework_stores::{SqliteError, SqliteStore};
use rusqlite::{Connection, OptionalExtension, Row};
use tokio::sync::Semaphore;
use tokio::task::block_in_place;

use super::{DatabaseError, User};

/// Connections that stay open. SQLite has one writer at a time; the others read.
const CONNECTIONS: usize = 4;
/// How long a statement waits for another writer before it fails, as in the store.
const PATIENCE: Duration = Duration::from_secs(5);
const USERS: &str = "CREATE TABLE IF NOT EXISTS portal_users (
    email TEXT PRIMARY KEY, account TEXT NOT NULL, tenant TEXT NOT NULL, display_name TEXT NOT NULL, role TEXT NOT NULL,
    UNIQUE (tenant, account)) STRICT";
const COLUMNS: &str = "email, account, tenant, display_name, role";

/// A file, and a few connections to it.
#[derive(Clone)]
pub struct Sqlite(Arc<Pool>);

struct Pool {
    path: PathBuf,
    free: Semaphore,
    idle: Mutex<Vec<Handle>>,
}

/// The store's connection, and one for the tables of the host.
struct Handle {
    store: SqliteStore,
    own: Connection,
}

impl Handle {
    fn open(path: &Path) -> Result<Self, DatabaseError> {
        let store = SqliteStore::open(path)?;
        let own = Connection::open(path).map_err(SqliteError::from)?;
        own.busy_timeout(PATIENCE).map_err(SqliteError::from)?;
        own.execute_batch("PRAGMA synchronous = FULL").map_err(SqliteError::from)?;
        Ok(Self { store, own })
    }
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        // SQLite would make it for everybody to read; the files that it makes beside it follow this one's mode.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
        let handle = Handle::open(path)?;
        handle.own.execute_batch(USERS).map_err(SqliteError::from)?;
        let (free, idle) = (Semaphore::new(CONNECTIONS), Mutex::new(vec![handle]));
        Ok(Self(Arc::new(Pool { path: path.into(), free, idle })))
    }

    /// The file, for a component that keeps a connection of its own, such as the audit log.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Runs something on a connection. The thread is lent out meanwhile, so that other tasks go on.
    async fn on<T>(&self, run: impl FnOnce(&mut Handle) -> Result<T, SqliteError>) -> Result<T, DatabaseError> {
        let Ok(_permit) = self.0.free.acquire().await else { unreachable!("the semaphore is never closed") };
        block_in_place(|| {
            let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut handle = idle.map_or_else(|| Handle::open(&self.0.path), Ok)?;
            let done = run(&mut handle)?; // one that failed is not used again
            self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
            Ok(done)
        })
    }

    pub async fn load(&self, keys: &[Key]) -> Result<Vec<Option<Stored>>, DatabaseError> {
        self.on(|handle| handle.store.load(keys)).await
    }

    pub async fn commit(&self, batch: &Batch<'_>) -> Result<Commit, DatabaseError> {
        self.on(|handle| handle.store.commit(batch)).await
    }

    pub async fn user_named(&self, email: &str) -> Result<Option<User>, DatabaseError> {
        let select = format!("SELECT {COLUMNS} FROM portal_users WHERE email = ?");
        self.one(&select, &[email]).await
    }

    pub async fn user(&self, tenant: &TenantId, account: &str) -> Result<Option<User>, DatabaseError> {
        let select = format!("SELECT {COLUMNS} FROM portal_users WHERE tenant = ? AND account = ?");
        self.one(&select, &[tenant.as_str(), account]).await
    }

    async fn one(&self, select: &str, params: &[&str]) -> Result<Option<User>, DatabaseError> {
        let params = rusqlite::params_from_iter(params);
        let found = self.on(|handle| {
            let mut select = handle.own.prepare_cached(select)?;
            Ok(select.query_row(params, columns).optional()?)
        });
        Ok(found.await?.map(User::from_columns).transpose()?)
    }

    pub async fn users_of(&self, tenant: &TenantId) -> Result<Vec<User>, DatabaseError> {
        let select = format!("SELECT {COLUMNS} FROM portal_users WHERE tenant = ? ORDER BY email");
        let rows = self.on(|handle| {
            let mut select = handle.own.prepare_cached(&select)?;
            Ok(select.query_map([tenant.as_str()], columns)?.collect::<Result<Vec<_>, _>>()?)
        });
        Ok(rows.await?.into_iter().map(User::from_columns).collect::<Result<_, _>>()?)
    }

    pub async fn add_user(&self, user: &User) -> Result<(), DatabaseError> {
        const INSERT: &str = "INSERT INTO portal_users VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        self.on(|handle| Ok(handle.own.execute(INSERT, user.columns()).map(drop)?)).await
    }
}

fn columns(row: &Row<'_>) -> Result<[String; 5], rusqlite::Error> {
    Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
}
