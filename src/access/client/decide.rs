use core::net::IpAddr;

use super::elements::{Elements, Quotes, trim_end, trim_start};
use super::forwarded;
use super::headers::HeaderLines;
use super::node::{self, Node};
use super::policy::{HeaderSource, ProxyPolicy, SchemeRule, SchemeSource};
use super::resolved::{Client, Flag, Flags, Place, ProxyOrigin, Resolved, Scheme, Unresolvable};
use crate::event::{Transport, Unresolved};

const X_REAL_IP: &str = "x-real-ip";
const X_FORWARDED_PROTO: &str = "x-forwarded-proto";

/// What the socket tells: facts that nobody on the other side can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Connection {
    peer: IpAddr,
    transport: Transport,
    proxy_header: Option<ProxyHeader>,
}

impl Connection {
    /// A connection from this address, and whether TLS ends at the host.
    #[must_use]
    pub const fn new(peer: IpAddr, transport: Transport) -> Self {
        Self { peer: peer.to_canonical(), transport, proxy_header: None }
    }

    /// With what the PROXY header said that it began with. The host reads it, from trusted peers alone
    /// ([`ProxyPolicy::trusts`]), and closes the connection when it is malformed.
    #[must_use]
    pub const fn with_proxy_header(mut self, header: ProxyHeader) -> Self {
        self.proxy_header = Some(header);
        self
    }
}

/// A PROXY protocol header, version 1 or 2, after the host has read it.
///
/// ```
/// use clausework::access::client::{Connection, HeaderSource, ProxyHeader, ProxyPolicy, Resolved, resolve};
/// use clausework::event::{Transport, Unresolved};
///
/// let source = HeaderSource::ProxyProtocol;
/// let policy = ProxyPolicy::builder().trusted(["10.0.0.0/8".parse()?]).source(source).build()?;
/// let connection = Connection::new("10.0.0.1".parse()?, Transport::Tls);
/// let no_headers: [(&str, &str); 0] = [];
///
/// let with = connection.with_proxy_header(ProxyHeader::client("192.168.0.1".parse()?));
/// assert_eq!(resolve(&policy, &with, &no_headers).to_string(), "client 192.168.0.1 (https), proxies passed: 1");
///
/// // A trusted peer that sends none is not taken for the client.
/// let Resolved::Unresolvable(without) = resolve(&policy, &connection, &no_headers) else { panic!("resolved") };
/// assert_eq!(without.why(), Unresolved::Missing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProxyHeader(Option<(IpAddr, Option<Transport>)>);

impl ProxyHeader {
    /// It names the client: its source address.
    #[must_use]
    pub const fn client(address: IpAddr) -> Self {
        Self(Some((address.to_canonical(), None)))
    }

    /// It names nobody: `UNKNOWN` of version 1, `LOCAL` or an unspecified family of version 2, whatever addresses
    /// stand behind it.
    #[must_use]
    pub const fn local() -> Self {
        Self(None)
    }

    /// TLS ended at the proxy, or did not come so far (`PP2_TYPE_SSL`); otherwise it ends at the host or nowhere.
    #[must_use]
    pub const fn over(self, transport: Transport) -> Self {
        match self.0 {
            Some((address, _)) => Self(Some((address, Some(transport)))),
            None => self,
        }
    }
}

/// Says who the client is: the first address from the right that is no trusted proxy's.
///
/// 1. A peer that is not trusted is the client; what it sends is not read.
/// 2. Otherwise the elements of the configured header are read from the right, over all its lines, past those that
///    name trusted proxies. The first other one is the client, and nothing left of it is looked at: whatever a client
///    sends along stands there.
/// 3. An element before it that hides its address or cannot be read leaves the client unresolvable.
/// 4. When none is left, the request came from the proxy furthest away.
///
/// It allocates nothing. In `Forwarded` a quoted string may hold commas, so a line whose quotes do not match cannot
/// be read at all: a client whose proxy appends to its line can make itself unresolvable, and nobody else.
///
/// ```
/// use clausework::access::client::{Connection, HeaderSource, ProxyPolicy, Resolved, resolve};
/// use clausework::event::{Origin, Transport, Unresolved};
///
/// let source = HeaderSource::XForwardedFor;
/// let policy = ProxyPolicy::builder().trusted(["10.0.0.0/8".parse()?]).source(source).build()?;
/// let connection = Connection::new("10.0.0.1".parse()?, Transport::Plain);
///
/// // The client sent "x" along; its proxy appended where that came from.
/// let headers = [("X-Forwarded-For", "x, 198.51.100.9")];
/// let resolved = resolve(&policy, &connection, &headers);
/// let Resolved::Client(client) = resolved else { panic!("{resolved}") };
/// assert_eq!((client.address(), client.proxies()), ("198.51.100.9".parse()?, 1));
///
/// // What the proxy itself wrote cannot be read: nobody is let in as the proxy.
/// let headers = [("X-Forwarded-For", "198.51.100.9, garbage")];
/// let resolved = resolve(&policy, &connection, &headers);
/// assert_eq!(resolved.origin(), Origin::unresolvable("10.0.0.1".parse()?, Unresolved::Unreadable));
/// assert_eq!(resolved.to_string(), "unresolvable: unreadable at line 1, byte 15");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn resolve<H: HeaderLines + ?Sized>(policy: &ProxyPolicy, connection: &Connection, headers: &H) -> Resolved {
    let peer = connection.peer;
    let trusted = policy.trusts(peer);
    let request = Request { policy, connection, headers, flags: flags(policy, connection, headers, trusted) };
    if !trusted {
        let client = Node { address: peer, port: None };
        return request.client(client, 0, connection.transport.into(), None);
    }
    match policy.source() {
        HeaderSource::None => request.proxy_origin(peer, Scheme::Unknown),
        HeaderSource::ProxyProtocol => request.proxy_protocol(),
        HeaderSource::Named(name) => request.single(name.as_str()),
        HeaderSource::XForwardedFor => request.walk(HeaderSource::X_FORWARDED_FOR, Quotes::None, |text| {
            node::plain(text).map(|node| (node, Scheme::Unknown))
        }),
        HeaderSource::Forwarded => request.walk(HeaderSource::FORWARDED, Quotes::Strings, forwarded::element),
    }
}

