//! The evidence of a log as one file: verified anywhere, without the log, the network or this host.
//!
//! ```text
//! clausework/evidence/1
//! origin audit.example.com/acme
//! values shown
//! key audit.example.com/acme+530d903a+AekyeRrm56hA...
//! checkpoint
//! | audit.example.com/acme
//! | 3
//! | WTsYBRbtg5vWzvQdSmDBcmcvz6Y3RG4bZQaN...
//! |
//! | — audit.example.com/acme Uw2QOkn8srV1yJGh2VYRlL1...
//! record 0 6e340b9cffb37a98... AQEAAAAAAAAA...
//! value {"index":0,"field":"email","salt":"...","value":"anna@example.com"}
//! leaf 1 96a296d224f285c6...
//! record 2 ...
//! end
//! ```
//!
//! There is one way to write a bundle: what would not be written again byte for byte is refused, an unknown line with it.
//! `leaf` is a record whose body was purged; a log whose beginning was purged has, after its checkpoints, `before` with
//! the size of what is gone and the hashes of its frontier. The index stands in each line, and the leaf hash beside each
//! record, so that what was dropped, moved or changed can be named.
//!
//! Before the first record may stand, of a log whose beginning was purged,
//!
//! - `consistency` with two sizes, and its hashes: that the log had grown from an older checkpoint, made and stored before
//!   the collapse, so that who holds that older checkpoint gets an answer still;
//! - `kept` with index, size and bytes, and the hashes of its proof: a record that was stored with a proof of its
//!   own, because a hold keeps it or because it changes the keys.
//!
//! A change of keys counts when the log shows that its old key agreed: a checkpoint that the old key signed covers the
//! record of the change, and is no larger than the size from which the new key signs. Such a checkpoint must be in the
//! bundle, or given from outside; without it, what the new key signed is of an unknown key.
//!
//! What concerns one person, one actor or one time is handed out as a [`Slice`].
//!
//! A bundle carries keys and checkpoints for convenience. They are worth what their source is worth: whoever makes up a
//! whole log makes up its key too. Give [`verify`](Bundle::verify) a key or a checkpoint that you had before.

mod keys;
mod slice;
mod slice_of;
#[cfg(test)]
mod tests;
mod text;

pub use self::slice::{Slice, SliceRefusal, SliceReport};
pub use self::slice_of::SliceOf;

use alloc::vec::Vec;

use self::keys::KeyPeriods;
use super::checkpoint::{CheckpointError, CheckpointVerifier, LogProof, Origin, SignedCheckpoint, VerifierKey};
use super::record::{Disclosure, Record};
use super::tree::{ConsistencyProof, Frontier, Hash, InclusionProof, TreeError, TreeHead, leaf_hash};
use super::verify::{Evidence, Ledger, Report, Values, Verdict, Verifier, link};

/// One record of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    index: u64,
    leaf: Hash,
    body: Option<Vec<u8>>,
    disclosures: Vec<Disclosure>,
}

/// Records, or what is left of them, with what shows that they are all there.
///
/// ```
/// # #[cfg(feature = "ed25519")] {
/// use clausework::audit::bundle::Bundle;
/// use clausework::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, Origin};
/// use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place};
/// use clausework::audit::tree::Frontier;
/// use clausework::audit::verify::{Values, Verdict};
/// # use clausework::{Scope, event::{Actor, Code}, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("nightly")?;
/// # let mut bytes = Vec::new();
/// # let _ = Draft::new(Essentials {
/// #     code: Code::internal("shop.stock_counted"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #     source: clausework::event::Origin::Internal, phase: Phase::Whole(Outcome::Success), actor: &Actor::Job(id.clone()),
/// #     about: About::new("stock", &id), class: Class::General,
/// # }).encode_into(Place::first(now), &mut bytes)?;
///
/// let origin = Origin::try_new("audit.example.com/acme")?;
/// let key = Ed25519Signer::from_seed(origin.key_name()?, &[7; 32]); // a host takes its own secret seed
/// let mut log = Frontier::new();
/// log.push(&bytes)?;
/// let checkpoint = Checkpoint::new(origin.clone(), log.head()).sign(&[&key])?;
///
/// let mut bundle = Bundle::new(origin, Values::Shown);
/// bundle.add_key(key.verifier_key());
/// bundle.add_checkpoint(checkpoint);
/// bundle.add_record(0, bytes, Vec::new());
/// let file = bundle.to_string();
///
/// // Somewhere else, with a key that was known before:
/// let known = Ed25519Verifier::new(&key.verifier_key())?;
/// let report = Bundle::parse(&file)?.verify(&[], &[&known]);
/// assert_eq!(report.verdict, Verdict::Verified(log.head()));
/// assert_eq!(Bundle::parse(&file)?.verify(&[], &[]).verdict, Verdict::UnknownKey);
/// assert!(Bundle::parse(&file.replace("end\n", "note all is well\nend\n")).is_err());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    origin: Origin,
    values: Values,
    keys: Vec<VerifierKey>,
    checkpoints: Vec<SignedCheckpoint>,
    before: Frontier,
    consistency: Vec<ConsistencyProof>,
    kept: Vec<Kept>,
    entries: Vec<Entry>,
}

