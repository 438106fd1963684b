use alloc::vec::Vec;
use core::fmt;

use super::condition::{Answer, Condition, Denied, USE_REFUSED, USED};
use super::consent::ConsentState;
use super::grant::seen;
use super::member::MemberState;
use super::policy::StaffPolicy;
use super::purpose::Purpose;
use super::rule::AreaRule;
use super::scope::{Area, GrantId, Resource};
use super::standing::{End, Standing};
use super::state::{GrantState, Phase};
use super::tension::of_allowed;
use crate::access::{self, AccessOutcome, AccessRequest, AccessUse};
use crate::audit::record::{Delegation, Draft};
use crate::clause::Contradiction;
use crate::event::{Actor, Fact, Origin};
use crate::id::{OpaqueId, Scope, TenantId};
use crate::store::Transition;
use crate::tenancy::{self, Action, GrantReach, Principal};
use crate::time::{Now, Timestamp};

/// One joint question: may this person do this, for this purpose, from there, over that, to this customer's thing, now?
///
/// Ask it at every use, not once when a session is opened.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all of it")]
pub struct StaffRequest<'a> {
    /// Who.
    pub staff: &'a OpaqueId,
    /// In which roles.
    pub roles: &'a [OpaqueId],
    /// Whose it is: a customer's, or the operator's own.
    pub scope: &'a Scope,
    /// What is to be reached.
    pub area: Area,
    /// What is to be done.
    pub action: Action,
    /// To what.
    pub resource: &'a Resource,
    /// For what; `None` where a person named none, or none that there is.
    pub purpose: Option<&'a Purpose>,
    /// From where and over what.
    pub origin: Origin,
    /// Under which grant.
    pub grant: Option<&'a GrantId>,
    /// The login data that the customer gave for it, by a reference that opens nothing (E-5.6a).
    pub customer_login: Option<&'a OpaqueId>,
}

/// What is stored that decides beside the policy.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all of it")]
pub struct Known<'a> {
    /// The member of staff who asks.
    pub member: Option<&'a MemberState>,
    /// The customer's consent as a whole.
    pub consent: Option<&'a ConsentState>,
    /// The grant that the request names, of that customer's.
    pub grant: Option<&'a GrantState>,
}

/// Let in, this once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Permit {
    banner: Banner,
    granted_by: Option<Actor>,
    action: Action,
    resource: Resource,
    tension: Option<Contradiction>,
}

impl Permit {
    /// What the screen says for as long as staff are in.
    #[must_use]
    pub const fn banner(&self) -> &Banner {
        &self.banner
    }

    /// On whose behalf: whoever gave the last approval, or enabled emergencies; nobody where no grant is needed.
    #[must_use]
    pub const fn granted_by(&self) -> Option<&Actor> {
        self.granted_by.as_ref()
    }

    /// Who asks, for the customer's rows: a query under a grant takes the same
    /// [`TenantFilter`](crate::tenancy::TenantFilter) as one of the customer's own. `None` where no grant is needed.
    ///
    /// It reaches what was asked for and no more: this action, on things of this kind, or on the one if one was named,
    /// before the grant ends. It is for this use. The purpose is a word of the host's
    /// [`PurposePolicy`](crate::tenancy::PurposePolicy) like any other, that of [`PurposeKind`](super::PurposeKind): the
    /// policy has to say which interface is for `support_request`, and what data may be used for it (A2-Sep-2).
    #[must_use]
    pub fn principal(&self) -> Option<Principal> {
        let Banner { staff, tenant, purpose, until, .. } = &self.banner;
        let reach = GrantReach {
            purpose: tenancy::Purpose::try_new(purpose.kind().as_str()).ok()?,
            kind: self.resource.kind.clone(),
            resource: self.resource.id.clone(),
            action: self.action,
            until: (*until)?,
        };
        Some(Principal::by_grant(tenant.clone()?, staff.clone(), reach))
    }

    /// What the documents contradict here (X12): this was allowed by one rule, and another rules it out.
    #[must_use]
    pub const fn tension(&self) -> Option<Contradiction> {
        self.tension
    }

    /// Adds to an audit record on whose behalf its actor acts, and by which grant: both identities (E-5.4).
    pub fn on_behalf<'a>(&'a self, draft: Draft<'a>) -> Draft<'a> {
        match (&self.granted_by, &self.banner.grant) {
            (Some(by), Some(grant)) => draft.on_behalf_of(Delegation::new(by, grant.as_id())),
            _ => draft,
        }
    }
}

