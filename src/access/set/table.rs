//! Edges, compiled for the search of the one before an address.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Tag;
use super::key::{Key, Places};
use super::sort::sort;
use super::sweep::{Edge, Span, sweep};

/// How many starts a search looks at without asking how many there are in the place.
const NEAR: usize = 4;

/// INVARIANT: there is a row that starts at zero, and `index` is [`Places::count`] of the starts.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Table<K> {
    starts: Box<[K]>,
    rows: Box<[Row]>,
    /// How many rows start before the addresses of a place, and at its end how many there are.
    index: Box<[u32]>,
    places: Places<K>,
}

/// Who decides from the row's start on. A segment whose length is a power of two, as a network's is, shares its row
/// with the next one. Bytes, so that a row takes 9 and not 12.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    /// For 2^`log2` addresses.
    tag: [u8; 4],
    /// After them, up to the next row.
    after: [u8; 4],
    /// Besides, [`MARK`], over which [`Key::place`] passes.
    log2: u8,
}

/// That the row is marked.
const MARK: u8 = 0x80;

impl<K: Key> Table<K> {
    pub(super) fn new(spans: Vec<Span<K>>) -> Self {
        let spans = sort(spans);
        let count = spans.len().saturating_add(1);
        let (mut starts, mut rows) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut is_open = false; // whether the last row lasts up to the next edge, wherever that is
        sweep(spans, |Edge { from, tag }| {
            let tag = tag.0.to_ne_bytes();
            if is_open
                && let (Some(start), Some(row)) = (starts.last(), rows.last_mut())
                && let Some(log2) = from.less(*start).log2()
            {
                *row = Row { after: tag, log2, ..*row };
                is_open = false;
            } else {
                starts.push(from);
                rows.push(Row { tag, after: tag, log2: 0 });
                is_open = true;
            }
        });
        let places = places(&starts);
        Self {
            index: places.count(starts.iter().copied()).into_boxed_slice(), // INVARIANT: two rows an entry, and one
            starts: starts.into_boxed_slice(),
            rows: rows.into_boxed_slice(),
            places,
        }
    }

    /// Who decides.
    #[inline]
    pub(super) fn find(&self, key: K) -> Tag {
        self.find_marked(key).0
    }

    /// Who decides, and whether the row is marked.
    #[inline]
    pub(super) fn find_marked(&self, key: K) -> (Tag, bool) {
        let Some((at, row)) = self.row(key) else { return (Tag::NONE, false) }; // INVARIANT: there is a row
        let past = self.starts.get(at).is_some_and(|start| key.less(*start).place(u32::from(row.log2)) != 0);
        (Tag(u32::from_ne_bytes(if past { row.after } else { row.tag })), row.log2 & MARK != 0)
    }

    /// Marks the row that the key lies in.
    pub(super) fn mark(&mut self, key: K) {
        let at = self.row(key).map(|(at, _)| at);
        if let Some(row) = at.and_then(|at| self.rows.get_mut(at)) {
            row.log2 |= MARK;
        }
    }

    #[inline]
    fn row(&self, key: K) -> Option<(usize, Row)> {
        let place = self.places.of(key);
        let from = usize::try_from(*self.index.get(place)?).ok()?;
        // Mostly there are few rows in a place. Those of the next places start after the key, so they do no harm,
        // and to compare a fixed number is cheaper than to guess how many there are.
        let before = match self.starts.get(from..).and_then(|starts| starts.first_chunk::<NEAR>()) {
            Some(near) if near.last().is_some_and(|last| *last > key) => {
                near.iter().map(|start| usize::from(*start <= key)).sum()
            }
            _ => {
                let to = usize::try_from(*self.index.get(place.checked_add(1)?)?).ok()?;
                self.starts.get(from..to)?.partition_point(|start| *start <= key)
            }
        };
        let at = from.checked_add(before)?.checked_sub(1)?;
        Some((at, *self.rows.get(at)?))
    }
}

/// They cover the rows but for a 64th at either end, so that a few far off do not spoil it for the many.
fn places<K: Key>(starts: &[K]) -> Places<K> {
    let count = starts.len();
    let edge = (count >> 6).max(1);
    let start = |at: usize| starts.get(at).copied().unwrap_or(K::ZERO);
    Places::new(start(edge), start(count.saturating_sub(edge).max(edge)), count)
}
