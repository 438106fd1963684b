use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::OpaqueId;

/// What kind of message it is.
///
/// Closed: the first two are never held back, the third is the reader's to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: a message is owed, warns, or is the reader's to choose")]
pub enum MessageClass {
    /// Part of a service that the reader asked for: a receipt, a reset of a password.
    Transactional,
    /// A notice on a matter of security (E-4.2).
    Security,
    /// Everything else: marketing, product news, surveys (E-1.2: "non-transactional").
    Marketing,
}

/// What becomes of marketing to somebody who was never asked. E-1.2 speaks of managing the receipt and does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: it is sent or not")]
pub enum Unasked {
    /// It is not sent.
    #[default]
    Refuse,
    /// It is sent until the reader opts out. Whether the law of the reader's country lets you is for you to know.
    Send,
}

/// What the host sends, and what becomes of it where nobody was asked.
///
/// ```
/// use clausework::governance::communication::{CommunicationPolicy, MessageClass, Unasked};
/// use clausework::id::OpaqueId;
///
/// let policy = CommunicationPolicy::builder()
///     .topic(OpaqueId::try_new("newsletter")?, MessageClass::Marketing)
///     .topic(OpaqueId::try_new("invoices")?, MessageClass::Transactional)
///     .build()?;
/// assert_eq!(policy.unasked(), Unasked::Refuse);
/// assert_eq!(policy.class_of(&OpaqueId::try_new("invoices")?), Some(MessageClass::Transactional));
///
/// let from_file = r#"{ "topics": { "newsletter": "marketing" }, "unasked": "send" }"#;
/// assert_eq!(serde_json::from_str::<CommunicationPolicy>(from_file)?.unasked(), Unasked::Send);
/// assert!(serde_json::from_str::<CommunicationPolicy>(&from_file.replace("send", "ask")).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CommunicationPolicyBuilder")]
pub struct CommunicationPolicy(CommunicationPolicyBuilder);

impl CommunicationPolicy {
    /// The most topics: a person's choices are one record, so their number is bounded.
    pub const MAX_TOPICS: usize = 100;

    /// Starts without a topic; who was not asked gets no marketing.
    #[must_use]
    pub fn builder() -> CommunicationPolicyBuilder {
        CommunicationPolicyBuilder::default()
    }

    /// The class of a topic, if the host has it.
    #[must_use]
    pub fn class_of(&self, topic: &OpaqueId) -> Option<MessageClass> {
        self.0.topics.get(topic).copied()
    }

    /// The topics and their classes.
    pub fn topics(&self) -> impl Iterator<Item = (&OpaqueId, MessageClass)> {
        self.0.topics.iter().map(|(topic, class)| (topic, *class))
    }

    /// What becomes of marketing to somebody who was never asked.
    #[must_use]
    pub const fn unasked(&self) -> Unasked {
        self.0.unasked
    }
}

/// The settings of a [`CommunicationPolicy`], not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CommunicationPolicyBuilder {
    topics: BTreeMap<OpaqueId, MessageClass>,
    unasked: Unasked,
}

impl CommunicationPolicyBuilder {
    /// A topic that people are written to about. Said twice, the stricter class holds: marketing.
    #[must_use]
    pub fn topic(mut self, topic: OpaqueId, class: MessageClass) -> Self {
        let known = self.topics.entry(topic).or_insert(class);
        if class == MessageClass::Marketing {
            *known = class;
        }
        self
    }

    /// What becomes of marketing to somebody who was never asked.
    #[must_use]
    pub const fn unasked(mut self, unasked: Unasked) -> Self {
        self.unasked = unasked;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`CommunicationPolicyError`] when there are more topics than there can be.
    pub fn build(self) -> Result<CommunicationPolicy, CommunicationPolicyError> {
        if self.topics.len() > CommunicationPolicy::MAX_TOPICS {
            return Err(CommunicationPolicyError::TooManyTopics { asked: self.topics.len() });
        }
        Ok(CommunicationPolicy(self))
    }
}

impl TryFrom<CommunicationPolicyBuilder> for CommunicationPolicy {
    type Error = CommunicationPolicyError;

    fn try_from(builder: CommunicationPolicyBuilder) -> Result<Self, CommunicationPolicyError> {
        builder.build()
    }
}

/// Why there is no such policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommunicationPolicyError {
    /// Over [`CommunicationPolicy::MAX_TOPICS`].
    #[error("{asked} topics are more than 100")]
    TooManyTopics {
        /// Topics asked for.
        asked: usize,
    },
}
