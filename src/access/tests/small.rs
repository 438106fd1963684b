//! Every address of a small space against a reference that says what a list is, entry by entry.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

/// Where the 256 addresses lie: in the midst of a family, and at its ends, where arithmetic goes wrong.
#[derive(Clone, Copy, Debug)]
enum Place {
    Ipv4(u32),
    Ipv6(u128),
}

const PLACES: [Place; 6] = [
    Place::Ipv4(0),
    Place::Ipv4(0x0a00_0000),
    Place::Ipv4(0xffff_ff00),
    Place::Ipv6(0),
    Place::Ipv6(0x2001_0db8 << 96),
    Place::Ipv6(u128::MAX - 255),
];

impl Place {
    fn address(self, number: u8) -> IpAddr {
        match self {
            Self::Ipv4(base) => Ipv4Addr::from_bits(base + u32::from(number)).into(),
            Self::Ipv6(base) => Ipv6Addr::from_bits(base + u128::from(number)).into(),
        }
    }

    fn family(self) -> Family {
        match self {
            Self::Ipv4(_) => Family::Ipv4,
            Self::Ipv6(_) => Family::Ipv6,
        }
    }
}

/// An entry as the reference has it: ends, effect, first instant and the one after the last.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    first: u8,
    last: u8,
    allows: bool,
    from: Option<i64>,
    until: Option<i64>,
}

impl Line {
    fn counts(&self, number: u8, micros: i64) -> bool {
        let from = self.from.is_none_or(|from| from <= micros);
        let until = self.until.is_none_or(|until| micros < until);
        self.first <= number && number <= self.last && from && until
    }

    fn entry(&self, place: Place) -> ListEntry {
        let range = AddressRange::try_new(place.address(self.first), place.address(self.last)).unwrap();
        let entry = if self.allows { ListEntry::allow(range) } else { ListEntry::deny(range) };
        entry.valid(self.from.map(instant), self.until.map(instant))
    }
}

/// Allowed by one line at least, and denied by none.
fn lets_in(lines: &[Line], number: u8, micros: i64) -> bool {
    let mut counting = lines.iter().filter(|line| line.counts(number, micros));
    counting.clone().any(|line| line.allows) && counting.all(|line| line.allows)
}

fn built(place: Place, lines: &[Line], owner: ListOwner) -> IpList {
    IpList::builder().owner(owner).entries(lines.iter().map(|line| line.entry(place))).build().unwrap()
}

fn lines(most: usize) -> impl Strategy<Value = Vec<Line>> {
    let edge = || prop_oneof![3 => Just(None), 1 => (1_i64..7).prop_map(Some)];
    let line = (any::<u8>(), any::<u8>(), prop_oneof![2 => Just(true), 1 => Just(false)], edge(), edge());
    let line = line.prop_filter_map("an entry is valid at some instant", |(one, other, allows, from, until)| {
        let never = matches!((from, until), (Some(from), Some(until)) if from >= until);
        (!never).then_some(Line { first: one.min(other), last: one.max(other), allows, from, until })
    });
    proptest::collection::vec(line, 0..=most)
}

/// What a list says of every address, and which entry it names.
fn agrees(place: Place, lines: &[Line], list: &IpList, micros: i64) {
    for number in 0..=255 {
        let decision = list.decide(at(micros), place.address(number));
        assert_eq!(decision.is_allowed(), lets_in(lines, number, micros), "{number} at {micros}: {decision:?}");
        let Some(named) = decision.entry().map(|entry| &lines[entry]) else {
            assert!(!lines.iter().any(|line| line.counts(number, micros)), "{number}: {decision:?}");
            continue;
        };
        assert!(named.counts(number, micros) && named.allows == decision.is_allowed());
        let alike = lines.iter().filter(|line| line.counts(number, micros) && line.allows == named.allows);
        assert!(alike.map(|line| line.last - line.first).min().unwrap() == named.last - named.first, "the narrowest");
    }
}

