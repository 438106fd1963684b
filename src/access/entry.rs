use alloc::string::String;
use core::fmt;
use core::net::IpAddr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{AddressRange, Effect};
use crate::event::Actor;
use crate::time::Timestamp;

/// One line of an [`IpList`](super::IpList): a range, what it does, and who wanted it, why and for how long.
///
/// ```
/// use clausework::access::{Effect, ListEntry};
/// # let (monday, friday) = (clausework::Timestamp::MIN, clausework::Timestamp::MAX);
///
/// let auditors = ListEntry::allow("203.0.113.16/28".parse()?).with_note("auditors, week 48").valid(Some(monday), Some(friday));
/// assert_eq!(auditors.effect(), Effect::Allow);
/// assert!(auditors.in_force(monday) && !auditors.in_force(friday)); // at its end it is out
/// # Ok::<(), clausework::access::RangeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    range: AddressRange,
    effect: Effect,
    note: Option<String>,
    author: Option<Actor>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
}

impl ListEntry {
    /// The longest note, in characters.
    pub const MAX_NOTE_CHARS: usize = 200;

    /// These addresses may come.
    #[must_use]
    pub const fn allow(range: AddressRange) -> Self {
        Self::new(range, Effect::Allow)
    }

    /// These addresses may not come, whatever else allows them.
    #[must_use]
    pub const fn deny(range: AddressRange) -> Self {
        Self::new(range, Effect::Deny)
    }

    const fn new(range: AddressRange, effect: Effect) -> Self {
        Self { range, effect, note: None, author: None, valid_from: None, valid_until: None }
    }

    /// What it is for: one line of 1 to 200 characters. It is shown to administrators and gets into no event.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Who wanted it. A [`Proposal`](super::Proposal) fills in its proposer for a new entry that names nobody.
    #[must_use]
    pub fn with_author(mut self, author: Actor) -> Self {
        self.author = Some(author);
        self
    }

    /// From when, and until when: at its end it is out. By default always.
    #[must_use]
    pub const fn valid(mut self, from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        self.valid_from = from;
        self.valid_until = until;
        self
    }

    /// The addresses.
    #[must_use]
    pub const fn range(&self) -> AddressRange {
        self.range
    }

    /// Whether they may come.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// What it is for.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Who wanted it.
    #[must_use]
    pub const fn author(&self) -> Option<&Actor> {
        self.author.as_ref()
    }

    /// From when; always, if `None`.
    #[must_use]
    pub const fn valid_from(&self) -> Option<Timestamp> {
        self.valid_from
    }

    /// Until when; for good, if `None`.
    #[must_use]
    pub const fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }

    /// Whether it counts at this instant: from `valid_from` on, and before `valid_until`.
    #[must_use]
    pub fn in_force(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && !self.is_over(at)
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, at: Timestamp) -> bool {
        self.valid_until.is_some_and(|until| until <= at)
    }

    /// Whether it counts at every instant.
    pub(super) const fn is_lasting(&self) -> bool {
        self.valid_from.is_none() && self.valid_until.is_none()
    }

    /// Whether it counts at no instant.
    pub(super) fn is_never(&self) -> bool {
        self.valid_from.is_some_and(|from| self.is_over(from))
    }

    /// Whether it counts whenever the other does.
    pub(super) fn outlives(&self, other: &Self) -> bool {
        let from = self.valid_from.is_none_or(|from| other.valid_from.is_some_and(|others| from <= others));
        from && self.valid_until.is_none_or(|until| other.valid_until.is_some_and(|others| others <= until))
    }

    /// Whether it is the same, whoever wanted it.
    pub(super) fn is_but_for_author(&self, other: &Self) -> bool {
        let rest = |entry: &Self| (entry.range, entry.effect, entry.valid_from, entry.valid_until);
        rest(self) == rest(other) && self.note == other.note
    }

    pub(super) fn covers(&self, address: IpAddr) -> bool {
        self.range.contains(address)
    }

    pub(super) fn is_note(note: &str) -> bool {
        let chars = note.chars().take(Self::MAX_NOTE_CHARS.saturating_add(1)).count();
        chars > 0 && chars <= Self::MAX_NOTE_CHARS && !note.chars().any(char::is_control)
    }

    pub(super) fn is_bare(&self) -> bool {
        self.effect == Effect::Allow && self.note.is_none() && self.author.is_none() && self.is_lasting()
    }
}

/// An entry in words: `deny 198.51.100.64/26 (guest network)`.
impl fmt::Display for ListEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.effect == Effect::Allow { "allow" } else { "deny" };
        write!(f, "{word} {}", self.range)?;
        match (self.valid_from, self.valid_until) {
            (None, None) => {}
            (Some(from), None) => write!(f, " from {from}")?,
            (None, Some(until)) => write!(f, " until {until}")?,
            (Some(from), Some(until)) => write!(f, " from {from} until {until}")?,
        }
        // A note is a user's text: no control character of it reaches a terminal.
        self.note.as_ref().map_or(Ok(()), |note| write!(f, " ({})", note.escape_debug()))
    }
}

const fn allow() -> Effect {
    Effect::Allow
}

fn is_allow(effect: &Effect) -> bool {
    *effect == allow()
}

/// The long form of an entry.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Form {
    range: AddressRange,
    #[serde(default = "allow", skip_serializing_if = "is_allow")]
    effect: Effect,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<Actor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
}

impl From<Form> for ListEntry {
    fn from(form: Form) -> Self {
        let Form { range, effect, note, author, valid_from, valid_until } = form;
        Self { range, effect, note, author, valid_from, valid_until }
    }
}

/// The text of a range, or the long form.
#[cfg(feature = "schema")]
impl schemars::JsonSchema for ListEntry {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "ListEntry".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let range = generator.subschema_for::<AddressRange>();
        schemars::json_schema!({ "anyOf": [range, Form::json_schema(generator)] })
    }
}

impl Serialize for ListEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_bare() {
            return self.range.serialize(serializer);
        }
        let Self { range, effect, note, author, valid_from, valid_until } = self.clone();
        Form { range, effect, note, author, valid_from, valid_until }.serialize(serializer)
    }
}

/// The text of a range, or the long form; by hand, so that an error says where in the file it is.
impl<'de> Deserialize<'de> for ListEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = ListEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a network, an address or a range, or an entry with a `range`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ListEntry, E> {
                text.parse().map(ListEntry::allow).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ListEntry, A::Error> {
                Form::deserialize(MapAccessDeserializer::new(map)).map(ListEntry::from)
            }
        }

        deserializer.deserialize_any(Either)
    }
}
