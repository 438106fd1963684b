//! What must be so before something may be done.

use super::*;

// ---- instructions

fn register() -> InstructionRegister {
    let mut register = InstructionRegister::default();
    register.add(Instruction {
        id: id("i-1"),
        by: id("member-1"),
        operation: id("send"),
        from: day("2026-01-01"),
        until: Some(day("2026-06-30")),
        evidence: paper(),
        infringes_since: None,
    });
    register
}

fn processing(basis: ProcessingBasis) -> Processing {
    Processing { member: id("member-1"), operation: id("send"), when: When::On(day("2026-06-30")), basis }
}

fn refused(refusals: &[InstructionRefusal]) -> InstructionOutcome {
    InstructionOutcome::Refused { refusals: refusals.to_vec() }
}

#[test]
fn processing_cites_an_instruction_that_covers_it() {
    use InstructionRefusal::{Infringing, NoBasis, NotInForce, OfAnotherMember, OtherOperation, UnknownInstruction};
    let cited = || processing(ProcessingBasis::Instruction(id("i-1")));
    assert_eq!(register().decide(&cited()), InstructionOutcome::Allowed { clause: clause::D_3_1_2A });
    assert_eq!(register().decide(&processing(ProcessingBasis::None)), refused(&[NoBasis]));
    let unknown = processing(ProcessingBasis::Instruction(id("i-2")));
    assert_eq!(register().decide(&unknown), refused(&[UnknownInstruction]));
    let on = |text| Processing { when: When::On(day(text)), ..cited() };
    assert_eq!(register().decide(&on("2026-07-01")), refused(&[NotInForce]));
    assert_eq!(register().decide(&on("2025-12-31")), refused(&[NotInForce]));
    assert_eq!(register().decide(&on("2026-01-01")), InstructionOutcome::Allowed { clause: clause::D_3_1_2A });
    // Every reason, not only the first.
    let wrong = Processing { member: id("member-2"), operation: id("profile"), ..on("2027-01-01") };
    assert_eq!(register().decide(&wrong), refused(&[OfAnotherMember, OtherOperation, NotInForce]));
    // Article 28(3): the customer was told that it infringes the law.
    let mut told = register();
    let mut instruction = told.instructions()[0].clone();
    instruction.infringes_since = Some(day("2026-06-30"));
    told.add(instruction);
    assert_eq!(told.decide(&cited()), refused(&[Infringing]));
    assert_eq!(told.decide(&on("2026-06-29")), InstructionOutcome::Allowed { clause: clause::D_3_1_2A });
    assert_eq!([NoBasis.clause(), Infringing.clause()], [clause::D_3_1_2A, clause::G_28_3X]);
}

#[test]
fn a_law_replaces_the_instruction_only_with_prior_notice_or_a_ban_on_it() {
    let by_law = |informed: Option<&str>, silence| {
        let requirement =
            LegalRequirement { law: paper(), informed: informed.map(|text| text.parse().unwrap()), silence };
        let at = "2026-06-30T12:00:00+02:00".parse().unwrap();
        register().decide(&Processing { when: at, ..processing(ProcessingBasis::Law(requirement)) })
    };
    let allowed = InstructionOutcome::Allowed { clause: clause::D_3_1_2B };
    let not_before = refused(&[InstructionRefusal::NotInformedBefore]);
    assert_eq!(by_law(Some("2026-06-29"), None), allowed);
    assert_eq!(by_law(Some("2026-06-30T11:59:59+02:00"), None), allowed);
    assert_eq!(by_law(Some("2026-06-30T12:00:00+02:00"), None), not_before);
    assert_eq!(by_law(Some("2026-06-30"), None), not_before); // on the same day: before or after?
    assert_eq!(by_law(None, None), not_before);
    assert_eq!(by_law(None, Some(paper())), allowed);
}

#[test]
fn an_instruction_register_survives_storage() {
    let json = serde_json::to_string(&register()).unwrap();
    assert_eq!(serde_json::from_str::<InstructionRegister>(&json).unwrap(), register());
    assert!(serde_json::from_str::<InstructionRegister>(&json.replace("operation", "operations")).is_err());
}

