//! What is on record of a sign-in, and what a store that fails leaves behind.

use super::*;

#[test]
fn damaged_records_are_unavailable_and_stay_as_they_are() {
    for kind in ["lockout", "credential"] {
        let (world, _) = World::settled(at(0), "Sommer2026");
        let mut damaged = Damaged(world.store.clone(), kind);
        let mut entropy = Counting(99);
        let outcome = world.guard().sign_in(&mut damaged, at(1), &mut entropy, &typed("Sommer2026"));
        assert!(matches!(outcome, SignInOutcome::Unavailable(Fault::Decode(_))), "{kind}: {outcome:?}");
    }
    /// Cuts the text of one kind of record in half.
    struct Damaged(MemoryStore, &'static str);
    impl Store for Damaged {
        type Error = core::convert::Infallible;

        fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<crate::store::Stored>>, Self::Error> {
            let rows = Store::load(&mut &self.0, keys)?;
            Ok(keys
                .iter()
                .zip(rows)
                .map(|(key, row)| {
                    row.map(|row| match key.kind() == self.1 {
                        true => crate::store::Stored::new(row.version(), &row.text()[..row.text().len() / 2]),
                        false => row,
                    })
                })
                .collect())
        }

        fn commit(&mut self, _: &crate::store::Batch<'_>) -> Result<crate::store::Commit, Self::Error> {
            panic!("nothing may be written");
        }
    }
}

/// A password replaced while an attempt with the old one is in mid-hash. Settled on what begin knew, the
/// sign-in counts as before the change, which has ended its session; settled on what is stored now, it is
/// refused, and is no failure.
#[test]
fn a_change_in_flight_leaves_the_old_password_nothing() {
    for reload in [false, true] {
        let (mut world, _) = World::settled(at(0), "Sommer2026");
        let (store, request) = (world.store.clone(), typed("Sommer2026"));
        let guard = world.guard();
        let begun = update(&store, guard.keys(&request), |rows| guard.begin(rows, at(1), &request)).unwrap();
        let Begun::Attempt(attempt) = begun else { panic!() };
        let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
        world.issue(at(2), IssueReason::Reset);

        let guard = world.guard();
        let keys: Vec<Key> = verdict.rows().keys().cloned().collect();
        let rows = if reload { Rows::load(&store, keys).unwrap() } else { verdict.rows() };
        let outcome = update_from(&store, rows, |rows| guard.settle(rows, at(3), &verdict)).unwrap();
        if reload {
            assert_denied(outcome);
            assert_eq!(world.last_reason(), text("sign_in.superseded"));
        } else {
            assert_eq!(world.session(at(4), signed_in(outcome).token()), SessionOutcome::Dead);
        }
        assert_eq!(world.lockout().failures(), 0);
    }
}

#[test]
fn signing_out_ends_the_session_for_good() {
    let (world, session) = World::settled(at(0), "Sommer2026");
    world.guard().sign_out(&world.store, at(1), session.token(), office()).unwrap();
    world.guard().sign_out(&world.store, at(2), session.token(), office()).unwrap(); // again: no error
    assert_eq!(world.session(at(3), session.token()), SessionOutcome::Dead);
    assert_eq!(world.codes().iter().filter(|code| *code == "session.ended").count(), 1);
}

#[test]
fn tenants_do_not_see_each_other() {
    let (world, session) = World::settled(at(0), "Sommer2026");
    let other = TenantId::try_new("globex").unwrap();
    let guard = SignIn::new(&other, &world.policy, &world.hasher, &world.keys);
    let outcome = guard.check_session(&world.store, at(1), session.token(), office()).unwrap();
    assert_eq!(outcome, SessionOutcome::Dead);
}

#[test]
fn busy_says_when_and_is_the_same_for_unknown_names() {
    let (world, _) = World::settled(at(0), "Sommer2026");
    for request in [typed("Sommer2026"), unknown("nobody")] {
        let guard = world.guard();
        let begin = |now| update(&world.store, guard.keys(&request), |rows| guard.begin(rows, now, &request)).unwrap();
        for _ in 0..3 {
            assert!(matches!(begin(at(1)), Begun::Attempt(_)));
        }
        let Begun::Ended(SignInOutcome::Busy { retry_after }) = begin(at(1 + 20 * SECOND)) else { panic!() };
        assert_eq!(retry_after, Duration::from_secs(40));
    }
}

#[test]
fn an_outcome_of_a_lost_acknowledgement_is_unavailable_and_lapses() {
    let (world, _) = World::settled(at(0), "Sommer2026");
    let guard = world.guard();
    let request = typed("Sommer2026");
    let verdict = |now| {
        let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, now, &request)).unwrap();
        let Begun::Attempt(attempt) = begun else { panic!() };
        attempt.verify(&world.hasher, &mut Counting(now.timestamp().as_micros().unsigned_abs()), request.password())
    };
    // The attempt is begun, and its settling never arrives.
    drop(verdict(at(1)));
    let later = verdict(at(2 * MINUTE));
    let outcome = update_from(&world.store, later.rows(), |rows| guard.settle(rows, at(2 * MINUTE), &later)).unwrap();
    signed_in(outcome);
    assert!(world.codes().contains(&"lockout.lapsed".to_string()));
}

#[test]
fn refused_changes_leave_evidence_and_bad_passwords_cost_no_hash() {
    let mut world = World::new();
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    let good = core::mem::replace(&mut world.hasher, Hasher::with_kernel(HashPolicy::default(), Broken));
    assert!(matches!(world.choose(at(2), change.token(), "kurz"), ChangeOutcome::Rejected(_))); // no hash ran
    assert_eq!(world.last_reason(), text("sign_in.rejected"));
    world.hasher = good;
    let guessed = Token::<ChangeState>::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert!(matches!(world.choose(at(3), &guessed, "Sommer2026"), ChangeOutcome::Denied(_)));
    assert_eq!(world.last_reason(), text("sign_in.superseded"));
}

/// A verdict that is settled again brings nothing back: its token has had its record.
#[test]
fn a_verdict_is_good_once() {
    let (world, _) = World::settled(at(0), "Sommer2026");
    let (guard, request) = (world.guard(), typed("Sommer2026"));
    let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(1), &request)).unwrap();
    let Begun::Attempt(attempt) = begun else { panic!() };
    let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
    let settle = |now| update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, now, &verdict)).unwrap();
    let session = signed_in(settle(at(2)));
    guard.sign_out(&world.store, at(3), session.token(), office()).unwrap();
    assert_denied(settle(at(4)));
    assert_eq!(world.session(at(5), session.token()), SessionOutcome::Dead);
}
