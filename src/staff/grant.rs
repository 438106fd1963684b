use alloc::vec::Vec;

use super::condition::{
    APPROVAL_GIVEN, APPROVAL_REFUSED, APPROVED, Answer, CHANGE_REFUSED, Condition, Denied, REQUEST_REFUSED, REQUESTED,
};
use super::consent::ConsentState;
use super::member::MemberState;
use super::party::Party;
use super::policy::StaffPolicy;
use super::purpose::Purpose;
use super::scope::{GrantId, GrantScope};
use super::standing::{Approval, End, Standing};
use super::state::{GrantState, Phase};
use crate::event::{Code, Fact};
use crate::id::{OpaqueId, TenantId};
use crate::store::{Next, Transition};
use crate::time::{Now, Timestamp};

/// A grant that a member of staff asks for. To go on after one has ended is to ask for another: none is renewed.
///
/// ```
/// use clausework::staff::{Area, GrantId, GrantRequest, GrantScope, Purpose, Resource};
/// use clausework::tenancy::{Action, Actions, ResourceKind};
/// use clausework::{TenantId, id::OpaqueId};
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let invoices = Resource { kind: ResourceKind::try_new("invoice")?, id: None };
/// let request = GrantRequest::new(
///     GrantId::try_new("g-1")?,
///     TenantId::try_new("acme")?,
///     id("s-7")?,
///     Purpose::SupportRequest { request: id("r-4711")? },
///     GrantScope::try_new(Area::CustomerData, Actions::of(&[Action::Read]), [invoices])?,
///     4 * 60 * 60,
/// );
/// assert_eq!(request.for_one_use().id().as_str(), "g-1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRequest {
    pub(super) id: GrantId,
    pub(super) tenant: TenantId,
    pub(super) staff: OpaqueId,
    purpose: Purpose,
    pub(super) scope: GrantScope,
    pub(super) duration_secs: u64,
    pub(super) starts_at: Option<Timestamp>,
    single_use: bool,
    within: Option<GrantId>,
}

impl GrantRequest {
    /// A grant of this id in this customer's account, for this member of staff, for so many seconds from its first use.
    #[must_use]
    pub const fn new(
        id: GrantId,
        tenant: TenantId,
        staff: OpaqueId,
        purpose: Purpose,
        scope: GrantScope,
        duration_secs: u64,
    ) -> Self {
        Self { id, tenant, staff, purpose, scope, duration_secs, starts_at: None, single_use: false, within: None }
    }

    /// From this instant on, not from its first use.
    #[must_use]
    pub const fn starting_at(mut self, from: Timestamp) -> Self {
        self.starts_at = Some(from);
        self
    }

    /// For one use.
    #[must_use]
    pub const fn for_one_use(mut self) -> Self {
        self.single_use = true;
        self
    }