// ---- people, documents, held data

#[test]
fn access_needs_vetting_need_and_an_undertaking() {
    let good = DataAccess { is_needed: true, bound_until: Some(NaiveDate::MAX), is_vetted: true };
    let on = day("2026-06-15");
    assert_eq!(access_refusals(&good, on), []);
    assert_eq!(access_refusals(&DataAccess { is_vetted: false, ..good }, on), [AccessRefusal::NotVetted]);
    assert_eq!(access_refusals(&DataAccess { is_needed: false, ..good }, on), [AccessRefusal::NotNeeded]);
    assert_eq!(access_refusals(&DataAccess { bound_until: None, ..good }, on), [AccessRefusal::NotBound]);
    let until = |text| DataAccess { bound_until: Some(day(text)), ..good };
    assert_eq!(access_refusals(&until("2026-06-15"), on), []);
    assert_eq!(access_refusals(&until("2026-06-14"), on), [AccessRefusal::NotBound]);
    let all = access_refusals(&DataAccess { is_needed: false, bound_until: None, is_vetted: false }, on);
    assert_eq!(
        all.iter().map(|refusal| refusal.clause()).collect::<Vec<_>>(),
        [clause::D_4_1A, clause::D_4_1B, clause::D_4_1C]
    );
}

#[test]
fn documents_have_an_order() {
    use DocumentRank::{Addendum, Clauses, Other, SignedOtherwise};
    for (low, high, why) in [
        (Other, Addendum, clause::D_13_3),
        (Addendum, SignedOtherwise, clause::D_13_3),
        (Other, Clauses, clause::D_13_2B),
        (Addendum, Clauses, clause::D_13_2B),
        (SignedOtherwise, Clauses, clause::D_13_2B),
    ] {
        assert_eq!(prevailing(low, high, None), Some((high, why)));
        assert_eq!(prevailing(high, low, None), Some((high, why)));
    }
    assert_eq!(prevailing(Other, Addendum, Some(Other)), Some((Other, clause::D_13_2A)));
    assert_eq!(prevailing(Other, Addendum, Some(Addendum)), Some((Addendum, clause::D_13_3)));
    assert_eq!(prevailing(Other, Clauses, Some(Other)), Some((Clauses, clause::D_13_2B)));
    assert_eq!(prevailing(Clauses, Clauses, None), None);
}

#[test]
fn held_data_serves_the_law_and_nothing_else() {
    for regime in [Regime::Addendum, Regime::Clauses] {
        assert_eq!(held_use_refusal(HeldUse::Storage, regime), None);
        assert_eq!(held_use_refusal(HeldUse::LegalPurpose, regime), None);
    }
    assert_eq!(held_use_refusal(HeldUse::Other, Regime::Addendum), Some(clause::D_10_3B));
    assert_eq!(held_use_refusal(HeldUse::Other, Regime::Clauses), Some(clause::SCC_12_1B));
}

// ---- records

#[test]
fn every_record_is_missing_until_it_is_there_and_again_when_it_has_lapsed() {
    let on = day("2026-06-15");
    for gate in [RecordGate::Processing, RecordGate::Affiliates, RecordGate::Transfer, RecordGate::Claim] {
        let empty = ledger_of(policy(), &[]);
        assert_eq!(empty.records(&id("acme")).missing(gate, on), gate.wants());
        for clause in gate.wants() {
            let record = |until| Fact::Recorded { clause: *clause, until };
            let missing = |when: &str, until, evidence: bool| {
                let mut ledger = ledger_of(policy(), &[]);
                let mut event = event(1, when, record(until));
                if evidence {
                    event = event.with_evidence(paper());
                }
                assert_eq!(ledger.apply(event), Applied::Added);
                ledger.records(&id("acme")).missing(gate, on).contains(clause)
            };
            assert!(!missing("2026-06-15", None, true), "{clause:?}");
            assert!(!missing("2026-01-01", Some(on), true), "{clause:?}");
            assert!(missing("2026-06-16", None, true), "{clause:?} not yet");
            assert!(missing("2026-01-01", Some(day("2026-06-14")), true), "{clause:?} lapsed");
            assert!(missing("2026-01-01", None, false), "{clause:?} without proof");
        }
    }
}

