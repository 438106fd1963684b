//! The detectors over the events that the guard really writes.

use clausework::alerts::{AlertKind, AlertPolicy, AlertState, observe};
use clausework::credential::Issue;
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{HashPolicy, Hasher};
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::session::{DormancyPolicy, IdleLimit, SessionPolicy};
use clausework::sign_in::{
    Begun, ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest, Verdict,
};
use clausework::store::{MemoryStore, update, update_from};
use clausework::testing::{CheapHash, Clock, SeededEntropy, events};
use clausework::{AccountId, TenantId};

const RIGHT: &str = "Sommer-2026";

struct App {
    tenant: TenantId,
    policy: SignInPolicy,
    hasher: Hasher,
    keys: Keyring,
    store: MemoryStore,
    clock: Clock,
    entropy: SeededEntropy,
}

impl App {
    fn new() -> Self {
        let session = SessionPolicy::builder().lifetime_secs(3600).idle(IdleLimit::Unlimited).build().unwrap();
        let dormancy = DormancyPolicy::builder().period_days(90).build().unwrap();
        Self {
            tenant: TenantId::try_new("acme").unwrap(),
            policy: SignInPolicy::builder().session(session).dormancy(dormancy).build().unwrap(),
            hasher: Hasher::with_kernel(HashPolicy::default(), CheapHash),
            keys: Keyring::new(OpaqueId::try_new("test").unwrap(), [7; 32]),
            store: MemoryStore::new(),
            clock: Clock::at("2026-11-22T09:30:00Z"),
            entropy: SeededEntropy::new(1),
        }
    }

    fn request(account: Option<&str>, password: &str, from: &str) -> SignInRequest {
        let origin = Origin::network(from.parse().unwrap(), Transport::Tls);
        let id = account.map(|id| AccountId::try_new(id).unwrap());
        SignInRequest::new(account.unwrap_or("nobody"), id, password.into(), origin)
    }

    fn guard(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys)
    }

    fn attempt(&mut self, account: &str, password: &str, from: &str) -> SignInOutcome {
        self.clock.advance_secs(1);
        let request = Self::request(Some(account), password, from);
        let guard = SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys);
        guard.sign_in(&self.store, self.clock.now(), &mut self.entropy, &request)
    }

    fn add(&mut self, account: &str) {
        let id = AccountId::try_new(account).unwrap();
        let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1").unwrap()));
        let guard = SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys);
        let now = self.clock.now();
        let issue = Issue::new_user(id);
        let issued = guard.issue_temporary(&self.store, now, &mut self.entropy, &admin, &issue).issued().unwrap();
        let first = self.attempt(account, issued.password().expose(), "192.0.2.1");
        let SignInOutcome::MustChange(change) = first else { panic!("{first:?}") };
        let origin = Origin::network("192.0.2.1".parse().unwrap(), Transport::Tls);
        let choice = ChangeRequest::new(change.token().clone(), RIGHT.into(), origin);
        let guard = SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys);
        let changed = guard.change_password(&self.store, self.clock.now(), &mut self.entropy, &choice);
        assert!(matches!(changed, ChangeOutcome::Changed { .. }), "{changed:?}");
    }

    fn verified(&mut self, account: &str, password: &str) -> Verdict {
        let request = Self::request(Some(account), password, "192.0.2.1");
        let guard = SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys);
        let now = self.clock.now();
        let begun = update(&self.store, guard.keys(&request), |rows| guard.begin(rows, now, &request)).unwrap();
        let Begun::Attempt(attempt) = begun else { panic!("ended") };
        attempt.verify(&self.hasher, &mut self.entropy, request.password())
    }

    fn settle(&self, verdict: &Verdict) -> SignInOutcome {
        let (guard, now) = (self.guard(), self.clock.now());
        update_from(&self.store, verdict.rows(), |rows| guard.settle(rows, now, verdict)).unwrap()
    }

    fn alerts(&self) -> Vec<(AlertKind, Option<String>)> {
        let mut state = AlertState::default();
        let raised = events(&self.store);
        let raised = raised.iter().flat_map(|event| observe(&mut state, &AlertPolicy::default(), event));
        raised.map(|alert| (alert.kind(), alert.account().map(str::to_owned))).collect()
    }
}

