use alloc::vec::Vec;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{AddressRange, Effect, IpList, ListMode};
use crate::time::Timestamp;

/// One of the two families of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: there is no third family")]
pub enum Family {
    /// IPv4, and IPv4-mapped IPv6, which is the same.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ipv4, Self::Ipv6];

    /// That of an address.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(_) => Self::Ipv4,
            IpAddr::V6(_) => Self::Ipv6,
        }
    }

    /// The highest address as a number.
    pub(super) const fn last(self) -> u128 {
        match self {
            Self::Ipv4 => u32::MAX as u128,
            Self::Ipv6 => u128::MAX,
        }
    }

    pub(super) fn range(self, (first, last): Span) -> Option<AddressRange> {
        let address = |number: u128| match self {
            Self::Ipv4 => u32::try_from(number).ok().map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
            Self::Ipv6 => Some(IpAddr::V6(Ipv6Addr::from_bits(number))),
        };
        // The IPv4-mapped block alone, left over between two others, is nobody's: such an address is an IPv4 one.
        AddressRange::try_new(address(first)?, address(last)?).ok().filter(|range| Self::of(range.first()) == self)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
        })
    }
}

/// First and last address of one family, as numbers.
pub(super) type Span = (u128, u128);

/// A range as numbers.
pub(super) fn span(range: AddressRange) -> Span {
    let number = |address: IpAddr| match address {
        IpAddr::V4(v4) => v4.to_bits().into(),
        IpAddr::V6(v6) => v6.to_bits(),
    };
    (number(range.first()), number(range.last()))
}

/// The same addresses as spans that rise and do not touch.
pub(super) fn merged(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.into_iter().collect();
    sorted.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (first, last) in sorted {
        match merged.last_mut() {
            // The one after the highest address would be 0: everything touches it.
            Some((_, end)) if end.checked_add(1).is_none_or(|next| first <= next) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// What is in the one and not in the other; both [`merged`].
pub(super) fn minus(these: &[Span], those: &[Span]) -> Vec<Span> {
    let (mut left, mut those) = (Vec::new(), those.iter().copied().peekable());
    for &(first, last) in these {
        let mut from = Some(first);
        while let Some(&(cut_first, cut_last)) = those.peek() {
            let Some(start) = from.filter(|_| cut_first <= last) else { break };
            if cut_last >= start {
                if cut_first > start {
                    left.push((start, cut_first.saturating_sub(1)));
                }
                from = cut_last.checked_add(1).filter(|next| *next <= last);
            }
            if cut_last > last {
                break; // it may reach into the next
            }
            those.next();
        }
        left.extend(from.map(|start| (start, last)));
    }
    left
}

/// How many addresses, [`merged`]; `u128::MAX` for the whole of IPv6, which is one less than there are.
pub(super) fn count(spans: &[Span]) -> u128 {
    let one = |(first, last): &Span| last.saturating_sub(*first).saturating_add(1);
    spans.iter().map(one).fold(0, u128::saturating_add)
}

/// The addresses of a family that a list lets in at an instant.
pub(super) fn open(list: &IpList, family: Family, at: Timestamp) -> Vec<Span> {
    match list.mode() {
        ListMode::Off => Vec::from([(0, family.last())]),
        ListMode::On => {
            let of = |effect| {
                let chosen = list.entries().iter().filter(|e| e.effect() == effect && e.in_force(at));
                merged(chosen.filter(|e| Family::of(e.range().first()) == family).map(|e| span(e.range())))
            };
            minus(&of(Effect::Allow), &of(Effect::Deny))
        }
    }
}
