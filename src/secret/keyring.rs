use alloc::vec::Vec;
use core::fmt;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::entropy::{self, Entropy, EntropyError};
use crate::id::OpaqueId;

/// The host's own keys, each with an id: one ring for every purpose.
///
/// New records are made with the current key. To rotate, make a new key current and keep the old one as
/// retired until nothing made with it is left: passwords peppered with it still verify and are hashed
/// anew at the next sign-in. What is marked with a key, of [`lockout`](crate::lockout) (familiar sources, and the
/// counts of sources and of names without an account), is looked up under the current key, then under the first of the
/// retired ones, and written under the current one. So give the latest retired key first, and rotate no more often than
/// once in the time that a source stays familiar, nor than once in 31 days. Where several nodes run, first give all of
/// them the new key as retired, so that each knows the sources that have become familiar to another. Until all have the
/// same current key, each key has a count of its own of sources and of names without an account, once one is written
/// under it.
///
/// Every purpose gets its own subkey (HMAC-SHA-256 over the purpose's name), so no two uses can be
/// confused. Keep the key outside the database that holds the records (a secret manager, an
/// environment file): whoever has both can try names offline.
///
/// ```
/// use clausework::id::OpaqueId;
/// use clausework::secret::Keyring;
///
/// let ring = Keyring::new(OpaqueId::try_new("2026-11")?, [7; 32]);
/// assert_eq!(format!("{ring:?}"), r#"Keyring { current: OpaqueId("2026-11"), .. }"#); // never the key
///
/// // A year on: a new key, the old one retired.
/// let ring = Keyring::new(OpaqueId::try_new("2027-11")?, [8; 32]).with_retired(OpaqueId::try_new("2026-11")?, [7; 32])?;
/// assert_eq!(ring.current().as_str(), "2027-11");
/// let twice = ring.with_retired(OpaqueId::try_new("2027-11")?, [9; 32]);
/// assert!(twice.is_err()); // which of the two keys would it be?
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Keyring {
    id: OpaqueId,
    key: Key,
    retired: Vec<(OpaqueId, Key)>,
}

type Key = Zeroizing<[u8; 32]>;

impl Keyring {
    /// A ring with this key of 256 random bits.
    #[must_use]
    pub fn new(id: OpaqueId, key: [u8; 32]) -> Self {
        Self { id, key: Zeroizing::new(key), retired: Vec::new() }
    }

    /// With a key that was current once: for what was made with it, never for anything new. The latest first.
    ///
    /// # Errors
    /// [`KeyringError::DuplicateId`] when the ring has a key of this id.
    pub fn with_retired(mut self, id: OpaqueId, key: [u8; 32]) -> Result<Self, KeyringError> {
        let key = Zeroizing::new(key);
        if self.id == id || self.retired.iter().any(|(retired, _)| *retired == id) {
            return Err(KeyringError::DuplicateId);
        }
        self.retired.push((id, key));
        Ok(self)
    }

    /// A ring with a fresh key. The host must keep the key itself if records are to outlive the process;
    /// this constructor is for tests and demonstrations.
    ///
    /// # Errors
    /// [`EntropyError`] when the source fails.
    pub fn generate(id: OpaqueId, entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
        Ok(Self::new(id, entropy::bytes(entropy)?))
    }

    /// The id of the key that new records are made with.
    #[must_use]
    pub const fn current(&self) -> &OpaqueId {
        &self.id
    }

    /// The key that new marks are made with.
    pub(crate) const fn mark_key(&self) -> MarkKey<'_> {
        MarkKey(&self.key)
    }

    /// The key that marks may have been made with before, if there is one: the first of the retired.
    pub(crate) fn former_mark_key(&self) -> Option<MarkKey<'_>> {
        self.retired.first().map(|(_, key)| MarkKey(key))
    }

    /// The subkeys of every key for one purpose.
    pub(crate) fn subkeys(&self, purpose: &str) -> Subkeys {
        let subkey =
            |(id, key): (&OpaqueId, &Key)| (id.clone(), Zeroizing::new(mac(key.as_slice(), &[purpose.as_bytes()])));
        let retired = self.retired.iter().map(|(id, key)| subkey((id, key))).collect();
        Subkeys { current: subkey((&self.id, &self.key)), retired }
    }
}

