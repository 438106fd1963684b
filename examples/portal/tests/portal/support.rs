//! One support case after the other, from both sides.

use crate::server::{Answer, Client, Server};

const DESK: &str = "9.9.9.9";
const OFFICE: &str = "8.8.4.9";

const USERS: [(&str, &str); 6] = [
    ("customer", "acme"),
    ("thing", "users"),
    ("purpose", "support_request"),
    ("reference", "r-4711"),
    ("hours", "4"),
    ("incident", ""),
];

/// The same with one field another.
fn but<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    USERS.into_iter().map(|(field, kept)| (field, if field == name { value } else { kept })).collect()
}

fn answer(client: &mut Client, path: &str, grant: &str) -> Answer {
    client.post(path, &[("grant", grant)])
}

/// The page that a grant opens, asked for as its button does.
fn look(client: &mut Client, customer: &str, grant: &str) -> Answer {
    client.post("/support/look", &[("customer", customer), ("grant", grant)])
}

/// Asked for, approved, used, revoked: and refused at the next click of the same session.
#[test]
fn a_case_from_the_request_to_the_revocation() {
    let portal = Server::behind_a_proxy();
    let mut sam = portal.signed_in_at("sam@operator.example", DESK);
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    assert_eq!(sam.post("/support/request", &USERS).location(), "/support?done=requested");

    let waiting = anna.get("/support");
    let grant = waiting.field("grant");
    for text in
        ["Sam", "support request r-4711", "user_manager: read of user", "4 hours", "Approve Sam", "waits for an answer"]
    {
        assert!(waiting.has(text), "{text}");
    }
    assert_eq!(look(&mut sam, "acme", &grant).status, 404); // not yet
    assert_eq!(answer(&mut anna, "/support/approve", &grant).location(), "/support?done=approved");
    let desk = sam.get("/support");
    assert!(desk.has("action=\"/support/look\"") && desk.field("grant") == grant);
    // A link opens nothing and begins nothing, whoever set it.
    assert_eq!(sam.get(&format!("/support/look?customer=acme&grant={grant}")).status, 405);
    assert!(sam.get("/support").has("to be used for the first time before"));

    let users = look(&mut sam, "acme", &grant);
    assert_eq!(users.status, 200);
    assert!(users.has("Sam (s-1) in the account of acme for support request r-4711"));
    assert!(users.has("eva@acme.example") && !users.has("globex"));
    let seen = anna.get("/support");
    assert!(seen.has("open until") && seen.has("The latest uses") && seen.has("<div>Users</div>"));

    assert_eq!(look(&mut sam, "acme", &grant).status, 200);
    assert_eq!(answer(&mut anna, "/support/end", &grant).location(), "/support?done=ended");
    assert_eq!(look(&mut sam, "acme", &grant).status, 404);
    assert!(anna.get("/support").has("Nobody has access"));
    // Once more it is late, and says so.
    assert_eq!(answer(&mut anna, "/support/approve", &grant).location(), "/support?done=nothing");
    assert_eq!(
        portal.codes("acme", "staff."),
        [
            "staff.requested",
            "staff.use_refused",
            "staff.approved",
            "staff.used",
            "staff.used",
            "staff.grant_ended",
            "staff.use_refused",
            "staff.approval_refused"
        ]
    );
}

/// Nobody but the customer's administrators answers: not who asks, not his colleague, not a member, not another customer's.
#[test]
fn only_the_customers_administrators_answer() {
    let portal = Server::behind_a_proxy();
    let mut sam = portal.signed_in_at("sam@operator.example", DESK);
    assert_eq!(sam.post("/support/request", &USERS).status, 303);
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let grant = anna.get("/support").field("grant");
    let mut tina = portal.signed_in_at("tina@operator.example", DESK);
    let mut ben = portal.signed_in_at("ben@acme.example", OFFICE);
    let mut carla = portal.signed_in_at("carla@globex.example", OFFICE);
    for client in [&mut sam, &mut tina, &mut ben, &mut carla] {
        for path in ["/support/approve", "/support/end", "/support/told", "/support/reviewed"] {
            assert_eq!(answer(client, path, &grant).status, 404, "{path}");
        }
        assert_eq!(look(client, "acme", &grant).status, 404);
    }
    assert_eq!(ben.get("/support").status, 404);
    assert!(!carla.get("/support").has(&grant));
    assert!(!tina.get("/support").has(&grant));
    let named = [("customer", "acme"), ("grant", grant.as_str())];
    assert_eq!(tina.post("/support/close", &named).status, 404);
    // An approval is for him who asked, and for that customer.
    assert_eq!(answer(&mut anna, "/support/approve", &grant).status, 303);
    assert_eq!(look(&mut tina, "acme", &grant).status, 404);
    assert_eq!(look(&mut sam, "globex", &grant).status, 404);
    assert_eq!(look(&mut sam, "operator", &grant).status, 404);
    assert_eq!(look(&mut anna, "acme", &grant).status, 404);
    assert_eq!(look(&mut sam, "acme", &grant).status, 200);
    // Its bearer closes it.
    assert_eq!(sam.post("/support/close", &named).location(), "/support?done=ended");
    assert_eq!(look(&mut sam, "acme", &grant).status, 404);
}

