use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str;

use super::outcome::Port;
use crate::event::Unresolved;

/// One hop as a proxy names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) address: IpAddr,
    pub(super) port: Option<Port>,
}

impl Node {
    const fn new(address: IpAddr, port: Option<Port>) -> Self {
        Self { address: address.to_canonical(), port }
    }
}

/// An element of `X-Forwarded-For` and its like, which no standard describes. As it is written: `v4`, `v4:port`, `v6`,
/// `[v6]`, `[v6]:port`. A bare IPv6 address is never split: its last group is no port.
pub(super) fn plain(text: &[u8]) -> Result<Node, Unresolved> {
    if let Some(inner) = text.strip_prefix(b"[") {
        return bracketed(inner, |_| None);
    }
    let mut colons = text.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at);
    match (colons.next(), colons.next()) {
        (None, _) => v4(text).map(|address| Node::new(address, None)).ok_or_else(|| hidden_or_unreadable(text)),
        (Some(colon), None) => {
            let (address, port) = text.split_at_checked(colon).ok_or(Unresolved::Unreadable)?;
            let (Some(address), Some(port)) = (v4(address), port.strip_prefix(b":").and_then(number)) else {
                return Err(Unresolved::Unreadable);
            };
            Ok(Node::new(address, Some(port)))
        }
        (Some(_), Some(_)) => v6(text).map(|address| Node::new(address, None)).ok_or(Unresolved::Unreadable),
    }
}

/// A node of RFC 7239 section 6: `v4`, `[v6]`, `unknown` or `_name`, each with an optional port, which may be `_name`.
pub(super) fn rfc_7239(text: &[u8]) -> Result<Node, Unresolved> {
    if let Some(inner) = text.strip_prefix(b"[") {
        return bracketed(inner, obfuscated);
    }
    let colon = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
    let (name, port) = text.split_at_checked(colon).ok_or(Unresolved::Unreadable)?;
    let port = match port.strip_prefix(b":") {
        None => None,
        Some(port) => Some(number(port).or_else(|| obfuscated(port)).ok_or(Unresolved::Unreadable)?),
    };
    if obfuscated(name).is_some() {
        return Err(Unresolved::Hidden);
    }
    v4(name).map(|address| Node::new(address, port)).ok_or_else(|| hidden_or_unreadable(name))
}

/// What follows an opening bracket.
fn bracketed(text: &[u8], other_port: fn(&[u8]) -> Option<Port>) -> Result<Node, Unresolved> {
    let bracket = text.iter().position(|byte| *byte == b']').ok_or(Unresolved::Unreadable)?;
    let (address, rest) = text.split_at_checked(bracket).ok_or(Unresolved::Unreadable)?;
    let address = v6(address).ok_or(Unresolved::Unreadable)?;
    let port = match rest {
        b"]" => None,
        [b']', b':', port @ ..] => Some(number(port).or_else(|| other_port(port)).ok_or(Unresolved::Unreadable)?),
        _ => return Err(Unresolved::Unreadable),
    };
    Ok(Node::new(address, port))
}

fn hidden_or_unreadable(text: &[u8]) -> Unresolved {
    if text.eq_ignore_ascii_case(b"unknown") { Unresolved::Hidden } else { Unresolved::Unreadable }
}

/// Four decimal numbers; the standard library takes no leading zero, sign, blank or other base (RFC 6943 section 3.1.1).
fn v4(text: &[u8]) -> Option<IpAddr> {
    str::from_utf8(text).ok()?.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
}

/// Groups as in RFC 4291 section 2.2, without zone: a zone means something on its own link only (RFC 4007 section 11).
fn v6(text: &[u8]) -> Option<IpAddr> {
    str::from_utf8(text).ok()?.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

/// A port of 1 to 5 digits (RFC 7239 section 6), and one that there is.
fn number(text: &[u8]) -> Option<Port> {
    if text.len() > 5 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(text).ok()?.parse().ok().map(Port::Number)
}

/// "_" and at least one letter, digit, ".", "_" or "-" (RFC 7239 section 6.3).
fn obfuscated(text: &[u8]) -> Option<Port> {
    let name = text.strip_prefix(b"_")?;
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (!name.is_empty() && name.iter().all(allowed)).then_some(Port::Obfuscated)
}
