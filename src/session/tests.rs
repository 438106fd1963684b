use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::access::{ListDecision, ListOwner, Refusal};
use crate::event::{Fact, Origin, Transport};
use crate::id::AccountId;
use crate::secret::{Token, TokenDigest};
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

mod dormancy;
mod model;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 60 * 60 * SECOND;
const DAY: i64 = 24 * HOUR;
/// PCI DSS 4.0.1, 8.2.8: idle for more than 15 minutes.
const IDLE_AFTER: i64 = 900 * SECOND;

fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn id(number: u8) -> TokenDigest {
    struct Byte(u8);
    impl crate::entropy::Entropy for Byte {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), crate::entropy::EntropyError> {
            buffer.fill(self.0);
            Ok(())
        }
    }
    Token::<SessionState>::mint(&mut Byte(number)).unwrap().digest()
}

fn office() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn policy(idle: IdleLimit) -> SessionPolicy {
    SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(idle).touch_every_secs(90).build().unwrap()
}

const END: IdleLimit = IdleLimit::End { after_secs: 900 };
const LOCK: IdleLimit = IdleLimit::Lock { after_secs: 900 };
const VALID: Validity = Validity { generation: Some(7), revocation: 0 };

fn new(number: u8) -> NewSession {
    NewSession { id: id(number), origin: office(), replaces: None }
}

/// The state after a transition, and the code and reason of each fact of it.
fn step<O>(
    state: &mut Option<ActivityState>,
    decide: impl FnOnce(Option<ActivityState>) -> Transition<ActivityState, O>,
) -> (O, Vec<String>) {
    let (next, outcome, facts) = decide(state.clone()).into_parts();
    match next {
        Next::Put(next) => *state = Some(next),
        Next::Keep => assert!(facts.is_empty(), "an event without a write would be written again and again"),
        _ => panic!("this record stays"),
    }
    (outcome, facts.iter().map(said).collect())
}

fn said(fact: &Fact) -> String {
    let reason = fact.detail("reason");
    reason.map_or(fact.code().to_string(), |reason| alloc::format!("{} {reason}", fact.code()))
}

fn opened(policy: &SessionPolicy, micros: i64) -> Option<ActivityState> {
    let mut state = None;
    let _ = step(&mut state, |_| open(None, at(micros), policy, &VALID, &new(1)));
    state
}

fn checked(state: &Option<ActivityState>, micros: i64, policy: &SessionPolicy, validity: &Validity) -> SessionOutcome {
    check(state.clone(), at(micros), policy, validity, &anna(), &id(1)).into_parts().1
}

fn touched(state: &mut Option<ActivityState>, micros: i64, policy: &SessionPolicy) -> SessionOutcome {
    step(state, |state| touch(state, at(micros), policy, &VALID, &anna(), &id(1))).0
}

fn active(expires: i64) -> SessionOutcome {
    SessionOutcome::Active { account: anna(), expires_at: at(expires).timestamp() }
}

fn locked() -> SessionOutcome {
    SessionOutcome::Locked { account: anna() }
}

/// E-5.10b: alive until the lifetime the host chose, dead from that instant on.
#[test]
fn e_5_10b_the_lifetime_at_its_boundary() {
    let policy = policy(IdleLimit::Unlimited);
    for (micros, expected) in [
        (0, active(8 * HOUR)),
        (8 * HOUR - 1, active(8 * HOUR)),
        (8 * HOUR, SessionOutcome::Dead),
        (8 * HOUR + 1, SessionOutcome::Dead),
    ] {
        assert_eq!(checked(&opened(&policy, 0), micros, &policy, &VALID), expected, "{micros}");
    }
}

/// E-5.10b: idle from the instant of the limit on, counted from the last use.
#[test]
fn e_5_10b_the_idle_limit_at_its_boundary() {
    for (limit, over) in [(END, SessionOutcome::Dead), (LOCK, locked())] {
        let policy = policy(limit);
        let mut state = opened(&policy, 0);
        assert_eq!(checked(&state, IDLE_AFTER - 1, &policy, &VALID), active(8 * HOUR));
        for micros in [IDLE_AFTER, IDLE_AFTER + 1] {
            assert_eq!(checked(&state, micros, &policy, &VALID), over, "{micros}");
        }
        // A use at the last instant puts it off by the whole limit.
        assert_eq!(touched(&mut state, IDLE_AFTER - 1, &policy), active(8 * HOUR));
        assert_eq!(checked(&state, 2 * IDLE_AFTER - 2, &policy, &VALID), active(8 * HOUR));
        assert_eq!(checked(&state, 2 * IDLE_AFTER - 1, &policy, &VALID), over);
    }
}

