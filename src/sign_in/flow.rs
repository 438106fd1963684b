use super::{Begun, ChangeBegun, ChangeOutcome, ChangeRequest, Fault, SignIn, SignInOutcome, SignInRequest};
use crate::access::{self, AccessOutcome};
use crate::credential::CredentialState;
use crate::entropy::Entropy;
use crate::event::{Actor, Origin, Provenance};
use crate::id::AccountId;
use crate::lockout;
use crate::secret::Token;
use crate::session::{self, SessionOutcome, SessionState};
use crate::store::{
    AsyncStore, Change, Decision, DecodeError, Key, Rows, Store, UpdateError, update, update_async, update_from,
};
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
        let begun = update(&mut store, self.keys(request), |rows| self.begin(rows, now, request));
        let attempt = match begun {
            Ok(Begun::Attempt(attempt)) => attempt,
            Ok(Begun::Ended(outcome)) => return outcome,
            Err(error) => return SignInOutcome::Unavailable(error.into()),
        };
        let verdict = attempt.verify(self.hasher, entropy, request.password());
        update_from(&mut store, verdict.rows(), |rows| self.settle(rows, now, &verdict))
            .unwrap_or_else(|error| SignInOutcome::Unavailable(error.into()))
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

    /// Whether the bearer of this token is signed in, and may come from there: ask on every request. Nothing is written.
    ///
    /// A session is dead to a request that the network and transport rules refuse; it is not ended by it.
    ///
    /// # Errors
    /// [`Fault`], which a host answers with HTTP 503: not knowing is not being signed in.
    pub fn check_session<S: Store>(
        &self,
        mut store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<SessionOutcome, Fault> {
        let key = self.session_key(token);
        let rows = Rows::load(&mut store, [&key]).map_err(UpdateError::Store)?;
        let Some((state, credential)) = self.bearer_of(&rows, &key, origin)? else { return Ok(SessionOutcome::Dead) };
        let rows = Rows::load(&mut store, [&credential]).map_err(UpdateError::Store)?;
        Ok(present(&state, now, &rows, &credential)?)
    }

    /// As [`check_session`](SignIn::check_session), over an [`AsyncStore`].
    ///
    /// # Errors
    /// As [`check_session`](SignIn::check_session).
    pub async fn check_session_async<S: AsyncStore>(
        &self,
        mut store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<SessionOutcome, Fault> {
        let key = self.session_key(token);
        let rows = Rows::load_async(&mut store, [&key]).await.map_err(UpdateError::Store)?;
        let Some((state, credential)) = self.bearer_of(&rows, &key, origin)? else { return Ok(SessionOutcome::Dead) };
        let rows = Rows::load_async(&mut store, [&credential]).await.map_err(UpdateError::Store)?;
        Ok(present(&state, now, &rows, &credential)?)
    }

    /// Signs out: the session is ended for good. Ending what is not there is no error.
    ///
    /// # Errors
    /// [`Fault`]; the session may then still be open.
    pub fn sign_out<S: Store>(
        &self,
        store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<(), Fault> {
        let key = self.session_key(token);
        Ok(update(store, [&key], |rows| end_session(rows, now, &key, origin))?)
    }

    /// As [`sign_out`](SignIn::sign_out), over an [`AsyncStore`].
    ///
    /// # Errors
    /// As [`sign_out`](SignIn::sign_out).
    pub async fn sign_out_async<S: AsyncStore>(
        &self,
        store: S,
        now: Now,
        token: &Token<SessionState>,
        origin: Origin,
    ) -> Result<(), Fault> {
        let key = self.session_key(token);
        Ok(update_async(store, [&key], |rows| end_session(rows, now, &key, origin)).await?)
    }

    /// Opens an account that is locked or disabled, at once, to familiar sources and strange ones; a lane of a source
    /// opens by time. Who does so is for the host to decide, and is recorded.
    ///
    /// # Errors
    /// [`Fault`]; the account may then still be closed.
    pub fn unlock<S: Store>(&self, store: S, now: Now, by: &Provenance, account: &AccountId) -> Result<(), Fault> {
        Ok(update(store, self.locks(account), |rows| {
            let mut change = Change::new(rows, now, by);
            for (key, policy) in self.locks(account).iter().zip(self.lock_policies()) {
                if let Some(policy) = policy {
                    change.apply(key, lockout::unlock(rows.read(key)?, now, policy))?;
                }
            }
            Ok(change.finish(()))
        })?)
    }

    fn session_key(&self, token: &Token<SessionState>) -> Key {
        Key::of::<SessionState>(self.tenant.clone(), token.digest())
    }

    /// The open session of this key, if the request may use it, with the key of its bearer's credential.
    fn bearer_of(&self, rows: &Rows, key: &Key, origin: Origin) -> Result<Option<(SessionState, Key)>, DecodeError> {
        if access::decide(self.policy.access(), origin) != AccessOutcome::Allowed {
            return Ok(None);
        }
        let Some(state) = rows.read::<SessionState>(key)? else { return Ok(None) };
        let SessionState::Open { account, .. } = &state else { return Ok(None) };
        let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
        Ok(Some((state, credential)))
    }
}

fn present(state: &SessionState, now: Now, rows: &Rows, credential: &Key) -> Result<SessionOutcome, DecodeError> {
    let present = rows.read::<CredentialState>(credential)?;
    Ok(session::check(Some(state), now, present.map(|state| state.generation())))
}

fn end_session(rows: &Rows, now: Now, key: &Key, origin: Origin) -> Result<Decision<()>, DecodeError> {
    let state = rows.read::<SessionState>(key)?;
    let bearer = match &state {
        Some(SessionState::Open { account, .. }) => Actor::User(account.clone()),
        _ => Actor::Unauthenticated,
    };
    let mut change = Change::new(rows, now, &Provenance::new(bearer, origin));
    change.apply(key, session::end(state.as_ref(), now))?;
    Ok(change.finish(()))
}
