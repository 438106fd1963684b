//! The canonical bytes: how each piece is written and strictly read.
//!
//! One way to write each value and no other: integers big-endian and of fixed width, every text with its length before
//! it, lists with their count, no padding and no floating point. What is checked when reading is checked when writing,
//! by the same functions, so nothing is written that would not be read.

use alloc::vec::Vec;

use super::error::{DraftError, RecordError};
use crate::time::Timestamp;

/// The longest label or id, in bytes: the longest key of a record has 80.
pub(super) const MAX_LABEL: usize = 96;

const LABEL: u8 = 1;
const ID: u8 = 2;

const fn class_of(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => LABEL | ID,
        b'~' => LABEL,
        _ => 0,
    }
}

/// Looked up and not computed: reading a record is mostly this.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        #[allow(clippy::indexing_slicing, reason = "a byte is below 256")]
        {
            classes[byte as usize] = class_of(byte);
        }
        match byte.checked_add(1) {
            Some(next) => byte = next,
            None => break classes,
        }
    }
};

#[inline]
fn all_of(class: u8, bytes: &[u8], longest: usize) -> bool {
    let seen = bytes.iter().fold(class, |seen, byte| seen & CLASSES.get(usize::from(*byte)).copied().unwrap_or(0));
    seen != 0 && !bytes.is_empty() && bytes.len() <= longest
}

/// 1 to 96 ASCII letters, digits, `-`, `_`, `.` and `~`: no `@`, no `:`, no `/`, nothing that needs escaping.
pub(super) fn is_label(text: &str) -> bool {
    all_of(LABEL, text.as_bytes(), MAX_LABEL)
}

/// What [`OpaqueId`](crate::id::OpaqueId) takes.
pub(super) fn is_id(text: &str) -> bool {
    all_of(ID, text.as_bytes(), crate::id::OpaqueId::MAX_BYTES)
}

/// Appends to a buffer of the caller's. The first thing that cannot be written is remembered and refuses the whole.
#[derive(Debug)]
pub(super) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    refused: Option<&'static str>,
}

