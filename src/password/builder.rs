use alloc::collections::BTreeSet;
use core::ops::RangeInclusive;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::generate::GENERATED_CHARS;
use super::{CharacterClass, ContextRule, PasswordPolicy, Strength};
use crate::hashing::MAX_PASSWORD_BYTES;

/// The settings of a [`PasswordPolicy`], not yet checked.
///
/// ```
/// use clausework::password::{CharacterClass, PasswordPolicy, PasswordPolicyError};
///
/// // PCI DSS 4.0.1: 12 characters, numeric and alphabetic (8.3.6), unlike the last four (8.3.7).
/// let pci = PasswordPolicy::builder()
///     .min_chars(12)
///     .required([CharacterClass::Digit, CharacterClass::Letter])
///     .history(4)
///     .build()?;
/// assert_eq!((pci.history(), pci.max_repeat()), (4, None));
/// let none = PasswordPolicy::builder().max_sequence(Some(1)).build();
/// assert_eq!(none, Err(PasswordPolicyError::MaxSequence { asked: 1 }));
/// # Ok::<(), PasswordPolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PasswordPolicyBuilder {
    pub(super) min_chars: usize,
    pub(super) max_chars: usize,
    pub(super) max_bytes: usize,
    pub(super) required: BTreeSet<CharacterClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_repeat: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_sequence: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_keyboard_run: Option<usize>,
    pub(super) context: ContextRule,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_age_secs: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_age_secs: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_strength: Option<Strength>,
    pub(super) history: u8,
}

/// E-6P.1; as many characters and bytes as the hasher takes; every other rule off.
impl Default for PasswordPolicyBuilder {
    fn default() -> Self {
        use CharacterClass::{Digit, Lowercase, Uppercase};
        Self {
            min_chars: 8,
            max_chars: MAX_PASSWORD_BYTES,
            max_bytes: MAX_PASSWORD_BYTES,
            required: BTreeSet::from([Digit, Uppercase, Lowercase]),
            max_repeat: None,
            max_sequence: None,
            max_keyboard_run: None,
            context: ContextRule::Off,
            min_age_secs: None,
            max_age_secs: None,
            min_strength: None,
            history: 0,
        }
    }
}

impl PasswordPolicyBuilder {
    /// The fewest characters: 1 to the longest a policy may ask for ([`GENERATED_CHARS`]).
    ///
    /// NIST SP 800-63B-4 section 3.1.1.2 wants 15 where the password stands alone, and 8 beside a second factor.
    #[must_use]
    pub const fn min_chars(mut self, chars: usize) -> Self {
        self.min_chars = chars;
        self
    }

    /// The most characters: [`PasswordPolicy::LEAST_MAX_CHARS`] to [`MAX_PASSWORD_BYTES`].
    #[must_use]
    pub const fn max_chars(mut self, chars: usize) -> Self {
        self.max_chars = chars;
        self
    }

    /// The most bytes of UTF-8: [`PasswordPolicy::LEAST_MAX_BYTES`] to [`MAX_PASSWORD_BYTES`].
    #[must_use]
    pub const fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The classes of which at least one character is required; an empty list requires none.
    #[must_use]
    pub fn required(mut self, classes: impl IntoIterator<Item = CharacterClass>) -> Self {
        self.required = classes.into_iter().collect();
        self
    }

    /// The longest run of one character: 1 to [`PasswordPolicy::MAX_RUN`], or `None` for no limit. Case counts.
    #[must_use]
    pub const fn max_repeat(mut self, chars: Option<usize>) -> Self {
        self.max_repeat = chars;
        self
    }

    /// The longest run of code points that rise or fall by one: 2 to [`PasswordPolicy::MAX_RUN`], or `None`. Case counts.
    #[must_use]
    pub const fn max_sequence(mut self, chars: Option<usize>) -> Self {
        self.max_sequence = chars;
        self
    }

    /// The longest run of keys side by side: 2 to [`PasswordPolicy::MAX_RUN`], or `None`.
    ///
    /// The digit row and the letter rows of QWERTY, AZERTY and QWERTZ, in both directions, whatever the case. No row
    /// has more than ten keys.
    #[must_use]
    pub const fn max_keyboard_run(mut self, keys: Option<usize>) -> Self {
        self.max_keyboard_run = keys;
        self
    }

    /// How the words of a [`Context`](super::Context) are kept out.
    #[must_use]
    pub const fn context(mut self, rule: ContextRule) -> Self {
        self.context = rule;
        self
    }

    /// How long a password stands before its owner may change it again, in seconds: 1 to [`PasswordPolicy::MAX_AGE`],
    /// and less than the maximum age.
    #[must_use]
    pub const fn min_age_secs(mut self, seconds: Option<u64>) -> Self {
        self.min_age_secs = seconds;
        self
    }

    /// How long a password is good, in seconds: 1 to [`PasswordPolicy::MAX_AGE`].
    ///
    /// NIST SP 800-63B-4 section 3.1.1.2 forbids periodic change; PCI DSS 4.0.1 section 8.3.9 asks for 90 days where
    /// the password is the only factor. No policy follows both.
    #[must_use]
    pub const fn max_age_secs(mut self, seconds: Option<u64>) -> Self {
        self.max_age_secs = seconds;
        self
    }

    /// How many guesses a password withstands at least, as an estimator of the host's says; see
    /// [`strength`](super::strength()).
    #[must_use]
    pub const fn min_strength(mut self, strength: Option<Strength>) -> Self {
        self.min_strength = strength;
        self
    }

