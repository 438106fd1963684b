//! The audit log in PostgreSQL.

use std::ops::Range;
use std::time::Duration;

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointSigner, SignedCheckpoint};
use clausework::audit::record::{Class, Draft};
use clausework::audit::sequencer::LogState;
use clausework::audit::verify::{Ledger, Verdict};
use clausework::entropy::OsEntropy;
use clausework::event::Event;
use clausework::store::{AsyncStore, Batch, Commit, Key, Store, Stored};
use clausework::{Now, Scope, Timestamp};
use clausework_stores::{LogError, PostgresError, PostgresLog, PostgresStore, Prepared, Sequenced, StoredRecord};

use super::{Log, day, id, note, origin, tenant, verifiers};
use crate::servers::postgres::{Schema, execute, pool, url};
use crate::servers::{runtime, unique};

/// The log for a host that blocks.
struct Server {
    log: PostgresLog,
}

impl Server {
    fn wait<T>(future: impl Future<Output = Result<T, LogError<PostgresError>>>) -> T {
        runtime().block_on(future).unwrap()
    }
}

/// The store for a host that blocks.
struct Blocking(PostgresStore);

impl Store for Blocking {
    type Error = PostgresError;

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, PostgresError> {
        runtime().block_on(self.0.load(keys))
    }

    fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, PostgresError> {
        runtime().block_on(self.0.commit(batch))
    }
}

impl Log for Server {
    type Home = Schema;
    type Database = PostgresError;
    const VICTIM: &'static str = "audit_log::postgres::victim";
    const PREFIX: &'static str = "clausework_";
    const ZEROS: &'static str = "decode(repeat('00', 32), 'hex')";

    fn home() -> Schema {
        Schema::new()
    }

    fn address(home: &Schema) -> String {
        home.0.clone()
    }

    fn at(address: &str) -> Self {
        Self { log: Self::wait(PostgresLog::open(pool(&url(), address, 2))) }
    }

    fn sql(address: &str, sql: &str) {
        let sql = format!("SET search_path = {address}; {}", sql.replace("{}", Self::PREFIX));
        runtime().block_on(execute(&url(), &sql));
    }

    fn count(address: &str, sql: &str) -> i64 {
        let count = async {
            let client = pool(&url(), address, 1).get().await.unwrap();
            client.query_one(&sql.replace("{}", Self::PREFIX), &[]).await.unwrap().get(0)
        };
        runtime().block_on(count)
    }

    fn store(&mut self) -> impl Store<Error: std::fmt::Debug> {
        Blocking(self.log.store().clone())
    }

    fn erase(&mut self, scope: &Scope) {
        runtime().block_on(self.log.store().erase(scope)).unwrap();
    }

    fn state(&self, scope: &Scope) -> (Option<LogState>, Option<Timestamp>) {
        Self::wait(self.log.state(scope))
    }

    fn waiting(&self) -> Vec<Scope> {
        Self::wait(self.log.waiting())
    }

    fn prepare_by(
        &mut self,
        scope: &Scope,
        class: impl Fn(&Event) -> Class + Send,
        batch: u32,
    ) -> Result<Option<Prepared>, LogError<PostgresError>> {
        runtime().block_on(self.log.prepare(scope, day(0), &id("portal"), class, batch, &mut OsEntropy))
    }

    fn try_commit(&mut self, prepared: &Prepared) -> Result<Sequenced, LogError<PostgresError>> {
        runtime().block_on(self.log.commit(prepared))
    }

