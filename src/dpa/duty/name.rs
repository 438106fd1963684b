//! The word for each duty, as it is stored.

use super::Duty;

impl Duty {
    /// The word for it, as it is stored, such as `delete_copies`.
    ///
    /// ```
    /// use clausework::dpa::Duty;
    ///
    /// assert_eq!(Duty::DeleteCopies.as_str(), "delete_copies");
    /// assert_eq!(serde_json::to_string(&Duty::DeleteCopies)?, "\"delete_copies\"");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeletePromptly => "delete_promptly",
            Self::DeleteCopies => "delete_copies",
            Self::DeleteHeld => "delete_held",
            Self::KeepHeldConfidential => "keep_held_confidential",
            Self::RequestReturn => "request_return",
            Self::ReturnCopy => "return_copy",
            Self::Certify => "certify",
            Self::CompleteCertificate => "complete_certificate",
            Self::CertifyDestruction => "certify_destruction",
            Self::ObjectToSubprocessor => "object_to_subprocessor",
            Self::FindAlternative => "find_alternative",
            Self::MeetConditions => "meet_conditions",
            Self::SendRequestedCopy => "send_requested_copy",
            Self::SendContractCopy => "send_contract_copy",
            Self::ListContract => "list_contract",
            Self::UpdateList => "update_list",
            Self::ForwardRequest => "forward_request",
            Self::ForwardDirectRequest => "forward_direct_request",
            Self::AssistRequest => "assist_request",
            Self::ExtraEfforts => "extra_efforts",
            Self::ConfirmReceipt => "confirm_receipt",
            Self::ActOnRequest => "act_on_request",
            Self::NotifyBreach => "notify_breach",
            Self::CompleteNotice => "complete_notice",
            Self::CooperateOnBreach => "cooperate_on_breach",
            Self::NotifyAuthority => "notify_authority",
            Self::NotifyDataSubjects => "notify_data_subjects",
            Self::DocumentBreach => "document_breach",
            Self::AnswerConsultation => "answer_consultation",
            Self::ProvideReport => "provide_report",
            Self::AdmitAudit => "admit_audit",
            Self::InformOfSpecialCategories => "inform_of_special_categories",
            Self::VerifyAuthority => "verify_authority",
            Self::ReplaceClauses => "replace_clauses",
            Self::ImplementVariation => "implement_variation",
            Self::AnswerConsequence => "answer_consequence",
            Self::DiscussVariation => "discuss_variation",
            Self::ForwardNotice => "forward_notice",
            Self::InformOfLegalRequirement => "inform_of_legal_requirement",
            Self::InformOfInfringement => "inform_of_infringement",
            Self::InformOfSubprocessors => "inform_of_subprocessors",
            Self::AssistAssessment => "assist_assessment",
            Self::ProvideInformation => "provide_information",
            Self::InformAuthority => "inform_authority",
            Self::NotifyInability => "notify_inability",
            Self::NotifyChangeOfLaw => "notify_change_of_law",
            Self::NotifyDisclosureRequest => "notify_disclosure_request",
            Self::NotifyAccess => "notify_access",
            Self::AnswerInquiry => "answer_inquiry",
            Self::GiveCopyOfClauses => "give_copy_of_clauses",
            Self::GiveCopyInstead => "give_copy_instead",
            Self::Deposit => "deposit",
            Self::AdmitAuthorityAudit => "admit_authority_audit",
            Self::NotifyAuditBar => "notify_audit_bar",
            Self::AdmitDestructionAudit => "admit_destruction_audit",
            Self::AnswerDispute => "answer_dispute",
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn the_word_is_the_stored_one() {
        for duty in Duty::ALL {
            assert_eq!(serde_json::to_string(&duty).unwrap(), format!("\"{}\"", duty.as_str()));
        }
    }
}
