//! Password rules: what a new password must be, and how one is generated.
//!
//! | you want | use |
//! |---|---|
//! | say what is required | [`PasswordPolicy`]; the default is E-6P.1 |
//! | check a new password | [`check`]: every violation at once |
//! | generate one that satisfies the policy | [`generate`] |
//!
//! Rules apply when a password is set. A password that is only being verified is never checked
//! against them, or a stricter policy would lock out everybody who has an older one.

mod decide;
mod generate;
mod policy;
#[cfg(test)]
mod tests;

pub use self::decide::{
    CODES, NO_DIGIT, NO_LOWERCASE, NO_UPPERCASE, SAME_AS_CURRENT, TOO_LONG, TOO_SHORT, Violation, check,
};
pub use self::generate::{GENERATED_CHARS, generate};
pub use self::policy::{CharacterClass, PasswordPolicy, PasswordPolicyBuilder, PasswordPolicyError};
