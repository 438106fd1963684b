use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CharacterClass, PasswordPolicyBuilder, Strength, Violation};

/// How the words a host knows of (account name, e-mail address, tenant, product) are kept out of passwords.
///
/// Each rule includes the one before it. Case never matters, in any script; see [`Context`](super::Context) for what a word is.
///
/// ```
/// use clausework::password::{Context, ContextRule, PasswordPolicy, check_with};
/// use clausework::Secret;
///
/// let context = Context::try_new(["anna.smith@example.com", "Acme"])?;
/// let words = PasswordPolicy::builder().context(ContextRule::Words).build()?;
/// assert!(check_with(&words, &Secret::from("Correct-Horse-7"), &context).is_empty());
/// let found = check_with(&words, &Secret::from("my-SMITH-77"), &context);
/// assert_eq!(found[0].code().as_str(), "password.context_word");
///
/// let similar = ContextRule::Similar { min_distance: Some(5), max_common_percent: Some(50) };
/// let policy = PasswordPolicy::builder().context(similar).build()?;
/// assert_eq!(check_with(&policy, &Secret::from("Exampel-7"), &context)[0].code().as_str(), "password.too_similar");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ContextRule {
    /// They may be used.
    #[default]
    Off,
    /// No such word, whole, anywhere in the password.
    Words,
    /// Nor may the password be nearly one of them.
    Similar {
        /// Fewer edits than this (characters inserted, deleted or replaced) between password and word are too few:
        /// 2 to 8. Ory Kratos refuses a distance below 5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min_distance: Option<u8>,
        /// The longest part that password and word have in common, in per cent of the password's characters, at
        /// most: 20 to 90. Ory Kratos refuses more than 50.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_common_percent: Option<u8>,
    },
}

/// What a new password must be. The default is the ENGAGE policy (E-6P.1): at least 8 characters,
/// with a digit, an upper-case and a lower-case letter, and nothing else.
///
/// Every policy that can be built can be satisfied, and [`generate`](super::generate) does. A password is never cut
/// short: what is too long is refused.
///
/// ```
/// use clausework::password::{CharacterClass, PasswordPolicy, PasswordPolicyError};
///
/// let engage = PasswordPolicy::default();
/// assert_eq!(engage.min_chars(), 8);
/// assert!(engage.requires(CharacterClass::Digit));
///
/// let longer = PasswordPolicy::builder().min_chars(15).build()?;
/// assert_eq!(longer.min_chars(), 15);
/// assert_eq!(PasswordPolicy::builder().min_chars(0).build(), Err(PasswordPolicyError::MinChars { asked: 0 }));
/// # Ok::<(), PasswordPolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "PasswordPolicyBuilder")]
pub struct PasswordPolicy(pub(super) PasswordPolicyBuilder);

impl PasswordPolicy {
    /// The lowest limit on characters that a policy may set: NIST SP 800-63B-4 section 3.1.1.2 and OWASP ASVS 5.0
    /// section 6.2.9 want 64 to be allowed.
    pub const LEAST_MAX_CHARS: usize = 64;
    /// The lowest limit on bytes that a policy may set: 64 characters of four bytes in UTF-8, so that the limit on
    /// characters holds in every script.
    pub const LEAST_MAX_BYTES: usize = 256;
    /// The highest limit on runs: 64, the longest minimum length. A run that may be longer is not limited.
    pub const MAX_RUN: usize = 64;
    /// The longest history: 24 passwords, as in Amazon Cognito. Each costs a hash when a password is changed.
    pub const MAX_HISTORY: u8 = 24;
    /// The highest minimum and maximum age: 3660 days, ten years (our choice).
    pub const MAX_AGE: Duration = Duration::from_secs(3660 * 24 * 60 * 60);

    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> PasswordPolicyBuilder {
        PasswordPolicyBuilder::default()
    }

    /// The fewest characters, counted as Unicode code points in normalisation form C.
    #[must_use]
    pub const fn min_chars(&self) -> usize {
        self.0.min_chars
    }

    /// The most characters, counted in the same way.
    #[must_use]
    pub const fn max_chars(&self) -> usize {
        self.0.max_chars
    }

    /// The most bytes of UTF-8, as typed. At most the hasher's limit,
    /// [`MAX_PASSWORD_BYTES`](crate::hashing::MAX_PASSWORD_BYTES). There is no least number of bytes: it would ask less of
    /// a password for the script it is written in, and [`min_chars`](Self::min_chars) characters are as many bytes at least.
    #[must_use]
    pub const fn max_bytes(&self) -> usize {
        self.0.max_bytes
    }

    /// Whether at least one character of this class is required.
    #[must_use]
    pub fn requires(&self, class: CharacterClass) -> bool {
        self.0.required.contains(&class)
    }

