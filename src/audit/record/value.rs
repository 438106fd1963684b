use alloc::borrow::Cow;
use core::fmt;

use sha2::{Digest as _, Sha256};

use super::commitment::Commitment;
use super::error::RecordError;
use super::list::Item;
use super::render::Escaped;
use super::wire::{Reader, Writer};
use crate::event::Code;
use crate::id::OpaqueId;
use crate::time::Timestamp;

/// A SHA-256 digest: of a query, a configuration, a list of findings.
pub type Digest = [u8; 32];

/// How free the value of a field may be known.
///
/// Closed: each says what may stand in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: each says what may stand in a record")]
pub enum Classification {
    /// Anyone may know it.
    Public,
    /// Anyone who may read the log may know it.
    Internal,
    /// Of a person: only as a commitment, or not at all (GDPR Art. 4(1), Art. 17).
    Personal,
    /// A special category (GDPR Art. 9) or otherwise grave: only as a commitment, or not at all.
    Sensitive,
}

impl Classification {
    /// Whether the value itself may stand in the record.
    #[must_use]
    pub const fn may_be_clear(self) -> bool {
        matches!(self, Self::Public | Self::Internal)
    }

    /// The word for it, such as `personal`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
        }
    }
}

super::wire::numbered!(Classification, "an unknown classification", {
    Public = 1,
    Internal = 2,
    Personal = 3,
    Sensitive = 4,
});

/// Text that was cut to its cap: what is left of it and, if something is missing, the length and digest of the whole.
///
/// ```
/// use clausework::audit::record::Capped;
///
/// let whole = Capped::user_agent("curl/8.9");
/// assert_eq!((whole.text(), whole.original_bytes()), ("curl/8.9", None));
/// let long = "x".repeat(5_000);
/// let cut = Capped::user_agent(&long);
/// assert_eq!((cut.text().len(), cut.original_bytes()), (256, Some(5_000)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capped<'a> {
    text: &'a str,
    cut: Option<(u64, Digest)>,
}

impl<'a> Capped<'a> {
    /// The cap of what a client claims, in bytes (our choice; a browser's user agent has 80 to 250).
    pub const CLAIMED: usize = 256;
    /// The cap of a text value, in bytes (our choice).
    pub const VALUE: usize = 512;

    /// A user agent, cut to [`CLAIMED`](Self::CLAIMED) bytes.
    #[must_use]
    pub fn user_agent(text: &'a str) -> Self {
        Self::new(text, Self::CLAIMED)
    }

    pub(super) fn new(text: &'a str, cap: usize) -> Self {
        if text.len() <= cap {
            return Self { text, cut: None };
        }
        // A character has at most 4 bytes, so one of the last four places is a boundary.
        let kept = (cap.saturating_sub(3)..=cap).rev().find_map(|end| text.get(..end)).unwrap_or_default();
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        Self { text: kept, cut: Some((length, Sha256::digest(text.as_bytes()).into())) }
    }

    /// What is left of it.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// How many bytes it had, if it was cut.
    #[must_use]
    pub fn original_bytes(&self) -> Option<u64> {
        self.cut.map(|(length, _)| length)
    }

    /// The SHA-256 of the whole, if it was cut.
    #[must_use]
    pub fn original_digest(&self) -> Option<Digest> {
        self.cut.map(|(_, digest)| digest)
    }

    /// A cut is made at the last character that fits, and only where there was more.
    fn check(&self, cap: usize) -> Result<(), &'static str> {
        let kept = self.text.len();
        let sound = match self.cut {
            None => kept <= cap,
            Some((length, _)) => {
                kept <= cap && kept > cap.saturating_sub(4) && usize::try_from(length).is_ok_and(|whole| whole > cap)
            }
        };
        if sound { Ok(()) } else { Err("text that is not cut to its cap") }
    }

    pub(super) fn write(&self, w: &mut Writer<'_>, cap: usize) {
        w.check(self.check(cap));
        w.long_count(self.text.len(), cap, "text over its cap");
        w.bytes(self.text.as_bytes());
        w.optional(self.cut, |w, (length, digest)| {
            w.u64(length);
            w.bytes(&digest);
        });
    }

    pub(super) fn read(r: &mut Reader<'a>, cap: usize) -> Result<Self, RecordError> {
        let length = r.long_count(cap, "text over its cap")?;
        let text = r.text(length)?;
        let cut = r.optional(|r| Ok((r.u64()?, r.array()?)))?;
        let capped = Self { text, cut };
        r.check(capped.check(cap))?;
        Ok(capped)
    }
}

