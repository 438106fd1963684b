use alloc::string::{String, ToString};

use serde_json::{Map, Value as Json, json};

use super::json::said;
use crate::audit::record::{Action, ActorKind, Body, Class, Outcome, Record, Source, Who};
use crate::event::Code;

/// A view of records as events of the Open Cybersecurity Schema Framework, version 1.9.0 of 3 August 2026.
///
/// Its classes, none of them deprecated there (Account Change 3001 and User Access 3005 are): Authentication 3002, Entity
/// Management 3004, Application Lifecycle 6002, API Activity 6003 and Datastore Activity 6005. What has no attribute
/// there stands under `unmapped`, as in [`json()`](super::json()).
///
/// ```
/// # use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place, Record};
/// use clausework::audit::view::Ocsf;
/// use clausework::event::Code;
/// # use clausework::event::{Actor, Origin};
/// # use clausework::{AccountId, Scope, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("u-17")?;
/// const SIGNED_IN: Code = Code::internal("shop.signed_in");
/// # let mut bytes = Vec::new();
/// # let _ = Draft::new(Essentials {
/// #     code: SIGNED_IN, at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #     source: Origin::Internal, phase: Phase::Whole(Outcome::Denied), actor: &Actor::Unauthenticated,
/// #     about: About::new("account", &id), class: Class::Authentication,
/// # }).encode_into(Place::first(now), &mut bytes)?;
/// let ocsf = Ocsf::new("Shop", "Example Ltd").logon(&[SIGNED_IN]);
/// let event = ocsf.event(&Record::decode(&bytes)?);
/// assert!(event.contains(r#""class_uid":3002"#) && event.contains(r#""type_uid":300201"#)); // Authentication: Logon
/// assert!(event.contains(r#""status_id":2"#)); // Failure
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ocsf<'a> {
    product: &'a str,
    vendor: &'a str,
    logon: &'a [Code],
    logoff: &'a [Code],
}

/// The version that the events name.
const SCHEMA: &str = "1.9.0";
/// `activity_id` of what the schema has no word for.
const OTHER: u32 = 99;

