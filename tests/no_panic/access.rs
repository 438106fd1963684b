//! Ranges, lists, sets, proposals; and who the client is behind proxies.

use clausework::access::client::{
    Connection, Flag, HeaderName, HeaderSource, ProxyHeader, ProxyPolicy, Resolved, Scheme, SchemeRule, SchemeSource,
    resolve,
};
use clausework::access::{
    AccessPolicy, AccessRequest, AccessUse, AddressRange, AddressSet, Administrator, Asked, Credentials, Effect,
    Endpoint, Family, Hsts, IpList, ListDiff, ListEntry, ListMode, ListOwner, ListPolicy, OutsideUse, PLAIN_TRANSPORT,
    Proposal, Reach, ReviewOutcome, SetEntry, classify, decide, embedded_ipv4, explain, https_only, lint,
};

use super::draw::Gen;
use super::{say, see};

pub(super) fn all(g: &Gen) {
    ranges(g);
    sets(g);
    lists(g);
    decisions(g);
    clients(g);
    headers(g);
}

fn ranges(g: &Gen) {
    let text = g.text();
    for read in
        [AddressRange::parse_text(&text), text.parse(), AddressRange::parse_noted(&text).map(|(range, _)| range)]
    {
        match read {
            Ok(range) => say(&range),
            Err(error) => say(&error),
        }
    }
    let (range, other, address) = (g.range(), g.range(), g.address());
    see(&AddressRange::try_new(g.address(), g.address()));
    let _ = (range.contains(address), range.covers(&other), range.overlaps(&other), range.addresses());
    see(&range.networks().take(300).collect::<Vec<_>>());
    see(&(AddressRange::single(address), classify(address), embedded_ipv4(address), Family::of(address)));
}

fn entry(g: &Gen) -> ListEntry {
    let range = g.range();
    let mut entry = if g.flag() { ListEntry::allow(range) } else { ListEntry::deny(range) };
    if g.flag() {
        entry = entry.with_note(g.text());
    }
    if g.flag() {
        entry = entry.with_author(g.actor());
    }
    let (from, until) = (g.maybe(Gen::timestamp), g.maybe(Gen::timestamp));
    let entry = entry.valid(from, until);
    let _ = entry.in_force(g.timestamp());
    entry
}

fn owner(g: &Gen) -> ListOwner {
    let id = g.id();
    g.pick(&[ListOwner::Tenant, ListOwner::Role(id.clone()), ListOwner::Token(id)])
}

pub(super) fn list(g: &Gen, owner: ListOwner) -> IpList {
    let mode = g.pick(&[ListMode::On, ListMode::On, ListMode::Off]);
    let (first, rest) = (entry(g), g.some(6, entry));
    let built = IpList::builder().owner(owner.clone()).mode(mode).entry(first).entries(rest).build();
    let list = built.unwrap_or_else(|error| {
        say(&error);
        IpList::off(owner)
    });
    g.policy(list)
}

fn sets(g: &Gen) {
    let entries = g.some(40, |g| SetEntry::new(g.range(), g.pick(&[Effect::Allow, Effect::Deny])));
    let set = AddressSet::build(&entries, g.now()).unwrap();
    let address = g.address();
    let _ = (set.check(g.now(), address), set.find(address), set.contains(address));
}

fn lists(g: &Gen) {
    let wide = g.some(3, Gen::range);
    see(&IpList::only(wide).map(|list| list.version()));
    let of = owner(g);
    let (current, other, now) = (list(g, of.clone()), list(g, of.clone()), g.now());
    say(&IpList::key(g.scope(), &of));
    let stored = g.state::<IpList>(include_str!("../golden/ip_list.v1.json")).unwrap_or(current.clone());
    for list in [&current, &other, &stored] {
        see(&list.decide(now, g.address()));
    }
    let policy = limits(g);
    lint(&current, &policy, now).iter().for_each(say);
    let diff = ListDiff::between(&current, &stored, now);
    let _ = (diff.gained(Family::Ipv4), diff.lost(Family::Ipv6));
    say(&diff);

    let draft = IpList::builder().entries(g.some(5, entry)).mode(ListMode::On);
    let administrators = g.some(3, |g| {
        let addresses = g.some(3, Gen::address);
        Administrator::new(g.account(), addresses).with_roles(g.ids())
    });
    let by = g.provenance();
    let proposal = match Proposal::new(g.scope(), &stored, draft, &by) {
        Ok(proposal) => proposal,
        Err(error) => return say(&error),
    };
    let review = proposal.review(&policy, now, &administrators);
    review.findings().iter().for_each(|finding| say(&finding.naming(|entry| format!("line {entry}"))));
    review.findings().iter().for_each(say);
    review.locked_out().iter().for_each(say);
    let approved = match review.approve() {
        ReviewOutcome::Approved(approved) => approved,
        ReviewOutcome::Refused(review) => review.force(g.account(), g.id()),
    };
    let current = g.pick(&[None, Some(stored), Some(current)]);
    let key = g.pick(&[approved.key().clone(), IpList::key(g.scope(), &of)]);
    see(&approved.apply(&key, current));
}

