use core::fmt;

use serde::{Deserialize, Serialize};

/// A kind of character that a policy may require. A character may be of several: an `E` is upper-case and a letter.
///
/// ```
/// use clausework::password::CharacterClass;
///
/// assert!(CharacterClass::Uppercase.contains('É'));
/// assert!(CharacterClass::Digit.contains('٣')); // an Arabic-Indic three
/// assert!(!CharacterClass::Lowercase.contains('E'));
/// assert!(CharacterClass::Letter.contains('字')); // a letter, in no case
/// assert!(CharacterClass::Symbol.contains('€') && !CharacterClass::Symbol.contains(' '));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CharacterClass {
    /// A decimal digit of any script (Unicode general category Nd, or another numeric character).
    Digit,
    /// An upper-case letter of any script (Unicode property Uppercase).
    Uppercase,
    /// A lower-case letter of any script (Unicode property Lowercase).
    Lowercase,
    /// A letter of any script, with or without case (Unicode property Alphabetic).
    Letter,
    /// Anything visible that is neither letter nor number: not alphabetic, numeric, white space or control.
    Symbol,
}

impl CharacterClass {
    /// Whether the character belongs to the class.
    #[must_use]
    pub fn contains(self, character: char) -> bool {
        match self {
            Self::Digit => character.is_numeric(),
            Self::Uppercase => character.is_uppercase(),
            Self::Lowercase => character.is_lowercase(),
            Self::Letter => character.is_alphabetic(),
            Self::Symbol => !(character.is_alphanumeric() || character.is_whitespace() || character.is_control()),
        }
    }

    /// The class as one bit of a set.
    pub(super) const fn bit(self) -> u8 {
        match self {
            Self::Digit => 1,
            Self::Uppercase => 2,
            Self::Lowercase => 4,
            Self::Letter => 8,
            Self::Symbol => 16,
        }
    }

    /// The classes of a character, as bits.
    pub(super) fn bits(character: char) -> u8 {
        [Self::Digit, Self::Uppercase, Self::Lowercase, Self::Letter, Self::Symbol]
            .into_iter()
            .filter(|class| class.contains(character))
            .fold(0, |bits, class| bits | class.bit())
    }
}

impl fmt::Display for CharacterClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digit => "digit",
            Self::Uppercase => "upper-case letter",
            Self::Lowercase => "lower-case letter",
            Self::Letter => "letter",
            Self::Symbol => "symbol",
        })
    }
}
