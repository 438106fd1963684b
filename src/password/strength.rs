use core::fmt;

use serde::{Deserialize, Serialize};

use super::{PasswordPolicy, Violation};

/// How many guesses a password is estimated to withstand: the five scores of zxcvbn, 0 to 4, by which it is stored.
///
/// Which score resists what is zxcvbn's own reading (README of version 4.4.2).
///
/// ```
/// use clausework::password::Strength;
///
/// assert!(Strength::Safe > Strength::Weak);
/// assert_eq!(serde_json::from_str::<Strength>("3")?, Strength::Safe);
/// assert!(serde_json::from_str::<Strength>("5").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[allow(clippy::exhaustive_enums, reason = "closed: the scores of zxcvbn")]
pub enum Strength {
    /// 0: fewer than 10³ guesses.
    VeryWeak,
    /// 1: fewer than 10⁶ guesses.
    Weak,
    /// 2: fewer than 10⁸ guesses.
    Fair,
    /// 3: fewer than 10¹⁰ guesses; withstands guessing against a slow hash, for a while.
    Safe,
    /// 4: 10¹⁰ guesses or more.
    VerySafe,
}

impl Strength {
    /// Every one, weakest first.
    pub const ALL: [Self; 5] = [Self::VeryWeak, Self::Weak, Self::Fair, Self::Safe, Self::VerySafe];

    /// The score, 0 to 4.
    #[must_use]
    pub const fn score(self) -> u8 {
        match self {
            Self::VeryWeak => 0,
            Self::Weak => 1,
            Self::Fair => 2,
            Self::Safe => 3,
            Self::VerySafe => 4,
        }
    }
}

impl TryFrom<u8> for Strength {
    type Error = StrengthError;

    fn try_from(score: u8) -> Result<Self, StrengthError> {
        Self::ALL.get(usize::from(score)).copied().ok_or(StrengthError { asked: score })
    }
}

impl From<Strength> for u8 {
    fn from(strength: Strength) -> Self {
        strength.score()
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of 4", self.score())
    }
}

/// There is no such score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a strength of {asked} is not between 0 and 4")]
pub struct StrengthError {
    asked: u8,
}

/// Whether an estimate reaches what the policy asks for. Without an estimate a policy that asks for one refuses.
///
/// The estimate is the caller's: from `estimate` with the feature `strength`, or from an estimator
/// of the host's own. The decision is the same for the same estimate.
///
/// ```
/// use clausework::password::{PasswordPolicy, Strength, strength};
///
/// let policy = PasswordPolicy::builder().min_strength(Some(Strength::Safe)).build()?;
/// assert_eq!(strength(&policy, Some(Strength::VerySafe)), None);
/// let weak = strength(&policy, Some(Strength::Fair)).ok_or("accepted")?;
/// assert_eq!(weak.code().as_str(), "password.too_weak");
/// let unknown = strength(&policy, None).ok_or("accepted")?;
/// assert_eq!(unknown.code().as_str(), "password.not_estimated");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn strength(policy: &PasswordPolicy, estimate: Option<Strength>) -> Option<Violation> {
    let min_strength = policy.min_strength()?;
    match estimate {
        None => Some(Violation::NotEstimated),
        Some(estimate) if estimate < min_strength => Some(Violation::TooWeak { min_strength }),
        Some(_) => None,
    }
}
