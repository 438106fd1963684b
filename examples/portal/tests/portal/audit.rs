//! The audit trail: whose it is, in which order, and whether a change of it is noticed.

use std::time::Duration;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{Ed25519Verifier, SignedCheckpoint, VerifierKey};
use clausework::audit::verify::Verdict;
use rusqlite::Connection;

use crate::server::{Answer, Client, PASSWORD, Server, folder};

/// Asks until the answer has this text: the sequencer comes once a second.
pub fn until(client: &mut Client, path: &str, text: &str) -> Answer {
    for _ in 0..300 {
        let answer = client.get(path);
        if answer.has(text) {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{text:?} did not appear at {path}");
}

/// Presses the button and waits for what comes of it.
pub fn run(client: &mut Client, page: &str, action: &str, form: &[(&str, &str)]) -> (String, Answer) {
    client.get(page);
    let answer = client.post(action, form);
    assert_eq!(answer.status, 303, "{}", answer.text);
    let path = answer.location().to_owned();
    for _ in 0..600 {
        let answer = client.get(&path);
        if answer.header("refresh").is_none() {
            return (path, answer);
        }
        assert!(answer.has("<progress"), "{}", answer.text);
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{action} does not end");
}

pub fn verify(client: &mut Client) -> Answer {
    run(client, "/audit", "/audit/verify", &[]).1
}

/// The numbers of the records on a page, in its order.
fn numbers(answer: &Answer) -> Vec<u64> {
    let parts = answer.text.split("Details of record ").skip(1);
    parts.map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()).collect()
}

#[test]
fn everybody_sees_what_is_his_to_see() {
    let server = Server::start(&[]);
    let [mut anna, mut ben, mut carla] =
        ["anna@acme.example", "ben@acme.example", "carla@globex.example"].map(|name| server.signed_in(name));
    let page = until(&mut anna, "/audit", "by Ben (u-2)");
    assert!(page.has("Anna (u-1)") && page.has("A password was changed") && page.has("127.0.0.1 (tls)"));
    assert!(!page.has("u-3") && !page.has("Carla"), "another tenant's");
    let page = until(&mut ben, "/audit", "by Ben (u-2)");
    assert!(!page.has("Anna") && !page.has("u-1"), "{}", page.text);
    assert!(!ben.get("/audit?who=u-1").has("Anna"), "nor by asking for it");
    for path in ["/audit/checkpoint.txt", "/audit/key.txt", "/audit/verify/x"] {
        assert_eq!(ben.get(path).status, 404, "{path}");
    }
    ben.get("/audit");
    for path in ["/audit/verify", "/audit/bundle.txt"] {
        assert_eq!(ben.post(path, &[]).status, 404, "{path}");
    }
    // A result is whose it was asked for.
    let (path, answer) = run(&mut anna, "/audit", "/audit/verify", &[]);
    assert!(answer.has("Verified"), "{}", answer.text);
    assert_eq!(carla.get(&path).status, 404);
    assert!(until(&mut carla, "/audit", "by Carla (u-3)").has("Records, newest first"));
}

#[test]
fn a_page_is_a_part_and_the_next_goes_on() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    for number in 0..30 {
        anna.get("/obligations");
        let event = format!("test-{number}");
        let form = [
            ("event", event.as_str()),
            ("kind", "accepted"),
            ("matter", "m"),
            ("date", "2026-01-02"),
            ("zone", "UTC"),
            ("request", "access"),
            ("law", "gdpr"),
        ];
        let answer = anna.post("/obligations", &form);
        assert_eq!(answer.status, 303, "{}", answer.text);
    }
    let page = until(&mut anna, "/audit?kind=agreement", "An event of the agreement was noted");
    assert!(!page.has("A password was changed"), "of one kind");
    std::thread::sleep(Duration::from_secs(3));
    let (mut path, mut all) = ("/audit".to_owned(), Vec::new());
    loop {
        let page = anna.get(&path);
        let found = numbers(&page);
        assert!(found.len() <= 25, "{}", found.len());
        all.extend(found);
        let Some((before, _)) = page.text.split_once("\">Older records") else { break };
        path = before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&");
    }
    let size = all[0] + 1;
    assert!(size > 30, "{size}");
    assert_eq!(all, (0..size).rev().collect::<Vec<_>>(), "each once, the newest first");

    let nobody = anna.get("/audit?who=u-2");
    assert!(nobody.has("Nothing of this kind"), "{}", nobody.text);
    let page = anna.get("/audit?day=2026-02-30&kind=session");
    assert!(
        page.has("no day of the calendar")
            && page.has("value=\"2026-02-30\"")
            && page.has("value=\"session\" selected")
    );
    assert!(numbers(&anna.get("/audit?day=2001-01-01")).is_empty());
    assert_eq!(numbers(&anna.get("/audit?before=x&kind=nonsense")).len(), 25);
}

#[test]
fn what_is_changed_in_the_database_is_named() {
    let server = Server::start(&[]);
    let mut anna = server.signed_in("anna@acme.example");
    until(&mut anna, "/audit", "A password was changed");
    let sound = verify(&mut anna);
    assert!(sound.has("Verified") && sound.has("Not one was changed") && !sound.has("Alarm"), "{}", sound.text);

    // The files say the same on another computer, by what was kept.
    assert_eq!(anna.get("/audit/bundle.txt").status, 405, "a link does not write to the log");
    assert!(anna.get("/audit").has("action=\"/audit/bundle.txt\""));
    let bundle = anna.post("/audit/bundle.txt", &[]).text;
    let [checkpoint, key] = ["checkpoint", "key"].map(|name| anna.get(&format!("/audit/{name}.txt")).text);
    let key = Ed25519Verifier::new(&key.trim_end().parse::<VerifierKey>().unwrap()).unwrap();
    let kept = SignedCheckpoint::parse(&checkpoint).unwrap();
    let verdict = Bundle::parse(&bundle).unwrap().verify(std::slice::from_ref(&kept), &[&key]).verdict;
    assert!(matches!(verdict, Verdict::Verified(_)), "{verdict}");
    assert!(until(&mut anna, "/audit", "The audit log was read").has("Anna (u-1)"), "who took it is in it");

    let file = Connection::open(server.data.join("portal.sqlite")).unwrap();
    let changed =
        "UPDATE audit_records SET body = (SELECT body FROM audit_records WHERE scope = 'tenant:acme' AND idx = 1)
                   WHERE scope = 'tenant:acme' AND idx = 2";
    assert_eq!(file.execute(changed, []).unwrap(), 1);
    let answer = verify(&mut anna);
    assert!(answer.has("Alarm: ") && answer.has("Record 2 is not what was recorded there"), "{}", answer.text);

    let unreadable = "UPDATE audit_records SET body = x'00' WHERE scope = 'tenant:acme' AND idx = 2";
    assert_eq!(file.execute(unreadable, []).unwrap(), 1);
    assert!(
        anna.get("/audit?kind=session").has("This record cannot be read. Verify the log."),
        "whatever is asked for"
    );
    let removed = "UPDATE audit_records SET body = NULL WHERE scope = 'tenant:acme' AND idx = 2";
    assert_eq!(file.execute(removed, []).unwrap(), 1);
    let answer = verify(&mut anna);
    assert!(answer.has("Alarm: ") && answer.has("Record 2 is gone"), "{}", answer.text);
}

#[test]
fn a_database_that_was_set_back_is_noticed_by_what_was_kept_elsewhere() {
    let server = Server::start(&[]);
    let data = server.data.clone();
    drop(server.signed_in("anna@acme.example"));
    assert!(server.stop(), "it ends well");
    let file = data.join("portal.sqlite");
    let backup = std::fs::read(&file).unwrap();
    assert!(!data.join("portal.sqlite-wal").exists(), "all of it is in the file");

    let server = Server::start_in(&data, &[]);
    let mut anna = server.client();
    assert_eq!(anna.sign_in("anna@acme.example", PASSWORD).status, 303);
    assert!(verify(&mut anna).has("Verified"));
    assert!(server.stop());

    std::fs::write(&file, backup).unwrap();
    let server = Server::start_in(&data, &[]);
    let mut anna = server.client();
    assert_eq!(anna.sign_in("anna@acme.example", PASSWORD).status, 303);
    let answer = verify(&mut anna);
    assert!(answer.has("Alarm: ") && (answer.has("Cut short") || answer.has("Made up anew")), "{}", answer.text);
}

#[test]
fn a_checkpoint_that_could_not_be_kept_is_kept_later_and_missed_when_it_is_gone() {
    let server = Server::start_in(&folder(), &[]);
    let place = server.data.join("checkpoints/tenant-acme");
    std::fs::create_dir_all(place.join("key.txt.part")).unwrap(); // in the way of a file
    let mut anna = server.signed_in("anna@acme.example");
    assert!(verify(&mut anna).has("nothing can be said of it"));
    std::fs::remove_dir(place.join("key.txt.part")).unwrap();
    let is_there = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        place.join("key.txt").exists()
    });
    assert!(is_there, "the sequencer tries again");
    std::thread::sleep(Duration::from_secs(1));
    let answer = verify(&mut anna);
    assert!(answer.has("Verified") && answer.has("1 checkpoint from outside"), "{}", answer.text);
    std::fs::remove_dir_all(&place).unwrap();
    let answer = verify(&mut anna);
    assert!(answer.has("Alarm: ") && answer.has("kept outside the database are gone"), "{}", answer.text);
}

