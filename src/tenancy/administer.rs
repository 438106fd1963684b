use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::reach::{Holding, points, says};
use super::{
    AdministerOutcome, AdministerRefusal, Administered, Administration, FOUNDED, Founding, Function, Principal,
    ProfileState, REFUSED, ROLE_GIVEN, ROLE_TAKEN, RoleId, RolePolicy, TenantState,
};
use crate::access::Effect;
use crate::clause;
use crate::event::{Fact, Origin, Provenance};
use crate::id::{OpaqueId, TenantId};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, Transition, UpdateError, update};
use crate::time::Now;

/// Decides on a change by an administrator.
///
/// Who may not administer is told that and nothing else. Then everything that is wrong with the change itself is named,
/// and of one that could be made, whether it gives too much or leaves nobody.
///
/// Nobody gives what he does not have: a role to an account, a rule to a role, the end of a deny. Resources may be shared
/// with any role and any account, and which are is not known here; so an administrator who may not do everything gives
/// only roles that he has himself, with whatever denies him, and ends no deny of what he may not do. Of the
/// administrators one always may do everything, so that no change is beyond undoing. The tenant's record is written with
/// every change, and the profile with every one that is about it, so that of two changes at once the second is decided
/// on what the first left.
pub fn decide_administration(
    tenant: Option<&TenantState>,
    profile: Option<&ProfileState>,
    by: &Principal,
    wish: &Administration,
) -> Administered {
    use AdministerRefusal as Refusal;
    let failed = || wish.describe(Fact::failure(REFUSED));
    let mut refusals = Vec::new();
    if by.account().is_none() {
        refusals.push(Refusal::NotTheCustomer);
    }
    let Some(tenant) = tenant else {
        refusals.push(Refusal::NotFounded);
        return Administered::refused(wish.code(), failed(), refusals);
    };
    let own = by.account().and_then(|account| tenant.administrators.get(account));
    if by.account().is_some() && own.is_none() {
        refusals.push(Refusal::NotAnAdministrator);
    }
    let (Some(own), true) = (own, refusals.is_empty()) else {
        // Who may not administer learns nothing of what there is.
        return Administered::refused(wish.code(), failed(), refusals);
    };
    let (next, next_profile) = match apply(tenant, profile, wish, &mut refusals) {
        Some(next) if refusals.is_empty() => next,
        _ => return Administered::refused(wish.code(), failed(), refusals),
    };
    let own = Holding::of(&tenant.roles, own);
    if !own.may_everything() && widens(tenant, profile, &next, next_profile.as_ref(), &own, wish) {
        refusals.push(Refusal::BeyondOwn);
    }
    if !is_governed(&next) {
        refusals.push(Refusal::LastAdministrator);
    }
    if !refusals.is_empty() {
        return Administered::refused(wish.code(), failed(), refusals);
    }
    let fact = wish.describe(Fact::success(wish.code()).under(clause::E_5_10C).under(clause::E_5_2A));
    let profile = match next_profile {
        Some(next) => put_profile(profile, next),
        None => Transition::keep(()),
    };
    Administered { tenant: Transition::put(next, AdministerOutcome::Done).with(fact), profile }
}

/// What the records become, or why they cannot.
fn apply(
    tenant: &TenantState,
    profile: Option<&ProfileState>,
    wish: &Administration,
    refusals: &mut Vec<AdministerRefusal>,
) -> Option<(TenantState, Option<ProfileState>)> {
    use AdministerRefusal as Refusal;
    let mut next = tenant.clone();
    next.changes = next.changes.saturating_add(1);
    let open = match profile {
        Some(ProfileState::Open { person, function, roles }) => Some((person, function, roles)),
        _ => None,
    };
    let mut profile_of = || {
        if open.is_none() {
            refusals.push(Refusal::NoProfile);
        }
        open
    };
    match wish {
        Administration::DefineRole(role) => {
            if tenant.roles.role(role.id().as_str()).is_some_and(|before| before.function() != role.function()) {
                refusals.push(Refusal::FunctionFixed);
            }
            match next.roles.with(role.clone()) {
                Ok(roles) => next.roles = roles,
                Err(error) => refusals.push(Refusal::Invalid(error)),
            }
            Some((next, None))
        }
        Administration::OpenProfile { person, function, roles, .. } => {
            if profile.is_some() {
                refusals.push(Refusal::IdTaken);
            }
            fit(&tenant.roles, function.as_ref(), roles, refusals);
            let (person, function, roles) = (person.clone(), function.clone(), roles.clone());
            Some((next, Some(ProfileState::Open { person, function, roles })))
        }
        Administration::SetRoles { account, roles } => {
            let (person, function, _) = profile_of()?;
            fit(&tenant.roles, function.as_ref(), roles, refusals);
            if let Some(listed) = next.administrators.get_mut(account) {
                listed.clone_from(roles);
            }
            let (person, function, roles) = (person.clone(), function.clone(), roles.clone());
            Some((next, Some(ProfileState::Open { person, function, roles })))
        }
        Administration::CloseProfile { account } => {
            profile_of()?;
            next.administrators.remove(account);
            Some((next, Some(ProfileState::Closed)))
        }
        Administration::Appoint { account } => {
            let (_, _, roles) = profile_of()?;
            next.administrators.insert(account.clone(), roles.clone());
            if next.administrators.len() > TenantState::MAX_ADMINISTRATORS {
                refusals.push(Refusal::TooMany);
            }
            // Written as it is: a profile that changed after it was read is no ground for this.
            Some((next, profile.cloned()))
        }
        Administration::Dismiss { account } => {
            profile_of()?;
            next.administrators.remove(account);
            Some((next, profile.cloned()))
        }
    }
}

