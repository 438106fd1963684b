//! Marks through a change of keys, and through a password that is replaced in mid-hash.

use alloc::format;

use super::lanes::{RIGHT, from, limit, with_lanes};
use super::*;
use crate::lockout::{FamiliarPolicy, LanePolicy};

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

/// A new key, the one before retired.
fn rotated() -> Keyring {
    Keyring::new(id("new"), [2; 32]).with_retired(id("k"), [1; 32]).unwrap()
}

fn begin(world: &World, now: Now, request: &SignInRequest) -> Begun {
    let guard = world.guard();
    update(&world.store, guard.keys(request), |rows| guard.begin(rows, now, request)).unwrap()
}

fn is_busy(begun: &Begun) -> bool {
    matches!(begun, Begun::Ended(SignInOutcome::Busy { .. }))
}

#[test]
fn a_familiar_place_stays_familiar_when_the_key_is_changed() {
    let home = from("192.0.2.44", "u-17", RIGHT);
    let world = |keys: Keyring| {
        let mut world = with_lanes(LanePolicy::builder().familiar(FamiliarPolicy::default()));
        signed_in(world.sign_in(at(1), &home));
        world.keys = keys;
        for guess in 0..3 {
            assert_denied(world.sign_in(at(2), &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
        }
        world
    };
    let mut kept = world(rotated());
    signed_in(kept.sign_in(at(3), &home));
    // From now on it is marked with the new key, and the old one may go.
    kept.keys = Keyring::new(id("new"), [2; 32]);
    signed_in(kept.sign_in(at(4), &home));
    // The bad case: a ring that has lost the key.
    let mut lost = world(Keyring::new(id("new"), [2; 32]));
    assert_eq!(lost.reason_of(at(3), &home), text("sign_in.locked"));
}

/// Or the lock of a name without an account would be over with the change of keys, and that of an account not.
#[test]
fn a_locked_name_without_an_account_stays_locked_when_the_key_is_changed() {
    let locked = || {
        let mut world = World::new();
        world.issue(at(0), IssueReason::NewUser);
        for _ in 0..3 {
            assert_denied(world.sign_in(at(1), &unknown("nobody")));
            assert_denied(world.sign_in(at(1), &typed("guess")));
        }
        world
    };
    // What is locked is never busy; what is open has room for three.
    let busy = |world: &World, micros, request: &SignInRequest| {
        (0..4).map(|_| is_busy(&begin(world, at(micros), request))).collect::<Vec<_>>()
    };
    for request in [unknown("nobody"), unknown(" NOBODY"), typed("guess")] {
        let mut world = locked();
        world.keys = rotated();
        assert_eq!(busy(&world, 2, &request), [false; 4], "{request:?}");
        // Served, and only then.
        assert_eq!(busy(&world, 1 + 15 * MINUTE, &request), [false, false, false, true], "{request:?}");
        assert_eq!(busy(&world, 2, &unknown("somebody")), [false, false, false, true]);
    }
    // The bad case: a ring that has lost the key tells the name from an account.
    let mut world = locked();
    world.keys = Keyring::new(id("new"), [2; 32]);
    assert_eq!(busy(&world, 2, &unknown("nobody")), [false, false, false, true]);
    assert_eq!(busy(&world, 2, &typed("guess")), [false; 4]);
}

/// A count goes on under the new key: two failures before and one after are three.
#[test]
fn counts_of_names_and_sources_go_on_when_the_key_is_changed() {
    let lanes = LanePolicy::builder().source(limit(5)).account_source(limit(2));
    let mut world = with_lanes(lanes);
    assert_denied(world.sign_in(at(1), &from("203.0.113.9", "u-17", "guess1")));
    assert_denied(world.sign_in(at(1), &from("203.0.113.9", "v-1", "guess")));
    assert_denied(world.sign_in(at(1), &from("203.0.113.9", "v-2", "guess")));
    world.keys = rotated();
    // The second of account and source together, and the fourth of the source.
    assert_denied(world.sign_in(at(2), &from("203.0.113.9", "u-17", "guess2")));
    assert_eq!(world.reason_of(at(3), &from("203.0.113.9", "u-17", RIGHT)), text("sign_in.locked"));
    signed_in(world.sign_in(at(4), &typed(RIGHT)));
    assert_denied(world.sign_in(at(5), &from("203.0.113.9", "v-3", "guess"))); // the fifth
    assert_eq!(world.reason_of(at(6), &from("203.0.113.9", "v-4", "guess")), text("sign_in.locked"));

    let mut world = World::new();
    let name = |world: &mut World, now| assert_denied(world.sign_in(now, &unknown("nobody")));
    name(&mut world, at(1));
    name(&mut world, at(1));
    world.keys = rotated();
    assert!(!is_busy(&begin(&world, at(2), &unknown("nobody"))));
    assert!(is_busy(&begin(&world, at(2), &unknown("nobody")))); // room for one, and it is taken
}

/// As many records are loaded for every name, with one key and with two.
#[test]
fn every_name_has_as_many_keys() {
    let full = LanePolicy::builder().familiar(FamiliarPolicy::default()).source(limit(9)).account_source(limit(9));
    for lanes in [LanePolicy::builder(), full] {
        let mut world = with_lanes(lanes);
        for keys in [Keyring::new(id("k"), [1; 32]), rotated()] {
            world.keys = keys;
            let keys = |request: &SignInRequest| world.guard().keys(request);
            let distinct = |keys: Vec<Key>| keys.into_iter().collect::<alloc::collections::BTreeSet<_>>().len();
            assert_eq!(keys(&typed("x")).len(), keys(&unknown("x")).len());
            assert_eq!(distinct(keys(&typed("x"))), distinct(keys(&unknown("x"))));
        }
    }
}

/// The right password of yesterday, in mid-hash when it was replaced: where it was typed nobody becomes familiar.
#[test]
fn a_settle_on_rows_from_before_a_reset_makes_nobody_familiar() {
    let mut world = with_lanes(LanePolicy::builder().familiar(FamiliarPolicy::default()));
    let thief = from("203.0.113.9", "u-17", RIGHT);
    let Begun::Attempt(attempt) = begin(&world, at(1), &thief) else { panic!() };
    let verdict = attempt.verify(&world.hasher, &mut Counting(3), thief.password());
    let temporary = world.issue(at(2), IssueReason::Reset);
    let guard = world.guard();
    let settled = update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, at(3), &verdict)).unwrap();
    // It was decided on what was loaded before: a session that is dead from the start.
    assert_eq!(world.session(at(3), signed_in(settled).token()), SessionOutcome::Dead);
    for guess in 0..3 {
        assert_denied(world.sign_in(at(4), &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
    }
    let locked: Vec<_> = world.events().into_iter().filter(|event| event.code() == "lockout.locked").collect();
    assert_eq!(locked.iter().map(|event| event.subject().id()).collect::<Vec<_>>(), ["u-17"]); // as a stranger
    must_change(world.sign_in(at(5), &typed(temporary.password().expose())));
}
