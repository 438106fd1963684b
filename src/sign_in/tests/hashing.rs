//! The slow hash: one that fails, that is overloaded, that is outdated or cannot be used.

use alloc::sync::Arc;

use super::*;

/// Storage trouble: no sign-in, no count, no lock.
#[test]
fn a_hash_that_fails_gives_the_attempt_back() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let good = core::mem::replace(&mut world.hasher, Hasher::with_kernel(HashPolicy::default(), Broken));
    for micros in 1..=9 {
        let outcome = world.sign_in(at(micros), &typed("Sommer2026"));
        assert!(matches!(outcome, SignInOutcome::Unavailable(Fault::Hash(_))), "{outcome:?}");
    }
    assert_eq!((world.lockout().failures(), world.lockout().reserved()), (0, 0));
    world.hasher = good;
    signed_in(world.sign_in(at(10), &typed("Sommer2026")));
}

/// An overloaded hasher is busy, for known, unknown and locked names alike, and never a failure.
#[test]
fn an_overloaded_hasher_gives_the_attempt_back_and_is_busy() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let good = core::mem::replace(&mut world.hasher, Hasher::with_kernel(HashPolicy::default(), Full));
    let mut shapes = Vec::new();
    for request in [typed("Sommer2026"), typed("Winter2026"), unknown("nobody")] {
        for micros in 1..=5 {
            let before = world.events().len();
            let outcome = world.sign_in(at(micros), &request);
            let SignInOutcome::Busy { retry_after } = outcome else { panic!("{outcome:?}") };
            assert_eq!(retry_after, OVERLOADED_RETRY);
            shapes.push(world.codes().split_off(before));
        }
    }
    shapes.dedup();
    assert_eq!(shapes, [["sign_in.attempted", "sign_in.busy"]]);
    assert_eq!(world.last_reason(), text("sign_in.overloaded"));
    assert_eq!((world.lockout().failures(), world.lockout().reserved()), (0, 0));

    let full = core::mem::replace(&mut world.hasher, good);
    for micros in 6..=8 {
        assert_denied(world.sign_in(at(micros), &typed("Winter2026")));
    }
    let good = core::mem::replace(&mut world.hasher, full);
    let locked = world.sign_in(at(9), &typed("Sommer2026"));
    assert!(matches!(locked, SignInOutcome::Busy { retry_after: OVERLOADED_RETRY }), "{locked:?}");
    world.hasher = good;
    signed_in(world.sign_in(at(16 * MINUTE), &typed("Sommer2026")));
}

/// After a match, and only then, an outdated hash of a lasting password is replaced; sessions live on.
#[test]
fn a_successful_sign_in_hashes_an_outdated_password_anew() {
    let (mut world, session) = World::settled(at(0), "Sommer2026");
    let old = credential_of(&world);
    let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
    world.hasher = Hasher::with_kernel(strong, Plain).with_pepper(&world.keys);

    assert_denied(world.sign_in(at(1), &typed("Winter2026")));
    assert_eq!(credential_of(&world), old);
    signed_in(world.sign_in(at(2), &typed("Sommer2026")));
    let new = credential_of(&world);
    assert!(new.hash().as_phc().contains("m=65536,t=3,p=4"));
    assert_eq!(new.hash().pepper(), Some(world.keys.current()));
    assert_eq!((new.generation(), new.is_temporary()), (old.generation(), false));
    assert!(matches!(world.session(at(3), session.token()), SessionOutcome::Active { .. }));

    signed_in(world.sign_in(at(4), &typed("Sommer2026")));
    assert_denied(world.sign_in(at(5), &typed("Winter2026")));
    assert_eq!(credential_of(&world), new);
    assert_eq!(world.codes().iter().filter(|code| *code == "credential.rehashed").count(), 1);
}

