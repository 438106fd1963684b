//! Whether what was sent arrived whole (A2-Trans-3): what the sender counted against what the receiver counted.
//!
//! Both sides fold the items they send or write into a [`Manifest`], in the order of their names, in a few hundred bytes
//! of memory however many they are. The [`Summary`] at its end (how many, how large, and the root of an RFC 6962 tree over
//! them) is equal on both sides exactly if every item is. A [`TransferState`] waits for the receiver's, and says so once
//! when it is wrong or late. [`compare`] finds which items it is about.
//!
//! ```
//! use core::time::Duration;
//! use clausework::governance::transfer::{
//!     AcknowledgeOutcome, Item, Manifest, TransferStanding, acknowledge, compare, review, send,
//! };
//! use clausework::{Now, Timestamp, store::Next};
//!
//! let sent = [Item::of("a.csv", b"1,2")?, Item::of("b.csv", b"3,4")?];
//! let got = [Item::of("a.csv", b"1,2")?];
//! let start = Timestamp::MIN;
//! let due = start.saturating_add(Duration::from_secs(3600));
//! let (Next::Put(state), ..) = send(start.into(), Manifest::of(&sent)?.summary(), due).into_parts() else { panic!() };
//! assert_eq!(review(Some(state.clone()), start.into()).outcome(), &TransferStanding::Waiting);
//!
//! let answer = acknowledge(state, start.into(), Manifest::of(&got)?.summary());
//! assert_eq!(answer.outcome(), &AcknowledgeOutcome::Incomplete);
//! assert_eq!(answer.facts()[0].code().as_str(), "governance.transfer_incomplete");
//! assert_eq!(compare(&sent, &got)?.to_string(), "1 missing: \"b.csv\"");
//! # let _ = Now::from(start);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod decide;
mod manifest;
mod state;
#[cfg(test)]
mod tests;

pub use self::decide::{
    ACKNOWLEDGED, AcknowledgeOutcome, INCOMPLETE, SENT, TransferStanding, UNACKNOWLEDGED, acknowledge, resend, review,
    send,
};
pub use self::manifest::{Comparison, Item, Manifest, ManifestError, Summary, compare};
pub use self::state::TransferState;
