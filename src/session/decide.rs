use alloc::vec::Vec;

use super::roll::{Roll, ended, judge};
use super::state::{ActivityState, OpenSession, RevocationState, SessionState};
use super::{AtCap, SessionPolicy, Standing};
use crate::clause;
use crate::event::{Code, Fact, Origin};
use crate::id::AccountId;
use crate::secret::TokenDigest;
use crate::store::{Next, Transition};
use crate::time::{KEPT_AFTER_END, Now, SKEW, Timestamp};

/// A session was opened.
pub const OPENED: Code = Code::internal("session.opened");
/// A session was ended; the detail `reason`, if there is one, says why it was not its bearer or an administrator.
pub const ENDED: Code = Code::internal("session.ended");
/// A session was idle for too long and is locked.
pub const LOCKED: Code = Code::internal("session.locked");
/// A session goes on under a new token; the old one is dead.
pub const ROTATED: Code = Code::internal("session.rotated");
/// A session was used from a network or over a transport that is refused: the first time for this reason.
pub const REFUSED: Code = Code::internal("session.refused");
/// All sessions of the tenant were ended.
pub const REVOKED_ALL: Code = Code::internal("session.revoked_all");

/// Reason: its lifetime is over.
pub const EXPIRED: Code = Code::internal("session.expired");
/// Reason: it was idle for too long.
pub const IDLE: Code = Code::internal("session.idle");
/// Reason: the password it was opened with has been replaced.
pub const SUPERSEDED: Code = Code::internal("session.superseded");
/// Reason: all sessions of the tenant were ended.
pub const REVOKED: Code = Code::internal("session.revoked");
/// Reason: the account opened one more than it may have.
pub const EVICTED: Code = Code::internal("session.evicted");
/// Reason: its bearer signed in to another account in its place.
pub const REPLACED: Code = Code::internal("session.replaced");
/// Reason of a refused sign-in: the account has as many sessions as it may.
pub const FULL: Code = Code::internal("session.full");

/// Every code of this module: of its events first, then the reasons in them.
pub const CODES: &[Code] = &[
    OPENED,
    ENDED,
    LOCKED,
    ROTATED,
    REFUSED,
    REVOKED_ALL,
    super::dormancy::NEAR,
    super::dormancy::DORMANT,
    super::dormancy::REACTIVATED,
    super::disabling::DISABLED,
    super::disabling::ENABLED,
    EXPIRED,
    IDLE,
    SUPERSEDED,
    REVOKED,
    EVICTED,
    REPLACED,
    FULL,
];

/// Whether a session is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must answer each, with no way round a new one")]
pub enum SessionOutcome {
    /// Alive.
    Active {
        /// Whose.
        account: AccountId,
        /// When it ends, whatever is done with it.
        expires_at: Timestamp,
    },
    /// Idle for too long: its bearer can do nothing but sign in again, with
    /// [`SignInRequest::with_session`](crate::sign_in::SignInRequest::with_session).
    Locked {
        /// Whose: to fill in the name on the form.
        account: AccountId,
    },
    /// Expired, ended, of an earlier password, or never known: all the same to the bearer.
    Dead,
}

/// What decides on an account's sessions beside its own record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say both")]
pub struct Validity {
    /// The generation of the account's present credential, `None` if it has none: sessions of any other are dead.
    pub generation: Option<u64>,
    /// [`RevocationState::generation`] of the tenant, 0 if its sessions were never ended: sessions of any other are dead.
    pub revocation: u64,
}

/// A session to be opened.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all of it")]
pub struct NewSession {
    /// The digest of its token.
    pub id: TokenDigest,
    /// From where.
    pub origin: Origin,
    /// The session that its bearer showed while signing in, if it is of the same account: the new one takes its place.
    pub replaces: Option<TokenDigest>,
}

/// What [`open`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: opened or not")]
pub enum OpenOutcome {
    /// Opened.
    Opened {
        /// When it ends.
        expires_at: Timestamp,
        /// Whether it took the place of the one that was shown.
        continues: bool,
    },
    /// The account has as many sessions as it may.
    Full,
}

/// Which sessions of an account are to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: one, the others, or all")]
pub enum Ending {
    /// This one.
    One(TokenDigest),
    /// All but this one.
    Others(TokenDigest),
    /// All.
    All,
}

