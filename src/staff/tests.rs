use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::access::{AccessPolicy, IpList, Refusal};
use crate::clause;
use crate::event::{Actor, Fact, Origin, Transport, Unresolved};
use crate::id::{AccountId, OpaqueId, Scope, TenantId};
use crate::store::{Next, Transition};
use crate::tenancy::{Action, Actions, ResourceKind};
use crate::time::{Now, Timestamp};

mod database;
mod emergency;
mod flows;
mod lifecycle;
mod model;
mod policies;
mod rows;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;
const HOUR_SECS: u64 = 3600;

fn at(micros: i64) -> Now {
    Timestamp::from_micros(1_700_000_000 * SECOND + micros).unwrap().into()
}

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn kind(text: &str) -> ResourceKind {
    ResourceKind::try_new(text).unwrap()
}

fn read() -> Actions {
    Actions::of(&[Action::Read])
}

fn tenant(text: &str) -> TenantId {
    TenantId::try_new(text).unwrap()
}

fn grant_id(text: &str) -> GrantId {
    GrantId::try_new(text).unwrap()
}

fn office() -> Origin {
    Origin::network("198.51.100.7".parse().unwrap(), Transport::Tls)
}

fn home() -> Origin {
    Origin::network("203.0.113.9".parse().unwrap(), Transport::Tls)
}

fn office_only() -> AccessPolicy {
    let list = IpList::only(["198.51.100.0/24".parse().unwrap()]).unwrap();
    AccessPolicy::builder().ip_list(list).build().unwrap()
}

fn rule(role: &str) -> AreaRule {
    AreaRule::new(office_only()).role(id(role))
}

/// Two of three; eight hours at most; a request waits twelve hours, an approval two.
fn builder() -> StaffPolicyBuilder {
    let four = [
        PurposeKind::MaintainService,
        PurposeKind::TechnicalProblem,
        PurposeKind::SupportRequest,
        PurposeKind::RequiredByLaw,
    ];
    StaffPolicy::builder()
        .max_duration_secs(8 * HOUR_SECS)
        .pending_secs(12 * HOUR_SECS)
        .unused_secs(2 * HOUR_SECS)
        .approvals(2, 3)
        .area(Area::Account, rule("support").purposes(four))
        .area(Area::UserManager, rule("support").purpose(PurposeKind::SupportRequest))
        .area(Area::CustomerData, rule("support").purposes(four))
        .area(Area::Database, rule("developer").purposes([PurposeKind::InstallRelease, PurposeKind::ManualBackup]))
}

fn policy() -> StaffPolicy {
    builder().build().unwrap()
}

fn support_request() -> Purpose {
    Purpose::SupportRequest { request: id("r-4711") }
}

fn invoices() -> Resource {
    Resource { kind: kind("invoice"), id: None }
}

fn bound() -> MemberState {
    let nda = Undertaking { duty: Duty::Contract, reference: id("nda-7"), from: Timestamp::MIN, until: None };
    let (Next::Put(member), ..) = sign(None, nda).into_parts() else { panic!() };
    member
}

fn scope(area: Area) -> GrantScope {
    GrantScope::try_new(area, read(), [invoices()]).unwrap()
}

/// Four hours in acme's data for the support request, asked for by s-7.
fn asked() -> GrantRequest {
    let scope = scope(Area::CustomerData);
    GrantRequest::new(grant_id("g-1"), tenant("acme"), id("s-7"), support_request(), scope, 4 * HOUR_SECS)
}

fn anna() -> Party {
    Party::customer(tenant("acme"), AccountId::try_new("u-17").unwrap()).with_right()
}

fn ben() -> Party {
    Party::customer(tenant("acme"), AccountId::try_new("u-18").unwrap()).with_right()
}

/// A small world: what is stored, and how it is asked.
#[derive(Clone)]
struct World {
    policy: StaffPolicy,
    member: Option<MemberState>,
    consent: Option<ConsentState>,
    grant: Option<GrantState>,
}

impl World {
    fn new(policy: StaffPolicy) -> Self {
        Self { policy, member: Some(bound()), consent: None, grant: None }
    }

