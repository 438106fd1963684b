//! What the pool of buffers gains over argon2 as a newcomer calls it, and what it costs over argon2 on a warm buffer.
//!
//! `cargo bench --bench hashing` measures; under `cargo test --benches` a short run checks the answers.
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

use argon2::{Algorithm, Argon2, Block, Params, Version};
use clausework::Secret;
use clausework::entropy::OsEntropy;
use clausework::hashing::{HashCost, HashPolicy, Hasher};

const CALLERS: u32 = 8;

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    values[values.len() / 2]
}

/// Minor page faults of this process so far; `None` where there is no /proc.
fn faults() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(7)?.parse().ok()
}

fn timed<T>(call: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(call());
    start.elapsed().as_secs_f64()
}

/// Eight threads that all hash `each` times, in seconds.
fn together(each: u32, call: impl Fn() + Sync) -> f64 {
    timed(|| {
        std::thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| (0..each).for_each(|_| call()));
            }
        });
    })
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, each): (u32, u32) = if measured { (21, 6) } else { (3, 1) };
    let cores = std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
    for (m_kib, t, goal_naive, goal_callers) in [(19_456, 2, 1.0, 1.7), (47_104, 1, 0.55, 2.2)] {
        let cost = HashCost { m_kib, t, p: 1 };
        let policy = HashPolicy::builder().cost(cost).memory_mib(cores * m_kib.div_ceil(1024)).build().unwrap();
        let hasher = Hasher::new(policy);
        let password = Secret::from("correct horse battery staple");
        let stored = hasher.hash(&mut OsEntropy, &password).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(m_kib, t, 1, Some(32)).unwrap());
        let mut warm = vec![Block::default(); usize::try_from(m_kib).unwrap()];
        let bytes = password.expose().as_bytes();
        let naive = || {
            let mut tag = [0; 32];
            argon2.hash_password_into(bytes, b"sixteen bytes of", &mut tag).unwrap();
            tag
        };
        let ours = || assert!(hasher.verify(&password, &stored).unwrap());
        let _ = (naive(), ours());

        let (mut to_naive, mut to_warm, mut callers, mut faulted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut quickest = Duration::MAX;
        for round in 0..rounds {
            let run_ours = || {
                let before = faults();
                let taken = timed(ours);
                (taken, before.and_then(|before| Some(faults()? - before)))
            };
            let first = (round % 2 == 0).then(run_ours);
            let plain = timed(naive);
            let bare = timed(|| {
                let mut tag = [0; 32];
                argon2.hash_password_into_with_memory(bytes, b"sixteen bytes of", &mut tag, &mut warm).unwrap();
                tag
            });
            let (taken, page_faults) = first.unwrap_or_else(run_ours);
            quickest = quickest.min(Duration::from_secs_f64(taken));
            to_naive.push(taken / plain);
            to_warm.push(taken / bare);
            faulted.extend(page_faults);
        }
        for _ in 0..rounds.div_ceil(5) {
            let naive_time = together(each, || assert_ne!(naive(), [0; 32]));
            callers.push(naive_time / together(each, ours));
        }
        let name = format!("hashing/verify/{m_kib},{t},1");
        println!("{name}: quickest {quickest:.1?}");
        println!("ratio {name} vs argon2 hash_password_into = {:.2} (goal <= {goal_naive})", median(to_naive));
        println!("ratio {name} vs argon2 hash_password_into_with_memory, warm = {:.2} (goal <= 1.12)", median(to_warm));
        println!(
            "ratio {name} hashes/s of {CALLERS} callers vs hash_password_into = {:.2} (goal >= {goal_callers} on 2 cores)",
            median(callers)
        );
        if !faulted.is_empty() {
            let faulted = median(faulted);
            println!("{name}: {faulted} page faults a hash once warm (goal < 5)");
            assert!(faulted < 5, "the memory is not used again");
        }
    }
}
