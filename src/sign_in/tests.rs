mod lanes;

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use super::*;
use crate::access::{AccessPolicy, IpList};
use crate::credential::{ChangeState, CredentialState, Issue, IssueReason, IssueRefusal};
use crate::entropy::{Entropy, EntropyError};
use crate::event::{Actor, Event, Origin, Outcome, Provenance, Transport, Value};
use crate::hashing::{HashCost, HashError, HashMemory, HashPolicy, Hasher, Kernel};
use crate::id::{AccountId, OpaqueId, Scope, TenantId};
use crate::lockout::LockoutState;
use crate::secret::{Keyring, Secret, Token};
use crate::session::{AtCap, IdleLimit, SessionOutcome, SessionPolicy, SessionState};
use crate::store::{Key, MemoryStore, Rows, Store, update, update_from};
use crate::time::{Now, Timestamp};

mod access;
mod choosing;
mod commits;
mod evidence;
mod hashing;
mod marks;
mod names;
mod recovery;
mod sessions;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

/// A password is its own hash, so that a test can tell which work was done.
struct Plain;
impl Kernel for Plain {
    fn derive(
        &self,
        _: HashCost,
        password: &[u8],
        salt: &[u8],
        _: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        for (byte, value) in tag.iter_mut().zip(password.iter().chain(salt)) {
            *byte = *value;
        }
        Ok(())
    }
}

/// As [`Plain`]: counts the hashes, and computes so many at most.
#[derive(Clone)]
struct Counted {
    hashes: Arc<AtomicU32>,
    most: u32,
}

impl Counted {
    fn up_to(most: u32) -> Self {
        Self { hashes: Arc::default(), most }
    }

    /// Since it was asked last.
    fn taken(&self) -> u32 {
        self.hashes.swap(0, Ordering::Relaxed)
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
        match self.hashes.fetch_add(1, Ordering::Relaxed) {
            taken if taken < self.most => Plain.derive(cost, password, salt, memory, tag),
            _ => Err(HashError::Overloaded),
        }
    }
}

struct Broken;
impl Kernel for Broken {
    fn derive(&self, _: HashCost, _: &[u8], _: &[u8], _: &mut HashMemory, _: &mut [u8; 32]) -> Result<(), HashError> {
        Err(HashError::Memory { m_kib: 1 })
    }
}

struct Full;
impl Kernel for Full {
    fn derive(&self, _: HashCost, _: &[u8], _: &[u8], _: &mut HashMemory, _: &mut [u8; 32]) -> Result<(), HashError> {
        Err(HashError::Overloaded)
    }
}

/// Counts upwards: never the same token twice.
struct Counting(u64);
impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

struct World {
    tenant: TenantId,
    policy: SignInPolicy,
    hasher: Hasher,
    keys: Keyring,
    store: MemoryStore,
    entropy: Counting,
}

impl World {
    fn new() -> Self {
        Self::with(SignInPolicy::builder())
    }

    fn with(policy: SignInPolicyBuilder) -> Self {
        let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build().unwrap();
        Self {
            tenant: acme(),
            policy: policy.session(session).build().unwrap(),
            hasher: Hasher::with_kernel(HashPolicy::default(), Plain),
            keys: Keyring::new(OpaqueId::try_new("k").unwrap(), [1; 32]),
            store: MemoryStore::new(),
            entropy: Counting(7),
        }
    }

