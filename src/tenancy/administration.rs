use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{
    ALREADY_FOUNDED, APPOINTED, BEYOND_OWN, CLOSED, DISMISSED, FUNCTION_FIXED, ID_TAKEN, INVALID_ROLES,
    LAST_ADMINISTRATOR, NO_PROFILE, NOT_ADMINISTRATOR, NOT_FOUNDED, NOT_THE_CUSTOMER, OPENED, OTHER_FUNCTION,
    ROLE_DEFINED, ROLES_SET, TOO_MANY, UNKNOWN_ROLE,
};
use super::{Function, ProfileState, Role, RoleId, RolePolicy, RolePolicyError, TenantState};
use crate::clause::{self, Clause};
use crate::event::{Code, Fact};
use crate::id::{AccountId, OpaqueId, TenantId};
use crate::store::{Key, Transition};

/// What an administrator of the tenant wants changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Administration {
    /// A role is to be this, whether it exists or not. One without rules is retired: it allows and denies nothing.
    DefineRole(Role),
    /// A person gets a profile under an account that never had one (A2-Use-2).
    OpenProfile {
        /// The account.
        account: AccountId,
        /// Whose it is: the host's id of the person.
        person: OpaqueId,
        /// For which function, if for one.
        function: Option<Function>,
        /// Its roles, at most [`ProfileState::MAX_ROLES`].
        roles: BTreeSet<RoleId>,
    },
    /// An account is to have these roles and no others.
    SetRoles {
        /// Which.
        account: AccountId,
        /// Its roles from now on.
        roles: BTreeSet<RoleId>,
    },
    /// An account is closed for good: nothing is allowed to it, and nobody gets its id (A2-Input-4).
    CloseProfile {
        /// Which.
        account: AccountId,
    },
    /// An account is to administer the tenant as well.
    Appoint {
        /// Which.
        account: AccountId,
    },
    /// It no longer is.
    Dismiss {
        /// Which.
        account: AccountId,
    },
}

impl Administration {
    pub(super) const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::DefineRole(_) => None,
            Self::OpenProfile { account, .. }
            | Self::SetRoles { account, .. }
            | Self::CloseProfile { account }
            | Self::Appoint { account }
            | Self::Dismiss { account } => Some(account),
        }
    }

    /// The records that decide on it: to be loaded for [`settle_administration`](super::settle_administration).
    #[must_use]
    pub fn keys(&self, tenant: &TenantId) -> Vec<Key> {
        let profile = self.account().map(|account| ProfileState::key(tenant, account));
        [TenantState::key(tenant)].into_iter().chain(profile).collect()
    }

    pub(super) const fn code(&self) -> Code {
        match self {
            Self::DefineRole(_) => ROLE_DEFINED,
            Self::OpenProfile { .. } => OPENED,
            Self::SetRoles { .. } => ROLES_SET,
            Self::CloseProfile { .. } => CLOSED,
            Self::Appoint { .. } => APPOINTED,
            Self::Dismiss { .. } => DISMISSED,
        }
    }

    pub(super) fn describe(&self, fact: Fact) -> Fact {
        let fact = fact.with("change", self.code());
        let role = match self {
            Self::DefineRole(role) => OpaqueId::try_new(role.id().as_str()).ok(),
            _ => None,
        };
        let fact = role.iter().fold(fact, |fact, role| fact.with("role", role));
        self.account().into_iter().fold(fact, |fact, account| fact.with("account", account))
    }
}

/// What [`administer`](super::administer) says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: done or refused")]
pub enum AdministerOutcome {
    /// It is as was wanted.
    Done,
    /// Nothing changed, for each of these reasons.
    Refused(Vec<AdministerRefusal>),
}

