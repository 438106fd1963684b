use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::clause::Clause;
use crate::id::Scope;
use crate::store::{Key, KeyId, Record};
use crate::time::Timestamp;

/// What is stored of the evidence for one rule: every entry, with the instant of its filing.
///
/// About 200 entries fill a record; then the next volume is begun, and the [`Register`](super::Register) reads all. What
/// corrects an entry goes into the volume of that entry.
///
/// ```
/// use clausework::{Scope, clause, governance::EvidenceState};
///
/// let key = EvidenceState::key(Scope::Operator, clause::A2_AVAIL_2, 0);
/// assert_eq!(key.to_string(), "operator/evidence/~A2-Avail-2~0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct EvidenceState {
    pub(super) clause: Clause,
    pub(super) entries: Vec<Filed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    clause: Clause,
    entries: Vec<Filed>,
}

/// One entry, and when it was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    pub(super) at: Timestamp,
    pub(super) evidence: Evidence,
}

impl EvidenceState {
    /// The key of the evidence for a rule. Volume 0 is the first.
    #[must_use]
    pub fn key(scope: impl Into<Scope>, clause: Clause, volume: u16) -> Key {
        Key::of::<Self>(scope, KeyId::own(&format!("{}~{volume}", clause.id())))
    }

    /// Which rule.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// The entries, in the order of their filing.
    #[must_use]
    pub fn entries(&self) -> &[Filed] {
        &self.entries
    }
}

impl Record for EvidenceState {
    const KIND: &'static str = "evidence";
    const VERSION: u16 = 1;
}

impl TryFrom<Stored> for EvidenceState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let mut before = BTreeSet::new();
        for evidence in stored.entries.iter().map(|filed| &filed.evidence) {
            if evidence.replaces().is_some_and(|replaced| !before.contains(replaced)) {
                return Err("an entry replaces none before it");
            }
            if !before.insert(evidence.id()) {
                return Err("an id is there twice");
            }
        }
        Ok(Self { clause: stored.clause, entries: stored.entries })
    }
}

impl Filed {
    /// When it was filed: not when it holds.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The entry.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}
