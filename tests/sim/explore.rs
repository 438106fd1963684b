//! Every state that a few workers can bring about, by every order of their steps and of the clock: states are
//! remembered, so each is visited once, however many ways lead to it.
//!
//! A crash needs no step of its own: a worker that makes no further step until the end is one that has crashed.

use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};
use std::time::{Duration, Instant};

use clausework::lockout::{self, BeginOutcome, LockoutPolicy, LockoutState, Reservation, SettleOutcome};
use clausework::store::Next;
use clausework::{Now, Timestamp};

use super::check::{Budget, Seen, lock_stands};
use super::world::start;

/// One tick of the clock, in seconds; the policy below is written in it.
const TICK: u64 = 10;
/// Long enough for a lease to lapse, its lock to be served, and the same again.
const TICKS: u64 = 9;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Held(Reservation);

impl Hash for Held {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.deadline().hash(state);
    }
}

/// What a worker has loaded: which content, and whether the record is still as it was then.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Row {
    content: usize,
    fresh: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Idle,
    Loaded(Row),
    LetThrough(Row, Held),
    Done,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Worker {
    right: bool,
    /// Its clock is a tick ahead of the others'.
    ahead: bool,
    step: Step,
}

impl Worker {
    /// Workers of one sort are interchangeable: put in order, their permutations are one state.
    fn rank(&self) -> impl Ord + use<> {
        let (step, row, deadline) = match self.step {
            Step::Idle => (0, None, None),
            Step::Loaded(row) => (1, Some((row.content, row.fresh)), None),
            Step::LetThrough(row, held) => (2, Some((row.content, row.fresh)), Some(held.0.deadline())),
            Step::Done => (3, None, None),
        };
        (self.right, self.ahead, step, row, deadline)
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    ticks: u64,
    record: usize,
    workers: Vec<Worker>,
    budget: Budget,
}

/// Every content that the record ever had.
struct Contents {
    states: Vec<Option<LockoutState>>,
    texts: Vec<String>,
    known: BTreeMap<String, usize>,
}

impl Contents {
    fn index(&mut self, state: Option<LockoutState>) -> usize {
        let state_text = serde_json::to_string(&state.clone().unwrap_or_default()).unwrap();
        let text = format!("{{\"state\":{state_text},\"stored\":{}}}", state.is_some());
        *self.known.entry(text.clone()).or_insert_with(|| {
            self.states.push(state);
            self.texts.push(text);
            self.states.len() - 1
        })
    }
}

struct Explorer {
    policy: LockoutPolicy,
    lost: bool,
    contents: Contents,
    seen: HashSet<State>,
    todo: Vec<State>,
    opened: HashSet<(usize, u64)>,
}

pub(super) struct Explored {
    pub(super) states: usize,
    pub(super) records: usize,
}

/// Visits everything that wrong guesses and right passwords can do with a limit; with or without one clock that is
/// ahead, and acknowledgements of begin that get lost.
pub(super) fn explore(wrong: usize, right: usize, limit: u32, ahead: bool, lost: bool) -> Explored {
    let policy =
        LockoutPolicy::builder().limit(limit).lease_secs(2 * TICK).lock_secs(3 * TICK).skew_secs(TICK).build().unwrap();
    let worker = |index| Worker { right: index >= wrong, ahead: ahead && index == 0, step: Step::Idle };
    let mut contents = Contents { states: Vec::new(), texts: Vec::new(), known: BTreeMap::new() };
    let skew = Duration::from_secs(if ahead { TICK } else { 0 });
    let record = contents.index(None);
    let workers = (0..wrong + right).map(worker).collect();
    let first = State { ticks: 0, record, workers, budget: Budget::new(&policy, skew) };
    let mut explorer =
        Explorer { policy, lost, contents, seen: HashSet::new(), todo: Vec::new(), opened: HashSet::new() };
    let began = Instant::now();
    explorer.reach(first);
    while let Some(state) = explorer.todo.pop() {
        explorer.clock_ticks(&state);
        for index in 0..state.workers.len() {
            explorer.step(&state, index);
        }
    }
    let (states, records) = (explorer.seen.len(), explorer.contents.states.len());
    println!(
        "explore {wrong} wrong, {right} right, limit {limit}, ahead {ahead}, lost {lost}: {states} states, {records} records, {:.1?}",
        began.elapsed()
    );
    Explored { states, records }
}

impl Explorer {
    fn reach(&mut self, mut state: State) {
        state.workers.sort_by_cached_key(Worker::rank);
        self.opens_at_last(state.record, state.ticks);
        if self.seen.insert(state.clone()) {
            self.todo.push(state);
        }
    }

