//! The audit log in SQLite: races, a process that is killed at any point, and what an auditor gets.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{
    CheckpointSigner, Ed25519Signer, Ed25519Verifier, KeyId, KeyName, Origin, SignError,
};
use clausework::audit::record::{
    About, Basis, Body, Class, Draft, Essentials, Ground, List, Outcome, Phase, Purge, Reach, Record, Target, Who,
};
use clausework::audit::retention::{
    Candidate, Clearance, NotCleared, PurgeKind, RetentionPolicy, plan_erasure, plan_purge,
};
use clausework::audit::verify::Verdict;
use clausework::entropy::OsEntropy;
use clausework::event::{Actor, Code, Fact, Origin as Source, Provenance};
use clausework::id::OpaqueId;
use clausework::store::{Change, Key, Transition, update};
use clausework::{Now, Scope, TenantId, Timestamp};
use clausework_stores::{LogError, Sequenced, SqliteLog};
use rusqlite::Connection;

use crate::folder::Folder;

const NOTED: Code = Code::internal("test.noted");
const FILE: &str = "CLAUSEWORK_AUDIT_VICTIM";

#[derive(serde::Serialize, serde::Deserialize)]
struct Note(u64);

impl clausework::store::Record for Note {
    const KIND: &'static str = "note";
    const VERSION: u16 = 1;
}

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn tenant() -> Scope {
    TenantId::try_new("acme").unwrap().into()
}

fn origin() -> Origin {
    Origin::of_scope("audit.example.com", &tenant()).unwrap()
}

fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(origin().key_name().unwrap(), &[7; 32])
}

fn day(number: i64) -> Now {
    Now::from(Timestamp::from_micros(number * 86_400_000_000).unwrap())
}

/// A business commit: a row and the event of it, together or not at all.
fn note(log: &mut SqliteLog, number: u64) {
    note_of(log, &tenant(), number);
}

fn note_of(log: &mut SqliteLog, scope: &Scope, number: u64) {
    let key = Key::of::<Note>(scope.clone(), &id(&format!("n-{number}")));
    let by = Provenance::internal(Actor::Unauthenticated);
    update(log.store(), [&key], |rows| {
        let mut change = Change::new(rows, day(0), &by);
        let transition = Transition::put(Note(number), ()).with(Fact::success(NOTED).with("number", number));
        change.apply(&key, transition)?;
        Ok(change.finish(()))
    })
    .unwrap();
}

fn sequence(log: &mut SqliteLog, batch: u32) -> Sequenced {
    log.sequence(&tenant(), day(0), &id("portal"), |_| Class::Access, batch).unwrap()
}

fn essentials<'a>(now: Now, scope: &'a Scope, component: &'a OpaqueId, actor: &'a Actor) -> Essentials<'a> {
    Essentials {
        code: Code::internal("audit.log"),
        at: now.timestamp(),
        scope,
        component,
        source: Source::Internal,
        phase: Phase::Whole(Outcome::Success),
        actor,
        about: About::new("log", component),
        class: Class::General,
    }
}

/// Appends records of the log's own, or of a person.
fn append(log: &mut SqliteLog, now: Now, change: impl for<'a> FnOnce(Draft<'a>) -> Draft<'a>) -> u64 {
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    log.append(&scope, now, &mut [change(Draft::new(essentials(now, &scope, &component, &actor)))]).unwrap().start
}

fn verdict(bundle: &Bundle) -> Verdict {
    let key = Ed25519Verifier::new(&signer().verifier_key()).unwrap();
    // By way of the file, as an auditor has it.
    Bundle::parse(&bundle.to_string()).unwrap().verify(&[], &[&key]).verdict
}

/// The numbers of the notes in the log, in its order.
fn numbers(log: &SqliteLog) -> Vec<u64> {
    let bundle = log.bundle(&tenant(), origin()).unwrap();
    let number = |bytes: &[u8]| Some(Record::decode(bytes).unwrap().attribute("number")?.to_string().parse().unwrap());
    bundle.records().filter_map(|(_, bytes)| number(bytes)).collect()
}

#[test]
fn what_rides_in_the_business_commit_is_in_the_log_once() {
    let folder = Folder::new();
    let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
    assert_eq!(sequence(&mut log, 10), Sequenced::Nothing);
    (0..5).for_each(|number| note(&mut log, number));
    assert_eq!(sequence(&mut log, 3), Sequenced::Appended(0..3));
    drop(log);
    let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
    assert_eq!(sequence(&mut log, 3), Sequenced::Appended(3..5));
    assert_eq!(sequence(&mut log, 3), Sequenced::Nothing);
    let checkpoint = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap();
    assert_eq!(numbers(&log), [0, 1, 2, 3, 4]);
    let head = checkpoint.unverified().head();
    assert_eq!(verdict(&log.bundle(&tenant(), origin()).unwrap()), Verdict::Verified(head));
    assert!(log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().is_none(), "nothing new");
}

