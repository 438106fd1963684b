//! The computation: pure, checked, and total over every date that chrono can hold.

use alloc::vec::Vec;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::zone::is_in_range;
use super::{
    Calendar, Counting, Deadline, DeadlineError, DeadlineRule, Direction, EventDay, MonthEnd, Period, Roll, Span, Step,
};

/// The last day of a period, before and after what moves it off weekends and holidays.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::deadline::{Counting, Period, Place, Roll};
///
/// let request = NaiveDate::from_ymd_opt(2025, 11, 25).ok_or("no such day")?;
/// let england = Place::EnglandAndWales.calendar(2025, 2026)?;
/// let rolled = Counting::builder().roll(Roll::Following).build()?;
///
/// let last = rolled.last_day(Period::Months(1), request, Some(&england))?;
/// assert_eq!((last.raw().to_string(), last.adjusted().to_string()), ("2025-12-25".into(), "2025-12-29".into()));
/// assert!(rolled.last_day(Period::Months(1), request, None).is_err()); // whose holidays?
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LastDay {
    raw: NaiveDate,
    adjusted: NaiveDate,
}

impl LastDay {
    /// As counted: from here a further period of the same matter is counted.
    #[must_use]
    pub const fn raw(self) -> NaiveDate {
        self.raw
    }

    /// After the roll and the minimum of working days: what is in time.
    #[must_use]
    pub const fn adjusted(self) -> NaiveDate {
        self.adjusted
    }
}

impl Counting {
    /// The last day of a period from `start`: the bare answer, without the working that a
    /// [`DeadlineRule`] shows.
    ///
    /// `calendar` is needed for working days, a roll and a minimum of working days; for others it is not asked.
    ///
    /// # Errors
    ///
    /// [`DeadlineError`] when a day leaves 0001-01-01 to 9999-12-31, when a needed calendar is missing or does not
    /// cover a day in question, for a day that the month does not have under [`MonthEnd::Reject`], and for a period of
    /// no days that is to begin with the day of the event.
    #[inline]
    pub fn last_day(
        self,
        period: Period,
        start: NaiveDate,
        calendar: Option<&dyn Calendar>,
    ) -> Result<LastDay, DeadlineError> {
        // What most clauses say costs no more than chrono's own addition; a test holds both ways equal.
        if self == Self::CONTRACT
            && let Some(day) = plain(period, start)
        {
            return Ok(LastDay { raw: day, adjusted: day });
        }
        self.last_day_in_full(period, start, calendar)
    }

    fn last_day_in_full(
        self,
        period: Period,
        start: NaiveDate,
        calendar: Option<&dyn Calendar>,
    ) -> Result<LastDay, DeadlineError> {
        let raw = counted(self, period, start, calendar)?.raw;
        let adjusted = adjust(self, period, start, raw, calendar)?.adjusted;
        Ok(LastDay { raw, adjusted })
    }
}

/// The last day as a contract counts, if it is in range and needs no calendar.
#[inline]
fn plain(period: Period, start: NaiveDate) -> Option<NaiveDate> {
    let day = match period {
        Period::Days(count) => start.checked_add_days(Days::new(count.into())),
        Period::Weeks(count) => start.checked_add_days(Days::new(u64::from(count).saturating_mul(7))),
        Period::Months(count) => start.checked_add_months(Months::new(count)),
        Period::Years(count) => start.checked_add_months(Months::new(count.saturating_mul(12))),
        Period::WorkingDays(_) => None,
    };
    day.filter(|day| is_in_range(start) && is_in_range(*day))
}

/// The raw last day and how it was reached.
struct Counted {
    reached: NaiveDate,
    month: Month,
    raw: NaiveDate,
}

/// What a month without the event's day did.
#[derive(Clone, Copy)]
enum Month {
    /// It has the day.
    Has,
    Clamped(u32),
    Next(u32),
    Sticky,
}

/// What became of the raw last day.
struct Adjusted {
    rolled: NaiveDate,
    adjusted: NaiveDate,
    /// Working days found, if there were too few.
    found: Option<u32>,
}

