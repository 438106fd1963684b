//! Terms that are refused.

use thiserror::Error;

use crate::deadline::Period;

/// Why a set of terms is refused by [`DpaTermsBuilder::build`](super::DpaTermsBuilder::build).
///
/// ```
/// use clausework::deadline::Period;
/// use clausework::dpa::{DpaTerms, DpaTermsError};
///
/// let error = DpaTerms::builder().deletion(Period::Days(0)).build().unwrap_err();
/// assert_eq!(error, DpaTermsError::Empty { term: "deletion", period: Period::Days(0) });
/// assert_eq!(
///     error.to_string(),
///     "deletion: 0 days is no period; at least 1 is needed, or the duty would be due on the day of its event"
/// );
/// let error = DpaTerms::builder().objection(Period::Weeks(9_999)).build().unwrap_err();
/// assert!(error.to_string().starts_with("objection: 9999 weeks is longer than 1428 weeks"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum DpaTermsError {
    /// A period of zero.
    #[error("{term}: {period} is no period; at least 1 is needed, or the duty would be due on the day of its event")]
    Empty {
        /// The field of the terms, as the builder and serde name it.
        term: &'static str,
        /// What was given.
        period: Period,
    },
    /// A period of more than about 27 years.
    #[error("{term}: {period} is longer than {longest}; no clause means that, so the number or its unit is wrong")]
    TooLong {
        /// The field of the terms, as the builder and serde name it.
        term: &'static str,
        /// What was given.
        period: Period,
        /// The longest that is accepted in that unit.
        longest: Period,
    },
    /// A period in working days, for which the agreement names no calendar.
    #[error("{term}: {period} cannot be counted without a calendar of holidays; give days, weeks, months or years")]
    NeedsCalendar {
        /// The field of the terms, as the builder and serde name it.
        term: &'static str,
        /// What was given.
        period: Period,
    },
}
