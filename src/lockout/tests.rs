mod edges;
mod lanes;
mod policies;

use alloc::string::ToString;
use alloc::vec::Vec;
use core::time::Duration;

use super::state::Lock;
use super::*;
use crate::store::{Next, Record, Transition};
use crate::time::{Now, Timestamp};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// Microseconds after an arbitrary start.
fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

/// Applies a transition as a store would, and gives its outcome and the codes of its facts.
fn step<O>(
    state: &mut Option<LockoutState>,
    decide: impl FnOnce(Option<LockoutState>) -> Transition<LockoutState, O>,
) -> (O, Vec<&'static str>) {
    let transition = decide(state.clone());
    let (next, outcome, facts) = transition.into_parts();
    match next {
        Next::Keep => {}
        Next::Put(next) | Next::PutUntil { state: next, .. } | Next::End { state: next, .. } => *state = Some(next),
    }
    (outcome, facts.iter().map(|fact| fact.code().as_str()).collect())
}

fn reserve(state: &mut Option<LockoutState>, now: Now, policy: &LockoutPolicy) -> Reservation {
    match step(state, |s| begin(s, now, policy)).0 {
        BeginOutcome::Reserved(reservation) => reservation,
        other => panic!("{other:?}"),
    }
}

fn fail(state: &mut Option<LockoutState>, now: Now, policy: &LockoutPolicy) -> Vec<&'static str> {
    let attempt = reserve(state, now, policy);
    let (outcome, codes) = step(state, |s| settle(s, now, policy, &attempt, false));
    assert_eq!(outcome, SettleOutcome::Refused);
    codes
}

/// An account that was locked by three failures at `at(0)`.
fn locked() -> Option<LockoutState> {
    let (mut state, policy) = (None, LockoutPolicy::default());
    assert!(fail(&mut state, at(0), &policy).is_empty());
    assert!(fail(&mut state, at(0), &policy).is_empty());
    assert_eq!(fail(&mut state, at(0), &policy), ["lockout.locked"]);
    state
}

fn begun(state: &Option<LockoutState>, now: Now) -> BeginOutcome {
    *begin(state.clone(), now, &LockoutPolicy::default()).outcome()
}

/// E-6P.3: the third failure blocks, the second does not.
#[test]
fn e_6p_3_the_third_failure_locks() {
    let state = locked().unwrap();
    assert_eq!(state.locked_until(), Some(at(15 * MINUTE).timestamp()));
    assert_eq!((state.failures(), state.run(), state.reserved()), (3, 3, 0));
}

/// E-6P.3: blocked for 15 minutes: closed one microsecond before, open exactly at lock + 15 min.
#[test]
fn e_6p_3_opens_exactly_at_lock_plus_15_minutes() {
    let until = at(15 * MINUTE).timestamp();
    for micros in [0, 7 * MINUTE, 15 * MINUTE - 1] {
        assert_eq!(begun(&locked(), at(micros)), BeginOutcome::Locked { until }, "{micros}");
    }
    for micros in [15 * MINUTE, 15 * MINUTE + 1] {
        let mut state = locked();
        let (outcome, codes) = step(&mut state, |s| begin(s, at(micros), &LockoutPolicy::default()));
        assert!(matches!(outcome, BeginOutcome::Reserved(_)), "{micros}");
        assert_eq!(codes, ["lockout.opened"]);
        assert_eq!((state.clone().unwrap().failures(), state.unwrap().run()), (0, 3)); // a fresh window; the run goes on
    }
}

/// E-6P.3: attempts while locked never move the lock, and write nothing.
#[test]
fn attempts_while_locked_never_move_it() {
    let state = locked();
    for minute in 0..15 {
        let transition = begin(state.clone(), at(minute * MINUTE), &LockoutPolicy::default());
        assert_eq!(transition.next(), &Next::Keep);
        assert_eq!(transition.outcome(), &BeginOutcome::Locked { until: at(15 * MINUTE).timestamp() });
    }
}

#[test]
fn a_success_on_the_third_try_clears_the_count() {
    let (mut state, policy) = (None, LockoutPolicy::default());
    fail(&mut state, at(0), &policy);
    fail(&mut state, at(1), &policy);
    let attempt = reserve(&mut state, at(2), &policy);
    let (outcome, _) = step(&mut state, |s| settle(s, at(3), &policy, &attempt, true));
    assert_eq!(outcome, SettleOutcome::Accepted);
    assert_eq!(state, Some(LockoutState::default()));
}

