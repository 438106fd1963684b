use alloc::collections::BTreeSet;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::OpaqueId;

/// Who has to be told of what was put right, and by when the host means to be done.
///
/// ```
/// use clausework::governance::rectification::{RectificationPolicy, RectificationPolicyError};
///
/// let policy = RectificationPolicy::builder().target_days(14).build()?;
/// assert_eq!(policy.target_days(), Some(14)); // the host's own: the document gives none
/// assert_eq!(RectificationPolicy::builder().build()?.target_days(), None);
/// let none = RectificationPolicy::builder().target_days(0).build();
/// assert_eq!(none, Err(RectificationPolicyError::Target { asked_days: 0 }));
/// # Ok::<(), RectificationPolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RectificationPolicyBuilder")]
pub struct RectificationPolicy(RectificationPolicyBuilder);

impl RectificationPolicy {
    /// The longest target: a year.
    pub const MAX_TARGET_DAYS: u32 = 366;
    /// The most recipients.
    pub const MAX_RECIPIENTS: usize = 100;

    /// Starts with no recipients and no target.
    #[must_use]
    pub fn builder() -> RectificationPolicyBuilder {
        RectificationPolicyBuilder::default()
    }

    /// After so many times 24 hours the host itself calls a request late.
    #[must_use]
    pub const fn target_days(&self) -> Option<u32> {
        self.0.target_days
    }

    pub(super) fn target(&self) -> Option<Duration> {
        let seconds = u64::from(self.0.target_days?).saturating_mul(24 * 60 * 60);
        Some(Duration::from_secs(seconds))
    }

    /// Who else was given the data, and is told of what became of it.
    pub fn recipients(&self) -> impl Iterator<Item = &OpaqueId> {
        self.0.recipients.iter()
    }
}

/// The settings of a [`RectificationPolicy`], not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RectificationPolicyBuilder {
    #[serde(skip_serializing_if = "Option::is_none")]
    target_days: Option<u32>,
    recipients: BTreeSet<OpaqueId>,
}

impl RectificationPolicyBuilder {
    /// By when the host means to be done, in days of 24 hours: 1 to 366.
    #[must_use]
    pub const fn target_days(mut self, days: u32) -> Self {
        self.target_days = Some(days);
        self
    }

    /// Somebody else who was given the data; at most 100.
    #[must_use]
    pub fn recipient(mut self, recipient: OpaqueId) -> Self {
        self.recipients.insert(recipient);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`RectificationPolicyError`] for the first setting outside its range.
    pub fn build(self) -> Result<RectificationPolicy, RectificationPolicyError> {
        if let Some(days) = self.target_days.filter(|days| *days == 0 || *days > RectificationPolicy::MAX_TARGET_DAYS) {
            return Err(RectificationPolicyError::Target { asked_days: days });
        }
        if self.recipients.len() > RectificationPolicy::MAX_RECIPIENTS {
            return Err(RectificationPolicyError::TooManyRecipients { asked: self.recipients.len() });
        }
        Ok(RectificationPolicy(self))
    }
}

impl TryFrom<RectificationPolicyBuilder> for RectificationPolicy {
    type Error = RectificationPolicyError;

    fn try_from(builder: RectificationPolicyBuilder) -> Result<Self, RectificationPolicyError> {
        builder.build()
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RectificationPolicyError {
    /// None, or over [`RectificationPolicy::MAX_TARGET_DAYS`].
    #[error("a target of {asked_days} days is not between 1 and 366 days")]
    Target {
        /// Days asked for.
        asked_days: u32,
    },
    /// Over [`RectificationPolicy::MAX_RECIPIENTS`].
    #[error("{asked} recipients are more than 100")]
    TooManyRecipients {
        /// Recipients asked for.
        asked: usize,
    },
}
