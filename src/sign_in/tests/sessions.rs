//! Sessions and dormancy through the whole flow.

use super::*;
use crate::session::{AtCap, DormancyPolicy, Ending, Standing};

mod dormancy;
mod faults;

const HOUR: i64 = 60 * MINUTE;

pub(super) fn limits() -> crate::session::SessionPolicyBuilder {
    SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Lock { after_secs: 900 })
}

/// Anna and Ben with lasting passwords, Anna signed in at the instant 0.
fn world(session: SessionPolicy, dormancy: Option<DormancyPolicy>) -> (World, Session) {
    let mut world = World::new();
    let mut policy = SignInPolicy::builder().session(session);
    if let Some(dormancy) = dormancy {
        policy = policy.dormancy(dormancy);
    }
    world.policy = policy.build().unwrap();
    let ben_first = with_lasting_password(&mut world, &ben(), "Herbst2026");
    world.guard().end_sessions(&world.store, at(0), &admin(), &ben(), &Ending::All).unwrap();
    assert_eq!(ben_first.account(), &ben());
    let session = with_lasting_password(&mut world, &anna(), "Sommer2026");
    (world, session)
}

fn with_lasting_password(world: &mut World, account: &AccountId, password: &str) -> Session {
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    let issue = Issue::new_user(account.clone());
    let issued = guard.issue_temporary(&world.store, at(0), &mut world.entropy, &admin(), &issue).issued().unwrap();
    let change = must_change(world.sign_in(at(0), &by(account, issued.password().expose())));
    match world.choose(at(0), change.token(), password) {
        ChangeOutcome::Changed { session, .. } => session,
        other => panic!("{other:?}"),
    }
}

fn ben() -> AccountId {
    AccountId::try_new("u-18").unwrap()
}

fn by(account: &AccountId, password: &str) -> SignInRequest {
    SignInRequest::new("as typed", Some(account.clone()), Secret::from(password), office())
}

fn touch(world: &World, micros: i64, session: &Session) -> SessionOutcome {
    world.guard().touch_session(&world.store, at(micros), session.token(), office()).unwrap()
}

fn is_active(outcome: &SessionOutcome) -> bool {
    matches!(outcome, SessionOutcome::Active { .. })
}

fn count(world: &World, code: &str) -> usize {
    world.codes().iter().filter(|found| *found == code).count()
}

/// A2-Access-2, A2-Input-2: who asks is known by an active session, and by nothing less.
#[test]
fn a2_access_2_a2_input_2_only_an_active_session_is_a_principal() {
    let (world, session) = world(limits().build().unwrap(), None);
    let who = |outcome: &SessionOutcome| world.guard().principal(outcome);
    let principal = who(&touch(&world, 0, &session)).unwrap();
    assert_eq!((principal.tenant(), principal.account()), (&world.tenant, Some(&anna())));
    assert_eq!(who(&touch(&world, 15 * MINUTE, &session)), None); // locked
    world.guard().sign_out(&world.store, at(15 * MINUTE), session.token(), office()).unwrap();
    assert_eq!(who(&touch(&world, 15 * MINUTE, &session)), None); // ended
    assert_eq!(who(&SessionOutcome::Dead), None);
}

/// A2-Access-3: locked when left idle; identification and password reopen it, under a new token; a wrong password, and
/// somebody else's, do not.
#[test]
fn a2_access_3_only_its_bearer_reopens_a_locked_session() {
    let (mut world, session) = world(limits().build().unwrap(), None);
    assert!(is_active(&touch(&world, 15 * MINUTE - 1, &session)));
    assert_eq!(touch(&world, 30 * MINUTE - 1, &session), SessionOutcome::Locked { account: anna() });
    assert_denied(world.sign_in(at(31 * MINUTE), &typed("Winter2026").with_session(session.token().clone())));
    assert_eq!(touch(&world, 32 * MINUTE, &session), SessionOutcome::Locked { account: anna() });

    let reopened =
        signed_in(world.sign_in(at(33 * MINUTE), &typed("Sommer2026").with_session(session.token().clone())));
    assert!(reopened.continues());
    assert!(is_active(&touch(&world, 34 * MINUTE, &reopened)));
    assert_eq!(touch(&world, 34 * MINUTE, &session), SessionOutcome::Dead);
    assert_eq!((count(&world, "session.locked"), count(&world, "session.rotated")), (1, 1));
    assert_eq!(world.guard().sessions(&world.store, at(35 * MINUTE), &anna()).unwrap().len(), 1);
}

