//! The rules as their administrators meet them: from addresses of the whole world, over the router.

use axum::http::StatusCode;

use crate::testing::{Client, Portal};

const OFFICE: &str = "8.8.4.9";
const HOME: &str = "2600:7::9";

/// Types a list, and sends what the page of the review would.
async fn review(client: &mut Client<'_>, text: &str, version: &str) -> crate::testing::Answer {
    client.post("/network/review", &[("mode", "on"), ("text", text), ("version", version)]).await
}

async fn confirm(client: &mut Client<'_>, reviewed: &crate::testing::Answer) -> crate::testing::Answer {
    let fields = ["mode", "text", "version"].map(|name| (name, reviewed.field(name)));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post("/network", &fields).await
}

/// Typed, reviewed, confirmed: from then on it decides on each request and each sign-in, in the customer's account alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_bites_at_the_next_request() {
    let portal = Portal::start().await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    let mut ben = portal.signed_in("ben@acme.example", "9.9.9.9").await;
    let mut carla = portal.signed_in("carla@globex.example", "9.9.9.9").await;

    let reviewed = review(&mut anna, "8.8.4.0/24  # office\ndeny 8.8.4.64/26", "0").await;
    assert_eq!(reviewed.status, StatusCode::OK);
    // 2^32 - 256 + 64 addresses of IPv4 lose.
    assert!(reviewed.has("4\u{202f}294\u{202f}967\u{202f}104 addresses"), "{}", reviewed.body);
    assert!(reviewed.has("the list is on and refuses all of ipv6"));
    assert!(reviewed.has("This change makes it version 1"));
    let applied = confirm(&mut anna, &reviewed).await;
    assert_eq!((applied.status, applied.location.as_str()), (StatusCode::SEE_OTHER, "/network?applied=1"));
    assert!(portal.codes("acme").await.contains(&"access.list_changed".to_owned()));

    let page = anna.get("/network?applied=1").await;
    assert!(page.has("Version 1 is in force") && page.has("8.8.4.64/26") && page.has("office") && page.has("Anna"));
    assert_eq!(ben.get("/network").await.location, "/sign-in?next=%2Fnetwork"); // in mid-session
    assert_eq!(carla.get("/sessions").await.status, StatusCode::OK);
    let mut stranger = portal.stranger("9.9.9.9");
    let token = stranger.get("/sign-in").await.field("csrf");
    let typed = [("name", "ben@acme.example"), ("password", "Herbst-Laub-2026"), ("csrf", &token)];
    assert_eq!(stranger.post_as_it_is("/sign-in", &typed).await.status, StatusCode::UNAUTHORIZED);
    let mut inside = portal.stranger(OFFICE);
    let token = inside.get("/sign-in").await.field("csrf");
    let typed = [("name", "ben@acme.example"), ("password", "Herbst-Laub-2026"), ("csrf", &token)];
    assert_eq!(inside.post_as_it_is("/sign-in", &typed).await.status, StatusCode::SEE_OTHER);
}

/// Neither the proposer nor another administrator, in either family; what is refused has no button, and sending what it
/// would send makes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_locked_out() {
    let portal = Portal::start().await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    let mut eva = portal.signed_in("eva@acme.example", HOME).await;
    assert_eq!(eva.get("/network").await.status, StatusCode::OK); // seen
    for (text, who) in
        [("8.8.4.0/24", HOME), ("2600:7::/48", OFFICE), ("8.8.0.0/16\n2600:7::/48\ndeny 8.8.4.0/24", OFFICE)]
    {
        let reviewed = review(&mut anna, text, "0").await;
        assert_eq!(reviewed.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(reviewed.has("locked out") && reviewed.has(who), "{text}");
        assert!(!reviewed.has("Make this change"), "{text}");
        let sent = confirm(&mut anna, &reviewed).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    }
    assert!(!portal.codes("acme").await.contains(&"access.list_changed".to_owned()));
    let both = review(&mut anna, "8.8.4.0/24\n2600:7::/48", "0").await;
    assert!(both.has("Eva") && both.has("let in: allowed by line 2"));
    // Between review and confirmation Eva is seen elsewhere: what was right a minute ago is looked at again.
    eva.peer.set_ip("2600:8::9".parse().unwrap());
    assert_eq!(eva.get("/network").await.status, StatusCode::OK);
    let sent = confirm(&mut anna, &both).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.has("2600:8::9") && sent.has("locked out"));
}

