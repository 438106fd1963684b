use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use unicode_normalization::UnicodeNormalization;

use super::ContextRule;

/// The words a host knows of that should not make up a password: account name, e-mail address, tenant, product.
///
/// Each text counts whole, and in its parts: between `@`s, and between characters that are neither letters nor
/// digits. So `anna.smith@example.com` gives also `anna.smith`, `example.com`, `anna`, `smith` and `example`. Parts
/// of fewer than [`MIN_WORD_CHARS`](Self::MIN_WORD_CHARS) characters are left out: they occur by chance. Texts are
/// compared in normalisation form C and lower case.
///
/// Prints nothing of the words.
///
/// ```
/// use clausework::password::{Context, ContextError};
///
/// let context = Context::try_new(["anna.smith@example.com", "Acme", "Io"])?;
/// assert_eq!(context.words(), 7); // "io" is too short
/// assert_eq!(format!("{context:?}"), "Context(..)");
/// assert_eq!(Context::try_new([&"a".repeat(300)]).unwrap_err(), ContextError::TooLong { chars: 300 });
/// # Ok::<(), ContextError>(())
/// ```
#[derive(Clone)]
pub struct Context {
    words: Vec<String>,
    /// The bytes that words begin with, in both cases.
    begins: [bool; 256],
}

impl Context {
    /// The most words that are kept (our choice): it bounds the cost of a check.
    pub const MAX_WORDS: usize = 64;
    /// The shortest word that counts (our choice): three characters occur by chance, and `com` would be one of them.
    pub const MIN_WORD_CHARS: usize = 4;
    /// The longest text that is taken: an e-mail address has at most 254 characters (RFC 5321 section 4.5.3.1.3,
    /// its path of 256 less the brackets).
    pub const MAX_WORD_CHARS: usize = 254;

    /// The longest word that is compared for similarity (our choice): a longer one counts whole only.
    pub const MAX_SIMILAR_CHARS: usize = 64;

    /// No words at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { words: Vec::new(), begins: [false; 256] }
    }

    /// Takes the texts apart.
    ///
    /// # Errors
    /// [`ContextError::TooLong`] for a text over [`MAX_WORD_CHARS`](Self::MAX_WORD_CHARS), [`ContextError::TooMany`]
    /// for more than [`MAX_WORDS`](Self::MAX_WORDS) words: nothing is left out in silence.
    pub fn try_new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, ContextError> {
        let mut context = Self::none();
        for text in texts {
            let text = text.as_ref();
            let chars = text.chars().take(usize::from(u16::MAX)).count();
            if chars > Self::MAX_WORD_CHARS {
                return Err(ContextError::TooLong { chars });
            }
            let folded: String = fold(text).collect();
            context.add(&folded)?;
            for part in folded.split('@') {
                context.add(part)?;
            }
            for part in folded.split(|character: char| !character.is_alphanumeric()) {
                context.add(part)?;
            }
        }
        Ok(context)
    }

    fn add(&mut self, word: &str) -> Result<(), ContextError> {
        if word.chars().take(Self::MIN_WORD_CHARS).count() < Self::MIN_WORD_CHARS
            || self.words.iter().any(|known| known == word)
        {
            return Ok(());
        }
        if self.words.len() >= Self::MAX_WORDS {
            return Err(ContextError::TooMany);
        }
        for byte in word.bytes().take(1).flat_map(|byte| [byte, byte.to_ascii_uppercase()]) {
            if let Some(begins) = self.begins.get_mut(usize::from(byte)) {
                *begins = true;
            }
        }
        self.words.push(String::from(word));
        Ok(())
    }

    /// How many words there are.
    #[must_use]
    pub const fn words(&self) -> usize {
        self.words.len()
    }

    /// The words, folded.
    #[cfg(feature = "strength")]
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Whether some word begins with this ASCII character: one look-up, so that a check seldom does more.
    #[inline]
    pub(super) fn begins_with(&self, byte: u8) -> bool {
        self.begins.get(usize::from(byte)).copied().unwrap_or(false)
    }

    /// Whether the text, which is ASCII, begins with a word.
    #[cold]
    pub(super) fn word_starts(&self, text: &[u8]) -> bool {
        self.words
            .iter()
            .any(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
    }

    /// Whether a word is anywhere in the text, which is folded.
    pub(super) fn word_within(&self, folded: &str) -> bool {
        self.words.iter().any(|word| folded.contains(word.as_str()))
    }

    /// Whether the password, folded, is nearly one of the words, by the rule.
    pub(super) fn is_similar(&self, rule: ContextRule, folded: &[char]) -> bool {
        let ContextRule::Similar { min_distance, max_common_percent } = rule else { return false };
        self.words.iter().any(|word| {
            let word: Vec<char> = word.chars().take(Self::MAX_SIMILAR_CHARS.saturating_add(1)).collect();
            if word.len() > Self::MAX_SIMILAR_CHARS {
                return false;
            }
            min_distance.is_some_and(|least| is_closer(folded, &word, usize::from(least)))
                || max_common_percent.is_some_and(|most| shares_more(folded, &word, usize::from(most)))
        })
    }
}

/// No words.
impl Default for Context {
    fn default() -> Self {
        Self::none()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context(..)")
    }
}

/// Normalisation form C in lower case, character by character.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfc().flat_map(char::to_lowercase)
}

/// Whether fewer than `least` edits lead from one to the other. Lengths that differ by as much cost nothing.
fn is_closer(a: &[char], b: &[char], least: usize) -> bool {
    if a.len().abs_diff(b.len()) >= least {
        return false;
    }
    // One row of the table of Wagner and Fischer: distances from what was read of `a` to every start of `b`.
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (read, x) in a.iter().enumerate() {
        let (mut corner, mut left) = (read, read.saturating_add(1));
        let mut nearest = left;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (above, y) in row.iter_mut().skip(1).zip(b) {
            let replaced = corner.saturating_add(usize::from(x != y));
            corner = *above;
            left = replaced.min(above.saturating_add(1)).min(left.saturating_add(1));
            *above = left;
            nearest = nearest.min(left);
        }
        if nearest >= least {
            return false;
        }
    }
    row.last().is_some_and(|distance| *distance < least)
}

/// Whether the longest common part is more than `most` per cent of the password. A word too short for that costs nothing.
fn shares_more(password: &[char], word: &[char], most: usize) -> bool {
    let is_more = |common: usize| common.saturating_mul(100) > password.len().saturating_mul(most);
    if !is_more(word.len()) {
        return false;
    }
    // Lengths of the common parts that end at each character of `word`; `corner` is that of one further up and left.
    let mut row: Vec<usize> = alloc::vec![0; word.len()];
    for x in password {
        let mut corner = 0_usize;
        for (ending, y) in row.iter_mut().zip(word) {
            let here = if x == y { corner.saturating_add(1) } else { 0 };
            corner = *ending;
            *ending = here;
            if is_more(here) {
                return true;
            }
        }
    }
    false
}

/// Why the words cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// A text over [`Context::MAX_WORD_CHARS`].
    #[error("a context text of {chars} characters is longer than 254")]
    TooLong {
        /// Its characters; no more than 65535 are counted.
        chars: usize,
    },
    /// More than [`Context::MAX_WORDS`] words.
    #[error("there are more than 64 context words")]
    TooMany,
}