/// Signing in to another account does not go on with the session that was shown, and ends it.
#[test]
fn a_sign_in_inside_the_session_of_another_ends_it() {
    let (mut world, planted) = world(limits().build().unwrap(), None);
    let request = by(&ben(), "Herbst2026").with_session(planted.token().clone());
    let session = signed_in(world.sign_in(at(1), &request));
    assert!(!session.continues());
    assert_ne!(session.token().expose(), planted.token().expose());
    assert_eq!(touch(&world, 2, &planted), SessionOutcome::Dead);
    assert_eq!(world.guard().sessions(&world.store, at(2), &anna()).unwrap(), []); // nor is it in her list
    assert_eq!((count(&world, "session.ended"), world.last_reason_of("session.ended")), (2, text("session.replaced")));
    assert!(matches!(touch(&world, 2, &session), SessionOutcome::Active { account, .. } if account == ben()));
    // The temporary password as well: it is a sign-in.
    let temporary = world.issue(at(3), IssueReason::Reset);
    let _change =
        must_change(world.sign_in(at(4), &typed(temporary.password().expose()).with_session(session.token().clone())));
    assert_eq!(touch(&world, 5, &session), SessionOutcome::Dead);
    assert_eq!(world.guard().sessions(&world.store, at(5), &ben()).unwrap(), []);
}

/// A session that another's sign-in ended does not count towards the cap.
#[test]
fn what_another_sign_in_ended_leaves_room() {
    let (mut world, mut session) = world(limits().cap(1, AtCap::Refuse).build().unwrap(), None);
    for round in 0..3 {
        let inside = by(&ben(), "Herbst2026").with_session(session.token().clone());
        let other = signed_in(world.sign_in(at(10 * round + 1), &inside));
        session = signed_in(world.sign_in(at(10 * round + 2), &typed("Sommer2026")));
        world.guard().sign_out(&world.store, at(10 * round + 3), other.token(), office()).unwrap();
    }
}

/// A token that is not known, or that has ended, changes nothing about the sign-in.
#[test]
fn a_dead_token_shown_at_sign_in_is_left_aside() {
    let (mut world, session) = world(limits().build().unwrap(), None);
    world.guard().sign_out(&world.store, at(1), session.token(), office()).unwrap();
    let unknown = Token::mint(&mut Counting(99)).unwrap();
    for token in [session.token().clone(), unknown] {
        assert!(!signed_in(world.sign_in(at(2), &typed("Sommer2026").with_session(token))).continues());
    }
}

#[test]
fn a_rotated_session_has_one_token() {
    let (mut world, session) = world(limits().build().unwrap(), None);
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    let mut rotate = |micros, session: &Session| {
        guard.rotate_session(&world.store, at(micros), &mut world.entropy, session.token(), office()).unwrap()
    };
    let second = rotate(HOUR / 8, &session).unwrap();
    assert!(rotate(HOUR / 8, &session).is_none()); // not twice
    assert!(rotate(HOUR / 8 + 15 * MINUTE, &second).is_none()); // idle: only its bearer's password reopens it
    assert!(second.continues());
    assert_eq!(second.expires_at(), at(HOUR / 8 + 8 * HOUR).timestamp());
    assert_eq!(touch(&world, HOUR / 8, &session), SessionOutcome::Dead);
}

/// The cap, with the right password: the oldest ends; or the new one is refused, and that is no failure.
#[test]
fn the_cap_refuses_without_counting_a_failure() {
    for at_cap in [AtCap::EndOldest, AtCap::Refuse] {
        let (mut world, first) = world(limits().cap(2, at_cap).build().unwrap(), None);
        let second = signed_in(world.sign_in(at(1), &typed("Sommer2026")));
        for micros in 2..6 {
            let third = world.sign_in(at(micros), &typed("Sommer2026"));
            assert_eq!(matches!(third, SignInOutcome::Denied(_)), at_cap == AtCap::Refuse);
            assert_eq!(is_active(&touch(&world, micros, &first)), at_cap == AtCap::Refuse);
        }
        assert_eq!(world.lockout().failures(), 0);
        assert_eq!(is_active(&touch(&world, 6, &second)), at_cap == AtCap::Refuse);
        let (evicted, refused) = (count(&world, "session.ended"), count(&world, "sign_in.refused"));
        // Ben's first session was ended by `world`.
        assert_eq!((evicted, refused), if at_cap == AtCap::Refuse { (1, 4) } else { (5, 0) });
        if at_cap == AtCap::Refuse {
            assert_eq!(world.last_reason(), text("session.full"));
        }
    }
}

