//! Many workers on one account, interleaved step by step in virtual time, over the public steps of a sign-in.
//!
//! Whatever a case injects, the same checks run at every commit and at the end (`check`): the budget of wrong
//! guesses, counted where the password meets the real hash; locks that stand and last; nobody in while locked;
//! and a way back in. Two cases are broken on purpose, to show that the checks can fail.

#![allow(clippy::cast_possible_truncation, reason = "numbers of workers and of steps")]

mod check;
mod explore;
mod lanes;
mod run;
mod world;

use clausework::Now;
use clausework::lockout::LockoutPolicy;
use clausework::sign_in::{Begun, SignInOutcome, Verdict};
use clausework::store::{Commit, Key, Rows};

use self::check::Seen;
use self::explore::explore;
use self::run::{Case, Report, SECOND, run};
use self::world::{Dice, SimStore, World};

const SEEDS: u64 = 2000;

fn world() -> World {
    World::new(LockoutPolicy::default())
}

/// Runs a case over many seeds; `holds` says what else must hold at the end of each.
fn every_seed(name: &str, world: &World, case: Case, seeds: u64, holds: impl Fn(&Report)) {
    let mut sum = Report::default();
    for seed in 0..seeds {
        let case = varied(case, seed);
        let report = run(world, case, seed);
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            assert!(report.violations.is_empty(), "{:#?}", report.violations);
            holds(&report);
        }));
        if let Err(panic) = broken {
            eprintln!("sim {name}: seed {seed}: {case:?}\n{report:#?}");
            std::panic::resume_unwind(panic);
        }
        sum.signed_in += report.signed_in;
        sum.denied += report.denied;
        sum.busy += report.busy;
        sum.unavailable += report.unavailable;
        sum.verified += report.verified;
        sum.commits += report.locks.len() as u64;
        sum.rounds = (sum.rounds.0.max(report.rounds.0), sum.rounds.1.max(report.rounds.1));
    }
    let mean = |count: u64| format!("{:.2}", count as f64 / seeds as f64);
    println!(
        "sim {name}: {seeds} seeds; mean in {} denied {} busy {} unavailable {} wrong verified {} locks {}; rounds {:?}",
        mean(sum.signed_in),
        mean(sum.denied),
        mean(sum.busy),
        mean(sum.unavailable),
        mean(sum.verified),
        mean(sum.commits),
        sum.rounds,
    );
}

/// All at once or one after the other, with hashes of milliseconds or of most of a lease.
fn varied(case: Case, seed: u64) -> Case {
    let arrive = if seed.is_multiple_of(2) { 0 } else { case.arrive };
    Case { arrive, hash: case.hash / [1, 10, 1000][(seed / 2 % 3) as usize], ..case }
}

#[test]
fn wrong_guesses() {
    every_seed("wrong", &world(), Case::new(50, 0), SEEDS, |report| {
        assert_eq!((report.verified, report.locks.len()), (3, 1));
        assert_eq!((report.signed_in, report.denied), (0, 50));
    });
}

#[test]
fn right_passwords() {
    every_seed("right", &world(), Case::new(0, 50), SEEDS, |report| {
        assert_eq!((report.signed_in, report.locks.len()), (50, 0));
        let seen = Seen::read(report.lock_text.as_deref());
        assert_eq!((seen.failures, seen.reserved.len()), (0, 0));
    });
}

#[test]
fn right_and_wrong() {
    every_seed("mixed", &world(), Case::new(25, 25), SEEDS, |report| {
        assert_eq!(report.signed_in + report.denied, 50);
    });
}

/// Everything that goes wrong in a data centre, one at a time and then all together.
#[test]
fn crashes_slow_hashes_and_bad_clocks() {
    let world = world();
    let hour = 3600 * SECOND;
    let plain = Case { arrive: hour, hash: 20 * SECOND, ..Case::new(35, 15) };
    let all = Case {
        slow: 50,
        crash: 50,
        overload: 30,
        lost: 30,
        conflict: 50,
        skew: 20 * SECOND,
        back: 10 * SECOND,
        ..plain
    };
    every_seed("all faults", &world, all, SEEDS, |_| {});
    every_seed("all faults, clocks back an hour", &world, Case { back: hour, ..all }, 300, |_| {});
    every_seed(
        "all faults, few workers",
        &world,
        Case { wrong: 5, right: 3, arrive: 120 * SECOND, ..all },
        1500,
        |_| {},
    );
    every_seed("all faults, more skew than allowed", &world, Case { skew: 90 * SECOND, ..all }, 300, |_| {});
    every_seed("slow hashes", &world, Case { slow: 100, ..plain }, 300, |_| {});
    every_seed("crashes", &world, Case { crash: 200, ..plain }, 300, |_| {});
    every_seed("overload", &world, Case { overload: 300, ..plain }, 300, |_| {});
    every_seed("lost acknowledgements", &world, Case { lost: 100, ..plain }, 300, |_| {});
    every_seed("conflicts", &world, Case { conflict: 300, ..plain }, 300, |_| {});
    every_seed("skew", &world, Case { skew: 30 * SECOND, ..plain }, 300, |_| {});
    every_seed("clocks back", &world, Case { back: 30 * SECOND, ..plain }, 300, |_| {});
}

