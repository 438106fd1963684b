use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::scoped::check_kind;
use super::{Actions, Function, Resource, RoleId, RolePolicy};
use crate::id::{AccountId, OpaqueId, TenantId};
use crate::store::{Key, KeyId, Record};
use crate::time::{Now, SKEW, Timestamp};

/// What is stored of a tenant: its roles, and who administers it. One record: whatever an administrator changes is a
/// compare-and-swap of it, so that two of them at once cannot leave the tenant without one.
///
/// Bounded: at most [`MAX_ADMINISTRATORS`](TenantState::MAX_ADMINISTRATORS) with
/// [`MAX_ROLES`](ProfileState::MAX_ROLES) each, which is 18 KiB, and [`RolePolicy::MAX_BYTES`], which is 40.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct TenantState {
    pub(super) roles: RolePolicy,
    /// With the roles of their profiles, so that this record alone tells whether one is left who may do everything.
    pub(super) administrators: BTreeMap<AccountId, BTreeSet<RoleId>>,
    /// How often anything was administered.
    pub(super) changes: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    roles: RolePolicy,
    administrators: Vec<Administrator>,
    changes: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Administrator {
    account: AccountId,
    roles: BTreeSet<RoleId>,
}

impl TenantState {
    /// The most administrators. Each is loaded with every decision; and who cannot be counted is not watched.
    pub const MAX_ADMINISTRATORS: usize = 16;

    /// The key of the one record of a tenant.
    #[must_use]
    pub fn key(tenant: &TenantId) -> Key {
        Key::of::<Self>(tenant.clone(), tenant)
    }

    /// The roles.
    #[must_use]
    pub const fn roles(&self) -> &RolePolicy {
        &self.roles
    }

    /// Who administers the tenant: accounts of its own.
    pub fn administrators(&self) -> impl Iterator<Item = &AccountId> {
        self.administrators.keys()
    }

    /// Whether this account administers it: also the answer for a host's own settings that only administrators may
    /// change, such as lists of addresses and password rules (E-5.10c).
    #[must_use]
    pub fn is_administrator(&self, account: &AccountId) -> bool {
        self.administrators.contains_key(account)
    }
}

impl TryFrom<Stored> for TenantState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let count = stored.administrators.len();
        let pairs = stored.administrators.into_iter().map(|one| (one.account, one.roles));
        let state = Self { roles: stored.roles, administrators: pairs.collect(), changes: stored.changes };
        let few = |roles: &BTreeSet<RoleId>| roles.len() <= ProfileState::MAX_ROLES;
        if state.administrators.len() != count || count > Self::MAX_ADMINISTRATORS || state.changes > u64::MAX / 2 {
            return Err("administrators that no decision writes");
        }
        if state.administrators.values().all(few) { Ok(state) } else { Err("more roles than an account may have") }
    }
}

impl From<TenantState> for Stored {
    fn from(state: TenantState) -> Self {
        let one = |(account, roles)| Administrator { account, roles };
        Self {
            roles: state.roles,
            administrators: state.administrators.into_iter().map(one).collect(),
            changes: state.changes,
        }
    }
}

impl Record for TenantState {
    const KIND: &'static str = "tenancy";
    const VERSION: u16 = 1;
}

/// What is stored of an account's profile: whose it is, for which function, and its roles (A2-Use-2).
///
/// An account is one person's. When that person goes it is closed, and its id is never given again (A2-Input-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum ProfileState {
    /// In use.
    #[non_exhaustive]
    Open {
        /// Whose: the host's id of the person.
        person: OpaqueId,
        /// For which function, if it is bound to one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        function: Option<Function>,
        /// Its roles.
        #[serde(deserialize_with = "few")]
        roles: BTreeSet<RoleId>,
    },
    /// Closed for good, and blank.
    Closed,
}

fn few<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<RoleId>, D::Error> {
    let list = Vec::<RoleId>::deserialize(deserializer)?;
    let count = list.len();
    let roles: BTreeSet<RoleId> = list.into_iter().collect();
    if count > ProfileState::MAX_ROLES || roles.len() != count {
        return Err(serde::de::Error::custom("roles that no decision writes"));
    }
    Ok(roles)
}

