use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

/// How many failures lock an account, and for how long. The default is the ENGAGE policy (E-6P.3):
/// the third failure blocks for 15 minutes.
///
/// ```
/// use core::time::Duration;
/// use clausework::lockout::{LockoutPolicy, LockoutPolicyError};
///
/// let engage = LockoutPolicy::default();
/// assert_eq!((engage.limit(), engage.lock()), (3, Duration::from_secs(15 * 60)));
///
/// let pci = LockoutPolicy::builder().limit(10).lock_secs(30 * 60).build()?;
/// assert_eq!(pci.limit(), 10);
/// assert_eq!(LockoutPolicy::builder().limit(0).build(), Err(LockoutPolicyError::Limit { asked: 0 }));
/// # Ok::<(), LockoutPolicyError>(())
/// ```
///
/// As JSON every member may be left out; `tiers` lengthen the lock with the failures in a row, which outlive a
/// served lock, and `cap` ends them:
///
/// ```
/// use clausework::lockout::LockoutPolicy;
///
/// let json = r#"{ "limit": 3, "lock_secs": 900, "cap": 100,
///     "tiers": [{ "failures": 6, "lock_secs": 7200 }, { "failures": 10, "lock_secs": 86400 }] }"#;
/// let policy: LockoutPolicy = serde_json::from_str(json)?;
/// assert_eq!(policy.lock_after(5), policy.lock());
/// assert_eq!(policy.lock_after(6).as_secs(), 2 * 60 * 60);
///
/// // The bad case: a later tier that locks for less. There is no such policy.
/// let falling = r#"{ "tiers": [{ "failures": 6, "lock_secs": 7200 }, { "failures": 10, "lock_secs": 60 }] }"#;
/// assert!(serde_json::from_str::<LockoutPolicy>(falling).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "LockoutPolicyBuilder")]
pub struct LockoutPolicy(LockoutPolicyBuilder);

/// From this many failures in a row on, a lock lasts this long.
///
/// The failure that reaches a tier locks at once, even if the limit of its window is not yet reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: a row of a table of two columns")]
pub struct Tier {
    /// Failures since the last success, over all locks: more than the limit, less than the cap.
    pub failures: u32,
    /// How long the lock holds, in seconds: longer than that of the tier before, at most 366 days.
    pub lock_secs: u64,
}

/// What the same wrong guess costs when it is made again, by a phone with an old password, say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Repeats {
    /// Every wrong guess counts.
    #[default]
    Counted,
    /// A wrong guess that this window has counted is verified again and not counted again. Distinct guesses are
    /// bounded as before. It keeps a keyed [`Mark`](super::Mark) of each until the next success or served lock; with a
    /// new current key a guess counts once more.
    Free,
}

impl LockoutPolicy {
    /// The highest limit and cap: also the most attempts on one account that can be under way at once.
    pub const MAX_LIMIT: u32 = 1000;
    /// The longest lock: 366 days.
    pub const MAX_LOCK: Duration = Duration::from_secs(366 * 24 * 60 * 60);
    /// The longest lease: an hour.
    pub const MAX_LEASE: Duration = Duration::from_secs(60 * 60);
    /// The most tiers.
    pub const MAX_TIERS: usize = 16;

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> LockoutPolicyBuilder {
        LockoutPolicyBuilder::default()
    }

    /// Of a temporary password, which is not guessed in any number of tries: as many as there can be.
    pub(super) fn of_temporary() -> Self {
        Self(LockoutPolicyBuilder { limit: Self::MAX_LIMIT, ..LockoutPolicyBuilder::default() })
    }