/// Why something is not administered so. To administrators all of it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdministerRefusal {
    /// The customer alone administers: not the operator's staff, by whatever grant (E-5.2a, E-5.5).
    NotTheCustomer,
    /// The account is no administrator of the tenant.
    NotAnAdministrator,
    /// The tenant was not founded.
    NotFounded,
    /// It was, and is not founded twice.
    AlreadyFounded,
    /// There is no open profile of this account.
    NoProfile,
    /// The account has or had a profile: an id is given once (A2-Input-4).
    IdTaken,
    /// There is no such role.
    UnknownRole(RoleId),
    /// The role belongs to another function than the account (A2-Use-2).
    OtherFunction(RoleId),
    /// A role stays with its function: there are accounts that have it for that one.
    FunctionFixed,
    /// It would let somebody do what the administrator may not do himself, or have what may be shared with a role that
    /// he has not.
    BeyondOwn,
    /// Nobody would be left who administers the tenant and may do everything, so some change could never be undone.
    LastAdministrator,
    /// More roles than an account, or administrators than a tenant may have.
    TooMany,
    /// The roles together would be no policy.
    Invalid(RolePolicyError),
}

impl AdministerRefusal {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::NotTheCustomer => NOT_THE_CUSTOMER,
            Self::NotAnAdministrator => NOT_ADMINISTRATOR,
            Self::NotFounded => NOT_FOUNDED,
            Self::AlreadyFounded => ALREADY_FOUNDED,
            Self::NoProfile => NO_PROFILE,
            Self::IdTaken => ID_TAKEN,
            Self::UnknownRole(_) => UNKNOWN_ROLE,
            Self::OtherFunction(_) => OTHER_FUNCTION,
            Self::FunctionFixed => FUNCTION_FIXED,
            Self::BeyondOwn => BEYOND_OWN,
            Self::LastAdministrator => LAST_ADMINISTRATOR,
            Self::TooMany => TOO_MANY,
            Self::Invalid(_) => INVALID_ROLES,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        match self {
            Self::NotTheCustomer => clause::E_5_5,
            Self::NotAnAdministrator => clause::E_5_2A,
            Self::IdTaken => clause::A2_INPUT_4,
            Self::OtherFunction(_) | Self::FunctionFixed => clause::A2_USE_2,
            Self::BeyondOwn => clause::A2_USE_4,
            _ => clause::E_5_10C,
        }
    }
}

/// The two transitions of one change: they are committed together, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_structs, reason = "closed: a host with tables of its own commits both")]
pub struct Administered {
    /// Of the tenant's record, with the answer.
    pub tenant: Transition<TenantState, AdministerOutcome>,
    /// Of the account's profile, if the change is about one.
    pub profile: Transition<ProfileState, ()>,
}

impl Administered {
    pub(super) fn refused(wish: Code, fact: Fact, refusals: Vec<AdministerRefusal>) -> Self {
        let fact = refusals.iter().fold(fact.with("change", wish), |fact, refusal| {
            let fact = fact.with(refusal.code().as_str(), true);
            if fact.clauses().contains(&refusal.clause()) { fact } else { fact.under(refusal.clause()) }
        });
        Self {
            tenant: Transition::keep(AdministerOutcome::Refused(refusals)).with(fact),
            profile: Transition::keep(()),
        }
    }
}

/// How a tenant begins: its first roles, and its key user (E-5.1a) as its first administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a host must say all of it")]
pub struct Founding {
    /// The first roles.
    pub roles: RolePolicy,
    /// The key user's account.
    pub key_user: AccountId,
    /// Who that is: the host's id of the person.
    pub person: OpaqueId,
    /// The key user's roles: together they must allow everything, since nobody else could ever give it.
    pub holds: BTreeSet<RoleId>,
}

impl Founding {
    /// The records that decide on it: to be loaded for [`settle_founding`](super::settle_founding).
    #[must_use]
    pub fn keys(&self, tenant: &TenantId) -> [Key; 2] {
        [TenantState::key(tenant), ProfileState::key(tenant, &self.key_user)]
    }
}
