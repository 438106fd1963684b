//! Password hashing: Argon2id (RFC 9106), with a floor, a ceiling, a memory budget, a pepper and a decoy.
//!
//! | you want | use |
//! |---|---|
//! | hash and verify | [`Hasher`], one for the whole host |
//! | choose the cost | [`HashPolicy`] and [`HashCost`] |
//! | know whether a stored hash is out of date | [`Hasher::needs_rehash`], apart from verification |
//! | keep a stolen database useless without your key | [`Hasher::with_pepper`] |
//! | bound the memory of all hashes | [`HashPolicyBuilder::memory_mib`], [`HashPolicyBuilder::max_waiting`] |
//! | hash without `std`, or in memory of your own | [`Hasher::verify_with`] and [`HashMemory`] |
//! | take over the hashes of another system | [`Hasher::with_legacy`] |
//! | plug another implementation of Argon2id | [`Kernel`] |
//!
//! # Async hosts
//!
//! Waiting for memory blocks a thread, so an async host queues before it takes one: a semaphore of as many
//! permits as the budget holds hashes, a bound on how many wait for it, and `max_waiting(0)`.
//!
//! ```
//! use clausework::hashing::{HashCost, HashPolicy};
//!
//! let policy = HashPolicy::builder().memory_mib(76).max_waiting(0).build()?; // two cores: four hashes of 19 MiB
//! let permits = policy.memory_kib() / policy.cost().m_kib;
//! assert_eq!(permits, 4);
//! # Ok::<(), clausework::hashing::HashPolicyError>(())
//! ```
//!
//! ```text
//! static HASHES: Semaphore = Semaphore::const_new(4);                       // tokio::sync::Semaphore
//! let permit = timeout(Duration::from_millis(500), HASHES.acquire()).await; // bounded: too late is "busy"
//! let verdict = spawn_blocking(move || attempt.verify(&hasher, &mut OsEntropy, &password)).await;
//! drop(permit);
//! ```
//!
//! # What is hashed
//!
//! Passwords are brought into Unicode normalisation form C first, so that the same characters typed
//! on two keyboards are one password (NIST SP 800-63B-4 section 3.1.1.2); the form is recorded with the hash.
//!
//! Passwords, what is hashed of them and the memory of a hash are wiped. Two kinds of copies are not: the few characters
//! at a time that the crate `unicode-normalization` holds back in buffers of its own while it puts them in order,
//! and what a scheme of another system ([`LegacyScheme`]) makes of the password inside the crate that computes it.

mod error;
mod hasher;
mod kernel;
mod legacy;
mod phc;
mod policy;
#[cfg(feature = "std")]
mod pool;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod work;

pub use argon2::Block;

pub use self::error::HashError;
pub use self::hasher::{Hasher, MAX_PASSWORD_BYTES};
pub use self::kernel::{Argon2id, HashMemory, Kernel};
pub use self::legacy::LegacyScheme;
pub use self::phc::{PasswordHash, PhcError};
pub use self::policy::{HashCost, HashPolicy, HashPolicyBuilder, HashPolicyError};
