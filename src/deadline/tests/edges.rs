//! Boundaries of calendars and of the working, what is shown of a deadline, and what changed in it.

use alloc::format;

use super::*;

fn free() -> HolidayCalendar {
    HolidayCalendar::builder(label()).build().unwrap()
}

#[test]
fn a_label_says_where_who_and_as_of_when() {
    let label = CalendarLabel::try_new("Berlin", "the Senate", "2026").unwrap();
    assert_eq!((label.place(), label.source(), label.version()), ("Berlin", "the Senate", "2026"));
    assert_eq!(label.to_string(), "Berlin (the Senate, 2026)");
    assert_eq!(format!("{label:?}"), "CalendarLabel(Berlin (the Senate, 2026))");
}

/// The years 1 to 9999, both included, and at least one day.
#[test]
fn a_calendar_covers_days_of_the_years_1_to_9999() {
    let (first, last) = (day("0001-01-01"), day("9999-12-31"));
    assert_eq!(Coverage::try_new(first, last), Ok(Coverage::ALL));
    assert!(Coverage::try_new(first, first).is_ok() && Coverage::try_new(last, last).is_ok());
    for (from, to) in
        [(first.pred_opt().unwrap(), last), (first, last.succ_opt().unwrap()), (day("2026-01-02"), day("2026-01-01"))]
    {
        assert!(Coverage::try_new(from, to).is_err(), "{from} {to}");
    }
    assert!(Coverage::ALL.check(first).is_ok() && Coverage::ALL.check(last).is_ok());
}

#[test]
fn a_day_of_the_weekend_that_is_named_twice_is_one() {
    use chrono::Weekday;
    let weekend = Weekend::try_new([Weekday::Sat, Weekday::Sun, Weekday::Sat]).unwrap();
    assert_eq!(weekend, Weekend::SATURDAY_SUNDAY);
    assert!(weekend.contains(Weekday::Sat) && !weekend.contains(Weekday::Fri));
}

#[test]
fn a_convention_says_what_it_is_and_until_when_it_held() {
    let old = Convention::new("old", "a lost book", day("2018-01-01"), Some(day("2018-12-31")), Counting::MINIMUM);
    assert_eq!((old.name(), old.source(), old.until()), ("old", "a lost book", Some(day("2018-12-31"))));
    assert_eq!(old.to_string(), "old (a lost book)");
    assert_eq!(old.with_source("a found one").source(), "a found one");
    let open = Convention::new("new", "a book", day("2018-01-01"), None, Counting::MINIMUM);
    assert_eq!(open.until(), None);
}

/// The bare answer, which takes a short way, refuses what is outside the years as the full one does.
#[test]
fn a_bare_answer_stays_within_the_years_1_to_9999() {
    let last = |start, period| Counting::CONTRACT.last_day(period, start, None);
    let before = day("0001-01-01").pred_opt().unwrap();
    assert_eq!(last(before, Period::Days(1)), Err(DeadlineError::StartOutOfRange { start: before }));
    let (start, period) = (day("9999-12-31"), Period::Days(1));
    assert_eq!(last(start, period), Err(DeadlineError::LastDayOutOfRange { start, period }));
}

/// From the end of a month to the end of a month with as many days nothing was kept: the same day of the month it is.
#[test]
fn a_month_end_is_kept_only_where_it_would_be_lost() {
    let sticky = Counting::builder().month_end(MonthEnd::StickyEnd).build().unwrap();
    let kept = |months, start| {
        let found = rule(Period::Months(months)).with_counting(sticky).deadline(day(start)).unwrap();
        let kept = found.steps().iter().any(|step| matches!(step, Step::KeptAtMonthEnd { .. }));
        (found.raw_last_day().to_string(), kept)
    };
    assert_eq!(kept(2, "2026-01-31"), ("2026-03-31".into(), false));
    assert_eq!(kept(1, "2026-02-28"), ("2026-03-31".into(), true));
}

/// Only a minimum of working days asks about the days between: without one, the end's own day is all that is asked for.
#[test]
fn a_roll_asks_the_calendar_for_the_end_alone() {
    let year = HolidayCalendar::builder(label()).coverage(Coverage::years(2026, 2026).unwrap()).build().unwrap();
    let rolling = Counting::builder().roll(Roll::Following);
    let month = |counting: CountingBuilder| {
        let rule = rule(Period::Months(1)).with_counting(counting.build().unwrap());
        rule.deadline_in(day("2025-12-20"), &year)
    };
    let found = month(rolling).unwrap();
    assert_eq!((found.adjusted_last_day(), found.calendar()), (day("2026-01-20"), Some(&label())));
    assert_eq!(month(rolling.minimum_working_days(2)).unwrap_err().code(), OUTSIDE_COVERAGE);
}