/// Every list of two entries on eight addresses, at either end of a family.
#[test]
fn all_pairs_of_entries() {
    let all: Vec<Line> = (0..8)
        .flat_map(|first| (first..8).map(move |last| (first, last)))
        .flat_map(|(first, last)| [true, false].map(|allows| Line { first, last, allows, from: None, until: None }))
        .collect();
    assert_eq!(all.len(), 72);
    for one in &all {
        for other in &all {
            let lines = [*one, *other];
            let list = built(Place::Ipv4(0), &lines, ListOwner::Tenant);
            for number in 0..8 {
                let decision = list.decide(at(0), Place::Ipv4(0).address(number));
                assert_eq!(decision.is_allowed(), lets_in(&lines, number, 0), "{lines:?} {number}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_list_is_what_the_reference_says(place in prop::sample::select(&PLACES), lines in lines(8)) {
        let list = built(place, &lines, ListOwner::Tenant);
        (0..8).for_each(|micros| agrees(place, &lines, &list, micros));
    }

    /// Neither the order of entries nor saying them twice changes who comes in.
    #[test]
    fn order_and_repetition_change_nothing(
        place in prop::sample::select(&PLACES),
        (lines, shuffled) in lines(8).prop_flat_map(|lines| {
            let twice: Vec<Line> = lines.iter().chain(lines.iter().take(3)).copied().collect();
            (Just(lines), Just(twice).prop_shuffle())
        }),
    ) {
        let (one, other) = (built(place, &lines, ListOwner::Tenant), built(place, &shuffled, ListOwner::Tenant));
        for micros in 0..8 {
            for number in 0..=255 {
                let of = |list: &IpList| list.decide(at(micros), place.address(number));
                prop_assert_eq!(of(&one).is_allowed(), of(&other).is_allowed());
                let named = |list: &IpList, lines: &[Line]| of(list).entry().map(|entry| lines[entry]);
                prop_assert_eq!(named(&one, &lines), named(&other, &shuffled));
            }
        }
        prop_assert!(ListDiff::between(&one, &other, at(3)).is_empty());
    }

    /// A request comes in if each of the lists that bind it says so.
    #[test]
    fn lists_are_joined(
        place in prop::sample::select(&PLACES),
        (tenant, role, kind) in (lines(5), lines(5), lines(5)),
        micros in 0_i64..8,
    ) {
        let policy = AccessPolicy::builder()
            .ip_list(built(place, &tenant, ListOwner::Tenant))
            .list(built(place, &role, ListOwner::Role(id("admin"))))
            .list(built(place, &kind, ListOwner::Token(id("api"))))
            .build()
            .unwrap();
        let (admin, api) = ([id("admin")], id("api"));
        for number in 0..=255 {
            let origin = Origin::network(place.address(number), Transport::Tls);
            let allowed = |usage, roles| {
                let request = AccessRequest::new(usage, origin).with_roles(roles);
                decide(&policy, at(micros), &request) == AccessOutcome::Allowed
            };
            let [t, r, k] = [&tenant, &role, &kind].map(|lines| lets_in(lines, number, micros));
            prop_assert_eq!(allowed(AccessUse::SessionUse, &[]), t);
            prop_assert_eq!(allowed(AccessUse::SessionUse, &admin), t && r);
            prop_assert_eq!(allowed(AccessUse::TokenUse(&api), &[]), t && k);
            prop_assert_eq!(allowed(AccessUse::TokenMint(&api), &admin), t && r && k);
        }
    }

    /// The difference of two lists is exact, address by address, and its ranges are as few as can be.
    #[test]
    fn a_diff_is_exact(
        place in prop::sample::select(&PLACES),
        (before, after) in (lines(8), lines(8)),
        off in 0_u8..4,
        micros in 0_i64..8,
    ) {
        let mode = |bit: u8| if off & bit == 0 { ListMode::On } else { ListMode::Off };
        let of = |lines: &[Line], mode| {
            let entries = lines.iter().map(|line| line.entry(place));
            IpList::builder().entries(entries).mode(mode).build().unwrap()
        };
        let diff = ListDiff::between(&of(&before, mode(1)), &of(&after, mode(2)), at(micros));
        let mut counts = (0_u128, 0_u128);
        for number in 0..=255 {
            let was = mode(1) == ListMode::Off || lets_in(&before, number, micros);
            let is = mode(2) == ListMode::Off || lets_in(&after, number, micros);
            let within = |ranges: &[AddressRange]| ranges.iter().filter(|r| r.contains(place.address(number))).count();
            prop_assert_eq!(within(diff.gains()), usize::from(is && !was), "{}", number);
            prop_assert_eq!(within(diff.losses()), usize::from(was && !is), "{}", number);
            counts = (counts.0 + u128::from(is && !was), counts.1 + u128::from(was && !is));
        }
        let counted = (diff.gained(place.family()), diff.lost(place.family()));
        match (mode(1), mode(2)) {
            (ListMode::On, ListMode::On) => prop_assert_eq!(counted, counts),
            (ListMode::Off, ListMode::Off) => prop_assert!(diff.is_empty()),
            // Off is all of both families: what the other lets in is missing from it.
            (one, _) => {
                let listed = (0..=255).filter(|number| lets_in(if one == ListMode::On { &before } else { &after }, *number, micros));
                let all = match place.family() { Family::Ipv4 => 1 << 32, Family::Ipv6 => u128::MAX };
                let rest = (all - u128::try_from(listed.clone().count()).unwrap()).saturating_add(match place.family() {
                    Family::Ipv6 if listed.count() > 0 => 1, // u128::MAX is one less than there are
                    _ => 0,
                });
                prop_assert_eq!(counted, if one == ListMode::Off { (0, rest) } else { (rest, 0) });
            }
        }
        for ranges in [diff.gains(), diff.losses()] {
            for pair in ranges.windows(2).filter(|pair| pair[0].is_ipv4() == pair[1].is_ipv4()) {
                let next = |address: IpAddr| match address {
                    IpAddr::V4(v4) => u128::from(v4.to_bits()),
                    IpAddr::V6(v6) => v6.to_bits(),
                };
                prop_assert!(next(pair[0].last()) + 1 < next(pair[1].first()), "{:?}", pair);
            }
        }
    }

    /// What the lint finds idle can be left out, all of it at once, and nobody gains or loses at any instant; and where
    /// entries always count, each allowed range that it leaves is needed.
    #[test]
    fn idle_entries_are_idle(place in prop::sample::select(&PLACES), lines in lines(8)) {
        let list = built(place, &lines, ListOwner::Tenant);
        let idle: Vec<usize> = lint(&list, &ListPolicy::default(), at(0)).iter().filter_map(|finding| match finding {
            Finding::Duplicate { entry, .. } | Finding::Shadowed { entry, .. } | Finding::Denied { entry, .. }
            | Finding::Needless { entry } | Finding::Expired { entry } => Some(*entry),
            _ => None,
        }).collect();
        let without = |left_out: &[usize]| -> Vec<Line> {
            lines.iter().enumerate().filter(|(entry, _)| !left_out.contains(entry)).map(|(_, line)| *line).collect()
        };
        let rest = without(&idle);
        for micros in 0..8 {
            for number in 0..=255 {
                prop_assert_eq!(lets_in(&lines, number, micros), lets_in(&rest, number, micros), "{:?}", idle);
            }
        }
        if lines.iter().all(|line| line.from.is_none() && line.until.is_none()) {
            for entry in (0..lines.len()).filter(|entry| lines[*entry].allows && !idle.contains(entry)) {
                let fewer = without(&[idle.as_slice(), &[entry]].concat());
                let needed = (0..=255).any(|number| lets_in(&rest, number, 0) != lets_in(&fewer, number, 0));
                prop_assert!(needed, "entry {} could be left out", entry);
            }
        }
    }
}
