use core::fmt;

use sha2::{Digest, Sha256};

use super::{PasswordSha1, Screening, UnknownReason};
use crate::secret::Secret;

// The form, all numbers little-endian:
//
//   0  magic: not text, and changed by any transfer that rewrites line ends
//   8  version, u16
//  10  digest that the keys are cut from, u8: 1 is SHA-1
//  11  zero, 5 bytes
//  16  entries n, u64
//  24  lines, u32, at least 1
//  28  further lines f, u32, 1 to 16
//  32  SHA-256 of all other bytes of the file
//  64  lines + f lines of 64 bytes: eight places of u64
//
// A key is bits 0..128 of the digest, as a fraction of 1. Times the number of lines, its whole part is the
// line where it is at home and the first 64 bits of the rest are its entry (1 for 0, 2^64 - 2 for 2^64 - 1):
// the leading bits are the index, so there is no table to look up first, and the entries are sorted.
//
// The places of a line hold what did not fit into the lines before, then its own in rising order, then
// 2^64 - 1 in what is free. Own entries that do not fit go to the next line: they are above the last place.
// Where eight or more from before wait, seven of them are placed and 0 in the last place says that others
// follow. So a search goes on from its home if the last place is below the entry, and from a further line
// if it is 0.
pub(super) const MAGIC: [u8; 8] = *b"\x89CWPWL\r\n";
pub(super) const VERSION: u16 = 1;
pub(super) const SHA_1: u8 = 1;
pub(super) const HEADER: usize = 64;
/// Bytes of the header before the checksum.
pub(super) const CHECKED: usize = 32;
/// Entries in a line.
pub(super) const WIDTH: usize = 8;
/// Lines that one search may read: its home and 15 more.
pub(super) const REACH: usize = 16;
/// In a place without an entry.
pub(super) const FREE: u64 = u64::MAX;
/// In the last place where others follow that are at home in lines before.
pub(super) const FOLLOWED: u64 = 0;

/// The home of a key among so many lines, and its entry there.
#[inline]
pub(super) fn split([high, low]: [u64; 2], lines: u32) -> (usize, u64) {
    let lines = u128::from(lines);
    // INVARIANT: 64 and 32 bits make at most 96.
    let low = u128::from(low).wrapping_mul(lines) >> 64;
    let place = u128::from(high).wrapping_mul(lines).wrapping_add(low);
    let entry = u64::try_from(place & u128::from(u64::MAX)).unwrap_or(FREE);
    (usize::try_from(place >> 64).unwrap_or(usize::MAX), entry.clamp(1, FREE - 1))
}

/// A large list of known passwords, opened from bytes as they are: nothing is rebuilt, copied or
/// allocated. The host reads the file or maps it into memory.
///
/// | | |
/// |---|---|
/// | key | 64 bits of the password's SHA-1, under an index of its leading bits |
/// | size | at most 12 bytes an entry from 1 300 entries on |
/// | search | one line of 64 bytes, a few in a hundred times another; at most 16. Best where the bytes are aligned to 64, as a mapped file is |
/// | passwords | not in the file; but whoever has it can test guesses against it |
///
/// # The chance that a good password is refused
/// A search compares 64 bits with at most 16 × 8 entries, so the chance that a password not on the list is
/// refused is at most 130 / 2^64 or 7.05 × 10⁻¹⁸ a check, for a list of any size and any file that is opened
/// (the goal is 10⁻¹²): [`FALSE_REFUSAL_CHANCE`](List::FALSE_REFUSAL_CHANCE). It holds for passwords
/// chosen without looking at the list.
///
/// # What a damaged file does
/// [`open`](List::open) takes the same short time for every size, so it does not look at the
/// entries. A search never leaves the bytes; where a line has no end it answers
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
/// assert!(List::FALSE_REFUSAL_CHANCE <= 1e-12);
///
/// let cut = file.get(..file.len() - 1).unwrap_or_default();
/// assert!(matches!(List::open(cut), Err(ListError::Length { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct List<'a> {
    bytes: &'a [u8],
    lines: &'a [Line],
    homes: u32,
    entries: u64,
}

type Line = [u8; 64];

impl<'a> List<'a> {
    /// The most that the chance of refusing a good password can be, a check: 130 / 2^64. Two of the 130 are for
    /// the entries 0 and 2^64 - 1, which are kept as their neighbours.
    pub const FALSE_REFUSAL_CHANCE: f64 = 130.0 / (1_u128 << 64) as f64;

