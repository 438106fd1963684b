//! Over a store: what is listed, what is written, what stands in the events.

use super::*;
use crate::event::{Event, Provenance};
use crate::store::{MemoryStore, update};

fn staffed(policy: &StaffPolicy) -> (StaffAccess<'_>, MemoryStore) {
    let (staff, store) = (StaffAccess::new(policy), MemoryStore::new());
    let key = MemberState::key(&id("s-7"));
    let nda = &bound().undertakings()[0].clone();
    staff.apply(&store, at(0), &personnel(), &key, |member| sign(member, nda.clone())).unwrap();
    (staff, store)
}

fn personnel() -> Provenance {
    Provenance::internal(Actor::Staff(id("s-1")))
}

fn named(text: &str) -> GrantRequest {
    let scope = scope(Area::CustomerData);
    GrantRequest::new(grant_id(text), tenant("acme"), id("s-7"), support_request(), scope, 4 * HOUR_SECS)
}

fn listed(staff: &StaffAccess<'_>, store: &MemoryStore, now: i64) -> Vec<String> {
    let open = staff.list(store, at(now), &personnel(), &tenant("acme")).unwrap();
    open.iter().map(|open| open.grant.id().to_string()).collect()
}

fn said_last(store: &MemoryStore) -> Event {
    Event::decode(store.events().last().unwrap().text()).unwrap()
}

#[test]
fn what_is_open_is_listed_and_what_is_over_leaves() {
    let policy = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = staffed(&policy);
    for name in ["g-1", "g-2", "g-3", "g-4"] {
        assert!(staff.request(&store, at(0), office(), &named(name)).unwrap().granted().is_some());
    }
    assert_eq!(listed(&staff, &store, 0), ["g-1", "g-2", "g-3", "g-4"]);
    assert!(staff.approve(&store, at(0), office(), &anna(), &grant_id("g-1")).unwrap().granted().is_some());
    let _ = staff.end(&store, at(0), office(), &anna(), &grant_id("g-2")).unwrap();
    assert_eq!(listed(&staff, &store, 1), ["g-1", "g-3", "g-4"]);
    let question = Question { grant: Some(grant_id("g-1")), ..Question::default() };
    assert!(staff.check(&store, at(1), &question.request()).unwrap().granted().is_some());
    // The two that nobody answered are over at 12 h, and are written so by whoever looks.
    assert_eq!(listed(&staff, &store, 4 * HOUR), ["g-1", "g-3", "g-4"]);
    assert_eq!(listed(&staff, &store, 12 * HOUR), [""; 0]);
    assert_eq!(said_last(&store).detail("reason").unwrap().to_string(), "staff.unanswered");
    // The clock steps back: they stay over, in the list and for an approver.
    assert_eq!(listed(&staff, &store, 1), [""; 0]);
    let late = staff.approve(&store, at(1), office(), &anna(), &grant_id("g-3")).unwrap();
    assert_eq!(codes(&late), ["staff.unanswered"]);
    let used = staff.check(&store, at(1), &question.request()).unwrap();
    assert_eq!(codes(&used), ["staff.expired"]);
    // An id is used once.
    let again = staff.request(&store, at(13 * HOUR), office(), &named("g-1")).unwrap();
    assert_eq!(codes(&again), ["staff.id_taken"]);
}

#[test]
fn a_tenant_has_no_more_open_than_the_policy_says() {
    let policy = builder().max_open(2).build().unwrap();
    let (staff, store) = staffed(&policy);
    for name in ["g-1", "g-2"] {
        assert!(staff.request(&store, at(0), office(), &named(name)).unwrap().granted().is_some());
    }
    assert_eq!(codes(&staff.request(&store, at(1), office(), &named("g-3")).unwrap()), ["staff.too_many_open"]);
    // One ends, and there is room.
    let _ = staff.end(&store, at(2), office(), &anna(), &grant_id("g-1")).unwrap();
    assert!(staff.request(&store, at(2), office(), &named("g-3")).unwrap().granted().is_some());
    // Nobody looks; what must be over by then leaves by itself: 12 h to approve, 2 to begin, 4 to last, and a minute.
    let over = 18 * HOUR + 62 * SECOND;
    assert_eq!(codes(&staff.request(&store, at(18 * HOUR), office(), &named("g-4")).unwrap()), ["staff.too_many_open"]);
    assert!(staff.request(&store, at(over), office(), &named("g-4")).unwrap().granted().is_some());
}

