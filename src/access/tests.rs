mod lint;
mod proposal;
mod small;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::event::{Actor, Origin, Transport, Unresolved};
use crate::id::{AccountId, OpaqueId};
use crate::time::{Now, Timestamp};

fn at(micros: i64) -> Now {
    Timestamp::from_micros(micros).unwrap().into()
}

fn instant(micros: i64) -> Timestamp {
    at(micros).timestamp()
}

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn from(address: &str) -> Origin {
    Origin::network(address.parse().unwrap(), Transport::Tls)
}

/// `+range` is allowed, `-range` is denied.
fn entry(text: &str) -> ListEntry {
    match text.split_at(1) {
        ("+", range) => ListEntry::allow(range.parse().unwrap()),
        ("-", range) => ListEntry::deny(range.parse().unwrap()),
        _ => panic!("{text}"),
    }
}

fn list(entries: &[&str]) -> IpList {
    IpList::builder().entries(entries.iter().map(|text| entry(text))).build().unwrap()
}

fn policy(list: IpList) -> AccessPolicy {
    AccessPolicy::builder().ip_list(list).build().unwrap()
}

fn only(networks: &[&str]) -> AccessPolicy {
    policy(IpList::only(networks.iter().map(|network| network.parse().unwrap())).unwrap())
}

fn sign_in(policy: &AccessPolicy, origin: Origin) -> AccessOutcome {
    decide(policy, at(0), &AccessRequest::new(AccessUse::SignIn, origin))
}

fn refused(decision: ListDecision) -> Refusal {
    Refusal::Network { list: ListOwner::Tenant, version: 0, decision }
}

fn network_refused(decision: ListDecision) -> AccessOutcome {
    AccessOutcome::Refused(Vec::from([refused(decision)]))
}

/// E-5.7: switched off allows all, switched on and empty refuses all.
#[test]
fn e_5_7_off_allows_all_and_empty_refuses_all() {
    for address in ["192.0.2.1", "2001:db8::1", "127.0.0.1", "0.0.0.0"] {
        assert_eq!(sign_in(&AccessPolicy::default(), from(address)), AccessOutcome::Allowed, "{address}");
        assert_eq!(sign_in(&only(&[]), from(address)), network_refused(ListDecision::NotListed), "{address}");
    }
    assert_eq!(sign_in(&only(&[]), Origin::Internal), network_refused(ListDecision::NoAddress));
}

/// E-5.7: the first and last address of a network are in, their neighbours are not.
#[test]
fn e_5_7_edges_of_a_network() {
    let policy = only(&["198.51.100.16/29", "2001:db8:1::/48", "203.0.113.5/32"]);
    for (address, allowed) in [
        ("198.51.100.15", None),
        ("198.51.100.16", Some(0)),
        ("198.51.100.23", Some(0)),
        ("198.51.100.24", None),
        ("203.0.113.5", Some(2)),
        ("203.0.113.4", None),
        ("2001:db8:0:ffff:ffff:ffff:ffff:ffff", None),
        ("2001:db8:1::", Some(1)),
        ("2001:db8:1:ffff:ffff:ffff:ffff:ffff", Some(1)),
        ("2001:db8:2::", None),
        ("::ffff:198.51.100.16", Some(0)), // IPv4-mapped is IPv4
        ("::ffff:198.51.100.24", None),
    ] {
        let request = AccessRequest::new(AccessUse::SignIn, from(address));
        let decisions: Vec<_> = explain(&policy, at(0), &request).map(|verdict| verdict.decision).collect();
        let decision = allowed.map_or(ListDecision::NotListed, |entry| ListDecision::Allowed { entry });
        assert_eq!(decisions, [decision], "{address}");
        assert_eq!(policy.ip_list().decide(at(0), address.parse().unwrap()), decision, "{address}");
        let expected = allowed.map_or_else(|| network_refused(decision), |_| AccessOutcome::Allowed);
        assert_eq!(sign_in(&policy, from(address)), expected, "{address}");
    }
}

/// A list that is kept elsewhere stands in for the one of its owner, and for nothing else.
#[test]
fn a_list_in_place_of_another() {
    let admins = ListOwner::Role(OpaqueId::try_new("admin").unwrap());
    let of_admins = |text: &str| IpList::builder().owner(admins.clone()).entry(entry(text)).build().unwrap();
    let tenants = only(&["198.51.100.0/24"]);
    let file = AccessPolicy::builder().list(of_admins("+8.8.4.7")).https_only(false).outside_use(OutsideUse::End);
    let file = file.build().unwrap();
    let kept = file.with_list(tenants.ip_list().clone()).unwrap().with_list(of_admins("+8.8.4.8")).unwrap();
    let lists: Vec<_> = kept.lists().cloned().collect();
    assert_eq!(lists, [tenants.ip_list().clone(), of_admins("+8.8.4.8")]);
    assert_eq!((kept.https_only(), kept.outside_use()), (false, OutsideUse::End));
}