#[test]
fn of_two_sequencers_one_wins() {
    let folder = Folder::new();
    let open = || SqliteLog::open(folder.file("log.sqlite")).unwrap();
    let (mut one, mut other) = (open(), open());
    (0..4).for_each(|number| note(&mut one, number));
    for round in 0..2 {
        let prepare =
            |log: &mut SqliteLog| log.prepare(&tenant(), day(0), &id("portal"), |_| Class::Access, 2).unwrap().unwrap();
        let (mine, yours) = (prepare(&mut one), prepare(&mut other));
        assert_eq!(other.commit(&yours).unwrap(), Sequenced::Appended(round * 2..round * 2 + 2));
        assert_eq!(one.commit(&mine).unwrap(), Sequenced::Moved);
        assert_eq!(other.commit(&yours).unwrap(), Sequenced::Moved, "nor the same twice");
    }
    one.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap();
    assert_eq!(numbers(&one), [0, 1, 2, 3]);
}

#[test]
fn many_sequencers_and_many_writers_lose_nothing() {
    let folder = Folder::new();
    let file = folder.file("log.sqlite");
    drop(SqliteLog::open(&file).unwrap());
    thread::scope(|scope| {
        for writer in 0..2_u64 {
            let file = &file;
            scope.spawn(move || {
                let mut log = SqliteLog::open(file).unwrap();
                (0..20).for_each(|number| note(&mut log, writer * 100 + number));
            });
        }
        for _ in 0..2 {
            let file = &file;
            scope.spawn(move || {
                let mut log = SqliteLog::open(file).unwrap();
                for _ in 0..30 {
                    let _ = sequence(&mut log, 3);
                }
            });
        }
    });
    let mut log = SqliteLog::open(&file).unwrap();
    while sequence(&mut log, 7) != Sequenced::Nothing {}
    let checkpoint = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap();
    let seen = numbers(&log);
    assert_eq!(seen.len(), 40);
    assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), (0..20).chain(100..120).collect());
    let head = checkpoint.unverified().head();
    assert_eq!(verdict(&log.bundle(&tenant(), origin()).unwrap()), Verdict::Verified(head));
}

/// Intent, checkpoint, deletion with its record, checkpoint; as far as `steps` goes.
fn erase_and_purge(log: &mut SqliteLog, steps: usize) {
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let now = day(400);
    let ground = Ground::new(Basis::RetentionEnded);
    let own = || Draft::new(essentials(now, &scope, &component, &actor));
    let key = Ed25519Verifier::new(&signer().verifier_key()).unwrap();
    let bodies: Vec<(u64, Vec<u8>)> =
        log.bundle(&scope, origin()).unwrap().records().map(|(index, bytes)| (index, bytes.to_vec())).collect();
    let records: Vec<Record<'_>> = bodies.iter().map(|(_, bytes)| Record::decode(bytes).unwrap()).collect();
    let ledger = log.ledger(&scope, u64::MAX).unwrap();
    let personal = records.iter().filter(|record| record.commitments().count() > 0);
    let erasure = plan_erasure(&ledger, personal.map(|record| (Target::record(record.place().index()), None)));
    let candidates = records.iter().map(Candidate::from).filter(|one| one.class == Class::Access);
    let kind = PurgeKind::Bodies(Class::Access);
    let purge = plan_purge(&RetentionPolicy::default(), now, &ledger, kind, candidates, &[].into()).plan.unwrap();
    let who = Who::from(&actor);
    let mut intents = Vec::new();
    for body in [erasure.body(ground, who, "req-1").unwrap(), purge.body(ground)].into_iter().take(steps) {
        intents.push(log.append(&scope, now, &mut [own().body(body)]).unwrap().start);
    }
    if steps < 3 {
        return;
    }
    let checkpoint = log.checkpoint(&scope, origin(), &[&signer()]).unwrap().unwrap();
    for intent in intents.into_iter().take(steps - 3) {
        let bytes = log.body(&scope, intent).unwrap().unwrap();
        let ledger = log.ledger(&scope, u64::MAX).unwrap();
        let over = checkpoint.verify(&origin(), &[&key]).unwrap();
        let clearance = Clearance::of(&Record::decode(&bytes).unwrap(), &ledger, &over).unwrap();
        assert!(log.delete(&scope, now, &clearance, own()).unwrap() > 0);
    }
}

