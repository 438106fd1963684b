use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::policy::StaffPolicyError;
use super::purpose::PurposeKind;
use super::scope::Area;
use crate::access::{AccessPolicy, ListMode};
use crate::id::OpaqueId;

/// What opens an area: networks and transport, *and* a role, *and* a purpose; where the area asks for them, a grant and
/// login data that the customer gave. Each use has to meet them all.
///
/// Checked with its area, when the policy is built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaRule {
    #[serde(default)]
    access: AccessPolicy,
    roles: Vec<OpaqueId>,
    purposes: Vec<PurposeKind>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    without_grant: bool,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    customer_login: bool,
}

impl AreaRule {
    /// From these networks, over this transport; roles and purposes are to follow.
    #[must_use]
    pub const fn new(access: AccessPolicy) -> Self {
        Self { access, roles: Vec::new(), purposes: Vec::new(), without_grant: false, customer_login: false }
    }

    /// Adds a role: whoever has one of those that are named.
    #[must_use]
    pub fn role(mut self, role: OpaqueId) -> Self {
        self.roles.push(role);
        self
    }

    /// Adds a purpose.
    #[must_use]
    pub fn purpose(mut self, purpose: PurposeKind) -> Self {
        self.purposes.push(purpose);
        self
    }

    /// Adds purposes.
    #[must_use]
    pub fn purposes(mut self, purposes: impl IntoIterator<Item = PurposeKind>) -> Self {
        self.purposes.extend(purposes);
        self
    }

    /// Opens a customer's account without a grant, to the roles and for the purposes that are named. Without this a grant
    /// is needed; in the user manager (E-5.5) and the customer's data it always is, in the database never.
    #[must_use]
    pub const fn without_grant(mut self) -> Self {
        self.without_grant = true;
        self
    }

    /// Asks for login data that the customer gave, as the customer's data always does (E-5.6a).
    #[must_use]
    pub const fn with_customer_login(mut self) -> Self {
        self.customer_login = true;
        self
    }

    /// The networks and the transport.
    #[must_use]
    pub const fn access(&self) -> &AccessPolicy {
        &self.access
    }

    /// The roles, one of which is needed.
    #[must_use]
    pub fn roles(&self) -> &[OpaqueId] {
        &self.roles
    }

    /// The purposes, one of which is needed.
    #[must_use]
    pub fn allows(&self, purpose: PurposeKind) -> bool {
        self.purposes.contains(&purpose)
    }

    pub(super) fn needs_grant(&self, area: Area) -> bool {
        area.is_tenants() && !self.without_grant
    }

    pub(super) fn needs_customer_login(&self, area: Area) -> bool {
        self.customer_login || area == Area::CustomerData
    }

    pub(super) fn check(&self, area: Area) -> Result<(), StaffPolicyError> {
        if area.is_closed() {
            return Err(StaffPolicyError::Closed { area });
        }
        if self.roles.is_empty() && self.purposes.is_empty() {
            return Err(StaffPolicyError::NetworkAlone { area });
        }
        if self.roles.is_empty() {
            return Err(StaffPolicyError::NoRole { area });
        }
        if self.purposes.is_empty() {
            return Err(StaffPolicyError::NoPurpose { area });
        }
        if let Some(purpose) = self.purposes.iter().find(|purpose| purpose.is_of_database() != (area == Area::Database))
        {
            return Err(StaffPolicyError::WrongPurpose { area, purpose: *purpose });
        }
        if area == Area::Database && self.access.ip_list().mode() == ListMode::Off {
            return Err(StaffPolicyError::NoNetwork);
        }
        if matches!(area, Area::UserManager | Area::CustomerData) && self.without_grant {
            return Err(StaffPolicyError::GrantNeeded { area });
        }
        Ok(())
    }
}
