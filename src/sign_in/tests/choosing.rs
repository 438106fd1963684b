//! Choosing a password: history, ages, screening, and the change that a bearer asks for.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::password::{PasswordPolicy, PasswordPolicyBuilder, Strength, Violation};
use crate::screening::{Screening, ScreeningOutcome, UnknownPolicy, UnknownReason};
use crate::store::{Change, Transition};

fn under(password: PasswordPolicyBuilder) -> World {
    World::with(SignInPolicy::builder().password(password.build().unwrap()))
}

impl World {
    /// The sign-in that asks for a change.
    fn ask(&mut self, now: Now, password: &str) -> ChangePermit {
        must_change(self.sign_in(now, &typed(password).for_change()))
    }

    /// A lasting password, chosen with a new temporary one.
    fn reset_to(&mut self, now: Now, password: &str) -> Session {
        let temporary = self.issue(now, IssueReason::Reset);
        let permit = must_change(self.sign_in(now, &typed(temporary.password().expose())));
        changed(self.choose(now, permit.token(), password))
    }

    fn screened(&mut self, now: Now, permit: &ChangePermit, password: &str, found: Option<Screening>) -> ChangeOutcome {
        let mut request = ChangeRequest::new(permit.token().clone(), Secret::from(password), office());
        if let Some(found) = found {
            request = request.with_screening(found);
        }
        let guard = SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys);
        guard.change_password(&self.store, now, &mut self.entropy, &request)
    }
}

fn changed(outcome: ChangeOutcome) -> Session {
    match outcome {
        ChangeOutcome::Changed { session, .. } => session,
        other => panic!("{other:?}"),
    }
}

fn violations(outcome: ChangeOutcome) -> Vec<Violation> {
    match outcome {
        ChangeOutcome::Rejected(violations) => violations,
        other => panic!("{other:?}"),
    }
}

/// As [`Plain`], and counts.
#[derive(Clone, Default)]
struct Counted(Arc<AtomicU32>);
impl Counted {
    fn taken(&self) -> u32 {
        self.0.swap(0, Ordering::Relaxed)
    }
}
impl Kernel for Counted {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Plain.derive(cost, password, salt, memory, tag)
    }
}

/// The bearer shows the present password, changes it, and is in; every earlier session is dead, the old password too.
#[test]
fn a_bearer_changes_a_lasting_password() {
    let (mut world, old) = World::settled(at(0), "Sommer2026");
    let permit = world.ask(at(1), "Sommer2026");
    assert_eq!(permit.reason(), ChangeReason::Asked);
    assert_eq!(permit.expires_at(), at(1 + 10 * MINUTE).timestamp());
    assert_eq!(world.last_reason(), text("asked"));
    assert!(matches!(world.session(at(2), old.token()), SessionOutcome::Active { .. })); // not before the change
    assert_eq!(violations(world.choose(at(2), permit.token(), "Sommer2026")), [Violation::SameAsCurrent]);
    let new = changed(world.choose(at(3), permit.token(), "Herbst2026"));
    assert_eq!(world.session(at(4), old.token()), SessionOutcome::Dead);
    assert!(matches!(world.session(at(4), new.token()), SessionOutcome::Active { .. }));
    assert_denied(world.sign_in(at(5), &typed("Sommer2026")));
    assert!(matches!(world.choose(at(6), permit.token(), "Winter2026"), ChangeOutcome::Denied(_))); // spent
    signed_in(world.sign_in(at(7), &typed("Herbst2026")));
}

