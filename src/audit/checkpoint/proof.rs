use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding as _};

use super::head::decimal;
use super::{CheckpointError, CheckpointVerifier, MAX_NOTE_BYTES, Origin, SignedCheckpoint, VerifiedCheckpoint};
use crate::audit::tree::{Hash, InclusionProof, MAX_PATH, ProofError, leaf_hash};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Everything that shows one record to be in a log, as one text (C2SP tlog-proof): index, inclusion proof and signed
/// checkpoint. Whoever has the record, this and the log's public key needs nothing else, and nobody else.
///
/// What is kept of a record under a legal hold before the beginning of its log is deleted.
///
/// ```
/// # #[cfg(feature = "ed25519")] {
/// use clausework::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, LogProof, Origin};
/// use clausework::audit::tree::Tree;
///
/// let log: Tree = ["sign-in", "export"].into_iter().collect();
/// let origin = Origin::try_new("audit.example.com/acme")?;
/// let key = Ed25519Signer::from_seed(origin.key_name()?, &[7; 32]);
/// let signed = Checkpoint::new(origin.clone(), log.head()).sign(&[&key])?;
/// let proof = LogProof::new(&log.prover()?.inclusion(1)?, signed)?;
///
/// let (text, trusted) = (proof.to_string(), Ed25519Verifier::new(&key.verifier_key())?);
/// assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 1\n"));
/// LogProof::parse(&text)?.verify(b"export", &origin, &[&trusted])?;
/// assert!(LogProof::parse(&text)?.verify(b"import", &origin, &[&trusted]).is_err());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    extra: Option<Vec<u8>>,
    proof: InclusionProof,
    checkpoint: SignedCheckpoint,
}

/// Why a [`LogProof`] shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum LogProofError {
    /// Its checkpoint.
    Checkpoint(#[from] CheckpointError),
    /// Its proof.
    Proof(#[from] ProofError),
}

impl LogProof {
    /// Joins a proof with the checkpoint it leads to.
    ///
    /// # Errors
    /// [`ProofError::Size`] when the checkpoint is of another size.
    pub fn new(proof: &InclusionProof, checkpoint: SignedCheckpoint) -> Result<Self, ProofError> {
        let head = checkpoint.unverified().head().size();
        if proof.size() != head {
            return Err(ProofError::Size { proof: proof.size(), head });
        }
        Ok(Self { extra: None, proof: proof.clone(), checkpoint })
    }

    /// Adds extra data: opaque, and signed by nobody.
    #[must_use]
    pub fn with_extra(self, extra: impl Into<Vec<u8>>) -> Self {
        Self { extra: Some(extra.into()), ..self }
    }

    /// The extra data, signed by nobody.
    #[must_use]
    pub fn unverified_extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The proof.
    #[must_use]
    pub const fn proof(&self) -> &InclusionProof {
        &self.proof
    }

    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// Whether this record is in this log, as a known key has signed.
    ///
    /// # Errors
    /// [`LogProofError`].
    pub fn verify(
        &self,
        record: &[u8],
        origin: &Origin,
        known: &[&dyn CheckpointVerifier],
    ) -> Result<VerifiedCheckpoint<'_>, LogProofError> {
        let verified = self.checkpoint.verify(origin, known)?;
        self.proof.verify(&leaf_hash(record), &verified.head())?;
        Ok(verified)
    }

    /// Reads exactly what `Display` writes. Nothing is verified by it.
    ///
    /// # Errors
    /// [`CheckpointError`] with the line.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        if text.len() > MAX_NOTE_BYTES {
            return Err(CheckpointError::TooLong { found: text.len() });
        }
        let wrong = |line, what| CheckpointError::Line { line, what };
        let (head, note) = text.split_once("\n\n").ok_or(wrong(1, "a proof, an empty line, a checkpoint"))?;
        let mut lines = (1..).zip(head.split('\n')).peekable();
        lines.next_if(|(_, line)| *line == HEADER).ok_or(wrong(1, HEADER))?;
        let extra =
            lines.next_if(|(_, line)| line.starts_with("extra ")).and_then(|(_, line)| line.strip_prefix("extra "));
        let decode = |extra| Base64::decode_vec(extra).map_err(|_| wrong(2, "extra data in base64"));
        let extra = extra.map(decode).transpose()?;
        let (number, line) = lines.next().ok_or(wrong(2, "the index"))?;
        let index = line.strip_prefix("index ").and_then(decimal).ok_or(wrong(number, "the index"))?;
        let mut path = Vec::new();
        for (number, line) in lines {
            if path.len() >= MAX_PATH {
                return Err(wrong(number, "at most 63 hashes"));
            }
            path.push(Hash::from_base64(line).map_err(|_| wrong(number, "a hash in base64"))?);
        }
        let checkpoint = SignedCheckpoint::parse(note)?;
        let proof = InclusionProof::from_parts(index, checkpoint.unverified().head().size(), path)?;
        Ok(Self { extra, proof, checkpoint })
    }
}

/// The text, as it is stored and sent (`.tlog-proof`).
impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", Base64::encode_string(extra))?;
        }
        writeln!(f, "index {}", self.proof.index())?;
        self.proof.path().iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
