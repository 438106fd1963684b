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
        assert!(!rule.source().is_empty() && rule.until().is_none());
        assert_eq!(rule.status(rule.from()), LawStatus::InForce);
        assert_eq!(rule.status(rule.from().pred_opt().unwrap()), LawStatus::NotYet);
    }
    assert_eq!(law_rule(clause::E_6P_3), None);
}

/// A rule of the host's takes the place of the crate's, on the days that it gives.
#[test]
fn a_host_supplies_a_dated_rule_of_law() {
    let rule = |from, until: Option<&str>| LawRule::new(clause::G_12_3, "the host's source", day(from), until.map(day));
    let owed = |rules: &[LawRule], when: &'static str| {
        let request = Fact::RequestReceived {
            kind: RequestKind::Access,
            by: Recipient::Customer,
            regime: Regime::Addendum,
            law: RequestLaw::Gdpr,
        };
        let ledger = ledger_of(policy(), &[(when, request)]);
        rules.iter().fold(ledger, |ledger, rule| ledger.with_law(*rule)).obligations().count() == 1
    };
    assert!(owed(&[], "2026-06-01") && !owed(&[], "2018-05-24"));
    let ended = rule("2018-05-25", Some("2026-05-31"));
    assert_eq!(
        [day("2026-05-31"), day("2026-06-01")].map(|on| ended.status(on)),
        [LawStatus::InForce, LawStatus::Ended]
    );
    assert!(owed(&[ended], "2026-05-31") && !owed(&[ended], "2026-06-01"));
    assert!(
        owed(&[ended, rule("2026-06-02", None)], "2026-06-02")
            && !owed(&[ended, rule("2026-06-02", None)], "2026-06-01")
    );
    // One of another clause changes nothing.
    let other = LawRule::new(clause::G_33_1, "the host's source", day("2030-01-01"), None);
    assert!(owed(&[other], "2026-06-01"));
}

/// What the data subjects are told and what is documented stands on articles of its own.
#[test]
fn each_duty_of_a_breach_ends_with_its_own_article() {
    let facts =
        [("2030-01-07T09:00:00+01:00", Fact::ControllerAware), ("2030-01-08", Fact::RiskAssessed { risk: Risk::High })];
    let laws = [
        (clause::G_33_1, Duty::NotifyAuthority),
        (clause::G_34, Duty::NotifyDataSubjects),
        (clause::G_33_5, Duty::DocumentBreach),
    ];
    for (ended, gone) in laws {
        let rule = LawRule::new(ended, "the host's source", day("2018-05-25"), Some(day("2029-12-31")));
        let ledger = ledger_of(policy(), &facts).with_law(rule);
        let left: Vec<Duty> = ledger.obligations().map(|entry| entry.obligation().duty()).collect();
        for (_, duty) in laws {
            assert_eq!(left.contains(&duty), duty != gone, "{ended:?}: {left:?}");
        }
    }
}

/// Without Article 12(4) a refusal has the time that an answer has.
#[test]
fn a_refusal_is_held_to_the_first_month_as_long_as_the_law_says_so() {
    let request = Fact::RequestReceived {
        kind: RequestKind::Access,
        by: Recipient::Customer,
        regime: Regime::Addendum,
        law: RequestLaw::Gdpr,
    };
    let facts = [
        ("2026-06-01", request),
        ("2026-06-10", Fact::ExtensionNotified { reasons: Some(paper()) }),
        ("2026-08-03", Fact::RequestRefused),
    ];
    let last = |ledger: Ledger| {
        let entry = ledger.obligations().find(|entry| entry.obligation().duty() == Duty::ActOnRequest).unwrap();
        (entry.obligation().clause(), entry.obligation().due().last_day())
    };
    assert_eq!(last(ledger_of(policy(), &facts)), (clause::G_12_4, Some(day("2026-07-01"))));
    let ended = LawRule::new(clause::G_12_4, "the host's source", day("2018-05-25"), Some(day("2026-05-31")));
    assert_eq!(last(ledger_of(policy(), &facts).with_law(ended)), (clause::G_12_3, Some(day("2026-09-01"))));
}

/// The host says since when California asks: 45 days from and with 2 March 2020, and ten business days.
#[test]
fn a_host_can_date_the_rules_of_california_earlier() {
    let request = Fact::RequestReceived {
        kind: RequestKind::Access,
        by: Recipient::Customer,
        regime: Regime::Addendum,
        law: RequestLaw::Ccpa,
    };
    let rule = LawRule::new(clause::G_CCPA, "the host's source", day("2020-01-01"), None);
    let free = alloc::sync::Arc::new(Place::Germany.calendar(2020, 2020).unwrap());
    let ledger = ledger_of(policy(), &[("2020-03-02", request)]).with_law(rule).with_calendar(RequestLaw::Ccpa, free);
    let last = |duty| {
        let entry = ledger.obligations().find(|entry| entry.obligation().duty() == duty).unwrap();
        entry.obligation().due().last_day()
    };
    assert_eq!(last(Duty::ActOnRequest), Some(day("2020-04-15")));
    assert_eq!(last(Duty::ConfirmReceipt), Some(day("2020-03-16")));
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
