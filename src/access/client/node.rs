use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str;

use super::resolved::Port;
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

/// An IPv4 address and nothing else.
#[inline]
pub(super) fn bare_v4(text: &[u8]) -> Option<Node> {
    v4(text).map(|address| Node { address, port: None })
}

/// An element of `X-Forwarded-For` and its like, which no standard describes. As it is written: `v4`, `v4:port`, `v6`,
/// `[v6]`, `[v6]:port`. A bare IPv6 address is never split: its last group is no port.
pub(super) fn plain(text: &[u8]) -> Result<Node, Unresolved> {
    if let Some(node) = bare_v4(text) {
        return Ok(node);
    }
    if let Some(inner) = text.strip_prefix(b"[") {
        return bracketed(inner, |_| None);
    }
    if let Some(address) = v6(text) {
        return Ok(Node::new(address, None));
    }
    let Some(colon) = text.iter().position(|byte| *byte == b':') else { return Err(hidden_or_unreadable(text)) };
    let (address, port) = text.split_at_checked(colon).ok_or(Unresolved::Unreadable)?;
    match (v4(address), port.strip_prefix(b":").and_then(number)) {
        (Some(address), Some(port)) => Ok(Node::new(address, Some(port))),
        _ => Err(Unresolved::Unreadable),
    }
}

/// A node of RFC 7239 section 6: `v4`, `[v6]`, `unknown` or `_name`, each with an optional port, which may be `_name`.
pub(super) fn rfc_7239(text: &[u8]) -> Result<Node, Unresolved> {
    if let Some(node) = bare_v4(text) {
        return Ok(node);
    }
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

/// Four decimal numbers up to 255 without leading zero, sign, blank or other base (RFC 6943 section 3.1.1): what the
/// standard library takes, from bytes and in less time.
#[inline]
fn v4(text: &[u8]) -> Option<IpAddr> {
    let (first, rest) = decimal(text)?;
    let (second, rest) = decimal(rest.strip_prefix(b".")?)?;
    let (third, rest) = decimal(rest.strip_prefix(b".")?)?;
    let (fourth, rest) = decimal(rest.strip_prefix(b".")?)?;
    rest.is_empty().then(|| IpAddr::V4(Ipv4Addr::new(first, second, third, fourth)))
}

/// A number up to 255 without leading zeros, and what follows it.
#[inline]
fn decimal(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] => {
            let hundreds = u16::from(a & 0x0f).wrapping_mul(100);
            let rest_of_it = u16::from(b & 0x0f).wrapping_mul(10).wrapping_add(u16::from(c & 0x0f));
            u8::try_from(hundreds.wrapping_add(rest_of_it)).ok().map(|number| (number, rest))
        }
        [a @ b'1'..=b'9', b @ b'0'..=b'9', rest @ ..] => {
            Some(((a & 0x0f).wrapping_mul(10).wrapping_add(b & 0x0f), rest))
        }
        [a @ b'0'..=b'9', rest @ ..] => Some((a & 0x0f, rest)),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The standard library reads the same addresses, and no other text.
        #[test]
        fn what_std_reads(text in prop_oneof![
            "[0-9.]{1,17}",
            "[0-3]?[0-9]{1,2}\\.[0-3]?[0-9]{1,2}\\.[0-3]?[0-9]{1,2}\\.[0-3]?[0-9]{1,2}",
            any::<Ipv4Addr>().prop_map(|address| std::format!("{address}")),
            any::<String>(),
        ]) {
            prop_assert_eq!(v4(text.as_bytes()), text.parse::<Ipv4Addr>().ok().map(IpAddr::V4));
        }
    }

    #[test]
    fn every_part_of_up_to_four_digits() {
        for part in 0..=9999_u32 {
            for text in [std::format!("{part}"), std::format!("{part:02}"), std::format!("{part:03}")] {
                for whole in [std::format!("{text}.0.2.1"), std::format!("192.0.2.{text}")] {
                    assert_eq!(v4(whole.as_bytes()), whole.parse::<Ipv4Addr>().ok().map(IpAddr::V4), "{whole}");
                }
            }
        }
    }
}
