use alloc::format;
use alloc::vec;
use core::net::{Ipv4Addr, Ipv6Addr};

use super::*;

const EFFECTS: [Effect; 2] = [Effect::Allow, Effect::Deny];

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn built(entries: &[SetEntry]) -> AddressSet {
    AddressSet::build(entries, at(0).into()).unwrap()
}

fn entry(text: &str, effect: Effect) -> SetEntry {
    SetEntry::new(text.parse().unwrap(), effect)
}

/// The rule in the words of the documentation, over a list.
fn naive(entries: &[SetEntry], address: IpAddr) -> Option<usize> {
    let holding = entries.iter().enumerate().filter(|(_, entry)| entry.range.contains(address));
    let rank = |(index, entry): &(usize, &SetEntry)| {
        let width = entry.range.addresses();
        (entry.effect != Effect::Deny, width, entry.range.first(), *index)
    };
    holding.min_by_key(rank).map(|(index, _)| index)
}

/// How a number of few bits stands for addresses: for one, or for all that begin with its bits.
#[derive(Clone, Copy, Debug)]
enum Space {
    Low,
    High,
    Spread,
    V6Upper,
    V6Lower,
    V6Whole,
}

const SPACES: [Space; 6] = [Space::Low, Space::High, Space::Spread, Space::V6Upper, Space::V6Lower, Space::V6Whole];

impl Space {
    /// The first and last address of the number, of `bits` bits.
    fn ends(self, number: u32, bits: u32) -> (IpAddr, IpAddr) {
        let v4 = |bits: u32| IpAddr::V4(Ipv4Addr::from(bits));
        let v6 = |bits: u128| IpAddr::V6(Ipv6Addr::from(bits));
        let size = 1_u32 << bits;
        match self {
            Self::Low => (v4(number), v4(number)),
            Self::High => (v4(u32::MAX - size + 1 + number), v4(u32::MAX - size + 1 + number)),
            Self::Spread => (v4(number << (32 - bits)), v4((number << (32 - bits)) + (u32::MAX >> bits))),
            Self::V6Upper => {
                let upper = u128::from(0xffff_ffff_ffff_ffff - u64::from(size) + 1 + u64::from(number)) << 64;
                (v6(upper), v6(upper | u128::from(u64::MAX)))
            }
            Self::V6Lower => {
                let low = (0x2001_0db8_u128 << 96) + 1000 + u128::from(number);
                (v6(low), v6(low))
            }
            // Shifted, so that no range is a whole number of /64 networks, and not into the mapped block.
            Self::V6Whole => {
                let low = (u128::from(number) << (128 - bits)) + (1 << 60);
                (v6(low), v6(if number == size - 1 { u128::MAX } else { low + (u128::MAX >> bits) }))
            }
        }
    }

    fn entry(self, (first, last): (u32, u32), bits: u32, effect: Effect) -> SetEntry {
        let range = AddressRange::try_new(self.ends(first, bits).0, self.ends(last, bits).1).unwrap();
        SetEntry::new(range, effect)
    }

    /// The set and the reference agree on every number.
    fn agree(self, entries: &[SetEntry], bits: u32) {
        let set = built(entries);
        for number in 0..1 << bits {
            let (first, last) = self.ends(number, bits);
            for address in [first, last] {
                let expected = naive(entries, address);
                assert_eq!(set.find(address), expected, "{self:?} {address} {entries:?}");
                let allowed = expected.is_some_and(|index| entries[index].effect == Effect::Allow);
                assert_eq!(set.contains(address), allowed);
                assert_eq!(set.check(at(0).into(), address), Ok(expected));
            }
        }
    }
}

fn ranges(bits: u32) -> impl Iterator<Item = (u32, u32)> + Clone {
    (0..1 << bits).flat_map(move |first| (first..1 << bits).map(move |last| (first, last)))
}

/// splitmix64 (Steele, Lea, Flood 2014).
pub(super) fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Every range of an 8-bit space: at its ends and beside them in all spaces, and everywhere in the spread one.
#[test]
fn every_range_of_8_bits() {
    for pair in ranges(8) {
        for space in SPACES {
            let entries = [space.entry(pair, 8, Effect::Allow)];
            let set = built(&entries);
            let everywhere = matches!(space, Space::Spread) && pair.0 % 8 == 0;
            let all = (0..if everywhere { 256 } else { 0 }).chain([pair.0.wrapping_sub(1), pair.0, pair.1, pair.1 + 1]);
            for number in all.filter(|number| *number < 256) {
                let (first, last) = space.ends(number, 8);
                let expected = (pair.0..=pair.1).contains(&number).then_some(0);
                assert_eq!(
                    [first, last].map(|address| set.find(address)),
                    [expected; 2],
                    "{space:?} {pair:?} {number}"
                );
            }
        }
    }
}