/// On one line, with a mark where it was cut.
impl fmt::Display for Capped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", Escaped(self.text))?;
        self.original_bytes().map_or(Ok(()), |bytes| write!(f, " (cut from {bytes} bytes)"))
    }
}

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
    const fn is_closed(&self) -> bool {
        matches!(self, Self::Committed(_) | Self::Withheld)
    }

    fn write(&self, w: &mut Writer<'_>) {
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

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
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

/// A named value.
///
/// ```
/// use clausework::audit::record::{Attribute, Value};
///
/// assert_eq!(Attribute::new("rows", Value::count(3)).to_string(), "rows=3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    name: &'a str,
    value: Value<'a>,
}

impl<'a> Attribute<'a> {
    /// A value of this name: 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`.
    #[must_use]
    pub const fn new(name: &'a str, value: Value<'a>) -> Self {
        Self { name, value }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> Value<'a> {
        self.value
    }
}

impl fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

impl<'a> Item<'a> for Attribute<'a> {
    const LIST: &'static str = "attributes: more than 64, or not sorted by name, or a name twice";
    const MOST: usize = 64;

    fn write(&self, w: &mut Writer<'_>) {
        w.label(self.name, "the name of an attribute");
        self.value.write(w);
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        Ok(Self { name: r.label("the name of an attribute")?, value: Value::read(r)? })
    }

    fn precedes(&self, next: &Self) -> bool {
        self.name < next.name
    }
}

/// What a field was and what it became (A2-Use-3, A2-Input-8).
///
/// ```
/// use clausework::audit::record::{Classification, FieldChange, Value};
///
/// let change = FieldChange::new("limit", Classification::Internal, Some(Value::count(3)), Some(Value::count(5)));
/// assert_eq!(change.to_string(), "limit: 3 -> 5 (internal)");
/// ```
///
/// The values of a personal or sensitive field go in by [`Draft::change_personal`](super::Draft::change_personal);
/// in the clear they make a draft that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldChange<'a> {
    field: &'a str,
    classification: Classification,
    before: Option<Value<'a>>,
    after: Option<Value<'a>>,
}

impl<'a> FieldChange<'a> {
    /// A change of this field: 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`. `None` is "there was no value".
    #[must_use]
    pub const fn new(
        field: &'a str,
        classification: Classification,
        before: Option<Value<'a>>,
        after: Option<Value<'a>>,
    ) -> Self {
        Self { field, classification, before, after }
    }

    /// The field.
    #[must_use]
    pub const fn field(&self) -> &'a str {
        self.field
    }

    /// How free its value may be known.
    #[must_use]
    pub const fn classification(&self) -> Classification {
        self.classification
    }

    /// What it was.
    #[must_use]
    pub const fn before(&self) -> Option<Value<'a>> {
        self.before
    }

    /// What it became.
    #[must_use]
    pub const fn after(&self) -> Option<Value<'a>> {
        self.after
    }

    fn check(&self) -> Result<(), &'static str> {
        let mut values = self.before.iter().chain(self.after.iter()).peekable();
        if values.peek().is_none() {
            return Err("a change from nothing to nothing");
        }
        if !self.classification.may_be_clear() && values.any(|value| !value.is_closed()) {
            return Err("the value of a personal or sensitive field in the clear");
        }
        Ok(())
    }
}

impl fmt::Display for FieldChange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |value: Option<Value<'_>>| value.map_or(Cow::Borrowed("nothing"), |v| alloc::format!("{v}").into());
        let (before, after) = (side(self.before), side(self.after));
        write!(f, "{}: {before} -> {after} ({})", self.field, self.classification.as_str())
    }
}

impl<'a> Item<'a> for FieldChange<'a> {
    const LIST: &'static str = "changes: more than 256, or not sorted by field, or a field twice";
    const MOST: usize = 256;

    fn write(&self, w: &mut Writer<'_>) {
        w.check(self.check());
        w.label(self.field, "the name of a field");
        self.classification.write(w);
        w.optional(self.before, |w, value| value.write(w));
        w.optional(self.after, |w, value| value.write(w));
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let change = Self {
            field: r.label("the name of a field")?,
            classification: Classification::read(r)?,
            before: r.optional(Value::read)?,
            after: r.optional(Value::read)?,
        };
        r.check(change.check())?;
        Ok(change)
    }

    fn precedes(&self, next: &Self) -> bool {
        self.field < next.field
    }
}
