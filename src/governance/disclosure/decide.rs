use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::DisclosurePolicy;
use super::notice::is_due;
use super::state::{DisclosureEnd, DisclosureGround, DisclosureState, Notice};
use crate::clause;
use crate::event::{Code, Fact};
use crate::id::OpaqueId;
use crate::store::Transition;
use crate::time::{Now, Timestamp};

/// Somebody asks for a disclosure to be approved.
pub const REQUESTED: Code = Code::internal("governance.disclosure_requested");
/// Somebody approved one.
pub const APPROVED: Code = Code::internal("governance.disclosure_approved");
/// An approval does not count; the detail `reason` says why.
pub const NOT_APPROVED: Code = Code::internal("governance.disclosure_not_approved");
/// Somebody refused a disclosure: nothing leaves.
pub const REFUSED: Code = Code::internal("governance.disclosure_refused");
/// A case waited too long.
pub const EXPIRED: Code = Code::internal("governance.disclosure_expired");
/// Data went out.
pub const RELEASED: Code = Code::internal("governance.disclosure_released");
/// Data did not go out; the details say why.
pub const RELEASE_REFUSED: Code = Code::internal("governance.disclosure_release_refused");

/// What is asked for: why, by what paper, for whom, and which data. No more leaves than it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    ground: DisclosureGround,
    reference: OpaqueId,
    recipient: OpaqueId,
    categories: BTreeSet<OpaqueId>,
}

impl Ask {
    /// For a recipient, on a ground that a paper proves, these categories of data: at least one, at most
    /// [`DisclosureState::MAX_CATEGORIES`].
    #[must_use]
    pub fn new(
        ground: DisclosureGround,
        reference: OpaqueId,
        recipient: OpaqueId,
        categories: impl IntoIterator<Item = OpaqueId>,
    ) -> Self {
        let mut ask = Self { ground, reference, recipient, categories: BTreeSet::new() };
        for category in categories {
            ask.categories.insert(category);
            if ask.categories.len() > DisclosureState::MAX_CATEGORIES {
                break; // one more than there can be is enough to know
            }
        }
        ask
    }
}

/// What became of an ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum RequestOutcome {
    /// It waits for its approvals.
    Requested,
    /// It names no data, or more categories than it can.
    NoCategories,
}

/// Opens a case, for somebody of the staff.
pub fn request(now: Now, by: OpaqueId, ask: Ask) -> Transition<DisclosureState, RequestOutcome> {
    let Ask { ground, reference, recipient, categories } = ask;
    if categories.is_empty() || categories.len() > DisclosureState::MAX_CATEGORIES {
        return Transition::keep(RequestOutcome::NoCategories);
    }
    let fact = about(Fact::success(REQUESTED), ground, &reference).with("recipient", &recipient);
    let state = DisclosureState {
        ground,
        reference,
        recipient,
        categories,
        requested_by: by,
        requested_at: now.timestamp(),
        approvals: BTreeMap::new(),
        notice: Notice::Owed,
        end: None,
    };
    Transition::put(state, RequestOutcome::Requested).with(fact)
}

pub(super) fn about(fact: Fact, ground: DisclosureGround, reference: &OpaqueId) -> Fact {
    let fact = fact.under(clause::E_3_1).with("reference", reference);
    match ground {
        DisclosureGround::RequiredByLaw => fact.under(clause::SCC_5D_I).with("ground", "required_by_law"),
        DisclosureGround::CustomerInstruction => fact.under(clause::D_3_1_2A).with("ground", "customer_instruction"),
    }
}

/// What became of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum ApproveOutcome {
    /// It counts.
    Approved {
        /// So many more are wanted.
        missing: usize,
    },
    /// Nobody approves what he asked for himself.
    OwnRequest,
    /// The same person has approved it, and once counts; or enough others have.
    Already,
    /// The case waited too long.
    Expired,
    /// The case is over.
    Ended,
}

/// Approves a case, by somebody of the staff.
pub fn approve(
    mut state: DisclosureState,
    now: Now,
    policy: &DisclosurePolicy,
    by: &OpaqueId,
) -> Transition<DisclosureState, ApproveOutcome> {
    let refused = |state: &DisclosureState, outcome, reason: &'static str| {
        let fact = about(Fact::failure(NOT_APPROVED), state.ground, &state.reference);
        Transition::keep(outcome).with(fact.with("reason", reason).with("approver", by))
    };
    if state.end.is_some() {
        return refused(&state, ApproveOutcome::Ended, "ended");
    }
    if is_expired(&state, now, policy) {
        return expire(state, now, ApproveOutcome::Expired);
    }
    if *by == state.requested_by {
        return refused(&state, ApproveOutcome::OwnRequest, "own_request");
    }
    if state.approvals.contains_key(by) || is_approved(&state, policy) {
        return refused(&state, ApproveOutcome::Already, "already");
    }
    state.approvals.insert(by.clone(), now.timestamp());
    let missing = usize::from(policy.approvals()).saturating_sub(state.approvals.len());
    let fact = about(Fact::success(APPROVED), state.ground, &state.reference);
    let fact = fact.with("approver", by).with("missing", u32::try_from(missing).unwrap_or(u32::MAX));
    Transition::put(state, ApproveOutcome::Approved { missing }).with(fact)
}

fn is_approved(state: &DisclosureState, policy: &DisclosurePolicy) -> bool {
    state.approvals.len() >= usize::from(policy.approvals())
}

/// From when on it is too late: for approvals, or once it has them for the release.
fn ends_at(state: &DisclosureState, policy: &DisclosurePolicy) -> Timestamp {
    match state.approvals.values().max() {
        Some(last) if is_approved(state, policy) => last.saturating_add(policy.release_within()),
        _ => state.requested_at.saturating_add(policy.pending()),
    }
}

