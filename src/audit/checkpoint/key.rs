use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64ct::{Base64, Encoding as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{CheckpointError, MAX_NAME_BYTES};

/// The name of a key: 1 to 255 bytes without Unicode space, plus or control character (C2SP signed-note, Format).
///
/// The specification recommends a URL without its scheme, and for a log's own key the log's origin.
///
/// ```
/// use clausework::audit::checkpoint::KeyName;
///
/// assert_eq!(KeyName::try_new("audit.example.com/acme")?.as_str(), "audit.example.com/acme");
/// assert!(KeyName::try_new("our key").is_err());
/// # Ok::<(), clausework::audit::checkpoint::CheckpointError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

impl KeyName {
    /// Checks the text and takes it as a name.
    ///
    /// # Errors
    /// [`CheckpointError::Name`].
    pub fn try_new(text: impl Into<String>) -> Result<Self, CheckpointError> {
        let text = text.into();
        let forbidden = |c: char| c == '+' || c.is_whitespace() || c.is_control();
        if text.is_empty() || text.len() > MAX_NAME_BYTES || text.contains(forbidden) {
            return Err(CheckpointError::Name);
        }
        Ok(Self(text))
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for KeyName {
    type Error = CheckpointError;

    fn try_from(text: String) -> Result<Self, CheckpointError> {
        Self::try_new(text)
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0
    }
}

/// As it is, but for what would disturb a terminal.
impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_debug())
    }
}

/// The id of a key: the first four bytes of a hash of its name, type and public key (C2SP signed-note, Signatures).
///
/// With the name it says which key is meant. It is no proof of anything: four bytes can be met by trying.
///
/// ```
/// use clausework::audit::checkpoint::{Algorithm, KeyId, KeyName};
///
/// let name = KeyName::try_new("example.com/foo")?;
/// assert_eq!(KeyId::of(&name, Algorithm::Ed25519, &[0; 32]).to_string().len(), 8);
/// # Ok::<(), clausework::audit::checkpoint::CheckpointError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// From its four bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// Of this key.
    #[must_use]
    pub fn of(name: &KeyName, algorithm: Algorithm, public_key: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update(name.as_str())
            .chain_update([b'\n', algorithm.byte()])
            .chain_update(public_key)
            .finalize();
        let [a, b, c, d, ..]: [u8; 32] = digest.into();
        Self([a, b, c, d])
    }

    /// Its four bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

/// Eight lower-case hexadecimal digits.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A kind of signature, by the byte that C2SP signed-note assigned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// 0x01: Ed25519 over the text (RFC 8032), the public key in 32 bytes.
    Ed25519,
}

impl Algorithm {
    /// Its byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
        }
    }

    const fn from_byte(found: u8) -> Result<Self, CheckpointError> {
        match found {
            0x01 => Ok(Self::Ed25519),
            found => Err(CheckpointError::Algorithm { found }),
        }
    }

    const fn key_bytes(self) -> usize {
        match self {
            Self::Ed25519 => 32,
        }
    }
}

/// A public key with its name, as text: `name+id+base64(type and key)`. Public, and safe to store and to show.
///
/// ```
/// use clausework::audit::checkpoint::VerifierKey;
///
/// let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// let key: VerifierKey = text.parse()?;
/// assert_eq!((key.name().as_str(), key.to_string()), ("example.com/foo", text.to_owned()));
/// let other = text.replace("530d903a", "530d903b"); // the id must be that of the key
/// assert!(other.parse::<VerifierKey>().is_err());
/// # Ok::<(), clausework::audit::checkpoint::CheckpointError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerifierKey {
    name: KeyName,
    algorithm: Algorithm,
    public_key: Vec<u8>,
}

impl VerifierKey {
    /// From its parts.
    ///
    /// # Errors
    /// [`CheckpointError::Key`] when the public key has another length than its algorithm's.
    pub fn new(name: KeyName, algorithm: Algorithm, public_key: &[u8]) -> Result<Self, CheckpointError> {
        if public_key.len() != algorithm.key_bytes() {
            return Err(CheckpointError::Key { what: "the key has the wrong length" });
        }
        Ok(Self { name, algorithm, public_key: public_key.to_vec() })
    }

    /// Of an Ed25519 key (RFC 8032).
    #[must_use]
    pub fn ed25519(name: KeyName, public_key: [u8; 32]) -> Self {
        Self { name, algorithm: Algorithm::Ed25519, public_key: public_key.to_vec() }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.name, self.algorithm, &self.public_key)
    }

    /// Its kind.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key itself.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::from([self.algorithm.byte()]);
        bytes.extend_from_slice(&self.public_key);
        write!(f, "{}+{}+{}", self.name.as_str(), self.id(), Base64::encode_string(&bytes))
    }
}

/// Reads exactly what `Display` writes.
impl FromStr for VerifierKey {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let wrong = |what| CheckpointError::Key { what };
        if text.len() > MAX_NAME_BYTES.saturating_mul(4) {
            return Err(wrong("and not so long"));
        }
        let (name, rest) = text.split_once('+').ok_or(wrong("with two plus signs"))?;
        let (id, key) = rest.split_once('+').ok_or(wrong("with two plus signs"))?;
        let name = KeyName::try_new(name)?;
        let bytes = Base64::decode_vec(key).map_err(|_| wrong("the key is not in base64"))?;
        let (algorithm, public_key) = bytes.split_first().ok_or(wrong("the key is missing"))?;
        let key = Self::new(name, Algorithm::from_byte(*algorithm)?, public_key)?;
        if alloc::format!("{}", key.id()) != id {
            return Err(wrong("the id is not that of the key"));
        }
        Ok(key)
    }
}

impl TryFrom<String> for VerifierKey {
    type Error = CheckpointError;

    fn try_from(text: String) -> Result<Self, CheckpointError> {
        text.parse()
    }
}

impl From<VerifierKey> for String {
    fn from(key: VerifierKey) -> Self {
        alloc::format!("{key}")
    }
}

/// A key that signs, supplied by the host: in a key vault, a hardware module, or memory.
///
/// ```
/// use clausework::audit::checkpoint::{CheckpointSigner, KeyId, KeyName, SignError};
///
/// struct Vault { name: KeyName, id: KeyId }
/// impl CheckpointSigner for Vault {
///     fn name(&self) -> &KeyName { &self.name }
///     fn id(&self) -> KeyId { self.id }
///     fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
///         Err(SignError) // a host calls its vault here
///     }
/// }
/// ```
pub trait CheckpointSigner {
    /// The key's name.
    fn name(&self) -> &KeyName;

    /// The key's id.
    fn id(&self) -> KeyId;

    /// The signature of this text, without name and id.
    ///
    /// # Errors
    /// [`SignError`] when the key cannot be used now.
    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// A key whose signatures are trusted, supplied by the host. With the feature `ed25519`, `Ed25519Verifier` is one.
pub trait CheckpointVerifier {
    /// The key's name.
    fn name(&self) -> &KeyName;

    /// The key's id.
    fn id(&self) -> KeyId;

    /// Whether this is the key's signature of this text.
    fn is_valid(&self, text: &[u8], signature: &[u8]) -> bool;
}

/// The key could not sign. The log goes on; what is appended meanwhile is not anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signing key is not available")]
#[allow(clippy::exhaustive_structs, reason = "closed: the host knows more of its key than the crate")]
pub struct SignError;
