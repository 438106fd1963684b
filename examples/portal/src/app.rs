//! What every request shares.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use clausework::access::client::ProxyPolicy;
use clausework::access::{AccessPolicy, IpList, ListOwner};
use clausework::entropy::{Entropy, OsEntropy};
use clausework::evidence::Report;
use clausework::id::OpaqueId;
use clausework::profile::PolicySet;
use clausework::secret::Keyring;
use clausework::sign_in::{SignIn, SignInPolicy};
use clausework::store::Rows;
use clausework::{Now, Scope, TenantId, Timestamp};
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::csrf::CsrfKey;
use crate::database::{Database, DatabaseError};
use crate::error::PageError;
use crate::hashing::Hashing;
use crate::jobs::Jobs;
use crate::limit::Limit;
use crate::log::{AuditError, AuditLog, Verification};
use crate::pages::support::Desk;
use crate::{policies, private};

/// The operator's own tenant: its staff sign in to it, and so do names that belong to nobody.
pub const OPERATOR: &str = "operator";
/// The customers of this demonstration.
pub const CUSTOMERS: [&str; 2] = ["acme", "globex"];

/// Passwords that one client may ask about while typing: some four a second, for a minute.
const CHECKS: u32 = 240;
const CHECK_WINDOW: Duration = Duration::from_secs(60);
/// Whole logs in memory at once, whoever asked: to be verified, reported on or handed out.
const WHOLE_LOGS: usize = 1;

/// The state of the application; clones are cheap.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    config: Config,
    database: Database,
    hashing: Hashing,
    keys: Keyring,
    csrf: CsrfKey,
    checks: Limit,
    desk: Desk,
    log: AuditLog,
    policies: Vec<(Timestamp, PolicySet)>,
    whole_logs: Arc<Semaphore>,
    verifications: Jobs<Verification>,
    reports: Jobs<Report>,
}

/// The guard of one tenant as its rules are at this moment; [`Guard::sign_in`] is what decides.
pub struct Guard<'a> {
    app: &'a App,
    tenant: TenantId,
    rules: AccessPolicy,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Log(#[from] AuditError),
    #[error("{0}")]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl App {
    /// Opens the database and the keys, which are made at the first start.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        private::folder(&config.data)?;
        let ring = Keyring::new(ring_id()?, secret(&config, "keyring.key")?);
        let csrf = CsrfKey::new(secret(&config, "csrf.key")?);
        let hashing = Hashing::new(config.policies.hashing(), &ring)?;
        let database = Database::open(&config.database).await?;
        let log = AuditLog::open(&config, &database).await?;
        let policies = policies::in_force(database.clone(), Now::from(Utc::now()), &config.policies);
        let policies = policies.await.map_err(|error| StartError::Other(error.into()))?;
        let whole_logs = Arc::new(Semaphore::new(WHOLE_LOGS));
        Ok(Self(Arc::new(Shared {
            config,
            database,
            hashing,
            keys: ring,
            csrf,
            checks: Limit::new(CHECKS, CHECK_WINDOW),
            desk: Desk::new()?,
            log,
            policies,
            verifications: Jobs::new(whole_logs.clone()),
            reports: Jobs::new(whole_logs.clone()),
            whole_logs,
        })))
    }

    /// The clock, read once a request.
    pub fn now(&self) -> Now {
        Now::from(Utc::now())
    }

    /// The database: an `AsyncStore`, and the host's own tables.
    pub fn db(&self) -> Database {
        self.0.database.clone()
    }

    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub fn proxies(&self) -> &ProxyPolicy {
        &self.0.config.proxies
    }

    pub fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    pub fn keys(&self) -> &Keyring {
        &self.0.keys
    }

    pub fn csrf(&self) -> &CsrfKey {
        &self.0.csrf
    }

    /// The audit log of every tenant.
    pub fn log(&self) -> &AuditLog {
        &self.0.log
    }

    /// The policies that were in force, each since when.
    pub fn policies_since(&self) -> &[(Timestamp, PolicySet)] {
        &self.0.policies
    }

    /// Whose logs are looked after.
    pub fn scopes(&self) -> Vec<Scope> {
        let tenants = CUSTOMERS.into_iter().chain([OPERATOR]);
        let tenants = tenants.filter_map(|id| TenantId::try_new(id).ok()).map(Scope::Tenant);
        tenants.chain([Scope::Operator]).collect()
    }

    /// The turns of those that hold a whole log in memory.
    pub fn whole_logs(&self) -> &Arc<Semaphore> {
        &self.0.whole_logs
    }

    /// Verifications of logs, under way and done.
    pub fn verifications(&self) -> &Jobs<Verification> {
        &self.0.verifications
    }

    /// Evidence reports, under way and done.
    pub fn reports(&self) -> &Jobs<Report> {
        &self.0.reports
    }

    /// How often a client may ask how a password stands.
    pub fn checks(&self) -> &Limit {
        &self.0.checks
    }

    /// The rules by which the operator's staff are let in.
    pub fn desk(&self) -> &Desk {
        &self.0.desk
    }

    /// Where to look for a name: the part after the `@` is the customer's domain. It does not ask whether anybody has
    /// that name, so that known and unknown ones meet the same rules.
    pub fn tenant_of_name(&self, name: &str) -> Result<TenantId, PageError> {
        let domain = name.trim().rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
        let customer = CUSTOMERS.into_iter().find(|customer| domain.strip_suffix(".example") == Some(customer));
        Ok(TenantId::try_new(customer.unwrap_or(OPERATOR))?)
    }

    /// A tenant of this portal: of what a cookie says, for one.
    pub fn tenant(&self, id: &str) -> Option<TenantId> {
        let known = CUSTOMERS.into_iter().chain([OPERATOR]).find(|known| *known == id)?;
        TenantId::try_new(known).ok()
    }

    /// The guard of a tenant, with its list of addresses as it is stored at this moment: a change bites at once.
    pub async fn guard(&self, tenant: &TenantId) -> Result<Guard<'_>, PageError> {
        let key = IpList::key(tenant.clone(), &ListOwner::Tenant);
        let rows = Rows::load_async(self.db(), [&key]).await?;
        let rules = self.0.config.policies.sign_in().access().clone();
        let rules = match rows.read::<IpList>(&key)? {
            None => rules,
            Some(list) => rules.with_list(list).map_err(PageError::unavailable)?,
        };
        Ok(Guard { app: self, tenant: tenant.clone(), rules })
    }
}

impl Guard<'_> {
    /// The guard itself.
    pub fn sign_in(&self) -> SignIn<'_> {
        SignIn::new(&self.tenant, self.policy(), self.app.hashing().hasher(), self.app.keys()).with_access(&self.rules)
    }

    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    pub fn policy(&self) -> &SignInPolicy {
        self.app.config().policies.sign_in()
    }

    /// The rules of network and transport, with the tenant's own list.
    pub const fn rules(&self) -> &AccessPolicy {
        &self.rules
    }
}

/// The id of the only key. A host that rotates keys names them by their date.
fn ring_id() -> Result<OpaqueId, StartError> {
    OpaqueId::try_new("first").map_err(|error| StartError::Other(error.into()))
}

/// 256 random bits in a file of their own.
fn secret(config: &Config, file: &str) -> Result<[u8; 32], StartError> {
    let path = config.data.join(file);
    let make = || {
        let mut key = [0; 32];
        OsEntropy.fill(&mut key).map_err(std::io::Error::other)?;
        Ok(key.to_vec())
    };
    let bytes = private::kept(&path, make)?;
    bytes.try_into().map_err(|_| StartError::Other(format!("{} is no key of 32 bytes", path.display()).into()))
}
