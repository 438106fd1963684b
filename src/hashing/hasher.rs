use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::phc::Parsed;
use super::{Argon2id, HashMemory, HashPolicy, Kernel, PasswordHash, PhcError};
use crate::entropy::{self, Entropy, EntropyError};
use crate::secret::Secret;

/// The longest password that is hashed, in bytes. NIST SP 800-63B-4 section 3.1.1.2 asks for at least 64
/// characters; this leaves room for 1024 of any script, and keeps a megabyte from being normalised.
pub const MAX_PASSWORD_BYTES: usize = 4096;

/// Hashes and verifies passwords; one for the whole host.
///
/// ```
/// use clausework::hashing::{HashPolicy, Hasher, PasswordHash};
/// use clausework::Secret;
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let hasher = Hasher::new(HashPolicy::default());
/// let stored = hasher.hash(&mut entropy, &Secret::from("correct horse"))?;
///
/// assert!(hasher.verify(&Secret::from("correct horse"), &stored)?);
/// assert!(!hasher.verify(&Secret::from("wrong horse"), &stored)?);
/// assert!(!hasher.needs_rehash(&stored)?);
///
/// // What a stored string may demand is bounded: this one wants 4 TiB and gets an error, not the memory.
/// let hostile = PasswordHash::from_phc("$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA");
/// assert!(hasher.verify(&Secret::from("x"), &hostile).is_err());
/// # Ok::<(), clausework::hashing::HashError>(())
/// ```
#[derive(Clone)]
pub struct Hasher {
    policy: HashPolicy,
    kernel: Arc<dyn Kernel>,
}

impl Hasher {
    /// A hasher with this policy over [`Argon2id`].
    #[must_use]
    pub fn new(policy: HashPolicy) -> Self {
        Self::with_kernel(policy, Argon2id)
    }

    /// A hasher over another implementation of Argon2id.
    #[must_use]
    pub fn with_kernel(policy: HashPolicy, kernel: impl Kernel + 'static) -> Self {
        Self { policy, kernel: Arc::new(kernel) }
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &HashPolicy {
        &self.policy
    }

    /// Hashes a password with a fresh 128-bit salt at the policy's cost.
    ///
    /// # Errors
    /// [`HashError::TooLong`], [`HashError::Entropy`], or a failure of the kernel.
    pub fn hash(&self, entropy: &mut dyn Entropy, password: &Secret) -> Result<PasswordHash, HashError> {
        let salt = entropy::bytes::<16>(entropy)?;
        let password = normalise(password)?;
        let cost = self.policy.cost();
        let mut tag = [0; 32];
        self.kernel.derive(cost, password.as_bytes(), &salt, &mut HashMemory::default(), &mut tag)?;
        Ok(Parsed { cost, salt: salt.to_vec(), tag }.encode())
    }

    /// Whether the password is the one that was hashed. The comparison takes the same time wherever the tags differ.
    ///
    /// A password over [`MAX_PASSWORD_BYTES`] could never have been hashed, so it is simply wrong.
    ///
    /// # Errors
    /// [`HashError::Stored`] when the stored hash is malformed or outside the policy's bounds, or a failure of the kernel.
    pub fn verify(&self, password: &Secret, stored: &PasswordHash) -> Result<bool, HashError> {
        let stored = Parsed::read(stored.as_phc(), self.policy.ceiling())?;
        let Ok(password) = normalise(password) else { return self.decoy(&Secret::from("")).map(|()| false) };
        let mut tag = [0; 32];
        self.kernel.derive(stored.cost, password.as_bytes(), &stored.salt, &mut HashMemory::default(), &mut tag)?;
        Ok(tag.ct_eq(&stored.tag).into())
    }

    /// The same work at the policy's cost for an account that has no usable password, so that the time
    /// tells nothing. There is no answer: nothing can match.
    ///
    /// # Errors
    /// A failure of the kernel, as [`verify`](Hasher::verify).
    pub fn decoy(&self, password: &Secret) -> Result<(), HashError> {
        let password = normalise(password).unwrap_or_default();
        let mut tag = [0; 32];
        self.kernel.derive(self.policy.cost(), password.as_bytes(), &[0; 16], &mut HashMemory::default(), &mut tag)
    }

    /// Whether a stored hash is weaker than the policy in memory or passes, and stronger in neither.
    /// Asked after a successful verification, apart from it; a stronger hash is never replaced.
    ///
    /// # Errors
    /// [`PhcError`] when the stored hash is malformed or outside the policy's bounds.
    pub fn needs_rehash(&self, stored: &PasswordHash) -> Result<bool, PhcError> {
        let cost = Parsed::read(stored.as_phc(), self.policy.ceiling())?.cost;
        Ok(self.policy.cost().dominates(cost) && !cost.dominates(self.policy.cost()))
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// The password in normalisation form C, wiped when dropped.
fn normalise(password: &Secret) -> Result<Zeroizing<String>, HashError> {
    let text = password.expose();
    if text.len() > MAX_PASSWORD_BYTES {
        return Err(HashError::TooLong);
    }
    // NFC makes UTF-8 at most three times longer (Unicode Standard Annex 15, section 15): no reallocation leaves a copy.
    let mut normal = Zeroizing::new(String::with_capacity(text.len().saturating_mul(3)));
    normal.extend(text.nfc());
    Ok(normal)
}

/// Why nothing was hashed or verified. A wrong password is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// The password has more than [`MAX_PASSWORD_BYTES`].
    #[error("the password is longer than 4096 bytes")]
    TooLong,
    /// The stored hash cannot be used.
    #[error(transparent)]
    Stored(#[from] PhcError),
    /// No salt could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The memory could not be had.
    #[error("{m_kib} KiB for a hash could not be had")]
    Memory {
        /// KiB asked for.
        m_kib: u32,
    },
    /// Argon2 refused the parameters.
    #[error("argon2 refused the parameters")]
    Kernel,
}
