//! Workers that sign in one step at a time, in an order that a seed decides, in virtual time.

use std::mem;
use std::time::Duration;

use clausework::sign_in::{Attempt, Begun, SignInOutcome, SignInRequest, Verdict};
use clausework::store::{Batch, Commit, Decision, Key, Rows};
use clausework::{Now, Timestamp};

use super::check::{Budget, Seen, lock_stands, until};
use super::world::{Dice, SimStore, World, micros, opens_a_session, start};

pub(super) const SECOND: u64 = 1_000_000;

/// What is simulated. Chances are per mille, lengths in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) wrong: usize,
    pub(super) right: usize,
    pub(super) known: bool,
    /// Workers arrive within this time.
    pub(super) arrive: u64,
    /// A hash takes at most this long.
    pub(super) hash: u64,
    /// Some take up to three leases.
    pub(super) slow: u64,
    /// A worker vanishes between begin and settle, with or without having looked at the password.
    pub(super) crash: u64,
    pub(super) overload: u64,
    pub(super) lost: u64,
    pub(super) conflict: u64,
    /// The clocks of the workers differ by at most this.
    pub(super) skew: u64,
    /// Once in the run all clocks go back by this.
    pub(super) back: u64,
    /// The host reads its clock once an attempt, so that settle is told the time of begin.
    pub(super) one_reading: bool,
    /// The flaw that the charge before the look is there to prevent.
    pub(super) verify_first: bool,
    /// A store that ignores versions.
    pub(super) last_write_wins: bool,
}

impl Case {
    pub(super) const fn new(wrong: usize, right: usize) -> Self {
        Self {
            wrong,
            right,
            known: true,
            arrive: 5 * SECOND,
            hash: 45 * SECOND,
            slow: 0,
            crash: 0,
            overload: 0,
            lost: 0,
            conflict: 0,
            skew: 0,
            back: 0,
            one_reading: false,
            verify_first: false,
            last_write_wins: false,
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) signed_in: u64,
    pub(super) denied: u64,
    pub(super) busy: u64,
    pub(super) unavailable: u64,
    /// Wrong guesses that were compared with the real hash.
    pub(super) verified: u64,
    /// Every lock that a record ever showed.
    pub(super) locks: Vec<String>,
    /// Public answers in order, each after the number of the worker that got it.
    pub(super) answers: String,
    pub(super) commits: u64,
    pub(super) rounds: (u32, u32),
    pub(super) lock_text: Option<String>,
    /// Broken promises. Empty, unless something in the case is broken.
    pub(super) violations: Vec<String>,
}

enum Step {
    Load,
    Begin(Rows),
    Charge(Decision<Begun>, Now),
    Verify(Attempt),
    Settle(Rows, Verdict),
    Pay(Decision<SignInOutcome>, Verdict, Now),
    Reload(Verdict),
    Done,
}

struct Worker {
    step: Step,
    request: SignInRequest,
    right: bool,
    ready: u64,
    skew: u64,
    rounds: (u32, u32),
    /// When this attempt was let through to the password: the place in the order of steps, and the time.
    let_through: (u64, u64),
    /// The broken guard has already looked at the password.
    looked: bool,
    began: Option<Now>,
}

enum Entry {
    Guess(Timestamp),
    Success,
}

struct Run<'w> {
    world: &'w World,
    case: Case,
    dice: Dice,
    entropy: Dice,
    store: SimStore,
    now: u64,
    set_back: u64,
    order: u64,
    ledger: Vec<(u64, Entry)>,
    report: Report,
}

pub(super) fn run(world: &World, case: Case, seed: u64) -> Report {
    let mut dice = Dice::new(seed);
    let workers = (0..case.wrong + case.right).map(|index| {
        let right = index >= case.wrong;
        Worker {
            step: Step::Load,
            request: world.request(case.known, right),
            right,
            ready: dice.below(case.arrive),
            skew: dice.below(case.skew + 1),
            rounds: (0, 0),
            let_through: (0, 0),
            looked: false,
            began: None,
        }
    });
    let mut workers: Vec<Worker> = workers.collect();
    let store = world.store(!case.last_write_wins);
    let (entropy, report) = (Dice::new(!seed), Report::default());
    let mut run = Run { world, case, dice, entropy, store, now: 0, set_back: 0, order: 0, ledger: Vec::new(), report };
    run.play(&mut workers);
    run.judge();
    run.report
}

