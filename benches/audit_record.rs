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

use clausework::audit::record::{About, Class, Disclosure, Draft, Essentials, Outcome, Phase, Place, Record, Value};
use clausework::audit::tree::{Frontier, Hash, leaf_hash};
use clausework::audit::verify::{Evidence, Ledger, Values, Verdict, Verifier, VerifierState};
use clausework::clause;
use clausework::event::{Actor, Code, Origin, Transport};
use clausework::id::OpaqueId;
use clausework::testing::{Clock, SeededEntropy};
use clausework::{AccountId, Scope, TenantId};
use sha2::{Digest, Sha256};

/// Reading a record strictly may cost as much as hashing it, as a leaf with its node of the tree: so
/// a verification runs at half the speed of its hashing, or better.
const GOAL_READ: f64 = 1.0;
/// A full verification as it streams may take so many times the hashing alone: half its speed.
const GOAL_VERIFY: f64 = 2.0;
/// Bytes of the state that a verification is stored with.
const GOAL_STATE: usize = 16 * 1024;
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
    verify(if measured { 501 } else { 3 }, measured, &mut entropy, &committed, Place::first(now));
    // An unoptimised build says nothing about time.
    assert!(cfg!(debug_assertions) || !measured || ratio <= GOAL_READ, "reading a record costs too much");
}

/// A log of such records, verified as it streams by: against the hashes that RFC 6962 asks for, and with the values
/// that open its commitments, against their hashes as well.
fn verify<'a>(
    rounds: usize,
    measured: bool,
    entropy: &mut SeededEntropy,
    draft: &impl Fn(&mut SeededEntropy) -> Draft<'a>,
    first: Place,
) {
    // Few, so that a round is over before another process has its turn.
    let records = 100;
    let (mut log, mut rows, mut place) = (Frontier::new(), Vec::<(Vec<u8>, Hash, Vec<Disclosure>)>::new(), first);
    for _ in 0..records {
        let mut bytes = Vec::new();
        let values = draft(entropy).encode_into(place, &mut bytes).unwrap().collect();
        rows.push((bytes.clone(), log.push(&bytes).unwrap(), values));
        place = place.next(clausework::Now::from(place.recorded_at()));
    }
    let heads = [log.head()];
    let ledger = Ledger::of(log.size(), rows.iter().map(|(bytes, ..)| bytes.as_slice()));
    let read = |values: Values, rows: &[(Vec<u8>, Hash, Vec<Disclosure>)], state: Option<VerifierState>| {
        let mut verifier = match state {
            Some(state) => Verifier::resume(&ledger, &heads, state),
            None => Verifier::begin(&ledger, &heads, Frontier::new(), values),
        };
        let next = verifier.state().next_index();
        for ((bytes, leaf, disclosures), index) in rows.iter().zip(next..) {
            let disclosures = if values == Values::Shown { disclosures.as_slice() } else { &[] };
            verifier.read(index, *leaf, Evidence::Body { bytes, disclosures });
        }
        verifier
    };
    // Stopped in the middle, stored as text, and gone on with.
    let (before, after) = rows.split_at(records / 2);
    let text = serde_json::to_string(read(Values::Shown, before, None).state()).unwrap();
    assert!(text.len() < GOAL_STATE, "{} bytes of state", text.len());
    let resumed = read(Values::Shown, after, Some(serde_json::from_str(&text).unwrap()));
    assert_eq!(resumed.finish().verdict, Verdict::Verified(log.head()));

    let opened = |(_, _, values): &(Vec<u8>, Hash, Vec<Disclosure>)| {
        values.iter().for_each(|value| {
            black_box(clausework::audit::record::Commitment::new(value.field(), value.salt(), value.value()));
        });
    };
    let hash = || {
        let mut log = Frontier::new();
        rows.iter().for_each(|(bytes, ..)| log.push_with(leaf_hash(black_box(bytes)), |_, _| {}).unwrap());
        black_box(log.root())
    };
    let times = in_turn(
        rounds,
        1,
        &mut [
            &mut || {
                hash();
            },
            &mut || assert_eq!(read(Values::NotShown, &rows, None).finish().verdict, Verdict::Verified(log.head())),
            &mut || {
                hash();
                rows.iter().for_each(opened);
            },
            &mut || assert_eq!(read(Values::Shown, &rows, None).finish().verdict, Verdict::Verified(log.head())),
        ],
    );
    let [bare, records_alone, with_values, whole] = times[..] else { panic!("four") };
    let (one, other) =
        (records_alone.as_secs_f64() / bare.as_secs_f64(), whole.as_secs_f64() / with_values.as_secs_f64());
    let rate = rows.len() as f64 / records_alone.as_secs_f64() / 1e6;
    println!("audit_record: verified {rate:.2} M records a second, {} bytes of state half way", text.len());
    println!("ratio audit_record/verify vs the hashing alone = {one:.2} (goal <= {GOAL_VERIFY})");
    println!("audit_record: with four values opened, {other:.2} times the hashing alone");
    // An unoptimised build says nothing about time.
    assert!(cfg!(debug_assertions) || !measured || one <= GOAL_VERIFY, "verifying costs too much");
}
