use core::fmt;
use core::time::Duration;

use super::PolicySet;
use crate::audit::record::Class;
use crate::audit::retention::covers;
use crate::deadline::Period;
use crate::hashing::HashCost;
use crate::lockout::LockoutPolicy;
use crate::password::{CharacterClass, PasswordPolicy};
use crate::session::DormancyPolicy;
use crate::sign_in::SignInPolicy;

const DAY: u64 = 24 * 60 * 60;
/// OWASP ASVS 5.0, appendix C, for Argon2id.
const APPENDIX_C: [HashCost; 3] = [
    HashCost { m_kib: 47_104, t: 1, p: 1 },
    HashCost { m_kib: 19_456, t: 2, p: 1 },
    HashCost { m_kib: 12_288, t: 3, p: 1 },
];
/// What is kept longer than a century is kept for a century.
const MOST_MONTHS: u32 = 1200;

/// One setting that a document speaks of. Its text is its place in a [policy file](PolicySet::from_json), or what is
/// worked out from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Setting {
    /// The shortest password, in characters.
    PasswordMinChars,
    /// The longest password that is taken, in characters.
    PasswordMaxChars,
    /// Whether a password must have characters of some class.
    PasswordComposition,
    /// Whether a password must have a digit.
    PasswordDigit,
    /// Whether a password must have a letter, of whichever case.
    PasswordLetter,
    /// Whether a password must have an upper-case letter.
    PasswordUpper,
    /// Whether a password must have a lower-case letter.
    PasswordLower,
    /// After how many days a password has to be changed.
    PasswordMaxAge,
    /// How many former passwords are refused.
    PasswordHistory,
    /// Whether common or known passwords are refused: by the built-in list, or by a source of the host's.
    Blocklist,
    /// Whether the host screens every new password in a source of its own.
    Screening,
    /// How many failures lock: those of the account, and those from its familiar sources where they have a lane.
    LockoutLimit,
    /// How many seconds a lock holds; the shorter, where familiar sources have a lane.
    LockoutSeconds,
    /// How many failures in a row disable a password for good: of both lanes, where familiar sources have one.
    LockoutCap,
    /// How many seconds a session lasts.
    SessionLifetime,
    /// After how many seconds without use a session ends or is locked.
    SessionIdle,
    /// After how many days without use an account is closed.
    Dormancy,
    /// How many seconds a temporary password lives.
    TemporaryLifetime,
    /// Whether a hash costs at least what OWASP ASVS 5.0 asks in appendix C: of 46 MiB and a pass, 19 MiB and two, or
    /// 12 MiB and three. The cheat sheet, and so a [`HashPolicy`](crate::hashing::HashPolicy), takes less memory from
    /// four passes on.
    HashFloor,
    /// How many months administrators' logs are kept at least.
    AdministrationMonths,
    /// How many months every class of the audit log is kept at least.
    LogMonths,
}

/// What a setting is in a policy.
///
/// Closed: a number, a switch, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: a number, a switch, or nothing")]
pub enum Actual {
    /// There is no such limit.
    None,
    /// So many, in the unit that the setting's text ends with.
    Number(u64),
    /// On or off.
    Switch(bool),
}

