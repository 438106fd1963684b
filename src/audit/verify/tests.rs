mod kept;
pub(in crate::audit) mod log;
mod orders;

use alloc::vec::Vec;

use self::log::{Log, day};
use super::{CODES, Evidence, Ledger, Values, Verdict, Verifier, VerifierState};
use crate::audit::record::tests::range;
use crate::audit::record::{Basis, Body, Class, Ground, List, Purge, Reach, Seen, Target};
use crate::audit::tree::{Frontier, TreeHead, leaf_hash};

fn ground() -> Ground<'static> {
    Ground::new(Basis::RetentionEnded)
}

fn purge(log: &mut Log, start: u64, end: u64) {
    let ranges = [range(start, end)];
    let what = Purge::Bodies { class: Class::Access, ranges: List::from(&ranges) };
    log.control(day(1), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground: ground() });
}

#[test]
fn every_code_is_there_once() {
    let mut codes: Vec<_> = CODES.iter().map(|code| code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 12);
}

#[test]
fn an_intent_excuses_what_it_names_and_nothing_beside_it() {
    let mut log = Log::of(5);
    purge(&mut log, 1, 3);
    let head = log.head();
    log.drop_body(1);
    log.drop_body(2);
    assert_eq!(log.verify(&[head]), Verdict::Purged(head));
    let mut other = log.clone();
    other.drop_body(3);
    assert_eq!(other.verify(&[head]), Verdict::MissingUnexplained(3));
    let mut other = log.clone();
    other.drop_body(0);
    assert_eq!(other.verify(&[head]), Verdict::MissingUnexplained(0));
}

#[test]
fn an_intent_beyond_the_anchor_excuses_nothing() {
    let mut log = Log::of(5);
    let before = log.head();
    purge(&mut log, 1, 3);
    log.drop_body(1);
    assert_eq!(log.verify(&[before]), Verdict::MissingUnexplained(1));
    assert_eq!(log.verify(&[before, log.head()]), Verdict::Purged(log.head()));
}

#[test]
fn an_intent_does_not_excuse_what_comes_after_it() {
    let mut log = Log::of(2);
    purge(&mut log, 1, 4); // itself and one that is not there yet
    log.event(day(1), Class::Access, None, false);
    let head = log.head();
    log.drop_body(1);
    assert_eq!(log.verify(&[head]), Verdict::MissingUnexplained(1));
}

#[test]
fn a_hold_takes_the_excuse_away_until_it_is_lifted() {
    let ranges = [range(2, 3)];
    for (reach, held) in [(Reach::All, true), (Reach::Ranges(List::from(&ranges)), true), (Reach::Person("p-1"), false)]
    {
        let mut log = Log::of(5);
        let set = log.control(day(1), Body::HoldSet { hold: "h-1", reach, ground: ground() });
        purge(&mut log, 1, 4);
        let mut lifted = log.clone();
        log.drop_body(1);
        let head = log.head();
        let expected = if held { Verdict::MissingUnexplained(1) } else { Verdict::Purged(head) };
        assert_eq!(log.verify(&[head]), expected, "{reach:?}");

        lifted.control(day(1), Body::HoldLifted { hold: "h-1", set });
        purge(&mut lifted, 1, 4);
        lifted.drop_body(1);
        assert_eq!(lifted.verify(&[lifted.head()]), Verdict::Purged(lifted.head()));
    }
}

#[test]
fn an_erasure_excuses_the_fields_it_names() {
    let mut log = Log::of(0);
    let index = log.event(day(0), Class::Change, None, true); // two values, "name" and "phone"
    let targets = [Target::field(index, "name")];
    let requested_by = crate::audit::record::Who::from(crate::audit::record::tests::user("u-1"));
    let targets = List::from(&targets);
    log.control(day(1), Body::ErasureIntent { targets, ground: ground(), requested_by, request: "req-1" });
    let head = log.head();
    assert_eq!(log.verify(&[head]), Verdict::Verified(head), "it is to be erased, and is not yet");
    let mut other = log.clone();
    other.drop_value(index, "phone");
    assert_eq!(other.verify(&[head]), Verdict::WithheldUnexplained(index));
    log.drop_value(index, "name");
    assert_eq!(log.verify(&[head]), Verdict::Redacted(head));
    assert_eq!(log.verify(&[]), Verdict::SelfConsistent(head));
}

