use core::fmt;

use super::error::RecordError;
use super::ground::Ground;
use super::list::{Item, List};
use super::phase::Class;
use super::value::{Digest, FieldChange};
use super::who::Who;
use super::wire::{Reader, Writer};
use crate::time::Timestamp;

/// Records from one index to before another.
///
/// ```
/// use clausework::audit::record::IndexRange;
///
/// let range = IndexRange::try_new(3, 5).ok_or("empty")?;
/// assert!(range.contains(4) && !range.contains(5));
/// assert_eq!(IndexRange::try_new(5, 5), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexRange {
    start: u64,
    end: u64,
}

impl IndexRange {
    /// From `start` to before `end`; `None` if that is nothing.
    #[must_use]
    pub const fn try_new(start: u64, end: u64) -> Option<Self> {
        if start < end { Some(Self { start, end }) } else { None }
    }

    /// The first index.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// The index after the last.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Whether this index is within.
    #[must_use]
    pub const fn contains(&self, index: u64) -> bool {
        self.start <= index && index < self.end
    }
}

impl fmt::Display for IndexRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.start, self.end)
    }
}

impl<'a> Item<'a> for IndexRange {
    const LIST: &'static str = "ranges: more than 2048, or not sorted, or touching";
    const MOST: usize = 2048;

    fn write(&self, w: &mut Writer<'_>) {
        w.u64(self.start);
        w.u64(self.end);
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let (start, end) = (r.u64()?, r.u64()?);
        Self::try_new(start, end).ok_or_else(|| r.invalid("an empty range"))
    }

    /// Touching ranges would be one: there is one way to write a set.
    fn precedes(&self, next: &Self) -> bool {
        self.end < next.start
    }
}

/// A committed field of a record, or all of them: what an erasure erases.
///
/// ```
/// use clausework::audit::record::Target;
///
/// assert!(Target::record(7).covers(7, "email"));
/// assert!(Target::field(7, "email").covers(7, "email"));
/// assert!(!Target::field(7, "email").covers(7, "name"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target<'a> {
    index: u64,
    /// The path of a field; empty for all of them.
    field: &'a str,
}

impl<'a> Target<'a> {
    /// Every committed field of the record.
    #[must_use]
    pub const fn record(index: u64) -> Self {
        Self { index, field: "" }
    }

    /// One committed field of the record, named as in its [`Disclosure`](super::Disclosure).
    #[must_use]
    pub const fn field(index: u64, field: &'a str) -> Self {
        Self { index, field }
    }

    /// The index of the record.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The field; `None` for all of them.
    #[must_use]
    pub fn path(&self) -> Option<&'a str> {
        Some(self.field).filter(|field| !field.is_empty())
    }

    /// Whether this field of this record is meant.
    #[must_use]
    pub fn covers(&self, index: u64, field: &str) -> bool {
        self.index == index && self.path().is_none_or(|path| path == field)
    }
}

/// The longest path: `claimed:` and a label.
const MAX_PATH: usize = super::wire::MAX_LABEL + 8;

/// A path is a label, after at most one `before:`, `after:`, `claimed:` or `source:`.
fn is_path(field: &str) -> bool {
    let label = ["before:", "after:", "claimed:", "source:"].into_iter().find_map(|side| field.strip_prefix(side));
    super::wire::is_label(label.unwrap_or(field))
}

impl<'a> Item<'a> for Target<'a> {
    const LIST: &'static str = "targets: more than 512, or not sorted, or one within another";
    const MOST: usize = 512;

    fn write(&self, w: &mut Writer<'_>) {
        if !self.field.is_empty() && !is_path(self.field) {
            w.refuse("the field of a target");
        }
        w.u64(self.index);
        w.count(self.field.len(), MAX_PATH, "the field of a target");
        w.bytes(self.field.as_bytes());
    }

    fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let index = r.u64()?;
        let length = r.count(MAX_PATH, "the field of a target")?;
        let field = r.text(length)?;
        if field.is_empty() || is_path(field) {
            Ok(Self { index, field })
        } else {
            Err(r.invalid("the field of a target"))
        }
    }

    fn precedes(&self, next: &Self) -> bool {
        self.index < next.index || (self.index == next.index && !self.field.is_empty() && self.field < next.field)
    }
}

