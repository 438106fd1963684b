use super::*;

/// `boss` may share and do everything, `reader` read; `nosy` may read, and share nothing; `barred` may not read.
fn world() -> TenantState {
    state([
        role("boss", &["+all payslip"]),
        role("reader", &["+read payslip"]),
        role("masked", &["+read,share payslip", "-read payslip.note"]),
        role("barred", &["-read payslip"]),
        role("team", &[]),
    ])
}

fn read() -> Actions {
    Actions::of(&[Action::Read])
}

fn wish(with: &str, actions: Actions, until: Option<i64>) -> Sharing {
    let until = until.map(|micros| at(micros).timestamp());
    Sharing::Share { with: ShareWith::Account(account(with)), actions, until }
}

fn run(
    state: Option<SharesState>,
    now: Now,
    by: &str,
    roles: &[&str],
    sharing: &Sharing,
) -> Transition<SharesState, ShareOutcome> {
    let (tenant, own, recipient) = (world(), profile(roles), profile(&[]));
    let sharer = Sharer { tenant: Some(&tenant), profile: Some(&own), recipient: Some(&recipient) };
    decide_sharing::<Payslip>(state, now, &sharer, &me(by), sharing)
}

fn shared(state: Option<SharesState>, by: &str, roles: &[&str], sharing: &Sharing) -> SharesState {
    match run(state, at(0), by, roles, sharing).into_parts() {
        (Next::Put(state), ShareOutcome::Shared { .. } | ShareOutcome::Withdrawn { .. }, _) => state,
        other => panic!("{other:?}"),
    }
}