    fn take<O>(&mut self, transition: Transition<GrantState, O>) -> (O, Vec<String>) {
        let (next, outcome, facts) = transition.into_parts();
        match next {
            Next::Put(state) | Next::PutUntil { state, .. } => {
                // What is written can be read, and is the same.
                let text = serde_json::to_string(&state).unwrap();
                assert_eq!(serde_json::from_str::<GrantState>(&text).unwrap(), state);
                self.grant = Some(state);
            }
            Next::Keep => {}
            Next::End { .. } => panic!("a grant says how it ended"),
        }
        (outcome, facts.iter().map(said).collect())
    }

    fn requesting(&self) -> Requesting<'_> {
        let taken = self.grant.is_some();
        Requesting { taken, open: 0, consent: self.consent.as_ref(), member: self.member.as_ref() }
    }

    fn request(&mut self, now: i64, asked: &GrantRequest) -> Answer<Standing> {
        let transition = request(at(now), &self.policy, &self.requesting(), asked);
        self.take(transition).0
    }

    fn glass(&mut self, now: i64, asked: &GrantRequest) -> Answer<Standing> {
        let transition = break_glass(at(now), &self.policy, &self.requesting(), asked, &id("inc-9"));
        self.take(transition).0
    }

    fn approve(&mut self, now: i64, by: &Party) -> Answer<Progress> {
        let decided = approve(self.grant.as_ref(), at(now), &self.policy, self.consent.as_ref(), by);
        self.take(decided).0
    }

    fn end(&mut self, now: i64, by: &Party) -> Answer<End> {
        let decided = end(self.grant.as_ref(), at(now), &self.policy, self.consent.as_ref(), by);
        self.take(decided).0
    }

    /// One use, with the question changed as asked.
    fn check(&mut self, now: i64, change: impl FnOnce(&mut Question)) -> Answer<Permit> {
        self.check_said(now, change).0
    }

    fn check_said(&mut self, now: i64, change: impl FnOnce(&mut Question)) -> (Answer<Permit>, Vec<String>) {
        let mut question = Question::default();
        change(&mut question);
        let known = Known { member: self.member.as_ref(), consent: self.consent.as_ref(), grant: self.grant.as_ref() };
        let failed = conditions(at(now), &self.policy, &question.request(), &known);
        let decided = decide(at(now), &self.policy, &question.request(), &known);
        assert_eq!(decided.outcome().denied().map_or(&[][..], Denied::conditions), failed, "the same without a write");
        self.take(decided)
    }

    /// The codes of all that fails.
    fn fails(&mut self, now: i64, change: impl FnOnce(&mut Question)) -> Vec<&'static str> {
        codes(&self.check(now, change))
    }

    /// Requested at 0 and approved by both at 0.
    fn approved(policy: StaffPolicy, asked: &GrantRequest) -> Self {
        let mut world = Self::new(policy);
        assert!(world.request(0, asked).granted().is_some());
        for by in [anna(), ben()] {
            assert!(world.approve(0, &by).granted().is_some());
        }
        world
    }
}

fn codes<T>(answer: &Answer<T>) -> Vec<&'static str> {
    answer.denied().map_or(Vec::new(), |denied| denied.conditions().iter().map(|one| one.code().as_str()).collect())
}

fn said(fact: &Fact) -> String {
    let reason = fact.detail("reason");
    reason.map_or(fact.code().to_string(), |reason| alloc::format!("{} {reason}", fact.code()))
}

/// The question that [`asked`] answers, to be changed.
#[derive(Clone)]
struct Question {
    staff: OpaqueId,
    roles: Vec<OpaqueId>,
    scope: Scope,
    area: Area,
    action: Action,
    resource: Resource,
    purpose: Option<Purpose>,
    origin: Origin,
    grant: Option<GrantId>,
    login: Option<OpaqueId>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            staff: id("s-7"),
            roles: [id("support")].into(),
            scope: tenant("acme").into(),
            area: Area::CustomerData,
            action: Action::Read,
            resource: invoices(),
            purpose: Some(support_request()),
            origin: office(),
            grant: Some(grant_id("g-1")),
            login: Some(id("login-1")),
        }
    }
}

impl Question {
    fn request(&self) -> StaffRequest<'_> {
        StaffRequest {
            staff: &self.staff,
            roles: &self.roles,
            scope: &self.scope,
            area: self.area,
            action: self.action,
            resource: &self.resource,
            purpose: self.purpose.as_ref(),
            origin: self.origin,
            grant: self.grant.as_ref(),
            customer_login: self.login.as_ref(),
        }
    }
}

