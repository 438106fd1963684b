use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

use super::record::{Encode, Form, decode};
use super::{AsyncStore, Batch, Commit, DecodeError, EventRow, Key, Record, Store, Stored, Version, Write};
use crate::event::{Actor, Event, Fact, Origin, Provenance, Stamp, Subject};
use crate::time::{Now, Timestamp};

/// What becomes of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: hosts with tables of their own must handle every case")]
pub enum Next<S> {
    /// It stays as it is; nothing is written.
    Keep,
    /// It becomes this.
    Put(S),
    /// It becomes this, and after that instant nobody misses it: what carries its own end, such as a session.
    PutUntil {
        /// The new state.
        state: S,
        /// From then on a store may delete the record.
        collect_after: Timestamp,
    },
    /// It has ended: written as such and blank, its stamp included, and collected at least a day after
    /// it stopped mattering, so that its version is never met again.
    End {
        /// The ended state, without personal data.
        state: S,
        /// From then on a store may delete the record.
        collect_after: Timestamp,
    },
}

/// What a decision says: the next state, the answer, and the facts to be stored with it.
///
/// The only way state changes. The outcome (a permit, a session) is reached through [`Change::apply`]
/// inside a decision, or, for a host with tables of its own, by [`into_parts`](Transition::into_parts).
///
/// ```
/// use clausework::store::{Next, Transition};
///
/// let transition: Transition<u32, &str> = Transition::put(3, "counted");
/// assert_eq!(transition.outcome(), &"counted");
/// assert_eq!(transition.next(), &Next::Put(3));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a transition changes nothing until it is committed"]
pub struct Transition<S, O> {
    next: Next<S>,
    outcome: O,
    facts: Vec<Fact>,
}

impl<S, O> Transition<S, O> {
    /// Nothing is written.
    pub const fn keep(outcome: O) -> Self {
        Self::new(Next::Keep, outcome)
    }

    /// The record becomes `state`.
    pub const fn put(state: S, outcome: O) -> Self {
        Self::new(Next::Put(state), outcome)
    }

    /// The record becomes whatever `next` says.
    pub const fn new(next: Next<S>, outcome: O) -> Self {
        Self { next, outcome, facts: Vec::new() }
    }

    /// Adds a fact to be stored in the same commit.
    pub fn with(mut self, fact: Fact) -> Self {
        self.facts.push(fact);
        self
    }

    /// Adds facts to be stored in the same commit.
    pub fn with_all(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.facts.extend(facts);
        self
    }

    /// Lets the store collect the record after this instant, if it is written at all.
    pub fn collect_after(mut self, collect_after: Timestamp) -> Self {
        if let Next::Put(state) = self.next {
            self.next = Next::PutUntil { state, collect_after };
        }
        self
    }

    /// What becomes of the record.
    pub const fn next(&self) -> &Next<S> {
        &self.next
    }

    /// The answer, to look at; it must not be acted upon before the commit was applied.
    pub const fn outcome(&self) -> &O {
        &self.outcome
    }

    /// The facts.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// All three parts, for a host with tables of its own: store the first and the last in one
    /// transaction, conditional on the state this was decided from, and only then use the outcome.
    pub fn into_parts(self) -> (Next<S>, O, Vec<Fact>) {
        (self.next, self.outcome, self.facts)
    }
}

/// What was loaded: the records a decision may read, and the versions its writes replace.
///
/// ```
/// use clausework::{TenantId, AccountId, credential::CredentialState, store::{Key, Rows}};
///
/// let key = Key::of::<CredentialState>(TenantId::try_new("acme")?, &AccountId::try_new("u-17")?);
/// let rows = Rows::new([key.clone()], [None]);
/// assert!(rows.read::<CredentialState>(&key)?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rows {
    keys: Vec<Key>,
    /// What was answered for each of the keys.
    stored: Vec<Option<Stored>>,
}