/// Whoever is refused is not written to: not where the account is disabled or dormant, at one slow hash for the right and
/// for a wrong password alike, nor where it is disabled in mid-hash.
#[test]
fn a_refused_account_is_not_hashed_anew() {
    let counted = Counted::up_to(u32::MAX);
    let stronger = || {
        let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
        Hasher::with_kernel(strong, counted.clone())
    };
    let took = || counted.taken();

    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let old = credential_of(&world);
    world.hasher = stronger();
    let request = typed("Sommer2026");
    let in_flight = {
        let guard = world.guard();
        let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(1), &request)).unwrap();
        let Begun::Attempt(attempt) = begun else { panic!() };
        attempt.verify(&world.hasher, &mut Counting(3), request.password())
    };
    assert_eq!(took(), 2); // it was open when it began
    world.guard().disable(&world.store, at(2), &admin(), &anna()).unwrap();
    let guard = world.guard();
    let late = update_from(&world.store, in_flight.rows(), |rows| guard.settle(rows, at(3), &in_flight)).unwrap();
    assert_denied(late);
    assert_eq!(credential_of(&world), old);

    for password in ["Sommer2026", "Winter2026"] {
        assert_denied(world.sign_in(at(4), &typed(password)));
        assert_eq!((took(), credential_of(&world) == old), (1, true), "{password}");
    }
    world.guard().enable(&world.store, at(5), &admin(), &anna()).unwrap();
    signed_in(world.sign_in(at(6), &request));
    assert_eq!((took(), credential_of(&world) == old), (2, false));

    let dormancy = crate::session::DormancyPolicy::builder().period_days(90).build().unwrap();
    let session = SessionPolicy::builder().lifetime_secs(3600).idle(IdleLimit::Unlimited).build().unwrap();
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    world.policy = SignInPolicy::builder().session(session).dormancy(dormancy).build().unwrap();
    let old = credential_of(&world);
    world.hasher = stronger();
    assert_denied(world.sign_in(at(90 * DAY), &typed("Sommer2026")));
    assert_eq!((took(), credential_of(&world) == old), (1, true));
}

/// Where an account has as many sessions as it may, the right password takes one slow hash as a wrong one does; where
/// it would take the place of a session that was shown, it is hashed anew.
#[test]
fn an_account_that_is_full_of_sessions_is_not_hashed_anew() {
    let counted = Counted::up_to(u32::MAX);
    let took = || counted.taken();
    let (mut world, session) = World::settled(at(0), "Sommer2026");
    let old = credential_of(&world);
    let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
    world.hasher = Hasher::with_kernel(strong, counted.clone());
    let one = SessionPolicy::builder().lifetime_secs(3600).idle(IdleLimit::Unlimited).cap(1, AtCap::Refuse);
    world.policy = SignInPolicy::builder().session(one.build().unwrap()).build().unwrap();

    for password in ["Sommer2026", "Winter2026"] {
        assert_denied(world.sign_in(at(1), &typed(password)));
        assert_eq!((took(), credential_of(&world) == old), (1, true), "{password}");
    }
    signed_in(world.sign_in(at(2), &typed("Sommer2026").with_session(session.token().clone())));
    assert_eq!((took(), credential_of(&world) == old), (2, false));
}

/// Two sign-ins in mid-hash: the first to settle replaces the hash, the second leaves it; both are in.
#[test]
fn of_two_rehashes_one_wins_and_neither_is_refused() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
    world.hasher = Hasher::with_kernel(strong, Plain);
    let (guard, request) = (world.guard(), typed("Sommer2026"));
    let verdict = |seed| {
        let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(1), &request)).unwrap();
        let Begun::Attempt(attempt) = begun else { panic!() };
        attempt.verify(&world.hasher, &mut Counting(seed), request.password())
    };
    let verdicts = [verdict(3), verdict(4)];
    let mut hashes = Vec::new();
    for verdict in &verdicts {
        let outcome = update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, at(2), verdict)).unwrap();
        signed_in(outcome);
        hashes.push(credential_of(&world).hash().as_phc().to_string());
    }
    assert_eq!(hashes[0], hashes[1]);
    assert_eq!(world.codes().iter().filter(|code| *code == "credential.rehashed").count(), 1);
}

