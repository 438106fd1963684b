//! The figures of `tests/data/audit_tree.txt`.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use sha2::{Digest, Sha256};

use super::*;

const DATA: &str = include_str!("../../../../tests/data/audit_tree.txt");

pub(super) struct Known {
    pub(super) leaves: Vec<Vec<u8>>,
    pub(super) hashes: BTreeMap<String, Hash>,
    pub(super) roots: BTreeMap<u64, Hash>,
}

impl Known {
    pub(super) fn read() -> Self {
        let mut known = Self { leaves: Vec::new(), hashes: BTreeMap::new(), roots: BTreeMap::new() };
        for row in rows("hash") {
            known.hashes.insert(row[0].into(), row[1].parse().unwrap());
        }
        for row in rows("leaf") {
            known.leaves.push(unhex(row.get(1).copied().unwrap_or_default()));
        }
        for row in rows("root") {
            let root = known.hashes.get(row[1]).copied().unwrap_or_else(|| row[1].parse().unwrap());
            known.roots.insert(row[0].parse().unwrap(), root);
        }
        known
    }

    pub(super) fn tree(&self, size: u64) -> Tree {
        self.leaves.iter().take(size as usize).collect()
    }

    pub(super) fn head(&self, size: u64) -> TreeHead {
        TreeHead::new(size, self.roots[&size]).unwrap()
    }

    fn named(&self, names: &[&str]) -> Vec<Hash> {
        names.iter().map(|name| self.hashes[*name]).collect()
    }
}

