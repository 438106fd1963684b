use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::clause::{self, Clause};
use crate::entropy::{Entropy, EntropyError};
use crate::id::{IdError, OpaqueId};
use crate::store::KeyId;
use crate::tenancy::{Actions, ResourceKind};

/// What staff may want to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: each has rules of its own")]
pub enum Area {
    /// A customer's account: what the host holds of it outside the two below (E-3.2).
    Account,
    /// The part where the customer's own users are managed (E-5.5).
    UserManager,
    /// What the customer keeps in the service (E-5.6a).
    CustomerData,
    /// The production database (E-6H.7).
    Database,
    /// A production server. No rule opens it (E-6H.8a).
    Server,
    /// Customers' passwords. No rule opens them (E-5.3).
    Passwords,
}

impl Area {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Account, Self::UserManager, Self::CustomerData, Self::Database, Self::Server, Self::Passwords];

    /// The word for it, such as `user_manager`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::UserManager => "user_manager",
            Self::CustomerData => "customer_data",
            Self::Database => "database",
            Self::Server => "server",
            Self::Passwords => "passwords",
        }
    }

    /// The clause behind it; for the database that of the purposes.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::Account => clause::E_3_2,
            Self::UserManager => clause::E_5_5,
            Self::CustomerData => clause::E_5_6A,
            Self::Database => clause::E_6H_7C,
            Self::Server => clause::E_6H_8A,
            Self::Passwords => clause::E_5_3,
        }
    }

    /// Whether it is one customer's: a request must then say whose.
    #[must_use]
    pub const fn is_tenants(self) -> bool {
        matches!(self, Self::Account | Self::UserManager | Self::CustomerData | Self::Passwords)
    }

    /// Whether no rule can open it.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Server | Self::Passwords)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The id of a grant: an [`OpaqueId`] of at most 40 bytes, so a UUID fits.
///
/// ```
/// use clausework::staff::GrantId;
///
/// let id = GrantId::mint(&mut clausework::entropy::OsEntropy)?;
/// assert_eq!(id.as_str().len(), 32); // 128 random bits
/// assert!(GrantId::try_new("0192f3c1-7d2a-7b1e-9d53-2f1f0a9b5c11").is_ok());
/// assert!(GrantId::try_new("x".repeat(41)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "OpaqueId", into = "OpaqueId")]
pub struct GrantId(OpaqueId);

impl GrantId {
    /// The longest id, in bytes: a tenant's index of open grants holds a thousand of them.
    pub const MAX_BYTES: usize = 40;

    /// Checks the text and takes it as the id of a grant. It must never have been another grant's.
    ///
    /// # Errors
    /// [`IdError`], as [`OpaqueId::try_new`]; a text over 40 bytes is too long.
    pub fn try_new(text: impl Into<String>) -> Result<Self, IdError> {
        Self::try_from(OpaqueId::try_new(text)?)
    }

    /// A new one, of 128 random bits.
    ///
    /// # Errors
    /// [`EntropyError`] when the source fails.
    pub fn mint(entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
        let bytes: [u8; 16] = crate::entropy::bytes(entropy)?;
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let text: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        // INVARIANT: 32 hexadecimal digits are an id.
        OpaqueId::try_new(text).map(Self).map_err(|_| EntropyError::Unavailable)
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// As the authority of an audit record's [`Delegation`](crate::audit::record::Delegation).
    #[must_use]
    pub const fn as_id(&self) -> &OpaqueId {
        &self.0
    }
}

impl TryFrom<OpaqueId> for GrantId {
    type Error = IdError;