/// Opens a session after a sign-in: lists it, and makes room as the policy says.
///
/// A session that was shown ends in the same breath, locked or not: from now on its token is dead. Together with
/// this, [`file()`] the record of the new token. Whether the account is [disabled](super::ActivityState::is_disabled) or
/// [dormant](super::standing) the caller asks before.
///
/// ```
/// use clausework::session::{AtCap, IdleLimit, NewSession, OpenOutcome, SessionPolicy, Validity, check, open};
/// use clausework::{session::SessionOutcome, store::Next};
/// # use clausework::event::{Origin, Transport};
/// # use clausework::{AccountId, secret::Token, session::SessionState};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// # let (anna, validity) = (AccountId::try_new("u-17")?, Validity { generation: Some(1), revocation: 0 });
/// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// # let id = Token::<SessionState>::mint(&mut clausework::entropy::OsEntropy)?.digest();
/// # let new = NewSession { id, origin, replaces: None };
/// # let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).cap(1, AtCap::Refuse).build()?;
///
/// // The policy allows one session, and refuses a second.
/// let (Next::Put(listed), opened, _) = open(None, now, &policy, &validity, &new).into_parts() else { panic!() };
/// assert!(matches!(opened, OpenOutcome::Opened { continues: false, .. }));
/// assert!(matches!(check(Some(listed.clone()), now, &policy, &validity, &anna, &id).outcome(), SessionOutcome::Active { .. }));
///
/// let id = Token::<SessionState>::mint(&mut clausework::entropy::OsEntropy)?.digest();
/// let second = NewSession { id, ..new };
/// assert_eq!(open(Some(listed.clone()), now, &policy, &validity, &second).outcome(), &OpenOutcome::Full);
/// let in_its_place = NewSession { replaces: Some(new.id), ..second };
/// let reopened = open(Some(listed), now, &policy, &validity, &in_its_place);
/// assert!(matches!(reopened.outcome(), OpenOutcome::Opened { continues: true, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open(
    state: Option<ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
    new: &NewSession,
) -> Transition<ActivityState, OpenOutcome> {
    let mut roll = Roll::new(state, now, policy, validity);
    let generation = validity.generation.unwrap_or_default();
    roll.sweep();
    if is_full(Some(&roll.state), now, policy, validity, new.replaces.as_ref()) {
        return roll.finish(OpenOutcome::Full);
    }
    let shown = new.replaces.and_then(|id| roll.state.position(&id)).map(|index| roll.state.sessions.remove(index));
    while roll.state.sessions.len() >= usize::from(policy.cap()) {
        // What is from the future is dead as it is: it gives way first.
        let rank = |session: &OpenSession| (judge(session, now, policy, validity).is_alive(), session.opened_at);
        let first = (0..).zip(&roll.state.sessions).min_by_key(|(_, session)| rank(session));
        let Some(first) = first.map(|(index, _)| index) else { break };
        let session = roll.state.sessions.remove(first);
        roll.facts.push(ended(&session, EVICTED));
    }
    if let Some(shown) = &shown {
        let fact = Fact::success(ROTATED).under(clause::E_5_10A).under(clause::A2_ACCESS_3);
        roll.facts.push(fact.with("opened_at", shown.opened_at).with("locked", shown.locked));
    }
    let (opened_at, expires_at) = (now.timestamp(), now.plus(policy.lifetime()));
    roll.state.sessions.push(OpenSession {
        id: new.id,
        generation,
        revocation: validity.revocation,
        origin: new.origin,
        opened_at,
        active_at: opened_at,
        expires_at,
        locked: false,
        refused: Vec::new(),
    });
    roll.state.used_at = Some(opened_at);
    // An exempt account signs in although it was found to be dormant: that stays noted until it is reactivated.
    roll.state.noted = roll.state.noted.filter(|noted| matches!(noted, Standing::Dormant { .. }));
    roll.finish(OpenOutcome::Opened { expires_at, continues: shown.is_some() })
}

/// Whether [`open`] refuses now: beside the one that is shown the account has as many sessions as it may, and none gives
/// way. One from the future does: a clock that ran ahead keeps nobody out for as long as it was ahead.
pub(crate) fn is_full(
    state: Option<&ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
    replaces: Option<&TokenDigest>,
) -> bool {
    let others = state.into_iter().flat_map(|state| list(state, now, policy, validity));
    let others = others.filter(|session| Some(&session.id) != replaces);
    policy.at_cap() == AtCap::Refuse && others.count() >= usize::from(policy.cap())
}

/// The record of a new token. It is collected a day after the session has expired.
///
/// ```
/// use clausework::AccountId;
/// use clausework::session::{blank, file};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let anna = AccountId::try_new("u-17")?;
/// let (Next::PutUntil { state, collect_after }, ..) = file(anna.clone(), now.timestamp()).into_parts() else { panic!() };
/// assert_eq!((state.account(), collect_after.since(now.timestamp()).as_secs()), (Some(&anna), 24 * 60 * 60));
///
/// // Ended, it says nobody's name any more.
/// let (Next::End { state, .. }, ..) = blank(now, ()).into_parts() else { panic!() };
/// assert_eq!(state.account(), None);
/// # Ok::<(), clausework::id::IdError>(())
/// ```
pub fn file(account: AccountId, expires_at: Timestamp) -> Transition<SessionState, ()> {
    let fact = Fact::success(OPENED).under(clause::E_5_10A).under(clause::E_5_10B).with("expires_at", expires_at);
    let state = SessionState::Open { account };
    Transition::put(state, ()).collect_after(expires_at.saturating_add(KEPT_AFTER_END)).with(fact)
}

