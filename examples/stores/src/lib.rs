//! Stores for clausework, small and ready to copy into a host.
//!
//! Each passes [`clausework::store::conformance`] in this package's tests.
//!
//! | database | feature | store |
//! |---|---|---|
//! | SQLite | `sqlite` (default) | [`SqliteStore`] |

#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteError, SqliteStore};
