use core::fmt;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, OpaqueId};
use crate::time::{Now, Timestamp};

/// Who acted. Total: there is always an answer, even if it is "unknown".
///
/// ```
/// use clausework::{AccountId, event::Actor, id::OpaqueId};
///
/// let anna = Actor::User(AccountId::try_new("u-17")?);
/// assert_eq!(anna.to_string(), "user u-17");
/// assert_eq!(Actor::Job(OpaqueId::try_new("nightly-purge")?).to_string(), "job nightly-purge");
/// assert_eq!(Actor::Unauthenticated.to_string(), "unauthenticated");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// A person who has signed in to an account of the tenant.
    User(AccountId),
    /// A person of the operator's own staff.
    Staff(OpaqueId),
    /// A service of the host.
    Service(OpaqueId),
    /// A scheduled job.
    Job(OpaqueId),
    /// A program that showed an API key; the id is the key's, not the key.
    ApiKey(OpaqueId),
    /// A device.
    Device(OpaqueId),
    /// Somebody who has not shown who he is: every attempt to sign in begins like this.
    Unauthenticated,
    /// Taken over from another system, which is named.
    Imported(OpaqueId),
    /// The host cannot say, and says why.
    Unknown(OpaqueId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user {id}"),
            Self::Staff(id) => write!(f, "staff {id}"),
            Self::Service(id) => write!(f, "service {id}"),
            Self::Job(id) => write!(f, "job {id}"),
            Self::ApiKey(id) => write!(f, "api key {id}"),
            Self::Device(id) => write!(f, "device {id}"),
            Self::Unauthenticated => f.write_str("unauthenticated"),
            Self::Imported(id) => write!(f, "imported from {id}"),
            Self::Unknown(reason) => write!(f, "unknown ({reason})"),
        }
    }
}

/// How the request reached the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: what is not encrypted is plain")]
pub enum Transport {
    /// Over TLS: HTTPS.
    Tls,
    /// In the clear: plain HTTP, and whatever is not known to be encrypted.
    Plain,
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls => "tls",
            Self::Plain => "plain",
        })
    }
}

/// From where: a client on the network, something on the way of which the client is not known, or the host itself.
///
/// An IPv4-mapped address (`::ffff:192.0.2.1`, as a dual-stack socket reports it) is the IPv4
/// address from the start, so no rule can be slipped past by spelling.
///
/// Only a [`Network`](Origin::Network) origin has an address that a rule can match or an attempt be charged to. The
/// addresses of proxies are shown and stored, and cannot be taken out: an office whose proxies are in its own network
/// would let everyone in.
///
/// ```
/// use clausework::event::{Origin, Transport, Unresolved};
///
/// let peer = Origin::network("::ffff:192.0.2.1".parse()?, Transport::Tls);
/// assert_eq!(peer, Origin::network("192.0.2.1".parse()?, Transport::Tls));
/// assert_eq!(peer.to_string(), "192.0.2.1 (tls)");
///
/// // A header that cannot be read says nothing of the client; the proxy it came from is for the log.
/// let nobody = Origin::unresolvable("10.0.0.1".parse()?, Unresolved::Unreadable);
/// assert_eq!(nobody.to_string(), "unresolvable (unreadable) by way of 10.0.0.1");
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// A client on the network: the peer of the socket, or what [`access::client`](crate::access::client) found
    /// behind trusted proxies. Build it with [`Origin::network`].
    #[non_exhaustive]
    Network {
        /// The client's address.
        #[serde(deserialize_with = "canonical")]
        peer: IpAddr,
        /// Whether it came over TLS.
        transport: Transport,
    },
    /// A trusted proxy, and no client behind it. Build it with [`Origin::proxy_origin`].
    #[non_exhaustive]
    ProxyOrigin {
        /// The proxy furthest from the host.
        proxy: ProxyAddress,
        /// Whether its request came over TLS.
        transport: Transport,
    },
    /// Behind trusted proxies, and what they say does not tell who. Never taken as encrypted. Build it with
    /// [`Origin::unresolvable`].
    #[non_exhaustive]
    Unresolvable {
        /// What the host was connected to.
        peer: ProxyAddress,
        /// Why not.
        why: Unresolved,
    },
    /// The host itself: a job, a console, a migration.
    Internal,
}

impl Origin {
    /// A client on the network: the address of the socket, and whether TLS ended there.
    #[must_use]
    pub const fn network(peer: IpAddr, transport: Transport) -> Self {
        Self::Network { peer: peer.to_canonical(), transport }
    }

    /// A trusted proxy without a client behind it: of a list that is on, no rule matches it.
    #[must_use]
    pub const fn proxy_origin(proxy: IpAddr, transport: Transport) -> Self {
        Self::ProxyOrigin { proxy: ProxyAddress::new(proxy), transport }
    }

    /// A client that cannot be found out behind the proxy `peer`: of a list that is on, no rule matches it.
    #[must_use]
    pub const fn unresolvable(peer: IpAddr, why: Unresolved) -> Self {
        Self::Unresolvable { peer: ProxyAddress::new(peer), why }
    }

    /// Whether it is known to have come over TLS, or never travelled.
    #[must_use]
    pub const fn is_encrypted(self) -> bool {
        match self {
            Self::Network { transport, .. } | Self::ProxyOrigin { transport, .. } => {
                matches!(transport, Transport::Tls)
            }
            Self::Unresolvable { .. } => false,
            Self::Internal => true,
        }
    }
}

