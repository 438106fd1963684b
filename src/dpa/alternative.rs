//! How others read a limit.

use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{Due, HourLimit, HourWindow, Missing, When, hours};
use crate::deadline::{Calendar, Convention, Counting, Deadline, DeadlineError, Direction, HourReadingKind, Period};

/// Another reading of an obligation's limit: its end, and who holds it. See
/// [`Obligation::alternatives`](super::Obligation::alternatives).
///
/// `Display` is both on one line.
///
/// ```
/// use clausework::dpa::{AlternativeEnd, DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, LateReturnRequest, Ledger, Missing};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
/// let aware = "2026-07-03T17:00:00+02:00".parse()?;
/// ledger.apply(DpaEvent::new(id("e-1")?, id("acme")?, id("b-1")?, aware, Fact::ControllerAware));
/// let entry = ledger.obligations().find(|entry| entry.obligation().duty() == Duty::NotifyAuthority).ok_or("none")?;
/// let [hour, working] = entry.obligation().alternatives() else { return Err("two were expected".into()) };
/// assert!(hour.to_string().starts_with("before 2026-07-06T18:00:00+02:00: Regulation 1182/71 Article 3(1)"));
/// // The disputed one needs working days, and says so.
/// assert_eq!(working.end(), AlternativeEnd::Unknown(Missing::Calendar));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    holder: Holder,
    end: AlternativeEnd,
    working: Option<Deadline>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Holder {
    Convention(Convention),
    Hours(HourReadingKind),
}

/// When a reading ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlternativeEnd {
    /// With this day.
    Day(NaiveDate),
    /// Before this instant.
    Before(DateTime<FixedOffset>),
    /// With a number of hours from an unknown instant: before the end of this day.
    BeforeEndOf(NaiveDate),
    /// It cannot be computed.
    Unknown(Missing),
}

impl fmt::Display for AlternativeEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Before(end) => write!(f, "before {}", When::At(*end)),
            Self::BeforeEndOf(day) => write!(f, "before the end of {day}"),
            Self::Unknown(missing) => write!(f, "not without {missing}"),
        }
    }
}

impl Alternative {
    /// When it ends.
    #[must_use]
    pub const fn end(&self) -> AlternativeEnd {
        self.end
    }

    /// Who reads it so.
    #[must_use]
    pub const fn held_by(&self) -> &'static str {
        match &self.holder {
            Holder::Convention(convention) => convention.source(),
            Holder::Hours(kind) => kind.held_by(),
        }
    }

    /// How its day was reached, where it was counted from the event; a day that pauses moved has none.
    #[must_use]
    pub const fn working(&self) -> Option<&Deadline> {
        self.working.as_ref()
    }

    pub(super) const fn last_day(&self) -> Option<NaiveDate> {
        match self.end {
            AlternativeEnd::Day(day) => Some(day),
            _ => None,
        }
    }

    const fn of_hours(kind: HourReadingKind, end: AlternativeEnd) -> Self {
        Self { holder: Holder::Hours(kind), end, working: None }
    }
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.holder {
            Holder::Convention(convention) => write!(f, "{}: {convention}", self.end),
            Holder::Hours(kind) => write!(f, "{}: {}", self.end, kind.held_by()),
        }
    }
}

/// A period in days by other conventions; none for one that was not in force on the day of the event.
pub(super) fn of_days<'a>(
    due: &Due,
    event: NaiveDate,
    others: impl Iterator<Item = (Convention, Option<&'a dyn Calendar>)>,
) -> Vec<Alternative> {
    others.filter_map(|(convention, calendar)| of_day(due, event, convention, calendar)).collect()
}

fn of_day(due: &Due, event: NaiveDate, convention: Convention, calendar: Option<&dyn Calendar>) -> Option<Alternative> {
    let read = match due {
        Due::Day(deadline) => deadline.rule().under(&convention, deadline.start()).and_then(|rule| {
            let deadline = match calendar {
                Some(calendar) => rule.deadline_in(deadline.start(), calendar),
                None => rule.deadline(deadline.start()),
            }?;
            Ok((deadline.adjusted_last_day(), Some(deadline)))
        }),
        // A day that pauses have moved, or that stands by itself: it is not counted again, only moved off holidays.
        Due::On(day) => convention
            .counting(Direction::Forward, event)
            // INVARIANT: a roll alone contradicts nothing.
            .map(|counting| Counting::builder().roll(counting.roll()).build().unwrap_or(Counting::CONTRACT))
            .and_then(|rolling| rolling.last_day(Period::Days(0), *day, calendar))
            .map(|last| (last.adjusted(), None)),
        _ => return None,
    };
    let (end, working) = match read {
        Ok((day, working)) => (AlternativeEnd::Day(day), working),
        Err(DeadlineError::NotInForce { .. }) => return None,
        Err(error) => (AlternativeEnd::Unknown(error.into()), None),
    };
    Some(Alternative { holder: Holder::Convention(convention), end, working })
}

/// The two other readings of a number of hours.
pub(super) fn of_hours(limit: &HourLimit) -> Vec<Alternative> {
    let working = limit.working().map_or(AlternativeEnd::Unknown(Missing::Calendar), AlternativeEnd::Before);
    alloc::vec![
        Alternative::of_hours(HourReadingKind::HourNotCounted, AlternativeEnd::Before(limit.rounded())),
        Alternative::of_hours(HourReadingKind::TwoWorkingDays, working),
    ]
}

/// The same, where the instant of the event is not known.
pub(super) fn of_window(window: &HourWindow) -> Vec<Alternative> {
    let before = |end| AlternativeEnd::BeforeEndOf(hours::last_day(end));
    let working = window.working().map_or(AlternativeEnd::Unknown(Missing::Calendar), before);
    alloc::vec![Alternative::of_hours(HourReadingKind::TwoWorkingDays, working)]
}
