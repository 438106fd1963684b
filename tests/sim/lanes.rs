//! Lanes over the public steps: every order of three workers' steps and of the clock, by states that are remembered;
//! and many workers in random order.
//!
//! A state cannot be copied (an attempt is good once), so it is kept as the shortest way to it, and played again.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use clausework::Now;
use clausework::lockout::{FamiliarPolicy, LanePolicy, LockoutPolicy};
use clausework::sign_in::{Attempt, Begun, SignInOutcome, SignInRequest, Verdict};
use clausework::store::{Commit, Key, Rows};

use super::check::Seen;
use super::world::{Dice, SimStore, World, start};

/// Source 1 is familiar. The one tick is more than a lease and less than a lock.
const TICK: Duration = Duration::from_secs(61);
const TICKS: u8 = 1;
const CLOCK: u8 = u8::MAX;

fn limit(failures: u32) -> LockoutPolicy {
    LockoutPolicy::builder().limit(failures).build().unwrap()
}

struct Limits {
    account: u32,
    familiar: u32,
    pair: u32,
    source: u32,
}

impl Limits {
    fn world(&self) -> World {
        let lanes = LanePolicy::builder()
            .familiar(FamiliarPolicy { lockout: limit(self.familiar), ..FamiliarPolicy::default() })
            .account_source(limit(self.pair))
            .source(limit(self.source));
        World::with_lanes(limit(self.account), lanes.build().unwrap())
    }
}

#[allow(clippy::large_enum_variant, reason = "a handful of workers")]
enum Step {
    Idle,
    Begin(Rows),
    Settle(Rows, Verdict),
    Done,
}

/// Which rows are still as they were loaded, and which there were: all that they can do from here on.
fn fresh(store: &SimStore, rows: &Rows) -> Vec<(bool, bool)> {
    let one = |key: &Key, stored| format!("{:?}", Rows::new([key.clone()], [stored]));
    let all = format!("{rows:?}");
    let row = |key: &Key| {
        let present = one(key, store.load(std::slice::from_ref(key)).remove(0));
        (rows.has(key), all.contains(present.trim_start_matches("Rows([").trim_end_matches("])")))
    };
    rows.keys().map(row).collect()
}

struct Worker {
    source: u8,
    right: bool,
    step: Step,
    began: u8,
    /// Whether its source was familiar when it looked: which lane of the account it is in.
    familiar: bool,
}

struct Play<'w> {
    world: &'w World,
    limits: &'w Limits,
    store: SimStore,
    workers: Vec<Worker>,
    ticks: u8,
    dice: Dice,
    /// Wrong guesses that met the real hash since the last success, by source.
    guesses: BTreeMap<u8, u32>,
    familiar: BTreeSet<u8>,
}

impl<'w> Play<'w> {
    fn new(world: &'w World, limits: &'w Limits, workers: &[(u8, bool)]) -> Self {
        let worker = |&(source, right)| Worker { source, right, step: Step::Idle, began: 0, familiar: false };
        let (store, guesses) = (world.store(true), BTreeMap::new());
        let workers = workers.iter().map(worker).collect();
        let familiar = BTreeSet::from([1]);
        let mut play = Self { world, limits, store, workers, ticks: 0, dice: Dice::new(1), guesses, familiar };
        assert!(play.gets_in(1, Duration::ZERO)); // and source 1 is familiar
        play
    }

    fn now(&self) -> Now {
        Now::from(start().saturating_add(TICK * u32::from(self.ticks)))
    }

    fn load(&self, keys: Vec<Key>) -> Rows {
        let stored = self.store.load(&keys);
        Rows::new(keys, stored)
    }

