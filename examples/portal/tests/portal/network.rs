//! The rules as their administrators meet them: from addresses all over the world.

use crate::server::{Answer, Client, PASSWORD, Server};

const OFFICE: &str = "8.8.4.9";
const HOME: &str = "2600:7::9";

/// Types a list, and sends what the page of the review would.
fn review(client: &mut Client, text: &str, version: &str) -> Answer {
    client.post("/network/review", &[("mode", "on"), ("text", text), ("version", version)])
}

fn confirm(client: &mut Client, reviewed: &Answer) -> Answer {
    let fields = ["mode", "text", "version"].map(|name| (name, reviewed.field(name)));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post("/network", &fields)
}

/// Whether a change of acme's rules is on record.
fn changed(portal: &Server) -> bool {
    !portal.codes("acme", "access.list_changed").is_empty()
}

/// Typed, reviewed, confirmed: from then on it decides on each request and each sign-in, in the customer's account alone.
#[test]
fn a_change_bites_at_the_next_request() {
    let portal = Server::behind_a_proxy();
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let mut ben = portal.signed_in_at("ben@acme.example", "9.9.9.9");
    let mut carla = portal.signed_in_at("carla@globex.example", "9.9.9.9");

    let reviewed = review(&mut anna, "8.8.4.0/24  # office\ndeny 8.8.4.64/26", "0");
    assert_eq!(reviewed.status, 200);
    // 2^32 - 256 + 64 addresses of IPv4 lose.
    assert!(reviewed.has("4\u{202f}294\u{202f}967\u{202f}104 addresses"), "{}", reviewed.text);
    assert!(reviewed.has("the list is on and refuses all of ipv6"));
    assert!(reviewed.has("This change makes it version 1"));
    let applied = confirm(&mut anna, &reviewed);
    assert_eq!((applied.status, applied.location()), (303, "/network?applied=1"));
    assert!(changed(&portal));

    let page = anna.get("/network?applied=1");
    assert!(page.has("Version 1 is in force") && page.has("8.8.4.64/26") && page.has("office") && page.has("Anna"));
    assert_eq!(ben.get("/network").location(), "/sign-in?next=%2Fnetwork"); // in mid-session
    assert_eq!(carla.get("/sessions").status, 200);
    // With the right password.
    assert_eq!(portal.client_at("9.9.9.9").sign_in("ben@acme.example", PASSWORD).status, 401);
    assert_eq!(portal.client_at(OFFICE).sign_in("ben@acme.example", PASSWORD).status, 303);
}

/// Neither the proposer nor another administrator, in either family; what is refused has no button, and sending what it
/// would send makes nothing.
#[test]
fn nobody_is_locked_out() {
    let portal = Server::behind_a_proxy();
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let mut eva = portal.signed_in_at("eva@acme.example", HOME);
    assert_eq!(eva.get("/network").status, 200); // seen
    for (text, who) in
        [("8.8.4.0/24", HOME), ("2600:7::/48", OFFICE), ("8.8.0.0/16\n2600:7::/48\ndeny 8.8.4.0/24", OFFICE)]
    {
        let reviewed = review(&mut anna, text, "0");
        assert_eq!(reviewed.status, 422, "{text}");
        assert!(reviewed.has("locked out") && reviewed.has(who), "{text}");
        assert!(!reviewed.has("Make this change"), "{text}");
        let sent = confirm(&mut anna, &reviewed);
        assert_eq!(sent.status, 422, "{text}");
    }
    assert!(!changed(&portal));
    let both = review(&mut anna, "8.8.4.0/24\n2600:7::/48", "0");
    assert!(both.has("Eva") && both.has("let in: allowed by line 2"));
    // Between review and confirmation Eva is seen elsewhere: what was right a minute ago is looked at again.
    eva.be_at("2600:8::9");
    assert_eq!(eva.get("/network").status, 200);
    let sent = confirm(&mut anna, &both);
    assert_eq!(sent.status, 422);
    assert!(sent.has("2600:8::9") && sent.has("locked out"));
}

