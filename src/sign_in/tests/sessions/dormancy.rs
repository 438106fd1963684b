//! Accounts that nobody has used for long.

use super::*;

/// A2-Input-6: what comes at the end of the period wakes nobody, be it the use of a session or a change of password.
#[test]
fn a2_input_6_a_session_and_a_change_do_not_outlive_the_period() {
    let dormant_world = || {
        let year = SessionPolicy::builder().lifetime_secs(366 * 86_400).idle(IdleLimit::Unlimited).build().unwrap();
        world(year, Some(DormancyPolicy::builder().period_days(30).build().unwrap()))
    };
    let period = 30 * DAY;
    for (micros, alive) in [(period - 1, true), (period, false), (period + 1, false)] {
        let (mut world, session) = dormant_world();
        assert_eq!(is_active(&touch(&world, micros, &session)), alive, "{micros}");
        assert_eq!(count(&world, "session.dormant"), usize::from(!alive));
        assert_eq!(is_active(&touch(&world, period, &session)), alive, "{micros}"); // used in time, or dormant already
        // Nor does it help to put the clock back.
        assert_eq!(is_active(&touch(&world, DAY, &session)), alive, "{micros}");
        assert_eq!(matches!(world.sign_in(at(period + 1), &typed("Sommer2026")), SignInOutcome::SignedIn(_)), alive);

        let (world, session) = dormant_world();
        let passive = world.guard().check_session(&world.store, at(micros), session.token(), office()).unwrap();
        assert_eq!(is_active(&passive), alive, "{micros}");

        let (mut world, _) = dormant_world();
        let change = must_change(world.sign_in(at(period - 1), &typed("Sommer2026").for_change()));
        let changed = world.choose(at(micros), change.token(), "Winter2026");
        assert_eq!(matches!(changed, ChangeOutcome::Changed { .. }), alive, "{micros} {changed:?}");
        if !alive {
            assert_eq!(world.last_reason(), text("session.dormant"));
            let keys = world.guard().session_keys(&anna());
            update(&world.store, keys, |rows| world.guard().settle_reactivation(rows, at(micros), &admin(), &anna()))
                .unwrap();
            signed_in(world.sign_in(at(micros), &typed("Sommer2026"))); // the password is the one it was
        }
    }
}

/// The daily job reads when the account was created from its credential.
#[test]
fn an_account_that_never_signed_in_counts_from_its_creation() {
    let dormancy = DormancyPolicy::builder().period_days(10).build().unwrap();
    let (mut world, _) = world(limits().build().unwrap(), Some(dormancy));
    let new = AccountId::try_new("u-19").unwrap();
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    let temporary = guard
        .issue_temporary(&world.store, at(DAY), &mut world.entropy, &admin(), &Issue::new_user(new.clone()))
        .issued()
        .unwrap();
    let review = |micros| guard.review_dormancy(&world.store, at(micros), &admin(), &new).unwrap();
    assert_eq!(review(11 * DAY - 1), Some(Standing::Active));
    assert_eq!(review(11 * DAY), Some(Standing::Dormant { since: at(11 * DAY).timestamp() }));
    assert_eq!(
        guard.review_dormancy(&world.store, at(0), &admin(), &AccountId::try_new("u-99").unwrap()).unwrap(),
        None
    );
    // Its temporary password has five days left, and is refused.
    assert_denied(world.sign_in(at(12 * DAY), &by(&new, temporary.password().expose())));
    assert_eq!(world.last_reason(), text("session.dormant"));
}
