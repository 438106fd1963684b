//! Policies, purposes, scopes and stored forms that are not.

use super::*;

#[test]
fn a_policy_is_within_its_ranges() {
    let of = |change: fn(StaffPolicyBuilder) -> StaffPolicyBuilder| change(builder()).build().map(|_| ());
    let day = 24 * HOUR_SECS;
    assert_eq!(of(|b| b), Ok(()));
    assert_eq!(of(|b| b.max_duration_secs(0)), Err(StaffPolicyError::Duration { asked_secs: 0 }));
    assert_eq!(of(|b| b.max_duration_secs(366 * 86_400)), Ok(()));
    let over = 366 * day + 1;
    assert_eq!(of(|b| b.max_duration_secs(366 * 86_400 + 1)), Err(StaffPolicyError::Duration { asked_secs: over }));
    assert_eq!(of(|b| b.pending_secs(0)), Err(StaffPolicyError::Pending { asked_secs: 0 }));
    assert_eq!(of(|b| b.pending_secs(31 * 86_400)), Ok(()));
    assert_eq!(of(|b| b.pending_secs(31 * 86_400 + 1)), Err(StaffPolicyError::Pending { asked_secs: 31 * day + 1 }));
    assert_eq!(of(|b| b.unused_secs(0)), Err(StaffPolicyError::Unused { asked_secs: 0 }));
    assert_eq!(of(|b| b.unused_secs(31 * 86_400 + 1)), Err(StaffPolicyError::Unused { asked_secs: 31 * day + 1 }));
    assert_eq!(of(|b| b.max_lead_secs(0)), Ok(()));
    assert_eq!(of(|b| b.max_lead_secs(31 * 86_400 + 1)), Err(StaffPolicyError::Lead { asked_secs: 31 * day + 1 }));
    for (needed, approvers, is_good) in
        [(1, 1, true), (10, 10, true), (3, 2, false), (0, 1, false), (0, 0, false), (11, 11, false)]
    {
        let built = builder().approvals(needed, approvers).build().map(|_| ());
        let expected = if is_good { Ok(()) } else { Err(StaffPolicyError::Approvals { needed, of: approvers }) };
        assert_eq!(built, expected);
    }
    assert_eq!(of(|b| b.max_open(0)), Err(StaffPolicyError::Open { asked: 0 }));
    assert_eq!(of(|b| b.max_open(1000)), Ok(()));
    assert_eq!(of(|b| b.max_open(1001)), Err(StaffPolicyError::Open { asked: 1001 }));
    let customers = of(|b| b.approved_by_operator(PurposeKind::SupportRequest));
    assert_eq!(customers, Err(StaffPolicyError::CustomersApproval));
    let data = of(|b| b.area(Area::CustomerData, rule("support").purpose(PurposeKind::ManualBackup)));
    let (area, purpose) = (Area::CustomerData, PurposeKind::ManualBackup);
    assert_eq!(data, Err(StaffPolicyError::WrongPurpose { area, purpose }));
    assert_eq!(StaffPolicy::builder().build().map(|_| ()), Err(StaffPolicyError::Duration { asked_secs: 0 }));
}

/// Read from a file, a policy is as checked as built.
#[test]
fn a_policy_from_a_file_is_checked() {
    let text = serde_json::to_string(&policy()).unwrap();
    assert_eq!(serde_json::from_str::<StaffPolicy>(&text).unwrap(), policy());
    for (good, bad) in [
        ("\"approvals\":2", "\"approvals\":4"),
        ("\"max_duration_secs\":28800", "\"max_duration_secs\":0"),
        ("\"pending_secs\":43200", "\"pending_secs\":0"),
        ("\"database\"", "\"server\""),
        ("\"manual_backup\"", "\"ad_hoc_query\""),
        ("\"manual_backup\"", "\"support_request\""),
        ("\"roles\":[\"developer\"]", "\"roles\":[]"),
        ("\"approvers\":3", "\"approvers\":3,\"wildcard\":true"),
    ] {
        assert!(text.contains(good), "{good} in {text}");
        assert!(serde_json::from_str::<StaffPolicy>(&text.replace(good, bad)).is_err(), "{bad}");
    }
}

/// E-3.2, E-6H.7c: six words, and which of them want a reference.
#[test]
fn e_3_2_purposes_are_a_closed_list() {
    let reference = || Some(id("r-1"));
    for kind in PurposeKind::ALL {
        let wants = matches!(kind, PurposeKind::SupportRequest | PurposeKind::RequiredByLaw);
        let with = Purpose::from_word(kind.as_str(), reference());
        let without = Purpose::from_word(kind.as_str(), None);
        assert_eq!((with.is_ok(), without.is_ok()), (wants, !wants), "{kind}");
        let made = with.or(without).unwrap();
        assert_eq!((made.kind(), made.reference().is_some()), (kind, wants));
        let stored = serde_json::to_string(&made).unwrap();
        assert_eq!(serde_json::from_str::<Purpose>(&stored).unwrap(), made);
        assert_eq!(kind.clause(), if kind.is_of_database() { clause::E_6H_7C } else { clause::E_3_2 });
    }
    for word in ["", "support", "Support_Request", "anything", "*"] {
        assert_eq!(Purpose::from_word(word, reference()), Err(PurposeError::Unknown));
    }
    for json in [r#""support_request""#, r#"{"support_request":{}}"#, r#"{"support_request":{"request":""}}"#] {
        assert!(serde_json::from_str::<Purpose>(json).is_err(), "{json}");
    }
}

