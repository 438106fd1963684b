use serde::{Deserialize, Serialize};

use crate::access::AccessPolicy;
use crate::credential::TemporaryPolicy;
use crate::lockout::{DenialPolicy, LanePolicy, LockoutPolicy};
use crate::password::PasswordPolicy;
use crate::session::SessionPolicy;

/// The policy of one tenant: everything a sign-in decides by.
///
/// The default of every part is the ENGAGE policy; the session lifetime has none and must be chosen.
///
/// ```
/// use clausework::session::SessionPolicy;
/// use clausework::sign_in::{SignInPolicy, SignInPolicyError};
///
/// let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).build()?;
/// let policy = SignInPolicy::builder().session(session).build()?;
/// assert_eq!(policy.lockout().limit(), 3);
///
/// assert_eq!(SignInPolicy::builder().build(), Err(SignInPolicyError::NoSessionPolicy));
///
/// // The same from a file, checked in the same way.
/// let policy: SignInPolicy = serde_json::from_str(r#"{ "session": { "lifetime_secs": 28800 }, "password": { "min_chars": 12 } }"#)?;
/// assert_eq!(policy.password().min_chars(), 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SignInPolicyBuilder", into = "SignInPolicyBuilder")]
pub struct SignInPolicy {
    access: AccessPolicy,
    lockout: LockoutPolicy,
    lanes: LanePolicy,
    denials: Option<DenialPolicy>,
    password: PasswordPolicy,
    session: SessionPolicy,
    temporary: TemporaryPolicy,
}

impl SignInPolicy {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> SignInPolicyBuilder {
        SignInPolicyBuilder::default()
    }

    /// Who may come, from where, over what.
    #[must_use]
    pub const fn access(&self) -> &AccessPolicy {
        &self.access
    }

    /// How many failures lock for how long.
    #[must_use]
    pub const fn lockout(&self) -> &LockoutPolicy {
        &self.lockout
    }

    /// What an attempt is charged to besides its account.
    #[must_use]
    pub const fn lanes(&self) -> &LanePolicy {
        &self.lanes
    }

    /// How many denials of one source are recorded one by one; all of them if `None`.
    #[must_use]
    pub const fn denials(&self) -> Option<&DenialPolicy> {
        self.denials.as_ref()
    }

    /// What a new password must be.
    #[must_use]
    pub const fn password(&self) -> &PasswordPolicy {
        &self.password
    }

    /// How long a session lasts.
    #[must_use]
    pub const fn session(&self) -> &SessionPolicy {
        &self.session
    }

    /// How long a temporary password lives.
    #[must_use]
    pub const fn temporary(&self) -> &TemporaryPolicy {
        &self.temporary
    }
}

/// The parts of a [`SignInPolicy`], not yet complete.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInPolicyBuilder {
    access: AccessPolicy,
    lockout: LockoutPolicy,
    lanes: LanePolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    denials: Option<DenialPolicy>,
    password: PasswordPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionPolicy>,
    temporary: TemporaryPolicy,
}

impl SignInPolicyBuilder {
    /// Who may come, from where, over what.
    #[must_use]
    pub fn access(mut self, access: AccessPolicy) -> Self {
        self.access = access;
        self
    }

    /// How many failures lock for how long.
    #[must_use]
    pub fn lockout(mut self, lockout: LockoutPolicy) -> Self {
        self.lockout = lockout;
        self
    }

    /// What an attempt is charged to besides its account; nothing unless asked for.
    #[must_use]
    pub fn lanes(mut self, lanes: LanePolicy) -> Self {
        self.lanes = lanes;
        self
    }

    /// How many denials of one source are recorded one by one, those over it as a count; all unless asked for. It
    /// costs a write a denial, and the denials of one source then follow one another.
    #[must_use]
    pub const fn denials(mut self, denials: DenialPolicy) -> Self {
        self.denials = Some(denials);
        self
    }

    /// What a new password must be.
    #[must_use]
    pub fn password(mut self, password: PasswordPolicy) -> Self {
        self.password = password;
        self
    }

    /// How long a session lasts. Must be chosen.
    #[must_use]
    pub fn session(mut self, session: SessionPolicy) -> Self {
        self.session = Some(session);
        self
    }

    /// How long a temporary password lives.
    #[must_use]
    pub fn temporary(mut self, temporary: TemporaryPolicy) -> Self {
        self.temporary = temporary;
        self
    }

    /// Checks that every part is there.
    ///
    /// # Errors
    /// [`SignInPolicyError::NoSessionPolicy`] when no session lifetime was chosen.
    pub fn build(self) -> Result<SignInPolicy, SignInPolicyError> {
        let Self { access, lockout, lanes, denials, password, session, temporary } = self;
        let session = session.ok_or(SignInPolicyError::NoSessionPolicy)?;
        Ok(SignInPolicy { access, lockout, lanes, denials, password, session, temporary })
    }
}

impl TryFrom<SignInPolicyBuilder> for SignInPolicy {
    type Error = SignInPolicyError;

    fn try_from(builder: SignInPolicyBuilder) -> Result<Self, SignInPolicyError> {
        builder.build()
    }
}

impl From<SignInPolicy> for SignInPolicyBuilder {
    fn from(SignInPolicy { access, lockout, lanes, denials, password, session, temporary }: SignInPolicy) -> Self {
        Self { access, lockout, lanes, denials, password, session: Some(session), temporary }
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInPolicyError {
    /// The documents give no session lifetime, so the host must.
    #[error("no session lifetime was chosen")]
    NoSessionPolicy,
}
