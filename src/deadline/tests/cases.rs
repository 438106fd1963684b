//! Pauses, extensions, corrections; readings; the text of periods, zones and settings.

use alloc::format;

use super::*;
use crate::deadline::tests::label;

fn month() -> DeadlineRule {
    rule(Period::Months(1)).with_extension(Extension::new(Period::Months(2), 1))
}

fn last(rule: DeadlineRule, case: &Case) -> NaiveDate {
    rule.assess(case, None).unwrap().current().raw_last_day()
}

#[test]
fn a_pause_adds_its_days_from_asking_to_answer() {
    // DPA 2018 s.54(3C): from the day of asking through the day of the answer: 10 to 14 March are five days.
    let asked = Case::new(day("2026-03-02")).paused(PauseGround::Clarification, day("2026-03-10")).unwrap();
    let answered = asked.resumed(PauseGround::Clarification, day("2026-03-14")).unwrap();
    assert_eq!(last(month(), &Case::new(day("2026-03-02"))), day("2026-04-02"));
    assert_eq!(last(month(), &answered), day("2026-04-07"));
    // One more ground over the same days, and two days more of it: no day counts twice.
    let both = answered.paused(PauseGround::Identity, day("2026-03-12")).unwrap();
    let both = both.resumed(PauseGround::Identity, day("2026-03-16")).unwrap();
    assert_eq!(last(month(), &both), day("2026-04-09"));
    // A second pause that the first one has made room for: the period runs to the 7th, so the 6th is in it.
    let second = answered.paused(PauseGround::Identity, day("2026-04-06")).unwrap();
    let second = second.resumed(PauseGround::Identity, day("2026-04-06")).unwrap();
    assert_eq!(last(month(), &second), day("2026-04-08"));
    // The day of the event is no day of the period: asking at once costs from the day after.
    let at_once = Case::new(day("2026-03-02")).paused(PauseGround::Fee, day("2026-03-02")).unwrap();
    assert_eq!(last(month(), &at_once.resumed(PauseGround::Fee, day("2026-03-03")).unwrap()), day("2026-04-03"));
    assert_eq!(last(month(), &at_once.resumed(PauseGround::Fee, day("2026-03-02")).unwrap()), day("2026-04-02"));
}

#[test]
fn a_pause_after_the_end_changes_and_hides_nothing() {
    let late = Case::new(day("2026-03-02")).paused(PauseGround::Clarification, day("2026-04-03")).unwrap();
    let open = month().assess(&late, None).unwrap();
    assert_eq!((open.clock(), open.is_overdue_on(day("2026-04-03"))), (Clock::Running, true));
    let closed = late.resumed(PauseGround::Clarification, day("2026-04-20")).unwrap();
    assert_eq!(last(month(), &closed), day("2026-04-02"));

    let in_time = Case::new(day("2026-03-02")).paused(PauseGround::Clarification, day("2026-04-02")).unwrap();
    let open = month().assess(&in_time, None).unwrap();
    let clock = Clock::StandsStill { since: day("2026-04-02"), ground: PauseGround::Clarification };
    assert_eq!((open.clock(), open.is_overdue_on(day("2026-05-03"))), (clock, false));
    let closed = in_time.resumed(PauseGround::Clarification, day("2026-05-01")).unwrap();
    assert_eq!(last(month(), &closed), day("2026-05-02")); // one day was left
}

#[test]
fn a_pause_in_the_days_of_a_roll_leaves_what_was_left() {
    let calendar = HolidayCalendar::builder(label()).build().unwrap();
    let rolled = month().with_counting(Counting::builder().roll(Roll::Following).build().unwrap());
    // 2 May 2026 is a Saturday: the period runs through Monday the 4th, the day of asking. The answer is of Friday
    // the 8th, and the one day that was left is the next working day.
    let case = Case::new(day("2026-04-02")).paused(PauseGround::Clarification, day("2026-05-04")).unwrap();
    let case = case.resumed(PauseGround::Clarification, day("2026-05-08")).unwrap();
    let current = rolled.assess(&case, Some(&calendar)).unwrap().current().clone();
    assert_eq!(current.adjusted_last_day(), day("2026-05-11"));
}