#[test]
fn a_record_of_another_clause_or_agreement_is_none() {
    let record = Fact::Recorded { clause: clause::D_2_1, until: None };
    let mut ledger = ledger_of(policy(), &[]);
    assert_eq!(ledger.apply(event(1, "2026-01-01", record).with_evidence(paper())), Applied::Added);
    let on = day("2026-06-15");
    assert_eq!(ledger.records(&id("acme")).missing(RecordGate::Affiliates, on), [clause::D_3_2_2]);
    assert_eq!(ledger.records(&id("other")).missing(RecordGate::Affiliates, on).len(), 2);
    assert_eq!(ledger.records(&id("acme")).on(clause::D_2_1, on).unwrap().id().as_str(), "e-1");
}

// ---- the annex

fn annex() -> Annex {
    Annex {
        from: day("2026-01-01"),
        exporter: Some(paper()),
        importer: Some(paper()),
        duration: Some(paper()),
        operations: Some(paper()),
        data: [DataType::Name, DataType::Other(id("loyalty"))].into(),
        subjects: [SubjectGroup::Users, SubjectGroup::Other(id("visitors"))].into(),
        special: Some([].into()),
    }
}

#[test]
fn every_heading_of_the_annex_is_wanted_and_its_lists_are_open() {
    assert_eq!(annex().missing(), []);
    for (without, clauses) in [
        (Annex { duration: None, ..annex() }, vec![clause::AX1_1]),
        (Annex { operations: None, ..annex() }, vec![clause::AX1_2, clause::A1_6]),
        (Annex { data: [].into(), ..annex() }, vec![clause::AX1_3, clause::A1_4]),
        (Annex { special: None, ..annex() }, vec![clause::AX1_4, clause::A1_5]),
        (Annex { subjects: [].into(), ..annex() }, vec![clause::AX1_5, clause::A1_3]),
        (Annex { exporter: None, ..annex() }, vec![clause::A1_1]),
        (Annex { importer: None, ..annex() }, vec![clause::A1_2]),
    ] {
        assert_eq!(without.missing(), clauses);
    }
    assert!(!annex().informs_of_special_categories());
    assert!(Annex { special: Some([SpecialCategory::Health].into()), ..annex() }.informs_of_special_categories());
    let json = serde_json::to_string(&annex()).unwrap();
    assert!(json.contains(r#""data":["name",{"other":"loyalty"}]"#), "{json}");
    assert_eq!(serde_json::from_str::<Annex>(&json).unwrap(), annex());
}

#[test]
fn the_annex_of_a_day_is_the_last_that_was_noticed_by_then() {
    let versions = [annex(), Annex { from: day("2026-07-01"), duration: None, ..annex() }];
    let on = |text| Annex::in_force(&versions, day(text)).map(|annex| annex.from);
    assert_eq!(on("2026-06-30"), Some(day("2026-01-01")));
    assert_eq!(on("2026-07-01"), Some(day("2026-07-01")));
    assert_eq!(on("2025-12-31"), None);
}

// ---- transfers

fn place(code: &str) -> Country {
    Country::try_new(code).unwrap()
}

fn listed(code: &str, from: &str, until: Option<&str>) -> Adequacy {
    Adequacy { place: place(code), from: day(from), until: until.map(day), source: paper() }
}

#[test]
fn a_transfer_is_restricted_only_if_the_law_of_origin_forbids_it_that_day() {
    use TransferReason::{
        AdequacyNotInForce, Adequate, Derogation as Relied, NoProhibition, OutsideDefinition, Prohibited, StaysWithin,
        UkAndEea,
    };
    // The United Kingdom belonged to it until the end of 2020; its adequacy as the anchors of the host give it.
    let eea = [
        listed("DE", "1994-01-01", None),
        listed("FR", "1994-01-01", None),
        listed("GB", "1994-01-01", Some("2020-12-31")),
    ];
    let adequate = [listed("GB", "2021-06-28", Some("2025-12-27")), listed("JP", "2019-01-23", None)];
    let derogation = Derogation(paper());
    let run = |route, from, to, on, derogation| {
        determine_transfer(&TransferCheck {
            route,
            from: place(from),
            to: place(to),
            on: day(on),
            eea: &eea,
            adequate: &adequate,
            derogation,
        })
    };
    let free = |reason| TransferOutcome::Unrestricted { reasons: vec![reason] };
    let restricted = |reasons: &[TransferReason]| TransferOutcome::Restricted { reasons: reasons.to_vec() };
    let to = |from, to, on| run(Route::ToProcessor, from, to, on, None);

    assert_eq!(to("DE", "IN", "2026-01-01"), restricted(&[Prohibited]));
    assert_eq!(run(Route::Onward, "DE", "IN", "2026-01-01", None), restricted(&[Prohibited]));
    assert_eq!(run(Route::Other, "DE", "IN", "2026-01-01", None), free(OutsideDefinition));
    assert_eq!(to("IN", "US", "2026-01-01"), free(NoProhibition));
    // An onward transfer is prohibited wherever it starts, until it comes back or goes where it is adequate.
    let onward = |from, to| run(Route::Onward, from, to, "2026-01-01", None);
    assert_eq!(onward("IN", "US"), restricted(&[Prohibited]));
    assert_eq!([onward("IN", "DE"), onward("IN", "JP")], [free(NoProhibition), free(Adequate(paper()))]);
    // So is one that stays in the country to which the data had gone.
    assert_eq!([onward("IN", "IN"), onward("JP", "JP")], [restricted(&[Prohibited]), free(Adequate(paper()))]);
    assert_eq!([onward("GB", "GB"), onward("DE", "DE")], [free(StaysWithin), free(StaysWithin)]);
    assert_eq!(to("IN", "IN", "2026-01-01"), free(StaysWithin));
    assert_eq!(to("DE", "FR", "2026-01-01"), free(StaysWithin));
    assert_eq!(to("DE", "DE", "2026-01-01"), free(StaysWithin));
    assert_eq!(to("DE", "JP", "2019-01-22"), restricted(&[Prohibited, AdequacyNotInForce(paper())]));
    assert_eq!(to("DE", "JP", "2019-01-23"), free(Adequate(paper())));
    assert_eq!(run(Route::ToProcessor, "DE", "IN", "2026-01-01", Some(&derogation)), free(Relied(paper())));
    // Between the United Kingdom and the EEA: inside, then adequate by decision, then neither.
    assert_eq!(to("DE", "GB", "2020-12-31"), free(StaysWithin));
    assert_eq!(to("DE", "GB", "2021-01-01"), restricted(&[Prohibited, UkAndEea, AdequacyNotInForce(paper())]));
    assert_eq!(to("DE", "GB", "2021-06-28"), free(Adequate(paper())));
    assert_eq!(to("DE", "GB", "2025-12-28"), restricted(&[Prohibited, UkAndEea, AdequacyNotInForce(paper())]));
    assert_eq!(to("GB", "DE", "2026-01-01"), restricted(&[Prohibited, UkAndEea]));
    assert_eq!(
        [UkAndEea.clause(), Prohibited.clause(), StaysWithin.clause(), Adequate(paper()).clause()],
        [clause::D_1_12, clause::D_1_11, clause::D_1_8, clause::D_1_13]
    );
}

#[test]
fn a_place_is_two_capitals() {
    for bad in ["", "D", "de", "DEU", "D1", "É"] {
        assert_eq!(Country::try_new(bad), None, "{bad}");
        assert!(serde_json::from_str::<Country>(&format!("{bad:?}")).is_err());
    }
    assert_eq!(serde_json::to_string(&place("DE")).unwrap(), r#""DE""#);
}
