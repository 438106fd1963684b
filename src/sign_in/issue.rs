use alloc::vec::Vec;
use core::fmt;

use super::{Fault, SignIn};
use crate::credential::{self, CredentialState, Issue, IssueRefusal};
use crate::entropy::Entropy;
use crate::event::Provenance;
use crate::hashing::PasswordHash;
use crate::password;
use crate::secret::Secret;
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, update};
use crate::time::{Now, Timestamp};

/// A temporary password, to be handed to its bearer and to nobody else. Shown once, here.
pub struct TemporaryPassword {
    password: Secret,
    hash: PasswordHash,
    issue: Issue,
    keys: Vec<Key>,
    prepared_at: Now,
    expires_at: Timestamp,
}

impl TemporaryPassword {
    /// The password.
    #[must_use]
    pub const fn password(&self) -> &Secret {
        &self.password
    }

    /// When it expires: 15 days after its issue, unless the policy says less (E-5.1d).
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl TemporaryPassword {
    /// The records that [`SignIn::settle_temporary`] decides by.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        self.keys.clone()
    }
}

/// What became of the wish for a temporary password. Closed: a host answers each.
#[derive(Debug)]
#[must_use = "only `Issued` issued anything"]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must answer each")]
pub enum IssueOutcome {
    /// It is in force: deliver it to its bearer. What was there before is dead, with all its sessions.
    Issued(TemporaryPassword),
    /// Not issued, for these reasons.
    Refused(Vec<IssueRefusal>),
    /// The host's own trouble: nothing was issued, or, if the store lost its acknowledgement, a password nobody knows.
    Unavailable(Fault),
}

impl IssueOutcome {
    /// The password, if it was issued.
    #[must_use]
    pub fn issued(self) -> Option<TemporaryPassword> {
        match self {
            Self::Issued(temporary) => Some(temporary),
            Self::Refused(_) | Self::Unavailable(_) => None,
        }
    }
}

impl fmt::Debug for TemporaryPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemporaryPassword").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl SignIn<'_> {
    /// First step: generates a temporary password for the account that satisfies the policy, and hashes it: one
    /// slow hash. It is not in force yet.
    ///
    /// # Errors
    /// [`Fault::Entropy`] or [`Fault::Hash`].
    pub fn prepare_temporary(
        &self,
        now: Now,
        entropy: &mut dyn Entropy,
        issue: &Issue,
    ) -> Result<TemporaryPassword, Fault> {
        let password = password::generate(entropy, self.policy.password())?;
        let hash = self.hasher.hash(entropy, &password)?;
        let mut keys = Vec::from([Key::of::<CredentialState>(self.tenant.clone(), issue.account())]);
        keys.extend(self.unlock_keys(issue.account()));
        let expires_at = now.plus(self.policy.temporary().lifetime());
        Ok(TemporaryPassword { password, hash, issue: issue.clone(), keys, prepared_at: now, expires_at })
    }

    /// Last step: puts it in force, unless [`may_issue`](credential::may_issue) says why not. The account is created,
    /// or what was there is dead: a lasting password joins the history, so that a reset is no way round it, and a lock
    /// that guesses at it have set is open. Its 15 days count from its preparation.
    ///
    /// # Errors
    /// [`DecodeError`] when the stored credential cannot be read.
    pub fn settle_temporary(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        prepared: &TemporaryPassword,
    ) -> Result<Decision<Vec<IssueRefusal>>, DecodeError> {
        let TemporaryPassword { hash, issue, prepared_at, .. } = prepared;
        let key = Key::of::<CredentialState>(self.tenant.clone(), issue.account());
        let mut change = Change::new(rows, now, by);
        let refusals = credential::may_issue(by.actor(), issue);
        if !refusals.is_empty() {
            refusals.iter().for_each(|refusal| change.note(&key, refusal.fact(issue.reason())));
            return Ok(change.finish(refusals));
        }
        let stored = rows.read::<CredentialState>(&key)?;
        let (temporary, passwords) = (self.policy.temporary(), self.policy.password());
        let transition = credential::issue(stored, *prepared_at, temporary, passwords, hash.clone(), issue.reason());
        change.apply(&key, transition)?;
        issue.warning().into_iter().for_each(|fact| change.note(&key, fact));
        self.rebind(&mut change, issue.account(), now)?;
        Ok(change.finish(refusals))
    }

    /// Issues a temporary password in one call: for a new account, or in place of an earlier password,
    /// which is dead from then on with all its sessions.
    pub fn issue_temporary<S: Store>(
        &self,
        store: S,
        now: Now,
        entropy: &mut dyn Entropy,
        by: &Provenance,
        issue: &Issue,
    ) -> IssueOutcome {
        let prepared = match self.prepare_temporary(now, entropy, issue) {
            Ok(prepared) => prepared,
            Err(fault) => return IssueOutcome::Unavailable(fault),
        };
        match update(store, prepared.keys(), |rows| self.settle_temporary(rows, now, by, &prepared)) {
            Ok(refusals) if refusals.is_empty() => IssueOutcome::Issued(prepared),
            Ok(refusals) => IssueOutcome::Refused(refusals),
            Err(error) => IssueOutcome::Unavailable(error.into()),
        }
    }
}