/// The state of the log that somebody saw: its size, and the root of the tree over it (RFC 9162 section 2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "closed: a size and its root")]
pub struct Seen {
    /// How many records.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

impl Seen {
    fn write(&self, w: &mut Writer<'_>) {
        w.u64(self.size);
        w.bytes(&self.root);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self { size: r.u64()?, root: r.array()? })
    }
}

/// What is done to data content, or with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Action {
    /// One record is looked at.
    Read,
    /// Several are listed.
    List,
    /// They are searched.
    Search,
    /// They leave the system.
    Export,
    /// They are put on paper.
    Print,
    /// A record is made.
    Create,
    /// A record is changed.
    Update,
    /// A record is deleted.
    Delete,
}

impl Action {
    /// Whether data is only read by it.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Read | Self::List | Self::Search | Self::Export | Self::Print)
    }

    /// The word for it, such as `export`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::List => "list",
            Self::Search => "search",
            Self::Export => "export",
            Self::Print => "print",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

super::wire::numbered!(Action, "an unknown action", {
    Read = 1,
    List = 2,
    Search = 3,
    Export = 4,
    Print = 5,
    Create = 6,
    Update = 7,
    Delete = 8,
});

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
}

/// The kind of a [`Body`], without what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is documented at the Body of its name")]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Kind {
    Event,
    Access,
    Change,
    Bulk,
    LogStarted,
    LogStopped,
    ConfigChanged,
    LogRead,
    Gap,
    Heartbeat,
    KeyChange,
    ErasureIntent,
    ErasureDone,
    PurgeIntent,
    PurgeDone,
    HoldSet,
    HoldLifted,
    Review,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 18] = [
        Self::Event,
        Self::Access,
        Self::Change,
        Self::Bulk,
        Self::LogStarted,
        Self::LogStopped,
        Self::ConfigChanged,
        Self::LogRead,
        Self::Gap,
        Self::Heartbeat,
        Self::KeyChange,
        Self::ErasureIntent,
        Self::ErasureDone,
        Self::PurgeIntent,
        Self::PurgeDone,
        Self::HoldSet,
        Self::HoldLifted,
        Self::Review,
    ];

    /// Whether it is the log's own.
    #[must_use]
    pub const fn is_control(self) -> bool {
        !matches!(self, Self::Event | Self::Access | Self::Change | Self::Bulk)
    }

    /// The word for it, such as `erasure_intent`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Access => "access",
            Self::Change => "change",
            Self::Bulk => "bulk",
            Self::LogStarted => "log_started",
            Self::LogStopped => "log_stopped",
            Self::ConfigChanged => "config_changed",
            Self::LogRead => "log_read",
            Self::Gap => "gap",
            Self::Heartbeat => "heartbeat",
            Self::KeyChange => "key_change",
            Self::ErasureIntent => "erasure_intent",
            Self::ErasureDone => "erasure_done",
            Self::PurgeIntent => "purge_intent",
            Self::PurgeDone => "purge_done",
            Self::HoldSet => "hold_set",
            Self::HoldLifted => "hold_lifted",
            Self::Review => "review",
        }
    }
}

// Those of the log begin at 32, so that there is room before them.
super::wire::numbered!(Kind, "an unknown kind of record", {
    Event = 1,
    Access = 2,
    Change = 3,
    Bulk = 4,
    LogStarted = 32,
    LogStopped = 33,
    ConfigChanged = 34,
    LogRead = 35,
    Gap = 36,
    Heartbeat = 37,
    KeyChange = 38,
    ErasureIntent = 39,
    ErasureDone = 40,
    PurgeIntent = 41,
    PurgeDone = 42,
    HoldSet = 43,
    HoldLifted = 44,
    Review = 45,
});

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const PURPOSE: &str = "a purpose that is no word";
const ID: &str = "an id that is none";
/// Room for an ed25519 key under a long name (its text has 44 characters beside the name and id).
const MAX_KEY: usize = 200;

/// The text form of a verifier key: printable ASCII without a space (C2SP signed-note).
fn write_key(key: &str, w: &mut Writer<'_>) {
    w.check(check_key(key));
    w.count(key.len(), MAX_KEY, "a verifier key over 200 bytes");
    w.bytes(key.as_bytes());
}

