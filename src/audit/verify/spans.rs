use alloc::vec::Vec;

use crate::audit::record::IndexRange;

/// A set of indices: ranges, sorted, apart from one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<(u64, u64)>);

impl Spans {
    /// Where the range ends that has this index, if one has.
    pub(super) fn end_of(&self, index: u64) -> Option<u64> {
        let after = self.0.partition_point(|(start, _)| *start <= index);
        after.checked_sub(1).and_then(|at| self.0.get(at)).map(|(_, end)| *end).filter(|end| index < *end)
    }

    /// Whether any index of the range is in the set.
    pub(super) fn touches(&self, range: IndexRange) -> bool {
        let before = self.0.partition_point(|(start, _)| *start < range.end());
        before.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, end)| range.start() < *end)
    }

    pub(super) fn ranges(&self) -> impl Iterator<Item = IndexRange> {
        self.0.iter().filter_map(|(start, end)| IndexRange::try_new(*start, *end))
    }

    pub(super) fn extend(&mut self, ranges: impl IntoIterator<Item = IndexRange>) {
        self.0.extend(ranges.into_iter().map(|range| (range.start(), range.end())));
        self.0.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(self.0.len());
        for (start, end) in self.0.drain(..) {
            match merged.last_mut() {
                Some((_, last)) if start <= *last => *last = (*last).max(end),
                _ => merged.push((start, end)),
            }
        }
        self.0 = merged;
    }
}
