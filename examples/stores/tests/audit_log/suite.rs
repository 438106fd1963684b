//! What is asked of every log.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::Duration;
use std::{env, thread};

use clausework::audit::checkpoint::{CheckpointSigner, Ed25519Signer, KeyId, KeyName, SignError};
use clausework::audit::log;
use clausework::audit::record::{Basis, Body, Class, Draft, Ground, List, Purge, Reach, Record, Target, Who};
use clausework::audit::retention::NotCleared;
use clausework::audit::sequencer::{Due, SequencerPolicy};
use clausework::audit::tree::{Hash, root_of};
use clausework::audit::verify::Verdict;
use clausework::audit::view;
use clausework::entropy::OsEntropy;
use clausework::event::Actor;
use clausework::{Now, Scope};
use clausework_stores::{LogError, Sequenced};

use super::{Log, day, erase_and_purge, essentials, id, note, note_of, scope_of, signer, tenant};

const ADDRESS: &str = "CLAUSEWORK_AUDIT_VICTIM";

/// Each of these, for one log.
macro_rules! tests {
    ($log:ty, $attribute:meta, $module:ident: $($name:ident)*) => {
        $(#[test]
        #[$attribute]
        fn $name() {
            super::$module::$name::<$log>();
        })*
    };
}
pub(crate) use tests;

macro_rules! suite {
    ($log:ty, $attribute:meta) => {
        crate::audit_log::suite::tests! { $log, $attribute, suite:
            what_rides_in_the_business_commit_is_in_the_log_once
            a_page_is_newest_first_with_its_values_and_of_one_tenant
            of_two_sequencers_one_wins
            many_sequencers_and_many_writers_lose_nothing
            a_first_record_that_two_append_at_once_is_appended_by_both
            an_erasure_and_a_purge_are_no_alarm_wherever_they_stop
            a_purged_beginning_leaves_its_frontier
            what_is_changed_in_the_tables_is_named
            what_was_accepted_comes_into_the_log_even_if_its_event_is_erased
            a_value_without_its_body_is_no_evidence_against_the_next_record
            an_intent_is_looked_at_where_it_is_carried_out
            a_checkpoint_is_noted_though_the_log_grew_while_it_was_signed
            what_is_not_what_was_appended_is_not_signed
            a_log_that_was_set_back_appends_nothing_and_says_so
            columns_and_json_give_back_the_bytes_that_were_hashed
            the_log_says_what_is_due_and_what_is_unprotected
            what_became_a_record_is_nowhere_else
            a_process_killed_at_any_point_loses_nothing
        }
        crate::audit_log::suite::tests! { $log, $attribute, outlives:
            a_change_of_keys_is_vouched_for
            a_change_of_keys_outlives_the_beginning
            a_held_record_outlives_two_beginnings_and_goes_when_it_is_free
            what_explains_a_held_record_stays_with_it
            who_keeps_an_old_checkpoint_gets_an_answer
            nothing_goes_where_a_proof_does_not_hold
        }
        crate::audit_log::suite::tests! { $log, $attribute, gaps:
            an_event_that_is_none_is_a_gap_and_stops_nothing
            what_no_record_may_hold_is_a_gap_with_the_rule
            what_a_gap_kept_can_be_erased
        }
    };
}
pub(crate) use suite;

pub(crate) fn what_rides_in_the_business_commit_is_in_the_log_once<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    assert_eq!(log.sequence(10), Sequenced::Nothing);
    (0..5).for_each(|number| note(&mut log, number));
    assert_eq!(log.sequence(3), Sequenced::Appended(0..3));
    drop(log);
    let mut log = L::open(&home);
    assert_eq!(log.sequence(3), Sequenced::Appended(3..5));
    assert_eq!(log.sequence(3), Sequenced::Nothing);
    let checkpoint = log.checkpoint().unwrap();
    assert_eq!(log.numbers(), [0, 1, 2, 3, 4]);
    assert_eq!(log.verdict(), Verdict::Verified(checkpoint.unverified().head()));
    assert!(log.checkpoint().is_none(), "nothing new");
}

