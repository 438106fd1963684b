//! The suite for stores: the store in memory passes, and stores that are broken on purpose fail by name.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use clausework::store::conformance::{Harness, Promise, run, run_async};
use clausework::store::{AsyncStore, Batch, Commit, Key, MemoryStore, Store, Stored, Version};
use clausework::testing::block_on;
use clausework::{Now, Timestamp};

struct InMemory(MemoryStore);

impl Harness for InMemory {
    type Store = MemoryStore;

    fn open(&self) -> MemoryStore {
        self.0.clone()
    }

    fn events(&self) -> Vec<String> {
        self.0.events().iter().map(|event| event.text().into()).collect()
    }

    fn collect(&self, now: Now) {
        self.0.collect(now);
    }
}

#[test]
fn the_store_in_memory_passes() {
    run(&InMemory(MemoryStore::new())).unwrap();
}

/// A store whose answers take a while: every future is pending once before it is ready.
struct Slow(MemoryStore);

struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncStore for Slow {
    type Error = Infallible;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        Once(false).await;
        Store::load(&mut self.0, keys)
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        Once(false).await;
        Store::commit(&mut self.0, batch)
    }
}

struct SlowInMemory(MemoryStore);

impl Harness for SlowInMemory {
    type Store = Slow;

    fn open(&self) -> Slow {
        Slow(self.0.clone())
    }

    fn events(&self) -> Vec<String> {
        InMemory(self.0.clone()).events()
    }
}

#[test]
fn an_asynchronous_store_passes() {
    run_async(&SlowInMemory(MemoryStore::new()), |future| block_on(future)).unwrap();
}

#[test]
fn a_future_that_is_not_run_is_no_answer() {
    let failure = run_async(&SlowInMemory(MemoryStore::new()), |_| ()).unwrap_err();
    assert_eq!(failure.promise(), Promise::Create);
    assert_eq!(failure.detail(), "load failed: `block_on` did not run the future to its end");
}

/// One mistake in an otherwise right store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    None,
    /// Inserts or replaces, whatever is there.
    LastWriteWins,
    /// Looks at versions for updates, but creates over what is there.
    CreatesOver,
    /// Takes a write for an update whenever nothing contradicts it.
    UpdatesNothing,
    /// Commits the records and forgets the events.
    EventsLost,
    /// Appends the events before it looks whether the batch applies.
    EventsAnyway,
    /// Appends the events of a batch in the order of their texts, as an index would give them back.
    EventsSorted,
    /// Holds two equal events for one.
    EventsOnce,
    /// Takes a batch without writes for nothing to do.
    EventsAloneLost,
    /// Numbers the versions itself: 1, 2, 3.
    OwnVersions,
    /// Creates with the version given and forgets it in updates.
    VersionReused,
    /// Holds versions as 64-bit floats.
    FloatVersions,
    /// Writes one record after the other and stops at the first conflict.
    HalfBatch,
    /// Compares under one lock and writes under the next.
    ChecksThenWrites,
    /// Compares all under one lock, then replaces one record after the other, each safely.
    WritesOneByOne,
    /// Answers only what it finds.
    ShortAnswers,
    /// Answers in its own order.
    OwnOrder,
    /// Compares keys as some databases compare text.
    CaseBlind,
    /// Forgets the scope.
    ScopeBlind,
    /// Joins kind and id without a clean separator.
    JoinedKeys,
    /// Reads and writes the text as JSON.
    NormalisedText,
    /// Cuts what is long.
    CutText,
    /// Keeps the first time of collection for good.
    CollectsByFirst,
    /// Never applies anything.
    OnlyConflicts,
}

#[derive(Default)]
struct Tables {
    records: BTreeMap<String, (Stored, Option<Timestamp>)>,
    events: Vec<String>,
}

#[derive(Clone)]
struct Broken(Mistake, Arc<Mutex<Tables>>);

