//! What the tests of the registers share, the days and the findings.

use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::days::{gaps, merged};
use super::*;
use crate::audit::tree::Hash;
use crate::clause::{self, Clause};
use crate::id::{OpaqueId, Reference};
use crate::store::{MAX_TEXT_BYTES, Next, Transition};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

pub(super) fn text(text: &str) -> Reference {
    Reference::try_new(text).unwrap()
}

pub(super) fn days(first: &str, last: &str) -> Days {
    Days::try_new(day(first), day(last)).unwrap()
}

pub(super) fn since(first: &str) -> Days {
    Days::since(day(first)).unwrap()
}

/// The state that was recorded, with a fact that it was.
pub(super) fn put<S: core::fmt::Debug>(transition: Transition<S, RecordOutcome>) -> S {
    assert_eq!(transition.outcome(), &RecordOutcome::Recorded);
    assert_eq!(transition.facts().len(), 1);
    assert_eq!(transition.facts()[0].outcome(), crate::event::Outcome::Success);
    match transition.into_parts().0 {
        Next::Put(state) => state,
        other => panic!("{other:?}"),
    }
}

/// That it was refused, that nothing changed, and that the log says so.
pub(super) fn refuses<S: core::fmt::Debug + PartialEq>(transition: &Transition<S, RecordOutcome>, refusal: Refusal) {
    assert_eq!(transition.outcome(), &RecordOutcome::Refused(refusal));
    assert_eq!(transition.next(), &Next::Keep);
    let fact = &transition.facts()[0];
    assert_eq!((fact.code(), fact.outcome()), (codes::REFUSED, crate::event::Outcome::Failure));
    assert_eq!(fact.detail("reason").and_then(|reason| reason.as_text()), Some(refusal.code().as_str()));
}

/// That nothing changed, because it was there.
pub(super) fn was_there<S: core::fmt::Debug + PartialEq>(transition: &Transition<S, RecordOutcome>) {
    assert_eq!(transition.outcome(), &RecordOutcome::AlreadyRecorded);
    assert_eq!((transition.next(), transition.facts().len()), (&Next::Keep, 0));
}

