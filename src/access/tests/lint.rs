//! What is found, and what is not, list by list.

use super::*;

fn found(entries: &[&str]) -> Vec<Finding> {
    lint(&list(entries), &ListPolicy::default(), at(0))
}

/// Public addresses, so that nothing else is found.
#[test]
fn entries_that_do_nothing() {
    use Finding::{Denied, Duplicate, Mergeable, Needless, Overlapping, Shadowed};
    let whole = Mergeable { entry: 1, with: 2, into: "8.1.0.0/24".parse().unwrap() };
    for (entries, expected) in [
        (&["+8.0.0.0/8"][..], &[][..]),
        // A narrower allow under a deny is in vain; a deny within an allow is what denials are for.
        (&["+8.1.2.3", "-8.1.0.0/16"], &[Denied { entry: 0, by: Some(1) }]),
        (&["-8.1.0.0/16", "+8.1.0.0/16"], &[Denied { entry: 1, by: Some(0) }]),
        (&["+8.0.0.0/8", "-8.1.0.0/16"], &[]),
        (&["+8.1.0.0/24", "-8.1.0.0/25", "-8.1.0.128/25"], &[Denied { entry: 0, by: None }, whole]),
        // The same in other words is the same, and it is the later that goes.
        (&["+8.0.0.0/8", "+8.0.0.0-8.255.255.255"], &[Duplicate { entry: 1, of: 0 }]),
        (&["+8.0.0.0/8", "-8.0.0.0/16", "-8.0.0.0/16"], &[Duplicate { entry: 2, of: 1 }]),
        (&["+8.1.0.0/16", "+8.0.0.0/8"], &[Shadowed { entry: 0, by: Some(1) }]),
        (&["+8.0.0.0/8", "-8.1.2.3", "-8.1.0.0/16"], &[Shadowed { entry: 1, by: Some(2) }]),
        (
            &["+8.0.0.64-8.0.0.191", "+8.0.0.0/25", "+8.0.0.128/25"],
            &[Shadowed { entry: 0, by: None }, Mergeable { entry: 1, with: 2, into: "8.0.0.0/24".parse().unwrap() }],
        ),
        // In part denied, in part allowed by others.
        (&["+8.0.0.0-8.0.0.9", "-8.0.0.0-8.0.0.4", "+8.0.0.5-8.0.0.20"], &[Shadowed { entry: 0, by: None }]),
        (&["+8.0.0.0/24", "-8.0.0.128-8.0.1.127"], &[Overlapping { entry: 0, deny: 1 }]),
        (&["+8.0.0.0/24", "-9.0.0.0/24"], &[Needless { entry: 1 }]),
        (&["-2600::/48"], &[]),
    ] {
        // Beside them, so that neither family is empty.
        let others = ["+12.0.0.0/24", "+2600::/32"];
        assert_eq!(found(&[entries, &others].concat()), expected, "{entries:?}");
    }
}

#[test]
fn neighbours_could_be_one() {
    for (entries, into) in [
        (["+8.0.0.0/25", "+8.0.0.128/25"], Some("8.0.0.0/24")),
        (["+8.0.0.128/25", "+8.0.0.0/25"], Some("8.0.0.0/24")),
        (["+8.0.1.0/24", "+8.0.2.0/24"], Some("8.0.1.0-8.0.2.255")),
        (["+8.0.0.0-8.0.0.5", "+8.0.0.4-8.0.0.9"], Some("8.0.0.0-8.0.0.9")),
        (["+8.0.0.0/24", "+8.0.2.0/24"], None),
    ] {
        let [one, other] = entries;
        let expected = into.map(|into| Finding::Mergeable { entry: 0, with: 1, into: into.parse().unwrap() });
        assert_eq!(found(&[one, other, "+2600::/32"]), expected.as_slice(), "{entries:?}");
    }
    // Of another effect, or another time, they could not.
    assert_eq!(found(&["+8.0.0.0/25", "-8.0.0.128/25", "+2600::/32"]), [Finding::Needless { entry: 1 }]);
    let until = entry("+8.0.0.0/25").valid(None, Some(instant(9)));
    let list = IpList::builder().entries([until, entry("+8.0.0.128/25"), entry("+2600::/32")]).build().unwrap();
    assert_eq!(lint(&list, &ListPolicy::default(), at(0)), []);
}

