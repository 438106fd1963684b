//! From a permit to the customer's rows: the same filter as for the customer's own accounts.

use super::*;
use crate::event::Provenance;
use crate::store::MemoryStore;
use crate::tenancy::{self, Interface, NotFound, PurposePolicy, Scoped};

struct Payslip(&'static str);

impl tenancy::Resource for Payslip {
    const KIND: &'static str = "payslip";
    const PURPOSE: &'static str = "payroll";
    fn id(&self) -> &str {
        self.0
    }
}

struct Invoice;

impl tenancy::Resource for Invoice {
    const KIND: &'static str = "invoice";
    const PURPOSE: &'static str = "payroll";
    fn id(&self) -> &str {
        "s-7"
    }
}

fn row(tenant_id: &str, id: &'static str) -> Scoped<Payslip> {
    Scoped::stored(Some(tenant(tenant_id)), Payslip(id))
}

fn word(text: &str) -> tenancy::Purpose {
    tenancy::Purpose::try_new(text).unwrap()
}

/// What the support desk may use payslips for: the policy says so, in the words of the staff's purposes.
fn purposes() -> PurposePolicy {
    let desk = Interface::try_new("support-desk").unwrap();
    PurposePolicy::builder()
        .purpose(word("payroll"))
        .purpose(word("support_request"))
        .purpose(word("technical_problem"))
        .compatible(word("support_request"), word("payroll"))
        .compatible(word("technical_problem"), word("payroll"))
        .interface(desk, [word("support_request"), word("technical_problem")])
        .build()
        .unwrap()
}

/// E-5.9, E-5.5: staff reach the granted tenant's rows through the filter, what was asked for and no more, up to its end.
#[test]
fn e_5_9_a_permit_opens_the_granted_tenants_rows_and_no_others() {
    let policy = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = (StaffAccess::new(&policy), MemoryStore::new());
    let personnel = Provenance::internal(Actor::Staff(id("s-1")));
    let nda = bound().undertakings()[0].clone();
    staff.apply(&store, at(0), &personnel, &MemberState::key(&id("s-7")), |member| sign(member, nda.clone())).unwrap();
    let one = Resource { kind: kind("payslip"), id: Some(id("s-7")) };
    let other = Resource { kind: kind("payslip"), id: Some(id("s-8")) };
    let scope = GrantScope::try_new(Area::CustomerData, read(), [one.clone()]).unwrap();
    let asked = GrantRequest::new(grant_id("g-1"), tenant("acme"), id("s-7"), support_request(), scope, 4 * HOUR_SECS);
    let _ = staff.request(&store, at(0), office(), &asked).unwrap();
    let _ = staff.approve(&store, at(0), office(), &anna(), &grant_id("g-1")).unwrap();
    let question = Question { resource: one, ..Question::default() };
    let me = || {
        let permit = staff.check(&store, at(0), &question.request()).unwrap().granted()?;
        permit.principal()
    };
    let principal = me().unwrap();
    assert_eq!((principal.tenant(), principal.account()), (&tenant("acme"), None));
    assert_eq!(principal.actor(), Actor::Staff(id("s-7")));

    let (purposes, desk) = (purposes(), Interface::try_new("support-desk").unwrap());
    let (helping, fixing) = (word("support_request"), word("technical_problem"));
    let (seven, eight) = (id("s-7"), id("s-8"));
    let ask = |now: i64, request: &tenancy::Request<'_>| {
        tenancy::ask::<Payslip, _>(&store, at(now), &principal, office(), request).unwrap().filter()
    };
    let usage = purposes.usage(&desk, &helping);
    let filter = ask(0, &tenancy::Request::to(Action::Read, &seven, usage)).unwrap();
    assert_eq!((filter.tenant(), filter.resource()), (&tenant("acme"), Some(&seven)));
    assert!(filter.open(Some(row("acme", "s-7"))).is_ok());
    for absent in [Some(row("globex", "s-7")), Some(row("acme", "s-8")), None] {
        assert_eq!(filter.open(absent).err(), Some(NotFound));
    }
    // Another row, all of them, another action, another purpose: outside. Another kind: another question.
    for outside in [
        tenancy::Request::to(Action::Read, &eight, usage),
        tenancy::Request::to_kind(Action::Read, usage),
        tenancy::Request::to(Action::Export, &seven, usage),
        tenancy::Request::to(Action::Read, &seven, purposes.usage(&desk, &fixing)),
    ] {
        assert_eq!(ask(0, &outside).err(), Some(NotFound));
    }
    let invoice = tenancy::Request::to(Action::Read, &seven, usage);
    let verdict = tenancy::ask::<Invoice, _>(&store, at(0), &principal, office(), &invoice).unwrap();
    assert_eq!(verdict.filter().err(), Some(NotFound));
    // Up to the end of the grant, whatever the host kept.
    for (now, is_in_force) in [(4 * HOUR - 1, true), (4 * HOUR, false), (4 * HOUR + 1, false)] {
        assert_eq!(ask(now, &tenancy::Request::to(Action::Read, &seven, usage)).is_ok(), is_in_force, "{now}");
    }

    // What is outside the scope is refused before there is a principal; so is everything after a revocation.
    let beyond = Question { resource: other, ..question.clone() };
    let refused = staff.check(&store, at(1), &beyond.request()).unwrap();
    assert_eq!(codes(&refused), ["staff.resource_not_granted"]);
    assert_eq!(refused.denied().unwrap().to_string(), NotFound.to_string());
    let _ = staff.end(&store, at(1), office(), &anna(), &grant_id("g-1")).unwrap();
    assert_eq!(me(), None);
}

/// Where no grant is needed nobody of the customer's let anybody in, and there is no principal.
#[test]
fn without_a_grant_there_is_no_principal() {
    let open = builder().area(Area::Account, rule("support").purpose(PurposeKind::MaintainService).without_grant());
    let mut world = World::new(open.build().unwrap());
    let permit = world.check(0, |q| {
        (q.area, q.purpose, q.grant) = (Area::Account, Some(Purpose::MaintainService), None);
    });
    assert_eq!(permit.granted().unwrap().principal(), None);
}
