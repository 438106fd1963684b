//! From entries that may overlap in any way to the edges at which the deciding entry changes.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

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
}

/// From `from` up to the next edge, this entry decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge<K> {
    pub(super) from: K,
    pub(super) tag: Tag,
}

/// A span, greater than those over which it decides.
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

/// The edges in order, from zero on; neighbours differ in who decides.
pub(super) fn sweep<K: Key>(mut spans: Vec<Span<K>>) -> Vec<Edge<K>> {
    spans.sort_unstable_by_key(|span| span.first);
    let mut edges = Vec::with_capacity(spans.len().saturating_mul(2).saturating_add(1));
    edges.push(Edge { from: K::ZERO, tag: Tag::NONE });
    // The spans that have begun. One that has ended is dropped when it comes to the top.
    let mut open = BinaryHeap::new();
    for span in spans {
        close(&mut open, &mut edges, Some(span.first));
        open.push(Rank(span));
        decide(&open, &mut edges, span.first);
    }
    close(&mut open, &mut edges, None);
    edges
}

/// Ends the spans that end before this address, or all of them.
fn close<K: Key>(open: &mut BinaryHeap<Rank<K>>, edges: &mut Vec<Edge<K>>, before: Option<K>) {
    // The one that decides up to its end, then all that ended earlier in its shadow.
    while let Some(Rank(top)) = open.peek()
        && before.is_none_or(|before| top.last < before)
    {
        let end = top.last;
        open.pop();
        while open.peek().is_some_and(|Rank(next)| next.last <= end) {
            open.pop();
        }
        if let Some(after) = end.next() {
            decide(open, edges, after);
        }
    }
}

/// From this address on the strongest of the open spans decides.
fn decide<K: Key>(open: &BinaryHeap<Rank<K>>, edges: &mut Vec<Edge<K>>, from: K) {
    let tag = open.peek().map_or(Tag::NONE, |Rank(span)| span.tag);
    edges.pop_if(|last| last.from == from);
    if edges.last().is_none_or(|last| last.tag != tag) {
        edges.push(Edge { from, tag });
    }
}
