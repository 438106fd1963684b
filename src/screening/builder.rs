use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256};

use super::PasswordSha1;
use super::list::{HEADER, MAGIC, MAX_INDEX_BITS, SHA_1, VERSION, split};
use super::range::parse_row;
use crate::secret::Secret;

/// Makes the file that [`List`](super::List) opens. The same passwords make the same bytes, in any order
/// and however often each is added.
///
/// Memory: 12 bytes an entry while adding (up to three times that while the room doubles), and the file of
/// at most 10 bytes an entry besides. The bound given to [`new`](ListBuilder::new) bounds it; what cannot
/// be had is an error. `examples/build_list.rs` is the tool around it.
///
/// ```
/// use clausework::screening::{List, ListBuildError, ListBuilder};
///
/// let mut builder = ListBuilder::new(1_000_000);
/// // A row of the range file 5BAA6 and a row with the whole digest, as the two downloads have them.
/// assert!(builder.add_row("5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8:9545824", 10)?);
/// assert!(!builder.add_row("", "7C4A8D09CA3762AF61E59520943DC26494F8941B:3", 10)?); // seen too seldom
/// assert_eq!(builder.add_row("5BAA6", "not a row", 1), Err(ListBuildError::Row));
/// assert_eq!(List::open(&builder.finish()?)?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ListBuilder {
    /// The leading 96 bits of each digest, most significant word first: all that any index size needs.
    keys: Vec<[u32; 3]>,
    most: usize,
}

impl ListBuilder {
    /// A builder of a list of at most so many entries, repetitions counted; never more than 2^32 − 1.
    #[must_use]
    pub fn new(max_entries: usize) -> Self {
        Self { keys: Vec::new(), most: max_entries.min(usize::try_from(u32::MAX).unwrap_or(usize::MAX)) }
    }

    /// How many were added, repetitions counted.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nothing was added.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds a password, as [`PasswordSha1::of`] hashes it.
    ///
    /// # Errors
    /// [`ListBuildError::TooManyEntries`] or [`ListBuildError::Memory`].
    pub fn add_password(&mut self, password: &Secret) -> Result<(), ListBuildError> {
        self.add_sha1(&PasswordSha1::of(password))
    }

