use alloc::vec::Vec;
use core::time::Duration;

use super::state::Lock;
use super::{LockoutPolicy, LockoutState, Mark, Repeats, Reservation};
use crate::clause;
use crate::event::{Code, Fact};
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

/// The failure that reaches the limit: the account is locked from now on.
pub const LOCKED: Code = Code::internal("lockout.locked");
/// A lock was served: the account is open again, with a fresh window.
pub const OPENED: Code = Code::internal("lockout.opened");
/// An attempt was never settled; it counts as a failure at the end of its lease.
pub const LAPSED: Code = Code::internal("lockout.lapsed");
/// The cap of failures in a row is reached: disabled until a new password is issued, or an administrator steps in.
pub const DISABLED: Code = Code::internal("lockout.disabled");
/// An administrator opened the account.
pub const UNLOCKED: Code = Code::internal("lockout.unlocked");
/// A new password took the place of the one that was guessed at: the count is over, and what was closed is open.
pub const REBOUND: Code = Code::internal("lockout.rebound");
/// The end of a lock lies further ahead than a lock is long: some clock is wrong. The lock is bounded.
pub const BOUNDED: Code = Code::internal("lockout.bounded");

/// Every code of this module.
pub const CODES: &[Code] = &[LOCKED, OPENED, LAPSED, DISABLED, UNLOCKED, REBOUND, BOUNDED, super::GAP];

/// What [`begin`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum BeginOutcome {
    /// The attempt is reserved: verify, then settle.
    Reserved(Reservation),
    /// Locked until then. The host still runs a decoy, so that the time tells nothing.
    Locked {
        /// When the lock opens.
        until: Timestamp,
    },
    /// Disabled until an administrator steps in. The host still runs a decoy.
    Disabled,
    /// As many attempts are under way as may still fail. Not a lock: come back.
    Busy {
        /// When the first of them lapses at the latest.
        retry_after: Duration,
    },
}

/// What [`settle`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: accepted or not")]
pub enum SettleOutcome {
    /// The password matched and nothing stands against it.
    Accepted,
    /// Not let in: wrong, or locked meanwhile.
    Refused,
}

/// Reserves an attempt before the password is verified.
///
/// `None` is an account that was never seen. Opens exactly at lock + length; an attempt while locked
/// never moves the lock.
///
/// ```
/// use core::time::Duration;
/// use clausework::lockout::{BeginOutcome, LockoutPolicy, SettleOutcome, begin, settle};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let policy = LockoutPolicy::default();
/// let mut state = None;
/// for _ in 0..3 {
///     // In a host, each of the two transitions is committed before the next step.
///     let (Next::Put(reserved), BeginOutcome::Reserved(attempt), _) = begin(state, now, &policy).into_parts() else { panic!() };
///     let (Next::Put(settled), SettleOutcome::Refused, _) = settle(Some(reserved), now, &policy, &attempt, false).into_parts() else { panic!() };
///     state = Some(settled);
/// }
/// let until = now.plus(Duration::from_secs(15 * 60));
/// assert_eq!(begin(state, now, &policy).outcome(), &BeginOutcome::Locked { until });
/// ```
pub fn begin(state: Option<LockoutState>, now: Now, policy: &LockoutPolicy) -> Transition<LockoutState, BeginOutcome> {
    let mut roll = Roll::new(state, now, policy);
    roll.bound();
    let outcome = match roll.state.lock {
        Lock::Disabled => BeginOutcome::Disabled,
        Lock::Until(until) => BeginOutcome::Locked { until: roll.opens(until) },
        Lock::Open => match roll.room() {
            // The policy was tightened below what has already failed. Anything but a lock would be busy for ever.
            0 => roll.close(now.timestamp()),
            room if roll.state.reserved.len() >= room => {
                let first = roll.state.reserved.iter().min().copied().unwrap_or(now.timestamp());
                BeginOutcome::Busy { retry_after: first.since(now.timestamp()) }
            }
            _ => {
                let deadline = now.plus(policy.lease());
                roll.state.reserved.push(deadline);
                BeginOutcome::Reserved(Reservation::until(deadline))
            }
        },
    };
    roll.finish(outcome)
}