pub(crate) fn a_page_is_newest_first_with_its_values_and_of_one_tenant<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    assert!(log.page(u64::MAX, 10).is_empty());
    (0..4).for_each(|number| note(&mut log, number));
    note_of(&mut log, &scope_of("globex"), 4);
    assert_eq!(log.sequence(10), Sequenced::Appended(0..4));
    assert_eq!(log.sequence_of(&scope_of("globex"), 10), Sequenced::Appended(0..1));
    log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());

    let page = log.page(u64::MAX, 2);
    assert_eq!(page.iter().map(|record| record.index).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(
        page[0].values.iter().map(|value| (value.field(), value.value())).collect::<Vec<_>>(),
        [("name", "Anna Blume")]
    );
    assert!(page[1].values.is_empty());
    assert_eq!(page[0].body, log.body(4));
    assert_eq!(log.page(3, 10).iter().map(|record| record.index).collect::<Vec<_>>(), [2, 1, 0]);
    assert!(log.page(0, 10).is_empty() && log.page(10, 0).is_empty());
}

pub(crate) fn of_two_sequencers_one_wins<L: Log>() {
    let home = L::home();
    let (mut one, mut other) = (L::open(&home), L::open(&home));
    (0..4).for_each(|number| note(&mut one, number));
    // The first round begins the log, the second goes on.
    for round in 0..2 {
        let (mine, yours) = (one.prepare(2).unwrap(), other.prepare(2).unwrap());
        assert_eq!(other.commit(&yours), Sequenced::Appended(round * 2..round * 2 + 2));
        assert_eq!(one.commit(&mine), Sequenced::Moved);
        assert_eq!(other.commit(&yours), Sequenced::Moved, "nor the same twice");
    }
    one.checkpoint().unwrap();
    assert_eq!(one.numbers(), [0, 1, 2, 3]);
}

pub(crate) fn many_sequencers_and_many_writers_lose_nothing<L: Log>() {
    let home = L::home();
    let address = &L::address(&home);
    drop(L::at(address));
    thread::scope(|scope| {
        for writer in 0..2_u64 {
            scope.spawn(move || {
                let mut log = L::at(address);
                (0..20).for_each(|number| note(&mut log, writer * 100 + number));
            });
        }
        for _ in 0..2 {
            scope.spawn(move || {
                let mut log = L::at(address);
                for _ in 0..30 {
                    let _ = log.sequence(3);
                }
            });
        }
    });
    let mut log = L::at(address);
    while log.sequence(7) != Sequenced::Nothing {}
    let checkpoint = log.checkpoint().unwrap();
    let seen = log.numbers();
    assert_eq!(seen.len(), 40);
    assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), (0..20).chain(100..120).collect());
    assert_eq!(log.verdict(), Verdict::Verified(checkpoint.unverified().head()));
}

pub(crate) fn a_first_record_that_two_append_at_once_is_appended_by_both<L: Log>() {
    for _ in 0..5 {
        let home = L::home();
        let address = &L::address(&home);
        drop(L::at(address));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(move || {
                    let mut log = L::at(address);
                    log.append(day(0), |draft| draft);
                });
            }
        });
        let mut log = L::at(address);
        assert_eq!(log.checkpoint().unwrap().unverified().head().size(), 4);
    }
}

pub(crate) fn an_erasure_and_a_purge_are_no_alarm_wherever_they_stop<L: Log>() {
    for steps in 0..=5 {
        let home = L::home();
        let mut log = L::open(&home);
        (0..3).for_each(|number| note(&mut log, number));
        let _ = log.sequence(10);
        log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
        log.checkpoint().unwrap();
        erase_and_purge(&mut log, steps);
        drop(log); // the process ends here
        let mut log = L::open(&home);
        let before = log.verdict();
        assert!(before.is_sound(), "{steps}: {before}");
        let last = log.checkpoint().or_else(|| log.last_checkpoint()).unwrap().unverified().head();
        let expected = match steps {
            0..=3 => Verdict::Verified(last),
            4 => Verdict::Redacted(last),
            _ => Verdict::Purged(last),
        };
        assert_eq!(log.verdict(), expected, "{steps}");
        let values = "SELECT count(*) FROM {}audit_values WHERE text LIKE '%Anna Blume%'";
        assert_eq!(L::count(&L::address(&home), values), i64::from(steps < 4), "{steps}");
    }
}

