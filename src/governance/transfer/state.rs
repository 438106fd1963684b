use serde::{Deserialize, Serialize};

use super::Summary;
use crate::store::Record;
use crate::time::Timestamp;

/// What is stored of one transfer. File it under the host's id of the transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferState {
    pub(super) sent: Summary,
    pub(super) sent_at: Timestamp,
    pub(super) due: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) received: Option<Summary>,
    /// That it is wrong or late was said.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) alerted: bool,
}

impl TransferState {
    /// What was sent.
    #[must_use]
    pub const fn sent(&self) -> Summary {
        self.sent
    }

    /// When it was sent last.
    #[must_use]
    pub const fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// Until when the receiver was to acknowledge it.
    #[must_use]
    pub const fn due(&self) -> Timestamp {
        self.due
    }

    /// What the receiver said last.
    #[must_use]
    pub const fn received(&self) -> Option<Summary> {
        self.received
    }

    pub(super) fn is_complete(&self) -> bool {
        self.received == Some(self.sent)
    }
}

impl Record for TransferState {
    const KIND: &'static str = "transfer";
    const VERSION: u16 = 1;
}