/// Thursday and Friday are two working days: the Sunday on which such a period ends is not moved back to Friday.
#[test]
fn a_minimum_that_is_met_moves_nothing() {
    let counting = Counting::builder().minimum_working_days(2).build().unwrap();
    let found = |period, start| {
        let rule = rule(period).with_counting(counting);
        let found = rule.deadline_in(day(start), &free()).unwrap();
        let moved = found.steps().iter().any(|step| matches!(step, Step::MinimumWorkingDays { .. }));
        (found.adjusted_last_day().to_string(), moved)
    };
    assert_eq!(found(Period::Days(4), "2026-07-01"), ("2026-07-05".into(), false));
    assert_eq!(found(Period::Days(3), "2026-07-02"), ("2026-07-06".into(), true)); // Friday, and Monday after it
}

/// A pause of two working days in a period of working days: a weekend after the end is not counted.
#[test]
fn a_pause_of_working_days_is_not_one_of_days() {
    let ten = rule(Period::WorkingDays(10)); // from Thursday 2 January 2025 to Thursday 16 January
    let case = Case::new(day("2025-01-02")).paused(PauseGround::Identity, day("2025-01-06")).unwrap();
    let case = case.resumed(PauseGround::Identity, day("2025-01-07")).unwrap();
    let current = ten.assess(&case, Some(&free())).unwrap().current().clone();
    assert_eq!(current.raw_last_day(), day("2025-01-20")); // Friday and Monday; two days would end on a Saturday
}

#[test]
fn only_periods_of_one_unit_add_up() {
    let units: [fn(u32) -> Period; 5] =
        [Period::Days, Period::WorkingDays, Period::Weeks, Period::Months, Period::Years];
    for (at, unit) in units.iter().enumerate() {
        assert_eq!(unit(1).checked_add(unit(2)), Some(unit(3)));
        assert_eq!(unit(1).checked_add(unit(u32::MAX)), None);
        for other in units.iter().skip(at + 1) {
            assert_eq!(unit(1).checked_add(other(2)), None);
        }
    }
}

/// G-33.1, 72 hours: in time a microsecond before their end, not at it.
#[test]
fn g_33_1_an_hour_deadline_is_met_before_its_end() {
    let rule = HourRule::new(Hours::new(72), clause::G_33_1, Trigger::new("awareness"));
    assert_eq!(rule.to_string(), "G-33.1: within 72 hours of awareness");
    assert_eq!(Hours::new(1).to_string(), "1 hour");
    let micros = |days: i64, micros: i64| Timestamp::from_micros(days * 86_400_000_000 + micros).unwrap();
    let deadline = rule.deadline(micros(0, 0)).unwrap();
    for (instant, met) in [(micros(3, -1), true), (micros(3, 0), false), (micros(3, 1), false)] {
        assert_eq!(deadline.is_met_at(instant), met, "{instant}");
    }
    assert_eq!(
        deadline.to_string(),
        "before 1970-01-04T00:00:00.000000Z (G-33.1: within 72 hours of awareness, 1970-01-01T00:00:00.000000Z, in elapsed hours)"
    );
    // The hour that is not counted is what is disputed: at 00:00:00 it is a whole one.
    let readings = rule.readings(micros(0, 0), &Utc, None).unwrap();
    assert_eq!(readings.dispute(), core::time::Duration::from_secs(60 * 60));
    let held_by: Vec<_> = readings.all().iter().map(|reading| reading.kind().held_by()).collect();
    assert!(held_by[0].contains("Article 33(1)") && held_by[1].contains("Article 3(1)"), "{held_by:?}");
    assert!(HourReadingKind::TwoWorkingDays.held_by().contains("ZD 2019, 152"));
}

/// Of readings that end on the same day, the chosen one is both the earliest and the latest.
#[test]
fn of_equal_readings_the_chosen_one_is_named() {
    let other = Convention::new("other", "nobody", day("2018-01-01"), None, Counting::CONTRACT);
    let rolling = Counting::builder().roll(Roll::Following).build().unwrap(); // differs, and moves nothing here
    let readings = rule(Period::Months(1)).with_counting(rolling).readings(day("2026-01-05"), &[other], Some(&free()));
    let readings = readings.unwrap();
    assert!(readings.is_undisputed());
    assert_eq!((readings.earliest(), readings.latest()), (readings.chosen(), readings.chosen()));
    assert_ne!(readings.chosen(), readings.others()[0].deadline());
}

