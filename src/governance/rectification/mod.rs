//! Requests to put right what somebody has provided (E-1.3), from the asking to the last recipient told.
//!
//! [`RectificationState`] is one request: which fields of whom, what was done with each, who was told. Who asked is the
//! actor of its events, and of its stamp.
//! [`decide_field`] settles one field, [`tell`] takes down that somebody was told, and [`status`] says what is left. The
//! values are in no state and in no event: only the names of fields are.
//!
//! E-1.3 gives no number, so none is invented (X17): a [target](RectificationPolicy::target_days) is the host's own. What
//! the law gives a data subject is counted in [`dpa`](crate::dpa).
//!
//! ```
//! use clausework::governance::rectification::{
//!     FieldVerdict, RectificationPolicy, RectificationStatus, RequestOutcome, Requester, Told, decide_field, request, status, tell,
//! };
//! use clausework::{AccountId, id::OpaqueId, store::Next};
//! # let now = clausework::Now::from(clausework::Timestamp::MIN);
//!
//! let policy = RectificationPolicy::builder().recipient(OpaqueId::try_new("mail-provider")?).build()?;
//! let (anna, phone) = (AccountId::try_new("u-17")?, OpaqueId::try_new("phone")?);
//! let asked = request(now, &policy, &Requester::Person(anna.clone()), &anna, [phone.clone()]);
//! let (Next::Put(state), RequestOutcome::Requested, _) = asked.into_parts() else { panic!() };
//!
//! let (Next::Put(state), ..) = decide_field(state, now, &phone, FieldVerdict::Applied).into_parts() else { panic!() };
//! let provider = OpaqueId::try_new("mail-provider")?;
//! assert_eq!(status(&state, &policy), RectificationStatus::ToTell { person: true, recipients: vec![provider.clone()] });
//! let (Next::Put(state), ..) = tell(state, now, &Told::Recipient(provider)).into_parts() else { panic!() };
//! let (Next::Put(state), ..) = tell(state, now, &Told::Person).into_parts() else { panic!() };
//! assert_eq!(status(&state, &policy), RectificationStatus::Done);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod decide;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{
    FIELD_DECIDED, FieldOutcome, FieldVerdict, NO_FIELDS, NOT_THEIRS, REQUEST_REFUSED, REQUESTED, RectificationStatus,
    RequestOutcome, Requester, TOLD, TellOutcome, Told, decide_field, is_late, request, status, tell,
};
pub use self::policy::{RectificationPolicy, RectificationPolicyBuilder, RectificationPolicyError};
pub use self::state::{FieldState, RectificationState, RefusalGround};
