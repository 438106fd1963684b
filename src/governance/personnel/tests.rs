use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::audit::retention::RetentionPolicy;
use crate::audit::tree::Hash;
use crate::governance::tests::{day, id, put, refuses, text, was_there, words};
use crate::governance::{PolicyVersion, RecordOutcome, Refusal, VersionsState, adopt};
use crate::store::Next;
use crate::time::Now;

const TEXTS: [Hash; 2] = [Hash::new([1; 32]), Hash::new([2; 32])];

/// Version 1 of 2026-01-01, version 2 of 2026-06-01.
fn versions() -> VersionsState {
    let version = |number, from, digest| PolicyVersion::new(number, day(from), digest, id("s-1"), text("PSP"));
    let first = put(adopt(None, version(1, "2026-01-01", TEXTS[0])));
    put(adopt(Some(first), version(2, "2026-06-01", TEXTS[1])))
}

fn joined(on: &str) -> PersonState {
    put(join(None, day(on)))
}

fn given(person: PersonState, version: u32, on: &str) -> PersonState {
    let text = TEXTS[usize::try_from(version).unwrap() - 1];
    put(acknowledge(person, &id("engage"), &versions(), version, text, day(on)))
}

fn open(person: &PersonState, on: &str) -> Vec<String> {
    words(&unacknowledged(&id("engage"), &versions(), [(&id("s-17"), person)], day(on)))
}

#[test]
fn e_2_2b_everybody_acknowledges_every_version() {
    let anna = joined("2026-02-01");
    let lacks = |version, since| [alloc::format!("E-2.2b, s-17: version {version} not acknowledged since {since}")];
    assert_eq!(open(&anna, "2026-01-31"), [""; 0], "not yet of the personnel");
    assert_eq!(open(&anna, "2026-02-01"), lacks(1, "2026-02-01"));
    let anna = given(anna, 1, "2026-02-05");
    assert_eq!(open(&anna, "2026-02-04"), lacks(1, "2026-02-01"), "she had not by then");
    assert_eq!(open(&anna, "2026-02-05"), [""; 0]);
    // The next version opens it again, from the day on which it is in force.
    assert_eq!(open(&anna, "2026-05-31"), [""; 0]);
    assert_eq!(open(&anna, "2026-06-01"), lacks(2, "2026-06-01"));
    let anna = given(anna, 2, "2026-06-03");
    assert_eq!(open(&anna, "2026-06-02"), lacks(2, "2026-06-01"));
    assert_eq!(open(&anna, "2026-06-03"), [""; 0]);
    // Another policy is another question.
    assert_eq!(unacknowledged(&id("other"), &versions(), [(&id("s-17"), &anna)], day("2026-06-03")).len(), 1);
}

#[test]
fn e_2_2b_who_left_owes_nothing_and_who_comes_back_has_said_it() {
    let anna = joined("2026-02-01");
    let anna = put(leave(anna, day("2026-03-31")));
    assert_eq!(open(&anna, "2026-03-31").len(), 1);
    assert_eq!(open(&anna, "2026-04-01").len(), 0);
    let anna = put(join(Some(anna), day("2026-05-01")));
    assert_eq!(open(&anna, "2026-05-01"), ["E-2.2b, s-17: version 1 not acknowledged since 2026-05-01"]);
    // Before the version is in force, and before she came back.
    let anna = given(given(anna, 1, "2026-03-15"), 2, "2026-04-20");
    assert_eq!(open(&anna, "2026-05-01").len() + open(&anna, "2026-06-01").len(), 0);
    assert_eq!(open(&anna, "2026-03-14").len(), 1);
}

#[test]
fn what_is_acknowledged_is_the_text_that_was_shown() {
    let (anna, engage, versions) = (joined("2026-02-01"), id("engage"), versions());
    let acknowledge = |person: &PersonState, version, shown, on| {
        acknowledge(person.clone(), &engage, &versions, version, shown, day(on))
    };
    refuses(&acknowledge(&anna, 1, TEXTS[1], "2026-02-05"), Refusal::OtherText);
    refuses(&acknowledge(&anna, 3, TEXTS[1], "2026-02-05"), Refusal::Unknown);
    let said = put(acknowledge(&anna, 1, TEXTS[0], "2026-02-05"));
    was_there(&acknowledge(&said, 1, TEXTS[0], "2026-02-05"));
    was_there(&acknowledge(&said, 1, TEXTS[0], "2026-02-06")); // the first day counts
    let earlier = put(acknowledge(&said, 1, TEXTS[0], "2026-02-04"));
    assert_eq!(earlier.acknowledgements().iter().map(Acknowledgement::day).collect::<Vec<_>>(), [day("2026-02-04")]);
}

