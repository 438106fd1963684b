//! Which fact says that an obligation was discharged.

use alloc::vec::Vec;

use super::super::{BreachDetail, CertificateKind, Duty, Fact, Obligation};

impl Obligation {
    /// The fact that discharges it, or uses the right, once it is noted in its matter at or after [`since`](Self::since).
    ///
    /// `None` where somebody must say more than that it was done, such as the report that was provided or the outcome of
    /// an objection, and for [`Duty::DeletePromptly`], which the deletion by the last holder discharges. A certificate
    /// is taken to be the full one, and the copy that was handed over to be without a flaw: note another fact if not.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use clausework::dpa::{DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger};
    /// use clausework::id::OpaqueId;
    ///
    /// let id = |text: &str| OpaqueId::try_new(text);
    /// let (acme, breach) = (id("acme")?, id("b-1")?);
    /// let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
    /// ledger.apply(DpaEvent::new(id("e-1")?, acme.clone(), breach.clone(), "2026-07-01".parse()?, Fact::ControllerAware));
    ///
    /// // A page with a button "done" beside each open obligation:
    /// let facts: Vec<Fact> = ledger.obligations().filter_map(|entry| entry.obligation().discharge()).collect();
    /// assert_eq!(facts, [Fact::AuthorityNotified { reasons: None }, Fact::BreachDocumented]);
    ///
    /// ledger.apply(DpaEvent::new(id("e-2")?, acme, breach, "2026-07-02".parse()?, facts[0].clone()));
    /// let told = ledger.obligations().next().ok_or("none")?;
    /// let now = DateTime::parse_from_rfc3339("2026-07-09T12:00:00+02:00")?;
    /// assert_eq!(told.obligation().status(now).to_string(), "done on 2026-07-02");
    /// assert_eq!(told.obligation().discharge(), None); // it is
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn discharge(&self) -> Option<Fact> {
        let part = || self.part.clone();
        match self.duty {
            _ if self.done.is_some() => None,
            Duty::DeletePromptly
            | Duty::ObjectToSubprocessor
            | Duty::FindAlternative
            | Duty::MeetConditions
            | Duty::ProvideReport => None,
            Duty::DeleteCopies => Some(Fact::Deleted { holder: part() }),
            Duty::DeleteHeld | Duty::KeepHeldConfidential => part().map(|scope| Fact::HeldDeleted { scope }),
            Duty::RequestReturn => Some(Fact::ReturnRequested),
            Duty::ReturnCopy => Some(Fact::HandedOver { flaws: Vec::new() }),
            Duty::Certify | Duty::CompleteCertificate | Duty::CertifyDestruction => {
                Some(Fact::CertificateIssued { kind: CertificateKind::Full })
            }
            Duty::SendRequestedCopy | Duty::SendContractCopy => Some(Fact::CopySent),
            Duty::ListContract => Some(Fact::Listed),
            Duty::UpdateList => Some(Fact::ListUpdated),
            Duty::ForwardRequest | Duty::ForwardDirectRequest => Some(Fact::RequestForwarded),
            Duty::AssistRequest | Duty::ExtraEfforts => Some(Fact::Assisted { cost: None }),
            Duty::ConfirmReceipt => Some(Fact::ReceiptConfirmed),
            Duty::ActOnRequest => Some(Fact::RequestAnswered),
            Duty::NotifyBreach => Some(Fact::CustomerNotified { details: Vec::new() }),
            Duty::CompleteNotice => Some(Fact::CustomerNotified { details: BreachDetail::ALL.to_vec() }),
            Duty::CooperateOnBreach => part().map(|step| Fact::StepDone { step }),
            Duty::NotifyAuthority => Some(Fact::AuthorityNotified { reasons: None }),
            Duty::NotifyDataSubjects => Some(Fact::SubjectsNotified),
            Duty::DocumentBreach => Some(Fact::BreachDocumented),
            Duty::AnswerConsultation => Some(Fact::ConsultationAnswered),
            Duty::AdmitAudit => Some(Fact::OnSiteAuditHeld),
            Duty::InformOfSpecialCategories => Some(Fact::SubjectsInformed),
            Duty::VerifyAuthority => Some(Fact::AuthorityVerified),
            Duty::ReplaceClauses => Some(Fact::ClausesLeft),
            Duty::ImplementVariation => Some(Fact::VariationImplemented),
            Duty::AnswerConsequence => Some(Fact::ConsequenceAnswered),
            Duty::DiscussVariation => Some(Fact::VariationDiscussed),
            Duty::ForwardNotice => Some(Fact::NoticeForwarded),
            Duty::InformOfLegalRequirement
            | Duty::InformOfInfringement
            | Duty::InformOfSubprocessors
            | Duty::AssistAssessment
            | Duty::ProvideInformation
            | Duty::InformAuthority
            | Duty::NotifyInability
            | Duty::NotifyChangeOfLaw
            | Duty::NotifyDisclosureRequest
            | Duty::NotifyAccess
            | Duty::AnswerInquiry
            | Duty::GiveCopyOfClauses
            | Duty::GiveCopyInstead
            | Duty::Deposit
            | Duty::AdmitAuthorityAudit
            | Duty::NotifyAuditBar
            | Duty::AdmitDestructionAudit
            | Duty::AnswerDispute => Some(Fact::TaskDone),
        }
    }
}