/// What is different in a later version of a deadline, and nothing else.
#[test]
fn a_change_names_what_is_different() {
    let rolling = Counting::builder().roll(Roll::Following).build().unwrap();
    let ten = rule(Period::Days(10)).with_counting(rolling);
    let calendar = |version, holidays: &[&str]| {
        let label = CalendarLabel::try_new("England", "GOV.UK", version).unwrap();
        HolidayCalendar::builder(label).holidays(holidays.iter().map(|text| day(text))).build().unwrap()
    };
    let (august, september) = (calendar("August", &[]), calendar("September", &["2022-09-19"]));
    let before = ten.deadline_in(day("2022-09-09"), &august).unwrap();
    assert_eq!(before.change_to(&before), None);

    let moved = before.change_to(&ten.deadline_in(day("2022-09-09"), &september).unwrap()).unwrap();
    assert_eq!(moved.adjusted_last_day(), Some((day("2022-09-19"), day("2022-09-20"))));
    let labels =
        moved.calendar().map(|(old, new)| [old, new].map(|label| label.clone().unwrap().version().to_string()));
    assert_eq!(labels, Some(["August".into(), "September".into()]));
    assert_eq!((moved.start(), moved.raw_last_day(), moved.rule()), (None, None, None));
    assert_eq!(
        moved.to_string(),
        "last day in time 2022-09-19 -> 2022-09-20, calendar England (GOV.UK, August) -> England (GOV.UK, September)"
    );

    let later = before.change_to(&ten.deadline_in(day("2022-09-12"), &august).unwrap()).unwrap();
    assert_eq!(later.start(), Some((day("2022-09-09"), day("2022-09-12"))));
    assert_eq!(later.raw_last_day(), Some((day("2022-09-19"), day("2022-09-22"))));
    assert_eq!((later.adjusted_last_day(), later.calendar(), later.rule()), (later.raw_last_day(), None, None));

    // Another rule, though it gives the same days; and the same rule, extended.
    let other = rule(Period::Days(10)).with_counting(Counting::builder().roll(Roll::Preceding).build().unwrap());
    let ruled = before.change_to(&other.deadline_in(day("2022-09-09"), &august).unwrap()).unwrap();
    assert_eq!((ruled.rule(), ruled.start(), ruled.adjusted_last_day()), (Some((ten, other)), None, None));
    let month = rule(Period::Months(1)).with_extension(Extension::new(Period::Months(2), 1));
    let case = Case::new(day("2025-01-31")).extension_noticed(day("2025-02-01")).unwrap();
    let assessed = month.assess(&case, None).unwrap();
    let extended = assessed.original().change_to(assessed.current()).unwrap();
    assert_eq!(extended.rule(), Some((month, month)));
    assert_eq!(extended.raw_last_day(), Some((day("2025-02-28"), day("2025-04-30"))));
}

#[test]
fn a_rule_reads_as_its_clause_does() {
    let clear = Counting::builder().span(Span::Clear).build().unwrap();
    let week = rule(Period::Weeks(1));
    assert_eq!(week.to_string(), "D-10.1b: within 1 week of the Cessation Date");
    assert_eq!(week.with_counting(clear).to_string(), "D-10.1b: within 1 week clear of the Cessation Date");
    let extension = Extension::new(Period::Months(2), 3);
    assert_eq!((extension.by(), extension.times()), (Period::Months(2), 3));
}

/// A clock is stopped on a ground once, runs again on that ground alone, and not before it was stopped.
#[test]
fn a_clock_runs_again_on_the_ground_it_was_stopped_for() {
    let (identity, clarification) = (PauseGround::Identity, PauseGround::Clarification);
    let stopped = Case::new(day("2026-01-05")).paused(identity, day("2026-01-07")).unwrap();
    let stopped = stopped.paused(clarification, day("2026-01-08")).unwrap();
    assert_eq!(stopped.paused(identity, day("2026-01-09")), Err(CaseError::AlreadyPaused { ground: identity }));
    let runs = stopped.resumed(clarification, day("2026-01-08")).unwrap();
    let until: Vec<_> = runs.pauses().iter().map(|pause| pause.until()).collect();
    assert_eq!(until, [None, Some(day("2026-01-08"))]);
    let again = runs.resumed(clarification, day("2026-01-10"));
    assert_eq!(again, Err(CaseError::NotPaused { ground: clarification }));
    let early = runs.resumed(identity, day("2026-01-06"));
    assert_eq!(early, Err(CaseError::EndsBeforeItBegins { ground: identity }));
}

