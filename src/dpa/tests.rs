mod discharge;
mod exit;
mod gates;
mod law;
mod ledger;
mod people;
mod readings;
mod static_check;
mod sub;
mod transfers;
mod views;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::clause;
use crate::deadline::{Deadline, DeadlineError, Period};
use crate::id::OpaqueId;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plan(cessation: &str, late: LateReturnRequest) -> ExitPlan {
    DpaTerms::default().exit_plan(day(cessation), late).unwrap()
}

fn agreed(date: &str) -> LateReturnRequest {
    LateReturnRequest::Agreed { date: day(date), evidence: Evidence::try_new("amendment 3").unwrap() }
}

// ---- events and what follows from them

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn paper() -> Evidence {
    Evidence::try_new("paper 7").unwrap()
}

fn policy() -> DpaPolicy {
    DpaPolicy::new(LateReturnRequest::MonthFromRequest)
}

/// One event of the matter `m`; the number becomes its id.
fn event(number: usize, when: &str, fact: Fact) -> DpaEvent {
    DpaEvent::new(id(&format!("e-{number}")), id("acme"), id("m"), when.parse().unwrap(), fact)
}

fn ledger_of(policy: DpaPolicy, facts: &[(&str, Fact)]) -> Ledger {
    let mut ledger = Ledger::new(DpaTerms::default(), policy);
    for (number, (when, fact)) in (1..).zip(facts) {
        assert_eq!(ledger.apply(event(number, when, fact.clone())), Applied::Added);
    }
    ledger
}

/// A local time: noon of a day, or what is written out.
fn moment(text: &str) -> DateTime<FixedOffset> {
    let text = if text.len() == 10 { format!("{text}T12:00:00+02:00") } else { text.to_string() };
    DateTime::parse_from_rfc3339(&text).unwrap()
}

/// Each obligation as `duty[part] clause: status`, then each finding as `! event code`.
fn shown(ledger: &Ledger, now: &str) -> Vec<String> {
    let mut lines: Vec<String> = ledger
        .obligations()
        .map(|entry| {
            let owed = entry.obligation();
            let part = owed.part().map(|part| format!("[{part}]")).unwrap_or_default();
            format!("{}{part} {}: {}", view::name(owed.duty()), owed.clause().id(), owed.status(moment(now)))
        })
        .collect();
    lines.extend(ledger.findings().map(|finding| format!("! {} {}", finding.event(), finding.code())));
    lines
}

fn show(facts: &[(&str, Fact)], now: &str) -> Vec<String> {
    shown(&ledger_of(policy(), facts), now)
}

/// The line about one duty.
fn line(facts: &[(&str, Fact)], now: &str, duty: Duty) -> String {
    let name = format!("{} ", view::name(duty));
    let lines = show(facts, now);
    let mut found = lines.iter().filter(|line| line.starts_with(&name));
    let only = found.next().unwrap_or_else(|| panic!("no {name}in {lines:?}"));
    assert_eq!(found.next(), None);
    only.split_once(": ").unwrap().1.to_string()
}

// ---- the published vectors

/// A row's calculator: one of the five by name, or a period, which stands in for the deletion period
/// as another customer's term would.
fn calculate(calculator: &str, start: NaiveDate) -> Result<Deadline, DeadlineError> {
    let terms = DpaTerms::default();
    match calculator {
        "deletion" => terms.deletion(start),
        "return-request" => terms.return_request(start),
        "certification" => terms.certification(start),
        "objection" => terms.objection(start),
        "audit-report" => terms.audit_report(start),
        period => {
            let (count, unit) = period.split_once(' ').unwrap();
            let count = count.parse().unwrap();
            let period = match unit.trim_end_matches('s') {
                "day" => Period::Days(count),
                "week" => Period::Weeks(count),
                "month" => Period::Months(count),
                other => panic!("unknown unit {other}"),
            };
            DpaTerms::builder().deletion(period).build().unwrap().deletion(start)
        }
    }
}

