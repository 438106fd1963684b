//! The memory of a host's hashes: one budget in bytes, buffers that are used again, a bounded queue.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::DerefMut;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{HashError, HashMemory};

/// Buffers within a budget. Its lock is held for a few comparisons, never while hashing or wiping.
pub(super) struct Pool {
    budget_kib: u32,
    max_waiting: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Wiped; the last used at the end: its pages are the likeliest to be in the cache.
    idle: Vec<HashMemory>,
    /// KiB of every buffer there is, in use or idle. Never above the budget.
    held: u32,
    /// Whoever waits, served in their order: a large hash is not passed by for ever.
    waiting: VecDeque<Arc<Waiter>>,
}

/// Sleeps until whoever returns memory hands it over and wakes this one alone: were all of them woken to look,
/// cores would idle for a fifth of the time.
struct Waiter {
    m_kib: u32,
    fresh: bool,
    granted: Mutex<Option<HashMemory>>,
    woken: Condvar,
}

impl Waiter {
    fn wake(&self, memory: HashMemory) {
        *lock(&self.granted) = Some(memory);
        self.woken.notify_one();
    }
}

impl State {
    /// Gives the first of the queue what it waits for, as long as there is enough.
    fn serve(&mut self, budget_kib: u32) {
        while let Some(first) = self.waiting.front() {
            let first = Arc::clone(first);
            let Some(memory) = self.take(first.m_kib, budget_kib, first.fresh) else { return };
            self.waiting.pop_front();
            first.wake(memory);
        }
    }

    /// A buffer of `m_kib`; `None` if the budget is taken. A fresh one is empty: it stands for memory that a hash
    /// takes by itself.
    ///
    /// Only a buffer of that very size fits: a large one that small hashes held would leave no room for others.
    fn take(&mut self, m_kib: u32, budget_kib: u32, fresh: bool) -> Option<HashMemory> {
        // The last used of equals.
        let fitting = self.idle.iter().rposition(|memory| !fresh && memory.size_kib() == m_kib);
        if let Some(index) = fitting {
            return Some(self.idle.remove(index));
        }
        let idle = self.idle.iter().fold(0_u32, |sum, memory| sum.saturating_add(memory.size_kib()));
        let in_use = self.held.saturating_sub(idle);
        if in_use.checked_add(m_kib).is_none_or(|needed| needed > budget_kib) {
            return None;
        }
        // Those of other sizes make room, the longest unused first.
        while self.held.saturating_add(m_kib) > budget_kib && !self.idle.is_empty() {
            self.held = self.held.saturating_sub(self.idle.remove(0).size_kib());
        }
        self.held = self.held.saturating_add(m_kib);
        Some(HashMemory::default())
    }
}

/// A panic cannot leave what is behind a lock half changed: until it is unlocked there is only arithmetic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    pub(super) const fn new(budget_kib: u32, max_waiting: u32) -> Self {
        let state = State { idle: Vec::new(), held: 0, waiting: VecDeque::new() };
        Self { budget_kib, max_waiting, state: Mutex::new(state) }
    }

    /// A buffer of `m_kib`. Waits for it if the budget is taken, unless as many wait already as may.
    pub(super) fn acquire(&self, m_kib: u32) -> Result<Permit<'_>, HashError> {
        self.wait_for(m_kib, false)
    }

    /// Room in the budget for a hash that takes its memory by itself.
    pub(super) fn reserve(&self, m_kib: u32) -> Result<Permit<'_>, HashError> {
        self.wait_for(m_kib, true)
    }

    fn wait_for(&self, m_kib: u32, fresh: bool) -> Result<Permit<'_>, HashError> {
        if m_kib > self.budget_kib {
            return Err(HashError::Memory { m_kib }); // it would wait for ever
        }
        let permit = |memory| Permit { pool: self, memory, charged: m_kib };
        let mut state = lock(&self.state);
        if state.waiting.is_empty()
            && let Some(memory) = state.take(m_kib, self.budget_kib, fresh)
        {
            return Ok(permit(memory));
        }
        if u32::try_from(state.waiting.len()).is_ok_and(|waiting| waiting >= self.max_waiting) {
            return Err(HashError::Overloaded);
        }
        let waiter = Waiter { m_kib, fresh, granted: Mutex::new(None), woken: Condvar::new() };
        let waiter = Arc::new(waiter);
        state.waiting.push_back(Arc::clone(&waiter));
        drop(state);
        let mut granted = lock(&waiter.granted);
        loop {
            if let Some(memory) = granted.take() {
                return Ok(permit(memory));
            }
            granted = waiter.woken.wait(granted).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// KiB of every buffer there is, and how many wait.
    #[cfg(test)]
    pub(super) fn load(&self) -> (u32, usize) {
        let state = lock(&self.state);
        (state.held, state.waiting.len())
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("budget_kib", &self.budget_kib).finish_non_exhaustive()
    }
}

