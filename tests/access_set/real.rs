//! The networks of all countries, as Debian's `tor-geoipdb` has them: some half a million of either family. The data are
//! those of the IPFire Location Database (CC BY-SA 4.0) and no part of this crate; without them the test says so.

use super::*;
use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};
use std::fs;
use std::io::{self, Write};

const FILES: [&str; 2] = ["/usr/share/tor/geoip", "/usr/share/tor/geoip6"];
const SAMPLES: usize = 10_000;

/// Rows of first address, last address, country; IPv4 addresses as numbers.
fn entries(text: &str) -> Vec<SetEntry> {
    let mut entries = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        let address = |field: &str| match field.parse::<u32>() {
            Ok(bits) => IpAddr::V4(bits.into()),
            Err(_) => field.parse().unwrap_or_else(|_| panic!("{line}")),
        };
        let range = AddressRange::try_new(address(fields[0]), address(fields[1])).unwrap_or_else(|_| panic!("{line}"));
        // A third of the countries, so that there are denies.
        let effect = if fields[2].bytes().map(usize::from).sum::<usize>().is_multiple_of(3) {
            Effect::Deny
        } else {
            Effect::Allow
        };
        entries.extend(range.networks().map(|network| SetEntry::new(AddressRange::try_from(network).unwrap(), effect)));
    }
    entries
}

const fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits() as u128,
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[test]
fn a_real_list() {
    let mut all = Vec::new();
    for path in FILES {
        let Ok(text) = fs::read_to_string(path) else {
            writeln!(io::stderr(), "SKIPPED: no {path} (Debian: tor-geoipdb); a real list was not tested").unwrap();
            return;
        };
        all.extend(entries(&text));
    }
    // Around them two networks that the others lie in.
    for wide in ["0.0.0.0/1", "2000::/3"] {
        all.push(SetEntry::new(wide.parse().unwrap(), Effect::Allow));
    }
    let set = built(&all);
    let (v4, v6): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|index| all[*index].range.is_ipv4());
    assert!(v4.len() > 400_000 && v6.len() > 400_000, "{} and {} networks", v4.len(), v6.len());
    for family in [v4, v6] {
        sweep(&set, &all, &family);
        samples(&set, &all, &family);
    }
}

/// Each first and last address and the two beside them, by walking both lists at once.
fn sweep(set: &AddressSet, all: &[SetEntry], family: &[usize]) {
    let (&wide, countries) = family.split_last().unwrap();
    let mut countries = countries.to_vec();
    countries.sort_by_key(|index| all[*index].range.first());
    let apart = |pair: &[usize]| all[pair[0]].range.last() < all[pair[1]].range.first();
    assert!(countries.windows(2).all(apart), "the countries' networks are disjoint");
    let entries: Vec<SetEntry> = family.iter().map(|index| all[*index]).collect();
    let mut edges = edges(&entries);
    edges.retain(|address| address.is_ipv4() == all[wide].range.is_ipv4());
    edges.sort_unstable();
    edges.dedup();
    let mut next = countries.iter().copied().peekable();
    for edge in edges {
        while next.next_if(|index| all[*index].range.last() < edge).is_some() {}
        let country = next.peek().copied().filter(|index| all[*index].range.first() <= edge);
        let expected = country.or(Some(wide).filter(|wide| all[*wide].range.contains(edge)));
        if matches!(edge, IpAddr::V6(edge) if edge.to_ipv4_mapped().is_some()) {
            continue; // that is IPv4
        }
        assert_eq!(set.find(edge), expected, "{edge}");
        let allowed = expected.is_some_and(|index| all[index].effect == Effect::Allow);
        assert_eq!(set.contains(edge), allowed, "{edge}");
    }
}

/// Random addresses, half of them in some network of the list, by looking through all of it.
fn samples(set: &AddressSet, all: &[SetEntry], family: &[usize]) {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let list: Vec<(u128, u128, usize)> =
        family.iter().map(|index| (bits(all[*index].range.first()), bits(all[*index].range.last()), *index)).collect();
    let is_ipv4 = all[family[0]].range.is_ipv4();
    let mut found = 0;
    for sample in 0..SAMPLES / 2 {
        let random = u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64());
        let (first, last, _) = list[(random >> 32) as usize % list.len()];
        let address = match (sample % 2 == 0, is_ipv4) {
            (true, _) => first + random % (last - first + 1),
            (false, true) => random >> 96,
            (false, false) => random >> 3 | 1 << 125,
        };
        let mut best: Option<(bool, u128, usize)> = None;
        for (first, last, index) in &list {
            if *first <= address && address <= *last {
                let rank = (all[*index].effect == Effect::Allow, last - first, *index);
                best = Some(best.map_or(rank, |best| best.min(rank)));
            }
        }
        found += usize::from(best.is_some());
        let address =
            if is_ipv4 { IpAddr::V4(u32::try_from(address).unwrap().into()) } else { IpAddr::V6(address.into()) };
        assert_eq!(set.find(address), best.map(|(_, _, index)| index), "{address}");
    }
    assert!(found >= SAMPLES / 4);
}
