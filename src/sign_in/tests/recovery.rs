//! A temporary password while its account is locked, and an account that an administrator has disabled.

use alloc::format;

use super::lanes::{RIGHT, from, limit, with_lanes, world};
use super::*;
use crate::lockout::{FamiliarPolicy, LanePolicy, LockoutPolicy};
use crate::session::{Ending, IdleLimit};
use crate::store::{Batch, Commit, Rows, Stored};

fn stranger(world: &mut World, now: Now, guesses: u32) {
    for guess in 0..guesses {
        assert_denied(world.sign_in(now, &from("203.0.113.9", "u-17", &format!("guess{guess}"))));
    }
}

/// E-6P.2: strangers cannot keep the bearer of a temporary password out, and guesses at it count for no lock but its own.
#[test]
fn a_lock_does_not_keep_a_temporary_password_out() {
    for cap in [None, Some(3)] {
        let lockout = LockoutPolicy::builder().cap(cap).build().unwrap();
        let familiar = FamiliarPolicy { lockout: lockout.clone(), ..FamiliarPolicy::default() };
        for lanes in [LanePolicy::builder(), LanePolicy::builder().familiar(familiar)] {
            let policy = SignInPolicy::builder().lockout(lockout.clone()).lanes(lanes.build().unwrap());
            let mut world = world(policy);
            let temporary = world.issue(at(1), IssueReason::Reset);
            stranger(&mut world, at(2), 3);
            let locked = world.lockout();
            assert!(locked.locked_until().is_some() || locked.is_disabled());
            stranger(&mut world, at(3), 50);
            assert_eq!(world.lockout(), locked); // none of them counts there
            let change = must_change(world.sign_in(at(4), &typed(temporary.password().expose())));
            assert_eq!(world.lockout(), locked); // nor is the lock erased by it
            assert!(matches!(world.choose(at(5), change.token(), "Winter2026"), ChangeOutcome::Changed { .. }));
            // With a lasting password the account is what it was: open now, and locked by the third failure.
            signed_in(world.sign_in(at(6), &typed("Winter2026")));
            stranger(&mut world, at(7), 3);
            assert_eq!(world.reason_of(at(8), &from("203.0.113.9", "u-17", "Winter2026")), world.closed_reason());
        }
    }
}

impl World {
    fn closed_reason(&self) -> Value {
        text(if self.lockout().is_disabled() { "sign_in.disabled" } else { "sign_in.locked" })
    }
}

/// The guesses at a temporary password are bounded too: the account's budget, and that of the lane beside it.
#[test]
fn guesses_at_a_temporary_password_are_bounded() {
    let mut world = with_lanes(LanePolicy::builder().temporary(limit(5)));
    let temporary = world.issue(at(1), IssueReason::Reset);
    stranger(&mut world, at(2), 40);
    assert_eq!(world.count("sign_in.refused", "sign_in.mismatch"), 3 + 5);
    let right = typed(temporary.password().expose());
    assert_eq!(world.reason_of(at(3), &right), text("sign_in.locked"));
    must_change(world.sign_in(at(2 + 15 * MINUTE), &right)); // served
    stranger(&mut world, at(3 + 15 * MINUTE), 40);
    assert_eq!(world.reason_of(at(4 + 15 * MINUTE), &right), text("sign_in.locked"));
    // Another issue opens both; so does an administrator.
    let another = world.issue(at(5 + 15 * MINUTE), IssueReason::Reset);
    stranger(&mut world, at(6 + 15 * MINUTE), 40);
    world.guard().unlock(&world.store, at(7 + 15 * MINUTE), &admin(), &anna()).unwrap();
    stranger(&mut world, at(7 + 15 * MINUTE), 3);
    must_change(world.sign_in(at(8 + 15 * MINUTE), &typed(another.password().expose())));
}

/// An expired temporary password, or a lasting one, has no lane of its own; a lock of a source stands.
#[test]
fn nothing_else_passes_a_lock() {
    let mut world = with_lanes(LanePolicy::builder().source(limit(4)));
    stranger(&mut world, at(1), 3);
    assert_eq!(world.reason_of(at(2), &typed(RIGHT)), text("sign_in.locked"));
    assert!(!world.store.records().iter().any(|(key, _)| key.id().ends_with("~temporary")));

    let temporary = world.issue(at(3), IssueReason::Reset);
    assert_denied(world.sign_in(at(4), &from("203.0.113.9", "v-1", "guess"))); // the fourth of that source
    let right = temporary.password().expose();
    assert_eq!(world.reason_of(at(5), &from("203.0.113.9", "u-17", right)), text("sign_in.locked"));
    must_change(world.sign_in(at(5), &typed(right)));

    let expired = at(3 + 15 * DAY);
    for host in 1..=3 {
        assert_denied(world.sign_in(expired, &from(&format!("192.0.2.{host}"), "u-17", "guess")));
    }
    assert_eq!(world.reason_of(expired, &typed(right)), text("sign_in.locked"));
}