#[test]
fn working_days_are_paused_by_working_days() {
    let calendar = HolidayCalendar::builder(label()).build().unwrap();
    let ten = rule(Period::WorkingDays(10));
    // From Thursday 2 January 2025 to Thursday 16 January; a pause from Friday to Monday holds two working days.
    let case = Case::new(day("2025-01-02")).paused(PauseGround::Identity, day("2025-01-10")).unwrap();
    let case = case.resumed(PauseGround::Identity, day("2025-01-13")).unwrap();
    let current = ten.assess(&case, Some(&calendar)).unwrap().current().clone();
    assert_eq!(current.raw_last_day(), day("2025-01-20"));
    let paused = Step::Paused { from: day("2025-01-10"), until: day("2025-01-13"), last_day: day("2025-01-20") };
    assert!(current.steps().contains(&paused));
}

#[test]
fn an_extension_counts_from_the_start_and_only_if_noticed_in_time() {
    // From 31 January: the first month ends on 28 February, all three on 30 April, not on 28 April.
    let received = Case::new(day("2025-01-31"));
    let noticed = |on| month().assess(&received.extension_noticed(day(on)).unwrap(), None).unwrap();
    let in_time = noticed("2025-02-28");
    assert_eq!(in_time.current().raw_last_day(), day("2025-04-30"));
    assert_eq!(in_time.original().raw_last_day(), day("2025-02-28")); // kept
    assert_eq!(in_time.current().period(), Period::Months(3));
    assert!(in_time.current().to_string().ends_with("2025-01-31, extended to 3 months)"));
    let late = noticed("2025-03-01");
    assert_eq!(late.current(), late.original());
    let refused = RefusedNotice::TooLate { noticed: day("2025-03-01"), last_day: day("2025-02-28") };
    assert_eq!(late.refused(), [refused]);
    // Once is once, and no rule means none.
    let twice = received.extension_noticed(day("2025-02-01")).unwrap().extension_noticed(day("2025-02-02")).unwrap();
    let assessed = month().assess(&twice, None).unwrap();
    assert_eq!(assessed.refused(), [RefusedNotice::NotAllowed { noticed: day("2025-02-02") }]);
    assert_eq!(assessed.current().raw_last_day(), day("2025-04-30"));
    assert_eq!(rule(Period::Months(1)).assess(&twice, None).unwrap().refused().len(), 2);
    // Another unit is not converted.
    let days = rule(Period::Months(1)).with_extension(Extension::new(Period::Days(60), 1));
    assert_eq!(days.assess(&twice, None).unwrap_err().code(), UNSUPPORTED);
}

#[test]
fn a_pause_gives_time_for_the_notice_and_is_added_to_the_extended_end() {
    // Five days of pause move the end to 7 April: a notice of the 6th is in time.
    let case = Case::new(day("2026-03-02")).paused(PauseGround::Clarification, day("2026-03-10")).unwrap();
    let case = case.resumed(PauseGround::Clarification, day("2026-03-14")).unwrap();
    let case = case.extension_noticed(day("2026-04-06")).unwrap();
    assert_eq!(last(month(), &case), day("2026-06-07")); // 2 June and five days
    let without = Case::new(day("2026-03-02")).extension_noticed(day("2026-04-06")).unwrap();
    assert_eq!(last(month(), &without), day("2026-04-02"));
}

#[test]
fn the_order_in_which_facts_are_recorded_does_not_matter() {
    let (pause, end) = (day("2026-03-10"), day("2026-03-14"));
    let one = Case::new(day("2026-03-02")).extension_noticed(day("2026-03-05")).unwrap();
    let one = one.paused(PauseGround::Fee, pause).unwrap().resumed(PauseGround::Fee, end).unwrap();
    let two = Case::new(day("2026-03-01")).paused(PauseGround::Fee, pause).unwrap();
    let two = two.resumed(PauseGround::Fee, end).unwrap().extension_noticed(day("2026-03-05")).unwrap();
    let two = two.corrected(day("2026-03-02"));
    assert_eq!(month().assess(&one, None).unwrap(), month().assess(&two, None).unwrap());
    assert_eq!((one.version(), two.version()), (4, 5));
}

