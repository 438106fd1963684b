//! Changes of a list: whom they would shut out, what they come to, and what is recorded of them.

use super::*;
use crate::event::Provenance;
use crate::id::TenantId;
use crate::store::{Next, Transition};

fn acme() -> TenantId {
    TenantId::try_new("acme").unwrap()
}

fn account(text: &str) -> AccountId {
    AccountId::try_new(text).unwrap()
}

fn by(origin: Origin) -> Provenance {
    Provenance::new(Actor::User(account("u-1")), origin)
}

fn draft(entries: &[&str]) -> IpListBuilder {
    IpList::builder().entries(entries.iter().map(|text| entry(text)))
}

fn administrator(name: &str, addresses: &[&str]) -> Administrator {
    Administrator::new(account(name), addresses.iter().map(|address| address.parse().unwrap()))
}

fn review(current: &IpList, draft: IpListBuilder, origin: Origin, administrators: &[Administrator]) -> Review {
    Proposal::new(acme(), current, draft, &by(origin)).unwrap().review(&ListPolicy::default(), at(0), administrators)
}

/// Whom it would lock out, and whether it may be made as it is.
fn locked_out(review: Review) -> (Vec<String>, bool) {
    let names = review.locked_out().iter().map(ToString::to_string).collect();
    (names, matches!(review.approve(), ReviewOutcome::Approved(_)))
}

fn off() -> IpList {
    IpList::off(ListOwner::Tenant)
}

/// The list after an applied change, its version and the facts.
fn applied(approved: &Approved, current: Option<IpList>) -> (IpList, u64, Vec<crate::event::Fact>) {
    let (next, outcome, facts) = approved.apply(approved.key(), current).into_parts();
    match (next, outcome) {
        (Next::Put(list), ProposalOutcome::Applied { version }) => (list, version, facts),
        other => panic!("{other:?}"),
    }
}

fn approved(review: Review) -> Approved {
    match review.approve() {
        ReviewOutcome::Approved(approved) => approved,
        ReviewOutcome::Refused(review) => panic!("{:?} {:?}", review.findings(), review.locked_out()),
    }
}

/// Whoever proposes must be let in from where he asks, by the new list.
#[test]
fn nobody_locks_himself_out() {
    let here = from("8.8.4.9");
    for (entries, expected) in [
        (&["+8.8.4.0/24"][..], &[][..]),
        (&["+9.9.9.0/24"], &["the proposer at 8.8.4.9: no entry allows it"]),
        (&["+8.8.0.0/16", "-8.8.4.0/24"], &["the proposer at 8.8.4.9: denied by entry 1"]),
        (&["+2600::/32"], &["the proposer at 8.8.4.9: no entry allows an address of this family"]),
        (&[], &["the proposer at 8.8.4.9: no entry allows it"]), // empty and on is not off
    ] {
        // Whatever the list was before: off, on and open to him, on and already closed to him.
        for current in [off(), list(&["+8.8.4.0/24"]), list(&["+9.9.8.0/24"])] {
            let (found, passes) = locked_out(review(&current, draft(entries), here, &[]));
            assert_eq!(found, expected, "{entries:?}");
            assert_eq!(passes, expected.is_empty(), "{entries:?}");
        }
    }
    // Switching it off locks nobody out.
    let (found, passes) = locked_out(review(&list(&["+8.8.4.0/24"]), draft(&[]).mode(ListMode::Off), here, &[]));
    assert_eq!((found.len(), passes), (0, true));
}

/// Of somebody whose address is not known it cannot be said that he still gets in.
#[test]
fn a_proposer_without_an_address_is_locked_out() {
    let address = "8.8.4.9".parse().unwrap();
    let origins =
        [Origin::unresolvable(address, Unresolved::Unreadable), Origin::proxy_origin(address, Transport::Tls)];
    for origin in [origins[0], origins[1], Origin::Internal] {
        let (found, passes) = locked_out(review(&off(), draft(&["+8.8.4.0/24"]), origin, &[]));
        assert_eq!(found, ["the proposer: the address is not known"]);
        assert!(!passes);
    }
}