/// The share is that of what is let in after all entries are put together, not that of a single one.
#[test]
fn the_whole_internet() {
    use Finding::{TooWide, WholeInternet};
    let wide = |policy: ListPolicy, entries: &[&str]| -> Vec<Finding> {
        let found = lint(&list(entries), &policy, at(0));
        found.into_iter().filter(|f| matches!(f, TooWide { .. } | WholeInternet { .. })).collect()
    };
    let standard = |entries: &[&str]| wide(ListPolicy::default(), entries);
    let ipv4 = |permille| WholeInternet { family: Family::Ipv4, permille };
    let ipv6 = |permille| WholeInternet { family: Family::Ipv6, permille };
    let (first, second) = (TooWide { entry: 0 }, TooWide { entry: 1 });
    assert_eq!(standard(&["+0.0.0.0/0"]), [first, ipv4(1000)]);
    assert_eq!(standard(&["+::/0"]), [first, ipv6(1000)]);
    assert_eq!(standard(&["+::ffff:0.0.0.0/96"]), [first, ipv4(1000)]); // which is 0.0.0.0/0
    assert_eq!(standard(&["+0.0.0.0/1", "+128.0.0.0/1"]), [first, second, ipv4(1000)]);
    assert_eq!(standard(&["+0.0.0.0/1"]), [first, ipv4(501)]); // half, and rounded up
    // 2^25 addresses of IPv4 and 2^96 of IPv6 are not too many, and one more is.
    assert_eq!(standard(&["+8.0.0.0/7", "+2600::/32"]), []);
    assert_eq!(standard(&["+8.0.0.0-10.0.0.0"]), [first]);
    assert_eq!(standard(&["+2600::-2600:1::"]), [first]);
    // Each of these is narrow enough, and together they are 2^26 of 2^32: 15.6 thousandths.
    assert_eq!(standard(&["+8.0.0.0/7", "+12.0.0.0/7"]), [ipv4(16)]);
    assert_eq!(standard(&["+8.0.0.0/7", "+12.0.0.0/7", "-12.0.0.0/7"]), []);
    let lenient = ListPolicy::builder().widest_ipv4(0).max_permille(1000).build().unwrap();
    assert_eq!(wide(lenient, &["+0.0.0.0/0"]), []);
    let strict = ListPolicy::builder().widest_ipv4(32).widest_ipv6(128).build().unwrap();
    assert_eq!(wide(strict, &["+8.8.8.8", "+2600::1", "+8.8.4.0/31"]), [TooWide { entry: 2 }]);

    // What will be let in later is let in; a denial that ends is not counted on, nor one that is yet to begin.
    let later = |deny: ListEntry| {
        let allow = entry("+0.0.0.0/0").valid(Some(instant(5)), None);
        let list = IpList::builder().entries([allow, deny]).build().unwrap();
        lint(&list, &lenient_width(), at(0)).contains(&ipv4(1000))
    };
    assert!(later(entry("-0.0.0.0/1").valid(None, Some(instant(9)))));
    assert!(later(entry("-0.0.0.0/1").valid(Some(instant(9)), None)));
    assert!(!later(entry("-0.0.0.0/1")));
}

fn lenient_width() -> ListPolicy {
    ListPolicy::builder().widest_ipv4(0).build().unwrap()
}

#[test]
fn what_a_list_comes_to() {
    use Finding::{AdmitsNobody, Denied, FamilyGap};
    let (no_v4, no_v6) = (FamilyGap { family: Family::Ipv4 }, FamilyGap { family: Family::Ipv6 });
    assert_eq!(found(&[]), [AdmitsNobody]);
    assert_eq!(found(&["-8.0.0.0/8"]), [Finding::Needless { entry: 0 }, AdmitsNobody]);
    assert_eq!(found(&["+8.0.0.0/8"]), [no_v6]);
    assert_eq!(found(&["+2600::/32"]), [no_v4]);
    assert_eq!(found(&["+8.0.0.0/8", "+2600::/32"]), []);
    let denied = [Denied { entry: 0, by: Some(1) }, AdmitsNobody];
    assert_eq!(found(&["+8.0.0.0/8", "-8.0.0.0/8"]), denied);
    // Off is not empty, and says so itself.
    assert_eq!(lint(&IpList::off(ListOwner::Tenant), &ListPolicy::default(), at(0)), []);
    // Nobody comes in today, though somebody will.
    let tomorrow = entry("+8.0.0.0/8").valid(Some(instant(5)), None);
    let list = IpList::builder().entry(tomorrow).build().unwrap();
    assert_eq!(lint(&list, &ListPolicy::default(), at(4)), [AdmitsNobody, no_v6]);
    assert_eq!(lint(&list, &ListPolicy::default(), at(5)), [no_v6]);
}

