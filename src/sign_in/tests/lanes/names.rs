//! Names without an account.

use super::*;

/// A flood of random names: no more rows than the policy says, and nobody else's count is touched.
#[test]
fn names_without_an_account_are_counted_in_bounded_memory() {
    let mut world = with_lanes(LanePolicy::builder().unknown_names(256));
    assert_denied(world.sign_in(at(1), &typed("guess")));
    let before = world.lockout();
    for number in 0..4000 {
        assert_denied(world.sign_in(at(2 + number), &unknown(&format!("name{number}"))));
    }
    let rows = world.store.records().iter().filter(|(key, _)| key.id().starts_with('~')).count();
    assert!((250..=256).contains(&rows), "{rows}");
    assert_eq!(world.lockout(), before);
}

fn keys_of_names(names: u32) {
    let world = World::new();
    let guard = world.guard();
    let keys: BTreeSet<String> =
        (0..names).map(|number| guard.keys(&unknown(&format!("n{number}")))[0].id().into()).collect();
    assert!(keys.len() <= 65_536 && keys.len() > names.min(60_000) as usize / 2, "{}", keys.len());
    assert!(keys.iter().all(|key| key.starts_with("~name-"))); // no account's
}

#[test]
fn names_have_no_more_keys_than_the_policy_says() {
    keys_of_names(100_000);
}

#[test]
#[ignore = "half a minute"]
fn a_million_names_have_no_more_keys_than_the_policy_says() {
    keys_of_names(1_000_000);
}

/// Two names in one record do not share a count: neither a lock nor `Busy` of the one shows at the other, so
/// that it answers as a fresh account does.
#[test]
fn busy_does_not_tell_which_names_share_a_record() {
    let world = with_lanes(LanePolicy::builder().unknown_names(256));
    let guard = world.guard();
    let record = |name: &str| guard.keys(&unknown(name))[0].clone();
    let twin = (0..).map(|number| format!("twin{number}")).find(|name| record(name) == record("first")).unwrap();
    let begin = |name: &str, now| {
        let request = unknown(name);
        update(&world.store, guard.keys(&request), |rows| guard.begin(rows, now, &request)).unwrap()
    };
    let is_busy = |begun: Begun| matches!(begun, Begun::Ended(SignInOutcome::Busy { .. }));
    for now in [at(1), at(2), at(3)] {
        assert!(!is_busy(begin("first", now)));
    }
    assert!(is_busy(begin("first", at(4))));
    for now in [at(5), at(6), at(7)] {
        assert!(!is_busy(begin(&twin, now)), "a fresh account has room for three");
    }
    assert!(is_busy(begin(&twin, at(8))), "and for no fourth");
}
