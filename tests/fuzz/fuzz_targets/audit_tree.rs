//! Stored tree values: any bytes, no panic; what is read is written again byte for byte, and nothing else proves anything.
#![no_main]

use clausework::audit::tree::{ConsistencyProof, Frontier, InclusionProof, RangeProof, TileId, TreeHead, leaf_hash};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let wrong = |size| TreeHead::new(size, leaf_hash(bytes)).expect("of a size that was read");
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes);
        assert_eq!(frontier.hashes().len(), frontier.size().count_ones() as usize);
        let mut grown = frontier.clone();
        assert_eq!(grown.push(b"record").is_ok(), frontier.size() < i64::MAX as u64);
    }
    if let Ok(proof) = InclusionProof::from_bytes(bytes) {
        assert_eq!(proof.to_bytes(), bytes);
        assert!(proof.verify(&leaf_hash(b"record"), &wrong(proof.size())).is_err());
    }
    if let Ok(proof) = ConsistencyProof::from_bytes(bytes) {
        assert_eq!(proof.to_bytes(), bytes);
        if proof.from() > 0 && proof.from() < proof.to() {
            assert!(proof.verify(&wrong(proof.from()), &wrong(proof.to())).is_err());
        }
    }
    if let Ok(proof) = RangeProof::from_bytes(bytes) {
        assert_eq!(proof.to_bytes(), bytes);
        let leaves = core::iter::repeat_n(leaf_hash(b"record"), proof.records().count().min(300));
        assert!(proof.verify(leaves, &wrong(proof.size())).is_err());
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        if let Ok(tile) = text.parse::<TileId>() {
            assert_eq!(tile.to_string(), text);
        }
        if let Ok(frontier) = serde_json::from_str::<Frontier>(text) {
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier));
        }
    }
});
