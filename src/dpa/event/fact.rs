//! The kinds of facts, and which kind of matter each belongs to.

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::{Duty, Evidence};
use crate::clause::Clause;
use crate::id::OpaqueId;

/// What a matter is: the same id can stand for a service and for a breach without being confused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subject {
    /// The agreement itself.
    Agreement,
    /// A service that can cease (`D-1.14`).
    Service,
    /// A sub-processor (`D-1.16`).
    Subprocessor,
    /// The exporter's list of subprocessing agreements (`SCC-11.4`).
    List,
    /// A Data Subject Request (`D-7.2a`).
    Request,
    /// A Personal Data Breach (`D-8.1a`).
    Breach,
    /// A prior consultation (`G-36.2`).
    Consultation,
    /// An audit that was asked for (`D-11.2a`, `SCC-5f`).
    Audit,
    /// A transfer to another country (`D-1.11`).
    Transfer,
    /// A variation of the clauses (`D-13.4.1`).
    Variation,
    /// One duty to act promptly, such as notice of a change of law (`SCC-5b`).
    Task,
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// One thing that can happen. Its [`Fact::subject`] says in what kind of matter.
///
/// The first fact of each kind of matter opens it; without one, the others are reported as a
/// [`Finding`](crate::dpa::Finding) and kept.
///
/// ```
/// use clausework::dpa::{Fact, Subject};
///
/// assert_eq!(Fact::ReturnRequested.subject(), Subject::Service);
/// assert!(!Fact::ReturnRequested.opens());
/// assert_eq!(serde_json::to_string(&Fact::ReturnRequested)?, r#""return_requested""#);
/// assert!(serde_json::from_str::<Fact>(r#""return_asked""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fact {
    // ---- the agreement
    /// The addendum was accepted: the date that its text does not bear (`D-0.3`, `X11`). Opens.
    Accepted,
    /// Evidence was put on record for a clause (see [`Records`](crate::dpa::Records)). Opens.
    Recorded {
        /// For which clause.
        clause: Clause,
        /// The last day on which it holds; none for as long as it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// An earlier event was a mistake altogether: this one names it and puts nothing in its place.
    Withdrawn,

    // ---- the end of a service, section 10
    /// The service ceased: this is its Cessation Date (`D-10.1d`). Opens.
    Ceased {
        /// Under which text.
        regime: Regime,
    },
    /// Somebody else, a Subprocessor or a backup for instance, holds a copy (`D-10.1c`).
    CopyHeld {
        /// Who or what.
        holder: OpaqueId,
    },
    /// The customer chose deletion without return: its right to the copy is waived.
    ReturnWaived,
    /// The customer asked for its data back in writing (`D-10.2a`).
    ReturnRequested,
    /// A copy was handed over (`D-10.2b`).
    HandedOver {
        /// What falls short; empty for a copy as the clause wants it.
        flaws: Vec<ReturnFlaw>,
    },
    /// A holder deleted all its copies (`D-10.1c`).
    Deleted {
        /// Who; none for the provider itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<OpaqueId>,
    },
    /// Both sides agreed in writing to keep the data isolated, so that it can still be returned.
    IsolationAgreed {
        /// Until when.
        until: NaiveDate,
    },
    /// The customer asked for the certificate (`D-10.4`).
    CertificateRequested,
    /// The certificate was issued.
    CertificateIssued {
        /// What it says.
        kind: CertificateKind,
    },
    /// Law requires a part of the data to be kept (`D-10.3a`).
    HoldOpened {
        /// The part.
        scope: OpaqueId,
        /// The law that requires it.
        law: Evidence,
        /// The last day for which it does; none if not known yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// That requirement ended.
    HoldClosed {
        /// The part.
        scope: OpaqueId,
    },
    /// The held part was deleted.
    HeldDeleted {
        /// The part.
        scope: OpaqueId,
    },

    // ---- sub-processing, section 6
    /// It was engaged before the addendum (`D-6.2`). Opens.
    AlreadyEngaged {
        /// Under which text.
        regime: Regime,
    },
    /// The customer received the notice of its appointment (`D-6.3a`). Opens.
    Announced {
        /// Under which text.
        regime: Regime,
        /// Whether the notice describes the processing in full.
        full_details: bool,
    },
    /// The customer objected in writing (`D-6.3c`).
    Objected {
        /// Its grounds; without any the clause is not met.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grounds: Option<Evidence>,
    },
    /// The objection came to an end (`D-6.3d`).
    ObjectionEnded {
        /// How.
        outcome: ObjectionOutcome,
    },
    /// The customer consented in writing (`SCC-5h`, `SCC-11.1`).
    ConsentGiven,
    /// Due diligence was carried out (`D-6.4.1`).
    DueDiligenceDone,
    /// The contract was signed (`D-6.4.2`).
    ContractSigned {
        /// What it contains.
        terms: Vec<ContractTerm>,
    },
    /// The customer asked for a copy of the contract (`D-6.4.3`).
    CopyRequested,
    /// A copy was sent (`D-6.4.3`, `SCC-5j`).
    CopySent,
    /// The customer put it on its list (`SCC-11.4`).
    Listed,
    /// The sub-processor processed data for the first time.
    ProcessingStarted,

    // ---- the exporter's list
    /// The list was first kept (`SCC-11.4`): the yearly dates count from here. Opens.
    ListKept,
    /// The list was updated.
    ListUpdated,

    // ---- Data Subject Requests, section 7
    /// A request arrived. Opens.
    RequestReceived {
        /// For what.
        kind: RequestKind,
        /// With whom.
        by: Recipient,
        /// Under which text.
        regime: Regime,
        /// The law whose clock runs.
        law: RequestLaw,
    },
    /// The customer was told of it (`D-7.1a`, `D-7.2a`).
    RequestForwarded,
    /// The customer consented to a reply by the provider (`D-7.1b`).
    ReplyAuthorised,
    /// The provider replied.
    Replied {
        /// Whether the reply says no more than that the request relates to the customer.
        confirmation_only: bool,
    },
    /// The customer asked for assistance (`D-7.1c`, `D-7.2b`).
    AssistanceAsked {
        /// Whether the customer cannot help itself in the services, so that extra efforts are owed (`D-7.2c`).
        extra_efforts: bool,
    },
    /// Assistance was given.
    Assisted {
        /// Whether its cost is the customer's to bear, with the record of it (`D-7.2d`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cost: Option<Evidence>,
    },
    /// Receipt was confirmed to the person (`G-CCPA`).
    ReceiptConfirmed,
    /// The person was asked for identity information or a fee (`G-UK`).
    IdentityAsked,
    /// It arrived.
    IdentityReceived,
    /// The person was asked what the request means (`G-UK`).
    ClarificationAsked,
    /// The person answered.
    ClarificationReceived,
    /// The person was told of an extension (`G-12.3`).
    ExtensionNotified {
        /// Why it is needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reasons: Option<Evidence>,
    },
    /// The person was told that nothing will be done, why, and of the remedies (`G-12.4`).
    RequestRefused,
    /// The request was answered.
    RequestAnswered,

    // ---- breaches, section 8
    /// The provider became aware (`D-8.1a`). Opens.
    ProviderAware,
    /// A Subprocessor became aware (`D-8.1b`). Opens.
    SubprocessorAware {
        /// Which.
        subprocessor: OpaqueId,
    },
    /// The customer was told, at first or with more (`D-8.1a`, `D-8.1c`, `G-33.4`).
    CustomerNotified {
        /// What this notice adds to the checklist.
        details: Vec<BreachDetail>,
    },
    /// The controller became aware: 72 hours run (`G-33.1`). Opens.
    ControllerAware,
    /// The controller judged the risk.
    RiskAssessed {
        /// The risk.
        risk: Risk,
    },
    /// The authority was told (`G-33.1`).
    AuthorityNotified {
        /// Why it was late; needed after 72 hours.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reasons: Option<Evidence>,
    },
    /// The data subjects were told (`G-34`).
    SubjectsNotified,
    /// One of the three exceptions applies (`G-34`).
    SubjectsExempt {
        /// Which.
        exception: RiskException,
    },
    /// The breach was documented (`G-33.5`).
    BreachDocumented,
    /// The customer directed a step (`D-8.2`).
    StepDirected {
        /// Which.
        step: OpaqueId,
    },
    /// The step was taken.
    StepDone {
        /// Which.
        step: OpaqueId,
    },

    // ---- prior consultation
    /// The authority received the request for consultation (`G-36.2`). Opens.
    ConsultationReceived,
    /// The authority extended its period.
    ConsultationExtended,
    /// The authority waits for information: its period stands still.
    ConsultationSuspended,
    /// The information arrived.
    ConsultationResumed,
    /// The authority answered.
    ConsultationAnswered,

    // ---- audits, section 11
    /// The customer asked for an audit, which a report can answer (`D-11.2a`). Opens.
    AuditAsked {
        /// Under which text.
        regime: Regime,
    },
    /// The exporter asked for an audit of the facilities (`SCC-5f`). Opens.
    OnSiteAuditAsked,
    /// A report was provided.
    ReportProvided {
        /// The report.
        report: AuditReport,
    },
    /// The facilities were submitted to the audit.
    OnSiteAuditHeld,

    // ---- transfers, section 12
    /// The exporter became a party to the clauses (`D-12.2`). Opens.
    ExporterJoined,
    /// The importer became a party to the clauses (`D-12.2`). Opens.
    ImporterJoined,
    /// The transfer began (`D-12.2`). Opens.
    TransferStarted {
        /// Whether the importer is a Subprocessor that is no affiliate (`D-12.4`).
        to_stranger: bool,
        /// Whether special categories of data are involved (`SCC-4f`).
        special_categories: bool,
    },
    /// The Subprocessor authorised the entry into the clauses on its behalf (`D-12.4`).
    AuthorityVerified,
    /// The data subjects were told of the transfer of special categories (`SCC-4f`).
    SubjectsInformed,

    // ---- variations, section 13
    /// The provider received the customer's notice of a variation (`D-13.4.1`). Opens.
    VariationNoticed {
        /// Why.
        ground: VariationGround,
        /// The first day on which it is to have effect.
        effect: NaiveDate,
    },
    /// The provider did its part (`D-13.5.1`).
    VariationImplemented,
    /// The provider proposed consequential variations to protect itself (`D-13.5.2`).
    ConsequenceProposed,
    /// The customer answered them.
    ConsequenceAnswered,
    /// The customer proposed another variation (`D-13.4.2`). Opens.
    VariationProposed,
    /// The parties discussed it (`D-13.6`).
    VariationDiscussed,

    // ---- duties to act promptly
    /// A duty arose; [`Duty::is_task`] tells which can. Opens.
    TaskArose {
        /// Which.
        duty: Duty,
    },
    /// It was done.
    TaskDone,
    /// Law forbids it for now, such as the notice of an investigation (`SCC-5d-i`).
    TaskBarred {
        /// The law.
        ground: Evidence,
    },
    /// The bar fell.
    TaskFreed,
    /// The exporter decided what follows from the notice.
    ExporterDecided {
        /// What.
        decision: ExporterDecision,
    },
    /// The notice was forwarded to the authority (`SCC-4g`).
    NoticeForwarded,
}

impl Fact {
    /// The kind of matter it belongs to.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Accepted | Self::Recorded { .. } | Self::Withdrawn => Subject::Agreement,
            Self::Ceased { .. }
            | Self::CopyHeld { .. }
            | Self::ReturnWaived
            | Self::ReturnRequested
            | Self::HandedOver { .. }
            | Self::Deleted { .. }
            | Self::IsolationAgreed { .. }
            | Self::CertificateRequested
            | Self::CertificateIssued { .. }
            | Self::HoldOpened { .. }
            | Self::HoldClosed { .. }
            | Self::HeldDeleted { .. } => Subject::Service,
            Self::AlreadyEngaged { .. }
            | Self::Announced { .. }
            | Self::Objected { .. }
            | Self::ObjectionEnded { .. }
            | Self::ConsentGiven
            | Self::DueDiligenceDone
            | Self::ContractSigned { .. }
            | Self::CopyRequested
            | Self::CopySent
            | Self::Listed
            | Self::ProcessingStarted => Subject::Subprocessor,
            Self::ListKept | Self::ListUpdated => Subject::List,
            Self::RequestReceived { .. }
            | Self::RequestForwarded
            | Self::ReplyAuthorised
            | Self::Replied { .. }
            | Self::AssistanceAsked { .. }
            | Self::Assisted { .. }
            | Self::ReceiptConfirmed
            | Self::IdentityAsked
            | Self::IdentityReceived
            | Self::ClarificationAsked
            | Self::ClarificationReceived
            | Self::ExtensionNotified { .. }
            | Self::RequestRefused
            | Self::RequestAnswered => Subject::Request,
            Self::ProviderAware
            | Self::SubprocessorAware { .. }
            | Self::CustomerNotified { .. }
            | Self::ControllerAware
            | Self::RiskAssessed { .. }
            | Self::AuthorityNotified { .. }
            | Self::SubjectsNotified
            | Self::SubjectsExempt { .. }
            | Self::BreachDocumented
            | Self::StepDirected { .. }
            | Self::StepDone { .. } => Subject::Breach,
            Self::ConsultationReceived
            | Self::ConsultationExtended
            | Self::ConsultationSuspended
            | Self::ConsultationResumed
            | Self::ConsultationAnswered => Subject::Consultation,
            Self::AuditAsked { .. } | Self::OnSiteAuditAsked | Self::ReportProvided { .. } | Self::OnSiteAuditHeld => {
                Subject::Audit
            }
            Self::ExporterJoined
            | Self::ImporterJoined
            | Self::TransferStarted { .. }
            | Self::AuthorityVerified
            | Self::SubjectsInformed => Subject::Transfer,
            Self::VariationNoticed { .. }
            | Self::VariationImplemented
            | Self::ConsequenceProposed
            | Self::ConsequenceAnswered
            | Self::VariationProposed
            | Self::VariationDiscussed => Subject::Variation,
            Self::TaskArose { .. }
            | Self::TaskDone
            | Self::TaskBarred { .. }
            | Self::TaskFreed
            | Self::ExporterDecided { .. }
            | Self::NoticeForwarded => Subject::Task,
        }
    }

    /// Whether it can open a matter, so that the facts beside it have something to belong to.
    #[must_use]
    pub const fn opens(&self) -> bool {
        matches!(
            self,
            Self::Accepted
                | Self::Recorded { .. }
                | Self::Withdrawn
                | Self::Ceased { .. }
                | Self::AlreadyEngaged { .. }
                | Self::Announced { .. }
                | Self::ListKept
                | Self::RequestReceived { .. }
                | Self::ProviderAware
                | Self::SubprocessorAware { .. }
                | Self::ControllerAware
                | Self::ConsultationReceived
                | Self::AuditAsked { .. }
                | Self::OnSiteAuditAsked
                | Self::ExporterJoined
                | Self::ImporterJoined
                | Self::TransferStarted { .. }
                | Self::VariationNoticed { .. }
                | Self::VariationProposed
                | Self::TaskArose { .. }
        )
    }
}
