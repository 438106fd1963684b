//! The life of a grant at its boundaries: D7, support.

use super::*;

fn ready(world: &World, now: i64) -> Standing {
    world.grant.as_ref().unwrap().standing(at(now), &world.policy, world.consent.as_ref())
}

/// D7: no grant; requested only; approved by one of two; by both.
#[test]
fn e_5_5_two_of_three_approve_and_only_then_it_lets_in() {
    let mut world = World::new(policy());
    assert_eq!(world.fails(0, |_| {}), ["staff.no_grant"]);
    let standing = world.request(0, &asked()).granted().unwrap();
    assert_eq!(standing, Standing::Pending { until: at(12 * HOUR).timestamp() });
    assert_eq!(world.fails(1, |_| {}), ["staff.pending"]);
    let one = world.approve(2, &anna()).granted().unwrap();
    assert_eq!((one.given, one.needed), (1, 2));
    assert_eq!(world.fails(3, |_| {}), ["staff.pending"]);
    // D7: the same person twice of two counts once, by whatever account.
    let again = world.approve(4, &anna()).granted().unwrap();
    assert_eq!(again.given, 1);
    let second_account = Party::customer(tenant("acme"), AccountId::try_new("u-99").unwrap());
    let second_account = second_account.with_right().known_as(id("u-17"));
    assert_eq!(world.approve(5, &second_account).granted().unwrap().given, 1);
    assert_eq!(world.fails(6, |_| {}), ["staff.pending"]);
    let both = world.approve(7, &ben()).granted().unwrap();
    assert_eq!((both.given, both.standing), (2, Standing::Ready { use_by: at(2 * HOUR + 7).timestamp() }));
    assert!(world.check(8, |_| {}).granted().is_some());
    let by: Vec<&Actor> = world.grant.as_ref().unwrap().approvals().iter().map(Approval::by).collect();
    let user = |text| Actor::User(AccountId::try_new(text).unwrap());
    assert_eq!(by, [&user("u-17"), &user("u-18")]);
    assert_eq!(codes(&world.approve(9, &anna())), ["staff.not_pending"]);
}

/// D7: approver = requester, approver of another tenant; and whoever has not the right, or is on the wrong side.
#[test]
fn e_5_5_who_may_not_approve() {
    let mut world = World::new(policy());
    let _ = world.request(0, &asked());
    let account = |text: &str| AccountId::try_new(text).unwrap();
    let cases: [(Party, &[&str]); 7] = [
        (Party::customer(tenant("acme"), account("u-17")), &["staff.no_right"]),
        (Party::customer(tenant("globex"), account("u-1")).with_right(), &["staff.other_tenant"]),
        (Party::staff(tenant("acme"), id("s-7")).with_right(), &["staff.no_right", "staff.oneself"]),
        (Party::staff(tenant("acme"), id("s-8")).with_right(), &["staff.no_right"]), // the customer's to give
        (anna().known_as(id("s-7")), &["staff.oneself"]), // an account of the requester's own
        (Party::staff(tenant("acme"), id("s-7")).known_as(id("x")).with_right(), &["staff.no_right", "staff.oneself"]),
        (anna().within(grant_id("g-0")), &["staff.chained"]),
    ];
    for (by, expected) in cases {
        assert_eq!(codes(&world.approve(1, &by)), expected, "{by:?}");
        assert!(world.grant.as_ref().unwrap().approvals().is_empty());
    }
    assert_eq!(codes(&World::new(policy()).approve(0, &anna())), ["staff.no_grant"]);
}

