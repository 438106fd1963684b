use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    CheckpointError, CheckpointSigner, CheckpointVerifier, KeyName, MAX_NAME_BYTES, Note, NoteSignature, SignError,
};
use crate::audit::tree::{Hash, TreeHead};
use crate::id::Scope;

/// Which log: the first line of its checkpoints (C2SP tlog-checkpoint), 1 to 255 bytes without control character.
///
/// One log for each tenant, so that a tenant's log can be shown, kept and destroyed without another's.
///
/// ```
/// use clausework::{Scope, TenantId, audit::checkpoint::Origin};
///
/// let acme = Scope::Tenant(TenantId::try_new("acme")?);
/// assert_eq!(Origin::of_scope("audit.example.com", &acme)?.as_str(), "audit.example.com/tenant:acme");
/// assert!(Origin::try_new("two\nlines").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// Checks the text and takes it as an origin. The specification recommends a URL without its scheme, with neither
    /// space nor plus; then it is the [name](Origin::key_name) of the log's key as well.
    ///
    /// # Errors
    /// [`CheckpointError::OriginText`].
    pub fn try_new(text: impl Into<String>) -> Result<Self, CheckpointError> {
        let text = text.into();
        if text.is_empty() || text.len() > MAX_NAME_BYTES || text.contains(char::is_control) {
            return Err(CheckpointError::OriginText);
        }
        Ok(Self(text))
    }

    /// The log of a tenant, or of the operator, of this host.
    ///
    /// # Errors
    /// [`CheckpointError::OriginText`].
    pub fn of_scope(host: &str, scope: &Scope) -> Result<Self, CheckpointError> {
        Self::try_new(alloc::format!("{host}/{scope}"))
    }

    /// The origin's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text as the name of the log's key, which it should be.
    ///
    /// # Errors
    /// [`CheckpointError::Name`] when it has a space or a plus.
    pub fn key_name(&self) -> Result<KeyName, CheckpointError> {
        KeyName::try_new(self.0.as_str())
    }
}

impl TryFrom<String> for Origin {
    type Error = CheckpointError;

    fn try_from(text: String) -> Result<Self, CheckpointError> {
        Self::try_new(text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// As it is, but for what would disturb a terminal.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_debug())
    }
}

/// What is signed: which log, how many records, the root over them (C2SP tlog-checkpoint, Note text).
///
/// There is no time in it: when nothing happened is shown by a heartbeat record in the log
/// ([`SequencerPolicy`](crate::audit::sequencer::SequencerPolicy)).
///
/// ```
/// use clausework::audit::{checkpoint::{Checkpoint, Origin}, tree::Tree};
///
/// let log: Tree = ["sign-in", "export"].into_iter().collect();
/// let checkpoint = Checkpoint::new(Origin::try_new("audit.example.com/acme")?, log.head());
/// let text = checkpoint.to_string();
/// assert!(text.starts_with("audit.example.com/acme\n2\n"));
/// assert_eq!(text.parse::<Checkpoint>()?, checkpoint);
/// assert!(text.replace("\n2\n", "\n02\n").parse::<Checkpoint>().is_err());
/// # Ok::<(), clausework::audit::checkpoint::CheckpointError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: Origin,
    head: TreeHead,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// Of this log and head, without extension lines.
    #[must_use]
    pub const fn new(origin: Origin, head: TreeHead) -> Self {
        Self { origin, head, extensions: Vec::new() }
    }

    /// Adds an extension line. The specification advises against it: nobody can audit what it says.
    ///
    /// # Errors
    /// [`CheckpointError::Line`] when it is empty or has a control character.
    pub fn with_extension(mut self, line: impl Into<String>) -> Result<Self, CheckpointError> {
        let (line, number) = (line.into(), self.extensions.len().saturating_add(4));
        if line.is_empty() || line.bytes().any(|byte| byte < b' ') {
            return Err(CheckpointError::Line { line: number, what: "an extension line" });
        }
        self.extensions.push(line);
        Ok(self)
    }

    /// Which log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Size and root.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// The extension lines: opaque, and signed by who knows what for.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The note to be signed, for a key that answers asynchronously ([`Note::sign_with`], [`SignedCheckpoint::new`]).
    ///
    /// # Errors
    /// [`CheckpointError::TooLong`], with very long extension lines.
    pub fn to_note(&self) -> Result<Note, CheckpointError> {
        Note::unsigned(alloc::format!("{self}"))
    }

