//! Lock-outs and refusals: per account, by reason, by day.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::Serialize;

use super::basis::{Place, bounded};
use super::{Listed, Masker, ReportPeriod};
use crate::clause::Clause;
use crate::event::{Event, Outcome, Value};
use crate::lockout::GAP;
use crate::time::Timestamp;

/// How many accounts are counted apart.
const MAX_ACCOUNTS: usize = 100_000;
/// How many different reasons are counted apart.
const MAX_REASONS: usize = 512;

/// Lock-outs and refusals (E-6P.3, A2-Access-4, A2-Access-5).
///
/// ```
/// use clausework::deadline::Zone;
/// use clausework::evidence::{Report, ReportPeriod};
/// # let now = clausework::Now::from("2026-12-02T08:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?);
/// # let tenant = clausework::TenantId::try_new("acme")?;
/// let november = ReportPeriod::days("2026-11-01".parse()?, "2026-12-01".parse()?, Zone::UTC)?;
/// let event = |at: &str, code: &str, details: &str| format!(
///     r#"{{"v":1,"at":"2026-{at}:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":"internal","subject":{{"kind":"lockout","id":"u-17"}},"code":"{code}","outcome":"failure","clauses":["E-6P.3"],"details":{{{details}}}}}"#
/// );
/// let report = Report::builder(now, tenant, november).stored_events([
///     event("11-22T09:30", "sign_in.refused", r#""reason":"sign_in.mismatch""#),
///     event("11-22T09:31", "lockout.locked", ""),
///     event("12-01T00:05", "lockout.gap", r#""count":40,"since":"2026-11-30T23:59:00.000000Z""#), // told at night
/// ]).build();
/// let told = report.sign_in.as_ref().ok_or("none handed in")?;
/// assert_eq!((told.lockouts, told.refusals, told.withheld, told.withheld_into_next), (1, 41, 40, 40));
/// assert_eq!((told.accounts.rows[0].account.as_str(), told.accounts.rows[0].lockouts), ("u-17", 1));
/// assert_eq!((told.reasons[1].reason.as_deref(), told.reasons[1].count), (Some("sign_in.mismatch"), 1));
/// assert_eq!((told.days.len(), told.days[29].refusals), (30, 40)); // on the day on which they began
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SignInSection {
    /// Sign-ins that came about, those that led to a change of a temporary password included.
    pub signed_in: u64,
    /// Locks that were set, of accounts.
    pub lockouts: u64,
    /// Locks that were set of a source, whatever the account.
    pub lockouts_of_sources: u64,
    /// Passwords that were disabled for good, by too many failures in a row.
    pub disabled: u64,
    /// Refusals: recorded one by one, and counted only.
    pub refusals: u64,
    /// Of these, refusals that were counted only ([`GAP`]), by the count that the event gives. A count belongs to the
    /// period in which it began, and so to one report of several in a row.
    pub withheld: u64,
    /// Of these, those of counts that ended after the period: some of them may have come after it, by as much as a window
    /// of the [`DenialPolicy`](crate::lockout::DenialPolicy).
    pub withheld_into_next: u64,
    /// Refusals of counts that began before the period and were told within it: not among the refusals of this report,
    /// though some may have come within it.
    pub withheld_before: u64,
    /// Accounts that were locked, the most often locked first.
    pub accounts: Listed<LockedAccount>,
    /// Refusals by code and reason, the most frequent first.
    pub reasons: Vec<RefusalReason>,
    /// One for each local day of the period, without gaps.
    pub days: Vec<DayCount>,
}

/// An account that was locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LockedAccount {
    /// Its id, or its number in this report.
    pub account: String,
    /// How often it was locked.
    pub lockouts: u64,
    /// When first.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
}

/// Refusals of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RefusalReason {
    /// The code of the event.
    pub code: String,
    /// The reason that the event gives, if it gives one.
    pub reason: Option<String>,
    /// How many.
    pub count: u64,
    /// The clauses that the last of them cites.
    pub clauses: Vec<Clause>,
}

/// What happened on one local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DayCount {
    /// The day.
    pub day: NaiveDate,
    /// Locks that were set, of accounts and of sources.
    pub lockouts: u64,
    /// Refusals, those that were counted only on the day on which their count began.
    pub refusals: u64,
}

#[derive(Clone, Copy, Debug)]
struct Locks {
    count: u64,
    first_at: Timestamp,
    last_at: Timestamp,
}

/// The section as it grows.
#[derive(Clone, Debug, Default)]
pub(super) struct SignInTally {
    section: SignInSection,
    accounts: BTreeMap<String, Locks>,
    /// Accounts past the limit, each counted once for every lock.
    past_limit: u64,
    reasons: BTreeMap<String, (u64, Vec<Clause>)>,
    days: BTreeMap<NaiveDate, [u64; 2]>,
}

