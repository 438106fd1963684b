use super::*;
use crate::id::AccountId;
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 60 * 60 * SECOND;

fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn put<O>(transition: Transition<SessionState, O>) -> SessionState {
    match transition.into_parts().0 {
        Next::Put(state) | Next::PutUntil { state, .. } | Next::End { state, .. } => state,
        Next::Keep => panic!("nothing was written"),
    }
}

fn opened() -> SessionState {
    let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).build().unwrap();
    put(open(at(0), &policy, anna(), 7))
}

/// E-5.10b: alive until the lifetime the host chose, dead from that instant on.
#[test]
fn e_5_10b_the_lifetime_at_its_boundary() {
    let alive = SessionOutcome::Active { account: anna(), expires_at: at(8 * HOUR).timestamp() };
    for (micros, expected) in
        [(0, &alive), (8 * HOUR - 1, &alive), (8 * HOUR, &SessionOutcome::Dead), (9 * HOUR, &SessionOutcome::Dead)]
    {
        assert_eq!(&check(Some(&opened()), at(micros), Some(7)), expected, "{micros}");
    }
}

#[test]
fn another_generation_is_dead_at_once() {
    for generation in [None, Some(6), Some(8)] {
        assert_eq!(check(Some(&opened()), at(1), generation), SessionOutcome::Dead);
    }
}

#[test]
fn what_has_ended_never_revives() {
    let ended = put(end(Some(&opened()), at(1)));
    assert_eq!(ended, SessionState::Ended);
    assert_eq!(check(Some(&ended), at(2), Some(7)), SessionOutcome::Dead);
    assert_eq!(end(Some(&ended), at(3)).next(), &Next::Keep);
    assert_eq!(end(None, at(3)).next(), &Next::Keep);
}

#[test]
fn a_session_from_the_future_is_dead_beyond_the_skew() {
    assert!(matches!(check(Some(&opened()), at(-30 * SECOND), Some(7)), SessionOutcome::Active { .. }));
    assert_eq!(check(Some(&opened()), at(-30 * SECOND - 1), Some(7)), SessionOutcome::Dead);
}

#[test]
fn the_record_is_collected_a_day_after_it_has_expired() {
    let policy = SessionPolicy::builder().lifetime_secs(60).build().unwrap();
    let (next, ..) = open(at(0), &policy, anna(), 1).into_parts();
    let Next::PutUntil { collect_after, .. } = next else { panic!("kept for ever") };
    assert_eq!(collect_after, at(60 * SECOND + 24 * HOUR).timestamp());
}
