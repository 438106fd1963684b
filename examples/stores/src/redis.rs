use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use clausework::Scope;
use clausework::id::OpaqueId;
use clausework::store::{AsyncStore, Batch, Commit, Key, Stored, Version};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script, cmd};

const COMMIT: &str = include_str!("redis/commit.lua");

/// How long a call waits for its answer before it fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many keys or events one call of [`erase`](RedisStore::erase) or [`events`](RedisStore::events) looks at.
const PAGE: usize = 1000;

/// What has to be set so that an acknowledged commit survives a crash of the server, and no record goes before its time.
const REQUIRED: [(&str, &str); 4] = [
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("no-appendfsync-on-rewrite", "no"),
    ("maxmemory-policy", "noeviction"), // any other forgets a lock when memory runs out
];

/// Records and events in Redis (6.2 or later), on one primary.
///
/// Clones share one connection, which carries the requests of all of them and is opened anew when it is lost: keep
/// one in the state of the application and give each request its clone. A commit is **one script**, and nothing else
/// runs meanwhile. Redis itself deletes a record after its time of collection.
///
/// | key | type | holds |
/// |---|---|---|
/// | `{prefix}:tenant:acme/lockout/u-17` | string | `version text`, such as `1795339800000000 {"v":1,...}` |
/// | `{prefix}:events` | stream | an entry an event: `scope`, `text` |
///
/// The braces put all keys of a store into one slot: a batch may then touch any of them, in a cluster too, and one
/// store does not spread over its nodes. Give groups of tenants prefixes of their own for that.
///
/// **What it loses.** With the settings that [`connect`](RedisStore::connect) requires, an acknowledged commit
/// survives a crash of the server. It does not survive a failover: Redis replicates after it has answered, so a
/// replica that takes over may lack the latest commits: failures are uncounted, a lock is forgotten, a session that
/// was ended lives on. Where that matters take PostgreSQL.
///
/// ```no_run
/// use clausework_stores::RedisStore;
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let client = redis::Client::open("redis://127.0.0.1:6379")?;
/// let store = RedisStore::connect(client, "clausework".to_owned().try_into()?).await?;
/// let mut of_one_request = store.clone();
/// # use clausework::store::AsyncStore;
/// # of_one_request.load(&[]).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    prefix: Arc<str>,
    commit: Arc<Script>,
}

impl RedisStore {
    /// Connects, and refuses a server that acknowledges what it may lose.
    ///
    /// # Errors
    /// [`RedisError::NotDurable`] names the setting; [`RedisError::Redis`] when there is no connection, or when the
    /// server does not let its settings be seen.
    pub async fn connect(client: Client, prefix: OpaqueId) -> Result<Self, RedisError> {
        let mut store = Self::connect_unchecked(client, prefix).await?;
        for (setting, required) in REQUIRED {
            let ask = cmd("CONFIG").arg("GET").arg(setting).take();
            let answer: Vec<String> = ask.query_async(&mut store.connection).await?; // name and value
            let found = answer.into_iter().nth(1).unwrap_or_default();
            if found != required {
                return Err(RedisError::NotDurable { setting, required, found });
            }
        }
        Ok(store)
    }

