use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use super::decide::address;
use super::{Effect, Family, Finding, IpList, IpListBuilder, ListDecision, ListDiff, ListOwner, ListPolicy, lint};
use crate::clause;
use crate::event::{Actor, Code, Fact, Provenance};
use crate::id::{AccountId, OpaqueId, Scope};
use crate::store::{Key, Transition};
use crate::time::{Now, Timestamp};

/// A list of addresses was changed.
pub const LIST_CHANGED: Code = Code::internal("access.list_changed");
/// A list of addresses was changed although it locks administrators out or has blocking findings.
pub const LIST_FORCED: Code = Code::internal("access.list_forced");

/// Who administers the list, and from where he was last seen, both families: a change that shuts one of these
/// addresses out is refused.
///
/// An administrator that the list does not bind (one of a role he has not) is not looked at; if his roles are not
/// said, it binds him. What "last" means is the host's to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    account: AccountId,
    addresses: Vec<IpAddr>,
    roles: Option<Vec<OpaqueId>>,
}

impl Administrator {
    /// An administrator who is active, and the addresses he came from of late.
    #[must_use]
    pub fn new(account: AccountId, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self { account, addresses: addresses.into_iter().collect(), roles: None }
    }

    /// He has these roles and no others.
    #[must_use]
    pub fn with_roles(mut self, roles: impl IntoIterator<Item = OpaqueId>) -> Self {
        self.roles = Some(roles.into_iter().collect());
        self
    }

    fn is_bound_by(&self, owner: &ListOwner) -> bool {
        match owner {
            ListOwner::Tenant => true,
            ListOwner::Role(role) => self.roles.as_ref().is_none_or(|roles| roles.contains(role)),
            ListOwner::Token(_) => false,
        }
    }
}

/// Somebody whom a changed list would shut out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockedOut {
    /// The administrator; `None` is whoever proposes the change.
    pub account: Option<AccountId>,
    /// From where; `None` if that is not known, and then nothing can be said for it.
    pub address: Option<IpAddr>,
    /// From when on, if the changed list still lets him in today.
    pub since: Option<Timestamp>,
    /// What the changed list says.
    pub decision: ListDecision,
}

impl fmt::Display for LockedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.account {
            Some(account) => write!(f, "administrator {account}")?,
            None => f.write_str("the proposer")?,
        }
        if let Some(address) = self.address {
            write!(f, " at {address}")?;
        }
        if let Some(since) = self.since {
            write!(f, " from {since} on")?;
        }
        write!(f, ": {}", self.decision)
    }
}

/// A change of a list that somebody asks for. Nothing else makes a new version: it is reviewed, approved or forced, and
/// applied, in this order, by the types.
///
/// ```
/// use clausework::access::{Administrator, IpList, ListDecision, ListOwner, ListPolicy, Proposal, ProposalOutcome, ReviewOutcome};
/// use clausework::event::{Actor, Origin, Provenance, Transport};
/// use clausework::store::{Key, MemoryStore, update};
/// use clausework::{AccountId, TenantId};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (policy, acme) = (ListPolicy::default(), TenantId::try_new("acme")?);
/// let anna = AccountId::try_new("u-1")?;
/// let by = Provenance::new(Actor::User(anna.clone()), Origin::network("8.8.4.7".parse()?, Transport::Tls));
/// let boris = Administrator::new(AccountId::try_new("u-2")?, ["8.8.4.9".parse()?, "2600:7::9".parse()?]);
///
/// // The bad case: the office of tomorrow without that of today. Both would have locked themselves out.
/// let current = IpList::off(ListOwner::Tenant);
/// let tomorrow = IpList::builder().entry(clausework::access::ListEntry::allow("9.9.8.0/24".parse()?));
/// let review = Proposal::new(acme.clone(), &current, tomorrow, &by)?.review(&policy, now, &[boris.clone()]);
/// let ReviewOutcome::Refused(review) = review.approve() else { panic!() };
/// assert_eq!(review.locked_out().len(), 3);
/// assert_eq!(review.locked_out()[0].to_string(), "the proposer at 8.8.4.7: no entry allows it");
/// assert_eq!(review.locked_out()[2].decision, ListDecision::FamilyNotListed); // IPv6 was forgotten
///
/// // The good case, over a store: what was decided holds only for the list it was decided on.
/// let both = IpList::builder().entries(["8.8.4.0/24", "9.9.8.0/24", "2600:7::/48"].map(|text| {
///     clausework::access::ListEntry::allow(text.parse().unwrap())
/// }));
/// let review = Proposal::new(acme.clone(), &current, both, &by)?.review(&policy, now, &[boris]);
/// assert_eq!(review.findings(), []);
/// let ReviewOutcome::Approved(approved) = review.approve() else { panic!() };
///
/// let store = MemoryStore::new();
/// let apply = |key: &Key| update(&store, [key], |rows| rows.settle(now, &by, key, |list| approved.apply(key, list)));
/// let umbrella = IpList::key(TenantId::try_new("umbrella")?, &ListOwner::Tenant);
/// assert_eq!(apply(&umbrella)?, ProposalOutcome::OtherList); // another tenant's, though it is as empty
/// assert_eq!(apply(approved.key())?, ProposalOutcome::Applied { version: 1 });
/// assert_eq!(apply(approved.key())?, ProposalOutcome::Superseded); // the list is another by now
/// assert!(store.events()[0].text().contains("access.list_changed"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a proposal changes nothing until it is reviewed, approved and applied"]
pub struct Proposal {
    key: Key,
    base: IpList,
    next: IpList,
    by: Provenance,
}

