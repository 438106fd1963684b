//! Header lines from anyone: no panic, no trusted address as a client, and nothing left of a client changes who it is.
//!
//! The first byte picks the source; the first line is the junk, the others are what the proxies wrote.
#![no_main]

use clausework::access::client::{Connection, HeaderSource, ProxyPolicy, Resolved, SchemeSource, resolve};
use clausework::event::Transport;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((pick, data)) = data.split_first() else { return };
    let (source, scheme_source) = match pick % 4 {
        0 => (HeaderSource::XForwardedFor, SchemeSource::None),
        1 => (HeaderSource::XForwardedFor, SchemeSource::XForwardedProto),
        2 => (HeaderSource::Forwarded, SchemeSource::None),
        _ => ("x-real-ip".parse().unwrap(), SchemeSource::XForwardedProto),
    };
    let name = source.as_str();
    let trusted = ["10.0.0.0/8", "2001:db8:ffff::/48"].map(|network| network.parse().unwrap());
    let builder = ProxyPolicy::builder().trusted(trusted).source(source.clone()).scheme_source(scheme_source);
    let policy = builder.build().unwrap();
    let mut parts = data.split(|byte| *byte == b'\n');
    let junk = parts.next().unwrap_or_default();
    let headers: Vec<(&str, Vec<u8>)> = parts.map(|line| (name, line.to_vec())).collect();

    let peer = Connection::new("10.0.0.1".parse().unwrap(), Transport::Tls);
    let resolved = resolve(&policy, &peer, &headers);
    let _ = resolved.to_string();
    let Resolved::Client(client) = resolved else { return };
    assert!(!policy.trusts(client.address()));
    assert_eq!(client.address(), client.address().to_canonical());
    assert!((1..=ProxyPolicy::MAX_HOPS).contains(&client.proxies()));

    if matches!(source, HeaderSource::Named(_)) {
        return; // one line, or nobody: the junk would be a second one
    }
    let mut longer = headers.clone();
    longer.insert(0, (name, junk.to_vec()));
    assert_eq!(resolve(&policy, &peer, &longer), resolved, "junk on a line of its own");
    let mut longer = headers.clone();
    let (_, line) = &mut longer[0];
    *line = [junk, b",", line].concat();
    let same = resolve(&policy, &peer, &longer);
    // A quoted string that the junk opens swallows what follows: then there is no client, and never another one.
    let swallowed = source == HeaderSource::Forwarded && matches!(same, Resolved::Unresolvable(_));
    assert!(same == resolved || swallowed, "junk on the same line: {same:?}, not {resolved:?}");
});