impl ProfileState {
    /// The most roles of an account.
    pub const MAX_ROLES: usize = 16;

    /// The key of an account's profile.
    #[must_use]
    pub fn key(tenant: &TenantId, account: &AccountId) -> Key {
        Key::of::<Self>(tenant.clone(), account)
    }

    /// Its roles, none if it is closed.
    pub fn roles(&self) -> impl Iterator<Item = &RoleId> {
        match self {
            Self::Open { roles, .. } => Some(roles),
            Self::Closed => None,
        }
        .into_iter()
        .flatten()
    }

    /// Whether it is in use.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

impl Record for ProfileState {
    const KIND: &'static str = "profile";
    const VERSION: u16 = 1;
}

/// Whom something is shared with: of the same tenant, since neither id can name another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the stored form of version 1")]
pub enum ShareWith {
    /// One account.
    Account(AccountId),
    /// Every account that has this role.
    Role(RoleId),
}

/// One share of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub(super) number: u32,
    pub(super) with: ShareWith,
    pub(super) actions: Actions,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    pub(super) by: AccountId,
    pub(super) at: Timestamp,
    /// The share that let its maker make it: when that one goes, so does this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<u32>,
}

impl Share {
    /// Its number among the shares of the resource, never given twice.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Whom it is shared with.
    #[must_use]
    pub const fn with(&self) -> &ShareWith {
        &self.with
    }

    /// What they may do. They may share it further only if [`Share`](super::Action::Share) is among it.
    #[must_use]
    pub const fn actions(&self) -> Actions {
        self.actions
    }

    /// Until when; at that instant it is over.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Who shared it.
    #[must_use]
    pub const fn by(&self) -> &AccountId {
        &self.by
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, now: Now) -> bool {
        self.until.is_some_and(|until| now.timestamp() >= until)
    }

    /// Whether it counts: not over, and not made in the future, as a clock that stepped back would have it.
    pub(super) fn is_in_force(&self, now: Now) -> bool {
        !self.is_over(now) && self.at <= now.plus(SKEW)
    }

    pub(super) fn is_with(&self, account: &AccountId, has_role: impl Fn(&RoleId) -> bool) -> bool {
        match &self.with {
            ShareWith::Account(with) => with == account,
            ShareWith::Role(role) => has_role(role),
        }
    }
}

/// What is stored of the shares of one resource.
///
/// Bounded: at most [`MAX`](SharesState::MAX) of under 420 bytes each, which is 53 KiB. What is over leaves it when it is
/// next looked at through [`ask`](super::ask), or written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredShares")]
pub struct SharesState {
    /// The number of the next share.
    pub(super) next: u32,
    /// Sorted by number.
    pub(super) shares: Vec<Share>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredShares {
    next: u32,
    shares: Vec<Share>,
}

impl SharesState {
    /// The most shares of one resource. A role reaches more people.
    pub const MAX: usize = 128;

    /// The key of the shares of one resource.
    #[must_use]
    pub fn key<T: Resource + ?Sized>(tenant: &TenantId, resource: &OpaqueId) -> Key {
        const { check_kind::<T>() }
        Key::of::<Self>(tenant.clone(), KeyId::own(&alloc::format!("{}.{resource}", T::KIND)))
    }

    /// The shares, in the order in which they were made; some may be over.
    #[must_use]
    pub fn shares(&self) -> &[Share] {
        &self.shares
    }
}

impl TryFrom<StoredShares> for SharesState {
    type Error = &'static str;

    fn try_from(StoredShares { next, shares }: StoredShares) -> Result<Self, Self::Error> {
        let is_sorted = shares.is_sorted_by(|a, b| a.number < b.number);
        let is_known = |share: &Share| share.number < next && share.from.is_none_or(|from| from < share.number);
        if is_sorted
            && shares.len() <= Self::MAX
            && shares.iter().all(|share| is_known(share) && !share.actions.is_empty())
        {
            Ok(Self { next, shares })
        } else {
            Err("shares that no decision writes")
        }
    }
}

impl Record for SharesState {
    const KIND: &'static str = "shares";
    const VERSION: u16 = 1;
}
