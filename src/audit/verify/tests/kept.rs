//! What must stay of a beginning, what an intent may say of it, and whose records a log has.

use alloc::vec::Vec;

use super::log::{Log, day};
use super::{Verdict, ground};
use crate::audit::record::tests::{draft, essentials, range, user};
use crate::audit::record::{Body, Class, Draft, Essentials, List, Place, Purge, Reach, Target, Who};
use crate::audit::tree::Prover;
use crate::audit::verify::link;
use crate::id::{Scope, TenantId};

fn prefix(log: &mut Log, minimum_index: u64) -> u64 {
    let what = Purge::Prefix { minimum_index };
    log.control(day(200), Body::PurgeIntent { what, youngest: day(1).timestamp(), ground: ground() })
}

fn hold(log: &mut Log, start: u64, end: u64) -> u64 {
    let ranges = [range(start, end)];
    let reach = Reach::Ranges(List::from(&ranges));
    log.control(day(0), Body::HoldSet { hold: "h-1", reach, ground: ground() })
}

#[test]
fn a_held_record_of_a_purged_beginning_is_shown_with_its_proof() {
    let mut log = Log::of(6);
    let set = hold(&mut log, 2, 4);
    prefix(&mut log, 5);
    let (head, whole) = (log.head(), log.clone());
    for (kept, verdict) in [
        (&[2, 3][..], Verdict::Purged(head)),
        (&[1, 2, 3], Verdict::Purged(head)), // more than must be
        (&[2], Verdict::MissingUnexplained(3)),
        (&[3], Verdict::MissingUnexplained(2)),
        (&[], Verdict::MissingUnexplained(2)),
    ] {
        let mut log = whole.clone();
        log.collapse_but(5, kept);
        assert_eq!(log.verify(&[head]), verdict, "{kept:?}");
    }
    // Lifted, it may go.
    let mut log = whole;
    log.control(day(201), Body::HoldLifted { hold: "h-1", set });
    log.collapse(5);
    assert_eq!(log.verify(&[log.head()]), Verdict::Purged(log.head()));
}

#[test]
fn a_kept_record_is_what_was_recorded() {
    let mut log = Log::of(6);
    hold(&mut log, 2, 4);
    prefix(&mut log, 5);
    let head = log.head();
    log.collapse_but(5, &[2, 3]);
    assert_eq!(log.verify(&[head]), Verdict::Purged(head));
    for bit in 0..8 {
        let mut log = log.clone();
        log.kept()[1].2.body.as_mut().unwrap()[20] ^= 1 << bit;
        assert_eq!(log.verify(&[head]), Verdict::Altered(3));
    }
    let mut swapped = log.clone();
    swapped.kept().reverse();
    assert_eq!(swapped.verify(&[head]), Verdict::MissingUnexplained(2), "not where it belongs");
    let mut twice = log.clone();
    let again = twice.kept()[1].clone();
    twice.kept().push(again);
    assert_eq!(twice.verify(&[head]), Verdict::Malformed);
    // The bytes of one under the proof of the other.
    let mut mixed = log.clone();
    mixed.kept()[1].2 = mixed.kept()[0].2.clone();
    assert_eq!(mixed.verify(&[head]), Verdict::Altered(3));
}

#[test]
fn only_what_was_there_when_the_hold_was_set_is_kept() {
    // Set after the intent to collapse: it may have been gone.
    let mut log = Log::of(6);
    prefix(&mut log, 5);
    hold(&mut log, 2, 4);
    log.collapse(5);
    assert_eq!(log.verify(&[log.head()]), Verdict::Purged(log.head()));
    // Its body was purged before.
    let mut log = Log::of(6);
    super::purge(&mut log, 2, 3);
    hold(&mut log, 2, 4);
    prefix(&mut log, 5);
    log.drop_body(2);
    let mut without = log.clone();
    log.collapse_but(5, &[3]);
    assert_eq!(log.verify(&[log.head()]), Verdict::Purged(log.head()));
    without.collapse(5);
    assert_eq!(without.verify(&[without.head()]), Verdict::MissingUnexplained(3));
}

/// What the ledger keeps goes apart, and the rest goes.
fn collapse_as_kept(log: &mut Log, minimum: u64) -> Vec<u64> {
    prefix(log, minimum);
    let ledger = log.ledger(u64::MAX);
    let kept = log.records().filter(|record| record.place().index() < minimum && ledger.keeps(record));
    let kept: Vec<u64> = kept.map(|record| record.place().index()).collect();
    log.collapse_but(minimum, &kept);
    kept
}

