use alloc::vec::Vec;
use core::time::Duration;

use super::SignIn;
use super::attempt::{Attempt, Subject};
use crate::credential::{self, CredentialState, Usable};
use crate::event::Origin;
use crate::id::AccountId;
use crate::lockout::{
    self, BeginOutcome, FamiliarState, LockoutPolicy, LockoutState, Mark, Reservation, SettleOutcome, SourceMarks,
    is_familiar, remember,
};
use crate::store::{Change, DecodeError, Key, KeyId, Rows, Transition};
use crate::time::Now;

/// How long the lock record of whatever anybody types, or comes from, is kept after it was last written; longer if
/// a lock is longer.
const KEPT: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// What follows an account's id in the keys of its further lanes.
pub(super) const FAMILIAR_MARK: &str = "~familiar";
pub(super) const TEMPORARY_MARK: &str = "~temporary";

/// One of the records that an attempt is charged to.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) key: Key,
    /// Where it was before the ring's key was changed, if the ring has the key before.
    pub(super) former: Option<Key>,
    pub(super) what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// One account, from wherever; or only from strange sources, if the familiar ones have a lane.
    Account,
    Familiar,
    /// One account with a temporary password, while the lane before is closed.
    Temporary,
    AccountSource,
    Source,
    Sourceless,
}

impl What {
    /// Whether it is about the account alone, whatever the source.
    const fn is_own(self) -> bool {
        matches!(self, Self::Account | Self::Familiar | Self::Temporary)
    }
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

/// The list of an account's familiar sources, and this one.
pub(super) struct Familiar {
    pub(super) key: Key,
    pub(super) source: SourceMarks,
}

impl SignIn<'_> {
    fn lane_policy(&self, lane: &Lane) -> &LockoutPolicy {
        let lanes = self.policy.lanes();
        let policy = match lane.what {
            What::Account => None,
            What::Temporary => Some(lanes.temporary()),
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
        stored: Option<&CredentialState>,
        now: Now,
    ) -> Result<Result<Vec<Charged>, BeginOutcome>, DecodeError> {
        let familiar = self.is_familiar(change.rows(), subject, stored, now)?;
        let own = if familiar { What::Familiar } else { What::Account };
        // Recovery is not blocked by a lock: in place of a lane that is closed, a temporary password has another.
        let spare = matches!(credential::usable(stored, now), Usable::Temporary { .. });
        let (mut begun, mut closed) = (Vec::new(), false);
        for lane in &subject.lanes {
            if lane.what == own || !lane.what.is_own() || (lane.what == What::Temporary && spare) {
                let state = subject.state(change.rows(), lane)?;
                let transition = lockout::begin(state, now, self.lane_policy(lane));
                let is_closed = matches!(transition.outcome(), BeginOutcome::Locked { .. } | BeginOutcome::Disabled);
                closed |= lane.what == own && is_closed;
                begun.push((lane, transition));
            }
        }
        // Only if every lane but the closed one would let it through, and charged to it alone: by the others a closed
        // account with a spare lane would be told from one without.
        let reserved = |outcome: &BeginOutcome| matches!(outcome, BeginOutcome::Reserved(_));
        let passes = begun.iter().all(|(lane, transition)| lane.what == own || reserved(transition.outcome()));
        let spared = spare && closed && passes;
        let is_asked = |lane: &Lane| (lane.what == What::Temporary) == spared;
        let asked = begun.iter().filter(|(lane, _)| is_asked(lane));
        let worst = asked.map(|(_, transition)| *transition.outcome()).max_by_key(severity);
        let reserves = worst.is_none_or(|worst| matches!(worst, BeginOutcome::Reserved(_)));
        let mut charged = Vec::new();
        for (lane, transition) in begun {
            if let BeginOutcome::Reserved(reservation) = *transition.outcome() {
                if !reserves || !is_asked(lane) {
                    continue; // another lane refuses, or this one is not asked: nothing is reserved here
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

    fn is_familiar(
        &self,
        rows: &Rows,
        subject: &Subject,
        stored: Option<&CredentialState>,
        now: Now,
    ) -> Result<bool, DecodeError> {
        let (Some(policy), Some(Familiar { key, source })) = (self.policy.lanes().familiar(), &subject.familiar) else {
            return Ok(false);
        };
        let list = rows.read::<FamiliarState>(key)?;
        Ok(stored.is_some_and(|stored| is_familiar(list.as_ref(), now, policy, stored.generation(), *source)))
    }

    /// The source of a sign-in with a lasting password becomes familiar, if it has an address.
    pub(super) fn becomes_familiar(
        &self,
        change: &mut Change<'_>,
        subject: &Subject,
        generation: u64,
        now: Now,
    ) -> Result<(), DecodeError> {
        if let (Some(policy), Some(Familiar { key, source })) = (self.policy.lanes().familiar(), &subject.familiar)
            && matches!(change.origin(), Origin::Network { .. })
        {
            change.apply(key, remember(change.rows().read(key)?, now, policy, generation, *source))?;
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
        if subject.account.is_some() && lane.what.is_own() {
            return transition;
        }
        let policy = self.lane_policy(lane);
        transition.collect_after(now.plus(KEPT.max(policy.longest_lock().saturating_add(policy.lease()))))
    }

    /// The records that a new password opens, and an administrator: those of the account alone. With their policies.
    pub(super) fn locks(&self, account: &AccountId) -> impl Iterator<Item = (Key, &LockoutPolicy)> {
        let (tenant, account, lanes) = (self.tenant.clone(), account.clone(), self.policy.lanes());
        let own = [("", self.policy.lockout()), (TEMPORARY_MARK, lanes.temporary())];
        let familiar = lanes.familiar().map(|familiar| (FAMILIAR_MARK, &familiar.lockout));
        own.into_iter().chain(familiar).map(move |(mark, policy)| {
            (Key::of::<LockoutState>(tenant.clone(), KeyId::with_mark(&account, mark)), policy)
        })
    }

    /// The list of an account's familiar sources, if they have a lane.
    pub(super) fn familiar_key(&self, account: &AccountId) -> Option<Key> {
        self.policy.lanes().familiar().map(|_| Key::of::<FamiliarState>(self.tenant.clone(), account))
    }

    /// Another password is in force: what counted the guesses at the old one begins anew.
    pub(super) fn rebind(&self, change: &mut Change<'_>, account: &AccountId, now: Now) -> Result<(), DecodeError> {
        for (key, policy) in self.locks(account) {
            change.apply(&key, lockout::rebind(change.rows().read(&key)?, now, policy))?;
        }
        Ok(())
    }
}

impl Subject {
    /// What a lane has counted; nothing if the record is about another name. A count that was kept before the ring's
    /// key was changed goes on.
    fn state(&self, rows: &Rows, lane: &Lane) -> Result<Option<LockoutState>, DecodeError> {
        let is_named = lane.what.is_own() || lane.what == What::AccountSource;
        let name = self.name.filter(|_| is_named);
        let of = |key: &Key, name: Option<Mark>| -> Result<Option<LockoutState>, DecodeError> {
            Ok(rows.read::<LockoutState>(key)?.filter(|state| state.name() == name))
        };
        let mut state = of(&lane.key, name)?;
        if let (None, Some(former)) = (&state, &lane.former)
            && (name.is_some() || !lane.what.is_own())
        {
            state = of(former, self.former_name.filter(|_| is_named))?.map(|state| state.renamed(name));
        }
        Ok(state.or_else(|| name.map(LockoutState::of_name)))
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
