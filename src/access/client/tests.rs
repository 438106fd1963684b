use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::event::Transport;

fn builder() -> ProxyPolicyBuilder {
    ProxyPolicy::builder().trusted(["10.0.0.0/8".parse().unwrap()])
}

#[test]
fn a_policy_that_says_two_things_is_none() {
    let named = |name: &str| HeaderSource::Named(HeaderName::try_new(name).unwrap());
    let network = |text: &str| -> crate::access::AddressRange { text.parse().unwrap() };
    for (asked, expected) in [
        (builder().trusted(Vec::from([network("10.0.0.0/8"); 1000])), Ok(())),
        (builder().trusted(Vec::from([network("10.0.0.0/8"); 1001])), Err(ProxyPolicyError::TooMany { found: 1001 })),
        (builder().source(HeaderSource::XForwardedFor).hops(Some(32)), Ok(())),
        (
            builder().source(HeaderSource::XForwardedFor).hops(Some(33)),
            Err(ProxyPolicyError::Hops { asked: 33, most: 32 }),
        ),
        (builder().source(named("x-real-ip")).hops(Some(1)), Ok(())),
        (builder().source(named("x-real-ip")).hops(Some(2)), Err(ProxyPolicyError::Hops { asked: 2, most: 1 })),
        (builder().hops(Some(0)), Ok(())),
        (builder().hops(Some(1)), Err(ProxyPolicyError::Hops { asked: 1, most: 0 })),
        (builder().source(named("x-real-ip")).scheme_source(SchemeSource::XForwardedProto), Ok(())),
        (builder().scheme_source(SchemeSource::XForwardedProto), Err(ProxyPolicyError::SchemeSource)),
        (
            builder().source(HeaderSource::Forwarded).scheme_source(SchemeSource::XForwardedProto),
            Err(ProxyPolicyError::SchemeSource),
        ),
        (builder().source(named("Forwarded")), Err(ProxyPolicyError::Named)),
        (builder().source(named("none")), Err(ProxyPolicyError::Named)),
    ] {
        assert_eq!(asked.clone().build().map(drop), expected, "{asked:?}");
        let text = serde_json::to_string(&asked).unwrap();
        // Read back, a name that stands for a source is that source.
        let valid = expected.is_ok() || expected == Err(ProxyPolicyError::Named);
        assert_eq!(serde_json::from_str::<ProxyPolicy>(&text).is_ok(), valid, "{text}");
    }
    assert!(serde_json::from_str::<ProxyPolicy>(r#"{"proxies":1}"#).is_err());
}

/// Trusted networks are read as strictly as those of a list: one text, one network.
#[test]
fn trusted_networks_of_a_file_are_read_strictly() {
    let policy = |text: &str| serde_json::from_value::<ProxyPolicy>(serde_json::json!({ "trusted": [text] }));
    for text in
        ["010.0.0.0/8", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.1/8", "10.0.0.0/33", " 10.0.0.0/8", "fe80::1%1/64"]
    {
        assert!(policy(text).is_err(), "{text:?}");
    }
    let said = policy("010.0.0.0/8").unwrap_err().to_string();
    assert!(said.starts_with("a leading zero at position 0"), "{said}");
    for (text, inside, outside) in [
        ("10.0.0.0/8", "10.1.2.3", "11.0.0.0"),
        ("10.0.0.7", "10.0.0.7", "10.0.0.8"),
        ("10.0.0.1-10.0.0.6", "10.0.0.6", "10.0.0.7"),
        ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0"),
        ("2001:DB8::/32", "2001:db8::1", "2001:db9::1"),
    ] {
        let read = policy(text).unwrap();
        assert!(read.trusts(inside.parse().unwrap()) && !read.trusts(outside.parse().unwrap()), "{text}");
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<ProxyPolicy>(&again).unwrap(), read, "{again}");
    }
}

#[test]
fn a_source_is_written_as_its_name() {
    for (text, source) in [
        ("none", HeaderSource::None),
        ("x-forwarded-for", HeaderSource::XForwardedFor),
        ("forwarded", HeaderSource::Forwarded),
        ("proxy-protocol", HeaderSource::ProxyProtocol),
        ("x-real-ip", HeaderSource::Named(HeaderName::try_new("X-Real-IP").unwrap())),
    ] {
        assert_eq!(text.parse::<HeaderSource>(), Ok(source.clone()));
        assert_eq!(text.to_uppercase().parse::<HeaderSource>(), Ok(source.clone()));
        assert_eq!(source.to_string(), text);
    }
    for (text, at) in [("", 0), ("a b", 1), ("x:", 1), ("\u{e9}", 0)] {
        assert_eq!(text.parse::<HeaderSource>(), Err(ProxyPolicyError::HeaderName { at }), "{text:?}");
    }
    assert!("x".repeat(64).parse::<HeaderSource>().is_ok());
    assert_eq!("x".repeat(65).parse::<HeaderSource>(), Err(ProxyPolicyError::HeaderName { at: 64 }));
}

/// RFC 7239 section 4 by way of RFC 9110 section 5.6.2: every character that a token may have, and no other.
#[test]
fn the_characters_of_a_token() {
    let allowed = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for byte in 0..=u8::MAX {
        assert_eq!(forwarded::is_token(byte), allowed.contains(&byte), "{byte:#x}");
    }
}

#[test]
fn what_an_operator_reads() {
    let policy = builder().source(HeaderSource::XForwardedFor).build().unwrap();
    let by_proxy = Connection::new("10.0.0.1".parse().unwrap(), Transport::Plain);
    for (line, said) in [
        ("198.51.100.9", "client 198.51.100.9 (unknown), proxies passed: 1"),
        ("", "proxy 10.0.0.1 (unknown)"),
        ("198.51.100.9, unknown", "unresolvable: hidden at line 1, byte 15"),
    ] {
        assert_eq!(resolve(&policy, &by_proxy, &[("x-forwarded-for", line)]).to_string(), said);
    }
}
