//! What happened, as plain values that are stored in the same commit as the change.
//!
//! | type | says |
//! |---|---|
//! | [`Fact`] | what a decision found: a [`Code`], its outcome, the clauses, the numbers used |
//! | [`Provenance`] | who acted ([`Actor`]) and from where ([`Origin`]) |
//! | [`Event`] | both together, with the tenant, the record and the instant: one audit record |
//! | [`Stamp`] | creator, last updater, both instants and the revision of one record (E-5.4) |
//!
//! Decisions know nothing of the actor, so they yield facts; whoever commits them adds the rest.
//! Values come from a short list of types (counts, flags, instants, ids, fixed words): there is no
//! way to put a password or a login name into an event.

mod code;
mod details;
mod provenance;

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

pub use self::code::{Audience, Code};
use self::details::Details;
pub use self::provenance::{Actor, Origin, Provenance, ProxyAddress, Stamp, Transport, Unresolved};
use crate::clause::Clause;
use crate::id::{AccountId, OpaqueId, Scope};
use crate::time::Timestamp;

/// Whether what was attempted came about.
///
/// Closed: an attempt that is refused has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: there is no third outcome")]
pub enum Outcome {
    /// It came about.
    Success,
    /// It was refused or went wrong.
    Failure,
}

/// One value in an event: a count, a flag, an instant, an opaque id, a fixed word, or a keyed mark. There is no way to make one of
/// free text, so nothing a user typed can get in.
///
/// ```
/// use clausework::event::Value;
///
/// assert_eq!(Value::from(3_u32).to_string(), "3");
/// assert_eq!(Value::from("reset").as_text(), Some("reset"));
/// ```
///
/// ```compile_fail
/// let typed = String::from("hunter2");
/// let value = clausework::event::Value::from(typed.as_str()); // only text that is known when compiled
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Value(Plain);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Plain {
    Count(u64),
    Flag(bool),
    Text(Cow<'static, str>),
}

impl Value {
    /// The count, if it is one; a number of seconds where its name says so.
    #[must_use]
    pub const fn as_count(&self) -> Option<u64> {
        match self.0 {
            Plain::Count(count) => Some(count),
            Plain::Flag(_) | Plain::Text(_) => None,
        }
    }

    /// The flag, if it is one.
    #[must_use]
    pub const fn as_flag(&self) -> Option<bool> {
        match self.0 {
            Plain::Flag(flag) => Some(flag),
            Plain::Count(_) | Plain::Text(_) => None,
        }
    }

    /// The instant, code or word, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Plain::Text(text) => Some(text),
            Plain::Count(_) | Plain::Flag(_) => None,
        }
    }
}

impl Value {
    /// Text that its own type has checked to be a name, or a keyed mark, which shows nothing of what it stands for.
    pub(crate) const fn of_text(text: String) -> Self {
        Self(Plain::Text(Cow::Owned(text)))
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self(Plain::Count(count.into()))
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self(Plain::Count(count))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self(Plain::Flag(flag))
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Self(Plain::Text(instant.to_string().into()))
    }
}

impl From<Code> for Value {
    fn from(code: Code) -> Self {
        Self(Plain::Text(code.as_str().into()))
    }
}

impl From<&OpaqueId> for Value {
    fn from(id: &OpaqueId) -> Self {
        Self(Plain::Text(id.to_string().into()))
    }
}

impl From<&AccountId> for Value {
    fn from(id: &AccountId) -> Self {
        Self(Plain::Text(id.to_string().into()))
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Self(Plain::Text(word.into()))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Plain::Count(count) => write!(f, "{count}"),
            Plain::Flag(flag) => write!(f, "{flag}"),
            // What was read back from storage may have been tampered with: no control characters into a terminal.
            Plain::Text(text) => write!(f, "{}", text.escape_debug()),
        }
    }
}

/// What a decision found, before it is known who acted.
///
/// ```
/// use clausework::{clause, event::{Fact, Outcome}, lockout};
///
/// let fact = Fact::failure(lockout::LOCKED).under(clause::E_6P_3).with("failures", 3_u32);
/// assert_eq!(fact.code().as_str(), "lockout.locked");
/// assert_eq!(fact.outcome(), Outcome::Failure);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a fact that is not stored did not happen for the auditor"]
pub struct Fact {
    code: Code,
    outcome: Outcome,
    clauses: Vec<Clause>,
    details: Details,
}

impl Fact {
    /// Something came about.
    pub const fn success(code: Code) -> Self {
        Self::new(code, Outcome::Success)
    }

    /// Something was refused or went wrong.
    pub const fn failure(code: Code) -> Self {
        Self::new(code, Outcome::Failure)
    }

    const fn new(code: Code, outcome: Outcome) -> Self {
        Self { code, outcome, clauses: Vec::new(), details: Details::new() }
    }

