use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::spans::Spans;
use crate::audit::record::{Body, Class, FieldPath, IndexRange, Purge, Reach, Record, Seen};
use crate::audit::tree::{Hash, leaf_hash};

/// What the log says about its own gaps: what was to be erased and purged, and what is held.
///
/// Nothing outside the log excuses an absence. The ledger is read from the log's own records, in their order, before
/// the log is verified; the [`Verifier`](super::Verifier) then finds every one of them again in the tree, so a forged
/// or a forgotten one does not pass.
///
/// - An intent excuses from the moment a checkpoint covers it. The deletion comes after that checkpoint, so a process
///   that dies in between leaves no false alarm; the record that it is done says when, and how many.
/// - It excuses only what was before it, and nothing that a legal hold kept at the time. (A hold on a person is kept by
///   [the plan](crate::audit::retention), which knows whom a record is about; a record that is gone does not tell.)
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
    disclosures: BTreeMap<Class, Spans>,
    /// An empty path means every field.
    erased: BTreeSet<(u64, String)>,
    minimum: u64,
    /// Sorted by size.
    seen: Vec<Seen>,
    holds: BTreeMap<String, Hold>,
    /// Intents that are not done, by index.
    open: BTreeSet<u64>,
}

/// A hold that was set and not lifted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hold {
    set: u64,
    reach: Held,
}

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
        match record.body() {
            Body::PurgeIntent { what, .. } => {
                self.open.insert(index);
                self.purge(index, &what);
            }
            Body::ErasureIntent { targets, .. } => {
                self.open.insert(index);
                for target in targets.iter().filter(|target| target.index() < index) {
                    if !self.is_held_range(target.index(), target.index().saturating_add(1)) {
                        self.erased.insert((target.index(), target.path().unwrap_or_default().to_owned()));
                    }
                }
            }
            Body::PurgeDone { intent, seen, .. } | Body::ErasureDone { intent, seen, .. } => {
                self.open.remove(&intent);
                self.note(seen);
            }
            Body::Heartbeat { seen } | Body::Review { seen, .. } => self.note(seen),
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
                self.holds.insert(hold.to_owned(), Hold { set: index, reach });
            }
            Body::HoldLifted { hold, set } if self.holds.get(hold).is_some_and(|hold| hold.set == set) => {
                self.holds.remove(hold);
            }
            _ => {}
        }
    }

    fn purge(&mut self, index: u64, what: &Purge<'_>) {
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
                self.disclosures.entry(*class).or_default().extend(ranges);
            }
            // A held record below it stays with its proof; a hold on everything lets nothing go.
            Purge::Prefix { minimum_index } => {
                let all = self.holds.values().any(|hold| hold.reach == Held::All);
                if *minimum_index <= index && !all {
                    self.minimum = self.minimum.max(*minimum_index);
                }
            }
        }
    }

    fn note(&mut self, seen: Seen) {
        let at = self.seen.partition_point(|other| other.size <= seen.size);
        self.seen.insert(at, seen);
    }

    fn is_held_range(&self, start: u64, end: u64) -> bool {
        let Some(range) = IndexRange::try_new(start, end) else { return false };
        self.holds.values().any(|hold| match &hold.reach {
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

    /// Whether the log says that the value of this field was erased or purged.
    #[must_use]
    pub fn explains_field(&self, index: u64, class: Class, field: FieldPath<'_>) -> bool {
        self.disclosures.get(&class).is_some_and(|spans| spans.contains(index))
            || self
                .erased
                .range((index, String::new())..)
                .take_while(|(of, _)| *of == index)
                .any(|(_, path)| path.is_empty() || field.is(path))
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

    /// The holds that keep this record, by id. `person` is whom it is about.
    pub fn holds_on<'a>(&'a self, index: u64, person: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        self.holds.iter().filter_map(move |(id, hold)| {
            let held = match &hold.reach {
                Held::All => true,
                Held::Spans(spans) => spans.contains(index),
                Held::Person(of) => person == Some(of),
            };
            (held || hold.set == index).then_some(id.as_str())
        })
    }

    /// The hold, if there is one, that lets nothing go at all.
    #[must_use]
    pub fn hold_on_all(&self) -> Option<&str> {
        self.holds.iter().find_map(|(id, hold)| (hold.reach == Held::All).then_some(id.as_str()))
    }

    /// Whether a hold was set after this index and not lifted.
    pub(in crate::audit) fn is_held_since(&self, index: u64) -> bool {
        self.holds.values().any(|hold| hold.set > index)
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

/// The digest over the explaining records met so far.
pub(super) fn chain(before: &Hash, index: u64, leaf: &Hash) -> Hash {
    let digest = Sha256::new()
        .chain_update(b"clausework.ledger.v1")
        .chain_update(before.as_bytes())
        .chain_update(index.to_be_bytes())
        .chain_update(leaf.as_bytes());
    Hash::new(digest.finalize().into())
}
