use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value as Json;

use super::*;
use crate::audit::record::tests::{CODE, bodies, draft, encode, essentials, full};
use crate::audit::record::{
    Action, Basis, Body, Class, Draft, Essentials, Ground, List, OperationId, Outcome, Phase, Record,
};
use crate::event::{Code, Origin};

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

/// The names that the inventory gives for each kind are the names in its view, no more and no fewer.
#[test]
fn a_body_shows_every_field_of_its_kind() {
    for body in bodies() {
        let bytes = encode(full(body));
        let view = parsed(&json(&Record::decode(&bytes).unwrap()));
        let mut shown: Vec<String> =
            view["body"].as_object().map(|body| body.keys().cloned().collect()).unwrap_or_default();
        let mut fields = body.kind().fields().to_vec();
        shown.sort_unstable();
        fields.sort_unstable();
        assert_eq!(shown, fields, "{}", body.kind());
        assert_eq!(view["kind"], body.kind().as_str());
    }
}

#[test]
fn the_view_says_what_the_record_says() {
    let bytes = encode(full(bodies()[1]));
    let view = parsed(&json(&Record::decode(&bytes).unwrap()));
    assert_eq!(view["index"], 7);
    assert_eq!(
        (&view["at"], &view["recorded_at"]),
        (&Json::from("1970-01-01T00:00:01.000000Z"), &Json::from("1970-01-01T00:00:02.000000Z"))
    );
    assert_eq!(view["actor"], parsed(r#"{"kind":"user","id":"u-17"}"#));
    assert_eq!(view["on_behalf_of"][0], parsed(r#"{"principal":{"kind":"user","id":"u-4"},"authority":"ticket-1"}"#));
    assert_eq!(view["claimed"]["user_agent"]["text"], "curl/8\n\u{202e}");
    assert_eq!(view["attributes"]["b.count"]["count"], "18446744073709551615"); // beyond what JSON readers keep
    assert_eq!(view["attributes"]["c.signed"]["signed"], "-9223372036854775808");
    assert_eq!(view["attributes"]["d.instant"]["instant"], "1969-12-31T23:59:59.999999Z");
    assert_eq!(view["attributes"]["k.withheld"], "withheld");
    assert_eq!(view["body"]["ground"], parsed(r#"{"basis":"instruction","reference":"order-1"}"#));
    assert_eq!(view["clauses"], parsed(r#"["E-5.4","A2-Input-8"]"#));
    assert!(!json(&Record::decode(&bytes).unwrap()).contains(['\n', '\u{1b}']));
}

/// A database that keeps JSON as a tree sorts keys, drops spaces and writes escapes its own way.
#[test]
fn bytes_survive_a_database_that_writes_json_its_own_way() {
    for body in bodies() {
        let bytes = encode(full(body));
        let text = json(&Record::decode(&bytes).unwrap());
        let stored = serde_json::to_string_pretty(&parsed(&text)).unwrap().replace("acme", r"\u0061cme");
        assert_ne!(stored, text);
        assert_eq!(bytes_of_json(&stored).unwrap(), bytes);
    }
}

#[test]
fn a_view_that_says_something_else_than_its_bytes_is_refused() {
    let bytes = encode(full(bodies()[1]));
    let text = json(&Record::decode(&bytes).unwrap());
    for (from, to) in [("\"u-17\"", "\"u-18\""), ("support", "marketing"), (r#""index":7"#, r#""index":8"#)] {
        assert!(text.contains(from));
        assert_eq!(bytes_of_json(&text.replace(from, to)), Err(ViewError::Differs), "{to}");
    }
    let mut more = parsed(&text);
    more["extra"] = true.into();
    assert_eq!(bytes_of_json(&more.to_string()), Err(ViewError::Differs));
    for none in ["", "{}", "[]", r#"{"bytes":7}"#, r#"{"bytes":"!"}"#] {
        assert_eq!(bytes_of_json(none), Err(ViewError::NoView), "{none}");
    }
    assert!(matches!(bytes_of_json(r#"{"bytes":"AQ=="}"#), Err(ViewError::Record(_))));
}

const SIGNED_IN: Code = Code::internal("shop.signed_in");
const SIGNED_OUT: Code = Code::internal("shop.signed_out");

fn event(draft: Draft<'_>) -> Json {
    let bytes = encode(draft);
    let view = Ocsf::new("Shop", "Example").logon(&[SIGNED_IN]).logoff(&[SIGNED_OUT]);
    parsed(&view.event(&Record::decode(&bytes).unwrap()))
}

/// Class and activity ids of the schema's own files for each class.
#[test]
fn records_are_events_of_their_ocsf_class() {
    let ground = Ground::new(Basis::Contract);
    let access = |action| Body::Access { action, purpose: "support", ground, count: None, query: None };
    let change = |action| Body::Change { action, changes: List::from(&[]) };
    let of = |code| Draft::new(Essentials { code, class: Class::Authentication, ..essentials() });
    let cases = [
        (of(SIGNED_IN), 300_201),
        (of(SIGNED_OUT), 300_202),
        (of(CODE), 300_299),
        (draft(), 600_399),
        (draft().body(access(Action::Read)), 600_501),
        (draft().body(access(Action::Search)), 600_504),
        (draft().body(access(Action::List)), 600_508),
        (draft().body(access(Action::Export)), 600_599),
        (draft().body(change(Action::Create)), 300_401),
        (draft().body(change(Action::Update)), 300_403),
        (draft().body(change(Action::Delete)), 300_404),
        (draft().body(Body::LogStarted { config: [0; 32] }), 600_203),
        (draft().body(Body::LogStopped { reason: "upgrade" }), 600_204),
    ];
    for (draft, type_uid) in cases {
        let event = event(draft);
        assert_eq!(event["type_uid"], type_uid);
        assert_eq!(event["class_uid"], type_uid / 100);
        assert_eq!(event["category_uid"], type_uid / 100_000);
        assert_eq!(event["activity_id"], type_uid % 100);
        // What the class requires.
        let required: &[&str] = match type_uid / 100 {
            3002 => &["user", "service"],
            3004 => &["entity"],
            6002 => &["app"],
            6003 => &["actor", "api", "src_endpoint"],
            _ => &["actor", "src_endpoint", "table"],
        };
        for name in ["metadata", "time", "severity_id", "activity_id"].iter().chain(required) {
            assert!(!event[name].is_null(), "{type_uid} {name}");
        }
    }
}

#[test]
fn an_ocsf_event_keeps_outcome_instants_and_all_the_rest() {
    for (outcome, status_id) in [
        (Outcome::Success, 1),
        (Outcome::Denied, 2),
        (Outcome::Failed, 2),
        (Outcome::TimedOut, 99),
        (Outcome::Unknown, 0),
    ] {
        let event = event(draft().outcome(outcome));
        assert_eq!((&event["status_id"], &event["status_code"]), (&status_id.into(), &outcome.as_str().into()));
    }
    let attempt = Phase::Attempt(OperationId::from_bytes([0xab; 16]));
    let attempted = event(Draft::new(Essentials { phase: attempt, source: Origin::Internal, ..essentials() }));
    assert_eq!((&attempted["status_id"], &attempted["status"]), (&99.into(), &"Attempted".into()));
    assert_eq!(attempted["metadata"]["correlation_uid"], "ab".repeat(16));
    assert_eq!(attempted["src_endpoint"]["name"], "portal");
    let full = event(full(bodies()[2]));
    assert_eq!((&full["time"], &full["metadata"]["logged_time"]), (&1000.into(), &2000.into()));
    assert_eq!(full["metadata"]["version"], "1.9.0");
    assert_eq!(full["metadata"]["tenant_uid"], "acme");
    assert_eq!(full["unmapped"]["body"]["changes"][0]["field"], "limit");
    assert_eq!(full["actor"]["user"]["type_id"], 1);
    assert_eq!(full["src_endpoint"]["name"], "withheld");
}
