//! An event that can become no record.

use clausework::audit::record::{Basis, Body, Class, Draft, Ground, List, Record, Target, Who};
use clausework::audit::verify::Verdict;
use clausework::event::{Actor, Code, Fact};
use clausework_stores::Sequenced;

use super::{Log, commit_fact, day, essentials, id, note, tenant};

/// Reasons and rules of the gaps, and the index of each.
fn gaps(log: &impl Log) -> Vec<(u64, String, Option<String>)> {
    let bundle = log.bundle();
    let gap = |(index, bytes): (u64, &[u8])| {
        let record = Record::decode(bytes).unwrap();
        let Body::Gap { count, from, until } = record.body() else { return None };
        assert_eq!((count, record.class(), record.code()), (Some(1), Class::Log, "audit.gap"));
        assert!(from <= until);
        let word = |name| record.attribute(name).map(|value| value.to_string());
        Some((index, word("reason").unwrap(), word("rule")))
    };
    bundle.records().filter_map(gap).collect()
}

pub(crate) fn an_event_that_is_none_is_a_gap_and_stops_nothing<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    let other = r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:globex","actor":"unauthenticated","origin":{"network":{"peer":"198.51.100.7","transport":"tls"}},"subject":{"kind":"note","id":"n"},"code":"test.noted","outcome":"success","clauses":[],"details":{"number":7}}"#;
    let long = format!("\"{}\"", "x".repeat(20_000));
    note(&mut log, 0);
    for text in ["{damaged", r#"{"v":2,"all":"new"}"#, other, &long] {
        let at = day(0).timestamp().as_micros();
        let insert = format!("INSERT INTO {{}}events (scope, at, text) VALUES ('tenant:acme', {at}, '{text}')");
        L::sql(&L::address(&home), &insert);
    }
    // An instant that is none.
    L::sql(
        &L::address(&home),
        &format!("INSERT INTO {{}}events (scope, at, text) VALUES ('tenant:acme', {}, '')", i64::MAX),
    );
    note(&mut log, 1);
    let prepared = log.prepare(10).unwrap();
    assert_eq!(prepared.gaps(), 5);
    assert_eq!(log.commit(&prepared), Sequenced::Appended(0..7));
    assert_eq!(log.sequence(10), Sequenced::Nothing);
    let head = log.checkpoint().unwrap().unverified().head();
    assert_eq!(log.verdict(), Verdict::Verified(head));
    assert_eq!(log.numbers(), [0, 1]);
    let reasons = ["event.malformed", "event.version", "event.scope", "event.too_long", "event.malformed"];
    let expected: Vec<_> = (1..).zip(reasons).map(|(index, reason)| (index, reason.to_owned(), None)).collect();
    assert_eq!(gaps(&log), expected);
    // Nothing is lost: the text is kept beside the log.
    for text in ["{damaged", "globex", "xxxxxxxxxx"] {
        let kept = format!("SELECT count(*) FROM {{}}audit_values WHERE field = 'event' AND text LIKE '%{text}%'");
        assert_eq!(L::count(&L::address(&home), &kept), 1, "{text}");
    }
    assert_eq!(L::count(&L::address(&home), "SELECT count(*) FROM {}events"), 0);
}

pub(crate) fn what_no_record_may_hold_is_a_gap_with_the_rule<L: Log>() {
    const SPACED: Code = Code::internal("test.has a space");
    static NAMES: [&str; 65] = {
        let mut names = [""; 65];
        let (text, mut index) = ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 0);
        while index < 65 {
            names[index] = text.split_at(index).1.split_at(2 + index / 26).0;
            index += 1;
        }
        names
    };
    let home = L::home();
    let mut log = L::open(&home);
    commit_fact(&mut log, &tenant(), 0, &|| Fact::success(SPACED));
    let many = || NAMES.iter().fold(Fact::success(super::NOTED), |fact, name| fact.with(name, 1_u32));
    commit_fact(&mut log, &tenant(), 1, &many);
    note(&mut log, 2);
    assert_eq!(log.sequence(10), Sequenced::Appended(0..3));
    // And a host that gives an event the class of the log's own.
    note(&mut log, 3);
    let prepared = log.prepare_by(&tenant(), |_| Class::Log, 10).unwrap().unwrap();
    assert_eq!(log.commit(&prepared), Sequenced::Appended(3..4));
    let head = log.checkpoint().unwrap().unverified().head();
    assert_eq!(log.verdict(), Verdict::Verified(head));
    let gaps = gaps(&log);
    assert_eq!(gaps.iter().map(|(index, ..)| *index).collect::<Vec<_>>(), [0, 1, 3]);
    assert!(gaps.iter().all(|(_, reason, rule)| reason == "record.refused" && rule.is_some()), "{gaps:?}");
    assert_eq!(gaps[0].2.as_deref(), Some(r#""a code with characters that no code has""#));
}

pub(crate) fn what_a_gap_kept_can_be_erased<L: Log>() {
    let home = L::home();
    let mut log = L::open(&home);
    L::sql(&L::address(&home), "INSERT INTO {}events (scope, at, text) VALUES ('tenant:acme', 0, 'Anna Blume')");
    assert_eq!(log.sequence(10), Sequenced::Appended(0..1));
    log.checkpoint().unwrap();
    let (scope, component, actor) = (tenant(), id("sequencer"), Actor::Job(id("sequencer")));
    let targets = [Target::field(0, "event")];
    let (targets, requested_by) = (List::from(&targets), Who::from(&actor));
    let ground = Ground::new(Basis::RetentionEnded);
    let body = Body::ErasureIntent { targets, ground, requested_by, request: "req-1" };
    let draft = Draft::new(essentials(day(1), &scope, &component, &actor)).body(body);
    let intent = log.enter(&scope, day(1), &mut [draft]).unwrap().start;
    log.checkpoint().unwrap();
    assert_eq!(log.carry_out(day(1), intent).unwrap(), 1);
    let last = log.checkpoint().unwrap().unverified().head();
    assert_eq!(log.verdict(), Verdict::Redacted(last));
    assert_eq!(L::count(&L::address(&home), "SELECT count(*) FROM {}audit_values"), 0);
}
