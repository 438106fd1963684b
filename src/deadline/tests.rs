use alloc::string::ToString;
use alloc::vec::Vec;
use core::str::FromStr;

use chrono::{Datelike, Days, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use proptest::prelude::*;

use super::*;
use crate::{Timestamp, clause};

mod calendars;
mod cases;
mod counter;
mod edges;
mod vectors;

/// For calendars of no place in particular.
fn label() -> CalendarLabel {
    CalendarLabel::try_new("nowhere", "a test", "1").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(period: Period) -> DeadlineRule {
    DeadlineRule::new(period, clause::D_10_1B, Trigger::new("the Cessation Date"))
}

fn last_day(period: Period, start: &str) -> Result<NaiveDate, DeadlineError> {
    rule(period).deadline(day(start)).map(|deadline| deadline.raw_last_day())
}

// ---- the working

#[test]
fn the_working_is_data_and_reads_as_words() {
    let clamped = rule(Period::Months(1)).deadline(day("2024-01-31")).unwrap();
    let (start, end) = (day("2024-01-31"), day("2024-02-29"));
    assert_eq!(
        clamped.steps(),
        [
            Step::EventDayNotCounted { trigger: Trigger::new("the Cessation Date"), day: start },
            Step::Added { period: Period::Months(1), reached: end },
            Step::ClampedToMonthEnd { missing_day: 31, last_day: end },
            Step::NotRolled { last_day: end },
        ]
    );
    let words: Vec<_> = clamped.steps().iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "the day of the event, 2024-01-31 (the Cessation Date), is not counted",
            "add 1 month, to the same day of the month: 2024-02-29",
            "2024-02 has no day 31: its last day, 2024-02-29, takes its place",
            "2024-02-29, a Thursday, stands: the clause moves no end off weekends or holidays",
        ]
    );
    assert!(words.iter().all(|line| !line.contains('\n')));
}

#[test]
fn clamping_is_reported_exactly_when_it_happens() {
    let clamps = |period, start| {
        rule(period).deadline(day(start)).unwrap().steps().iter().any(|s| matches!(s, Step::ClampedToMonthEnd { .. }))
    };
    assert!(clamps(Period::Months(1), "2023-01-29"));
    assert!(!clamps(Period::Months(1), "2024-01-29")); // 29 February exists
    assert!(!clamps(Period::Months(1), "2023-01-28"));
    assert!(!clamps(Period::Months(1), "2024-02-29")); // month ends do not stick
    assert!(!clamps(Period::Days(30), "2024-01-31"));
    assert!(!clamps(Period::Weeks(2), "2024-01-31"));
}

#[test]
fn chained_months_are_not_the_months_together() {
    // Vector 107, the Catala counterexamples: why every period is counted from its own event.
    let once = last_day(Period::Months(1), "2025-01-31").unwrap();
    assert_eq!(rule(Period::Months(1)).deadline(once).unwrap().raw_last_day(), day("2025-03-28"));
    assert_eq!(last_day(Period::Months(2), "2025-01-31").unwrap(), day("2025-03-31"));
}

proptest! {
    #[test]
    fn the_short_way_and_the_full_way_are_one(start in any_day(), period in any_period()) {
        // A rule takes the full way, for its steps; the bare answer of the same settings the short one.
        let full = rule(period).deadline(start).map(|deadline| (deadline.raw_last_day(), deadline.adjusted_last_day()));
        let bare = Counting::CONTRACT.last_day(period, start, None).map(|last| (last.raw(), last.adjusted()));
        prop_assert_eq!(full, bare);
    }
}

// ---- the calendar's ends

