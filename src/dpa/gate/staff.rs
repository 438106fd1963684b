//! Whether a person of a Contracted Processor may reach the data: section 4.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::clause::{self, Clause};

/// A wish for access to Customer Personal Data by one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "closed: the conditions of section 4")]
pub struct DataAccess {
    /// Whether the person needs it for the Online Agreement or to comply with the law (`D-4.1b`).
    pub is_needed: bool,
    /// The last day of the person's confidentiality undertaking, contractual, professional or by
    /// statute; none if there is no undertaking (`D-4.1c`). [`NaiveDate::MAX`] for one without an end.
    pub bound_until: Option<NaiveDate>,
    /// Whether reliability was looked into (`D-4.1a`).
    pub is_vetted: bool,
}

/// Why access is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccessRefusal {
    /// Nobody took steps to ensure reliability (`D-4.1a`).
    NotVetted,
    /// It is not needed (`D-4.1b`).
    NotNeeded,
    /// No undertaking of confidentiality is in force (`D-4.1c`).
    NotBound,
}

impl AccessRefusal {
    /// The clause.
    #[must_use]
    pub const fn clause(self) -> Clause {
        match self {
            Self::NotVetted => clause::D_4_1A,
            Self::NotNeeded => clause::D_4_1B,
            Self::NotBound => clause::D_4_1C,
        }
    }
}

/// Every reason against this access on the day `on`; empty if it is allowed.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{AccessRefusal, DataAccess, access_refusals};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let access = DataAccess { is_needed: true, bound_until: Some(day(2026, 12, 31)?), is_vetted: true };
/// assert!(access_refusals(&access, day(2026, 12, 31)?).is_empty());
/// assert_eq!(access_refusals(&access, day(2027, 1, 1)?), [AccessRefusal::NotBound]);
/// assert_eq!(access_refusals(&DataAccess { is_needed: false, ..access }, day(2026, 1, 1)?), [AccessRefusal::NotNeeded]);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn access_refusals(access: &DataAccess, on: NaiveDate) -> Vec<AccessRefusal> {
    let bound = access.bound_until.is_some_and(|last_day| on <= last_day);
    let conditions = [
        (access.is_vetted, AccessRefusal::NotVetted),
        (access.is_needed, AccessRefusal::NotNeeded),
        (bound, AccessRefusal::NotBound),
    ];
    conditions.into_iter().filter(|(met, _)| !met).map(|(_, refusal)| refusal).collect()
}
