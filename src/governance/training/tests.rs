use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::clause;
use crate::deadline::Period;
use crate::governance::tests::{day, days, id, put, refuses, text, was_there, words};
use crate::governance::{Days, PersonState, Refusal, Standing, attend, join, leave};

fn session(name: &str, on: &str) -> Session {
    Session::new(id(name), day(on), text("minutes"))
}

fn programme(sessions: &[(&str, &str)]) -> ProgrammeState {
    let hold = |state, (name, on): &(&str, &str)| Some(put(hold(state, clause::E_2_3, session(name, on))));
    sessions.iter().fold(None, hold).unwrap_or(ProgrammeState { clause: clause::E_2_3, sessions: Vec::new() })
}

fn monthly() -> Cadence {
    Cadence::try_new(day("2026-01-31"), Period::Months(1)).unwrap()
}

/// Every turn is counted from 31 January: a short month shortens none but its own.
#[test]
fn turns_are_counted_from_the_anchor_and_do_not_drift() {
    let turn = |on: &str| monthly().turn_of(day(on));
    assert_eq!(turn("2026-01-31"), None);
    for (first, last) in [
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
        ("2026-04-01", "2026-04-30"),
        ("2026-05-01", "2026-05-31"),
        ("2028-02-01", "2028-02-29"),
    ] {
        assert_eq!((turn(first), turn(last)), (Some(days(first, last)), Some(days(first, last))));
    }
    let weekly = Cadence::try_new(day("2026-01-05"), Period::Weeks(1)).unwrap(); // a Monday
    assert_eq!(weekly.turn_of(day("2026-11-22")), Some(days("2026-11-17", "2026-11-23"))); // Tuesday to Monday
    let yearly = Cadence::try_new(day("2024-02-29"), Period::Years(1)).unwrap();
    assert_eq!(yearly.turn_of(day("2028-02-29")), Some(days("2027-03-01", "2028-02-29")));
    let last = Cadence::try_new(day("9999-12-01"), Period::Months(1)).unwrap();
    assert_eq!(last.turn_of(day("9999-12-31")), None); // it would end after the year 9999
}

#[test]
fn e_2_3_the_next_session_is_due_in_the_turn_after_the_last() {
    let held = |until: &str| Standing::Held { until: Some(day(until)) };
    let soon = |until: &str| Standing::DueSoon { until: day(until) };
    let lapsed = |since: &str| Standing::Lapsed { since: day(since) };
    // The session of February was late for nothing; that of April did not wait for the one of March.
    let sessions = programme(&[("feb", "2026-02-27"), ("apr", "2026-04-02")]);
    for (on, expected) in [
        ("2026-01-31", held("2026-02-28")), // nothing is due before the first turn is over
        ("2026-02-21", soon("2026-02-28")),
        ("2026-02-26", soon("2026-02-28")),
        ("2026-02-27", held("2026-03-31")),
        ("2026-03-23", held("2026-03-31")),
        ("2026-03-24", soon("2026-03-31")),
        ("2026-03-31", soon("2026-03-31")),
        ("2026-04-01", lapsed("2026-04-01")),
        ("2026-04-02", held("2026-05-31")), // not counted from 2 April
        ("2026-05-31", soon("2026-05-31")),
        ("2026-06-01", lapsed("2026-06-01")),
        ("2027-01-01", lapsed("2026-06-01")),
    ] {
        assert_eq!(sessions.standing(Some(monthly()), 7, day(on)), expected, "{on}");
    }
    let none = programme(&[]);
    assert_eq!(none.standing(Some(monthly()), 7, day("2026-02-28")), soon("2026-02-28"));
    assert_eq!(none.standing(Some(monthly()), 7, day("2026-03-01")), Standing::Missing);
    // "Regularly" has no number: without the host's, nothing lapses.
    assert_eq!(sessions.standing(None, 7, day("2026-02-26")), Standing::Missing);
    assert_eq!(sessions.standing(None, 7, day("2039-01-01")), Standing::Held { until: None });
}

#[test]
fn e_2_3_a_turn_without_a_session_is_named() {
    let sessions = programme(&[("feb", "2026-02-27"), ("apr", "2026-04-02"), ("old", "2025-12-01")]);
    let found = |first, last| words(&sessions.findings(&id("awareness"), monthly(), days(first, last)));
    let march = "E-2.3, awareness: no session from 2026-03-01 to 2026-03-31";
    assert_eq!(found("2026-01-01", "2026-05-30"), [march]);
    assert_eq!(found("2026-01-01", "2026-03-30"), [""; 0], "the turn is not over");
    assert_eq!(found("2026-03-31", "2026-03-31"), [march]);
    let may = "E-2.3, awareness: no session from 2026-05-01 to 2026-05-31";
    let june = "E-2.3, awareness: no session from 2026-06-01 to 2026-06-30";
    assert_eq!(found("2026-03-15", "2026-07-30"), [march, may, june]);
    assert_eq!(found("2025-01-01", "2026-01-31"), [""; 0], "before the first turn");
}

