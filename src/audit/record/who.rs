use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::commitment::Commitment;
use super::error::RecordError;
use super::list::Item;
use super::value::Capped;
use super::wire::{Reader, Writer};
use crate::event::{Actor, Origin, ProxyAddress, Transport, Unresolved};
use crate::id::{AccountId, IdError, OpaqueId, Scope};

/// What an actor is.
///
/// Closed: every actor of a record is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum ActorKind {
    /// A person signed in to an account of the tenant.
    User,
    /// A person of the operator's staff.
    Staff,
    /// A service of the host.
    Service,
    /// A scheduled job.
    Job,
    /// A program with an API key.
    ApiKey,
    /// A device.
    Device,
    /// Somebody who has not shown who he is.
    Unauthenticated,
    /// Taken over from another system.
    Imported,
    /// The host cannot say, and says why.
    Unknown,
}

impl ActorKind {
    /// The word for it, such as `api_key`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Staff => "staff",
            Self::Service => "service",
            Self::Job => "job",
            Self::ApiKey => "api_key",
            Self::Device => "device",
            Self::Unauthenticated => "unauthenticated",
            Self::Imported => "imported",
            Self::Unknown => "unknown",
        }
    }
}

super::wire::numbered!(ActorKind, "an unknown kind of actor", {
    User = 1,
    Staff = 2,
    Service = 3,
    Job = 4,
    ApiKey = 5,
    Device = 6,
    Unauthenticated = 7,
    Imported = 8,
    Unknown = 9,
});

/// An [`Actor`] as it stands in a record: its kind and id, without a copy.
///
/// ```
/// use clausework::{AccountId, audit::record::{ActorKind, Who}, event::Actor};
///
/// let anna = Actor::User(AccountId::try_new("u-17")?);
/// let who = Who::from(&anna);
/// assert_eq!((who.kind(), who.id()), (ActorKind::User, Some("u-17")));
/// assert_eq!(who.to_actor(), Ok(anna));
/// assert_eq!(Who::from(&Actor::Unauthenticated).id(), None);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Who<'a> {
    kind: ActorKind,
    /// Empty only for `Unauthenticated`.
    id: &'a str,
}

impl<'a> Who<'a> {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> ActorKind {
        self.kind
    }

    /// Its id; the reason, if unknown; nothing, if unauthenticated.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        Some(self.id).filter(|_| self.kind != ActorKind::Unauthenticated)
    }

    /// The actor itself.
    ///
    /// # Errors
    /// None for what was read from a record: it holds only ids that are valid.
    pub fn to_actor(&self) -> Result<Actor, IdError> {
        let id = || OpaqueId::try_new(self.id);
        Ok(match self.kind {
            ActorKind::User => Actor::User(AccountId::try_new(self.id)?),
            ActorKind::Staff => Actor::Staff(id()?),
            ActorKind::Service => Actor::Service(id()?),
            ActorKind::Job => Actor::Job(id()?),
            ActorKind::ApiKey => Actor::ApiKey(id()?),
            ActorKind::Device => Actor::Device(id()?),
            ActorKind::Unauthenticated => Actor::Unauthenticated,
            ActorKind::Imported => Actor::Imported(id()?),
            ActorKind::Unknown => Actor::Unknown(id()?),
        })
    }
}

impl<'a> From<&'a Actor> for Who<'a> {
    fn from(actor: &'a Actor) -> Self {
        let (kind, id) = match actor {
            Actor::User(account) => (ActorKind::User, account.as_str()),
            Actor::Staff(id) => (ActorKind::Staff, id.as_str()),
            Actor::Service(id) => (ActorKind::Service, id.as_str()),
            Actor::Job(id) => (ActorKind::Job, id.as_str()),
            Actor::ApiKey(id) => (ActorKind::ApiKey, id.as_str()),
            Actor::Device(id) => (ActorKind::Device, id.as_str()),
            Actor::Unauthenticated => (ActorKind::Unauthenticated, ""),
            Actor::Imported(id) => (ActorKind::Imported, id.as_str()),
            Actor::Unknown(reason) => (ActorKind::Unknown, reason.as_str()),
        };
        Self { kind, id }
    }
}

impl fmt::Display for Who<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        self.id().map_or(Ok(()), |id| write!(f, ":{id}"))
    }
}

impl<'a> Item<'a> for Who<'a> {
    const LIST: &'static str = "actors: more than 64, or not sorted, or an actor twice";
    const MOST: usize = 64;

    fn write(&self, w: &mut Writer<'_>) {
        self.kind.write(w);
        if self.kind != ActorKind::Unauthenticated {
            w.short(self.id, "the id of an actor");
        }
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let kind = ActorKind::read(r)?;
        let id = if kind == ActorKind::Unauthenticated { "" } else { r.id("the id of an actor")? };
        Ok(Self { kind, id })
    }

    fn precedes(&self, next: &Self) -> bool {
        (self.kind, self.id) < (next.kind, next.id)
    }
}

