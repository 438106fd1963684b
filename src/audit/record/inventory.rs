use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use core::fmt;

use super::kind::Kind;
use super::read::Record;
use super::render::Escaped;
use crate::clause::{self, Clause};
use crate::event::{Audience, Code};

impl Kind {
    /// What a record of this kind says beyond the essentials, in the words of [`Body`](super::Body).
    ///
    /// ```
    /// use clausework::audit::record::Kind;
    ///
    /// assert_eq!(Kind::Change.fields(), ["action", "changes"]);
    /// ```
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Event => &[],
            Self::Access => &["action", "purpose", "ground", "count", "query"],
            Self::Change => &["action", "changes"],
            Self::Bulk => &["action", "purpose", "ground", "count", "selector", "ids"],
            Self::LogStarted => &["config"],
            Self::LogStopped => &["reason"],
            Self::ConfigChanged => &["before", "after"],
            Self::LogRead => &["range", "count", "purpose", "ground"],
            Self::Gap => &["count", "from", "until"],
            Self::Heartbeat => &["seen"],
            Self::KeyChange => &["retired", "added", "from_size"],
            Self::ErasureIntent => &["targets", "ground", "requested_by", "request"],
            Self::ErasureDone | Self::PurgeDone => &["intent", "seen", "count"],
            Self::PurgeIntent => &["what", "youngest", "ground"],
            Self::HoldSet => &["hold", "reach", "ground"],
            Self::HoldLifted => &["hold", "set"],
            Self::IntentWithdrawn => &["intent"],
            Self::Review => &["from", "until", "range", "reviewed", "seen", "findings", "report"],
        }
    }

    /// The clauses that ask for records of this kind.
    #[must_use]
    pub const fn clauses(self) -> &'static [Clause] {
        match self {
            Self::Event => &[clause::A2_INPUT_8],
            Self::Access => &[clause::A2_ACCESS_5],
            Self::Change => &[clause::E_5_4, clause::A2_USE_3, clause::A2_INPUT_7, clause::A2_INPUT_8],
            Self::Bulk => &[clause::A2_ACCESS_5, clause::A2_USE_3],
            Self::LogStarted
            | Self::LogStopped
            | Self::ConfigChanged
            | Self::Gap
            | Self::Heartbeat
            | Self::KeyChange
            | Self::HoldLifted => &[clause::A2_MON_2],
            Self::LogRead => &[clause::A2_ACCESS_5, clause::A2_MON_2],
            Self::ErasureIntent | Self::ErasureDone => &[clause::D_10_1C, clause::A2_USE_6],
            Self::PurgeIntent | Self::PurgeDone | Self::IntentWithdrawn => &[clause::A2_USE_6, clause::A2_MON_2],
            Self::HoldSet => &[clause::E_3_1, clause::A2_MON_2],
            Self::Review => &[clause::A2_MON_0, clause::A2_MON_3],
        }
    }
}

/// What the inventory knows of one code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InventoryRow {
    audience: Option<Audience>,
    kinds: BTreeSet<Kind>,
    clauses: BTreeSet<String>,
    fields: BTreeSet<String>,
}

impl InventoryRow {
    /// Who may be told it; `None` for a code that was met in a log and is declared nowhere.
    #[must_use]
    pub const fn audience(&self) -> Option<Audience> {
        self.audience
    }

    /// The kinds of records it was met in.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// The clauses that its records cite.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        self.clauses.iter().map(String::as_str)
    }

    /// The attributes and changed fields of its records.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(String::as_str)
    }
}

/// Which events there are (OWASP ASVS 5.0 16.1.1): every code that is declared, and what the records of a log show of
/// it. Nobody keeps it by hand, so it does not differ from what runs.
///
/// ```
/// use clausework::audit::record::Inventory;
///
/// let inventory = Inventory::of(clausework::codes());
/// let locked = inventory.row("lockout.locked").ok_or("not declared")?;
/// assert_eq!(locked.audience(), Some(clausework::event::Audience::Internal));
/// assert!(inventory.to_string().contains("lockout.locked"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    rows: BTreeMap<String, InventoryRow>,
}

impl Inventory {
    /// Of these codes: the crate's, as [`codes`](crate::codes) lists them, and the host's.
    #[must_use]
    pub fn of(codes: impl IntoIterator<Item = Code>) -> Self {
        let mut rows: BTreeMap<String, InventoryRow> = BTreeMap::new();
        for code in codes {
            rows.entry(code.as_str().to_owned()).or_default().audience = Some(code.audience());
        }
        Self { rows }
    }

    /// Adds what a record shows of its code.
    pub fn observe(&mut self, record: &Record<'_>) {
        let row = self.rows.entry(record.code().to_owned()).or_default();
        row.kinds.insert(record.body().kind());
        row.clauses.extend(record.clauses().map(ToOwned::to_owned));
        row.fields.extend(record.attributes().iter().map(|attribute| attribute.name().to_owned()));
        if let super::Body::Change { changes, .. } = record.body() {
            row.fields.extend(changes.iter().map(|change| change.field().to_owned()));
        }
    }

    /// The row of a code.
    #[must_use]
    pub fn row(&self, code: &str) -> Option<&InventoryRow> {
        self.rows.get(code)
    }

    /// Every row with its code, sorted.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &InventoryRow)> {
        self.rows.iter().map(|(code, row)| (code.as_str(), row))
    }

    /// The codes that were met and are declared nowhere: what an auditor asks about first.
    pub fn undeclared(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter(|(_, row)| row.audience.is_none()).map(|(code, _)| code.as_str())
    }
}

/// Two tables in Markdown: the kinds of records, and the codes.
impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, words: &mut dyn Iterator<Item = &str>| {
            for (index, word) in words.enumerate() {
                write!(f, "{}{}", if index == 0 { " " } else { ", " }, Escaped(word))?;
            }
            f.write_str(" |")
        };
        writeln!(f, "| kind | fields | clauses |\n|---|---|---|")?;
        for kind in Kind::ALL {
            write!(f, "| {kind} |")?;
            joined(f, &mut kind.fields().iter().copied())?;
            joined(f, &mut kind.clauses().iter().map(|clause| clause.id()))?;
            writeln!(f)?;
        }
        writeln!(f, "\n| code | may be shown | kinds | fields | clauses |\n|---|---|---|---|---|")?;
        for (code, row) in &self.rows {
            let audience = match row.audience {
                Some(Audience::Public) => "to anyone",
                Some(Audience::Internal) => "to the host",
                None => "undeclared",
            };
            write!(f, "| {} | {audience} |", Escaped(code))?;
            joined(f, &mut row.kinds.iter().map(|kind| kind.as_str()))?;
            joined(f, &mut row.fields.iter().map(String::as_str))?;
            joined(f, &mut row.clauses.iter().map(String::as_str))?;
            writeln!(f)?;
        }
        Ok(())
    }
}
