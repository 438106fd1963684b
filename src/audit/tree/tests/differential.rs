//! Against the recursive definitions: every pair of sizes up to 130, and random sizes to 2^40 over virtual nodes.

use alloc::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[test]
fn every_proof_up_to_130_is_that_of_the_definition() {
    const MOST: u64 = 130;
    let tree = text_tree(MOST);
    let leaf = |start: u64, end: u64| (end - start == 1).then(|| tree.node(NodeId::leaf(start).unwrap()).unwrap());
    let reference = Reference(&leaf);
    let mut frontier = Frontier::new();
    let heads: Vec<_> = (0..=MOST).map(|size| TreeHead::new(size, reference.root(0, size)).unwrap()).collect();
    for size in 0..=MOST {
        let head = heads[size as usize];
        assert_eq!(frontier.head(), head, "{size}");
        let prover = Prover::new(&tree, size).unwrap();
        assert_eq!(prover.head(), head);
        assert_eq!(prover.frontier(size).unwrap(), frontier);
        for index in 0..size {
            let proof = prover.inclusion(index).unwrap();
            assert_eq!(proof.path(), reference.path(index, 0, size), "{index} in {size}");
            assert_eq!(proof.verify(&text_leaf(index), &head), Ok(()));
        }
        for (from, earlier) in (0..=size).zip(&heads) {
            let proof = prover.consistency(from).unwrap();
            let expected = if from == 0 { Vec::new() } else { reference.subproof(from, 0, size, true) };
            assert_eq!(proof.path(), expected, "{from} to {size}");
            assert_eq!(proof.verify(earlier, &head), Ok(()));
            for other in [from.wrapping_sub(1), from + 1] {
                if let Some(wrong) = heads.get(other as usize) {
                    assert!(proof.verify(wrong, &head).is_err());
                }
            }
        }
        frontier.push(alloc::format!("leaf {size}").as_bytes()).unwrap();
    }
}

#[test]
fn every_range_up_to_40_is_proven_and_nothing_else() {
    let tree = text_tree(40);
    for size in 1..=40 {
        let prover = Prover::new(&tree, size).unwrap();
        for start in 0..size {
            for end in start + 1..=size {
                let proof = prover.range(start..end).unwrap();
                let leaves: Vec<_> = (start..end).map(text_leaf).collect();
                let verify = |leaves: &[Hash]| proof.verify(leaves.iter().copied(), &prover.head());
                assert_eq!(verify(&leaves), Ok(()), "{start}..{end} of {size}");
                let records = |found| Err(ProofError::Records { found, expected: end - start });
                assert_eq!(verify(&leaves[1..]), records(end - start - 1));
                assert_eq!(verify(&[&leaves[..], &[text_leaf(end)]].concat()), records(end - start + 1));
                let mut swapped = leaves;
                swapped.rotate_left(1);
                assert_eq!(verify(&swapped), if end - start == 1 { Ok(()) } else { Err(ProofError::Root) });
            }
        }
    }
}

/// What is deleted with the beginning of a log is missed by no proof that is promised, and by every other.
#[test]
fn a_minimum_index_keeps_what_it_promises() {
    const MOST: u64 = 129;
    let tree = text_tree(MOST);
    for minimum in 0..=64 {
        let collapsed = MinimumIndex::new(minimum, MOST).unwrap();
        let all = (0..8).flat_map(|level| (0..MOST >> level).filter_map(move |index| NodeId::new(level, index)));
        let kept: BTreeMap<NodeId, Hash> =
            all.filter(|id| !collapsed.is_prunable(*id)).map(|id| (id, tree.node(id).unwrap())).collect();
        let before = kept.keys().filter(|id| id.leaves().end <= minimum).count();
        assert_eq!((before, collapsed.kept().count()), (minimum.count_ones() as usize, minimum.count_ones() as usize));
        for size in (0..=MOST).filter(|size| collapsed.proves_size(*size)) {
            let (prover, full) = (Prover::new(&kept, size).unwrap(), Prover::new(&tree, size).unwrap());
            assert_eq!(prover.head(), full.head());
            for index in (0..size).filter(|index| collapsed.proves_record(*index)) {
                assert_eq!(prover.inclusion(index), full.inclusion(index), "{index} in {size} from {minimum}");
            }
            for from in (0..=size).filter(|from| collapsed.proves_size(*from)) {
                assert_eq!(prover.consistency(from), full.consistency(from), "{from} to {size} from {minimum}");
            }
            if minimum < size {
                assert_eq!(prover.range(minimum..size), full.range(minimum..size));
            }
        }
        // A node less, and something that was promised cannot be shown.
        for id in collapsed.kept() {
            let mut less = kept.clone();
            less.remove(&id);
            assert_eq!(
                Prover::new(&less, minimum).map(|prover| prover.head()),
                Err(TreeError::Missing { level: id.level(), index: id.index() })
            );
        }
    }
}

