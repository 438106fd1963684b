//! The organisation's registers on real stores: two writers at one register, lost acknowledgements, full volumes, erasure.

use std::thread;

use clausework::audit::retention::RetentionPolicy;
use clausework::audit::tree::Hash;
use clausework::clause;
use clausework::event::{Actor, Provenance};
use clausework::governance::{
    AdministratorsState, Appointment, Days, Evidence, EvidenceState, HandOut, Identification, ListRequest, PersonState,
    PolicyVersion, RecordOutcome, Refusal, VersionsState, adopt, appoint, erase_names, erase_person, file, hand_out,
    join, leave, request_list,
};
use clausework::id::{OpaqueId, Reference};
use clausework::store::{Change, Key, MemoryStore, Record, Rows, Store, Transition, UpdateError, update};
use clausework::testing::{Clock, FaultyStore, StoreFault};
use clausework::{Now, Scope};
use clausework_stores::SqliteStore;

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn line(text: &str) -> Reference {
    Reference::try_new(text).unwrap()
}

fn now() -> Now {
    Clock::at("2026-11-22T09:30:00Z").now()
}

/// A change of one register, as a host makes it.
fn change<S: Store, R: Record, O>(
    store: S,
    key: &Key,
    decide: impl Fn(Option<R>) -> Transition<R, O>,
) -> Result<O, UpdateError<S::Error>> {
    let by = Provenance::internal(Actor::Staff(id("s-2")));
    update(store, [key], |rows| {
        let mut change = Change::new(rows, now(), &by);
        let outcome = change.apply(key, decide(rows.read(key)?))?;
        Ok(change.finish(outcome))
    })
}

fn recorded<E: std::fmt::Debug>(outcome: Result<RecordOutcome, UpdateError<E>>) {
    assert_eq!(outcome.unwrap(), RecordOutcome::Recorded);
}

fn read<S: Store, R: Record>(store: S, key: &Key) -> Option<R>
where
    S::Error: std::fmt::Debug,
{
    Rows::load(store, [key]).unwrap().read(key).unwrap()
}

fn evidence(name: &str) -> Evidence {
    Evidence::new(id(name), id("room-2"), id("s-2"), Days::since("2026-01-05".parse().unwrap()).unwrap(), line("plan"))
}

/// The same on every store: `open` gives another handle to it, as another node has.
fn registers<S: Store + Send>(open: impl Fn() -> S + Sync)
where
    S::Error: std::fmt::Debug,
{
    two_file_at_once(&open);
    one_of_two_adopts(&open);
    a_leaver_is_erased(&open);
}

/// Both are recorded, whoever comes first, and nothing is recorded twice.
fn two_file_at_once<S: Store + Send>(open: &(impl Fn() -> S + Sync))
where
    S::Error: std::fmt::Debug,
{
    let key = EvidenceState::key(Scope::Operator, clause::A2_INPUT_5, 0);
    thread::scope(|scope| {
        for writer in ["one", "two"] {
            let key = &key;
            scope.spawn(move || {
                let mut store = open();
                for n in 0..20 {
                    let entry = evidence(&format!("{writer}-{n}"));
                    let filed = || file_one(&mut store, key, &entry);
                    let outcomes: Vec<_> = std::iter::repeat_with(filed).take(2).collect();
                    assert_eq!(outcomes, [RecordOutcome::Recorded, RecordOutcome::AlreadyRecorded]);
                }
            });
        }
    });
    let state: EvidenceState = read(open(), &key).unwrap();
    assert_eq!(state.entries().len(), 40);
}

