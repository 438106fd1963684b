use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use super::{Algorithm, CheckpointError, CheckpointSigner, CheckpointVerifier, KeyId, KeyName, SignError, VerifierKey};

/// An Ed25519 key in memory, wiped when dropped (feature `ed25519`).
///
/// A key beside the log it protects protects it from nobody who can read both. Better is a key vault or a hardware
/// module behind [`CheckpointSigner`].
#[derive(Clone)]
pub struct Ed25519Signer {
    name: KeyName,
    id: KeyId,
    key: SigningKey,
}

impl Ed25519Signer {
    /// From its 32 secret bytes (the seed of RFC 8032 section 5.1.5), which come from a cryptographic source.
    #[must_use]
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let id = KeyId::of(&name, Algorithm::Ed25519, key.verifying_key().as_bytes());
        Self { name, id, key }
    }

    /// The public key, to be given to everyone who verifies.
    #[must_use]
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey::ed25519(self.name.clone(), *self.key.verifying_key().as_bytes())
    }
}

impl CheckpointSigner for Ed25519Signer {
    fn name(&self) -> &KeyName {
        &self.name
    }

    fn id(&self) -> KeyId {
        self.id
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature: Signature = self.key.try_sign(text).map_err(|_| SignError)?;
        Ok(signature.to_bytes().to_vec())
    }
}

/// Without the secret.
impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519Signer").field("name", &self.name).field("id", &self.id).finish_non_exhaustive()
    }
}

/// An Ed25519 public key that verifies (feature `ed25519`).
#[derive(Clone, Debug)]
pub struct Ed25519Verifier {
    name: KeyName,
    id: KeyId,
    key: VerifyingKey,
}

impl Ed25519Verifier {
    /// From a public key.
    ///
    /// # Errors
    /// [`CheckpointError::Key`] when it is no point of the curve, not in its one encoding, or one that makes
    /// signatures mean nothing (of small order).
    pub fn new(key: &VerifierKey) -> Result<Self, CheckpointError> {
        let wrong = CheckpointError::Key { what: "the key is no usable Ed25519 key" };
        let (Algorithm::Ed25519, Ok(bytes)) = (key.algorithm(), key.public_key().try_into()) else {
            return Err(wrong);
        };
        let point = VerifyingKey::from_bytes(bytes).map_err(|_| wrong)?;
        // RFC 8032 section 5.1.3: one point, one encoding.
        if point.is_weak() || point.to_edwards().compress().as_bytes() != bytes {
            return Err(wrong);
        }
        Ok(Self { name: key.name().clone(), id: key.id(), key: point })
    }

    /// The same, for [`KeyHistory::apply`](super::KeyHistory::apply); `None` where [`new`](Self::new) fails.
    #[must_use]
    pub fn boxed(key: &VerifierKey) -> Option<Box<dyn CheckpointVerifier>> {
        Self::new(key).ok().map(|verifier| Box::new(verifier) as Box<dyn CheckpointVerifier>)
    }
}

impl CheckpointVerifier for Ed25519Verifier {
    fn name(&self) -> &KeyName {
        &self.name
    }

    fn id(&self) -> KeyId {
        self.id
    }

    fn is_valid(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}
