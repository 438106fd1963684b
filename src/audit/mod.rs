//! The audit log: records that cannot be changed unnoticed and can be erased lawfully.
//!
//! | you want | use |
//! |---|---|
//! | write and read records | [`record`] |
//! | never forget who made or changed a row of the host's own (E-5.4) | [`Stamped`] |
//! | hand records to other systems | [`view`] |
//! | the tree, its proofs, what may be deleted | [`tree`] |
//! | sign its head, change keys, one file for one record | [`checkpoint`] |
//! | turn events into leaves, one sequencer at a time | [`sequencer`] |
//! | keep it on a database of your own | [`log`] |
//! | know whether a log is whole | [`verify`] |
//! | show it to somebody else, as one file: all of it, or what concerns one person | [`bundle`] |
//! | review what administrators did (A2-Mon-3) | [`review`] |
//! | erase, purge, hold and destroy with evidence | [`retention`] |

pub mod bundle;
pub mod checkpoint;
pub mod log;
pub mod record;
pub mod retention;
pub mod review;
pub mod sequencer;
mod stamp;
pub mod tree;
pub mod verify;
pub mod view;

pub use self::stamp::{StampError, Stamped};