#[test]
fn the_nodes_named_for_a_proof_are_those_it_needs() {
    let tree = text_tree(77);
    for size in 1..=77 {
        let load =
            |ids: Vec<NodeId>| -> BTreeMap<_, _> { ids.into_iter().map(|id| (id, tree.node(id).unwrap())).collect() };
        for index in 0..size {
            let nodes = load(nodes_for_inclusion(index, size).unwrap());
            Prover::new(&nodes, size).unwrap().inclusion(index).unwrap();
            let nodes = load(nodes_for_consistency(index, size).unwrap());
            Prover::new(&nodes, size).unwrap().consistency(index).unwrap();
            let nodes = load(nodes_for_range(index..size, size).unwrap());
            Prover::new(&nodes, size).unwrap().range(index..size).unwrap();
        }
    }
}

#[test]
fn tiles_prove_what_nodes_prove() {
    let tree = text_tree(700);
    for size in [1, 255, 256, 257, 511, 700] {
        let mut loaded = Tiles::new();
        for tile in tiles(size).unwrap() {
            let nodes = (0..u64::from(tile.width())).map(|at| NodeId::new(tile.level() * 8, tile.index() * 256 + at));
            let bytes: Vec<u8> = nodes.flat_map(|id| *tree.node(id.unwrap()).unwrap().as_bytes()).collect();
            loaded.insert(tile, &bytes).unwrap();
        }
        let (prover, full) = (Prover::new(&loaded, size).unwrap(), Prover::new(&tree, size).unwrap());
        assert_eq!(prover.head(), full.head());
        for index in (0..size).step_by(13) {
            assert_eq!(prover.inclusion(index), full.inclusion(index));
            assert_eq!(prover.consistency(index), full.consistency(index));
        }
    }
}

/// A tree of any size: all leaves are alike but for a few.
struct Virtual {
    marked: BTreeMap<u64, Hash>,
    /// The hash of a subtree of each level whose leaves are all alike.
    alike: Vec<Hash>,
}

impl Virtual {
    fn new(marked: impl IntoIterator<Item = u64>) -> Self {
        let mut alike = Vec::from([leaf_hash(b"alike")]);
        for level in 0..62 {
            alike.push(node_hash(&alike[level], &alike[level]));
        }
        Self { marked: marked.into_iter().map(|index| (index, text_leaf(index))).collect(), alike }
    }

    /// What the reference is told: leaves, and whole subtrees of leaves that are alike.
    fn known(&self, start: u64, end: u64) -> Option<Hash> {
        let size = end - start;
        if size == 1 {
            return Some(self.marked.get(&start).copied().unwrap_or(self.alike[0]));
        }
        let alike = size.is_power_of_two() && self.marked.range(start..end).next().is_none();
        alike.then(|| self.alike[size.ilog2() as usize])
    }
}

impl Nodes for Virtual {
    fn node(&self, id: NodeId) -> Option<Hash> {
        Some(Reference(&|start, end| self.known(start, end)).root(id.leaves().start, id.leaves().end))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_sizes_to_2_40_are_as_defined(
        size in 1..=1_u64 << 40,
        picks in prop::collection::vec(any::<u64>(), 4),
        edge in 0..4_u64,
    ) {
        let size = if edge == 0 { size.next_power_of_two() } else { size };
        let picks: Vec<u64> = picks.into_iter().map(|pick| pick % size).collect();
        let tree = Virtual::new(picks.iter().copied().chain([0, size - 1]));
        let known = |start, end| tree.known(start, end);
        let reference = Reference(&known);
        let prover = Prover::new(&tree, size).unwrap();
        let head = prover.head();
        prop_assert_eq!(head.root(), reference.root(0, size));
        for index in picks.iter().copied().chain([0, size - 1, size / 2]) {
            let proof = prover.inclusion(index).unwrap();
            prop_assert_eq!(proof.path(), reference.path(index, 0, size));
            let leaf = tree.known(index, index + 1).unwrap();
            prop_assert_eq!(proof.verify(&leaf, &head), Ok(()));
            prop_assert!(proof.verify(&leaf_hash(b"another"), &head).is_err());
            let from = index + 1;
            let proof = prover.consistency(from).unwrap();
            prop_assert_eq!(proof.path(), reference.subproof(from, 0, size, true));
            let earlier = TreeHead::new(from, reference.root(0, from)).unwrap();
            prop_assert_eq!(proof.verify(&earlier, &head), Ok(()));
            let forged = TreeHead::new(from, leaf_hash(b"forged")).unwrap();
            prop_assert!(proof.verify(&forged, &head).is_err());
            let mut frontier = prover.frontier(from).unwrap();
            prop_assert_eq!(frontier.head(), earlier);
            let range = prover.range(index..from).unwrap();
            prop_assert_eq!(range.verify([leaf], &head), Ok(()));
            frontier.push_with(leaf_hash(b"next"), |_, _| {}).unwrap();
            prop_assert_eq!(frontier.size(), from + 1);
        }
    }
}
