//! The latest uses of grants, for the customer's screen. All of them are in the audit trail; these are at hand.

use clausework::id::OpaqueId;
use clausework::staff::{GrantId, Permit};
use clausework::store::{Key, Record, Rows, Transition, update_async};
use clausework::{Now, TenantId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::PageError;
use crate::web::SignedIn;

/// How many are kept.
const KEPT: usize = 50;

/// Of one customer, the latest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsesState {
    latest: Vec<Use>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    pub at: Timestamp,
    pub staff: OpaqueId,
    pub what: String,
    pub grant: Option<GrantId>,
}

impl Record for UsesState {
    const KIND: &'static str = "portal_uses";
    const VERSION: u16 = 1;
}

fn key(tenant: &TenantId) -> Key {
    Key::of::<UsesState>(tenant.clone(), tenant)
}

/// Notes a use before anything is shown.
pub async fn note(
    app: &App,
    me: &SignedIn,
    now: Now,
    tenant: &TenantId,
    permit: &Permit,
    what: &str,
) -> Result<(), PageError> {
    let banner = permit.banner();
    let this =
        Use { at: now.timestamp(), staff: banner.staff.clone(), what: what.to_owned(), grant: banner.grant.clone() };
    let (key, by) = (key(tenant), super::provenance(me));
    let add = |uses: Option<UsesState>| {
        let mut latest = uses.unwrap_or_default().latest;
        latest.insert(0, this.clone());
        latest.truncate(KEPT);
        Transition::put(UsesState { latest }, ())
    };
    Ok(update_async(app.db(), [&key], |rows| rows.settle(now, &by, &key, add)).await?)
}

pub async fn latest(app: &App, tenant: &TenantId) -> Result<Vec<Use>, PageError> {
    let key = key(tenant);
    let rows = Rows::load_async(app.db(), [&key]).await?;
    Ok(rows.read::<UsesState>(&key)?.unwrap_or_default().latest)
}
