use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::attempt::{Attempt, Subject};
use super::{Fault, SignIn};
use crate::credential::{self, CredentialState, Usable};
use crate::event::{Fact, Origin, Provenance};
use crate::id::{AccountId, TenantId};
use crate::lockout::{
    self, BeginOutcome, DenialPolicy, DenialState, FamiliarState, LockoutPolicy, LockoutState, Mark, Repeats,
    Reservation, SettleOutcome, SourceMarks, is_familiar, remember,
};
use crate::secret::{MarkKey, Secret};
use crate::store::{Change, Decision, DecodeError, Key, KeyId, Record, Rows, Store, Transition, update};
use crate::time::Now;

/// How long the lock record of whatever anybody types, or comes from, is kept after it was last written; longer if
/// a lock is longer.
const KEPT: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// What follows an account's id in the keys of its further lanes.
const FAMILIAR_MARK: &str = "~familiar";
const TEMPORARY_MARK: &str = "~temporary";

/// One of the records that an attempt is charged to.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) key: Key,
    /// Where it was before the ring's key was changed, if the ring has the key before.
    pub(super) former: Option<Key>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
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
    source: SourceMarks,
}

/// The count of the denials of a source.
pub(super) struct Denials {
    pub(super) key: Key,
    source: Mark,
}

/// Whom and where an attempt is about, as one key of the ring marks it.
struct Marked<'a> {
    key: MarkKey<'a>,
    tenant: &'a TenantId,
    account: Option<&'a AccountId>,
    /// Of the name; of an account that is not filed under its name, one that nothing is filed under.
    name: Mark,
    source: &'a [u8],
}

impl<'a> Marked<'a> {
    fn new(
        key: MarkKey<'a>,
        tenant: &'a TenantId,
        account: Option<&'a AccountId>,
        name: &str,
        source: &'a [u8],
    ) -> Self {
        let name = account.map_or(name, AccountId::as_str).as_bytes();
        Self { key, tenant, account, name: Mark::of(key, "unknown-name", &[tenant.as_str().as_bytes(), name]), source }
    }

    fn who(&self) -> &[u8] {
        self.account.map_or(self.name.as_bytes(), |account| account.as_str().as_bytes())
    }

    fn source(&self, purpose: &str, who: &[u8]) -> Mark {
        Mark::of(self.key, purpose, &[self.tenant.as_str().as_bytes(), who, self.source])
    }
}