/// Who is in, whose it is, for what and until when: for every screen that staff see.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Banner {
    /// Who is in.
    pub staff: OpaqueId,
    /// Whose it is.
    pub tenant: Option<TenantId>,
    /// For what.
    pub purpose: Purpose,
    /// Under which grant.
    pub grant: Option<GrantId>,
    /// Until then, at the longest.
    pub until: Option<Timestamp>,
    /// Whether staff let themselves in, in an emergency.
    pub is_emergency: bool,
}

/// `EMERGENCY: s-7 in the account of acme for support request r-4711, grant g-1, until 2026-…`
impl fmt::Display for Banner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_emergency { "EMERGENCY: " } else { "" })?;
        write!(f, "{}", self.staff)?;
        match &self.tenant {
            Some(tenant) => write!(f, " in the account of {tenant}")?,
            None => f.write_str(" in production")?,
        }
        write!(f, " for {}", self.purpose)?;
        self.grant.as_ref().map_or(Ok(()), |grant| write!(f, ", grant {grant}"))?;
        self.until.map_or(Ok(()), |until| write!(f, ", until {until}"))
    }
}

impl StaffRequest<'_> {
    /// What the rule of the area has against it, grants apart.
    fn against_rule(&self, now: Now, rule: &AreaRule, failed: &mut Vec<Condition>) {
        let asked = AccessRequest::new(AccessUse::SessionUse, self.origin).with_roles(self.roles);
        if let AccessOutcome::Refused(refusals) = access::decide(rule.access(), now, &asked) {
            failed.extend(refusals.into_iter().map(Condition::Network));
        }
        if !rule.roles().iter().any(|role| self.roles.contains(role)) {
            failed.push(Condition::Role);
        }
        match self.purpose {
            None => failed.push(Condition::NoPurpose),
            Some(purpose) if !rule.allows(purpose.kind()) => failed.push(Condition::Purpose),
            Some(_) => {}
        }
        if rule.needs_customer_login(self.area) && self.customer_login.is_none() {
            failed.push(Condition::NoCustomerLogin);
        }
    }

    /// What its grant has against it.
    fn against_grant(&self, grant: Option<&GrantState>, standing: Option<Standing>, failed: &mut Vec<Condition>) {
        let (Some(grant), Some(standing)) = (grant, standing) else { return failed.push(Condition::NoGrant) };
        let scope = grant.scope();
        let conditions = [
            (!self.is_of(grant.tenant())).then_some(Condition::OtherTenant),
            (grant.staff() != self.staff).then_some(Condition::OtherMember),
            (scope.area() != self.area).then_some(Condition::AreaNotGranted),
            (!scope.actions().has(self.action)).then_some(Condition::ActionNotGranted),
            (!scope.resources().iter().any(|of| of.covers(self.resource))).then_some(Condition::ResourceNotGranted),
            (self.purpose.is_some_and(|purpose| purpose != grant.purpose())).then_some(Condition::PurposeNotGranted),
            match standing {
                Standing::Ready { .. } | Standing::Active { .. } => None,
                Standing::Pending { .. } => Some(Condition::Pending),
                Standing::Scheduled { .. } => Some(Condition::NotBegun),
                Standing::Ahead => Some(Condition::Ahead),
                Standing::Over(end) => Some(Condition::Over(end)),
            },
        ];
        failed.extend(conditions.into_iter().flatten());
    }

    fn is_of(&self, tenant: &TenantId) -> bool {
        matches!(self.scope, Scope::Tenant(of) if of == tenant)
    }

    /// The grant, if it is the one that is named.
    fn named<'a>(&self, known: &Known<'a>) -> Option<&'a GrantState> {
        known.grant.filter(|grant| self.grant == Some(grant.id()))
    }

    fn fact(&self, fact: Fact) -> Fact {
        let fact = fact
            .with("area", self.area.as_str())
            .with("action", self.action.as_str())
            .with("kind", &self.resource.kind);
        let references = [
            ("resource", self.resource.id.as_ref()),
            ("reference", self.purpose.and_then(Purpose::reference)),
            ("customer_login", self.customer_login),
            ("grant", self.grant.map(GrantId::as_id)),
        ];
        let given = references.into_iter().filter_map(|(name, id)| Some((name, id?)));
        let fact = given.fold(fact, |fact, (name, id)| fact.with(name, id));
        match self.purpose {
            Some(purpose) => fact.with("purpose", purpose.kind().as_str()),
            None => fact,
        }
    }
}

