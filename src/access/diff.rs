use alloc::vec::Vec;
use core::fmt;

use super::space::{Family, Span, count, minus, open};
use super::{AddressRange, IpList};
use crate::time::Now;

/// Who gains and who loses by a change of a list, as addresses: what it lets in at one instant, before and after.
///
/// It speaks of the list alone: an address that gains still has to pass the other lists that bind it. A list that is
/// off lets every address in.
///
/// ```
/// use clausework::access::{Family, IpList, ListDiff};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let before = IpList::only(["198.51.100.0/24".parse()?])?;
/// let after = IpList::only(["198.51.100.0/25".parse()?, "203.0.113.9".parse()?])?;
/// let diff = ListDiff::between(&before, &after, now);
/// assert_eq!((diff.gained(Family::Ipv4), diff.lost(Family::Ipv4)), (1, 128));
/// assert_eq!(diff.gains(), ["203.0.113.9".parse()?]);
/// assert_eq!(diff.to_string(), "ipv4: 1 address gains (203.0.113.9), 128 lose (198.51.100.128/25)");
/// assert!(ListDiff::between(&after, &after, now).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListDiff {
    gains: Vec<AddressRange>,
    losses: Vec<AddressRange>,
    /// Gained and lost, of IPv4 and of IPv6.
    counts: [(u128, u128); 2],
}

impl ListDiff {
    /// What the one lets in and the other does not.
    #[must_use]
    pub fn between(before: &IpList, after: &IpList, now: Now) -> Self {
        let mut diff = Self::default();
        for (family, counts) in Family::ALL.into_iter().zip(&mut diff.counts) {
            let of = |list| open(list, family, now.timestamp());
            let (before, after) = (of(before), of(after));
            let (gained, lost) = (minus(&after, &before), minus(&before, &after));
            *counts = (count(&gained), count(&lost));
            let ranges = |spans: Vec<Span>| spans.into_iter().filter_map(move |span| family.range(span));
            diff.gains.extend(ranges(gained));
            diff.losses.extend(ranges(lost));
        }
        diff
    }

    /// The ranges that are let in from now on, IPv4 first, rising, none touching the next.
    #[must_use]
    pub fn gains(&self) -> &[AddressRange] {
        &self.gains
    }

    /// The ranges that are no longer let in, in the same order.
    #[must_use]
    pub fn losses(&self) -> &[AddressRange] {
        &self.losses
    }

    /// How many addresses of a family gain; [`u128::MAX`] for all of IPv6, which is one more.
    #[must_use]
    pub const fn gained(&self, family: Family) -> u128 {
        self.counts_of(family).0
    }

    /// How many addresses of a family lose; [`u128::MAX`] for all of IPv6, which is one more.
    #[must_use]
    pub const fn lost(&self, family: Family) -> u128 {
        self.counts_of(family).1
    }

    /// Whether nobody gains and nobody loses.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.gains.is_empty() && self.losses.is_empty()
    }

    const fn counts_of(&self, family: Family) -> (u128, u128) {
        let [ipv4, ipv6] = self.counts;
        match family {
            Family::Ipv4 => ipv4,
            Family::Ipv6 => ipv6,
        }
    }
}

/// One line for each family that is touched, with at most three ranges a side.
impl fmt::Display for ListDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nobody gains or loses");
        }
        let touched = |family: &Family| self.counts_of(*family) != (0, 0);
        for (line, family) in Family::ALL.into_iter().filter(touched).enumerate() {
            let (gained, lost) = self.counts_of(family);
            let of_family = |range: &&AddressRange| Family::of(range.first()) == family;
            let word = match gained {
                1 => "1 address gains",
                _ => "addresses gain",
            };
            write!(f, "{}{family}: ", if line > 0 { "\n" } else { "" })?;
            if gained != 1 {
                write!(f, "{gained} ")?;
            }
            f.write_str(word)?;
            few(f, self.gains.iter().filter(of_family))?;
            write!(f, ", {lost} {}", if lost == 1 { "loses" } else { "lose" })?;
            few(f, self.losses.iter().filter(of_family))?;
        }
        Ok(())
    }
}

fn few<'a>(f: &mut fmt::Formatter<'_>, ranges: impl Iterator<Item = &'a AddressRange>) -> fmt::Result {
    let mut shown = 0_u8;
    for range in ranges {
        match shown {
            0 => write!(f, " ({range}")?,
            1 | 2 => write!(f, ", {range}")?,
            _ => return f.write_str(", …)"),
        }
        shown = shown.saturating_add(1);
    }
    if shown > 0 { f.write_str(")") } else { Ok(()) }
}
