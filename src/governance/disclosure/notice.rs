use core::time::Duration;

use super::decide::about;
use super::state::{DisclosureGround, DisclosureState, Notice};
use crate::event::{Code, Fact};
use crate::id::OpaqueId;
use crate::store::Transition;
use crate::time::{Now, SKEW, Timestamp};

/// The customer was told.
pub const NOTICE_GIVEN: Code = Code::internal("governance.disclosure_notice_given");
/// A law forbids to tell the customer, for now.
pub const NOTICE_FORBIDDEN: Code = Code::internal("governance.disclosure_notice_forbidden");
/// What forbade to tell the customer is gone: the notice is owed.
pub const NOTICE_RENEWED: Code = Code::internal("governance.disclosure_notice_renewed");

/// The longest that a prohibition goes without being looked at again: a year of 366 days.
const MAX_REVIEW: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum NoticeOutcome {
    /// Taken down.
    Noted,
    /// It was so before.
    Already,
    /// A law on record forbids it: [`allow_notice`] first.
    Forbidden,
}

/// Takes down that the customer was told.
pub fn give_notice(mut state: DisclosureState, now: Now) -> Transition<DisclosureState, NoticeOutcome> {
    match state.notice {
        Notice::Given { .. } => Transition::keep(NoticeOutcome::Already),
        Notice::Forbidden { .. } => Transition::keep(NoticeOutcome::Forbidden),
        Notice::Owed => {
            state.notice = Notice::Given { at: now.timestamp() };
            let fact = about(Fact::success(NOTICE_GIVEN), state.ground, &state.reference);
            Transition::put(state, NoticeOutcome::Noted).with(fact)
        }
    }
}

/// What became of a prohibition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum ForbidOutcome {
    /// Taken down.
    Noted,
    /// The customer knows already.
    AlreadyGiven,
    /// No law compels the disclosure, so none forbids to speak of it.
    NoLaw,
    /// It is not looked at again between now and a year from now.
    NoReview,
}

/// Takes down that a law forbids to tell the customer, and when that is looked at again: after now, within 366 days.
/// Said again of the same law, it is renewed; else a case that is open has to be approved anew, so that nobody keeps the
/// customer in the dark alone.
pub fn forbid_notice(
    mut state: DisclosureState,
    now: Now,
    law: OpaqueId,
    review_at: Timestamp,
) -> Transition<DisclosureState, ForbidOutcome> {
    if matches!(state.notice, Notice::Given { .. }) {
        return Transition::keep(ForbidOutcome::AlreadyGiven);
    }
    if state.ground != DisclosureGround::RequiredByLaw {
        return Transition::keep(ForbidOutcome::NoLaw);
    }
    if review_at <= now.timestamp() || review_at > now.plus(MAX_REVIEW) {
        return Transition::keep(ForbidOutcome::NoReview);
    }
    let fact = about(Fact::success(NOTICE_FORBIDDEN), state.ground, &state.reference);
    let fact = fact.with("law", &law).with("review_at", review_at);
    // Who approved it had a customer in mind that would know.
    let is_new = !matches!(&state.notice, Notice::Forbidden { law: known, .. } if *known == law);
    if is_new && state.end.is_none() {
        state.approvals.clear();
    }
    state.notice = Notice::Forbidden { law, review_at };
    Transition::put(state, ForbidOutcome::Noted).with(fact)
}

/// Takes down that nothing forbids it any more: from here on the notice is owed again.
pub fn allow_notice(mut state: DisclosureState) -> Transition<DisclosureState, NoticeOutcome> {
    match state.notice {
        Notice::Owed | Notice::Given { .. } => Transition::keep(NoticeOutcome::Already),
        Notice::Forbidden { .. } => {
            let fact = about(Fact::success(NOTICE_RENEWED), state.ground, &state.reference);
            state.notice = Notice::Owed;
            Transition::put(state, NoticeOutcome::Noted).with(fact)
        }
    }
}

/// What is still owed to the customer of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Owed {
    /// To tell it: before the data goes out, or now that nothing forbids it any more.
    Notice,
    /// To look again at what forbids it, since this instant.
    Review {
        /// When that was due; or, of an instant that no review can be set to, when it was set to.
        since: Timestamp,
    },
}

/// What is still owed to the customer of a case, if anything: of one that is open, and of one whose data went out.
///
/// ```
/// use core::time::Duration;
/// use clausework::governance::disclosure::{Ask, DisclosureGround, ForbidOutcome, Owed, allow_notice, forbid_notice, owed, request};
/// use clausework::{Now, Timestamp, id::OpaqueId, store::Next};
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let after = |seconds| Now::from(Timestamp::MIN.saturating_add(Duration::from_secs(seconds)));
/// let ask = Ask::new(DisclosureGround::RequiredByLaw, id("order-17")?, id("court")?, [id("log")?]);
/// let (Next::Put(case), ..) = request(after(0), id("s-3")?, ask).into_parts() else { panic!() };
/// assert_eq!(owed(&case, after(0)), Some(Owed::Notice));
///
/// let review = after(60).timestamp();
/// let (Next::Put(case), ForbidOutcome::Noted, _) = forbid_notice(case, after(0), id("gag-order-3")?, review).into_parts() else { panic!() };
/// assert_eq!(owed(&case, after(59)), None);
/// assert_eq!(owed(&case, after(60)), Some(Owed::Review { since: review }));
/// let (Next::Put(case), ..) = allow_notice(case).into_parts() else { panic!() };
/// assert_eq!(owed(&case, after(61)), Some(Owed::Notice));
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[must_use]
pub fn owed(state: &DisclosureState, now: Now) -> Option<Owed> {
    // What was refused or ran out has told nobody anything.
    if state.ground != DisclosureGround::RequiredByLaw || state.end.is_some() && !state.is_released() {
        return None;
    }
    match state.notice {
        Notice::Given { .. } => None,
        Notice::Owed => Some(Owed::Notice),
        Notice::Forbidden { review_at, .. } => is_due(review_at, now).then_some(Owed::Review { since: review_at }),
    }
}

/// Whether a prohibition has to be looked at again. A review further ahead than one can be was set by a clock that was
/// wrong: it puts nothing off.
pub(super) fn is_due(review_at: Timestamp, now: Now) -> bool {
    now.timestamp() >= review_at || review_at > now.plus(MAX_REVIEW.saturating_add(SKEW))
}