    /// Signs it with each of these keys.
    ///
    /// # Errors
    /// [`SignError`], also when there is no key.
    pub fn sign(self, signers: &[&dyn CheckpointSigner]) -> Result<SignedCheckpoint, SignError> {
        let note = self.to_note().map_err(|_| SignError)?;
        let note = signers.iter().try_fold(note, |note, signer| note.sign(*signer))?;
        if note.signatures().is_empty() { Err(SignError) } else { Ok(SignedCheckpoint { checkpoint: self, note }) }
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, head, extensions } = self;
        write!(f, "{}\n{}\n{}\n", origin.as_str(), head.size(), head.root().to_base64())?;
        extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Reads exactly what `Display` writes.
impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let wrong = |line, what| CheckpointError::Line { line, what };
        let body = text.strip_suffix('\n').ok_or(wrong(1, "lines ended by line feeds"))?;
        let mut lines = body.split('\n');
        let origin = Origin::try_new(lines.next().unwrap_or_default())?;
        let size = decimal(lines.next().unwrap_or_default()).ok_or(wrong(2, "the size, without leading zero"))?;
        let root = Hash::from_base64(lines.next().unwrap_or_default()).map_err(|_| wrong(3, "the root in base64"))?;
        let checkpoint = Self::new(origin, TreeHead::new(size, root)?);
        lines.try_fold(checkpoint, Self::with_extension)
    }
}

/// A number as it would be written: digits, no leading zero.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let zero = text.len() > 1 && text.starts_with('0');
    if digits && !zero { text.parse().ok() } else { None }
}

/// A checkpoint with its signatures, whether they are right or not: what is stored, sent and anchored elsewhere.
///
/// ```
/// # #[cfg(feature = "ed25519")] {
/// use clausework::audit::checkpoint::{Checkpoint, Ed25519Signer, Ed25519Verifier, Origin, SignedCheckpoint};
/// use clausework::audit::tree::Tree;
///
/// let log: Tree = ["sign-in", "export"].into_iter().collect();
/// let origin = Origin::try_new("audit.example.com/acme")?;
/// let key = Ed25519Signer::from_seed(origin.key_name()?, &[7; 32]); // a host takes its own secret seed
/// let signed = Checkpoint::new(origin.clone(), log.head()).sign(&[&key])?;
///
/// let received = SignedCheckpoint::parse(&signed.to_string())?;
/// let trusted = Ed25519Verifier::new(&key.verifier_key())?;
/// let verified = received.verify(&origin, &[&trusted])?;
/// log.prover()?.inclusion(1)?.verify(&clausework::audit::tree::leaf_hash(b"export"), &verified.head())?;
///
/// let forged = signed.to_string().replace("\n2\n", "\n3\n");
/// assert!(SignedCheckpoint::parse(&forged)?.verify(&origin, &[&trusted]).is_err());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// From a signed note.
    ///
    /// # Errors
    /// [`CheckpointError`] when its text is no checkpoint, or it has no signature.
    pub fn new(note: Note) -> Result<Self, CheckpointError> {
        if note.signatures().is_empty() {
            return Err(CheckpointError::NoKnownKey);
        }
        Ok(Self { checkpoint: note.text().parse()?, note })
    }

    /// Reads exactly what `Display` writes. Nothing is verified by it.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        Self::new(Note::parse(text)?)
    }

    /// The signed note.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// What it says, unverified: to find the log and the keys by, not to rely on.
    #[must_use]
    pub const fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Checks that it is of this log and signed by a key that is known ([`Note::verify`]).
    ///
    /// # Errors
    /// [`CheckpointError::Origin`], [`CheckpointError::BadSignature`], [`CheckpointError::NoKnownKey`].
    pub fn verify(
        &self,
        origin: &Origin,
        known: &[&dyn CheckpointVerifier],
    ) -> Result<VerifiedCheckpoint<'_>, CheckpointError> {
        let verification = self.note.verify(known)?;
        if self.checkpoint.origin != *origin {
            return Err(CheckpointError::Origin);
        }
        Ok(VerifiedCheckpoint { checkpoint: &self.checkpoint, verification })
    }
}

/// The signed note, as it is stored and sent.
impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

/// A checkpoint whose signature was verified: made by [`SignedCheckpoint::verify`] alone, so what asks for one cannot
/// be given an unverified head by mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCheckpoint<'a> {
    checkpoint: &'a Checkpoint,
    verification: super::Verification<'a>,
}

impl<'a> VerifiedCheckpoint<'a> {
    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &'a Checkpoint {
        self.checkpoint
    }

    /// Size and root, to check proofs against.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.checkpoint.head()
    }

    /// The signatures that were verified: the log's own, and those of witnesses whose keys were given.
    #[must_use]
    pub fn signatures(&self) -> &[&'a NoteSignature] {
        self.verification.known()
    }

    /// The signatures of keys that were not given.
    #[must_use]
    pub fn unknown(&self) -> &[&'a NoteSignature] {
        self.verification.unknown()
    }
}
