//! The categories of wrong proofs in the test data of github.com/transparency-dev/merkle (corruptInclusionProof and
//! corruptConsistencyProof of proof/verify_test.go), applied to every proof of the trees of up to eight leaves, not
//! only to the published seven and five; and every bit of every hash flipped.

use super::known::{Known, rows};
use super::*;

fn random_hash() -> Hash {
    "abacaba000000000000000000000000000000000000000000060061e00123456".parse().unwrap()
}

fn flips(path: &[Hash]) -> impl Iterator<Item = Vec<Hash>> {
    (0..path.len() * 256).map(|bit| {
        let mut path = path.to_vec();
        let mut bytes = *path[bit / 256].as_bytes();
        bytes[bit % 256 / 8] ^= 1 << (bit % 8);
        path[bit / 256] = Hash::new(bytes);
        path
    })
}

/// Whether the parts, put together by someone who wants them to pass, are taken for a proof.
fn includes(index: u64, size: u64, path: &[Hash], leaf: Hash, root: Hash) -> bool {
    // Beneath the check of the number of hashes: the algorithm alone must refuse as well.
    let alone = proof::inclusion_root(leaf, index, size, path) == Some(root);
    let through = TreeHead::new(size, root).is_ok_and(|head| {
        InclusionProof::from_parts(index, size, path.to_vec()).is_ok_and(|proof| proof.verify(&leaf, &head).is_ok())
    });
    assert_eq!(alone, through);
    through
}

#[test]
fn no_corrupted_inclusion_proof_passes() {
    let (known, mut tried) = (Known::read(), 0_u32);
    for case in rows("inclusion") {
        let (size, index): (u64, u64) = (case[0].parse().unwrap(), case[1].parse().unwrap());
        let path: Vec<Hash> = case[2..].iter().map(|name| known.hashes[*name]).collect();
        let (leaf, root) = (leaf_hash(&known.leaves[index as usize]), known.roots[&size]);
        let mut refuse = |what: &str, index: u64, size: u64, path: &[Hash], leaf: Hash, root: Hash| {
            assert!(!includes(index, size, path, leaf, root), "{what}: {case:?}");
            tried += 1;
        };
        assert!(includes(index, size, &path, leaf, root));
        refuse("index - 1", index.wrapping_sub(1), size, &path, leaf, root);
        refuse("index + 1", index + 1, size, &path, leaf, root);
        refuse("index ^ 2", index ^ 2, size, &path, leaf, root);
        refuse("size * 2", index, size * 2, &path, leaf, root);
        refuse("size / 2", index, size / 2, &path, leaf, root);
        refuse("size 0", index, 0, &path, leaf, root);
        refuse("wrong leaf", index, size, &path, leaf_hash(b"WrongLeaf"), root);
        refuse("empty root", index, size, &path, leaf, empty_root());
        refuse("random root", index, size, &path, leaf, random_hash());
        for (what, garbage) in [("root", root), ("garbage", random_hash()), ("leaf", leaf)] {
            refuse(what, index, size, &[&path[..], &[garbage]].concat(), leaf, root);
            refuse(what, index, size, &[&[garbage], &path[..]].concat(), leaf, root);
        }
        if let [first, rest @ ..] = &path[..] {
            refuse("removed", index, size, &path[..path.len() - 1], leaf, root);
            refuse("removed first", index, size, rest, leaf, root);
            refuse("inserted", index, size, &[&[*first, random_hash()], rest].concat(), leaf, root);
            refuse("duplicated", index, size, &[&[*first, *first], rest].concat(), leaf, root);
        }
        if path.len() > 1 && path[0] != path[1] {
            let mut swapped = path.clone();
            swapped.swap(0, 1);
            refuse("swapped", index, size, &swapped, leaf, root);
        }
        for path in flips(&path) {
            refuse("flipped", index, size, &path, leaf, root);
        }
    }
    assert!(tried > 20_000, "{tried}");
}

fn consistent(from: u64, to: u64, path: &[Hash], first: Hash, second: Hash) -> bool {
    let (Ok(first), Ok(second)) = (TreeHead::new(from, first), TreeHead::new(to, second)) else { return false };
    let proof = ConsistencyProof::from_parts(from, to, path.to_vec());
    proof.is_ok_and(|proof| proof.verify(&first, &second).is_ok())
}

