//! The fact that an obligation names is the one that the ledger takes for its discharge.

use alloc::collections::BTreeSet;

use super::*;

/// Facts of one matter with which every duty of it arises that has a discharge of its own.
fn matters() -> Vec<Vec<(&'static str, Fact)>> {
    use ContractTerm::{Article28, BeneficiaryClause, ExporterLaw, SameProtection, Written};
    let regime = Regime::Clauses;
    let contract =
        Fact::ContractSigned { terms: vec![Written, SameProtection, Article28, BeneficiaryClause, ExporterLaw] };
    let request = |law| Fact::RequestReceived { kind: RequestKind::Access, by: Recipient::Provider, regime, law };
    let hold = Fact::HoldOpened { scope: id("invoices"), law: paper(), until: Some(day("2020-06-30")) };
    let stranger = Fact::TransferStarted { to_stranger: true, special_categories: true };
    let mut matters = vec![
        vec![
            ("2020-03-01", Fact::Ceased { regime }),
            ("2020-03-01", Fact::CopyHeld { holder: id("backup") }),
            ("2020-03-02", hold),
            ("2020-03-03", Fact::ReturnRequested),
            ("2020-03-04", Fact::CertificateRequested),
        ],
        vec![("2020-03-01", Fact::Ceased { regime }), ("2020-03-02", Fact::Deleted { holder: None })],
        vec![
            ("2020-03-01", Fact::Ceased { regime }),
            ("2020-03-02", Fact::CertificateRequested),
            ("2020-03-03", Fact::CertificateIssued { kind: CertificateKind::Interim }),
        ],
        vec![("2020-03-01", Fact::Announced { regime, full_details: true }), ("2020-03-02", contract.clone())],
        vec![
            ("2020-03-01", Fact::Announced { regime, full_details: true }),
            ("2020-03-02", contract),
            ("2020-03-03", Fact::CopySent),
            ("2020-03-04", Fact::CopyRequested),
        ],
        vec![("2020-03-01", Fact::ListKept)],
        vec![("2020-03-01", Fact::ConsultationReceived)],
        vec![("2020-03-01", Fact::OnSiteAuditAsked)],
        vec![("2020-03-01", Fact::ExporterJoined), ("2020-03-01", Fact::ImporterJoined), ("2020-03-02", stranger)],
        vec![(
            "2020-03-01",
            Fact::VariationNoticed { ground: VariationGround::ChangeOfLaw, effect: day("2020-06-01") },
        )],
        vec![("2020-03-01", Fact::VariationProposed), ("2020-03-02", Fact::ConsequenceProposed)],
        vec![
            ("2020-03-01", Fact::TaskArose { duty: Duty::NotifyInability }),
            ("2020-03-02", Fact::TaskDone),
            ("2020-03-03", Fact::ExporterDecided { decision: ExporterDecision::Continue }),
        ],
        vec![
            ("2020-03-01", Fact::ProviderAware),
            ("2020-03-02", Fact::RiskAssessed { risk: Risk::High }),
            ("2020-03-02", Fact::StepDirected { step: id("isolate") }),
        ],
        vec![
            ("2020-03-01", Fact::ProviderAware),
            ("2020-03-02", Fact::CustomerNotified { details: vec![BreachDetail::Nature] }),
            ("2020-03-02", Fact::RiskAssessed { risk: Risk::High }),
        ],
        vec![
            ("2020-03-01", request(RequestLaw::Gdpr)),
            ("2020-03-02", Fact::AssistanceAsked { extra_efforts: false }),
            ("2020-03-02", Fact::AssistanceAsked { extra_efforts: true }),
        ],
        vec![("2026-03-01", request(RequestLaw::Ccpa))],
    ];
    let tasks = Duty::ALL.into_iter().filter(|duty| duty.is_task());
    matters.extend(tasks.map(|duty| vec![("2020-03-01", Fact::TaskArose { duty })]));
    matters
}

#[test]
fn what_an_obligation_names_discharges_it() {
    let mut seen = BTreeSet::new();
    for facts in matters() {
        let open = ledger_of(policy(), &facts);
        for entry in open.obligations() {
            let owed = entry.obligation();
            let Some(fact) = owed.discharge() else { continue };
            seen.insert(owed.duty());
            let mut after = open.clone();
            // On its last day: a right is not used later.
            let on = owed.last_day().unwrap_or(day("2026-04-20"));
            let noted = event(99, &on.to_string(), fact);
            assert_eq!(after.apply(noted.clone()), Applied::Added);
            let same = |other: &Entry<'_>| other.to_string() == entry.to_string();
            let done = after.obligations().find(same).and_then(|entry| entry.obligation().done().cloned());
            let done = done.unwrap_or_else(|| panic!("{entry} by {:?}", noted.fact()));
            assert_eq!(done.event(), noted.id(), "{entry}");
            let still = after.obligations().find(same).and_then(|entry| entry.obligation().discharge());
            assert_eq!(still, None, "{entry}");
        }
    }
    let unnamed: Vec<Duty> = Duty::ALL.into_iter().filter(|duty| !seen.contains(duty)).collect();
    assert_eq!(
        unnamed,
        [
            Duty::DeletePromptly,
            Duty::ObjectToSubprocessor,
            Duty::FindAlternative,
            Duty::MeetConditions,
            Duty::ProvideReport
        ]
    );
}
