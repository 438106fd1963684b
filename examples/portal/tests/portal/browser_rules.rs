//! Network rules and support in the browser: by keyboard, at a desk and on a phone.

use crate::browser::{DESK, ENTER, PHONE, Window};
use crate::server::Server;

const UP: &str = "\u{E013}";

#[test]
#[ignore = "needs Chromium and its driver"]
fn browser_network_rules_by_keyboard() {
    for (size, name) in [(DESK, "desk"), (PHONE, "phone")] {
        let (server, window) = (Server::start(&[]), Window::open(size));
        window.sign_in(&server, "anna@acme.example");
        window.go(&server, "/network");
        window.inspect(&format!("{name}-network-off"));
        window.tab_to("Change the rules");
        window.keys(ENTER);
        window.wait_for("one entry a line");
        window.tab_to("everybody; the list is kept and not used");
        window.keys(UP);
        assert_eq!(window.focused(), "only whom the list allows");
        window.tab_to("Addresses, one entry a line");
        window.keys("127.0.0.1/24  # here");
        window.keys(ENTER);
        window.keys("deny 203.0.113.300");
        window.inspect(&format!("{name}-network-typed"));
        window.tab_to("Review the change");
        window.keys(ENTER);
        window.wait_for("Not every line can be read");
        window.inspect(&format!("{name}-network-mistakes"));
        let typed = "return document.getElementById('text').value";
        assert_eq!(window.run(typed), "127.0.0.1/24  # here\ndeny 203.0.113.300");
        window.tab_to("Write “127.0.0.0/24 # here”");
        window.keys(ENTER);
        window.wait_for("Line 1 was written anew.");
        assert_eq!(window.run(typed), "127.0.0.0/24  # here\ndeny 203.0.113.300");

        // Whoever is typing would be locked out.
        window.run("document.getElementById('text').value = '8.8.4.0/24'");
        window.tab_to("Review the change");
        window.keys(ENTER);
        window.wait_for("It cannot be made");
        window.inspect(&format!("{name}-network-locked-out"));
        window.tab_to("Go on writing");
        window.keys(ENTER);
        window.wait_for("one entry a line");
        assert_eq!(window.run(typed), "8.8.4.0/24");

        let text = "127.0.0.0/24  # here\\n8.8.4.0/24 until 2030-12-01  # office\\ndeny 8.8.4.64-8.8.4.80  # guests";
        window.run(&format!("document.getElementById('text').value = '{text}'"));
        window.tab_to("Review the change");
        window.keys(ENTER);
        window.wait_for("This change makes it version 1");
        window.inspect(&format!("{name}-network-review"));
        window.tab_to("Make this change");
        window.keys(ENTER);
        window.wait_for("Version 1 is in force");
        window.inspect(&format!("{name}-network-on"));
    }
}

#[test]
#[ignore = "needs Chromium and its driver"]
fn browser_support_by_keyboard() {
    for (size, name) in [(DESK, "desk"), (PHONE, "phone")] {
        let (server, sam, anna) = (Server::start(&[]), Window::open(size), Window::open(size));
        sam.sign_in(&server, "sam@operator.example");
        anna.sign_in(&server, "anna@acme.example");

        sam.go(&server, "/support");
        sam.tab_to("Ask the customer");
        sam.run("document.querySelector('form[action=\"/support/request\"]').noValidate = true");
        sam.keys(ENTER);
        sam.wait_for("This purpose needs the number");
        sam.inspect(&format!("{name}-support-mistake"));
        sam.tab_to("Ticket or legal reference (optional)");
        sam.keys("r-4711");
        sam.tab_to("Ask the customer");
        sam.keys(ENTER);
        sam.wait_for("Access was asked for");
        sam.inspect(&format!("{name}-support-asked"));

        anna.go(&server, "/support");
        anna.inspect(&format!("{name}-support-waiting"));
        anna.tab_to("Approve Sam");
        anna.keys(ENTER);
        anna.wait_for("Access was approved");

        sam.go(&server, "/support");
        sam.inspect(&format!("{name}-support-approved"));
        sam.tab_to("Look at Users of acme");
        sam.keys(ENTER);
        sam.wait_for("Sam (s-1) in the account of acme for support request r-4711");
        sam.inspect(&format!("{name}-support-users"));
        assert!(sam.spoken().iter().any(|(role, _)| role == "note"), "the banner is found");

        anna.go(&server, "/support");
        anna.tab_to("Revoke Sam");
        anna.inspect(&format!("{name}-support-open"));
        anna.keys(ENTER);
        anna.wait_for("It is over, in open sessions too.");
        sam.run("location.reload()"); // which sends the form once more
        sam.wait_for("There is no such page");

        anna.tab_to("Enable emergency access");
        anna.keys(ENTER);
        anna.wait_for("Emergency access is enabled");
        sam.go(&server, "/support");
        sam.run("document.getElementById('thing').value = 'network_rules'");
        sam.run("document.getElementById('purpose').value = 'technical_problem'");
        sam.tab_to("Number of the incident (optional)");
        sam.keys("inc-9");
        sam.inspect(&format!("{name}-support-emergency-form"));
        sam.tab_to("Let me in now");
        sam.keys(ENTER);
        sam.wait_for("The emergency is on record");
        sam.tab_to("Look at Network rules of acme");
        sam.keys(ENTER);
        sam.wait_for("EMERGENCY: Sam (s-1)");
        sam.inspect(&format!("{name}-support-emergency"));
        anna.go(&server, "/support");
        anna.inspect(&format!("{name}-support-owed"));
        anna.tab_to("We have been told");
        anna.keys(ENTER);
        anna.wait_for("This was noted");
    }
}
