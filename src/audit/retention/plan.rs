use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::RetentionPolicy;
use crate::audit::record::{Body, Class, Ground, IndexRange, List, Purge, Record, Target, Who};
use crate::audit::verify::Ledger;
use crate::time::{Now, Timestamp};

/// The most ranges that one intent names, and the most targets.
const MAX_RANGES: usize = 2048;
const MAX_TARGETS: usize = 512;

/// What is to be purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: there are three ways")]
pub enum PurgeKind {
    /// The disclosed values of records of this class.
    Disclosures(Class),
    /// The bodies of records of this class.
    Bodies(Class),
    /// Everything before this index.
    Prefix(u64),
}

/// A record that may be purged, as a plan asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: what a plan decides by")]
pub struct Candidate<'a> {
    /// Its index.
    pub index: u64,
    /// Its class.
    pub class: Class,
    /// When it was put into the log.
    pub recorded_at: Timestamp,
    /// Whom it is about.
    pub person: Option<&'a str>,
}

impl<'a> From<&Record<'a>> for Candidate<'a> {
    fn from(record: &Record<'a>) -> Self {
        let place = record.place();
        Self { index: place.index(), class: record.class(), recorded_at: place.recorded_at(), person: record.person() }
    }
}

/// Why a record is not purged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// Its class is kept until then; `None`: past the year 9999.
    TooYoung {
        /// The first instant at which it may go.
        until: Option<Timestamp>,
    },
    /// A legal hold keeps it.
    Held {
        /// The id of the hold.
        hold: String,
    },
    /// It is of another class than the purge.
    OtherClass,
    /// The log's own records explain the others: they go with all that is before them, or not at all. What explains
    /// something before it that a hold keeps goes with a proof of its own alone.
    Explains,
    /// It is before the minimum, not among the candidates, and not purged.
    Unaccounted,
    /// An intent that is not done: what it was about to delete is to be deleted first.
    Open,
    /// It changes the keys of the log: without it, or a proof of its own, nobody knows which key may sign.
    Keys,
    /// It does not come after the one before it.
    Order,
}

/// A record that is not purged, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a record and a reason")]
pub struct Refusal {
    /// The index of the record.
    pub index: u64,
    /// Why.
    pub reason: RefusalReason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}: ", self.index)?;
        match &self.reason {
            RefusalReason::TooYoung { until: Some(until) } => write!(f, "kept until {until}"),
            RefusalReason::TooYoung { until: None } => f.write_str("kept for ever"),
            RefusalReason::Held { hold } => write!(f, "under the legal hold {hold:?}"),
            RefusalReason::OtherClass => f.write_str("of another class"),
            RefusalReason::Explains => f.write_str("it explains the log"),
            RefusalReason::Unaccounted => f.write_str("neither a candidate nor purged"),
            RefusalReason::Open => f.write_str("an intent that is not done"),
            RefusalReason::Keys => f.write_str("a change of keys without a proof of its own"),
            RefusalReason::Order => f.write_str("not after the one before it"),
        }
    }
}

/// What may go, and what may not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct PurgeDecision {
    /// What may go; `None` if that is nothing. Of a prefix, all or nothing.
    pub plan: Option<PurgePlan>,
    /// Every reason against, in the order of the records.
    pub refused: Vec<Refusal>,
}

/// What may go: to be put into the log as an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing goes before its intent is in the log"]
pub struct PurgePlan {
    kind: PurgeKind,
    ranges: Vec<IndexRange>,
    youngest: Timestamp,
    records: u64,
    rest: Option<u64>,
}

impl PurgePlan {
    /// The intent, for [`Draft::body`](crate::audit::record::Draft::body).
    #[must_use]
    pub fn body<'a>(&'a self, ground: Ground<'a>) -> Body<'a> {
        let ranges = List::from(self.ranges.as_slice());
        let what = match self.kind {
            PurgeKind::Disclosures(class) => Purge::Disclosures { class, ranges },
            PurgeKind::Bodies(class) => Purge::Bodies { class, ranges },
            PurgeKind::Prefix(minimum_index) => Purge::Prefix { minimum_index },
        };
        Body::PurgeIntent { what, youngest: self.youngest, ground }
    }

    /// The records, as ranges.
    #[must_use]
    pub fn ranges(&self) -> &[IndexRange] {
        &self.ranges
    }

    /// How many records.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// When the youngest of them was recorded.
    #[must_use]
    pub const fn youngest(&self) -> Timestamp {
        self.youngest
    }

    /// From which index on candidates are left for another plan: one intent names 2048 ranges at most.
    #[must_use]
    pub const fn rest(&self) -> Option<u64> {
        self.rest
    }
}

