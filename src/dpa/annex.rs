//! The details of the processing: Annex 1 of the addendum and Appendix 1 of the clauses.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::clause::{self, Clause};
use crate::id::OpaqueId;

/// A type of personal data (`AX1-3`, `A1-4`). The list is open: "include" is without limitation (`D-1.18`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DataType {
    /// First and last name.
    Name,
    /// Title.
    Title,
    /// Employer.
    Employer,
    /// Position.
    Position,
    /// Contact data.
    Contact,
    /// Identification data.
    Identification,
    /// Data on personal life.
    PersonalLife,
    /// Properties of online behaviour.
    Online,
    /// Any other.
    Other(OpaqueId),
}

/// A group of data subjects (`AX1-5`, `A1-3`). The list is open (`D-1.18`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubjectGroup {
    /// Prospects, customers, partners and vendors of the customer.
    BusinessContacts,
    /// Employees or contact persons of those.
    TheirEmployees,
    /// Employees, agents, advisors of the customer.
    Staff,
    /// Users whom the customer authorised.
    Users,
    /// Any other.
    Other(OpaqueId),
}

/// A special category of data (`A1-5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SpecialCategory {
    /// Racial or ethnic origin.
    Origin,
    /// Political opinions.
    Opinions,
    /// Religious or philosophical beliefs.
    Beliefs,
    /// Trade-union membership.
    Union,
    /// Health.
    Health,
    /// Sex life.
    SexLife,
}

/// One version of the details, in force from the receipt of the customer's notice (`D-3.3`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: the headings of the annex")]
pub struct Annex {
    /// The day on which the notice was received, or the agreement began.
    pub from: NaiveDate,
    /// The exporter: the customer and its affiliates that bought the services (`A1-1`).
    pub exporter: Option<Evidence>,
    /// The importer: the provider (`A1-2`).
    pub importer: Option<Evidence>,
    /// How long: as in the Online Agreement (`AX1-1`).
    pub duration: Option<Evidence>,
    /// Nature, purpose and operations (`AX1-2`, `A1-6`).
    pub operations: Option<Evidence>,
    /// Types of data (`AX1-3`, `A1-4`).
    pub data: BTreeSet<DataType>,
    /// Groups of data subjects (`AX1-5`, `A1-3`).
    pub subjects: BTreeSet<SubjectGroup>,
    /// Special categories, which uploads may hold (`AX1-4`, `A1-5`); none if the customer has said
    /// nothing about them.
    pub special: Option<BTreeSet<SpecialCategory>>,
}

impl Annex {
    /// The headings of Annex 1 and Appendix 1 that are still empty (`SCC-2`). The clauses cannot carry a
    /// transfer that they do not describe.
    ///
    /// ```
    /// use clausework::clause;
    /// use clausework::dpa::Annex;
    ///
    /// let annex: Annex = serde_json::from_str(r#"{"from":"2026-01-01","exporter":"party 1","importer":"party 2",
    ///     "duration":"order form","operations":"order form","data":["name",{"other":"loyalty-points"}],
    ///     "subjects":["users"],"special":[]}"#)?;
    /// assert!(annex.missing().is_empty());
    /// assert_eq!(Annex { special: None, ..annex.clone() }.missing(), [clause::AX1_4, clause::A1_5]);
    /// assert!(!annex.informs_of_special_categories());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn missing(&self) -> Vec<Clause> {
        let rows: [(bool, &[Clause]); 7] = [
            (self.duration.is_some(), &[clause::AX1_1]),
            (self.operations.is_some(), &[clause::AX1_2, clause::A1_6]),
            (!self.data.is_empty(), &[clause::AX1_3, clause::A1_4]),
            (self.special.is_some(), &[clause::AX1_4, clause::A1_5]),
            (!self.subjects.is_empty(), &[clause::AX1_5, clause::A1_3]),
            (self.exporter.is_some(), &[clause::A1_1]),
            (self.importer.is_some(), &[clause::A1_2]),
        ];
        rows.into_iter().filter(|(given, _)| !given).flat_map(|(_, clauses)| clauses).copied().collect()
    }

    /// Whether the data subjects must be told that special categories are transferred (`SCC-4f`).
    #[must_use]
    pub fn informs_of_special_categories(&self) -> bool {
        self.special.as_ref().is_some_and(|special| !special.is_empty())
    }

    /// The version in force on a day (`D-3.3`): the last that the customer's notice had brought by then.
    ///
    /// ```
    /// use clausework::dpa::Annex;
    ///
    /// let at = |from: &str| -> Result<Annex, serde_json::Error> {
    ///     serde_json::from_str(&format!(r#"{{"from":"{from}","exporter":null,"importer":null,"duration":null,"operations":null,"data":[],"subjects":[],"special":null}}"#))
    /// };
    /// let versions = [at("2026-01-01")?, at("2026-07-01")?];
    /// let on = |day: &str| Annex::in_force(&versions, day.parse().ok()?).map(|annex| annex.from.to_string());
    /// assert_eq!(on("2026-06-30"), Some("2026-01-01".into()));
    /// assert_eq!(on("2026-07-01"), Some("2026-07-01".into()));
    /// assert_eq!(on("2025-12-31"), None);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn in_force(versions: &[Self], on: NaiveDate) -> Option<&Self> {
        versions.iter().filter(|annex| annex.from <= on).max_by_key(|annex| annex.from)
    }
}
