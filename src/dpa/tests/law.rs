//! Dated rules of law.

use super::*;
use crate::clause::{Clause, Document};

#[test]
fn every_rule_of_law_has_its_days() {
    let laws: Vec<Clause> = Clause::all().filter(|clause| clause.document() == Document::Law).collect();
    assert_eq!(LAW_RULES.map(LawRule::clause).to_vec(), laws);
    for rule in LAW_RULES {
        let from = match rule.clause().id() {
            "G-SCC" => Some("2021-09-27"),
            "G-PS" => Some("2020-07-16"),
            "G-UK" => Some("2026-02-05"),
            "G-CCPA" | "G-LGPD" => None,
            _ => Some("2018-05-25"),
        };
        assert_eq!(rule.from(), from.map(day), "{rule:?}");
        let Some(from) = rule.from() else {
            assert_eq!(rule.status(day("1999-01-01")), LawStatus::Unverified);
            continue;
        };
        assert_eq!(rule.status(from), LawStatus::InForce);
        assert_eq!(rule.status(from.pred_opt().unwrap()), LawStatus::NotYet);
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
