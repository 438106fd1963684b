use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::entropy::EntropyError;
use crate::secret::Secret;

pub(super) fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// phc-winner-argon2, src/test.c, Argon2id v=19: salt, m in KiB, t, p, password, tag.
#[test]
fn known_answers_of_phc_winner_argon2_test_c() {
    let vectors = [
        ("somesalt", 256, 2, 1, "password", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        ("somesalt", 256, 2, 2, "password", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        ("somesalt", 65536, 2, 1, "password", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
        ("somesalt", 65536, 1, 1, "password", "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98"),
        ("somesalt", 65536, 4, 1, "password", "9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c"),
        (
            "somesalt",
            65536,
            2,
            1,
            "differentpassword",
            "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde",
        ),
        ("diffsalt", 65536, 2, 1, "password", "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c"),
    ];
    let mut memory = HashMemory::default();
    for (salt, m_kib, t, p, password, expected) in vectors {
        let mut tag = [0; 32];
        let cost = HashCost { m_kib, t, p };
        Argon2id.derive(cost, password.as_bytes(), salt.as_bytes(), &mut memory, &mut tag).unwrap();
        assert_eq!(tag.to_vec(), hex(expected), "{cost}, {password}, {salt}");
    }
}

/// RFC 9106 section 5.3: with secret K and associated data X, which a [`Kernel`] does not take, so the
/// function beneath it is asked.
#[test]
fn known_answer_of_rfc_9106_section_5_3() {
    use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
    let data = AssociatedData::new(&[4; 12]).unwrap();
    let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(data).output_len(32).build().unwrap();
    let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    assert_eq!(tag.to_vec(), hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

/// The constants of the argon2 crate that the design relies on.
#[test]
fn constants_of_the_argon2_crate() {
    use argon2::Params;
    let default = HashCost { m_kib: Params::DEFAULT_M_COST, t: Params::DEFAULT_T_COST, p: Params::DEFAULT_P_COST };
    assert_eq!(default, HashCost::DEFAULT);
    assert_eq!((Params::DEFAULT_OUTPUT_LEN, argon2::RECOMMENDED_SALT_LEN, argon2::MIN_SALT_LEN), (32, 16, 8));
}

/// RFC 9106 section 4: 2^21 and 2^16 KiB. The first is above the default ceiling, so it has to be asked for twice.
#[test]
fn recommendations_of_rfc_9106_section_4() {
    assert_eq!(HashCost::RFC_9106_FIRST, HashCost { m_kib: 1 << 21, t: 1, p: 4 });
    assert_eq!(HashCost::RFC_9106_SECOND, HashCost { m_kib: 1 << 16, t: 3, p: 4 });
    assert!(HashPolicy::builder().cost(HashCost::RFC_9106_SECOND).build().is_ok());
    let first = HashPolicy::builder().cost(HashCost::RFC_9106_FIRST);
    assert!(matches!(first.build(), Err(HashPolicyError::AboveCeiling { .. })));
    assert!(first.ceiling(HashCost::RFC_9106_FIRST).build().is_ok());
}

/// phc-winner-argon2, src/test.c: these verify "password" and not "sassword" on the kernel. Their salts
/// have 8 bytes, so the strict reader refuses them by name.
#[test]
fn phc_strings_of_phc_winner_argon2_test_c_are_refused_for_their_short_salts() {
    let strings = [
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=262144,t=2,p=1$c29tZXNhbHQ$eP4eyR+zqlZX1y5xCFTkw9m5GYx0L5YWwvCFvtlbLow",
    ];
    let mut memory = HashMemory::default();
    let policy = HashPolicy::builder().memory_mib(256).build().unwrap();
    for phc in strings {
        let refused = Hasher::new(policy).verify(&Secret::from("password"), &PasswordHash::from_phc(phc));
        assert_eq!(refused, Err(HashError::Stored(PhcError::Salt)), "{phc}");
        let parsed = phc::Parsed::read_weak(phc, &policy).unwrap();
        for (password, matches) in [("password", true), ("sassword", false)] {
            let mut tag = [0; 32];
            Argon2id.derive(parsed.cost, password.as_bytes(), &parsed.salt, &mut memory, &mut tag).unwrap();
            assert_eq!(tag == parsed.tag, matches, "{phc}: {password}");
        }
    }
}

const GOOD: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn reading(phc: &str) -> Result<bool, PhcError> {
    Hasher::new(HashPolicy::default()).needs_rehash(&PasswordHash::from_phc(phc))
}

#[test]
fn every_bad_phc_string_has_its_own_error() {
    assert_eq!(reading(GOOD), Ok(false));
    let swap = |from: &str, to: &str| GOOD.replace(from, to);
    let cases = [
        (swap("v=19", "v=42"), PhcError::Version),
        (swap("$v=19", ""), PhcError::Version),
        (swap("argon2id", "argon2i"), PhcError::Algorithm),
        (swap("argon2id", "argon2d"), PhcError::Algorithm),
        (swap("m=19456", "m=4294967295"), PhcError::AboveCeiling { name: "m", found: u32::MAX, most: 262_144 }),
        (swap("m=19456", "m=4294967296"), PhcError::Parameter { name: "m" }),
        (swap("m=19456", "m=0"), PhcError::BelowFloor { cost: HashCost { m_kib: 0, t: 2, p: 1 } }),
        (swap("m=19456", "m=32"), PhcError::BelowFloor { cost: HashCost { m_kib: 32, t: 2, p: 1 } }),
        (swap("m=19456", "m=019456"), PhcError::Parameter { name: "m" }),
        (swap("m=19456", "m=+19456"), PhcError::Parameter { name: "m" }),
        (swap("m=19456,", ""), PhcError::Parameter { name: "m" }),
        (swap(",p=1", ""), PhcError::Parameter { name: "p" }),
        (swap("m=19456", "m=nineteen"), PhcError::Parameter { name: "m" }),
        (swap("m=19456", "m=100000"), PhcError::AboveBudget { m_kib: 100_000, memory_kib: 77_824 }),
        (swap("m=19456,t=2,p=1", "m=12288,t=3"), PhcError::Parameter { name: "p" }),
        (swap("m=19456,t=2,p=1", "m=47104,p=1,t=1"), PhcError::Parameter { name: "t" }),
        (swap("t=2,", ""), PhcError::Parameter { name: "t" }),
        (swap("t=2", "t=4294967296"), PhcError::Parameter { name: "t" }),
        (swap("t=2", "t=0"), PhcError::BelowFloor { cost: HashCost { m_kib: 19_456, t: 0, p: 1 } }),
        (swap("t=2", "t=4294967295"), PhcError::AboveCeiling { name: "t", found: u32::MAX, most: 16 }),
        (swap("t=2", "t=two"), PhcError::Parameter { name: "t" }),
        (swap("p=1", "p=0"), PhcError::Parameter { name: "p" }),
        (swap("p=1", "p=4294967295"), PhcError::AboveCeiling { name: "p", found: u32::MAX, most: 16 }),
        (swap("p=1", "p=one"), PhcError::Parameter { name: "p" }),
        (swap("p=1", "p=4294967296"), PhcError::Parameter { name: "p" }),
        (swap("p=1", "p=1,x=1"), PhcError::Malformed),
        (swap("c29tZXNhbHRzb21lc2FsdA", "c29tZXNhbHQ"), PhcError::Salt),
        (swap("c29tZXNhbHRzb21lc2FsdA", "c29tZXNhbHRzb21lc2Fsd?"), PhcError::Salt),
        (swap("c29tZXNhbHRzb21lc2FsdA", "c29tZXNhbHRzb21lc2FsdA=="), PhcError::Salt),
        (swap("c29tZXNhbHRzb21lc2FsdA", &"A".repeat(87)), PhcError::Salt), // 65 bytes
        (swap("$AAAA", "$AAA"), PhcError::Tag),
        (GOOD.to_string() + "AA", PhcError::Tag),
        (GOOD[1..].to_string(), PhcError::Malformed),
        (GOOD.rsplit_once('$').unwrap().0.to_string(), PhcError::Malformed),
        (GOOD.to_string() + "$", PhcError::Malformed),
        (GOOD.to_string() + &"A".repeat(300), PhcError::TooLong { found: GOOD.len() + 300 }),
        ("".to_string(), PhcError::Algorithm),
    ];
    for (phc, expected) in cases {
        assert_eq!(reading(&phc), Err(expected), "{phc}");
    }
}

/// A kernel that must not be reached.
struct Untouched;
impl Kernel for Untouched {
    fn derive(
        &self,
        _: HashCost,
        _: &[u8],
        _: &[u8],
        memory: &mut HashMemory,
        _: &mut [u8; 32],
    ) -> Result<(), HashError> {
        panic!("reached with {memory:?}");
    }
}

/// RFC 9106 section 3.1: m is at least 8 times p. Reachable only with many lanes in a small memory.
#[test]
fn lanes_that_do_not_fit_the_memory_are_refused() {
    let policy = HashPolicy::builder().ceiling(HashCost { m_kib: 262_144, t: 16, p: 4_096 }).build().unwrap();
    let phc = PasswordHash::from_phc(GOOD.replace("p=1", "p=2433")); // 19456 / 8 is 2432
    assert_eq!(Hasher::new(policy).needs_rehash(&phc), Err(PhcError::Parameter { name: "p" }));
}

#[test]
fn a_hostile_cost_never_reaches_the_kernel() {
    let hasher = Hasher::with_kernel(HashPolicy::default(), Untouched);
    let hostile = PasswordHash::from_phc(GOOD.replace("m=19456", "m=4294967295"));
    assert!(matches!(
        hasher.verify(&Secret::from("x"), &hostile),
        Err(HashError::Stored(PhcError::AboveCeiling { .. }))
    ));
}

#[test]
fn rehash_only_what_the_policy_dominates() {
    for (stored, expected) in [
        ("m=19456,t=2,p=1", false), // the same
        ("m=12288,t=3,p=1", false), // incomparable
        ("m=47104,t=1,p=1", false), // incomparable
        ("m=65536,t=3,p=4", false), // stronger
        ("m=19456,t=3,p=1", false), // stronger
    ] {
        assert_eq!(reading(&GOOD.replace("m=19456,t=2,p=1", stored)), Ok(expected), "{stored}");
    }
    for (m_kib, t) in [(65_536, 3), (19_457, 2), (19_456, 3)] {
        let strong = HashPolicy::builder().cost(HashCost { m_kib, t, p: 1 }).build().unwrap();
        assert_eq!(Hasher::new(strong).needs_rehash(&PasswordHash::from_phc(GOOD)), Ok(true), "{m_kib}, {t}");
    }
}

/// Records what it was asked to derive, so that the decoy can be compared with the real thing.
#[derive(Clone, Default)]
struct Recorder(alloc::sync::Arc<std::sync::Mutex<Vec<Call>>>);
/// Cost, password, length of the salt.
type Call = (HashCost, Vec<u8>, usize);
impl Kernel for Recorder {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        _: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        self.0.lock().unwrap().push((cost, password.to_vec(), salt.len()));
        tag[..password.len().min(32)].copy_from_slice(&password[..password.len().min(32)]);
        Ok(())
    }
}

fn ring(current: &str, retired: &[&str]) -> crate::secret::Keyring {
    let id = |text: &str| crate::id::OpaqueId::try_new(text).unwrap();
    let key = |text: &str| [text.as_bytes()[0]; 32];
    let ring = crate::secret::Keyring::new(id(current), key(current));
    retired.iter().fold(ring, |ring, old| ring.with_retired(id(old), key(old)).unwrap())
}

#[test]
fn a_pepper_rotates_and_old_hashes_still_verify() {
    let plain = || Hasher::with_kernel(HashPolicy::default(), Recorder::default());
    let password = Secret::from("password");
    let without = plain().hash(&mut Zeros, &password).unwrap();
    let a = plain().with_pepper(&ring("a", &[])).hash(&mut Zeros, &password).unwrap();
    assert_ne!(a.as_phc(), without.as_phc());
    let rotated = plain().with_pepper(&ring("b", &["a"]));
    let b = rotated.hash(&mut Zeros, &password).unwrap();
    assert_eq!(b.pepper().unwrap().as_str(), "b");
    for (stored, stale) in [(&without, true), (&a, true), (&b, false)] {
        assert_eq!(rotated.verify(&password, stored), Ok(true));
        assert_eq!(rotated.verify(&Secret::from("passwore"), stored), Ok(false));
        assert_eq!(rotated.needs_rehash(stored), Ok(stale));
        let anew = rotated.rehash(&mut Zeros, &password, stored).unwrap();
        assert_eq!((rotated.verify(&password, &anew), rotated.needs_rehash(&anew)), (Ok(true), Ok(false)));
    }
    // The key is what counts, not only its name; and a key that is not there is an error, never a "no".
    let unknown = Err(HashError::Stored(PhcError::UnknownPepper));
    assert_eq!(plain().verify(&password, &b), unknown);
    assert_eq!(plain().with_pepper(&ring("c", &["a"])).verify(&password, &b), unknown);
    assert_eq!(rotated.needs_rehash(&without.clone().with_pepper(ring("d", &[]).current().clone())), unknown_phc());
    let renamed = without.with_pepper(ring("b", &[]).current().clone());
    assert_eq!(rotated.verify(&password, &renamed), Ok(false));
}

fn unknown_phc() -> Result<bool, PhcError> {
    Err(PhcError::UnknownPepper)
}

#[test]
fn a_rehash_for_the_pepper_keeps_a_stronger_cost() {
    let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
    let password = Secret::from("password");
    let stored = Hasher::with_kernel(strong, Recorder::default()).hash(&mut Zeros, &password).unwrap();
    let hasher = Hasher::with_kernel(HashPolicy::default(), Recorder::default()).with_pepper(&ring("a", &[]));
    assert_eq!(hasher.needs_rehash(&stored), Ok(true));
    let anew = hasher.rehash(&mut Zeros, &password, &stored).unwrap();
    assert!(anew.as_phc().starts_with("$argon2id$v=19$m=65536,t=3,p=4$"));
}

#[test]
fn the_pepper_is_in_the_stored_form_only_if_there_is_one() {
    let plain = PasswordHash::from_phc("x");
    assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"phc":"x","form":"nfc"}"#);
    let peppered = plain.with_pepper(ring("a", &[]).current().clone());
    let text = serde_json::to_string(&peppered).unwrap();
    assert_eq!(text, r#"{"phc":"x","form":"nfc","pepper":"a"}"#);
    assert!(serde_json::from_str::<PasswordHash>(&text).unwrap() == peppered);
    assert!(serde_json::from_str::<PasswordHash>(&text.replace(r#""a""#, r#""""#)).is_err());
}

#[test]
fn memory_of_the_caller_is_used_again_and_left_wiped() {
    let hasher = Hasher::new(HashPolicy::builder().cost(HashCost { m_kib: 7_168, t: 5, p: 1 }).build().unwrap());
    let mut memory = HashMemory::default();
    let stored = hasher.hash_with(&mut memory, &mut Zeros, &Secret::from("x")).unwrap();
    assert_eq!(memory.size_kib(), 7_168);
    for _ in 0..2 {
        assert!(hasher.verify_with(&mut memory, &Secret::from("x"), &stored).unwrap());
        assert!(!hasher.verify_with(&mut memory, &Secret::from("y"), &stored).unwrap());
        assert!(memory.blocks(7_168).unwrap().iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
        memory.wipe();
    }
    assert_eq!(memory.size_kib(), 7_168);
}

pub(super) struct Zeros;
impl crate::entropy::Entropy for Zeros {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        buffer.fill(0);
        Ok(())
    }
}

#[test]
fn the_decoy_does_the_work_of_a_verification() {
    let kernel = Recorder::default();
    let hasher = Hasher::with_kernel(HashPolicy::default(), kernel.clone());
    let stored = hasher.hash(&mut Zeros, &Secret::from("password")).unwrap();
    kernel.0.lock().unwrap().clear();
    assert!(hasher.verify(&Secret::from("password"), &stored).unwrap());
    hasher.decoy(&Secret::from("password")).unwrap();
    let calls = kernel.0.lock().unwrap().clone();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0], calls[1]);
}

#[test]
fn nfc_joins_what_is_the_same_and_nothing_else() {
    let kernel = Recorder::default();
    let hasher = Hasher::with_kernel(HashPolicy::default(), kernel.clone());
    let stored = hasher.hash(&mut Zeros, &Secret::from("ma\u{f1}ana")).unwrap();
    assert!(hasher.verify(&Secret::from("man\u{303}ana"), &stored).unwrap());
    let ligature = hasher.hash(&mut Zeros, &Secret::from("\u{fb01}")).unwrap();
    assert!(!hasher.verify(&Secret::from("fi"), &ligature).unwrap()); // NFKC would join these
}

#[test]
fn nothing_is_cut_off_and_too_long_is_named() {
    let hasher = Hasher::new(HashPolicy::builder().cost(HashCost { m_kib: 7_168, t: 5, p: 1 }).build().unwrap());
    let long = "x".repeat(72);
    let stored = hasher.hash(&mut Zeros, &Secret::from(long.clone() + "y")).unwrap();
    assert!(!hasher.verify(&Secret::from(long.clone() + "z"), &stored).unwrap()); // bcrypt stops reading at byte 72
    assert!(!hasher.verify(&Secret::from("x\0y"), &hasher.hash(&mut Zeros, &Secret::from("x\0z")).unwrap()).unwrap());
    let huge = Secret::from("x".repeat(MAX_PASSWORD_BYTES + 1));
    assert_eq!(hasher.hash(&mut Zeros, &huge), Err(HashError::TooLong));
    assert_eq!(hasher.verify(&huge, &stored), Ok(false));
}

#[test]
fn a_policy_below_the_floor_cannot_be_deserialised() {
    let weak = r#"{"cost":{"m_kib":4096,"t":3,"p":1}}"#;
    assert!(serde_json::from_str::<HashPolicy>(weak).is_err());
    assert!(serde_json::from_str::<HashPolicy>(r#"{"cost":{"m_kib":19456,"t":2,"p":1}}"#).is_ok());
    assert!(serde_json::from_str::<HashPolicy>(r#"{"kost":1}"#).is_err());
}

/// A password that nothing can be compared with takes the time of one that is.
#[test]
fn what_is_too_long_takes_the_work_of_a_hash() {
    let kernel = Recorder::default();
    let hasher = Hasher::with_kernel(HashPolicy::default(), kernel.clone());
    let stored = hasher.hash(&mut Zeros, &Secret::from("password")).unwrap();
    let costs = || core::mem::take(&mut *kernel.0.lock().unwrap()).iter().map(|call| call.0).collect::<Vec<_>>();
    assert_eq!(costs(), [HashCost::DEFAULT]);
    assert_eq!(hasher.verify(&Secret::from("x".repeat(MAX_PASSWORD_BYTES + 1)), &stored), Ok(false));
    assert_eq!(costs(), [HashCost::DEFAULT]);
    #[cfg(feature = "legacy-bcrypt")]
    {
        let hasher = hasher.with_legacy([LegacyScheme::Bcrypt]);
        let stored = PasswordHash::from_phc("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        assert_eq!(hasher.verify_any(&Secret::from("x".repeat(72)), &stored), Ok(false));
        assert_eq!(costs(), []); // bcrypt itself was the work
        assert_eq!(hasher.verify_any(&Secret::from("x".repeat(73)), &stored), Ok(false));
        assert_eq!(costs(), [HashCost::DEFAULT]);
    }
}

#[test]
fn a_legacy_hash_is_compared_as_typed_and_then_in_form_c() {
    use base64ct::{Base64Unpadded, Encoding};
    let kernel = Recorder::default();
    let hasher = Hasher::with_kernel(HashPolicy::default(), kernel.clone()).with_legacy([LegacyScheme::WeakArgon2id]);
    let (composed, typed, mut tag) = ("ma\u{f1}ana", "man\u{303}ana", [0; 32]);
    tag[..composed.len()].copy_from_slice(composed.as_bytes()); // as the recorder makes it
    let tag = Base64Unpadded::encode_string(&tag);
    let stored = PasswordHash::from_phc(alloc::format!("$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ${tag}"));
    let inputs = || core::mem::take(&mut *kernel.0.lock().unwrap()).into_iter().map(|call| call.1).collect::<Vec<_>>();
    assert_eq!(hasher.verify(&Secret::from(typed), &stored), Ok(true));
    assert_eq!(inputs(), [typed.as_bytes(), composed.as_bytes()]);
    assert_eq!(hasher.verify(&Secret::from(composed), &stored), Ok(true));
    assert_eq!(hasher.verify(&Secret::from("manana"), &stored), Ok(false));
    assert_eq!(inputs(), [composed.as_bytes(), b"manana"]); // one form, one comparison
}

/// phc-winner-argon2, src/test.c: a salt of 8 bytes, which no hash of this crate has.
#[test]
fn a_peppered_hash_is_not_read_as_one_of_another_system() {
    let hasher = Hasher::new(HashPolicy::default()).with_pepper(&ring("a", &[]));
    let hasher = hasher.with_legacy([LegacyScheme::WeakArgon2id]);
    let weak = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let weak = PasswordHash::from_phc(weak);
    assert_eq!(hasher.needs_rehash(&weak), Ok(true));
    assert_eq!(hasher.needs_rehash(&weak.with_pepper(ring("a", &[]).current().clone())), Err(PhcError::Salt));
}

/// bcrypt counts as one hash of the policy, 19456 KiB; scrypt takes 128 · 2^15 · 8 bytes (RFC 7914 section 2).
#[cfg(all(feature = "std", feature = "legacy-bcrypt", feature = "legacy-scrypt"))]
#[test]
fn hashes_of_other_systems_take_their_part_of_the_memory() {
    let policy = HashPolicy::builder().max_waiting(0).build().unwrap();
    let hasher = Hasher::new(policy).with_legacy([LegacyScheme::Bcrypt, LegacyScheme::Scrypt]);
    let bcrypt = PasswordHash::from_phc("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    let tag = "A".repeat(43);
    let scrypt = PasswordHash::from_phc(alloc::format!("$scrypt$ln=15,r=8,p=1$U29kaXVtQ2hsb3JpZGU${tag}"));
    let with_free = |kib: u32, stored| {
        let _others = hasher.pool.acquire(77_824 - kib).unwrap();
        hasher.verify(&Secret::from("U*U"), stored)
    };
    assert_eq!(with_free(19_455, &bcrypt), Err(HashError::Overloaded));
    assert_eq!(with_free(19_456, &bcrypt), Ok(true));
    assert_eq!(with_free(32_767, &scrypt), Err(HashError::Overloaded));
    assert_eq!(with_free(32_768, &scrypt), Ok(false));
    assert_eq!(hasher.pool.load(), (0, 0)); // and give it back
}

/// Uses its memory, then fails.
struct Failing;
impl Kernel for Failing {
    fn derive(
        &self,
        _: HashCost,
        _: &[u8],
        _: &[u8],
        memory: &mut HashMemory,
        _: &mut [u8; 32],
    ) -> Result<(), HashError> {
        memory.blocks(8)?.iter_mut().for_each(|block| block.as_mut().fill(u64::MAX));
        Err(HashError::Kernel)
    }
}

#[test]
fn memory_of_the_caller_is_wiped_when_the_hash_fails() {
    let (hasher, mut memory) = (Hasher::with_kernel(HashPolicy::default(), Failing), HashMemory::default());
    assert_eq!(hasher.decoy_with(&mut memory, &Secret::from("x")), Err(HashError::Kernel));
    assert_eq!(memory.size_kib(), 8);
    assert!(memory.blocks(8).unwrap().iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
}

/// RFC 9106 section 3.1: at most 2^24 - 1 lanes. 2^10 passes are our choice. The default ceiling has 16 lanes.
#[test]
fn the_ceiling_is_bounded_and_the_lanes_of_the_cost_are_below_it() {
    let ceiling = |t, p| HashPolicy::builder().ceiling(HashCost { m_kib: 262_144, t, p }).build().is_ok();
    assert_eq!([(1024, 1), (1025, 1)].map(|(t, p)| ceiling(t, p)), [true, false]);
    assert_eq!([(2, 16_777_215), (2, 16_777_216)].map(|(t, p)| ceiling(t, p)), [true, false]);
    let json = r#"{"ceiling":{"m_kib":262144,"t":1024,"p":16}}"#;
    assert!(serde_json::from_str::<HashPolicy>(json).is_ok());
    assert!(serde_json::from_str::<HashPolicy>(&json.replace("1024", "4294967295")).is_err());
    let lanes = |p| HashPolicy::builder().cost(HashCost { p, ..HashCost::DEFAULT }).build();
    assert!(lanes(16).is_ok());
    assert!(matches!(lanes(17), Err(HashPolicyError::AboveCeiling { .. })));
}
