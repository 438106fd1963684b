//! One support case after the other, from both sides.

use axum::http::StatusCode;

use crate::testing::{Answer, Client, Portal};

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

async fn answer(client: &mut Client<'_>, path: &str, grant: &str) -> Answer {
    client.post(path, &[("grant", grant)]).await
}

/// Asked for, approved, used, revoked: and refused at the next click of the same session.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_from_the_request_to_the_revocation() {
    let portal = Portal::start().await;
    let mut sam = portal.signed_in("sam@operator.example", DESK).await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    assert_eq!(sam.post("/support/request", &USERS).await.location, "/support?done=requested");

    let waiting = anna.get("/support").await;
    let grant = waiting.field("grant");
    for text in
        ["Sam", "support request r-4711", "user_manager: read of user", "4 h", "Approve Sam", "waits for an answer"]
    {
        assert!(waiting.has(text), "{text}");
    }
    let page = format!("/support/acme/{grant}");
    assert_eq!(sam.get(&page).await.status, StatusCode::NOT_FOUND); // not yet
    assert_eq!(answer(&mut anna, "/support/approve", &grant).await.location, "/support?done=approved");
    assert!(sam.get("/support").await.has(&format!("href=\"{page}\"")));

    let users = sam.get(&page).await;
    assert_eq!(users.status, StatusCode::OK);
    assert!(users.has("s-1 in the account of acme for support request r-4711"));
    assert!(users.has("eva@acme.example") && !users.has("globex"));
    let seen = anna.get("/support").await;
    assert!(seen.has("open until") && seen.has("The latest uses") && seen.has("<td>Users</td>"));

    assert_eq!(sam.get(&page).await.status, StatusCode::OK);
    assert_eq!(answer(&mut anna, "/support/end", &grant).await.location, "/support?done=ended");
    assert_eq!(sam.get(&page).await.status, StatusCode::NOT_FOUND);
    assert!(anna.get("/support").await.has("Nobody has access"));
    // Once more it is late, and says so.
    assert_eq!(answer(&mut anna, "/support/approve", &grant).await.location, "/support?done=nothing");
    let codes: Vec<String> = portal.codes("acme").await.into_iter().filter(|code| code.starts_with("staff.")).collect();
    assert_eq!(
        codes,
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
#[tokio::test(flavor = "multi_thread")]
async fn only_the_customers_administrators_answer() {
    let portal = Portal::start().await;
    let mut sam = portal.signed_in("sam@operator.example", DESK).await;
    assert_eq!(sam.post("/support/request", &USERS).await.status, StatusCode::SEE_OTHER);
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    let grant = anna.get("/support").await.field("grant");
    let page = format!("/support/acme/{grant}");
    let mut tina = portal.signed_in("tina@operator.example", DESK).await;
    let mut ben = portal.signed_in("ben@acme.example", OFFICE).await;
    let mut carla = portal.signed_in("carla@globex.example", OFFICE).await;
    for client in [&mut sam, &mut tina, &mut ben, &mut carla] {
        for path in ["/support/approve", "/support/end", "/support/told", "/support/reviewed"] {
            assert_eq!(answer(client, path, &grant).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(client.get(&page).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(ben.get("/support").await.status, StatusCode::NOT_FOUND);
    assert!(!carla.get("/support").await.has(&grant));
    assert!(!tina.get("/support").await.has(&grant));
    let named = [("customer", "acme"), ("grant", grant.as_str())];
    assert_eq!(tina.post("/support/close", &named).await.status, StatusCode::NOT_FOUND);
    // An approval is for him who asked, and for that customer.
    assert_eq!(answer(&mut anna, "/support/approve", &grant).await.status, StatusCode::SEE_OTHER);
    assert_eq!(tina.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sam.get(&format!("/support/globex/{grant}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sam.get(&format!("/support/operator/{grant}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(anna.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(sam.get(&page).await.status, StatusCode::OK);
    // Its bearer closes it.
    assert_eq!(sam.post("/support/close", &named).await.location, "/support?done=ended");
    assert_eq!(sam.get(&page).await.status, StatusCode::NOT_FOUND);
}

/// A form without its token does nothing, whoever sends it.
#[tokio::test(flavor = "multi_thread")]
async fn forms_need_their_token() {
    let portal = Portal::start().await;
    let mut sam = portal.signed_in("sam@operator.example", DESK).await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    assert_eq!(sam.post_as_it_is("/support/request", &USERS).await.status, StatusCode::FORBIDDEN);
    let named = [("customer", "acme"), ("grant", "g-1")];
    assert_eq!(sam.post_as_it_is("/support/close", &named).await.status, StatusCode::FORBIDDEN);
    for path in ["approve", "end", "told", "reviewed", "revoke-all", "emergencies"] {
        let sent = anna.post_as_it_is(&format!("/support/{path}"), &[("grant", "g-1")]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{path}");
    }
    let codes = portal.codes("acme").await;
    assert!(!codes.iter().any(|code| code.starts_with("staff.")), "{codes:?}");
}

/// What is wrong with a request is said at its field, and what was typed stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_put_right() {
    let portal = Portal::start().await;
    let mut sam = portal.signed_in("sam@operator.example", DESK).await;
    for (name, value, says) in [
        ("reference", "", "This purpose needs the number"),
        ("reference", "two words", "A reference has letters"),
        ("hours", "9", "Access lasts 1 to 8 hours"),
        ("purpose", "technical_problem", "This purpose takes no reference"),
    ] {
        let wrong = sam.post("/support/request", &but(name, value)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(wrong.has(says) && wrong.has("aria-invalid=\"true\""), "{name}");
        assert!(value.is_empty() || wrong.has(&format!("value=\"{value}\"")), "{name}");
    }
    for (name, value) in [("purpose", "curiosity"), ("thing", "everything"), ("hours", "many")] {
        let wrong = sam.post("/support/request", &but(name, value)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    assert_eq!(sam.post("/support/request", &but("customer", "operator")).await.status, StatusCode::NOT_FOUND);
    assert!(!sam.get("/support").await.has("Withdraw"));
}

/// Without terms nobody lets himself in. With them it is at once, told and reviewed, never to the users, and over when the
/// customer says so.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_as_the_customer_agreed_to() {
    let portal = Portal::start().await;
    let mut sam = portal.signed_in("sam@operator.example", DESK).await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    let urgent = [
        ("customer", "acme"),
        ("thing", "network_rules"),
        ("purpose", "technical_problem"),
        ("reference", ""),
        ("hours", "1"),
        ("incident", "inc-9"),
    ];
    assert!(!sam.get("/support").await.has("Let me in now"));
    let refused = sam.post("/support/emergency", &urgent).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.has("This was refused"));

    let terms = [("hours", "1"), ("review_days", "7")];
    assert_eq!(anna.post("/support/emergencies", &terms).await.location, "/support?done=enabled");
    assert!(sam.get("/support").await.has("Let me in now"));
    let without = sam.post("/support/emergency", &urgent[..5]).await;
    assert!(without.has("An emergency needs the number of the incident"));
    let mut users = urgent;
    users[1].1 = "users";
    assert!(sam.post("/support/emergency", &users).await.has("No emergency opens the users"));
    assert_eq!(sam.post("/support/emergency", &urgent).await.location, "/support?done=entered");

    let told = anna.get("/support").await;
    let grant = told.field("grant");
    for text in [
        "emergency",
        "Incident inc-9",
        "to tell the customer without delay",
        "to review it by",
        "overdue",
        "Revoke Sam",
    ] {
        assert!(told.has(text), "{text}");
    }
    let page = format!("/support/acme/{grant}");
    let rules = sam.get(&page).await;
    assert!(rules.has("EMERGENCY: s-1 in the account of acme for a technical problem") && rules.has("The list is"));
    assert_eq!(answer(&mut anna, "/support/told", &grant).await.location, "/support?done=noted");
    assert!(!anna.get("/support").await.has("without delay</p>"));
    assert_eq!(anna.post("/support/emergencies", &[]).await.location, "/support?done=disabled");
    assert_eq!(sam.get(&page).await.status, StatusCode::NOT_FOUND);
    // It is over, and stays on the screen until it is reviewed.
    assert!(anna.get("/support").await.has("We have reviewed it"));
    assert_eq!(answer(&mut anna, "/support/reviewed", &grant).await.location, "/support?done=noted");
    assert!(anna.get("/support").await.has("Nobody has access"));
}

/// One button ends all there is, what waits included.
#[tokio::test(flavor = "multi_thread")]
async fn everything_is_revoked_at_once() {
    let portal = Portal::start().await;
    let mut sam = portal.signed_in("sam@operator.example", DESK).await;
    let mut tina = portal.signed_in("tina@operator.example", DESK).await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    assert_eq!(sam.post("/support/request", &USERS).await.status, StatusCode::SEE_OTHER);
    let grant = anna.get("/support").await.field("grant");
    assert_eq!(answer(&mut anna, "/support/approve", &grant).await.status, StatusCode::SEE_OTHER);
    assert_eq!(sam.get(&format!("/support/acme/{grant}")).await.status, StatusCode::OK);
    assert_eq!(tina.post("/support/request", &USERS).await.status, StatusCode::SEE_OTHER);
    assert_eq!(anna.post("/support/revoke-all", &[]).await.location, "/support?done=revoked_all");
    assert_eq!(sam.get(&format!("/support/acme/{grant}")).await.status, StatusCode::NOT_FOUND);
    let after = anna.get("/support").await;
    assert!(after.has("Nobody has access") && !after.has("Approve"));
}
