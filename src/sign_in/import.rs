use super::{Fault, SignIn};
use crate::credential::{self, CredentialState, ImportOutcome};
use crate::event::Provenance;
use crate::hashing::{HashError, PasswordHash};
use crate::id::AccountId;
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, update};
use crate::time::{Now, Timestamp};

impl SignIn<'_> {
    /// Takes over the hash of a password that another system left, for an account that has no credential yet. Its
    /// bearer signs in with the password as before, and the hash is then replaced. Who may do so is for the host to decide.
    ///
    /// The hasher is [told of the scheme](crate::hashing::Hasher::with_legacy) before; what it cannot read is refused
    /// here, and not at the door. `since` is when the password was chosen there; an instant that lies ahead counts as
    /// now. It may be run again: an account that has a credential keeps it.
    ///
    /// ```
    /// use clausework::credential::ImportOutcome;
    /// use clausework::event::{Actor, Origin, Provenance, Transport};
    /// use clausework::hashing::{HashPolicy, Hasher, LegacyScheme, PasswordHash};
    /// use clausework::id::OpaqueId;
    /// use clausework::sign_in::{SignIn, SignInOutcome, SignInRequest};
    /// # use clausework::{AccountId, TenantId, secret::Keyring, session::{IdleLimit, SessionPolicy}, sign_in::SignInPolicy, store::MemoryStore};
    /// # let mut entropy = clausework::entropy::OsEntropy;
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let (tenant, anna, store) = (TenantId::try_new("acme")?, AccountId::try_new("u-17")?, MemoryStore::new());
    /// # let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    ///
    /// let hasher = Hasher::new(HashPolicy::default()).with_legacy([LegacyScheme::WeakArgon2id]);
    /// let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    /// let by = Provenance::internal(Actor::Imported(OpaqueId::try_new("old-portal")?));
    /// // phc-winner-argon2, src/test.c: the hash of "password".
    /// let left = PasswordHash::from_phc(
    ///     "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    /// );
    /// assert_eq!(guard.import(&store, now, &by, &anna, &left, now.timestamp())?, ImportOutcome::Imported);
    /// assert_eq!(guard.import(&store, now, &by, &anna, &left, now.timestamp())?, ImportOutcome::Present);
    ///
    /// let request = SignInRequest::new("anna", Some(anna.clone()), "password".into(), origin);
    /// assert!(matches!(guard.sign_in(&store, now, &mut entropy, &request), SignInOutcome::SignedIn(_)));
    ///
    /// // The bad case: a scheme that the hasher was not told of.
    /// let unread = PasswordHash::from_phc("$2b$12$unknown");
    /// assert!(guard.import(&store, now, &by, &AccountId::try_new("u-18")?, &unread, now.timestamp()).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault::Hash`] when the hasher cannot read the hash; otherwise the store's trouble. Nothing is then imported, or,
    /// if the store lost its acknowledgement, it is: run it again.
    pub fn import<S: Store>(
        &self,
        store: S,
        now: Now,
        by: &Provenance,
        account: &AccountId,
        hash: &PasswordHash,
        since: Timestamp,
    ) -> Result<ImportOutcome, Fault> {
        self.hasher.needs_rehash(hash).map_err(HashError::from)?;
        let key = Key::of::<CredentialState>(self.tenant.clone(), account);
        Ok(update(store, [key], |rows| self.settle_import(rows, now, by, account, hash, since))?)
    }

    /// As [`import`](SignIn::import), from what was loaded of the account's [`CredentialState`], and without asking the
    /// hasher. Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when the stored credential cannot be read.
    pub fn settle_import(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
        hash: &PasswordHash,
        since: Timestamp,
    ) -> Result<Decision<ImportOutcome>, DecodeError> {
        let key = Key::of::<CredentialState>(self.tenant.clone(), account);
        let mut change = Change::new(rows, now, by);
        let outcome = change.apply(&key, credential::import(rows.read(&key)?, now, hash.clone(), since))?;
        Ok(change.finish(outcome))
    }
}
