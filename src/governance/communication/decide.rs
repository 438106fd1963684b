use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use unicode_normalization::UnicodeNormalization as _;

use super::state::{Choice, Choosing, PreferenceState, Topic, UnsubscribeState, Way};
use super::{CommunicationPolicy, MessageClass, Unasked};
use crate::clause;
use crate::entropy::{Entropy, EntropyError};
use crate::event::{Code, Fact};
use crate::id::{AccountId, OpaqueId, TenantId};
use crate::secret::{Keyring, Token};
use crate::store::{Key, KeyId, Transition};
use crate::time::Now;

/// A person chose what to get.
pub const CHOSEN: Code = Code::internal("governance.communication_chosen");
/// A choice was refused: it was nobody's but the person's to make, or about a topic there is not.
pub const CHOICE_REFUSED: Code = Code::internal("governance.communication_choice_refused");
/// Reason: only the person opts in.
pub const NOT_THE_PERSON: Code = Code::internal("governance.communication_not_the_person");
/// Reason: the host has no such topic of marketing.
pub const NO_SUCH_TOPIC: Code = Code::public("governance.communication_no_such_topic");
/// Reason: the person opted out.
pub const OPTED_OUT: Code = Code::internal("governance.communication_opted_out");
/// Reason: the person was never asked, and the policy sends nothing then.
pub const NEVER_ASKED: Code = Code::internal("governance.communication_never_asked");
/// Reason: the message says it is of another class than its topic.
pub const MISLABELLED: Code = Code::internal("governance.communication_mislabelled");

/// Who makes a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Chooser {
    /// The person, signed in.
    Person,
    /// Whoever has the link in a message to the person: it opts out, and does nothing else.
    Link,
    /// Somebody of the staff, for a person who asked for it: opts out, and does nothing else.
    Staff,
    /// Another system that its data is taken over from. Opts in only against evidence of what the person did there.
    Import {
        /// Where that evidence is.
        evidence: Option<OpaqueId>,
    },
}

impl Chooser {
    const fn way(&self) -> Way {
        match self {
            Self::Person => Way::Person,
            Self::Link => Way::Link,
            Self::Staff => Way::Staff,
            Self::Import { .. } => Way::Import,
        }
    }

    const fn may_opt_in(&self) -> bool {
        match self {
            Self::Person => true,
            Self::Import { evidence } => evidence.is_some(),
            Self::Link | Self::Staff => false,
        }
    }
}

/// What became of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum ChooseOutcome {
    /// It holds, from the commit on.
    Chosen,
    /// Opting in is the person's alone.
    NotThePerson,
    /// The host has no such topic, or it is none of marketing: there is nothing to choose.
    NoSuchTopic,
}

/// Takes down what somebody wants. What held already is taken down again: it was said again.
///
/// ```
/// use clausework::governance::communication::{Choice, ChooseOutcome, Chooser, CommunicationPolicy, Topic, choose};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
///
/// let policy = CommunicationPolicy::builder().build()?;
/// let by_staff = choose(None, now, &policy, &Chooser::Staff, Topic::All, Choice::In);
/// assert_eq!(by_staff.outcome(), &ChooseOutcome::NotThePerson);
/// let by_staff = choose(None, now, &policy, &Chooser::Staff, Topic::All, Choice::Out);
/// assert_eq!(by_staff.outcome(), &ChooseOutcome::Chosen);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn choose(
    state: Option<PreferenceState>,
    now: Now,
    policy: &CommunicationPolicy,
    by: &Chooser,
    topic: Topic,
    choice: Choice,
) -> Transition<PreferenceState, ChooseOutcome> {
    let refused = |reason: Code, outcome| {
        let fact = Fact::failure(CHOICE_REFUSED).under(clause::E_1_2).with("reason", reason);
        Transition::keep(outcome).with(fact)
    };
    if choice == Choice::In && !by.may_opt_in() {
        return refused(NOT_THE_PERSON, ChooseOutcome::NotThePerson);
    }
    // An opt-out is taken down whatever it is about: the topic may be new to this node, or gone from it.
    let known = |topic: &OpaqueId| policy.class_of(topic) == Some(MessageClass::Marketing);
    let mut state = state.unwrap_or_default();
    if let Topic::One(topic) = &topic
        && !known(topic)
        && (choice == Choice::In || is_full(&state, topic))
    {
        return refused(NO_SUCH_TOPIC, ChooseOutcome::NoSuchTopic);
    }
    let mut fact = Fact::success(CHOSEN).under(clause::E_1_2).with("wanted", choice == Choice::In);
    fact = match &topic {
        Topic::All => fact.with("topic", "all"),
        Topic::One(topic) => fact.with("topic", topic),
    };
    fact = fact.with("way", word(by.way()));
    if let Chooser::Import { evidence: Some(evidence) } = by {
        fact = fact.with("evidence", evidence);
    }
    state.set(&topic, choice);
    state.history.push_back(Choosing { at: now.timestamp(), topic, choice, way: by.way() });
    let made = state.history.len();
    // Topics that the host no longer has make room for those it has, and take what was said of them along.
    if state.topics.len() > CommunicationPolicy::MAX_TOPICS {
        state.topics.retain(|topic, _| known(topic));
        state.history.retain(|made| match &made.topic {
            Topic::All => true,
            Topic::One(topic) => known(topic),
        });
    }
    while state.history.len() > PreferenceState::MAX_HISTORY {
        state.history.pop_front();
    }
    let left = u64::try_from(made.saturating_sub(state.history.len())).unwrap_or(u64::MAX);
    state.folded = state.folded.saturating_add(left);
    Transition::put(state, ChooseOutcome::Chosen).with(fact)
}