    fn act(&mut self, action: u8) {
        if action == CLOCK {
            self.ticks += 1;
            return;
        }
        let (index, guard, now) = (usize::from(action), self.world.guard(), self.now());
        let (source, right) = (self.workers[index].source, self.workers[index].right);
        let request = self.world.request_from(source, right);
        let step = match std::mem::replace(&mut self.workers[index].step, Step::Done) {
            Step::Idle => {
                self.workers[index].familiar = self.familiar.contains(&source);
                Step::Begin(self.load(guard.keys(&request)))
            }
            Step::Begin(rows) => {
                let decision = guard.begin(&rows, now, &request).unwrap();
                let commit = self.store.commit(&decision.batch());
                self.workers[index].began = self.ticks;
                match decision.release(commit) {
                    Some(Begun::Attempt(attempt)) => self.verify(attempt, &request, source, right),
                    Some(Begun::Ended(SignInOutcome::Busy { .. })) | None => Step::Idle,
                    Some(Begun::Ended(other)) => panic!("{other:?}"),
                }
            }
            Step::Settle(rows, verdict) => {
                let closed = self.closed_to(self.workers[index].familiar);
                let decision = guard.settle(&rows, now, &verdict).unwrap();
                match (self.store.commit(&decision.batch()), decision) {
                    (Commit::Conflict, _) => {
                        let rows = self.load(verdict.rows().keys().cloned().collect());
                        Step::Settle(rows, verdict)
                    }
                    (Commit::Applied, decision) => {
                        if let Some(SignInOutcome::SignedIn(_)) = decision.release(Commit::Applied) {
                            assert!(right && !closed, "in while a lane was locked");
                            self.guesses.clear();
                            self.familiar.insert(source);
                        }
                        Step::Done
                    }
                }
            }
            Step::Done => Step::Done,
        };
        self.workers[index].step = step;
        self.check();
    }

    /// Nobody else sees it, so it is one step with the begin that lets it through.
    fn verify(&mut self, attempt: Attempt, request: &SignInRequest, source: u8, right: bool) -> Step {
        let verdict = attempt.verify(self.world.guard().hasher(), &mut self.dice, request.password());
        if self.world.saw_the_real_hash() && !right {
            *self.guesses.entry(source).or_insert(0) += 1;
        }
        Step::Settle(verdict.rows(), verdict)
    }

    /// Whether this lane of the account is locked, told from the text of the record.
    fn closed_to(&self, familiar: bool) -> bool {
        let account = if familiar { "u-17~familiar" } else { "u-17" };
        let now = self.now().timestamp();
        let locked = |text| Seen::read(Some(text)).until.is_some_and(|until| now < until);
        self.store.locks().any(|(id, text)| id == account && locked(text))
    }

    /// No lane lets more through than its budget, and all together no more than the sum of the account's.
    fn check(&self) {
        let Limits { account, familiar, pair, source } = *self.limits;
        let from = |familiar| {
            let from = self.guesses.iter().filter(move |(source, _)| self.familiar.contains(source) == familiar);
            from.map(|(_, count)| *count).sum::<u32>()
        };
        assert!(from(true) + from(false) <= account + familiar, "{:?}", self.guesses);
        // Once another source has become familiar, what it guessed before was a stranger's.
        assert!(self.familiar.len() > 1 || from(true) <= familiar && from(false) <= account, "{:?}", self.guesses);
        assert!(self.guesses.values().all(|count| *count <= pair.min(source)), "{:?}", self.guesses);
    }

    /// Which state this is: two that print the same go on the same.
    fn print(&self) -> String {
        let mut workers: Vec<String> = self.workers.iter().map(|worker| self.print_worker(worker)).collect();
        workers.sort_unstable(); // workers of one sort are interchangeable
        let records: Vec<_> = self.store.locks().collect();
        format!("{} {workers:?} {records:?} {:?} {:?}", self.ticks, self.guesses, self.familiar)
    }

    fn print_worker(&self, worker: &Worker) -> String {
        let (name, rows) = match &worker.step {
            Step::Idle => ("idle", None),
            Step::Begin(rows) => ("begin", Some(rows)),
            Step::Settle(rows, _) => ("settle", Some(rows)),
            Step::Done => ("done", None),
        };
        let fresh = rows.map(|rows| fresh(&self.store, rows));
        format!("{} {} {name} {fresh:?} {} {}", worker.source, worker.right, worker.began, worker.familiar)
    }

