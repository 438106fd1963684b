use super::*;

fn policy() -> DormancyPolicyBuilder {
    // PCI DSS 4.0.1, 8.2.6: 90 days; warnings at 60 and at 83 days.
    DormancyPolicy::builder().period_days(90).warn_days_before([30, 7])
}

fn days(micros: i64) -> Timestamp {
    at(micros * DAY).timestamp()
}

fn stands(state: &Option<ActivityState>, micros: i64, policy: &DormancyPolicy) -> Standing {
    standing(&state.clone().unwrap_or_default(), at(micros), policy, &anna(), days(0))
}

fn used(micros: i64) -> Option<ActivityState> {
    opened(&super::policy(IdleLimit::Unlimited), micros)
}

/// A2-Input-6: an account is closed after the host's period without use, with the warnings before it; one that was
/// never used counts from its creation.
#[test]
fn a2_input_6_the_stages_at_their_boundaries() {
    let policy = policy().build().unwrap();
    // Created at day 0 and never used; or created at day 0 and used at day 10.
    for (state, from) in [(None, 0), (used(10 * DAY), 10)] {
        let warn = |stage: i64| Standing::Warn { at: days(from + stage), dormant_at: days(from + 90) };
        for (micros, expected) in [
            (60 * DAY - 1, Standing::Active),
            (60 * DAY, warn(60)),
            (83 * DAY - 1, warn(60)),
            (83 * DAY, warn(83)),
            (90 * DAY - HOUR, warn(83)), // 89 days and 23 hours
            (90 * DAY - 1, warn(83)),
            (90 * DAY, Standing::Dormant { since: days(from + 90) }),
            (90 * DAY + 1, Standing::Dormant { since: days(from + 90) }),
        ] {
            assert_eq!(stands(&state, from * DAY + micros, &policy), expected, "{from} {micros}");
        }
    }
}

/// With dormancy the sessions end that no list has, too: a reactivation brings none of them back.
#[test]
fn a_session_of_version_1_does_not_outlive_the_dormancy() {
    let (opened_at, expires_at) = (at(0).timestamp(), at(365 * DAY).timestamp());
    let unlisted =
        SessionState::Unlisted { account: anna(), generation: VALID.generation.unwrap(), opened_at, expires_at };
    let policy = policy().build().unwrap();
    let mut state = None;
    let (found, _) = step(&mut state, |state| review(state, at(90 * DAY), &policy, &anna(), days(0)));
    assert!(matches!(found, Standing::Dormant { .. }));
    let _ = step(&mut state, |state| reactivate(state, at(91 * DAY)));
    let sessions = SessionPolicy::builder().lifetime_secs(365 * 86_400).idle(IdleLimit::Unlimited).build().unwrap();
    let checked = check_unlisted(&unlisted, state.as_ref(), at(91 * DAY), &sessions, &VALID);
    assert_eq!(checked.outcome(), &SessionOutcome::Dead);
    assert!(matches!(
        check_unlisted(&unlisted, None, at(91 * DAY), &sessions, &VALID).outcome(),
        SessionOutcome::Active { .. }
    ));
}

/// A2-Input-6: the daily job notes each stage once, however often it runs, and ends the sessions of a dormant account.
#[test]
fn a2_input_6_the_daily_job_is_idempotent() {
    let policy = policy().build().unwrap();
    let mut state = used(0);
    let mut noted = Vec::new();
    for hour in 0..24 * 120 {
        let (_, facts) = step(&mut state, |state| review(state, at(hour * HOUR), &policy, &anna(), days(0)));
        noted.extend(facts.into_iter().map(|fact| (hour, fact)));
    }
    let expected = [
        (60 * 24, "session.dormancy_near"),
        (83 * 24, "session.dormancy_near"),
        (90 * 24, "session.dormant"),
        (90 * 24, "session.ended session.dormant"),
    ];
    assert_eq!(noted, expected.map(|(hour, fact)| (hour, fact.into())));
}

/// Once it is noted, dormancy ends with a reactivation only.
#[test]
fn a_dormant_account_stays_dormant_until_it_is_reactivated() {
    let policy = policy().grace_days(14).build().unwrap();
    let mut state = used(0);
    let (_, _) = step(&mut state, |state| review(state, at(90 * DAY), &policy, &anna(), days(0)));
    let dormant = Standing::Dormant { since: days(90) };
    let lenient = DormancyPolicy::builder().period_days(365).build().unwrap();
    assert_eq!(stands(&state, DAY, &policy), dormant); // the clock stepped back
    assert_eq!(stands(&state, 91 * DAY, &lenient), dormant);

    let (_, facts) = step(&mut state, |state| reactivate(state, at(100 * DAY)));
    assert_eq!(facts, ["session.reactivated"]);
    // 14 days to be used, the last 7 of them with a warning; not dormant again at the next sign-in.
    for (micros, expected) in [
        (107 * DAY, Standing::Warn { at: days(107), dormant_at: days(114) }),
        (114 * DAY - 1, Standing::Warn { at: days(107), dormant_at: days(114) }),
        (114 * DAY, Standing::Dormant { since: days(114) }),
    ] {
        assert_eq!(stands(&state, micros, &policy), expected);
    }
    let session = super::policy(IdleLimit::Unlimited);
    let (_, _) = step(&mut state, |state| open(state, at(113 * DAY), &session, &VALID, &new(2)));
    assert_eq!(stands(&state, 114 * DAY, &policy), Standing::Active);
    assert_eq!(stands(&state, (113 + 90) * DAY, &policy), Standing::Dormant { since: days(113 + 90) });
}

