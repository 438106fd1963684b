//! The audit log: records that cannot be changed unseen.
//!
//! | you want | go to |
//! |---|---|
//! | the tree, its proofs, what may be deleted | [`tree`] |
//! | sign its head, change keys, one file for one record | [`checkpoint`] |
//! | turn events into leaves, one sequencer at a time | [`sequencer`] |

pub mod checkpoint;
pub mod sequencer;
pub mod tree;
