//! Support staff: grants, emergencies, undertakings; decisions, and the flow on a hostile store.

use clausework::Scope;
use clausework::access::AccessPolicy;
use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase};
use clausework::event::Actor;
use clausework::id::OpaqueId;
use clausework::secret::Keyring;
use clausework::staff::{
    Answer, Area, AreaRule, Condition, ConsentState, Duty, GlassTerms, GrantId, GrantRequest, GrantScope, GrantState,
    IndexState, Known, LoginData, LoginFinding, MemberState, Owed, Party, Permit, Purpose, PurposeKind, Requesting,
    Resource, StaffAccess, StaffPolicy, StaffRequest, Undertaking, approve, break_glass, conditions, decide,
    disable_glass, enable_glass, end, end_undertaking, login_data_removed, note_notice, note_review, report_login_data,
    request, revoke_all, sign, tension,
};
use clausework::store::{Rows, Store as _};
use clausework::tenancy::{Action, Actions, ResourceKind};

use super::draw::Gen;
use super::small::Hostile;
use super::{say, see};

pub(super) fn all(g: &Gen) {
    undertakings(g);
    findings(g);
    let policy = policy(g);
    consents(g);
    grants(g, &policy);
    uses(g, &policy);
    flow(g, &policy);
}

fn purpose(g: &Gen) -> Purpose {
    let word = g.pick(&PurposeKind::ALL).as_str();
    let drawn = if g.flag() { Purpose::from_word(word, g.maybe(Gen::id)) } else { Purpose::from_word(&g.text(), None) };
    drawn.unwrap_or(Purpose::MaintainService)
}

fn resource(g: &Gen) -> Resource {
    let kind = ResourceKind::try_new(g.text()).unwrap_or_else(|_| ResourceKind::try_new("payslip").unwrap());
    Resource { kind, id: g.maybe(Gen::id) }
}

fn scope(g: &Gen) -> GrantScope {
    let drawn =
        GrantScope::try_new(g.pick(&Area::ALL), Actions::of(&g.some(4, |g| g.pick(&Action::ALL))), g.some(4, resource));
    drawn.unwrap_or_else(|error| {
        say(&error);
        GrantScope::try_new(Area::Account, Actions::ALL, [resource(g)]).unwrap()
    })
}

fn grant_id(g: &Gen) -> GrantId {
    match g.below(3) {
        0 => GrantId::mint(&mut g.entropy()).unwrap_or_else(|_| GrantId::try_new("g-1").unwrap()),
        1 => GrantId::try_new(g.text()).unwrap_or_else(|_| GrantId::try_new("g-1").unwrap()),
        _ => GrantId::try_new("g-1").unwrap(),
    }
}

fn party(g: &Gen) -> Party {
    let mut party = if g.flag() { Party::customer(g.tenant(), g.account()) } else { Party::staff(g.tenant(), g.id()) };
    if g.flag() {
        party = party.with_right();
    }
    if g.below(4) == 0 {
        party = party.within(grant_id(g));
    }
    if g.flag() { party.known_as(g.id()) } else { party }
}

pub(super) fn policy(g: &Gen) -> StaffPolicy {
    let mut rule = AreaRule::new(super::access::policy(g)).role(g.id()).purpose(g.pick(&PurposeKind::ALL));
    if g.flag() {
        rule = rule.purposes(PurposeKind::ALL);
    }
    if g.flag() {
        rule = rule.without_grant();
    }
    see(&rule.allows(PurposeKind::SupportRequest));
    let kind = g.pick(&PurposeKind::ALL);
    let of_account = PurposeKind::ALL.into_iter().filter(|kind| !kind.is_of_database());
    let open = AreaRule::new(AccessPolicy::default()).role(OpaqueId::try_new("admin").unwrap()).purposes(of_account);
    let usual = StaffPolicy::builder().max_duration_secs(28_800).pending_secs(43_200).area(Area::Account, open);
    let mut builder = usual.clone().area(g.pick(&Area::ALL), rule);
    for _ in 0..g.below(3) {
        builder = match g.below(7) {
            0 => builder.max_duration_secs(g.u64()),
            1 => builder.pending_secs(g.u64()),
            2 => builder.unused_secs(g.u64()),
            3 => builder.max_lead_secs(g.u64()),
            4 => builder.approvals(g.u8(), g.u8()),
            5 => builder.max_open(g.u16()),
            _ => builder.approved_by_operator(kind),
        };
    }
    let policy: StaffPolicy = g.policy(builder.build().unwrap_or_else(|error| {
        say(&error);
        usual.build().unwrap()
    }));
    let area = g.pick(&Area::ALL);
    see(&(
        policy.rule(area).is_some(),
        policy.is_approved_by_operator(area, kind),
        Condition::NoRule(area).clause(area),
    ));
    policy
}

