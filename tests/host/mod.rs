//! What a host application would write to test its integration: public API and feature `testing` only,
//! once with a blocking store and once with an async one.

use clausework::access::AccessPolicy;
use clausework::credential::Issue;
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::lockout::{self, DenialPolicy, LockoutPolicy, LockoutState};
use clausework::password::{PasswordPolicy, Violation};
use clausework::screening::{Screening, ScreeningOutcome, UnknownPolicy, UnknownReason};
use clausework::secret::Keyring;
use clausework::session::{DormancyPolicy, Ending, IdleLimit, SessionOutcome, SessionPolicy};
use clausework::sign_in::{
    Begun, ChangeBegun, ChangeOutcome, ChangeRequest, Fault, IssueOutcome, SignIn, SignInOutcome, SignInPolicy,
    SignInRequest,
};
use clausework::store::{
    AsyncStore, Batch, Change, Commit, Decision, Key, MemoryStore, Rows, Store, Stored, Transition, UpdateError,
    update_async, update_from_async,
};
use clausework::testing::{CheapHash, Clock, FaultyStore, NoEntropy, SeededEntropy, StoreFault, block_on, codes};
use clausework::{AccountId, Now, Secret, TenantId};

/// The host's own wiring, built once.
struct App {
    tenant: TenantId,
    policy: SignInPolicy,
    hasher: Hasher,
    keys: Keyring,
}

impl App {
    fn new() -> Self {
        let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build().unwrap();
        Self {
            tenant: tenant(),
            policy: SignInPolicy::builder().session(session).build().unwrap(),
            hasher: Hasher::with_kernel(HashPolicy::default(), CheapHash),
            keys: Keyring::new(OpaqueId::try_new("test").unwrap(), [7; 32]),
        }
    }

    fn guard(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys)
    }
}