/// A success that was decided before a lock was set, and is committed after it.
#[test]
fn nobody_gets_in_on_what_was_true_before_the_lock() {
    let world = world();
    let (guard, now) = (world.guard(), Now::from(world::start()));
    let (mut store, mut dice) = (world.store(true), Dice::new(1));
    let load = |store: &SimStore, keys: Vec<Key>| Rows::new(keys.clone(), store.load(&keys));
    let mut begin = |store: &mut SimStore, right: bool| {
        let request = world.request(true, right);
        let decision = guard.begin(&load(store, guard.keys(&request)), now, &request).unwrap();
        let commit = store.commit(&decision.batch());
        let Some(Begun::Attempt(attempt)) = decision.release(commit) else { panic!() };
        attempt.verify(guard.hasher(), &mut dice, request.password())
    };
    let (first, second) = (begin(&mut store, true), begin(&mut store, true));
    let reloaded = |store: &SimStore, verdict: &Verdict| load(store, verdict.rows().keys().cloned().collect());
    let settle = |store: &mut SimStore, verdict: &Verdict| {
        let decision = guard.settle(&reloaded(store, verdict), now, verdict).unwrap();
        let commit = store.commit(&decision.batch());
        decision.release(commit)
    };
    // The first success refunds the second attempt: there is nothing left for the second to write down.
    assert!(matches!(settle(&mut store, &first), Some(SignInOutcome::SignedIn(_))));
    let late = guard.settle(&reloaded(&store, &second), now, &second).unwrap();
    for _ in 0..3 {
        let wrong = begin(&mut store, false);
        assert!(matches!(settle(&mut store, &wrong), Some(SignInOutcome::Denied(_))));
    }
    assert!(Seen::read(store.lock_text()).until.is_some());
    let commit = store.commit(&late.batch());
    assert_eq!(commit, Commit::Conflict, "decided on a record that has changed since");
    assert!(matches!(settle(&mut store, &second), Some(SignInOutcome::Denied(_))), "and decided anew, it is locked");
}

/// Faults that are nobody's failure lock nobody out.
#[test]
fn right_passwords_through_conflicts_and_overload() {
    let case = Case { conflict: 200, overload: 100, skew: 10 * SECOND, ..Case::new(0, 20) };
    every_seed("right, conflicts, overload, skew", &world(), case, 500, |report| {
        assert_eq!((report.signed_in + report.unavailable, report.locks.len()), (20, 0));
    });
}

/// A host that reads its clock once an attempt settles with the time of begin: a clock that lags by a hash. Even
/// when that is more than the skew, no lock is cut short and nobody is locked out.
#[test]
fn one_reading_of_the_clock() {
    let world = world();
    let case = Case { one_reading: true, hash: 58 * SECOND, arrive: 120 * SECOND, ..Case::new(0, 50) };
    every_seed("one reading, right", &world, case, 300, |report| {
        assert_eq!((report.signed_in, report.locks.len()), (50, 0));
    });
    every_seed("one reading, mixed", &world, Case { wrong: 25, right: 25, ..case }, 500, |_| {});
    every_seed(
        "one reading, an hour",
        &world,
        Case { wrong: 35, right: 15, arrive: 3600 * SECOND, ..case },
        500,
        |_| {},
    );
}

/// A name without an account goes the same way, step by step: answers, commits and lock record.
#[test]
fn an_unknown_name() {
    let world = world();
    let quiet = Case::new(50, 0);
    let faults = Case { arrive: 3600 * SECOND, slow: 50, crash: 50, overload: 30, lost: 30, conflict: 50, ..quiet };
    for seed in 0..SEEDS {
        let case = varied(if seed % 4 == 3 { faults } else { quiet }, seed);
        let known = run(&world, case, seed);
        let unknown = run(&world, Case { known: false, ..case }, seed);
        assert_eq!(known.violations, Vec::<String>::new(), "seed {seed}");
        assert_eq!(unknown.violations, Vec::<String>::new(), "seed {seed}");
        assert_eq!(unknown.verified, 0, "seed {seed}");
        let seen = |report: Report| {
            (report.answers, report.commits, report.locks, report.rounds, Seen::read(report.lock_text.as_deref()))
        };
        assert_eq!(seen(known), seen(unknown), "seed {seed}: {case:?}");
    }
    println!("sim unknown name: {SEEDS} seeds, each step by step like a known one");
}

/// How many of these seeds break a promise.
fn broken(case: Case, seeds: u64) -> usize {
    let world = world();
    (0..seeds).filter(|seed| !run(&world, varied(case, *seed), *seed).violations.is_empty()).count()
}

#[test]
fn a_guard_that_verifies_first_is_found_out() {
    let found = broken(Case { verify_first: true, ..Case::new(50, 0) }, 60);
    println!("sim verify before begin: {found} of 60 seeds found it");
    assert!(found > 50);
}

#[test]
fn a_store_where_the_last_write_wins_is_found_out() {
    let found = broken(Case { last_write_wins: true, ..Case::new(50, 0) }, 60);
    println!("sim last write wins: {found} of 60 seeds found it");
    assert!(found > 30);
}

/// Not some orders of steps but all of them, for three workers and a clock.
#[test]
fn every_order_of_three_workers() {
    let mut states = 0;
    for (wrong, right, limit, ahead, lost) in [
        (2, 1, 3, false, false),
        (2, 1, 2, false, false),
        (2, 1, 2, true, false),
        (3, 0, 2, false, false),
        (3, 0, 2, true, false),
        (0, 3, 2, false, false),
        (1, 2, 1, true, false),
        (1, 1, 2, false, true),
    ] {
        let explored = explore(wrong, right, limit, ahead, lost);
        assert!(explored.records > 5, "nothing happened");
        states += explored.states;
    }
    println!("explore: {states} states");
}
