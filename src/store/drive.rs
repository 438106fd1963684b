use core::borrow::Borrow;

use super::{AsyncStore, Commit, Decision, DecodeError, Key, Rows, Store};

/// How often a driver loads and decides again before it gives up. In a simulation of 100 workers that
/// sign in to one account at the same instant no begin took more than 19 rounds and no settle more than 18.
pub const MAX_ROUNDS: u32 = 32;

/// Why an update did not happen. Nothing was let in and, unless the store lost an acknowledgement, nothing was written.
///
/// ```
/// use clausework::store::UpdateError;
///
/// let error: UpdateError<std::io::Error> = UpdateError::Contended;
/// assert_eq!(error.to_string(), "too many writers at once, nothing was written");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError<E> {
    /// A stored record cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The database reported this.
    #[error("the store failed")]
    Store(#[source] E),
    /// After [`MAX_ROUNDS`] attempts some record still changed between load and commit.
    #[error("too many writers at once, nothing was written")]
    Contended,
}

/// Loads, decides, commits; on a conflict loads and decides again.
///
/// `decide` is pure and may run several times: entropy is drawn before, and what it needs of an
/// earlier step it takes by reference. Its outcome is returned once its batch was applied.
///
/// ```
/// use clausework::store::{Change, Key, MemoryStore, Next, Record, Transition, update};
/// use clausework::event::{Actor, Provenance};
/// use clausework::{Scope, id::OpaqueId};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize)] struct Visits(u32);
/// # impl Record for Visits { const KIND: &'static str = "visits"; const VERSION: u16 = 1; }
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// let (store, by) = (MemoryStore::new(), Provenance::internal(Actor::Unauthenticated));
/// let key = Key::of::<Visits>(Scope::Operator, &OpaqueId::try_new("front-page")?);
///
/// let visit = || update(&store, [&key], |rows| {
///     let count = rows.read::<Visits>(&key)?.map_or(0, |Visits(count)| count) + 1;
///     let mut change = Change::new(rows, now, &by);
///     let count = change.apply(&key, Transition::put(Visits(count), count))?;
///     Ok(change.finish(count))
/// });
/// assert_eq!((visit()?, visit()?), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`UpdateError`]; the flows a host calls turn it into an outcome of their own.
pub fn update<S: Store, O>(
    mut store: S,
    keys: impl IntoIterator<Item: Borrow<Key>>,
    decide: impl FnMut(&Rows) -> Result<Decision<O>, DecodeError>,
) -> Result<O, UpdateError<S::Error>> {
    let rows = Rows::load(&mut store, keys).map_err(UpdateError::Store)?;
    update_from(store, rows, decide)
}

/// As [`update`], beginning from rows that are already known: it loads only after a conflict.
///
/// ```
/// use clausework::event::{Actor, Provenance};
/// use clausework::id::OpaqueId;
/// use clausework::store::{Key, MemoryStore, Record, Rows, Transition, update_from};
/// use clausework::Scope;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize)] struct Visits(u32);
/// # impl Record for Visits { const KIND: &'static str = "visits"; const VERSION: u16 = 1; }
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let (store, by) = (MemoryStore::new(), Provenance::internal(Actor::Unauthenticated));
/// let key = Key::of::<Visits>(Scope::Operator, &OpaqueId::try_new("front-page")?);
/// let visit = |rows: &Rows| rows.settle(now, &by, &key, |visits: Option<Visits>| {
///     let count = visits.map_or(0, |Visits(count)| count) + 1;
///     Transition::put(Visits(count), count)
/// });
///
/// let unwritten = Rows::new([key.clone()], [None]); // as a step before has left it
/// assert_eq!(update_from(&store, unwritten.clone(), visit)?, 1); // one round trip
/// assert_eq!(update_from(&store, unwritten, visit)?, 2); // no longer so: loads, and decides again
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`update`].
pub fn update_from<S: Store, O>(
    mut store: S,
    mut rows: Rows,
    mut decide: impl FnMut(&Rows) -> Result<Decision<O>, DecodeError>,
) -> Result<O, UpdateError<S::Error>> {
    for round in 0..MAX_ROUNDS {
        if round > 0 {
            rows = Rows::load(&mut store, rows.keys()).map_err(UpdateError::Store)?;
        }
        let decision = decide(&rows)?;
        let commit = match decision.is_empty() {
            true => Commit::Applied,
            false => store.commit(&decision.batch()).map_err(UpdateError::Store)?,
        };
        if let Some(outcome) = decision.release(commit) {
            return Ok(outcome);
        }
    }
    Err(UpdateError::Contended)
}