    /// Connects without looking at the server's settings: for tests, and for services that hide their settings and
    /// whose durability is known otherwise. A server that forgets lets a stranger guess on.
    ///
    /// # Errors
    /// [`RedisError::Redis`].
    pub async fn connect_unchecked(client: Client, prefix: OpaqueId) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(PATIENCE));
        let connection = ConnectionManager::new_with_config(client, config).await?;
        Ok(Self { connection, prefix: format!("{{{prefix}}}").into(), commit: Arc::new(Script::new(COMMIT)) })
    }

    /// The text of every event of a tenant, or of all, oldest first, as far as the stream was not trimmed.
    ///
    /// # Errors
    /// [`RedisError`].
    pub async fn events(&self, scope: Option<&Scope>) -> Result<Vec<String>, RedisError> {
        let (mut texts, mut after, scope) = (Vec::new(), None, scope.map(Scope::to_string));
        loop {
            let page = self.page(after).await?;
            let Some((last, ..)) = page.last() else { return Ok(texts) };
            after = Some(last.clone());
            let wanted = |of: &String| scope.as_ref().is_none_or(|scope| scope == of);
            texts.extend(page.into_iter().filter(|(_, of, _)| wanted(of)).map(|(_, _, text)| text));
        }
    }

    /// Deletes every record and event of a tenant, of every kind: in steps, and it looks at every key of the server.
    /// Shut the tenant out first: what its users write meanwhile may stay. The append-only file keeps what was
    /// deleted until it is rewritten (`BGREWRITEAOF`).
    ///
    /// # Errors
    /// [`RedisError`]; it can be called again.
    pub async fn erase(&self, scope: &Scope) -> Result<(), RedisError> {
        let (mut connection, scope) = (self.connection.clone(), scope.to_string());
        let (pattern, mut cursor) = (format!("{}:{scope}/*", self.prefix), 0_u64); // no id has a wildcard
        loop {
            let scan = cmd("SCAN").arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(PAGE).take();
            let (next, keys): (u64, Vec<String>) = scan.query_async(&mut connection).await?;
            if !keys.is_empty() {
                cmd("UNLINK").arg(keys).exec_async(&mut connection).await?;
            }
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
        let mut after = None;
        loop {
            let page = self.page(after).await?;
            let Some((last, ..)) = page.last() else { return Ok(()) };
            after = Some(last.clone());
            let ids: Vec<String> = page.into_iter().filter(|(_, of, _)| *of == scope).map(|(id, ..)| id).collect();
            if !ids.is_empty() {
                cmd("XDEL").arg(self.stream()).arg(ids).exec_async(&mut connection).await?;
            }
        }
    }

    /// The next events after this one: id, scope, text.
    async fn page(&self, after: Option<String>) -> Result<Vec<(String, String, String)>, RedisError> {
        type Entry = (String, (String, String, String, String));
        let from = after.map_or("-".to_owned(), |id| format!("({id}"));
        let range = cmd("XRANGE").arg(self.stream()).arg(from).arg("+").arg("COUNT").arg(PAGE).take();
        let entries: Vec<Entry> = range.query_async(&mut self.connection.clone()).await?;
        Ok(entries.into_iter().map(|(id, (_, scope, _, text))| (id, scope, text)).collect())
    }

    fn stream(&self) -> String {
        format!("{}:events", self.prefix)
    }

    fn key(&self, key: &Key) -> String {
        format!("{}:{key}", self.prefix)
    }
}

impl AsyncStore for RedisStore {
    type Error = RedisError;

    async fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Stored>>, RedisError> {
        if keys.is_empty() {
            return Ok(Vec::new()); // MGET wants one at least
        }
        let mut load = cmd("MGET");
        for key in keys {
            load.arg(self.key(key));
        }
        // A connection that was lost is found lost by the next call. Reading again changes nothing; a commit stays in doubt.
        let values: Vec<Option<String>> = match load.query_async(&mut self.connection).await {
            Err(error) if error.is_connection_dropped() => load.query_async(&mut self.connection).await?,
            answer => answer?,
        };
        values.iter().map(|value| value.as_deref().map(stored).transpose()).collect()
    }

    async fn commit(&mut self, batch: &Batch<'_>) -> Result<Commit, RedisError> {
        let mut call = self.commit.prepare_invoke();
        call.key(self.stream());
        for write in batch.writes() {
            // Rounded up to the millisecond, and never an instant that Redis refuses.
            let until =
                write.collect_after().map(|until| until.as_micros().saturating_add(999).div_euclid(1000).max(1));
            call.key(self.key(write.key()))
                .arg(write.replaces().map(|version| version.as_i64().to_string()).unwrap_or_default())
                .arg(format!("{} {}", write.version().as_i64(), write.text()))
                .arg(until.map(|until| until.to_string()).unwrap_or_default());
        }
        for event in batch.events() {
            call.arg(event.scope().to_string()).arg(event.text());
        }
        let applied: bool = call.invoke_async(&mut self.connection).await?;
        Ok(if applied { Commit::Applied } else { Commit::Conflict })
    }
}

fn stored(value: &str) -> Result<Stored, RedisError> {
    let (version, text) = value.split_once(' ').ok_or(RedisError::Foreign)?;
    Ok(Stored::new(Version::new(version.parse().map_err(|_| RedisError::Foreign)?), text))
}

/// Without the connection, whose settings hold a password.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisStore(..)")
    }
}

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisError {
    /// Redis, or the connection to it, reported this.
    #[error("redis: {0}")]
    Redis(#[from] redis::RedisError),
    /// The server would acknowledge commits that a crash may undo, or forget records when memory runs out.
    #[error("redis: `{setting}` is `{found}` and has to be `{required}`, or an acknowledged commit may be lost")]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// What it has to be.
        required: &'static str,
        /// What it is.
        found: String,
    },
    /// Another program has written under this prefix.
    #[error("redis: a value is no record of clausework")]
    Foreign,
}
