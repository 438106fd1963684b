use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::RectificationPolicy;
use super::state::{FieldState, RectificationState, RefusalGround};
use crate::clause;
use crate::event::{Code, Fact};
use crate::id::{AccountId, OpaqueId};
use crate::store::Transition;
use crate::time::Now;

/// Somebody asked for something to be put right.
pub const REQUESTED: Code = Code::internal("governance.rectification_requested");
/// A request was refused: it was not for its requester to make.
pub const REQUEST_REFUSED: Code = Code::internal("governance.rectification_request_refused");
/// A field was put right, or left as it is.
pub const FIELD_DECIDED: Code = Code::internal("governance.rectification_field_decided");
/// The person, or a recipient, was told.
pub const TOLD: Code = Code::internal("governance.rectification_told");
/// Reason: neither the person nor an administrator of the customer.
pub const NOT_THEIRS: Code = Code::internal("governance.rectification_not_theirs");
/// Reason: no field, or more than a request can have.
pub const NO_FIELDS: Code = Code::public("governance.rectification_no_fields");

/// Who asks. The operator's own staff is not among them: it passes on what the person says, as the person's request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requester {
    /// A person: for himself, and for nobody else.
    Person(AccountId),
    /// An administrator of the customer, for any account of it.
    Administrator(AccountId),
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum RequestOutcome {
    /// It is open.
    Requested,
    /// It is about somebody else.
    NotTheirs,
    /// It names no field, or more than [`RectificationState::MAX_FIELDS`].
    NoFields,
}

/// Opens a request for these fields of an account's data. A field that is named twice is one.
pub fn request(
    now: Now,
    policy: &RectificationPolicy,
    by: &Requester,
    account: &AccountId,
    fields: impl IntoIterator<Item = OpaqueId>,
) -> Transition<RectificationState, RequestOutcome> {
    let refused = |reason: Code, outcome| {
        let fact = Fact::failure(REQUEST_REFUSED).under(clause::E_1_3).with("reason", reason);
        // There is no state to keep: whoever files it writes nothing.
        Transition::keep(outcome).with(fact)
    };
    if matches!(by, Requester::Person(person) if person != account) {
        return refused(NOT_THEIRS, RequestOutcome::NotTheirs);
    }
    let mut asked = BTreeMap::new();
    for field in fields {
        asked.insert(field, FieldState::Open);
        if asked.len() > RectificationState::MAX_FIELDS {
            break; // one more than there can be is enough to know
        }
    }
    if asked.is_empty() || asked.len() > RectificationState::MAX_FIELDS {
        return refused(NO_FIELDS, RequestOutcome::NoFields);
    }
    let mut fact = Fact::success(REQUESTED).under(clause::E_1_3).with("account", account);
    fact = fact.with("fields", u32::try_from(asked.len()).unwrap_or(u32::MAX));
    if let Some(due) = policy.target().map(|target| now.plus(target)) {
        fact = fact.with("target", due);
    }
    let state = RectificationState {
        account: account.clone(),
        asked_at: now.timestamp(),
        fields: asked,
        person_told_at: None,
        told: BTreeSet::new(),
    };
    Transition::put(state, RequestOutcome::Requested).with(fact)
}

/// What is decided of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldVerdict {
    /// It was put right, in the same commit: give the host's own write and this one to one [`Change`](crate::store::Change).
    Applied,
    /// It stays as it is.
    Refused(RefusalGround),
}

/// What became of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum FieldOutcome {
    /// It holds.
    Decided,
    /// It was decided before, and stays so: what is wrong again is a request of its own.
    Already(FieldState),
    /// The request is not about this field.
    NoSuchField,
}

/// Settles one field of a request.
pub fn decide_field(
    mut state: RectificationState,
    now: Now,
    field: &OpaqueId,
    verdict: FieldVerdict,
) -> Transition<RectificationState, FieldOutcome> {
    let Some(known) = state.fields.get_mut(field) else { return Transition::keep(FieldOutcome::NoSuchField) };
    if *known != FieldState::Open {
        return Transition::keep(FieldOutcome::Already(*known));
    }
    let at = now.timestamp();
    let (next, fact) = match verdict {
        FieldVerdict::Applied => (FieldState::Applied { at }, Fact::success(FIELD_DECIDED)),
        FieldVerdict::Refused(ground) => {
            (FieldState::Refused { at, ground }, Fact::failure(FIELD_DECIDED).with("ground", word(ground)))
        }
    };
    *known = next;
    Transition::put(state, FieldOutcome::Decided).with(fact.under(clause::E_1_3).with("field", field))
}

