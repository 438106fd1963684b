//! Where administrators were seen of late, in both families: a change of the rules must not shut them out there.
//!
//! A record of the host's own, in the same store as clausework's.

use std::net::IpAddr;
use std::time::Duration;

use clausework::access::Administrator;
use clausework::event::Origin;
use clausework::store::{Key, Record, Rows, Transition, update_async};
use clausework::{Now, TenantId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::database::{Role, User};
use crate::error::PageError;
use crate::web::SignedIn;

/// Whoever was not seen for longer is not counted on: an address of years ago would bar every change.
const ACTIVE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Seen again at the same place within this time is not news, and is not written.
const GRAIN: Duration = Duration::from_secs(60 * 60);

/// One administrator.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenState {
    ipv4: Option<Place>,
    ipv6: Option<Place>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub address: IpAddr,
    pub at: Timestamp,
}

impl Record for SeenState {
    const KIND: &'static str = "portal_seen";
    const VERSION: u16 = 1;
}

impl SeenState {
    /// Where she was of late, IPv4 first.
    fn places(&self, now: Now) -> impl Iterator<Item = Place> {
        let places = [self.ipv4, self.ipv6].into_iter().flatten();
        places.filter(move |place| now.timestamp().since(place.at) < ACTIVE)
    }
}

/// Notes from where an administrator makes a request.
pub async fn note(app: &App, me: &SignedIn, now: Now) -> Result<(), PageError> {
    let Origin::Network { peer: address, .. } = me.origin else { return Ok(()) };
    let key = Key::of::<SeenState>(me.tenant.clone(), &me.account);
    let place = Place { address, at: now.timestamp() };
    let see = |seen: Option<SeenState>| {
        let mut seen = seen.unwrap_or_default();
        let known = if address.is_ipv4() { &mut seen.ipv4 } else { &mut seen.ipv6 };
        match known.replace(place) {
            Some(last) if last.address == address && place.at.since(last.at) < GRAIN => Transition::keep(()),
            _ => Transition::put(seen, ()),
        }
    };
    Ok(update_async(app.db(), [&key], |rows| rows.settle(now, &me.provenance(), &key, see)).await?)
}

/// An administrator of the tenant, and where she was seen of late; nowhere, if she was not.
pub struct Person {
    pub user: User,
    pub places: Vec<Place>,
}

impl Person {
    pub fn as_administrator(&self) -> Administrator {
        Administrator::new(self.user.account.clone(), self.places.iter().map(|place| place.address))
    }
}

/// The administrators of a tenant.
pub async fn administrators(app: &App, tenant: &TenantId, now: Now) -> Result<Vec<Person>, PageError> {
    let users = app.db().users_of(tenant).await?;
    let users: Vec<User> = users.into_iter().filter(|user| user.role == Role::Administrator).collect();
    let key = |user: &User| Key::of::<SeenState>(tenant.clone(), &user.account);
    let rows = Rows::load_async(app.db(), users.iter().map(key)).await?;
    let person = |user: User| {
        let seen = rows.read::<SeenState>(&key(&user))?.unwrap_or_default();
        Ok(Person { places: seen.places(now).collect(), user })
    };
    users.into_iter().map(person).collect()
}