/// E-3.2: of all that is asked, each part has to be right, and what is not is told; D7, support.
#[test]
fn e_3_2_every_condition_by_itself_refuses() {
    type Change = fn(&mut Question);
    let conditions: [(&str, Change); 14] = [
        ("staff.purpose_not_granted", |q| q.purpose = Some(Purpose::SupportRequest { request: id("r-4712") })),
        ("staff.purpose_not_granted", |q| q.purpose = Some(Purpose::MaintainService)),
        ("staff.no_purpose", |q| q.purpose = None),
        ("access.network_not_allowed", |q| q.origin = home()),
        ("access.no_address", |q| q.origin = Origin::proxy_origin("198.51.100.1".parse().unwrap(), Transport::Tls)),
        ("access.plain_transport", |q| q.origin = Origin::network("198.51.100.7".parse().unwrap(), Transport::Plain)),
        ("staff.role", |q| q.roles = [id("sales")].into()),
        ("staff.role", |q| q.roles.clear()),
        ("staff.no_grant", |q| q.grant = None),
        ("staff.no_grant", |q| q.grant = Some(grant_id("g-2"))),
        ("staff.other_member", |q| q.staff = id("s-8")),
        ("staff.action_not_granted", |q| q.action = Action::Delete),
        ("staff.resource_not_granted", |q| q.resource.kind = kind("contract")),
        ("staff.no_customer_login", |q| q.login = None), // E-5.6a
    ];
    let world = World::approved(policy(), &asked());
    assert_eq!(world.clone().fails(0, |_| {}), [""; 0]);
    for (code, change) in conditions {
        assert_eq!(world.clone().fails(0, change), [code]);
    }
    // Adding a condition that fails never allows, and loses none that failed before: every pair.
    for (first, change) in conditions {
        for (second, another) in conditions {
            let both = world.clone().fails(0, |question| {
                change(question);
                another(question);
            });
            assert!(!both.is_empty(), "{first} and {second}");
        }
    }
    // All at once: each is listed.
    let mut world = World { member: None, ..world };
    let all = world.fails(0, |q| {
        (q.purpose, q.login, q.action, q.origin) = (None, None, Action::Delete, home());
        (q.resource.kind, q.staff) = (kind("contract"), id("s-8"));
        q.roles.clear();
    });
    let expected = [
        "access.network_not_allowed",
        "staff.role",
        "staff.no_purpose",
        "staff.no_customer_login",
        "staff.no_undertaking",
        "staff.other_member",
        "staff.action_not_granted",
        "staff.resource_not_granted",
    ];
    assert_eq!(all, expected);
}

/// E-5.6a: the customer's data is reached with login data that the customer gave, and the account area is not asked for it.
#[test]
fn e_5_6a_support_needs_the_customers_login() {
    let mut world = World::approved(policy(), &asked());
    assert_eq!(world.fails(0, |q| q.login = None), ["staff.no_customer_login"]);
    assert!(world.check(0, |_| {}).granted().is_some());

    let account = GrantRequest::new(
        grant_id("g-1"),
        tenant("acme"),
        id("s-7"),
        support_request(),
        scope(Area::Account),
        HOUR_SECS,
    );
    let mut world = World::approved(policy(), &account);
    let in_account = |q: &mut Question| (q.area, q.login) = (Area::Account, None);
    assert!(world.check(0, in_account).granted().is_some());
    let strict =
        builder().area(Area::Account, rule("support").purpose(PurposeKind::SupportRequest).with_customer_login());
    world.policy = strict.build().unwrap();
    assert_eq!(world.fails(1, in_account), ["staff.no_customer_login"]);
}

/// E-5.5: nothing but a grant in force opens the user manager, and one for another area does not.
#[test]
fn e_5_5_the_user_manager_needs_a_specific_approval() {
    let users = GrantRequest::new(
        grant_id("g-1"),
        tenant("acme"),
        id("s-7"),
        support_request(),
        scope(Area::UserManager),
        HOUR_SECS,
    );
    let in_manager = |q: &mut Question| (q.area, q.login) = (Area::UserManager, None);
    let mut world = World::new(policy());
    assert_eq!(world.fails(0, in_manager), ["staff.no_grant"]);
    let _ = world.request(0, &users);
    assert_eq!(world.fails(0, in_manager), ["staff.pending"]);
    let _ = world.approve(0, &anna());
    assert_eq!(world.fails(0, in_manager), ["staff.pending"]);
    let _ = world.approve(0, &ben());
    assert!(world.check(0, in_manager).granted().is_some());
    assert_eq!(World::approved(policy(), &asked()).fails(0, in_manager), ["staff.area_not_granted"]);
    // Without the grant for which the policy cannot ask: there is no such policy.
    let open = builder().area(Area::UserManager, rule("support").purpose(PurposeKind::SupportRequest).without_grant());
    assert_eq!(open.build(), Err(StaffPolicyError::GrantNeeded { area: Area::UserManager }));
}

