//! The audit log: records that cannot be changed unseen.
//!
//! | you want | go to |
//! |---|---|
//! | the tree, its proofs, what may be deleted | [`tree`] |

pub mod tree;
