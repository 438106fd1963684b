//! People to try the portal with: made once, their temporary passwords printed once.

use clausework::credential::Issue;
use clausework::event::{Actor, Provenance};
use clausework::id::OpaqueId;
use clausework::{AccountId, TenantId};

use crate::app::App;
use crate::database::{Role, User};
use crate::error::PageError;
use crate::flows;

/// Account, tenant, first name, what for.
const PEOPLE: [(&str, &str, &str, Role); 6] = [
    ("u-1", "acme", "Anna", Role::Administrator),
    ("u-2", "acme", "Ben", Role::Member),
    ("u-3", "globex", "Carla", Role::Administrator),
    ("u-4", "globex", "David", Role::Member),
    ("s-1", "operator", "Sam", Role::Staff),
    ("s-2", "operator", "Tina", Role::Staff),
];

/// Adds whoever is not there yet. A temporary password is good for choosing another, and for 15 days.
///
/// # Errors
/// The database's, or the hasher's.
pub async fn people(app: &App) -> Result<(), StartFailed> {
    for (account, tenant, name, role) in PEOPLE {
        let (account, tenant) = (AccountId::try_new(account)?, TenantId::try_new(tenant)?);
        if app.db().user(&tenant, account.as_str()).await?.is_some() {
            continue;
        }
        let email = format!("{}@{tenant}.example", name.to_lowercase());
        let setup = Provenance::internal(Actor::ApiKey(OpaqueId::try_new("setup")?));
        let password = flows::issue_temporary(app, &tenant, &setup, &Issue::new_user(account.clone())).await?;
        // The user last: an interrupted first start is made good by the next.
        app.db().add_user(&User { email: email.clone(), account, tenant, display_name: name.into(), role }).await?;
        println!("temporary password of {email} ({}): {}", role.as_str(), password.expose());
    }
    Ok(())
}

/// The first start did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum StartFailed {
    #[error(transparent)]
    Id(#[from] clausework::id::IdError),
    #[error(transparent)]
    Database(#[from] crate::database::DatabaseError),
    #[error("no temporary password: {0:?}")]
    Issue(PageError),
}

impl From<PageError> for StartFailed {
    fn from(error: PageError) -> Self {
        Self::Issue(error)
    }
}
