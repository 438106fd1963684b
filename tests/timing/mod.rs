//! Five refusals that a stranger must not tell apart: unknown name, wrong password, locked, expired
//! temporary password, no password. Each runs one hash at the present cost, and takes the same time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clausework::credential::Issue;
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{Argon2id, HashCost, HashError, HashMemory, HashPolicy, Hasher, Kernel};
use clausework::id::OpaqueId;
use clausework::lockout::LockoutPolicy;
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{
    ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest, TemporaryPassword,
};
use clausework::store::MemoryStore;
use clausework::testing::{CheapHash, Clock, SeededEntropy, events};
use clausework::{AccountId, Secret, TenantId};

/// Unknown, wrong, locked, expired, no password: what the event says of each.
const REASONS: [&str; 5] = ["unknown_account", "mismatch", "locked", "expired", "no_password"];

/// A tenant with an account of every kind for every round, so that none is locked by the rounds before.
struct World {
    tenant: TenantId,
    policy: SignInPolicy,
    keys: Keyring,
    store: MemoryStore,
    clock: Clock,
    entropy: SeededEntropy,
}

fn tenant() -> TenantId {
    TenantId::try_new("acme").unwrap()
}

fn origin() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn request(reason: &str, round: usize) -> SignInRequest {
    // The names are equally long, so that nothing but the path differs.
    let name = format!("{:.4}-{round:04}", reason);
    let account = match reason {
        "unknown_account" => None,
        "locked" => Some("lock-0000".to_owned()),
        _ => Some(name.clone()),
    };
    let account = account.map(|id| AccountId::try_new(id).unwrap());
    SignInRequest::new(name, account, Secret::from("a wrong guess"), origin())
}

impl World {
    /// Built with a hash that costs nothing: a wrong guess is wrong against any.
    fn new(cost: HashPolicy, rounds: usize) -> Self {
        let session = SessionPolicy::builder().lifetime_secs(60).idle(IdleLimit::Unlimited).build().unwrap();
        let lockout = LockoutPolicy::builder().build().unwrap();
        let policy = SignInPolicy::builder().session(session).lockout(lockout).build().unwrap();
        let keys = Keyring::new(OpaqueId::try_new("k").unwrap(), [7; 32]);
        let clock = Clock::at("2026-11-01T09:30:00Z");
        let mut world =
            Self { tenant: tenant(), policy, keys, store: MemoryStore::new(), clock, entropy: SeededEntropy::new(3) };
        let cheap = Hasher::with_kernel(cost, CheapHash);
        for round in 0..rounds {
            world.issue(&cheap, "expi", round);
        }
        world.clock.advance_secs(16 * 24 * 60 * 60);
        for round in 0..rounds {
            world.issue(&cheap, "mism", round);
        }
        world.choose(&cheap, "lock");
        for _ in 0..3 {
            world.refuse(&cheap, "locked", 0);
        }
        world
    }

    /// A lasting password: a temporary one is compared although its account is locked.
    fn choose(&mut self, hasher: &Hasher, kind: &str) {
        let account = AccountId::try_new(format!("{kind}-0000")).unwrap();
        let temporary = self.issue(hasher, kind, 0);
        let guard = SignIn::new(&self.tenant, &self.policy, hasher, &self.keys);
        let (now, origin) = (self.clock.now(), origin());
        let request = SignInRequest::new("", Some(account), temporary.password().clone(), origin);
        let outcome = guard.sign_in(&self.store, now, &mut self.entropy, &request);
        let SignInOutcome::MustChange(permit) = outcome else { panic!("{outcome:?}") };
        let chosen = ChangeRequest::new(permit.token().clone(), Secret::from("Sommer-2026"), origin);
        let changed = guard.change_password(&self.store, now, &mut self.entropy, &chosen);
        assert!(matches!(changed, ChangeOutcome::Changed { .. }), "{changed:?}");
    }

    fn issue(&mut self, hasher: &Hasher, kind: &str, round: usize) -> TemporaryPassword {
        let account = AccountId::try_new(format!("{kind}-{round:04}")).unwrap();
        let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1").unwrap()));
        let guard = SignIn::new(&self.tenant, &self.policy, hasher, &self.keys);
        let now = self.clock.now();
        let issued = guard.issue_temporary(&self.store, now, &mut self.entropy, &admin, &Issue::reset(account.clone()));
        issued.issued().unwrap()
    }

