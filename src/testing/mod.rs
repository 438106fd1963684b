//! For tests of host applications: time that stands where you put it, entropy that repeats, a hash
//! that costs nothing, a store that fails when told to. Feature `testing`; never in production.
//!
//! ```
//! use clausework::testing::{CheapHash, Clock, FaultyStore, SeededEntropy};
//! use clausework::hashing::{HashPolicy, Hasher};
//! use clausework::store::MemoryStore;
//!
//! let mut clock = Clock::at("2026-11-22T09:30:00Z");
//! let mut entropy = SeededEntropy::new(1);
//! let hasher = Hasher::with_kernel(HashPolicy::default(), CheapHash);
//! let store = FaultyStore::new(MemoryStore::new());
//! clock.advance_secs(15 * 60);
//! assert_eq!(clock.now().timestamp().to_string(), "2026-11-22T09:45:00.000000Z");
//! # let _ = (entropy, hasher, store);
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;
use sha2::{Digest, Sha256};

use crate::entropy::{Entropy, EntropyError};
use crate::event::Event;
use crate::hashing::{HashCost, HashError, HashMemory, Kernel};
use crate::store::{Batch, Commit, Key, MemoryStore, Store, Stored};
use crate::time::{Now, Timestamp};

/// A clock that a test moves by hand, forwards or back.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Timestamp);

impl Clock {
    /// A clock that stands at this RFC 3339 instant.
    ///
    /// # Panics
    /// If the text is no RFC 3339 instant: it is a literal in a test.
    #[must_use]
    #[allow(clippy::expect_used, reason = "only in tests, on a literal")]
    pub fn at(instant: &str) -> Self {
        let instant: DateTime<Utc> = instant.parse().expect("an RFC 3339 instant");
        Self(instant.into())
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Now {
        self.0.into()
    }

    /// Moves it forwards.
    pub fn advance(&mut self, length: Duration) {
        self.0 = self.0.saturating_add(length);
    }

    /// Moves it forwards by seconds.
    pub fn advance_secs(&mut self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// Moves it back, as a clock that is corrected does.
    pub fn step_back(&mut self, length: Duration) {
        self.0 = self.0.saturating_sub(length);
    }
}

/// Entropy from a seed: the same every time. Predictable, so good for tests only.
#[derive(Debug)]
pub struct SeededEntropy(ChaCha20Rng);

impl SeededEntropy {
    /// Entropy that repeats for this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        use rand::Rng;
        self.0.fill_bytes(buffer);
        Ok(())
    }
}

/// An entropy source that always fails.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "closed: it has no settings")]
pub struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), EntropyError> {
        Err(EntropyError::Unavailable)
    }
}

/// A kernel that takes a microsecond in place of milliseconds. Its hashes look like Argon2id's and are not.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "closed: it has no settings")]
pub struct CheapHash;

impl Kernel for CheapHash {
    fn derive(
        &self,
        cost: HashCost,
        password: &[u8],
        salt: &[u8],
        _: &mut HashMemory,
        tag: &mut [u8; 32],
    ) -> Result<(), HashError> {
        let mut digest = Sha256::new();
        for part in [&cost.m_kib.to_be_bytes()[..], &cost.t.to_be_bytes(), &cost.p.to_be_bytes(), salt, password] {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
        *tag = digest.finalize().into();
        Ok(())
    }
}

/// A kernel that always fails, as one does that cannot get its memory.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "closed: it has no settings")]
pub struct NoMemory;

impl Kernel for NoMemory {
    fn derive(
        &self,
        cost: HashCost,
        _: &[u8],
        _: &[u8],
        _: &mut HashMemory,
        _: &mut [u8; 32],
    ) -> Result<(), HashError> {
        Err(HashError::Memory { m_kib: cost.m_kib })
    }
}

/// What a [`FaultyStore`] does to the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreFault {
    /// `load` fails.
    Load,
    /// `commit` fails and nothing was written.
    Commit,
    /// `commit` writes and then fails: the acknowledgement is lost.
    LostAcknowledgement,
    /// `commit` answers a conflict although there was none.
    SpuriousConflict,
    /// `commit` does as it should: to let one pass before the next fault.
    None,
}

/// What a [`FaultyStore`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("injected fault")]
#[non_exhaustive]
pub struct InjectedFault;

/// A store that fails as told, once per planned fault, and otherwise passes through.
///
/// ```
/// use clausework::store::{MemoryStore, Store};
/// use clausework::testing::{FaultyStore, StoreFault};
///
/// let mut store = FaultyStore::new(MemoryStore::new());
/// store.plan(StoreFault::Load);
/// assert!(store.load(&[]).is_err());
/// assert!(store.load(&[]).is_ok());
/// ```
#[derive(Debug)]
pub struct FaultyStore {
    inner: MemoryStore,
    planned: Vec<StoreFault>,
}

impl FaultyStore {
    /// A store over this one, with no fault planned.
    #[must_use]
    pub const fn new(inner: MemoryStore) -> Self {
        Self { inner, planned: Vec::new() }
    }

    /// Plans a fault for the next call it applies to. Several are taken in order.
    pub fn plan(&mut self, fault: StoreFault) {
        self.planned.push(fault);
    }

    /// The store beneath.
    #[must_use]
    pub const fn inner(&self) -> &MemoryStore {
        &self.inner
    }

    fn take(&mut self, applies: impl Fn(StoreFault) -> bool) -> Option<StoreFault> {
        let index = self.planned.iter().position(|fault| applies(*fault))?;
        Some(self.planned.remove(index))
    }
}

impl Store for FaultyStore {
    type Error = InjectedFault;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, InjectedFault> {
        match self.take(|fault| fault == StoreFault::Load) {
            Some(_) => Err(InjectedFault),
            None => Store::load(&mut self.inner, keys).map_err(|never| match never {}),
        }
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, InjectedFault> {
        let fault = self.take(|fault| fault != StoreFault::Load);
        match fault {
            Some(StoreFault::Commit) => return Err(InjectedFault),
            Some(StoreFault::SpuriousConflict) => return Ok(Commit::Conflict),
            _ => {}
        }
        let commit = Store::commit(&mut self.inner, batch).map_err(|never| match never {})?;
        if fault == Some(StoreFault::LostAcknowledgement) { Err(InjectedFault) } else { Ok(commit) }
    }
}

/// Runs a future to its end on this thread, asking again and again: for stores that answer without a
/// runtime, such as [`MemoryStore`]. A store that needs a runtime must be run on it.
///
/// ```
/// use clausework::store::{AsyncStore, MemoryStore};
/// use clausework::testing::block_on;
///
/// let store = MemoryStore::new();
/// assert!(block_on(AsyncStore::load(&mut &store, &[]))?.is_empty());
/// # Ok::<(), core::convert::Infallible>(())
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::yield_now();
    }
}

/// The events of a store, decoded.
///
/// # Panics
/// If one cannot be decoded: the crate has then written what it cannot read.
#[must_use]
#[allow(clippy::expect_used, reason = "only in tests")]
pub fn events(store: &MemoryStore) -> Vec<Event> {
    store.events().iter().map(|row| Event::decode(row.text()).expect("an event of this crate")).collect()
}

/// The codes of the events of a store, oldest first.
#[must_use]
pub fn codes(store: &MemoryStore) -> Vec<String> {
    events(store).iter().map(|event| event.code().into()).collect()
}
