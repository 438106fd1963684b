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

/// The rows by the hash of their keys: one, unless keys collide. They lie outside the table, which is kept small.
type Shard = HashMap<u64, Vec<Row>>;

#[derive(Debug)]
struct Row {
    key: Key,
    stored: Stored,
    collect_after: Option<Timestamp>,
}

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
        let rows = shards.iter().flat_map(|shard| shard.values().flatten());
        let mut records: Vec<_> = rows.map(|row| (row.key.clone(), row.stored.text.clone())).collect();
        records.sort_unstable();
        records
    }

    /// Deletes the records whose time of collection has come.
    pub fn collect(&self, now: Now) {
        retain(&mut self.all(), |row| row.collect_after.is_none_or(|after| now.timestamp() <= after));
    }

    /// Deletes every record and event of a tenant, of every kind.
    pub fn erase(&self, scope: &Scope) {
        let mut shards = self.all();
        retain(&mut shards, |row| row.key.scope() != scope);
        lock(&self.0.events).retain(|event| event.scope() != scope);
    }

    /// Every shard, locked.
    fn all(&self) -> Vec<MutexGuard<'_, Shard>> {
        self.0.shards.iter().map(lock).collect()
    }

    /// The shards of these keys, locked, and every key with its hash.
    fn of<'k>(&self, keys: impl Iterator<Item = &'k Key>) -> (Held<'_>, Vec<(u64, &'k Key)>) {
        let keys: Vec<_> = keys.map(|key| (self.0.hasher.hash_one(key), key)).collect();
        let wanted = keys.iter().fold(0, |wanted, (hash, _)| wanted | bit(*hash));
        let shards = self.0.shards.iter().enumerate().filter(|(number, _)| wanted >> number & 1 == 1);
        (Held { wanted, shards: shards.map(|(_, shard)| lock(shard)).collect() }, keys)
    }
}

/// The number of a key's shard, as a bit.
const fn bit(hash: u64) -> u64 {
    1 << (hash & 63)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another thread cannot leave a batch half applied: it is compared first, then written without failing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn retain(shards: &mut [MutexGuard<'_, Shard>], keeps: impl Fn(&Row) -> bool) {
    for shard in shards {
        shard.retain(|_, rows| {
            rows.retain(&keeps);
            !rows.is_empty()
        });
    }
}

/// Some shards, locked, in their order; which they are is a set of bits.
struct Held<'a> {
    wanted: u64,
    shards: Vec<MutexGuard<'a, Shard>>,
}

impl Held<'_> {
    /// The shard of a hash, which is among the wanted.
    fn shard(&mut self, hash: u64) -> Option<&mut Shard> {
        let before = self.wanted & bit(hash).wrapping_sub(1);
        self.shards.get_mut(before.count_ones() as usize).map(|shard| &mut **shard)
    }

    fn row(&mut self, hash: u64, key: &Key) -> Option<&mut Row> {
        self.shard(hash)?.get_mut(&hash)?.iter_mut().find(|row| row.key == *key)
    }

    fn put(&mut self, hash: u64, write: &Write) {
        let Write { key, version, text, collect_after, .. } = write;
        if let Some(row) = self.row(hash, key) {
            row.stored.version = *version;
            row.stored.text.clone_from(text);
            row.collect_after = *collect_after;
        } else if let Some(shard) = self.shard(hash) {
            let row = Row { key: key.clone(), stored: Stored::new(*version, text), collect_after: *collect_after };
            shard.entry(hash).or_insert_with(|| Vec::with_capacity(1)).push(row);
        }
    }
}

impl Store for &MemoryStore {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        let (mut held, keys) = self.of(keys.iter());
        Ok(keys.iter().map(|(hash, key)| held.row(*hash, key).map(|row| row.stored.clone())).collect())
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        let (mut held, keys) = self.of(batch.writes().iter().map(Write::key));
        for ((hash, key), write) in keys.iter().zip(batch.writes()) {
            if held.row(*hash, key).map(|row| row.stored.version()) != write.replaces() {
                return Ok(Commit::Conflict);
            }
        }
        for ((hash, _), write) in keys.iter().zip(batch.writes()) {
            held.put(*hash, write);
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