#[test]
fn times_of_service_follow_each_other() {
    let anna = joined("2026-02-01");
    was_there(&join(Some(anna.clone()), day("2026-02-01")));
    refuses(&join(Some(anna.clone()), day("2026-03-01")), Refusal::Overlaps);
    refuses(&leave(anna.clone(), day("2026-01-31")), Refusal::TooEarly { from: day("2026-02-01") });
    refuses(&leave(PersonState::default(), day("2026-01-31")), Refusal::Unknown);
    let far = day("9999-12-31").succ_opt().unwrap();
    refuses(&join(None, far), Refusal::Year);
    refuses(&leave(anna.clone(), far), Refusal::Year);
    let anna = put(leave(anna, day("2026-02-01"))); // one day
    was_there(&leave(anna.clone(), day("2026-02-01")));
    refuses(&leave(anna.clone(), day("2026-02-02")), Refusal::Ended { on: day("2026-02-01") });
    refuses(&join(Some(anna.clone()), day("2026-01-15")), Refusal::Overlaps);
    assert_eq!(put(join(Some(anna), day("2026-02-02"))).tenures().len(), 2);
}

fn at(instant: &str) -> Now {
    instant.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
}

/// As long as the logs of what he did: six months and the rest of that day, and one more (A2-Mon-2).
#[test]
fn the_record_of_a_leaver_ends_blank_when_his_logs_may_go() {
    let erase = |person: &PersonState, now| erase_person(person.clone(), at(now), &RetentionPolicy::default());
    let anna = given(joined("2026-02-01"), 1, "2026-02-05");
    refuses(&erase(&anna, "2030-01-01T00:00:00Z"), Refusal::NotEnded);
    let left = put(leave(anna, day("2026-03-15")));
    let until = at("2026-09-17T00:00:00Z").timestamp();
    refuses(&erase(&left, "2026-09-16T23:59:59.999999Z"), Refusal::Kept { until });
    for now in ["2026-09-17T00:00:00Z", "2026-09-17T00:00:00.000001Z"] {
        let (next, outcome, facts) = erase(&left, now).into_parts();
        assert_eq!(outcome, RecordOutcome::Recorded);
        let Next::End { state, collect_after } = next else { panic!("{next:?}") };
        assert_eq!((&state, facts.len()), (&PersonState::default(), 1));
        assert!(collect_after > at(now).timestamp());
        was_there(&erase(&state, now));
        // Who comes back begins again.
        assert_eq!(open(&put(join(Some(state), day("2026-10-01"))), "2026-10-01").len(), 1);
    }
    // Something he said after he had left, or without ever joining, counts as well.
    let later = given(left, 2, "2026-03-16");
    refuses(&erase(&later, "2026-09-17T00:00:00Z"), Refusal::Kept { until: at("2026-09-18T00:00:00Z").timestamp() });
    let candidate = given(PersonState::default(), 1, "2026-03-15");
    refuses(&erase(&candidate, "2026-09-16T23:59:59.999999Z"), Refusal::Kept { until });
    let back = put(join(Some(later), day("2026-05-01")));
    refuses(&erase(&back, "2030-01-01T00:00:00Z"), Refusal::NotEnded);
}

#[test]
fn a_person_is_read_strictly() {
    let json = |tenures: &str, given: &str, seen: &str| {
        alloc::format!(r#"{{"tenures":[{tenures}],"acknowledgements":[{given}],"attendances":[{seen}]}}"#)
    };
    let (one, next) = (r#"{"first":"2026-02-01","last":"2026-03-31"}"#, r#"{"first":"2026-04-01"}"#);
    let (gave, saw) = (
        r#"{"policy":"engage","version":1,"day":"2026-02-05"}"#,
        r#"{"programme":"awareness","session":"q1","day":"2026-02-12"}"#,
    );
    let read = |json: &str| serde_json::from_str::<PersonState>(json);
    assert!(read(&json(&alloc::format!("{one},{next}"), gave, saw)).is_ok());
    for bad in [
        json(&alloc::format!("{next},{one}"), gave, saw),
        json(&alloc::format!("{one},{}", next.replace("04-01", "03-31")), gave, saw),
        json(one, &alloc::format!("{gave},{}", gave.replace("02-05", "02-06")), saw),
        json(one, gave, &alloc::format!("{saw},{saw}")),
        json(one, gave, saw).replace("tenures", "times"),
    ] {
        assert!(read(&bad).is_err(), "{bad}");
    }
}
