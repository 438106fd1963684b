//! Periods, zones, lists of holidays and stored cases: any text, no panic; what is read is what was written; and the
//! jump over a list lands where a walk does.
#![no_main]

use chrono::NaiveDate;
use clausework::clause;
use clausework::deadline::{
    Calendar, CalendarLabel, Case, Counting, Coverage, DeadlineRule, Direction, HolidayCalendar, Hours, Period,
    Trigger, Weekend, Zone, end_of_day,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let start = NaiveDate::from_ymd_opt(2024, 1, 31).expect("a day");
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Ok(period) = first.parse::<Period>() {
        let unit = first.bytes().last().map(char::from).expect("a unit");
        assert_eq!(format!("P{}{unit}", period.count()).parse(), Ok(period));
        let _ = Counting::CONTRACT.last_day(period, start, None);
    }
    let _ = first.parse::<Hours>();
    if let Ok(zone) = first.parse::<Zone>() {
        assert_eq!(zone.to_string().parse(), Ok(zone));
        end_of_day(start, &zone).expect("a day of our time");
    }
    if let Ok(case) = serde_json::from_str::<Case>(text) {
        let written = serde_json::to_string(&case).expect("written");
        assert_eq!(serde_json::from_str::<Case>(&written).expect("read back"), case);
        let rule = DeadlineRule::new(Period::Months(1), clause::G_12_3, Trigger::new("receipt"));
        if let Ok(assessment) = rule.assess(&case, None) {
            assert!(assessment.current().raw_last_day() >= assessment.original().raw_last_day());
        }
    }

    let label = CalendarLabel::try_new("fuzz", "fuzz", "1").expect("a label");
    let Ok(calendar) = HolidayCalendar::from_list(label, Coverage::ALL, Weekend::SATURDAY_SUNDAY, rest) else { return };
    let from = calendar.holidays().next().unwrap_or(start);
    for (count, direction) in [(1, Direction::Forward), (9, Direction::Forward), (3, Direction::Backward)] {
        let Ok(reached) = calendar.advance(from, count, direction) else { continue };
        let (low, high) = (from.min(reached), from.max(reached));
        let walked = low.iter_days().take_while(|day| *day <= high).filter(|day| *day != from);
        let found = walked.filter(|day| calendar.is_working(*day).expect("covered")).count();
        assert_eq!(found, count as usize, "{from} {direction:?}");
    }
});
