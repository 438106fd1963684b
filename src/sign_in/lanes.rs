use alloc::format;
use alloc::vec::Vec;
use core::time::Duration;

use super::attempt::{Attempt, Subject};
use super::{Fault, SignIn};
use crate::event::{Fact, Origin, Provenance};
use crate::id::AccountId;
use crate::lockout::{
    self, BeginOutcome, DenialPolicy, DenialState, Factor, FamiliarState, LockoutPolicy, LockoutState, Mark, Repeats,
    Reservation, SettleOutcome, is_familiar, remember,
};
use crate::secret::Secret;
use crate::store::{Change, Decision, DecodeError, Key, KeyId, Record, Rows, Store, Transition, update};
use crate::time::Now;

/// How long the lock record of whatever anybody types, or comes from, is kept after it was last written; longer if
/// a lock is longer.
const KEPT: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// One of the records that an attempt is charged to.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) key: Key,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// One account, from wherever; or only from strange sources, if the familiar ones have a lane.
    Account,
    Familiar,
    AccountSource,
    Source,
    Sourceless,
}

/// A lane with what was reserved there.
pub(super) struct Charged {
    lane: Lane,
    reservation: Reservation,
}

/// How an attempt ends for the lanes it was charged to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Matched,
    Wrong,
    /// The hash never ran, or what it showed is void: nothing was tried.
    Void,
}

/// The lanes of an attempt, the list that says whether its source is familiar, and the count of denials.
pub(super) struct Lanes {
    pub(super) lanes: Vec<Lane>,
    pub(super) familiar: Option<(Key, Mark)>,
    pub(super) denials: Option<Key>,
}

