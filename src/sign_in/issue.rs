use alloc::vec::Vec;
use core::fmt;

use super::{Fault, SignIn};
use crate::credential::{self, CredentialState, IssueReason};
use crate::entropy::Entropy;
use crate::event::Provenance;
use crate::hashing::PasswordHash;
use crate::id::AccountId;
use crate::password;
use crate::secret::Secret;
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, update};
use crate::time::{Now, Timestamp};

/// A temporary password, to be handed to its bearer and to nobody else. Shown once, here.
pub struct TemporaryPassword {
    password: Secret,
    hash: PasswordHash,
    account: AccountId,
    keys: Vec<Key>,
    reason: IssueReason,
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
        account: &AccountId,
        reason: IssueReason,
    ) -> Result<TemporaryPassword, Fault> {
        let password = password::generate(entropy, self.policy.password())?;
        let hash = self.hasher.hash(entropy, &password)?;
        let mut keys = Vec::from([Key::of::<CredentialState>(self.tenant.clone(), account)]);
        keys.extend(self.locks(account));
        let expires_at = now.plus(self.policy.temporary().lifetime());
        Ok(TemporaryPassword { password, hash, account: account.clone(), keys, reason, prepared_at: now, expires_at })
    }

    /// Last step: puts it in force. The account is created, or what was there is dead: a lasting password joins the
    /// history, so that a reset is no way round it, and a lock that guesses at it have set is open. Its 15 days count
    /// from its preparation.
    ///
    /// # Errors
    /// [`DecodeError`] when the stored credential cannot be read.
    pub fn settle_temporary(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        prepared: &TemporaryPassword,
    ) -> Result<Decision<()>, DecodeError> {
        let TemporaryPassword { hash, account, reason, prepared_at, .. } = prepared;
        let key = Key::of::<CredentialState>(self.tenant.clone(), account);
        let mut change = Change::new(rows, now, by);
        let stored = rows.read::<CredentialState>(&key)?;
        let (temporary, passwords) = (self.policy.temporary(), self.policy.password());
        let transition = credential::issue(stored, *prepared_at, temporary, passwords, hash.clone(), *reason);
        change.apply(&key, transition)?;
        self.rebind(&mut change, account, now)?;
        Ok(change.finish(()))
    }

    /// Issues a temporary password in one call: for a new account, or in place of an earlier password,
    /// which is dead from then on with all its sessions.
    ///
    /// # Errors
    /// [`Fault`]; then nothing was issued (or, if the store lost its acknowledgement, a password nobody knows).
    #[allow(
        clippy::too_many_arguments,
        reason = "store, time, entropy, actor, whose, why: each is the caller's to say"
    )]
    pub fn issue_temporary<S: Store>(
        &self,
        store: S,
        now: Now,
        entropy: &mut dyn Entropy,
        by: &Provenance,
        account: &AccountId,
        reason: IssueReason,
    ) -> Result<TemporaryPassword, Fault> {
        let prepared = self.prepare_temporary(now, entropy, account, reason)?;
        update(store, prepared.keys(), |rows| self.settle_temporary(rows, now, by, &prepared))?;
        Ok(prepared)
    }
}
