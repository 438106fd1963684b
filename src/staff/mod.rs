//! Staff access: who of the operator's people may reach what of a customer's, for what, by whose permission, until when.
//!
//! | you want | use |
//! |---|---|
//! | say who may reach what, from where, for what | [`StaffPolicy`], with an [`AreaRule`] for each [`Area`] that is open at all |
//! | ask for a customer's permission, give it, take it back | [`StaffAccess::request`], [`approve`](StaffAccess::approve), [`end`](StaffAccess::end); [`revoke_all`] |
//! | ask on every use whether staff may | [`StaffAccess::check`], with one joint [`StaffRequest`] |
//! | query the customer's rows under a grant | [`Permit::principal`], as any other of [`tenancy`](crate::tenancy) |
//! | show on the screen who is in, and write it down | [`Permit::banner`], [`Permit::on_behalf`] |
//! | show a customer what is open | [`StaffAccess::list`] |
//! | let staff in without asking, in an emergency | [`enable_glass`] by the customer, then [`StaffAccess::break_glass`] |
//! | note who undertook confidentiality (D-4.1c) | [`sign`] |
//! | report login data that should not be there (E-5.6b) | [`report_login_data`] |
//! | see what the documents contradict (X12) | [`tension`] |
//!
//! # One question, every reason
//!
//! A use is refused unless *all* of it is right: the network and the transport, a role, a [`Purpose`] out of a closed list,
//! an undertaking of confidentiality in force, login data that the customer gave where that is the rule (E-5.6a), and a
//! grant in force that covers this action on this thing for this very purpose. Every [`Condition`] that fails is told to the
//! host; whoever asked is told [`Denied::PUBLIC_MESSAGE`], whatever failed. The production database (E-6H.7) is a short
//! configuration of the same question, and the network alone opens nothing. Production servers (E-6H.8a) and passwords
//! (E-5.3) are opened by no rule; nothing in this module takes, holds or gives out a [`Secret`](crate::Secret) but
//! [`LoginFinding::marked`], which keeps a keyed mark of it.
//!
//! # A grant
//!
//! `requested → approved (k of n) → active → closed, expired, revoked, …`, one record each ([`GrantState`]). It is for one
//! person, purpose and scope. It starts with its first use, or at an instant said beforehand; each interval is half-open.
//! How long a request may wait, how long an approval, and how long the grant lasts are three numbers. Whoever acts under a
//! grant can neither ask for nor approve one, nor review an emergency. Taking a grant back bites at the next question, in whatever session; so does
//! a new generation of the tenant ([`revoke_all`]), which is one write however many grants there are. What is over stays
//! over: it is written so before anybody is told, and no clock that steps back revives it. A record that is gone is no
//! permission either.
//!
//! Roles and the right to approve are the host's to know; it says them with each request.

mod condition;
mod consent;
mod decide;
mod emergency;
mod flow;
mod grant;
mod listing;
mod login_data;
mod member;
mod party;
mod policy;
mod purpose;
mod rule;
mod scope;
mod standing;
mod state;
mod tension;
#[cfg(test)]
mod tests;

pub use self::condition::*;
pub use self::consent::{
    ConsentState, GlassTerms, GlassTermsError, IndexState, disable_glass, enable_glass, revoke_all,
};
pub use self::decide::{Banner, Known, Permit, StaffRequest, conditions, decide};
pub use self::emergency::{break_glass, note_notice, note_review};
pub use self::flow::StaffAccess;
pub use self::grant::{GrantRequest, Progress, Requesting, approve, end, request};
pub use self::listing::OpenGrant;
pub use self::login_data::{LoginData, LoginFinding, login_data_removed, report_login_data};
pub use self::member::{Duty, MemberState, Undertaking, end_undertaking, sign};
pub use self::party::Party;
pub use self::policy::{StaffPolicy, StaffPolicyBuilder, StaffPolicyError};
pub use self::purpose::{Purpose, PurposeError, PurposeKind};
pub use self::rule::AreaRule;
pub use self::scope::{Area, GrantId, GrantScope, Resource, ScopeError};
pub use self::standing::{Approval, End, Glass, Owed, Standing};
pub use self::state::GrantState;
pub use self::tension::{Side, Tension, tension};
