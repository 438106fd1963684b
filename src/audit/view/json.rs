use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use serde_json::{Map, Value as Json, json};

use crate::audit::record::{
    Body, Capped, Delegation, FieldChange, Ground, Hex, IndexRange, List, Purge, Reach, Record, RecordError, Seen,
    Source, Value, Who,
};

/// The greatest integer that every reader of JSON keeps exactly (RFC 7493 section 2.2).
const EXACT: u64 = (1 << 53) - 1;

/// Everything a record says, as one line of JSON with sorted keys, and its canonical bytes as `bytes` (base64).
///
/// Numbers beyond 2⁵³−1 are text, since few readers of JSON keep them exactly.
///
/// ```
/// # use clausework::audit::record::{About, Class, Draft, Essentials, Outcome, Phase, Place, Record};
/// use clausework::audit::view;
/// # use clausework::event::{Actor, Code, Origin};
/// # use clausework::{Scope, id::OpaqueId};
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let id = OpaqueId::try_new("nightly")?;
/// # let mut bytes = Vec::new();
/// # let _ = Draft::new(Essentials {
/// #     code: Code::internal("shop.stock_counted"), at: now.timestamp(), scope: &Scope::Operator, component: &id,
/// #     source: Origin::Internal, phase: Phase::Whole(Outcome::Success), actor: &Actor::Job(id.clone()),
/// #     about: About::new("stock", &id), class: Class::General,
/// # }).encode_into(Place::first(now), &mut bytes)?;
/// let text = view::json(&Record::decode(&bytes)?);
/// assert!(text.contains(r#""code":"shop.stock_counted""#));
/// assert_eq!(view::bytes_of_json(&text)?, bytes); // the very bytes, so the very hash
/// assert!(view::bytes_of_json(&text.replace("success", "denied")).is_err()); // it says what the bytes do not
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn json(record: &Record<'_>) -> String {
    let mut view = said(record);
    view.insert("bytes".into(), Base64::encode_string(record.as_bytes()).into());
    Json::Object(view).to_string()
}

/// The canonical bytes out of a [`json()`] view, whatever a database or a formatter did to its spaces and the order of
/// its keys; refused if it says anything that they do not.
///
/// # Errors
/// [`ViewError`] when it is no view, its bytes are no record, or it says something else.
pub fn bytes_of_json(text: &str) -> Result<Vec<u8>, ViewError> {
    let Ok(Json::Object(mut view)) = serde_json::from_str::<Json>(text) else { return Err(ViewError::NoView) };
    let Some(Json::String(encoded)) = view.remove("bytes") else { return Err(ViewError::NoView) };
    let bytes = Base64::decode_vec(&encoded).map_err(|_| ViewError::NoView)?;
    let record = Record::decode(&bytes)?;
    if said(&record) == view { Ok(bytes) } else { Err(ViewError::Differs) }
}

/// Why there are no bytes in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// Not the JSON of a view.
    #[error("the text is no view of a record")]
    NoView,
    /// Its bytes are no record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It says something that its bytes do not.
    #[error("the view says something else than its bytes")]
    Differs,
}