/// The second hash of a sign-in fails: the old one stays, the bearer is in.
#[test]
fn a_rehash_that_fails_denies_nobody() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let old = credential_of(&world);
    let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
    world.hasher = Hasher::with_kernel(strong, Counted::up_to(1));
    signed_in(world.sign_in(at(1), &typed("Sommer2026")));
    assert_eq!(credential_of(&world), old);
}

#[test]
fn entropy_that_fails_gives_the_attempt_back() {
    struct Dry;
    impl Entropy for Dry {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), EntropyError> {
            Err(EntropyError::Unavailable)
        }
    }
    let (world, _) = World::settled(at(0), "Sommer2026");
    for micros in 1..=4 {
        let outcome = world.guard().sign_in(&world.store, at(micros), &mut Dry, &typed("Sommer2026"));
        assert!(matches!(outcome, SignInOutcome::Unavailable(Fault::Hash(HashError::Entropy(_)))), "{outcome:?}");
    }
    assert_eq!((world.lockout().failures(), world.lockout().reserved()), (0, 0));
}

/// A stored hash that cannot be used is answered as a wrong password is, and the operator can see it.
#[test]
fn an_unusable_hash_is_not_to_be_told_from_a_wrong_password() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let low = HashCost { m_kib: 47_104, t: 1, p: 1 };
    world.hasher = Hasher::with_kernel(HashPolicy::builder().cost(low).ceiling(low).build().unwrap(), Plain);
    assert_denied(world.sign_in(at(1), &typed("Sommer2026"))); // stored with t = 2, above the ceiling of 1
    assert_eq!(world.last_reason(), text("sign_in.unusable_hash"));
}

/// Notes what it costs.
#[derive(Clone, Default)]
struct Costs(Arc<std::sync::Mutex<Vec<HashCost>>>);

impl Kernel for Costs {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        self.0.lock().unwrap().push(cost);
        Plain.derive(cost, password, salt, memory, tag)
    }
}

/// Whatever is stored and however long the password is, a refusal takes one hash at the policy's cost.
#[test]
fn a_refusal_without_a_comparison_takes_one_hash_of_the_policy() {
    use crate::hashing::{LegacyScheme, PasswordHash};
    let key = Key::of::<CredentialState>(acme(), &anna());
    let legacy: &[LegacyScheme] = &[
        #[cfg(feature = "legacy-bcrypt")]
        LegacyScheme::Bcrypt,
    ];
    let cases = [
        (None, 4097, "sign_in.mismatch"),
        (Some("$argon2id$"), 10, "sign_in.unusable_hash"),
        #[cfg(feature = "legacy-bcrypt")]
        (Some("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"), 80, "sign_in.legacy_too_long"),
    ];
    for (phc, length, reason) in cases {
        let (mut world, _) = World::settled(at(0), "Sommer2026");
        let stored = |rows: &Rows| {
            let (mut change, state) = (crate::store::Change::new(rows, at(1), &admin()), rows.read(&key)?);
            let verified = state.as_ref().map(CredentialState::hash).cloned().unwrap();
            let hash = phc.map_or(verified.clone(), PasswordHash::from_phc);
            change.apply(&key, crate::credential::rehash(state, &verified, hash))?;
            Ok(change.finish(()))
        };
        update(&world.store, [&key], stored).unwrap();
        let kernel = Costs::default();
        let hasher = Hasher::with_kernel(HashPolicy::default(), kernel.clone());
        world.hasher = hasher.with_legacy(legacy.iter().copied());
        assert_denied(world.sign_in(at(2), &typed(&"x".repeat(length))));
        assert_eq!(world.last_reason(), text(reason));
        assert_eq!(*kernel.0.lock().unwrap(), [HashCost::DEFAULT], "{reason}");
    }
}
