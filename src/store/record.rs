use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::Stored;
use crate::event::Stamp;

/// The longest stored text that is read and written, in bytes. No record of the crate comes near it; the limit
/// keeps a damaged or hostile row from being worked on at length.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// A record that the crate stores: what its kind is called and which version of its form this is.
///
/// Version N also reads what version N−1 wrote ([`upgrade`](Record::upgrade)); a newer version is a
/// named error. A host may store records of its own with it.
///
/// ```
/// use clausework::store::Record;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Preference { newsletter: bool }
///
/// impl Record for Preference {
///     const KIND: &'static str = "preference";
///     const VERSION: u16 = 1;
/// }
/// ```
pub trait Record: Serialize + DeserializeOwned {
    /// The kind: 1 to 32 lower-case ASCII letters or `_`, unique in a store.
    const KIND: &'static str;
    /// The version of the stored form, from 1.
    const VERSION: u16;
    /// Whether creator, last updater and instants are kept with it (E-5.4). Only counters that are
    /// about attempts, not about business data, go without: their events say who and when.
    const STAMPED: bool = true;

    /// Reads the `state` member of the version before this one.
    #[must_use]
    fn upgrade(version: u16, state: &str) -> Option<Self> {
        let _ = (version, state);
        None
    }
}

/// What surrounds the state of a record in its text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a, S> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    v: u16,
    #[serde(default)]
    stamp: Option<Stamp>,
    state: S,
}

/// The same, for finding out why a record could not be read.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    v: u16,
    #[allow(dead_code, reason = "must be there for the text to be a record at all")]
    state: IgnoredAny,
}

/// The text of a record: an [`Envelope`], of which the state and the stamp alone take a serialiser. What could not be
/// read again is not written.
pub(super) fn encode<R: Record>(stamp: Option<Stamp>, state: &R) -> Result<String, DecodeError> {
    let unencodable = |_| DecodeError::Unencodable { kind: R::KIND };
    let state = serde_json::to_string(state).map_err(unencodable)?;
    let stamp = stamp.map(|stamp| serde_json::to_string(&stamp)).transpose().map_err(unencodable)?;
    let mut text =
        String::with_capacity(state.len().saturating_add(stamp.as_ref().map_or(0, String::len)).saturating_add(64));
    // INVARIANT: a kind is lower-case letters and `_`, as every key asserts: nothing in it needs an escape.
    text.extend(["{\"kind\":\"", R::KIND, "\",\"v\":"]);
    write!(text, "{},", R::VERSION).map_err(|_| DecodeError::Unencodable { kind: R::KIND })?;
    if let Some(stamp) = stamp {
        text.extend(["\"stamp\":", &stamp, ","]);
    }
    text.extend(["\"state\":", &state, "}"]);
    if text.len() > MAX_TEXT_BYTES {
        return Err(DecodeError::TooLong { kind: R::KIND, found: text.len() });
    }
    Ok(text)
}

pub(super) fn decode<R: Record>(stored: &Stored) -> Result<(Option<Stamp>, R), DecodeError> {
    let text = stored.text();
    if text.len() > MAX_TEXT_BYTES {
        return Err(DecodeError::TooLong { kind: R::KIND, found: text.len() });
    }
    if let Some(state) = bare::<R>(text).and_then(|state| serde_json::from_str(state).ok()) {
        return Ok((None, state));
    }
    match serde_json::from_str::<Envelope<'_, R>>(text) {
        Ok(Envelope { kind, v, stamp, state })
            if kind == R::KIND && v == R::VERSION && stamp.is_some() == R::STAMPED =>
        {
            Ok((stamp, state))
        }
        _ => older(text).ok_or_else(|| why::<R>(text)),
    }
}

/// The state of a record without a stamp, if its text is as [`encode`] writes it: what surrounds the state is then
/// known, and only the state is to be read. Of what is hot most records have no stamp.
fn bare<R: Record>(text: &str) -> Option<&str> {
    let from_v = text.strip_prefix("{\"kind\":\"")?.strip_prefix(R::KIND)?.strip_prefix("\",\"v\":")?;
    let (v, state) = from_v.split_once(',')?;
    let is_v = !v.starts_with(['0', '+']) && v.parse() == Ok(R::VERSION);
    state.strip_prefix("\"state\":")?.strip_suffix('}').filter(|_| is_v && !R::STAMPED)
}

/// The stamp and state of the version before this one, if that is what the text is.
fn older<R: Record>(text: &str) -> Option<(Option<Stamp>, R)> {
    let envelope: Envelope<'_, serde_json::Value> = serde_json::from_str(text).ok()?;
    if envelope.kind != R::KIND || envelope.v >= R::VERSION {
        return None;
    }
    let state = serde_json::to_string(&envelope.state).ok()?;
    Some((envelope.stamp, R::upgrade(envelope.v, &state)?))
}

fn why<R: Record>(text: &str) -> DecodeError {
    let kind = R::KIND;
    match serde_json::from_str::<Header<'_>>(text) {
        Ok(header) if header.kind != kind => DecodeError::Foreign { kind },
        Ok(Header { v, .. }) if v > R::VERSION => DecodeError::Newer { kind, found: v, known: R::VERSION },
        Ok(Header { v, .. }) if v < R::VERSION => DecodeError::Older { kind, found: v, known: R::VERSION },
        _ => DecodeError::Malformed { kind },
    }
}

/// Why a record cannot be read, or not be written so that it can be read again. It names the kind of record, never its content.
///
/// The flows answer [`Unavailable`](crate::sign_in::SignInOutcome::Unavailable): nobody is let in,
/// nothing is counted, and the record stays as it is for an operator to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Truncated, damaged, or with values that the record cannot have.
    #[error("the stored {kind} record is damaged")]
    Malformed {
        /// The kind that was expected.
        kind: &'static str,
    },
    /// A record of another kind, or another program's.
    #[error("the stored text is not a {kind} record")]
    Foreign {
        /// The kind that was expected.
        kind: &'static str,
    },
    /// Written by a newer version of the crate.
    #[error("the stored {kind} record has version {found}, this crate knows versions up to {known}")]
    Newer {
        /// The kind that was expected.
        kind: &'static str,
        /// The version found.
        found: u16,
        /// The latest version this crate reads.
        known: u16,
    },
    /// Written by a version so old that it is no longer read.
    #[error("the stored {kind} record has version {found}, too old for version {known}")]
    Older {
        /// The kind that was expected.
        kind: &'static str,
        /// The version found.
        found: u16,
        /// The latest version this crate reads.
        known: u16,
    },
    /// A host's own record that its `Serialize` refuses. The crate's never do.
    #[error("the {kind} record cannot be encoded")]
    Unencodable {
        /// The kind that was to be written.
        kind: &'static str,
    },
    /// Over [`MAX_TEXT_BYTES`], as it is stored or as it would be.
    #[error("the {kind} record has {found} bytes, more than any record")]
    TooLong {
        /// The kind that was expected.
        kind: &'static str,
        /// Bytes found.
        found: usize,
    },
    /// The decision asks for a record that was not loaded: the store answered too few rows, or the keys were wrong.
    #[error("the {kind} record was not loaded")]
    NotLoaded {
        /// The kind that was expected.
        kind: &'static str,
    },
}
