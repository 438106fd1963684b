//! One account with a lasting password, an eye on the hash, and a store whose faults are planned.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clausework::credential::{CredentialState, Issue};
use clausework::entropy::{Entropy, EntropyError};
use clausework::event::{Actor, Origin, Provenance, Transport};
use clausework::hashing::{HashCost, HashError, HashMemory, HashPolicy, Hasher, Kernel};
use clausework::id::OpaqueId;
use clausework::lockout::{LanePolicy, LockoutPolicy, LockoutState};
use clausework::secret::Keyring;
use clausework::session::{ActivityState, IdleLimit, SessionPolicy, SessionState};
use clausework::sign_in::{ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::store::{Batch, Commit, Key, MemoryStore, Record, Store, Stored};
use clausework::testing::CheapHash;
use clausework::{AccountId, Now, Secret, TenantId, Timestamp};

/// A small generator of its own (SplitMix64), so that a seed means the same run for ever.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to one less than `bound`; 0 if there is nothing to choose from.
    pub(super) const fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }

    pub(super) const fn per_mille(&mut self, chance: u64) -> bool {
        self.below(1000) < chance
    }
}

impl Entropy for Dice {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A cheap hash that remembers which salt it was last run with: whether a password was compared with the
/// real hash or with a decoy is seen here, not in what the crate says of itself.
#[derive(Clone, Default)]
pub(super) struct Watched(Arc<(Mutex<Vec<u8>>, AtomicBool)>);

impl Watched {
    fn last_salt(&self) -> Vec<u8> {
        self.0.0.lock().unwrap().clone()
    }

    /// From now on it fails, as one does that cannot get its memory, or no longer does.
    pub(super) fn overload(&self, overloaded: bool) {
        self.0.1.store(overloaded, Ordering::Relaxed);
    }
}

impl Kernel for Watched {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        let mut last = self.0.0.lock().unwrap();
        last.clear();
        if self.0.1.load(Ordering::Relaxed) {
            return Err(HashError::Memory { m_kib: cost.m_kib });
        }
        last.extend_from_slice(salt);
        CheapHash.derive(cost, password, salt, memory, tag)
    }
}

pub(super) struct World {
    policy: SignInPolicy,
    hasher: Hasher,
    keyring: Keyring,
    pub(super) kernel: Watched,
    salt: Vec<u8>,
    credential: (Key, Stored),
    right: Secret,
    tenant: TenantId,
    account: AccountId,
}

pub(super) const START: &str = "2026-11-22T09:30:00.000000Z";

impl World {
    pub(super) fn new(lockout: LockoutPolicy) -> Self {
        Self::with_lanes(lockout, LanePolicy::default())
    }

    pub(super) fn with_lanes(lockout: LockoutPolicy, lanes: LanePolicy) -> Self {
        let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build().unwrap();
        let policy = SignInPolicy::builder().session(session).lockout(lockout).lanes(lanes).build().unwrap();
        let kernel = Watched::default();
        let hasher = Hasher::with_kernel(HashPolicy::default(), kernel.clone());
        let keyring = Keyring::new(OpaqueId::try_new("k").unwrap(), [7; 32]);
        let (tenant, account) = (TenantId::try_new("acme").unwrap(), AccountId::try_new("u-17").unwrap());
        let right = Secret::from("Tr0ub4dor-and-a-horse");

        let (store, mut dice) = (MemoryStore::new(), Dice::new(0));
        let guard = SignIn::new(&tenant, &policy, &hasher, &keyring);
        let admin = Provenance::internal(Actor::User(AccountId::try_new("u-1").unwrap()));
        let now = Now::from(start());
        let issued =
            guard.issue_temporary(&store, now, &mut dice, &admin, &Issue::new_user(account.clone())).issued().unwrap();
        let first = SignInRequest::new("anna", Some(account.clone()), issued.password().clone(), origin());
        let SignInOutcome::MustChange(permission) = guard.sign_in(&store, now, &mut dice, &first) else { panic!() };
        let choice = ChangeRequest::new(permission.token().clone(), right.clone(), origin());
        let changed = guard.change_password(&store, now, &mut dice, &choice);
        assert!(matches!(changed, ChangeOutcome::Changed { .. }), "{changed:?}");

        let salt = kernel.last_salt();
        let key = Key::of::<CredentialState>(tenant.clone(), &account);
        let stored = Store::load(&mut &store, core::slice::from_ref(&key)).unwrap().remove(0).unwrap();
        Self { policy, hasher, keyring, kernel, salt, credential: (key, stored), right, tenant, account }
    }

