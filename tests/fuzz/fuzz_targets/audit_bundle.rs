//! Evidence as text: any text, no panic; what is read is written again byte for byte, is verified by nobody's key, and
//! takes no more than a few times its own length.
#![no_main]

use clausework::audit::bundle::{Bundle, Slice};
use clausework::audit::checkpoint::{CheckpointVerifier, Ed25519Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(slice) = Slice::parse(text) {
        assert_eq!(slice.to_string(), text);
        let keys: Vec<Ed25519Verifier> = slice.keys().iter().filter_map(|key| Ed25519Verifier::new(key).ok()).collect();
        let known: Vec<&dyn CheckpointVerifier> = keys.iter().map(|key| key as &dyn CheckpointVerifier).collect();
        // No slice shows that it is all.
        assert!(!slice.verify(&[], &known).verdict.is_sound());
    }
    let Ok(bundle) = Bundle::parse(text) else { return };
    assert_eq!(bundle.to_string(), text);
    // Without a key nothing is ever sound.
    assert!(!bundle.verify(&[], &[]).verdict.is_sound());
    let keys: Vec<Ed25519Verifier> = bundle.keys().iter().filter_map(|key| Ed25519Verifier::new(key).ok()).collect();
    let known: Vec<&dyn CheckpointVerifier> = keys.iter().map(|key| key as &dyn CheckpointVerifier).collect();
    let report = bundle.verify(&[], &known);
    // And what is sound has a checkpoint, and nothing after it.
    assert!(!report.verdict.is_sound() || (!bundle.checkpoints().is_empty() && report.beyond == 0));
});
