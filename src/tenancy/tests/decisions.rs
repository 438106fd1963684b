use super::*;

/// The rules of the role, what is asked of a payslip, and whether it may be done. By hand from the documentation.
const TABLE: &[(&[&str], Action, bool)] = &[
    (&[], Action::Read, false),
    (&["+read payslip"], Action::Read, true),
    (&["+read payslip"], Action::Change, false),
    (&["+read holiday"], Action::Read, false),
    (&["+read *"], Action::Read, true),
    (&["+all *", "-read payslip"], Action::Read, false),
    (&["+all *", "-read payslip"], Action::Export, true),
    (&["-read *", "+read payslip"], Action::Read, false),
    (&["+read payslip.amount"], Action::Read, true),
    (&["+read payslip.amount", "-read payslip.amount"], Action::Read, false),
    (&["+read payslip", "-read payslip.amount"], Action::Read, true),
    (&["-read payslip"], Action::Read, false),
    (&["+delete,export payslip"], Action::Delete, true),
    (&["+administer payslip"], Action::Share, false),
];

#[test]
fn a2_use_4_a2_input_1_default_deny_and_a_deny_wins() {
    for (rules, action, allowed) in TABLE {
        let verdict = verdict(&state([role("r", rules)]), &profile(&["r"]), None, at(0), *action, Some("s-1"));
        assert_eq!(verdict.is_allowed(), *allowed, "{rules:?} {action:?}");
        assert_eq!(verdict.filter().is_ok(), *allowed, "{rules:?} {action:?}");
    }
}

#[test]
fn every_rule_that_decided_is_named() {
    let roles = [role("a", &["+read payslip", "+read *", "-read payslip"]), role("b", &["-read *", "+change payslip"])];
    let found = verdict(&state(roles), &profile(&["a", "b"]), None, at(0), Action::Read, None);
    let reason = |role: &str, rule: &str| Reason::Rule {
        role: RoleId::try_new(role).unwrap(),
        rule: RuleId::try_new(rule).unwrap(),
    };
    assert_eq!(found.allowed_by(), [reason("a", "r0"), reason("a", "r1")]);
    assert_eq!(found.denied_by(), [reason("a", "r2"), reason("b", "r0")]);
    assert_eq!(found.missing(), []);
    let fact = found.fact();
    assert_eq!(fact.code(), DENIED);
    assert_eq!(fact.detail("allowed_by").unwrap().as_count(), Some(2));
    assert_eq!(fact.detail("denied_by").unwrap().as_count(), Some(2));
    assert_eq!(
        (fact.detail("role").unwrap().as_text(), fact.detail("rule").unwrap().as_text()),
        (Some("a"), Some("r2"))
    );
    assert_eq!(found.filter().unwrap_err().to_string(), "Not found.");
}

/// Everything that is missing, not the first of it.
#[test]
fn every_condition_that_does_not_hold_is_named() {
    let (purposes, planning) = (purposes(), purpose("planning"));
    let usage = purposes.usage(&Interface::try_new("payslips").unwrap(), &planning);
    let wanted = fields(&["amount"]);
    let request = Request::to_kind(Action::Read, usage).with_fields(&wanted);
    let tenant = state([role("office", &[]).of_function(Function::try_new("payroll-office").unwrap())]);
    let profile = profile(&["gone", "office"]);
    let standing = Standing { tenant: Some(&tenant), profile: Some(&profile), shares: None };
    let verdict = decide::<Payslip>(&standing, at(0), &me("u-2"), &request);
    assert_eq!(
        codes_of(verdict.missing()),
        [
            "tenancy.not_for_interface",
            "tenancy.incompatible",
            "tenancy.unknown_role",
            "tenancy.other_function",
            "tenancy.not_permitted",
            "tenancy.field"
        ]
    );
    let fact = verdict.fact();
    assert!(verdict.missing().iter().all(|missing| fact.detail(missing.code().as_str()).is_some()));
}

