use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256};

use super::PasswordSha1;
use super::list::{CHECKED, FOLLOWED, FREE, HEADER, MAGIC, REACH, SHA_1, VERSION, WIDTH, split};
use super::range::parse_row;
use crate::secret::Secret;

/// Makes the file that [`List`](super::List) opens. The same passwords make the same bytes, in any order
/// and however often each is added.
///
/// Memory: 16 bytes an entry while adding (up to three times that while the room doubles), and the file of
/// at most 12 bytes an entry besides. The bound given to [`new`](ListBuilder::new) bounds it; what cannot
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
    /// The leading 128 bits of each digest.
    keys: Vec<[u64; 2]>,
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
        self.keys.try_reserve(1).map_err(|_| ListBuildError::Memory)?;
        self.keys.push(digest.leading());
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
    /// [`ListBuildError::Uneven`] when the digests are not those of passwords, or [`ListBuildError::Memory`].
    pub fn finish(mut self) -> Result<Vec<u8>, ListBuildError> {
        self.keys.sort_unstable();
        self.keys.dedup();
        let entries = self.keys.len();
        // 5.4 entries a line of 8, so 11.85 bytes each: one line in ten overflows.
        let homes = entries.saturating_mul(5).div_ceil(27).max(1);
        let homes = u32::try_from(homes).unwrap_or(u32::MAX); // INVARIANT: fewer than 2^32 entries

        let room = usize::try_from(homes).unwrap_or(usize::MAX).saturating_add(REACH).saturating_mul(64);
        let mut file = Vec::new();
        file.try_reserve_exact(room).map_err(|_| ListBuildError::Memory)?;
        file.extend_from_slice(&[0; HEADER]);
        let mut rest = self.keys.iter().map(|key| split(*key, homes)).peekable();
        let mut line = 0_usize;
        let (homes_end, mut waiting) = (usize::try_from(homes).unwrap_or(usize::MAX), 0_usize);
        // What is at home in this line or before and has no place yet is `rest` up to this line's last.
        let mut ahead = self.keys.iter().map(|key| split(*key, homes).0).peekable();
        while line <= homes_end || waiting > 0 {
            let before = waiting;
            while ahead.next_if(|home| *home <= line).is_some() {
                waiting = waiting.saturating_add(1);
            }
            // Eight or more from before leave no room for this line's own.
            let followed = before >= WIDTH && waiting > WIDTH;
            let mut places = [FREE; WIDTH];
            if let Some(last) = places.last_mut().filter(|_| followed) {
                *last = FOLLOWED;
            }
            for place in places.iter_mut().filter(|place| **place == FREE) {
                let Some((home, entry)) = rest.next_if(|(home, _)| *home <= line) else { break };
                if line.saturating_sub(home) >= REACH {
                    return Err(ListBuildError::Uneven);
                }
                *place = entry;
                waiting = waiting.saturating_sub(1);
            }
            file.extend(places.into_iter().flat_map(u64::to_le_bytes));
            line = line.saturating_add(1);
        }
        // INVARIANT: at most 16 further lines, or an entry was too far from home.
        let further = u32::try_from(line.saturating_sub(homes_end)).unwrap_or(u32::MAX);
        let [n0, n1, n2, n3, n4, n5, n6, n7] = u64::try_from(entries).unwrap_or(u64::MAX).to_le_bytes();
        let header = MAGIC.into_iter().chain(VERSION.to_le_bytes()).chain([SHA_1, 0, 0, 0, 0, 0]);
        let header = header.chain([n0, n1, n2, n3, n4, n5, n6, n7]).chain(homes.to_le_bytes());
        for (place, byte) in file.iter_mut().zip(header.chain(further.to_le_bytes())) {
            *place = byte;
        }
        Ok(seal(file))
    }
}

/// Writes the checksum into a file that is otherwise whole.
pub(super) fn seal(mut file: Vec<u8>) -> Vec<u8> {
    let mut digest = Sha256::new();
    if let Some((header, body)) = file.split_first_chunk_mut::<HEADER>() {
        let (checked, checksum) = header.split_at_mut(CHECKED);
        digest.update(&*checked);
        digest.update(&*body);
        checksum.copy_from_slice(&digest.finalize());
    }
    file
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
    /// So many digests begin alike that they are not SHA-1 digests of passwords.
    #[error("the digests are too alike to be sha-1 digests of passwords")]
    Uneven,
    /// The memory could not be had.
    #[error("the memory for the list could not be had")]
    Memory,
}
