//! The law that the documents point at, as rules with the days on which they hold.

use core::fmt;

use chrono::NaiveDate;

use crate::clause::{self, Clause};
use crate::deadline::{
    CCPA, CCPA_CONFIRMATION, Calendar, Deadline, DeadlineError, DeadlineRule, Direction, LGPD, Period, Trigger,
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
    source: &'static str,
    from: NaiveDate,
    until: Option<NaiveDate>,
}

/// Whether a rule holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LawStatus {
    /// It does.
    InForce,
    /// It does not yet.
    NotYet,
    /// It no longer does.
    Ended,
}

impl LawRule {
    /// A rule of the host's: which clause it stands for, who says so, and the first and last day on which it holds;
    /// no last day as far as is known. [`Ledger::with_law`](super::Ledger::with_law) applies it.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::clause;
    /// use clausework::dpa::{LawRule, LawStatus};
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
    /// let rule = LawRule::new(clause::G_33_1, "the act and its article", day(2018, 5, 25)?, Some(day(2029, 12, 31)?));
    /// assert_eq!(rule.status(day(2029, 12, 31)?), LawStatus::InForce);
    /// assert_eq!(rule.status(day(2030, 1, 1)?), LawStatus::Ended);
    /// assert_eq!(rule.to_string(), "G-33.1 (the act and its article), from 2018-05-25 until 2029-12-31");
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub const fn new(clause: Clause, source: &'static str, from: NaiveDate, until: Option<NaiveDate>) -> Self {
        Self { clause, source, from, until }
    }

    const fn gdpr(clause: Clause, source: &'static str) -> Self {
        Self::new(clause, source, GDPR, None)
    }

    /// Its citation.
    #[must_use]
    pub const fn clause(self) -> Clause {
        self.clause
    }

    /// Who says so.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.source
    }

    /// The last day on which it holds, if there is one.
    #[must_use]
    pub const fn until(self) -> Option<NaiveDate> {
        self.until
    }

    /// The first day on which it holds.
    #[must_use]
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// Whether it holds on the day of an event.
    #[must_use]
    pub fn status(self, on: NaiveDate) -> LawStatus {
        if on < self.from {
            LawStatus::NotYet
        } else if self.until.is_some_and(|last| on > last) {
            LawStatus::Ended
        } else {
            LawStatus::InForce
        }
    }
}

/// Clause, source and days on one line.
impl fmt::Display for LawRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}), from {}", self.clause.id(), self.source, self.from)?;
        self.until.map_or(Ok(()), |last| write!(f, " until {last}"))
    }
}

/// Every rule of law that the documents point at.
pub const LAW_RULES: [LawRule; 16] = [
    LawRule::gdpr(clause::G_12_3, "Regulation (EU) 2016/679 (GDPR) Article 12(3)"),
    LawRule::gdpr(clause::G_12_4, "Regulation (EU) 2016/679 (GDPR) Article 12(4)"),
    LawRule::gdpr(clause::G_28_2, "Regulation (EU) 2016/679 (GDPR) Article 28(2)"),
    LawRule::gdpr(clause::G_28_3G, "Regulation (EU) 2016/679 (GDPR) Article 28(3)(g)"),
    LawRule::gdpr(clause::G_28_3X, "Regulation (EU) 2016/679 (GDPR) Article 28(3), last sentence"),
    LawRule::gdpr(clause::G_33_1, "Regulation (EU) 2016/679 (GDPR) Article 33(1)"),
    LawRule::gdpr(clause::G_33_2, "Regulation (EU) 2016/679 (GDPR) Article 33(2)"),
    LawRule::gdpr(clause::G_33_4, "Regulation (EU) 2016/679 (GDPR) Article 33(4)"),
    LawRule::gdpr(clause::G_33_5, "Regulation (EU) 2016/679 (GDPR) Article 33(5)"),
    LawRule::gdpr(clause::G_34, "Regulation (EU) 2016/679 (GDPR) Article 34"),
    LawRule::gdpr(clause::G_36_2, "Regulation (EU) 2016/679 (GDPR) Article 36(2)"),
    // No new contract on the clauses of 2010 from this day on: see `CLAUSES_2010` for the second day.
    LawRule::new(clause::G_SCC, "Decision (EU) 2021/914 Article 4", day(2021, 9, 27), None),
    LawRule::new(clause::G_PS, "CJEU C-311/18, judgment of 16 July 2020", day(2020, 7, 16), None),
    LawRule::new(clause::G_CCPA, CCPA.source(), CCPA.from(), None),
    LawRule::new(clause::G_LGPD, LGPD.source(), LGPD.from(), None),
    // The parallel rule of the Act has a start that is not verified here.
    LawRule::new(clause::G_UK, "UK GDPR Article 12A; Data Protection Act 2018 section 54", day(2026, 2, 5), None),
];

/// The rule behind a clause of [`Document::Law`](crate::clause::Document::Law).
#[must_use]
pub fn law_rule(clause: Clause) -> Option<LawRule> {
    LAW_RULES.into_iter().find(|rule| rule.clause == clause)
}

/// Whether a rule applies to an event of that day: one of the host's own of that clause, or else the crate's.
pub(super) fn applies(own: &[LawRule], clause: Clause, on: NaiveDate) -> bool {
    let holds = |rule: LawRule| rule.status(on) == LawStatus::InForce;
    let mut own = own.iter().copied().filter(|rule| rule.clause == clause).peekable();
    if own.peek().is_some() { own.any(holds) } else { law_rule(clause).is_some_and(holds) }
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
    CCPA_CONFIRMATION.counting(Direction::Forward, received)?;
    confirmation(received, calendar)
}

/// The same, where it has been decided that the regulations apply.
pub(super) fn confirmation(received: NaiveDate, calendar: &dyn Calendar) -> Result<Deadline, DeadlineError> {
    // As `CCPA_CONFIRMATION` counts.
    DeadlineRule::new(Period::WorkingDays(10), clause::G_CCPA, RECEIPT).deadline_in(received, calendar)
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
