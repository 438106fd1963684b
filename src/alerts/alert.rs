use alloc::string::String;
use core::fmt;
use core::net::IpAddr;

use serde::Serialize;

use crate::clause;
use crate::event::{Code, Fact};
use crate::time::Timestamp;

/// Many wrong passwords for one account.
pub const BRUTE_FORCE: Code = Code::internal("alerts.brute_force");
/// One source tries several passwords on many accounts.
pub const SPRAYING: Code = Code::internal("alerts.spraying");
/// One source tries one or two passwords on each of many accounts.
pub const STUFFING: Code = Code::internal("alerts.stuffing");
/// Wrong passwords for many accounts from anywhere.
pub const DISTRIBUTED: Code = Code::internal("alerts.distributed");
/// The right password after several wrong ones.
pub const SUCCESS_AFTER_FAILURES: Code = Code::internal("alerts.success_after_failures");
/// The right password, while the account is locked or disabled.
pub const MATCHED_WHILE_LOCKED: Code = Code::internal("alerts.matched_while_locked");
/// The right password, for an account that is dormant.
pub const DORMANT_USED: Code = Code::internal("alerts.dormant_used");
/// A temporary password used from a source that the account was never used from.
pub const TEMPORARY_FROM_NEW_SOURCE: Code = Code::internal("alerts.temporary_from_new_source");
/// A sign-in to an account that was long unused.
pub const LONG_UNUSED: Code = Code::internal("alerts.long_unused");
/// More accounts or sources are active than are kept: alerts may be missed.
pub const SATURATED: Code = Code::internal("alerts.saturated");

/// Every code of this module.
pub const CODES: &[Code] = &[
    BRUTE_FORCE,
    SPRAYING,
    STUFFING,
    DISTRIBUTED,
    SUCCESS_AFTER_FAILURES,
    MATCHED_WHILE_LOCKED,
    DORMANT_USED,
    TEMPORARY_FROM_NEW_SOURCE,
    LONG_UNUSED,
    SATURATED,
];

/// What is suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlertKind {
    /// Many wrong passwords for one account, from wherever.
    BruteForce,
    /// One source tries several passwords on many accounts.
    Spraying,
    /// One source tries few passwords on each of many accounts, as whoever has a leaked list does.
    Stuffing,
    /// Wrong passwords for many accounts, from wherever.
    Distributed,
    /// The right password after several wrong ones: a guess that hit, or a forgetful owner.
    SuccessAfterFailures,
    /// The right password in an attempt that was under way when the account was locked (while it is locked
    /// nothing is compared: see [`sign_in`](crate::sign_in)), or for an account that an administrator has
    /// [disabled](crate::sign_in::SignIn::disable).
    MatchedWhileLocked,
    /// The right password, for an account that is dormant and therefore refused.
    DormantUsed,
    /// A temporary password used from a source other than those the account was used from before.
    TemporaryFromNewSource,
    /// A sign-in to an account that was long unused.
    LongUnused,
    /// More accounts or sources are active than are kept, and one within its window was forgotten.
    Saturated,
}

impl AlertKind {
    /// The stable code, internal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::BruteForce => BRUTE_FORCE,
            Self::Spraying => SPRAYING,
            Self::Stuffing => STUFFING,
            Self::Distributed => DISTRIBUTED,
            Self::SuccessAfterFailures => SUCCESS_AFTER_FAILURES,
            Self::MatchedWhileLocked => MATCHED_WHILE_LOCKED,
            Self::DormantUsed => DORMANT_USED,
            Self::TemporaryFromNewSource => TEMPORARY_FROM_NEW_SOURCE,
            Self::LongUnused => LONG_UNUSED,
            Self::Saturated => SATURATED,
        }
    }
}

/// One thing to tell somebody. Nothing secret is in it: an account's opaque id, an address, a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use = "an alert that is not sent warns nobody"]
pub struct Alert {
    pub(super) kind: AlertKind,
    pub(super) at: Timestamp,
    pub(super) account: Option<String>,
    pub(super) source: Option<IpAddr>,
    pub(super) count: u32,
}

impl Alert {
    /// What is suspicious.
    #[must_use]
    pub const fn kind(&self) -> AlertKind {
        self.kind
    }

    /// The instant of the event that passed the threshold.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The account, by its id; of a name without an account, the digest under which its events are filed.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The source, if it is one source's doing: an IPv4 address, or the first address of an IPv6 /64.
    #[must_use]
    pub const fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// How many failures or accounts were counted.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The same for the same alert, if events are folded again after a crash.
    #[must_use]
    pub fn dedup_key(&self) -> (AlertKind, Timestamp, Option<&str>, Option<IpAddr>) {
        (self.kind, self.at, self.account(), self.source)
    }

    /// The alert as a fact, for a host that stores its alerts as events.
    pub fn fact(&self) -> Fact {
        Fact::success(self.kind.code()).under(clause::A2_ACCESS_4).with("count", self.count)
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.at, self.kind.code().as_str(), self.count)?;
        if let Some(account) = &self.account {
            write!(f, ", account {}", account.escape_debug())?;
        }
        if let Some(source) = self.source {
            write!(f, ", from {source}")?;
        }
        Ok(())
    }
}
