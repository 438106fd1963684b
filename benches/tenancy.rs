//! A decision by roles and shares, against one look-up of the resource among the tenant's shares.
//!
//! `cargo bench --bench tenancy` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "a benchmark"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::{Duration, Instant};

use clausework::event::{Actor, Origin, Provenance};
use clausework::id::OpaqueId;
use clausework::store::{MemoryStore, Rows};
use clausework::tenancy::{
    Action, Actions, AdministerOutcome, Administration, Founding, Interface, Principal, ProfileState, Purpose,
    PurposePolicy, Request, Resource, ResourceKind, Role, RoleId, RolePolicy, Rule, RuleId, ShareOutcome, ShareWith,
    SharesState, Sharing, Span, Standing, TenantState, administer, decide, found, share,
};
use clausework::{AccountId, Now, TenantId, Timestamp};

/// A decision, the look-up of the shares in it included, may cost so many times the look-up alone.
const GOAL: f64 = 5.0;
const SHARES: usize = 1_000;
/// Questions between two looks at the clock: some ten microseconds of look-ups.
const PIECE: usize = 256;

struct Payslip;

impl Resource for Payslip {
    const KIND: &'static str = "payslip";
    const PURPOSE: &'static str = "payroll";

    fn id(&self) -> &str {
        "unused"
    }
}

/// splitmix64 (Steele, Lea, Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn role_id(name: &str) -> RoleId {
    RoleId::try_new(name).unwrap()
}

/// Twenty roles of six rules, each of them about one of ten kinds, and the owner.
fn roles() -> RolePolicy {
    let everything = Rule::allow(RuleId::try_new("everything").unwrap(), Actions::ALL, Span::All);
    let role = |number: usize| {
        let rule = |index: usize| {
            let id = RuleId::try_new(format!("rule-{index}")).unwrap();
            let kinds = Span::only([ResourceKind::try_new(format!("kind{}", (number + index) % 10)).unwrap()]);
            match index {
                5 => Rule::deny(id, Actions::of(&[Action::Delete]), kinds),
                _ => Rule::allow(id, Actions::of(&[Action::Read, Action::Change]), kinds),
            }
        };
        (0..6).map(rule).fold(Role::new(role_id(&format!("role-{number:02}"))), Role::rule)
    };
    RolePolicy::try_new((0..20).map(role).chain([Role::new(role_id("owner")).rule(everything)])).unwrap()
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, asked) = if measured { (101, 1 << 14) } else { (3, 1 << 8) };
    let (store, now, origin) = (MemoryStore::new(), Now::from(Timestamp::MIN), Origin::Internal);
    let (tenant, boss) = (TenantId::try_new("acme").unwrap(), AccountId::try_new("u-1").unwrap());
    let anna = AccountId::try_new("u-17").unwrap();
    let founding = Founding {
        roles: roles(),
        key_user: boss.clone(),
        person: OpaqueId::try_new("p-1").unwrap(),
        holds: [role_id("owner")].into(),
    };
    let by = Provenance::internal(Actor::Unauthenticated);
    assert_eq!(found(&store, now, &tenant, &by, &founding).unwrap(), AdministerOutcome::Done);
    let boss = Principal::vouched_for(tenant.clone(), boss);
    let opening = Administration::OpenProfile {
        account: anna.clone(),
        person: OpaqueId::try_new("p-17").unwrap(),
        function: None,
        roles: ["role-03", "role-08", "role-15"].map(role_id).into_iter().collect::<BTreeSet<_>>(),
    };
    assert_eq!(administer(&store, now, &boss, origin, &opening).unwrap(), AdministerOutcome::Done);

    // Every other resource is shared with the account that asks, the rest with a role that it has not.
    let mut state = 1;
    let ids: Vec<OpaqueId> =
        (0..SHARES).map(|_| OpaqueId::try_new(format!("{:016x}", next(&mut state))).unwrap()).collect();
    let mut shares: BTreeMap<OpaqueId, SharesState> = BTreeMap::new();
    for (index, id) in ids.iter().enumerate() {
        let with = match index % 2 {
            0 => ShareWith::Account(anna.clone()),
            _ => ShareWith::Role(role_id("role-00")),
        };
        let sharing = Sharing::Share { with, actions: Actions::of(&[Action::Read]), until: Some(Timestamp::MAX) };
        let shared = share::<Payslip, _>(&store, now, &boss, origin, id, &sharing).unwrap();
        assert_eq!(shared, ShareOutcome::Shared { number: 0 });
        let key = SharesState::key::<Payslip>(&tenant, id);
        shares.insert(id.clone(), Rows::load(&store, [&key]).unwrap().read(&key).unwrap().unwrap());
    }
    let (key, own) = (TenantState::key(&tenant), ProfileState::key(&tenant, &anna));
    let rows = Rows::load(&store, [&key, &own]).unwrap();
    let (roles, profile) = (rows.read::<TenantState>(&key).unwrap(), rows.read::<ProfileState>(&own).unwrap());

    let (payroll, screen) = (Purpose::try_new("payroll").unwrap(), Interface::try_new("payslips").unwrap());
    let purposes =
        PurposePolicy::builder().purpose(payroll.clone()).interface(screen.clone(), [payroll.clone()]).build().unwrap();
    let (usage, me) = (purposes.usage(&screen, &payroll), Principal::vouched_for(tenant, anna));
    let asked: Vec<usize> = (0..asked).map(|_| next(&mut state) as usize % SHARES).collect();

    let look_up = |asked: &[usize]| asked.iter().filter(|index| shares.contains_key(black_box(&ids[**index]))).count();
    let decided = |asked: &[usize]| {
        let may = |index: &&usize| {
            let id = black_box(&ids[**index]);
            let standing = Standing { tenant: roles.as_ref(), profile: profile.as_ref(), shares: shares.get(id) };
            decide::<Payslip>(&standing, now, &me, &Request::to(Action::Read, id, usage)).filter().is_ok()
        };
        asked.iter().filter(may).count()
    };
    assert_eq!(look_up(&asked), asked.len());
    assert_eq!(decided(&asked), asked.iter().filter(|index| **index % 2 == 0).count());

    // In turn, in pieces shorter than a time slice, and of each piece the best round: what else runs on the machine
    // makes some rounds slow, and not every round of a piece.
    let time = |work: &dyn Fn(&[usize]) -> usize, piece: &[usize]| {
        let start = Instant::now();
        black_box(work(black_box(piece)));
        start.elapsed()
    };
    let mut best = vec![(Duration::MAX, Duration::MAX); asked.chunks(PIECE).len()];
    for _ in 0..rounds {
        for (piece, (looked, took)) in asked.chunks(PIECE).zip(&mut best) {
            *looked = time(&look_up, piece).min(*looked);
            *took = time(&decided, piece).min(*took);
        }
    }
    let looked: Duration = best.iter().map(|(looked, _)| looked).sum();
    let took: Duration = best.iter().map(|(_, took)| took).sum();
    let ratio = took.div_duration_f64(looked);
    let each = |time: Duration| time.as_secs_f64() * 1e9 / asked.len() as f64;
    println!("tenancy/decide: {:.1} ns, a look-up among {SHARES} shares {:.1} ns", each(took), each(looked));
    println!("ratio tenancy/decide/{SHARES} vs one look-up in a BTreeMap = {ratio:.2} (goal <= {GOAL:.2})");
    // An unoptimised build says nothing about time.
    assert!(cfg!(debug_assertions) || !measured || ratio <= GOAL, "a decision costs too much");
}