/// Settles a reserved attempt with what the verification found. Taken by reference, so that a
/// decision that runs again settles the same attempt.
///
/// ```
/// use clausework::lockout::{BeginOutcome, LockoutPolicy, SettleOutcome, begin, settle};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let policy = LockoutPolicy::default();
/// let (Next::Put(reserved), BeginOutcome::Reserved(attempt), _) = begin(None, now, &policy).into_parts() else { panic!() };
/// let settled = |matched| settle(Some(reserved.clone()), now, &policy, &attempt, matched).into_parts();
///
/// let (Next::Put(wrong), SettleOutcome::Refused, _) = settled(false) else { panic!() };
/// assert_eq!((wrong.failures(), wrong.reserved()), (1, 0));
/// let (Next::Put(right), SettleOutcome::Accepted, _) = settled(true) else { panic!() };
/// assert_eq!((right.failures(), right.reserved()), (0, 0));
/// ```
pub fn settle(
    state: Option<LockoutState>,
    now: Now,
    policy: &LockoutPolicy,
    attempt: &Reservation,
    matched: bool,
) -> Transition<LockoutState, SettleOutcome> {
    let mut roll = Roll::new(state, now, policy);
    let live = roll.release(attempt);
    if roll.state.lock != Lock::Open {
        // A lock is never erased, not even by the right password; a wrong one only counts for the cap.
        if live && !matched && !roll.repeats(attempt.guess) {
            roll.state.run = roll.state.run.saturating_add(1);
            roll.disable_at_cap();
        }
        return roll.finish(SettleOutcome::Refused);
    }
    if matched {
        // Live or late. A success proves who is there: all other attempts are refunded.
        (roll.state.failures, roll.state.run) = (0, 0);
        roll.state.reserved.clear();
        roll.state.guesses.clear();
        // Written even if nothing changes (a success before this one refunded it): whoever is let in is let in on
        // the record as it is at the commit, not as it was when it was loaded.
        return Transition::put(roll.state, SettleOutcome::Accepted).with_all(roll.facts);
    }
    // Gone before its deadline: a success refunded it, so it is charged now.
    // Gone at or after it: it was charged when it lapsed.
    if (live || now.timestamp() < attempt.deadline) && !roll.repeats(attempt.guess) {
        roll.charge(now.timestamp());
    }
    roll.finish(SettleOutcome::Refused)
}

/// Settles an attempt that matched where that proves nothing, as for a source that tries many accounts: refused if
/// locked meanwhile, else given back, and no failure is forgotten.
///
/// ```
/// use clausework::lockout::{BeginOutcome, LockoutPolicy, SettleOutcome, begin, pass, settle};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// // The record of a source, which has failed at another account before.
/// let policy = LockoutPolicy::default();
/// let reserve = |state| match begin(state, now, &policy).into_parts() {
///     (Next::Put(state), BeginOutcome::Reserved(attempt), _) => (Some(state), attempt),
///     other => panic!("{other:?}"),
/// };
/// let (state, attempt) = reserve(None);
/// let Next::Put(state) = settle(state, now, &policy, &attempt, false).into_parts().0 else { panic!() };
///
/// // A success there is let in, and its failures stay; `settle` would have forgotten them.
/// let (state, attempt) = reserve(Some(state));
/// let (Next::Put(passed), SettleOutcome::Accepted, _) = pass(state.clone(), now, &policy, &attempt).into_parts() else { panic!() };
/// let (Next::Put(settled), ..) = settle(state, now, &policy, &attempt, true).into_parts() else { panic!() };
/// assert_eq!((passed.failures(), passed.reserved(), settled.failures()), (1, 0, 0));
/// ```
pub fn pass(
    state: Option<LockoutState>,
    now: Now,
    policy: &LockoutPolicy,
    attempt: &Reservation,
) -> Transition<LockoutState, SettleOutcome> {
    let mut roll = Roll::new(state, now, policy);
    roll.release(attempt);
    match roll.state.lock {
        // Written even if nothing changes, as in `settle`.
        Lock::Open => Transition::put(roll.state, SettleOutcome::Accepted).with_all(roll.facts),
        Lock::Until(_) | Lock::Disabled => roll.finish(SettleOutcome::Refused),
    }
}

