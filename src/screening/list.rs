use core::fmt;

use sha2::{Digest, Sha256};

use super::{PasswordSha1, Screening, UnknownReason};
use crate::secret::Secret;

// The form, all numbers little-endian:
//
//   0  magic: not text, and changed by any transfer that rewrites line ends
//   8  version, u16
//  10  digest that the keys are cut from, u8: 1 is SHA-1
//  11  index bits k, u8
//  12  zero, u32
//  16  entries n, u64
//  24  zero, u64
//  32  SHA-256 of all other bytes of the file
//  64  index, 2^k + 1 of u32: bucket b holds the entries index[b]..index[b + 1]
//      entries, n of u64: bits k..k + 64 of the digest, rising within a bucket
//
// The bucket is bits 0..k of the digest, so bucket and entry together are a key of k + 64 bits.
pub(super) const MAGIC: [u8; 8] = *b"\x89CWPWL\r\n";
pub(super) const VERSION: u16 = 1;
pub(super) const SHA_1: u8 = 1;
pub(super) const HEADER: usize = 64;
/// Bytes of the header before the checksum.
pub(super) const CHECKED: usize = 32;
/// Entries are counted by 32 bits, so an index of 2^30 buckets has at most 4 in one on average.
pub(super) const MAX_INDEX_BITS: u32 = 30;
/// At most 2^24 entries a bucket on average: the chance of a false hit is n / 2^(k + 64) ≤ 2^24 / 2^64 = 2^-40.
const MAX_LOAD_BITS: u32 = 24;

/// The bucket of a key and its entry there. `leading` are the first 128 bits of the digest.
pub(super) fn split(leading: u128, index_bits: u32) -> (u128, u64) {
    let bucket = leading.checked_shr(128_u32.saturating_sub(index_bits)).unwrap_or(0);
    let rest = leading.checked_shl(index_bits).unwrap_or(0) >> 64;
    // INVARIANT: 128 bits less 64 fit into 64.
    (bucket, u64::try_from(rest).unwrap_or(u64::MAX))
}

/// A large list of known passwords, opened from bytes as they are: nothing is rebuilt, copied or
/// allocated. The host reads the file or maps it into memory.
///
/// | | |
/// |---|---|
/// | key | the leading 64 to 94 bits of the password's SHA-1, of which 64 are stored |
/// | size | at most 12 bytes an entry from 64 entries on (8 and an index of 1 to 2), and 64 bytes |
/// | search | one step into the index, then a bucket of 2 to 4 entries on average |
/// | passwords | not in the file; but whoever has it can test guesses against it |
///
/// # The chance that a good password is refused
/// A password that is not on a list of `n` entries is refused when its key is that of one that is:
/// `n / 2^(64 + k)` a check, `k` being the index's bits. [`ListBuilder`](super::ListBuilder) takes
/// `n / 4 < 2^k`, so that is at most 4 / 2^64 or 2.2 × 10⁻¹⁹ for a list of any size, and
/// [`open`](List::open) refuses a file for which it would be above 2^-40 or 9.1 × 10⁻¹³ (the goal is 10⁻¹²).
/// It holds for passwords chosen without looking at the list.
///
/// # What a damaged file does
/// [`open`](List::open) takes the same short time for every size, so it does not look at every
/// entry. A search never leaves the bytes; where the index does not fit the entries it answers
/// [`UnknownReason::ListDamaged`]. A changed entry is found only by [`verify`](List::verify): run it
/// once after a file was copied.
///
/// ```
/// use clausework::Secret;
/// use clausework::screening::{List, ListBuilder, ListError, Screening};
///
/// let mut builder = ListBuilder::new(1_000);
/// for leaked in ["password", "letmein", "hunter2"] {
///     builder.add_password(&Secret::from(leaked))?;
/// }
/// let file = builder.finish()?;
///
/// let list = List::open(&file)?;
/// assert_eq!(list.screen(&Secret::from("hunter2")), Screening::Known { count: None });
/// assert_eq!(list.screen(&Secret::from("nine-lilac-otters")), Screening::Clean);
/// assert!(list.false_refusal_chance() <= 1e-12);
///
/// let cut = file.get(..file.len() - 1).unwrap_or_default();
/// assert!(matches!(List::open(cut), Err(ListError::Length { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct List<'a> {
    bytes: &'a [u8],
    index: &'a [[u8; 4]],
    entries: &'a [[u8; 8]],
    index_bits: u32,
}

