//! A lock-out check through the in-memory store with a million accounts against `governor` with as many string keys.
//!
//! A check is what a host asks before an attempt, and what the answer charges. For governor it is `check_key`, which
//! reads its clock, decides, and takes a cell if there is one. Ours does as much: the clock, the key, and an `update` of
//! [`lockout::begin`], which loads and decodes the record, decides, and commits the reservation, so that `reserve`
//! meets accounts that are open and `locked` those that are not, of which nothing is written. Every check is of an
//! account that was not looked at since the million were made: what it needs comes from memory, not from a cache.

use std::cell::RefCell;
use std::hint::black_box;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;
use clausework::event::{Actor, Provenance};
use clausework::lockout::{self, BeginOutcome, Factor, LockoutPolicy, LockoutState};
use clausework::store::{Change, Key, MemoryStore, Transition, update};
use clausework::{AccountId, Now, TenantId, Timestamp};
use clausework_versus::{Goal, Medians, Versus, in_turn};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use rand::rngs::ChaCha20Rng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

const ACCOUNTS: usize = 1_000_000;
/// Checks a measurement, and measurements a side: together fewer than there are accounts.
const CHUNK: usize = 50_000;
const ROUNDS: usize = 17;

/// Ids as long as a UUID, in no order.
fn ids() -> Vec<String> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut id = || {
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            rng.next_u32(),
            rng.next_u32() >> 16,
            rng.next_u32() >> 20,
            rng.next_u32() >> 20,
            rng.next_u64() >> 16
        )
    };
    (0..ACCOUNTS).map(|_| id()).collect()
}

/// The host's side: a tenant, a policy, a store with a record of every account.
struct Host {
    tenant: TenantId,
    policy: LockoutPolicy,
    by: Provenance,
    store: MemoryStore,
}

impl Host {
    fn new(ids: &[String], state: &LockoutState) -> Self {
        let host = Self {
            tenant: TenantId::try_new("acme").expect("an id"),
            policy: LockoutPolicy::default(),
            by: Provenance::internal(Actor::Unauthenticated),
            store: MemoryStore::new(),
        };
        let now = Now::from(Utc::now());
        for id in ids {
            let key = host.key(&AccountId::try_new(id).expect("an id"));
            update(&host.store, [&key], |rows| {
                let mut change = Change::new(rows, now, &host.by);
                change.apply(&key, Transition::put(state.clone(), ()))?;
                Ok(change.finish(()))
            })
            .expect("a write");
        }
        host
    }

    fn key(&self, account: &AccountId) -> Key {
        LockoutState::key(self.tenant.clone(), account, Factor::Password)
    }

    fn check(&self, account: &AccountId) -> bool {
        let (now, key) = (Now::from(Utc::now()), self.key(account));
        let begun = update(&self.store, [&key], |rows| {
            let mut change = Change::new(rows, now, &self.by);
            let begun = change.apply(&key, lockout::begin(rows.read(&key)?, now, &self.policy))?;
            Ok(change.finish(begun))
        });
        matches!(begun, Ok(BeginOutcome::Reserved(_)))
    }
}

/// Governor with a cell taken of every key, or all five.
fn limiter(ids: &[String], taken: usize) -> DefaultKeyedRateLimiter<String> {
    let limiter = RateLimiter::keyed(Quota::per_minute(5.try_into().expect("not zero")));
    for id in ids.iter().flat_map(|id| std::iter::repeat_n(id, taken)) {
        limiter.check_key(id).expect("a cell");
    }
    limiter
}

/// Seconds a check of fresh copies of these ids, as a request brings them, shared among the threads.
fn time<T: Sync>(ids: &[String], copy: fn(&String) -> T, threads: usize, check: impl Fn(&T) + Sync) -> f64 {
    let copies: Vec<T> = ids.iter().map(copy).collect();
    let start = Instant::now();
    thread::scope(|scope| {
        for share in copies.chunks(copies.len().div_ceil(threads)) {
            scope.spawn(|| share.iter().for_each(&check));
        }
    });
    start.elapsed().as_secs_f64() / copies.len() as f64
}

/// Governor's check. A cell comes back every 12 seconds, so a few of those that have none left may pass.
fn limited(limiter: &DefaultKeyedRateLimiter<String>, id: &String) {
    let _ = black_box(limiter.check_key(id));
}

fn account(id: &String) -> AccountId {
    AccountId::try_new(id).expect("an id")
}

fn main() -> ExitCode {
    let mut versus = Versus::from_args("lockout");
    // The accounts are made in one order and checked in another, so that no prefetching helps.
    let made = ids();
    let mut ids = made.clone();
    ids.shuffle(&mut ChaCha20Rng::seed_from_u64(2));
    let until = Timestamp::from(Utc::now()).saturating_add(Duration::from_secs(15 * 60));
    let locked = format!(r#"{{"failures":3,"run":3,"lock":{{"until":"{until}"}},"reserved":[]}}"#);
    let locked: LockoutState = serde_json::from_str(&locked).expect("a state");

    for (case, state, taken, admits) in [("reserve", LockoutState::default(), 1, true), ("locked", locked, 5, false)] {
        let (host, limiter) = (Host::new(&made, &state), limiter(&made, taken));
        let (mut mine, mut others) = (ids.chunks(CHUNK), ids.chunks(CHUNK));
        let medians = in_turn(
            ROUNDS,
            || time(mine.next().expect("enough"), account, 1, |id| assert_eq!(host.check(id), admits)),
            || time(others.next().expect("enough"), String::clone, 1, |id| limited(&limiter, id)),
        );
        versus.judge(case, "1M", "governor", Goal::AtMost(2.0), medians);
    }

    // On distinct accounts. Governor's shows what the machine has to give: a busy one has less than two cores.
    let (host, limiter) = (Host::new(&made, &LockoutState::default()), limiter(&made, 1));
    let mut parts = ids.chunks(CHUNK);
    let medians =
        one_against_two(|threads| time(parts.next().expect("enough"), account, threads, |id| assert!(host.check(id))));
    versus.judge("two threads", "1M", "one", Goal::AtLeast(1.6), medians);
    let mut parts = ids.chunks(CHUNK);
    let medians = one_against_two(|threads| {
        time(parts.next().expect("enough"), String::clone, threads, |id| limited(&limiter, id))
    });
    println!("      governor's two threads: {:.2}", medians.ratio);
    versus.finish()
}

/// Seconds a check by one thread and by two, in turn.
fn one_against_two(side: impl FnMut(usize) -> f64) -> Medians {
    let side = RefCell::new(side);
    in_turn(9, || (side.borrow_mut())(1), || (side.borrow_mut())(2))
}
