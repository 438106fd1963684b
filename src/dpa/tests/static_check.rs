//! Contradictions of terms, found before anything happens.

use super::*;

/// 28 to 31 days against 90: 59 to 62 days of the window are dead, whatever the date.
#[test]
fn the_addendum_contradicts_itself_in_three_places() {
    let found = DpaTerms::default().term_conflicts();
    let shown: Vec<_> = found.iter().map(|c| (c.contradiction(), c.relation(), c.days(), c.is_always())).collect();
    assert_eq!(
        shown,
        [
            (clause::X1, Relation::Destroys, [59, 62], true),
            (clause::X1, Relation::Honours, [59, 62], true),
            (clause::X2, Relation::Certifies, [0, 1], false)
        ]
    );
    let [_, _, certificate] = &found[..] else { panic!("three") };
    // A month of 31 days: from any day of January but the last few.
    assert_eq!(certificate.example(), day("2026-01-01"));
}

#[test]
fn other_terms_contradict_themselves_only_where_they_do() {
    let found = |deletion, window, compliance, certificate| -> Vec<(&str, bool)> {
        let terms = DpaTerms::builder()
            .deletion(deletion)
            .return_window(window)
            .return_compliance(compliance)
            .certification(certificate)
            .build()
            .unwrap();
        terms.term_conflicts().iter().map(|c| (c.contradiction().id(), c.is_always())).collect()
    };
    let days = Period::Days;
    assert_eq!(found(days(30), days(30), days(30), days(30)), []);
    assert_eq!(found(days(30), days(31), days(30), days(30)), [("X1", true), ("X1", true)]);
    assert_eq!(found(days(30), days(31), days(31), days(30)), [("X1", true)]);
    assert_eq!(found(days(31), days(30), days(30), days(30)), [("X2", true)]);
    // A month against days: the border lies between the shortest and the longest month.
    assert_eq!(found(Period::Months(1), days(28), Period::Months(1), days(31)), []);
    assert_eq!(found(Period::Months(1), days(29), Period::Months(1), days(31)), [("X1", false), ("X1", false)]);
    assert_eq!(found(Period::Months(1), days(31), Period::Months(1), days(31)), [("X1", false), ("X1", false)]);
    assert_eq!(found(Period::Months(1), days(32), Period::Months(1), days(31)), [("X1", true), ("X1", true)]);
    assert_eq!(found(Period::Months(1), Period::Weeks(4), Period::Months(1), Period::Weeks(4)), [("X2", false)]);
    // 29 February: 365 days against a year differ only with a leap day inside.
    assert_eq!(found(Period::Months(12), days(365), Period::Months(12), days(366)), []);
    assert_eq!(found(Period::Months(12), days(366), Period::Months(12), days(366)), [("X1", false), ("X1", false)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// The static check and the plan of a date agree: if any date has a conflict, so has the check.
    #[test]
    fn what_a_date_shows_the_check_has_found(start in 1..3_600_000, window in 20..40_u32, months in 1..3_u32) {
        let terms = DpaTerms::builder()
            .return_window(Period::Days(window))
            .deletion(Period::Months(months))
            .return_compliance(Period::Months(months))
            .build()
            .unwrap();
        let cessation = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let plan = terms.exit_plan(cessation, LateReturnRequest::Literal).unwrap();
        let found = terms.term_conflicts();
        let always = found.iter().filter(|conflict| conflict.is_always()).count();
        prop_assert!(always <= plan.conflicts().len() + 1); // the certificate has no request here
        if let Some(gap) = plan.gap() {
            let [fewest, most] = found[0].days();
            prop_assert!((fewest..=most).contains(&gap.days()));
        }
    }
}

#[test]
fn several_services_have_one_end_by_policy_alone() {
    let days = [Some(day("2026-06-15")), Some(day("2026-08-31")), None];
    assert_eq!(OverallCessation::FirstService.date(&days), Some(day("2026-06-15")));
    assert_eq!(OverallCessation::LastService.date(&days), None);
    assert_eq!(OverallCessation::LastService.date(&days[..2]), Some(day("2026-08-31")));
    assert_eq!(OverallCessation::LastService.date(&[]), None);
}
