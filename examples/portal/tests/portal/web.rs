//! Headers, cookies, tokens of forms, addresses that are none, and who the client is.

use clausework::access::Hsts;
use clausework::access::client::Scheme;

use crate::server::{PASSWORD, Server};

#[test]
fn every_answer_has_its_headers_and_every_cookie_its_attributes() {
    let server = Server::start(&[]);
    let mut client = server.client();
    for (path, status) in [("/sign-in", 200), ("/no-such-page", 404), ("/assets/portal.css", 200), ("/sessions", 303)] {
        let answer = client.get(path);
        assert_eq!(answer.status, status, "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let hsts = Hsts::default().header(Scheme::Https).unwrap().to_string();
        assert_eq!(answer.header("strict-transport-security"), Some(hsts.as_str()), "{path}");
        let is_page = !path.starts_with("/assets/");
        assert_eq!(answer.header("cache-control") == Some("no-store"), is_page, "{path}");
        assert!(!answer.has("<style") && !answer.has("onclick") && !answer.has("javascript:"), "{path}");
    }
    let mut anna = server.client();
    let visit = anna.get("/sign-in");
    let change =
        anna.post("/sign-in", &[("name", "anna@acme.example"), ("password", server.temporary("anna@acme.example"))]);
    anna.get("/password/new");
    let session = anna.post("/password/new", &[("password", PASSWORD), ("again", PASSWORD)]);
    for (answer, name) in [(&visit, "__Host-visit"), (&change, "__Host-change"), (&session, "__Host-session")] {
        let cookie = answer.set_cookies().find(|cookie| cookie.starts_with(name)).unwrap();
        assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{cookie}"); // and no Domain, no Expires
    }
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    let good = anna.csrf.clone();
    let mut other = server.signed_in("ben@acme.example");
    other.get("/sessions");
    let tokens = ["", "0", &other.csrf, &good[..63]];
    for token in tokens {
        anna.csrf = token.to_owned();
        assert_eq!(anna.post("/sign-out", &[]).status, 403, "{token}");
    }
    anna.csrf = good;
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
        [("origin", "null")],
    ] {
        assert_eq!(anna.post_with("/sign-out", &[], &headers).status, 403, "{headers:?}");
    }
    assert_eq!(anna.get("/sessions").status, 200); // still in
    let own = format!("https://{}", server.address);
    let headers = [("sec-fetch-site", "same-origin"), ("origin", own.as_str())];
    assert_eq!(anna.post_with("/sign-out", &[], &headers).status, 303);
    assert_eq!(anna.get("/sessions").status, 303);
    // The sign-in itself: nobody is signed in to an account of somebody else's choice.
    let mut fresh = server.client();
    let form = [("name", "anna@acme.example"), ("password", PASSWORD)];
    assert_eq!(fresh.post("/sign-in", &form).status, 403);
}

#[test]
fn cookies_of_others_and_broken_ones_let_nobody_in() {
    let server = Server::start(&[]);
    let anna = server.signed_in("anna@acme.example");
    let token = anna.cookies["__Host-session"].strip_prefix("acme.").unwrap().to_owned();
    for session in [
        format!("globex.{token}"),
        format!("operator.{token}"),
        token.clone(),
        format!("acme.{token}x"),
        "acme.".into(),
    ] {
        let mut client = server.client();
        client.cookies.insert("__Host-session".into(), session.clone());
        assert_eq!(client.get("/sessions").status, 303, "{session}");
    }
    let mut twice = server.client();
    let planted = format!("{}; __Host-session=acme.{token}", "acme.AAAA");
    twice.cookies.insert("__Host-session".into(), planted);
    assert_eq!(twice.get("/sessions").status, 303);
}

#[test]
fn members_and_staff_find_no_page_of_administrators() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    assert!(anna.get("/sessions").has(r#"href="/evidence""#));
    for email in ["ben@acme.example", "sam@operator.example"] {
        assert!(!server.signed_in(email).get("/sessions").has(r#"href="/evidence""#), "{email}");
    }
}

#[test]
fn nobody_is_let_in_while_the_database_does_not_answer() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    // Somebody else holds the lock of writers for longer than the portal waits.
    let blocker = rusqlite::Connection::open(server.data.join("portal.sqlite")).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut client = server.client();
    let answer = client.sign_in("anna@acme.example", PASSWORD);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert!(answer.has(r#"value="anna@acme.example""#) && !answer.has("sqlite"), "{}", answer.text);
    assert!(!client.cookies.contains_key("__Host-session"));
    assert_eq!(anna.get("/sessions").status, 200); // reading goes on
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(client.sign_in("anna@acme.example", PASSWORD).status, 303);
    // A damaged table: nobody is signed in by default.
    blocker.execute_batch("ALTER TABLE records RENAME TO gone").unwrap();
    assert_eq!(anna.get("/sessions").status, 503);
}

#[test]
fn the_client_behind_a_trusted_proxy_is_who_the_proxy_says() {
    let server = Server::start(&["--trusted-proxy", "127.0.0.0/8"]);
    let mut anna = server.client();
    let from = [("x-forwarded-for", "203.0.113.9, 198.51.100.7"), ("x-forwarded-proto", "https")];
    anna.get_with("/sign-in", &from);
    let form = [("name", "anna@acme.example"), ("password", server.temporary("anna@acme.example"))];
    assert_eq!(anna.post_with("/sign-in", &form, &from).location(), "/password/new");
    anna.get_with("/password/new", &from);
    let form = [("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(anna.post_with("/password/new", &form, &from).status, 303);
    let page = anna.get_with("/sessions", &from);
    assert!(page.has("198.51.100.0/24") && !page.has("203.0.113"), "{}", page.text);
    // A client that came to the proxy in the clear is refused (E-5.8), and one that cannot be told.
    let plain = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-proto", "http")];
    assert_eq!(anna.get_with("/sessions", &plain).status, 303);
    assert_eq!(
        anna.get_with("/sessions", &[("x-forwarded-for", "garbage"), ("x-forwarded-proto", "https")]).status,
        303
    );

    // Without a trusted proxy what a client writes is not read.
    let server = Server::start(&[]);
    let mut ben = server.signed_in("ben@acme.example");
    assert!(ben.get_with("/sessions", &from).has("127.0.0.0/24"));
}

#[test]
fn whatever_is_asked_for_is_answered_by_a_page() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    for path in ["/support?done=nonsense", "/network?applied=x", "/obligations/met", "/evidence/%ff", "/%ff"] {
        let answer = anna.get(path);
        assert!(answer.status == 404 && answer.has("There is no such page"), "{path}: {}", answer.text);
    }
    for path in ["/audit/bundle.txt", "/support/look", "/network/review", "/sessions/end"] {
        let answer = anna.get(path);
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{path}");
        assert!(answer.has("Not by a link") && answer.has("Go to the start page"), "{path}: {}", answer.text);
    }
    // After signing in one is where one wanted to be, to the last letter.
    let wanted = "/obligations/met?obligation=acme%2Fbreach%2Fb-1%2Fnotify_authority&zone=Europe%2FBerlin";
    let mut again = server.client();
    let sign_in = again.get(wanted).location().to_owned();
    let next = again.get(&sign_in).field("next");
    assert_eq!(next, wanted);
    let form = [("name", "anna@acme.example"), ("password", PASSWORD), ("next", next.as_str())];
    assert_eq!(again.post("/sign-in", &form).location(), wanted);
}
