use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::ledger::{chain, seen_by};
use super::{Ledger, Report, Verdict};
use crate::audit::record::{Class, Disclosure, Record, RecordError};
use crate::audit::tree::{Frontier, Hash, InclusionProof, TreeHead, leaf_hash};
use crate::time::Timestamp;

/// What is there of one record.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "closed: a body is there or it is not")]
pub enum Evidence<'a> {
    /// Its bytes, and the values that are disclosed of it.
    Body {
        /// The canonical bytes.
        bytes: &'a [u8],
        /// What opens its commitments.
        disclosures: &'a [Disclosure],
    },
    /// Its leaf hash alone.
    Purged,
}

/// Whether the values belong to what is shown. Whoever verifies chooses: what is verified has no say in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: they do or they do not")]
pub enum Values {
    /// All that were not erased: one that is gone must be explained.
    Shown,
    /// None: the records are shown without what they commit to, and nothing is said of it.
    NotShown,
}

/// How far a verification has come and what it found: to be stored, and gone on with. A few hashes, whatever the size
/// of the log; its text is under 6 KiB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifierState {
    values: Values,
    start: u64,
    tree: Frontier,
    /// Leaves were left out or came out of order: no root can be computed any more.
    broken: bool,
    next: u64,
    /// The records before the beginning that were looked at: what a hold keeps of them must be shown.
    kept: u64,
    /// Whose log it is, as the first record says: `operator`, or `tenant:` and the id.
    scope: Option<String>,
    /// When the last record that is there was recorded.
    recorded: Timestamp,
    ledger: Hash,
    /// The largest trusted head that the tree had.
    met: Option<TreeHead>,
    altered: Option<u64>,
    missing: Option<u64>,
    withheld: Option<u64>,
    forked: Option<(TreeHead, TreeHead)>,
    version: bool,
    malformed: bool,
    purged: u64,
    redacted: u64,
}

impl VerifierState {
    /// The index of the record that comes next.
    #[must_use]
    pub const fn next_index(&self) -> u64 {
        self.next
    }
}

/// Verifies a log as it streams by, in the order of its indices.
///
/// Its state does not grow with the log (but for a hash each time the size doubles) and can be stored at any record
/// ([`state`](Self::state), [`resume`](Self::resume)). What it decides by, the [`Ledger`], grows with the number of
/// erasures and purges.
///
/// `heads` are the trusted ones: of checkpoints whose signatures were verified, and that come from where whoever could
/// change the log cannot. Each must be met; without any, the best verdict is [`Verdict::SelfConsistent`].
///
/// ```
/// use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place};
/// use clausework::audit::tree::{Frontier, leaf_hash};
/// use clausework::audit::verify::{Evidence, Ledger, Values, Verdict, Verifier};
/// # use clausework::{Scope, event::{Actor, Code, Origin}, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("nightly")?;
/// # let (mut records, mut place) = (Vec::new(), Place::first(now));
/// # for _ in 0..3 {
/// #     let mut bytes = Vec::new();
/// #     let _ = Draft::new(Essentials {
/// #         code: Code::internal("shop.stock_counted"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #         source: Origin::Internal, phase: Phase::Whole(Outcome::Success), actor: &Actor::Job(id.clone()),
/// #         about: About::new("stock", &id), class: Class::General,
/// #     }).encode_into(place, &mut bytes)?;
/// #     records.push(bytes);
/// #     place = place.next(now);
/// # }
/// let mut log = Frontier::new();
/// log.extend_from(&records)?; // three records; this head was signed and is kept elsewhere
/// let trusted = [log.head()];
///
/// let verdict = |records: &[Vec<u8>]| {
///     let ledger = Ledger::of(log.size(), records.iter().map(Vec::as_slice));
///     let mut verifier = Verifier::begin(&ledger, &trusted, Frontier::new(), Values::Shown);
///     for (record, index) in records.iter().zip(0..) {
///         verifier.read(index, leaf_hash(record), Evidence::Body { bytes: record, disclosures: &[] });
///     }
///     verifier.finish().verdict
/// };
/// assert_eq!(verdict(&records), Verdict::Verified(log.head()));
/// assert_eq!(verdict(&records[..2]), Verdict::Truncated { have: 2, anchored: 3 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a verification that is not finished says nothing"]
pub struct Verifier<'a> {
    ledger: &'a Ledger,
    /// Sorted by size: a log of years has thousands.
    heads: Vec<TreeHead>,
    state: VerifierState,
}

