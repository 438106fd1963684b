//! What a hash through a [`Hasher`] costs over argon2 on memory that is warm, and that it has no page faults.
//!
//! `cargo bench --bench hashing` measures and asserts; under `cargo test --benches` a short run checks the answers.
//! The comparison with other crates and libraries, and with eight callers at once, is `hashing` of `benches/versus`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::std_instead_of_core, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Instant;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use clausework::Secret;
use clausework::entropy::OsEntropy;
use clausework::hashing::{HashCost, HashPolicy, Hasher};

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    *values.get(values.len() / 2).unwrap()
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

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let rounds = if measured { 41 } else { 3 };
    for (m_kib, t) in [(19_456, 2), (47_104, 1)] {
        let hasher = Hasher::new(HashPolicy::builder().cost(HashCost { m_kib, t, p: 1 }).build().unwrap());
        let password = Secret::from("correct horse battery staple");
        let stored = hasher.hash(&mut OsEntropy, &password).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(m_kib, t, 1, Some(32)).unwrap());
        let mut warm = vec![Block::default(); usize::try_from(m_kib).unwrap()];
        let ours = || {
            let before = faults();
            let taken = timed(|| assert!(hasher.verify(&password, &stored).unwrap()));
            (taken, before.and_then(|before| faults()?.checked_sub(before)))
        };
        let (mut ratios, mut faulted) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            // Whoever comes first finds colder caches: they take turns at that, too.
            let first = (round % 2 == 0).then(ours);
            let bare = timed(|| {
                let (bytes, mut tag) = (password.expose().as_bytes(), [0; 32]);
                argon2.hash_password_into_with_memory(bytes, b"sixteen bytes of", &mut tag, &mut warm).unwrap();
                tag
            });
            let (taken, page_faults) = first.unwrap_or_else(ours);
            ratios.push(taken / bare);
            faulted.extend(page_faults);
        }
        let name = format!("hashing/verify/{m_kib},{t},1");
        let ratio = median(ratios);
        println!("ratio {name} vs argon2 hash_password_into_with_memory, touched = {ratio:.2} (goal <= 1.12)");
        if !faulted.is_empty() {
            let faulted = median(faulted);
            println!("{name}: {faulted} page faults a hash once warm (goal < 5)");
            assert!(faulted < 5, "the memory is not used again");
        }
        assert!(!measured || ratio <= 1.12, "{name} missed its goal");
    }
}
