use core::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a session lasts. The host chooses: the documents ask for a configurable value (E-5.10b)
/// and give none (X17).
///
/// ```
/// use core::time::Duration;
/// use clausework::session::{SessionPolicy, SessionPolicyError};
///
/// let policy = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).build()?;
/// assert_eq!(policy.lifetime(), Duration::from_secs(28_800));
/// assert_eq!(SessionPolicy::builder().build(), Err(SessionPolicyError::Lifetime { asked_secs: 0 })); // no number was chosen
/// # Ok::<(), SessionPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SessionPolicyBuilder")]
pub struct SessionPolicy(SessionPolicyBuilder);

impl SessionPolicy {
    /// The longest lifetime: 366 days.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(366 * 24 * 60 * 60);

    /// Starts with nothing chosen.
    #[must_use]
    pub fn builder() -> SessionPolicyBuilder {
        SessionPolicyBuilder::default()
    }

    /// How long a session lasts from the sign-in, whatever is done with it.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        Duration::from_secs(self.0.lifetime_secs)
    }
}

/// The settings of a [`SessionPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPolicyBuilder {
    lifetime_secs: u64,
}

impl SessionPolicyBuilder {
    /// How long a session lasts from the sign-in, in seconds: 1 to 366 days.
    #[must_use]
    pub const fn lifetime_secs(mut self, seconds: u64) -> Self {
        self.lifetime_secs = seconds;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`SessionPolicyError::Lifetime`] when the lifetime was not chosen or is too long.
    pub fn build(self) -> Result<SessionPolicy, SessionPolicyError> {
        let lifetime = Duration::from_secs(self.lifetime_secs);
        if lifetime.is_zero() || lifetime > SessionPolicy::MAX_LIFETIME {
            return Err(SessionPolicyError::Lifetime { asked_secs: self.lifetime_secs });
        }
        Ok(SessionPolicy(self))
    }
}

impl TryFrom<SessionPolicyBuilder> for SessionPolicy {
    type Error = SessionPolicyError;

    fn try_from(builder: SessionPolicyBuilder) -> Result<Self, SessionPolicyError> {
        builder.build()
    }
}

/// Why there is no such session policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionPolicyError {
    /// Not chosen, or over [`SessionPolicy::MAX_LIFETIME`].
    #[error("a lifetime of {asked_secs} seconds is not between 1 second and 366 days")]
    Lifetime {
        /// Seconds asked for.
        asked_secs: u64,
    },
}
