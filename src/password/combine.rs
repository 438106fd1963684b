use super::{ContextRule, PasswordPolicy, PasswordPolicyError};

/// The policy that is as strict as both: a tenant may tighten what the host asks, and cannot loosen it.
///
/// What the result accepts, both accept. The order does not matter, nor how more than two are grouped, and a policy
/// combined with itself is itself. The higher minimum, the lower maximum, every class that either requires, the
/// longer history.
///
/// ```
/// use clausework::password::{CharacterClass, PasswordPolicy, PasswordPolicyError, strictest};
///
/// let host = PasswordPolicy::builder().min_chars(15).required([]).build()?;
/// let tenant = PasswordPolicy::builder().min_chars(8).max_repeat(Some(3)).build()?;
/// let both = strictest(&host, &tenant)?;
/// assert_eq!((both.min_chars(), both.max_repeat()), (15, Some(3)));
/// assert!(both.requires(CharacterClass::Digit));
///
/// let daily = PasswordPolicy::builder().max_age_secs(Some(86_400)).build()?;
/// let weekly = PasswordPolicy::builder().min_age_secs(Some(604_800)).build()?;
/// assert_eq!(
///     strictest(&daily, &weekly),
///     Err(PasswordPolicyError::Ages { min_secs: 604_800, max_secs: 86_400 }),
/// );
/// # Ok::<(), PasswordPolicyError>(())
/// ```
///
/// # Errors
/// [`PasswordPolicyError::Ages`] when a password would expire before it may be changed. No other two policies
/// contradict each other: the highest minimum is below the lowest maximum, and [`generate`](super::generate)
/// satisfies whatever they ask together.
pub fn strictest(a: &PasswordPolicy, b: &PasswordPolicy) -> Result<PasswordPolicy, PasswordPolicyError> {
    let longer = |a: Option<core::time::Duration>, b: Option<core::time::Duration>| a.max(b).map(|age| age.as_secs());
    PasswordPolicy::builder()
        .min_chars(a.min_chars().max(b.min_chars()))
        .max_chars(a.max_chars().min(b.max_chars()))
        .max_bytes(a.max_bytes().min(b.max_bytes()))
        .required(a.required().chain(b.required()))
        .max_repeat(lower(a.max_repeat(), b.max_repeat()))
        .max_sequence(lower(a.max_sequence(), b.max_sequence()))
        .max_keyboard_run(lower(a.max_keyboard_run(), b.max_keyboard_run()))
        .context(context(a.context(), b.context()))
        .min_age_secs(longer(a.min_age(), b.min_age()))
        .max_age_secs(lower(a.max_age(), b.max_age()).map(|age| age.as_secs()))
        .min_strength(a.min_strength().max(b.min_strength()))
        .history(a.history().max(b.history()))
        .build()
}

/// The lower of two limits, where `None` is no limit.
fn lower<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    }
}

fn context(a: ContextRule, b: ContextRule) -> ContextRule {
    use ContextRule::{Off, Similar, Words};
    match (a, b) {
        (Off, other) | (other, Off) => other,
        (Words, other) | (other, Words) => other,
        (
            Similar { min_distance, max_common_percent },
            Similar { min_distance: distance, max_common_percent: percent },
        ) => {
            Similar { min_distance: min_distance.max(distance), max_common_percent: lower(max_common_percent, percent) }
        }
    }
}