/// Gives a reservation back uncharged, because the hash never ran: the hasher was overloaded, or failed.
///
/// ```
/// use clausework::lockout::{BeginOutcome, LockoutPolicy, LockoutState, begin, cancel};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let policy = LockoutPolicy::default();
/// let (Next::Put(reserved), BeginOutcome::Reserved(attempt), _) = begin(None, now, &policy).into_parts() else { panic!() };
/// assert_eq!(cancel(Some(reserved), now, &policy, &attempt).next(), &Next::Put(LockoutState::default()));
/// ```
pub fn cancel(
    state: Option<LockoutState>,
    now: Now,
    policy: &LockoutPolicy,
    attempt: &Reservation,
) -> Transition<LockoutState, ()> {
    let mut roll = Roll::new(state, now, policy);
    roll.release(attempt);
    roll.finish(())
}

/// Whether an account is locked or disabled now: for what else must honour a lock, and charges nothing.
///
/// ```
/// use clausework::lockout::{LockoutPolicy, is_closed};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert!(!is_closed(None, now, &LockoutPolicy::default())); // never seen
/// ```
#[must_use]
pub fn is_closed(state: Option<LockoutState>, now: Now, policy: &LockoutPolicy) -> bool {
    Roll::new(state, now, policy).state.lock != Lock::Open
}

/// Opens a locked or disabled account at once, by an administrator. The count starts anew; attempts under
/// way go on. Nothing changes for an account that has no failures.
///
/// ```
/// use clausework::lockout::{LockoutPolicy, unlock};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert_eq!(unlock(None, now, &LockoutPolicy::default()).next(), &Next::Keep); // nothing to open
/// ```
pub fn unlock(state: Option<LockoutState>, now: Now, policy: &LockoutPolicy) -> Transition<LockoutState, ()> {
    open(state, now, policy, UNLOCKED)
}

/// Opens an account whose password has been replaced, by the issue of another or by its bearer's change: what was
/// guessed at is gone. Nothing changes for an account that has no failures; attempts under way go on.
///
/// ```
/// use clausework::lockout::{self, LockoutPolicy};
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// assert_eq!(lockout::rebind(None, now, &LockoutPolicy::default()).next(), &Next::Keep); // nothing to open
/// ```
pub fn rebind(state: Option<LockoutState>, now: Now, policy: &LockoutPolicy) -> Transition<LockoutState, ()> {
    open(state, now, policy, REBOUND)
}

fn open(state: Option<LockoutState>, now: Now, policy: &LockoutPolicy, why: Code) -> Transition<LockoutState, ()> {
    let Some(state) = state else { return Transition::keep(()) };
    let mut roll = Roll::new(Some(state), now, policy);
    if roll.state.lock != Lock::Open || roll.state.run > 0 {
        roll.facts.push(Fact::success(why).under(clause::A2_ACCESS_4).with("run", roll.state.run));
        let reserved = core::mem::take(&mut roll.state.reserved);
        roll.state = LockoutState { reserved, ..LockoutState::default() };
    }
    roll.finish(())
}

/// The state brought up to now, with what happened on the way. Opens every decision.
struct Roll<'a> {
    policy: &'a LockoutPolicy,
    now: Now,
    before: Option<LockoutState>,
    state: LockoutState,
    facts: Vec<Fact>,
}

impl<'a> Roll<'a> {
    fn new(before: Option<LockoutState>, now: Now, policy: &'a LockoutPolicy) -> Self {
        let state = before.clone().unwrap_or_default();
        let mut roll = Self { policy, now, before, state, facts: Vec::new() };
        let mut lapsed: Vec<Timestamp> = Vec::new();
        roll.state.reserved.retain(|deadline| {
            let live = now.timestamp() < *deadline;
            if !live {
                lapsed.push(*deadline);
            }
            live
        });
        lapsed.sort_unstable();
        for deadline in lapsed {
            roll.open_if_served(deadline);
            roll.facts.push(Fact::failure(LAPSED).under(clause::E_6P_3).with("deadline", deadline));
            roll.charge(deadline);
        }
        roll.open_if_served(now.timestamp());
        roll
    }

    /// The furthest that something of this length can lie ahead, if no clock is wrong.
    fn reach(&self, length: Duration) -> Timestamp {
        self.now.plus(length.saturating_add(self.policy.skew()))
    }

    /// When a lock opens: at its end, or, while that lies beyond reach, where [`bound`](Roll::bound) has put it.
    fn opens(&self, until: Timestamp) -> Timestamp {
        if until <= self.reach(self.policy.lock_after(self.state.run)) {
            until
        } else {
            self.state.bounded.unwrap_or(until)
        }
    }