#[test]
fn an_exempt_account_is_never_dormant() {
    let exempt = policy().exempt([anna()]).build().unwrap();
    assert_eq!(stands(&None, 3650 * DAY, &exempt), Standing::Active);
    let other = policy().exempt([AccountId::try_new("u-18").unwrap()]).build().unwrap();
    assert_eq!(stands(&None, 3650 * DAY, &other), Standing::Dormant { since: days(90) });
}

/// The written use of a session counts as well as a sign-in.
#[test]
fn a_session_in_use_keeps_its_account_awake() {
    let session = SessionPolicy::builder().lifetime_secs(366 * 86_400).idle(IdleLimit::Unlimited).build().unwrap();
    let mut state = opened(&session, 0);
    assert!(matches!(touched(&mut state, 80 * DAY, &session), SessionOutcome::Active { .. }));
    assert_eq!(stands(&state, 90 * DAY, &policy().build().unwrap()), Standing::Active);
}

/// A sign-in that a clock ten years ahead has written costs one period, not ten years.
#[test]
fn an_instant_from_the_future_costs_one_period() {
    let policy = policy().build().unwrap();
    let mut state = used(3650 * DAY);
    assert_eq!(stands(&state, DAY, &policy), Standing::Active);
    let (_, _) = step(&mut state, |state| review(state, at(DAY), &policy, &anna(), days(0)));
    assert_eq!(stands(&state, 91 * DAY - 1, &policy), Standing::Warn { at: days(84), dormant_at: days(91) });
    assert_eq!(stands(&state, 91 * DAY, &policy), Standing::Dormant { since: days(91) });
}

/// Settings at the ends of their ranges, and one beyond.
#[test]
fn ranges_of_the_dormancy_policy() {
    let warned = |days: u32| DormancyPolicy::builder().period_days(90).warn_days_before([days]);
    let graced = |days| DormancyPolicy::builder().period_days(90).grace_days(days);
    let period = |days| DormancyPolicy::builder().period_days(days);
    for (builder, expected) in [
        (period(0), Err(DormancyPolicyError::Period { asked_days: 0 })),
        (period(1), Ok(())),
        (period(3653), Ok(())),
        (period(3654), Err(DormancyPolicyError::Period { asked_days: 3654 })),
        (warned(0), Err(DormancyPolicyError::Warning { asked_days: 0 })),
        (warned(89), Ok(())),
        (warned(90), Err(DormancyPolicyError::Warning { asked_days: 90 })),
        (graced(0), Err(DormancyPolicyError::Grace { asked_days: 0 })),
        (graced(90), Ok(())),
        (graced(91), Err(DormancyPolicyError::Grace { asked_days: 91 })),
        (period(90).warn_days_before(1..=8), Ok(())),
        (period(90).warn_days_before(1..=9), Err(DormancyPolicyError::TooMany)),
        (period(90).exempt((0..100).map(|_| anna())), Ok(())),
        (period(90).exempt((0..101).map(|_| anna())), Err(DormancyPolicyError::TooMany)),
    ] {
        let text = serde_json::to_string(&builder).unwrap();
        assert_eq!(builder.build().map(drop), expected, "{text}");
        assert_eq!(serde_json::from_str::<DormancyPolicy>(&text).is_ok(), expected.is_ok(), "{text}");
    }
}

/// Exempt, it may sign in; exempt no longer, it is dormant still.
#[test]
fn a_session_of_an_exempt_account_does_not_wake_it() {
    let builder = DormancyPolicy::builder().period_days(90);
    let (policy, exempt) = (builder.clone().build().unwrap(), builder.exempt([anna()]).build().unwrap());
    let mut state = None;
    let created = at(0).timestamp();
    let (found, _) = step(&mut state, |state| review(state, at(90 * DAY), &policy, &anna(), created));
    let sessions = super::policy(END);
    let _ = step(&mut state, |state| open(state, at(91 * DAY), &sessions, &VALID, &new(1)));
    let state = state.unwrap();
    assert_eq!(standing(&state, at(91 * DAY), &exempt, &anna(), created), Standing::Active);
    assert_eq!(standing(&state, at(91 * DAY), &policy, &anna(), created), found);
    assert_eq!(found, Standing::Dormant { since: at(90 * DAY).timestamp() });
}
