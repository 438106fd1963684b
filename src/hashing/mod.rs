//! Password hashing: Argon2id (RFC 9106), with a floor, a ceiling and a decoy.
//!
//! | you want | use |
//! |---|---|
//! | hash and verify | [`Hasher`], one for the whole host |
//! | choose the cost | [`HashPolicy`] and [`HashCost`] |
//! | know whether a stored hash is out of date | [`Hasher::needs_rehash`], apart from verification |
//! | plug another implementation of Argon2id | [`Kernel`] |
//!
//! Passwords are brought into Unicode normalisation form C first, so that the same characters typed
//! on two keyboards are one password (NIST SP 800-63B-4 section 3.1.1.2); the form is recorded with the hash.

mod hasher;
mod kernel;
mod phc;
mod policy;
#[cfg(test)]
mod tests;

pub use self::hasher::{HashError, Hasher, MAX_PASSWORD_BYTES};
pub use self::kernel::{Argon2id, HashMemory, Kernel};
pub use self::phc::{PasswordHash, PhcError};
pub use self::policy::{HashCost, HashPolicy, HashPolicyBuilder, HashPolicyError};