    fn guard(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys)
    }

    fn issue(&mut self, now: Now, reason: IssueReason) -> TemporaryPassword {
        let guard = SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys);
        let issue = match reason {
            IssueReason::NewCustomer => Issue::new_customer(anna(), anna()),
            IssueReason::NewUser => Issue::new_user(anna()),
            IssueReason::Reset => Issue::reset(anna()),
        };
        guard.issue_temporary(&self.store, now, &mut self.entropy, &admin(), &issue).issued().unwrap()
    }

    fn sign_in(&mut self, now: Now, request: &SignInRequest) -> SignInOutcome {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys).sign_in(
            &self.store,
            now,
            &mut self.entropy,
            request,
        )
    }

    fn choose(&mut self, now: Now, token: &Token<ChangeState>, password: &str) -> ChangeOutcome {
        let request = ChangeRequest::new(token.clone(), Secret::from(password), office());
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys).change_password(
            &self.store,
            now,
            &mut self.entropy,
            &request,
        )
    }

    /// Anna with a lasting password, signed in.
    fn settled(now: Now, password: &str) -> (Self, Session) {
        let mut world = Self::new();
        let temporary = world.issue(now, IssueReason::NewUser);
        let change = must_change(world.sign_in(now, &typed(temporary.password().expose())));
        let ChangeOutcome::Changed { session, .. } = world.choose(now, change.token(), password) else { panic!() };
        (world, session)
    }

    fn session(&self, now: Now, token: &Token<SessionState>) -> SessionOutcome {
        self.guard().check_session(&self.store, now, token, office()).unwrap()
    }

    fn events(&self) -> Vec<Event> {
        self.store.events().iter().map(|row| Event::decode(row.text()).unwrap()).collect()
    }

    fn codes(&self) -> Vec<String> {
        self.events().iter().map(|event| event.code().to_string()).collect()
    }

    fn last_reason(&self) -> Value {
        self.events().last().unwrap().detail("reason").unwrap().clone()
    }

    fn last_reason_of(&self, code: &str) -> Value {
        self.events().iter().rfind(|event| event.code() == code).unwrap().detail("reason").unwrap().clone()
    }

    fn lockout(&self) -> LockoutState {
        let key = Key::of::<LockoutState>(acme(), &anna());
        let rows = Rows::load(&self.store, [key.clone()]).unwrap();
        rows.read(&key).unwrap().unwrap()
    }
}

fn acme() -> TenantId {
    TenantId::try_new("acme").unwrap()
}

fn anna() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn admin() -> Provenance {
    Provenance::internal(Actor::User(AccountId::try_new("u-1").unwrap()))
}

fn office() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn typed(password: &str) -> SignInRequest {
    SignInRequest::new("anna@example.com", Some(anna()), Secret::from(password), office())
}

fn unknown(name: &str) -> SignInRequest {
    SignInRequest::new(name, None, Secret::from("Guess1234"), office())
}

fn must_change(outcome: SignInOutcome) -> ChangePermit {
    match outcome {
        SignInOutcome::MustChange(change) => change,
        other => panic!("{other:?}"),
    }
}

fn signed_in(outcome: SignInOutcome) -> Session {
    match outcome {
        SignInOutcome::SignedIn(session) => session,
        other => panic!("{other:?}"),
    }
}

fn assert_denied(outcome: SignInOutcome) {
    assert!(matches!(outcome, SignInOutcome::Denied(_)), "{outcome:?}");
}

fn text(word: &'static str) -> Value {
    Value::from(word)
}

/// E-5.1c, E-5.2b: the temporary password opens the change and nothing else; after it, the new one signs in.
#[test]
fn e_5_1c_first_sign_in_forces_the_change() {
    let mut world = World::new();
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    // There is no session yet, under any name.
    let as_session = Token::<SessionState>::parse(change.token().expose()).unwrap();
    assert_eq!(world.session(at(1), &as_session), SessionOutcome::Dead);
    assert!(!world.store.records().iter().any(|(key, _)| key.kind() == "session"));

    let ChangeOutcome::Changed { session, .. } = world.choose(at(2), change.token(), "Sommer2026") else { panic!() };
    assert!(matches!(world.session(at(3), session.token()), SessionOutcome::Active { .. }));
    assert_denied(world.sign_in(at(4), &typed(temporary.password().expose())));
    signed_in(world.sign_in(at(5), &typed("Sommer2026")));
}

/// E-5.1d: right at the instant of expiry the temporary password is refused, just before it is not.
#[test]
fn e_5_1d_the_temporary_password_expires_at_15_days() {
    let mut world = World::new();
    let temporary = world.issue(at(0), IssueReason::NewCustomer);
    let shown = alloc::format!("{temporary:?}");
    assert!(shown.contains("expires_at") && !shown.contains(temporary.password().expose()), "{shown}");
    must_change(world.sign_in(at(15 * DAY - 1), &typed(temporary.password().expose())));
    assert_denied(world.sign_in(at(15 * DAY), &typed(temporary.password().expose())));
    assert_eq!(world.last_reason(), text("sign_in.expired"));
}

