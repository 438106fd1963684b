use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{LockoutPolicy, Mark};
use crate::id::{AccountId, Scope};
use crate::store::{Key, KeyId, Record};
use crate::time::Timestamp;

/// What is stored of one account's failures.
///
/// Attempts under way are anonymous deadlines: there is no id to forge and no second counter to drift. What is as in a
/// fresh record is left out of the text: most accounts have no failure, and each attempt reads and writes it.
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
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) failures: u32,
    /// Failures since the last success, over all locks.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) run: u32,
    #[serde(skip_serializing_if = "Lock::is_open")]
    pub(super) lock: Lock,
    /// When a lock opens whose end was seen to lie too far ahead: by a clock that ran ahead when it was
    /// set, or by one that was behind when it was seen. Kept beside the end itself, which counts again as
    /// soon as a clock shows it to be within reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bounded: Option<Timestamp>,
    /// The deadlines of the attempts under way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reserved: Vec<Timestamp>,
    /// The wrong guesses of this window, if the policy counts each of them once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) guesses: Vec<Mark>,
    /// Of a name without an account: which of the many that share the record it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Mark>,
}

/// What a budget of failures is for: each factor of an account has a record, and so a budget, of its own.
///
/// Guard a one-time code as the sign-in guards the password, with the same machine:
///
/// ```
/// use clausework::event::{Actor, Provenance};
/// use clausework::lockout::{self, BeginOutcome, Factor, LockoutPolicy, LockoutState, SettleOutcome};
/// use clausework::store::{Change, MemoryStore, update};
/// use clausework::{AccountId, TenantId};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let check_code = |code: &str| code == "492039"; // the host's
///
/// let (tenant, anna) = (TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
/// let (store, policy) = (MemoryStore::new(), LockoutPolicy::builder().limit(5).cap(Some(100)).build()?);
/// let key = LockoutState::key(tenant, &anna, Factor::OneTimeCode);
/// let by = Provenance::internal(Actor::User(anna.clone())); // the password was right
///
/// let mut check = |code: &str| {
///     let begun = update(&store, [&key], |rows| {
///         let mut change = Change::new(rows, now, &by);
///         let begun = change.apply(&key, lockout::begin(rows.read(&key)?, now, &policy))?;
///         Ok(change.finish(begun))
///     })?;
///     let BeginOutcome::Reserved(attempt) = begun else { return Ok(false) }; // locked, disabled or busy
///     let matched = check_code(code); // only now that it is charged
///     let settled = update(&store, [&key], |rows| {
///         let mut change = Change::new(rows, now, &by);
///         let settled = change.apply(&key, lockout::settle(rows.read(&key)?, now, &policy, &attempt, matched))?;
///         Ok(change.finish(settled))
///     })?;
///     Ok::<_, Box<dyn std::error::Error>>(settled == SettleOutcome::Accepted)
/// };
/// assert!(check("492039")?);
/// for guess in 0..5 {
///     assert!(!check(&format!("00000{guess}"))?);
/// }
/// assert!(!check("492039")?); // the fifth wrong code has locked the code, and not the password
/// assert_eq!(store.records().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Factor {
    /// The password, temporary or lasting: what [`sign_in`](crate::sign_in) guards.
    Password,
    /// A one-time code: from a device, or sent.
    OneTimeCode,
    /// A recovery code.
    RecoveryCode,
    /// A personal identification number.
    Pin,
}

impl Factor {
    const fn mark(self) -> &'static str {
        match self {
            Self::Password => "",
            Self::OneTimeCode => "~otp",
            Self::RecoveryCode => "~recovery",
            Self::Pin => "~pin",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Lock {
    #[default]
    Open,
    Until(Timestamp),
    Disabled,
}

impl Lock {
    const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl LockoutState {
    /// The key of the record that counts the failures of one factor of an account.
    #[must_use]
    pub fn key(scope: impl Into<Scope>, account: &AccountId, factor: Factor) -> Key {
        Key::of::<Self>(scope, KeyId::with_mark(account, factor.mark()))
    }

    /// The fresh record of a name without an account.
    pub(crate) fn of_name(name: Mark) -> Self {
        Self { name: Some(name), ..Self::default() }
    }

    /// The same count, filed under another mark of the name: that of another key.
    pub(crate) fn renamed(self, name: Option<Mark>) -> Self {
        Self { name, ..self }
    }

    /// Whose record it is, if of a name without an account.
    pub(crate) const fn name(&self) -> Option<Mark> {
        self.name
    }

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
    /// Version 2 adds `guesses` and `name`; version 3 leaves out what is as in a fresh record.
    const VERSION: u16 = 3;
    /// A counter of attempts; its events say who and when.
    const STAMPED: bool = false;

    fn upgrade(version: u16, state: &str) -> Option<Self> {
        // There a missing member is a damaged record, not a fresh one.
        let members: BTreeMap<&str, IgnoredAny> = serde_json::from_str(state).ok()?;
        let has = |name: &&str| members.contains_key(name);
        let is_whole = ["failures", "run", "lock", "reserved"].iter().all(has);
        let is_of_version = version == 2 || !["guesses", "name"].iter().any(has);
        serde_json::from_str(state).ok().filter(|_| is_whole && is_of_version)
    }
}

/// The stored form before it is checked.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Stored {
    failures: u32,
    run: u32,
    lock: Lock,
    bounded: Option<Timestamp>,
    reserved: Vec<Timestamp>,
    guesses: Vec<Mark>,
    name: Option<Mark>,
}

impl TryFrom<Stored> for LockoutState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { failures, run, lock, bounded, reserved, guesses, name } = stored;
        // INVARIANT: no decision reserves or marks more than the limit, and every failure is one of the run.
        let most = LockoutPolicy::MAX_LIMIT as usize;
        if reserved.len() > most || guesses.len() > most || failures > run {
            return Err("values that no decision writes");
        }
        Ok(Self { failures, run, lock, bounded, reserved, guesses, name })
    }
}

/// A reserved attempt: what [`begin`](super::begin) gives and [`settle`](super::settle) takes back.
///
/// It cannot be made otherwise. Settle it once: a second time it is no longer there, and a wrong guess is
/// then charged again until its deadline is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    pub(super) deadline: Timestamp,
    pub(super) guess: Option<Mark>,
}

impl Reservation {
    pub(super) const fn until(deadline: Timestamp) -> Self {
        Self { deadline, guess: None }
    }

    /// The same, with the mark of what is guessed: a policy of [`Repeats::Free`](super::Repeats::Free) then counts
    /// this guess once, however often it is made.
    #[must_use]
    pub const fn of_guess(self, guess: Mark) -> Self {
        Self { guess: Some(guess), ..self }
    }

    /// When the attempt lapses and counts as a failure.
    #[must_use]
    pub const fn deadline(&self) -> Timestamp {
        self.deadline
    }
}
