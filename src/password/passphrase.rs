use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::wide::Wide;
use crate::entropy::{Entropy, EntropyError};
use crate::secret::Secret;

/// Words to make passphrases of, checked: distinct, and enough of them.
///
/// ```
/// use clausework::password::{WordList, WordListError};
///
/// let words: Vec<String> = (0..2048).map(|n| format!("word{n}")).collect(); // a real list has real words
/// let list = WordList::try_new(words.iter().map(String::as_str))?;
/// assert_eq!(list.entropy_bits(7), 77); // 11 bits a word
/// assert_eq!(WordList::try_new(["tree", "Tree"]).unwrap_err(), WordListError::Twice { index: 1 });
/// # Ok::<(), WordListError>(())
/// ```
#[derive(Clone, Debug)]
pub struct WordList<'a>(Vec<&'a str>);

impl<'a> WordList<'a> {
    /// The fewest words (our choice): each gives at least 10 bits.
    pub const MIN_WORDS: usize = 1024;
    /// The most words (our choice): each gives at most 16 bits.
    pub const MAX_WORDS: usize = 65_536;
    /// The most characters of a word (our choice): with [`MAX_COUNT`](Self::MAX_COUNT) words a phrase stays below
    /// the bytes that can be hashed.
    pub const MAX_WORD_CHARS: usize = 32;
    /// The fewest words of a phrase (our choice).
    pub const MIN_COUNT: usize = 4;
    /// The most words of a phrase (our choice).
    pub const MAX_COUNT: usize = 24;

    /// Checks the words.
    ///
    /// # Errors
    /// [`WordListError`] for the first word that is empty, too long, does not begin with a letter or digit, holds
    /// white space or a control character, or is there already (in normalisation form C, whatever the case); or when
    /// there are too few or too many.
    pub fn try_new(words: impl IntoIterator<Item = &'a str>) -> Result<Self, WordListError> {
        let (mut list, mut known) = (Vec::new(), BTreeSet::<String>::new());
        for (index, word) in words.into_iter().enumerate() {
            if index >= Self::MAX_WORDS {
                return Err(WordListError::TooMany);
            }
            let is_long = word.chars().nth(Self::MAX_WORD_CHARS).is_some();
            let is_odd = |character: char| character.is_whitespace() || character.is_control();
            if is_long || !word.starts_with(char::is_alphanumeric) || word.contains(is_odd) {
                return Err(WordListError::Word { index });
            }
            if !known.insert(word.nfc().flat_map(char::to_lowercase).collect()) {
                return Err(WordListError::Twice { index });
            }
            list.push(word);
        }
        if list.len() < Self::MIN_WORDS {
            return Err(WordListError::TooFew { words: list.len() });
        }
        Ok(Self(list))
    }

    /// How many words there are.
    #[must_use]
    pub const fn words(&self) -> usize {
        self.0.len()
    }

    /// How many bits of entropy a phrase of so many words has, rounded down; words beyond
    /// [`MAX_COUNT`](Self::MAX_COUNT) are not counted.
    #[must_use]
    pub fn entropy_bits(&self, count: usize) -> u32 {
        self.phrases(count).bits().saturating_sub(1)
    }

    /// How many phrases of so many words there are.
    fn phrases(&self, count: usize) -> Wide {
        let words = u32::try_from(self.words()).unwrap_or(u32::MAX);
        (0..count.min(Self::MAX_COUNT)).fold(Wide::one(), |phrases, _| {
            let mut longer = Wide::default();
            longer.add_times(&phrases, words);
            longer
        })
    }
}

/// A passphrase: so many words of the list, each drawn alike and apart from the others, with the separator between them.
///
/// Uniform over all sequences of `count` words. The separator is in no word, so no two sequences read the same, and
/// the entropy is [`WordList::entropy_bits`]. It need not satisfy a policy that asks for classes of characters:
/// [`check`](super::check) tells.
///
/// ```
/// use clausework::password::{PassphraseError, PasswordPolicy, WordList, check, passphrase};
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let words: Vec<String> = (0..7776).map(|n| format!("word{n}")).collect(); // a real list has real words
/// let list = WordList::try_new(words.iter().map(String::as_str))?;
/// let phrase = passphrase(&mut entropy, &list, 8, ' ')?;
/// assert_eq!(phrase.expose().split(' ').count(), 8);
/// assert_eq!(list.entropy_bits(8), 103);
/// let policy = PasswordPolicy::builder().min_chars(15).required([]).build()?;
/// assert!(check(&policy, &phrase).is_empty());
/// assert_eq!(passphrase(&mut entropy, &list, 3, ' ').unwrap_err(), PassphraseError::Count { asked: 3 });
/// # Ok::<(), clausework::Error>(())
/// ```
///
/// # Errors
/// [`PassphraseError`] for a count or separator that will not do, or when the entropy source fails.
pub fn passphrase(
    entropy: &mut dyn Entropy,
    words: &WordList<'_>,
    count: usize,
    separator: char,
) -> Result<Secret, PassphraseError> {
    if !(WordList::MIN_COUNT..=WordList::MAX_COUNT).contains(&count) {
        return Err(PassphraseError::Count { asked: count });
    }
    let is_fit = separator == ' ' || separator.is_ascii_punctuation();
    if !is_fit || words.0.iter().any(|word| word.contains(separator)) {
        return Err(PassphraseError::Separator);
    }
    let mut index = Zeroizing::new(Wide::uniform_below(entropy, &words.phrases(count))?);
    let size = u32::try_from(words.words()).unwrap_or(u32::MAX);
    let longest = WordList::MAX_WORD_CHARS.saturating_add(1).saturating_mul(4).saturating_mul(count);
    let mut text = Zeroizing::new(String::with_capacity(longest)); // no reallocation leaves a copy
    for place in 0..count {
        if place > 0 {
            text.push(separator);
        }
        let word = usize::try_from(index.divide(size)).ok().and_then(|word| words.0.get(word));
        text.push_str(word.ok_or(EntropyError::Stuck)?);
    }
    Ok(Secret::from(core::mem::take(&mut *text)))
}

/// Why words make no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordListError {
    /// Fewer than [`WordList::MIN_WORDS`].
    #[error("{words} words are fewer than 1024")]
    TooFew {
        /// How many there are.
        words: usize,
    },
    /// More than [`WordList::MAX_WORDS`].
    #[error("there are more than 65536 words")]
    TooMany,
    /// Empty, too long, not beginning with a letter or digit, or with white space or a control character.
    #[error("word {index} is empty, too long, or has a character that does not belong in a word")]
    Word {
        /// Its place, from zero.
        index: usize,
    },
    /// The same as a word before it.
    #[error("word {index} is there already")]
    Twice {
        /// Its place, from zero.
        index: usize,
    },
}

/// Why there is no passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PassphraseError {
    /// Outside [`WordList::MIN_COUNT`] to [`WordList::MAX_COUNT`].
    #[error("{asked} words are not between 4 and 24")]
    Count {
        /// Words asked for.
        asked: usize,
    },
    /// Neither a space nor ASCII punctuation, or part of a word.
    #[error("the separator is neither a space nor ascii punctuation, or is part of a word")]
    Separator,
    /// Nothing could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}
