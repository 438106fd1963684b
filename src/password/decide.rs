use alloc::vec::Vec;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use zeroize::Zeroizing;

use super::context::folded;
use super::runs::Scan;
use super::{CharacterClass, Context, ContextRule, PasswordPolicy, Violation};
use crate::secret::Secret;

/// Every rule that the password breaks, in a fixed order; empty when it is acceptable.
///
/// Characters are counted as Unicode code points after normalisation form C (NIST SP 800-63B-4
/// section 3.1.1.2: each code point counts as one). No context: see [`check_with`].
///
/// ```
/// use clausework::{Secret, password::{PasswordPolicy, check}};
///
/// let policy = PasswordPolicy::default();
/// assert!(check(&policy, &Secret::from("Abcdefg1")).is_empty());
///
/// let codes: Vec<_> = check(&policy, &Secret::from("abc")).iter().map(|v| v.code().as_str()).collect();
/// assert_eq!(codes, ["password.too_short", "password.no_digit", "password.no_uppercase"]);
/// ```
#[must_use]
pub fn check(policy: &PasswordPolicy, password: &Secret) -> Vec<Violation> {
    check_with(policy, password, &Context::none())
}

/// As [`check`], and no words of the context where the policy's [`ContextRule`] says so.
///
/// The time taken grows with the length of the password, and nothing is copied or allocated for a password of ASCII
/// that breaks no rule (similarity apart). Too many bytes are said alone and at once: a megabyte is not searched to
/// find that it also lacks a digit.
///
/// ```
/// use clausework::Secret;
/// use clausework::password::{Context, ContextRule, PasswordPolicy, check_with};
///
/// let policy = PasswordPolicy::builder()
///     .max_sequence(Some(3))
///     .max_keyboard_run(Some(3))
///     .context(ContextRule::Words)
///     .build()?;
/// let context = Context::try_new(["anna@example.com"])?;
/// assert!(check_with(&policy, &Secret::from("Horse-Battery-9"), &context).is_empty());
///
/// let found = check_with(&policy, &Secret::from("Anna1234qwerty"), &context);
/// let codes: Vec<_> = found.iter().map(|violation| violation.code().as_str()).collect();
/// assert_eq!(codes, ["password.sequence", "password.keyboard_run", "password.context_word"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn check_with(policy: &PasswordPolicy, password: &Secret, context: &Context) -> Vec<Violation> {
    let text = password.expose();
    if text.len() > policy.max_bytes() {
        return Vec::from([Violation::TooLong { max_bytes: policy.max_bytes() }]);
    }
    let compares = policy.context() != ContextRule::Off && context.words() > 0;
    let mut scan = Scan::new(policy);
    let mut is_named = false;
    if text.is_ascii() {
        let bytes = text.as_bytes();
        scan.set_chars(bytes.len());
        for (at, byte) in bytes.iter().enumerate() {
            scan.ascii(*byte);
            if compares && context.begins_with(*byte) && !is_named {
                is_named = bytes.get(at..).is_some_and(|rest| context.word_starts(rest));
            }
        }
    } else {
        let mut step = |character| scan.character(character, CharacterClass::bits(character));
        match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => text.chars().for_each(&mut step),
            IsNormalized::No | IsNormalized::Maybe => text.nfc().for_each(&mut step),
        }
        is_named = compares && context.word_within(&folded(text));
    }
    let is_similar = compares && matches!(policy.context(), ContextRule::Similar { .. }) && {
        let folded = folded(text);
        let mut characters = Zeroizing::new(Vec::with_capacity(folded.len()));
        characters.extend(folded.chars());
        context.is_similar(policy.context(), &characters)
    };
    violations(policy, &scan, is_named, is_similar)
}

fn violations(policy: &PasswordPolicy, scan: &Scan, is_named: bool, is_similar: bool) -> Vec<Violation> {
    let mut found = Vec::new();
    if scan.chars() < policy.min_chars() {
        found.push(Violation::TooShort { min_chars: policy.min_chars() });
    }
    if scan.chars() > policy.max_chars() {
        found.push(Violation::TooManyChars { max_chars: policy.max_chars() });
    }
    let missing = policy.required().filter(|class| scan.classes() & class.bit() == 0);
    found.extend(missing.map(|class| Violation::Missing { class }));
    if let Some(max_repeat) = policy.max_repeat().filter(|limit| scan.longest_same() > *limit) {
        found.push(Violation::Repeated { max_repeat });
    }
    if let Some(max_sequence) = policy.max_sequence().filter(|limit| scan.has_long_sequence(*limit)) {
        found.push(Violation::Sequence { max_sequence });
    }
    if let Some(max_keyboard_run) = policy.max_keyboard_run().filter(|_| scan.has_long_keyboard_run()) {
        found.push(Violation::KeyboardRun { max_keyboard_run });
    }
    if is_named {
        found.push(Violation::ContextWord);
    }
    if is_similar {
        found.push(Violation::TooSimilar);
    }
    found
}
