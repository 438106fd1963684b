use alloc::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::OpaqueId;
use crate::store::Record;
use crate::time::Timestamp;

/// Why data may leave at all (E-3.1). There is no third reason: what is neither is not disclosed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: the document knows no other reason")]
pub enum DisclosureGround {
    /// A law, a court or an authority compels it; the reference says which.
    RequiredByLaw,
    /// The customer instructed it; the reference is that of the instruction (D-3.1.2a).
    CustomerInstruction,
}

/// Whether the customer was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Notice {
    /// Not yet, and nothing is in the way.
    Owed,
    /// Not yet: a law forbids it.
    #[non_exhaustive]
    Forbidden {
        /// Which law or order.
        law: OpaqueId,
        /// From then on nobody goes on without having looked at it again.
        review_at: Timestamp,
    },
    /// Yes.
    #[non_exhaustive]
    Given {
        /// When.
        at: Timestamp,
    },
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum DisclosureEnd {
    /// Somebody refused it.
    #[non_exhaustive]
    Refused {
        /// When.
        at: Timestamp,
    },
    /// It waited too long, for its approvals or after them.
    #[non_exhaustive]
    Expired {
        /// When that was found.
        at: Timestamp,
    },
    /// The data went out.
    #[non_exhaustive]
    Released {
        /// When.
        at: Timestamp,
    },
}

/// What is stored of one case. File it in the tenant whose data it is, under the host's id of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct DisclosureState {
    pub(super) ground: DisclosureGround,
    pub(super) reference: OpaqueId,
    pub(super) recipient: OpaqueId,
    pub(super) categories: BTreeSet<OpaqueId>,
    pub(super) requested_by: OpaqueId,
    pub(super) requested_at: Timestamp,
    pub(super) approvals: BTreeMap<OpaqueId, Timestamp>,
    pub(super) notice: Notice,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<DisclosureEnd>,
}

impl DisclosureState {
    /// The most categories of data in one case.
    pub const MAX_CATEGORIES: usize = 100;

    /// Why the data may leave.
    #[must_use]
    pub const fn ground(&self) -> DisclosureGround {
        self.ground
    }

    /// Of the law, order or instruction.
    #[must_use]
    pub const fn reference(&self) -> &OpaqueId {
        &self.reference
    }

    /// Who gets it.
    #[must_use]
    pub const fn recipient(&self) -> &OpaqueId {
        &self.recipient
    }

    /// Which data.
    pub fn categories(&self) -> impl Iterator<Item = &OpaqueId> {
        self.categories.iter()
    }

    /// Who of the staff brought the case.
    #[must_use]
    pub const fn requested_by(&self) -> &OpaqueId {
        &self.requested_by
    }

    /// Who approved it, and when.
    pub fn approvals(&self) -> impl Iterator<Item = (&OpaqueId, Timestamp)> {
        self.approvals.iter().map(|(who, at)| (who, *at))
    }

    /// Whether the customer was told.
    #[must_use]
    pub const fn notice(&self) -> &Notice {
        &self.notice
    }

    /// How it ended, if it has.
    #[must_use]
    pub const fn end(&self) -> Option<&DisclosureEnd> {
        self.end.as_ref()
    }

    pub(super) const fn is_released(&self) -> bool {
        matches!(self.end, Some(DisclosureEnd::Released { .. }))
    }
}

impl Record for DisclosureState {
    const KIND: &'static str = "disclosure";
    const VERSION: u16 = 1;
}

/// The stored form before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    ground: DisclosureGround,
    reference: OpaqueId,
    recipient: OpaqueId,
    categories: BTreeSet<OpaqueId>,
    requested_by: OpaqueId,
    requested_at: Timestamp,
    approvals: BTreeMap<OpaqueId, Timestamp>,
    notice: Notice,
    #[serde(default)]
    end: Option<DisclosureEnd>,
}

impl TryFrom<Stored> for DisclosureState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { ground, reference, recipient, categories, requested_by, requested_at, approvals, notice, end } =
            stored;
        let released = matches!(end, Some(DisclosureEnd::Released { .. }));
        if approvals.contains_key(&requested_by) {
            return Err("approved by whoever asked");
        }
        if categories.is_empty() || categories.len() > Self::MAX_CATEGORIES {
            return Err("no data, or more than there can be");
        }
        if released && approvals.is_empty() || ground != DisclosureGround::RequiredByLaw && is_forbidden(&notice) {
            return Err("data went out unapproved, or a law forbids what no law asks for");
        }
        Ok(Self { ground, reference, recipient, categories, requested_by, requested_at, approvals, notice, end })
    }
}

const fn is_forbidden(notice: &Notice) -> bool {
    matches!(notice, Notice::Forbidden { .. })
}