#[test]
fn the_change_refuses_bad_passwords_and_the_same_one_and_can_be_tried_again() {
    let mut world = World::new();
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    let ChangeOutcome::Rejected(violations) = world.choose(at(2), change.token(), "kurz") else { panic!() };
    let codes: Vec<_> = violations.iter().map(|violation| violation.code().as_str()).collect();
    assert_eq!(codes, ["password.too_short", "password.no_digit", "password.no_uppercase"]);
    let same = temporary.password().expose().to_string();
    let ChangeOutcome::Rejected(violations) = world.choose(at(3), change.token(), &same) else { panic!() };
    assert_eq!(violations[0].code().as_str(), "password.same_as_current");
    assert!(matches!(world.choose(at(4), change.token(), "Sommer2026"), ChangeOutcome::Changed { .. }));
    assert!(matches!(world.choose(at(5), change.token(), "Winter2026"), ChangeOutcome::Denied(_))); // spent
}

/// E-6P.2: a reissue kills the earlier password, the permission it gave, and the sessions.
#[test]
fn a_reissue_kills_password_permission_and_sessions() {
    let (mut world, session) = World::settled(at(0), "Sommer2026");
    let first = world.issue(at(1), IssueReason::Reset);
    assert_eq!(world.session(at(2), session.token()), SessionOutcome::Dead);
    assert_denied(world.sign_in(at(2), &typed("Sommer2026")));
    let change = must_change(world.sign_in(at(3), &typed(first.password().expose())));
    let second = world.issue(at(4), IssueReason::Reset);
    assert!(matches!(world.choose(at(5), change.token(), "Winter2026"), ChangeOutcome::Denied(_)));
    assert_denied(world.sign_in(at(6), &typed(first.password().expose())));
    must_change(world.sign_in(at(7), &typed(second.password().expose())));
}

/// E-6P.3 end to end: three wrong, then the right one is refused until exactly 15 minutes after the third.
#[test]
fn e_6p_3_locked_for_15_minutes_whatever_is_typed() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    for second in 1..=3 {
        assert_denied(world.sign_in(at(second * SECOND), &typed("Winter2026")));
    }
    for micros in [4 * SECOND, 10 * MINUTE, 15 * MINUTE + 3 * SECOND - 1] {
        assert_denied(world.sign_in(at(micros), &typed("Sommer2026")));
        assert_eq!(world.last_reason(), text("sign_in.locked"));
    }
    signed_in(world.sign_in(at(15 * MINUTE + 3 * SECOND), &typed("Sommer2026")));
    let edges: Vec<_> = world.codes().into_iter().filter(|code| code.starts_with("lockout")).collect();
    assert_eq!(edges, ["lockout.locked", "lockout.opened"]);
}

/// E-5.7 and E-5.8 come before anything else, and every failed condition is recorded.
#[test]
fn e_5_7_and_e_5_8_refuse_before_the_attempt_is_charged() {
    let list = IpList::only(["198.51.100.0/24".parse().unwrap()]).unwrap();
    let mut world = World::with(SignInPolicy::builder().access(AccessPolicy::builder().ip_list(list).build().unwrap()));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let elsewhere = Origin::network("203.0.113.9".parse().unwrap(), Transport::Plain);
    let right = Secret::from(temporary.password().expose());
    assert_denied(world.sign_in(at(1), &SignInRequest::new("anna", Some(anna()), right, elsewhere)));
    let events = world.events();
    let reasons: Vec<_> =
        events[1..].iter().map(|event| (event.code(), event.detail("reason").unwrap().clone())).collect();
    assert_eq!(
        reasons,
        [
            ("sign_in.access_refused", text("access.network_not_allowed")),
            ("sign_in.access_refused", text("access.plain_transport")),
        ]
    );
    assert!(!world.store.records().iter().any(|(key, _)| key.kind() == "lockout")); // not counted
    must_change(world.sign_in(at(2), &typed(temporary.password().expose())));
}

fn credential_of(world: &World) -> CredentialState {
    let key = Key::of::<CredentialState>(acme(), &anna());
    Rows::load(&world.store, [key.clone()]).unwrap().read(&key).unwrap().unwrap()
}