/// Whether an account of this function may have these roles at all.
fn fit(
    policy: &RolePolicy,
    function: Option<&Function>,
    roles: &BTreeSet<RoleId>,
    refusals: &mut Vec<AdministerRefusal>,
) {
    if roles.len() > ProfileState::MAX_ROLES {
        refusals.push(AdministerRefusal::TooMany);
    }
    for id in roles {
        match policy.role(id.as_str()) {
            None => refusals.push(AdministerRefusal::UnknownRole(id.clone())),
            Some(role) if role.function().is_some() && role.function() != function => {
                refusals.push(AdministerRefusal::OtherFunction(id.clone()));
            }
            Some(_) => {}
        }
    }
}

/// Whether the change lets anybody do what the administrator may not do.
fn widens(
    tenant: &TenantState,
    profile: Option<&ProfileState>,
    next: &TenantState,
    next_profile: Option<&ProfileState>,
    own: &Holding<'_>,
    wish: &Administration,
) -> bool {
    let policies = [&tenant.roles, &next.roles];
    let mut beyond = points(&policies).filter(|point| !own.may(*point));
    if let Administration::DefineRole(role) = wish {
        // Who has it is not known here: whatever it allows more, or denies less, counts.
        let (before, after) = (tenant.roles.role(role.id().as_str()), Some(role));
        return beyond.any(|point| {
            let allows = says(after, Effect::Allow, point) && !says(before, Effect::Allow, point);
            let denies_no_more = says(before, Effect::Deny, point) && !says(after, Effect::Deny, point);
            allows || denies_no_more
        });
    }
    // To one that is closed nothing is allowed.
    let Some(after) = next_profile.filter(|after| after.is_open()) else { return false };
    let (before, after) = (roles_of(profile), roles_of(Some(after)));
    // Of roles that are given, those that he has himself, and others.
    let (held, foreign): (Vec<_>, Vec<_>) = after.difference(&before).partition(|role| own.has(role));
    let (before, after) = (Holding::of(&tenant.roles, &before), Holding::of(&next.roles, &after));
    // What a role allows, or whatever nothing denies, since that may be shared: with a role that he gets, or with him.
    beyond.any(|point| {
        let gives = !foreign.is_empty() || (!held.is_empty() && own.denies(point));
        !after.denies(point) && (before.denies(point) || gives)
    })
}

fn roles_of(profile: Option<&ProfileState>) -> BTreeSet<RoleId> {
    profile.into_iter().flat_map(ProfileState::roles).cloned().collect()
}

/// The profile as it will be, with a fact for every role that is given or taken.
fn put_profile(before: Option<&ProfileState>, profile: ProfileState) -> Transition<ProfileState, ()> {
    let (before, after) = (roles_of(before), roles_of(Some(&profile)));
    let fact = |code, role: &RoleId| {
        let fact = Fact::success(code).under(clause::A2_USE_4);
        OpaqueId::try_new(role.as_str()).iter().fold(fact, |fact, role| fact.with("role", role))
    };
    let given = after.difference(&before).map(|role| fact(ROLE_GIVEN, role));
    let taken = before.difference(&after).map(|role| fact(ROLE_TAKEN, role));
    Transition::put(profile, ()).with_all(given.chain(taken))
}