    fn try_from(id: OpaqueId) -> Result<Self, IdError> {
        match id.as_str().len() {
            found if found > Self::MAX_BYTES => Err(IdError::Length { found }),
            _ => Ok(Self(id)),
        }
    }
}

impl From<GrantId> for OpaqueId {
    fn from(id: GrantId) -> Self {
        id.0
    }
}

impl<'a> From<&'a GrantId> for KeyId<'a> {
    fn from(id: &'a GrantId) -> Self {
        Self::from(&id.0)
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A thing in an area: of a kind, and which one; without an id, the kind as a whole.
///
/// ```
/// use clausework::{id::OpaqueId, staff::Resource, tenancy::ResourceKind};
///
/// let (kind, id) = (ResourceKind::try_new("invoice")?, OpaqueId::try_new("i-7")?);
/// let (all, one) = (Resource { kind: kind.clone(), id: None }, Resource { kind, id: Some(id) });
/// assert!(all.covers(&one));
/// assert!(!one.covers(&all)); // a list of all invoices shows more than one
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: a kind and an id")]
pub struct Resource {
    /// What it is: as [`tenancy::Resource::KIND`](crate::tenancy::Resource::KIND) says it, where it is one.
    pub kind: ResourceKind,
    /// Which one; `None` for all of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<OpaqueId>,
}

impl Resource {
    /// Whether whoever may reach this may reach `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.kind == other.kind && (self.id.is_none() || self.id == other.id)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        self.id.as_ref().map_or(Ok(()), |id| write!(f, " {id}"))
    }
}

/// What a grant covers: one area, actions in it, and what they may be done to. Nothing stands for "everything".
///
/// ```
/// use clausework::staff::{Area, GrantScope, Resource, ScopeError};
/// use clausework::tenancy::{Action, Actions, ResourceKind};
///
/// let read = Actions::of(&[Action::Read]);
/// let invoices = Resource { kind: ResourceKind::try_new("invoice")?, id: None };
/// let scope = GrantScope::try_new(Area::CustomerData, read, [invoices.clone()])?;
/// assert!(scope.actions().has(Action::Read) && !scope.actions().has(Action::Delete));
///
/// let nothing = GrantScope::try_new(Area::CustomerData, Actions::default(), [invoices.clone()]);
/// assert_eq!(nothing, Err(ScopeError::NoAction));
/// assert_eq!(GrantScope::try_new(Area::Server, read, [invoices]), Err(ScopeError::Closed { area: Area::Server }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "StoredScope")]
pub struct GrantScope {
    area: Area,
    actions: Actions,
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredScope {
    area: Area,
    actions: Actions,
    resources: Vec<Resource>,
}

impl TryFrom<StoredScope> for GrantScope {
    type Error = ScopeError;

    fn try_from(StoredScope { area, actions, resources }: StoredScope) -> Result<Self, ScopeError> {
        Self::try_new(area, actions, resources)
    }
}

impl GrantScope {
    /// The most resources: what an approver can still read.
    pub const MAX: usize = 32;

    /// Checks and makes a scope.
    ///
    /// # Errors
    /// [`ScopeError`] when no grant opens the area, or there is no action, or there are no or too many resources.
    pub fn try_new(
        area: Area,
        actions: Actions,
        resources: impl IntoIterator<Item = Resource>,
    ) -> Result<Self, ScopeError> {
        let counts = 1..=Self::MAX;
        let resources: Vec<_> = resources.into_iter().collect();
        if area.is_closed() || !area.is_tenants() {
            return Err(ScopeError::Closed { area });
        }
        if actions.is_empty() {
            return Err(ScopeError::NoAction);
        }
        if !counts.contains(&resources.len()) {
            return Err(ScopeError::Resources { found: resources.len() });
        }
        Ok(Self { area, actions, resources })
    }

    /// The area.
    #[must_use]
    pub const fn area(&self) -> Area {
        self.area
    }

    /// What may be done.
    #[must_use]
    pub const fn actions(&self) -> Actions {
        self.actions
    }

    /// To what it may be done.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }
}

/// `customer_data: read of invoice, contract c-7`
impl fmt::Display for GrantScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.area)?;
        for (index, action) in self.actions.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { ", " }, action.as_str())?;
        }
        for (index, resource) in self.resources.iter().enumerate() {
            write!(f, "{}{resource}", if index == 0 { " of " } else { ", " })?;
        }
        Ok(())
    }
}

/// Why there is no such scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// No grant opens this area: a customer has none to give in the database, and two are closed to all.
    #[error("no grant opens the area {area}")]
    Closed {
        /// Which.
        area: Area,
    },
    /// A scope of nothing.
    #[error("a scope without an action")]
    NoAction,
    /// None, or over [`GrantScope::MAX`].
    #[error("{found} resources are not between 1 and 32")]
    Resources {
        /// How many.
        found: usize,
    },
}
