mod memory;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::*;
use crate::event::Event;
use crate::time::Timestamp;

const SECOND: i64 = 1_000_000;
const START: i64 = 1_800_000_000 * SECOND;
const DAY: i64 = 24 * 60 * 60;

fn event(secs: i64, source: &str, account: &str, code: &str, detail: &str) -> Event {
    let at = Timestamp::from_micros(START + secs * SECOND).unwrap();
    let outcome = if code == "sign_in.refused" { "failure" } else { "success" };
    Event::decode(&format!(
        r#"{{"v":1,"at":"{at}","scope":"tenant:acme","actor":"unauthenticated","origin":{{"network":{{"peer":"{source}","transport":"tls"}}}},"subject":{{"kind":"credential","id":"{account}"}},"code":"{code}","outcome":"{outcome}","clauses":[],"details":{{{detail}}}}}"#
    ))
    .unwrap()
}

fn wrong(secs: i64, source: &str, account: &str) -> Event {
    event(secs, source, account, "sign_in.refused", r#""reason":"sign_in.mismatch""#)
}

fn right(secs: i64, source: &str, account: &str) -> Event {
    event(secs, source, account, "sign_in.signed_in", "")
}

fn temporary(secs: i64, source: &str, account: &str) -> Event {
    event(secs, source, account, "sign_in.change_required", "")
}

/// The kinds of what is raised, event by event flattened.
fn fold(policy: &AlertPolicy, events: impl IntoIterator<Item = Event>) -> Vec<AlertKind> {
    let mut state = AlertState::default();
    events.into_iter().flat_map(|event| observe(&mut state, policy, &event)).map(|alert| alert.kind()).collect()
}

#[test]
fn a_hundred_sources_on_one_account_are_brute_force_once() {
    let events = (0..100).map(|n| wrong(n, &format!("198.51.100.{n}"), "anna"));
    assert_eq!(fold(&AlertPolicy::default(), events), [AlertKind::BruteForce]);
}

/// What a clock ten years ahead has dated counts as of the next event: no detector is mute for ten years.
#[test]
fn a_clock_that_ran_ahead_mutes_no_detector() {
    let policy = AlertPolicy::builder().distributed_accounts(Some(4)).build().unwrap();
    let four = |secs: i64| (0..4).map(move |n| wrong(secs + n, &format!("198.51.100.{n}"), &format!("u-{n}")));
    let attacks = [3650 * DAY, 0, 2 * 60 * 60].map(four).into_iter().flatten();
    assert_eq!(fold(&policy, attacks), [AlertKind::Distributed; 2]); // the second goes on with the first

    let sprays = |secs: i64| (0..30).map(move |n| wrong(secs + n, "198.51.100.7", &format!("u-{}", n % 10)));
    let attacks = [3650 * DAY, 0, 2 * 60 * 60].map(sprays).into_iter().flatten();
    assert_eq!(fold(&AlertPolicy::default(), attacks), [AlertKind::Spraying; 2]);

    let anna = |secs| right(secs, "198.51.100.7", "anna");
    let guessed = (60..66).map(|secs| wrong(secs, "203.0.113.9", "anna"));
    let events = [anna(3650 * DAY), anna(0)].into_iter().chain(guessed).chain([anna(70)]);
    assert_eq!(fold(&AlertPolicy::default(), events), [AlertKind::SuccessAfterFailures]);
    let long = i64::try_from(AlertPolicy::default().unused().as_secs()).unwrap();
    let events = [anna(3650 * DAY), anna(0), anna(long)];
    assert_eq!(fold(&AlertPolicy::default(), events), [AlertKind::LongUnused]);

    // By so much an event may come late: up to there the first of these counts at its own instant.
    let policy = AlertPolicy::builder().failures(3).build().unwrap();
    let reach = i64::try_from(policy.window().max(policy.stuffing_window()).as_secs()).unwrap();
    let tries = |ahead| [ahead, 0, ahead + 1, ahead + 2].map(|secs| wrong(secs, "203.0.113.9", "anna"));
    assert_eq!(fold(&policy, tries(reach)), [AlertKind::BruteForce]);
    assert_eq!(fold(&policy, tries(reach + 1)), []);
}

#[test]
fn one_source_on_a_hundred_accounts_is_stuffing_once() {
    let policy = AlertPolicy::builder().distributed_accounts(None).build().unwrap();
    let events = (0..100).map(|n| wrong(n, "198.51.100.7", &format!("u-{n}")));
    assert_eq!(fold(&policy, events), [AlertKind::Stuffing]);
}

#[test]
fn elastic_5722_spraying_is_ten_accounts_with_three_tries_each_in_an_hour() {
    // Nine minutes between rounds, so that stuffing's quarter of an hour never holds twenty accounts.
    let round = |round: i64, accounts: i64| {
        (0..accounts).map(move |n| wrong(round * 540 + n, "198.51.100.7", &format!("u-{n}")))
    };
    let nine: Vec<Event> = (0..3).flat_map(|n| round(n, 9)).collect();
    assert_eq!(fold(&AlertPolicy::default(), nine), []);
    let twice: Vec<Event> = (0..2).flat_map(|n| round(n, 10)).collect();
    assert_eq!(fold(&AlertPolicy::default(), twice), []);
    let thrice: Vec<Event> = (0..3).flat_map(|n| round(n, 10)).collect();
    assert_eq!(fold(&AlertPolicy::default(), thrice), [AlertKind::Spraying]);
}

#[test]
fn elastic_5722_stuffing_is_twenty_accounts_in_a_quarter_of_an_hour() {
    let over = |accounts: i64, secs: i64| {
        (0..accounts).map(move |n| wrong(n * secs / (accounts - 1), "198.51.100.7", &format!("u-{n}")))
    };
    assert_eq!(fold(&AlertPolicy::default(), over(19, 300)), []);
    assert_eq!(fold(&AlertPolicy::default(), over(20, 899)), [AlertKind::Stuffing]);
    // At exactly the window's length the first try is over.
    assert_eq!(fold(&AlertPolicy::default(), over(20, 900)), []);
}

/// "At most three tries each": three are stuffing, four are not.
#[test]
fn elastic_5722_stuffing_is_at_most_three_tries_each() {
    let tries = |each: i64| {
        let one = move |n: i64| (0..each).map(move |_| wrong(n, "198.51.100.7", &format!("u-{n}")));
        fold(&AlertPolicy::default(), (0..20).flat_map(one))
    };
    assert_eq!(tries(3), [AlertKind::Spraying, AlertKind::Stuffing]);
    assert_eq!(tries(4), [AlertKind::Spraying]);
}

/// A tenth more goes than must, and not more: what is kept is what alerts are made of.
#[test]
fn what_is_forgotten_is_a_tenth() {
    let policy = AlertPolicy::builder().kept(100, 100).build().unwrap();
    let mut state = AlertState::default();
    for n in 0..100 {
        observe(&mut state, &policy, &wrong(n, &format!("198.51.100.{n}"), &format!("u-{n}")));
    }
    assert_eq!((state.accounts.len(), state.sources.len()), (100, 100));
    observe(&mut state, &policy, &wrong(100, "198.51.100.100", "u-100"));
    assert_eq!((state.accounts.len(), state.sources.len()), (90, 90));
}

/// Disabled by an administrator: only whoever shows the right password is told of.
#[test]
fn the_right_password_for_a_disabled_account_is_told() {
    let refused = event(0, "198.51.100.7", "anna", "sign_in.refused", r#""reason":"session.disabled","matched":true"#);
    assert_eq!(fold(&AlertPolicy::default(), [refused]), [AlertKind::MatchedWhileLocked]);
}

#[test]
fn a_network_of_one_ipv6_customer_is_one_source() {
    let events = (0..20).map(|n| wrong(n, &format!("2001:db8:1:2::{n:x}"), &format!("u-{n}")));
    let mut state = AlertState::default();
    let raised: Vec<Alert> = events.flat_map(|event| observe(&mut state, &AlertPolicy::default(), &event)).collect();
    assert_eq!(
        (raised[0].kind(), raised[0].source()),
        (AlertKind::Stuffing, Some("2001:db8:1:2::".parse::<IpAddr>().unwrap()))
    );
    let apart = (0..20).map(|n| wrong(n, &format!("2001:db8:1:{n:x}::1"), &format!("u-{n}")));
    assert_eq!(fold(&AlertPolicy::default(), apart), []);
}

#[test]
fn many_accounts_from_many_sources_are_an_attack_if_asked() {
    let events =
        |count: i64| (0..count).map(|n| wrong(n, &format!("198.51.{}.{}", n / 256, n % 256), &format!("u-{n}")));
    assert_eq!(fold(&AlertPolicy::default(), events(99)), []);
    assert_eq!(fold(&AlertPolicy::default(), events(300)), [AlertKind::Distributed]);
    let never = AlertPolicy::builder().distributed_accounts(None).build().unwrap();
    assert_eq!(fold(&never, events(300)), []);
}

#[test]
fn a_success_after_three_failures_is_told_and_after_two_is_not() {
    let after = |failures: i64, gap: i64| {
        (0..failures).map(move |n| wrong(n, "192.0.2.1", "anna")).chain([right(
            failures - 1 + gap,
            "192.0.2.1",
            "anna",
        )])
    };
    assert_eq!(fold(&AlertPolicy::default(), after(2, 1)), []);
    assert_eq!(fold(&AlertPolicy::default(), after(3, 1)), [AlertKind::SuccessAfterFailures]);
    // The first of the three is over after exactly an hour.
    assert_eq!(fold(&AlertPolicy::default(), after(3, 3597)), [AlertKind::SuccessAfterFailures]);
    assert_eq!(fold(&AlertPolicy::default(), after(3, 3598)), []);
    // A success in between begins anew.
    let broken = [wrong(0, "192.0.2.1", "anna"), wrong(1, "192.0.2.1", "anna"), right(2, "192.0.2.1", "anna")];
    let again = [wrong(3, "192.0.2.1", "anna"), right(4, "192.0.2.1", "anna")];
    assert_eq!(fold(&AlertPolicy::default(), broken.into_iter().chain(again)), []);
}

#[test]
fn the_right_password_for_a_locked_account_is_told() {
    let matched = event(0, "192.0.2.1", "anna", "sign_in.refused", r#""reason":"sign_in.locked","matched":true"#);
    assert_eq!(fold(&AlertPolicy::default(), [matched]), [AlertKind::MatchedWhileLocked]);
    let unmatched = event(0, "192.0.2.1", "anna", "sign_in.refused", r#""reason":"sign_in.locked""#);
    assert_eq!(fold(&AlertPolicy::default(), [unmatched]), []);
    let dormant = event(0, "192.0.2.1", "anna", "sign_in.refused", r#""reason":"session.dormant","matched":true"#);
    assert_eq!(fold(&AlertPolicy::default(), [dormant]), [AlertKind::DormantUsed]);
}

#[test]
fn a_temporary_password_from_a_new_source_is_told_once_the_account_has_sources() {
    let policy = AlertPolicy::default();
    assert_eq!(fold(&policy, [temporary(0, "192.0.2.1", "anna")]), []); // the first use of all
    let known = [right(0, "192.0.2.1", "anna"), temporary(1, "192.0.2.1", "anna")];
    assert_eq!(fold(&policy, known), []);
    let strange = [right(0, "192.0.2.1", "anna"), temporary(1, "203.0.113.9", "anna")];
    assert_eq!(fold(&policy, strange), [AlertKind::TemporaryFromNewSource]);
}

#[test]
fn the_first_use_after_thirty_days_is_told() {
    let after = |secs| [right(0, "192.0.2.1", "anna"), right(secs, "192.0.2.1", "anna")];
    assert_eq!(fold(&AlertPolicy::default(), after(30 * DAY - 1)), []);
    assert_eq!(fold(&AlertPolicy::default(), after(30 * DAY)), [AlertKind::LongUnused]);
}

#[test]
fn an_alert_is_raised_again_only_after_its_count_was_below_half() {
    let ten = |start: i64| (0..10).map(move |n| wrong(start + n, "192.0.2.1", "anna"));
    let again = |pause: i64| ten(0).chain(ten(pause));
    // At second 3604 five of the first ten are left (those of seconds 5 to 9), at 3605 four.
    assert_eq!(fold(&AlertPolicy::default(), again(3604)), [AlertKind::BruteForce]);
    assert_eq!(fold(&AlertPolicy::default(), again(3605)), [AlertKind::BruteForce, AlertKind::BruteForce]);
}

/// Somebody mistypes every ten minutes, for weeks: that keeps no alert from being raised again.
#[test]
fn ordinary_mistakes_do_not_keep_an_alert_down() {
    let attack = |start: i64| (0..100).map(move |n| wrong(start + n, &format!("198.51.100.{n}"), &format!("u-{n}")));
    let month = (0..4000).map(|n| wrong(1000 + n * 600, "192.0.2.1", "forgetful"));
    let events = attack(0).chain(month).chain(attack(1000 + 4000 * 600));
    assert_eq!(fold(&AlertPolicy::default(), events), [AlertKind::Distributed, AlertKind::Distributed]);
}

/// With a rate of events, most denials are only counted; the locks that they set are said, and tell the same.
#[test]
fn locks_alone_tell_of_spraying() {
    let locked = |secs: i64, account: &str| {
        let line = wrong(secs, "198.51.100.7", account).encode();
        Event::decode(&line.replace("sign_in.refused", "lockout.locked").replace("\"credential\"", "\"lockout\""))
            .unwrap()
    };
    let all = |accounts: i64| (0..accounts).map(move |n| locked(n * 60, &format!("u-{n}")));
    assert_eq!(fold(&AlertPolicy::default(), all(9)), []);
    assert_eq!(fold(&AlertPolicy::default(), all(10)), [AlertKind::Spraying]);
    let lanes = (0..40).map(|n| locked(n, &format!("~from-{n}")));
    assert_eq!(fold(&AlertPolicy::default(), lanes), []);
}

#[test]
fn a_change_that_was_asked_for_is_no_temporary_password() {
    let asked = event(1, "203.0.113.9", "anna", "sign_in.change_required", r#""reason":"asked""#);
    assert_eq!(fold(&AlertPolicy::default(), [right(0, "192.0.2.1", "anna"), asked]), []);
}

#[test]
fn a_million_tries_are_a_few_alerts_in_bounded_memory_and_the_victim_is_kept() {
    let policy = AlertPolicy::builder().kept(100, 10).distributed_accounts(None).build().unwrap();
    let mut state = AlertState::default();
    let mut raised: Vec<AlertKind> = Vec::new();
    let mut show =
        |state: &mut AlertState, event: Event| raised.extend(observe(state, &policy, &event).iter().map(Alert::kind));
    show(&mut state, right(0, "192.0.2.1", "victim"));
    for n in 0..9 {
        show(&mut state, wrong(n, "203.0.113.9", "victim"));
    }
    for n in 0..50_000_i64 {
        show(
            &mut state,
            wrong(10 + n / 1000, &format!("198.{}.{}.{}", 18 + n / 65536, n / 256 % 256, n % 256), &format!("n-{n}")),
        );
    }
    assert!(state.accounts.len() <= 100 && state.sources.len() <= 10);
    show(&mut state, wrong(100, "203.0.113.9", "victim"));
    assert_eq!(raised, [AlertKind::Saturated, AlertKind::BruteForce]);
}

#[test]
fn what_says_nothing_of_signing_in_is_passed_over() {
    let others =
        ["session.opened", "lockout.opened", "credential.created", "sign_in.busy", "sign_in.attempted", "other.thing"];
    let mut state = AlertState::default();
    for code in others {
        assert!(observe(&mut state, &AlertPolicy::default(), &event(0, "192.0.2.1", "anna", code, "")).is_empty());
    }
    let overload = event(0, "192.0.2.1", "anna", "sign_in.refused", r#""reason":"sign_in.superseded""#);
    assert!(observe(&mut state, &AlertPolicy::default(), &overload).is_empty());
    assert_eq!(state, AlertState::default());
}

#[test]
fn the_state_survives_being_written_and_the_alerts_are_the_same() {
    let events: Vec<Event> =
        (0..30).map(|n| wrong(n * 7, &format!("198.51.100.{}", n % 3), &format!("u-{}", n % 4))).collect();
    let (mut whole, mut parted) = (AlertState::default(), AlertState::default());
    for event in &events {
        let expected = observe(&mut whole, &AlertPolicy::default(), event);
        assert_eq!(observe(&mut parted, &AlertPolicy::default(), event), expected);
        parted = serde_json::from_str(&serde_json::to_string(&parted).unwrap()).unwrap();
    }
    assert!(
        serde_json::from_str::<AlertState>(
            r#"{"accounts":{},"sources":{},"anywhere":{"tried":{},"spraying":false,"stuffing":false},"more":1}"#
        )
        .is_err()
    );
}

#[test]
fn policies_have_bounds() {
    let builder = AlertPolicy::builder;
    for asked in [0, 1001] {
        let wrong = Err(AlertPolicyError::Count { asked });
        assert_eq!(builder().failures(asked).build(), wrong);
        assert_eq!(builder().failures_before_success(asked).build(), wrong);
        assert_eq!(builder().spraying(asked, 3).build(), wrong);
        assert_eq!(builder().spraying(10, asked).build(), wrong);
        assert_eq!(builder().stuffing_accounts(asked).build(), wrong);
        assert_eq!(builder().distributed_accounts(Some(asked)).build(), wrong);
    }
    assert_eq!(builder().window_secs(604_801).build(), Err(AlertPolicyError::Window { asked_secs: 604_801 }));
    assert_eq!(builder().stuffing_window_secs(3601).build(), Err(AlertPolicyError::Window { asked_secs: 3601 }));
    assert_eq!(builder().unused_secs(0).build(), Err(AlertPolicyError::Unused { asked_secs: 0 }));
    assert_eq!(builder().kept(0, 1).build(), Err(AlertPolicyError::Kept { asked: 0 }));
    assert_eq!(builder().kept(1, 1_000_001).build(), Err(AlertPolicyError::Kept { asked: 1_000_001 }));
    let text = serde_json::to_string(&AlertPolicy::default()).unwrap();
    assert_eq!(serde_json::from_str::<AlertPolicy>(&text).unwrap(), AlertPolicy::default());
    assert!(serde_json::from_str::<AlertPolicy>(r#"{"failures":0}"#).is_err());
    assert!(serde_json::from_str::<AlertPolicy>(r#"{"failure":1}"#).is_err());
}

#[test]
fn an_alert_says_what_it_knows_and_nothing_else() {
    let mut state = AlertState::default();
    let policy = AlertPolicy::builder().failures(1).build().unwrap();
    let alert = observe(&mut state, &policy, &wrong(0, "192.0.2.1", "anna")).remove(0);
    assert_eq!(alert.fact().code(), BRUTE_FORCE);
    assert_eq!(String::from(alert.kind().code().as_str()), "alerts.brute_force");
    assert!(format!("{alert}").ends_with("alerts.brute_force: 1, account anna"));
}

/// A password was refused, for whatever reason of the password, the account or the lock: each counts. The others do not.
#[test]
fn what_counts_as_a_failure() {
    let after = |reason: &str| {
        let policy = AlertPolicy::builder().failures(1).build().unwrap();
        fold(&policy, [event(0, "192.0.2.1", "anna", "sign_in.refused", &format!(r#""reason":"sign_in.{reason}""#))])
    };
    for reason in ["mismatch", "unknown_account", "no_password", "expired", "locked", "disabled", "legacy_too_long"] {
        assert_eq!(after(reason), [AlertKind::BruteForce], "{reason}");
    }
    for reason in ["superseded", "unusable_hash", "overloaded"] {
        assert_eq!(after(reason), [], "{reason}");
    }
}
