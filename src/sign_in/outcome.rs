use alloc::boxed::Box;
use alloc::vec::Vec;
use core::error::Error;
use core::time::Duration;

use crate::credential::ChangeState;
use crate::entropy::EntropyError;
use crate::hashing::HashError;
use crate::id::AccountId;
use crate::password::Violation;
use crate::screening::ScreeningOutcome;
use crate::secret::Token;
use crate::session::SessionState;
use crate::store::{DecodeError, UpdateError};
use crate::time::Timestamp;

/// What became of an attempt to sign in. Closed: a host answers each.
#[derive(Debug)]
#[must_use = "only `SignedIn` and `MustChange` let anybody do anything"]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must answer each, with no way round a new one")]
pub enum SignInOutcome {
    /// Signed in: put the session's token into a cookie.
    SignedIn(Session),
    /// The password was right, and all its bearer may do is choose another: it is a temporary one (E-5.1c), it has
    /// reached its maximum age, or he asked for the change. [`ChangePermit::reason`] says which.
    MustChange(ChangePermit),
    /// Refused. There is nothing more to say to the outside.
    Denied(Denied),
    /// As many attempts on this name are under way as may still fail, or as many hashes on this host as its
    /// memory holds; known and unknown names alike. Nothing was counted. HTTP 429.
    Busy {
        /// Try again after this long at the latest.
        retry_after: Duration,
    },
    /// The host's own trouble: nobody was let in. HTTP 503. If it struck at the last step, the attempt stays
    /// reserved and counts as a failure when its lease ends; otherwise nothing was counted.
    Unavailable(Fault),
}

/// The one public answer to everything that is refused: wrong, unknown, locked, expired, not from
/// here. Which of them is in the event only.
///
/// ```
/// use clausework::sign_in::Denied;
///
/// assert_eq!(Denied.public_message(), "The sign-in was refused.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: it must never say more")]
pub struct Denied;

impl Denied {
    /// A sentence for the person at the form.
    #[must_use]
    pub const fn public_message(self) -> &'static str {
        "The sign-in was refused."
    }
}

/// A session that was opened. Its token is shown once, here.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) token: Token<SessionState>,
    pub(super) account: AccountId,
    pub(super) expires_at: Timestamp,
    pub(super) continues: bool,
}

impl Session {
    /// For the cookie: `Secure`, `HttpOnly`, `SameSite`.
    #[must_use]
    pub const fn token(&self) -> &Token<SessionState> {
        &self.token
    }

    /// Whose.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// When it ends, whatever is done with it.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Whether it takes the place of the session that the client showed, of the same account: only then may it see
    /// again what was on the screen.
    #[must_use]
    pub const fn continues(&self) -> bool {
        self.continues
    }
}

/// Why a sign-in gives the permission to choose a new password and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeReason {
    /// The password is a temporary one (E-5.1c, E-5.2b).
    Temporary,
    /// The password has reached the [maximum age](crate::password::PasswordPolicy::max_age) of the policy.
    Expired,
    /// Its bearer [asked for it](super::SignInRequest::for_change).
    Asked,
}

impl ChangeReason {
    /// The word in the event: `temporary`, `expired` or `asked`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Temporary => "temporary",
            Self::Expired => "expired",
            Self::Asked => "asked",
        }
    }
}

/// A permission to choose a new password, and nothing else. Its token is shown once, here.
///
/// It opens no session: its token is of another type, filed under another kind of record.
///
/// ```
/// # use clausework::{Now, event::Origin, sign_in::{ChangePermit, Session, SignIn}, store::MemoryStore};
/// fn is_in(guard: SignIn<'_>, store: &MemoryStore, now: Now, session: &Session, from: Origin) -> bool {
///     guard.check_session(store, now, session.token(), from).is_ok()
/// }
/// ```
///
/// ```compile_fail
/// # use clausework::{Now, event::Origin, sign_in::{ChangePermit, Session, SignIn}, store::MemoryStore};
/// fn is_in(guard: SignIn<'_>, store: &MemoryStore, now: Now, permit: &ChangePermit, from: Origin) -> bool {
///     guard.check_session(store, now, permit.token(), from).is_ok() // the token of a change is not a session's
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ChangePermit {
    pub(super) token: Token<ChangeState>,
    pub(super) expires_at: Timestamp,
    pub(super) reason: ChangeReason,
}

impl ChangePermit {
    /// For the form or a cookie of its own; [`SignIn::change_password`](super::SignIn::change_password) takes it back.
    #[must_use]
    pub const fn token(&self) -> &Token<ChangeState> {
        &self.token
    }

    /// When the permission ends.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Why, so that the form can say it.
    #[must_use]
    pub const fn reason(&self) -> ChangeReason {
        self.reason
    }
}

/// What became of an attempt to choose a new password. Closed: a host answers each.
#[derive(Debug)]
#[must_use = "only `Changed` changed anything"]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must answer each, with no way round a new one")]
pub enum ChangeOutcome {
    /// The new password holds, and its bearer is signed in with it. Every session of the old one is dead.
    Changed {
        /// The new session.
        session: Session,
        /// What screening came to; at [`AcceptedForRecheck`](ScreeningOutcome::AcceptedForRecheck) the host
        /// remembers to screen the password at the next sign-in.
        screening: ScreeningOutcome,
    },
    /// The password breaks these rules; the permission stands, so another can be tried.
    Rejected(Vec<Violation>),
    /// The permission is used, expired, superseded or was never given.
    Denied(Denied),
    /// As many hashes are under way on this host as its memory holds. Nothing was counted, the permission stands.
    /// HTTP 429.
    Busy {
        /// Try again after this long at the latest.
        retry_after: Duration,
    },
    /// The host's own trouble: nothing was changed, unless the store lost its acknowledgement.
    Unavailable(Fault),
}

/// The host's own trouble. For its log and its pager, never for the person signing in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The database reported this.
    #[error("the store failed: {0}")]
    Store(#[source] Box<dyn Error + Send + Sync>),
    /// A stored record cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Too many writers on one record.
    #[error("too many writers at once")]
    Contended,
    /// The hash could not be computed, or a stored one cannot be used.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// Nothing could be minted.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl<E: Error + Send + Sync + 'static> From<UpdateError<E>> for Fault {
    fn from(error: UpdateError<E>) -> Self {
        match error {
            UpdateError::Store(error) => Self::Store(Box::new(error)),
            UpdateError::Decode(error) => Self::Decode(error),
            UpdateError::Contended => Self::Contended,
        }
    }
}
