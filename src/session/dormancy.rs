//! Accounts that nobody has used for long: warned about, then closed, until an administrator opens them again.
//!
//! A2-Input-6 asks for "automatic log-off of user ID's that have not been used for a substantial period of time" and
//! gives no number (X17), so the host chooses the period. Of the standards, PCI DSS 4.0.1 (8.2.6) says 90 days, and the
//! CIS Controls v8 (5.3) say 45.
//!
//! Set a [`DormancyPolicy`] in the policy of the sign-in, and run
//! [`SignIn::review_dormancy`](crate::sign_in::SignIn::review_dormancy) for each account once a day. Between two runs
//! the sign-in itself refuses what has become dormant.

use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::decide::ENDED;
use super::state::ActivityState;
use crate::clause;
use crate::event::{Code, Fact};
use crate::id::AccountId;
use crate::store::{Next, Transition};
use crate::time::{Now, SKEW, Timestamp};

/// An account will be dormant soon: once for each stage of the policy.
pub const NEAR: Code = Code::internal("session.dormancy_near");
/// An account is dormant, and its sessions have ended. As a reason: the password was right, and the account dormant.
pub const DORMANT: Code = Code::internal("session.dormant");
/// An administrator took an account out of dormancy.
pub const REACTIVATED: Code = Code::internal("session.reactivated");

/// When an account that nobody uses becomes dormant. There is no default period (A2-Input-6, X17).
///
/// ```
/// use clausework::{AccountId, session::{DormancyPolicy, DormancyPolicyError}};
///
/// let policy = DormancyPolicy::builder()
///     .period_days(90)                                  // PCI DSS 4.0.1, 8.2.6
///     .warn_days_before([30, 7])
///     .grace_days(14)                                   // to sign in after a reactivation
///     .exempt([AccountId::try_new("break-glass")?])
///     .build()?;
/// assert_eq!(policy.period_days(), 90);
///
/// let too_early = DormancyPolicy::builder().period_days(90).warn_days_before([90]).build();
/// assert_eq!(too_early, Err(DormancyPolicyError::Warning { asked_days: 90 }));
///
/// let from_file: DormancyPolicy = serde_json::from_str(r#"{ "period_days": 45 }"#)?;
/// assert_eq!(from_file.grace_days(), 45); // without a choice, the whole period once more
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "DormancyPolicyBuilder")]
pub struct DormancyPolicy(DormancyPolicyBuilder);

impl DormancyPolicy {
    /// The longest period: ten years.
    pub const MAX_PERIOD_DAYS: u32 = 3653;
    /// The most stages of warning.
    pub const MAX_WARNINGS: usize = 8;
    /// The most exempt accounts: for emergencies, not for everybody.
    pub const MAX_EXEMPT: usize = 100;

    /// Starts with no period chosen, no warnings and nobody exempt.
    #[must_use]
    pub fn builder() -> DormancyPolicyBuilder {
        DormancyPolicyBuilder::default()
    }

    /// An account is dormant so many times 24 hours after it was last used, or created.
    #[must_use]
    pub const fn period_days(&self) -> u32 {
        self.0.period_days
    }

    /// A warning is due so many times 24 hours before that.
    #[must_use]
    pub fn warn_days_before(&self) -> &[u32] {
        &self.0.warn_days_before
    }

    /// After a reactivation it is not dormant for at least so many times 24 hours.
    #[must_use]
    pub fn grace_days(&self) -> u32 {
        self.0.grace_days.unwrap_or(self.0.period_days)
    }

    /// Accounts that are never dormant, such as those kept for emergencies.
    #[must_use]
    pub fn exempt(&self) -> &[AccountId] {
        &self.0.exempt
    }
}

/// The settings of a [`DormancyPolicy`], not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DormancyPolicyBuilder {
    period_days: u32,
    warn_days_before: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_days: Option<u32>,
    exempt: Vec<AccountId>,
}

impl DormancyPolicyBuilder {
    /// How long an account may be unused, in days of 24 hours: 1 to 3653. Must be chosen.
    #[must_use]
    pub const fn period_days(mut self, days: u32) -> Self {
        self.period_days = days;
        self
    }

    /// How long before that a warning is due, in days of 24 hours, each from 1 to less than the period; at most 8.
    #[must_use]
    pub fn warn_days_before(mut self, days: impl IntoIterator<Item = u32>) -> Self {
        self.warn_days_before = days.into_iter().collect();
        self
    }

    /// How long a reactivated account has to be used, in days of 24 hours, from 1 to the period, which is the default.
    #[must_use]
    pub const fn grace_days(mut self, days: u32) -> Self {
        self.grace_days = Some(days);
        self
    }

