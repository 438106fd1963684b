use alloc::vec::Vec;

use super::session::activity_key;
use super::{Begun, ChangeBegun, ChangeOutcome, ChangeRequest, Fault, SignIn, SignInOutcome, SignInRequest};
use crate::credential::CredentialState;
use crate::entropy::Entropy;
use crate::event::Provenance;
use crate::id::AccountId;
use crate::lockout;
use crate::session::SessionState;
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, UpdateError, update, update_from};
use crate::time::Now;

impl SignIn<'_> {
    /// The whole sign-in in one call, for a blocking host: access, charge, verify, settle.
    ///
    /// Every trouble of the host's own is an outcome too, so that no `?` can become a way in. One reading of
    /// the clock serves both ends; a lock counts from it. For a second reading after the hash take the three
    /// steps. See [`SignIn`] for an example.
    pub fn sign_in<S: Store>(
        &self,
        mut store: S,
        now: Now,
        entropy: &mut dyn Entropy,
        request: &SignInRequest,
    ) -> SignInOutcome {
        let shown = match self.shown_key(request) {
            Some(key) => Rows::load(&mut store, [key]).map_err(UpdateError::Store),
            None => Ok(Rows::new([], [])),
        };
        let begun = shown
            .and_then(|rows| Ok(self.find_shown(&rows, request)?))
            .and_then(|keys| update(&mut store, keys, |rows| self.begin(rows, now, request)));
        let attempt = match begun {
            Ok(Begun::Attempt(attempt)) => attempt,
            Ok(Begun::Ended(outcome)) => return outcome,
            Err(error) => return SignInOutcome::Unavailable(error.into()),
        };
        let verdict = attempt.verify(self.hasher, entropy, request.password());
        update_from(&mut store, verdict.rows(), |rows| self.settle(rows, now, &verdict))
            .unwrap_or_else(|error| SignInOutcome::Unavailable(error.into()))
    }

    /// The record of the session that a sign-in shows, if it shows one: for [`find_shown`](SignIn::find_shown).
    #[must_use]
    pub fn shown_key(&self, request: &SignInRequest) -> Option<Key> {
        request.session.as_ref().map(|token| self.session_key(&token.digest()))
    }

    /// [`keys`](SignIn::keys) and, from what was loaded of [`shown_key`](SignIn::shown_key), the list that the shown
    /// session is in: if it is another account's, it leaves that list when it ends. With [`keys`](SignIn::keys) alone
    /// its token is dead as well, but the list names it until its lifetime is over, and it counts towards the cap.
    ///
    /// # Errors
    /// [`DecodeError`] when the record cannot be read.
    pub fn find_shown(&self, rows: &Rows, request: &SignInRequest) -> Result<Vec<Key>, DecodeError> {
        let mut keys = self.keys(request);
        if let Some(shown) = self.shown_key(request)
            && let Some(whose) = rows.read::<SessionState>(&shown)?.as_ref().and_then(SessionState::account)
        {
            let listed = activity_key(&Key::of::<CredentialState>(self.tenant.clone(), whose));
            if !keys.contains(&listed) {
                keys.push(listed);
            }
        }
        Ok(keys)
    }

    /// The whole choice of a new password in one call, for a blocking host: access, the permission, the rules,
    /// the slow hashes ([`ChangeAttempt::hash`](super::ChangeAttempt::hash)), the change.
    ///
    /// The rules are checked before the hashes, so a form can be tried again cheaply.
    pub fn change_password<S: Store>(
        &self,
        mut store: S,
        now: Now,
        entropy: &mut dyn Entropy,
        request: &ChangeRequest,
    ) -> ChangeOutcome {
        let begun = Rows::load(&mut store, self.change_keys(request))
            .map_err(UpdateError::Store)
            .and_then(|rows| Ok(self.find_change(&rows, request)?))
            .and_then(|keys| update(&mut store, keys, |rows| self.begin_change(rows, now, request)));
        let attempt = match begun {
            Ok(ChangeBegun::Attempt(attempt)) => attempt,
            Ok(ChangeBegun::Ended(outcome)) => return outcome,
            Err(error) => return ChangeOutcome::Unavailable(error.into()),
        };
        let verdict = attempt.hash(self.hasher, entropy);
        update_from(&mut store, verdict.rows(), |rows| self.settle_change(rows, now, &verdict))
            .unwrap_or_else(|error| ChangeOutcome::Unavailable(error.into()))
    }

    /// Opens an account that is locked or disabled, at once, to familiar sources and strange ones; a lane of a source
    /// opens by time. Who does so is for the host to decide, and is recorded.
    ///
    /// ```
    /// # use clausework::credential::Issue;
    /// # use clausework::event::{Actor, Origin, Provenance, Transport};
    /// # use clausework::hashing::{HashPolicy, Hasher};
    /// # use clausework::id::OpaqueId;
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionPolicy};
    /// # use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInPolicy, SignInRequest};
    /// # use clausework::store::MemoryStore;
    /// # use clausework::{AccountId, TenantId};
    /// # use clausework::sign_in::SignInOutcome;
    /// # let mut entropy = clausework::entropy::OsEntropy;
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let (hasher, tenant) = (Hasher::new(HashPolicy::default()), TenantId::try_new("acme")?);
    /// # let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    /// # let (store, anna) = (MemoryStore::new(), AccountId::try_new("u-17")?);
    /// # let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(anna.clone())).issued().ok_or("not issued")?;
    /// # let typed = |password: &str| SignInRequest::new("anna", Some(anna.clone()), password.into(), origin);
    /// # let SignInOutcome::MustChange(change) = guard.sign_in(&store, now, &mut entropy, &typed(temporary.password().expose())) else { panic!() };
    /// # let choice = ChangeRequest::new(change.token().clone(), "Sommer-2026".into(), origin);
    /// # let ChangeOutcome::Changed { session, .. } = guard.change_password(&store, now, &mut entropy, &choice) else { panic!() };
    /// # let token = session.token().clone();
    /// for guess in ["Winter-2024", "Winter-2025", "Winter-2026"] {
    ///     assert!(matches!(guard.sign_in(&store, now, &mut entropy, &typed(guess)), SignInOutcome::Denied(_)));
    /// }
    /// let locked = guard.sign_in(&store, now, &mut entropy, &typed("Sommer-2026"));
    /// assert!(matches!(locked, SignInOutcome::Denied(_))); // even the right one
    ///
    /// guard.unlock(&store, now, &admin, &anna)?;
    /// let opened = guard.sign_in(&store, now, &mut entropy, &typed("Sommer-2026"));
    /// assert!(matches!(opened, SignInOutcome::SignedIn(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; the account may then still be closed.
    pub fn unlock<S: Store>(&self, store: S, now: Now, by: &Provenance, account: &AccountId) -> Result<(), Fault> {
        Ok(update(store, self.unlock_keys(account), |rows| self.settle_unlock(rows, now, by, account))?)
    }

    /// The records that [`settle_unlock`](SignIn::settle_unlock) decides by.
    #[must_use]
    pub fn unlock_keys(&self, account: &AccountId) -> Vec<Key> {
        self.locks(account).map(|(key, _)| key).collect()
    }

    /// As [`unlock`](SignIn::unlock), from [`unlock_keys`](SignIn::unlock_keys). Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_unlock(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
    ) -> Result<Decision<()>, DecodeError> {
        let mut change = Change::new(rows, now, by);
        for (key, policy) in self.locks(account) {
            change.apply(&key, lockout::unlock(rows.read(&key)?, now, policy))?;
        }
        Ok(change.finish(()))
    }
}
