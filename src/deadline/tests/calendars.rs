//! Calendars: the published lists, the jump against a walk, the reader, coverage.

use alloc::format;
use alloc::string::String;

use chrono::Weekday;

use super::*;
use crate::deadline::calendar::easter;
use crate::deadline::tests::label;

#[test]
fn every_published_list_holds() {
    let mut lines = include_str!("../../../tests/data/holidays.csv").lines();
    assert_eq!(lines.next(), Some("place,year,days,source"));
    let mut rows = 0;
    for line in lines {
        let [place, year, days, source] = line.splitn(4, ',').collect::<Vec<_>>().try_into().expect(line);
        let place = match place {
            "england" => Place::EnglandAndWales,
            "netherlands" => Place::Netherlands,
            "germany" => Place::Germany,
            "eu" => Place::EuInstitutions,
            other => panic!("{other}"),
        };
        let published = days.split(' ').map(|date| day(&format!("{year}-{date}")));
        // The lists hold days on weekends as they please; what a list decides is the working days.
        let published: Vec<_> = published.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).collect();
        let year = year.parse().unwrap();
        let calendar = place.calendar(year, year).unwrap();
        assert_eq!(calendar.holidays().collect::<Vec<_>>(), published, "{line} ({source})");
        rows += 1;
    }
    assert!(rows >= 18);
}

#[test]
fn easter_as_published() {
    // The earliest and the latest possible, and well-known ones between.
    for date in [
        "1818-03-22",
        "1886-04-25",
        "2285-03-22",
        "1943-04-25",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
        "2038-04-25",
    ] {
        assert_eq!(easter(day(date).year()), Some(day(date)));
    }
    assert_eq!(easter(1582), None); // no Gregorian calendar yet
    for year in 1583..=9999 {
        let sunday = easter(year).unwrap();
        assert_eq!(sunday.weekday(), Weekday::Sun);
        assert!((day(&format!("{year}-03-22"))..=day(&format!("{year}-04-25"))).contains(&sunday));
    }
}

#[test]
fn days_proclaimed_once() {
    let germany = Place::Germany.calendar(2016, 2018).unwrap();
    let is_free = |date| !germany.is_working(day(date)).unwrap();
    assert!(is_free("2017-10-31") && !is_free("2016-10-31") && !is_free("2018-10-31"));
    let england = Place::EnglandAndWales.calendar(2019, 2022).unwrap();
    assert!(england.is_working(day("2020-05-04")).unwrap()); // moved to the 8th
    assert!(england.is_working(day("2022-05-30")).unwrap()); // moved to 2 June
    // King's Day is on a Saturday when 27 April is a Sunday, and then no Monday is free for it.
    let netherlands = Place::Netherlands.calendar(2025, 2025).unwrap();
    assert!(netherlands.is_working(day("2025-04-28")).unwrap());
}

#[test]
fn the_places_answer_for_their_years_and_no_others() {
    for place in [Place::EuInstitutions, Place::Netherlands, Place::Germany, Place::EnglandAndWales] {
        let (first, last) = place.years();
        let calendar = place.calendar(first, last).unwrap();
        assert_eq!(calendar.coverage(), Coverage::years(first, last).unwrap());
        for (from, to, asked) in [(first - 1, last, first - 1), (first, last + 1, last + 1)] {
            assert_eq!(place.calendar(from, to), Err(CalendarError::Years { asked, first, last }));
        }
        assert!(matches!(place.calendar(last, first), Err(CalendarError::Coverage { .. })));
        assert!(!calendar.label().source().is_empty());
    }
}

// ---- the jump

/// The trait's own walk, day by day, over the same answers.
#[derive(Debug)]
struct Walk<'a>(&'a HolidayCalendar);

impl Calendar for Walk<'_> {
    fn label(&self) -> &CalendarLabel {
        self.0.label()
    }
    fn coverage(&self) -> Coverage {
        self.0.coverage()
    }
    fn is_working(&self, day: NaiveDate) -> Result<bool, CalendarError> {
        self.0.is_working(day)
    }
}