/// Every condition that a request does not meet; empty if staff may. Nothing is written.
#[must_use]
pub fn conditions(now: Now, policy: &StaffPolicy, request: &StaffRequest<'_>, known: &Known<'_>) -> Vec<Condition> {
    let grant = request.named(known);
    judge(now, policy, request, known, grant, grant.map(|grant| grant.standing(now, policy, known.consent)))
}

fn judge(
    now: Now,
    policy: &StaffPolicy,
    request: &StaffRequest<'_>,
    known: &Known<'_>,
    grant: Option<&GrantState>,
    standing: Option<Standing>,
) -> Vec<Condition> {
    let mut failed = Vec::new();
    let rule = policy.rule(request.area);
    match rule {
        _ if request.area.is_closed() => failed.push(Condition::Closed(request.area)),
        None => failed.push(Condition::NoRule(request.area)),
        Some(_) => {}
    }
    if request.area.is_tenants() && *request.scope == Scope::Operator {
        failed.push(Condition::NoTenant);
    }
    match rule {
        Some(rule) => request.against_rule(now, rule, &mut failed),
        None if request.purpose.is_none() => failed.push(Condition::NoPurpose),
        None => {}
    }
    failed.extend(MemberState::failed(known.member, now));
    if request.grant.is_some() || rule.is_some_and(|rule| rule.needs_grant(request.area)) {
        request.against_grant(grant, standing, &mut failed);
    }
    failed
}

/// Decides on one use by staff: network and transport, role, purpose, confidentiality, the customer's login data, and
/// the grant, all of them, and all that fail are told (E-3.2, E-5.5, E-5.6a, E-6H.7, D-4.1b, D-4.1c).
///
/// The first use of an approved grant starts it, and that of a grant for one use ends it, in the same commit; what is seen
/// to be over is written so. The answer must not be acted upon before the commit was applied.
pub fn decide(
    now: Now,
    policy: &StaffPolicy,
    request: &StaffRequest<'_>,
    known: &Known<'_>,
) -> Transition<GrantState, Answer<Permit>> {
    let grant = request.named(known);
    let standing = grant.map(|grant| grant.standing(now, policy, known.consent));
    let failed = judge(now, policy, request, known, grant, standing);
    let (true, Some(purpose)) = (failed.is_empty(), request.purpose) else {
        let denied = Denied::new(failed);
        let fact = request.fact(denied.fact(USE_REFUSED, request.area));
        let answer = Answer::Denied(denied);
        return match (grant, standing) {
            (Some(grant), Some(standing)) => {
                seen(grant, now, policy, standing, request.is_of(grant.tenant()), answer).with(fact)
            }
            _ => Transition::keep(answer).with(fact),
        };
    };
    // The first use starts it.
    let started = grant.filter(|_| matches!(standing, Some(Standing::Ready { .. })));
    let started = started.map(|grant| GrantState { phase: Phase::Active { from: now.timestamp() }, ..grant.clone() });
    let standing = started.as_ref().map(|grant| grant.standing(now, policy, known.consent)).or(standing);
    let tension = of_allowed(request);
    let permit = Permit {
        banner: Banner {
            staff: request.staff.clone(),
            tenant: match request.scope {
                Scope::Tenant(tenant) => Some(tenant.clone()),
                Scope::Operator => None,
            },
            purpose: purpose.clone(),
            grant: grant.map(|grant| grant.id().clone()),
            until: match standing {
                Some(Standing::Active { until }) => Some(until),
                _ => None,
            },
            is_emergency: grant.is_some_and(|grant| grant.glass().is_some()),
        },
        granted_by: grant.and_then(GrantState::granted_by).cloned(),
        action: request.action,
        resource: request.resource.clone(),
        tension,
    };
    let mut fact = request.fact(Fact::success(USED).under(request.area.clause()));
    if let Some(Actor::User(by)) = permit.granted_by() {
        fact = fact.with("on_behalf_of", by);
    } else if let Some(Actor::Staff(by)) = permit.granted_by() {
        fact = fact.with("on_behalf_of", by);
    }
    if let Some(tension) = tension {
        fact = fact.with("contradiction", tension.id());
    }
    let ends = grant.filter(|grant| grant.is_for_one_use()).map(|grant| grant.clone().ended(now, End::UsedUp));
    match (ends, started) {
        (Some((ended, end)), _) => {
            Transition::new(ended.next(now, policy), Answer::Granted(permit)).with(fact).with(end)
        }
        (None, Some(started)) => Transition::new(started.next(now, policy), Answer::Granted(permit)).with(fact),
        (None, None) => Transition::keep(Answer::Granted(permit)).with(fact),
    }
}
