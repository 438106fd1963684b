use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::future::{Future, ready};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{AsyncStore, Batch, Commit, EventRow, Key, Store, Stored};
use crate::id::Scope;
use crate::time::{Now, Timestamp};

/// Records and events in memory: for tests, demonstrations and single-process tools.
///
/// Clones share the same contents. `&MemoryStore` is both a [`Store`] and an [`AsyncStore`].
///
/// ```
/// use clausework::store::{MemoryStore, Store};
///
/// let store = MemoryStore::new();
/// assert!((&store).load(&[])?.is_empty());
/// assert!(store.events().is_empty());
/// # Ok::<(), core::convert::Infallible>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    records: BTreeMap<Key, (Stored, Option<Timestamp>)>,
    events: Vec<EventRow>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every event, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<EventRow> {
        self.inner().events.clone()
    }

    /// Every record with its text, by key: what an operator would see in the table.
    #[must_use]
    pub fn records(&self) -> Vec<(Key, String)> {
        self.inner().records.iter().map(|(key, (stored, _))| (key.clone(), stored.text.clone())).collect()
    }

    /// Deletes the records whose time of collection has come.
    pub fn collect(&self, now: Now) {
        self.inner().records.retain(|_, (_, collect_after)| collect_after.is_none_or(|after| now.timestamp() <= after));
    }

    /// Deletes every record and event of a tenant, of every kind.
    pub fn erase(&self, scope: &Scope) {
        let mut inner = self.inner();
        inner.records.retain(|key, _| key.scope() != scope);
        inner.events.retain(|event| event.scope() != scope);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic of another thread cannot leave a batch half applied: it is compared first, then written without failing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for &MemoryStore {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        let inner = self.inner();
        Ok(keys.iter().map(|key| inner.records.get(key).map(|(stored, _)| stored.clone())).collect())
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        let mut inner = self.inner();
        for write in batch.writes() {
            if inner.records.get(write.key()).map(|(stored, _)| stored.version()) != write.replaces() {
                return Ok(Commit::Conflict);
            }
        }
        for write in batch.writes() {
            let stored = Stored::new(write.version(), write.text());
            inner.records.insert(write.key().clone(), (stored, write.collect_after()));
        }
        inner.events.extend_from_slice(batch.events());
        Ok(Commit::Applied)
    }
}

impl Store for MemoryStore {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        Store::load(&mut &*self, keys)
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        Store::commit(&mut &*self, batch)
    }
}

impl AsyncStore for &MemoryStore {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> impl Future<Output = Result<Vec<Option<Stored>>, Infallible>> + Send {
        ready(Store::load(self, keys))
    }

    fn commit(&mut self, batch: &Batch<'_>) -> impl Future<Output = Result<Commit, Infallible>> + Send {
        ready(Store::commit(self, batch))
    }
}
