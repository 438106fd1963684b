use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding as _};

use super::text::{Lines, as_written, write_checkpoint, write_hashes, write_values};
use super::{Bundle, BundleError, SliceOf, verdict_of};
use crate::audit::checkpoint::{CheckpointVerifier, Origin, SignedCheckpoint, VerifierKey};
use crate::audit::record::{Disclosure, Opens, Record, RecordError};
use crate::audit::tree::{Hash, InclusionProof, TreeError, TreeHead, leaf_hash};
use crate::audit::verify::{Values, Verdict};

const HEADER: &str = "clausework/slice/";
const VERSION: &str = "1";

/// One record, and that it is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    proof: InclusionProof,
    bytes: Vec<u8>,
    disclosures: Vec<Disclosure>,
}

/// The records of a log that concern one person, one actor or one time, each with the proof that it is in the log: one
/// file, verified offline, that shows nothing of the other records but hashes.
///
/// ```text
/// clausework/slice/1
/// origin audit.example.com/acme
/// of person c-4711
/// key audit.example.com/acme+530d903a+AekyeRrm56hA...
/// checkpoint
/// | audit.example.com/acme
/// | 3
/// | ...
/// record 1 AQEAAAAAAAAA...
/// | 6e340b9cffb37a98...
/// | 96a296d224f285c6...
/// value {"index":1,"field":"email","salt":"...","value":"anna@example.com"}
/// end
/// ```
///
/// There is one way to write it, as of a [`Bundle`]. It cannot show that it is complete: whoever makes it chooses what to
/// leave out, and a value that is not shown may be erased or held back. So its best verdict is
/// [`Verdict::SelfConsistent`]: nothing is wrong, and nothing says that this is all of it.
///
/// A record is shown with all its bytes, since they are what is hashed: with them the pseudonyms of who acted and whom
/// it is about. Values that are somebody else's are left out ([`SliceOf`]). Handing it out is itself a record
/// ([`Body::LogRead`](crate::audit::record::Body::LogRead)).
///
/// ```
/// # #[cfg(feature = "ed25519")] {
/// use clausework::audit::bundle::{Slice, SliceOf};
/// use clausework::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, Origin};
/// use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place};
/// use clausework::audit::tree::Tree;
/// use clausework::audit::verify::Verdict;
/// # use clausework::{Scope, event::{Actor, Code}, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let (id, anna, otto) = (OpaqueId::try_new("portal")?, OpaqueId::try_new("c-1")?, OpaqueId::try_new("c-2")?);
/// # let draft = |person| Draft::new(Essentials {
/// #     code: Code::internal("shop.viewed"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #     source: clausework::event::Origin::Internal, phase: Phase::Whole(Outcome::Success), actor: &Actor::Unauthenticated,
/// #     about: About::new("customer", person), class: Class::Access,
/// # }).about_person(person);
/// # let (mut of_anna, mut of_otto) = (Vec::new(), Vec::new());
/// # let _ = draft(&anna).encode_into(Place::first(now), &mut of_anna)?;
/// # let _ = draft(&otto).encode_into(Place::first(now).next(now), &mut of_otto)?;
///
/// let log: Tree = [&of_anna, &of_otto].into_iter().collect();
/// let origin = Origin::try_new("audit.example.com/acme")?;
/// let key = Ed25519Signer::from_seed(origin.key_name()?, &[7; 32]); // a host takes its own secret seed
/// let checkpoint = Checkpoint::new(origin, log.head()).sign(&[&key])?;
///
/// let mut slice = Slice::new(SliceOf::Person(anna), checkpoint);
/// slice.add_record(of_anna, Vec::new(), log.prover()?.inclusion(0)?)?;
/// assert!(slice.add_record(of_otto, Vec::new(), log.prover()?.inclusion(1)?).is_err()); // about somebody else
/// let file = slice.to_string();
///
/// let known = Ed25519Verifier::new(&key.verifier_key())?;
/// let report = Slice::parse(&file)?.verify(&[], &[&known]);
/// assert_eq!((report.verdict, report.shown), (Verdict::SelfConsistent(log.head()), 1));
/// assert_eq!(Slice::parse(&file)?.verify(&[], &[]).verdict, Verdict::UnknownKey);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    origin: Origin,
    of: SliceOf,
    keys: Vec<VerifierKey>,
    checkpoint: SignedCheckpoint,
    parts: Vec<Part>,
}

/// Why a record is not taken into a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SliceRefusal {
    /// It is no record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It concerns others than the slice.
    #[error("record {index} is not of what the slice is of")]
    Other {
        /// Its index.
        index: u64,
    },
    /// The proof is of another record or another size than that of the checkpoint, or the record is there already.
    #[error("record {index} comes without its proof, or twice")]
    Proof {
        /// Its index.
        index: u64,
    },
}