/// A form without its token does nothing, whoever sends it.
#[test]
fn forms_need_their_token() {
    let portal = Server::behind_a_proxy();
    let mut sam = portal.signed_in_at("sam@operator.example", DESK);
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    (sam.csrf, anna.csrf) = (String::new(), String::new());
    assert_eq!(sam.post("/support/request", &USERS).status, 403);
    let named = [("customer", "acme"), ("grant", "g-1")];
    for path in ["/support/close", "/support/look"] {
        assert_eq!(sam.post(path, &named).status, 403, "{path}");
    }
    for path in ["approve", "end", "told", "reviewed", "revoke-all", "emergencies", "emergencies/off"] {
        let sent = anna.post(&format!("/support/{path}"), &[("grant", "g-1")]);
        assert_eq!(sent.status, 403, "{path}");
    }
    assert!(portal.codes("acme", "staff.").is_empty());
}

/// What is wrong with a request is said at its field, and what was typed stays.
#[test]
fn a_request_is_put_right() {
    let portal = Server::behind_a_proxy();
    let mut sam = portal.signed_in_at("sam@operator.example", DESK);
    for (name, value, says) in [
        ("reference", "", "This purpose needs the number"),
        ("reference", "two words", "A reference has letters"),
        ("hours", "9", "Access lasts 1 to 8 hours"),
        ("hours", "many", "Access lasts 1 to 8 hours"),
        ("hours", "1.5", "Access lasts 1 to 8 hours"),
        ("purpose", "technical_problem", "This purpose takes no reference"),
    ] {
        let wrong = sam.post("/support/request", &but(name, value));
        assert_eq!(wrong.status, 422, "{name}");
        assert!(wrong.has(says) && wrong.has("aria-invalid=\"true\""), "{name}");
        assert!(value.is_empty() || wrong.has(&format!("value=\"{value}\"")), "{name}");
    }
    for (name, value) in [("purpose", "curiosity"), ("thing", "everything")] {
        let wrong = sam.post("/support/request", &but(name, value));
        assert_eq!(wrong.status, 422, "{name}");
    }
    assert_eq!(sam.post("/support/request", &but("customer", "operator")).status, 404);
    assert!(!sam.get("/support").has("Withdraw"));
}

/// Without terms nobody lets himself in. With them it is at once, told and reviewed, never to the users, and over when the
/// customer says so.
#[test]
fn an_emergency_as_the_customer_agreed_to() {
    let portal = Server::behind_a_proxy();
    let mut sam = portal.signed_in_at("sam@operator.example", DESK);
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let urgent = [
        ("customer", "acme"),
        ("thing", "network_rules"),
        ("purpose", "technical_problem"),
        ("reference", ""),
        ("hours", "1"),
        ("incident", "inc-9"),
    ];
    assert!(!sam.get("/support").has("Let me in now"));
    let refused = sam.post("/support/emergency", &urgent);
    assert!(refused.status == 422 && refused.has("This was refused"));

    let terms = [("hours", "1"), ("review_days", "7")];
    assert_eq!(anna.post("/support/emergencies", &terms).location(), "/support?done=enabled");
    assert!(sam.get("/support").has("Let me in now"));
    let without = sam.post("/support/emergency", &urgent[..5]);
    assert!(without.has("An emergency needs the number of the incident"));
    let mut users = urgent;
    users[1].1 = "users";
    assert!(sam.post("/support/emergency", &users).has("No emergency opens the users"));
    assert_eq!(sam.post("/support/emergency", &urgent).location(), "/support?done=entered");

    let told = anna.get("/support");
    let grant = told.field("grant");
    for text in [
        "emergency",
        "Incident inc-9",
        "the customer is to be told without delay",
        "it is to be reviewed by",
        "overdue",
        "Revoke Sam",
    ] {
        assert!(told.has(text), "{text}");
    }
    let rules = look(&mut sam, "acme", &grant);
    assert!(
        rules.has("EMERGENCY: Sam (s-1) in the account of acme for a technical problem") && rules.has("The list is")
    );
    assert_eq!(answer(&mut anna, "/support/told", &grant).location(), "/support?done=noted");
    assert!(!anna.get("/support").has("We have been told"));
    assert_eq!(anna.post("/support/emergencies/off", &[]).location(), "/support?done=disabled");
    assert_eq!(look(&mut sam, "acme", &grant).status, 404);
    // It is over, and stays on the screen until it is reviewed.
    assert!(anna.get("/support").has("We have reviewed it"));
    assert_eq!(answer(&mut anna, "/support/reviewed", &grant).location(), "/support?done=noted");
    assert!(anna.get("/support").has("Nobody has access"));
}

/// One button ends all there is, what waits included.
#[test]
fn everything_is_revoked_at_once() {
    let portal = Server::behind_a_proxy();
    let mut sam = portal.signed_in_at("sam@operator.example", DESK);
    let mut tina = portal.signed_in_at("tina@operator.example", DESK);
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    assert_eq!(sam.post("/support/request", &USERS).status, 303);
    let grant = anna.get("/support").field("grant");
    assert_eq!(answer(&mut anna, "/support/approve", &grant).status, 303);
    assert_eq!(look(&mut sam, "acme", &grant).status, 200);
    assert_eq!(tina.post("/support/request", &USERS).status, 303);
    assert_eq!(anna.post("/support/revoke-all", &[]).location(), "/support?done=revoked_all");
    assert_eq!(look(&mut sam, "acme", &grant).status, 404);
    let after = anna.get("/support");
    assert!(after.has("Nobody has access") && !after.has("Approve"));
}
