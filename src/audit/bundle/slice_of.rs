use core::fmt;

use crate::audit::record::{Record, Who};
use crate::event::Actor;
use crate::id::OpaqueId;
use crate::time::Timestamp;

/// What a [`Slice`](super::Slice) is of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "closed: whoever shows a part of a log says which")]
pub enum SliceOf {
    /// The records about this person, by pseudonym (GDPR Art. 15): with the values of what is recorded about him, without
    /// those of whoever acted.
    Person(OpaqueId),
    /// The records of what he did, or others did on his behalf: with the address and name that were recorded of him,
    /// without the values of whom it was about.
    Actor(Actor),
    /// The records that were put into the log from one instant to before another: with every value.
    Period {
        /// The first instant.
        from: Timestamp,
        /// The first that is no more within.
        until: Timestamp,
    },
}

impl SliceOf {
    /// Whether the record belongs in it.
    #[must_use]
    pub fn concerns(&self, record: &Record<'_>) -> bool {
        match self {
            Self::Person(person) => record.person() == Some(person.as_str()),
            Self::Actor(actor) => {
                let who = Who::from(actor);
                record.actor() == who || record.on_behalf_of().any(|step| step.principal() == who)
            }
            Self::Period { from, until } => (*from..*until).contains(&record.place().recorded_at()),
        }
    }

    /// Whether a value of such a record is shown: not one of somebody else.
    pub(super) fn shows(&self, record: &Record<'_>, field: &str) -> bool {
        let of_actor = field.starts_with("source:") || field.starts_with("claimed:");
        match self {
            Self::Person(_) => !of_actor,
            Self::Actor(actor) => of_actor && record.actor() == Who::from(actor),
            Self::Period { .. } => true,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(' ')?;
        match word {
            "person" => OpaqueId::try_new(rest).ok().map(Self::Person),
            "actor" => actor(rest).map(Self::Actor),
            "period" => {
                let (from, until) = rest.split_once(' ')?;
                Some(Self::Period { from: Timestamp::parse(from)?, until: Timestamp::parse(until)? })
            }
            _ => None,
        }
    }
}

/// In the words of the file, such as `person p-1`.
impl fmt::Display for SliceOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person {}", person.as_str()),
            Self::Actor(actor) => write!(f, "actor {}", Who::from(actor)),
            Self::Period { from, until } => write!(f, "period {from} {until}"),
        }
    }
}

/// As [`Who`] is written: the kind and, after a colon, the id.
fn actor(text: &str) -> Option<Actor> {
    let json = match text.split_once(':') {
        Some((kind, id)) => serde_json::json!({ kind: id }),
        None => text.into(),
    };
    serde_json::from_value(json).ok()
}
