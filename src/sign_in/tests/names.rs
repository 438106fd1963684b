//! Names without an account, and accounts without a password.

use super::*;

/// Unknown names are counted, locked and answered like known ones, with as many commits.
#[test]
fn unknown_names_go_the_same_way() {
    let shape = |events: &[Event]| -> Vec<(String, Outcome)> {
        events.iter().map(|event| (event.code().to_string(), event.outcome())).collect()
    };
    let (mut known, _) = World::settled(at(0), "Sommer2026");
    let before = known.events().len();
    let mut stranger = World::new();
    for micros in 1..=5 {
        assert_denied(known.sign_in(at(micros), &typed("Winter2026")));
        assert_denied(stranger.sign_in(at(micros), &unknown("nobody@example.com")));
    }
    assert_eq!(shape(&known.events()[before..]), shape(&stranger.events()));
    assert!(stranger.codes().contains(&"lockout.locked".to_string()));
    // … but their records go by and by, and hold no name.
    let records = stranger.store.records();
    assert_eq!(records.len(), 1);
    assert!(!alloc::format!("{records:?}{:?}", stranger.store.events()).contains("nobody"));
    stranger.store.collect(at(31 * DAY + 3)); // last written by the failure that locked
    assert_eq!(stranger.store.records().len(), 1);
    stranger.store.collect(at(31 * DAY + 4));
    assert!(stranger.store.records().is_empty());
}

#[test]
fn odd_names_are_refused_and_lock_nobody_else() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    for name in [String::new(), "x".repeat(1_000_000), "anna\0".to_string(), "\u{202e}anna".to_string()] {
        for micros in 1..=4 {
            assert_denied(world.sign_in(at(micros), &unknown(&name)));
        }
    }
    assert!(world.store.records().iter().all(|(key, text)| key.to_string().len() < 200 && text.len() < 2000));
    signed_in(world.sign_in(at(9), &typed("Sommer2026")));
}

#[test]
fn accounts_without_a_password_are_answered_alike() {
    let mut world = World::new();
    assert_denied(world.sign_in(at(0), &typed("Guess1234")));
    assert_eq!(world.last_reason(), text("sign_in.no_password"));
}

/// Spellings of a name without an account share a record, as those of one with an account do.
#[test]
fn unknown_names_are_folded() {
    let mut world = World::new();
    for name in ["bob@example.com", "Bob@Example.com", " BOB@EXAMPLE.COM "] {
        assert_denied(world.sign_in(at(1), &unknown(name)));
    }
    assert_eq!(world.store.records().len(), 1);
    assert!(world.codes().contains(&"lockout.locked".to_string()));
}

/// The words of the account and the tenant are refused where the policy says so.
#[test]
fn a_new_password_without_the_words_of_its_context() {
    use crate::password::{Context, ContextRule, PasswordPolicy};
    let password = PasswordPolicy::builder().context(ContextRule::Words).build().unwrap();
    let mut world = World::with(SignInPolicy::builder().password(password));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    let context = Context::try_new(["anna@example.com", "Acme"]).unwrap();
    let mut choose = |text: &str| {
        let request = ChangeRequest::new(change.token().clone(), Secret::from(text), office());
        let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
        guard.change_password(&world.store, at(2), &mut world.entropy, &request.with_context(context.clone()))
    };
    let ChangeOutcome::Rejected(violations) = choose("Acme-2026-x") else { panic!() };
    assert_eq!(violations[0].code().as_str(), "password.context_word");
    assert!(matches!(choose("Sommer2026"), ChangeOutcome::Changed { .. }));
}