impl<'a> Verifier<'a> {
    /// Begins at the first record that the log still has; `before` is the frontier of what was purged before it, empty
    /// for a log from its beginning. `wanted` is whether a value that is gone must be explained.
    pub fn begin(ledger: &'a Ledger, heads: &[TreeHead], before: Frontier, wanted: Values) -> Self {
        let heads = sorted(heads);
        let start = before.size();
        let state = VerifierState {
            values: wanted,
            start,
            tree: before,
            broken: false,
            next: start,
            kept: 0,
            scope: None,
            recorded: Timestamp::MIN,
            ledger: Hash::new([0; 32]),
            met: None,
            altered: None,
            missing: (start > ledger.minimum_index()).then_some(ledger.minimum_index()),
            withheld: None,
            forked: contradiction(&heads),
            version: false,
            malformed: false,
            purged: 0,
            redacted: 0,
        };
        let mut verifier = Self { ledger, heads, state };
        verifier.meet();
        verifier
    }

    /// Goes on from where it was, with the same ledger and heads.
    pub fn resume(ledger: &'a Ledger, heads: &[TreeHead], state: VerifierState) -> Self {
        Self { ledger, heads: sorted(heads), state }
    }

    /// How far it is.
    #[must_use]
    pub const fn state(&self) -> &VerifierState {
        &self.state
    }

    /// A record from before the beginning, with the proof that was [stored](crate::audit::checkpoint::LogProof) with it:
    /// one under a legal hold, or a change of keys. They come before the first record, in the order of their indices.
    ///
    /// `head` is the trusted one that the proof leads to, one of those that the verification began with or that is
    /// [linked](super::link) to one of them; without one the record is evidence of nothing.
    pub fn keep(&mut self, proof: &InclusionProof, head: Option<&TreeHead>, bytes: &[u8], disclosures: &[Disclosure]) {
        let (index, leaf) = (proof.index(), leaf_hash(bytes));
        let s = &mut self.state;
        if s.next > s.start || index >= s.start || index < s.kept {
            s.malformed = true;
            return;
        }
        if let Some(gap) = self.ledger.first_kept(s.kept, index) {
            first(&mut s.missing, gap);
        }
        s.kept = index.saturating_add(1);
        match head.map(|head| proof.verify(&leaf, head)) {
            Some(Ok(())) => self.body(index, leaf, bytes, disclosures),
            Some(Err(_)) => first(&mut s.altered, index),
            None => s.malformed = true,
        }
    }

    /// The next record: its index, its leaf hash as it is stored, and what there is of it.
    pub fn read(&mut self, index: u64, leaf: Hash, evidence: Evidence<'_>) {
        let s = &mut self.state;
        if index < s.next {
            // It was here already, or others were put before it.
            s.broken = true;
            first(&mut s.altered, index);
            return;
        }
        if index > s.next {
            s.broken = true;
            first(&mut s.missing, s.next);
        }
        s.next = index.saturating_add(1);
        match evidence {
            // It is no older than what stands before it.
            Evidence::Purged if self.ledger.explains_body_since(index, s.recorded) => {
                s.purged = s.purged.saturating_add(1);
            }
            Evidence::Purged => first(&mut s.missing, index),
            Evidence::Body { bytes, disclosures } => self.body(index, leaf, bytes, disclosures),
        }
        let s = &mut self.state;
        if !s.broken {
            if s.tree.push_with(leaf, |_, _| {}).is_err() {
                s.malformed = true;
                s.broken = true;
            }
            self.meet();
        }
    }

    fn body(&mut self, index: u64, leaf: Hash, bytes: &[u8], disclosures: &[Disclosure]) {
        let s = &mut self.state;
        if leaf_hash(bytes) != leaf {
            return first(&mut s.altered, index);
        }
        let record = match Record::decode(bytes) {
            Ok(record) => record,
            Err(RecordError::Version { .. }) => return s.version = true,
            Err(_) => return s.malformed = true,
        };
        let scope = is_of(s.scope.get_or_insert_with(|| scope_of(&record)), &record);
        if record.place().index() != index || !scope || record.place().recorded_at() < s.recorded {
            return first(&mut s.altered, index);
        }
        s.recorded = record.place().recorded_at();
        // Nobody has seen the log larger than it was, and none of a beginning is younger than the youngest of it.
        if seen_by(&record).is_some_and(|seen| seen.size > index) || self.ledger.contradicts(&record) {
            s.malformed = true;
        }
        if record.class() == Class::Log && index < self.ledger.covered() {
            s.ledger = chain(&s.ledger, index, &leaf);
        }
        // Once through the commitments: each disclosure opens one of them, and each of them has one or an explanation.
        let mut opened = 0_usize;
        for (path, commitment) in record.commitments() {
            let before = opened;
            for value in disclosures.iter().filter(|value| path.is(value.field())) {
                if value.index() != index || !commitment.opens(value.field(), value.salt(), value.value()) {
                    return first(&mut s.altered, index);
                }
                opened = opened.saturating_add(1);
            }
            if opened > before || s.values == Values::NotShown {
                continue;
            }
            if self.ledger.explains_field_of(&record, path) {
                s.redacted = s.redacted.saturating_add(1);
            } else {
                first(&mut s.withheld, index);
            }
        }
        if opened < disclosures.len() {
            first(&mut s.altered, index);
        }
    }

