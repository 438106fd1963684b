use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;

use super::spans::Spans;
use crate::audit::record::{Class, FieldPath, IndexRange, Target};
use crate::time::Timestamp;

/// Persons who were held at an intent: what it says is not said of them.
pub(super) type Spared = Arc<BTreeSet<String>>;

/// What intents excuse: of one that is open, or of all that are done.
///
/// With each stands when the youngest was recorded, as the intent says. What is found to be younger is not excused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excuses {
    bodies: BTreeMap<Timestamp, Spans>,
    disclosures: BTreeMap<(Class, Timestamp, Spared), Spans>,
    /// An empty path means every field.
    erased: BTreeSet<(u64, String, Spared)>,
    /// By the index of the intent: the lowest index that stays.
    prefixes: BTreeMap<u64, (u64, Timestamp)>,
}

impl Excuses {
    pub(super) fn bodies(youngest: Timestamp, ranges: impl IntoIterator<Item = IndexRange>) -> Self {
        let mut spans = Spans::default();
        spans.extend(ranges);
        Self { bodies: [(youngest, spans)].into(), ..Self::default() }
    }

    pub(super) fn disclosures(
        class: Class,
        youngest: Timestamp,
        spared: Spared,
        ranges: impl IntoIterator<Item = IndexRange>,
    ) -> Self {
        let mut spans = Spans::default();
        spans.extend(ranges);
        Self { disclosures: [((class, youngest, spared), spans)].into(), ..Self::default() }
    }

    pub(super) fn erased<'a>(spared: &Spared, targets: impl IntoIterator<Item = Target<'a>>) -> Self {
        let erased =
            |target: Target<'a>| (target.index(), target.path().unwrap_or_default().to_owned(), Arc::clone(spared));
        Self { erased: targets.into_iter().map(erased).collect(), ..Self::default() }
    }

    pub(super) fn prefix(intent: u64, minimum: u64, youngest: Timestamp) -> Self {
        Self { prefixes: [(intent, (minimum, youngest))].into(), ..Self::default() }
    }

    pub(super) fn absorb(&mut self, mut other: Self) {
        for (youngest, spans) in other.bodies {
            self.bodies.entry(youngest).or_default().extend(spans.ranges());
        }
        for (of, spans) in other.disclosures {
            self.disclosures.entry(of).or_default().extend(spans.ranges());
        }
        self.erased.append(&mut other.erased);
        self.prefixes.append(&mut other.prefixes);
    }

    /// Until before which index everything from this one on is explained, if this one is. `recorded` is when it was
    /// recorded at the earliest.
    pub(super) fn body_until(&self, index: u64, recorded: Timestamp) -> Option<u64> {
        self.bodies.range(recorded..).filter_map(|(_, spans)| spans.end_of(index)).max()
    }

    pub(super) fn explains_field(
        &self,
        (index, recorded): (u64, Timestamp),
        class: Class,
        field: FieldPath<'_>,
        person: Option<&str>,
    ) -> bool {
        let free = |spared: &Spared| person.is_none_or(|person| !spared.contains(person));
        let purged = self.disclosures.range((class, recorded, Spared::default())..);
        let mut purged = purged.take_while(|((of, ..), _)| *of == class);
        let erased = self.erased.range((index, String::new(), Spared::default())..);
        let mut erased = erased.take_while(|(of, ..)| *of == index);
        purged.any(|((.., spared), spans)| free(spared) && spans.end_of(index).is_some())
            || erased.any(|(_, path, spared)| free(spared) && (path.is_empty() || field.is(path)))
    }

    /// The intents to purge a beginning that come before this index, and the lowest index that they let stay.
    pub(super) fn minimum_before(&self, intent: u64) -> u64 {
        self.prefixes.range(..intent).map(|(_, (minimum, _))| *minimum).max().unwrap_or(0)
    }

    /// Whether a beginning that has this record is said to be older than it is.
    pub(super) fn contradicts(&self, index: u64, recorded: Timestamp) -> bool {
        self.prefixes.values().any(|(minimum, youngest)| index < *minimum && *youngest < recorded)
    }
}