    /// Cites a clause the decision came from.
    pub fn under(mut self, clause: Clause) -> Self {
        self.clauses.push(clause);
        self
    }

    /// Adds a value the decision used.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.details.set(name, value.into());
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Whether it came about.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The clauses cited.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The value of this name, if there is one.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&Value> {
        self.details.get(name)
    }
}

/// The record an event is about: its kind and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    kind: String,
    id: String,
}

impl Subject {
    pub(crate) fn new(kind: &str, id: &str) -> Self {
        Self { kind: kind.into(), id: id.into() }
    }

    /// The kind of record, such as `credential`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The record's id within its tenant and kind.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.escape_debug(), self.id.escape_debug())
    }
}

/// The version of the stored form of an [`Event`].
const VERSION: u16 = 1;

/// One audit record: what, when, where, from where, with which outcome, who and about whom
/// (the elements of NIST SP 800-53 Rev. 5 control AU-3), and the clause behind it (E-5.4, A2-Input-8).
///
/// Stored as one line of JSON in the same commit as the change it speaks of.
///
/// ```
/// use clausework::event::Event;
///
/// let line = r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":{"network":{"peer":"198.51.100.7","transport":"tls"}},"subject":{"kind":"lockout","id":"u-17"},"code":"lockout.locked","outcome":"failure","clauses":["E-6P.3"],"details":{"failures":3}}"#;
/// let event = Event::decode(line)?;
/// assert_eq!(event.code(), "lockout.locked");
/// assert_eq!(event.encode(), line);
/// assert!(Event::decode(r#"{"v":2}"#).is_err()); // a newer version, or not an event: refused, not guessed at
/// # Ok::<(), clausework::event::EventError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    v: u16,
    at: Timestamp,
    scope: Scope,
    actor: Actor,
    origin: Origin,
    subject: Subject,
    code: Cow<'static, str>,
    outcome: Outcome,
    clauses: Vec<Clause>,
    details: Details,
}

impl Event {
    /// The longest stored event that is read, in bytes. The crate writes well under one KiB.
    pub const MAX_BYTES: usize = 16 * 1024;

    pub(crate) fn new(at: Timestamp, scope: Scope, by: &Provenance, subject: Subject, fact: Fact) -> Self {
        let Fact { code, outcome, clauses, details } = fact;
        let (actor, origin) = (by.actor().clone(), by.origin());
        Self { v: VERSION, at, scope, actor, origin, subject, code: code.as_str().into(), outcome, clauses, details }
    }

    /// The event as one line of JSON: what a store keeps.
    #[must_use]
    pub fn encode(&self) -> String {
        // INVARIANT: every field is a string, number, bool or list of these, and every map has string keys.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`encode`](Event::encode) wrote.
    ///
    /// # Errors
    /// [`EventError`] when the text is too long, no event, or of a version this crate does not know.
    pub fn decode(text: &str) -> Result<Self, EventError> {
        #[derive(Deserialize)]
        struct Version {
            v: u16,
        }
        if text.len() > Self::MAX_BYTES {
            return Err(EventError::TooLong { found: text.len() });
        }
        match serde_json::from_str::<Self>(text) {
            Ok(event) if event.v == VERSION => Ok(event),
            Ok(Self { v, .. }) => Err(EventError::Version { found: v }),
            Err(_) => match serde_json::from_str::<Version>(text) {
                Ok(Version { v }) if v != VERSION => Err(EventError::Version { found: v }),
                _ => Err(EventError::Malformed),
            },
        }
    }

    /// When it happened, by the host's clock.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The tenant, or the operator.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Who acted.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// From where.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// The record it is about.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The stable code, such as `lockout.locked`. Text, because another version may have written it.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether it came about.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The clauses behind it.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The value of this name, if there is one.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&Value> {
        self.details.get(name)
    }

    /// The values, sorted by name.
    pub fn details(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.details.0.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

/// One line for a person, safe for a terminal.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} by {} from {}: {}",
            self.at,
            self.scope,
            self.code.escape_debug(),
            self.actor,
            self.origin,
            self.subject
        )?;
        for (name, value) in &self.details.0 {
            write!(f, ", {}={value}", name.escape_debug())?;
        }
        for (index, clause) in self.clauses.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { " [" } else { ", " }, clause.id())?;
        }
        f.write_str(if self.clauses.is_empty() { "" } else { "]" })
    }
}

/// Why a stored event cannot be read. It never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// Over [`Event::MAX_BYTES`].
    #[error("the stored event has {found} bytes, more than any event")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Written by another version of the crate.
    #[error("the stored event has version {found}, this crate reads version 1")]
    Version {
        /// The version found.
        found: u16,
    },
    /// Truncated, foreign or damaged.
    #[error("the stored text is not an event")]
    Malformed,
}
