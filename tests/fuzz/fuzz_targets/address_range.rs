//! A list of networks, a line each: any text, no panic; what is read is written and read again; an address is one here if
//! it is one to `core`; and the compiled set answers as the list does.
#![no_main]

use std::net::IpAddr;

use clausework::access::{AddressRange, AddressSet, Effect, SetEntry};
use clausework::{Now, Timestamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut entries = Vec::new();
    for line in text.lines().take(64) {
        let (effect, line) = match line.strip_prefix('!') {
            Some(line) => (Effect::Deny, line),
            None => (Effect::Allow, line),
        };
        match AddressRange::parse_text(line) {
            Ok(range) => {
                assert_eq!(range.to_string().parse(), Ok(range));
                // A range that encloses the IPv4-mapped block lists it as it was written; its addresses are IPv4, so not in it.
                let mapped = |address| matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some());
                assert!(range.networks().all(|network| range.contains(network.addr()) || mapped(network.addr())));
                entries.push(SetEntry::new(range, effect));
            }
            Err(error) => {
                assert!(error.position().is_some_and(|position| line.is_char_boundary(position)));
                assert!(!error.to_string().contains('\n'));
                assert!(line.parse::<IpAddr>().is_err());
            }
        }
    }
    let set = AddressSet::build(&entries, Now::from(Timestamp::MIN)).expect("few entries");
    for address in entries.iter().flat_map(|entry| [entry.range.first(), entry.range.last()]).flat_map(beside) {
        let holding = entries.iter().enumerate().filter(|(_, entry)| entry.range.contains(address));
        let rank = |(index, entry): &(usize, &SetEntry)| {
            (entry.effect != Effect::Deny, entry.range.addresses(), entry.range.first(), *index)
        };
        assert_eq!(set.find(address), holding.min_by_key(rank).map(|(index, _)| index));
    }
});

fn beside(address: IpAddr) -> [IpAddr; 3] {
    match address {
        IpAddr::V4(v4) => [v4.to_bits().wrapping_sub(1), v4.to_bits(), v4.to_bits().wrapping_add(1)]
            .map(|bits| IpAddr::V4(bits.into())),
        IpAddr::V6(v6) => [v6.to_bits().wrapping_sub(1), v6.to_bits(), v6.to_bits().wrapping_add(1)]
            .map(|bits| IpAddr::V6(bits.into())),
    }
}