pub(crate) fn a_purged_beginning_leaves_its_frontier<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    (0..13).for_each(|number| note(&mut log, number));
    let _ = log.sequence(20);
    let ground = Ground::new(Basis::RetentionEnded);
    let what = Purge::Prefix { minimum_index: 11 };
    let intent =
        log.append(day(400), |draft| draft.body(Body::PurgeIntent { what, youngest: day(0).timestamp(), ground }));
    log.checkpoint().unwrap();
    let nodes = |home| L::count(&L::address(home), "SELECT count(*) FROM {}audit_nodes");
    let before = nodes(&home);
    assert_eq!(log.carry_out(day(400), intent).unwrap(), 11);
    // Of 0 to 10: ten leaves, four of the five pairs, both fours go. The record that says so adds its leaf.
    assert_eq!(nodes(&home), before - 16 + 1);
    let last = log.checkpoint().unwrap().unverified().head();
    assert_eq!(log.verdict(), Verdict::Purged(last));
    assert_eq!(log.numbers(), [11, 12]);
}

pub(crate) fn what_is_changed_in_the_tables_is_named<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    (0..6).for_each(|number| note(&mut log, number));
    let _ = log.sequence(10);
    log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    let head = log.checkpoint().unwrap().unverified().head();
    let touch = |sql: &str| {
        L::sql(&L::address(&home), sql);
        log.verdict()
    };
    // Each is worse than the one before, so that none needs to be undone.
    assert_eq!(touch("SELECT 1"), Verdict::Verified(head));
    assert_eq!(touch("DELETE FROM {}audit_values"), Verdict::WithheldUnexplained(6));
    let zeros = format!("UPDATE {{}}audit_records SET leaf = {}, body = NULL WHERE idx = 5", L::ZEROS);
    assert_eq!(touch(&zeros), Verdict::MissingUnexplained(5));
    assert_eq!(touch("UPDATE {}audit_records SET body = NULL WHERE idx = 4"), Verdict::MissingUnexplained(4));
    assert_eq!(touch("DELETE FROM {}audit_records WHERE idx = 3"), Verdict::MissingUnexplained(3));
    assert_eq!(touch("DELETE FROM {}audit_records WHERE idx = 6"), Verdict::Truncated { have: 6, anchored: 7 });
    assert_eq!(touch("UPDATE {}audit_records SET body = substr(body, 1, 40) WHERE idx = 2"), Verdict::Altered(2));
    let swap = "UPDATE {}audit_records SET idx = 100 WHERE idx = 0; UPDATE {}audit_records SET idx = 0 WHERE idx = 1;
                UPDATE {}audit_records SET idx = 1 WHERE idx = 100";
    assert_eq!(touch(swap), Verdict::Altered(0));
}

pub(crate) fn what_was_accepted_comes_into_the_log_even_if_its_event_is_erased<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let globex = scope_of("globex");
    note(&mut log, 0);
    (1..3).for_each(|number| note_of(&mut log, &globex, number));
    log.erase(&globex);
    // Where a database takes the rows of the erased events again, they are other events.
    (3..6).for_each(|number| note(&mut log, number));
    let events = |of: &str| L::count(&L::address(&home), &format!("SELECT count(*) FROM {{}}events WHERE scope {of}"));
    assert_eq!(log.waiting(), [tenant(), globex.clone()]);
    assert_eq!(log.sequence_of(&globex, 10), Sequenced::Appended(0..2));
    assert_eq!((events("= 'tenant:acme'"), events("<> 'tenant:acme'")), (4, 0), "no event of another goes with them");
    assert_eq!(log.sequence(10), Sequenced::Appended(0..4));
    assert_eq!(log.numbers(), [0, 3, 4, 5]);
    assert_eq!(log.waiting(), []);
}

pub(crate) fn a_value_without_its_body_is_no_evidence_against_the_next_record<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    (0..3).for_each(|number| note(&mut log, number));
    let _ = log.sequence(10);
    log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
    log.checkpoint().unwrap();
    erase_and_purge(&mut log, 5);
    let last = log.checkpoint().unwrap().unverified().head();
    let text = r#"{"index":2,"field":"name","salt":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","value":"x"}"#;
    let insert = format!("INSERT INTO {{}}audit_values SELECT scope, 2, 'name', '{text}' FROM {{}}audit_logs");
    L::sql(&L::address(&home), &insert);
    assert_eq!(log.verdict(), Verdict::Purged(last));
}

