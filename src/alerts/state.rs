use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What the detectors remember of one tenant. Not a record of the store: it is rebuilt from the events, or kept by the
/// host as it likes (serde) together with the place in the feed.
///
/// Accounts by their opaque id, sources by address: keep it as long and as safe as the events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertState {
    pub(super) accounts: BTreeMap<String, AccountTrace>,
    pub(super) sources: BTreeMap<IpAddr, SourceTrace>,
    /// Accounts with a failure, from anywhere.
    pub(super) anywhere: SourceTrace,
    /// When something was last forgotten within its window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) saturated_at: Option<Timestamp>,
}

/// What is remembered of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountTrace {
    /// The last failures, oldest first; no more than an alert waits for.
    pub(super) failures: VecDeque<Timestamp>,
    /// Whether its alert of brute force stands.
    pub(super) raised: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) used_at: Option<Timestamp>,
    /// Where it was used from, the latest last.
    pub(super) used_from: VecDeque<IpAddr>,
}

/// What is remembered of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceTrace {
    /// The accounts it failed on: the last time, and how often within the window.
    pub(super) tried: BTreeMap<String, Tried>,
    pub(super) last: Option<Timestamp>,
    pub(super) spraying: bool,
    pub(super) stuffing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tried {
    pub(super) last: Timestamp,
    pub(super) tries: u32,
}
