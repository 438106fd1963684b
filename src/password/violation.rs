use core::fmt;

use serde::Serialize;

use super::{CharacterClass, Strength};
use crate::clause::{self, Clause};
use crate::event::Code;
use crate::screening::{KNOWN, NOT_SCREENED, SAY_KNOWN, SAY_NOT_SCREENED, ScreeningOutcome};

/// Fewer characters than the policy's minimum.
pub const TOO_SHORT: Code = Code::public("password.too_short");
/// More bytes than the policy's maximum, or than the hasher takes.
pub const TOO_LONG: Code = Code::public("password.too_long");
/// No digit.
pub const NO_DIGIT: Code = Code::public("password.no_digit");
/// No upper-case letter.
pub const NO_UPPERCASE: Code = Code::public("password.no_uppercase");
/// No lower-case letter.
pub const NO_LOWERCASE: Code = Code::public("password.no_lowercase");
/// The same as the password it is to replace.
pub const SAME_AS_CURRENT: Code = Code::public("password.same_as_current");

/// More characters than the policy's maximum.
pub const TOO_MANY_CHARS: Code = Code::public("password.too_many_chars");
/// No letter.
pub const NO_LETTER: Code = Code::public("password.no_letter");
/// No symbol.
pub const NO_SYMBOL: Code = Code::public("password.no_symbol");
/// One character too often in a row.
pub const REPEATED: Code = Code::public("password.repeated");
/// Too long a run such as `abcd` or `4321`.
pub const SEQUENCE: Code = Code::public("password.sequence");
/// Too long a run of keys side by side, such as `qwerty`.
pub const KEYBOARD_RUN: Code = Code::public("password.keyboard_run");
/// A word from the context, such as the account's name.
pub const CONTEXT_WORD: Code = Code::public("password.context_word");
/// Nearly a word from the context.
pub const TOO_SIMILAR: Code = Code::public("password.too_similar");
/// The same as one of the last passwords.
pub const IN_HISTORY: Code = Code::public("password.in_history");
/// The present password is too new to be changed.
pub const TOO_RECENT: Code = Code::public("password.too_recent");

/// Estimated to withstand too few guesses.
pub const TOO_WEAK: Code = Code::public("password.too_weak");
/// The policy asks for an estimate, and there is none.
pub const NOT_ESTIMATED: Code = Code::public("password.not_estimated");

/// Every code of this module.
pub const CODES: &[Code] = &[
    TOO_SHORT,
    TOO_LONG,
    TOO_MANY_CHARS,
    NO_DIGIT,
    NO_UPPERCASE,
    NO_LOWERCASE,
    NO_LETTER,
    NO_SYMBOL,
    REPEATED,
    SEQUENCE,
    KEYBOARD_RUN,
    CONTEXT_WORD,
    TOO_SIMILAR,
    SAME_AS_CURRENT,
    IN_HISTORY,
    TOO_RECENT,
    TOO_WEAK,
    NOT_ESTIMATED,
];

/// One rule that a new password breaks: a stable code, its numbers, and the clause. Nothing of the password, and
/// nothing of the words it was compared with.
///
/// `Display` is an English sentence for the user; a translation goes by [`code`](Violation::code) and the fields.
///
/// ```
/// use clausework::password::{PasswordPolicy, check};
///
/// let policy = PasswordPolicy::builder().max_repeat(Some(3)).build()?;
/// let found = check(&policy, &"Baaaa-123".into());
/// assert_eq!(found[0].to_string(), "repeat no character more than 3 times in a row");
/// assert_eq!((found[0].code().as_str(), found[0].clause()), ("password.repeated", None)); // a rule of the host's own
/// # Ok::<(), clausework::password::PasswordPolicyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "rule")]
#[non_exhaustive]
pub enum Violation {
    /// Fewer characters than required.
    TooShort {
        /// The policy's minimum.
        min_chars: usize,
    },
    /// More bytes than allowed.
    TooLong {
        /// The most bytes.
        max_bytes: usize,
    },
    /// More characters than allowed.
    TooManyChars {
        /// The policy's maximum.
        max_chars: usize,
    },
    /// A required class of characters is missing.
    Missing {
        /// The class.
        class: CharacterClass,
    },
    /// One character too often in a row.
    Repeated {
        /// The longest run allowed.
        max_repeat: usize,
    },
    /// Code points that rise or fall by one for too long.
    Sequence {
        /// The longest run allowed.
        max_sequence: usize,
    },
    /// Keys side by side for too long.
    KeyboardRun {
        /// The longest run allowed.
        max_keyboard_run: usize,
    },
    /// A word of the context.
    ContextWord,
    /// Nearly a word of the context.
    TooSimilar,
    /// The new password is the one it is to replace.
    SameAsCurrent,
    /// The new password is one of the last. Found by the flow that holds them, never by [`check`](super::check).
    InHistory {
        /// How many are looked at.
        history: u8,
    },
    /// The present password is too new to be changed. Found by the flow that knows its age ([`age`](super::age())).
    TooRecent {
        /// How long a password stands at least, in seconds.
        min_age_secs: u64,
    },
    /// Estimated to withstand too few guesses. Found by [`strength`](super::strength()), never by [`check`](super::check).
    TooWeak {
        /// What the policy asks for.
        min_strength: Strength,
    },
    /// Not estimated, where the policy asks for it.
    NotEstimated,
    /// The password is known to be bad. Found by the flow that screens it ([`screening`](crate::screening)).
    ///
    /// The count nearly names the password: few have the same one. It is for the user's eyes, never for a log; the
    /// events of this crate carry none.
    Known {
        /// How often it was seen in breaches, if the source counts.
        count: Option<u64>,
    },
    /// The password could not be screened, and the policy refuses it for that.
    NotScreened,
}

