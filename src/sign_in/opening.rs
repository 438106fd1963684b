use super::session::{Use, activity_key};
use super::{Session, SignIn};
use crate::clause;
use crate::credential::CredentialState;
use crate::event::{Actor, Fact, Origin, Provenance};
use crate::id::AccountId;
use crate::secret::{Token, TokenDigest};
use crate::session::{self, Ending, NewSession, OpenOutcome, SessionOutcome, SessionState, Validity};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Transition};
use crate::time::Now;

/// What opens a session, and ends the one that was shown.
impl SignIn<'_> {
    pub(super) fn decide_rotation(
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

    /// Ends the session that was shown where no other takes its place.
    pub(super) fn end_shown(
        &self,
        change: &mut Change<'_>,
        shown: Option<&TokenDigest>,
        account: &AccountId,
        now: Now,
    ) -> Result<(), DecodeError> {
        if let Some(id) = shown {
            let credential = Key::of::<CredentialState>(self.tenant.clone(), account);
            let (activity, validity) = (activity_key(&credential), self.validity(change.rows(), &credential)?);
            let state = change.rows().read(&activity)?;
            let ended = session::end(state, now, self.policy.session(), &validity, &Ending::One(*id));
            change.apply(&activity, ended)?;
        }
        self.leave(change, shown, account, now)
    }

    /// The token that was shown while signing in is dead from now on, whoever's it is.
    pub(super) fn leave(
        &self,
        change: &mut Change<'_>,
        shown: Option<&TokenDigest>,
        account: &AccountId,
        now: Now,
    ) -> Result<(), DecodeError> {
        let Some((id, key)) = shown.map(|id| (id, self.session_key(id))) else { return Ok(()) };
        let state = change.rows().read::<SessionState>(&key)?;
        let Some(whose) = state.as_ref().and_then(SessionState::account) else { return Ok(()) };
        if whose != account {
            // His list is there to be written if it was loaded; to end an entry nothing is judged.
            let listed = activity_key(&Key::of::<CredentialState>(self.tenant.clone(), whose));
            if change.rows().has(&listed) {
                let (unjudged, one) = (Validity { generation: None, revocation: 0 }, Ending::One(*id));
                let state = change.rows().read(&listed)?;
                let (next, ..) = session::end(state, now, self.policy.session(), &unjudged, &one).into_parts();
                change.apply(&listed, Transition::new(next, ()))?;
            }
            let fact = Fact::success(session::ENDED).under(clause::E_5_10A).with("reason", session::REPLACED);
            change.note(&key, fact);
        }
        change.apply(&key, session::blank(now, ()))
    }
}