/// Asking for a change is charged, locked and answered as a sign-in is: the same events, the same refusals.
#[test]
fn asking_for_a_change_is_no_way_round_the_lock() {
    let shape = |ask: bool| {
        let (mut world, _) = World::settled(at(0), "Sommer2026");
        let request = |password: &str| if ask { typed(password).for_change() } else { typed(password) };
        let before = world.events().len();
        for micros in 1..=3 {
            assert_denied(world.sign_in(at(micros), &request("Winter2026")));
        }
        assert_denied(world.sign_in(at(4), &request("Sommer2026")));
        assert_denied(world.sign_in(at(5), &SignInRequest { account: None, ..request("Sommer2026") }));
        let events = world.events().split_off(before);
        let named = |event: &Event| (event.code().to_string(), event.detail("reason").cloned());
        events.iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(shape(true), shape(false));
}

/// E-5.1d: the permission that a temporary password gives says that it ends with it, if that is sooner.
#[test]
fn a_permission_of_a_temporary_password_ends_with_it() {
    for (shown, ends) in [(0, 10 * MINUTE), (15 * DAY - 10 * MINUTE, 15 * DAY), (15 * DAY - SECOND, 15 * DAY)] {
        let mut world = World::new();
        let temporary = world.issue(at(0), IssueReason::NewUser);
        let permit = must_change(world.sign_in(at(shown), &typed(temporary.password().expose())));
        assert_eq!((permit.reason(), permit.expires_at()), (ChangeReason::Temporary, at(ends).timestamp()));
    }
}

/// A permission of a lasting password dies with a reset, and with its ten minutes.
#[test]
fn a_permission_of_a_lasting_password_ends() {
    for case in 0..2 {
        let (mut world, _) = World::settled(at(0), "Sommer2026");
        let permit = world.ask(at(1), "Sommer2026");
        let mut when = at(20);
        match case {
            0 => drop(world.issue(at(2), IssueReason::Reset)),
            _ => when = at(1 + 10 * MINUTE),
        }
        // Nor does it say what is wrong with a password.
        assert!(matches!(world.choose(when, permit.token(), "kurz"), ChangeOutcome::Denied(_)), "{case}");
        assert!(matches!(world.choose(when, permit.token(), "Herbst2026"), ChangeOutcome::Denied(_)), "{case}");
        assert_eq!(world.last_reason(), text("sign_in.superseded"));
    }
}

/// Its bearer has shown the password within the budget: what strangers guess since does not keep him from replacing it,
/// and the lock that was about the password that is gone is open.
#[test]
fn a_lock_does_not_end_a_permission() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let permit = world.ask(at(1), "Sommer2026");
    (2..=4).for_each(|micros| assert_denied(world.sign_in(at(micros), &typed("Winter2026"))));
    assert_denied(world.sign_in(at(5), &typed("Sommer2026")));
    changed(world.choose(at(20), permit.token(), "Herbst2026"));
    signed_in(world.sign_in(at(21), &typed("Herbst2026")));
}

/// PCI DSS 4.0.1 section 8.3.7: any of the last four is refused, the fifth last is accepted; the present one counts.
#[test]
fn pci_8_3_7_the_last_four_are_refused_and_the_fifth_last_is_not() {
    for reset in [false, true] {
        let mut world = under(PasswordPolicy::builder().history(4));
        world.reset_to(at(0), "Number-1");
        for (second, next) in (1..).zip(["Number-2", "Number-3", "Number-4", "Number-5"]) {
            let present = alloc::format!("Number-{second}");
            let permit = world.ask(at(second * SECOND), &present);
            changed(world.choose(at(second * SECOND), permit.token(), next));
        }
        let permit = if reset {
            let temporary = world.issue(at(9 * SECOND), IssueReason::Reset);
            must_change(world.sign_in(at(9 * SECOND), &typed(temporary.password().expose())))
        } else {
            world.ask(at(9 * SECOND), "Number-5")
        };
        let now = at(10 * SECOND);
        let present = if reset { Violation::InHistory { history: 4 } } else { Violation::SameAsCurrent };
        assert_eq!(violations(world.choose(now, permit.token(), "Number-5")), [present]);
        assert_eq!(world.last_reason(), text("sign_in.rejected")); // with evidence
        for earlier in ["Number-4", "Number-3", "Number-2"] {
            let found = violations(world.choose(now, permit.token(), earlier));
            assert_eq!(found, [Violation::InHistory { history: 4 }], "{earlier}");
        }
        changed(world.choose(now, permit.token(), "Number-1"));
    }
}

