//! The production database and servers: D7, all vectors, and X12.

use super::*;

fn release(q: &mut Question) {
    (q.scope, q.area, q.grant, q.login) = (Scope::Operator, Area::Database, None, None);
    (q.action, q.resource) = (Action::Change, Resource { kind: kind("schema"), id: None });
    (q.roles, q.purpose) = ([id("developer")].into(), Some(Purpose::InstallRelease));
}

/// D7, production database: each line of it, and every failing condition listed.
#[test]
fn e_6h_7_network_and_role_and_purpose() {
    type Change = fn(&mut Question);
    let unresolvable = |q: &mut Question| {
        q.purpose = Some(Purpose::ManualBackup);
        q.origin = Origin::unresolvable("198.51.100.1".parse().unwrap(), Unresolved::Hidden);
    };
    // A query of one's own is no purpose that there is.
    assert_eq!(Purpose::from_word("ad_hoc_query", None), Err(PurposeError::Unknown));
    let vectors: [(&str, Change, &[&str]); 9] = [
        ("developer, office, install-release", |_| {}, &[]),
        ("developer, office, backup", |q| q.purpose = Some(Purpose::ManualBackup), &[]),
        ("developer, home, install", |q| q.origin = home(), &["access.network_not_allowed"]),
        ("support, office, install", |q| q.roles = [id("support")].into(), &["staff.role"]),
        (
            "developer, office, ad-hoc query",
            |q| q.purpose = Purpose::from_word("ad_hoc_query", None).ok(),
            &["staff.no_purpose"],
        ),
        ("developer, unresolvable network, backup", unresolvable, &["access.no_address", "access.plain_transport"]),
        ("developer, office, no purpose", |q| q.purpose = None, &["staff.no_purpose"]),
        ("developer, office, a purpose of E-3.2", |q| q.purpose = Some(Purpose::MaintainService), &["staff.purpose"]),
        (
            "all of it",
            |q| (q.origin, q.roles, q.purpose) = (home(), [id("support")].into(), None),
            &["access.network_not_allowed", "staff.role", "staff.no_purpose"],
        ),
    ];
    for (name, change, expected) in vectors {
        let mut world = World::new(policy());
        let fails = world.fails(0, |q| {
            release(q);
            change(q);
        });
        assert_eq!(fails, expected, "{name}");
    }
}

/// Each condition cites its own clause.
#[test]
fn e_6h_7_each_condition_has_its_clause() {
    let of = |condition: Condition| condition.clause(Area::Database);
    assert_eq!(of(Condition::Network(Refusal::PlainTransport)), clause::E_6H_7A);
    assert_eq!(of(Condition::Role), clause::E_6H_7B);
    assert_eq!(of(Condition::NoPurpose), clause::E_6H_7C);
    assert_eq!(of(Condition::Purpose), clause::E_6H_7C);
    assert_eq!(of(Condition::NoUndertaking), clause::D_4_1C);
}

/// OWASP ASVS 5.0, 8.4.2: there is no policy by which the network alone suffices, nor one without the offices.
#[test]
fn e_6h_7_the_network_alone_never_suffices() {
    let of = |rule: AreaRule| builder().area(Area::Database, rule).build().map(|_| ());
    let area = Area::Database;
    assert_eq!(of(AreaRule::new(office_only())), Err(StaffPolicyError::NetworkAlone { area }));
    assert_eq!(of(rule("developer")), Err(StaffPolicyError::NoPurpose { area }));
    let no_role = AreaRule::new(office_only()).purpose(PurposeKind::ManualBackup);
    assert_eq!(of(no_role), Err(StaffPolicyError::NoRole { area }));
    let anywhere = AreaRule::new(AccessPolicy::default()).role(id("developer")).purpose(PurposeKind::ManualBackup);
    assert_eq!(of(anywhere), Err(StaffPolicyError::NoNetwork));
    let purpose = PurposeKind::SupportRequest;
    assert_eq!(of(rule("developer").purpose(purpose)), Err(StaffPolicyError::WrongPurpose { area, purpose }));
    assert_eq!(of(rule("developer").purpose(PurposeKind::ManualBackup)), Ok(()));
    // A grant of a customer's opens nothing there.
    assert_eq!(GrantScope::try_new(area, read(), [invoices()]), Err(ScopeError::Closed { area }));
    let mut world = World::approved(policy(), &asked());
    let with_grant = |q: &mut Question| {
        release(q);
        (q.scope, q.grant) = (tenant("acme").into(), Some(grant_id("g-1")));
    };
    assert!(world.fails(0, with_grant).contains(&"staff.area_not_granted"));
}

