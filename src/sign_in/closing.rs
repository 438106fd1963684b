use super::attempt::Subject;
use super::session::activity_key;
use super::{Fault, SignIn};
use crate::credential::CredentialState;
use crate::event::{Code, Provenance};
use crate::id::AccountId;
use crate::secret::TokenDigest;
use crate::session::{self, ActivityState, AtCap, Standing};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, Transition, update};
use crate::time::Now;

/// What closes an account beside its lock: dormancy, and an administrator.
impl SignIn<'_> {
    /// The daily look at an account: whether it is in use, due for a warning, or dormant (A2-Input-6). Each stage is an
    /// event once, however often this runs; with dormancy its sessions end. `None` when the policy names no period, or
    /// the account has no credential.
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
    /// # let policy = SignInPolicy::builder().session(session).dormancy(clausework::session::DormancyPolicy::builder().period_days(90).warn_days_before([30]).build()?).build()?;
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
    /// use core::time::Duration;
    /// use clausework::session::{SessionOutcome, Standing};
    ///
    /// // The policy's period is 90 days, with a warning 30 days before.
    /// let after = |days: u64| clausework::Now::from(now.plus(Duration::from_secs(days * 24 * 60 * 60)));
    /// let look = |days| guard.review_dormancy(&store, after(days), &admin, &anna);
    /// assert_eq!(look(59)?, Some(Standing::Active));
    /// assert!(matches!(look(60)?, Some(Standing::Warn { .. }))); // and an event, once
    /// assert!(matches!(look(90)?, Some(Standing::Dormant { .. })));
    /// assert_eq!(guard.check_session(&store, after(90), &token, origin)?, SessionOutcome::Dead);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`].
    pub fn review_dormancy<S: Store>(
        &self,
        store: S,
        now: Now,
        by: &Provenance,
        account: &AccountId,
    ) -> Result<Option<Standing>, Fault> {
        Ok(update(store, self.session_keys(account), |rows| self.settle_review(rows, now, by, account))?)
    }

    /// As [`review_dormancy`](SignIn::review_dormancy), from [`session_keys`](SignIn::session_keys). Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_review(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
    ) -> Result<Decision<Option<Standing>>, DecodeError> {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        let mut change = Change::new(rows, now, by);
        let found = self.review(&mut change, &credential, account, now)?;
        Ok(change.finish(found))
    }

    /// Takes an account out of dormancy. Who may do so is for the host to decide, and is recorded.
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
    /// # let policy = SignInPolicy::builder().session(session).dormancy(clausework::session::DormancyPolicy::builder().period_days(90).build()?).build()?;
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
    /// // The policy's period is 90 days.
    /// let later = clausework::Now::from(now.plus(core::time::Duration::from_secs(90 * 24 * 60 * 60)));
    /// let refused = guard.sign_in(&store, later, &mut entropy, &typed("Sommer-2026"));
    /// assert!(matches!(refused, SignInOutcome::Denied(_)));
    ///
    /// guard.reactivate(&store, later, &admin, &anna)?;
    /// let opened = guard.sign_in(&store, later, &mut entropy, &typed("Sommer-2026"));
    /// assert!(matches!(opened, SignInOutcome::SignedIn(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; the account may then still be dormant.
    pub fn reactivate<S: Store>(&self, store: S, now: Now, by: &Provenance, account: &AccountId) -> Result<(), Fault> {
        Ok(update(store, self.session_keys(account), |rows| self.settle_reactivation(rows, now, by, account))?)
    }

    /// As [`reactivate`](SignIn::reactivate), from [`session_keys`](SignIn::session_keys). Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_reactivation(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
    ) -> Result<Decision<()>, DecodeError> {
        self.settle_activity(rows, now, by, account, |state| session::reactivate(state, now))
    }

    /// Disables an account at once, and ends all its sessions. No password opens it until it is enabled, whoever issues
    /// or chooses one meanwhile; an attempt in mid-hash is refused. Who may do so is for the host to decide, and is
    /// recorded.
    ///
    /// Not to be mixed up with the [`cap`](crate::lockout::LockoutPolicyBuilder::cap) of wrong guesses in a row, which
    /// strangers can reach: it closes the way in, leaves the bearer's sessions alone, and another password opens it.
    /// A host that wants both calls this upon the event [`lockout.disabled`](crate::lockout::DISABLED).
    ///
    /// ```
    /// # use clausework::credential::Issue;
    /// # use clausework::event::{Actor, Origin, Provenance, Transport};
    /// # use clausework::hashing::{HashPolicy, Hasher};
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionPolicy};
    /// # use clausework::sign_in::{SignIn, SignInOutcome, SignInPolicy, SignInRequest};
    /// # use clausework::store::MemoryStore;
    /// # use clausework::{AccountId, TenantId, id::OpaqueId};
    /// # let (mut entropy, store) = (clausework::entropy::OsEntropy, MemoryStore::new());
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let (hasher, tenant) = (Hasher::new(HashPolicy::default()), TenantId::try_new("acme")?);
    /// # let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
    /// # let (anna, boss) = (AccountId::try_new("u-17")?, AccountId::try_new("u-1")?);
    /// # let admin = Provenance::internal(Actor::User(boss));
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    /// # let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(anna.clone())).issued().ok_or("not issued")?;
    /// let right = SignInRequest::new("anna", Some(anna.clone()), temporary.password().clone(), origin);
    ///
    /// guard.disable(&store, now, &admin, &anna)?;
    /// let refused = guard.sign_in(&store, now, &mut entropy, &right);
    /// assert!(matches!(refused, SignInOutcome::Denied(_)));
    ///
    /// guard.enable(&store, now, &admin, &anna)?;
    /// let opened = guard.sign_in(&store, now, &mut entropy, &right);
    /// assert!(matches!(opened, SignInOutcome::MustChange(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; the account may then still be open.
    pub fn disable<S: Store>(&self, store: S, now: Now, by: &Provenance, account: &AccountId) -> Result<(), Fault> {
        Ok(update(store, self.session_keys(account), |rows| self.settle_disabling(rows, now, by, account))?)
    }

    /// As [`disable`](SignIn::disable), from [`session_keys`](SignIn::session_keys). Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_disabling(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
    ) -> Result<Decision<()>, DecodeError> {
        self.settle_activity(rows, now, by, account, |state| session::disable(state, now))
    }

    /// Enables an account that was [disabled](SignIn::disable). Its sessions stay ended, and its password is as it was:
    /// issue a temporary one if somebody else may know it. Who may do so is for the host to decide, and is recorded.
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
    /// guard.disable(&store, now, &admin, &anna)?;
    /// guard.enable(&store, now, &admin, &anna)?;
    /// assert_eq!(guard.check_session(&store, now, &token, origin)?, SessionOutcome::Dead); // for good
    /// let again = guard.sign_in(&store, now, &mut entropy, &typed("Sommer-2026"));
    /// assert!(matches!(again, SignInOutcome::SignedIn(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`]; the account may then still be disabled.
    pub fn enable<S: Store>(&self, store: S, now: Now, by: &Provenance, account: &AccountId) -> Result<(), Fault> {
        Ok(update(store, self.session_keys(account), |rows| self.settle_enabling(rows, now, by, account))?)
    }

    /// As [`enable`](SignIn::enable), from [`session_keys`](SignIn::session_keys). Pure; commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_enabling(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
    ) -> Result<Decision<()>, DecodeError> {
        self.settle_activity(rows, now, by, account, session::enable)
    }

    fn settle_activity(
        &self,
        rows: &Rows,
        now: Now,
        by: &Provenance,
        account: &AccountId,
        decide: impl FnOnce(Option<ActivityState>) -> Transition<ActivityState, ()>,
    ) -> Result<Decision<()>, DecodeError> {
        let key = Key::of::<ActivityState>(self.tenant.clone(), account);
        let mut change = Change::new(rows, now, by);
        change.apply(&key, decide(rows.read(&key)?))?;
        Ok(change.finish(()))
    }

    /// Why not even the right password opens the account, if so: it is disabled, or dormant. If that is news, it is noted.
    pub(super) fn closed(
        &self,
        change: &mut Change<'_>,
        credential: &Key,
        account: &AccountId,
        now: Now,
    ) -> Result<Option<Code>, DecodeError> {
        let why = self.why_closed(change.rows(), credential, account, now)?;
        if why == Some(session::DORMANT) {
            self.review(change, credential, account, now)?;
        }
        Ok(why)
    }

    /// Whether not even the right password will open a session in place of the one that is shown. Of a record that
    /// cannot be read the last step says so.
    pub(super) fn is_closed(&self, rows: &Rows, subject: &Subject, shown: Option<&TokenDigest>, now: Now) -> bool {
        let Some(account) = &subject.account else { return false };
        self.why_closed(rows, &subject.credential, account, now) != Ok(None)
            || self.is_full(rows, &subject.credential, shown, now) != Ok(false)
    }

    /// Whether the account has as many sessions as it may.
    fn is_full(
        &self,
        rows: &Rows,
        credential: &Key,
        shown: Option<&TokenDigest>,
        now: Now,
    ) -> Result<bool, DecodeError> {
        if self.policy.session().at_cap() != AtCap::Refuse {
            return Ok(false); // and nothing is read for it
        }
        let (state, validity) = (rows.read(&activity_key(credential))?, self.validity(rows, credential)?);
        Ok(session::is_full(state.as_ref(), now, self.policy.session(), &validity, shown))
    }

    fn why_closed(
        &self,
        rows: &Rows,
        credential: &Key,
        account: &AccountId,
        now: Now,
    ) -> Result<Option<Code>, DecodeError> {
        let state = rows.read::<ActivityState>(&activity_key(credential))?.unwrap_or_default();
        if state.is_disabled() {
            return Ok(Some(session::DISABLED));
        }
        let (Some(policy), Some(stamp)) = (self.policy.dormancy(), rows.stamp::<CredentialState>(credential)?) else {
            return Ok(None);
        };
        let standing = session::standing(&state, now, policy, account, stamp.created_at());
        Ok(matches!(standing, Standing::Dormant { .. }).then_some(session::DORMANT))
    }

    fn review(
        &self,
        change: &mut Change<'_>,
        credential: &Key,
        account: &AccountId,
        now: Now,
    ) -> Result<Option<Standing>, DecodeError> {
        let (Some(policy), Some(stamp)) = (self.policy.dormancy(), change.rows().stamp::<CredentialState>(credential)?)
        else {
            return Ok(None);
        };
        let activity = activity_key(credential);
        let state = change.rows().read(&activity)?;
        change.apply(&activity, session::review(state, now, policy, account, stamp.created_at())).map(Some)
    }
}
