mod figures;
mod generated;
mod laws;

use alloc::string::ToString;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::clause;
use crate::entropy::{Entropy, EntropyError};
use crate::event::Code;
use crate::secret::Secret;

fn codes(password: &str) -> Vec<&'static str> {
    check(&PasswordPolicy::default(), &Secret::from(password)).iter().map(|v| v.code().as_str()).collect()
}

/// E-6P.1: at least 8 characters, a digit, an upper-case and a lower-case letter; each boundary from both sides.
#[test]
fn e_6p_1_composition_at_the_boundary() {
    for (password, expected) in [
        ("Abcdef1x", &[][..]),
        ("Abcdef1", &["password.too_short"]),
        ("Abcdefgx", &["password.no_digit"]),
        ("abcdef1x", &["password.no_uppercase"]),
        ("ABCDEF1X", &["password.no_lowercase"]),
        ("", &["password.too_short", "password.no_digit", "password.no_uppercase", "password.no_lowercase"]),
        ("Ab1\0\0\0\0\0", &[]), // NUL is a character like any other
    ] {
        assert_eq!(codes(password), expected, "{password:?}");
    }
}

#[test]
fn characters_are_code_points_after_nfc() {
    // A family of four joined by ZWJ is 7 code points, 25 bytes, 11 UTF-16 units and 1 grapheme (UTS 51): 7 count.
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
    assert_eq!((family.chars().count(), family.len()), (7, 25));
    let policy = |min| PasswordPolicy::builder().min_chars(min).required([]).build().unwrap();
    assert!(check(&policy(7), &Secret::from(family)).is_empty());
    assert_eq!(check(&policy(8), &Secret::from(family)), [Violation::TooShort { min_chars: 8 }]);
    // "mañana" typed with a combining tilde is seven code points, six after NFC.
    assert_eq!(check(&policy(7), &Secret::from("man\u{303}ana")), [Violation::TooShort { min_chars: 7 }]);
}

#[test]
fn classes_reach_beyond_ascii() {
    assert!(codes("Ünïcödé٣").is_empty());
    assert_eq!(codes("ünïcödé٣"), ["password.no_uppercase"]);
}

#[test]
fn too_long_is_said_alone_and_at_once() {
    assert_eq!(codes(&"a".repeat(4097)), ["password.too_long"]);
    assert!(codes(&("A1".to_string() + &"a".repeat(4094))).is_empty());
}

#[test]
fn violations_carry_clause_and_parameters() {
    let short = Violation::TooShort { min_chars: 8 };
    assert_eq!(short.clause(), Some(clause::E_6P_1));
    assert_eq!(short.to_string(), "use at least 8 characters");
    assert_eq!(serde_json::to_string(&short).unwrap(), r#"{"rule":"too_short","min_chars":8}"#);
}

#[test]
fn an_invalid_policy_cannot_be_deserialised() {
    assert!(serde_json::from_str::<PasswordPolicy>(r#"{"min_chars":65}"#).is_err());
    assert!(serde_json::from_str::<PasswordPolicy>(r#"{"min_char":9}"#).is_err());
    assert_eq!(serde_json::from_str::<PasswordPolicy>("{}").unwrap(), PasswordPolicy::default());
}

struct Stuck;
impl Entropy for Stuck {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        buffer.fill(0);
        Ok(())
    }
}

#[test]
fn a_stuck_source_generates_nothing() {
    assert_eq!(generate(&mut Stuck, &PasswordPolicy::default()).unwrap_err(), EntropyError::Stuck);
}

proptest! {
    #[test]
    fn violations_say_nothing_of_the_password(password in "[^ -~]{4,12}") {
        for violation in check(&PasswordPolicy::default(), &Secret::from(password.as_str())) {
            let said = alloc::format!("{violation} {violation:?} {}", serde_json::to_string(&violation).unwrap());
            prop_assert!(!said.contains(&password));
        }
    }
}

/// What a form shows beforehand is what it will be told, in the same order, whatever is typed.
#[test]
fn every_violation_is_one_of_the_rules() {
    use CharacterClass::{Digit, Letter, Lowercase, Symbol, Uppercase};
    let similar = ContextRule::Similar { min_distance: Some(5), max_common_percent: Some(50) };
    let strict = PasswordPolicy::builder()
        .required([Digit, Uppercase, Lowercase, Letter, Symbol])
        .max_chars(64)
        .max_bytes(256)
        .max_repeat(Some(2))
        .max_sequence(Some(2))
        .max_keyboard_run(Some(2))
        .context(similar)
        .build()
        .unwrap();
    let context = Context::try_new(["anna"]).unwrap();
    let long = "aaabcqwerANNA".repeat(5);
    let mut said = Vec::new();
    for typed in ["", "anna", "AAAbcdqwe", "Exampel-7", long.as_str(), &"x".repeat(300)] {
        let (rules, found) = (strict.rules(), check_with(&strict, &Secret::from(typed), &context));
        let places: Vec<_> = found.iter().map(|one| rules.iter().position(|rule| rule == one).unwrap()).collect();
        assert!(places.is_sorted(), "{typed}: {found:?}");
        said.extend(found);
    }
    // And none is shown that nothing breaks.
    assert!(strict.rules().iter().all(|rule| said.contains(rule)), "{said:?}");
    assert_eq!(strict.rules().len(), 13);
}
