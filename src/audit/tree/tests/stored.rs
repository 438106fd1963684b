//! Stored forms: strict, canonical, bounded.

use alloc::string::ToString;

use super::*;

/// Whatever is accepted must be written again as it was; shorter, longer, and every single bit changed.
fn strict<T: PartialEq + core::fmt::Debug>(
    value: &T,
    write: impl Fn(&T) -> Vec<u8>,
    read: impl Fn(&[u8]) -> Result<T, TreeError>,
) {
    let bytes = write(value);
    assert_eq!(read(&bytes).as_ref(), Ok(value));
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "{length} bytes");
    }
    for extra in [1, 32] {
        assert!(read(&[&bytes[..], &[0].repeat(extra)].concat()).is_err(), "{extra} more");
    }
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = read(&changed) {
            assert_ne!(other, *value);
            assert_eq!(write(&other), changed);
        }
    }
}

#[test]
fn stored_bytes_are_read_strictly() {
    let tree = text_tree(77);
    let prover = tree.prover().unwrap();
    strict(tree.frontier(), Frontier::to_bytes, Frontier::from_bytes);
    strict(&Frontier::new(), Frontier::to_bytes, Frontier::from_bytes);
    strict(&prover.inclusion(41).unwrap(), InclusionProof::to_bytes, InclusionProof::from_bytes);
    strict(&prover.consistency(21).unwrap(), ConsistencyProof::to_bytes, ConsistencyProof::from_bytes);
    strict(&prover.range(21..40).unwrap(), RangeProof::to_bytes, RangeProof::from_bytes);
    // One kind is never read as another.
    assert!(ConsistencyProof::from_bytes(&prover.inclusion(41).unwrap().to_bytes()).is_err());
    assert!(InclusionProof::from_bytes(&prover.consistency(21).unwrap().to_bytes()).is_err());
    let newer = [&[2], &tree.frontier().to_bytes()[1..]].concat();
    assert_eq!(Frontier::from_bytes(&newer), Err(TreeError::Version { found: 2, known: 1 }));
    assert_eq!(Frontier::from_bytes(&[0xff; 9]), Err(TreeError::Version { found: 255, known: 1 }));
}

#[test]
fn sizes_of_proofs_are_those_of_the_definition() {
    // 20 hashes for 2^20 records: 640 bytes, before the 18 of version, kind, index and size.
    let proof = InclusionProof::from_parts(12345, 1 << 20, [empty_root()].repeat(20)).unwrap();
    assert_eq!(proof.to_bytes().len(), 640 + 18);
    assert!(InclusionProof::from_parts(12345, 1 << 20, [empty_root()].repeat(19)).is_err());
    let longest = InclusionProof::from_parts(0, MAX_SIZE, [empty_root()].repeat(MAX_PATH)).unwrap();
    assert_eq!(InclusionProof::from_bytes(&longest.to_bytes()), Ok(longest));
}

