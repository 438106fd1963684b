//! Working days against `bdays`, with the holidays of its own calendar: what a newcomer would take, as it is and with
//! its cache. And months against bare `chrono`.

use std::hint::black_box;
use std::process::ExitCode;

use bdays::calendars::us::USSettlement;
use bdays::{HolidayCalendar as _, HolidayCalendarCache};
use chrono::{Days, Months, NaiveDate};
use clausework::deadline::{Calendar, CalendarLabel, Counting, Coverage, Direction, HolidayCalendar, Period};
use clausework_versus::Versus;

fn main() -> ExitCode {
    let mut versus = Versus::from_args("deadlines");
    let coverage = Coverage::years(2015, 2035).expect("years");
    let (first, last) = (coverage.first(), coverage.last());
    let free = first.iter_days().take_while(|day| *day <= last).filter(|day| USSettlement.is_holiday(*day));
    let label = CalendarLabel::try_new("United States", "bdays", "0.1").expect("a label");
    let calendar = HolidayCalendar::builder(label).coverage(coverage).holidays(free).build().expect("a calendar");
    let cached = HolidayCalendarCache::new(USSettlement, first, last);

    // Days from 2016 to 2026, not in their order.
    let days: Vec<_> = (0..4_000).map(|offset| first + Days::new(365 + offset * 97 % 4_000)).collect();
    let ours = |day, count| calendar.advance(day, count, Direction::Forward).expect("covered");
    for count in [1, 20, 250] {
        for day in &days {
            // From a day that is free, `bdays` starts at the next working day: the same from a working day.
            if calendar.is_working(*day).expect("covered") {
                let theirs = USSettlement.advance_bdays(*day, count);
                assert_eq!(ours(*day, count.unsigned_abs()), theirs, "{day} and {count}");
            }
        }
    }
    for count in [20, 250] {
        let all = || {
            for day in &days {
                black_box(ours(black_box(*day), count));
            }
        };
        let plain = || {
            for day in &days {
                black_box(USSettlement.advance_bdays(black_box(*day), count.cast_signed()));
            }
        };
        let with_cache = || {
            for day in &days {
                black_box(cached.advance_bdays(black_box(*day), count.cast_signed()));
            }
        };
        let size = count.to_string();
        versus.compare("working days", &size, "bdays", 0.25, all, plain);
        versus.compare("working days", &size, "bdays, cached", 0.25, all, with_cache);
    }

    // Neither may know the number beforehand: what is folded into one of them alone would be compared.
    let month = || {
        for day in &days {
            let last = Counting::CONTRACT.last_day(Period::Months(black_box(1)), black_box(*day), None);
            black_box(last.expect("in range").adjusted());
        }
    };
    let bare = || {
        for day in &days {
            black_box(black_box(*day).checked_add_months(Months::new(black_box(1))).expect("in range"));
        }
    };
    versus.compare("months", "1", "chrono", 1.5, month, bare);

    let far = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");
    assert!(Counting::CONTRACT.last_day(Period::Months(1), far, None).is_err(), "chrono would go on");
    versus.finish()
}
