use alloc::vec::Vec;
use core::future::Future;
use core::pin::{Pin, pin};

use crate::store::{AsyncStore, Batch, Commit, Key, Store, Stored};

/// An asynchronous store, seen as a blocking one.
pub(super) struct Blocking<'a, S, B> {
    pub(super) store: S,
    pub(super) block_on: &'a B,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum BlockingError<E> {
    #[error(transparent)]
    Store(E),
    #[error("`block_on` did not run the future to its end")]
    NotRun,
}

impl<S, B> Blocking<'_, S, B>
where
    B: Fn(Pin<&mut (dyn Future<Output = ()> + Send)>) + Sync,
{
    fn wait<O: Send, E: Send>(
        block_on: &B,
        future: impl Future<Output = Result<O, E>> + Send,
    ) -> Result<O, BlockingError<E>> {
        let mut answer = None;
        block_on(pin!(async { answer = Some(future.await) }));
        answer.ok_or(BlockingError::NotRun)?.map_err(BlockingError::Store)
    }
}

impl<S, B> Store for Blocking<'_, S, B>
where
    S: AsyncStore,
    B: Fn(Pin<&mut (dyn Future<Output = ()> + Send)>) + Sync,
{
    type Error = BlockingError<S::Error>;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, Self::Error> {
        Self::wait(self.block_on, self.store.load(keys))
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, Self::Error> {
        Self::wait(self.block_on, self.store.commit(batch))
    }
}