/// Decides whether a session is alive. It is no use of it: nothing is written, unless it is found to be over or idle.
/// That is written at once, so that no clock that steps back brings it to life again.
///
/// Over from the instant of expiry on, and idle from the instant of its last use plus the limit on. A session from the
/// future (a clock that ran ahead, or stepped back since) is dead for as long as it is.
///
/// ```
/// use clausework::session::{IdleLimit, SessionOutcome, SessionPolicy, Validity, check};
/// use clausework::{AccountId, secret::{Token, TokenDigest}, session::SessionState, store::Next};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// let (anna, validity) = (AccountId::try_new("u-17")?, Validity { generation: Some(1), revocation: 0 });
/// let unknown = Token::<SessionState>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")?.digest();
/// let checked = check(None, now, &policy, &validity, &anna, &unknown);
/// assert_eq!((checked.next(), checked.outcome()), (&Next::Keep, &SessionOutcome::Dead)); // no such session
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(
    state: Option<ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
    account: &AccountId,
    id: &TokenDigest,
) -> Transition<ActivityState, SessionOutcome> {
    let mut roll = Roll::new(state, now, policy, validity);
    let outcome = roll.look(account, id);
    roll.finish(outcome)
}

/// As [`check`], for a request that is a use of the session: it puts off the idle limit.
///
/// Written only when the last use that was written is as old as [`touch_every`](SessionPolicy::touch_every). What has
/// ended meanwhile stays so: the use is decided anew on the record as it is.
///
/// ```
/// use core::time::Duration;
/// use clausework::session::{IdleLimit, NewSession, SessionOutcome, SessionPolicy, Validity, check, open, touch};
/// use clausework::store::Next;
/// # use clausework::event::{Origin, Transport};
/// # use clausework::{AccountId, secret::Token, session::SessionState};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// # let (anna, validity) = (AccountId::try_new("u-17")?, Validity { generation: Some(1), revocation: 0 });
/// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// # let id = Token::<SessionState>::mint(&mut clausework::entropy::OsEntropy)?.digest();
/// # let new = NewSession { id, origin, replaces: None };
///
/// // The policy ends what was idle for 15 minutes.
/// let after = |minutes: u64| clausework::Now::from(now.plus(Duration::from_secs(minutes * 60)));
/// let (Next::Put(opened), ..) = open(None, now, &policy, &validity, &new).into_parts() else { panic!() };
/// let (Next::Put(used), ..) = touch(Some(opened.clone()), after(14), &policy, &validity, &anna, &id).into_parts() else { panic!() };
/// let at_15 = |state| check(Some(state), after(15), &policy, &validity, &anna, &id).into_parts().1;
/// assert!(matches!(at_15(used), SessionOutcome::Active { .. }));
/// assert_eq!(at_15(opened), SessionOutcome::Dead); // not used in between
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn touch(
    state: Option<ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
    account: &AccountId,
    id: &TokenDigest,
) -> Transition<ActivityState, SessionOutcome> {
    let mut roll = Roll::new(state, now, policy, validity);
    let outcome = roll.look(account, id);
    if matches!(outcome, SessionOutcome::Active { .. })
        && let Some(session) = roll.state.sessions.iter_mut().find(|session| session.id == *id)
    {
        let due = now.timestamp() >= session.active_at.saturating_add(policy.touch_every());
        // A use in the future was written by a clock that is wrong, or was: it must not put off the limit for long.
        if due || session.active_at > now.plus(SKEW) {
            session.active_at = now.timestamp();
            roll.state.used_at = Some(now.timestamp());
        }
    }
    roll.finish(outcome)
}

