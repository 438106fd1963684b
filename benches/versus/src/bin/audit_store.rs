//! The sequencer of the audit log on SQLite, every commit durable (`synchronous = FULL`): 64 records in a transaction
//! against one each. What is measured is all of it: reading what waits, encoding, hashing, storing, and deleting the
//! events. The business commits before it are not.

use std::process::ExitCode;
use std::time::Instant;

use clausework::audit::record::Class;
use clausework::event::{Actor, Code, Fact, Provenance};
use clausework::id::OpaqueId;
use clausework::store::{Change, Key, Record, Transition, update};
use clausework::testing::{Clock, SeededEntropy};
use clausework::{Now, Scope, TenantId};
use clausework_stores::{Sequenced, SqliteLog};
use clausework_versus::{Goal, Versus, in_turn};

const BATCH: u32 = 64;
const ROUNDS: usize = 21;

#[derive(serde::Serialize, serde::Deserialize)]
struct Note(u32);

impl Record for Note {
    const KIND: &'static str = "note";
    const VERSION: u16 = 1;
}

struct Host {
    log: SqliteLog,
    scope: Scope,
    portal: OpaqueId,
    entropy: SeededEntropy,
    now: Now,
    next: u64,
}

impl Host {
    /// One business commit with a batch of events.
    fn accept(&mut self) {
        let id = OpaqueId::try_new("note").expect("an id");
        let key = Key::of::<Note>(self.scope.clone(), &id);
        let by = Provenance::internal(Actor::Job(id));
        let facts = || (0..BATCH).map(|number| Fact::success(Code::internal("bench.noted")).with("number", number));
        update(self.log.store(), [&key], |rows| {
            let mut change = Change::new(rows, self.now, &by);
            change.apply(&key, facts().fold(Transition::put(Note(1), ()), Transition::with))?;
            Ok(change.finish(()))
        })
        .expect("a commit");
    }

    /// Seconds a record, of sequencing what was accepted in transactions of so many.
    fn sequence(&mut self, batch: u32) -> f64 {
        self.accept();
        let start = Instant::now();
        for _ in 0..BATCH / batch {
            let done =
                self.log.sequence(&self.scope, self.now, &self.portal, |_| Class::Change, batch, &mut self.entropy);
            let range = self.next..self.next + u64::from(batch);
            self.next = range.end;
            assert_eq!(done.expect("a transaction"), Sequenced::Appended(range));
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!(self.log.waiting().expect("an answer").is_empty(), "nothing is left");
        seconds / f64::from(BATCH)
    }
}

fn main() -> ExitCode {
    let mut versus = Versus::from_args("audit_store");
    let folder = std::env::temp_dir().join(format!("clausework-audit-store-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let open = |name: &str| Host {
        log: SqliteLog::open(folder.join(name)).expect("a log"),
        scope: TenantId::try_new("acme").expect("an id").into(),
        portal: OpaqueId::try_new("portal").expect("an id"),
        entropy: SeededEntropy::new(1),
        now: Clock::at("2026-11-22T09:30:00Z").now(),
        next: 0,
    };
    let (mut many, mut one) = (open("many.sqlite"), open("one.sqlite"));
    let medians = in_turn(ROUNDS, || many.sequence(BATCH), || one.sequence(1));
    versus.judge("integrate", "64 a transaction", "one each", Goal::AtMost(1.0 / 8.0), medians);
    std::fs::remove_dir_all(&folder).expect("it was there");
    versus.finish()
}
