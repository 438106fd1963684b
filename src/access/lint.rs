use alloc::vec::Vec;

use super::entry::ListEntry;
use super::finding::Finding;
use super::space::{Family, Span, count, merged, minus, open, span};
use super::{AddressClass, AddressRange, Effect, IpList, ListMode, ListPolicy, Reach, special_blocks};
use crate::time::{Now, Timestamp};

/// What is odd about a list: entries that do nothing, ranges that nobody uses, holes and the whole internet.
///
/// A list that is off lets everyone in and is not blamed for it; its entries are looked at all the same.
///
/// ```
/// use clausework::access::{Finding, IpList, ListEntry, ListPolicy, lint};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let list = IpList::builder()
///     .entry(ListEntry::allow("8.8.8.7".parse()?))
///     .entry(ListEntry::deny("8.8.8.0/24".parse()?))
///     .entry(ListEntry::allow("8.8.4.0/24".parse()?))
///     .entry(ListEntry::allow("2600:7::/48".parse()?))
///     .build()?;
/// let found = lint(&list, &ListPolicy::default(), now);
/// assert_eq!(found, [Finding::Denied { entry: 0, by: Some(1) }]); // a deny wins, however narrow the allow
/// assert!(found[0].is_blocking());
/// assert_eq!(found[0].to_string(), "entry 0 is allowed in vain: entry 1 denies all of it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn lint(list: &IpList, policy: &ListPolicy, now: Now) -> Vec<Finding> {
    let at = now.timestamp();
    let mut linter = Linter { entries: list.entries(), at, idle: Vec::new(), found: Vec::new() };
    linter.each(policy);
    linter.pairs();
    linter.together();
    linter.mergeable();
    if list.mode() == ListMode::On {
        linter.whole(list, policy);
    }
    linter.found
}

struct Linter<'a> {
    entries: &'a [ListEntry],
    at: Timestamp,
    /// Entries that were found to do nothing: they are no reason to find the same of another.
    idle: Vec<usize>,
    found: Vec<Finding>,
}

