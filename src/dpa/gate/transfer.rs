//! Restricted Transfers: which they are, and since when the Standard Contractual Clauses are in force.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::Evidence;
use super::super::law::CLAUSES_2010;
use crate::clause::{self, Clause};

/// A country, by its code of two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

impl Country {
    /// The United Kingdom.
    pub const UNITED_KINGDOM: Self = Self(*b"GB");

    /// Reads a code of two ASCII capitals, such as `DE`; `None` for anything else.
    #[must_use]
    pub fn try_new(code: &str) -> Option<Self> {
        <[u8; 2]>::try_from(code.as_bytes()).ok().filter(|code| code.iter().all(u8::is_ascii_uppercase)).map(Self)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl TryFrom<String> for Country {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::try_new(&code).ok_or("not a country code of two capitals")
    }
}

impl From<Country> for String {
    fn from(place: Country) -> Self {
        alloc::format!("{place}")
    }
}

/// A place and the days on which something is true of it, with the source: membership of the EEA, or
/// adequacy. The host supplies and keeps it; the crate ships no such table.
///
/// For a scheme that covers certified importers only, list the place if the importer is certified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: a place, its days and the source")]
pub struct Adequacy {
    /// The place.
    pub place: Country,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The decision that says so.
    pub source: Evidence,
}

impl Adequacy {
    fn holds(&self, place: Country, on: NaiveDate) -> bool {
        self.place == place && self.from <= on && self.until.is_none_or(|last| on <= last)
    }
}

/// A derogation on which a transfer rests, in the exporter's judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[allow(clippy::exhaustive_structs, reason = "closed: a reference and nothing else")]
pub struct Derogation(pub Evidence);

/// From whom to whom (`D-1.11`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Route {
    /// From a customer group member to a Contracted Processor.
    ToProcessor,
    /// Onward between Contracted Processors, or between two establishments of one.
    Onward,
    /// Any other: the definition does not reach it.
    Other,
}

/// What is asked about a transfer.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs, reason = "closed: the elements of the definition")]
pub struct TransferCheck<'a> {
    /// From whom to whom.
    pub route: Route,
    /// Where the data is.
    pub from: Country,
    /// Where it goes.
    pub to: Country,
    /// On which day.
    pub on: NaiveDate,
    /// Members of the EEA, with their days (`D-1.8`).
    pub eea: &'a [Adequacy],
    /// Places that the law at `from` holds adequate, with their days (`D-1.13`).
    pub adequate: &'a [Adequacy],
    /// A derogation, if one is relied on (`D-1.13`).
    pub derogation: Option<&'a Derogation>,
}

/// Why a transfer is restricted or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransferReason {
    /// Neither of the two routes of the definition (`D-1.11`).
    OutsideDefinition,
    /// Nothing prohibits it: the place of origin is neither the EEA nor the United Kingdom, and it is no onward
    /// transfer, which the terms of a transfer agreement prohibit, or it is one into the EEA (`D-1.11`).
    NoProhibition,
    /// It stays within the EEA, or within the place; onward, within the United Kingdom only (`D-1.8`).
    StaysWithin,
    /// It goes between the United Kingdom and the EEA after the exit and is prohibited like any other (`D-1.12`).
    UkAndEea,
    /// The place is adequate on that day, by this decision (`D-1.13`).
    Adequate(Evidence),
    /// A decision of adequacy held once, or will, and not on that day (`D-1.13`, `X10`).
    AdequacyNotInForce(Evidence),
    /// A derogation is relied on (`D-1.13`).
    Derogation(Evidence),
    /// Prohibited without the clauses (`D-1.11`).
    Prohibited,
}

impl TransferReason {
    /// The clause.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        match self {
            Self::OutsideDefinition | Self::NoProhibition | Self::Prohibited => clause::D_1_11,
            Self::StaysWithin => clause::D_1_8,
            Self::UkAndEea => clause::D_1_12,
            Self::Adequate(_) | Self::AdequacyNotInForce(_) | Self::Derogation(_) => clause::D_1_13,
        }
    }
}

/// The determination.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum TransferOutcome {
    /// A Restricted Transfer: the clauses are needed.
    Restricted {
        /// Why, in the order of the definition.
        reasons: Vec<TransferReason>,
    },
    /// Not one.
    Unrestricted {
        /// Why.
        reasons: Vec<TransferReason>,
    },
}

