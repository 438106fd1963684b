//! Outgrowing one machine: several processes over one database, with everything killed that can be.
//!
//! The processes are this test binary again, told by [`WORKER`] to run only the test `a_worker`. Each has 16 tasks: half
//! guess at one account, the next every half second, half sign in to others. What they have verified they note in a
//! file just before the hash is compared, so that it is known whatever becomes of them and of the database.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clausework::sign_in::SignInOutcome;
use clausework::store::{AsyncStore, Batch, Commit, Key, Stored};

use crate::folder::Folder;
use crate::host::{BUDGET, Host, LEASE, PASSWORD, count, decoded};
use crate::private::Database;
use crate::servers::runtime;

/// What a worker is told: the folder, when the first account is guessed at (milliseconds since 1970), the store's kind
/// and address, and whether its store is broken.
const WORKER: &str = "CLAUSEWORK_TEST_WORKER";
const PROCESSES: usize = 4;
const TASKS: usize = 16;
const OTHERS: usize = 8;
/// How many accounts are guessed at.
const TURNS: u32 = 16;
/// How long one account is guessed at.
const TURN: Duration = Duration::from_millis(500);

#[test]
fn a_worker() {
    let Ok(told) = std::env::var(WORKER) else { return };
    let [folder, start, kind, address, store] = told.splitn(5, '|').collect::<Vec<_>>()[..] else { panic!("{told}") };
    let work = Work {
        verified: append(folder, "verified"),
        answered: append(folder, "answered"),
        start: UNIX_EPOCH + Duration::from_millis(start.parse().unwrap()),
    };
    match (kind, store) {
        #[cfg(feature = "postgres")]
        ("postgres", "sound") => work.run(crate::private::Postgres::open(address, 8)),
        #[cfg(feature = "redis")]
        ("redis", "sound") => work.run(crate::private::Redis::open(address)),
        #[cfg(feature = "redis")]
        ("redis", "broken") => work.run(LastWriteWins(crate::private::Redis::open(address))),
        _ => panic!("{told}"),
    }
}

/// Says that it has written what it has not.
#[derive(Clone)]
struct LastWriteWins<S>(S);

impl<S: AsyncStore + Send> AsyncStore for LastWriteWins<S> {
    type Error = S::Error;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, S::Error> {
        self.0.load(keys).await
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, S::Error> {
        self.0.commit(batch).await.map(|_| Commit::Applied)
    }
}

/// A file that whole lines are appended to, by several processes at once, until they are killed.
fn append(folder: &str, name: &str) -> File {
    OpenOptions::new().append(true).create(true).open(Path::new(folder).join(name)).unwrap()
}

fn note(mut file: &File, line: &str) {
    file.write_all(format!("{line}\n").as_bytes()).unwrap(); // one system call, so one line
}

fn victim(turn: u128) -> String {
    format!("victim-{turn}")
}

struct Work {
    verified: File,
    answered: File,
    start: SystemTime,
}

impl Work {
    /// Until it is killed.
    fn run<S: AsyncStore + Clone + Send + 'static>(self, store: S) {
        let work = Arc::new(self);
        let noting = Arc::clone(&work);
        let host = Arc::new(Host::new(move |account| note(&noting.verified, account)));
        let task = |task: usize| {
            let (work, host, mut store) = (Arc::clone(&work), Arc::clone(&host), store.clone());
            async move {
                for attempt in 0_u64.. {
                    let turn = work.start.elapsed().unwrap().as_millis() / TURN.as_millis();
                    let (account, password) = match task % 2 {
                        0 => (victim(turn), format!("wrong-{}-{task}-{attempt}", std::process::id())),
                        _ => (format!("other-{}", task / 2 % OTHERS), PASSWORD.to_owned()),
                    };
                    let slowly = Duration::from_millis(attempt * 7 % 12);
                    match host.sign_in(&mut store, &account, &password, slowly).await {
                        Ok(SignInOutcome::SignedIn(_)) => note(&work.answered, &format!("in {account}")),
                        Ok(SignInOutcome::Denied(_)) => note(&work.answered, &format!("denied {account}")),
                        Ok(SignInOutcome::Busy { .. }) => tokio::time::sleep(Duration::from_millis(3)).await,
                        Ok(other) => panic!("{other:?}"),
                        Err(_) => tokio::time::sleep(Duration::from_millis(20)).await, // the database is away
                    }
                }
            }
        };
        let tasks: Vec<_> = (0..TASKS).map(|number| runtime().spawn(task(number))).collect();
        for task in tasks {
            runtime().block_on(task).unwrap();
        }
    }
}

/// A process that is killed when dropped, by SIGKILL.
struct Process(Child);