/// One record from before the beginning, with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    proof: InclusionProof,
    bytes: Vec<u8>,
    disclosures: Vec<Disclosure>,
}

impl Bundle {
    /// The longest file that is read, in bytes. A longer log is shown in parts, or
    /// [verified as it streams](crate::audit::verify::Verifier).
    pub const MAX_BYTES: usize = 256 * 1024 * 1024;

    /// Of this log, empty yet.
    #[must_use]
    pub const fn new(origin: Origin, values: Values) -> Self {
        Self {
            origin,
            values,
            keys: Vec::new(),
            checkpoints: Vec::new(),
            before: Frontier::new(),
            consistency: Vec::new(),
            kept: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Adds a public key that signed one of the checkpoints.
    pub fn add_key(&mut self, key: VerifierKey) {
        self.keys.push(key);
    }

    /// Adds a checkpoint. The last record is that of the largest.
    pub fn add_checkpoint(&mut self, checkpoint: SignedCheckpoint) {
        self.checkpoints.push(checkpoint);
    }

    /// Begins it after what was purged: the frontier at the minimum index.
    pub fn begin_after(&mut self, before: Frontier) {
        self.before = before;
    }

    /// Adds the proof that the log had grown from the checkpoint of one size to that of another; both are to be
    /// [added](Self::add_checkpoint) too.
    pub fn add_consistency(&mut self, proof: ConsistencyProof) {
        self.consistency.push(proof);
    }

    /// Adds a record from before the beginning with the proof that was stored with it, and the checkpoint of that proof.
    pub fn add_kept(&mut self, bytes: Vec<u8>, mut disclosures: Vec<Disclosure>, proof: &LogProof) {
        if !self.checkpoints.contains(proof.checkpoint()) {
            self.checkpoints.push(proof.checkpoint().clone());
        }
        self.tidy(&mut disclosures);
        let kept = Kept { proof: proof.proof().clone(), bytes, disclosures };
        let at = self.kept.partition_point(|other| other.proof.index() < kept.proof.index());
        self.kept.insert(at, kept);
    }

    fn tidy(&self, disclosures: &mut Vec<Disclosure>) {
        if self.values == Values::NotShown {
            disclosures.clear();
        }
        disclosures.sort_unstable_by(|one, other| one.field().cmp(other.field()));
    }

    /// Adds the next record, with the values that are disclosed of it; a bundle [without values](Values::NotShown) takes
    /// none of them.
    pub fn add_record(&mut self, index: u64, bytes: Vec<u8>, disclosures: Vec<Disclosure>) {
        self.add_stored(index, leaf_hash(&bytes), bytes, disclosures);
    }

    /// As [`add_record`](Self::add_record), with the leaf hash that is stored: a record that was changed in storage is
    /// then named, where its own hash would only show that something was.
    pub fn add_stored(&mut self, index: u64, leaf: Hash, bytes: Vec<u8>, mut disclosures: Vec<Disclosure>) {
        self.tidy(&mut disclosures);
        self.entries.push(Entry { index, leaf, body: Some(bytes), disclosures });
    }

    /// Adds the next record, whose body was purged.
    pub fn add_purged(&mut self, index: u64, leaf: Hash) {
        self.entries.push(Entry { index, leaf, body: None, disclosures: Vec::new() });
    }

    /// Which log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The keys that it carries: known to whoever trusts the source of the bundle.
    #[must_use]
    pub fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }

    /// The checkpoints that it carries.
    #[must_use]
    pub fn checkpoints(&self) -> &[SignedCheckpoint] {
        &self.checkpoints
    }

    /// The bodies that are there, with their index, those kept from before the beginning first.
    pub fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let kept = self.kept.iter().map(|kept| (kept.proof.index(), kept.bytes.as_slice()));
        kept.chain(self.entries.iter().filter_map(|entry| Some((entry.index, entry.body.as_deref()?))))
    }

    /// Whether it was written with its values, by its own word: nobody signed that.
    #[must_use]
    pub const fn values(&self) -> Values {
        self.values
    }

    /// Verifies it by the keys that are known, and by checkpoints that were kept elsewhere, with every value that was
    /// not erased: [`verify_for`](Self::verify_for) with [`Values::Shown`].
    pub fn verify(&self, anchors: &[SignedCheckpoint], known: &[&dyn CheckpointVerifier]) -> Report {
        self.verify_for(anchors, known, Values::Shown)
    }