#[test]
fn no_corrupted_consistency_proof_passes() {
    let (known, mut tried) = (Known::read(), 0_u32);
    for case in rows("consistency") {
        let (to, from): (u64, u64) = (case[0].parse().unwrap(), case[1].parse().unwrap());
        let path: Vec<Hash> = case[2..].iter().map(|name| known.hashes[*name]).collect();
        let (first, second) = (known.roots[&from], known.roots[&to]);
        let mut refuse = |what: &str, from: u64, to: u64, path: &[Hash], first: Hash, second: Hash| {
            assert!(!consistent(from, to, path, first, second), "{what}: {case:?}");
            tried += 1;
        };
        assert!(consistent(from, to, &path, first, second));
        // From 1 less one is from nothing, with which everything is consistent, but for the root and the path.
        refuse("first - 1", from.wrapping_sub(1), to, &path, first, second);
        refuse("first + 1", from + 1, to, &path, first, second);
        refuse("first ^ 2", from ^ 2, to, &path, first, second);
        refuse("second * 2", from, to * 2, &path, first, second);
        refuse("second / 2", from, to / 2, &path, first, second);
        refuse("wrong first root", from, to, &path, leaf_hash(b"WrongRoot"), second);
        refuse("wrong second root", from, to, &path, first, leaf_hash(b"WrongRoot"));
        refuse("swapped roots", from, to, &path, second, first);
        refuse("swapped sizes", to, from, &path, first, second);
        refuse("empty", from, to, &[], first, second);
        refuse("truncated", from, to, &path[..path.len() - 1], first, second);
        refuse("beheaded", from, to, &path[1..], first, second);
        for garbage in [first, second, path[0], random_hash()] {
            refuse("trailing", from, to, &[&path[..], &[garbage]].concat(), first, second);
            refuse("preceding", from, to, &[&[garbage], &path[..]].concat(), first, second);
        }
        for path in flips(&path) {
            refuse("flipped", from, to, &path, first, second);
        }
    }
    assert!(tried > 15_000, "{tried}");
}

#[test]
fn sizes_that_are_always_and_never_consistent() {
    let (one, other) = (text_leaf(1), text_leaf(2));
    assert!(consistent(1, 1, &[], one, one));
    assert!(consistent(0, 1, &[], empty_root(), one));
    assert!(consistent(0, 0, &[], empty_root(), empty_root()));
    assert!(!consistent(1, 1, &[], one, other));
    assert!(!consistent(0, 1, &[], other, one)); // no tree without leaves has this root
    assert!(!consistent(1, 0, &[], one, empty_root()));
    assert!(!consistent(2, 1, &[], one, other));
    assert!(!consistent(1, 2, &[], one, other));
    for (from, to, root) in [(0, 0, empty_root()), (0, 1, one), (1, 1, one)] {
        assert!(!consistent(from, to, &[empty_root()], root, root));
    }
    for (index, size) in [(0, 0), (1, 0), (1, 1), (2, 1), (u64::MAX, 1), (0, u64::MAX), (MAX_SIZE, MAX_SIZE + 1)] {
        assert!(InclusionProof::from_parts(index, size, Vec::new()).is_err(), "{index} {size}");
    }
}

/// CVE-2012-2459 and its kin: a tree that doubles an odd leaf has the same root with and without the copy.
#[test]
fn no_leaf_is_doubled_and_no_node_passes_for_a_leaf() {
    let leaves = [b"a", b"b", b"c"];
    assert_ne!(root_of(leaves), root_of([b"a", b"b", b"c", b"c"]));
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    let node = [left.as_bytes().as_slice(), right.as_bytes()].concat();
    assert_ne!(root_of([&node[..]]), root_of([b"a", b"b"]));
    assert_ne!(root_of([&node[..], b"c"]), root_of(leaves));
}

#[test]
fn a_proof_is_checked_against_a_head_of_its_own_size() {
    let (four, five) = (text_tree(4), text_tree(5));
    let proof = four.prover().unwrap().inclusion(2).unwrap();
    assert_eq!(proof.verify(&text_leaf(2), &five.head()), Err(ProofError::Size { proof: 4, head: 5 }));
    let range = four.prover().unwrap().range(1..3).unwrap();
    assert_eq!(range.verify([], &five.head()), Err(ProofError::Size { proof: 4, head: 5 }));
    let grown = five.prover().unwrap().consistency(4).unwrap();
    assert_eq!(grown.verify(&five.head(), &five.head()), Err(ProofError::Size { proof: 4, head: 5 }));
}
