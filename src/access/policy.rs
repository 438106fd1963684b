use alloc::vec::Vec;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// From which addresses an account may be used (E-5.7).
///
/// Off and empty are different things: off lets everyone in, on and empty lets nobody in.
///
/// ```
/// use clausework::access::IpList;
///
/// let office = IpList::Only(vec!["198.51.100.0/24".parse()?]);
/// assert_ne!(office, IpList::Off);
/// assert_ne!(IpList::Only(vec![]), IpList::Off);
/// # Ok::<(), ipnet::AddrParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: a restriction is off or it names networks")]
pub enum IpList {
    /// No restriction.
    Off,
    /// Only these networks.
    Only(Vec<IpNet>),
}

/// The network and transport rules of one customer.
///
/// ```
/// use clausework::access::{AccessPolicy, AccessPolicyError, IpList};
///
/// let policy = AccessPolicy::builder()
///     .ip_list(IpList::Only(vec!["198.51.100.0/24".parse()?]))
///     .https_only(true)
///     .build()?;
/// assert!(policy.https_only());
///
/// // 198.51.100.7/24 says two things at once; the error offers the repair.
/// let unclear = AccessPolicy::builder().ip_list(IpList::Only(vec!["198.51.100.7/24".parse()?])).build();
/// assert_eq!(unclear.unwrap_err().to_string(), "198.51.100.7/24 has host bits, did you mean 198.51.100.0/24");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AccessPolicyBuilder")]
pub struct AccessPolicy(AccessPolicyBuilder);

impl AccessPolicy {
    /// The most networks in a list: a decision looks at each of them.
    pub const MAX_NETWORKS: usize = 1000;

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> AccessPolicyBuilder {
        AccessPolicyBuilder::default()
    }

    /// The networks, if restricted.
    #[must_use]
    pub const fn ip_list(&self) -> &IpList {
        &self.0.ip_list
    }

    /// Whether plain HTTP is refused.
    #[must_use]
    pub const fn https_only(&self) -> bool {
        self.0.https_only
    }
}

/// The settings of an [`AccessPolicy`], not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessPolicyBuilder {
    ip_list: IpList,
    https_only: bool,
}

/// Both restrictions are the customer's to switch on (E-5.7, E-5.8). The list starts off; HTTPS-only starts
/// on, because a password in the clear is nobody's wish: a stricter default of ours.
impl Default for AccessPolicyBuilder {
    fn default() -> Self {
        Self { ip_list: IpList::Off, https_only: true }
    }
}

impl AccessPolicyBuilder {
    /// From which addresses the customer's accounts may be used.
    #[must_use]
    pub fn ip_list(mut self, ip_list: IpList) -> Self {
        self.ip_list = ip_list;
        self
    }

    /// Whether plain HTTP is refused.
    #[must_use]
    pub const fn https_only(mut self, https_only: bool) -> Self {
        self.https_only = https_only;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`AccessPolicyError`] when a network has host bits or is an IPv4-mapped IPv6 one (no peer ever is), or there are too many.
    pub fn build(self) -> Result<AccessPolicy, AccessPolicyError> {
        if let IpList::Only(networks) = &self.ip_list {
            if networks.len() > AccessPolicy::MAX_NETWORKS {
                return Err(AccessPolicyError::TooMany { found: networks.len() });
            }
            for network in networks {
                if network.trunc() != *network {
                    return Err(AccessPolicyError::HostBits { network: *network, repaired: network.trunc() });
                }
                if matches!(network, IpNet::V6(v6) if v6.addr().to_ipv4_mapped().is_some()) {
                    return Err(AccessPolicyError::Mapped { network: *network });
                }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessPolicyError {
    /// An address with a prefix length that does not cover it.
    #[error("{network} has host bits, did you mean {repaired}")]
    HostBits {
        /// As it was given.
        network: IpNet,
        /// The network it lies in.
        repaired: IpNet,
    },
    /// An IPv4-mapped IPv6 network: peers are unmapped, so it would match nobody.
    #[error("{network} is an ipv4-mapped network and would match nobody, write the ipv4 network")]
    Mapped {
        /// As it was given.
        network: IpNet,
    },
    /// More than [`AccessPolicy::MAX_NETWORKS`].
    #[error("{found} networks are more than a list may have")]
    TooMany {
        /// How many were given.
        found: usize,
    },
}