fn any_calendar() -> impl Strategy<Value = HolidayCalendar> {
    let holidays = proptest::collection::vec(0..600_u64, 0..200);
    (holidays, 0..127_u8, 0..40_u64, 560..620_u64).prop_map(|(holidays, weekend, first, last)| {
        let origin = day("2025-12-01");
        let at = |offset| origin + Days::new(offset);
        let coverage = Coverage::try_new(at(first), at(last)).unwrap();
        let free = (0..7).filter(|bit| weekend >> bit & 1 == 1).map(|bit| Weekday::try_from(bit).unwrap());
        HolidayCalendar::builder(label())
            .coverage(coverage)
            .weekend(Weekend::try_new(free).unwrap())
            .holidays(holidays.into_iter().map(at).filter(|day| coverage.contains(*day)))
            .build()
            .unwrap()
    })
}

proptest! {
    #[test]
    fn the_jump_lands_where_the_walk_does(calendar in any_calendar(), from in 0..620_u64, count in 0..500_u32, back: bool) {
        let (from, walk) = (day("2025-12-01") + Days::new(from), Walk(&calendar));
        let direction = if back { Direction::Backward } else { Direction::Forward };
        let (jumped, walked) = (calendar.advance(from, count, direction), walk.advance(from, count, direction));
        match (jumped, walked) {
            (Ok(jumped), Ok(walked)) => prop_assert_eq!(jumped, walked),
            (Err(jumped), Err(walked)) => prop_assert_eq!(jumped.code(), walked.code()),
            other => prop_assert!(false, "{:?}", other),
        }
        let to = from + Days::new(count.into());
        prop_assert_eq!(calendar.count(from, to).ok(), walk.count(from, to).ok());
        prop_assert_eq!(calendar.count(to + Days::new(1), from), Ok(0));
    }
}

#[test]
fn the_ends_of_the_calendar() {
    let calendar = HolidayCalendar::builder(label()).build().unwrap();
    assert_eq!(calendar.advance(day("0001-01-02"), 1, Direction::Backward), Ok(day("0001-01-01")));
    assert!(calendar.advance(day("0001-01-01"), 1, Direction::Backward).is_err());
    assert_eq!(calendar.advance(day("9999-12-30"), 1, Direction::Forward), Ok(day("9999-12-31")));
    for (from, direction) in [(day("9999-12-31"), Direction::Forward), (NaiveDate::MAX, Direction::Forward)] {
        assert!(calendar.advance(from, 1, direction).is_err());
    }
    for count in [1, 3_000_000, u32::MAX] {
        assert!(calendar.advance(NaiveDate::MIN, count, Direction::Backward).is_err());
        assert!(calendar.advance(NaiveDate::MAX, count, Direction::Backward).is_err());
        assert!(calendar.advance(day("9000-01-01"), count.max(300_000), Direction::Forward).is_err());
    }
    assert_eq!(calendar.advance(NaiveDate::MIN, 0, Direction::Forward), Ok(NaiveDate::MIN));
    // 400 years are 146,097 days or 20,871 weeks.
    assert_eq!(calendar.count(day("2000-01-01"), day("2399-12-31")), Ok(20_871 * 5));
}