impl Process {
    fn start(told: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "outgrow::a_worker", "--nocapture"]).env(WORKER, told);
        Self(command.stdout(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        assert!(self.0.try_wait().unwrap().is_none(), "a worker has ended by itself");
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// What was seen at the end.
#[derive(Debug)]
struct Seen {
    /// The most guesses at one account that were verified.
    most: usize,
    /// How many accounts had any guess verified.
    guessed_at: usize,
    signed_in: usize,
    killed: usize,
    restarts: usize,
    /// Everything that should not be.
    wrong: Vec<String>,
}

/// Lets the processes work for so many turns; kills one of them every second turn and the database every eighth.
fn outgrow<D: Database>(mut database: D, turns: u32, store: &str) -> Seen {
    let folder = Folder::new();
    let host = Host::new(|_| {});
    let victims: Vec<String> = (0..u128::from(turns)).map(victim).collect();
    let others: Vec<String> = (0..OTHERS).map(|other| format!("other-{other}")).collect();
    let ours = database.store();
    for account in victims.iter().chain(&others) {
        host.create(ours.clone(), account);
    }
    let start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let told = [folder.path().to_str().unwrap(), &start.as_millis().to_string(), D::KIND, &database.address(), store]
        .join("|");
    let (from, mut killed, mut restarts) = (Instant::now(), 0, 0);
    let mut processes: Vec<Process> = (0..PROCESSES).map(|_| Process::start(&told)).collect();
    for turn in 1..turns {
        if turn % 2 == 0 && turn + 1 < turns {
            processes[turn as usize / 2 % PROCESSES] = Process::start(&told);
            killed += 1;
        }
        if turn % 8 == 5 && store == "sound" {
            database.kill();
            database.start();
            restarts += 1;
        }
        sleep((TURN * turn).saturating_sub(from.elapsed()));
    }
    sleep((TURN * turns).saturating_sub(from.elapsed() + Duration::from_millis(20)));
    drop(processes);
    sleep(LEASE + Duration::from_secs(1));

    let verified = std::fs::read_to_string(folder.file("verified")).unwrap();
    let answered = std::fs::read_to_string(folder.file("answered")).unwrap();
    let lines = |text: &str, line: &str| text.lines().filter(|found| *found == line).count();
    let (events, mut ours) = (decoded(&database.events()), database.store());
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let guesses: Vec<usize> = victims.iter().map(|account| lines(&verified, account)).collect();
    for (account, guesses) in victims.iter().zip(&guesses) {
        // An attempt was stored before it was verified, a verified one that was answered has its refusal, and each
        // refusal has been through a hash.
        let events = |code, reason| count(&events, code, reason, Some(account));
        let (attempts, denials) = (events("sign_in.attempted", None), events("sign_in.refused", None));
        let mismatches = events("sign_in.refused", Some("sign_in.mismatch"));
        let answers = lines(&answered, &format!("denied {account}"));
        expect(*guesses <= BUDGET, format!("{account}: {guesses} guesses were verified"));
        expect(mismatches <= *guesses, format!("{account}: {mismatches} mismatches of {guesses} guesses"));
        expect(denials >= answers, format!("{account}: {denials} refusals in the events, {answers} were answered"));
        expect(attempts >= denials.max(*guesses), format!("{account}: {attempts} attempts, {denials} refusals"));
        expect(events("lockout.locked", None) <= 1, format!("{account}: locked more than once"));
        // A lock or nothing: never busy for ever. Those that the database was away for may still be open.
        let last = runtime().block_on(host.sign_in(&mut ours, account, PASSWORD, Duration::ZERO));
        let right = match last {
            Ok(SignInOutcome::Denied(_)) => true,
            Ok(SignInOutcome::SignedIn(_)) => *guesses < BUDGET,
            _ => false,
        };
        expect(right, format!("{account}: after all, {last:?}"));
    }
    let mut signed_in = 0;
    for account in &others {
        let (events, answers) =
            (count(&events, "sign_in.signed_in", None, Some(account)), lines(&answered, &format!("in {account}")));
        expect(events >= answers, format!("{account}: {events} sign-ins in the events, {answers} were answered"));
        signed_in += answers;
        let last = runtime().block_on(host.sign_in(&mut ours, account, PASSWORD, Duration::ZERO));
        let locked = count(&decoded(&database.events()), "lockout.locked", None, Some(account)) > 0; // by attempts that were killed
        let right =
            matches!(last, Ok(SignInOutcome::SignedIn(_))) || locked && matches!(last, Ok(SignInOutcome::Denied(_)));
        expect(right, format!("{account}: after all, {last:?}"));
    }
    let (opened, entered) =
        (count(&events, "session.opened", None, None), count(&events, "sign_in.signed_in", None, None));
    expect(
        opened >= entered && entered >= signed_in,
        format!("{opened} sessions, {entered} sign-ins, {signed_in} answers"),
    );
    Seen {
        most: guesses.iter().copied().max().unwrap(),
        guessed_at: guesses.iter().filter(|guesses| **guesses > 0).count(),
        signed_in,
        killed,
        restarts,
        wrong,
    }
}

fn holds(seen: &Seen) {
    println!("{seen:?}");
    assert!(seen.wrong.is_empty(), "{seen:#?}");
    // It was tried, too: at most accounts, with most of the budget, beside many sign-ins.
    assert!(seen.most == BUDGET && seen.guessed_at > TURNS as usize / 3 && seen.signed_in > 20, "{seen:?}");
    assert!(seen.killed >= 6 && seen.restarts == 2, "{seen:?}");
}

#[cfg(feature = "postgres")]
#[test]
#[ignore = "needs the programs of PostgreSQL and half a minute"]
fn over_postgres_no_guess_is_verified_beyond_the_budget_whoever_is_killed() {
    holds(&outgrow(crate::private::Postgres::new(), TURNS, "sound"));
}

#[cfg(feature = "redis")]
#[test]
#[ignore = "needs redis-server and half a minute"]
fn over_redis_no_guess_is_verified_beyond_the_budget_whoever_is_killed() {
    holds(&outgrow(crate::private::Redis::new(), TURNS, "sound"));
}

#[cfg(feature = "redis")]
#[test]
#[ignore = "needs redis-server and half a minute"]
fn a_store_that_loses_writes_is_found_out() {
    let seen = outgrow(crate::private::Redis::new(), 6, "broken");
    println!("{seen:?}");
    assert!(seen.most > BUDGET, "{seen:?}");
    assert!(seen.wrong.iter().any(|what| what.contains("guesses were verified")), "{seen:?}");
}
