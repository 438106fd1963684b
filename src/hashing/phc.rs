use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64Unpadded, Encoding};
use serde::{Deserialize, Serialize};

use super::{HashCost, HashPolicy};
use crate::id::OpaqueId;

/// The longest PHC string that is read, in bytes: room for the largest salt and every digit.
pub(super) const MAX_PHC_BYTES: usize = 256;
/// Salt lengths that are read, in bytes. New salts have 16 (RFC 9106 section 4).
const SALT_BYTES: core::ops::RangeInclusive<usize> = 16..=64;

/// A stored password hash: a PHC string, the Unicode form the password was brought into, and the id of
/// the key it was peppered with, if any.
///
/// As it comes from the host's database it may be anything; it is read strictly when it is used.
/// `Debug` does not show it.
///
/// ```
/// use clausework::hashing::PasswordHash;
///
/// let text = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// let stored = PasswordHash::from_phc(text);
/// assert_eq!(stored.as_phc(), text);
/// assert_eq!(format!("{stored:?}"), "PasswordHash(..)");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordHash {
    phc: String,
    form: Form,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pepper: Option<OpaqueId>,
}

/// The Unicode normalisation form a password was brought into before it was hashed.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Nfc,
}

impl PasswordHash {
    /// A PHC string from elsewhere, of a password in normalisation form C. It is not yet read.
    #[must_use]
    pub fn from_phc(phc: impl Into<String>) -> Self {
        Self { phc: phc.into(), form: Form::Nfc, pepper: None }
    }

    /// Says that it was made with the pepper of this key: for hosts that keep both in their own tables.
    #[must_use]
    pub fn with_pepper(mut self, key: OpaqueId) -> Self {
        self.pepper = Some(key);
        self
    }

    /// The id of the key it was peppered with ([`Hasher::with_pepper`](super::Hasher::with_pepper)).
    #[must_use]
    pub const fn pepper(&self) -> Option<&OpaqueId> {
        self.pepper.as_ref()
    }

    /// The PHC string, for the host's own tables.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.phc
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// A PHC string that was read and is within bounds.
pub(super) struct Parsed {
    pub(super) cost: HashCost,
    pub(super) salt: Vec<u8>,
    pub(super) tag: [u8; 32],
}

impl Parsed {
    pub(super) fn encode(&self) -> PasswordHash {
        let HashCost { m_kib, t, p } = self.cost;
        let (salt, tag) = (Base64Unpadded::encode_string(&self.salt), Base64Unpadded::encode_string(&self.tag));
        PasswordHash::from_phc(alloc::format!("$argon2id$v=19$m={m_kib},t={t},p={p}${salt}${tag}"))
    }

    /// Reads `$argon2id$v=19$m=…,t=…,p=…$salt$tag`, every part present, in this order, in canonical form.
    /// Nothing is allocated before the cost is known to lie between the floor and the policy's bounds.
    pub(super) fn read(phc: &str, policy: &HashPolicy) -> Result<Self, PhcError> {
        let parsed = Self::read_weak(phc, policy)?;
        if !parsed.cost.meets_floor() {
            return Err(PhcError::BelowFloor { cost: parsed.cost });
        }
        if !SALT_BYTES.contains(&parsed.salt.len()) {
            return Err(PhcError::Salt);
        }
        Ok(parsed)
    }

