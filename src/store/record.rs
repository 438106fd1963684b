use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

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

    /// Reads the `state` member of the version before this one, which is given as it is stored.
    #[must_use]
    fn upgrade(version: u16, state: &str) -> Option<Self> {
        let _ = (version, state);
        None
    }
}

/// What surrounds the state of a record in its text. The state alone depends on the type of the record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    v: u16,
    #[serde(default)]
    stamp: Option<Stamp>,
    #[serde(borrow)]
    state: &'a RawValue,
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

/// What a [`Record`] says of itself, as a value: whatever takes it is compiled once, not once a type.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) kind: &'static str,
    version: u16,
    pub(super) is_stamped: bool,
    /// Reads the stamp, and the state with it: a damaged record is not written over.
    pub(super) stamp: fn(&Stored) -> Result<Option<Stamp>, DecodeError>,
}

impl Form {
    pub(super) const fn of<R: Record>() -> Self {
        let stamp = |stored: &Stored| decode::<R>(stored).map(|(stamp, _)| stamp);
        Self { kind: R::KIND, version: R::VERSION, is_stamped: R::STAMPED, stamp }
    }

    /// The text of a record: an [`Envelope`], of which the state and the stamp alone take a serialiser. What could not
    /// be read again is not written.
    pub(super) fn wrap(self, stamp: Option<&Stamp>, state: &str) -> Result<String, DecodeError> {
        let Self { kind, version, .. } = self;
        let stamp = stamp.map(serde_json::to_string).transpose().map_err(|_| DecodeError::Unencodable { kind })?;
        let mut text =
            String::with_capacity(state.len().saturating_add(stamp.as_ref().map_or(0, String::len)).saturating_add(64));
        // INVARIANT: a kind is lower-case letters and `_`, as every key asserts: nothing in it needs an escape.
        text.extend(["{\"kind\":\"", kind, "\",\"v\":"]);
        match char::from_digit(version.into(), 10) {
            Some(digit) => text.push(digit), // as good as always, and without what formatting takes
            None => write!(text, "{version}").map_err(|_| DecodeError::Unencodable { kind })?,
        }
        text.push(',');
        if let Some(stamp) = stamp {
            text.extend(["\"stamp\":", &stamp, ","]);
        }
        text.extend(["\"state\":", state, "}"]);
        self.within(&text)?;
        Ok(text)
    }

    fn within(self, text: &str) -> Result<(), DecodeError> {
        match text.len() {
            0..=MAX_TEXT_BYTES => Ok(()),
            found => Err(DecodeError::TooLong { kind: self.kind, found }),
        }
    }

    /// The state of a record without a stamp, if its text is as [`wrap`](Form::wrap) writes it: what surrounds the
    /// state is then known, and only the state is to be read. Of what is hot most records have no stamp, and a version of
    /// one digit.
    fn bare(self, text: &str) -> Option<&str> {
        let from_v = text.strip_prefix("{\"kind\":\"")?.strip_prefix(self.kind)?.strip_prefix("\",\"v\":")?;
        let after_v = from_v.strip_prefix(char::from_digit(self.version.into(), 10)?)?;
        after_v.strip_prefix(",\"state\":")?.strip_suffix('}').filter(|_| !self.is_stamped)
    }

    /// What surrounds the state, if it is of this version or of one before.
    fn unwrap<'a>(self, text: &'a str) -> Option<Envelope<'a>> {
        let envelope: Envelope<'a> = serde_json::from_str(text).ok()?;
        let is_whole =
            envelope.v < self.version || envelope.v == self.version && envelope.stamp.is_some() == self.is_stamped;
        (envelope.kind == self.kind && is_whole).then_some(envelope)
    }

    fn why(self, text: &str) -> DecodeError {
        let Self { kind, version: known, .. } = self;
        match serde_json::from_str::<Header<'_>>(text) {
            Ok(header) if header.kind != kind => DecodeError::Foreign { kind },
            Ok(Header { v, .. }) if v > known => DecodeError::Newer { kind, found: v, known },
            Ok(Header { v, .. }) if v < known => DecodeError::Older { kind, found: v, known },
            _ => DecodeError::Malformed { kind },
        }
    }
}

/// A state, whatever its type.
pub(super) trait Encode {
    fn encode(&self) -> serde_json::Result<String>;
}

impl<S: Serialize> Encode for S {
    fn encode(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

pub(super) fn decode<R: Record>(stored: &Stored) -> Result<(Option<Stamp>, R), DecodeError> {
    let (form, text) = (Form::of::<R>(), stored.text());
    form.within(text)?;
    if let Some(state) = form.bare(text).and_then(|state| serde_json::from_str(state).ok()) {
        return Ok((None, state));
    }
    let read = |Envelope { v, stamp, state, .. }: Envelope<'_>| {
        let state = if v == R::VERSION { serde_json::from_str(state.get()).ok() } else { R::upgrade(v, state.get()) };
        state.map(|state| (stamp, state))
    };
    form.unwrap(text).and_then(read).ok_or_else(|| form.why(text))
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