/// `Busy` tells nothing of a temporary password: an open account has it, as every name does, and a locked one has not.
#[test]
fn a_temporary_password_is_not_seen_from_outside() {
    let mut world = with_lanes(LanePolicy::builder().temporary(limit(1)));
    world.issue(at(1), IssueReason::Reset);
    let guard = world.guard();
    let begin = |request: &SignInRequest, now| {
        let begun = update(&world.store, guard.keys(request), |rows| guard.begin(rows, now, request)).unwrap();
        matches!(begun, Begun::Ended(SignInOutcome::Busy { .. }))
    };
    for request in [typed("guess"), unknown("nobody")] {
        let open: Vec<bool> = (0..4).map(|_| begin(&request, at(2))).collect();
        assert_eq!(open, [false, false, false, true]);
        // All three lapse, and it is locked: in the lane beside it there is room for one, and nobody is told.
        let locked: Vec<bool> = (0..4).map(|_| begin(&request, at(2 + 2 * MINUTE))).collect();
        assert_eq!(locked, [false; 4]);
    }
    // Nor where another lane is busy: what is locked is not, with a temporary password or without.
    for reason in [IssueReason::Reset, IssueReason::NewUser] {
        let mut world = with_lanes(LanePolicy::builder().source(limit(4)));
        if reason == IssueReason::Reset {
            world.issue(at(1), reason);
        }
        for host in 1..=3 {
            assert_denied(world.sign_in(at(2), &from(&format!("192.0.2.{host}"), "u-17", "guess")));
        }
        let guard = world.guard();
        let is_busy = |account: &str| {
            let request = from("203.0.113.9", account, "guess");
            let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(3), &request)).unwrap();
            matches!(begun, Begun::Ended(SignInOutcome::Busy { .. }))
        };
        assert!((0..6).all(|_| !is_busy("u-17"))); // takes no place in the lane of the source
        assert_eq!(["v-1", "v-2", "v-3", "v-4", "v-5", "u-17"].map(is_busy), [false, false, false, false, true, false]);
    }
}

#[test]
fn a_disabled_account_is_closed_at_once_until_it_is_enabled() {
    let (mut world, session) = World::settled(at(0), RIGHT);
    let permit = must_change(world.sign_in(at(1), &typed(RIGHT).for_change()));
    world.guard().disable(&world.store, at(2), &admin(), &anna()).unwrap();
    world.guard().disable(&world.store, at(3), &admin(), &anna()).unwrap(); // again: nothing happens
    assert_eq!(world.session(at(3), session.token()), SessionOutcome::Dead);
    assert!(world.guard().sessions(&world.store, at(3), &anna()).unwrap().is_empty());
    assert_eq!(world.reason_of(at(3), &typed(RIGHT)), text("session.disabled"));
    assert_eq!(world.events().last().unwrap().detail("matched"), Some(&Value::from(true)));
    assert_eq!(world.reason_of(at(3), &typed("guess")), text("sign_in.mismatch"));
    assert!(matches!(world.choose(at(3), permit.token(), "Winter2026"), ChangeOutcome::Denied(_)));
    assert_eq!(world.last_reason(), text("session.disabled"));
    // Another password opens it as little, and neither does an unlock or a reactivation.
    let temporary = world.issue(at(4), IssueReason::Reset);
    let right = typed(temporary.password().expose());
    world.guard().unlock(&world.store, at(5), &admin(), &anna()).unwrap();
    world.guard().reactivate(&world.store, at(5), &admin(), &anna()).unwrap();
    assert_eq!(world.reason_of(at(5), &right), text("session.disabled"));

    world.guard().enable(&world.store, at(6), &admin(), &anna()).unwrap();
    world.guard().enable(&world.store, at(6), &admin(), &anna()).unwrap();
    let change = must_change(world.sign_in(at(7), &right));
    assert!(matches!(world.choose(at(7), change.token(), "Winter2026"), ChangeOutcome::Changed { .. }));
    assert_eq!(world.session(at(8), session.token()), SessionOutcome::Dead);
    let ended = world.events().into_iter().filter(|event| event.detail("reason") == Some(&text("session.disabled")));
    assert_eq!(ended.filter(|event| event.code() == "session.ended").count(), 1);
    assert_eq!((world.count("session.disabled", ""), world.count("session.enabled", "")), (1, 1));
}