/// E-5.8: with HTTPS-only on, plain is refused; with it off, it is not.
#[test]
fn e_5_8_https_only() {
    let plain = Origin::network("192.0.2.1".parse().unwrap(), Transport::Plain);
    let either = AccessPolicy::builder().https_only(false).build().unwrap();
    let refused = AccessOutcome::Refused(Vec::from([Refusal::PlainTransport]));
    assert_eq!(sign_in(&AccessPolicy::default(), plain), refused);
    assert_eq!(sign_in(&AccessPolicy::default(), from("192.0.2.1")), AccessOutcome::Allowed);
    assert_eq!(sign_in(&either, plain), AccessOutcome::Allowed);
}

/// Neither a proxy nor who knows whom is a client: no list that is on lets them in, whatever it names.
#[test]
fn e_5_7_a_proxy_is_no_client() {
    let address = "198.51.100.7".parse().unwrap();
    let everyone = only(&["0.0.0.0/0", "::/0"]);
    let proxy = |transport| Origin::proxy_origin(address, transport);
    let unknown = refused(ListDecision::NoAddress);
    assert_eq!(sign_in(&everyone, Origin::network(address, Transport::Tls)), AccessOutcome::Allowed);
    assert_eq!(sign_in(&everyone, proxy(Transport::Tls)), network_refused(ListDecision::NoAddress));
    assert_eq!(sign_in(&AccessPolicy::default(), proxy(Transport::Tls)), AccessOutcome::Allowed);
    let plain = AccessOutcome::Refused(Vec::from([Refusal::PlainTransport]));
    assert_eq!(sign_in(&AccessPolicy::default(), proxy(Transport::Plain)), plain);

    let both = AccessOutcome::Refused(Vec::from([unknown, Refusal::PlainTransport]));
    let nobody = Origin::unresolvable(address, Unresolved::Hidden);
    assert_eq!(sign_in(&everyone, nobody), both);
    assert_eq!(sign_in(&AccessPolicy::default(), nobody), plain); // what is not known is not encrypted
}

/// E-5.7: a deny wins over every allow, however narrow; an address that nothing covers is refused, and so is a family that
/// nothing allows. The answer names the narrowest entry of the effect that decides.
#[test]
fn e_5_7_a_deny_wins() {
    use ListDecision::{Allowed, Denied, FamilyNotListed, NotListed};
    for (entries, address, expected) in [
        (&["+10.0.0.0/8", "-10.1.0.0/16"][..], "10.1.2.3", Denied { entry: 1 }),
        (&["+10.0.0.0/8", "-10.1.0.0/16"], "10.2.0.1", Allowed { entry: 0 }),
        (&["+10.1.2.3", "-10.1.0.0/16"], "10.1.2.3", Denied { entry: 1 }),
        (&["+10.1.2.3", "+10.1.0.0/16", "+10.0.0.0/8"], "10.1.2.3", Allowed { entry: 0 }),
        (&["-10.0.0.0/8", "-10.1.0.0/16", "+10.1.2.3"], "10.1.2.3", Denied { entry: 1 }),
        (&["+10.0.0.0/8"], "2001:db8::1", FamilyNotListed),
        (&["+10.0.0.0/8"], "11.0.0.1", NotListed),
        (&["+10.0.0.0/8", "-2001:db8::/32"], "2001:db9::1", FamilyNotListed),
        (&["+2001:db8::/32"], "10.0.0.1", FamilyNotListed),
        (&["-10.0.0.0/8"], "11.0.0.1", NotListed),
        (&["+::/0"], "10.0.0.1", FamilyNotListed), // all of IPv6 is no IPv4
        (&["+0.0.0.0/0"], "::ffff:10.0.0.1", Allowed { entry: 0 }),
    ] {
        assert_eq!(list(entries).decide(at(0), address.parse().unwrap()), expected, "{entries:?} {address}");
    }
}

