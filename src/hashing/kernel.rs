use alloc::vec::Vec;
use core::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use super::{HashCost, HashError};

/// The working memory of a hash. It is wiped when dropped: it holds what the password was turned into.
///
/// ```
/// use clausework::hashing::{Argon2id, HashCost, HashMemory, Kernel};
///
/// let mut memory = HashMemory::default();
/// let mut tag = [0; 32];
/// Argon2id.derive(HashCost { m_kib: 32, t: 3, p: 4 }, b"password", b"somesalt", &mut memory, &mut tag)?;
/// assert_ne!(tag, [0; 32]);
/// # Ok::<(), clausework::hashing::HashError>(())
/// ```
#[derive(Default)]
pub struct HashMemory(Vec<Block>);

impl HashMemory {
    /// Room for this many KiB, reserved fallibly: too much is an error, not an abort.
    fn fit(&mut self, m_kib: u32) -> Result<&mut [Block], HashError> {
        let blocks = usize::try_from(m_kib).map_err(|_| HashError::Memory { m_kib })?;
        if let Some(missing) = blocks.checked_sub(self.0.len()) {
            self.0.try_reserve_exact(missing).map_err(|_| HashError::Memory { m_kib })?;
            self.0.resize(blocks, Block::default());
        }
        self.0.get_mut(..blocks).ok_or(HashError::Memory { m_kib })
    }

    fn wipe(&mut self) {
        // argon2's own `zeroize` feature does not wipe this matrix.
        self.0.iter_mut().zeroize();
    }
}

impl Drop for HashMemory {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for HashMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashMemory({} KiB)", self.0.len())
    }
}

/// The bare function: Argon2id version 1.3 with a 32-byte tag. A seam for a faster implementation.
///
/// The [`Hasher`](super::Hasher) above it does everything else: normalisation, bounds, salts, text form, comparison.
pub trait Kernel: Send + Sync {
    /// Fills `tag` with the hash of the password and salt at this cost.
    ///
    /// # Errors
    /// [`HashError::Memory`] when the memory cannot be had, [`HashError::Kernel`] when Argon2 refuses the parameters.
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError>;
}

/// Argon2id of the RustCrypto project (RFC 9106, version 0x13).
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "closed: it has no settings")]
pub struct Argon2id;

impl Kernel for Argon2id {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        let params = Params::new(cost.m_kib, cost.t, cost.p, Some(tag.len())).map_err(|_| HashError::Kernel)?;
        let blocks = memory.fit(cost.m_kib)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let derived = argon2.hash_password_into_with_memory(password, salt, tag, blocks);
        derived.map_err(|_| HashError::Kernel)
    }
}