impl Broken {
    fn new(mistake: Mistake) -> Self {
        Self(mistake, Arc::default())
    }

    fn key(&self, key: &Key) -> String {
        match self.0 {
            Mistake::CaseBlind => key.to_string().to_lowercase(),
            Mistake::ScopeBlind => format!("{}/{}", key.kind(), key.id()),
            Mistake::JoinedKeys => format!("{}/{}_{}", key.scope(), key.kind(), key.id()),
            _ => key.to_string(),
        }
    }

    fn text(&self, text: &str) -> String {
        match self.0 {
            Mistake::NormalisedText => {
                serde_json::from_str::<serde_json::Value>(text).map_or(text.into(), |value| value.to_string())
            }
            Mistake::CutText => text.chars().take(20_000).collect(),
            _ => text.into(),
        }
    }
}

impl Store for Broken {
    type Error = Infallible;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Infallible> {
        let tables = self.1.lock().unwrap();
        let find = |key: &Key| tables.records.get(&self.key(key)).map(|(stored, _)| stored.clone());
        let mut keys = keys.to_vec();
        if self.0 == Mistake::OwnOrder {
            keys.sort();
        }
        Ok(keys.iter().map(find).filter(|found| self.0 != Mistake::ShortAnswers || found.is_some()).collect())
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Infallible> {
        let mut tables = self.1.lock().unwrap();
        let events = || batch.events().iter().map(|event| event.text().to_owned());
        if self.0 == Mistake::EventsAnyway {
            tables.events.extend(events());
        }
        for write in batch.writes() {
            let present = tables.records.get(&self.key(write.key())).map(|(stored, _)| stored.version());
            let conflict = match self.0 {
                Mistake::LastWriteWins => false,
                Mistake::CreatesOver => write.replaces().is_some() && present != write.replaces(),
                Mistake::UpdatesNothing => present.is_some() && present != write.replaces(),
                Mistake::OnlyConflicts => true,
                _ => present != write.replaces(),
            };
            if conflict {
                return Ok(Commit::Conflict);
            }
            if self.0 == Mistake::HalfBatch {
                let stored = Stored::new(write.version(), write.text());
                tables.records.insert(self.key(write.key()), (stored, write.collect_after()));
            }
        }
        if self.0 == Mistake::ChecksThenWrites {
            drop(tables);
            thread::sleep(Duration::from_micros(200));
            tables = self.1.lock().unwrap();
        }
        for write in batch.writes() {
            if self.0 == Mistake::WritesOneByOne {
                drop(tables);
                thread::sleep(Duration::from_micros(200));
                tables = self.1.lock().unwrap();
                if tables.records.get(&self.key(write.key())).map(|(stored, _)| stored.version()) != write.replaces() {
                    return Ok(Commit::Conflict);
                }
            }
            let key = self.key(write.key());
            let before = tables.records.get(&key);
            let version = match (self.0, before) {
                (Mistake::OwnVersions, None) => Version::new(1),
                (Mistake::OwnVersions, Some((stored, _))) => Version::new(stored.version().as_i64() + 1),
                (Mistake::VersionReused, Some((stored, _))) => stored.version(),
                #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the mistake")]
                (Mistake::FloatVersions, _) => Version::new(write.version().as_i64() as f64 as i64),
                _ => write.version(),
            };
            let collect_after = match (self.0, before) {
                (Mistake::CollectsByFirst, Some((_, first))) => *first,
                _ => write.collect_after(),
            };
            let stored = Stored::new(version, self.text(write.text()));
            tables.records.insert(key, (stored, collect_after));
        }
        match self.0 {
            Mistake::EventsLost | Mistake::EventsAnyway => {}
            Mistake::EventsAloneLost if batch.writes().is_empty() => {}
            Mistake::EventsOnce => {
                for event in events() {
                    if !tables.events.contains(&event) {
                        tables.events.push(event);
                    }
                }
            }
            Mistake::EventsSorted => {
                let mut sorted: Vec<String> = events().collect();
                sorted.sort();
                tables.events.extend(sorted);
            }
            _ => tables.events.extend(events()),
        }
        Ok(Commit::Applied)
    }
}

impl Harness for Broken {
    type Store = Self;