#[test]
fn a_question_outside_the_coverage_is_an_error_with_its_code() {
    let calendar = HolidayCalendar::builder(label()).coverage(Coverage::years(2026, 2026).unwrap()).build().unwrap();
    let rolled = rule(Period::Months(1)).with_counting(Counting::builder().roll(Roll::Following).build().unwrap());
    assert!(rolled.deadline_in(day("2026-11-30"), &calendar).is_ok());
    let error = rolled.deadline_in(day("2026-12-05"), &calendar).unwrap_err();
    assert_eq!(error.code(), OUTSIDE_COVERAGE);
    assert_eq!(error.to_string(), "the calendar covers 2026-01-01 to 2026-12-31, and the answer depends on 2027-01-05");
    // Without a roll nobody asks the calendar, and the deadline does not claim that it did.
    let plain = rule(Period::Months(1)).deadline_in(day("2026-12-05"), &calendar).unwrap();
    assert_eq!((plain.adjusted_last_day(), plain.calendar()), (day("2027-01-05"), None));
    let used = rolled.deadline_in(day("2026-11-30"), &calendar).unwrap();
    assert_eq!(used.calendar(), Some(calendar.label()));
    let json = serde_json::to_string(&used).unwrap();
    assert!(json.ends_with(r#""calendar":{"place":"nowhere","source":"a test","version":"1"}}"#), "{json}");
}

#[test]
fn a_union_is_free_when_either_is() {
    let half = |first, last, weekend, holiday| {
        let coverage = Coverage::try_new(day(first), day(last)).unwrap();
        let builder = HolidayCalendar::builder(label()).coverage(coverage).holidays([day(holiday)]);
        builder.weekend(Weekend::try_new(weekend).unwrap()).build().unwrap()
    };
    let one = half("2026-01-01", "2026-06-30", [Weekday::Sat, Weekday::Sun], "2026-03-02");
    let two = half("2026-03-01", "2026-12-31", [Weekday::Fri, Weekday::Sat], "2026-03-03");
    let both = one.union(&two).unwrap();
    assert_eq!(both.coverage(), Coverage::try_new(day("2026-03-01"), day("2026-06-30")).unwrap());
    let mut date = both.coverage().first();
    while date <= both.coverage().last() {
        let expected = one.is_working(date).unwrap() && two.is_working(date).unwrap();
        assert_eq!(both.is_working(date).unwrap(), expected, "{date}");
        date = date.succ_opt().unwrap();
    }
    assert_eq!(both.label().place(), "nowhere or nowhere");
    let rest = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let coverage = Coverage::years(2026, 2026).unwrap();
    let weekdays = HolidayCalendar::builder(label()).coverage(coverage).weekend(Weekend::try_new(rest).unwrap());
    assert_eq!(one.union(&weekdays.build().unwrap()), Err(CalendarError::NoWorkingDay));
}

// ---- the reader

#[test]
fn a_list_is_read_and_a_bad_line_is_named() {
    let read = |text: &str| {
        HolidayCalendar::from_list(label(), Coverage::years(2026, 2026).unwrap(), Weekend::SATURDAY_SUNDAY, text)
    };
    let good = read("# a remark\r\n 2026-01-01 # New Year\n\n2026-01-01\n2026-12-26\n").unwrap();
    assert_eq!(good.holidays().collect::<Vec<_>>(), [day("2026-01-01")]); // once; the 26th is a Saturday
    assert_eq!(read("").unwrap().holidays().count(), 0);
    let long = format!("2026-01-01\n# {}", "x".repeat(HolidayCalendar::MAX_LINE));
    for (text, line, fault) in [
        ("2026-02-29", 1, ListFault::Date),
        ("\n2026-1-1", 2, ListFault::Date),
        ("2026-01-01 2026-01-02", 1, ListFault::Date),
        ("+2026-01-01", 1, ListFault::Date),
        ("+2026-1-31", 1, ListFault::Date), // as many characters as a date has
        (&long, 2, ListFault::TooLong),
        ("2026-01-01\n2027-01-01", 2, CalendarError::HolidayOutsideCoverage { day: day("2027-01-01") }.into()),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!((error.line(), error.fault()), (line, fault), "{text:?}");
    }
    let longest = format!("# {}", "x".repeat(HolidayCalendar::MAX_LINE - 2));
    assert!(read(&longest).is_ok());
    let most =
        HolidayCalendar::builder(label()).holidays((0..HolidayCalendar::MAX_HOLIDAYS).map(|_| day("2026-01-01")));
    assert!(most.build().is_ok());
    let many: String = (0..=HolidayCalendar::MAX_HOLIDAYS).map(|_| "2026-01-01\n").collect();
    assert_eq!(read(&many).unwrap_err().line(), HolidayCalendar::MAX_HOLIDAYS + 1);
    let builder = HolidayCalendar::builder(label()).holidays((0..30_000).map(|_| day("2026-01-01")));
    assert_eq!(builder.build(), Err(CalendarError::TooMany));
}

#[test]
fn labels_and_weekends_are_checked() {
    for bad in ["", "  ", "two\nlines", &"x".repeat(201)] {
        assert!(CalendarLabel::try_new(bad, "source", "1").is_err(), "{bad:?}");
        assert!(CalendarLabel::try_new("place", bad, "1").is_err(), "{bad:?}");
        assert!(CalendarLabel::try_new("place", "source", bad).is_err(), "{bad:?}");
    }
    assert!(CalendarLabel::try_new(&"x".repeat(200), "source", "1").is_ok());
    assert_eq!(serde_json::from_str::<Weekend>(r#"["sat","sun"]"#).unwrap(), Weekend::SATURDAY_SUNDAY);
    assert_eq!(serde_json::from_str::<Weekend>("[]").unwrap(), Weekend::NONE);
    assert!(serde_json::from_str::<Weekend>(r#"["Saturday"]"#).is_err());
    assert_eq!(format!("{:?}", Weekend::SATURDAY_SUNDAY), "{Sat, Sun}");
}