    /// How many of the last passwords, the present one among them, may not be chosen again: 0 to
    /// [`PasswordPolicy::MAX_HISTORY`]. PCI DSS 4.0.1 section 8.3.7 asks for 4.
    #[must_use]
    pub const fn history(mut self, passwords: u8) -> Self {
        self.history = passwords;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`PasswordPolicyError`] for the first setting outside its range, or that contradicts another. The ranges are
    /// such that a generated password satisfies whatever is built.
    pub fn build(self) -> Result<PasswordPolicy, PasswordPolicyError> {
        use PasswordPolicyError as E;
        let run =
            |least, asked: Option<usize>| asked.filter(|asked| !(least..=PasswordPolicy::MAX_RUN).contains(asked));
        if !(1..=GENERATED_CHARS).contains(&self.min_chars) {
            return Err(E::MinChars { asked: self.min_chars });
        }
        if !(PasswordPolicy::LEAST_MAX_CHARS..=MAX_PASSWORD_BYTES).contains(&self.max_chars) {
            return Err(E::MaxChars { asked: self.max_chars });
        }
        if !(PasswordPolicy::LEAST_MAX_BYTES..=MAX_PASSWORD_BYTES).contains(&self.max_bytes) {
            return Err(E::MaxBytes { asked: self.max_bytes });
        }
        if let Some(asked) = run(1, self.max_repeat) {
            return Err(E::MaxRepeat { asked });
        }
        if let Some(asked) = run(2, self.max_sequence) {
            return Err(E::MaxSequence { asked });
        }
        if let Some(asked) = run(2, self.max_keyboard_run) {
            return Err(E::MaxKeyboardRun { asked });
        }
        if let ContextRule::Similar { min_distance, max_common_percent } = self.context {
            let within =
                |range: RangeInclusive<u8>, asked: Option<u8>| asked.is_none_or(|asked| range.contains(&asked));
            let says_nothing = min_distance.is_none() && max_common_percent.is_none();
            if says_nothing || !within(2..=8, min_distance) || !within(20..=90, max_common_percent) {
                return Err(E::Similarity);
            }
        }
        let outside = |asked: Option<u64>| {
            asked.filter(|secs| *secs == 0 || Duration::from_secs(*secs) > PasswordPolicy::MAX_AGE)
        };
        if let Some(asked_secs) = outside(self.min_age_secs).or(outside(self.max_age_secs)) {
            return Err(E::Age { asked_secs });
        }
        if let (Some(min_secs), Some(max_secs)) = (self.min_age_secs, self.max_age_secs)
            && min_secs >= max_secs
        {
            return Err(E::Ages { min_secs, max_secs });
        }
        if self.history > PasswordPolicy::MAX_HISTORY {
            return Err(E::History { asked: self.history });
        }
        Ok(PasswordPolicy(self))
    }
}

impl TryFrom<PasswordPolicyBuilder> for PasswordPolicy {
    type Error = PasswordPolicyError;

    fn try_from(builder: PasswordPolicyBuilder) -> Result<Self, PasswordPolicyError> {
        builder.build()
    }
}

/// Why there is no such password policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordPolicyError {
    /// Outside 1 to [`GENERATED_CHARS`].
    #[error("a minimum of {asked} characters is not between 1 and 64")]
    MinChars {
        /// The minimum asked for.
        asked: usize,
    },
    /// Outside [`PasswordPolicy::LEAST_MAX_CHARS`] to [`MAX_PASSWORD_BYTES`].
    #[error("a maximum of {asked} characters is not between 64 and 4096")]
    MaxChars {
        /// The maximum asked for.
        asked: usize,
    },
    /// Outside [`PasswordPolicy::LEAST_MAX_BYTES`] to [`MAX_PASSWORD_BYTES`].
    #[error("a maximum of {asked} bytes is not between 256 and 4096")]
    MaxBytes {
        /// The maximum asked for.
        asked: usize,
    },
    /// A run of one character outside 1 to [`PasswordPolicy::MAX_RUN`].
    #[error("a longest repeat of {asked} characters is not between 1 and 64")]
    MaxRepeat {
        /// The limit asked for.
        asked: usize,
    },
    /// A sequence outside 2 to [`PasswordPolicy::MAX_RUN`]; with 1 no password could be chosen.
    #[error("a longest sequence of {asked} characters is not between 2 and 64")]
    MaxSequence {
        /// The limit asked for.
        asked: usize,
    },
    /// A run of keys outside 2 to [`PasswordPolicy::MAX_RUN`]; with 1 no password could be chosen.
    #[error("a longest run of {asked} keys is not between 2 and 64")]
    MaxKeyboardRun {
        /// The limit asked for.
        asked: usize,
    },
    /// A similarity rule without a bound, or with one outside its range.
    #[error("similarity needs a distance of 2 to 8 or a common part of 20 to 90 per cent")]
    Similarity,
    /// An age of zero, or over [`PasswordPolicy::MAX_AGE`].
    #[error("an age of {asked_secs} seconds is not between 1 second and 3660 days")]
    Age {
        /// Seconds asked for.
        asked_secs: u64,
    },
    /// The minimum age is not below the maximum: a password would expire before it may be changed.
    #[error("a minimum age of {min_secs} seconds is not less than the maximum age of {max_secs}")]
    Ages {
        /// The minimum asked for.
        min_secs: u64,
        /// The maximum asked for.
        max_secs: u64,
    },
    /// More than [`PasswordPolicy::MAX_HISTORY`].
    #[error("a history of {asked} passwords is more than 24")]
    History {
        /// Passwords asked for.
        asked: u8,
    },
}