/// Of two who change the same version one is told, sees his change against the new one, and can then make it.
#[test]
fn who_comes_second_looks_again() {
    let portal = Server::behind_a_proxy();
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let mut eva = portal.signed_in_at("eva@acme.example", OFFICE);
    let first = review(&mut anna, "8.8.4.0/24", "0");
    let second = review(&mut eva, "8.8.4.0/24\n9.9.9.0/24", "0");
    assert_eq!(confirm(&mut anna, &first).status, 303);
    let moved = confirm(&mut eva, &second);
    assert_eq!(moved.status, 409);
    assert!(moved.has("changed while you were at it") && moved.has("Version 1, changed by Anna"));
    assert!(moved.has("256 addresses") && moved.field("version") == "1"); // what it gains by now, not all but
    assert!(!eva.get("/network").has("9.9.9.0/24"));
    assert_eq!(confirm(&mut eva, &moved).location(), "/network?applied=2");
    // An entry that stayed keeps its author, and a new one has its own.
    let page = anna.get("/network");
    let row = |range: &str| page.text.split("<tr").find(|row| row.contains(range)).unwrap().to_owned();
    assert!(row("8.8.4.0/24").contains("Anna") && row("9.9.9.0/24").contains("Eva"));
}

/// What cannot be read stays as it was typed, with its place; what is offered for it is one click.
#[test]
fn a_mistake_loses_nothing() {
    let portal = Server::behind_a_proxy();
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let typed = "8.8.4.7/24  # office <b>\n\n010.0.0.0/8";
    let wrong = review(&mut anna, typed, "0");
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("8.8.4.7/24  # office &lt;b&gt;\n\n010.0.0.0/8</textarea>"));
    assert!(wrong.has("Line 1, character 9: ") && wrong.has("Line 3, character 1: "));
    let repair = [("mode", "on"), ("text", typed), ("version", "0"), ("repair", "1 8.8.4.0/24  # office <b>")];
    let repaired = anna.post("/network/review", &repair);
    assert!(repaired.has("8.8.4.0/24  # office &lt;b&gt;\n\n010.0.0.0/8</textarea>"));
    assert!(!repaired.has("Line 1, character") && repaired.has("Line 3, character 1: "));
    for (text, says) in [
        ("8.8.4.7 from 2026-12-02 until 2026-12-01", "Line 1: it ends before it begins"),
        ("8.8.4.7 # a\tb", "no tabs"),
    ] {
        assert!(review(&mut anna, text, "0").has(says), "{text}");
    }
    let blocking = review(&mut anna, "8.8.4.9\n0.0.0.0/0\n::/0", "0");
    assert_eq!(blocking.status, 422);
    assert!(blocking.has("To be put right: ") && blocking.has("line 2 allows more addresses than an entry may"));
}

/// Members read the rules and change nothing; the operator's staff find no page; without the token nothing is sent.
#[test]
fn only_administrators_change_the_rules() {
    let portal = Server::behind_a_proxy();
    let change = [("mode", "on"), ("text", OFFICE), ("version", "0")];
    let mut ben = portal.signed_in_at("ben@acme.example", OFFICE);
    let page = ben.get("/network");
    assert!(page.status == 200 && !page.has("Change the rules"));
    let mut sam = portal.signed_in_at("sam@operator.example", OFFICE);
    assert_eq!(sam.get("/network").status, 404);
    for client in [&mut ben, &mut sam] {
        assert_eq!(client.get("/network/edit").status, 404);
        for path in ["/network", "/network/edit", "/network/review"] {
            assert_eq!(client.post(path, &change).status, 404, "{path}");
        }
    }
    let mut anna = portal.signed_in_at("anna@acme.example", OFFICE);
    let foreign = portal.signed_in_at("carla@globex.example", OFFICE).csrf;
    for token in [String::new(), foreign] {
        anna.csrf = token;
        assert_eq!(anna.post("/network", &change).status, 403);
    }
    assert!(!changed(&portal));
}
