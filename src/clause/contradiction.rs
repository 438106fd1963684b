//! The contradictions and gaps of the two documents, as data.

use super::Clause;

/// A contradiction or gap.
#[derive(Clone, Copy, Debug)]
pub struct Contradiction {
    clauses: &'static [Clause],
}

/// All of them.
#[must_use]
pub const fn contradictions() -> &'static [Contradiction] {
    &[]
}
