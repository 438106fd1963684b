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
    /// In the clear: plain HTTP.
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

/// From where: a peer on the network, or the host itself.
///
/// An IPv4-mapped address (`::ffff:192.0.2.1`, as a dual-stack socket reports it) is the IPv4
/// address from the start, so no rule can be slipped past by spelling.
///
/// ```
/// use clausework::event::{Origin, Transport};
///
/// let peer = Origin::network("::ffff:192.0.2.1".parse()?, Transport::Tls);
/// assert_eq!(peer, Origin::network("192.0.2.1".parse()?, Transport::Tls));
/// assert_eq!(peer.to_string(), "192.0.2.1 (tls)");
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Origin {
    /// A peer on the network. Build it with [`Origin::network`].
    #[non_exhaustive]
    Network {
        /// The address the connection came from.
        #[serde(deserialize_with = "canonical")]
        peer: IpAddr,
        /// Whether it came over TLS.
        transport: Transport,
    },
    /// The host itself: a job, a console, a migration.
    Internal,
}

impl Origin {
    /// A peer on the network: the address of the socket, and whether TLS ended there.
    #[must_use]
    pub const fn network(peer: IpAddr, transport: Transport) -> Self {
        Self::Network { peer: peer.to_canonical(), transport }
    }
}

fn canonical<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    IpAddr::deserialize(deserializer).map(|address| address.to_canonical())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { peer, transport } => write!(f, "{peer} ({transport})"),
            Self::Internal => f.write_str("the host"),
        }
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
