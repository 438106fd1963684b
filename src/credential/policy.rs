use core::time::Duration;

use serde::{Deserialize, Serialize};

const DAY_SECS: u64 = 24 * 60 * 60;

/// How long a temporary password lives. The default is the ENGAGE policy (E-5.1d, E-6P.2): 15 days,
/// counted as 15 × 24 hours, and ten minutes to finish choosing the new one.
///
/// ```
/// use core::time::Duration;
/// use clausework::credential::{TemporaryPolicy, TemporaryPolicyError};
///
/// assert_eq!(TemporaryPolicy::default().lifetime(), Duration::from_secs(15 * 24 * 60 * 60));
///
/// let a_day = TemporaryPolicy::builder().lifetime_secs(24 * 60 * 60).build()?;
/// assert_eq!(a_day.lifetime(), Duration::from_secs(86_400));
/// assert!(TemporaryPolicy::builder().lifetime_secs(0).build().is_err());
/// # Ok::<(), TemporaryPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "TemporaryPolicyBuilder")]
pub struct TemporaryPolicy(TemporaryPolicyBuilder);

impl TemporaryPolicy {
    /// The longest lifetime: 30 days.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(30 * DAY_SECS);
    /// The longest time for choosing the new password: an hour.
    pub const MAX_CHANGE_WINDOW: Duration = Duration::from_secs(60 * 60);

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> TemporaryPolicyBuilder {
        TemporaryPolicyBuilder::default()
    }

    /// How long a temporary password lives from its issue.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        Duration::from_secs(self.0.lifetime_secs)
    }

    /// How long its bearer has, from signing in with it, to choose the new password. It holds for the change of a
    /// lasting password too.
    #[must_use]
    pub const fn change_window(&self) -> Duration {
        Duration::from_secs(self.0.change_window_secs)
    }
}

/// The settings of a [`TemporaryPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TemporaryPolicyBuilder {
    lifetime_secs: u64,
    change_window_secs: u64,
}

/// E-6P.2 for the lifetime; the change window is our choice.
impl Default for TemporaryPolicyBuilder {
    fn default() -> Self {
        Self { lifetime_secs: 15 * DAY_SECS, change_window_secs: 10 * 60 }
    }
}

impl TemporaryPolicyBuilder {
    /// How long a temporary password lives, in seconds: 1 to 30 days.
    #[must_use]
    pub const fn lifetime_secs(mut self, seconds: u64) -> Self {
        self.lifetime_secs = seconds;
        self
    }

    /// How long its bearer has to choose the new password, in seconds: 1 to an hour.
    #[must_use]
    pub const fn change_window_secs(mut self, seconds: u64) -> Self {
        self.change_window_secs = seconds;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`TemporaryPolicyError`] for the first setting outside its range.
    pub fn build(self) -> Result<TemporaryPolicy, TemporaryPolicyError> {
        let (lifetime, change_window) =
            (Duration::from_secs(self.lifetime_secs), Duration::from_secs(self.change_window_secs));
        if lifetime.is_zero() || lifetime > TemporaryPolicy::MAX_LIFETIME {
            return Err(TemporaryPolicyError::Lifetime { asked_secs: self.lifetime_secs });
        }
        if change_window.is_zero() || change_window > TemporaryPolicy::MAX_CHANGE_WINDOW {
            return Err(TemporaryPolicyError::ChangeWindow { asked_secs: self.change_window_secs });
        }
        Ok(TemporaryPolicy(self))
    }
}

impl TryFrom<TemporaryPolicyBuilder> for TemporaryPolicy {
    type Error = TemporaryPolicyError;

    fn try_from(builder: TemporaryPolicyBuilder) -> Result<Self, TemporaryPolicyError> {
        builder.build()
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemporaryPolicyError {
    /// Zero, or over [`TemporaryPolicy::MAX_LIFETIME`].
    #[error("a lifetime of {asked_secs} seconds is not between 1 second and 30 days")]
    Lifetime {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// Zero, or over [`TemporaryPolicy::MAX_CHANGE_WINDOW`].
    #[error("a change window of {asked_secs} seconds is not between 1 second and an hour")]
    ChangeWindow {
        /// Seconds asked for.
        asked_secs: u64,
    },
}