pub(crate) fn an_intent_is_looked_at_where_it_is_carried_out<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    for _ in 0..2 {
        log.append(day(0), |draft| {
            let draft = draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap();
            draft.personal(&mut OsEntropy, "town", "Zurich").unwrap()
        });
    }
    let ground = Ground::new(Basis::RetentionEnded);
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let targets = [Target::field(0, "town"), Target::record(1)];
    let (targets, requested_by) = (List::from(&targets), Who::from(&actor));
    let intent = Body::ErasureIntent { targets, ground, requested_by, request: "req-1" };
    let draft = Draft::new(essentials(day(1), &scope, &component, &actor)).body(intent);
    let intent = log.enter(&scope, day(1), &mut [draft]).unwrap().start;
    let early = log.carry_out(day(2), intent);
    assert!(matches!(early, Err(LogError::Broken { .. })), "{early:?}");
    log.checkpoint().unwrap();
    let values = |log: &L| log.bundle().to_string().matches("\nvalue ").count();
    // A hold came after it.
    let set = log.append(day(2), |draft| draft.body(Body::HoldSet { hold: "h-1", reach: Reach::All, ground }));
    let refused = log.carry_out(day(2), intent);
    assert!(matches!(refused, Err(LogError::NotCleared(NotCleared::HeldSince { .. }))), "{refused:?}");
    assert_eq!(values(&log), 4);
    log.append(day(2), |draft| draft.body(Body::HoldLifted { hold: "h-1", set }));
    assert_eq!(log.carry_out(day(2), intent).unwrap(), 3);
    assert_eq!(values(&log), 1, "what the intent names, and nothing else");
    // It is done, and is not done again.
    let again = log.carry_out(day(2), intent);
    assert!(matches!(again, Err(LogError::NotCleared(NotCleared::NotOpen { .. }))), "{again:?}");
}

/// Signs, but not before something happened.
struct Slow<F>(Ed25519Signer, Mutex<F>);

impl<F: FnMut() + Send> CheckpointSigner for Slow<F> {
    fn name(&self) -> &KeyName {
        CheckpointSigner::name(&self.0)
    }

    fn id(&self) -> KeyId {
        CheckpointSigner::id(&self.0)
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
        let happens = &self.1;
        thread::scope(|scope| scope.spawn(|| happens.lock().unwrap()()).join()).unwrap();
        CheckpointSigner::sign(&self.0, text)
    }
}

pub(crate) fn a_checkpoint_is_noted_though_the_log_grew_while_it_was_signed<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    (0..3).for_each(|number| note(&mut log, number));
    let _ = log.sequence(10);
    let grow = || {
        let mut other = L::open(&home);
        note(&mut other, 7);
        let _ = other.sequence(10);
    };
    let signed = log.checkpoint_by(&Slow(signer(), Mutex::new(grow))).unwrap().unwrap();
    assert_eq!(signed.unverified().head().size(), 3);
    assert_eq!(log.last_checkpoint().unwrap().to_string(), signed.to_string());
    // And the next one is of what came meanwhile.
    let next = log.checkpoint().unwrap().unverified().head();
    assert_eq!(log.verdict(), Verdict::Verified(next));
    assert_eq!(log.numbers(), [0, 1, 2, 7]);
    // A later one that was noted meanwhile stays.
    note(&mut log, 8);
    let _ = log.sequence(10);
    let overtake = || {
        let mut other = L::open(&home);
        note(&mut other, 9);
        let _ = other.sequence(10);
        other.checkpoint().unwrap();
    };
    assert!(log.checkpoint_by(&Slow(signer(), Mutex::new(overtake))).unwrap().is_none());
    assert_eq!(log.last_checkpoint().unwrap().unverified().head().size(), 6);
}

pub(crate) fn what_is_not_what_was_appended_is_not_signed<L: Log>() {
    for (sql, what) in [
        ("DELETE FROM {}audit_records WHERE idx = 1", "record 1 was appended and is not stored"),
        ("UPDATE {}audit_records SET body = NULL WHERE idx = 2", "record 2 was appended and is not stored"),
        (
            "UPDATE {}audit_records SET body = (SELECT body FROM {}audit_records WHERE idx = 0) WHERE idx = 1",
            "what is stored of the 3 records is not what was appended",
        ),
    ] {
        let home = L::home();
        let mut log = L::open(&home);
        (0..3).for_each(|number| note(&mut log, number));
        let _ = log.sequence(10);
        L::sql(&L::address(&home), sql);
        let refused = log.checkpoint_by(&signer()).unwrap_err();
        assert!(matches!(refused, LogError::Confirm(_)), "{refused:?}");
        assert_eq!(refused.to_string(), what);
        assert!(log.last_checkpoint().is_none());
    }
}

