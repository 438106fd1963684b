//! Properties: the one pass against a naive reading of the rules, and the laws of combination.

use alloc::string::String;

use super::*;

const ROWS: [&str; 10] = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "yxcvbnm",
    "asdfghjkl",
];

/// Whether some stretch of `limit + 1` characters has the property.
fn any_stretch(text: &str, limit: Option<usize>, property: impl Fn(&[char]) -> bool) -> bool {
    let characters: Vec<char> = unicode_normalization::UnicodeNormalization::nfc(text).collect();
    limit.is_some_and(|limit| characters.windows(limit + 1).any(property))
}

fn naive(policy: &PasswordPolicy, text: &str) -> Vec<&'static str> {
    let count = unicode_normalization::UnicodeNormalization::nfc(text).count();
    let mut found = Vec::new();
    let mut rule = |broken: bool, code: Code| found.extend(broken.then_some(code.as_str()));
    rule(count < policy.min_chars(), TOO_SHORT);
    rule(count > policy.max_chars(), TOO_MANY_CHARS);
    for class in policy.required() {
        let has = unicode_normalization::UnicodeNormalization::nfc(text).any(|character| class.contains(character));
        rule(!has, Violation::Missing { class }.code());
    }
    rule(any_stretch(text, policy.max_repeat(), |part| part.windows(2).all(|pair| pair[0] == pair[1])), REPEATED);
    let step = |part: &[char], by: i64| part.windows(2).all(|pair| pair[1] as i64 - pair[0] as i64 == by);
    rule(any_stretch(text, policy.max_sequence(), |part| step(part, 1) || step(part, -1)), SEQUENCE);
    let on_a_row = |part: &[char]| {
        let forth: String = part.iter().map(char::to_ascii_lowercase).collect();
        // The digit row of the United States, without its shift.
        let plain: String = forth
            .chars()
            .map(|key| "!@#$%^&*()".find(key).map_or(key, |at| char::from(ROWS[0].as_bytes()[at])))
            .collect();
        [forth, plain].iter().any(|forth| {
            let back: String = forth.chars().rev().collect();
            ROWS.iter().any(|row| row.contains(forth.as_str()) || row.contains(&back))
        })
    };
    rule(any_stretch(text, policy.max_keyboard_run(), on_a_row), KEYBOARD_RUN);
    found
}

fn classes() -> impl Strategy<Value = Vec<CharacterClass>> {
    use CharacterClass::{Digit, Letter, Lowercase, Symbol, Uppercase};
    proptest::sample::subsequence(Vec::from([Digit, Uppercase, Lowercase, Letter, Symbol]), 0..=5)
}

fn rule() -> impl Strategy<Value = ContextRule> {
    let similar = (proptest::option::of(2_u8..=8), proptest::option::of(20_u8..=90));
    prop_oneof![
        Just(ContextRule::Off),
        Just(ContextRule::Words),
        similar
            .prop_map(|(min_distance, max_common_percent)| ContextRule::Similar { min_distance, max_common_percent }),
    ]
}

/// Any policy that can be built, the tight ones often.
pub(super) fn policy() -> impl Strategy<Value = PasswordPolicy> {
    let run = |least: usize| proptest::option::of(prop_oneof![least..=5, least..=64]);
    let age = || proptest::option::of(1_u64..20);
    (
        (prop_oneof![1_usize..=12, 1_usize..=64], 64_usize..=70, 256_usize..=300, classes()),
        (run(1), run(2), run(2)),
        (rule(), age(), age(), 0_u8..=24, proptest::option::of(proptest::sample::select(&Strength::ALL))),
    )
        .prop_filter_map(
            "buildable",
            |((min, max, bytes, classes), (repeat, sequence, keys), (rule, young, old, last, strength))| {
                PasswordPolicy::builder()
                    .min_chars(min)
                    .max_chars(max)
                    .max_bytes(bytes)
                    .required(classes)
                    .max_repeat(repeat)
                    .max_sequence(sequence)
                    .max_keyboard_run(keys)
                    .context(rule)
                    .min_age_secs(young)
                    .max_age_secs(old)
                    .min_strength(strength)
                    .history(last)
                    .build()
                    .ok()
            },
        )
}

