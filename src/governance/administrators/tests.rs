use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::Now;
use crate::audit::record::Class;
use crate::audit::retention::{RetentionPolicy, Term};
use crate::audit::tree::Hash;
use crate::clause;
use crate::deadline::Period;
use crate::governance::tests::{day, days, id, put, refuses, since, text, was_there, words};
use crate::governance::{Days, FindingKind, Refusal};
use crate::id::OpaqueId;
use crate::store::Next;

fn appointment(name: &str, person: &str, days: Days) -> Appointment {
    let anna = Identification::new(text("Anna Example"), text("database operation"));
    let made = Appointment::new(id(name), id(person), anna, id("s-1"), days, text("letter"));
    made.with_tasks([text("backup and restore"), text("releases")])
}

fn appointed(made: impl IntoIterator<Item = Appointment>) -> AdministratorsState {
    let appoint = |state, appointment| Some(put(appoint(state, appointment)));
    made.into_iter().fold(None, appoint).unwrap_or_default()
}

fn people<const N: usize>(names: [&str; N]) -> BTreeSet<OpaqueId> {
    names.into_iter().map(id).collect()
}

#[test]
fn a2_mon_1_an_administrator_is_appointed_by_another_with_tasks() {
    let herself = Appointment::new(
        id("a-1"),
        id("s-17"),
        Identification::new(text("Anna Example"), text("operation")),
        id("s-17"),
        since("2026-03-03"),
        text("letter"),
    );
    refuses(&appoint(None, herself.with_tasks([text("all")])), Refusal::ByOneself);
    let anna = || appointment("a-1", "s-17", since("2026-03-03"));
    refuses(&appoint(None, anna().with_tasks([])), Refusal::Tasks);
    refuses(&appoint(None, anna().with_tasks((0..17).map(|_| text("task")))), Refusal::Tasks);
    let sixteen = put(appoint(None, anna().with_tasks((0..16).map(|_| text("task")))));
    assert_eq!(sixteen.appointments()[0].tasks().len(), 16);
    let state = appointed([anna()]);
    was_there(&appoint(Some(state.clone()), anna()));
    refuses(&appoint(Some(state), appointment("a-1", "s-18", since("2026-03-03"))), Refusal::IdTaken);
}

/// Who acts without an appointment, and who has one and does not act: on each day.
#[test]
fn a2_mon_4_the_list_is_compared_with_who_acts() {
    let state = appointed([
        appointment("a-1", "s-17", days("2026-03-03", "2026-03-09")),
        appointment("a-2", "s-18", since("2026-03-01")),
    ]);
    let compare = |actual: &BTreeSet<OpaqueId>, on: &str| words(&compare([&state], actual, day(on)));
    let both = people(["s-17", "s-18"]);
    for (on, expected) in [("2026-03-02", 1), ("2026-03-03", 0), ("2026-03-09", 0), ("2026-03-10", 1)] {
        assert_eq!(compare(&both, on).len(), expected, "{on}");
    }
    assert_eq!(compare(&both, "2026-03-10"), ["A2-Mon-1, s-17: administrator without an appointment on 2026-03-10"]);
    let other = people(["s-18", "s-99"]);
    assert_eq!(
        compare(&other, "2026-03-05"),
        [
            "A2-Mon-1, s-99: administrator without an appointment on 2026-03-05",
            "A2-Mon-4, s-17: appointed, but no administrator on 2026-03-05",
        ]
    );
    // All volumes count, and the order does not.
    let next = appointed([appointment("a-3", "s-99", since("2026-03-01"))]);
    let volumes = [[&state, &next], [&next, &state]];
    for volumes in volumes {
        assert_eq!(super::compare(volumes, &people(["s-17", "s-18", "s-99"]), day("2026-03-05")), []);
    }
}

#[test]
fn an_appointment_ends_and_is_not_lengthened() {
    let state = appointed([appointment("a-1", "s-17", since("2026-03-03"))]);
    refuses(&end_appointment(state.clone(), &id("a-9"), day("2026-03-09")), Refusal::Unknown);
    refuses(
        &end_appointment(state.clone(), &id("a-1"), day("2026-03-02")),
        Refusal::TooEarly { from: day("2026-03-03") },
    );
    let ended = put(end_appointment(state, &id("a-1"), day("2026-03-09")));
    assert_eq!((ended.on(day("2026-03-09")).count(), ended.on(day("2026-03-10")).count()), (1, 0));
    was_there(&end_appointment(ended.clone(), &id("a-1"), day("2026-03-09")));
    refuses(&end_appointment(ended.clone(), &id("a-1"), day("2026-03-10")), Refusal::Ended { on: day("2026-03-09") });
    assert_eq!(put(end_appointment(ended, &id("a-1"), day("2026-03-04"))).on(day("2026-03-05")).count(), 0);
}