/// Every two ranges of a 4-bit space and every three of a 2-bit one, each allowing or denying.
#[test]
fn every_few_entries_of_few_bits() {
    for space in SPACES {
        for (one, other) in ranges(3).flat_map(|one| ranges(3).map(move |other| (one, other))) {
            for (effect, opposite) in EFFECTS.iter().flat_map(|one| EFFECTS.map(|other| (*one, other))) {
                space.agree(&[space.entry(one, 3, effect), space.entry(other, 3, opposite)], 3);
            }
        }
        let three = ranges(2).flat_map(|a| ranges(2).flat_map(move |b| ranges(2).map(move |c| [a, b, c])));
        for (three, effects) in three.flat_map(|three| (0..8_usize).map(move |effects| (three, effects))) {
            let entries = [0, 1, 2].map(|at| space.entry(three[at], 2, EFFECTS[effects >> at & 1]));
            space.agree(&entries, 2);
        }
    }
}

/// Sets of many entries, nested, overlapping, repeated, over all of an 8-bit space; and the same shuffled.
#[test]
fn many_entries_of_8_bits() {
    let mut state = 7;
    for round in 0..240 {
        let space = SPACES[round % SPACES.len()];
        let count = next(&mut state) % if round % 10 == 0 { 300 } else { 40 };
        let mut entries: Vec<SetEntry> = (0..count)
            .map(|_| {
                let random = next(&mut state);
                let (one, other) = ((random & 255) as u32, (random >> 8 & 255) as u32);
                let network = (random >> 16 & 7) as u32;
                let pair = if random >> 63 == 0 {
                    (one.min(other), one.max(other))
                } else {
                    (one >> network << network, one | ((1 << network) - 1))
                };
                space.entry(pair, 8, EFFECTS[usize::from(random >> 40 & 3 == 0)])
            })
            .collect();
        entries.extend_from_within(..entries.len() / 4);
        space.agree(&entries, 8);
        let set = built(&entries);
        let decides = |set: &AddressSet, entries: &[SetEntry], address| set.find(address).map(|index| entries[index]);
        let mut shuffled = entries.clone();
        for last in (1..shuffled.len()).rev() {
            shuffled.swap(last, next(&mut state) as usize % (last + 1));
        }
        shuffled.extend_from_within(shuffled.len() / 2..);
        let again = built(&shuffled);
        for address in (0..256).flat_map(|number| <[IpAddr; 2]>::from(space.ends(number, 8))) {
            assert_eq!(decides(&again, &shuffled, address), decides(&set, &entries, address), "{space:?} {address}");
        }
    }
}

#[test]
fn a_deny_decides_however_wide_and_then_the_narrowest() {
    let entries = [
        entry("10.0.0.0/8", Effect::Allow),
        entry("10.1.0.0/16", Effect::Deny),
        entry("10.1.2.3", Effect::Allow),
        entry("10.1.2.0/24", Effect::Deny),
        entry("10.2.0.0/16", Effect::Allow),
        entry("10.2.0.0-10.2.255.255", Effect::Allow), // the same again
        entry("10.3.0.0-10.3.0.9", Effect::Allow),
        entry("10.3.0.5-10.3.0.14", Effect::Allow), // as many: the one that begins lower
        entry("2001:db8::/32", Effect::Allow),
        entry("::/0", Effect::Deny),
    ];
    let set = built(&entries);
    for (address, index) in [
        ("10.0.0.1", Some(0)),
        ("10.1.0.0", Some(1)),
        ("10.1.2.3", Some(3)),
        ("10.1.3.0", Some(1)),
        ("10.2.0.1", Some(4)),
        ("10.3.0.4", Some(6)),
        ("10.3.0.9", Some(6)),
        ("10.3.0.10", Some(7)),
        ("10.3.0.15", Some(0)),
        ("::ffff:10.2.0.1", Some(4)),
        ("9.255.255.255", None),
        ("11.0.0.0", None),
        ("0.0.0.0", None),
        ("255.255.255.255", None),
        ("2001:db8::1", Some(9)),
    ] {
        assert_eq!(set.find(address.parse().unwrap()), index, "{address}");
    }
}