#[test]
fn a_period_counted_backwards_has_no_clock() {
    let backward = month().with_counting(Counting::builder().direction(Direction::Backward).build().unwrap());
    let case = Case::new(day("2026-03-02"));
    assert!(backward.assess(&case, None).is_ok());
    let paused = case.paused(PauseGround::Fee, day("2026-02-10")).unwrap();
    let paused = paused.resumed(PauseGround::Fee, day("2026-02-11")).unwrap();
    assert_eq!(backward.assess(&paused, None).unwrap_err().code(), UNSUPPORTED);
    let extended = case.extension_noticed(day("2026-02-10")).unwrap();
    assert_eq!(backward.assess(&extended, None).unwrap_err().code(), UNSUPPORTED);
}

#[test]
fn a_stored_case_is_checked_when_it_is_read() {
    let golden = concat!(
        r#"{"v":1,"version":3,"event":"2026-03-02","pauses":[{"ground":"clarification","from":"2026-03-10","#,
        r#""until":"2026-03-14"}],"extension_notices":["2026-03-20"]}"#
    );
    let case: Case = serde_json::from_str(golden).unwrap();
    assert_eq!(serde_json::to_string(&case).unwrap(), golden);
    assert_eq!((case.event(), case.pauses()[0].until()), (day("2026-03-02"), Some(day("2026-03-14"))));
    for (good, bad) in [
        (r#""v":1"#, r#""v":2"#),
        ("2026-03-14", "2026-03-09"),
        ("clarification", "we_were_busy"),
        (r#""version""#, r#""verzion""#),
    ] {
        assert!(serde_json::from_str::<Case>(&golden.replace(good, bad)).is_err(), "{bad}");
    }
    let twice = r#"{"v":1,"version":1,"event":"2026-03-02","pauses":[
        {"ground":"fee","from":"2026-03-10","until":null},{"ground":"fee","from":"2026-03-11","until":null}]}"#;
    assert!(serde_json::from_str::<Case>(twice).is_err());
}

// ---- readings

#[test]
fn readings_have_an_earliest_and_a_latest() {
    let calendar = Place::Germany.calendar(2025, 2026).unwrap();
    let request = rule(Period::Months(1));
    let readings = request.readings(day("2025-11-25"), &[REGULATION_1182_71, CCPA], Some(&calendar)).unwrap();
    let days: Vec<_> = readings.others().iter().map(|r| r.deadline().adjusted_last_day().to_string()).collect();
    assert_eq!(days, ["2025-12-29", "2025-12-24"]);
    assert_eq!(readings.chosen().adjusted_last_day(), day("2025-12-25"));
    assert_eq!(readings.earliest().adjusted_last_day(), day("2025-12-24"));
    assert_eq!(readings.latest().adjusted_last_day(), day("2025-12-29"));
    assert!(!readings.is_undisputed());
    assert!(request.readings(day("2025-11-24"), &[CONTRACT], None).unwrap().is_undisputed());
    let unknown = request.readings(day("2019-01-01"), &[LGPD], None).unwrap_err();
    assert_eq!(unknown.code(), NOT_IN_FORCE);
    let uncovered = request.readings(day("2030-01-01"), &[REGULATION_1182_71], Some(&calendar)).unwrap_err();
    assert_eq!(uncovered.code(), OUTSIDE_COVERAGE);
}

#[test]
fn the_full_hour_has_its_own_hour_not_counted() {
    let notice = HourRule::new(Hours::new(1), clause::G_33_1, Trigger::new("awareness"));
    let ends = |seconds: i64, offset: &str| {
        let start = Timestamp::from_micros(seconds * 1_000_000).unwrap();
        let zone: FixedOffset = offset.parse().unwrap();
        let readings = notice.readings(start, &zone, None).unwrap();
        readings.latest().ends_before().as_micros() / 1_000_000
    };
    assert_eq!(ends(0, "+00:00"), 7200); // an event at 0:00:00 happens in the first hour
    assert_eq!(ends(3599, "+00:00"), 7200);
    assert_eq!(ends(3600, "+00:00"), 10_800);
    assert_eq!(ends(0, "+05:30"), 5400); // half past there: its hour ends at 0:30 UTC
    assert_eq!(notice.deadline(Timestamp::MAX).unwrap_err().code(), END_OUT_OF_RANGE);
    let edge = Timestamp::from_micros(Timestamp::MAX.as_micros() - 3_600_000_000).unwrap();
    assert!(notice.deadline(edge).is_ok());
    assert_eq!(notice.readings(edge, &Utc, None).unwrap_err().code(), END_OUT_OF_RANGE);
}

