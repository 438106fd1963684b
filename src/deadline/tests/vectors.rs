//! The published and derived dates, from `tests/data/deadline_vectors.csv`.

use chrono::{DateTime, FixedOffset};

use super::*;
use crate::deadline::tests::label;

fn calendar(name: &str) -> HolidayCalendar {
    match name {
        "england" => Place::EnglandAndWales.calendar(2011, 2030).unwrap(),
        "germany" => Place::Germany.calendar(2011, 2030).unwrap(),
        "weekend" => HolidayCalendar::builder(label()).build().unwrap(),
        date => HolidayCalendar::builder(label()).holidays([day(date)]).build().unwrap(),
    }
}

fn instant(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z").unwrap()
}

#[test]
fn every_vector_holds() {
    let mut lines = include_str!("../../../tests/data/deadline_vectors.csv").lines();
    assert_eq!(lines.next(), Some("vector,from,period,settings,calendar,last_day,adjusted_last_day,source"));
    let (mut days, mut hours) = (0, 0);
    for line in lines {
        let [_, from, period, settings, calendar_name, last, adjusted, source] =
            line.splitn(8, ',').collect::<Vec<_>>().try_into().expect(line);
        assert!(!source.is_empty(), "{line}");
        let calendar = (!calendar_name.is_empty()).then(|| calendar(calendar_name));
        let calendar = calendar.as_ref().map(|calendar| calendar as &dyn Calendar);

        if let Ok(length) = period.parse::<Hours>() {
            let kind = match settings {
                "elapsed" => HourReadingKind::Elapsed,
                "hour-not-counted" => HourReadingKind::HourNotCounted,
                "two-working-days" => HourReadingKind::TwoWorkingDays,
                other => panic!("{other}"),
            };
            let rule = HourRule::new(length, clause::G_33_1, Trigger::new("awareness"));
            let (from, expected) = (instant(from), instant(last));
            let readings = rule.readings(from.to_utc().into(), from.offset(), calendar).unwrap();
            let found = readings.all().iter().find(|reading| reading.kind() == kind).unwrap();
            assert_eq!(found.ends_before(), Timestamp::from(expected.to_utc()), "{line}");
            hours += 1;
            continue;
        }
        let period = match period.strip_prefix('W') {
            Some(count) => Period::WorkingDays(count.parse().unwrap()),
            None => period.parse().unwrap(),
        };
        let (mut builder, mut deemed) = (Counting::builder(), None);
        for setting in settings.split(' ') {
            builder = match setting {
                "" => builder,
                "backward" => builder.direction(Direction::Backward),
                "counted" => builder.event_day(EventDay::Counted),
                "clear" => builder.span(Span::Clear),
                "sticky" => builder.month_end(MonthEnd::StickyEnd),
                "following" => builder.roll(Roll::Following),
                "preceding" => builder.roll(Roll::Preceding),
                "minimum=2" => builder.minimum_working_days(2),
                "deemed=10" => {
                    deemed = Some(Period::Days(10));
                    builder
                }
                other => panic!("{other}"),
            };
        }
        let counting = builder.build().unwrap();
        let mut rule = rule(period).with_counting(counting);
        if let Some(after) = deemed {
            rule = rule.with_deemed_receipt(after);
        }
        let deadline = match calendar {
            Some(calendar) => rule.deadline_in(day(from), calendar),
            None => rule.deadline(day(from)),
        }
        .unwrap();
        assert_eq!((deadline.raw_last_day(), deadline.adjusted_last_day()), (day(last), day(adjusted)), "{line}");
        if deemed.is_none() {
            let bare = counting.last_day(period, day(from), calendar).unwrap();
            assert_eq!((bare.raw(), bare.adjusted()), (day(last), day(adjusted)), "{line}");
        }
        days += 1;
    }
    assert!(days >= 85 && hours >= 9, "{days} of days and {hours} of hours");
}

