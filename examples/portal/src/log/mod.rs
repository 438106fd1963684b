//! The audit log of every tenant, over either database, with the key that signs it.

mod kept;
pub mod sequencer;
mod verification;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clausework::audit::bundle::Bundle;
use clausework::audit::checkpoint::{CheckpointError, Ed25519Signer, Ed25519Verifier, Origin};
use clausework::audit::record::{Body, Class, Draft};
use clausework::audit::sequencer::LogState;
use clausework::entropy::{Entropy, OsEntropy};
use clausework::event::{Event, Provenance};
use clausework::id::OpaqueId;
use clausework::{Now, Scope, Timestamp};
use clausework_stores::{LogError, PostgresError, PostgresLog, Sequenced, SqliteError, SqliteLog, StoredRecord};
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::block_in_place;

pub use self::kept::Kept;
pub use self::verification::{Verification, judge, verify};
use crate::config::Config;
use crate::database::Database;
use crate::error::PageError;
use crate::private;

/// What the logs are called: a name that no other host uses. The tenant's follows it.
const HOST: &str = "portal.example";
/// How many events become records in one transaction.
const BATCH: u32 = 256;

/// The audit log; clones are cheap.
#[derive(Clone)]
pub struct AuditLog(Arc<Shared>);

struct Shared {
    place: Place,
    /// The signing key of RFC 8032. A production host keeps it in a vault, behind `CheckpointSigner`.
    seed: [u8; 32],
    component: OpaqueId,
    kept: Kept,
}

/// SQLite has one connection that writes and one that reads, so that a page does not wait for the sequencer.
/// Pages that wait for each other take no thread meanwhile.
#[expect(clippy::large_enum_variant, reason = "there is one, behind an Arc")]
enum Place {
    Sqlite { path: PathBuf, write: Mutex<SqliteLog>, read: AsyncMutex<SqliteLog> },
    Postgres(PostgresLog),
}

