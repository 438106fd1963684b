use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use sha2::{Digest as _, Sha256};

use super::spans::Spans;
use crate::audit::record::{Body, Class, FieldPath, IndexRange, Purge, Reach, Record, Seen};
use crate::audit::tree::{Hash, leaf_hash};
use crate::time::Timestamp;

/// No six months have fewer days (1 September to 1 March), and so long administrators' records are kept
/// at least (A2-Access-5). The months themselves are [the policy's](crate::audit::retention::RetentionPolicy).
const SIX_MONTHS_AT_LEAST: Duration = Duration::from_secs(181 * 86_400);

/// Persons who were held at an intent: what it says is not said of them.
type Spared = Arc<BTreeSet<String>>;

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
    bodies: Spans,
    disclosures: BTreeMap<(Class, Spared), Spans>,
    /// An empty path means every field.
    erased: BTreeSet<(u64, String, Spared)>,
    minimum: u64,
    /// Sorted by size.
    seen: Vec<Seen>,
    /// By id and the index of the record that set it: each is lifted by itself.
    holds: BTreeMap<(String, u64), Held>,
    /// Intents that are not done, by index.
    open: BTreeSet<u64>,
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
            bodies: Spans::default(),
            disclosures: BTreeMap::new(),
            erased: BTreeSet::new(),
            minimum: 0,
            seen: Vec::new(),
            holds: BTreeMap::new(),
            open: BTreeSet::new(),
        }
    }

    /// Of these records' bytes, in the order of the log. What is no record is passed over: the verifier names it.
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
        self.digest = chain(&self.digest, index, &leaf_hash(record.as_bytes()));
        // One that cannot be is no second history: the verifier calls the record malformed.
        if let Some(seen) = seen_by(record).filter(|seen| seen.size <= index) {
            self.note(seen);
        }
        match record.body() {
            Body::PurgeIntent { what, youngest, .. } => {
                self.open.insert(index);
                self.purge(record, &what, youngest);
            }
            Body::ErasureIntent { targets, .. } => {
                self.open.insert(index);
                let spared = self.persons_held();
                for target in targets.iter().filter(|target| target.index() < index) {
                    if !self.is_held_range(target.index(), target.index().saturating_add(1)) {
                        self.erased.insert((
                            target.index(),
                            target.path().unwrap_or_default().to_owned(),
                            Arc::clone(&spared),
                        ));
                    }
                }
            }
            Body::PurgeDone { intent, .. } | Body::ErasureDone { intent, .. } => {
                self.open.remove(&intent);
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

    fn purge(&mut self, intent: &Record<'_>, what: &Purge<'_>, youngest: Timestamp) {
        let (index, at) = (intent.place().index(), intent.place().recorded_at());
        // A beginning may hold records of administrators as well.
        let administration = match what {
            Purge::Bodies { class, .. } | Purge::Disclosures { class, .. } => *class == Class::Administration,
            Purge::Prefix { .. } => true,
        };
        if administration && at < youngest.saturating_add(SIX_MONTHS_AT_LEAST) {
            return;
        }
        let excused = |ledger: &Self, range: &IndexRange| {
            range.end() <= index && !ledger.is_held_range(range.start(), range.end())
        };
        match what {
            Purge::Bodies { ranges, .. } => {
                let ranges: Vec<_> = ranges.iter().filter(|range| excused(self, range)).collect();
                self.bodies.extend(ranges);
            }
            Purge::Disclosures { class, ranges } => {
                let ranges: Vec<_> = ranges.iter().filter(|range| excused(self, range)).collect();
                self.disclosures.entry((*class, self.persons_held())).or_default().extend(ranges);
            }
            // A held record below it stays with its proof; a hold on everything lets nothing go.
            Purge::Prefix { minimum_index } => {
                if *minimum_index <= index && self.hold_on_all().is_none() {
                    self.minimum = self.minimum.max(*minimum_index);
                }
            }
        }
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
        self.bodies.contains(index)
    }

    /// Whether the log says that the value of this field was erased or purged. `person` is whom the record is about: if
    /// a hold kept what is about him when that was to be done, it is not explained by it.
    #[must_use]
    pub fn explains_field(&self, index: u64, class: Class, field: FieldPath<'_>, person: Option<&str>) -> bool {
        let free = |spared: &Spared| person.is_none_or(|person| !spared.contains(person));
        self.disclosures
            .range((class, Spared::default())..)
            .take_while(|((of, _), _)| *of == class)
            .any(|((_, spared), spans)| free(spared) && spans.contains(index))
            || self
                .erased
                .range((index, String::new(), Spared::default())..)
                .take_while(|(of, ..)| *of == index)
                .any(|(_, path, spared)| free(spared) && (path.is_empty() || field.is(path)))
    }

    /// The index below which the log says that everything was purged.
    #[must_use]
    pub const fn minimum_index(&self) -> u64 {
        self.minimum
    }

    /// The intents, by index, that no record says are done: their deletion is to be done, or done again.
    pub fn open_intents(&self) -> impl Iterator<Item = u64> {
        self.open.iter().copied()
    }

    /// The holds that keep this record, by id; an id that was set twice may come twice. `person` is whom it is about.
    pub fn holds_on<'a>(&'a self, index: u64, person: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        self.holds.iter().filter_map(move |((id, set), hold)| {
            let held = match hold {
                Held::All => true,
                Held::Spans(spans) => spans.contains(index),
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
