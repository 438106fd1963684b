use core::fmt;

use super::error::RecordError;
use super::wire::{Reader, Writer};

/// Something that stands in a list of a record.
pub(super) trait Item<'a>: Copy {
    /// What the list is called when it is refused: too many, or out of order.
    const LIST: &'static str;
    /// How many there may be.
    const MOST: usize;

    fn write(&self, w: &mut Writer<'_>);
    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError>;
    /// Whether `next` may follow this one. Where order says nothing, there is one order and no repetition.
    fn precedes(&self, next: &Self) -> bool;
}

/// A list in a record: a slice of the caller's, or still in the bytes it was read from.
///
/// ```
/// use clausework::audit::record::{IndexRange, List};
///
/// let ranges = [IndexRange::try_new(3, 5).ok_or("empty")?, IndexRange::try_new(9, 10).ok_or("empty")?];
/// let list = List::from(&ranges);
/// assert_eq!(list.len(), 2);
/// assert!(list.iter().any(|range| range.contains(4)));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy)]
pub struct List<'a, T>(Held<'a, T>);

#[derive(Clone, Copy)]
enum Held<'a, T> {
    Slice(&'a [T]),
    /// Read through once, so every item is there and valid.
    Read {
        bytes: &'a [u8],
        count: usize,
    },
}

impl<'a, T> List<'a, T> {
    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self.0 {
            Held::Slice(slice) => slice.len(),
            Held::Read { count, .. } => count,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a, T> From<&'a [T]> for List<'a, T> {
    fn from(slice: &'a [T]) -> Self {
        Self(Held::Slice(slice))
    }
}

impl<'a, T, const N: usize> From<&'a [T; N]> for List<'a, T> {
    fn from(slice: &'a [T; N]) -> Self {
        Self(Held::Slice(slice))
    }
}

#[allow(private_bounds, reason = "the methods are for the crate alone, and so are the items")]
impl<'a, T: Item<'a>> List<'a, T> {
    pub(super) fn items(&self) -> Items<'a, T> {
        match self.0 {
            Held::Slice(slice) => Items::Slice(slice.iter()),
            Held::Read { bytes, count } => Items::Read(Reader::new(bytes), count),
        }
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.long_count(self.len(), T::MOST, T::LIST);
        let mut before: Option<T> = None;
        for item in self.items() {
            if before.is_some_and(|before| !before.precedes(&item)) {
                w.refuse(T::LIST);
            }
            item.write(w);
            before = Some(item);
        }
    }

    pub(super) fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let count = r.long_count(T::MOST, T::LIST)?;
        let start = *r;
        let mut before: Option<T> = None;
        for _ in 0..count {
            let item = T::read(r)?;
            if before.is_some_and(|before| !before.precedes(&item)) {
                return Err(r.invalid(T::LIST));
            }
            before = Some(item);
        }
        Ok(Self(Held::Read { bytes: r.since(&start), count }))
    }
}

pub(super) enum Items<'a, T> {
    Slice(core::slice::Iter<'a, T>),
    Read(Reader<'a>, usize),
}

impl<'a, T: Item<'a>> Iterator for Items<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self {
            Self::Slice(slice) => slice.next().copied(),
            Self::Read(reader, left) => {
                *left = left.checked_sub(1)?;
                // INVARIANT: it was read through when the list was made.
                T::read(reader).ok()
            }
        }
    }
}

/// Both hold the same items.
impl<'a, T: Item<'a> + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.items().eq(other.items())
    }
}

impl<'a, T: Item<'a> + Eq> Eq for List<'a, T> {}

impl<'a, T: Item<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items()).finish()
    }
}

macro_rules! iterable {
    ($($item:ty),+) => {$(
        impl<'a> List<'a, $item> {
            /// The items, in their order.
            pub fn iter(&self) -> impl Iterator<Item = $item> + use<'a> {
                self.items()
            }
        }
    )+};
}
iterable!(super::IndexRange, super::Target<'a>, super::Who<'a>, super::Attribute<'a>, super::FieldChange<'a>);
