//! Events of the agreement, what they owe, and calendar entries that stay the same.

use crate::server::{Answer, Client, Server};

/// The event that the page's form would send.
fn fresh(page: &Answer) -> String {
    let (_, rest) = page.text.split_once(r#"name="event" value=""#).expect("a form");
    rest.split('"').next().unwrap().to_owned()
}

fn note(client: &mut Client, kind: &str, matter: &str, when: [&str; 3]) -> Answer {
    let event = fresh(&client.get("/obligations"));
    note_as(client, &event, kind, matter, when)
}

fn note_as(client: &mut Client, event: &str, kind: &str, matter: &str, [date, time, zone]: [&str; 3]) -> Answer {
    let form = [("event", event), ("kind", kind), ("matter", matter), ("date", date), ("time", time), ("zone", zone)];
    let form: Vec<_> = form.into_iter().chain([("request", "access"), ("law", "gdpr")]).collect();
    client.post("/obligations", &form)
}

#[test]
fn an_event_owes_and_what_is_met_is_met() {
    let server = Server::start(&[]);
    let [mut anna, mut carla, mut ben] =
        ["anna@acme.example", "carla@globex.example", "ben@acme.example"].map(|name| server.signed_in(name));
    assert!(anna.get("/obligations").has("Nothing is owed yet"));
    let when = ["2026-07-03", "17:00", "Europe/Berlin"];
    assert_eq!(
        note(&mut anna, "controller_aware", "b-1", when).location(),
        "/obligations?done=noted&zone=Europe%2FBerlin"
    );

    // Article 33(1) GDPR: 72 hours from the awareness, which was long ago.
    let page = anna.get("/obligations?done=noted&zone=Europe%2FBerlin");
    assert!(page.has("The event was noted") && page.has("Tell the authority of the breach"), "{}", page.text);
    assert!(
        page.has("within 72 hours of 2026-07-03T17:00:00+02:00") && page.has("G-33.1") && page.has("Overdue since")
    );
    assert!(page.has("2 open") && page.has("role=\"img\"") && page.has("<title id=\"timeline-title\">"));
    assert!(!carla.get("/obligations").has("b-1"), "another tenant's");
    for path in ["/obligations", "/obligations.ics", "/obligations/met?obligation=x"] {
        assert_eq!(ben.get(path).status, 404, "{path}");
    }

    let calendar = anna.get("/obligations.ics");
    assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
    let uid = "UID:acme/breach/b-1/notify_authority@clausework";
    assert!(
        calendar.has(uid) && calendar.has("DTSTART:20260706T150000Z") && calendar.has("STATUS:CONFIRMED"),
        "{}",
        calendar.text
    );

    let which = "obligation=acme%2Fbreach%2Fb-1%2Fnotify_authority&zone=Europe%2FBerlin";
    let event = fresh(&anna.get(&format!("/obligations/met?{which}")));
    let mut met = |date| {
        let form = [("event", event.as_str()), ("obligation", "acme/breach/b-1/notify_authority"), ("date", date)];
        anna.post(
            "/obligations/met",
            &form.into_iter().chain([("time", "10:00"), ("zone", "Europe/Berlin")]).collect::<Vec<_>>(),
        )
    };
    let before = met("2026-07-02");
    assert!(
        before.status == 422 && before.has("could not be met before it was owed") && before.has("value=\"2026-07-02\"")
    );
    assert_eq!(met("2026-07-05").status, 303);
    assert!(met("2026-07-05").location().contains("done=known"), "twice is once");
    let page = anna.get("/obligations");
    assert!(page.has("Done on 2026-07-05") && page.has("1 open"), "{}", page.text);
    let calendar = anna.get("/obligations.ics");
    assert!(calendar.has(uid) && calendar.has("STATUS:CANCELLED"), "the same entry, dropped: {}", calendar.text);
    assert!(note(&mut anna, "accepted", "m", ["2026-01-02", "", "UTC"]).status == 303);
    let audit = (0..100).map(|_| anna.get("/audit?kind=agreement")).find(|page| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        page.text.matches("An event of the agreement was noted").count() >= 3
    });
    assert!(audit.is_some(), "all three are in the trail");
}

#[test]
fn what_is_wrong_is_said_and_what_was_typed_stays() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    let page = note(&mut anna, "ceased", "no space", ["2026-02-30", "25:61", "Europe/Atlantis"]);
    assert_eq!(page.status, 422);
    for text in [
        "Nothing was noted yet",
        "“2026-02-30” is no day of the calendar",
        "“25:61” is no time of a day",
        "“Europe/Atlantis” is no zone known here",
        "Write 1 to 64 letters",
        "value=\"no space\"",
        "value=\"2026-02-30\"",
        "value=\"25:61\"",
        "value=\"Europe/Atlantis\"",
        "value=\"ceased\" selected",
    ] {
        assert!(page.has(text), "{text}: {}", page.text);
    }
    let page = note(&mut anna, "breach_noticed", "b-1", ["2026-03-29", "02:30", "Europe/Berlin"]);
    assert!(page.status == 422 && page.has("the clocks were put forward"), "{}", page.text);
    let page = note(&mut anna, "breach_noticed", "b-1", ["9000-01-01", "", "UTC"]);
    assert!(page.status == 422 && page.has("That is in the future"), "{}", page.text);
    assert!(note(&mut anna, "nonsense", "b-1", ["2026-01-01", "", "UTC"]).has("Choose what happened."));
    assert!(anna.get("/obligations").has("Nothing is owed yet"), "nothing of it was noted");

    // Twice on the button is one event; a mistake no longer counts, and stays on record.
    let event = fresh(&anna.get("/obligations"));
    for done in ["done=noted", "done=known"] {
        let answer = note_as(&mut anna, &event, "breach_noticed", "b-1", ["2026-01-01", "", "UTC"]);
        assert!(answer.location().contains(done), "{}", answer.text);
    }
    assert!(anna.get("/obligations").has("1 open"));
    let withdrawn = anna.post("/obligations/withdrawn", &[("event", &event), ("zone", "Europe/Berlin")]);
    assert_eq!(withdrawn.location(), "/obligations?done=withdrawn&zone=Europe%2FBerlin");
    let page = anna.get("/obligations");
    assert!(page.has("Nothing is owed yet") && page.has("no longer counts"), "{}", page.text);
    assert_eq!(anna.post("/obligations/withdrawn", &[("event", "other")]).status, 404);
}
