use alloc::vec::Vec;

use super::{Fault, Session, SignIn};
use crate::access::{AccessOutcome, AccessUse, OutsideUse};
use crate::clause;
use crate::credential::CredentialState;
use crate::entropy::Entropy;
use crate::event::{Actor, Fact, Origin, Provenance};
use crate::secret::{Token, TokenDigest};
use crate::session::{self, ActivityState, Ending, RevocationState, SessionOutcome, SessionState, Validity};
use crate::store::{
    AsyncStore, Change, Decision, DecodeError, Key, KeyId, Rows, Store, UpdateError, update, update_async, update_from,
    update_from_async,
};
use crate::tenancy::Principal;
use crate::time::Now;

/// The record of an account's activity: filed like its credential.
pub(super) fn activity_key(credential: &Key) -> Key {
    Key::of::<ActivityState>(credential.scope().clone(), KeyId::of(credential))
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
    /// rules refuse; it is not ended by it, unless [`outside_use`](crate::access::AccessPolicy::outside_use) says so, and
    /// the first refusal for each reason is an event. Of an account that has become dormant every session is dead.
    ///
    /// ```
    /// # use clausework::credential::Issue;
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
    /// # let temporary = guard.issue_temporary(&store, now, &mut entropy, &admin, &Issue::new_user(anna.clone())).issued().ok_or("not issued")?;
    /// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
    /// # let first = SignInRequest::new("anna", Some(anna.clone()), temporary.password().clone(), origin);
    /// # let SignInOutcome::MustChange(change) = guard.sign_in(&store, now, &mut entropy, &first) else { panic!() };
    /// # let choice = ChangeRequest::new(change.token().clone(), "Sommer-2026".into(), origin);
    /// # let ChangeOutcome::Changed { session, .. } = guard.change_password(&store, now, &mut entropy, &choice) else { panic!() };
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

    /// Who asks, for [`tenancy`](crate::tenancy): the account of a session that is active, in this guard's tenant.
    /// `None` for one that is locked or dead (A2-Input-2).
    ///
    /// Of what this same guard has just answered: an outcome does not say of which tenant it is, so that of another
    /// tenant's guard would make its account one of this tenant, and one that was kept knows of no end since.
    ///
    /// ```
    /// use clausework::event::Origin;
    /// use clausework::secret::Token;
    /// use clausework::session::SessionState;
    /// use clausework::sign_in::{Fault, SignIn};
    /// use clausework::store::MemoryStore;
    /// use clausework::{Now, tenancy::Principal};
    ///
    /// fn who(
    ///     guard: &SignIn<'_>, store: &MemoryStore, now: Now, cookie: &Token<SessionState>, from: Origin,
    /// ) -> Result<Option<Principal>, Fault> {
    ///     Ok(guard.principal(&guard.touch_session(store, now, cookie, from)?)) // none: 401
    /// }
    /// ```
    #[must_use]
    pub fn principal(&self, session: &SessionOutcome) -> Option<Principal> {
        match session {
            SessionOutcome::Active { account, .. } => {
                Some(Principal::vouched_for(self.tenant.clone(), account.clone()))
            }
            SessionOutcome::Locked { .. } | SessionOutcome::Dead => None,
        }
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
    /// the password, such as a second factor (OWASP ASVS 5.0, 7.2.4). `None` if the session is not alive, or if the account
    /// has more sessions than it may since the [cap](crate::session::SessionPolicyBuilder::cap) was lowered; it then goes on.
    ///
    /// Its lifetime starts anew, as after every authentication (NIST SP 800-63B-4, section 5.2).
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
    /// let session = guard.rotate_session(&store, now, &mut entropy, &token, origin)?.ok_or("not alive")?;
    /// let check = |token: &_| guard.check_session(&store, now, token, origin);
    /// assert!(matches!(check(session.token())?, SessionOutcome::Active { .. }));
    /// assert_eq!(check(&token)?, SessionOutcome::Dead);
    /// assert!(guard.rotate_session(&store, now, &mut entropy, &token, origin)?.is_none()); // nor is it rotated again
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    pub(super) fn validity(&self, rows: &Rows, credential: &Key) -> Result<Validity, DecodeError> {
        let generation = rows.read::<CredentialState>(credential)?.map(|state| state.generation());
        let revocation = rows.read::<RevocationState>(&self.revocation_key())?.map_or(0, |state| state.generation());
        Ok(Validity { generation, revocation })
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

    pub(super) fn look_at(
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
        if let AccessOutcome::Refused(refusals) = self.access(now, AccessUse::SessionUse, change.origin()) {
            if self.rules.outside_use() == OutsideUse::End {
                let why = session::refuse(listed.clone(), now, policy, &validity, id, &refusals);
                let end = session::end(listed, now, policy, &validity, &Ending::One(*id));
                change.apply(&activity, end.with_all(why.facts().to_vec()))?;
                change.apply(&key, session::blank(now, ()))?;
            } else {
                change.apply(&activity, session::refuse(listed, now, policy, &validity, id, &refusals))?;
            }
            return Ok(SessionOutcome::Dead);
        }
        // The use that would end the dormancy comes too late: it is none.
        if self.closed(change, &credential, account, now)?.is_some() {
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
        if change.apply(&activity, transition)? == 0 && matches!(state, Some(SessionState::Unlisted { .. })) {
            change.note(&key, Fact::success(session::ENDED).under(clause::A2_ACCESS_5)); // no list to say so
        }
        change.apply(&key, session::blank(now, ()))?;
        Ok(change.finish(()))
    }
}
