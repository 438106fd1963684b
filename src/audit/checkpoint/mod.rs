//! Checkpoints: the head of a log, signed, in the text form of C2SP tlog-checkpoint.
//!
//! | you want | use |
//! |---|---|
//! | the text that is signed | [`Checkpoint`]: origin, size, root |
//! | sign it with a key of your own, in a vault or a module | [`CheckpointSigner`], or [`Note::sign_with`] for what signs elsewhere |
//! | sign it with a key in memory | `Ed25519Signer` (feature `ed25519`) |
//! | check one | [`SignedCheckpoint::parse`], [`SignedCheckpoint::verify`] with the keys you trust |
//! | one file for one record, that anyone can check offline | [`LogProof`] (C2SP tlog-proof) |
//! | change keys without losing the past | [`KeyChange`], a record in the log, and [`KeyHistory`] |
//!
//! A signed note (C2SP signed-note) is a text and one or more signatures. Signatures of unknown keys are ignored, as the
//! specification demands, and listed; one that claims to be of a known key and is not makes the whole note worthless. The
//! forms are read strictly: what would not be written again byte for byte is refused.
//!
//! Numbers, from the specifications: at least 16 signatures must be accepted, and up to 5 kB each; here
//! [`MAX_SIGNATURES`] and [`MAX_NOTE_BYTES`].

mod change;
#[cfg(feature = "ed25519")]
mod ed25519;
mod head;
mod key;
mod note;
mod proof;
#[cfg(test)]
mod tests;

pub use self::change::{KeyChange, KeyHistory, KeyPeriod};
#[cfg(feature = "ed25519")]
pub use self::ed25519::{Ed25519Signer, Ed25519Verifier};
pub use self::head::{Checkpoint, Origin, SignedCheckpoint, VerifiedCheckpoint};
pub use self::key::{Algorithm, CheckpointSigner, CheckpointVerifier, KeyId, KeyName, SignError, VerifierKey};
pub use self::note::{Note, NoteSignature, Verification};
pub use self::proof::{LogProof, LogProofError};
use super::tree::TreeError;

/// The longest signed note that is read, in bytes.
pub const MAX_NOTE_BYTES: usize = 256 * 1024;

/// The most signatures of a note that are read.
pub const MAX_SIGNATURES: usize = 32;

/// The longest name of a key, and the longest origin, in bytes.
pub const MAX_NAME_BYTES: usize = 255;

/// Why a note, a checkpoint or a key is refused.
///
/// Three of them are no reproach: [`NoKnownKey`](CheckpointError::NoKnownKey),
/// [`Algorithm`](CheckpointError::Algorithm) and [`Origin`](CheckpointError::Origin) say that it cannot be told, not
/// that anything was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// Over [`MAX_NOTE_BYTES`].
    #[error("{found} bytes, more than any signed note")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Not as the specification writes it.
    #[error("line {line} is not as c2sp.org writes it: {what}")]
    Line {
        /// Which line, counted from 1.
        line: usize,
        /// What there should be.
        what: &'static str,
    },
    /// More signatures than [`MAX_SIGNATURES`].
    #[error("more than 32 signatures")]
    Signatures,
    /// No name of a key: empty, too long, or with a space, a plus or a control character.
    #[error("a key's name has 1 to 255 bytes without space, plus or control character")]
    Name,
    /// No origin: empty, too long, or with a control character.
    #[error("an origin has 1 to 255 bytes without control character")]
    OriginText,
    /// Not the text of a key.
    #[error("a key is name+id+base64, {what}")]
    Key {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A kind of key that this crate does not know.
    #[error("the key is of the unknown type {found:#04x}")]
    Algorithm {
        /// The type's byte.
        found: u8,
    },
    /// A signature that claims to be of a known key and is not.
    #[error("a signature of a known key does not fit the text")]
    BadSignature,
    /// No signature is of a known key.
    #[error("no signature is of a known key")]
    NoKnownKey,
    /// A checkpoint of another log.
    #[error("the checkpoint is of another log")]
    Origin,
    /// A size and root that no tree has, or a proof of the wrong length.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A change of keys that does not fit the keys before it.
    #[error("the change of keys does not follow: {what}")]
    Change {
        /// What does not fit.
        what: &'static str,
    },
}