/// A buffer on loan. When dropped it is handed to a waiting hash of its size, or else wiped and kept.
pub(super) struct Permit<'a> {
    pool: &'a Pool,
    memory: HashMemory,
    charged: u32,
}

impl core::ops::Deref for Permit<'_> {
    type Target = HashMemory;

    fn deref(&self) -> &HashMemory {
        &self.memory
    }
}

impl DerefMut for Permit<'_> {
    fn deref_mut(&mut self) -> &mut HashMemory {
        &mut self.memory
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut memory = core::mem::take(&mut self.memory);
        let mut state = lock(&self.pool.state);
        if memory.size_kib() == self.charged
            && state.waiting.front().is_some_and(|next| !next.fresh && next.m_kib == self.charged)
            && let Some(next) = state.waiting.pop_front()
        {
            // Unwiped: its first pass overwrites every block (RFC 9106 section 3.2, steps 3 to 5).
            next.wake(memory);
            // Whoever is first now may want less than there was room for all along.
            return state.serve(self.pool.budget_kib);
        }
        drop(state);
        memory.wipe();
        // A buffer that could not be had, or that a kernel does not use, has no size; one that a kernel made
        // larger than it was charged for is let go.
        let kept = if memory.size_kib() <= self.charged { memory.size_kib() } else { 0 };
        let mut state = lock(&self.pool.state);
        state.held = state.held.saturating_sub(self.charged).saturating_add(kept);
        if kept > 0 {
            state.idle.push(memory);
        }
        state.serve(self.pool.budget_kib);
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use core::time::Duration;
    use std::thread;

    use super::*;

    /// Uses the whole of a buffer, as a hash does.
    fn fill(permit: &mut Permit<'_>, m_kib: u32) {
        permit.blocks(m_kib).unwrap().iter_mut().for_each(|block| block.as_mut().fill(u64::MAX));
    }

    #[test]
    fn the_budget_is_bytes_and_buffers_come_back_wiped() {
        let pool = Pool::new(100, 0);
        let mut first = pool.acquire(60).unwrap();
        fill(&mut first, 60);
        assert_eq!(pool.acquire(41).err(), Some(HashError::Overloaded));
        let small = pool.acquire(40).unwrap(); // not two permits: so many KiB
        assert_eq!(pool.acquire(1).err(), Some(HashError::Overloaded));
        drop((first, small));
        assert_eq!(pool.load().0, 60); // the one that was used is kept

        let mut again = pool.acquire(60).unwrap();
        assert_eq!(again.size_kib(), 60); // the same buffer: no new memory
        assert!(again.blocks(60).unwrap().iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
        assert_eq!(again.used(), 60);
    }

    /// 76 MiB hold four hashes of 19, whatever ran before them.
    #[test]
    fn a_large_hash_leaves_room_for_as_many_small_ones_as_the_budget_holds() {
        let pool = Pool::new(76, 0);
        let mut large = pool.acquire(64).unwrap();
        fill(&mut large, 64);
        drop(large);
        assert_eq!(pool.load().0, 64);
        for _ in 0..2 {
            let mut small: Vec<_> = (0..4).map(|_| pool.acquire(19).unwrap()).collect();
            assert_eq!(pool.acquire(1).err(), Some(HashError::Overloaded));
            small.iter_mut().for_each(|permit| fill(permit, 19));
            drop(small);
            assert_eq!(pool.load().0, 76);
        }
        assert_eq!(pool.acquire(19).unwrap().size_kib(), 19); // used again
        assert_eq!(pool.acquire(77).err(), Some(HashError::Memory { m_kib: 77 }));
        assert!(pool.acquire(76).is_ok()); // all four are let go
    }

    /// 60 and 40 fit together: the second runs beside the first as soon as the first is served, but not before it.
    #[test]
    fn waiters_of_different_sizes_are_served_in_order_and_together_where_they_fit() {
        use std::sync::mpsc::channel;
        let pool = Arc::new(Pool::new(100, 2));
        let mut held = pool.acquire(60).unwrap();
        fill(&mut held, 60);
        let (started, starts) = channel();
        let waiter = |m_kib| {
            let ((go, gone), pool, started) = (channel::<()>(), Arc::clone(&pool), started.clone());
            let thread = thread::spawn(move || {
                let permit = pool.acquire(m_kib).unwrap();
                started.send(m_kib).unwrap();
                gone.recv().unwrap(); // until it is let go
                drop(permit);
            });
            (go, thread)
        };
        let wait_for = |waiting| {
            let waits = |_| {
                thread::sleep(Duration::from_millis(1));
                pool.load().1 >= waiting
            };
            assert!((0..20_000).any(waits), "somebody passed");
        };
        let first = waiter(60);
        wait_for(1);
        let second = waiter(40); // would fit, but does not pass
        wait_for(2);
        assert_eq!(pool.acquire(40).err(), Some(HashError::Overloaded)); // nor does a newcomer, at the door
        drop(held);
        let soon = Duration::from_secs(20);
        let mut both = [starts.recv_timeout(soon).unwrap(), starts.recv_timeout(soon).unwrap()];
        both.sort_unstable();
        assert_eq!(both, [40, 60]);
        for (go, thread) in [first, second] {
            go.send(()).unwrap();
            thread.join().unwrap();
        }
        assert!(pool.acquire(100).is_ok());
    }

    #[test]
    fn a_failed_or_unused_buffer_gives_its_budget_back() {
        let pool = Pool::new(100, 0);
        for _ in 0..3 {
            drop(pool.acquire(100).unwrap());
        }
        assert_eq!(pool.load().0, 0);
    }

    #[test]
    fn waiting_is_bounded_and_in_order() {
        let pool = Arc::new(Pool::new(100, 2));
        let held = pool.acquire(100).unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut threads = Vec::new();
        for (number, m_kib) in [(1, 100), (2, 1)] {
            let (mine, order) = (Arc::clone(&pool), Arc::clone(&order));
            threads.push(thread::spawn(move || {
                let permit = mine.acquire(m_kib).unwrap();
                order.lock().unwrap().push(number);
                drop(permit);
            }));
            while pool.load().1 < number {
                thread::sleep(Duration::from_millis(1));
            }
        }
        assert_eq!(pool.acquire(1).err(), Some(HashError::Overloaded)); // two wait, a third may not
        drop(held);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(*order.lock().unwrap(), [1, 2]); // the small one did not pass the large one
        assert!(pool.acquire(100).is_ok());
        assert_eq!(pool.load().1, 0);
    }

    #[test]
    fn a_waiting_hash_of_the_same_size_gets_the_buffer_itself_and_the_last_one_wipes_it() {
        let pool = Arc::new(Pool::new(100, 1));
        let mut held = pool.acquire(100).unwrap();
        fill(&mut held, 100);
        let mine = Arc::clone(&pool);
        let next = thread::spawn(move || mine.acquire(100).unwrap().used());
        while pool.load().1 < 1 {
            thread::sleep(Duration::from_millis(1));
        }
        drop(held);
        assert_eq!(next.join().unwrap(), 100); // not wiped: it may hold something
        let mut idle = pool.acquire(100).unwrap();
        assert_eq!((idle.used(), pool.load()), (0, (100, 0)));
        assert!(idle.blocks(100).unwrap().iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }

    #[test]
    fn many_threads_never_exceed_the_budget_and_all_are_served() {
        let pool = Arc::new(Pool::new(64, 64));
        let threads: Vec<_> = (0..16_u32)
            .map(|number| {
                let pool = Arc::clone(&pool);
                thread::spawn(move || {
                    for round in 0..50 {
                        let m_kib = 8 + (number * 7 + round) % 56;
                        let mut permit = pool.acquire(m_kib).unwrap();
                        fill(&mut permit, m_kib);
                        assert!(pool.load().0 <= 64);
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
