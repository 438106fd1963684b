//! The portal killed, and then its database, while people sign in, somebody guesses and events are noted: what was
//! answered stands, a lock neither goes nor stays, and the trail is whole. `cargo test -p portal chaos -- --ignored`.

use std::collections::BTreeSet;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use clausework::audit::bundle::Bundle;
use clausework::audit::record::Record;
use clausework::event::{Event, Value};

use crate::audit::run;
use crate::server::{Client, PASSWORD, Server, folder};

/// How many wrong passwords lock, as in E-6P.3; short periods, so that the test lives to see their ends.
const POLICY: &str = r#"{ "sign_in": {
    "lockout": { "limit": 3, "lock_secs": 10, "lease_secs": 31 },
    "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } } } }"#;
/// Longer than a lease and a lock together.
const BUSY: Duration = Duration::from_secs(60);

/// A PostgreSQL of this test's own.
struct Postgres {
    data: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    fn new() -> Self {
        let data = std::env::temp_dir().join(format!("portal-chaos-{}", std::process::id()));
        std::fs::create_dir_all(&data).expect("a folder");
        let _ = Command::new("chown").arg("postgres").arg(&data).status(); // for root only
        let mut init = program("initdb");
        init.args(["--auth=trust", "--username=postgres", "--no-sync", "--pgdata"]).arg(data.join("data"));
        assert!(init.stdout(Stdio::null()).status().expect("initdb").success());
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut this = Self { data, port, server: None };
        this.start();
        this
    }

    fn start(&mut self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            let mut server = program("postgres");
            server.arg("-D").arg(self.data.join("data")).args(["-p", &self.port.to_string(), "-h", "127.0.0.1"]);
            server.args(["-c", "unix_socket_directories="]).stdout(Stdio::null()).stderr(Stdio::null());
            let mut server = server.spawn().expect("postgres");
            // While children of the one that was killed are still there, the new one gives up at once.
            while server.try_wait().expect("a child").is_none() {
                if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                    self.server = Some(server);
                    return;
                }
                sleep(Duration::from_millis(20));
            }
        }
        panic!("PostgreSQL did not start in half a minute");
    }

    /// As the kernel does when memory runs out.
    fn kill(&mut self) {
        let mut server = self.server.take().expect("it runs");
        server.kill().expect("a kill");
        server.wait().expect("its end");
    }

    fn address(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres?connect_timeout=2", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.kill();
        }
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A program of PostgreSQL's: where Debian keeps them, or on the path. It refuses to run as root.
fn program(name: &str) -> Command {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).max();
    let path = newest.unwrap_or_else(|| PathBuf::from(name));
    if std::fs::metadata("/proc/self").map_or(1, |me| std::os::unix::fs::MetadataExt::uid(&me)) != 0 {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
    command
}

/// What was answered.
#[derive(Default)]
struct Answered {
    signed_in: AtomicU32,
    refused: AtomicU32,
    noted: AtomicU32,
}

/// Everybody at work, until the time is over or nothing answers.
fn work(server: &Server, anna: &Client, span: Duration, answered: &Answered, during: impl FnOnce()) {
    let until = Instant::now() + span;
    let each = |act: &(dyn Fn(&mut Client) -> Option<()> + Sync), mut client: Client| {
        while Instant::now() < until && act(&mut client).is_some() {}
    };
    let eva = |client: &mut Client| {
        let answer = client.try_sign_in("eva@acme.example", PASSWORD)?;
        answered.signed_in.fetch_add(u32::from(answer.status == 303 && answer.location() == "/"), Ordering::Relaxed);
        Some(())
    };
    let guess = |client: &mut Client| {
        let answer = client.try_sign_in("ben@acme.example", "a guess")?;
        answered.refused.fetch_add(u32::from(answer.status == 401), Ordering::Relaxed);
        Some(())
    };
    let note = |client: &mut Client| {
        let number = answered.noted.load(Ordering::Relaxed);
        let (event, matter) = (format!("e-{number}"), format!("b-{number}"));
        let form = [
            ("event", event.as_str()),
            ("kind", "breach_noticed"),
            ("matter", &matter),
            ("date", "2026-01-02"),
            ("zone", "UTC"),
            ("request", "access"),
            ("law", "gdpr"),
        ];
        // The same again until it is answered: a lost acknowledgement makes no second event.
        let answer = client.try_post("/obligations", &form)?;
        answered.noted.fetch_add(u32::from(answer.status == 303), Ordering::Relaxed);
        sleep(Duration::from_millis(100));
        Some(())
    };
    scope(|threads| {
        threads.spawn(|| each(&eva, server.client()));
        threads.spawn(|| each(&guess, server.client()));
        threads.spawn(|| each(&guess, server.client()));
        threads.spawn(|| each(&note, anna.clone()));
        during();
    });
}