/// Where the policy lets the operator's persons approve, the customer's do not, and nobody his own.
#[test]
fn the_operator_approves_what_the_policy_says() {
    let policy = builder().approvals(1, 1).approved_by_operator(PurposeKind::RequiredByLaw).build().unwrap();
    let by_law = Purpose::RequiredByLaw { reference: id("order-1") };
    let of = |purpose: Purpose, area| {
        GrantRequest::new(grant_id("g-1"), tenant("acme"), id("s-7"), purpose, scope(area), HOUR_SECS)
    };
    let mut world = World::new(policy);
    let _ = world.request(0, &of(by_law.clone(), Area::Account));
    assert_eq!(codes(&world.approve(0, &anna())), ["staff.no_right"]);
    assert_eq!(codes(&world.approve(0, &Party::staff(tenant("acme"), id("s-7")).with_right())), ["staff.oneself"]);
    assert_eq!(codes(&world.approve(0, &Party::staff(tenant("acme"), id("s-8")))), ["staff.no_right"]);
    assert!(world.approve(0, &Party::staff(tenant("acme"), id("s-8")).with_right()).granted().is_some());
    let permit = world.check(0, |q| (q.area, q.purpose, q.login) = (Area::Account, Some(by_law.clone()), None));
    assert_eq!(permit.granted().unwrap().granted_by(), Some(&Actor::Staff(id("s-8"))));
    // In the user manager the customer approves whatever it is for (E-5.5).
    let users = |q: StaffPolicyBuilder| q.area(Area::UserManager, rule("support").purpose(PurposeKind::RequiredByLaw));
    let with_users = users(builder()).approvals(1, 1).approved_by_operator(PurposeKind::RequiredByLaw);
    let mut manager = World::new(with_users.build().unwrap());
    let _ = manager.request(0, &of(by_law, Area::UserManager));
    assert_eq!(codes(&manager.approve(0, &Party::staff(tenant("acme"), id("s-8")).with_right())), ["staff.no_right"]);
    assert!(manager.approve(0, &anna()).granted().is_some());
    // A support request stays the customer's.
    world.grant = None;
    let _ = world.request(0, &of(support_request(), Area::Account));
    assert_eq!(codes(&world.approve(0, &Party::staff(tenant("acme"), id("s-8")).with_right())), ["staff.no_right"]);
}

/// D7: asked 52 weeks, ceiling 8 hours: refused, not shortened; exactly the ceiling is granted.
#[test]
fn more_than_the_ceiling_is_refused() {
    let of = |seconds| {
        GrantRequest::new(
            grant_id("g-1"),
            tenant("acme"),
            id("s-7"),
            support_request(),
            scope(Area::CustomerData),
            seconds,
        )
    };
    for seconds in [0, 8 * HOUR_SECS + 1, 52 * 7 * 24 * HOUR_SECS, u64::MAX] {
        let mut world = World::new(policy());
        let answer = world.request(0, &of(seconds));
        assert_eq!(codes(&answer), ["staff.duration"], "{seconds}");
        let ceiling = Condition::Duration { asked_secs: seconds, ceiling_secs: 8 * HOUR_SECS };
        assert_eq!(answer.denied().unwrap().conditions(), [ceiling]);
        assert_eq!(world.grant, None);
    }
    for seconds in [1, 8 * HOUR_SECS] {
        assert!(World::new(policy()).request(0, &of(seconds)).granted().is_some());
    }
    // A ceiling that is lowered later shortens what is open.
    let mut world = World::approved(policy(), &of(8 * HOUR_SECS));
    assert!(world.check(0, |_| {}).granted().is_some());
    world.policy = builder().max_duration_secs(HOUR_SECS).build().unwrap();
    assert!(world.check(HOUR - 1, |_| {}).granted().is_some());
    assert_eq!(world.fails(HOUR, |_| {}), ["staff.expired"]);
}

/// Everything that is wrong with a request is told.
#[test]
fn a_request_is_refused_for_all_that_is_wrong() {
    let mut world = World::approved(policy(), &asked());
    world.member = None;
    let bad = GrantRequest::new(
        grant_id("g-1"),
        tenant("acme"),
        id("s-7"),
        Purpose::TechnicalProblem,
        scope(Area::UserManager),
        9 * HOUR_SECS,
    );
    let bad = bad.within(grant_id("g-0")).starting_at(at(-1).timestamp());
    let known = Requesting { open: 100, ..world.requesting() };
    let refused = request(at(0), &world.policy, &known, &bad);
    let expected = [
        "staff.id_taken",
        "staff.chained",
        "staff.purpose",
        "staff.no_undertaking",
        "staff.duration",
        "staff.start",
        "staff.too_many_open",
    ];
    assert_eq!(codes(refused.outcome()), expected);
    assert_eq!(refused.next(), &Next::Keep);
    let member = bound();
    let known = Requesting { taken: false, open: 99, member: Some(&member), ..world.requesting() };
    assert!(request(at(0), &world.policy, &known, &asked()).outcome().denied().is_none());

    let closed = StaffPolicy::builder().max_duration_secs(9 * HOUR_SECS).pending_secs(1).build().unwrap();
    let mut world = World::new(closed);
    assert_eq!(codes(&world.request(0, &asked())), ["staff.no_rule"]);
    // Nor is it a use without a purpose for that: both are said.
    assert_eq!(world.fails(0, |q| q.grant = None), ["staff.no_rule"]);
    assert_eq!(world.fails(0, |q| (q.grant, q.purpose) = (None, None)), ["staff.no_rule", "staff.no_purpose"]);
}

