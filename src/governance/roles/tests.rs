use alloc::format;
use alloc::vec::Vec;

use chrono::{Days as CountOfDays, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::governance::tests::{day, days, id, put, refuses, since, text, was_there, words};
use crate::governance::{Days, FindingKind, Refusal};

fn assignment(name: &str, role: Role, person: &str, days: Days) -> Assignment {
    Assignment::new(id(name), role, id(person), days, text("board 4"))
}

fn roles(assignments: impl IntoIterator<Item = Assignment>) -> RolesState {
    let assign = |state, assignment| Some(put(assign(state, assignment)));
    assignments.into_iter().fold(None, assign).unwrap_or_default()
}

fn area() -> Role {
    Role::Responsible(id("product"))
}

/// The chief executive goes on 2 March; the next is accountable from the 5th, the one after him already from the 20th.
#[test]
fn e_2_1_exactly_one_is_accountable_on_every_day() {
    let state = roles([
        assignment("r-1", Role::Accountable, "s-1", days("2026-01-01", "2026-03-02")),
        assignment("r-2", Role::Accountable, "s-2", days("2026-03-05", "2026-03-21")),
        assignment("r-3", Role::Accountable, "s-3", since("2026-03-20")),
        assignment("r-4", area(), "s-9", since("2026-01-01")),
        // A change that changes nothing that is found: the days stay together.
        assignment("r-5", Role::Responsible(id("audit")), "s-9", since("2026-03-04")),
        assignment("r-6", Role::Responsible(id("audit")), "s-9", since("2026-03-21")),
    ]);
    for (at, count) in [
        ("2026-03-02", 1),
        ("2026-03-03", 0),
        ("2026-03-04", 0),
        ("2026-03-05", 1),
        ("2026-03-19", 1),
        ("2026-03-20", 2),
        ("2026-03-21", 2),
        ("2026-03-22", 1),
    ] {
        assert_eq!(state.accountable(day(at)).len(), count, "{at}");
    }
    let found = state.findings(days("2026-01-01", "2026-12-31"));
    assert_eq!(
        words(&found),
        [
            "E-2.1: nobody is accountable from 2026-03-03 to 2026-03-04",
            "E-2.1: 2 are accountable at once from 2026-03-20 to 2026-03-21",
            "E-2.1: 1 responsible, not several, from 2026-03-03 to 2026-03-04",
        ]
    );
    // The period cuts what it does not cover.
    assert_eq!(
        words(&state.findings(days("2026-03-21", "2026-03-21"))),
        ["E-2.1: 2 are accountable at once on 2026-03-21"]
    );
    assert_eq!(state.findings(days("2026-03-22", "2026-12-31")), []);
}

/// One person with two roles, or one twice, is one.
#[test]
fn e_2_1_several_people_are_responsible() {
    let march = days("2026-03-01", "2026-03-31");
    let alone = roles([
        assignment("r-1", Role::Accountable, "s-1", since("2026-01-01")),
        assignment("r-2", Role::Accountable, "s-1", since("2026-01-01")),
        assignment("r-3", area(), "s-1", since("2026-01-01")),
    ]);
    assert_eq!(words(&alone.findings(march)), ["E-2.1: 1 responsible, not several, from 2026-03-01 to 2026-03-31"]);
    let joined = put(assign(Some(alone), assignment("r-4", area(), "s-2", since("2026-03-10"))));
    assert_eq!(words(&joined.findings(march)), ["E-2.1: 1 responsible, not several, from 2026-03-01 to 2026-03-09"]);
    assert_eq!(RolesState::default().findings(march).len(), 2);
}

#[test]
fn a_role_ends_and_is_not_lengthened() {
    let ceo = || assignment("r-1", Role::Accountable, "s-1", since("2026-01-01"));
    let state = roles([ceo()]);
    was_there(&assign(Some(state.clone()), ceo()));
    refuses(&assign(Some(state.clone()), assignment("r-1", area(), "s-1", since("2026-01-01"))), Refusal::IdTaken);
    refuses(&end_role(state.clone(), &id("r-9"), day("2026-03-02")), Refusal::Unknown);
    refuses(&end_role(state.clone(), &id("r-1"), day("2025-12-31")), Refusal::TooEarly { from: day("2026-01-01") });
    refuses(&end_role(state.clone(), &id("r-1"), day("9999-12-31").succ_opt().unwrap()), Refusal::Year);
    let ended = put(end_role(state, &id("r-1"), day("2026-03-02")));
    was_there(&end_role(ended.clone(), &id("r-1"), day("2026-03-02")));
    refuses(&end_role(ended.clone(), &id("r-1"), day("2026-03-03")), Refusal::Ended { on: day("2026-03-02") });
    let shorter = put(end_role(ended, &id("r-1"), day("2026-01-01")));
    assert_eq!(shorter.assignments()[0].days(), days("2026-01-01", "2026-01-01"));
    let twice = r#"{"assignments":[X,X]}"#.replace('X', &serde_json::to_string(&ceo()).unwrap());
    assert!(serde_json::from_str::<RolesState>(&twice).is_err());
}

proptest! {
    /// The findings say of every day what a look at the day says.
    #[test]
    fn findings_agree_with_a_look_at_every_day(drawn in prop::collection::vec((0..3_u8, prop::bool::ANY, 0..40_u64, prop::option::of(0..20_u64)), 0..7)) {
        let at = |offset: u64| -> NaiveDate { day("2026-01-01") + CountOfDays::new(offset) };
        let made = drawn.iter().enumerate().map(|(n, (person, accountable, first, length))| {
            let days = length.map_or(Days::since(at(*first)), |length| Days::try_new(at(*first), at(first + length)));
            let role = if *accountable { Role::Accountable } else { area() };
            assignment(&format!("r-{n}"), role, &format!("s-{person}"), days.unwrap())
        });
        let made: Vec<_> = made.collect();
        let mut turned = made.clone();
        turned.reverse();
        let within = Days::try_new(at(3), at(50)).unwrap();
        let (state, other) = (roles(made), roles(turned));
        let found = state.findings(within);
        prop_assert_eq!(&found, &other.findings(within));
        for offset in 3..=50 {
            let kinds: Vec<FindingKind> = found.iter().filter(|found| found.days().has(at(offset))).map(|found| found.kind()).collect();
            let holders = |accountable: bool| -> alloc::collections::BTreeSet<u8> {
                let has = |(_, is, first, length): &&(u8, bool, u64, Option<u64>)| (*is || !accountable) && *first <= offset && length.is_none_or(|length| offset <= first + length);
                drawn.iter().filter(has).map(|drawn| drawn.0).collect()
            };
            let mut expected = Vec::new();
            match holders(true).len() {
                0 => expected.push(FindingKind::NobodyAccountable),
                1 => {}
                count => expected.push(FindingKind::SeveralAccountable { count }),
            }
            let count = holders(false).len();
            if count < 2 {
                expected.push(FindingKind::TooFewResponsible { count });
            }
            prop_assert_eq!(kinds, expected, "day {}", offset);
        }
    }
}

/// E-2.1 asks for one who is accountable, and several who are responsible: the event says which it was.
#[test]
fn e_2_1_the_event_of_an_assignment_says_whether_it_is_the_accountable() {
    for (role, accountable) in [(Role::Accountable, true), (area(), false)] {
        let assigned = assign(None, assignment("r-1", role, "s-1", since("2026-01-01")));
        assert_eq!(assigned.facts()[0].detail("accountable").unwrap().as_flag(), Some(accountable));
    }
}
