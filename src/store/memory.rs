use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::future::{Future, ready};
use core::hash::BuildHasher as _;
use std::collections::HashMap;
use std::hash::RandomState;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{AsyncStore, Batch, Commit, EventRow, Key, Store, Stored, Write};
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
pub struct MemoryStore(Arc<Inner>);

/// How many parts the records are in, each with a lock of its own: as many as a set of bits holds.
const SHARDS: usize = u64::BITS as usize;

type Shard = HashMap<Key, (Stored, Option<Timestamp>)>;

#[derive(Debug)]
struct Inner {
    hasher: RandomState,
    /// Whoever takes several locks takes them in this order, that of the events last.
    shards: [Mutex<Shard>; SHARDS],
    events: Mutex<Vec<EventRow>>,
}

impl Default for Inner {
    fn default() -> Self {
        let shards = core::array::from_fn(|_| Mutex::default());
        Self { hasher: RandomState::new(), shards, events: Mutex::default() }
    }
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
        lock(&self.0.events).clone()
    }

    /// Every record with its text, by key: what an operator would see in the table.
    #[must_use]
    pub fn records(&self) -> Vec<(Key, String)> {
        let shards = self.all();
        let records = shards.iter().flat_map(|shard| shard.iter());
        let mut records: Vec<_> = records.map(|(key, (stored, _))| (key.clone(), stored.text.clone())).collect();
        records.sort_unstable();
        records
    }

    /// Deletes the records whose time of collection has come.
    pub fn collect(&self, now: Now) {
        for mut shard in self.all() {
            shard.retain(|_, (_, collect_after)| collect_after.is_none_or(|after| now.timestamp() <= after));
        }
    }

    /// Deletes every record and event of a tenant, of every kind.
    pub fn erase(&self, scope: &Scope) {
        let mut shards = self.all();
        for shard in &mut shards {
            shard.retain(|key, _| key.scope() != scope);
        }
        lock(&self.0.events).retain(|event| event.scope() != scope);
    }

    /// Every shard, locked.
    fn all(&self) -> Vec<MutexGuard<'_, Shard>> {
        self.0.shards.iter().map(lock).collect()
    }

    /// The shards of these keys, locked.
    fn of<'k>(&self, keys: impl Iterator<Item = &'k Key>) -> Held<'_> {
        let wanted = keys.fold(0, |wanted, key| wanted | self.bit(key));
        let shards = self.0.shards.iter().enumerate().filter(|(number, _)| wanted >> number & 1 == 1);
        Held { store: self, wanted, shards: shards.map(|(_, shard)| lock(shard)).collect() }
    }

    /// The number of a key's shard, as a bit.
    fn bit(&self, key: &Key) -> u64 {
        1 << (self.0.hasher.hash_one(key) % u64::from(u64::BITS))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another thread cannot leave a batch half applied: it is compared first, then written without failing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Some shards, locked, in their order; what they are is a set of bits.
struct Held<'a> {
    store: &'a MemoryStore,
    wanted: u64,
    shards: Vec<MutexGuard<'a, Shard>>,
}

impl Held<'_> {
    /// Where in `shards` that of a key is.
    fn place(&self, key: &Key) -> usize {
        (self.wanted & self.store.bit(key).wrapping_sub(1)).count_ones() as usize
    }

    fn get(&self, key: &Key) -> Option<&Stored> {
        Some(&self.shards.get(self.place(key))?.get(key)?.0)
    }

    fn put(&mut self, write: &Write) {
        let place = self.place(&write.key);
        let Some(shard) = self.shards.get_mut(place) else { return };
        if let Some((stored, collect_after)) = shard.get_mut(&write.key) {
            stored.version = write.version;
            stored.text.clone_from(&write.text);
            *collect_after = write.collect_after;
        } else {
            shard.insert(write.key.clone(), (Stored::new(write.version, write.text()), write.collect_after));
        }
    }
}

impl Store for &MemoryStore {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        let held = self.of(keys.iter());
        Ok(keys.iter().map(|key| held.get(key).cloned()).collect())
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        let mut held = self.of(batch.writes().iter().map(Write::key));
        if batch.writes().iter().any(|write| held.get(write.key()).map(Stored::version) != write.replaces()) {
            return Ok(Commit::Conflict);
        }
        for write in batch.writes() {
            held.put(write);
        }
        if !batch.events().is_empty() {
            lock(&self.0.events).extend_from_slice(batch.events());
        }
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