/// The tenant's events as the log has them, in order.
fn events(anna: &mut Client) -> Vec<Event> {
    anna.get("/audit");
    let bundle = Bundle::parse(&anna.post("/audit/bundle.txt", &[]).text).expect("a bundle");
    bundle.records().filter_map(|(_, bytes)| Record::decode(bytes).ok()?.to_event()).collect()
}

#[test]
#[ignore = "kills a portal and a PostgreSQL of its own, for minutes"]
fn chaos_what_was_answered_stands() {
    let mut database = Postgres::new();
    let data = folder();
    std::fs::create_dir_all(&data).expect("a folder");
    let policy = data.with_extension("policy.json");
    std::fs::write(&policy, POLICY).expect("a file");
    let address = database.address();
    let start =
        |data: &Path| Server::start_in(data, &["--database", &address, "--policy", policy.to_str().expect("a path")]);
    let mut server = start(&data);
    let mut anna = server.signed_in("anna@acme.example");
    for name in ["eva@acme.example", "ben@acme.example"] {
        server.signed_in(name);
    }
    anna.get("/obligations");
    let answered = Answered::default();
    for _ in 0..3 {
        work(&server, &anna, Duration::from_secs(10), &answered, || {
            sleep(Duration::from_secs(3));
            server.kill();
        });
        server = start(&server.keep());
        anna.move_to(&server).get("/obligations");
    }
    for _ in 0..2 {
        let killed = &mut database;
        work(&server, &anna, Duration::from_secs(8), &answered, || {
            sleep(Duration::from_secs(3));
            killed.kill();
            sleep(Duration::from_secs(1));
            killed.start();
        });
    }
    let [signed_in, refused, noted] =
        [&answered.signed_in, &answered.refused, &answered.noted].map(|count| count.load(Ordering::Relaxed));
    println!("answered: {signed_in} sign-ins, {refused} refusals, {noted} events of the agreement");
    assert!(signed_in > 5 && refused > 5 && noted > 5, "{signed_in} {refused} {noted}");

    // No lock stays: what was cut off lapses, and who knows the password is let in.
    let stuck = Instant::now();
    let mut ben = server.client();
    while ben.try_sign_in("ben@acme.example", PASSWORD).is_none_or(|answer| answer.status != 303) {
        assert!(stuck.elapsed() < BUSY, "ben is locked out for good");
        sleep(Duration::from_millis(500));
    }
    // No lock goes: from the third mismatch on, nothing is compared before its time is over.
    for _ in 0..3 {
        assert_eq!(server.client().sign_in("ben@acme.example", "a guess").status, 401);
    }
    assert_eq!(server.client().sign_in("ben@acme.example", PASSWORD).status, 401);
    let restarted = start(&{
        server.kill();
        server.keep()
    });
    let locked = restarted.client().sign_in("ben@acme.example", PASSWORD).status;

    // Every event that was answered is in the log, and the log is whole.
    let mut anna = anna.move_to(&restarted).clone();
    sleep(Duration::from_secs(3)); // the sequencer comes once a second
    let verdict = run(&mut anna, "/audit", "/audit/verify", &[]).1;
    assert!(verdict.has("Verified") && verdict.has("Not one was changed"), "{}", verdict.text);
    let events = events(&mut anna);
    let of = |account: &str, code: &str| {
        events.iter().filter(|event| event.code() == code && event.subject().id().starts_with(account)).count() as u32
    };
    let sign_ins = of("u-5", "sign_in.signed_in"); // eva's, of whom each answer is counted
    assert!(sign_ins >= signed_in, "{sign_ins} of {signed_in}");
    let page = anna.get("/obligations");
    let lost: BTreeSet<u32> = (0..noted).filter(|number| !page.has(&format!("b-{number}"))).collect();
    assert!(lost.is_empty(), "{lost:?}");

    // The budget: between two locks, or a lock and a success, no more than three were compared.
    let (mut compared, mut most) = (0, 0);
    for event in events.iter().filter(|event| event.subject().id().starts_with("u-2")) {
        match (event.code(), event.detail("reason").and_then(Value::as_text)) {
            ("sign_in.refused", Some("sign_in.mismatch")) => compared += 1,
            ("lockout.opened" | "sign_in.signed_in", _) => compared = 0,
            _ => {}
        }
        most = most.max(compared);
    }
    println!(
        "{} locks of ben; at most {most} wrong passwords compared before one; after the restart {locked}",
        of("u-2", "lockout.locked")
    );
    assert!(most <= 3 && of("u-2", "lockout.locked") > 0);
    assert_eq!(locked, 401, "a lock was lost with the process");
}