/// Why the log cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Sqlite(#[from] LogError<SqliteError>),
    #[error(transparent)]
    Postgres(#[from] LogError<PostgresError>),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("checkpoints that are kept elsewhere: {0}")]
    Kept(#[from] std::io::Error),
    #[error(transparent)]
    Id(#[from] clausework::id::IdError),
}

impl AuditError {
    /// Whether it says that what is stored was changed: not trouble, but a finding.
    pub fn is_alarm(&self) -> bool {
        const fn alarm<E>(error: &LogError<E>) -> bool {
            matches!(error, LogError::Confirm(_) | LogError::Proof(_) | LogError::Broken { .. })
        }
        match self {
            Self::Sqlite(error) => alarm(error),
            Self::Postgres(error) => alarm(error),
            _ => false,
        }
    }
}

impl From<AuditError> for PageError {
    fn from(error: AuditError) -> Self {
        Self::unavailable(error)
    }
}

impl AuditLog {
    /// Opens the log beside the store. The key is made at the first start.
    pub async fn open(config: &Config, database: &Database) -> Result<Self, AuditError> {
        let place = match database {
            Database::Sqlite(file) => {
                let path = file.path().to_owned();
                let open = || SqliteLog::open(&path);
                Place::Sqlite { write: Mutex::new(open()?), read: AsyncMutex::new(open()?), path }
            }
            Database::Postgres(server) => Place::Postgres(PostgresLog::open(server.pool().clone()).await?),
        };
        let seed = private::kept(&config.data.join("checkpoint.key"), || {
            let mut seed = [0; 32];
            OsEntropy.fill(&mut seed).map_err(std::io::Error::other)?;
            Ok(seed.to_vec())
        })?;
        let seed = seed.try_into().map_err(|_| std::io::Error::other("checkpoint.key is no key of 32 bytes"))?;
        let kept = Kept::new(config.data.join("checkpoints"));
        Ok(Self(Arc::new(Shared { place, seed, component: OpaqueId::try_new("portal")?, kept })))
    }

    /// The name of a tenant's log, which every checkpoint says.
    pub fn origin(&self, scope: &Scope) -> Result<Origin, AuditError> {
        Ok(Origin::of_scope(HOST, scope)?)
    }

    /// Who signs a tenant's log. One secret, and a name for each log.
    pub fn signer(&self, scope: &Scope) -> Result<Ed25519Signer, AuditError> {
        Ok(Ed25519Signer::from_seed(self.origin(scope)?.key_name()?, &self.0.seed))
    }

    /// What the signatures are verified by.
    pub fn verifier(&self, scope: &Scope) -> Result<Ed25519Verifier, AuditError> {
        Ok(Ed25519Verifier::new(&self.signer(scope)?.verifier_key())?)
    }

    /// The checkpoints outside the database.
    pub fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// Whose events wait.
    pub async fn waiting(&self) -> Result<Vec<Scope>, AuditError> {
        match &self.0.place {
            Place::Sqlite { write, .. } => block_in_place(|| Ok(lock(write).waiting()?)),
            Place::Postgres(log) => Ok(log.waiting().await?),
        }
    }

    /// The state of a log, and since when an event waits.
    pub async fn state(&self, scope: &Scope) -> Result<(Option<LogState>, Option<Timestamp>), AuditError> {
        match &self.0.place {
            Place::Sqlite { read, .. } => {
                let log = read.lock().await;
                block_in_place(|| Ok(log.state(scope)?))
            }
            Place::Postgres(log) => Ok(log.state(scope).await?),
        }
    }

    /// Turns events that wait into records, a batch at most. Whether there may be more.
    pub async fn sequence(&self, scope: &Scope, now: Now) -> Result<bool, AuditError> {
        let component = &self.0.component;
        let done = match &self.0.place {
            Place::Sqlite { write, .. } => {
                block_in_place(|| lock(write).sequence(scope, now, component, class, BATCH, &mut OsEntropy))?
            }
            Place::Postgres(log) => log.sequence(scope, now, component, class, BATCH, &mut OsEntropy).await?,
        };
        Ok(done != Sequenced::Nothing)
    }

    /// Appends a record of the log's own.
    pub async fn append(&self, scope: &Scope, now: Now, by: &Provenance, body: Body<'_>) -> Result<(), AuditError> {
        let mut drafts = [Draft::new(sequencer::essentials(scope, now, &self.0.component, by)).body(body)];
        match &self.0.place {
            Place::Sqlite { write, .. } => block_in_place(|| lock(write).append(scope, now, &mut drafts))?,
            Place::Postgres(log) => log.append(scope, now, &mut drafts).await?,
        };
        Ok(())
    }

    /// Has the log signed as it is, if anything is new, and keeps the checkpoint outside the database.
    pub async fn checkpoint(&self, scope: &Scope) -> Result<(), AuditError> {
        let (origin, signer) = (self.origin(scope)?, self.signer(scope)?);
        match &self.0.place {
            Place::Sqlite { write, .. } => drop(block_in_place(|| lock(write).checkpoint(scope, origin, &[&signer]))?),
            Place::Postgres(log) => drop(log.checkpoint(scope, origin, &[&signer]).await?),
        }
        self.keep(scope).await
    }

    /// Keeps the last checkpoint outside the database, if it is not yet: the folder may have been out of reach.
    pub async fn keep(&self, scope: &Scope) -> Result<(), AuditError> {
        let (Some(state), _) = self.state(scope).await? else { return Ok(()) };
        if state.anchored() >= state.checkpointed() {
            return Ok(());
        }
        let last = match &self.0.place {
            Place::Sqlite { read, .. } => {
                let log = read.lock().await;
                block_in_place(|| log.last_checkpoint(scope))?
            }
            Place::Postgres(log) => log.last_checkpoint(scope).await?,
        };
        let Some(checkpoint) = last else { return Ok(()) };
        let key = self.signer(scope)?.verifier_key();
        block_in_place(|| self.0.kept.keep(scope, &checkpoint, &key))?;
        // Only now: what is noted as kept elsewhere is.
        let size = checkpoint.unverified().head().size();
        match &self.0.place {
            Place::Sqlite { write, .. } => block_in_place(|| lock(write).anchor(scope, size))?,
            Place::Postgres(log) => log.anchor(scope, size).await?,
        };
        Ok(())
    }

    /// Records below an index, newest first.
    pub async fn page(&self, scope: &Scope, below: u64, limit: u32) -> Result<Vec<StoredRecord>, AuditError> {
        match &self.0.place {
            Place::Sqlite { read, .. } => {
                let log = read.lock().await;
                block_in_place(|| Ok(log.page(scope, below, limit)?))
            }
            Place::Postgres(log) => Ok(log.page(scope, below, limit).await?),
        }
    }

    /// The whole log as evidence, with the public key. It is read on a connection of its own, for it may take long.
    pub async fn bundle(&self, scope: &Scope) -> Result<Bundle, AuditError> {
        let origin = self.origin(scope)?;
        let mut bundle = match &self.0.place {
            Place::Sqlite { path, .. } => block_in_place(|| read_whole(path, scope, origin))?,
            Place::Postgres(log) => log.bundle(scope, origin).await?,
        };
        bundle.add_key(self.signer(scope)?.verifier_key());
        Ok(bundle)
    }
}

fn read_whole(path: &Path, scope: &Scope, origin: Origin) -> Result<Bundle, LogError<SqliteError>> {
    SqliteLog::open(path)?.bundle(scope, origin)
}

/// A connection; whoever panicked with it left no transaction open.
fn lock(log: &Mutex<SqliteLog>) -> MutexGuard<'_, SqliteLog> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long a record of this event is kept, by what it is about.
fn class(event: &Event) -> Class {
    match event.code().split_once('.').map_or(event.code(), |(room, _)| room) {
        "sign_in" | "session" | "lockout" | "credential" | "password" => Class::Authentication,
        "staff" | "tenancy" | "access" | "governance" => Class::Administration,
        "portal" => Class::Change,
        _ => Class::General,
    }
}
