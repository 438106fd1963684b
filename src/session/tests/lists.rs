//! The list of an account: its cap, its end, and what is refused of it.

use super::*;

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
    let listed = state.as_ref().unwrap();
    let listed: Vec<TokenDigest> = list(listed, at(5), &capped(2), &VALID).map(OpenSession::id).collect();
    assert_eq!(listed, [1, 2, 3].map(id)); // in the order of their opening
}

/// A session from the future is dead and in no list, so it keeps nobody out and ends nobody's session: a clock that ran
/// ahead costs what it opened, and no place for as long as it was ahead.
#[test]
fn a_session_from_the_future_gives_way_at_the_cap() {
    for at_cap in [AtCap::EndOldest, AtCap::Refuse] {
        let policy = SessionPolicy::builder().lifetime_secs(28_800).idle(END).cap(2, at_cap).build().unwrap();
        let mut state = None;
        let mut open = |now, number| step(&mut state, |state| open(state, now, &policy, &VALID, &new(number)));
        let _ = open(at(3650 * DAY), 1);
        let (_, facts) = open(at(0), 2);
        assert!(facts.is_empty()); // there is room: it may be this clock that is behind
        let (outcome, facts) = open(at(1), 3);
        assert!(matches!(outcome, OpenOutcome::Opened { .. }), "{at_cap:?}");
        assert_eq!(facts, ["session.ended session.evicted"]);
        let alive = |number| {
            matches!(
                check(state.clone(), at(2), &policy, &VALID, &anna(), &id(number)).outcome(),
                SessionOutcome::Active { .. }
            )
        };
        assert_eq!([1, 2, 3].map(alive), [false, true, true], "{at_cap:?}");
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
