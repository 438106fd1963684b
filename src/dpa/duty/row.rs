//! One row for each duty: its clause, whose it is, and what to do in words.

use super::{Duty, Party};
use crate::clause::{self, Clause};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    Duty,
    Right,
    Task,
}

pub(super) struct Row {
    pub(super) clause: Clause,
    pub(super) party: Party,
    pub(super) nature: Nature,
    pub(super) words: &'static str,
}

const fn row(clause: Clause, party: Party, nature: Nature, words: &'static str) -> Row {
    Row { clause, party, nature, words }
}

impl Duty {
    pub(super) const fn row(self) -> Row {
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
            Self::ReplaceClauses => row(
                clause::G_SCC,
                Party::Both,
                Nature::Duty,
                "end the transfer or put it on another instrument than the clauses of 2010",
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
}
