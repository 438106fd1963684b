//! The plain values that facts are made of.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Under which text the data is processed. The Standard Contractual Clauses prevail (`D-13.2b`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: the clauses apply or they do not")]
pub enum Regime {
    /// The addendum alone: no Restricted Transfer.
    Addendum,
    /// The Standard Contractual Clauses as well: the data goes by a Restricted Transfer.
    Clauses,
}

/// What falls short in a copy that was handed over (`D-10.2b`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReturnFlaw {
    /// Not everything is in it.
    Incomplete,
    /// It did not go by secure file transfer.
    InsecureTransfer,
    /// It is not in the format that the customer reasonably asked for.
    OtherFormat,
}

/// What a certificate says (`D-10.4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertificateKind {
    /// Full compliance with section 10.
    Full,
    /// What is deleted, what remains and why: the honest answer to `X2`.
    Interim,
}

/// What a sub-processor's contract contains, as far as the clauses ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContractTerm {
    /// It is in writing (`D-6.4.2`).
    Written,
    /// At least the addendum's level of protection (`D-6.4.2`, `SCC-4i`).
    SameProtection,
    /// What Article 28(3) GDPR requires (`D-6.4.2`).
    Article28,
    /// The third-party beneficiary clause (`SCC-11.2`).
    BeneficiaryClause,
    /// The law of the exporter's Member State (`SCC-11.3`).
    ExporterLaw,
}

/// What became of an objection (`D-6.3d`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObjectionOutcome {
    /// A change of the services avoids the sub-processor.
    Avoided,
    /// The customer withdrew it.
    Withdrawn,
    /// No change was found; the text does not say what follows (`X7`).
    Unresolved,
}

/// What a data subject asks for: the seven of `D-7.2a`, four of them already in `D-7.1a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequestKind {
    /// Access.
    Access,
    /// Rectification, "correct" in the first text.
    Rectification,
    /// Erasure, "delete" in the first text.
    Erasure,
    /// Objection to the processing.
    Objection,
    /// Restriction of processing.
    Restriction,
    /// Data portability.
    Portability,
    /// Not to be subject to an automated individual decision.
    AutomatedDecision,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Objection,
        Self::Restriction,
        Self::Portability,
        Self::AutomatedDecision,
    ];

    /// Whether the first wording of section 7.1 names it, which held until 24 May 2018.
    #[must_use]
    pub const fn is_in_first_text(self) -> bool {
        matches!(self, Self::Access | Self::Rectification | Self::Erasure | Self::Objection)
    }
}

/// The law whose clock runs for whoever must answer a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequestLaw {
    /// GDPR Article 12(3): one month, two more with notice (`G-12.3`).
    Gdpr,
    /// The same with the United Kingdom's pauses (`G-UK`).
    UkGdpr,
    /// CCPA Regulations section 7021: 45 days, 45 more (`G-CCPA`).
    Ccpa,
    /// LGPD Article 19 II: 15 days (`G-LGPD`).
    Lgpd,
}

/// Who received a request first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::exhaustive_enums, reason = "closed: one of the two")]
pub enum Recipient {
    /// The provider: the customer must be told.
    Provider,
    /// The customer, whose request it is to answer.
    Customer,
}

/// What a breach notice must let the customer report (`D-8.1c`; Article 33(3) GDPR).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BreachDetail {
    /// What happened: the nature of the breach.
    Nature,
    /// Categories and approximate number of data subjects.
    DataSubjects,
    /// Categories and approximate number of records.
    Records,
    /// Where more can be learnt.
    Contact,
    /// Likely consequences.
    Consequences,
    /// Measures taken or proposed.
    Measures,
}

impl BreachDetail {
    /// The whole checklist.
    pub const ALL: [Self; 6] =
        [Self::Nature, Self::DataSubjects, Self::Records, Self::Contact, Self::Consequences, Self::Measures];
}

/// What a breach means for the people concerned, in the controller's judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Risk {
    /// Unlikely to result in a risk: the authority need not be told (`G-33.1`).
    Unlikely,
    /// A risk.
    Likely,
    /// A high risk: the data subjects must be told (`G-34`).
    High,
}

/// Why the data subjects need not be told of a high risk (`G-34`; Article 34(3) GDPR).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RiskException {
    /// The data was unintelligible to others, encrypted for instance.
    Protected,
    /// Later measures make the high risk unlikely.
    Averted,
    /// It would take disproportionate effort; a public communication takes its place.
    PublicCommunication,
}

/// An audit report as it was provided: the four conditions of section 11.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "closed: the four conditions of the clause")]
pub struct AuditReport {
    /// The date of the report (`D-11.2a`).
    pub dated: NaiveDate,
    /// Prepared by an independent external auditor (`D-11.2b`).
    pub independent: bool,
    /// In accordance with an accepted industry audit standard (`D-11.2b`).
    pub accepted_standard: bool,
    /// Shows that the measures are sufficient (`D-11.2b`).
    pub shows_sufficiency: bool,
}

/// Why a customer varies the Standard Contractual Clauses (`D-13.4.1`, `SCC-10`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VariationGround {
    /// A change of the law requires it.
    ChangeOfLaw,
    /// A decision of an authority requires it.
    AuthorityDecision,
    /// A business clause that does not contradict them (`SCC-10`).
    Addition,
    /// Anything else: the clauses forbid it (`X5`).
    Other,
}

/// What the exporter does when the importer cannot comply (`SCC-5a`, `SCC-5b`, `SCC-8.3`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExporterDecision {
    /// Goes on with the transfer: the authority must be told (`SCC-4g`).
    Continue,
    /// Suspends it.
    Suspend,
    /// Lifts a suspension: the authority must be told (`SCC-4g`).
    Resume,
    /// Terminates the contract.
    Terminate,
}