/// The other headers that are noted are those that proxies and clients commonly send.
fn flags<H: HeaderLines + ?Sized>(policy: &ProxyPolicy, connection: &Connection, headers: &H, trusted: bool) -> Flags {
    let has = |name: &str| headers.lines(name).next().is_some();
    let (source, protocol) = (policy.source(), connection.proxy_header.is_some());
    let is_protocol = *source == HeaderSource::ProxyProtocol;
    let other = (*source != HeaderSource::XForwardedFor && has(HeaderSource::X_FORWARDED_FOR))
        || (*source != HeaderSource::Forwarded && has(HeaderSource::FORWARDED))
        || (source.header() != Some(X_REAL_IP) && has(X_REAL_IP))
        || (protocol && !is_protocol);
    let untrusted = !trusted
        && (source.header().is_some_and(has)
            || (protocol && is_protocol)
            || (policy.scheme_source() == SchemeSource::XForwardedProto && has(X_FORWARDED_PROTO)));
    Flags::default().with(Flag::OtherHeader, other).with(Flag::UntrustedHeader, untrusted)
}

struct Request<'a, H: ?Sized> {
    policy: &'a ProxyPolicy,
    connection: &'a Connection,
    headers: &'a H,
    flags: Flags,
}

impl<H: HeaderLines + ?Sized> Request<'_, H> {
    fn client(&self, node: Node, proxies: u8, scheme: Scheme, place: Option<Place>) -> Resolved {
        if self.policy.hops().is_some_and(|hops| hops != proxies) {
            return self.unresolvable(Unresolved::HopCount, place);
        }
        let Node { address, port } = node;
        Resolved::Client(Client { address, port, proxies, scheme, flags: self.flags })
    }

    const fn proxy_origin(&self, proxy: IpAddr, scheme: Scheme) -> Resolved {
        Resolved::ProxyOrigin(ProxyOrigin { proxy, scheme, flags: self.flags })
    }

    const fn unresolvable(&self, why: Unresolved, place: Option<Place>) -> Resolved {
        Resolved::Unresolvable(Unresolvable { peer: self.connection.peer, why, place, flags: self.flags })
    }

    /// One hop, named by the header that the connection began with.
    fn proxy_protocol(&self) -> Resolved {
        let socket = self.connection.transport;
        match self.connection.proxy_header {
            None => self.unresolvable(Unresolved::Missing, None),
            Some(ProxyHeader(None)) => self.proxy_origin(self.connection.peer, Scheme::Unknown),
            Some(ProxyHeader(Some((address, transport)))) => {
                // Without a word of the proxy on TLS it passes bytes on: its leg and the client's are one.
                let scheme = Legs::new(self.policy.scheme_rule(), socket).and(transport.unwrap_or(socket).into());
                let node = Node { address, port: None };
                self.one_hop(node, scheme.scheme(), None)
            }
        }
    }

    /// One hop, named by a header with one value.
    fn single(mut self, name: &str) -> Resolved {
        let mut lines = self.headers.lines(name);
        let Some(line) = lines.next_back() else {
            return self.proxy_origin(self.connection.peer, Scheme::Unknown);
        };
        // One of them is the client's own, and nothing tells which.
        if let before @ 1.. = lines.count() {
            let place = Place { line: before.saturating_add(1), byte: 1 };
            return self.unresolvable(Unresolved::Repeated, Some(place));
        }
        let text = trim_start(line);
        let place = Place { line: 1, byte: line.len().saturating_sub(text.len()).saturating_add(1) };
        match node::plain(trim_end(text)) {
            Ok(node) => {
                let mut protos = protos(self.policy, self.headers);
                let legs = Legs::new(self.policy.scheme_rule(), self.connection.transport).and(protos.next());
                self.flags = self.flags.with(Flag::SchemeMissing, protos.missing);
                self.one_hop(node, legs.scheme(), Some(place))
            }
            Err(_) if text.is_empty() => self.proxy_origin(self.connection.peer, Scheme::Unknown),
            Err(why) => self.unresolvable(why, Some(place)),
        }
    }

    fn one_hop(&self, node: Node, scheme: Scheme, place: Option<Place>) -> Resolved {
        if self.policy.trusts(node.address) {
            return self.proxy_origin(node.address, scheme);
        }
        self.client(node, 1, scheme, place)
    }

    /// Any number of hops, each named by an element of a list.
    fn walk(
        mut self,
        header: &str,
        quotes: Quotes,
        read: impl Fn(&[u8]) -> Result<(Node, Scheme), Unresolved>,
    ) -> Resolved {
        let mut elements = Elements::new(self.headers.lines(header), quotes);
        let mut protos = protos(self.policy, self.headers);
        let mut legs = Legs::new(self.policy.scheme_rule(), self.connection.transport);
        let (mut furthest, mut proxies) = (self.connection.peer, 1_u8);
        let (why, at) = loop {
            let element = match elements.next_back() {
                Ok(Some(element)) => element,
                Ok(None) => {
                    self.flags = self.flags.with(Flag::SchemeMissing, protos.missing);
                    return self.proxy_origin(furthest, legs.scheme());
                }
                Err(stop) => break stop,
            };
            let (node, said) = match read(element.text) {
                Ok(read) => read,
                Err(why) => break (why, element.at),
            };
            legs = legs.and(if self.policy.scheme_source() == SchemeSource::None { said } else { protos.next() });
            if !self.policy.trusts(node.address) {
                self.flags = self.flags.with(Flag::SchemeMissing, protos.missing);
                if self.policy.hops().is_some_and(|hops| hops != proxies) {
                    break (Unresolved::HopCount, element.at);
                }
                return self.client(node, proxies, legs.scheme(), None);
            }
            if proxies >= ProxyPolicy::MAX_HOPS {
                break (Unresolved::TooLong, element.at);
            }
            (furthest, proxies) = (node.address, proxies.saturating_add(1));
        };
        let place = Place { line: elements.line(), byte: at.saturating_add(1) };
        self.unresolvable(why, Some(place))
    }
}