    /// The required classes, in a fixed order.
    pub fn required(&self) -> impl Iterator<Item = CharacterClass> {
        self.0.required.iter().copied()
    }

    /// The longest run of one character (`aaa` is three), if limited.
    #[must_use]
    pub const fn max_repeat(&self) -> Option<usize> {
        self.0.max_repeat
    }

    /// The longest run of code points that rise or fall by one (`abc` and `321` are three), if limited.
    #[must_use]
    pub const fn max_sequence(&self) -> Option<usize> {
        self.0.max_sequence
    }

    /// The longest run of keys side by side (`qwe` and `ewq` are three), if limited.
    ///
    /// Rows of QWERTY, AZERTY and QWERTZ, in either case; in the digit row also the symbols of the layout of the United
    /// States (`!@#` is three, and so is `1@3`). Columns (`1qaz`) are not looked at: the best known are on the list of
    /// [`screen_common`](crate::screening::screen_common()).
    #[must_use]
    pub const fn max_keyboard_run(&self) -> Option<usize> {
        self.0.max_keyboard_run
    }

    /// The rules as data, each as what breaking it would be: for a form that shows them before anything is typed. They are
    /// all that [`check_with`](super::check_with) can say, in its order, with the most bytes (which it says alone) after
    /// the most characters. History, ages, strength and screening are looked at elsewhere, and are not among them.
    ///
    /// ```
    /// use clausework::password::{PasswordPolicy, Violation, check};
    ///
    /// let policy = PasswordPolicy::builder().max_repeat(Some(3)).build()?;
    /// let codes: Vec<_> = policy.rules().iter().map(|rule| rule.code().as_str()).collect();
    /// assert_eq!(codes, ["password.too_short", "password.too_many_chars", "password.too_long", "password.no_digit",
    ///     "password.no_uppercase", "password.no_lowercase", "password.repeated"]);
    /// assert_eq!(policy.rules()[0].to_string(), "use at least 8 characters");
    ///
    /// // As the form shows it after a password was typed.
    /// let broken = check(&policy, &"Baaaa-123".into());
    /// let met: Vec<_> = policy.rules().into_iter().filter(|rule| !broken.contains(rule)).collect();
    /// assert_eq!((met.len(), broken), (6, vec![Violation::Repeated { max_repeat: 3 }]));
    /// # Ok::<(), clausework::password::PasswordPolicyError>(())
    /// ```
    #[must_use]
    pub fn rules(&self) -> Vec<Violation> {
        let mut rules = Vec::from([
            Violation::TooShort { min_chars: self.min_chars() },
            Violation::TooManyChars { max_chars: self.max_chars() },
            Violation::TooLong { max_bytes: self.max_bytes() },
        ]);
        rules.extend(self.required().map(|class| Violation::Missing { class }));
        rules.extend(self.max_repeat().map(|max_repeat| Violation::Repeated { max_repeat }));
        rules.extend(self.max_sequence().map(|max_sequence| Violation::Sequence { max_sequence }));
        rules.extend(self.max_keyboard_run().map(|max_keyboard_run| Violation::KeyboardRun { max_keyboard_run }));
        match self.context() {
            ContextRule::Off => {}
            ContextRule::Words => rules.push(Violation::ContextWord),
            ContextRule::Similar { .. } => rules.extend([Violation::ContextWord, Violation::TooSimilar]),
        }
        rules
    }

    /// How the words of a [`Context`](super::Context) are kept out.
    #[must_use]
    pub const fn context(&self) -> ContextRule {
        self.0.context
    }

    /// How long a password stands before its owner may change it again, if limited; see [`age`](super::age()).
    #[must_use]
    pub fn min_age(&self) -> Option<Duration> {
        self.0.min_age_secs.map(Duration::from_secs)
    }

    /// How long a password is good, if limited; see [`age`](super::age()). From that instant on a sign-in with it opens
    /// the change alone; sessions that are open live on.
    #[must_use]
    pub fn max_age(&self) -> Option<Duration> {
        self.0.max_age_secs.map(Duration::from_secs)
    }

    /// How many guesses a password withstands at least, if the policy asks; see [`strength`](super::strength()).
    #[must_use]
    pub const fn min_strength(&self) -> Option<Strength> {
        self.0.min_strength
    }

    /// How many of the last passwords, the present one among them, may not be chosen again; 0 for none.
    ///
    /// [`SignIn::change_password`](crate::sign_in::SignIn::change_password) compares, at one slow hash for each. What
    /// was chosen while the policy asked for less was not kept, and is not known when it asks for more.
    #[must_use]
    pub const fn history(&self) -> u8 {
        self.0.history
    }
}