/// Whether a topic that the host does not know would be one too many.
fn is_full(state: &PreferenceState, topic: &OpaqueId) -> bool {
    state.topics.len() >= CommunicationPolicy::MAX_TOPICS && !state.topics.contains_key(topic)
}

const fn word(way: Way) -> &'static str {
    match way {
        Way::Person => "person",
        Way::Link => "link",
        Way::Staff => "staff",
        Way::Import => "import",
    }
}

/// A message that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    class: Option<MessageClass>,
    topic: Option<OpaqueId>,
}

impl Message {
    /// About a topic of the policy, which says its class. Of a topic it does not have, it is taken for marketing.
    #[must_use]
    pub const fn about(topic: OpaqueId) -> Self {
        Self { class: None, topic: Some(topic) }
    }

    /// A notice on a matter of security (E-4.2).
    #[must_use]
    pub const fn security() -> Self {
        Self { class: Some(MessageClass::Security), topic: None }
    }

    /// Part of a service that the reader asked for.
    #[must_use]
    pub const fn transactional() -> Self {
        Self { class: Some(MessageClass::Transactional), topic: None }
    }

    /// The class that its sender says it has. It does not lift the class of a topic: marketing under another name is
    /// [refused](SendRefusal::Mislabelled) to everybody.
    #[must_use]
    pub const fn called(mut self, class: MessageClass) -> Self {
        self.class = Some(class);
        self
    }
}

/// Why a message may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ground {
    /// Nobody can opt out of it: it is transactional, or a notice of security.
    NeverHeldBack,
    /// The person opted in.
    OptedIn,
    /// The person was never asked, and the policy sends it.
    Unasked,
}

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendRefusal {
    /// The person opted out, of the topic or of all.
    OptedOut,
    /// The person was never asked, and the policy sends nothing then.
    NeverAsked,
    /// The policy has no such topic, and the person did not opt in to it.
    NoSuchTopic,
    /// Its sender says it is of another class than its topic.
    Mislabelled,
}

impl SendRefusal {
    /// The code of the reason.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::OptedOut => OPTED_OUT,
            Self::NeverAsked => NEVER_ASKED,
            Self::NoSuchTopic => NO_SUCH_TOPIC,
            Self::Mislabelled => MISLABELLED,
        }
    }
}

/// Whether a message may be sent, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "closed: it is sent or not")]
pub enum SendVerdict {
    /// Send it.
    Send(Ground),
    /// Do not.
    Refused(SendRefusal),
}

impl SendVerdict {
    /// Whether it may be sent.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        matches!(self, Self::Send(_))
    }
}

