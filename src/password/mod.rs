//! Password rules: what a new password must be, and how one is generated.
//!
//! | you want | use |
//! |---|---|
//! | say what is required | [`PasswordPolicy`]; the default is E-6P.1 |
//! | let a tenant tighten it, never loosen it | [`strictest`] |
//! | check a new password | [`check`]: every violation at once |
//! | keep names and products out of it | [`check_with`] and a [`Context`] |
//! | know whether a password may or must be changed | [`age()`](age()) |
//! | ask for a number of guesses that it withstands | [`strength()`](strength()); `estimate` with the feature `strength` |
//! | generate one that satisfies the policy | [`generate`], and [`entropy_bits`] |
//! | generate a passphrase | [`passphrase`] from your [`WordList`] |
//!
//! Rules apply when a password is set. A password that is only being verified is never checked
//! against them, or a stricter policy would lock out everybody who has an older one.

mod age;
mod builder;
mod class;
mod combine;
mod context;
mod decide;
#[cfg(feature = "strength")]
mod estimate;
mod generate;
mod keyboard;
mod passphrase;
mod policy;
mod runs;
mod strength;
#[cfg(test)]
mod tests;
mod violation;
mod wide;

pub use self::age::{AgeOutcome, age};
pub use self::builder::{PasswordPolicyBuilder, PasswordPolicyError};
pub use self::class::CharacterClass;
pub use self::combine::strictest;
pub(crate) use self::context::is_closer;
pub use self::context::{Context, ContextError};
pub use self::decide::{check, check_with};
#[cfg(feature = "strength")]
pub use self::estimate::{ESTIMATED_CHARS, estimate};
pub use self::generate::{Alphabet, GENERATED_CHARS, entropy_bits, generate, generate_from};
pub use self::passphrase::{PassphraseError, WordList, WordListError, passphrase};
pub use self::policy::{ContextRule, PasswordPolicy};
pub use self::strength::{Strength, StrengthError, strength};
pub use self::violation::{
    CODES, CONTEXT_WORD, IN_HISTORY, KEYBOARD_RUN, NO_DIGIT, NO_LETTER, NO_LOWERCASE, NO_SYMBOL, NO_UPPERCASE,
    NOT_ESTIMATED, REPEATED, SAME_AS_CURRENT, SEQUENCE, TOO_LONG, TOO_MANY_CHARS, TOO_RECENT, TOO_SHORT, TOO_SIMILAR,
    TOO_WEAK, Violation,
};