    /// The same without the floor, and with salts from 8 bytes: the least of RFC 9106 section 3.1.
    pub(super) fn read_weak(phc: &str, policy: &HashPolicy) -> Result<Self, PhcError> {
        if phc.len() > MAX_PHC_BYTES {
            return Err(PhcError::TooLong { found: phc.len() });
        }
        let mut parts = phc.split('$');
        if parts.next() != Some("") {
            return Err(PhcError::Malformed);
        }
        if parts.next() != Some("argon2id") {
            return Err(PhcError::Algorithm);
        }
        if parts.next() != Some("v=19") {
            return Err(PhcError::Version);
        }
        let (Some(cost), Some(salt), Some(tag), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(PhcError::Malformed);
        };
        let cost = read_cost(cost)?;
        let ceiling = policy.ceiling();
        for (name, found, most) in
            [("m", cost.m_kib, ceiling.m_kib), ("t", cost.t, ceiling.t), ("p", cost.p, ceiling.p)]
        {
            if found > most {
                return Err(PhcError::AboveCeiling { name, found, most });
            }
        }
        if cost.m_kib == 0 || cost.t == 0 {
            return Err(PhcError::BelowFloor { cost });
        }
        if cost.p == 0 || cost.m_kib / 8 < cost.p {
            return Err(PhcError::Parameter { name: "p" });
        }
        if cost.m_kib > policy.memory_kib() {
            return Err(PhcError::AboveBudget { m_kib: cost.m_kib, memory_kib: policy.memory_kib() });
        }
        let mut buffer = [0; *SALT_BYTES.end()];
        let salt = Base64Unpadded::decode(salt, &mut buffer).map_err(|_| PhcError::Salt)?;
        if salt.len() < 8 {
            return Err(PhcError::Salt);
        }
        let mut tag_bytes = [0; 32];
        let tag = Base64Unpadded::decode(tag, &mut tag_bytes).map_err(|_| PhcError::Tag)?.len();
        if tag != tag_bytes.len() {
            return Err(PhcError::Tag);
        }
        Ok(Self { cost, salt: salt.to_vec(), tag: tag_bytes })
    }
}

fn read_cost(text: &str) -> Result<HashCost, PhcError> {
    let mut parameters = text.split(',');
    let mut next = |name| {
        let value = parameters.next().and_then(|text| text.strip_prefix(name)?.strip_prefix('='));
        value.and_then(decimal).ok_or(PhcError::Parameter { name })
    };
    let cost = HashCost { m_kib: next("m")?, t: next("t")?, p: next("p")? };
    if parameters.next().is_some() {
        return Err(PhcError::Malformed);
    }
    Ok(cost)
}

/// A canonical decimal: digits only, no leading zero, within 32 bits (PHC string format, section "Specification").
pub(super) fn decimal(text: &str) -> Option<u32> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

/// Why a stored PHC string is not used. The string itself is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhcError {
    /// More bytes than any hash of this kind.
    #[error("the stored hash has {found} bytes, more than any argon2id hash")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Parts missing or too many.
    #[error("the stored hash is not a phc string")]
    Malformed,
    /// Not Argon2id.
    #[error("the stored hash is not argon2id")]
    Algorithm,
    /// Not version 19 (1.3).
    #[error("the stored hash is not argon2 version 19")]
    Version,
    /// A parameter is missing, out of order, or not a canonical number.
    #[error("parameter {name} of the stored hash is missing or not a number")]
    Parameter {
        /// `m`, `t` or `p`.
        name: &'static str,
    },
    /// It demands more than the policy's ceiling. Nothing was allocated.
    #[error("parameter {name} of the stored hash is {found}, the ceiling is {most}")]
    AboveCeiling {
        /// `m` (KiB), `t` or `p`.
        name: &'static str,
        /// What it demands.
        found: u32,
        /// What the policy allows.
        most: u32,
    },
    /// It demands more than the memory of all hashes together. Nothing was allocated.
    #[error("the stored hash demands {m_kib} KiB, the memory of all hashes is {memory_kib} KiB")]
    AboveBudget {
        /// KiB it demands.
        m_kib: u32,
        /// KiB the policy allows for all hashes.
        memory_kib: u32,
    },
    /// It was made with the pepper of a key that the hasher does not have, or has none.
    #[error("the stored hash was peppered with a key that is not in the ring")]
    UnknownPepper,
    /// Weaker than every OWASP setting.
    #[error("the stored hash has {cost}, weaker than every setting that owasp gives for argon2id")]
    BelowFloor {
        /// What it was made with.
        cost: HashCost,
    },
    /// The salt is not 16 to 64 bytes of unpadded base64.
    #[error("the salt of the stored hash is not 16 to 64 bytes of base64")]
    Salt,
    /// The tag is not 32 bytes of unpadded base64.
    #[error("the tag of the stored hash is not 32 bytes of base64")]
    Tag,
}
