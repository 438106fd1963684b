//! Stores for clausework, small and ready to copy into a host.
//!
//! Each passes [`clausework::store::conformance`] in this package's tests.
//!
//! | database | feature | store | what an acknowledged commit survives |
//! |---|---|---|---|
//! | SQLite | `sqlite` (default) | [`SqliteStore`], a [`Store`](clausework::store::Store) | a power cut |
//! | PostgreSQL | `postgres` | `PostgresStore`, an [`AsyncStore`](clausework::store::AsyncStore) over a pool | a power cut; a failover to a synchronous standby |
//! | Redis | `redis` | `RedisStore`, an [`AsyncStore`](clausework::store::AsyncStore) over one connection | a power cut; **not** a failover |
//!
//! The audit log is kept beside the store: `SqliteLog` and `PostgresLog` take in what the store commits.
//!
//! The README of this package says how to run each, what to index and what a failover costs.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod log;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use self::log::{LogError, Prepared, Sequenced, StoredRecord};
#[cfg(feature = "postgres")]
pub use self::postgres::{PostgresError, PostgresLog, PostgresStore};
#[cfg(feature = "redis")]
pub use self::redis::{RedisError, RedisStore};
#[cfg(feature = "sqlite")]
pub use self::sqlite::{SqliteError, SqliteLog, SqliteStore};
