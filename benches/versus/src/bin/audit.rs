//! The audit log's tree against ct-merkle (RFC 6962, in memory) and rs_merkle (no RFC 6962: its default hasher has no
//! prefixes), as a newcomer gets them: push a record, prove one of a million, check the proof.

use std::hint::black_box;
use std::process::ExitCode;

use clausework::audit::tree::{Frontier, Tree, leaf_hash};
use clausework_versus::{Goal, Versus, in_turn};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use rs_merkle::Hasher;
use rs_merkle::MerkleTree;
use rs_merkle::algorithms::Sha256 as RsSha256;
use sha2::Sha256;

const RECORD: usize = 400;
const BATCH: usize = 200;
const ROUNDS: usize = 101;
const MILLION: u64 = 1_000_000;

fn record(number: u64) -> Vec<u8> {
    let mut record = vec![7; RECORD];
    record[..8].copy_from_slice(&number.to_be_bytes());
    record
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = std::time::Instant::now();
    work();
    start.elapsed().as_secs_f64() / BATCH as f64
}

fn main() -> ExitCode {
    let mut versus = Versus::from_args("audit");
    let batch: Vec<Vec<u8>> = (0..BATCH as u64).map(record).collect();

    // Pushes, onto a log of a million, which both then grow. Records are cloned outside of what is measured.
    let (mut ours, mut theirs) = (Tree::new(), MemoryBackedTree::<Sha256, Vec<u8>>::new());
    let mut frontier = Frontier::new();
    for number in 0..MILLION {
        // Small, so that a million of them fit: ct-merkle keeps the records.
        let small = number.to_be_bytes();
        ours.push(&small).expect("room");
        frontier.push(&small).expect("room");
        theirs.push(small.to_vec());
    }
    assert_eq!(ours.head().root().as_bytes()[..], theirs.root().as_bytes()[..], "the same tree");

    let mut grown = frontier.clone();
    let medians = in_turn(
        ROUNDS,
        || seconds(|| batch.iter().for_each(|record| assert!(black_box(grown.push(black_box(record))).is_ok()))),
        || {
            let records = batch.clone();
            seconds(|| records.into_iter().for_each(|record| theirs.push(black_box(record))))
        },
    );
    versus.judge("append", "400, kept: the frontier", "ct-merkle", Goal::AtMost(0.25), medians);
    let mut other = theirs.clone();
    let medians = in_turn(
        ROUNDS,
        || seconds(|| batch.iter().for_each(|record| assert!(black_box(ours.push(black_box(record))).is_ok()))),
        || {
            let records = batch.clone();
            seconds(|| records.into_iter().for_each(|record| other.push(black_box(record))))
        },
    );
    versus.judge("append", "400, kept: every node", "ct-merkle", Goal::AtMost(0.25), medians);

    // rs_merkle has no append: it inserts and commits, and a commit of one leaf at a time builds anew.
    let (mut tree, mut log) = (MerkleTree::<RsSha256>::new(), Frontier::new());
    let medians = in_turn(
        ROUNDS,
        || seconds(|| batch.iter().for_each(|record| assert!(black_box(log.push(black_box(record))).is_ok()))),
        || {
            seconds(|| {
                batch.iter().for_each(|record| {
                    tree.insert(RsSha256::hash(black_box(record)));
                });
                tree.commit();
            })
        },
    );
    versus.judge("append", "400, theirs 200 at once", "rs_merkle", Goal::AtMost(1.0), medians);

    // Proofs from exactly a million, and from 2^20: the first has an edge that is no whole subtree.
    for size in [MILLION, 1 << 20] {
        let (mut ours, mut theirs) = (Tree::new(), MemoryBackedTree::<Sha256, [u8; 8]>::new());
        for number in 0..size {
            ours.push(&number.to_be_bytes()).expect("room");
            theirs.push(number.to_be_bytes());
        }
        let prover = ours.prover().expect("all nodes");
        let (head, root) = (prover.head(), theirs.root());
        let indices: Vec<u64> = (0..BATCH as u64).map(|step| step * 7919 * 131 % size).collect();
        for index in &indices {
            let (mine, other) = (prover.inclusion(*index).expect("a record"), theirs.prove_inclusion(*index as usize));
            let bytes: Vec<u8> = mine.path().iter().flat_map(|hash| *hash.as_bytes()).collect();
            assert_eq!(bytes, other.as_bytes(), "the same proof");
        }
        let medians = in_turn(
            ROUNDS,
            || seconds(|| indices.iter().for_each(|index| drop(black_box(prover.inclusion(*index))))),
            || seconds(|| indices.iter().for_each(|index| drop(black_box(theirs.prove_inclusion(*index as usize))))),
        );
        versus.judge("prove", &size.to_string(), "ct-merkle", Goal::AtMost(1.0), medians);

        let mine: Vec<_> = indices.iter().map(|index| (prover.inclusion(*index).expect("a record"), *index)).collect();
        let other: Vec<_> = indices.iter().map(|index| (theirs.prove_inclusion(*index as usize), *index)).collect();
        let medians = in_turn(
            ROUNDS,
            || {
                seconds(|| {
                    mine.iter().for_each(|(proof, index)| {
                        proof.verify(&leaf_hash(&index.to_be_bytes()), &head).expect("a proof");
                    });
                })
            },
            || {
                seconds(|| {
                    other.iter().for_each(|(proof, index)| {
                        root.verify_inclusion(&index.to_be_bytes(), *index, proof).expect("a proof");
                    });
                })
            },
        );
        versus.judge("verify", &size.to_string(), "ct-merkle", Goal::AtMost(1.0), medians);
    }
    versus.finish()
}
