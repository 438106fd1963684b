use super::{
    ActivityState, ENDED, EXPIRED, IDLE, REVOKED, SUPERSEDED, SessionOutcome, SessionPolicy, SessionState, Validity,
    blank,
};
use crate::clause;
use crate::event::Fact;
use crate::store::Transition;
use crate::time::{Now, SKEW, Timestamp};

/// Decides on a session that version 1 of the record opened and no list has: good until its lifetime is over or it
/// is idle, counted from its opening, and dead once all sessions of the account or of the tenant were ended.
///
/// ```
/// use core::time::Duration;
/// use clausework::session::{IdleLimit, SessionOutcome, SessionPolicy, SessionState, Validity, check_unlisted};
/// use clausework::store::Record;
/// use clausework::{Now, Timestamp};
///
/// let stored = r#"{"open":{"account":"u-17","generation":1,"opened_at":"2026-11-22T09:30:00.000000Z","expires_at":"2026-11-22T17:30:00.000000Z"}}"#;
/// let session = SessionState::upgrade(1, stored).ok_or("not of version 1")?;
/// let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// let opened: Timestamp = serde_json::from_str(r#""2026-11-22T09:30:00.000000Z""#)?;
/// let at = |minute: u64| Now::from(opened.saturating_add(Duration::from_secs(minute * 60)));
///
/// let look = |now, validity| check_unlisted(&session, None, now, &policy, &validity).into_parts().1;
/// let present = Validity { generation: Some(1), revocation: 0 };
/// assert!(matches!(look(at(14), present), SessionOutcome::Active { .. }));
/// assert_eq!(look(at(15), present), SessionOutcome::Dead); // idle since its opening
/// assert_eq!(look(at(14), Validity { generation: Some(2), ..present }), SessionOutcome::Dead); // another password since
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_unlisted(
    session: &SessionState,
    activity: Option<&ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
) -> Transition<SessionState, SessionOutcome> {
    let SessionState::Unlisted { account, generation, opened_at, expires_at } = session else {
        return Transition::keep(SessionOutcome::Dead);
    };
    let expires_at = policy.ends_at(*opened_at, *expires_at);
    let idle_at = policy.idle_after().map_or(Timestamp::MAX, |idle| opened_at.saturating_add(idle));
    let ended = activity.and_then(|activity| activity.ended_at);
    let why = if Some(*generation) != validity.generation {
        SUPERSEDED
    } else if validity.revocation != 0 || ended.is_some_and(|ended| *opened_at <= ended) {
        REVOKED
    } else if now.timestamp() >= expires_at {
        EXPIRED
    } else if now.timestamp() >= idle_at {
        IDLE
    } else if *opened_at > now.plus(SKEW) {
        return Transition::keep(SessionOutcome::Dead);
    } else {
        return Transition::keep(SessionOutcome::Active { account: account.clone(), expires_at });
    };
    let fact = Fact::success(ENDED).under(clause::E_5_10B).with("reason", why).with("opened_at", *opened_at);
    blank(now, SessionOutcome::Dead).with(fact)
}