/// The policy asks for one approval more while a request waits: it needs it too. For one fewer it does not need fewer.
#[test]
fn a_policy_that_asks_for_more_approvals_holds_for_what_is_pending() {
    let mut world = World::new(builder().approvals(1, 3).build().unwrap());
    let _ = world.request(0, &asked());
    world.policy = policy(); // two
    let one = world.approve(0, &anna()).granted().unwrap();
    assert_eq!((one.given, one.needed), (1, 2));
    assert_eq!(world.fails(0, |_| {}), ["staff.pending"]);
    world.policy = builder().approvals(1, 3).build().unwrap();
    assert_eq!(world.fails(0, |_| {}), ["staff.pending"]);
    let both = world.approve(0, &ben()).granted().unwrap();
    assert_eq!((both.given, both.needed), (2, 2));
    world.policy = builder().approvals(3, 3).build().unwrap(); // what was approved stays so
    assert_eq!(world.fails(0, |_| {}), [""; 0]);
}

/// What no decision writes is not read: an approval of the operator's in the customer's place.
#[test]
fn the_operators_approval_of_what_is_the_customers_is_not_read() {
    for (area, purpose) in [
        (Area::CustomerData, support_request()),
        (Area::UserManager, Purpose::RequiredByLaw { reference: id("order-1") }),
    ] {
        let users = builder().area(Area::UserManager, rule("support").purpose(PurposeKind::RequiredByLaw));
        let mut world = World::new(users.build().unwrap());
        let _ = world.request(
            0,
            &GrantRequest::new(grant_id("g-1"), tenant("acme"), id("s-7"), purpose, scope(area), HOUR_SECS),
        );
        let mut json = serde_json::to_value(world.grant.as_ref().unwrap()).unwrap();
        assert!(serde_json::from_value::<GrantState>(json.clone()).is_ok());
        json["by_operator"] = true.into();
        assert!(serde_json::from_value::<GrantState>(json).is_err(), "{area}");
    }
}

/// D7: pending past its own time to live is expired, and a later approval refused; the other time limits at t-1, t, t+1.
#[test]
fn a_request_that_nobody_answers_expires() {
    for (now, is_in_time) in [(12 * HOUR - 1, true), (12 * HOUR, false), (12 * HOUR + 1, false)] {
        let mut world = World::new(policy());
        let _ = world.request(0, &asked());
        let answer = world.approve(now, &anna());
        assert_eq!(answer.denied().is_none(), is_in_time, "{now}");
        if !is_in_time {
            assert_eq!(codes(&answer), ["staff.unanswered"]);
            // Seen to be over: no clock that steps back revives it.
            assert_eq!(codes(&world.approve(0, &anna())), ["staff.unanswered"]);
            assert_eq!(world.fails(0, |_| {}), ["staff.unanswered"]);
        }
    }
}

#[test]
fn an_approval_that_nobody_uses_expires() {
    for (now, is_in_time) in [(2 * HOUR - 1, true), (2 * HOUR, false), (2 * HOUR + 1, false)] {
        let mut world = World::approved(policy(), &asked());
        let expected: &[&str] = if is_in_time { &[] } else { &["staff.unused"] };
        assert_eq!(world.fails(now, |_| {}), expected, "{now}");
        if !is_in_time {
            assert_eq!(world.fails(0, |_| {}), ["staff.unused"]);
        }
    }
}

/// It lasts four hours from its first use, and the end does not count.
#[test]
fn e_3_2_a_grant_lasts_from_its_first_use_and_ends_at_its_instant() {
    let start = HOUR;
    for (after, lets_in) in [(4 * HOUR - 1, true), (4 * HOUR, false), (4 * HOUR + 1, false)] {
        let mut world = World::approved(policy(), &asked());
        let permit = world.check(start, |_| {}).granted().unwrap();
        assert_eq!(permit.banner().until, Some(at(start + 4 * HOUR).timestamp()));
        let expected: &[&str] = if lets_in { &[] } else { &["staff.expired"] };
        let (answer, facts) = world.check_said(start + after, |_| {});
        assert_eq!(codes(&answer), expected, "{after}");
        if !lets_in {
            assert_eq!(facts, ["staff.grant_ended staff.expired", "staff.use_refused staff.expired"]);
            // The clock steps back, in an open session: over is over, and no second event of its end.
            for back in [start + 1, start, 0, -HOUR] {
                let (answer, facts) = world.check_said(back, |_| {});
                assert_eq!(codes(&answer), ["staff.expired"], "{back}");
                assert_eq!(facts, ["staff.use_refused staff.expired"]);
            }
        }
    }
}

