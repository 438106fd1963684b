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
    /// and in normalisation form C, is refused by name, [`HashError::LegacyTooLong`], never cut. What the other system
    /// appended to every password, if it did, is given by [`with_bcrypt_suffix`](super::Hasher::with_bcrypt_suffix).
    /// Feature `legacy-bcrypt`.
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
    /// `$pbkdf2-sha512$i=…[,l=32]$salt$tag`, up to 880,000 rounds: four times what the OWASP Password Storage Cheat
    /// Sheet asks. A longer tag is rewritten to its first 32 bytes, as PBKDF2 shortens: Keycloak's `value` has 64,
    /// the version 3 of ASP.NET Core Identity has salt and tag in one base64 text. Feature `legacy-pbkdf2`.
    #[cfg(feature = "legacy-pbkdf2")]
    Pbkdf2Sha512,
    /// `$scrypt$ln=…,r=…,p=…$salt$tag` within the policy's memory; 2^ln · r · p up to 2^22, four times what the
    /// OWASP Password Storage Cheat Sheet asks. Its memory is the `scrypt` crate's own: within the budget, not
    /// used again, not wiped. Feature `legacy-scrypt`.
    #[cfg(feature = "legacy-scrypt")]
    Scrypt,
}

/// Rounds of PBKDF2 with SHA-256 that are computed.
#[cfg(feature = "legacy-pbkdf2")]
const MAX_ROUNDS: u32 = 2_400_000;
/// Rounds of PBKDF2 with SHA-512 that are computed.
#[cfg(feature = "legacy-pbkdf2")]
const MAX_ROUNDS_512: u32 = 880_000;
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
    #[cfg(feature = "legacy-pbkdf2")]
    Pbkdf2Sha512 {
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
                    let (rounds, tail) = read_pbkdf2(rest, MAX_ROUNDS)?;
                    Self::Pbkdf2Sha256 { rounds, tail }
                }
                #[cfg(feature = "legacy-pbkdf2")]
                LegacyScheme::Pbkdf2Sha512 => {
                    let Some(rest) = text.strip_prefix("$pbkdf2-sha512$") else { continue };
                    let (rounds, tail) = read_pbkdf2(rest, MAX_ROUNDS_512)?;
                    Self::Pbkdf2Sha512 { rounds, tail }
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

    /// Whether these bytes are the password; to bcrypt, with what was appended. Argon2id is the kernel's.
    #[cfg_attr(
        not(feature = "legacy-bcrypt"),
        allow(unused_variables, reason = "nothing was appended for any other scheme, and there may be none")
    )]
    pub(super) fn matches(&self, password: &[u8], suffix: &[u8]) -> Result<bool, HashError> {
        match self {
            Self::WeakArgon2id(_) => Err(HashError::Kernel),
            #[cfg(feature = "legacy-bcrypt")]
            Self::Bcrypt { cost, salt, tag } => {
                if password.len() > BCRYPT_BYTES {
                    return Err(HashError::LegacyTooLong { most: BCRYPT_BYTES });
                }
                // The string of the C function, with the NUL that ends it, as far as 72 bytes hold it: what was
                // appended may be cut, as it was there; the password never is.
                let mut key = zeroize::Zeroizing::new([0; BCRYPT_BYTES + 1]);
                key.iter_mut().zip(password.iter().chain(suffix)).for_each(|(to, from)| *to = *from);
                let typed = password.len().saturating_add(suffix.len());
                let length = typed.saturating_add(1).min(BCRYPT_BYTES);
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
            #[cfg(feature = "legacy-pbkdf2")]
            Self::Pbkdf2Sha512 { rounds, tail } => {
                let mut found = [0; 32];
                pbkdf2::pbkdf2::<hmac::Hmac<sha2::Sha512>>(password, &tail.salt, *rounds, &mut found)
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

#[cfg(feature = "legacy-pbkdf2")]
fn read_pbkdf2(text: &str, most: u32) -> Result<(u32, Tail), PhcError> {
    let (parameters, tail) = Tail::split(text)?;
    let rounds = number(parameters.strip_suffix(",l=32").unwrap_or(parameters), "i")?;
    bounded("i", rounds, 1, most)?;
    Ok((rounds, tail.read()?))
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
mod tests;