/// A permit of before the disabling is void, however soon the account is enabled again; one of after it stands.
#[test]
fn a_permit_does_not_outlive_the_disabling() {
    let (mut world, _) = World::settled(at(0), RIGHT);
    let before = must_change(world.sign_in(at(1), &typed(RIGHT).for_change()));
    let guard = world.guard();
    let request = ChangeRequest::new(before.token().clone(), Secret::from("Herbst2026"), office());
    let find = |request: &ChangeRequest| {
        let rows = Rows::load(&world.store, guard.change_keys(request)).unwrap();
        guard.find_change(&rows, request).unwrap()
    };
    let begin = |rows: &Rows| guard.begin_change(rows, at(2), &request);
    let ChangeBegun::Attempt(attempt) = update(&world.store, find(&request), begin).unwrap() else { panic!() };
    let verdict = attempt.hash(&world.hasher, &mut Counting(3));
    guard.disable(&world.store, at(3), &admin(), &anna()).unwrap();
    guard.enable(&world.store, at(4), &admin(), &anna()).unwrap();
    // Neither what was in mid-hash nor another try.
    let settled = update_from(&world.store, verdict.rows(), |rows| guard.settle_change(rows, at(5), &verdict)).unwrap();
    assert!(matches!(settled, ChangeOutcome::Denied(_)), "{settled:?}");
    assert_eq!(world.last_reason(), text("sign_in.superseded"));
    assert!(matches!(world.choose(at(5), before.token(), "Winter2026"), ChangeOutcome::Denied(_)));
    assert_eq!(world.last_reason(), text("sign_in.superseded"));
    let after = must_change(world.sign_in(at(6), &typed(RIGHT).for_change()));
    assert!(matches!(world.choose(at(6), after.token(), "Winter2026"), ChangeOutcome::Changed { .. }));
}

/// It loses no race: what was loaded before is not what is written on.
#[test]
fn a_sign_in_in_mid_hash_does_not_outlive_the_disabling() {
    let (world, _) = World::settled(at(0), RIGHT);
    let (guard, request) = (world.guard(), typed(RIGHT));
    let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, at(1), &request)).unwrap();
    let Begun::Attempt(attempt) = begun else { panic!() };
    let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
    guard.disable(&world.store, at(2), &admin(), &anna()).unwrap();
    assert_denied(update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, at(3), &verdict)).unwrap());
    assert_eq!(world.last_reason(), text("session.disabled"));
}

/// Disables the account just before so many commits more are made.
struct Disabling<'a> {
    world: &'a World,
    commits: u32,
}

impl Store for Disabling<'_> {
    type Error = <&'static MemoryStore as Store>::Error;
    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Self::Error> {
        let mut store = &self.world.store;
        store.load(keys)
    }
    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Self::Error> {
        self.commits = self.commits.wrapping_sub(1);
        if self.commits == 0 {
            self.world.guard().disable(&self.world.store, at(2), &admin(), &anna()).unwrap();
        }
        let mut store = &self.world.store;
        store.commit(batch)
    }
}

/// Neither a session nor a permit comes of what was under way, whichever commit the disabling gets before.
#[test]
fn nothing_under_way_outlives_the_disabling() {
    let settled = || World::settled(at(0), RIGHT).0;
    let temporary = |guesses: u32| {
        let mut world = settled();
        let temporary = world.issue(at(1), IssueReason::Reset);
        stranger(&mut world, at(1), guesses);
        (world, typed(temporary.password().expose()))
    };
    let worlds = || [(settled(), typed(RIGHT)), (settled(), typed(RIGHT).for_change()), temporary(0), temporary(3)];
    for commits in 1..=2 {
        for (case, (world, request)) in worlds().into_iter().enumerate() {
            let disabling = Disabling { world: &world, commits };
            let outcome = world.guard().sign_in(disabling, at(3), &mut Counting(3), &request);
            assert!(matches!(outcome, SignInOutcome::Denied(_)), "{commits}, {case}: {outcome:?}");
            assert_eq!(world.last_reason(), text("session.disabled"));
        }
        let mut world = settled();
        let permit = must_change(world.sign_in(at(1), &typed(RIGHT).for_change()));
        let request = ChangeRequest::new(permit.token().clone(), Secret::from("Winter2026"), office());
        let disabling = Disabling { world: &world, commits };
        let outcome = world.guard().change_password(disabling, at(3), &mut Counting(3), &request);
        assert!(matches!(outcome, ChangeOutcome::Denied(_)), "{commits}: {outcome:?}");
        assert_eq!(world.last_reason(), text("session.disabled"));
    }
    let (world, session) = World::settled(at(0), RIGHT);
    let disabling = Disabling { world: &world, commits: 1 };
    let rotated = world.guard().rotate_session(disabling, at(3), &mut Counting(3), session.token(), office()).unwrap();
    assert!(rotated.is_none());
    let (world, session) = World::settled(at(0), RIGHT);
    let disabling = Disabling { world: &world, commits: 1 };
    let touched = world.guard().touch_session(disabling, at(2 * 60 * MINUTE), session.token(), office()).unwrap();
    assert_eq!(touched, SessionOutcome::Dead);
}