fn out_of_range(counting: Counting, period: Period, start: NaiveDate) -> DeadlineError {
    match counting.direction() {
        Direction::Forward => DeadlineError::LastDayOutOfRange { start, period },
        Direction::Backward => DeadlineError::LastDayBeforeRange { start, period },
    }
}

fn counted(
    counting: Counting,
    period: Period,
    start: NaiveDate,
    calendar: Option<&dyn Calendar>,
) -> Result<Counted, DeadlineError> {
    if !is_in_range(start) {
        return Err(DeadlineError::StartOutOfRange { start });
    }
    if counting.event_day() == EventDay::Counted && period.count() == 0 {
        return Err(DeadlineError::EmptyPeriod { start });
    }
    let direction = counting.direction();
    let outside = || out_of_range(counting, period, start);
    let (reached, month) = match period {
        Period::Days(count) => (add_days(start, count.into(), direction).ok_or_else(outside)?, Month::Has),
        Period::Weeks(count) => {
            (add_days(start, u64::from(count).saturating_mul(7), direction).ok_or_else(outside)?, Month::Has)
        }
        Period::Months(count) => add_months(counting, start, count).ok_or_else(outside)?,
        // More months than chrono can add are as far outside as so many years.
        Period::Years(count) => add_months(counting, start, count.saturating_mul(12)).ok_or_else(outside)?,
        Period::WorkingDays(count) => {
            let calendar = calendar.ok_or(DeadlineError::CalendarMissing { start, period })?;
            let raw = add_working_days(counting, start, count, calendar)?;
            return if is_in_range(raw) {
                Ok(Counted { reached: raw, month: Month::Has, raw })
            } else {
                Err(outside())
            };
        }
    };
    if let (Month::Clamped(missing_day), MonthEnd::Reject) = (month, counting.month_end()) {
        return Err(DeadlineError::MissingDay { start, period, missing_day });
    }
    let raw = match (counting.event_day(), counting.span()) {
        (EventDay::Counted, _) => add_days(reached, 1, opposite(direction)),
        (EventDay::Excluded, Span::Clear) => add_days(reached, 1, direction),
        (EventDay::Excluded, Span::Plain) => Some(reached),
    };
    let raw = raw.filter(|day| is_in_range(*day)).ok_or_else(outside)?;
    Ok(Counted { reached, month, raw })
}

fn add_working_days(
    counting: Counting,
    start: NaiveDate,
    count: u32,
    calendar: &dyn Calendar,
) -> Result<NaiveDate, DeadlineError> {
    let direction = counting.direction();
    Ok(match (counting.event_day(), counting.span()) {
        (EventDay::Excluded, Span::Plain) => calendar.advance(start, count, direction)?,
        (EventDay::Excluded, Span::Clear) => calendar.advance(start, count.saturating_add(1), direction)?,
        // From the day before the first one. The ends of the calendar are days of chrono as well.
        (EventDay::Counted, _) => {
            let before = add_days(start, 1, opposite(direction)).unwrap_or(start);
            calendar.advance(before, count, direction)?
        }
    })
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Forward => Direction::Backward,
        Direction::Backward => Direction::Forward,
    }
}

fn add_days(day: NaiveDate, count: u64, direction: Direction) -> Option<NaiveDate> {
    match direction {
        Direction::Forward => day.checked_add_days(Days::new(count)),
        Direction::Backward => day.checked_sub_days(Days::new(count)),
    }
}

/// The day with the event's number in the month so many months away, or what takes its place. `None` outside the
/// years that chrono can hold.
fn add_months(counting: Counting, start: NaiveDate, count: u32) -> Option<(NaiveDate, Month)> {
    // chrono's own choice for a day that the month does not have is its last day.
    let reached = match counting.direction() {
        Direction::Forward => start.checked_add_months(Months::new(count))?,
        Direction::Backward => start.checked_sub_months(Months::new(count))?,
    };
    if reached.day() != start.day() {
        return if counting.month_end() == MonthEnd::FirstOfNext {
            reached.succ_opt().map(|first| (first, Month::Next(start.day())))
        } else {
            Some((reached, Month::Clamped(start.day())))
        };
    }
    if counting.month_end() == MonthEnd::StickyEnd && start.succ_opt()?.day() == 1 {
        let last = reached.with_day(31).or_else(|| reached.with_day(30)).or_else(|| reached.with_day(29));
        return last
            .filter(|last| *last > reached)
            .map_or(Some((reached, Month::Has)), |last| Some((last, Month::Sticky)));
    }
    Some((reached, Month::Has))
}