/// A refused question is no first use.
#[test]
fn a_refused_use_does_not_start_it() {
    let mut world = World::approved(policy(), &asked());
    assert_eq!(world.fails(0, |q| q.origin = home()), ["access.network_not_allowed"]);
    assert_eq!(ready(&world, 0), Standing::Ready { use_by: at(2 * HOUR).timestamp() });
}

/// With a start said beforehand it is [from, until), used or not.
#[test]
fn a_start_said_beforehand() {
    let from = 6 * HOUR;
    let scheduled = asked().starting_at(at(from).timestamp());
    for (now, expected) in [
        (0, &["staff.not_begun"][..]),
        (from - 1, &["staff.not_begun"]),
        (from, &[]),
        (from + 1, &[]),
        (from + 4 * HOUR - 1, &[]),
        (from + 4 * HOUR, &["staff.expired"]),
        (from + 4 * HOUR + 1, &["staff.expired"]),
    ] {
        let mut world = World::approved(policy(), &scheduled);
        assert_eq!(world.fails(now, |_| {}), expected, "{now}");
    }
    // Approved too late for anything to be left of it.
    let mut world = World::new(policy());
    let _ = world.request(0, &scheduled);
    let _ = world.approve(0, &anna());
    assert_eq!(codes(&world.approve(from + 4 * HOUR, &ben())), ["staff.unanswered"]);
    // Neither in the past nor further ahead than the policy's week.
    let week = 7 * 24 * HOUR;
    for (from, is_good) in [(-1, false), (0, true), (week, true), (week + 1, false)] {
        let answer = World::new(policy()).request(0, &asked().starting_at(at(from).timestamp()));
        assert_eq!(codes(&answer), if is_good { &[][..] } else { &["staff.start"] }, "{from}");
    }
}

#[test]
fn for_one_use_there_is_one() {
    let mut world = World::approved(policy(), &asked().for_one_use());
    assert_eq!(world.fails(0, |q| q.login = None), ["staff.no_customer_login"]); // uses nothing up
    let (answer, facts) = world.check_said(1, |_| {});
    assert!(answer.granted().is_some());
    assert_eq!(facts, ["staff.used", "staff.grant_ended staff.used_up"]);
    assert_eq!(world.fails(1, |_| {}), ["staff.used_up"]);
    assert_eq!(world.fails(0, |_| {}), ["staff.used_up"]);
}

/// D7: revoked, denied even in an open session; who may, and what it is called.
#[test]
fn e_5_5_taking_it_back_bites_at_the_next_use() {
    let staff = |text| Party::staff(tenant("acme"), id(text));
    let cases: [(Party, &str, &str); 3] = [
        (anna(), "staff.dismissed", "staff.revoked"),
        (staff("s-7"), "staff.closed", "staff.closed"),
        (staff("s-1").with_right(), "staff.dismissed", "staff.revoked"),
    ];
    for (by, unused, in_use) in cases {
        for (is_used, code) in [(false, unused), (true, in_use)] {
            let mut world = World::approved(policy(), &asked());
            if is_used {
                assert!(world.check(0, |_| {}).granted().is_some());
            }
            assert_eq!(world.end(1, &by).granted().unwrap().code().as_str(), code);
            assert_eq!(world.fails(1, |_| {}), [code]);
            assert_eq!(world.fails(-HOUR, |_| {}), [code]);
            // Once more changes nothing, and says how it was.
            let before = world.grant.clone();
            assert_eq!(world.end(2, &anna()).granted().unwrap().code().as_str(), code);
            assert_eq!(world.grant, before);
        }
    }
    let mut pending = World::new(policy());
    let _ = pending.request(0, &asked());
    let mut withdrawn = pending.clone();
    assert_eq!(withdrawn.end(1, &staff("s-7")).granted(), Some(End::Withdrawn));
    assert_eq!(pending.end(1, &anna()).granted(), Some(End::Dismissed));
    assert_eq!(codes(&pending.approve(2, &ben())), ["staff.dismissed"]);
    // Nobody else.
    for by in [Party::customer(tenant("acme"), AccountId::try_new("u-9").unwrap()), staff("s-9")] {
        let mut world = World::approved(policy(), &asked());
        assert_eq!(codes(&world.end(0, &by)), ["staff.no_right"]);
        assert!(world.check(0, |_| {}).granted().is_some());
    }
    let mut world = World::approved(policy(), &asked());
    let globex = Party::customer(tenant("globex"), AccountId::try_new("u-1").unwrap()).with_right();
    assert_eq!(codes(&world.end(0, &globex)), ["staff.other_tenant"]);
}

