//! A joint decision on one use by staff, at a customer's with a thousand live grants, against looking one of them up.
//!
//! `cargo bench --bench staff` measures; under `cargo test --benches` a short run checks the answers. The decision is that on
//! records as they are in memory: what a store takes to load and decode three of them is the same for any number of grants.
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

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use clausework::access::{AccessPolicy, IpList};
use clausework::event::{Origin, Transport};
use clausework::id::OpaqueId;
use clausework::staff::{
    Area, AreaRule, Duty, GrantId, GrantRequest, GrantScope, GrantState, Known, MemberState, Party, Purpose,
    PurposeKind, Requesting, Resource, StaffPolicy, StaffRequest, Undertaking, approve, decide, request, sign,
};
use clausework::store::{Next, Transition};
use clausework::tenancy::{Action, Actions, ResourceKind};
use clausework::{AccountId, Now, Scope, TenantId, Timestamp};

/// A decision may cost so many times a look-up among the thousand.
const LOOK_UPS: f64 = 20.0;
const GRANTS: usize = 1_000;

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn state<S, O>(transition: Transition<S, O>) -> S {
    match transition.into_parts().0 {
        Next::Put(state) | Next::PutUntil { state, .. } => state,
        _ => panic!("nothing was written"),
    }
}

fn time(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let rounds = if measured { 201 } else { 1 };
    let now = Now::from(Timestamp::from_micros(1_700_000_000_000_000).unwrap());
    let office = AccessPolicy::builder().ip_list(IpList::only(["198.51.100.0/24".parse().unwrap()]).unwrap());
    let rule = AreaRule::new(office.build().unwrap()).role(id("support")).purpose(PurposeKind::SupportRequest);
    let policy = StaffPolicy::builder()
        .max_duration_secs(28_800)
        .pending_secs(43_200)
        .max_open(1_000)
        .area(Area::CustomerData, rule)
        .build()
        .unwrap();
    let nda = Undertaking { duty: Duty::Contract, reference: id("nda-7"), from: now.timestamp(), until: None };
    let member: MemberState = state(sign(None, nda));
    let tenant = TenantId::try_new("acme").unwrap();
    let anna = Party::customer(tenant.clone(), AccountId::try_new("u-17").unwrap()).with_right();
    let (staff, roles, login) = (id("s-7"), [id("support")], id("login-1"));
    let (resource, purpose) = (
        Resource { kind: ResourceKind::try_new("invoice").unwrap(), id: None },
        Purpose::SupportRequest { request: id("r-4711") },
    );
    let origin = Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls);
    let scope = Scope::from(tenant.clone());
    let ask = |grant: &'static GrantId| StaffRequest {
        staff: black_box(Box::leak(Box::new(staff.clone()))),
        roles: Box::leak(Box::new(roles.clone())),
        scope: Box::leak(Box::new(scope.clone())),
        area: Area::CustomerData,
        action: Action::Read,
        resource: Box::leak(Box::new(resource.clone())),
        purpose: Some(Box::leak(Box::new(purpose.clone()))),
        origin,
        grant: Some(grant),
        customer_login: Some(Box::leak(Box::new(login.clone()))),
    };

    // A thousand live grants, each requested, approved and in use.
    let mut grants = BTreeMap::<GrantId, GrantState>::new();
    let mut ids = Vec::new();
    for number in 0..GRANTS {
        // Spread, as random ids are.
        let text = format!("{:032x}", (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
        let grant: &'static GrantId = Box::leak(Box::new(GrantId::try_new(text).unwrap()));
        let of = GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [resource.clone()]).unwrap();
        let asked = GrantRequest::new(grant.clone(), tenant.clone(), staff.clone(), purpose.clone(), of, 14_400);
        let known = Requesting { taken: false, open: number, consent: None, member: Some(&member) };
        let pending = state(request(now, &policy, &known, &asked));
        let approved = state(approve(Some(&pending), now, &policy, None, &anna));
        let known = Known { member: Some(&member), consent: None, grant: Some(&approved) };
        let active = state(decide(now, &policy, &ask(grant), &known));
        grants.insert(grant.clone(), active);
        ids.push(grant);
    }
    let template = ask(ids[0]);
    let wrong = StaffRequest { purpose: None, customer_login: None, roles: &[], ..template };

    let look_up = |grant: &GrantId| black_box(grants.get(black_box(grant))).is_some();
    let joint = |grant: &'static GrantId, asked: &StaffRequest<'_>| {
        let asked = StaffRequest { grant: Some(grant), ..*asked };
        let known = Known { member: Some(&member), consent: None, grant: grants.get(black_box(grant)) };
        black_box(decide(now, &policy, &asked, &known)).outcome().denied().is_none()
    };
    let (mut looked, mut allowed, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        // In turn, each round by itself, since the machine is not equally fast in all.
        looked.push(time(|| {
            let found = ids.iter().filter(|grant| look_up(grant)).count();
            assert_eq!(found, GRANTS);
            found
        }));
        allowed.push(time(|| {
            let let_in = ids.iter().filter(|grant| joint(grant, &template)).count();
            assert_eq!(let_in, GRANTS);
            let_in
        }));
        refused.push(time(|| {
            let let_in = ids.iter().filter(|grant| joint(grant, &wrong)).count();
            assert_eq!(let_in, 0);
            let_in
        }));
    }
    let each = |times: &[Duration]| median(times.iter().map(|time| time.as_secs_f64() * 1e9 / GRANTS as f64).collect());
    println!("staff/look_up: {:.0} ns ({GRANTS} live grants)", each(&looked));
    println!("staff/allowed: {:.0} ns, staff/refused: {:.0} ns (three conditions)", each(&allowed), each(&refused));
    if measured {
        let ratio = |times: &[Duration]| {
            median(times.iter().zip(&looked).map(|(one, other)| one.div_duration_f64(*other)).collect())
        };
        let (allowed, refused) = (ratio(&allowed), ratio(&refused));
        println!("ratio staff/allowed/1k vs BTreeMap = {allowed:.2} (goal <= {LOOK_UPS:.2})");
        println!("ratio staff/refused/1k vs BTreeMap = {refused:.2} (goal <= {LOOK_UPS:.2})");
        // An unoptimised build says nothing about time.
        assert!(cfg!(debug_assertions) || allowed.max(refused) <= LOOK_UPS, "a decision costs too much");
    }
}
