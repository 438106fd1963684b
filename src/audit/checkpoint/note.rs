use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding as _};

use super::{
    CheckpointError, CheckpointSigner, CheckpointVerifier, KeyId, KeyName, MAX_NOTE_BYTES, MAX_SIGNATURES, SignError,
};

/// One signature of a note, with the name and id of the key it claims to be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: KeyId,
    signature: Vec<u8>,
}

impl NoteSignature {
    /// The name of the key.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The signature itself.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

/// A text with signatures (C2SP signed-note).
///
/// ```
/// use clausework::audit::checkpoint::Note;
///
/// let text = "This is an example message.\n\n\
///     — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
/// let note = Note::parse(text)?;
/// assert_eq!((note.text(), note.to_string()), ("This is an example message.\n", text.to_owned()));
/// assert_eq!(note.signatures()[0].id().to_string(), "530d903a");
/// assert!(Note::parse(text.trim_end()).is_err()); // every line ends with a line feed
/// # Ok::<(), clausework::audit::checkpoint::CheckpointError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A text that is not signed yet. It is no note until it is.
    ///
    /// # Errors
    /// [`CheckpointError::Line`] when it does not end with a line feed or has another control character,
    /// [`CheckpointError::TooLong`].
    pub fn unsigned(text: impl Into<String>) -> Result<Self, CheckpointError> {
        let text = text.into();
        if text.len() > MAX_NOTE_BYTES {
            return Err(CheckpointError::TooLong { found: text.len() });
        }
        check(&text)?;
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Adds the signature of this key.
    ///
    /// # Errors
    /// [`SignError`], also when there are [`MAX_SIGNATURES`] already.
    pub fn sign(self, signer: &dyn CheckpointSigner) -> Result<Self, SignError> {
        let signature = signer.sign(self.text.as_bytes())?;
        self.sign_with(signer.name().clone(), signer.id(), signature)
    }

    /// Adds a signature that was made elsewhere, such as by a vault that answers asynchronously.
    ///
    /// # Errors
    /// [`SignError`] when it is empty, when there are [`MAX_SIGNATURES`] already, or when the note would be too long.
    pub fn sign_with(mut self, name: KeyName, id: KeyId, signature: Vec<u8>) -> Result<Self, SignError> {
        if signature.is_empty() || self.signatures.len() >= MAX_SIGNATURES {
            return Err(SignError);
        }
        self.signatures.push(NoteSignature { name, id, signature });
        if alloc::format!("{self}").len() > MAX_NOTE_BYTES { Err(SignError) } else { Ok(self) }
    }

    /// Reads exactly what `Display` writes of a signed note.
    ///
    /// # Errors
    /// [`CheckpointError`] with the line.
    pub fn parse(note: &str) -> Result<Self, CheckpointError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(CheckpointError::TooLong { found: note.len() });
        }
        check(note)?;
        // The text may have empty lines: the last one ends it.
        let unsigned = CheckpointError::Line { line: 1, what: "a text, an empty line, and signatures" };
        let at = note.rfind("\n\n").ok_or(unsigned)?;
        let (text, lines) = note.split_at_checked(at.saturating_add(1)).ok_or(unsigned)?;
        let lines = lines.strip_prefix('\n').ok_or(unsigned)?;
        if lines.is_empty() {
            return Err(unsigned);
        }
        let before = text.lines().count().saturating_add(2);
        let mut signatures = Vec::new();
        for (line, number) in lines.split_terminator('\n').zip(before..) {
            if signatures.len() >= MAX_SIGNATURES {
                return Err(CheckpointError::Signatures);
            }
            signatures.push(signature(line).ok_or(CheckpointError::Line { line: number, what: "a signature" })?);
        }
        Ok(Self { text: text.into(), signatures })
    }

    /// The text that is signed, with its last line feed. Worth nothing before a signature was verified.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its signatures, in their order, whether known or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks the signatures of the keys that are known. At least one must be there, and none may be wrong.
    ///
    /// # Errors
    /// [`CheckpointError::BadSignature`], [`CheckpointError::NoKnownKey`].
    pub fn verify(&self, known: &[&dyn CheckpointVerifier]) -> Result<Verification<'_>, CheckpointError> {
        let mut verification = Verification { known: Vec::new(), unknown: Vec::new() };
        for signature in &self.signatures {
            let same = |key: &&&dyn CheckpointVerifier| *key.name() == signature.name && key.id() == signature.id;
            match known.iter().find(same) {
                Some(key) if key.is_valid(self.text.as_bytes(), &signature.signature) => {
                    verification.known.push(signature);
                }
                Some(_) => return Err(CheckpointError::BadSignature),
                None => verification.unknown.push(signature),
            }
        }
        if verification.known.is_empty() { Err(CheckpointError::NoKnownKey) } else { Ok(verification) }
    }
}

/// Valid UTF-8 it is; no control character but the line feed, with which it ends.
fn check(text: &str) -> Result<(), CheckpointError> {
    let at = text.bytes().position(|byte| byte < b' ' && byte != b'\n');
    let at = at.or((!text.ends_with('\n')).then_some(text.len()));
    let Some(at) = at else { return Ok(()) };
    let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count().saturating_add(1);
    Err(CheckpointError::Line { line, what: "text without control characters, ended by a line feed" })
}

fn signature(line: &str) -> Option<NoteSignature> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = Base64::decode_vec(signature).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    if signature.is_empty() {
        return None;
    }
    Some(NoteSignature { name: KeyName::try_new(name).ok()?, id: KeyId::new(*id), signature: signature.to_vec() })
}

/// The note as it is stored and sent.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, id, signature } in &self.signatures {
            let mut bytes = id.as_bytes().to_vec();
            bytes.extend_from_slice(signature);
            writeln!(f, "— {} {}", name.as_str(), Base64::encode_string(&bytes))?;
        }
        Ok(())
    }
}

/// Which signatures of a note were verified, at least one, and which are of keys that were not given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verification<'a> {
    known: Vec<&'a NoteSignature>,
    unknown: Vec<&'a NoteSignature>,
}

impl<'a> Verification<'a> {
    /// Signatures that are what they claim to be.
    #[must_use]
    pub fn known(&self) -> &[&'a NoteSignature] {
        &self.known
    }

    /// Signatures of keys that were not given: neither right nor wrong.
    #[must_use]
    pub fn unknown(&self) -> &[&'a NoteSignature] {
        &self.unknown
    }
}