#[test]
fn families_are_apart() {
    let only_ipv4 = built(&[entry("0.0.0.0/0", Effect::Allow)]);
    let only_ipv6 = built(&[entry("::/0", Effect::Allow)]);
    for (address, ipv4) in [("1.2.3.4", true), ("::ffff:1.2.3.4", true), ("::102:304", false), ("2001:db8::1", false)] {
        let address = address.parse().unwrap();
        assert_eq!((only_ipv4.contains(address), only_ipv6.contains(address)), (ipv4, !ipv4), "{address}");
    }
}

#[test]
fn nothing_is_found_in_an_empty_set() {
    let set = built(&[]);
    assert!(set.is_empty() && set.valid_until().is_none());
    for address in ["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
        assert_eq!(set.find(address.parse().unwrap()), None);
        assert!(!set.contains(address.parse().unwrap()));
    }
}

/// The window is half-open, and the set answers for the time in which none begins or ends.
#[test]
fn validity() {
    let address: IpAddr = "192.0.2.7".parse().unwrap();
    let window = |from: Option<i64>, until: Option<i64>| SetEntry {
        valid_from: from.map(at),
        valid_until: until.map(at),
        ..entry("192.0.2.7", Effect::Allow)
    };
    for (from, until, now, valid, changes) in [
        (None, None, 0, true, None),
        (Some(10), None, 9, false, Some(10)),
        (Some(10), None, 10, true, None),
        (None, Some(20), 19, true, Some(20)),
        (None, Some(20), 20, false, None),
        (Some(10), Some(20), 9, false, Some(10)),
        (Some(10), Some(20), 10, true, Some(20)),
        (Some(10), Some(20), 20, false, None),
        (Some(20), Some(10), 5, false, None), // never valid
        (Some(10), Some(10), 5, false, None),
        (Some(10), Some(10), 10, false, None),
    ] {
        let set = AddressSet::build([window(from, until)], at(now).into()).unwrap();
        let expected = valid.then_some(0);
        assert_eq!((set.find(address), set.valid_until()), (expected, changes.map(at)), "{from:?} {until:?} {now}");
        assert_eq!(set.check(at(now).into(), address), Ok(expected));
        assert_eq!(set.check(Timestamp::MIN.into(), address), Ok(expected)); // a clock that stepped back
        if let Some(change) = changes {
            assert_eq!(set.check(at(change - 1).into(), address), Ok(expected));
            let stale = set.check(at(change).into(), address).unwrap_err();
            assert_eq!(stale.since(), at(change));
            assert_eq!(set.check(at(change + 1).into(), "::1".parse().unwrap()), Err(stale)); // whoever asks
        }
    }
    let several = [window(Some(30), None), window(None, Some(20)), window(Some(5), Some(40)), window(None, None)];
    assert_eq!(built(&several).valid_until(), Some(at(5)));
    assert_eq!(built(&several).find(address), Some(1));
    assert_eq!(AddressSet::build(several, at(20).into()).unwrap().find(address), Some(2));
}

/// An expired deny denies no longer; one that has not begun does not deny yet.
#[test]
fn a_deny_has_a_window_too() {
    let deny = SetEntry { valid_from: Some(at(5)), ..entry("10.0.0.0/8", Effect::Deny) };
    let entries = [entry("10.0.0.0/16", Effect::Allow), deny];
    let address = "10.0.0.1".parse().unwrap();
    assert!(AddressSet::build(entries, at(4).into()).unwrap().contains(address));
    assert!(!AddressSet::build(entries, at(5).into()).unwrap().contains(address));
}

#[test]
fn the_number_of_entries_is_bounded() {
    assert_eq!(AddressSet::MAX_ENTRIES, 2_147_483_647);
    let last = Tag::try_new(AddressSet::MAX_ENTRIES - 1, Effect::Deny).unwrap();
    assert_eq!((last.index(), last.effect()), (Some(AddressSet::MAX_ENTRIES - 1), Some(Effect::Deny)));
    assert_eq!(Tag::try_new(AddressSet::MAX_ENTRIES, Effect::Allow), None);
    assert_eq!((Tag::NONE.index(), Tag::NONE.effect()), (None, None));
    assert_eq!(format!("{}", SetError::TooMany), "a set has at most 2147483647 entries");
}

