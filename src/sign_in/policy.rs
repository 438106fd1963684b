use serde::{Deserialize, Serialize};

use crate::access::AccessPolicy;
use crate::credential::TemporaryPolicy;
use crate::lockout::LockoutPolicy;
use crate::password::PasswordPolicy;
use crate::session::{DormancyPolicy, SessionPolicy};

/// The policy of one tenant: everything a sign-in decides by.
///
/// The default of every part is the ENGAGE policy; lifetime and idle limit of a session have none and
/// must be chosen; accounts become dormant only if a period is.
///
/// ```
/// use clausework::session::{IdleLimit, SessionPolicy};
/// use clausework::sign_in::{SignInPolicy, SignInPolicyError};
///
/// let idle = IdleLimit::Lock { after_secs: 15 * 60 };
/// let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(idle).build()?;
/// let policy = SignInPolicy::builder().session(session).build()?;
/// assert_eq!(policy.lockout().limit(), 3);
///
/// assert_eq!(SignInPolicy::builder().build(), Err(SignInPolicyError::NoSessionPolicy));
///
/// // The same from a file, checked in the same way.
/// let file = r#"{
///     "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } },
///     "dormancy": { "period_days": 90 },
///     "password": { "min_chars": 12 }
/// }"#;
/// let policy: SignInPolicy = serde_json::from_str(file)?;
/// assert_eq!(policy.password().min_chars(), 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SignInPolicyBuilder", into = "SignInPolicyBuilder")]
pub struct SignInPolicy {
    access: AccessPolicy,
    lockout: LockoutPolicy,
    password: PasswordPolicy,
    session: SessionPolicy,
    temporary: TemporaryPolicy,
    dormancy: Option<DormancyPolicy>,
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

    /// What a new password must be.
    #[must_use]
    pub const fn password(&self) -> &PasswordPolicy {
        &self.password
    }

    /// How long a session lasts, and may be idle.
    #[must_use]
    pub const fn session(&self) -> &SessionPolicy {
        &self.session
    }

    /// How long a temporary password lives.
    #[must_use]
    pub const fn temporary(&self) -> &TemporaryPolicy {
        &self.temporary
    }

    /// When an account that nobody uses is closed, if a period was chosen.
    #[must_use]
    pub const fn dormancy(&self) -> Option<&DormancyPolicy> {
        self.dormancy.as_ref()
    }
}

/// The parts of a [`SignInPolicy`], not yet complete.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInPolicyBuilder {
    access: AccessPolicy,
    lockout: LockoutPolicy,
    password: PasswordPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionPolicy>,
    temporary: TemporaryPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    dormancy: Option<DormancyPolicy>,
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

    /// What a new password must be.
    #[must_use]
    pub fn password(mut self, password: PasswordPolicy) -> Self {
        self.password = password;
        self
    }

    /// When an account that nobody uses is closed (A2-Input-6). By default never: the documents give no period.
    #[must_use]
    pub fn dormancy(mut self, dormancy: DormancyPolicy) -> Self {
        self.dormancy = Some(dormancy);
        self
    }

    /// How long a session lasts, and may be idle. Must be chosen.
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
        let Self { access, lockout, password, session, temporary, dormancy } = self;
        let session = session.ok_or(SignInPolicyError::NoSessionPolicy)?;
        Ok(SignInPolicy { access, lockout, password, session, temporary, dormancy })
    }
}

impl TryFrom<SignInPolicyBuilder> for SignInPolicy {
    type Error = SignInPolicyError;

    fn try_from(builder: SignInPolicyBuilder) -> Result<Self, SignInPolicyError> {
        builder.build()
    }
}

impl From<SignInPolicy> for SignInPolicyBuilder {
    fn from(SignInPolicy { access, lockout, password, session, temporary, dormancy }: SignInPolicy) -> Self {
        Self { access, lockout, password, session: Some(session), temporary, dormancy }
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInPolicyError {
    /// The documents give no limits of a session, so the host must.
    #[error("no session lifetime was chosen")]
    NoSessionPolicy,
}
