//! Readings beside the one that is the clause's own: which day is acted on, and what a reading says of a fixed day.

use alloc::sync::Arc;

use super::*;
use crate::deadline::{BGB_START_OF_DAY, Calendar, Convention, Counting, Place, Roll};

fn calendar(place: Place) -> Arc<dyn Calendar> {
    Arc::new(place.calendar(2025, 2027).unwrap())
}

fn owed(ledger: &Ledger, duty: Duty) -> Obligation {
    ledger.obligations().find(|entry| entry.obligation().duty() == duty).unwrap().obligation().clone()
}

/// The month ends on Sunday, 30 November 2025; who moves that back has Friday the 28th.
#[test]
fn a_stricter_reading_is_the_one_to_act_on() {
    let counting = Counting::builder().roll(Roll::Preceding).build().unwrap();
    let convention = Convention::new("a reading", "a commentary", day("2000-01-01"), None, counting);
    let facts = [("2025-10-31", Fact::Ceased { regime: Regime::Addendum }), ("2025-11-01", Fact::ReturnWaived)];
    let read =
        |facts: &[(&str, Fact)]| ledger_of(policy(), facts).with_reading(convention, Some(calendar(Place::Germany)));
    let ledger = read(&facts);
    let delete = owed(&ledger, Duty::DeleteCopies);
    assert_eq!(delete.last_day(), Some(day("2025-11-28")));
    assert_eq!(delete.due().last_day(), Some(day("2025-11-30"))); // the clause's own
    for (now, status) in [
        ("2025-11-27", "due on 2025-11-28"),
        ("2025-11-28", "due today, 2025-11-28"),
        ("2025-11-29", "overdue since 2025-11-29 on the strict reading, due on 2025-11-30"),
        ("2025-11-30", "overdue since 2025-11-29 on the strict reading, due on 2025-11-30"),
        ("2025-12-01", "overdue since 2025-11-29"),
    ] {
        assert_eq!(delete.status(moment(now)).to_string(), status, "{now}");
    }
    let next = |on| ledger.next_due(day(on)).map(|entry| entry.obligation().duty());
    assert_eq!([next("2025-11-28"), next("2025-11-29")], [Some(Duty::DeleteCopies), None]);
    assert!(ledger.table(moment("2025-11-27")).to_string().contains("\n2025-11-28  D-10.1b"));
    let done = |when| {
        let facts = [facts[0].clone(), facts[1].clone(), (when, Fact::Deleted { holder: None })];
        owed(&read(&facts), Duty::DeleteCopies).status(moment("2026-01-10")).to_string()
    };
    assert_eq!(done("2025-11-28"), "done on 2025-11-28");
    assert!(done("2025-11-30").starts_with("done on 2025-11-30, late on the strict reading (due 2025-11-28) and not"));
    assert_eq!(done("2025-12-01"), "done late on 2025-12-01, due 2025-11-28, no reasons given");
}

/// Monday, 6 July 2026: two working days later it is Wednesday, and 72 hours end on Thursday at the latest.
#[test]
fn two_working_days_never_end_sooner_than_the_hours() {
    let facts = [("2026-07-06", Fact::ControllerAware)];
    let ledger = ledger_of(policy(), &facts).with_calendar(RequestLaw::Gdpr, calendar(Place::EuInstitutions));
    let notify = owed(&ledger, Duty::NotifyAuthority);
    assert_eq!(notify.alternatives()[0].end(), AlternativeEnd::BeforeEndOf(day("2026-07-09")));
    assert_eq!(notify.status(moment("2026-07-09T23:59:59+02:00")).code().as_str(), "dpa.overdue_disputed");
    assert_eq!(notify.status(moment("2026-07-10T00:00:00+02:00")).to_string(), "overdue since 2026-07-10");
}

/// A day that law sets is no period: a convention can only move it off a holiday. 1 January 2026 is one.
#[test]
fn a_fixed_day_is_not_counted_again() {
    let clear = Counting::builder().span(crate::deadline::Span::Clear).build().unwrap();
    let clear = Convention::new("clear days", "a commentary", day("2000-01-01"), None, clear);
    let hold = Fact::HoldOpened { scope: id("invoices"), law: paper(), until: Some(day("2026-01-01")) };
    let facts = [("2025-10-31", Fact::Ceased { regime: Regime::Addendum }), ("2025-11-01", hold)];
    let ledger = ledger_of(policy(), &facts)
        .with_reading(BGB_START_OF_DAY, Some(calendar(Place::Germany)))
        .with_reading(clear, None);
    let held = owed(&ledger, Duty::DeleteHeld);
    assert_eq!(held.due().last_day(), Some(day("2026-01-01")));
    let ends: Vec<_> = held.alternatives().iter().map(Alternative::end).collect();
    assert_eq!(ends, [AlternativeEnd::Day(day("2026-01-02")), AlternativeEnd::Day(day("2026-01-01"))]);
}

/// A reading that refuses a missing day is no matter of the years.
#[test]
fn what_a_reading_cannot_count_is_told_as_it_is() {
    let reject = Counting::builder().month_end(crate::deadline::MonthEnd::Reject).build().unwrap();
    let reject = Convention::new("strict", "a commentary", day("2000-01-01"), None, reject);
    let facts = [("2026-01-31", Fact::Ceased { regime: Regime::Addendum })];
    let delete = owed(&ledger_of(policy(), &facts).with_reading(reject, None), Duty::DeleteCopies);
    let end = delete.alternatives()[0].end().to_string();
    assert!(!end.contains("9999") && end.contains("31"), "{end}");
}

/// A clock that stands still to the end of the calendar has no last day.
#[test]
fn a_pause_cannot_leave_the_years() {
    let facts = [
        ("2026-03-02", Fact::ConsultationReceived),
        ("2026-03-10", Fact::ConsultationSuspended),
        ("9999-12-31", Fact::ConsultationResumed),
    ];
    let answer = owed(&ledger_of(policy(), &facts), Duty::AnswerConsultation);
    assert!(matches!(answer.due(), Due::Unknown(Missing::Date(_))), "{:?}", answer.due());
}

/// 72 hours from the first instant of a Friday end with Sunday: nothing on Monday is in time.
#[test]
fn hours_that_end_at_midnight_end_with_the_day_before() {
    let facts = [("2026-07-03T00:00:00+02:00", Fact::ControllerAware)];
    let ledger = ledger_of(policy(), &facts);
    let notify = owed(&ledger, Duty::NotifyAuthority);
    assert_eq!(notify.last_day(), Some(day("2026-07-05")));
    assert!(ledger.next_due(day("2026-07-05")).is_some() && ledger.next_due(day("2026-07-06")).is_none());
    let later = owed(&ledger_of(policy(), &[("2026-07-03T00:00:01+02:00", Fact::ControllerAware)]), notify.duty());
    assert_eq!(later.last_day(), Some(day("2026-07-06")));
}
