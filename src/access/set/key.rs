use alloc::vec;
use alloc::vec::Vec;

/// An address as a number: `u32` is IPv4, `u64` the upper half of IPv6, `u128` IPv6.
pub(super) trait Key: Copy + Ord {
    const ZERO: Self;

    fn next(self) -> Option<Self>;
    /// `self - other`, or zero.
    fn less(self, other: Self) -> Self;
    /// Which power of two it is.
    fn log2(self) -> Option<u8>;
    /// How many bits it needs.
    fn width(self) -> u32;
    /// `self >> bits`, as the number of a place. Of `bits` only what is less than the size of the number counts.
    fn place(self, bits: u32) -> usize;
}

macro_rules! key {
    ($($number:ty)*) => {$(
        impl Key for $number {
            const ZERO: Self = 0;

            #[inline]
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }

            #[inline]
            fn less(self, other: Self) -> Self {
                self.saturating_sub(other)
            }

            #[inline]
            fn log2(self) -> Option<u8> {
                if self.is_power_of_two() { u8::try_from(self.trailing_zeros()).ok() } else { None }
            }

            #[inline]
            fn width(self) -> u32 {
                Self::BITS.saturating_sub(self.leading_zeros())
            }

            #[inline]
            fn place(self, bits: u32) -> usize {
                usize::try_from(self.wrapping_shr(bits)).unwrap_or(usize::MAX)
            }
        }
    )*};
}

key!(u32 u64 u128);

/// The upper half of an IPv6 address.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "64 of 128 bits are left")]
pub(super) const fn upper(address: u128) -> u64 {
    (address >> 64) as u64
}

/// The most places: 2^17, of 4 bytes 512 KiB, which the second-level cache of a server has room for.
const MAX_PLACES_LOG2: u32 = 17;

/// Equal parts of the keys from `base` on. What is before it is in the first, what is after them all in the last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Places<K> {
    base: K,
    shift: u32,
    top: usize,
}

impl<K: Key> Places<K> {
    /// From `base` to `end`, one or two for each of so many keys, while there are no more than can be.
    pub(super) fn new(base: K, end: K, keys: usize) -> Self {
        let places_log2 = keys.checked_ilog2().unwrap_or_default().saturating_add(1).min(MAX_PLACES_LOG2);
        let shift = end.less(base).width().saturating_sub(places_log2);
        Self { base, shift, top: (1_usize << places_log2).saturating_sub(1) }
    }

    /// The number of the place the key is in, from zero on. A greater key is in no earlier place.
    #[inline]
    pub(super) fn of(&self, key: K) -> usize {
        key.less(self.base).place(self.shift).min(self.top)
    }

    /// How many of the keys are before each place, and at the end how many there are: at most 2^32 - 1.
    pub(super) fn count(&self, keys: impl Iterator<Item = K>) -> Vec<u32> {
        let mut counts = vec![0_u32; self.top.saturating_add(2)];
        for key in keys {
            if let Some(count) = counts.get_mut(self.of(key).saturating_add(1)) {
                *count = count.wrapping_add(1);
            }
        }
        let mut before = 0_u32;
        for count in &mut counts {
            before = before.wrapping_add(*count);
            *count = before;
        }
        counts
    }
}
