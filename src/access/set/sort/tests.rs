use alloc::vec;
use core::fmt::Debug;

use super::super::Tag;
use super::super::tests::next;
use super::*;
use crate::access::Effect;

/// Nothing but the order changes, and that as the standard library would have it.
fn sorts<K: Key + Debug>(firsts: &[K]) {
    let tag = |at: usize| Tag::try_new(at, Effect::Allow).unwrap();
    let spans = firsts.iter().enumerate().map(|(at, first)| Span { first: *first, last: *first, tag: tag(at) });
    let sorted = sort(spans.collect());
    let mut seen = vec![false; firsts.len()];
    for span in &sorted {
        let at = span.tag.index().unwrap();
        assert_eq!((firsts[at], firsts[at]), (span.first, span.last));
        assert!(!core::mem::replace(&mut seen[at], true), "{at} is there twice");
    }
    let mut expected = firsts.to_vec();
    expected.sort();
    assert_eq!(sorted.iter().map(|span| span.first).collect::<Vec<K>>(), expected);
}

/// Of every key, wherever the keys lie: spread, in few places of many, at the ends, all the same, in order.
#[test]
fn spans_are_sorted_wherever_they_lie() {
    let mut state = 3;
    for count in [0, 1, 2, 3, 20, 1000, 150_000] {
        let mut random = |mask: u64| (0..count).map(|_| next(&mut state) & mask).collect::<Vec<u64>>();
        let mut cases = vec![random(u64::MAX), random(0xfff), random(1), vec![7; count], (0..count as u64).collect()];
        cases.extend(cases.clone().into_iter().map(|mut case| {
            case.extend([u64::MAX, 0, u64::MAX - 1, 1 << 63]); // a few far off
            case
        }));
        cases.push((0..count as u64).rev().collect());
        for case in cases {
            sorts(&case);
            sorts(&case.iter().map(|first| (first >> 32) as u32).collect::<Vec<u32>>());
            sorts(&case.iter().map(|first| *first as u32).collect::<Vec<u32>>());
            sorts(&case.iter().map(|first| u128::from(*first) << 40).collect::<Vec<u128>>());
            sorts(&case.iter().map(|first| u128::MAX - u128::from(*first)).collect::<Vec<u128>>());
        }
    }
}

/// The counts are those of a loop over all keys, and a greater key is in no earlier place.
#[test]
fn keys_are_counted_by_place() {
    let mut state = 5;
    let mut keys: Vec<u32> = (0..300).map(|_| next(&mut state) as u32 >> (next(&mut state) % 32)).collect();
    keys.sort();
    for (base, end) in [(0, u32::MAX), (0, 0), (1000, 5000), (1 << 31, u32::MAX), (u32::MAX, u32::MAX)] {
        let places = Places::new(base, end, keys.len());
        let counts = places.count(keys.iter().copied());
        assert_eq!(counts.len(), 512 + 1, "300 keys: the power of two from 300 to 600, and one");
        for (place, count) in counts.iter().enumerate() {
            assert_eq!(*count as usize, keys.iter().filter(|key| places.of(**key) < place).count(), "{place}");
        }
        assert!(keys.iter().map(|key| places.of(*key)).is_sorted());
    }
}