#[test]
fn an_erasure_and_a_purge_are_no_alarm_wherever_they_stop() {
    for steps in 0..=5 {
        let folder = Folder::new();
        let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
        (0..3).for_each(|number| note(&mut log, number));
        let _ = sequence(&mut log, 10);
        append(&mut log, day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
        log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap();
        erase_and_purge(&mut log, steps);
        drop(log); // the process ends here
        let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
        let before = verdict(&log.bundle(&tenant(), origin()).unwrap());
        assert!(before.is_sound(), "{steps}: {before}");
        let last = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap();
        let last = last.or_else(|| log.last_checkpoint(&tenant()).unwrap()).unwrap().unverified().head();
        let expected = match steps {
            0..=3 => Verdict::Verified(last),
            4 => Verdict::Redacted(last),
            _ => Verdict::Purged(last),
        };
        assert_eq!(verdict(&log.bundle(&tenant(), origin()).unwrap()), expected, "{steps}");
        drop(log);
        let gone = |needle: &[u8]| !holds(&folder, needle);
        assert_eq!(gone(b"Anna Blume"), steps >= 4, "{steps}: in the file");
    }
}

fn holds(folder: &Folder, needle: &[u8]) -> bool {
    std::fs::read_dir(folder.path())
        .unwrap()
        .any(|file| std::fs::read(file.unwrap().path()).unwrap().windows(needle.len()).any(|window| window == needle))
}

#[test]
fn a_purged_beginning_leaves_its_frontier() {
    let folder = Folder::new();
    let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
    (0..13).for_each(|number| note(&mut log, number));
    let _ = sequence(&mut log, 20);
    let ground = Ground::new(Basis::RetentionEnded);
    let what = Purge::Prefix { minimum_index: 11 };
    let intent = append(&mut log, day(400), |draft| {
        draft.body(Body::PurgeIntent { what, youngest: day(0).timestamp(), ground })
    });
    let checkpoint = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap();
    let key = Ed25519Verifier::new(&signer().verifier_key()).unwrap();
    let bytes = log.body(&tenant(), intent).unwrap().unwrap();
    let ledger = log.ledger(&tenant(), u64::MAX).unwrap();
    let over = checkpoint.verify(&origin(), &[&key]).unwrap();
    let clearance = Clearance::of(&Record::decode(&bytes).unwrap(), &ledger, &over).unwrap();
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let draft = Draft::new(essentials(day(400), &scope, &component, &actor));
    assert_eq!(log.delete(&scope, day(400), &clearance, draft).unwrap(), 11);
    let last = log.checkpoint(&scope, origin(), &[&signer()]).unwrap().unwrap().unverified().head();
    assert_eq!(verdict(&log.bundle(&scope, origin()).unwrap()), Verdict::Purged(last));
    assert_eq!(numbers(&log), [11, 12]);
}

#[test]
fn what_is_changed_in_the_tables_is_named() {
    let folder = Folder::new();
    let file = folder.file("log.sqlite");
    let mut log = SqliteLog::open(&file).unwrap();
    (0..6).for_each(|number| note(&mut log, number));
    let _ = sequence(&mut log, 10);
    append(&mut log, day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    let head = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap().unverified().head();
    let touch = |sql: &str| {
        Connection::open(&file).unwrap().execute_batch(&format!("SAVEPOINT s; {sql}; RELEASE s")).unwrap();
        verdict(&log.bundle(&tenant(), origin()).unwrap())
    };
    // Each is worse than the one before, so that none needs to be undone.
    assert_eq!(touch("SELECT 1"), Verdict::Verified(head));
    assert_eq!(touch("DELETE FROM audit_values"), Verdict::WithheldUnexplained(6));
    assert_eq!(
        touch("UPDATE audit_records SET leaf = zeroblob(32), body = NULL WHERE idx = 5"),
        Verdict::MissingUnexplained(5)
    );
    assert_eq!(touch("UPDATE audit_records SET body = NULL WHERE idx = 4"), Verdict::MissingUnexplained(4));
    assert_eq!(touch("DELETE FROM audit_records WHERE idx = 3"), Verdict::MissingUnexplained(3));
    assert_eq!(touch("DELETE FROM audit_records WHERE idx = 6"), Verdict::Truncated { have: 6, anchored: 7 });
    assert_eq!(
        touch("UPDATE audit_records SET body = CAST(substr(body, 1, 40) AS BLOB) WHERE idx = 2"),
        Verdict::Altered(2)
    );
    let swap = "UPDATE audit_records SET idx = 100 WHERE idx = 0; UPDATE audit_records SET idx = 0 WHERE idx = 1;
                UPDATE audit_records SET idx = 1 WHERE idx = 100";
    assert_eq!(touch(swap), Verdict::Altered(0));
}

#[test]
fn what_was_accepted_comes_into_the_log_even_if_its_event_is_erased() {
    let folder = Folder::new();
    let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
    let of = |name: &str| Scope::from(TenantId::try_new(name).unwrap());
    note(&mut log, 0);
    (1..3).for_each(|number| note_of(&mut log, &of("globex"), number));
    log.store().erase(&of("globex")).unwrap();
    // The rows of the erased events are taken again.
    (3..6).for_each(|number| note(&mut log, number));
    assert_eq!(sequence(&mut log, 10), Sequenced::Appended(0..4));
    assert_eq!(numbers(&log), [0, 3, 4, 5]);
    let rest = log.sequence(&of("globex"), day(0), &id("portal"), |_| Class::Access, 10).unwrap();
    assert_eq!(rest, Sequenced::Appended(0..2));
}

#[test]
fn a_value_without_its_body_is_no_evidence_against_the_next_record() {
    let folder = Folder::new();
    let file = folder.file("log.sqlite");
    let mut log = SqliteLog::open(&file).unwrap();
    (0..3).for_each(|number| note(&mut log, number));
    let _ = sequence(&mut log, 10);
    append(&mut log, day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap();
    erase_and_purge(&mut log, 5);
    let last = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap().unverified().head();
    let text = r#"{"index":2,"field":"name","salt":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","value":"x"}"#;
    Connection::open(&file)
        .unwrap()
        .execute("INSERT INTO audit_values SELECT scope, 2, 'name', ? FROM audit_logs", [text])
        .unwrap();
    assert_eq!(verdict(&log.bundle(&tenant(), origin()).unwrap()), Verdict::Purged(last));
}

#[test]
fn what_was_cleared_is_looked_at_again_where_it_is_deleted() {
    let folder = Folder::new();
    let mut log = SqliteLog::open(folder.file("log.sqlite")).unwrap();
    for _ in 0..2 {
        append(&mut log, day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    }
    let ground = Ground::new(Basis::RetentionEnded);
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let targets = [Target::record(1)];
    let (targets, requested_by) = (List::from(&targets), Who::from(&actor));
    let intent = Body::ErasureIntent { targets, ground, requested_by, request: "req-1" };
    let draft = Draft::new(essentials(day(1), &scope, &component, &actor)).body(intent);
    let intent = log.append(&scope, day(1), &mut [draft]).unwrap().start;
    let checkpoint = log.checkpoint(&scope, origin(), &[&signer()]).unwrap().unwrap();
    let key = Ed25519Verifier::new(&signer().verifier_key()).unwrap();
    let bytes = log.body(&scope, intent).unwrap().unwrap();
    let over = checkpoint.verify(&origin(), &[&key]).unwrap();
    let ledger = log.ledger(&scope, u64::MAX).unwrap();
    let clearance = Clearance::of(&Record::decode(&bytes).unwrap(), &ledger, &over).unwrap();
    let own = || Draft::new(essentials(day(2), &scope, &component, &actor));
    let values = |log: &SqliteLog| log.bundle(&scope, origin()).unwrap().to_string().matches("\nvalue ").count();
    // A hold came after it was cleared.
    let set = append(&mut log, day(2), |draft| draft.body(Body::HoldSet { hold: "h-1", reach: Reach::All, ground }));
    let refused = log.delete(&scope, day(2), &clearance, own());
    assert!(matches!(refused, Err(LogError::NotCleared(NotCleared::HeldSince { .. }))), "{refused:?}");
    assert_eq!(values(&log), 2);
    append(&mut log, day(2), |draft| draft.body(Body::HoldLifted { hold: "h-1", set }));
    assert_eq!(log.delete(&scope, day(2), &clearance, own()).unwrap(), 1);
    assert_eq!(values(&log), 1, "what the intent names, and nothing else");
    // It is done, and is not done again.
    let again = log.delete(&scope, day(2), &clearance, own());
    assert!(matches!(again, Err(LogError::NotCleared(NotCleared::NotOpen { .. }))), "{again:?}");
}

/// Signs, but not before the log has grown.
struct Slow<'a>(Ed25519Signer, &'a Path);

impl CheckpointSigner for Slow<'_> {
    fn name(&self) -> &KeyName {
        CheckpointSigner::name(&self.0)
    }

    fn id(&self) -> KeyId {
        CheckpointSigner::id(&self.0)
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut log = SqliteLog::open(self.1).unwrap();
        note(&mut log, 7);
        let _ = sequence(&mut log, 10);
        CheckpointSigner::sign(&self.0, text)
    }
}

#[test]
fn a_checkpoint_is_noted_though_the_log_grew_while_it_was_signed() {
    let folder = Folder::new();
    let file = folder.file("log.sqlite");
    let mut log = SqliteLog::open(&file).unwrap();
    (0..3).for_each(|number| note(&mut log, number));
    let _ = sequence(&mut log, 10);
    let signed = log.checkpoint(&tenant(), origin(), &[&Slow(signer(), &file)]).unwrap().unwrap();
    assert_eq!(signed.unverified().head().size(), 3);
    assert_eq!(log.last_checkpoint(&tenant()).unwrap().unwrap().to_string(), signed.to_string());
    // And the next one is of what came meanwhile.
    let next = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap().unwrap().unverified().head();
    assert_eq!(verdict(&log.bundle(&tenant(), origin()).unwrap()), Verdict::Verified(next));
    assert_eq!(numbers(&log), [0, 1, 2, 7]);
}

/// A process that lives until it is killed: it says what was acknowledged.
#[test]
#[ignore = "run by a_process_killed_at_any_point_loses_nothing"]
fn victim() {
    let Some(file) = env::var_os(FILE) else { return };
    let mut log = SqliteLog::open(Path::new(&file)).unwrap();
    let first: u64 = env::var("CLAUSEWORK_AUDIT_FIRST").unwrap().parse().unwrap();
    for number in first.. {
        note(&mut log, number);
        println!("noted {number}");
        append(&mut log, day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
        let _ = sequence(&mut log, 2);
        if let Some(checkpoint) = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap() {
            println!("checkpoint {}", checkpoint.unverified().head().size());
        }
        if number % 3 == 2 {
            erase_and_purge(&mut log, 5);
        }
    }
}

#[test]
fn a_process_killed_at_any_point_loses_nothing() {
    let folder = Folder::new();
    let file = folder.file("log.sqlite");
    let (mut noted, mut largest) = (Vec::new(), 0);
    for round in 0..8_u64 {
        let mut victim = Command::new(env::current_exe().unwrap())
            .args(["audit_log::victim", "--exact", "--ignored", "--nocapture"])
            .env(FILE, &file)
            .env("CLAUSEWORK_AUDIT_FIRST", (round * 1_000).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = victim.stdout.take().unwrap();
        let reader = thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).collect::<Vec<_>>());
        thread::sleep(Duration::from_millis(150 + round * 37));
        victim.kill().unwrap();
        victim.wait().unwrap();
        for line in reader.join().unwrap() {
            match line.split_once(' ') {
                Some(("noted", number)) => noted.push(number.parse::<u64>().unwrap()),
                Some(("checkpoint", size)) => largest = largest.max(size.parse::<u64>().unwrap()),
                _ => {}
            }
        }
        let mut log = SqliteLog::open(&file).unwrap();
        let left = verdict(&log.bundle(&tenant(), origin()).unwrap());
        assert!(!left.is_alarm(), "{left}");
        while sequence(&mut log, 100) != Sequenced::Nothing {}
        let _ = log.checkpoint(&tenant(), origin(), &[&signer()]).unwrap();
        let head = log.last_checkpoint(&tenant()).unwrap().unwrap().unverified().head();
        assert!(head.size() >= largest, "a checkpoint that was given out is in the log");
        let after = verdict(&log.bundle(&tenant(), origin()).unwrap());
        assert!(after.is_sound(), "{after}");
    }
    assert!(noted.len() > 8, "it did something: {}", noted.len());
    // Every acknowledged note is in the log: as an event that was taken, and none waits.
    let connection = Connection::open(&file).unwrap();
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM audit_waiting"), 0);
    let events = count("SELECT count(*) FROM events");
    assert!(events >= i64::try_from(noted.len()).unwrap());
    let log = SqliteLog::open(&file).unwrap();
    let bundle = log.bundle(&tenant(), origin()).unwrap();
    let others = bundle.records().filter(|(_, bytes)| Record::decode(bytes).unwrap().class() != Class::Access).count();
    let all = count("SELECT count(*) FROM audit_records");
    assert_eq!(all - i64::try_from(others).unwrap(), events, "each event once, purged or not");
}