#[test]
fn every_published_vector_holds() {
    let mut lines = include_str!("../../tests/data/deadlines.csv").lines();
    assert_eq!(lines.next(), Some("vector_number,calculator,start,expected_last_day,source"));
    let mut rows = 0;
    for line in lines {
        let [vector, calculator, start, expected, source] =
            line.splitn(5, ',').collect::<Vec<_>>().try_into().expect(line);
        let deadline = calculate(calculator, day(start)).unwrap();
        assert_eq!(deadline.raw_last_day(), day(expected), "vector {vector}: {calculator} from {start} ({source})");
        assert_eq!(deadline.adjusted_last_day(), day(expected));
        assert!(!source.is_empty());
        if calculator == "1 month" {
            assert_eq!(calculate("deletion", day(start)).unwrap(), deadline);
        }
        rows += 1;
    }
    assert!(rows >= 50, "only {rows} vectors");
}

#[test]
fn each_calculator_cites_its_clause_and_its_trigger() {
    let terms = DpaTerms::default();
    let start = day("2024-01-31");
    for (deadline, expected) in [
        (terms.deletion(start), "2024-02-29 (D-10.1b: within 1 month of the Cessation Date, 2024-01-31)"),
        (terms.return_request(start), "2024-04-30 (D-10.2a: within 90 days of the Cessation Date, 2024-01-31)"),
        (terms.return_compliance(start), "2024-02-29 (D-10.2d: within 1 month of the Cessation Date, 2024-01-31)"),
        (
            terms.certification(start),
            "2024-03-01 (D-10.4: within 30 days of the request for the certificate, 2024-01-31)",
        ),
        (terms.objection(start), "2024-02-14 (D-6.3b: within 2 weeks of receipt of the notice, 2024-01-31)"),
        (
            terms.audit_report(start),
            "2025-07-31 (D-11.2a: within 18 months of the date of the audit report, 2024-01-31)",
        ),
    ] {
        assert_eq!(deadline.unwrap().to_string(), expected);
    }
}

// ---- terms

#[test]
fn the_addendum_passes_its_own_check() {
    assert_eq!(DpaTerms::builder().build(), Ok(DpaTerms::default()));
}

#[test]
fn terms_are_checked_at_their_borders() {
    for (good, bad) in [
        (Period::Days(10_000), Period::Days(10_001)),
        (Period::Weeks(1_428), Period::Weeks(1_429)),
        (Period::Months(328), Period::Months(329)),
        (Period::Days(1), Period::Days(0)),
        (Period::Weeks(1), Period::Weeks(0)),
        (Period::Months(1), Period::Months(0)),
        // Without a calendar of holidays nobody can count them.
        (Period::Days(14), Period::WorkingDays(10)),
    ] {
        for set in [
            DpaTermsBuilder::deletion,
            DpaTermsBuilder::return_window,
            DpaTermsBuilder::return_compliance,
            DpaTermsBuilder::certification,
            DpaTermsBuilder::objection,
            DpaTermsBuilder::audit_report_age,
            DpaTermsBuilder::list_update,
            DpaTermsBuilder::variation_notice,
        ] {
            assert!(set(DpaTerms::builder(), good).build().is_ok());
            assert!(set(DpaTerms::builder(), bad).build().is_err());
            // Reading what was never checked checks it.
            let json = serde_json::to_string(&set(DpaTerms::builder(), bad)).unwrap();
            assert!(serde_json::from_str::<DpaTerms>(&json).is_err(), "{json}");
        }
    }
}

#[test]
fn working_days_are_refused_for_want_of_a_calendar() {
    let error = DpaTerms::builder().objection(Period::WorkingDays(10)).build().unwrap_err();
    assert_eq!(error, DpaTermsError::NeedsCalendar { term: "objection", period: Period::WorkingDays(10) });
    assert!(policy().with_target(Duty::NotifyBreach, Period::WorkingDays(2)).is_err());
}