#[test]
fn the_calendar_runs_from_year_1_to_year_9999() {
    assert_eq!(last_day(Period::Days(0), "0001-01-01").unwrap(), day("0001-01-01"));
    assert_eq!(last_day(Period::Days(1), "9999-12-30").unwrap(), day("9999-12-31"));
    assert_eq!(
        last_day(Period::Days(1), "9999-12-31"),
        Err(DeadlineError::LastDayOutOfRange { start: day("9999-12-31"), period: Period::Days(1) })
    );
    assert_eq!(last_day(Period::Months(1), "9999-11-30").unwrap(), day("9999-12-30"));
    assert!(last_day(Period::Months(1), "9999-12-01").is_err());
    for start in [day("0001-01-01").pred_opt().unwrap(), day("9999-12-31").succ_opt().unwrap()] {
        assert_eq!(rule(Period::Days(1)).deadline(start), Err(DeadlineError::StartOutOfRange { start }));
    }
    for period in [Period::Days(u32::MAX), Period::Weeks(u32::MAX), Period::Months(u32::MAX)] {
        assert!(matches!(last_day(period, "2024-01-31"), Err(DeadlineError::LastDayOutOfRange { .. })));
    }
}

// ---- the end as an instant

/// A zone whose offset changes once: whatever a real zone does to a midnight, this can do.
#[derive(Clone, Debug)]
struct OneChange {
    at_utc: NaiveDateTime,
    before: FixedOffset,
    after: FixedOffset,
}

impl OneChange {
    fn new(at_utc: &str, before: &str, after: &str) -> Self {
        let offset = |text| FixedOffset::from_str(text).unwrap();
        Self { at_utc: at_utc.parse().unwrap(), before: offset(before), after: offset(after) }
    }
}

impl TimeZone for OneChange {
    type Offset = FixedOffset;

