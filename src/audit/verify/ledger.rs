use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use sha2::{Digest as _, Sha256};

use super::excuse::{Excuses, Spared};
use super::spans::Spans;
use crate::audit::record::{Body, Class, FieldPath, IndexRange, Purge, Reach, Record, Seen, Target};
use crate::audit::tree::{Hash, leaf_hash};
use crate::time::Timestamp;

/// No six months have fewer days (1 September to 1 March), and so long administrators' records are kept
/// at least (A2-Access-5). The months themselves are [the policy's](crate::audit::retention::RetentionPolicy).
const SIX_MONTHS_AT_LEAST: Duration = Duration::from_secs(181 * 86_400);

/// What the log says about its own gaps: what was to be erased and purged, and what is held.
///
/// Nothing outside the log excuses an absence. The ledger is read from the log's own records, in their order, before
/// the log is verified; the [`Verifier`](super::Verifier) then finds every one of them again in the tree, so a forged
/// or a forgotten one does not pass.
///
/// - An intent excuses from the moment a checkpoint covers it. The deletion comes after that checkpoint, so a process
///   that dies in between leaves no false alarm; the record that it is done says when, and how many.
/// - It excuses only what was before it, and nothing that a legal hold kept at the time. (Of a record whose body is gone
///   nothing tells whom it was about: there a hold on a person is kept by [the plan](crate::audit::retention) alone.)
/// - A purge of administrators' records, or of a whole beginning, excuses only if the youngest was recorded 181 days
///   before, as the intent says: no six months are shorter (A2-Access-5).
/// - What the intent says of the youngest is held against every record that is there: the instants of a log never go
///   back, so what stands after a younger one is younger as well and is not excused.
/// - An intent that is [withdrawn](Body::IntentWithdrawn) before it was done excuses nothing any more.
///
/// Two limits. Of a body that is gone its leaf hash stays and nothing else, so the class that an intent names for it is
/// the word of whoever wrote the intent; the same holds for the youngest of a beginning that is gone. Whoever verifies
/// the log between intent and deletion sees the records themselves.
///
/// ```
/// use clausework::audit::verify::Ledger;
///
/// let ledger = Ledger::covered_by(100); // a checkpoint of 100 records: later ones explain nothing yet
/// assert!(!ledger.explains_body(7));
/// assert_eq!(ledger.minimum_index(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    covered: u64,
    digest: Hash,
    /// Of the intents that are done.
    done: Excuses,
    /// Intents that are neither done nor withdrawn, by index, with the hash of their leaf.
    open: BTreeMap<u64, (Hash, Excuses)>,
    /// Sorted by size.
    seen: Vec<Seen>,
    /// By id and the index of the record that set it: each is lifted by itself.
    holds: BTreeMap<(String, u64), Held>,
    /// The records that change keys, by index.
    keys: BTreeSet<u64>,
    /// Intents, what became of them, and holds, by index: what says why something is gone, or may not go.
    explaining: BTreeSet<u64>,
}

/// What a hold keeps that was set and not lifted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    All,
    Spans(Spans),
    Person(String),
}

impl Default for Ledger {
    fn default() -> Self {
        Self::covered_by(u64::MAX)
    }
}

impl Ledger {
    /// Of a log of which a checkpoint covers this many records: only they explain anything.
    #[must_use]
    pub fn covered_by(size: u64) -> Self {
        Self {
            covered: size,
            digest: Hash::new([0; 32]),
            done: Excuses::default(),
            open: BTreeMap::new(),
            seen: Vec::new(),
            holds: BTreeMap::new(),
            keys: BTreeSet::new(),
            explaining: BTreeSet::new(),
        }
    }

