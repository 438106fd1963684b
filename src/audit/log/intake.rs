use super::entries::{Builder, Entries, LogError, Tail};
use crate::audit::record::{About, Body, Class, Draft, DraftError, Essentials, Outcome, Phase, Value};
use crate::audit::sequencer::LogState;
use crate::entropy::Entropy;
use crate::event::{Actor, Code, Event, EventError, Origin};
use crate::id::OpaqueId;
use crate::store::Record as _;
use crate::time::{Now, Timestamp};

/// The log's own word for an event that could become no record.
pub const GAP: Code = Code::internal("audit.gap");

/// An event that was accepted and is not in the log yet.
#[derive(Clone, Copy)]
pub struct Waiting<'w> {
    text: &'w str,
    at: Option<Timestamp>,
}

impl<'w> Waiting<'w> {
    /// The text as it was stored, and the instant that was stored beside it, if that is one.
    #[must_use]
    pub const fn new(text: &'w str, at: Option<Timestamp>) -> Self {
        Self { text, at }
    }
}

/// Without the text.
impl core::fmt::Debug for Waiting<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Waiting").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Tail {
    /// Works out a record for each event, in their order.
    ///
    /// One that can become no record stops nothing and is not passed over: in its place stands a
    /// [gap](Body::Gap) of one event, with the reason and a commitment to the text. The text itself is a disclosure,
    /// `event`, which may be read, shown and erased like any personal value. The reasons are `event.too_long`,
    /// `event.version` (a newer version of the crate wrote it: bring the sequencer up to date before those who write),
    /// `event.malformed`, `event.scope` (it speaks of another tenant), `record.too_long` and `record.refused`, with the
    /// rule that it breaks: a host's own code with a space in it, more than 64 details, [`Class::Log`].
    ///
    /// `component` is the part of the host that the events come from, and the actor of a gap; `class` decides how long
    /// each is kept; `entropy` is asked only for a gap.
    ///
    /// # Errors
    /// [`LogError::Nothing`] if nothing waits, [`LogError::Full`], [`LogError::Entropy`].
    pub fn take_in<'w>(
        &self,
        now: Now,
        component: &OpaqueId,
        waiting: impl IntoIterator<Item = Waiting<'w>>,
        class: impl Fn(&Event) -> Class,
        entropy: &mut dyn Entropy,
    ) -> Result<Entries, LogError> {
        let mut builder = Builder::new(self, now);
        for Waiting { text, at } in waiting {
            let refused = match Event::decode(text) {
                Err(error) => Refused::from(error),
                Ok(event) if event.scope() != self.scope() => Refused { reason: "event.scope", rule: None },
                Ok(event) => match builder.add(&mut Draft::of_event(&event, component, class(&event))) {
                    Ok(()) => continue,
                    Err(LogError::Draft(error)) => Refused::try_from(error)?,
                    Err(error) => return Err(error),
                },
            };
            let actor = Actor::Service(component.clone());
            let mut draft = Draft::new(Essentials {
                code: GAP,
                at: at.unwrap_or_else(|| now.timestamp()),
                scope: self.scope(),
                component,
                source: Origin::Internal,
                phase: Phase::Whole(Outcome::Success),
                actor: &actor,
                about: About::new(LogState::KIND, component),
                class: Class::Log,
            })
            .body(Body::Gap {
                count: Some(1),
                from: at.unwrap_or(Timestamp::MIN),
                until: at.unwrap_or_else(|| now.timestamp()),
            })
            .with("reason", Value::word(refused.reason))
            .personal(entropy, "event", text)
            .map_err(of_entropy)?;
            if let Some(rule) = refused.rule {
                draft = draft.with("rule", Value::internal_text(rule));
            }
            builder.add(&mut draft)?;
            builder.gaps = builder.gaps.saturating_add(1);
        }
        builder.finish()
    }
}

const fn of_entropy(error: DraftError) -> LogError {
    match error {
        DraftError::Entropy(error) => LogError::Entropy(error),
        error => LogError::Draft(error),
    }
}

/// Why an event can become no record.
struct Refused {
    reason: &'static str,
    rule: Option<&'static str>,
}

impl From<EventError> for Refused {
    fn from(error: EventError) -> Self {
        let reason = match error {
            EventError::TooLong { .. } => "event.too_long",
            EventError::Version { .. } => "event.version",
            EventError::Malformed => "event.malformed",
        };
        Self { reason, rule: None }
    }
}

impl TryFrom<DraftError> for Refused {
    type Error = LogError;

    fn try_from(error: DraftError) -> Result<Self, LogError> {
        match error {
            DraftError::Refused { what } => Ok(Self { reason: "record.refused", rule: Some(what) }),
            DraftError::TooLong { .. } => Ok(Self { reason: "record.too_long", rule: None }),
            // Nothing was wrong with the event.
            DraftError::Entropy(error) => Err(LogError::Entropy(error)),
        }
    }
}