// ---- text

#[test]
fn the_text_of_a_period_is_read_exactly() {
    for (text, expected) in [
        ("P0D", Period::Days(0)),
        ("P90D", Period::Days(90)),
        ("P2W", Period::Weeks(2)),
        ("P01M", Period::Months(1)),
        ("P4294967295Y", Period::Years(u32::MAX)),
    ] {
        assert_eq!(text.parse(), Ok(expected));
    }
    for (text, at, fault) in [
        ("", 0, PeriodFault::NoP),
        ("1M", 0, PeriodFault::NoP),
        ("p1M", 0, PeriodFault::NoP),
        ("P", 1, PeriodFault::NoNumber),
        ("PM", 1, PeriodFault::NoNumber),
        ("P-1M", 1, PeriodFault::NoNumber),
        ("P1", 2, PeriodFault::Unit),
        ("P1m", 2, PeriodFault::Unit),
        ("P1H", 2, PeriodFault::Unit),
        ("P1.5M", 2, PeriodFault::Unit),
        ("P1M2D", 3, PeriodFault::Mixed),
        ("P1M ", 3, PeriodFault::Mixed),
        ("P4294967296D", 10, PeriodFault::TooLarge),
        ("PT72H", 1, PeriodFault::NotDays),
    ] {
        let error = text.parse::<Period>().unwrap_err();
        assert_eq!((error.at(), error.fault()), (at, fault), "{text:?}");
    }
    assert_eq!("PT72H".parse(), Ok(Hours::new(72)));
    for (text, fault) in [("P3D", PeriodFault::NotHours), ("PT30M", PeriodFault::Unit), ("PT", PeriodFault::NoNumber)] {
        assert_eq!(text.parse::<Hours>().unwrap_err().fault(), fault, "{text:?}");
    }
    // What is shown of a text is short, and has no control characters.
    let error = format!("{}", "P1M\u{1b}[31m and so on".parse::<Period>().unwrap_err());
    assert_eq!(error, "\"P1M?[31m?and?so?\" …, position 3: more than one unit");
}

