use super::PhcError;
use crate::entropy::EntropyError;

/// Why nothing was hashed or verified. A wrong password is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// The password has more than [`MAX_PASSWORD_BYTES`](super::MAX_PASSWORD_BYTES).
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
