use alloc::vec::Vec;

use super::{Fault, Session, SignIn};
use crate::access::{self, AccessOutcome};
use crate::clause;
use crate::credential::CredentialState;
use crate::entropy::Entropy;
use crate::event::{Actor, Fact, Origin, Provenance};
use crate::id::AccountId;
use crate::secret::{Token, TokenDigest};
use crate::session::{
    self, ActivityState, Ending, NewSession, OpenOutcome, OpenSession, RevocationState, SessionOutcome, SessionState,
    Standing, Validity,
};
use crate::store::{
    AsyncStore, Change, Decision, DecodeError, Key, Rows, Store, UpdateError, update, update_async, update_from,
    update_from_async,
};
use crate::time::Now;

/// The record of an account's activity: filed like its credential.
pub(super) fn activity_key(credential: &Key) -> Key {
    Key::of::<ActivityState>(credential.scope().clone(), credential.id().clone())
}

/// Whether a request is a use of the session: the person's doing, or the page's own (a poll, a status light).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Active,
    Passive,
}

impl SignIn<'_> {
    /// Whether the bearer of this token is signed in, and may come from there: ask on every request that a person
    /// makes. It counts as a use, and so puts off the idle limit.
    ///
    /// Two loads; a commit only when [`touch_every`](crate::session::SessionPolicy::touch_every) has gone by since the
    /// last one, or the session is found to be over. A session is dead to a request that the network and transport
    /// rules refuse; it is not ended by it, and the first refusal for each reason is an event.
    ///
    /// ```
    /// # use clausework::credential::IssueReason;
    /// # use clausework::event::{Actor, Origin, Provenance, Transport};
    /// # use clausework::id::OpaqueId;
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionOutcome, SessionPolicy};
    /// # use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
    /// # use clausework::store::MemoryStore;
    /// # use clausework::{AccountId, TenantId, hashing::{HashPolicy, Hasher}};
    /// # let mut entropy = clausework::entropy::OsEntropy;
    /// # let mut now = clausework::Now::from(clausework::Timestamp::MIN);
    /// # let idle = IdleLimit::Lock { after_secs: 900 };
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(idle).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let hasher = Hasher::new(HashPolicy::default());
    /// # let keys = Keyring::generate(OpaqueId::try_new("demo")?, &mut entropy)?;
    /// # let tenant = TenantId::try_new("acme")?;
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    /// # let (store, anna) = (MemoryStore::new(), AccountId::try_new("u-17")?);
    /// # let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1")?));
    /// # let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &anna, IssueReason::NewUser)?;
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let first = SignInRequest::new("anna", Some(anna.clone()), temporary.password().clone(), origin);
    /// # let SignInOutcome::MustChange(change) = guard.sign_in(&store, now, &mut entropy, &first) else { panic!() };
    /// # let choice = ChangeRequest::new(change.token().clone(), "Sommer-2026".into(), origin);
    /// # let ChangeOutcome::Changed(session) = guard.change_password(&store, now, &mut entropy, &choice) else { panic!() };
    /// # let token = session.token().clone();
    /// // The policy locks what was idle for 15 minutes. On every request, with the token from the cookie:
    /// let outcome = guard.touch_session(&store, now, &token, origin)?;
    /// assert!(matches!(outcome, SessionOutcome::Active { .. }));
    /// # now = now.plus(core::time::Duration::from_secs(900)).into();
    ///
    /// // After the lunch break the same request finds it locked. The form has the name filled in, and asks for the password.
    /// let SessionOutcome::Locked { account } = guard.touch_session(&store, now, &token, origin)? else { panic!() };
    /// let again = SignInRequest::new("anna", Some(account), "Sommer-2026".into(), origin).with_session(token.clone());
    /// let SignInOutcome::SignedIn(session) = guard.sign_in(&store, now, &mut entropy, &again) else { panic!() };
    /// assert!(session.continues()); // back to where she was, under a new token
    /// assert_eq!(guard.touch_session(&store, now, &token, origin)?, SessionOutcome::Dead); // the old one
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Fault`], which a host answers with HTTP 503: not knowing is not being signed in.
    pub fn touch_session<S: Store>(
        &self,
        store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<SessionOutcome, Fault> {
        self.look(store, now, token, origin, Use::Active)
    }

    /// As [`touch_session`](SignIn::touch_session), for a request that is no use of the session: a poll, a status
    /// light. It does not put off the idle limit.
    ///
    /// # Errors
    /// As [`touch_session`](SignIn::touch_session).
    pub fn check_session<S: Store>(
        &self,
        store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<SessionOutcome, Fault> {
        self.look(store, now, token, origin, Use::Passive)
    }

    /// As [`touch_session`](SignIn::touch_session), over an [`AsyncStore`].
    ///
    /// # Errors
    /// As [`touch_session`](SignIn::touch_session).
    pub async fn touch_session_async<S: AsyncStore>(
        &self,
        store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<SessionOutcome, Fault> {
        self.look_async(store, now, token, origin, Use::Active).await
    }

    /// As [`check_session`](SignIn::check_session), over an [`AsyncStore`].
    ///
    /// # Errors
    /// As [`touch_session`](SignIn::touch_session).
    pub async fn check_session_async<S: AsyncStore>(
        &self,
        store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<SessionOutcome, Fault> {
        self.look_async(store, now, token, origin, Use::Passive).await
    }

    fn look<S: Store>(
        &self,
        mut store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
        how: Use,
    ) -> Result<SessionOutcome, Fault> {
        let id = token.digest();
        let rows = Rows::load(&mut store, [self.session_key(&id)]).map_err(UpdateError::Store)?;
        let Some(keys) = self.bearer_keys(&rows, &id)? else { return Ok(SessionOutcome::Dead) };
        Ok(update(store, keys, |rows| self.decide_session(rows, now, &id, origin, how))?)
    }

    async fn look_async<S: AsyncStore>(
        &self,
        mut store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
        how: Use,
    ) -> Result<SessionOutcome, Fault> {
        let id = token.digest();
        let rows = Rows::load_async(&mut store, [self.session_key(&id)]).await.map_err(UpdateError::Store)?;
        let Some(keys) = self.bearer_keys(&rows, &id)? else { return Ok(SessionOutcome::Dead) };
        Ok(update_async(store, keys, |rows| self.decide_session(rows, now, &id, origin, how)).await?)
    }

    /// Signs out: the session is ended for good. Ending what is not there is no error.
    ///
    /// # Errors
    /// [`Fault`]; the session may then still be open.
    pub fn sign_out<S: Store>(
        &self,
        mut store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<(), Fault> {
        let id = token.digest();
        let rows = Rows::load(&mut store, [self.session_key(&id)]).map_err(UpdateError::Store)?;
        let Some(keys) = self.bearer_keys(&rows, &id)? else { return Ok(()) };
        Ok(update(store, keys, |rows| self.decide_sign_out(rows, now, &id, origin))?)
    }

    /// As [`sign_out`](SignIn::sign_out), over an [`AsyncStore`].
    ///
    /// # Errors
    /// As [`sign_out`](SignIn::sign_out).
    pub async fn sign_out_async<S: AsyncStore>(
        &self,
        mut store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<(), Fault> {
        let id = token.digest();
        let rows = Rows::load_async(&mut store, [self.session_key(&id)]).await.map_err(UpdateError::Store)?;
        let Some(keys) = self.bearer_keys(&rows, &id)? else { return Ok(()) };
        Ok(update_async(store, keys, |rows| self.decide_sign_out(rows, now, &id, origin)).await?)
    }

    /// Gives a living session a new token; the old one is dead from then on. For what the host itself asks for beside
    /// the password, such as a second factor (OWASP ASVS 5.0, 7.2.4). `None` if the session is not alive.
    ///
    /// Its lifetime starts anew, as after every authentication (NIST SP 800-63B-4, section 5.2).
    ///
    /// # Errors
    /// [`Fault`]; the old token may then still be good.
    pub fn rotate_session<S: Store>(
        &self,
        mut store: S,
        now: Now,
        entropy: &mut dyn Entropy,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<Option<Session>, Fault> {
        let (id, new) = (token.digest(), Token::mint(entropy)?);
        let rows = Rows::load(&mut store, [self.session_key(&id)]).map_err(UpdateError::Store)?;
        let Some(keys) = self.bearer_keys(&rows, &id)? else { return Ok(None) };
        let rows = Rows::load(&mut store, keys).map_err(UpdateError::Store)?;
        let rows = rows.with_absent([self.session_key(&new.digest())]);
        Ok(update_from(store, rows, |rows| self.decide_rotation(rows, now, &id, &new, origin))?)
    }

    /// As [`rotate_session`](SignIn::rotate_session), over an [`AsyncStore`]. The new token is minted before, since
    /// entropy may block: [`Token::mint`].
    ///
    /// # Errors
    /// As [`rotate_session`](SignIn::rotate_session).
    pub async fn rotate_session_async<S: AsyncStore>(
        &self,
        mut store: S,
        now: Now,
        new: &Token<SessionState>,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<Option<Session>, Fault> {
        let id = token.digest();
        let rows = Rows::load_async(&mut store, [self.session_key(&id)]).await.map_err(UpdateError::Store)?;
        let Some(keys) = self.bearer_keys(&rows, &id)? else { return Ok(None) };
        let rows = Rows::load_async(&mut store, keys).await.map_err(UpdateError::Store)?;
        let rows = rows.with_absent([self.session_key(&new.digest())]);
        Ok(update_from_async(store, rows, |rows| self.decide_rotation(rows, now, &id, new, origin)).await?)
    }

    /// The records that decide on an account's sessions: for [`list_sessions`](SignIn::list_sessions) and
    /// [`settle_end`](SignIn::settle_end).
    #[must_use]
    pub fn session_keys(&self, account: &AccountId) -> Vec<Key> {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        Vec::from([activity_key(&credential), credential, self.revocation_key()])
    }

    /// The sessions of an account that are alive or locked, in the order of their opening: for its own page, which the
    /// host shows to its bearer alone. No token is among it.
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
        let _since = change.apply(&key, session::revoke_all(rows.read(&key)?.as_ref(), now))?;
        Ok(change.finish(()))
    }

    /// The record of the last time that all sessions of the tenant were ended.
    #[must_use]
    pub fn revocation_key(&self) -> Key {
        Key::of::<RevocationState>(self.tenant.clone(), self.tenant)
    }

    /// The daily look at an account: whether it is in use, due for a warning, or dormant (A2-Input-6). Each stage is an
    /// event once, however often this runs; with dormancy its sessions end. `None` when the policy names no period, or
    /// the account has no credential.
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
    /// # Errors
    /// [`Fault`]; the account may then still be dormant.
    pub fn reactivate<S: Store>(&self, store: S, now: Now, by: &Provenance, account: &AccountId) -> Result<(), Fault> {
        let key = Key::of::<ActivityState>(self.tenant.clone(), account);
        Ok(update(store, [&key], |rows| {
            let mut change = Change::new(rows, now, by);
            change.apply(&key, session::reactivate(rows.read(&key)?, now))?;
            Ok(change.finish(()))
        })?)
    }

    pub(super) fn session_key(&self, id: &TokenDigest) -> Key {
        Key::of::<SessionState>(self.tenant.clone(), *id)
    }

    /// The records that decide on the session of this token, if it is of any account.
    fn bearer_keys(&self, rows: &Rows, id: &TokenDigest) -> Result<Option<Vec<Key>>, DecodeError> {
        let key = self.session_key(id);
        let state = rows.read::<SessionState>(&key)?;
        Ok(state.as_ref().and_then(SessionState::account).map(|account| {
            let mut keys = self.session_keys(account);
            keys.push(key);
            keys
        }))
    }

    fn validity(&self, rows: &Rows, credential: &Key) -> Result<Validity, DecodeError> {
        let generation = rows.read::<CredentialState>(credential)?.map(|state| state.generation());
        let not_before = rows.read::<RevocationState>(&self.revocation_key())?.map(|state| state.not_before());
        Ok(Validity { generation, not_before })
    }

    pub(super) fn decide_session(
        &self,
        rows: &Rows,
        now: Now,
        id: &TokenDigest,
        origin: Origin,
        how: Use,
    ) -> Result<Decision<SessionOutcome>, DecodeError> {
        let mut change = Change::new(rows, now, &Provenance::new(Actor::Unauthenticated, origin));
        let outcome = self.look_at(&mut change, now, id, how)?;
        Ok(change.finish(outcome))
    }

    fn look_at(
        &self,
        change: &mut Change<'_>,
        now: Now,
        id: &TokenDigest,
        how: Use,
    ) -> Result<SessionOutcome, DecodeError> {
        let (key, rows) = (self.session_key(id), change.rows());
        let state = rows.read::<SessionState>(&key)?;
        let Some(account) = state.as_ref().and_then(SessionState::account) else { return Ok(SessionOutcome::Dead) };
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        let (activity, policy) = (activity_key(&credential), self.policy.session());
        let (listed, validity) = (rows.read::<ActivityState>(&activity)?, self.validity(rows, &credential)?);
        if let AccessOutcome::Refused(refusals) = access::decide(self.policy.access(), change.origin()) {
            change.apply(&activity, session::refuse(listed, now, policy, &validity, id, &refusals))?;
            return Ok(SessionOutcome::Dead);
        }
        if let Some(unlisted @ SessionState::Unlisted { .. }) = &state {
            return change.apply(&key, session::check_unlisted(unlisted, listed.as_ref(), now, policy, &validity));
        }
        let transition = match how {
            Use::Active => session::touch(listed, now, policy, &validity, account, id),
            Use::Passive => session::check(listed, now, policy, &validity, account, id),
        };
        if matches!(transition.outcome(), SessionOutcome::Active { .. }) {
            change.acting_as(Actor::User(account.clone()));
        }
        change.apply(&activity, transition)
    }

    pub(super) fn decide_sign_out(
        &self,
        rows: &Rows,
        now: Now,
        id: &TokenDigest,
        origin: Origin,
    ) -> Result<Decision<()>, DecodeError> {
        let key = self.session_key(id);
        let state = rows.read::<SessionState>(&key)?;
        let Some(account) = state.as_ref().and_then(SessionState::account) else {
            return Ok(Change::new(rows, now, &Provenance::new(Actor::Unauthenticated, origin)).finish(()));
        };
        let mut change = Change::new(rows, now, &Provenance::new(Actor::User(account.clone()), origin));
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        let (activity, validity) = (activity_key(&credential), self.validity(rows, &credential)?);
        let ending = Ending::One(*id);
        let transition = session::end(rows.read(&activity)?, now, self.policy.session(), &validity, &ending);
        let _listed = change.apply(&activity, transition)?;
        change.apply(&key, session::blank(now, ()))?;
        Ok(change.finish(()))
    }

    fn decide_rotation(
        &self,
        rows: &Rows,
        now: Now,
        id: &TokenDigest,
        new: &Token<SessionState>,
        origin: Origin,
    ) -> Result<Decision<Option<Session>>, DecodeError> {
        let mut change = Change::new(rows, now, &Provenance::new(Actor::Unauthenticated, origin));
        let SessionOutcome::Active { account, .. } = self.look_at(&mut change, now, id, Use::Passive)? else {
            return Ok(change.finish(None));
        };
        let credential = Key::of::<CredentialState>(self.tenant.clone(), &account);
        let Some(generation) = self.validity(rows, &credential)?.generation else { return Ok(change.finish(None)) };
        let key = self.session_key(&new.digest());
        let session = self.open_in_place_of(&mut change, &key, new, &account, generation, Some(id), now)?;
        Ok(change.finish(session))
    }

    /// Opens a session whose bearer showed no other.
    pub(super) fn open_session(
        &self,
        change: &mut Change<'_>,
        key: &Key,
        token: &Token<SessionState>,
        account: &AccountId,
        generation: u64,
        now: Now,
    ) -> Result<Option<Session>, DecodeError> {
        self.open_in_place_of(change, key, token, account, generation, None, now)
    }

    /// Opens a session, in place of the one that was shown; `None` if the account may have no more.
    #[allow(clippy::too_many_arguments, reason = "what a session is made of")]
    pub(super) fn open_in_place_of(
        &self,
        change: &mut Change<'_>,
        key: &Key,
        token: &Token<SessionState>,
        account: &AccountId,
        generation: u64,
        shown: Option<&TokenDigest>,
        now: Now,
    ) -> Result<Option<Session>, DecodeError> {
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        // The generation that was shown or has just been made, which is not yet the one in the rows.
        let validity = Validity { generation: Some(generation), ..self.validity(change.rows(), &credential)? };
        let activity = activity_key(&credential);
        let new = NewSession { id: token.digest(), origin: change.origin(), replaces: shown.copied() };
        let state = change.rows().read(&activity)?;
        let transition = session::open(state, now, self.policy.session(), &validity, &new);
        match change.apply(&activity, transition)? {
            OpenOutcome::Full => Ok(None),
            OpenOutcome::Opened { expires_at, continues } => {
                change.apply(key, session::file(account.clone(), expires_at))?;
                self.leave(change, shown, account, now)?;
                Ok(Some(Session { token: token.clone(), account: account.clone(), expires_at, continues }))
            }
        }
    }

    /// The token that was shown while signing in is dead from now on, whoever's it is.
    pub(super) fn leave(
        &self,
        change: &mut Change<'_>,
        shown: Option<&TokenDigest>,
        account: &AccountId,
        now: Now,
    ) -> Result<(), DecodeError> {
        let Some(key) = shown.map(|id| self.session_key(id)) else { return Ok(()) };
        let state = change.rows().read::<SessionState>(&key)?;
        let Some(whose) = state.as_ref().and_then(SessionState::account) else { return Ok(()) };
        if whose != account {
            let fact = Fact::success(session::ENDED).under(clause::E_5_10A).with("reason", session::REPLACED);
            change.note(&key, fact);
        }
        change.apply(&key, session::blank(now, ()))
    }

    /// Whether the account is dormant; if that is news, it is noted.
    pub(super) fn is_dormant(
        &self,
        change: &mut Change<'_>,
        credential: &Key,
        account: &AccountId,
        now: Now,
    ) -> Result<bool, DecodeError> {
        let (Some(policy), Some(stamp)) = (self.policy.dormancy(), change.rows().stamp::<CredentialState>(credential)?)
        else {
            return Ok(false);
        };
        let state = change.rows().read::<ActivityState>(&activity_key(credential))?.unwrap_or_default();
        let dormant =
            matches!(session::standing(&state, now, policy, account, stamp.created_at()), Standing::Dormant { .. });
        if dormant {
            self.review(change, credential, account, now)?;
        }
        Ok(dormant)
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
