use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::{CharacterClass, PasswordPolicy};
use crate::clause::{self, Clause};
use crate::event::Code;
use crate::secret::Secret;

/// Fewer characters than the policy's minimum.
pub const TOO_SHORT: Code = Code::public("password.too_short");
/// More bytes than the hasher takes.
pub const TOO_LONG: Code = Code::public("password.too_long");
/// No digit.
pub const NO_DIGIT: Code = Code::public("password.no_digit");
/// No upper-case letter.
pub const NO_UPPERCASE: Code = Code::public("password.no_uppercase");
/// No lower-case letter.
pub const NO_LOWERCASE: Code = Code::public("password.no_lowercase");
/// The same as the password it is to replace.
pub const SAME_AS_CURRENT: Code = Code::public("password.same_as_current");

/// Every code of this module.
pub const CODES: &[Code] = &[TOO_SHORT, TOO_LONG, NO_DIGIT, NO_UPPERCASE, NO_LOWERCASE, SAME_AS_CURRENT];

/// One rule that a new password breaks: a stable code, its numbers, and the clause. Nothing of the password.
///
/// `Display` is an English sentence for the user; a translation goes by [`code`](Violation::code) and the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
#[non_exhaustive]
pub enum Violation {
    /// Fewer characters than required.
    TooShort {
        /// The policy's minimum.
        min_chars: usize,
    },
    /// More bytes than can be hashed.
    TooLong {
        /// The most bytes.
        max_bytes: usize,
    },
    /// A required class of characters is missing.
    Missing {
        /// The class.
        class: CharacterClass,
    },
    /// The new password is the one it is to replace.
    SameAsCurrent,
}

impl Violation {
    /// The stable code, safe to show.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::TooShort { .. } => TOO_SHORT,
            Self::TooLong { .. } => TOO_LONG,
            Self::Missing { class: CharacterClass::Digit } => NO_DIGIT,
            Self::Missing { class: CharacterClass::Uppercase } => NO_UPPERCASE,
            Self::Missing { class: CharacterClass::Lowercase } => NO_LOWERCASE,
            Self::SameAsCurrent => SAME_AS_CURRENT,
        }
    }

    /// The clause the rule comes from, or `None` for a limit of our own.
    #[must_use]
    pub const fn clause(&self) -> Option<Clause> {
        match self {
            Self::TooShort { .. } | Self::Missing { .. } => Some(clause::E_6P_1),
            Self::TooLong { .. } => None,
            Self::SameAsCurrent => Some(clause::E_5_1C),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { min_chars } => write!(f, "use at least {min_chars} characters"),
            Self::TooLong { max_bytes } => write!(f, "use at most {max_bytes} bytes"),
            Self::Missing { class: CharacterClass::Uppercase } => f.write_str("add an upper-case letter"),
            Self::Missing { class } => write!(f, "add a {class}"),
            Self::SameAsCurrent => f.write_str("choose a password other than the present one"),
        }
    }
}

/// Every rule that the password breaks, in a fixed order; empty when it is acceptable.
///
/// Characters are counted as Unicode code points after normalisation form C (NIST SP 800-63B-4
/// section 3.1.1.2: each code point counts as one).
///
/// ```
/// use clausework::{Secret, password::{PasswordPolicy, check}};
///
/// let policy = PasswordPolicy::default();
/// assert!(check(&policy, &Secret::from("Abcdefg1")).is_empty());
///
/// let codes: Vec<_> = check(&policy, &Secret::from("abc")).iter().map(|v| v.code().as_str()).collect();
/// assert_eq!(codes, ["password.too_short", "password.no_digit", "password.no_uppercase"]);
/// ```
#[must_use]
pub fn check(policy: &PasswordPolicy, password: &Secret) -> Vec<Violation> {
    let text = password.expose();
    if text.len() > policy.max_bytes() {
        // Nothing else is looked at: a megabyte is not normalised to find that it also lacks a digit.
        return Vec::from([Violation::TooLong { max_bytes: policy.max_bytes() }]);
    }
    let too_short = text.nfc().take(policy.min_chars()).count() < policy.min_chars();
    let missing = policy.required().filter(|class| !text.nfc().any(|character| class.contains(character)));
    too_short
        .then_some(Violation::TooShort { min_chars: policy.min_chars() })
        .into_iter()
        .chain(missing.map(|class| Violation::Missing { class }))
        .collect()
}