fn canonical<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    IpAddr::deserialize(deserializer).map(|address| address.to_canonical())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { peer, transport } => write!(f, "{peer} ({transport})"),
            Self::ProxyOrigin { proxy, transport } => write!(f, "proxy {proxy} ({transport})"),
            Self::Unresolvable { peer, why } => write!(f, "unresolvable ({why}) by way of {peer}"),
            Self::Internal => f.write_str("the host"),
        }
    }
}

/// The address of a proxy: for display and for the record, never for a decision, so there is no way to take it out.
///
/// ```compile_fail
/// # use clausework::event::Origin;
/// fn allow(origin: Origin, office: ipnet::IpNet) -> bool {
///     // The proxy may well be in the office network; the client need not be.
///     matches!(origin, Origin::ProxyOrigin { proxy, .. } if office.contains(&proxy))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProxyAddress(#[serde(deserialize_with = "canonical")] IpAddr);

impl ProxyAddress {
    pub(crate) const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// To write it down, and for nothing else.
    pub(crate) const fn for_the_record(self) -> IpAddr {
        self.0
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why it cannot be said who the client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unresolved {
    /// A proxy does not say from whom it had the request (RFC 7239 sections 6.2 and 6.3).
    Hidden,
    /// What stands where the next address should is none.
    Unreadable,
    /// More proxies, or more text, than is read.
    TooLong,
    /// Another number of proxies than the policy demands.
    HopCount,
    /// A header that is to be there once is there more often.
    Repeated,
    /// A trusted proxy has not sent the PROXY header that it is configured to send.
    Missing,
}

impl Unresolved {
    /// The fixed word for it, as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Unreadable => "unreadable",
            Self::TooLong => "too_long",
            Self::HopCount => "hop_count",
            Self::Repeated => "repeated",
            Self::Missing => "missing",
        }
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who acted and from where: what turns a fact into an event.
///
/// ```
/// use clausework::event::{Actor, Origin, Provenance};
/// use clausework::id::OpaqueId;
///
/// let nightly = Provenance::internal(Actor::Job(OpaqueId::try_new("nightly")?));
/// assert_eq!(nightly.origin(), Origin::Internal);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    actor: Actor,
    origin: Origin,
}

impl Provenance {
    /// This actor, from there.
    #[must_use]
    pub const fn new(actor: Actor, origin: Origin) -> Self {
        Self { actor, origin }
    }

    /// This actor, within the host.
    #[must_use]
    pub const fn internal(actor: Actor) -> Self {
        Self::new(actor, Origin::Internal)
    }

    /// Who acted.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// From where.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }
}

/// Creator, last updater, when, and how often: what the policy wants on every record (E-5.4, A2-Input-8).
///
/// The store puts one on every record it writes; a host can use it on its own rows.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use clausework::{Now, event::{Actor, Stamp}};
///
/// let monday = Now::from("2026-11-23T08:00:00Z".parse::<DateTime<Utc>>()?);
/// let friday = Now::from("2026-11-27T17:00:00Z".parse::<DateTime<Utc>>()?);
/// let stamp = Stamp::created(monday, Actor::Unauthenticated).updated(friday, Actor::Unauthenticated);
/// assert_eq!((stamp.created_at(), stamp.updated_at()), (monday.timestamp(), friday.timestamp()));
/// assert_eq!(stamp.revision(), 2);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    created_by: Actor,
    created_at: Timestamp,
    updated_by: Actor,
    updated_at: Timestamp,
    revision: u64,
}

impl Stamp {
    /// The stamp of a record that is new.
    #[must_use]
    pub fn created(now: Now, by: Actor) -> Self {
        let at = now.timestamp();
        Self { created_by: by.clone(), created_at: at, updated_by: by, updated_at: at, revision: 1 }
    }

    /// The stamp after a change: the creator stays.
    #[must_use]
    pub fn updated(self, now: Now, by: Actor) -> Self {
        let revision = self.revision.saturating_add(1);
        Self { updated_by: by, updated_at: now.timestamp(), revision, ..self }
    }

    /// Who created the record.
    #[must_use]
    pub const fn created_by(&self) -> &Actor {
        &self.created_by
    }

    /// When it was created.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Who changed it last.
    #[must_use]
    pub const fn updated_by(&self) -> &Actor {
        &self.updated_by
    }

    /// When it was changed last.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }

    /// 1 when created, one more with every change.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stored forms, of which the first two are older than the others.
    #[test]
    fn an_origin_reads_as_it_was_stored() {
        let address = "::ffff:10.0.0.1".parse().unwrap();
        for (origin, text) in [
            (Origin::network(address, Transport::Tls), r#"{"network":{"peer":"10.0.0.1","transport":"tls"}}"#),
            (Origin::Internal, r#""internal""#),
            (
                Origin::proxy_origin(address, Transport::Plain),
                r#"{"proxy_origin":{"proxy":"10.0.0.1","transport":"plain"}}"#,
            ),
            (
                Origin::unresolvable(address, Unresolved::HopCount),
                r#"{"unresolvable":{"peer":"10.0.0.1","why":"hop_count"}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&origin).unwrap(), text);
            assert_eq!(serde_json::from_str::<Origin>(text).unwrap(), origin);
            let mapped = text.replace("10.0.0.1", "::ffff:10.0.0.1");
            assert_eq!(serde_json::from_str::<Origin>(&mapped).unwrap(), origin, "unmapped at the door");
        }
    }

    #[test]
    fn a_reason_is_stored_as_its_word() {
        use Unresolved::*;
        for why in [Hidden, Unreadable, TooLong, HopCount, Repeated, Missing] {
            assert_eq!(serde_json::to_string(&why).unwrap(), std::format!("\"{why}\""));
        }
    }
}