    fn gets_in(&mut self, source: u8, later: Duration) -> bool {
        let (guard, now) = (self.world.guard(), Now::from(self.now().plus(later)));
        let request = self.world.request_from(source, true);
        let begun = guard.begin(&self.load(guard.keys(&request)), now, &request).unwrap();
        let commit = self.store.commit(&begun.batch());
        let Some(Begun::Attempt(attempt)) = begun.release(commit) else { return false };
        let verdict = attempt.verify(guard.hasher(), &mut self.dice, request.password());
        let settled = guard.settle(&verdict.rows(), now, &verdict).unwrap();
        let commit = self.store.commit(&settled.batch());
        matches!(settled.release(commit), Some(SignInOutcome::SignedIn(_)))
    }
}

/// Every order of the steps of these workers and of the clock.
fn explore(limits: &Limits, workers: &[(u8, bool)]) -> usize {
    let world = limits.world();
    let (mut seen, mut todo) = (HashSet::new(), vec![Vec::new()]);
    while let Some(path) = todo.pop() {
        let actions = (0..workers.len() as u8).chain([CLOCK]);
        for action in actions {
            let mut play = Play::new(&world, limits, workers);
            path.iter().for_each(|action| play.act(*action));
            let at_rest = play.workers.iter().all(|worker| matches!(worker.step, Step::Done));
            let idle = action != CLOCK && matches!(play.workers[usize::from(action)].step, Step::Done);
            if at_rest || idle || action == CLOCK && play.ticks == TICKS {
                continue;
            }
            play.act(action);
            if seen.insert(play.print()) {
                todo.push(path.iter().copied().chain([action]).collect());
                // Whatever happened: after a lease and a lock the right password gets in, from anywhere.
                assert!(play.gets_in(9, Duration::from_secs(60 + 15 * 60)), "{path:?} {action}");
                assert!(play.gets_in(1, Duration::from_secs(60 + 15 * 60)), "{path:?} {action}");
            }
        }
    }
    println!("explore lanes {workers:?}: {} states", seen.len());
    seen.len()
}

#[test]
fn every_order_of_three_workers_over_lanes() {
    let tight = Limits { account: 2, familiar: 1, pair: 1, source: 2 };
    let pairs = Limits { account: 3, familiar: 3, pair: 1, source: 1 };
    for (limits, workers) in [
        (&tight, [(1, false), (2, false), (3, false)]),
        (&pairs, [(2, false), (2, false), (2, true)]),
        (&tight, [(1, false), (1, true), (2, false)]),
    ] {
        assert!(explore(limits, &workers) > 100);
    }
}

/// Thirty workers from four sources, in random order, some of whom vanish.
#[test]
fn many_workers_over_lanes() {
    let limits = Limits { account: 4, familiar: 3, pair: 3, source: 3 };
    let world = limits.world();
    let mut most = 0;
    for seed in 0..300 {
        let mut dice = Dice::new(seed);
        let rights = u64::from(seed % 3 == 2) * 100;
        let workers: Vec<(u8, bool)> = (0..30).map(|_| (1 + dice.below(4) as u8, dice.per_mille(rights))).collect();
        let mut play = Play::new(&world, &limits, &workers);
        for _ in 0..2000 {
            let worker = dice.below(30) as u8;
            if matches!(play.workers[usize::from(worker)].step, Step::Settle(..)) && dice.per_mille(50) {
                play.workers[usize::from(worker)].step = Step::Done; // vanished: it lapses
            }
            play.act(if dice.per_mille(2) && play.ticks < 10 { CLOCK } else { worker });
        }
        most = most.max(play.guesses.values().sum::<u32>());
        assert!(play.gets_in(1, Duration::from_secs(17 * 60)), "seed {seed}");
        assert!(play.gets_in(9, Duration::from_secs(17 * 60)), "seed {seed}");
    }
    println!("sim lanes: 300 seeds, at most {most} guesses verified");
    assert_eq!(most, 4 + 3, "the bound is reached, and never passed");
}
