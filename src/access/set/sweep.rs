//! From entries that may overlap in any way to the edges at which the deciding entry changes.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};
use core::mem::replace;

use super::key::{Key, upper};
use super::{Effect, Tag};

/// What an entry says of the addresses from `first` to `last`.
#[derive(Clone, Copy)]
pub(super) struct Span<K> {
    pub(super) first: K,
    pub(super) last: K,
    pub(super) tag: Tag,
}

impl Span<u128> {
    /// The same in upper halves, if it begins and ends between two /64 networks.
    pub(super) fn upper(&self) -> Option<Span<u64>> {
        const LOWER: u128 = u64::MAX as u128;
        let whole = self.first & LOWER == 0 && self.last & LOWER == LOWER;
        whole.then_some(Span { first: upper(self.first), last: upper(self.last), tag: self.tag })
    }

    /// The upper half of all its addresses, if it lies within a /64 network.
    pub(super) fn network(&self) -> Option<u64> {
        Some(upper(self.first)).filter(|network| *network == upper(self.last))
    }
}

impl From<Span<u64>> for Span<u128> {
    fn from(span: Span<u64>) -> Self {
        let first = u128::from(span.first) << 64;
        Self { first, last: u128::from(span.last) << 64 | u128::from(u64::MAX), tag: span.tag }
    }
}

/// From `from` up to the next edge, this entry decides.
#[derive(Clone, Copy)]
pub(super) struct Edge<K> {
    pub(super) from: K,
    pub(super) tag: Tag,
}

/// A span, greater than those over which it decides.
#[derive(Clone, Copy)]
struct Rank<K>(Span<K>);

impl<K: Key> Ord for Rank<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |Self(span): &Self| {
            let denies = span.tag.effect() == Some(Effect::Deny);
            (denies, Reverse((span.last.less(span.first), span.first, span.tag.0)))
        };
        rank(self).cmp(&rank(other))
    }
}

impl<K: Key> PartialOrd for Rank<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Key> PartialEq for Rank<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<K: Key> Eq for Rank<K> {}

/// Of spans in the order of their first addresses, tells the edges in order, from zero on; neighbours differ in who
/// decides.
pub(super) fn sweep<K: Key>(spans: Vec<Span<K>>, tell: impl FnMut(Edge<K>)) {
    let mut sweep = Sweep { top: None, others: BinaryHeap::new(), at: Some(K::ZERO), told: None, tell };
    for span in spans {
        sweep.close(|top| top.last < span.first);
        sweep.advance(Some(span.first));
        sweep.open(Rank(span));
    }
    sweep.close(|_| true);
    sweep.advance(None);
}

struct Sweep<K, T> {
    /// Of the spans that have begun, the one that decides: mostly there is no other.
    top: Option<Rank<K>>,
    /// One that has ended is dropped when it comes to the top.
    others: BinaryHeap<Rank<K>>,
    /// Up to here all is told; `None` if that is all there is.
    at: Option<K>,
    told: Option<Tag>,
    tell: T,
}

impl<K: Key, T: FnMut(Edge<K>)> Sweep<K, T> {
    fn open(&mut self, span: Rank<K>) {
        match &mut self.top {
            Some(top) if *top < span => self.others.push(replace(top, span)),
            Some(_) => self.others.push(span),
            none => *none = Some(span),
        }
    }

    /// Ends the spans that have ended, as the one that decides has.
    fn close(&mut self, has_ended: impl Fn(&Span<K>) -> bool) {
        while let Some(Rank(top)) = &self.top
            && has_ended(top)
        {
            // The one that decides up to its end, and all that ended earlier in its shadow.
            let end = top.last;
            self.advance(end.next());
            self.top = None;
            while self.top.is_none()
                && let Some(next) = self.others.peek().copied()
            {
                self.others.pop();
                self.top = Some(next).filter(|Rank(next)| next.last > end);
            }
        }
    }

    /// Up to this address, or to the last one, the strongest of the open spans decides.
    #[inline]
    fn advance(&mut self, to: Option<K>) {
        let Some(from) = self.at else { return };
        if to != Some(from) {
            let tag = self.top.as_ref().map_or(Tag::NONE, |Rank(span)| span.tag);
            if self.told != Some(tag) {
                self.told = Some(tag);
                (self.tell)(Edge { from, tag });
            }
            self.at = to;
        }
    }
}
