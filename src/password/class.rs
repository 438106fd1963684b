use core::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

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
/// assert!(!CharacterClass::Symbol.contains('\u{200b}')); // a space of no width
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Anything else that shows by itself: not alphabetic, numeric, white space or control, no mark that combines with
    /// the character before it (general category M), and none that is drawn as nothing (Unicode property
    /// Default_Ignorable_Code_Point, as U+00AD and U+200B). Private and unassigned code points are symbols.
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
            Self::Symbol => {
                !(character.is_alphanumeric()
                    || character.is_whitespace()
                    || character.is_control()
                    || is_combining_mark(character)
                    || is_ignorable(character))
            }
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

/// Whether the character has the property Default_Ignorable_Code_Point and is neither letter nor mark (Unicode 17.0,
/// DerivedCoreProperties.txt).
const fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
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