/// Ends sessions of an account for good, and says how many. Ending what has ended, or never was, changes nothing.
///
/// ```
/// use clausework::session::{Ending, IdleLimit, NewSession, SessionOutcome, SessionPolicy, Validity, check, end, open};
/// use clausework::store::Next;
/// # use clausework::event::{Origin, Transport};
/// # use clausework::{AccountId, secret::Token, session::SessionState};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// # let (anna, validity) = (AccountId::try_new("u-17")?, Validity { generation: Some(1), revocation: 0 });
/// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// # let id = Token::<SessionState>::mint(&mut clausework::entropy::OsEntropy)?.digest();
/// # let new = NewSession { id, origin, replaces: None };
///
/// let (Next::Put(opened), ..) = open(None, now, &policy, &validity, &new).into_parts() else { panic!() };
/// let others = end(Some(opened.clone()), now, &policy, &validity, &Ending::Others(id));
/// assert_eq!(others.outcome(), &0); // it is the only one
/// let (Next::Put(ended), 1, _) = end(Some(opened), now, &policy, &validity, &Ending::One(id)).into_parts() else { panic!() };
/// assert_eq!(check(Some(ended), now, &policy, &validity, &anna, &id).outcome(), &SessionOutcome::Dead);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn end(
    state: Option<ActivityState>,
    now: Now,
    policy: &SessionPolicy,
    validity: &Validity,
    ending: &Ending,
) -> Transition<ActivityState, usize> {
    let mut roll = Roll::new(state, now, policy, validity);
    let goes = |session: &OpenSession| match ending {
        Ending::One(id) => session.id == *id,
        Ending::Others(id) => session.id != *id,
        Ending::All => true,
    };
    let (over, stay): (Vec<_>, Vec<_>) = core::mem::take(&mut roll.state.sessions).into_iter().partition(goes);
    roll.state.sessions = stay;
    for session in &over {
        let fact = Fact::success(ENDED).under(clause::A2_ACCESS_5).with("opened_at", session.opened_at);
        roll.facts.push(fact);
    }
    if !matches!(ending, Ending::One(_)) {
        roll.state.ended_at = roll.state.ended_at.max(Some(now.timestamp()));
    }
    roll.finish(over.len())
}

/// Blanks the record of a token whose session has ended.
///
/// ```
/// use clausework::session::{SessionState, blank};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let ended = blank(now, "signed out");
/// assert_eq!(ended.outcome(), &"signed out");
/// let Next::End { state, collect_after } = ended.into_parts().0 else { panic!() };
/// assert!(state.account().is_none() && collect_after > now.timestamp()); // nothing of its bearer is left
/// ```
pub fn blank<O>(now: Now, outcome: O) -> Transition<SessionState, O> {
    Transition::new(Next::End { state: SessionState::Ended, collect_after: now.plus(KEPT_AFTER_END) }, outcome)
}

/// The sessions of an account that are alive, or locked, in the order of their opening: for its own page.
///
/// ```
/// use clausework::session::{IdleLimit, NewSession, SessionPolicy, Validity, list, open};
/// use clausework::store::Next;
/// # use clausework::event::{Origin, Transport};
/// # use clausework::{AccountId, secret::Token, session::SessionState};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::End { after_secs: 900 }).build()?;
/// # let (anna, validity) = (AccountId::try_new("u-17")?, Validity { generation: Some(1), revocation: 0 });
/// # let origin = Origin::network("198.51.100.7".parse()?, Transport::Tls);
/// # let id = Token::<SessionState>::mint(&mut clausework::entropy::OsEntropy)?.digest();
/// # let new = NewSession { id, origin, replaces: None };
///
/// let (Next::Put(opened), ..) = open(None, now, &policy, &validity, &new).into_parts() else { panic!() };
/// assert_eq!(list(&opened, now, &policy, &validity).map(|session| session.id()).collect::<Vec<_>>(), [id]);
/// let changed = Validity { generation: Some(2), ..validity }; // the password
/// assert_eq!(list(&opened, now, &policy, &changed).count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn list<'a>(
    state: &'a ActivityState,
    now: Now,
    policy: &'a SessionPolicy,
    validity: &'a Validity,
) -> impl Iterator<Item = &'a OpenSession> {
    state.sessions.iter().filter(move |session| judge(session, now, policy, validity).is_alive())
}

/// Ends all sessions of the tenant that were opened before this: for a suspected break-in. Says its generation.
///
/// No clock decides: a session carries the generation it was opened under, so one whose opening a clock that ran ahead
/// has dated later ends too, and one opened after this lives, whatever clock made this.
///
/// ```
/// use clausework::session::revoke_all;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert_eq!(revoke_all(None, now).outcome(), &1); // what is alive carries 0, and is dead
/// ```
pub fn revoke_all(state: Option<&RevocationState>, now: Now) -> Transition<RevocationState, u64> {
    // Wrapping: no number that was reached stays as it is, not even the largest.
    let generation = state.map_or(0, RevocationState::generation).wrapping_add(1);
    let fact = Fact::success(REVOKED_ALL).under(clause::A2_ACCESS_5).with("generation", generation);
    Transition::put(RevocationState { revoked_at: now.timestamp(), generation }, generation).with(fact)
}