/// A role that is gone may have denied; a profile that is closed has no roles.
#[test]
fn what_is_not_understood_denies() {
    let tenant = state([role("r", &["+read payslip"])]);
    let allowed = |profile: &ProfileState| {
        let verdict = verdict(&tenant, profile, None, at(0), Action::Read, None);
        (verdict.is_allowed(), codes_of(verdict.missing()))
    };
    assert_eq!(allowed(&profile(&["r"])), (true, [].into()));
    assert_eq!(allowed(&profile(&["r", "gone"])), (false, ["tenancy.unknown_role"].into()));
    assert_eq!(allowed(&ProfileState::Closed), (false, ["tenancy.no_profile", "tenancy.not_permitted"].into()));
}

#[test]
fn a2_use_2_a_role_of_a_function_is_for_accounts_of_that_function() {
    let office = || Function::try_new("payroll-office").unwrap();
    let tenant = state([role("r", &["+read payslip"]).of_function(office())]);
    for (function, allowed) in [(None, false), (Some(office()), true), (Function::try_new("works-council").ok(), false)]
    {
        let profile = ProfileState::Open { person: id("p-2"), function: function.clone(), roles: roles_named(&["r"]) };
        let verdict = verdict(&tenant, &profile, None, at(0), Action::Read, None);
        assert_eq!(verdict.is_allowed(), allowed, "{function:?}");
    }
}

#[test]
fn masks_are_united_and_a_deny_takes_away() {
    let tenant = state([
        role("names", &["+read payslip.name", "+read payslip.amount"]),
        role("all", &["+read payslip"]),
        role("no-amount", &["-read *.amount"]),
    ]);
    let shown = |roles: &[&str]| {
        let verdict = verdict(&tenant, &profile(roles), None, at(0), Action::Read, None);
        let shown: Vec<bool> = fields(&["name", "amount", "other"]).iter().map(|f| verdict.mask().shows(f)).collect();
        (shown, verdict.mask().shows_all(), verdict.masked_by().len())
    };
    assert_eq!(shown(&["names"]), ([true, true, false].into(), false, 0));
    assert_eq!(shown(&["names", "all"]), ([true, true, true].into(), true, 0));
    assert_eq!(shown(&["names", "no-amount"]), ([true, false, false].into(), false, 1));
    assert_eq!(shown(&["all", "no-amount"]), ([true, false, true].into(), false, 1));
    // Asked for by name, a field that is not shown denies the whole.
    let (purposes, payroll, wanted) = (purposes(), purpose("payroll"), fields(&["name", "amount"]));
    let usage = purposes.usage(&Interface::try_new("payslips").unwrap(), &payroll);
    let masked = profile(&["all", "no-amount"]);
    let standing = Standing { tenant: Some(&tenant), profile: Some(&masked), shares: None };
    for (count, allowed) in [(1, true), (2, false)] {
        let request = Request::to_kind(Action::Read, usage).with_fields(&wanted[..count]);
        assert_eq!(decide::<Payslip>(&standing, at(0), &me("u-2"), &request).is_allowed(), allowed);
    }
}

/// What the operator's staff may do is the grant and nothing else, up to its end.
#[test]
fn a_grant_of_the_customer_is_the_limit_for_staff() {
    let reach = GrantReach {
        purpose: purpose("payroll"),
        kind: ResourceKind::try_new("payslip").unwrap(),
        resource: Some(id("s-1")),
        action: Action::Read,
        until: at(10).timestamp(),
    };
    let staff = Principal::by_grant(tenant(), id("s-3"), reach);
    assert_eq!((staff.account(), staff.actor()), (None, Actor::Staff(id("s-3"))));
    let (purposes, payroll, audit) = (purposes(), purpose("payroll"), purpose("audit"));
    let usage = |purpose, screen: &str| purposes.usage(&Interface::try_new(screen).unwrap(), purpose);
    let (viewing, auditing) = (usage(&payroll, "payslips"), usage(&audit, "audit-report"));
    let (one, other) = (id("s-1"), id("s-2"));
    let (owner, all) = (profile(&["owner"]), state([]));
    let standing = Standing { tenant: Some(&all), profile: Some(&owner), shares: None }; // of no use to staff
    let ask = |now, request: &Request<'_>| {
        let verdict = decide::<Payslip>(&standing, now, &staff, request);
        (verdict.is_allowed(), codes_of(verdict.missing()))
    };
    let outside = || (false, Vec::from(["tenancy.outside_grant", "tenancy.not_permitted"]));
    assert_eq!(ask(at(9), &Request::to(Action::Read, &one, viewing)), (true, [].into()));
    for at_or_after in [10, 11] {
        let over = ask(at(at_or_after), &Request::to(Action::Read, &one, viewing));
        assert_eq!(over, (false, ["tenancy.grant_over"].into()));
    }
    assert_eq!(ask(at(0), &Request::to(Action::Read, &other, viewing)), outside());
    assert_eq!(ask(at(0), &Request::to_kind(Action::Read, viewing)), outside());
    assert_eq!(ask(at(0), &Request::to(Action::Export, &one, viewing)), outside());
    assert_eq!(ask(at(0), &Request::to(Action::Read, &one, auditing)), outside());
    let filter =
        decide::<Payslip>(&standing, at(0), &staff, &Request::to(Action::Read, &one, viewing)).filter().unwrap();
    assert_eq!((filter.tenant(), filter.resource()), (&tenant(), Some(&one)));
    let holiday = decide::<Holiday>(&standing, at(0), &staff, &Request::to(Action::Read, &one, viewing));
    assert!(!holiday.is_allowed());
}