/// An entry counts from its first instant on, and at its last no longer; beside it, entries that always count.
#[test]
fn windows_are_half_open() {
    let timed = |text, from: Option<i64>, until: Option<i64>| entry(text).valid(from.map(instant), until.map(instant));
    let entries = [timed("+10.0.0.0/24", Some(10), Some(20)), timed("-10.0.0.7", None, Some(15)), entry("+10.0.0.9")];
    let list = IpList::builder().entries(entries).build().unwrap();
    for (micros, address, expected) in [
        (9, "10.0.0.1", ListDecision::NotListed),
        (10, "10.0.0.1", ListDecision::Allowed { entry: 0 }),
        (19, "10.0.0.1", ListDecision::Allowed { entry: 0 }),
        (20, "10.0.0.1", ListDecision::NotListed),
        (9, "10.0.0.7", ListDecision::Denied { entry: 1 }),
        (14, "10.0.0.7", ListDecision::Denied { entry: 1 }),
        (15, "10.0.0.7", ListDecision::Allowed { entry: 0 }),
        (9, "10.0.0.9", ListDecision::Allowed { entry: 2 }),
        (10, "10.0.0.9", ListDecision::Allowed { entry: 2 }), // the narrower names itself
    ] {
        assert_eq!(list.decide(at(micros), address.parse().unwrap()), expected, "{address} at {micros}");
    }
    // A family whose last entry has ended is refused as one.
    let timed_out = [entry("+10.0.0.0/8"), timed("+2001:db8::/32", Some(10), Some(20))];
    let list = IpList::builder().entries(timed_out).build().unwrap();
    for (micros, expected) in
        [(9, ListDecision::FamilyNotListed), (19, ListDecision::NotListed), (20, ListDecision::FamilyNotListed)]
    {
        assert_eq!(list.decide(at(micros), "2001:db9::1".parse().unwrap()), expected, "{micros}");
    }
    let never = |from, until| IpList::builder().entry(timed("+10.0.0.0/8", Some(from), Some(until))).build();
    assert!(never(1, 2).is_ok());
    assert_eq!(never(2, 2).unwrap_err(), IpListError::Never { entry: 0 });
    assert_eq!(never(3, 2).unwrap_err(), IpListError::Never { entry: 0 });
}

/// E-5.7: the lists that bind a request are asked for every use of it, all of them, and every one that refuses is named.
#[test]
fn e_5_7_every_list_that_binds_must_let_in() {
    let of = |owner, entries: &[&str]| {
        IpList::builder().owner(owner).entries(entries.iter().map(|text| entry(text))).build().unwrap()
    };
    let (role, kind) = (ListOwner::Role(id("admin")), ListOwner::Token(id("api-key")));
    let policy = AccessPolicy::builder()
        .ip_list(list(&["+10.0.0.0/8"]))
        .list(of(role.clone(), &["+10.1.0.0/16"]))
        .list(of(kind.clone(), &["+10.1.1.0/24"]))
        .build()
        .unwrap();
    let (admin, clerk, api, device) = ([id("admin"), id("clerk")], [id("clerk")], id("api-key"), id("device"));
    let who = |address, usage, roles: Option<&[OpaqueId]>| {
        let request = AccessRequest::new(usage, from(address)).in_roles(roles);
        match decide(&policy, at(0), &request) {
            AccessOutcome::Allowed => Vec::new(),
            AccessOutcome::Refused(refusals) => refusals.iter().map(ToString::to_string).collect(),
        }
    };
    let tenant = "tenant, version 0: no entry allows it";
    let admins = "role admin, version 0: no entry allows it";
    let tokens = "token api-key, version 0: no entry allows it";
    for usage in [AccessUse::SignIn, AccessUse::PasswordChange, AccessUse::SessionUse] {
        assert!(who("10.9.9.9", usage, Some(&clerk)).is_empty(), "{usage:?}");
        assert_eq!(who("10.9.9.9", usage, Some(&admin)), [admins], "{usage:?}");
        assert_eq!(who("10.9.9.9", usage, None), [admins], "roles that are not said are all roles");
        assert_eq!(who("11.0.0.1", usage, Some(&[])), [tenant], "{usage:?}");
    }
    for usage in [AccessUse::TokenMint(&api), AccessUse::TokenUse(&api)] {
        assert!(who("10.1.1.1", usage, Some(&admin)).is_empty(), "{usage:?}");
        assert_eq!(who("10.1.2.1", usage, Some(&admin)), [tokens], "{usage:?}");
        assert_eq!(who("10.9.9.9", usage, Some(&admin)), [admins, tokens], "{usage:?}");
        assert_eq!(who("11.0.0.1", usage, Some(&clerk)), [tenant, tokens], "{usage:?}");
    }
    for usage in [AccessUse::TokenMint(&device), AccessUse::TokenUse(&device)] {
        assert!(who("10.9.9.9", usage, Some(&clerk)).is_empty(), "{usage:?}");
    }
}

