//! Slow hashes beside everything else: on a thread a core that gives way to all others, as many attempts under way as the
//! memory budget would hold, and a bounded queue before them.

use std::io::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use clausework::hashing::{HashPolicy, Hasher};
use clausework::secret::Keyring;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};
use tokio::time::{sleep, timeout};

/// How long a request waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_millis(500);
/// Requests that wait for a turn; one more has no chance of one. Half a second of hashes on two cores is some 75.
const QUEUE: usize = 64;

/// How much the threads that hash give way, as `nice` has it (our choice): a quarter of a core where others
/// want it too, all that is left otherwise. Without it a page would wait for the end of a hash's slice of time at each step.
const NICE: i32 = 5;

type Job = Box<dyn FnOnce(&Hasher) + Send>;

/// The hasher, and who may use it next.
pub struct Hashing {
    hasher: Hasher,
    jobs: Sender<Job>,
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
    ///
    /// # Errors
    /// The threads cannot be had, or there is no such policy.
    pub fn new(policy: &HashPolicy, keys: &Keyring) -> Result<Self, Error> {
        let turns = policy.memory_kib() / policy.cost().m_kib;
        let policy = HashPolicy::builder()
            .cost(policy.cost())
            .ceiling(policy.ceiling())
            .memory_mib(policy.memory_kib() / 1024)
            .max_waiting(0)
            .build()
            .map_err(Error::other)?;
        let hasher = Hasher::new(policy).with_pepper(keys);
        let (jobs, inbox) = channel();
        let inbox = Arc::new(Mutex::new(inbox));
        // A thread a core: more would take turns on them, and each its memory out of the caches of the other. Whoever has a
        // turn but no thread is what the next free one goes on with.
        let threads = thread::available_parallelism().map_or(1, usize::from).min(turns as usize);
        for _ in 0..threads {
            let (hasher, inbox) = (hasher.clone(), Arc::clone(&inbox));
            thread::Builder::new().name("hash".into()).spawn(move || work(&hasher, &inbox))?;
        }
        Ok(Self { hasher, jobs, turns: Semaphore::new(turns as usize), waiting: AtomicUsize::new(0) })
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

    /// Runs a hash on a thread that is there for it. The turn is held until it is done.
    ///
    /// # Errors
    /// The thread died of it.
    pub async fn run<T: Send + 'static>(
        &self,
        turn: Turn<'_>,
        hash: impl FnOnce(&Hasher) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (done, answer) = oneshot::channel();
        let job = Box::new(move |hasher: &Hasher| drop(done.send(hash(hasher))));
        self.jobs.send(job).map_err(|_| Error::other("no thread is left that hashes"))?;
        let answer = answer.await.map_err(Error::other);
        drop(turn);
        answer
    }
}

/// One thread's life: a job after the other, until there is nobody left to ask for one.
fn work(hasher: &Hasher, inbox: &Mutex<Receiver<Job>>) {
    // On Linux it concerns this thread alone. Where it cannot be had, pages are merely slower.
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "hashing does not give way");
    }
    loop {
        let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        job(hasher);
    }
}
