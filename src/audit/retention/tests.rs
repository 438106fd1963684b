#[cfg(feature = "ed25519")]
mod cleared;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::*;
use crate::audit::record::tests::{KEYS, range};
use crate::audit::record::{Basis, Body, Class, Ground, IndexRange, List, Reach, Record, Target};
use crate::audit::verify::Ledger;
use crate::audit::verify::tests::log::{Log, day};
use crate::deadline::Period;
use crate::time::{Now, Timestamp};

fn instant(text: &str) -> Timestamp {
    serde_json::from_str(&alloc::format!("\"{text}\"")).unwrap()
}

fn candidate(index: u64, class: Class) -> Candidate<'static> {
    Candidate { index, class, recorded_at: instant("2026-01-15T10:00:00.000000Z"), person: None }
}

fn plan(now: &str, kind: PurgeKind, candidates: &[Candidate<'static>]) -> PurgeDecision {
    let now = Now::from(instant(now));
    let (policy, ledger) = (RetentionPolicy::default(), Ledger::default());
    plan_purge(&policy, now, &ledger, kind, candidates.iter().copied(), &BTreeSet::new())
}

const LATER: &str = "2030-01-01T00:00:00.000000Z";

/// A2-Mon-2: "at least six months"; six months after a day end on the day of its number, and where a month has no such
/// day, on the first of the next. The last day is kept whole, and one more for the time zones.
#[test]
fn a2_mon_2_administrators_logs_are_kept_six_months_and_rounded_up() {
    let policy = RetentionPolicy::default();
    for (recorded, until) in [
        ("2026-01-15T00:00:00.000000Z", "2026-07-17T00:00:00.000000Z"),
        ("2026-01-15T23:59:59.999999Z", "2026-07-17T00:00:00.000000Z"),
        ("2026-08-30T12:00:00.000000Z", "2027-03-03T00:00:00.000000Z"), // there is no 30 February
        ("2026-08-28T12:00:00.000000Z", "2027-03-02T00:00:00.000000Z"),
        ("2027-08-29T12:00:00.000000Z", "2028-03-02T00:00:00.000000Z"), // 2028 has a 29 February
        ("2026-10-31T12:00:00.000000Z", "2027-05-03T00:00:00.000000Z"), // April has 30 days
    ] {
        let recorded = instant(recorded);
        assert_eq!(policy.kept_until(Class::Administration, recorded), Ok(instant(until)), "{recorded}");
    }
    let admin = [candidate(3, Class::Administration)];
    let kind = PurgeKind::Bodies(Class::Administration);
    let early = plan("2026-07-16T23:59:59.999999Z", kind, &admin);
    let until = Some(instant("2026-07-17T00:00:00.000000Z"));
    assert_eq!(early.refused, [Refusal { index: 3, reason: RefusalReason::TooYoung { until } }]);
    assert_eq!(early.plan, None);
    for now in ["2026-07-17T00:00:00.000000Z", "2026-07-17T00:00:00.000001Z"] {
        assert_eq!(plan(now, kind, &admin).plan.unwrap().ranges(), [range(3, 4)]);
    }
}

#[test]
fn a2_mon_2_no_policy_keeps_administrators_logs_for_less() {
    let of = |minimum| {
        let term = Term::at_least(minimum);
        let log = Term::at_least(Period::Years(1));
        RetentionPolicy::builder().class(Class::Administration, term).class(Class::Log, log).build()
    };
    for enough in [Period::Months(6), Period::Months(7), Period::Years(1), Period::Days(200), Period::Weeks(30)] {
        assert!(of(enough).is_ok(), "{enough}");
    }
    // 1 July to 1 January are 184 days: fewer may be less than six months.
    for short in [Period::Months(5), Period::Years(0), Period::Days(183), Period::Weeks(26)] {
        assert_eq!(of(short), Err(RetentionPolicyError::Administration { minimum: short }), "{short}");
    }
    assert!(matches!(of(Period::WorkingDays(200)), Err(RetentionPolicyError::Unit { .. })));
    // What explains the others stays as long as they do.
    let access = RetentionPolicy::builder().class(Class::Access, Term::at_least(Period::Months(7)));
    assert_eq!(access.build(), Err(RetentionPolicyError::Log { class: Class::Access }));
    let general = Term::at_least(Period::Months(2));
    assert!(RetentionPolicy::builder().class(Class::General, general.at_most(Period::Months(2))).build().is_ok());
    let term = general.at_most(Period::Months(1));
    let policy = RetentionPolicy::builder().class(Class::General, term);
    assert_eq!(policy.build(), Err(RetentionPolicyError::Maximum { class: Class::General }));
}

#[test]
fn a_policy_is_checked_when_it_is_read() {
    let policy = RetentionPolicy::default();
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<RetentionPolicy>(&text).unwrap(), policy);
    assert!(serde_json::from_str::<RetentionPolicy>(&text.replacen("\"months\":6", "\"months\":5", 1)).is_err());
    assert!(serde_json::from_str::<RetentionPolicy>(r#"{"adminstration":{"minimum":{"years":1}}}"#).is_err());
}

#[test]
fn a_limit_says_when_it_must_be_gone() {
    let term = Term::at_least(Period::Months(1)).at_most(Period::Months(3));
    let policy = RetentionPolicy::builder().class(Class::General, term).build().unwrap();
    let recorded = instant("2026-01-15T10:00:00.000000Z");
    assert_eq!(policy.purged_by(Class::General, recorded), Ok(Some(instant("2026-04-17T00:00:00.000000Z"))));
    assert_eq!(policy.purged_by(Class::Access, recorded), Ok(None));
}

#[test]
fn every_reason_against_is_told() {
    let candidates = [candidate(4, Class::Log), candidate(4, Class::Access), candidate(6, Class::Access)];
    let decision = plan("2026-01-16T00:00:00.000000Z", PurgeKind::Bodies(Class::Access), &candidates);
    let until = Some(instant("2026-07-17T00:00:00.000000Z"));
    let young = RefusalReason::TooYoung { until };
    let expected: Vec<_> = [
        (4, young.clone()),
        (4, RefusalReason::OtherClass),
        (4, RefusalReason::Explains),
        (4, RefusalReason::Order),
        (6, young),
    ]
    .map(|(index, reason)| Refusal { index, reason })
    .into();
    assert_eq!(decision.refused, expected);
    assert_eq!(decision.plan, None);
    // What may go goes, beside what may not.
    let decision = plan(LATER, PurgeKind::Bodies(Class::Access), &candidates);
    assert_eq!(decision.plan.unwrap().ranges(), [range(6, 7)]);
}

#[test]
fn of_a_prefix_all_goes_or_nothing() {
    let there = |indices: &[u64]| indices.iter().map(|index| candidate(*index, Class::General)).collect::<Vec<_>>();
    let whole = plan(LATER, PurgeKind::Prefix(3), &there(&[0, 1, 2, 3]));
    assert_eq!((whole.plan.unwrap().records(), whole.refused.len()), (3, 0));
    for (indices, missing) in [(&[0, 2][..], 1), (&[1, 2], 0), (&[0, 1], 2)] {
        let decision = plan(LATER, PurgeKind::Prefix(3), &there(indices));
        assert_eq!(decision.refused, [Refusal { index: missing, reason: RefusalReason::Unaccounted }]);
        assert_eq!(decision.plan, None);
    }
}

#[test]
fn an_intent_names_as_many_ranges_as_it_can() {
    let candidates: Vec<_> = (0..3000).map(|index| candidate(index * 2, Class::Access)).collect();
    let plan = plan(LATER, PurgeKind::Bodies(Class::Access), &candidates).plan.unwrap();
    assert_eq!((plan.ranges().len(), plan.records(), plan.rest()), (2048, 2048, Some(4096)));
    let one: u64 = plan.ranges().iter().map(|range: &IndexRange| range.end() - range.start()).sum();
    assert_eq!(one, 2048);
}

#[test]
fn a_date_that_no_calendar_has_is_never_purged() {
    let mut late = candidate(1, Class::Access);
    late.recorded_at = Timestamp::MAX;
    let decision = plan_purge(
        &RetentionPolicy::default(),
        Now::from(Timestamp::MAX),
        &Ledger::default(),
        PurgeKind::Bodies(Class::Access),
        [late],
        &BTreeSet::new(),
    );
    assert_eq!(decision.refused, [Refusal { index: 1, reason: RefusalReason::TooYoung { until: None } }]);
}

#[test]
fn targets_are_sorted_and_named_once() {
    let targets = [
        Target::field(2, "name"),
        Target::record(1),
        Target::field(2, "email"),
        Target::field(1, "email"),
        Target::field(2, "name"),
    ];
    let plan = plan_erasure(&Ledger::default(), targets.map(|target| (target, None)));
    assert_eq!(plan.targets(), [Target::record(1), Target::field(2, "email"), Target::field(2, "name")]);
    assert_eq!((plan.refused().len(), plan.rest()), (0, 0));
    let many = (0..600).map(|index| (Target::record(index), None));
    assert_eq!(plan_erasure(&Ledger::default(), many).rest(), 88);
}

/// What a hold keeps would be free without the record that sets it, whatever proof that record has.
#[test]
fn the_record_of_a_hold_stays_in_the_log() {
    let ground = Ground::new(Basis::Instruction);
    let (within, touching, beyond) = ([range(1, 3)], [range(1, 4)], [range(1, 2), range(9, 12)]);
    for reach in [
        Reach::Ranges(List::from(&within)),
        Reach::Ranges(List::from(&touching)),
        Reach::Ranges(List::from(&beyond)),
        Reach::Person("p-1"),
    ] {
        let mut log = Log::of(3);
        let set = log.control(day(0), Body::HoldSet { hold: "h-1", reach, ground });
        for _ in 0..8 {
            log.event(day(0), Class::Access, None, false);
        }
        let plan = |log: &Log, proven: &[u64]| {
            let records: Vec<Record<'_>> = log.records().collect();
            let candidates = records.iter().map(Candidate::from);
            let (policy, now, proven) = (RetentionPolicy::default(), day(4000), proven.iter().copied().collect());
            plan_purge(&policy, now, &log.ledger(u64::MAX), PurgeKind::Prefix(4), candidates, &proven)
        };
        let decision = plan(&log, &[0, 1, 2, 3]);
        let held = Refusal { index: set, reason: RefusalReason::Held { hold: "h-1".into() } };
        assert_eq!((decision.refused, decision.plan), (alloc::vec![held], None), "{reach:?}");
        // Set anew after the minimum, and the old one lifted: now what it keeps may leave, with its proof.
        log.control(day(1), Body::HoldSet { hold: "h-1", reach, ground });
        log.control(day(1), Body::HoldLifted { hold: "h-1", set });
        assert!(plan(&log, &[0, 1, 2, 3]).plan.is_some(), "{reach:?}");
        let free = matches!(reach, Reach::Person(_)); // none of these is about him
        assert_eq!(plan(&log, &[set]).plan.is_some(), free, "{reach:?}");
        // The record of the old one explains what may be gone of what the new one keeps.
        let explains = Refusal { index: set, reason: RefusalReason::Explains };
        assert!(plan(&log, &[]).refused.contains(&explains), "{reach:?}");
    }
}

#[test]
fn a_change_of_keys_leaves_with_a_proof_or_not_at_all() {
    let mut log = Log::of(2);
    let change = Body::KeyChange { retired: Some(KEYS[0]), added: Some(KEYS[1]), from_size: 9 };
    let index = log.control(day(0), change);
    log.event(day(0), Class::Access, None, false);
    let records: Vec<Record<'_>> = log.records().collect();
    let plan = |proven: &[u64]| {
        let (policy, now, proven) = (RetentionPolicy::default(), day(4000), proven.iter().copied().collect());
        let candidates = records.iter().map(Candidate::from);
        plan_purge(&policy, now, &log.ledger(u64::MAX), PurgeKind::Prefix(3), candidates, &proven)
    };
    assert_eq!(plan(&[]).refused, [Refusal { index, reason: RefusalReason::Keys }]);
    assert!(plan(&[]).plan.is_none());
    assert!(plan(&[index]).plan.is_some());
}
