use alloc::vec::Vec;
use core::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::{HashCost, HashError};

/// The working memory of a hash, used again by whoever holds it.
///
/// Fresh memory costs a page fault for every 4 KiB, half the time of a hash and more: keep one of these
/// wherever hashes are made one after another. The [`Hasher`](super::Hasher) wipes what it used before it
/// returns, and dropping wipes: it holds what the password was turned into.
///
/// ```
/// use clausework::hashing::{Argon2id, HashCost, HashMemory, Kernel};
///
/// let mut memory = HashMemory::default();
/// let mut tag = [0; 32];
/// Argon2id.derive(HashCost { m_kib: 32, t: 3, p: 4 }, b"password", b"somesalt", &mut memory, &mut tag)?;
/// assert_ne!(tag, [0; 32]);
/// assert_eq!(memory.size_kib(), 32); // and the next hash of up to 32 KiB takes no more
///
/// // Eight lanes need 64 KiB at least (RFC 9106 section 3.1).
/// assert!(Argon2id.derive(HashCost { m_kib: 32, t: 3, p: 8 }, b"password", b"somesalt", &mut memory, &mut tag).is_err());
/// # Ok::<(), clausework::hashing::HashError>(())
/// ```
#[derive(Default)]
pub struct HashMemory {
    blocks: Vec<Block>,
    /// Blocks that may hold something: those before it.
    used: usize,
}

impl HashMemory {
    /// How many KiB it holds at present; it grows to what the largest hash asked for.
    #[must_use]
    pub fn size_kib(&self) -> u32 {
        // INVARIANT: `blocks` takes a u32.
        u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    /// Room for this many KiB, for a [`Kernel`]: aligned to 64 bytes, and holding anything at first, such as what an
    /// earlier hash left. It is wiped when the hash is done.
    ///
    /// # Errors
    /// [`HashError::Memory`] when it cannot be had: it is reserved fallibly, so too much is an error, not an abort.
    pub fn blocks(&mut self, m_kib: u32) -> Result<&mut [Block], HashError> {
        let blocks = usize::try_from(m_kib).map_err(|_| HashError::Memory { m_kib })?;
        if let Some(missing) = blocks.checked_sub(self.blocks.len()) {
            if missing > 0 && self.blocks.capacity() < blocks {
                // The old ones are not moved, which would leave a copy: they are wiped and let go.
                self.wipe();
                self.blocks = Vec::new();
                self.blocks.try_reserve_exact(blocks).map_err(|_| HashError::Memory { m_kib })?;
            }
            self.blocks.resize(blocks, Block::default());
        }
        self.used = self.used.max(blocks);
        self.blocks.get_mut(..blocks).ok_or(HashError::Memory { m_kib })
    }

    /// Overwrites what was used. argon2's own `zeroize` feature does not wipe this matrix.
    pub(super) fn wipe(&mut self) {
        if let Some(used) = self.blocks.get_mut(..self.used) {
            // As fast as memset; the barrier keeps the compiler from leaving it out.
            used.fill(Block::default());
            zeroize::optimization_barrier(used);
        }
        self.used = 0;
    }

    #[cfg(all(test, feature = "std"))]
    pub(super) const fn used(&self) -> usize {
        self.used
    }
}

impl Drop for HashMemory {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for HashMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashMemory({} KiB)", self.blocks.len())
    }
}

/// The bare function: Argon2id version 1.3 with a 32-byte tag. A seam for a faster implementation.
///
/// The [`Hasher`](super::Hasher) above it does everything else: normalisation, pepper, bounds, salts, text
/// form, memory budget, comparison. [`Argon2id`] is portable code that the compiler vectorises; C with AVX2
/// on warm memory is still 1.4 to 2.1 times as fast, so a host that may link C can gain that here.
///
/// It takes its memory from [`HashMemory::blocks`], or the budget does not bound it: the reference implementation
/// in C asks for it by `allocate_cbk` and takes the pointer to the first block.
///
/// ```
/// use clausework::Secret;
/// use clausework::hashing::{Argon2id, HashCost, HashError, HashMemory, HashPolicy, Hasher, Kernel};
///
/// struct Native;
///
/// impl Kernel for Native {
///     fn derive(
///         &self,
///         cost: HashCost,
///         password: &[u8],
///         salt: &[u8],
///         memory: &mut HashMemory,
///         tag: &mut [u8; 32],
///     ) -> Result<(), HashError> {
///         if cost.p > 1 {
///             return Argon2id.derive(cost, password, salt, memory, tag); // what it does not do, another may
///         }
///         let blocks = memory.blocks(cost.m_kib)?;
///         // Here the C function is called, with blocks.as_mut_ptr().
/// #       Argon2id.derive(cost, password, salt, memory, tag)
///     }
/// }
///
/// // Both make and verify the same hashes.
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let hasher = Hasher::with_kernel(HashPolicy::default(), Native);
/// let stored = hasher.hash(&mut entropy, &Secret::from("correct horse"))?;
/// assert!(Hasher::new(HashPolicy::default()).verify(&Secret::from("correct horse"), &stored)?);
/// assert!(!Hasher::new(HashPolicy::default()).verify(&Secret::from("wrong horse"), &stored)?);
/// # Ok::<(), HashError>(())
/// ```
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
        let blocks = memory.blocks(cost.m_kib)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let derived = argon2.hash_password_into_with_memory(password, salt, tag, blocks);
        derived.map_err(|_| HashError::Kernel)
    }
}
