use std::net::IpAddr;

use clausework::access::client::{Connection, HeaderSource, ProxyPolicy, Resolved, resolve};
use clausework::event::{Origin, Transport};
use proptest::collection::vec;
use proptest::prelude::*;

fn policy(source: HeaderSource) -> ProxyPolicy {
    let trusted = ["10.0.0.0/8", "2001:db8:ffff::/48"].map(|network| network.parse().unwrap());
    ProxyPolicy::builder().trusted(trusted).source(source).build().unwrap()
}

fn by_proxy() -> Connection {
    Connection::new("10.0.0.1".parse().unwrap(), Transport::Tls)
}

/// Whose the hops are that proxies wrote, and the lines that say so in one of the two forms.
fn chain() -> impl Strategy<Value = (IpAddr, Vec<IpAddr>)> {
    let client = prop_oneof![
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from).prop_filter("canonical", |address| address.to_canonical() == *address),
    ];
    let client = client.prop_filter("no proxy", |address| !policy(HeaderSource::Forwarded).trusts(*address));
    let proxy = prop_oneof![
        any::<[u8; 3]>().prop_map(|[b, c, d]| IpAddr::from([10, b, c, d])),
        any::<u16>().prop_map(|last| IpAddr::from([0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, last])),
    ];
    (client, vec(proxy, 0..5))
}

fn element(source: &HeaderSource, address: IpAddr) -> String {
    match (source, address) {
        (HeaderSource::Forwarded, IpAddr::V6(v6)) => format!("for=\"[{v6}]\""),
        (HeaderSource::Forwarded, IpAddr::V4(v4)) => format!("for={v4}"),
        _ => address.to_string(),
    }
}

fn is_balanced(line: &[u8]) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    !quoted
}

proptest! {
    /// However the proxies' elements are spread over lines, and whatever stands left of them, on lines of its own or
    /// on the same line, the client is who the proxies say.
    #[test]
    fn junk_on_the_left_changes_nothing(
        (client, proxies) in chain(),
        forwarded in any::<bool>(),
        split in any::<u8>(),
        junk in vec(prop_oneof![vec(any::<u8>(), 0..60), vec(prop::sample::select(b"\",;=\\ for10.2[]:_".to_vec()), 0..60)], 0..4),
        same_line in any::<bool>(),
    ) {
        let source = if forwarded { HeaderSource::Forwarded } else { HeaderSource::XForwardedFor };
        let mut lines: Vec<Vec<u8>> = junk;
        let mut line = if same_line { lines.pop() } else { None };
        // A client whose line a proxy appends to can spoil that line of Forwarded, for itself: see the next test.
        if let Some(junk) = &line && forwarded && !is_balanced(junk) {
            line = None;
        }
        for (number, address) in [client].iter().chain(&proxies).enumerate() {
            let element = element(&source, *address).into_bytes();
            line = Some(match line.take() {
                Some(line) if split >> number & 1 == 0 || (number == 0 && same_line) => [line, b", ".to_vec(), element].concat(),
                before => {
                    lines.extend(before);
                    element
                }
            });
        }
        lines.extend(line);
        let headers: Vec<(&str, Vec<u8>)> = lines.into_iter().map(|line| (source.as_str(), line)).collect();
        let resolved = resolve(&policy(source.clone()), &by_proxy(), &headers);
        let Resolved::Client(found) = resolved else { panic!("{resolved}") };
        prop_assert_eq!(found.address(), client);
        prop_assert_eq!(usize::from(found.proxies()), proxies.len() + 1);
    }

    /// A quote that does not close on the line a proxy appends to leaves the client unresolvable; it never is another.
    #[test]
    fn an_open_quote_never_makes_another_client(junk in vec(prop::sample::select(b"\",;=\\ for10.2".to_vec()), 0..40), client in any::<[u8; 4]>()) {
        let client = IpAddr::from(client);
        let policy = policy(HeaderSource::Forwarded);
        prop_assume!(!policy.trusts(client));
        let line = [&junk[..], b", ", element(&HeaderSource::Forwarded, client).as_bytes(), b";by=\"[2001:db8::1]:80\""].concat();
        match resolve(&policy, &by_proxy(), &[("forwarded", &line)]) {
            Resolved::Client(found) => prop_assert_eq!(found.address(), client),
            Resolved::Unresolvable(_) => prop_assert!(!is_balanced(&junk)),
            Resolved::ProxyOrigin(origin) => panic!("{}", origin.proxy()),
        }
    }

    /// Any bytes, from anyone: an untrusted peer is itself, and a trusted one is never handed to a rule.
    #[test]
    fn a_trusted_address_is_never_a_client(lines in vec(vec(any::<u8>(), 0..80), 0..4), forwarded in any::<bool>()) {
        let source = if forwarded { HeaderSource::Forwarded } else { HeaderSource::XForwardedFor };
        let policy = policy(source.clone());
        let headers: Vec<(&str, Vec<u8>)> = lines.into_iter().map(|line| (source.as_str(), line)).collect();
        if let Origin::Network { peer, .. } = resolve(&policy, &by_proxy(), &headers).origin() {
            prop_assert!(!policy.trusts(peer));
            prop_assert_eq!(peer.to_canonical(), peer);
        }
        let stranger = IpAddr::from([203, 0, 113, 7]);
        let direct = resolve(&policy, &Connection::new(stranger, Transport::Tls), &headers);
        prop_assert_eq!(direct.origin(), Origin::network(stranger, Transport::Tls));
    }
}