#[test]
fn an_entry_whose_time_is_over_is_looked_at_no_further() {
    let over = entry("+8.1.2.3").valid(None, Some(instant(9)));
    let list = IpList::builder().entries([over, entry("+8.0.0.0/8"), entry("+2600::/32")]).build().unwrap();
    let found = |micros| lint(&list, &ListPolicy::default(), at(micros));
    assert_eq!(found(8), [Finding::Shadowed { entry: 0, by: Some(1) }]);
    assert_eq!(found(9), [Finding::Expired { entry: 0 }]);
    // What counts always is not needless beside what does not.
    let timed = entry("+8.0.0.0/8").valid(None, Some(instant(9)));
    let list = IpList::builder().entries([entry("+8.1.2.3"), timed, entry("+2600::/32")]).build().unwrap();
    assert_eq!(lint(&list, &ListPolicy::default(), at(0)), []);
}

/// Ranges that no client over the internet has (RFC 6890 and the registries behind it).
#[test]
fn addresses_that_are_set_aside() {
    let class = |text: &str, reach| {
        let policy = ListPolicy::builder().reach(reach).build().unwrap();
        let found = lint(&list(&[text]), &policy, at(0));
        found.into_iter().find_map(|finding| match finding {
            Finding::Special { class, .. } => Some(class),
            _ => None,
        })
    };
    for (text, expected, private) in [
        ("+198.51.100.0/24", Some(AddressClass::Documentation), false),
        ("+2001:db8:1::/48", Some(AddressClass::Documentation), false),
        ("+10.1.0.0/16", Some(AddressClass::Private), true),
        ("+192.168.7.0-192.168.9.255", Some(AddressClass::Private), true),
        ("+100.64.0.0/10", Some(AddressClass::Shared), true),
        ("+fd00::/8", Some(AddressClass::UniqueLocal), true),
        ("+127.0.0.1", Some(AddressClass::Loopback), true),
        ("+224.0.0.0/8", Some(AddressClass::Multicast), false),
        ("-10.0.0.0/8", Some(AddressClass::Private), true),
        ("+8.8.8.8", None, true),
        ("+192.167.0.0-192.168.255.255", None, true), // not all of it
    ] {
        assert_eq!(class(text, Reach::Internet), expected, "{text}");
        assert_eq!(class(text, Reach::Private), expected.filter(|_| !private), "{text}");
    }
}

/// Each finding has a code of the module's own list and a sentence of one line; those that block are the ones that
/// open too much, let nobody in, or do not do what they say.
#[test]
fn every_finding_has_a_code() {
    let into = "8.0.0.0/24".parse().unwrap();
    let all = [
        (Finding::Expired { entry: 1 }, false),
        (Finding::Special { entry: 1, class: AddressClass::Private }, false),
        (Finding::TooWide { entry: 1 }, true),
        (Finding::Duplicate { entry: 1, of: 0 }, false),
        (Finding::Shadowed { entry: 1, by: Some(0) }, false),
        (Finding::Denied { entry: 1, by: None }, true),
        (Finding::Overlapping { entry: 1, deny: 0 }, false),
        (Finding::Needless { entry: 1 }, false),
        (Finding::Mergeable { entry: 1, with: 2, into }, false),
        (Finding::AdmitsNobody, true),
        (Finding::FamilyGap { family: Family::Ipv6 }, false),
        (Finding::WholeInternet { family: Family::Ipv4, permille: 11 }, true),
    ];
    let mut codes: Vec<_> = all.iter().map(|(finding, _)| finding.code()).collect();
    assert!(codes.iter().all(|code| CODES.contains(code)));
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    for (finding, blocking) in all {
        assert_eq!(finding.is_blocking(), blocking, "{finding}");
        let whole = [ADMITS_NOBODY, FAMILY_GAP, WHOLE_INTERNET].contains(&finding.code());
        assert_eq!(finding.entry(), (!whole).then_some(1));
        assert!(!finding.to_string().contains('\n'));
    }
}