#[test]
fn a_log_that_contradicts_what_was_seen_of_it_is_forked() {
    let mut log = Log::of(3);
    let (seen, other) = (log.head(), Log::of(4).head());
    log.control(day(1), Body::Heartbeat { seen: Seen { size: 3, root: *seen.root().as_bytes() } });
    assert_eq!(log.verify(&[log.head()]), Verdict::Verified(log.head()));
    log.control(day(1), Body::Heartbeat { seen: Seen { size: 3, root: *other.root().as_bytes() } });
    let claimed = TreeHead::new(3, other.root()).unwrap();
    assert_eq!(log.verify(&[log.head()]), Verdict::Forked(claimed, seen));
    // Two trusted heads that contradict one another need no log at all.
    assert_eq!(Log::of(3).verify(&[seen, claimed]), Verdict::Forked(seen, claimed));
}

#[test]
fn nobody_saw_the_log_larger_than_it_was() {
    for (size, whole) in [(3, true), (4, false), (u64::MAX, false)] {
        let mut log = Log::of(3);
        let root = *log.head().root().as_bytes();
        log.control(day(1), Body::Heartbeat { seen: Seen { size, root } });
        let expected = if whole { Verdict::Verified(log.head()) } else { Verdict::Malformed };
        assert_eq!(log.verify(&[log.head()]), expected, "{size}");
    }
}

#[test]
fn of_two_holds_with_one_id_each_is_lifted_by_itself() {
    let mut log = Log::of(5);
    let first = log.control(day(1), Body::HoldSet { hold: "h-1", reach: Reach::All, ground: ground() });
    let person = Reach::Person("p-1");
    let second = log.control(day(1), Body::HoldSet { hold: "h-1", reach: person, ground: ground() });
    for (lifted, held) in [(&[][..], true), (&[second], true), (&[first], false), (&[first, second], false)] {
        let mut log = log.clone();
        for set in lifted {
            log.control(day(1), Body::HoldLifted { hold: "h-1", set: *set });
        }
        purge(&mut log, 1, 4);
        log.drop_body(1);
        let head = log.head();
        let expected = if held { Verdict::MissingUnexplained(1) } else { Verdict::Purged(head) };
        assert_eq!(log.verify(&[head]), expected, "{lifted:?}");
    }
}

#[test]
fn a_hold_on_a_person_keeps_the_values_of_what_is_about_him() {
    let ranges = [range(0, 2)];
    let what = Purge::Disclosures { class: Class::Access, ranges: List::from(&ranges) };
    let targets = [Target::record(0), Target::record(1)];
    let erasure = Body::ErasureIntent {
        targets: List::from(&targets),
        ground: ground(),
        requested_by: crate::audit::record::Who::from(&crate::event::Actor::Unauthenticated),
        request: "req-1",
    };
    let purge = Body::PurgeIntent { what, youngest: day(0).timestamp(), ground: ground() };
    for intent in [erasure, purge] {
        let mut log = Log::default();
        let held = log.event(day(0), Class::Access, Some("p-1"), true);
        let free = log.event(day(0), Class::Access, Some("p-2"), true);
        let reach = Reach::Person("p-1");
        let set = log.control(day(1), Body::HoldSet { hold: "h-1", reach, ground: ground() });
        log.control(day(1), intent);
        let mut other = log.clone();
        other.drop_value(free, "name");
        assert_eq!(other.verify(&[log.head()]), Verdict::Redacted(log.head()));
        log.drop_value(held, "name");
        assert_eq!(log.verify(&[log.head()]), Verdict::WithheldUnexplained(held));
        // Lifted, and intended once more: now it may go.
        log.control(day(1), Body::HoldLifted { hold: "h-1", set });
        assert_eq!(log.verify(&[log.head()]), Verdict::WithheldUnexplained(held));
        log.control(day(1), intent);
        assert_eq!(log.verify(&[log.head()]), Verdict::Redacted(log.head()));
    }
}

