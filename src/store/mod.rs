//! Storage: decide purely, then compare-and-swap.
//!
//! | you are | read |
//! |---|---|
//! | writing a store for your database | [`Store`] or [`AsyncStore`], then run the suite `store::conformance` (feature `testing`) against it |
//! | calling a flow such as `sign_in` | nothing here: pass your store in |
//! | driving steps yourself, or in your own transaction | [`update`], [`update_async`], or [`Decision::batch`] |
//! | trying things out | [`MemoryStore`] (feature `std`) |
//!
//! A store knows keys, versions and text, nothing else: one implementation and one table serve every
//! kind of record. Every write names the version it replaces, so no write can be blind; a batch
//! (writes and events) is all or nothing; a conflict is an answer, not an error, and makes the driver
//! load again and decide again. The decision itself is a pure function of what was loaded.

mod change;
#[cfg(feature = "testing")]
pub mod conformance;
mod drive;
mod key;
#[cfg(feature = "std")]
mod memory;
mod record;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::future::Future;

pub use self::change::{Change, Decision, Next, Rows, Transition};
pub use self::drive::{MAX_ROUNDS, UpdateError, update, update_async, update_from, update_from_async};
pub(crate) use self::key::is_kind;
pub use self::key::{Key, KeyId};
#[cfg(feature = "std")]
pub use self::memory::MemoryStore;
pub use self::record::{DecodeError, MAX_TEXT_BYTES, Record};
use crate::id::Scope;
use crate::time::Timestamp;

/// The version of a stored record: larger with every write, and never met again, not even after the
/// record was collected and created anew (it is at least the instant of the write in microseconds).
///
/// Always positive, so that it fits a signed 64-bit column.
///
/// ```
/// use clausework::store::Version;
///
/// assert!(Version::new(7) < Version::new(8));
/// assert_eq!(Version::new(8).as_i64(), 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(i64);

impl Version {
    /// From the number in the store's column.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number for the store's column.
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

/// A record as the store holds it: its version and its text (JSON, at most [`MAX_TEXT_BYTES`]).
///
/// ```
/// use clausework::store::{Stored, Version};
///
/// let stored = Stored::new(Version::new(7), "{}");
/// assert_eq!((stored.version().as_i64(), stored.text()), (7, "{}"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Stored {
    version: Version,
    text: String,
}

impl Stored {
    /// As read from the store's columns.
    #[must_use]
    pub fn new(version: Version, text: impl Into<String>) -> Self {
        Self { version, text: text.into() }
    }

    /// The version to be replaced by the next write.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Without the text: a credential's holds its hash.
impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("version", &self.version).finish_non_exhaustive()
    }
}

/// One record to write, on condition that the store still holds what it replaces.
#[derive(Clone, PartialEq, Eq)]
pub struct Write {
    key: Key,
    replaces: Option<Version>,
    version: Version,
    text: String,
    collect_after: Option<Timestamp>,
}

impl Write {
    /// Which record.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// The version the store must hold for the batch to apply; `None`: there must be no such record.
    #[must_use]
    pub const fn replaces(&self) -> Option<Version> {
        self.replaces
    }

    /// The version of the record once written.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The text of the record once written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// From when on the record may be deleted without anyone missing it; `None`: never by itself.
    #[must_use]
    pub const fn collect_after(&self) -> Option<Timestamp> {
        self.collect_after
    }
}

/// Without the text, as [`Stored`].
impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, replaces, version, .. } = self;
        f.debug_struct("Write")
            .field("key", key)
            .field("replaces", replaces)
            .field("version", version)
            .finish_non_exhaustive()
    }
}

/// One event to append: a line of JSON, the instant and the tenant it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    scope: Scope,
    at: Timestamp,
    text: String,
}

impl EventRow {
    /// The tenant, or the operator.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The event as [`Event::decode`](crate::event::Event::decode) reads it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What a commit applies: every write and every event, or nothing at all.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    writes: &'a [Write],
    events: &'a [EventRow],
}

impl<'a> Batch<'a> {
    /// The records to write; no key twice.
    #[must_use]
    pub const fn writes(&self) -> &'a [Write] {
        self.writes
    }

    /// The events to append, in order.
    #[must_use]
    pub const fn events(&self) -> &'a [EventRow] {
        self.events
    }
}

/// The store's answer to a commit.
///
/// Closed: a batch applies whole or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a batch applies whole or not at all")]
pub enum Commit {
    /// Every write and event is stored.
    Applied,
    /// Some record was no longer what its write replaces; nothing is stored.
    Conflict,
}

/// A blocking store of records and events, written by the host.
///
/// Two methods, no policy, no clock. `load` and `commit` need not share a transaction: the versions
/// carry the guarantee. Object-safe, and implemented for `&mut S`; for a pool, implement it for `&Pool`.
///
/// # What an implementation promises
/// 1. `load` answers one entry per key, in order, with the latest committed record.
/// 2. `commit` is atomic and durable: it compares every [`Write::replaces`] and writes everything
///    (events included) in one transaction, or answers [`Commit::Conflict`] and writes nothing.
/// 3. A record past its [`Write::collect_after`] may be deleted at any time; any other never is.
///
/// ```
/// use clausework::store::{Batch, Commit, Key, Store, Stored};
///
/// /// Counts what passes through to another store.
/// struct Counting<S>(S, u32);
///
/// impl<S: Store> Store for Counting<S> {
///     type Error = S::Error;
///
///     fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, S::Error> {
///         self.0.load(keys)
///     }
///
///     fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, S::Error> {
///         self.1 += 1;
///         self.0.commit(batch)
///     }
/// }
/// ```
pub trait Store {
    /// What can go wrong with the database; it is never shown to the person signing in.
    type Error: core::error::Error + Send + Sync + 'static;

    /// The records of these keys, one entry per key, in order.
    ///
    /// # Errors
    /// Whatever the database reports.
    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Self::Error>;

    /// Applies the batch whole, or answers [`Commit::Conflict`] and changes nothing.
    ///
    /// # Errors
    /// Whatever the database reports. The batch may then have been applied or not (a lost
    /// acknowledgement); the crate is built to be right in both cases.
    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Self::Error>;
}

impl<S: Store + ?Sized> Store for &mut S {
    type Error = S::Error;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Self::Error> {
        (**self).load(keys)
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Self::Error> {
        (**self).commit(batch)
    }
}

/// An asynchronous store: the same two methods and the same promises as [`Store`], as futures.
///
/// The futures are `Send`, so the drivers run in spawned tasks. For a pool, implement it for `&Pool`.
pub trait AsyncStore {
    /// What can go wrong with the database; it is never shown to the person signing in.
    type Error: core::error::Error + Send + Sync + 'static;

    /// As [`Store::load`].
    fn load(&mut self, keys: &[Key]) -> impl Future<Output = Result<Vec<Option<Stored>>, Self::Error>> + Send;

    /// As [`Store::commit`].
    fn commit(&mut self, batch: &Batch<'_>) -> impl Future<Output = Result<Commit, Self::Error>> + Send;
}

impl<S: AsyncStore + ?Sized> AsyncStore for &mut S {
    type Error = S::Error;

    fn load(&mut self, keys: &[Key]) -> impl Future<Output = Result<Vec<Option<Stored>>, Self::Error>> + Send {
        (**self).load(keys)
    }

    fn commit(&mut self, batch: &Batch<'_>) -> impl Future<Output = Result<Commit, Self::Error>> + Send {
        (**self).commit(batch)
    }
}
