//! Users, as the host knows them.

use clausework::{AccountId, TenantId};

/// What a user may do in the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Of a customer: decides about its rules, its support cases and its obligations.
    Administrator,
    /// Of a customer.
    Member,
    /// Of the operator: sees a customer's data only by a grant of that customer's.
    Staff,
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Member => "member",
            Self::Staff => "staff",
        }
    }

    /// What was written is read back; anything else has the fewest rights.
    pub fn read(text: &str) -> Self {
        match text {
            "administrator" => Self::Administrator,
            "staff" => Self::Staff,
            _ => Self::Member,
        }
    }
}

/// A row of the host's own table of users. Clausework knows accounts alone: which name belongs to which is the host's.
#[derive(Clone, Debug)]
pub struct User {
    /// The name typed at the sign-in: the address of the mailbox.
    pub email: String,
    pub account: AccountId,
    pub tenant: TenantId,
    pub display_name: String,
    pub role: Role,
}

impl User {
    pub(super) fn from_columns(columns: [String; 5]) -> Result<Self, clausework::id::IdError> {
        let [email, account, tenant, display_name, role] = columns;
        let (account, tenant) = (AccountId::try_new(account)?, TenantId::try_new(tenant)?);
        Ok(Self { email, account, tenant, display_name, role: Role::read(&role) })
    }

    pub(super) fn columns(&self) -> [&str; 5] {
        [&self.email, self.account.as_str(), self.tenant.as_str(), &self.display_name, self.role.as_str()]
    }
}

/// The form in which names are compared. Clausework folds the names of its lock records by itself.
pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}