fn tenant() -> TenantId {
    TenantId::try_new("acme").unwrap()
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn admin() -> Provenance {
    Provenance::internal(Actor::User(AccountId::try_new("u-1").unwrap()))
}

fn peer() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn request(password: &str) -> SignInRequest {
    SignInRequest::new("anna@example.com", Some(anna()), Secret::from(password), peer())
}

#[test]
fn a_blocking_host_from_first_password_to_sign_out() {
    let (app, store) = (App::new(), MemoryStore::new());
    let (mut clock, mut entropy) = (Clock::at("2026-11-22T09:30:00Z"), SeededEntropy::new(1));
    let guard = app.guard();

    let temporary =
        guard.issue_temporary(&store, clock.now(), &mut entropy, &admin(), &Issue::new_user(anna())).issued().unwrap();
    let first = guard.sign_in(&store, clock.now(), &mut entropy, &request(temporary.password().expose()));
    let SignInOutcome::MustChange(change) = first else { panic!("{first:?}") };
    let chosen = ChangeRequest::new(change.token().clone(), Secret::from("Sommer2026"), peer());
    let ChangeOutcome::Changed { .. } = guard.change_password(&store, clock.now(), &mut entropy, &chosen) else {
        panic!()
    };

    for _ in 0..3 {
        clock.advance_secs(1);
        let outcome = guard.sign_in(&store, clock.now(), &mut entropy, &request("Winter2026"));
        assert!(matches!(outcome, SignInOutcome::Denied(_)));
    }
    clock.advance_secs(15 * 60 - 1);
    let outcome = guard.sign_in(&store, clock.now(), &mut entropy, &request("Sommer2026"));
    assert!(matches!(outcome, SignInOutcome::Denied(_)));
    clock.advance_secs(1);
    let outcome = guard.sign_in(&store, clock.now(), &mut entropy, &request("Sommer2026"));
    let SignInOutcome::SignedIn(session) = outcome else { panic!("{outcome:?}") };

    let alive = guard.check_session(&store, clock.now(), session.token(), peer()).unwrap();
    assert_eq!(alive, SessionOutcome::Active { account: anna(), expires_at: session.expires_at() });
    guard.sign_out(&store, clock.now(), session.token(), peer()).unwrap();
    let dead = guard.check_session(&store, clock.now(), session.token(), peer()).unwrap();
    assert_eq!(dead, SessionOutcome::Dead);
    assert!(codes(&store).contains(&"lockout.locked".to_owned()));
}

/// A bearer changes a lasting password through the three steps of the form: the present one, the host's look-up of the
/// new one in its breach source, the new one. The store fails at the last commit, then loses its acknowledgement.
#[test]
fn a_bearer_changes_a_password_on_a_store_that_fails() {
    let mut app = App::new();
    let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
    let password = PasswordPolicy::builder().history(4).build().unwrap();
    let policy = SignInPolicy::builder().session(session).password(password);
    app.policy = policy.screening(Some(UnknownPolicy::AcceptAndRecheck)).build().unwrap();
    let (clock, mut entropy) = (Clock::at("2026-11-22T09:30:00Z"), SeededEntropy::new(1));
    let mut store = FaultyStore::new(MemoryStore::new());
    let guard = app.guard();
    let issued = guard
        .issue_temporary(&mut store, clock.now(), &mut entropy, &admin(), &Issue::new_user(anna()))
        .issued()
        .unwrap();

    let mut present = issued.password().expose().to_owned();
    // What the store does to the last commit of the change (the first counts the try); what the host's source answers.
    for (fault, next, answer) in [
        (StoreFault::None, "Sommer2026", Screening::Clean),
        (StoreFault::Commit, "Herbst2026", Screening::Unknown { reason: UnknownReason::NoAnswer }),
        (StoreFault::SpuriousConflict, "Winter2026", Screening::Unknown { reason: UnknownReason::NoAnswer }),
    ] {
        let asked = guard.sign_in(&mut store, clock.now(), &mut entropy, &request(&present).for_change());
        let SignInOutcome::MustChange(permit) = asked else { panic!("{asked:?}") };
        let chosen = ChangeRequest::new(permit.token().clone(), next.into(), peer()).with_screening(answer);
        store.plan(StoreFault::None);
        store.plan(fault);
        let mut outcome = guard.change_password(&mut store, clock.now(), &mut entropy, &chosen);
        if fault == StoreFault::Commit {
            assert!(matches!(outcome, ChangeOutcome::Unavailable(Fault::Store(_))), "{outcome:?}");
            outcome = guard.change_password(&mut store, clock.now(), &mut entropy, &chosen); // the permission stands
        }
        let ChangeOutcome::Changed { session, screening } = outcome else { panic!("{outcome:?}") };
        let recheck = matches!(screening, ScreeningOutcome::AcceptedForRecheck { .. });
        assert_eq!(recheck, answer != Screening::Clean); // the host remembers to look again at the next sign-in
        let alive = guard.check_session(&mut store, clock.now(), session.token(), peer()).unwrap();
        assert!(matches!(alive, SessionOutcome::Active { .. }));
        present = next.to_owned();
    }

    let asked = guard.sign_in(&mut store, clock.now(), &mut entropy, &request(&present).for_change());
    let SignInOutcome::MustChange(permit) = asked else { panic!("{asked:?}") };
    let chosen = |text: &str| ChangeRequest::new(permit.token().clone(), text.into(), peer());
    store.plan(StoreFault::LostAcknowledgement);
    let outcome = guard.change_password(&mut store, clock.now(), &mut entropy, &chosen("Herbst2026"));
    assert!(matches!(&outcome, ChangeOutcome::Unavailable(_)), "{outcome:?}"); // refused, and nobody was told
    let ChangeOutcome::Rejected(violations) =
        guard.change_password(&mut store, clock.now(), &mut entropy, &chosen("Herbst2026"))
    else {
        panic!()
    };
    assert_eq!(violations, [Violation::InHistory { history: 4 }]);
    store.plan(StoreFault::None);
    store.plan(StoreFault::LostAcknowledgement);
    let outcome = guard.change_password(&mut store, clock.now(), &mut entropy, &chosen("Lenz-2027"));
    assert!(matches!(outcome, ChangeOutcome::Unavailable(Fault::Store(_))), "{outcome:?}"); // changed, and nobody was told
    let outcome = guard.change_password(&mut store, clock.now(), &mut entropy, &chosen("Lenz-2028"));
    assert!(matches!(outcome, ChangeOutcome::Denied(_)), "{outcome:?}"); // spent
    let outcome = guard.sign_in(&mut store, clock.now(), &mut entropy, &request("Lenz-2027"));
    assert!(matches!(outcome, SignInOutcome::SignedIn(_)), "{outcome:?}");
}

/// A store that can only be awaited, and is pending once before each answer.
#[derive(Clone)]
struct Remote(MemoryStore);

impl AsyncStore for &Remote {
    type Error = core::convert::Infallible;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Self::Error> {
        once_pending().await;
        Store::load(&mut &self.0, keys)
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Self::Error> {
        once_pending().await;
        Store::commit(&mut &self.0, batch)
    }
}

fn once_pending() -> impl Future<Output = ()> + Send {
    let mut asked = false;
    core::future::poll_fn(move |_| {
        if asked {
            return core::task::Poll::Ready(());
        }
        asked = true;
        core::task::Poll::Pending
    })
}

/// The three steps, as an async host runs them; the hash would go to a blocking thread. The clock is read again after it.
async fn sign_in_async(
    guard: SignIn<'_>,
    store: &Remote,
    clock: &Clock,
    request: &SignInRequest,
) -> Result<SignInOutcome, UpdateError<core::convert::Infallible>> {
    let begun = update_async(store, guard.keys(request), |rows| guard.begin(rows, clock.now(), request)).await?;
    let attempt = match begun {
        Begun::Attempt(attempt) => attempt,
        Begun::Ended(outcome) => return Ok(outcome),
    };
    let seed = clock.now().timestamp().as_micros().unsigned_abs();
    let verdict = attempt.verify(guard.hasher(), &mut SeededEntropy::new(seed), request.password());
    update_from_async(store, verdict.rows(), |rows| guard.settle(rows, clock.now(), &verdict)).await
}

#[test]
fn an_async_host_runs_the_same_steps() {
    let (app, store) = (App::new(), Remote(MemoryStore::new()));
    let (mut clock, mut entropy) = (Clock::at("2026-11-22T09:30:00Z"), SeededEntropy::new(1));
    let guard = app.guard();
    block_on(async {
        let prepared =
            guard.prepare_temporary(clock.now(), &mut entropy, &Issue::new_customer(anna(), anna())).unwrap();
        let put = |rows: &Rows| guard.settle_temporary(rows, clock.now(), &admin(), &prepared);
        assert_eq!(update_async(&store, prepared.keys(), put).await.unwrap(), []);

        let password = prepared.password().expose();
        let first = sign_in_async(guard, &store, &clock, &request(password)).await.unwrap();
        let SignInOutcome::MustChange(change) = first else { panic!("{first:?}") };

        // The change: find whose it is, begin, hash on a blocking thread, settle.
        let chosen = ChangeRequest::new(change.token().clone(), Secret::from("Sommer2026"), peer());
        let found = Rows::load_async(&store, guard.change_keys(&chosen)).await.unwrap();
        let keys = guard.find_change(&found, &chosen).unwrap();
        let begin = |rows: &Rows| guard.begin_change(rows, clock.now(), &chosen);
        let ChangeBegun::Attempt(attempt) = update_async(&store, keys, begin).await.unwrap() else { panic!() };
        let verdict = attempt.hash(guard.hasher(), &mut entropy);
        let settle = |rows: &Rows| guard.settle_change(rows, clock.now(), &verdict);
        let changed = update_from_async(&store, verdict.rows(), settle).await.unwrap();
        assert!(matches!(changed, ChangeOutcome::Changed { .. }), "{changed:?}");

        for _ in 0..3 {
            clock.advance_secs(1);
            let outcome = sign_in_async(guard, &store, &clock, &request("Winter2026")).await.unwrap();
            assert!(matches!(outcome, SignInOutcome::Denied(_)));
        }
        clock.advance_secs(15 * 60);
        let outcome = sign_in_async(guard, &store, &clock, &request("Sommer2026")).await.unwrap();
        let SignInOutcome::SignedIn(session) = outcome else { panic!("{outcome:?}") };

        // On every request: the token from the cookie, and where the request comes from.
        let used = guard.touch_session_async(&store, clock.now(), session.token(), peer()).await.unwrap();
        assert!(matches!(used, SessionOutcome::Active { .. }));
        // After a second factor of the host's own: the same session, another token.
        let new = clausework::secret::Token::mint(&mut entropy).unwrap();
        let rotated = guard.rotate_session_async(&store, clock.now(), &new, session.token(), peer()).await.unwrap();
        let session = rotated.unwrap();
        // The page of one's own sessions, and its button "everywhere else".
        let rows = Rows::load_async(&store, guard.session_keys(&anna())).await.unwrap();
        let listed = guard.list_sessions(&rows, clock.now(), &anna()).unwrap();
        assert_eq!(listed.iter().filter(|one| one.id() == session.token().digest()).count(), 1);
        let ending = Ending::Others(session.token().digest());
        let end = |rows: &Rows| guard.settle_end(rows, clock.now(), &admin(), &anna(), &ending);
        assert_eq!(update_async(&store, guard.session_keys(&anna()), end).await.unwrap(), listed.len() - 1);
        let check = async || guard.check_session_async(&store, clock.now(), session.token(), peer()).await.unwrap();
        assert_eq!(check().await, SessionOutcome::Active { account: anna(), expires_at: session.expires_at() });
        guard.sign_out_async(&store, clock.now(), session.token(), peer()).await.unwrap();
        assert_eq!(check().await, SessionOutcome::Dead);
    });
}

/// Anna, with a lasting password: `Sommer2026`.
fn settle_in(guard: SignIn<'_>, mut store: impl Store, now: Now) {
    let mut entropy = SeededEntropy::new(9);
    let issue = Issue::new_user(anna());
    let issued = guard.issue_temporary(&mut store, now, &mut entropy, &admin(), &issue).issued().unwrap();
    let outcome = guard.sign_in(&mut store, now, &mut entropy, &request(issued.password().expose()));
    let SignInOutcome::MustChange(permit) = outcome else { panic!("{outcome:?}") };
    let choice = ChangeRequest::new(permit.token().clone(), "Sommer2026".into(), peer());
    let outcome = guard.change_password(&mut store, now, &mut entropy, &choice);
    assert!(matches!(outcome, ChangeOutcome::Changed { .. }), "{outcome:?}");
}

/// What an administrator and a job do, over the same remote store.
#[test]
fn an_async_host_unlocks_closes_gaps_and_reactivates() {
    let (mut app, store) = (App::new(), Remote(MemoryStore::new()));
    let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
    let dormancy = DormancyPolicy::builder().period_days(1).build().unwrap();
    let policy = SignInPolicy::builder().session(session).dormancy(dormancy);
    app.policy = policy.denials(DenialPolicy::try_new(1, 60).unwrap()).build().unwrap();
    let mut clock = Clock::at("2026-11-22T09:30:00Z");
    let guard = app.guard();
    settle_in(guard, &store.0, clock.now());
    let right = request("Sommer2026");
    block_on(async {
        for _ in 0..3 {
            let outcome = sign_in_async(guard, &store, &clock, &request("Winter2026")).await.unwrap();
            assert!(matches!(outcome, SignInOutcome::Denied(_)));
        }
        let unlock = |rows: &Rows| guard.settle_unlock(rows, clock.now(), &admin(), &anna());
        assert!(matches!(sign_in_async(guard, &store, &clock, &right).await.unwrap(), SignInOutcome::Denied(_)));
        update_async(&store, guard.unlock_keys(&anna()), unlock).await.unwrap();
        let outcome = sign_in_async(guard, &store, &clock, &right).await.unwrap();
        let SignInOutcome::SignedIn(session) = outcome else { panic!("{outcome:?}") };

        // Disabled: the session is dead at once, and the right password opens nothing.
        let disable = |rows: &Rows| guard.settle_disabling(rows, clock.now(), &admin(), &anna());
        update_async(&store, guard.session_keys(&anna()), disable).await.unwrap();
        let check = guard.check_session_async(&store, clock.now(), session.token(), peer()).await.unwrap();
        assert_eq!(check, SessionOutcome::Dead);
        assert!(matches!(sign_in_async(guard, &store, &clock, &right).await.unwrap(), SignInOutcome::Denied(_)));
        let enable = |rows: &Rows| guard.settle_enabling(rows, clock.now(), &admin(), &anna());
        update_async(&store, guard.session_keys(&anna()), enable).await.unwrap();
        clock.advance_secs(1); // the next token is another
        let outcome = sign_in_async(guard, &store, &clock, &right).await.unwrap();
        let SignInOutcome::SignedIn(session) = outcome else { panic!("{outcome:?}") };

        // Signed in to another account inside that session: found before, it leaves its list.
        let ben = AccountId::try_new("u-18").unwrap();
        let other = SignInRequest::new("ben", Some(ben.clone()), "Winter2026".into(), peer());
        let shown = other.with_session(session.token().clone());
        let rows = Rows::load_async(&store, guard.shown_key(&shown)).await.unwrap();
        let keys = guard.find_shown(&rows, &shown).unwrap();
        let listed = guard.session_keys(&anna()).swap_remove(0);
        assert!(keys.contains(&listed) && !guard.keys(&shown).contains(&listed));
        let nothing = Rows::new(guard.shown_key(&shown), [None]);
        assert_eq!(guard.find_shown(&nothing, &shown).unwrap(), guard.keys(&shown)); // a token of nobody's
        let begun = update_async(&store, keys, |rows| guard.begin(rows, clock.now(), &shown)).await.unwrap();
        assert!(matches!(begun, Begun::Attempt(_)), "{begun:?}");

        let gaps = |store: &Remote| codes(&store.0).iter().filter(|code| *code == "lockout.gap").count();
        assert_eq!(gaps(&store), 0);
        for _ in 0..2 {
            let close = |rows: &Rows| guard.settle_gaps(rows, clock.now(), &admin());
            update_async(&store, guard.gap_keys(), close).await.unwrap();
            assert_eq!(gaps(&store), 1);
        }

        clock.advance_secs(86_400);
        assert!(matches!(sign_in_async(guard, &store, &clock, &right).await.unwrap(), SignInOutcome::Denied(_)));
        let reactivate = |rows: &Rows| guard.settle_reactivation(rows, clock.now(), &admin(), &anna());
        update_async(&store, guard.session_keys(&anna()), reactivate).await.unwrap();
        let outcome = sign_in_async(guard, &store, &clock, &right).await.unwrap();
        assert!(matches!(outcome, SignInOutcome::SignedIn(_)), "{outcome:?}");
    });
}

/// The futures of the drivers can be spawned.
#[test]
fn an_async_sign_in_is_send() {
    fn is_send<T: Send>(_: &T) {}
    let (app, store, clock) = (App::new(), Remote(MemoryStore::new()), Clock::at("2026-11-22T09:30:00Z"));
    let request = request("x");
    is_send(&sign_in_async(app.guard(), &store, &clock, &request));
    let token = clausework::secret::Token::mint(&mut SeededEntropy::new(1)).unwrap();
    is_send(&app.guard().check_session_async(&store, clock.now(), &token, peer()));
    is_send(&app.guard().touch_session_async(&store, clock.now(), &token, peer()));
    is_send(&app.guard().rotate_session_async(&store, clock.now(), &token, &token, peer()));
}

/// Every fault of the store, at each of a sign-in's calls to it: never a way in, never a lock for one fault, and
/// what happened before the hash is not counted.
#[test]
fn faults_let_nobody_in_and_lock_nobody_out() {
    use StoreFault::{Commit, Load, LostAcknowledgement, SpuriousConflict};
    // What the store does to the commits of one sign-in, in order: begin, then settle.
    let plans: [(&[StoreFault], u32); 7] = [
        (&[Load], 0),
        (&[Commit], 0),
        (&[SpuriousConflict, Commit], 0),
        (&[LostAcknowledgement], 1),      // begun, and nobody knows: it lapses as a failure
        (&[StoreFault::None, Commit], 1), // verified, and never settled: it lapses as a failure
        (&[StoreFault::None, SpuriousConflict, Commit], 1),
        (&[StoreFault::None, LostAcknowledgement], 0), // settled, and nobody knows
    ];
    for (plan, failures) in plans {
        let app = App::new();
        let (mut clock, mut entropy) = (Clock::at("2026-11-22T09:30:00Z"), SeededEntropy::new(1));
        let mut store = FaultyStore::new(MemoryStore::new());
        let guard = app.guard();
        let temporary = guard
            .issue_temporary(&mut store, clock.now(), &mut entropy, &admin(), &Issue::new_user(anna()))
            .issued()
            .unwrap();
        let right = request(temporary.password().expose());
        plan.iter().for_each(|fault| store.plan(*fault));
        let outcome = guard.sign_in(&mut store, clock.now(), &mut entropy, &right);
        assert!(matches!(outcome, SignInOutcome::Unavailable(Fault::Store(_))), "{plan:?}: {outcome:?}");

        clock.advance_secs(61);
        let lapsed = codes(store.inner()).len();
        let wrong = guard.sign_in(&mut store, clock.now(), &mut entropy, &request("Winter2026"));
        assert!(matches!(wrong, SignInOutcome::Denied(_)), "{plan:?}");
        let counted = codes(store.inner())[lapsed..].iter().filter(|code| *code == "lockout.lapsed").count();
        assert_eq!(counted, failures as usize, "{plan:?}");
        let outcome = guard.sign_in(&mut store, clock.now(), &mut entropy, &right);
        assert!(matches!(outcome, SignInOutcome::MustChange(_)), "{plan:?}: {outcome:?}");
    }
}

/// Three in a row at the last step: what the documentation says of them.
#[test]
fn three_settlements_that_never_arrive_lock_for_one_period() {
    let app = App::new();
    let (mut clock, mut entropy) = (Clock::at("2026-11-22T09:30:00Z"), SeededEntropy::new(1));
    let mut store = FaultyStore::new(MemoryStore::new());
    let guard = app.guard();
    settle_in(guard, &mut store, clock.now());
    let right = request("Sommer2026");
    for _ in 0..3 {
        store.plan(StoreFault::None);
        store.plan(StoreFault::Commit);
        let outcome = guard.sign_in(&mut store, clock.now(), &mut entropy, &right);
        assert!(matches!(outcome, SignInOutcome::Unavailable(Fault::Store(_))), "{outcome:?}");
    }
    clock.advance_secs(60 + 15 * 60 - 1);
    let outcome = guard.sign_in(&mut store, clock.now(), &mut entropy, &right);
    assert!(matches!(outcome, SignInOutcome::Denied(_)), "{outcome:?}");
    clock.advance_secs(1);
    let outcome = guard.sign_in(&mut store, clock.now(), &mut entropy, &right);
    assert!(matches!(outcome, SignInOutcome::SignedIn(_)), "{outcome:?}");
}

#[test]
fn without_entropy_nothing_is_issued() {
    let (app, store, clock) = (App::new(), MemoryStore::new(), Clock::at("2026-11-22T09:30:00Z"));
    let guard = app.guard();
    let issued = guard.issue_temporary(&store, clock.now(), &mut NoEntropy, &admin(), &Issue::new_user(anna()));
    assert!(matches!(issued, IssueOutcome::Unavailable(Fault::Entropy(_))));
    assert!(store.records().is_empty());
}

/// An administrator opens an account that the cap has closed.
#[test]
fn an_administrator_opens_a_disabled_account() {
    let mut app = App::new();
    let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
    let cap = LockoutPolicy::builder().cap(Some(3)).build().unwrap();
    app.policy = SignInPolicy::builder().session(session).lockout(cap).build().unwrap();
    let (clock, store) = (Clock::at("2026-11-22T09:30:00Z"), MemoryStore::new());
    let guard = app.guard();
    settle_in(guard, &store, clock.now());
    let try_it = |password: &str| guard.sign_in(&store, clock.now(), &mut SeededEntropy::new(2), &request(password));
    for _ in 0..3 {
        assert!(matches!(try_it("Winter2026"), SignInOutcome::Denied(_)));
    }
    assert!(matches!(try_it("Sommer2026"), SignInOutcome::Denied(_)));
    guard.unlock(&store, clock.now(), &admin(), &anna()).unwrap();
    assert!(matches!(try_it("Sommer2026"), SignInOutcome::SignedIn(_)));
    assert!(codes(&store).contains(&"lockout.unlocked".to_owned()));
}

/// A host with tables of its own, or an outer transaction, calls the decisions and needs no trait.
#[test]
fn a_host_with_its_own_table_uses_the_decisions_alone() {
    let (policy, clock) = (LockoutPolicy::default(), Clock::at("2026-11-22T09:30:00Z"));
    let mut column: Option<LockoutState> = None; // in the host's own row, under its own lock
    for _ in 0..3 {
        let (next, outcome, _facts) = lockout::begin(column.take(), clock.now(), &policy).into_parts();
        let clausework::store::Next::Put(state) = next else { panic!() };
        let lockout::BeginOutcome::Reserved(attempt) = outcome else { panic!("{outcome:?}") };
        let settled = lockout::settle(Some(state), clock.now(), &policy, &attempt, false);
        let clausework::store::Next::Put(state) = settled.into_parts().0 else { panic!() };
        column = Some(state);
    }
    let locked: Transition<_, _> = lockout::begin(column, clock.now(), &policy);
    assert!(matches!(locked.outcome(), lockout::BeginOutcome::Locked { .. }));
}

/// The same through rows and a batch, committed by hand: the outcome comes out only against `Applied`.
#[test]
fn a_decision_by_hand_releases_its_outcome_only_when_applied() {
    let (policy, clock, mut store) = (LockoutPolicy::default(), Clock::at("2026-11-22T09:30:00Z"), MemoryStore::new());
    let key = Key::of::<LockoutState>(tenant(), &anna());
    let decide = |stored: Option<Stored>| -> Decision<lockout::BeginOutcome> {
        let rows = Rows::new([key.clone()], [stored]);
        let by = Provenance::new(Actor::Unauthenticated, peer());
        let mut change = Change::new(&rows, clock.now(), &by);
        let begun = change.apply(&key, lockout::begin(rows.read(&key).unwrap(), clock.now(), &policy)).unwrap();
        change.finish(begun)
    };
    let (one, other) = (decide(None), decide(None));
    let applied = store.commit(&one.batch()).unwrap();
    assert!(one.release(applied).is_some());
    let conflict = store.commit(&other.batch()).unwrap();
    assert_eq!(conflict, Commit::Conflict);
    assert!(other.release(conflict).is_none());
}

/// A policy file is checked as a built policy is, and a wrong one says where.
#[test]
fn a_policy_file_is_checked_when_it_is_read() {
    let good = r#"{"session":{"lifetime_secs":28800,"idle":"unlimited"},"access":{"ip_list":{"only":["198.51.100.0/24"]},"https_only":true}}"#;
    let policy: SignInPolicy = serde_json::from_str(good).unwrap();
    assert!(policy.access().https_only());
    assert_eq!((policy.screen_common(), policy.screening()), (true, None)); // what the file does not name
    let lax =
        r#"{"session":{"lifetime_secs":60,"idle":"unlimited"},"screen_common":false,"screening":"accept_and_recheck"}"#;
    let policy: SignInPolicy = serde_json::from_str(lax).unwrap();
    assert_eq!((policy.screen_common(), policy.screening()), (false, Some(UnknownPolicy::AcceptAndRecheck)));
    for (bad, said) in [
        (r#"{}"#, "no session lifetime was chosen"),
        (r#"{"session":{"lifetime_secs":0}}"#, "a lifetime of 0 seconds"),
        (r#"{"session":{"lifetime_secs":60}}"#, "no idle limit was chosen"),
        (r#"{"session":{"lifetime_secs":60,"idle":{"end":{"after_secs":61}}}}"#, "an idle limit of 61 seconds"),
        (r#"{"session":{"lifetime_secs":60,"idle":"unlimited"},"dormancy":{}}"#, "a period of 0 days"),
        (
            r#"{"session":{"lifetime_secs":60,"idle":{"end":{"after_secs":60}}},"lockout":{"limit":0}}"#,
            "a limit of 0 failures",
        ),
        (
            r#"{"session":{"lifetime_secs":60,"idle":{"end":{"after_secs":60}}},"access":{"ip_list":{"only":["10.0.0.1/8"]}}}"#,
            "did you mean 10.0.0.0/8",
        ),
        (r#"{"session":{"lifetime_secs":60,"idle":{"end":{"after_secs":60}}},"lokout":{}}"#, "unknown field"),
        (r#"{"session":{"lifetime_secs":60,"idle":"unlimited"},"screening":"ignore"}"#, "unknown variant"),
    ] {
        let error = serde_json::from_str::<SignInPolicy>(bad).unwrap_err().to_string();
        assert!(error.contains(said), "{bad}: {error}");
    }
    assert_eq!(serde_json::from_str::<SignInPolicy>(&serde_json::to_string(&policy).unwrap()).unwrap(), policy);
    let _: AccessPolicy = policy.access().clone();
}
