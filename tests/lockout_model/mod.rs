//! The lock-out against a naive model of its decision table, operation by operation; then what no clock may do to it.

mod model;

use std::time::Duration;

use clausework::event::{Actor, Provenance};
use clausework::id::Scope;
use clausework::lockout::{
    BeginOutcome, LockoutPolicy, LockoutState, Reservation, SettleOutcome, Tier, begin, cancel, settle,
};
use clausework::store::{Change, Key, Next, Rows, Stored, Transition, Version};
use clausework::{AccountId, Now, Timestamp};
use proptest::prelude::*;

use self::model::{Model, Rules, Says};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const BASE: i64 = 1_795_340_000 * SECOND;

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn now(micros: i64) -> Now {
    instant(micros).into()
}

fn policy(limit: u32, cap: Option<u32>) -> LockoutPolicy {
    LockoutPolicy::builder().limit(limit).cap(cap).build().unwrap()
}

fn rules(policy: &LockoutPolicy) -> Rules {
    let micros = |length: Duration| i64::try_from(length.as_micros()).unwrap();
    Rules {
        limit: policy.limit() as usize,
        cap: policy.cap().map_or(usize::MAX, |cap| cap as usize),
        lock: micros(policy.lock()),
        tiers: policy
            .tiers()
            .iter()
            .map(|tier| (tier.failures as usize, tier.lock_secs.cast_signed() * SECOND))
            .collect(),
        lease: micros(policy.lease()),
    }
}

/// The crate's side: a state, and the attempts that it let through.
#[derive(Clone, Default)]
struct Account {
    state: Option<LockoutState>,
    attempts: Vec<Reservation>,
}

impl Account {
    fn take<O>(&mut self, transition: Transition<LockoutState, O>) -> O {
        let (next, outcome, _) = transition.into_parts();
        if let Next::Put(state) = next {
            self.state = Some(state);
        }
        outcome
    }

    fn begin(&mut self, at: Now, policy: &LockoutPolicy) -> Says {
        match self.take(begin(self.state.clone(), at, policy)) {
            BeginOutcome::Reserved(attempt) => {
                self.attempts.push(attempt);
                Says::Reserved(attempt.deadline().as_micros())
            }
            BeginOutcome::Locked { until } => Says::Locked(until.as_micros()),
            BeginOutcome::Disabled => Says::Disabled,
            BeginOutcome::Busy { retry_after } => Says::Busy(i64::try_from(retry_after.as_micros()).unwrap()),
            other => panic!("{other:?}"),
        }
    }

    fn settle(&mut self, at: Now, policy: &LockoutPolicy, attempt: &Reservation, matched: bool) -> Says {
        match self.take(settle(self.state.clone(), at, policy, attempt, matched)) {
            SettleOutcome::Accepted => Says::Accepted,
            SettleOutcome::Refused => Says::Refused,
        }
    }

    fn shows(&self) -> (usize, usize, Option<i64>, bool, usize) {
        let state = self.state.clone().unwrap_or_default();
        let until = state.locked_until().map(Timestamp::as_micros);
        (state.failures() as usize, state.run() as usize, until, state.is_disabled(), state.reserved())
    }
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Begin,
    /// Which attempt, and whether the password was right.
    Settle(prop::sample::Index, bool),
    Cancel(prop::sample::Index),
}

fn op() -> impl Strategy<Value = Op> {
    let which = any::<prop::sample::Index>;
    prop_oneof![
        5 => Just(Op::Begin),
        4 => (which(), prop::bool::weighted(0.15)).prop_map(|(which, matched)| Op::Settle(which, matched)),
        1 => which().prop_map(Op::Cancel),
    ]
}

/// Mostly a little, sometimes past a lease or a lock, and often exactly to a border.
fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..2 * SECOND,
        2 => 0..2 * MINUTE,
        1 => 0..40 * MINUTE,
        1 => prop::sample::select(vec![0, 1, MINUTE - 1, MINUTE, MINUTE + 1, 15 * MINUTE - 1, 15 * MINUTE, 16 * MINUTE]),
    ]
}

fn ops() -> impl Strategy<Value = Vec<(i64, Op)>> {
    prop::collection::vec((pause(), op()), 1..60)
}