impl Slice {
    /// Of this, up to this checkpoint of the log; empty yet.
    #[must_use]
    pub fn new(of: SliceOf, checkpoint: SignedCheckpoint) -> Self {
        let origin = checkpoint.unverified().origin().clone();
        Self { origin, of, keys: Vec::new(), checkpoint, parts: Vec::new() }
    }

    /// Adds a public key that signed the checkpoint.
    pub fn add_key(&mut self, key: VerifierKey) {
        self.keys.push(key);
    }

    /// Adds a record with the proof that leads to the checkpoint. Of its values those are taken that may be shown.
    ///
    /// # Errors
    /// [`SliceRefusal`]; the slice stays as it was.
    pub fn add_record(
        &mut self,
        bytes: Vec<u8>,
        mut disclosures: Vec<Disclosure>,
        proof: InclusionProof,
    ) -> Result<(), SliceRefusal> {
        let record = Record::decode(&bytes)?;
        let index = record.place().index();
        if !self.of.concerns(&record) {
            return Err(SliceRefusal::Other { index });
        }
        disclosures.retain(|value| self.of.shows(&record, value.field()));
        disclosures.sort_unstable_by(|one, other| one.field().cmp(other.field()));
        let at = self.parts.partition_point(|part| part.proof.index() < index);
        let twice = self.parts.get(at).is_some_and(|part| part.proof.index() == index);
        if twice || proof.index() != index || proof.size() != self.checkpoint.unverified().head().size() {
            return Err(SliceRefusal::Proof { index });
        }
        self.parts.insert(at, Part { proof, bytes, disclosures });
        Ok(())
    }

    /// Which log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What it is of.
    #[must_use]
    pub const fn of(&self) -> &SliceOf {
        &self.of
    }

    /// The keys that it carries: known to whoever trusts its source.
    #[must_use]
    pub fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }

    /// The records, as bytes.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        self.parts.iter().map(|part| part.bytes.as_slice())
    }

    /// Verifies it by the keys that are known. Of `anchors`, checkpoints that were kept elsewhere, one of the same size
    /// must have the same root; others say nothing about it.
    pub fn verify(&self, anchors: &[SignedCheckpoint], known: &[&dyn CheckpointVerifier]) -> SliceReport {
        let own = self.checkpoint.unverified().head();
        let mut found = Found::default();
        // What is wrong with the records is said even if the keys are unknown.
        if let Err(error) = self.checkpoint.verify(&self.origin, known) {
            found.doubt(verdict_of(&error));
        }
        for anchor in anchors {
            match anchor.verify(&self.origin, known) {
                Ok(verified) if verified.head().size() == own.size() && verified.head() != own => {
                    found.alarm(Verdict::Forked(verified.head(), own));
                }
                Ok(_) => {}
                Err(error) => found.doubt(verdict_of(&error)),
            }
        }
        let mut before: Option<Record<'_>> = None;
        for part in &self.parts {
            found.part(part, &self.of, &own, &mut before);
        }
        SliceReport {
            verdict: found.alarm.or(found.doubt).unwrap_or(Verdict::SelfConsistent(own)),
            of: self.of.clone(),
            size: own.size(),
            shown: u64::try_from(self.parts.len()).unwrap_or(u64::MAX),
            withheld: found.withheld,
        }
    }

    /// Reads exactly what `Display` writes. Nothing is verified by it.
    ///
    /// # Errors
    /// [`BundleError`] with the line.
    pub fn parse(text: &str) -> Result<Self, BundleError> {
        if text.len() > Bundle::MAX_BYTES {
            return Err(BundleError::TooLong { found: text.len() });
        }
        let slice = Self::read(&mut Lines { rest: text, line: 0 })?;
        as_written(slice, text)
    }

    /// Whether a text says of itself that it is a slice, of whatever version.
    #[must_use]
    pub fn is_slice(text: &str) -> bool {
        text.starts_with(HEADER)
    }

    fn read(lines: &mut Lines<'_>) -> Result<Self, BundleError> {
        match lines.next()?.strip_prefix(HEADER) {
            Some(VERSION) => {}
            Some(other) if !other.is_empty() && other.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(BundleError::Version);
            }
            _ => return lines.wrong("no slice of an audit log"),
        }
        let origin = lines.next()?.strip_prefix("origin ").and_then(|text| Origin::try_new(text).ok());
        let Some(origin) = origin else { return lines.wrong("no origin") };
        let of = lines.next()?.strip_prefix("of ").and_then(SliceOf::parse);
        let Some(of) = of else { return lines.wrong("neither a person nor an actor nor a period") };
        let keys = lines.keys()?;
        if lines.next()? != "checkpoint" {
            return lines.wrong("no checkpoint");
        }
        let checkpoint = lines.checkpoint()?;
        let size = checkpoint.unverified().head().size();
        let mut parts: Vec<Part> = Vec::new();
        while let Some(text) = lines.after("record ") {
            let line = lines.line;
            let record = text
                .split_once(' ')
                .and_then(|(index, bytes)| Some((index.parse::<u64>().ok()?, Base64::decode_vec(bytes).ok()?)));
            let Some((index, bytes)) = record else { return lines.wrong("no record") };
            if parts.last().is_some_and(|last| last.proof.index() >= index) {
                return lines.wrong("records that are not sorted by index");
            }
            let path: Vec<Hash> = lines.hashes()?;
            let proof = InclusionProof::from_parts(index, size, path);
            let proof = proof.map_err(|error: TreeError| BundleError::Tree { line, error })?;
            let disclosures = lines.disclosures(Values::Shown)?;
            parts.push(Part { proof, bytes, disclosures });
        }
        lines.end(Self { origin, of, keys, checkpoint, parts })
    }
}

