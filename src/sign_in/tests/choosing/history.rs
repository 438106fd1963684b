//! Earlier passwords are not chosen again.

use super::*;

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
    let counted = Counted::up_to(u32::MAX);
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