/// Every active administrator is let in from each of his recent addresses, of both families, if the list lets him in
/// from there today.
#[test]
fn no_administrator_is_locked_out() {
    let here = from("8.8.4.9");
    let boris = administrator("u-2", &["8.8.4.10", "2600:7::9", "::ffff:9.9.9.9"]);
    let carla = administrator("u-3", &["9.9.9.9"]);
    let both = [boris, carla];
    let refused = |entries: &[&str], current: &IpList| locked_out(review(current, draft(entries), here, &both));
    let (found, passes) = refused(&["+8.8.4.0/24"], &off());
    let expected = [
        "administrator u-2 at 2600:7::9: no entry allows an address of this family",
        "administrator u-2 at 9.9.9.9: no entry allows it",
        "administrator u-3 at 9.9.9.9: no entry allows it",
    ];
    assert_eq!((found.as_slice(), passes), (&expected.map(String::from)[..], false));
    assert_eq!(refused(&["+8.8.4.0/24", "+2600:7::/48", "+9.9.9.9"], &off()), (Vec::new(), true));
    // Where the list shuts them out already, the change takes nothing from them.
    let today = list(&["+8.8.4.0/24", "+2600:7::/48"]);
    assert_eq!(refused(&["+8.8.4.0/24", "+2600:7::/48"], &today), (Vec::new(), true));
    assert_eq!(refused(&["+8.8.4.0/24", "+2600:8::/48"], &today).0.len(), 1);
}

/// A change that lets them in today and shuts them out tomorrow is no better than one that does so at once.
#[test]
fn nobody_is_locked_out_later() {
    let boris = administrator("u-2", &["2600:7::9"]);
    let timed =
        |entry: ListEntry, from: Option<i64>, until: Option<i64>| entry.valid(from.map(instant), until.map(instant));
    let found = |current: &IpList, entries: &[ListEntry]| {
        let draft = IpList::builder().entries(entries.iter().cloned());
        locked_out(review(current, draft, from("8.8.4.9"), core::slice::from_ref(&boris)))
    };
    let (office, home) = (entry("+8.8.4.0/24"), entry("+2600:7::/48"));
    let both = [office.clone(), home.clone()];
    let with = |more: ListEntry| [office.clone(), home.clone(), more];

    // A denial that is still to come; of nobody, it takes nothing.
    let (names, passes) = found(&off(), &with(timed(entry("-8.8.4.8/29"), Some(60), None)));
    assert_eq!(names, ["the proposer at 8.8.4.9 from 1970-01-01T00:00:00.000060Z on: denied by entry 2"]);
    assert!(!passes);
    assert_eq!(found(&off(), &with(timed(entry("-8.8.4.128/29"), Some(60), None))), (Vec::new(), true));
    // One that is over before it begins to bite: its end is not the matter.
    assert_eq!(found(&off(), &with(timed(entry("-8.8.4.8/29"), Some(-60), Some(0)))), (Vec::new(), true));

    // An allowance that ends: where the list lets him in for good today, and where there is another.
    let ending = [office.clone(), timed(home.clone(), None, Some(60))];
    let (names, passes) = found(&off(), &ending);
    assert_eq!(
        names,
        [
            "administrator u-2 at 2600:7::9 from 1970-01-01T00:00:00.000060Z on: no entry allows an address of this family"
        ]
    );
    assert!(!passes);
    assert_eq!(found(&off(), &with(timed(entry("+2600:7::9"), None, Some(60)))), (Vec::new(), true));

    // What ends already today, at the same instant, is not taken from him by the change.
    let today = IpList::builder().entries(ending.clone()).build().unwrap();
    let wider = [entry("+8.8.0.0/16"), ending[1].clone()];
    assert_eq!(found(&today, &wider), (Vec::new(), true));
    // An instant sooner is.
    assert_eq!(found(&today, &[office.clone(), timed(home.clone(), None, Some(59))]).0.len(), 1);
    // Nor is a visit that was to come again.
    let again = [office.clone(), ending[1].clone(), timed(home.clone(), Some(90), None)];
    let again = IpList::builder().entries(again).build().unwrap();
    let (names, _) = found(&again, &ending);
    assert_eq!(
        names,
        [
            "administrator u-2 at 2600:7::9 from 1970-01-01T00:00:00.000090Z on: no entry allows an address of this family"
        ]
    );
    // Today's list lets him in for good, or not at all.
    assert_eq!(found(&IpList::builder().entries(both).build().unwrap(), &ending).0.len(), 1);
    assert_eq!(found(&list(&["+8.8.4.0/24"]), &ending), (Vec::new(), true));
}

