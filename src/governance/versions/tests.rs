use alloc::vec::Vec;

use super::*;
use crate::audit::tree::Hash;
use crate::clause;
use crate::governance::tests::{day, days, id, put, refuses, text, was_there, words};
use crate::governance::{FindingKind, Refusal};

fn version(number: u32, effective: &str) -> PolicyVersion {
    let digest = Hash::new([u8::try_from(number).unwrap(); 32]);
    PolicyVersion::new(number, day(effective), digest, id("s-1"), text("PSP"))
}

fn published(on: &str, number: u8) -> Publication {
    Publication::new(day(on), text("https://www.example.com/policy"), Hash::new([number; 32]))
}

fn two() -> VersionsState {
    let first = put(adopt(None, version(1, "2015-01-01")));
    put(adopt(Some(first), version(2, "2026-03-01")))
}

/// The edition of 1 January 2015 is in force from that day to the day before the next.
#[test]
fn e_0_1_the_version_in_force_on_a_day() {
    for (at, number) in [
        ("2014-12-31", None),
        ("2015-01-01", Some(1)),
        ("2026-02-28", Some(1)),
        ("2026-03-01", Some(2)),
        ("2030-01-01", Some(2)),
    ] {
        assert_eq!(two().in_force(day(at)).map(PolicyVersion::number), number, "{at}");
    }
    let found = two().findings(&id("engage"), days("2014-12-01", "2015-01-31"));
    assert_eq!(found[0].clause(), clause::E_0_1);
    assert_eq!(words(&found)[0], "E-0.1, engage: no version in force from 2014-12-01 to 2014-12-31");
    let none = VersionsState::default().findings(&id("engage"), days("2014-12-01", "2015-01-31"));
    assert_eq!(words(&none), ["E-0.1, engage: no version in force from 2014-12-01 to 2015-01-31"]);
}

/// A change is a version that follows, later, with another text; the one before stays as it is.
#[test]
fn e_c_1_the_next_version_follows_the_last() {
    let state = two();
    refuses(&adopt(Some(state.clone()), version(4, "2027-01-01")), Refusal::NotNext { expected: 3 });
    refuses(&adopt(Some(state.clone()), version(2, "2027-01-01")), Refusal::NotNext { expected: 3 });
    let before = day("2026-03-01");
    refuses(&adopt(Some(state.clone()), version(3, "2026-03-01")), Refusal::NotLater { before });
    refuses(&adopt(Some(state.clone()), version(3, "2026-02-01")), Refusal::NotLater { before });
    let same = PolicyVersion { digest: Hash::new([2; 32]), ..version(3, "2026-03-02") };
    refuses(&adopt(Some(state.clone()), same), Refusal::SameText);
    refuses(&adopt(None, version(0, "2026-03-02")), Refusal::NotNext { expected: 1 });
    was_there(&adopt(Some(state.clone()), version(2, "2026-03-01")));
    let third = put(adopt(Some(state.clone()), version(3, "2026-03-02")));
    assert_eq!(third.versions()[..2], state.versions()[..]);
    // What is adopted is neither published nor in the handbook by that: nobody brings his own publications.
    let handbook = Some(HandbookLink::new(id("handbook-7"), day("2026-03-02")));
    let brought =
        PolicyVersion { publications: [published("2026-03-02", 3)].into(), handbook, ..version(3, "2026-03-02") };
    let adopted = put(adopt(Some(state), brought));
    assert_eq!((adopted.versions()[2].publications(), adopted.versions()[2].handbook()), ([].as_slice(), None));
}

#[test]
fn e_c_2_a_version_is_unpublished_until_its_own_text_is_on_the_website() {
    let (engage, quarter) = (id("engage"), days("2026-02-01", "2026-04-30"));
    let unpublished = |state: &VersionsState| {
        let found = state.findings(&engage, quarter).into_iter();
        found.filter(|found| found.clause() == clause::E_C_2).collect::<Vec<_>>()
    };
    let state = two();
    assert_eq!(
        words(&unpublished(&state)),
        [
            "E-C.2, engage: version 1 not published from 2026-02-01 to 2026-02-28",
            "E-C.2, engage: version 2 not published from 2026-03-01 to 2026-04-30",
        ]
    );
    refuses(&publish(state.clone(), 2, published("2026-03-03", 1)), Refusal::OtherText);
    refuses(&publish(state.clone(), 3, published("2026-03-03", 3)), Refusal::Unknown);
    let state = put(publish(state, 1, published("2015-01-01", 1)));
    let state = put(publish(state, 2, published("2026-03-05", 2)));
    assert_eq!(words(&unpublished(&state)), ["E-C.2, engage: version 2 not published from 2026-03-01 to 2026-03-04"]);
    assert_eq!(unpublished(&state)[0].kind(), FindingKind::Unpublished { version: 2 });
    was_there(&publish(state.clone(), 2, published("2026-03-05", 2)));
    // The earliest counts, whatever the order; one in advance is in time.
    let state = put(publish(state, 2, published("2026-02-20", 2)));
    assert_eq!(unpublished(&state), []);
}

#[test]
fn e_2_2a_the_version_in_force_is_part_of_the_handbook() {
    let (engage, april) = (id("engage"), days("2026-04-01", "2026-04-30"));
    let outside = |state: &VersionsState| {
        let found = state.findings(&engage, april).into_iter();
        words(&found.filter(|found| found.clause() == clause::E_2_2A).collect::<Vec<_>>())
    };
    let link = |on| HandbookLink::new(id("handbook-7"), day(on));
    // That the version before was in it does not help.
    let state = put(put_in_handbook(two(), 1, link("2015-01-01")));
    assert_eq!(outside(&state), ["E-2.2a, engage: version 2 not in the handbook from 2026-04-01 to 2026-04-30"]);
    refuses(&put_in_handbook(state.clone(), 3, link("2026-04-10")), Refusal::Unknown);
    let state = put(put_in_handbook(state, 2, link("2026-04-10")));
    assert_eq!(outside(&state), ["E-2.2a, engage: version 2 not in the handbook from 2026-04-01 to 2026-04-09"]);
    was_there(&put_in_handbook(state.clone(), 2, link("2026-04-10")));
    refuses(&put_in_handbook(state.clone(), 2, link("2026-04-11")), Refusal::Ended { on: day("2026-04-10") });
    let state = put(put_in_handbook(state, 2, link("2026-04-01")));
    assert!(outside(&state).is_empty());
}

#[test]
fn a_later_version_changes_no_earlier_day() {
    let (before, until) = (two(), days("2014-01-01", "2026-12-31"));
    let after = put(adopt(Some(before.clone()), version(3, "2027-01-01")));
    assert_eq!(before.findings(&id("engage"), until), after.findings(&id("engage"), until));
}

#[test]
fn a_chain_with_a_hole_is_not_read() {
    let json = serde_json::to_string(&two()).unwrap();
    assert_eq!(serde_json::from_str::<VersionsState>(&json).unwrap(), two());
    for bad in [
        json.replace(r#""number":2"#, r#""number":3"#),
        json.replace(r#""number":2"#, r#""number":1"#),
        json.replace("2026-03-01", "2015-01-01"),
        json.replace(r#""digest":"01"#, r#""digest":"0"#),
        json.replace(r#""versions""#, r#""editions""#),
    ] {
        assert_ne!(bad, json);
        assert!(serde_json::from_str::<VersionsState>(&bad).is_err(), "{bad}");
    }
}