/// The page of a person's own sessions: what they are, and no token.
#[test]
fn the_list_names_sessions_and_ends_them() {
    let (mut world, first) = world(limits().build().unwrap(), None);
    let second = signed_in(world.sign_in(at(1), &typed("Sommer2026")));
    let third = signed_in(world.sign_in(at(2), &typed("Sommer2026")));
    let list = |world: &World| world.guard().sessions(&world.store, at(3), &anna()).unwrap();
    let sessions = list(&world);
    assert_eq!(
        sessions.iter().map(|one| one.opened_at()).collect::<Vec<_>>(),
        [0, 1, 2].map(|micros| at(micros).timestamp())
    );
    assert!(sessions.iter().all(|one| one.origin() == office() && !one.is_locked()));
    let shown = serde_json::to_string(&sessions).unwrap() + &alloc::format!("{sessions:?}");
    assert!([&first, &second, &third].iter().all(|session| !shown.contains(session.token().expose())));

    let end = |ending: &Ending| world.guard().end_sessions(&world.store, at(4), &admin(), &anna(), ending).unwrap();
    assert_eq!(end(&Ending::One(sessions[0].id())), 1);
    assert_eq!(touch(&world, 5, &first), SessionOutcome::Dead);
    assert_eq!(end(&Ending::Others(third.token().digest())), 1);
    assert_eq!(touch(&world, 5, &second), SessionOutcome::Dead);
    assert!(is_active(&touch(&world, 5, &third)));
    assert_eq!(end(&Ending::All), 1);
    assert_eq!(touch(&world, 5, &third), SessionOutcome::Dead);
    assert!(list(&world).is_empty());
    // Whoever signs out of what another has ended does not end it a second time.
    let count_before = count(&world, "session.ended");
    world.guard().sign_out(&world.store, at(6), first.token(), office()).unwrap();
    assert_eq!(count(&world, "session.ended"), count_before);
    // Who ended it is on record.
    let ended: Vec<Event> = world.events().into_iter().filter(|event| event.code() == "session.ended").collect();
    assert!(ended.iter().all(|event| *event.actor() == Actor::User(AccountId::try_new("u-1").unwrap())));
}

#[test]
fn a_password_change_and_the_tenant_end_every_session() {
    let (mut world, first) = world(limits().build().unwrap(), None);
    let temporary = world.issue(at(1), IssueReason::Reset);
    assert_eq!(touch(&world, 2, &first), SessionOutcome::Dead);
    let change = must_change(world.sign_in(at(3), &typed(temporary.password().expose())));
    let ChangeOutcome::Changed { session: second, .. } = world.choose(at(4), change.token(), "Winter2026") else {
        panic!()
    };
    assert!(is_active(&touch(&world, 5, &second)));
    world.guard().revoke_sessions(&world.store, at(6), &admin()).unwrap();
    assert_eq!(touch(&world, 7, &second), SessionOutcome::Dead);
    let third = signed_in(world.sign_in(at(8), &typed("Winter2026")));
    assert!(is_active(&touch(&world, 9, &third)));
    // Only of this tenant.
    assert!(world.store.records().iter().any(|(key, _)| key.to_string() == "tenant:acme/revocation/acme"));
}

/// Once a session and reason, however often it is tried; and the session lives on for its bearer.
#[test]
fn a_refused_use_is_an_event_once() {
    let (world, session) = world(limits().build().unwrap(), None);
    let plain = Origin::network("198.51.100.7".parse().unwrap(), Transport::Plain);
    for micros in 1..100 {
        let outcome = world.guard().touch_session(&world.store, at(micros), session.token(), plain).unwrap();
        assert_eq!(outcome, SessionOutcome::Dead);
    }
    assert_eq!(count(&world, "session.refused"), 1);
    assert_eq!(world.last_reason(), text("access.plain_transport"));
    let before = world.events().len();
    let unknown = Token::mint(&mut Counting(99)).unwrap();
    assert_eq!(world.guard().touch_session(&world.store, at(1), &unknown, plain).unwrap(), SessionOutcome::Dead);
    assert_eq!(world.events().len(), before); // nobody can fill the log with tokens he made up
    assert!(is_active(&touch(&world, 100, &session)));
}

/// A use and a revocation at the same time: whichever commits first, the session is dead after both.
#[test]
fn a_use_that_races_a_revocation_loses() {
    let (world, session) = world(limits().touch_every_secs(0).build().unwrap(), None);
    let id = session.token().digest();
    let keys = world.guard().session_keys(&anna());
    let rows = Rows::load(&world.store, &keys).unwrap();
    world.guard().end_sessions(&world.store, at(1), &admin(), &anna(), &Ending::All).unwrap();
    // Decided on what was loaded before: the commit conflicts, and the second decision finds nothing.
    let mut rounds = 0;
    let outcome = update_from(&world.store, rows, |rows| {
        rounds += 1;
        let validity = crate::session::Validity {
            generation: rows.read::<CredentialState>(&keys[1])?.map(|state| state.generation()),
            revocation: 0,
        };
        let mut change = crate::store::Change::new(rows, at(1), &admin());
        let policy = world.policy.session();
        let used = crate::session::touch(rows.read(&keys[0])?, at(1), policy, &validity, &anna(), &id);
        let outcome = change.apply(&keys[0], used)?;
        Ok(change.finish(outcome))
    });
    assert_eq!((outcome.unwrap(), rounds), (SessionOutcome::Dead, 2));
    assert_eq!(touch(&world, 2, &session), SessionOutcome::Dead);
}