/// What is stored of a refusal names list, version, entry and use; what an outsider gets names nothing.
#[test]
fn a_refusal_says_all_to_the_auditor_and_nothing_to_the_outsider() {
    let of = "{\"of\":{\"role\":\"admin\"},\"version\":7,\"entries\":[\"10.0.0.0/8\",{\"range\":\"10.1.0.0/16\",\"effect\":\"deny\"}]}";
    let policy = AccessPolicy::builder().list(serde_json::from_str(of).unwrap()).build().unwrap();
    let plain = Origin::network("10.1.2.3".parse().unwrap(), Transport::Plain);
    let AccessOutcome::Refused(refusals) = decide(&policy, at(0), &AccessRequest::new(AccessUse::SessionUse, plain))
    else {
        panic!()
    };
    let facts: Vec<_> = refusals.iter().map(|refusal| refusal.fact(NETWORK_DENIED, AccessUse::SessionUse)).collect();
    let detail = |fact: usize, name| facts[fact].detail(name).map(ToString::to_string).unwrap_or_default();
    let names = ["reason", "use", "list", "of", "version", "entry"];
    let network = ["access.network_denied", "session_use", "role", "admin", "7", "1"];
    assert_eq!(names.map(|name| detail(0, name)), network);
    assert_eq!(names.map(|name| detail(1, name)), ["access.plain_transport", "session_use", "", "", "", ""]);
    assert_eq!(facts[0].clauses(), [crate::clause::E_5_7]);
    assert_eq!(facts[1].clauses(), [crate::clause::E_5_8]);
    for secret in ["admin", "10.1", "tenant", "role", "list", "https", "address"] {
        assert!(!AccessOutcome::PUBLIC_MESSAGE.contains(secret));
    }
}

/// Every code of a refusal comes out of some decision, and each is told from the others.
#[test]
fn each_refusal_has_its_code() {
    let code = |list: &IpList, origin| match sign_in(&policy(list.clone()), origin) {
        AccessOutcome::Refused(refusals) => refusals.iter().map(|refusal| refusal.code().as_str()).collect::<Vec<_>>(),
        AccessOutcome::Allowed => Vec::new(),
    };
    let ipv4 = list(&["+10.0.0.0/8", "-10.1.0.0/16"]);
    assert_eq!(code(&ipv4, from("10.1.0.1")), ["access.network_denied"]);
    assert_eq!(code(&ipv4, from("11.0.0.1")), ["access.network_not_allowed"]);
    assert_eq!(code(&ipv4, from("2001:db8::1")), ["access.family_not_allowed"]);
    assert_eq!(code(&ipv4, Origin::Internal), ["access.no_address"]);
}

#[test]
fn a_list_is_bounded() {
    let range = |number: u32| AddressRange::single(core::net::Ipv4Addr::from_bits(number).into());
    assert!(IpList::only((0..1000).map(range)).is_ok());
    assert_eq!(IpList::only((0..1001).map(range)), Err(IpListError::TooMany { found: 1001 }));
    let noted = |entries: u32, note: &str| {
        IpList::builder().entries((0..entries).map(|number| ListEntry::allow(range(number)).with_note(note))).build()
    };
    assert!(noted(1, &"ä".repeat(200)).is_ok());
    for note in ["", "two\nlines", "bell\u{7}", &"a".repeat(201)] {
        assert_eq!(noted(2, note), Err(IpListError::Note { entry: 0 }), "{note:?}");
    }
    assert!(matches!(noted(500, &"a".repeat(200)), Err(IpListError::TooLong { found }) if found > IpList::MAX_BYTES));
}

/// A policy may have a list of each owner, once.
#[test]
fn an_owner_has_one_list() {
    let role = ListOwner::Role(id("admin"));
    let off = |owner: &ListOwner| IpList::off(owner.clone());
    let build = |lists: &[&ListOwner]| {
        lists.iter().fold(AccessPolicy::builder(), |builder, owner| builder.list(off(owner))).build().map(|_| ())
    };
    assert_eq!(build(&[&role, &ListOwner::Token(id("admin"))]), Ok(()));
    assert_eq!(build(&[&role, &role]), Err(AccessPolicyError::Twice { owner: role.clone() }));
    let tenant = ListOwner::Tenant;
    assert_eq!(build(&[&tenant]), Err(AccessPolicyError::Twice { owner: tenant }));
    let theirs = AccessPolicy::builder().ip_list(off(&role)).build();
    assert_eq!(theirs, Err(AccessPolicyError::NotTheTenants { owner: role }));
    let many: Vec<_> = (0..101).map(|number| ListOwner::Role(id(&number.to_string()))).collect();
    assert_eq!(build(&many.iter().collect::<Vec<_>>()), Err(AccessPolicyError::TooMany { found: 101 }));
    assert_eq!(build(&many.iter().skip(1).collect::<Vec<_>>()), Ok(()));
}

