use serde::{Deserialize, Serialize};

use crate::audit::retention::RetentionPolicy;
use crate::hashing::HashPolicy;
use crate::sign_in::SignInPolicy;

/// Everything that is set for one tenant, or for all of them: what a policy file holds.
///
/// ```
/// use clausework::profile::PolicySet;
/// use clausework::session::{IdleLimit, SessionPolicy};
/// use clausework::sign_in::SignInPolicy;
///
/// let session = SessionPolicy::builder().lifetime_secs(28_800).idle(IdleLimit::Lock { after_secs: 900 }).build()?;
/// let set = PolicySet::new(SignInPolicy::builder().session(session).build()?);
/// assert_eq!(PolicySet::from_json(&serde_json::to_string(&set)?)?, set);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicySet {
    sign_in: SignInPolicy,
    #[serde(default)]
    hashing: HashPolicy,
    #[serde(default)]
    retention: RetentionPolicy,
}

impl PolicySet {
    /// A policy of the sign-in, and the defaults of everything else.
    #[must_use]
    pub fn new(sign_in: SignInPolicy) -> Self {
        Self { sign_in, hashing: HashPolicy::default(), retention: RetentionPolicy::default() }
    }

    /// What a hash costs.
    #[must_use]
    pub fn with_hashing(self, hashing: HashPolicy) -> Self {
        Self { hashing, ..self }
    }

    /// How long the audit log is kept.
    #[must_use]
    pub fn with_retention(self, retention: RetentionPolicy) -> Self {
        Self { retention, ..self }
    }

    /// The policy of the sign-in.
    #[must_use]
    pub const fn sign_in(&self) -> &SignInPolicy {
        &self.sign_in
    }

    /// What a hash costs.
    #[must_use]
    pub const fn hashing(&self) -> &HashPolicy {
        &self.hashing
    }

    /// How long the audit log is kept.
    #[must_use]
    pub const fn retention(&self) -> &RetentionPolicy {
        &self.retention
    }
}