fn file_one<S: Store>(store: &mut S, key: &Key, entry: &Evidence) -> RecordOutcome
where
    S::Error: std::fmt::Debug,
{
    loop {
        match change(&mut *store, key, |state| file(state, now(), clause::A2_INPUT_5, entry.clone())) {
            Ok(outcome) => return outcome,
            Err(UpdateError::Contended) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// The rival commits between the load and the commit: version 2 is one text, and the other is told so.
fn one_of_two_adopts<S: Store>(open: &impl Fn() -> S)
where
    S::Error: std::fmt::Debug,
{
    let key = VersionsState::key(Scope::Operator, &id("engage"));
    let version = |number: u32, text: u8| {
        let from = format!("2026-0{number}-01").parse().unwrap();
        PolicyVersion::new(number, from, Hash::new([text; 32]), id("s-1"), line("PSP"))
    };
    let first = change(open(), &key, |state| adopt(state, version(1, 1))).unwrap();
    assert_eq!(first, RecordOutcome::Recorded);
    let rival = std::cell::Cell::new(true);
    let outcome = change(open(), &key, |state| {
        if rival.take() {
            let won = change(open(), &key, |state| adopt(state, version(2, 2))).unwrap();
            assert_eq!(won, RecordOutcome::Recorded);
        }
        adopt(state, version(2, 3))
    });
    assert_eq!(outcome.unwrap(), RecordOutcome::Refused(Refusal::NotNext { expected: 3 }));
    let state: VersionsState = read(open(), &key).unwrap();
    let digests: Vec<Hash> = state.versions().iter().map(PolicyVersion::digest).collect();
    assert_eq!(digests, [1, 2].map(|text| Hash::new([text; 32])));
}

/// What is stored no longer has the name; and a leaver who is appointed at the same moment is not erased.
fn a_leaver_is_erased<S: Store>(open: &impl Fn() -> S)
where
    S::Error: std::fmt::Debug,
{
    let (anna, retention) = (id("s-17"), RetentionPolicy::default());
    let key = AdministratorsState::key(Scope::Operator, 0);
    let made = |name: &str, days: Days| {
        let named = Identification::new(line("Anna Example"), line("operation"));
        Appointment::new(id(name), anna.clone(), named, id("s-2"), days, line("letter")).with_tasks([line("backup")])
    };
    let spring = Days::try_new("2026-01-01".parse().unwrap(), "2026-03-31".parse().unwrap()).unwrap();
    let ended = change(open(), &key, |state| appoint(state, made("a-1", spring))).unwrap();
    assert_eq!(ended, RecordOutcome::Recorded);
    let text = |key: &Key| open().load(std::slice::from_ref(key)).unwrap()[0].as_ref().unwrap().text().to_owned();
    assert!(text(&key).contains("Anna"));
    let erase = |state: Option<AdministratorsState>| erase_names(state.unwrap(), now(), &anna, &retention);
    assert_eq!(change(open(), &key, erase).unwrap(), RecordOutcome::Recorded);
    assert!(!text(&key).contains("Anna") && text(&key).contains("s-17"));

    let key = AdministratorsState::key(Scope::Operator, 1);
    recorded(change(open(), &key, |state| appoint(state, made("a-1", spring))));
    let again = Days::since("2026-11-01".parse().unwrap()).unwrap();
    let rival = std::cell::Cell::new(true);
    let outcome = change(open(), &key, |state| {
        if rival.take() {
            let back = change(open(), &key, |state| appoint(state, made("a-2", again))).unwrap();
            assert_eq!(back, RecordOutcome::Recorded);
        }
        erase(state)
    });
    assert_eq!(outcome.unwrap(), RecordOutcome::Refused(Refusal::NotEnded));
    assert!(text(&key).contains("Anna"));

    let key = PersonState::key(Scope::Operator, &anna);
    recorded(change(open(), &key, |state| join(state, spring.first())));
    recorded(change(open(), &key, |state: Option<PersonState>| leave(state.unwrap(), spring.last().unwrap())));
    recorded(change(open(), &key, |state: Option<PersonState>| erase_person(state.unwrap(), now(), &retention)));
    assert_eq!(read(open(), &key), Some(PersonState::default()));
    let stored = text(&key);
    assert!(!stored.contains("s-2") && !stored.contains("2026-01-01"), "{stored}");
}

#[test]
fn in_memory() {
    let store = MemoryStore::new();
    registers(|| store.clone());
}

#[test]
fn on_sqlite() {
    let dir = std::env::temp_dir().join(format!("clausework-registers-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    registers(|| SqliteStore::open(dir.join("registers.db")).unwrap());
    std::fs::remove_dir_all(&dir).unwrap();
}

/// The commit was applied and its answer lost: the list is handed out again, the same, and nothing is filed twice.
#[test]
fn a_lost_acknowledgement_loses_no_list() {
    let store = MemoryStore::new();
    let key = AdministratorsState::key(Scope::Operator, 0);
    let asked = ListRequest::new(id("q-1"), id("acme"), "2026-11-20".parse().unwrap());
    recorded(change(store.clone(), &key, |state| request_list(state, asked.clone())));
    let hand =
        |state: Option<AdministratorsState>| hand_out(state.unwrap(), [], &id("q-1"), "2026-11-22".parse().unwrap());
    let mut faulty = FaultyStore::new(store.clone());
    faulty.plan(StoreFault::LostAcknowledgement);
    assert!(matches!(change(&mut faulty, &key, hand), Err(UpdateError::Store(_))));
    let state: AdministratorsState = read(store.clone(), &key).unwrap();
    assert!(state.requests()[0].handed_out().is_some(), "it was committed");
    let HandOut::List { digest, .. } = change(&mut faulty, &key, hand).unwrap() else { panic!() };
    assert_eq!(state.requests()[0].digest(), Some(digest));
}

/// The next volume is begun when one is full, and both are read.
#[test]
fn a_full_volume_is_followed_by_the_next() {
    let store = MemoryStore::new();
    let mut volume = 0;
    for n in 0..600 {
        let entry = evidence(&format!("e-{n}"));
        let key = |volume| EvidenceState::key(Scope::Operator, clause::A2_INPUT_5, volume);
        if file_one(&mut store.clone(), &key(volume), &entry) == RecordOutcome::Refused(Refusal::Full) {
            volume += 1;
            assert_eq!(file_one(&mut store.clone(), &key(volume), &entry), RecordOutcome::Recorded);
        }
    }
    let keys: Vec<Key> =
        (0..=volume).map(|volume| EvidenceState::key(Scope::Operator, clause::A2_INPUT_5, volume)).collect();
    let rows = Rows::load(store, &keys).unwrap();
    let entries = keys.iter().map(|key| rows.read::<EvidenceState>(key).unwrap().unwrap().entries().len());
    assert_eq!((volume > 0, entries.sum::<usize>()), (true, 600));
}