/// All of it but the bytes.
pub(super) fn said(record: &Record<'_>) -> Map<String, Json> {
    let mut said = Map::new();
    let place = record.place();
    let mut put = |name: &str, value: Json| {
        if !value.is_null() {
            said.insert(name.into(), value);
        }
    };
    put("version", record.as_bytes().first().copied().into());
    put("kind", record.body().kind().as_str().into());
    put("index", number(place.index()));
    put("recorded_at", place.recorded_at().to_string().into());
    put("clock_went_back", if place.is_clamped() { true.into() } else { Json::Null });
    put("at", record.at().to_string().into());
    put("class", record.class().as_str().into());
    put("phase", record.phase().to_string().into());
    put("operation", record.phase().operation().map(|operation| operation.to_string()).into());
    let attempted = record.phase().operation().is_some() && record.phase().outcome().is_some();
    put("completes", if attempted { true.into() } else { Json::Null });
    put("tenant", record.tenant().into());
    put("code", record.code().into());
    put("component", record.component().into());
    put("actor", who(record.actor()));
    put("on_behalf_of", some(record.on_behalf_of().map(delegation)));
    put("source", source(record.source()));
    put("about", json!({"kind": record.about().kind(), "id": record.about().id()}));
    put("person", record.person().into());
    let claimed = record.claimed();
    let mut claims = Map::new();
    claims.extend(claimed.name().map(|name| ("name".into(), json!({"commitment": name.to_string()}))));
    claims.extend(claimed.user_agent().map(|text| ("user_agent".into(), capped(text))));
    claims.extend(claimed.forwarded().map(|text| ("forwarded".into(), capped(text))));
    put("claimed", if claims.is_empty() { Json::Null } else { claims.into() });
    put("clauses", some(record.clauses().map(Json::from)));
    let attributes: Map<_, _> =
        record.attributes().iter().map(|attribute| (attribute.name().into(), value(attribute.value()))).collect();
    put("attributes", if attributes.is_empty() { Json::Null } else { attributes.into() });
    put("body", body(record.body()));
    said
}

/// A list, or nothing if it is empty.
fn some(items: impl Iterator<Item = Json>) -> Json {
    let items: Vec<Json> = items.collect();
    if items.is_empty() { Json::Null } else { items.into() }
}

fn number(number: u64) -> Json {
    if number <= EXACT { number.into() } else { number.to_string().into() }
}

fn hex(bytes: &[u8]) -> Json {
    Hex(bytes).to_string().into()
}

fn who(who: Who<'_>) -> Json {
    match who.id() {
        Some(id) => json!({"kind": who.kind().as_str(), "id": id}),
        None => json!({"kind": who.kind().as_str()}),
    }
}

fn delegation(step: Delegation<'_>) -> Json {
    json!({"principal": who(step.principal()), "authority": step.authority()})
}

fn source(source: Source) -> Json {
    match source {
        Source::Internal => json!("internal"),
        Source::Network { peer, transport } => json!({"peer": peer.to_string(), "transport": transport.to_string()}),
        Source::ProxyOrigin { proxy, transport } => {
            json!({"proxy": proxy.to_string(), "transport": transport.to_string()})
        }
        Source::Unresolvable { peer, why } => json!({"unresolvable": why.as_str(), "by_way_of": peer.to_string()}),
        Source::Committed { peer, transport } => {
            json!({"commitment": peer.to_string(), "transport": transport.to_string()})
        }
    }
}

fn capped(text: Capped<'_>) -> Json {
    match (text.original_bytes(), text.original_digest()) {
        (Some(length), Some(digest)) => {
            json!({"text": text.text(), "original_bytes": number(length), "original_sha256": hex(&digest)})
        }
        _ => json!({"text": text.text()}),
    }
}

/// Each kind under its own name, so that a word is never taken for an id or for text.
fn value(value: Value<'_>) -> Json {
    match value {
        Value::Flag(flag) => json!({"flag": flag}),
        Value::Count(count) => json!({"count": number(count)}),
        Value::Signed(signed) if signed.unsigned_abs() <= EXACT => json!({"signed": signed}),
        Value::Signed(signed) => json!({"signed": signed.to_string()}),
        Value::Instant(instant) => json!({"instant": instant.to_string()}),
        Value::Id(id) => json!({"id": id}),
        Value::Word(word) => json!({"word": word}),
        Value::Digest(digest) => json!({"sha256": hex(&digest)}),
        Value::Public(text) => json!({"public": capped(text)}),
        Value::Internal(text) => json!({"internal": capped(text)}),
        Value::Committed(commitment) => json!({"commitment": commitment.to_string()}),
        Value::Withheld => json!("withheld"),
    }
}

fn change(change: FieldChange<'_>) -> Json {
    let mut said = Map::new();
    said.insert("field".into(), change.field().into());
    said.insert("classification".into(), change.classification().as_str().into());
    said.extend(change.before().map(|before| ("before".into(), value(before))));
    said.extend(change.after().map(|after| ("after".into(), value(after))));
    said.into()
}