/// A2-Access-3 asks for the idle limit, E-5.10b for the end of every session: the event names what it came from.
#[test]
fn a2_access_3_the_end_of_an_idle_session_names_its_clause() {
    use crate::clause::{A2_ACCESS_3, E_5_10B};
    let policy = policy(END);
    let clauses = |micros| {
        let checked = check(opened(&policy, 0), at(micros), &policy, &VALID, &anna(), &id(1));
        checked.facts()[0].clauses().to_vec()
    };
    assert_eq!(clauses(IDLE_AFTER), [E_5_10B, A2_ACCESS_3]);
    assert_eq!(clauses(8 * HOUR), [E_5_10B]); // its lifetime is over as well, and comes first
}

/// However it is used, a session ends with its lifetime.
#[test]
fn no_use_goes_past_the_lifetime() {
    for limit in [END, LOCK] {
        let policy = policy(limit);
        let mut state = opened(&policy, 0);
        for micros in (0..8 * HOUR).step_by(600 * SECOND as usize) {
            assert_eq!(touched(&mut state, micros, &policy), active(8 * HOUR), "{micros}");
        }
        assert_eq!(touched(&mut state, 8 * HOUR, &policy), SessionOutcome::Dead);
    }
}

#[test]
fn reading_is_no_use_and_writes_nothing() {
    let policy = policy(END);
    let state = opened(&policy, 0);
    for micros in [0, 1, 89 * SECOND, 90 * SECOND, IDLE_AFTER - 1] {
        let looked = check(state.clone(), at(micros), &policy, &VALID, &anna(), &id(1));
        assert_eq!((looked.next(), looked.facts()), (&Next::Keep, &[][..]), "{micros}");
    }
    assert_eq!(checked(&state, IDLE_AFTER, &policy, &VALID), SessionOutcome::Dead);
}

/// A use is written from the granularity on; one that is not written does not put off the limit: never later than the
/// limit, and earlier by less than the granularity.
#[test]
fn a_use_is_written_past_the_granularity_only() {
    let policy = policy(END);
    let writes = |micros| {
        let transition = touch(opened(&policy, 0), at(micros), &policy, &VALID, &anna(), &id(1));
        assert!(transition.facts().is_empty());
        *transition.next() != Next::Keep
    };
    assert!(!writes(0) && !writes(90 * SECOND - 1) && writes(90 * SECOND) && writes(90 * SECOND + 1));
    let mut state = opened(&policy, 0);
    assert_eq!(touched(&mut state, 90 * SECOND - 1, &policy), active(8 * HOUR));
    assert_eq!(checked(&state, IDLE_AFTER - 1, &policy, &VALID), active(8 * HOUR));
    assert_eq!(checked(&state, IDLE_AFTER, &policy, &VALID), SessionOutcome::Dead);
}

/// What was found over is written as ended with its event, once, and no clock that steps back revives it.
#[test]
fn what_has_ended_never_revives() {
    for (limit, micros, event) in [
        (END, IDLE_AFTER, "session.ended session.idle"),
        (END, 8 * HOUR, "session.ended session.expired"),
        (LOCK, 8 * HOUR, "session.ended session.expired"),
    ] {
        let policy = policy(limit);
        let mut state = opened(&policy, 0);
        let (outcome, facts) = step(&mut state, |state| check(state, at(micros), &policy, &VALID, &anna(), &id(1)));
        assert_eq!((outcome, facts), (SessionOutcome::Dead, Vec::from([event.into()])));
        for later in [1, micros - 1, micros, micros + 1] {
            let transition = touch(state.clone(), at(later), &policy, &VALID, &anna(), &id(1));
            assert_eq!((transition.next(), transition.outcome()), (&Next::Keep, &SessionOutcome::Dead));
        }
    }
}

