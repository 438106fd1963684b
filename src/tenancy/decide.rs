use alloc::vec::Vec;

use super::policy::Sieve;
use super::principal::Bearer;
use super::scoped::check_kind;
use super::{
    Action, Field, GrantReach, Missing, Principal, ProfileState, Reason, Resource, SharesState, TenantState, Usage,
    Verdict,
};
use super::{Span, verdict::Found};
use crate::access::Effect;
use crate::event::Origin;
use crate::id::{AccountId, OpaqueId};
use crate::store::{Change, Decision, DecodeError, Key, Rows, Store, UpdateError, update};
use crate::time::Now;

/// What somebody wants to do: an action on one resource or on all of a kind, perhaps on some fields, for a purpose.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    action: Action,
    resource: Option<&'a OpaqueId>,
    fields: &'a [Field],
    usage: Usage<'a>,
}

impl<'a> Request<'a> {
    /// To all of the kind: a list, a search, a report; or to one that does not exist yet. Shares of single resources
    /// do not count for it.
    #[must_use]
    pub const fn to_kind(action: Action, usage: Usage<'a>) -> Self {
        Self { action, resource: None, fields: &[], usage }
    }

    /// To this one.
    #[must_use]
    pub const fn to(action: Action, resource: &'a OpaqueId, usage: Usage<'a>) -> Self {
        Self { action, resource: Some(resource), fields: &[], usage }
    }

    /// To these fields, all of them. Without it the [mask](Verdict::mask) says which there are.
    #[must_use]
    pub const fn with_fields(mut self, fields: &'a [Field]) -> Self {
        self.fields = fields;
        self
    }
}

/// What is stored and decides: of the tenant, of who asks, of the resource.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all three")]
pub struct Standing<'a> {
    /// The tenant's roles.
    pub tenant: Option<&'a TenantState>,
    /// The profile of the account that asks.
    pub profile: Option<&'a ProfileState>,
    /// The shares of the resource, if it is about one.
    pub shares: Option<&'a SharesState>,
}

/// Whether the principal may do it: default deny, a deny wins, and everything that decided is named.
///
/// Neither the order of roles, rules and shares nor a duplicate changes anything. The records must be those of the
/// principal's tenant and account, as [`ask`] and [`settle`] load them.
///
/// ```
/// use clausework::tenancy::{Action, Request, Standing, decide};
/// # use clausework::tenancy::{Interface, NotFound, Principal, Purpose, PurposePolicy, Resource};
/// # use clausework::{AccountId, TenantId};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # struct Payslip;
/// # impl Resource for Payslip {
/// #     const KIND: &'static str = "payslip";
/// #     const PURPOSE: &'static str = "payroll";
/// #     fn id(&self) -> &str { "p-1" }
/// # }
/// # let (payroll, screen) = (Purpose::try_new("payroll")?, Interface::try_new("payslips")?);
/// # let purposes = PurposePolicy::builder().purpose(payroll.clone()).interface(screen.clone(), [payroll.clone()]).build()?;
/// # let me = Principal::vouched_for(TenantId::try_new("acme")?, AccountId::try_new("u-17")?);
/// let request = Request::to_kind(Action::Read, purposes.usage(&screen, &payroll));
/// let nothing = Standing { tenant: None, profile: None, shares: None };
///
/// let verdict = decide::<Payslip>(&nothing, now, &me, &request);
/// let missing: Vec<&str> = verdict.missing().iter().map(|missing| missing.code().as_str()).collect();
/// assert_eq!(missing, ["tenancy.not_founded", "tenancy.no_profile", "tenancy.not_permitted"]); // all, not the first
/// assert_eq!(verdict.filter().unwrap_err(), NotFound);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide<T: Resource + ?Sized>(
    standing: &Standing<'_>,
    now: Now,
    principal: &Principal,
    request: &Request<'_>,
) -> Verdict<T> {
    const { check_kind::<T>() }
    let mut found = Found::default();
    request.usage.find(T::PURPOSE, |finding| found.missing.push(Missing::Purpose(finding)));
    match principal.bearer() {
        Bearer::Account(account) => {
            // Shares are of one resource: they do not count for all of its kind.
            let shares = standing.shares.filter(|_| request.resource.is_some());
            by_account(&Standing { shares, ..*standing }, now, account, T::KIND, request.action, &mut found);
        }
        Bearer::Staff { reach, .. } => by_grant(now, reach, T::KIND, request, &mut found),
    }
    if found.allowed.is_empty() || !found.mask.shows_any() {
        found.missing.push(Missing::NotPermitted);
    }
    for field in request.fields.iter().filter(|field| !found.mask.shows(field)) {
        found.missing.push(Missing::Field(field.clone()));
    }
    Verdict::new(principal.tenant().clone(), request.action, request.resource.cloned(), found)
}

