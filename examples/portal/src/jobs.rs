//! Work that takes longer than a request should: started once, then asked for until it is done.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clausework::entropy::OsEntropy;
use clausework::secret::Token;
use clausework::{AccountId, TenantId};
use tokio::sync::Semaphore;

use crate::error::PageError;
use crate::web::SignedIn;

/// How many are remembered; the oldest go first, and a tenant's own before those of others.
const REMEMBERED: usize = 64;
/// How many are remembered of one tenant: none can throw out what others have made.
const EACH: usize = 4;
/// Jobs with one kind of result; clones share them.
pub struct Jobs<T>(Arc<Shared<T>>);

struct Shared<T> {
    list: Mutex<BTreeMap<String, Entry<T>>>,
    turns: Arc<Semaphore>,
}

struct Entry<T> {
    tenant: TenantId,
    account: AccountId,
    started: Instant,
    state: State<T>,
}

/// How far a job is.
pub enum State<T> {
    /// What it does at the moment.
    Working(&'static str),
    Done(Arc<T>),
    /// It could not be done, and nothing follows from that.
    Failed,
}

/// What a page shows of a job.
pub struct Job<T> {
    pub state: State<T>,
    pub running_for: Duration,
}

/// Where a job says what it is doing.
pub struct Progress<T> {
    jobs: Jobs<T>,
    id: String,
}

impl<T> Clone for Jobs<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Working(step) => Self::Working(step),
            Self::Done(result) => Self::Done(result.clone()),
            Self::Failed => Self::Failed,
        }
    }
}

impl<T: Send + Sync + 'static> Jobs<T> {
    /// As many work at once as there are turns, whoever started them.
    pub fn new(turns: Arc<Semaphore>) -> Self {
        Self(Arc::new(Shared { list: Mutex::default(), turns }))
    }

    /// Starts a job of this user, or finds the one of his that works still. Its id opens it to him alone.
    pub fn start<E: Display + Send + 'static, F: Future<Output = Result<T, E>> + Send + 'static>(
        &self,
        me: &SignedIn,
        work: impl FnOnce(Progress<T>) -> F + Send + 'static,
    ) -> Result<String, PageError> {
        let id = Token::<()>::mint(&mut OsEntropy).map_err(PageError::unavailable)?.expose().to_owned();
        {
            let mut list = self.list();
            let is_mine = |entry: &Entry<T>| entry.tenant == me.tenant && entry.account == me.account;
            let works = |entry: &Entry<T>| matches!(entry.state, State::Working(_));
            if let Some((id, _)) = list.iter().find(|(_, entry)| is_mine(entry) && works(entry)) {
                return Ok(id.clone());
            }
            let is_others = |entry: &Entry<T>| entry.tenant != me.tenant;
            let has_enough = list.values().filter(|entry| !is_others(entry)).count() >= EACH;
            let may_go = |entry: &Entry<T>| !works(entry) && (!has_enough || !is_others(entry));
            let finished = list.iter().filter(|(_, entry)| may_go(entry));
            let oldest = finished.min_by_key(|(_, entry)| (is_others(entry), entry.started)).map(|(id, _)| id.clone());
            if has_enough || list.len() >= REMEMBERED {
                let Some(oldest) = oldest else { return Err(PageError::Busy { retry_after: Duration::from_secs(5) }) };
                list.remove(&oldest);
            }
            let (tenant, account) = (me.tenant.clone(), me.account.clone());
            let state = State::Working("Waiting for its turn");
            list.insert(id.clone(), Entry { tenant, account, started: Instant::now(), state });
        }
        let (jobs, name) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let Ok(_turn) = jobs.0.turns.acquire().await else { return };
            // In a task of its own, so that one that panics is not for ever at work.
            let done = tokio::spawn(work(Progress { jobs: jobs.clone(), id: name.clone() })).await;
            let state = match done {
                Ok(Ok(result)) => State::Done(Arc::new(result)),
                Ok(Err(error)) => failed(&error),
                Err(error) => failed(&error),
            };
            jobs.set(&name, state);
        });
        Ok(id)
    }

    /// A job of this user; nobody else's is there.
    pub fn look(&self, me: &SignedIn, id: &str) -> Result<Job<T>, PageError> {
        let list = self.list();
        let mine = list.get(id).filter(|entry| entry.tenant == me.tenant && entry.account == me.account);
        let entry = mine.ok_or(PageError::NotFound)?;
        Ok(Job { state: entry.state.clone(), running_for: entry.started.elapsed() })
    }

    fn set(&self, id: &str, state: State<T>) {
        if let Some(entry) = self.list().get_mut(id) {
            entry.state = state;
        }
    }

    fn list(&self) -> MutexGuard<'_, BTreeMap<String, Entry<T>>> {
        self.0.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed<T>(error: &dyn Display) -> State<T> {
    tracing::error!(%error, "a job failed");
    State::Failed
}

impl<T: Send + Sync + 'static> Progress<T> {
    pub fn now(&self, step: &'static str) {
        self.jobs.set(&self.id, State::Working(step));
    }
}
