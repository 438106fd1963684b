//! The log's jobs in trouble: one that cannot write, one that is killed, and those that wait for each other.

use std::time::Duration;

use rusqlite::Connection;

use crate::audit::{run, until, verify};
use crate::server::{Client, PASSWORD, Server};

/// Every append to the log fails, and everything else goes on: this number has no absolute value of 64 bits.
const STUCK: &str =
    "CREATE TRIGGER stuck BEFORE INSERT ON audit_records BEGIN SELECT abs(-9223372036854775807 - 1); END";

#[test]
fn a_log_that_cannot_be_written_says_so_and_catches_up_even_after_a_crash() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    until(&mut anna, "/audit", "A password was changed");
    let file = Connection::open(server.data.join("portal.sqlite")).unwrap();
    file.execute_batch(STUCK).unwrap();

    drop(server.signed_in("ben@acme.example")); // nobody is kept out meanwhile
    let page = until(&mut anna, "/audit", "is not in this log yet");
    assert!(page.status == 200 && !page.has("by Ben (u-2)"), "{}", page.text);
    assert!(verify(&mut anna).has("nothing can be said of it"), "no verdict, and no alarm");

    // It ends as it does when memory runs out. What waited has waited in the database.
    server.kill();
    let data = server.keep();
    let server = Server::start_in(&data, &[]);
    anna.move_to(&server);
    assert!(anna.get("/audit").has("is not in this log yet"));
    file.execute_batch("DROP TRIGGER stuck").unwrap();
    until(&mut anna, "/audit", "by Ben (u-2)");
    let answer = verify(&mut anna);
    assert!(answer.has("Verified") && answer.has("Not one was changed"), "{}", answer.text);
    assert!(!anna.get("/audit").has("is not in this log yet"));
    // Begun at the first start, at this test's, and after the crash, which no record of an end precedes.
    let told = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        let page = anna.get("/audit?kind=log");
        let [begun, stopped] =
            ["begun", "stopped"].map(|what| page.text.matches(&format!("The audit log was {what}")).count());
        (begun == 3).then_some(stopped)
    });
    assert_eq!(told, Some(1));
    assert!(server.stop());
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn what_a_tenant_has_made_goes_for_its_own_alone() {
    let server = Server::start(&[]);
    let [mut anna, mut eva, mut carla] =
        ["anna@acme.example", "eva@acme.example", "carla@globex.example"].map(|name| server.signed_in(name));
    let made = |client: &mut Client| run(client, "/audit", "/audit/verify", &[]).0;
    let (globex, first) = (made(&mut carla), made(&mut anna));
    // Four are kept of a tenant: the fifth takes the place of its oldest.
    let later: Vec<_> = (0..3).map(|_| made(&mut eva)).collect();
    assert_eq!(anna.get(&first).status, 200);
    let fifth = made(&mut eva);
    assert_eq!(anna.get(&first).status, 404);
    for path in later.iter().chain([&fifth]) {
        assert_eq!(eva.get(path).status, 200, "{path}");
    }
    assert_eq!(carla.get(&globex).status, 200, "another tenant's stays");
}

#[test]
fn one_whole_log_is_in_memory_at_a_time() {
    let server = Server::start(&[]);
    let [mut anna, mut carla] = ["anna@acme.example", "carla@globex.example"].map(|name| server.signed_in(name));
    for client in [&mut anna, &mut carla] {
        client.get("/audit");
    }
    // Who takes a bundle is in the log before it is handed out: as long as somebody else writes, it is not.
    let other = Connection::open(server.data.join("portal.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut first = anna.clone();
    let first = std::thread::spawn(move || first.post("/audit/bundle.txt", &[]));
    std::thread::sleep(Duration::from_secs(1));
    let busy = carla.post("/audit/bundle.txt", &[]);
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("6")), "{}", busy.text);
    assert!(busy.has("Nothing was counted or changed"));
    // A verification waits for its turn.
    let job = carla.post("/audit/verify", &[]).location().to_owned();
    assert!(carla.get(&job).has("Waiting for its turn"));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(first.join().unwrap().status, 200);
    let done = (0..100).map(|_| carla.get(&job)).find(|page| {
        std::thread::sleep(Duration::from_millis(100));
        page.has("Verified")
    });
    assert!(done.is_some(), "its turn came");
    assert_eq!(carla.post("/audit/bundle.txt", &[]).status, 200);
    assert_eq!(server.client().sign_in("anna@acme.example", PASSWORD).status, 303);
}
