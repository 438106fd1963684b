//! Who may come, from where, over what: network and transport rules of one customer.
//!
//! | you want | use |
//! |---|---|
//! | only these networks, and never those | [`IpList`] (E-5.7): of the tenant, of a role, of a kind of token |
//! | HTTPS only | [`AccessPolicy`] with `https_only` (E-5.8) |
//! | the verdict, with every failed condition | [`decide`] |
//! | which list, version and entry say what | [`explain`]; `examples/ip_rules` for a file |
//! | what is odd about a list | [`lint()`], by a [`ListPolicy`] |
//! | change a list without locking anybody out | [`Proposal`], and [`ListDiff`] for who gains and who loses |
//! | who the client behind your proxies is | [`client`] |
//! | how to answer what did not come over HTTPS, and `Strict-Transport-Security` | [`https_only`], [`Hsts`] |
//! | what an address is set aside for | [`classify`], [`special_blocks`] |
//! | read a network, an address or a range strictly | [`AddressRange`] |
//! | find the entry that decides among very many | [`AddressSet`] |
//!
//! Rules take an [`Origin`](crate::event::Origin). Without proxies it is the socket's peer; behind proxies it is what
//! [`client`] finds, which no host should read from `X-Forwarded-For` itself: anyone can write that header.

pub mod client;
mod compiled;
mod decide;
mod diff;
mod entry;
mod finding;
mod form;
mod hsts;
mod limits;
mod lint;
mod list;
mod policy;
mod proposal;
mod range;
mod set;
mod space;
mod special;
#[cfg(test)]
mod tests;

pub use self::decide::{
    AccessOutcome, AccessRequest, AccessUse, FAMILY_NOT_ALLOWED, ListDecision, ListVerdict, NETWORK_DENIED,
    NETWORK_NOT_ALLOWED, NO_ADDRESS, PLAIN_TRANSPORT, Refusal, decide, explain,
};
pub use self::diff::ListDiff;
pub use self::entry::ListEntry;
pub use self::finding::{
    ADMITS_NOBODY, ALLOWED_IN_VAIN, DUPLICATE, EXPIRED, FAMILY_GAP, Finding, MERGEABLE, NEEDLESS, OVERLAPPING,
    SHADOWED, SPECIAL, TOO_WIDE, WHOLE_INTERNET,
};
pub use self::hsts::{
    Asked, Credentials, Endpoint, Hsts, HstsBuilder, HstsError, HstsHeader, HstsShortfall, HttpsOutcome, https_only,
};
pub use self::limits::{ListPolicy, ListPolicyBuilder, ListPolicyError, Reach};
pub use self::lint::lint;
pub use self::list::{IpList, IpListBuilder, IpListError, ListMode, ListOwner};
pub use self::policy::{AccessPolicy, AccessPolicyBuilder, AccessPolicyError, OutsideUse};
pub use self::proposal::{
    Administrator, Approved, LIST_CHANGED, LIST_FORCED, LockedOut, Proposal, ProposalOutcome, Review, ReviewOutcome,
};
pub use self::range::{AddressRange, RangeError, Spelling};
pub use self::set::{AddressSet, Effect, SetEntry, SetError, Stale};
pub use self::space::Family;
pub use self::special::{AddressClass, SpecialBlock, classify, embedded_ipv4, special_blocks};
use crate::event::Code;

/// Every code of this module: of its events first, then the reasons in them, then what [`lint()`] finds.
pub const CODES: &[Code] = &[
    LIST_CHANGED,
    LIST_FORCED,
    NETWORK_NOT_ALLOWED,
    NETWORK_DENIED,
    FAMILY_NOT_ALLOWED,
    NO_ADDRESS,
    PLAIN_TRANSPORT,
    EXPIRED,
    SPECIAL,
    TOO_WIDE,
    DUPLICATE,
    SHADOWED,
    ALLOWED_IN_VAIN,
    OVERLAPPING,
    NEEDLESS,
    MERGEABLE,
    ADMITS_NOBODY,
    FAMILY_GAP,
    WHOLE_INTERNET,
];
