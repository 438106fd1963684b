//! The suite that every store passes: one check for each thing a [`Store`] promises.
//!
//! Give it a [`Harness`]: how to open a handle to an **empty** database, and how to read the events
//! back. Then [`run`] it (or [`run_async`]) in a test of your own; what fails is named as a [`Promise`].
//!
//! ```
//! use clausework::store::{MemoryStore, conformance};
//!
//! struct InMemory(MemoryStore); // in your test: a temporary file, a schema, a connection string
//!
//! impl conformance::Harness for InMemory {
//!     type Store = MemoryStore;
//!
//!     fn open(&self) -> MemoryStore {
//!         self.0.clone() // in your test: another connection to the same database
//!     }
//!
//!     fn events(&self) -> Vec<String> {
//!         self.0.events().iter().map(|event| event.text().to_owned()).collect()
//!     }
//! }
//!
//! let store = MemoryStore::new();
//! conformance::run(&InMemory(store.clone()))?;
//!
//! // Of a database that is not empty, nothing can be said.
//! let again = conformance::run(&InMemory(store)).unwrap_err();
//! assert_eq!(again.promise(), conformance::Promise::Create);
//! assert_eq!(again.to_string(), "a record that was created is there: it was there before, use an empty database");
//! # Ok::<(), conformance::Failure>(())
//! ```
//!
//! What it cannot see is left to the author: that a commit survives a power cut, and what happens
//! when the connection is lost in the middle of one.

mod blocking;
mod check;
mod race;
mod single;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::future::Future;
use core::pin::Pin;

use self::blocking::Blocking;
use self::check::Check;
use super::{AsyncStore, Store};
use crate::time::Now;

/// What the suite needs of the store under test. It may panic: it runs in a test.
pub trait Harness {
    /// The store: a [`Store`] for [`run`], an [`AsyncStore`] for [`run_async`].
    type Store: Send;

    /// Another handle to the one database. Racing threads have one each.
    fn open(&self) -> Self::Store;

    /// The text of every event in the database, oldest first.
    fn events(&self) -> Vec<String>;

    /// Deletes the records that are due, if the store does so when it is told to. The suite then looks
    /// whether anything else has gone with them.
    fn collect(&self, now: Now) {
        let _ = now;
    }
}

/// One thing that every store promises. They are checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Promise {
    /// A record that was created is there.
    Create,
    /// The version is the one that was written: not a number of the store's own, and all 63 bits of it.
    VersionKept,
    /// A write that names the present version replaces text and version.
    Update,
    /// A write that names an earlier version conflicts.
    StaleUpdate,
    /// What exists cannot be created again.
    CreateOnce,
    /// What does not exist cannot be updated.
    UpdateOfNothing,
    /// `load` answers one entry per key, in order, for unknown keys and for keys asked twice too.
    LoadInOrder,
    /// The text of a record is kept byte for byte.
    TextKept,
    /// Keys that differ in scope, kind or id, if only in upper and lower case, are different records.
    KeysApart,
    /// A batch with one stale write among good ones writes nothing.
    AllOrNothing,
    /// The events of an applied batch are there, in order, byte for byte.
    EventsKept,
    /// The events of a batch that conflicts are not.
    EventsOnlyIfApplied,
    /// A batch of events without writes applies.
    EventsAlone,
    /// Only records that are due are ever collected, by what their latest write says.
    CollectsOnlyDue,
    /// Of several writers at once on one record none is lost, and each has its event.
    NoLostUpdate,
    /// Of several writers at once on two records none is applied by half.
    NoHalfBatch,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "a record that was created is there",
            Self::VersionKept => "the version is the one that was written",
            Self::Update => "a write that names the present version replaces the record",
            Self::StaleUpdate => "a write that names an earlier version conflicts",
            Self::CreateOnce => "what exists cannot be created again",
            Self::UpdateOfNothing => "what does not exist cannot be updated",
            Self::LoadInOrder => "load answers one entry per key, in order",
            Self::TextKept => "the text of a record is kept byte for byte",
            Self::KeysApart => "keys that differ are different records",
            Self::AllOrNothing => "a batch with one stale write writes nothing",
            Self::EventsKept => "the events of an applied batch are there, in order, byte for byte",
            Self::EventsOnlyIfApplied => "the events of a batch that conflicts are not there",
            Self::EventsAlone => "a batch of events without writes applies",
            Self::CollectsOnlyDue => "only records that are due are collected",
            Self::NoLostUpdate => "of several writers on one record none is lost",
            Self::NoHalfBatch => "of several writers on two records none is applied by half",
        })
    }
}