impl SignIn<'_> {
    /// Every lane an attempt may be charged to: the same number for every name.
    pub(super) fn lanes(&self, account: Option<&AccountId>, name: Option<Mark>, origin: Origin) -> Lanes {
        let (policy, tenant) = (self.policy.lanes(), self.tenant);
        let source = policy.prefix(origin);
        let mark = |purpose, of: &[u8]| {
            let source = source.as_ref().map_or(&[][..], |source| source);
            Mark::of(self.keyring, purpose, &[tenant.as_str().as_bytes(), of, source])
        };
        let lane = |what, id| Lane { key: Key::of::<LockoutState>(tenant.clone(), id), what };
        // Names without an account share so many records, whatever anybody types.
        let shared = |kind: &str, mark: Option<Mark>| {
            let number = mark.map_or(0, |mark| mark.below(policy.unknown_names()));
            KeyId::own(&format!("{kind}-{number:x}"))
        };
        let own = |factor_mark, kind| match account {
            Some(account) => KeyId::with_mark(account, factor_mark),
            None => shared(kind, name),
        };
        let who = match (account, &name) {
            (Some(account), _) => account.as_str().as_bytes(),
            (None, Some(name)) => name.as_bytes(),
            (None, None) => &[],
        };
        let mut lanes = Vec::from([lane(What::Account, own("", "name"))]);
        let mut familiar = None;
        if policy.familiar().is_some() {
            lanes.push(lane(What::Familiar, own("~familiar", "familiar")));
            familiar = Some((Key::of::<FamiliarState>(tenant.clone(), own("", "name")), mark("familiar-source", who)));
        }
        if policy.account_source().is_some() {
            let pair = mark("account-source", who);
            let id = match account {
                Some(_) => KeyId::own(&format!("pair-{}", pair.to_text())),
                None => shared("pair", Some(pair)),
            };
            lanes.push(lane(What::AccountSource, id));
        }
        if policy.source().is_some() {
            let what = if source.is_some() { What::Source } else { What::Sourceless };
            lanes.push(lane(what, KeyId::own(&format!("from-{}", mark("source", &[]).to_text()))));
        }
        let denials = self.policy.denials().map(|_| {
            let number = mark("denied-source", &[]).below(DenialPolicy::RECORDS);
            self.denials_key(number)
        });
        Lanes { lanes, familiar, denials }
    }

    fn denials_key(&self, number: u128) -> Key {
        Key::of::<DenialState>(self.tenant.clone(), KeyId::own(&format!("denied-{number:x}")))
    }

    /// Notes why an attempt is denied, or only counts it, once there are too many from its source.
    pub(super) fn deny(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        now: Now,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Result<(), DecodeError> {
        if let (Some(policy), Some(key)) = (self.policy.denials(), &subject.denials)
            && !change.apply(key, lockout::deny(change.rows().read(key)?, now, policy))?
        {
            return Ok(());
        }
        facts.into_iter().for_each(|fact| change.note(&subject.credential, fact));
        Ok(())
    }

    /// Whether a denial would now only be counted.
    pub(super) fn denies_quietly(&self, rows: &Rows, subject: &Subject, now: Now) -> Result<bool, DecodeError> {
        let (Some(policy), Some(key)) = (self.policy.denials(), &subject.denials) else { return Ok(false) };
        Ok(lockout::is_full(rows.read(key)?.as_ref(), now, policy))
    }

    /// Records as gaps what [`DenialPolicy`] has only counted so far, of every source: for a job, now and then, and
    /// before evidence is taken. It looks at [`DenialPolicy::RECORDS`] records.
    ///
    /// # Errors
    /// [`Fault`]; the counts that were not recorded stay.
    pub fn close_gaps<S: Store>(&self, mut store: S, now: Now, by: &Provenance) -> Result<(), Fault> {
        self.gap_keys().try_for_each(|key| Ok(update(&mut store, [key], |rows| self.settle_gaps(rows, now, by))?))
    }

    /// The records that [`settle_gaps`](SignIn::settle_gaps) decides on, [`DenialPolicy::RECORDS`] of them: one at a
    /// time, or as many at once as the store likes.
    pub fn gap_keys(&self) -> impl Iterator<Item = Key> {
        (0..DenialPolicy::RECORDS).map(|number| self.denials_key(number.into()))
    }

    /// As [`close_gaps`](SignIn::close_gaps), for those of [`gap_keys`](SignIn::gap_keys) that were loaded. Pure;
    /// commit what it decides.
    ///
    /// # Errors
    /// [`DecodeError`] when a stored record cannot be read.
    pub fn settle_gaps(&self, rows: &Rows, now: Now, by: &Provenance) -> Result<Decision<()>, DecodeError> {
        let mut change = Change::new(rows, now, by);
        for key in rows.keys().filter(|key| key.kind() == DenialState::KIND) {
            change.apply(key, lockout::close(rows.read(key)?))?;
        }
        Ok(change.finish(()))
    }

    fn lane_policy(&self, lane: &Lane) -> &LockoutPolicy {
        let lanes = self.policy.lanes();
        let policy = match lane.what {
            What::Account => None,
            What::Familiar => lanes.familiar().map(|familiar| &familiar.lockout),
            What::AccountSource => lanes.account_source(),
            What::Source => lanes.source(),
            What::Sourceless => Some(lanes.sourceless()),
        };
        policy.unwrap_or(self.policy.lockout())
    }

    /// Reserves in every lane the attempt is to be charged to, or in none: then the most restrictive answer.
    pub(super) fn reserve(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        now: Now,
    ) -> Result<Result<Vec<Charged>, BeginOutcome>, DecodeError> {
        let familiar = self.is_familiar(change.rows(), subject, now)?;
        let mut begun = Vec::new();
        for lane in &subject.lanes {
            let other = if familiar { What::Account } else { What::Familiar };
            if lane.what != other {
                let state = subject.state(change.rows(), lane)?;
                begun.push((lane, lockout::begin(state, now, self.lane_policy(lane))));
            }
        }
        let worst = begun.iter().map(|(_, transition)| *transition.outcome()).max_by_key(severity);
        let reserves = worst.is_none_or(|worst| matches!(worst, BeginOutcome::Reserved(_)));
        let mut charged = Vec::new();
        for (lane, transition) in begun {
            if let BeginOutcome::Reserved(reservation) = *transition.outcome() {
                if !reserves {
                    continue; // another lane refuses: nothing is reserved here
                }
                let reservation = subject.guess.map_or(reservation, |guess| reservation.of_guess(guess));
                charged.push(Charged { lane: lane.clone(), reservation });
            }
            let _outcome = change.apply(&lane.key, self.kept(subject, lane, now, transition))?;
        }
        Ok(match worst {
            Some(worst) if !reserves => Err(worst),
            _ => Ok(charged),
        })
    }

    /// Settles the attempt in all its lanes: accepted only if every one accepts.
    pub(super) fn settle_lanes(
        &self,
        change: &mut Change<'_>,
        attempt: &Attempt,
        ending: Ending,
        now: Now,
    ) -> Result<SettleOutcome, DecodeError> {
        let mut accepted = ending == Ending::Matched && !attempt.charged.is_empty();
        let mut settled = Vec::new();
        for Charged { lane, reservation } in &attempt.charged {
            let (policy, state) = (self.lane_policy(lane), attempt.subject.state(change.rows(), lane)?);
            let proves = !matches!(lane.what, What::Source | What::Sourceless);
            let transition = match ending {
                Ending::Matched if proves => lockout::settle(state, now, policy, reservation, true),
                Ending::Matched => lockout::pass(state, now, policy, reservation),
                Ending::Wrong => lockout::settle(state, now, policy, reservation, false),
                Ending::Void => continue,
            };
            accepted &= *transition.outcome() == SettleOutcome::Accepted;
            settled.push(transition);
        }
        let mut settled = settled.into_iter();
        for Charged { lane, reservation } in &attempt.charged {
            let transition = match settled.next() {
                Some(transition) if accepted || *transition.outcome() == SettleOutcome::Refused => transition,
                // Void; or right, and refused by another lane: nothing is charged, and nothing is forgotten.
                _ => {
                    let state = attempt.subject.state(change.rows(), lane)?;
                    let (next, (), facts) =
                        lockout::cancel(state, now, self.lane_policy(lane), reservation).into_parts();
                    Transition::new(next, SettleOutcome::Refused).with_all(facts)
                }
            };
            let _outcome = change.apply(&lane.key, self.kept(&attempt.subject, lane, now, transition))?;
        }
        Ok(if accepted { SettleOutcome::Accepted } else { SettleOutcome::Refused })
    }

    fn is_familiar(&self, rows: &Rows, subject: &Subject, now: Now) -> Result<bool, DecodeError> {
        let (Some(policy), Some((key, source))) = (self.policy.lanes().familiar(), &subject.familiar) else {
            return Ok(false);
        };
        Ok(is_familiar(rows.read(key)?.as_ref(), now, policy, *source))
    }

    /// The source of a sign-in with a lasting password becomes familiar, if it has an address.
    pub(super) fn becomes_familiar(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        origin: Origin,
        now: Now,
    ) -> Result<(), DecodeError> {
        if let (Some(policy), Some((key, source))) = (self.policy.lanes().familiar(), &subject.familiar)
            && matches!(origin, Origin::Network { .. })
        {
            change.apply(key, remember(change.rows().read(key)?, now, policy, *source))?;
        }
        Ok(())
    }

    /// Names without an account and sources are whatever anybody sends: their records are collected by and by.
    fn kept<O>(
        &self,
        subject: &Subject,
        lane: &Lane,
        now: Now,
        transition: Transition<LockoutState, O>,
    ) -> Transition<LockoutState, O> {
        if subject.account.is_some() && matches!(lane.what, What::Account | What::Familiar) {
            return transition;
        }
        let policy = self.lane_policy(lane);
        transition.collect_after(now.plus(KEPT.max(policy.longest_lock().saturating_add(policy.lease()))))
    }

    /// What is guessed, if any lane counts the same guess once.
    pub(super) fn guess(&self, account: Option<&AccountId>, name: Option<Mark>, guess: &Secret) -> Option<Mark> {
        let lanes = self.policy.lanes();
        let policies = [Some(self.policy.lockout()), lanes.familiar().map(|familiar| &familiar.lockout)];
        let policies = policies.into_iter().chain([lanes.account_source(), lanes.source(), Some(lanes.sourceless())]);
        if !policies.flatten().any(|policy| policy.repeats() == Repeats::Free) {
            return None;
        }
        Some(match (account, name) {
            (Some(account), _) => Mark::of_guess(self.keyring, account, guess),
            (None, name) => {
                let name = name.as_ref().map_or(&[][..], Mark::as_bytes);
                Mark::of(self.keyring, "lockout-guess", &[name, guess.expose().as_bytes()])
            }
        })
    }

    /// The records that a new password opens, and an administrator: those of the account alone.
    pub(super) fn locks(&self, account: &AccountId) -> Vec<Key> {
        let mut keys = Vec::from([LockoutState::key(self.tenant.clone(), account, Factor::Password)]);
        if self.policy.lanes().familiar().is_some() {
            keys.push(Key::of::<LockoutState>(self.tenant.clone(), KeyId::with_mark(account, "~familiar")));
            keys.push(Key::of::<FamiliarState>(self.tenant.clone(), account));
        }
        keys
    }

    /// Another password is in force: what counted the guesses at the old one begins anew, and everyone is a stranger
    /// but whoever has just chosen it, from `chosen_from`.
    pub(super) fn rebind(
        &self,
        change: &mut Change<'_>,
        account: &AccountId,
        chosen_from: Option<Origin>,
        now: Now,
    ) -> Result<(), DecodeError> {
        let chosen_from = chosen_from.filter(|origin| matches!(origin, Origin::Network { .. }));
        let familiar = chosen_from.and_then(|origin| self.lanes(Some(account), None, origin).familiar);
        for (key, policy) in self.locks(account).iter().zip(self.lock_policies()) {
            match policy {
                Some(policy) => change.apply(key, lockout::rebind(change.rows().read(key)?, now, policy))?,
                None => match (self.policy.lanes().familiar(), &familiar) {
                    (Some(policy), Some((_, source))) => change.apply(key, remember(None, now, policy, *source))?,
                    _ => change.apply(key, lockout::forget(change.rows().read(key)?))?,
                },
            }
        }
        Ok(())
    }

    /// The policies of [`locks`](SignIn::locks); `None` for the list of familiar sources.
    pub(super) fn lock_policies(&self) -> [Option<&LockoutPolicy>; 3] {
        let familiar = self.policy.lanes().familiar().map(|familiar| &familiar.lockout);
        [Some(self.policy.lockout()), familiar, None]
    }
}

impl Subject {
    /// What a lane has counted; nothing if the record is about another name.
    fn state(&self, rows: &Rows, lane: &Lane) -> Result<Option<LockoutState>, DecodeError> {
        let state = rows.read::<LockoutState>(&lane.key)?;
        match (self.name, lane.what) {
            (Some(name), What::Account | What::Familiar | What::AccountSource) => {
                Ok(state.filter(|state| state.name() == Some(name)).or_else(|| Some(LockoutState::of_name(name))))
            }
            _ => Ok(state),
        }
    }
}

/// The most restrictive last; of two locks the longer, of two waits as well.
fn severity(outcome: &BeginOutcome) -> (u8, Option<crate::time::Timestamp>, Duration) {
    match outcome {
        BeginOutcome::Reserved(_) => (0, None, Duration::ZERO),
        BeginOutcome::Busy { retry_after } => (1, None, *retry_after),
        BeginOutcome::Locked { until } => (2, Some(*until), Duration::ZERO),
        BeginOutcome::Disabled => (3, None, Duration::ZERO),
    }
}
