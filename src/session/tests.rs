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
mod lists;
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

/// E-5.10b: a lifetime that was shortened holds for what is open, as a shorter idle limit does; a longer one does not.
#[test]
fn e_5_10b_a_shorter_lifetime_holds_for_open_sessions() {
    let hours =
        |hours: u64| SessionPolicy::builder().lifetime_secs(hours * 3600).idle(IdleLimit::Unlimited).build().unwrap();
    let state = opened(&hours(8), 0);
    for (now, ends) in [(1, HOUR), (8, 8 * HOUR), (9, 8 * HOUR)] {
        assert_eq!(checked(&state, ends - 1, &hours(now), &VALID), active(ends), "{now}");
        assert_eq!(checked(&state, ends, &hours(now), &VALID), SessionOutcome::Dead, "{now}");
        let listed = |micros| list(state.as_ref().unwrap(), at(micros), &hours(now), &VALID).count();
        assert_eq!((listed(ends - 1), listed(ends)), (1, 0), "{now}");
        // What version 1 opened has no list.
        let (opened_at, expires_at) = (at(0).timestamp(), at(8 * HOUR).timestamp());
        let unlisted = SessionState::Unlisted { account: anna(), generation: 7, opened_at, expires_at };
        let found = |micros| check_unlisted(&unlisted, None, at(micros), &hours(now), &VALID).into_parts().1;
        assert_eq!((found(ends - 1), found(ends)), (active(ends), SessionOutcome::Dead), "{now}");
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
