//! Whether a log is whole: a verdict that tells "changed" from "erased", "purged", "cut short" and "cannot tell".
//!
//! | you want | use |
//! |---|---|
//! | what the log says of its own gaps | [`Ledger`] |
//! | verify a log as it streams by, stop and go on | [`Verifier`], [`VerifierState`] |
//! | show that an older checkpoint is of the same log, though its beginning is gone | [`link`] |
//! | what came of it | [`Verdict`], [`Report`] |
//! | one file that anyone can verify without the log | [`bundle`](crate::audit::bundle) |
//!
//! # Which verdict wins
//!
//! Several things may be true of one log; the first of these that is, is the verdict:
//!
//! | | verdict | alarm | |
//! |---|---|---|---|
//! | 1 | [`Altered`](Verdict::Altered) | yes | a record, its place or a disclosed value is not what was put in |
//! | 2 | [`Truncated`](Verdict::Truncated) | yes | the log ends before a trusted checkpoint does; what is gone before may be explained in what was cut off |
//! | 3 | [`MissingUnexplained`](Verdict::MissingUnexplained) | yes | a record is gone and the log does not say why |
//! | 4 | [`Forked`](Verdict::Forked) | yes | two histories: two roots of one size |
//! | 5 | [`WithheldUnexplained`](Verdict::WithheldUnexplained) | yes | a value is gone and the log does not say why |
//! | 6 | [`UnknownKey`](Verdict::UnknownKey), [`UnknownVersion`](Verdict::UnknownVersion), [`Malformed`](Verdict::Malformed) | no | cannot be judged |
//! | 7 | [`SelfConsistent`](Verdict::SelfConsistent) | no | nothing is wrong, and nothing says that this is all of it |
//! | 8 | [`Purged`](Verdict::Purged), then [`Redacted`](Verdict::Redacted), then [`Verified`](Verdict::Verified) | no | whole, up to a trusted checkpoint |
//!
//! What can be pinned to a record comes before what concerns the whole, and what is known to be wrong before what is not
//! known.

mod excuse;
mod ledger;
mod link;
mod spans;
#[cfg(test)]
pub(in crate::audit) mod tests;
mod verdict;
mod verifier;

pub use self::ledger::Ledger;
pub use self::link::link;
pub use self::verdict::{CODES, Report, Verdict};
pub use self::verifier::{Evidence, Values, Verifier, VerifierState};