/// Who was there on the day and did not attend, or make up for it by that session or a later one.
#[test]
fn a2_use_1_who_missed_a_session_and_has_not_made_up_for_it() {
    let sessions = programme(&[("feb", "2026-02-27"), ("apr", "2026-04-02")]);
    let rights = id("rights");
    let saw = |person: PersonState, name: &str, on: &str| put(attend(person, &rights, &sessions, &id(name), day(on)));
    let joined = |on: &str| put(join(None, day(on)));
    let people = [
        (id("was-there"), saw(joined("2026-01-01"), "feb", "2026-02-27")),
        (id("watched"), saw(joined("2026-01-01"), "feb", "2026-03-10")),
        (id("next"), saw(joined("2026-01-01"), "apr", "2026-04-02")),
        (id("never"), joined("2026-02-27")),
        (id("later"), joined("2026-02-28")),
        (id("left"), put(leave(joined("2026-01-01"), day("2026-02-26")))),
        (id("last-day"), put(leave(joined("2026-01-01"), day("2026-02-27")))),
    ];
    let absent = |on: &str| {
        let people = people.iter().map(|(id, person)| (id, person));
        let found = sessions.absent(&rights, &sessions.sessions()[0], people, day(on));
        found.iter().map(|found| found.about().unwrap().as_str().into()).collect::<Vec<String>>()
    };
    assert_eq!(absent("2026-02-26"), [""; 0]);
    assert_eq!(absent("2026-02-27"), ["watched", "next", "never", "last-day"]);
    assert_eq!(absent("2026-03-09"), ["watched", "next", "never", "last-day"]);
    assert_eq!(absent("2026-03-10"), ["next", "never", "last-day"]);
    assert_eq!(absent("2026-04-01"), ["next", "never", "last-day"]);
    assert_eq!(absent("2026-04-02"), ["never", "last-day"]);
    let one = sessions.absent(&rights, &sessions.sessions()[0], [(&people[3].0, &people[3].1)], day("2026-03-01"));
    assert_eq!(words(&one), ["E-2.3, never: session missed, not made up for from 2026-02-27 to 2026-03-01"]);
    // An earlier session makes up for no later one.
    let second = sessions.absent(&rights, &sessions.sessions()[1], [(&people[0].0, &people[0].1)], day("2026-05-01"));
    assert_eq!(second.len(), 1);
    // Another programme's attendance is another's.
    let other =
        sessions.absent(&id("other"), &sessions.sessions()[0], [(&people[0].0, &people[0].1)], day("2026-05-01"));
    assert_eq!(other.len(), 1);
}

/// Each session of each programme is attended for itself.
#[test]
fn e_2_3_one_attendance_is_none_of_another_session_or_programme() {
    let sessions = programme(&[("feb", "2026-02-27"), ("apr", "2026-04-02")]);
    let saw = |person, of: &str, name: &str, on: &str| put(attend(person, &id(of), &sessions, &id(name), day(on)));
    let person = saw(put(join(None, day("2026-01-01"))), "rights", "feb", "2026-02-27");
    let person = saw(person, "rights", "apr", "2026-04-02");
    let person = saw(person, "site", "feb", "2026-04-03");
    let days: Vec<_> = person.attendances().iter().map(|attendance| attendance.day()).collect();
    assert_eq!(days, [day("2026-02-27"), day("2026-04-02"), day("2026-04-03")]);
}

#[test]
fn a2_doc_2_who_never_attended_is_not_known_to_be_aware() {
    let sessions = programme(&[("feb", "2026-02-27")]);
    let (site, anna, person) = (id("site"), id("s-17"), put(join(None, day("2026-03-02"))));
    let never = |person: &PersonState, on: &str| words(&sessions.never_attended(&site, [(&anna, person)], day(on)));
    assert_eq!(never(&person, "2026-03-01"), [""; 0]);
    assert_eq!(never(&person, "2026-03-05"), ["E-2.3, s-17: no session attended from 2026-03-02 to 2026-03-05"]);
    let aware = put(attend(person, &site, &sessions, &id("feb"), day("2026-03-05")));
    assert_eq!((never(&aware, "2026-03-04").len(), never(&aware, "2026-03-05").len()), (1, 0));
}

/// Sessions at conferences and webinars: offered to customers, so nobody's attendance is asked for.
#[test]
fn e_4_4_sessions_for_customers_are_a_programme() {
    let webinar = put(hold(None, clause::E_4_4, session("webinar", "2026-05-12")));
    let yearly = Cadence::try_new(day("2025-12-31"), Period::Years(1)).unwrap();
    let on = |at: &str| webinar.standing(Some(yearly), 0, day(at));
    assert_eq!(on("2027-12-31"), Standing::Held { until: Some(day("2027-12-31")) });
    assert_eq!(on("2028-01-01"), Standing::Lapsed { since: day("2028-01-01") });
    let found = webinar.findings(&id("webinars"), yearly, days("2026-01-01", "2027-12-31"));
    assert_eq!(words(&found), ["E-4.4, webinars: no session from 2027-01-01 to 2027-12-31"]);
}