/// Whether it is too late. An instant further ahead than a clock may be off was written by one that was: it is no excuse.
fn is_expired(state: &DisclosureState, now: Now, policy: &DisclosurePolicy) -> bool {
    let begun = state.approvals.values().max().copied().unwrap_or(state.requested_at);
    now.timestamp() >= ends_at(state, policy) || begun > now.plus(crate::time::SKEW)
}

/// Written down as over before anybody is told, so a clock that steps back opens nothing again.
fn expire<O>(mut state: DisclosureState, now: Now, outcome: O) -> Transition<DisclosureState, O> {
    let fact = about(Fact::failure(EXPIRED), state.ground, &state.reference);
    state.end = Some(DisclosureEnd::Expired { at: now.timestamp() });
    Transition::put(state, outcome).with(fact)
}

/// What became of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum RefuseOutcome {
    /// The case is over.
    Refused,
    /// It was over before.
    Ended,
}

/// Refuses a case, whoever has approved it: one is enough.
pub fn refuse(mut state: DisclosureState, now: Now) -> Transition<DisclosureState, RefuseOutcome> {
    if state.end.is_some() {
        return Transition::keep(RefuseOutcome::Ended);
    }
    let fact = about(Fact::success(REFUSED), state.ground, &state.reference);
    state.end = Some(DisclosureEnd::Refused { at: now.timestamp() });
    Transition::put(state, RefuseOutcome::Refused).with(fact)
}

/// Lets the data of one case out, once. There is no other way to have one than [`release`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the case counts as released: hand the data over"]
pub struct DisclosurePermit {
    recipient: OpaqueId,
    categories: BTreeSet<OpaqueId>,
}

impl DisclosurePermit {
    /// To whom.
    #[must_use]
    pub const fn recipient(&self) -> &OpaqueId {
        &self.recipient
    }

    /// Whether this category of data may go.
    #[must_use]
    pub fn covers(&self, category: &OpaqueId) -> bool {
        self.categories.contains(category)
    }
}

/// What became of a release.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: the data goes or stays")]
pub enum ReleaseOutcome {
    /// Hand it over.
    Released(DisclosurePermit),
    /// It stays, for every one of these reasons.
    Refused(Vec<ReleaseRefusal>),
}

/// Why data stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReleaseRefusal {
    /// Too few have approved.
    NotApproved {
        /// So many have.
        has: usize,
        /// So many must.
        needs: usize,
    },
    /// The customer was not told, and nothing on record forbids it.
    CustomerNotTold,
    /// What forbade to tell the customer has to be looked at again first.
    ProhibitionLapsed,
    /// The case waited too long.
    Expired,
    /// It was refused.
    CaseRefused,
    /// The data went out before.
    AlreadyReleased,
}

impl ReleaseRefusal {
    const fn word(self) -> &'static str {
        match self {
            Self::NotApproved { .. } => "not_approved",
            Self::CustomerNotTold => "customer_not_told",
            Self::ProhibitionLapsed => "prohibition_lapsed",
            Self::Expired => "expired",
            Self::CaseRefused => "refused",
            Self::AlreadyReleased => "already_released",
        }
    }
}

/// Lets the data of a case out, if nothing is in the way.
pub fn release(
    mut state: DisclosureState,
    now: Now,
    policy: &DisclosurePolicy,
) -> Transition<DisclosureState, ReleaseOutcome> {
    let mut refusals = Vec::new();
    match state.end {
        Some(DisclosureEnd::Released { .. }) => refusals.push(ReleaseRefusal::AlreadyReleased),
        Some(DisclosureEnd::Refused { .. }) => refusals.push(ReleaseRefusal::CaseRefused),
        Some(DisclosureEnd::Expired { .. }) => refusals.push(ReleaseRefusal::Expired),
        None if is_expired(&state, now, policy) => {
            return expire(state, now, ReleaseOutcome::Refused(alloc::vec![ReleaseRefusal::Expired]));
        }
        None => {}
    }
    if !is_approved(&state, policy) {
        let (has, needs) = (state.approvals.len(), usize::from(policy.approvals()));
        refusals.push(ReleaseRefusal::NotApproved { has, needs });
    }
    match (state.ground, &state.notice) {
        // The customer knows of its own instruction.
        (DisclosureGround::CustomerInstruction, _) | (_, Notice::Given { .. }) => {}
        (_, Notice::Owed) => refusals.push(ReleaseRefusal::CustomerNotTold),
        (_, Notice::Forbidden { review_at, .. }) if is_due(*review_at, now) => {
            refusals.push(ReleaseRefusal::ProhibitionLapsed);
        }
        (_, Notice::Forbidden { .. }) => {}
    }
    if !refusals.is_empty() {
        let mut fact = about(Fact::failure(RELEASE_REFUSED), state.ground, &state.reference);
        for refusal in &refusals {
            fact = fact.with(refusal.word(), true);
        }
        return Transition::keep(ReleaseOutcome::Refused(refusals)).with(fact);
    }
    let fact = about(Fact::success(RELEASED), state.ground, &state.reference).with("recipient", &state.recipient);
    let told = matches!(state.notice, Notice::Given { .. }) || state.ground == DisclosureGround::CustomerInstruction;
    let permit = DisclosurePermit { recipient: state.recipient.clone(), categories: state.categories.clone() };
    state.end = Some(DisclosureEnd::Released { at: now.timestamp() });
    Transition::put(state, ReleaseOutcome::Released(permit)).with(fact.with("customer_told", told))
}
