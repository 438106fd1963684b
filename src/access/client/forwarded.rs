use super::node::{self, Node};
use super::resolved::Scheme;
use crate::event::Unresolved;

/// The most parameters of one element; ours, RFC 7239 defines four.
const MAX_PARAMETERS: usize = 16;
/// The longest value of `for`, unescaped: an IPv6 address in brackets and a port are at most some 55 bytes.
const MAX_NODE_BYTES: usize = 128;

/// The characters that a token may have (RFC 9110 section 5.6.2).
const TOKEN: &[u8] = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether a token may have this character.
pub(super) fn is_token(byte: u8) -> bool {
    #[allow(clippy::indexing_slicing, reason = "an index of one byte into 256, and in a constant")]
    const TABLE: [bool; 256] = {
        let (mut table, mut left) = ([false; 256], TOKEN);
        while let [byte, rest @ ..] = left {
            table[*byte as usize] = true;
            left = rest;
        }
        table
    };
    TABLE.get(usize::from(byte)).is_some_and(|allowed| *allowed)
}

/// One element of `Forwarded` (RFC 7239 section 4): from whom the proxy had the request, and over what.
pub(super) fn element(text: &[u8]) -> Result<(Node, Scheme), Unresolved> {
    // The commonest element by far, read at a third of the cost.
    if let Some(node) = text.strip_prefix(b"for=").and_then(node::bare_v4) {
        return Ok((node, Scheme::Unknown));
    }
    let (mut names, mut count) = ([&[][..]; MAX_PARAMETERS], 0_usize);
    let (mut from, mut scheme, mut rest) = (None, Scheme::Unknown, Some(text));
    while let Some(text) = rest {
        if let Some(after) = after_semicolon(text) {
            rest = after; // an empty pair
            continue;
        }
        let (name, text) = token(text)?;
        let (value, text) = value(text.strip_prefix(b"=").ok_or(Unresolved::Unreadable)?)?;
        rest = after_semicolon(text).ok_or(Unresolved::Unreadable)?;
        // A parameter must not occur twice: whoever reads the other one sees another client.
        if names.iter().take(count).any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(Unresolved::Unreadable);
        }
        *names.get_mut(count).ok_or(Unresolved::TooLong)? = name;
        count = count.saturating_add(1);
        if name.eq_ignore_ascii_case(b"for") {
            from = Some(value.with(node::rfc_7239));
        } else if name.eq_ignore_ascii_case(b"proto") {
            scheme = value.with(|text| Ok(Scheme::of(text)))?;
        }
    }
    Ok((from.ok_or(Unresolved::Hidden)??, scheme))
}

/// What comes after the pair that ends here, if it ends here: nothing at the end of the element.
fn after_semicolon(text: &[u8]) -> Option<Option<&[u8]>> {
    match text {
        [] => Some(None),
        [b';', rest @ ..] => Some(Some(rest)),
        _ => None,
    }
}

fn token(text: &[u8]) -> Result<(&[u8], &[u8]), Unresolved> {
    let end = text.iter().position(|byte| !is_token(*byte)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(token, _)| !token.is_empty()).ok_or(Unresolved::Unreadable)
}

/// The value of a parameter.
#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    /// As it is written.
    Plain(&'a [u8]),
    /// With backslashes that are not part of it.
    Escaped(&'a [u8]),
}

impl Value<'_> {
    /// Hands over the value, unescaped.
    fn with<T>(self, read: impl FnOnce(&[u8]) -> Result<T, Unresolved>) -> Result<T, Unresolved> {
        let text = match self {
            Self::Plain(text) => return read(text),
            Self::Escaped(text) => text,
        };
        let (mut buffer, mut length, mut escaped) = ([0; MAX_NODE_BYTES], 0_usize, false);
        for byte in text {
            if *byte == b'\\' && !escaped {
                escaped = true;
                continue;
            }
            escaped = false;
            *buffer.get_mut(length).ok_or(Unresolved::TooLong)? = *byte;
            length = length.saturating_add(1);
        }
        read(buffer.get(..length).unwrap_or_default())
    }
}

/// A token or a quoted string, and what comes after it.
fn value(text: &[u8]) -> Result<(Value<'_>, &[u8]), Unresolved> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        return token(text).map(|(token, rest)| (Value::Plain(token), rest));
    };
    let (mut escaped, mut escapes) = (false, false);
    for (at, byte) in quoted.iter().enumerate() {
        match byte {
            // Control characters are in no quoted string, not even escaped.
            0..=0x08 | 0x0a..=0x1f | 0x7f => return Err(Unresolved::Unreadable),
            _ if escaped => escaped = false,
            b'\\' => (escaped, escapes) = (true, true),
            b'"' => {
                let (text, rest) = quoted.split_at_checked(at).ok_or(Unresolved::Unreadable)?;
                let rest = rest.strip_prefix(b"\"").ok_or(Unresolved::Unreadable)?;
                return Ok((if escapes { Value::Escaped(text) } else { Value::Plain(text) }, rest));
            }
            _ => {}
        }
    }
    Err(Unresolved::Unreadable)
}
