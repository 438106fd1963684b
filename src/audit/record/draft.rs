use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Head;
use super::body::Body;
use super::capped::Capped;
use super::commitment::{Commitment, Salt};
use super::error::DraftError;
use super::field::{Attribute, Classification, FieldChange};
use super::kind::Action;
use super::list::List;
use super::opening::Opening;
use super::phase::{Class, Outcome, Phase};
use super::source::{Claimed, Source};
use super::value::Value;
use super::who::{About, Delegation, Who, tenant_of};
use crate::clause::Clause;
use crate::entropy::Entropy;
use crate::event::{Actor, Code, Event, Origin};
use crate::id::{OpaqueId, Scope};
use crate::time::Timestamp;

/// What every record says, and no draft begins without: the elements of NIST SP 800-53 Rev. 5 control AU-3.
///
/// None is optional, so a record that leaves one out does not compile.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: a new element would be a new version of the record")]
pub struct Essentials<'a> {
    /// What type of event occurred (AU-3 a).
    pub code: Code,
    /// When, by the host's clock (AU-3 b).
    pub at: Timestamp,
    /// Where: the tenant or the operator (AU-3 c) …
    pub scope: &'a Scope,
    /// … and which part of the host, such as `portal` (AU-3 c).
    pub component: &'a OpaqueId,
    /// From where it came (AU-3 d).
    pub source: Origin,
    /// With which outcome (AU-3 e).
    pub phase: Phase,
    /// Who acted (AU-3 f) …
    pub actor: &'a Actor,
    /// … and on what (AU-3 f).
    pub about: About<'a>,
    /// How long it is to be kept.
    pub class: Class,
}

/// A record before it has its place in the log.
///
/// ```
/// use clausework::audit::record::{About, Action, Class, Draft, Essentials, Outcome, Phase, Place, Record};
/// use clausework::audit::record::{Classification, FieldChange, Value};
/// use clausework::event::{Actor, Code, Origin, Transport};
/// use clausework::{AccountId, Scope, TenantId, id::OpaqueId};
///
/// # let now = clausework::Now::from(clausework::Timestamp::from_micros(0).unwrap());
/// # let mut entropy = clausework::entropy::OsEntropy;
/// const CHANGED: Code = Code::internal("shop.customer_changed");
/// let (tenant, anna) = (Scope::from(TenantId::try_new("acme")?), Actor::User(AccountId::try_new("u-17")?));
/// let (portal, customer) = (OpaqueId::try_new("portal")?, OpaqueId::try_new("c-4711")?);
///
/// let mut draft = Draft::new(Essentials {
///     code: CHANGED,
///     at: now.timestamp(),
///     scope: &tenant,
///     component: &portal,
///     source: Origin::network("198.51.100.7".parse()?, Transport::Tls),
///     phase: Phase::Whole(Outcome::Success),
///     actor: &anna,
///     about: About::new("customer", &customer),
///     class: Class::Change,
/// })
/// .changing(Action::Update)
/// .change(FieldChange::new("limit", Classification::Internal, Some(Value::count(3)), Some(Value::count(5))))
/// .change_personal(&mut entropy, "email", Some("a@example.com"), Some("anna@example.com"))?;
///
/// let mut bytes = Vec::new(); // used again for the next record
/// let disclosures: Vec<_> = draft.encode_into(Place::first(now), &mut bytes)?.collect();
/// assert_eq!(disclosures.len(), 2); // rows that may be deleted; the record never has to change
/// let record = Record::decode(&bytes)?;
/// assert!(record.opens(&disclosures[0]).is_open());
/// assert!(!bytes.windows(4).any(|four| four == b"anna"));
///
/// let in_clear = FieldChange::new("email", Classification::Personal, None, Some(Value::internal_text("a@example.com")));
/// assert!(draft.change(in_clear).encode_into(Place::first(now), &mut bytes).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a draft that is not encoded is no record"]
pub struct Draft<'a> {
    pub(super) head: Head<'a>,
    pub(super) chain: Vec<Delegation<'a>>,
    pub(super) clauses: Vec<&'a str>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) changes: Vec<FieldChange<'a>>,
    pub(super) body: Body<'a>,
    pub(super) openings: Vec<Opening<'a>>,
}