/// A temporary password is not one of the last: it takes nobody's place, and its text may even be chosen later.
#[test]
fn temporary_passwords_do_not_enter_the_history() {
    let mut world = under(PasswordPolicy::builder().history(2));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let shown = temporary.password().expose();
    let permit = must_change(world.sign_in(at(0), &typed(shown)));
    assert_eq!(violations(world.choose(at(0), permit.token(), shown)), [Violation::SameAsCurrent]);
    changed(world.choose(at(0), permit.token(), "Number-1"));
    let permit = world.ask(at(1), "Number-1");
    changed(world.choose(at(1), permit.token(), shown));
}

/// Two spellings of the same characters are one password (NIST SP 800-63B-4 section 3.1.1.2: NFC), in the history too.
#[test]
fn the_history_knows_a_password_in_either_unicode_form() {
    let mut world = under(PasswordPolicy::builder().history(2));
    world.reset_to(at(0), "Ma\u{f1}ana-26");
    let permit = world.ask(at(1), "Man\u{303}ana-26");
    changed(world.choose(at(1), permit.token(), "Herbst2026"));
    let permit = world.ask(at(2), "Herbst2026");
    let found = violations(world.choose(at(2), permit.token(), "Man\u{303}ana-26"));
    assert_eq!(found, [Violation::InHistory { history: 2 }]);
}

/// The longest history costs 24 comparisons and one hash at most, stops at the first match, and nothing is hashed for
/// a password that breaks a rule anyway.
#[test]
fn a_history_of_24_costs_what_is_said() {
    let mut world = under(PasswordPolicy::builder().history(24));
    let counted = Counted::default();
    world.hasher = Hasher::with_kernel(HashPolicy::default(), counted.clone());
    world.reset_to(at(0), "Number-1");
    for number in 2..=25 {
        let permit = world.ask(at(number * SECOND), &alloc::format!("Number-{}", number - 1));
        changed(world.choose(at(number * SECOND), permit.token(), &alloc::format!("Number-{number}")));
    }
    let now = at(30 * SECOND);
    let permit = world.ask(now, "Number-25");
    counted.taken();
    for (password, violation, hashes) in [
        ("kurz", Violation::TooShort { min_chars: 8 }, 0),
        ("Number-25", Violation::SameAsCurrent, 1),
        ("Number-24", Violation::InHistory { history: 24 }, 2),
        ("Number-2", Violation::InHistory { history: 24 }, 24),
    ] {
        assert_eq!(violations(world.choose(now, permit.token(), password))[0], violation);
        assert_eq!(counted.taken(), hashes, "{password}");
    }
    changed(world.choose(now, permit.token(), "Number-1")); // the 25th last
    assert_eq!(counted.taken(), 25);
    // After a reset the temporary password and all 24 are compared: one more.
    let temporary = world.issue(now, IssueReason::Reset);
    let permit = must_change(world.sign_in(now, &typed(temporary.password().expose())));
    counted.taken();
    changed(world.choose(now, permit.token(), "Number-2"));
    assert_eq!(counted.taken(), 26);
}

