use alloc::vec::Vec;
use core::ops::Range;

use crate::audit::record::{Body, IndexRange, List, Purge, Record};

/// Which rows an intent names: they are deleted in the commit that appends that it is done, and no others.
///
/// What is counted is what the certificate speaks of: values that are erased, bodies that are purged. The values of
/// purged bodies go with them, uncounted.
///
/// ```
/// use clausework::audit::log::Removal;
/// # use clausework::audit::record::{About, Basis, Body, Class, Draft, Essentials, Ground, Outcome, Phase, Place, Purge, Record};
/// # use clausework::{Scope, event::{Actor, Code, Origin}, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("nightly")?;
/// # let actor = Actor::Job(id.clone());
/// # let record = |body: Option<Body<'_>>| {
/// #     let mut draft = Draft::new(Essentials {
/// #         code: Code::internal("audit.log"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #         source: Origin::Internal, phase: Phase::Whole(Outcome::Success), actor: &actor,
/// #         about: About::new("log", &id), class: Class::General,
/// #     });
/// #     if let Some(body) = body { draft = draft.body(body); }
/// #     let mut bytes = Vec::new();
/// #     draft.encode_into(Place::first(now), &mut bytes).map(|_| bytes)
/// # };
/// let what = Purge::Prefix { minimum_index: 300 };
/// let intent = record(Some(Body::PurgeIntent { what, youngest: now.timestamp(), ground: Ground::new(Basis::RetentionEnded) }))?;
/// assert_eq!(Removal::of(&Record::decode(&intent)?), Some(Removal::Prefix { minimum_index: 300 }));
/// let other = record(None)?;
/// assert_eq!(Removal::of(&Record::decode(&other)?), None); // another record is no reason to delete anything
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: whoever deletes answers for each")]
pub enum Removal<'a> {
    /// Values of these records: of one field, or of all.
    Values(Vec<(Range<u64>, Option<&'a str>)>),
    /// The bodies of these records, with their values. The leaf hashes stay.
    Bodies(Vec<Range<u64>>),
    /// Every record below the minimum with its values, and the [nodes](prunable_nodes) that are needed no more.
    Prefix {
        /// The lowest index that stays.
        minimum_index: u64,
    },
}

impl<'a> Removal<'a> {
    /// What this intent names; `None` if it is no intent.
    #[must_use]
    pub fn of(intent: &Record<'a>) -> Option<Self> {
        let spans = |ranges: List<'a, IndexRange>| ranges.iter().map(|range| range.start()..range.end());
        match intent.body() {
            Body::ErasureIntent { targets, .. } => {
                let one = |index: u64| index..index.saturating_add(1);
                Some(Self::Values(targets.iter().map(|target| (one(target.index()), target.path())).collect()))
            }
            Body::PurgeIntent { what: Purge::Disclosures { ranges, .. }, .. } => {
                Some(Self::Values(spans(ranges).map(|range| (range, None)).collect()))
            }
            Body::PurgeIntent { what: Purge::Bodies { ranges, .. }, .. } => Some(Self::Bodies(spans(ranges).collect())),
            Body::PurgeIntent { what: Purge::Prefix { minimum_index }, .. } => Some(Self::Prefix { minimum_index }),
            _ => None,
        }
    }
}

/// The nodes that may go with everything below a minimum: at each level, those with an index below this one. What
/// [must be kept](crate::audit::tree::MinimumIndex::kept) is not among them.
///
/// ```
/// use clausework::audit::log::prunable_nodes;
///
/// // Of eleven records the nodes over 0 to 7, 8 to 9 and 10 are kept: index 0 of level 3, 4 of level 1, 10 of level 0.
/// assert_eq!(prunable_nodes(11).collect::<Vec<_>>(), [(0, 10), (1, 4), (2, 2)]);
/// ```
pub fn prunable_nodes(minimum_index: u64) -> impl Iterator<Item = (u8, u64)> {
    // A level's last node before the minimum is kept if it has no sibling there, that is, if their number is odd.
    (0..=62).map(move |level| (level, minimum_index >> level & !1)).filter(|(_, below)| *below > 0)
}
