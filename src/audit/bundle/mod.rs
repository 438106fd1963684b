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
//! A bundle carries keys and checkpoints for convenience. They are worth what their source is worth: whoever makes up a
//! whole log makes up its key too. Give [`verify`](Bundle::verify) a key or a checkpoint that you had before.

#[cfg(test)]
mod tests;
mod text;

use alloc::vec::Vec;

use super::checkpoint::{CheckpointError, CheckpointVerifier, KeyId, KeyName, Origin, SignedCheckpoint, VerifierKey};
use super::record::{Body, Disclosure, Record};
use super::tree::{Frontier, Hash, TreeError, TreeHead, leaf_hash};
use super::verify::{Evidence, Ledger, Report, Values, Verdict, Verifier};

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
    entries: Vec<Entry>,
}

impl Bundle {
    /// The longest file that is read, in bytes. A longer log is shown in parts, or
    /// [verified as it streams](crate::audit::verify::Verifier).
    pub const MAX_BYTES: usize = 256 * 1024 * 1024;

    /// Of this log, empty yet.
    #[must_use]
    pub const fn new(origin: Origin, values: Values) -> Self {
        Self { origin, values, keys: Vec::new(), checkpoints: Vec::new(), before: Frontier::new(), entries: Vec::new() }
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

    /// Adds the next record, with the values that are disclosed of it; a bundle [without values](Values::NotShown) takes
    /// none of them.
    pub fn add_record(&mut self, index: u64, bytes: Vec<u8>, disclosures: Vec<Disclosure>) {
        self.add_stored(index, leaf_hash(&bytes), bytes, disclosures);
    }

    /// As [`add_record`](Self::add_record), with the leaf hash that is stored: a record that was changed in storage is
    /// then named, where its own hash would only show that something was.
    pub fn add_stored(&mut self, index: u64, leaf: Hash, bytes: Vec<u8>, mut disclosures: Vec<Disclosure>) {
        if self.values == Values::NotShown {
            disclosures.clear();
        }
        disclosures.sort_unstable_by(|one, other| one.field().cmp(other.field()));
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

    /// The bodies that are there, with their index.
    pub fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.entries.iter().filter_map(|entry| Some((entry.index, entry.body.as_deref()?)))
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
        // Which keys may sign is not known in part: a change that cannot be read is a fault, and none is passed over.
        let (periods, mut fault) =
            self.key_periods().map_or_else(|error| (Vec::new(), Some(verdict_of(&error))), |periods| (periods, None));
        let mut heads: Vec<TreeHead> = Vec::new();
        let own = self.checkpoints.iter().map(|checkpoint| (checkpoint, true));
        for (checkpoint, strict) in own.chain(anchors.iter().map(|anchor| (anchor, false))) {
            let size = checkpoint.unverified().head().size();
            let valid: Vec<&dyn CheckpointVerifier> =
                known.iter().filter(|key| periods.iter().all(|period| period.allows(**key, size))).copied().collect();
            match checkpoint.verify(&self.origin, &valid) {
                Ok(verified) if strict && !verified.unknown().is_empty() => fault = fault.or(Some(Verdict::UnknownKey)),
                Ok(verified) => heads.push(verified.head()),
                Err(error) => fault = fault.or(Some(verdict_of(&error))),
            }
        }
        let covered = heads.iter().map(TreeHead::size).max().unwrap_or(u64::MAX);
        let ledger = Ledger::of(covered, self.records().map(|(_, bytes)| bytes));
        let mut verifier = Verifier::begin(&ledger, &heads, self.before.clone(), wanted);
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

    /// From and until which size the log says that keys sign.
    fn key_periods(&self) -> Result<Vec<Period>, CheckpointError> {
        let records = self.records().filter_map(|(_, bytes)| Record::decode(bytes).ok());
        let changes = records.filter_map(|record| match record.body() {
            Body::KeyChange { retired, added, from_size } => Some((retired, added, from_size)),
            _ => None,
        });
        let period = |key: &str, from, until| {
            let key: VerifierKey = key.parse()?;
            Ok(Period { id: key.id(), name: key.name().clone(), from, until })
        };
        changes
            .flat_map(|(retired, added, size)| {
                let retired = retired.map(|key| period(key, 0, size));
                retired.into_iter().chain(added.map(|key| period(key, size, u64::MAX)))
            })
            .collect()
    }
}

/// The sizes of the checkpoints that a key may sign, both ends included.
struct Period {
    name: KeyName,
    id: KeyId,
    from: u64,
    until: u64,
}

impl Period {
    fn allows(&self, key: &dyn CheckpointVerifier, size: u64) -> bool {
        let same = key.id() == self.id && *key.name() == self.name;
        !same || (self.from <= size && size <= self.until)
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