/// The pepper's key is gone, or a hash is damaged: those are passed over and said, the others still count.
#[test]
fn an_earlier_hash_that_cannot_be_read_is_skipped_and_said() {
    let key = |id| OpaqueId::try_new(id).unwrap();
    let mut world = under(PasswordPolicy::builder().history(4));
    let (old, new) = (Keyring::new(key("old"), [1; 32]), Keyring::new(key("new"), [2; 32]));
    let both = Keyring::new(key("new"), [2; 32]).with_retired(key("old"), [1; 32]).unwrap();
    let hasher = |ring: &Keyring| Hasher::with_kernel(HashPolicy::default(), Plain).with_pepper(ring);
    world.hasher = hasher(&old);
    world.reset_to(at(0), "Number-1");
    world.hasher = hasher(&both);
    for (second, next) in [(1, "Number-2"), (2, "Number-3")] {
        let permit = world.ask(at(second * SECOND), &alloc::format!("Number-{second}"));
        assert_eq!(violations(world.choose(at(second * SECOND), permit.token(), "Number-1")).len(), 1);
        changed(world.choose(at(second * SECOND), permit.token(), next));
    }
    assert!(!world.codes().contains(&"credential.history_skipped".to_string()));

    world.hasher = hasher(&new); // "old" is destroyed
    let permit = world.ask(at(3 * SECOND), "Number-3");
    let found = violations(world.choose(at(3 * SECOND), permit.token(), "Number-2"));
    assert_eq!(found, [Violation::InHistory { history: 4 }]);
    changed(world.choose(at(3 * SECOND), permit.token(), "Number-1"));
    let events = world.events();
    let skipped = events.iter().find(|event| event.code() == "credential.history_skipped").unwrap();
    assert_eq!(skipped.detail("hashes").unwrap().as_count(), Some(1));
    assert_eq!((skipped.outcome(), skipped.actor()), (Outcome::Failure, &Actor::User(anna())));
}

/// An overloaded hasher in the middle of the history changes nothing, and is not taken for an unreadable hash.
#[test]
fn an_overloaded_hasher_is_no_unreadable_history() {
    struct Second(AtomicU32);
    impl Kernel for Second {
        fn derive(
            &self,
            cost: HashCost,
            password: &[u8],
            salt: &[u8],
            memory: &mut HashMemory,
            tag: &mut [u8; 32],
        ) -> Result<(), HashError> {
            match self.0.fetch_add(1, Ordering::Relaxed) {
                1 => Err(HashError::Overloaded),
                _ => Plain.derive(cost, password, salt, memory, tag),
            }
        }
    }
    struct Always;
    impl Kernel for Always {
        fn derive(
            &self,
            _: HashCost,
            _: &[u8],
            _: &[u8],
            _: &mut HashMemory,
            _: &mut [u8; 32],
        ) -> Result<(), HashError> {
            Err(HashError::Overloaded)
        }
    }
    let mut world = under(PasswordPolicy::builder().history(4));
    world.reset_to(at(0), "Number-1");
    world.reset_to(at(1), "Number-2");
    let permit = world.ask(at(2), "Number-2");
    let before = credential_of(&world);
    world.hasher = Hasher::with_kernel(HashPolicy::default(), Second(AtomicU32::new(0)));
    let outcome = world.choose(at(3), permit.token(), "Number-1");
    assert!(matches!(outcome, ChangeOutcome::Busy { .. }), "{outcome:?}");
    assert_eq!(credential_of(&world), before);
    world.hasher = Hasher::with_kernel(HashPolicy::default(), Plain);
    assert_eq!(violations(world.choose(at(4), permit.token(), "Number-1")), [Violation::InHistory { history: 4 }]);

    // Nor does it use the permission up, however often.
    world.hasher = Hasher::with_kernel(HashPolicy::default(), Always);
    for second in 4..40 {
        let outcome = world.choose(at(second), permit.token(), "Number-3");
        assert!(matches!(outcome, ChangeOutcome::Busy { .. }), "{outcome:?}");
        assert_eq!(world.last_reason(), text("sign_in.overloaded"));
    }
    world.hasher = Hasher::with_kernel(HashPolicy::default(), Plain);
    changed(world.choose(at(50), permit.token(), "Number-3"));
}

