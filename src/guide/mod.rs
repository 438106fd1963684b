//! Chapters to read beside the reference: documentation only, no code.
//!
//! | you want to know | read |
//! |---|---|
//! | which rule of the two documents is covered, by what, and how that is tested | [`coverage`] |

#[doc = include_str!("coverage.md")]
pub mod coverage {}
