//! What is remembered of accounts and sources, and what is forgotten first.

use core::time::Duration;

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

/// A count of denials names no account: it tells the detectors nothing, and the defaults record what they wait for.
#[test]
fn a_count_of_denials_is_no_failure_of_anybody() {
    let gap =
        event(9, "198.51.100.7", "denied-1", "lockout.gap", r#""count":5000,"since":"2027-01-15T08:00:00.000000Z""#);
    let mut state = AlertState::default();
    assert_eq!(observe(&mut state, &AlertPolicy::default(), &gap), []);
    assert_eq!(state, AlertState::default());
    let (recorded, policy) = (crate::lockout::DenialPolicy::default().recorded(), AlertPolicy::default());
    assert!(recorded >= policy.failures() && recorded >= policy.stuffing_accounts());
}

/// What a source's accounts come to, by the long way: every rule by itself, over all that is kept.
#[test]
fn one_pass_counts_as_many_passes_do() {
    let at = |secs: i64| Timestamp::from_micros(START + secs * SECOND).unwrap();
    let (window, kept) = (60, 7);
    let is_over = |last: i64, now: i64| now - last >= window;
    let (mut trace, mut known) = (state::SourceTrace::default(), Vec::<(String, i64, u32)>::new());
    let mut seed = 1_u64;
    for step in 0..3000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (account, times) = (format!("u-{}", (seed >> 33) % 12), u32::try_from((seed >> 40) % 3).unwrap());
        // Now and then a pause in which some or all are over, and an event that comes late.
        let secs = step * 4 + if (seed >> 50).is_multiple_of(9) { 40 } else { 0 }
            - if (seed >> 55).is_multiple_of(11) { 30 } else { 0 };
        known.retain(|(_, last, _)| !is_over(*last, secs));
        match known.iter_mut().find(|(id, ..)| *id == account) {
            Some((_, last, tries)) => (*last, *tries) = ((*last).max(secs), *tries + times),
            None => known.push((account.clone(), secs, times)),
        }
        known.sort();
        if known.len() > kept {
            let lowest = known.iter().min_by_key(|(_, last, tries)| (*tries, *last)).unwrap().0.clone();
            known.retain(|(id, ..)| *id != lowest);
        }
        let counted = trace.count(&account, times, at(secs), Duration::from_secs(60), kept, |tried| {
            [tried.tries >= 2, tried.last > at(secs - 20)]
        });
        let expected = [
            known.iter().filter(|(_, _, tries)| *tries >= 2).count(),
            known.iter().filter(|(_, last, _)| *last > secs - 20).count(),
        ];
        assert_eq!(counted.map(|count| count as usize), expected, "{step}");
        let kept: Vec<_> = trace.tried.iter().map(|(id, tried)| (id.clone(), tried.last, tried.tries)).collect();
        let expected: Vec<_> = known.iter().map(|(id, last, tries)| (id.clone(), at(*last), *tries)).collect();
        assert_eq!(kept, expected, "{step}");
    }
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
