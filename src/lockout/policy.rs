use core::num::NonZeroU32;
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
/// assert_eq!((engage.limit().get(), engage.lock()), (3, Duration::from_secs(15 * 60)));
///
/// let pci = LockoutPolicy::builder().limit(10).lock_secs(30 * 60).build()?;
/// assert_eq!(pci.limit().get(), 10);
/// assert_eq!(LockoutPolicy::builder().limit(0).build(), Err(LockoutPolicyError::Limit { asked: 0 }));
/// # Ok::<(), LockoutPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LockoutPolicyBuilder", into = "LockoutPolicyBuilder")]
pub struct LockoutPolicy {
    limit: NonZeroU32,
    lock: Duration,
    cap: Option<NonZeroU32>,
    lease: Duration,
    skew: Duration,
}

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
    pub const fn limit(&self) -> NonZeroU32 {
        self.limit
    }

    /// How long a lock holds, from the failure that set it.
    #[must_use]
    pub const fn lock(&self) -> Duration {
        self.lock
    }

    /// How many failures in a row, over all locks, disable the account until an administrator steps in.
    #[must_use]
    pub const fn cap(&self) -> Option<NonZeroU32> {
        self.cap
    }

    /// How long an attempt may take from begin to settle before it counts as a failure.
    #[must_use]
    pub const fn lease(&self) -> Duration {
        self.lease
    }

    /// How far the clocks of two nodes may differ.
    #[must_use]
    pub const fn skew(&self) -> Duration {
        self.skew
    }
}

impl Default for LockoutPolicy {
    fn default() -> Self {
        // INVARIANT: asserted equal to what the builder's defaults build, by a test.
        const LIMIT: NonZeroU32 = NonZeroU32::MIN.saturating_add(2);
        let (lock, lease) = (Duration::from_secs(15 * 60), Duration::from_secs(60));
        Self { limit: LIMIT, lock, cap: None, lease, skew: Duration::from_secs(30) }
    }
}

/// The settings of a [`LockoutPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
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
        LockoutPolicy::default().into()
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
        let within = |failures: u32| NonZeroU32::new(failures).filter(|n| n.get() <= LockoutPolicy::MAX_LIMIT);
        let limit = within(limit).ok_or(LockoutPolicyError::Limit { asked: limit })?;
        let cap = match cap {
            Some(asked) => Some(within(asked).filter(|cap| *cap >= limit).ok_or(LockoutPolicyError::Cap { asked })?),
            None => None,
        };
        let (lock, lease, skew) =
            (Duration::from_secs(lock_secs), Duration::from_secs(lease_secs), Duration::from_secs(skew_secs));
        if lock.is_zero() || lock > LockoutPolicy::MAX_LOCK {
            return Err(LockoutPolicyError::Lock { asked_secs: lock_secs });
        }
        if lease <= skew || lease > LockoutPolicy::MAX_LEASE {
            return Err(LockoutPolicyError::Lease { asked_secs: lease_secs });
        }
        Ok(LockoutPolicy { limit, lock, cap, lease, skew })
    }
}

impl TryFrom<LockoutPolicyBuilder> for LockoutPolicy {
    type Error = LockoutPolicyError;

    fn try_from(builder: LockoutPolicyBuilder) -> Result<Self, LockoutPolicyError> {
        builder.build()
    }
}

impl From<LockoutPolicy> for LockoutPolicyBuilder {
    fn from(LockoutPolicy { limit, lock, cap, lease, skew }: LockoutPolicy) -> Self {
        Self {
            limit: limit.get(),
            lock_secs: lock.as_secs(),
            cap: cap.map(NonZeroU32::get),
            lease_secs: lease.as_secs(),
            skew_secs: skew.as_secs(),
        }
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
