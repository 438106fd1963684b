//! What may be done with data that law requires to be kept.

use serde::{Deserialize, Serialize};

use super::super::Regime;
use crate::clause::{self, Clause};

/// A use of data that is held after the end of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HeldUse {
    /// To store it.
    Storage,
    /// The purpose for which the law requires it.
    LegalPurpose,
    /// Anything else.
    Other,
}

/// The clause that forbids a use of held data, or `None` if it is allowed: only what the law's own
/// purpose needs (`D-10.3b`), under the clauses no active processing at all beyond it (`SCC-12.1b`).
///
/// ```
/// use clausework::clause;
/// use clausework::dpa::{HeldUse, Regime, held_use_refusal};
///
/// assert_eq!(held_use_refusal(HeldUse::LegalPurpose, Regime::Addendum), None);
/// assert_eq!(held_use_refusal(HeldUse::Other, Regime::Addendum), Some(clause::D_10_3B));
/// assert_eq!(held_use_refusal(HeldUse::Other, Regime::Clauses), Some(clause::SCC_12_1B));
/// ```
#[must_use]
pub const fn held_use_refusal(wanted: HeldUse, regime: Regime) -> Option<Clause> {
    match (wanted, regime) {
        (HeldUse::Storage | HeldUse::LegalPurpose, _) => None,
        (HeldUse::Other, Regime::Addendum) => Some(clause::D_10_3B),
        (HeldUse::Other, Regime::Clauses) => Some(clause::SCC_12_1B),
    }
}
