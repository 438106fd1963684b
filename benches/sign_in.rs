//! What a sign-in costs besides the hash: records, decisions, events, over a store in memory.
//!
//! `cargo bench --bench sign_in --features testing` measures; under `cargo test --benches` a short run checks the answers.
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

use clausework::credential::Issue;
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::store::MemoryStore;
use clausework::testing::{CheapHash, Clock, SeededEntropy};
use clausework::{AccountId, Secret, TenantId};

/// Everything but the hash may cost this part of a hash.
const GOAL: f64 = 0.02;
const RIGHT: &str = "Tr0ub4dor-and-a-horse";

struct Sizes {
    accounts: usize,
    rounds: usize,
    /// Sign-ins in one measurement.
    batch: usize,
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let sizes = match measured {
        true => Sizes { accounts: 10_000, rounds: 31, batch: 300 },
        false => Sizes { accounts: 200, rounds: 5, batch: 20 },
    };

    let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build().unwrap();
    let policy = SignInPolicy::builder().session(session).build().unwrap();
    let keyring = Keyring::new(OpaqueId::try_new("k").unwrap(), [7; 32]);
    let cheap = Hasher::with_kernel(HashPolicy::default(), CheapHash);
    let real = Hasher::new(HashPolicy::default());
    let tenant = TenantId::try_new("acme").unwrap();
    let guard = SignIn::new(&tenant, &policy, &cheap, &keyring);

    let (store, mut clock) = (MemoryStore::new(), Clock::at("2026-11-22T09:30:00Z"));
    let mut entropy = SeededEntropy::new(1);
    let admin = Provenance::internal(Actor::User(AccountId::try_new("u-admin").unwrap()));
    let origin = Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls);
    let account = |index: usize| AccountId::try_new(format!("u-{index}")).unwrap();
    let attempt =
        |index: usize, password: &str| SignInRequest::new("anna", Some(account(index)), Secret::from(password), origin);

    for index in 0..sizes.accounts {
        let (who, now) = (account(index), clock.now());
        let issued =
            guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(who.clone())).issued().unwrap();
        let first = SignInRequest::new("anna", Some(who), issued.password().clone(), origin);
        let SignInOutcome::MustChange(permission) = guard.sign_in(&store, now, &mut entropy, &first) else { panic!() };
        let change = ChangeRequest::new(permission.token().clone(), Secret::from(RIGHT), origin);
        assert!(matches!(guard.change_password(&store, now, &mut entropy, &change), ChangeOutcome::Changed { .. }));
    }

    let password = Secret::from(RIGHT);
    let stored = real.hash(&mut entropy, &password).unwrap();
    let (mut hash, mut success, mut failure) = (Vec::new(), Vec::new(), Vec::new());
    let mut next = 0;
    for _ in 0..sizes.rounds {
        let start = Instant::now();
        assert!(real.verify(black_box(&password), black_box(&stored)).unwrap());
        hash.push(start.elapsed());

        for (times, typed, right) in [(&mut success, RIGHT, true), (&mut failure, "a wrong guess", false)] {
            // Other accounts every time, and no account fails often enough to be locked.
            let requests: Vec<SignInRequest> =
                (0..sizes.batch).map(|offset| attempt((next + offset * 31) % sizes.accounts, typed)).collect();
            next += 1;
            clock.advance_secs(1);
            let mut signed_in = 0;
            let start = Instant::now();
            for request in &requests {
                match guard.sign_in(&store, clock.now(), &mut entropy, request) {
                    SignInOutcome::SignedIn(session) => signed_in += usize::from(!session.token().expose().is_empty()),
                    SignInOutcome::Denied(_) => {}
                    other => panic!("{other:?}"),
                }
            }
            times.push(start.elapsed() / u32::try_from(sizes.batch).unwrap());
            assert_eq!(signed_in, if right { sizes.batch } else { 0 });
        }
    }

    let hash = median(hash);
    for (path, times) in [("success", success), ("failure", failure)] {
        let overhead = median(times);
        let ratio = overhead.as_secs_f64() / hash.as_secs_f64();
        println!("sign_in/overhead/{path}: {overhead:.1?}, one hash {hash:.1?} ({} accounts)", sizes.accounts);
        println!("ratio sign_in/overhead/{path} vs one hash = {ratio:.4} (goal <= {GOAL})");
        // An unoptimised build says nothing about time.
        assert!(cfg!(debug_assertions) || ratio <= GOAL, "{path}: everything but the hash costs too much");
    }
}