fn adjust(
    counting: Counting,
    period: Period,
    start: NaiveDate,
    raw: NaiveDate,
    calendar: Option<&dyn Calendar>,
) -> Result<Adjusted, DeadlineError> {
    let (roll, minimum) = (counting.roll(), u32::from(counting.minimum_working_days()));
    if roll == Roll::None && minimum == 0 {
        return Ok(Adjusted { rolled: raw, adjusted: raw, found: None });
    }
    let calendar = calendar.ok_or(DeadlineError::CalendarMissing { start, period })?;
    let rolled = match roll {
        Roll::None => raw,
        _ if calendar.is_working(raw)? => raw,
        Roll::Following => calendar.advance(raw, 1, Direction::Forward)?,
        Roll::Preceding => calendar.advance(raw, 1, Direction::Backward)?,
    };
    let direction = counting.direction();
    let first = match counting.event_day() {
        EventDay::Counted => start,
        EventDay::Excluded => add_days(start, 1, direction).unwrap_or(start),
    };
    // The days of the period up to a day for the act: of clear days, that day is none.
    let held_until = |act: NaiveDate| {
        let last = match counting.span() {
            Span::Plain => act,
            Span::Clear => add_days(act, 1, opposite(direction)).unwrap_or(act),
        };
        if direction == Direction::Forward { (first, last) } else { (last, first) }
    };
    let (mut adjusted, mut found) = (rolled, None);
    let (low, high) = held_until(raw);
    // A period shorter than the minimum cannot be meant: Article 3(5) speaks of two days or more.
    if minimum > 0 && high.signed_duration_since(low).num_days() >= i64::from(minimum).saturating_sub(1) {
        let (low, high) = held_until(rolled);
        let held = calendar.count(low, high)?;
        if held < minimum {
            let before = add_days(first, 1, opposite(direction)).unwrap_or(first);
            let last = calendar.advance(before, minimum, direction)?;
            adjusted = match counting.span() {
                Span::Plain => last,
                Span::Clear => {
                    let act = add_days(last, 1, direction).filter(|day| is_in_range(*day));
                    let act = act.ok_or_else(|| out_of_range(counting, period, start))?;
                    // Away from the event: a roll the other way would take a day back.
                    let stands = roll == Roll::None || calendar.is_working(act)?;
                    if stands { act } else { calendar.advance(act, 1, direction)? }
                }
            };
            found = Some(held);
        }
    }
    if is_in_range(adjusted) {
        Ok(Adjusted { rolled, adjusted, found })
    } else {
        Err(out_of_range(counting, period, start))
    }
}

/// Counts `rule` from `event` and writes down each step.
pub(super) fn deadline(
    rule: DeadlineRule,
    event: NaiveDate,
    calendar: Option<&dyn Calendar>,
) -> Result<Deadline, DeadlineError> {
    paused(rule, rule.period(), event, &[], calendar)
}

/// Days on which the clock stood still: first and last, in order and apart from each other.
pub(super) type StoodStill = (NaiveDate, NaiveDate);