impl<'a> Draft<'a> {
    /// A draft of an event; a body says more.
    pub fn new(essentials: Essentials<'a>) -> Self {
        let Essentials { code, at, scope, component, source, phase, actor, about, class } = essentials;
        Self::of_head(Head {
            at,
            class,
            phase,
            tenant: tenant_of(scope),
            code: code.as_str(),
            component: component.as_str(),
            actor: Who::from(actor),
            source: source.into(),
            about,
            person: None,
            claimed: Claimed::default(),
        })
    }

    pub(super) const fn of_head(head: Head<'a>) -> Self {
        Self {
            head,
            chain: Vec::new(),
            clauses: Vec::new(),
            attributes: Vec::new(),
            changes: Vec::new(),
            body: Body::Event,
            openings: Vec::new(),
        }
    }

    /// The record of one of the crate's events. A failure is recorded as denied, since the crate's decisions refuse and
    /// an error of theirs makes no event; [`outcome`](Self::outcome) says otherwise for a host's own.
    ///
    /// ```
    /// use clausework::audit::record::{Class, Draft, Outcome, Place, Record};
    /// use clausework::{event::Event, id::OpaqueId};
    ///
    /// # let now = clausework::Now::from(clausework::Timestamp::MIN);
    /// let event = Event::decode(r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":{"network":{"peer":"198.51.100.7","transport":"tls"}},"subject":{"kind":"lockout","id":"u-17"},"code":"lockout.locked","outcome":"failure","clauses":["E-6P.3"],"details":{"failures":3}}"#)?;
    /// let portal = OpaqueId::try_new("portal")?;
    ///
    /// let mut bytes = Vec::new();
    /// let none = Draft::of_event(&event, &portal, Class::Authentication).encode_into(Place::first(now), &mut bytes)?.count();
    /// assert_eq!(none, 0); // an event has nothing personal to disclose
    /// let record = Record::decode(&bytes)?;
    /// assert_eq!((record.code(), record.phase().outcome()), ("lockout.locked", Some(Outcome::Denied)));
    /// assert_eq!(record.attribute("failures").map(|value| value.to_string()).as_deref(), Some("3"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_event(event: &'a Event, component: &'a OpaqueId, class: Class) -> Self {
        let outcome = match event.outcome() {
            crate::event::Outcome::Success => Outcome::Success,
            crate::event::Outcome::Failure => Outcome::Denied,
        };
        let mut draft = Self::of_head(Head {
            at: event.at(),
            class,
            phase: Phase::Whole(outcome),
            tenant: tenant_of(event.scope()),
            code: event.code(),
            component: component.as_str(),
            actor: Who::from(event.actor()),
            source: event.origin().into(),
            about: About { kind: event.subject().kind(), id: event.subject().id() },
            person: None,
            claimed: Claimed::default(),
        });
        draft.clauses = event.clauses().iter().map(|clause| clause.id()).collect();
        draft.attributes = event.details().map(|(name, value)| Attribute::new(name, Value::of_event(value))).collect();
        draft
    }

    /// With this outcome; an attempt becomes its completion.
    pub const fn outcome(mut self, outcome: Outcome) -> Self {
        self.head.phase = match self.head.phase.operation() {
            Some(operation) => Phase::Completion(operation, outcome),
            None => Phase::Whole(outcome),
        };
        self
    }

    /// Acting for somebody else: the next step of the chain, from the actor outwards; up to [`Delegation::MAX`].
    pub fn on_behalf_of(mut self, delegation: Delegation<'a>) -> Self {
        self.chain.push(delegation);
        self
    }

    /// The person whom the data is about, by a pseudonym of the tenant's (a random id, mapped elsewhere).
    pub fn about_person(mut self, pseudonym: &'a OpaqueId) -> Self {
        self.head.person = Some(pseudonym.as_str());
        self
    }

    /// A clause behind it.
    pub fn under(mut self, clause: Clause) -> Self {
        self.clauses.push(clause.id());
        self
    }

    /// A named value. A name twice makes a draft that is refused.
    pub fn with(mut self, name: &'a str, value: Value<'a>) -> Self {
        self.attributes.push(Attribute::new(name, value));
        self
    }

    /// A personal value: the record holds a commitment, the disclosure the value.
    ///
    /// # Errors
    /// [`DraftError::Entropy`] when no salt can be drawn.
    pub fn personal(
        mut self,
        entropy: &mut dyn Entropy,
        name: &'a str,
        value: impl Into<Cow<'a, str>>,
    ) -> Result<Self, DraftError> {
        let commitment = self.commit(entropy, name.into(), value.into())?;
        self.attributes.push(Attribute::new(name, Value::Committed(commitment)));
        Ok(self)
    }

    /// The user agent that the client claims.
    pub fn user_agent(mut self, text: &'a str) -> Self {
        self.head.claimed.user_agent = Some(Capped::user_agent(text));
        self
    }

    /// The addresses that proxies say they forwarded for, as they say it.
    pub fn forwarded(mut self, text: &'a str) -> Self {
        self.head.claimed.forwarded = Some(Capped::new(text, Capped::CLAIMED));
        self
    }

    /// Who the client claims to be: a login name that nobody has verified. It is personal, so it is committed to.
    ///
    /// # Errors
    /// [`DraftError::Entropy`] when no salt can be drawn.
    pub fn claimed_name(
        mut self,
        entropy: &mut dyn Entropy,
        name: impl Into<Cow<'a, str>>,
    ) -> Result<Self, DraftError> {
        self.head.claimed.name = Some(self.commit(entropy, "claimed:name".into(), name.into())?);
        Ok(self)
    }

    /// Keeps the address of the peer apart, where it can be erased.
    ///
    /// # Errors
    /// [`DraftError::Entropy`] when no salt can be drawn.
    pub fn commit_source(mut self, entropy: &mut dyn Entropy) -> Result<Self, DraftError> {
        if let Source::Network { peer, transport } = self.head.source {
            let peer = self.commit(entropy, "source:peer".into(), alloc::format!("{peer}").into())?;
            self.head.source = Source::Committed { peer, transport };
        }
        Ok(self)
    }

    /// Data is changed: the fields follow.
    pub fn changing(self, action: Action) -> Self {
        self.body(Body::Change { action, changes: List::from(&[]) })
    }

    /// A field that changes.
    pub fn change(mut self, change: FieldChange<'a>) -> Self {
        self.changes.push(change);
        self
    }

    /// A personal field that changes: commitments to what it was and what it became; `None` is "there was no value".
    ///
    /// # Errors
    /// [`DraftError::Entropy`] when no salt can be drawn.
    pub fn change_personal(
        mut self,
        entropy: &mut dyn Entropy,
        field: &'a str,
        before: Option<&'a str>,
        after: Option<&'a str>,
    ) -> Result<Self, DraftError> {
        let mut side = |side: &str, value: Option<&'a str>| {
            let Some(value) = value else { return Ok(None) };
            let path = alloc::format!("{side}:{field}");
            self.commit(entropy, path.into(), value.into()).map(|commitment| Some(Value::Committed(commitment)))
        };
        let (before, after) = (side("before", before)?, side("after", after)?);
        self.changes.push(FieldChange::new(field, Classification::Personal, before, after));
        Ok(self)
    }

    /// What it says beyond the essentials. The log's own bodies are of [`Class::Log`], whatever was said before.
    pub const fn body(mut self, body: Body<'a>) -> Self {
        if body.kind().is_control() {
            self.head.class = Class::Log;
        }
        self.body = body;
        self
    }

    fn commit(
        &mut self,
        entropy: &mut dyn Entropy,
        field: Cow<'a, str>,
        value: Cow<'a, str>,
    ) -> Result<Commitment, DraftError> {
        let salt = Salt::draw(entropy)?;
        let commitment = Commitment::new(&field, &salt, &value);
        self.openings.push(Opening { field, salt, value });
        Ok(commitment)
    }
}