    /// As [`verify`](Self::verify), with the values or without, as whoever verifies wants it. The file has no say in it:
    /// [`values`](Self::values) is not signed, so it excuses no value that is gone.
    ///
    /// Every signature of its own checkpoints must be of a known key that was in use at that size; of `anchors`, one
    /// such signature each is enough, as C2SP signed-note has it. What is wrong with the records is said
    /// even if the keys are unknown.
    pub fn verify_for(
        &self,
        anchors: &[SignedCheckpoint],
        known: &[&dyn CheckpointVerifier],
        wanted: Values,
    ) -> Report {
        let given = self.checkpoints.iter().chain(anchors);
        let records = || self.records().filter_map(|(_, bytes)| Record::decode(bytes).ok());
        let periods = KeyPeriods::of(records(), &self.origin, given, known);
        // Which keys may sign is not known in part: a change that cannot be read is a fault, and none is passed over.
        let (periods, mut fault) =
            periods.map_or_else(|error| (KeyPeriods::default(), Some(verdict_of(&error))), |periods| (periods, None));
        let mut heads: Vec<TreeHead> = Vec::new();
        let own = self.checkpoints.iter().map(|checkpoint| (checkpoint, true));
        for (checkpoint, strict) in own.chain(anchors.iter().map(|anchor| (anchor, false))) {
            let valid = periods.valid_at(known, checkpoint.unverified().head().size());
            match checkpoint.verify(&self.origin, &valid) {
                Ok(verified) if strict && !verified.unknown().is_empty() => fault = fault.or(Some(Verdict::UnknownKey)),
                Ok(verified) => heads.push(verified.head()),
                Err(error) => fault = fault.or(Some(verdict_of(&error))),
            }
        }
        let to_meet = link(&heads, &self.consistency, self.before.size()).unwrap_or_else(|_| {
            fault = fault.or(Some(Verdict::Malformed));
            heads.clone()
        });
        // Where a checkpoint cannot be judged, neither can what it alone would excuse: that is no alarm.
        let doubted = fault.map(|_| self.checkpoints.iter().map(|checkpoint| checkpoint.unverified().head().size()));
        let trusted = heads.iter().map(TreeHead::size);
        let covered = trusted.max().map_or(u64::MAX, |size| doubted.into_iter().flatten().fold(size, u64::max));
        let ledger = Ledger::of(covered, self.records().map(|(_, bytes)| bytes));
        let mut verifier = Verifier::begin(&ledger, &to_meet, self.before.clone(), wanted);
        for Kept { proof, bytes, disclosures } in &self.kept {
            let head = heads.iter().find(|head| head.size() == proof.size());
            verifier.keep(proof, head, bytes, disclosures);
        }
        for Entry { index, leaf, body, disclosures } in &self.entries {
            let evidence = body.as_deref().map_or(Evidence::Purged, |bytes| Evidence::Body { bytes, disclosures });
            verifier.read(*index, *leaf, evidence);
        }
        let whole = verifier.head();
        let mut report = verifier.finish();
        // Its own last checkpoint is over all of it. Without one, nothing vouches for what came after an anchor.
        let beyond = match report.verdict {
            _ if report.beyond == 0 => None,
            _ if !self.checkpoints.is_empty() => Some(Verdict::Malformed),
            sound => sound.is_sound().then_some(Verdict::SelfConsistent(whole)),
        };
        let fault = fault.or(beyond);
        if let Some(fault) = fault.filter(|_| !report.verdict.is_alarm()) {
            report.verdict = fault;
        }
        report
    }
}

const fn verdict_of(error: &CheckpointError) -> Verdict {
    match error {
        CheckpointError::NoKnownKey | CheckpointError::Algorithm { .. } => Verdict::UnknownKey,
        _ => Verdict::Malformed,
    }
}

/// Why a file is no bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Over [`Bundle::MAX_BYTES`].
    #[error("the bundle has {found} bytes, more than any")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Written by another version of the crate.
    #[error("the bundle is of another version than 1")]
    Version,
    /// Not as a bundle is written.
    #[error("line {line} of the bundle: {what}")]
    Line {
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A key or a checkpoint that is none.
    #[error("line {line} of the bundle: {error}")]
    Checkpoint {
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong.
        error: CheckpointError,
    },
    /// A frontier that is none.
    #[error("line {line} of the bundle: {error}")]
    Tree {
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong.
        error: TreeError,
    },
}

impl BundleError {
    /// What it is as a verdict; never an alarm.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Version => Verdict::UnknownVersion,
            Self::Checkpoint { error: CheckpointError::Algorithm { .. }, .. } => Verdict::UnknownKey,
            _ => Verdict::Malformed,
        }
    }
}
