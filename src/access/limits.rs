use serde::{Deserialize, Serialize};

/// Where the clients of a list come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: from the internet, or from networks of one's own as well")]
pub enum Reach {
    /// Over the internet: a private address in a list is a mistake.
    #[default]
    Internet,
    /// From networks of one's own as well: an intranet, a VPN.
    Private,
}

/// What a list of addresses may be before [`lint`](super::lint()) finds fault with it.
///
/// ```
/// use clausework::access::{ListPolicy, ListPolicyError};
///
/// let policy = ListPolicy::builder().widest_ipv4(16).build()?;
/// assert_eq!((policy.widest_ipv4(), policy.widest_ipv6()), (16, 32));
/// assert_eq!(ListPolicy::builder().widest_ipv4(33).build(), Err(ListPolicyError::Ipv4 { asked: 33 }));
/// assert!(serde_json::from_str::<ListPolicy>(r#"{ "max_permille": 1001 }"#).is_err());
/// # Ok::<(), ListPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ListPolicyBuilder")]
pub struct ListPolicy(ListPolicyBuilder);

impl ListPolicy {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> ListPolicyBuilder {
        ListPolicyBuilder::default()
    }

    /// An allowed range of IPv4 has at most as many addresses as a network of this prefix length.
    #[must_use]
    pub const fn widest_ipv4(&self) -> u8 {
        self.0.widest_ipv4
    }

    /// An allowed range of IPv6 has at most as many addresses as a network of this prefix length.
    #[must_use]
    pub const fn widest_ipv6(&self) -> u8 {
        self.0.widest_ipv6
    }

    /// Together the entries let in at most so many thousandths of all addresses of a family.
    #[must_use]
    pub const fn max_permille(&self) -> u16 {
        self.0.max_permille
    }

    /// Where the clients come from.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.0.reach
    }
}

/// The settings of a [`ListPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListPolicyBuilder {
    widest_ipv4: u8,
    widest_ipv6: u8,
    max_permille: u16,
    reach: Reach,
}

/// /7 and /32 are the limits of a trusted range of Salesforce (2^25 addresses of IPv4, 2^96 of IPv6). A hundredth of a family,
/// which is one /7 of IPv4 and not two, is our choice: no customer's own networks come near it.
impl Default for ListPolicyBuilder {
    fn default() -> Self {
        Self { widest_ipv4: 7, widest_ipv6: 32, max_permille: 10, reach: Reach::Internet }
    }
}

impl ListPolicyBuilder {
    /// The prefix length of the widest range of IPv4 that may be allowed: 0 to 32.
    #[must_use]
    pub const fn widest_ipv4(mut self, prefix_length: u8) -> Self {
        self.widest_ipv4 = prefix_length;
        self
    }

    /// The prefix length of the widest range of IPv6 that may be allowed: 0 to 128.
    #[must_use]
    pub const fn widest_ipv6(mut self, prefix_length: u8) -> Self {
        self.widest_ipv6 = prefix_length;
        self
    }

    /// How many thousandths of all addresses of a family all entries together may let in: 0 to 1000.
    #[must_use]
    pub const fn max_permille(mut self, permille: u16) -> Self {
        self.max_permille = permille;
        self
    }

    /// Where the clients come from; over the internet, unless said otherwise.
    #[must_use]
    pub const fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`ListPolicyError`] for the first setting outside its range.
    pub const fn build(self) -> Result<ListPolicy, ListPolicyError> {
        let Self { widest_ipv4, widest_ipv6, max_permille, .. } = self;
        if widest_ipv4 > 32 {
            return Err(ListPolicyError::Ipv4 { asked: widest_ipv4 });
        }
        if widest_ipv6 > 128 {
            return Err(ListPolicyError::Ipv6 { asked: widest_ipv6 });
        }
        if max_permille > 1000 {
            return Err(ListPolicyError::Permille { asked: max_permille });
        }
        Ok(ListPolicy(self))
    }
}

impl TryFrom<ListPolicyBuilder> for ListPolicy {
    type Error = ListPolicyError;

    fn try_from(builder: ListPolicyBuilder) -> Result<Self, ListPolicyError> {
        builder.build()
    }
}

/// Why there is no such list policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListPolicyError {
    /// No prefix length of IPv4.
    #[error("a prefix length of {asked} is not between 0 and 32")]
    Ipv4 {
        /// What was asked for.
        asked: u8,
    },
    /// No prefix length of IPv6.
    #[error("a prefix length of {asked} is not between 0 and 128")]
    Ipv6 {
        /// What was asked for.
        asked: u8,
    },
    /// More than the whole.
    #[error("{asked} thousandths are not between 0 and 1000")]
    Permille {
        /// What was asked for.
        asked: u16,
    },
}