#[test]
fn terms_in_json_are_complete_and_strict() {
    let json = serde_json::to_string(&DpaTerms::default()).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"{"deletion":{"months":1},"return_window":{"days":90},"return_compliance":{"months":1},"#,
            r#""certification":{"days":30},"objection":{"weeks":2},"audit_report_age":{"months":18},"#,
            r#""list_update":{"years":1},"variation_notice":{"days":60},"request_text_from":"2018-05-25"}"#
        )
    );
    assert_eq!(serde_json::from_str::<DpaTerms>(&json).unwrap(), DpaTerms::default());
    for bad in [
        json.replace(r#""objection":{"weeks":2},"#, ""), // no silent default
        json.replace("objection", "objections"),
        json.replace("weeks", "fortnights"),
        json.replace('}', r#","extra":1}"#),
    ] {
        assert!(serde_json::from_str::<DpaTerms>(&bad).is_err(), "{bad}");
    }
}

#[test]
fn evidence_is_one_short_line() {
    assert!(Evidence::try_new(&"x".repeat(200)).is_ok());
    assert!(Evidence::try_new(&"é".repeat(200)).is_ok()); // characters, not bytes
    assert_eq!(Evidence::try_new(&"x".repeat(201)), Err(EvidenceError::TooLong));
    assert_eq!(Evidence::try_new(" \n "), Err(EvidenceError::Blank));
    assert_eq!(Evidence::try_new("a\u{1b}[31m"), Err(EvidenceError::Control));
    let policy = agreed("2026-08-31");
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(json, r#"{"agreed":{"date":"2026-08-31","evidence":"amendment 3"}}"#);
    assert_eq!(serde_json::from_str::<LateReturnRequest>(&json).unwrap(), policy);
    assert!(serde_json::from_str::<LateReturnRequest>(&json.replace("amendment 3", "")).is_err());
}

// ---- the exit plan

#[test]
fn vector_91_both_dates_and_the_gap() {
    let plan = plan("2026-06-15", LateReturnRequest::Literal);
    assert_eq!(plan.deletion().raw_last_day(), day("2026-07-15"));
    assert_eq!(plan.return_window().raw_last_day(), day("2026-09-13"));
    let gap = plan.gap().unwrap();
    assert_eq!((gap.first_day(), gap.last_day(), gap.days()), (day("2026-07-16"), day("2026-09-13"), 60));

    let [first, second] = plan.conflicts() else { panic!("two conflicts") };
    assert!(matches!(first, Conflict::DutyDestroysOpenRight { .. }));
    assert!(matches!(second, Conflict::RightOutlastsDuty { .. }));
    assert_eq!(first.clauses(), [clause::D_10_2A, clause::D_10_1B]);
    assert_eq!(second.clauses(), [clause::D_10_2A, clause::D_10_2D]);
    for conflict in plan.conflicts() {
        let sentence = conflict.to_string();
        assert_eq!((conflict.id(), conflict.gap()), ("X1", gap));
        for part in ["X1", "D-10.2a", "2026-09-13", "2026-07-15", "2026-07-16", "60 days"] {
            assert!(sentence.contains(part), "{sentence}");
        }
        assert!(!sentence.contains('\n'));
    }
    assert_eq!(
        first.to_string(),
        "X1: D-10.2a allows return requests until 2026-09-13, but D-10.1b makes deletion due by 2026-07-15: \
         from 2026-07-16 to 2026-09-13 (60 days) deletion in time destroys what may still be asked back"
    );
}

#[test]
fn the_conflict_is_found_by_comparing_not_by_name() {
    let conflicts = |window, deletion, compliance| -> Vec<&'static str> {
        let terms = DpaTerms::builder()
            .return_window(Period::Days(window))
            .deletion(Period::Days(deletion))
            .return_compliance(Period::Days(compliance))
            .build()
            .unwrap();
        let plan = terms.exit_plan(day("2026-06-15"), LateReturnRequest::Literal).unwrap();
        assert_eq!(plan.gap().is_some(), window > deletion);
        plan.conflicts()
            .iter()
            .map(|conflict| match conflict {
                Conflict::DutyDestroysOpenRight { .. } => "destroys",
                Conflict::RightOutlastsDuty { .. } => "overdue",
                Conflict::CertificateBeforeDeletion { .. } => "certificate",
            })
            .collect()
    };
    assert!(conflicts(29, 30, 30).is_empty());
    assert!(conflicts(30, 30, 30).is_empty());
    assert_eq!(conflicts(31, 30, 30), ["destroys", "overdue"]);
    assert_eq!(conflicts(31, 30, 31), ["destroys"]);
    assert_eq!(conflicts(31, 31, 30), ["overdue"]);
}

#[test]
fn a_request_at_every_border_of_the_plan() {
    use ReturnRequestOutcome::{Feasible, OverdueOnReceipt, TooLate};
    let due = |request, late| plan("2026-06-15", late).return_request_due(day(request)).unwrap();
    let (limit, window) = (day("2026-07-15"), day("2026-09-13"));
    let overdue = |by_days, due| OverdueOnReceipt { literal_due: limit, by_days, due: day(due) };

    for late in [
        LateReturnRequest::Literal,
        LateReturnRequest::MonthFromRequest,
        LateReturnRequest::LaterOf,
        agreed("2026-10-01"),
    ] {
        for request in ["0001-01-01", "2026-06-14", "2026-06-15", "2026-07-15"] {
            assert_eq!(due(request, late.clone()), Feasible { due: limit });
        }
        assert_eq!(due("2026-09-14", late), TooLate { last_day: window });
    }
    assert_eq!(due("2026-07-16", LateReturnRequest::Literal), overdue(1, "2026-07-15"));
    assert_eq!(due("2026-07-16", LateReturnRequest::MonthFromRequest), overdue(1, "2026-08-16"));
    assert_eq!(due("2026-07-16", agreed("2026-07-31")), overdue(1, "2026-07-31"));
    assert_eq!(due("2026-09-13", LateReturnRequest::Literal), overdue(60, "2026-07-15"));
    assert_eq!(due("2026-09-13", LateReturnRequest::LaterOf), overdue(60, "2026-10-13"));
    assert_eq!(due("2026-08-31", LateReturnRequest::MonthFromRequest), overdue(47, "2026-09-30")); // clamped
}

#[test]
fn vector_93_a_certificate_due_before_deletion() {
    let terms = DpaTerms::default();
    let conflict = terms.certificate_conflict(day("2026-07-15"), day("2026-07-15")).unwrap().unwrap();
    assert_eq!(
        conflict.to_string(),
        "X2: D-10.4 makes the certificate of full compliance due by 2026-08-14, but D-10.1b leaves deletion until \
         2026-08-15: a certificate in time may have to state what remains"
    );
    assert_eq!(conflict.clauses(), [clause::D_10_4, clause::D_10_1B]);
    let asked = |cessation, request| terms.certificate_conflict(day(cessation), day(request)).unwrap().is_some();
    assert!(asked("2026-07-15", "2026-07-01")); // asked for before the Cessation Date
    assert!(!asked("2026-07-15", "2026-07-16")); // both due on the same day
    assert!(!asked("2026-07-15", "2026-07-17"));
    assert!(!asked("2026-06-15", "2026-06-15")); // a month of 30 days
    assert!(!asked("2026-01-31", "2026-01-31")); // a month of 28 days
}

#[test]
fn errors_of_the_calendar_come_through() {
    let (terms, end) = (DpaTerms::default(), day("9999-12-31"));
    assert!(terms.exit_plan(end, LateReturnRequest::Literal).is_err());
    assert!(terms.certificate_conflict(end, end).is_err());
    assert!(terms.audit_report_is_current(end, end).is_err());
    // The window fits, a month from the last request does not.
    let plan = terms.exit_plan(day("9999-10-02"), LateReturnRequest::MonthFromRequest).unwrap();
    assert!(plan.return_request_due(day("9999-12-30")).is_err());
    let plan = terms.exit_plan(day("9999-10-02"), LateReturnRequest::Literal).unwrap();
    assert!(plan.return_request_due(day("9999-12-30")).is_ok());
}

// ---- audit reports

#[test]
fn the_age_of_a_report_is_tested_forwards() {
    let terms = DpaTerms::default();
    let current = |dated, on| terms.audit_report_is_current(day(dated), day(on)).unwrap();
    assert!(current("2022-08-30", "2024-02-29"));
    assert!(!current("2022-08-30", "2024-03-01"));
    assert!(current("2022-08-29", "2024-02-29"));
    assert!(current("2022-08-31", "2024-02-29"));
    // Backwards, 2026-08-31 less 18 months is 2025-02-28, and this report would pass three days too long.
    assert!(current("2025-02-28", "2026-08-28"));
    assert!(!current("2025-02-28", "2026-08-29"));
    assert!(!current("2024-01-02", "2024-01-01")); // not written yet
    assert!(current("2024-01-01", "2024-01-01"));
}

// ---- the recommended schedule

#[test]
fn the_schedule_counts_back_from_the_earlier_limit() {
    let days = |terms: DpaTermsBuilder| -> Vec<NaiveDate> {
        let plan = terms.build().unwrap().exit_plan(day("2026-06-15"), LateReturnRequest::Literal).unwrap();
        plan.recommended().iter().map(|r| r.day()).collect()
    };
    let expected = |texts: [&str; 6]| texts.map(day).to_vec();
    assert_eq!(
        days(DpaTerms::builder()),
        expected(["2026-06-15", "2026-07-01", "2026-07-08", "2026-07-14", "2026-07-15", "2026-07-15"])
    );
    assert_eq!(
        days(DpaTerms::builder().return_compliance(Period::Days(20))),
        expected(["2026-06-15", "2026-06-21", "2026-06-28", "2026-07-04", "2026-07-15", "2026-07-15"])
    );
    assert_eq!(
        days(DpaTerms::builder().deletion(Period::Days(10))),
        expected(["2026-06-15", "2026-06-15", "2026-06-18", "2026-06-24", "2026-06-25", "2026-06-25"])
    );
    for recommendation in plan("2026-06-15", LateReturnRequest::Literal).recommended() {
        assert!(recommendation.to_string().ends_with("(recommended, not contractual)"));
    }
}

proptest! {
    #[test]
    fn a_plan_never_hides_a_date(start in 1..3_600_000, window in 1..400_u32, months in 1..24_u32) {
        let cessation = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let terms = DpaTerms::builder()
            .return_window(Period::Days(window))
            .deletion(Period::Months(months))
            .return_compliance(Period::Months(months))
            .build()
            .unwrap();
        let plan = terms.exit_plan(cessation, LateReturnRequest::Literal).unwrap();
        let (limit, end) = (plan.deletion().raw_last_day(), plan.return_window().raw_last_day());
        prop_assert_eq!(limit, terms.deletion(cessation).unwrap().raw_last_day());
        prop_assert_eq!(end, terms.return_request(cessation).unwrap().raw_last_day());
        prop_assert_eq!(plan.conflicts().len(), if end > limit { 2 } else { 0 });
        if let Some(gap) = plan.gap() {
            prop_assert_eq!(i64::from(gap.days()), (end - limit).num_days());
        }
        let days: Vec<_> = plan.recommended().iter().map(|r| r.day()).collect();
        prop_assert!(days.is_sorted() && days[0] == cessation && days[5] == limit);
    }

    #[test]
    fn requests_fall_into_three_spans(start in 1..3_600_000, offset in 0..150_u64) {
        use ReturnRequestOutcome::{Feasible, OverdueOnReceipt, TooLate};
        let cessation = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
        let plan = DpaTerms::default().exit_plan(cessation, LateReturnRequest::LaterOf).unwrap();
        let request = cessation.checked_add_days(Days::new(offset)).unwrap();
        let limit = plan.deletion().raw_last_day();
        match plan.return_request_due(request).unwrap() {
            Feasible { due } => prop_assert!(request <= limit && due == limit),
            OverdueOnReceipt { literal_due, by_days, due } => {
                prop_assert!(offset <= 90 && literal_due == limit && due > request);
                prop_assert_eq!(i64::from(by_days), (request - limit).num_days());
            }
            TooLate { .. } => prop_assert!(offset > 90),
        }
    }
}
