//! Break-glass: D7, and what is owed after it.

use super::*;

const WEEK: u64 = 7 * 24 * HOUR_SECS;

fn enabled(state: Option<ConsentState>, notice: Option<u64>) -> ConsentState {
    let terms = GlassTerms::try_new(HOUR_SECS, notice, WEEK).unwrap();
    let (Next::Put(consent), ..) = enable_glass(state, terms, &anna()).into_parts() else { panic!() };
    consent
}

fn for_secs(seconds: u64) -> GrantRequest {
    let scope = scope(Area::CustomerData);
    GrantRequest::new(grant_id("g-1"), tenant("acme"), id("s-7"), Purpose::TechnicalProblem, scope, seconds)
}

fn urgent(q: &mut Question) {
    q.purpose = Some(Purpose::TechnicalProblem);
}

fn owed(world: &World) -> Vec<Owed> {
    world.grant.as_ref().unwrap().glass().unwrap().owed().collect()
}

/// D7: only where the customer enabled it beforehand, and no longer than the customer said.
#[test]
fn e_3_2_an_emergency_only_where_it_was_enabled() {
    let mut world = World::new(policy());
    assert_eq!(codes(&world.glass(0, &for_secs(60))), ["staff.glass_not_enabled"]);
    world.consent = Some(enabled(None, None));
    for (seconds, expected) in [
        (0, &["staff.duration"][..]),
        (1, &[]),
        (HOUR_SECS, &[]),
        (HOUR_SECS + 1, &["staff.duration"]),
        (9 * HOUR_SECS, &["staff.duration", "staff.duration"]), // over the policy's ceiling too
    ] {
        assert_eq!(codes(&world.clone().glass(0, &for_secs(seconds))), expected, "{seconds}");
    }
    assert_eq!(codes(&world.clone().glass(0, &for_secs(60).within(grant_id("g-0")))), ["staff.chained"]);
    assert_eq!(codes(&world.clone().glass(0, &for_secs(60).starting_at(at(5).timestamp()))), ["staff.start"]);
    let (Next::Put(disabled), ..) = disable_glass(world.consent.clone()).into_parts() else { panic!() };
    assert_eq!(disable_glass(Some(disabled.clone())).next(), &Next::Keep);
    world.consent = Some(disabled);
    assert_eq!(codes(&world.glass(0, &for_secs(60))), ["staff.glass_not_enabled"]);
}

/// It is no way round the rest: every use is the same joint question, and it ends at its instant.
#[test]
fn an_emergency_is_checked_as_any_use() {
    let mut world = World::new(policy());
    world.consent = Some(enabled(None, None));
    let transition = break_glass(at(0), &world.policy, &world.requesting(), &for_secs(600), &id("inc-9"));
    let (standing, facts) = world.take(transition);
    assert_eq!(standing, Answer::Granted(Standing::Active { until: at(600 * SECOND).timestamp() }));
    assert_eq!(facts, ["staff.glass_broken"]);
    for (now, expected) in [(0, &[][..]), (600 * SECOND - 1, &[]), (600 * SECOND, &["staff.expired"])] {
        assert_eq!(world.clone().fails(now, urgent), expected, "{now}");
    }
    let banner = world.check(0, urgent).granted().unwrap();
    assert!(banner.banner().is_emergency && banner.banner().to_string().starts_with("EMERGENCY: s-7"));
    assert_eq!(banner.granted_by(), Some(&Actor::User(AccountId::try_new("u-17").unwrap())));
    assert_eq!(world.fails(0, |_| {}), ["staff.purpose_not_granted"]);
    let outside = |q: &mut Question| {
        urgent(q);
        (q.origin, q.login) = (home(), None);
        q.roles.clear();
    };
    assert_eq!(world.fails(0, outside), ["access.network_not_allowed", "staff.role", "staff.no_customer_login"]);
    assert_eq!(codes(&world.approve(0, &anna())), ["staff.not_pending"]);
}

/// E-5.5: consent to emergencies is no specific approval, so none opens the user manager.
#[test]
fn e_5_5_no_emergency_opens_the_user_manager() {
    let mut world = World::new(policy());
    world.consent = Some(enabled(None, None));
    let users = scope(Area::UserManager);
    let asked = GrantRequest::new(grant_id("g-1"), tenant("acme"), id("s-7"), support_request(), users, 60);
    assert_eq!(codes(&world.glass(0, &asked)), ["staff.not_in_emergency"]);
    assert_eq!(world.grant, None);
}

/// The customer's persons enable emergencies: not staff, nobody without the right, nobody in a session under a grant.
#[test]
fn e_5_5_only_the_customer_enables_emergencies() {
    let terms = GlassTerms::try_new(HOUR_SECS, None, WEEK).unwrap();
    let account = || AccountId::try_new("u-17").unwrap();
    for (by, expected) in [
        (Party::staff(tenant("acme"), id("s-7")).with_right(), "staff.no_right"),
        (Party::customer(tenant("acme"), account()), "staff.no_right"),
        (anna().within(grant_id("g-1")), "staff.chained"),
    ] {
        let refused = enable_glass(None, terms, &by);
        assert_eq!((codes(refused.outcome()), refused.next()), ([expected].into(), &Next::Keep));
        assert_eq!(said(&refused.facts()[0]), alloc::format!("staff.change_refused {expected}"));
    }
    assert_eq!(codes(enable_glass(None, terms, &anna()).outcome()), [""; 0]);
}