    /// How long a refusal takes.
    fn refuse(&mut self, hasher: &Hasher, reason: &str, round: usize) -> Duration {
        let (guard, request) = (SignIn::new(&self.tenant, &self.policy, hasher, &self.keys), request(reason, round));
        let start = Instant::now();
        let outcome = guard.sign_in(&self.store, self.clock.now(), &mut self.entropy, &request);
        let taken = start.elapsed();
        assert!(matches!(outcome, SignInOutcome::Denied(_)), "{reason}: {outcome:?}");
        taken
    }

    fn last_reason(&self) -> String {
        events(&self.store).last().unwrap().detail("reason").unwrap().to_string()
    }
}

/// What it was asked for: cost, length of the password, length of the salt.
#[derive(Clone, Default)]
struct Counting(Arc<Mutex<Vec<(HashCost, usize, usize)>>>);

impl Kernel for Counting {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        self.0.lock().unwrap().push((cost, password.len(), salt.len()));
        CheapHash.derive(cost, password, salt, memory, tag)
    }
}

#[test]
fn five_denials_do_the_same_work() {
    let policy = HashPolicy::default();
    for peppered in [false, true] {
        let kernel = Counting::default();
        let mut world = World::new(policy, 1);
        let mut hasher = Hasher::with_kernel(policy, kernel.clone());
        if peppered {
            hasher = hasher.with_pepper(&world.keys);
        }
        let hasher = hasher;
        for reason in REASONS {
            kernel.0.lock().unwrap().clear();
            let before = world.store.events().len();
            world.refuse(&hasher, reason, 0);
            assert_eq!(world.last_reason(), format!("sign_in.{reason}"));
            assert_eq!(world.store.events().len() - before, 2, "{reason}: attempted, refused");
            let calls = kernel.0.lock().unwrap().clone();
            // The stored hash has no pepper yet, so a mismatch hashes the 13 bytes themselves: the same blocks of work.
            let length = if peppered && reason != "mismatch" { 32 } else { 13 };
            assert_eq!(calls, [(policy.cost(), length, 16)], "{reason}");
        }
    }
}

/// Argon2id, now and then with a little more work: what a path that may not pass looks like.
struct Extra(Arc<AtomicU32>);

impl Kernel for Extra {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        let extra = HashCost { m_kib: cost.m_kib * self.0.load(Ordering::Relaxed) / 100, ..cost };
        if extra.m_kib > 0 {
            Argon2id.derive(extra, password, salt, memory, tag)?;
        }
        Argon2id.derive(cost, password, salt, memory, tag)
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Rounds of all five in turn, the first another one each time; each is compared with the wrong password of
/// its own round, so that what slows the machine for a while slows both.
#[test]
#[ignore = "measures for some fifteen seconds; an idle machine and an optimised build give the best figures"]
fn five_denials_take_the_same_time() {
    const ROUNDS: usize = 240;
    const MARGIN: f64 = 0.03;
    let cost = HashCost { m_kib: 7_168, t: 5, p: 1 };
    let policy = HashPolicy::builder().cost(cost).build().unwrap();
    let mut world = World::new(policy, ROUNDS + 1);
    let percent = Arc::new(AtomicU32::new(0));
    let hasher = Hasher::with_kernel(policy, Extra(Arc::clone(&percent)));
    world.refuse(&hasher, "mismatch", ROUNDS); // warm

    // The sixth is a control: an account without a password, with a tenth more work. If that passes, the measurement is blind.
    let names = ["unknown_account", "mismatch", "locked", "expired", "no_password", "control"];
    let mut ratios: [Vec<f64>; 6] = Default::default();
    for round in 0..ROUNDS {
        let mut times = [0.0; 6];
        for step in 0..6 {
            let path = (round + step) % 6;
            let (reason, extra, number) = match names[path] {
                "control" => ("no_password", 10, ROUNDS + 1 + round),
                name => (name, 0, round),
            };
            percent.store(extra, Ordering::Relaxed);
            times[path] = world.refuse(&hasher, reason, number).as_secs_f64();
        }
        for (ratios, time) in ratios.iter_mut().zip(times) {
            ratios.push(time / times[1]);
        }
    }
    for (name, ratios) in names.iter().zip(ratios) {
        let ratio = median(ratios);
        println!("ratio sign_in/denied/{name} vs mismatch = {ratio:.4} (goal within {MARGIN} of 1, control above)");
        let alike = (ratio - 1.0).abs() <= MARGIN;
        assert_eq!(alike, *name != "control", "{name}: {ratio}");
    }
}