/// Class, activity and its name.
type Placed = (u32, u32, &'static str);

impl<'a> Ocsf<'a> {
    /// Events of this product, of this vendor.
    #[must_use]
    pub const fn new(product: &'a str, vendor: &'a str) -> Self {
        Self { product, vendor, logon: &[], logoff: &[] }
    }

    /// These codes are a logon, whether it came about or not.
    #[must_use]
    pub const fn logon(self, codes: &'a [Code]) -> Self {
        Self { logon: codes, ..self }
    }

    /// These codes are a logoff.
    #[must_use]
    pub const fn logoff(self, codes: &'a [Code]) -> Self {
        Self { logoff: codes, ..self }
    }

    /// The event, as one line of JSON.
    #[must_use]
    pub fn event(&self, record: &Record<'_>) -> String {
        let (class, activity, activity_name) = self.place(record);
        let product = json!({"name": self.product, "vendor_name": self.vendor});
        let (status_id, status) = match record.phase().outcome() {
            Some(Outcome::Success) => (1, "Success"),
            Some(Outcome::Denied | Outcome::Failed) => (2, "Failure"),
            Some(Outcome::Unknown) => (0, "Unknown"),
            Some(Outcome::TimedOut) => (OTHER, "Timed Out"),
            None => (OTHER, "Attempted"),
        };
        let mut event = Map::new();
        let mut put = |name: &str, value: Json| {
            if !value.is_null() {
                event.insert(name.into(), value);
            }
        };
        put("category_uid", class.checked_div(1000).unwrap_or_default().into());
        put("class_uid", class.into());
        put("activity_id", activity.into());
        put("activity_name", if activity == OTHER { record.code().into() } else { activity_name.into() });
        put("type_uid", class.saturating_mul(100).saturating_add(activity).into());
        put("severity_id", 1.into());
        put("status_id", status_id.into());
        put("status", status.into());
        put("status_code", record.phase().to_string().into());
        put("time", record.at().as_micros().div_euclid(1000).into());
        put("message", record.to_string().into());
        put("count", count(record));
        put(
            "metadata",
            json!({
                "version": SCHEMA,
                "product": product,
                "event_code": record.code(),
                "sequence": record.place().index(),
                "uid": alloc::format!("{}/{}", record.tenant().unwrap_or("operator"), record.place().index()),
                "tenant_uid": record.tenant(),
                "correlation_uid": record.phase().operation().map(|operation| operation.to_string()),
                "logged_time": record.place().recorded_at().as_micros().div_euclid(1000),
                "original_time": record.at().to_string(),
                "log_name": "audit",
            }),
        );
        put("actor", json!({"user": user(record.actor())}));
        put("src_endpoint", endpoint(record));
        match class {
            3002 => {
                put("user", json!({"uid": record.about().id()}));
                put("service", json!({"name": record.component()}));
            }
            3004 => put("entity", json!({"type": record.about().kind(), "uid": record.about().id()})),
            6002 => put("app", product),
            6005 => {
                put("table", json!({"name": record.about().kind(), "uid": record.about().id()}));
                put("type_id", 3.into());
            }
            _ => {
                put("api", json!({"operation": record.code(), "service": {"name": record.component()}}));
                put("resources", json!([{"type": record.about().kind(), "uid": record.about().id()}]));
            }
        }
        put("unmapped", said(record).into());
        Json::Object(event).to_string()
    }

    fn place(&self, record: &Record<'_>) -> Placed {
        let among = |codes: &[Code]| codes.iter().any(|code| code.as_str() == record.code());
        match record.body() {
            Body::Event if among(self.logon) => (3002, 1, "Logon"),
            Body::Event if among(self.logoff) => (3002, 2, "Logoff"),
            Body::Event if record.class() == Class::Authentication => (3002, OTHER, "Other"),
            Body::Access { action, .. } | Body::Bulk { action, .. } => datastore(action),
            Body::Change { action, .. } => match action {
                Action::Create => (3004, 1, "Create"),
                Action::Update => (3004, 3, "Update"),
                Action::Delete => (3004, 4, "Delete"),
                _ => (3004, OTHER, "Other"),
            },
            Body::LogStarted { .. } => (6002, 3, "Start"),
            Body::LogStopped { .. } => (6002, 4, "Stop"),
            Body::LogRead { .. } => (6003, 2, "Read"),
            Body::ConfigChanged { .. } | Body::KeyChange { .. } => (6003, 3, "Update"),
            Body::ErasureDone { .. } | Body::PurgeDone { .. } => (6003, 4, "Delete"),
            Body::HoldSet { .. } | Body::Review { .. } => (6003, 1, "Create"),
            Body::Event
            | Body::Gap { .. }
            | Body::Heartbeat { .. }
            | Body::ErasureIntent { .. }
            | Body::PurgeIntent { .. }
            | Body::HoldLifted { .. }
            | Body::IntentWithdrawn { .. } => (6003, OTHER, "Other"),
        }
    }
}

const fn datastore(action: Action) -> Placed {
    match action {
        Action::Read => (6005, 1, "Read"),
        Action::Update => (6005, 2, "Update"),
        Action::Search => (6005, 4, "Query"),
        Action::Create => (6005, 6, "Create"),
        Action::Delete => (6005, 7, "Delete"),
        Action::List => (6005, 8, "List"),
        Action::Export | Action::Print => (6005, OTHER, "Other"),
    }
}

fn count(record: &Record<'_>) -> Json {
    match record.body() {
        Body::Gap { count, .. } => count.into(),
        _ => Json::Null,
    }
}

/// `type_id` of a user: 1 User, 2 Admin, 3 System, 99 Other, 0 Unknown.
fn user(who: Who<'_>) -> Json {
    let type_id = match who.kind() {
        ActorKind::User => 1,
        ActorKind::Staff => 2,
        ActorKind::Service | ActorKind::Job => 3,
        ActorKind::ApiKey | ActorKind::Device | ActorKind::Imported => OTHER,
        ActorKind::Unauthenticated | ActorKind::Unknown => 0,
    };
    match who.id() {
        Some(id) => json!({"uid": id, "type_id": type_id, "type": who.kind().as_str()}),
        None => json!({"name": who.kind().as_str(), "type_id": type_id, "type": who.kind().as_str()}),
    }
}

fn endpoint(record: &Record<'_>) -> Json {
    match record.source() {
        Source::Network { peer, .. } => json!({"ip": peer.to_string()}),
        Source::Internal => json!({"name": record.component()}),
        Source::Committed { .. } => json!({"name": "withheld"}),
        Source::ProxyOrigin { .. } | Source::Unresolvable { .. } => json!({"name": "unknown"}),
    }
}
