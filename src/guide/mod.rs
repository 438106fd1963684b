//! Chapters to read beside the reference: documentation only, no code.
//!
//! | you want to know | read |
//! |---|---|
//! | what you need for sign-in only, deadlines only, a log only, tenants and staff, or everything; which jobs must run | [`choose`] |
//! | how to come from Devise, Django, Keycloak, ASP.NET Core Identity or Spring Security | [`migrating`] |
//! | which rule of the two documents is covered, by what, and how that is tested | [`coverage`] |
//! | what the two documents contradict or leave open, what is done about it, and how to choose otherwise | [`contradictions`] |
//! | which numbers are the defaults, where they come from, and what they are not enough for | [`defaults`] |
//! | what an attacker tries, what answers it, and what is left for you | [`threats`] |
//! | how to write a store, which of those at hand to take, and what a failover costs | [`stores`] |
//! | how to run on many nodes: clocks, the database, deployments, keys, capacity | [`nodes`] |

#[doc = include_str!("choose.md")]
pub mod choose {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}

#[doc = include_str!("coverage.md")]
pub mod coverage {}

#[doc = include_str!("contradictions.md")]
pub mod contradictions {}

#[doc = include_str!("stores.md")]
pub mod stores {}

#[doc = include_str!("nodes.md")]
pub mod nodes {}

#[doc = include_str!("defaults.md")]
pub mod defaults {}

#[doc = include_str!("threats.md")]
pub mod threats {}
