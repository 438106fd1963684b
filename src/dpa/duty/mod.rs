//! The duties and rights that an agreement knows, each with its clause and whose it is.

mod discharge;
mod name;
mod row;

use core::fmt;

use serde::{Deserialize, Serialize};

use self::row::Nature;
#[cfg(doc)]
use crate::clause;
use crate::clause::Clause;

/// Who owes a duty or holds a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Party {
    /// The provider: processor and data importer.
    Provider,
    /// The customer: controller and data exporter.
    Customer,
    /// A supervisory authority.
    Authority,
    /// Provider and customer together.
    Both,
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Provider => "provider",
            Self::Customer => "customer",
            Self::Authority => "authority",
            Self::Both => "both parties",
        })
    }
}

/// What is owed, or may be claimed: one row of a table. `Display` is what to do, in words.
///
/// ```
/// use clausework::clause;
/// use clausework::dpa::{Duty, Party};
///
/// assert_eq!(Duty::Certify.clause(), clause::D_10_4);
/// assert_eq!(Duty::Certify.party(), Party::Provider);
/// assert!(Duty::RequestReturn.is_right() && !Duty::Certify.is_right());
/// assert!(Duty::NotifyChangeOfLaw.is_task());
/// assert_eq!(Duty::NotifyBreach.to_string(), "tell the customer of the breach");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Duty {
    /// Delete all copies promptly ([`clause::D_10_1A`]).
    DeletePromptly,
    /// Delete the copies of one holder within the outer limit ([`clause::D_10_1B`]).
    DeleteCopies,
    /// Delete what law required to be kept, once it no longer does ([`clause::D_10_3A`]).
    DeleteHeld,
    /// Keep what law requires confidential and use it for nothing else ([`clause::D_10_3B`]).
    KeepHeldConfidential,
    /// The customer's right to ask for its data back ([`clause::D_10_2A`]).
    RequestReturn,
    /// Comply with the request for return ([`clause::D_10_2D`]).
    ReturnCopy,
    /// Certify full compliance on request ([`clause::D_10_4`]).
    Certify,
    /// Follow an interim certificate with the full one ([`clause::D_10_4`]).
    CompleteCertificate,
    /// Certify the destruction without being asked ([`clause::SCC_12_1A`]).
    CertifyDestruction,
    /// The customer's right to object ([`clause::D_6_3B`]).
    ObjectToSubprocessor,
    /// Work in good faith on a change that avoids the Subprocessor ([`clause::D_6_3D`]).
    FindAlternative,
    /// Meet section 6.4 for a Subprocessor engaged before the addendum ([`clause::D_6_2`]).
    MeetConditions,
    /// Send the copy of the contract that was asked for ([`clause::D_6_4_3`]).
    SendRequestedCopy,
    /// Send a copy of each contract without being asked ([`clause::SCC_5J`]).
    SendContractCopy,
    /// Put the contract on the exporter's list ([`clause::SCC_11_4`]).
    ListContract,
    /// Update the exporter's list at least once a year ([`clause::SCC_11_4`]).
    UpdateList,
    /// Tell the customer of a Data Subject Request ([`clause::D_7_2A`]).
    ForwardRequest,
    /// Tell the exporter of a request received directly, and not reply ([`clause::SCC_5D_III`]).
    ForwardDirectRequest,
    /// Assist the customer with a Data Subject Request ([`clause::D_7_2B`]).
    AssistRequest,
    /// Make extra efforts where the customer cannot help itself ([`clause::D_7_2C`]).
    ExtraEfforts,
    /// Confirm receipt of the request to the person ([`clause::G_CCPA`]).
    ConfirmReceipt,
    /// Act on the request, or say why not ([`clause::G_12_3`]).
    ActOnRequest,
    /// Tell the customer of a breach without undue delay ([`clause::D_8_1A`]).
    NotifyBreach,
    /// Complete the notice with what was not known at first ([`clause::D_8_1C`]).
    CompleteNotice,
    /// Take a step that the customer directed ([`clause::D_8_2`]).
    CooperateOnBreach,
    /// Tell the authority within 72 hours ([`clause::G_33_1`]).
    NotifyAuthority,
    /// Tell the data subjects of a high risk ([`clause::G_34`]).
    NotifyDataSubjects,
    /// Document the breach ([`clause::G_33_5`]).
    DocumentBreach,
    /// The authority's answer to a prior consultation ([`clause::G_36_2`]).
    AnswerConsultation,
    /// Provide an audit report that meets the four conditions ([`clause::D_11_2A`]).
    ProvideReport,
    /// Submit the facilities to an audit ([`clause::SCC_5F`]).
    AdmitAudit,
    /// Tell the data subjects that special categories are transferred ([`clause::SCC_4F`]).
    InformOfSpecialCategories,
    /// Have the entry into the clauses authorised by a Subprocessor that is no affiliate ([`clause::D_12_4`]).
    VerifyAuthority,
    /// Put the transfer on another instrument before the clauses of 2010 end ([`clause::G_SCC`]).
    ReplaceClauses,
    /// Cooperate with a variation ([`clause::D_13_5_1`]).
    ImplementVariation,
    /// Not withhold agreement to consequential variations unreasonably ([`clause::D_13_5_2`]).
    AnswerConsequence,
    /// Discuss a proposed variation in good faith ([`clause::D_13_6`]).
    DiscussVariation,
    /// Forward the importer's notice to the authority, when the transfer goes on ([`clause::SCC_4G`]).
    ForwardNotice,
    /// Tell the customer of a law that requires processing, before it ([`clause::D_3_1_2B`]).
    InformOfLegalRequirement,
    /// Tell the controller at once that an instruction infringes the law ([`clause::G_28_3X`]).
    InformOfInfringement,
    /// Tell the controller of changes of Subprocessors ([`clause::G_28_2`]).
    InformOfSubprocessors,
    /// Help with an impact assessment or a prior consultation ([`clause::D_9_1`]).
    AssistAssessment,
    /// Make information on compliance available ([`clause::D_11_1`]).
    ProvideInformation,
    /// Give an EU authority the information it asks for ([`clause::D_11_2C`]).
    InformAuthority,
    /// Tell the exporter that the clauses cannot be complied with ([`clause::SCC_5A`]).
    NotifyInability,
    /// Tell the exporter of a change of law ([`clause::SCC_5B`]).
    NotifyChangeOfLaw,
    /// Tell the exporter of a law-enforcement request ([`clause::SCC_5D_I`]).
    NotifyDisclosureRequest,
    /// Tell the exporter of accidental or unauthorised access ([`clause::SCC_5D_II`]).
    NotifyAccess,
    /// Deal with an inquiry of the exporter, and follow the authority's advice ([`clause::SCC_5E`]).
    AnswerInquiry,
    /// Give a data subject a copy of the clauses ([`clause::SCC_4H`]).
    GiveCopyOfClauses,
    /// Give that copy where the exporter cannot be reached ([`clause::SCC_5G`]).
    GiveCopyInstead,
    /// Deposit the contract with the authority ([`clause::SCC_8_1`]).
    Deposit,
    /// Admit an audit by the authority ([`clause::SCC_8_2`]).
    AdmitAuthorityAudit,
    /// Tell the exporter of a law that prevents an audit ([`clause::SCC_8_3`]).
    NotifyAuditBar,
    /// Submit to an audit of the return or destruction ([`clause::SCC_12_2`]).
    AdmitDestructionAudit,
    /// Answer a data subject who chose mediation or the courts ([`clause::SCC_7_1`]).
    AnswerDispute,
}

