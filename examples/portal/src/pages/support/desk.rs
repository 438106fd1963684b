//! What the operator's staff may reach of a customer's and what for, and the two things that this desk opens.

use std::time::Duration;

use clausework::id::OpaqueId;
use clausework::staff::{Area, GrantScope, GrantState, PurposeKind, StaffAccess, StaffPolicy};
use clausework::tenancy::{self, Action, Actions, Interface, PurposePolicy, ResourceKind, Usage};
use serde::Deserialize;

use crate::app::StartError;
use crate::database::User;
use crate::error::PageError;
use crate::pages::network::Rules;

/// Eight hours at most, and a day to answer. What is not named is closed: a customer's own data, for one, which asks for
/// login data of the customer's as well.
const POLICY: &str = r#"{ "max_duration_secs": 28800, "pending_secs": 86400, "areas": {
    "user_manager": { "roles": ["support"],
        "purposes": ["support_request", "technical_problem", "maintain_service", "required_by_law"] },
    "account": { "roles": ["support"],
        "purposes": ["support_request", "technical_problem", "maintain_service", "required_by_law"] } } }"#;

/// Both things were collected to administer the account. For what staff come, they may be looked at too.
const PURPOSES: &str = r#"{
    "purposes": ["administration", "support_request", "technical_problem", "maintain_service", "required_by_law"],
    "compatible": [
        { "use": "support_request", "collected_for": "administration" },
        { "use": "technical_problem", "collected_for": "administration" },
        { "use": "maintain_service", "collected_for": "administration" },
        { "use": "required_by_law", "collected_for": "administration" } ],
    "interfaces": [{ "id": "support-desk",
        "purposes": ["support_request", "technical_problem", "maintain_service", "required_by_law"] }] }"#;

/// The purposes that a form offers: those of E-3.2.
pub const OFFERED: [(PurposeKind, &str); 4] = [
    (PurposeKind::SupportRequest, "the customer's support request"),
    (PurposeKind::TechnicalProblem, "a technical problem"),
    (PurposeKind::MaintainService, "maintenance of the service"),
    (PurposeKind::RequiredByLaw, "a legal duty"),
];

/// The rules of the desk; made once.
pub struct Desk {
    policy: StaffPolicy,
    purposes: PurposePolicy,
    interface: Interface,
    roles: [OpaqueId; 1],
}

impl Desk {
    pub fn new() -> Result<Self, StartError> {
        let other = |error: Box<dyn std::error::Error + Send + Sync>| StartError::Other(error);
        Ok(Self {
            policy: serde_json::from_str(POLICY).map_err(|error| other(error.into()))?,
            purposes: serde_json::from_str(PURPOSES).map_err(|error| other(error.into()))?,
            interface: Interface::try_new("support-desk").map_err(|error| other(error.into()))?,
            roles: [OpaqueId::try_new("support").map_err(|error| other(error.into()))?],
        })
    }

    pub const fn access(&self) -> StaffAccess<'_> {
        StaffAccess::new(&self.policy)
    }

    /// The longest access, in hours.
    pub const fn max_hours(&self) -> u64 {
        self.policy.max_duration().as_secs() / HOUR.as_secs()
    }

    /// The roles of the operator's staff: here everybody has the same.
    pub const fn roles(&self) -> &[OpaqueId] {
        &self.roles
    }

    pub fn usage<'a>(&'a self, purpose: &'a tenancy::Purpose) -> Usage<'a> {
        self.purposes.usage(&self.interface, purpose)
    }
}

pub const HOUR: Duration = Duration::from_secs(60 * 60);

/// What a grant of this desk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    Users,
    NetworkRules,
}

impl Thing {
    pub const ALL: [Self; 2] = [Self::Users, Self::NetworkRules];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::NetworkRules => "network_rules",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::NetworkRules => "Network rules",
        }
    }

    /// No emergency opens the part where users are managed.
    pub const fn area(self) -> Area {
        match self {
            Self::Users => Area::UserManager,
            Self::NetworkRules => Area::Account,
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Users => <User as tenancy::Resource>::KIND,
            Self::NetworkRules => <Rules as tenancy::Resource>::KIND,
        }
    }

    /// All there are of it.
    pub fn resource(self) -> Result<clausework::staff::Resource, PageError> {
        Ok(clausework::staff::Resource { kind: ResourceKind::try_new(self.kind())?, id: None })
    }

    /// To look at it, and nothing else.
    pub fn scope(self) -> Result<GrantScope, PageError> {
        let scope = GrantScope::try_new(self.area(), Actions::of(&[Action::Read]), [self.resource()?]);
        scope.map_err(PageError::unavailable)
    }

    pub fn of(grant: &GrantState) -> Option<Self> {
        let [resource] = grant.scope().resources() else { return None };
        Self::ALL.into_iter().find(|thing| thing.kind() == resource.kind.as_str())
    }
}

impl tenancy::Resource for User {
    const KIND: &'static str = "user";
    const PURPOSE: &'static str = "administration";

    fn id(&self) -> &str {
        self.account.as_str()
    }
}

impl tenancy::Resource for Rules {
    const KIND: &'static str = "network_rules";
    const PURPOSE: &'static str = "administration";

    fn id(&self) -> &str {
        "network_rules"
    }
}
