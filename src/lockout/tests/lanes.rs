//! Lanes as policies, familiar sources and the count of denials, each at its borders.

use super::*;
use crate::event::{Origin, Transport};
use crate::id::OpaqueId;
use crate::secret::Keyring;

const DAY: i64 = 24 * 60 * MINUTE;

fn mark(byte: u8) -> Mark {
    Mark::cut([byte; 32])
}

/// A source under the present key alone.
fn source(byte: u8) -> SourceMarks {
    SourceMarks { current: mark(byte), former: None }
}

fn apply<S, O>(state: &mut Option<S>, transition: Transition<S, O>) -> (O, Vec<crate::event::Fact>) {
    let (next, outcome, facts) = transition.into_parts();
    if let Next::Put(put) = next {
        *state = Some(put);
    }
    (outcome, facts)
}

#[test]
fn absurd_lanes_are_refused_at_build() {
    let build = |text: &str| serde_json::from_str::<LanePolicy>(text).map_err(|error| error.to_string());
    assert_eq!(build("{}"), Ok(LanePolicy::default()));
    assert_eq!(LanePolicy::builder().build(), Ok(LanePolicy::default()));
    let full =
        r#"{"source":{},"account_source":{},"familiar":{"lockout":{"cap":9},"sources":32,"days":366},"ipv4_prefix":8}"#;
    let lanes = build(full).unwrap();
    assert_eq!(build(&serde_json::to_string(&lanes).unwrap()), Ok(lanes));
    for (text, said) in [
        (r#"{"source":{"cap":100}}"#, "has a cap"),
        (r#"{"sourceless":{"cap":100}}"#, "has a cap"),
        (r#"{"account_source":{"cap":100}}"#, "has a cap"),
        (r#"{"source":{"limit":0}}"#, "a limit of 0"),
        (r#"{"familiar":{"sources":0}}"#, "0 familiar sources"),
        (r#"{"familiar":{"sources":33}}"#, "33 familiar sources"),
        (r#"{"familiar":{"days":0}}"#, "0 days"),
        (r#"{"familiar":{"days":367}}"#, "367 days"),
        (r#"{"ipv4_prefix":7}"#, "7 bits"),
        (r#"{"ipv4_prefix":33}"#, "33 bits"),
        (r#"{"ipv6_prefix":31}"#, "31 bits"),
        (r#"{"ipv6_prefix":129}"#, "129 bits"),
        (r#"{"unknown_names":255}"#, "255 records"),
        (r#"{"unknown_names":16777217}"#, "16777217 records"),
        (r#"{"strange":{}}"#, "unknown field"),
    ] {
        assert!(build(text).unwrap_err().contains(said), "{text}");
    }
}

#[test]
fn a_source_is_an_address_cut_to_its_prefix() {
    let source = |lanes: &LanePolicy, address: &str| {
        lanes.prefix(Origin::network(address.parse().unwrap(), Transport::Tls)).unwrap()
    };
    let plain = LanePolicy::default();
    assert_ne!(source(&plain, "192.0.2.1"), source(&plain, "192.0.2.0"));
    assert_eq!(source(&plain, "2001:db8:0:1::"), source(&plain, "2001:db8:0:1:ffff:ffff:ffff:ffff"));
    assert_ne!(source(&plain, "2001:db8:0:1::"), source(&plain, "2001:db8:0:0::"));
    let wide = LanePolicy::builder().ipv4_prefix(24).ipv6_prefix(128).build().unwrap();
    assert_eq!(source(&wide, "192.0.2.1"), source(&wide, "192.0.2.255"));
    assert_ne!(source(&wide, "192.0.2.1"), source(&wide, "192.0.3.1"));
    assert_ne!(source(&wide, "2001:db8::1"), source(&wide, "2001:db8::2"));
    assert_eq!(plain.prefix(Origin::Internal), None);
}

/// Familiar until exactly its lifetime after the sign-in; an end that no sign-in can have set is not believed.
#[test]
fn a_source_is_familiar_for_its_lifetime() {
    let (policy, mut state) = (FamiliarPolicy { days: 90, ..FamiliarPolicy::default() }, None);
    apply(&mut state, remember(None, at(0), &policy, 1, source(1)));
    let familiar = |micros, byte| is_familiar(state.as_ref(), at(micros), &policy, 1, source(byte));
    assert!(familiar(0, 1) && familiar(90 * DAY - 1, 1));
    assert!(!familiar(90 * DAY, 1) && !familiar(90 * DAY + 1, 1) && !familiar(0, 2));
    let hour = 60 * MINUTE;
    assert!(familiar(-hour, 1)); // a clock that is a little behind
    assert!(!familiar(-hour - 1, 1)); // set by one that ran ahead, for all this one can tell
    let shorter = FamiliarPolicy { days: 30, ..policy };
    assert!(!is_familiar(state.as_ref(), at(0), &shorter, 1, source(1)));
}

/// The latest are kept, a sign-in renews what is a day old, and writes nothing before.
#[test]
fn the_latest_sources_are_kept() {
    let (policy, mut state) = (FamiliarPolicy { sources: 2, ..FamiliarPolicy::default() }, None);
    for (second, byte) in [(1, 1), (2, 2), (3, 3)] {
        let next = remember(state.clone(), at(second * SECOND), &policy, 1, source(byte));
        apply(&mut state, next);
    }
    let known = |state: &Option<FamiliarState>, now| {
        [1, 2, 3].map(|byte| is_familiar(state.as_ref(), at(now), &policy, 1, source(byte)))
    };
    assert_eq!(known(&state, 4 * SECOND), [false, true, true]);
    assert_eq!(remember(state.clone(), at(2 * SECOND + DAY - 1), &policy, 1, source(2)).next(), &Next::Keep);
    let next = remember(state.clone(), at(2 * SECOND + DAY), &policy, 1, source(2));
    apply(&mut state, next);
    let next = remember(state.clone(), at(2 * DAY), &policy, 1, source(1)); // 3 is the oldest now
    apply(&mut state, next);
    assert_eq!(known(&state, 2 * DAY), [true, true, false]);
    // At exactly its end a source is forgotten, and no microsecond earlier.
    for (micros, kept) in [(3 * SECOND + 90 * DAY - 1, 2), (3 * SECOND + 90 * DAY, 1)] {
        let policy = FamiliarPolicy { sources: 3, days: 90, ..FamiliarPolicy::default() };
        let mut state = None;
        apply(&mut state, remember(None, at(3 * SECOND), &policy, 1, source(3)));
        let next = remember(state.clone(), at(micros), &policy, 1, source(4));
        apply(&mut state, next);
        assert_eq!(state.unwrap().sources(), kept);
    }
}

/// Familiar to the bearer of one credential: what was written with another counts for nothing, and goes with the next.
#[test]
fn familiarity_is_of_one_credential() {
    let (policy, mut state) = (FamiliarPolicy::default(), None);
    apply(&mut state, remember(None, at(0), &policy, 1, source(1)));
    let known = |state: &Option<FamiliarState>, generation, byte| {
        is_familiar(state.as_ref(), at(1), &policy, generation, source(byte))
    };
    assert!(known(&state, 1, 1) && !known(&state, 2, 1) && !known(&state, 0, 1));
    let next = remember(state.clone(), at(1), &policy, 2, source(2));
    apply(&mut state, next);
    assert!(known(&state, 2, 2) && !known(&state, 2, 1) && !known(&state, 1, 1));
    assert_eq!(state.unwrap().sources(), 1);
}

/// A source marked with the key before is familiar, and is marked anew at its next sign-in.
#[test]
fn a_source_stays_familiar_with_another_key() {
    let (policy, mut state) = (FamiliarPolicy::default(), None);
    apply(&mut state, remember(None, at(0), &policy, 1, source(1)));
    let known = |state: &Option<FamiliarState>, source| is_familiar(state.as_ref(), at(1), &policy, 1, source);
    let rotated = SourceMarks { current: mark(101), former: Some(mark(1)) };
    assert!(known(&state, rotated) && !known(&state, source(101)));
    assert!(!known(&state, SourceMarks { current: mark(101), former: Some(mark(2)) }));
    let next = remember(state.clone(), at(1), &policy, 1, rotated);
    apply(&mut state, next);
    assert!(known(&state, source(101)) && !known(&state, source(1))); // one entry, under the new key
    assert_eq!(state.unwrap().sources(), 1);
}

/// Recorded and gaps add up, whatever the times, clocks that step back and years ahead among them.
#[test]
fn recorded_denials_and_gaps_add_up() {
    let policy = DenialPolicy::try_new(2, 60).unwrap();
    let (mut state, mut recorded, mut gaps) = (None, 0_u64, 0_u64);
    let mut times: Vec<i64> = (0..200).map(|step| step * 7 * SECOND).collect();
    times.extend([100 * SECOND, 0, -MINUTE, 3650 * DAY, 0, 1, 2, 3, 4]);
    let total = times.len() as u64;
    let count = |fact: &crate::event::Fact| fact.detail("count").unwrap().as_count().unwrap();
    for micros in times {
        let (record, facts) = {
            let next = deny(state.clone(), at(micros), &policy, mark(1));
            apply(&mut state, next)
        };
        recorded += u64::from(record);
        gaps += facts.iter().map(count).sum::<u64>();
    }
    let (_, facts) = {
        let next = close(state.clone());
        apply(&mut state, next)
    };
    gaps += facts.iter().map(count).sum::<u64>();
    assert_eq!(recorded + gaps, total);
    assert!(gaps > 100, "{gaps}");
    assert_eq!(close(state).next(), &Next::Keep);
}

/// A gap names its source, if it is one: those that share a record are not taken for each other.
#[test]
fn a_gap_says_whose_it_is() {
    let policy = DenialPolicy::try_new(1, 60).unwrap();
    let gap_of = |sources: &[u8]| {
        let mut state = None;
        for byte in sources {
            let next = deny(state.clone(), at(0), &policy, mark(*byte));
            apply(&mut state, next);
        }
        let (next, (), facts) = close(state).into_parts();
        let Next::Put(closed) = next else { panic!() };
        assert_eq!(serde_json::to_value(&closed).unwrap().get("source"), None); // nobody's until the next is withheld
        (facts[0].detail("count").unwrap().as_count().unwrap(), facts[0].detail("source").cloned())
    };
    let one = |byte| Some(crate::event::Value::from(mark(byte)));
    assert_eq!(gap_of(&[1, 1, 1]), (2, one(1)));
    assert_eq!(gap_of(&[1, 2, 2]), (2, one(2))); // the first was recorded, and not withheld
    assert_eq!(gap_of(&[1, 1, 2]), (2, None));
    assert_eq!(gap_of(&[1, 2, 1, 1]), (3, None)); // for good
}

/// The window ends exactly its length after its first denial.
#[test]
fn a_window_of_denials_ends_on_the_dot() {
    let policy = DenialPolicy::try_new(1, 60).unwrap();
    let mut state = None;
    assert!(!is_full(state.as_ref(), at(0), &policy));
    assert!(apply(&mut state, deny(None, at(0), &policy, mark(1))).0);
    for micros in [0, 1, MINUTE - 1] {
        assert!(is_full(state.as_ref(), at(micros), &policy), "{micros}");
        assert!(!deny(state.clone(), at(micros), &policy, mark(1)).outcome());
    }
    for micros in [MINUTE, MINUTE + 1, -MINUTE - 1] {
        assert!(!is_full(state.as_ref(), at(micros), &policy), "{micros}");
        assert!(deny(state.clone(), at(micros), &policy, mark(1)).outcome());
    }
    for (recorded, secs) in [(1, 1), (10_000, 86_400)] {
        let policy = DenialPolicy::try_new(recorded, secs).unwrap();
        assert_eq!((policy.recorded(), policy.window()), (recorded, Duration::from_secs(secs)));
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(text, alloc::format!(r#"{{"recorded":{recorded},"window_secs":{secs}}}"#));
        assert_eq!(serde_json::from_str::<DenialPolicy>(&text).unwrap(), policy);
    }
    for (recorded, secs) in [(0, 60), (10_001, 60), (1, 0), (1, 86_401), (1, u64::MAX)] {
        assert!(DenialPolicy::try_new(recorded, secs).is_err());
    }
}

/// A match proves nothing about a source: its failures stay, and its lock refuses.
#[test]
fn passing_clears_nothing() {
    let (policy, mut state) = (LockoutPolicy::default(), None);
    fail(&mut state, at(0), &policy);
    let (first, second) = (reserve(&mut state, at(1), &policy), reserve(&mut state, at(2), &policy));
    let (outcome, _) = step(&mut state, |s| pass(s, at(3), &policy, &first));
    let shown = state.clone().unwrap();
    assert_eq!((outcome, shown.failures(), shown.run(), shown.reserved()), (SettleOutcome::Accepted, 1, 1, 1));
    // Given back already: accepted, and written all the same, since it was decided on this very record.
    assert!(matches!(pass(state.clone(), at(3), &policy, &first).next(), Next::Put(_)));
    // The other lapses, and one more fails: locked, and the right password is refused.
    fail(&mut state, at(MINUTE + 3), &policy);
    assert_eq!(pass(state, at(MINUTE + 4), &policy, &second).outcome(), &SettleOutcome::Refused);
}

/// What is free once its window has counted it, in every row of settling.
#[test]
fn a_repeated_guess_is_free_in_its_window() {
    let policy = LockoutPolicy::builder().repeats(Repeats::Free).cap(Some(5)).build().unwrap();
    let guess = |state: &mut Option<LockoutState>, now, byte| {
        let attempt = reserve(state, now, &policy).of_guess(mark(byte));
        step(state, |s| settle(s, now, &policy, &attempt, false)).1
    };
    let mut state = None;
    (0..5).for_each(|_| assert!(guess(&mut state, at(0), 1).is_empty()));
    assert_eq!((state.clone().unwrap().failures(), state.clone().unwrap().run()), (1, 1));
    // Without a mark, every one counts.
    fail(&mut state, at(1), &policy);
    // Locked by another while a known guess is in mid-hash: the cap does not move.
    let known = reserve(&mut state, at(2), &policy).of_guess(mark(1));
    state.as_mut().unwrap().lock = Lock::Until(at(15 * MINUTE).timestamp());
    let _ = step(&mut state, |s| settle(s, at(3), &policy, &known, false));
    assert_eq!(state.clone().unwrap().run(), 2);
    // Served: a fresh window, in which it counts.
    guess(&mut state, at(15 * MINUTE), 1);
    assert_eq!((state.clone().unwrap().failures(), state.clone().unwrap().run()), (1, 3));
    // A policy that counts every one ignores marks.
    let mut plain = None;
    for _ in 0..2 {
        let attempt = reserve(&mut plain, at(0), &LockoutPolicy::default()).of_guess(mark(1));
        let _ = step(&mut plain, |s| settle(s, at(0), &LockoutPolicy::default(), &attempt, false));
    }
    assert_eq!(plain.unwrap().failures(), 2);
}

#[test]
fn marks_are_sixteen_bytes_of_text() {
    let keys = Keyring::new(OpaqueId::try_new("k").unwrap(), [1; 32]);
    let one = Mark::of(keys.mark_key(), "p", &[b"x"]);
    assert_ne!(one, Mark::of(keys.mark_key(), "q", &[b"x"]));
    let text = serde_json::to_string(&one).unwrap();
    assert_eq!((text.len(), serde_json::from_str::<Mark>(&text).unwrap()), (24, one));
    for bad in
        [r#""""#, r#""AAECAwQFBgcICQoLDA0OD""#, r#""AAECAwQFBgcICQoLDA0ODxA""#, r#""AAECAwQFBgcICQoLDA0OD=""#, "7"]
    {
        assert!(serde_json::from_str::<Mark>(bad).is_err(), "{bad}");
    }
    // 00010203…0f as a big-endian number, modulo 1000 and modulo 2^16.
    let counted: Mark = serde_json::from_str(r#""AAECAwQFBgcICQoLDA0ODw""#).unwrap();
    assert_eq!((counted.below(1 << 16), counted.below(1), counted.below(0)), (0x0e0f, 0, 0));
}

/// No policy keeps more than 32 sources; version 1 did not say with which credential, so that it knows nobody.
#[test]
fn a_stored_list_of_sources_is_checked_when_it_is_read() {
    let entry = r#"{"mark":"AAECAwQFBgcICQoLDA0ODw","until":"2026-11-22T09:30:00.000000Z"}"#;
    let sources = |count| alloc::vec![entry; count].join(",");
    let read = |count| {
        let text = alloc::format!(r#"{{"generation":7,"sources":[{}]}}"#, sources(count));
        serde_json::from_str::<FamiliarState>(&text).map(|state| state.sources())
    };
    assert_eq!((read(0).unwrap(), read(1).unwrap(), read(32).unwrap()), (0, 1, 32));
    assert!(read(33).is_err());

    let first = alloc::format!(r#"{{"sources":[{entry}]}}"#);
    assert_eq!(FamiliarState::upgrade(1, &first), Some(FamiliarState::default()));
    assert_eq!(FamiliarState::upgrade(0, &first), None);
    assert_eq!(FamiliarState::upgrade(1, "{}"), None);
}

/// What is asked for of every lane is what the policy has.
#[test]
fn a_policy_of_lanes_has_what_was_asked_for() {
    let limit = |failures| LockoutPolicy::builder().limit(failures).build().unwrap();
    let familiar = FamiliarPolicy { lockout: limit(4), ..FamiliarPolicy::default() };
    let asked = LanePolicy::builder().source(limit(20)).sourceless(limit(100)).account_source(limit(5));
    let asked = asked.familiar(familiar.clone()).temporary(limit(7)).unknown_names(1 << 24);
    let lanes = asked.build().unwrap();
    assert_eq!((lanes.source(), lanes.account_source()), (Some(&limit(20)), Some(&limit(5))));
    assert_eq!((lanes.sourceless(), lanes.temporary()), (&limit(100), &limit(7)));
    assert_eq!((lanes.familiar(), lanes.unknown_names()), (Some(&familiar), 16_777_216));
    assert!(LanePolicy::builder().unknown_names((1 << 24) + 1).build().is_err());
    // At the account 3, and 4 from where its bearer is known.
    assert_eq!(lanes.guesses_between_resets(&LockoutPolicy::default()), 7);
    assert_eq!(LanePolicy::default().guesses_between_resets(&limit(5)), 5);
}