/// Every step is recorded with who, from where, about whom, and the clause.
#[test]
fn events_say_who_and_why() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    assert_denied(world.sign_in(at(1), &typed("Winter2026")));
    let codes = world.codes();
    assert_eq!(
        codes,
        [
            "credential.created",
            "sign_in.attempted",
            "sign_in.change_required",
            "credential.changed",
            "session.opened",
            "sign_in.attempted",
            "sign_in.refused",
        ]
    );
    let events = world.events();
    assert_eq!(events[0].actor(), admin().actor());
    assert_eq!(events[1].actor(), &Actor::Unauthenticated);
    assert_eq!(events[3].actor(), &Actor::User(anna()));
    assert!(events.iter().all(|event| event.scope() == &Scope::Tenant(acme()) && !event.clauses().is_empty()));
    assert_eq!((events[3].subject().kind(), events[3].subject().id()), ("credential", "u-17"));
    assert_eq!(events[6].origin(), office());
}

/// E-5.4: creator, last updater and both instants are on the record.
#[test]
fn e_5_4_records_carry_their_stamp() {
    let (world, _) = World::settled(at(0), "Sommer2026");
    let key = Key::of::<CredentialState>(acme(), &anna());
    let rows = Rows::load(&world.store, [key.clone()]).unwrap();
    let stamp = rows.stamp::<CredentialState>(&key).unwrap().unwrap();
    assert_eq!((stamp.created_by(), stamp.updated_by()), (admin().actor(), &Actor::User(anna())));
    assert_eq!(stamp.revision(), 2);
}

/// E-5.7 and E-5.8 hold for the choice of a new password as for the sign-in: not from elsewhere, not in the clear.
#[test]
fn e_5_7_and_e_5_8_refuse_a_change_as_well() {
    let list = IpList::only(["198.51.100.0/24".parse().unwrap()]).unwrap();
    let mut world = World::with(SignInPolicy::builder().access(AccessPolicy::builder().ip_list(list).build().unwrap()));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    for (address, transport) in [("203.0.113.9", Transport::Tls), ("198.51.100.7", Transport::Plain)] {
        let elsewhere = Origin::network(address.parse().unwrap(), transport);
        let request = ChangeRequest::new(change.token().clone(), Secret::from("Sommer2026"), elsewhere);
        let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
        let outcome = guard.change_password(&world.store, at(2), &mut world.entropy, &request);
        assert!(matches!(outcome, ChangeOutcome::Denied(_)), "{outcome:?}");
        assert_eq!(world.codes().last().unwrap(), "sign_in.access_refused");
    }
    let ChangeOutcome::Changed { session, .. } = world.choose(at(3), change.token(), "Sommer2026") else { panic!() };
    // … and for every request of the session.
    let plain = Origin::network("198.51.100.7".parse().unwrap(), Transport::Plain);
    let check = |origin| world.guard().check_session(&world.store, at(4), session.token(), origin).unwrap();
    assert_eq!(check(plain), SessionOutcome::Dead);
    assert!(matches!(check(office()), SessionOutcome::Active { .. }));
}

/// E-5.2a, E-5.1a: what may not be issued leaves the present password as it is, and an event for each reason.
#[test]
fn e_5_2a_a_refused_issue_changes_nothing_and_is_recorded() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let before = world.events().len();
    let staff = Provenance::internal(Actor::Staff(OpaqueId::try_new("s-3").unwrap()));
    let issue = Issue::new_user(anna()).delivered_to(AccountId::try_new("u-1").unwrap());
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    let outcome = guard.issue_temporary(&world.store, at(1), &mut world.entropy, &staff, &issue);
    let IssueOutcome::Refused(refusals) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusals, [IssueRefusal::NotTheCustomer, IssueRefusal::NotItsBearer]);
    let recorded = world.events().split_off(before);
    assert!(recorded.iter().all(|event| event.code() == "credential.issue_refused" && event.actor() == staff.actor()));
    let reasons: Vec<_> = recorded.iter().filter_map(|event| event.detail("reason").cloned()).collect();
    assert_eq!(reasons, [text("credential.not_the_customer"), text("credential.not_its_bearer")]);
    signed_in(world.sign_in(at(2), &typed("Sommer2026")));

    let named = Issue::new_customer(anna(), anna()).name_not_own_email();
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    let outcome = guard.issue_temporary(&world.store, at(3), &mut world.entropy, &staff, &named);
    assert!(matches!(outcome, IssueOutcome::Issued(_)), "{outcome:?}");
    assert!(world.events().iter().any(|event| event.code() == "credential.name_not_own_email"));
}
