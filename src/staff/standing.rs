use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::condition::{CLOCK, CLOSED, DISMISSED, EXPIRED, REVOKED, UNANSWERED, UNUSED, USED_UP, WITHDRAWN};
use crate::event::{Actor, Code};
use crate::id::OpaqueId;
use crate::time::{Now, Timestamp};

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub(super) by: Actor,
    /// Who that is, whatever account was used.
    pub(super) person: OpaqueId,
    pub(super) at: Timestamp,
}

impl Approval {
    /// The account, or the member of staff.
    #[must_use]
    pub const fn by(&self) -> &Actor {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

/// An emergency: staff let themselves in because the customer had enabled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Glass {
    pub(super) reason: OpaqueId,
    /// The generation of the customer's consent: another one, and it is revoked.
    pub(super) generation: u64,
    pub(super) enabled_by: Actor,
    /// By when the customer is told; without delay if there is no instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) notice_due: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) notice_at: Option<Timestamp>,
    pub(super) review_due: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) review_at: Option<Timestamp>,
}

impl Glass {
    /// The incident, by the id under which the host keeps it.
    #[must_use]
    pub const fn reason(&self) -> &OpaqueId {
        &self.reason
    }

    /// By when the customer is told, if there is an instant, and when that was done; the same of the review.
    pub(crate) const fn times(&self) -> [Option<Timestamp>; 4] {
        [self.notice_due, self.notice_at, Some(self.review_due), self.review_at]
    }

    /// Who of the customer had enabled it.
    #[must_use]
    pub const fn enabled_by(&self) -> &Actor {
        &self.enabled_by
    }

    /// What is still owed.
    pub fn owed(&self) -> impl Iterator<Item = Owed> + use<> {
        let notice = self.notice_at.is_none().then_some(Owed::Notice { due: self.notice_due });
        let review = self.review_at.is_none().then_some(Owed::Review { due: self.review_due });
        notice.into_iter().chain(review)
    }
}

/// What is owed after an emergency, until it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Owed {
    /// To tell the customer.
    #[non_exhaustive]
    Notice {
        /// By then; `None`: without delay.
        due: Option<Timestamp>,
    },
    /// To review it.
    #[non_exhaustive]
    Review {
        /// By then.
        due: Timestamp,
    },
}

impl Owed {
    /// Whether it should have been done: a notice without an instant is so from the start.
    #[must_use]
    pub fn is_overdue(self, now: Now) -> bool {
        match self {
            Self::Notice { due } => due.is_none_or(|due| now.timestamp() >= due),
            Self::Review { due } => now.timestamp() >= due,
        }
    }
}

impl fmt::Display for Owed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notice { due: None } => f.write_str("to tell the customer without delay"),
            Self::Notice { due: Some(due) } => write!(f, "to tell the customer by {due}"),
            Self::Review { due } => write!(f, "to review it by {due}"),
        }
    }
}

/// How a grant ended. None is undone: whoever needs it again asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum End {
    /// Its time is over.
    Expired,
    /// Nobody approved it in time.
    Unanswered,
    /// Approved, and not used in time.
    Unused,
    /// It was for one use.
    UsedUp,
    /// Its bearer closed it.
    Closed,
    /// Its bearer withdrew the request.
    Withdrawn,
    /// The customer turned it down before it was used.
    Dismissed,
    /// Revoked: itself, all of the tenant's, or the consent to emergencies.
    Revoked,
    /// Its instants lie further ahead than it lasts: the clock that wrote them was wrong.
    Clock,
}

impl End {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Expired => EXPIRED,
            Self::Unanswered => UNANSWERED,
            Self::Unused => UNUSED,
            Self::UsedUp => USED_UP,
            Self::Closed => CLOSED,
            Self::Withdrawn => WITHDRAWN,
            Self::Dismissed => DISMISSED,
            Self::Revoked => REVOKED,
            Self::Clock => CLOCK,
        }
    }
}

/// How a grant stands now. Intervals are half-open: it lets in at its first instant and no longer at its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It waits for approval.
    #[non_exhaustive]
    Pending {
        /// Until then, and has expired at that instant.
        until: Timestamp,
    },
    /// Approved, and to start at an instant to come.
    #[non_exhaustive]
    Scheduled {
        /// The start.
        from: Timestamp,
    },
    /// Approved; its first use starts it.
    #[non_exhaustive]
    Ready {
        /// Before then.
        use_by: Timestamp,
    },
    /// It lets in.
    #[non_exhaustive]
    Active {
        /// Until then.
        until: Timestamp,
    },
    /// From the future: it lets nobody in for as long as it is.
    Ahead,
    /// It is over.
    Over(End),
}

impl Standing {
    /// Whether it lets in, or would once it is used.
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Ready { .. } | Self::Active { .. })
    }

    /// How long it still lasts as it is; nothing if it is over or from the future.
    #[must_use]
    pub fn time_left(self, now: Now) -> Duration {
        match self {
            Self::Pending { until } | Self::Active { until } | Self::Scheduled { from: until } => {
                until.since(now.timestamp())
            }
            Self::Ready { use_by } => use_by.since(now.timestamp()),
            Self::Ahead | Self::Over(_) => Duration::ZERO,
        }
    }
}
