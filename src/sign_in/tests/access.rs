//! Network rules on the way in and on every request after it.

use super::*;
use crate::access::{ListEntry, ListMode, ListOwner, OutsideUse};

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn peer(address: &str) -> Origin {
    Origin::network(address.parse().unwrap(), Transport::Tls)
}

fn list(owner: ListOwner, entries: impl IntoIterator<Item = ListEntry>) -> IpList {
    IpList::builder().owner(owner).entries(entries).build().unwrap()
}

fn allow(range: &str) -> ListEntry {
    ListEntry::allow(range.parse().unwrap())
}

/// Anna, signed in from the office, under this policy from then on.
fn world(access: AccessPolicy) -> (World, Session) {
    let (mut world, session) = World::settled(at(0), "Sommer2026");
    let session_policy = *world.policy.session();
    world.policy = SignInPolicy::builder().access(access).session(session_policy).build().unwrap();
    (world, session)
}

fn check(guard: &SignIn<'_>, world: &World, micros: i64, session: &Session, origin: Origin) -> bool {
    let outcome = guard.touch_session(&world.store, at(micros), session.token(), origin).unwrap();
    matches!(outcome, SessionOutcome::Active { .. })
}

/// The event of a refusal names what was asked for, and the list, version and entry that decided.
#[test]
fn a_refusal_names_list_version_and_entry() {
    let text = r#"{"version":4,"entries":["198.51.100.0/24",{"range":"198.51.100.64/26","effect":"deny"}]}"#;
    let office_list: IpList = serde_json::from_str(text).unwrap();
    let (mut world, session) = world(AccessPolicy::builder().ip_list(office_list).build().unwrap());
    let request = SignInRequest::new("anna", Some(anna()), Secret::from("Sommer2026"), peer("198.51.100.65"));
    assert_denied(world.sign_in(at(1), &request));
    assert!(!check(&world.guard(), &world, 2, &session, peer("203.0.113.9")));
    assert!(!check(&world.guard(), &world, 2, &session, Origin::Internal));
    let change = must_change(world.sign_in(at(3), &typed("Sommer2026").for_change()));
    let far = ChangeRequest::new(change.token().clone(), Secret::from("Winter2026"), peer("2001:db8::9"));
    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
    let changed = guard.change_password(&world.store, at(4), &mut world.entropy, &far);
    assert!(matches!(changed, ChangeOutcome::Denied(_)));

    let names = ["reason", "use", "list", "version", "entry"];
    let details =
        |event: &Event| names.map(|name| event.detail(name).map(ToString::to_string).unwrap_or_default()).join(" ");
    let refused = |event: &&Event| ["sign_in.access_refused", "session.refused"].contains(&event.code());
    let events = world.events();
    let found: Vec<_> = events.iter().filter(refused).map(details).collect();
    assert_eq!(
        found,
        [
            "access.network_denied sign_in tenant 4 1",
            "access.network_not_allowed session_use tenant 4 ",
            "access.no_address session_use tenant 4 ",
            "access.family_not_allowed password_change tenant 4 ",
        ]
    );
}

/// A session goes on when its bearer is back inside, or ends at the first use outside, as the policy says.
#[test]
fn a_use_outside_is_refused_or_ends_the_session() {
    let only = || IpList::only(["198.51.100.0/24".parse().unwrap()]).unwrap();
    for (outside, lives) in [(OutsideUse::Refuse, true), (OutsideUse::End, false)] {
        let (world, session) = world(AccessPolicy::builder().ip_list(only()).outside_use(outside).build().unwrap());
        assert!(check(&world.guard(), &world, 1, &session, office()));
        assert!(!check(&world.guard(), &world, 2, &session, peer("203.0.113.9")));
        assert_eq!(check(&world.guard(), &world, 3, &session, office()), lives, "{outside:?}");
        let codes = world.codes();
        let of = |code: &str| codes.iter().filter(|found| *found == code).count();
        assert_eq!((of("session.refused"), of("session.ended")), (1, usize::from(!lives)), "{outside:?}");
        // Whoever shows the dead token again, from wherever, writes nothing.
        let before = (world.events().len(), world.store.records());
        if !lives {
            assert!(!check(&world.guard(), &world, 4, &session, peer("203.0.113.9")));
            assert_eq!((world.events().len(), world.store.records()), before);
        }
    }
}