/// What the roles of an account say of an action, and the shares of the resource if they count.
pub(super) fn by_account(
    standing: &Standing<'_>,
    now: Now,
    account: &AccountId,
    kind: &str,
    action: Action,
    found: &mut Found,
) {
    if standing.tenant.is_none() {
        found.missing.push(Missing::NotFounded);
    }
    let Some(ProfileState::Open { function, roles, .. }) = standing.profile else {
        found.missing.push(Missing::NoProfile);
        return;
    };
    let Some(tenant) = standing.tenant else { return };
    let sieve = Sieve::of(kind);
    for id in roles {
        // What is not understood may hold a deny.
        let Some(role) = tenant.roles().role(id.as_str()) else {
            found.missing.push(Missing::UnknownRole(id.clone()));
            continue;
        };
        if role.function().is_some() && role.function() != function.as_ref() {
            found.missing.push(Missing::OtherFunction(id.clone()));
        }
        for rule in role.rules().iter().filter(|rule| rule.is_about(action, kind, sieve)) {
            let reason = Reason::Rule { role: id.clone(), rule: rule.id().clone() };
            match (rule.effect(), rule.fields()) {
                (Effect::Allow, fields) => {
                    found.mask.allow(fields);
                    found.allowed.push(reason);
                }
                (Effect::Deny, Span::All) => found.denied.push(reason),
                (Effect::Deny, Span::Only(fields)) => {
                    found.mask.deny(fields);
                    found.masked.push(reason);
                }
            }
        }
    }
    for share in standing.shares.map_or(&[][..], SharesState::shares) {
        let is_about = share.actions().has(action) && share.is_in_force(now);
        if is_about && share.is_with(account, |role| roles.contains(role)) {
            found.mask.allow(&Span::All);
            found.allowed.push(Reason::Share { number: share.number() });
        }
    }
}

fn by_grant(now: Now, reach: &GrantReach, kind: &str, request: &Request<'_>, found: &mut Found) {
    if now.timestamp() >= reach.until {
        found.missing.push(Missing::GrantOver);
    }
    let is_this = reach.resource.is_none() || reach.resource.as_ref() == request.resource;
    let is_in = is_this && reach.action == request.action && reach.kind.as_str() == kind;
    if is_in && reach.purpose == *request.usage.purpose() {
        found.mask.allow(&Span::All);
        found.allowed.push(Reason::Grant);
    } else {
        found.missing.push(Missing::OutsideGrant);
    }
}

/// The records that decide: to be loaded for [`settle`].
#[must_use]
pub fn keys<T: Resource + ?Sized>(principal: &Principal, request: &Request<'_>) -> Vec<Key> {
    let tenant = principal.tenant();
    let profile = principal.account().map(|account| ProfileState::key(tenant, account));
    let shares = request.resource.map(|resource| SharesState::key::<T>(tenant, resource));
    [TenantState::key(tenant)].into_iter().chain(profile).chain(shares).collect()
}

/// As [`ask`], of what an async host, or one with a transaction of its own, has loaded by [`keys`].
///
/// # Errors
/// [`DecodeError`] when a record was not loaded or cannot be read: nobody is let in.
pub fn settle<T: Resource + ?Sized>(
    rows: &Rows,
    now: Now,
    principal: &Principal,
    origin: Origin,
    request: &Request<'_>,
) -> Result<Decision<Verdict<T>>, DecodeError> {
    let tenant = principal.tenant();
    let mut change = Change::new(rows, now, &principal.provenance(origin));
    let roles = TenantState::key(tenant);
    let state = rows.read::<TenantState>(&roles)?;
    let profile = match principal.account() {
        Some(account) => rows.read::<ProfileState>(&ProfileState::key(tenant, account))?,
        None => None,
    };
    let mut shares = None;
    if let Some(resource) = request.resource {
        let key = SharesState::key::<T>(tenant, resource);
        if let Some(state) = rows.read::<SharesState>(&key)? {
            // What is seen to be over is written as over before anybody is told.
            shares = Some(change.apply(&key, super::lapse(state, now))?);
        }
    }
    let standing = Standing { tenant: state.as_ref(), profile: profile.as_ref(), shares: shares.as_ref() };
    let verdict = decide::<T>(&standing, now, principal, request);
    if !verdict.is_allowed() {
        change.note(&roles, verdict.fact());
    }
    Ok(change.finish(verdict))
}

/// Loads what decides, decides, and stores what was seen to be over, with an event for every denial.
///
/// The example of the [module](super) shows it.
///
/// # Errors
/// [`UpdateError`], which a host answers with HTTP 503: not knowing is no permission.
pub fn ask<T: Resource + ?Sized, S: Store>(
    store: S,
    now: Now,
    principal: &Principal,
    origin: Origin,
    request: &Request<'_>,
) -> Result<Verdict<T>, UpdateError<S::Error>> {
    update(store, keys::<T>(principal, request), |rows| settle::<T>(rows, now, principal, origin, request))
}
