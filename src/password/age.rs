use super::PasswordPolicy;
use crate::time::{Now, SKEW, Timestamp};

/// What a password's age means for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AgeOutcome {
    /// It is good, and so new that its owner may not change it yet.
    TooRecent {
        /// From when on it may be changed.
        changeable_at: Timestamp,
    },
    /// It is good and may be changed.
    Current {
        /// When it expires, if the policy sets a maximum age.
        expires_at: Option<Timestamp>,
    },
    /// It is too old: its owner must choose another.
    Expired {
        /// The instant it expired.
        since: Timestamp,
    },
}

/// What the policy says of a password of this age.
///
/// Both ends open at their instant: at exactly the minimum age it may be changed, at exactly the maximum age it has
/// expired. A change that lies up to 30 seconds in the future (two clocks) counts as made now. Further ahead a clock was
/// wrong and the age is not known: the minimum does not bind, and where there is a maximum the password has expired, so
/// that a bad clock costs one change and not ten years.
///
/// A minimum age binds the owner's own wish to change, never a change after a compromise or with a temporary password.
///
/// ```
/// use core::time::Duration;
/// use clausework::{Now, Timestamp};
/// use clausework::password::{AgeOutcome, PasswordPolicy, age};
///
/// let days = |n: u64| Duration::from_secs(n * 24 * 60 * 60);
/// let changed = Timestamp::from_micros(0).ok_or("out of range")?;
/// let after = |length| Now::from(changed.saturating_add(length));
/// let policy = PasswordPolicy::builder().max_age_secs(Some(90 * 24 * 60 * 60)).build()?;
/// assert!(matches!(age(&policy, changed, after(days(89))), AgeOutcome::Current { expires_at: Some(_) }));
/// assert!(matches!(age(&policy, changed, after(days(90))), AgeOutcome::Expired { .. }));
/// // The default sets no age: NIST SP 800-63B-4 section 3.1.1.2 forbids periodic change.
/// assert_eq!(age(&PasswordPolicy::default(), changed, after(days(9999))), AgeOutcome::Current { expires_at: None });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn age(policy: &PasswordPolicy, changed_at: Timestamp, now: Now) -> AgeOutcome {
    if changed_at > now.plus(SKEW) {
        return match policy.max_age() {
            Some(_) => AgeOutcome::Expired { since: now.timestamp() },
            None => AgeOutcome::Current { expires_at: None },
        };
    }
    let changed_at = changed_at.min(now.timestamp());
    let expires_at = policy.max_age().map(|length| changed_at.saturating_add(length));
    if let Some(since) = expires_at.filter(|at| now.timestamp() >= *at) {
        return AgeOutcome::Expired { since };
    }
    match policy.min_age().map(|length| changed_at.saturating_add(length)) {
        Some(changeable_at) if now.timestamp() < changeable_at => AgeOutcome::TooRecent { changeable_at },
        _ => AgeOutcome::Current { expires_at },
    }
}
