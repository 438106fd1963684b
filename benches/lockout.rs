//! What the lock-out costs: the pure decisions, the text of a record, and lanes over a store in memory.
//!
//! `cargo bench --bench lockout --features testing` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use clausework::event::{Origin, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::lockout::{
    BeginOutcome, FamiliarPolicy, LanePolicy, LockoutPolicy, LockoutState, Repeats, begin, settle,
};
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::store::{MemoryStore, Next};
use clausework::testing::{CheapHash, Clock, SeededEntropy};
use clausework::{AccountId, Now, Secret, TenantId};
use sha2::{Digest, Sha256};

/// Begin and settle together may cost as many SHA-256 of 32 bytes.
const GOAL: f64 = 3.0;
/// The stored text of an account without failures, in bytes.
const GOAL_BYTES: usize = 128;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// One attempt, reserved and settled, without a store.
fn attempt(state: Option<LockoutState>, now: Now, policy: &LockoutPolicy, right: bool) -> Option<LockoutState> {
    let (Next::Put(reserved), BeginOutcome::Reserved(attempt), _) = begin(state, now, policy).into_parts() else {
        panic!("locked")
    };
    match settle(Some(reserved), now, policy, &attempt, right).into_parts().0 {
        Next::Put(state) => Some(state),
        other => panic!("{other:?}"),
    }
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, batch) = if measured { (61, 10_000_u32) } else { (5, 100) };
    let (policy, now) = (LockoutPolicy::default(), Clock::at("2026-11-22T09:30:00Z").now());

    let input = [7_u8; 32];
    let (mut sha, mut success, mut failure) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = Instant::now();
        for _ in 0..batch {
            black_box(Sha256::digest(black_box(input)));
        }
        sha.push(start.elapsed() / batch);
        for (times, right) in [(&mut success, true), (&mut failure, false)] {
            let start = Instant::now();
            for _ in 0..batch {
                let state = attempt(black_box(Some(LockoutState::default())), black_box(now), &policy, right).unwrap();
                assert_eq!(state.failures(), u32::from(!right));
            }
            times.push(start.elapsed() / batch);
        }
    }
    let sha = median(sha);
    for (path, times) in [("success", success), ("failure", failure)] {
        let ratio = median(times.clone()).as_secs_f64() / sha.as_secs_f64();
        println!("lockout/pure/{path}: {:.1?}, one SHA-256 of 32 bytes {sha:.1?}", median(times));
        println!("ratio lockout/pure/{path} vs one SHA-256 = {ratio:.2} (goal <= {GOAL})");
        // An unoptimised build says nothing about time.
        assert!(cfg!(debug_assertions) || ratio <= GOAL, "{path}: begin and settle cost too much");
    }

    lanes(if measured { 31 } else { 3 }, if measured { 300 } else { 20 });
}

/// A refused sign-in with the account's lane alone, and with every lane there is.
fn lanes(rounds: usize, batch: u32) {
    let session = || SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
    let every = LanePolicy::builder()
        .familiar(FamiliarPolicy::default())
        .account_source(LockoutPolicy::default())
        .source(LockoutPolicy::builder().limit(1000).lock_secs(1).build().unwrap())
        .build()
        .unwrap();
    let repeats = LockoutPolicy::builder().repeats(Repeats::Free).build().unwrap();
    let policies = [
        ("account", SignInPolicy::builder().session(session()).build().unwrap()),
        ("every lane", SignInPolicy::builder().session(session()).lanes(every).lockout(repeats).build().unwrap()),
    ];
    let (hasher, keys) =
        (Hasher::with_kernel(HashPolicy::default(), CheapHash), Keyring::new(OpaqueId::try_new("k").unwrap(), [7; 32]));
    let (tenant, mut entropy) = (TenantId::try_new("acme").unwrap(), SeededEntropy::new(1));
    let mut times = [Vec::new(), Vec::new()];
    let stores = [MemoryStore::new(), MemoryStore::new()];
    let mut clock = Clock::at("2026-11-22T09:30:00Z");
    for round in 0..rounds {
        for (index, (_, policy)) in policies.iter().enumerate() {
            let guard = SignIn::new(&tenant, policy, &hasher, &keys);
            let request = |number| {
                let account = AccountId::try_new(format!("u-{round}-{number}")).unwrap();
                let peer = std::net::Ipv4Addr::from_bits(0xcb00_7100 + number).into();
                let origin = Origin::network(peer, Transport::Tls);
                SignInRequest::new("anna", Some(account), Secret::from("a wrong guess"), origin)
            };
            let requests: Vec<SignInRequest> = (0..batch).map(request).collect();
            clock.advance_secs(1);
            let start = Instant::now();
            for request in &requests {
                let outcome = guard.sign_in(&stores[index], clock.now(), &mut entropy, request);
                assert!(matches!(outcome, SignInOutcome::Denied(_)));
            }
            times[index].push(start.elapsed() / batch);
        }
    }
    for ((name, _), times) in policies.iter().zip(times) {
        println!("lockout/sign_in/{name}: {:.1?} a refusal, without the hash", median(times));
    }
    // The success that has cleared a record leaves it without failures: the longest such text there is.
    let records = stores[0].records();
    let text = records.iter().find(|(key, _)| key.kind() == "lockout").map(|(_, text)| text.clone()).unwrap();
    let idle = text.replace("\"failures\":1", "\"failures\":0").replace("\"run\":1", "\"run\":0");
    println!("lockout/text: {} bytes for an account without failures (goal <= {GOAL_BYTES})", idle.len());
    assert!(idle.len() <= GOAL_BYTES, "{idle}");
}
