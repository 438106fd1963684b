//! Which document prevails when two contradict each other.

use serde::{Deserialize, Serialize};

use crate::clause::{self, Clause};

/// A document between the parties, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentRank {
    /// The Online Agreement, and every other agreement between the parties (`D-0.2`, `D-13.3`).
    Other,
    /// The addendum (`D-13.3`).
    Addendum,
    /// An agreement that expressly says otherwise in writing, signed by the parties (`D-13.3`).
    SignedOtherwise,
    /// The Standard Contractual Clauses (`D-13.2b`).
    Clauses,
}

/// The one that prevails, with the clause that says so; `None` between two of one rank, for which the
/// documents have no rule. A duty of the Online Agreement that protects the data more is not reduced
/// by the addendum (`D-13.2a`), so that `more_protective` wins over the addendum, and over nothing else.
///
/// ```
/// use clausework::clause;
/// use clausework::dpa::{DocumentRank, prevailing};
///
/// let (winner, why) = prevailing(DocumentRank::Addendum, DocumentRank::Clauses, None).ok_or("no rule")?;
/// assert_eq!((winner, why), (DocumentRank::Clauses, clause::D_13_2B));
/// let (winner, why) = prevailing(DocumentRank::Other, DocumentRank::Addendum, None).ok_or("no rule")?;
/// assert_eq!((winner, why), (DocumentRank::Addendum, clause::D_13_3));
/// let stricter = Some(DocumentRank::Other);
/// let (winner, why) = prevailing(DocumentRank::Other, DocumentRank::Addendum, stricter).ok_or("no rule")?;
/// assert_eq!((winner, why), (DocumentRank::Other, clause::D_13_2A));
/// assert_eq!(prevailing(DocumentRank::Other, DocumentRank::Other, None), None);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn prevailing(
    one: DocumentRank,
    other: DocumentRank,
    more_protective: Option<DocumentRank>,
) -> Option<(DocumentRank, Clause)> {
    let (low, high) = (one.min(other), one.max(other));
    if low == high {
        return None;
    }
    let why = match (low, high) {
        (_, DocumentRank::Clauses) => clause::D_13_2B,
        (DocumentRank::Other, DocumentRank::Addendum) if more_protective == Some(low) => {
            return Some((low, clause::D_13_2A));
        }
        _ => clause::D_13_3,
    };
    Some((high, why))
}