/// A2-Access-3: what is idle is locked, with one event, until its bearer signs in again; no use, no other policy and
/// no clock opens it.
#[test]
fn a2_access_3_an_idle_session_is_locked_until_it_is_reopened() {
    let policy = policy(LOCK);
    let mut state = opened(&policy, 0);
    let (outcome, facts) = step(&mut state, |state| touch(state, at(IDLE_AFTER), &policy, &VALID, &anna(), &id(1)));
    assert_eq!((outcome, facts), (locked(), Vec::from(["session.locked".into()])));
    for micros in [1, IDLE_AFTER - 1, IDLE_AFTER + 1, HOUR] {
        for policy in [&policy, &self::policy(IdleLimit::Unlimited)] {
            let transition = touch(state.clone(), at(micros), policy, &VALID, &anna(), &id(1));
            assert_eq!((transition.next(), transition.outcome()), (&Next::Keep, &locked()), "{micros}");
        }
    }
    let again = NewSession { replaces: Some(id(1)), ..new(2) };
    let (outcome, facts) = step(&mut state, |state| open(state, at(HOUR), &policy, &VALID, &again));
    assert_eq!(outcome, OpenOutcome::Opened { expires_at: at(9 * HOUR).timestamp(), continues: true });
    assert_eq!(facts, ["session.rotated"]);
    assert_eq!(checked(&state, HOUR + 1, &policy, &VALID), SessionOutcome::Dead); // the old token
    let new = check(state, at(HOUR + 1), &policy, &VALID, &anna(), &id(2));
    assert_eq!(new.outcome(), &active(9 * HOUR));
}

/// A session that was locked is over with its lifetime, and cannot be reopened then.
#[test]
fn a_lock_does_not_outlive_the_session() {
    let policy = policy(LOCK);
    let mut state = opened(&policy, 0);
    assert_eq!(touched(&mut state, IDLE_AFTER, &policy), locked());
    assert_eq!(checked(&state, 8 * HOUR - 1, &policy, &VALID), locked());
    let again = NewSession { replaces: Some(id(1)), ..new(2) };
    let (outcome, facts) = step(&mut state, |state| open(state, at(8 * HOUR), &policy, &VALID, &again));
    assert!(matches!(outcome, OpenOutcome::Opened { continues: false, .. }));
    assert_eq!(facts, ["session.ended session.expired"]);
}

#[test]
fn another_generation_is_dead_at_once() {
    let policy = policy(LOCK);
    for generation in [None, Some(6), Some(8)] {
        let validity = Validity { generation, ..VALID };
        assert_eq!(checked(&opened(&policy, 0), 1, &policy, &validity), SessionOutcome::Dead);
    }
}

/// A2-Access-5: what was opened before is dead, what is opened after is alive, however far apart the clocks are.
#[test]
fn a_revocation_of_the_tenant_is_counted_not_timed() {
    let (policy, mut revocation) = (policy(LOCK), None);
    for generation in 1..=3 {
        let before = Validity { revocation: generation - 1, ..VALID };
        // Each by a clock of its own: an hour behind, right, 20 seconds ahead, ten years ahead.
        for by in [-HOUR, 0, 20 * SECOND, 3653 * DAY] {
            let (next, outcome, _) = revoke_all(revocation.as_ref(), at(by)).into_parts();
            assert_eq!(outcome, generation);
            let after = Validity { revocation: outcome, ..VALID };
            for opened_at in [-5 * SECOND, 0, 20 * SECOND] {
                let opened = |validity: &Validity| {
                    let mut state = None;
                    let _ = step(&mut state, |_| open(None, at(opened_at), &policy, validity, &new(1)));
                    state
                };
                let found = |validity| checked(&opened(validity), 25 * SECOND, &policy, &after);
                assert_eq!(found(&before), SessionOutcome::Dead, "{by} {opened_at}");
                assert_eq!(found(&after), active(opened_at + 8 * HOUR), "{by} {opened_at}");
            }
            if by == 3653 * DAY {
                let Next::Put(next) = next else { panic!("not written") };
                revocation = Some(next);
            }
        }
    }
}

