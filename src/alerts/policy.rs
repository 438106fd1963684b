use core::time::Duration;

use serde::{Deserialize, Serialize};

const HOUR_SECS: u64 = 60 * 60;

/// What is suspicious. The numbers of spraying and stuffing are those of the Elastic detection rules (pull request
/// 5722); the others are our choice.
///
/// ```
/// use clausework::alerts::{AlertPolicy, AlertPolicyError};
///
/// assert_eq!(AlertPolicy::default().stuffing_accounts(), 20);
///
/// let policy: AlertPolicy = serde_json::from_str(r#"{ "failures": 6, "unused_secs": 7776000 }"#)?;
/// assert_eq!(policy.failures(), 6);
/// assert_eq!(AlertPolicy::builder().failures(0).build(), Err(AlertPolicyError::Count { asked: 0 }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AlertPolicyBuilder")]
pub struct AlertPolicy(AlertPolicyBuilder);

impl AlertPolicy {
    /// The highest number of failures, tries or accounts that an alert may wait for: it bounds what is kept.
    pub const MAX_COUNT: u32 = 1000;
    /// The most accounts or sources that are kept.
    pub const MAX_KEPT: u32 = 1_000_000;
    /// The longest window: a week.
    pub const MAX_WINDOW: Duration = Duration::from_secs(7 * 24 * HOUR_SECS);
    /// The longest time of disuse: 3660 days.
    pub const MAX_UNUSED: Duration = Duration::from_secs(3660 * 24 * HOUR_SECS);

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> AlertPolicyBuilder {
        AlertPolicyBuilder::default()
    }

    /// How many failures of one account, within the window, are brute force.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.0.failures
    }

    /// How many failures before a success, within the window, are suspicious.
    #[must_use]
    pub const fn failures_before_success(&self) -> u32 {
        self.0.failures_before_success
    }

    /// How many accounts, each tried [`spraying_tries`](Self::spraying_tries) times from one source, are spraying.
    #[must_use]
    pub const fn spraying_accounts(&self) -> u32 {
        self.0.spraying_accounts
    }

    /// How often each account must have been tried for spraying.
    #[must_use]
    pub const fn spraying_tries(&self) -> u32 {
        self.0.spraying_tries
    }

    /// How many accounts tried from one source, within the stuffing window, are stuffing.
    #[must_use]
    pub const fn stuffing_accounts(&self) -> u32 {
        self.0.stuffing_accounts
    }

    /// How many accounts with a failure, within the stuffing window and from anywhere, are an attack; `None` for never.
    #[must_use]
    pub const fn distributed_accounts(&self) -> Option<u32> {
        self.0.distributed_accounts
    }

    /// The window of everything but stuffing.
    #[must_use]
    pub const fn window(&self) -> Duration {
        Duration::from_secs(self.0.window_secs)
    }

    /// The window of stuffing.
    #[must_use]
    pub const fn stuffing_window(&self) -> Duration {
        Duration::from_secs(self.0.stuffing_window_secs)
    }

    /// How long an account must have been unused for its use to be told.
    #[must_use]
    pub const fn unused(&self) -> Duration {
        Duration::from_secs(self.0.unused_secs)
    }

    /// How many accounts are kept.
    #[must_use]
    pub const fn max_accounts(&self) -> u32 {
        self.0.max_accounts
    }

    /// How many sources are kept.
    #[must_use]
    pub const fn max_sources(&self) -> u32 {
        self.0.max_sources
    }
}

/// The settings of an [`AlertPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlertPolicyBuilder {
    failures: u32,
    failures_before_success: u32,
    spraying_accounts: u32,
    spraying_tries: u32,
    stuffing_accounts: u32,
    distributed_accounts: Option<u32>,
    window_secs: u64,
    stuffing_window_secs: u64,
    unused_secs: u64,
    max_accounts: u32,
    max_sources: u32,
}

/// See [`AlertPolicy`].
impl Default for AlertPolicyBuilder {
    fn default() -> Self {
        Self {
            failures: 10,
            failures_before_success: 3,
            spraying_accounts: 10,
            spraying_tries: 3,
            stuffing_accounts: 20,
            distributed_accounts: Some(100),
            window_secs: HOUR_SECS,
            stuffing_window_secs: 15 * 60,
            unused_secs: 30 * 24 * HOUR_SECS,
            max_accounts: 10_000,
            max_sources: 1_000,
        }
    }
}

impl AlertPolicyBuilder {
    /// How many failures of one account, within the window, are brute force: 1 to 1000.
    #[must_use]
    pub const fn failures(mut self, failures: u32) -> Self {
        self.failures = failures;
        self
    }