/// As [`deadline`], for so long a period and with pauses.
pub(super) fn paused(
    rule: DeadlineRule,
    period: Period,
    event: NaiveDate,
    pauses: &[StoodStill],
    calendar: Option<&dyn Calendar>,
) -> Result<Deadline, DeadlineError> {
    let counting = rule.counting();
    let mut steps = Vec::with_capacity(4);
    let start = match rule.deemed_receipt() {
        None => event,
        Some(after) => {
            let received = counted(Counting::CONTRACT, after, event, calendar)?.raw;
            steps.push(Step::DeemedReceived { dispatched: event, after, received });
            received
        }
    };
    let Counted { reached, month, mut raw } = counted(counting, period, start, calendar)?;
    explain(rule, period, start, reached, month, raw, &mut steps);

    let adjust_raw = |raw| adjust(counting, period, start, raw, calendar);
    let mut end = adjust_raw(raw)?;
    if !pauses.is_empty() && counting.direction() == Direction::Backward {
        return Err(DeadlineError::Unsupported {
            what: "a period counted backwards has no clock that could stand still",
        });
    }
    let first = if counting.event_day() == EventDay::Counted { start } else { start.succ_opt().unwrap_or(start) };
    for &(from, until) in pauses {
        let from = from.max(first);
        // A pause that begins when all is over, or ends before anything began, adds nothing.
        if until < from || from > end.adjusted {
            continue;
        }
        // Between a raw last day and the working day it moved to, the period is still running.
        let last = if from > raw { end.adjusted } else { raw };
        let longer = match (period, calendar) {
            (Period::WorkingDays(_), Some(calendar)) => {
                let stood_still = calendar.count(from, until)?;
                Some(calendar.advance(last, stood_still, Direction::Forward)?)
            }
            _ => {
                let days = until.signed_duration_since(from).num_days().unsigned_abs().saturating_add(1);
                last.checked_add_days(Days::new(days))
            }
        };
        raw = longer.filter(|day| is_in_range(*day)).ok_or_else(|| out_of_range(counting, period, start))?;
        end = adjust_raw(raw)?;
        steps.push(Step::Paused { from, until, last_day: raw });
    }
    explain_end(counting, raw, &end, &mut steps);
    let used = calendar.filter(|_| needs_calendar(rule, period));
    let calendar = used.map(|calendar| calendar.label().clone());
    Ok(Deadline { rule, period, start, raw_last_day: raw, adjusted_last_day: end.adjusted, steps, calendar })
}

fn needs_calendar(rule: DeadlineRule, period: Period) -> bool {
    let counting = rule.counting();
    let by_unit = |period| matches!(period, Period::WorkingDays(_));
    counting.roll() != Roll::None
        || counting.minimum_working_days() > 0
        || by_unit(period)
        || rule.deemed_receipt().is_some_and(by_unit)
}

fn explain(
    rule: DeadlineRule,
    period: Period,
    start: NaiveDate,
    reached: NaiveDate,
    month: Month,
    raw: NaiveDate,
    steps: &mut Vec<Step>,
) {
    let (counting, trigger) = (rule.counting(), rule.trigger());
    steps.push(match counting.event_day() {
        EventDay::Excluded => Step::EventDayNotCounted { trigger, day: start },
        EventDay::Counted => Step::EventDayCounted { trigger, day: start },
    });
    steps.push(match counting.direction() {
        Direction::Forward => Step::Added { period, reached },
        Direction::Backward => Step::Subtracted { period, reached },
    });
    match month {
        Month::Has => {}
        Month::Clamped(missing_day) => steps.push(Step::ClampedToMonthEnd { missing_day, last_day: reached }),
        Month::Next(missing_day) => steps.push(Step::MovedToNextMonth { missing_day, first_day: reached }),
        Month::Sticky => steps.push(Step::KeptAtMonthEnd { last_day: reached }),
    }
    if raw != reached {
        steps.push(match counting.span() {
            Span::Clear => Step::ClearDays { last_day: raw },
            Span::Plain => Step::FirstDayCounted { last_day: raw },
        });
    }
}

fn explain_end(counting: Counting, raw: NaiveDate, end: &Adjusted, steps: &mut Vec<Step>) {
    steps.push(if counting.roll() == Roll::None {
        Step::NotRolled { last_day: raw }
    } else if end.rolled == raw {
        Step::OnWorkingDay { last_day: raw }
    } else {
        Step::Rolled { from: raw, to: end.rolled }
    });
    if let Some(found) = end.found {
        let minimum = counting.minimum_working_days();
        steps.push(Step::MinimumWorkingDays { minimum, found, last_day: end.adjusted });
    }
}
