use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::capped::Capped;
use super::commitment::Commitment;
use super::error::RecordError;
use super::wire::{Reader, Writer};
use crate::event::{Origin, ProxyAddress, Transport, Unresolved};

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