    /// Opens a list. The time does not depend on the size.
    ///
    /// # Errors
    /// [`ListError`] when the header is not one of a list of version 1, or the length is not the one
    /// that it announces.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ListError> {
        let too_short = ListError::TooShort { found: bytes.len() };
        let (header, body) = bytes.split_first_chunk::<HEADER>().ok_or(too_short)?;
        let [m0, m1, m2, m3, m4, m5, m6, m7, v0, v1, digest, rest @ ..] = *header;
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
        let [0, 0, 0, 0, 0, n0, n1, n2, n3, n4, n5, n6, n7, l0, l1, l2, l3, f0, f1, f2, f3, ..] = rest else {
            return Err(ListError::Reserved);
        };
        let entries = u64::from_le_bytes([n0, n1, n2, n3, n4, n5, n6, n7]);
        let (homes, further) = (u32::from_le_bytes([l0, l1, l2, l3]), u32::from_le_bytes([f0, f1, f2, f3]));
        if homes == 0 || !(1..=16).contains(&further) {
            return Err(ListError::Lines { found: homes, further });
        }
        // INVARIANT: at most 64 × (2^32 + 16) bytes, far below 2^64.
        let lines = u64::from(homes).saturating_add(u64::from(further));
        let most = lines.saturating_mul(8);
        if entries > most {
            return Err(ListError::Entries { found: entries, most });
        }
        let expected = lines.saturating_add(1).saturating_mul(64);
        if u64::try_from(bytes.len()) != Ok(expected) {
            return Err(ListError::Length { found: bytes.len(), expected });
        }
        Ok(Self { bytes, lines: body.as_chunks().0, homes, entries })
    }

    /// How many passwords it has.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.entries
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Whether the list has this password.
    pub fn screen(&self, password: &Secret) -> Screening {
        self.screen_sha1(&PasswordSha1::of(password))
    }

    /// Whether the list has the password with this digest.
    pub fn screen_sha1(&self, digest: &PasswordSha1) -> Screening {
        let (home, entry) = split(digest.leading(), self.homes);
        // Few instructions, so that the processor can begin with the next search while this line is on
        // its way from memory.
        let Some(line) = self.lines.get(home) else { return damaged() };
        if has(line, entry) {
            Screening::Known { count: None }
        } else if last(line) < entry {
            self.further(home, entry)
        } else {
            Screening::Clean
        }
    }

    /// A search that its home does not end.
    #[cold]
    fn further(&self, home: usize, entry: u64) -> Screening {
        let mut lines = self.lines.iter().skip(home).skip(1);
        for _ in 1..REACH {
            let Some(line) = lines.next() else { return damaged() };
            if has(line, entry) {
                return Screening::Known { count: None };
            }
            if last(line) != FOLLOWED {
                return Screening::Clean;
            }
        }
        Screening::Clean // no entry is further from its home
    }

    /// Reads the whole file: the checksum, the order in every line, the number of entries, and that every entry has a
    /// home from which a search comes upon it. The time is linear.
    ///
    /// An entry is half of its key and its line the other half, so an entry in another's line is another key: only the
    /// checksum finds that. Where more than a line's worth wait for a place, several orders are sound.
    ///
    /// The checksum finds accidents. Whoever can write the file can make another with a good checksum.
    ///
    /// # Errors
    /// [`ListError::Checksum`], [`ListError::Order`], [`ListError::Unended`] or [`ListError::Entries`].
    pub fn verify(&self) -> Result<(), ListError> {
        let (checked, rest) = self.bytes.split_at_checked(CHECKED).ok_or(ListError::Checksum)?;
        let (stored, body) = rest.split_at_checked(HEADER.saturating_sub(CHECKED)).ok_or(ListError::Checksum)?;
        if Sha256::new().chain_update(checked).chain_update(body).finalize().as_slice() != stored {
            return Err(ListError::Checksum);
        }
        if self.lines.last().is_none_or(|line| last(line) == FOLLOWED) {
            return Err(ListError::Unended);
        }
        let mut found = 0_u64;
        // Homes rise through the file, and entries in each. So the lowest home that is left to an entry is taken for its
        // own: it leaves the most to those that come after. `first` is the line after the last that was not followed;
        // what comes from the line before it is no less than `over`, that line's last place.
        let last_home = usize::try_from(self.homes).unwrap_or(usize::MAX).saturating_sub(1);
        let (mut home, mut before) = (0_usize, 0_u64);
        let (mut first, mut over) = (0_usize, FREE);
        for (at, line) in self.lines.iter().enumerate() {
            let places = line.as_chunks().0.iter().map(|place| u64::from_le_bytes(*place));
            let held = places.clone().take_while(|place| !matches!(*place, FREE | FOLLOWED)).count();
            // The others are all free, or the only one is the last and says that some follow.
            if places.clone().skip(held).any(|place| place != FREE) && (held < 7 || last(line) != FOLLOWED) {
                return Err(ListError::Order);
            }
            for entry in places.take(held) {
                let lowest = first.saturating_sub(usize::from(entry >= over)).max(at.saturating_sub(REACH - 1));
                home = home.saturating_add(usize::from(entry < before)).max(lowest);
                before = entry;
                if home > at.min(last_home) {
                    return Err(ListError::Order);
                }
            }
            if last(line) != FOLLOWED {
                (first, over) = (at.saturating_add(1), last(line));
            }
            found = found.saturating_add(u64::try_from(held).unwrap_or(u64::MAX));
        }
        if found == self.entries { Ok(()) } else { Err(ListError::Entries { found: self.entries, most: found }) }
    }
}

#[cold]
const fn damaged() -> Screening {
    Screening::Unknown { reason: UnknownReason::ListDamaged }
}

/// Whether the line has the entry. Not by `contains`, which compares four at once and is slower where
/// the processor has no instruction for that.
#[inline]
fn has(line: &Line, entry: u64) -> bool {
    line.as_chunks().0.iter().any(|place| u64::from_le_bytes(*place) == entry)
}

#[inline]
const fn last(line: &Line) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = *line;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("entries", &self.entries).field("lines", &self.lines.len()).finish()
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
    /// No line, or not from 1 to 16 further lines.
    #[error("the list has {found} lines and {further} further ones, not at least 1 and 1 to 16")]
    Lines {
        /// Lines found.
        found: u32,
        /// Further lines found.
        further: u32,
    },
    /// Another number of entries than its lines hold.
    #[error("the list says {found} entries, its lines have {most}")]
    Entries {
        /// Entries in the header.
        found: u64,
        /// Entries that there are, or room for that many.
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
    /// The last line says that another follows.
    #[error("the last line of the list has no end")]
    Unended,
    /// A line has an entry behind a free place, or one that is out of order or not within reach of any home.
    #[error("the entries of the list are not in order")]
    Order,
}
