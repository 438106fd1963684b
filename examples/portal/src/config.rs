//! The command line, read and checked before anything is opened.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clausework::access::client::{HeaderSource, ProxyPolicy, SchemeSource};
use clausework::profile::PolicySet;

pub const USAGE: &str = "\
usage: portal [options]
  --listen ADDRESS:PORT    where to listen; 127.0.0.1:8443 by default, port 0 takes a free one
  --data DIR               certificate, keys and database; ./portal-data by default
  --database PLACE         a file of SQLite, or postgres://user@host/database; DIR/portal.sqlite by default
  --policy FILE            a set of policies as JSON, for every customer
  --trusted-proxy NETWORK  where proxies are that may say who the client is; may be given again
  --proxy-header NAME      the one header they write: x-forwarded-for (default), forwarded, or another
  --help";

/// What the command line says, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database: String,
    pub policies: PolicySet,
    pub proxies: ProxyPolicy,
}

/// What a customer is bound by unless `--policy` says otherwise: a session of eight hours that is locked after a quarter
/// of an hour without use (PCI DSS 4.0.1, 8.2.8). Everything else is the crate's default.
const POLICIES: &str = r#"{ "sign_in": {
    "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } } } }"#;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    Arguments(#[from] lexopt::Error),
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    Policy(#[from] clausework::profile::PolicyFileError),
    #[error(transparent)]
    Proxy(#[from] clausework::access::client::ProxyPolicyError),
}

impl Config {
    /// `None`: only the usage was asked for.
    pub fn from_arguments(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Self>, ConfigError> {
        use lexopt::prelude::{Long, ValueExt};

        let mut parser = lexopt::Parser::from_args(arguments);
        let mut listen = SocketAddr::from(([127, 0, 0, 1], 8443));
        let (mut data, mut database, mut policy) = (PathBuf::from("portal-data"), None, None);
        let (mut trusted, mut header) = (Vec::new(), HeaderSource::XForwardedFor);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("listen") => listen = parser.value()?.parse()?,
                Long("data") => data = parser.value()?.into(),
                Long("database") => database = Some(parser.value()?.string()?),
                Long("policy") => policy = Some(PathBuf::from(parser.value()?)),
                Long("trusted-proxy") => trusted.push(parser.value()?.parse()?),
                Long("proxy-header") => header = parser.value()?.parse()?,
                Long("help") => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        let policies = match policy {
            None => POLICIES.to_owned(),
            Some(path) => std::fs::read_to_string(&path).map_err(|error| ConfigError::File { path, error })?,
        };
        let policies = PolicySet::from_json(&policies)?;
        let mut proxies = ProxyPolicy::builder();
        if !trusted.is_empty() {
            // Whether the client came over TLS is the proxy's to say as well.
            let scheme =
                if header == HeaderSource::Forwarded { SchemeSource::None } else { SchemeSource::XForwardedProto };
            proxies = proxies.trusted(trusted).source(header).scheme_source(scheme);
        }
        let proxies = proxies.build()?;
        let database = database.unwrap_or_else(|| data.join("portal.sqlite").to_string_lossy().into_owned());
        Ok(Some(Self { listen, data, database, policies, proxies }))
    }
}
