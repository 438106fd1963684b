use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{SessionPolicy, Standing};
use crate::event::Origin;
use crate::id::AccountId;
use crate::secret::TokenDigest;
use crate::store::Record;
use crate::time::Timestamp;

/// What is stored of a token: whose session it opens. Filed under the token's digest.
///
/// Everything else about the session is in its account's [`ActivityState`]: one record to compare and swap, so that
/// a use, a revocation and a further sign-in cannot pass each other by. A token that is not listed there opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum SessionState {
    /// Opens a session of this account, as long as the account lists it.
    #[non_exhaustive]
    Open {
        /// Whose.
        account: AccountId,
    },
    /// Opened by version 1 of this record, which kept no list: good until its lifetime is over, and taken for unused.
    #[non_exhaustive]
    Unlisted {
        /// Whose.
        account: AccountId,
        /// The generation of the credential it was opened with.
        generation: u64,
        /// When it was opened.
        opened_at: Timestamp,
        /// When it ends, whatever is done with it.
        expires_at: Timestamp,
    },
    /// Ended, and blank: nothing brings it back.
    Ended,
}

impl SessionState {
    /// Whose, unless it has ended.
    #[must_use]
    pub const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Open { account } | Self::Unlisted { account, .. } => Some(account),
            Self::Ended => None,
        }
    }
}

impl Record for SessionState {
    const KIND: &'static str = "session";
    const VERSION: u16 = 2;

    fn upgrade(version: u16, state: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "lowercase", deny_unknown_fields)]
        enum One {
            Open { account: AccountId, generation: u64, opened_at: Timestamp, expires_at: Timestamp },
            Ended,
        }
        if version != 1 {
            return None;
        }
        Some(match serde_json::from_str(state).ok()? {
            One::Open { account, generation, opened_at, expires_at } => {
                Self::Unlisted { account, generation, opened_at, expires_at }
            }
            One::Ended => Self::Ended,
        })
    }
}

/// What is stored of an account's activity: its open sessions, when it was last used, and how its dormancy stands.
///
/// Bounded: at most [`SessionPolicy::MAX_CAP`] sessions. What is over leaves it whenever it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct ActivityState {
    pub(super) sessions: Vec<OpenSession>,
    /// The last sign-in, or the last use of a session that was written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) used_at: Option<Timestamp>,
    /// All sessions opened up to then were ended: for those that version 1 of the session record did not list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reactivated_at: Option<Timestamp>,
    /// The stage of dormancy that an event was written for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) noted: Option<Standing>,
    /// Since when an administrator has had it disabled. A version of the crate that does not know it cannot read the
    /// record, and so lets nobody in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) disabled_at: Option<Timestamp>,
    /// How often it was disabled. A permission to choose a password that was given under another number is void.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) disablings: u64,
}

impl ActivityState {
    /// When the account was last used, if it ever was: the last sign-in, or the last use of a session that was
    /// written down.
    #[must_use]
    pub const fn used_at(&self) -> Option<Timestamp> {
        self.used_at
    }

    /// When an administrator last took it out of dormancy.
    #[must_use]
    pub const fn reactivated_at(&self) -> Option<Timestamp> {
        self.reactivated_at
    }

    /// Whether an administrator has [disabled](super::disable) it.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// How often an administrator has [disabled](super::disable) it: what was under way under another number is over.
    #[must_use]
    pub const fn disablings(&self) -> u64 {
        self.disablings
    }

    pub(super) fn position(&self, id: &TokenDigest) -> Option<usize> {
        self.sessions.iter().position(|session| session.id == *id)
    }
}

impl Record for ActivityState {
    const KIND: &'static str = "activity";
    const VERSION: u16 = 1;
}

/// One session in its account's list: what a person may be shown of it. The token is not among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    pub(super) id: TokenDigest,
    pub(super) generation: u64,
    /// The generation of the tenant's revocations it was opened under: 0 before the first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) revocation: u64,
    pub(super) origin: Origin,
    pub(super) opened_at: Timestamp,
    pub(super) active_at: Timestamp,
    pub(super) expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) locked: bool,
    /// Why a use of it was refused already: the next refusal for the same reason is not news.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) refused: Vec<Cow<'static, str>>,
}

impl OpenSession {
    /// Names it in a list or a form. It is the digest of the token, and no token.
    #[must_use]
    pub const fn id(&self) -> TokenDigest {
        self.id
    }

    /// Where its bearer signed in from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// When it was opened, or last went on under a new token.
    #[must_use]
    pub const fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// Its last use that was written down: the last of all lies less than
    /// [`touch_every`](SessionPolicy::touch_every) later.
    #[must_use]
    pub const fn active_at(&self) -> Timestamp {
        self.active_at
    }

    /// When it ends, whatever is done with it, by the lifetime it was opened with; sooner if the policy's is
    /// [shorter](super::SessionPolicyBuilder::lifetime_secs) by now.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The same by the policy of now.
    pub(super) fn ends_at(&self, policy: &SessionPolicy) -> Timestamp {
        policy.ends_at(self.opened_at, self.expires_at)
    }

    /// Whether it is locked until its bearer signs in again.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        self.locked
    }
}

/// The stored form before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    sessions: Vec<OpenSession>,
    #[serde(default)]
    used_at: Option<Timestamp>,
    #[serde(default)]
    ended_at: Option<Timestamp>,
    #[serde(default)]
    reactivated_at: Option<Timestamp>,
    #[serde(default)]
    noted: Option<Standing>,
    #[serde(default)]
    disabled_at: Option<Timestamp>,
    #[serde(default)]
    disablings: u64,
}

impl TryFrom<Stored> for ActivityState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { sessions, used_at, ended_at, reactivated_at, noted, disabled_at, disablings } = stored;
        // INVARIANT: no decision lists more than the largest cap, nor an end before the beginning.
        if sessions.len() > usize::from(SessionPolicy::MAX_CAP) || sessions.iter().any(|s| s.expires_at < s.opened_at) {
            return Err("values that no decision writes");
        }
        Ok(Self { sessions, used_at, ended_at, reactivated_at, noted, disabled_at, disablings })
    }
}

/// What is stored of the last time that all sessions of a tenant were ended. One record a tenant, read at each check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationState {
    #[serde(rename = "not_before")]
    pub(super) revoked_at: Timestamp,
    /// Not written for the first: a record that says nothing was written before there was a number, and whatever is
    /// alive under it is of 0.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub(super) generation: u64,
}

impl RevocationState {
    /// When they were last ended, by the clock of whoever did. Nothing is decided by it.
    #[must_use]
    pub const fn revoked_at(&self) -> Timestamp {
        self.revoked_at
    }

    /// How often they were ended. A session that was opened under another number is over.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }
}

const fn first() -> u64 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_first(generation: &u64) -> bool {
    *generation == first()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(generation: &u64) -> bool {
    *generation == 0
}

impl Record for RevocationState {
    const KIND: &'static str = "revocation";
    const VERSION: u16 = 1;
}
