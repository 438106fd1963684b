//! Randomness as an argument: only minting takes it, and it may fail.
//!
//! Any generator of the `rand` family that calls itself cryptographic is an [`Entropy`]. With the
//! feature `std`, [`OsEntropy`] is the operating system's.
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use clausework::entropy::OsEntropy;
//! use clausework::{secret::Token, session::SessionState};
//!
//! let token = Token::<SessionState>::mint(&mut OsEntropy)?;
//! assert_eq!(token.expose().len(), 43);
//! # }
//! # Ok::<(), clausework::entropy::EntropyError>(())
//! ```

use rand::TryCryptoRng;
#[cfg(feature = "std")]
pub use rand::rngs::SysRng as OsEntropy;

/// A cryptographic source of random bytes that may fail.
///
/// Implemented for every [`rand_core::TryCryptoRng`](rand::TryCryptoRng); implement it directly for
/// a hardware source.
///
/// ```
/// use clausework::entropy::{Entropy, EntropyError};
///
/// struct Broken;
/// impl Entropy for Broken {
///     fn fill(&mut self, _: &mut [u8]) -> Result<(), EntropyError> {
///         Err(EntropyError::Unavailable)
///     }
/// }
/// let token = clausework::secret::Token::<()>::mint(&mut Broken);
/// assert!(token.is_err()); // never a predictable token
/// ```
pub trait Entropy {
    /// Fills the whole buffer with random bytes.
    ///
    /// # Errors
    /// [`EntropyError::Unavailable`] when the source failed; the buffer must then not be used.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

impl<R: TryCryptoRng> Entropy for R {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        self.try_fill_bytes(buffer).map_err(|_| EntropyError::Unavailable)
    }
}

/// Why nothing could be minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntropyError {
    /// The source reported a failure.
    #[error("the entropy source failed")]
    Unavailable,
    /// The source answered, but its bytes cannot be random: sampling did not end.
    #[error("the entropy source is stuck")]
    Stuck,
}

/// The next `N` random bytes.
pub(crate) fn bytes<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], EntropyError> {
    let mut buffer = [0; N];
    entropy.fill(&mut buffer)?;
    Ok(buffer)
}
