//! Chapters to read beside the reference: documentation only, no code.
//!
//! | you want to know | read |
//! |---|---|
//! | which rule of the two documents is covered, by what, and how that is tested | [`coverage`] |
//! | how to write a store, which of those at hand to take, and what a failover costs | [`stores`] |

#[doc = include_str!("coverage.md")]
pub mod coverage {}

#[doc = include_str!("stores.md")]
pub mod stores {}