/// What was written before there was a number: a record stands for the first, a session for none.
#[test]
fn a_revocation_without_a_number_is_the_first() {
    let text = r#"{"not_before":"2026-11-22T09:55:47.000001Z"}"#;
    let state: RevocationState = serde_json::from_str(text).unwrap();
    assert_eq!((state.generation(), serde_json::to_string(&state).unwrap().as_str()), (1, text));
    assert_eq!(revoke_all(Some(&state), at(0)).outcome(), &2);
    let session = serde_json::to_string(&opened(&policy(LOCK), 0)).unwrap();
    assert!(!session.contains("revocation"), "{session}");
    let last = RevocationState { generation: u64::MAX, ..state };
    assert_ne!(revoke_all(Some(&last), at(0)).outcome(), &u64::MAX);
}

#[test]
fn a_session_from_the_future_is_dead_beyond_the_skew() {
    let policy = policy(END);
    assert_eq!(checked(&opened(&policy, 0), -30 * SECOND, &policy, &VALID), active(8 * HOUR));
    let ahead = check(opened(&policy, 0), at(-30 * SECOND - 1), &policy, &VALID, &anna(), &id(1));
    assert_eq!((ahead.next(), ahead.outcome()), (&Next::Keep, &SessionOutcome::Dead)); // by the clock, not for good
}

/// A use that a clock running ahead wrote is put right by the next one.
#[test]
fn a_use_from_the_future_is_put_right() {
    let policy = policy(END);
    let mut state = opened(&policy, 0);
    assert_eq!(touched(&mut state, 300 * SECOND, &policy), active(8 * HOUR)); // 5 minutes ahead
    assert_eq!(touched(&mut state, SECOND, &policy), active(8 * HOUR));
    assert_eq!(checked(&state, SECOND + IDLE_AFTER, &policy, &VALID), SessionOutcome::Dead);
}

/// A use as far ahead as clocks may be apart is left; a microsecond further, the next one puts it right.
#[test]
fn a_use_is_put_right_beyond_the_skew() {
    let policy = policy(END);
    for (micros, is_written) in [(0, false), (-1, true)] {
        let mut state = opened(&policy, -60 * SECOND);
        state.as_mut().unwrap().sessions[0].active_at = at(30 * SECOND).timestamp();
        let again = touch(state, at(micros), &policy, &VALID, &anna(), &id(1));
        assert_eq!(matches!(again.next(), Next::Put(_)), is_written, "{micros}");
    }
}

/// The cap of 3: the fourth ends the one that was opened first, or is refused; what is over takes no place.
#[test]
fn the_fourth_session_at_a_cap_of_three() {
    for (at_cap, alive, event) in
        [(AtCap::EndOldest, [2, 3, 4], "session.ended session.evicted"), (AtCap::Refuse, [1, 2, 3], "")]
    {
        let policy = SessionPolicy::builder().lifetime_secs(28_800).idle(END).cap(3, at_cap).build().unwrap();
        let mut state = None;
        for number in 1..=3 {
            let (outcome, facts) =
                step(&mut state, |state| open(state, at(number.into()), &policy, &VALID, &new(number)));
            assert!(matches!(outcome, OpenOutcome::Opened { .. }) && facts.is_empty());
        }
        let (outcome, facts) = step(&mut state, |state| open(state, at(4), &policy, &VALID, &new(4)));
        assert_eq!(outcome == OpenOutcome::Full, at_cap == AtCap::Refuse);
        assert_eq!(facts.join(","), event);
        let listed = |state: &Option<ActivityState>, micros| -> Vec<TokenDigest> {
            list(state.as_ref().unwrap(), at(micros), &policy, &VALID).map(OpenSession::id).collect()
        };
        assert_eq!(listed(&state, 5), alive.map(id));
        // The same person again, in place of a session that is open: room enough.
        let again = NewSession { replaces: Some(id(3)), ..new(5) };
        let (outcome, _) = step(&mut state, |state| open(state, at(6), &policy, &VALID, &again));
        assert!(matches!(outcome, OpenOutcome::Opened { continues: true, .. }));
        // All idle: room enough as well.
        let (outcome, facts) = step(&mut state, |state| open(state, at(HOUR), &policy, &VALID, &new(6)));
        assert!(matches!(outcome, OpenOutcome::Opened { continues: false, .. }));
        assert_eq!(facts, ["session.ended session.idle"; 3]);
        assert_eq!(listed(&state, HOUR), [id(6)]);
    }
}

