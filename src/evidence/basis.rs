//! What was handed in, and what could not be used of it.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::Listed;
use crate::event::{Event, EventError, Outcome};
use crate::id::{Scope, TenantId};
use crate::time::Timestamp;

/// How many different codes are counted apart; what comes after them is counted together.
const MAX_CODES: usize = 512;

/// What was handed in, and what of it was not counted and why: a report that does not say this proves nothing.
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let of = |tenant: &str| format!(
///     r#"{{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:{tenant}","actor":"unauthenticated","origin":"internal","subject":{{"kind":"credential","id":"u-17"}},"code":"sign_in.signed_in","outcome":"success","clauses":[],"details":{{}}}}"#
/// );
/// let report = Report::builder(now, tenant, november).stored_events([of("acme"), of("umbrella"), "?".into()]).build();
/// let basis = report.basis.events.as_ref().ok_or("none handed in")?;
/// assert_eq!((basis.handed_in, basis.counted, basis.of_others), (3, 1, 1));
/// assert_eq!((basis.codes[0].code.as_str(), basis.codes[0].successes), ("sign_in.signed_in", 1));
/// assert_eq!(basis.unreadable.rows[0].position, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventBasis {
    /// Every event that was handed in, readable or not.
    pub handed_in: u64,
    /// Those of the tenant within the period: what the counts are about.
    pub counted: u64,
    /// Those of the tenant before the period: the detectors and the grants remember them, and nothing else does.
    pub before: u64,
    /// Those of the tenant after the period, passed over but for counts of refusals that began within it.
    pub after: u64,
    /// Those of other tenants, passed over. Their content is nowhere in the report.
    pub of_others: u64,
    /// Those of the operator, passed over.
    pub of_operator: u64,
    /// Those whose instant is before that of one handed in earlier. The detectors rely on the order.
    pub out_of_order: u64,
    /// Those that could not be read, with their places.
    pub unreadable: Listed<UnreadableEvent>,
    /// The first instant of those counted.
    pub first_at: Option<Timestamp>,
    /// The last instant of those counted.
    pub last_at: Option<Timestamp>,
    /// How often each code was counted, sorted by code.
    pub codes: Vec<CodeCount>,
}

/// An event that was handed in and could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnreadableEvent {
    /// Its place among all the events that were handed in, from 1.
    pub position: u64,
    /// Why not. Nothing of the text is in it.
    pub why: String,
}

/// How often one code was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CodeCount {
    /// The code; `(others)` for those past the limit on different codes.
    pub code: String,
    /// Events that say that it came about.
    pub successes: u64,
    /// Events that say that it was refused or went wrong.
    pub failures: u64,
}

/// Where an event belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is counted.
    Within,
    /// It is of the tenant and before the period.
    Before,
    /// It is of the tenant and after the period.
    After,
    /// It is not for this report.
    Elsewhere,
}

/// The basis as it grows.
#[derive(Clone, Debug, Default)]
pub(super) struct BasisTally {
    pub(super) basis: EventBasis,
    codes: BTreeMap<String, [u64; 2]>,
    latest: Option<Timestamp>,
}

impl BasisTally {
    pub(super) fn unreadable(&mut self, why: EventError) {
        self.basis.handed_in = self.basis.handed_in.saturating_add(1);
        let position = self.basis.handed_in;
        self.basis.unreadable.push(UnreadableEvent { position, why: alloc::format!("{why}") });
    }

    /// Counts an event, and says where it belongs.
    pub(super) fn place(&mut self, tenant: &TenantId, period: super::ReportPeriod, event: &Event) -> Place {
        let basis = &mut self.basis;
        let one_more = |count: &mut u64| *count = count.saturating_add(1);
        one_more(&mut basis.handed_in);
        match event.scope() {
            Scope::Tenant(of) if of == tenant => {}
            Scope::Tenant(_) => {
                one_more(&mut basis.of_others);
                return Place::Elsewhere;
            }
            Scope::Operator => {
                one_more(&mut basis.of_operator);
                return Place::Elsewhere;
            }
        }
        let at = event.at();
        if self.latest.is_some_and(|latest| at < latest) {
            one_more(&mut basis.out_of_order);
        }
        self.latest = self.latest.max(Some(at));
        if at < period.from() {
            one_more(&mut basis.before);
            return Place::Before;
        }
        if at >= period.until() {
            one_more(&mut basis.after);
            return Place::After;
        }
        one_more(&mut basis.counted);
        basis.first_at = Some(basis.first_at.map_or(at, |first| first.min(at)));
        basis.last_at = basis.last_at.max(Some(at));
        let [successes, failures] = bounded(&mut self.codes, event.code(), MAX_CODES);
        one_more(if event.outcome() == Outcome::Success { successes } else { failures });
        Place::Within
    }

    pub(super) fn finish(&self) -> EventBasis {
        let count = |(code, [successes, failures]): (&String, &[u64; 2])| CodeCount {
            code: code.clone(),
            successes: *successes,
            failures: *failures,
        };
        EventBasis { codes: self.codes.iter().map(count).collect(), ..self.basis.clone() }
    }
}

/// The entry of a key, or, where there are too many different ones, that of all others.
pub(super) fn bounded<'a, V: Default>(map: &'a mut BTreeMap<String, V>, key: &str, most: usize) -> &'a mut V {
    let is_known = map.contains_key(key);
    let key = if is_known || map.len() < most { key } else { OTHERS };
    map.entry(key.to_owned()).or_default()
}

/// Under what is counted that is past a limit. Codes and ids have no brackets.
pub(super) const OTHERS: &str = "(others)";
