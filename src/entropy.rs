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

/// A uniform index below `bound` (at least 1, at most 256), without modulo bias.
pub(crate) fn index_below(entropy: &mut dyn Entropy, bound: usize) -> Result<usize, EntropyError> {
    // INVARIANT: each draw is kept with probability over one half, so 128 rejections in a row mean a stuck source.
    let span = 256_usize.checked_rem(bound).and_then(|rest| 256_usize.checked_sub(rest)).ok_or(EntropyError::Stuck)?;
    for _ in 0..128 {
        let [byte] = bytes::<1>(entropy)?;
        let draw = usize::from(byte);
        if draw < span {
            return draw.checked_rem(bound).ok_or(EntropyError::Stuck);
        }
    }
    Err(EntropyError::Stuck)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(u8);
    impl Entropy for Counter {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
            for byte in buffer {
                *byte = self.0;
                self.0 = self.0.wrapping_add(1);
            }
            Ok(())
        }
    }

    struct Constant(u8);
    impl Entropy for Constant {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
            buffer.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn every_index_is_equally_likely() {
        // 256 = 4 × 62 + 8: over one full cycle of the 256 bytes every index below 62 appears four times.
        let mut seen = [0_u32; 62];
        let mut source = Counter(0);
        for _ in 0..248 {
            seen[index_below(&mut source, 62).unwrap()] += 1;
        }
        assert_eq!(seen, [4; 62]);
    }

    #[test]
    fn a_stuck_source_is_an_error_not_a_loop() {
        assert_eq!(index_below(&mut Constant(255), 62), Err(EntropyError::Stuck));
        assert_eq!(index_below(&mut Constant(0), 0), Err(EntropyError::Stuck));
    }
}
