use alloc::vec::Vec;

use super::{Begun, ChangeBegun, ChangeOutcome, ChangePassword, Fault, SignIn, SignInOutcome, SignInRequest};
use crate::credential::CredentialState;
use crate::entropy::Entropy;
use crate::event::{Actor, Provenance};
use crate::id::TenantId;
use crate::secret::Token;
use crate::session::{self, SessionOutcome, SessionState};
use crate::store::{Change, DecodeError, Key, Rows, Store, UpdateError, update, update_from};
use crate::time::Now;

impl SignIn<'_> {
    /// The whole sign-in in one call, for a blocking host: access, charge, verify, settle.
    ///
    /// Every trouble of the host's own is an outcome too, so that no `?` can become a way in.
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

    /// The whole choice of a new password in one call, for a blocking host.
    pub fn change_password<S: Store>(
        &self,
        mut store: S,
        now: Now,
        entropy: &mut dyn Entropy,
        request: &ChangePassword,
    ) -> ChangeOutcome {
        let begun = look(&mut store, self.change_keys(request), |rows| self.find_change(rows, request))
            .and_then(|keys| look(&mut store, keys, |rows| self.begin_change(rows, now, request)));
        let attempt = match begun {
            Ok(ChangeBegun::Attempt(attempt)) => attempt,
            Ok(ChangeBegun::Ended(outcome)) => return outcome,
            Err(error) => return ChangeOutcome::Unavailable(error.into()),
        };
        let verdict = attempt.hash(self.hasher, entropy, request.password());
        update_from(&mut store, verdict.rows(), |rows| self.settle_change(rows, now, &verdict))
            .unwrap_or_else(|error| ChangeOutcome::Unavailable(error.into()))
    }

    /// Whether the bearer of this token is signed in: ask on every request.
    ///
    /// # Errors
    /// [`Fault`], which a host answers with HTTP 503: not knowing is not being signed in.
    pub fn session<S: Store>(
        &self,
        mut store: S,
        now: Now,
        tenant: &TenantId,
        token: &Token<SessionState>,
    ) -> Result<SessionOutcome, Fault> {
        let key = Key::of::<SessionState>(tenant.clone(), token.digest());
        let Some(state) = look(&mut store, Vec::from([key.clone()]), |rows| rows.read::<SessionState>(&key))? else {
            return Ok(SessionOutcome::Dead);
        };
        let SessionState::Open { account, .. } = &state else { return Ok(SessionOutcome::Dead) };
        let credential = Key::of::<CredentialState>(tenant.clone(), account);
        let present =
            look(&mut store, Vec::from([credential.clone()]), |rows| rows.read::<CredentialState>(&credential))?;
        Ok(session::check(Some(&state), now, present.map(|state| state.generation())))
    }

    /// Signs out: the session is ended for good. Ending what is not there is no error.
    ///
    /// # Errors
    /// [`Fault`]; the session may then still be open.
    pub fn sign_out<S: Store>(
        &self,
        store: S,
        now: Now,
        tenant: &TenantId,
        token: &Token<SessionState>,
    ) -> Result<(), Fault> {
        let key = Key::of::<SessionState>(tenant.clone(), token.digest());
        Ok(update(store, [&key], |rows| {
            let state = rows.read::<SessionState>(&key)?;
            let bearer = match &state {
                Some(SessionState::Open { account, .. }) => Actor::User(account.clone()),
                _ => Actor::Unauthenticated,
            };
            let mut change = Change::new(rows, now, &Provenance::internal(bearer));
            change.apply(&key, session::end(state.as_ref(), now))?;
            Ok(change.finish(()))
        })?)
    }
}

/// Loads and reads, writing nothing.
fn look<S: Store, O>(
    store: &mut S,
    keys: Vec<Key>,
    read: impl FnOnce(&Rows) -> Result<O, DecodeError>,
) -> Result<O, UpdateError<S::Error>> {
    Ok(read(&Rows::load(store, keys).map_err(UpdateError::Store)?)?)
}