pub(super) fn words(findings: &[Finding]) -> Vec<alloc::string::String> {
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn days_include_both_ends() {
    let week = days("2026-03-03", "2026-03-09");
    for (at, has) in [("2026-03-02", false), ("2026-03-03", true), ("2026-03-09", true), ("2026-03-10", false)] {
        assert_eq!(week.has(day(at)), has, "{at}");
    }
    assert_eq!(week.common(days("2026-03-09", "2026-03-20")), Some(days("2026-03-09", "2026-03-09")));
    assert_eq!(week.common(since("2026-03-10")), None);
    assert_eq!(since("2026-03-01").common(since("2026-03-10")), Some(since("2026-03-10")));
    assert_eq!(days("2026-03-09", "2026-03-09").to_string(), "on 2026-03-09");
    assert_eq!(Days::try_new(day("2026-03-09"), day("2026-03-08")), Err(DaysError::Reversed));
    assert_eq!(Days::since(day("9999-12-31").succ_opt().unwrap()), Err(DaysError::Year));
    assert_eq!(Days::since(day("0001-01-01").pred_opt().unwrap()), Err(DaysError::Year));
    for bad in [
        r#"{"first":"2026-03-09","last":"2026-03-08"}"#,
        r#"{"first":"2026-03-09","to":"2026-03-10"}"#,
        r#"{"last":"2026-03-08"}"#,
        r#"{"first":"+10000-01-01"}"#,
    ] {
        assert!(serde_json::from_str::<Days>(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_follows_without_a_gap_is_one_and_gaps_are_the_rest() {
    let spans = [days("2026-03-10", "2026-03-12"), days("2026-03-01", "2026-03-03"), days("2026-03-04", "2026-03-05")];
    assert_eq!(merged(spans.to_vec()), [days("2026-03-01", "2026-03-05"), days("2026-03-10", "2026-03-12")]);
    let march = days("2026-03-01", "2026-03-31");
    let found = gaps(spans.to_vec(), march);
    assert_eq!(found, [days("2026-03-06", "2026-03-09"), days("2026-03-13", "2026-03-31")]);
    assert_eq!(gaps(Vec::new(), march), [march]);
    assert_eq!(gaps([since("2026-03-01")].to_vec(), march), []);
    assert_eq!(gaps([since("2026-03-02")].to_vec(), march), [days("2026-03-01", "2026-03-01")]);
    assert_eq!(gaps([since("2026-04-01")].to_vec(), march), [march]);
    assert_eq!(gaps([days("2026-01-01", "2026-02-28")].to_vec(), march), [march]);
    assert_eq!(gaps([days("2026-03-30", "2026-04-30")].to_vec(), march), [days("2026-03-01", "2026-03-29")]);
    assert_eq!(gaps([days("2026-03-30", "2026-04-30")].to_vec(), since("2026-04-01")), [since("2026-05-01")]);
    // A short span within a long one ends nothing.
    let nested = [days("2026-03-01", "2026-03-31"), days("2026-03-02", "2026-03-03")];
    assert_eq!(gaps(nested.to_vec(), march), []);
    let open = [since("2026-03-05"), days("2026-03-20", "2026-03-21")];
    assert_eq!(gaps(open.to_vec(), march), [days("2026-03-01", "2026-03-04")]);
}

#[test]
fn soon_begins_the_lead_time_before_the_last_day() {
    let until = day("2026-03-31");
    let held = Standing::Held { until: Some(until) };
    for (at, lead, expected) in [
        ("2026-03-23", 7, held),
        ("2026-03-24", 7, Standing::DueSoon { until }),
        ("2026-03-31", 7, Standing::DueSoon { until }),
        ("2026-03-31", 0, held),
    ] {
        assert_eq!(Standing::held(Some(until), day(at), lead), expected, "{at}");
    }
    assert_eq!(Standing::held(None, until, 7), Standing::Held { until: None });
}

#[test]
fn a_finding_names_the_gaps_of_its_rule() {
    let found = |clause: Clause| {
        let finding = Finding::new(FindingKind::Missing, clause, None, days("2026-03-01", "2026-03-01"));
        finding.contradictions().collect::<Vec<_>>()
    };
    assert_eq!(found(clause::A2_ACCESS_1), [clause::X18]);
    assert_eq!(found(clause::A2_MON_4), [clause::X17]);
    assert_eq!(found(clause::A2_INPUT_5), []);
}

/// How many entries are recorded until there is no room, and the state then.
fn fill<S: serde::Serialize + core::fmt::Debug + PartialEq>(
    mut enter: impl FnMut(Option<S>, u32) -> Transition<S, RecordOutcome>,
    copy: impl Fn(&S) -> S,
) -> (u32, S) {
    let mut state = put(enter(None, 1));
    for count in 1.. {
        match enter(Some(copy(&state)), count + 1).into_parts() {
            (Next::Put(more), ..) => state = more,
            (next, outcome, _) => {
                assert_eq!((next, outcome), (Next::Keep, RecordOutcome::Refused(Refusal::Full)));
                assert!(serde_json::to_string(&state).unwrap().len() <= MAX_TEXT_BYTES / 4 * 3);
                return (count, state);
            }
        }
    }
    unreachable!()
}

/// The longest id with this number.
fn long_id(number: u32) -> OpaqueId {
    id(&alloc::format!("{number:064}"))
}

fn nth(number: u32) -> NaiveDate {
    day("2026-01-01").checked_add_days(chrono::Days::new(number.into())).unwrap()
}

/// The numbers that the records' pages state, with the longest ids and references there are in ASCII. What is full can
/// still be closed.
#[test]
fn a_record_has_room_for_what_its_page_says() {
    let line = text(&"r".repeat(Reference::MAX_CHARS));
    let hash = |number: u32| Hash::new([u8::try_from(number % 251).unwrap(); 32]);

    let version =
        |state, number| adopt(state, PolicyVersion::new(number, nth(number), hash(number), long_id(1), line.clone()));
    let version = |state, number| {
        let state = put(version(state, number));
        let published = publish(state, number, Publication::new(nth(1), line.clone(), hash(number)));
        let (Next::Put(state), ..) = published.into_parts() else {
            return Transition::keep(RecordOutcome::Refused(Refusal::Full));
        };
        put_in_handbook(state, number, HandbookLink::new(long_id(1), nth(1)))
    };
    let mut versions = None;
    for number in 1..=50 {
        versions = Some(put(version(versions, number)));
    }

    let session = |number| Session::new(long_id(number), nth(number), line.clone()).with_digest(hash(number));
    let (count, programme) = fill(|state, number| hold(state, clause::E_2_3, session(number)), ProgrammeState::clone);
    assert!(count >= 120, "{count}");

    let joined = put(join(None, nth(1)));
    let attending = |state: Option<PersonState>, number| {
        let one = session(number);
        let held = put(hold(None, clause::E_2_3, one.clone()));
        attend(state.unwrap_or(joined.clone()), &long_id(0), &held, one.id(), nth(number))
    };
    let (count, person) = fill(attending, PersonState::clone);
    assert!(count >= 250, "{count}");
    put(leave(person, nth(999)));
    assert_eq!(
        programme.sessions().len(),
        programme.sessions().iter().map(Session::id).collect::<alloc::collections::BTreeSet<_>>().len()
    );

    let role = |number| {
        Assignment::new(
            long_id(number),
            Role::Responsible(long_id(0)),
            long_id(number),
            Days::since(nth(1)).unwrap(),
            line.clone(),
        )
    };
    let (count, mut roles) = fill(|state, number| assign(state, role(number)), RolesState::clone);
    assert!(count >= 80, "{count}");
    for number in 1..=count {
        roles = put(end_role(roles, &long_id(number), nth(2)));
    }
}

#[test]
fn the_versions_of_a_policy_are_read_strictly() {
    let first = PolicyVersion::new(1, nth(1), Hash::new([1; 32]), id("s-1"), text("PSP"));
    let second = PolicyVersion::new(2, nth(2), Hash::new([2; 32]), id("s-1"), text("PSP"));
    let state = put(publish(put(adopt(None, first)), 1, Publication::new(nth(1), text("page"), Hash::new([1; 32]))));
    let state = put(adopt(Some(state), second));
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<VersionsState>(&json).unwrap(), state);
    let (one, two) = ("01".repeat(32), "02".repeat(32));
    let page = alloc::format!(r#""place":"page","digest":"{one}""#);
    for bad in [
        json.replace(&page, &page.replace(&one, &two)), // another text is on the website
        json.replace(&two, &one),                       // the same text again
        json.replace(r#""number":2"#, r#""number":3"#),
        json.replace("2026-01-03", "2026-01-02"),
    ] {
        assert_ne!(bad, json);
        assert!(serde_json::from_str::<VersionsState>(&bad).is_err(), "{bad}");
    }
}
