use core::fmt;

use super::error::RecordError;
use super::list::Item;
use super::value::Digest;
use super::wire::{Reader, Writer};

/// Records from one index to before another.
///
/// ```
/// use clausework::audit::record::IndexRange;
///
/// let range = IndexRange::try_new(3, 5).ok_or("empty")?;
/// assert!(range.contains(4) && !range.contains(5));
/// assert_eq!(IndexRange::try_new(5, 5), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexRange {
    start: u64,
    end: u64,
}

impl IndexRange {
    /// From `start` to before `end`; `None` if that is nothing.
    #[must_use]
    pub const fn try_new(start: u64, end: u64) -> Option<Self> {
        if start < end { Some(Self { start, end }) } else { None }
    }

    /// The first index.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// The index after the last.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Whether this index is within.
    #[must_use]
    pub const fn contains(&self, index: u64) -> bool {
        self.start <= index && index < self.end
    }
}

impl fmt::Display for IndexRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.start, self.end)
    }
}

impl<'a> Item<'a> for IndexRange {
    const LIST: &'static str = "ranges: more than 2048, or not sorted, or touching";
    const MOST: usize = 2048;

    fn write(&self, w: &mut Writer<'_>) {
        w.u64(self.start);
        w.u64(self.end);
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let (start, end) = (r.u64()?, r.u64()?);
        Self::try_new(start, end).ok_or_else(|| r.invalid("an empty range"))
    }

    /// Touching ranges would be one: there is one way to write a set.
    fn precedes(&self, next: &Self) -> bool {
        self.end < next.start
    }
}

/// A committed field of a record, or all of them: what an erasure erases.
///
/// ```
/// use clausework::audit::record::Target;
///
/// assert!(Target::record(7).covers(7, "email"));
/// assert!(Target::field(7, "email").covers(7, "email"));
/// assert!(!Target::field(7, "email").covers(7, "name"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target<'a> {
    index: u64,
    /// The path of a field; empty for all of them.
    field: &'a str,
}

impl<'a> Target<'a> {
    /// Every committed field of the record.
    #[must_use]
    pub const fn record(index: u64) -> Self {
        Self { index, field: "" }
    }

    /// One committed field of the record, named as in its [`Disclosure`](super::Disclosure).
    #[must_use]
    pub const fn field(index: u64, field: &'a str) -> Self {
        Self { index, field }
    }

    /// The index of the record.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The field; `None` for all of them.
    #[must_use]
    pub fn path(&self) -> Option<&'a str> {
        Some(self.field).filter(|field| !field.is_empty())
    }

    /// Whether this field of this record is meant.
    #[must_use]
    pub fn covers(&self, index: u64, field: &str) -> bool {
        self.index == index && self.path().is_none_or(|path| path == field)
    }
}

/// The longest path: `claimed:` and a label.
const MAX_PATH: usize = super::wire::MAX_LABEL + 8;

/// A path is a label, after at most one `before:`, `after:`, `claimed:` or `source:`.
fn is_path(field: &str) -> bool {
    let label = ["before:", "after:", "claimed:", "source:"].into_iter().find_map(|side| field.strip_prefix(side));
    super::wire::is_label(label.unwrap_or(field))
}

impl<'a> Item<'a> for Target<'a> {
    const LIST: &'static str = "targets: more than 512, or not sorted, or one within another";
    const MOST: usize = 512;

    fn write(&self, w: &mut Writer<'_>) {
        if !self.field.is_empty() && !is_path(self.field) {
            w.refuse("the field of a target");
        }
        w.u64(self.index);
        w.count(self.field.len(), MAX_PATH, "the field of a target");
        w.bytes(self.field.as_bytes());
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let index = r.u64()?;
        let length = r.count(MAX_PATH, "the field of a target")?;
        let field = r.text(length)?;
        if field.is_empty() || is_path(field) {
            Ok(Self { index, field })
        } else {
            Err(r.invalid("the field of a target"))
        }
    }

    fn precedes(&self, next: &Self) -> bool {
        self.index < next.index || (self.index == next.index && !self.field.is_empty() && self.field < next.field)
    }
}

/// The state of the log that somebody saw: its size, and the root of the tree over it (RFC 9162 section 2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "closed: a size and its root")]
pub struct Seen {
    /// How many records.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

impl Seen {
    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.u64(self.size);
        w.bytes(&self.root);
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self { size: r.u64()?, root: r.array()? })
    }
}
