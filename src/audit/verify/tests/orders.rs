//! Whatever is erased, purged, held and collapsed, in whatever order and however often the process dies in between:
//! never an alarm. And whatever is deleted beside the log: always one.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::ground;
use super::log::{Log, day};
use crate::audit::record::tests::user;
use crate::audit::record::{Body, Class, IndexRange, Reach, Record, Target, Who};
use crate::audit::retention::{Candidate, PurgeKind, RetentionPolicy, plan_erasure, plan_purge};
use crate::audit::tree::TreeHead;

const CLASSES: [Class; 5] =
    [Class::Administration, Class::Authentication, Class::Access, Class::Change, Class::General];
const PEOPLE: [&str; 3] = ["p-0", "p-1", "p-2"];

#[derive(Clone, Debug)]
enum Op {
    Event { class: usize, person: usize, personal: bool },
    Wait { days: u32 },
    Erase { person: usize, all: bool },
    Bodies { class: usize },
    Disclosures { class: usize },
    Prefix { of_ten: u64 },
    HoldAll,
    HoldPerson { person: usize },
    HoldRange { of_ten: u64 },
    Lift,
    Withdraw,
    Checkpoint,
}

/// How far the deletion comes before the process dies: not at all, in part, wholly, and wholly with its record.
type Fate = u8;

fn op() -> impl Strategy<Value = (Op, Fate)> {
    let op = prop_oneof![
        8 => (0..5_usize, 0..3_usize, any::<bool>())
            .prop_map(|(class, person, personal)| Op::Event { class, person, personal }),
        3 => (0..300_u32).prop_map(|days| Op::Wait { days }),
        2 => (0..3_usize, any::<bool>()).prop_map(|(person, all)| Op::Erase { person, all }),
        2 => (0..5_usize).prop_map(|class| Op::Bodies { class }),
        1 => (0..5_usize).prop_map(|class| Op::Disclosures { class }),
        1 => (0..=10_u64).prop_map(|of_ten| Op::Prefix { of_ten }),
        1 => Just(Op::HoldAll),
        1 => (0..3_usize).prop_map(|person| Op::HoldPerson { person }),
        1 => (0..10_u64).prop_map(|of_ten| Op::HoldRange { of_ten }),
        2 => Just(Op::Lift),
        1 => Just(Op::Withdraw),
        1 => Just(Op::Checkpoint),
    ];
    (op, 0..4_u8)
}

#[derive(Default)]
struct Host {
    log: Log,
    days: u32,
    /// Checkpoints that are kept elsewhere.
    heads: Vec<TreeHead>,
    holds: Vec<(String, u64)>,
    /// Intents by which nothing was deleted.
    untouched: Vec<u64>,
    /// What was kept of a purged beginning, by the index of the hold that keeps it.
    kept: Vec<(u64, u64)>,
    ranges: Vec<(u64, IndexRange)>,
}

impl Host {
    fn checkpoint(&mut self) {
        self.heads.push(self.log.head());
    }

    /// Whether the log is as it must be: by every checkpoint, and by the last alone.
    fn check(&self) {
        for heads in [self.heads.clone(), self.heads.last().copied().into_iter().collect(), Vec::new()] {
            let verdict = self.log.verify(&heads);
            assert!(!verdict.is_alarm(), "{verdict}");
            let met = !heads.is_empty() && heads.iter().all(|head| head.size() >= self.log.minimum());
            assert_eq!(verdict.is_sound(), met, "{verdict}");
        }
    }

    fn run(&mut self, op: &Op, fate: Fate) {
        let now = day(self.days);
        match *op {
            Op::Event { class, person, personal } => {
                self.log.event(now, CLASSES[class], Some(PEOPLE[person]), personal);
            }
            Op::Wait { days } => self.days += days,
            Op::Checkpoint => self.checkpoint(),
            Op::HoldAll => self.hold(Reach::All),
            Op::HoldPerson { person } => self.hold(Reach::Person(PEOPLE[person])),
            Op::HoldRange { of_ten } => {
                let start = self.log.head().size() * of_ten / 10;
                let ranges = [crate::audit::record::tests::range(start, start + 2)];
                self.ranges.push((self.log.head().size(), ranges[0]));
                self.hold(Reach::Ranges((&ranges).into()));
            }
            Op::Lift => {
                if let Some((hold, set)) = self.holds.pop() {
                    self.log.control(now, Body::HoldLifted { hold: &hold, set });
                }
            }
            Op::Withdraw => {
                if let Some(intent) = self.untouched.pop() {
                    self.log.control(now, Body::IntentWithdrawn { intent });
                }
            }
            Op::Erase { person, all } => self.erase(PEOPLE[person], all, fate),
            Op::Bodies { class } => self.purge(PurgeKind::Bodies(CLASSES[class]), fate),
            Op::Disclosures { class } => self.purge(PurgeKind::Disclosures(CLASSES[class]), fate),
            Op::Prefix { of_ten } => self.purge(PurgeKind::Prefix(self.log.head().size() * of_ten / 10), fate),
        }
    }

    fn hold(&mut self, reach: Reach<'_>) {
        let hold = alloc::format!("h-{}", self.log.head().size());
        let set = self.log.control(day(self.days), Body::HoldSet { hold: &hold, reach, ground: ground() });
        self.holds.push((hold, set));
    }

