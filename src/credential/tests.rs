use core::time::Duration;

use super::*;
use crate::hashing::PasswordHash;
use crate::id::AccountId;
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

fn put<S, O>(transition: Transition<S, O>) -> (S, O) {
    match transition.into_parts() {
        (Next::Put(state) | Next::PutUntil { state, .. } | Next::End { state, .. }, outcome, _) => (state, outcome),
        (Next::Keep, ..) => panic!("nothing was written"),
    }
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(text)
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn issued() -> CredentialState {
    put(issue(None, at(0), &TemporaryPolicy::default(), hash("temporary"), IssueReason::NewUser)).0
}

fn permission(now: Now, state: &CredentialState) -> ChangeState {
    let Usable::Temporary { expires_at } = usable(Some(state), now) else { panic!("not temporary") };
    put(admit_change(now, &TemporaryPolicy::default(), anna(), state.generation(), expires_at)).0
}

/// E-5.1d, E-6P.2: expires after 15 days, for every reason; alive a microsecond before, dead at the instant.
#[test]
fn e_5_1d_a_temporary_password_dies_at_15_days() {
    for reason in [IssueReason::NewCustomer, IssueReason::NewUser, IssueReason::Reset] {
        let (state, expires_at) = put(issue(None, at(0), &TemporaryPolicy::default(), hash("h"), reason));
        assert_eq!(expires_at, at(15 * DAY).timestamp());
        assert_eq!(usable(Some(&state), at(15 * DAY - 1)), Usable::Temporary { expires_at });
        assert_eq!(usable(Some(&state), at(15 * DAY)), Usable::Expired);
        assert_eq!(usable(Some(&state), at(15 * DAY + 1)), Usable::Expired);
    }
}

#[test]
fn one_issued_in_the_future_is_not_usable_beyond_the_skew() {
    let state = issued();
    assert!(matches!(usable(Some(&state), at(-30 * SECOND)), Usable::Temporary { .. }));
    assert_eq!(usable(Some(&state), at(-30 * SECOND - 1)), Usable::Expired);
}

/// E-5.1c, E-5.2b: the change replaces the temporary password by a lasting one, once.
#[test]
fn e_5_1c_the_change_makes_it_lasting_once() {
    let state = issued();
    let (permit, permit_generation) = (permission(at(1), &state), state.generation());
    let (changed, outcome) = put(change(Some(state), at(2), &anna(), Some(&permit), hash("new")));
    assert_eq!(outcome, ChangeOutcome::Changed { generation: changed.generation() });
    assert!(changed.generation() > permit_generation);
    assert_eq!(usable(Some(&changed), at(100 * DAY)), Usable::Lasting);
    assert_eq!(changed.hash(), &hash("new")); // nothing of the temporary one is left
    // The same permission again, and an ended one: superseded, nothing written.
    for spent in [Some(&permit), Some(&put(close_change(at(3))).0), None] {
        let again = change(Some(changed.clone()), at(3), &anna(), spent, hash("newer"));
        assert_eq!((again.next(), again.outcome()), (&Next::Keep, &ChangeOutcome::Superseded));
    }
}

/// E-6P.2: a reissue kills the earlier one and every permission it gave.
#[test]
fn a_reissue_kills_the_old_one() {
    let state = issued();
    let (permit, first) = (permission(at(1), &state), state.generation());
    let (reissued, _) = put(issue(Some(state), at(2), &TemporaryPolicy::default(), hash("second"), IssueReason::Reset));
    assert!(reissued.generation() > first);
    assert_eq!(reissued.hash(), &hash("second"));
    let late = change(Some(reissued), at(3), &anna(), Some(&permit), hash("new"));
    assert_eq!((late.next(), late.outcome()), (&Next::Keep, &ChangeOutcome::Superseded));
}

/// The permission ends after ten minutes, or with the temporary password, whichever is first.
#[test]
fn the_permission_outlives_neither_window_nor_password() {
    let state = issued();
    let ten_minutes = 10 * 60 * SECOND;
    for (granted, ends) in [(0, ten_minutes), (15 * DAY - SECOND, 15 * DAY)] {
        let permit = permission(at(granted), &state);
        let outcome = |micros| *change(Some(state.clone()), at(micros), &anna(), Some(&permit), hash("new")).outcome();
        assert!(matches!(outcome(ends - 1), ChangeOutcome::Changed { .. }));
        assert_eq!(outcome(ends), ChangeOutcome::Superseded);
    }
}

#[test]
fn a_permission_is_good_for_its_own_account_only() {
    let state = issued();
    let permit = permission(at(1), &state);
    let other = AccountId::try_new("u-18").unwrap();
    let outcome = *change(Some(state), at(2), &other, Some(&permit), hash("new")).outcome();
    assert_eq!(outcome, ChangeOutcome::Superseded);
}

/// Removed and created anew, an account does not meet a generation of its former life; the last one is refused.
#[test]
fn generations_are_never_met_again() {
    let (first, again) =
        (issued(), put(issue(None, at(1), &TemporaryPolicy::default(), hash("h"), IssueReason::NewUser)).0);
    assert!(again.generation() > first.generation());
    let text = serde_json::to_string(&first).unwrap();
    let last = text.replace(
        &alloc::format!("\"generation\":{}", first.generation()),
        &alloc::format!("\"generation\":{}", u64::MAX),
    );
    assert_ne!(text, last);
    assert!(serde_json::from_str::<CredentialState>(&last).is_err());
}

#[test]
fn policies_outside_their_range_are_refused() {
    assert_eq!(TemporaryPolicy::builder().build(), Ok(TemporaryPolicy::default()));
    assert_eq!(TemporaryPolicy::default().change_window(), Duration::from_secs(600));
    for text in
        [r#"{"lifetime_secs":0}"#, r#"{"lifetime_secs":2592001}"#, r#"{"change_window_secs":3601}"#, r#"{"days":15}"#]
    {
        assert!(serde_json::from_str::<TemporaryPolicy>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<TemporaryPolicy>(r#"{"lifetime_secs":2592000}"#).is_ok());
}

#[test]
fn debug_shows_no_hash() {
    assert!(!alloc::format!("{:?}", issued()).contains("temporary\""));
}