/// Which promise a store broke, and how. One line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{promise}: {detail}")]
pub struct Failure {
    promise: Promise,
    detail: String,
}

impl Failure {
    /// The promise that was broken.
    #[must_use]
    pub const fn promise(&self) -> Promise {
        self.promise
    }

    /// What was seen.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// Runs the whole suite against an empty database of a blocking store. The [module](self) shows a complete use.
///
/// # Errors
/// [`Failure`]: the first promise that is broken.
pub fn run<H: Harness>(harness: &H) -> Result<(), Failure>
where
    H::Store: Store,
{
    Suite { open: &|| harness.open(), events: &|| harness.events(), collect: &|now| harness.collect(now) }.run()
}

/// Runs the whole suite against an empty database of an asynchronous store.
///
/// `block_on` runs a future to its end on the calling thread; several threads call it at once. A store
/// that needs a runtime gets it here, such as `|future| runtime.block_on(future)`.
///
/// ```
/// use clausework::store::{MemoryStore, conformance};
/// use clausework::testing::block_on;
///
/// struct InMemory<'a>(&'a MemoryStore);
///
/// impl<'a> conformance::Harness for InMemory<'a> {
///     type Store = &'a MemoryStore;
///
///     fn open(&self) -> &'a MemoryStore {
///         self.0
///     }
///
///     fn events(&self) -> Vec<String> {
///         self.0.events().iter().map(|event| event.text().to_owned()).collect()
///     }
/// }
///
/// conformance::run_async(&InMemory(&MemoryStore::new()), |future| block_on(future))?;
///
/// // A future that is never run gives no answer.
/// assert!(conformance::run_async(&InMemory(&MemoryStore::new()), |_| ()).is_err());
/// # Ok::<(), conformance::Failure>(())
/// ```
///
/// # Errors
/// [`Failure`]: the first promise that is broken.
pub fn run_async<H: Harness>(
    harness: &H,
    block_on: impl Fn(Pin<&mut (dyn Future<Output = ()> + Send)>) + Sync,
) -> Result<(), Failure>
where
    H::Store: AsyncStore,
{
    let open = || Blocking { store: harness.open(), block_on: &block_on };
    Suite { open: &open, events: &|| harness.events(), collect: &|now| harness.collect(now) }.run()
}

struct Suite<'a, S> {
    open: &'a dyn Fn() -> S,
    events: &'a dyn Fn() -> Vec<String>,
    collect: &'a dyn Fn(Now),
}

impl<S: Store + Send> Suite<'_, S> {
    fn run(&self) -> Result<(), Failure> {
        self.create()?;
        self.version_kept()?;
        self.update()?;
        self.stale_update()?;
        self.create_once()?;
        self.update_of_nothing()?;
        self.load_in_order()?;
        self.text_kept()?;
        self.keys_apart()?;
        self.all_or_nothing()?;
        self.events_kept()?;
        self.events_only_if_applied()?;
        self.events_alone()?;
        self.collects_only_due()?;
        self.no_lost_update()?;
        self.no_half_batch()
    }

    fn check(&self, promise: Promise) -> Check<S> {
        Check { promise, store: (self.open)() }
    }
}