impl Rows {
    /// Keys with what a store answered for them, in order. A key without an answer counts as not loaded.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = Key>, stored: impl IntoIterator<Item = Option<Stored>>) -> Self {
        let (keys, stored) = keys.into_iter().zip(stored).unzip();
        Self { keys, stored }
    }

    fn answered(mut keys: Vec<Key>, mut stored: Vec<Option<Stored>>) -> Self {
        keys.truncate(stored.len());
        stored.truncate(keys.len());
        Self { keys, stored }
    }

    /// Loads these keys from a store, to look without changing anything.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub fn load<S: Store>(mut store: S, keys: impl IntoIterator<Item: Borrow<Key>>) -> Result<Self, S::Error> {
        let keys: Vec<Key> = keys.into_iter().map(|key| key.borrow().clone()).collect();
        let stored = store.load(&keys)?;
        Ok(Self::answered(keys, stored))
    }

    /// As [`load`](Rows::load), from an [`AsyncStore`].
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn load_async<S: AsyncStore>(
        mut store: S,
        keys: impl IntoIterator<Item: Borrow<Key>>,
    ) -> Result<Self, S::Error> {
        let keys: Vec<Key> = keys.into_iter().map(|key| key.borrow().clone()).collect();
        let stored = store.load(&keys).await?;
        Ok(Self::answered(keys, stored))
    }

    /// Adds records that are known not to exist yet, such as that of a token just minted. Should one
    /// exist after all, the commit conflicts.
    #[must_use]
    pub fn with_absent(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        self.keys.extend(keys);
        self.stored.resize(self.keys.len(), None);
        self
    }

    /// Whether there is a record of this key among what was loaded.
    #[must_use]
    pub fn has(&self, key: &Key) -> bool {
        self.keys.iter().zip(&self.stored).any(|(loaded, stored)| loaded == key && stored.is_some())
    }

    /// The keys that were loaded.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The state of a record, `None` if there is none.
    ///
    /// # Errors
    /// [`DecodeError`] when the record was not loaded or cannot be read.
    pub fn read<R: Record>(&self, key: &Key) -> Result<Option<R>, DecodeError> {
        self.stored(key, R::KIND)?.map(|stored| decode(stored).map(|(_, state)| state)).transpose()
    }

    /// Who created and last changed a record, `None` if there is no record.
    ///
    /// # Errors
    /// As [`read`](Rows::read).
    pub fn stamp<R: Record>(&self, key: &Key) -> Result<Option<Stamp>, DecodeError> {
        self.stamp_as(key, Form::of::<R>())
    }

    /// A decision about one record, whole: reads it, applies what becomes of it, and says what to commit.
    ///
    /// ```
    /// use clausework::Now;
    /// use clausework::access::{Approved, ProposalOutcome};
    /// use clausework::event::Provenance;
    /// use clausework::store::{AsyncStore, UpdateError, update_async};
    ///
    /// async fn save<S: AsyncStore>(
    ///     store: S, now: Now, by: &Provenance, approved: &Approved,
    /// ) -> Result<ProposalOutcome, UpdateError<S::Error>> {
    ///     let key = approved.key();
    ///     update_async(store, [key], |rows| rows.settle(now, by, key, |list| approved.apply(key, list))).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] when the record was not loaded or cannot be read, or the new state is too long to be read again.
    pub fn settle<R: Record, O>(
        &self,
        now: Now,
        by: &Provenance,
        key: &Key,
        decide: impl FnOnce(Option<R>) -> Transition<R, O>,
    ) -> Result<Decision<O>, DecodeError> {
        let mut change = Change::new(self, now, by);
        let outcome = change.apply(key, decide(self.read(key)?))?;
        Ok(change.finish(outcome))
    }

    fn stamp_as(&self, key: &Key, form: Form) -> Result<Option<Stamp>, DecodeError> {
        Ok(self.stored(key, form.kind)?.map(form.stamp).transpose()?.flatten())
    }

    fn stored(&self, key: &Key, kind: &'static str) -> Result<Option<&Stored>, DecodeError> {
        let mut rows = self.keys.iter().zip(&self.stored);
        let row = rows.find(|(loaded, _)| *loaded == key && key.kind() == kind);
        row.map(|(_, stored)| stored.as_ref()).ok_or(DecodeError::NotLoaded { kind })
    }
}

/// Collects transitions of several records, and the facts, into one [`Decision`].
///
/// It knows who acts and when, so it stamps every record and turns facts into events.
#[derive(Debug)]
pub struct Change<'a> {
    rows: &'a Rows,
    now: Now,
    by: Provenance,
    writes: Vec<Write>,
    events: Vec<EventRow>,
}

impl<'a> Change<'a> {
    /// Begins a change of what was loaded, made now by this actor.
    #[must_use]
    pub fn new(rows: &'a Rows, now: Now, by: &Provenance) -> Self {
        Self { rows, now, by: by.clone(), writes: Vec::new(), events: Vec::new() }
    }

