//! What contradicts what, for any terms and any date: found by comparing, before anything happens.

use alloc::vec::Vec;
use core::fmt;

use chrono::{Days, NaiveDate};

use super::{DpaTerms, days_after, periods};
use crate::clause::{self, Clause, Contradiction};
use crate::deadline::Period;

/// A period that a clause sets from an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: a clause and its number")]
pub struct ClauseTerm {
    /// The clause.
    pub clause: Clause,
    /// Its number.
    pub period: Period,
}

/// How two terms that run from the same day are meant to fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Relation {
    /// The duty must honour the right: it must not end before it.
    Honours,
    /// The duty destroys what the right is about: it must not fall due while the right is open.
    Destroys,
    /// The first states that the second was done: it must not fall due before it.
    Certifies,
}

/// Two terms that cannot both be kept on some dates, or on all.
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::dpa::{DpaTerms, Relation};
///
/// let found = DpaTerms::default().term_conflicts();
/// let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
/// assert_eq!(lines[0], "X1: D-10.1b (1 month) destroys what D-10.2a (90 days) is about: always, for 59 to 62 days");
/// assert_eq!(lines[1], "X1: D-10.2d (1 month) must honour D-10.2a (90 days) and ends before it: always, for 59 to 62 days");
/// assert_eq!(
///     lines[2],
///     "X2: D-10.4 (30 days) certifies D-10.1b (1 month) and can fall due before it: on some dates, for up to 1 days, \
///      as from 2026-01-01; always when it is set off 3 or more days sooner"
/// );
/// assert_eq!(found.len(), 3);
///
/// // Another customer's terms: 30 days for each, and the certificate a week later. Asked for early, it still comes first.
/// let sound = DpaTerms::builder().deletion(Period::Days(30)).return_compliance(Period::Days(30))
///     .return_window(Period::Days(30)).certification(Period::Days(37)).build()?;
/// let [early] = sound.term_conflicts()[..] else { return Err("one was expected".into()) };
/// assert_eq!((early.lead_days(), early.days()), (8, [1, 1]));
/// assert_eq!(
///     early.to_string(),
///     "X2: D-10.4 (37 days) certifies D-10.1b (30 days) and falls due before it only when it is set off 8 or more days sooner"
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermConflict {
    contradiction: Contradiction,
    relation: Relation,
    first: ClauseTerm,
    second: ClauseTerm,
    fewest_days: u32,
    most_days: u32,
    example: NaiveDate,
    lead_days: u32,
    always_from: Option<u32>,
}

impl TermConflict {
    /// Which of the known contradictions it is.
    #[must_use]
    pub const fn contradiction(&self) -> Contradiction {
        self.contradiction
    }

    /// How the two terms are meant to fit together.
    #[must_use]
    pub const fn relation(&self) -> Relation {
        self.relation
    }

    /// The duty, then what it should fit with.
    #[must_use]
    pub const fn terms(&self) -> [ClauseTerm; 2] {
        [self.first, self.second]
    }

    /// Whether the terms exclude each other whatever the date, when both are set off on one day.
    #[must_use]
    pub const fn is_always(&self) -> bool {
        self.fewest_days > 0 && self.lead_days == 0
    }

    /// How many days sooner than the second the first must be set off for the conflict; 0 when one day for both is
    /// enough. Only what certifies can be sooner: a certificate may be asked for before the Cessation Date.
    #[must_use]
    pub const fn lead_days(&self) -> u32 {
        self.lead_days
    }

    /// From how many days sooner on the first falls due before the second whatever the date; `None` for terms that
    /// always run from one day.
    #[must_use]
    pub const fn always_from(&self) -> Option<u32> {
        self.always_from
    }

    /// The fewest and the most days between the two last days, over every date, at [`TermConflict::lead_days`].
    #[must_use]
    pub const fn days(&self) -> [u32; 2] {
        [self.fewest_days, self.most_days]
    }

    /// A date of the second's event from which they exclude each other: the first in 2026 or later.
    #[must_use]
    pub const fn example(&self) -> NaiveDate {
        self.example
    }
}