fn undertakings(g: &Gen) {
    let (state, id) = (g.state::<MemberState>(include_str!("../golden/staff_member.v1.json")), g.id());
    let _ = MemberState::key(&id);
    let undertaking =
        Undertaking { duty: Duty::Contract, reference: g.id(), from: g.timestamp(), until: g.maybe(Gen::timestamp) };
    see(&undertaking.is_in_force(g.now()));
    see(&state.as_ref().map(|state| state.is_bound(g.now())));
    see(&sign(state.clone(), undertaking));
    see(&end_undertaking(state, &id));
}

fn findings(g: &Gen) {
    let (tenant, id) = (g.tenant(), g.id());
    let _ = LoginFinding::key(&tenant, &id);
    let found = LoginFinding::new(g.id(), g.pick(&[LoginData::Password, LoginData::Code, LoginData::Token]), g.now());
    let found = found.marked(&Keyring::new(g.id(), g.array()), &g.secret());
    see(&report_login_data(found));
    see(&login_data_removed(g.state(include_str!("../golden/staff_login_data.v1.json")), g.now()));
}

fn consent(g: &Gen) -> Option<ConsentState> {
    g.state(include_str!("../golden/staff_consent.v1.json"))
}

fn grant(g: &Gen) -> Option<GrantState> {
    g.state(include_str!("../golden/staff_grant.v1.json"))
}

fn consents(g: &Gen) {
    let tenant = g.tenant();
    let _ = (ConsentState::key(&tenant), IndexState::key(&tenant));
    let state = consent(g);
    see(&revoke_all(state.clone()));
    match GlassTerms::try_new(g.u64(), g.maybe(Gen::u64), g.u64()).or(GlassTerms::try_new(3600, Some(60), 86_400)) {
        Ok(terms) => {
            see(&(terms.notice_due(g.now()), terms.review_due(g.now())));
            see(&enable_glass(state.clone(), terms, &party(g)));
        }
        Err(error) => say(&error),
    }
    see(&disable_glass(state));
    see(&g.state::<IndexState>(include_str!("../golden/staff_index.v1.json")).map(|index| index.ids().count()));
}

fn grants(g: &Gen, policy: &StaffPolicy) {
    let (now, consent, reason) = (g.now(), consent(g), g.id());
    let member = g.state::<MemberState>(include_str!("../golden/staff_member.v1.json"));
    let mut asked = GrantRequest::new(grant_id(g), g.tenant(), g.id(), purpose(g), scope(g), g.u64());
    if g.flag() {
        asked = asked.starting_at(g.timestamp()).for_one_use();
    }
    if g.below(4) == 0 {
        asked = asked.within(grant_id(g));
    }
    let known = Requesting { taken: g.flag(), open: g.usize(), consent: consent.as_ref(), member: member.as_ref() };
    see(&request(now, policy, &known, &asked));
    see(&break_glass(now, policy, &known, &asked, &reason));
    let state = grant(g);
    let by = party(g);
    see(&approve(state.as_ref(), now, policy, consent.as_ref(), &by));
    see(&end(state.as_ref(), now, policy, consent.as_ref(), &by));
    see(&note_notice(state.as_ref(), now, policy));
    see(&note_review(state.as_ref(), now, policy, &by));
    let Some(state) = state else { return };
    let _ = GrantState::key(state.tenant(), state.id());
    let standing = state.standing(now, policy, consent.as_ref());
    see(&standing);
    see(&standing.time_left(now));
    state.glass().into_iter().flat_map(|glass| glass.owed()).for_each(|owed: Owed| {
        see(&owed.is_overdue(now));
        say(&owed);
    });
}