impl Setting {
    /// Its place in a policy file, or what is worked out from there.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordMinChars => "sign_in.password.min_chars",
            Self::PasswordMaxChars => "sign_in.password.max_chars",
            Self::PasswordComposition => "sign_in.password.required",
            Self::PasswordDigit => "sign_in.password.required (digit)",
            Self::PasswordLetter => "sign_in.password.required (letter)",
            Self::PasswordUpper => "sign_in.password.required (upper)",
            Self::PasswordLower => "sign_in.password.required (lower)",
            Self::PasswordMaxAge => "sign_in.password.max_age_secs (days)",
            Self::PasswordHistory => "sign_in.password.history",
            Self::Blocklist => "sign_in.screen_common or sign_in.screening",
            Self::Screening => "sign_in.screening",
            Self::LockoutLimit => "sign_in.lockout.limit",
            Self::LockoutSeconds => "sign_in.lockout.lock_secs",
            Self::LockoutCap => "sign_in.lockout.cap",
            Self::SessionLifetime => "sign_in.session.lifetime_secs",
            Self::SessionIdle => "sign_in.session.idle.after_secs",
            Self::Dormancy => "sign_in.dormancy.period_days",
            Self::TemporaryLifetime => "sign_in.temporary.lifetime_secs",
            Self::HashFloor => "hashing.cost (ASVS)",
            Self::AdministrationMonths => "retention.administration.minimum (months)",
            Self::LogMonths => "retention.*.minimum (months)",
        }
    }

    /// What it is in a policy.
    #[must_use]
    pub fn of(self, set: &PolicySet) -> Actual {
        let (sign_in, password) = (set.sign_in(), set.sign_in().password());
        let requires = |class| Actual::Switch(password.requires(class));
        let count = |count: usize| Actual::Number(u64::try_from(count).unwrap_or(u64::MAX));
        match self {
            Self::PasswordMinChars => count(password.min_chars()),
            Self::PasswordMaxChars => count(password.max_chars()),
            Self::PasswordComposition => Actual::Switch(password.required().next().is_some()),
            Self::PasswordDigit => requires(CharacterClass::Digit),
            Self::PasswordUpper => requires(CharacterClass::Uppercase),
            Self::PasswordLower => requires(CharacterClass::Lowercase),
            Self::PasswordLetter => Actual::Switch(implies(password, CharacterClass::Letter)),
            Self::PasswordMaxAge => password.max_age().map_or(Actual::None, days),
            Self::PasswordHistory => Actual::Number(password.history().into()),
            Self::Blocklist => Actual::Switch(sign_in.screen_common() || sign_in.screening().is_some()),
            Self::Screening => Actual::Switch(sign_in.screening().is_some()),
            Self::LockoutLimit => Actual::Number(sign_in.lanes().guesses_between_resets(sign_in.lockout())),
            Self::LockoutSeconds => lanes(sign_in).map(LockoutPolicy::lock).min().map_or(Actual::None, seconds),
            Self::LockoutCap => {
                let caps: Option<u64> = lanes(sign_in).map(|lane| lane.cap().map(u64::from)).sum();
                caps.map_or(Actual::None, Actual::Number)
            }
            Self::SessionLifetime => seconds(sign_in.session().lifetime()),
            Self::SessionIdle => sign_in.session().idle_after().map_or(Actual::None, seconds),
            Self::Dormancy => {
                let period = sign_in.dormancy().map(DormancyPolicy::period_days);
                period.map_or(Actual::None, |days| Actual::Number(days.into()))
            }
            Self::TemporaryLifetime => seconds(sign_in.temporary().lifetime()),
            Self::HashFloor => {
                let cost = set.hashing().cost();
                Actual::Switch(APPENDIX_C.iter().any(|least| cost.dominates(*least)))
            }
            Self::AdministrationMonths => months(set, &[Class::Administration]),
            Self::LogMonths => months(
                set,
                &[
                    Class::Administration,
                    Class::Authentication,
                    Class::Access,
                    Class::Change,
                    Class::General,
                    Class::Log,
                ],
            ),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Actual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("not limited"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(true) => f.write_str("on"),
            Self::Switch(false) => f.write_str("off"),
        }
    }
}

/// The lanes that lasting passwords of one account are guessed at in.
fn lanes(policy: &SignInPolicy) -> impl Iterator<Item = &LockoutPolicy> {
    core::iter::once(policy.lockout()).chain(policy.lanes().familiar().map(|familiar| &familiar.lockout))
}

/// Whether every password of the policy has a character of the class: a letter in either case is a letter.
pub(super) fn implies(policy: &PasswordPolicy, class: CharacterClass) -> bool {
    use CharacterClass::{Letter, Lowercase, Uppercase};
    policy.requires(class) || class == Letter && (policy.requires(Uppercase) || policy.requires(Lowercase))
}

const fn seconds(length: Duration) -> Actual {
    Actual::Number(length.as_secs())
}

/// A day that has begun counts: 90 days and a second are 91.
const fn days(length: Duration) -> Actual {
    Actual::Number(length.as_secs().div_ceil(DAY))
}

/// The shortest of these classes, in months that are certainly full whenever they begin.
fn months(set: &PolicySet, classes: &[Class]) -> Actual {
    let shortest = classes.iter().map(|class| full_months(set.retention().term(*class).minimum)).min();
    shortest.map_or(Actual::None, Actual::Number)
}

fn full_months(period: Period) -> u64 {
    (0..=MOST_MONTHS).rev().find(|months| covers(period, Period::Months(*months))).map_or(0, u64::from)
}
