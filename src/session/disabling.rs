use alloc::vec::Vec;

use super::ENDED;
use super::state::{ActivityState, OpenSession};
use crate::clause;
use crate::event::{Code, Fact};
use crate::store::{Next, Transition};
use crate::time::Now;

/// An administrator disabled the account; also the reason why its sessions ended, and of what is refused from then on.
pub const DISABLED: Code = Code::internal("session.disabled");
/// An administrator enabled the account again.
pub const ENABLED: Code = Code::internal("session.enabled");

/// Disables an account, by an administrator, and ends all its sessions. No password opens it, neither a temporary one
/// nor a new one, until [`enable`]. Disabling it twice changes nothing.
///
/// ```
/// use clausework::session::{ActivityState, disable, enable};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (Next::Put(disabled), (), facts) = disable(None, now).into_parts() else { panic!() };
/// assert!(disabled.is_disabled());
/// assert_eq!(facts[0].code().as_str(), "session.disabled");
/// assert_eq!(disable(Some(disabled.clone()), now).next(), &Next::Keep);
///
/// let (Next::Put(enabled), ..) = enable(Some(disabled)).into_parts() else { panic!() };
/// assert!(!enabled.is_disabled());
/// assert_eq!(enable(None).next(), &Next::Keep); // never was
/// ```
pub fn disable(state: Option<ActivityState>, now: Now) -> Transition<ActivityState, ()> {
    let mut state = state.unwrap_or_default();
    if state.disabled_at.is_some() {
        return Transition::keep(());
    }
    let ended = |session: OpenSession| {
        let fact = Fact::success(ENDED).under(clause::A2_ACCESS_5).with("reason", DISABLED);
        fact.with("opened_at", session.opened_at)
    };
    let facts: Vec<Fact> = core::mem::take(&mut state.sessions).into_iter().map(ended).collect();
    state.disabled_at = Some(now.timestamp());
    state.disablings = state.disablings.wrapping_add(1);
    state.ended_at = state.ended_at.max(Some(now.timestamp()));
    Transition::put(state, ()).with(Fact::success(DISABLED).under(clause::A2_ACCESS_5)).with_all(facts)
}

/// Enables an account again, by an administrator. Its ended sessions stay ended; a lock, and a dormancy, are as they
/// were.
///
/// ```
/// use clausework::session::{disable, enable};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (Next::Put(disabled), ..) = disable(None, now).into_parts() else { panic!() };
/// let (Next::Put(enabled), ..) = enable(Some(disabled)).into_parts() else { panic!() };
/// assert_eq!((enabled.is_disabled(), enabled.disablings()), (false, 1)); // what was permitted before stays dead
/// ```
pub fn enable(state: Option<ActivityState>) -> Transition<ActivityState, ()> {
    match state {
        Some(state) if state.disabled_at.is_some() => {
            let next = Next::Put(ActivityState { disabled_at: None, ..state });
            Transition::new(next, ()).with(Fact::success(ENABLED).under(clause::A2_ACCESS_5))
        }
        _ => Transition::keep(()),
    }
}
