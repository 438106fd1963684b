mod lanes;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
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
use crate::session::{IdleLimit, SessionOutcome, SessionPolicy, SessionState};
use crate::store::{Key, MemoryStore, Rows, Store, update, update_from};
use crate::time::{Now, Timestamp};

mod access;
mod choosing;
mod commits;
mod marks;
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

struct Broken;
impl Kernel for Broken {
    fn derive(&self, _: HashCost, _: &[u8], _: &[u8], _: &mut HashMemory, _: &mut [u8; 32]) -> Result<(), HashError> {
        Err(HashError::Memory { m_kib: 1 })
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

/// Unknown names are counted, locked and answered like known ones, with as many commits.
#[test]
fn unknown_names_go_the_same_way() {
    let shape = |events: &[Event]| -> Vec<(String, Outcome)> {
        events.iter().map(|event| (event.code().to_string(), event.outcome())).collect()
    };
    let (mut known, _) = World::settled(at(0), "Sommer2026");
    let before = known.events().len();
    let mut stranger = World::new();
    for micros in 1..=5 {
        assert_denied(known.sign_in(at(micros), &typed("Winter2026")));
        assert_denied(stranger.sign_in(at(micros), &unknown("nobody@example.com")));
    }
    assert_eq!(shape(&known.events()[before..]), shape(&stranger.events()));
    assert!(stranger.codes().contains(&"lockout.locked".to_string()));
    // … but their records go by and by, and hold no name.
    let records = stranger.store.records();
    assert_eq!(records.len(), 1);
    assert!(!alloc::format!("{records:?}{:?}", stranger.store.events()).contains("nobody"));
    stranger.store.collect(at(31 * DAY + 3)); // last written by the failure that locked
    assert_eq!(stranger.store.records().len(), 1);
    stranger.store.collect(at(31 * DAY + 4));
    assert!(stranger.store.records().is_empty());
}

#[test]
fn odd_names_are_refused_and_lock_nobody_else() {
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    for name in [String::new(), "x".repeat(1_000_000), "anna\0".to_string(), "\u{202e}anna".to_string()] {
        for micros in 1..=4 {
            assert_denied(world.sign_in(at(micros), &unknown(&name)));
        }
    }
    assert!(world.store.records().iter().all(|(key, text)| key.to_string().len() < 200 && text.len() < 2000));
    signed_in(world.sign_in(at(9), &typed("Sommer2026")));
}

#[test]
fn accounts_without_a_password_are_answered_alike() {
    let mut world = World::new();
    assert_denied(world.sign_in(at(0), &typed("Guess1234")));
    assert_eq!(world.last_reason(), text("sign_in.no_password"));
}

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

struct Full;
impl Kernel for Full {
    fn derive(&self, _: HashCost, _: &[u8], _: &[u8], _: &mut HashMemory, _: &mut [u8; 32]) -> Result<(), HashError> {
        Err(HashError::Overloaded)
    }
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

fn credential_of(world: &World) -> CredentialState {
    let key = Key::of::<CredentialState>(acme(), &anna());
    Rows::load(&world.store, [key.clone()]).unwrap().read(&key).unwrap().unwrap()
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
    struct Once(core::sync::atomic::AtomicU32);
    impl Kernel for Once {
        fn derive(
            &self,
            cost: HashCost,
            password: &[u8],
            salt: &[u8],
            memory: &mut HashMemory,
            tag: &mut [u8; 32],
        ) -> Result<(), HashError> {
            match self.0.fetch_add(1, core::sync::atomic::Ordering::Relaxed) {
                0 => Plain.derive(cost, password, salt, memory, tag),
                _ => Err(HashError::Overloaded),
            }
        }
    }
    let (mut world, _) = World::settled(at(0), "Sommer2026");
    let old = credential_of(&world);
    let strong = HashPolicy::builder().cost(HashCost { m_kib: 65_536, t: 3, p: 4 }).build().unwrap();
    world.hasher = Hasher::with_kernel(strong, Once(core::sync::atomic::AtomicU32::new(0)));
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
struct Costs(alloc::sync::Arc<std::sync::Mutex<Vec<HashCost>>>);
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

/// Spellings of a name without an account share a record, as those of one with an account do.
#[test]
fn unknown_names_are_folded() {
    let mut world = World::new();
    for name in ["bob@example.com", "Bob@Example.com", " BOB@EXAMPLE.COM "] {
        assert_denied(world.sign_in(at(1), &unknown(name)));
    }
    assert_eq!(world.store.records().len(), 1);
    assert!(world.codes().contains(&"lockout.locked".to_string()));
}

/// The words of the account and the tenant are refused where the policy says so.
#[test]
fn a_new_password_without_the_words_of_its_context() {
    use crate::password::{Context, ContextRule, PasswordPolicy};
    let password = PasswordPolicy::builder().context(ContextRule::Words).build().unwrap();
    let mut world = World::with(SignInPolicy::builder().password(password));
    let temporary = world.issue(at(0), IssueReason::NewUser);
    let change = must_change(world.sign_in(at(1), &typed(temporary.password().expose())));
    let context = Context::try_new(["anna@example.com", "Acme"]).unwrap();
    let mut choose = |text: &str| {
        let request = ChangeRequest::new(change.token().clone(), Secret::from(text), office());
        let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
        guard.change_password(&world.store, at(2), &mut world.entropy, &request.with_context(context.clone()))
    };
    let ChangeOutcome::Rejected(violations) = choose("Acme-2026-x") else { panic!() };
    assert_eq!(violations[0].code().as_str(), "password.context_word");
    assert!(matches!(choose("Sommer2026"), ChangeOutcome::Changed { .. }));
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