    /// The failure that locks: 3 means that the third does.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.0.limit
    }

    /// How long a lock holds, from the failure that set it; longer once a [`Tier`] is reached.
    #[must_use]
    pub const fn lock(&self) -> Duration {
        Duration::from_secs(self.0.lock_secs)
    }

    /// How long a lock holds that is set after this many failures in a row.
    #[must_use]
    pub fn lock_after(&self, run: u32) -> Duration {
        let tier = self.0.tiers.iter().rev().find(|tier| tier.failures <= run);
        tier.map_or(self.lock(), |tier| Duration::from_secs(tier.lock_secs))
    }

    /// The longest lock of the policy.
    #[must_use]
    pub fn longest_lock(&self) -> Duration {
        self.lock_after(u32::MAX)
    }

    /// The tiers of longer locks, rising; none unless asked for.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        &self.0.tiers
    }

    /// How many wrong guesses in a row at one account the policy lets through in the worst 24 hours; see
    /// [`guesses_within`](LockoutPolicy::guesses_within).
    ///
    /// ```
    /// use clausework::lockout::LockoutPolicy;
    ///
    /// let plain = LockoutPolicy::default();
    /// assert_eq!((plain.guesses_per_day(), plain.guesses_per_year()), (288, 105_120));
    ///
    /// // With the cap of NIST SP 800-63B-4 section 3.2.2 it is 100, for good.
    /// let capped = LockoutPolicy::builder().cap(Some(100)).build()?;
    /// assert_eq!((capped.guesses_per_day(), capped.guesses_per_year()), (100, 100));
    /// # Ok::<(), clausework::lockout::LockoutPolicyError>(())
    /// ```
    #[must_use]
    pub fn guesses_per_day(&self) -> u64 {
        self.guesses_within(Duration::from_secs(24 * 60 * 60))
    }

    /// As [`guesses_per_day`](LockoutPolicy::guesses_per_day), in 365 days.
    #[must_use]
    pub fn guesses_per_year(&self) -> u64 {
        self.guesses_within(Duration::from_secs(365 * 24 * 60 * 60))
    }

    /// How many wrong guesses in a row at one account get through within this time at worst: guessing takes no
    /// time, goes on at the instant a lock opens, and the time is the worst of the run for the account.
    ///
    /// Exact, and between two successes: every sign-in of the bearer starts the count anew.
    ///
    /// It plays the windows up to the last tier once from each of their beginnings: at most 1000 failures, so at most
    /// half a million windows for a limit of 1, and a few for the policies there are.
    #[must_use]
    pub fn guesses_within(&self, period: Duration) -> u64 {
        let (mut run, mut worst) = (0, self.guesses_from(0, period));
        while run < self.last_tier() {
            run = run.saturating_add(self.room(0, run));
            worst = worst.max(self.guesses_from(run, period));
        }
        worst
    }

    /// The same, from the start of the window that follows this many failures in a row.
    fn guesses_from(&self, before: u32, period: Duration) -> u64 {
        let (mut run, mut at) = (before, Duration::ZERO);
        while at < period && self.room(0, run) > 0 {
            if run >= self.last_tier() && self.cap().is_none() {
                // From here on every window is like the other.
                let left = period.saturating_sub(at).as_nanos();
                let windows = left.div_ceil(self.longest_lock().as_nanos().max(1));
                let guesses = u64::try_from(windows).unwrap_or(u64::MAX).saturating_mul(self.limit().into());
                return guesses.saturating_add(run.saturating_sub(before).into());
            }
            run = run.saturating_add(self.room(0, run));
            at = at.saturating_add(self.lock_after(run));
        }
        run.saturating_sub(before).into()
    }

    fn last_tier(&self) -> u32 {
        self.0.tiers.last().map_or(0, |tier| tier.failures)
    }

    /// How many more failures lock or disable, after so many in this window and in a row.
    pub(super) fn room(&self, failures: u32, run: u32) -> u32 {
        let ends = self.0.tiers.iter().map(|tier| tier.failures).chain(self.cap());
        let next = ends.filter(|end| *end > run).min().map_or(u32::MAX, |end| end.saturating_sub(run));
        let capped = self.cap().is_some_and(|cap| run >= cap);
        if capped { 0 } else { self.limit().saturating_sub(failures).min(next) }
    }

    /// Whether the last of so many failures in a row reached a tier.
    pub(super) fn reaches_tier(&self, run: u32) -> bool {
        self.0.tiers.iter().any(|tier| tier.failures == run)
    }

    /// How many failures in a row, over all locks, disable the account until an administrator steps in.
    #[must_use]
    pub const fn cap(&self) -> Option<u32> {
        self.0.cap
    }

    /// Whether the same wrong guess counts again.
    #[must_use]
    pub const fn repeats(&self) -> Repeats {
        self.0.repeats
    }

    /// How long an attempt may take from begin to settle before it counts as a failure.
    #[must_use]
    pub const fn lease(&self) -> Duration {
        Duration::from_secs(self.0.lease_secs)
    }

    /// How far the clocks of two nodes may differ.
    #[must_use]
    pub const fn skew(&self) -> Duration {
        Duration::from_secs(self.0.skew_secs)
    }
}

/// The settings of a [`LockoutPolicy`], not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LockoutPolicyBuilder {
    limit: u32,
    lock_secs: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tiers: Vec<Tier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<u32>,
    repeats: Repeats,
    lease_secs: u64,
    skew_secs: u64,
}

/// E-6P.3; no tiers, no cap, every guess counts; a lease of 60 seconds and a skew of 30 (our choice).
impl Default for LockoutPolicyBuilder {
    fn default() -> Self {
        let (limit, lock_secs, repeats) = (3, 15 * 60, Repeats::Counted);
        Self { limit, lock_secs, tiers: Vec::new(), cap: None, repeats, lease_secs: 60, skew_secs: 30 }
    }
}

impl LockoutPolicyBuilder {
    /// The failure that locks: 1 to 1000.
    #[must_use]
    pub const fn limit(mut self, failures: u32) -> Self {
        self.limit = failures;
        self
    }

    /// How long a lock holds, in seconds: 1 to 366 days.
    #[must_use]
    pub const fn lock_secs(mut self, seconds: u64) -> Self {
        self.lock_secs = seconds;
        self
    }

