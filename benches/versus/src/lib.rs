//! Timing of two ways to do one thing, in turn, and a goal for their ratio.
//!
//! `cargo run --release --bin password`, in this folder, prints a line a case and ends with 1 when a goal is missed;
//! `--no-assert` only prints. Absolute times drift on a shared machine; what is done in turn drifts together.

pub mod c;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How often each contender is measured.
const ROUNDS: usize = 41;
/// How long one measurement takes at least.
const BATCH: Duration = Duration::from_millis(4);

/// The comparisons of one module, and whether they all met their goals.
#[derive(Debug)]
pub struct Versus {
    module: &'static str,
    asserts: bool,
    missed: usize,
}

impl Versus {
    /// Reads `--no-assert` from the command line.
    pub fn from_args(module: &'static str) -> Self {
        Self { module, asserts: !std::env::args().any(|argument| argument == "--no-assert"), missed: 0 }
    }

    /// Measures both in turn, prints the median of the rounds' ratios, and says it.
    ///
    /// Each call of `ours` or `theirs` must do the same work; what they compute has to go through
    /// [`std::hint::black_box`].
    pub fn compare(
        &mut self,
        case: &str,
        size: &str,
        rival: &str,
        goal: f64,
        mut ours: impl FnMut(),
        mut theirs: impl FnMut(),
    ) -> f64 {
        let (our_calls, their_calls) = (calls(&mut ours), calls(&mut theirs));
        let medians = in_turn(ROUNDS, || time(&mut ours, our_calls), || time(&mut theirs, their_calls));
        self.judge(case, size, rival, Goal::AtMost(goal), medians);
        medians.ratio
    }

    /// Prints a ratio that was measured otherwise, with the seconds of both, and what was hoped of it.
    pub fn judge(&mut self, case: &str, size: &str, rival: &str, goal: Goal, medians: Medians) {
        let Medians { ratio, ours, theirs } = medians;
        let name = format!("{}/{case}/{size}", self.module);
        let (goal, met) = match goal {
            Goal::AtMost(most) => (format!(" (goal <= {most:.2})"), ratio <= most),
            Goal::AtLeast(least) => (format!(" (goal >= {least:.2})"), ratio >= least),
            Goal::Unset => (String::new(), true),
        };
        println!("ratio {name} vs {rival} = {ratio:.2}{goal}");
        let duration = |seconds: f64| Duration::from_secs_f64(seconds);
        println!("      {:.1?} against {:.1?}", duration(ours), duration(theirs));
        self.expect(met, &format!("{name} vs {rival} missed its goal"));
    }

    /// Anything else that has to hold, such as a number of allocations.
    pub fn expect(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            println!("MISSED {otherwise}");
            self.missed += 1;
        }
    }

    /// Success if nothing was missed, or if nothing is asserted.
    pub fn finish(self) -> ExitCode {
        if self.missed > 0 && self.asserts { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// What a ratio has to be.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Anything: the figure is told for what it explains.
    Unset,
}

/// The median of the rounds' ratios, and of the seconds of either side.
#[derive(Clone, Copy, Debug)]
pub struct Medians {
    pub ratio: f64,
    pub ours: f64,
    pub theirs: f64,
}

/// Measures both, which tell their seconds, in turn. The ratio is of ours to theirs.
pub fn in_turn(rounds: usize, mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> Medians {
    let (mut ratios, mut our_times, mut their_times) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        // Whoever comes first finds colder caches: they take turns at that, too.
        let (mine, other);
        if round % 2 == 0 {
            mine = ours();
            other = theirs();
        } else {
            other = theirs();
            mine = ours();
        }
        ratios.push(mine / other);
        our_times.push(mine);
        their_times.push(other);
    }
    Medians { ratio: median(ratios), ours: median(our_times), theirs: median(their_times) }
}

/// Seconds a call.
fn time(work: &mut impl FnMut(), calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        work();
    }
    start.elapsed().as_secs_f64() / f64::from(calls)
}

/// How many calls fill a batch; warms up on the way.
fn calls(work: &mut impl FnMut()) -> u32 {
    let mut calls = 1_u32;
    while calls < 1 << 30 {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        if start.elapsed() >= BATCH {
            break;
        }
        calls *= 2;
    }
    calls
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The system's allocator, counting what this thread asks for. A binary that wants it declares it `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

/// How many allocations the work makes on this thread; zero as well where [`Counting`] is not the allocator.
pub fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

/// What the work makes, and how many bytes of this thread's memory it holds on to.
pub fn bytes_kept<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = BYTES.with(Cell::get);
    let made = work();
    (made, BYTES.with(Cell::get).wrapping_sub(before))
}

fn count() {
    let _ = ALLOCATIONS.try_with(|allocations| allocations.set(allocations.get() + 1));
}

/// Wraps below zero where a thread gives back what another one took.
fn resize(from: usize, to: usize) {
    let _ = BYTES.try_with(|bytes| bytes.set(bytes.get().wrapping_add(to).wrapping_sub(from)));
}

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        resize(0, layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        resize(layout.size(), 0);
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        resize(layout.size(), size);
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        resize(0, layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }
}
