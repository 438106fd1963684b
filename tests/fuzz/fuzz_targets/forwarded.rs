//! `Forwarded`, read from the right, against a plain reading of the whole line from the left by the grammar of RFC 7239.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use clausework::access::client::{Connection, HeaderSource, ProxyPolicy, Resolved, resolve};
use clausework::event::{Transport, Unresolved};
use libfuzzer_sys::fuzz_target;

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The elements of a line; none if a quoted string does not end.
fn elements(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut all, mut at) = (vec![Vec::new()], 0);
    while at < line.len() {
        match line[at] {
            b',' => all.push(Vec::new()),
            b'"' => {
                let start = at;
                at += 1;
                while *line.get(at)? != b'"' {
                    at += if line[at] == b'\\' { 2 } else { 1 };
                }
                all.last_mut()?.extend(&line[start..at]);
                all.last_mut()?.push(b'"');
            }
            byte => all.last_mut()?.push(byte),
        }
        at += 1;
    }
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let trim = |element: Vec<u8>| {
        let start = element.iter().position(|byte| !blank(byte)).unwrap_or(element.len());
        let end = element.iter().rposition(|byte| !blank(byte)).map_or(start, |at| at + 1);
        element[start..end].to_vec()
    };
    Some(all.into_iter().map(trim).collect())
}

/// For whom an element speaks: an address, somebody hidden, or nothing that can be read.
fn speaks_for(element: &[u8]) -> Result<IpAddr, Unresolved> {
    let (mut pairs, mut at) = (Vec::<(String, Vec<u8>)>::new(), 0);
    while at < element.len() {
        if element[at] == b';' {
            at += 1;
            continue;
        }
        let start = at;
        while at < element.len() && is_token(element[at]) {
            at += 1;
        }
        let name = String::from_utf8(element[start..at].to_ascii_lowercase()).unwrap();
        if name.is_empty() || element.get(at) != Some(&b'=') {
            return Err(Unresolved::Unreadable);
        }
        at += 1;
        let mut value = Vec::new();
        if element.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match element.get(at).copied() {
                    Some(b'"') => break,
                    Some(b'\\') => {
                        at += 1;
                        value.push(*element.get(at).ok_or(Unresolved::Unreadable)?);
                    }
                    Some(byte) => value.push(byte),
                    None => return Err(Unresolved::Unreadable),
                }
                at += 1;
            }
            at += 1;
            if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
                return Err(Unresolved::Unreadable);
            }
        } else {
            while at < element.len() && is_token(element[at]) {
                value.push(element[at]);
                at += 1;
            }
            if value.is_empty() {
                return Err(Unresolved::Unreadable);
            }
        }
        if at < element.len() && element[at] != b';' || pairs.iter().any(|(other, _)| *other == name) {
            return Err(Unresolved::Unreadable);
        }
        pairs.push((name, value));
    }
    let from = pairs.into_iter().find(|(name, _)| name == "for").ok_or(Unresolved::Hidden)?.1;
    let node = std::str::from_utf8(&from).map_err(|_| Unresolved::Unreadable)?;
    let (name, port) = match node.strip_prefix('[') {
        Some(rest) => {
            let (inner, rest) = rest.split_once(']').ok_or(Unresolved::Unreadable)?;
            (inner, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').ok_or(Unresolved::Unreadable)?) })
        }
        None => node.split_once(':').map_or((node, None), |(name, port)| (name, Some(port))),
    };
    let obfuscated = |text: &str| {
        text.strip_prefix('_').is_some_and(|text| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        })
    };
    let number = |text: &str| {
        (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
    };
    if port.is_some_and(|port| !number(port) && !obfuscated(port)) {
        return Err(Unresolved::Unreadable);
    }
    if node.starts_with('[') {
        return name.parse::<Ipv6Addr>().map(|v6| IpAddr::V6(v6).to_canonical()).map_err(|_| Unresolved::Unreadable);
    }
    if name.eq_ignore_ascii_case("unknown") || obfuscated(name) {
        return Err(Unresolved::Hidden);
    }
    name.parse::<Ipv4Addr>().map(IpAddr::V4).map_err(|_| Unresolved::Unreadable)
}

fuzz_target!(|line: &[u8]| {
    let trusted = ["10.0.0.0/8".parse().unwrap()];
    let policy = ProxyPolicy::builder().trusted(trusted).source(HeaderSource::Forwarded).build().unwrap();
    let peer: IpAddr = "10.0.0.1".parse().unwrap();
    let resolved = resolve(&policy, &Connection::new(peer, Transport::Tls), &[("forwarded", line)]);
    if matches!(resolved, Resolved::Unresolvable(unknown) if unknown.why() == Unresolved::TooLong) {
        assert!(line.len() > 60, "{line:?}"); // the shortest is 65 commas or 17 parameters
        return;
    }
    let mut expected = Ok(None);
    match elements(line) {
        None => expected = Err(Unresolved::Unreadable),
        Some(elements) => {
            for element in elements.iter().rev().filter(|element| !element.is_empty()) {
                match speaks_for(element) {
                    Ok(address) if policy.trusts(address) => {}
                    Ok(address) => expected = Ok(Some(address)),
                    Err(why) => expected = Err(why),
                }
                if expected != Ok(None) {
                    break;
                }
            }
        }
    }
    let found = match resolved {
        Resolved::Client(client) => Ok(Some(client.address())),
        Resolved::ProxyOrigin(_) => Ok(None),
        Resolved::Unresolvable(unknown) => Err(unknown.why()),
    };
    assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(line));
});
