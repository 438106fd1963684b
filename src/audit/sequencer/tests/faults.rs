//! Any order of steps, interrupted anywhere, over a store that fails.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::race::{Found, accept, accepted, check, commit, find, size};
use crate::store::MemoryStore;
use crate::testing::{FaultyStore, StoreFault};

/// One step of a run.
#[derive(Clone, Copy, Debug)]
enum Step {
    Accept,
    Find(usize),
    Commit(usize),
    Crash(usize),
}

fn steps() -> impl Strategy<Value = Vec<(Step, u8)>> {
    let worker = 0..3_usize;
    let step = prop_oneof![
        3 => Just(Step::Accept),
        3 => worker.clone().prop_map(Step::Find),
        3 => worker.clone().prop_map(Step::Commit),
        1 => worker.prop_map(Step::Crash),
    ];
    prop::collection::vec((step, 0..10_u8), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Three sequencers, interrupted at any point, over a store that fails, loses acknowledgements and reports
    /// conflicts that are none.
    #[test]
    fn no_order_of_steps_and_faults_loses_or_doubles_a_record(steps in steps()) {
        let store = MemoryStore::new();
        let mut workers: [Option<Found>; 3] = [None, None, None];
        for (step, fault) in steps {
            let mut faulty = FaultyStore::new(store.clone());
            match fault {
                0 => faulty.plan(StoreFault::Commit),
                1 => faulty.plan(StoreFault::LostAcknowledgement),
                2 => faulty.plan(StoreFault::SpuriousConflict),
                3 => faulty.plan(StoreFault::Load),
                _ => {}
            }
            match step {
                // Whether a business commit came about is the business's affair: what counts is what is stored.
                Step::Accept => { let _ = accept(&mut faulty); }
                Step::Find(worker) => workers[worker] = Some(find(&store, worker * 3 + 1)),
                Step::Commit(worker) => {
                    if let Some(found) = &workers[worker] {
                        let _ = commit(&mut faulty, found);
                    }
                }
                Step::Crash(worker) => workers[worker] = None,
            }
        }
        accept(&store).unwrap();
        while size(&store) < accepted(&store).len() as u64 {
            let _ = commit(&store, &find(&store, 8)).unwrap();
        }
        check(&store);
    }
}
