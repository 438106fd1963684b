//! Sequencers that race, and stores that fail: each accepted record becomes a leaf, once, in the order it was accepted.

use alloc::string::{String, ToString};
use std::thread;

use super::*;
use crate::audit::tree::root_of;
use crate::event::{Actor, Code, Event, Fact, Provenance};
use crate::id::OpaqueId;
use crate::store::{Change, Commit, MemoryStore, Next, Rows, Store, UpdateError, update};

/// What the business does in this test.
const SIGNED: Code = Code::internal("test.signed");

/// A leaf, as a host might store it: with the state of the log, in one batch.
#[derive(Serialize, Deserialize)]
struct Leaf {
    record: String,
}

impl Record for Leaf {
    const KIND: &'static str = "audit_leaf";
    const VERSION: u16 = 1;
    const STAMPED: bool = false;
}

fn leaf_key(index: u64) -> Key {
    Key::of::<Leaf>(Scope::Operator, &OpaqueId::try_new(index.to_string()).unwrap())
}

fn now() -> Now {
    Now::from(Timestamp::from_micros(0).unwrap())
}

fn by() -> Provenance {
    Provenance::internal(Actor::Job(OpaqueId::try_new("sequencer").unwrap()))
}

/// A business commit: an event rides in it.
pub(super) fn accept<S: Store>(store: S) -> Result<(), UpdateError<S::Error>> {
    let key = LogState::key(Scope::Operator);
    update(store, [] as [&Key; 0], |rows| {
        let mut change = Change::new(rows, now(), &by());
        change.note(&key, Fact::success(SIGNED));
        Ok(change.finish(()))
    })
}

/// The records that are accepted, in their order: here, the texts of all events.
pub(super) fn accepted(store: &MemoryStore) -> Vec<String> {
    store.events().iter().map(|event| event.text().to_string()).collect()
}

pub(super) fn size(store: &MemoryStore) -> u64 {
    let key = LogState::key(Scope::Operator);
    let rows = Rows::load(store, [&key]).unwrap();
    rows.read::<LogState>(&key).unwrap().map_or(0, |state| state.size())
}

/// What a sequencer found before it was interrupted.
pub(super) struct Found {
    at: u64,
    records: Vec<String>,
}

pub(super) fn find(store: &MemoryStore, batch: usize) -> Found {
    let at = size(store);
    Found { at, records: accepted(store).into_iter().skip(at as usize).take(batch).collect() }
}

/// Its one transaction: the state and the leaves.
pub(super) fn commit<S: Store>(store: S, found: &Found) -> Result<AppendOutcome, UpdateError<S::Error>> {
    let key = LogState::key(Scope::Operator);
    let leaves: Vec<_> = (found.at..).map(leaf_key).take(found.records.len()).collect();
    let accepted: Vec<_> =
        found.records.iter().map(|record| Accepted::new(record.as_bytes(), now().timestamp())).collect();
    update(store, [&key], |rows| {
        let rows = rows.clone().with_absent(leaves.iter().cloned());
        let mut change = Change::new(&rows, now(), &by());
        let outcome = change.apply(&key, append(rows.read(&key)?, now(), found.at, &accepted))?;
        if let AppendOutcome::Appended(integration) = &outcome {
            for (index, record) in integration.records().zip(&found.records) {
                change.apply(&leaf_key(index), Transition::put(Leaf { record: record.clone() }, ()))?;
            }
        }
        Ok(change.finish(outcome))
    })
}

/// Every event is a leaf, in order, none twice, and the root is theirs.
pub(super) fn check(store: &MemoryStore) {
    let records = accepted(store);
    let key = LogState::key(Scope::Operator);
    let keys: Vec<_> = (0..=records.len() as u64).map(leaf_key).collect();
    let rows = Rows::load(store, keys.iter().chain([&key])).unwrap();
    let leaf = |key: &Key| rows.read::<Leaf>(key).unwrap().map(|leaf| leaf.record);
    let leaves: Vec<_> = keys.iter().map_while(leaf).collect();
    assert_eq!(leaves, records);
    let state = rows.read::<LogState>(&key).unwrap().unwrap();
    assert_eq!((state.size(), state.frontier().root()), (records.len() as u64, root_of(&records)));
    // What rode in the commits are events of the crate.
    assert!(records.iter().all(|record| Event::decode(record).is_ok()));
}

#[test]
fn of_two_sequencers_one_wins() {
    let store = MemoryStore::new();
    (0..3).for_each(|_| accept(&store).unwrap());
    let (one, other) = (find(&store, 10), find(&store, 10));
    assert!(matches!(commit(&store, &one).unwrap(), AppendOutcome::Appended(_)));
    assert_eq!(commit(&store, &other).unwrap(), AppendOutcome::Moved { size: 3 });
    check(&store);

    // Also when both had loaded and decided before either committed: the store refuses the second.
    accept(&store).unwrap();
    let found = find(&store, 10);
    let key = LogState::key(Scope::Operator);
    let rows = Rows::load(&store, [&key]).unwrap();
    let records = [Accepted::new(found.records[0].as_bytes(), now().timestamp())];
    let decide = || {
        let rows = rows.clone().with_absent([leaf_key(3)]);
        let mut change = Change::new(&rows, now(), &by());
        let outcome = change.apply(&key, append(rows.read(&key).unwrap(), now(), 3, &records)).unwrap();
        change.apply(&leaf_key(3), Transition::put(Leaf { record: found.records[0].clone() }, ())).unwrap();
        change.finish(outcome)
    };
    let (first, second) = (decide(), decide());
    assert_eq!(Store::commit(&mut &store, &first.batch()), Ok(Commit::Applied));
    let refused = Store::commit(&mut &store, &second.batch()).unwrap();
    assert_eq!((refused, second.release(refused)), (Commit::Conflict, None));
    check(&store);
}

#[test]
fn a_log_without_the_comparison_of_sizes_would_double_records() {
    // The decision inverted: a sequencer that takes the size as it finds it appends what the other appended.
    let store = MemoryStore::new();
    accept(&store).unwrap();
    let found = find(&store, 10);
    let _ = commit(&store, &found).unwrap();
    let key = LogState::key(Scope::Operator);
    let state = Rows::load(&store, [&key]).unwrap().read::<LogState>(&key).unwrap().unwrap();
    let records = [Accepted::new(found.records[0].as_bytes(), now().timestamp())];
    let doubled = append(Some(state.clone()), now(), state.size(), &records);
    let Next::Put(doubled) = doubled.into_parts().0 else { panic!("appended") };
    assert_ne!(doubled.frontier().root(), root_of(accepted(&store)));
}

#[test]
fn many_threads_lose_and_double_nothing() {
    const REQUESTS: usize = 4;
    let store = MemoryStore::new();
    thread::scope(|scope| {
        for _ in 0..REQUESTS {
            scope.spawn(|| (0..50).for_each(|_| accept(&store).unwrap()));
        }
        for batch in [1, 7, 64] {
            let store = &store;
            scope.spawn(move || {
                while size(store) < (REQUESTS * 50) as u64 {
                    let _ = commit(store, &find(store, batch)).unwrap();
                }
            });
        }
    });
    assert_eq!(accepted(&store).len(), REQUESTS * 50);
    check(&store);
}
