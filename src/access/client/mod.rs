//! Who the client is, and what it came over, behind any number of proxies.
//!
//! | you want | use |
//! |---|---|
//! | say which proxies you trust and what they write | [`ProxyPolicy`] |
//! | know who the client is | [`resolve`], from the socket ([`Connection`]) and all header lines ([`HeaderLines`]) |
//! | let rules and sign-in decide on it | [`Resolved::origin`] |
//! | see why it went wrong | [`Resolved`]'s `Display`, [`Flag`]s, `cargo run --example client_address` |
//!
//! Anyone can write a header. So exactly one is read, as the policy says, from trusted peers alone and from the right:
//! each proxy appends whom it had the request from, so the right end is the proxies' and the left is whatever the
//! client sent along (RFC 7239 section 8.1). Where the walk meets something that it cannot read before it meets the
//! client, the answer is [`Unresolvable`]: never the address of the proxy, which may well be in an allowed network.
//!
//! | header | proxy writes | read as |
//! |---|---|---|
//! | `X-Forwarded-For` | appends | list of `v4`, `v4:port`, `v6`, `[v6]`, `[v6]:port`; `unknown` hides |
//! | `Forwarded` | appends | RFC 7239: names and quotes as its grammar has them, no blank around `;` and `=`; `unknown` and `_names` hide |
//! | a single named one | replaces | one address as in `X-Forwarded-For`; two lines are one too many |
//! | PROXY protocol | before HTTP | the host's reader; [`ProxyHeader`] is what it found |
//!
//! A leg's scheme is that of the proxy that names its address: the n-th from the right in `X-Forwarded-Proto`, or
//! `proto` of the same element. With fewer of them, the scheme is unknown, and unknown is not secure.

mod decide;
mod elements;
mod forwarded;
mod headers;
mod node;
mod policy;
mod resolved;
#[cfg(test)]
mod tests;

pub use self::decide::{Connection, ProxyHeader, resolve};
pub use self::headers::HeaderLines;
pub use self::policy::{
    HeaderName, HeaderSource, ProxyPolicy, ProxyPolicyBuilder, ProxyPolicyError, SchemeRule, SchemeSource,
};
pub use self::resolved::{Client, Flag, Flags, Place, Port, ProxyOrigin, Resolved, Scheme, Unresolvable};