pub(super) fn rows(kind: &str) -> Vec<Vec<&'static str>> {
    let fields = DATA.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    fields.filter(|fields| fields[0] == kind).map(|fields| fields[1..].to_vec()).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn hashes_are_those_of_rfc_6962() {
    // rfc6962/rfc6962_test.go of transparency-dev/merkle.
    let known: [(Hash, &str); 4] = [
        (empty_root(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (leaf_hash(b""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (leaf_hash(b"L123456"), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
        (leaf_hash(b"hello world"), "4eccf34608d31bac5c7becf6006df59005d828181056d092084e341e6bb005bd"),
    ];
    for (hash, hex) in known {
        assert_eq!(hash.to_string(), hex);
    }
    // Its node is over texts of four bytes, so over no hashes: the prefix is what it shows.
    assert_eq!(
        Hash::new(Sha256::digest(b"\x01N123N456").into()).to_string(),
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    );
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    let whole = [&[1][..], left.as_bytes(), right.as_bytes()].concat();
    assert_eq!(node_hash(&left, &right), Hash::new(Sha256::digest(whole).into()));
    let hello = "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=";
    assert_eq!(leaf_hash(b"hello world").to_base64(), hello);
    assert_eq!(Hash::from_base64(hello), Ok(leaf_hash(b"hello world")));
}

#[test]
fn roots_and_nodes_of_eight_leaves() {
    let known = Known::read();
    assert_eq!((known.leaves.len(), known.roots.len(), known.hashes.len()), (8, 8, 15));
    for (size, root) in &known.roots {
        assert_eq!(root_of(known.leaves.iter().take(*size as usize)), *root, "{size}");
        assert_eq!(known.tree(*size).head(), known.head(*size));
    }
    let tree = known.tree(8);
    for (name, level, index) in [("L5", 0, 5), ("A0", 1, 0), ("A3", 1, 3), ("B0", 2, 0), ("B1", 2, 1)] {
        assert_eq!(tree.node(NodeId::new(level, index).unwrap()), Some(known.hashes[name]), "{name}");
    }
}

#[test]
fn all_inclusion_proofs_of_eight_leaves() {
    let known = Known::read();
    let cases = rows("inclusion");
    assert_eq!(cases.len(), 36);
    for case in cases {
        let (size, index): (u64, u64) = (case[0].parse().unwrap(), case[1].parse().unwrap());
        let path = known.named(&case[2..]);
        let proof = known.tree(size).prover().unwrap().inclusion(index).unwrap();
        assert_eq!(proof.path(), path, "{index} in {size}");
        let given = InclusionProof::from_parts(index, size, path).unwrap();
        assert_eq!(given.verify(&leaf_hash(&known.leaves[index as usize]), &known.head(size)), Ok(()));
    }
}

#[test]
fn all_consistency_proofs_of_eight_leaves() {
    let known = Known::read();
    let cases = rows("consistency");
    assert_eq!(cases.len(), 28);
    for case in cases {
        let (to, from): (u64, u64) = (case[0].parse().unwrap(), case[1].parse().unwrap());
        let path = known.named(&case[2..]);
        let proof = known.tree(to).prover().unwrap().consistency(from).unwrap();
        assert_eq!(proof.path(), path, "{from} to {to}");
        let given = ConsistencyProof::from_parts(from, to, path).unwrap();
        assert_eq!(given.verify(&known.head(from), &known.head(to)), Ok(()));
    }
}

#[test]
fn a_larger_tree() {
    for row in rows("text") {
        let (size, root) = (row[0].parse().unwrap(), row[1].parse::<Hash>().unwrap());
        assert_eq!(text_tree(size).head(), TreeHead::new(size, root).unwrap());
    }
    let hundred = text_tree(100);
    let proof = hundred.prover().unwrap().inclusion(57).unwrap();
    let bytes: Vec<u8> = proof.path().iter().flat_map(|hash| *hash.as_bytes()).collect();
    assert_eq!(proof.path().len(), 7);
    assert_eq!(
        Hash::new(Sha256::digest(bytes).into()).to_string(),
        "5f5b742c6c418b08d5bce5285d11204a24341a64e43e4b8ef133bb8552ed4540"
    );
    let thousand = text_tree(1000);
    let proof = thousand.prover().unwrap().consistency(256).unwrap();
    let path: Vec<String> = proof.path().iter().map(ToString::to_string).collect();
    assert_eq!(
        path,
        [
            "92bb82d2bb2ead179bf7801e607106c8e5818e51d115593e2bda41ee92d564dc",
            "19e82f52c6e20e28845a8e136a1d9cf3eac7ba2bdc0adccc08f396ea9a7cacae"
        ]
    );
    proof.verify(&text_tree(256).head(), &thousand.head()).unwrap();
}

/// The beginning of a log is deleted: its frontier and the records after it give the same root.
#[test]
fn a_collapsed_prefix_keeps_its_root() {
    let tree = text_tree(1000);
    let frontier = tree.prover().unwrap().frontier(300).unwrap();
    let kept: Vec<_> = frontier.nodes().map(|(node, hash)| (node.leaves(), hash)).collect();
    let expected: Vec<_> = rows("kept")
        .iter()
        .map(|row| (row[0].parse().unwrap()..row[1].parse().unwrap(), row[2].parse::<Hash>().unwrap()))
        .collect();
    assert_eq!(kept.len(), 4);
    assert_eq!(kept, expected);
    let (hashes, mut rest) = (expected.iter().map(|(_, hash)| *hash).collect(), 300..1000);
    let mut folded = Frontier::from_parts(300, hashes).unwrap();
    rest.by_ref().for_each(|index| folded.push_with(text_leaf(index), |_, _| {}).unwrap());
    // Both hashes of the consistency proof above are known, so the root of 1000 is known as well.
    let [first, second, third] = [
        "cf5effdb11d0927a2edf53b0e73c7837f659414e00537da5d90eb5c4c49ff274",
        "92bb82d2bb2ead179bf7801e607106c8e5818e51d115593e2bda41ee92d564dc",
        "19e82f52c6e20e28845a8e136a1d9cf3eac7ba2bdc0adccc08f396ea9a7cacae",
    ]
    .map(|hex| hex.parse::<Hash>().unwrap());
    assert_eq!(folded.root(), node_hash(&node_hash(&first, &second), &third));
    assert_eq!(folded.head(), tree.head());
}

/// The arithmetic that C2SP tlog-tiles gives as examples.
#[test]
fn tiles_are_those_of_the_specification() {
    assert_eq!(TileId::new(0, 1_234_067, 256).unwrap().to_string(), "tile/0/x001/x234/067");
    let all: Vec<TileId> = tiles(70_000).unwrap().collect();
    let count = |level, full| all.iter().filter(|tile| tile.level() == level && tile.is_full() == full).count();
    assert_eq!((count(0, true), count(0, false)), (273, 1));
    assert_eq!((count(1, true), count(1, false)), (1, 1));
    assert_eq!((count(2, true), count(2, false)), (0, 1));
    let partial: Vec<u16> = all.iter().filter(|tile| !tile.is_full()).map(|tile| tile.width()).collect();
    assert_eq!((all.len(), partial), (277, Vec::from([112, 17, 1])));
    let small: Vec<String> = tiles(256).unwrap().map(|tile| tile.to_string()).collect();
    assert_eq!(small, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(tiles(0).unwrap().count(), 0);
    assert!(tiles(MAX_SIZE).unwrap().next().is_some());

    let minimum = MinimumIndex::new(512, 1000).unwrap();
    assert_eq!(minimum.index(), 512);
    for (at, proves) in [(511, false), (512, true), (513, true)] {
        assert_eq!((minimum.proves_record(at), minimum.proves_size(at)), (proves, proves), "{at}");
    }
    assert!(minimum.is_tile_prunable(TileId::new(0, 1, 256).unwrap())); // ends at 512
    assert!(!minimum.is_tile_prunable(TileId::new(0, 1, 255).unwrap())); // only full tiles
    assert!(!minimum.is_tile_prunable(TileId::new(0, 2, 256).unwrap()));
    assert!(!minimum.is_tile_prunable(TileId::new(1, 0, 256).unwrap())); // ends at 65536
    assert!(!MinimumIndex::new(511, 1000).unwrap().is_tile_prunable(TileId::new(0, 1, 256).unwrap()));
}

#[test]
fn records_that_are_appended_are_counted() {
    let (known, mut frontier) = (Known::read(), Frontier::new());
    assert_eq!(frontier.extend_from(&known.leaves[..0]), Ok(0));
    assert_eq!(frontier.extend_from(&known.leaves[..3]), Ok(3));
    assert_eq!(frontier.extend_from(&known.leaves[3..5]), Ok(2));
    assert_eq!(frontier.head(), known.head(5));
}

#[test]
fn a_hash_shows_its_digits() {
    assert_eq!(alloc::format!("{:?}", Hash::new([0xab; 32])), alloc::format!("Hash({})", "ab".repeat(32)));
}
