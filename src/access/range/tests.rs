use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::RangeError::{Ended, LeadingZero, TooGreat, Unexpected, Zone};
use super::*;

fn range(text: &str) -> AddressRange {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// What is taken, its first and last address, and what is written for it.
#[test]
fn accepted_texts() {
    for (text, first, last, written, spelling) in [
        ("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "10.0.0.0/8", Spelling::Canonical),
        ("10.0.0.0-10.255.255.255", "10.0.0.0", "10.255.255.255", "10.0.0.0/8", Spelling::Other),
        ("10.0.0.5", "10.0.0.5", "10.0.0.5", "10.0.0.5", Spelling::Canonical),
        ("10.0.0.5/32", "10.0.0.5", "10.0.0.5", "10.0.0.5", Spelling::Other),
        ("10.0.0.5-10.0.0.5", "10.0.0.5", "10.0.0.5", "10.0.0.5", Spelling::Other),
        ("10.0.0.1-10.0.0.6", "10.0.0.1", "10.0.0.6", "10.0.0.1-10.0.0.6", Spelling::Canonical),
        ("10.0.0.1-10.0.0.2", "10.0.0.1", "10.0.0.2", "10.0.0.1-10.0.0.2", Spelling::Canonical), // not aligned
        ("10.0.0.0-10.0.0.2", "10.0.0.0", "10.0.0.2", "10.0.0.0-10.0.0.2", Spelling::Canonical), // three
        ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "0.0.0.0/0", Spelling::Canonical),
        ("255.255.255.255", "255.255.255.255", "255.255.255.255", "255.255.255.255", Spelling::Canonical),
        ("2001:DB8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32", Spelling::Other),
        ("2001:0db8:0::1", "2001:db8::1", "2001:db8::1", "2001:db8::1", Spelling::Other),
        ("::", "::", "::", "::", Spelling::Canonical),
        ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0", Spelling::Canonical),
        ("1::", "1::", "1::", "1::", Spelling::Canonical),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0", Spelling::Other),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", Spelling::Other),
        ("1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", Spelling::Other),
        ("64:ff9b::10.0.0.1", "64:ff9b::a00:1", "64:ff9b::a00:1", "64:ff9b::a00:1", Spelling::Other),
        ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a", "1:2:3:4:5:6:708:90a", "1:2:3:4:5:6:708:90a", Spelling::Other),
        ("::127.0.0.1", "::7f00:1", "::7f00:1", "::7f00:1", Spelling::Other), // deprecated form, stays IPv6
        ("::ffff:10.0.0.0/104", "10.0.0.0", "10.255.255.255", "10.0.0.0/8", Spelling::Mapped),
        ("::ffff:0:0/96", "0.0.0.0", "255.255.255.255", "0.0.0.0/0", Spelling::Mapped),
        ("::FFFF:C633:6409", "198.51.100.9", "198.51.100.9", "198.51.100.9", Spelling::Mapped),
        ("::ffff:10.0.0.1-10.0.0.6", "10.0.0.1", "10.0.0.6", "10.0.0.1-10.0.0.6", Spelling::Mapped),
        ("::1-::5", "::1", "::5", "::1-::5", Spelling::Canonical),
        ("::-::ffff:ffff:ffff", "::", "::ffff:255.255.255.255", "::/80", Spelling::Other), // all of the mapped block
        ("::fffe:0:0/95", "::fffe:0:0", "::ffff:255.255.255.255", "::fffe:0:0/95", Spelling::Canonical),
        ("::ffff:0.0.0.0-::1:0:0:0", "::ffff:0.0.0.0", "::1:0:0:0", "::ffff:0.0.0.0-::1:0:0:0", Spelling::Canonical),
    ] {
        let (range, noted) = AddressRange::parse_noted(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((range.first(), range.last()), (address(first), address(last)), "{text}");
        assert_eq!((range.to_string().as_str(), noted), (written, spelling), "{text}");
        assert_eq!(range.is_ipv4(), !written.contains(':'), "{text}");
        assert_eq!(written.parse(), Ok(range), "{text}");
        assert_eq!(serde_json::to_string(&range).unwrap(), format!("{written:?}"));
        assert_eq!(serde_json::from_str::<AddressRange>(&format!("{text:?}")).unwrap(), range);
    }
    assert_eq!(format!("{:?}", range("10.0.0.0/8")), "AddressRange(10.0.0.0/8)");
}

/// What is refused, why, and where.
#[test]
fn refused_texts() {
    let unexpected = |position, found| Unexpected { position, found };
    for (text, error) in [
        ("", Ended { position: 0 }),
        ("010.0.0.0/8", LeadingZero { position: 0 }),
        ("10.00.0.0/8", LeadingZero { position: 3 }),
        ("127.0.0.01/32", LeadingZero { position: 8 }),
        ("10.0.0.0/08", LeadingZero { position: 9 }),
        ("10.0.0.0/008", LeadingZero { position: 9 }),
        ("10.0.0.0/00", LeadingZero { position: 9 }),
        ("10.0.0.0/+8", unexpected(9, '+')),
        ("10.0.0.0/-8", unexpected(9, '-')),
        ("10.0.0.0/33", TooGreat { position: 9, most: 32 }),
        ("::/129", TooGreat { position: 3, most: 128 }),
        ("::/99999999999999999999999", TooGreat { position: 3, most: 128 }),
        ("10.0.0.0/", Ended { position: 9 }),
        ("10/8", unexpected(2, '/')),
        ("10.0.0.0/8/8", unexpected(10, '/')),
        ("127.1", Ended { position: 5 }),
        ("256.0.0.0", TooGreat { position: 0, most: 255 }),
        ("10.0.0.1000", TooGreat { position: 7, most: 255 }),
        ("10.0.0.0.0", unexpected(8, '.')),
        ("10..0.0", unexpected(3, '.')),
        ("0x7f.0.0.1", unexpected(1, 'x')),
        ("2130706433", TooGreat { position: 0, most: 255 }),
        ("10.0.0.0/255.0.0.0", TooGreat { position: 9, most: 32 }),
        (" 10.0.0.0/8", unexpected(0, ' ')),
        ("10.0.0.0 /8", unexpected(8, ' ')),
        ("10.0.0.0/8 ", unexpected(10, ' ')),
        ("10.0.0.0/8\n", unexpected(10, '\n')),
        ("10.0.0.0/8\0", unexpected(10, '\0')),
        ("10.0.0.1 - 10.0.0.6", unexpected(8, ' ')),
        ("10.0.0.1-", Ended { position: 9 }),
        ("10.0.0.1-6", Ended { position: 10 }),
        ("10.0.0.0/8-11.0.0.0/8", unexpected(10, '-')),
        ("10.0.0.1-10.0.0.6/8", unexpected(17, '/')),
        ("10.0.0.1–10.0.0.6", unexpected(8, '–')),
        ("[::1]/128", unexpected(0, '[')),
        ("fe80::1%1/64", Zone { position: 7 }),
        ("fe80::1%eth0", Zone { position: 7 }),
        ("10.0.0.1%eth0", Zone { position: 8 }),
        ("1:2:3:4:5:6:7:8:9", unexpected(15, ':')),
        ("1:2:3:4:5:6:7:8::", unexpected(15, ':')),
        ("1::2:3:4:5:6:7:8", unexpected(14, ':')),
        ("1:2:3:4:5:6:7", Ended { position: 13 }),
        ("1:2:3/48", unexpected(5, '/')),
        ("1::2::3", unexpected(5, ':')),
        (":::", unexpected(2, ':')),
        (":1", unexpected(1, '1')),
        ("1:", Ended { position: 2 }),
        ("::1:", Ended { position: 4 }),
        ("12345::", unexpected(4, '5')),
        ("::00001", unexpected(6, '1')),
        ("::g", unexpected(2, 'g')),
        ("::1.2.3", Ended { position: 7 }),
        ("::1.2.3.04", LeadingZero { position: 8 }),
        ("1.2.3.4::", unexpected(7, ':')),
        ("1:2:3:4:5:6:7:1.2.3.4", unexpected(15, '.')),
        ("192.168.*", unexpected(8, '*')),
        ("１０.0.0.0/8", unexpected(0, '１')),
        ("10.0.0.０/8", unexpected(7, '０')),
        ("localhost", unexpected(0, 'l')),
        ("10.0.0.6-10.0.0.1", RangeError::Reversed { position: Some(9) }),
        ("::6-::1", RangeError::Reversed { position: Some(4) }),
        ("10.0.0.1-::1", RangeError::Families { position: Some(9) }),
        ("::1-10.0.0.1", RangeError::Families { position: Some(4) }),
        ("::ffff:10.0.0.0/64", RangeError::MappedPrefix { position: Some(16) }),
        ("::ffff:0:0/95", RangeError::MappedPrefix { position: Some(11) }),
        ("::-::ffff:10.0.0.1", RangeError::PartlyMapped { position: Some(3) }),
        ("::ffff:10.0.0.1-::1:0:0:0", RangeError::PartlyMapped { position: Some(16) }),
    ] {
        assert_eq!(text.parse::<AddressRange>(), Err(error), "{text}");
        assert!(error.position().is_some_and(|position| text.is_char_boundary(position)), "{text}");
        let message = error.to_string();
        assert!(message.is_ascii() && !message.contains('\n') || !text.is_ascii(), "{message}");
    }
    let stored = serde_json::from_str::<AddressRange>("\"010.0.0.0/8\"").unwrap_err().to_string();
    assert!(stored.starts_with("a leading zero at position 0"), "{stored}");
}

/// Host bits are refused, and the repair is offered.
#[test]
fn host_bits() {
    for (text, network, repaired, at) in [
        ("10.0.0.1/8", "10.0.0.1/8", "10.0.0.0/8", 9),
        ("198.51.100.7/24", "198.51.100.7/24", "198.51.100.0/24", 13),
        ("2001:db8::1/32", "2001:db8::1/32", "2001:db8::/32", 12),
        ("::ffff:10.0.0.1/104", "10.0.0.1/8", "10.0.0.0/8", 16),
        ("1.0.0.0/0", "1.0.0.0/0", "0.0.0.0/0", 8),
    ] {
        let (network, repaired) = (network.parse().unwrap(), repaired.parse().unwrap());
        let error = RangeError::HostBits { network, repaired, position: Some(at) };
        assert_eq!(text.parse::<AddressRange>(), Err(error));
        assert_eq!(error.to_string(), format!("{network} has host bits, did you mean {repaired}"));
        assert!(AddressRange::try_from(repaired).is_ok());
        assert_eq!(AddressRange::try_from(network), Err(RangeError::HostBits { network, repaired, position: None }));
    }
}

#[test]
fn what_it_holds() {
    for (text, inside, outside) in [
        ("10.0.0.0/8", "10.0.0.0 10.255.255.255 ::ffff:10.9.9.9", "9.255.255.255 11.0.0.0 ::a00:1 ::ffff:11.0.0.0"),
        ("10.0.0.1-10.0.0.6", "10.0.0.1 10.0.0.6", "10.0.0.0 10.0.0.7"),
        (
            "2001:db8::/32",
            "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db7:ffff:: 2001:db9:: 32.1.13.184",
        ),
        ("::/0", ":: ffff::", "0.0.0.0 ::ffff:1.2.3.4"),
        ("::fffe:0:0/95", "::fffe:0:0", "::ffff:1.2.3.4 1.2.3.4"),
    ] {
        inside.split(' ').for_each(|inner| assert!(range(text).contains(address(inner)), "{text} {inner}"));
        outside.split(' ').for_each(|outer| assert!(!range(text).contains(address(outer)), "{text} {outer}"));
    }
    let (all, office) = (range("10.0.0.0/8"), range("10.0.0.1-10.0.0.6"));
    let (beside, across) = (range("10.0.0.7"), range("10.0.0.6-10.0.0.9"));
    assert!(all.covers(&office) && all.covers(&all) && !office.covers(&all) && !office.covers(&across));
    assert!(office.overlaps(&across) && across.overlaps(&office) && !office.overlaps(&beside));
    assert!(!range("::/0").overlaps(&all) && !range("::/0").covers(&all));
}

#[test]
fn sizes() {
    for (text, addresses, network) in [
        ("10.0.0.5", 1, Some("10.0.0.5/32")),
        ("10.0.0.1-10.0.0.6", 6, None),
        ("10.0.0.1-10.0.0.2", 2, None),
        ("0.0.0.0/0", 1 << 32, Some("0.0.0.0/0")),
        ("2001:db8::/32", 1 << 96, Some("2001:db8::/32")),
        ("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", u128::MAX, None),
        ("::/0", u128::MAX, Some("::/0")), // one more
    ] {
        assert_eq!(range(text).addresses(), addresses, "{text}");
        assert_eq!(range(text).network().map(|network| network.to_string()).as_deref(), network, "{text}");
    }
}

/// IPv4 before IPv6, then by the first address: the order lists are shown in.
#[test]
fn order() {
    let mut ranges = ["::/0", "10.0.0.0/8", "10.0.0.0", "9.0.0.0/8", "::1"].map(range);
    ranges.sort();
    assert_eq!(ranges.map(|range| range.to_string()), ["9.0.0.0/8", "10.0.0.0", "10.0.0.0/8", "::/0", "::1"]);
}

#[test]
fn the_longest_lists_of_networks() {
    for (text, count) in [
        ("0.0.0.1-255.255.255.254", 62),
        ("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", 254),
        ("0.0.0.0/0", 1),
        ("::/0", 1),
        ("255.255.255.255", 1),
        ("255.255.255.254-255.255.255.255", 1),
    ] {
        assert_eq!(range(text).networks().count(), count, "{text}");
    }
}

/// An address of `core`, some of them mapped, near the edges of the mapped block, or near an end.
fn any_address() -> impl Strategy<Value = IpAddr> {
    let near = |at: u128| (0..4_u128).prop_map(move |off| IpAddr::from(at.wrapping_add(off).to_be_bytes()));
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(bits.into())),
        (0..300_u32).prop_map(|bits| IpAddr::V4(bits.into())),
        any::<u128>().prop_map(|bits| IpAddr::V6(bits.into())),
        (any::<u128>(), 0..128_u32).prop_map(|(bits, shift)| IpAddr::V6((bits >> shift << shift).into())),
        any::<u32>().prop_map(|bits| IpAddr::V6(Ipv4Addr::from(bits).to_ipv6_mapped())),
        near(MAPPED.0 - 2),
        near(MAPPED.1 - 2),
        near(u128::MAX - 1),
    ]
}