/// The list of the day is handed out once to each who asks, and what was handed out can be shown again.
#[test]
fn a2_mon_4_the_list_is_handed_out_on_request() {
    let state = appointed([
        appointment("a-1", "s-17", days("2026-03-03", "2026-03-09")),
        appointment("a-2", "s-18", since("2026-03-10")),
    ]);
    let asked = |name: &str| ListRequest::new(id(name), id("acme"), day("2026-03-05"));
    let state = put(request_list(Some(state), asked("q-1")));
    was_there(&request_list(Some(state.clone()), asked("q-1")));
    refuses(
        &request_list(Some(state.clone()), ListRequest::new(id("q-1"), id("acme"), day("2026-03-06"))),
        Refusal::IdTaken,
    );
    let owed = |state: &AdministratorsState, target, on| words(&owed([state], target, day(on)));
    assert_eq!(owed(&state, None, "2026-03-04"), [""; 0]);
    let open = "A2-Mon-4, q-1: list asked for and not handed out since 2026-03-05";
    assert_eq!(owed(&state, None, "2026-03-05"), [open]);
    assert_eq!(owed(&state, Some(Period::Weeks(1)), "2026-04-05"), [format!("{open}, own target 2026-03-12")]);

    let hand = |name: &str, on| hand_out(state.clone(), [], &id(name), day(on));
    for (name, on, refusal) in
        [("q-9", "2026-03-08", Refusal::Unknown), ("q-1", "2026-03-04", Refusal::TooEarly { from: day("2026-03-05") })]
    {
        assert_eq!(hand(name, on).outcome(), &HandOut::Refused(refusal));
        assert_eq!(hand(name, on).next(), &Next::Keep);
    }
    let (Next::Put(done), HandOut::List { text, digest }, facts) = hand("q-1", "2026-03-08").into_parts() else {
        panic!()
    };
    assert!(
        text.contains("Anna Example")
            && text.contains("backup and restore")
            && text.contains("\"a-1\"")
            && !text.contains("\"a-2\"")
    );
    assert_eq!(digest, Hash::new(Sha256::digest(&text).into()));
    assert_eq!(format!("{:?}", HandOut::List { text: text.clone(), digest }), format!("List({digest})"));
    let request = &done.requests()[0];
    assert_eq!((request.handed_out(), request.digest()), (Some(day("2026-03-08")), Some(digest)));
    assert_eq!((owed(&done, None, "2026-03-07").len(), owed(&done, None, "2026-03-08").len()), (1, 0));
    // Asked again in the volume that follows, it is owed again: nothing was handed out there.
    let asked_again = put(request_list(None, request.clone()));
    assert_eq!((asked_again.requests()[0].handed_out(), owed(&asked_again, None, "2026-03-08").len()), (None, 1));
    // The answer was lost: the same again, of the same day, and nothing changes. A volume given twice counts once.
    let again = hand_out(done.clone(), [&done], &id("q-1"), day("2026-03-20"));
    assert_eq!((again.next(), again.outcome()), (&Next::Keep, &HandOut::List { text: text.clone(), digest }));
    assert_eq!(again.facts()[0].code(), crate::governance::codes::LIST_HANDED_OUT);
    // No other list goes out under the same request.
    let changed = put(end_appointment(done.clone(), &id("a-1"), day("2026-03-08")));
    let other = hand_out(changed, [], &id("q-1"), day("2026-03-20"));
    assert_eq!(other.outcome(), &HandOut::Refused(Refusal::Ended { on: day("2026-03-08") }));
    assert_eq!(facts[0].clauses(), [clause::A2_MON_4]);
    // With the other volumes, the list of the day it is handed out.
    let empty = put(request_list(None, asked("q-2")));
    let (_, outcome, _) = hand_out(empty, [&done], &id("q-2"), day("2026-03-10")).into_parts();
    assert!(outcome.text().unwrap().contains("\"a-2\"") && !outcome.text().unwrap().contains("\"a-1\""));
}

/// Names are in the list, and nowhere else.
#[test]
fn no_name_is_printed() {
    let made = appoint(None, appointment("a-1", "s-17", since("2026-03-03")));
    let mut printed: Vec<String> = [format!("{made:?}")].into();
    let state = put(request_list(Some(put(made)), ListRequest::new(id("q-1"), id("acme"), day("2026-03-05"))));
    printed.push(format!("{state:?}"));
    let found = compare([&state], &people([]), day("2026-03-05"));
    assert_eq!(found[0].kind(), FindingKind::NoAdministrator);
    printed.push(format!("{found:?} {}", found[0]));
    let handed = hand_out(state, [], &id("q-1"), day("2026-03-05"));
    assert!(handed.outcome().text().unwrap().contains("Anna Example"));
    printed.push(format!("{handed:?}"));
    for shown in printed {
        assert!(!shown.contains("Anna") && !shown.contains("database"), "{shown}");
    }
}

fn at(instant: &str) -> Now {
    instant.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
}

