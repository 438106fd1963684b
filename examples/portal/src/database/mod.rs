//! One database behind two doors: the store that clausework decides over, and the host's own table of users.

mod postgres;
mod sqlite;
mod users;

use std::path::Path;

use clausework::TenantId;
use clausework::store::{AsyncStore, Batch, Commit, Key, Stored};

use self::postgres::Postgres;
use self::sqlite::Sqlite;
pub use self::users::{Role, User};

/// A handle on the database; clones share its connections.
#[derive(Clone)]
pub enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What can go wrong with it: for the log, never for a page.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error(transparent)]
    Sqlite(#[from] clausework_stores::SqliteError),
    #[error(transparent)]
    Postgres(#[from] clausework_stores::PostgresError),
    #[error("the file of the database: {0}")]
    File(#[from] std::io::Error),
    #[error("the table of users holds what nobody wrote: {0}")]
    Users(#[from] clausework::id::IdError),
}

impl Database {
    /// Opens a `postgres://` address, or else a file of SQLite.
    pub async fn open(place: &str) -> Result<Self, DatabaseError> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            Ok(Self::Postgres(Postgres::open(place).await?))
        } else {
            Ok(Self::Sqlite(Sqlite::open(Path::new(place))?))
        }
    }

    /// The user of this name, as typed: case and surrounding spaces do not count.
    pub async fn user_named(&self, name: &str) -> Result<Option<User>, DatabaseError> {
        let name = users::folded(name);
        match self {
            Self::Sqlite(file) => file.user_named(&name).await,
            Self::Postgres(server) => server.user_named(&name).await,
        }
    }

    /// Every user of a tenant, by name.
    pub async fn users_of(&self, tenant: &TenantId) -> Result<Vec<User>, DatabaseError> {
        match self {
            Self::Sqlite(file) => file.users_of(tenant).await,
            Self::Postgres(server) => server.users_of(tenant).await,
        }
    }

    /// The user of this account, if the tenant still has it.
    pub async fn user(&self, tenant: &TenantId, account: &str) -> Result<Option<User>, DatabaseError> {
        match self {
            Self::Sqlite(file) => file.user(tenant, account).await,
            Self::Postgres(server) => server.user(tenant, account).await,
        }
    }

    /// Adds a user, unless there is one of that name.
    pub async fn add_user(&self, user: &User) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(file) => file.add_user(user).await,
            Self::Postgres(server) => server.add_user(user).await,
        }
    }
}

impl AsyncStore for Database {
    type Error = DatabaseError;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, DatabaseError> {
        match self {
            Self::Sqlite(file) => file.load(keys).await,
            Self::Postgres(server) => server.load(keys).await,
        }
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, DatabaseError> {
        match self {
            Self::Sqlite(file) => file.commit(batch).await,
            Self::Postgres(server) => server.commit(batch).await,
        }
    }
}
