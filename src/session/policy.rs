use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How long a session lasts, how long it may be idle, and how many an account may have.
///
/// Two values have no default, because the documents ask for them and give no number (X17): the lifetime (E-5.10b:
/// "configurable session timeout values") and the idle limit (A2-Access-3: "automatic temporary lock-out of user
/// terminal if left idle, identification and password required to reopen"). A host that wants no idle limit says so.
///
/// ```
/// use core::time::Duration;
/// use clausework::session::{AtCap, IdleLimit, SessionPolicy, SessionPolicyError};
///
/// let policy = SessionPolicy::builder()
///     .lifetime_secs(12 * 60 * 60)                      // NIST SP 800-63B-4 section 2.3.3: at most 12 hours
///     .idle(IdleLimit::Lock { after_secs: 15 * 60 })    // PCI DSS 4.0.1, 8.2.8: 15 minutes
///     .cap(3, AtCap::EndOldest)
///     .build()?;
/// assert_eq!(policy.lifetime(), Duration::from_secs(43_200));
/// assert_eq!(policy.touch_every(), Duration::from_secs(90)); // a tenth of the idle limit
///
/// let unchosen = SessionPolicy::builder().lifetime_secs(60).build();
/// assert_eq!(unchosen, Err(SessionPolicyError::IdleNotChosen));
///
/// let file = r#"{ "lifetime_secs": 28800, "idle": { "end": { "after_secs": 1800 } } }"#;
/// let policy: SessionPolicy = serde_json::from_str(file)?;
/// assert_eq!(policy.idle_after(), Some(Duration::from_secs(1800)));
/// assert!(serde_json::from_str::<SessionPolicy>(&file.replace("1800", "28801")).is_err()); // longer than the lifetime
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "SessionPolicyBuilder")]
pub struct SessionPolicy(SessionPolicyBuilder);

/// What happens to a session that is not used. The instant itself counts as idle: 900 seconds after its last use a
/// session with a limit of 900 seconds is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[allow(clippy::exhaustive_enums, reason = "closed: it ends, is locked, or goes on")]
pub enum IdleLimit {
    /// Nothing: only the lifetime ends it. A2-Access-3 is then for the host to keep.
    Unlimited,
    /// It ends.
    End {
        /// After so many seconds without use: 1 to the lifetime.
        after_secs: u64,
    },
    /// It is locked until its bearer signs in again, and then goes on under a new token (A2-Access-3).
    Lock {
        /// After so many seconds without use: 1 to the lifetime.
        after_secs: u64,
    },
}

/// What happens when an account that has as many sessions as it may signs in once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: one of the two has to give way")]
pub enum AtCap {
    /// The session that was opened first ends; before it one from the future, which a clock that ran ahead has opened.
    #[default]
    EndOldest,
    /// The new one is refused, unless one from the future can end. It counts as no failure: the password was right.
    Refuse,
}

impl SessionPolicy {
    /// The longest lifetime: 366 days.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(366 * 24 * 60 * 60);
    /// The most sessions an account may have. They are kept in one record, so their number is bounded.
    pub const MAX_CAP: u16 = 100;

    /// Starts from the defaults, with neither lifetime nor idle limit chosen.
    #[must_use]
    pub fn builder() -> SessionPolicyBuilder {
        SessionPolicyBuilder::default()
    }

    /// How long a session lasts from the sign-in, whatever is done with it.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        Duration::from_secs(self.0.lifetime_secs)
    }

    /// What happens to a session that is not used.
    #[must_use]
    pub const fn idle(&self) -> IdleLimit {
        match self.0.idle {
            Some(idle) => idle,
            None => IdleLimit::Unlimited, // INVARIANT: `build` has seen to it that one was chosen
        }
    }

    /// After how long without use, if there is a limit.
    #[must_use]
    pub const fn idle_after(&self) -> Option<Duration> {
        match self.idle() {
            IdleLimit::Unlimited => None,
            IdleLimit::End { after_secs } | IdleLimit::Lock { after_secs } => Some(Duration::from_secs(after_secs)),
        }
    }

    /// A use is written down when the last one that was written is this old, and else it is not.
    ///
    /// A use that is not written down does not put off the idle limit, so a session may be taken for idle earlier than
    /// its limit by up to this length, and never later.
    #[must_use]
    pub fn touch_every(&self) -> Duration {
        match (self.0.touch_every_secs, self.idle_after()) {
            (Some(seconds), _) => Duration::from_secs(seconds),
            (None, Some(idle)) => idle.checked_div(10).unwrap_or_default(),
            (None, None) => Duration::from_secs(60),
        }
    }

    /// When a session ends that was opened then, to end at the latest then.
    pub(super) fn ends_at(&self, opened_at: Timestamp, expires_at: Timestamp) -> Timestamp {
        expires_at.min(opened_at.saturating_add(self.lifetime()))
    }

    /// How many sessions an account may have.
    #[must_use]
    pub const fn cap(&self) -> u16 {
        self.0.cap
    }

    /// What happens when it signs in once more.
    #[must_use]
    pub const fn at_cap(&self) -> AtCap {
        self.0.at_cap
    }
}