pub(crate) fn a_log_that_was_set_back_appends_nothing_and_says_so<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let address = L::address(&home);
    (0..3).for_each(|number| note(&mut log, number));
    let _ = log.sequence(1);
    L::sql(&address, "CREATE TABLE {}backup AS SELECT * FROM {}audit_logs");
    let _ = log.sequence(1);
    L::sql(&address, "DELETE FROM {}audit_logs; INSERT INTO {}audit_logs SELECT * FROM {}backup");
    // Not "another was faster", for ever.
    let refused = log.prepare(1).map(|prepared| log.try_commit(&prepared)).unwrap().unwrap_err();
    assert!(matches!(refused, LogError::Broken { .. }), "{refused:?}");
    assert_eq!(L::count(&address, "SELECT count(*) FROM {}audit_waiting"), 1, "what waits waits");
    // And a row with another log's last record is none.
    L::sql(&address, "UPDATE {}audit_logs SET last = (SELECT body FROM {}audit_records WHERE idx = 1)");
    let refused = log.prepare_by(&tenant(), |_| Class::Access, 1).unwrap_err();
    assert!(matches!(refused, LogError::Log(log::LogError::Torn { size: 1 })), "{refused:?}");
}

pub(crate) fn columns_and_json_give_back_the_bytes_that_were_hashed<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    (0..7).for_each(|number| note(&mut log, number));
    let _ = log.sequence(10);
    // Every character that a column or JSON might have its own mind about.
    let odd = "\u{0}\u{1}\t\r\n \"\\/\u{7f}\u{85}\u{2028}\u{202e}A\u{30a}\u{e5}\u{1f602}\u{fb33}";
    let values = log.append(Now::from(day(3).timestamp().saturating_add(Duration::from_micros(1))), |draft| {
        draft.personal(&mut OsEntropy, "odd", odd).unwrap().user_agent("curl\u{2028}8")
    });
    let head = log.checkpoint().unwrap().unverified().head();
    let bodies: Vec<_> = (0..=values).map(|index| log.body(index).unwrap()).collect();
    assert_eq!(root_of(&bodies), head.root());
    let views = bodies.iter().map(|bytes| view::json(&Record::decode(bytes).unwrap()));
    let back: Vec<_> = views.map(|text| view::bytes_of_json(&text).unwrap()).collect();
    assert_eq!(root_of(&back), head.root());
    assert_eq!(log.verdict(), Verdict::Verified(head), "and the value opens its commitment");
    assert!(log.bundle().to_string().contains("\\u0000"));
    assert_ne!(root_of(&bodies[1..]), Hash::new(*head.root().as_bytes()));
}

pub(crate) fn the_log_says_what_is_due_and_what_is_unprotected<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let policy = SequencerPolicy::default();
    let due = |log: &L, now| {
        let (state, waiting) = log.state(&tenant());
        (policy.due(state.as_ref(), now, waiting), state.unwrap_or_default().oldest_unanchored(waiting))
    };
    let noted = Some(day(0).timestamp());
    assert_eq!(due(&log, day(0)), (Due::Heartbeat, None));
    note(&mut log, 0);
    assert_eq!(due(&log, day(0)), (Due::Integrate, noted));
    let _ = log.sequence(10);
    assert!(matches!(due(&log, day(0)), (Due::Nothing { .. }, at) if at == noted));
    assert_eq!(due(&log, day(1)), (Due::Checkpoint, noted));
    log.checkpoint().unwrap();
    assert_eq!(due(&log, day(1)), (Due::Heartbeat, noted), "signed, and nowhere but here");
    assert!(!log.anchor(&tenant(), 2), "there is no such checkpoint");
    assert!(log.anchor(&tenant(), 1) && !log.anchor(&tenant(), 1));
    assert_eq!(due(&log, day(1)), (Due::Heartbeat, None));
    assert!(log.last_checkpoint().is_some(), "noting an anchor leaves the checkpoint");
    assert!(!log.anchor(&scope_of("nobody"), 1) && log.state(&scope_of("nobody")) == (None, None));
}

