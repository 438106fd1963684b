use alloc::vec::Vec;
use core::fmt;

use super::denials::Denials;
use super::lanes::{Charged, Familiar, Lane};
use super::{ChangeReason, SignInOutcome};
use crate::credential::ChangeState;
use crate::entropy::Entropy;
use crate::event::{Code, Origin};
use crate::hashing::{HashError, Hasher, PasswordHash};
use crate::id::{AccountId, Scope};
use crate::lockout::Mark;
use crate::secret::{Secret, Token, TokenDigest};
use crate::session::SessionState;
use crate::store::{Key, Rows};

/// What [`SignIn::begin`](super::SignIn::begin) says.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: an attempt goes on or has ended")]
#[allow(clippy::large_enum_variant, reason = "one value a request, handed on and never kept")]
pub enum Begun {
    /// Go on: [`Attempt::verify`].
    Attempt(Attempt),
    /// Already decided, independently of the password and of whether the account exists:
    /// refused by network or transport, or busy.
    Ended(SignInOutcome),
}

/// An attempt that was charged and may be verified: a real one or a decoy.
///
/// The host cannot see which, so it cannot return early and show it by the time it takes.
pub struct Attempt {
    pub(super) subject: Subject,
    pub(super) origin: Origin,
    /// The session that the client showed while signing in.
    pub(super) shown: Option<TokenDigest>,
    /// Where it is reserved; nowhere if a lane is locked.
    pub(super) charged: Vec<Charged>,
    pub(super) target: Target,
    pub(super) rows: Rows,
}

/// Whose records the attempt is about.
pub(super) struct Subject {
    pub(super) account: Option<AccountId>,
    /// What the name is folded to, if there is no account.
    pub(super) name: Option<Mark>,
    /// The same under the ring's key before, if it has one.
    pub(super) former_name: Option<Mark>,
    pub(super) credential: Key,
    pub(super) lanes: Vec<Lane>,
    /// The list of familiar sources, and this one, if they have a lane.
    pub(super) familiar: Option<Familiar>,
    /// The count of the source's denials, if their events have a rate.
    pub(super) denials: Option<Denials>,
    /// What is guessed, if the same guess counts once.
    pub(super) guess: Option<Mark>,
}

impl Subject {
    pub(super) fn scope(&self) -> &Scope {
        self.credential.scope()
    }
}

/// What the password is compared with.
pub(super) enum Target {
    Real {
        hash: PasswordHash,
        generation: u64,
        /// Why a match opens the change alone; `None`: it opens a session.
        change: Option<ChangeReason>,
        /// Whether the account was disabled, dormant or full of sessions when the attempt began: a match opens nothing.
        is_closed: bool,
    },
    /// Why there is nothing to compare with: the code for the event.
    Decoy(Code),
}

impl Attempt {
    /// Runs the slow hash: for the real password at the cost it was stored with, or as a decoy at the policy's. Milliseconds of processor
    /// time and the hash's memory; an async host runs it on a blocking thread.
    ///
    /// A failure to hash is not an answer either: it goes into the verdict, and [`SignIn::settle`](super::SignIn::settle)
    /// gives the attempt back uncharged. So it does when the hasher is overloaded.
    ///
    /// A lasting password that matched, is not about to be changed and [needs a rehash](Hasher::needs_rehash) is hashed
    /// anew here: one more slow hash, on success only, so that the refusal of an account that is disabled, dormant or full
    /// of sessions takes the time of one, whatever was typed. If that fails, the old hash stays, and nobody is refused for
    /// it. It is written only if the sign-in comes about.
    #[must_use = "an attempt that is not settled counts as a failure when its lease ends"]
    pub fn verify(self, hasher: &Hasher, entropy: &mut dyn Entropy, password: &Secret) -> Verdict {
        let decoy = |found| hasher.decoy(password).map(|()| found);
        let (verified, change) = match &self.target {
            Target::Real { hash, change, .. } => {
                let verified = match hasher.verify(password, hash) {
                    Ok(true) => Ok(Compared::Match),
                    Ok(false) => Ok(Compared::Mismatch),
                    // Neither is to be told from a wrong password.
                    Err(HashError::Stored(_)) => decoy(Compared::Unusable),
                    Err(HashError::LegacyTooLong { .. }) => decoy(Compared::TooLong),
                    Err(error) => Err(error),
                };
                (verified, *change)
            }
            Target::Decoy(_) => (decoy(Compared::Mismatch), None),
        };
        let minted = match change {
            Some(reason) => Token::mint(entropy).map(|token| Minted::Change(token, reason)),
            None => Token::mint(entropy).map(Minted::Session),
        };
        let found = verified.and_then(|compared| Ok((compared, minted?)));
        let rehash = match (&self.target, &found) {
            (Target::Real { hash, change: None, is_closed: false, .. }, Ok((Compared::Match, _)))
                if hasher.needs_rehash(hash) == Ok(true) =>
            {
                hasher.rehash(entropy, password, hash).ok() // the next sign-in tries again
            }
            _ => None,
        };
        Verdict { found, rehash, attempt: self }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempt(..)")
    }
}

/// What the verification found: only [`SignIn::settle`](super::SignIn::settle) can tell.
pub struct Verdict {
    pub(super) found: Result<(Compared, Minted), HashError>,
    /// The same password, hashed anew.
    pub(super) rehash: Option<PasswordHash>,
    pub(super) attempt: Attempt,
}

/// How the password compares with the stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    Match,
    Mismatch,
    /// The stored hash is malformed or outside the policy's bounds.
    Unusable,
    /// The hash of another system was made of less than this password.
    TooLong,
}

/// The token of what a match would open, drawn before anything is decided.
pub(super) enum Minted {
    Session(Token<SessionState>),
    Change(Token<ChangeState>, ChangeReason),
}

impl Minted {
    pub(super) fn key(&self, scope: &Scope) -> Key {
        match self {
            Self::Session(token) => Key::of::<SessionState>(scope.clone(), token.digest()),
            Self::Change(token, _) => Key::of::<ChangeState>(scope.clone(), token.digest()),
        }
    }
}

impl Verdict {
    /// The records as the attempt left them, for [`update_from`](crate::store::update_from): settling needs no load
    /// unless somebody else has written since.
    #[must_use]
    pub fn rows(&self) -> Rows {
        // A token of 256 fresh random bits has no record yet; should it have one, the commit conflicts.
        let minted = self.found.as_ref().ok().map(|(_, minted)| minted.key(self.attempt.subject.scope()));
        self.attempt.rows.clone().with_absent(minted)
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verdict(..)")
    }
}
