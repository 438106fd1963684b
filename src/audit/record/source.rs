use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::capped::Capped;
use super::commitment::Commitment;
use super::error::RecordError;
use super::wire::{Reader, Writer};
use crate::event::{Origin, Transport};

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
            Origin::Internal => Self::Internal,
        }
    }
}

impl Source {
    pub(super) fn write(&self, w: &mut Writer<'_>) {
        let transport = match self {
            Self::Internal => return w.u8(0),
            Self::Network { peer: IpAddr::V4(peer), transport } => {
                w.u8(4);
                w.bytes(&peer.octets());
                transport
            }
            Self::Network { peer: IpAddr::V6(peer), transport } => {
                w.u8(6);
                w.bytes(&peer.octets());
                transport
            }
            Self::Committed { peer, transport } => {
                w.u8(1);
                w.bytes(peer.as_bytes());
                transport
            }
        };
        w.u8(match transport {
            Transport::Plain => 0,
            Transport::Tls => 1,
        });
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, RecordError> {
        enum Peer {
            Clear(IpAddr),
            Committed(Commitment),
        }
        let peer = match r.u8()? {
            0 => return Ok(Self::Internal),
            4 => Peer::Clear(Ipv4Addr::from(r.array()?).into()),
            6 => {
                let peer = IpAddr::from(Ipv6Addr::from(r.array()?));
                if peer.to_canonical() != peer {
                    return Err(r.invalid("an ipv4 address in the form of ipv6"));
                }
                Peer::Clear(peer)
            }
            1 => Peer::Committed(Commitment::from_bytes(r.array()?)),
            _ => return Err(r.invalid("an unknown kind of source")),
        };
        let transport = match r.u8()? {
            0 => Transport::Plain,
            1 => Transport::Tls,
            _ => return Err(r.invalid("an unknown transport")),
        };
        Ok(match peer {
            Peer::Clear(peer) => Self::Network { peer, transport },
            Peer::Committed(peer) => Self::Committed { peer, transport },
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal => f.write_str("the host"),
            Self::Network { peer, transport } => write!(f, "{peer} ({transport})"),
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
