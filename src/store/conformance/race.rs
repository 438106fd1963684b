use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use std::sync::Barrier;
use std::thread;

use super::check::{Counter, patiently, slice};
use super::{Failure, Promise, Suite};
use crate::event::{Code, Event, Fact};
use crate::store::{Rows, Store, Transition};

/// How many threads race, each with a handle of its own.
const THREADS: u64 = 4;
/// How many updates each of them makes.
const UPDATES: u64 = 25;
const COUNTED: Code = Code::internal("conformance.counted");

impl<S: Store + Send> Suite<'_, S> {
    pub(super) fn no_lost_update(&self) -> Result<(), Failure> {
        let promise = Promise::NoLostUpdate;
        let mut check = self.check(promise);
        let (key, before) = (check.key("counter"), (self.events)().len());
        let mut counts = self.race(promise, |store, _| {
            patiently(promise, store, slice(&key), |change| {
                let count = change.rows().read::<Counter>(&key)?.map_or(0, |counter| counter.count).saturating_add(1);
                let fact = Fact::success(COUNTED).with("count", count);
                change.apply(&key, Transition::put(Counter { count }, count).with(fact))
            })
        })?;
        counts.sort_unstable();
        let all = 1..=THREADS.saturating_mul(UPDATES);
        check.ensure(counts.iter().copied().eq(all.clone()), || format!("the updates answered {counts:?}"))?;
        let stored = check.load(slice(&key))?.into_iter().flatten().next().map(|stored| stored.text);
        let last = format!(r#"{{"count":{}}}"#, all.end());
        let right = stored.as_ref().is_some_and(|text| text.contains(&last));
        check.ensure(right, || format!("the counter should end as {last} and is {stored:?}"))?;
        let lines = (self.events)().into_iter().skip(before).collect::<Vec<_>>();
        let noted = counted(&lines, &all);
        check.ensure(noted.iter().all(|times| *times == 1), || {
            format!("each has one event; the counts are {noted:?}")
        })?;
        check.ensure(lines.len() == noted.len(), || format!("{} updates left {} events", noted.len(), lines.len()))
    }

    pub(super) fn no_half_batch(&self) -> Result<(), Failure> {
        const START: u64 = 1_000_000;
        let promise = Promise::NoHalfBatch;
        let mut check = self.check(promise);
        let keys = [check.key("a"), check.key("b")];
        let [a, b] = &keys;
        patiently(promise, &mut check.store, &keys, |change| {
            change.apply(a, Transition::put(Counter { count: START }, ()))?;
            change.apply(b, Transition::put(Counter { count: START }, ()))
        })?;
        // One is moved to and fro. The two records are written in either order: a store that locks rows must
        // survive it, by answering a conflict for a deadlock or by locking in an order of its own.
        let sums = self.race(promise, |store, turn| {
            let (from, to) = if turn % 2 == 0 { (a, b) } else { (b, a) };
            patiently(promise, store, &keys, |change| {
                let count = |key| Ok(change.rows().read::<Counter>(key)?.map_or(0, |counter| counter.count));
                let (less, more) = (count(from)?, count(to)?);
                change.apply(from, Transition::put(Counter { count: less.saturating_sub(1) }, ()))?;
                change.apply(to, Transition::put(Counter { count: more.saturating_add(1) }, ()))?;
                Ok(less.saturating_add(more))
            })
        })?;
        let whole = START.saturating_mul(2);
        check.ensure(sums.iter().all(|sum| *sum == whole), || format!("an update was applied to a half: {sums:?}"))?;
        let rows = Rows::new(keys.clone(), check.load(&keys)?);
        let mut found = Vec::new();
        for key in &keys {
            let counter = rows.read::<Counter>(key).map_err(|error| check.failure(error.to_string()))?;
            let stamp = rows.stamp::<Counter>(key).map_err(|error| check.failure(error.to_string()))?;
            found.push((counter.map_or(0, |counter| counter.count), stamp.map_or(0, |stamp| stamp.revision())));
        }
        let writes = THREADS.saturating_mul(UPDATES).saturating_add(1);
        let right = found.iter().map(|(count, _)| *count).sum::<u64>() == whole
            && found.iter().all(|(_, revision)| *revision == writes);
        check.ensure(right, || {
            format!(
                "(count, writes) of both are {found:?}: the counts should sum to {whole}, each written {writes} times"
            )
        })
    }

    /// Lets every thread make its updates, all at once, and gives back what they answered.
    fn race(
        &self,
        promise: Promise,
        one: impl Fn(&mut S, u64) -> Result<u64, Failure> + Sync,
    ) -> Result<Vec<u64>, Failure> {
        let (start, one) = (Barrier::new(usize::try_from(THREADS).unwrap_or(1)), &one);
        let stores: Vec<S> = (0..THREADS).map(|_| (self.open)()).collect();
        let answers: Vec<_> = thread::scope(|scope| {
            let run = |(mut store, thread): (S, u64)| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    (0..UPDATES).map(|turn| one(&mut store, thread.saturating_add(turn))).collect()
                })
            };
            let threads: Vec<_> = stores.into_iter().zip(0..).map(run).collect();
            threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        let mut all = Vec::new();
        for answer in answers {
            let panicked = |_| Failure { promise, detail: "a thread panicked".into() };
            let answer: Result<Vec<u64>, Failure> = answer.map_err(panicked)?;
            all.extend(answer?);
        }
        Ok(all)
    }
}

/// How often each count has an event.
fn counted(lines: &[String], all: &RangeInclusive<u64>) -> Vec<usize> {
    let counts: Vec<_> =
        lines.iter().filter_map(|line| Event::decode(line).ok()?.detail("count").map(ToString::to_string)).collect();
    all.clone().map(|count| counts.iter().filter(|found| **found == count.to_string()).count()).collect()
}
