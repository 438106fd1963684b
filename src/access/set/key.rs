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
