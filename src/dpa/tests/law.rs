//! Dated rules of law.

use super::*;
use crate::clause::{Clause, Document};
use crate::deadline::Place;

#[test]
fn every_rule_of_law_has_its_days() {
    let laws: Vec<Clause> = Clause::all().filter(|clause| clause.document() == Document::Law).collect();
    assert_eq!(LAW_RULES.map(LawRule::clause).to_vec(), laws);
    for rule in LAW_RULES {
        let from = match rule.clause().id() {
            "G-SCC" => "2021-09-27",
            "G-PS" => "2020-07-16",
            "G-UK" => "2026-02-05",
            "G-CCPA" => "2020-08-14",
            "G-LGPD" => "2020-09-18",
            _ => "2018-05-25",
        };
        assert_eq!(rule.from(), day(from), "{rule:?}");
        assert_eq!(rule.status(rule.from()), LawStatus::InForce);
        assert_eq!(rule.status(rule.from().pred_opt().unwrap()), LawStatus::NotYet);
    }
    assert_eq!(law_rule(clause::E_6P_3), None);
}

#[test]
fn instruments_end() {
    let valid = |instrument: Instrument, concluded, on| instrument.is_valid(day(concluded), day(on));
    assert!(valid(CLAUSES_2010, "2021-09-26", "2022-12-27"));
    assert!(!valid(CLAUSES_2010, "2021-09-27", "2021-10-01"));
    assert!(!valid(CLAUSES_2010, "2021-09-26", "2022-12-28"));
    assert!(valid(PRIVACY_SHIELD, "2018-01-01", "2020-07-15"));
    assert!(!valid(PRIVACY_SHIELD, "2018-01-01", "2020-07-16"));
    assert_eq!([CLAUSES_2010.clause, PRIVACY_SHIELD.clause], [clause::G_SCC, clause::G_PS]);
    // One of the host's own, without an end.
    let open = Instrument { clause: clause::G_SCC, no_new_from: None, last_day: None };
    assert!(valid(open, "2099-01-01", "2099-01-01"));
}

/// Vector 78: ten business days from Thursday 2025-01-02 end on Thursday 2025-01-16.
#[test]
fn a_request_from_california_is_confirmed_in_ten_business_days() {
    let no_holidays = Place::Germany.calendar(2025, 2025).unwrap(); // none between the 2nd and the 16th that is nationwide
    assert_eq!(ccpa_confirmation(day("2025-01-02"), &no_holidays).unwrap().adjusted_last_day(), day("2025-01-16"));
    assert!(ccpa_confirmation(day("2025-12-30"), &no_holidays).is_err());
    assert!(ccpa_confirmation(day("2020-08-13"), &no_holidays).is_err()); // the regulations are younger
}
