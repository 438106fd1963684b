use alloc::vec::Vec;
use core::fmt;

use super::session::activity_key;
use super::{CHANGE_REFUSED, ChangeOutcome, Denied, LOCKED, REJECTED, SUPERSEDED, SignIn};
use crate::clause;
use crate::credential::{self, ChangeState, CredentialState};
use crate::entropy::Entropy;
use crate::event::{Actor, Code, Fact, Origin, Provenance};
use crate::hashing::{HashError, Hasher, PasswordHash};
use crate::id::AccountId;
use crate::lockout::{self, LockoutState};
use crate::password::{self, Context, Violation};
use crate::secret::{Secret, Token};
use crate::session::SessionState;
use crate::store::{Change, Decision, DecodeError, Key, Rows};
use crate::time::Now;

/// The choice of a new password, as the form sent it.
///
/// ```
/// use clausework::credential::ChangeState;
/// use clausework::event::{Origin, Transport};
/// use clausework::secret::Token;
/// use clausework::sign_in::ChangeRequest;
/// use clausework::Secret;
///
/// let token = Token::<ChangeState>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")?; // from the form
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// let request = ChangeRequest::new(token, Secret::from("Tr0ub4dor"), origin);
/// assert!(!format!("{request:?}").contains("Tr0ub4dor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChangeRequest {
    pub(super) token: Token<ChangeState>,
    pub(super) password: Secret,
    pub(super) origin: Origin,
    pub(super) context: Context,
}

impl ChangeRequest {
    /// The token of the [`ChangePermit`](super::ChangePermit), the new password, and from where.
    #[must_use]
    pub const fn new(token: Token<ChangeState>, password: Secret, origin: Origin) -> Self {
        Self { token, password, origin, context: Context::none() }
    }

    /// Words the new password may not contain, if the policy says so: the account's name, the tenant, the product.
    #[must_use]
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }
}

/// What [`SignIn::begin_change`] says.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a change goes on or has ended")]
#[allow(clippy::large_enum_variant, reason = "one value a request, handed on and never kept")]
pub enum ChangeBegun {
    /// Go on: [`ChangeAttempt::hash`].
    Attempt(ChangeAttempt),
    /// Already decided: the permission does not stand.
    Ended(ChangeOutcome),
}

/// A change that may go on to the slow hash.
pub struct ChangeAttempt {
    subject: Subject,
    origin: Origin,
    permission: Key,
    current: PasswordHash,
    password: Secret,
    violations: Vec<Violation>,
    rows: Rows,
}

/// Whose password it is.
struct Subject {
    account: AccountId,
    credential: Key,
    lockout: Key,
}

impl ChangeAttempt {
    /// Compares the new password with the present one and hashes it: two slow hashes, or none if it breaks a rule.
    #[must_use]
    pub fn hash(self, hasher: &Hasher, entropy: &mut dyn Entropy) -> ChangeVerdict {
        let found = self.try_hash(hasher, entropy);
        ChangeVerdict { found, attempt: self }
    }

    fn try_hash(&self, hasher: &Hasher, entropy: &mut dyn Entropy) -> Result<Hashed, HashError> {
        if !self.violations.is_empty() {
            return Ok(Hashed::Rejected(self.violations.clone()));
        }
        if hasher.verify_any(&self.password, &self.current)? {
            return Ok(Hashed::Rejected(Vec::from([Violation::SameAsCurrent])));
        }
        Ok(Hashed::New { hash: hasher.hash(entropy, &self.password)?, token: Token::mint(entropy)? })
    }
}

impl fmt::Debug for ChangeAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeAttempt(..)")
    }
}

/// What became of the hash, for [`SignIn::settle_change`].
pub struct ChangeVerdict {
    found: Result<Hashed, HashError>,
    attempt: ChangeAttempt,
}

enum Hashed {
    New { hash: PasswordHash, token: Token<SessionState> },
    Rejected(Vec<Violation>),
}

impl ChangeVerdict {
    /// The records as they were loaded, for [`update_from`](crate::store::update_from).
    #[must_use]
    pub fn rows(&self) -> Rows {
        let minted = match &self.found {
            Ok(Hashed::New { token, .. }) => Some(self.session_key(token)),
            _ => None,
        };
        self.attempt.rows.clone().with_absent(minted)
    }

    fn session_key(&self, token: &Token<SessionState>) -> Key {
        Key::of::<SessionState>(self.attempt.permission.scope().clone(), token.digest())
    }
}

impl fmt::Debug for ChangeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeVerdict(..)")
    }
}