pub(crate) fn what_became_a_record_is_nowhere_else<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let (events, waiting) = ("SELECT count(*) FROM {}events", "SELECT count(*) FROM {}audit_waiting");
    let count = |sql| L::count(&L::address(&home), sql);
    (0..4).for_each(|number| note(&mut log, number));
    note_of(&mut log, &Scope::Operator, 9);
    assert_eq!((count(events), count(waiting)), (5, 5));
    // A commit that comes too late deletes nothing.
    let late = log.prepare(3).unwrap();
    assert_eq!(log.sequence(2), Sequenced::Appended(0..2));
    assert_eq!((log.commit(&late), count(events), count(waiting)), (Sequenced::Moved, 3, 3));
    assert_eq!(log.sequence(10), Sequenced::Appended(2..4));
    assert_eq!((count(events), count(waiting)), (1, 1), "another scope's is not touched");
    assert_eq!(count("SELECT count(*) FROM {}events WHERE scope = 'operator'"), 1);
}

/// A process that lives until it is killed: it says what was acknowledged.
pub(crate) fn victim<L: Log>() {
    let Ok(address) = env::var(ADDRESS) else { return };
    let mut log = L::at(&address);
    let first: u64 = env::var("CLAUSEWORK_AUDIT_FIRST").unwrap().parse().unwrap();
    for number in first.. {
        note(&mut log, number);
        println!("noted {number}");
        log.append(day(0), |draft| draft.personal(&mut OsEntropy, "name", "Anna Blume").unwrap());
        let _ = log.sequence(2);
        if let Some(checkpoint) = log.checkpoint() {
            println!("checkpoint {}", checkpoint.unverified().head().size());
        }
        if number % 3 == 2 {
            erase_and_purge(&mut log, 5);
        }
    }
}

pub(crate) fn a_process_killed_at_any_point_loses_nothing<L: Log>() {
    let home = L::home();
    let address = L::address(&home);
    let (mut noted, mut largest) = (Vec::new(), 0);
    for round in 0..8_u64 {
        let mut victim = Command::new(env::current_exe().unwrap())
            .args([L::VICTIM, "--exact", "--ignored", "--nocapture"])
            .env(ADDRESS, &address)
            .env("CLAUSEWORK_AUDIT_FIRST", (round * 1_000).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = victim.stdout.take().unwrap();
        let (tell, told) = mpsc::channel();
        let reader = thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).for_each(|line| tell.send(line).unwrap());
        });
        let first = told.iter().find(|line| line.starts_with("noted")).unwrap(); // however long it takes to start
        thread::sleep(Duration::from_millis(5 + round * 37));
        victim.kill().unwrap();
        victim.wait().unwrap();
        reader.join().unwrap();
        for line in std::iter::once(first).chain(told) {
            match line.split_once(' ') {
                Some(("noted", number)) => noted.push(number.parse::<u64>().unwrap()),
                Some(("checkpoint", size)) => largest = largest.max(size.parse::<u64>().unwrap()),
                _ => {}
            }
        }
        let mut log = L::at(&address);
        let left = log.verdict();
        assert!(!left.is_alarm(), "{left}");
        while log.sequence(100) != Sequenced::Nothing {}
        let _ = log.checkpoint();
        let head = log.last_checkpoint().unwrap().unverified().head();
        assert!(head.size() >= largest, "a checkpoint that was given out is in the log");
        let after = log.verdict();
        assert!(after.is_sound(), "{after}");
    }
    assert!(noted.len() > 8, "it did something: {}", noted.len());
    // Every acknowledged note is in the log, purged or not, and none waits or stands among the events.
    let count = |sql: &str| L::count(&address, sql);
    assert_eq!((count("SELECT count(*) FROM {}audit_waiting"), count("SELECT count(*) FROM {}events")), (0, 0));
    let notes = count("SELECT count(*) FROM {}records WHERE kind = 'note'");
    let log = L::at(&address);
    let bundle = log.bundle();
    let others = bundle.records().filter(|(_, bytes)| Record::decode(bytes).unwrap().class() != Class::Access).count();
    let all = count("SELECT count(*) FROM {}audit_records");
    assert_eq!(all - i64::try_from(others).unwrap(), notes, "each business commit once, purged or not");
    assert!(notes >= i64::try_from(noted.len()).unwrap());
    for number in noted {
        assert_eq!(count(&format!("SELECT count(*) FROM {{}}records WHERE id = 'n-{number}'")), 1);
    }
}