    /// It is asked for in a session under that grant, and so refused. A host says so whenever it is.
    #[must_use]
    pub fn within(mut self, grant: GrantId) -> Self {
        self.within = Some(grant);
        self
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> &GrantId {
        &self.id
    }

    /// What is wrong with it whatever it is that lets in.
    pub(super) fn failed(&self, now: Now, policy: &StaffPolicy, known: &Requesting<'_>) -> Vec<Condition> {
        let (area, ceiling) = (self.scope.area(), policy.max_duration());
        let rule = policy.rule(area);
        let earliest = now.timestamp();
        let starts_amiss = |from| from < earliest || from > now.plus(policy.max_lead());
        [
            known.taken.then_some(Condition::IdTaken),
            self.within.as_ref().map(|_| Condition::Chained),
            rule.is_none().then_some(Condition::NoRule(area)),
            rule.filter(|rule| !rule.allows(self.purpose.kind())).map(|_| Condition::Purpose),
            MemberState::failed(known.member, now),
            (!(1..=ceiling.as_secs()).contains(&self.duration_secs))
                .then_some(Condition::Duration { asked_secs: self.duration_secs, ceiling_secs: ceiling.as_secs() }),
            self.starts_at.is_some_and(starts_amiss).then_some(Condition::Start),
            (known.open >= usize::from(policy.max_open())).then_some(Condition::TooManyOpen),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn state(&self, now: Now, policy: &StaffPolicy, known: &Requesting<'_>) -> GrantState {
        GrantState {
            id: self.id.clone(),
            tenant: self.tenant.clone(),
            staff: self.staff.clone(),
            purpose: self.purpose.clone(),
            scope: self.scope.clone(),
            duration_secs: self.duration_secs,
            starts_at: self.starts_at,
            single_use: self.single_use,
            needed: policy.approvals(),
            by_operator: policy.is_approved_by_operator(self.scope.area(), self.purpose.kind()),
            generation: known.consent.map_or(0, ConsentState::generation),
            requested_at: now.timestamp(),
            pending_until: now.plus(policy.pending()),
            approvals: Vec::new(),
            glass: None,
            phase: Phase::Pending,
        }
    }
}

/// What decides on a request beside the policy.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: a caller must say all of it")]
pub struct Requesting<'a> {
    /// Whether there is, or was, a grant of this id.
    pub taken: bool,
    /// How many grants of the tenant are open.
    pub open: usize,
    /// The customer's consent.
    pub consent: Option<&'a ConsentState>,
    /// The member of staff who asks.
    pub member: Option<&'a MemberState>,
}

pub(super) fn refuse<T>(
    conditions: Vec<Condition>,
    code: Code,
    grant: Option<&GrantState>,
    scope: &GrantScope,
) -> (Answer<T>, Fact) {
    let denied = Denied::new(conditions);
    let fact = denied.fact(code, scope.area());
    let fact = grant.map_or_else(|| fact.clone(), |grant| fact.clone().with("staff", &grant.staff));
    (Answer::Denied(denied), fact)
}

/// Asks for a grant (E-5.5). It lets nobody in before it is approved.
///
/// What asks for more than the ceiling is refused, not shortened.
pub fn request(
    now: Now,
    policy: &StaffPolicy,
    known: &Requesting<'_>,
    request: &GrantRequest,
) -> Transition<GrantState, Answer<Standing>> {
    let failed = request.failed(now, policy, known);
    if !failed.is_empty() {
        let (answer, fact) = refuse(failed, REQUEST_REFUSED, None, &request.scope);
        return Transition::keep(answer).with(fact.with("staff", &request.staff));
    }
    let state = request.state(now, policy, known);
    let fact = state.fact(REQUESTED).with("duration_secs", state.duration_secs).with("until", state.pending_until);
    let answer = Answer::Granted(state.standing(now, policy, known.consent));
    Transition::new(state.next(now, policy), answer).with(fact)
}

/// What approvals have come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: so many of so many, and how it stands")]
pub struct Progress {
    /// How many different persons have approved.
    pub given: usize,
    /// How many have to.
    pub needed: u8,
    /// How the grant stands.
    pub standing: Standing,
}

/// Approves a grant (E-5.5): by an account of the customer's that has the right, never by who asked for it, never by
/// another customer's. The same person twice counts once.
pub fn approve(
    state: Option<&GrantState>,
    now: Now,
    policy: &StaffPolicy,
    consent: Option<&ConsentState>,
    by: &Party,
) -> Transition<GrantState, Answer<Progress>> {
    let Some(state) = state else { return absent(APPROVAL_REFUSED) };
    let standing = state.standing(now, policy, consent);
    let failed = [
        (state.tenant != by.tenant).then_some(Condition::OtherTenant),
        by.within.as_ref().map(|_| Condition::Chained),
        (!by.has_right || by.is_staff != state.by_operator).then_some(Condition::NoRight),
        by.is(&state.staff).then_some(Condition::Oneself),
        match standing {
            Standing::Pending { .. } => None,
            Standing::Ahead => Some(Condition::Ahead),
            Standing::Over(end) => Some(Condition::Over(end)),
            Standing::Scheduled { .. } | Standing::Ready { .. } | Standing::Active { .. } => {
                Some(Condition::NotPending)
            }
        },
    ];
    let failed: Vec<Condition> = failed.into_iter().flatten().collect();
    if !failed.is_empty() {
        let is_theirs = state.tenant == by.tenant;
        let (answer, fact) = refuse(failed, APPROVAL_REFUSED, Some(state), &state.scope);
        return seen(state, now, policy, standing, is_theirs, answer).with(fact);
    }
    let mut state = state.clone();
    let is_new = state.approvals.iter().all(|approval| approval.person != by.person);
    if !is_new {
        let given = state.approvals.len();
        return Transition::keep(Answer::Granted(Progress { given, needed: state.needed, standing }));
    }
    let at = now.timestamp();
    // What the policy asks for today, where that is more.
    state.needed = state.needed.max(policy.approvals());
    state.approvals.push(Approval { by: by.actor.clone(), person: by.person.clone(), at });
    let (given, needed) = (state.approvals.len(), state.needed);
    let code = if given >= usize::from(needed) {
        state.phase = Phase::Approved { at, use_by: now.plus(policy.unused()) };
        APPROVED
    } else {
        APPROVAL_GIVEN
    };
    let fact =
        state.fact(code).with("given", u64::try_from(given).unwrap_or(u64::MAX)).with("needed", u64::from(needed));
    let standing = state.standing(now, policy, consent);
    let answer = Answer::Granted(Progress { given, needed, standing });
    Transition::new(state.next(now, policy), answer).with(fact)
}

/// Ends a grant: its bearer withdraws or closes it, a customer with the right dismisses or revokes it, and so does a
/// member of staff with the right. It bites at the next use, in whatever session. Ending what is over changes nothing.
pub fn end(
    state: Option<&GrantState>,
    now: Now,
    policy: &StaffPolicy,
    consent: Option<&ConsentState>,
    by: &Party,
) -> Transition<GrantState, Answer<End>> {
    let Some(state) = state else { return absent(CHANGE_REFUSED) };
    let standing = state.standing(now, policy, consent);
    let is_bearer = by.acts_as(&state.staff);
    let failed = [
        (state.tenant != by.tenant).then_some(Condition::OtherTenant),
        (!is_bearer && !by.has_right).then_some(Condition::NoRight),
    ];
    let failed: Vec<Condition> = failed.into_iter().flatten().collect();
    if !failed.is_empty() {
        let (answer, fact) = refuse(failed, CHANGE_REFUSED, Some(state), &state.scope);
        return Transition::keep(answer).with(fact);
    }
    let how = match (standing, is_bearer) {
        (Standing::Over(how), _) => how,
        (Standing::Pending { .. }, true) => End::Withdrawn,
        (_, true) => End::Closed,
        (Standing::Pending { .. } | Standing::Ready { .. } | Standing::Scheduled { .. }, false) => End::Dismissed,
        (_, false) => End::Revoked,
    };
    seen(state, now, policy, Standing::Over(how), true, Answer::Granted(how))
}

/// Writes down what was seen to be over, before anybody is told: no clock that steps back revives it.
pub(super) fn seen<O>(
    state: &GrantState,
    now: Now,
    policy: &StaffPolicy,
    standing: Standing,
    is_theirs: bool,
    answer: O,
) -> Transition<GrantState, O> {
    match standing {
        Standing::Over(how) if is_theirs && !state.is_ended() => {
            let (ended, fact) = state.clone().ended(now, how);
            Transition::new(ended.next(now, policy), answer).with(fact)
        }
        _ => Transition::new(Next::Keep, answer),
    }
}

pub(super) fn absent<T>(code: Code) -> Transition<GrantState, Answer<T>> {
    let denied = Denied::new([Condition::NoGrant].into());
    let fact = denied.fact(code, super::Area::Account);
    Transition::keep(Answer::Denied(denied)).with(fact)
}
