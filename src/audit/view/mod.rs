//! Views: a record for other systems and for people. Never hashed, never read back as evidence.
//!
//! | you want | use |
//! |---|---|
//! | JSON of everything a record says, with its bytes inside | [`json()`], and [`bytes_of_json`] to get them back |
//! | an event for a SIEM | [`Ocsf`] |
//! | one line | a [`Record`](crate::audit::record::Record)'s `Display` |

mod json;
mod ocsf;
#[cfg(test)]
mod tests;

pub use self::json::{ViewError, bytes_of_json, json};
pub use self::ocsf::Ocsf;
