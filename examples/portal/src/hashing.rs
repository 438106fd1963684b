//! Slow hashes beside everything else: as many at once as the memory budget holds, a bounded queue before them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clausework::hashing::{HashPolicy, Hasher};
use clausework::secret::Keyring;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{sleep, timeout};

/// How long a request waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_millis(500);
/// Requests that wait for a turn; one more has no chance of one. Half a second of hashes on two cores is some 75.
const QUEUE: usize = 64;

/// The hasher, and who may use it next.
pub struct Hashing {
    hasher: Hasher,
    turns: Semaphore,
    waiting: AtomicUsize,
}

/// As many hashes are under way, and waited for, as may be. Nothing was counted.
#[derive(Clone, Copy, Debug)]
pub struct Busy;

/// The right to compute one hash.
pub struct Turn<'a>(#[allow(dead_code, reason = "given back when dropped")] SemaphorePermit<'a>);

impl Hashing {
    /// By this policy's cost and budget; whoever would wait inside the hasher is refused, since he waits here.
    pub fn new(policy: &HashPolicy, keys: &Keyring) -> Result<Self, clausework::hashing::HashPolicyError> {
        let turns = Semaphore::new((policy.memory_kib() / policy.cost().m_kib) as usize);
        let policy = HashPolicy::builder()
            .cost(policy.cost())
            .ceiling(policy.ceiling())
            .memory_mib(policy.memory_kib() / 1024)
            .max_waiting(0)
            .build()?;
        Ok(Self { hasher: Hasher::new(policy).with_pepper(keys), turns, waiting: AtomicUsize::new(0) })
    }

    pub const fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// Waits for a turn, for a while. Take it before the attempt is charged: who is sent away here has not been counted.
    pub async fn turn(&self) -> Result<Turn<'_>, Busy> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            // Whoever asks in a loop asks no faster for being sent away.
            sleep(PATIENCE).await;
            return Err(Busy);
        }
        let turn = timeout(PATIENCE, self.turns.acquire()).await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        turn.ok().and_then(Result::ok).map(Turn).ok_or(Busy)
    }

    /// Runs a hash on a thread of its own. The turn is held until it is done.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        turn: Turn<'_>,
        hash: impl FnOnce(&Hasher) -> T + Send + 'static,
    ) -> Result<T, tokio::task::JoinError> {
        let hashing = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || hash(&hashing.hasher)).await;
        drop(turn);
        done
    }
}