/// Few far off do not spoil the index for many that are near each other; nor do many in few of its places.
#[test]
fn clustered_entries_are_found() {
    let near = (0..4000_u32).map(|at| Ipv4Addr::from(0x0a00_0000 + at * 3)).map(IpAddr::V4);
    let far = ["0.0.0.0", "255.255.255.255", "::1", "fe80::1", "2001:db8::1"].map(|text| text.parse().unwrap());
    let near6 = (0..4000_u128).map(|at| Ipv6Addr::from((0x2001_0db8 << 96) + (at << 90 >> 80) * 5)).map(IpAddr::V6);
    let addresses: Vec<IpAddr> = near.chain(far).chain(near6).collect();
    let entries: Vec<SetEntry> =
        addresses.iter().map(|address| SetEntry::new(AddressRange::single(*address), Effect::Allow)).collect();
    let set = built(&entries);
    for address in addresses {
        assert_eq!(set.find(address), naive(&entries, address), "{address}");
    }
    for between in ["10.0.0.1", "10.0.0.2", "9.255.255.255", "10.1.0.0", "::2", "2001:db8::2", "2002::"] {
        let between = between.parse().unwrap();
        assert_eq!(set.find(between), naive(&entries, between), "{between}");
    }
}

/// Deeply nested, denying and allowing in turn, and all over each other.
#[test]
fn nested_and_staggered_entries() {
    let nested: Vec<SetEntry> = (0..=32_u8)
        .map(|length| {
            entry(
                &format!("{}/{length}", Ipv4Addr::from(u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0))),
                Effect::Allow,
            )
        })
        .collect();
    let staggered: Vec<SetEntry> = (0..200_u32)
        .map(|at| {
            let ends = (IpAddr::V4((at * 7).into()), IpAddr::V4((at * 7 + 500 - at).into()));
            SetEntry::new(AddressRange::try_new(ends.0, ends.1).unwrap(), EFFECTS[usize::from(at % 11 == 0)])
        })
        .collect();
    for entries in [nested, staggered] {
        let set = built(&entries);
        let edges = entries.iter().flat_map(|entry| [entry.range.first(), entry.range.last()]);
        for edge in edges {
            let IpAddr::V4(edge) = edge else { panic!() };
            for near in [edge.to_bits().saturating_sub(1), edge.to_bits(), edge.to_bits().saturating_add(1)] {
                let address = IpAddr::V4(near.into());
                assert_eq!(set.find(address), naive(&entries, address), "{address}");
            }
        }
    }
}

/// Networks longer than /64 are kept apart from the others, which may deny what they allow; unless a range begins in one
/// /64 and ends in another: then all are together.
#[test]
fn what_is_finer_than_a_64() {
    let mut entries = vec![
        entry("2600:1::/64", Effect::Allow),
        entry("2600:1::5", Effect::Deny),
        entry("2600:1:0:0:8000::/65", Effect::Allow),
        entry("2600:1:0:1::/64", Effect::Deny),
        entry("2600:1:0:1::7", Effect::Allow),
        entry("2600:1:0:1::8/127", Effect::Deny), // the narrower of two that deny
        entry("2600:2::/32", Effect::Allow),
        entry("2600:2:0:3::-2600:2:0:3::ff", Effect::Deny),
        entry("2600:3::1", Effect::Allow), // in no other
        entry("2600:3:0:1::/64", Effect::Allow),
        entry("::1", Effect::Deny),
        entry("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Effect::Allow),
    ];
    let expected = [
        ("2600:1::4", Some(0)),
        ("2600:1::5", Some(1)),
        ("2600:1:0:0:8000::", Some(2)),
        ("2600:1:0:1::6", Some(3)),
        ("2600:1:0:1::7", Some(3)), // the allow within is the narrower one, and loses
        ("2600:1:0:1::9", Some(5)),
        ("2600:2:0:3::ff", Some(7)),
        ("2600:2:0:3::100", Some(6)),
        ("2600:2:0:4::1", Some(6)), // a neighbour in the same row
        ("2600:3::1", Some(8)),
        ("2600:3::2", None),
        ("::", None),
        ("::1", Some(10)),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Some(11)),
    ];
    for straddling in [false, true] {
        if straddling {
            entries.push(entry("2600:4::ff-2600:4:0:1::1", Effect::Allow));
        }
        let set = built(&entries);
        for (address, index) in expected {
            let address = address.parse().unwrap();
            assert_eq!((set.find(address), naive(&entries, address)), (index, index), "{address}");
        }
        for (address, inside) in [("2600:4::fe", false), ("2600:4::ff", true), ("2600:4:0:1::1", true)] {
            assert_eq!(set.contains(address.parse().unwrap()), inside && straddling, "{address}");
        }
    }
}
