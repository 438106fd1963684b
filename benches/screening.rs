//! Membership in a list of 10 million entries, against a binary search over the same keys.
//!
//! `cargo bench --bench screening --features breached` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::std_instead_of_core,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use clausework::screening::{List, ListBuilder, PasswordSha1, Screening};

/// A search may cost this part of a binary search.
const GOAL: f64 = 0.10;
const MAX_BYTES_PER_ENTRY: f64 = 12.0;

/// splitmix64 (Steele, Lea, Flood 2014): digests are as good as random, so random bytes stand for them.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The digest whose first 64 bits are the key; the rest follows from it.
fn digest(key: u64) -> [u8; 20] {
    let mut bytes = [0; 20];
    let mut state = key;
    bytes[..8].copy_from_slice(&key.to_be_bytes());
    bytes[8..16].copy_from_slice(&next(&mut state).to_be_bytes());
    bytes
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (entries, queries, rounds) = if measured { (10_000_000, 1 << 20, 11) } else { (100_000, 1 << 14, 1) };

    let mut state = 1;
    let mut keys: Vec<u64> = (0..entries).map(|_| next(&mut state)).collect();
    let mut builder = ListBuilder::new(entries);
    for key in &keys {
        builder.add_sha1(&PasswordSha1::from_bytes(digest(*key))).unwrap();
    }
    let start = Instant::now();
    let file = builder.finish().unwrap();
    let built = start.elapsed();
    keys.sort_unstable();

    // Aligned to 64 bytes, as a file is that the host maps into memory.
    let mut memory = vec![0; file.len() + 64];
    let aligned = memory.as_ptr().align_offset(64);
    memory[aligned..][..file.len()].copy_from_slice(&file);
    let file = &memory[aligned..][..file.len()];
    let start = Instant::now();
    let list = List::open(file).unwrap();
    let opened = start.elapsed();
    assert_eq!(list.len(), entries as u64);
    list.verify().unwrap();
    let per_entry = file.len() as f64 / entries as f64;
    println!(
        "screening/size: {per_entry:.2} bytes an entry ({entries} entries; built in {built:.1?}, opened in {opened:.1?})"
    );
    assert!(per_entry <= MAX_BYTES_PER_ENTRY);
    const { assert!(List::FALSE_REFUSAL_CHANCE <= 1e-12) };

    // Half of the queries hit, in random order.
    let asked: Vec<u64> = (0..queries)
        .map(|_| match next(&mut state) {
            random if random % 2 == 0 => keys[(random >> 1) as usize % entries],
            random => random,
        })
        .collect();
    let digests: Vec<PasswordSha1> = asked.iter().map(|key| PasswordSha1::from_bytes(digest(*key))).collect();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = Instant::now();
        let found = digests.iter().filter(|digest| list.screen_sha1(black_box(digest)) != Screening::Clean).count();
        ours.push(start.elapsed());
        let start = Instant::now();
        let expected = asked.iter().filter(|key| keys.binary_search(black_box(key)).is_ok()).count();
        theirs.push(start.elapsed());
        assert_eq!(found, expected);
        assert!(found >= queries * 2 / 5 && found <= queries * 3 / 5);
    }

    // Of each round by itself, since the machine is not equally fast in all.
    let mut ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours.div_duration_f64(*theirs)).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    let each = |time: Duration| time.as_secs_f64() * 1e9 / queries as f64;
    let (ours, theirs) = (each(median(ours)), each(median(theirs)));
    println!("screening/membership: {ours:.0} ns, binary_search {theirs:.0} ns ({entries} entries)");
    if measured {
        println!("ratio screening/membership/10M vs binary_search = {ratio:.3} (goal <= {GOAL:.2})");
        // An unoptimised build says nothing about time.
        assert!(cfg!(debug_assertions) || ratio <= GOAL, "a search costs too much");
    }
}
