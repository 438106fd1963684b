//! Edges, compiled for the search of the one before an address.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Tag;
use super::key::Key;
use super::sweep::{Edge, Span, sweep};

/// The most places of the index: 2^17, 512 KiB, which the second-level cache of a server has room for.
const MAX_PLACES_LOG2: u32 = 17;
/// How many starts a search looks at without asking how many there are in the place.
const NEAR: usize = 4;

/// INVARIANT: there is a row that starts at zero, and `index` has a place more than `top`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Table<K> {
    starts: Box<[K]>,
    rows: Box<[Row]>,
    /// How many rows start before the addresses of a place. A place is `(address - base) >> shift`, at most `top`.
    index: Box<[u32]>,
    base: K,
    shift: u32,
    top: usize,
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
        let count = spans.len().saturating_add(1);
        let (mut starts, mut rows) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut add = |edge: Edge<K>, after: Tag, log2: u8| {
            starts.push(edge.from);
            rows.push(Row { tag: edge.tag.0.to_ne_bytes(), after: after.0.to_ne_bytes(), log2 });
        };
        let mut open: Option<Edge<K>> = None;
        sweep(spans, |edge| {
            open = match open {
                None => Some(edge),
                Some(before) => match edge.from.less(before.from).log2() {
                    Some(log2) => {
                        add(before, edge.tag, log2);
                        None
                    }
                    None => {
                        add(before, before.tag, 0);
                        Some(edge)
                    }
                },
            };
        });
        if let Some(last) = open {
            add(last, last.tag, 0);
        }
        let mut table = Self {
            starts: starts.into_boxed_slice(),
            rows: rows.into_boxed_slice(),
            index: Box::default(),
            base: K::ZERO,
            shift: 0,
            top: 0,
        };
        table.build_index();
        table
    }

    /// The places cover the rows but for a 64th at either end, so that a few far off do not spoil it for the many.
    fn build_index(&mut self) {
        let count = self.starts.len();
        let edge = (count >> 6).max(1);
        let start = |at: usize| self.starts.get(at).copied().unwrap_or(K::ZERO);
        let (base, end) = (start(edge), start(count.saturating_sub(edge).max(edge)));
        let places_log2 = count.checked_ilog2().unwrap_or_default().saturating_add(1).min(MAX_PLACES_LOG2);
        self.base = base;
        self.shift = end.less(base).width().saturating_sub(places_log2);
        self.top = (1_usize << places_log2).saturating_sub(1);
        let mut index = Vec::with_capacity(self.top.saturating_add(2));
        for (before, start) in (0_u32..).zip(&self.starts) {
            let place = self.place(*start);
            while index.len() <= place {
                index.push(before);
            }
        }
        let all = u32::try_from(count).unwrap_or(u32::MAX); // INVARIANT: two for each of 2^31 - 1 entries, and one
        index.resize(self.top.saturating_add(2), all);
        self.index = index.into_boxed_slice();
    }

    #[inline]
    fn place(&self, key: K) -> usize {
        key.less(self.base).place(self.shift).min(self.top)
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
        let place = self.place(key);
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