    fn clock_ticks(&mut self, state: &State) {
        let at_rest = state.workers.iter().all(|worker| worker.step == Step::Done);
        if state.ticks < TICKS && !at_rest {
            self.reach(State { ticks: state.ticks + 1, ..state.clone() });
        }
    }

    fn step(&mut self, state: &State, index: usize) {
        let worker = state.workers[index];
        let now = Now::from(instant(state.ticks + u64::from(worker.ahead)));
        let present = Row { content: state.record, fresh: true };
        match worker.step {
            Step::Done => {}
            Step::Idle => self.goes_on(state, index, Step::Loaded(present)),
            Step::Loaded(row) => {
                let before = self.contents.states[row.content].clone();
                let (next, outcome, _) = lockout::begin(before, now, &self.policy).into_parts();
                let Some((mut after, row)) = self.commit(state, index, row, next, now) else {
                    return self.goes_on(state, index, Step::Idle);
                };
                let step = match outcome {
                    BeginOutcome::Reserved(reservation) => {
                        if self.lost {
                            self.goes_on(&after, index, Step::Idle); // charged, but the worker was not told
                        }
                        if !worker.right {
                            after.budget.guess(instant(state.ticks)).unwrap();
                        }
                        Step::LetThrough(row, Held(reservation))
                    }
                    BeginOutcome::Busy { .. } => Step::Idle,
                    _ => Step::Done,
                };
                self.goes_on(&after, index, step);
            }
            Step::LetThrough(row, held) => {
                let before = self.contents.states[row.content].clone();
                let settled = lockout::settle(before, now, &self.policy, &held.0, worker.right);
                let (next, outcome, _) = settled.into_parts();
                let Some((mut after, _)) = self.commit(state, index, row, next, now) else {
                    return self.goes_on(state, index, Step::LetThrough(present, held));
                };
                if outcome == SettleOutcome::Accepted {
                    assert!(worker.right, "a wrong guess was accepted");
                    let locked = Seen::read(Some(&self.contents.texts[state.record])).until;
                    assert!(locked.is_none_or(|until| until <= now.timestamp()), "in while locked until {locked:?}");
                    after.budget.success();
                }
                self.goes_on(&after, index, Step::Done);
            }
        }
    }

    fn goes_on(&mut self, state: &State, index: usize, step: Step) {
        let mut state = state.clone();
        state.workers[index].step = step;
        self.reach(state);
    }

    /// `None` is a conflict. What is not written is not compared either, as in a store.
    fn commit(
        &mut self,
        state: &State,
        index: usize,
        row: Row,
        next: Next<LockoutState>,
        now: Now,
    ) -> Option<(State, Row)> {
        let (Next::Put(put) | Next::PutUntil { state: put, .. }) = next else { return Some((state.clone(), row)) };
        if !row.fresh {
            return None;
        }
        let record = self.contents.index(Some(put));
        let texts = &self.contents.texts;
        lock_stands(&self.policy, Some(&texts[state.record]), Some(&texts[record]), now.timestamp(), false).unwrap();
        let mut after = State { record, ..state.clone() };
        for (other, worker) in after.workers.iter_mut().enumerate() {
            if let Step::Loaded(row) | Step::LetThrough(row, _) = &mut worker.step {
                row.fresh &= other == index;
            }
        }
        Some((after, Row { content: record, fresh: true }))
    }

    /// From every record that can come about, the right password gets in after a lease, a lock and the skew.
    fn opens_at_last(&mut self, content: usize, ticks: u64) {
        if !self.opened.insert((content, ticks)) {
            return;
        }
        let quiet = self.policy.lease() + self.policy.lock() + self.policy.skew();
        let now = Now::from(instant(ticks).saturating_add(quiet));
        let begun = lockout::begin(self.contents.states[content].clone(), now, &self.policy);
        let (Next::Put(state), BeginOutcome::Reserved(attempt), _) = begun.into_parts() else {
            panic!("still not in: {}", self.contents.texts[content]);
        };
        let settled = lockout::settle(Some(state), now, &self.policy, &attempt, true);
        assert_eq!(settled.outcome(), &SettleOutcome::Accepted);
    }
}

fn instant(ticks: u64) -> Timestamp {
    start().saturating_add(Duration::from_secs(ticks * TICK))
}
