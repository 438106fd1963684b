//! Hashes of other systems: read to verify once, then replaced.

#[cfg(any(feature = "legacy-bcrypt", feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
use subtle::ConstantTimeEq;

use super::phc::Parsed;
use super::{HashError, HashPolicy, PhcError};

/// A kind of hash that another system left, which a [`Hasher`](super::Hasher) is told to read
/// ([`with_legacy`](super::Hasher::with_legacy)). Nothing new is ever made with one.
///
/// Which it is, the text says by its beginning. Its cost is bounded before any work: a text that asks for more
/// is refused by name. Salts have 8 to 64 bytes and tags 32, in unpadded base64, but for bcrypt, which has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LegacyScheme {
    /// `$argon2id$v=19$…` below the floor, or with a salt of 8 to 15 bytes; the ceiling and the memory hold as always.
    WeakArgon2id,
    /// `$2a$`, `$2b$` or `$2y$`, cost 4 to 14. bcrypt reads 72 bytes: a password longer than that, as it was typed
    /// and in normalisation form C, is refused by name, [`HashError::LegacyTooLong`], never cut. Feature `legacy-bcrypt`.
    #[cfg(feature = "legacy-bcrypt")]
    Bcrypt,
    /// `$pbkdf2-sha256$i=…[,l=32]$salt$tag`, up to 2,400,000 rounds: four times what the OWASP Password Storage
    /// Cheat Sheet asks. Feature `legacy-pbkdf2`.
    ///
    /// No other form is read. The forms of other systems are rewritten, all base64 without padding: in passlib's
    /// `$pbkdf2-sha256$rounds$salt$tag` put `i=` before the rounds and `+` for every `.`; the salt of Django's
    /// `pbkdf2_sha256$rounds$salt$tag` is plain text, so encode it; Keycloak keeps `hashIterations`, `salt` and
    /// `value`, the last of up to 64 bytes: take its first 32.
    ///
    /// ```text
    /// pbkdf2_sha256$180000$btQDcwXF2RoK6Q$D4cC7bgbaIZGHsTdw9TYhRfuLfLGbsZlI4Rp802e7kU=         Django
    /// $pbkdf2-sha256$i=180000$YnRRRGN3WEYyUm9LNlE$D4cC7bgbaIZGHsTdw9TYhRfuLfLGbsZlI4Rp802e7kU  the same here
    /// ```
    #[cfg(feature = "legacy-pbkdf2")]
    Pbkdf2Sha256,
    /// `$scrypt$ln=…,r=…,p=…$salt$tag` within the policy's memory; 2^ln · r · p up to 2^22, four times what the
    /// OWASP Password Storage Cheat Sheet asks. Its memory is the `scrypt` crate's own: within the budget, not
    /// used again, not wiped. Feature `legacy-scrypt`.
    #[cfg(feature = "legacy-scrypt")]
    Scrypt,
}

/// Rounds of PBKDF2 that are computed.
#[cfg(feature = "legacy-pbkdf2")]
const MAX_ROUNDS: u32 = 2_400_000;
/// Cost of bcrypt that is computed: 2^14 rounds take about a second.
#[cfg(feature = "legacy-bcrypt")]
const MAX_BCRYPT_COST: u32 = 14;
/// Bytes of a password that bcrypt reads.
#[cfg(feature = "legacy-bcrypt")]
const BCRYPT_BYTES: usize = 72;
/// 2^ln · r · p of scrypt that is computed.
#[cfg(feature = "legacy-scrypt")]
const MAX_SCRYPT_WORK: u64 = 1 << 22;

/// A hash of another system, read and within bounds.
pub(super) enum Legacy {
    WeakArgon2id(Parsed),
    #[cfg(feature = "legacy-bcrypt")]
    Bcrypt {
        cost: u32,
        salt: [u8; 16],
        tag: [u8; 23],
    },
    #[cfg(feature = "legacy-pbkdf2")]
    Pbkdf2Sha256 {
        rounds: u32,
        tail: Tail,
    },
    #[cfg(feature = "legacy-scrypt")]
    Scrypt {
        params: scrypt::Params,
        #[cfg_attr(not(feature = "std"), allow(dead_code, reason = "without std there is no pool to charge"))]
        m_kib: u32,
        tail: Tail,
    },
}

