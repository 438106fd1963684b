//! What is rare: attempts that lapse around a lock, and instants that no right clock writes.

use super::*;

fn of(failures: u32, lock: Lock, reserved: &[i64]) -> LockoutState {
    let reserved = reserved.iter().map(|micros| at(*micros).timestamp()).collect();
    LockoutState { failures, run: failures, lock, reserved, ..LockoutState::default() }
}

fn until(micros: i64) -> Lock {
    Lock::Until(at(micros).timestamp())
}

fn begins(state: LockoutState, micros: i64) -> (LockoutState, BeginOutcome, Vec<&'static str>) {
    let mut state = Some(state);
    let (outcome, codes) = step(&mut state, |s| begin(s, at(micros), &LockoutPolicy::default()));
    (state.unwrap(), outcome, codes)
}

/// The first to lapse locks for 15 minutes, which are served when the second lapses: it is the first of a new window.
#[test]
fn attempts_lapse_in_the_order_of_their_deadlines() {
    let (state, outcome, codes) = begins(of(2, Lock::Open, &[20 * MINUTE, 0]), 20 * MINUTE);
    assert!(matches!(outcome, BeginOutcome::Reserved(_)), "{outcome:?}");
    assert_eq!((state.failures(), state.run()), (1, 4));
    assert_eq!(codes, [LAPSED, LOCKED, OPENED, LAPSED].map(|code| code.as_str()));
}

#[test]
fn what_lapses_under_a_lock_does_not_move_it() {
    let (_, outcome, codes) = begins(of(3, until(10 * MINUTE), &[5 * MINUTE]), 6 * MINUTE);
    assert_eq!(outcome, BeginOutcome::Locked { until: at(10 * MINUTE).timestamp() });
    assert_eq!(codes, [LAPSED.as_str()]);
}

#[test]
fn what_is_disabled_is_not_disabled_again() {
    let policy = LockoutPolicy::builder().cap(Some(5)).build().unwrap();
    let mut state = Some(of(5, Lock::Disabled, &[0]));
    let (outcome, codes) = step(&mut state, |s| begin(s, at(1), &policy));
    assert_eq!((outcome, codes), (BeginOutcome::Disabled, [LAPSED.as_str()].to_vec()));
}

/// A lock ends at most its length and the skew from now, to the microsecond.
#[test]
fn a_lock_is_bounded_beyond_its_reach_only() {
    let policy = LockoutPolicy::default();
    let reach = at(0).plus(policy.lock() + policy.skew());
    let (_, outcome, codes) = begins(LockoutState { lock: Lock::Until(reach), ..of(3, Lock::Open, &[]) }, 0);
    assert_eq!((outcome, codes.len()), (BeginOutcome::Locked { until: reach }, 0));

    // Within reach again, its own end counts and not the bound.
    let bounded = Some(at(1).timestamp());
    let (_, outcome, _) = begins(LockoutState { lock: Lock::Until(reach), bounded, ..of(3, Lock::Open, &[]) }, 0);
    assert_eq!(outcome, BeginOutcome::Locked { until: reach });

    let beyond = Lock::Until(reach.saturating_add(Duration::from_micros(1)));
    let (_, outcome, codes) = begins(LockoutState { lock: beyond, ..of(3, Lock::Open, &[]) }, 0);
    assert_eq!((outcome, codes), (BeginOutcome::Locked { until: reach }, [BOUNDED.as_str()].to_vec()));
}

/// An attempt that a clock ran ahead for is busy no longer than one that was begun now.
#[test]
fn a_deadline_is_bounded() {
    let (policy, day) = (LockoutPolicy::default(), 24 * 60 * MINUTE);
    let (_, outcome, _) = begins(of(2, Lock::Open, &[day]), 0);
    assert_eq!(outcome, BeginOutcome::Busy { retry_after: policy.lease() + policy.skew() });
}

#[test]
fn an_attempt_that_is_gone_counts_nothing_under_a_lock() {
    let policy = LockoutPolicy::default();
    let gone = reserve(&mut None, at(0), &policy);
    let (next, outcome, _) = settle(Some(of(3, until(15 * MINUTE), &[])), at(1), &policy, &gone, false).into_parts();
    assert_eq!((next, outcome), (Next::Keep, SettleOutcome::Refused));
}

#[test]
fn failures_short_of_a_lock_are_unlocked_too() {
    let mut state = Some(of(2, Lock::Open, &[]));
    let ((), codes) = step(&mut state, |s| unlock(s, at(0), &LockoutPolicy::default()));
    assert_eq!((codes, state), ([UNLOCKED.as_str()].to_vec(), Some(LockoutState::default())));
}

/// What an administrator opens forgets the failures, and not the attempts that are still under way.
#[test]
fn unlocking_leaves_attempts_under_way_charged() {
    for lock in [until(15 * MINUTE), Lock::Disabled, Lock::Open] {
        let mut state = Some(of(3, lock, &[MINUTE]));
        let ((), codes) = step(&mut state, |s| unlock(s, at(1), &LockoutPolicy::default()));
        assert_eq!(codes, [UNLOCKED.as_str()]);
        assert_eq!(state, Some(of(0, Lock::Open, &[MINUTE])));
    }
}

#[test]
fn opening_an_account_without_failures_is_no_event() {
    for open in [unlock, rebind] {
        let (next, (), facts) = open(Some(of(0, Lock::Open, &[MINUTE])), at(1), &LockoutPolicy::default()).into_parts();
        assert_eq!((next, facts.len()), (Next::Keep, 0));
    }
}

/// The end of such a lock could not be counted to: it is not over at the end of time either.
#[test]
fn a_lock_to_the_end_of_time_is_never_served() {
    let state = LockoutState { lock: Lock::Until(Timestamp::MAX), ..of(3, Lock::Open, &[]) };
    let (next, outcome, _) = begin(Some(state), Now::from(Timestamp::MAX), &LockoutPolicy::default()).into_parts();
    assert_eq!((next, outcome), (Next::Keep, BeginOutcome::Locked { until: Timestamp::MAX }));
}

/// A row holds at most 1000 guesses, or it could not be read again: under a lock one more forgets the oldest.
#[test]
fn a_guess_beyond_the_thousandth_forgets_the_oldest() {
    let policy = LockoutPolicy::builder().limit(1000).repeats(Repeats::Free).build().unwrap();
    let marks = |range: core::ops::Range<u16>| -> Vec<Mark> {
        range.map(|n| Mark::cut([n.to_be_bytes(); 16].concat().try_into().unwrap())).collect()
    };
    let settled = |known: u16| {
        let under_way = Reservation::until(at(MINUTE).timestamp()).of_guess(marks(1000..1001)[0]);
        let guesses = marks(0..known);
        let mut state = Some(LockoutState { guesses, ..of(1000, until(15 * MINUTE), &[MINUTE]) });
        let _ = step(&mut state, |s| settle(s, at(1), &policy, &under_way, false));
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<Option<LockoutState>>(&text).unwrap(), state);
        state.unwrap().guesses
    };
    let mut all = marks(0..999);
    all.extend(marks(1000..1001));
    assert_eq!(settled(999), all);
    assert_eq!(settled(1000), marks(1..1001));
}