impl<'a> List<'a> {
    /// Opens a list. The time does not depend on the size.
    ///
    /// # Errors
    /// [`ListError`] when the header is not one of a list of version 1, or the length is not the one
    /// that it announces.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ListError> {
        let too_short = ListError::TooShort { found: bytes.len() };
        let (header, body) = bytes.split_first_chunk::<HEADER>().ok_or(too_short)?;
        let [m0, m1, m2, m3, m4, m5, m6, m7, v0, v1, digest, index_bits, reserved @ ..] = *header;
        if [m0, m1, m2, m3, m4, m5, m6, m7] != MAGIC {
            return Err(ListError::NotAList);
        }
        let version = u16::from_le_bytes([v0, v1]);
        if version != VERSION {
            return Err(ListError::Version { found: version });
        }
        if digest != SHA_1 {
            return Err(ListError::Digest { found: digest });
        }
        let [0, 0, 0, 0, n0, n1, n2, n3, n4, n5, n6, n7, 0, 0, 0, 0, 0, 0, 0, 0, ..] = reserved else {
            return Err(ListError::Reserved);
        };
        let entries = u64::from_le_bytes([n0, n1, n2, n3, n4, n5, n6, n7]);
        let index_bits = u32::from(index_bits);
        if index_bits > MAX_INDEX_BITS {
            return Err(ListError::IndexBits { found: index_bits });
        }
        let buckets = 1_u64 << index_bits;
        let most = (buckets << MAX_LOAD_BITS).min(u64::from(u32::MAX));
        if entries > most {
            return Err(ListError::TooManyEntries { found: entries, most });
        }

        // INVARIANT: at most 64 + 4 × (2^30 + 1) + 8 × 2^32 bytes, far below 2^64.
        let index_bytes = buckets.saturating_add(1).saturating_mul(4);
        let expected = index_bytes.saturating_add(entries.saturating_mul(8)).saturating_add(64);
        let length = ListError::Length { found: bytes.len(), expected };
        if u64::try_from(bytes.len()) != Ok(expected) {
            return Err(length);
        }
        let index_bytes = usize::try_from(index_bytes).map_err(|_| length)?;
        let (index, entries) = body.split_at_checked(index_bytes).ok_or(length)?;
        Ok(Self { bytes, index: index.as_chunks().0, entries: entries.as_chunks().0, index_bits })
    }

    /// How many passwords it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The chance, from 0 to 2^-40, that a password not on this list is refused all the same.
    #[must_use]
    pub fn false_refusal_chance(&self) -> f64 {
        let keys = 1_u128 << self.index_bits.saturating_add(64);
        self.entries.len() as f64 / keys as f64
    }

    /// Whether the list has this password: the time is logarithmic at worst.
    pub fn screen(&self, password: &Secret) -> Screening {
        self.screen_sha1(&PasswordSha1::of(password))
    }

    /// Whether the list has the password with this digest.
    pub fn screen_sha1(&self, digest: &PasswordSha1) -> Screening {
        let (bucket, entry) = split(digest.leading(), self.index_bits);
        match self.bucket(bucket) {
            Some(bucket) if has(bucket, entry) => Screening::Known { count: None },
            Some(_) => Screening::Clean,
            None => Screening::Unknown { reason: UnknownReason::ListDamaged },
        }
    }

    /// Reads the whole file: the checksum, the index, the order of the entries. The time is linear.
    ///
    /// The checksum finds accidents. Whoever can write the file can make another with a good checksum.
    ///
    /// # Errors
    /// [`ListError::Checksum`], [`ListError::Index`] or [`ListError::Order`].
    pub fn verify(&self) -> Result<(), ListError> {
        let (checked, rest) = self.bytes.split_at_checked(CHECKED).ok_or(ListError::Checksum)?;
        let (stored, body) = rest.split_at_checked(HEADER - CHECKED).ok_or(ListError::Checksum)?;
        if Sha256::new().chain_update(checked).chain_update(body).finalize().as_slice() != stored {
            return Err(ListError::Checksum);
        }
        let mut next = 0;
        for starts in self.index.windows(2) {
            let &[start, end] = starts else { return Err(ListError::Index) };
            let (start, end) = (position(start), position(end));
            let bucket = self.entries.get(start..end).ok_or(ListError::Index)?;
            if start != next {
                return Err(ListError::Index);
            }
            if !bucket.is_sorted_by_key(|entry| u64::from_le_bytes(*entry)) {
                return Err(ListError::Order);
            }
            next = end;
        }
        if next == self.entries.len() { Ok(()) } else { Err(ListError::Index) }
    }

    fn bucket(&self, bucket: u128) -> Option<&'a [[u8; 8]]> {
        let starts = self.index.get(usize::try_from(bucket).ok()?..)?;
        let &[start, end] = starts.first_chunk()?;
        self.entries.get(position(start)..position(end))
    }
}