    /// What was loaded.
    #[must_use]
    pub const fn rows(&self) -> &'a Rows {
        self.rows
    }

    /// From where all of it is done.
    pub(crate) const fn origin(&self) -> Origin {
        self.by.origin()
    }

    /// From here on, what is written and noted is this actor's doing: somebody has shown who he is.
    pub fn acting_as(&mut self, actor: Actor) {
        self.by = Provenance::new(actor, self.by.origin());
    }

    /// Adds the transition of one record and hands out its outcome, for the decision to go on with.
    /// A later transition of the same record replaces the earlier one.
    ///
    /// # Errors
    /// [`DecodeError`] when the record was not loaded, its stamp cannot be read, or the new state is too long to be read again.
    pub fn apply<R: Record, O>(&mut self, key: &Key, transition: Transition<R, O>) -> Result<O, DecodeError> {
        let (next, outcome, facts) = transition.into_parts();
        let (state, ends, collect_after) = match &next {
            Next::Keep => (None, false, None),
            Next::Put(state) => (Some(state), false, None),
            Next::PutUntil { state, collect_after } => (Some(state), false, Some(*collect_after)),
            Next::End { state, collect_after } => (Some(state), true, Some(*collect_after)),
        };
        if let Some(state) = state {
            self.write(key, Form::of::<R>(), state, ends, collect_after)?;
        }
        self.note_all(key, facts);
        Ok(outcome)
    }

    /// Adds a fact about a record that does not change.
    pub fn note(&mut self, about: &Key, fact: Fact) {
        let subject = Subject::new(about.kind(), about.id());
        let event = Event::new(self.now.timestamp(), about.scope().clone(), &self.by, subject, fact);
        self.events.push(EventRow { scope: about.scope().clone(), at: self.now.timestamp(), text: event.encode() });
    }

    fn note_all(&mut self, about: &Key, facts: Vec<Fact>) {
        facts.into_iter().for_each(|fact| self.note(about, fact));
    }

    /// Whether there is nothing to commit so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.events.is_empty()
    }

    /// The rows as they will be once the change is applied: what a next step can begin from without loading.
    #[must_use]
    pub fn rows_after(&self) -> Rows {
        let mut rows = self.rows.clone();
        for write in &self.writes {
            if let Some((_, stored)) = rows.keys.iter().zip(&mut rows.stored).find(|(key, _)| **key == write.key) {
                *stored = Some(Stored::new(write.version, write.text.clone()));
            }
        }
        rows
    }

    /// The whole change with the answer that its commit will release.
    pub fn finish<O>(self, outcome: O) -> Decision<O> {
        Decision { writes: self.writes, events: self.events, outcome }
    }

    fn write(
        &mut self,
        key: &Key,
        form: Form,
        state: &dyn Encode,
        ends: bool,
        collect_after: Option<Timestamp>,
    ) -> Result<(), DecodeError> {
        let kind = form.kind;
        let stamp = match form.is_stamped {
            // Not read for nothing: that decodes the record again.
            false => None,
            true if ends => Some(Stamp::created(self.now, Actor::Unauthenticated)),
            true => Some(match self.rows.stamp_as(key, form)? {
                Some(stamp) => stamp.updated(self.now, self.by.actor().clone()),
                None => Stamp::created(self.now, self.by.actor().clone()),
            }),
        };
        let replaces = self.rows.stored(key, kind)?.map(Stored::version);
        // No decision writes the largest version: were it replaced by itself, two writers would both believe they won.
        let after_it = match replaces {
            Some(Version(number)) => number.checked_add(1).ok_or(DecodeError::Malformed { kind })?,
            None => 1,
        };
        let version = Version(after_it.max(self.now.timestamp().as_micros()));
        let state = state.encode().map_err(|_| DecodeError::Unencodable { kind })?;
        let text = form.wrap(stamp.as_ref(), &state)?;
        self.writes.retain(|write| write.key != *key);
        self.writes.push(Write { key: key.clone(), replaces, version, text, collect_after });
        Ok(())
    }
}

/// A change that is decided but not yet stored: the batch, and the answer that waits for it.
///
/// [`update`](super::update) commits it; a host in its own transaction does the same by hand.
///
/// ```
/// use clausework::store::{Change, Commit, Rows};
/// use clausework::event::{Actor, Provenance};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// let rows = Rows::new([], []);
/// let by = Provenance::internal(Actor::Unauthenticated);
///
/// let decision = Change::new(&rows, now, &by).finish("the permit");
/// assert!(decision.batch().writes().is_empty());
/// assert!(decision.clone().release(Commit::Conflict).is_none()); // nothing is used uncharged
/// assert_eq!(decision.release(Commit::Applied), Some("the permit"));
/// ```
#[derive(Clone)]
#[must_use = "a decision changes nothing until its batch is committed"]
pub struct Decision<O> {
    writes: Vec<Write>,
    events: Vec<EventRow>,
    outcome: O,
}

impl<O> Decision<O> {
    /// What is to be committed.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch { writes: &self.writes, events: &self.events }
    }

    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.events.is_empty()
    }

    /// The answer, against the store's: only an applied commit releases it.
    #[must_use]
    pub fn release(self, commit: Commit) -> Option<O> {
        match commit {
            Commit::Applied => Some(self.outcome),
            Commit::Conflict => None,
        }
    }
}

/// Without the outcome, which nobody may know before the commit.
impl<O> fmt::Debug for Decision<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { writes, events, .. } = self;
        f.debug_struct("Decision").field("writes", writes).field("events", events).finish_non_exhaustive()
    }
}
