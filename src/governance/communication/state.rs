use alloc::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::CommunicationPolicy;
use crate::id::{AccountId, OpaqueId};
use crate::store::Record;
use crate::time::Timestamp;

/// What a choice is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[allow(clippy::exhaustive_enums, reason = "closed: one topic or all of them")]
pub enum Topic {
    /// All marketing, that of topics to come included.
    All,
    /// One topic of the host.
    One(OpaqueId),
}

/// Whether to get marketing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::exhaustive_enums, reason = "closed: in or out")]
pub enum Choice {
    /// Wanted.
    In,
    /// Not wanted.
    Out,
}

/// Which way a choice reached the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Way {
    /// The person, signed in.
    Person,
    /// A link in a message.
    Link,
    /// The person told somebody of the staff, who noted it.
    Staff,
    /// Taken over from another system.
    Import,
}

/// One choice, as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choosing {
    pub(super) at: Timestamp,
    pub(super) topic: Topic,
    pub(super) choice: Choice,
    pub(super) way: Way,
}

impl Choosing {
    /// When, by the host's clock. Choices count in their order, not by their instants.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// What it was about.
    #[must_use]
    pub const fn topic(&self) -> &Topic {
        &self.topic
    }

    /// What was chosen.
    #[must_use]
    pub const fn choice(&self) -> Choice {
        self.choice
    }

    /// Which way it came.
    #[must_use]
    pub const fn way(&self) -> Way {
        self.way
    }
}

/// What is stored of a person's wishes: how they stand, and how they came to.
///
/// The history is only ever added to. Of more than [`MAX_HISTORY`](Self::MAX_HISTORY) choices the oldest leave the record
/// and are [counted](Self::folded); what they decided stays, and each is an event of its own in the audit log. Choices of
/// more than [`MAX_TOPICS`](CommunicationPolicy::MAX_TOPICS) topics do not fit: those of topics that the host no longer
/// has then leave in the same way, and no longer hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", deny_unknown_fields)]
pub struct PreferenceState {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) all: Option<Choice>,
    pub(super) topics: BTreeMap<OpaqueId, Choice>,
    pub(super) history: VecDeque<Choosing>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) folded: u64,
}

impl PreferenceState {
    /// The most choices that the record shows.
    pub const MAX_HISTORY: usize = 200;

    /// What holds for a topic, if anything was chosen: of the topic itself, else of all.
    #[must_use]
    pub fn choice(&self, topic: &OpaqueId) -> Option<Choice> {
        self.topics.get(topic).copied().or(self.all)
    }

    /// The choices that were made, the oldest first.
    pub fn history(&self) -> impl Iterator<Item = &Choosing> {
        self.history.iter()
    }

    /// How many older ones the history no longer shows.
    #[must_use]
    pub const fn folded(&self) -> u64 {
        self.folded
    }

    /// Opting out of all leaves nothing that was opted into; opting in to all leaves each topic that was opted out of.
    pub(super) fn set(&mut self, topic: &Topic, choice: Choice) {
        match topic {
            Topic::All => {
                self.all = Some(choice);
                if choice == Choice::Out {
                    self.topics.retain(|_, chosen| *chosen == Choice::Out);
                }
            }
            Topic::One(topic) => {
                self.topics.insert(topic.clone(), choice);
            }
        }
    }
}

impl Record for PreferenceState {
    const KIND: &'static str = "preference";
    const VERSION: u16 = 1;
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The stored form before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default)]
    all: Option<Choice>,
    topics: BTreeMap<OpaqueId, Choice>,
    history: VecDeque<Choosing>,
    #[serde(default)]
    folded: u64,
}

impl TryFrom<Stored> for PreferenceState {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { all, topics, history, folded } = stored;
        let state = Self { all, topics, history, folded };
        if state.history.len() > Self::MAX_HISTORY || state.topics.len() > CommunicationPolicy::MAX_TOPICS {
            return Err("more choices than are kept");
        }
        // What the history decides must be what stands: an opt-out that it shows, and that was cut out of a row, is
        // noticed. Where it is not whole, made once more it must change nothing.
        let (all, topics) = if state.folded == 0 { (None, BTreeMap::new()) } else { (state.all, state.topics.clone()) };
        let mut replayed = Self { all, topics, ..Self::default() };
        state.history.iter().for_each(|made| replayed.set(&made.topic, made.choice));
        let agrees = replayed.all == state.all && replayed.topics == state.topics;
        if agrees { Ok(state) } else { Err("choices that the history does not bear out") }
    }
}

/// What is stored of the link in a message: whose choice it changes, and about what. Filed under the digest of a token
/// (see [`link`](super::link)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub struct UnsubscribeState {
    pub(super) account: AccountId,
    pub(super) topic: Topic,
}

impl UnsubscribeState {
    /// Whose.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// About what.
    #[must_use]
    pub const fn topic(&self) -> &Topic {
        &self.topic
    }
}

impl Record for UnsubscribeState {
    const KIND: &'static str = "unsubscribe";
    const VERSION: u16 = 1;
}