/// The forms that are read, and the one that is written; a mistake is refused with its place.
#[test]
fn the_json_form() {
    let read = |text: &str| serde_json::from_str::<AccessPolicy>(text);
    let earlier = read(r#"{"ip_list":{"only":["10.0.0.0/8"]},"https_only":true}"#).unwrap();
    assert_eq!(earlier, only(&["10.0.0.0/8"]));
    assert_eq!(read(r#"{"ip_list":"off"}"#).unwrap(), AccessPolicy::default());
    assert_eq!(read("{}").unwrap(), AccessPolicy::default());

    let written = concat!(
        r#"{"ip_list":{"of":"tenant","mode":"on","version":3,"entries":["10.0.0.0/8","#,
        r#"{"range":"10.1.0.0/16","effect":"deny","note":"guests","author":{"user":"u-1"},"#,
        r#""valid_from":"2026-11-01T00:00:00.000000Z","valid_until":"2026-12-01T00:00:00.000000Z"}]},"#,
        r#""lists":[{"of":{"role":"admin"},"mode":"off","version":0,"entries":["2001:db8::1-2001:db8::3"]}],"#,
        r#""https_only":false,"outside_use":"end"}"#
    );
    let policy = read(written).unwrap();
    assert_eq!(serde_json::to_string(&policy).unwrap(), written);
    assert_eq!((policy.ip_list().version(), policy.outside_use()), (3, OutsideUse::End));
    let guests = &policy.ip_list().entries()[1];
    assert_eq!((guests.effect(), guests.note()), (Effect::Deny, Some("guests")));
    assert_eq!(guests.author(), Some(&Actor::User(AccountId::try_new("u-1").unwrap())));
    let text = "deny 10.1.0.0/16 from 2026-11-01T00:00:00.000000Z until 2026-12-01T00:00:00.000000Z (guests)";
    assert_eq!(guests.to_string(), text);

    for (right, wrong, why) in [
        ("10.0.0.0/8\"", "10.0.0.1/8\"", "10.0.0.1/8 has host bits, did you mean 10.0.0.0/8"),
        ("10.0.0.0/8\"", "010.0.0.0/8\"", "position 0"),
        ("\"deny\"", "\"block\"", "unknown variant `block`"),
        ("\"deny\"", "null", "expected value"),
        ("\"note\"", "\"remark\"", "unknown field `remark`"),
        ("\"on\"", "\"enabled\"", "unknown variant `enabled`"),
        ("\"version\":3", "\"version\":-3", "invalid value"),
        ("\"guests\"", "\"\"", "the note of entry 1 is not one line"),
        ("2026-12-01", "2026-11-01", "entry 1 is not valid for an instant"),
        ("{\"role\":\"admin\"}", "\"tenant\"", "there are two lists of tenant"),
        ("\"of\":\"tenant\"", "\"of\":{\"role\":\"x\"}", "the list of role x was given as that of tenant"),
        ("\"https_only\"", "\"https\"", "unknown field `https`"),
    ] {
        let text = written.replace(right, wrong);
        assert_ne!(text, written);
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        // What is wrong with the policy as a whole is in no single place.
        assert_eq!(error.contains(" at line 1 column "), !why.contains("of tenant"), "{error}");
    }
    for wrong in [r#"{"ip_list":"on"}"#, r#"{"ip_list":{}}"#, r#"{"ip_list":{"entries":[],"only":[]}}"#] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

/// A list is a record: what can be made can be stored, and each owner's has a key of its own.
#[test]
fn keys_of_lists_differ() {
    let tenant = crate::TenantId::try_new("acme").unwrap();
    let owners = [ListOwner::Tenant, ListOwner::Role(id("tenant")), ListOwner::Token(id("tenant"))];
    let keys: Vec<String> = owners.iter().map(|owner| IpList::key(tenant.clone(), owner).to_string()).collect();
    let expected = ["~tenant", "~role.tenant", "~token.tenant"];
    assert_eq!(keys, expected.map(|id| alloc::format!("tenant:acme/ip_list/{id}")));
}