impl<'a> Linter<'a> {
    /// The entries whose time is not over.
    fn alive(&self) -> impl Iterator<Item = (usize, &'a ListEntry)> + use<'a> {
        let at = self.at;
        self.entries.iter().enumerate().filter(move |(_, entry)| !entry.is_over(at))
    }

    /// The same without those that do nothing.
    fn working(&self) -> Vec<(usize, &'a ListEntry)> {
        self.alive().filter(|(index, _)| !self.idle.contains(index)).collect()
    }

    fn each(&mut self, policy: &ListPolicy) {
        for (entry, checked) in self.entries.iter().enumerate() {
            if checked.is_over(self.at) {
                self.found.push(Finding::Expired { entry });
                continue;
            }
            if let Some(class) = class_of(checked.range()).filter(|class| !is_expected(*class, policy.reach())) {
                self.found.push(Finding::Special { entry, class });
            }
            if checked.effect() == Effect::Allow && is_too_wide(checked.range(), policy) {
                self.found.push(Finding::TooWide { entry });
            }
        }
    }

    /// What one entry does to another.
    fn pairs(&mut self) {
        for (entry, one) in self.alive() {
            let others = || self.alive().filter(|(other, _)| *other != entry);
            let same = |other: &ListEntry| other.effect() == one.effect();
            let covers = |other: &ListEntry| other.range().covers(&one.range()) && other.outlives(one);
            // Of two that are equal in all that counts, the later is the copy.
            let copied = others().find(|(other, of)| {
                let first = *other < entry || !one.outlives(of);
                same(of) && of.range() == one.range() && of.outlives(one) && first
            });
            let wider = others().find(|(_, by)| same(by) && by.range() != one.range() && covers(by));
            let denied = others().find(|(_, by)| one.effect() == Effect::Allow && !same(by) && covers(by));
            let finding = match (denied, copied, wider) {
                (Some((by, _)), ..) => Finding::Denied { entry, by: Some(by) },
                (_, Some((of, _)), _) => Finding::Duplicate { entry, of },
                (.., Some((by, _))) => Finding::Shadowed { entry, by: Some(by) },
                (None, None, None) => {
                    let crossed = others().find(|(_, deny)| {
                        let (allowed, denied) = (one.range(), deny.range());
                        let crosses = allowed.overlaps(&denied) && !allowed.covers(&denied) && !denied.covers(&allowed);
                        one.effect() == Effect::Allow && !same(deny) && crosses
                    });
                    self.found.extend(crossed.map(|(deny, _)| Finding::Overlapping { entry, deny }));
                    continue;
                }
            };
            self.found.push(finding);
            self.idle.push(entry);
        }
    }

    /// What several entries do to one, and denials of what nobody allows.
    fn together(&mut self) {
        for (entry, one) in self.working() {
            let others = self.working();
            let of = |effect| {
                let chosen = others.iter().filter(move |(other, by)| *other != entry && by.effect() == effect);
                chosen.filter(|(_, by)| by.range().overlaps(&one.range())).map(|(_, by)| *by)
            };
            let covering = |effect| of(effect).filter(|by| by.outlives(one)).map(|by| span(by.range()));
            let own = [span(one.range())];
            let finding = if one.effect() == Effect::Allow {
                let denied = merged(covering(Effect::Deny));
                if minus(&own, &denied).is_empty() {
                    Finding::Denied { entry, by: None }
                } else if minus(&own, &merged(denied.into_iter().chain(covering(Effect::Allow)))).is_empty() {
                    Finding::Shadowed { entry, by: None }
                } else {
                    continue;
                }
            } else {
                let allows = self.alive().filter(|(_, allow)| allow.effect() == Effect::Allow);
                let near = allows.filter(|(_, allow)| allow.range().overlaps(&one.range()));
                let allowed = merged(near.map(|(_, allow)| span(allow.range())));
                let denied = minus(&own, &minus(&own, &allowed));
                if denied.is_empty() {
                    Finding::Needless { entry }
                } else if minus(&denied, &merged(covering(Effect::Deny))).is_empty() {
                    Finding::Shadowed { entry, by: None }
                } else {
                    continue;
                }
            };
            self.found.push(finding);
            self.idle.push(entry);
        }
    }

    /// Neighbours that could be one.
    fn mergeable(&mut self) {
        let working = self.working();
        for (entry, one) in &working {
            let with = working.iter().find_map(|(other, with)| {
                let alike = other > entry && with.effect() == one.effect();
                let in_time = with.outlives(one) && one.outlives(with);
                Some((*other, joined(one.range(), with.range())?)).filter(|_| alike && in_time)
            });
            self.found.extend(with.map(|(with, into)| Finding::Mergeable { entry: *entry, with, into }));
        }
    }

    /// What the list comes to.
    fn whole(&mut self, list: &IpList, policy: &ListPolicy) {
        if Family::ALL.iter().all(|family| open(list, *family, self.at).is_empty()) {
            self.found.push(Finding::AdmitsNobody);
        }
        let (ipv4, ipv6) = (self.widest(Family::Ipv4), self.widest(Family::Ipv6));
        for (family, spans, others) in [(Family::Ipv4, &ipv4, &ipv6), (Family::Ipv6, &ipv6, &ipv4)] {
            let permille = permille(family, count(spans));
            if spans.is_empty() && !others.is_empty() {
                self.found.push(Finding::FamilyGap { family });
            }
            if permille > policy.max_permille() {
                self.found.push(Finding::WholeInternet { family, permille });
            }
        }
    }

    /// The most that the list will ever let in from now on: entries that are yet to come are in, and denials that
    /// come and go are not counted on.
    fn widest(&self, family: Family) -> Vec<Span> {
        let of = |effect, lasting: bool| {
            let chosen = self.alive().filter(move |(_, e)| {
                let stays = e.in_force(self.at) && e.valid_until().is_none();
                e.effect() == effect && Family::of(e.range().first()) == family && (!lasting || stays)
            });
            merged(chosen.map(|(_, entry)| span(entry.range())))
        };
        minus(&of(Effect::Allow, false), &of(Effect::Deny, true))
    }
}

/// The thousandths of a family, rounded up: what is over the limit by one address is over it.
fn permille(family: Family, addresses: u128) -> u16 {
    let thousandth = family.last().checked_div(1000).unwrap_or(u128::MAX);
    u16::try_from(addresses.div_ceil(thousandth.max(1)).min(1000)).unwrap_or(1000)
}

fn is_too_wide(range: AddressRange, policy: &ListPolicy) -> bool {
    let host_bits = if range.is_ipv4() {
        32_u32.saturating_sub(policy.widest_ipv4().into())
    } else {
        128_u32.saturating_sub(policy.widest_ipv6().into())
    };
    1_u128.checked_shl(host_bits).is_some_and(|most| range.addresses() > most)
}

/// The two as one range, if they touch or overlap.
fn joined(one: AddressRange, other: AddressRange) -> Option<AddressRange> {
    if one.is_ipv4() != other.is_ipv4() {
        return None;
    }
    match merged([span(one), span(other)])[..] {
        [whole] => Family::of(one.first()).range(whole),
        _ => None,
    }
}

/// The special block in which all of a range lies.
fn class_of(range: AddressRange) -> Option<AddressClass> {
    let holds = |address| move |network: ipnet::IpNet| network.contains(&address);
    let (first, last) = (holds(range.first()), holds(range.last()));
    let block = special_blocks().iter().find(|block| first(block.network()) && last(block.network()));
    block.map(|block| block.class())
}

/// Whether clients of this reach come from such addresses.
const fn is_expected(class: AddressClass, reach: Reach) -> bool {
    use AddressClass::{LinkLocal, Loopback, Private, Shared, UniqueLocal};
    matches!((class, reach), (Loopback | Private | Shared | LinkLocal | UniqueLocal, Reach::Private))
}
