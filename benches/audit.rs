//! What the audit log's tree costs: an append against bare hashing, at every size; proofs, and checking them.
//!
//! `cargo bench --bench audit` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::std_instead_of_core,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use clausework::audit::sequencer::integrate;
use clausework::audit::tree::{Frontier, Hash, Prover, Tree, leaf_hash};
use sha2::{Digest, Sha256};

/// An append may cost so many times the hashes that RFC 6962 asks for.
const GOAL_APPEND: f64 = 1.2;
/// An append to 10 million records may cost so many times one to a thousand.
const GOAL_FLAT: f64 = 1.2;
/// Bytes of a record.
const RECORD: usize = 400;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// The least that a tree can do: each leaf, and for each leaf one node, by SHA-256 alone.
fn bare(records: &[Vec<u8>]) -> [u8; 32] {
    let mut last = [0; 32];
    let mut leaf = Vec::with_capacity(RECORD + 1);
    for record in records {
        leaf.clear();
        leaf.push(0);
        leaf.extend_from_slice(record);
        let hash: [u8; 32] = Sha256::digest(&leaf).into();
        let mut node = [1; 65];
        node[1..33].copy_from_slice(&last);
        node[33..].copy_from_slice(&hash);
        last = Sha256::digest(node).into();
    }
    last
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, batch, most) = if measured { (301, 256, 10_000_000_u64) } else { (3, 64, 10_000) };
    let records: Vec<Vec<u8>> = (0..batch).map(|number: usize| vec![number as u8; RECORD]).collect();
    // An unoptimised build says nothing about time.
    let asserted = measured && !cfg!(debug_assertions);

    let (mut ratios, mut pushes) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let mut log = Frontier::new();
        let hashed = seconds(|| {
            black_box(bare(black_box(&records)));
        });
        let pushed = seconds(|| push(&mut log, &records));
        assert_eq!(log.size(), records.len() as u64);
        ratios.push(pushed / hashed);
        pushes.push(pushed / records.len() as f64);
    }
    let ratio = median(ratios);
    println!("audit/append/{RECORD}: {:.0?}", Duration::from_secs_f64(median(pushes)));
    println!("ratio audit/append/{RECORD} vs bare leaf and node hashes = {ratio:.2} (goal <= {GOAL_APPEND})");
    assert!(!asserted || ratio <= GOAL_APPEND, "an append costs too much");

    // Logs of 1 k to 10 M records: their frontiers, and appends to each in turn.
    let sizes: Vec<u64> = (3..=7).map(|power| 10_u64.pow(power)).filter(|size| *size <= most).collect();
    let grown: Vec<Frontier> = sizes.iter().map(|size| frontier(*size)).collect();
    let mut times = vec![Vec::new(); grown.len()];
    for _ in 0..rounds {
        for (times, frontier) in times.iter_mut().zip(&grown) {
            let mut log = frontier.clone();
            times.push(seconds(|| push(&mut log, &records)));
        }
    }
    let flat: Vec<f64> = times.into_iter().map(|times| median(times) / records.len() as f64).collect();
    for (size, time) in sizes.iter().zip(&flat) {
        println!("audit/append/at {size}: {:.0?}", Duration::from_secs_f64(*time));
    }
    let ratio = flat[flat.len() - 1] / flat[0];
    println!("ratio audit/append/at {} vs at {} = {ratio:.2} (goal <= {GOAL_FLAT})", sizes[sizes.len() - 1], sizes[0]);
    assert!(!asserted || ratio <= GOAL_FLAT, "appends grow dearer");

    let times = (0..rounds).map(|_| {
        let frontier = &grown[0];
        seconds(|| {
            let _ = black_box(integrate(frontier, black_box(&records)).unwrap());
        })
    });
    println!(
        "audit/integrate/{RECORD}: {:.0?} a record",
        Duration::from_secs_f64(median(times.collect()) / batch as f64)
    );

    let size: u64 = if measured { 1 << 20 } else { 1 << 10 };
    let mut tree = Tree::new();
    for index in 0..size {
        tree.push(&index.to_be_bytes()).unwrap();
    }
    let prover = tree.prover().unwrap();
    let head = prover.head();
    let indices: Vec<u64> = (0..1000).map(|step| step * 7919 % size).collect();
    let proven = median(
        (0..rounds)
            .map(|_| seconds(|| indices.iter().for_each(|index| drop(black_box(prover.inclusion(*index))))))
            .collect(),
    );
    let proofs: Vec<_> =
        indices.iter().map(|index| (prover.inclusion(*index).unwrap(), leaf_hash(&index.to_be_bytes()))).collect();
    let verified = median(
        (0..rounds)
            .map(|_| seconds(|| proofs.iter().for_each(|(proof, leaf)| proof.verify(leaf, &head).unwrap())))
            .collect(),
    );
    println!("audit/prove/{size}: {:.0?}", Duration::from_secs_f64(proven / 1000.0));
    println!("audit/verify/{size}: {:.0?}", Duration::from_secs_f64(verified / 1000.0));
    assert_eq!(proofs[0].0.path().len() * Hash::BYTES, size.ilog2() as usize * 32);
    assert!(Prover::new(&tree, size + 1).is_err());
}

fn push(log: &mut Frontier, records: &[Vec<u8>]) {
    for record in records {
        black_box(log.push(black_box(record)).unwrap());
    }
}

/// The frontier of a log of so many small records.
fn frontier(size: u64) -> Frontier {
    let mut log = Frontier::new();
    for index in 0..size {
        log.push(&index.to_be_bytes()).unwrap();
    }
    log
}
