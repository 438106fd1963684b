use super::{Action, Purpose, ResourceKind};
use crate::event::{Actor, Origin, Provenance};
use crate::id::{AccountId, OpaqueId, TenantId};
use crate::time::Timestamp;

/// Who asks, and of which tenant: known to be so.
///
/// [`SignIn::principal`](crate::sign_in::SignIn::principal) makes one of the use of a session; a host that
/// authenticates elsewhere vouches for it by [`vouched_for`](Principal::vouched_for); for the operator's staff there is
/// [`Permit::principal`](crate::staff::Permit::principal) and nothing else. There is none without a tenant.
/// It has no `Default` and is not deserialised, so that no request can bring its own.
///
/// It is made anew on every request and not kept. A role, a profile or a share that ends, ends for it at the next
/// decision; that the account was disabled or its session ended since is seen only where the next one is made.
///
/// ```
/// use clausework::tenancy::Principal;
/// use clausework::{AccountId, TenantId};
///
/// let me = Principal::vouched_for(TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
/// assert_eq!(me.tenant().as_str(), "acme");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
///
/// ```compile_fail
/// let me: clausework::tenancy::Principal = serde_json::from_str(r#"{"tenant":"acme","account":"u-17"}"#).unwrap();
/// ```
///
/// ```compile_fail
/// # use clausework::{AccountId, tenancy::Principal};
/// let me = Principal::vouched_for(None, AccountId::try_new("u-17").unwrap()); // no tenant, no principal
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    tenant: TenantId,
    bearer: Bearer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// An account of the tenant.
    Account(AccountId),
    /// Somebody of the operator's staff, let in by the customer.
    Staff { id: OpaqueId, reach: GrantReach },
}

/// What the operator's staff were let in to do by a grant of the customer's. Nothing else: no role, share or profile adds
/// to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GrantReach {
    /// For this purpose alone.
    pub(crate) purpose: Purpose,
    /// To resources of this kind.
    pub(crate) kind: ResourceKind,
    /// To this one alone, if it was asked for one.
    pub(crate) resource: Option<OpaqueId>,
    /// This alone.
    pub(crate) action: Action,
    /// Until then; at the instant itself it is over.
    pub(crate) until: Timestamp,
}

impl Principal {
    /// An account that the host itself has authenticated: by its own sign-in, a token of an identity provider that it
    /// has verified, an API key of the customer's that belongs to this account.
    ///
    /// Both ids come from what was verified, never from a parameter of the request: a host that takes the tenant from
    /// the path lets everybody choose one. Nothing here checks them.
    #[must_use]
    pub const fn vouched_for(tenant: TenantId, account: AccountId) -> Self {
        Self { tenant, bearer: Bearer::Account(account) }
    }

    /// One of the operator's staff, by a grant that was found to be in force just now.
    pub(crate) const fn by_grant(tenant: TenantId, staff: OpaqueId, reach: GrantReach) -> Self {
        Self { tenant, bearer: Bearer::Staff { id: staff, reach } }
    }

    /// The tenant whose data it is about.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The account of the tenant; `None` for the operator's staff.
    #[must_use]
    pub const fn account(&self) -> Option<&AccountId> {
        match &self.bearer {
            Bearer::Account(account) => Some(account),
            Bearer::Staff { .. } => None,
        }
    }

    /// Who acts, for events and stamps.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.bearer {
            Bearer::Account(account) => Actor::User(account.clone()),
            Bearer::Staff { id, .. } => Actor::Staff(id.clone()),
        }
    }

    /// Who acts, and from where.
    #[must_use]
    pub fn provenance(&self, origin: Origin) -> Provenance {
        Provenance::new(self.actor(), origin)
    }

    pub(super) const fn bearer(&self) -> &Bearer {
        &self.bearer
    }
}
