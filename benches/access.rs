//! Finding the entry that decides on an address: a thousand entries and a million, against a loop where that is bearable.
//!
//! `cargo bench --bench access` measures; under `cargo test --benches` a short run checks the answers. Other crates are
//! in `benches/versus`.
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
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use clausework::access::{AddressRange, AddressSet, Effect, SetEntry};
use clausework::{Now, Timestamp};

/// A search among a million may cost so many times one among a thousand: what cache misses explain.
const GROWTH: f64 = 10.0;
/// A search among fifty may cost this part of a loop over them.
const OF_LINEAR: f64 = 0.5;

/// splitmix64 (Steele, Lea, Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// An address and the mask of its host bits: three of four of IPv4, /16 to /32; the rest in 2000::/3, /28 to /64.
fn network(state: &mut u64) -> (IpAddr, IpAddr) {
    let (random, length) = (next(state), next(state));
    if length % 4 < 3 {
        let mask = u32::MAX >> (16 + (length >> 8) % 17).min(31);
        let bits = random as u32;
        (IpAddr::V4((bits & !mask).into()), IpAddr::V4((bits | mask).into()))
    } else {
        let mask = u128::MAX >> (28 + (length >> 8) % 37);
        let bits = u128::from(random) << 64 >> 3 | 1 << 125;
        (IpAddr::V6((bits & !mask).into()), IpAddr::V6((bits | mask).into()))
    }
}

fn entries(count: usize, state: &mut u64) -> Vec<SetEntry> {
    let mut entry = || {
        let (first, last) = network(state);
        let effect = if next(state).is_multiple_of(10) { Effect::Deny } else { Effect::Allow };
        SetEntry::new(AddressRange::try_new(first, last).unwrap(), effect)
    };
    (0..count).map(|_| entry()).collect()
}

/// Half of them in a network of the list.
fn queries(entries: &[SetEntry], count: usize, state: &mut u64) -> Vec<IpAddr> {
    let mut query = || {
        let random = next(state);
        match (entries[(random >> 1) as usize % entries.len()].range.last(), random.is_multiple_of(2)) {
            (address, true) => address,
            (IpAddr::V4(_), false) => IpAddr::V4(Ipv4Addr::from(next(state) as u32)),
            (IpAddr::V6(_), false) => IpAddr::V6(Ipv6Addr::from(u128::from(next(state)) << 64 >> 3 | 1 << 125)),
        }
    };
    (0..count).map(|_| query()).collect()
}

/// What the documentation says of the deciding entry, over a list.
fn linear(entries: &[SetEntry], address: IpAddr) -> Option<usize> {
    let holding = entries.iter().enumerate().filter(|(_, entry)| entry.range.contains(address));
    let rank = |(index, entry): &(usize, &SetEntry)| {
        (entry.effect != Effect::Deny, entry.range.addresses(), entry.range.first(), *index)
    };
    holding.min_by_key(rank).map(|(index, _)| index)
}

fn time(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e9
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (asked, rounds, large) = if measured { (1 << 17, 21, 1_000_000) } else { (1 << 10, 1, 20_000) };
    let (mut state, now) = (1, Now::from(Timestamp::MIN));
    let lists: Vec<Vec<SetEntry>> = [50, 1_000, large].iter().map(|count| entries(*count, &mut state)).collect();
    let mut sets = Vec::new();
    for entries in &lists {
        let start = Instant::now();
        let set = AddressSet::build(entries, now).unwrap();
        println!("access/build: {:.1?} ({} entries)", start.elapsed(), entries.len());
        sets.push((set, queries(entries, asked, &mut state)));
    }
    for (entries, (set, queries)) in lists.iter().zip(&sets) {
        let some = &queries[..(20_000_000 / entries.len()).min(1_000)];
        some.iter().for_each(|address| assert_eq!(set.find(*address), linear(entries, *address), "{address}"));
        let found = queries.iter().filter(|address| set.find(**address).is_some()).count();
        assert!(found >= queries.len() * 2 / 5, "{found} found");
    }

    // All in turn, each round by itself, since the machine is not equally fast in all.
    let (mut loops, mut times) = (Vec::new(), [Vec::new(), Vec::new(), Vec::new()]);
    for _ in 0..rounds {
        let few = &sets[0].1;
        let is_in = |address: &IpAddr| lists[0].iter().any(|entry| entry.range.contains(*address));
        loops.push(time(|| few.iter().filter(|address| is_in(black_box(address))).count()));
        for ((set, queries), times) in sets.iter().zip(&mut times) {
            times.push(time(|| queries.iter().filter(|address| set.find(*black_box(*address)).is_some()).count()));
        }
    }
    let each = |times: &Vec<Duration>| median(times.clone()) / asked as f64;
    println!("access/linear: {:.1} ns ({} entries)", each(&loops), lists[0].len());
    for (entries, times) in lists.iter().zip(&times) {
        println!("access/find: {:.1} ns ({} entries)", each(times), entries.len());
    }
    if measured {
        let ratio = |ours: &[Duration], theirs: &[Duration]| {
            let mut ratios: Vec<f64> =
                ours.iter().zip(theirs).map(|(one, other)| one.div_duration_f64(*other)).collect();
            ratios.sort_unstable_by(f64::total_cmp);
            ratios[ratios.len() / 2]
        };
        let (linear, growth) = (ratio(&times[0], &loops), ratio(&times[2], &times[1]));
        println!("ratio access/find/50 vs linear = {linear:.3} (goal <= {OF_LINEAR:.2})");
        println!("ratio access/find/1M vs 1k = {growth:.2} (goal <= {GROWTH:.2})");
        // An unoptimised build says nothing about time.
        assert!(cfg!(debug_assertions) || linear <= OF_LINEAR && growth <= GROWTH, "a search costs too much");
    }
}