/// Six months after 31 March are the 30th of September, for which the longer reading takes 1 October; that day and one
/// more are kept, as the logs are.
#[test]
fn a_name_stays_as_long_as_the_logs_of_what_he_did() {
    let (retention, name) = (RetentionPolicy::default(), id("s-17"));
    let others = [appointment("a-2", "s-18", since("2026-03-01"))];
    let made =
        |last| appointed([appointment("a-1", "s-17", days("2026-03-03", last))].into_iter().chain(others.clone()));
    let state = made("2026-03-31");
    let until = at("2026-10-03T00:00:00Z").timestamp();
    let erase = |state: &AdministratorsState, now| erase_names(state.clone(), at(now), &name, &retention);
    refuses(&erase(&state, "2026-10-02T23:59:59.999999Z"), Refusal::Kept { until });
    for now in ["2026-10-03T00:00:00Z", "2026-10-03T00:00:00.000001Z"] {
        let erased = put(erase(&state, now));
        let named = erased.appointments().iter().map(|made| made.identification().is_some()).collect::<Vec<_>>();
        assert_eq!(named, [false, true], "of nobody else");
        assert!(!serde_json::to_string(&erased.appointments()[0]).unwrap().contains("Anna"));
        assert_eq!(erased.on(day("2026-03-31")).count(), 2, "that s-17 was one is still known");
        was_there(&erase(&erased, now));
        let text = serde_json::to_string(&erased).unwrap();
        assert_eq!(serde_json::from_str::<AdministratorsState>(&text).unwrap(), erased);
    }
    // Still one, one again, or nobody known: nothing is erased.
    let still = appointed([appointment("a-1", "s-17", since("2026-03-03"))]);
    refuses(&erase(&still, "2030-01-01T00:00:00Z"), Refusal::NotEnded);
    let back = put(appoint(Some(state.clone()), appointment("a-3", "s-17", since("2026-09-01"))));
    refuses(&erase(&back, "2030-01-01T00:00:00Z"), Refusal::NotEnded);
    refuses(&erase_names(state, at("2030-01-01T00:00:00Z"), &id("s-99"), &retention), Refusal::Unknown);
    // A host that keeps its logs for a year keeps the names for a year.
    let year = Term::at_least(Period::Years(1));
    let longer = RetentionPolicy::builder().class(Class::Administration, year).class(Class::Log, year).build().unwrap();
    let early = erase_names(made("2026-03-31"), at("2026-10-03T00:00:00Z"), &name, &longer);
    refuses(&early, Refusal::Kept { until: at("2027-04-02T00:00:00Z").timestamp() });
    refuses(&erase(&made("9999-12-31"), "9999-12-31T00:00:00Z"), Refusal::Year);
}

/// However many requests are open, each can be answered: what that takes is counted before the record is full.
#[test]
fn every_list_that_is_asked_for_can_be_handed_out() {
    let mut state = appointed([appointment("a-1", "s-17", since("2026-03-03"))]);
    let asked = |n: usize| ListRequest::new(id(&format!("q{n}")), id("c"), day("2026-03-05"));
    let mut open = 0;
    while let Next::Put(more) = request_list(Some(state.clone()), asked(open)).into_parts().0 {
        (state, open) = (more, open + 1);
    }
    refuses(&request_list(Some(state.clone()), asked(open)), Refusal::Full);
    let mut next = 2;
    while let Next::Put(more) =
        appoint(Some(state.clone()), appointment(&format!("a-{next}"), "s-17", since("2026-03-03"))).into_parts().0
    {
        (state, next) = (more, next + 1);
    }
    for n in 0..open {
        let Next::Put(done) = hand_out(state, [], &id(&format!("q{n}")), day("2026-03-08")).into_parts().0 else {
            panic!("q{n}")
        };
        state = done;
    }
    assert!(open > 200 && serde_json::to_string(&state).unwrap().len() <= crate::store::MAX_TEXT_BYTES / 4 * 3);
    put(end_appointment(state, &id("a-1"), day("2026-03-09")));
}

#[test]
fn a_register_is_read_strictly() {
    let state = put(request_list(
        Some(appointed([appointment("a-1", "s-17", since("2026-03-03"))])),
        ListRequest::new(id("q-1"), id("acme"), day("2026-03-05")),
    ));
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<AdministratorsState>(&json).unwrap(), state);
    let one = serde_json::to_string(&state.appointments()[0]).unwrap();
    for bad in [
        json.replace(&one, &format!("{one},{one}")),
        json.replace(r#""area""#, r#""place""#),
        json.replace("Anna Example", ""),
        json.replace(r#""identification":{"name":"Anna Example","area":"database operation"},"#, ""), // and not ended
        json.replace(r#""by":"s-1""#, r#""by":"s-17""#),
        json.replace(r#""backup and restore","releases""#, ""),
        json.replace(
            r#""day":"2026-03-05"}"#,
            &format!(r#""day":"2026-03-05","done":{{"day":"2026-03-04","digest":"{}"}}}}"#, Hash::new([1; 32])),
        ),
        json.replace(r#""requests""#, r#""asked""#),
    ] {
        assert_ne!(bad, json);
        assert!(serde_json::from_str::<AdministratorsState>(&bad).is_err(), "{bad}");
    }
}