    /// Accounts that are never dormant; at most 100.
    #[must_use]
    pub fn exempt(mut self, accounts: impl IntoIterator<Item = AccountId>) -> Self {
        self.exempt = accounts.into_iter().collect();
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`DormancyPolicyError`] for the first setting that was not chosen or is outside its range.
    pub fn build(self) -> Result<DormancyPolicy, DormancyPolicyError> {
        let period = self.period_days;
        if period == 0 || period > DormancyPolicy::MAX_PERIOD_DAYS {
            return Err(DormancyPolicyError::Period { asked_days: period });
        }
        if let Some(days) = self.warn_days_before.iter().find(|days| **days == 0 || **days >= period) {
            return Err(DormancyPolicyError::Warning { asked_days: *days });
        }
        if let Some(days) = self.grace_days.filter(|days| *days == 0 || *days > period) {
            return Err(DormancyPolicyError::Grace { asked_days: days });
        }
        if self.warn_days_before.len() > DormancyPolicy::MAX_WARNINGS || self.exempt.len() > DormancyPolicy::MAX_EXEMPT
        {
            return Err(DormancyPolicyError::TooMany);
        }
        Ok(DormancyPolicy(self))
    }
}

impl TryFrom<DormancyPolicyBuilder> for DormancyPolicy {
    type Error = DormancyPolicyError;

    fn try_from(builder: DormancyPolicyBuilder) -> Result<Self, DormancyPolicyError> {
        builder.build()
    }
}

/// Why there is no such dormancy policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DormancyPolicyError {
    /// Not chosen, or over [`DormancyPolicy::MAX_PERIOD_DAYS`].
    #[error("a period of {asked_days} days is not between 1 and 3653 days")]
    Period {
        /// Days asked for.
        asked_days: u32,
    },
    /// None, or not before the account is dormant at all.
    #[error("a warning {asked_days} days before is not between 1 day and less than the period")]
    Warning {
        /// Days asked for.
        asked_days: u32,
    },
    /// None, or longer than the period.
    #[error("a grace of {asked_days} days is not between 1 day and the period")]
    Grace {
        /// Days asked for.
        asked_days: u32,
    },
    /// More stages of warning or exempt accounts than there can be.
    #[error("more than 8 warnings or 100 exempt accounts")]
    TooMany,
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[must_use]
#[non_exhaustive]
pub enum Standing {
    /// In use, or new.
    Active,
    /// Unused for so long that a warning is due.
    Warn {
        /// Since when: the stage that was reached last.
        at: Timestamp,
        /// When the account will be dormant if nobody uses it.
        dormant_at: Timestamp,
    },
    /// Unused for too long: it is refused until it is reactivated, even if a clock steps back or the policy changes.
    Dormant {
        /// Since when.
        since: Timestamp,
    },
}

/// How an account stands, by when it was created, last used and last reactivated. Dormant from the instant on at
/// which the period is over. Never used counts from its creation.
///
/// ```
/// use core::time::Duration;
/// use clausework::{AccountId, Now, session::{ActivityState, DormancyPolicy, Standing, standing}};
/// # let created = clausework::Timestamp::MIN;
///
/// let policy = DormancyPolicy::builder().period_days(90).warn_days_before([30, 7]).build()?;
/// let (anna, never_used) = (AccountId::try_new("u-17")?, ActivityState::default());
/// let after = |days: u64| Now::from(created.saturating_add(Duration::from_secs(days * 86_400)));
///
/// assert_eq!(standing(&never_used, after(59), &policy, &anna, created), Standing::Active);
/// let warned = Standing::Warn { at: after(60).timestamp(), dormant_at: after(90).timestamp() };
/// assert_eq!(standing(&never_used, after(82), &policy, &anna, created), warned);
/// let since = after(90).timestamp();
/// assert_eq!(standing(&never_used, after(90), &policy, &anna, created), Standing::Dormant { since });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn standing(
    state: &ActivityState,
    now: Now,
    policy: &DormancyPolicy,
    account: &AccountId,
    created_at: Timestamp,
) -> Standing {
    if policy.exempt().contains(account) {
        return Standing::Active;
    }
    if let Some(dormant @ Standing::Dormant { .. }) = state.noted {
        return dormant;
    }
    // An instant from the future was written by a clock that is wrong, or was. It counts as now: it costs one period.
    let (used, reactivated) =
        (state.used_at.map(|at| bounded(at, now)), state.reactivated_at.map(|at| bounded(at, now)));
    let unused_since = bounded(created_at, now).max(used.unwrap_or(Timestamp::MIN));
    let unused = unused_since.saturating_add(days(policy.period_days()));
    let grace = reactivated.map_or(Timestamp::MIN, |at| at.saturating_add(days(policy.grace_days())));
    let dormant_at = unused.max(grace);
    if now.timestamp() >= dormant_at {
        return Standing::Dormant { since: dormant_at };
    }
    let stages = policy.warn_days_before().iter().map(|before| dormant_at.saturating_sub(days(*before)));
    match stages.filter(|stage| *stage <= now.timestamp()).max() {
        Some(at) => Standing::Warn { at, dormant_at },
        None => Standing::Active,
    }
}

