use alloc::collections::BTreeSet;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::generate::GENERATED_CHARS;
use crate::hashing::MAX_PASSWORD_BYTES;

/// A kind of character that a policy may require.
///
/// ```
/// use clausework::password::CharacterClass;
///
/// assert!(CharacterClass::Uppercase.contains('É'));
/// assert!(CharacterClass::Digit.contains('٣')); // an Arabic-Indic three
/// assert!(!CharacterClass::Lowercase.contains('E'));
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
}

impl CharacterClass {
    /// Whether the character belongs to the class.
    #[must_use]
    pub fn contains(self, character: char) -> bool {
        match self {
            Self::Digit => character.is_numeric(),
            Self::Uppercase => character.is_uppercase(),
            Self::Lowercase => character.is_lowercase(),
        }
    }
}

impl fmt::Display for CharacterClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digit => "digit",
            Self::Uppercase => "upper-case letter",
            Self::Lowercase => "lower-case letter",
        })
    }
}

/// What a new password must be. The default is the ENGAGE policy (E-6P.1): at least 8 characters,
/// with a digit, an upper-case and a lower-case letter.
///
/// ```
/// use clausework::password::{CharacterClass, PasswordPolicy, PasswordPolicyError};
///
/// let engage = PasswordPolicy::default();
/// assert_eq!(engage.min_chars(), 8);
/// assert!(engage.requires(CharacterClass::Digit));
///
/// let longer = PasswordPolicy::builder().min_chars(15).build()?;
/// assert_eq!(longer.min_chars(), 15);
/// assert_eq!(PasswordPolicy::builder().min_chars(0).build(), Err(PasswordPolicyError::MinChars { asked: 0 }));
/// # Ok::<(), PasswordPolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PasswordPolicyBuilder")]
pub struct PasswordPolicy(PasswordPolicyBuilder);

impl PasswordPolicy {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> PasswordPolicyBuilder {
        PasswordPolicyBuilder::default()
    }

    /// The fewest characters, counted as Unicode code points in normalisation form C.
    #[must_use]
    pub const fn min_chars(&self) -> usize {
        self.0.min_chars
    }

    /// The most bytes; it is the hasher's limit, [`MAX_PASSWORD_BYTES`].
    #[must_use]
    pub const fn max_bytes(&self) -> usize {
        MAX_PASSWORD_BYTES
    }

    /// Whether at least one character of this class is required.
    #[must_use]
    pub fn requires(&self, class: CharacterClass) -> bool {
        self.0.required.contains(&class)
    }

    /// The required classes, in a fixed order.
    pub fn required(&self) -> impl Iterator<Item = CharacterClass> {
        self.0.required.iter().copied()
    }
}

/// The settings of a [`PasswordPolicy`], not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordPolicyBuilder {
    min_chars: usize,
    required: BTreeSet<CharacterClass>,
}

/// E-6P.1.
impl Default for PasswordPolicyBuilder {
    fn default() -> Self {
        use CharacterClass::{Digit, Lowercase, Uppercase};
        Self { min_chars: 8, required: BTreeSet::from([Digit, Uppercase, Lowercase]) }
    }
}

impl PasswordPolicyBuilder {
    /// The fewest characters: 1 to the length of a generated password ([`GENERATED_CHARS`]).
    #[must_use]
    pub const fn min_chars(mut self, chars: usize) -> Self {
        self.min_chars = chars;
        self
    }

    /// The classes of which at least one character is required; an empty list requires none.
    #[must_use]
    pub fn required(mut self, classes: impl IntoIterator<Item = CharacterClass>) -> Self {
        self.required = classes.into_iter().collect();
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`PasswordPolicyError::MinChars`] outside 1 to [`GENERATED_CHARS`]: every policy must be one that a
    /// generated password satisfies.
    pub fn build(self) -> Result<PasswordPolicy, PasswordPolicyError> {
        if self.min_chars == 0 || self.min_chars > GENERATED_CHARS {
            return Err(PasswordPolicyError::MinChars { asked: self.min_chars });
        }
        Ok(PasswordPolicy(self))
    }
}

impl TryFrom<PasswordPolicyBuilder> for PasswordPolicy {
    type Error = PasswordPolicyError;

    fn try_from(builder: PasswordPolicyBuilder) -> Result<Self, PasswordPolicyError> {
        builder.build()
    }
}

/// Why there is no such password policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordPolicyError {
    /// Outside 1 to [`GENERATED_CHARS`].
    #[error("a minimum of {asked} characters is not between 1 and 64")]
    MinChars {
        /// The minimum asked for.
        asked: usize,
    },
}
