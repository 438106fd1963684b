use core::fmt;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::entropy::{self, Entropy, EntropyError};
use crate::id::OpaqueId;

/// The host's own key, with an id: one ring for every purpose.
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
/// # Ok::<(), clausework::id::IdError>(())
/// ```
pub struct Keyring {
    id: OpaqueId,
    key: Zeroizing<[u8; 32]>,
}

impl Keyring {
    /// A ring with this key of 256 random bits.
    #[must_use]
    pub fn new(id: OpaqueId, key: [u8; 32]) -> Self {
        Self { id, key: Zeroizing::new(key) }
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

    /// A keyed digest of these parts for one purpose. Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ.
    pub(crate) fn digest(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let subkey = mac(self.key.as_slice(), &[purpose.as_bytes()]);
        mac(subkey.as_slice(), parts)
    }
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
    fn key_purpose_and_part_borders_all_matter() {
        let base = ring(1).digest("p", &[b"ab", b"c"]);
        assert_eq!(base, ring(1).digest("p", &[b"ab", b"c"]));
        assert_ne!(base, ring(2).digest("p", &[b"ab", b"c"]));
        assert_ne!(base, ring(1).digest("q", &[b"ab", b"c"]));
        assert_ne!(base, ring(1).digest("p", &[b"a", b"bc"]));
    }
}