/// The daily look at an account: notes a stage of warning, or that it is dormant, once. A second look at the same time
/// changes nothing. With dormancy all its sessions end.
///
/// ```
/// use core::time::Duration;
/// use clausework::session::{DormancyPolicy, Standing, reactivate, review};
/// use clausework::store::Next;
/// use clausework::{AccountId, Now};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// // Never signed in: counted from when it was created.
/// let (policy, anna, created) = (DormancyPolicy::builder().period_days(90).build()?, AccountId::try_new("u-17")?, now);
/// let later = |days: u64| Now::from(created.plus(Duration::from_secs(days * 24 * 60 * 60)));
/// let look = |state, now| review(state, now, &policy, &anna, created.timestamp()).into_parts();
/// let (Next::Put(state), Standing::Dormant { since }, _) = look(None, later(90)) else { panic!() };
/// assert_eq!(since, later(90).timestamp());
/// assert_eq!(look(Some(state.clone()), later(91)).0, Next::Keep); // noted once
///
/// // An administrator takes it out again: it has the grace to be used.
/// let (Next::Put(state), ..) = reactivate(Some(state), later(91)).into_parts() else { panic!() };
/// assert!(!matches!(look(Some(state), later(91)).1, Standing::Dormant { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn review(
    state: Option<ActivityState>,
    now: Now,
    policy: &DormancyPolicy,
    account: &AccountId,
    created_at: Timestamp,
) -> Transition<ActivityState, Standing> {
    let before = state.unwrap_or_default();
    let found = standing(&before, now, policy, account, created_at);
    let mut next = before.clone();
    (next.used_at, next.reactivated_at) =
        (before.used_at.map(|at| bounded(at, now)), before.reactivated_at.map(|at| bounded(at, now)));
    let mut facts = Vec::new();
    if next.noted.unwrap_or(Standing::Active) != found {
        // An exempt account keeps what was noted: should it be exempt no longer, it is dormant still.
        let exempt = policy.exempt().contains(account);
        next.noted = if exempt { next.noted } else { Some(found).filter(|found| *found != Standing::Active) };
        match found {
            Standing::Active => {}
            Standing::Warn { dormant_at, .. } => {
                facts.push(Fact::success(NEAR).under(clause::A2_INPUT_6).with("dormant_at", dormant_at));
            }
            Standing::Dormant { since } => {
                facts.push(Fact::success(DORMANT).under(clause::A2_INPUT_6).with("since", since));
                for session in next.sessions.drain(..) {
                    let fact = Fact::success(ENDED).under(clause::A2_INPUT_6).with("reason", DORMANT);
                    facts.push(fact.with("opened_at", session.opened_at));
                }
                next.ended_at = next.ended_at.max(Some(now.timestamp()));
            }
        }
    }
    let next = if next == before { Next::Keep } else { Next::Put(next) };
    Transition::new(next, found).with_all(facts)
}

/// Takes an account out of dormancy: it then has the grace of the policy to be used. Its ended sessions stay ended.
///
/// ```
/// use clausework::session::reactivate;
/// use clausework::store::Next;
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let (Next::Put(state), ..) = reactivate(None, now).into_parts() else { panic!() };
/// assert_eq!(state.reactivated_at(), Some(now.timestamp()));
/// ```
pub fn reactivate(state: Option<ActivityState>, now: Now) -> Transition<ActivityState, ()> {
    let state = ActivityState { reactivated_at: Some(now.timestamp()), noted: None, ..state.unwrap_or_default() };
    Transition::put(state, ()).with(Fact::success(REACTIVATED).under(clause::A2_INPUT_6))
}

fn bounded(at: Timestamp, now: Now) -> Timestamp {
    if at > now.plus(SKEW) { now.timestamp() } else { at }
}

fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days).saturating_mul(24 * 60 * 60))
}