/// The cap of wrong guesses is the work of strangers: it closes the way in, and the bearer's sessions go on.
#[test]
fn the_cap_ends_no_session() {
    let lockout = LockoutPolicy::builder().cap(Some(3)).build().unwrap();
    let mut world = world(SignInPolicy::builder().lockout(lockout));
    let session = signed_in(world.sign_in(at(1), &typed(RIGHT)));
    stranger(&mut world, at(2), 3);
    assert!(world.lockout().is_disabled());
    assert!(matches!(world.session(at(3), session.token()), SessionOutcome::Active { .. }));
    world.guard().end_sessions(&world.store, at(4), &admin(), &anna(), &Ending::All).unwrap();
    assert_eq!(world.session(at(5), session.token()), SessionOutcome::Dead);
}

/// A password at its maximum age, shown inside a session: that session is over, and leaves its account's list.
#[test]
fn a_forced_change_ends_the_session_it_was_asked_from() {
    let mut world = World::new();
    let ages = crate::password::PasswordPolicy::builder().max_age_secs(Some(86_400)).build().unwrap();
    let session = SessionPolicy::builder().lifetime_secs(10 * 86_400).idle(IdleLimit::Unlimited).build().unwrap();
    world.policy = SignInPolicy::builder().password(ages).session(session).build().unwrap();
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(0), &typed(temporary.password().expose())));
    let ChangeOutcome::Changed { session, .. } = world.choose(at(0), change.token(), RIGHT) else { panic!() };
    let elsewhere = signed_in(world.sign_in(at(1), &typed(RIGHT)));
    let list = |world: &World| world.guard().sessions(&world.store, at(DAY), &anna()).unwrap();
    assert_eq!(list(&world).len(), 2);
    let again = typed(RIGHT).with_session(session.token().clone());
    let permit = must_change(world.sign_in(at(DAY), &again));
    assert_eq!(permit.reason(), ChangeReason::Expired);
    assert_eq!(world.session(at(DAY), session.token()), SessionOutcome::Dead);
    let left: Vec<_> = list(&world).iter().map(crate::session::OpenSession::id).collect();
    assert_eq!(left, [elsewhere.token().digest()]);
    assert_eq!(world.count("session.ended", ""), 1);
}

/// E-5.1d: a temporary password that runs out while it is hashed opens nothing, and is no wrong guess.
#[test]
fn e_5_1d_a_temporary_password_that_expires_in_mid_hash_is_refused_and_not_counted() {
    for (micros, reason) in [(15 * DAY - 1, None), (15 * DAY, Some("sign_in.expired"))] {
        let mut world = World::new();
        let temporary = world.issue(at(0), IssueReason::NewUser);
        let (guard, request) = (world.guard(), typed(temporary.password().expose()));
        let begin = at(15 * DAY - SECOND);
        let begun = update(&world.store, guard.keys(&request), |rows| guard.begin(rows, begin, &request)).unwrap();
        let Begun::Attempt(attempt) = begun else { panic!() };
        let verdict = attempt.verify(&world.hasher, &mut Counting(3), request.password());
        let settled = update_from(&world.store, verdict.rows(), |rows| guard.settle(rows, at(micros), &verdict));
        match reason {
            None => drop(must_change(settled.unwrap())),
            Some(reason) => {
                assert_denied(settled.unwrap());
                assert_eq!(world.last_reason(), text(reason));
            }
        }
        assert_eq!((world.lockout().failures(), world.lockout().reserved()), (0, 0), "{micros}");
    }
}