/// Passwords with runs, of ASCII or not, around the limits of length.
fn password() -> impl Strategy<Value = String> {
    let part = || {
        prop_oneof![
            3 => "[a-dqwertzA-C1-4!]{1,4}",
            1 => "[éαβγ\u{300}٣字]{1,3}",
            1 => "abcdef|fedcba|[!@#$12340)]{3,5}|\u{0}\u{1}|qwertz|azerty|poiuy|09876|2345|aaaa|anna|Anna|exampel|\u{7e}\u{7f}\u{80}\u{81}",
            1 => "[a-z0-9#]{20,40}",
        ]
    };
    proptest::collection::vec(part(), 0..7).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn one_pass_finds_what_a_naive_reading_finds(policy in policy(), password in password()) {
        prop_assume!(password.len() <= policy.max_bytes());
        let found: Vec<_> = check(&policy, &password.as_str().into()).iter().map(|v| v.code().as_str()).collect();
        prop_assert_eq!(found, naive(&policy, &password));
    }

    #[test]
    fn strictest_is_commutative_associative_and_idempotent(a in policy(), b in policy(), c in policy()) {
        prop_assert_eq!(strictest(&a, &b), strictest(&b, &a));
        prop_assert_eq!(strictest(&a, &a), Ok(a.clone()));
        let left = strictest(&a, &b).and_then(|ab| strictest(&ab, &c)).ok();
        let right = strictest(&b, &c).and_then(|bc| strictest(&a, &bc)).ok();
        prop_assert_eq!(left, right);
    }

    #[test]
    fn strictest_accepts_what_both_accept_and_nothing_else(a in policy(), b in policy(), password in password()) {
        let context = Context::try_new(["anna@example.com"]).unwrap();
        let accepts = |policy: &PasswordPolicy| check_with(policy, &password.as_str().into(), &context).is_empty();
        if let Ok(both) = strictest(&a, &b) {
            prop_assert_eq!(accepts(&both), accepts(&a) && accepts(&b));
        }
    }

    #[test]
    fn strictest_of_two_ages_contradicts_only_if_no_time_is_left(a in policy(), b in policy()) {
        let (young, old) = (a.min_age().max(b.min_age()), [a.max_age(), b.max_age()].into_iter().flatten().min());
        let contradicts = matches!((young, old), (Some(young), Some(old)) if young >= old);
        prop_assert_eq!(strictest(&a, &b).is_err(), contradicts);
    }

    #[test]
    fn a_policy_survives_being_written(policy in policy()) {
        let text = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<PasswordPolicy>(&text).unwrap(), policy);
    }

    #[test]
    fn violations_say_nothing_of_password_or_context(policy in policy(), password in "[а-яё]{4,12}", word in "[а-яё]{4,12}") {
        let context = Context::try_new([&word, &password]).unwrap();
        prop_assert_eq!(alloc::format!("{context:?}"), "Context(..)");
        for violation in check_with(&policy, &password.as_str().into(), &context) {
            let said = alloc::format!("{violation} {violation:?} {}", serde_json::to_string(&violation).unwrap());
            prop_assert!(!said.contains(&password) && !said.contains(&word));
        }
    }

    #[cfg(feature = "strength")]
    #[test]
    fn no_estimate_panics(password in prop_oneof![".{0,40}", "[a-e0-9@$!|(){}<>]{0,40}", "[qwertzuiop]{0,40}"], words: Vec<String>) {
        if let Ok(context) = Context::try_new(&words) {
            let _ = estimate(&password.as_str().into(), &context);
        }
    }

    #[test]
    fn nothing_panics(policy in policy(), password: String, words: Vec<String>) {
        if let Ok(context) = Context::try_new(&words) {
            let _ = check_with(&policy, &password.into(), &context);
        }
    }
}
