//! How long records are kept, and how they go: three ways, each with evidence.
//!
//! | what goes | how it is planned | what stays |
//! |---|---|---|
//! | personal values, by request or because their time is over | [`plan_erasure`], [`plan_purge`] of [`PurgeKind::Disclosures`] | the record and its commitment |
//! | bodies of one class, anywhere | [`plan_purge`] of [`PurgeKind::Bodies`] | the leaf hash |
//! | everything before an index | [`plan_purge`] of [`PurgeKind::Prefix`] | the frontier ([`MinimumIndex`](super::tree::MinimumIndex)), and a proof with each held record |
//!
//! Each goes the same way, and nothing is deleted before the third step:
//!
//! 1. Plan it. What is too young for its class or under a legal hold is refused, record by record.
//! 2. Append the intent ([`PurgePlan::body`], [`ErasurePlan::body`]) and have a checkpoint cover it.
//! 3. [`Clearance::proven`] of that intent (or [`Clearance::of`] it), then delete, and accept [`Clearance::done`] in the same commit. A process that dies
//!    before it finds the intent in [`Ledger::open_intents`](super::verify::Ledger::open_intents) and deletes again.
//!    An intent that is given up before anything was deleted by it is
//!    [withdrawn](crate::audit::record::Body::IntentWithdrawn), and excuses nothing from then on.
//! 4. [`Certificate::of`] both records: what was destroyed, when, by whom and by what right (D-10.4, A2-Use-6).

mod certificate;
mod plan;
mod policy;
#[cfg(test)]
mod tests;

pub use self::certificate::{Certificate, Clearance, NotCleared};
pub use self::plan::{
    Candidate, ErasurePlan, PurgeDecision, PurgeKind, PurgePlan, Refusal, RefusalReason, plan_erasure, plan_purge,
};
pub(crate) use self::policy::covers;
pub use self::policy::{RetentionPolicy, RetentionPolicyBuilder, RetentionPolicyError, Term};