    /// Longer locks from some number of failures in a row on: both rising, at most 16, none unless asked for.
    ///
    /// ```
    /// use clausework::lockout::{LockoutPolicy, Tier};
    ///
    /// // 3 -> 15 minutes, 6 -> 2 hours, 10 -> 24 hours.
    /// let tiers = [Tier { failures: 6, lock_secs: 2 * 60 * 60 }, Tier { failures: 10, lock_secs: 24 * 60 * 60 }];
    /// let policy = LockoutPolicy::builder().tiers(tiers).build()?;
    /// assert_eq!(policy.guesses_per_day(), 10); // 3, 3 after 15 minutes, 3 after 2 hours, 1 after 2 more
    /// # Ok::<(), clausework::lockout::LockoutPolicyError>(())
    /// ```
    #[must_use]
    pub fn tiers(mut self, tiers: impl IntoIterator<Item = Tier>) -> Self {
        self.tiers = tiers.into_iter().collect();
        self
    }

    /// How many failures in a row, over all locks, disable the account until a new password is issued or an
    /// administrator steps in: the limit to 1000.
    /// NIST SP 800-63B-4 section 3.2.2 wants at most 100.
    #[must_use]
    pub const fn cap(mut self, failures: Option<u32>) -> Self {
        self.cap = failures;
        self
    }

    /// Whether the same wrong guess counts again; it does unless asked for otherwise.
    #[must_use]
    pub const fn repeats(mut self, repeats: Repeats) -> Self {
        self.repeats = repeats;
        self
    }

    /// How long an attempt may take before it counts as a failure, in seconds: more than the skew, at most an hour.
    #[must_use]
    pub const fn lease_secs(mut self, seconds: u64) -> Self {
        self.lease_secs = seconds;
        self
    }

    /// How far the clocks of two nodes may differ, in seconds: less than the lease.
    #[must_use]
    pub const fn skew_secs(mut self, seconds: u64) -> Self {
        self.skew_secs = seconds;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`LockoutPolicyError`] for the first setting outside its range.
    pub fn build(self) -> Result<LockoutPolicy, LockoutPolicyError> {
        let Self { limit, lock_secs, cap, lease_secs, skew_secs, .. } = self;
        if limit == 0 || limit > LockoutPolicy::MAX_LIMIT {
            return Err(LockoutPolicyError::Limit { asked: limit });
        }
        if let Some(asked) = cap
            && (asked < limit || asked > LockoutPolicy::MAX_LIMIT)
        {
            return Err(LockoutPolicyError::Cap { asked });
        }
        let (lock, lease) = (Duration::from_secs(lock_secs), Duration::from_secs(lease_secs));
        if lock.is_zero() || lock > LockoutPolicy::MAX_LOCK {
            return Err(LockoutPolicyError::Lock { asked_secs: lock_secs });
        }
        if self.tiers.len() > LockoutPolicy::MAX_TIERS {
            return Err(LockoutPolicyError::Tiers { asked: self.tiers.len() });
        }
        let mut before = Tier { failures: limit, lock_secs };
        for tier in &self.tiers {
            let rises = tier.failures > before.failures && tier.lock_secs > before.lock_secs;
            let within = tier.failures < cap.unwrap_or(LockoutPolicy::MAX_LIMIT)
                && Duration::from_secs(tier.lock_secs) <= LockoutPolicy::MAX_LOCK;
            if !rises || !within {
                return Err(LockoutPolicyError::Tier { failures: tier.failures, lock_secs: tier.lock_secs });
            }
            before = *tier;
        }
        if lease_secs <= skew_secs || lease > LockoutPolicy::MAX_LEASE {
            return Err(LockoutPolicyError::Lease { asked_secs: lease_secs });
        }
        Ok(LockoutPolicy(self))
    }
}

impl TryFrom<LockoutPolicyBuilder> for LockoutPolicy {
    type Error = LockoutPolicyError;

    fn try_from(builder: LockoutPolicyBuilder) -> Result<Self, LockoutPolicyError> {
        builder.build()
    }
}

/// Why there is no such lock-out policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockoutPolicyError {
    /// Outside 1 to [`LockoutPolicy::MAX_LIMIT`].
    #[error("a limit of {asked} failures is not between 1 and 1000")]
    Limit {
        /// The limit asked for.
        asked: u32,
    },
    /// Below the limit, or over [`LockoutPolicy::MAX_LIMIT`].
    #[error("a cap of {asked} failures is not between the limit and 1000")]
    Cap {
        /// The cap asked for.
        asked: u32,
    },
    /// Zero, or over [`LockoutPolicy::MAX_LOCK`].
    #[error("a lock of {asked_secs} seconds is not between 1 second and 366 days")]
    Lock {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// More than [`LockoutPolicy::MAX_TIERS`].
    #[error("{asked} tiers are more than 16")]
    Tiers {
        /// How many were asked for.
        asked: usize,
    },
    /// Not above the tier before it (the first: the limit and its lock), not below the cap, or over [`LockoutPolicy::MAX_LOCK`].
    #[error("a tier of {failures} failures and {lock_secs} seconds does not rise, or is out of range")]
    Tier {
        /// Failures asked for.
        failures: u32,
        /// Seconds asked for.
        lock_secs: u64,
    },
    /// Not longer than the skew, or over [`LockoutPolicy::MAX_LEASE`].
    #[error("a lease of {asked_secs} seconds is not longer than the skew and at most an hour")]
    Lease {
        /// Seconds asked for.
        asked_secs: u64,
    },
}
