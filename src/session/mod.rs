//! Sessions: a token for the client, its digest for the store, an end that is certain.
//!
//! | you want | use |
//! |---|---|
//! | say how long a session lasts | [`SessionPolicy`]; there is no default, the documents give no number (X17) |
//! | open one after a sign-in | [`open`], with a [`Token`](crate::secret::Token) minted before |
//! | check one on every request | [`check`] |
//! | sign out | [`end`] |
//!
//! The record is filed under the token's digest (E-5.10a), so whoever reads the database cannot use
//! what he finds. A session carries the generation of the credential it came from: when the
//! password changes, all sessions of the old one are dead at once.

mod decide;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{CODES, ENDED, OPENED, SessionOutcome, check, end, open};
pub use self::policy::{SessionPolicy, SessionPolicyBuilder, SessionPolicyError};
pub use self::state::SessionState;
