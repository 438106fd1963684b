//! Equality with a counter that knows no dates: it writes every day of 1900 to 2203 down and walks from one to the
//! next. It calls no arithmetic of chrono's or of ours.

use super::*;
use crate::deadline::tests::label;

type Ymd = (i32, u32, u32);

/// Every day, by hand, with its weekday (0 is Monday; 1 January 1900 was one) and whether it is free.
struct Days {
    days: Vec<Ymd>,
    free: Vec<bool>,
    /// Where 1901 begins: far enough from the edge to walk back.
    from: usize,
    /// Where 2200 ends.
    to: usize,
}

/// A made-up list of holidays, so that none of the crate's rules is in it.
fn is_holiday((year, month, day): Ymd) -> bool {
    matches!((month, day), (1, 1 | 6) | (5, 1) | (12, 24..=26)) || (month, day) == (4, 1 + year.unsigned_abs() % 28)
}

impl Days {
    fn new() -> Self {
        let mut days = Vec::new();
        for year in 1895..=2205 {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            for (month, length) in (1..).zip(lengths) {
                days.extend((1..=length).map(|day| (year, month, day)));
            }
        }
        let monday = days.iter().position(|day| *day == (1900, 1, 1)).unwrap();
        // Monday comes at `monday` and every seventh day from it, in both directions.
        let weekday = |index: usize| (index + 7 - monday % 7) % 7;
        let free = (0..days.len()).map(|index| weekday(index) > 4 || is_holiday(days[index])).collect();
        let from = days.iter().position(|day| *day == (1900, 1, 1)).unwrap();
        let to = days.iter().position(|day| *day == (2201, 1, 1)).unwrap();
        Self { days, free, from, to }
    }

    /// One day further from the event, or nearer to it.
    fn walk(index: usize, direction: Direction, steps: usize) -> usize {
        if direction == Direction::Forward { index + steps } else { index - steps }
    }

    fn is_last_of_month(&self, index: usize) -> bool {
        self.days[index + 1].2 == 1
    }

    /// Walks day by day into the month that is so many months away, and looks for the day there.
    fn month(&self, start: usize, months: u32, counting: Counting) -> Option<usize> {
        let wanted = self.days[start].2;
        let sticks = counting.month_end() == MonthEnd::StickyEnd && self.is_last_of_month(start);
        // To the first of the month, then from first to first.
        let mut first = start;
        while self.days[first].2 != 1 {
            first -= 1;
        }
        for _ in 0..months {
            loop {
                first = Self::walk(first, counting.direction(), 1);
                if self.days[first].2 == 1 {
                    break;
                }
            }
        }
        let mut index = first;
        while !self.is_last_of_month(index) && (sticks || self.days[index].2 < wanted) {
            index += 1;
        }
        match counting.month_end() {
            _ if sticks || self.days[index].2 == wanted => Some(index),
            MonthEnd::Reject => None,
            MonthEnd::FirstOfNext => Some(index + 1),
            MonthEnd::LastDay | MonthEnd::StickyEnd => Some(index),
        }
    }

    /// Raw and adjusted last day.
    fn last_day(&self, start: usize, period: Period, counting: Counting) -> Option<(usize, usize)> {
        let away = counting.direction();
        let toward = if away == Direction::Forward { Direction::Backward } else { Direction::Forward };
        let counted = counting.event_day() == EventDay::Counted;
        let first = if counted { start } else { Self::walk(start, away, 1) };
        let raw = match period {
            Period::WorkingDays(count) => {
                let wanted = count + u32::from(counting.span() == Span::Clear);
                let (mut index, mut found) = (Self::walk(first, toward, 1), 0);
                while found < wanted {
                    index = Self::walk(index, away, 1);
                    found += u32::from(!self.free[index]);
                }
                index
            }
            _ => {
                let reached = match period {
                    Period::Days(count) => (0..count).fold(start, |index, _| Self::walk(index, away, 1)),
                    Period::Weeks(count) => (0..count * 7).fold(start, |index, _| Self::walk(index, away, 1)),
                    Period::Months(count) => self.month(start, count, counting)?,
                    Period::Years(count) => self.month(start, count * 12, counting)?,
                    Period::WorkingDays(_) => unreachable!(),
                };
                match (counted, counting.span()) {
                    (true, _) => Self::walk(reached, toward, 1),
                    (false, Span::Clear) => Self::walk(reached, away, 1),
                    (false, Span::Plain) => reached,
                }
            }
        };
        let mut adjusted = raw;
        while counting.roll() != Roll::None && self.free[adjusted] {
            adjusted = if counting.roll() == Roll::Following { adjusted + 1 } else { adjusted - 1 };
        }
        let minimum = usize::from(counting.minimum_working_days());
        // Of clear days, the day for the act is none.
        let last_of = |act| if counting.span() == Span::Clear { Self::walk(act, toward, 1) } else { act };
        let held = |act: usize| {
            let last = last_of(act);
            let (low, high) = if away == Direction::Forward { (first, last) } else { (last, first) };
            if low > high { 0 } else { (low..=high).filter(|index| !self.free[*index]).count() }
        };
        let end = last_of(raw);
        let length = if away == Direction::Forward { end + 1 - first } else { first + 1 - end };
        if minimum > 0 && length >= minimum {
            while held(adjusted) < minimum {
                adjusted = Self::walk(adjusted, away, 1);
                while counting.roll() != Roll::None && self.free[adjusted] {
                    adjusted = Self::walk(adjusted, away, 1);
                }
            }
        }
        Some((raw, adjusted))
    }