    fn from_offset(offset: &FixedOffset) -> Self {
        Self { at_utc: NaiveDateTime::MIN, before: *offset, after: *offset }
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<FixedOffset> {
        self.offset_from_local_datetime(&local.and_hms_opt(0, 0, 0).unwrap())
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        let before = (*local - self.before < self.at_utc).then_some(self.before);
        let after = (*local - self.after >= self.at_utc).then_some(self.after);
        match (before, after) {
            (Some(early), Some(late)) => MappedLocalTime::Ambiguous(early, late),
            (Some(only), None) | (None, Some(only)) => MappedLocalTime::Single(only),
            (None, None) => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&utc.and_hms_opt(0, 0, 0).unwrap())
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        if *utc < self.at_utc { self.before } else { self.after }
    }
}

fn ends<Z: TimeZone>(last: &str, zone: &Z) -> Result<alloc::string::String, DeadlineError> {
    let deadline = rule(Period::Days(0)).deadline(day(last)).unwrap();
    deadline.ends_before(zone).map(|instant| instant.to_string())
}

#[test]
fn the_day_ends_at_the_next_local_midnight() {
    let east = FixedOffset::from_str("+14:00").unwrap();
    let west = FixedOffset::from_str("-12:00").unwrap();
    assert_eq!(ends("2024-02-29", &Utc).unwrap(), "2024-03-01T00:00:00.000000Z");
    assert_eq!(ends("2024-02-29", &east).unwrap(), "2024-02-29T10:00:00.000000Z");
    assert_eq!(ends("2024-02-29", &west).unwrap(), "2024-03-01T12:00:00.000000Z");
}

#[test]
fn a_midnight_that_the_clocks_skip() {
    // Brasilia, 2018-11-04: 00:00 became 01:00. The 3rd ends where the gap does.
    let zone = OneChange::new("2018-11-04T03:00:00", "-03:00", "-02:00");
    assert!(zone.with_ymd_and_hms(2018, 11, 4, 0, 0, 0) == MappedLocalTime::None);
    assert_eq!(ends("2018-11-03", &zone).unwrap(), "2018-11-04T03:00:00.000000Z");
    assert_eq!(ends("2018-11-02", &zone).unwrap(), "2018-11-03T03:00:00.000000Z");
    assert_eq!(ends("2018-11-04", &zone).unwrap(), "2018-11-05T02:00:00.000000Z");
    // A gap that begins before midnight, at an odd second.
    let zone = OneChange::new("2018-11-04T02:50:07", "-03:00", "-02:00");
    assert_eq!(ends("2018-11-03", &zone).unwrap(), "2018-11-04T02:50:07.000000Z");
}

#[test]
fn a_day_that_the_zone_skips() {
    // Samoa had no 30 December 2011: the 29th was followed by the 31st.
    let zone = OneChange::new("2011-12-30T10:00:00", "-10:00", "+14:00");
    assert_eq!(ends("2011-12-28", &zone).unwrap(), "2011-12-29T10:00:00.000000Z");
    assert_eq!(ends("2011-12-29", &zone).unwrap(), "2011-12-30T10:00:00.000000Z");
    assert_eq!(ends("2011-12-30", &zone).unwrap(), "2011-12-30T10:00:00.000000Z"); // over before it began
    assert_eq!(ends("2011-12-31", &zone).unwrap(), "2011-12-31T10:00:00.000000Z");
}

#[test]
fn a_midnight_that_comes_twice_counts_the_first_time() {
    // Newfoundland, 2006-10-29: 00:01 became 23:01 of the 28th.
    let zone = OneChange::new("2006-10-29T02:31:00", "-02:30", "-03:30");
    assert_eq!(ends("2006-10-28", &zone).unwrap(), "2006-10-29T02:30:00.000000Z");
    // Where the clocks go back exactly at midnight, the day goes on: 00:00 became 23:00.
    let zone = OneChange::new("2018-02-18T02:00:00", "-02:00", "-03:00");
    assert_eq!(ends("2018-02-17", &zone).unwrap(), "2018-02-18T03:00:00.000000Z");
}

#[test]
fn a_zone_that_answers_with_an_offset_no_longer_in_force() {
    #[derive(Clone)]
    struct Sloppy(OneChange);
    impl TimeZone for Sloppy {
        type Offset = FixedOffset;
        fn from_offset(offset: &FixedOffset) -> Self {
            Self(OneChange::from_offset(offset))
        }
        fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<FixedOffset> {
            self.0.offset_from_local_date(local)
        }
        fn offset_from_local_datetime(&self, _: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
            MappedLocalTime::Ambiguous(self.0.before, self.0.after)
        }
        fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
            self.0.offset_from_utc_date(utc)
        }
        fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
            self.0.offset_from_utc_datetime(utc)
        }
    }
    let zone = Sloppy(OneChange::new("2018-02-18T02:00:00", "-02:00", "-03:00"));
    assert_eq!(ends("2018-02-17", &zone).unwrap(), "2018-02-18T03:00:00.000000Z");
}

#[test]
fn an_end_that_is_no_timestamp_is_an_error() {
    assert_eq!(ends("9999-12-31", &Utc), Err(DeadlineError::EndOutOfRange { last_day: day("9999-12-31") }));
    let east = FixedOffset::from_str("+00:01").unwrap();
    assert_eq!(ends("9999-12-31", &east).unwrap(), "9999-12-31T23:59:00.000000Z");
    let far_east = FixedOffset::east_opt(86_399).unwrap();
    assert_eq!(ends("0001-01-01", &far_east).unwrap(), "0001-01-01T00:00:01.000000Z");
}

// ---- serde

#[test]
fn json_has_the_promised_fields_in_order() {
    let deadline = rule(Period::Weeks(2)).deadline(day("2020-03-12")).unwrap();
    assert_eq!(
        serde_json::to_string(&deadline.in_zone(&Utc).unwrap()).unwrap(),
        concat!(
            r#"{"last_day":"2020-03-26","adjusted_last_day":"2020-03-26","ends_before":"2020-03-27T00:00:00.000000Z","#,
            r#""steps":["the day of the event, 2020-03-12 (the Cessation Date), is not counted","#,
            r#""add 2 weeks, to the same weekday: 2020-03-26","#,
            r#""2020-03-26, a Thursday, stands: the clause moves no end off weekends or holidays"],"#,
            r#""clause":"D-10.1b"}"#
        )
    );
}

