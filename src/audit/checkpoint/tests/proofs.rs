//! The text form of C2SP tlog-proof.

use super::*;
use crate::audit::tree::ProofError;

fn proof(index: u64, size: u64, key: &Toy) -> LogProof {
    LogProof::new(&log(size).prover().unwrap().inclusion(index).unwrap(), signed(size, &[key])).unwrap()
}

#[test]
fn a_proof_is_one_text_that_needs_nothing_else() {
    let key = Toy::new("audit.example.com/acme", "a");
    for (index, size) in [(0, 1), (0, 2), (41, 77), (76, 77)] {
        let text = proof(index, size, &key).to_string();
        let read = LogProof::parse(&text).unwrap();
        assert_eq!(read.to_string(), text);
        let record = alloc::format!("leaf {index}");
        assert_eq!(read.verify(record.as_bytes(), &origin(), &[&key]).unwrap().head(), log(size).head());
        assert_eq!(read.verify(b"another", &origin(), &[&key]), Err(LogProofError::Proof(ProofError::Root)));
        assert_eq!(
            read.verify(record.as_bytes(), &origin(), &[]),
            Err(LogProofError::Checkpoint(CheckpointError::NoKnownKey))
        );
        for flipped in flips(&text) {
            let Ok(other) = LogProof::parse(&flipped) else { continue };
            assert_eq!(other.to_string(), flipped);
            assert!(other.verify(record.as_bytes(), &origin(), &[&key]).is_err(), "{flipped}");
        }
    }
}

#[test]
fn a_proof_fits_its_checkpoint() {
    let key = Toy::new("k", "a");
    let three = log(3).prover().unwrap().inclusion(1).unwrap();
    assert_eq!(LogProof::new(&three, signed(4, &[&key])), Err(ProofError::Size { proof: 3, head: 4 }));
    let with = proof(1, 4, &key).with_extra(*b"opaque");
    let text = with.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra b3BhcXVl\nindex 1\n"), "{text}");
    assert_eq!(LogProof::parse(&text).unwrap().unverified_extra(), Some(&b"opaque"[..]));
    for (part, other) in [
        ("@v1", "@v2"),
        ("index 1", "index 01"),
        ("index 1", "index 4"),
        ("index 1", "Index 1"),
        ("index 1\n", ""),
        ("extra b3BhcXVl", "extra b3BhcXVl="),
        ("extra ", "more "),
        ("\n\n", "\n"),
        ("=\n\n", "=\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"),
    ] {
        assert!(LogProof::parse(&text.replacen(part, other, 1)).is_err(), "{other}");
    }
}
