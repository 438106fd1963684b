//! What the detectors raised.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;

use super::{Listed, Masker, ReportPeriod};
use crate::alerts::{Alert, AlertKind, AlertPolicy, AlertState, observe};
use crate::event::Event;
use crate::time::Timestamp;

/// Alerts of the period (A2-Access-4).
///
/// ```
/// use clausework::alerts::AlertPolicy;
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let refused = |minute| format!(
///     r#"{{"v":1,"at":"2026-11-22T09:{minute}:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":"internal","subject":{{"kind":"credential","id":"u-17"}},"code":"sign_in.refused","outcome":"failure","clauses":[],"details":{{"reason":"sign_in.mismatch"}}}}"#
/// );
/// let mut report = Report::builder(now, tenant, november);
/// report.detect(AlertPolicy::builder().failures(2).build()?).stored_events([refused(30), refused(31), refused(32)]);
/// let alerts = report.build().alerts.ok_or("no detectors")?;
/// assert_eq!((alerts.alerts.total, alerts.alerts.rows[0].code.as_str()), (1, "alerts.brute_force"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AlertSection {
    /// Whether the report itself folded the detectors over the events that were handed in.
    pub detected: bool,
    /// Events that were handed in before the detectors were, so that none looked at them.
    pub unobserved: u64,
    /// Alerts that were handed in and are not of the period.
    pub outside: u64,
    /// The alerts, in the order in which they were raised or handed in; none twice.
    pub alerts: Listed<AlertRow>,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AlertRow {
    /// When.
    pub at: Timestamp,
    /// Its code.
    pub code: String,
    /// The account, or its number in this report.
    pub account: Option<String>,
    /// The source, or its number in this report.
    pub source: Option<String>,
    /// How many failures or accounts were counted.
    pub count: u32,
}

/// The section as it grows.
#[derive(Clone, Debug, Default)]
pub(super) struct AlertTally {
    detectors: Option<(AlertPolicy, AlertState)>,
    unobserved: u64,
    is_given: bool,
    outside: u64,
    known: BTreeSet<(AlertKind, Timestamp, Option<String>, Option<IpAddr>)>,
    alerts: Listed<Alert>,
}

impl AlertTally {
    pub(super) fn detect(&mut self, policy: AlertPolicy) {
        self.detectors = Some((policy, AlertState::default()));
    }

    pub(super) const fn policy(&self) -> Option<&AlertPolicy> {
        match &self.detectors {
            Some((policy, _)) => Some(policy),
            None => None,
        }
    }

    /// Shows the detectors an event of the period, or of the time before it, of which no alert is told.
    pub(super) fn observe(&mut self, event: &Event, is_within: bool) {
        match &mut self.detectors {
            Some((policy, state)) => {
                for alert in observe(state, policy, event) {
                    if is_within {
                        self.add(alert);
                    }
                }
            }
            None => self.unobserved = self.unobserved.saturating_add(u64::from(is_within)),
        }
    }

    /// Takes alerts that the host kept.
    pub(super) fn give(&mut self, period: ReportPeriod, alerts: impl IntoIterator<Item = Alert>) {
        self.is_given = true;
        for alert in alerts {
            if period.has(alert.at()) {
                self.add(alert);
            } else {
                self.outside = self.outside.saturating_add(1);
            }
        }
    }

    fn add(&mut self, alert: Alert) {
        let (kind, at, account, source) = alert.dedup_key();
        let key = (kind, at, account.map(ToString::to_string), source);
        if self.known.contains(&key) {
            return;
        }
        if self.known.len() < Listed::<Alert>::MAX_ROWS {
            self.known.insert(key);
        }
        self.alerts.push(alert);
    }

    pub(super) fn finish(&self, has_events: bool, mask: &mut Masker) -> Option<AlertSection> {
        // Detectors that were handed no event have not looked.
        let detected = has_events && self.detectors.is_some();
        if !detected && !self.is_given {
            return None;
        }
        let rows: Vec<AlertRow> = self
            .alerts
            .rows
            .iter()
            .map(|alert| AlertRow {
                at: alert.at(),
                code: alert.kind().code().to_string(),
                account: alert.account().map(|account| mask.account(account)),
                source: alert.source().map(|source| mask.address(source)),
                count: alert.count(),
            })
            .collect();
        Some(AlertSection {
            detected,
            unobserved: if detected { self.unobserved } else { 0 },
            outside: self.outside,
            alerts: Listed { total: self.alerts.total, rows },
        })
    }
}