fn limits(g: &Gen) -> ListPolicy {
    let builder = ListPolicy::builder().widest_ipv4(g.u8()).widest_ipv6(g.u8()).max_permille(g.u16());
    let builder = builder.reach(g.pick(&[Reach::Internet, Reach::Private]));
    builder.build().unwrap_or_else(|error| {
        say(&error);
        g.policy(ListPolicy::default())
    })
}

pub(super) fn policy(g: &Gen) -> AccessPolicy {
    let mut builder = AccessPolicy::builder().https_only(g.flag());
    builder = builder.outside_use(g.pick(&[OutsideUse::Refuse, OutsideUse::End]));
    if g.flag() {
        builder = builder.ip_list(list(g, ListOwner::Tenant));
    }
    for _ in 0..g.below(3) {
        let of = owner(g);
        builder = builder.list(list(g, of));
    }
    let policy = builder.build().unwrap_or_else(|error| {
        say(&error);
        AccessPolicy::default()
    });
    let of = owner(g);
    policy.clone().with_list(list(g, of)).unwrap_or(policy)
}

fn decisions(g: &Gen) {
    let (policy, now, kind, roles) = (policy(g), g.now(), g.id(), g.ids());
    let uses = [
        AccessUse::SignIn,
        AccessUse::PasswordChange,
        AccessUse::SessionUse,
        AccessUse::TokenMint(&kind),
        AccessUse::TokenUse(&kind),
    ];
    for usage in uses {
        let mut request = AccessRequest::new(usage, g.origin());
        if g.flag() {
            request = request.with_roles(&roles);
        }
        let outcome = decide(&policy, now, &request);
        see(&outcome);
        if let clausework::access::AccessOutcome::Refused(refusals) = outcome {
            refusals.iter().for_each(|refusal| see(&refusal.fact(PLAIN_TRANSPORT, usage)));
        }
        explain(&policy, now, &request).for_each(|verdict| see(&verdict));
    }
}

fn clients(g: &Gen) {
    let name = HeaderName::try_new(&g.text()).unwrap_or_else(|_| HeaderName::try_new("x-real-ip").unwrap());
    let source = g.pick(&[
        HeaderSource::None,
        HeaderSource::XForwardedFor,
        HeaderSource::Forwarded,
        HeaderSource::Named(name.clone()),
        HeaderSource::ProxyProtocol,
    ]);
    let networks = if g.flag() { g.some(4, Gen::range) } else { vec!["10.0.0.0/8".parse().unwrap()] };
    let builder = ProxyPolicy::builder().trusted(networks).source(source).hops(g.maybe(Gen::u8));
    let builder = builder.scheme_source(g.pick(&[SchemeSource::None, SchemeSource::XForwardedProto]));
    let policy = match builder.scheme_rule(g.pick(&[SchemeRule::ClientLeg, SchemeRule::AllLegs])).build() {
        Ok(policy) => g.policy(policy),
        Err(error) => return say(&error),
    };
    let (address, transport) = (g.address(), g.transport());
    let _ = policy.trusts(address);
    let peer = if g.flag() { "10.0.0.1".parse().unwrap() } else { address };
    let mut connection = Connection::new(peer, transport);
    if g.flag() {
        let header = if g.flag() { ProxyHeader::client(g.address()).over(transport) } else { ProxyHeader::local() };
        connection = connection.with_proxy_header(header);
    }
    let names = ["x-forwarded-for", "Forwarded", "x-forwarded-proto", name.as_str()];
    let headers =
        g.some(6, |g| (g.pick(&names).to_owned(), if g.flag() { g.text().into_bytes() } else { g.bytes(80) }));
    let resolved: Resolved = resolve(&policy, &connection, &headers);
    let _ = (resolved.flags().contains(Flag::OtherHeader), resolved.origin());
    say(&resolved);
}

fn headers(g: &Gen) {
    let schemes = [Scheme::Https, Scheme::Http, Scheme::Unknown];
    match Hsts::builder().max_age_secs(g.u64()).include_subdomains(g.flag()).preload(g.flag()).build() {
        Ok(hsts) => schemes.into_iter().filter_map(|scheme| hsts.header(scheme)).for_each(|header| say(&header)),
        Err(error) => say(&error),
    }
    let endpoint = g.pick(&[Endpoint::Browser, Endpoint::Program]);
    let asked = Asked::of(&g.text(), endpoint, g.pick(&[Credentials::Absent, Credentials::Present]));
    schemes.into_iter().for_each(|scheme| see(&https_only(scheme, asked)));
}