    fn open(&self) -> Self {
        self.clone()
    }

    fn events(&self) -> Vec<String> {
        self.1.lock().unwrap().events.clone()
    }

    fn collect(&self, now: Now) {
        let mut tables = self.1.lock().unwrap();
        tables.records.retain(|_, (_, after)| after.is_none_or(|after| now.timestamp() <= after));
    }
}

fn broken_promise(mistake: Mistake) -> Promise {
    let failure = run(&Broken::new(mistake)).unwrap_err();
    assert_eq!(failure.to_string().lines().count(), 1, "{failure}");
    assert!(!failure.detail().is_empty());
    failure.promise()
}

#[test]
fn without_a_mistake_the_same_store_passes() {
    run(&Broken::new(Mistake::None)).unwrap();
}

#[test]
fn last_write_wins_fails() {
    assert_eq!(broken_promise(Mistake::LastWriteWins), Promise::StaleUpdate);
    assert_eq!(broken_promise(Mistake::CreatesOver), Promise::CreateOnce);
    assert_eq!(broken_promise(Mistake::UpdatesNothing), Promise::UpdateOfNothing);
}

#[test]
fn lost_events_fail() {
    assert_eq!(broken_promise(Mistake::EventsLost), Promise::EventsKept);
    assert_eq!(broken_promise(Mistake::EventsSorted), Promise::EventsKept);
    assert_eq!(broken_promise(Mistake::EventsOnce), Promise::EventsKept);
    assert_eq!(broken_promise(Mistake::EventsAnyway), Promise::EventsOnlyIfApplied);
    assert_eq!(broken_promise(Mistake::EventsAloneLost), Promise::EventsAlone);
}

#[test]
fn versions_of_the_stores_own_fail() {
    assert_eq!(broken_promise(Mistake::OwnVersions), Promise::VersionKept);
    assert_eq!(broken_promise(Mistake::VersionReused), Promise::VersionKept);
    assert_eq!(broken_promise(Mistake::FloatVersions), Promise::VersionKept);
}

#[test]
fn half_a_batch_fails() {
    assert_eq!(broken_promise(Mistake::HalfBatch), Promise::AllOrNothing);
    assert_eq!(broken_promise(Mistake::WritesOneByOne), Promise::NoHalfBatch);
}

#[test]
fn comparing_and_writing_apart_fails() {
    assert_eq!(broken_promise(Mistake::ChecksThenWrites), Promise::NoLostUpdate);
}

#[test]
fn wrong_answers_to_load_fail() {
    assert_eq!(broken_promise(Mistake::ShortAnswers), Promise::LoadInOrder);
    assert_eq!(broken_promise(Mistake::OwnOrder), Promise::LoadInOrder);
}

#[test]
fn keys_taken_for_each_other_fail() {
    assert_eq!(broken_promise(Mistake::CaseBlind), Promise::KeysApart);
    assert_eq!(broken_promise(Mistake::ScopeBlind), Promise::KeysApart);
    assert_eq!(broken_promise(Mistake::JoinedKeys), Promise::KeysApart);
}

#[test]
fn changed_text_fails() {
    assert_eq!(broken_promise(Mistake::NormalisedText), Promise::TextKept);
    assert_eq!(broken_promise(Mistake::CutText), Promise::TextKept);
}

#[test]
fn collecting_what_is_not_due_fails() {
    assert_eq!(broken_promise(Mistake::CollectsByFirst), Promise::CollectsOnlyDue);
}

#[test]
fn a_store_that_never_applies_fails_at_once() {
    assert_eq!(broken_promise(Mistake::OnlyConflicts), Promise::Create);
}
