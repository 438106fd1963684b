use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use base64ct::{Base64, Encoding as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// What RFC 6962 section 2.1 puts before a leaf. No other input of the audit log may begin with it.
const LEAF: [u8; 1] = [0x00];
/// What RFC 6962 section 2.1 puts before two nodes: so no leaf is ever taken for a node, nor a node for a leaf.
const NODE: [u8; 1] = [0x01];

/// A SHA-256 in the tree: of a leaf, of a node, or the root.
///
/// Its text is 64 lower-case hexadecimal digits, in `Display`, `FromStr` and serde alike; checkpoints write
/// [base64](Hash::to_base64). Not secret: compared in ordinary time.
///
/// ```
/// use clausework::audit::tree::{Hash, leaf_hash};
///
/// // RFC 6962: the hash of an empty leaf is SHA-256 of one zero byte.
/// let hash: Hash = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d".parse()?;
/// assert_eq!(leaf_hash(b""), hash);
/// assert!("6E340B9C".parse::<Hash>().is_err());
/// # Ok::<(), clausework::audit::tree::HashTextError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Its length in bytes.
    pub const BYTES: usize = 32;

    /// From the 32 bytes of a column.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes for a column.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As the C2SP formats write it: 44 characters of base64 with padding.
    #[must_use]
    pub fn to_base64(&self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Reads exactly what [`to_base64`](Hash::to_base64) writes.
    ///
    /// # Errors
    /// [`HashTextError`] for another length or character, and for spare bits that are not zero.
    pub fn from_base64(text: &str) -> Result<Self, HashTextError> {
        let mut bytes = [0; 32];
        match Base64::decode(text, &mut bytes) {
            Ok(decoded) if decoded.len() == Self::BYTES => Ok(Self(bytes)),
            _ => Err(HashTextError { form: "44 characters of base64" }),
        }
    }
}

/// The hash of a leaf: SHA-256 of a zero byte and the record's bytes (RFC 6962 section 2.1).
#[must_use]
pub fn leaf_hash(record: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update(LEAF).chain_update(record).finalize().into())
}

/// The hash of a node: SHA-256 of a one byte and the hashes of its two children (RFC 6962 section 2.1).
///
/// ```
/// use clausework::audit::tree::{leaf_hash, node_hash};
///
/// let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
/// assert_ne!(node_hash(&left, &right), node_hash(&right, &left));
/// // A leaf of the same 64 bytes is not the node:
/// assert_ne!(leaf_hash(&[*left.as_bytes(), *right.as_bytes()].concat()), node_hash(&left, &right));
/// ```
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new().chain_update(NODE).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of a tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1).
///
/// ```
/// let root = clausework::audit::tree::empty_root();
/// assert_eq!(root.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
#[must_use]
pub fn empty_root() -> Hash {
    Hash(Sha256::new().finalize().into())
}

/// Lower-case hexadecimal.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Reads exactly what `Display` writes.
impl FromStr for Hash {
    type Err = HashTextError;

    fn from_str(text: &str) -> Result<Self, HashTextError> {
        let error = HashTextError { form: "64 lower-case hexadecimal digits" };
        let mut bytes = [0; 32];
        base16(text.as_bytes(), &mut bytes).ok_or(error)?;
        Ok(Self(bytes))
    }
}

fn base16(digits: &[u8], bytes: &mut [u8; 32]) -> Option<()> {
    let (pairs, odd) = digits.as_chunks::<2>();
    if pairs.len() != bytes.len() || !odd.is_empty() {
        return None;
    }
    for ([high, low], byte) in pairs.iter().zip(bytes) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(())
}

const fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(character.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Why a text is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is {form}")]
pub struct HashTextError {
    form: &'static str,
}
