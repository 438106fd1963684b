//! What a [`Hasher`] does beneath its methods.

use alloc::string::String;
use alloc::vec::Vec;

use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::legacy::Legacy;
use super::phc::Parsed;
use super::{HashCost, HashError, HashMemory, Hasher, MAX_PASSWORD_BYTES, PasswordHash, PhcError};
use crate::entropy::{self, Entropy};
use crate::id::OpaqueId;
use crate::secret::Secret;

/// A stored hash that was read.
pub(super) enum Known {
    Present(Parsed),
    Legacy(Legacy),
}

/// Where the memory of one hash comes from.
pub(super) enum Source<'a> {
    Own,
    Caller(&'a mut HashMemory),
}

impl Hasher {
    pub(super) fn make(
        &self,
        mut memory: Source<'_>,
        cost: HashCost,
        entropy: &mut dyn Entropy,
        password: &Secret,
    ) -> Result<PasswordHash, HashError> {
        let salt = entropy::bytes::<16>(entropy)?;
        let key = self.pepper.as_ref().map(|pepper| pepper.current());
        let input = self.pepper(normalise(password)?, key)?;
        let tag = self.derive(&mut memory, cost, &input, &salt)?;
        let hash = Parsed { cost, salt: salt.to_vec(), tag }.encode();
        Ok(match key {
            Some(key) => hash.with_pepper(key.clone()),
            None => hash,
        })
    }

    pub(super) fn compare(
        &self,
        mut memory: Source<'_>,
        password: &Secret,
        stored: &PasswordHash,
    ) -> Result<bool, HashError> {
        let known = self.read(stored)?;
        let Ok(normal) = normalise(password) else { return self.spend(memory, &Secret::from("")).map(|()| false) };
        let legacy = match known {
            Known::Present(parsed) => {
                return self.is_of(&mut memory, &parsed, &self.pepper(normal, stored.pepper())?);
            }
            Known::Legacy(legacy) => legacy,
        };
        let typed = password.expose();
        let first = self.is_of_legacy(&mut memory, &legacy, typed.as_bytes());
        if *typed == **normal || !matches!(first, Ok(false) | Err(HashError::LegacyTooLong { .. })) {
            return first;
        }
        // A form that is too long for the scheme was not hashed with it; the other one may have been.
        match self.is_of_legacy(&mut memory, &legacy, normal.as_bytes()) {
            Err(HashError::LegacyTooLong { .. }) => first,
            second => second,
        }
    }

    fn is_of(&self, memory: &mut Source<'_>, parsed: &Parsed, input: &[u8]) -> Result<bool, HashError> {
        let tag = self.derive(memory, parsed.cost, input, &parsed.salt)?;
        Ok(tag.ct_eq(&parsed.tag).into())
    }

    #[allow(irrefutable_let_patterns, reason = "without the features there is one scheme")]
    fn is_of_legacy(&self, memory: &mut Source<'_>, legacy: &Legacy, input: &[u8]) -> Result<bool, HashError> {
        if let Legacy::WeakArgon2id(parsed) = legacy {
            return self.is_of(memory, parsed, input);
        }
        // It counts as a hash at least, so that no more run at once.
        #[cfg(feature = "std")]
        let _permit = match memory {
            Source::Own => Some(self.pool.reserve(legacy.memory_kib().max(self.policy.cost().m_kib))?),
            Source::Caller(_) => None,
        };
        #[cfg(feature = "legacy-bcrypt")]
        let suffix = self.bcrypt_suffix.as_ref().map_or(&[][..], |suffix| suffix.expose().as_bytes());
        #[cfg(not(feature = "legacy-bcrypt"))]
        let suffix = &[];
        legacy.matches(input, suffix)
    }

    /// A hash of the policy's cost that nothing is compared with.
    pub(super) fn spend(&self, mut memory: Source<'_>, password: &Secret) -> Result<(), HashError> {
        let key = self.pepper.as_ref().map(|pepper| pepper.current());
        let input = self.pepper(normalise(password).unwrap_or_default(), key)?;
        self.derive(&mut memory, self.policy.cost(), &input, &[0; 16]).map(|_| ())
    }

    /// Reads a stored hash within the policy's bounds, and makes sure that its pepper is there.
    pub(super) fn read(&self, stored: &PasswordHash) -> Result<Known, PhcError> {
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
    fn derive(
        &self,
        memory: &mut Source<'_>,
        cost: HashCost,
        input: &[u8],
        salt: &[u8],
    ) -> Result<[u8; 32], HashError> {
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

/// The password in normalisation form C, wiped when dropped. What the iterator of `unicode-normalization` holds
/// back is not: up to four characters on the stack, more on the heap where many marks follow one character.
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
