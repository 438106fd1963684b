//! Published documents as data, and policies held against them.
//!
//! | you want | use |
//! |---|---|
//! | know what a document asks, number by number | [`Profile::requirements`] |
//! | know where a policy falls short of one | [`PolicySet::audit`] |
//! | know whether two documents can be kept at once | [`conflicts`] |
//! | let a customer tighten what you set, and loosen nothing (E-4) | [`PolicySet::tighten`] |
//! | keep policies in a file | [`PolicySet::from_json`], and with the feature `toml` `PolicySet::from_toml` |
//! | have an editor check such a file | with the feature `schema`, `PolicySet::json_schema` |
//!
//! ```
//! use clausework::lockout::LockoutPolicy;
//! use clausework::profile::{PolicySet, Profile};
//!
//! let policy = PolicySet::from_json(
//!     r#"{ "sign_in": { "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } } } }"#,
//! )?;
//! assert!(policy.audit(Profile::Engage2015).is_empty());
//!
//! // What E-6P.3 asks is not enough for everybody.
//! let findings = policy.audit(Profile::PciDss401);
//! let lock = findings.iter().find(|finding| finding.requirement().section() == "8.3.4").ok_or("not found")?;
//! assert_eq!(
//!     lock.to_string(),
//!     "PCI DSS 4.0.1, 8.3.4: sign_in.lockout.lock_secs is 900, must be at least 1800",
//! );
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! A profile holds only numbers whose place in the document we have seen confirmed; a document asks for much more than
//! numbers, so a policy without findings keeps these numbers and is not for that reason compliant.

mod audit;
mod data;
mod file;
mod requirement;
#[cfg(feature = "schema")]
mod schema;
mod set;
mod setting;
#[cfg(test)]
mod tests;
mod tighten;

pub use self::audit::{Conflict, Finding, conflicts};
pub use self::file::PolicyFileError;
pub use self::requirement::{Demand, Level, Profile, Requirement};
pub use self::set::PolicySet;
pub use self::setting::{Actual, Setting};
pub use self::tighten::{Loosening, TightenError};
