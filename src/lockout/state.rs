use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::LockoutPolicy;
use crate::store::Record;
use crate::time::Timestamp;

/// What is stored of one account's failures.
///
/// Attempts under way are anonymous deadlines: there is no id to forge and no second counter to drift.
///
/// ```
/// use clausework::lockout::LockoutState;
///
/// let fresh = LockoutState::default();
/// assert_eq!((fresh.failures(), fresh.locked_until()), (0, None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct LockoutState {
    /// Failures since the last success or served lock.
    pub(super) failures: u32,
    /// Failures since the last success, over all locks.
    pub(super) run: u32,
    pub(super) lock: Lock,
    /// When a lock opens whose end was seen to lie too far ahead: by a clock that ran ahead when it was
    /// set, or by one that was behind when it was seen. Kept beside the end itself, which counts again as
    /// soon as a clock shows it to be within reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bounded: Option<Timestamp>,
    /// The deadlines of the attempts under way.
    pub(super) reserved: Vec<Timestamp>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Lock {
    #[default]
    Open,
    Until(Timestamp),
    Disabled,
}

impl LockoutState {
    /// Failures since the last success or served lock.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Failures since the last success, over all locks.
    #[must_use]
    pub const fn run(&self) -> u32 {
        self.run
    }

    /// When the lock opens, if one is set. Whether it is still set is for [`begin`](super::begin) to say.
    #[must_use]
    pub const fn locked_until(&self) -> Option<Timestamp> {
        match self.lock {
            Lock::Until(until) => Some(until),
            Lock::Open | Lock::Disabled => None,
        }
    }

    /// Whether the account is disabled until an administrator steps in.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        matches!(self.lock, Lock::Disabled)
    }

    /// How many attempts are under way.
    #[must_use]
    pub const fn reserved(&self) -> usize {
        self.reserved.len()
    }
}

impl Record for LockoutState {
    const KIND: &'static str = "lockout";
    const VERSION: u16 = 1;
    /// A counter of attempts; its events say who and when.
    const STAMPED: bool = false;
}

/// The stored form before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    failures: u32,
    run: u32,
    lock: Lock,
    #[serde(default)]
    bounded: Option<Timestamp>,
    reserved: Vec<Timestamp>,
}

impl TryFrom<Stored> for LockoutState {
    type Error = &'static str;

    fn try_from(Stored { failures, run, lock, bounded, reserved }: Stored) -> Result<Self, Self::Error> {
        // INVARIANT: no decision reserves more than the limit, and every failure is one of the run.
        if reserved.len() > LockoutPolicy::MAX_LIMIT as usize || failures > run {
            return Err("values that no decision writes");
        }
        Ok(Self { failures, run, lock, bounded, reserved })
    }
}

/// A reserved attempt: what [`begin`](super::begin) gives and [`settle`](super::settle) takes back.
///
/// It cannot be made otherwise. Settle it once: a second time it is no longer there, and a wrong guess is
/// then charged again until its deadline is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    pub(super) deadline: Timestamp,
}

impl Reservation {
    /// When the attempt lapses and counts as a failure.
    #[must_use]
    pub const fn deadline(&self) -> Timestamp {
        self.deadline
    }
}
