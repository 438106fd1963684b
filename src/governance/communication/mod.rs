//! Who may be sent what: E-1.2 (everybody decides what marketing they get) and E-4.2 (notices of security reach everybody).
//!
//! A [`MessageClass`] is fixed for every topic of the host in a [`CommunicationPolicy`]. What a person wants is a
//! [`PreferenceState`]; [`choose`] changes it, [`may_send`] reads it, at the instant of sending: a message that waited in
//! a queue while its reader opted out is not sent. Notices of security, and those a transaction needs, are never held
//! back; marketing never passes an opt-out, in whatever order things are done and whichever way the clock steps, since
//! choices count in their order and not by their instants.
//!
//! ```
//! use clausework::governance::communication::{
//!     Choice, Chooser, ChooseOutcome, CommunicationPolicy, Message, MessageClass, Topic, Unasked, choose, may_send,
//! };
//! use clausework::id::OpaqueId;
//! use clausework::store::Next;
//! # let now = clausework::Now::from(clausework::Timestamp::MIN);
//!
//! let news = OpaqueId::try_new("newsletter")?;
//! let policy = CommunicationPolicy::builder()
//!     .topic(news.clone(), MessageClass::Marketing)
//!     .unasked(Unasked::Refuse) // who was never asked gets no marketing
//!     .build()?;
//! assert!(!may_send(&policy, [], &Message::about(news.clone())).is_sent());
//!
//! let chosen = choose(None, now, &policy, &Chooser::Person, Topic::One(news.clone()), Choice::In);
//! let (Next::Put(anna), ChooseOutcome::Chosen, _) = chosen.into_parts() else { panic!() };
//! assert!(may_send(&policy, [&anna], &Message::about(news.clone())).is_sent());
//!
//! // The link in the mail, without signing in.
//! let (Next::Put(anna), ..) = choose(Some(anna), now, &policy, &Chooser::Link, Topic::All, Choice::Out).into_parts() else { panic!() };
//! assert!(!may_send(&policy, [&anna], &Message::about(news)).is_sent());
//! assert!(may_send(&policy, [&anna], &Message::security()).is_sent());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! A link of that kind carries a [`Token`](crate::secret::Token) of [`UnsubscribeState`]: no name and no address.
//! Somebody whose account is erased is to stay out: [`address_keys`] files an opt-out under a keyed mark of the address,
//! from which nobody reads the address; give [`may_send`] both records.

mod decide;
mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{
    CHOICE_REFUSED, CHOSEN, ChooseOutcome, Chooser, Ground, MISLABELLED, Message, NEVER_ASKED, NO_SUCH_TOPIC,
    NOT_THE_PERSON, OPTED_OUT, SendRefusal, SendVerdict, address_keys, choose, link, may_send,
};
pub use self::policy::{
    CommunicationPolicy, CommunicationPolicyBuilder, CommunicationPolicyError, MessageClass, Unasked,
};
pub use self::state::{Choice, Choosing, PreferenceState, Topic, UnsubscribeState, Way};
