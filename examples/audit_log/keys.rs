//! A host's own signer and verifier: what a key vault would be behind. (The feature `ed25519` has both ready-made.)

use clausework::audit::checkpoint::{
    Algorithm, CheckpointSigner, CheckpointVerifier, KeyId, KeyName, SignError, VerifierKey,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

pub(crate) struct Signer {
    name: KeyName,
    key: SigningKey,
}

impl Signer {
    pub(crate) fn new(name: KeyName, seed: &[u8; 32]) -> Self {
        Self { name, key: SigningKey::from_bytes(seed) }
    }

    pub(crate) fn verifier_key(&self) -> VerifierKey {
        VerifierKey::ed25519(self.name.clone(), *self.key.verifying_key().as_bytes())
    }
}

impl CheckpointSigner for Signer {
    fn name(&self) -> &KeyName {
        &self.name
    }

    fn id(&self) -> KeyId {
        self.verifier_key().id()
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignError> {
        self.key.try_sign(text).map(|signature| signature.to_bytes().to_vec()).map_err(|_| SignError)
    }
}

pub(crate) struct Verifier {
    key: VerifierKey,
    point: VerifyingKey,
}

impl Verifier {
    pub(crate) fn new(key: &VerifierKey) -> Option<Self> {
        if key.algorithm() != Algorithm::Ed25519 {
            return None;
        }
        let point = VerifyingKey::from_bytes(key.public_key().try_into().ok()?).ok()?;
        (!point.is_weak()).then_some(Self { key: key.clone(), point })
    }
}

impl CheckpointVerifier for Verifier {
    fn name(&self) -> &KeyName {
        self.key.name()
    }

    fn id(&self) -> KeyId {
        self.key.id()
    }

    fn is_valid(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.point.verify_strict(text, &signature).is_ok())
    }
}
