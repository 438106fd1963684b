//! The SQLite store: conformance, files, locks, erasure and collection.

use std::cell::RefCell;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use clausework::event::{Actor, Code, Fact, Provenance};
use clausework::id::OpaqueId;
use clausework::store::conformance::{self, Harness};
use clausework::store::{Change, Commit, Key, Next, Record, Rows, Store, Transition, update};
use clausework::testing::Clock;
use clausework::{Now, Scope, TenantId};
use clausework_stores::{SqliteError, SqliteStore};
use rusqlite::Connection;

use crate::folder::Folder;

struct File(Folder);

impl Harness for File {
    type Store = SqliteStore;

    fn open(&self) -> SqliteStore {
        SqliteStore::open(self.0.file("store.sqlite")).unwrap()
    }

    fn events(&self) -> Vec<String> {
        self.open().events(None).unwrap()
    }

    fn collect(&self, now: Now) {
        self.open().collect(now).unwrap();
    }
}

#[test]
fn it_conforms() {
    conformance::run(&File(Folder::new())).unwrap();
}

/// A record of this test's own.
#[derive(serde::Serialize, serde::Deserialize)]
struct Note(String);

impl Record for Note {
    const KIND: &'static str = "note";
    const VERSION: u16 = 1;
}

const NOTED: Code = Code::internal("test.noted");
const FILE: &str = "store.sqlite";

fn now() -> Now {
    Clock::at("2026-11-22T09:30:00Z").now()
}

fn tenant(id: &str) -> Scope {
    TenantId::try_new(id).unwrap().into()
}

fn key(scope: &Scope, id: &str) -> Key {
    Key::of::<Note>(scope.clone(), &OpaqueId::try_new(id).unwrap())
}

fn by() -> Provenance {
    Provenance::internal(Actor::Unauthenticated)
}

/// Writes a note, with an event.
fn put(store: &mut SqliteStore, key: &Key, now: Now, next: Next<Note>) -> Result<(), SqliteError> {
    let next = RefCell::new(Some(next));
    let written = update(store, [key], |rows| {
        let mut change = Change::new(rows, now, &by());
        let next = next.borrow_mut().take().expect("no conflict in this test");
        change.apply(key, Transition::new(next, ()).with(Fact::success(NOTED)))?;
        Ok(change.finish(()))
    });
    written.map_err(|error| match error {
        clausework::store::UpdateError::Store(error) => error,
        other => panic!("{other}"),
    })
}

fn note(text: &str) -> Next<Note> {
    Next::Put(Note(text.into()))
}

fn read(store: &mut SqliteStore, key: &Key) -> Option<String> {
    let rows = Rows::load(store, [key]).unwrap();
    rows.read::<Note>(key).unwrap().map(|Note(text)| text)
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let folder = Folder::new();
    let (acme, path) = (tenant("acme"), folder.file(FILE));
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.last_event_at().unwrap(), None);
    put(&mut store, &key(&acme, "a"), now(), note("first")).unwrap();
    put(&mut store, &key(&Scope::Operator, "a"), now(), note("second")).unwrap();
    drop(store);

    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(read(&mut store, &key(&acme, "a")).as_deref(), Some("first"));
    assert_eq!(store.events(None).unwrap().len(), 2);
    assert_eq!(store.events(Some(&acme)).unwrap().len(), 1);
    assert!(store.events(Some(&tenant("acme-2"))).unwrap().is_empty());
    assert_eq!(store.last_event_at().unwrap(), Some(now().timestamp()));
}

#[test]
fn in_memory_it_holds_what_its_one_handle_writes() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    put(&mut store, &key(&Scope::Operator, "a"), now(), note("here")).unwrap();
    assert_eq!(read(&mut store, &key(&Scope::Operator, "a")).as_deref(), Some("here"));
}

#[test]
fn durability_is_on() {
    let folder = Folder::new();
    drop(SqliteStore::open(folder.file(FILE)).unwrap());
    let raw = Connection::open(folder.file(FILE)).unwrap();
    let mode: String = raw.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_was() {
    let folder = Folder::new();
    let path = folder.file(FILE);
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x); PRAGMA user_version = 2;").unwrap();
    let before = fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, SqliteError::Newer { found: 2 }));
    assert_eq!(error.to_string(), "the database has schema version 2, this store knows version 1");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_as_it_was() {
    let folder = Folder::new();
    let path = folder.file(FILE);
    for script in ["CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);", "PRAGMA user_version = -1;"] {
        Connection::open(&path).unwrap().execute_batch(script).unwrap();
        let before = fs::read(&path).unwrap();
        let error = SqliteStore::open(&path).unwrap_err();
        assert_eq!(error.to_string(), "the database belongs to another program");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let folder = Folder::new();
    let path = folder.file(FILE);
    for content in ["hello", "# A diary\n", &"not a database ".repeat(1000)] {
        fs::write(&path, content).unwrap();
        let error = SqliteStore::open(&path).unwrap_err();
        assert_eq!(error.to_string(), "sqlite: file is not a database");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no file beside it");
    }
    assert!(SqliteStore::open(folder.path()).is_err(), "a folder");
    assert!(SqliteStore::open(folder.file("no/such/folder")).is_err());
}

#[test]
fn a_new_file_can_be_opened_by_many_at_once() {
    for _ in 0..10 {
        let folder = Folder::new();
        let path = folder.file(FILE);
        thread::scope(|scope| {
            for thread in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    let mut store = SqliteStore::open(path).unwrap();
                    put(&mut store, &key(&Scope::Operator, &thread.to_string()), now(), note("here")).unwrap();
                });
            }
        });
        assert_eq!(SqliteStore::open(&path).unwrap().events(None).unwrap().len(), 8);
    }
}

