//! Where the servers of the gate are, and a corner of its own for each test.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::runtime::Runtime;

/// The runtime of all tests: what a connection needs goes on after the test that opened it.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap())
}

/// A name that no other test has, in this run or another.
pub(crate) fn unique(name: &str) -> String {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("clausework_{name}_{}_{nanos}", std::process::id())
}

#[cfg(feature = "postgres")]
pub(crate) mod postgres {
    use clausework_stores::PostgresStore;
    use deadpool_postgres::tokio_postgres::{Config, NoTls};
    use deadpool_postgres::{Manager, Pool};

    use super::{runtime, unique};

    /// Where PostgreSQL is: `CLAUSEWORK_POSTGRES`, or as `.ci/services` starts it.
    pub(crate) fn url() -> String {
        std::env::var("CLAUSEWORK_POSTGRES")
            .unwrap_or("host=127.0.0.1 user=postgres dbname=test connect_timeout=5".into())
    }

    pub(crate) fn pool(url: &str, schema: &str, size: usize) -> Pool {
        let mut config: Config = url.parse().unwrap();
        config.options(format!("-c search_path={schema} -c statement_timeout=20s"));
        Pool::builder(Manager::new(config, NoTls)).max_size(size).build().unwrap()
    }

    pub(crate) async fn execute(url: &str, sql: &str) {
        pool(url, "public", 1).get().await.unwrap().batch_execute(sql).await.unwrap();
    }

    /// A schema that is dropped with it.
    pub(crate) struct Schema(pub(crate) String);

    impl Schema {
        pub(crate) fn new() -> Self {
            let name = unique("test");
            runtime().block_on(execute(&url(), &format!("CREATE SCHEMA {name}")));
            Self(name)
        }

        pub(crate) fn pool(&self, size: usize) -> Pool {
            pool(&url(), &self.0, size)
        }

        pub(crate) fn open(&self, size: usize) -> PostgresStore {
            runtime().block_on(PostgresStore::open(self.pool(size))).unwrap()
        }
    }

    impl Drop for Schema {
        fn drop(&mut self) {
            runtime().block_on(execute(&url(), &format!("DROP SCHEMA {} CASCADE", self.0)));
        }
    }
}

#[cfg(feature = "redis")]
pub(crate) mod redis {
    use clausework::id::OpaqueId;
    use clausework_stores::RedisStore;
    use redis::{Client, cmd};

    use super::{runtime, unique};

    /// Where Redis is: `CLAUSEWORK_REDIS`, or as `.ci/services` starts it.
    pub(crate) fn url() -> String {
        std::env::var("CLAUSEWORK_REDIS").unwrap_or("redis://127.0.0.1:6379".into())
    }

    /// A prefix whose keys are deleted with it.
    pub(crate) struct Prefix(pub(crate) String);

    impl Prefix {
        pub(crate) fn new() -> Self {
            Self(unique("test"))
        }

        /// The shared server keeps nothing on disk, which is right for tests and refused by `connect`.
        pub(crate) fn open(&self) -> RedisStore {
            let client = Client::open(url()).unwrap();
            let prefix = OpaqueId::try_new(self.0.clone()).unwrap();
            runtime().block_on(RedisStore::connect_unchecked(client, prefix)).unwrap()
        }

        pub(crate) fn key(&self, rest: &str) -> String {
            format!("{{{}}}:{rest}", self.0)
        }

        /// Any command, as another program would send it.
        pub(crate) fn raw<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
            let mut connection = Client::open(url()).unwrap().get_connection().unwrap();
            let (name, rest) = words.split_first().unwrap();
            cmd(name).arg(rest).query(&mut connection).unwrap()
        }
    }

    impl Drop for Prefix {
        fn drop(&mut self) {
            let keys: Vec<String> = self.raw(&["KEYS", &self.key("*")]);
            if !keys.is_empty() {
                let words: Vec<&str> = ["DEL"].into_iter().chain(keys.iter().map(String::as_str)).collect();
                let _: u64 = self.raw(&words);
            }
        }
    }
}