/// A cap that was lowered: even in place of one of three there is no room for a second, and the one that was shown stays.
#[test]
fn what_was_shown_stays_where_there_is_no_room() {
    let capped =
        |cap| SessionPolicy::builder().lifetime_secs(28_800).idle(END).cap(cap, AtCap::Refuse).build().unwrap();
    let mut state = None;
    for number in 1..=3 {
        let _ = step(&mut state, |state| open(state, at(number.into()), &capped(3), &VALID, &new(number)));
    }
    let again = NewSession { replaces: Some(id(1)), ..new(4) };
    let (outcome, facts) = step(&mut state, |state| open(state, at(4), &capped(2), &VALID, &again));
    assert_eq!((outcome, facts.len()), (OpenOutcome::Full, 0));
    for number in 1..=3 {
        let found = check(state.clone(), at(5), &capped(2), &VALID, &anna(), &id(number));
        assert!(matches!(found.outcome(), SessionOutcome::Active { .. }), "{number}");
    }
}

/// Disabled: every session ends for good, those that no list has among them; enabled, the account is as it was.
#[test]
fn disabling_ends_every_session() {
    let policy = policy(END);
    let mut state = opened(&policy, 0);
    let ((), facts) = step(&mut state, |state| disable(state, at(2)));
    assert_eq!(facts, ["session.disabled", "session.ended session.disabled"]);
    assert!(state.as_ref().unwrap().is_disabled());
    assert_eq!(disable(state.clone(), at(3)).next(), &Next::Keep);
    let ((), facts) = step(&mut state, enable);
    assert_eq!(facts, ["session.enabled"]);
    assert!(!state.as_ref().unwrap().is_disabled());
    assert_eq!(enable(state.clone()).next(), &Next::Keep);
    assert_eq!(state.as_ref().unwrap().disablings(), 1); // and never again what it was
    assert_eq!(checked(&state, 4, &policy, &VALID), SessionOutcome::Dead);
    for (micros, alive) in [(2, false), (3, true)] {
        let (opened_at, expires_at) = (at(micros).timestamp(), at(8 * HOUR).timestamp());
        let unlisted = SessionState::Unlisted { account: anna(), generation: 7, opened_at, expires_at };
        let found = check_unlisted(&unlisted, state.as_ref(), at(4), &policy, &VALID);
        assert_eq!(matches!(found.outcome(), SessionOutcome::Active { .. }), alive, "{micros}");
    }
}

#[test]
fn one_the_others_or_all_end_for_good() {
    let policy = policy(LOCK);
    for (ending, left, count) in [
        (Ending::One(id(2)), &[1, 3][..], 1),
        (Ending::Others(id(2)), &[2], 2),
        (Ending::All, &[], 3),
        (Ending::One(id(9)), &[1, 2, 3], 0),
    ] {
        let mut state = None;
        for number in 1..=3 {
            let _ = step(&mut state, |state| open(state, at(number.into()), &policy, &VALID, &new(number)));
        }
        let (ended, facts) = step(&mut state, |state| end(state, at(4), &policy, &VALID, &ending));
        assert_eq!((ended, facts.len()), (count, count));
        let listed: Vec<TokenDigest> =
            list(state.as_ref().unwrap(), at(5), &policy, &VALID).map(OpenSession::id).collect();
        assert_eq!(listed, left.iter().map(|number| id(*number)).collect::<Vec<_>>());
    }
    assert_eq!(end(None, at(0), &policy, &VALID, &Ending::One(id(1))).next(), &Next::Keep);
}

/// A use that is decided on the record as it is after a revocation finds nothing.
#[test]
fn a_use_after_a_revocation_loses() {
    let policy = policy(END);
    let mut state = opened(&policy, 0);
    let (_, _) = step(&mut state, |state| end(state, at(HOUR / 8), &policy, &VALID, &Ending::All));
    let late = touch(state, at(HOUR / 8), &policy, &VALID, &anna(), &id(1));
    assert_eq!((late.next(), late.outcome()), (&Next::Keep, &SessionOutcome::Dead));
}

