use zeroize::DefaultIsZeroes;

use crate::entropy::{self, Entropy, EntropyError};

const LIMBS: usize = 14;

/// A whole number of up to 448 bits, highest limb first, so that the derived order is that of numbers.
///
/// Enough to count the passwords of 64 characters out of 94 (420 bits), or the phrases of 24 words out of 65536 (384).
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wide([u32; LIMBS]);

impl DefaultIsZeroes for Wide {}

impl Wide {
    pub(super) fn one() -> Self {
        let mut one = Self::default();
        if let Some(limb) = one.0.last_mut() {
            *limb = 1;
        }
        one
    }

    /// Adds `times` × `other`; what does not fit is lost.
    pub(super) fn add_times(&mut self, other: &Self, times: u32) {
        let mut carry = 0_u64;
        for (limb, add) in self.0.iter_mut().zip(&other.0).rev() {
            // At most (2³² − 1)² + 2 (2³² − 1) = 2⁶⁴ − 1.
            let sum = u64::from(*add).wrapping_mul(times.into()).wrapping_add((*limb).into()).wrapping_add(carry);
            (*limb, carry) = (low(sum), sum >> 32);
        }
    }

    /// Takes away what is no larger.
    pub(super) fn take(&mut self, other: &Self) {
        let mut borrowed = false;
        for (limb, less) in self.0.iter_mut().zip(&other.0).rev() {
            let (rest, first) = limb.overflowing_sub(*less);
            let (rest, second) = rest.overflowing_sub(borrowed.into());
            (*limb, borrowed) = (rest, first | second);
        }
    }

    /// Divides, and returns the remainder. By zero nothing is divided.
    pub(super) fn divide(&mut self, divisor: u32) -> u32 {
        let mut rest = 0_u64;
        for limb in &mut self.0 {
            let value = (rest << 32) | u64::from(*limb);
            *limb = value.checked_div(divisor.into()).map_or(0, low);
            rest = value.checked_rem(divisor.into()).unwrap_or(0);
        }
        low(rest)
    }

    /// How many bits the number has; none for zero.
    pub(super) fn bits(&self) -> u32 {
        let zero_limbs = self.0.iter().take_while(|limb| **limb == 0).count();
        self.0.iter().skip(zero_limbs).fold(0_u32, |bits, limb| match bits {
            0 => 32_u32.saturating_sub(limb.leading_zeros()),
            _ => bits.saturating_add(32),
        })
    }

    /// Keeps the lowest bits only.
    fn keep(&mut self, bits: u32) {
        let mut left = bits;
        for limb in self.0.iter_mut().rev() {
            *limb &= u32::MAX.checked_shl(left).map_or(u32::MAX, |above| !above);
            left = left.saturating_sub(32);
        }
    }

    /// A number below the bound, each as likely as any other.
    pub(super) fn uniform_below(entropy: &mut dyn Entropy, bound: &Self) -> Result<Self, EntropyError> {
        // INVARIANT: a draw is below the bound with a probability over one half, so 128 in a row mean a stuck source.
        for _ in 0..128 {
            let bytes = zeroize::Zeroizing::new(entropy::bytes::<{ 4 * LIMBS }>(entropy)?);
            let first = bytes.first();
            if bytes.iter().all(|byte| Some(byte) == first) {
                return Err(EntropyError::Stuck); // by chance once in 2⁴⁴⁰
            }
            let mut number = Self::default();
            for (limb, four) in number.0.iter_mut().zip(bytes.chunks_exact(4)) {
                *limb = four.iter().fold(0, |value, byte| (value << 8) | u32::from(*byte));
            }
            number.keep(bound.bits());
            if number < *bound {
                return Ok(number);
            }
        }
        Err(EntropyError::Stuck)
    }
}

fn low(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(value: u128) -> Wide {
        let mut wide = Wide::default();
        for (index, limb) in wide.0.iter_mut().rev().take(4).enumerate() {
            *limb = (value >> (32 * index)) as u32;
        }
        wide
    }

    proptest::proptest! {
        #[test]
        fn it_counts_as_u128_does(a in 0..u128::MAX >> 34, b in 0..u128::MAX >> 34, times: u32, divisor in 1_u32..) {
            let mut sum = wide(a);
            sum.add_times(&wide(b), times);
            assert!(sum == wide(a + b * u128::from(times)));
            sum.take(&wide(a));
            assert!(sum == wide(b * u128::from(times)));
            assert_eq!(sum.divide(divisor) as u128, (b * u128::from(times)) % u128::from(divisor));
            assert!(sum == wide((b * u128::from(times)) / u128::from(divisor)));
            assert_eq!(wide(a).bits(), 128 - a.leading_zeros());
            assert_eq!(wide(a) < wide(b), a < b);
            let mut kept = wide(a);
            kept.keep(times % 100);
            assert!(kept == wide(a & ((1 << (times % 100)) - 1)));
        }
    }
}
