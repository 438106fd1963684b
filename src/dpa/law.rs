//! The law that the documents point at, as rules with the days on which they hold.

use chrono::NaiveDate;

use crate::clause::{self, Clause};
use crate::deadline::{
    CCPA, CCPA_CONFIRMATION, Calendar, Deadline, DeadlineError, DeadlineRule, LGPD, Period, Trigger,
};

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// GDPR applies from 25 May 2018 (its Article 99(2)).
const GDPR: NaiveDate = day(2018, 5, 25);

/// A rule of law with the days on which it holds.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::clause;
/// use clausework::dpa::{LawStatus, law_rule};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let answer = law_rule(clause::G_12_3).ok_or("no such rule")?;
/// assert_eq!(answer.status(day(2018, 5, 25)?), LawStatus::InForce);
/// assert_eq!(answer.status(day(2018, 5, 24)?), LawStatus::NotYet);
/// assert!(law_rule(clause::D_10_1B).is_none()); // a clause of the agreement, no law
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawRule {
    clause: Clause,
    from: NaiveDate,
}

/// Whether a rule holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LawStatus {
    /// It does.
    InForce,
    /// It does not yet.
    NotYet,
}

impl LawRule {
    /// Its citation.
    #[must_use]
    pub const fn clause(self) -> Clause {
        self.clause
    }

    /// The first day on which it holds.
    #[must_use]
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// Whether it holds on the day of an event.
    #[must_use]
    pub fn status(self, on: NaiveDate) -> LawStatus {
        if on < self.from { LawStatus::NotYet } else { LawStatus::InForce }
    }
}

/// Every rule of law that the documents point at.
pub const LAW_RULES: [LawRule; 16] = [
    LawRule { clause: clause::G_12_3, from: GDPR },
    LawRule { clause: clause::G_12_4, from: GDPR },
    LawRule { clause: clause::G_28_2, from: GDPR },
    LawRule { clause: clause::G_28_3G, from: GDPR },
    LawRule { clause: clause::G_28_3X, from: GDPR },
    LawRule { clause: clause::G_33_1, from: GDPR },
    LawRule { clause: clause::G_33_2, from: GDPR },
    LawRule { clause: clause::G_33_4, from: GDPR },
    LawRule { clause: clause::G_33_5, from: GDPR },
    LawRule { clause: clause::G_34, from: GDPR },
    LawRule { clause: clause::G_36_2, from: GDPR },
    // No new contract on the clauses of 2010 from this day on: see `CLAUSES_2010` for the second day.
    LawRule { clause: clause::G_SCC, from: day(2021, 9, 27) },
    LawRule { clause: clause::G_PS, from: day(2020, 7, 16) },
    LawRule { clause: clause::G_CCPA, from: CCPA.from() },
    LawRule { clause: clause::G_LGPD, from: LGPD.from() },
    // UK GDPR Article 12A; the parallel rule of the Act has a start that is not verified here.
    LawRule { clause: clause::G_UK, from: day(2026, 2, 5) },
];

/// The rule behind a clause of [`Document::Law`](crate::clause::Document::Law).
#[must_use]
pub fn law_rule(clause: Clause) -> Option<LawRule> {
    LAW_RULES.into_iter().find(|rule| rule.clause == clause)
}

/// Whether a rule applies to an event of that day.
pub(super) fn applies(clause: Clause, on: NaiveDate) -> bool {
    law_rule(clause).is_some_and(|rule| rule.status(on) == LawStatus::InForce)
}

/// The last day for confirming receipt of a request under the California regulations: ten business days,
/// which need the holidays of the place (`G-CCPA`). The ledger has none, and says so.
///
/// # Errors
///
/// [`DeadlineError`] when the calendar does not cover the days, or the regulations are younger than the request.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::Place;
/// use clausework::dpa::ccpa_confirmation;
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let calendar = Place::Germany.calendar(2025, 2025)?; // a host has the holidays of California
/// assert_eq!(ccpa_confirmation(day(2025, 1, 2)?, &calendar)?.adjusted_last_day(), day(2025, 1, 16)?);
/// assert!(ccpa_confirmation(day(2025, 12, 30)?, &calendar).is_err()); // beyond the calendar
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn ccpa_confirmation(received: NaiveDate, calendar: &dyn Calendar) -> Result<Deadline, DeadlineError> {
    let rule = DeadlineRule::new(Period::WorkingDays(10), clause::G_CCPA, RECEIPT);
    rule.under(&CCPA_CONFIRMATION, received)?.deadline_in(received, calendar)
}

const RECEIPT: Trigger = Trigger::new("receipt of the request");

/// An instrument for transfers, with the days that end it. A host adds others as data.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{CLAUSES_2010, PRIVACY_SHIELD};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// assert!(CLAUSES_2010.is_valid(day(2021, 9, 26)?, day(2022, 12, 27)?));
/// assert!(!CLAUSES_2010.is_valid(day(2021, 9, 27)?, day(2021, 9, 27)?)); // no new contracts
/// assert!(!CLAUSES_2010.is_valid(day(2021, 9, 26)?, day(2022, 12, 28)?)); // none any more
/// assert!(!PRIVACY_SHIELD.is_valid(day(2018, 1, 1)?, day(2020, 7, 16)?));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: two days and their source")]
pub struct Instrument {
    /// What ends it.
    pub clause: Clause,
    /// The first day on which no new contract may use it.
    pub no_new_from: Option<NaiveDate>,
    /// The last day on which it can carry a transfer.
    pub last_day: Option<NaiveDate>,
}

impl Instrument {
    /// Whether a contract concluded on the one day can carry a transfer on the other.
    #[must_use]
    pub fn is_valid(&self, concluded: NaiveDate, on: NaiveDate) -> bool {
        self.no_new_from.is_none_or(|first| concluded < first) && self.last_day.is_none_or(|last| on <= last)
    }
}

/// The Standard Contractual Clauses of Decision 2010/87 (Decision 2021/914, Article 4).
pub const CLAUSES_2010: Instrument =
    Instrument { clause: clause::G_SCC, no_new_from: Some(day(2021, 9, 27)), last_day: Some(day(2022, 12, 27)) };

/// The Privacy Shield, invalid since the judgment of 16 July 2020 (C-311/18).
pub const PRIVACY_SHIELD: Instrument =
    Instrument { clause: clause::G_PS, no_new_from: Some(day(2020, 7, 16)), last_day: Some(day(2020, 7, 15)) };
