//! PostgreSQL: a pool of connections, the store over it, and the table of users.

use clausework::TenantId;
use clausework::store::{AsyncStore, Batch, Commit, Key, Stored};
use clausework_stores::{PostgresError, PostgresStore};
use deadpool_postgres::tokio_postgres::types::ToSql;
use deadpool_postgres::tokio_postgres::{Config, NoTls, Row};
use deadpool_postgres::{Manager, Pool, Runtime, Timeouts};
use std::time::Duration;

use super::{DatabaseError, User};

/// How long a request waits for a connection, and a connection for the server.
const PATIENCE: Duration = Duration::from_secs(5);
const USERS: &str = "CREATE TABLE IF NOT EXISTS portal_users (
    email text PRIMARY KEY, account text NOT NULL, tenant text NOT NULL, display_name text NOT NULL, role text NOT NULL,
    UNIQUE (tenant, account))";
const COLUMNS: &str = "email, account, tenant, display_name, role";

/// A pool of connections, and the store over it.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
    store: PostgresStore,
}

impl Postgres {
    /// Without TLS to the server: for one on the same machine. A host elsewhere hands in a connector of rustls.
    pub async fn open(address: &str) -> Result<Self, DatabaseError> {
        let mut config: Config = address.parse().map_err(PostgresError::from)?;
        config.connect_timeout(PATIENCE);
        let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let manager = Manager::new(config, NoTls);
        let built = Pool::builder(manager).max_size(16).timeouts(timeouts).runtime(Runtime::Tokio1).build();
        let Ok(pool) = built else { unreachable!("a pool with time-outs has its runtime") };
        let store = PostgresStore::open(pool.clone()).await?;
        let server = Self { pool, store };
        let client = server.pool.get().await.map_err(PostgresError::from)?;
        client.batch_execute(USERS).await.map_err(PostgresError::from)?;
        Ok(server)
    }

    /// The pool, for a component with tables of its own, such as the audit log.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    pub async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, DatabaseError> {
        Ok(self.store.load(keys).await?)
    }

    pub async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, DatabaseError> {
        Ok(self.store.commit(batch).await?)
    }

    pub async fn user_named(&self, email: &str) -> Result<Option<User>, DatabaseError> {
        let select = format!("SELECT {COLUMNS} FROM portal_users WHERE email = $1");
        Ok(self.users(&select, &[&email]).await?.pop())
    }

    pub async fn user(&self, tenant: &TenantId, account: &str) -> Result<Option<User>, DatabaseError> {
        let select = format!("SELECT {COLUMNS} FROM portal_users WHERE tenant = $1 AND account = $2");
        Ok(self.users(&select, &[&tenant.as_str(), &account]).await?.pop())
    }

    pub async fn users_of(&self, tenant: &TenantId) -> Result<Vec<User>, DatabaseError> {
        let select = format!("SELECT {COLUMNS} FROM portal_users WHERE tenant = $1 ORDER BY email");
        self.users(&select, &[&tenant.as_str()]).await
    }

    async fn users(&self, select: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<User>, DatabaseError> {
        let rows = self.query(select, params).await?;
        let columns =
            |row: &Row| Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?]);
        let columns: Vec<[String; 5]> = rows.iter().map(columns).collect::<Result<_, _>>().map_err(postgres)?;
        Ok(columns.into_iter().map(User::from_columns).collect::<Result<_, _>>()?)
    }

    pub async fn add_user(&self, user: &User) -> Result<(), DatabaseError> {
        const INSERT: &str = "INSERT INTO portal_users VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let [email, account, tenant, display_name, role] = user.columns();
        self.query(INSERT, &[&email, &account, &tenant, &display_name, &role]).await.map(drop)
    }

    async fn query(&self, statement: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, DatabaseError> {
        let client = self.pool.get().await.map_err(PostgresError::from)?;
        let statement = client.prepare_cached(statement).await.map_err(postgres)?;
        Ok(client.query(&statement, params).await.map_err(postgres)?)
    }
}

fn postgres(error: deadpool_postgres::tokio_postgres::Error) -> PostgresError {
    error.into()
}
