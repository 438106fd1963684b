//! Sequences of operations against a model that remembers what happened and computes each answer anew; and properties.

use alloc::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Request(u8),
    Approve(u8, u8),
    End(u8),
    Use(u8),
    RevokeAll,
    Wait(i64),
    Back(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = || 0..3_u8;
    let step = prop_oneof![
        4 => which().prop_map(Step::Request),
        8 => (which(), 0..3_u8).prop_map(|(grant, by)| Step::Approve(grant, by)),
        1 => which().prop_map(Step::End),
        8 => which().prop_map(Step::Use),
        1 => Just(Step::RevokeAll),
        // In quarters of an hour, so that boundaries are met often.
        6 => (1..9_i64).prop_map(Step::Wait),
        1 => (1..40_i64).prop_map(Step::Back),
    ];
    prop::collection::vec(step, 1..60)
}

/// What the model knows of one grant: instants in quarters of an hour.
#[derive(Clone, Debug, Default)]
struct Told {
    requested: i64,
    approvers: BTreeSet<u8>,
    approved: Option<i64>,
    used: Option<i64>,
    revocations: u32,
    dead: bool,
}

const QUARTER: i64 = 15 * 60 * SECOND;
/// Half a day to approve, two hours to begin, four to last; in quarters of an hour.
const PENDING: i64 = 48;
const UNUSED: i64 = 8;
const LASTS: i64 = 16;

impl Told {
    /// Since when it is as it is, and how long that may last.
    fn span(&self) -> (i64, i64) {
        match (self.used, self.approved) {
            (Some(used), _) => (used, LASTS),
            (None, Some(approved)) => (approved, UNUSED),
            (None, None) => (self.requested, PENDING),
        }
    }

    /// Over, by now: and then for good. (Nodes may differ by half a minute, so not by a quarter of an hour.)
    fn look(&mut self, now: i64, revocations: u32) {
        let (since, lasts) = self.span();
        self.dead |= now >= since + lasts || since > now + lasts || self.revocations != revocations;
    }

    fn is_ahead(&self, now: i64) -> bool {
        self.span().0 > now
    }
}

proptest! {
    #[test]
    fn every_sequence_agrees_with_the_model(steps in steps()) {
        let policy = builder().build().unwrap();
        let mut worlds = BTreeMap::<u8, World>::new();
        let mut told = BTreeMap::<u8, Told>::new();
        let (mut consent, mut revocations, mut now) = (None::<ConsentState>, 0_u32, 0_i64);
        let parties = [anna(), ben(), Party::customer(tenant("acme"), AccountId::try_new("u-19").unwrap()).with_right()];
        for step in steps {
            let micros = now * QUARTER;
            match step {
                Step::Wait(quarters) => now += quarters,
                Step::Back(quarters) => now -= quarters,
                Step::RevokeAll => {
                    let (Next::Put(next), ..) = revoke_all(consent.clone()).into_parts() else { panic!() };
                    (consent, revocations) = (Some(next), revocations + 1);
                }
                Step::Request(which) => {
                    let world = worlds.entry(which).or_insert_with(|| World::new(policy.clone()));
                    world.consent.clone_from(&consent);
                    let is_new = !told.contains_key(&which);
                    prop_assert_eq!(world.request(micros, &asked()).granted().is_some(), is_new);
                    told.entry(which).or_insert_with(|| Told { requested: now, revocations, ..Told::default() });
                }
                Step::Approve(which, by) => {
                    let Some((world, known)) = worlds.get_mut(&which).zip(told.get_mut(&which)) else { continue };
                    world.consent.clone_from(&consent);
                    known.look(now, revocations);
                    let counts = !known.dead && known.approved.is_none() && !known.is_ahead(now);
                    prop_assert_eq!(world.approve(micros, &parties[usize::from(by)]).granted().is_some(), counts);
                    if counts {
                        known.approvers.insert(by);
                        known.approved = (known.approvers.len() == 2).then_some(now);
                    }
                }
                Step::End(which) => {
                    let Some((world, known)) = worlds.get_mut(&which).zip(told.get_mut(&which)) else { continue };
                    world.consent.clone_from(&consent);
                    prop_assert!(world.end(micros, &anna()).granted().is_some());
                    known.dead = true;
                }
                Step::Use(which) => {
                    let Some((world, known)) = worlds.get_mut(&which).zip(told.get_mut(&which)) else { continue };
                    world.consent.clone_from(&consent);
                    known.look(now, revocations);
                    let lets_in = !known.dead && known.approved.is_some() && !known.is_ahead(now);
                    prop_assert_eq!(world.check(micros, |_| {}).granted().is_some(), lets_in, "{:?} at {}", known, now);
                    if lets_in {
                        known.used = known.used.or(Some(now));
                    }
                }
            }
        }
    }

    /// Whatever else holds, one condition that fails refuses; what is refused stays refused with one more.
    #[test]
    fn a_failing_condition_never_allows(broken in prop::collection::vec(0..9_u8, 1..6), minutes in 0..600_i64) {
        let world = World::approved(policy(), &asked());
        let apply = |broken: &[u8]| {
            let mut question = Question::default();
            for what in broken {
                match what {
                    0 => question.purpose = None,
                    1 => question.origin = home(),
                    2 => question.roles.clear(),
                    3 => question.login = None,
                    4 => question.action = Action::Delete,
                    5 => question.resource.kind = kind("contract"),
                    6 => question.staff = id("s-8"),
                    7 => question.scope = tenant("globex").into(),
                    _ => question.grant = None,
                }
            }
            let known = Known { member: world.member.as_ref(), consent: None, grant: world.grant.as_ref() };
            conditions(at(minutes * 60 * SECOND), &world.policy, &question.request(), &known).len()
        };
        let mut before = 0;
        for count in 1..=broken.len() {
            let failed = apply(&broken[..count]);
            prop_assert!(failed >= 1);
            // Without its grant there is one reason where there were several of the grant's.
            prop_assert!(failed >= before || broken[..count].contains(&8));
            before = failed;
        }
        // In whatever order they came to be so.
        let mut shuffled = broken.clone();
        shuffled.reverse();
        prop_assert_eq!(apply(&shuffled), apply(&broken));
    }

    /// The order in which approvals come does not matter, nor how often each does.
    #[test]
    fn the_order_of_approvals_does_not_matter(order in Just((0..3_usize).collect::<Vec<_>>()).prop_shuffle(), twice: bool) {
        let policy = builder().approvals(3, 3).build().unwrap();
        let parties = [anna(), ben(), Party::customer(tenant("acme"), AccountId::try_new("u-19").unwrap()).with_right()];
        let mut world = World::new(policy);
        let _ = world.request(0, &asked());
        for (count, index) in (1..).zip(&order) {
            let given = world.approve(0, &parties[*index]).granted().unwrap().given;
            prop_assert_eq!(given, count);
            if twice && count < 3 {
                prop_assert_eq!(world.approve(0, &parties[*index]).granted().unwrap().given, count);
            }
            prop_assert_eq!(world.clone().check(0, |_| {}).granted().is_some(), count == 3);
        }
    }
}
