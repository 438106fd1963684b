//! Who may come, from where, over what: network and transport rules of one customer.
//!
//! | you want | use |
//! |---|---|
//! | only these networks | [`AccessPolicy`] with [`IpList::Only`] (E-5.7) |
//! | HTTPS only | [`AccessPolicy`] with `https_only` (E-5.8) |
//! | the verdict, with every failed condition | [`decide`] |
//! | who the client behind your proxies is | [`client`] |
//! | how to answer what did not come over HTTPS, and `Strict-Transport-Security` | [`https_only`], [`Hsts`] |
//! | what an address is set aside for | [`classify`], [`special_blocks`] |
//!
//! Rules take an [`Origin`](crate::event::Origin). Without proxies it is the socket's peer; behind proxies it is what
//! [`client`] finds, which no host should read from `X-Forwarded-For` itself: anyone can write that header.

pub mod client;
mod decide;
mod hsts;
mod policy;
mod special;
#[cfg(test)]
mod tests;

pub use self::decide::{AccessOutcome, CODES, NETWORK_NOT_ALLOWED, PLAIN_TRANSPORT, Refusal, decide};
pub use self::hsts::{
    Asked, Credentials, Endpoint, Hsts, HstsBuilder, HstsError, HstsHeader, HstsShortfall, HttpsOutcome, https_only,
};
pub use self::policy::{AccessPolicy, AccessPolicyBuilder, AccessPolicyError, IpList};
pub use self::special::{AddressClass, SpecialBlock, classify, embedded_ipv4, special_blocks};