/// The same for the crate's own keys: tenant B asks with A's grant, and it is as if there were none.
#[test]
fn e_5_9_another_tenants_grant_is_as_an_absent_one() {
    let policy = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = staffed(&policy);
    let _ = staff.request(&store, at(0), office(), &named("g-1")).unwrap();
    let globex = Party::customer(tenant("globex"), AccountId::try_new("u-1").unwrap()).with_right();
    let of_another = staff.approve(&store, at(0), office(), &globex, &grant_id("g-1")).unwrap();
    let of_absent = staff.approve(&store, at(0), office(), &globex, &grant_id("g-9")).unwrap();
    assert_eq!(of_another, of_absent);
    let _ = staff.approve(&store, at(0), office(), &anna(), &grant_id("g-1")).unwrap();
    let question = Question { scope: tenant("globex").into(), ..Question::default() };
    assert_eq!(codes(&staff.check(&store, at(0), &question.request()).unwrap()), ["staff.no_grant"]);
    assert!(staff.check(&store, at(0), &Question::default().request()).unwrap().granted().is_some());
}

/// Who acted, for whom, in whose log (E-5.4); what is not of a grant is about the member.
#[test]
fn events_say_who_for_whom_and_under_what() {
    let policy = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = staffed(&policy);
    let _ = staff.request(&store, at(0), office(), &named("g-1")).unwrap();
    let _ = staff.approve(&store, at(0), office(), &anna(), &grant_id("g-1")).unwrap();
    assert_eq!(said_last(&store).actor(), &Actor::User(AccountId::try_new("u-17").unwrap()));
    let permit = staff.check(&store, at(0), &Question::default().request()).unwrap().granted().unwrap();
    let event = said_last(&store);
    assert_eq!((event.code(), event.actor()), ("staff.used", &Actor::Staff(id("s-7"))));
    assert_eq!(event.scope(), &Scope::from(tenant("acme")));
    assert_eq!(event.subject().to_string(), "staff_grant g-1");
    let detail = |name| event.detail(name).unwrap().to_string();
    assert_eq!((detail("on_behalf_of"), detail("grant")), ("u-17".into(), "g-1".into()));
    assert_eq!((detail("reference"), detail("customer_login")), ("r-4711".into(), "login-1".into()));

    // Both identities in the audit record.
    let (desk, mut bytes) = (id("desk"), Vec::new());
    let draft = crate::audit::record::Draft::of_event(&event, &desk, crate::audit::record::Class::Administration);
    let mut draft = permit.on_behalf(draft);
    let _ = draft.encode_into(crate::audit::record::Place::first(at(0)), &mut bytes).unwrap().count();
    let record = crate::audit::record::Record::decode(&bytes).unwrap();
    assert_eq!(record.actor().to_string(), "staff:s-7");
    assert_eq!(record.on_behalf_of().map(|step| step.to_string()).collect::<Vec<_>>(), ["user:u-17 by g-1"]);

    let mut question = Question::default();
    (question.grant, question.area) = (None, Area::Server);
    let _ = staff.check(&store, at(0), &question.request()).unwrap();
    let event = said_last(&store);
    assert_eq!(
        (event.subject().to_string(), event.scope().to_string()),
        ("staff_member s-7".into(), "tenant:acme".into())
    );
    question.scope = Scope::Operator;
    let _ = staff.check(&store, at(0), &question.request()).unwrap();
    assert_eq!(said_last(&store).scope(), &Scope::Operator);
}

