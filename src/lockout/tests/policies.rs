//! Policies and stored values.

use super::*;

/// 3 for 15 minutes are 288 guesses a day; NIST's 100 in a row are reached after 8 h 15 min.
#[test]
fn guesses_within_a_time_are_counted_exactly() {
    let hours = |policy: &LockoutPolicy, minutes: u64| policy.guesses_within(Duration::from_secs(minutes * 60));
    let (plain, axes) = (LockoutPolicy::default(), axes().build().unwrap());
    assert_eq!((plain.guesses_per_day(), plain.guesses_per_year()), (288, 105_120));
    assert_eq!((hours(&plain, 0), hours(&plain, 15), hours(&plain, 8 * 60 + 15)), (0, 3, 99));
    assert_eq!(plain.guesses_within(Duration::from_micros((8 * 60 + 15) * 60 * 1_000_000 + 1)), 102);
    // 0:00, 0:15 and 2:15 three each, 4:15 one; 28:15 and every 24 hours three.
    assert_eq!((hours(&axes, 4 * 60 + 15), axes.guesses_per_day(), hours(&axes, 28 * 60 + 16)), (9, 10, 13));
    assert_eq!(axes.guesses_per_year(), 10 + 3 * 364);
    let capped = LockoutPolicy::builder().cap(Some(100)).build().unwrap();
    assert_eq!((hours(&capped, 8 * 60 + 15), capped.guesses_per_day(), capped.guesses_per_year()), (99, 100, 100));
    // A tier just above the limit makes the first window but one short: the worst time does not begin at the first failure.
    let odd = LockoutPolicy::builder().tiers([Tier { failures: 4, lock_secs: 901 }]).build().unwrap();
    assert_eq!(hours(&odd, 16), 6);
    assert_eq!(LockoutPolicy::builder().lock_secs(1).build().unwrap().guesses_per_year(), 3 * 365 * 86_400);
}

#[test]
fn the_default_policy_is_what_its_builder_builds() {
    assert_eq!(LockoutPolicy::builder().build(), Ok(LockoutPolicy::default()));
    assert_eq!(LockoutPolicy::default().limit(), 3);
}

#[test]
fn absurd_policies_are_refused_at_build() {
    let build = |text: &str| serde_json::from_str::<LockoutPolicy>(text).map_err(|error| error.to_string());
    assert!(build("{}").is_ok());
    for (text, said) in [
        (r#"{"limit":0}"#, "a limit of 0 failures"),
        (r#"{"limit":1001}"#, "a limit of 1001 failures"),
        (r#"{"lock_secs":0}"#, "a lock of 0 seconds"),
        (r#"{"lock_secs":18446744073709551615}"#, "a lock of 18446744073709551615 seconds"),
        (r#"{"lock_secs":1892160000}"#, "a lock of 1892160000 seconds"), // 21,900 days
        (r#"{"cap":2}"#, "a cap of 2 failures"),
        (r#"{"tiers":[{"failures":3,"lock_secs":901}]}"#, "a tier of 3 failures"), // no more than the limit
        (r#"{"tiers":[{"failures":4,"lock_secs":900}]}"#, "a tier of 4 failures and 900 seconds"),
        (r#"{"tiers":[{"failures":4,"lock_secs":901},{"failures":4,"lock_secs":902}]}"#, "and 902 seconds"),
        (r#"{"tiers":[{"failures":4,"lock_secs":901},{"failures":5,"lock_secs":901}]}"#, "a tier of 5 failures"),
        (r#"{"tiers":[{"failures":4,"lock_secs":18446744073709551615}]}"#, "a tier of 4 failures"),
        (r#"{"tiers":[{"failures":1000,"lock_secs":901}]}"#, "a tier of 1000 failures"),
        (r#"{"cap":6,"tiers":[{"failures":6,"lock_secs":901}]}"#, "a tier of 6 failures"), // the cap comes first
        (r#"{"tiers":[{"failures":4,"lock_secs":901,"more":1}]}"#, "unknown field"),
        (r#"{"lease_secs":30}"#, "a lease of 30 seconds"),
        (r#"{"lease_secs":3601}"#, "a lease of 3601 seconds"),
        (r#"{"locksecs":3}"#, "unknown field"),
    ] {
        assert!(build(text).unwrap_err().contains(said), "{text}");
    }
}

#[test]
fn stored_values_that_no_decision_writes_are_refused() {
    let good = r#"{"failures":1,"run":2,"lock":{"until":"2026-11-22T09:30:00.000000Z"}}"#;
    let state: LockoutState = serde_json::from_str(good).unwrap();
    assert_eq!(serde_json::to_string(&state).unwrap(), good);
    assert_eq!(
        state.lock,
        Lock::Until("2026-11-22T09:30:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into())
    );
    for bad in [
        good.replace("\"run\":2", "\"run\":0"),
        good.replace("\"failures\":1", "\"failures\":-1"),
        good.replace("\"failures\":1", "\"failures\":1,\"more\":1"),
        good.replace("until", "from"),
    ] {
        assert!(serde_json::from_str::<LockoutState>(&bad).is_err(), "{bad}");
    }
    let reserved = alloc::vec![Timestamp::MIN.to_string(); 1001];
    let crowded = alloc::format!(
        r#"{{"failures":0,"run":0,"lock":"open","reserved":{}}}"#,
        serde_json::to_string(&reserved).unwrap()
    );
    assert!(serde_json::from_str::<LockoutState>(&crowded).is_err());
}

#[test]
fn an_account_without_failures_is_small() {
    // 128 bytes is the room a host should plan for an idle account's row.
    let text = serde_json::to_string(&LockoutState::default()).unwrap();
    assert!(text.len() + LockoutState::KIND.len() + 32 <= 128, "{text}");
}
