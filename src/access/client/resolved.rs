use core::fmt;
use core::net::IpAddr;

use crate::event::{Origin, ProxyAddress, Transport, Unresolved};

/// What the request came over, as far as anyone who can know it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: what is neither is unknown")]
pub enum Scheme {
    /// Over TLS.
    Https,
    /// In the clear.
    Http,
    /// Nobody says, or something else: not secure.
    Unknown,
}

impl Scheme {
    /// A URI scheme as a header names it; case does not matter (RFC 3986 section 3.1).
    pub(super) fn of(text: &[u8]) -> Self {
        if text.eq_ignore_ascii_case(b"https") {
            Self::Https
        } else if text.eq_ignore_ascii_case(b"http") {
            Self::Http
        } else {
            Self::Unknown
        }
    }

    /// Both legs together: in the clear if either is.
    pub(super) const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Http, _) | (_, Self::Http) => Self::Http,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Https, Self::Https) => Self::Https,
        }
    }

    /// As rules take it: what is not known to be encrypted is plain.
    #[must_use]
    pub const fn transport(self) -> Transport {
        match self {
            Self::Https => Transport::Tls,
            Self::Http | Self::Unknown => Transport::Plain,
        }
    }
}

impl From<Transport> for Scheme {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::Tls => Self::Https,
            Transport::Plain => Self::Http,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Https => "https",
            Self::Http => "http",
            Self::Unknown => "unknown",
        })
    }
}

/// The client's port as the proxy names it; with an address that many share, it tells who (RFC 6302).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Port {
    /// The port.
    Number(u16),
    /// The proxy keeps it to itself (RFC 7239 section 6.3).
    Obfuscated,
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(port) => port.fmt(f),
            Self::Obfuscated => f.write_str("obfuscated"),
        }
    }
}

/// Something about a request that changes no decision and that an operator wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flag {
    /// The configured header came from a peer that is no trusted proxy; it was not read. Somebody tries, or a proxy is
    /// missing in the policy.
    UntrustedHeader,
    /// Another header that names a client is there; it was not read.
    OtherHeader,
    /// Fewer proxies told the scheme than told the address, so the scheme of the client's leg is unknown.
    SchemeMissing,
}

impl Flag {
    const ALL: [Self; 3] = [Self::UntrustedHeader, Self::OtherHeader, Self::SchemeMissing];

    /// The fixed word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UntrustedHeader => "untrusted_header",
            Self::OtherHeader => "other_header",
            Self::SchemeMissing => "scheme_missing",
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The [`Flag`]s of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    pub(super) const fn with(self, flag: Flag, set: bool) -> Self {
        if set { Self(self.0 | 1 << flag as u8) } else { self }
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn contains(self, flag: Flag) -> bool {
        self.0 & 1 << flag as u8 != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.into_iter().filter(move |flag| self.contains(*flag))
    }
}

/// Who the client is. Of the three only a [`Client`] has an address that can be taken out.
///
/// ```compile_fail
/// # use clausework::access::client::Resolved;
/// fn bare(resolved: Resolved) -> core::net::IpAddr {
///     resolved.address() // there is none to hand out unless it is a client's
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: known, nobody but proxies, or not to be found out")]
pub enum Resolved {
    /// The client is known.
    Client(Client),
    /// The request came from a trusted proxy itself, as far as can be seen.
    ProxyOrigin(ProxyOrigin),
    /// It cannot be said who the client is.
    Unresolvable(Unresolvable),
}

impl Resolved {
    /// What rules and events take: an address for a client alone.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        match self {
            Self::Client(client) => Origin::network(client.address, client.scheme.transport()),
            Self::ProxyOrigin(origin) => Origin::proxy_origin(origin.proxy, origin.scheme.transport()),
            Self::Unresolvable(unknown) => Origin::unresolvable(unknown.peer, unknown.why),
        }
    }

    /// What it came over, by the policy's [`SchemeRule`](super::SchemeRule).
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Client(client) => client.scheme,
            Self::ProxyOrigin(origin) => origin.scheme,
            Self::Unresolvable(_) => Scheme::Unknown,
        }
    }

    /// What an operator wants to know.
    #[must_use]
    pub const fn flags(&self) -> Flags {
        match self {
            Self::Client(client) => client.flags,
            Self::ProxyOrigin(origin) => origin.flags,
            Self::Unresolvable(unknown) => unknown.flags,
        }
    }
}

impl From<Resolved> for Origin {
    fn from(resolved: Resolved) -> Self {
        resolved.origin()
    }
}

impl fmt::Display for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(client) => {
                write!(f, "client {} ({}), proxies passed: {}", client.address, client.scheme, client.proxies)
            }
            Self::ProxyOrigin(origin) => write!(f, "proxy {} ({})", origin.proxy, origin.scheme),
            Self::Unresolvable(unknown) => {
                write!(f, "unresolvable: {}", unknown.why)?;
                unknown.place.map_or(Ok(()), |place| write!(f, " at {place}"))
            }
        }
    }
}

/// A client that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    pub(super) address: IpAddr,
    pub(super) port: Option<Port>,
    pub(super) proxies: u8,
    pub(super) scheme: Scheme,
    pub(super) flags: Flags,
}

impl Client {
    /// The address, never IPv4-mapped.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// The port, if a proxy names it.
    #[must_use]
    pub const fn port(&self) -> Option<Port> {
        self.port
    }

    /// How many trusted proxies were passed, the peer included; none when the peer is the client.
    #[must_use]
    pub const fn proxies(&self) -> u8 {
        self.proxies
    }
}

/// A trusted proxy behind which there is nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProxyOrigin {
    pub(super) proxy: IpAddr,
    pub(super) scheme: Scheme,
    pub(super) flags: Flags,
}

impl ProxyOrigin {
    /// The proxy furthest from the host, to be shown.
    #[must_use]
    pub const fn proxy(&self) -> ProxyAddress {
        ProxyAddress::new(self.proxy)
    }
}

/// A client that cannot be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unresolvable {
    pub(super) peer: IpAddr,
    pub(super) why: Unresolved,
    pub(super) place: Option<Place>,
    pub(super) flags: Flags,
}

impl Unresolvable {
    /// Why not.
    #[must_use]
    pub const fn why(&self) -> Unresolved {
        self.why
    }

    /// Where, if it is a place in a header.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        self.place
    }
}

/// A place in the configured header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub(super) line: usize,
    pub(super) byte: usize,
}

impl Place {
    /// Which of the lines of that name, from 1.
    #[must_use]
    pub const fn line(self) -> usize {
        self.line
    }

    /// Which byte of the line, from 1.
    #[must_use]
    pub const fn byte(self) -> usize {
        self.byte
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}", self.line, self.byte)
    }
}