impl Violation {
    /// The violation that a screening came to, `None` if the password is accepted. Why it was not screened is not in
    /// it: that is for the host's logs.
    ///
    /// ```
    /// use clausework::Secret;
    /// use clausework::password::Violation;
    /// use clausework::screening::{UnknownPolicy, decide, screen_common};
    ///
    /// let screen = |text| Violation::of_screening(decide(screen_common(&Secret::from(text)), UnknownPolicy::Refuse));
    /// assert_eq!(screen("Password1"), Some(Violation::Known { count: None }));
    /// assert_eq!(screen("nine-lilac-otters"), None);
    /// ```
    #[must_use]
    pub const fn of_screening(outcome: ScreeningOutcome) -> Option<Self> {
        match outcome {
            ScreeningOutcome::RefusedKnown { count } => Some(Self::Known { count }),
            ScreeningOutcome::RefusedUnscreened { .. } => Some(Self::NotScreened),
            ScreeningOutcome::Accepted
            | ScreeningOutcome::AcceptedUnscreened { .. }
            | ScreeningOutcome::AcceptedForRecheck { .. } => None,
        }
    }

    /// The stable code, safe to show.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::TooShort { .. } => TOO_SHORT,
            Self::TooLong { .. } => TOO_LONG,
            Self::TooManyChars { .. } => TOO_MANY_CHARS,
            Self::Missing { class: CharacterClass::Digit } => NO_DIGIT,
            Self::Missing { class: CharacterClass::Uppercase } => NO_UPPERCASE,
            Self::Missing { class: CharacterClass::Lowercase } => NO_LOWERCASE,
            Self::Missing { class: CharacterClass::Letter } => NO_LETTER,
            Self::Missing { class: CharacterClass::Symbol } => NO_SYMBOL,
            Self::Repeated { .. } => REPEATED,
            Self::Sequence { .. } => SEQUENCE,
            Self::KeyboardRun { .. } => KEYBOARD_RUN,
            Self::ContextWord => CONTEXT_WORD,
            Self::TooSimilar => TOO_SIMILAR,
            Self::SameAsCurrent => SAME_AS_CURRENT,
            Self::InHistory { .. } => IN_HISTORY,
            Self::TooRecent { .. } => TOO_RECENT,
            Self::TooWeak { .. } => TOO_WEAK,
            Self::NotEstimated => NOT_ESTIMATED,
            Self::Known { .. } => KNOWN,
            Self::NotScreened => NOT_SCREENED,
        }
    }

    /// The clause the rule comes from, or `None` for a limit of our own or a rule the host added.
    #[must_use]
    pub const fn clause(&self) -> Option<Clause> {
        use CharacterClass::{Digit, Lowercase, Uppercase};
        match self {
            Self::TooShort { .. } | Self::Missing { class: Digit | Uppercase | Lowercase } => Some(clause::E_6P_1),
            Self::SameAsCurrent => Some(clause::E_5_1C),
            _ => None,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { min_chars } => write!(f, "use at least {min_chars} characters"),
            Self::TooLong { max_bytes } => write!(f, "use at most {max_bytes} bytes"),
            Self::TooManyChars { max_chars } => write!(f, "use at most {max_chars} characters"),
            Self::Missing { class: CharacterClass::Uppercase } => f.write_str("add an upper-case letter"),
            Self::Missing { class } => write!(f, "add a {class}"),
            Self::Repeated { max_repeat: 1 } => f.write_str("use no character twice in a row"),
            Self::Repeated { max_repeat } => write!(f, "repeat no character more than {max_repeat} times in a row"),
            Self::Sequence { max_sequence } => {
                write!(f, "use no run of more than {max_sequence} characters in order, forwards or backwards")
            }
            Self::KeyboardRun { max_keyboard_run } => {
                write!(f, "use no run of more than {max_keyboard_run} keys side by side")
            }
            Self::ContextWord => {
                f.write_str("leave out your name, your e-mail address, and the names of company and product")
            }
            Self::TooSimilar => f.write_str(
                "choose something less like your name, your e-mail address, and the names of company and product",
            ),
            Self::SameAsCurrent => f.write_str("choose a password other than the present one"),
            Self::InHistory { history } => write!(f, "choose a password other than your last {history}"),
            Self::TooRecent { min_age_secs } => {
                write!(f, "a password can be changed again {min_age_secs} seconds after it was chosen")
            }
            Self::TooWeak { .. } => {
                f.write_str("choose a password that is harder to guess, such as several unrelated words")
            }
            Self::NotEstimated => f.write_str("the strength of the password could not be estimated; try again later"),
            Self::Known { .. } => f.write_str(SAY_KNOWN),
            Self::NotScreened => f.write_str(SAY_NOT_SCREENED),
        }
    }
}
