//! Sign-in, the forced change, and what outlives the program.

use crate::server::{PASSWORD, Server};

#[test]
fn a_temporary_password_opens_the_change_alone() {
    let server = Server::start(&[]);
    let (mut anna, email) = (server.client(), "anna@acme.example");
    let first = anna.get("/network");
    assert_eq!((first.status, first.location()), (303, "/sign-in?next=%2Fnetwork"));
    let answer = anna.sign_in(email, server.temporary(email));
    assert_eq!((answer.status, answer.location()), (303, "/password/new"));
    assert_eq!(anna.get("/sessions").status, 303); // not signed in

    // E-6P.1: eight characters, a digit, an upper-case and a lower-case letter. Each that is broken is named at once.
    anna.get("/password/new");
    let answer = anna.post("/password/new", &[("password", "wqvz"), ("again", "wqvz")]);
    assert_eq!(answer.status, 422);
    for (code, class) in [
        ("password.too_short", "broken"),
        ("password.no_digit", "broken"),
        ("password.no_uppercase", "broken"),
        ("password.no_lowercase", "met"),
    ] {
        assert!(answer.has(&format!(r#"<li data-code="{code}" class="{class}">"#)), "{code}: {}", answer.text);
    }
    assert!(!answer.has("wqvz"), "the password comes back");
    let differ = anna.post("/password/new", &[("password", PASSWORD), ("again", "nine-Lilac-0tter")]);
    assert!(differ.status == 422 && differ.has("The two are not the same."));
    // E-5.1c: another than the generated one.
    let same = server.temporary(email);
    assert!(anna.post("/password/new", &[("password", same), ("again", same)]).has("other than the present one"));
    let known = anna.post("/password/new", &[("password", "Password1"), ("again", "Password1")]);
    assert_eq!(known.status, 422);

    let answer = anna.post("/password/new", &[("password", PASSWORD), ("again", PASSWORD)]);
    assert_eq!((answer.status, answer.location()), (303, "/sessions?done=password"));
    assert!(anna.get("/sessions?done=password").has("All your other sessions have ended."));
    // The permission is used up.
    anna.get("/sessions");
    assert_eq!(anna.get("/password/new").status, 401);
    // Good from elsewhere, and back to the page that was asked for.
    let mut elsewhere = server.client();
    elsewhere.get("/sign-in");
    let answer =
        elsewhere.post("/sign-in", &[("name", " Anna@ACME.example "), ("password", PASSWORD), ("next", "/network")]);
    assert_eq!((answer.status, answer.location()), (303, "/network"));
    let answer = server.client().post_signed("/sign-in", email, "//evil.example/");
    assert_eq!((answer.status, answer.location()), (303, "/"));
}

impl crate::server::Client {
    /// Signs in with a page to go on to.
    fn post_signed(mut self, path: &str, email: &str, next: &str) -> crate::server::Answer {
        self.get(path);
        self.post(path, &[("name", email), ("password", PASSWORD), ("next", next)])
    }
}

#[test]
fn rules_are_told_while_a_password_is_typed() {
    let server = Server::start(&[]);
    let mut ben = server.client();
    ben.get("/sign-in");
    assert_eq!(ben.post("/password/check", &[("password", "abc")]).status, 404); // without the permission
    ben.sign_in("ben@acme.example", server.temporary("ben@acme.example"));
    ben.get("/password/new");
    let mut told = |password: &str| {
        let answer = ben.post("/password/check", &[("password", password)]);
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.has(password));
        let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        let rules = json["rules"].as_array().unwrap();
        let missing = rules.iter().filter(|rule| rule["met"] == false);
        let codes: Vec<_> = missing.map(|rule| rule["code"].as_str().unwrap().to_owned()).collect();
        (codes.join(" "), rules.iter().filter(|rule| rule["met"] == true).count())
    };
    let what = |(codes, met): (&str, usize)| (codes.to_owned(), met);
    // The four rules of E-6P.1, and the list of common passwords.
    assert_eq!(told("wqvz"), what(("password.too_short password.no_digit password.no_uppercase", 2)));
    assert_eq!(told("Wqvzokf1"), what(("", 5)));
    assert_eq!(told("Password1"), what(("screening.known", 4)));
    assert_eq!(told(&"Wqvzokf1".repeat(1000)), what(("password.too_long", 0))); // nothing else was looked at
    let mut last = 0;
    for _ in 0..240 {
        last = ben.post("/password/check", &[("password", "abc")]).status;
    }
    assert_eq!(last, 429);
}

#[test]
fn three_failures_lock_and_every_refusal_is_the_same() {
    let server = Server::start(&[]);
    server.signed_in("anna@acme.example");
    let refused = |email: &str, password: &str| {
        let mut client = server.client();
        let answer = client.sign_in(email, password);
        assert_eq!(answer.status, 401);
        // What was typed stays, the password does not.
        assert!(answer.has(&format!(r#"value="{email}""#)) && !answer.has(password));
        answer.text.replace(email, "").replace(&client.csrf, "")
    };
    // E-6P.3: three.
    let pages: Vec<_> = ["one", "two", "three"].map(|guess| refused("anna@acme.example", guess)).into();
    let locked = refused("anna@acme.example", PASSWORD);
    let unknown = refused("nobody@acme.example", "guess");
    assert!(pages.iter().chain([&locked]).all(|page| *page == unknown));
    // Nobody else is locked out.
    server.signed_in("ben@acme.example");
}

#[test]
fn the_present_password_is_asked_for_before_a_change() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    let mut other = server.client();
    other.sign_in("anna@acme.example", PASSWORD);
    assert_eq!(other.get("/sessions").status, 200);
    anna.get("/password");
    assert_eq!(anna.post("/password", &[("password", "guess")]).status, 401);
    let answer = anna.post("/password", &[("password", PASSWORD)]);
    assert_eq!((answer.status, answer.location()), (303, "/password/new"));
    anna.get("/password/new");
    let again = anna.post("/password/new", &[("password", "ten-Lilac-0tters"), ("again", "ten-Lilac-0tters")]);
    assert_eq!(again.status, 303);
    assert_eq!(anna.get("/sessions").status, 200);
    assert_eq!(other.get("/sessions").status, 303); // every other session has ended
}

#[test]
fn people_passwords_and_sessions_outlive_the_program() {
    let server = Server::start(&[]);
    let data = server.data.clone();
    let mut anna = server.signed_in("anna@acme.example");
    assert!(server.stop());
    let server = Server::start_in(&data, &[]);
    assert_eq!(server.temporaries(), 0); // printed once
    assert_eq!(anna.move_to(&server).get("/sessions").status, 200);
    anna = server.client();
    assert_eq!(anna.sign_in("anna@acme.example", PASSWORD).location(), "/");
}

#[test]
#[ignore = "needs PostgreSQL"]
fn postgres_serves_as_well() {
    let psql = |statement: &str| {
        let arguments = ["-h", "127.0.0.1", "-U", "postgres", "-d", "test", "-qc", statement];
        assert!(std::process::Command::new("psql").args(arguments).status().expect("psql").success());
    };
    let schema = format!("portal_{}", std::process::id());
    psql(&format!("CREATE SCHEMA {schema}"));
    let address = format!("postgres://postgres@127.0.0.1/test?options=-csearch_path%3D{schema}");
    let server = Server::start(&["--database", &address]);
    let data = server.data.clone();
    let mut anna = server.signed_in("anna@acme.example");
    assert!(anna.get("/sessions").has("This one"));
    assert!(server.stop());
    let server = Server::start_in(&data, &["--database", &address]);
    assert_eq!((server.temporaries(), anna.move_to(&server).get("/sessions").status), (0, 200));
    // The database is gone: nobody is let in, and nobody is signed out.
    psql(&format!("DROP SCHEMA {schema} CASCADE"));
    let answer = anna.get("/sessions");
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    let answer = server.client().sign_in("anna@acme.example", PASSWORD);
    assert_eq!((answer.status, answer.has("Nobody can sign in at the moment.")), (503, true));
}
