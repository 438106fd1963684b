use super::roll::{Roll, judge};
use super::{ActivityState, REFUSED, SessionPolicy, Validity};
use crate::access::{AccessUse, Refusal};
use crate::secret::TokenDigest;
use crate::store::Transition;
use crate::time::Now;

/// Notes that a living session was used from where it may not be: once a session and reason. It is not ended by it.
///
/// ```
/// use clausework::access::Refusal;
/// use clausework::session::{IdleLimit, NewSession, SessionPolicy, Validity, open, refuse};
/// use clausework::store::Next;
/// # use clausework::event::{Origin, Transport};
/// # use clausework::{AccountId, secret::Token, session::SessionState};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// # let validity = Validity { generation: Some(1), revocation: 0 };
/// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// # let id = Token::<SessionState>::mint(&mut clausework::entropy::OsEntropy)?.digest();
/// # let new = NewSession { id, origin, replaces: None };
///
/// let (Next::Put(opened), ..) = open(None, now, &policy, &validity, &new).into_parts() else { panic!() };
/// let plain = [Refusal::PlainTransport];
/// let (Next::Put(noted), (), facts) = refuse(Some(opened), now, &policy, &validity, &id, &plain).into_parts() else { panic!() };
/// assert_eq!(facts.len(), 1);
/// assert_eq!(refuse(Some(noted), now, &policy, &validity, &id, &plain).next(), &Next::Keep); // no news
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn refuse(
    state: Option<ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
    id: &TokenDigest,
    refusals: &[Refusal],
) -> Transition<ActivityState, ()> {
    let mut roll = Roll::new(state, now, policy, validity);
    if let Some(index) = roll.state.position(id)
        && let Some(session) = roll.state.sessions.get_mut(index)
        && judge(session, now, policy, validity).is_alive()
    {
        for refusal in refusals {
            let code = refusal.code();
            if !session.refused.iter().any(|known| known == code.as_str()) {
                session.refused.push(code.as_str().into());
                let fact = refusal.fact(REFUSED, AccessUse::SessionUse);
                roll.facts.push(fact.with("opened_at", session.opened_at));
            }
        }
    }
    roll.finish(())
}