/// The file.
impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, of, keys, checkpoint, parts } = self;
        writeln!(f, "{HEADER}{VERSION}\norigin {}\nof {of}", origin.as_str())?;
        keys.iter().try_for_each(|key| writeln!(f, "key {key}"))?;
        write_checkpoint(checkpoint, f)?;
        for Part { proof, bytes, disclosures } in parts {
            writeln!(f, "record {} {}", proof.index(), Base64::encode_string(bytes))?;
            write_hashes(proof.path(), f)?;
            write_values(disclosures, f)?;
        }
        f.write_str("end\n")
    }
}

/// What was found wrong: the first that is known to be, and the first that cannot be judged.
#[derive(Default)]
struct Found {
    alarm: Option<Verdict>,
    doubt: Option<Verdict>,
    withheld: u64,
}

impl Found {
    fn alarm(&mut self, verdict: Verdict) {
        self.alarm = self.alarm.or(Some(verdict));
    }

    fn doubt(&mut self, verdict: Verdict) {
        self.doubt = self.doubt.or(Some(verdict));
    }

    fn part<'a>(&mut self, part: &'a Part, of: &SliceOf, head: &TreeHead, before: &mut Option<Record<'a>>) {
        let index = part.proof.index();
        if part.proof.verify(&leaf_hash(&part.bytes), head).is_err() {
            return self.alarm(Verdict::Altered(index));
        }
        let record = match Record::decode(&part.bytes) {
            Ok(record) => record,
            Err(RecordError::Version { .. }) => return self.doubt(Verdict::UnknownVersion),
            Err(_) => return self.doubt(Verdict::Malformed),
        };
        let place = record.place();
        let follows = before.is_none_or(|before| {
            before.tenant() == record.tenant() && before.place().recorded_at() <= place.recorded_at()
        });
        let opened = |value: &Disclosure| record.opens(value) == Opens::Yes;
        if place.index() != index || !follows || !part.disclosures.iter().all(opened) {
            self.alarm(Verdict::Altered(index));
        }
        // It shows what it says that it leaves out.
        if !of.concerns(&record) || !part.disclosures.iter().all(|value| of.shows(&record, value.field())) {
            self.doubt(Verdict::Malformed);
        }
        let shown = |path: &crate::audit::record::FieldPath<'_>| part.disclosures.iter().any(|of| path.is(of.field()));
        let withheld = record.commitments().filter(|(path, _)| !shown(path)).count();
        self.withheld = self.withheld.saturating_add(u64::try_from(withheld).unwrap_or(u64::MAX));
        *before = Some(record);
    }
}

/// What can be said of a [`Slice`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct SliceReport {
    /// At best [`Verdict::SelfConsistent`]: what is shown is in the log of that head, and more may be.
    pub verdict: Verdict,
    /// What it is of.
    pub of: SliceOf,
    /// The size of the log at its checkpoint.
    pub size: u64,
    /// Records shown.
    pub shown: u64,
    /// Values of these records that are not shown: somebody else's, erased, or held back. A slice cannot tell which.
    pub withheld: u64,
}

impl fmt::Display for SliceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verdict, of, size, shown, withheld } = self;
        match verdict {
            Verdict::SelfConsistent(_) => {
                write!(
                    f,
                    "slice: {shown} of the {size} records of the log, as recorded; no slice shows that these are all"
                )?;
            }
            verdict => write!(f, "slice: {verdict}")?,
        }
        write!(f, " (of {of}, {withheld} values not shown)")
    }
}
