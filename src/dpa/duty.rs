//! The duties and rights that an agreement knows, each with its clause and whose it is.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::clause::{self, Clause};

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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
    Duty,
    Right,
    Task,
}

struct Row {
    clause: Clause,
    party: Party,
    nature: Nature,
    words: &'static str,
}

const fn row(clause: Clause, party: Party, nature: Nature, words: &'static str) -> Row {
    Row { clause, party, nature, words }
}

impl Duty {
    /// Every duty and right.
    pub const ALL: [Self; 55] = [
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

    const fn row(self) -> Row {
        match self {
            Self::DeletePromptly => row(clause::D_10_1A, Party::Provider, Nature::Duty, "delete all copies promptly"),
            Self::DeleteCopies => {
                row(clause::D_10_1B, Party::Provider, Nature::Duty, "delete all copies, Subprocessors' included")
            }
            Self::DeleteHeld => {
                row(clause::D_10_3A, Party::Provider, Nature::Duty, "delete what the law no longer requires to be kept")
            }
            Self::KeepHeldConfidential => row(
                clause::D_10_3B,
                Party::Provider,
                Nature::Duty,
                "keep what the law requires confidential and use it for nothing else",
            ),
            Self::RequestReturn => {
                row(clause::D_10_2A, Party::Customer, Nature::Right, "ask for the return of the data")
            }
            Self::ReturnCopy => {
                row(clause::D_10_2D, Party::Provider, Nature::Duty, "return a complete copy, then delete the others")
            }
            Self::Certify => {
                row(clause::D_10_4, Party::Provider, Nature::Duty, "certify full compliance with section 10")
            }
            Self::CompleteCertificate => {
                row(clause::D_10_4, Party::Provider, Nature::Duty, "follow the interim certificate with the full one")
            }
            Self::CertifyDestruction => {
                row(clause::SCC_12_1A, Party::Provider, Nature::Duty, "certify the destruction, asked or not")
            }
            Self::ObjectToSubprocessor => {
                row(clause::D_6_3B, Party::Customer, Nature::Right, "object to the Subprocessor")
            }
            Self::FindAlternative => {
                row(clause::D_6_3D, Party::Provider, Nature::Duty, "work on a change that avoids the Subprocessor")
            }
            Self::MeetConditions => row(
                clause::D_6_2,
                Party::Provider,
                Nature::Duty,
                "meet section 6.4 for the Subprocessor already engaged",
            ),
            Self::SendRequestedCopy => {
                row(clause::D_6_4_3, Party::Provider, Nature::Duty, "send the copy of the Subprocessor's contract")
            }
            Self::SendContractCopy => row(
                clause::SCC_5J,
                Party::Provider,
                Nature::Duty,
                "send a copy of the Subprocessor's contract, asked or not",
            ),
            Self::ListContract => {
                row(clause::SCC_11_4, Party::Customer, Nature::Duty, "put the Subprocessor's contract on the list")
            }
            Self::UpdateList => {
                row(clause::SCC_11_4, Party::Customer, Nature::Duty, "update the list of subprocessing agreements")
            }
            Self::ForwardRequest => {
                row(clause::D_7_2A, Party::Provider, Nature::Duty, "tell the customer of the Data Subject Request")
            }
            Self::ForwardDirectRequest => {
                row(clause::SCC_5D_III, Party::Provider, Nature::Duty, "tell the exporter of the direct request")
            }
            Self::AssistRequest => {
                row(clause::D_7_2B, Party::Provider, Nature::Duty, "assist the customer with the Data Subject Request")
            }
            Self::ExtraEfforts => {
                row(clause::D_7_2C, Party::Provider, Nature::Duty, "make extra efforts for the Data Subject Request")
            }
            Self::ConfirmReceipt => {
                row(clause::G_CCPA, Party::Customer, Nature::Duty, "confirm receipt of the request")
            }
            Self::ActOnRequest => {
                row(clause::G_12_3, Party::Customer, Nature::Duty, "act on the request or refuse it with reasons")
            }
            Self::NotifyBreach => row(clause::D_8_1A, Party::Provider, Nature::Duty, "tell the customer of the breach"),
            Self::CompleteNotice => {
                row(clause::D_8_1C, Party::Provider, Nature::Duty, "complete the notice of the breach")
            }
            Self::CooperateOnBreach => {
                row(clause::D_8_2, Party::Provider, Nature::Duty, "take the step that the customer directed")
            }
            Self::NotifyAuthority => {
                row(clause::G_33_1, Party::Customer, Nature::Duty, "tell the authority of the breach")
            }
            Self::NotifyDataSubjects => {
                row(clause::G_34, Party::Customer, Nature::Duty, "tell the data subjects of the breach")
            }
            Self::DocumentBreach => row(clause::G_33_5, Party::Customer, Nature::Duty, "document the breach"),
            Self::AnswerConsultation => {
                row(clause::G_36_2, Party::Authority, Nature::Duty, "answer the prior consultation")
            }
            Self::ProvideReport => row(clause::D_11_2A, Party::Provider, Nature::Duty, "provide an audit report"),
            Self::AdmitAudit => row(clause::SCC_5F, Party::Provider, Nature::Duty, "submit the facilities to an audit"),
            Self::InformOfSpecialCategories => row(
                clause::SCC_4F,
                Party::Customer,
                Nature::Duty,
                "tell the data subjects of the transfer of special categories",
            ),
            Self::VerifyAuthority => row(
                clause::D_12_4,
                Party::Provider,
                Nature::Duty,
                "have the Subprocessor authorise the entry into the clauses",
            ),
            Self::ImplementVariation => {
                row(clause::D_13_5_1, Party::Provider, Nature::Duty, "cooperate with the variation")
            }
            Self::AnswerConsequence => {
                row(clause::D_13_5_2, Party::Customer, Nature::Duty, "answer the consequential variation")
            }
            Self::DiscussVariation => row(clause::D_13_6, Party::Both, Nature::Duty, "discuss the proposed variation"),
            Self::ForwardNotice => {
                row(clause::SCC_4G, Party::Customer, Nature::Duty, "forward the notice to the authority")
            }
            Self::InformOfLegalRequirement => row(
                clause::D_3_1_2B,
                Party::Provider,
                Nature::Task,
                "tell the customer of the legal requirement, before the processing",
            ),
            Self::InformOfInfringement => row(
                clause::G_28_3X,
                Party::Provider,
                Nature::Task,
                "tell the controller that the instruction infringes the law",
            ),
            Self::InformOfSubprocessors => {
                row(clause::G_28_2, Party::Provider, Nature::Task, "tell the controller of the change of Subprocessors")
            }
            Self::AssistAssessment => row(
                clause::D_9_1,
                Party::Provider,
                Nature::Task,
                "help with the impact assessment or prior consultation",
            ),
            Self::ProvideInformation => {
                row(clause::D_11_1, Party::Provider, Nature::Task, "make the information on compliance available")
            }
            Self::InformAuthority => {
                row(clause::D_11_2C, Party::Provider, Nature::Task, "give the authority the information it asks for")
            }
            Self::NotifyInability => {
                row(clause::SCC_5A, Party::Provider, Nature::Task, "tell the exporter of the inability to comply")
            }
            Self::NotifyChangeOfLaw => {
                row(clause::SCC_5B, Party::Provider, Nature::Task, "tell the exporter of the change of law")
            }
            Self::NotifyDisclosureRequest => {
                row(clause::SCC_5D_I, Party::Provider, Nature::Task, "tell the exporter of the law-enforcement request")
            }
            Self::NotifyAccess => row(
                clause::SCC_5D_II,
                Party::Provider,
                Nature::Task,
                "tell the exporter of the accidental or unauthorised access",
            ),
            Self::AnswerInquiry => row(clause::SCC_5E, Party::Provider, Nature::Task, "deal with the inquiry"),
            Self::GiveCopyOfClauses => {
                row(clause::SCC_4H, Party::Customer, Nature::Task, "give the data subject a copy of the clauses")
            }
            Self::GiveCopyInstead => row(
                clause::SCC_5G,
                Party::Provider,
                Nature::Task,
                "give the data subject a copy, as the exporter cannot be reached",
            ),
            Self::Deposit => {
                row(clause::SCC_8_1, Party::Customer, Nature::Task, "deposit a copy of the contract with the authority")
            }
            Self::AdmitAuthorityAudit => {
                row(clause::SCC_8_2, Party::Provider, Nature::Task, "admit the authority's audit")
            }
            Self::NotifyAuditBar => row(
                clause::SCC_8_3,
                Party::Provider,
                Nature::Task,
                "tell the exporter of the law that prevents an audit",
            ),
            Self::AdmitDestructionAudit => {
                row(clause::SCC_12_2, Party::Provider, Nature::Task, "submit to the audit of the return or destruction")
            }
            Self::AnswerDispute => row(
                clause::SCC_7_1,
                Party::Provider,
                Nature::Task,
                "accept the data subject's choice of mediation or courts",
            ),
        }
    }

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