#[test]
fn policies_that_cannot_be_meant_are_refused() {
    let flaw = |roles: Vec<Role>| match RolePolicy::try_new(roles).unwrap_err() {
        RolePolicyError::Rule { why, .. } => why,
        other => panic!("{other}"),
    };
    let named = |name: &str| Role::new(RoleId::try_new(name).unwrap());
    let read = Actions::of(&[Action::Read]);
    let empty_kinds = Rule::allow(RuleId::try_new("r").unwrap(), read, Span::only([]));
    assert_eq!(flaw([named("a").rule(empty_kinds)].into()), RuleFlaw::Nothing);
    let no_actions = Rule::allow(RuleId::try_new("r").unwrap(), Actions::default(), Span::All);
    assert_eq!(flaw([named("a").rule(no_actions)].into()), RuleFlaw::Nothing);
    assert_eq!(flaw([named("a").rule(rule("r", "+read *").with_fields([]))].into()), RuleFlaw::Nothing);
    assert_eq!(flaw([named("a").rule(rule("r", "+read *")).rule(rule("r", "+change *"))].into()), RuleFlaw::Twice);
    assert_eq!(flaw([role("a", &["+read,delete *.x"])].into()), RuleFlaw::NotByField);
    let twice = RolePolicy::try_new([named("a"), named("b"), named("a")]);
    assert_eq!(twice, Err(RolePolicyError::RoleTwice { role: RoleId::try_new("a").unwrap() }));

    let many = |count: usize| RolePolicy::try_new((0..count).map(|n| named(&format!("role-{n}"))));
    assert!(many(RolePolicy::MAX_ROLES).is_ok());
    assert!(matches!(many(RolePolicy::MAX_ROLES + 1), Err(RolePolicyError::TooMany { roles: 65, rules: 0 })));
    let rules = |count: usize| RolePolicy::try_new([role("a", &vec!["+read *"; count])]);
    assert!(rules(RolePolicy::MAX_RULES).is_ok());
    assert!(matches!(rules(RolePolicy::MAX_RULES + 1), Err(RolePolicyError::TooMany { roles: 1, rules: 257 })));
    let names = |count: usize| {
        let texts: Vec<String> = (0..count).map(|n| format!("+read kind{n}")).collect();
        RolePolicy::try_new([role("a", &texts.iter().map(String::as_str).collect::<Vec<_>>())])
    };
    assert!(names(RolePolicy::MAX_NAMES).is_ok());
    assert!(matches!(names(RolePolicy::MAX_NAMES + 1), Err(RolePolicyError::TooManyNames { kinds: 65, fields: 0 })));
    // 200 rules, each with a name of 64 bytes and 5 kinds of 64.
    let long = |n: usize| format!("{n:x>64}");
    let wide = (0..200).map(|n| {
        let kinds = (0..5).map(|kind| ResourceKind::try_new(long(kind)).unwrap());
        Rule::allow(RuleId::try_new(long(n)).unwrap(), read, Span::only(kinds))
    });
    let wide = wide.fold(named("a"), Role::rule);
    assert!(matches!(RolePolicy::try_new([wide]), Err(RolePolicyError::TooLong { .. })));
}
