//! Alerts: detectors folded over the events of a tenant (A2-Access-4).
//!
//! | you want | use |
//! |---|---|
//! | say what is suspicious | [`AlertPolicy`]; every number has a default and a source |
//! | be told | [`observe`] every event of the tenant, in the order of their instants, and send what it returns |
//! | go on after a restart | keep [`AlertState`] (serde) with the place in the feed, or fold again what the policy looks back on: a window, and the time of disuse |
//!
//! The fold reads nothing but events, so a job beside the application can run it, and the same events give the
//! same alerts. An alert is raised when a threshold is passed, once, and again only after the count was below half of
//! it: a million tries are one alert. [`Alert::dedup_key`] is the same when events are folded twice.
//!
//! What is kept is bounded by the policy. When more accounts or sources are active than it holds, the quietest is
//! forgotten: an alert may then be missed, or raised again, and [`AlertKind::Saturated`] says so. None is ever made up.
//!
//! An event costs one look at each account that is kept of its source, at most as many as spraying and stuffing wait for
//! together, and one at each of [`distributed_accounts`](AlertPolicy::distributed_accounts): with the defaults 130.
//!
//! Denials that a [`DenialPolicy`](crate::lockout::DenialPolicy) only counts are seen by no detector: the event that tells
//! how many there were, [`GAP`](crate::lockout::GAP), names no account, and every detector counts accounts or the tries of
//! one. The locks that they set are seen, and the right password where it is refused. Let the policy record at least as
//! many of a source as the detectors wait for; the defaults do, with 20 in a minute. Past these,
//! [`AlertKind::SuccessAfterFailures`] may be missed where the failures were few and the source had spent its 20 elsewhere.
//!
//! ```
//! use clausework::alerts::{AlertKind, AlertPolicy, AlertState, observe};
//! use clausework::event::Event;
//!
//! let policy = AlertPolicy::builder().failures(2).build()?;
//! let mut state = AlertState::default();
//! let refused = |minute| format!(
//!     r#"{{"v":1,"at":"2026-11-22T09:{minute}:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":{{"network":{{"peer":"198.51.100.7","transport":"tls"}}}},"subject":{{"kind":"credential","id":"u-17"}},"code":"sign_in.refused","outcome":"failure","clauses":[],"details":{{"reason":"sign_in.mismatch"}}}}"#
//! );
//! assert!(observe(&mut state, &policy, &Event::decode(&refused(30))?).is_empty());
//! let raised = observe(&mut state, &policy, &Event::decode(&refused(31))?);
//! assert_eq!(raised[0].kind(), AlertKind::BruteForce);
//! assert_eq!(raised[0].account(), Some("u-17"));
//! assert!(observe(&mut state, &policy, &Event::decode(&refused(32))?).is_empty()); // once
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alert;
mod decide;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::alert::{
    Alert, AlertKind, BRUTE_FORCE, CODES, DISTRIBUTED, DORMANT_USED, LONG_UNUSED, MATCHED_WHILE_LOCKED, SATURATED,
    SPRAYING, STUFFING, SUCCESS_AFTER_FAILURES, TEMPORARY_FROM_NEW_SOURCE,
};
pub use self::decide::observe;
pub use self::policy::{AlertPolicy, AlertPolicyBuilder, AlertPolicyError};
pub use self::state::AlertState;
