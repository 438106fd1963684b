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
    // Contradiction, whatever the date, and how many days sooner.
    let found = |deletion, window, compliance, certificate| -> Vec<(&str, bool, u32)> {
        let terms = DpaTerms::builder()
            .deletion(deletion)
            .return_window(window)
            .return_compliance(compliance)
            .certification(certificate)
            .build()
            .unwrap();
        terms.term_conflicts().iter().map(|c| (c.contradiction().id(), c.is_always(), c.lead_days())).collect()
    };
    let days = Period::Days;
    // Asked for early enough, a certificate is always due first.
    let (always, never_by_itself, early) = (("X1", true, 0), ("X1", false, 0), ("X2", false, 1));
    assert_eq!(found(days(30), days(30), days(30), days(30)), [early]);
    assert_eq!(found(days(30), days(30), days(30), days(37)), [("X2", false, 8)]);
    assert_eq!(found(days(30), days(31), days(30), days(30)), [always, always, early]);
    assert_eq!(found(days(30), days(31), days(31), days(30)), [always, early]);
    assert_eq!(found(days(31), days(30), days(30), days(30)), [("X2", true, 0)]);
    // A month against days: the border lies between the shortest and the longest month.
    assert_eq!(found(Period::Months(1), days(28), Period::Months(1), days(31)), [early]);
    let some = [never_by_itself, never_by_itself, early];
    assert_eq!(found(Period::Months(1), days(29), Period::Months(1), days(31)), some);
    assert_eq!(found(Period::Months(1), days(31), Period::Months(1), days(31)), some);
    assert_eq!(found(Period::Months(1), days(32), Period::Months(1), days(31)), [always, always, early]);
    assert_eq!(found(Period::Months(1), Period::Weeks(4), Period::Months(1), Period::Weeks(4)), [("X2", false, 0)]);
    // 29 February: 365 days against a year differ only with a leap day inside.
    assert_eq!(found(Period::Months(12), days(365), Period::Months(12), days(366)), [early]);
    assert_eq!(found(Period::Months(12), days(366), Period::Months(12), days(366)), some);
}

/// X2 reaches requests before the Cessation Date. Every date of eight years, with the calculators of the clauses.
#[test]
fn an_early_request_for_a_certificate_is_found_from_its_first_day_on() {
    for (deletion, certificate, lead, always) in [
        (Period::Months(1), Period::Days(30), 0, 3), // from 1 February: 28 days
        (Period::Days(30), Period::Months(1), 0, 2), // from 30 December: 31 days
        (Period::Days(30), Period::Days(37), 8, 8),
        (Period::Months(2), Period::Months(3), 29, 34), // from 1 March, and from 31 December, which ends on 28 February
    ] {
        let terms = DpaTerms::builder().deletion(deletion).certification(certificate).build().unwrap();
        let found = terms.term_conflicts();
        let conflict = found.last().unwrap();
        assert_eq!(
            (conflict.relation(), conflict.lead_days(), conflict.always_from()),
            (Relation::Certifies, lead, Some(always))
        );
        let terms = &terms;
        let conflicts = |sooner: u32| {
            let days = day("2026-01-01").iter_days().take(8 * 365);
            days.filter(move |cessation| {
                let request = *cessation - Days::new(sooner.into());
                terms.certificate_conflict(*cessation, request).unwrap().is_some()
            })
            .count()
        };
        assert!(conflicts(lead) > 0 && conflicts(always) == 8 * 365, "{deletion} {certificate}");
        assert!(conflicts(always - 1) < 8 * 365 && (lead == 0 || conflicts(lead - 1) == 0), "{deletion} {certificate}");
    }
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