/// The decision table of settling, row by row: what was reserved at 0 is settled when the account is
/// open or locked, the reservation live, lapsed or refunded.
#[test]
fn settling_row_by_row() {
    let policy = LockoutPolicy::default();
    let lease = 60 * SECOND;
    // Two attempts under way.
    let two = || {
        let mut state = None;
        let (a, b) = (reserve(&mut state, at(0), &policy), reserve(&mut state, at(1), &policy));
        (state, a, b)
    };
    // match, live / late: accepted, and everything is cleared.
    for micros in [lease - 1, lease, 2 * lease] {
        let (mut state, a, _) = two();
        let (outcome, _) = step(&mut state, |s| settle(s, at(micros), &policy, &a, true));
        assert_eq!((outcome, state), (SettleOutcome::Accepted, Some(LockoutState::default())), "{micros}");
    }
    // wrong, live: charged.
    let (mut state, a, _) = two();
    let _ = step(&mut state, |s| settle(s, at(lease - 1), &policy, &a, false));
    assert_eq!((state.clone().unwrap().failures(), state.unwrap().reserved()), (1, 1));
    // wrong, gone because it lapsed: charged at its lapse, not again.
    let (mut state, a, _) = two();
    let (_, codes) = step(&mut state, |s| settle(s, at(lease), &policy, &a, false));
    assert_eq!((codes, state.unwrap().failures()), (Vec::from(["lockout.lapsed"]), 1));
    // wrong, gone because a success refunded it: charged now.
    let (mut state, a, b) = two();
    let _ = step(&mut state, |s| settle(s, at(2), &policy, &b, true));
    let _ = step(&mut state, |s| settle(s, at(3), &policy, &a, false));
    assert_eq!(state.unwrap().failures(), 1);
    // refunded, and settled when its deadline is over: nothing.
    let (mut state, a, b) = two();
    let _ = step(&mut state, |s| settle(s, at(2), &policy, &b, true));
    let _ = step(&mut state, |s| settle(s, at(lease), &policy, &a, false));
    assert_eq!(state.unwrap().failures(), 0);
}

#[test]
fn a_lock_set_meanwhile_is_not_erased_by_a_success() {
    let policy = LockoutPolicy::default();
    let mut state = None;
    let right = reserve(&mut state, at(0), &policy);
    fail(&mut state, at(1), &policy);
    fail(&mut state, at(2), &policy);
    let wrong = Reservation::until(at(3).timestamp()); // stands for a third, charged by its lapse
    state.as_mut().unwrap().reserved.push(wrong.deadline);
    let (outcome, codes) = step(&mut state, |s| settle(s, at(4), &policy, &right, true));
    assert_eq!((outcome, codes), (SettleOutcome::Refused, Vec::from(["lockout.lapsed", "lockout.locked"])));
    assert_eq!(state.unwrap().locked_until(), Some(at(3 + 15 * MINUTE).timestamp()));
}

/// Under a lock a wrong guess that was begun before counts for the cap, and the right password does not.
#[test]
fn under_a_lock_only_wrong_guesses_count_for_the_run() {
    for (matched, run) in [(false, 4), (true, 3)] {
        let mut state = locked();
        let under_way = Reservation::until(at(MINUTE).timestamp());
        state.as_mut().unwrap().reserved.push(under_way.deadline);
        let (outcome, _) = step(&mut state, |s| settle(s, at(1), &LockoutPolicy::default(), &under_way, matched));
        let state = state.unwrap();
        assert_eq!((outcome, state.failures(), state.run()), (SettleOutcome::Refused, 3, run), "{matched}");
        assert_eq!((state.reserved(), state.locked_until()), (0, Some(at(15 * MINUTE).timestamp())), "{matched}");
    }
}

