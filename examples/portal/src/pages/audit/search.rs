//! Which records a page shows: looked for from the newest, a part of the log at a time.

use chrono::{Days, NaiveDate};
use clausework::audit::record::Record;
use clausework::{AccountId, Scope};
use clausework_stores::StoredRecord;
use serde::Deserialize;

use crate::log::{AuditError, AuditLog};

/// Records of a page.
const PAGE: usize = 25;
/// Records read at once.
const CHUNK: u32 = 200;
/// Records looked at for one page: a filter that fits none must not read a log of years for one request.
const MOST: usize = 4_000;

/// What can be chosen: value, words, the beginnings of its codes.
pub const KINDS: [(&str, &str, &[&str]); 8] = [
    ("", "Everything", &[""]),
    ("sign-in", "Sign-ins", &["sign_in.", "access."]),
    ("session", "Sessions", &["session."]),
    ("password", "Passwords and locks", &["credential.", "lockout.", "password.", "screening."]),
    ("support", "Access of support", &["staff."]),
    ("rules", "Rules and roles", &["access.list", "tenancy.", "governance."]),
    ("agreement", "The agreement and reports", &["portal.agreement", "portal.evidence"]),
    ("log", "The log itself", &["portal.log", "audit."]),
];

/// What was asked for, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub kind: String,
    pub who: String,
    pub day: String,
    pub before: String,
}

impl Wanted {
    /// Where to go on; from the newest, if that is no index.
    pub fn below(&self) -> Option<u64> {
        self.before.parse().ok()
    }
}

/// The same, understood.
#[derive(Debug)]
pub struct Filter {
    codes: &'static [&'static str],
    who: Option<String>,
    day: Option<NaiveDate>,
    /// Whoever decides nothing for the customer sees what he did himself, and what was done about him.
    only: Option<AccountId>,
}

/// A page of records.
#[derive(Debug, Default)]
pub struct Found {
    pub records: Vec<StoredRecord>,
    /// Where to go on; `None` at the beginning of the log.
    pub next: Option<u64>,
}

impl Filter {
    /// # Errors
    /// What to say of a day that is none.
    pub fn of(wanted: &Wanted, only: Option<AccountId>) -> Result<Self, &'static str> {
        let kind = KINDS.iter().find(|(value, ..)| *value == wanted.kind);
        let day = match wanted.day.trim() {
            "" => None,
            // Strict: chrono alone would also read `+2026-1-31`.
            text => Some(
                text.parse::<NaiveDate>()
                    .ok()
                    .filter(|day| day.to_string() == text)
                    .ok_or("That is no day of the calendar. Write it as year, month and day, such as 2026-11-22.")?,
            ),
        };
        let who = Some(wanted.who.trim().to_owned()).filter(|who| !who.is_empty());
        Ok(Self { codes: kind.map_or(&[""], |(.., codes)| codes), who, day, only })
    }

    fn fits(&self, record: &Record<'_>) -> bool {
        let is_by = |account: &str| record.actor().id() == Some(account);
        let concerns = |account: &AccountId| is_by(account.as_str()) || record.about().id() == account.as_str();
        self.codes.iter().any(|code| record.code().starts_with(code))
            && self.who.as_deref().is_none_or(is_by)
            && self.day.is_none_or(|day| record.place().recorded_at().to_datetime().date_naive() == day)
            && self.only.as_ref().is_none_or(concerns)
    }

    /// Whether it lets everything through, so that records whose bodies were deleted are shown as well.
    fn is_open(&self) -> bool {
        self.only.is_none() && self.who.is_none() && self.day.is_none() && self.codes == [""]
    }
}

/// Looks from `before` towards the beginning. Records stand in the order of their recording, so that nothing older than
/// the day can follow.
pub async fn find(log: &AuditLog, scope: &Scope, filter: &Filter, before: Option<u64>) -> Result<Found, AuditError> {
    let (mut found, mut seen, mut below) = (Found::default(), 0, before.unwrap_or(u64::MAX));
    let is_past = |record: &Record<'_>| {
        let next = filter.day.and_then(|day| day.checked_sub_days(Days::new(1)));
        next.is_some_and(|before| record.place().recorded_at().to_datetime().date_naive() <= before)
    };
    loop {
        let chunk = log.page(scope, below, CHUNK).await?;
        let is_last = chunk.len() < CHUNK as usize;
        for stored in chunk {
            if found.records.len() == PAGE || seen == MOST {
                found.next = Some(below);
                return Ok(found);
            }
            (seen, below) = (seen + 1, stored.index);
            match stored.body.as_deref().map(Record::decode) {
                Some(Ok(record)) if is_past(&record) => return Ok(found),
                Some(Ok(record)) if filter.fits(&record) => found.records.push(stored),
                Some(Ok(_)) => {}
                // What cannot be read is never left out before whoever may see all of it.
                Some(Err(_)) if filter.only.is_none() => found.records.push(stored),
                None if filter.is_open() => found.records.push(stored),
                Some(Err(_)) | None => {}
            }
        }
        if is_last {
            return Ok(found);
        }
    }
}
