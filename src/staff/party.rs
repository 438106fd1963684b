use super::scope::GrantId;
use crate::event::Actor;
use crate::id::{AccountId, OpaqueId, TenantId};

/// Somebody who approves, ends or reviews a grant: of which customer, by which account, with which right.
///
/// ```
/// use clausework::staff::Party;
/// use clausework::{AccountId, TenantId, id::OpaqueId};
///
/// let (acme, anna) = (TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
/// let administrator = Party::customer(acme, anna)
///     .with_right()                                  // the customer lets this account approve; by default it may not
///     .known_as(OpaqueId::try_new("person-3")?);     // so that a second account of hers counts once
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub(super) tenant: TenantId,
    pub(super) actor: Actor,
    pub(super) person: OpaqueId,
    pub(super) is_staff: bool,
    pub(super) has_right: bool,
    pub(super) within: Option<GrantId>,
}

impl Party {
    /// An account of the customer's.
    #[must_use]
    pub fn customer(tenant: TenantId, account: AccountId) -> Self {
        let person = account.clone().into();
        Self { tenant, actor: Actor::User(account), person, is_staff: false, has_right: false, within: None }
    }

    /// A member of the operator's staff, about this customer.
    #[must_use]
    pub fn staff(tenant: TenantId, staff: OpaqueId) -> Self {
        let actor = Actor::Staff(staff.clone());
        Self { tenant, actor, person: staff, is_staff: true, has_right: false, within: None }
    }

    /// The host has found the account, or the member, to have the right for it.
    #[must_use]
    pub fn with_right(mut self) -> Self {
        self.has_right = true;
        self
    }

    /// Who that is, whatever account is used: an approval counts once a person, and nobody approves his own. By default
    /// the id of the account, or of the member.
    #[must_use]
    pub fn known_as(mut self, person: OpaqueId) -> Self {
        self.person = person;
        self
    }

    /// Whether that is this member of staff, by whatever account.
    pub(super) fn is(&self, staff: &OpaqueId) -> bool {
        self.person == *staff || self.acts_as(staff)
    }

    pub(super) fn acts_as(&self, staff: &OpaqueId) -> bool {
        matches!(&self.actor, Actor::Staff(of) if of == staff)
    }

    /// It is done in a session under that grant, in which nothing can be approved. A host says so whenever it is.
    #[must_use]
    pub fn within(mut self, grant: GrantId) -> Self {
        self.within = Some(grant);
        self
    }
}
