use alloc::vec::Vec;
use core::net::IpAddr;

use super::entry::ListEntry;
use super::space::{Family, span};
use super::{AddressSet, Effect, ListDecision, SetEntry};
use crate::time::{Now, Timestamp};

/// A list, made ready to be asked.
///
/// Entries that always count are in one set, which never goes stale; the others, of which a list has few, are looked at
/// one by one at the instant of the question. So a list answers at any instant, and no host has to recompile it.
#[derive(Clone, Debug, Default)]
pub(super) struct Compiled {
    /// `None` of no entries.
    set: Option<AddressSet>,
    /// Which entry each of the set is.
    lasting: Vec<usize>,
    timed: Vec<usize>,
    /// Whether an entry that always counts allows addresses of the family.
    ipv4: bool,
    ipv6: bool,
}

impl Compiled {
    /// `None` if there are more entries than a set can hold.
    pub(super) fn new(entries: &[ListEntry]) -> Option<Self> {
        let of = |lasting: bool| {
            let chosen = entries.iter().enumerate().filter(move |(_, entry)| entry.is_lasting() == lasting);
            chosen.map(|(index, _)| index).collect::<Vec<_>>()
        };
        let (lasting, timed) = (of(true), of(false));
        let chosen: Vec<SetEntry> = entries
            .iter()
            .filter(|entry| entry.is_lasting())
            .map(|entry| SetEntry::new(entry.range(), entry.effect()))
            .collect();
        let allows = |family| entries.iter().any(|entry| entry.is_lasting() && allows(entry, family));
        let set = AddressSet::build(&chosen, Now::from(Timestamp::MIN)).ok()?;
        Some(Self { set: Some(set), lasting, timed, ipv4: allows(Family::Ipv4), ipv6: allows(Family::Ipv6) })
    }

    pub(super) fn decide(&self, entries: &[ListEntry], at: Timestamp, address: IpAddr) -> ListDecision {
        let lasting =
            self.set.as_ref().and_then(|set| set.find(address)).and_then(|found| self.lasting.get(found)).copied();
        let in_force = |index: &usize| entries.get(*index).is_some_and(|e| e.in_force(at) && e.covers(address));
        let timed = self.timed.iter().copied().filter(in_force);
        let named = lasting.into_iter().chain(timed).filter_map(|entry| Some((entry, entries.get(entry)?)));
        match named.min_by_key(|(index, entry)| rank(entry, *index)) {
            Some((entry, found)) if found.effect() == Effect::Deny => ListDecision::Denied { entry },
            Some((entry, _)) => ListDecision::Allowed { entry },
            None => {
                let allowed = |family| {
                    let timed = || self.timed.iter().filter_map(|index| entries.get(*index));
                    self.allows(family) || timed().any(|entry| entry.in_force(at) && allows(entry, family))
                };
                // A list that allows nothing at all refuses the address for no family's sake.
                let gap = !allowed(Family::of(address)) && Family::ALL.into_iter().any(allowed);
                if gap { ListDecision::FamilyNotListed } else { ListDecision::NotListed }
            }
        }
    }

    const fn allows(&self, family: Family) -> bool {
        match family {
            Family::Ipv4 => self.ipv4,
            Family::Ipv6 => self.ipv6,
        }
    }
}

fn allows(entry: &ListEntry, family: Family) -> bool {
    entry.effect() == Effect::Allow && Family::of(entry.range().first()) == family
}

/// Which of two entries that cover an address decides: a deny, then the narrower, then the lower, then the first given.
fn rank(entry: &ListEntry, index: usize) -> (bool, u128, u128, usize) {
    let (first, last) = span(entry.range());
    (entry.effect() == Effect::Allow, last.saturating_sub(first), first, index)
}
