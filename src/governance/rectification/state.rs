use alloc::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, OpaqueId};
use crate::store::Record;
use crate::time::Timestamp;

/// Why a field was not put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusalGround {
    /// What is stored is right.
    Accurate,
    /// It is not what the person provided: a log, or what somebody else said.
    NotProvided,
    /// It was not shown that whoever asks is the person.
    Unidentified,
    /// A law forbids the change.
    RequiredByLaw,
}

/// What was done with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum FieldState {
    /// Nothing yet.
    Open,
    /// Put right.
    #[non_exhaustive]
    Applied {
        /// When.
        at: Timestamp,
    },
    /// Left as it is.
    #[non_exhaustive]
    Refused {
        /// When.
        at: Timestamp,
        /// Why.
        ground: RefusalGround,
    },
}

/// What is stored of one request. File it under the host's id of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct RectificationState {
    pub(super) account: AccountId,
    pub(super) asked_at: Timestamp,
    pub(super) fields: BTreeMap<OpaqueId, FieldState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) person_told_at: Option<Timestamp>,
    pub(super) told: BTreeSet<OpaqueId>,
}

impl RectificationState {
    /// The most fields of one request.
    pub const MAX_FIELDS: usize = 100;

    /// Whose data it is.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// When it was asked for.
    #[must_use]
    pub const fn asked_at(&self) -> Timestamp {
        self.asked_at
    }

    /// Each field, and what was done with it.
    pub fn fields(&self) -> impl Iterator<Item = (&OpaqueId, FieldState)> {
        self.fields.iter().map(|(field, state)| (field, *state))
    }

    /// Whether any field is yet to be decided.
    pub(super) fn has_open(&self) -> bool {
        self.fields.values().any(|field| *field == FieldState::Open)
    }

    /// Whether any field was put right: only then is there something for recipients to know.
    pub(super) fn has_changes(&self) -> bool {
        self.fields.values().any(|field| matches!(field, FieldState::Applied { .. }))
    }
}

impl Record for RectificationState {
    const KIND: &'static str = "rectification";
    const VERSION: u16 = 1;
}

/// The stored form before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    account: AccountId,
    asked_at: Timestamp,
    fields: BTreeMap<OpaqueId, FieldState>,
    #[serde(default)]
    person_told_at: Option<Timestamp>,
    told: BTreeSet<OpaqueId>,
}

impl TryFrom<Stored> for RectificationState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { account, asked_at, fields, person_told_at, told } = stored;
        if fields.is_empty()
            || fields.len() > Self::MAX_FIELDS
            || told.len() > super::RectificationPolicy::MAX_RECIPIENTS
        {
            return Err("no fields, or more than there can be");
        }
        let state = Self { account, asked_at, fields, person_told_at, told };
        let anybody = state.person_told_at.is_some() || !state.told.is_empty();
        if anybody && state.has_open() || !state.told.is_empty() && !state.has_changes() {
            return Err("somebody was told of what was not yet decided");
        }
        Ok(state)
    }
}