#[test]
fn a_case_holds_a_bounded_number_of_notices() {
    let notice = |case: Case, _| case.extension_noticed(day("2026-01-09")).unwrap();
    let full = (0..Case::MAX_ENTRIES).fold(Case::new(day("2026-01-05")), notice);
    assert_eq!(full.extension_notices(), alloc::vec![day("2026-01-09"); Case::MAX_ENTRIES]);
    assert_eq!(full.extension_noticed(day("2026-01-10")), Err(CaseError::TooMany));
}

#[test]
fn faults_of_a_calendar_are_named() {
    assert_eq!(CalendarError::NoWorkingDay.code(), NO_WORKING_DAY);
    assert_eq!(CalendarError::TooMany.code(), CALENDAR);
    let parts = [LabelPart::Place, LabelPart::Source, LabelPart::Version].map(|part| part.to_string());
    assert_eq!(parts, ["place", "source", "version"]);
}

#[test]
fn one_working_day_is_counted_as_one() {
    let (friday, saturday) = (day("2026-01-09"), day("2026-01-10"));
    assert_eq!((free().count(friday, friday), free().count(saturday, saturday)), (Ok(1), Ok(0)));
    assert_eq!(free().count(saturday, friday), Ok(0)); // no day at all
}

/// No date is so far ahead that it could be named: the last there is stands for it.
#[test]
fn an_advance_beyond_every_date_is_outside_the_coverage() {
    let beyond = free().advance(day("9999-12-31").pred_opt().unwrap(), u32::MAX, Direction::Forward);
    let (first, last) = (day("0001-01-01"), day("9999-12-31"));
    assert_eq!(beyond, Err(CalendarError::OutsideCoverage { day: NaiveDate::MAX, first, last }));
}

#[test]
fn a_roll_says_which_way_it_went() {
    let said = |roll| {
        let counting = Counting::builder().roll(roll).build().unwrap();
        let found = rule(Period::Weeks(1)).with_counting(counting).deadline_in(day("2026-01-10"), &free()).unwrap();
        found.steps().last().unwrap().to_string()
    };
    let saturday = "2026-01-17, a Saturday, is no working day: the";
    assert_eq!(said(Roll::Following), format!("{saturday} next one is 2026-01-19, a Monday"));
    assert_eq!(said(Roll::Preceding), format!("{saturday} last one is 2026-01-16, a Friday"));
}

#[test]
fn the_name_of_a_zone_has_at_most_64_bytes() {
    let long = |bytes| "x".repeat(bytes).parse::<Zone>();
    assert_eq!(long(64), Err(ZoneError::Unknown { name: "x".repeat(64) }));
    assert_eq!(long(65), Err(ZoneError::TooLong));
    assert_eq!(long(66), Err(ZoneError::TooLong));
    assert_eq!(format!("{:?}", "+01:00".parse::<Zone>().unwrap()), "Zone(+01:00)");
}

/// The calendar that decided is named, whichever setting asked for it; one that decided nothing is not.
#[test]
fn the_calendar_that_decided_is_named() {
    let named = |rule: DeadlineRule| rule.deadline_in(day("2026-01-05"), &free()).unwrap().calendar().cloned();
    let month = rule(Period::Months(1));
    assert_eq!(named(month), None);
    assert_eq!(named(month.with_deemed_receipt(Period::Days(2))), None);
    assert_eq!(named(month.with_deemed_receipt(Period::WorkingDays(2))), Some(label()));
    assert_eq!(named(rule(Period::WorkingDays(2))), Some(label()));
}

/// While the clock stands still it does so for the notice of an extension as well.
#[test]
fn a_notice_during_a_pause_is_in_time() {
    let month = rule(Period::Months(1)).with_extension(Extension::new(Period::Months(2), 1));
    let noticed =
        |case: &Case, on: &str| month.assess(&case.extension_noticed(day(on)).unwrap(), None).unwrap().refused().len();
    let case = Case::new(day("2025-01-31")); // to 28 February
    assert_eq!((noticed(&case, "2025-02-28"), noticed(&case, "2025-03-05")), (0, 1));
    let paused = case.paused(PauseGround::Clarification, day("2025-02-20")).unwrap();
    assert_eq!((noticed(&paused, "2025-02-10"), noticed(&paused, "2025-03-05")), (0, 0));
}
