/// The header lines of a request: every line of a name, as it came.
///
/// A trait, and not one value of a header, so that no line can be forgotten: a client's line and the proxy's may
/// both be there, and only the last is the proxy's. Implemented for lists of name and value, and with the feature
/// `http` for `http::HeaderMap`.
///
/// ```
/// use clausework::access::client::HeaderLines;
///
/// let lines = [("X-Forwarded-For", "198.51.100.9"), ("Host", "example.com"), ("x-forwarded-for", "192.0.2.5")];
/// let values: Vec<&[u8]> = lines.lines("x-forwarded-for").collect();
/// assert_eq!(values, [&b"198.51.100.9"[..], b"192.0.2.5"]);
/// ```
pub trait HeaderLines {
    /// The values of all lines of this name, which is in lower case, in the order they were received.
    fn lines<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]>;
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderLines for [(N, V)] {
    fn lines<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        let name = name.as_bytes();
        // Most hosts keep names in lower case, which is compared faster.
        let named = move |line: &&(N, V)| line.0.as_ref() == name || line.0.as_ref().eq_ignore_ascii_case(name);
        self.iter().filter(named).map(|line| line.1.as_ref())
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const COUNT: usize> HeaderLines for [(N, V); COUNT] {
    fn lines<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        self.as_slice().lines(name)
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> HeaderLines for alloc::vec::Vec<(N, V)> {
    fn lines<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        self.as_slice().lines(name)
    }
}

/// For hosts on hyper, axum, tonic and whatever else uses the `http` crate.
///
/// ```
/// use clausework::access::client::{Connection, HeaderSource, ProxyPolicy, resolve};
/// use clausework::event::{Origin, Transport};
///
/// # fn handler<B>(policy: &ProxyPolicy, socket: core::net::SocketAddr, request: &http::Request<B>) -> Origin {
/// let connection = Connection::new(socket.ip(), Transport::Plain); // TLS ends at the proxy
/// let origin = resolve(policy, &connection, request.headers()).origin();
/// # origin }
/// # let source = HeaderSource::XForwardedFor;
/// # let policy = ProxyPolicy::builder().trusted(["10.0.0.0/8".parse()?]).source(source).build()?;
/// # let by = |peer: &str| peer.parse::<core::net::SocketAddr>();
/// # let request = http::Request::builder().header("X-Forwarded-For", "x").header("X-Forwarded-For", "198.51.100.9");
/// # let request = request.body(())?;
/// # assert_eq!(handler(&policy, by("10.0.0.1:40000")?, &request), Origin::network("198.51.100.9".parse()?, Transport::Plain));
/// # assert_eq!(handler(&policy, by("10.0.0.1:40000")?, &http::Request::new(())), Origin::proxy_origin("10.0.0.1".parse()?, Transport::Plain));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "http")]
impl HeaderLines for http::HeaderMap {
    fn lines<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        self.get_all(name).iter().map(http::HeaderValue::as_bytes)
    }
}