impl fmt::Display for TermConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(a, a_period), (b, b_period)] = self.terms().map(|term| (term.clause.id(), term.period));
        write!(f, "{}: {a} ({a_period}) ", self.contradiction.id())?;
        match self.relation {
            Relation::Destroys => write!(f, "destroys what {b} ({b_period}) is about")?,
            Relation::Honours => write!(f, "must honour {b} ({b_period}) and ends before it")?,
            Relation::Certifies if self.lead_days > 0 => {
                let (days, s) = (self.lead_days, if self.lead_days == 1 { "" } else { "s" });
                return write!(
                    f,
                    "certifies {b} ({b_period}) and falls due before it only when it is set off {days} or more day{s} sooner"
                );
            }
            Relation::Certifies => write!(f, "certifies {b} ({b_period}) and can fall due before it")?,
        }
        if self.is_always() {
            return write!(f, ": always, for {} to {} days", self.fewest_days, self.most_days);
        }
        write!(f, ": on some dates, for up to {} days, as from {}", self.most_days, self.example)?;
        match self.always_from {
            Some(days) => write!(f, "; always when it is set off {days} or more days sooner"),
            None => Ok(()),
        }
    }
}

impl DpaTerms {
    /// What these terms contradict among themselves, on any date: `X1` and `X2` for the addendum's
    /// numbers. Terms that fit together are left with one: a certificate can be asked for so early that it falls due
    /// before the deletion it certifies, of which [`TermConflict::lead_days`] tells how early.
    ///
    /// It is exact: every kind of day is compared over the 400 years after which the calendar repeats.
    #[must_use]
    pub fn term_conflicts(&self) -> Vec<TermConflict> {
        let deletion = ClauseTerm { clause: clause::D_10_1B, period: self.deletion_period() };
        let window = ClauseTerm { clause: clause::D_10_2A, period: self.return_window_period() };
        let compliance = ClauseTerm { clause: clause::D_10_2D, period: self.return_compliance_period() };
        let certificate = ClauseTerm { clause: clause::D_10_4, period: self.certification_period() };
        [
            (clause::X1, Relation::Destroys, deletion, window),
            (clause::X1, Relation::Honours, compliance, window),
            (clause::X2, Relation::Certifies, certificate, deletion),
        ]
        .into_iter()
        .filter_map(|(contradiction, relation, first, second)| term_conflict(contradiction, relation, first, second))
        .collect()
    }
}

/// Compares two terms that run from the same day, of this agreement or of another: a conflict, if the
/// first ends before the second on any date. What [certifies](Relation::Certifies) can be set off sooner: if no date
/// is a conflict from the same day, the fewest days sooner are looked for. Terms in working days need a calendar and
/// are not compared: `None`.
///
/// ```
/// use clausework::clause;
/// use clausework::deadline::Period;
/// use clausework::dpa::{ClauseTerm, Relation, term_conflict};
///
/// let month = ClauseTerm { clause: clause::D_10_1B, period: Period::Months(1) };
/// let days = |days| ClauseTerm { clause: clause::D_10_2A, period: Period::Days(days) };
/// let found = |days_of_right| term_conflict(clause::X1, Relation::Destroys, month, days(days_of_right));
/// assert!(found(28).is_none()); // no month is shorter
/// assert!(found(29).is_some_and(|conflict| !conflict.is_always()));
/// assert!(found(32).is_some_and(|conflict| conflict.is_always()));
/// ```
#[must_use]
pub fn term_conflict(
    contradiction: Contradiction,
    relation: Relation,
    first: ClauseTerm,
    second: ClauseTerm,
) -> Option<TermConflict> {
    let every_day = relation == Relation::Certifies && matches!(first.period, Period::Months(_) | Period::Years(_));
    let conflict = |lead_days, always_from| {
        let (mut fewest, mut most, mut example) = (u32::MAX, 0, None);
        for start in days_of_every_kind(every_day) {
            let Some(gap) = gap(first, second, start, lead_days) else { continue };
            (fewest, most) = (fewest.min(gap), most.max(gap));
            if gap > 0 {
                example = example.or(Some(start));
            }
        }
        let (fewest_days, most_days) = (fewest, most);
        example.map(|example| TermConflict {
            contradiction,
            relation,
            first,
            second,
            fewest_days,
            most_days,
            example,
            lead_days,
            always_from,
        })
    };
    if relation != Relation::Certifies {
        return conflict(0, None);
    }
    let leads = || days_of_every_kind(every_day).filter_map(|start| lead(first, second, start));
    let (fewest, most) = leads().fold((u32::MAX, 0), |(few, many), lead| (few.min(lead), many.max(lead)));
    conflict(fewest, Some(most))
}