fn refusals(state: Option<SharesState>, now: Now, by: &str, roles: &[&str], sharing: &Sharing) -> Vec<&'static str> {
    match run(state, now, by, roles, sharing).into_parts() {
        (Next::Keep, ShareOutcome::Refused(refusals), facts) => {
            assert_eq!((facts.len(), facts[0].code()), (1, SHARE_REFUSED));
            assert!(refusals.iter().all(|refusal| facts[0].clauses().contains(&refusal.clause())));
            refusals.iter().map(|refusal| refusal.code().as_str()).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn may(shares: &SharesState, now: Now, roles: &[&str], action: Action) -> bool {
    verdict(&world(), &profile(roles), Some(shares), now, action, Some("s-1")).is_allowed()
}

#[test]
fn e_5_10c_a_share_lets_in_for_its_actions_and_its_resource() {
    let shares = shared(None, "u-1", &["boss"], &wish("u-2", read(), None));
    assert!(may(&shares, at(0), &[], Action::Read));
    assert!(!may(&shares, at(0), &[], Action::Change));
    assert!(!may(&shares, at(0), &["barred"], Action::Read)); // a deny wins
    let list = verdict(&world(), &profile(&[]), Some(&shares), at(0), Action::Read, None);
    assert!(!list.is_allowed()); // one resource is not its kind
    let found = verdict(&world(), &profile(&["reader"]), Some(&shares), at(0), Action::Read, Some("s-1"));
    assert_eq!(found.allowed_by().len(), 2);
    assert!(found.allowed_by().contains(&Reason::Share { number: 0 }));

    let other = shared(None, "u-1", &["boss"], &wish("u-3", read(), None));
    assert!(!may(&other, at(0), &[], Action::Read));
    let team = ShareWith::Role(RoleId::try_new("team").unwrap());
    let team = shared(None, "u-1", &["boss"], &Sharing::Share { with: team, actions: read(), until: None });
    assert!(may(&team, at(0), &["team"], Action::Read) && !may(&team, at(0), &["reader"], Action::Change));
    assert!(!may(&team, at(0), &[], Action::Read));
}

/// Half-open: at its end it is out. What was seen to be over stays over when the clock steps back.
#[test]
fn e_5_10c_a_share_ends_at_its_instant_and_no_clock_brings_it_back() {
    let shares = shared(None, "u-1", &["boss"], &wish("u-2", read(), Some(10)));
    for (micros, open) in [(9, true), (10, false), (11, false)] {
        assert_eq!(may(&shares, at(micros), &[], Action::Read), open, "{micros}");
        let (next, left, facts) = lapse(shares.clone(), at(micros)).into_parts();
        assert_eq!(
            (next == Next::Keep, left.shares().len(), facts.len()),
            (open, usize::from(open), usize::from(!open))
        );
        assert_eq!(may(&left, at(9), &[], Action::Read), open, "back from {micros}");
    }
    // Made by a clock that ran ahead: it counts from 30 seconds before, the skew of two nodes.
    let skew = 30_000_000;
    for (micros, open) in [(-skew - 1, false), (-skew, true), (-skew + 1, true)] {
        assert_eq!(may(&shares, at(micros), &[], Action::Read), open, "{micros}");
    }
}

#[test]
fn who_shares_must_hold_all_of_it() {
    let both = read().and(Actions::of(&[Action::Change]));
    for (roles, actions, allowed) in [
        (&["boss"][..], both, true),
        (&["boss", "reader"], both, true),
        (&["reader"], read(), false), // may read, and not share
        (&["masked"], read(), false), // reads without the notes, and a share shows them
        (&["masked", "reader"], read(), false),
        (&["boss", "barred"], read(), false),
        (&["boss", "barred"], Actions::of(&[Action::Change]), true),
        (&[], read(), false),
    ] {
        let sharing = wish("u-2", actions, None);
        if allowed {
            assert!(matches!(run(None, at(0), "u-1", roles, &sharing).outcome(), ShareOutcome::Shared { number: 0 }));
        } else {
            assert_eq!(refusals(None, at(0), "u-1", roles, &sharing), ["tenancy.not_held"], "{roles:?}");
        }
    }
}

#[test]
fn what_cannot_be_shared_is_named() {
    let refused = |sharing| refusals(None, at(5), "u-1", &["boss"], &sharing);
    assert_eq!(refused(wish("u-2", Actions::default(), None)), ["tenancy.nothing_shared"]);
    assert_eq!(refused(wish("u-2", Actions::of(&[Action::Share]), None)), ["tenancy.nothing_shared"]);
    assert_eq!(refused(wish("u-2", read(), Some(4))), ["tenancy.over"]);
    assert_eq!(refused(wish("u-2", read(), Some(5))), ["tenancy.over"]);
    assert!(matches!(
        run(None, at(5), "u-1", &["boss"], &wish("u-2", read(), Some(6))).outcome(),
        ShareOutcome::Shared { .. }
    ));
    let nobody = ShareWith::Role(RoleId::try_new("gone").unwrap());
    let nobody = Sharing::Share { with: nobody, actions: Actions::default(), until: Some(at(0).timestamp()) };
    assert_eq!(refused(nobody), ["tenancy.no_recipient", "tenancy.nothing_shared", "tenancy.over"]);

    let mut shares = None;
    for _ in 0..SharesState::MAX {
        shares = Some(shared(shares, "u-1", &["boss"], &wish("u-2", read(), None)));
    }
    // Each as long as it can be.
    let long = account(&"x".repeat(64));
    let longest = Share {
        number: u32::MAX - 1,
        with: ShareWith::Account(long.clone()),
        actions: Actions::ALL,
        until: Some(Timestamp::MAX),
        by: long,
        at: Timestamp::MAX,
        from: Some(u32::MAX - 2),
    };
    let text = serde_json::to_string(&longest).unwrap();
    assert!((340..420).contains(&text.len()), "{text}");
    assert_eq!(refusals(shares.clone(), at(0), "u-1", &["boss"], &wish("u-2", read(), None)), ["tenancy.too_many"]);
    // A place is free again when a share is taken back; its number is not.
    let one_less = shared(shares, "u-1", &["boss"], &Sharing::Withdraw { number: 3 });
    let full = shared(Some(one_less), "u-1", &["boss"], &wish("u-2", read(), None));
    assert_eq!(full.shares().last().unwrap().number(), 128);
}

/// Neither an account of another tenant nor one that was closed: its profile is not in this one.
#[test]
fn e_5_9_nothing_is_shared_with_another_tenant() {
    let (tenant, own) = (world(), profile(&["boss"]));
    let none_of_ours = [None, Some(&ProfileState::Closed)];
    for recipient in none_of_ours {
        let sharer = Sharer { tenant: Some(&tenant), profile: Some(&own), recipient };
        let done = decide_sharing::<Payslip>(None, at(0), &sharer, &me("u-1"), &wish("u-2", read(), None));
        assert_eq!(done.outcome(), &ShareOutcome::Refused([ShareRefusal::NoRecipient].into()));
    }
    // The key holds the tenant: what was shared there is not found here.
    let theirs = TenantId::try_new("umbrella").unwrap();
    let key = |tenant: &TenantId| SharesState::key::<Payslip>(tenant, &id("s-1")).to_string();
    assert_eq!(key(&super::tenant()), "tenant:acme/shares/~payslip.s-1");
    assert_eq!(key(&theirs), "tenant:umbrella/shares/~payslip.s-1");
}

/// Only by a share that says so, no more than it, no longer, and not beyond its end.
#[test]
fn a_share_is_shared_further_only_if_it_says_so() {
    let again = read().and(Actions::of(&[Action::Share]));
    let plain = shared(None, "u-1", &["boss"], &wish("u-2", read(), Some(10)));
    assert_eq!(refusals(Some(plain), at(0), "u-2", &[], &wish("u-3", read(), Some(10))), ["tenancy.not_held"]);

    let shares = shared(None, "u-1", &["boss"], &wish("u-2", again, Some(10)));
    let held = |actions, until, roles: &[&str], now| {
        let done = run(Some(shares.clone()), now, "u-2", roles, &wish("u-3", actions, until));
        matches!(done.outcome(), ShareOutcome::Shared { .. })
    };
    assert!(held(read(), Some(10), &[], at(0)));
    assert!(held(again, Some(9), &[], at(9 - 1)));
    assert!(!held(read(), Some(11), &[], at(0)));
    assert!(!held(read(), None, &[], at(0)));
    assert!(!held(read().and(Actions::of(&[Action::Change])), Some(10), &[], at(0)));
    assert!(!held(read(), Some(10), &["barred"], at(0)));
    assert!(!held(read(), Some(12), &[], at(10)));
    assert!(!held(read(), Some(10), &["gone"], at(0))); // a role that is gone may have denied
    let other = run(Some(shares.clone()), at(0), "u-4", &[], &wish("u-3", read(), Some(10)));
    assert_eq!(other.outcome(), &ShareOutcome::Refused([ShareRefusal::NotHeld].into()));
}

#[test]
fn what_came_from_a_share_goes_with_it() {
    let again = read().and(Actions::of(&[Action::Share]));
    let one = shared(None, "u-1", &["boss"], &wish("u-2", again, None));
    let two = shared(Some(one), "u-2", &[], &wish("u-3", again, None));
    let three = shared(Some(two), "u-3", &[], &wish("u-4", read(), None));
    let all = shared(Some(three), "u-1", &["boss"], &wish("u-5", read(), None));
    let numbers = |state: &SharesState| state.shares().iter().map(Share::number).collect::<Vec<_>>();
    assert_eq!(numbers(&all), [0, 1, 2, 3]);

    let withdraw =
        |by: &str, roles: &[&str], number| run(Some(all.clone()), at(1), by, roles, &Sharing::Withdraw { number });
    for (by, roles, number, left) in [
        ("u-1", &["boss"][..], 0, Some(&[3][..])),
        ("u-2", &[], 1, Some(&[0, 3])), // who made it
        ("u-3", &[], 2, Some(&[0, 1, 3])),
        ("u-9", &["boss"], 1, Some(&[0, 3])), // may share it
        ("u-1", &[], 2, Some(&[0, 1, 3])),    // an administrator
        ("u-2", &[], 3, None),
        ("u-9", &["reader"], 0, None),
    ] {
        match (withdraw(by, roles, number).into_parts(), left) {
            ((Next::Put(state), ShareOutcome::Withdrawn { shares }, facts), Some(left)) => {
                assert_eq!(numbers(&state), left, "{by} {number}");
                assert_eq!((shares as usize, facts[0].code()), (4 - left.len(), WITHDRAWN));
            }
            ((Next::Keep, ShareOutcome::Refused(refusals), _), None) => assert_eq!(refusals, [ShareRefusal::NotHeld]),
            other => panic!("{by} {number}: {other:?}"),
        }
    }
    // Who made it and was closed since takes nothing back.
    let (tenant, closed) = (world(), ProfileState::Closed);
    let sharer = Sharer { tenant: Some(&tenant), profile: Some(&closed), recipient: None };
    let sharing = Sharing::Withdraw { number: 1 };
    let done = decide_sharing::<Payslip>(Some(all.clone()), at(1), &sharer, &me("u-2"), &sharing);
    assert_eq!(done.outcome(), &ShareOutcome::Refused([ShareRefusal::NotHeld].into()));
    let absent = withdraw("u-1", &["boss"], 4);
    assert_eq!(absent.outcome(), &ShareOutcome::Refused([ShareRefusal::NoShare].into()));
}

#[test]
fn e_5_5_staff_share_nothing() {
    let reach = GrantReach {
        purpose: purpose("payroll"),
        kind: ResourceKind::try_new("payslip").unwrap(),
        resource: None,
        action: Action::Share,
        until: Timestamp::MAX,
    };
    let staff = Principal::by_grant(tenant(), id("u-1"), reach);
    let (tenant, own) = (world(), profile(&["boss"]));
    let sharer = Sharer { tenant: Some(&tenant), profile: Some(&own), recipient: Some(&own) };
    for sharing in [wish("u-2", read(), None), Sharing::Withdraw { number: 0 }] {
        let done = decide_sharing::<Payslip>(None, at(0), &sharer, &staff, &sharing);
        assert_eq!(done.outcome(), &ShareOutcome::Refused([ShareRefusal::NotTheCustomer].into()));
    }
}

/// Strictly: what no decision writes is not read.
#[test]
fn records_are_read_strictly() {
    let text = r#"{"next":2,"shares":[{"number":0,"with":{"account":"u-2"},"actions":["read","share"],"by":"u-1","at":"2026-11-22T09:30:00.000000Z"},{"number":1,"with":{"role":"r"},"actions":["read"],"until":"2026-11-23T09:30:00.000000Z","by":"u-2","at":"2026-11-22T09:30:00.000000Z","from":0}]}"#;
    let state: SharesState = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&state).unwrap(), text);
    for (from, to) in [
        (r#""next":2"#, r#""next":1"#),
        (r#""number":1"#, r#""number":0"#),
        (r#""from":0"#, r#""from":1"#),
        (r#"["read","share"]"#, "[]"),
        (r#"["read","share"]"#, r#"["read","read"]"#),
        (r#""by":"u-1","#, ""),
        (r#"{"account":"u-2"}"#, r#"{"account":"u@2"}"#),
        (r#"{"account":"u-2"}"#, r#"{"tenant":"umbrella"}"#),
        (r#""next":2"#, r#""next":2,"more":1"#),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text);
        assert!(serde_json::from_str::<SharesState>(&damaged).is_err(), "{damaged}");
    }
    let text = r#"{"roles":[],"administrators":[{"account":"u-1","roles":["owner"]}],"changes":1}"#;
    assert!(serde_json::from_str::<TenantState>(text).is_ok());
    for (from, to) in [
        (r#"]}],"#, r#"]},{"account":"u-1","roles":[]}],"#),
        (r#""changes":1"#, r#""changes":18446744073709551615"#),
        (r#","changes":1"#, ""),
    ] {
        assert!(serde_json::from_str::<TenantState>(&text.replacen(from, to, 1)).is_err(), "{to}");
    }
    let text = r#"{"open":{"person":"p-1","roles":["a","b"]}}"#;
    assert!(serde_json::from_str::<ProfileState>(text).is_ok());
    for (from, to) in [(r#"["a","b"]"#, r#"["a","a"]"#), (r#""person":"p-1","#, ""), ("open", "opened")] {
        assert!(serde_json::from_str::<ProfileState>(&text.replacen(from, to, 1)).is_err(), "{to}");
    }
}

/// Through a store: what was seen to be over is written as over in the same commit as the answer.
#[cfg(feature = "std")]
#[test]
fn ask_writes_what_is_over_before_it_answers() {
    use crate::event::Event;
    use crate::store::{Change, MemoryStore, update};
    let store = MemoryStore::new();
    let by = Provenance::internal(Actor::Unauthenticated);
    let keys = [
        TenantState::key(&tenant()),
        ProfileState::key(&tenant(), &account("u-2")),
        SharesState::key::<Payslip>(&tenant(), &id("s-1")),
    ];
    let written = update(&store, &keys, |rows| {
        let mut change = Change::new(rows, at(0), &by);
        change.apply(&keys[0], Transition::put(world(), ()))?;
        change.apply(&keys[1], Transition::put(profile(&[]), ()))?;
        change.apply(&keys[2], Transition::put(shared(None, "u-1", &["boss"], &wish("u-2", read(), Some(10))), ()))?;
        Ok(change.finish(()))
    });
    written.unwrap();
    let (purposes, payroll, slip) = (purposes(), purpose("payroll"), id("s-1"));
    let usage = purposes.usage(&Interface::try_new("payslips").unwrap(), &payroll);
    let request = Request::to(Action::Read, &slip, usage);
    let allowed = |now| ask::<Payslip, _>(&store, now, &me("u-2"), Origin::Internal, &request).unwrap().is_allowed();
    let codes = || {
        let events: Vec<Event> = store.events().iter().map(|row| Event::decode(row.text()).unwrap()).collect();
        events.iter().map(|event| String::from(event.code())).collect::<Vec<_>>()
    };
    assert!(allowed(at(9)));
    assert_eq!(codes(), [""; 0]);
    assert!(!allowed(at(10)));
    assert_eq!(codes(), ["tenancy.lapsed", "tenancy.denied"]);
    assert!(!allowed(at(9))); // the clock steps back, and nothing is revived
    assert_eq!(codes(), ["tenancy.lapsed", "tenancy.denied", "tenancy.denied"]);
}