/// The maximum age: in a microsecond before, at the instant and after it only the change; the minimum age does not bind.
#[test]
fn an_expired_password_is_good_only_for_choosing_another() {
    let day: u64 = 24 * 60 * 60;
    let ages = PasswordPolicy::builder().min_age_secs(Some(90 * day - 1)).max_age_secs(Some(90 * day));
    let mut world = under(ages);
    world.reset_to(at(0), "Sommer2026");
    signed_in(world.sign_in(at(90 * DAY - 1), &typed("Sommer2026")));
    let permit = must_change(world.sign_in(at(90 * DAY), &typed("Sommer2026")));
    assert_eq!((permit.reason(), world.last_reason()), (ChangeReason::Expired, text("expired")));
    assert_eq!(world.ask(at(90 * DAY), "Sommer2026").reason(), ChangeReason::Expired); // asked for: expired all the same
    let permit = must_change(world.sign_in(at(90 * DAY + 1), &typed("Sommer2026")));
    assert_denied(world.sign_in(at(90 * DAY + 2), &typed("Winter2026"))); // a wrong one learns nothing
    assert_eq!(violations(world.choose(at(90 * DAY + 3), permit.token(), "Sommer2026")), [Violation::SameAsCurrent]);
    changed(world.choose(at(90 * DAY + 4), permit.token(), "Herbst2026"));
    signed_in(world.sign_in(at(90 * DAY + 5), &typed("Herbst2026")));
    // A temporary password is as old as it is: its own 15 days are what counts.
    let temporary = world.issue(at(200 * DAY), IssueReason::Reset);
    let permit = must_change(world.sign_in(at(200 * DAY), &typed(temporary.password().expose()).for_change()));
    assert_eq!((permit.reason(), world.last_reason()), (ChangeReason::Temporary, text("temporary")));
}

/// What an attempt opens is decided when it begins: the few milliseconds of the hash are not held against it.
#[test]
fn a_password_that_expires_in_mid_hash_is_still_good() {
    let mut world = under(PasswordPolicy::builder().max_age_secs(Some(60)));
    world.reset_to(at(0), "Sommer2026");
    let (guard, request) = (world.guard(), typed("Sommer2026"));
    let begin = at(MINUTE - 1);
    let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, begin, &request)).unwrap();
    let Begun::Attempt(attempt) = begun else { panic!() };
    let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
    signed_in(update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, at(MINUTE), &verdict)).unwrap());
}

/// The minimum age is one violation among all the others, of a lasting password only, and gone at its instant.
#[test]
fn too_recent_comes_with_the_other_violations() {
    let day: u64 = 24 * 60 * 60;
    let mut world = under(PasswordPolicy::builder().min_age_secs(Some(day)));
    world.reset_to(at(0), "Sommer2026"); // from a temporary one: no minimum age
    let permit = world.ask(at(DAY - 2), "Sommer2026");
    let recent = Violation::TooRecent { min_age_secs: 86_400 };
    let found = violations(world.choose(at(DAY - 1), permit.token(), "password"));
    let codes: Vec<_> = found.iter().map(|violation| violation.code().as_str()).collect();
    assert_eq!(codes, ["password.no_digit", "password.no_uppercase", "screening.known", "password.too_recent"]);
    assert_eq!(violations(world.choose(at(DAY - 1), permit.token(), "Herbst2026")), [recent]);
    changed(world.choose(at(DAY), permit.token(), "Herbst2026"));
    world.reset_to(at(DAY + 1), "Winter2026"); // a reset is not bound either
}

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

