use core::fmt;

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

/// The kind of a [`Body`](super::Body), without what it holds.
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
    IntentWithdrawn,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 19] = [
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
        Self::IntentWithdrawn,
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
            Self::IntentWithdrawn => "intent_withdrawn",
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
    IntentWithdrawn = 46,
});

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
