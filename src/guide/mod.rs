//! Chapters to read beside the reference: documentation only, no code.
//!
//! | you want to know | read |
//! |---|---|
//! | which rule of the two documents is covered, by what, and how that is tested | [`coverage`] |
//! | which numbers are the defaults, where they come from, and what they are not enough for | [`defaults`] |
//! | what an attacker tries, what answers it, and what is left for you | [`threats`] |
//! | how to write a store, which of those at hand to take, and what a failover costs | [`stores`] |

#[doc = include_str!("coverage.md")]
pub mod coverage {}

#[doc = include_str!("stores.md")]
pub mod stores {}

#[doc = include_str!("defaults.md")]
pub mod defaults {}

#[doc = include_str!("threats.md")]
pub mod threats {}