/// One step of a chain of authority: for whom, and by what (a ticket, a mandate, a request).
///
/// The actor of a record is who really acted; whoever he acted for stands in this chain, so that what support does in a
/// customer's account is never the customer's doing.
///
/// ```
/// use clausework::audit::record::{Delegation, Who};
/// use clausework::{AccountId, event::Actor, id::OpaqueId};
///
/// let (anna, ticket) = (Actor::User(AccountId::try_new("u-17")?), OpaqueId::try_new("ticket-4711")?);
/// assert_eq!(Delegation::new(&anna, &ticket).to_string(), "user:u-17 by ticket-4711");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation<'a> {
    principal: Who<'a>,
    authority: &'a str,
}

impl<'a> Delegation<'a> {
    /// The longest chain.
    pub const MAX: usize = 4;

    /// Acting for this principal, by this authority.
    #[must_use]
    pub fn new(principal: &'a Actor, authority: &'a OpaqueId) -> Self {
        Self { principal: principal.into(), authority: authority.as_str() }
    }

    /// For whom.
    #[must_use]
    pub const fn principal(&self) -> Who<'a> {
        self.principal
    }

    /// By what.
    #[must_use]
    pub const fn authority(&self) -> &'a str {
        self.authority
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        self.principal.write(w);
        w.short(self.authority, "the id of an authority");
    }

    pub(super) fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        Ok(Self { principal: Who::read(r)?, authority: r.id("the id of an authority")? })
    }
}

impl fmt::Display for Delegation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.principal, self.authority)
    }
}

/// From where: as [`Origin`], or with the address as a commitment so that it can be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The host itself.
    Internal,
    /// A peer on the network.
    #[non_exhaustive]
    Network {
        /// Its address; an IPv4-mapped one is the IPv4 address.
        peer: IpAddr,
        /// Whether it came over TLS.
        transport: Transport,
    },
    /// A trusted proxy, and no client behind it.
    #[non_exhaustive]
    ProxyOrigin {
        /// The proxy furthest from the host.
        proxy: ProxyAddress,
        /// Whether its request came over TLS.
        transport: Transport,
    },
    /// Behind trusted proxies, and what they say does not tell who.
    #[non_exhaustive]
    Unresolvable {
        /// What the host was connected to.
        peer: ProxyAddress,
        /// Why not.
        why: Unresolved,
    },
    /// A peer on the network whose address is kept apart.
    #[non_exhaustive]
    Committed {
        /// What opens to the address, as the field `source:peer`.
        peer: Commitment,
        /// Whether it came over TLS.
        transport: Transport,
    },
}

impl From<Origin> for Source {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Network { peer, transport } => Self::Network { peer, transport },
            Origin::ProxyOrigin { proxy, transport } => Self::ProxyOrigin { proxy, transport },
            Origin::Unresolvable { peer, why } => Self::Unresolvable { peer, why },
            Origin::Internal => Self::Internal,
        }
    }
}

impl Source {
    const INTERNAL: u8 = 0;
    const COMMITTED: u8 = 1;
    const PROXY_ORIGIN: u8 = 2;
    const UNRESOLVABLE: u8 = 3;
    const IPV4: u8 = 4;
    const IPV6: u8 = 6;

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        match self {
            Self::Internal => w.u8(Self::INTERNAL),
            Self::Network { peer, transport } => {
                write_address(w, *peer);
                write_transport(w, *transport);
            }
            Self::Committed { peer, transport } => {
                w.u8(Self::COMMITTED);
                w.bytes(peer.as_bytes());
                write_transport(w, *transport);
            }
            Self::ProxyOrigin { proxy, transport } => {
                w.u8(Self::PROXY_ORIGIN);
                write_address(w, proxy.for_the_record());
                write_transport(w, *transport);
            }
            Self::Unresolvable { peer, why } => {
                w.u8(Self::UNRESOLVABLE);
                write_address(w, peer.for_the_record());
                w.u8(match why {
                    Unresolved::Hidden => 0,
                    Unresolved::Unreadable => 1,
                    Unresolved::TooLong => 2,
                    Unresolved::HopCount => 3,
                    Unresolved::Repeated => 4,
                    Unresolved::Missing => 5,
                });
            }
        }
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(match r.u8()? {
            Self::INTERNAL => Self::Internal,
            Self::COMMITTED => {
                Self::Committed { peer: Commitment::from_bytes(r.array()?), transport: read_transport(r)? }
            }
            Self::PROXY_ORIGIN => Self::ProxyOrigin { proxy: read_proxy(r)?, transport: read_transport(r)? },
            Self::UNRESOLVABLE => Self::Unresolvable {
                peer: read_proxy(r)?,
                why: match r.u8()? {
                    0 => Unresolved::Hidden,
                    1 => Unresolved::Unreadable,
                    2 => Unresolved::TooLong,
                    3 => Unresolved::HopCount,
                    4 => Unresolved::Repeated,
                    5 => Unresolved::Missing,
                    _ => return Err(r.invalid("an unknown reason")),
                },
            },
            family => Self::Network { peer: read_address(family, r)?, transport: read_transport(r)? },
        })
    }
}

