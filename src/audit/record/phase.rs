use core::fmt;

use super::error::RecordError;
use super::render::Hex;
use super::wire::{Reader, Writer};
use crate::entropy::{Entropy, EntropyError};

/// What became of what was attempted.
///
/// Closed: whoever reads a record must know what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Outcome {
    /// It came about.
    Success,
    /// It was not allowed.
    Denied,
    /// It was allowed and went wrong.
    Failed,
    /// It did not answer in time; it may have come about.
    TimedOut,
    /// Nobody knows: whoever did it is gone.
    Unknown,
}

impl Outcome {
    /// The word for it, such as `timed_out`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Unknown => "unknown",
        }
    }

    const fn number(self) -> u8 {
        match self {
            Self::Success => 1,
            Self::Denied => 2,
            Self::Failed => 3,
            Self::TimedOut => 4,
            Self::Unknown => 5,
        }
    }
}

/// What ties an attempt to its completion: 16 random bytes.
///
/// ```
/// use clausework::audit::record::OperationId;
///
/// # let mut entropy = clausework::entropy::OsEntropy;
/// let (one, other) = (OperationId::draw(&mut entropy)?, OperationId::draw(&mut entropy)?);
/// assert_ne!(one, other);
/// assert_eq!(one.to_string().len(), 32);
/// # Ok::<(), clausework::entropy::EntropyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId([u8; 16]);

impl OperationId {
    /// A fresh one.
    ///
    /// # Errors
    /// [`EntropyError`] when the source fails.
    pub fn draw(entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
        crate::entropy::bytes(entropy).map(Self)
    }

    /// The host's own: a UUID, a trace id.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// In hexadecimal.
impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

/// How far it is, and with which outcome. An attempt has none yet; whatever is complete has one.
///
/// What could leave an effect without a record (a call to another system, a long job) is two records: the attempt is
/// committed before it begins, the completion after. A crash between them leaves the attempt, and
/// [`open_attempts`](super::open_attempts) finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Phase {
    /// It was done, or not, in the same commit as this record.
    Whole(Outcome),
    /// It is about to be done.
    Attempt(OperationId),
    /// It was attempted, and this came of it.
    Completion(OperationId, Outcome),
}

impl Phase {
    /// The outcome; `None` for an attempt.
    #[must_use]
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Whole(outcome) | Self::Completion(_, outcome) => Some(outcome),
            Self::Attempt(_) => None,
        }
    }

    /// What ties the two records together, if there are two.
    #[must_use]
    pub const fn operation(self) -> Option<OperationId> {
        match self {
            Self::Whole(_) => None,
            Self::Attempt(operation) | Self::Completion(operation, _) => Some(operation),
        }
    }

    pub(super) fn write(self, w: &mut Writer<'_>) {
        w.u8(match self {
            Self::Whole(_) => 1,
            Self::Attempt(_) => 2,
            Self::Completion(..) => 3,
        });
        w.u8(self.outcome().map_or(0, Outcome::number));
        if let Some(operation) = self.operation() {
            w.bytes(&operation.0);
        }
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, RecordError> {
        let [phase, outcome] = r.array()?;
        let outcome = match outcome {
            0 => None,
            1 => Some(Outcome::Success),
            2 => Some(Outcome::Denied),
            3 => Some(Outcome::Failed),
            4 => Some(Outcome::TimedOut),
            5 => Some(Outcome::Unknown),
            _ => return Err(r.invalid("an unknown outcome")),
        };
        match (phase, outcome) {
            (1, Some(outcome)) => Ok(Self::Whole(outcome)),
            (2, None) => Ok(Self::Attempt(OperationId(r.array()?))),
            (3, Some(outcome)) => Ok(Self::Completion(OperationId(r.array()?), outcome)),
            _ => Err(r.invalid("a phase with an outcome that it cannot have")),
        }
    }
}

/// `attempted` for an attempt, otherwise the outcome.
impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.outcome().map_or("attempted", Outcome::as_str))
    }
}

/// What kind of record it is for retention: each class has a shortest and a longest time of its own.
///
/// Closed: a policy of retention answers for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "closed: a policy of retention answers for each")]
pub enum Class {
    /// What administrators and the operator's staff do (A2-Mon-2: at least six months).
    Administration,
    /// Sign-in, sessions, locks, credentials (A2-Access-4).
    Authentication,
    /// Reading of data content (A2-Access-5).
    Access,
    /// Creating, changing and deleting of data (A2-Use-3, E-5.4).
    Change,
    /// Everything else of the host's.
    General,
    /// The log's own: what explains it. Outlives what it explains.
    Log,
}

impl Class {
    /// The word for it, such as `administration`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administration => "administration",
            Self::Authentication => "authentication",
            Self::Access => "access",
            Self::Change => "change",
            Self::General => "general",
            Self::Log => "log",
        }
    }
}

super::wire::numbered!(Class, "an unknown class", {
    Administration = 1,
    Authentication = 2,
    Access = 3,
    Change = 4,
    General = 5,
    Log = 6,
});

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
