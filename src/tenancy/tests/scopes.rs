use super::*;

fn filter(resource: Option<&str>) -> TenantFilter<Payslip> {
    let tenant = state([role("r", &["+read payslip"])]);
    verdict(&tenant, &profile(&["r"]), None, at(0), Action::Read, resource).filter().unwrap()
}

fn slip(id: &'static str) -> Payslip {
    Payslip { id, amount: 3 }
}

/// Tenant of the row, its id, what was decided for, and whether it opens.
#[test]
fn e_5_9_only_the_tenants_own_rows_open() {
    let umbrella = TenantId::try_new("umbrella").unwrap();
    let case = TenantId::try_new("Acme").unwrap();
    for (row, id, decided, opens) in [
        (Some(tenant()), "s-1", None, true),
        (Some(tenant()), "s-1", Some("s-1"), true),
        (Some(tenant()), "s-2", Some("s-1"), false), // decided for one, loaded another
        (Some(umbrella.clone()), "s-1", None, false),
        (Some(umbrella), "s-1", Some("s-1"), false),
        (Some(case), "s-1", None, false),
        (None, "s-1", None, false), // nobody's
        (None, "s-1", Some("s-1"), false),
    ] {
        let filter = filter(decided);
        let scoped = Scoped::stored(row.clone(), slip(id));
        assert_eq!(scoped.open_ref(&filter).is_ok(), opens, "{row:?} {id} {decided:?}");
        assert_eq!(filter.open(Some(scoped)).map(|slip| slip.amount), if opens { Ok(3) } else { Err(NotFound) });
    }
}

/// Who may make payslips may not therefore read those that are there.
#[test]
fn what_is_decided_for_making_one_opens_none() {
    let tenant_ = state([role("r", &["+create,delete payslip"])]);
    let filter =
        |action, resource| verdict(&tenant_, &profile(&["r"]), None, at(0), action, resource).filter().unwrap();
    let row = || Scoped::stored(Some(tenant()), slip("s-1"));
    for resource in [None, Some("s-1")] {
        assert!(row().open(&filter(Action::Create, resource)).is_err());
        assert!(row().open_ref(&filter(Action::Create, resource)).is_err());
        assert!(row().open(&filter(Action::Delete, resource)).is_ok());
    }
}

/// Absent, another tenant's, nobody's, or denied: one answer, byte for byte.
#[test]
fn e_5_9_every_refusal_is_the_same() {
    let umbrella = TenantId::try_new("umbrella").unwrap();
    let denied = verdict(&state([]), &profile(&[]), None, at(0), Action::Read, Some("s-1")).filter().unwrap_err();
    let all = [
        filter(None).open(None).err().unwrap(),
        filter(None).open(Some(Scoped::stored(Some(umbrella), slip("s-1")))).err().unwrap(),
        filter(None).open(Some(Scoped::stored(None, slip("s-1")))).err().unwrap(),
        filter(Some("s-2")).open(Some(Scoped::stored(Some(tenant()), slip("s-1")))).err().unwrap(),
        denied,
    ];
    for answer in all {
        let said = (answer.to_string(), format!("{answer:?}"), answer.code().as_str(), answer.code().audience());
        let expected = ("Not found.".into(), "NotFound".into(), "tenancy.not_found", crate::event::Audience::Public);
        assert_eq!(said, expected);
    }
}

#[test]
fn cache_keys_hold_the_tenant() {
    assert_eq!(filter(None).cache_key("page/1").as_str(), "acme/payslip//page/1");
    assert_eq!(filter(Some("s-1")).cache_key("page/1").as_str(), "acme/payslip/s-1/page/1");
    let other =
        TenantFilter::<Payslip>::new(TenantId::try_new("umbrella").unwrap(), Action::Read, None, FieldMask::default());
    assert_ne!(filter(None).cache_key("page/1"), other.cache_key("page/1"));
}

#[test]
fn nothing_of_a_value_is_printed() {
    let printed = format!("{:?}", Scoped::stored(Some(tenant()), Payslip { id: "secret-id", amount: 99_999 }));
    assert!(!printed.contains("secret-id") && !printed.contains("99999") && printed.contains("payslip"), "{printed}");
}

