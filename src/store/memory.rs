use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;
use core::future::{Future, ready};
use core::hash::{BuildHasher as _, BuildHasherDefault, Hasher};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::RandomState;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{AsyncStore, Batch, Commit, EventRow, Key, Store, Stored, Version, Write};
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

/// The rows by the hash of their keys, and those whose hash another row has: hardly ever one.
#[derive(Debug, Default)]
struct Shard {
    rows: HashMap<u64, Row, BuildHasherDefault<Hashed>>,
    colliding: Vec<Row>,
}

/// For a key that is a hash already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A record. With many of them it is memory that takes the time: what a look-up compares and reads lies in one piece, and
/// there is little else.
struct Row {
    version: Version,
    /// [`Timestamp::MAX`] is never.
    collect_after: Timestamp,
    /// The key's text, [`END`], and the record's.
    text: String,
}

/// What ends the text of a key: no key has it.
const END: char = ' ';

impl Row {
    fn new(write: &Write) -> Self {
        let key = write.key.as_str();
        let mut text = String::with_capacity(key.len().saturating_add(write.text.len()).saturating_add(ROOM));
        text.push_str(key);
        text.push(END);
        text.push_str(&write.text);
        Self { version: write.version, collect_after: write.collect_after.unwrap_or(Timestamp::MAX), text }
    }

    /// Another version of the record.
    fn put(&mut self, write: &Write) {
        self.version = write.version;
        self.collect_after = write.collect_after.unwrap_or(Timestamp::MAX);
        self.text.truncate(write.key.as_str().len().saturating_add(END.len_utf8()));
        self.text.push_str(&write.text);
    }

    /// The text of the record, if it is that of this key.
    fn text_of(&self, key: &Key) -> Option<&str> {
        self.text.strip_prefix(key.as_str())?.strip_prefix(END)
    }

    fn is_of(&self, key: &Key) -> bool {
        self.text_of(key).is_some()
    }

    fn key_text(&self) -> &str {
        self.text.split_once(END).unwrap_or_default().0
    }

    fn read(&self) -> Option<(Key, String)> {
        let (key, text) = self.text.split_once(END)?;
        Some((Key::read(key)?, text.into()))
    }

    fn is_in(&self, scope: &str) -> bool {
        self.key_text().strip_prefix(scope).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Without the text, as [`Stored`].
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, collect_after, .. } = self;
        f.debug_struct("Row")
            .field("key", &self.key_text())
            .field("version", version)
            .field("collect_after", collect_after)
            .finish_non_exhaustive()
    }
}

/// By how many bytes the text of a record may grow where it lies, at least: to move it takes a lock that threads share, that
/// of the allocator it came from.
const ROOM: usize = 64;

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
        let rows = shards.iter().flat_map(|shard| shard.rows.values().chain(&shard.colliding));
        let mut records: Vec<_> = rows.filter_map(Row::read).collect();
        records.sort_unstable();
        records
    }

    /// Deletes the records whose time of collection has come.
    pub fn collect(&self, now: Now) {
        retain(&mut self.all(), |row| now.timestamp() <= row.collect_after);
    }

    /// Deletes every record and event of a tenant, of every kind.
    pub fn erase(&self, scope: &Scope) {
        let (mut shards, text) = (self.all(), scope.to_string());
        retain(&mut shards, |row| !row.is_in(&text));
        lock(&self.0.events).retain(|event| event.scope() != scope);
    }

    /// Every shard, locked.
    fn all(&self) -> Vec<MutexGuard<'_, Shard>> {
        self.0.shards.iter().map(lock).collect()
    }

    /// The shards of these keys, locked, and every key with its hash.
    fn of<'k>(&self, keys: impl Iterator<Item = &'k Key>) -> (Held<'_>, Vec<(u64, &'k Key)>) {
        let keys: Vec<_> = keys.map(|key| (self.hash(key), key)).collect();
        let wanted = keys.iter().fold(0, |wanted, (hash, _)| wanted | bit(*hash));
        let shards = self.0.shards.iter().enumerate().filter(|(number, _)| wanted >> number & 1 == 1);
        (Held { wanted, shards: shards.map(|(_, shard)| lock(shard)).collect() }, keys)
    }

    /// The shard of a single key, locked, and its hash.
    fn of_one(&self, key: &Key) -> (Option<MutexGuard<'_, Shard>>, u64) {
        let hash = self.hash(key);
        (self.0.shards.get(bit(hash).trailing_zeros() as usize).map(lock), hash)
    }

    fn hash(&self, key: &Key) -> u64 {
        self.0.hasher.hash_one(key.as_str())
    }
}