/// A refused use of a living session is news once for each reason; of a dead one it is none.
#[test]
fn a_refused_use_is_noted_once_for_each_reason() {
    let policy = policy(LOCK);
    let mut state = opened(&policy, 0);
    let mut note = |micros, refusals: &[Refusal]| {
        step(&mut state, |state| refuse(state, at(micros), &policy, &VALID, &id(1), refusals)).1
    };
    let network = Refusal::Network { list: ListOwner::Tenant, version: 7, decision: ListDecision::NotListed };
    let both = [network.clone(), Refusal::PlainTransport];
    assert_eq!(note(1, &[network]), ["session.refused access.network_not_allowed"]);
    assert_eq!(note(2, &both), ["session.refused access.plain_transport"]);
    for micros in 3..1000 {
        assert!(note(micros, &both).is_empty());
    }
    let dead = refuse(state, at(8 * HOUR), &policy, &VALID, &id(1), &both);
    assert!(dead.facts().is_empty());
    assert!(refuse(None, at(0), &policy, &VALID, &id(1), &both).facts().is_empty());
}

/// What version 1 opened has no list: its lifetime, its generation, the revocations and the idle limit hold for it.
#[test]
fn a_session_of_version_1_is_good_until_it_is_over() {
    let (opened_at, expires_at) = (at(0).timestamp(), at(8 * HOUR).timestamp());
    let state = SessionState::Unlisted { account: anna(), generation: 7, opened_at, expires_at };
    let ended = |micros| end(None, at(micros), &policy(LOCK), &VALID, &Ending::All).into_parts().0;
    let revoked = Validity { revocation: 1, ..VALID };
    let unlimited = IdleLimit::Unlimited;
    for (micros, idle, activity, validity, expected) in [
        (8 * HOUR - 1, unlimited, Next::Keep, VALID, active(8 * HOUR)),
        (8 * HOUR, unlimited, Next::Keep, VALID, SessionOutcome::Dead),
        (IDLE_AFTER - 1, LOCK, Next::Keep, VALID, active(8 * HOUR)),
        (IDLE_AFTER, LOCK, Next::Keep, VALID, SessionOutcome::Dead),
        (1, unlimited, Next::Keep, Validity { generation: Some(8), ..VALID }, SessionOutcome::Dead),
        (1, unlimited, Next::Keep, revoked, SessionOutcome::Dead),
        (1, unlimited, ended(-1), VALID, active(8 * HOUR)),
        (1, unlimited, ended(0), VALID, SessionOutcome::Dead),
    ] {
        let activity = match activity {
            Next::Put(activity) => Some(activity),
            _ => None,
        };
        let found = check_unlisted(&state, activity.as_ref(), at(micros), &policy(idle), &validity);
        assert_eq!(found.outcome(), &expected, "{micros}");
        assert_eq!(matches!(found.next(), Next::End { .. }), expected == SessionOutcome::Dead);
    }
}

/// As a listed one.
#[test]
fn a_session_of_version_1_from_the_future_is_dead_beyond_the_skew() {
    for (opened, alive) in [(30 * SECOND, true), (30 * SECOND + 1, false)] {
        let (opened_at, expires_at) = (at(opened).timestamp(), at(8 * HOUR).timestamp());
        let state = SessionState::Unlisted { account: anna(), generation: 7, opened_at, expires_at };
        let found = check_unlisted(&state, None, at(0), &policy(END), &VALID);
        assert_eq!(found.next(), &Next::Keep, "{opened}");
        assert_eq!(matches!(found.outcome(), SessionOutcome::Active { .. }), alive, "{opened}");
    }
}

/// A clock that stepped back does not forget what was ended since.
#[test]
fn the_last_end_of_all_sessions_stays_the_last() {
    let (mut state, policy) = (opened(&policy(END), 0), policy(END));
    for micros in [10 * SECOND, 5 * SECOND] {
        step(&mut state, |state| end(state, at(micros), &policy, &VALID, &Ending::All));
    }
    assert_eq!(state.unwrap().ended_at, Some(at(10 * SECOND).timestamp()));
}

