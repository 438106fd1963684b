//! The kinds of matter, and which of them a fact belongs to.

use serde::{Deserialize, Serialize};

use super::Fact;

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
            | Self::SubjectsInformed
            | Self::ClausesLeft => Subject::Transfer,
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