    /// Bounds what a clock that ran ahead has stored: it costs one period, not ten years.
    ///
    /// The end of a lock stays beside its bound, since it may be the present clock that is wrong: a node whose
    /// clock is behind must not open what the others hold closed. Attempts under way are cut down for good;
    /// at worst they lapse early, as failures. For [`begin`] alone: a host may settle with the reading of its
    /// clock from before the hash.
    fn bound(&mut self) {
        let (lock, lease) = (self.reach(self.policy.lock_after(self.state.run)), self.reach(self.policy.lease()));
        if let Lock::Until(until) = self.state.lock
            && until > lock
            && self.state.bounded.is_none()
        {
            self.state.bounded = Some(lock);
            self.facts.push(Fact::failure(BOUNDED).under(clause::E_6P_3).with("until", until).with("bounded", lock));
        }
        for deadline in &mut self.state.reserved {
            *deadline = (*deadline).min(lease);
        }
    }

    fn open_if_served(&mut self, at: Timestamp) {
        // A lock whose end could not be counted to (the clock stands at the end of time) holds until the clock is right.
        if let Lock::Until(until) = self.state.lock
            && self.opens(until) <= at
            && self.opens(until) < Timestamp::MAX
        {
            self.facts.push(Fact::success(OPENED).under(clause::E_6P_3).with("until", self.opens(until)));
            self.state.lock = Lock::Open;
            self.state.bounded = None;
            self.state.failures = 0;
            self.state.guesses.clear();
        }
    }

    fn charge(&mut self, at: Timestamp) {
        self.state.failures = self.state.failures.saturating_add(1);
        self.state.run = self.state.run.saturating_add(1);
        let open = self.state.lock == Lock::Open;
        let due = self.state.failures >= self.policy.limit() || self.policy.reaches_tier(self.state.run);
        if !self.disable_at_cap() && open && due {
            self.lock(at);
        }
    }

    /// Whether this guess was counted before and costs nothing now; if not, it is remembered as counted.
    fn repeats(&mut self, guess: Option<Mark>) -> bool {
        let Some(guess) = guess.filter(|_| self.policy.repeats() == Repeats::Free) else { return false };
        if self.state.guesses.contains(&guess) {
            return true;
        }
        // No window has more failures than the limit, so this forgets only what a looser policy left.
        let excess = self.state.guesses.len().saturating_add(1).saturating_sub(LockoutPolicy::MAX_LIMIT as usize);
        self.state.guesses.drain(..excess);
        self.state.guesses.push(guess);
        false
    }

    fn lock(&mut self, at: Timestamp) -> Timestamp {
        let until = at.saturating_add(self.policy.lock_after(self.state.run));
        self.state.lock = Lock::Until(until);
        self.state.bounded = None;
        let fact = Fact::failure(LOCKED).under(clause::E_6P_3).under(clause::A2_ACCESS_4);
        self.facts.push(fact.with("failures", self.state.failures).with("until", until));
        until
    }

    fn disable_at_cap(&mut self) -> bool {
        let reached = self.policy.cap().is_some_and(|cap| self.state.run >= cap);
        if reached && self.state.lock != Lock::Disabled {
            self.state.lock = Lock::Disabled;
            self.state.bounded = None;
            self.facts.push(Fact::failure(DISABLED).under(clause::A2_ACCESS_4).with("run", self.state.run));
        }
        reached
    }

    fn close(&mut self, at: Timestamp) -> BeginOutcome {
        if self.disable_at_cap() { BeginOutcome::Disabled } else { BeginOutcome::Locked { until: self.lock(at) } }
    }

    /// How many more attempts may fail before the account is locked or disabled.
    fn room(&self) -> usize {
        self.policy.room(self.state.failures, self.state.run) as usize
    }

    /// Takes the reservation out, and says whether it was there.
    fn release(&mut self, attempt: &Reservation) -> bool {
        let found = self.state.reserved.iter().position(|deadline| *deadline == attempt.deadline);
        if let Some(index) = found {
            self.state.reserved.swap_remove(index);
        }
        found.is_some()
    }

    fn finish<O>(self, outcome: O) -> Transition<LockoutState, O> {
        let unchanged = self.before.as_ref() == Some(&self.state);
        let next = if unchanged { Next::Keep } else { Next::Put(self.state) };
        Transition::new(next, outcome).with_all(self.facts)
    }
}