/// The customer takes the consent back, or gives another: it is over at the next use, and stays so.
#[test]
fn an_emergency_ends_with_the_consent() {
    for is_disabled in [true, false] {
        let mut world = World::new(policy());
        world.consent = Some(enabled(None, None));
        let _ = world.glass(0, &for_secs(600));
        assert!(world.check(1, urgent).granted().is_some());
        let before = world.consent.clone();
        world.consent = if is_disabled {
            let (Next::Put(disabled), ..) = disable_glass(before).into_parts() else { panic!() };
            Some(disabled)
        } else {
            Some(enabled(before, None))
        };
        let mut unseen = world.clone();
        assert_eq!(world.fails(2, urgent), ["staff.revoked"]);
        world.consent = Some(enabled(world.consent, None));
        assert_eq!(world.fails(2, urgent), ["staff.revoked"]);
        // Nor does enabling it again revive what was not seen meanwhile.
        unseen.consent = Some(enabled(unseen.consent, None));
        assert_eq!(unseen.fails(2, urgent), ["staff.revoked"]);
    }
}

/// Notice and review stay owed until they are done, whatever becomes of the grant; the record is kept as long.
#[test]
fn what_is_owed_stays_until_it_is_done() {
    let boss = Party::staff(tenant("acme"), id("s-1")).with_right();
    for (notice, due) in [(None, None), (Some(3600), Some(at(HOUR).timestamp()))] {
        let mut world = World::new(policy());
        world.consent = Some(enabled(None, notice));
        let _ = world.glass(0, &for_secs(600));
        let review = Owed::Review { due: at(WEEK as i64 * SECOND).timestamp() };
        assert_eq!(owed(&world), [Owed::Notice { due }, review]);
        assert_eq!(Owed::Notice { due }.is_overdue(at(0)), due.is_none()); // without delay: from the start
        assert!(Owed::Notice { due }.is_overdue(at(HOUR)) && !review.is_overdue(at(WEEK as i64 * SECOND - 1)));
        assert!(review.is_overdue(at(WEEK as i64 * SECOND)));
        // It ends, and is still owed: kept without an end.
        let ended = end(world.grant.as_ref(), at(1), &world.policy, world.consent.as_ref(), &anna());
        assert!(matches!(ended.next(), Next::Put(_)), "not collected");
        let _ = world.take(ended);
        assert_eq!(owed(&world).len(), 2);
        let noted = note_notice(world.grant.as_ref(), at(2), &world.policy);
        assert!(matches!(noted.next(), Next::Put(_)), "the review is still owed");
        assert_eq!(world.take(noted), (Answer::Granted(()), ["staff.notice_given".into()].into()));
        assert_eq!(owed(&world), [review]);
        // Once more is no news.
        assert_eq!(note_notice(world.grant.as_ref(), at(3), &world.policy).next(), &Next::Keep);
        // Reviewed by somebody else than who let himself in, with the right.
        let himself = Party::staff(tenant("acme"), id("s-7")).with_right();
        let said =
            |world: &World, by: &Party| codes(note_review(world.grant.as_ref(), at(3), &world.policy, by).outcome());
        assert_eq!(said(&world, &himself), ["staff.oneself"]);
        let renamed = Party::staff(tenant("acme"), id("s-7")).known_as(id("p-7")).with_right();
        assert_eq!(said(&world, &renamed), ["staff.oneself"]);
        assert_eq!(said(&world, &anna().known_as(id("s-7"))), ["staff.oneself"]);
        assert_eq!(said(&world, &anna().within(grant_id("g-1"))), ["staff.chained"]);
        assert_eq!(said(&world, &Party::staff(tenant("acme"), id("s-1"))), ["staff.no_right"]);
        assert_eq!(said(&world, &Party::staff(tenant("globex"), id("s-1")).with_right()), ["staff.other_tenant"]);
        let reviewed = note_review(world.grant.as_ref(), at(4), &world.policy, &boss);
        assert!(matches!(reviewed.next(), Next::PutUntil { .. }), "collected a day later");
        let _ = world.take(reviewed);
        assert_eq!(owed(&world), []);
    }
    let mut plain = World::approved(policy(), &asked());
    assert_eq!(codes(note_review(plain.grant.as_ref(), at(0), &plain.policy, &boss).outcome()), ["staff.no_emergency"]);
    assert!(plain.check(0, |_| {}).granted().is_some());
}

#[test]
fn terms_have_to_be_within_their_ranges() {
    let year = 366 * 24 * HOUR_SECS;
    let month = 31 * 24 * HOUR_SECS;
    for (max, notice, review, is_good) in [
        (1, None, 1, true),
        (year, Some(month), month, true),
        (0, None, 1, false),
        (year + 1, None, 1, false),
        (1, Some(0), 1, false),
        (1, Some(month + 1), 1, false),
        (1, None, 0, false),
        (1, None, month + 1, false),
    ] {
        assert_eq!(GlassTerms::try_new(max, notice, review).is_ok(), is_good, "{max} {notice:?} {review}");
        let json = alloc::format!(
            r#"{{"max_secs":{max},"notice_secs":{},"review_secs":{review}}}"#,
            notice.map_or("null".into(), |notice| notice.to_string())
        );
        assert_eq!(serde_json::from_str::<GlassTerms>(&json).is_ok(), is_good, "{json}");
    }
}
