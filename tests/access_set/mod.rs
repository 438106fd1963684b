//! The compiled set against what it stands for: a list, looked through from one end to the other.

use clausework::access::{AddressRange, AddressSet, Effect, SetEntry};
use clausework::{Now, Timestamp};
use proptest::prelude::*;
use std::net::IpAddr;

mod real;

fn built(entries: &[SetEntry]) -> AddressSet {
    AddressSet::build(entries, Now::from(Timestamp::MIN)).unwrap()
}

/// A deny before any allow, then the fewest addresses, then the lowest, then the first given.
fn linear(entries: &[SetEntry], address: IpAddr) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.range.contains(address)) {
        let stronger = best.map(|best| &entries[best]).is_none_or(|best| match (entry.effect, best.effect) {
            (Effect::Deny, Effect::Allow) => true,
            (Effect::Allow, Effect::Deny) => false,
            _ => {
                let (mine, other) = (entry.range.addresses(), best.range.addresses());
                mine < other || mine == other && entry.range.first() < best.range.first()
            }
        });
        if stronger {
            best = Some(index);
        }
    }
    best
}

/// The addresses at which an answer may change, their neighbours, and the ends of both families.
fn edges(entries: &[SetEntry]) -> Vec<IpAddr> {
    let mut edges = Vec::new();
    for text in ["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
        edges.push(text.parse().unwrap());
    }
    for address in entries.iter().flat_map(|entry| [entry.range.first(), entry.range.last()]) {
        match address {
            IpAddr::V4(address) => {
                let bits = address.to_bits();
                edges.extend([bits.wrapping_sub(1), bits, bits.wrapping_add(1)].map(|bits| IpAddr::V4(bits.into())));
            }
            IpAddr::V6(address) => {
                let bits = address.to_bits();
                edges.extend([bits.wrapping_sub(1), bits, bits.wrapping_add(1)].map(|bits| IpAddr::V6(bits.into())));
            }
        }
    }
    edges
}

/// Networks of all lengths, near each other so that they nest, and ranges that cross them.
fn entry() -> impl Strategy<Value = SetEntry> {
    let v4 = (any::<u32>(), 0..=32_u32).prop_map(|(bits, length)| {
        let mask = u32::MAX.checked_shr(length).unwrap_or(0);
        let first = 0x0a00_0000 ^ (bits & 0x0303_0303) & !mask;
        (IpAddr::V4((first & !mask).into()), IpAddr::V4((first | mask).into()))
    });
    let v6 = (any::<u128>(), 0..=128_u32).prop_map(|(bits, length)| {
        let mask = u128::MAX.checked_shr(length).unwrap_or(0);
        let first = (0x2001_0db8 << 96) ^ (bits & 0x0303_0000_0000_0000_0303_0000_0000_0303);
        (IpAddr::V6((first & !mask).into()), IpAddr::V6((first | mask).into()))
    });
    let crossing = (any::<u32>(), 0..5000_u32)
        .prop_map(|(bits, width)| 0x0a00_0000 + bits % 8192..=0x0a00_0000 + bits % 8192 + width)
        .prop_map(|bits| (IpAddr::V4((*bits.start()).into()), IpAddr::V4((*bits.end()).into())));
    (prop_oneof![v4, v6, crossing], prop::bool::weighted(0.2)).prop_map(|((first, last), denies)| {
        let effect = if denies { Effect::Deny } else { Effect::Allow };
        SetEntry::new(AddressRange::try_new(first, last).unwrap(), effect)
    })
}

proptest! {
    #[test]
    fn a_set_answers_as_the_list_does(entries in prop::collection::vec(entry(), 0..60)) {
        let set = built(&entries);
        for address in edges(&entries) {
            prop_assert_eq!(set.find(address), linear(&entries, address), "{}", address);
        }
    }

    /// Order and repetition change neither the verdict nor the range that decides.
    #[test]
    fn order_and_repetition_do_not_matter(
        (entries, shuffled) in prop::collection::vec(entry(), 1..60)
            .prop_flat_map(|entries| (Just(entries.clone()), Just([&entries[..], &entries[entries.len() / 2..]].concat()).prop_shuffle()))
    ) {
        let (one, other) = (built(&entries), built(&shuffled));
        for address in edges(&entries) {
            let decided = one.find(address).map(|index| entries[index]);
            prop_assert_eq!(other.find(address).map(|index| shuffled[index]), decided, "{}", address);
            prop_assert_eq!(one.contains(address), decided.is_some_and(|entry| entry.effect == Effect::Allow));
        }
    }

    /// A range and the networks it is made of are the same.
    #[test]
    fn networks_are_as_good_as_their_range(entries in prop::collection::vec(entry(), 1..20)) {
        let networks: Vec<SetEntry> = entries
            .iter()
            .flat_map(|entry| {
                let parts = entry.range.networks();
                parts.map(|network| SetEntry::new(AddressRange::try_from(network).unwrap(), entry.effect))
            })
            .collect();
        let (one, other) = (built(&entries), built(&networks));
        for address in edges(&networks) {
            prop_assert_eq!(one.contains(address), other.contains(address), "{}", address);
            prop_assert_eq!(one.find(address).is_some(), other.find(address).is_some(), "{}", address);
        }
    }
}