proptest! {
    /// What is read is what is written; the networks are the range, in order, without a gap.
    #[test]
    fn round_trip(one in any_address(), other in any_address()) {
        let Ok(range) = AddressRange::try_new(one.min(other), one.max(other)) else { return Ok(()) };
        let text = range.to_string();
        prop_assert_eq!(AddressRange::parse_noted(&text), Ok((range, Spelling::Canonical)));
        prop_assert_eq!(format!("{}-{}", range.first(), range.last()).parse(), Ok(range));
        prop_assert_eq!(AddressRange::try_new(range.first(), range.last()), Ok(range));
        let networks: Vec<IpNet> = range.networks().collect();
        prop_assert_eq!(networks.first().map(|network| network.network()), Some(range.first()));
        prop_assert_eq!(networks.last().map(|network| network.broadcast()), Some(range.last()));
        for pair in networks.windows(2) {
            let after = match pair[0].broadcast() {
                IpAddr::V4(last) => IpAddr::V4((last.to_bits() + 1).into()),
                IpAddr::V6(last) => IpAddr::V6((last.to_bits() + 1).into()),
            };
            prop_assert_eq!(after, pair[1].network());
            prop_assert!(pair[0].supernet() != pair[1].supernet());
        }
        if let Some(network) = range.network() {
            prop_assert_eq!(&networks, &[network]);
            if !network.network().is_ipv4() || one.is_ipv4() {
                prop_assert_eq!(AddressRange::try_from(network), Ok(range));
            }
        }
    }

    /// A text is an address here if and only if it is one to `core`, which is as strict, and then the same one.
    #[test]
    fn addresses_are_those_of_core(text in "[0-9a-fA-F:.%x ]{0,20}|([0-9a-f]{1,5}|[0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}|)(:([0-9a-f]{1,4}|[0-9.]{1,8}|)){1,9}|[0-9]{1,4}([.][0-9]{1,4}){2,5}") {
        let expected = text.parse::<IpAddr>().ok().map(AddressRange::single);
        prop_assert_eq!(text.parse::<AddressRange>().ok(), expected);
    }

    /// Any address in any of its spellings.
    #[test]
    fn every_address_is_read(address in any_address()) {
        let read = |text: String| text.parse::<AddressRange>();
        prop_assert_eq!(read(address.to_string()), Ok(AddressRange::single(address)));
        prop_assert_eq!(read(address.to_string().to_uppercase()), Ok(AddressRange::single(address)));
        if let IpAddr::V6(address) = address {
            let groups = address.segments().map(|group| format!("{group:04x}")).join(":");
            prop_assert_eq!(read(groups), Ok(AddressRange::single(address.into())));
        }
    }

    /// Any text gets an answer; an error points into it.
    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,40}|[0-9./:-]{0,40}") {
        if let Err(error) = AddressRange::parse_text(&text) {
            prop_assert!(error.position().is_some_and(|position| text.is_char_boundary(position)));
        }
    }
}
