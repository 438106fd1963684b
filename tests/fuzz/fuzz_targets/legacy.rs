//! A hash that another system left: any text, no panic; what is read is within the bounds that are documented, and can
//! be computed.
#![no_main]

use clausework::Secret;
use clausework::hashing::{HashError, HashPolicy, Hasher, LegacyScheme, PasswordHash};
use libfuzzer_sys::fuzz_target;

/// The numbers between the algorithm and the salt, in their order.
fn numbers(text: &str) -> Vec<u64> {
    let parameters = text.split('$').filter(|part| !part.is_empty() && *part != "v=19").nth(1).unwrap_or_default();
    parameters.split(',').map(|part| part.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()).collect()
}

fuzz_target!(|text: &str| {
    let policy = HashPolicy::default();
    let schemes = [LegacyScheme::WeakArgon2id, LegacyScheme::Bcrypt, LegacyScheme::Pbkdf2Sha256, LegacyScheme::Scrypt];
    let hasher = Hasher::new(policy).with_legacy(schemes);
    let stored = PasswordHash::from_phc(text);
    if hasher.needs_rehash(&stored).is_err() {
        return;
    }
    assert!(text.len() <= 256);
    let numbers = numbers(text);
    let cheap = match (text.split('$').nth(1), numbers.as_slice()) {
        (Some("argon2id"), &[m, t, p]) => {
            assert!(m <= policy.memory_kib().into() && (1..=16).contains(&t) && p >= 1 && 8 * p <= m && p <= 16);
            m * t <= 512
        }
        (Some("2a" | "2b" | "2y"), &[cost]) => {
            assert!((4..=14).contains(&cost));
            cost == 4
        }
        (Some("pbkdf2-sha256"), &[rounds] | &[rounds, 32]) => {
            assert!((1..=2_400_000).contains(&rounds));
            rounds <= 1_000
        }
        (Some("scrypt"), &[ln, r, p]) => {
            assert!((128 * r) << ln <= u64::from(policy.memory_kib()) * 1024);
            assert!((r * p) << ln <= 1 << 22);
            (r * p) << ln <= 1 << 10
        }
        other => panic!("read, but of no known form: {other:?}"),
    };
    if cheap {
        assert!(matches!(hasher.verify(&Secret::from("x"), &stored), Ok(_)));
        let long = hasher.verify(&Secret::from("x".repeat(73)), &stored);
        assert!(matches!(long, Ok(_) | Err(HashError::LegacyTooLong { .. })));
    }
});