/// E-6H.8a: whoever, from wherever, for whatever.
#[test]
fn e_6h_8a_servers_are_closed_to_all_staff() {
    let rule = rule("developer").purpose(PurposeKind::InstallRelease);
    assert_eq!(builder().area(Area::Server, rule).build(), Err(StaffPolicyError::Closed { area: Area::Server }));
    let mut world = World::new(policy());
    for purpose in [None, Some(Purpose::InstallRelease), Some(Purpose::MaintainService)] {
        for origin in [office(), home(), Origin::Internal] {
            let fails = world.fails(0, |q| {
                release(q);
                (q.area, q.purpose, q.origin) = (Area::Server, purpose.clone(), origin);
            });
            assert_eq!(fails[0], "staff.server_closed");
        }
    }
    assert_eq!(Condition::Closed(Area::Server).clause(Area::Server), clause::E_6H_8A);
}

/// X12: both rules are evaluated, whichever way the one that was asked for decides.
#[test]
fn x12_is_reported_with_both_rules_evaluated() {
    let world = World::new(policy());
    let known = Known { member: world.member.as_ref(), ..Known::default() };
    let of = |question: &Question| tension(at(0), &world.policy, &question.request(), &known);
    let mut question = Question::default();
    release(&mut question);
    let found = of(&question).unwrap();
    assert_eq!((found.contradiction, found.is_live()), (clause::X12, true));
    assert_eq!(found.grants.clauses, [clause::E_6H_7A, clause::E_6H_7B, clause::E_6H_7C]);
    assert_eq!(found.grants.failed, []);
    assert_eq!(found.rules_out.clauses, [clause::E_6H_8A]);
    assert_eq!(found.rules_out.failed, [Condition::Closed(Area::Server)]);
    let permit = world.clone().check(0, release).granted().unwrap();
    assert_eq!(permit.tension(), Some(clause::X12));
    // Refused by both: no tension, and both said.
    question.roles.clear();
    let found = of(&question).unwrap();
    assert!(!found.is_live());
    assert_eq!(found.grants.failed, [Condition::Role]);

    // Maintenance of an account, against login data of the customer's.
    let free = builder().area(Area::Account, rule("support").purpose(PurposeKind::MaintainService).without_grant());
    let mut world = World::new(free.build().unwrap());
    let maintain = |q: &mut Question| {
        (q.area, q.purpose, q.grant, q.login) = (Area::Account, Some(Purpose::MaintainService), None, None);
    };
    let mut question = Question::default();
    maintain(&mut question);
    let known = Known { member: world.member.as_ref(), ..Known::default() };
    let found = tension(at(0), &world.policy, &question.request(), &known).unwrap();
    assert!(found.is_live());
    assert_eq!((found.grants.clauses, found.rules_out.clauses), (&[clause::E_3_2][..], &[clause::E_5_6A][..]));
    assert_eq!(found.rules_out.failed, [Condition::NoCustomerLogin]);
    assert_eq!(world.check(0, maintain).granted().unwrap().tension(), Some(clause::X12));
    let with_login = |q: &mut Question| {
        maintain(q);
        q.login = Some(id("login-1"));
    };
    assert_eq!(world.check(0, with_login).granted().unwrap().tension(), None);
    let known = Known::default();
    assert_eq!(tension(at(0), &world.policy, &Question::default().request(), &known), None);
}
