//! Passwords that are known to attackers.

use super::*;

/// NIST SP 800-63B-4 section 3.1.1.2, ASVS 5.0 section 6.2.4: the common list is searched unless switched off.
#[test]
fn common_passwords_are_refused_by_default() {
    for (builder, refused) in [(SignInPolicy::builder(), true), (SignInPolicy::builder().screen_common(false), false)] {
        let mut world = World::with(builder);
        let temporary = world.issue(at(0), IssueReason::NewUser);
        let permit = must_change(world.sign_in(at(0), &typed(temporary.password().expose())));
        let outcome = world.choose(at(1), permit.token(), "Password1"); // satisfies E-6P.1
        if refused {
            assert_eq!(violations(outcome), [Violation::Known { count: None }]);
            assert_eq!(world.last_reason(), text("sign_in.rejected"));
        } else {
            changed(outcome);
        }
    }
}

/// What the host hands in, under each policy about the unknown; no screening at all counts as one without an answer.
#[test]
fn the_host_screens_and_the_policy_says_what_unknown_means() {
    use Screening::{Clean, Known, Unknown};
    use UnknownPolicy::{Accept, AcceptAndRecheck, Refuse};
    let seen = Some(Known { count: Some(42) });
    let down = Some(Unknown { reason: UnknownReason::AnswerTooLong });
    let (known, refused) = (Err(Violation::Known { count: Some(42) }), Err(Violation::NotScreened));
    let ok = Ok(ScreeningOutcome::Accepted);
    let lax = |reason| Ok(ScreeningOutcome::AcceptedUnscreened { reason });
    let later = |reason| Ok(ScreeningOutcome::AcceptedForRecheck { reason });
    let (long, none) = (UnknownReason::AnswerTooLong, UnknownReason::NoAnswer);
    for (policy, handed, expected) in [
        (None, None, ok),
        (None, Some(Clean), ok),
        (None, seen, known),
        (None, down, lax(long)),
        (Some(Accept), None, lax(none)),
        (Some(Accept), Some(Clean), ok),
        (Some(Accept), seen, known),
        (Some(Accept), down, lax(long)),
        (Some(AcceptAndRecheck), None, later(none)),
        (Some(AcceptAndRecheck), Some(Clean), ok),
        (Some(AcceptAndRecheck), seen, known),
        (Some(AcceptAndRecheck), down, later(long)),
        (Some(Refuse), None, refused),
        (Some(Refuse), Some(Clean), ok),
        (Some(Refuse), seen, known),
        (Some(Refuse), down, refused),
    ] {
        let mut world = World::with(SignInPolicy::builder().screening(policy));
        let temporary = world.issue(at(0), IssueReason::NewUser);
        let permit = must_change(world.sign_in(at(0), &typed(temporary.password().expose())));
        let found = match world.screened(at(1), &permit, "Sommer2026", handed) {
            ChangeOutcome::Changed { screening, .. } => Ok(screening),
            outcome => Err(violations(outcome)[0]),
        };
        assert_eq!(found, expected, "{policy:?} {handed:?}");

        let events = world.events();
        let unscreened = events.iter().find(|event| event.code() == "sign_in.unscreened");
        let said = unscreened.map(|event| {
            let detail = |name| event.detail(name).unwrap().clone();
            (detail("reason").as_text().map(String::from), detail("recheck").as_flag())
        });
        let reason = expected.ok().and_then(|outcome| outcome.reason());
        let recheck = matches!(expected, Ok(ScreeningOutcome::AcceptedForRecheck { .. }));
        assert_eq!(
            said,
            reason.map(|reason| (Some(reason.code().to_string()), Some(recheck))),
            "{policy:?} {handed:?}"
        );
        // A refusal for want of an answer says why, to the host alone.
        let why = events.last().unwrap().detail("screening").and_then(|value| value.as_text().map(String::from));
        let expected_why = match (expected, handed) {
            (Err(Violation::NotScreened), None) => Some("screening.no_answer".to_string()),
            (Err(Violation::NotScreened), _) => Some("screening.answer_too_long".to_string()),
            _ => None,
        };
        assert_eq!(why, expected_why, "{policy:?} {handed:?}");
    }
}

/// What either source knows is known: an answer that did not come hides no common password.
#[test]
fn a_common_password_is_refused_whatever_the_host_says() {
    let mut world = World::with(SignInPolicy::builder().screening(Some(UnknownPolicy::Accept)));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let permit = must_change(world.sign_in(at(0), &typed(temporary.password().expose())));
    for handed in [None, Some(Screening::Clean), Some(Screening::Unknown { reason: UnknownReason::NoAnswer })] {
        let found = violations(world.screened(at(1), &permit, "Password1", handed));
        assert_eq!(found, [Violation::Known { count: None }]);
    }
    // Too long is said alone.
    let long = "Aa1".repeat(2000);
    assert_eq!(violations(world.choose(at(2), permit.token(), &long)), [Violation::TooLong { max_bytes: 4096 }]);
}
