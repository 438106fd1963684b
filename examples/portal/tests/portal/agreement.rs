//! One agreement from its acceptance to its last duty, as its administrator notes it.

use std::collections::BTreeMap;

use crate::server::{Client, Server};

/// Everything that happened, in the year 2025.
const EVENTS: [(&str, &str, &str, &str); 17] = [
    ("accepted", "dpa", "2025-01-06", ""),
    ("subprocessor_announced", "mailer", "2025-01-13", ""),
    ("objected", "mailer", "2025-01-20", ""),
    ("objection_withdrawn", "mailer", "2025-01-24", ""),
    ("due_diligence", "mailer", "2025-01-28", ""),
    ("copy_requested", "mailer", "2025-02-03", ""),
    ("subprocessor_announced", "hoster", "2025-02-10", ""),
    ("request_received", "request-1", "2025-03-03", ""),
    ("assistance_asked", "request-1", "2025-03-04", ""),
    ("breach_noticed", "breach-1", "2025-04-10", "11:00"),
    ("customer_told", "breach-1", "2025-04-10", "15:00"),
    ("controller_aware", "breach-1", "2025-04-10", "15:00"),
    ("audit_asked", "audit-1", "2025-05-05", ""),
    ("report_provided", "audit-1", "2025-05-12", ""),
    ("ceased", "crm", "2025-08-31", ""),
    ("return_requested", "crm", "2025-09-04", ""),
    ("certificate_requested", "crm", "2025-09-28", ""),
];

/// The last days, counted by hand from the clauses: D-6.3b two weeks, G-12.3 a month, G-33.1 72 hours from 15:00 summer time,
/// D-10.1b and D-10.2d a month (September has no 31st), D-10.2a 90 days, D-10.4 30 days.
const DAYS: [(&str, &str); 8] = [
    ("breach/breach-1/notify_authority", "20250413T130000Z"),
    ("request/request-1/act_on_request", "20250403"),
    ("service/crm/certify", "20251028"),
    ("service/crm/delete_copies", "20250930"),
    ("service/crm/request_return", "20251129"),
    ("service/crm/return_copy", "20250930"),
    ("subprocessor/hoster/object_to_subprocessor", "20250224"),
    ("subprocessor/mailer/object_to_subprocessor", "20250127"),
];

/// When each was done, all in time.
const DONE: [(&str, &str); 9] = [
    ("send_requested_copy", "2025-02-06"),
    ("forward_request", "2025-03-03"),
    ("assist_request", "2025-03-10"),
    ("act_on_request", "2025-03-20"),
    ("notify_authority", "2025-04-12"),
    ("document_breach", "2025-04-14"),
    ("return_copy", "2025-09-15"),
    ("delete_copies", "2025-09-25"),
    ("certify", "2025-10-15"),
];

/// Sends the form of the last page, with this in its fields.
fn send(client: &mut Client, path: &str, page: &str, fields: &[(&str, &str)]) {
    let event = client.get(page).field("event");
    let mut form = vec![("event", event.as_str()), ("zone", "Europe/Berlin"), ("request", "access"), ("law", "gdpr")];
    form.extend(fields);
    let answer = client.post(path, &form);
    assert!(answer.location().contains("done=noted"), "{fields:?}: {}", answer.text);
}

/// What the calendar says: of each entry when, and how it stands.
fn calendar(client: &mut Client) -> BTreeMap<String, (String, String)> {
    let text = client.get("/obligations.ics").text;
    let entries = text.split("BEGIN:VEVENT").skip(1).map(|entry| {
        let value = |name: &str| {
            let line = entry.lines().find(|line| line.starts_with(name)).expect(name);
            line.split_once(':').expect("a value").1.to_owned()
        };
        (value("UID"), (value("DTSTART"), value("STATUS")))
    });
    entries.collect()
}

fn expected(of: impl Fn(&str) -> &'static str) -> BTreeMap<String, (String, String)> {
    let entry = |(id, day): (&str, &str)| (format!("acme/{id}@clausework"), (day.to_owned(), of(id).to_owned()));
    DAYS.into_iter().map(entry).collect()
}

#[test]
fn an_agreement_from_its_acceptance_to_its_last_duty() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    for (kind, matter, date, time) in EVENTS {
        let fields = [("kind", kind), ("matter", matter), ("date", date), ("time", time)];
        send(&mut anna, "/obligations", "/obligations", &fields);
    }
    let page = anna.get("/obligations?zone=Europe%2FBerlin");
    assert!(page.has("10 open") && page.has("5 of them overdue") && page.has("1 lapsed"), "{}", page.text);
    assert!(page.has(": The customer withdrew its objection, mailer"), "as in the form: {}", page.text);
    assert!(page.has("Lapsed after 2025-02-24") && !page.has("Look into this"), "{}", page.text);
    let used = ["service/crm/request_return", "subprocessor/mailer/object_to_subprocessor"];
    let stands = |id: &str| if used.contains(&id) { "CANCELLED" } else { "CONFIRMED" };
    assert_eq!(calendar(&mut anna), expected(stands));

    let mut done = BTreeMap::from(DONE);
    loop {
        let page = anna.get("/obligations?zone=Europe%2FBerlin");
        let Some((_, link)) = page.text.split_once("/obligations/met?") else { break };
        let link = format!("/obligations/met?{}", link.split('"').next().unwrap().replace("&amp;", "&"));
        let obligation = anna.get(&link).field("obligation");
        let duty = obligation.split('/').nth(3).unwrap();
        let date = done.remove(duty).unwrap_or_else(|| panic!("{obligation} is owed once"));
        let fields = [("obligation", obligation.as_str()), ("date", date), ("time", "12:00")];
        send(&mut anna, "/obligations/met", &link, &fields);
    }
    assert!(done.is_empty(), "{done:?}");
    let page = anna.get("/obligations?zone=Europe%2FBerlin");
    assert!(page.has("0 open") && page.has("0 of them overdue") && page.has("1 lapsed"), "{}", page.text);
    assert!(!page.has(" late") && !page.has("Look into this"), "{}", page.text);
    // The same entries on the same days: whoever reads the calendar again drops them, but for the right that nobody used.
    let stands = |id: &str| if id.contains("hoster") { "CONFIRMED" } else { "CANCELLED" };
    assert_eq!(calendar(&mut anna), expected(stands));
}