/// Two changes at a time with two permissions of the same password: one wins, the other is superseded.
#[test]
fn of_two_changes_one_wins() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let permits = [world.ask(at(1), "Sommer2026"), world.ask(at(2), "Sommer2026")];
    let guard = world.guard();
    let verdicts: Vec<ChangeVerdict> = (3..)
        .zip([&permits[0], &permits[1], &permits[0]])
        .map(|(seed, permit)| {
            let password = Secret::from(alloc::format!("Herbst-{seed}"));
            let request = ChangeRequest::new(permit.token().clone(), password, office());
            let found = Rows::load(&world.store, guard.change_keys(&request)).unwrap();
            let keys = guard.find_change(&found, &request).unwrap();
            let begun = update(&world.store, keys, |rows| guard.begin_change(rows, at(3), &request)).unwrap();
            let ChangeBegun::Attempt(attempt) = begun else { panic!() };
            assert_eq!(alloc::format!("{attempt:?}"), "ChangeAttempt(..)");
            let verdict = attempt.hash(&world.hasher, &mut Counting(seed));
            assert_eq!(alloc::format!("{verdict:?}"), "ChangeVerdict(..)");
            verdict
        })
        .collect();
    let outcomes: Vec<ChangeOutcome> = verdicts
        .iter()
        .map(|verdict| {
            update_from(&world.store, verdict.rows(), |rows| guard.settle_change(rows, at(4), verdict)).unwrap()
        })
        .collect();
    assert!(
        matches!(outcomes[..], [ChangeOutcome::Changed { .. }, ChangeOutcome::Denied(_), ChangeOutcome::Denied(_)]),
        "{outcomes:?}"
    );
    assert_eq!(world.last_reason(), text("sign_in.superseded"));
    assert_denied(world.sign_in(at(5), &typed("Herbst-4")));
    signed_in(world.sign_in(at(6), &typed("Herbst-3")));
}

/// A crash between the hash and the commit leaves everything as it was: the permission stands, the old password holds.
#[test]
fn a_change_that_is_never_settled_changes_nothing() {
    let mut world = under(PasswordPolicy::builder().history(4));
    world.reset_to(at(0), "Sommer2026");
    let before = credential_of(&world);
    let permit = world.ask(at(1), "Sommer2026");
    {
        let guard = world.guard();
        let request = ChangeRequest::new(permit.token().clone(), Secret::from("Herbst2026"), office());
        let found = Rows::load(&world.store, guard.change_keys(&request)).unwrap();
        let keys = guard.find_change(&found, &request).unwrap();
        let begun = update(&world.store, keys, |rows| guard.begin_change(rows, at(2), &request)).unwrap();
        let ChangeBegun::Attempt(attempt) = begun else { panic!() };
        drop(attempt.hash(&world.hasher, &mut Counting(3)));
    }
    assert_eq!(credential_of(&world), before);
    signed_in(world.sign_in(at(3), &typed("Sommer2026")));
    changed(world.choose(at(4), permit.token(), "Herbst2026"));
}

/// The present password is hashed anew by another sign-in while a change is under way: the change holds, and what it
/// leaves in the history is the present hash, not the one that was read before.
#[test]
fn a_rehash_during_a_change_loses_nothing() {
    let mut world = under(PasswordPolicy::builder().history(4));
    world.reset_to(at(0), "Sommer2026");
    let permit = world.ask(at(1), "Sommer2026");
    let guard = world.guard();
    let request = ChangeRequest::new(permit.token().clone(), Secret::from("Herbst2026"), office());
    let found = Rows::load(&world.store, guard.change_keys(&request)).unwrap();
    let keys = guard.find_change(&found, &request).unwrap();
    let begun = update(&world.store, keys, |rows| guard.begin_change(rows, at(2), &request)).unwrap();
    let ChangeBegun::Attempt(attempt) = begun else { panic!() };
    let verdict = attempt.hash(&world.hasher, &mut Counting(3));

    let key = Key::of::<CredentialState>(acme(), &anna());
    let anew = world.hasher.hash(&mut Counting(9), &Secret::from("Sommer2026")).unwrap();
    update(&world.store, [&key], |rows| {
        let state: Option<CredentialState> = rows.read(&key)?;
        let old = state.as_ref().unwrap().hash().clone();
        let mut change = Change::new(rows, at(3), &admin());
        let rehashed: Transition<_, ()> = crate::credential::rehash(state, &old, anew.clone());
        change.apply(&key, rehashed)?;
        Ok(change.finish(()))
    })
    .unwrap();
    changed(update_from(&world.store, verdict.rows(), |rows| guard.settle_change(rows, at(4), &verdict)).unwrap());
    let state = credential_of(&world);
    assert_eq!(state.earlier(world.policy.password()).collect::<Vec<_>>(), [&anew]);
}