#[test]
#[ignore = "needs PostgreSQL"]
fn postgres_keeps_the_trail_and_the_agreement_as_well() {
    let psql = |statement: &str| {
        let arguments = ["-h", "127.0.0.1", "-U", "postgres", "-d", "test", "-v", "ON_ERROR_STOP=1", "-qc", statement];
        assert!(std::process::Command::new("psql").args(arguments).status().expect("psql").success());
    };
    let schema = format!("portal_trail_{}", std::process::id());
    psql(&format!("CREATE SCHEMA {schema}"));
    let address = format!("postgres://postgres@127.0.0.1/test?options=-csearch_path%3D{schema}");
    let server = Server::start_in(&folder(), &["--database", &address]);
    let mut anna = server.signed_in("anna@acme.example");
    assert!(until(&mut anna, "/audit?kind=password", "A password was changed").has("Anna (u-1)"));
    let answer = verify(&mut anna);
    assert!(answer.has("Verified") && answer.has("Not one was changed"), "{}", answer.text);
    anna.get("/obligations");
    let form =
        [("event", "e-1"), ("kind", "breach_noticed"), ("matter", "b-1"), ("date", "2026-01-02"), ("zone", "UTC")];
    let form: Vec<_> = form.into_iter().chain([("request", "access"), ("law", "gdpr")]).collect();
    assert_eq!(anna.post("/obligations", &form).status, 303);
    assert!(anna.get("/obligations").has("Tell the customer of the breach"));
    psql(&format!(
        "UPDATE {schema}.clausework_audit_records SET body = decode('00', 'hex') WHERE scope = 'tenant:acme' AND idx = 2"
    ));
    let answer = verify(&mut anna);
    assert!(answer.has("Alarm: ") && answer.has("Record 2 is not what was recorded there"), "{}", answer.text);
    assert!(server.stop());
    psql(&format!("DROP SCHEMA {schema} CASCADE"));
}