/// What somebody asks for, as it is borrowed by a request.
fn asking(g: &Gen, state: Option<&GrantState>, run: impl FnOnce(&StaffRequest<'_>)) {
    let (id, roles, resource, login) = (g.id(), g.ids(), resource(g), g.id());
    let (area, purpose, grant) = (g.pick(&Area::ALL), purpose(g), grant_id(g));
    let scope = state.filter(|_| g.flag()).map_or(g.scope(), |state| state.tenant().clone().into());
    let fits = g.flag();
    let of_state = state.filter(|_| fits);
    run(&StaffRequest {
        staff: of_state.map_or(&id, GrantState::staff),
        roles: &roles,
        scope: &scope,
        area: of_state.map_or(area, |state| state.scope().area()),
        action: g.pick(&Action::ALL),
        resource: of_state.map_or(&resource, |state| &state.scope().resources()[0]),
        purpose: of_state.map(GrantState::purpose).or(g.flag().then_some(&purpose)),
        origin: g.origin(),
        grant: of_state.map(GrantState::id).or(g.flag().then_some(&grant)),
        customer_login: g.flag().then_some(&login),
    });
}

fn permitted(permit: &Permit) {
    say(permit.banner());
    see(&permit.principal());
    let (scope, id) = (Scope::Operator, OpaqueId::try_new("s-1").unwrap());
    let actor = Actor::Staff(id.clone());
    let draft = Draft::new(Essentials {
        code: clausework::access::LIST_CHANGED,
        at: clausework::Timestamp::MAX,
        scope: &scope,
        component: &id,
        source: clausework::event::Origin::Internal,
        phase: Phase::Whole(Outcome::Success),
        actor: &actor,
        about: About::new("account", &id),
        class: Class::Access,
    });
    see(&permit.on_behalf(draft));
}

fn uses(g: &Gen, policy: &StaffPolicy) {
    let (now, consent, grant) = (g.now(), consent(g), grant(g));
    let member = g.state::<MemberState>(include_str!("../golden/staff_member.v1.json"));
    let known = Known { member: member.as_ref(), consent: consent.as_ref(), grant: grant.as_ref() };
    let covered = grant.as_ref().map(|grant| grant.scope().resources()[0].covers(&resource(g)));
    see(&covered);
    asking(g, grant.as_ref(), |asked| {
        see(&conditions(now, policy, asked, &known));
        see(&tension(now, policy, asked, &known));
        let (_, answer, _) = decide(now, policy, asked, &known).into_parts();
        match answer {
            Answer::Granted(permit) => permitted(&permit),
            Answer::Denied(denied) => say(&denied),
        }
    });
}

fn flow(g: &Gen, policy: &StaffPolicy) {
    let (staff, now, by, tenant, id, reason) =
        (StaffAccess::new(policy), g.now(), g.provenance(), g.tenant(), grant_id(g), g.id());
    let (origin, party) = (g.origin(), party(g));
    let store = || Hostile(g);
    let asked = GrantRequest::new(grant_id(g), g.tenant(), g.id(), purpose(g), scope(g), g.u64());
    see(&staff.request(store(), now, origin, &asked).is_ok());
    see(&staff.break_glass(store(), now, origin, &asked, &reason).is_ok());
    see(&staff.approve(store(), now, origin, &party, &id).is_ok());
    see(&staff.end(store(), now, origin, &party, &id).is_ok());
    see(&staff.note_notice(store(), now, &by, &tenant, &id).is_ok());
    see(&staff.note_review(store(), now, origin, &party, &id).is_ok());
    see(&staff.list(store(), now, &by, &tenant).is_ok());
    see(&staff.apply(store(), now, &by, &ConsentState::key(&tenant), revoke_all).is_ok());
    let rows = |keys: Vec<clausework::store::Key>| {
        let stored = Hostile(g).load(&keys).unwrap_or_default();
        Rows::new(keys, stored)
    };
    let asked_for = rows(staff.request_keys(&asked).into());
    see(&staff.settle_request(&asked_for, now, origin, &asked).is_ok());
    see(&staff.settle_glass(&asked_for, now, origin, &asked, &reason).is_ok());
    let of_grant = rows(staff.grant_keys(&tenant, &id).into());
    see(&staff.settle_approval(&of_grant, now, origin, &party, &id).is_ok());
    see(&staff.settle_end(&of_grant, now, origin, &party, &id).is_ok());
    see(&staff.settle_notice(&of_grant, now, &by, &tenant, &id).is_ok());
    see(&staff.settle_review(&of_grant, now, origin, &party, &id).is_ok());
    let index = rows(vec![IndexState::key(&tenant)]);
    if let Ok(keys) = staff.list_keys(&index, &tenant) {
        see(&staff.settle_list(&rows(keys), now, &by, &tenant).is_ok());
    }
    asking(g, None, |asked| {
        see(&staff.check(store(), now, asked).is_ok());
        see(&staff.settle_check(&rows(staff.use_keys(asked)), now, asked).is_ok());
    });
}