#[test]
fn parallel_attempts_never_exceed_the_room() {
    let policy = LockoutPolicy::default();
    let mut state = None;
    for _ in 0..3 {
        reserve(&mut state, at(0), &policy);
    }
    let transition = begin(state.clone(), at(20 * SECOND), &policy);
    assert_eq!(transition.outcome(), &BeginOutcome::Busy { retry_after: Duration::from_secs(40) });
    assert_eq!(transition.next(), &Next::Keep);
    // Abandoned, all three lapse as failures at the end of their lease: the account is locked from then.
    let transition = begin(state, at(61 * SECOND), &policy);
    assert_eq!(transition.outcome(), &BeginOutcome::Locked { until: at(60 * SECOND + 15 * MINUTE).timestamp() });
}

#[test]
fn a_cancelled_attempt_is_not_charged() {
    let policy = LockoutPolicy::default();
    let mut state = None;
    let attempt = reserve(&mut state, at(0), &policy);
    let _ = step(&mut state, |s| cancel(s, at(1), &policy, &attempt));
    assert_eq!(state, Some(LockoutState::default()));
}

#[test]
fn a_tightened_policy_locks_instead_of_being_busy_for_ever() {
    let loose = LockoutPolicy::builder().limit(10).build().unwrap();
    let mut state = None;
    for micros in 0..5 {
        fail(&mut state, at(micros), &loose);
    }
    assert_eq!(begun(&state, at(MINUTE)), BeginOutcome::Locked { until: at(16 * MINUTE).timestamp() });
}

/// NIST SP 800-63B-4 section 3.2.2: consecutive failures are capped, over all locks, by disabling.
#[test]
fn the_cap_survives_served_locks_and_disables() {
    let policy = LockoutPolicy::builder().cap(Some(100)).build().unwrap();
    let mut state = None;
    for lock in 0..33 {
        for _ in 0..3 {
            fail(&mut state, at(lock * 15 * MINUTE), &policy);
        }
    }
    assert_eq!(state.clone().unwrap().run(), 99);
    // A success at 99 resets …
    let mut saved = state.clone();
    let attempt = reserve(&mut saved, at(33 * 15 * MINUTE), &policy);
    let _ = step(&mut saved, |s| settle(s, at(33 * 15 * MINUTE), &policy, &attempt, true));
    assert_eq!(saved.unwrap().run(), 0);
    // … and the hundredth failure disables, for good.
    assert_eq!(fail(&mut state, at(33 * 15 * MINUTE), &policy), ["lockout.disabled"]);
    assert!(state.clone().unwrap().is_disabled());
    let years_later = at(3650 * 24 * 60 * MINUTE);
    assert_eq!(begin(state, years_later, &policy).outcome(), &BeginOutcome::Disabled);
}

/// The tiers of django-axes: 3 -> 15 minutes, 6 -> 2 hours, 10 -> 24 hours.
fn axes() -> LockoutPolicyBuilder {
    LockoutPolicy::builder()
        .tiers([Tier { failures: 6, lock_secs: 2 * 60 * 60 }, Tier { failures: 10, lock_secs: 24 * 60 * 60 }])
}

#[test]
fn locks_grow_longer_by_tiers_until_a_success() {
    let (mut state, policy, hour) = (None, axes().build().unwrap(), 60 * MINUTE);
    let mut now = 0;
    // Failures until the lock, and its length: the tenth failure locks although its window has room for two more.
    for (failures, length) in [(3, 15 * MINUTE), (3, 2 * hour), (3, 2 * hour), (1, 24 * hour), (3, 24 * hour)] {
        for nth in 1..=failures {
            let codes = fail(&mut state, at(now), &policy);
            assert_eq!(codes.contains(&"lockout.locked"), nth == failures, "{codes:?}");
        }
        let until = at(now + length).timestamp();
        assert_eq!(begin(state.clone(), at(now + length - 1), &policy).outcome(), &BeginOutcome::Locked { until });
        now += length;
    }
    let attempt = reserve(&mut state, at(now), &policy);
    let _ = step(&mut state, |s| settle(s, at(now), &policy, &attempt, true));
    for _ in 0..3 {
        fail(&mut state, at(now), &policy);
    }
    assert_eq!(state.unwrap().locked_until(), Some(at(now + 15 * MINUTE).timestamp()));
}