#[test]
fn records_of_administrators_are_not_excused_before_six_months() {
    for (class, on, excused) in [
        (Class::Administration, 0, false),
        (Class::Administration, 180, false),
        (Class::Administration, 181, true),
        (Class::Access, 0, true),
    ] {
        let mut log = Log::default();
        let index = log.event(day(0), class, None, true);
        let ranges = [range(index, index + 1)];
        let ranges = List::from(&ranges);
        let youngest = day(0).timestamp();
        let bodies = Body::PurgeIntent { what: Purge::Bodies { class, ranges }, youngest, ground: ground() };
        let values = Body::PurgeIntent { what: Purge::Disclosures { class, ranges }, youngest, ground: ground() };
        let mut other = log.clone();
        log.control(day(on), bodies);
        log.drop_body(index);
        let expected = if excused { Verdict::Purged(log.head()) } else { Verdict::MissingUnexplained(index) };
        assert_eq!(log.verify(&[log.head()]), expected, "bodies of {class}, day {on}");
        other.control(day(on), values);
        other.drop_value(index, "name");
        let expected = if excused { Verdict::Redacted(other.head()) } else { Verdict::WithheldUnexplained(index) };
        assert_eq!(other.verify(&[other.head()]), expected, "values of {class}, day {on}");
    }
    for (on, excused) in [(180, false), (181, true)] {
        let mut log = Log::of(3);
        let what = Purge::Prefix { minimum_index: 2 };
        log.control(day(on), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground: ground() });
        log.collapse(2);
        let expected = if excused { Verdict::Purged(log.head()) } else { Verdict::MissingUnexplained(0) };
        assert_eq!(log.verify(&[log.head()]), expected, "a beginning, day {on}");
    }
}

#[test]
fn a_head_of_the_purged_beginning_cannot_be_met() {
    let mut log = Log::of(5);
    let old = log.head();
    log.event(day(0), Class::Access, None, false);
    let what = Purge::Prefix { minimum_index: 6 };
    log.control(day(181), Body::PurgeIntent { what, youngest: day(0).timestamp(), ground: ground() });
    let head = log.head();
    log.collapse(6);
    assert_eq!(log.verify(&[head]), Verdict::Purged(head));
    assert_eq!(log.verify(&[old, head]), Verdict::SelfConsistent(head));
    log.collapse(7); // the intent itself is gone
    assert_eq!(log.verify(&[head]), Verdict::MissingUnexplained(0));
}

#[test]
fn a_ledger_of_another_log_is_noticed() {
    let mut log = Log::of(3);
    purge(&mut log, 0, 1);
    let head = log.head();
    let forged = {
        let mut forged = Log::of(3);
        purge(&mut forged, 0, 3);
        forged.ledger(4)
    };
    let whole = log.clone();
    log.drop_body(2);
    assert_eq!(log.verify_by(&forged, &[head]), Verdict::Malformed, "the excuse is not in this log");
    assert_eq!(whole.verify_by(&Ledger::covered_by(4), &[head]), Verdict::Malformed);
    assert_eq!(whole.verify_by(&whole.ledger(4), &[head]), Verdict::Verified(head));
}

#[test]
fn it_goes_on_where_it_stopped_and_stays_small() {
    let mut log = Log::of(300);
    purge(&mut log, 7, 9);
    let head = log.head();
    log.drop_body(8);
    let (ledger, heads) = (log.ledger(head.size()), [head]);
    let mut state: Option<VerifierState> = None;
    for (index, row) in log.rows() {
        let verifier = state.take().map(|state| Verifier::resume(&ledger, &heads, state));
        let begin = || Verifier::begin(&ledger, &heads, Frontier::new(), Values::Shown);
        let mut verifier = verifier.unwrap_or_else(begin);
        verifier.read(index, row.leaf, row.evidence());
        let text = serde_json::to_string(verifier.state()).unwrap();
        assert!(text.len() < 16 * 1024);
        state = Some(serde_json::from_str(&text).unwrap());
    }
    let report = Verifier::resume(&ledger, &heads, state.unwrap()).finish();
    assert_eq!((report.verdict, report.purged), (Verdict::Purged(head), 1));
}

#[test]
fn the_largest_state_is_under_16_kib() {
    let before = Frontier::from_parts(i64::MAX.unsigned_abs(), alloc::vec![leaf_hash(b""); 63]).unwrap();
    let (ledger, heads) = (Ledger::default(), []);
    let verifier = Verifier::begin(&ledger, &heads, before, Values::Shown);
    assert!(serde_json::to_string(verifier.state()).unwrap().len() < 8 * 1024);
}

#[test]
fn what_cannot_be_read_is_no_alarm() {
    let ledger = Ledger::default();
    for (bytes, verdict) in [(b"\x02".as_slice(), Verdict::UnknownVersion), (b"\x01\x01", Verdict::Malformed)] {
        let mut verifier = Verifier::begin(&ledger, &[], Frontier::new(), Values::Shown);
        verifier.read(0, leaf_hash(bytes), Evidence::Body { bytes, disclosures: &[] });
        assert_eq!(verifier.finish().verdict, verdict);
    }
}
