use core::fmt;

use super::capped::Capped;
use super::commitment::Commitment;
use super::error::RecordError;
use super::wire::{Reader, Writer};
use crate::event::Code;
use crate::id::OpaqueId;
use crate::time::Timestamp;

/// A SHA-256 digest: of a query, a configuration, a list of findings.
pub type Digest = [u8; 32];

/// One value in a record, from a list of kinds: there is none for text without a classification, and none for a secret.
///
/// ```
/// use clausework::audit::record::Value;
///
/// assert_eq!(Value::count(3).to_string(), "3");
/// assert_eq!(Value::internal_text("moved\nby hand").to_string(), r#""moved\nby hand""#);
/// ```
///
/// Text says who may know it; a personal value goes into a draft by [`Draft::personal`](super::Draft::personal),
/// which records a commitment. A word is known when the program is compiled:
///
/// ```compile_fail
/// let typed = String::from("hunter2");
/// let value = clausework::audit::record::Value::word(&typed);
/// ```
///
/// ```compile_fail
/// let value = clausework::audit::record::Value::Word("the variant cannot be made outside the crate");
/// ```
///
/// A secret is no value, however it is offered:
///
/// ```compile_fail
/// let secret = clausework::Secret::from("hunter2");
/// let value = clausework::audit::record::Value::internal_text(&secret);
/// ```
///
/// ```compile_fail
/// let secret = clausework::Secret::from("hunter2");
/// let value: clausework::audit::record::Value<'_> = (&secret).into();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Yes or no.
    Flag(bool),
    /// A number of things, or of seconds where the name says so.
    Count(u64),
    /// A number that may be below zero.
    Signed(i64),
    /// An instant.
    Instant(Timestamp),
    /// An opaque id.
    #[non_exhaustive]
    Id(&'a str),
    /// A code or another fixed word.
    #[non_exhaustive]
    Word(&'a str),
    /// A digest.
    Digest(Digest),
    /// Text that anyone may know.
    #[non_exhaustive]
    Public(Capped<'a>),
    /// Text that anyone may know who may read the log.
    #[non_exhaustive]
    Internal(Capped<'a>),
    /// A commitment to a value that is kept apart, and may be deleted there.
    #[non_exhaustive]
    Committed(Commitment),
    /// There is or was a value; the record says no more about it.
    Withheld,
}

impl<'a> Value<'a> {
    /// A number of things.
    #[must_use]
    pub const fn count(count: u64) -> Self {
        Self::Count(count)
    }

    /// A number that may be below zero.
    #[must_use]
    pub const fn signed(number: i64) -> Self {
        Self::Signed(number)
    }

    /// Yes or no.
    #[must_use]
    pub const fn flag(flag: bool) -> Self {
        Self::Flag(flag)
    }

    /// An instant.
    #[must_use]
    pub const fn instant(instant: Timestamp) -> Self {
        Self::Instant(instant)
    }

    /// An id.
    #[must_use]
    pub fn id(id: &'a OpaqueId) -> Self {
        Self::Id(id.as_str())
    }

    /// A machine code.
    #[must_use]
    pub const fn code(code: Code) -> Self {
        Self::Word(code.as_str())
    }

    /// A word that is known when the program is compiled: 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`.
    /// Another makes a draft that is refused.
    #[must_use]
    pub const fn word(word: &'static str) -> Self {
        Self::Word(word)
    }

    /// A digest.
    #[must_use]
    pub const fn digest(digest: Digest) -> Self {
        Self::Digest(digest)
    }

    /// Text that anyone may know, cut to [`Capped::VALUE`] bytes.
    #[must_use]
    pub fn public_text(text: &'a str) -> Self {
        Self::Public(Capped::new(text, Capped::VALUE))
    }

    /// Text that anyone may know who may read the log, cut to [`Capped::VALUE`] bytes.
    #[must_use]
    pub fn internal_text(text: &'a str) -> Self {
        Self::Internal(Capped::new(text, Capped::VALUE))
    }

    /// A value that is not recorded, only that there is one.
    #[must_use]
    pub const fn withheld() -> Self {
        Self::Withheld
    }

    /// The value of an event. Every one has its place here: what is neither an instant nor a word is internal text.
    pub(super) fn of_event(value: &'a crate::event::Value) -> Self {
        if let Some(count) = value.as_count() {
            return Self::Count(count);
        }
        if let Some(flag) = value.as_flag() {
            return Self::Flag(flag);
        }
        let text = value.as_text().unwrap_or_default();
        match Timestamp::parse(text) {
            Some(instant) => Self::Instant(instant),
            None if super::wire::is_label(text) => Self::Word(text),
            None => Self::internal_text(text),
        }
    }

    /// The commitment, if it is one.
    #[must_use]
    pub const fn commitment(&self) -> Option<Commitment> {
        match self {
            Self::Committed(commitment) => Some(*commitment),
            _ => None,
        }
    }

    /// Whether it tells nothing of the value itself.
    pub(super) const fn is_closed(&self) -> bool {
        matches!(self, Self::Committed(_) | Self::Withheld)
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        match self {
            Self::Flag(flag) => {
                w.u8(1);
                w.u8(u8::from(*flag));
            }
            Self::Count(count) => {
                w.u8(2);
                w.u64(*count);
            }
            Self::Signed(number) => {
                w.u8(3);
                w.i64(*number);
            }
            Self::Instant(instant) => {
                w.u8(4);
                w.instant(*instant);
            }
            Self::Id(id) => {
                w.u8(5);
                w.short(id, "an id that is none");
            }
            Self::Word(word) => {
                w.u8(6);
                w.label(word, "a word with characters that no word has");
            }
            Self::Digest(digest) => {
                w.u8(7);
                w.bytes(digest);
            }
            Self::Public(text) => {
                w.u8(8);
                text.write(w, Capped::VALUE);
            }
            Self::Internal(text) => {
                w.u8(9);
                text.write(w, Capped::VALUE);
            }
            Self::Committed(commitment) => {
                w.u8(10);
                w.bytes(commitment.as_bytes());
            }
            Self::Withheld => w.u8(11),
        }
    }

    pub(super) fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        Ok(match r.u8()? {
            1 => match r.u8()? {
                0 => Self::Flag(false),
                1 => Self::Flag(true),
                _ => return Err(r.invalid("a flag that is neither 0 nor 1")),
            },
            2 => Self::Count(r.u64()?),
            3 => Self::Signed(r.i64()?),
            4 => Self::Instant(r.instant()?),
            5 => Self::Id(r.id("an id that is none")?),
            6 => Self::Word(r.label("a word with characters that no word has")?),
            7 => Self::Digest(r.array()?),
            8 => Self::Public(Capped::read(r, Capped::VALUE)?),
            9 => Self::Internal(Capped::read(r, Capped::VALUE)?),
            10 => Self::Committed(Commitment::from_bytes(r.array()?)),
            11 => Self::Withheld,
            _ => return Err(r.invalid("an unknown kind of value")),
        })
    }
}

/// On one line: text is quoted and escaped.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Signed(number) => write!(f, "{number}"),
            Self::Instant(instant) => write!(f, "{instant}"),
            Self::Id(word) | Self::Word(word) => f.write_str(word),
            Self::Digest(digest) => write!(f, "sha256:{}", super::render::Hex(digest)),
            Self::Public(text) | Self::Internal(text) => write!(f, "{text}"),
            Self::Committed(_) => f.write_str("(committed)"),
            Self::Withheld => f.write_str("(withheld)"),
        }
    }
}