    fn calendar(&self) -> HolidayCalendar {
        let dates = self.days.iter().filter(|date| is_holiday(**date));
        let dates = dates.map(|&(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap());
        let coverage = Coverage::years(1895, 2205).unwrap();
        HolidayCalendar::builder(label()).coverage(coverage).holidays(dates).build().unwrap()
    }

    /// Compares every `stride`-th start.
    fn compare(&self, calendar: &HolidayCalendar, period: Period, counting: Counting, stride: usize) {
        let mut start = day("1900-01-01");
        for index in self.from..self.to {
            if index % stride == 0 {
                let (year, month, number) = self.days[index];
                assert_eq!((start.year(), start.month(), start.day()), (year, month, number));
                let found = counting.last_day(period, start, Some(calendar));
                let found = found.map(|last| [last.raw(), last.adjusted()].map(|d| (d.year(), d.month(), d.day())));
                match self.last_day(index, period, counting) {
                    Some((raw, adjusted)) => {
                        assert_eq!(
                            found,
                            Ok([self.days[raw], self.days[adjusted]]),
                            "{period} from {start}, {counting:?}"
                        );
                    }
                    None => assert!(matches!(found, Err(DeadlineError::MissingDay { .. })), "{period} from {start}"),
                }
            }
            start = start.succ_opt().unwrap();
        }
        assert_eq!(start, day("2201-01-01"));
    }
}

#[test]
fn every_named_convention_from_every_day_of_1900_to_2200() {
    let days = Days::new();
    let calendar = days.calendar();
    let mut seen = Vec::new();
    for convention in CONVENTIONS {
        for direction in [Direction::Forward, Direction::Backward] {
            let counting = convention.counting(direction, day("2026-01-01")).unwrap();
            if seen.contains(&counting) {
                continue; // several conventions count alike
            }
            seen.push(counting);
            for period in [Period::Days(15), Period::Weeks(2), Period::Months(1)] {
                days.compare(&calendar, period, counting, 1);
            }
        }
    }
}

#[test]
fn every_combination_of_settings() {
    let days = Days::new();
    let calendar = days.calendar();
    let mut combinations = 0;
    for direction in [Direction::Forward, Direction::Backward] {
        for (event_day, span) in
            [(EventDay::Excluded, Span::Plain), (EventDay::Excluded, Span::Clear), (EventDay::Counted, Span::Plain)]
        {
            for month_end in [MonthEnd::LastDay, MonthEnd::FirstOfNext, MonthEnd::StickyEnd, MonthEnd::Reject] {
                for roll in [Roll::None, Roll::Following, Roll::Preceding] {
                    for minimum in [0, 2] {
                        let builder = Counting::builder().direction(direction).event_day(event_day).span(span);
                        let builder = builder.month_end(month_end).roll(roll).minimum_working_days(minimum);
                        let counting = builder.build().unwrap();
                        for period in [
                            Period::Days(2),
                            Period::Days(45),
                            Period::WorkingDays(1),
                            Period::WorkingDays(10),
                            Period::Weeks(3),
                            Period::Months(1),
                            Period::Months(18),
                            Period::Years(1),
                        ] {
                            // 97 is prime: over 300 years it meets every day of the week and of the year.
                            days.compare(&calendar, period, counting, 97);
                            combinations += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(combinations, 2 * 3 * 4 * 3 * 2 * 8);
}