#[test]
fn what_explains_a_held_record_outlives_the_beginning_with_it() {
    // A value was erased before the hold came.
    let mut log = Log::of(1);
    let index = log.event(day(0), Class::Access, None, true);
    let (targets, requested_by) = ([Target::field(index, "name")], Who::from(user("u-1")));
    let targets = List::from(&targets);
    log.control(day(1), Body::ErasureIntent { targets, ground: ground(), requested_by, request: "req-1" });
    log.drop_value(index, "name");
    let set = hold(&mut log, 1, 2);
    let (mut free, mut alone) = (log.clone(), log.clone());
    assert_eq!(collapse_as_kept(&mut log, 3), [1, 2]);
    assert_eq!(log.verify(&[log.head()]), Verdict::Purged(log.head()));
    prefix(&mut alone, 3);
    alone.collapse_but(3, &[1]);
    assert_eq!(alone.verify(&[alone.head()]), Verdict::WithheldUnexplained(1), "nothing says why any more");
    free.control(day(2), Body::HoldLifted { hold: "h-1", set });
    assert!(collapse_as_kept(&mut free, 3).is_empty(), "nothing is left to be explained");
    assert_eq!(free.verify(&[free.head()]), Verdict::Purged(free.head()));

    // A body was purged before the hold came.
    let mut log = Log::of(6);
    super::purge(&mut log, 2, 3);
    log.drop_body(2);
    let set = hold(&mut log, 2, 4);
    assert_eq!(collapse_as_kept(&mut log, set), [3, 6]);
    assert_eq!(log.verify(&[log.head()]), Verdict::Purged(log.head()));

    // A hold that is held itself, and what lifted it.
    let mut log = Log::of(3);
    let set = hold(&mut log, 0, 1);
    log.control(day(1), Body::HoldLifted { hold: "h-1", set });
    log.event(day(1), Class::Access, None, false);
    let last = hold(&mut log, set, set + 1);
    assert_eq!(collapse_as_kept(&mut log, last), [set, set + 1]);
    assert_eq!(log.verify(&[log.head()]), Verdict::Purged(log.head()));
}

#[test]
fn an_intent_that_is_withdrawn_excuses_nothing() {
    let mut log = Log::of(5);
    super::purge(&mut log, 1, 3);
    let mut excused = log.clone();
    excused.drop_body(1);
    assert_eq!(excused.verify(&[excused.head()]), Verdict::Purged(excused.head()));
    log.control(day(2), Body::IntentWithdrawn { intent: 5 });
    assert_eq!(log.ledger(u64::MAX).open_intents().count(), 0);
    assert_eq!(log.verify(&[log.head()]), Verdict::Verified(log.head()));
    log.drop_body(1);
    assert_eq!(log.verify(&[log.head()]), Verdict::MissingUnexplained(1));
    // What is done stays done.
    let seen = crate::audit::record::Seen { size: 6, root: *excused.head().root().as_bytes() };
    excused.control(day(2), Body::PurgeDone { intent: 5, seen, count: 1 });
    excused.control(day(3), Body::IntentWithdrawn { intent: 5 });
    assert_eq!(excused.verify(&[excused.head()]), Verdict::Purged(excused.head()));
    // Of a beginning as well.
    let mut log = Log::of(5);
    let intent = prefix(&mut log, 3);
    assert_eq!(log.ledger(u64::MAX).minimum_index(), 3);
    log.control(day(201), Body::IntentWithdrawn { intent });
    log.collapse(3);
    assert_eq!(log.verify(&[log.head()]), Verdict::MissingUnexplained(0));
}

