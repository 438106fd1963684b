//! What finding the client costs: three hops, against parsing their three addresses by the standard library.
//!
//! `cargo bench --bench client` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use clausework::access::client::{Connection, HeaderSource, ProxyPolicy, Resolved, SchemeSource, resolve};
use clausework::event::Transport;

/// Resolving may cost as many times the parsing of its addresses.
const GOAL: f64 = 3.0;

/// The tenth part of the batches that was disturbed least: beside other work the median measures that work.
fn quiet(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 10].as_secs_f64()
}

struct Case {
    name: &'static str,
    source: HeaderSource,
    scheme_source: SchemeSource,
    addresses: [&'static str; 3],
    headers: Vec<(&'static str, &'static str)>,
    /// Whether the goal is for it: the header and nothing else.
    has_goal: bool,
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    // Short batches, so that most are not interrupted.
    let (rounds, batch) = if measured { (4001, 200_u32) } else { (3, 100) };
    let v4 = ["198.51.100.9", "192.0.2.25", "10.31.41.59"];
    let v6 = ["2001:db8:85a3::8a2e:370:7334", "2001:db8:ffff:1::2", "2001:db8:ffff:2::53"];
    let (forwarded, plain) = (HeaderSource::Forwarded, HeaderSource::XForwardedFor);
    let usual = [
        ("host", "example.com"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"),
        ("accept", "text/html,application/xhtml+xml"),
        ("accept-language", "en"),
        ("accept-encoding", "gzip, deflate, br"),
        ("cookie", "session=0123456789abcdef0123456789abcdef"),
        ("x-request-id", "7f9c2ba4e88f827d"),
        ("x-forwarded-proto", "https, https, https"),
        ("x-forwarded-for", "198.51.100.9, 192.0.2.25, 10.31.41.59"),
        ("x-forwarded-host", "example.com"),
        ("cache-control", "no-cache"),
        ("te", "trailers"),
    ];
    let case = |name, source: &HeaderSource, addresses, line| Case {
        name,
        source: source.clone(),
        scheme_source: SchemeSource::None,
        addresses,
        headers: vec![(if *source == HeaderSource::Forwarded { "forwarded" } else { "x-forwarded-for" }, line)],
        has_goal: true,
    };
    let cases = [
        case("x-forwarded-for/v4", &plain, v4, "198.51.100.9, 192.0.2.25, 10.31.41.59"),
        case("x-forwarded-for/v6", &plain, v6, "2001:db8:85a3::8a2e:370:7334, 2001:db8:ffff:1::2, 2001:db8:ffff:2::53"),
        case("forwarded/v4", &forwarded, v4, "for=198.51.100.9, for=192.0.2.25, for=10.31.41.59"),
        case(
            "forwarded/v6",
            &forwarded,
            v6,
            "for=\"[2001:db8:85a3::8a2e:370:7334]\", for=\"[2001:db8:ffff:1::2]\", for=\"[2001:db8:ffff:2::53]\"",
        ),
        Case {
            scheme_source: SchemeSource::XForwardedProto,
            headers: usual.to_vec(),
            has_goal: false,
            ..case("x-forwarded-for/v4/among twelve headers, with the scheme", &plain, v4, "")
        },
    ];
    let networks = ["10.0.0.0/8", "192.0.2.0/24", "2001:db8:ffff::/48"].map(|network| network.parse().unwrap());
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for case in cases {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| case.name.contains(wanted.as_str())) {
            continue;
        }
        let policy = ProxyPolicy::builder()
            .trusted(networks)
            .source(case.source)
            .scheme_source(case.scheme_source)
            .build()
            .unwrap();
        let peer = Connection::new("10.0.0.1".parse().unwrap(), Transport::Tls);
        let client: IpAddr = case.addresses[0].parse().unwrap();
        let (mut ours, mut std) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let start = Instant::now();
            for _ in 0..batch {
                for address in case.addresses {
                    black_box(black_box(address).parse::<IpAddr>().unwrap());
                }
            }
            std.push(start.elapsed() / batch);
            let start = Instant::now();
            for _ in 0..batch {
                let resolved = resolve(black_box(&policy), black_box(&peer), black_box(&case.headers));
                assert!(
                    matches!(resolved, Resolved::Client(found) if found.address() == client && found.proxies() == 3)
                );
            }
            ours.push(start.elapsed() / batch);
        }
        let (ours, std, name) = (quiet(ours), quiet(std), case.name);
        let ratio = ours / std;
        println!("client/{name}: {:.0} ns, std parses the addresses in {:.0} ns", ours * 1e9, std * 1e9);
        if case.has_goal {
            println!("ratio client/{name}/3 hops vs std parsing = {ratio:.2} (goal <= {GOAL})");
            // An unoptimised build says nothing about time.
            assert!(cfg!(debug_assertions) || !measured || ratio <= GOAL, "{name}: finding the client costs too much");
        }
    }
}