// ---- properties

fn any_period() -> impl Strategy<Value = Period> {
    let count = prop_oneof![0..2_000_u32, any::<u32>()];
    (0..5, count).prop_map(|(unit, count)| match unit {
        0 => Period::Days(count),
        1 => Period::Weeks(count),
        2 => Period::WorkingDays(count),
        3 => Period::Years(count),
        _ => Period::Months(count),
    })
}

/// Every date that chrono can hold, with a liking for those this crate accepts.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    let all = NaiveDate::MIN.num_days_from_ce()..=NaiveDate::MAX.num_days_from_ce();
    prop_oneof![1..=3_652_059, all, Just(NaiveDate::MIN.num_days_from_ce()), Just(NaiveDate::MAX.num_days_from_ce())]
        .prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap())
}

proptest! {
    #[test]
    fn never_panics_and_stays_in_range(start in any_day(), period in any_period(), seconds in -86_399..=86_399) {
        let zone = FixedOffset::east_opt(seconds).unwrap();
        if let Ok(deadline) = rule(period).deadline(start) {
            prop_assert!(deadline.raw_last_day() >= start);
            prop_assert!((1..=9999).contains(&deadline.raw_last_day().year()));
            prop_assert_eq!(deadline.raw_last_day(), deadline.adjusted_last_day());
            let Ok(end) = deadline.ends_before(&zone) else { return Ok(()) };
            // The end is in the next local day, a microsecond earlier is not.
            let local = |t: Timestamp| t.to_datetime().with_timezone(&zone).date_naive();
            prop_assert!(!deadline.is_met_on(local(end)));
            prop_assert!(deadline.is_met_on(local(end.saturating_sub(core::time::Duration::from_micros(1)))));
        }
    }

    #[test]
    fn a_later_start_never_ends_earlier(start in 1..3_500_000, later in 0..400_u64, period in any_period()) {
        let start = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let later = start.checked_add_days(Days::new(later)).unwrap();
        if let (Ok(first), Ok(second)) = (rule(period).deadline(start), rule(period).deadline(later)) {
            prop_assert!(first.raw_last_day() <= second.raw_last_day());
        }
    }

    #[test]
    fn a_month_end_is_at_most_three_days_short(start in 1..3_500_000, months in 0..1_000_u32) {
        let start = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let deadline = rule(Period::Months(months)).deadline(start).unwrap();
        let short = start.day() - deadline.raw_last_day().day(); // underflows if later than the corresponding day
        prop_assert!(short <= 3);
        let clamped = deadline.steps().iter().any(|step| matches!(step, Step::ClampedToMonthEnd { .. }));
        prop_assert_eq!(short > 0, clamped);
        let months_apart = |d: NaiveDate| d.year() * 12 + d.month0() as i32;
        prop_assert_eq!(months_apart(deadline.raw_last_day()) - months_apart(start), months as i32);
    }

    #[test]
    fn a_gap_ends_where_the_clocks_land(start in 700_000..800_000, hour in 0..24_u32, jump in 1..=24_i32) {
        // Any zone that jumps ahead over a midnight: the end is the change itself.
        let utc = NaiveDate::from_num_days_from_ce_opt(start).unwrap().and_hms_opt(hour, 30, 0).unwrap();
        let (before, after) = (-12 * 3600, -12 * 3600 + jump * 3600);
        let zone = OneChange {
            at_utc: utc,
            before: FixedOffset::east_opt(before).unwrap(),
            after: FixedOffset::east_opt(after).unwrap(),
        };
        let (from, to) = (utc + zone.before, utc + zone.after);
        prop_assume!(from.date() != to.date());
        let deadline = rule(Period::Days(0)).deadline(from.date()).unwrap();
        prop_assert_eq!(deadline.ends_before(&zone).unwrap(), Timestamp::from(utc.and_utc()));
    }
}