impl SignIn<'_> {
    /// The record of the permission: what [`find_change`](SignIn::find_change) reads.
    #[must_use]
    pub fn change_keys(&self, request: &ChangeRequest) -> Vec<Key> {
        Vec::from([self.permission_key(request)])
    }

    /// Before the first step of choosing a new password: whose permission it is, and so which records
    /// [`begin_change`](SignIn::begin_change) decides by.
    ///
    /// # Errors
    /// [`DecodeError`] when the stored permission cannot be read.
    pub fn find_change(&self, rows: &Rows, request: &ChangeRequest) -> Result<Vec<Key>, DecodeError> {
        let permission = self.permission_key(request);
        let mut keys = Vec::from([permission.clone()]);
        if let Some(ChangeState::Open { account, .. }) = rows.read(&permission)? {
            let Subject { credential, lockout, .. } = self.bearer(account);
            keys.extend([activity_key(&credential), self.revocation_key(), credential, lockout]);
        }
        Ok(keys)
    }

    /// First step: network and transport, whether the permission stands, and which rules the new password breaks.
    /// Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn begin_change(
        &self,
        rows: &Rows,
        now: Now,
        request: &ChangeRequest,
    ) -> Result<Decision<ChangeBegun>, DecodeError> {
        let permission = self.permission_key(request);
        let mut change = Change::new(rows, now, &Provenance::new(Actor::Unauthenticated, request.origin));
        let denied = ChangeBegun::Ended(ChangeOutcome::Denied(Denied));
        if self.refuses(&mut change, &permission, request.origin) {
            return Ok(change.finish(denied));
        }
        let permitted = rows.read::<ChangeState>(&permission)?;
        let Some(ChangeState::Open { account, .. }) = &permitted else {
            change.note(&permission, refused(SUPERSEDED));
            return Ok(change.finish(denied));
        };
        let subject = self.bearer(account.clone());
        let state = rows.read::<CredentialState>(&subject.credential)?;
        let stands = credential::may_change(state.as_ref(), now, account, permitted.as_ref());
        let reason = if self.is_locked(rows, now, &subject)? { LOCKED } else { SUPERSEDED };
        match state {
            Some(state) if stands && reason != LOCKED => {
                let attempt = ChangeAttempt {
                    subject,
                    origin: request.origin,
                    permission,
                    current: state.hash().clone(),
                    password: request.password.clone(),
                    violations: password::check_with(self.policy.password(), &request.password, &request.context),
                    rows: rows.clone(),
                };
                Ok(change.finish(ChangeBegun::Attempt(attempt)))
            }
            _ => {
                change.note(&subject.credential, refused(reason));
                Ok(change.finish(denied))
            }
        }
    }

    /// Last step: the new password replaces the temporary one, the permission ends, a session opens.
    /// Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_change(
        &self,
        rows: &Rows,
        now: Now,
        verdict: &ChangeVerdict,
    ) -> Result<Decision<ChangeOutcome>, DecodeError> {
        let ChangeAttempt { subject, origin, permission, .. } = &verdict.attempt;
        let Subject { account, credential, .. } = subject;
        let mut change = Change::new(rows, now, &Provenance::new(Actor::User(account.clone()), *origin));
        let (hash, token) = match &verdict.found {
            Ok(Hashed::New { hash, token }) => (hash, token),
            Ok(Hashed::Rejected(violations)) => {
                let count = u64::try_from(violations.len()).unwrap_or(u64::MAX);
                change.note(credential, refused(REJECTED).with("violations", count));
                return Ok(change.finish(ChangeOutcome::Rejected(violations.clone())));
            }
            Err(error) => return Ok(change.finish(ChangeOutcome::Unavailable((*error).into()))),
        };
        let denied = ChangeOutcome::Denied(Denied);
        if self.is_locked(rows, now, subject)? {
            change.note(credential, refused(LOCKED));
            return Ok(change.finish(denied));
        }
        let permitted = rows.read::<ChangeState>(permission)?;
        let transition = credential::change(rows.read(credential)?, now, account, permitted.as_ref(), hash.clone());
        match change.apply(credential, transition)? {
            credential::ChangeOutcome::Superseded => {
                change.note(credential, refused(SUPERSEDED));
                Ok(change.finish(denied))
            }
            credential::ChangeOutcome::Changed { generation } => {
                change.apply(permission, credential::close_change(now))?;
                let key = verdict.session_key(token);
                // INVARIANT: all sessions of the earlier generation have just ended, so there is room.
                let opened = self.open_session(&mut change, &key, token, account, generation, now)?;
                Ok(change.finish(opened.map_or(denied, ChangeOutcome::Changed)))
            }
        }
    }

    fn permission_key(&self, request: &ChangeRequest) -> Key {
        Key::of::<ChangeState>(self.tenant.clone(), request.token.digest())
    }

    fn bearer(&self, account: AccountId) -> Subject {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), &account);
        let lockout = Key::of::<LockoutState>(self.tenant.clone(), &account);
        Subject { account, credential, lockout }
    }

    /// A lock is honoured on this path too: a change opens a session.
    fn is_locked(&self, rows: &Rows, now: Now, subject: &Subject) -> Result<bool, DecodeError> {
        Ok(lockout::is_closed(rows.read::<LockoutState>(&subject.lockout)?, now, self.policy.lockout()))
    }
}

fn refused(reason: Code) -> Fact {
    Fact::failure(CHANGE_REFUSED).under(clause::E_5_1C).with("reason", reason)
}
