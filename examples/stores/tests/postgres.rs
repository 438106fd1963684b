//! The PostgreSQL store: conformance, races of its own, dropped futures, erasure and collection.

use std::time::Duration;

use clausework::event::{Actor, Provenance};
use clausework::store::conformance::{self, Harness};
use clausework::store::{AsyncStore, Change, Commit, Key, Rows, Transition, UpdateError, update_async};
use clausework::testing::Clock;
use clausework::{Now, Scope};
use clausework_stores::{PostgresError, PostgresStore};

use crate::notes::{Note, key, noting, now, tenant};
use crate::race;
use crate::servers::postgres::{Schema, execute, pool, url};
use crate::servers::runtime;

struct Server(PostgresStore);

impl Harness for Server {
    type Store = PostgresStore;

    fn open(&self) -> PostgresStore {
        self.0.clone()
    }

    fn events(&self) -> Vec<String> {
        runtime().block_on(self.0.events(None)).unwrap()
    }

    fn collect(&self, now: Now) {
        runtime().block_on(self.0.collect(now)).unwrap();
    }
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn it_conforms() {
    let schema = Schema::new();
    conformance::run_async(&Server(schema.open(8)), |future| runtime().block_on(future)).unwrap();
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn it_conforms_where_everything_is_serializable() {
    let schema = Schema::new();
    let mut config: deadpool_postgres::tokio_postgres::Config = url().parse().unwrap();
    config.options(format!("-c search_path={} -c default_transaction_isolation=serializable", schema.0));
    let manager = deadpool_postgres::Manager::new(config, deadpool_postgres::tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(8).build().unwrap();
    let store = runtime().block_on(PostgresStore::open(pool)).unwrap();
    conformance::run_async(&Server(store), |future| runtime().block_on(future)).unwrap();
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn of_parallel_guesses_the_budget_is_verified_and_the_right_all_get_in() {
    let schema = Schema::new();
    let store = schema.open(8);
    race::at_one_account(&store, || runtime().block_on(store.events(None)).unwrap());
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn staff_approve_revoke_and_use_at_once() {
    let schema = Schema::new();
    crate::staff::on_a_server(&schema.open(8));
}

async fn put(store: &PostgresStore, keys: &[Key]) -> Result<(), UpdateError<PostgresError>> {
    update_async(store.clone(), keys, |rows| Ok(noting(rows, keys))).await
}

async fn there(store: &PostgresStore, key: &Key) -> bool {
    store.clone().load(std::slice::from_ref(key)).await.unwrap()[0].is_some()
}

/// A load and a commit of one record are planned for good after five calls: to plan takes longer than to run them.
#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn loads_and_commits_of_one_record_keep_their_plans() {
    const PLANS: &str = "SELECT custom_plans, generic_plans FROM pg_prepared_statements
        WHERE (statement LIKE '%LATERAL%' OR statement LIKE '%UPDATE clausework_records SET%') AND statement NOT LIKE '%custom_plans%'";
    let schema = Schema::new();
    let mut config: deadpool_postgres::tokio_postgres::Config = url().parse().unwrap();
    config.options(format!("-c search_path={}", schema.0));
    let manager = deadpool_postgres::Manager::new(config, deadpool_postgres::tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    runtime().block_on(async {
        let store = PostgresStore::open(pool.clone()).await.unwrap();
        let keys = [key(&Scope::Operator, "again")];
        for _ in 0..10 {
            put(&store, &keys).await.unwrap(); // the first creates the record
        }
        let rows = pool.get().await.unwrap().query(PLANS, &[]).await.unwrap();
        let plans: Vec<(i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        assert_eq!(plans.len(), 2);
        assert!(plans.iter().all(|(custom, generic)| *custom == 5 && *generic >= 4), "{plans:?}");
    });
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn many_can_start_at_once() {
    for _ in 0..5 {
        let schema = Schema::new();
        let open = |_| runtime().spawn(PostgresStore::open(schema.pool(1)));
        let opening: Vec<_> = (0..8).map(open).collect();
        for task in opening {
            runtime().block_on(task).unwrap().unwrap();
        }
    }
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn a_newer_schema_and_a_forgetful_server_are_refused() {
    let schema = Schema::new();
    schema.open(1);
    runtime().block_on(execute(&url(), &format!("UPDATE {}.clausework_schema SET version = 2", schema.0)));
    let error = runtime().block_on(PostgresStore::open(schema.pool(1))).unwrap_err();
    assert_eq!(error.to_string(), "the database has schema version 2, this store knows version 1");

    let forgetful = pool(&url(), &format!("{} -c synchronous_commit=off", schema.0), 1);
    let error = runtime().block_on(PostgresStore::open(forgetful)).unwrap_err();
    assert!(matches!(error, PostgresError::NotDurable { setting: "synchronous_commit" }), "{error}");
}

/// Both have seen that there is no record: the second creation waits for the first in the primary key and then conflicts,
/// and the update beside it is undone.
#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn a_creation_that_waits_for_another_conflicts_and_undoes_the_rest() {
    let schema = Schema::new();
    let mut store = schema.open(2);
    runtime().block_on(async {
        let (old, new) = (key(&Scope::Operator, "old"), key(&Scope::Operator, "new"));
        put(&store, std::slice::from_ref(&old)).await.unwrap();
        let rows = Rows::load_async(&mut store, [&old, &new]).await.unwrap();
        let before = store.load(std::slice::from_ref(&old)).await.unwrap();

        let mut other = schema.pool(1).get().await.unwrap();
        let open = other.transaction().await.unwrap();
        open.execute("INSERT INTO clausework_records VALUES ('operator', 'note', 'new', 1, '\"theirs\"', NULL)", &[])
            .await
            .unwrap();
        let mut late = store.clone();
        let keys = [old.clone(), new];
        let waiting = tokio::spawn(async move { late.commit(&noting(&rows, &keys).batch()).await });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!waiting.is_finished());
        open.commit().await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), Commit::Conflict);
        assert_eq!(store.load(std::slice::from_ref(&old)).await.unwrap(), before);
        assert_eq!(store.events(None).await.unwrap().len(), 1);
    });
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn a_dropped_commit_takes_effect_whole_or_not_at_all_and_leaves_no_transaction() {
    let schema = Schema::new();
    let store = schema.open(2);
    runtime().block_on(async {
        let keys: Vec<Key> = (0..400).map(|index| key(&Scope::Operator, &format!("n{index}"))).collect();
        for (pair, micros) in keys.chunks(2).zip((0..).step_by(20)) {
            // From before the connection is taken to after the answer has come.
            let _ = tokio::time::timeout(Duration::from_micros(micros), put(&store, pair)).await;
        }
        put(&store, &[key(&Scope::Operator, "last")]).await.unwrap();
        put(&store, &[key(&Scope::Operator, "last")]).await.unwrap(); // on the other connection
        let mut applied = 0;
        for pair in keys.chunks(2) {
            let both = [there(&store, &pair[0]).await, there(&store, &pair[1]).await];
            assert_eq!(both[0], both[1], "half a batch");
            applied += usize::from(both[0]);
        }
        assert!(0 < applied && applied < 200, "{applied} of 200 were applied: the drops missed");
        assert_eq!(store.events(None).await.unwrap().len(), 2 * applied + 2);

        let open = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND query LIKE '%clausework_records%'";
        let open: i64 = schema.pool(1).get().await.unwrap().query_one(open, &[]).await.unwrap().get(0);
        assert_eq!(open, 0);
    });
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn erasing_a_tenant_leaves_nothing_of_it_and_everything_of_the_others() {
    let schema = Schema::new();
    let store = schema.open(1);
    runtime().block_on(async {
        let scopes = [tenant("gone"), tenant("gone-not"), Scope::Operator];
        for scope in &scopes {
            put(&store, &[key(scope, "a"), key(scope, "b")]).await.unwrap();
        }
        store.erase(&scopes[0]).await.unwrap();
        for (scope, left) in scopes.iter().zip([0, 2, 2]) {
            assert_eq!(there(&store, &key(scope, "a")).await, left > 0);
            assert_eq!(store.events(Some(scope)).await.unwrap().len(), left);
        }
        assert_eq!(store.events(None).await.unwrap().len(), 4);
    });
}

#[test]
#[ignore = "needs PostgreSQL: .ci/services starts it"]
fn what_is_due_is_collected_unless_somebody_writes_it_meanwhile() {
    let schema = Schema::new();
    let store = schema.open(1);
    let mut clock = Clock::at("2026-11-22T09:30:00Z");
    let due = clock.now().timestamp();
    runtime().block_on(async {
        let (first, second) = (key(&Scope::Operator, "first"), key(&Scope::Operator, "second"));
        let by = Provenance::internal(Actor::Unauthenticated);
        update_async(store.clone(), [&first, &second], |rows| {
            let mut change = Change::new(rows, now(), &by);
            for key in [&first, &second] {
                change.apply(key, Transition::put(Note("due".into()), ()).collect_after(due))?;
            }
            Ok(change.finish(()))
        })
        .await
        .unwrap();
        assert_eq!(store.collect(clock.now()).await.unwrap(), 0); // after, not at
        clock.advance(Duration::from_micros(1));

        let mut other = schema.pool(1).get().await.unwrap();
        let open = other.transaction().await.unwrap();
        open.execute("UPDATE clausework_records SET version = version + 1 WHERE id = 'second'", &[]).await.unwrap();
        assert_eq!(store.collect(clock.now()).await.unwrap(), 1);
        open.commit().await.unwrap();
        assert!(!there(&store, &first).await && there(&store, &second).await);
        assert_eq!(store.collect(clock.now()).await.unwrap(), 1);
    });
}