fn policies() -> impl Strategy<Value = LockoutPolicy> {
    policies_with(prop::option::of(0_u32..12))
}

/// With a cap of so many more than the limit, and some tiers.
fn policies_with(cap: impl Strategy<Value = Option<u32>>) -> impl Strategy<Value = LockoutPolicy> {
    let tiers = prop::collection::vec((1_u32..4, 1_u64..4000), 0..3);
    (1_u32..6, cap, tiers).prop_map(|(limit, more, steps)| {
        let cap = more.map(|more| limit + more);
        let mut last = Tier { failures: limit, lock_secs: 15 * 60 };
        let tiers = steps.into_iter().map(|(failures, secs)| {
            last = Tier { failures: last.failures + failures, lock_secs: last.lock_secs + secs };
            last
        });
        let tiers = tiers.filter(|tier| cap.is_none_or(|cap| tier.failures < cap));
        LockoutPolicy::builder().limit(limit).cap(cap).tiers(tiers).build().unwrap()
    })
}

fn apply(account: &mut Account, at: i64, policy: &LockoutPolicy, op: Op) -> Option<(Says, Option<i64>)> {
    match op {
        Op::Begin => Some((account.begin(now(at), policy), None)),
        _ if account.attempts.is_empty() => None,
        Op::Settle(which, matched) => {
            // It stays in the list: settling an attempt twice must be harmless.
            let attempt = *which.get(&account.attempts);
            Some((account.settle(now(at), policy, &attempt, matched), Some(attempt.deadline().as_micros())))
        }
        Op::Cancel(which) => {
            let attempt = *which.get(&account.attempts);
            account.take(cancel(account.state.clone(), now(at), policy, &attempt));
            Some((Says::Cancelled, Some(attempt.deadline().as_micros())))
        }
    }
}

/// A state as it may stand in a store.
fn stored(failures: u32, run: u32, lock: &serde_json::Value, reserved: &[Timestamp]) -> LockoutState {
    let state = serde_json::json!({ "failures": failures, "run": run, "lock": lock, "reserved": reserved });
    let text = serde_json::json!({ "kind": "lockout", "v": 1, "state": state }).to_string();
    let key = Key::of::<LockoutState>(Scope::Operator, &AccountId::try_new("u-17").unwrap());
    let rows = Rows::new([key.clone()], [Some(Stored::new(Version::new(1), text))]);
    let state = rows.read::<LockoutState>(&key).unwrap().unwrap();
    // What can be read can be written and read again.
    let mut change = Change::new(&rows, now(BASE), &Provenance::internal(Actor::Unauthenticated));
    change.apply(&key, Transition::put(state.clone(), ())).unwrap();
    assert_eq!(change.rows_after().read::<LockoutState>(&key).unwrap().as_ref(), Some(&state));
    state
}

fn until(at: Timestamp) -> serde_json::Value {
    serde_json::json!({ "until": at })
}

