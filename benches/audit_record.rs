//! What a record costs: built, encoded and hashed, and read again, against the hashing alone.
//!
//! `cargo bench --bench audit_record --features testing` measures; under `cargo test --benches` a short run checks the answers.
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

use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place, Record, Value};
use clausework::clause;
use clausework::event::{Actor, Code, Origin, Transport};
use clausework::id::OpaqueId;
use clausework::testing::{Clock, SeededEntropy};
use clausework::{AccountId, Scope, TenantId};
use sha2::{Digest, Sha256};

/// Reading a record strictly may cost as much as hashing it, as a leaf with its node of the tree: so
/// a verification runs at half the speed of its hashing, or better.
const GOAL_READ: f64 = 1.0;
const PERSONAL: [(&str, &str); 4] = [
    ("email", "anna.muster@example.com"),
    ("name", "Anna Muster"),
    ("phone", "+41 44 668 18 00"),
    ("street", "Musterstrasse 17, 8001 Zuerich"),
];

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The seconds of each, measured in turn.
fn in_turn(rounds: usize, batch: u32, work: &mut [&mut dyn FnMut()]) -> Vec<Duration> {
    let mut times = vec![Vec::new(); work.len()];
    for _ in 0..rounds {
        for (work, times) in work.iter_mut().zip(&mut times) {
            let start = Instant::now();
            (0..batch).for_each(|_| work());
            times.push(start.elapsed() / batch);
        }
    }
    times.into_iter().map(median).collect()
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, batch) = if measured { (101, 2_000) } else { (3, 20) };
    let id = |text: &str| OpaqueId::try_new(text).unwrap();
    let now = Clock::at("2026-11-22T09:30:00Z").now();
    let (scope, component, customer) =
        (Scope::from(TenantId::try_new("acme").unwrap()), id("portal"), id("0192f3c1-7d2a-7b1e-9d53-2f1f0a9b5c11"));
    let anna = Actor::User(AccountId::try_new("u-17").unwrap());
    let draft = || {
        Draft::new(Essentials {
            code: Code::internal("shop.customer_changed"),
            at: now.timestamp(),
            scope: &scope,
            component: &component,
            source: Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls),
            phase: Phase::Whole(Outcome::Success),
            actor: &anna,
            about: About::new("customer", &customer),
            class: Class::Change,
        })
        .about_person(&customer)
        .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
        .under(clause::E_5_4)
        .with("rows", Value::count(3))
    };
    let committed = |entropy: &mut SeededEntropy| {
        PERSONAL.into_iter().fold(draft(), |draft, (name, value)| draft.personal(entropy, name, value).unwrap())
    };
    let place = Place::first(now);
    let leaf = |draft: &mut Draft<'_>, out: &mut Vec<u8>| {
        out.clear();
        let rows = draft.encode_into(place, out).unwrap().len();
        let hash: [u8; 32] = Sha256::new().chain_update([0]).chain_update(&*out).finalize().into();
        black_box((rows, hash))
    };

    let mut entropy = SeededEntropy::new(1);
    let mut whole = Vec::new();
    assert_eq!(leaf(&mut committed(&mut entropy), &mut whole).0, PERSONAL.len());
    assert_eq!(Record::decode(&whole).unwrap().commitments().count(), PERSONAL.len());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let times = in_turn(
        rounds,
        batch,
        &mut [
            &mut || {
                let leaf: [u8; 32] = Sha256::new().chain_update([0]).chain_update(black_box(&whole)).finalize().into();
                let node: [u8; 32] =
                    Sha256::new().chain_update([1]).chain_update(leaf).chain_update(leaf).finalize().into();
                black_box(node);
            },
            &mut || {
                black_box(Record::decode(black_box(&whole)).unwrap());
            },
            &mut || {
                leaf(&mut draft(), &mut first);
            },
            &mut || {
                leaf(&mut committed(&mut entropy), &mut second);
            },
        ],
    );
    let [hashing, reading, plain, four] = times[..] else { panic!("four") };
    let ratio = reading.as_secs_f64() / hashing.as_secs_f64();
    println!("audit_record: {} bytes, leaf and node hashed in {hashing:.1?}", whole.len());
    println!("audit_record: written and hashed in {plain:.1?}, with four commitments in {four:.1?}");
    println!("ratio audit_record/decode vs its hashing = {ratio:.2} (goal <= {GOAL_READ})");
    // An unoptimised build says nothing about time.
    assert!(cfg!(debug_assertions) || !measured || ratio <= GOAL_READ, "reading a record costs too much");
}
