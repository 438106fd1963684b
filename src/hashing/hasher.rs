use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::legacy::Legacy;
use super::phc::Parsed;
#[cfg(feature = "std")]
use super::pool::Pool;
use super::work::{Known, Source};
use super::{Argon2id, HashError, HashMemory, HashPolicy, Kernel, LegacyScheme, PasswordHash, PhcError};
use crate::entropy::Entropy;
use crate::secret::{Keyring, Secret, Subkeys};

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
///
/// # Memory
/// With the feature `std` a hasher and its clones share a pool of buffers: used again, so that a warm one has no
/// page faults; wiped before it lies idle; together never more than
/// [`memory_mib`](super::HashPolicyBuilder::memory_mib). When that is taken, up to
/// [`max_waiting`](super::HashPolicyBuilder::max_waiting) callers wait for their turn, and one more is answered
/// [`HashError::Overloaded`] at once: a thousand sign-ins at a time are slow, never out of memory.
///
/// Without `std` there is no lock to share a pool with. Each thread or task keeps a [`HashMemory`] of its own and
/// passes it to [`hash_with`](Self::hash_with), [`verify_with`](Self::verify_with) and
/// [`decoy_with`](Self::decoy_with), and the host bounds how many run: as many as it has buffers. What is
/// answered is the same. (`hash` and the others then take fresh memory for every hash.)
#[derive(Clone)]
pub struct Hasher {
    pub(super) policy: HashPolicy,
    pub(super) kernel: Arc<dyn Kernel>,
    pub(super) pepper: Option<Arc<Subkeys>>,
    pub(super) legacy: Vec<LegacyScheme>,
    #[cfg(feature = "legacy-bcrypt")]
    pub(super) bcrypt_suffix: Option<Arc<Secret>>,
    #[cfg(feature = "std")]
    pub(super) pool: Arc<Pool>,
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
        Self {
            policy,
            kernel: Arc::new(kernel),
            pepper: None,
            legacy: Vec::new(),
            #[cfg(feature = "legacy-bcrypt")]
            bcrypt_suffix: None,
            #[cfg(feature = "std")]
            pool: Arc::new(Pool::new(policy.memory_kib(), policy.max_waiting())),
        }
    }

    /// With a pepper: every new hash is of a keyed digest of the password, so that whoever has the database
    /// but not the key cannot try a single guess. The id of the key is recorded in the [`PasswordHash`].
    ///
    /// Hashes with a retired key of the ring, or with none, still verify and
    /// [need a rehash](Self::needs_rehash); a key must stay in the ring until no stored hash names it.
    /// In a rolling deployment give every node the key before the first makes it current.
    ///
    /// The digest is HMAC-SHA-256 under a subkey of this purpose, over the normalised password, and it is what
    /// Argon2id hashes: 256 bits, nothing cut off. Argon2's own secret input would serve as well, but libsodium
    /// and others do not offer it, and a [`Kernel`] over them must verify the same hashes.
    ///
    /// ```
    /// use clausework::hashing::{HashPolicy, Hasher};
    /// use clausework::id::OpaqueId;
    /// use clausework::{Secret, secret::Keyring};
    ///
    /// # let mut entropy = clausework::entropy::OsEntropy;
    /// let password = Secret::from("correct horse");
    /// let old = Keyring::new(OpaqueId::try_new("2026")?, [7; 32]);
    /// let stored = Hasher::new(HashPolicy::default()).with_pepper(&old).hash(&mut entropy, &password)?;
    /// assert_eq!(stored.pepper().map(OpaqueId::as_str), Some("2026"));
    ///
    /// let rotated = Keyring::new(OpaqueId::try_new("2027")?, [8; 32]).with_retired(OpaqueId::try_new("2026")?, [7; 32])?;
    /// let hasher = Hasher::new(HashPolicy::default()).with_pepper(&rotated);
    /// assert!(hasher.verify(&password, &stored)?);
    /// assert!(hasher.needs_rehash(&stored)?); // the old key
    ///
    /// // Without the key there is an error, not a "no".
    /// assert!(Hasher::new(HashPolicy::default()).verify(&password, &stored).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_pepper(mut self, keyring: &Keyring) -> Self {
        self.pepper = Some(Arc::new(keyring.subkeys("password-pepper")));
        self
    }

    /// With hashes that another system left: they verify, always [need a rehash](Self::needs_rehash), and so are
    /// replaced when their owner next signs in. Its beginning says what a text is
    /// ([`PasswordHash::from_phc`]); [`SignIn::import`](crate::sign_in::SignIn::import) files it under an account, and the
    /// chapter [migrating](crate::guide::migrating) rewrites those of Django, Keycloak and others.
    ///
    /// Such a password is compared as it was typed and, if that differs, in normalisation form C. Until it is
    /// replaced, the time of a refusal tells that this account came from the other system.
    ///
    /// ```
    /// use clausework::Secret;
    /// use clausework::hashing::{HashPolicy, Hasher, LegacyScheme, PasswordHash};
    ///
    /// // A salt of 8 bytes is too short for anything new.
    /// let stored = PasswordHash::from_phc(
    ///     "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    /// );
    /// let hasher = Hasher::new(HashPolicy::default()).with_legacy([LegacyScheme::WeakArgon2id]);
    /// assert!(hasher.verify(&Secret::from("password"), &stored)?);
    /// assert!(hasher.needs_rehash(&stored)?);
    ///
    /// assert!(Hasher::new(HashPolicy::default()).verify(&Secret::from("password"), &stored).is_err()); // not asked for
    /// # Ok::<(), clausework::hashing::HashError>(())
    /// ```
    #[must_use]
    pub fn with_legacy(mut self, schemes: impl IntoIterator<Item = LegacyScheme>) -> Self {
        self.legacy.extend(schemes);
        self
    }

    /// With what the other system appended to every password before bcrypt, as Devise does with its `pepper`: each
    /// imported bcrypt hash is then of password and suffix together, of which bcrypt reads 72 bytes. It touches no
    /// other hash and none that is new.
    ///
    /// The hash here is one of Openwall's vectors (crypt_blowfish 1.3, wrapper.c), read as password and suffix.
    ///
    /// ```
    /// use clausework::Secret;
    /// use clausework::hashing::{HashPolicy, Hasher, LegacyScheme, PasswordHash};
    ///
    /// let stored = PasswordHash::from_phc("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui");
    /// let suffix = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored";
    /// let plain = Hasher::new(HashPolicy::default()).with_legacy([LegacyScheme::Bcrypt]);
    /// let hasher = plain.clone().with_bcrypt_suffix(Secret::from(suffix));
    ///
    /// assert!(hasher.verify(&Secret::from("0123456789"), &stored)?);
    /// assert!(!hasher.verify(&Secret::from("0123456788"), &stored)?);
    /// assert!(!plain.verify(&Secret::from("0123456789"), &stored)?); // without it, nobody gets in
    /// # Ok::<(), clausework::hashing::HashError>(())
    /// ```
    #[cfg(feature = "legacy-bcrypt")]
    #[must_use]
    pub fn with_bcrypt_suffix(mut self, suffix: Secret) -> Self {
        self.bcrypt_suffix = Some(Arc::new(suffix));
        self
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &HashPolicy {
        &self.policy
    }

    /// Hashes a password with a fresh 128-bit salt at the policy's cost, with the current pepper if there is one.
    ///
    /// # Errors
    /// [`HashError::TooLong`], [`HashError::Entropy`], [`HashError::Overloaded`], or a failure of the kernel.
    pub fn hash(&self, entropy: &mut dyn Entropy, password: &Secret) -> Result<PasswordHash, HashError> {
        self.make(Source::Own, self.policy.cost(), entropy, password)
    }

    /// [`hash`](Self::hash) in memory of the caller's.
    ///
    /// ```
    /// use clausework::Secret;
    /// use clausework::hashing::{HashMemory, HashPolicy, Hasher};
    ///
    /// # let mut entropy = clausework::entropy::OsEntropy;
    /// let (hasher, mut memory) = (Hasher::new(HashPolicy::default()), HashMemory::default()); // one for each thread
    /// let stored = hasher.hash_with(&mut memory, &mut entropy, &Secret::from("correct horse"))?;
    /// assert!(hasher.verify_with(&mut memory, &Secret::from("correct horse"), &stored)?);
    /// assert!(!hasher.verify_with(&mut memory, &Secret::from("wrong horse"), &stored)?);
    /// hasher.decoy_with(&mut memory, &Secret::from("of nobody"))?;
    /// assert_eq!(memory.size_kib(), 19_456); // the same all the time
    /// # Ok::<(), clausework::hashing::HashError>(())
    /// ```
    ///
    /// # Errors
    /// As [`hash`](Self::hash), but never [`HashError::Overloaded`].
    pub fn hash_with(
        &self,
        memory: &mut HashMemory,
        entropy: &mut dyn Entropy,
        password: &Secret,
    ) -> Result<PasswordHash, HashError> {
        self.make(Source::Caller(memory), self.policy.cost(), entropy, password)
    }

    /// Hashes a password anew that was just verified against `stored`: with the current pepper, at the
    /// policy's cost, or at the stored one where the policy's would be weaker in memory or passes.
    ///
    /// # Errors
    /// As [`hash`](Self::hash) and [`needs_rehash`](Self::needs_rehash).
    pub fn rehash(
        &self,
        entropy: &mut dyn Entropy,
        password: &Secret,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, HashError> {
        let cost = match self.read(stored)? {
            Known::Present(Parsed { cost, .. }) | Known::Legacy(Legacy::WeakArgon2id(Parsed { cost, .. }))
                if cost.meets_floor() && !self.policy.cost().dominates(cost) =>
            {
                cost
            }
            _ => self.policy.cost(),
        };
        self.make(Source::Own, cost, entropy, password)
    }

    /// Whether the password is the one that was hashed. The comparison takes the same time wherever the tags differ.
    ///
    /// A password over [`MAX_PASSWORD_BYTES`] could never have been hashed, so it is simply wrong.
    ///
    /// # Errors
    /// [`HashError::Stored`] when the stored hash is malformed or outside the policy's bounds,
    /// [`HashError::Overloaded`], or a failure of the kernel.
    pub fn verify(&self, password: &Secret, stored: &PasswordHash) -> Result<bool, HashError> {
        self.compare(Source::Own, password, stored)
    }

    /// [`verify`](Self::verify) in memory of the caller's.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), but never [`HashError::Overloaded`].
    pub fn verify_with(
        &self,
        memory: &mut HashMemory,
        password: &Secret,
        stored: &PasswordHash,
    ) -> Result<bool, HashError> {
        self.compare(Source::Caller(memory), password, stored)
    }

    /// [`verify`](Self::verify) where nobody asks why: what a legacy hash cannot have been made of is wrong.
    pub(crate) fn verify_any(&self, password: &Secret, stored: &PasswordHash) -> Result<bool, HashError> {
        match self.verify(password, stored) {
            Err(HashError::LegacyTooLong { .. }) => self.decoy(password).map(|()| false),
            other => other,
        }
    }

    /// The same work at the policy's cost for an account that has no usable password, so that the time
    /// tells nothing. There is no answer: nothing can match.
    ///
    /// # Errors
    /// [`HashError::Overloaded`] or a failure of the kernel, as [`verify`](Hasher::verify).
    pub fn decoy(&self, password: &Secret) -> Result<(), HashError> {
        self.spend(Source::Own, password)
    }

    /// [`decoy`](Self::decoy) in memory of the caller's.
    ///
    /// # Errors
    /// A failure of the kernel.
    pub fn decoy_with(&self, memory: &mut HashMemory, password: &Secret) -> Result<(), HashError> {
        self.spend(Source::Caller(memory), password)
    }

    /// Whether a stored hash is out of date: weaker than the policy in memory or passes and stronger in neither,
    /// or without the current pepper while there is one, or of another system. Asked after a successful verification, apart from it;
    /// a stronger cost is never replaced by a weaker one ([`rehash`](Self::rehash)).
    ///
    /// # Errors
    /// [`PhcError`] when the stored hash is malformed or outside the policy's bounds.
    pub fn needs_rehash(&self, stored: &PasswordHash) -> Result<bool, PhcError> {
        let Known::Present(Parsed { cost, .. }) = self.read(stored)? else { return Ok(true) };
        let weaker = self.policy.cost().dominates(cost) && !cost.dominates(self.policy.cost());
        let peppered = self.pepper.as_ref().is_none_or(|pepper| stored.pepper() == Some(pepper.current()));
        Ok(weaker || !peppered)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pepper = self.pepper.as_ref().map(|pepper| pepper.current());
        f.debug_struct("Hasher").field("policy", &self.policy).field("pepper", &pepper).finish_non_exhaustive()
    }
}
