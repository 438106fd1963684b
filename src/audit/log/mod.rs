//! What every audit log on a database does, without the database: work out the rows that are to be stored, and the rows
//! that are to be deleted. `SqliteLog` and `PostgresLog` of the package `examples/stores` are this and statements.
//!
//! | you want | use |
//! |---|---|
//! | turn the events that wait into records | [`Tail::take_in`] |
//! | append records of the log's own | [`Tail::enter`] |
//! | store either | [`Entries`], if the log is still as it was |
//! | delete what an intent names | [`Removal`] |
//! | put stored rows into a bundle | [`fill`] |
//!
//! **Tables.** One row for each log: the text of its [state](Entries::state) and the bytes of its [last](Entries::last)
//! record. Below it the records (index, leaf hash, body or nothing, whether it is the log's own), the nodes (level,
//! index, hash), the values that open commitments (index, field, text), and what waits (the text of an event and when it
//! was accepted), filled in the business transaction.
//!
//! **One commit.** Replace the row of the log on condition that its state is still the text that was read; insert the
//! records, nodes and values; delete what was taken, from what waits *and* from the events: the record says all that the
//! event said, so nothing is kept twice, and what is purged from the log is gone. Of two sequencers that read the same
//! state, one replaces it. The condition comes first in the transaction, so the other writes nothing.
//!
//! **Order of reading.** Read the state before what waits, or both from one snapshot. The other way round, a sequencer
//! may find the state of after and the events of before another's commit, and append them a second time.
//!
//! ```
//! use clausework::audit::log::{Tail, Waiting};
//! use clausework::audit::record::{Body, Class, Record};
//! use clausework::{Now, Scope, TenantId, Timestamp, id::OpaqueId};
//!
//! # let mut entropy = clausework::entropy::OsEntropy;
//! let (acme, now) = (Scope::from(TenantId::try_new("acme")?), Now::from(Timestamp::MIN));
//! let portal = OpaqueId::try_new("portal")?;
//! let event = r#"{"v":1,"at":"2026-11-22T09:30:00.000000Z","scope":"tenant:acme","actor":"unauthenticated","origin":{"network":{"peer":"198.51.100.7","transport":"tls"}},"subject":{"kind":"lockout","id":"u-17"},"code":"lockout.locked","outcome":"failure","clauses":["E-6P.3"],"details":{"failures":3}}"#;
//! let waiting = [Waiting::new(event, None), Waiting::new("{damaged", None)];
//!
//! let entries = Tail::new(acme.clone()).take_in(now, &portal, waiting, |_| Class::Authentication, &mut entropy)?;
//! let rows: Vec<_> = entries.rows().collect();
//! assert_eq!((entries.range(), entries.gaps()), (0..2, 1));
//! assert_eq!(Record::decode(rows[0].bytes)?.code(), "lockout.locked");
//! let gap = Record::decode(rows[1].bytes)?; // what is no event stops nothing: the log says that there is a gap, and why
//! assert!(matches!(gap.body(), Body::Gap { count: Some(1), .. }));
//! assert_eq!(gap.attribute("reason").map(|reason| reason.to_string()).as_deref(), Some("event.malformed"));
//! assert_eq!(entries.disclosures()[0].value(), "{damaged"); // nor is anything lost
//!
//! // The next records follow what was stored.
//! let tail = Tail::decode(acme.clone(), entries.state(), entries.last())?;
//! assert_eq!(tail.state().map(|state| state.size()), Some(2));
//! assert!(Tail::decode(acme, entries.state(), rows[0].bytes).is_err()); // another record than the last
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entries;
mod evidence;
mod intake;
mod removal;
#[cfg(all(test, feature = "testing"))]
mod tests;

pub use self::entries::{Entries, LogError, Row, Tail};
pub use self::evidence::{StoredRow, fill};
pub use self::intake::{GAP, Waiting};
pub use self::removal::{Removal, prunable_nodes};
use crate::event::Code;

/// Every code of this module.
pub const CODES: &[Code] = &[GAP];