/// The settings of a [`SessionPolicy`], not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SessionPolicyBuilder {
    lifetime_secs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle: Option<IdleLimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    touch_every_secs: Option<u64>,
    cap: u16,
    at_cap: AtCap,
}

/// The cap is our choice; OWASP ASVS 5.0, 7.1.2, asks for one that is documented and gives no number.
impl Default for SessionPolicyBuilder {
    fn default() -> Self {
        Self { lifetime_secs: 0, idle: None, touch_every_secs: None, cap: 10, at_cap: AtCap::EndOldest }
    }
}

impl SessionPolicyBuilder {
    /// How long a session lasts from the sign-in, in seconds: 1 to 366 days. Must be chosen. A shorter one holds at once
    /// for what is open, as a shorter idle limit does; a longer one only for what is opened from then on.
    #[must_use]
    pub const fn lifetime_secs(mut self, seconds: u64) -> Self {
        self.lifetime_secs = seconds;
        self
    }

    /// What happens to a session that is not used. Must be chosen.
    #[must_use]
    pub const fn idle(mut self, idle: IdleLimit) -> Self {
        self.idle = Some(idle);
        self
    }

    /// How old the last written use must be for the next to be written, in seconds: 0 (each is written) to half the
    /// idle limit, or to the lifetime if there is none. By default a tenth of the idle limit; without one, a minute.
    #[must_use]
    pub const fn touch_every_secs(mut self, seconds: u64) -> Self {
        self.touch_every_secs = Some(seconds);
        self
    }

    /// How many sessions an account may have, 1 to 100, and what happens at one more. By default ten, and the
    /// oldest ends.
    #[must_use]
    pub const fn cap(mut self, cap: u16, at_cap: AtCap) -> Self {
        self.cap = cap;
        self.at_cap = at_cap;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`SessionPolicyError`] for the first setting that was not chosen or is outside its range.
    pub fn build(self) -> Result<SessionPolicy, SessionPolicyError> {
        let policy = SessionPolicy(self);
        let lifetime = policy.lifetime();
        if lifetime.is_zero() || lifetime > SessionPolicy::MAX_LIFETIME {
            return Err(SessionPolicyError::Lifetime { asked_secs: self.lifetime_secs });
        }
        if self.idle.is_none() {
            return Err(SessionPolicyError::IdleNotChosen);
        }
        let idle = policy.idle_after();
        if let Some(idle) = idle.filter(|idle| idle.is_zero() || *idle > lifetime) {
            return Err(SessionPolicyError::Idle { asked_secs: idle.as_secs() });
        }
        let longest = idle.map_or(Some(lifetime), |idle| idle.checked_div(2)).unwrap_or_default();
        if policy.touch_every() > longest {
            return Err(SessionPolicyError::Touch { asked_secs: policy.touch_every().as_secs() });
        }
        if self.cap == 0 || self.cap > SessionPolicy::MAX_CAP {
            return Err(SessionPolicyError::Cap { asked: self.cap });
        }
        Ok(policy)
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
    /// Neither an idle limit nor that there is none.
    #[error("no idle limit was chosen, nor that there is none")]
    IdleNotChosen,
    /// Zero, or longer than the lifetime.
    #[error("an idle limit of {asked_secs} seconds is not between 1 second and the lifetime")]
    Idle {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// So coarse that a session in use could be taken for idle.
    #[error("writing a use every {asked_secs} seconds is coarser than half the idle limit, or than the lifetime")]
    Touch {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// None, or over [`SessionPolicy::MAX_CAP`].
    #[error("a cap of {asked} sessions is not between 1 and 100")]
    Cap {
        /// Sessions asked for.
        asked: u16,
    },
}
