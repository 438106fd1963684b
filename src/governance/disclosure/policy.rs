use core::time::Duration;

use serde::{Deserialize, Serialize};

/// Who approves a disclosure, and how long one may wait. The documents give no numbers (X17), so there is no default but
/// that of one approver.
///
/// ```
/// use clausework::governance::disclosure::{DisclosurePolicy, DisclosurePolicyError};
///
/// let policy = DisclosurePolicy::builder().approvals(2).pending_hours(72).release_within_hours(24).build()?;
/// assert_eq!(policy.approvals(), 2);
/// let nobody = DisclosurePolicy::builder().approvals(0).pending_hours(72).release_within_hours(24).build();
/// assert_eq!(nobody, Err(DisclosurePolicyError::Approvals { asked: 0 }));
/// assert_eq!(DisclosurePolicy::builder().build(), Err(DisclosurePolicyError::Pending { asked_hours: 0 }));
/// # Ok::<(), DisclosurePolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "DisclosurePolicyBuilder")]
pub struct DisclosurePolicy(DisclosurePolicyBuilder);

impl DisclosurePolicy {
    /// The most approvals.
    pub const MAX_APPROVALS: u8 = 10;
    /// The longest of both times: 90 days.
    pub const MAX_HOURS: u32 = 90 * 24;

    /// Starts with one approval, and neither time chosen.
    #[must_use]
    pub fn builder() -> DisclosurePolicyBuilder {
        DisclosurePolicyBuilder::default()
    }

    /// How many people, each another and none of them who asks, have to approve.
    #[must_use]
    pub const fn approvals(&self) -> u8 {
        self.0.approvals
    }

    /// How long a case waits for them.
    #[must_use]
    pub fn pending(&self) -> Duration {
        hours(self.0.pending_hours)
    }

    /// How long after the last approval data may go out.
    #[must_use]
    pub fn release_within(&self) -> Duration {
        hours(self.0.release_within_hours)
    }
}

fn hours(hours: u32) -> Duration {
    Duration::from_secs(u64::from(hours).saturating_mul(60 * 60))
}

/// The settings of a [`DisclosurePolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisclosurePolicyBuilder {
    approvals: u8,
    pending_hours: u32,
    release_within_hours: u32,
}

impl Default for DisclosurePolicyBuilder {
    fn default() -> Self {
        Self { approvals: 1, pending_hours: 0, release_within_hours: 0 }
    }
}

impl DisclosurePolicyBuilder {
    /// How many have to approve: 1 to 10.
    #[must_use]
    pub const fn approvals(mut self, approvals: u8) -> Self {
        self.approvals = approvals;
        self
    }

    /// How long a case waits for them, in hours: 1 to 2160. Must be chosen.
    #[must_use]
    pub const fn pending_hours(mut self, hours: u32) -> Self {
        self.pending_hours = hours;
        self
    }

    /// How long after the last approval data may go out, in hours: 1 to 2160. Must be chosen.
    #[must_use]
    pub const fn release_within_hours(mut self, hours: u32) -> Self {
        self.release_within_hours = hours;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`DisclosurePolicyError`] for the first setting that was not chosen or is outside its range.
    pub const fn build(self) -> Result<DisclosurePolicy, DisclosurePolicyError> {
        if self.approvals == 0 || self.approvals > DisclosurePolicy::MAX_APPROVALS {
            return Err(DisclosurePolicyError::Approvals { asked: self.approvals });
        }
        if self.pending_hours == 0 || self.pending_hours > DisclosurePolicy::MAX_HOURS {
            return Err(DisclosurePolicyError::Pending { asked_hours: self.pending_hours });
        }
        if self.release_within_hours == 0 || self.release_within_hours > DisclosurePolicy::MAX_HOURS {
            return Err(DisclosurePolicyError::Release { asked_hours: self.release_within_hours });
        }
        Ok(DisclosurePolicy(self))
    }
}

impl TryFrom<DisclosurePolicyBuilder> for DisclosurePolicy {
    type Error = DisclosurePolicyError;

    fn try_from(builder: DisclosurePolicyBuilder) -> Result<Self, DisclosurePolicyError> {
        builder.build()
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DisclosurePolicyError {
    /// None, or over [`DisclosurePolicy::MAX_APPROVALS`].
    #[error("{asked} approvals are not between 1 and 10")]
    Approvals {
        /// Approvals asked for.
        asked: u8,
    },
    /// Not chosen, or over [`DisclosurePolicy::MAX_HOURS`].
    #[error("{asked_hours} hours to wait for approvals are not between 1 and 2160")]
    Pending {
        /// Hours asked for.
        asked_hours: u32,
    },
    /// Not chosen, or over [`DisclosurePolicy::MAX_HOURS`].
    #[error("{asked_hours} hours to release are not between 1 and 2160")]
    Release {
        /// Hours asked for.
        asked_hours: u32,
    },
}
