use core::fmt;

use crate::audit::tree::TreeHead;
use crate::event::Code;

const VERIFIED: Code = Code::internal("audit.verified");
const SELF_CONSISTENT: Code = Code::internal("audit.self_consistent");
const REDACTED: Code = Code::internal("audit.redacted");
const WITHHELD: Code = Code::internal("audit.withheld_unexplained");
const PURGED: Code = Code::internal("audit.purged");
const MISSING: Code = Code::internal("audit.missing_unexplained");
const ALTERED: Code = Code::internal("audit.altered");
const TRUNCATED: Code = Code::internal("audit.truncated");
const FORKED: Code = Code::internal("audit.forked");
const UNKNOWN_KEY: Code = Code::internal("audit.unknown_key");
const UNKNOWN_VERSION: Code = Code::internal("audit.unknown_version");
const MALFORMED: Code = Code::internal("audit.malformed");

/// The code of every [`Verdict`].
pub const CODES: &[Code] = &[
    VERIFIED,
    SELF_CONSISTENT,
    REDACTED,
    WITHHELD,
    PURGED,
    MISSING,
    ALTERED,
    TRUNCATED,
    FORKED,
    UNKNOWN_KEY,
    UNKNOWN_VERSION,
    MALFORMED,
];

/// What can be said of a log. Never yes or no: what cannot be judged is no alarm, and what nobody anchored is not
/// verified (A2-Mon-2: "secure, accurate, unmodified").
///
/// Closed: whoever acts on a verdict must answer for each.
///
/// ```
/// use clausework::audit::{tree::TreeHead, verify::Verdict};
///
/// let cut = Verdict::Truncated { have: 7, anchored: 9 };
/// assert!(cut.is_alarm() && !cut.is_sound());
/// assert_eq!(cut.to_string(), "truncated: 7 records, and a checkpoint says 9");
/// assert!(!Verdict::SelfConsistent(TreeHead::empty()).is_sound()); // nothing says that this is all
/// assert!(!Verdict::UnknownKey.is_alarm()); // cannot tell is not "changed"
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: whoever acts on a verdict must answer for each")]
pub enum Verdict {
    /// Every record is there, up to this trusted checkpoint, and so is every value, unless whoever verified asked to do
    /// [without them](super::Values::NotShown): then nothing is said of values that are gone.
    Verified(TreeHead),
    /// Nothing is wrong, but no trusted checkpoint was met: what follows may have been cut off, or all made anew.
    SelfConsistent(TreeHead),
    /// As [`Verified`](Self::Verified), but for values that the log says were erased.
    Redacted(TreeHead),
    /// A value of this record is not shown, and the log does not say that it was erased. The first one.
    WithheldUnexplained(u64),
    /// As [`Redacted`](Self::Redacted), but for records that the log says were purged.
    Purged(TreeHead),
    /// The record of this index is gone, and the log does not say that it was purged. The first one.
    MissingUnexplained(u64),
    /// The record of this index, or a value of it, is not what it was, or stands where it does not belong. The first.
    Altered(u64),
    /// The log ends before the checkpoint does.
    Truncated {
        /// Records that there are.
        have: u64,
        /// Records that there were.
        anchored: u64,
    },
    /// Two roots of one size: the one that is trusted, and the one that was computed or is trusted as well.
    Forked(TreeHead, TreeHead),
    /// A checkpoint is signed by no key that is known.
    UnknownKey,
    /// Something is of a version that this crate does not know.
    UnknownVersion,
    /// Something is not of its form: evidence of nothing.
    Malformed,
}

impl Verdict {
    /// Whether somebody must be woken: something is gone or changed that must not be.
    #[must_use]
    pub const fn is_alarm(self) -> bool {
        matches!(
            self,
            Self::Altered(_)
                | Self::MissingUnexplained(_)
                | Self::Truncated { .. }
                | Self::Forked(..)
                | Self::WithheldUnexplained(_)
        )
    }

    /// Whether all is there up to a trusted checkpoint, but for what the log itself says is gone.
    #[must_use]
    pub const fn is_sound(self) -> bool {
        matches!(self, Self::Verified(_) | Self::Redacted(_) | Self::Purged(_))
    }

    /// The trusted checkpoint up to which it is sound.
    #[must_use]
    pub const fn anchor(self) -> Option<TreeHead> {
        match self {
            Self::Verified(head) | Self::Redacted(head) | Self::Purged(head) => Some(head),
            _ => None,
        }
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Verified(_) => VERIFIED,
            Self::SelfConsistent(_) => SELF_CONSISTENT,
            Self::Redacted(_) => REDACTED,
            Self::WithheldUnexplained(_) => WITHHELD,
            Self::Purged(_) => PURGED,
            Self::MissingUnexplained(_) => MISSING,
            Self::Altered(_) => ALTERED,
            Self::Truncated { .. } => TRUNCATED,
            Self::Forked(..) => FORKED,
            Self::UnknownKey => UNKNOWN_KEY,
            Self::UnknownVersion => UNKNOWN_VERSION,
            Self::Malformed => MALFORMED,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified(head) => write!(f, "verified: all {} records", head.size()),
            Self::SelfConsistent(head) => {
                write!(f, "self-consistent: {} records, and no checkpoint says that these are all", head.size())
            }
            Self::Redacted(head) => write!(f, "redacted: all {} records, values erased as logged", head.size()),
            Self::Purged(head) => write!(f, "purged: all {} records, some purged as logged", head.size()),
            Self::WithheldUnexplained(index) => {
                write!(f, "withheld: a value of record {index} is not shown, and no record explains it")
            }
            Self::MissingUnexplained(index) => write!(f, "missing: record {index} is gone, and no record explains it"),
            Self::Altered(index) => write!(f, "altered: record {index} is not what was recorded there"),
            Self::Truncated { have, anchored } => {
                write!(f, "truncated: {have} records, and a checkpoint says {anchored}")
            }
            Self::Forked(one, other) => {
                write!(f, "forked: at size {} one root is {} and the other {}", one.size(), one.root(), other.root())
            }
            Self::UnknownKey => f.write_str("unknown key: a checkpoint is signed by none that is known"),
            Self::UnknownVersion => f.write_str("unknown version: a newer one has to judge"),
            Self::Malformed => f.write_str("malformed: evidence of nothing"),
        }
    }
}

/// A verdict, and what was counted on the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Report {
    /// What can be said.
    pub verdict: Verdict,
    /// The lowest index that is there.
    pub minimum_index: u64,
    /// The size of what was read, that minimum included.
    pub size: u64,
    /// Records whose bodies were purged as logged.
    pub purged: u64,
    /// Values that were erased or purged as logged.
    pub redacted: u64,
    /// Records after the last trusted checkpoint: nothing vouches for them.
    pub beyond: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verdict, minimum_index, size, purged, redacted, beyond } = self;
        write!(f, "{verdict} (records {minimum_index} to {size}, {purged} purged, {redacted} values erased")?;
        if *beyond > 0 {
            write!(f, ", {beyond} after the last checkpoint")?;
        }
        f.write_str(")")
    }
}