    fn enter(
        &mut self,
        scope: &Scope,
        now: Now,
        drafts: &mut [Draft<'_>],
    ) -> Result<Range<u64>, LogError<PostgresError>> {
        runtime().block_on(self.log.append(scope, now, drafts))
    }

    fn delete(
        &mut self,
        scope: &Scope,
        now: Now,
        intent: u64,
        draft: Draft<'_>,
    ) -> Result<u64, LogError<PostgresError>> {
        let [one, other] = &verifiers();
        runtime().block_on(self.log.delete(scope, now, intent, &origin(), &[one, other], draft))
    }

    fn checkpoint_by(
        &mut self,
        signer: &(dyn CheckpointSigner + Sync),
    ) -> Result<Option<SignedCheckpoint>, LogError<PostgresError>> {
        runtime().block_on(self.log.checkpoint(&tenant(), origin(), &[signer]))
    }

    fn anchor(&mut self, scope: &Scope, size: u64) -> bool {
        Self::wait(self.log.anchor(scope, size))
    }

    fn last_checkpoint(&self) -> Option<SignedCheckpoint> {
        Self::wait(self.log.last_checkpoint(&tenant()))
    }

    fn ledger(&self) -> Ledger {
        Self::wait(self.log.ledger(&tenant(), u64::MAX))
    }

    fn body(&self, index: u64) -> Option<Vec<u8>> {
        Self::wait(self.log.body(&tenant(), index))
    }

    fn page(&self, below: u64, limit: u32) -> Vec<StoredRecord> {
        Self::wait(self.log.page(&tenant(), below, limit))
    }

    fn bundle(&self) -> Bundle {
        Self::wait(self.log.bundle(&tenant(), origin()))
    }
}

crate::audit_log::suite::suite! { Server, ignore = "needs PostgreSQL: .ci/services starts it" }

#[test]
#[ignore = "run by a_process_killed_at_any_point_loses_nothing"]
fn victim() {
    super::suite::victim::<Server>();
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn many_can_open_it_at_once_while_others_write() {
    for isolation in
        ["", "", " -c default_transaction_isolation=serializable", " -c default_transaction_isolation=serializable"]
    {
        let schema = Schema::new();
        let mut store = schema.open(2);
        let keys: Vec<_> = (0..40).map(|index| crate::notes::key(&tenant(), &format!("n{index}"))).collect();
        let written = keys.clone();
        let writer = runtime().spawn(async move {
            for key in written {
                let key = [key];
                clausework::store::update_async(&mut store, &key, |rows| Ok(crate::notes::noting(rows, &key)))
                    .await
                    .unwrap();
            }
        });
        let opening: Vec<_> = (0..6)
            .map(|_| pool(&url(), &format!("{}{isolation}", schema.0), 1))
            .map(|pool| runtime().spawn(PostgresLog::open(pool)))
            .collect();
        for task in opening {
            runtime().block_on(task).unwrap().unwrap();
        }
        runtime().block_on(writer).unwrap();
        // Each is taken in once, whether it was there before the trigger or came after it.
        let mut log = <Server as Log>::open(&schema);
        assert_eq!(log.sequence(100), Sequenced::Appended(0..40));
    }
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn a_newer_schema_is_refused() {
    let schema = Schema::new();
    drop(<Server as Log>::open(&schema));
    Server::sql(&schema.0, "UPDATE {}audit_schema SET version = 2");
    let refused = runtime().block_on(PostgresLog::open(schema.pool(1))).unwrap_err();
    assert!(matches!(refused, LogError::Store(PostgresError::Newer { found: 2 })), "{refused}");
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn where_everything_is_serializable_a_lost_race_is_no_error() {
    let schema = Schema::new();
    let serializable = format!("{} -c default_transaction_isolation=serializable", schema.0);
    let open = || Server::at(&serializable);
    let (mut one, mut other) = (open(), open());
    (0..40).for_each(|number| note(&mut one, number));
    let mut taken = 0;
    while taken < 40 {
        let (mine, yours) = (one.prepare(3).unwrap(), other.prepare(5).unwrap());
        let (first, second) =
            runtime().block_on(async { tokio::join!(one.log.commit(&mine), other.log.commit(&yours)) });
        let range = match (first.unwrap(), second.unwrap()) {
            (Sequenced::Appended(range), Sequenced::Moved) | (Sequenced::Moved, Sequenced::Appended(range)) => range,
            both => panic!("{both:?}"),
        };
        assert_eq!(range.start, taken);
        taken = range.end;
    }
    one.append(day(0), |draft| draft);
    let head = one.checkpoint().unwrap().unverified().head();
    assert_eq!((one.verdict(), one.numbers()), (Verdict::Verified(head), (0..40).collect()));
}

/// Both of these wait for a table in mid-reading, while a purge is committed.
#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn what_is_purged_in_mid_reading_is_no_alarm() {
    let schema = Schema::new();
    let mut log = <Server as Log>::open(&schema);
    (0..13).for_each(|number| note(&mut log, number));
    let _ = log.sequence(11);
    let head = log.checkpoint().unwrap().unverified().head();
    let in_mid = |table: &str, purge: &str, read: &mut (dyn FnMut() + Send)| {
        let mut other = runtime().block_on(schema.pool(1).get()).unwrap();
        let open = runtime().block_on(other.transaction()).unwrap();
        runtime().block_on(open.batch_execute(&format!("LOCK TABLE {table}"))).unwrap();
        std::thread::scope(|scope| {
            let reading = scope.spawn(read);
            let waits = format!("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{table}'::regclass");
            while Server::count(&schema.0, &waits) == 0 {
                assert!(!reading.is_finished(), "it does not wait for {table}");
                std::thread::sleep(Duration::from_millis(5));
            }
            runtime().block_on(open.batch_execute(purge)).unwrap();
            runtime().block_on(open.commit()).unwrap();
            reading.join().unwrap();
        });
    };
    let prefix = "DELETE FROM clausework_audit_records WHERE idx < 4";
    in_mid("clausework_audit_values", prefix, &mut || assert_eq!(log.verdict(), Verdict::Verified(head)));
    assert_eq!(log.verdict(), Verdict::MissingUnexplained(0), "and afterwards it is one, since no record says so");

    let _ = log.sequence(10);
    let mut other = <Server as Log>::open(&schema);
    let body = "UPDATE clausework_audit_records SET body = NULL WHERE idx = 11";
    in_mid("clausework_audit_records", body, &mut || {
        assert_eq!(other.checkpoint().unwrap().unverified().head().size(), 13);
    });
}

/// Whoever notes something on a log that another is changing notes it on what the other leaves.
#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn what_is_noted_undoes_nothing_that_came_before_it() {
    let schema = Schema::new();
    let mut log = <Server as Log>::open(&schema);
    (0..2).for_each(|number| note(&mut log, number));
    let _ = log.sequence(1);
    log.checkpoint().unwrap();
    Server::sql(&schema.0, "CREATE TABLE before AS SELECT * FROM {}audit_logs");
    let _ = log.sequence(1);
    Server::sql(&schema.0, "CREATE TABLE after AS SELECT * FROM {}audit_logs");
    let set = |to: &str| format!("UPDATE clausework_audit_logs l SET state = t.state, last = t.last FROM {to} t");
    Server::sql(&schema.0, &set("before"));
    let mut other = runtime().block_on(schema.pool(1).get()).unwrap();
    let open = runtime().block_on(other.transaction()).unwrap();
    runtime().block_on(open.batch_execute(&set("after"))).unwrap();
    std::thread::scope(|scope| {
        let noting = scope.spawn(|| assert!(log.anchor(&tenant(), 1)));
        let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')
                     AND pid IN (SELECT pid FROM pg_locks WHERE relation = 'clausework_audit_logs'::regclass)";
        while Server::count(&schema.0, waits) == 0 {
            assert!(!noting.is_finished(), "it does not wait");
            std::thread::sleep(Duration::from_millis(5));
        }
        runtime().block_on(open.commit()).unwrap();
        noting.join().unwrap();
    });
    let state = log.state(&tenant()).0.unwrap();
    assert_eq!((state.size(), state.anchored()), (2, 1));
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn a_dropped_future_takes_effect_whole_or_not_at_all_and_leaves_no_transaction() {
    let schema = Schema::new();
    let mut log = Server::at(&format!("{0} -c application_name={0}", schema.0));
    (0..60).for_each(|number| note(&mut log, number));
    let _ = log.sequence(1);
    let (scope, component, actor) = (tenant(), id("sequencer"), clausework::event::Actor::Unauthenticated);
    let mut rounds = 0;
    for micros in (0..6_000).step_by(50) {
        // From before the connection is taken to after the answer has come.
        let work = async {
            let mut draft = [Draft::new(super::essentials(day(0), &scope, &component, &actor))];
            log.log.append(&tenant(), day(0), &mut draft).await?;
            let _ = log.log.sequence(&tenant(), day(0), &id("portal"), |_| Class::Access, 1, &mut OsEntropy).await?;
            log.log.checkpoint(&tenant(), origin(), &[&super::signer()]).await
        };
        rounds += usize::from(
            runtime().block_on(async { tokio::time::timeout(Duration::from_micros(micros), work).await }).is_err(),
        );
        if rounds % 20 == 7 {
            let verdict = log.verdict();
            assert!(!verdict.is_alarm(), "{verdict}");
        }
    }
    assert!(rounds > 10, "{rounds} were dropped: the drops missed");
    while log.sequence(7) != Sequenced::Nothing {}
    log.append(day(0), |draft| draft);
    let head = log.checkpoint().unwrap().unverified().head();
    assert_eq!((log.verdict(), log.numbers()), (Verdict::Verified(head), (0..60).collect()));
    std::thread::sleep(Duration::from_millis(100)); // the last rollback was sent, not waited for
    let left = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND application_name = '{}'",
        schema.0
    );
    assert_eq!(Server::count(&schema.0, &left), 0);
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn a_role_without_any_right_on_the_log_feeds_it_and_cannot_touch_it() {
    let schema = Schema::new();
    let mut log = <Server as Log>::open(&schema);
    let (role, name) = (unique("role"), &schema.0);
    let grant = format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {name} TO {role};
         GRANT SELECT, INSERT, UPDATE ON {name}.clausework_records TO {role};
         GRANT SELECT, INSERT ON {name}.clausework_events TO {role}; GRANT SELECT ON {name}.clausework_schema TO {role}"
    );
    runtime().block_on(execute(&url(), &grant));
    let mut config: deadpool_postgres::tokio_postgres::Config = url().parse().unwrap();
    config.user(&role).options(format!("-c search_path={name}"));
    let manager = deadpool_postgres::Manager::new(config, deadpool_postgres::tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    let application = runtime().block_on(PostgresStore::open(pool.clone())).unwrap();
    let key = [crate::notes::key(&tenant(), "n")];
    let noting = clausework::store::update_async(application, &key, |rows| Ok(crate::notes::noting(rows, &key)));
    runtime().block_on(noting).unwrap();
    let refused = |sql: &'static str| {
        let client = runtime().block_on(pool.get()).unwrap();
        let error = runtime().block_on(client.batch_execute(sql)).unwrap_err();
        assert_eq!(
            error.code(),
            Some(&deadpool_postgres::tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE),
            "{sql}"
        );
    };
    refused("DELETE FROM clausework_audit_waiting");
    refused("INSERT INTO clausework_audit_waiting (event, scope, at, text) VALUES (1, 'operator', 0, '')");
    refused("SELECT count(*) FROM clausework_audit_records");
    refused("DELETE FROM clausework_events");
    // A table of the same name in the way does not divert what is accepted.
    let client = runtime().block_on(pool.get()).unwrap();
    let diverted = "CREATE TEMP TABLE clausework_audit_waiting (event bigint, scope text, at bigint, text text);
                    INSERT INTO clausework_events (scope, at, text) VALUES ('tenant:acme', 0, 'x')";
    runtime().block_on(client.batch_execute(diverted)).unwrap();
    drop(client);
    assert_eq!(log.sequence(10), Sequenced::Appended(0..2));
    drop(pool);
    runtime().block_on(execute(&url(), &format!("DROP OWNED BY {role}; DROP ROLE {role}")));
}
