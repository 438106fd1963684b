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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LockoutPolicyBuilder")]
pub struct LockoutPolicy(LockoutPolicyBuilder);

impl LockoutPolicy {
    /// The highest limit and cap: also the most attempts on one account that can be under way at once.
    pub const MAX_LIMIT: u32 = 1000;
    /// The longest lock: 366 days.
    pub const MAX_LOCK: Duration = Duration::from_secs(366 * 24 * 60 * 60);
    /// The longest lease: an hour.
    pub const MAX_LEASE: Duration = Duration::from_secs(60 * 60);

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> LockoutPolicyBuilder {
        LockoutPolicyBuilder::default()
    }

    /// The failure that locks: 3 means that the third does.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.0.limit
    }

    /// How long a lock holds, from the failure that set it.
    #[must_use]
    pub const fn lock(&self) -> Duration {
        Duration::from_secs(self.0.lock_secs)
    }

    /// How many failures in a row, over all locks, disable the account until an administrator steps in.
    #[must_use]
    pub const fn cap(&self) -> Option<u32> {
        self.0.cap
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LockoutPolicyBuilder {
    limit: u32,
    lock_secs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<u32>,
    lease_secs: u64,
    skew_secs: u64,
}

/// E-6P.3; no cap; a lease of 60 seconds and a skew of 30 (our choice).
impl Default for LockoutPolicyBuilder {
    fn default() -> Self {
        Self { limit: 3, lock_secs: 15 * 60, cap: None, lease_secs: 60, skew_secs: 30 }
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

    /// How many failures in a row, over all locks, disable the account: the limit to 1000.
    /// NIST SP 800-63B-4 section 3.2.2 wants at most 100.
    #[must_use]
    pub const fn cap(mut self, failures: Option<u32>) -> Self {
        self.cap = failures;
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
        let Self { limit, lock_secs, cap, lease_secs, skew_secs } = self;
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
    /// Not longer than the skew, or over [`LockoutPolicy::MAX_LEASE`].
    #[error("a lease of {asked_secs} seconds is not longer than the skew and at most an hour")]
    Lease {
        /// Seconds asked for.
        asked_secs: u64,
    },
}