/// An entry that ends shuts out the session that came in by it, at that instant and not before.
#[test]
fn an_entry_that_ends_shuts_out_at_its_end() {
    let until = at(100).timestamp();
    let visit = list(ListOwner::Tenant, [allow("198.51.100.7").valid(None, Some(until))]);
    let (mut world, session) = world(AccessPolicy::builder().ip_list(visit).build().unwrap());
    assert!(check(&world.guard(), &world, 99, &session, office()));
    assert!(!check(&world.guard(), &world, 100, &session, office()));
    assert_denied(world.sign_in(at(100), &typed("Sommer2026")));
}

/// The list of a role binds who has it. Roles that nobody said are every role.
#[test]
fn lists_of_roles_bind_who_has_them() {
    let admins = list(ListOwner::Role(id("admin")), [allow("198.51.100.200")]);
    let (mut world, session) = world(AccessPolicy::builder().list(admins).build().unwrap());
    let (admin, clerk) = ([id("admin")], [id("clerk")]);
    for (roles, passes) in [(Some(&admin), false), (Some(&clerk), true), (None, false)] {
        let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys);
        let guard = roles.map_or(guard, |roles| guard.with_roles(roles));
        let outcome = guard.sign_in(&world.store, at(1), &mut world.entropy, &typed("Sommer2026"));
        assert_eq!(matches!(outcome, SignInOutcome::SignedIn(_)), passes, "{roles:?}");
        assert_eq!(check(&guard, &world, 1, &session, office()), passes, "{roles:?}");
        let desk = peer("198.51.100.200");
        assert!(check(&guard, &world, 1, &session, desk));
    }
    let refused = world.events().into_iter().find(|event| event.code() == "sign_in.access_refused").unwrap();
    assert_eq!((refused.detail("list"), refused.detail("of")), (Some(&text("role")), Some(&(&id("admin")).into())));
}

/// Switched off, a list that would refuse refuses nobody.
#[test]
fn a_list_that_is_off_refuses_nobody() {
    let off = IpList::builder().entry(allow("192.0.2.1")).mode(ListMode::Off).build().unwrap();
    let (world, session) = world(AccessPolicy::builder().ip_list(off).build().unwrap());
    for origin in [office(), peer("203.0.113.9"), Origin::Internal] {
        assert!(check(&world.guard(), &world, 1, &session, origin), "{origin}");
    }
}

/// The rules that are handed in decide, and none of the policy's: at the sign-in, at each use, and on what becomes of a
/// session outside.
#[test]
fn rules_that_are_handed_in_stand_for_those_of_the_policy() {
    let elsewhere = list(ListOwner::Tenant, [allow("192.0.2.1")]);
    let (mut world, session) = world(AccessPolicy::builder().ip_list(elsewhere).build().unwrap());
    let offices = list(ListOwner::Tenant, [allow("198.51.100.0/24")]);
    let stored = AccessPolicy::builder().ip_list(offices).outside_use(OutsideUse::End).build().unwrap();
    assert_denied(world.sign_in(at(1), &typed("Sommer2026")));
    assert!(!check(&world.guard(), &world, 1, &session, office()));

    let guard = SignIn::new(&world.tenant, &world.policy, &world.hasher, &world.keys).with_access(&stored);
    let outcome = guard.sign_in(&world.store, at(2), &mut world.entropy, &typed("Sommer2026"));
    assert!(matches!(outcome, SignInOutcome::SignedIn(_)));
    assert!(check(&guard, &world, 3, &session, office()));
    assert!(!check(&guard, &world, 4, &session, peer("192.0.2.1")));
    assert!(!check(&guard, &world, 5, &session, office()), "it has ended");
}
