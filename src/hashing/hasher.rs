use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::legacy::Legacy;
use super::phc::Parsed;
#[cfg(feature = "std")]
use super::pool::Pool;
use super::{Argon2id, HashCost, HashMemory, HashPolicy, Kernel, LegacyScheme, PasswordHash, PhcError};
use crate::entropy::{self, Entropy, EntropyError};
use crate::id::OpaqueId;
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
/// page faults; wiped after every hash; together never more than
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
    policy: HashPolicy,
    kernel: Arc<dyn Kernel>,
    pepper: Option<Arc<Subkeys>>,
    legacy: Vec<LegacyScheme>,
    #[cfg(feature = "std")]
    pool: Arc<Pool>,
}

/// A stored hash that was read.
enum Known {
    Present(Parsed),
    Legacy(Legacy),
}

/// Where the memory of one hash comes from.
enum Source<'a> {
    Own,
    Caller(&'a mut HashMemory),
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
    /// replaced when their owner next signs in. Store the text as it is
    /// ([`PasswordHash::from_phc`]); its beginning says what it is.
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

    fn make(
        &self,
        memory: Source<'_>,
        cost: HashCost,
        entropy: &mut dyn Entropy,
        password: &Secret,
    ) -> Result<PasswordHash, HashError> {
        let salt = entropy::bytes::<16>(entropy)?;
        let key = self.pepper.as_ref().map(|pepper| pepper.current());
        let input = self.pepper(normalise(password)?, key)?;
        let tag = self.derive(memory, cost, &input, &salt)?;
        let hash = Parsed { cost, salt: salt.to_vec(), tag }.encode();
        Ok(match key {
            Some(key) => hash.with_pepper(key.clone()),
            None => hash,
        })
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

    fn compare(&self, memory: Source<'_>, password: &Secret, stored: &PasswordHash) -> Result<bool, HashError> {
        let parsed = match self.read(stored)? {
            Known::Present(parsed) => parsed,
            Known::Legacy(legacy) => return self.compare_legacy(memory, password, &legacy),
        };
        let Ok(password) = normalise(password) else { return self.spend(memory, &Secret::from("")).map(|()| false) };
        let input = self.pepper(password, stored.pepper())?;
        let tag = self.derive(memory, parsed.cost, &input, &parsed.salt)?;
        Ok(tag.ct_eq(&parsed.tag).into())
    }

    #[allow(unreachable_patterns, reason = "without the features there is one scheme")]
    fn compare_legacy(&self, memory: Source<'_>, password: &Secret, stored: &Legacy) -> Result<bool, HashError> {
        let Ok(normal) = normalise(password) else { return self.spend(memory, &Secret::from("")).map(|()| false) };
        let mut memory = memory;
        let mut matches = |password: &[u8]| match (stored, &mut memory) {
            (Legacy::WeakArgon2id(parsed), memory) => {
                let memory = match memory {
                    Source::Own => Source::Own,
                    Source::Caller(memory) => Source::Caller(memory),
                };
                let tag = self.derive(memory, parsed.cost, password, &parsed.salt)?;
                Ok(tag.ct_eq(&parsed.tag).into())
            }
            // It counts as a hash at least, so that no more run at once.
            #[cfg(feature = "std")]
            (_, Source::Own) => {
                let _permit = self.pool.reserve(stored.memory_kib().max(self.policy.cost().m_kib))?;
                stored.matches(password)
            }
            _ => stored.matches(password),
        };
        let typed = password.expose();
        Ok(matches(typed.as_bytes())? || (*typed != **normal && matches(normal.as_bytes())?))
    }

    /// [`verify`](Self::verify) for a sign-in: what a legacy hash cannot have been made of is wrong.
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

    fn spend(&self, memory: Source<'_>, password: &Secret) -> Result<(), HashError> {
        let key = self.pepper.as_ref().map(|pepper| pepper.current());
        let input = self.pepper(normalise(password).unwrap_or_default(), key)?;
        self.derive(memory, self.policy.cost(), &input, &[0; 16]).map(|_| ())
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

    /// Reads a stored hash within the policy's bounds, and makes sure that its pepper is there.
    fn read(&self, stored: &PasswordHash) -> Result<Known, PhcError> {
        if let Some(key) = stored.pepper()
            && !self.pepper.as_ref().is_some_and(|pepper| pepper.has(key))
        {
            return Err(PhcError::UnknownPepper);
        }
        let refused = match Parsed::read(stored.as_phc(), &self.policy) {
            Ok(parsed) => return Ok(Known::Present(parsed)),
            Err(refused) => refused,
        };
        // A peppered hash was made by this crate, so it is nothing of the past.
        let legacy = if stored.pepper().is_some() { &[][..] } else { &self.legacy };
        Legacy::read(stored.as_phc(), legacy, &self.policy)?.map(Known::Legacy).ok_or(refused)
    }

    /// What is hashed: the password itself, or its keyed digest.
    fn pepper(&self, password: Zeroizing<String>, key: Option<&OpaqueId>) -> Result<Zeroizing<Vec<u8>>, PhcError> {
        let mut password = password;
        let password = Zeroizing::new(core::mem::take(&mut *password).into_bytes());
        let Some(key) = key else { return Ok(password) };
        let digest = self.pepper.as_ref().and_then(|pepper| pepper.digest(key, &[password.as_slice()]));
        Ok(Zeroizing::new(digest.ok_or(PhcError::UnknownPepper)?.to_vec()))
    }

    /// The bare hash, in memory that is wiped afterwards.
    fn derive(&self, memory: Source<'_>, cost: HashCost, input: &[u8], salt: &[u8]) -> Result<[u8; 32], HashError> {
        let mut tag = [0; 32];
        match memory {
            Source::Caller(memory) => {
                let derived = self.kernel.derive(cost, input, salt, memory, &mut tag);
                memory.wipe();
                derived?;
            }
            #[cfg(feature = "std")]
            Source::Own => self.kernel.derive(cost, input, salt, &mut *self.pool.acquire(cost.m_kib)?, &mut tag)?,
            #[cfg(not(feature = "std"))]
            Source::Own => self.kernel.derive(cost, input, salt, &mut HashMemory::default(), &mut tag)?,
        }
        Ok(tag)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pepper = self.pepper.as_ref().map(|pepper| pepper.current());
        f.debug_struct("Hasher").field("policy", &self.policy).field("pepper", &pepper).finish_non_exhaustive()
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
    /// The password is longer than the other system's hash can read, which would compare its beginning alone.
    #[error("the password is longer than the {most} bytes that the stored hash is made of")]
    LegacyTooLong {
        /// Bytes it reads.
        most: usize,
    },
    /// No salt could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The memory of all hashes is taken, and as many wait as may. Nothing was hashed: try again later.
    #[error("the memory of all hashes is taken")]
    Overloaded,
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
