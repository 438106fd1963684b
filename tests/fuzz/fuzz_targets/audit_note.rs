//! Notes, checkpoints, proofs, keys and changes of keys as text: any text, no panic; what is read is written again the
//! same, and is signed by nobody.
#![no_main]

use clausework::audit::checkpoint::{
    Checkpoint, Ed25519Verifier, KeyChange, LogProof, Note, SignedCheckpoint, VerifierKey,
};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// What that key has signed in public.
const SIGNED: [&str; 1] =
    ["If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"];

fuzz_target!(|text: &str| {
    let key = Ed25519Verifier::new(&KEY.parse().expect("a key")).expect("a key");
    if let Ok(note) = Note::parse(text) {
        assert_eq!(note.to_string(), text);
        assert!(note.verify(&[&key]).is_err() || SIGNED.contains(&note.text()));
    }
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text);
        // What is read can be signed, and its signed form be read.
        assert_eq!(checkpoint.to_note().expect("short").text(), text);
    }
    if let Ok(signed) = SignedCheckpoint::parse(text) {
        assert_eq!(signed.to_string(), text);
        assert!(signed.verify(signed.unverified().origin(), &[&key]).is_err());
    }
    if let Ok(proof) = LogProof::parse(text) {
        assert_eq!(proof.to_string(), text);
        assert_eq!(proof.proof().size(), proof.checkpoint().unverified().head().size());
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
        let _ = Ed25519Verifier::new(&key);
    }
    if let Ok(change) = text.parse::<KeyChange>() {
        assert_eq!(change.to_string(), text);
    }
});