    /// Of these records' bytes, in the order of the log, those kept from a purged beginning first. What is no record is
    /// passed over: the verifier names it.
    #[must_use]
    pub fn of<'a>(size: u64, records: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut ledger = Self::covered_by(size);
        records.into_iter().filter_map(|bytes| Record::decode(bytes).ok()).for_each(|record| ledger.read(&record));
        ledger
    }

    /// Reads the next record of the log. Only those of [`Class::Log`] matter; the others may be left out.
    pub fn read(&mut self, record: &Record<'_>) {
        let index = record.place().index();
        if record.class() != Class::Log || index >= self.covered {
            return;
        }
        let leaf = leaf_hash(record.as_bytes());
        self.digest = chain(&self.digest, index, &leaf);
        // One that cannot be is no second history: the verifier calls the record malformed.
        if let Some(seen) = seen_by(record).filter(|seen| seen.size <= index) {
            self.note(seen);
        }
        if let Body::PurgeIntent { .. }
        | Body::PurgeDone { .. }
        | Body::ErasureIntent { .. }
        | Body::ErasureDone { .. }
        | Body::IntentWithdrawn { .. }
        | Body::HoldSet { .. }
        | Body::HoldLifted { .. } = record.body()
        {
            self.explaining.insert(index);
        }
        match record.body() {
            Body::PurgeIntent { what, youngest, .. } => {
                let excuses = self.purge(record, &what, youngest);
                self.open.insert(index, (leaf, excuses));
            }
            Body::ErasureIntent { targets, .. } => {
                let free = |target: &Target<'_>| {
                    let next = target.index().saturating_add(1);
                    target.index() < index && !self.is_held_range(target.index(), next)
                };
                let excuses = Excuses::erased(&self.persons_held(), targets.iter().filter(free));
                self.open.insert(index, (leaf, excuses));
            }
            Body::PurgeDone { intent, .. } | Body::ErasureDone { intent, .. } => {
                if let Some((_, excuses)) = self.open.remove(&intent) {
                    self.done.absorb(excuses);
                }
            }
            Body::IntentWithdrawn { intent } => {
                self.open.remove(&intent);
            }
            Body::KeyChange { .. } => {
                self.keys.insert(index);
            }
            Body::HoldSet { hold, reach, .. } => {
                let reach = match reach {
                    Reach::All => Held::All,
                    Reach::Person(person) => Held::Person(person.to_owned()),
                    Reach::Ranges(ranges) => {
                        let mut spans = Spans::default();
                        spans.extend(ranges.iter());
                        Held::Spans(spans)
                    }
                };
                self.holds.insert((hold.to_owned(), index), reach);
            }
            Body::HoldLifted { hold, set } => {
                self.holds.remove(&(hold.to_owned(), set));
            }
            _ => {}
        }
    }

    fn purge(&self, intent: &Record<'_>, what: &Purge<'_>, youngest: Timestamp) -> Excuses {
        let (index, at) = (intent.place().index(), intent.place().recorded_at());
        // A beginning may hold records of administrators as well.
        let administration = match what {
            Purge::Bodies { class, .. } | Purge::Disclosures { class, .. } => *class == Class::Administration,
            Purge::Prefix { .. } => true,
        };
        if administration && at < youngest.saturating_add(SIX_MONTHS_AT_LEAST) {
            return Excuses::default();
        }
        let free = |range: &IndexRange| range.end() <= index && !self.is_held_range(range.start(), range.end());
        match what {
            Purge::Bodies { ranges, .. } => Excuses::bodies(youngest, ranges.iter().filter(free)),
            Purge::Disclosures { class, ranges } => {
                Excuses::disclosures(*class, youngest, self.persons_held(), ranges.iter().filter(free))
            }
            // A held record below it stays with its proof; a hold on everything lets nothing go.
            Purge::Prefix { minimum_index } if *minimum_index <= index && self.hold_on_all().is_none() => {
                Excuses::prefix(index, *minimum_index, youngest)
            }
            Purge::Prefix { .. } => Excuses::default(),
        }
    }

    /// What is said to be done, and what is still to be.
    fn excuses(&self) -> impl Iterator<Item = &Excuses> {
        core::iter::once(&self.done).chain(self.open.values().map(|(_, excuses)| excuses))
    }

    fn note(&mut self, seen: Seen) {
        let at = self.seen.partition_point(|other| other.size <= seen.size);
        self.seen.insert(at, seen);
    }

    fn persons_held(&self) -> Spared {
        let person = |held: &Held| if let Held::Person(person) = held { Some(person.clone()) } else { None };
        Arc::new(self.holds.values().filter_map(person).collect())
    }

    fn is_held_range(&self, start: u64, end: u64) -> bool {
        let Some(range) = IndexRange::try_new(start, end) else { return false };
        self.holds.values().any(|hold| match hold {
            Held::All => true,
            Held::Spans(spans) => spans.touches(range),
            Held::Person(_) => false,
        })
    }

    /// Whether the log says that the body of this record was purged.
    #[must_use]
    pub fn explains_body(&self, index: u64) -> bool {
        self.explains_body_since(index, Timestamp::MIN)
    }

    /// The same of a record that was not recorded before `recorded`.
    pub(super) fn explains_body_since(&self, index: u64, recorded: Timestamp) -> bool {
        self.excuses().any(|excuses| excuses.body_until(index, recorded).is_some())
    }

    /// The first index from `from` to before `until` whose body the log does not say was purged.
    pub(in crate::audit) fn first_unexplained(&self, from: u64, until: u64) -> Option<u64> {
        let mut index = from;
        // Range after range, so that a range of a billion records costs no more than one of two.
        while index < until {
            let end = self.excuses().filter_map(|excuses| excuses.body_until(index, Timestamp::MIN)).max();
            index = match end {
                Some(end) => end,
                None => return Some(index),
            };
        }
        None
    }

    /// Whether the log says that the value of this field was erased or purged. `person` is whom the record is about: if
    /// a hold kept what is about him when that was to be done, it is not explained by it.
    #[must_use]
    pub fn explains_field(&self, index: u64, class: Class, field: FieldPath<'_>, person: Option<&str>) -> bool {
        let of = (index, Timestamp::MIN);
        self.excuses().any(|excuses| excuses.explains_field(of, class, field, person))
    }

    /// The same of a field of this record, by when it was recorded too.
    pub(super) fn explains_field_of(&self, record: &Record<'_>, field: FieldPath<'_>) -> bool {
        let of = (record.place().index(), record.place().recorded_at());
        self.excuses().any(|excuses| excuses.explains_field(of, record.class(), field, record.person()))
    }

    /// Whether a beginning that has this record is said to be older than the record is.
    pub(super) fn contradicts(&self, record: &Record<'_>) -> bool {
        let place = record.place();
        self.excuses().any(|excuses| excuses.contradicts(place.index(), place.recorded_at()))
    }

    /// The index below which the log says that everything was purged.
    #[must_use]
    pub fn minimum_index(&self) -> u64 {
        self.minimum_before(u64::MAX)
    }

    fn minimum_before(&self, intent: u64) -> u64 {
        self.excuses().map(|excuses| excuses.minimum_before(intent)).max().unwrap_or(0)
    }

    /// The first record from `from` to before `until` that a hold keeps, though all around it was purged: it was there
    /// when the hold was set.
    pub(super) fn first_kept(&self, from: u64, until: u64) -> Option<u64> {
        let owed = |((_, set), held): (&(String, u64), &Held)| {
            let Held::Spans(spans) = held else { return None };
            let there = from.max(self.minimum_before(*set));
            let part = |range: IndexRange| self.first_unexplained(range.start().max(there), range.end().min(until));
            spans.ranges().filter_map(part).min()
        };
        self.holds.iter().filter_map(owed).min()
    }

    /// The intents, by index, that no record says are done or withdrawn: their deletion is to be done, or done again.
    pub fn open_intents(&self) -> impl Iterator<Item = u64> {
        self.open.keys().copied()
    }

    /// The hash of the leaf of an open intent.
    pub(in crate::audit) fn open_intent(&self, index: u64) -> Option<Hash> {
        self.open.get(&index).map(|(leaf, _)| *leaf)
    }

    /// The holds that keep this record, by id; an id that was set twice may come twice. `person` is whom it is about.
    pub fn holds_on<'a>(&'a self, index: u64, person: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        self.holds.iter().filter_map(move |((id, set), hold)| {
            let held = match hold {
                Held::All => true,
                Held::Spans(spans) => spans.end_of(index).is_some(),
                Held::Person(of) => person == Some(of),
            };
            (held || *set == index).then_some(id.as_str())
        })
    }

    /// The hold, if there is one, that lets nothing go at all.
    #[must_use]
    pub fn hold_on_all(&self) -> Option<&str> {
        self.holds.iter().find_map(|((id, _), hold)| (*hold == Held::All).then_some(id.as_str()))
    }

    /// The hold that the record of this index sets, if it is not lifted: without the record nobody would know of it.
    pub(in crate::audit) fn hold_set_by(&self, index: u64) -> Option<&str> {
        self.holds.keys().find_map(|(id, set)| (*set == index).then_some(id.as_str()))
    }

    /// Whether the record of this index changes keys.
    pub(in crate::audit) fn changes_keys(&self, index: u64) -> bool {
        self.keys.contains(&index)
    }

    /// Whether this record outlives the collapse of the beginning that it stands in: a hold keeps it, it may explain what
    /// is gone of a record that a hold keeps, or it changes the keys. It is then to be stored with a
    /// [proof of its own](crate::audit::checkpoint::LogProof), in the commit that deletes the others.
    #[must_use]
    pub fn keeps(&self, record: &Record<'_>) -> bool {
        let index = record.place().index();
        self.changes_keys(index)
            || self.holds_on(index, record.person()).next().is_some()
            || self.explains_what_is_held(index)
    }

    /// Whether the record of this index is one of those that explain, and a hold keeps something before it.
    pub(in crate::audit) fn explains_what_is_held(&self, index: u64) -> bool {
        self.explaining.contains(&index)
            && self.holds.values().any(|hold| match hold {
                // Whom a record is about, the ledger does not know.
                Held::All | Held::Person(_) => true,
                Held::Spans(spans) => IndexRange::try_new(0, index).is_some_and(|before| spans.touches(before)),
            })
    }

    /// Whether a hold was set after this index and not lifted.
    pub(in crate::audit) fn is_held_since(&self, index: u64) -> bool {
        self.holds.keys().any(|(_, set)| *set > index)
    }

    pub(super) const fn covered(&self) -> u64 {
        self.covered
    }

    pub(super) const fn digest(&self) -> Hash {
        self.digest
    }

    /// What records of the log say that its tree was at this size.
    pub(super) fn seen_at(&self, size: u64) -> impl Iterator<Item = Seen> {
        let start = self.seen.partition_point(|seen| seen.size < size);
        self.seen.iter().skip(start).take_while(move |seen| seen.size == size).copied()
    }
}

/// What a record says that the log was.
pub(super) fn seen_by(record: &Record<'_>) -> Option<Seen> {
    match record.body() {
        Body::PurgeDone { seen, .. }
        | Body::ErasureDone { seen, .. }
        | Body::Heartbeat { seen }
        | Body::Review { seen, .. } => Some(seen),
        _ => None,
    }
}

/// The digest over the explaining records met so far.
pub(super) fn chain(before: &Hash, index: u64, leaf: &Hash) -> Hash {
    let digest = Sha256::new()
        .chain_update(b"clausework.ledger.v1")
        .chain_update(before.as_bytes())
        .chain_update(index.to_be_bytes())
        .chain_update(leaf.as_bytes());
    Hash::new(digest.finalize().into())
}
