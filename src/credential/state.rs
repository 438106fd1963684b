use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::hashing::PasswordHash;
use crate::id::AccountId;
use crate::password::PasswordPolicy;
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

/// What is stored of an account's password: its hash, what it is good for, its generation, and the hashes of the
/// lasting passwords before it, as many as the policy's [`history`](PasswordPolicy::history) needs.
///
/// A temporary password is never among the earlier ones; they survive it, so that a reset is no way round them.
/// `Debug` shows no hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialState {
    #[serde(deserialize_with = "generation")]
    pub(super) generation: u64,
    pub(super) hash: PasswordHash,
    pub(super) standing: Standing,
    /// Of earlier lasting passwords, newest first.
    #[serde(deserialize_with = "history")]
    pub(super) history: Vec<PasswordHash>,
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

/// No more than any policy may ask for: each costs a slow hash when a password is chosen.
fn history<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PasswordHash>, D::Error> {
    let history = Vec::deserialize(deserializer)?;
    if history.len() > usize::from(PasswordPolicy::MAX_HISTORY) {
        Err(de::Error::custom("a longer history than any decision writes"))
    } else {
        Ok(history)
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

    /// When the present password was chosen by its bearer; `None` for a temporary one.
    #[must_use]
    pub const fn chosen_at(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::Lasting { since } => Some(since),
            Standing::Temporary { .. } => None,
        }
    }

    /// The hashes of the earlier lasting passwords that this policy keeps from being chosen again, newest first.
    ///
    /// A lasting present password is one of the policy's [`history`](PasswordPolicy::history), a temporary one is not.
    pub fn earlier(&self, policy: &PasswordPolicy) -> impl Iterator<Item = &PasswordHash> {
        let present = u8::from(!self.is_temporary());
        self.history.iter().take(policy.history().saturating_sub(present).into())
    }
}

impl Record for CredentialState {
    const KIND: &'static str = "credential";
    const VERSION: u16 = 2;

    /// Version 1 kept no earlier passwords.
    fn upgrade(version: u16, state: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct V1 {
            #[serde(deserialize_with = "generation")]
            generation: u64,
            hash: PasswordHash,
            standing: Standing,
        }
        let V1 { generation, hash, standing } = serde_json::from_str(state).ok().filter(|_| version == 1)?;
        Some(Self { generation, hash, standing, history: Vec::new() })
    }
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
        /// How many passwords were tried that were compared with the present one: each costs slow hashes.
        #[serde(default, skip_serializing_if = "is_zero")]
        tries: u8,
        /// How often the account had been disabled by then: once more, and the permission is void.
        #[serde(default, skip_serializing_if = "is_zero")]
        disablings: u64,
    },
    /// Used, and blank.
    Ended,
}

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

impl Record for ChangeState {
    const KIND: &'static str = "change";
    const VERSION: u16 = 1;
}
