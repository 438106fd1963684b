use alloc::vec::Vec;

use super::session::activity_key;
use super::{Fault, SignIn};
use crate::credential::CredentialState;
use crate::event::Provenance;
use crate::id::AccountId;
use crate::session::{self, ActivityState, Ending, OpenSession, RevocationState};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, UpdateError, update};
use crate::time::Now;

impl SignIn<'_> {
    /// The records that decide on an account's sessions: for [`list_sessions`](SignIn::list_sessions),
    /// [`settle_end`](SignIn::settle_end), [`settle_review`](SignIn::settle_review) and
    /// [`settle_reactivation`](SignIn::settle_reactivation).
    #[must_use]
    pub fn session_keys(&self, account: &AccountId) -> Vec<Key> {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        Vec::from([activity_key(&credential), credential, self.revocation_key()])
    }

    /// The sessions of an account that are alive or locked, in the order of their opening: for its own page, which the
    /// host shows to its bearer alone. No token is among it.
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
    /// let listed = guard.sessions(&store, now, &anna)?;
    /// assert_eq!((listed.len(), listed[0].origin()), (1, origin));
    /// assert_eq!(listed[0].id(), token.digest()); // names it in a form; it opens nothing
    ///
    /// guard.sign_out(&store, now, &token, origin)?;
    /// assert!(guard.sessions(&store, now, &anna)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`].
    pub fn sessions<S: Store>(&self, store: S, now: Now, account: &AccountId) -> Result<Vec<OpenSession>, Fault> {
        let rows = Rows::load(store, self.session_keys(account)).map_err(UpdateError::Store)?;
        Ok(self.list_sessions(&rows, now, account)?)
    }

    /// As [`sessions`](SignIn::sessions), from what was loaded.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn list_sessions(&self, rows: &Rows, now: Now, account: &AccountId) -> Result<Vec<OpenSession>, DecodeError> {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        let validity = self.validity(rows, &credential)?;
        let state: ActivityState = rows.read(&activity_key(&credential))?.unwrap_or_default();
        Ok(session::list(&state, now, self.policy.session(), &validity).cloned().collect())
    }

    /// Ends sessions of an account, and says how many: one from the list, all but the one that asks, or all of them.
    /// Who may do so is for the host to decide, and is recorded.
    ///
    /// ```
    /// use clausework::secret::TokenDigest;
    /// use clausework::session::{Ending, SessionState};
    /// use clausework::sign_in::{Fault, SignIn};
    /// use clausework::{AccountId, Now, event::Provenance, secret::Token, store::Store};
    ///
    /// /// The button "sign out everywhere else".
    /// fn elsewhere(guard: SignIn<'_>, store: impl Store, now: Now, by: &Provenance, bearer: &AccountId, token: &Token<SessionState>) -> Result<usize, Fault> {
    ///     guard.end_sessions(store, now, by, bearer, &Ending::Others(token.digest()))
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; they may then still be open.
    pub fn end_sessions<S: Store>(
        &self,
        store: S,
        now: Now,
        by: &Provenance,
        account: &AccountId,
        ending: &Ending,
    ) -> Result<usize, Fault> {
        Ok(update(store, self.session_keys(account), |rows| self.settle_end(rows, now, by, account, ending))?)
    }

    /// As [`end_sessions`](SignIn::end_sessions), from what was loaded. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_end(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
        ending: &Ending,
    ) -> Result<Decision<usize>, DecodeError> {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        let activity = activity_key(&credential);
        let mut change = Change::new(rows, now, by);
        let validity = self.validity(rows, &credential)?;
        let transition = session::end(rows.read(&activity)?, now, self.policy.session(), &validity, ending);
        let ended = change.apply(&activity, transition)?;
        Ok(change.finish(ended))
    }

    /// Ends every session of the tenant at once: for a suspected break-in.
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
    /// use clausework::session::SessionOutcome;
    ///
    /// guard.revoke_sessions(&store, now, &admin)?;
    /// assert_eq!(guard.check_session(&store, now, &token, origin)?, SessionOutcome::Dead);
    ///
    /// // Passwords are as they were: whoever knows one signs in again.
    /// let again = guard.sign_in(&store, now, &mut entropy, &typed("Sommer-2026"));
    /// assert!(matches!(again, SignInOutcome::SignedIn(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; they may then still be open.
    pub fn revoke_sessions<S: Store>(&self, store: S, now: Now, by: &Provenance) -> Result<(), Fault> {
        Ok(update(store, [self.revocation_key()], |rows| self.settle_revocation(rows, now, by))?)
    }

    /// As [`revoke_sessions`](SignIn::revoke_sessions), from [`revocation_key`](SignIn::revocation_key). Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when the stored record cannot be read.
    pub fn settle_revocation(&self, rows: &Rows, now: Now, by: &Provenance) -> Result<Decision<()>, DecodeError> {
        let key = self.revocation_key();
        let mut change = Change::new(rows, now, by);
        let _generation = change.apply(&key, session::revoke_all(rows.read(&key)?.as_ref(), now))?;
        Ok(change.finish(()))
    }

    /// The record of the last time that all sessions of the tenant were ended.
    #[must_use]
    pub fn revocation_key(&self) -> Key {
        Key::of::<RevocationState>(self.tenant.clone(), self.tenant)
    }
}