impl Run<'_> {
    fn play(&mut self, workers: &mut [Worker]) {
        let back_at = if self.case.back > 0 { self.dice.below(400) } else { u64::MAX };
        loop {
            self.order += 1;
            if self.order == back_at {
                self.set_back = self.case.back;
            }
            if self.order > 100_000 {
                return self.violation("the run does not end".into());
            }
            let alive = |worker: &&Worker| !matches!(worker.step, Step::Done);
            let Some(next) = workers.iter().filter(alive).map(|worker| worker.ready).min() else { return };
            self.now = self.now.max(next);
            let runnable = |worker: &Worker| alive(&worker) && worker.ready <= self.now;
            let count = workers.iter().filter(|worker| runnable(worker)).count();
            let chosen = self.dice.below(count as u64);
            let chosen = (0..workers.len()).filter(|index| runnable(&workers[*index])).nth(chosen as usize).unwrap();
            self.step(chosen, &mut workers[chosen]);
            self.now += self.dice.below(2_000);
        }
    }

    fn clock(&self, worker: &Worker) -> Now {
        Now::from(self.timestamp(self.now + worker.skew).saturating_sub(Duration::from_micros(self.set_back)))
    }

    fn timestamp(&self, micros: u64) -> Timestamp {
        start().saturating_add(Duration::from_micros(micros))
    }

    fn step(&mut self, index: usize, worker: &mut Worker) {
        let guard = self.world.guard();
        let now = self.clock(worker);
        worker.step = match mem::replace(&mut worker.step, Step::Done) {
            Step::Done => Step::Done,
            Step::Load => Step::Begin(self.load(guard.keys(&worker.request))),
            Step::Begin(rows) => {
                let decision = guard.begin(&rows, now, &worker.request).unwrap();
                worker.began = Some(now);
                if self.case.verify_first && !worker.looked {
                    // The flaw: the permit is used before it is paid for.
                    self.begun(index, worker, decision.release(Commit::Applied).unwrap())
                } else {
                    Step::Charge(decision, now)
                }
            }
            Step::Charge(decision, decided) => {
                worker.rounds.0 += 1;
                match self.commit(&decision.batch(), decided) {
                    Ok(commit) => match decision.release(commit) {
                        Some(begun) => self.begun(index, worker, begun),
                        None => Step::Load,
                    },
                    Err(()) => {
                        self.answer(index, 'u');
                        worker.rounds = (0, 0);
                        Step::Load // whoever sits before it tries again
                    }
                }
            }
            Step::Verify(attempt) => self.verify(worker, attempt),
            Step::Settle(rows, verdict) => {
                let now = worker.began.filter(|_| self.case.one_reading).unwrap_or(now);
                Step::Pay(guard.settle(&rows, now, &verdict).unwrap(), verdict, now)
            }
            Step::Pay(decision, verdict, decided) => {
                worker.rounds.1 += 1;
                match self.commit(&decision.batch(), decided).map(|commit| decision.release(commit)) {
                    Ok(Some(outcome)) => {
                        self.settled(index, &outcome);
                        Step::Done
                    }
                    Ok(None) => Step::Reload(verdict),
                    Err(()) => {
                        self.answer(index, 'u');
                        Step::Done
                    }
                }
            }
            Step::Reload(verdict) => Step::Settle(self.load(verdict.rows().keys().cloned().collect()), verdict),
        };
        self.report.rounds.0 = self.report.rounds.0.max(worker.rounds.0);
        self.report.rounds.1 = self.report.rounds.1.max(worker.rounds.1);
    }

    fn load(&self, keys: Vec<Key>) -> Rows {
        let stored = self.store.load(&keys);
        Rows::new(keys, stored)
    }

    fn begun(&mut self, index: usize, worker: &mut Worker, begun: Begun) -> Step {
        match begun {
            Begun::Attempt(attempt) => {
                let lease = micros(self.world.lockout().lease());
                let slow = self.dice.per_mille(self.case.slow);
                worker.ready = self.now + self.dice.below(if slow { 3 * lease } else { self.case.hash });
                if !worker.looked {
                    worker.let_through = (self.order, self.now);
                }
                Step::Verify(attempt)
            }
            Begun::Ended(SignInOutcome::Busy { retry_after }) => {
                self.answer(index, 'b');
                worker.rounds = (0, 0);
                worker.ready = self.now + 1 + self.dice.below(micros(retry_after));
                if retry_after > self.world.lockout().lease() + self.world.lockout().skew() {
                    self.violation(format!("busy for {retry_after:?}"));
                }
                Step::Load
            }
            Begun::Ended(outcome) => {
                self.settled(index, &outcome);
                Step::Done
            }
        }
    }

    fn verify(&mut self, worker: &mut Worker, attempt: Attempt) -> Step {
        let crash = self.dice.per_mille(self.case.crash);
        if crash && self.dice.per_mille(500) {
            return Step::Done;
        }
        self.world.kernel.overload(self.dice.per_mille(self.case.overload));
        let guard = self.world.guard();
        let verdict = attempt.verify(guard.hasher(), &mut self.entropy, worker.request.password());
        if self.world.saw_the_real_hash() && !worker.right && !worker.looked {
            let (order, at) = worker.let_through;
            self.ledger.push((order, Entry::Guess(self.timestamp(at))));
            self.report.verified += 1;
        }
        if crash {
            return Step::Done;
        }
        if self.case.verify_first && !mem::replace(&mut worker.looked, true) {
            return Step::Load; // and only now is it charged
        }
        Step::Settle(verdict.rows(), verdict)
    }

    fn commit(&mut self, batch: &Batch<'_>, clock: Now) -> Result<Commit, ()> {
        if self.dice.per_mille(self.case.conflict) {
            return Ok(Commit::Conflict);
        }
        let before = self.store.lock_text().map(str::to_owned);
        let commit = self.store.commit(batch);
        if commit == Commit::Applied {
            self.watch(batch, before.as_deref(), clock.timestamp());
        }
        if self.dice.per_mille(self.case.lost) { Err(()) } else { Ok(commit) }
    }

    /// Looks at what was stored, never at what was announced.
    fn watch(&mut self, batch: &Batch<'_>, before: Option<&str>, clock: Timestamp) {
        let after = self.store.lock_text();
        let far_back = self.case.back + self.case.skew > micros(self.world.lockout().skew());
        let stands = lock_stands(self.world.lockout(), before, after, clock, far_back);
        if let Some(until) = until(after)
            && self.report.locks.last().is_none_or(|last| last != until)
        {
            self.report.locks.push(until.to_owned());
        }
        if let Err(violation) = stands {
            self.violation(violation);
        }
        if batch.writes().iter().any(|write| opens_a_session(write.key())) {
            if Seen::read(before).opens(self.world.lockout(), clock).is_some_and(|opens| clock < opens) {
                self.violation(format!("at {clock} somebody got in while locked: {before:?}"));
            }
            self.ledger.push((self.order, Entry::Success));
        }
    }

    fn settled(&mut self, index: usize, outcome: &SignInOutcome) {
        match outcome {
            SignInOutcome::SignedIn(_) => self.answer(index, 's'),
            SignInOutcome::Denied(_) => self.answer(index, 'd'),
            SignInOutcome::Unavailable(_) => self.answer(index, 'u'),
            other => self.violation(format!("an answer that cannot be: {other:?}")),
        }
    }

    fn answer(&mut self, index: usize, answer: char) {
        let count = match answer {
            's' => &mut self.report.signed_in,
            'd' => &mut self.report.denied,
            'b' => &mut self.report.busy,
            _ => &mut self.report.unavailable,
        };
        *count += 1;
        self.report.answers += &format!("{index}{answer} ");
    }

    fn violation(&mut self, violation: String) {
        self.report.violations.push(violation);
    }

    /// The end of the run: the budget, and then the way back in.
    fn judge(&mut self) {
        let mut ledger = mem::take(&mut self.ledger);
        ledger.sort_by_key(|(order, _)| *order);
        // A host that settles with the time of begin counts its locks from there.
        let late = if self.case.one_reading { self.case.hash } else { 0 };
        let mut budget = Budget::new(self.world.lockout(), Duration::from_micros(self.case.skew + late));
        for (_, entry) in ledger {
            match entry {
                Entry::Success => budget.success(),
                Entry::Guess(at) => {
                    if let Err(violation) = budget.guess(at) {
                        self.violation(violation);
                    }
                }
            }
        }
        self.report.commits = self.store.commits;
        self.report.lock_text = self.store.lock_text().map(str::to_owned);
        if self.case.known {
            self.opens_on_the_dot();
            self.opens_at_last();
        }
    }

    /// If the run ends locked: a microsecond before its time the right password is refused, at its time it is not.
    fn opens_on_the_dot(&mut self) {
        let Some(until) = Seen::read(self.store.lock_text()).until else { return };
        let early = until.saturating_sub(Duration::from_micros(1));
        for (at, gets_in) in [(early, false), (until, true)] {
            if self.gets_in(&mut self.store.clone(), at) != gets_in {
                self.violation(format!("a lock until {until}: at {at} the right password should get in: {gets_in}"));
            }
        }
    }

    /// Nothing that happened keeps the right password out for longer than a lease and a lock.
    fn opens_at_last(&mut self) {
        let policy = self.world.lockout();
        let quiet = policy.lease() + policy.lock();
        // The furthest that any clock has been.
        let furthest = self.timestamp(self.now + self.case.skew).saturating_sub(Duration::from_micros(self.set_back));
        let mut at = furthest.saturating_add(quiet);
        let mut store = self.store.clone();
        let mut in_at_last = self.gets_in(&mut store, at);
        if self.case.back > 0 && !in_at_last {
            // What was stored before the clocks went back is cut down when it is next looked at.
            at = at.saturating_add(quiet + policy.skew() + policy.skew());
            in_at_last = self.gets_in(&mut store, at);
        }
        if !in_at_last {
            self.violation(format!("still not in at {at}: {:?}", store.lock_text()));
        }
    }

    fn gets_in(&mut self, store: &mut SimStore, at: Timestamp) -> bool {
        let (guard, now) = (self.world.guard(), Now::from(at));
        let request = self.world.request(true, true);
        let keys = guard.keys(&request);
        let stored = store.load(&keys);
        let begun = guard.begin(&Rows::new(keys, stored), now, &request).unwrap();
        let commit = store.commit(&begun.batch());
        let Some(Begun::Attempt(attempt)) = begun.release(commit) else { return false };
        self.world.kernel.overload(false);
        let verdict = attempt.verify(guard.hasher(), &mut self.entropy, request.password());
        let settled = guard.settle(&verdict.rows(), now, &verdict).unwrap();
        let commit = store.commit(&settled.batch());
        matches!(settled.release(commit), Some(SignInOutcome::SignedIn(_)))
    }
}