impl Duty {
    /// Every duty and right.
    pub const ALL: [Self; 56] = [
        Self::DeletePromptly,
        Self::DeleteCopies,
        Self::DeleteHeld,
        Self::KeepHeldConfidential,
        Self::RequestReturn,
        Self::ReturnCopy,
        Self::Certify,
        Self::CompleteCertificate,
        Self::CertifyDestruction,
        Self::ObjectToSubprocessor,
        Self::FindAlternative,
        Self::MeetConditions,
        Self::SendRequestedCopy,
        Self::SendContractCopy,
        Self::ListContract,
        Self::UpdateList,
        Self::ForwardRequest,
        Self::ForwardDirectRequest,
        Self::AssistRequest,
        Self::ExtraEfforts,
        Self::ConfirmReceipt,
        Self::ActOnRequest,
        Self::NotifyBreach,
        Self::CompleteNotice,
        Self::CooperateOnBreach,
        Self::NotifyAuthority,
        Self::NotifyDataSubjects,
        Self::DocumentBreach,
        Self::AnswerConsultation,
        Self::ProvideReport,
        Self::AdmitAudit,
        Self::InformOfSpecialCategories,
        Self::VerifyAuthority,
        Self::ReplaceClauses,
        Self::ImplementVariation,
        Self::AnswerConsequence,
        Self::DiscussVariation,
        Self::ForwardNotice,
        Self::InformOfLegalRequirement,
        Self::InformOfInfringement,
        Self::InformOfSubprocessors,
        Self::AssistAssessment,
        Self::ProvideInformation,
        Self::InformAuthority,
        Self::NotifyInability,
        Self::NotifyChangeOfLaw,
        Self::NotifyDisclosureRequest,
        Self::NotifyAccess,
        Self::AnswerInquiry,
        Self::GiveCopyOfClauses,
        Self::GiveCopyInstead,
        Self::Deposit,
        Self::AdmitAuthorityAudit,
        Self::NotifyAuditBar,
        Self::AdmitDestructionAudit,
        Self::AnswerDispute,
    ];

    /// The clause that it stands in. An [`Obligation`](super::Obligation) can be more precise.
    #[must_use]
    pub const fn clause(self) -> Clause {
        self.row().clause
    }

    /// Who owes it, or holds the right.
    #[must_use]
    pub const fn party(self) -> Party {
        self.row().party
    }

    /// Whether it is a right, which lapses, and not a duty, which becomes overdue.
    #[must_use]
    pub const fn is_right(self) -> bool {
        matches!(self.row().nature, Nature::Right)
    }

    /// Whether one matter can have many of it, each from an event of its own.
    pub(super) const fn repeats(self) -> bool {
        matches!(
            self,
            Self::FindAlternative
                | Self::SendRequestedCopy
                | Self::SendContractCopy
                | Self::AssistRequest
                | Self::ExtraEfforts
                | Self::ImplementVariation
                | Self::AnswerConsequence
                | Self::DiscussVariation
                | Self::ForwardNotice
        )
    }

    /// Whether it can arise by [`Fact::TaskArose`](super::Fact::TaskArose): a duty to act promptly
    /// that nothing but its own event sets off.
    #[must_use]
    pub const fn is_task(self) -> bool {
        matches!(self.row().nature, Nature::Task)
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().words)
    }
}
