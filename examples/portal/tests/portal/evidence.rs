//! The report that an auditor gets.

use serde_json::Value;

use crate::audit::run;
use crate::server::Server;

#[test]
fn a_report_has_what_happened_and_that_the_log_is_whole() {
    let server = Server::start(&[]);
    let [mut anna, mut carla, mut ben] =
        ["anna@acme.example", "carla@globex.example", "ben@acme.example"].map(|name| server.signed_in(name));
    assert_eq!(ben.get("/evidence").status, 404);
    // E-6P.3: three failures lock.
    for _ in 0..3 {
        assert_eq!(server.client().sign_in("ben@acme.example", "wrong").status, 401);
    }
    let form = [("from", "2026-01-01"), ("to", "2035-12-31"), ("zone", "Europe/Berlin")];
    let (path, page) = run(&mut anna, "/evidence", "/evidence", &form);
    assert!(page.has("is ready") && page.has("The period is not over"), "{}", page.text);

    let report = anna.get(&format!("{path}/report.json"));
    let report: Value = serde_json::from_str(&report.text).unwrap();
    assert_eq!(report["tenant"], "acme");
    // Anna and Ben each signed in with the temporary password and came in by choosing another.
    assert_eq!(report["audit"]["is_sound"], true, "{}", report["audit"]);
    assert_eq!(report["sign_in"]["lockouts"], 1, "{}", report["sign_in"]);
    assert_eq!(report["sign_in"]["accounts"]["rows"][0]["account"], "u-2");
    assert_eq!(report["basis"]["events"]["of_others"], 0);
    assert_eq!(report["basis"]["events"]["unreadable"]["total"], 0);
    let codes = report["basis"]["events"]["codes"].as_array().unwrap();
    let count = |code: &str| codes.iter().find(|row| row["code"] == code).map(|row| row["successes"].as_u64().unwrap());
    assert_eq!(count("credential.changed"), Some(2), "{codes:?}");
    assert!(
        report["rules"]["rules"].as_array().unwrap().iter().any(|rule| rule["setting"] == "sign_in.lockout.lock_secs")
    );
    assert!(report["obligations"].is_object() && report["alerts"].is_object());

    let html = anna.get(&format!("{path}/report.html"));
    assert!(html.text.starts_with("<!DOCTYPE html>") && html.has("u-2") && !html.has("u-3"));
    assert!(
        html.header("content-security-policy").unwrap().starts_with("default-src 'none'; style-src 'unsafe-inline'")
    );
    for path in [path.clone(), format!("{path}/report.html"), format!("{path}/report.json")] {
        assert_eq!(carla.get(&path).status, 404, "{path}");
    }

    let masked: Vec<_> = form.into_iter().chain([("masked", "yes")]).collect();
    let (path, _) = run(&mut anna, "/evidence", "/evidence", &masked);
    let report: Value = serde_json::from_str(&anna.get(&format!("{path}/report.json")).text).unwrap();
    assert_eq!(report["sign_in"]["lockouts"], 1, "the same numbers");
    let html = anna.get(&format!("{path}/report.html"));
    assert!(!html.has("u-2") && !html.has("127.0.0.1"), "and nobody's name");
}

#[test]
fn a_period_that_is_none_is_said_to_be_and_stays_in_the_form() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    anna.get("/evidence");
    let wrong = anna.post("/evidence", &[("from", "2026-02-30"), ("to", "soon"), ("zone", "Mars")]);
    assert_eq!(wrong.status, 422);
    for text in ["“2026-02-30” is no day", "“soon” is no day", "“Mars” is no zone", "value=\"soon\"", "value=\"Mars\""]
    {
        assert!(wrong.has(text), "{text}: {}", wrong.text);
    }
    for (from, to) in [("2026-03-02", "2026-03-01"), ("2001-01-01", "2026-01-01"), ("9999-12-01", "9999-12-31")] {
        let wrong = anna.post("/evidence", &[("from", from), ("to", to), ("zone", "UTC")]);
        assert!(wrong.status == 422 && wrong.has("This does not fit"), "{from} {to}: {}", wrong.text);
    }
    assert_eq!(anna.get("/evidence/nothing").status, 404);
}
