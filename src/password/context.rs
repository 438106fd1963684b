use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::ContextRule;

/// The words a host knows of that should not make up a password: account name, e-mail address, tenant, product.
///
/// Each text counts whole, without white space around it, and in its parts: between `@`s, and between characters that
/// are neither letters nor digits. So `anna.smith@example.com` gives also `anna.smith`, `example.com`, `anna`, `smith`
/// and `example`. What is short occurs by chance and is left out: a part of fewer than
/// [`MIN_WORD_CHARS`](Self::MIN_WORD_CHARS) characters, a whole text of fewer than
/// [`MIN_TEXT_CHARS`](Self::MIN_TEXT_CHARS), and whatever has a letter beyond ASCII below
/// [`MIN_NON_ASCII_CHARS`](Self::MIN_NON_ASCII_CHARS). Nothing else is.
///
/// Case does not matter: texts are compared in normalisation form C after lower case, upper case and lower case again,
/// all with Unicode's full mappings, so that `Straße` is `STRASSE`, and both forms of the Greek sigma are one. (The
/// Turkish `ı` is therefore `i`, and `İ` is `i` with a dot above.) Characters are counted in this form.
///
/// Prints nothing of the words.
///
/// ```
/// use clausework::password::{Context, ContextError};
///
/// let context = Context::try_new(["anna.smith@example.com", "Acme", "Bob", "Io"])?;
/// assert_eq!(context.words(), 8); // "io" is too short, and so is "com", a part
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
    /// The shortest part of a text that counts (our choice): three characters occur by chance, and `com` would be one of
    /// them. No shorter word is compared for similarity, either.
    pub const MIN_WORD_CHARS: usize = 4;
    /// The shortest whole text that counts (our choice): a host that says `bob` means it.
    pub const MIN_TEXT_CHARS: usize = 3;
    /// The shortest text or part with a letter beyond ASCII that counts (our choice): many Chinese names have two or
    /// three characters.
    pub const MIN_NON_ASCII_CHARS: usize = 2;
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
    /// for more than [`MAX_WORDS`](Self::MAX_WORDS) words: none is dropped for being one too many.
    pub fn try_new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, ContextError> {
        let mut context = Self::none();
        for text in texts {
            let text = text.as_ref();
            let chars = text.chars().take(usize::from(u16::MAX)).count();
            if chars > Self::MAX_WORD_CHARS {
                return Err(ContextError::TooLong { chars });
            }
            let folded: String = fold(text.trim()).collect();
            context.add(&folded, Self::MIN_TEXT_CHARS)?;
            for part in folded.split('@') {
                context.add(part, Self::MIN_WORD_CHARS)?;
            }
            for part in folded.split(|character: char| !character.is_alphanumeric()) {
                context.add(part, Self::MIN_WORD_CHARS)?;
            }
        }
        Ok(context)
    }

    fn add(&mut self, word: &str, min_ascii: usize) -> Result<(), ContextError> {
        let is_foreign = word.chars().any(|character| !character.is_ascii() && character.is_alphabetic());
        let least = if is_foreign { Self::MIN_NON_ASCII_CHARS } else { min_ascii };
        if word.chars().take(least).count() < least || self.words.iter().any(|known| known == word) {
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
            if !(Self::MIN_WORD_CHARS..=Self::MAX_SIMILAR_CHARS).contains(&word.len()) {
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

/// Normalisation form C without case. Lower case comes first for `ẞ`, whose upper case is itself; then upper case for
/// `ß`, `ſ` and `ς`, whose lower case is itself; form C again because upper case takes characters such as `ǰ` apart.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    let upper = text.nfc().flat_map(char::to_lowercase).flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).nfc()
}

/// A password as context words are compared with it, wiped when dropped. Measured first, so that it is never moved to
/// larger room and no copy is left behind.
pub(super) fn folded(text: &str) -> Zeroizing<String> {
    if text.is_ascii() {
        return Zeroizing::new(text.to_ascii_lowercase());
    }
    let bytes = fold(text).fold(0_usize, |bytes, character| bytes.saturating_add(character.len_utf8()));
    let mut folded = Zeroizing::new(String::with_capacity(bytes));
    folded.extend(fold(text));
    folded
}

/// Whether fewer than `least` edits lead from one to the other. Lengths that differ by as much cost nothing.
pub(crate) fn is_closer(a: &[char], b: &[char], least: usize) -> bool {
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