#[test]
fn what_cannot_be_recorded_says_why() {
    let sessions = programme(&[("feb", "2026-02-27")]);
    was_there(&hold(Some(sessions.clone()), clause::E_2_3, session("feb", "2026-02-27")));
    refuses(&hold(Some(sessions.clone()), clause::E_2_3, session("feb", "2026-02-28")), Refusal::IdTaken);
    refuses(&hold(Some(sessions.clone()), clause::A2_USE_1, session("mar", "2026-03-28")), Refusal::AnotherClause);
    let attend = |person, name: &str, on| attend(person, &id("rights"), &sessions, &id(name), day(on));
    let anna = || put(join(None, day("2026-01-01")));
    refuses(&attend(anna(), "mar", "2026-03-28"), Refusal::Unknown);
    refuses(&attend(anna(), "feb", "2026-02-26"), Refusal::TooEarly { from: day("2026-02-27") });
    let seen = put(attend(anna(), "feb", "2026-03-02"));
    was_there(&attend(seen.clone(), "feb", "2026-03-03"));
    assert_eq!(put(attend(seen, "feb", "2026-02-28")).attendances()[0].day(), day("2026-02-28"));
    for period in [Period::Days(0), Period::WorkingDays(1), Period::Years(11)] {
        assert_eq!(Cadence::try_new(day("2026-01-01"), period), Err(CadenceError::Period));
    }
    let anchor = day("9999-12-31").succ_opt().unwrap();
    assert_eq!(Cadence::try_new(anchor, Period::Days(1)), Err(CadenceError::Anchor));
    assert!(serde_json::from_str::<Cadence>(r#"{"anchor":"2026-01-01","every":{"days":0}}"#).is_err());
    let twice = r#"{"clause":"E-2.3","sessions":[{"id":"a","day":"2026-01-01","reference":"m"},{"id":"a","day":"2026-01-02","reference":"m"}]}"#;
    assert!(serde_json::from_str::<ProgrammeState>(twice).is_err());
}

proptest! {
    /// Turns follow each other without a gap, and every day is in one of them.
    #[test]
    fn every_day_after_the_anchor_is_in_one_turn(offset in 1..2000_u64, count in 1..40_u32, unit in 0..4_u8) {
        let every = match unit {
            0 => Period::Days(count),
            1 => Period::Weeks(count),
            2 => Period::Months(count),
            _ => Period::Years(count.min(10)),
        };
        let anchor = day("2024-01-31");
        let cadence = Cadence::try_new(anchor, every).unwrap();
        let at = anchor + chrono::Days::new(offset);
        let turn = cadence.turn_of(at).unwrap();
        prop_assert!(turn.has(at));
        let before = turn.first().pred_opt().unwrap();
        match cadence.turn_of(before) {
            Some(earlier) => prop_assert_eq!(earlier.last(), Some(before)),
            None => prop_assert_eq!(before, anchor),
        }
        prop_assert_eq!(cadence.turn_of(turn.last().unwrap()), Some(turn));
    }

    /// A session held later, and not back-dated, changes no earlier answer; and standing and findings agree.
    #[test]
    fn a_later_session_changes_no_earlier_day(held in prop::collection::vec(0..300_u64, 0..6), later in 0..300_u64) {
        let at = |offset: u64| day("2026-01-31") + chrono::Days::new(offset);
        let of = |held: &[u64]| {
            let sessions = held.iter().enumerate();
            let sessions = sessions.map(|(n, offset)| Session::new(id(&alloc::format!("s-{n}")), at(*offset), text("m")));
            ProgrammeState { clause: clause::E_2_3, sessions: sessions.collect() }
        };
        let before = of(&held);
        let after = of(&[held.clone(), alloc::vec![later]].concat());
        for offset in 0..later {
            let answers = [&before, &after].map(|state| state.standing(Some(monthly()), 7, at(offset)));
            prop_assert_eq!(answers[0], answers[1]);
        }
        let found = before.findings(&id("p"), monthly(), Days::try_new(at(0), at(299)).unwrap());
        for turn in found.iter().map(|found| found.days()) {
            prop_assert!(!before.sessions().iter().any(|session| turn.has(session.day())));
        }
        let turns: alloc::collections::BTreeSet<_> = held.iter().filter_map(|held| monthly().turn_of(at(*held))).collect();
        let over = (1..=9).count() - turns.iter().filter(|turn| turn.last().unwrap() <= at(299)).count();
        prop_assert_eq!(found.len(), over); // nine turns end by 26 November: those of February to October
    }
}