fn write_address(w: &mut Writer<'_>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => {
            w.u8(Source::IPV4);
            w.bytes(&address.octets());
        }
        IpAddr::V6(address) => {
            w.u8(Source::IPV6);
            w.bytes(&address.octets());
        }
    }
}

fn read_address(family: u8, r: &mut Reader<'_>) -> Result<IpAddr, RecordError> {
    match family {
        Source::IPV4 => Ok(Ipv4Addr::from(r.array()?).into()),
        Source::IPV6 => {
            let address = IpAddr::from(Ipv6Addr::from(r.array()?));
            match address.to_canonical() == address {
                true => Ok(address),
                false => Err(r.invalid("an ipv4 address in the form of ipv6")),
            }
        }
        _ => Err(r.invalid("an unknown kind of source")),
    }
}

fn read_proxy(r: &mut Reader<'_>) -> Result<ProxyAddress, RecordError> {
    let family = r.u8()?;
    read_address(family, r).map(ProxyAddress::new)
}

fn write_transport(w: &mut Writer<'_>, transport: Transport) {
    w.u8(match transport {
        Transport::Plain => 0,
        Transport::Tls => 1,
    });
}

fn read_transport(r: &mut Reader<'_>) -> Result<Transport, RecordError> {
    match r.u8()? {
        0 => Ok(Transport::Plain),
        1 => Ok(Transport::Tls),
        _ => Err(r.invalid("an unknown transport")),
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal => f.write_str("the host"),
            Self::Network { peer, transport } => write!(f, "{peer} ({transport})"),
            Self::ProxyOrigin { proxy, transport } => write!(f, "proxy {proxy} ({transport})"),
            Self::Unresolvable { peer, why } => write!(f, "unresolvable ({why}) by way of {peer}"),
            Self::Committed { transport, .. } => write!(f, "(committed) ({transport})"),
        }
    }
}

/// What a client says of itself, apart from what the host knows: none of it is evidence.
///
/// A claimed login name is personal, so it goes in by [`Draft::claimed_name`](super::Draft::claimed_name) and stands
/// here as a commitment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claimed<'a> {
    pub(super) name: Option<Commitment>,
    pub(super) user_agent: Option<Capped<'a>>,
    pub(super) forwarded: Option<Capped<'a>>,
}

impl<'a> Claimed<'a> {
    /// Who an unauthenticated client says he is: what opens as the field `claimed:name`.
    #[must_use]
    pub const fn name(&self) -> Option<Commitment> {
        self.name
    }

    /// The user agent.
    #[must_use]
    pub const fn user_agent(&self) -> Option<Capped<'a>> {
        self.user_agent
    }

    /// The addresses that proxies say they forwarded for.
    #[must_use]
    pub const fn forwarded(&self) -> Option<Capped<'a>> {
        self.forwarded
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.optional(self.name, |w, name| w.bytes(name.as_bytes()));
        w.optional(self.user_agent, |w, text| text.write(w, Capped::CLAIMED));
        w.optional(self.forwarded, |w, text| text.write(w, Capped::CLAIMED));
    }

    pub(super) fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        Ok(Self {
            name: r.optional(|r| r.array().map(Commitment::from_bytes))?,
            user_agent: r.optional(|r| Capped::read(r, Capped::CLAIMED))?,
            forwarded: r.optional(|r| Capped::read(r, Capped::CLAIMED))?,
        })
    }
}

/// What was acted on: its kind and id.
///
/// ```
/// use clausework::{audit::record::About, id::OpaqueId};
///
/// let id = OpaqueId::try_new("i-2026-7")?;
/// assert_eq!(About::new("invoice", &id).to_string(), "invoice i-2026-7");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct About<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
}

impl<'a> About<'a> {
    /// A thing of this kind: 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`.
    #[must_use]
    pub fn new(kind: &'a str, id: &'a OpaqueId) -> Self {
        Self { kind, id: id.as_str() }
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> &'a str {
        self.kind
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> &'a str {
        self.id
    }
}

impl fmt::Display for About<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// The tenant of a record, or the operator; without a copy.
pub(super) fn write_scope(tenant: Option<&str>, w: &mut Writer<'_>) {
    w.optional(tenant, |w, tenant| w.short(tenant, "the id of a tenant"));
}

pub(super) fn tenant_of(scope: &Scope) -> Option<&str> {
    match scope {
        Scope::Tenant(tenant) => Some(tenant.as_str()),
        Scope::Operator => None,
    }
}