/// The legs that were walked, from the host to the client.
#[derive(Clone, Copy)]
struct Legs {
    rule: SchemeRule,
    /// Every leg but the last.
    nearer: Scheme,
    /// The leg that the last element speaks of.
    last: Option<Scheme>,
}

impl Legs {
    fn new(rule: SchemeRule, socket: Transport) -> Self {
        Self { rule, nearer: socket.into(), last: None }
    }

    fn and(self, leg: Scheme) -> Self {
        let nearer = self.last.map_or(self.nearer, |last| self.nearer.and(last));
        Self { nearer, last: Some(leg), ..self }
    }

    /// A leg that nobody speaks of is unknown: what a proxy does not say is not the proxy's own request.
    fn scheme(self) -> Scheme {
        let last = self.last.unwrap_or(Scheme::Unknown);
        match self.rule {
            SchemeRule::ClientLeg => last,
            SchemeRule::AllLegs => self.nearer.and(last),
        }
    }
}

/// What the header of the scheme says of each leg, from the right; the same proxies write it in the same order.
struct Protos<'a, I> {
    elements: Option<Elements<'a, I>>,
    missing: bool,
}

impl<'a, I: DoubleEndedIterator<Item = &'a [u8]>> Protos<'a, I> {
    fn next(&mut self) -> Scheme {
        let Some(elements) = &mut self.elements else { return Scheme::Unknown };
        match elements.next_back() {
            Ok(Some(element)) => Scheme::of(element.text),
            Ok(None) | Err(_) => {
                self.missing = true;
                Scheme::Unknown
            }
        }
    }
}

fn protos<'a, H: HeaderLines + ?Sized>(
    policy: &ProxyPolicy,
    headers: &'a H,
) -> Protos<'a, impl DoubleEndedIterator<Item = &'a [u8]>> {
    let is_read = policy.scheme_source() == SchemeSource::XForwardedProto;
    let elements = is_read.then(|| Elements::new(headers.lines(X_FORWARDED_PROTO), Quotes::None));
    Protos { elements, missing: false }
}
