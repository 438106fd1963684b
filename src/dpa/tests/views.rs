//! The table, the picture, the calendar.

use super::*;

#[test]
fn the_table_is_in_the_order_of_the_last_days() {
    let facts = [
        ("2026-06-15", Fact::Ceased { regime: Regime::Addendum }),
        ("2026-06-20", Fact::CertificateRequested),
        ("2026-06-21", Fact::HandedOver { flaws: vec![ReturnFlaw::Incomplete] }),
    ];
    let table = ledger_of(policy(), &facts).table(moment("2026-07-01")).to_string();
    let firsts: Vec<&str> = table.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(firsts, ["2026-07-15", "2026-07-20", "2026-09-13", "no", "finding"]);
    assert!(table.lines().nth(2).unwrap().ends_with("certify full compliance with section 10: due on 2026-07-20"));
}

/// Every element is closed, and nothing outside ASCII or markup gets in.
#[test]
fn the_picture_is_well_formed_for_any_terms() {
    for (deletion, window) in [
        (Period::Months(1), Period::Days(90)),
        (Period::Days(1), Period::Days(1)),
        (Period::Months(328), Period::Days(1)),
        (Period::Days(30), Period::Days(10_000)),
    ] {
        let terms = DpaTerms::builder().deletion(deletion).return_window(window).build().unwrap();
        for cessation in ["2026-06-15", "0001-01-01", "9900-01-31"] {
            let plan = terms.exit_plan(day(cessation), LateReturnRequest::Literal).unwrap();
            let svg = plan.timeline().to_string();
            assert!(svg.is_ascii() && svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
            assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
            assert_eq!(svg.contains("days in conflict"), plan.gap().is_some());
            assert!(svg.contains(&format!("until {}", plan.deletion().adjusted_last_day())));
            assert!(svg.len() < 20_000, "{}", svg.len()); // many years, few ticks
            // Nothing is drawn outside the picture.
            for x in svg.split(" x=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap()) {
                assert!((0..=1080).contains(&x), "{x}");
            }
        }
    }
}

#[cfg(feature = "ical")]
mod calendar {
    use super::*;
    use crate::Now;

    fn now() -> Now {
        Now::from(moment("2026-06-01").to_utc())
    }

    /// The lines of each entry, unfolded.
    fn entries(text: &str) -> Vec<Vec<String>> {
        assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n") && line.len() <= 77), "{text}");
        let text = text.replace("\r\n ", "");
        let parts = text.split("BEGIN:VEVENT\r\n").skip(1);
        parts.map(|part| part.lines().take_while(|line| *line != "END:VEVENT").map(String::from).collect()).collect()
    }

    fn value<'a>(entry: &'a [String], name: &str) -> Option<&'a str> {
        entry.iter().find_map(|line| line.strip_prefix(name))
    }

    /// RFC 5545: whole days end on the next day, ids are unique, a sequence tells versions apart.
    #[test]
    fn a_plan_in_a_calendar() {
        let plan = plan("2026-06-15", LateReturnRequest::Literal);
        let text = plan.calendar(&id("acme"), &id("crm"), 3, now()).unwrap();
        let entries = entries(&text);
        assert_eq!(entries.len(), 9);
        let uids: alloc::collections::BTreeSet<_> = entries.iter().map(|entry| value(entry, "UID:").unwrap()).collect();
        assert_eq!(uids.len(), 9);
        // RFC 5545 3.7.3: who made it, and once.
        assert_eq!(text.matches("\r\nPRODID:-//Clausework//Clausework//EN\r\n").count(), 1);
        assert_eq!(text.matches("PRODID").count() + text.matches("VERSION:2.0").count(), 2);
        // A step keeps its id when others come in between.
        assert!(uids.contains("acme/service/crm/step-confirm_receipt@clausework"));
        for entry in &entries {
            assert_eq!(value(entry, "SEQUENCE:"), Some("3"));
            assert_eq!(value(entry, "DTSTAMP:"), Some("20260601T100000Z"));
            let start = value(entry, "DTSTART;VALUE=DATE:").unwrap();
            let end = value(entry, "DTEND;VALUE=DATE:").unwrap();
            let read = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").unwrap();
            assert_eq!(read(start).succ_opt(), Some(read(end)));
        }
        assert_eq!(value(&entries[0], "SUMMARY:"), Some("Deadline D-10.1b (provider)"));
        // The same id as the ledger's, so that plans of other agreements and services do not collide with it.
        assert_eq!(value(&entries[0], "UID:"), Some("acme/service/crm/delete_copies@clausework"));
    }

    #[test]
    fn obligations_in_a_calendar_keep_their_ids_and_are_cancelled_when_done() {
        let mut ledger = ledger_of(
            policy(),
            &[
                ("2026-06-15", Fact::Ceased { regime: Regime::Addendum }),
                ("2026-07-03T17:00:00+02:00", Fact::ControllerAware),
            ],
        );
        let before = entries(&ledger.calendar(now()).unwrap());
        assert_eq!(before.len(), 3); // deletion, the window, the authority; what has no number has no entry
        let authority = before.iter().find(|entry| value(entry, "UID:").unwrap().contains("notify_authority")).unwrap();
        assert_eq!(value(authority, "DTSTART:"), Some("20260706T150000Z")); // timed, at the strict end
        assert!(before.iter().flatten().all(|line| !line.contains("acme") || line.starts_with("UID:")));

        assert_eq!(ledger.apply(event(3, "2026-07-01", Fact::Deleted { holder: None })), Applied::Added);
        let after = entries(&ledger.calendar(now()).unwrap());
        let of = |entries: &[Vec<String>]| {
            let found =
                entries.iter().find(|entry| value(entry, "UID:").unwrap().contains("delete_copies")).unwrap().clone();
            ["UID:", "SEQUENCE:", "STATUS:"].map(|name| value(&found, name).unwrap().to_string())
        };
        assert_eq!(of(&before), ["acme/service/m/delete_copies@clausework", "1", "CONFIRMED"]);
        assert_eq!(of(&after), ["acme/service/m/delete_copies@clausework", "2", "CANCELLED"]);
    }
}
