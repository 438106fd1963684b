//! What deadlines cost against the bare calendar: months, hours, working days.
//!
//! `cargo bench --bench deadlines` measures; under `cargo test --benches` a short run checks the answers.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    reason = "a benchmark"
)]

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use clausework::deadline::{
    Calendar, Counting, DeadlineRule, Direction, HolidayCalendar, HourRule, Hours, Period, Place, Trigger,
};
use clausework::{Timestamp, clause};

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Medians of both, in turn, for as many calls as there are days.
fn in_turn<A, B>(
    rounds: usize,
    days: &[NaiveDate],
    mut ours: impl FnMut(NaiveDate) -> A,
    mut theirs: impl FnMut(NaiveDate) -> B,
) -> (Duration, Duration) {
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = Instant::now();
        for day in days {
            black_box(ours(black_box(*day)));
        }
        one.push(start.elapsed());
        let start = Instant::now();
        for day in days {
            black_box(theirs(black_box(*day)));
        }
        two.push(start.elapsed());
    }
    (median(one), median(two))
}

/// The loop that everybody writes.
fn day_by_day(holidays: &HashSet<NaiveDate>, from: NaiveDate, count: u32) -> NaiveDate {
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day = day + Days::new(1);
        let is_free = matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || holidays.contains(&day);
        left -= u32::from(!is_free);
    }
    day
}

struct Report {
    missed: usize,
    calls: u32,
}

impl Report {
    fn line(&mut self, case: &str, rival: &str, goal: f64, (ours, theirs): (Duration, Duration)) {
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("ratio deadlines/{case} vs {rival} = {ratio:.2} (goal <= {goal:.2})");
        println!("      {:.1?} against {:.1?} a call", ours / self.calls, theirs / self.calls);
        self.missed += usize::from(ratio > goal);
    }
}

fn main() {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let rounds = if measured { 101 } else { 3 };
    let first = NaiveDate::from_ymd_opt(2015, 1, 1).unwrap();
    let days: Vec<_> = (0..4_000).map(|offset| first + Days::new(offset * 97 % 4_000)).collect();
    let mut report = Report { missed: 0, calls: 4_000 };

    // One month, bare and with its working.
    // Neither may know the number beforehand: what is folded into one of them alone would be compared.
    let one = Period::Months(1);
    let bare = |day: NaiveDate| day.checked_add_months(Months::new(black_box(1))).unwrap();
    let last = |day| Counting::CONTRACT.last_day(black_box(one), day, None).unwrap().adjusted();
    let rule = DeadlineRule::new(one, clause::D_10_1B, Trigger::new("the Cessation Date"));
    let shown = |day| rule.deadline(day).unwrap();
    for day in &days {
        assert_eq!((last(*day), shown(*day).adjusted_last_day()), (bare(*day), bare(*day)));
    }
    report.line("month", "chrono Months", 1.5, in_turn(rounds, &days, last, bare));
    report.line("month with its working", "chrono Months", 15.0, in_turn(rounds, &days, shown, bare));

    // 72 hours, bare and as a deadline.
    let noon = |day: NaiveDate| -> DateTime<Utc> { day.and_hms_opt(12, 0, 0).unwrap().and_utc() };
    let instant = |day: NaiveDate| Timestamp::from(noon(day));
    let bare = |day| noon(day).checked_add_signed(TimeDelta::hours(72)).unwrap();
    let hours = |day| Hours::new(72).from(instant(day), Direction::Forward).unwrap();
    let notice = HourRule::new(Hours::new(72), clause::G_33_1, Trigger::new("awareness"));
    let shown = |day| notice.deadline(instant(day)).unwrap();
    for day in &days {
        assert_eq!((hours(*day), shown(*day).ends_before()), (bare(*day).into(), bare(*day).into()));
    }
    // Both begin with the host's clock, and end with what is stored.
    let bare = |day| noon(day).checked_add_signed(TimeDelta::hours(72)).unwrap().timestamp_micros();
    report.line("72 hours", "chrono TimeDelta", 1.5, in_turn(rounds, &days, hours, bare));
    report.line("72 hours with their rule", "chrono TimeDelta", 15.0, in_turn(rounds, &days, shown, bare));

    // Working days, few and many.
    let calendar = Place::Germany.calendar(2010, 2040).unwrap();
    let holidays: HashSet<_> = calendar.holidays().collect();
    let jump = |calendar: &HolidayCalendar, day, count| calendar.advance(day, count, Direction::Forward).unwrap();
    for (day, count) in days.iter().flat_map(|day| [(*day, 1), (*day, 20), (*day, 250)]) {
        assert_eq!(jump(&calendar, day, count), day_by_day(&holidays, day, count), "{day} and {count}");
    }
    let twenty = |day| jump(&calendar, day, 20);
    report.line(
        "20 working days",
        "a loop over a HashSet",
        0.25,
        in_turn(rounds, &days, twenty, |day| day_by_day(&holidays, day, 20)),
    );
    let rule = DeadlineRule::new(Period::WorkingDays(20), clause::G_12_3, Trigger::new("receipt"));
    let shown = |day| rule.deadline_in(day, &calendar).unwrap();
    report.line(
        "20 working days with their working",
        "a loop over a HashSet",
        0.5,
        in_turn(rounds, &days, shown, |day| day_by_day(&holidays, day, 20)),
    );
    let (many, few) = in_turn(rounds, &days, |day| jump(&calendar, day, 2_000), twenty);
    report.line("2000 working days", "20 of them", 1.5, (many, few));

    // On a busy machine a short run says nothing.
    assert!(!measured || report.missed == 0, "{} goals were missed", report.missed);
}
