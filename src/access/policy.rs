use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{IpList, ListOwner};

/// The network and transport rules of one customer.
///
/// The list of the tenant binds every request, that of a role or of a kind of token whoever it is about; a request
/// comes in if every list that binds it lets it in.
///
/// ```
/// use clausework::access::{AccessPolicy, AccessPolicyError, IpList, ListEntry, ListOwner};
/// use clausework::id::OpaqueId;
///
/// let admins = ListOwner::Role(OpaqueId::try_new("admin")?);
/// let desk = ListEntry::allow("198.51.100.7".parse()?);
/// let policy = AccessPolicy::builder()
///     .ip_list(IpList::only(["198.51.100.0/24".parse()?])?)
///     .list(IpList::builder().owner(admins.clone()).entry(desk).build()?)
///     .https_only(true)
///     .build()?;
/// assert!(policy.https_only());
///
/// let twice = AccessPolicy::builder().list(IpList::off(admins.clone())).list(IpList::off(admins.clone())).build();
/// assert_eq!(twice, Err(AccessPolicyError::Twice { owner: admins }));
///
/// // The same from a file; a mistake in it is refused with its place.
/// let file = r#"{
///     "https_only": true,
///     "ip_list": { "mode": "on", "version": 1, "entries": ["198.51.100.0/24"] },
///     "lists": [{ "of": { "role": "admin" }, "entries": ["198.51.100.7"] }]
/// }"#;
/// let policy: AccessPolicy = serde_json::from_str(file)?;
/// assert_eq!(policy.lists().count(), 2);
/// let unclear = serde_json::from_str::<AccessPolicy>(&file.replace(".0/24", ".7/24")).unwrap_err();
/// assert!(unclear.to_string().contains("198.51.100.7/24 has host bits, did you mean 198.51.100.0/24"));
/// assert_eq!(unclear.line(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "AccessPolicyBuilder")]
pub struct AccessPolicy(AccessPolicyBuilder);

/// What becomes of a session that is used from where it may not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: it goes on or it ends")]
pub enum OutsideUse {
    /// The use is refused; from inside the session goes on. Whoever steps out of the office can come back.
    #[default]
    Refuse,
    /// The use is refused and the session ends: whoever shows its token elsewhere may have stolen it.
    End,
}

impl AccessPolicy {
    /// The most lists of roles and kinds of tokens (our choice).
    pub const MAX_LISTS: usize = 100;

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> AccessPolicyBuilder {
        AccessPolicyBuilder::default()
    }

    /// The list of the tenant.
    #[must_use]
    pub const fn ip_list(&self) -> &IpList {
        &self.0.ip_list
    }

    /// Every list: that of the tenant, then those of roles and kinds of tokens.
    pub fn lists(&self) -> impl Iterator<Item = &IpList> {
        core::iter::once(&self.0.ip_list).chain(&self.0.lists)
    }

    /// Whether plain HTTP is refused.
    #[must_use]
    pub const fn https_only(&self) -> bool {
        self.0.https_only
    }

    /// What becomes of a session that is used from where it may not be.
    #[must_use]
    pub const fn outside_use(&self) -> OutsideUse {
        self.0.outside_use
    }

    /// The same rules with this list in place of the one of its owner: as the customer keeps it in the store.
    ///
    /// ```
    /// use clausework::access::{AccessPolicy, IpList};
    ///
    /// let file = AccessPolicy::builder().https_only(true).build()?;
    /// let kept = IpList::only(["198.51.100.0/24".parse()?])?;
    /// let rules = file.with_list(kept.clone())?;
    /// assert_eq!((rules.ip_list(), rules.https_only()), (&kept, true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`AccessPolicyError::TooMany`].
    pub fn with_list(self, list: IpList) -> Result<Self, AccessPolicyError> {
        let mut rules = self.0;
        if *list.owner() == ListOwner::Tenant {
            return rules.ip_list(list).build();
        }
        rules.lists.retain(|other| other.owner() != list.owner());
        rules.list(list).build()
    }
}

/// The settings of an [`AccessPolicy`], not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AccessPolicyBuilder {
    ip_list: IpList,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lists: Vec<IpList>,
    https_only: bool,
    outside_use: OutsideUse,
}

/// Both restrictions are the customer's to switch on (E-5.7, E-5.8). The lists start off; HTTPS-only starts
/// on, because a password in the clear is nobody's wish: a stricter default of ours. A session goes on.
impl Default for AccessPolicyBuilder {
    fn default() -> Self {
        let (ip_list, outside_use) = (IpList::off(ListOwner::Tenant), OutsideUse::Refuse);
        Self { ip_list, lists: Vec::new(), https_only: true, outside_use }
    }
}

impl AccessPolicyBuilder {
    /// The list of the tenant; off unless given.
    #[must_use]
    pub fn ip_list(mut self, ip_list: IpList) -> Self {
        self.ip_list = ip_list;
        self
    }

    /// Adds the list of a role or of a kind of token.
    #[must_use]
    pub fn list(mut self, list: IpList) -> Self {
        self.lists.push(list);
        self
    }

    /// Whether plain HTTP is refused.
    #[must_use]
    pub const fn https_only(mut self, https_only: bool) -> Self {
        self.https_only = https_only;
        self
    }

    /// What becomes of a session that is used from where it may not be; it goes on unless said otherwise.
    #[must_use]
    pub const fn outside_use(mut self, outside_use: OutsideUse) -> Self {
        self.outside_use = outside_use;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`AccessPolicyError`] when the list of the tenant is another's, an owner has two lists, or there are too many.
    pub fn build(self) -> Result<AccessPolicy, AccessPolicyError> {
        let owner = self.ip_list.owner();
        if *owner != ListOwner::Tenant {
            return Err(AccessPolicyError::NotTheTenants { owner: owner.clone() });
        }
        if self.lists.len() > AccessPolicy::MAX_LISTS {
            return Err(AccessPolicyError::TooMany { found: self.lists.len() });
        }
        for (index, list) in self.lists.iter().enumerate() {
            let owner = list.owner();
            let earlier = self.lists.iter().take(index);
            if *owner == ListOwner::Tenant || earlier.map(IpList::owner).any(|other| other == owner) {
                return Err(AccessPolicyError::Twice { owner: owner.clone() });
            }
        }
        Ok(AccessPolicy(self))
    }
}

impl TryFrom<AccessPolicyBuilder> for AccessPolicy {
    type Error = AccessPolicyError;

    fn try_from(builder: AccessPolicyBuilder) -> Result<Self, AccessPolicyError> {
        builder.build()
    }
}

/// Why there is no such access policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessPolicyError {
    /// `ip_list` is for the list of the tenant; the others are added to `lists`.
    #[error("the list of {owner} was given as that of tenant")]
    NotTheTenants {
        /// Whose it is.
        owner: ListOwner,
    },
    /// An owner has one list.
    #[error("there are two lists of {owner}")]
    Twice {
        /// Whose.
        owner: ListOwner,
    },
    /// More than [`AccessPolicy::MAX_LISTS`].
    #[error("{found} lists are more than a policy may have")]
    TooMany {
        /// How many were given.
        found: usize,
    },
}
