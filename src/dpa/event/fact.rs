//! The facts that can happen.

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::{Duty, Evidence};
use super::{
    AuditReport, BreachDetail, CertificateKind, ContractTerm, ExporterDecision, ObjectionOutcome, Recipient, Regime,
    RequestKind, RequestLaw, ReturnFlaw, Risk, RiskException, VariationGround,
};
use crate::clause::Clause;
use crate::id::OpaqueId;

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
    /// The person was asked for identity information or a fee (`G-UK`): one fact for each thing that was asked for,
    /// and none for a reminder, as each wants an answer of its own.
    IdentityAsked,
    /// What was asked for arrived: one fact for each thing.
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
    /// The transfer ended, or rests on another instrument than these clauses from now on (`X10`).
    ClausesLeft,

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