#[test]
fn a_scope_names_what_it_covers() {
    let area = Area::CustomerData;
    let many = |count: usize| (0..count).map(|_| invoices()).collect::<Vec<_>>();
    assert!(GrantScope::try_new(area, read(), many(32)).is_ok());
    for found in [0, 33] {
        assert_eq!(GrantScope::try_new(area, read(), many(found)), Err(ScopeError::Resources { found }));
    }
    assert_eq!(GrantScope::try_new(area, Actions::default(), many(1)), Err(ScopeError::NoAction));
    let one = Resource { kind: kind("invoice"), id: Some(id("i-1")) };
    let other = Resource { kind: kind("invoice"), id: Some(id("i-2")) };
    assert!(invoices().covers(&one) && invoices().covers(&invoices()) && one.covers(&one));
    assert!(!one.covers(&other) && !one.covers(&invoices()));
    assert!(!Resource { kind: kind("contract"), id: None }.covers(&one));
    let scope = GrantScope::try_new(area, read(), [one, other]).unwrap();
    assert_eq!(scope.to_string(), "customer_data: read of invoice i-1, invoice i-2");
    assert!(
        serde_json::from_str::<GrantScope>(r#"{"area":"server","actions":["read"],"resources":[{"kind":"x"}]}"#)
            .is_err()
    );
}

/// What no decision writes is not read: least of all more than was approved.
#[test]
fn a_damaged_grant_is_not_read() {
    let mut world = World::approved(policy(), &asked());
    let approved = serde_json::to_string(world.grant.as_ref().unwrap()).unwrap();
    let _ = world.check(0, |_| {});
    let active = serde_json::to_string(world.grant.as_ref().unwrap()).unwrap();
    let mut world = World::new(policy());
    let _ = world.request(0, &asked());
    let _ = world.approve(0, &anna());
    let pending = serde_json::to_string(world.grant.as_ref().unwrap()).unwrap();
    let phase = |text: &str| text[text.find("\"phase\"").unwrap()..].to_string();
    let is_read = |text: &str| serde_json::from_str::<GrantState>(text).is_ok();
    assert!(is_read(&pending) && is_read(&approved) && is_read(&active));
    for (text, good, bad) in [
        (&pending, phase(&pending), phase(&approved)), // approved by one of two
        (&pending, phase(&pending), phase(&active)),
        (&approved, "\"person\":\"u-18\"".into(), "\"person\":\"u-17\"".into()), // one person twice
        (&approved, "\"person\":\"u-18\"".into(), "\"person\":\"s-7\"".into()),  // the requester
        (&approved, "\"needed\":2".into(), "\"needed\":3".into()),
        (&pending, "\"needed\":2".into(), "\"needed\":0".into()),
        (&pending, "\"duration_secs\":14400".into(), "\"duration_secs\":0".into()),
        (&pending, "\"duration_secs\":14400".into(), "\"duration_secs\":99999999999".into()),
        (&pending, "\"generation\":0".into(), "\"generation\":0,\"approved\":true".into()),
    ] {
        assert!(text.contains(&good), "{good} in {text}");
        assert!(!is_read(&text.replace(&good, &bad)), "{bad}");
    }
    assert!(!is_read(&pending.replace("2023-11-15T10", "2024-11-15T10"))); // waits for a year
}

#[test]
fn ids_of_grants_fit_the_index() {
    assert!(GrantId::try_new("x".repeat(40)).is_ok());
    assert!(GrantId::try_new("x".repeat(41)).is_err());
    assert!(serde_json::from_str::<GrantId>(&alloc::format!("\"{}\"", "x".repeat(41))).is_err());
    // A thousand of the longest, with the latest instants there are.
    let longest = (0..1000).map(|number| alloc::format!("[\"{number:040}\",253402300799]")).collect::<Vec<_>>();
    let text = alloc::format!("{{\"open\":[{}]}}", longest.join(","));
    assert!(serde_json::from_str::<IndexState>(&text).is_ok());
    assert!(text.len() + 1024 < crate::store::MAX_TEXT_BYTES, "{}", text.len());
    let one_more = text.replacen('[', "[[\"x\",1],", 1);
    assert!(serde_json::from_str::<IndexState>(&one_more).is_err());
}