    fn erase(&mut self, person: &str, all: bool, fate: Fate) {
        let now = day(self.days);
        let of = |record: Record<'_>| (record.person() == Some(person)).then_some(record.place().index());
        let indices: Vec<u64> = self.log.records().filter_map(of).collect();
        let target = |index| if all { Target::record(index) } else { Target::field(index, "name") };
        let ledger = self.log.ledger(u64::MAX);
        let plan = plan_erasure(&ledger, indices.into_iter().map(|index| (target(index), Some(person))));
        let Some(body) = plan.body(ground(), Who::from(user("u-1")), "req-1") else { return };
        let intent = self.log.control(now, body);
        self.checkpoint();
        if fate == 0 {
            self.untouched.push(intent);
        }
        let targets = plan.targets();
        let part = if fate == 1 { targets.len() / 2 } else { targets.len() };
        for target in targets.iter().take(if fate == 0 { 0 } else { part }) {
            let index = target.index();
            self.log.row(index).unwrap().values.retain(|value| !target.covers(index, value.field()));
        }
        if fate == 3 {
            self.log.control(now, done(intent, *self.heads.last().unwrap(), true));
        }
    }

    fn purge(&mut self, kind: PurgeKind, fate: Fate) {
        let now = day(self.days);
        let ledger = self.log.ledger(u64::MAX);
        // What is held leaves with a proof of its own; here, half of the time.
        let proven: BTreeSet<u64> =
            if fate > 1 { self.log.rows().map(|(index, _)| index).collect() } else { BTreeSet::new() };
        let candidates: Vec<Candidate<'_>> = self.log.records().map(|record| Candidate::from(&record)).collect();
        let class = match kind {
            PurgeKind::Bodies(class) | PurgeKind::Disclosures(class) => Some(class),
            PurgeKind::Prefix(_) => None,
        };
        let candidates = candidates.into_iter().filter(|one| class.is_none_or(|class| class == one.class));
        let decision = plan_purge(&RetentionPolicy::default(), now, &ledger, kind, candidates, &proven);
        let Some(plan) = decision.plan else { return };
        let intent = self.log.control(now, plan.body(ground()));
        self.checkpoint();
        let indices: Vec<u64> = plan.ranges().iter().flat_map(|range| range.start()..range.end()).collect();
        if fate == 0 {
            self.untouched.push(intent);
        }
        let part = [0, indices.len() / 2, indices.len(), indices.len()][usize::from(fate)];
        match kind {
            PurgeKind::Bodies(_) => indices.iter().take(part).for_each(|index| self.log.drop_body(*index)),
            PurgeKind::Disclosures(_) => {
                indices.iter().take(part).for_each(|index| self.log.row(*index).unwrap().values.clear());
            }
            PurgeKind::Prefix(minimum) if fate > 1 => {
                let stays = |record: &Record<'_>| record.place().index() < minimum && ledger.keeps(record);
                let records = self.log.records().filter(stays);
                let kept: Vec<u64> = records.map(|record| record.place().index()).collect();
                let by = |index: u64| self.ranges.iter().filter(move |(_, range)| range.contains(index));
                let owed = kept.iter().flat_map(|index| by(*index).map(|(set, _)| (*index, *set)));
                self.kept.extend(owed.filter(|(_, set)| self.holds.iter().any(|(_, of)| of == set)));
                self.log.collapse_but(minimum, &kept);
            }
            PurgeKind::Prefix(_) => {}
        }
        if fate == 3 {
            self.log.control(now, done(intent, *self.heads.last().unwrap(), false));
        }
    }
}

fn done(intent: u64, head: TreeHead, erasure: bool) -> Body<'static> {
    let seen = crate::audit::record::Seen { size: head.size(), root: *head.root().as_bytes() };
    if erasure { Body::ErasureDone { intent, seen, count: 1 } } else { Body::PurgeDone { intent, seen, count: 1 } }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_logged_is_never_an_alarm_and_what_is_not_always_is(
        ops in proptest::collection::vec(op(), 1..60),
        at in any::<proptest::sample::Index>(),
    ) {
        let mut host = Host::default();
        host.log.event(day(0), Class::General, None, true);
        for (op, fate) in &ops {
            host.run(op, *fate);
            host.check();
        }
        host.checkpoint();
        host.check();

        // Now somebody deletes beside the log.
        let last = *host.heads.last().unwrap();
        for (index, _) in host.kept.iter().filter(|(_, set)| host.holds.iter().any(|(_, of)| of == set)) {
            let mut other = host.log.clone();
            other.kept().retain(|(proof, ..)| proof.index() != *index);
            prop_assert!(other.verify(&[last]).is_alarm(), "kept {index}");
        }
        let ledger = host.log.ledger(last.size());
        let there: Vec<u64> = host.log.records().map(|record| record.place().index()).collect();
        if there.is_empty() {
            return Ok(());
        }
        let index = *at.get(&there);
        let mut other = host.log.clone();
        if !ledger.explains_body(index) {
            other.drop_body(index);
            prop_assert!(other.verify(&[last]).is_alarm(), "body {index}");
            // Without any checkpoint too: no record explains it.
            prop_assert!(other.verify(&[]).is_alarm(), "body {index}");
        }
        let rows = host.log.remove(index);
        let verdict = host.log.verify_rows(&ledger, &[last], rows.iter().map(|(index, row)| (*index, row)));
        prop_assert!(verdict.is_alarm(), "row {index}: {verdict}");

        let record = host.log.records().find(|record| record.place().index() == index).unwrap();
        for (path, _) in record.commitments() {
            if !ledger.explains_field(index, record.class(), path, record.person()) {
                let mut other = host.log.clone();
                other.drop_value(index, &alloc::format!("{path}"));
                prop_assert_eq!(other.verify(&[last]), super::Verdict::WithheldUnexplained(index));
            }
        }
    }
}