/// Whether a message may be sent now. Ask when it is sent, not when it is queued.
///
/// `wishes` are the records there are of its reader: under the account, and under the [marks](address_keys) of the
/// address. An opt-out in any of them holds.
pub fn may_send<'a>(
    policy: &CommunicationPolicy,
    wishes: impl IntoIterator<Item = &'a PreferenceState>,
    message: &Message,
) -> SendVerdict {
    let of_topic = message.topic.as_ref().map(|topic| (topic, policy.class_of(topic)));
    let class = match (message.class, of_topic) {
        // A topic that the policy does not have may be anything, so its sender's word for it is not taken.
        (Some(said), Some((_, known))) if said != known.unwrap_or(MessageClass::Marketing) => {
            return SendVerdict::Refused(SendRefusal::Mislabelled);
        }
        (_, Some((_, known))) => known.unwrap_or(MessageClass::Marketing),
        (said, None) => said.unwrap_or(MessageClass::Marketing),
    };
    match class {
        MessageClass::Transactional | MessageClass::Security => return SendVerdict::Send(Ground::NeverHeldBack),
        MessageClass::Marketing => {}
    }
    let mut opted_in = false;
    for wish in wishes {
        match message.topic.as_ref().map_or(wish.all, |topic| wish.choice(topic)) {
            Some(Choice::Out) => return SendVerdict::Refused(SendRefusal::OptedOut),
            Some(Choice::In) => opted_in = true,
            None => {}
        }
    }
    match (of_topic, policy.unasked()) {
        (Some((_, None)), _) => SendVerdict::Refused(SendRefusal::NoSuchTopic),
        _ if opted_in => SendVerdict::Send(Ground::OptedIn),
        (_, Unasked::Refuse) => SendVerdict::Refused(SendRefusal::NeverAsked),
        (_, Unasked::Send) => SendVerdict::Send(Ground::Unasked),
    }
}

/// A link for one message: the token for its address, and the record to [`apply`](crate::store::Change::apply) under the
/// token's digest. It opts out of the topic for as long as you say, as often as it is followed.
///
/// ```
/// use core::time::Duration;
/// use clausework::governance::communication::{Topic, UnsubscribeState, link};
/// use clausework::{AccountId, TenantId, store::Key};
/// # let now = clausework::Now::from(clausework::Timestamp::MIN);
/// # let mut entropy = clausework::entropy::OsEntropy;
///
/// let anna = AccountId::try_new("u-17")?;
/// let (token, filed) = link(now, &mut entropy, anna, Topic::All, Duration::from_secs(90 * 86_400))?;
/// let address = format!("https://app.example.com/unsubscribe/{}", token.expose()); // nothing of Anna in it
/// let key = Key::of::<UnsubscribeState>(TenantId::try_new("acme")?, token.digest());
/// # let _ = (address, key, filed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`EntropyError`] when the source fails.
pub fn link(
    now: Now,
    entropy: &mut dyn Entropy,
    account: AccountId,
    topic: Topic,
    good_for: Duration,
) -> Result<(Token<UnsubscribeState>, Transition<UnsubscribeState, ()>), EntropyError> {
    let token = Token::mint(entropy)?;
    let filed = Transition::put(UnsubscribeState { account, topic }, ()).collect_after(now.plus(good_for));
    Ok((token, filed))
}

/// Where the wishes of whoever reads an address are filed, account or none: under a keyed mark of it, current key first,
/// then the key before it. Load both; where only the second is there, begin from it, and write the first. Do so with
/// every record before the keys change once more: what lies under a key two changes old is found no longer.
///
/// Two spellings of an address that differ by case, or by how a letter with an accent is put together, are one: better
/// one message too few than one after an opt-out.
///
/// ```
/// use clausework::governance::communication::address_keys;
/// use clausework::{TenantId, id::OpaqueId, secret::Keyring};
///
/// let (acme, ring) = (TenantId::try_new("acme")?, Keyring::new(OpaqueId::try_new("2026")?, [7; 32]));
/// let keys = address_keys(&ring, &acme, "Anna@Example.com");
/// assert_eq!(keys, address_keys(&ring, &acme, "anna@example.com"));
/// assert!(!keys[0].to_string().contains("nna"));
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[must_use]
pub fn address_keys(keys: &Keyring, tenant: &TenantId, address: &str) -> Vec<Key> {
    // Up and down again: a letter may have two lower cases, as the Greek sigma has.
    let one: String = address.trim().nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let parts = [tenant.as_str().as_bytes(), one.as_bytes()];
    [Some(keys.mark_key()), keys.former_mark_key()]
        .into_iter()
        .flatten()
        .map(|key| Base64UrlUnpadded::encode_string(&key.digest("communication address", &parts)))
        .map(|mark| Key::of::<PreferenceState>(tenant.clone(), KeyId::own(&mark)))
        .collect()
}
