//! Who may come, from where, over what: network and transport rules of one customer.
//!
//! | you want | use |
//! |---|---|
//! | only these networks | [`AccessPolicy`] with [`IpList::Only`] (E-5.7) |
//! | HTTPS only | [`AccessPolicy`] with `https_only` (E-5.8) |
//! | the verdict, with every failed condition | [`decide`] |
//! | read a network, an address or a range strictly | [`AddressRange`] |
//! | find the entry that decides among very many | [`AddressSet`] |
//!
//! The peer address is taken as given: it is the socket's. A host behind a proxy must not read
//! `X-Forwarded-For` itself and hand the result in; anyone can write that header.

mod decide;
mod policy;
mod range;
mod set;
#[cfg(test)]
mod tests;

pub use self::decide::{AccessOutcome, CODES, NETWORK_NOT_ALLOWED, PLAIN_TRANSPORT, Refusal, decide};
pub use self::policy::{AccessPolicy, AccessPolicyBuilder, AccessPolicyError, IpList};
pub use self::range::{AddressRange, RangeError, Spelling};
pub use self::set::{AddressSet, Effect, SetEntry, SetError, Stale};
