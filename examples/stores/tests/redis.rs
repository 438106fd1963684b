//! The Redis store: conformance, refused servers, batches that fail, erasure.

use clausework::Scope;
use clausework::event::{Actor, Provenance};
use clausework::id::OpaqueId;
use clausework::store::conformance::{self, Harness};
use clausework::store::{AsyncStore, Change, Key, Rows, Transition, update_async};
use clausework_stores::{RedisError, RedisStore};
use redis::Client;

use crate::notes::{Note, key, noting, now, tenant};
use crate::private::{Database, Redis as Private};
use crate::race;
use crate::servers::redis::{Prefix, url};
use crate::servers::runtime;

impl Harness for Prefix {
    type Store = RedisStore;

    fn open(&self) -> RedisStore {
        self.open()
    }

    fn events(&self) -> Vec<String> {
        runtime().block_on(self.open().events(None)).unwrap()
    }
}

impl Harness for Private {
    type Store = RedisStore;

    fn open(&self) -> RedisStore {
        self.store()
    }

    fn events(&self) -> Vec<String> {
        Database::events(self)
    }
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn it_conforms() {
    conformance::run_async(&Prefix::new(), |future| runtime().block_on(future)).unwrap();
}

/// On a server with the settings that `connect` asks for, and where the keys of a call have to share a slot.
#[test]
#[ignore = "needs redis-server"]
fn it_conforms_on_a_durable_node_of_a_cluster() {
    conformance::run_async(&Private::cluster(), |future| runtime().block_on(future)).unwrap();
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn of_parallel_guesses_the_budget_is_verified_and_the_right_all_get_in() {
    let prefix = Prefix::new();
    let store = prefix.open();
    race::at_one_account(&store, || runtime().block_on(store.events(None)).unwrap());
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn staff_approve_revoke_and_use_at_once() {
    let prefix = Prefix::new();
    crate::staff::on_a_server(&prefix.open());
}

fn put(store: &RedisStore, keys: &[Key]) {
    runtime().block_on(update_async(store.clone(), keys, |rows| Ok(noting(rows, keys)))).unwrap();
}

fn there(store: &RedisStore, key: &Key) -> bool {
    runtime().block_on(store.clone().load(std::slice::from_ref(key))).unwrap()[0].is_some()
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn a_server_that_forgets_is_refused() {
    let prefix = OpaqueId::try_new("clausework").unwrap();
    let client = Client::open(url()).unwrap();
    let error = runtime().block_on(RedisStore::connect(client, prefix)).unwrap_err();
    assert!(matches!(error, RedisError::NotDurable { setting: "appendonly", .. }));
    assert_eq!(
        error.to_string(),
        "redis: `appendonly` is `no` and has to be `yes`, or an acknowledged commit may be lost"
    );
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn a_batch_that_cannot_be_written_whole_is_not_written_at_all() {
    let prefix = Prefix::new();
    let store = prefix.open();
    let [good, bad] = ["good", "bad"].map(|id| key(&Scope::Operator, id));
    let rows = Rows::new([good.clone(), bad.clone()], [None, None]);
    let decision = noting(&rows, &[good.clone(), bad.clone()]);
    let commit = || runtime().block_on(store.clone().commit(&decision.batch()));

    // Another program's values in the place of a record, and in that of the events.
    for (place, kind) in [(format!("{bad}"), "LPUSH"), (format!("{bad}"), "SET"), ("events".into(), "SET")] {
        let _: redis::Value = prefix.raw(&[kind, &prefix.key(&place), "theirs"]);
        let error = commit().unwrap_err();
        assert!(matches!(error, RedisError::Redis(_)), "{error}");
        assert!(!there(&store, &good));
        let _: u64 = prefix.raw(&["DEL", &prefix.key(&place)]);
        assert!(runtime().block_on(store.events(None)).unwrap().is_empty());
    }
    let _ = commit().unwrap();
    assert!(there(&store, &good) && there(&store, &bad));
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn a_value_that_is_no_record_is_an_error_and_not_an_absence() {
    let prefix = Prefix::new();
    let store = prefix.open();
    let bad = key(&Scope::Operator, "bad");
    for value in ["theirs", "x {}", "{} 7", ""] {
        let _: String = prefix.raw(&["SET", &prefix.key(&bad.to_string()), value]);
        let error = runtime().block_on(store.clone().load(std::slice::from_ref(&bad))).unwrap_err();
        assert_eq!(error.to_string(), "redis: a value is no record of clausework");
    }
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn a_script_that_the_server_has_forgotten_is_sent_again() {
    let prefix = Prefix::new();
    let store = prefix.open();
    put(&store, &[key(&Scope::Operator, "a")]);
    let _: String = prefix.raw(&["SCRIPT", "FLUSH"]);
    put(&store, &[key(&Scope::Operator, "b")]);
    assert!(there(&store, &key(&Scope::Operator, "b")));
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn a_record_ends_by_itself_but_not_early() {
    let prefix = Prefix::new();
    let store = prefix.open();
    let a = key(&Scope::Operator, "a");
    let by = Provenance::internal(Actor::Unauthenticated);
    // 2100-01-01T00:00:00.000001Z ends with the next millisecond.
    let end = clausework::Timestamp::from_micros(4_102_444_800_000_001);
    for (end, expected) in [(end, 4_102_444_800_001_i64), (None, -1)] {
        let transition = || end.into_iter().fold(Transition::put(Note("".into()), ()), Transition::collect_after);
        let written = update_async(store.clone(), [&a], |rows| {
            let mut change = Change::new(rows, now(), &by);
            change.apply(&a, transition())?;
            Ok(change.finish(()))
        });
        runtime().block_on(written).unwrap();
        let found: i64 = prefix.raw(&["PEXPIRETIME", &prefix.key(&a.to_string())]);
        assert_eq!(found, expected);
    }
}

#[test]
#[ignore = "needs Redis: .ci/services starts it"]
fn erasing_a_tenant_leaves_nothing_of_it_and_everything_of_the_others() {
    let prefix = Prefix::new();
    let store = prefix.open();
    let scopes = [tenant("gone"), tenant("gone-not"), Scope::Operator];
    for index in 0..1100 {
        // More than one page of each.
        for scope in &scopes {
            put(&store, &[key(scope, &format!("n{index}"))]);
        }
    }
    runtime().block_on(store.erase(&scopes[0])).unwrap();
    for (scope, left) in scopes.iter().zip([0, 1100, 1100]) {
        let keys: Vec<String> = prefix.raw(&["KEYS", &prefix.key(&format!("{scope}/*"))]);
        assert_eq!(keys.len(), left);
        assert_eq!(runtime().block_on(store.events(Some(scope))).unwrap().len(), left);
    }
}
