use super::*;
use crate::hashing::{HashCost, Hasher, PasswordHash};
use crate::secret::Secret;

fn hasher(scheme: LegacyScheme) -> Hasher {
    Hasher::new(HashPolicy::default()).with_legacy([scheme])
}

fn check(hasher: &Hasher, text: &str, password: &str) -> Result<bool, HashError> {
    hasher.verify(&Secret::from(password), &PasswordHash::from_phc(text))
}

/// phc-winner-argon2, src/test.c.
const WEAK: &str = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

#[test]
fn weak_argon2id_of_phc_winner_argon2_test_c_is_read_where_it_is_asked_for() {
    let hasher = hasher(LegacyScheme::WeakArgon2id);
    assert_eq!(check(&hasher, WEAK, "password"), Ok(true));
    assert_eq!(check(&hasher, WEAK, "sassword"), Ok(false));
    assert_eq!(hasher.needs_rehash(&PasswordHash::from_phc(WEAK)), Ok(true));
    let strict = Hasher::new(HashPolicy::default());
    assert_eq!(check(&strict, WEAK, "password"), Err(HashError::Stored(PhcError::Salt)));
    // The bounds hold all the same.
    let hostile = WEAK.replace("m=65536", "m=4294967295");
    assert!(matches!(check(&hasher, &hostile, "x"), Err(HashError::Stored(PhcError::AboveCeiling { .. }))));
    // A rehash is never to less memory or fewer passes, unless what is stored is below the floor itself.
    let mut zeros = crate::hashing::tests::Zeros;
    let anew = hasher.rehash(&mut zeros, &Secret::from("password"), &PasswordHash::from_phc(WEAK)).unwrap();
    assert!(anew.as_phc().starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    let tiny = WEAK.replace("m=65536,t=2,p=1", "m=4096,t=3,p=1");
    let anew = hasher.rehash(&mut zeros, &Secret::from("password"), &PasswordHash::from_phc(tiny)).unwrap();
    assert_eq!(hasher.policy().cost(), HashCost::DEFAULT);
    assert!(anew.as_phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(hasher.needs_rehash(&anew), Ok(false));
}

/// Openwall crypt_blowfish 1.3, wrapper.c, `tests`.
#[cfg(feature = "legacy-bcrypt")]
#[test]
fn bcrypt_of_openwall_crypt_blowfish_wrapper_c() {
    let hasher = hasher(LegacyScheme::Bcrypt);
    let text = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    for prefix in ["$2a$", "$2b$", "$2y$"] {
        let text = text.replace("$2a$", prefix);
        assert_eq!(check(&hasher, &text, "U*U"), Ok(true));
        assert_eq!(check(&hasher, &text, "U*V"), Ok(false));
    }
    assert_eq!(hasher.needs_rehash(&PasswordHash::from_phc(text)), Ok(true));
    let long = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let of_long = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
    assert_eq!(check(&hasher, of_long, long), Ok(true)); // its first 72 bytes, and the hash of all 83
    let longer = alloc::string::String::from(long) + "chars after 72 are ignored";
    assert_eq!(check(&hasher, of_long, &longer), Err(HashError::LegacyTooLong { most: 72 }));

    // Of two forms the one that is too long is passed over: U+212A is K in form C, U+0958 has six bytes there.
    assert_eq!(check(&hasher, of_long, &long.replace('K', "\u{212a}")), Ok(true)); // 74 bytes typed
    assert_eq!(check(&hasher, of_long, &long.replace('K', "\u{212a}").replace('a', "b")), Ok(false));
    assert_eq!(check(&hasher, of_long, &"\u{958}".repeat(24)), Ok(false)); // 72 bytes typed, 144 in form C
    let both = longer.replace('K', "\u{212a}");
    assert_eq!(check(&hasher, of_long, &both), Err(HashError::LegacyTooLong { most: 72 }));

    let refused = |text: &str| hasher.needs_rehash(&PasswordHash::from_phc(text)).unwrap_err();
    let swap = |from: &str, to: &str| text.replace(from, to);
    assert_eq!(refused(&swap("05", "31")), PhcError::AboveCeiling { name: "cost", found: 31, most: 14 });
    assert_eq!(refused(&swap("05", "03")), PhcError::Parameter { name: "cost" });
    assert_eq!(refused(&swap("05", "5")), PhcError::Parameter { name: "cost" });
    assert_eq!(refused(&swap("$2a$", "$2x$")), PhcError::Algorithm);
    assert_eq!(refused(&swap("OeW", "Oe")), PhcError::Tag);
    assert_eq!(refused("$2a$05$CCC"), PhcError::Salt);
}

/// Openwall's vector of a long password, cut in two: what Devise hashes with a `pepper` is `password + pepper`
/// (lib/devise/encryptor.rb), and bcrypt reads 72 bytes of it.
#[cfg(feature = "legacy-bcrypt")]
#[test]
fn bcrypt_of_a_password_and_what_was_appended() {
    let of_long = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
    let long = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored";
    for at in [1, 10, 71, 72] {
        let suffixed = hasher(LegacyScheme::Bcrypt).with_bcrypt_suffix(Secret::from(&long[at..]));
        assert_eq!(check(&suffixed, of_long, &long[..at]), Ok(true), "{at}");
        let other = alloc::format!("x{}", &long[1..at]);
        assert_eq!(check(&suffixed, of_long, &other), Ok(false), "{at}");
    }
    let whole = hasher(LegacyScheme::Bcrypt).with_bcrypt_suffix(Secret::from("x"));
    assert_eq!(check(&whole, of_long, &long[..73]), Err(HashError::LegacyTooLong { most: 72 })); // of what is typed
    let short = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"; // of U*U
    for (password, suffix) in [("U*U", ""), ("U*", "U"), ("", "U*U")] {
        let suffixed = hasher(LegacyScheme::Bcrypt).with_bcrypt_suffix(Secret::from(suffix));
        assert_eq!(check(&suffixed, short, password), Ok(true));
    }
}

/// The fifth inputs of RFC 6070 under SHA-256, as published with RustCrypto's pbkdf2 and in other suites; the
/// first 32 of 40 bytes, which is how PBKDF2 shortens.
#[cfg(feature = "legacy-pbkdf2")]
#[test]
fn pbkdf2_sha256_of_the_inputs_of_rfc_6070() {
    use base64ct::{Base64Unpadded, Encoding};
    let hasher = hasher(LegacyScheme::Pbkdf2Sha256);
    let tag = Base64Unpadded::encode_string(&crate::hashing::tests::hex(
        "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1",
    ));
    let salt = Base64Unpadded::encode_string(b"saltSALTsaltSALTsaltSALTsaltSALTsalt");
    for parameters in ["i=4096", "i=4096,l=32"] {
        let text = alloc::format!("$pbkdf2-sha256${parameters}${salt}${tag}");
        assert_eq!(check(&hasher, &text, "passwordPASSWORDpassword"), Ok(true));
        assert_eq!(check(&hasher, &text, "passwordPASSWORDpassworD"), Ok(false));
        assert_eq!(hasher.needs_rehash(&PasswordHash::from_phc(text)), Ok(true));
    }
    let refused = |parameters: &str| {
        let text = alloc::format!("$pbkdf2-sha256${parameters}${salt}${tag}");
        hasher.needs_rehash(&PasswordHash::from_phc(text)).unwrap_err()
    };
    assert_eq!(refused("i=2400001"), PhcError::AboveCeiling { name: "i", found: 2_400_001, most: 2_400_000 });
    for bad in ["i=0", "i=04096", "l=32", "i=4096,l=20", ""] {
        assert_eq!(refused(bad), PhcError::Parameter { name: "i" }, "{bad}");
    }
}

/// The sixth inputs of the suite of CPython, Lib/test/test_hashlib.py, `pbkdf2_results`; the first 32 of 64 bytes.
#[cfg(feature = "legacy-pbkdf2")]
#[test]
fn pbkdf2_sha512_of_cpython_test_hashlib() {
    use base64ct::{Base64Unpadded, Encoding};
    let hasher = hasher(LegacyScheme::Pbkdf2Sha512);
    let tag = Base64Unpadded::encode_string(&crate::hashing::tests::hex(
        "8c0511f4c6e597c6ac6315d8f0362e225f3c501495ba23b868c005174dc4ee71",
    ));
    let salt = Base64Unpadded::encode_string(b"saltSALTsaltSALTsaltSALTsaltSALTsalt");
    let text = |parameters: &str| alloc::format!("$pbkdf2-sha512${parameters}${salt}${tag}");
    for parameters in ["i=4096", "i=4096,l=32"] {
        assert_eq!(check(&hasher, &text(parameters), "passwordPASSWORDpassword"), Ok(true));
        assert_eq!(check(&hasher, &text(parameters), "passwordPASSWORDpassworD"), Ok(false));
    }
    assert_eq!(hasher.needs_rehash(&PasswordHash::from_phc(text("i=4096"))), Ok(true));
    let refused = |parameters: &str| hasher.needs_rehash(&PasswordHash::from_phc(text(parameters))).unwrap_err();
    assert_eq!(refused("i=880001"), PhcError::AboveCeiling { name: "i", found: 880_001, most: 880_000 });
    assert_eq!(refused("i=0"), PhcError::Parameter { name: "i" });
}

/// ASP.NET Core, src/Identity/test/Identity.Test/PasswordHasherTest.cs: hashes of "my password" in version 3, which
/// is a marker, then the function, the rounds and the length of the salt in four bytes each, the salt and the tag.
#[cfg(feature = "legacy-pbkdf2")]
#[test]
fn hashes_of_asp_net_core_identity_rewritten() {
    use base64ct::{Base64, Base64Unpadded, Encoding};
    let both = Hasher::new(HashPolicy::default()).with_legacy([LegacyScheme::Pbkdf2Sha256, LegacyScheme::Pbkdf2Sha512]);
    for (stored, name, rounds) in [
        (
            "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAf\
             Z8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
            "pbkdf2-sha512",
            250,
        ),
        (
            "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=",
            "pbkdf2-sha256",
            250_000,
        ),
    ] {
        let bytes = Base64::decode_vec(stored).unwrap();
        assert_eq!(bytes[5..9], u32::to_be_bytes(rounds));
        let (salt, tag) = bytes[13..].split_at(usize::from(bytes[12]));
        let [salt, tag] = [salt, &tag[..32]].map(Base64Unpadded::encode_string);
        let text = alloc::format!("${name}$i={rounds}${salt}${tag}");
        assert_eq!(check(&both, &text, "my password"), Ok(true), "{name}");
        if rounds < 1000 {
            assert_eq!(check(&both, &text, "my passworD"), Ok(false), "{name}"); // the other takes seconds
        }
    }
}

/// docs.rs, django-auth 0.1.0, `django_encode_password`: the hash of "hello", rewritten as the scheme's page says.
#[cfg(feature = "legacy-pbkdf2")]
#[test]
fn a_hash_of_django_rewritten() {
    let text = "$pbkdf2-sha256$i=180000$YnRRRGN3WEYyUm9LNlE$D4cC7bgbaIZGHsTdw9TYhRfuLfLGbsZlI4Rp802e7kU";
    assert_eq!(check(&hasher(LegacyScheme::Pbkdf2Sha256), text, "hello"), Ok(true));
}

/// RFC 7914 section 12: scrypt of "pleaseletmein" with the salt "SodiumChloride", N = 16384, r = 8, p = 1,
/// the first 32 of its 64 bytes (PBKDF2 makes the output, so a shorter one is its beginning).
#[cfg(feature = "legacy-scrypt")]
#[test]
fn scrypt_of_rfc_7914_section_12() {
    use base64ct::{Base64Unpadded, Encoding};
    let hasher = hasher(LegacyScheme::Scrypt);
    let tag = Base64Unpadded::encode_string(&crate::hashing::tests::hex(
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2",
    ));
    let salt = Base64Unpadded::encode_string(b"SodiumChloride");
    let text = |parameters: &str| alloc::format!("$scrypt${parameters}${salt}${tag}");
    assert_eq!(check(&hasher, &text("ln=14,r=8,p=1"), "pleaseletmein"), Ok(true));
    assert_eq!(check(&hasher, &text("ln=14,r=8,p=1"), "pleaseletmeiN"), Ok(false));
    let refused = |parameters: &str| hasher.needs_rehash(&PasswordHash::from_phc(text(parameters))).unwrap_err();
    assert_eq!(refused("ln=17,r=8,p=1"), PhcError::AboveBudget { m_kib: 131_072, memory_kib: 77_824 });
    assert_eq!(refused("ln=20,r=8,p=1"), PhcError::AboveCeiling { name: "p", found: 1, most: 1 });
    assert_eq!(refused("ln=63,r=8,p=1"), PhcError::AboveCeiling { name: "ln", found: 63, most: 22 });
    assert_eq!(refused("ln=14,r=0,p=1"), PhcError::Parameter { name: "r" });
    assert_eq!(refused("ln=14,r=8"), PhcError::Parameter { name: "p" });
    assert_eq!(refused("ln=14,r=8,p=1,x=1"), PhcError::Malformed);
}

#[test]
fn what_is_not_asked_for_is_not_read() {
    let hasher = hasher(LegacyScheme::WeakArgon2id);
    for text in ["$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$scrypt$ln=14,r=8,p=1$AA$AA", "$1$x"]
    {
        assert_eq!(check(&hasher, text, "U*U"), Err(HashError::Stored(PhcError::Algorithm)), "{text}");
    }
    let peppered = PasswordHash::from_phc(WEAK).with_pepper(crate::id::OpaqueId::try_new("a").unwrap());
    assert_eq!(hasher.needs_rehash(&peppered), Err(PhcError::UnknownPepper));
}