/// E-5.6b: where, what kind, a keyed mark at most; nothing of the data in state, event or output; open until removed.
#[test]
fn e_5_6b_stored_login_data_is_a_violation() {
    const FOUND: &str = "Winter-2026";
    let (policy, keys) = (policy(), crate::secret::Keyring::new(id("2026-11"), [7; 32]));
    let (staff, store) = staffed(&policy);
    let place = id("crm-note-815");
    let key = LoginFinding::key(&tenant("acme"), &place);
    let found = LoginFinding::new(place, LoginData::Password, at(0)).marked(&keys, &FOUND.into());
    staff.apply(&store, at(0), &personnel(), &key, |_| report_login_data(found.clone())).unwrap();
    let event = said_last(&store);
    assert_eq!((event.code(), event.outcome()), ("staff.login_data_stored", crate::event::Outcome::Failure));
    assert_eq!(event.clauses(), [clause::E_5_6B]);
    assert_eq!(event.detail("place").unwrap().to_string(), "crm-note-815");
    let mark = event.detail("mark").unwrap().to_string();
    // The same data elsewhere is known again; other data is not.
    let elsewhere = |text: &str| {
        let found = LoginFinding::new(id("file-9"), LoginData::Password, at(0)).marked(&keys, &text.into());
        let fact = report_login_data(found).facts()[0].clone();
        fact.detail("mark").unwrap().to_string()
    };
    assert_eq!((elsewhere(FOUND) == mark, elsewhere("other") == mark), (true, false));
    let printed = alloc::format!("{found:?} {event} {event:?} {:?} {store:?}", store.records());
    assert!(!printed.contains(FOUND), "{printed}");
    let read = || {
        let rows = crate::store::Rows::load(&store, [&key]).unwrap();
        rows.read::<LoginFinding>(&key).unwrap().unwrap()
    };
    assert!(read().is_open());
    staff.apply(&store, at(1), &personnel(), &key, |state| login_data_removed(state, at(1))).unwrap();
    assert!(!read().is_open());
    assert_eq!(said_last(&store).code(), "staff.login_data_removed");
    assert_eq!(login_data_removed(Some(read()), at(2)).next(), &Next::Keep);
}

/// An approval that was decided before a revocation and committed after it: the commit conflicts, and it is revoked.
#[test]
fn an_approval_that_races_a_revocation_loses() {
    let policy = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = staffed(&policy);
    let grant = grant_id("g-1");
    let _ = staff.request(&store, at(0), office(), &named("g-1")).unwrap();
    let mut rounds = 0;
    let approved = update(&store, staff.grant_keys(&tenant("acme"), &grant), |rows| {
        rounds += 1;
        if rounds == 1 {
            let _ = staff.end(&store, at(1), office(), &ben(), &grant).unwrap();
        }
        staff.settle_approval(rows, at(1), office(), &anna(), &grant)
    });
    assert_eq!((codes(&approved.unwrap()), rounds), (["staff.dismissed"].into(), 2));
    // All of the tenant's at once: the approval of one that was of the generation before opens nothing.
    let _ = staff.request(&store, at(2), office(), &named("g-2")).unwrap();
    let approved = update(&store, staff.grant_keys(&tenant("acme"), &grant_id("g-2")), |rows| {
        let key = ConsentState::key(&tenant("acme"));
        let decided = staff.settle_approval(rows, at(3), office(), &anna(), &grant_id("g-2"));
        staff.apply(&store, at(3), &personnel(), &key, revoke_all).unwrap();
        decided
    });
    assert!(approved.unwrap().granted().is_some());
    let question = Question { grant: Some(grant_id("g-2")), ..Question::default() };
    assert_eq!(codes(&staff.check(&store, at(3), &question.request()).unwrap()), ["staff.revoked"]);
}

/// Of two uses at once of a grant for one use, one gets in.
#[test]
fn one_use_is_one_use_however_many_ask() {
    let policy = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = staffed(&policy);
    let _ = staff.request(&store, at(0), office(), &named("g-1").for_one_use()).unwrap();
    let _ = staff.approve(&store, at(0), office(), &anna(), &grant_id("g-1")).unwrap();
    let question = Question::default();
    let mut inner = None;
    let outer = update(&store, staff.use_keys(&question.request()), |rows| {
        if inner.is_none() {
            inner = Some(staff.check(&store, at(0), &question.request()).unwrap());
        }
        staff.settle_check(rows, at(0), &question.request())
    });
    assert!(inner.unwrap().granted().is_some());
    assert_eq!(codes(&outer.unwrap()), ["staff.used_up"]);
}

