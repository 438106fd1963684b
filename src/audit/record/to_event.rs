//! Back from a record to the event that it was made of.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value as Json, json};

use super::{Body, Outcome, Phase, Record, Source, Value};
use crate::event::{Event, Origin};
use crate::id::{Scope, TenantId};

impl Record<'_> {
    /// The event that [`Draft::of_event`](super::Draft::of_event) made this record of, for what reads events: a
    /// sequencer deletes those that it took in, and from then on the log is where they are.
    ///
    /// `None` for what was no event of the crate: records of the log's own, attempts and completions, changes, whatever
    /// names a person or acts for somebody, values that are committed, cut or of a kind that events do not have; and for
    /// a clause that this version does not know.
    ///
    /// ```
    /// use clausework::audit::record::{Class, Draft, Place, Record};
    /// use clausework::{event::Event, id::OpaqueId};
    ///
    /// let line = r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":{"network":{"peer":"198.51.100.7","transport":"tls"}},"subject":{"kind":"lockout","id":"u-17"},"code":"lockout.locked","outcome":"failure","clauses":["E-6P.3"],"details":{"failures":3}}"#;
    /// let (event, portal) = (Event::decode(line)?, OpaqueId::try_new("portal")?);
    /// let mut bytes = Vec::new();
    /// let _ = Draft::of_event(&event, &portal, Class::Authentication).encode_into(Place::first(event.at().into()), &mut bytes)?;
    /// assert_eq!(Record::decode(&bytes)?.to_event(), Some(event));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_event(&self) -> Option<Event> {
        let is_plain = matches!(self.body(), Body::Event)
            && self.person().is_none()
            && self.on_behalf_of().next().is_none()
            && self.claimed() == super::Claimed::default();
        let outcome = match self.phase() {
            Phase::Whole(Outcome::Success) => "success",
            Phase::Whole(Outcome::Denied) => "failure",
            _ => return None,
        };
        let scope = match self.tenant() {
            Some(tenant) => Scope::Tenant(TenantId::try_new(tenant).ok()?),
            None => Scope::Operator,
        };
        let origin = match self.source() {
            Source::Internal => Origin::Internal,
            Source::Network { peer, transport } => Origin::network(peer, transport),
            Source::ProxyOrigin { proxy, transport } => Origin::ProxyOrigin { proxy, transport },
            Source::Unresolvable { peer, why } => Origin::Unresolvable { peer, why },
            Source::Committed { .. } => return None,
        };
        let value = |value: Value<'_>| -> Option<Json> {
            Some(match value {
                Value::Count(count) => count.into(),
                Value::Flag(flag) => flag.into(),
                Value::Instant(instant) => instant.to_string().into(),
                Value::Id(text) | Value::Word(text) => text.into(),
                Value::Internal(text) if text.original_bytes().is_none() => text.text().into(),
                _ => return None,
            })
        };
        let details = self.attributes().iter().map(|one| Some((String::from(one.name()), value(one.value())?)));
        // By way of its stored form: what no event can hold is none.
        let event = json!({
            "v": 1, "at": self.at(), "scope": scope, "actor": self.actor().to_actor().ok()?, "origin": origin,
            "subject": {"kind": self.about().kind(), "id": self.about().id()}, "code": self.code(), "outcome": outcome,
            "clauses": self.clauses().collect::<Vec<_>>(), "details": details.collect::<Option<Map<_, _>>>()?,
        });
        is_plain.then(|| serde_json::from_value(event).ok()).flatten()
    }
}