/// The number of a key's shard, as a bit. Not from the ends of the hash, which tell the rows of a shard apart.
const fn bit(hash: u64) -> u64 {
    1 << (hash >> 40 & 63)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another thread cannot leave a batch half applied: it is compared first, then written without failing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn retain(shards: &mut [MutexGuard<'_, Shard>], keeps: impl Fn(&Row) -> bool) {
    for shard in shards {
        shard.rows.retain(|_, row| keeps(row));
        shard.colliding.retain(&keeps);
    }
}

impl Shard {
    /// The row of a key, and the text of its record.
    fn row(&self, hash: u64, key: &Key) -> Option<(&Row, &str)> {
        let mut rows = self.rows.get(&hash).into_iter().chain(&self.colliding);
        rows.find_map(|row| Some((row, row.text_of(key)?)))
    }

    fn stored(&self, hash: u64, key: &Key) -> Option<Stored> {
        self.row(hash, key).map(|(row, text)| Stored::new(row.version, text))
    }

    fn conflicts(&self, hash: u64, write: &Write) -> bool {
        self.row(hash, &write.key).map(|(row, _)| row.version) != write.replaces
    }

    /// A write of its own, which the row is looked up for once.
    fn replace(&mut self, hash: u64, write: &Write) -> Commit {
        if let Some(row) = self.rows.get_mut(&hash).filter(|row| row.is_of(&write.key)) {
            if Some(row.version) != write.replaces {
                return Commit::Conflict;
            }
            row.put(write);
        } else if self.conflicts(hash, write) {
            return Commit::Conflict;
        } else {
            self.put(hash, write);
        }
        Commit::Applied
    }

    fn put(&mut self, hash: u64, write: &Write) {
        match self.rows.entry(hash) {
            Entry::Vacant(_) if self.colliding.iter().any(|row| row.is_of(&write.key)) => {}
            Entry::Vacant(place) => {
                place.insert(Row::new(write));
                return;
            }
            Entry::Occupied(row) if row.get().is_of(&write.key) => return row.into_mut().put(write),
            Entry::Occupied(_) => {}
        }
        match self.colliding.iter_mut().find(|row| row.is_of(&write.key)) {
            Some(row) => row.put(write),
            None => self.colliding.push(Row::new(write)),
        }
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
}

impl Store for &MemoryStore {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        if let [key] = keys {
            let (shard, hash) = self.of_one(key);
            return Ok(Vec::from([shard.and_then(|shard| shard.stored(hash, key))]));
        }
        let (mut held, keys) = self.of(keys.iter());
        Ok(keys.iter().map(|(hash, key)| held.shard(*hash)?.stored(*hash, key)).collect())
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        if let ([write], []) = (batch.writes(), batch.events()) {
            let (shard, hash) = self.of_one(&write.key);
            return Ok(shard.map_or(Commit::Conflict, |mut shard| shard.replace(hash, write)));
        }
        let (mut held, keys) = self.of(batch.writes().iter().map(Write::key));
        for ((hash, _), write) in keys.iter().zip(batch.writes()) {
            if held.shard(*hash).is_none_or(|shard| shard.conflicts(*hash, write)) {
                return Ok(Commit::Conflict);
            }
        }
        for ((hash, _), write) in keys.iter().zip(batch.writes()) {
            if let Some(shard) = held.shard(*hash) {
                shard.put(*hash, write);
            }
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

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::id::{AccountId, TenantId};
    use crate::store::Record;

    #[derive(Serialize, Deserialize)]
    struct Plain;

    impl Record for Plain {
        const KIND: &'static str = "plain";
        const VERSION: u16 = 1;
    }

    fn key(id: &str) -> Key {
        Key::of::<Plain>(TenantId::try_new("acme").unwrap(), &AccountId::try_new(id).unwrap())
    }

    fn write(id: &str, replaces: Option<i64>, version: i64) -> Write {
        let text = format!("{id} {version}");
        Write { key: key(id), replaces: replaces.map(Version), version: Version(version), text, collect_after: None }
    }

    /// Rows whose keys have one hash are apart all the same.
    #[test]
    fn rows_of_one_hash_are_told_apart() {
        const HASH: u64 = 7;
        let text = |shard: &Shard, id: &str| shard.stored(HASH, &key(id)).map(|stored| stored.text);
        let mut shard = Shard::default();
        for id in ["a", "b", "c"] {
            assert_eq!(text(&shard, id), None);
            assert!(!shard.conflicts(HASH, &write(id, None, 1)), "{id}");
            shard.put(HASH, &write(id, None, 1));
            assert!(shard.conflicts(HASH, &write(id, None, 1)), "{id}");
        }
        shard.put(HASH, &write("b", Some(1), 2));
        assert!(shard.conflicts(HASH, &write("b", Some(1), 3)) && !shard.conflicts(HASH, &write("b", Some(2), 3)));
        assert_eq!(["a", "b", "c"].map(|id| text(&shard, id).unwrap()), ["a 1", "b 2", "c 1"]);

        // The one in the table goes: the others are found where they lie, and written there.
        let mutex = Mutex::new(shard);
        retain(&mut [lock(&mutex)], |row| !row.is_of(&key("a")));
        let mut shard = lock(&mutex);
        assert_eq!(text(&shard, "a"), None);
        shard.put(HASH, &write("b", Some(2), 3));
        assert_eq!((shard.rows.len(), shard.colliding.len()), (0, 2));
        shard.put(HASH, &write("a", None, 4));
        assert_eq!((shard.rows.len(), shard.colliding.len()), (1, 2));
        assert_eq!(["a", "b", "c"].map(|id| text(&shard, id).unwrap()), ["a 4", "b 3", "c 1"]);
        drop(shard);
        retain(&mut [lock(&mutex)], |row| !row.is_of(&key("b")));
        assert_eq!(["a", "b", "c"].map(|id| text(&lock(&mutex), id).is_some()), [true, false, true]);
    }
}