impl Proposal {
    /// Proposes that this tenant's list be like this, or the operator's. The draft is of the same owner, whatever it says.
    /// An entry that names no author keeps the one that it has in the list, so a form need not show authors; one that is
    /// new is the proposer's.
    ///
    /// # Errors
    /// [`IpListError`](super::IpListError) when there is no such list.
    pub fn new(
        scope: impl Into<Scope>,
        current: &IpList,
        draft: IpListBuilder,
        by: &Provenance,
    ) -> Result<Self, super::IpListError> {
        let IpListBuilder { mode, entries, .. } = draft;
        let signed = entries.into_iter().map(|entry| {
            let known = current.entries().iter().find(|known| known.is_but_for_author(&entry));
            match (entry.author(), known) {
                (Some(_), _) => entry,
                (None, Some(known)) => known.clone(),
                (None, None) => entry.with_author(by.actor().clone()),
            }
        });
        let (owner, entries) = (current.owner().clone(), signed.collect());
        let next = IpListBuilder { owner, mode, version: current.version(), entries }.build()?;
        let key = IpList::key(scope, current.owner());
        Ok(Self { key, base: current.clone(), next, by: by.clone() })
    }

    /// Says what the change comes to: what is odd about the new list, whom it locks out, who gains and who loses.
    ///
    /// The proposer must be let in from where he asks, and every administrator from each of his addresses that the
    /// list lets in today. Nor may a denial that begins later, or an entry that ends later, shut one of them out whom the
    /// list as it is would then let in. Of tokens' lists nobody is an administrator, and a proposer who is among the
    /// administrators is bound as they are. The rest speaks of this instant.
    pub fn review(self, policy: &ListPolicy, now: Now, administrators: &[Administrator]) -> Review {
        let Self { key, base, next, by } = self;
        let mut locked_out = Vec::new();
        if !matches!(base.owner(), ListOwner::Token(_)) {
            let is_he = |person: &&Administrator| *by.actor() == Actor::User(person.account.clone());
            if administrators.iter().filter(is_he).all(|person| person.is_bound_by(base.owner())) {
                let address = address(by.origin());
                let decision = next.decide_on(now, address);
                if decision.is_allowed() {
                    let later = address.and_then(|address| shut_out_later(&base, &next, now, address));
                    locked_out.extend(later);
                } else {
                    locked_out.push(LockedOut { account: None, address, since: None, decision });
                }
            }
            for administrator in administrators.iter().filter(|person| person.is_bound_by(base.owner())) {
                for address in administrator.addresses.iter().map(IpAddr::to_canonical) {
                    let decision = next.decide(now, address);
                    let shut = match (base.decide(now, address).is_allowed(), decision.is_allowed()) {
                        (_, true) => shut_out_later(&base, &next, now, address),
                        (true, false) => {
                            Some(LockedOut { account: None, address: Some(address), since: None, decision })
                        }
                        (false, false) => None,
                    };
                    let account = Some(administrator.account.clone());
                    locked_out.extend(shut.map(|shut| LockedOut { account, ..shut }));
                }
            }
        }
        let (findings, diff) = (lint(&next, policy, now), ListDiff::between(&base, &next, now));
        Review { key, base, next, findings, locked_out, diff }
    }
}

/// The first instant after now from which the changed list refuses an address that the present list would then let in.
fn shut_out_later<'a>(base: &'a IpList, next: &'a IpList, now: Now, address: IpAddr) -> Option<LockedOut> {
    // Only then can it come to that: where the one begins to refuse, or the other to let in.
    let turns = |list: &'a IpList, begins: Effect| {
        list.entries()
            .iter()
            .filter(move |entry| entry.covers(address))
            .filter_map(move |entry| if entry.effect() == begins { entry.valid_from() } else { entry.valid_until() })
    };
    let turns = turns(next, Effect::Deny).chain(turns(base, Effect::Allow));
    let refused = turns.filter(|turn| *turn > now.timestamp()).filter_map(|since| {
        let decision = next.decide(since.into(), address);
        let taken = !decision.is_allowed() && base.decide(since.into(), address).is_allowed();
        taken.then_some(LockedOut { account: None, address: Some(address), since: Some(since), decision })
    });
    refused.min_by_key(|shut| shut.since)
}

