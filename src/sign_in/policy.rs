use serde::{Deserialize, Serialize};

use crate::access::AccessPolicy;
use crate::credential::TemporaryPolicy;
use crate::lockout::{DenialPolicy, LanePolicy, LockoutPolicy};
use crate::password::PasswordPolicy;
use crate::screening::UnknownPolicy;
use crate::session::{DormancyPolicy, SessionPolicy};

/// The policy of one tenant: everything a sign-in decides by.
///
/// The default of every part is the ENGAGE policy; lifetime and idle limit of a session have none and
/// must be chosen; accounts become dormant only if a period is. One default goes
/// beyond it: the most common passwords are refused ([`screen_common`](SignInPolicyBuilder::screen_common)).
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "SignInPolicyBuilder", into = "SignInPolicyBuilder")]
pub struct SignInPolicy {
    access: AccessPolicy,
    lockout: LockoutPolicy,
    lanes: LanePolicy,
    denials: Option<DenialPolicy>,
    password: PasswordPolicy,
    session: SessionPolicy,
    temporary: TemporaryPolicy,
    screen_common: bool,
    screening: Option<UnknownPolicy>,
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

    /// Whether a new password that is on the built-in list of common ones is refused.
    #[must_use]
    pub const fn screen_common(&self) -> bool {
        self.screen_common
    }

    /// Whether the host must screen a new password in a source of its own, and what follows if it could not.
    #[must_use]
    pub const fn screening(&self) -> Option<UnknownPolicy> {
        self.screening
    }

    /// When an account that nobody uses is closed, if a period was chosen.
    #[must_use]
    pub const fn dormancy(&self) -> Option<&DormancyPolicy> {
        self.dormancy.as_ref()
    }
}

/// The parts of a [`SignInPolicy`], not yet complete.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    screen_common: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    screening: Option<UnknownPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dormancy: Option<DormancyPolicy>,
}

/// The defaults of the parts; common passwords refused; no session lifetime, no source of the host's demanded, no dormancy.
impl Default for SignInPolicyBuilder {
    fn default() -> Self {
        Self {
            access: AccessPolicy::default(),
            lockout: LockoutPolicy::default(),
            lanes: LanePolicy::default(),
            denials: None,
            password: PasswordPolicy::default(),
            session: None,
            temporary: TemporaryPolicy::default(),
            screen_common: true,
            screening: None,
            dormancy: None,
        }
    }
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

    /// Whether a new password that is among the most common ones ([`screen_common`](crate::screening::screen_common))
    /// is refused. On unless switched off: E-6P.1 does not ask for it, and nothing speaks for `Password1`, which
    /// satisfies E-6P.1. NIST SP 800-63B-4 section 3.1.1.2 and OWASP ASVS 5.0 section 6.2.4 require a list of this kind.
    #[must_use]
    pub const fn screen_common(mut self, refuse: bool) -> Self {
        self.screen_common = refuse;
        self
    }

    /// Demands that the host screens every new password in a source of its own and hands in what it found
    /// ([`with_screening`](super::ChangeRequest::with_screening)), and says what follows if that could not be done. A
    /// change without it counts as one where nobody answered. `None`, the default: no source is demanded, but a
    /// password that the host says is known is refused all the same.
    #[must_use]
    pub const fn screening(mut self, unknown: Option<UnknownPolicy>) -> Self {
        self.screening = unknown;
        self
    }

    /// Checks that every part is there.
    ///
    /// # Errors
    /// [`SignInPolicyError::NoSessionPolicy`] when no session lifetime was chosen.
    pub fn build(self) -> Result<SignInPolicy, SignInPolicyError> {
        let Self { access, lockout, lanes, denials, password, session, temporary, screen_common, screening, dormancy } =
            self;
        let session = session.ok_or(SignInPolicyError::NoSessionPolicy)?;
        Ok(SignInPolicy {
            access,
            lockout,
            lanes,
            denials,
            password,
            session,
            temporary,
            screen_common,
            screening,
            dormancy,
        })
    }
}

impl TryFrom<SignInPolicyBuilder> for SignInPolicy {
    type Error = SignInPolicyError;

    fn try_from(builder: SignInPolicyBuilder) -> Result<Self, SignInPolicyError> {
        builder.build()
    }
}

impl From<SignInPolicy> for SignInPolicyBuilder {
    fn from(policy: SignInPolicy) -> Self {
        let SignInPolicy {
            access,
            lockout,
            lanes,
            denials,
            password,
            session,
            temporary,
            screen_common,
            screening,
            dormancy,
        } = policy;
        let session = Some(session);
        Self { access, lockout, lanes, denials, password, session, temporary, screen_common, screening, dormancy }
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
