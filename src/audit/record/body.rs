use super::field::FieldChange;
use super::ground::Ground;
use super::kind::{Action, Kind};
use super::list::List;
use super::phase::Class;
use super::reach::{IndexRange, Seen, Target};
use super::value::Digest;
use super::who::Who;
use crate::time::Timestamp;

/// What a purge takes away. Each leaves the log verifiable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Purge<'a> {
    /// The disclosures of these records: their personal values.
    Disclosures {
        /// Of this class.
        class: Class,
        /// Within these.
        ranges: List<'a, IndexRange>,
    },
    /// The bytes of these records; their leaf hashes stay.
    Bodies {
        /// Of this class.
        class: Class,
        /// These, all of them.
        ranges: List<'a, IndexRange>,
    },
    /// Everything below this index; the hashes of the frontier stay.
    Prefix {
        /// The lowest index that stays.
        minimum_index: u64,
    },
}

/// What a legal hold keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Reach<'a> {
    /// Every record of the log.
    All,
    /// These.
    Ranges(List<'a, IndexRange>),
    /// All that are about this person, by pseudonym.
    Person(&'a str),
}

/// What a record says beyond who, what, when, where and with which outcome.
///
/// Closed: whoever decides on records must answer for each kind. From [`LogStarted`](Body::LogStarted) on they are the
/// log's own: they explain it, and they alone are of [`Class::Log`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Body<'a> {
    /// Nothing more: the code and the attributes say it.
    Event,
    /// Data content was read (A2-Access-5; GDPR Art. 5(2)).
    Access {
        /// How; one of the reading actions.
        action: Action,
        /// For what, as a fixed word of the host's.
        purpose: &'a str,
        /// By which right.
        ground: Ground<'a>,
        /// How many records were shown, once that is known.
        count: Option<u64>,
        /// The digest of the query, if there was one.
        query: Option<Digest>,
    },
    /// Data was created, changed or deleted (A2-Use-3, E-5.4).
    Change {
        /// How; one of the writing actions.
        action: Action,
        /// Which fields, sorted; may be empty for what has none.
        changes: List<'a, FieldChange<'a>>,
    },
    /// Many records at once, as one provable whole.
    Bulk {
        /// What was done with each.
        action: Action,
        /// For what, as a fixed word of the host's.
        purpose: &'a str,
        /// By which right.
        ground: Ground<'a>,
        /// How many.
        count: u64,
        /// The digest of what chose them.
        selector: Digest,
        /// The digest of their sorted ids, kept apart.
        ids: Option<Digest>,
    },
    /// The log begins, or goes on after it stopped (PCI DSS 10.2.1.6).
    LogStarted {
        /// The digest of its configuration.
        config: Digest,
    },
    /// The log stops.
    LogStopped {
        /// Why, as a fixed word.
        reason: &'a str,
    },
    /// What is logged, or how, changes.
    ConfigChanged {
        /// The digest of the configuration before.
        before: Digest,
        /// And after.
        after: Digest,
    },
    /// The log was read (PCI DSS 10.2.1.3).
    LogRead {
        /// Which part of it.
        range: IndexRange,
        /// How many records of it were shown.
        count: u64,
        /// For what, as a fixed word.
        purpose: &'a str,
        /// By which right.
        ground: Ground<'a>,
    },
    /// Events were lost.
    Gap {
        /// How many, if that is known.
        count: Option<u64>,
        /// The first may have been then.
        from: Timestamp,
        /// And the last then.
        until: Timestamp,
    },
    /// Nothing happened: the log was looked after all the same.
    Heartbeat {
        /// The state it was in.
        seen: Seen,
    },
    /// The keys that sign its checkpoints change.
    KeyChange {
        /// The verifier key that signs no more, in the text form of a signed note.
        retired: Option<&'a str>,
        /// The verifier key that signs from now on.
        added: Option<&'a str>,
        /// From this size of the log on.
        from_size: u64,
    },
    /// Committed values are to be erased.
    ErasureIntent {
        /// Which.
        targets: List<'a, Target<'a>>,
        /// By which right.
        ground: Ground<'a>,
        /// Who asked for it.
        requested_by: Who<'a>,
        /// The id of his request.
        request: &'a str,
    },
    /// They are erased.
    ErasureDone {
        /// The index of the intent.
        intent: u64,
        /// A checkpoint that covers the intent.
        seen: Seen,
        /// How many disclosures were deleted.
        count: u64,
    },
    /// A part of the log is to be purged.
    PurgeIntent {
        /// Which.
        what: Purge<'a>,
        /// When the youngest of it was recorded.
        youngest: Timestamp,
        /// By which right.
        ground: Ground<'a>,
    },
    /// It is purged.
    PurgeDone {
        /// The index of the intent.
        intent: u64,
        /// A checkpoint that covers the intent.
        seen: Seen,
        /// How many rows were deleted.
        count: u64,
    },
    /// Nothing within reach may be erased or purged.
    HoldSet {
        /// The id of the hold.
        hold: &'a str,
        /// What it keeps.
        reach: Reach<'a>,
        /// By which right.
        ground: Ground<'a>,
    },
    /// A hold ends.
    HoldLifted {
        /// The id of the hold.
        hold: &'a str,
        /// The index of the record that set it.
        set: u64,
    },
    /// What administrators did was reviewed (A2-Mon-0, A2-Mon-3). The actor of the record is the reviewer, and never
    /// one of those reviewed, nor does he act for one of them.
    Review {
        /// From this instant.
        from: Timestamp,
        /// Until before this one.
        until: Timestamp,
        /// Which part of the log was looked at.
        range: IndexRange,
        /// Whose deeds; at least one.
        reviewed: List<'a, Who<'a>>,
        /// The checkpoint that the reviewer saw.
        seen: Seen,
        /// How many findings.
        findings: u32,
        /// The digest of the report.
        report: Digest,
    },
    /// An intent to erase or to purge is given up: nothing was deleted by it, and from here on it excuses nothing. One
    /// that is done stays done.
    IntentWithdrawn {
        /// The index of the intent.
        intent: u64,
    },
}

impl Body<'_> {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Event => Kind::Event,
            Self::Access { .. } => Kind::Access,
            Self::Change { .. } => Kind::Change,
            Self::Bulk { .. } => Kind::Bulk,
            Self::LogStarted { .. } => Kind::LogStarted,
            Self::LogStopped { .. } => Kind::LogStopped,
            Self::ConfigChanged { .. } => Kind::ConfigChanged,
            Self::LogRead { .. } => Kind::LogRead,
            Self::Gap { .. } => Kind::Gap,
            Self::Heartbeat { .. } => Kind::Heartbeat,
            Self::KeyChange { .. } => Kind::KeyChange,
            Self::ErasureIntent { .. } => Kind::ErasureIntent,
            Self::ErasureDone { .. } => Kind::ErasureDone,
            Self::PurgeIntent { .. } => Kind::PurgeIntent,
            Self::PurgeDone { .. } => Kind::PurgeDone,
            Self::HoldSet { .. } => Kind::HoldSet,
            Self::HoldLifted { .. } => Kind::HoldLifted,
            Self::Review { .. } => Kind::Review,
            Self::IntentWithdrawn { .. } => Kind::IntentWithdrawn,
        }
    }
}