/// After an emergency it stays on the customer's screen until it was told and reviewed, however it ended.
#[test]
fn an_emergency_stays_listed_while_something_is_owed() {
    let policy = policy();
    for is_ended_by_hand in [true, false] {
        let (staff, store) = staffed(&policy);
        let terms = GlassTerms::try_new(HOUR_SECS, None, 7 * 24 * HOUR_SECS).unwrap();
        let consent = ConsentState::key(&tenant("acme"));
        let enable = |state| enable_glass(state, terms, &anna());
        let _ = staff.apply(&store, at(0), &personnel(), &consent, enable).unwrap();
        let scope = scope(Area::CustomerData);
        let grant = grant_id("g-1");
        let asked =
            GrantRequest::new(grant.clone(), tenant("acme"), id("s-7"), Purpose::TechnicalProblem, scope, HOUR_SECS);
        assert!(staff.break_glass(&store, at(0), office(), &asked, &id("inc-9")).unwrap().granted().is_some());
        let boss = Party::staff(tenant("acme"), id("s-1")).with_right();
        if is_ended_by_hand {
            assert!(staff.end(&store, at(1), office(), &anna(), &grant).unwrap().granted().is_some());
        }
        assert_eq!(listed(&staff, &store, 100 * HOUR), ["g-1"]);
        // Nor does a later request take it out of the list, though its time is long over.
        assert!(staff.request(&store, at(100 * HOUR), office(), &named("g-2")).unwrap().granted().is_some());
        assert_eq!(listed(&staff, &store, 100 * HOUR), ["g-1", "g-2"]);
        let told = staff.note_notice(&store, at(100 * HOUR), &personnel(), &tenant("acme"), &grant).unwrap();
        assert!(told.granted().is_some());
        assert_eq!(listed(&staff, &store, 100 * HOUR), ["g-1", "g-2"]);
        assert!(staff.note_review(&store, at(100 * HOUR), office(), &boss, &grant).unwrap().granted().is_some());
        assert_eq!(listed(&staff, &store, 100 * HOUR), ["g-2"]);
    }
}

/// Told and reviewed while it lasts, and never looked at again: it leaves the list all the same, by a request or a look.
#[test]
fn an_emergency_that_was_settled_at_once_leaves_the_list() {
    let policy = builder().max_open(1).build().unwrap();
    for is_looked_at in [true, false] {
        let (staff, store) = staffed(&policy);
        let terms = GlassTerms::try_new(HOUR_SECS, None, 7 * 24 * HOUR_SECS).unwrap();
        let enable = |state| enable_glass(state, terms, &anna());
        let consent = ConsentState::key(&tenant("acme"));
        let _ = staff.apply(&store, at(0), &personnel(), &consent, enable).unwrap();
        let (grant, scope) = (grant_id("g-1"), scope(Area::CustomerData));
        let asked =
            GrantRequest::new(grant.clone(), tenant("acme"), id("s-7"), Purpose::TechnicalProblem, scope, HOUR_SECS);
        assert!(staff.break_glass(&store, at(0), office(), &asked, &id("inc-9")).unwrap().granted().is_some());
        let boss = Party::staff(tenant("acme"), id("s-1")).with_right();
        let _ = staff.note_notice(&store, at(1), &personnel(), &tenant("acme"), &grant).unwrap();
        let _ = staff.note_review(&store, at(1), office(), &boss, &grant).unwrap();
        assert_eq!(codes(&staff.request(&store, at(1), office(), &named("g-2")).unwrap()), ["staff.too_many_open"]);
        store.collect(at(100 * HOUR));
        if is_looked_at {
            assert_eq!(listed(&staff, &store, 2), [""; 0]);
            assert!(staff.request(&store, at(2), office(), &named("g-2")).unwrap().granted().is_some());
        } else {
            assert!(staff.request(&store, at(100 * HOUR), office(), &named("g-2")).unwrap().granted().is_some());
        }
    }
}

/// The wait for a first use is made longer while a request waits: what is approved by that stays on the customer's screen.
#[test]
fn a_grant_that_lasts_longer_than_was_thought_stays_listed() {
    let short = builder().approvals(1, 1).build().unwrap();
    let (staff, store) = staffed(&short);
    let _ = staff.request(&store, at(0), office(), &named("g-1")).unwrap();
    let long = builder().approvals(1, 1).unused_secs(30 * 24 * HOUR_SECS).build().unwrap();
    let staff = StaffAccess::new(&long);
    assert!(staff.approve(&store, at(0), office(), &anna(), &grant_id("g-1")).unwrap().granted().is_some());
    // The first request after 12 h, 2 h and 4 h leaves out what must be over.
    let _ = staff.request(&store, at(20 * HOUR), office(), &named("g-2")).unwrap();
    assert_eq!(listed(&staff, &store, 20 * HOUR), ["g-1", "g-2"]);
}

/// A thousand open at once fit the list, and each is one record.
#[test]
fn a_thousand_open_grants_fit() {
    let policy = builder().max_open(1000).build().unwrap();
    let (staff, store) = staffed(&policy);
    for number in 0..1000 {
        let asked = named(&alloc::format!("{number:040}"));
        assert!(staff.request(&store, at(0), office(), &asked).unwrap().granted().is_some());
    }
    assert_eq!(codes(&staff.request(&store, at(0), office(), &named("g-1")).unwrap()), ["staff.too_many_open"]);
    assert_eq!(listed(&staff, &store, 0).len(), 1000);
}
