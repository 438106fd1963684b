use alloc::vec::Vec;

use super::{AccessPolicy, IpList};
use crate::clause::{self, Clause};
use crate::event::{Code, Origin};

/// The address is in none of the customer's networks.
pub const NETWORK_NOT_ALLOWED: Code = Code::internal("access.network_not_allowed");
/// The request came in the clear.
pub const PLAIN_TRANSPORT: Code = Code::internal("access.plain_transport");

/// Every code of this module.
pub const CODES: &[Code] = &[NETWORK_NOT_ALLOWED, PLAIN_TRANSPORT];

/// One condition that a request does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// Not from one of the customer's networks (E-5.7).
    NetworkNotAllowed,
    /// Not over HTTPS (E-5.8).
    PlainTransport,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NetworkNotAllowed => NETWORK_NOT_ALLOWED,
            Self::PlainTransport => PLAIN_TRANSPORT,
        }
    }

    /// The clause behind it.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::NetworkNotAllowed => clause::E_5_7,
            Self::PlainTransport => clause::E_5_8,
        }
    }
}

/// Whether a request may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: allowed or not")]
pub enum AccessOutcome {
    /// Every condition is met.
    Allowed,
    /// Not allowed: every condition that failed, not only the first.
    Refused(Vec<Refusal>),
}

/// Decides on a request by where it comes from.
///
/// ```
/// use clausework::access::{AccessOutcome, AccessPolicy, IpList, Refusal, decide};
/// use clausework::event::{Origin, Transport};
///
/// let policy = AccessPolicy::builder().ip_list(IpList::Only(vec!["198.51.100.0/24".parse()?])).build()?;
///
/// let office = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// assert_eq!(decide(&policy, office), AccessOutcome::Allowed);
///
/// let cafe = Origin::network("203.0.113.9".parse()?, Transport::Plain);
/// let both = vec![Refusal::NetworkNotAllowed, Refusal::PlainTransport];
/// assert_eq!(decide(&policy, cafe), AccessOutcome::Refused(both));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(policy: &AccessPolicy, origin: Origin) -> AccessOutcome {
    let listed = match (policy.ip_list(), origin) {
        (IpList::Off, _) => true,
        (IpList::Only(networks), Origin::Network { peer, .. }) => {
            networks.iter().any(|network| network.contains(&peer))
        }
        (IpList::Only(_), Origin::ProxyOrigin { .. } | Origin::Unresolvable { .. } | Origin::Internal) => false,
    };
    let refused: Vec<Refusal> = [
        (!listed).then_some(Refusal::NetworkNotAllowed),
        (policy.https_only() && !origin.is_encrypted()).then_some(Refusal::PlainTransport),
    ]
    .into_iter()
    .flatten()
    .collect();
    if refused.is_empty() { AccessOutcome::Allowed } else { AccessOutcome::Refused(refused) }
}
