//! Customers' data handed to somebody who asks for it: only where a law compels it or the customer says so (E-3.1),
//! approved by somebody else, and told to the customer before, unless a law forbids that (SCC-5d-i).
//!
//! [`DisclosureState`] is one case. Nothing leaves without a [`DisclosurePermit`], which only [`release`] gives, once.
//!
//! ```
//! use clausework::governance::disclosure::{
//!     ApproveOutcome, Ask, DisclosureGround, DisclosurePolicy, ReleaseOutcome, ReleaseRefusal, approve, give_notice, release, request,
//! };
//! use clausework::{id::OpaqueId, store::Next};
//! # let now = clausework::Now::from(clausework::Timestamp::MIN);
//!
//! let id = |text: &str| OpaqueId::try_new(text);
//! let policy = DisclosurePolicy::builder().approvals(1).pending_hours(72).release_within_hours(24).build()?;
//! let ask = Ask::new(DisclosureGround::RequiredByLaw, id("order-2026-17")?, id("prosecutor-berlin")?, [id("sign-in-log")?]);
//! let (Next::Put(case), ..) = request(now, id("s-3")?, ask).into_parts() else { panic!() };
//!
//! let refused = release(case.clone(), now, &policy);
//! let reasons = vec![ReleaseRefusal::NotApproved { has: 0, needs: 1 }, ReleaseRefusal::CustomerNotTold];
//! assert_eq!(refused.outcome(), &ReleaseOutcome::Refused(reasons)); // every reason, not the first
//!
//! let (Next::Put(case), ApproveOutcome::Approved { missing: 0 }, _) = approve(case, now, &policy, &id("s-9")?).into_parts() else { panic!() };
//! let (Next::Put(case), ..) = give_notice(case, now).into_parts() else { panic!() };
//! let (Next::Put(_), ReleaseOutcome::Released(permit), _) = release(case, now, &policy).into_parts() else { panic!() };
//! assert!(permit.covers(&id("sign-in-log")?) && !permit.covers(&id("invoices")?));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! Where a law forbids to tell the customer, [`forbid_notice`] takes down which and when that is looked at again. It puts
//! the notice off and does not end it: [`owed`] shows it until it is given, long after the data has gone out.

mod decide;
mod notice;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{
    APPROVED, ApproveOutcome, Ask, DisclosurePermit, EXPIRED, NOT_APPROVED, REFUSED, RELEASE_REFUSED, RELEASED,
    REQUESTED, RefuseOutcome, ReleaseOutcome, ReleaseRefusal, RequestOutcome, approve, refuse, release, request,
};
pub use self::notice::{
    ForbidOutcome, NOTICE_FORBIDDEN, NOTICE_GIVEN, NOTICE_RENEWED, NoticeOutcome, Owed, allow_notice, forbid_notice,
    give_notice, owed,
};
pub use self::policy::{DisclosurePolicy, DisclosurePolicyBuilder, DisclosurePolicyError};
pub use self::state::{DisclosureEnd, DisclosureGround, DisclosureState, Notice};
