use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::event::{Origin, Transport, Unresolved};

fn from(address: &str) -> Origin {
    Origin::network(address.parse().unwrap(), Transport::Tls)
}

fn only(networks: &[&str]) -> AccessPolicy {
    let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
    AccessPolicy::builder().ip_list(IpList::Only(networks)).build().unwrap()
}

fn network_refused() -> AccessOutcome {
    AccessOutcome::Refused(Vec::from([Refusal::NetworkNotAllowed]))
}

/// E-5.7: switched off allows all, switched on and empty refuses all.
#[test]
fn e_5_7_off_allows_all_and_empty_refuses_all() {
    for address in ["192.0.2.1", "2001:db8::1", "127.0.0.1", "0.0.0.0"] {
        assert_eq!(decide(&AccessPolicy::default(), from(address)), AccessOutcome::Allowed, "{address}");
        assert_eq!(decide(&only(&[]), from(address)), network_refused(), "{address}");
    }
    assert_eq!(decide(&only(&[]), Origin::Internal), network_refused());
}

/// E-5.7: the first and last address of a network are in, their neighbours are not.
#[test]
fn e_5_7_edges_of_a_network() {
    let policy = only(&["198.51.100.16/29", "2001:db8:1::/48", "203.0.113.5/32"]);
    for (address, allowed) in [
        ("198.51.100.15", false),
        ("198.51.100.16", true),
        ("198.51.100.23", true),
        ("198.51.100.24", false),
        ("203.0.113.5", true),
        ("203.0.113.4", false),
        ("2001:db8:0:ffff:ffff:ffff:ffff:ffff", false),
        ("2001:db8:1::", true),
        ("2001:db8:1:ffff:ffff:ffff:ffff:ffff", true),
        ("2001:db8:2::", false),
        ("::ffff:198.51.100.16", true), // IPv4-mapped is IPv4
        ("::ffff:198.51.100.24", false),
    ] {
        let expected = if allowed { AccessOutcome::Allowed } else { network_refused() };
        assert_eq!(decide(&policy, from(address)), expected, "{address}");
    }
}

/// E-5.8: with HTTPS-only on, plain is refused; with it off, it is not.
#[test]
fn e_5_8_https_only() {
    let plain = Origin::network("192.0.2.1".parse().unwrap(), Transport::Plain);
    let either = AccessPolicy::builder().https_only(false).build().unwrap();
    assert_eq!(decide(&AccessPolicy::default(), plain), AccessOutcome::Refused(Vec::from([Refusal::PlainTransport])));
    assert_eq!(decide(&AccessPolicy::default(), from("192.0.2.1")), AccessOutcome::Allowed);
    assert_eq!(decide(&either, plain), AccessOutcome::Allowed);
}

/// Neither a proxy nor who knows whom is a client: no list that is on lets them in, whatever it names.
#[test]
fn e_5_7_a_proxy_is_no_client() {
    let address = "198.51.100.7".parse().unwrap();
    let everyone = only(&["0.0.0.0/0", "::/0"]);
    let proxy = |transport| Origin::proxy_origin(address, transport);
    assert_eq!(decide(&everyone, Origin::network(address, Transport::Tls)), AccessOutcome::Allowed);
    assert_eq!(decide(&everyone, proxy(Transport::Tls)), network_refused());
    assert_eq!(decide(&AccessPolicy::default(), proxy(Transport::Tls)), AccessOutcome::Allowed);
    let plain = AccessOutcome::Refused(Vec::from([Refusal::PlainTransport]));
    assert_eq!(decide(&AccessPolicy::default(), proxy(Transport::Plain)), plain);

    let both = AccessOutcome::Refused(Vec::from([Refusal::NetworkNotAllowed, Refusal::PlainTransport]));
    let nobody = Origin::unresolvable(address, Unresolved::Hidden);
    assert_eq!(decide(&everyone, nobody), both);
    assert_eq!(decide(&AccessPolicy::default(), nobody), plain); // what is not known is not encrypted
}

#[test]
fn unclear_networks_are_refused_with_the_repair() {
    let build =
        |network: &str| AccessPolicy::builder().ip_list(IpList::Only(Vec::from([network.parse().unwrap()]))).build();
    let repaired = "10.0.0.0/8".parse().unwrap();
    assert_eq!(
        build("10.0.0.1/8"),
        Err(AccessPolicyError::HostBits { network: "10.0.0.1/8".parse().unwrap(), repaired })
    );
    assert!(build("::ffff:192.0.2.0/120").unwrap_err().to_string().contains("would match nobody"));
    let many = Vec::from([repaired; 1001]);
    assert_eq!(
        AccessPolicy::builder().ip_list(IpList::Only(many)).build(),
        Err(AccessPolicyError::TooMany { found: 1001 })
    );
}

#[test]
fn an_invalid_policy_cannot_be_deserialised() {
    let text = r#"{"ip_list":{"only":["10.0.0.0/8"]},"https_only":true}"#;
    let policy: AccessPolicy = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&policy).unwrap(), text);
    assert!(serde_json::from_str::<AccessPolicy>(&text.replace(".0/8", ".1/8")).is_err());
    assert!(serde_json::from_str::<AccessPolicy>(r#"{"https":true}"#).is_err());
}