/// Whether one of the administrators may do everything.
fn is_governed(state: &TenantState) -> bool {
    state.administrators.values().any(|roles| Holding::of(&state.roles, roles).may_everything())
}

/// Founds a tenant: the one act here that the operator may do, and once.
pub fn decide_founding(
    tenant: Option<&TenantState>,
    profile: Option<&ProfileState>,
    founding: &Founding,
) -> Administered {
    use AdministerRefusal as Refusal;
    let Founding { roles, key_user, person, holds } = founding;
    let mut refusals = Vec::new();
    if tenant.is_some() {
        refusals.push(Refusal::AlreadyFounded);
    }
    if profile.is_some() {
        refusals.push(Refusal::IdTaken);
    }
    fit(roles, None, holds, &mut refusals);
    let state = TenantState {
        roles: roles.clone(),
        administrators: [(key_user.clone(), holds.clone())].into_iter().collect(),
        changes: 1,
    };
    if !is_governed(&state) {
        refusals.push(Refusal::LastAdministrator);
    }
    if !refusals.is_empty() {
        return Administered::refused(FOUNDED, Fact::failure(REFUSED).with("account", key_user), refusals);
    }
    let fact = Fact::success(FOUNDED).under(clause::E_5_1A).under(clause::E_5_9).with("account", key_user);
    let profile = ProfileState::Open { person: person.clone(), function: None, roles: holds.clone() };
    Administered {
        tenant: Transition::put(state, AdministerOutcome::Done).with(fact),
        profile: put_profile(None, profile),
    }
}

fn commit(
    mut change: Change<'_>,
    tenant: &Key,
    profile: Option<&Key>,
    done: Administered,
) -> Result<Decision<AdministerOutcome>, DecodeError> {
    let outcome = change.apply(tenant, done.tenant)?;
    if let Some(profile) = profile {
        change.apply(profile, done.profile)?;
    }
    Ok(change.finish(outcome))
}

/// As [`administer`], of what an async host, or one with a transaction of its own, has loaded by [`Administration::keys`].
///
/// # Errors
/// [`DecodeError`] when a record was not loaded or cannot be read: nothing changes.
pub fn settle_administration(
    rows: &Rows,
    now: Now,
    principal: &Principal,
    origin: Origin,
    wish: &Administration,
) -> Result<Decision<AdministerOutcome>, DecodeError> {
    let tenant = TenantState::key(principal.tenant());
    let profile = wish.account().map(|account| ProfileState::key(principal.tenant(), account));
    let target = profile.as_ref().map(|key| rows.read::<ProfileState>(key)).transpose()?.flatten();
    let state = rows.read::<TenantState>(&tenant)?;
    let done = decide_administration(state.as_ref(), target.as_ref(), principal, wish);
    commit(Change::new(rows, now, &principal.provenance(origin)), &tenant, profile.as_ref(), done)
}

/// Loads, decides and stores a change by an administrator, with its event; a refusal leaves one too.
///
/// The example of the [module](super) shows it.
///
/// # Errors
/// [`UpdateError`]: nothing changed, unless the store lost its acknowledgement.
pub fn administer<S: Store>(
    store: S,
    now: Now,
    principal: &Principal,
    origin: Origin,
    wish: &Administration,
) -> Result<AdministerOutcome, UpdateError<S::Error>> {
    update(store, wish.keys(principal.tenant()), |rows| settle_administration(rows, now, principal, origin, wish))
}

/// As [`found`], of what was loaded by [`Founding::keys`].
///
/// # Errors
/// As [`settle_administration`].
pub fn settle_founding(
    rows: &Rows,
    now: Now,
    tenant: &TenantId,
    by: &Provenance,
    founding: &Founding,
) -> Result<Decision<AdministerOutcome>, DecodeError> {
    let [key, profile] = founding.keys(tenant);
    let (state, target) = (rows.read::<TenantState>(&key)?, rows.read::<ProfileState>(&profile)?);
    let done = decide_founding(state.as_ref(), target.as_ref(), founding);
    commit(Change::new(rows, now, by), &key, Some(&profile), done)
}

/// Founds a tenant in a store.
///
/// # Errors
/// As [`administer`].
pub fn found<S: Store>(
    store: S,
    now: Now,
    tenant: &TenantId,
    by: &Provenance,
    founding: &Founding,
) -> Result<AdministerOutcome, UpdateError<S::Error>> {
    update(store, founding.keys(tenant), |rows| settle_founding(rows, now, tenant, by, founding))
}