/// E-5.3: no rule, grant, role or purpose opens passwords, and nothing of this module can hold one.
#[test]
fn e_5_3_no_staff_reads_a_password() {
    let rule = rule("support").purpose(PurposeKind::SupportRequest);
    let open = builder().area(Area::Passwords, rule).build();
    assert_eq!(open, Err(StaffPolicyError::Closed { area: Area::Passwords }));
    let of_passwords = GrantScope::try_new(Area::Passwords, read(), [invoices()]);
    assert_eq!(of_passwords, Err(ScopeError::Closed { area: Area::Passwords }));

    let mut world = World::approved(policy(), &asked());
    let fails = world.fails(0, |q| q.area = Area::Passwords);
    assert_eq!(fails, ["staff.passwords_closed", "staff.area_not_granted"]);
    assert_eq!(Condition::Closed(Area::Passwords).clause(Area::Passwords), clause::E_5_3);
    assert_eq!(world.fails(0, |q| (q.area, q.grant) = (Area::Passwords, None)), ["staff.passwords_closed"]);
}

/// D-4.1c: the first instant of an undertaking counts, the last does not; one of several is enough.
#[test]
fn d_4_1c_an_undertaking_is_a_gate() {
    let mut world = World::approved(policy(), &asked());
    world.member = None;
    assert_eq!(world.fails(0, |_| {}), ["staff.no_undertaking"]);
    for duty in [Duty::Contract, Duty::Professional, Duty::Statutory] {
        let until = Some(at(20).timestamp());
        let one = Undertaking { duty, reference: id("nda-8"), from: at(10).timestamp(), until };
        let (Next::Put(member), ..) = sign(None, one).into_parts() else { panic!() };
        world.member = Some(member.clone());
        for (now, is_in_force) in [(9, false), (10, true), (19, true), (20, false), (21, false)] {
            let expected: &[&str] = if is_in_force { &[] } else { &["staff.undertaking_not_in_force"] };
            assert_eq!(world.clone().fails(now, |_| {}), expected, "{now}");
        }
        let another = Undertaking { duty, reference: id("nda-9"), from: at(20).timestamp(), until: None };
        let (Next::Put(member), ..) = sign(Some(member), another).into_parts() else { panic!() };
        world.member = Some(member.clone());
        assert_eq!(world.clone().fails(20, |_| {}), [""; 0]);
        let (Next::Put(ended), ..) = end_undertaking(Some(member), &id("nda-9")).into_parts() else { panic!() };
        world.member = Some(ended.clone());
        // No clock that steps back revives what was ended.
        for now in [20, 30] {
            assert_eq!(world.clone().fails(now, |_| {}), ["staff.undertaking_not_in_force"], "{now}");
        }
        assert_eq!(end_undertaking(Some(ended), &id("nda-9")).next(), &Next::Keep);
    }
    // Nobody asks for a grant without one either.
    let mut world = World::new(policy());
    world.member = None;
    assert_eq!(codes(&world.request(0, &asked())), ["staff.no_undertaking"]);
}

#[test]
fn an_undertaking_signed_again_replaces_and_the_oldest_of_many_goes() {
    let one = |name: &str, from: i64| Undertaking {
        duty: Duty::Contract,
        reference: id(name),
        from: at(from).timestamp(),
        until: None,
    };
    let mut member = None;
    for number in 0..=MemberState::MAX {
        let (Next::Put(next), ..) = sign(member, one(&alloc::format!("nda-{number}"), 0)).into_parts() else {
            panic!()
        };
        member = Some(next);
    }
    let member = member.unwrap();
    assert_eq!(member.undertakings().len(), MemberState::MAX);
    assert!(member.undertakings().iter().all(|undertaking| undertaking.reference != id("nda-0")));
    let (Next::Put(again), ..) = sign(Some(member), one("nda-3", 5)).into_parts() else { panic!() };
    assert_eq!(again.undertakings().len(), MemberState::MAX);
    assert_eq!(again.undertakings().last(), Some(&one("nda-3", 5)));
}