    /// How many failures before a success, within the window, are suspicious: 1 to 1000.
    #[must_use]
    pub const fn failures_before_success(mut self, failures: u32) -> Self {
        self.failures_before_success = failures;
        self
    }

    /// Spraying: how many accounts from one source (1 to 1000), and how often each (1 to 1000).
    #[must_use]
    pub const fn spraying(mut self, accounts: u32, tries: u32) -> Self {
        (self.spraying_accounts, self.spraying_tries) = (accounts, tries);
        self
    }

    /// Stuffing: how many accounts from one source, 1 to 1000.
    #[must_use]
    pub const fn stuffing_accounts(mut self, accounts: u32) -> Self {
        self.stuffing_accounts = accounts;
        self
    }

    /// How many accounts with a failure, within the stuffing window and from anywhere: 1 to 1000, or `None` for never. Set it above the number of
    /// people who mistype on a Monday morning.
    #[must_use]
    pub const fn distributed_accounts(mut self, accounts: Option<u32>) -> Self {
        self.distributed_accounts = accounts;
        self
    }

    /// The window of everything but stuffing, in seconds: 1 to a week.
    #[must_use]
    pub const fn window_secs(mut self, seconds: u64) -> Self {
        self.window_secs = seconds;
        self
    }

    /// The window of stuffing, in seconds: 1 to the other window.
    #[must_use]
    pub const fn stuffing_window_secs(mut self, seconds: u64) -> Self {
        self.stuffing_window_secs = seconds;
        self
    }

    /// How long an account must have been unused for its use to be told, in seconds: 1 to 3660 days.
    #[must_use]
    pub const fn unused_secs(mut self, seconds: u64) -> Self {
        self.unused_secs = seconds;
        self
    }

    /// How many accounts and sources are kept: 1 to a million of each. An account takes about 500 bytes, a source
    /// 100 bytes for each account that spraying and stuffing wait for.
    #[must_use]
    pub const fn kept(mut self, accounts: u32, sources: u32) -> Self {
        (self.max_accounts, self.max_sources) = (accounts, sources);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`AlertPolicyError`] for the first setting outside its range.
    pub fn build(self) -> Result<AlertPolicy, AlertPolicyError> {
        use AlertPolicyError as E;
        let counts = [
            self.failures,
            self.failures_before_success,
            self.spraying_accounts,
            self.spraying_tries,
            self.stuffing_accounts,
            self.distributed_accounts.unwrap_or(1),
        ];
        if let Some(asked) = counts.into_iter().find(|count| !(1..=AlertPolicy::MAX_COUNT).contains(count)) {
            return Err(E::Count { asked });
        }
        let outside = |secs: u64, most: Duration| secs == 0 || Duration::from_secs(secs) > most;
        if outside(self.window_secs, AlertPolicy::MAX_WINDOW) {
            return Err(E::Window { asked_secs: self.window_secs });
        }
        if outside(self.stuffing_window_secs, Duration::from_secs(self.window_secs)) {
            return Err(E::Window { asked_secs: self.stuffing_window_secs });
        }
        if outside(self.unused_secs, AlertPolicy::MAX_UNUSED) {
            return Err(E::Unused { asked_secs: self.unused_secs });
        }
        let kept = [self.max_accounts, self.max_sources];
        if let Some(asked) = kept.into_iter().find(|kept| !(1..=AlertPolicy::MAX_KEPT).contains(kept)) {
            return Err(E::Kept { asked });
        }
        Ok(AlertPolicy(self))
    }
}

impl TryFrom<AlertPolicyBuilder> for AlertPolicy {
    type Error = AlertPolicyError;

    fn try_from(builder: AlertPolicyBuilder) -> Result<Self, AlertPolicyError> {
        builder.build()
    }
}

/// Why there is no such alert policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AlertPolicyError {
    /// A threshold outside 1 to [`AlertPolicy::MAX_COUNT`].
    #[error("a threshold of {asked} is not between 1 and 1000")]
    Count {
        /// The threshold asked for.
        asked: u32,
    },
    /// A window of zero or over [`AlertPolicy::MAX_WINDOW`], or one of stuffing over the other.
    #[error(
        "a window of {asked_secs} seconds is not between 1 second and a week, or that of stuffing not within the other"
    )]
    Window {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Zero, or over [`AlertPolicy::MAX_UNUSED`].
    #[error("a disuse of {asked_secs} seconds is not between 1 second and 3660 days")]
    Unused {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Outside 1 to [`AlertPolicy::MAX_KEPT`].
    #[error("{asked} accounts or sources are not between 1 and a million")]
    Kept {
        /// The number asked for.
        asked: u32,
    },
}