    /// Compares the tree with every head that is known of its size.
    fn meet(&mut self) {
        let size = self.state.tree.size();
        let mut root = None;
        let first = self.heads.partition_point(|head| head.size() < size);
        let trusted = self.heads.iter().skip(first).take_while(|head| head.size() == size).copied();
        let seen = self.ledger.seen_at(size).filter_map(|seen| TreeHead::new(size, Hash::new(seen.root)).ok());
        for (head, trusted) in trusted.map(|head| (head, true)).chain(seen.map(|head| (head, false))) {
            let own = *root.get_or_insert_with(|| self.state.tree.head());
            if own != head {
                self.state.forked = self.state.forked.or(Some((head, own)));
            } else if trusted {
                self.state.met = Some(head);
            }
        }
    }

    /// The head of what was read.
    pub(in crate::audit) fn head(&self) -> TreeHead {
        self.state.tree.head()
    }

    /// What can be said now.
    pub fn finish(self) -> Report {
        let s = &self.state;
        let last = self.heads.last().map(TreeHead::size);
        Report {
            verdict: self.verdict(last),
            minimum_index: s.start,
            size: s.next,
            purged: s.purged,
            redacted: s.redacted,
            beyond: last.map_or(0, |last| s.next.saturating_sub(last)),
        }
    }

    fn verdict(&self, last: Option<u64>) -> Verdict {
        let s = &self.state;
        if let Some(index) = s.altered {
            return Verdict::Altered(index);
        }
        // Before what is missing: what is gone may be explained in what was cut off.
        if let Some(anchored) = last.filter(|anchored| *anchored > s.next) {
            return Verdict::Truncated { have: s.next, anchored };
        }
        let kept = self.ledger.first_kept(s.kept, s.start);
        if let Some(index) = s.missing.into_iter().chain(kept).min() {
            return Verdict::MissingUnexplained(index);
        }
        if let Some((one, other)) = s.forked {
            return Verdict::Forked(one, other);
        }
        if let Some(index) = s.withheld {
            return Verdict::WithheldUnexplained(index);
        }
        if s.version {
            return Verdict::UnknownVersion;
        }
        // A ledger that is not of this log explains nothing in it.
        if s.malformed || s.broken || s.ledger != self.ledger.digest() {
            return Verdict::Malformed;
        }
        // A head from before the first record that is there cannot be met.
        let all_met = self.heads.first().is_none_or(|head| head.size() >= s.start);
        match s.met.filter(|_| all_met) {
            None => Verdict::SelfConsistent(s.tree.head()),
            Some(head) if s.purged > 0 || s.start > 0 => Verdict::Purged(head),
            Some(head) if s.redacted > 0 => Verdict::Redacted(head),
            Some(head) => Verdict::Verified(head),
        }
    }
}

/// By size, and each once.
fn sorted(heads: &[TreeHead]) -> Vec<TreeHead> {
    let mut heads = heads.to_vec();
    heads.sort_by_key(TreeHead::size); // those of one size in the order in which they were given
    heads.dedup();
    heads
}

/// Two heads of one size that differ, of heads sorted by size.
fn contradiction(heads: &[TreeHead]) -> Option<(TreeHead, TreeHead)> {
    let pairs = heads.iter().zip(heads.iter().skip(1));
    pairs.filter(|(one, other)| one.size() == other.size() && one != other).map(|(one, other)| (*one, *other)).next()
}

/// Keeps the smallest.
fn first(found: &mut Option<u64>, index: u64) {
    *found = Some(found.map_or(index, |before| before.min(index)));
}

/// Whose log a record says that it is in.
fn scope_of(record: &Record<'_>) -> String {
    record.tenant().map_or_else(|| "operator".to_owned(), |tenant| alloc::format!("tenant:{tenant}"))
}

fn is_of(scope: &str, record: &Record<'_>) -> bool {
    match record.tenant() {
        Some(tenant) => scope.strip_prefix("tenant:") == Some(tenant),
        None => scope == "operator",
    }
}