impl<'o> Writer<'o> {
    #[inline]
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, refused: None }
    }

    #[inline]
    pub(super) fn finish(self) -> Result<(), DraftError> {
        self.refused.map_or(Ok(()), |what| Err(DraftError::Refused { what }))
    }

    #[inline]
    pub(super) fn refuse(&mut self, what: &'static str) {
        self.refused.get_or_insert(what);
    }

    #[inline]
    pub(super) fn check(&mut self, checked: Result<(), &'static str>) {
        if let Err(what) = checked {
            self.refuse(what);
        }
    }

    #[inline]
    pub(super) fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_be_bytes());
    }

    #[inline]
    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_be_bytes());
    }

    #[inline]
    pub(super) fn i64(&mut self, value: i64) {
        self.bytes(&value.to_be_bytes());
    }

    #[inline]
    pub(super) fn instant(&mut self, value: Timestamp) {
        self.i64(value.as_micros());
    }

    /// A count or length in one byte.
    #[inline]
    pub(super) fn count(&mut self, count: usize, most: usize, what: &'static str) {
        match u8::try_from(count) {
            Ok(short) if count <= most => self.u8(short),
            _ => self.refuse(what),
        }
    }

    /// A count or length in two bytes.
    #[inline]
    pub(super) fn long_count(&mut self, count: usize, most: usize, what: &'static str) {
        match u16::try_from(count) {
            Ok(short) if count <= most => self.bytes(&short.to_be_bytes()),
            _ => self.refuse(what),
        }
    }

    #[inline]
    pub(super) fn label(&mut self, text: &str, what: &'static str) {
        if is_label(text) {
            self.short(text, what);
        } else {
            self.refuse(what);
        }
    }

    #[inline]
    pub(super) fn id(&mut self, text: &str, what: &'static str) {
        if is_id(text) {
            self.short(text, what);
        } else {
            self.refuse(what);
        }
    }

    /// What is known to be a label already: it came from a type that holds nothing else.
    #[inline]
    pub(super) fn short(&mut self, text: &str, what: &'static str) {
        self.count(text.len(), MAX_LABEL, what);
        self.bytes(text.as_bytes());
    }

    #[inline]
    pub(super) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.u8(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Reads canonical bytes. It never allocates, so a length that lies costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    whole: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, whole: bytes.len() }
    }

    /// Bytes read so far.
    #[inline]
    pub(super) const fn at(&self) -> usize {
        self.whole.saturating_sub(self.rest.len())
    }

    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What was read since another reader of the same bytes stood where it stands.
    #[inline]
    pub(super) fn since(&self, start: &Self) -> &'a [u8] {
        let length = start.rest.len().saturating_sub(self.rest.len());
        start.rest.get(..length).unwrap_or_default()
    }

    #[inline]
    pub(super) const fn invalid(&self, what: &'static str) -> RecordError {
        RecordError::Invalid { at: self.at(), what }
    }

    #[inline]
    pub(super) fn check(&self, checked: Result<(), &'static str>) -> Result<(), RecordError> {
        checked.map_err(|what| self.invalid(what))
    }

    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], RecordError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(RecordError::Truncated { at: self.whole })?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(RecordError::Truncated { at: self.whole })?;
        self.rest = rest;
        Ok(*taken)
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Result<u8, RecordError> {
        self.array().map(|[byte]| byte)
    }

    #[inline]
    pub(super) fn u16(&mut self) -> Result<u16, RecordError> {
        self.array().map(u16::from_be_bytes)
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32, RecordError> {
        self.array().map(u32::from_be_bytes)
    }

    #[inline]
    pub(super) fn u64(&mut self) -> Result<u64, RecordError> {
        self.array().map(u64::from_be_bytes)
    }

    #[inline]
    pub(super) fn i64(&mut self) -> Result<i64, RecordError> {
        self.array().map(i64::from_be_bytes)
    }

    #[inline]
    pub(super) fn instant(&mut self) -> Result<Timestamp, RecordError> {
        Timestamp::from_micros(self.i64()?).ok_or_else(|| self.invalid("an instant outside the years 1 to 9999"))
    }

    #[inline]
    pub(super) fn count(&mut self, most: usize, what: &'static str) -> Result<usize, RecordError> {
        let count = usize::from(self.u8()?);
        if count <= most { Ok(count) } else { Err(self.invalid(what)) }
    }

    #[inline]
    pub(super) fn long_count(&mut self, most: usize, what: &'static str) -> Result<usize, RecordError> {
        let count = usize::from(self.u16()?);
        if count <= most { Ok(count) } else { Err(self.invalid(what)) }
    }

    /// Text of this length; what is not UTF-8 is refused.
    #[inline]
    pub(super) fn text(&mut self, length: usize) -> Result<&'a str, RecordError> {
        let bytes = self.take(length)?;
        core::str::from_utf8(bytes).map_err(|_| self.invalid("text that is not utf-8"))
    }

    #[inline]
    pub(super) fn label(&mut self, what: &'static str) -> Result<&'a str, RecordError> {
        self.word(LABEL, MAX_LABEL, what)
    }

    #[inline]
    pub(super) fn id(&mut self, what: &'static str) -> Result<&'a str, RecordError> {
        self.word(ID, crate::id::OpaqueId::MAX_BYTES, what)
    }

    fn word(&mut self, class: u8, longest: usize, what: &'static str) -> Result<&'a str, RecordError> {
        let length = usize::from(self.u8()?);
        let bytes = self.take(length)?;
        if all_of(class, bytes, longest) {
            // INVARIANT: all of it is ASCII.
            return core::str::from_utf8(bytes).map_err(|_| self.invalid(what));
        }
        Err(self.invalid(what))
    }

    #[inline]
    pub(super) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, RecordError>,
    ) -> Result<Option<T>, RecordError> {
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(self.invalid("a mark of presence that is neither 0 nor 1")),
        }
    }
}

/// The number of each variant in the bytes, and back.
macro_rules! numbered {
    ($type:ident, $what:literal, { $($variant:ident = $number:literal),+ $(,)? }) => {
        impl $type {
            pub(super) fn write(self, w: &mut $crate::audit::record::wire::Writer<'_>) {
                w.u8(match self {
                    $(Self::$variant => $number),+
                });
            }

            pub(super) fn read(
                r: &mut $crate::audit::record::wire::Reader<'_>,
            ) -> Result<Self, $crate::audit::record::error::RecordError> {
                Ok(match r.u8()? {
                    $($number => Self::$variant,)+
                    _ => return Err(r.invalid($what)),
                })
            }
        }
    };
}
pub(super) use numbered;
