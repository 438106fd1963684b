//! Customers, roles and shares: decisions on read states, and the flow on a hostile store.

use std::collections::BTreeSet;

use clausework::Secret;
use clausework::id::OpaqueId;
use clausework::store::{Key, Record, Rows, Store as _};
use clausework::tenancy::{
    Action, Actions, Administration, ClassPolicy, Field, Founding, Function, Held, Interface, Principal, ProfileState,
    Purpose, PurposePolicy, Request, Resource, ResourceKind, Role, RoleId, RolePolicy, Rule, RuleId, Scoped, Sealed,
    SealedPlace, Sealer, ShareWith, Sharer, SharesState, Sharing, Span, Standing, TenantState, administer, ask, decide,
    decide_administration, decide_founding, decide_sharing, found, keys, lapse, settle, settle_administration,
    settle_founding, settle_sharing, share,
};

use super::draw::Gen;
use super::small::Hostile;
use super::{say, see};

pub(super) struct Payslip;

impl Resource for Payslip {
    const KIND: &'static str = "payslip";
    const PURPOSE: &'static str = "payroll";

    fn id(&self) -> &str {
        "s-1"
    }
}

pub(super) fn all(g: &Gen) {
    let roles = roles(g);
    let purposes = purposes(g);
    sealing(g);
    decisions(g, &purposes);
    sharing(g);
    administration(g, &roles);
    flow(g, &purposes, &roles);
}

fn name<N: TryFrom<String>>(g: &Gen, usual: &str) -> N {
    N::try_from(g.text()).or_else(|_| N::try_from(usual.to_owned())).unwrap_or_else(|_| panic!("{usual} is a name"))
}

fn field(g: &Gen) -> Field {
    Field::try_new(g.text()).unwrap_or_else(|_| name(g, "amount"))
}

fn role(g: &Gen) -> Role {
    let actions = Actions::of(&g.some(4, |g| g.pick(&Action::ALL)));
    let _ = (actions.has(Action::Read), actions.has_all(Actions::ALL));
    let id = RoleId::try_new(g.pick(&["admin", "auditor", "clerk"])).unwrap();
    let mut role = Role::new(id);
    for _ in 0..g.below(4) {
        let kinds = if g.flag() { Span::All } else { Span::only([name::<ResourceKind>(g, "payslip")]) };
        let _ = kinds.holds(&g.text());
        let id = RuleId::try_new(g.text()).unwrap_or_else(|_| name(g, "r-1"));
        let rule = if g.flag() { Rule::allow(id, actions, kinds) } else { Rule::deny(id, actions, kinds) };
        role = role.rule(if g.flag() { rule.with_fields(g.some(4, field)) } else { rule });
    }
    if g.flag() { role.of_function(Function::try_new("clerk").unwrap()) } else { role }
}

fn roles(g: &Gen) -> RolePolicy {
    let policy = RolePolicy::try_new(g.some(4, role)).unwrap_or_else(|error| {
        say(&error);
        RolePolicy::try_new([]).unwrap()
    });
    see(&policy.role(&g.text()));
    g.policy(policy)
}

fn purposes(g: &Gen) -> PurposePolicy {
    let (payroll, other) = (Purpose::try_new("payroll").unwrap(), name::<Purpose>(g, "support"));
    let screen = Interface::try_new("screen").unwrap();
    let builder = PurposePolicy::builder().purpose(payroll.clone()).interface(screen, [payroll.clone()]);
    let more = builder.clone().purpose(other.clone()).compatible(other, payroll);
    g.policy(more.build().or(builder.build()).unwrap())
}

/// A sealer that forgets to.
struct Forgetful(OpaqueId);

impl Sealer for Forgetful {
    type Error = ();

    fn key(&self) -> &OpaqueId {
        &self.0
    }

    fn seal(&self, _: &SealedPlace<'_>, value: &Secret) -> Result<Vec<u8>, ()> {
        Ok([value.expose().as_bytes(), &[7; 28]].concat())
    }
}

fn sealing(g: &Gen) {
    let (tenant, resource, field) = (g.tenant(), g.id(), field(g));
    let place = SealedPlace { tenant: &tenant, kind: "payslip", resource: &resource, field: &field };
    say(&place);
    let sealed = Sealed::seal(&Forgetful(g.id()), &place, &g.secret());
    let policy = ClassPolicy::new([(field.clone(), clausework::audit::record::Classification::Sensitive)]);
    let held = sealed.as_ref().map_or(Held::Plain, Held::Sealed);
    see(&policy.check([(&field, held)]));
    see(&serde_json::from_str::<Sealed>(&format!("{{\"key\":\"k\",\"bytes\":{:?}}}", g.text())).is_ok());
}

/// All three kinds of record are in one file: a line of the kind wanted.
fn state<R: Record>(g: &Gen, file: &str) -> Option<R> {
    let start = format!("{{\"kind\":\"{}\"", R::KIND);
    let lines: Vec<&str> = file.lines().filter(|line| line.starts_with(&start)).collect();
    g.state(&lines.join("\n"))
}

fn tenant(g: &Gen) -> Option<TenantState> {
    state(g, include_str!("../golden/tenancy.v1.json"))
}

fn profile(g: &Gen) -> Option<ProfileState> {
    state(g, include_str!("../golden/profile.v1.json"))
}

fn shares(g: &Gen) -> Option<SharesState> {
    state(g, include_str!("../golden/shares.v1.json"))
}