#[test]
fn settings_are_checked_by_the_builder_and_by_serde() {
    let counting = Counting::builder().roll(Roll::Following).minimum_working_days(31).build().unwrap();
    let json = serde_json::to_string(&counting).unwrap();
    assert_eq!(serde_json::from_str::<Counting>(&json).unwrap(), counting);
    assert_eq!(serde_json::from_str::<Counting>("{}").unwrap(), Counting::CONTRACT);
    assert_eq!(Counting::default(), Counting::CONTRACT);
    for bad in [
        r#"{"minimum_working_days":32}"#,
        r#"{"event_day":"counted","span":"clear"}"#,
        r#"{"month_end":"sticky_end"}"#,
        r#"{"rol":"following"}"#,
    ] {
        assert!(serde_json::from_str::<Counting>(bad).is_err(), "{bad}");
    }
    let sticky = serde_json::from_str::<Counting>(r#"{"month_end":"sticky"}"#).unwrap();
    assert_eq!(sticky.month_end(), MonthEnd::StickyEnd);
}

#[test]
fn rejecting_and_empty_periods_say_so() {
    let reject = Counting::builder().month_end(MonthEnd::Reject).build().unwrap();
    let error = reject.last_day(Period::Months(1), day("2025-01-30"), None).unwrap_err();
    assert_eq!(error.to_string(), "1 month from 2025-01-30: the month reached has no day 30");
    assert_eq!(error.code(), MISSING_DAY);
    assert!(reject.last_day(Period::Months(1), day("2025-01-28"), None).is_ok());
    let counted = Counting::builder().event_day(EventDay::Counted).build().unwrap();
    assert_eq!(counted.last_day(Period::Days(0), day("2025-01-30"), None).unwrap_err().code(), EMPTY_PERIOD);
    assert_eq!(counted.last_day(Period::Days(1), day("9999-12-31"), None).unwrap().raw(), day("9999-12-31"));
    let backward = Counting::builder().direction(Direction::Backward).build().unwrap();
    let error = backward.last_day(Period::Months(1), day("0001-01-31"), None).unwrap_err();
    assert_eq!(error.to_string(), "1 month back from 0001-01-31 ends before 0001-01-01");
    assert_eq!(error.code(), LAST_DAY_OUT_OF_RANGE);
    let missing = Counting::CONTRACT.last_day(Period::WorkingDays(1), day("2025-01-30"), None).unwrap_err();
    assert_eq!(missing.code(), CALENDAR_MISSING);
}

#[test]
fn zones_are_read_strictly_and_written_back() {
    for text in ["UTC", "+01:00", "-05:00", "+05:45"] {
        let zone: Zone = text.parse().unwrap();
        assert_eq!(zone.to_string(), text);
        assert_eq!(serde_json::from_str::<Zone>(&serde_json::to_string(&zone).unwrap()).unwrap(), zone);
    }
    assert_eq!("Z".parse::<Zone>().unwrap(), Zone::UTC);
    assert_eq!("+00:00".parse::<Zone>().unwrap(), Zone::UTC);
    for bad in ["", "+0100", "+1:00", "+25:00", "Mars/Olympus", &"x".repeat(65)] {
        assert!(bad.parse::<Zone>().is_err(), "{bad:?}");
    }
    let east = "+14:00".parse::<Zone>().unwrap();
    assert_eq!(end_of_day(day("2024-02-29"), &east).unwrap().to_string(), "2024-02-29T10:00:00.000000Z");
}

#[cfg(feature = "chrono-tz")]
#[test]
fn named_zones_end_their_days_where_they_do() {
    for (zone, date, expected) in [
        ("Europe/Berlin", "2026-10-24", "2026-10-24T22:00:00.000000Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00.000000Z"), // the clocks went back that night
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00.000000Z"), // no midnight
        ("America/Sao_Paulo", "2018-02-17", "2018-02-18T03:00:00.000000Z"), // the last hour came twice
        ("Asia/Beirut", "2022-03-26", "2022-03-26T22:00:00.000000Z"),   // no midnight
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00.000000Z"),  // the 30th did not happen
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000000Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-31T10:00:00.000000Z"),
    ] {
        let named: Zone = zone.parse().unwrap();
        assert_eq!(end_of_day(day(date), &named).unwrap().to_string(), expected, "{zone} {date}");
        assert_eq!(named.to_string(), zone);
    }
}

// ---- properties

proptest! {
    #[test]
    fn no_settings_panic_over_the_whole_range(
        start in any_day(),
        period in any_period(),
        (backward, event, month_end, roll, clear, minimum) in (any::<bool>(), any::<bool>(), 0..4_u8, 0..3_u8, any::<bool>(), 0..=31_u8),
    ) {
        let calendar = HolidayCalendar::builder(label()).build().unwrap();
        let builder = Counting::builder()
            .direction(if backward { Direction::Backward } else { Direction::Forward })
            .event_day(if event { EventDay::Counted } else { EventDay::Excluded })
            .month_end([MonthEnd::LastDay, MonthEnd::FirstOfNext, MonthEnd::StickyEnd, MonthEnd::Reject][usize::from(month_end)])
            .roll([Roll::None, Roll::Following, Roll::Preceding][usize::from(roll)])
            .span(if clear && !event { Span::Clear } else { Span::Plain })
            .minimum_working_days(minimum);
        let counting = builder.build().unwrap();
        let deadline = rule(period).with_counting(counting).with_deemed_receipt(Period::Days(0)).deadline_in(start, &calendar);
        let bare = counting.last_day(period, start, Some(&calendar));
        match (deadline, bare) {
            (Ok(deadline), Ok(bare)) => {
                prop_assert_eq!((deadline.raw_last_day(), deadline.adjusted_last_day()), (bare.raw(), bare.adjusted()));
                prop_assert!((1..=9999).contains(&bare.raw().year()) && (1..=9999).contains(&bare.adjusted().year()));
                let (low, high) = if backward { (bare.raw(), start) } else { (start, bare.raw()) };
                prop_assert!(low <= high);
                if roll == 1 && minimum == 0 {
                    prop_assert!(bare.adjusted() >= bare.raw() && calendar.is_working(bare.adjusted()).unwrap());
                }
            }
            (Err(one), Err(two)) => prop_assert_eq!(one, two),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_later_event_never_ends_earlier_under_any_roll(start in 700_000..760_000, later in 0..400_u64, period in any_period(), roll in 0..3_u8) {
        let calendar = Place::Germany.calendar(1995, 2050).unwrap();
        let counting = Counting::builder().roll([Roll::None, Roll::Following, Roll::Preceding][usize::from(roll)]).build().unwrap();
        let start = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let ends = |day| counting.last_day(period, day, Some(&calendar));
        if let (Ok(first), Ok(second)) = (ends(start), ends(start + Days::new(later))) {
            prop_assert!(first.raw() <= second.raw() && first.adjusted() <= second.adjusted());
        }
    }

    #[test]
    fn a_yearly_date_counted_from_its_anchor_never_drifts(start in 1..3_500_000, years in 0..100_u32) {
        let anchor = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let reached = Counting::CONTRACT.last_day(Period::Years(years), anchor, None).unwrap().raw();
        prop_assert_eq!(reached.month(), anchor.month());
        prop_assert!(reached.day() == anchor.day() || (anchor.month(), anchor.day(), reached.day()) == (2, 29, 28));
    }
}

/// Friday, 9 January 2026: of two clear days none is a working day, so Monday and Tuesday lie between as well.
#[test]
fn a_minimum_of_working_days_lies_between_event_and_act() {
    let free =
        |days: &[&str]| HolidayCalendar::builder(label()).holidays(days.iter().map(|text| day(text))).build().unwrap();
    let last = |direction, roll, start: &str, days: &[&str]| {
        let counting = Counting::builder().span(Span::Clear).minimum_working_days(2).direction(direction).roll(roll);
        let last = counting.build().unwrap().last_day(Period::Days(2), day(start), Some(&free(days))).unwrap();
        [last.raw(), last.adjusted()].map(|day| day.to_string())
    };
    let (forward, backward) = (Direction::Forward, Direction::Backward);
    assert_eq!(last(forward, Roll::None, "2026-01-09", &[]), ["2026-01-12", "2026-01-14"]);
    assert_eq!(last(backward, Roll::None, "2026-01-12", &[]), ["2026-01-09", "2026-01-07"]);
    // Two working days between are enough, and the act's own day is none of them.
    assert_eq!(last(forward, Roll::None, "2026-01-07", &[]), ["2026-01-10", "2026-01-10"]);
    assert_eq!(last(forward, Roll::Following, "2026-01-07", &[]), ["2026-01-10", "2026-01-12"]);
    // Wednesday is a holiday: Thursday and Friday lie between, and no roll takes one of them back.
    for (roll, act) in [(Roll::None, "2026-01-10"), (Roll::Following, "2026-01-12"), (Roll::Preceding, "2026-01-12")] {
        assert_eq!(last(forward, roll, "2026-01-06", &["2026-01-07"]), ["2026-01-09", act]);
    }
}

#[test]
fn what_moved_the_end_is_in_the_working() {
    let free = HolidayCalendar::builder(label()).build().unwrap();
    let rule = |counting: CountingBuilder| rule(Period::Weeks(1)).with_counting(counting.build().unwrap());
    let steps = |counting, start: &str| rule(counting).deadline_in(day(start), &free).unwrap();
    let rolling = Counting::builder().roll(Roll::Following);
    let (saturday, monday) = (day("2026-01-17"), day("2026-01-19"));
    let rolled = steps(rolling, "2026-01-10");
    assert_eq!(rolled.steps().last(), Some(&Step::Rolled { from: saturday, to: monday }));
    assert_eq!(steps(rolling, "2026-01-12").steps().last(), Some(&Step::OnWorkingDay { last_day: monday }));
    let clear = steps(Counting::builder().span(Span::Clear), "2026-01-11");
    assert!(clear.steps().contains(&Step::ClearDays { last_day: monday }));
    // A minimum alone needs the calendar, too, and names it.
    assert!(
        steps(Counting::builder().minimum_working_days(2), "2026-01-10").calendar().is_some()
            && clear.calendar().is_none()
    );
    // A pause of the raw last day moves that day, not the one it had moved to.
    let paused = Case::new(day("2026-01-10")).paused(PauseGround::Agreement, saturday).unwrap();
    let paused = paused.resumed(PauseGround::Agreement, saturday).unwrap();
    let assessed = rule(rolling).assess(&paused, Some(&free)).unwrap();
    assert_eq!(assessed.current().adjusted_last_day(), monday);
}