impl SignIn<'_> {
    /// What an attempt is about and may be charged to: as many records for every name. `name` is that of nobody's
    /// account, as it is folded.
    pub(super) fn subject_of(&self, account: Option<AccountId>, name: &str, guess: &Secret, origin: Origin) -> Subject {
        let source = self.policy.lanes().prefix(origin);
        let source = source.as_ref().map_or(&[][..], |source| source);
        let marked = |key| Marked::new(key, self.tenant, account.as_ref(), name, source);
        let (current, former) = (marked(self.keyring.mark_key()), self.keyring.former_mark_key().map(marked));

        let key = |id| Key::of::<LockoutState>(self.tenant.clone(), id);
        let mut before = former.as_ref().map(|former| self.lane_ids(former, true)).unwrap_or_default().into_iter();
        let lanes = self.lane_ids(&current, false).into_iter().map(|(what, id)| {
            let former = before.next().map(|(_, id)| key(id));
            Lane { key: key(id), former, what }
        });
        let lanes = lanes.collect();
        let familiar = self.policy.lanes().familiar().map(|_| {
            let id = account.as_ref().map_or_else(|| self.shared("name", current.name), KeyId::from);
            self.familiar_list(id, &current, former.as_ref())
        });
        let denials = self.denials_of(origin);
        let id = account.as_ref().map_or_else(|| KeyId::own(&current.name.to_text()), KeyId::from);
        let credential = Key::of::<CredentialState>(self.tenant.clone(), id);
        let guess = self.guess(&current, guess);
        let name = account.is_none().then_some(current.name);
        let former_name = former.filter(|_| account.is_none()).map(|former| former.name);
        Subject { account, name, former_name, credential, lanes, familiar, denials, guess }
    }

    /// The lanes of an attempt, and their ids under one key of the ring. An account is filed under its own id, which
    /// no change of keys moves; a record that was never filed is loaded all the same, for that of a name would be.
    fn lane_ids(&self, marked: &Marked<'_>, is_former: bool) -> Vec<(What, KeyId)> {
        let policy = self.policy.lanes();
        let own = |mark, kind| match marked.account {
            Some(account) if !is_former => KeyId::with_mark(account, mark),
            _ => self.shared(kind, marked.name),
        };
        let mut ids =
            Vec::from([(What::Account, own("", "name")), (What::Temporary, own(TEMPORARY_MARK, "temporary"))]);
        if policy.familiar().is_some() {
            ids.push((What::Familiar, own(FAMILIAR_MARK, "familiar")));
        }
        if policy.account_source().is_some() {
            let pair = marked.source("account-source", marked.who());
            let id = match marked.account {
                Some(_) => KeyId::own(&format!("pair-{}", pair.to_text())),
                None => self.shared("pair", pair),
            };
            ids.push((What::AccountSource, id));
        }
        if policy.source().is_some() {
            let what = if marked.source.is_empty() { What::Sourceless } else { What::Source };
            ids.push((what, KeyId::own(&format!("from-{}", marked.source("source", &[]).to_text()))));
        }
        ids
    }

    /// Names without an account share so many records, whatever anybody types.
    fn shared(&self, kind: &str, mark: Mark) -> KeyId {
        KeyId::own(&format!("{kind}-{:x}", mark.below(self.policy.lanes().unknown_names())))
    }

    fn familiar_list(&self, id: KeyId, current: &Marked<'_>, former: Option<&Marked<'_>>) -> Familiar {
        let mark = |marked: &Marked<'_>| marked.source("familiar-source", marked.who());
        let source = SourceMarks { current: mark(current), former: former.map(mark) };
        Familiar { key: Key::of::<FamiliarState>(self.tenant.clone(), id), source }
    }

    fn denials_key(&self, number: u128) -> Key {
        Key::of::<DenialState>(self.tenant.clone(), KeyId::own(&format!("denied-{number:x}")))
    }

    /// The count of the denials of a source, if their events have a rate.
    pub(super) fn denials_of(&self, origin: Origin) -> Option<Denials> {
        self.policy.denials().map(|_| {
            let source = self.denied_source(origin);
            Denials { key: self.denials_key(source.below(DenialPolicy::RECORDS)), source }
        })
    }

    fn denied_source(&self, origin: Origin) -> Mark {
        let source = self.policy.lanes().prefix(origin);
        let source = source.as_ref().map_or(&[][..], |source| source);
        Mark::of(self.keyring.mark_key(), "denied-source", &[self.tenant.as_str().as_bytes(), &[], source])
    }

    /// The mark of a source in the detail `source` of the event [`GAP`](crate::lockout::GAP): for whoever reads the
    /// events and asks which source it was. Compare with the marks of the origins in the denials beside it. It is made
    /// with the current key of the ring, and of the network that the policy takes for one source.
    ///
    /// ```
    /// # use clausework::hashing::{HashPolicy, Hasher};
    /// # use clausework::secret::Keyring;
    /// # use clausework::session::{IdleLimit, SessionPolicy};
    /// # use clausework::sign_in::SignInPolicy;
    /// # use clausework::{TenantId, id::OpaqueId};
    /// use clausework::event::{Origin, Transport};
    /// use clausework::sign_in::SignIn;
    /// # let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build()?;
    /// # let policy = SignInPolicy::builder().session(session).build()?;
    /// # let (hasher, tenant) = (Hasher::new(HashPolicy::default()), TenantId::try_new("acme")?);
    /// # let keys = Keyring::new(OpaqueId::try_new("2026-11")?, [7; 32]);
    /// # let guard = SignIn::new(&tenant, &policy, &hasher, &keys);
    ///
    /// let mark = |address: &str| Ok::<_, std::net::AddrParseError>(guard.source_mark(Origin::network(address.parse()?, Transport::Tls)));
    /// assert_eq!(mark("2001:db8::1")?, mark("2001:db8::2")?); // one source, unless the policy says otherwise
    /// assert_ne!(mark("198.51.100.7")?, mark("198.51.100.8")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn source_mark(&self, origin: Origin) -> String {
        self.denied_source(origin).to_text()
    }

    /// Notes why an attempt is denied, or only counts it, once there are too many from its source.
    pub(super) fn deny(
        &self,
        change: &mut Change<'_>,
        denials: Option<&Denials>,
        about: &Key,
        now: Now,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Result<(), DecodeError> {
        if let (Some(policy), Some(Denials { key, source })) = (self.policy.denials(), denials)
            && !change.apply(key, lockout::deny(change.rows().read(key)?, now, policy, *source))?
        {
            return Ok(());
        }
        facts.into_iter().for_each(|fact| change.note(about, fact));
        Ok(())
    }

    /// Whether a denial would now only be counted.
    pub(super) fn denies_quietly(&self, rows: &Rows, subject: &Subject, now: Now) -> Result<bool, DecodeError> {
        let (Some(policy), Some(Denials { key, .. })) = (self.policy.denials(), &subject.denials) else {
            return Ok(false);
        };
        Ok(lockout::is_full(rows.read(key)?.as_ref(), now, policy))
    }

    /// A step that has nothing to write, as where the account is locked and denials are only counted, is a commit all
    /// the same: otherwise the time of one would tell a locked account from an open one.
    pub(super) fn commit_anyway(&self, change: &mut Change<'_>, subject: &Subject) -> Result<(), DecodeError> {
        match &subject.denials {
            Some(Denials { key, .. }) if change.is_empty() => {
                change.apply(key, lockout::rewrite(change.rows().read(key)?))
            }
            _ => Ok(()),
        }
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
        let reserved = |what| {
            let is_reserved = |outcome: &BeginOutcome| matches!(outcome, BeginOutcome::Reserved(_));
            begun.iter().any(|(lane, transition)| lane.what == what && is_reserved(transition.outcome()))
        };
        let unused = if closed && reserved(What::Temporary) { own } else { What::Temporary };
        let asked = begun.iter().filter(|(lane, _)| lane.what != unused);
        let worst = asked.map(|(_, transition)| *transition.outcome()).max_by_key(severity);
        let reserves = worst.is_none_or(|worst| matches!(worst, BeginOutcome::Reserved(_)));
        let mut charged = Vec::new();
        for (lane, transition) in begun {
            if let BeginOutcome::Reserved(reservation) = *transition.outcome() {
                if !reserves || lane.what == unused {
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

    /// What is guessed, if any lane counts the same guess once.
    fn guess(&self, marked: &Marked<'_>, guess: &Secret) -> Option<Mark> {
        let lanes = self.policy.lanes();
        let policies = [Some(self.policy.lockout()), lanes.familiar().map(|familiar| &familiar.lockout)];
        let policies = policies.into_iter().chain([lanes.account_source(), lanes.source()]);
        let policies = policies.chain([Some(lanes.sourceless()), Some(lanes.temporary())]);
        let asked = policies.flatten().any(|policy| policy.repeats() == Repeats::Free);
        asked.then(|| Mark::of(marked.key, "lockout-guess", &[marked.who(), guess.expose().as_bytes()]))
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

    /// Everyone is a stranger to a password of a new generation but whoever has just chosen it.
    pub(super) fn chosen_from_here(
        &self,
        change: &mut Change<'_>,
        account: &AccountId,
        generation: u64,
        now: Now,
    ) -> Result<(), DecodeError> {
        let source = self.policy.lanes().prefix(change.origin());
        if let (Some(policy), Some(source)) = (self.policy.lanes().familiar(), &source) {
            let marked = Marked::new(self.keyring.mark_key(), self.tenant, Some(account), "", source);
            let Familiar { key, source } = self.familiar_list(KeyId::from(account), &marked, None);
            change.apply(&key, remember(None, now, policy, generation, source))?;
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