impl SignInTally {
    pub(super) fn count(&mut self, period: ReportPeriod, event: &Event, place: Place) {
        if event.code() == GAP.as_str() {
            return self.gap(period, event, place);
        }
        if place != Place::Within {
            return;
        }
        let section = &mut self.section;
        match event.code() {
            "sign_in.signed_in" | "sign_in.change_required" => {
                section.signed_in = section.signed_in.saturating_add(1);
            }
            "lockout.locked" => {
                let [lockouts, _] = self.days.entry(period.day_of(event.at())).or_default();
                *lockouts = lockouts.saturating_add(1);
                self.lock(event);
            }
            "lockout.disabled" => section.disabled = section.disabled.saturating_add(1),
            code if event.outcome() == Outcome::Failure && is_refusal(code) => {
                self.refuse(period.day_of(event.at()), event, 1);
            }
            _ => {}
        }
    }

    /// What was counted only is told when the next one comes, or at night: it began when the count says.
    fn gap(&mut self, period: ReportPeriod, event: &Event, place: Place) {
        let count = event.detail("count").and_then(Value::as_count).unwrap_or(1);
        let since = event.detail("since").and_then(Value::as_text).and_then(Timestamp::parse);
        let since = since.map_or(event.at(), |since| since.min(event.at()));
        let section = &mut self.section;
        if period.has(since) {
            section.withheld = section.withheld.saturating_add(count);
            if place == Place::After {
                section.withheld_into_next = section.withheld_into_next.saturating_add(count);
            }
            self.refuse(period.day_of(since), event, count);
        } else if place == Place::Within {
            section.withheld_before = section.withheld_before.saturating_add(count);
        }
    }

    fn refuse(&mut self, day: NaiveDate, event: &Event, refused: u64) {
        self.section.refusals = self.section.refusals.saturating_add(refused);
        let [_, refusals] = self.days.entry(day).or_default();
        *refusals = refusals.saturating_add(refused);
        let reason = event.detail("reason").and_then(Value::as_text).unwrap_or_default();
        let (count, clauses) = bounded(&mut self.reasons, &alloc::format!("{}\n{reason}", event.code()), MAX_REASONS);
        *count = count.saturating_add(refused);
        *clauses = event.clauses().to_vec();
    }

    fn lock(&mut self, event: &Event) {
        let id = event.subject().id();
        // A lane of a source is about no account; a lane of an account is the account's.
        let account = match id.split_once('~') {
            Some(("", _)) => {
                self.section.lockouts_of_sources = self.section.lockouts_of_sources.saturating_add(1);
                return;
            }
            Some((account, _)) => account,
            None => id,
        };
        self.section.lockouts = self.section.lockouts.saturating_add(1);
        let at = event.at();
        if let Some(locks) = self.accounts.get_mut(account) {
            locks.count = locks.count.saturating_add(1);
            locks.first_at = locks.first_at.min(at);
            locks.last_at = locks.last_at.max(at);
        } else if self.accounts.len() < MAX_ACCOUNTS {
            self.accounts.insert(account.to_string(), Locks { count: 1, first_at: at, last_at: at });
        } else {
            self.past_limit = self.past_limit.saturating_add(1);
        }
    }

    pub(super) fn finish(&self, period: ReportPeriod, mask: &mut Masker) -> SignInSection {
        let mut accounts: Vec<(&String, &Locks)> = self.accounts.iter().collect();
        accounts.sort_by_key(|(account, locks)| (core::cmp::Reverse(locks.count), locks.first_at, *account));
        let mut listed = Listed::default();
        for (account, locks) in accounts {
            let Locks { count, first_at, last_at } = *locks;
            listed.push_with(|| LockedAccount { account: mask.account(account), lockouts: count, first_at, last_at });
        }
        listed.total = listed.total.saturating_add(self.past_limit);

        let mut reasons: Vec<RefusalReason> = self
            .reasons
            .iter()
            .map(|(key, (count, clauses))| {
                let (code, reason) = key.split_once('\n').unwrap_or((key, ""));
                let reason = (!reason.is_empty()).then(|| reason.to_string());
                RefusalReason { code: code.to_string(), reason, count: *count, clauses: clauses.clone() }
            })
            .collect();
        reasons.sort_by_key(|reason| core::cmp::Reverse(reason.count)); // stable: by code and reason within
        let days = period.first_day().iter_days().take_while(|day| *day <= period.last_day());
        let days = days.map(|day| {
            let [lockouts, refusals] = self.days.get(&day).copied().unwrap_or_default();
            DayCount { day, lockouts, refusals }
        });
        SignInSection { accounts: listed, reasons, days: days.collect(), ..self.section.clone() }
    }
}

/// Whether a code says that a sign-in, a session or a choice of a password was refused.
fn is_refusal(code: &str) -> bool {
    let Some((module, word)) = code.split_once('.') else { return false };
    let ends = ["refused", "rejected", "denied", "busy"].iter().any(|end| word.ends_with(end));
    module == "access" || (ends && matches!(module, "sign_in" | "session" | "credential"))
}
