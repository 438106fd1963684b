//! Credentials: a password that lasts, and a temporary one that is good only for choosing it.
//!
//! | you want | use |
//! |---|---|
//! | say how long a temporary password lives | [`TemporaryPolicy`]; the default is E-6P.2, 15 days |
//! | know whether one may be issued, to whom, at whose wish | [`may_issue`] of an [`Issue`] |
//! | issue or reissue one | [`issue`] |
//! | take over the hash that another system left | [`import`] |
//! | know what an account's credential is good for now | [`usable`] |
//! | let its bearer choose a password | [`admit_change`], [`too_recent`], [`try_change`], then [`change`] |
//! | keep the last passwords from being chosen again | [`PasswordPolicy::history`](crate::password::PasswordPolicy::history), [`CredentialState::earlier`] |
//!
//! A temporary password is dead at 15 × 24 hours from its issue, after the change, and when another
//! is issued. Every issue and change raises the credential's generation; sessions and pending
//! changes of an earlier generation are dead at once.
//!
//! The history is of hashes that only their bearer could make anew, so a rotated pepper does not reach them: keep a
//! retired key in the ring until the passwords made with it have left the history. What cannot be read is passed over
//! ([`history_skipped`]).

mod decide;
mod delivery;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{
    CHANGED, CODES, CREATED, HISTORY_SKIPPED, IMPORTED, ImportOutcome, MAX_CHANGE_TRIES, REHASHED, REISSUED,
    ReplaceOutcome, TryOutcome, Usable, admit_change, change, close_change, history_skipped, import, issue, may_change,
    rehash, too_recent, try_change, untry_change, usable,
};
pub use self::delivery::{
    ISSUE_REFUSED, Issue, IssueRefusal, NAME_NOT_OWN_EMAIL, NOT_ITS_BEARER, NOT_KEY_USER, NOT_THE_CUSTOMER, may_issue,
};
pub use self::policy::{TemporaryPolicy, TemporaryPolicyBuilder, TemporaryPolicyError};
pub use self::state::{ChangeState, CredentialState, IssueReason};