impl Legacy {
    /// `None` if the text is of no scheme that was asked for.
    pub(super) fn read(text: &str, schemes: &[LegacyScheme], policy: &HashPolicy) -> Result<Option<Self>, PhcError> {
        if text.len() > super::phc::MAX_PHC_BYTES {
            return Err(PhcError::TooLong { found: text.len() });
        }
        for scheme in schemes {
            let found = match scheme {
                LegacyScheme::WeakArgon2id if text.starts_with("$argon2id$") => {
                    Self::WeakArgon2id(Parsed::read_weak(text, policy)?)
                }
                LegacyScheme::WeakArgon2id => continue,
                #[cfg(feature = "legacy-bcrypt")]
                LegacyScheme::Bcrypt => {
                    let rest = ["$2a$", "$2b$", "$2y$"].iter().find_map(|prefix| text.strip_prefix(prefix));
                    let Some(rest) = rest else { continue };
                    read_bcrypt(rest)?
                }
                #[cfg(feature = "legacy-pbkdf2")]
                LegacyScheme::Pbkdf2Sha256 => {
                    let Some(rest) = text.strip_prefix("$pbkdf2-sha256$") else { continue };
                    let (parameters, tail) = Tail::split(rest)?;
                    let rounds = number(parameters.strip_suffix(",l=32").unwrap_or(parameters), "i")?;
                    bounded("i", rounds, 1, MAX_ROUNDS)?;
                    Self::Pbkdf2Sha256 { rounds, tail: tail.read()? }
                }
                #[cfg(feature = "legacy-scrypt")]
                LegacyScheme::Scrypt => {
                    let Some(rest) = text.strip_prefix("$scrypt$") else { continue };
                    read_scrypt(rest, policy)?
                }
            };
            return Ok(Some(found));
        }
        Ok(None)
    }

    /// Memory it takes besides a few KiB.
    #[cfg(feature = "std")]
    pub(super) const fn memory_kib(&self) -> u32 {
        match self {
            #[cfg(feature = "legacy-scrypt")]
            Self::Scrypt { m_kib, .. } => *m_kib,
            _ => 0,
        }
    }

    /// Whether these bytes are the password. Argon2id is the kernel's.
    #[cfg_attr(
        not(any(feature = "legacy-bcrypt", feature = "legacy-pbkdf2", feature = "legacy-scrypt")),
        allow(unused_variables, reason = "no scheme is compiled in")
    )]
    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, HashError> {
        match self {
            Self::WeakArgon2id(_) => Err(HashError::Kernel),
            #[cfg(feature = "legacy-bcrypt")]
            Self::Bcrypt { cost, salt, tag } => {
                if password.len() > BCRYPT_BYTES {
                    return Err(HashError::LegacyTooLong { most: BCRYPT_BYTES });
                }
                // The string of the C function, with the NUL that ends it, as far as 72 bytes hold it.
                let mut key = zeroize::Zeroizing::new([0; BCRYPT_BYTES + 1]);
                key.iter_mut().zip(password).for_each(|(to, from)| *to = *from);
                let length = password.len().saturating_add(1).min(BCRYPT_BYTES);
                let found = bcrypt::bcrypt(*cost, *salt, key.get(..length).ok_or(HashError::Kernel)?);
                Ok(found.get(..tag.len()).is_some_and(|found| found.ct_eq(tag).into()))
            }
            #[cfg(feature = "legacy-pbkdf2")]
            Self::Pbkdf2Sha256 { rounds, tail } => {
                let mut found = [0; 32];
                pbkdf2::pbkdf2::<hmac::Hmac<sha2::Sha256>>(password, &tail.salt, *rounds, &mut found)
                    .map_err(|_| HashError::Kernel)?;
                Ok(found.ct_eq(&tail.tag).into())
            }
            #[cfg(feature = "legacy-scrypt")]
            Self::Scrypt { params, tail, .. } => {
                let mut found = [0; 32];
                scrypt::scrypt(password, &tail.salt, params, &mut found).map_err(|_| HashError::Kernel)?;
                Ok(found.ct_eq(&tail.tag).into())
            }
        }
    }
}

/// What follows the parameters.
#[cfg(any(feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
pub(super) struct Tail {
    salt: alloc::vec::Vec<u8>,
    tag: [u8; 32],
}

#[cfg(any(feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
struct Unread<'a>(&'a str, &'a str);

#[cfg(any(feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
impl Tail {
    /// The parameters, and salt and tag, which are read when the parameters are found within bounds.
    fn split(text: &str) -> Result<(&str, Unread<'_>), PhcError> {
        let mut parts = text.split('$');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(parameters), Some(salt), Some(tag), None) => Ok((parameters, Unread(salt, tag))),
            _ => Err(PhcError::Malformed),
        }
    }
}