    pub(super) const fn guard(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keyring)
    }

    pub(super) const fn lockout(&self) -> &LockoutPolicy {
        self.policy.lockout()
    }

    pub(super) fn request(&self, known: bool, right: bool) -> SignInRequest {
        let account = known.then(|| self.account.clone());
        let password = if right { self.right.clone() } else { Secret::from("a wrong guess") };
        SignInRequest::new("anna", account, password, origin())
    }

    /// An attempt at the account from the source of this number.
    pub(super) fn request_from(&self, source: u8, right: bool) -> SignInRequest {
        let password = if right { self.right.clone() } else { Secret::from("a wrong guess") };
        let origin = Origin::network([203, 0, 113, source].into(), Transport::Tls);
        SignInRequest::new("anna", Some(self.account.clone()), password, origin)
    }

    /// Whether the hash that has just run was the real one's, not a decoy.
    pub(super) fn saw_the_real_hash(&self) -> bool {
        self.kernel.last_salt() == self.salt
    }

    pub(super) fn store(&self, compares: bool) -> SimStore {
        SimStore { records: BTreeMap::from([self.credential.clone()]), compares, commits: 0, sessions: 0 }
    }
}

pub(super) fn start() -> Timestamp {
    serde_json::from_value(START.into()).unwrap()
}

fn origin() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

/// Records in memory, without events: nothing here may depend on what the crate says of itself.
#[derive(Clone)]
pub(super) struct SimStore {
    records: BTreeMap<Key, Stored>,
    /// A store that does not compare versions is broken: the last write wins.
    compares: bool,
    pub(super) commits: u64,
    pub(super) sessions: u64,
}

impl SimStore {
    pub(super) fn load(&self, keys: &[Key]) -> Vec<Option<Stored>> {
        keys.iter().map(|key| self.records.get(key).cloned()).collect()
    }

    pub(super) fn commit(&mut self, batch: &Batch<'_>) -> Commit {
        let stale = |key: &Key, replaces| self.records.get(key).map(Stored::version) != replaces;
        if self.compares && batch.writes().iter().any(|write| stale(write.key(), write.replaces())) {
            return Commit::Conflict;
        }
        self.commits += 1;
        for write in batch.writes() {
            if opens_a_session(write.key()) {
                self.sessions += 1; // nobody reads it again
            } else if write.key().kind() != ActivityState::KIND {
                // The list of sessions is left out: it is written with each lock-out record, and would multiply the states.
                self.records.insert(write.key().clone(), Stored::new(write.version(), write.text()));
            }
        }
        Commit::Applied
    }

    /// Every lock-out record: its id and its text.
    pub(super) fn locks(&self) -> impl Iterator<Item = (&str, &str)> {
        let locks = self.records.iter().filter(|(key, _)| key.kind() == LockoutState::KIND);
        locks.map(|(key, stored)| (key.id(), stored.text()))
    }

    /// The text of the one lock-out record there is.
    pub(super) fn lock_text(&self) -> Option<&str> {
        self.records.iter().find(|(key, _)| key.kind() == LockoutState::KIND).map(|(_, stored)| stored.text())
    }
}

pub(super) fn opens_a_session(key: &Key) -> bool {
    key.kind() == SessionState::KIND
}

pub(super) const fn micros(length: Duration) -> u64 {
    length.as_secs() * 1_000_000 + length.subsec_micros() as u64
}
