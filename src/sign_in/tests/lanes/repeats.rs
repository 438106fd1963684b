//! The same wrong password, counted once.

use super::*;

#[test]
fn the_same_wrong_password_counts_once() {
    let lockout = LockoutPolicy::builder().repeats(Repeats::Free).build().unwrap();
    let mut world = world(SignInPolicy::builder().lockout(lockout));
    let before = world.events().len();
    for micros in 1..=10 {
        assert_eq!(world.reason_of(at(micros), &typed("Winter2025")), text("sign_in.mismatch"));
    }
    assert_eq!((world.lockout().failures(), world.lockout().reserved()), (1, 0));
    assert_eq!(world.events().len() - before, 20); // attempted and refused: as many as if each had counted
    assert!(!format!("{:?}", world.store.records()).contains("Winter"));
    assert_denied(world.sign_in(at(11), &typed("Winter2026")));
    assert_denied(world.sign_in(at(12), &typed("Winter2025")));
    assert_eq!(world.lockout().failures(), 2);
    // A success forgets them, and so does a served lock: what was free counts again.
    signed_in(world.sign_in(at(13), &typed(RIGHT)));
    assert!(!format!("{:?}", world.store.records()).contains("guesses"));
    for guess in ["Winter2025", "Winter2026", "Winter2025", "Winter2027"] {
        assert_denied(world.sign_in(at(14), &typed(guess)));
    }
    assert_eq!(world.reason_of(at(15), &typed(RIGHT)), text("sign_in.locked"));
    assert_denied(world.sign_in(at(14 + 15 * MINUTE), &typed("Winter2027")));
    assert_eq!(world.lockout().failures(), 1);
}

/// Parallel tries with the same wrong password: each holds its place while it runs, and only one is charged.
#[test]
fn the_same_wrong_password_in_parallel_counts_once() {
    let lockout = LockoutPolicy::builder().repeats(Repeats::Free).build().unwrap();
    let world = world(SignInPolicy::builder().lockout(lockout));
    let (guard, request) = (world.guard(), typed("Winter2025"));
    let begin = || update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(1), &request)).unwrap();
    let attempts = [begin(), begin(), begin()];
    assert!(matches!(begin(), Begun::Ended(SignInOutcome::Busy { .. })));
    for attempt in attempts {
        let Begun::Attempt(attempt) = attempt else { panic!() };
        let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
        assert_denied(update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, at(2), &verdict)).unwrap());
    }
    assert_eq!((world.lockout().failures(), world.lockout().reserved()), (1, 0));
}

/// A guess counts once for each account it is made at, and for each name.
#[test]
fn a_repeated_guess_is_of_one_account() {
    let free = LockoutPolicy::builder().limit(2).repeats(Repeats::Free).build().unwrap();
    let named = |name: &str| {
        let origin = Origin::network("203.0.113.9".parse().unwrap(), Transport::Tls);
        SignInRequest::new(name, None, Secret::from("guess"), origin)
    };
    let at_accounts = ["v-1", "v-2"].map(|account| from("203.0.113.9", account, "guess"));
    for [first, second] in [at_accounts, [named("nobody"), named("somebody")]] {
        let mut world = with_lanes(LanePolicy::builder().source(free.clone()));
        for _ in 0..2 {
            assert_denied(world.sign_in(at(1), &first));
        }
        assert_eq!(world.count("lockout.locked", ""), 0);
        assert_denied(world.sign_in(at(2), &second));
        assert_eq!(world.count("lockout.locked", ""), 1); // of the source
    }
}

/// Where no budget counts a repeated guess, none does: the same in every lane.
#[test]
fn the_same_wrong_password_counts_once_in_every_lane() {
    let free = |failures| LockoutPolicy::builder().limit(failures).repeats(Repeats::Free).build().unwrap();
    let lanes = LanePolicy::builder().source(free(20)).account_source(free(5));
    let lanes = lanes.sourceless(free(100)).temporary(free(10)).build().unwrap();
    let mut world = world(SignInPolicy::builder().lockout(free(3)).lanes(lanes));
    for micros in 1..=10 {
        assert_eq!(world.reason_of(at(micros), &typed("Winter2025")), text("sign_in.mismatch"));
    }
    assert_eq!(world.lockout().failures(), 1);
}