/// Decides what of these records may go.
///
/// `candidates` come in the order of their index; `ledger` is of the whole log. For a prefix they are all the records
/// before the minimum that are still there, and `proven` are those of them that a
/// [proof of their own](crate::audit::checkpoint::LogProof) was stored with, or is in the commit that deletes the others:
/// what the [ledger keeps](Ledger::keeps) may leave the log only with one. The record that sets a hold stays until the hold is lifted, proof or not: to collapse past
/// it, set the hold anew, and lift the old one.
///
/// ```
/// use clausework::audit::record::Class;
/// use clausework::audit::retention::{Candidate, PurgeKind, RefusalReason, RetentionPolicy, plan_purge};
/// use clausework::audit::verify::Ledger;
/// use clausework::{Now, Timestamp};
///
/// let (policy, ledger) = (RetentionPolicy::default(), Ledger::default());
/// let recorded: Timestamp = serde_json::from_str(r#""2026-01-15T10:00:00.000000Z""#)?;
/// let record = Candidate { index: 4, class: Class::Administration, recorded_at: recorded, person: None };
/// let plan = |now: &str| -> Result<_, serde_json::Error> {
///     let now = Now::from(serde_json::from_str::<Timestamp>(now)?);
///     Ok(plan_purge(&policy, now, &ledger, PurgeKind::Bodies(Class::Administration), [record], &Default::default()))
/// };
/// let early = plan(r#""2026-07-16T23:59:59.999999Z""#)?;
/// assert!(early.plan.is_none());
/// assert!(matches!(early.refused[0].reason, RefusalReason::TooYoung { .. }));
/// assert_eq!(plan(r#""2026-07-17T00:00:00.000000Z""#)?.plan.ok_or("refused")?.records(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan_purge<'a>(
    policy: &RetentionPolicy,
    now: Now,
    ledger: &Ledger,
    kind: PurgeKind,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
    proven: &BTreeSet<u64>,
) -> PurgeDecision {
    let mut refused = Vec::new();
    let mut plan: Option<PurgePlan> = None;
    let prefix = if let PurgeKind::Prefix(minimum) = kind { Some(minimum) } else { None };
    let mut next = if prefix.is_some() { ledger.minimum_index() } else { 0 };
    for candidate in candidates {
        let index = candidate.index;
        if prefix.is_some_and(|minimum| index >= minimum) {
            break;
        }
        if index < next {
            refused.push(Refusal { index, reason: RefusalReason::Order });
            continue;
        }
        if prefix.is_some() {
            refused.extend(unaccounted(ledger, next, index));
        }
        next = index.saturating_add(1);
        let before = refused.len();
        refused.extend(reasons(policy, now, ledger, kind, &candidate, proven).map(|reason| Refusal { index, reason }));
        if refused.len() == before {
            add(&mut plan, kind, &candidate);
        }
    }
    if let Some(minimum) = prefix {
        refused.extend(unaccounted(ledger, next, minimum));
        let hold = ledger.hold_on_all().map(|hold| RefusalReason::Held { hold: hold.to_owned() });
        refused.extend(hold.map(|reason| Refusal { index: ledger.minimum_index(), reason }));
        plan = plan.filter(|_| refused.is_empty());
    }
    PurgeDecision { plan, refused }
}

fn reasons(
    policy: &RetentionPolicy,
    now: Now,
    ledger: &Ledger,
    kind: PurgeKind,
    candidate: &Candidate<'_>,
    proven: &BTreeSet<u64>,
) -> impl Iterator<Item = RefusalReason> {
    let Candidate { index, class, recorded_at, person } = *candidate;
    let until = policy.kept_until(class, recorded_at).ok();
    let young = until.is_none_or(|until| now.timestamp() < until).then_some(RefusalReason::TooYoung { until });
    let other = match kind {
        PurgeKind::Disclosures(of) | PurgeKind::Bodies(of) => (of != class).then_some(RefusalReason::OtherClass),
        PurgeKind::Prefix(_) => None,
    };
    let prefix = matches!(kind, PurgeKind::Prefix(_));
    let open = prefix && ledger.open_intents().any(|intent| intent == index);
    let kept_apart = prefix && proven.contains(&index);
    let keys = prefix && !kept_apart && ledger.changes_keys(index);
    // What is gone of a held record would be gone without a reason.
    let explains = (matches!(kind, PurgeKind::Bodies(_)) && class == Class::Log)
        || (prefix && !kept_apart && ledger.explains_what_is_held(index));
    // Were the record of a hold gone, nothing would say that what it keeps must be shown, or may not go after all.
    let own = kept_apart.then(|| ledger.hold_set_by(index)).flatten();
    let holds: Vec<_> = ledger
        .holds_on(index, person)
        .filter(|_| !kept_apart)
        .chain(own)
        .map(|hold| RefusalReason::Held { hold: hold.to_owned() })
        .collect();
    let rest = [
        explains.then_some(RefusalReason::Explains),
        open.then_some(RefusalReason::Open),
        keys.then_some(RefusalReason::Keys),
    ];
    [young, other].into_iter().chain(rest).flatten().chain(holds)
}