/// Whoever is known not to have the role of a list may keep it for those who have it.
#[test]
fn a_proposer_whom_the_list_does_not_bind_is_not_looked_at() {
    let current = IpList::off(ListOwner::Role(id("support")));
    let me = |roles: &[&str]| administrator("u-1", &[]).with_roles(roles.iter().map(|role| id(role)));
    let found =
        |people: &[Administrator]| locked_out(review(&current, draft(&["+9.9.9.0/24"]), from("8.8.4.9"), people));
    assert_eq!(found(&[me(&["admin"])]), (Vec::new(), true));
    let shut = ["the proposer at 8.8.4.9: no entry allows it".to_string()];
    for people in [
        &[][..],
        &[me(&["admin", "support"])],
        &[administrator("u-1", &[])],
        &[administrator("u-2", &[]).with_roles([])],
    ] {
        assert_eq!(found(people), (shut.to_vec(), false), "{people:?}");
    }
}

/// A list binds whom it is of; whose roles are not said may have this one.
#[test]
fn only_those_whom_the_list_binds_are_looked_at() {
    let far = administrator("u-2", &["9.9.9.9"]);
    let people = [far.clone().with_roles([id("clerk")]), far.clone().with_roles([id("admin")]), far];
    let found = |owner| {
        let current = IpList::off(owner);
        people.each_ref().map(|person| {
            locked_out(review(&current, draft(&["+8.8.4.0/24"]), from("8.8.4.9"), core::slice::from_ref(person)))
                .0
                .len()
        })
    };
    assert_eq!(found(ListOwner::Tenant), [1, 1, 1]);
    assert_eq!(found(ListOwner::Role(id("admin"))), [0, 1, 1]);
    assert_eq!(found(ListOwner::Token(id("api"))), [0, 0, 0]);
    let elsewhere = review(&IpList::off(ListOwner::Token(id("api"))), draft(&["+8.8.4.0/24"]), from("9.9.9.9"), &[]);
    assert!(elsewhere.locked_out().is_empty()); // he manages the tokens, he is none
}

/// A finding that blocks refuses the change, although nobody is locked out.
#[test]
fn blocking_findings_refuse_as_well() {
    for (entries, blocked) in [
        (&["+0.0.0.0/1", "+128.0.0.0/1"][..], true),
        (&["+8.8.4.0/24", "+9.9.9.9", "-9.9.9.0/24"], true),
        (&["+8.8.4.0/24", "+8.8.4.9"], false), // odd, and harmless
        (&["+8.8.4.0/24", "+10.0.0.0/8"], false),
    ] {
        let review = review(&off(), draft(entries), from("8.8.4.9"), &[]);
        assert!(review.locked_out().is_empty() && !review.findings().is_empty());
        assert_eq!(matches!(review.approve(), ReviewOutcome::Refused(_)), blocked, "{entries:?}");
    }
}

/// What is reviewed can be forced, by a person for a reason, and both are on record.
#[test]
fn a_forced_change_names_person_and_reason() {
    let current = list(&["+8.8.4.0/24"]);
    let ReviewOutcome::Refused(review) = review(&current, draft(&[]), from("8.8.4.9"), &[]).approve() else { panic!() };
    let forced = review.force(account("u-9"), id("INC-4711"));
    let (next, version, facts) = applied(&forced, Some(current));
    assert_eq!((next.version(), version, next.entries().len(), next.mode()), (1, 1, 0, ListMode::On));
    let codes: Vec<_> = facts.iter().map(|fact| fact.code().as_str()).collect();
    assert_eq!(codes, ["access.list_changed", "access.list_forced"]);
    let detail = |name| facts[1].detail(name).map(ToString::to_string).unwrap_or_default();
    assert_eq!(["by", "reason", "locked_out", "blocking"].map(detail), ["u-9", "INC-4711", "1", "1"]);
}

/// Each applied change is one version more, and says in its event what changed for how many.
#[test]
fn a_change_is_recorded() {
    let role = ListOwner::Role(id("admin"));
    let entries = draft(&["+8.8.4.0/24", "-8.8.4.64/26", "+2600:7::/48"]);
    let first = approved(review(&IpList::off(role.clone()), entries, from("8.8.4.9"), &[]));
    let (list, version, facts) = applied(&first, None);
    assert_eq!((list.owner(), version), (&role, 1));
    assert_eq!(facts[0].clauses(), [crate::clause::E_5_7]);
    let details = |facts: &[crate::event::Fact]| {
        let names = ["list", "of", "version", "entries", "on", "ipv4_gained", "ipv4_lost", "ipv6_gained", "ipv6_lost"];
        names.map(|name| facts[0].detail(name).map(ToString::to_string).unwrap_or_default()).join(" ")
    };
    // All but 192 of 2^32 lose; of IPv6 more than an event counts.
    assert_eq!(details(&facts), "role admin 1 3 true 0 4294967104 0 18446744073709551615");
    // 64 gain and 1 loses.
    let second = draft(&["+8.8.4.0-8.8.4.254", "+2600:7::/48"]);
    let second = approved(review(&list, second, from("8.8.4.9"), &[]));
    let (list, version, facts) = applied(&second, Some(list));
    assert_eq!(version, 2);
    assert_eq!(details(&facts), "role admin 2 2 true 64 1 0 0");
    assert_eq!(list.entries()[1].author(), Some(&Actor::User(account("u-1"))), "signed by the proposer, and kept");
}

