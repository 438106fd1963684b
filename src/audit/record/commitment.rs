use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::render::Hex;
use crate::entropy::{Entropy, EntropyError};

/// What every commitment begins with. Its first byte keeps it apart from the 0x00 of a leaf and the 0x01 of a node
/// (RFC 6962 section 2.1), so no commitment is also a hash of the tree.
const DOMAIN: &[u8] = b"clausework.commit.v1";

/// The random half of a commitment: 32 bytes. While it exists, the commitment is personal data; without it, the value
/// cannot be guessed from the commitment, however few values there are.
///
/// ```
/// use clausework::audit::record::Salt;
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let salt = Salt::draw(&mut entropy)?;
/// assert_eq!(format!("{salt:?}"), "Salt(..)");
/// # Ok::<(), clausework::entropy::EntropyError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// A fresh one.
    ///
    /// # Errors
    /// [`EntropyError`] when the source fails: there is no commitment without a salt.
    pub fn draw(entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
        crate::entropy::bytes(entropy).map(Self)
    }

    /// One that was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be stored. Every use of this name is a place to review.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// 43 characters of unpadded base64url.
impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Base64UrlUnpadded::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        let length = Base64UrlUnpadded::decode(&text, &mut bytes).map_or(0, <[u8]>::len);
        if length == bytes.len() {
            Ok(Self(bytes))
        } else {
            Err(de::Error::custom("a salt is 43 characters of base64url"))
        }
    }
}

/// What stands in a record for a personal value: SHA-256 over a domain, and the field, the salt and the value, each with
/// its length before it.
///
/// ```
/// use clausework::audit::record::{Commitment, Salt};
///
/// let salt = Salt::from_bytes([7; 32]);
/// let commitment = Commitment::new("email", &salt, "anna@example.com");
/// assert!(commitment.opens("email", &salt, "anna@example.com"));
/// assert!(!commitment.opens("email", &salt, "otto@example.com"));
/// assert!(!commitment.opens("emai", &salt, "lanna@example.com"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// The commitment to this value of this field. The field is the whole path, as in
    /// [`Disclosure::field`].
    #[must_use]
    pub fn new(field: &str, salt: &Salt, value: &str) -> Self {
        let length = |text: &[u8]| u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
        // What fits is hashed in one piece: the hasher's own buffer costs as much again as a block.
        let mut whole = [0; 256];
        let parts: [&[u8]; 7] = [
            DOMAIN,
            &length(field.as_bytes()),
            field.as_bytes(),
            &length(&salt.0),
            &salt.0,
            &length(value.as_bytes()),
            value.as_bytes(),
        ];
        let mut filled = 0_usize;
        for part in parts {
            let end = filled.saturating_add(part.len());
            if let Some(room) = whole.get_mut(filled..end) {
                room.copy_from_slice(part);
            }
            filled = end;
        }
        if let Some(preimage) = whole.get(..filled) {
            return Self(Sha256::digest(preimage).into());
        }
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Whether this salt and value are what was committed to. Takes the same time wherever they differ.
    #[must_use]
    pub fn opens(&self, field: &str, salt: &Salt, value: &str) -> bool {
        Self::new(field, salt, value).0.ct_eq(&self.0).into()
    }

    /// As it stands in a record.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// In hexadecimal.
impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commitment({self})")
    }
}

/// The row beside the log that opens one commitment. Deleting it erases the value, and no hash changes.
///
/// ```
/// use clausework::audit::record::Disclosure;
///
/// let row = r#"{"index":7,"field":"email","salt":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","value":"anna@example.com"}"#;
/// let disclosure: Disclosure = serde_json::from_str(row)?;
/// assert_eq!((disclosure.index(), disclosure.field()), (7, "email"));
/// assert_eq!(serde_json::to_string(&disclosure)?, row);
/// assert!(!format!("{disclosure:?}").contains("anna"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    index: u64,
    field: String,
    salt: Salt,
    value: String,
}

impl Disclosure {
    /// A row that was stored in columns of the host's own.
    #[must_use]
    pub const fn new(index: u64, field: String, salt: Salt, value: String) -> Self {
        Self { index, field, salt, value }
    }

    pub(super) fn of(index: u64, field: &str, salt: &Salt, value: &str) -> Self {
        Self::new(index, field.to_owned(), salt.clone(), value.to_owned())
    }

    /// The index of the record.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The field within the record: the name of an attribute; `before:` or `after:` and the field of a change;
    /// `claimed:name`; `source:peer`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The salt.
    #[must_use]
    pub const fn salt(&self) -> &Salt {
        &self.salt
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Without the value.
impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, field, .. } = self;
        f.debug_struct("Disclosure").field("index", index).field("field", field).finish_non_exhaustive()
    }
}