#[test]
fn a_refused_use_of_a_session_that_is_over_is_not_noted() {
    let policy = policy(END);
    let late = refuse(opened(&policy, 0), at(8 * HOUR), &policy, &VALID, &id(1), &[Refusal::PlainTransport]);
    assert_eq!((late.next(), late.facts().len()), (&Next::Keep, 0));
}

#[test]
fn the_record_of_the_token_is_collected_a_day_after_the_session() {
    let (next, ..) = file(anna(), at(60 * SECOND).timestamp()).into_parts();
    let Next::PutUntil { collect_after, .. } = next else { panic!("kept for ever") };
    assert_eq!(collect_after, at(60 * SECOND + DAY).timestamp());
}

/// Settings at the ends of their ranges, and one beyond.
#[test]
fn ranges_of_the_policy() {
    let base = SessionPolicy::builder().lifetime_secs(900).idle(IdleLimit::Unlimited);
    let year = 366 * 86_400;
    for (builder, expected) in [
        (base.lifetime_secs(1).touch_every_secs(1), Ok(())),
        (base.lifetime_secs(year), Ok(())),
        (base.lifetime_secs(year + 1), Err(SessionPolicyError::Lifetime { asked_secs: year + 1 })),
        (base.lifetime_secs(0), Err(SessionPolicyError::Lifetime { asked_secs: 0 })),
        (base.idle(IdleLimit::End { after_secs: 900 }), Ok(())),
        (base.idle(IdleLimit::End { after_secs: 901 }), Err(SessionPolicyError::Idle { asked_secs: 901 })),
        (base.idle(IdleLimit::Lock { after_secs: 0 }), Err(SessionPolicyError::Idle { asked_secs: 0 })),
        (base.idle(IdleLimit::Lock { after_secs: 1 }), Ok(())),
        (base.idle(LOCK).touch_every_secs(450), Ok(())),
        (base.idle(LOCK).touch_every_secs(451), Err(SessionPolicyError::Touch { asked_secs: 451 })),
        (base.touch_every_secs(901), Err(SessionPolicyError::Touch { asked_secs: 901 })),
        (base.cap(100, AtCap::Refuse), Ok(())),
        (base.cap(101, AtCap::Refuse), Err(SessionPolicyError::Cap { asked: 101 })),
        (base.cap(0, AtCap::Refuse), Err(SessionPolicyError::Cap { asked: 0 })),
    ] {
        assert_eq!(builder.build().map(drop), expected, "{builder:?}");
        let text = serde_json::to_string(&builder).unwrap();
        assert_eq!(serde_json::from_str::<SessionPolicy>(&text).is_ok(), expected.is_ok(), "{text}");
    }
}

/// The fullest list there can be still fits the longest record there can be.
#[test]
fn the_largest_list_fits_a_record() {
    let mut state = None;
    let policy = SessionPolicy::builder().lifetime_secs(900).idle(LOCK).cap(100, AtCap::Refuse).build().unwrap();
    let longest = Origin::proxy_origin("2001:db8:1111:2222:3333:4444:5555:6666".parse().unwrap(), Transport::Plain);
    let network = |decision| Refusal::Network { list: ListOwner::Tenant, version: u64::MAX, decision };
    let all = [
        network(ListDecision::NotListed),
        network(ListDecision::Denied { entry: 0 }),
        network(ListDecision::FamilyNotListed),
        network(ListDecision::NoAddress),
        Refusal::PlainTransport,
    ];
    let validity = Validity { generation: Some(u64::MAX), revocation: u64::MAX };
    for number in 0..100 {
        let new = NewSession { origin: longest, ..new(number) };
        let _ = step(&mut state, |state| open(state, at(0), &policy, &validity, &new));
        let _ = step(&mut state, |state| refuse(state, at(0), &policy, &validity, &id(number), &all));
    }
    let text = serde_json::to_string(&state.unwrap()).unwrap();
    assert!(text.len() < crate::store::MAX_TEXT_BYTES - 1024, "{}", text.len());
    let mut one_more: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sessions = one_more["sessions"].as_array_mut().unwrap();
    sessions.push(sessions[0].clone());
    let one_more = one_more.to_string();
    let said = serde_json::from_str::<ActivityState>(&one_more).unwrap_err().to_string();
    assert!(said.contains("values that no decision writes"), "{said}");
}
