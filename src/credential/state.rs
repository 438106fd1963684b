use serde::{Deserialize, Deserializer, Serialize, de};

use crate::hashing::PasswordHash;
use crate::id::AccountId;
use crate::store::Record;
use crate::time::Timestamp;

/// Why a temporary password was issued (E-5.1, E-5.2b, E-6P.2). All live equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssueReason {
    /// The first account of a new customer: its key user's (E-5.1a).
    NewCustomer,
    /// A user that the customer added (E-5.2b).
    NewUser,
    /// The password was reset (E-6P.2).
    Reset,
}

impl IssueReason {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::NewCustomer => "new_customer",
            Self::NewUser => "new_user",
            Self::Reset => "reset",
        }
    }
}

/// What is stored of an account's password: its hash, what it is good for, and its generation.
///
/// `Debug` does not show the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialState {
    #[serde(deserialize_with = "generation")]
    pub(super) generation: u64,
    pub(super) hash: PasswordHash,
    pub(super) standing: Standing,
}

/// Half the range: no decision gets there, and one more than it never stays the same.
fn generation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let generation = u64::deserialize(deserializer)?;
    if generation > u64::MAX / 2 {
        Err(de::Error::custom("a generation that no decision writes"))
    } else {
        Ok(generation)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Standing {
    Temporary { issued_at: Timestamp, expires_at: Timestamp, reason: IssueReason },
    Lasting { since: Timestamp },
}

impl CredentialState {
    /// One more with every issue and change; what carries an earlier one is dead.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// The hash of the password.
    #[must_use]
    pub const fn hash(&self) -> &PasswordHash {
        &self.hash
    }

    /// Whether it is a temporary password, good only for choosing another.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self.standing, Standing::Temporary { .. })
    }
}

impl Record for CredentialState {
    const KIND: &'static str = "credential";
    const VERSION: u16 = 1;
}

/// What is stored of a permission to choose a new password. Filed under its token's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum ChangeState {
    /// Open until it expires, or the credential changes.
    #[non_exhaustive]
    Open {
        /// Whose password.
        account: AccountId,
        /// The generation of the credential that was shown.
        generation: u64,
        /// When the permission ends.
        expires_at: Timestamp,
    },
    /// Used, and blank.
    Ended,
}

impl Record for ChangeState {
    const KIND: &'static str = "change";
    const VERSION: u16 = 1;
}