fn read_key<'a>(r: &mut Reader<'a>) -> Result<&'a str, RecordError> {
    let length = r.count(MAX_KEY, "a verifier key over 200 bytes")?;
    let key = r.text(length)?;
    r.check(check_key(key))?;
    Ok(key)
}

fn check_key(key: &str) -> Result<(), &'static str> {
    let printable = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    if printable { Ok(()) } else { Err("a verifier key that is no printable text") }
}

impl<'a> Body<'a> {
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
        }
    }

    /// What must hold of it whoever writes it.
    fn check(&self) -> Result<(), &'static str> {
        let fails =
            match self {
                Self::Access { action, .. } if !action.is_read() => "an access that does not read",
                Self::Change { action, .. } if action.is_read() => "a change that only reads",
                Self::Gap { from, until, .. } if from > until => "a gap that ends before it begins",
                Self::Gap { count: Some(0), .. } => "a gap of nothing",
                Self::KeyChange { retired: None, added: None, .. } => "a change of no key",
                Self::KeyChange { retired, added, .. } if retired == added => "a key that takes its own place",
                Self::ErasureIntent { targets, .. } if targets.is_empty() => "an erasure of nothing",
                Self::PurgeIntent { what: Purge::Prefix { minimum_index: 0 }, .. } => "a purge of nothing",
                Self::PurgeIntent { what: Purge::Bodies { class: Class::Log, .. }, .. } => {
                    "a purge of what explains the log, other than with all before it"
                }
                Self::PurgeIntent {
                    what: Purge::Disclosures { ranges, .. } | Purge::Bodies { ranges, .. }, ..
                } if ranges.is_empty() => "a purge of nothing",
                Self::HoldSet { reach: Reach::Ranges(ranges), .. } if ranges.is_empty() => "a hold on nothing",
                Self::Review { from, until, .. } if from >= until => "a review of no time",
                Self::Review { reviewed, .. } if reviewed.is_empty() => "a review of nobody",
                _ => return Ok(()),
            };
        Err(fails)
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        w.check(self.check());
        match self {
            Self::Event => {}
            Self::Access { action, purpose, ground, count, query } => {
                action.write(w);
                w.label(purpose, PURPOSE);
                ground.write(w);
                w.optional(*count, Writer::u64);
                w.optional(*query, |w, query| w.bytes(&query));
            }
            Self::Change { action, changes } => {
                action.write(w);
                changes.write(w);
            }
            Self::Bulk { action, purpose, ground, count, selector, ids } => {
                action.write(w);
                w.label(purpose, PURPOSE);
                ground.write(w);
                w.u64(*count);
                w.bytes(selector);
                w.optional(*ids, |w, ids| w.bytes(&ids));
            }
            Self::LogStarted { config } => w.bytes(config),
            Self::LogStopped { reason } => w.label(reason, "a reason that is no word"),
            Self::ConfigChanged { before, after } => {
                w.bytes(before);
                w.bytes(after);
            }
            Self::LogRead { range, count, purpose, ground } => {
                range.write(w);
                w.u64(*count);
                w.label(purpose, PURPOSE);
                ground.write(w);
            }
            Self::Gap { count, from, until } => {
                w.optional(*count, Writer::u64);
                w.instant(*from);
                w.instant(*until);
            }
            Self::Heartbeat { seen } => seen.write(w),
            Self::KeyChange { retired, added, from_size } => {
                w.optional(*retired, |w, key| write_key(key, w));
                w.optional(*added, |w, key| write_key(key, w));
                w.u64(*from_size);
            }
            Self::ErasureIntent { targets, ground, requested_by, request } => {
                targets.write(w);
                ground.write(w);
                requested_by.write(w);
                w.id(request, ID);
            }
            Self::ErasureDone { intent, seen, count } | Self::PurgeDone { intent, seen, count } => {
                w.u64(*intent);
                seen.write(w);
                w.u64(*count);
            }
            Self::PurgeIntent { what, youngest, ground } => {
                match what {
                    Purge::Disclosures { class, ranges } => {
                        w.u8(1);
                        class.write(w);
                        ranges.write(w);
                    }
                    Purge::Bodies { class, ranges } => {
                        w.u8(2);
                        class.write(w);
                        ranges.write(w);
                    }
                    Purge::Prefix { minimum_index } => {
                        w.u8(3);
                        w.u64(*minimum_index);
                    }
                }
                w.instant(*youngest);
                ground.write(w);
            }
            Self::HoldSet { hold, reach, ground } => {
                w.id(hold, ID);
                match reach {
                    Reach::All => w.u8(1),
                    Reach::Ranges(ranges) => {
                        w.u8(2);
                        ranges.write(w);
                    }
                    Reach::Person(person) => {
                        w.u8(3);
                        w.id(person, ID);
                    }
                }
                ground.write(w);
            }
            Self::HoldLifted { hold, set } => {
                w.id(hold, ID);
                w.u64(*set);
            }
            Self::Review { from, until, range, reviewed, seen, findings, report } => {
                w.instant(*from);
                w.instant(*until);
                range.write(w);
                reviewed.write(w);
                seen.write(w);
                w.u32(*findings);
                w.bytes(report);
            }
        }
    }

    pub(super) fn read(kind: Kind, r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let body = match kind {
            Kind::Event => Self::Event,
            Kind::Access => Self::Access {
                action: Action::read(r)?,
                purpose: r.label(PURPOSE)?,
                ground: Ground::read(r)?,
                count: r.optional(Reader::u64)?,
                query: r.optional(Reader::array)?,
            },
            Kind::Change => Self::Change { action: Action::read(r)?, changes: List::read(r)? },
            Kind::Bulk => Self::Bulk {
                action: Action::read(r)?,
                purpose: r.label(PURPOSE)?,
                ground: Ground::read(r)?,
                count: r.u64()?,
                selector: r.array()?,
                ids: r.optional(Reader::array)?,
            },
            Kind::LogStarted => Self::LogStarted { config: r.array()? },
            Kind::LogStopped => Self::LogStopped { reason: r.label("a reason that is no word")? },
            Kind::ConfigChanged => Self::ConfigChanged { before: r.array()?, after: r.array()? },
            Kind::LogRead => Self::LogRead {
                range: IndexRange::read(r)?,
                count: r.u64()?,
                purpose: r.label(PURPOSE)?,
                ground: Ground::read(r)?,
            },
            Kind::Gap => Self::Gap { count: r.optional(Reader::u64)?, from: r.instant()?, until: r.instant()? },
            Kind::Heartbeat => Self::Heartbeat { seen: Seen::read(r)? },
            Kind::KeyChange => {
                Self::KeyChange { retired: r.optional(read_key)?, added: r.optional(read_key)?, from_size: r.u64()? }
            }
            Kind::ErasureIntent => Self::ErasureIntent {
                targets: List::read(r)?,
                ground: Ground::read(r)?,
                requested_by: Who::read(r)?,
                request: r.id(ID)?,
            },
            Kind::ErasureDone => Self::ErasureDone { intent: r.u64()?, seen: Seen::read(r)?, count: r.u64()? },
            Kind::PurgeIntent => {
                let what = match r.u8()? {
                    1 => Purge::Disclosures { class: Class::read(r)?, ranges: List::read(r)? },
                    2 => Purge::Bodies { class: Class::read(r)?, ranges: List::read(r)? },
                    3 => Purge::Prefix { minimum_index: r.u64()? },
                    _ => return Err(r.invalid("an unknown kind of purge")),
                };
                Self::PurgeIntent { what, youngest: r.instant()?, ground: Ground::read(r)? }
            }
            Kind::PurgeDone => Self::PurgeDone { intent: r.u64()?, seen: Seen::read(r)?, count: r.u64()? },
            Kind::HoldSet => {
                let hold = r.id(ID)?;
                let reach = match r.u8()? {
                    1 => Reach::All,
                    2 => Reach::Ranges(List::read(r)?),
                    3 => Reach::Person(r.id(ID)?),
                    _ => return Err(r.invalid("an unknown reach of a hold")),
                };
                Self::HoldSet { hold, reach, ground: Ground::read(r)? }
            }
            Kind::HoldLifted => Self::HoldLifted { hold: r.id(ID)?, set: r.u64()? },
            Kind::Review => Self::Review {
                from: r.instant()?,
                until: r.instant()?,
                range: IndexRange::read(r)?,
                reviewed: List::read(r)?,
                seen: Seen::read(r)?,
                findings: r.u32()?,
                report: r.array()?,
            },
        };
        r.check(body.check())?;
        Ok(body)
    }
}