const fn word(ground: RefusalGround) -> &'static str {
    match ground {
        RefusalGround::Accurate => "accurate",
        RefusalGround::NotProvided => "not_provided",
        RefusalGround::Unidentified => "unidentified",
        RefusalGround::RequiredByLaw => "required_by_law",
    }
}

/// Who was told of what became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Told {
    /// Whoever it is about.
    Person,
    /// One of the [recipients](RectificationPolicy::recipients).
    Recipient(OpaqueId),
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum TellOutcome {
    /// Taken down.
    Noted,
    /// It was taken down before, or as many were as there can be.
    Already,
    /// There is nothing to tell yet: a field is open, so that it would be half of it, or (for a recipient) none was put
    /// right.
    TooEarly,
}

/// Takes down that somebody was told.
pub fn tell(mut state: RectificationState, now: Now, told: &Told) -> Transition<RectificationState, TellOutcome> {
    let fact = Fact::success(TOLD).under(clause::E_1_3);
    let (is_new, fact) = match told {
        _ if state.has_open() => return Transition::keep(TellOutcome::TooEarly),
        Told::Recipient(_) if !state.has_changes() => return Transition::keep(TellOutcome::TooEarly),
        Told::Person => (state.person_told_at.is_none(), fact.with("recipient", "person")),
        Told::Recipient(recipient) => {
            let room = state.told.len() < RectificationPolicy::MAX_RECIPIENTS;
            (room && !state.told.contains(recipient), fact.with("recipient", recipient))
        }
    };
    if !is_new {
        return Transition::keep(TellOutcome::Already);
    }
    match told {
        Told::Person => state.person_told_at = Some(now.timestamp()),
        Told::Recipient(recipient) => {
            state.told.insert(recipient.clone());
        }
    }
    Transition::put(state, TellOutcome::Noted).with(fact)
}

/// What is left of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum RectificationStatus {
    /// These fields are to be decided.
    ToDecide(Vec<OpaqueId>),
    /// All are decided, and these are to be told.
    ToTell {
        /// Whether the person is.
        person: bool,
        /// Which recipients are.
        recipients: Vec<OpaqueId>,
    },
    /// Nothing.
    Done,
}

/// What is left of a request now.
pub fn status(state: &RectificationState, policy: &RectificationPolicy) -> RectificationStatus {
    let open: Vec<OpaqueId> =
        state.fields.iter().filter(|(_, field)| **field == FieldState::Open).map(|(name, _)| name.clone()).collect();
    if !open.is_empty() {
        return RectificationStatus::ToDecide(open);
    }
    let changed = state.has_changes();
    let recipients: Vec<OpaqueId> =
        policy.recipients().filter(|recipient| changed && !state.told.contains(*recipient)).cloned().collect();
    match (state.person_told_at, recipients) {
        (Some(_), recipients) if recipients.is_empty() => RectificationStatus::Done,
        (told, recipients) => RectificationStatus::ToTell { person: told.is_none(), recipients },
    }
}

/// Whether a request that is not done is past the host's own target. Without a target nothing is late.
///
/// ```
/// use core::time::Duration;
/// use clausework::governance::rectification::{RectificationPolicy, Requester, is_late, request};
/// use clausework::{AccountId, Now, Timestamp, id::OpaqueId, store::Next};
///
/// let policy = RectificationPolicy::builder().target_days(14).build()?;
/// let (start, anna) = (Timestamp::MIN, AccountId::try_new("u-17")?);
/// let asked = request(start.into(), &policy, &Requester::Person(anna.clone()), &anna, [OpaqueId::try_new("phone")?]);
/// let (Next::Put(state), ..) = asked.into_parts() else { panic!() };
/// let after = |seconds| Now::from(start.saturating_add(Duration::from_secs(seconds)));
/// assert!(!is_late(&state, after(14 * 86_400 - 1), &policy));
/// assert!(is_late(&state, after(14 * 86_400), &policy)); // the end itself is past
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn is_late(state: &RectificationState, now: Now, policy: &RectificationPolicy) -> bool {
    let due = policy.target().map(|target| state.asked_at.saturating_add(target));
    due.is_some_and(|due| now.timestamp() >= due) && status(state, policy) != RectificationStatus::Done
}
