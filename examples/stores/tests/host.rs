//! An async host: the three steps of a sign-in over any store, and what it takes to set accounts up.

use std::cell::RefCell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clausework::credential::Issue;
use clausework::event::{Actor, Event, Origin, Provenance, Transport};
use clausework::hashing::{HashCost, HashError, HashMemory, HashPolicy, Hasher, Kernel};
use clausework::id::OpaqueId;
use clausework::lockout::LockoutPolicy;
use clausework::secret::Keyring;
use clausework::session::{IdleLimit, SessionPolicy};
use clausework::sign_in::{Begun, ChangeOutcome, ChangeRequest, SignIn, SignInOutcome, SignInPolicy, SignInRequest};
use clausework::store::{AsyncStore, Batch, Commit, Key, Store, Stored, UpdateError, update_async, update_from_async};
use clausework::testing::{CheapHash, SeededEntropy};
use clausework::{AccountId, Now, Secret, TenantId, Timestamp};

use crate::servers::runtime;

pub(crate) const PASSWORD: &str = "Tr0ub4dor-and-3";
/// The failures that lock (E-6P.3), and so the guesses that may be verified.
pub(crate) const BUDGET: usize = 3;
/// When an attempt that nobody settles counts as a failure: short, for a test waits for it.
pub(crate) const LEASE: Duration = Duration::from_secs(5);

thread_local! {
    /// Whose password this thread is about to compare.
    static ACCOUNT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Tells of every hash of a real password before it is computed: a decoy's salt is all zero.
struct Telling<F>(F);

impl<F: Fn(&str) + Send + Sync> Kernel for Telling<F> {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        memory: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        if salt.iter().any(|byte| *byte != 0) {
            ACCOUNT.with_borrow(|account| (self.0)(account));
        }
        CheapHash.derive(cost, password, salt, memory, tag)
    }
}

/// The same in every process.
pub(crate) struct Host {
    tenant: TenantId,
    policy: SignInPolicy,
    hasher: Hasher,
    keys: Keyring,
}

impl Host {
    pub(crate) fn new(verified: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let session = SessionPolicy::builder().lifetime_secs(8 * 60 * 60).idle(IdleLimit::Unlimited).build().unwrap();
        let lockout = LockoutPolicy::builder().lease_secs(LEASE.as_secs()).skew_secs(1).build().unwrap();
        Self {
            tenant: TenantId::try_new("acme").unwrap(),
            policy: SignInPolicy::builder().session(session).lockout(lockout).build().unwrap(),
            hasher: Hasher::with_kernel(HashPolicy::default(), Telling(verified)),
            keys: Keyring::new(OpaqueId::try_new("test").unwrap(), [7; 32]),
        }
    }

    fn guard(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, &self.policy, &self.hasher, &self.keys)
    }

    /// Makes an account with a lasting password.
    pub(crate) fn create<S: AsyncStore>(&self, store: S, account: &str) {
        let (mut store, mut entropy) = (Blocking(store), SeededEntropy::new(seed()));
        let admin = Provenance::internal(Actor::ApiKey(OpaqueId::try_new("setup").unwrap()));
        let id = AccountId::try_new(account).unwrap();
        let issued = self
            .guard()
            .issue_temporary(&mut store, now(), &mut entropy, &admin, &Issue::new_user(id.clone()))
            .issued()
            .unwrap();
        let first = request(account, issued.password().expose());
        let SignInOutcome::MustChange(change) = self.guard().sign_in(&mut store, now(), &mut entropy, &first) else {
            panic!("the temporary password")
        };
        let change = ChangeRequest::new(change.token().clone(), Secret::from(PASSWORD), origin());
        let ChangeOutcome::Changed { .. } = self.guard().change_password(&mut store, now(), &mut entropy, &change)
        else {
            panic!("the lasting password")
        };
    }

    /// Signs in as an async host does, `slowly` between the steps, where others come in or the process is killed.
    pub(crate) async fn sign_in<S: AsyncStore>(
        &self,
        store: &mut S,
        account: &str,
        password: &str,
        slowly: Duration,
    ) -> Result<SignInOutcome, UpdateError<S::Error>> {
        let (guard, request) = (self.guard(), request(account, password));
        let attempt =
            match update_async(&mut *store, guard.keys(&request), |rows| guard.begin(rows, now(), &request)).await? {
                Begun::Attempt(attempt) => attempt,
                Begun::Ended(outcome) => return Ok(outcome),
            };
        tokio::time::sleep(slowly).await;
        ACCOUNT.set(account.into());
        let verdict = attempt.verify(guard.hasher(), &mut SeededEntropy::new(seed()), request.password());
        tokio::time::sleep(slowly).await;
        update_from_async(&mut *store, verdict.rows(), |rows| guard.settle(rows, now(), &verdict)).await
    }
}

/// The real clock, for leases end by it.
fn now() -> Now {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap()).unwrap().into()
}

/// No token twice, in any process.
fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

fn origin() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn request(account: &str, password: &str) -> SignInRequest {
    SignInRequest::new(account, Some(AccountId::try_new(account).unwrap()), Secret::from(password), origin())
}

/// How many events have this code and, if one is asked for, this reason and are about this account.
pub(crate) fn count(events: &[Event], code: &str, reason: Option<&str>, account: Option<&str>) -> usize {
    let is = |event: &&Event| {
        event.code() == code
            && reason.is_none_or(|reason| event.detail("reason").is_some_and(|found| found.to_string() == reason))
            && account.is_none_or(|account| event.subject().id() == account)
    };
    events.iter().filter(is).count()
}

pub(crate) fn decoded(texts: &[String]) -> Vec<Event> {
    texts.iter().map(|text| Event::decode(text).unwrap()).collect()
}

/// An async store for the steps that only administrators take.
pub(crate) struct Blocking<S>(pub(crate) S);

impl<S: AsyncStore> Store for Blocking<S> {
    type Error = S::Error;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, S::Error> {
        runtime().block_on(self.0.load(keys))
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, S::Error> {
        runtime().block_on(self.0.commit(batch))
    }
}
