#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
//!
//! # Where to begin
//!
//! [Choose your path](guide::choose): sign-in only, deadlines only, an audit log only, tenants and staff, or everything, each
//! as a complete host with its jobs and a list for production. [Coming from](guide::migrating) Devise, Django, Keycloak,
//! ASP.NET Core Identity or Spring Security; [many nodes](guide::nodes);
//! [what the documents contradict](guide::contradictions); [all chapters](guide).
//!
//! # Which module?
//!
//! | you want to | go to |
//! |---|---|
//! | let people sign in | [`sign_in`] |
//! | have only the lock-out, the password rules, the sessions … | [`lockout`], [`password`], [`screening`], [`hashing`], [`credential`], [`session`], [`access`] |
//! | keep customers apart; decide by roles and shares | [`tenancy`] |
//! | keep an audit log | [`audit`] |
//! | know what an agreement owes and when | [`dpa`], and [`deadline`] beneath it |
//! | keep the organisation's evidence, and know what an auditor would miss | [`governance`] |
//! | let support staff in by a grant, for a purpose and for a time | [`staff`] |
//! | know who the client is behind your proxies | [`access::client`] |
//! | write a store for your database | [`store`] |
//! | hold your policies against published documents, and keep them in a file | [`profile`] |
//! | hand an auditor what was kept, refused, owed and proven in a period | [`evidence`] |
//! | see which clause is behind what | [`clause`], and the [coverage table](guide::coverage) |
//! | test a host that uses the crate | `testing` (feature `testing`) |
//!
//! # One shape
//!
//! Every stateful module holds a policy (an immutable value, checked when built or deserialised), a
//! state (what is stored), and pure decisions from state, time and policy to a
//! [`Transition`](store::Transition). Time is an argument ([`Now`]), randomness is an argument
//! ([`Entropy`](entropy::Entropy)), storage is a trait ([`Store`](store::Store),
//! [`AsyncStore`](store::AsyncStore)). The same input gives the same decision.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `std` | yes | [`MemoryStore`](store::MemoryStore), [`OsEntropy`](entropy::OsEntropy), the shared memory of a [`Hasher`](hashing::Hasher) |
//! | `legacy-bcrypt`, `legacy-pbkdf2`, `legacy-scrypt` | no | schemes that a hasher can be [told to import](hashing::Hasher::with_legacy) |
//! | `strength` | no | [`password::estimate`](password), by zxcvbn; the one function that reads the clock |
//! | `ical` | no | calendar entries (RFC 5545) of plans and obligations in [`dpa`] |
//! | `breached` | no | lists of breached passwords and range answers in [`screening`] |
//! | `chrono-tz` | no | names of the IANA database in [`deadline::Zone`] |
//! | `ed25519` | no | a signer and a verifier of checkpoints of the [`audit`] log |
//! | `http` | no | header maps of the `http` crate in [`access::client`] |
//! | `toml` | no | policy files in TOML in [`profile`] |
//! | `schema` | no | the JSON Schema of policy files in [`profile`] |
//! | `testing` | no | `testing` and `store::conformance`, for tests of hosts and of stores; never in production |
//!
//! Each is built alone, and beside every other. No feature changes a decision. (How many hashes run at once is the
//! hasher's with `std`, and the host's without.)
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        reason = "a test that fails should panic"
    )
)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod access;
pub mod alerts;
pub mod audit;
pub mod clause;
pub mod credential;
pub mod deadline;
pub mod dpa;
pub mod entropy;
mod error;
pub mod event;
pub mod evidence;
pub mod governance;
pub mod guide;
pub mod hashing;
pub mod id;
pub mod lockout;
mod markup;
pub mod password;
pub mod profile;
pub mod screening;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod staff;
pub mod store;
pub mod tenancy;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;

pub use error::Error;
pub use id::{AccountId, Scope, TenantId};
pub use secret::Secret;
pub use time::{Now, Timestamp};

/// Every stable code of the crate, module by module: for translations, dashboards and an inventory of events.
///
/// ```
/// use clausework::event::Audience;
///
/// let shown: Vec<&str> = clausework::codes().filter(|c| c.audience() == Audience::Public).map(|c| c.as_str()).collect();
/// assert!(shown.contains(&"password.too_short"));
/// assert!(!shown.contains(&"lockout.locked"));
/// ```
pub fn codes() -> impl Iterator<Item = event::Code> {
    [
        access::CODES,
        alerts::CODES,
        audit::log::CODES,
        audit::verify::CODES,
        credential::CODES,
        deadline::CODES,
        dpa::CODES,
        governance::CODES,
        lockout::CODES,
        password::CODES,
        screening::CODES,
        session::CODES,
        sign_in::CODES,
        staff::CODES,
        tenancy::CODES,
    ]
    .into_iter()
    .flatten()
    .copied()
}
