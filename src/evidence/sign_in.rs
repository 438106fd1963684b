//! Lock-outs and refusals: per account, by reason, by day.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::Serialize;

use super::basis::bounded;
use super::{Listed, Masker, ReportPeriod};
use crate::clause::Clause;
use crate::event::{Event, Outcome, Value};
use crate::time::Timestamp;

/// How many accounts are counted apart.
const MAX_ACCOUNTS: usize = 100_000;
/// How many different reasons are counted apart.
const MAX_REASONS: usize = 512;

/// Lock-outs and refusals (E-6P.3, A2-Access-4, A2-Access-5).
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
    /// Of these, refusals that were counted only (`lockout.gap`), by the count that the event gives.
    pub withheld: u64,
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
    pub(super) fn count(&mut self, period: ReportPeriod, event: &Event) {
        let section = &mut self.section;
        let mut refused = 0;
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
            "lockout.gap" => {
                refused = event.detail("count").and_then(Value::as_count).unwrap_or(1);
                section.withheld = section.withheld.saturating_add(refused);
            }
            code if event.outcome() == Outcome::Failure && is_refusal(code) => refused = 1,
            _ => {}
        }
        if refused > 0 {
            self.section.refusals = self.section.refusals.saturating_add(refused);
            // What was counted only is told when the next one comes, or at night: it began when the count says.
            let since = event.detail("since").and_then(Value::as_text).and_then(Timestamp::parse);
            let at = since.filter(|since| event.code() == "lockout.gap" && period.has(*since)).unwrap_or(event.at());
            let [_, refusals] = self.days.entry(period.day_of(at)).or_default();
            *refusals = refusals.saturating_add(refused);
            let reason = event.detail("reason").and_then(Value::as_text).unwrap_or_default();
            let (count, clauses) =
                bounded(&mut self.reasons, &alloc::format!("{}\n{reason}", event.code()), MAX_REASONS);
            *count = count.saturating_add(refused);
            *clauses = event.clauses().to_vec();
        }
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