#[cfg(any(feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
impl Unread<'_> {
    fn read(&self) -> Result<Tail, PhcError> {
        use base64ct::{Base64Unpadded, Encoding};
        let (mut buffer, mut tag) = ([0; 64], [0; 32]);
        let salt = Base64Unpadded::decode(self.0, &mut buffer).map_err(|_| PhcError::Salt)?;
        if salt.len() < 8 {
            return Err(PhcError::Salt);
        }
        let length = Base64Unpadded::decode(self.1, &mut tag).map_err(|_| PhcError::Tag)?.len();
        if length != tag.len() {
            return Err(PhcError::Tag);
        }
        Ok(Tail { salt: salt.to_vec(), tag })
    }
}

#[cfg(feature = "legacy-bcrypt")]
fn read_bcrypt(text: &str) -> Result<Legacy, PhcError> {
    use base64ct::{Base64Bcrypt, Encoding};
    let (digits, rest) = text.split_once('$').ok_or(PhcError::Malformed)?;
    let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let cost = if two { digits.parse::<u32>().ok() } else { None }.ok_or(PhcError::Parameter { name: "cost" })?;
    bounded("cost", cost, 4, MAX_BCRYPT_COST)?;
    let (salt_text, tag_text) = rest.split_at_checked(22).ok_or(PhcError::Salt)?;
    let (mut salt, mut tag) = ([0; 16], [0; 23]);
    let salt_bytes = Base64Bcrypt::decode(salt_text, &mut salt).map_err(|_| PhcError::Salt)?.len();
    let tag_bytes = Base64Bcrypt::decode(tag_text, &mut tag).map_err(|_| PhcError::Tag)?.len();
    if salt_bytes != salt.len() || tag_bytes != tag.len() {
        return Err(PhcError::Tag);
    }
    Ok(Legacy::Bcrypt { cost, salt, tag })
}

#[cfg(feature = "legacy-scrypt")]
fn read_scrypt(text: &str, policy: &HashPolicy) -> Result<Legacy, PhcError> {
    let (parameters, tail) = Tail::split(text)?;
    let mut parameters = parameters.split(',');
    let mut next = |name| number(parameters.next().unwrap_or_default(), name);
    let (ln, r, p) = (next("ln")?, next("r")?, next("p")?);
    if parameters.next().is_some() {
        return Err(PhcError::Malformed);
    }
    bounded("ln", ln, 1, 22)?;
    bounded("r", r, 1, 64)?;
    bounded("p", p, 1, 64)?;
    let block = (1_u64 << ln).saturating_mul(u64::from(r)); // in units of 128 bytes
    if block.saturating_mul(u64::from(p)) > MAX_SCRYPT_WORK {
        return Err(PhcError::AboveCeiling { name: "p", found: p, most: 1 });
    }
    let m_kib = u32::try_from(block.div_ceil(8)).unwrap_or(u32::MAX);
    if m_kib > policy.memory_kib() {
        return Err(PhcError::AboveBudget { m_kib, memory_kib: policy.memory_kib() });
    }
    let log_n = u8::try_from(ln).map_err(|_| PhcError::Parameter { name: "ln" })?;
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| PhcError::Parameter { name: "r" })?;
    Ok(Legacy::Scrypt { params, m_kib, tail: tail.read()? })
}

/// `name=digits`.
#[cfg(any(feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
fn number(text: &str, name: &'static str) -> Result<u32, PhcError> {
    let value = text.strip_prefix(name).and_then(|text| text.strip_prefix('='));
    value.and_then(super::phc::decimal).ok_or(PhcError::Parameter { name })
}

#[cfg(any(feature = "legacy-bcrypt", feature = "legacy-pbkdf2", feature = "legacy-scrypt"))]
const fn bounded(name: &'static str, found: u32, least: u32, most: u32) -> Result<(), PhcError> {
    if found > most {
        return Err(PhcError::AboveCeiling { name, found, most });
    }
    if found < least {
        return Err(PhcError::Parameter { name });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{HashCost, Hasher, PasswordHash};
    use super::*;
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
        for text in
            ["$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$scrypt$ln=14,r=8,p=1$AA$AA", "$1$x"]
        {
            assert_eq!(check(&hasher, text, "U*U"), Err(HashError::Stored(PhcError::Algorithm)), "{text}");
        }
        let peppered = PasswordHash::from_phc(WEAK).with_pepper(crate::id::OpaqueId::try_new("a").unwrap());
        assert_eq!(hasher.needs_rehash(&peppered), Err(PhcError::UnknownPepper));
    }
}
