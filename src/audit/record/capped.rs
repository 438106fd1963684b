use core::fmt;

use sha2::{Digest as _, Sha256};

use super::error::RecordError;
use super::render::Escaped;
use super::value::Digest;
use super::wire::{Reader, Writer};

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
