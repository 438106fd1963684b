//! Signing in over one SQLite file from many threads, each with a connection of its own.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use clausework::credential::Issue;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::hashing::{HashCost, HashError, HashMemory, HashPolicy, Hasher, Kernel};
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::testing::{CheapHash, Clock, SeededEntropy};
use clausework::{AccountId, Now, Secret, TenantId};
use clausework_stores::SqliteStore;

use crate::folder::Folder;

const THREADS: u32 = 8;
const PASSWORD: &str = "Tr0ub4dor-and-3";

/// Counts the hashes of real passwords: a decoy's salt is all zero.
struct Counting(Arc<AtomicU32>);

impl Kernel for Counting {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        if salt.iter().any(|byte| *byte != 0) {
            self.0.fetch_add(1, Ordering::SeqCst);
            thread::yield_now(); // a real hash takes its time, and others come in meanwhile
        }
        CheapHash.derive(cost, password, salt, memory, tag)
    }
}

struct Host {
    tenant: TenantId,
    folder: Folder,
    policy: SignInPolicy,
    hasher: Hasher,
    keys: Keyring,
    hashes: Arc<AtomicU32>,
    now: Now,
}

impl Host {
    /// A host with one account that has a lasting password.
    fn new() -> Self {
        let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build().unwrap();
        let hashes = Arc::new(AtomicU32::new(0));
        let host = Self {
            folder: Folder::new(),
            tenant: tenant(),
            policy: SignInPolicy::builder().session(session).build().unwrap(),
            hasher: Hasher::with_kernel(HashPolicy::default(), Counting(hashes.clone())),
            keys: Keyring::new(OpaqueId::try_new("test").unwrap(), [7; 32]),
            hashes,
            now: Clock::at("2026-11-22T09:30:00Z").now(),
        };
        let (mut store, mut entropy, guard) = (host.open(), SeededEntropy::new(1), host.guard());
        let admin = Provenance::internal(Actor::ApiKey(OpaqueId::try_new("setup").unwrap()));
        let account = account();
        let issued = guard
            .issue_temporary(&mut store, host.now, &mut entropy, &admin, &Issue::new_user(account.clone()))
            .issued()
            .unwrap();
        let SignInOutcome::MustChange(change) =
            guard.sign_in(&mut store, host.now, &mut entropy, &request(issued.password().clone()))
        else {
            panic!("the temporary password")
        };
        let change = ChangeRequest::new(change.token().clone(), Secret::from(PASSWORD), origin());
        let ChangeOutcome::Changed { .. } = guard.change_password(&mut store, host.now, &mut entropy, &change) else {
            panic!("the lasting password")
        };
        host.hashes.store(0, Ordering::SeqCst);
        host
    }

    fn path(&self) -> impl AsRef<Path> {
        self.folder.file("store.sqlite")
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(self.path()).unwrap()
    }

    fn guard(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys)
    }

    fn events(&self) -> Vec<Event> {
        self.open().events(None).unwrap().iter().map(|text| Event::decode(text).unwrap()).collect()
    }

    fn count(&self, code: &str) -> usize {
        self.events().iter().filter(|event| event.code() == code).count()
    }

    fn refused(&self, reason: &str) -> usize {
        let is = |event: &&Event| event.detail("reason").is_some_and(|found| found.to_string() == reason);
        self.events().iter().filter(|event| event.code() == "sign_in.refused").filter(is).count()
    }

    /// Lets all threads do this at once, each with a connection and entropy of its own.
    fn all_at_once(&self, work: impl Fn(u32, &mut SqliteStore, &mut SeededEntropy) + Sync) {
        let start = Barrier::new(THREADS as usize);
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (work, start) = (&work, &start);
                scope.spawn(move || {
                    let (mut store, mut entropy) = (self.open(), SeededEntropy::new(100 + u64::from(thread)));
                    start.wait();
                    work(thread, &mut store, &mut entropy);
                });
            }
        });
    }
}

fn tenant() -> TenantId {
    TenantId::try_new("acme").unwrap()
}

fn account() -> AccountId {
    AccountId::try_new("u-17").unwrap()
}

fn origin() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn request(password: Secret) -> SignInRequest {
    SignInRequest::new("anna", Some(account()), password, origin())
}

#[test]
fn of_parallel_wrong_guesses_three_are_verified_and_one_locks() {
    let host = Host::new();
    host.all_at_once(|thread, store, entropy| {
        for turn in 0..10 {
            let guess = Secret::from(format!("wrong-{thread}-{turn}"));
            match host.guard().sign_in(&mut *store, host.now, entropy, &request(guess)) {
                SignInOutcome::Denied(_) | SignInOutcome::Busy { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    });
    assert_eq!(host.hashes.load(Ordering::SeqCst), 3);
    assert_eq!(host.refused("sign_in.mismatch"), 3);
    assert_eq!(host.count("lockout.locked"), 1);

    // The right password does not open it, and is not even looked at.
    let right = request(Secret::from(PASSWORD));
    let outcome = host.guard().sign_in(host.open(), host.now, &mut SeededEntropy::new(9), &right);
    assert!(matches!(outcome, SignInOutcome::Denied(_)));
    assert_eq!(host.hashes.load(Ordering::SeqCst), 3);
    assert!(host.refused("sign_in.locked") > 0);
}

#[test]
fn parallel_right_passwords_all_get_in_and_lock_nobody_out() {
    const SIGN_INS: u32 = 50;
    let host = Host::new();
    let (left, opened) = (AtomicU32::new(SIGN_INS), host.count("session.opened"));
    host.all_at_once(|_, store, entropy| {
        while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            loop {
                let right = request(Secret::from(PASSWORD));
                match host.guard().sign_in(&mut *store, host.now, entropy, &right) {
                    SignInOutcome::SignedIn(_) => break,
                    SignInOutcome::Busy { .. } => thread::sleep(Duration::from_millis(1)),
                    other => panic!("{other:?}"),
                }
            }
        }
    });
    assert_eq!(host.count("sign_in.signed_in"), SIGN_INS as usize);
    assert_eq!(host.count("session.opened") - opened, SIGN_INS as usize);
    assert_eq!(host.count("lockout.locked"), 0);
    assert_eq!(host.refused("sign_in.locked") + host.refused("sign_in.mismatch"), 0);
}