/// As [`update`], over an [`AsyncStore`].
///
/// ```
/// use clausework::event::{Actor, Provenance};
/// use clausework::id::OpaqueId;
/// use clausework::store::{AsyncStore, Key, MemoryStore, Record, Transition, UpdateError, update_async};
/// use clausework::Scope;
/// # fn block_on<T>(future: impl Future<Output = T>) -> T {
/// #     let (mut future, mut context) = (core::pin::pin!(future), core::task::Context::from_waker(core::task::Waker::noop()));
/// #     loop { if let core::task::Poll::Ready(done) = future.as_mut().poll(&mut context) { return done } }
/// # }
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize)] struct Visits(u32);
/// # impl Record for Visits { const KIND: &'static str = "visits"; const VERSION: u16 = 1; }
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let (store, by) = (MemoryStore::new(), Provenance::internal(Actor::Unauthenticated));
/// async fn visit<S: AsyncStore>(store: S, now: clausework::Now, by: &Provenance, key: &Key) -> Result<u32, UpdateError<S::Error>> {
///     update_async(store, [key], |rows| rows.settle(now, by, key, |visits: Option<Visits>| {
///         let count = visits.map_or(0, |Visits(count)| count) + 1;
///         Transition::put(Visits(count), count)
///     }))
///     .await
/// }
///
/// let key = Key::of::<Visits>(Scope::Operator, &OpaqueId::try_new("front-page")?);
/// assert_eq!(block_on(visit(&store, now, &by, &key))?, 1); // by the runtime of your host
/// assert_eq!(block_on(visit(&store, now, &by, &key))?, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`update`].
pub async fn update_async<S: AsyncStore, O>(
    mut store: S,
    keys: impl IntoIterator<Item: Borrow<Key>>,
    decide: impl FnMut(&Rows) -> Result<Decision<O>, DecodeError>,
) -> Result<O, UpdateError<S::Error>> {
    let rows = Rows::load_async(&mut store, keys).await.map_err(UpdateError::Store)?;
    update_from_async(store, rows, decide).await
}

/// As [`update_from`], over an [`AsyncStore`].
///
/// ```
/// use clausework::event::{Actor, Provenance};
/// use clausework::store::{Change, MemoryStore, Rows, update_from_async};
/// # fn block_on<T>(future: impl Future<Output = T>) -> T {
/// #     let (mut future, mut context) = (core::pin::pin!(future), core::task::Context::from_waker(core::task::Waker::noop()));
/// #     loop { if let core::task::Poll::Ready(done) = future.as_mut().poll(&mut context) { return done } }
/// # }
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// // Nothing is known and nothing changes: no round trip at all.
/// let (store, by) = (MemoryStore::new(), Provenance::internal(Actor::Unauthenticated));
/// let decide = |rows: &Rows| Ok(Change::new(rows, now, &by).finish("decided"));
/// assert_eq!(block_on(update_from_async(&store, Rows::new([], []), decide))?, "decided");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`update`].
pub async fn update_from_async<S: AsyncStore, O>(
    mut store: S,
    mut rows: Rows,
    mut decide: impl FnMut(&Rows) -> Result<Decision<O>, DecodeError>,
) -> Result<O, UpdateError<S::Error>> {
    for round in 0..MAX_ROUNDS {
        if round > 0 {
            rows = Rows::load_async(&mut store, rows.keys()).await.map_err(UpdateError::Store)?;
        }
        let decision = decide(&rows)?;
        let commit = match decision.is_empty() {
            true => Commit::Applied,
            false => store.commit(&decision.batch()).await.map_err(UpdateError::Store)?,
        };
        if let Some(outcome) = decision.release(commit) {
            return Ok(outcome);
        }
    }
    Err(UpdateError::Contended)
}