/// Whether a transfer is a Restricted Transfer on that day (`D-1.8`, `D-1.11` to `D-1.13`).
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{Adequacy, Evidence, Country, Route, TransferCheck, TransferOutcome, determine_transfer};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).ok_or("no such day");
/// let place = |code| Country::try_new(code).ok_or("no code");
/// let germany = Adequacy { place: place("DE")?, from: day(1994, 1, 1)?, until: None, source: Evidence::try_new("EEA Agreement")? };
/// let japan = Adequacy { place: place("JP")?, from: day(2019, 1, 23)?, until: None, source: Evidence::try_new("the host's table, row 7")? };
/// let mut check = TransferCheck {
///     route: Route::ToProcessor, from: place("DE")?, to: place("JP")?, on: day(2026, 6, 15)?,
///     eea: &[germany], adequate: &[japan], derogation: None,
/// };
/// assert!(matches!(determine_transfer(&check), TransferOutcome::Unrestricted { .. }));
/// check.to = place("IN")?;
/// assert!(matches!(determine_transfer(&check), TransferOutcome::Restricted { .. }));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn determine_transfer(check: &TransferCheck<'_>) -> TransferOutcome {
    let in_eea = |place| check.eea.iter().any(|member| member.holds(place, check.on));
    let free = |reason| TransferOutcome::Unrestricted { reasons: alloc::vec![reason] };
    if check.route == Route::Other {
        return free(TransferReason::OutsideDefinition);
    }
    let (from_eea, to_eea) = (in_eea(check.from), in_eea(check.to));
    let from_uk = check.from == Country::UNITED_KINGDOM;
    // An onward transfer carries the prohibition of the agreement under which the data left, even within one country.
    let is_bound = check.route == Route::Onward && !from_eea && !from_uk;
    if (check.from == check.to && !is_bound) || (from_eea && to_eea) {
        return free(TransferReason::StaysWithin);
    }
    if !from_eea && !from_uk && (!is_bound || to_eea) {
        return free(TransferReason::NoProhibition);
    }
    if let Some(adequate) = check.adequate.iter().find(|entry| entry.holds(check.to, check.on)) {
        return free(TransferReason::Adequate(adequate.source.clone()));
    }
    if let Some(Derogation(evidence)) = check.derogation {
        return free(TransferReason::Derogation(evidence.clone()));
    }
    let mut reasons = alloc::vec![TransferReason::Prohibited];
    let is_uk_and_eea = (from_uk && to_eea) || (from_eea && check.to == Country::UNITED_KINGDOM);
    if is_uk_and_eea {
        reasons.push(TransferReason::UkAndEea);
    }
    let expired = check.adequate.iter().filter(|entry| entry.place == check.to);
    reasons.extend(expired.map(|entry| TransferReason::AdequacyNotInForce(entry.source.clone())));
    TransferOutcome::Restricted { reasons }
}

/// What is missing for the clauses to be in force (`D-12.2`, `D-12.3`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SccMissing {
    /// The exporter has not become a party.
    Exporter,
    /// The importer has not become a party.
    Importer,
    /// The transfer has not begun.
    Transfer,
    /// They would not make the transfer lawful, by a recorded assessment (`D-12.3`).
    Effect,
}

/// Since when the Standard Contractual Clauses are in force between two parties: the latest of three
/// days (`D-12.2`). Made by [`scc_in_force`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct SccInForce {
    exporter: Option<NaiveDate>,
    importer: Option<NaiveDate>,
    transfer: Option<NaiveDate>,
    is_effective: bool,
}

/// The three days of section 12.2, as far as they are known.
///
/// ```
/// use chrono::NaiveDate;
/// use clausework::dpa::{SccMissing, scc_in_force};
///
/// let day = |d| NaiveDate::from_ymd_opt(2021, 3, d);
/// assert_eq!(scc_in_force(day(1), day(9), day(5)).since(), day(9));
///
/// let pending = scc_in_force(day(1), None, None);
/// assert_eq!(pending.since(), None);
/// assert_eq!(pending.missing(), [SccMissing::Importer, SccMissing::Transfer]);
///
/// // Clauses that would not make the transfer lawful do not apply.
/// assert_eq!(scc_in_force(day(1), day(9), day(5)).assessed(false).since(), None);
/// ```
pub const fn scc_in_force(
    exporter: Option<NaiveDate>,
    importer: Option<NaiveDate>,
    transfer: Option<NaiveDate>,
) -> SccInForce {
    SccInForce { exporter, importer, transfer, is_effective: true }
}

impl SccInForce {
    /// Adds the recorded assessment of whether they make the transfer lawful (`D-12.3`).
    pub const fn assessed(mut self, is_effective: bool) -> Self {
        self.is_effective = is_effective;
        self
    }

    /// The day; `None` as long as anything is [missing](SccInForce::missing).
    #[must_use]
    pub fn since(&self) -> Option<NaiveDate> {
        Some(self.exporter?.max(self.importer?).max(self.transfer?)).filter(|_| self.is_effective)
    }

    /// What is missing.
    #[must_use]
    pub fn missing(&self) -> Vec<SccMissing> {
        [
            (self.exporter.is_some(), SccMissing::Exporter),
            (self.importer.is_some(), SccMissing::Importer),
            (self.transfer.is_some(), SccMissing::Transfer),
            (self.is_effective, SccMissing::Effect),
        ]
        .into_iter()
        .filter(|(met, _)| !met)
        .map(|(_, missing)| missing)
        .collect()
    }

    /// Whether the clauses of Decision 2010/87, whose wording Annex 2 has, can carry the transfer on the
    /// day `on` (`G-SCC`, `X10`): concluded before 27 September 2021, and not after 27 December 2022.
    #[must_use]
    pub fn is_valid_instrument(&self, on: NaiveDate) -> bool {
        self.concluded().is_some_and(|concluded| CLAUSES_2010.is_valid(concluded, on))
    }

    /// The day on which the later of the two became a party; `None` as long as one is missing.
    #[must_use]
    pub fn concluded(&self) -> Option<NaiveDate> {
        Some(self.exporter?.max(self.importer?))
    }
}