/// Of two who change the same version one is told, sees his change against the new one, and can then make it.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_looks_again() {
    let portal = Portal::start().await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    let mut eva = portal.signed_in("eva@acme.example", OFFICE).await;
    let first = review(&mut anna, "8.8.4.0/24", "0").await;
    let second = review(&mut eva, "8.8.4.0/24\n9.9.9.0/24", "0").await;
    assert_eq!(confirm(&mut anna, &first).await.status, StatusCode::SEE_OTHER);
    let moved = confirm(&mut eva, &second).await;
    assert_eq!(moved.status, StatusCode::CONFLICT);
    assert!(moved.has("changed while you were at it") && moved.has("Version 1, changed by Anna"));
    assert!(moved.has("256 addresses") && moved.field("version") == "1"); // what it gains by now, not all but
    assert!(!eva.get("/network").await.has("9.9.9.0/24"));
    assert_eq!(confirm(&mut eva, &moved).await.location, "/network?applied=2");
    // An entry that stayed keeps its author, and a new one has its own.
    let page = anna.get("/network").await;
    let row = |range: &str| page.body.split("<tr>").find(|row| row.contains(range)).unwrap().to_owned();
    assert!(row("8.8.4.0/24").contains("Anna") && row("9.9.9.0/24").contains("Eva"));
}

/// What cannot be read stays as it was typed, with its place; what is offered for it is one click.
#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_loses_nothing() {
    let portal = Portal::start().await;
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    let typed = "8.8.4.7/24  # office <b>\n\n010.0.0.0/8";
    let wrong = review(&mut anna, typed, "0").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("8.8.4.7/24  # office &lt;b&gt;\n\n010.0.0.0/8</textarea>"));
    assert!(wrong.has("Line 1, character 9: ") && wrong.has("Line 3, character 1: "));
    let repair = [("mode", "on"), ("text", typed), ("version", "0"), ("repair", "1 8.8.4.0/24  # office <b>")];
    let repaired = anna.post("/network/review", &repair).await;
    assert!(repaired.has("8.8.4.0/24  # office &lt;b&gt;\n\n010.0.0.0/8</textarea>"));
    assert!(!repaired.has("Line 1, character") && repaired.has("Line 3, character 1: "));
    for (text, says) in [
        ("8.8.4.7 from 2026-12-02 until 2026-12-01", "Line 1: it ends before it begins"),
        ("8.8.4.7 # a\tb", "no tabs"),
    ] {
        assert!(review(&mut anna, text, "0").await.has(says), "{text}");
    }
    let blocking = review(&mut anna, "8.8.4.9\n0.0.0.0/0\n::/0", "0").await;
    assert_eq!(blocking.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blocking.has("To be put right: ") && blocking.has("line 2 allows more addresses than an entry may"));
}

/// Members read the rules and change nothing; the operator's staff find no page; without the token nothing is sent.
#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_change_the_rules() {
    let portal = Portal::start().await;
    let change = [("mode", "on"), ("text", OFFICE), ("version", "0")];
    let mut ben = portal.signed_in("ben@acme.example", OFFICE).await;
    let page = ben.get("/network").await;
    assert!(page.status == StatusCode::OK && !page.has("Change the rules"));
    let mut sam = portal.signed_in("sam@operator.example", OFFICE).await;
    assert_eq!(sam.get("/network").await.status, StatusCode::NOT_FOUND);
    for client in [&mut ben, &mut sam] {
        assert_eq!(client.get("/network/edit").await.status, StatusCode::NOT_FOUND);
        for path in ["/network", "/network/edit", "/network/review"] {
            assert_eq!(client.post(path, &change).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let mut anna = portal.signed_in("anna@acme.example", OFFICE).await;
    assert_eq!(anna.post_as_it_is("/network", &change).await.status, StatusCode::FORBIDDEN);
    let token = portal.signed_in("carla@globex.example", OFFICE).await.get("/sessions").await.field("csrf");
    let foreign: Vec<_> = change.into_iter().chain([("csrf", token.as_str())]).collect();
    assert_eq!(anna.post_as_it_is("/network", &foreign).await.status, StatusCode::FORBIDDEN);
    assert!(!portal.codes("acme").await.contains(&"access.list_changed".to_owned()));
}