#[test]
fn named_conventions_give_their_own_vectors() {
    let germany = Place::Germany.calendar(2011, 2030).unwrap();
    let england = Place::EnglandAndWales.calendar(2011, 2030).unwrap();
    let list = |date| HolidayCalendar::builder(label()).holidays([day(date)]).build().unwrap();
    let (bulgaria, austria) = (list("2025-03-03"), list("2025-01-06"));
    let weekend = HolidayCalendar::builder(label()).build().unwrap();
    for (convention, from, period, calendar, expected, source) in [
        (&REGULATION_1182_71, "2025-02-28", Period::Days(3), &bulgaria, "2025-03-05", "vector 66"),
        (&REGULATION_1182_71, "2025-01-03", Period::Days(3), &austria, "2025-01-08", "vector 68"),
        (&REGULATION_1182_71, "2025-01-03", Period::Days(3), &germany, "2025-01-07", "vector 69"),
        (&REGULATION_1182_71, "2025-01-03", Period::Days(1), &germany, "2025-01-06", "3(5): a single day is not meant"),
        (&REGULATION_1182_71, "2024-02-29", Period::Years(1), &germany, "2025-02-28", "vector 71: a Friday"),
        (&ICO_ONE_MONTH, "2019-09-27", Period::Months(1), &england, "2019-10-28", "vector 56"),
        (&ICO_ONE_MONTH, "2025-11-25", Period::Months(1), &england, "2025-12-29", "vector 62"),
        (&BGB_EVENT, "2025-03-31", Period::Months(1), &germany, "2025-04-30", "vector 43"),
        (&BGB_EVENT, "2025-10-31", Period::Months(1), &germany, "2025-12-01", "BGB 193: 30 November is a Sunday"),
        (&BGB_START_OF_DAY, "2025-04-01", Period::Months(1), &germany, "2025-04-30", "BGB 188(2): the day before"),
        (&BGB_START_OF_DAY, "2025-01-31", Period::Months(1), &germany, "2025-02-28", "BGB 188(3): a Friday"),
        (&BGB_START_OF_DAY, "2024-01-31", Period::Months(1), &germany, "2024-02-29", "BGB 188(3): a Thursday"),
        (&CCPA, "2025-01-01", Period::Days(45), &weekend, "2025-02-14", "vector 76"),
        (&CCPA, "2025-01-01", Period::Days(90), &weekend, "2025-03-31", "vector 77"),
        (&CCPA_CONFIRMATION, "2025-01-02", Period::WorkingDays(10), &weekend, "2025-01-16", "vector 78"),
        (&LGPD, "2026-03-02", Period::Days(15), &weekend, "2026-03-17", "vector 79"),
        (&CONTRACT, "2025-10-31", Period::Months(1), &weekend, "2025-11-30", "vector 86: a Sunday stands"),
    ] {
        let deadline = rule(period).under(convention, day(from)).unwrap().deadline_in(day(from), calendar).unwrap();
        assert_eq!(deadline.adjusted_last_day(), day(expected), "{convention}: {source}");
    }
}

#[test]
fn a_convention_holds_from_its_first_day() {
    for convention in CONVENTIONS {
        let first = convention.from();
        assert!((1..=2020).contains(&first.year()), "{convention}");
        assert!(convention.counting(Direction::Forward, first).is_ok());
        assert_eq!(convention.counting(Direction::Backward, first).unwrap().direction(), Direction::Backward);
        let before = first.pred_opt().unwrap();
        let refused = convention.counting(Direction::Forward, before);
        assert!(matches!(refused, Err(DeadlineError::NotInForce { .. })), "{convention}");
        // They are made without a check, so that they can be constants: here it is.
        for direction in [Direction::Forward, Direction::Backward] {
            let counting = convention.counting(direction, first).unwrap();
            assert_eq!(counting.to_builder().build(), Ok(counting));
            assert_eq!(counting.direction(), direction);
        }
    }
    let closed = Convention::new("old", "nobody", day("2018-01-01"), Some(day("2018-12-31")), Counting::MINIMUM);
    assert!(closed.counting(Direction::Forward, day("2018-12-31")).is_ok());
    let error = closed.counting(Direction::Forward, day("2019-01-01")).unwrap_err();
    assert_eq!(error.to_string(), "old was not in force on 2019-01-01: it is from 2018-01-01 to 2018-12-31");
    assert_eq!(error.code(), NOT_IN_FORCE);
}

// ---- laws of arithmetic that do not hold, each with its counterexample

fn reach(start: NaiveDate, period: Period) -> NaiveDate {
    Counting::CONTRACT.last_day(period, start, None).unwrap().raw()
}

fn back(start: NaiveDate, period: Period) -> NaiveDate {
    let backward = Counting::builder().direction(Direction::Backward).build().unwrap();
    backward.last_day(period, start, None).unwrap().raw()
}

#[test]
fn counterexamples_to_the_laws_of_arithmetic() {
    let month = Period::Months(1);
    // Not associative: vector 107.
    assert_eq!(reach(reach(day("2025-01-31"), month), month), day("2025-03-28"));
    assert_eq!(reach(day("2025-01-31"), Period::Months(2)), day("2025-03-31"));
    // Not reversible: vector 107.
    assert_eq!(back(reach(day("2025-01-31"), month), month), day("2025-01-28"));
    // Not commutative: vector 18 (the method that T 2056/08 rejected) against 20's order.
    assert_eq!(reach(reach(day("2008-07-21"), Period::Months(2)), Period::Days(10)), day("2008-10-01"));
    assert_eq!(reach(reach(day("2008-07-21"), Period::Days(10)), Period::Months(2)), day("2008-09-30"));
    // Not injective: vector 83.
    assert_eq!(reach(day("2024-01-30"), month), reach(day("2024-01-29"), month));
    // A recurrence that is iterated drifts: vector 103.
    let year = Period::Years(1);
    let iterated = (0..4).fold(day("2024-02-29"), |date, _| reach(date, year));
    assert_eq!((iterated, reach(day("2024-02-29"), Period::Years(4))), (day("2028-02-28"), day("2028-02-29")));
    // An age tested backwards gives another answer: a report of 31 August 2024 on 28 February 2026.
    let (report, on) = (day("2024-08-31"), day("2026-02-28"));
    assert!(on <= reach(report, Period::Months(18)));
    assert!(report > back(on, Period::Months(18)));
    // and the report of 30 August, which is still current, would not be by subtraction.
    assert!(on <= reach(day("2024-08-30"), Period::Months(18)));
    assert!(back(day("2026-02-28"), Period::Months(18)) < day("2024-08-30"));
}