/// D7: whatever fails, an outsider reads the same bytes; of an absent grant, another tenant's, or one without the right.
#[test]
fn every_denial_to_an_outsider_is_the_same_to_the_byte() {
    let mut texts = Vec::new();
    let mut keep = |denied: Option<&Denied>| {
        let denied = denied.expect("refused");
        assert!(!denied.conditions().is_empty());
        texts.push((denied.to_string(), denied.public_message().to_string()));
    };
    let world = World::approved(policy(), &asked());
    let mut other = World { grant: None, ..world.clone() };
    keep(other.check(0, |_| {}).denied()); // absent
    keep(world.clone().check(0, |q| q.scope = tenant("globex").into()).denied());
    keep(world.clone().check(0, |q| q.area = Area::Server).denied());
    keep(world.clone().check(0, |q| q.purpose = None).denied());
    keep(world.clone().check(9 * HOUR, |_| {}).denied());
    keep(other.approve(0, &anna()).denied());
    keep(other.end(0, &anna()).denied());
    keep(world.clone().approve(0, &Party::customer(tenant("globex"), AccountId::try_new("u-17").unwrap())).denied());
    keep(world.clone().end(0, &Party::customer(tenant("globex"), AccountId::try_new("u-17").unwrap())).denied());
    keep(world.clone().request(0, &asked()).denied()); // taken
    keep(other.glass(0, &asked()).denied());
    keep(note_notice(None, at(0), &world.policy).outcome().denied());
    keep(note_notice(world.grant.as_ref(), at(0), &world.policy).outcome().denied());
    let public = ("Not found.".to_string(), crate::tenancy::NotFound.to_string());
    assert!(texts.iter().all(|text| *text == public), "{texts:?}");
}

#[test]
fn tenant_bs_thing_with_tenant_as_grant_is_refused() {
    // The host's own tables gave the grant out although it is not that tenant's.
    let mut world = World::approved(policy(), &asked());
    let before = world.grant.clone();
    assert_eq!(world.fails(0, |q| q.scope = tenant("globex").into()), ["staff.other_tenant"]);
    assert_eq!(world.fails(0, |q| q.scope = Scope::Operator), ["staff.no_tenant", "staff.other_tenant"]);
    // Nor is it changed by the question, though it is over by then.
    assert_eq!(world.fails(9 * HOUR, |q| q.scope = tenant("globex").into()).len(), 2);
    assert_eq!(world.grant, before);
}

/// The banner and both identities; the customer of an event is its scope.
#[test]
fn the_permit_names_both_identities() {
    let mut world = World::approved(policy(), &asked());
    let (answer, facts) = world.check_said(0, |_| {});
    let permit = answer.granted().unwrap();
    let until = at(4 * HOUR).timestamp();
    assert_eq!(
        permit.banner().to_string(),
        alloc::format!("s-7 in the account of acme for support request r-4711, grant g-1, until {until}")
    );
    assert_eq!(permit.granted_by(), Some(&Actor::User(AccountId::try_new("u-18").unwrap())));
    assert_eq!(facts, ["staff.used"]);
    assert_eq!(world.grant.unwrap().approvals().len(), 2);
}

#[test]
fn a_refusal_says_every_reason_in_its_event() {
    let mut world = World::approved(policy(), &asked());
    let mut question = Question { origin: home(), login: None, ..Question::default() };
    question.roles.clear();
    let known = Known { member: world.member.as_ref(), consent: None, grant: world.grant.as_ref() };
    let decided = decide(at(0), &world.policy, &question.request(), &known);
    let fact = &decided.facts()[0];
    let detail = |name| fact.detail(name).and_then(|value| value.as_text().map(String::from));
    assert_eq!(fact.detail("reasons").and_then(|count| count.as_count()), Some(3));
    assert_eq!(detail("reason").as_deref(), Some("access.network_not_allowed"));
    assert_eq!(detail("reason_2").as_deref(), Some("staff.role"));
    assert_eq!(detail("reason_3").as_deref(), Some("staff.no_customer_login"));
    assert_eq!((detail("grant").as_deref(), detail("purpose").as_deref()), (Some("g-1"), Some("support_request")));
    assert_eq!(fact.clauses(), [clause::E_5_7, clause::D_4_1B, clause::E_5_6A]);
    assert!(world.check(0, |_| {}).granted().is_some());
}