/// Version 1 of the record, which kept no history, reads on and is written as version 2 at the next change.
#[test]
fn a_row_of_version_1_is_read_and_upgraded_by_the_change() {
    let mut world = under(PasswordPolicy::builder().history(4));
    world.reset_to(at(0), "Sommer2026");
    let mut older = Older(world.store.clone());
    let guard = world.guard();
    let mut entropy = Counting(99);
    let permit = must_change(guard.sign_in(&mut older, at(1), &mut entropy, &typed("Sommer2026").for_change()));
    let request = ChangeRequest::new(permit.token().clone(), Secret::from("Herbst2026"), office());
    changed(guard.change_password(&mut older, at(2), &mut entropy, &request));
    let state = credential_of(&world);
    assert_eq!(state.earlier(world.policy.password()).count(), 1);

    /// Shows a credential as version 1 wrote it.
    struct Older(MemoryStore);
    impl Store for Older {
        type Error = core::convert::Infallible;

        fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<crate::store::Stored>>, Self::Error> {
            let rows = Store::load(&mut &self.0, keys)?;
            let older = |row: crate::store::Stored| {
                let text = row.text().replace(r#""kind":"credential","v":2"#, r#""kind":"credential","v":1"#);
                let text = text.replace(r#","history":[]"#, "");
                assert!(!text.contains("standing") || text.contains(r#""v":1"#) && !text.contains("history"), "{text}");
                crate::store::Stored::new(row.version(), text)
            };
            Ok(rows.into_iter().map(|row| row.map(older)).collect())
        }

        fn commit(&mut self, batch: &crate::store::Batch<'_>) -> Result<crate::store::Commit, Self::Error> {
            Store::commit(&mut &self.0, batch)
        }
    }
}

/// What needs no slow hash may be asked as often as the form likes; what does, ten times with one permission.
#[test]
fn a_permission_is_good_for_ten_slow_tries() {
    let mut world = under(PasswordPolicy::builder());
    world.reset_to(at(0), "Sommer2026");
    let permit = world.ask(at(1), "Sommer2026");
    for second in 0..50 {
        assert_eq!(violations(world.choose(at(2 + second), permit.token(), "short")).len(), 3);
    }
    for second in 0..10 {
        let found = violations(world.choose(at(60 + second), permit.token(), "Sommer2026"));
        assert_eq!(found, [Violation::SameAsCurrent]);
    }
    assert!(matches!(world.choose(at(70), permit.token(), "Herbst2026"), ChangeOutcome::Denied(_)));
    assert_eq!(world.last_reason(), text("sign_in.too_many_tries"));
    let another = world.ask(at(71), "Sommer2026"); // the present password opens another, charged as any sign-in
    changed(world.choose(at(72), another.token(), "Herbst2026"));
}

#[test]
fn a_demanded_strength_is_one_violation_among_the_others() {
    let mut world = under(PasswordPolicy::builder().min_strength(Some(Strength::Safe)));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let permit = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    assert_eq!(violations(world.choose(at(2), permit.token(), "Sommer2026")), [Violation::NotEstimated]);
    let mut with = |second, password: &str, strength| {
        let request =
            ChangeRequest::new(permit.token().clone(), Secret::from(password), office()).with_strength(strength);
        let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
        guard.change_password(&world.store, at(second), &mut world.entropy, &request)
    };
    let found = violations(with(3, "sommer2026", Strength::Fair));
    let codes: Vec<_> = found.iter().map(|violation| violation.code().as_str()).collect();
    assert_eq!(codes, ["password.no_uppercase", "password.too_weak"]);
    changed(with(4, "Sommer2026", Strength::Safe));
}