fn of(kind: AlertKind, account: &str) -> (AlertKind, Option<String>) {
    (kind, Some(account.to_owned()))
}

/// A2-Access-4: a day without an attack raises nothing.
#[test]
fn a2_access_4_an_ordinary_day_is_quiet() {
    let mut app = App::new();
    for account in ["u-2", "u-3", "u-4"] {
        app.add(account);
        let _ = app.attempt(account, "Sommer-2025", "192.0.2.1"); // mistyped
        assert!(matches!(app.attempt(account, RIGHT, "192.0.2.1"), SignInOutcome::SignedIn(_)));
    }
    assert_eq!(app.alerts(), []);
}

/// A2-Access-4: guessing at one account is told once, whether it is locked or not, known or not.
#[test]
fn a2_access_4_guessing_at_one_account_is_told_once() {
    let mut app = App::new();
    app.add("u-2");
    for n in 0..40 {
        let _ = app.attempt("u-2", "guess", &format!("198.51.100.{n}"));
    }
    assert_eq!(app.alerts(), [of(AlertKind::BruteForce, "u-2")]);

    let mut app = App::new();
    for n in 0..40 {
        app.clock.advance_secs(1);
        let request = App::request(None, "guess", &format!("198.51.100.{n}"));
        let _ = app.guard().sign_in(&app.store, app.clock.now(), &mut SeededEntropy::new(n), &request);
    }
    let raised = app.alerts();
    assert!(matches!(raised[..], [(AlertKind::BruteForce, Some(_))]), "{raised:?}");
}

/// A2-Access-4: one source at many accounts, one password each.
#[test]
fn a2_access_4_stuffing_is_told_once() {
    let mut app = App::new();
    for n in 0..30 {
        let _ = app.attempt(&format!("u-{n}"), "leaked", "198.51.100.7");
    }
    assert_eq!(app.alerts(), [(AlertKind::Stuffing, None)]);
}

/// The right password after three wrong ones that were under way together, and after a lock that was served.
#[test]
fn a_success_after_failures_is_told() {
    let mut app = App::new();
    app.add("u-2");
    (0..3).for_each(|_| drop(app.attempt("u-2", "guess", "198.51.100.7")));
    app.clock.advance_secs(15 * 60);
    assert!(matches!(app.attempt("u-2", RIGHT, "198.51.100.7"), SignInOutcome::SignedIn(_)));
    assert_eq!(app.alerts(), [of(AlertKind::SuccessAfterFailures, "u-2")]);
}

#[test]
fn the_right_password_in_mid_lock_is_told() {
    let mut app = App::new();
    app.add("u-2");
    (0..2).for_each(|_| drop(app.attempt("u-2", "guess", "198.51.100.7")));
    // The third failure locks while the right one is in mid-hash: the budget of three holds both only in turn, so the
    // lock is set by a policy that was tightened meanwhile.
    let right = app.verified("u-2", RIGHT);
    let lockout = clausework::lockout::LockoutPolicy::builder().limit(2).build().unwrap();
    let session = SessionPolicy::builder().lifetime_secs(3600).idle(IdleLimit::Unlimited).build().unwrap();
    app.policy = SignInPolicy::builder().session(session).lockout(lockout).build().unwrap();
    let _ = app.attempt("u-2", "guess", "198.51.100.7");
    assert!(matches!(app.settle(&right), SignInOutcome::Denied(_)));
    assert_eq!(app.alerts(), [of(AlertKind::MatchedWhileLocked, "u-2")]);
}

#[test]
fn a_dormant_account_that_is_used_is_told() {
    let mut app = App::new();
    app.add("u-2");
    app.clock.advance_secs(90 * 24 * 60 * 60);
    assert!(matches!(app.attempt("u-2", RIGHT, "192.0.2.1"), SignInOutcome::Denied(_)));
    assert_eq!(app.alerts(), [of(AlertKind::DormantUsed, "u-2")]);
}
