use alloc::vec::Vec;
use core::fmt;

use super::{ChangeOutcome, Denied, SignIn};
use crate::credential::{self, ChangeState, CredentialState, Usable};
use crate::entropy::Entropy;
use crate::event::{Actor, Origin, Provenance};
use crate::hashing::{HashError, Hasher, PasswordHash};
use crate::id::{AccountId, TenantId};
use crate::password::{self, Violation};
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
/// use clausework::sign_in::ChangePassword;
/// use clausework::{Secret, TenantId};
///
/// let token = Token::<ChangeState>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")?; // from the form
/// let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// let request = ChangePassword::new(TenantId::try_new("acme")?, token, Secret::from("Tr0ub4dor"), origin);
/// assert!(!format!("{request:?}").contains("Tr0ub4dor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChangePassword {
    pub(super) tenant: TenantId,
    pub(super) token: Token<ChangeState>,
    pub(super) password: Secret,
    pub(super) origin: Origin,
}

impl ChangePassword {
    /// The tenant, the token of the [`PasswordChange`](super::PasswordChange), the new password, and from where.
    #[must_use]
    pub const fn new(tenant: TenantId, token: Token<ChangeState>, password: Secret, origin: Origin) -> Self {
        Self { tenant, token, password, origin }
    }

    /// The new password, for [`ChangeAttempt::hash`].
    #[must_use]
    pub const fn password(&self) -> &Secret {
        &self.password
    }

    pub(super) fn permission_key(&self) -> Key {
        Key::of::<ChangeState>(self.tenant.clone(), self.token.digest())
    }
}

/// What [`SignIn::begin_change`] says.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a change goes on or has ended")]
pub enum ChangeBegun {
    /// Go on: [`ChangeAttempt::hash`].
    Attempt(ChangeAttempt),
    /// Already decided: the permission does not stand.
    Ended(ChangeOutcome),
}

/// A change that may go on to the slow hash.
pub struct ChangeAttempt {
    tenant: TenantId,
    account: AccountId,
    origin: Origin,
    permission: Key,
    credential: Key,
    current: PasswordHash,
    violations: Vec<Violation>,
    rows: Rows,
}

impl ChangeAttempt {
    /// Compares the new password with the present one, and hashes it if nothing stands against it: two slow hashes.
    #[must_use]
    pub fn hash(self, hasher: &Hasher, entropy: &mut dyn Entropy, password: &Secret) -> ChangeVerdict {
        let found = self.try_hash(hasher, entropy, password);
        ChangeVerdict { found, attempt: self }
    }

    fn try_hash(&self, hasher: &Hasher, entropy: &mut dyn Entropy, password: &Secret) -> Result<Hashed, HashError> {
        let mut violations = self.violations.clone();
        if hasher.verify_any(password, &self.current)? {
            violations.push(Violation::SameAsCurrent);
        }
        if !violations.is_empty() {
            return Ok(Hashed::Rejected(violations));
        }
        Ok(Hashed::New { hash: hasher.hash(entropy, password)?, token: Token::mint(entropy)? })
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
        Key::of::<SessionState>(self.attempt.tenant.clone(), token.digest())
    }
}

impl fmt::Debug for ChangeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeVerdict(..)")
    }
}

impl SignIn<'_> {
    /// First step of choosing a new password: whose permission it is. Load
    /// [`change_keys`](SignIn::change_keys), then load what this answers and go on with
    /// [`begin_change`](SignIn::begin_change).
    ///
    /// # Errors
    /// [`DecodeError`] when the stored permission cannot be read.
    pub fn find_change(&self, rows: &Rows, request: &ChangePassword) -> Result<Vec<Key>, DecodeError> {
        let permission = request.permission_key();
        let credential = match rows.read(&permission)? {
            Some(ChangeState::Open { account, .. }) => {
                Some(Key::of::<CredentialState>(request.tenant.clone(), &account))
            }
            _ => None,
        };
        Ok([Some(permission), credential].into_iter().flatten().collect())
    }

    /// The record that [`find_change`](SignIn::find_change) reads.
    #[must_use]
    pub fn change_keys(&self, request: &ChangePassword) -> Vec<Key> {
        Vec::from([request.permission_key()])
    }

    /// Second step: whether the permission stands, and which rules the new password breaks. Nothing is written.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn begin_change(&self, rows: &Rows, now: Now, request: &ChangePassword) -> Result<ChangeBegun, DecodeError> {
        let denied = Ok(ChangeBegun::Ended(ChangeOutcome::Denied(Denied)));
        let permission = request.permission_key();
        let Some(ChangeState::Open { account, generation, expires_at }) = rows.read(&permission)? else {
            return denied;
        };
        let credential = Key::of::<CredentialState>(request.tenant.clone(), &account);
        let Some(state) = rows.read::<CredentialState>(&credential)? else { return denied };
        let stands = generation == state.generation()
            && now.timestamp() < expires_at
            && matches!(credential::usable(Some(&state), now), Usable::Temporary { .. });
        if !stands {
            return denied;
        }
        Ok(ChangeBegun::Attempt(ChangeAttempt {
            tenant: request.tenant.clone(),
            account,
            origin: request.origin,
            permission,
            credential,
            current: state.hash().clone(),
            violations: password::check(self.policy.password(), &request.password),
            rows: rows.clone(),
        }))
    }

    /// Last step: the new password replaces the temporary one, the permission ends, a session opens.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_change(
        &self,
        rows: &Rows,
        now: Now,
        verdict: &ChangeVerdict,
    ) -> Result<Decision<ChangeOutcome>, DecodeError> {
        let ChangeAttempt { account, origin, permission, credential, .. } = &verdict.attempt;
        let mut change = Change::new(rows, now, &Provenance::new(Actor::User(account.clone()), *origin));
        let (hash, token) = match &verdict.found {
            Ok(Hashed::New { hash, token }) => (hash, token),
            Ok(Hashed::Rejected(violations)) => return Ok(change.finish(ChangeOutcome::Rejected(violations.clone()))),
            Err(error) => return Ok(change.finish(ChangeOutcome::Unavailable((*error).into()))),
        };
        let permitted = rows.read::<ChangeState>(permission)?;
        let transition = credential::change(rows.read(credential)?, now, permitted.as_ref(), hash.clone());
        match change.apply(credential, transition)? {
            credential::ChangeOutcome::Superseded => Ok(change.finish(ChangeOutcome::Denied(Denied))),
            credential::ChangeOutcome::Changed { generation } => {
                change.apply(permission, credential::close_change(now))?;
                let key = verdict.session_key(token);
                let session = self.open_session(&mut change, &key, token, account, generation, now)?;
                Ok(change.finish(ChangeOutcome::Changed(session)))
            }
        }
    }
}
