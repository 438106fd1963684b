use core::fmt;

use serde::{Deserialize, Serialize};

use super::outcome::{ANSWER_EMPTY, ANSWER_MALFORMED, ANSWER_TOO_LONG, LIST_DAMAGED, NO_ANSWER};
use super::{Screening, UnknownReason};
use crate::event::Code;

/// The password is among those known to be bad.
pub const KNOWN: Code = Code::public("screening.known");
/// The password could not be screened, and the policy then refuses it.
pub const NOT_SCREENED: Code = Code::public("screening.not_screened");

/// Every code of this module.
pub const CODES: &[Code] =
    &[KNOWN, NOT_SCREENED, ANSWER_EMPTY, ANSWER_MALFORMED, ANSWER_TOO_LONG, LIST_DAMAGED, NO_ANSWER];

/// What the user is told of each refusal, here and among the violations of a new password.
pub(crate) const SAY_KNOWN: &str = "choose another password: this one is on a list that attackers try";
pub(crate) const SAY_NOT_SCREENED: &str = "the password cannot be checked at the moment: try again later";

/// What to do with a password that could not be screened. Ordered from lax to strict. There is no
/// default: a policy file must name it.
///
/// ```
/// use clausework::screening::UnknownPolicy;
///
/// // A tenant may only tighten: the stricter of two holds.
/// assert_eq!(UnknownPolicy::Accept.max(UnknownPolicy::Refuse), UnknownPolicy::Refuse);
/// let from_file: UnknownPolicy = serde_json::from_str(r#""accept_and_recheck""#)?;
/// assert_eq!(from_file, UnknownPolicy::AcceptAndRecheck);
/// assert!(serde_json::from_str::<UnknownPolicy>(r#""ignore""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must handle each")]
pub enum UnknownPolicy {
    /// Accept it and think no more of it.
    Accept,
    /// Accept it; the host screens it at the next sign-in, the next time that the password is at hand.
    AcceptAndRecheck,
    /// Refuse it: nobody can choose a password while the source cannot be searched.
    Refuse,
}

/// What follows from a [`Screening`] under an [`UnknownPolicy`]. Nothing of the password.
///
/// `Display` is an English sentence for the user; a translation goes by [`code`](ScreeningOutcome::code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
#[must_use = "a refused password must not be accepted"]
#[allow(clippy::exhaustive_enums, reason = "closed: a host must handle each")]
pub enum ScreeningOutcome {
    /// Screened and clean.
    Accepted,
    /// Not screened, and accepted all the same.
    AcceptedUnscreened {
        /// Why it was not screened.
        reason: UnknownReason,
    },
    /// Not screened and accepted for now: the host remembers to screen it at the next sign-in.
    AcceptedForRecheck {
        /// Why it was not screened.
        reason: UnknownReason,
    },
    /// Known to be bad.
    RefusedKnown {
        /// How often it was seen, if the source counts. It nearly names the password: for the user, never for a log.
        count: Option<u64>,
    },
    /// Not screened, and refused for that.
    RefusedUnscreened {
        /// Why it was not screened.
        reason: UnknownReason,
    },
}

impl ScreeningOutcome {
    /// Whether the password may be used.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        match self {
            Self::Accepted | Self::AcceptedUnscreened { .. } | Self::AcceptedForRecheck { .. } => true,
            Self::RefusedKnown { .. } | Self::RefusedUnscreened { .. } => false,
        }
    }

    /// The stable code of a refusal, safe to show; `None` when the password is accepted.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Accepted | Self::AcceptedUnscreened { .. } | Self::AcceptedForRecheck { .. } => None,
            Self::RefusedKnown { .. } => Some(KNOWN),
            Self::RefusedUnscreened { .. } => Some(NOT_SCREENED),
        }
    }

    /// Why the password was not screened, for the host's logs; `None` when it was.
    #[must_use]
    pub const fn reason(&self) -> Option<UnknownReason> {
        match self {
            Self::Accepted | Self::RefusedKnown { .. } => None,
            Self::AcceptedUnscreened { reason }
            | Self::AcceptedForRecheck { reason }
            | Self::RefusedUnscreened { reason } => Some(*reason),
        }
    }
}

impl fmt::Display for ScreeningOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accepted | Self::AcceptedUnscreened { .. } | Self::AcceptedForRecheck { .. } => {
                "the password is accepted"
            }
            Self::RefusedKnown { .. } => SAY_KNOWN,
            Self::RefusedUnscreened { .. } => SAY_NOT_SCREENED,
        })
    }
}

/// What follows from what the sources know of a password.
///
/// ```
/// use clausework::screening::{Screening, ScreeningOutcome, UnknownPolicy, UnknownReason, decide};
///
/// let known = decide(Screening::Known { count: Some(42) }, UnknownPolicy::Accept);
/// assert!(!known.is_accepted()); // the policy is about what is unknown
///
/// let down = Screening::Unknown { reason: UnknownReason::NoAnswer };
/// let refused = decide(down, UnknownPolicy::Refuse);
/// assert_eq!(refused.code().unwrap().as_str(), "screening.not_screened");
/// let later = decide(down, UnknownPolicy::AcceptAndRecheck);
/// assert_eq!(later, ScreeningOutcome::AcceptedForRecheck { reason: UnknownReason::NoAnswer });
/// ```
pub const fn decide(screening: Screening, unknown: UnknownPolicy) -> ScreeningOutcome {
    match (screening, unknown) {
        (Screening::Clean, _) => ScreeningOutcome::Accepted,
        (Screening::Known { count }, _) => ScreeningOutcome::RefusedKnown { count },
        (Screening::Unknown { reason }, UnknownPolicy::Refuse) => ScreeningOutcome::RefusedUnscreened { reason },
        (Screening::Unknown { reason }, UnknownPolicy::Accept) => ScreeningOutcome::AcceptedUnscreened { reason },
        (Screening::Unknown { reason }, UnknownPolicy::AcceptAndRecheck) => {
            ScreeningOutcome::AcceptedForRecheck { reason }
        }
    }
}