/// What is between the candidates must have been purged; the first that was not.
fn unaccounted(ledger: &Ledger, from: u64, until: u64) -> Option<Refusal> {
    let index = ledger.first_unexplained(from, until)?;
    Some(Refusal { index, reason: RefusalReason::Unaccounted })
}

fn add(plan: &mut Option<PurgePlan>, kind: PurgeKind, candidate: &Candidate<'_>) {
    let Candidate { index, recorded_at, .. } = *candidate;
    let Some(one) = IndexRange::try_new(index, index.saturating_add(1)) else { return };
    let Some(plan) = plan else {
        *plan = Some(PurgePlan { kind, ranges: Vec::from([one]), youngest: recorded_at, records: 1, rest: None });
        return;
    };
    // Of a prefix the ranges are not written.
    let full = plan.ranges.len() >= MAX_RANGES && !matches!(kind, PurgeKind::Prefix(_));
    match plan.ranges.last_mut() {
        _ if plan.rest.is_some() => return,
        Some(last) if last.end() == index => {
            *last = IndexRange::try_new(last.start(), one.end()).unwrap_or(one);
        }
        _ if full => {
            plan.rest = Some(index);
            return;
        }
        _ => plan.ranges.push(one),
    }
    plan.youngest = plan.youngest.max(recorded_at);
    plan.records = plan.records.saturating_add(1);
}

/// What may be erased, and what may not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing goes before its intent is in the log"]
pub struct ErasurePlan<'a> {
    targets: Vec<Target<'a>>,
    refused: Vec<Refusal>,
    rest: usize,
}

impl<'a> ErasurePlan<'a> {
    /// The intent; `None` if nothing may be erased.
    #[must_use]
    pub fn body<'b>(&'b self, ground: Ground<'b>, requested_by: Who<'b>, request: &'b str) -> Option<Body<'b>> {
        let targets = List::from(self.targets.as_slice());
        (!targets.is_empty()).then_some(Body::ErasureIntent { targets, ground, requested_by, request })
    }

    /// What may be erased, sorted.
    #[must_use]
    pub fn targets(&self) -> &[Target<'a>] {
        &self.targets
    }

    /// What may not: it is held.
    #[must_use]
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// How many targets are left for another plan: one intent names 512 at most.
    #[must_use]
    pub const fn rest(&self) -> usize {
        self.rest
    }
}

/// Decides which values may be erased at a person's request: all but what a legal hold keeps (GDPR Art. 17(3)(e)).
///
/// Each target comes with the person whom its record is about. No shortest time stands against it: the record stays.
///
/// ```
/// use clausework::audit::{record::Target, retention::plan_erasure, verify::Ledger};
///
/// let plan = plan_erasure(&Ledger::default(), [(Target::field(7, "email"), None), (Target::record(7), None)]);
/// assert_eq!(plan.targets(), [Target::record(7)]); // all of it: the field is within
/// ```
pub fn plan_erasure<'a>(
    ledger: &Ledger,
    targets: impl IntoIterator<Item = (Target<'a>, Option<&'a str>)>,
) -> ErasurePlan<'a> {
    let (mut allowed, mut refused): (Vec<Target<'a>>, Vec<Refusal>) = (Vec::new(), Vec::new());
    for (target, person) in targets {
        let index = target.index();
        let holds = ledger.holds_on(index, person);
        let before = refused.len();
        refused.extend(holds.map(|hold| Refusal { index, reason: RefusalReason::Held { hold: hold.to_owned() } }));
        if refused.len() == before {
            allowed.push(target);
        }
    }
    allowed.sort_unstable_by_key(|target| (target.index(), target.path()));
    // Sorted, so "all fields" of a record comes before each of them.
    allowed
        .dedup_by(|next, kept| next.index() == kept.index() && (kept.path().is_none() || kept.path() == next.path()));
    let rest = allowed.len().saturating_sub(MAX_TARGETS);
    allowed.truncate(MAX_TARGETS);
    ErasurePlan { targets: allowed, refused, rest }
}