/// As many may be under way as may still fail before the next tier, so that none fails past it.
#[test]
fn attempts_under_way_stop_short_of_a_tier() {
    let (mut state, policy) = (None, axes().build().unwrap());
    for window in [0, 1, 4] {
        (0..3).for_each(|_| drop(fail(&mut state, at(window * 60 * MINUTE), &policy)));
    }
    let now = at(7 * 60 * MINUTE);
    reserve(&mut state, now, &policy);
    assert!(matches!(begin(state, now, &policy).outcome(), BeginOutcome::Busy { .. }));
}

#[test]
fn a_clock_that_steps_back_never_unlocks() {
    let (until, mut state) = (at(15 * MINUTE).timestamp(), locked());
    assert_eq!(begun(&state, at(-10 * SECOND)), BeginOutcome::Locked { until });
    // An hour back: the lock is bounded by what that clock can reach, once; it does not move again …
    let bounded = at(-60 * MINUTE + 15 * MINUTE + 30 * SECOND).timestamp();
    let (outcome, codes) = step(&mut state, |s| begin(s, at(-60 * MINUTE), &LockoutPolicy::default()));
    assert_eq!((outcome, codes), (BeginOutcome::Locked { until: bounded }, Vec::from(["lockout.bounded"])));
    assert_eq!(begun(&state, at(-50 * MINUTE)), BeginOutcome::Locked { until: bounded });
    // … and when the clock is right again, the lock's own end counts.
    assert_eq!(begun(&state, at(1)), BeginOutcome::Locked { until });
    assert_eq!(begun(&state, at(15 * MINUTE - 1)), BeginOutcome::Locked { until });
    assert!(matches!(begun(&state, at(15 * MINUTE)), BeginOutcome::Reserved(_)));
}

/// One node whose clock is 16 minutes behind, among others: its requests open nothing.
#[test]
fn a_lagging_node_does_not_open_what_the_others_hold_closed() {
    let (mut state, policy) = (locked(), LockoutPolicy::default());
    for second in 0..60 {
        let _ = step(&mut state, |s| begin(s, at(second * SECOND - 16 * MINUTE), &policy));
        assert_eq!(begun(&state, at(second * SECOND)), BeginOutcome::Locked { until: at(15 * MINUTE).timestamp() });
    }
}

/// An administrator opens a locked or a disabled account; attempts under way stay charged.
#[test]
fn an_administrator_unlocks() {
    let policy = LockoutPolicy::builder().cap(Some(3)).build().unwrap();
    let disabled = {
        let mut state = None;
        (0..3).for_each(|_| assert!(fail(&mut state, at(0), &policy).len() <= 1));
        assert!(state.clone().unwrap().is_disabled());
        state
    };
    for closed in [locked(), disabled] {
        assert!(is_closed(closed.clone(), at(1), &policy));
        let mut state = closed;
        let ((), codes) = step(&mut state, |s| unlock(s, at(1), &policy));
        assert_eq!(codes, ["lockout.unlocked"]);
        assert!(!is_closed(state.clone(), at(1), &policy));
        assert_eq!((state.clone().unwrap().failures(), state.unwrap().run()), (0, 0));
    }
    let mut state = None;
    reserve(&mut state, at(0), &policy);
    let transition = unlock(state, at(1), &policy); // nothing to open
    assert_eq!(transition.next(), &Next::Keep);
}

#[test]
fn a_clock_that_ran_ten_years_ahead_costs_one_period() {
    let ten_years = 3650 * 24 * 60 * MINUTE;
    let (mut state, policy) = (None, LockoutPolicy::default());
    for _ in 0..3 {
        fail(&mut state, at(ten_years), &policy);
    }
    let _ = step(&mut state, |s| begin(s, at(0), &policy));
    assert!(matches!(begun(&state, at(15 * MINUTE + 30 * SECOND - 1)), BeginOutcome::Locked { .. }));
    assert!(matches!(begun(&state, at(15 * MINUTE + 30 * SECOND)), BeginOutcome::Reserved(_)));
}

#[test]
fn at_the_end_of_time_it_saturates_closed() {
    let (mut state, policy) = (None, LockoutPolicy::default());
    // Two minutes before it, neither a lease nor a lock wraps around.
    let end = Now::from(Timestamp::MAX.saturating_sub(Duration::from_secs(120)));
    for _ in 0..3 {
        fail(&mut state, end, &policy);
    }
    assert_eq!(state.unwrap().locked_until(), Some(Timestamp::MAX));
}
