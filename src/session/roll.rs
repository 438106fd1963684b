use alloc::vec::Vec;

use super::state::{ActivityState, OpenSession};
use super::{ENDED, EXPIRED, IDLE, IdleLimit, LOCKED, REVOKED, SUPERSEDED, SessionOutcome, SessionPolicy, Validity};
use crate::clause;
use crate::event::{Code, Fact};
use crate::id::AccountId;
use crate::secret::TokenDigest;
use crate::store::{Next, Transition};
use crate::time::{Now, SKEW};

/// How a session stands.
pub(super) enum Found {
    Alive,
    Locked,
    /// Idle now, where the policy locks.
    ToLock,
    /// From the future: dead for as long as it is, and not ended by it.
    Ahead,
    Over(Code),
}

impl Found {
    pub(super) const fn is_alive(&self) -> bool {
        matches!(self, Self::Alive | Self::Locked | Self::ToLock)
    }
}

pub(super) fn judge(session: &OpenSession, now: Now, policy: &SessionPolicy, validity: &Validity) -> Found {
    let idle = policy.idle_after().is_some_and(|idle| now.timestamp() >= session.active_at.saturating_add(idle));
    if Some(session.generation) != validity.generation {
        Found::Over(SUPERSEDED)
    } else if session.revocation != validity.revocation {
        Found::Over(REVOKED)
    } else if now.timestamp() >= session.ends_at(policy) {
        Found::Over(EXPIRED)
    } else if session.opened_at > now.plus(SKEW) {
        Found::Ahead
    } else if idle && matches!(policy.idle(), IdleLimit::End { .. }) {
        Found::Over(IDLE)
    } else if session.locked {
        Found::Locked
    } else if idle {
        Found::ToLock
    } else {
        Found::Alive
    }
}

pub(super) fn ended(session: &OpenSession, reason: Code) -> Fact {
    let fact = Fact::success(ENDED).under(clause::E_5_10B).with("reason", reason).with("opened_at", session.opened_at);
    if reason == IDLE { fact.under(clause::A2_ACCESS_3) } else { fact }
}

/// The state as a decision changes it, with what happened on the way.
pub(super) struct Roll<'a> {
    now: Now,
    policy: &'a SessionPolicy,
    validity: &'a Validity,
    before: Option<ActivityState>,
    pub(super) state: ActivityState,
    pub(super) facts: Vec<Fact>,
}

impl<'a> Roll<'a> {
    pub(super) fn new(
        before: Option<ActivityState>,
        now: Now,
        policy: &'a SessionPolicy,
        validity: &'a Validity,
    ) -> Self {
        let state = before.clone().unwrap_or_default();
        Self { now, policy, validity, before, state, facts: Vec::new() }
    }

    /// How the session stands; if that is news, it is written, and with it what else is over.
    pub(super) fn look(&mut self, account: &AccountId, id: &TokenDigest) -> SessionOutcome {
        let found = |roll: &Self| {
            let session = roll.state.sessions.iter().find(|session| session.id == *id)?;
            Some((judge(session, roll.now, roll.policy, roll.validity), session.ends_at(roll.policy)))
        };
        if let Some((Found::Over(_) | Found::ToLock, _)) = found(self) {
            self.sweep();
        }
        match found(self) {
            Some((Found::Alive, expires_at)) => SessionOutcome::Active { account: account.clone(), expires_at },
            Some((Found::Locked, _)) => SessionOutcome::Locked { account: account.clone() },
            _ => SessionOutcome::Dead,
        }
    }

    /// Takes out what is over and locks what is idle.
    pub(super) fn sweep(&mut self) {
        let (now, policy, validity, facts) = (self.now, self.policy, self.validity, &mut self.facts);
        self.state.sessions.retain_mut(|session| match judge(session, now, policy, validity) {
            Found::Over(reason) => {
                facts.push(ended(session, reason));
                false
            }
            Found::ToLock => {
                session.locked = true;
                let fact = Fact::success(LOCKED).under(clause::A2_ACCESS_3).under(clause::E_5_10B);
                facts.push(fact.with("opened_at", session.opened_at).with("active_at", session.active_at));
                true
            }
            Found::Alive | Found::Locked | Found::Ahead => true,
        });
    }

    pub(super) fn finish<O>(self, outcome: O) -> Transition<ActivityState, O> {
        let unchanged = self.before.unwrap_or_default() == self.state;
        let next = if unchanged { Next::Keep } else { Next::Put(self.state) };
        Transition::new(next, outcome).with_all(self.facts)
    }
}