/// D7: of two approved grants one is dismissed, and the other still works.
#[test]
fn one_dismissed_leaves_the_other() {
    let one = World::approved(policy(), &asked());
    let mut dismissed = one.clone();
    let other = GrantRequest::new(
        grant_id("g-2"),
        tenant("acme"),
        id("s-7"),
        support_request(),
        scope(Area::CustomerData),
        HOUR_SECS,
    );
    let mut other = World::approved(policy(), &other);
    let _ = dismissed.end(0, &anna());
    assert_eq!(dismissed.fails(0, |_| {}), ["staff.dismissed"]);
    assert!(other.check(0, |q| q.grant = Some(grant_id("g-2"))).granted().is_some());
    // A record that is gone is no permission either, and what is asked anew begins anew.
    let mut gone = World { grant: None, ..one };
    assert_eq!(gone.fails(0, |_| {}), ["staff.no_grant"]);
    let _ = gone.request(0, &asked());
    assert_eq!(gone.fails(0, |_| {}), ["staff.pending"]);
}

/// All of a tenant's at once, whatever clock; what was pending cannot be approved any more.
#[test]
fn a_new_generation_revokes_all() {
    let mut world = World::approved(policy(), &asked());
    let mut pending = World::new(policy());
    let _ = pending.request(0, &asked());
    assert!(world.check(0, |_| {}).granted().is_some());
    let (Next::Put(consent), 1, _) = revoke_all(None).into_parts() else { panic!() };
    (world.consent, pending.consent) = (Some(consent.clone()), Some(consent));
    let (answer, facts) = world.check_said(1, |_| {});
    assert_eq!((codes(&answer), facts.len()), (["staff.revoked"].into(), 2));
    assert_eq!(codes(&pending.approve(1, &anna())), ["staff.revoked"]);
    // Written down: the record of the generation going missing revives nothing that was seen.
    world.consent = None;
    assert_eq!(world.fails(1, |_| {}), ["staff.revoked"]);
    // What is asked for after it is of the new generation.
    pending.grant = None;
    let _ = pending.request(2, &asked());
    assert!(pending.approve(2, &anna()).granted().is_some());
}

/// A clock that ran ahead: refused while it is ahead by more than nodes may differ; over, if further than it lasts.
#[test]
fn instants_from_the_future() {
    let skew = 30 * SECOND;
    for (ahead, expected) in [
        (skew, &[][..]),
        (skew + 1, &["staff.ahead"]),
        (2 * HOUR + skew, &["staff.ahead"]),
        (2 * HOUR + skew + 1, &["staff.clock"]),
    ] {
        let mut world = World::approved(policy(), &asked()); // approved at 0, to be used within two hours
        assert_eq!(world.fails(-ahead, |_| {}), expected, "{ahead}");
        let later: &[&str] = if expected == ["staff.clock"] { expected } else { &[] };
        assert_eq!(world.fails(0, |_| {}), later, "{ahead}");
    }
    for (ahead, expected) in [(skew + 1, "staff.ahead"), (4 * HOUR + skew + 1, "staff.clock")] {
        let mut world = World::approved(policy(), &asked());
        assert!(world.check(0, |_| {}).granted().is_some());
        assert_eq!(world.fails(-ahead, |_| {}), [expected]); // in use since 0, for four hours
    }
    for (ahead, expected) in [(skew + 1, "staff.ahead"), (12 * HOUR + skew + 1, "staff.clock")] {
        let mut world = World::new(policy());
        let _ = world.request(0, &asked());
        assert_eq!(codes(&world.approve(-ahead, &anna())), [expected]);
    }
}

#[test]
fn time_left() {
    let mut world = World::new(policy());
    let _ = world.request(0, &asked());
    let left = |world: &World, now: i64| ready(world, now).time_left(at(now)).as_secs();
    assert_eq!(left(&world, 11 * HOUR), HOUR_SECS);
    for by in [anna(), ben()] {
        let _ = world.approve(0, &by);
    }
    assert_eq!(left(&world, HOUR), HOUR_SECS);
    assert!(ready(&world, HOUR).is_usable());
    let _ = world.check(0, |_| {});
    assert_eq!(left(&world, HOUR), 3 * HOUR_SECS);
    assert_eq!(left(&world, 5 * HOUR), 0);
}