fn ground(ground: Ground<'_>) -> Json {
    json!({"basis": ground.basis().as_str(), "reference": ground.reference()})
}

fn range(range: IndexRange) -> Json {
    json!([number(range.start()), number(range.end())])
}

fn ranges(ranges: List<'_, IndexRange>) -> Json {
    ranges.iter().map(range).collect()
}

fn seen(seen: Seen) -> Json {
    json!({"size": number(seen.size), "root": hex(&seen.root)})
}

fn body(body: Body<'_>) -> Json {
    match body {
        Body::Event => Json::Null,
        Body::Access { action, purpose, ground: by, count, query } => json!({
            "action": action.as_str(), "purpose": purpose, "ground": ground(by), "count": count.map(number),
            "query": query.map(|query| hex(&query)),
        }),
        Body::Change { action, changes } => json!({
            "action": action.as_str(), "changes": changes.iter().map(change).collect::<Json>(),
        }),
        Body::Bulk { action, purpose, ground: by, count, selector, ids } => json!({
            "action": action.as_str(), "purpose": purpose, "ground": ground(by), "count": number(count),
            "selector": hex(&selector), "ids": ids.map(|ids| hex(&ids)),
        }),
        Body::LogStarted { config } => json!({"config": hex(&config)}),
        Body::LogStopped { reason } => json!({"reason": reason}),
        Body::ConfigChanged { before, after } => json!({"before": hex(&before), "after": hex(&after)}),
        Body::LogRead { range: part, count, purpose, ground: by } => json!({
            "range": range(part), "count": number(count), "purpose": purpose, "ground": ground(by),
        }),
        Body::Gap { count, from, until } => json!({
            "count": count.map(number), "from": from.to_string(), "until": until.to_string(),
        }),
        Body::Heartbeat { seen: state } => json!({"seen": seen(state)}),
        Body::KeyChange { retired, added, from_size } => json!({
            "retired": retired, "added": added, "from_size": number(from_size),
        }),
        Body::ErasureIntent { targets, ground: by, requested_by, request } => json!({
            "targets": targets.iter().map(|target| json!({"index": number(target.index()), "field": target.path()}))
                .collect::<Json>(),
            "ground": ground(by), "requested_by": who(requested_by), "request": request,
        }),
        Body::ErasureDone { intent, seen: state, count } | Body::PurgeDone { intent, seen: state, count } => json!({
            "intent": number(intent), "seen": seen(state), "count": number(count),
        }),
        Body::PurgeIntent { what, youngest, ground: by } => {
            let what = match what {
                Purge::Disclosures { class, ranges: part } => {
                    json!({"disclosures": {"class": class.as_str(), "ranges": ranges(part)}})
                }
                Purge::Bodies { class, ranges: part } => {
                    json!({"bodies": {"class": class.as_str(), "ranges": ranges(part)}})
                }
                Purge::Prefix { minimum_index } => json!({"prefix": {"minimum_index": number(minimum_index)}}),
            };
            json!({"what": what, "youngest": youngest.to_string(), "ground": ground(by)})
        }
        Body::HoldSet { hold, reach, ground: by } => {
            let reach = match reach {
                Reach::All => json!("all"),
                Reach::Ranges(part) => json!({"ranges": ranges(part)}),
                Reach::Person(person) => json!({"person": person}),
            };
            json!({"hold": hold, "reach": reach, "ground": ground(by)})
        }
        Body::IntentWithdrawn { intent } => json!({"intent": number(intent)}),
        Body::HoldLifted { hold, set } => json!({"hold": hold, "set": number(set)}),
        Body::Review { from, until, range: part, reviewed, seen: state, findings, report } => json!({
            "from": from.to_string(), "until": until.to_string(), "range": range(part),
            "reviewed": reviewed.iter().map(who).collect::<Json>(), "seen": seen(state), "findings": findings,
            "report": hex(&report),
        }),
    }
}
