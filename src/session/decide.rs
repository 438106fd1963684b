use super::{SessionPolicy, SessionState};
use crate::clause;
use crate::event::{Code, Fact};
use crate::id::AccountId;
use crate::store::{Next, Transition};
use crate::time::{KEPT_AFTER_END, Now, SKEW, Timestamp};

/// A session was opened.
pub const OPENED: Code = Code::internal("session.opened");
/// A session was ended by its bearer.
pub const ENDED: Code = Code::internal("session.ended");

/// Every code of this module.
pub const CODES: &[Code] = &[OPENED, ENDED];

/// Whether a session is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: alive or not")]
pub enum SessionOutcome {
    /// Alive.
    Active {
        /// Whose.
        account: AccountId,
        /// When it ends.
        expires_at: Timestamp,
    },
    /// Expired, ended, of an earlier password, or never known: all the same to the bearer.
    Dead,
}

/// Opens a session after a sign-in. Its record is collected a day after it has expired.
pub fn open(
    now: Now,
    policy: &SessionPolicy,
    account: AccountId,
    generation: u64,
) -> Transition<SessionState, Timestamp> {
    let (opened_at, expires_at) = (now.timestamp(), now.plus(policy.lifetime()));
    let fact = Fact::success(OPENED).under(clause::E_5_10A).under(clause::E_5_10B).with("expires_at", expires_at);
    let state = SessionState::Open { account, generation, opened_at, expires_at };
    Transition::put(state, expires_at).collect_after(expires_at.saturating_add(KEPT_AFTER_END)).with(fact)
}

/// Decides whether a session is alive: `generation` is that of the account's present credential, `None` if it has none.
///
/// Dead from the instant of expiry on; nothing is written for it, so a clock that steps back to before that
/// instant shows it alive for the length of the step. A session from the future (a clock that ran ahead, or stepped back since) is dead.
///
/// ```
/// use clausework::session::{SessionOutcome, check};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert_eq!(check(None, now, Some(1)), SessionOutcome::Dead); // no such token
/// ```
pub fn check(state: Option<&SessionState>, now: Now, generation: Option<u64>) -> SessionOutcome {
    match state {
        Some(SessionState::Open { account, generation: opened_with, opened_at, expires_at })
            if Some(*opened_with) == generation && *opened_at <= now.plus(SKEW) && now.timestamp() < *expires_at =>
        {
            SessionOutcome::Active { account: account.clone(), expires_at: *expires_at }
        }
        _ => SessionOutcome::Dead,
    }
}

/// Ends a session for good. Ending what has ended, or never was, changes nothing.
pub fn end(state: Option<&SessionState>, now: Now) -> Transition<SessionState, ()> {
    match state {
        Some(SessionState::Open { .. }) => {
            let next = Next::End { state: SessionState::Ended, collect_after: now.plus(KEPT_AFTER_END) };
            Transition::new(next, ()).with(Fact::success(ENDED))
        }
        _ => Transition::keep(()),
    }
}