fn locked(state: &LockoutState, at: Now, policy: &LockoutPolicy) -> bool {
    matches!(begin(Some(state.clone()), at, policy).outcome(), BeginOutcome::Locked { .. } | BeginOutcome::Disabled)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_does_what_the_table_says(policy in policies(), ops in ops()) {
        let (rules, mut model, mut account, mut at) = (rules(&policy), Model::default(), Account::default(), BASE);
        for (pause, op) in ops {
            at += pause;
            let Some((said, deadline)) = apply(&mut account, at, &policy, op) else { continue };
            let expected = match (op, deadline) {
                (Op::Settle(_, matched), Some(deadline)) => model.settle(at, &rules, deadline, matched),
                (Op::Cancel(_), Some(deadline)) => model.cancel(at, &rules, deadline),
                _ => model.begin(at, &rules),
            };
            prop_assert_eq!(said, expected);
            prop_assert_eq!(account.shows(), model.shows());
        }
    }

    /// Looking at the record on the way changes nothing.
    #[test]
    fn a_look_on_the_way_changes_nothing(policy in policies(), ops in ops(), a in 0..20 * MINUTE, b in 0..20 * MINUTE, last in op()) {
        let (mut account, mut at) = (Account::default(), BASE);
        for (pause, op) in ops {
            at += pause;
            apply(&mut account, at, &policy, op);
        }
        let (mut direct, mut looked) = (account.clone(), account.clone());
        // An attempt that is cancelled and long gone is a decision that only brings the record up to its time.
        let mut other = Account::default();
        other.begin(now(BASE - MINUTE), &policy);
        looked.take(cancel(looked.state.clone(), now(at + a), &policy, &other.attempts[0]));
        let said = (apply(&mut direct, at + a + b, &policy, last), apply(&mut looked, at + a + b, &policy, last));
        prop_assert_eq!(said.0, said.1);
        prop_assert_eq!(direct.state.unwrap_or_default(), looked.state.unwrap_or_default());
    }

    /// Whatever is tried while it is locked: it neither opens before its time nor stays beyond it.
    #[test]
    fn a_lock_neither_opens_early_nor_lasts(before in ops(), ops in ops(), policy in policies_with(Just(None))) {
        let (mut account, mut at) = (Account::default(), BASE);
        for (pause, op) in before {
            at += pause;
            apply(&mut account, at, &policy, op);
        }
        for _ in 0..policy.limit() {
            if account.begin(now(at), &policy) == Says::Locked(0) { break }
            let attempts = account.attempts.clone();
            for attempt in attempts {
                account.settle(now(at), &policy, &attempt, false);
            }
        }
        let Says::Locked(until) = account.begin(now(at), &policy) else { panic!("not locked") };
        for (pause, op) in ops {
            at = (at + pause).min(until - 1);
            let says = apply(&mut account, at, &policy, op);
            prop_assert!(!matches!(says, Some((Says::Reserved(_) | Says::Accepted, _))));
            prop_assert_eq!(account.shows().2, Some(until));
        }
        prop_assert_eq!(account.clone().begin(now(until - 1), &policy), Says::Locked(until));
        prop_assert!(matches!(account.begin(now(until), &policy), Says::Reserved(_)));
        prop_assert_eq!(account.shows().0, 0);
    }

    /// A clock that is set back, by a little or by years, lets nobody in before its time.
    #[test]
    fn a_clock_set_back_never_unlocks(left in 1..15 * MINUTE, back in 0..5_000_000 * MINUTE, matched: bool) {
        let policy = LockoutPolicy::default();
        let mut account = Account::default();
        account.begin(now(BASE), &policy);
        let attempt = account.attempts[0];
        let state = stored(3, 3, &until(instant(BASE + left)), &[attempt.deadline()]);
        prop_assert!(locked(&state, now(BASE - back), &policy));
        account.state = Some(state);
        prop_assert_eq!(account.settle(now(BASE - back), &policy, &attempt, matched), Says::Refused);
        prop_assert!(locked(&account.state.unwrap(), now(BASE - back), &policy));
    }

    /// An end between one and two periods ahead comes back within reach before its bound: it then holds as it is.
    #[test]
    fn a_date_a_little_ahead_costs_two_periods_at_most(ahead in 15 * MINUTE + 30 * SECOND + 1..=31 * MINUTE) {
        let policy = LockoutPolicy::default();
        let state = Some(stored(3, 3, &until(instant(BASE + ahead)), &[]));
        let mut account = Account { state, ..Account::default() };
        prop_assert!(matches!(account.begin(now(BASE), &policy), Says::Locked(_)));
        prop_assert!(matches!(account.begin(now(BASE + ahead - 1), &policy), Says::Locked(_)));
        prop_assert!(matches!(account.begin(now(BASE + ahead), &policy), Says::Reserved(_)));
    }

    /// What a clock that ran years ahead has stored costs a lock or a lease, and the skew, from when it is next looked at.
    #[test]
    fn a_date_years_ahead_costs_one_period(ahead in 31 * MINUTE + 1..5_000_000 * MINUTE, begun in 0_usize..3) {
        let policy = LockoutPolicy::default();
        let (lock, lease, skew) = (15 * MINUTE, MINUTE, 30 * SECOND);
        let far = instant(BASE + ahead);

        let mut account = Account { state: Some(stored(3, 3, &until(far), &vec![far; begun])), ..Account::default() };
        let Says::Locked(opens) = account.begin(now(BASE), &policy) else { panic!("not locked") };
        prop_assert_eq!(opens, (BASE + lock + skew).min(BASE + ahead));
        prop_assert!(matches!(account.begin(now(opens - 1), &policy), Says::Locked(until) if until == opens));
        prop_assert!(matches!(account.begin(now(opens), &policy), Says::Reserved(_)));

        // Attempts under way: busy for a lease and the skew, and then they have lapsed.
        let mut account = Account { state: Some(stored(0, 0, &"open".into(), &[far; 3])), ..Account::default() };
        prop_assert_eq!(account.begin(now(BASE), &policy), Says::Busy(lease + skew));
        let lapsed = BASE + lease + skew;
        prop_assert_eq!(account.begin(now(lapsed), &policy), Says::Locked(lapsed + lock));
        prop_assert!(matches!(account.begin(now(lapsed + lock), &policy), Says::Reserved(_)));
    }

    /// Any record that can be read is decided on, at any time, without overflow, and never in more than the limit's favour.
    #[test]
    fn any_record_at_any_time(
        policy in policies(),
        (failures, more) in (edge(), edge()),
        (lock, at, instants) in (prop::option::of(any_instant()), any_instant(), prop::collection::vec(any_instant(), 0..8)),
        matched: bool,
    ) {
        let run = failures.saturating_add(more);
        let lock = lock.map_or("open".into(), until);
        let state = stored(failures, run, &lock, &instants);
        let mut attempt = Account::default();
        attempt.begin(Now::from(at), &policy);
        let mut account = Account { state: Some(state.clone()), attempts: attempt.attempts };
        for _ in 0..3 {
            account.begin(Now::from(at), &policy);
        }
        prop_assert!(account.attempts.len() <= 1 + policy.limit() as usize);
        let attempt = account.attempts[0];
        account.settle(Now::from(at), &policy, &attempt, matched);
        account.take(cancel(account.state.clone(), Now::from(at), &policy, &attempt));
        prop_assert!(account.state.clone().is_none_or(|state| state.failures() <= state.run()));
    }
}

