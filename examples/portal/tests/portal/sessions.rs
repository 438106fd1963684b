//! A user's sessions: seen, ended, locked.

use crate::server::{PASSWORD, Server};

#[test]
fn a_user_sees_and_ends_own_sessions() {
    let server = Server::start(&[]);
    let mut here = server.signed_in("anna@acme.example");
    let [mut there, mut third] = [server.client(), server.client()];
    for client in [&mut there, &mut third] {
        client.sign_in("anna@acme.example", PASSWORD);
        assert_eq!(client.get("/sessions").status, 200);
    }
    let page = here.get("/sessions");
    assert_eq!(page.text.matches("<tr ").count(), 4); // the headings and three
    assert!(page.has("127.0.0.0/24") && !page.has("127.0.0.1"));
    // The first of the others, as its button names it.
    let id = page.text.split(r#"name="which" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(here.post("/sessions/end", &[("which", &id)]).status, 303);
    let alive = |client: &mut crate::server::Client| client.get("/sessions").status == 200;
    assert_eq!(usize::from(alive(&mut there)) + usize::from(alive(&mut third)), 1);
    here.get("/sessions");
    assert_eq!(here.post("/sessions/end", &[("which", "others")]).status, 303);
    assert_eq!((alive(&mut here), alive(&mut there), alive(&mut third)), (true, false, false));
    assert_eq!(here.post("/sessions/end", &[("which", "no session")]).status, 404);

    // Ending somebody else's session by its name ends nothing.
    let mut carla = server.signed_in("carla@globex.example");
    let own = here.get("/sessions");
    assert!(!own.has("globex"));
    carla.get("/sessions");
    assert_eq!(carla.post("/sessions/end", &[("which", &id)]).status, 303);
    assert!(alive(&mut here));

    // Whoever signs in to another customer in the same browser leaves no session behind.
    let shown = carla.clone();
    assert_eq!(carla.sign_in("anna@acme.example", PASSWORD).location(), "/");
    assert_eq!((carla.get("/sessions").status, shown.clone().get("/sessions").status), (200, 303));
    // Nor whoever has to choose a password first.
    let shown = carla.clone();
    let temporary = server.temporary("sam@operator.example");
    assert_eq!(carla.sign_in("sam@operator.example", temporary).location(), "/password/new");
    assert!(!carla.cookies.contains_key("__Host-session"));
    assert_eq!(shown.clone().get("/sessions").status, 303);

    here.get("/sessions");
    assert_eq!(here.post("/sign-out", &[]).location(), "/sign-in");
    assert!(!here.cookies.contains_key("__Host-session"));
}

#[test]
fn an_idle_session_is_locked_and_goes_on_after_a_sign_in() {
    let policy = std::env::temp_dir().join(format!("portal-policy-{}.json", std::process::id()));
    let text = r#"{ "sign_in": { "session": { "lifetime_secs": 3600, "idle": { "lock": { "after_secs": 4 } } } } }"#;
    std::fs::write(&policy, text).unwrap();
    let server = Server::start(&["--policy", policy.to_str().unwrap()]);
    std::fs::remove_file(&policy).unwrap();
    let mut anna = server.signed_in("anna@acme.example");
    std::thread::sleep(std::time::Duration::from_millis(4100));
    // A form that is sent too late was not done, and that is said.
    let answer = anna.post("/network/review", &[("mode", "on"), ("text", "8.8.4.0/24"), ("version", "0")]);
    assert_eq!(answer.location(), "/sign-in?unsent=form");
    assert!(anna.get(answer.location()).has("locked because it was idle. What you sent was not done"));
    let answer = anna.get("/network");
    assert_eq!(answer.location(), "/sign-in?next=%2Fnetwork");
    let page = anna.get(answer.location());
    assert!(page.has("locked because it was idle") && page.has(r#"value="anna@acme.example""#));
    let form = [("name", "anna@acme.example"), ("password", PASSWORD), ("next", "/network")];
    assert_eq!(anna.post("/sign-in", &form).location(), "/network");
    assert_eq!(anna.get("/network").status, 200);
    assert_eq!(anna.get("/sessions").text.matches("<tr ").count(), 2); // it took the locked one's place
}