/// How many days the first ends before the second, if it is set off that much sooner.
fn gap(first: ClauseTerm, second: ClauseTerm, start: NaiveDate, lead: u32) -> Option<u32> {
    let sooner = start.checked_sub_days(Days::new(lead.into()))?;
    Some(days_after(periods::last_day(first.period, sooner)?, periods::last_day(second.period, start)?))
}

/// The fewest days by which the first must be set off sooner, to end before the second.
fn lead(first: ClauseTerm, second: ClauseTerm, start: NaiveDate) -> Option<u32> {
    let (a, b) = (periods::last_day(first.period, start)?, periods::last_day(second.period, start)?);
    let is_before = |lead| gap(first, second, start, lead).is_some_and(|gap| gap > 0);
    // As many days as it ends later, and one; where months are unequal, a few more or fewer.
    let mut lead = if a < b { 0 } else { days_after(b, a).saturating_add(1) };
    while lead > 0 && is_before(lead.saturating_sub(1)) {
        lead = lead.saturating_sub(1);
    }
    while !is_before(lead) && lead < MOST_LEAD {
        lead = lead.saturating_add(1);
    }
    Some(lead)
}

/// No term is longer, so that none needs more.
const MOST_LEAD: u32 = 20_000;

/// The days that can differ: the 1st stands for all up to the 28th, which no month lacks. What is set off sooner and
/// counted in months can begin on any day, and so every day is looked at.
fn days_of_every_kind(every_day: bool) -> impl Iterator<Item = NaiveDate> {
    const FEW: &[u32] = &[1, 28, 29, 30, 31];
    const ALL: &[u32] = &[
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31,
    ];
    let days = if every_day { ALL } else { FEW };
    let months = (2026..2426).flat_map(|year| (1..=12).map(move |month| (year, month)));
    months.flat_map(move |(year, month)| days.iter().filter_map(move |day| NaiveDate::from_ymd_opt(year, month, *day)))
}

/// The limits of a variation's notice, and of the end of several services.
impl DpaTerms {
    /// The most years for which an exporter's list is followed.
    pub const MAX_LIST_YEARS: u32 = 200;

    /// The last day on which notice of a variation can be given, to have effect on that day (`D-13.4.1`):
    /// that many days before.
    ///
    /// Whether both ends count is not said; with both clear, it is the day before this one.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use clausework::dpa::DpaTerms;
    ///
    /// let effect = NaiveDate::from_ymd_opt(2024, 3, 1).ok_or("no such day")?;
    /// let notice = DpaTerms::default().variation_notice_by(effect).ok_or("out of range")?;
    /// assert_eq!(notice.to_string(), "2024-01-01"); // a leap day lies inside
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn variation_notice_by(&self, effect: NaiveDate) -> Option<NaiveDate> {
        periods::before(self.variation_notice_period(), effect)
    }
}

/// Which day counts as the end, where several services cease on different days (`X15`). The text does not
/// say, so that the host must.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::OverallCessation;
///
/// let day = |d| NaiveDate::from_ymd_opt(2026, 6, d);
/// let services = [day(15), day(30)];
/// assert_eq!(OverallCessation::LastService.date(&services), day(30));
/// assert_eq!(OverallCessation::FirstService.date(&services), day(15));
/// assert_eq!(OverallCessation::LastService.date(&[day(15), None]), None); // one still runs
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OverallCessation {
    /// The day on which the first ceased: "any Services".
    FirstService,
    /// The day on which the last ceased; none as long as one runs.
    LastService,
}

impl OverallCessation {
    /// The date, from that of each service; `None` in the list for one that still runs.
    #[must_use]
    pub fn date(self, services: &[Option<NaiveDate>]) -> Option<NaiveDate> {
        match self {
            Self::FirstService => services.iter().flatten().min().copied(),
            Self::LastService => services.iter().copied().collect::<Option<Vec<_>>>()?.into_iter().max(),
        }
    }
}