#[test]
fn json_is_read_strictly() {
    let tree = text_tree(5);
    let frontier = serde_json::to_string(tree.frontier()).unwrap();
    assert!(frontier.starts_with(r#"{"v":1,"size":5,"hashes":[""#), "{frontier}");
    assert_eq!(serde_json::from_str::<Frontier>(&frontier).unwrap(), *tree.frontier());
    for (part, other) in
        [(r#""v":1"#, r#""v":2"#), (r#""size":5"#, r#""size":4"#), (r#""size":5"#, r#""size":18446744073709551615"#)]
    {
        assert!(serde_json::from_str::<Frontier>(&frontier.replace(part, other)).is_err(), "{other}");
    }
    assert!(serde_json::from_str::<Frontier>(&frontier.replace('}', r#","more":1}"#)).is_err());
    assert!(serde_json::from_str::<Frontier>(&frontier.to_uppercase()).is_err());

    let prover = tree.prover().unwrap();
    let proof = prover.inclusion(2).unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    assert_eq!(serde_json::from_str::<InclusionProof>(&text).unwrap(), proof);
    assert!(serde_json::from_str::<InclusionProof>(&text.replace(r#""index":2"#, r#""index":5"#)).is_err());
    assert!(serde_json::from_str::<InclusionProof>(&text.replace(r#""size":5"#, r#""size":4"#)).is_err());
    let proof = prover.consistency(3).unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    assert_eq!(serde_json::from_str::<ConsistencyProof>(&text).unwrap(), proof);
    assert!(serde_json::from_str::<ConsistencyProof>(&text.replace(r#""from":3"#, r#""from":6"#)).is_err());
    let proof = prover.range(1..3).unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    assert_eq!(serde_json::from_str::<RangeProof>(&text).unwrap(), proof);
    assert!(serde_json::from_str::<RangeProof>(&text.replace(r#""end":3"#, r#""end":1"#)).is_err());
    let head = serde_json::to_string(&tree.head()).unwrap();
    assert_eq!(serde_json::from_str::<TreeHead>(&head).unwrap(), tree.head());
    assert!(serde_json::from_str::<TreeHead>(&head.replace(r#""size":5"#, r#""size":0"#)).is_err());
}

#[test]
fn hashes_are_read_strictly() {
    let hash = text_leaf(0);
    assert_eq!(hash.to_string().parse(), Ok(hash));
    let hex = hash.to_string();
    for wrong in
        [&hex[1..], &hex.to_uppercase(), &alloc::format!("{hex}0"), &alloc::format!(" {hex}"), "", &"g".repeat(64)]
    {
        assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
    }
    let text = hash.to_base64();
    assert_eq!(Hash::from_base64(&text), Ok(hash));
    // The first is over-long (33 bytes), as are the others short, unpadded, with spare bits, in the URL alphabet.
    for wrong in [
        "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBTOOBIG=",
        "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40Hmuw",
        "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0",
        "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb1=",
        "TszzRgjTG6xce-z2AG31kAXYKBgQVtCSCE40HmuwBb0=",
        "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n",
        "",
    ] {
        assert!(Hash::from_base64(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_largest_tree_is_full() {
    let hashes = [text_leaf(0)].repeat(63);
    let mut full = Frontier::from_parts(MAX_SIZE, hashes.clone()).unwrap();
    let before = full.clone();
    assert_eq!(full.push(b"one more"), Err(TreeError::TooLarge { size: MAX_SIZE + 1 }));
    assert_eq!(full, before);
    assert_eq!(
        Frontier::from_parts(MAX_SIZE + 1, hashes[..1].to_vec()),
        Err(TreeError::TooLarge { size: MAX_SIZE + 1 })
    );
    let mut almost = Frontier::from_parts(MAX_SIZE - 1, hashes[..62].to_vec()).unwrap();
    almost.push(b"the last").unwrap();
    assert_eq!((almost.size(), almost.hashes().len()), (MAX_SIZE, 63));
    assert_eq!(full.to_bytes().len(), 9 + 63 * 32);
    let proof = Prover::new(&Alike, MAX_SIZE).unwrap().inclusion(MAX_SIZE - 1).unwrap();
    assert_eq!(proof.path().len(), 62); // the last leaf stands alone: no leaf beside it
}

/// Every node has the same hash: no tree at all, but of any size.
struct Alike;

impl Nodes for Alike {
    fn node(&self, _: NodeId) -> Option<Hash> {
        Some(empty_root())
    }
}

#[test]
fn a_subtree_is_appended_where_the_tree_ends() {
    let tree = text_tree(12);
    let node = |level, index| NodeId::new(level, index).unwrap();
    let mut frontier = Frontier::new();
    for id in [node(3, 0), node(1, 4), node(0, 10), node(0, 11)] {
        frontier.push_node(id, tree.node(id).unwrap()).unwrap();
    }
    assert_eq!(frontier, *tree.frontier());
    for wrong in [node(0, 11), node(0, 13), node(1, 5), node(3, 1)] {
        let refused = frontier.clone().push_node(wrong, empty_root());
        assert_eq!(refused, Err(TreeError::Unaligned { size: 12, start: wrong.leaves().start }));
    }
}

#[test]
fn paths_of_tiles_are_read_strictly() {
    for path in ["tile/0/000", "tile/0/x001/x234/067", "tile/1/273.p/112", "tile/7/000.p/1", "tile/2/x001/000.p/255"] {
        assert_eq!(path.parse::<TileId>().unwrap().to_string(), path);
    }
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/8/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x234/x067",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/-1",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000 ",
        "tile/0/x/067",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/\u{661}00",
        "tile/entries/000",
        "tile/1/+00",
    ] {
        assert!(path.parse::<TileId>().is_err(), "{path}");
    }
}

#[test]
fn a_proof_says_what_it_is_of() {
    let tree = text_tree(12);
    let prover = Prover::new(&tree, 11).unwrap();
    let (inclusion, consistency) = (prover.inclusion(5).unwrap(), prover.consistency(7).unwrap());
    assert_eq!((inclusion.index(), inclusion.size()), (5, 11));
    assert_eq!((consistency.from(), consistency.to()), (7, 11));
    let range = prover.range(3..5).unwrap();
    assert_eq!(range.size(), 11);
    // Before it the subtrees 0..2 and 2..3; after it 5..6, 6..8, 8..10 and 10..11.
    let node = |level, index| tree.node(NodeId::new(level, index).unwrap()).unwrap();
    assert_eq!(range.before(), [node(1, 0), node(0, 2)]);
    assert_eq!(range.after(), [node(0, 5), node(1, 3), node(1, 4), node(0, 10)]);
}

/// The frontier of every size up to the log's own, that one included.
#[test]
fn the_frontier_of_the_whole_log_is_its_own() {
    let tree = text_tree(12);
    let prover = Prover::new(&tree, 12).unwrap();
    assert_eq!(prover.frontier(12).as_ref(), Ok(tree.frontier()));
    assert_eq!(prover.frontier(11).map(|frontier| frontier.size()), Ok(11));
    assert_eq!(prover.frontier(13), Err(TreeError::OutOfRange { index: 13, size: 12 }));
}

/// A range has records, and ends with the log at the latest.
#[test]
fn a_range_lies_within_the_log() {
    let tree = text_tree(12);
    let prover = Prover::new(&tree, 12).unwrap();
    for range in [0..12, 5..12, 11..12, 5..6] {
        let proof = prover.range(range).unwrap(); // of the first three nothing lies behind
        assert_eq!(RangeProof::from_bytes(&proof.to_bytes()), Ok(proof));
    }
    let refused = |start, end| prover.range(start..end).unwrap_err();
    assert_eq!(refused(5, 5), TreeError::EmptyRange { start: 5, end: 5 });
    assert_eq!(refused(6, 5), TreeError::EmptyRange { start: 6, end: 5 });
    assert_eq!(refused(11, 13), TreeError::OutOfRange { index: 13, size: 12 });
}

/// The last tiles of the largest tree, of 2^63 - 1 records, and those one hash beyond it.
#[test]
fn tiles_end_with_the_largest_tree() {
    for (level, index, width) in [(0, (1 << 55) - 1, 255), (7, 0, 127), (6, 1, 255)] {
        assert!(TileId::new(level, index, width).is_ok(), "{level} {index} {width}");
    }
    for (level, index, width) in [(0, (1 << 55) - 1, 256), (0, 1 << 55, 1), (7, 0, 128), (8, 0, 1)] {
        assert!(TileId::new(level, index, width).is_err(), "{level} {index} {width}");
    }
    assert_eq!(TileId::new(1, 1, 256).unwrap().leaves(), 65_536..131_072);
    let last = TileId::new(7, 0, 127).unwrap();
    assert_eq!(last.leaves(), 0..127 << 56);
}

/// A tile that is wider takes the place of a narrower one; one that is as wide does not.
#[test]
fn a_tile_is_replaced_by_a_wider_one() {
    let tile = |width| TileId::new(0, 0, width).unwrap();
    let of = |byte: u8, width: usize| alloc::vec![byte; 32 * width];
    let mut tiles = Tiles::new();
    let first = |tiles: &Tiles| tiles.node(NodeId::new(0, 0).unwrap());
    for (byte, width, expected) in [(1, 2, 1), (2, 2, 1), (3, 1, 1), (4, 3, 4)] {
        tiles.insert(tile(width), &of(byte, width.into())).unwrap();
        assert_eq!(first(&tiles), Some(Hash::new([expected; 32])), "{byte}");
    }
    assert_eq!(tiles.insert(tile(2), &of(5, 3)), Err(TreeError::Malformed { found: 96 }));
}

#[test]
fn where_the_path_of_a_tile_is_wrong_is_said() {
    for (path, position) in [("tile/0/0000", 10), ("tile/0/000.p/01", 13), ("tile/0/001/000", 7)] {
        assert_eq!(path.parse::<TileId>(), Err(TreeError::TilePath { position }), "{path}");
    }
}

/// At most 63 hashes before a range and 125 after it: more are refused before they are looked at.
#[test]
fn a_stored_range_has_at_most_188_hashes() {
    let tree = text_tree(12);
    let stored = Prover::new(&tree, 12).unwrap().range(3..5).unwrap().to_bytes();
    let with = |hashes: usize| {
        let mut bytes = stored[..2 + 3 * 8].to_vec(); // version, kind, and three numbers
        bytes.resize(bytes.len() + 32 * hashes, 0);
        RangeProof::from_bytes(&bytes).unwrap_err()
    };
    assert_eq!(with(189), TreeError::Hashes { found: 189, expected: 188 });
    assert_ne!(with(188), TreeError::Hashes { found: 188, expected: 188 });
}
