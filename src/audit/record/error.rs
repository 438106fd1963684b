use crate::entropy::EntropyError;

/// Why bytes are not a record. It names the place and never shows what stands there.
///
/// ```
/// use clausework::audit::record::{Record, RecordError};
///
/// assert_eq!(Record::decode(&[2, 0, 0]).unwrap_err(), RecordError::Version { found: 2 }); // a newer crate's
/// assert_eq!(Record::decode(&[1, 1]).unwrap_err(), RecordError::Truncated { at: 2 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Over [`Record::MAX_BYTES`](super::Record::MAX_BYTES).
    #[error("the record has {found} bytes, more than any record")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Written by another version of the crate: not damaged, but not for this one to judge.
    #[error("the record has version {found}, this crate reads version 1")]
    Version {
        /// The version found.
        found: u8,
    },
    /// It ends before it is complete.
    #[error("the record ends at byte {at}, before it is complete")]
    Truncated {
        /// How many bytes there are.
        at: usize,
    },
    /// Something follows where it ends.
    #[error("the record is complete at byte {at}, and more follows")]
    Trailing {
        /// Where it should have ended, counted from 0.
        at: usize,
    },
    /// Something that no record is written with.
    #[error("before byte {at}: {what}")]
    Invalid {
        /// The byte after what is wrong, counted from 0.
        at: usize,
        /// What is wrong.
        what: &'static str,
    },
}

/// Why a draft is no record. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// Something that no record may hold.
    #[error("not a record: {what}")]
    Refused {
        /// What it is, and which rule it breaks.
        what: &'static str,
    },
    /// Over [`Record::MAX_BYTES`](super::Record::MAX_BYTES).
    #[error("the record would have {found} bytes, more than any record")]
    TooLong {
        /// Bytes it would have.
        found: usize,
    },
    /// No salt could be drawn, so nothing was committed to.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}
