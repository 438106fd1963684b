//! Databases of a test's own, on a port of their own, to be killed.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clausework::store::AsyncStore;

use crate::folder::Folder;
use crate::servers::runtime;

/// A server of this test's own; it ends with it.
pub(crate) trait Database {
    type Store: AsyncStore<Error: Send> + Clone + Send + Sync + 'static;
    const KIND: &'static str;

    /// Kills it, as the kernel does when memory runs out.
    fn kill(&mut self);
    /// Starts it again and waits until it answers.
    fn start(&mut self);
    /// What another process opens it by.
    fn address(&self) -> String;
    fn store(&self) -> Self::Store;
    fn events(&self) -> Vec<String>;
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Tries until it is done.
fn patiently<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(done) = attempt() {
            return done;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{what} in half a minute");
        sleep(Duration::from_millis(20));
    }
}

#[cfg(feature = "postgres")]
pub(crate) use self::postgres::Postgres;
#[cfg(feature = "redis")]
pub(crate) use self::redis::Redis;

#[cfg(feature = "postgres")]
mod postgres {
    use clausework_stores::PostgresStore;

    use super::{Child, Command, Database, Duration, Folder, PathBuf, Stdio, free_port, patiently, runtime};
    use crate::servers::postgres::pool;

    pub(crate) struct Postgres {
        folder: Folder,
        port: u16,
        server: Option<Child>,
    }

    /// A program of PostgreSQL's: on the path, or where Debian keeps them. It refuses to run as root.
    fn program(name: &str) -> Command {
        let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let newest = installed.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).max();
        let path = newest.unwrap_or(PathBuf::from(name));
        if std::fs::metadata("/proc/self").map(|me| std::os::unix::fs::MetadataExt::uid(&me)).unwrap_or(1) != 0 {
            return Command::new(path);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
        command
    }

    impl Postgres {
        pub(crate) fn new() -> Self {
            let mut this = Self { folder: Folder::new(), port: free_port(), server: None };
            let _ = Command::new("chown").arg("postgres").arg(this.folder.path()).status(); // for root only
            let mut init = program("initdb");
            init.args(["--auth=trust", "--username=postgres", "--no-sync", "--pgdata"]).arg(this.folder.file("data"));
            assert!(init.stdout(Stdio::null()).status().unwrap().success());
            this.start();
            this
        }

        pub(crate) fn open(address: &str, size: usize) -> PostgresStore {
            runtime().block_on(PostgresStore::open(pool(address, "public", size))).unwrap()
        }
    }

    impl Database for Postgres {
        type Store = PostgresStore;
        const KIND: &'static str = "postgres";

        fn kill(&mut self) {
            let mut server = self.server.take().unwrap();
            server.kill().unwrap(); // its children see that it is gone, and go
            server.wait().unwrap();
        }

        fn start(&mut self) {
            let address = self.address();
            self.server = Some(patiently("PostgreSQL answers", || {
                let mut start = program("postgres");
                start.arg("-D").arg(self.folder.file("data")).args(["-p", &self.port.to_string(), "-h", "127.0.0.1"]);
                start.args(["-c", "unix_socket_directories="]).stdout(Stdio::null()).stderr(Stdio::null());
                let mut server = start.spawn().unwrap();
                let answers = || runtime().block_on(pool(&address, "public", 1).get()).is_ok();
                // While children of the one that was killed are still there, the new one gives up at once.
                while server.try_wait().unwrap().is_none() {
                    if answers() {
                        return Some(server);
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
                None
            }));
        }

        fn address(&self) -> String {
            format!("host=127.0.0.1 port={} user=postgres dbname=postgres connect_timeout=2", self.port)
        }

        fn store(&self) -> PostgresStore {
            Self::open(&self.address(), 4)
        }

        fn events(&self) -> Vec<String> {
            runtime().block_on(self.store().events(None)).unwrap()
        }
    }

    impl Drop for Postgres {
        fn drop(&mut self) {
            if self.server.is_some() {
                self.kill();
            }
        }
    }
}

#[cfg(feature = "redis")]
mod redis {
    use clausework::id::OpaqueId;
    use clausework_stores::RedisStore;
    use redis::Client;

    use super::{Child, Command, Database, Folder, Stdio, free_port, patiently, runtime};

    pub(crate) struct Redis {
        folder: Folder,
        port: u16,
        server: Option<Child>,
        cluster: bool,
    }

    impl Redis {
        pub(crate) fn new() -> Self {
            Self::with(false)
        }

        /// One node that has every slot: the rule that the keys of a call share one is then enforced.
        pub(crate) fn cluster() -> Self {
            Self::with(true)
        }

        fn with(cluster: bool) -> Self {
            let mut this = Self { folder: Folder::new(), port: free_port(), server: None, cluster };
            this.start();
            this
        }

        pub(crate) fn open(address: &str) -> RedisStore {
            let prefix = OpaqueId::try_new("clausework").unwrap();
            runtime().block_on(RedisStore::connect(Client::open(address).unwrap(), prefix)).unwrap()
        }
    }

    impl Database for Redis {
        type Store = RedisStore;
        const KIND: &'static str = "redis";

        fn kill(&mut self) {
            let mut server = self.server.take().unwrap();
            server.kill().unwrap();
            server.wait().unwrap();
        }

        fn start(&mut self) {
            let mut start = Command::new("redis-server");
            start.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
            start.args(["--appendonly", "yes", "--appendfsync", "always", "--dir"]).arg(self.folder.path());
            start.args(["--cluster-enabled", if self.cluster { "yes" } else { "no" }]).stdout(Stdio::null());
            self.server = Some(start.spawn().unwrap());
            let client = Client::open(self.address()).unwrap();
            let mut connection = patiently("Redis answers", || client.get_connection().ok());
            if self.cluster {
                redis::cmd("CLUSTER").arg(&["ADDSLOTSRANGE", "0", "16383"]).exec(&mut connection).unwrap();
            }
            patiently("Redis has its data", || {
                let info: String = redis::cmd("CLUSTER").arg("INFO").query(&mut connection).unwrap_or_default();
                let key = redis::cmd("EXISTS").arg("any").query::<bool>(&mut connection).is_ok();
                (key && (info.contains("cluster_state:ok") || !self.cluster)).then_some(())
            });
        }

        fn address(&self) -> String {
            format!("redis://127.0.0.1:{}", self.port)
        }

        fn store(&self) -> RedisStore {
            Self::open(&self.address())
        }

        fn events(&self) -> Vec<String> {
            runtime().block_on(self.store().events(None)).unwrap()
        }
    }

    impl Drop for Redis {
        fn drop(&mut self) {
            if self.server.is_some() {
                self.kill();
            }
        }
    }
}
