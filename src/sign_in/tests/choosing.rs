//! Choosing a password: history, ages, screening, and the change that a bearer asks for.

use super::*;
use crate::password::{PasswordPolicy, PasswordPolicyBuilder, Strength, Violation};
use crate::screening::{Screening, ScreeningOutcome, UnknownPolicy, UnknownReason};
use crate::store::{Change, Transition};

mod history;
mod screening;

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