#[test]
fn a2_sep_2_data_is_used_for_what_it_was_collected_for() {
    let purposes = purposes();
    let check = |screen: &str, used: &str, collected: &str| {
        let used = purpose(used);
        let usage = purposes.usage(&Interface::try_new(screen).unwrap(), &used);
        usage.check(collected).iter().map(|finding| finding.code().as_str()).collect::<Vec<_>>()
    };
    assert_eq!(check("payslips", "payroll", "payroll"), [""; 0]);
    assert_eq!(check("audit-report", "audit", "payroll"), [""; 0]); // stated to be compatible
    assert_eq!(check("payslips", "payroll", "audit"), ["tenancy.incompatible"]); // not the other way
    assert_eq!(check("payslips", "payroll", "planning"), ["tenancy.incompatible"]);
    assert_eq!(check("payslips", "payroll", "weather"), ["tenancy.unknown_collected"]);
}

#[test]
fn a2_sep_4_interfaces_and_reports_are_for_their_purposes() {
    let purposes = purposes();
    let check = |screen: &str, used: &str| {
        let used = purpose(used);
        let usage = purposes.usage(&Interface::try_new(screen).unwrap(), &used);
        usage.check("payroll").iter().map(|finding| finding.code().as_str()).collect::<Vec<_>>()
    };
    assert_eq!(check("payslips", "audit"), ["tenancy.not_for_interface"]);
    assert_eq!(check("audit-report", "payroll"), ["tenancy.not_for_interface"]);
    assert_eq!(check("undeclared", "payroll"), ["tenancy.unknown_interface"]);
    assert_eq!(check("undeclared", "weather"), ["tenancy.unknown_interface", "tenancy.unknown_purpose"]);
}

/// A use that is not for the data is denied, whatever the roles allow.
#[test]
fn a2_sep_3_the_purpose_of_a_table_binds_every_decision() {
    let (tenant, owner, purposes) = (state([]), profile(&["owner"]), purposes());
    let standing = Standing { tenant: Some(&tenant), profile: Some(&owner), shares: None };
    let payroll = purpose("payroll");
    let usage = purposes.usage(&Interface::try_new("payslips").unwrap(), &payroll);
    let request = Request::to_kind(Action::Read, usage);
    assert!(decide::<Payslip>(&standing, at(0), &me("u-1"), &request).is_allowed());
    let holidays = decide::<Holiday>(&standing, at(0), &me("u-1"), &request);
    assert_eq!(holidays.missing(), [Missing::Purpose(PurposeFinding::Incompatible)]);
    assert!(holidays.filter().is_err());
}

#[test]
fn compatible_by_way_of_a_third_is_not_compatible() {
    let policy = PurposePolicy::builder()
        .purpose(purpose("a"))
        .purpose(purpose("b"))
        .purpose(purpose("c"))
        .compatible(purpose("a"), purpose("b"))
        .compatible(purpose("b"), purpose("c"))
        .interface(Interface::try_new("i").unwrap(), [purpose("a")])
        .build()
        .unwrap();
    let (interface, a) = (Interface::try_new("i").unwrap(), purpose("a"));
    assert_eq!(policy.usage(&interface, &a).check("b"), []);
    assert_eq!(policy.usage(&interface, &a).check("c"), [PurposeFinding::Incompatible]);
}

#[test]
fn purposes_are_read_strictly() {
    let file = r#"{"purposes":["a","b"],"compatible":[{"use":"a","collected_for":"b"}],"interfaces":[{"id":"i","purposes":["a"]}]}"#;
    let policy: PurposePolicy = serde_json::from_str(file).unwrap();
    assert_eq!(serde_json::to_string(&policy).unwrap(), file);
    for (from, to) in [
        (r#"["a","b"]"#, r#"["a","a","b"]"#),
        (r#"["a","b"]"#, "[]"),
        (r#"["a","b"]"#, r#"["a"]"#),
        (r#""purposes":["a"]}"#, r#""purposes":[]}"#),
        (r#""purposes":["a"]}"#, r#""purposes":["c"]}"#),
        (r#""purposes":["a"]}"#, r#""purposes":["a","a"]}"#),
        (r#""purposes":["a"]}"#, r#""purposes":["a"]},{"id":"i","purposes":["b"]}"#),
        (r#""compatible""#, r#""compatibel""#),
        (r#""collected_for":"b"}"#, r#""collected_for":"b"},{"use":"a","collected_for":"b"}"#),
    ] {
        let damaged = file.replacen(from, to, 1);
        assert_ne!(damaged, file);
        assert!(serde_json::from_str::<PurposePolicy>(&damaged).is_err(), "{damaged}");
    }
}