fn position(start: [u8; 4]) -> usize {
    // Where a usize has 16 bits nothing so large was opened.
    usize::try_from(u32::from_le_bytes(start)).unwrap_or(usize::MAX)
}

/// Whether the rising entries have this one.
fn has(mut bucket: &[[u8; 8]], entry: u64) -> bool {
    while bucket.len() > 16 {
        let (low, high) = bucket.split_at(bucket.len() / 2);
        let up = high.first().is_some_and(|first| u64::from_le_bytes(*first) <= entry);
        bucket = if up { high } else { low };
    }
    bucket.iter().any(|stored| u64::from_le_bytes(*stored) == entry)
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("entries", &self.len()).field("index_bits", &self.index_bits).finish()
    }
}

/// Why bytes are not a list, or not a sound one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// Shorter than a header.
    #[error("the list has {found} bytes, less than its header")]
    TooShort {
        /// Bytes found.
        found: usize,
    },
    /// Another kind of file, or one whose line ends were rewritten on the way.
    #[error("the file is not a password list of this crate")]
    NotAList,
    /// Another version of the form; newer, as there is none older.
    #[error("the list has version {found}, this release reads version 1")]
    Version {
        /// Version found.
        found: u16,
    },
    /// Keys of another digest than SHA-1.
    #[error("the list has keys of digest {found}, this release reads 1, sha-1")]
    Digest {
        /// Digest found.
        found: u8,
    },
    /// A reserved byte is not zero.
    #[error("a reserved byte in the header of the list is not zero")]
    Reserved,
    /// An index larger than any list needs.
    #[error("the list has an index of {found} bits, the most is 30")]
    IndexBits {
        /// Bits found.
        found: u32,
    },
    /// So many entries for so short keys that good passwords would be refused more often than stated.
    #[error("the list has {found} entries, the most for its index is {most}")]
    TooManyEntries {
        /// Entries found.
        found: u64,
        /// The most for the index.
        most: u64,
    },
    /// Cut off, or something was added.
    #[error("the list has {found} bytes, its header says {expected}")]
    Length {
        /// Bytes found.
        found: usize,
        /// Bytes that the header announces.
        expected: u64,
    },
    /// The checksum is not that of the bytes: the file was damaged.
    #[error("the checksum of the list is not that of its bytes")]
    Checksum,
    /// The index does not divide the entries into buckets.
    #[error("the index of the list does not fit its entries")]
    Index,
    /// Entries do not rise within their bucket.
    #[error("the entries of the list are not in order")]
    Order,
}