fn edge() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..4, Just(u32::MAX), Just(u32::MAX - 1), any::<u32>()]
}

fn any_instant() -> impl Strategy<Value = Timestamp> {
    let (min, max) = (Timestamp::MIN.as_micros(), Timestamp::MAX.as_micros());
    prop_oneof![Just(min), Just(min + 1), Just(max), Just(max - 1), min..=max, Just(BASE), BASE..BASE + MINUTE]
        .prop_map(instant)
}

/// A clock that stands at the end of time cannot count to the end of a lock, so the lock holds until the clock is right.
#[test]
fn at_the_end_of_time_a_lock_holds() {
    let (policy, end) = (LockoutPolicy::default(), Timestamp::MAX);
    let mut account = Account::default();
    let mut guesses = 0;
    for _ in 0..10 {
        if let Says::Reserved(_) = account.begin(end.into(), &policy) {
            guesses += 1;
            let attempt = *account.attempts.last().unwrap();
            account.settle(end.into(), &policy, &attempt, false);
        }
    }
    assert_eq!(guesses, 3);
    // Once the clock is right again, it costs one period.
    let Says::Locked(until) = account.begin(now(BASE), &policy) else { panic!("not locked") };
    assert_eq!(until, BASE + 15 * MINUTE + 30 * SECOND);
    assert!(matches!(account.begin(now(until), &policy), Says::Reserved(_)));
}

#[test]
fn counters_at_their_end_stay_there() {
    let policy = policy(3, None);
    let state = stored(u32::MAX, u32::MAX, &"open".into(), &[instant(BASE)]);
    let mut account = Account { state: Some(state), ..Account::default() };
    // The attempt that lapses is one failure more than can be counted, and locks.
    assert_eq!(account.begin(now(BASE), &policy), Says::Locked(BASE + 15 * MINUTE));
    assert_eq!(account.shows(), (u32::MAX as usize, u32::MAX as usize, Some(BASE + 15 * MINUTE), false, 0));
}