#[test]
fn a_writer_waits_for_another_and_a_reader_for_nobody() {
    let folder = Folder::new();
    let path = folder.file(FILE);
    let mut store = SqliteStore::open(&path).unwrap();
    put(&mut store, &key(&Scope::Operator, "a"), now(), note("before")).unwrap();

    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM records;").unwrap();
    assert_eq!(read(&mut store, &key(&Scope::Operator, "a")).as_deref(), Some("before"));
    let order = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            put(&mut store, &key(&Scope::Operator, "b"), now(), note("after")).unwrap();
            assert_eq!(order.fetch_add(1, Ordering::SeqCst), 1);
        });
        thread::sleep(Duration::from_millis(200));
        assert_eq!(order.fetch_add(1, Ordering::SeqCst), 0);
        other.execute_batch("ROLLBACK").unwrap();
    });
    assert_eq!(read(&mut store, &key(&Scope::Operator, "b")).as_deref(), Some("after"));
}

#[test]
fn a_lock_that_is_never_released_is_an_error_and_writes_nothing() {
    let folder = Folder::new();
    let path = folder.file(FILE);
    let mut store = SqliteStore::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = put(&mut store, &key(&Scope::Operator, "a"), now(), note("never")).unwrap_err();
    assert_eq!(error.to_string(), "sqlite: database is locked");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(read(&mut store, &key(&Scope::Operator, "a")), None);
    assert!(store.events(None).unwrap().is_empty());
    put(&mut store, &key(&Scope::Operator, "a"), now(), note("now")).unwrap(); // the handle is as good as before
}

#[test]
fn a_conflict_leaves_the_handle_usable() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    let key = key(&Scope::Operator, "a");
    put(&mut store, &key, now(), note("first")).unwrap();
    let rows = Rows::new([key.clone()], [None]);
    let mut change = Change::new(&rows, now(), &by());
    change.apply(&key, Transition::put(Note("second".into()), ())).unwrap();
    assert_eq!(store.commit(&change.finish(()).batch()).unwrap(), Commit::Conflict);
    put(&mut store, &key, now(), note("third")).unwrap();
    assert_eq!(read(&mut store, &key).as_deref(), Some("third"));
}

#[test]
fn erasing_a_tenant_leaves_nothing_of_it_and_everything_of_the_others() {
    let folder = Folder::new();
    let path = folder.file(FILE);
    let mut store = SqliteStore::open(&path).unwrap();
    let (gone, stays) = (tenant("vanishing"), tenant("vanishing-not"));
    for index in 0..200 {
        for (scope, text) in [(&gone, "ephemeral"), (&stays, "perpetual"), (&Scope::Operator, "operational")] {
            let text = format!("{text}-{}", "x".repeat(index * 7));
            put(&mut store, &key(scope, &format!("n{index}")), now(), note(&text)).unwrap();
        }
    }
    store.erase(&gone).unwrap();

    assert!(store.events(Some(&gone)).unwrap().is_empty());
    assert_eq!(store.events(Some(&stays)).unwrap().len(), 200);
    assert_eq!(store.events(Some(&Scope::Operator)).unwrap().len(), 200);
    for index in 0..200 {
        let mut there = |scope| read(&mut store, &key(scope, &format!("n{index}"))).is_some();
        assert!(!there(&gone) && there(&stays) && there(&Scope::Operator));
    }
    // Not in unused parts of the files either.
    let mut found_others = false;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("ephemeral"));
        assert!(!text.contains("tenant:vanishing\"")); // in the text of an event
        found_others |= text.contains("perpetual");
    }
    assert!(found_others);
}

#[test]
fn only_what_is_due_is_collected() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    let mut clock = Clock::at("2026-11-22T09:30:00Z");
    let due = clock.now().timestamp();
    for (id, collect_after) in
        [("due", Some(due)), ("later", Some(due.saturating_add(Duration::from_micros(1)))), ("never", None)]
    {
        let note = Note(id.into());
        let next = match collect_after {
            Some(collect_after) => Next::PutUntil { state: note, collect_after },
            None => Next::Put(note),
        };
        put(&mut store, &key(&Scope::Operator, id), clock.now(), next).unwrap();
    }
    let there =
        |store: &mut SqliteStore| ["due", "later", "never"].map(|id| read(store, &key(&Scope::Operator, id)).is_some());
    assert_eq!(store.collect(clock.now()).unwrap(), 0); // after, not at
    assert_eq!(there(&mut store), [true, true, true]);
    clock.advance(Duration::from_micros(1));
    assert_eq!(store.collect(clock.now()).unwrap(), 1);
    assert_eq!(there(&mut store), [false, true, true]);
    clock.advance(Duration::from_micros(1));
    assert_eq!(store.collect(clock.now()).unwrap(), 1);
    assert_eq!(there(&mut store), [false, false, true]);
    assert_eq!(store.events(None).unwrap().len(), 3, "events are not collected");
}
