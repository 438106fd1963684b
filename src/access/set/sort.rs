#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use super::key::{Key, Places};
use super::sweep::Span;

/// By the first address. Each span goes to its place, and only those of one place are compared: mostly they are few, and
/// if they are nearly all, it takes as long as to compare them all.
pub(super) fn sort<K: Key>(spans: Vec<Span<K>>) -> Vec<Span<K>> {
    let firsts = || spans.iter().map(|span| span.first);
    let (Some(least), Some(most)) = (firsts().min(), firsts().max()) else { return spans };
    if firsts().is_sorted() {
        return spans;
    }
    let places = Places::new(least, most, spans.len());
    let mut ends = places.count(firsts());
    ends.pop();
    let mut sorted = spans.clone();
    // Until all are there, an end is where the next one of the place goes.
    for span in &spans {
        if let Some(end) = ends.get_mut(places.of(span.first)) {
            if let Some(to) = sorted.get_mut(index(*end)) {
                *to = *span;
            }
            *end = end.wrapping_add(1);
        }
    }
    let mut from = 0;
    for to in ends.into_iter().map(index) {
        if let Some(spans) = sorted.get_mut(from..to) {
            spans.sort_unstable_by_key(|span| span.first);
        }
        from = to;
    }
    sorted
}

fn index(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