/// What a [`Proposal`] comes to: to be shown to whoever approves it.
#[derive(Clone, Debug)]
#[must_use = "a review changes nothing until it is approved and applied"]
pub struct Review {
    key: Key,
    base: IpList,
    next: IpList,
    findings: Vec<Finding>,
    locked_out: Vec<LockedOut>,
    diff: ListDiff,
}

/// Whether a reviewed change may be made as it is.
#[derive(Clone, Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: it may or it may not")]
#[allow(clippy::large_enum_variant, reason = "made once a change, and taken apart at once")]
pub enum ReviewOutcome {
    /// It may.
    Approved(Approved),
    /// It locks somebody out or has a blocking finding: change it, or [force](Review::force) it.
    Refused(Review),
}

impl Review {
    /// The list as it would be, still of the present version.
    #[must_use]
    pub const fn next(&self) -> &IpList {
        &self.next
    }

    /// What is odd about it.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whom it would lock out, the proposer first.
    #[must_use]
    pub fn locked_out(&self) -> &[LockedOut] {
        &self.locked_out
    }

    /// Who gains and who loses, at the instant of the review.
    #[must_use]
    pub const fn diff(&self) -> &ListDiff {
        &self.diff
    }

    /// Approves the change, unless it locks somebody out or has a finding that [blocks](Finding::is_blocking).
    pub fn approve(self) -> ReviewOutcome {
        if self.locked_out.is_empty() && !self.findings.iter().any(Finding::is_blocking) {
            ReviewOutcome::Approved(Approved { review: self, forced: None })
        } else {
            ReviewOutcome::Refused(self)
        }
    }

    /// Approves it whatever it comes to: a way out for an operator with a console. Person and reason (the number of a
    /// ticket, say) are in an event of their own, [`LIST_FORCED`].
    pub const fn force(self, by: AccountId, reason: OpaqueId) -> Approved {
        Approved { review: self, forced: Some((by, reason)) }
    }
}

/// A change that may be made: once, of the list that was reviewed.
#[derive(Clone, Debug)]
#[must_use = "an approved change is none until it is applied"]
pub struct Approved {
    review: Review,
    forced: Option<(AccountId, OpaqueId)>,
}

/// What became of an approved change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: it was made or it was not")]
pub enum ProposalOutcome {
    /// It was made.
    Applied {
        /// The version that the list has now.
        version: u64,
    },
    /// The list was changed since the review, which is worth nothing for another list. Propose anew.
    Superseded,
    /// The key is that of another tenant's list, or of another owner's: a mistake of the host's. Nothing was changed.
    OtherList,
}

impl Approved {
    /// What was reviewed.
    pub const fn review(&self) -> &Review {
        &self.review
    }

    /// The key of the list that was reviewed.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.review.key
    }

    /// Makes the change, if what was read under this key is still the list that was reviewed: `None` stands for one that
    /// is off and empty. Two tenants may have equal lists, so the key says whose it is.
    pub fn apply(&self, key: &Key, current: Option<IpList>) -> Transition<IpList, ProposalOutcome> {
        let Review { base, next, findings, locked_out, diff, .. } = &self.review;
        if key != self.key() {
            return Transition::keep(ProposalOutcome::OtherList);
        }
        let current = current.unwrap_or_else(|| IpList::off(base.owner().clone()));
        let following = base.version().checked_add(1).filter(|_| current == *base);
        let next = following.and_then(|version| IpListBuilder { version, ..next.to_builder() }.build().ok());
        let Some(next) = next else { return Transition::keep(ProposalOutcome::Superseded) };

        let (version, owner) = (next.version(), next.owner());
        let about = |code| {
            let fact = Fact::success(code).under(clause::E_5_7).with("list", owner.sort()).with("version", version);
            owner.id().map_or_else(|| fact.clone(), |id| fact.clone().with("of", id))
        };
        let changed = about(LIST_CHANGED)
            .with("entries", number(next.entries().len()))
            .with("on", next.mode() == super::ListMode::On)
            .with("ipv4_gained", capped(diff.gained(Family::Ipv4)))
            .with("ipv4_lost", capped(diff.lost(Family::Ipv4)))
            .with("ipv6_gained", capped(diff.gained(Family::Ipv6)))
            .with("ipv6_lost", capped(diff.lost(Family::Ipv6)));
        let forced = self.forced.as_ref().map(|(by, reason)| {
            let blocking = findings.iter().filter(|finding| finding.is_blocking()).count();
            let fact = about(LIST_FORCED).with("by", by).with("reason", reason);
            fact.with("locked_out", number(locked_out.len())).with("blocking", number(blocking))
        });
        Transition::put(next, ProposalOutcome::Applied { version }).with(changed).with_all(forced)
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// An event counts to 2^64 - 1: more than that many addresses of IPv6 are given as so many.
fn capped(addresses: u128) -> u64 {
    u64::try_from(addresses).unwrap_or(u64::MAX)
}