/// Two that rotate one session at once, and many that sign in at once under a cap, each interleaving by threads.
#[test]
fn rotations_and_sign_ins_at_once_keep_one_token_and_the_cap() {
    let (world, session) = world(limits().cap(3, AtCap::Refuse).build().unwrap(), None);
    let rotated = std::thread::scope(|scope| {
        let rotate = |seed| {
            let (world, session) = (&world, &session);
            move || {
                let token = session.token();
                world.guard().rotate_session(&world.store, at(1), &mut Counting(seed), token, office()).unwrap()
            }
        };
        let both: Vec<_> = [11, 13].map(|seed| scope.spawn(rotate(seed))).into_iter().collect();
        both.into_iter().filter_map(|one| one.join().unwrap()).count()
    });
    assert_eq!(rotated, 1);
    let opened = std::thread::scope(|scope| {
        let attempt = |seed| {
            let world = &world;
            move || {
                // As many as may fail run at once; the others wait their turn.
                loop {
                    let mut entropy = Counting(seed);
                    match world.guard().sign_in(&world.store, at(2), &mut entropy, &typed("Sommer2026")) {
                        SignInOutcome::Busy { .. } => std::thread::yield_now(),
                        SignInOutcome::SignedIn(_) => return true,
                        SignInOutcome::Denied(_) => return false,
                        other => panic!("{other:?}"),
                    }
                }
            }
        };
        let all: Vec<_> = (101..109).map(|seed| scope.spawn(attempt(seed))).collect();
        all.into_iter().map(|one| one.join().unwrap()).filter(|opened| *opened).count()
    });
    assert_eq!(opened, 2); // one place was taken
    assert_eq!(world.guard().sessions(&world.store, at(3), &anna()).unwrap().len(), 3);
    assert_eq!(world.lockout().failures(), 0);
}

/// A2-Input-6: the right password does not open a dormant account, and that is an event; no failure is counted, and a
/// reactivation opens it.
#[test]
fn a2_input_6_a_dormant_account_is_refused_until_it_is_reactivated() {
    let dormancy = DormancyPolicy::builder().period_days(90).warn_days_before([30]).grace_days(7).build().unwrap();
    let (mut world, session) = world(limits().build().unwrap(), Some(dormancy));
    let day = |days: i64| days * DAY;
    let _alive = signed_in(world.sign_in(at(day(90) - 1), &typed("Sommer2026")));
    let asleep = day(90) - 1 + day(90);
    assert_denied(world.sign_in(at(asleep), &typed("Winter2026")));
    assert_eq!(world.last_reason(), text("sign_in.mismatch")); // the public learns no more from one than the other
    for micros in [0, 1, 2] {
        assert_denied(world.sign_in(at(asleep + micros), &typed("Sommer2026")));
        assert_eq!(world.last_reason(), text("session.dormant"));
    }
    assert_eq!((count(&world, "session.dormant"), world.lockout().failures()), (1, 0));
    assert_eq!(touch(&world, asleep, &session), SessionOutcome::Dead);

    world.guard().reactivate(&world.store, at(asleep + SECOND), &admin(), &anna()).unwrap();
    let review = |world: &World, micros| {
        world.guard().review_dormancy(&world.store, at(micros), &admin(), &anna()).unwrap().unwrap()
    };
    assert!(matches!(review(&world, asleep + 2 * SECOND), Standing::Warn { .. })); // a week is left
    let _session = signed_in(world.sign_in(at(asleep + day(7)), &typed("Sommer2026")));
    assert_eq!(review(&world, asleep + day(8)), Standing::Active);
}

/// Whoever asks to change a lasting password keeps the session he asks from until the change is made.
#[test]
fn an_asked_change_leaves_the_session_alone_until_it_is_made() {
    let (mut world, session) = World::settled(at(0), "Sommer2026");
    let alive = |world: &World, micros| {
        let outcome = world.guard().check_session(&world.store, at(micros), session.token(), office()).unwrap();
        matches!(outcome, SessionOutcome::Active { .. })
    };
    let asked = typed("Sommer2026").for_change().with_session(session.token().clone());
    let permit = must_change(world.sign_in(at(1), &asked));
    assert!(alive(&world, 2));
    assert!(matches!(world.choose(at(3), permit.token(), "Herbst2026"), ChangeOutcome::Changed { .. }));
    assert!(!alive(&world, 4));
}
