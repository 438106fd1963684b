//! Who may come, from where, over what: network and transport rules of one customer.
//!
//! | you want | use |
//! |---|---|
//! | only these networks | [`AccessPolicy`] with [`IpList::Only`] (E-5.7) |
//! | HTTPS only | [`AccessPolicy`] with `https_only` (E-5.8) |
//! | the verdict, with every failed condition | [`decide`] |
//! | what an address is set aside for | [`classify`], [`special_blocks`] |
//!
//! The peer address is taken as given: it is the socket's. A host behind a proxy must not read
//! `X-Forwarded-For` itself and hand the result in; anyone can write that header.

mod decide;
mod policy;
mod special;
#[cfg(test)]
mod tests;

pub use self::decide::{AccessOutcome, CODES, NETWORK_NOT_ALLOWED, PLAIN_TRANSPORT, Refusal, decide};
pub use self::policy::{AccessPolicy, AccessPolicyBuilder, AccessPolicyError, IpList};
pub use self::special::{AddressClass, SpecialBlock, classify, embedded_ipv4, special_blocks};
