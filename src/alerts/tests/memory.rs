//! What is remembered of accounts and sources, and what is forgotten first.

use super::*;

fn locked(secs: i64, account: &str) -> Event {
    let line = wrong(secs, "198.51.100.7", account).encode();
    Event::decode(&line.replace("sign_in.refused", "lockout.locked").replace("\"credential\"", "\"lockout\"")).unwrap()
}

/// A lane of a source is about no account: not even its name is counted as one.
#[test]
fn the_lock_of_a_source_is_about_no_account() {
    let policy = AlertPolicy::builder().distributed_accounts(Some(2)).build().unwrap();
    assert_eq!(fold(&policy, [locked(0, "u-1"), locked(1, "~from-1")]), []);
    assert_eq!(fold(&policy, [locked(0, "u-1"), locked(1, "u-2")]), [AlertKind::Distributed]);
}

/// Failures count towards the next success alone; those of the same instant were before it.
#[test]
fn a_success_starts_the_failures_before_the_next_anew() {
    let three = |secs: i64| (0..3).map(move |_| wrong(secs, "192.0.2.1", "anna"));
    let success = |secs: i64| [right(secs, "192.0.2.1", "anna")];
    let policy = AlertPolicy::default();
    let told = AlertKind::SuccessAfterFailures;
    assert_eq!(fold(&policy, three(0).chain(success(0)).chain(success(1))), [told]);
    assert_eq!(fold(&policy, three(0).chain(success(1)).chain(three(2)).chain(success(3))), [told, told]);
    assert_eq!(fold(&policy, three(0).chain(success(1)).chain(three(2).take(2)).chain(success(3))), [told]);
}

/// Eight sources of an account are known, those that were used last.
#[test]
fn the_eight_sources_used_last_are_known() {
    let used = |sources: core::ops::Range<i64>| sources.map(|n| right(n, &format!("192.0.2.{n}"), "anna"));
    let then = |secs: i64, source: i64| [temporary(secs, &format!("192.0.2.{source}"), "anna")];
    let policy = AlertPolicy::default();
    for known in 1..9 {
        assert_eq!(fold(&policy, used(1..9).chain(then(10, known))), [], "{known}");
    }
    assert_eq!(fold(&policy, used(1..10).chain(then(10, 2))), []);
    assert_eq!(fold(&policy, used(1..10).chain(then(10, 1))), [AlertKind::TemporaryFromNewSource]);
    // Used again, the first is the latest, and the second is the one that goes.
    let again = || used(1..9).chain([right(9, "192.0.2.1", "anna"), right(10, "192.0.2.9", "anna")]);
    assert_eq!(fold(&policy, again().chain(then(11, 1))), []);
    assert_eq!(fold(&policy, again().chain(then(11, 2))), [AlertKind::TemporaryFromNewSource]);
}

/// Names that nobody ever signed in to go first, of these the least tried, of these the oldest.
#[test]
fn the_least_telling_accounts_are_forgotten_first() {
    let policy = AlertPolicy::builder().kept(100, 100).distributed_accounts(None).build().unwrap();
    let mut state = AlertState::default();
    let name = |n: i64| format!("n-{:02}", 97 - n); // the later, the lower
    let before = [right(0, "192.0.2.1", "a-used"), wrong(1, "192.0.2.1", "b-twice"), wrong(2, "192.0.2.1", "b-twice")];
    let once = (0..98).map(|n| wrong(10 + n, "192.0.2.1", &name(n)));
    for event in before.into_iter().chain(once).chain([wrong(200, "192.0.2.1", "z-new")]) {
        observe(&mut state, &policy, &event);
    }
    // One too many, and a tenth: the eleven oldest of those that were tried once.
    let mut kept: Vec<String> = (11..98).rev().map(name).collect();
    kept.splice(0..0, ["a-used".into(), "b-twice".into()]);
    kept.push("z-new".into());
    assert_eq!(state.accounts.into_keys().collect::<Vec<_>>(), kept);
}

/// What is forgotten within its window might have told something: that is said, once in a window. What is over is not.
#[test]
fn forgetting_what_is_not_over_is_told() {
    let (hour, policy) = (3600, AlertPolicy::builder().distributed_accounts(None));
    let saturated = |accounts: u32, sources: u32, events: &[Event]| -> Vec<(AlertKind, u32)> {
        let policy = policy.kept(accounts, sources).build().unwrap();
        let mut state = AlertState::default();
        let raised = events.iter().flat_map(|event| observe(&mut state, &policy, event));
        raised.map(|alert| (alert.kind(), alert.count())).collect()
    };
    // Accounts alone, from one source; and sources alone, on one account.
    let accounts = |second: i64| [wrong(0, "192.0.2.1", "u-1"), wrong(second, "192.0.2.1", "u-2")];
    let sources = |second: i64| [wrong(0, "192.0.2.1", "u-1"), wrong(second, "192.0.2.2", "u-1")];
    for (second, told) in [(0, true), (hour - 1, true), (hour, false)] {
        let expected = |most: u32| if told { [(AlertKind::Saturated, most)].to_vec() } else { Vec::new() };
        assert_eq!(saturated(1, 9, &accounts(second)), expected(1), "{second}");
        assert_eq!(saturated(9, 1, &sources(second)), expected(1), "{second}");
        assert_eq!(saturated(9, 9, &accounts(second)), []);
    }
}