    /// Adds the password with this digest.
    ///
    /// # Errors
    /// [`ListBuildError::TooManyEntries`] or [`ListBuildError::Memory`].
    pub fn add_sha1(&mut self, digest: &PasswordSha1) -> Result<(), ListBuildError> {
        if self.keys.len() >= self.most {
            return Err(ListBuildError::TooManyEntries { most: self.most });
        }
        let [a, b, c, d, e, f, g, h, i, j, k, l, ..] = *digest.as_bytes();
        self.keys.try_reserve(1).map_err(|_| ListBuildError::Memory)?;
        self.keys.push([[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(u32::from_be_bytes));
        Ok(())
    }

    /// Adds a row of a Pwned Passwords download, in either case, without its line end: `suffix:count`
    /// with the five digits of its range file as `prefix`, or `digest:count` with an empty `prefix`.
    /// A row without a count counts 1. A row that counts less than `min_count`, or 0 (padding), is left out.
    /// Whether it was added.
    ///
    /// # Errors
    /// [`ListBuildError::Row`] when prefix and row are not 40 hexadecimal digits and a count;
    /// [`ListBuildError::TooManyEntries`] or [`ListBuildError::Memory`].
    pub fn add_row(&mut self, prefix: &str, row: impl AsRef<[u8]>, min_count: u64) -> Result<bool, ListBuildError> {
        let row = row.as_ref();
        let mut hex = [0; 40];
        let count = if prefix.is_empty() {
            let (digest, count) = parse_row::<40>(row).ok_or(ListBuildError::Row)?;
            hex = digest;
            count
        } else {
            let (suffix, count) = parse_row::<35>(row).ok_or(ListBuildError::Row)?;
            let (prefix, _) =
                parse_row::<5>(prefix.as_bytes()).filter(|_| prefix.len() == 5).ok_or(ListBuildError::Row)?;
            for (place, digit) in hex.iter_mut().zip(prefix.iter().chain(&suffix)) {
                *place = *digit;
            }
            count
        };
        if count < min_count.max(1) {
            return Ok(false);
        }
        let mut bytes = [0; 20];
        for (byte, digits) in bytes.iter_mut().zip(hex.as_chunks::<2>().0) {
            let value = core::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
            *byte = value.ok_or(ListBuildError::Row)?;
        }
        self.add_sha1(&PasswordSha1::from_bytes(bytes)).map(|()| true)
    }

    /// The file: a list may be empty.
    ///
    /// # Errors
    /// [`ListBuildError::Memory`].
    pub fn finish(mut self) -> Result<Vec<u8>, ListBuildError> {
        self.keys.sort_unstable();
        self.keys.dedup();
        let entries = self.keys.len();
        // From 2 to 4 entries a bucket: the index then takes from 1 to 2 bytes an entry.
        let index_bits = entries.checked_ilog2().unwrap_or(0).saturating_sub(1).min(MAX_INDEX_BITS);
        let buckets = 1_usize << index_bits;

        let index_bytes = buckets.saturating_add(1).saturating_mul(4);
        let length = entries.saturating_mul(8).saturating_add(index_bytes).saturating_add(HEADER);
        let mut file = Vec::new();
        file.try_reserve_exact(length).map_err(|_| ListBuildError::Memory)?;
        file.extend_from_slice(&MAGIC);
        file.extend_from_slice(&VERSION.to_le_bytes());
        file.push(SHA_1);
        file.push(u8::try_from(index_bits).unwrap_or(u8::MAX)); // INVARIANT: at most 30
        file.extend_from_slice(&[0; 4]);
        file.extend_from_slice(&u64::try_from(entries).unwrap_or(u64::MAX).to_le_bytes());
        file.extend_from_slice(&[0; 8 + 32]);

        let keys = || self.keys.iter().map(|key| split(leading(*key), index_bits));
        let (mut passed, mut sorted) = (0_u32, keys().peekable());
        for bucket in 0..buckets {
            file.extend_from_slice(&passed.to_le_bytes());
            while sorted.next_if(|(of, _)| usize::try_from(*of) == Ok(bucket)).is_some() {
                passed = passed.saturating_add(1);
            }
        }
        file.extend_from_slice(&passed.to_le_bytes());
        for (_, entry) in keys() {
            file.extend_from_slice(&entry.to_le_bytes());
        }
        Ok(seal(file))
    }
}

/// Writes the checksum into a file that is otherwise whole.
pub(super) fn seal(mut file: Vec<u8>) -> Vec<u8> {
    let mut digest = Sha256::new();
    if let Some((header, body)) = file.split_first_chunk_mut::<HEADER>() {
        let (checked, checksum) = header.split_at_mut(super::list::CHECKED);
        digest.update(&*checked);
        digest.update(&*body);
        checksum.copy_from_slice(&digest.finalize());
    }
    file
}

fn leading([a, b, c]: [u32; 3]) -> u128 {
    u128::from(a) << 96 | u128::from(b) << 64 | u128::from(c) << 32
}

impl fmt::Debug for ListBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListBuilder").field("entries", &self.len()).field("most", &self.most).finish()
    }
}

/// Why an entry was not added, or there is no file. The row itself is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListBuildError {
    /// Not a row of a download.
    #[error("the row is not a sha-1 digest and a count")]
    Row,
    /// The builder's bound.
    #[error("the list would have more than {most} entries")]
    TooManyEntries {
        /// The most entries.
        most: usize,
    },
    /// The memory could not be had.
    #[error("the memory for the list could not be had")]
    Memory,
}