/// The instants of a log never go back: what stands after a record of day 9 is no older than that.
#[test]
fn what_an_intent_says_of_the_youngest_is_held_against_the_records() {
    for (youngest, excused) in [(8, false), (9, true), (10, true)] {
        let mut log = Log::of(2);
        log.event(day(9), Class::Access, None, false);
        let gone = log.event(day(9), Class::Access, None, true);
        let (ranges, youngest) = ([range(gone, gone + 1)], day(youngest).timestamp());
        let ranges = List::from(&ranges);
        let mut values = log.clone();
        let what = Purge::Bodies { class: Class::Access, ranges };
        log.control(day(10), Body::PurgeIntent { what, youngest, ground: ground() });
        assert_eq!(log.verify(&[log.head()]), Verdict::Verified(log.head()), "nothing is gone yet");
        log.drop_body(gone);
        let expected = if excused { Verdict::Purged(log.head()) } else { Verdict::MissingUnexplained(gone) };
        assert_eq!(log.verify(&[log.head()]), expected, "{youngest}");

        let what = Purge::Disclosures { class: Class::Access, ranges };
        values.control(day(10), Body::PurgeIntent { what, youngest, ground: ground() });
        values.drop_value(gone, "name");
        let expected = if excused { Verdict::Redacted(values.head()) } else { Verdict::WithheldUnexplained(gone) };
        assert_eq!(values.verify(&[values.head()]), expected, "{youngest}");
    }
    // A beginning, while it is there to be seen: the record of day 9 is in it, or just after it.
    for (minimum_index, sound) in [(2, true), (3, false)] {
        let mut log = Log::of(2);
        log.event(day(9), Class::Access, None, false);
        let (what, youngest) = (Purge::Prefix { minimum_index }, day(8).timestamp());
        log.control(day(400), Body::PurgeIntent { what, youngest, ground: ground() });
        let expected = if sound { Verdict::Verified(log.head()) } else { Verdict::Malformed };
        assert_eq!(log.verify(&[log.head()]), expected, "{minimum_index}");
    }
}

#[test]
fn a_record_of_another_tenant_does_not_belong_in_a_log() {
    for other in [Scope::Tenant(TenantId::try_new("zeta").unwrap()), Scope::Operator] {
        let mut log = Log::of(3);
        let foreign = log.append(day(0), Draft::new(Essentials { scope: &other, ..essentials() }));
        assert_eq!(log.verify(&[log.head()]), Verdict::Altered(foreign), "{other}");
        // Alone it is a log of its own.
        let mut log = Log::default();
        log.append(day(0), Draft::new(Essentials { scope: &other, ..essentials() }));
        assert_eq!(log.verify(&[log.head()]), Verdict::Verified(log.head()), "{other}");
    }
}

#[test]
fn a_record_is_not_recorded_before_the_one_before_it() {
    for (on, sound) in [(5, true), (6, true), (4, false)] {
        let mut log = Log::default();
        log.append_at(Place::first(day(5)), draft());
        let second = log.append_at(Place::first(day(on)).next(day(on)), draft());
        let expected = if sound { Verdict::Verified(log.head()) } else { Verdict::Altered(second) };
        assert_eq!(log.verify(&[log.head()]), expected, "day {on}");
    }
}

#[test]
fn a_hold_on_records_keeps_their_values_from_an_erasure() {
    for (held, verdict) in [(true, Verdict::WithheldUnexplained(1)), (false, Verdict::Redacted(Log::default().head()))]
    {
        let mut log = Log::of(1);
        let index = log.event(day(0), Class::Access, None, true);
        if held {
            hold(&mut log, 1, 2);
        }
        let targets = [Target::record(index)];
        let requested_by = Who::from(user("u-1"));
        let targets = List::from(&targets);
        log.control(day(1), Body::ErasureIntent { targets, ground: ground(), requested_by, request: "req-1" });
        log.drop_value(index, "name");
        assert_eq!(log.verify(&[log.head()]).code(), verdict.code());
    }
}

/// A proof for each collapse: from 2 to 4 when the first three records went, from 4 to 6 when five were gone.
#[test]
fn proofs_of_consistency_follow_one_another() {
    let log = Log::of(6);
    let nodes = log.nodes();
    let head = |size| Prover::new(&nodes, size).unwrap().head();
    let proof = |from, to| Prover::new(&nodes, to).unwrap().consistency(from).unwrap();
    let (heads, whole) = ([head(2), head(4), head(6)], head(6));
    let both = [proof(2, 4), proof(4, 6)];
    assert_eq!(link(&heads, &both, 5).unwrap(), [whole]);
    assert_eq!(link(&heads, &both, 4).unwrap(), [head(4), whole]);
    assert_eq!(link(&heads, &both[..1], 5).unwrap(), heads, "it leads to none that is met");
    assert_eq!(link(&heads, &both[1..], 5).unwrap(), [head(2), whole]);
    assert!(link(&[head(2), whole], &both[..1], 5).is_err(), "to a head that is not there");
}