/// What a form shows of a list need not name authors: an entry that comes back as it was keeps its own, and one that
/// differs in anything is another's.
#[test]
fn an_entry_keeps_its_author() {
    let boris = Actor::User(account("u-2"));
    let note = |text: &str| entry("+8.8.4.0/24").with_note(text);
    let current = IpList::builder().entry(note("office").with_author(boris.clone())).build().unwrap();
    let wanted = [note("office"), note("former office"), note("office").with_author(Actor::Unauthenticated)];
    let next = review(&current, IpList::builder().entries(wanted), from("8.8.4.9"), &[]).next().clone();
    let authors: Vec<_> = next.entries().iter().filter_map(ListEntry::author).collect();
    assert_eq!(authors, [&boris, &Actor::User(account("u-1")), &Actor::Unauthenticated]);
}

/// What was decided on one list is worth nothing for another: of two changes at the same time one is made.
#[test]
fn a_change_of_another_list_is_superseded() {
    let here = from("8.8.4.9");
    let one = approved(review(&off(), draft(&["+8.8.4.0/24"]), here, &[]));
    let other = approved(review(&off(), draft(&["+8.8.4.0/25"]), here, &[]));
    let (list, ..) = applied(&one, None);
    for stale in [&one, &other] {
        let transition: Transition<IpList, ProposalOutcome> = stale.apply(stale.key(), Some(list.clone()));
        assert_eq!((transition.next(), transition.outcome()), (&Next::Keep, &ProposalOutcome::Superseded));
        assert!(transition.facts().is_empty());
    }
    // The same entries in a later version are another list as well.
    let back = approved(review(&list, draft(&[]).mode(ListMode::Off), here, &[]));
    let (off_again, version, _) = applied(&back, Some(list));
    assert_eq!((version, off_again.mode()), (2, ListMode::Off));
    assert_eq!(one.apply(one.key(), Some(off_again)).outcome(), &ProposalOutcome::Superseded);
}

/// Two tenants may have equal lists: what was decided for one is nothing for the other, nor for another owner's list.
#[test]
fn a_change_is_applied_to_the_list_that_was_reviewed() {
    let change = approved(review(&off(), draft(&["+8.8.4.0/24"]), from("8.8.4.9"), &[]));
    let key = |tenant: &str, owner: &ListOwner| IpList::key(TenantId::try_new(tenant).unwrap(), owner);
    assert_eq!(change.key(), &key("acme", &ListOwner::Tenant));
    let others = [
        key("umbrella", &ListOwner::Tenant),
        key("acme", &ListOwner::Role(id("admin"))),
        IpList::key(crate::id::Scope::Operator, &ListOwner::Tenant),
    ];
    for other in &others {
        for current in [None, Some(off())] {
            let transition = change.apply(other, current);
            assert_eq!((transition.next(), transition.outcome()), (&Next::Keep, &ProposalOutcome::OtherList));
            assert!(transition.facts().is_empty());
        }
    }
    let _applied = applied(&change, None);
}

/// The draft of another owner's list, or of another version, changes neither.
#[test]
fn a_draft_says_entries_and_mode_alone() {
    let role = IpList::off(ListOwner::Role(id("admin")));
    let review = review(&role, draft(&["+8.8.4.0/24"]).owner(ListOwner::Tenant), from("8.8.4.9"), &[]);
    assert_eq!((review.next().owner(), review.next().version()), (role.owner(), 0));
    let written = draft(&["+8.8.4.0/24"]).build().unwrap();
    assert_eq!(written.version(), 0);
    let noted = IpList::builder().entry(entry("+8.8.4.0/24").with_note(""));
    assert_eq!(Proposal::new(acme(), &role, noted, &by(Origin::Internal)).unwrap_err(), IpListError::Note { entry: 0 });
}
