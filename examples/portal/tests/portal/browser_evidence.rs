//! The audit trail, the obligations and the evidence report in headless Chromium: see `browser`.

use serde_json::json;

use crate::browser::{DESK, ENTER, PHONE, Window};
use crate::server::Server;

/// As long as a name may be: it is cut off nowhere, but in the picture.
const LONG: &str = "request-3-of-somebody-who-has-asked-for-a-great-deal-of-data-xyz";

#[test]
#[ignore = "needs Chromium and its driver"]
fn browser_audit_obligations_and_evidence_by_keyboard() {
    for (size, name) in [(DESK, "desk"), (PHONE, "phone")] {
        let (server, window) = (Server::start(&[]), Window::open(size));
        window.sign_in(&server, "anna@acme.example");

        let look = || window.go(&server, "/audit");
        look();
        while !window.text().contains("A password was changed") {
            std::thread::sleep(std::time::Duration::from_millis(300));
            look();
        }
        window.inspect(&format!("{name}-audit"));
        // The files for whoever trusts no portal: whoever takes them is in the log.
        window.tab_to("Verify it yourself");
        window.keys(ENTER);
        window.inspect(&format!("{name}-audit-files"));
        window.tab_to("bundle.txt");
        window.keys(ENTER);
        while !window.text().contains("The audit log was read") {
            std::thread::sleep(std::time::Duration::from_millis(300));
            look();
        }
        window.tab_to("Verify the log");
        window.keys(ENTER);
        window.wait_for("Not one was changed");
        assert!(window.spoken().iter().any(|(role, _)| role == "status"), "the verdict is read out");
        window.inspect(&format!("{name}-verified"));
        let file = rusqlite::Connection::open(server.data.join("portal.sqlite")).unwrap();
        let change = "UPDATE audit_records SET body = zeroblob(9) WHERE scope = 'tenant:acme' AND idx = 1";
        assert_eq!(file.execute(change, []).unwrap(), 1);
        look();
        window.tab_to("Verify the log");
        window.keys(ENTER);
        window.wait_for("Alarm");
        window.inspect(&format!("{name}-altered"));
        look();
        window.tab_to("What");
        window.keys("The log");
        window.tab_to("Show");
        window.keys(ENTER);
        window.wait_for("The audit log was begun");
        window.inspect(&format!("{name}-audit-log"));

        window.go(&server, "/obligations");
        window.inspect(&format!("{name}-obligations-none"));
        for (what, which) in [("We became", "breach-7"), ("The service ceased", "crm"), ("We received", LONG)] {
            window.tab_to("What happened");
            window.keys(what);
            window.tab_to("Which one");
            window.keys(which);
            window.tab_to("Note the event");
            window.keys(ENTER);
            window.wait_for("The event was noted.");
        }
        window.run("document.querySelectorAll('details').forEach(details => details.open = true)");
        window.inspect(&format!("{name}-obligations"));
        let picture = window.spoken().into_iter().find(|(role, _)| role == "img" || role == "image");
        assert!(picture.is_some_and(|(_, name)| name.starts_with("Timeline of the obligations")));
        window.tab_to("Which one");
        window.keys("two words");
        window.tab_to("Note the event");
        window.keys(ENTER);
        window.wait_for("Nothing was noted yet");
        assert_eq!(window.run("return document.getElementById('matter').value"), "two words");
        let described = "return document.getElementById('matter').getAttribute('aria-describedby')";
        assert_eq!(window.run(described), "matter-hint matter-error");
        window.inspect(&format!("{name}-obligations-wrong"));
        window.go(&server, "/obligations");
        window.tab_to("Mark as met: tell the customer of the breach, breach-7");
        window.keys(ENTER);
        window.wait_for("It was met then");
        window.inspect(&format!("{name}-obligations-met"));
        window.tab_to("It was met then");
        window.keys(ENTER);
        window.wait_for("The event was noted.");

        window.go(&server, "/evidence");
        window.inspect(&format!("{name}-evidence"));
        window.tab_to("Make the report");
        window.keys(ENTER);
        window.wait_for("is ready");
        window.inspect(&format!("{name}-evidence-ready"));
        window.tab_to("Open the report");
        window.keys(ENTER);
        window.wait_for("acme");
        let log = window.post("se/log", &json!({ "type": "browser" }));
        let failed = log.as_array().expect("a log").iter().filter(|line| line["level"] == "SEVERE");
        let failed: Vec<_> = failed.filter(|line| line["source"] != "network").collect();
        assert!(failed.is_empty(), "{failed:?}");
        window.picture(&format!("{name}-evidence-report"));
    }
}

#[test]
#[ignore = "needs Chromium and its driver"]
fn browser_verifies_without_scripts() {
    let (server, window) = (Server::start(&[]), Window::open(PHONE));
    window.sign_in(&server, "anna@acme.example");
    window.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    window.go(&server, "/audit");
    window.tab_to("Verify the log");
    window.keys(ENTER);
    window.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
    window.wait_for("Not one was changed");
}