/// One key of a ring, for marks of every purpose.
#[derive(Clone, Copy)]
pub(crate) struct MarkKey<'a>(&'a Key);

impl MarkKey<'_> {
    /// A keyed digest of these parts for one purpose. Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ.
    pub(crate) fn digest(self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let subkey = mac(self.0.as_slice(), &[purpose.as_bytes()]);
        mac(subkey.as_slice(), parts)
    }
}

/// The keys of a ring for one purpose, and good for no other.
pub(crate) struct Subkeys {
    current: (OpaqueId, Key),
    retired: Vec<(OpaqueId, Key)>,
}

impl Subkeys {
    pub(crate) const fn current(&self) -> &OpaqueId {
        &self.current.0
    }

    pub(crate) fn has(&self, id: &OpaqueId) -> bool {
        self.keys().any(|(known, _)| known == id)
    }

    fn keys(&self) -> impl Iterator<Item = &(OpaqueId, Key)> {
        core::iter::once(&self.current).chain(&self.retired)
    }

    /// As [`MarkKey::digest`] with the key of this id, if there is one.
    pub(crate) fn digest(&self, id: &OpaqueId, parts: &[&[u8]]) -> Option<Zeroizing<[u8; 32]>> {
        self.keys().find(|(known, _)| known == id).map(|(_, key)| Zeroizing::new(mac(key.as_slice(), parts)))
    }
}

/// Why there is no such ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// Two keys of one id: a record could not say which it was made with.
    #[error("the ring has a key of this id already")]
    DuplicateId,
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // INVARIANT: HMAC takes a key of any length, so this never fails; an all-zero answer would only merge records.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("current", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(byte: u8) -> Keyring {
        Keyring::new(OpaqueId::try_new("k").unwrap(), [byte; 32])
    }

    #[test]
    fn the_mac_is_hmac_sha256_of_rfc_4231() {
        // RFC 4231 section 4.3, test case 2, gives HMAC-SHA-256("Jefe", "what do ya want for nothing?").
        let mut plain = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        plain.update(b"what do ya want for nothing?");
        let tag: [u8; 32] = plain.finalize().into_bytes().into();
        assert_eq!(tag[..8], [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
    }

    #[test]
    fn a_subkey_is_the_key_for_one_purpose() {
        let id = |text| OpaqueId::try_new(text).unwrap();
        let ring = Keyring::new(id("new"), [2; 32]).with_retired(id("old"), [1; 32]).unwrap();
        let subkeys = ring.subkeys("p");
        assert_eq!(subkeys.current(), &id("new"));
        let digest = |name| subkeys.digest(&id(name), &[b"x"]).map(|digest| *digest);
        assert_eq!(digest("old"), Some(Keyring::new(id("any"), [1; 32]).mark_key().digest("p", &[b"x"])));
        assert_eq!(digest("new"), Some(ring.mark_key().digest("p", &[b"x"])));
        let former = |ring: &Keyring| ring.former_mark_key().map(|key| key.digest("p", &[b"x"]));
        assert_eq!((former(&ring), former(&self::ring(1))), (digest("old"), None));
        let older = Keyring::new(id("c"), [3; 32]).with_retired(id("b"), [1; 32]).unwrap();
        assert_eq!(former(&older.with_retired(id("a"), [2; 32]).unwrap()), digest("old")); // the first that was given
        assert_eq!(digest("none"), None);
        assert_eq!(ring.with_retired(id("old"), [3; 32]).err(), Some(KeyringError::DuplicateId));
    }

    #[test]
    fn key_purpose_and_part_borders_all_matter() {
        let digest = |byte, purpose, parts: &[&[u8]]| ring(byte).mark_key().digest(purpose, parts);
        let base = digest(1, "p", &[b"ab", b"c"]);
        assert_eq!(base, digest(1, "p", &[b"ab", b"c"]));
        assert_ne!(base, digest(2, "p", &[b"ab", b"c"]));
        assert_ne!(base, digest(1, "q", &[b"ab", b"c"]));
        assert_ne!(base, digest(1, "p", &[b"a", b"bc"]));
    }
}