fn principal(g: &Gen) -> Principal {
    Principal::vouched_for(g.tenant(), g.account())
}

fn decisions(g: &Gen, purposes: &PurposePolicy) {
    let (tenant, profile, shares) = (tenant(g), profile(g), shares(g));
    let (by, id, now, fields) = (principal(g), g.id(), g.now(), g.some(3, field));
    let (purpose, screen) = (name::<Purpose>(g, "payroll"), Interface::try_new("screen").unwrap());
    let usage = purposes.usage(&screen, &purpose);
    see(&usage.check(&g.text()));
    see(&tenant.as_ref().map(|tenant| tenant.is_administrator(&g.account())));
    let _ = (
        TenantState::key(&g.tenant()),
        ProfileState::key(&g.tenant(), &g.account()),
        SharesState::key::<Payslip>(&g.tenant(), &id),
    );
    let standing = Standing { tenant: tenant.as_ref(), profile: profile.as_ref(), shares: shares.as_ref() };
    see(&by.provenance(g.origin()));
    for request in [
        Request::to_kind(g.pick(&Action::ALL), usage),
        Request::to(g.pick(&Action::ALL), &id, usage).with_fields(&fields),
    ] {
        let verdict = decide::<Payslip>(&standing, now, &by, &request);
        see(&verdict.fact());
        see(&verdict.mask().shows(&field(g)));
        if let Ok(filter) = verdict.filter() {
            see(&filter.cache_key(&g.text()));
            let row = || Scoped::stored(g.maybe(Gen::tenant), Payslip);
            let _ =
                (row().open(&filter).is_ok(), row().open_ref(&filter).is_ok(), filter.open(g.maybe(|_| row())).is_ok());
        }
    }
}

fn wish(g: &Gen) -> Sharing {
    let with = g.pick(&[ShareWith::Account(g.account()), ShareWith::Role(name(g, "auditor"))]);
    let actions = Actions::of(&[g.pick(&Action::ALL)]);
    g.pick(&[Sharing::Share { with, actions, until: g.maybe(Gen::timestamp) }, Sharing::Withdraw { number: g.u32() }])
}

fn sharing(g: &Gen) {
    let (tenant, profile, recipient) = (tenant(g), profile(g), profile(g));
    let sharer = Sharer { tenant: tenant.as_ref(), profile: profile.as_ref(), recipient: recipient.as_ref() };
    let state = shares(g);
    if let Some(state) = state.clone() {
        see(&lapse(state, g.now()));
    }
    see(&decide_sharing::<Payslip>(state, g.now(), &sharer, &principal(g), &wish(g)));
}

fn administering(g: &Gen) -> Administration {
    let (account, roles) = (g.account(), BTreeSet::from([name::<RoleId>(g, "admin")]));
    let function = g.maybe(|g| name::<Function>(g, "clerk"));
    g.pick(&[
        Administration::DefineRole(role(g)),
        Administration::OpenProfile { account: account.clone(), person: g.id(), function, roles: roles.clone() },
        Administration::SetRoles { account: account.clone(), roles },
        Administration::CloseProfile { account: account.clone() },
        Administration::Appoint { account: account.clone() },
        Administration::Dismiss { account },
    ])
}

fn founding(g: &Gen, roles: &RolePolicy) -> Founding {
    let holds = roles.roles().iter().map(|role| role.id().clone()).collect();
    Founding { roles: roles.clone(), key_user: g.account(), person: g.id(), holds }
}

fn administration(g: &Gen, roles: &RolePolicy) {
    let (tenant, profile) = (tenant(g), profile(g));
    see(&decide_administration(tenant.as_ref(), profile.as_ref(), &principal(g), &administering(g)));
    see(&decide_founding(
        tenant.as_ref().filter(|_| g.flag()),
        profile.as_ref().filter(|_| g.flag()),
        &founding(g, roles),
    ));
}

fn flow(g: &Gen, purposes: &PurposePolicy, roles: &RolePolicy) {
    let (by, id, now, origin, tenant) = (principal(g), g.id(), g.now(), g.origin(), g.tenant());
    let (purpose, screen) = (Purpose::try_new("payroll").unwrap(), Interface::try_new("screen").unwrap());
    let request = Request::to(g.pick(&Action::ALL), &id, purposes.usage(&screen, &purpose));
    let (wish, administering, founding, provenance) = (wish(g), administering(g), founding(g, roles), g.provenance());
    see(&ask::<Payslip, _>(Hostile(g), now, &by, origin, &request).is_ok());
    see(&share::<Payslip, _>(Hostile(g), now, &by, origin, &id, &wish).is_ok());
    see(&administer(Hostile(g), now, &by, origin, &administering).is_ok());
    see(&found(Hostile(g), now, &tenant, &provenance, &founding).is_ok());
    let rows = |keys: Vec<Key>| {
        let stored = Hostile(g).load(&keys).unwrap_or_default();
        Rows::new(keys, stored)
    };
    see(&settle::<Payslip>(&rows(keys::<Payslip>(&by, &request)), now, &by, origin, &request).is_ok());
    see(&settle_sharing::<Payslip>(&rows(wish.keys::<Payslip>(&by, &id)), now, &by, origin, &id, &wish).is_ok());
    see(&settle_administration(&rows(administering.keys(&tenant)), now, &by, origin, &administering).is_ok());
    see(&settle_founding(&rows(founding.keys(&tenant).into()), now, &tenant, &provenance, &founding).is_ok());
}
