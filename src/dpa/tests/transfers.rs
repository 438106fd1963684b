//! Sections 11 to 13, clauses 4, 5 and 8: audits, transfers, variations, tasks.

use super::*;

const GOOD: AuditReport =
    AuditReport { dated: NaiveDate::MIN, independent: true, accepted_standard: true, shows_sufficiency: true };

fn report(dated: &str) -> Fact {
    Fact::ReportProvided { report: AuditReport { dated: day(dated), ..GOOD } }
}

/// Vector 100: a report of 2024-12-31 is current until 2026-06-30.
#[test]
fn a_report_meets_four_conditions_or_answers_nothing() {
    let asked = ("2026-06-01", Fact::AuditAsked { regime: Regime::Addendum });
    let run = |when, fact| {
        let facts = [asked.clone(), (when, fact)];
        let found = show(&facts, "2026-08-01").contains(&"! e-2 dpa.report_refused".to_string());
        (line(&facts, "2026-08-01", Duty::ProvideReport), found)
    };
    let running = "running since 2026-06-01".to_string();
    assert_eq!(run("2026-06-30", report("2024-12-31")), ("done on 2026-06-30".to_string(), false));
    assert_eq!(run("2026-07-01", report("2024-12-31")), (running.clone(), true));
    for flaw in [
        AuditReport { dated: day("2026-01-01"), independent: false, ..GOOD },
        AuditReport { dated: day("2026-01-01"), accepted_standard: false, ..GOOD },
        AuditReport { dated: day("2026-01-01"), shows_sufficiency: false, ..GOOD },
    ] {
        assert_eq!(run("2026-06-30", Fact::ReportProvided { report: flaw }), (running.clone(), true));
        assert_eq!(report_fails(&DpaTerms::default(), &flaw, day("2026-06-30")), [clause::D_11_2B]);
    }
    assert_eq!(run("2026-05-31", report("2026-01-01")), (running, false)); // before it was asked for
}

/// X4: the report of the addendum, the facilities of the clauses, which prevail.
#[test]
fn a_report_does_not_close_an_audit_of_the_facilities() {
    let facts = [("2026-06-01", Fact::OnSiteAuditAsked), ("2026-06-10", report("2026-01-01"))];
    assert_eq!(
        show(&facts, "2026-06-11"),
        ["admit_audit SCC-5f: running since 2026-06-01", "! e-2 dpa.report_is_no_audit"]
    );
    let held = [facts[0].clone(), ("2026-06-20", Fact::OnSiteAuditHeld)];
    assert_eq!(show(&held, "2026-06-21"), ["admit_audit SCC-5f: done on 2026-06-20"]);
    let x4 = |regime| {
        let ledger = ledger_of(policy(), &[("2026-06-01", Fact::AuditAsked { regime })]);
        ledger.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X4))
    };
    assert!(x4(Regime::Clauses) && !x4(Regime::Addendum));
}

fn started(to_stranger: bool, special_categories: bool) -> Fact {
    Fact::TransferStarted { to_stranger, special_categories }
}

#[test]
fn the_clauses_are_in_force_from_the_latest_of_three_days() {
    let days = ["2021-03-01", "2021-03-05", "2021-03-09"].map(day).map(Some);
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let [a, b, c] = order.map(|at: usize| days[at]);
        let in_force = scc_in_force(a, b, c);
        assert_eq!((in_force.since(), in_force.missing()), (days[2], vec![]));
    }
    for (in_force, missing) in [
        (scc_in_force(None, days[0], days[0]), SccMissing::Exporter),
        (scc_in_force(days[0], None, days[0]), SccMissing::Importer),
        (scc_in_force(days[0], days[0], None), SccMissing::Transfer),
        (scc_in_force(days[0], days[0], days[0]).assessed(false), SccMissing::Effect),
    ] {
        assert_eq!((in_force.since(), in_force.missing()), (None, vec![missing]));
    }
}

#[test]
fn a_transfer_begins_after_the_parties_have_joined() {
    let run = |exporter, importer, fact, more: &[(&'static str, Fact)]| -> Vec<FindingKind> {
        let mut facts = vec![(exporter, Fact::ExporterJoined), (importer, Fact::ImporterJoined), ("2021-03-05", fact)];
        facts.extend(more.iter().cloned());
        ledger_of(policy(), &facts).findings().map(|finding| finding.kind().clone()).collect()
    };
    let early = |fails| [FindingKind::TransferTooEarly { fails }];
    assert_eq!(run("2021-03-01", "2021-03-05", started(false, false), &[]), []);
    assert_eq!(run("2021-03-01", "2021-03-06", started(false, false), &[]), early(vec![clause::D_12_2]));
    // A stranger's authority is needed, and a later ratification heals.
    assert_eq!(run("2021-03-01", "2021-03-01", started(true, false), &[]), early(vec![clause::D_12_4]));
    assert_eq!(run("2021-03-01", "2021-03-01", started(true, false), &[("2021-04-01", Fact::AuthorityVerified)]), []);
    let never = [("2021-03-05", started(false, false))];
    assert_eq!(ledger_of(policy(), &never).findings().count(), 1);
    let duties = |fact| show(&[("2021-03-05", fact)], "2021-03-06");
    assert!(duties(started(true, false)).contains(&"verify_authority D-12.4: running since 2021-03-05".to_string()));
    let inform = "inform_of_special_categories SCC-4f: running since 2021-03-05".to_string();
    assert!(duties(started(false, true)).contains(&inform) && !duties(started(false, false)).contains(&inform));
    let told = [("2021-03-05", started(false, true)), ("2021-03-01", Fact::SubjectsInformed)];
    assert_eq!(line(&told, "2021-03-06", Duty::InformOfSpecialCategories), "done on 2021-03-01"); // before is in time
}

/// X10, G-SCC: no new contract from 2021-09-27, none at all after 2022-12-27.
#[test]
fn an_instrument_that_has_ended_is_reported() {
    let x10 = |joined: &'static str, start: &'static str| {
        let facts = [(joined, Fact::ExporterJoined), (joined, Fact::ImporterJoined), (start, started(false, false))];
        let ledger = ledger_of(policy(), &facts);
        ledger.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X10))
    };
    assert!(!x10("2021-09-26", "2021-09-26") && x10("2021-09-27", "2021-09-27"));
    assert!(!x10("2021-09-26", "2022-12-27") && x10("2021-09-26", "2022-12-28"));
    // Concluded too late, before any transfer: it can never be one.
    let joined = |importer| [("2021-09-26", Fact::ExporterJoined), (importer, Fact::ImporterJoined)];
    let found = |facts: &[(&str, Fact)]| {
        ledger_of(policy(), facts).findings().map(|f| f.event().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found(&joined("2021-09-27")), ["e-2"]);
    assert_eq!(found(&joined("2021-09-26")), [""; 0]);
}

/// X10: the clauses of 2010 carry no transfer after 2022-12-27, however long it has lasted.
#[test]
fn a_transfer_that_goes_on_needs_another_instrument_in_time() {
    let facts = [
        ("2021-03-01", Fact::ExporterJoined),
        ("2021-03-01", Fact::ImporterJoined),
        ("2021-03-05", started(false, false)),
        ("2022-12-28", Fact::ClausesLeft),
    ];
    let at = |count: usize, now| line(&facts[..count], now, Duty::ReplaceClauses);
    assert_eq!(at(3, "2022-12-26"), "due on 2022-12-27");
    assert_eq!(at(3, "2022-12-28"), "overdue since 2022-12-28");
    assert_eq!(at(4, "2023-01-01"), "done late on 2022-12-28, due 2022-12-27, no reasons given");
    assert!(!show(&facts[..2], "2022-12-26").iter().any(|line| line.starts_with("replace_clauses"))); // no transfer
    let ledger = ledger_of(policy(), &facts[..3]);
    assert_eq!(ledger.overdue(moment("2022-12-28")).count(), 1);
    let owed = ledger.obligations().next().unwrap();
    assert_eq!((owed.obligation().clause(), owed.obligation().party()), (clause::G_SCC, Party::Both));
}

/// Who left the clauses before the transfer began never carried it on them.
#[test]
fn clauses_that_were_left_before_the_transfer_carry_none() {
    let facts = |left: &'static str| {
        [
            ("2021-03-01", Fact::ExporterJoined),
            ("2021-03-01", Fact::ImporterJoined),
            (left, Fact::ClausesLeft),
            ("2023-02-01", started(false, false)),
        ]
    };
    let left = show(&facts("2022-06-01"), "2023-03-01");
    assert!(!left.iter().any(|line| line.starts_with("replace_clauses")), "{left:?}");
    let ledger = ledger_of(policy(), &facts("2022-06-01"));
    assert!(!ledger.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X10)));
    let late = ledger_of(policy(), &facts("2023-02-02"));
    assert!(late.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X10)));
    assert_eq!(
        line(&facts("2023-02-02"), "2023-03-01", Duty::ReplaceClauses),
        "done late on 2023-02-02, due 2022-12-27, no reasons given"
    );
}

/// Vector 105: effect on 2024-03-01, sixty days before is 2024-01-01.
#[test]
fn a_variation_needs_its_notice_and_a_ground_that_the_clauses_allow() {
    let terms = DpaTerms::default();
    assert_eq!(terms.variation_notice_by(day("2024-03-01")), Some(day("2024-01-01")));
    assert_eq!(terms.variation_notice_by(day("0001-01-31")), None);
    let run = |when: &'static str, ground| -> (Vec<FindingKind>, bool) {
        let noticed = Fact::VariationNoticed { ground, effect: day("2024-03-01") };
        let ledger = ledger_of(policy(), &[(when, noticed)]);
        let owed = ledger.obligations().any(|entry| entry.obligation().duty() == Duty::ImplementVariation);
        (ledger.findings().map(|finding| finding.kind().clone()).collect(), owed)
    };
    let x5 = FindingKind::Contradiction(clause::X5);
    for ground in [VariationGround::ChangeOfLaw, VariationGround::AuthorityDecision, VariationGround::Addition] {
        assert_eq!(run("2024-01-01", ground), (vec![x5.clone()], true)); // let through, and flagged
    }
    let short = FindingKind::NoticeTooShort { earliest: day("2024-03-02") };
    assert_eq!(run("2024-01-02", VariationGround::ChangeOfLaw), (vec![x5, short], true));
    assert_eq!(run("2024-01-01", VariationGround::Other), (vec![FindingKind::VariationForbidden], false));
}

#[test]
fn what_follows_a_variation_runs_until_it_is_done() {
    let noticed = Fact::VariationNoticed { ground: VariationGround::ChangeOfLaw, effect: day("2024-03-01") };
    for (opens, closes, duty) in [
        (noticed, Fact::VariationImplemented, Duty::ImplementVariation),
        (Fact::ConsequenceProposed, Fact::ConsequenceAnswered, Duty::AnswerConsequence),
        (Fact::VariationProposed, Fact::VariationDiscussed, Duty::DiscussVariation),
    ] {
        let facts = [("2024-01-01", opens), ("2024-01-20", closes)];
        assert_eq!(line(&facts[..1], "2024-02-01", duty), "running since 2024-01-01");
        assert_eq!(line(&facts, "2024-02-01", duty), "done on 2024-01-20");
    }
}

#[test]
fn every_task_runs_from_its_event_until_it_is_done_and_a_bar_is_shown() {
    let tasks: Vec<_> = Duty::ALL.into_iter().filter(|duty| duty.is_task()).collect();
    assert_eq!(tasks.len(), 18);
    for duty in Duty::ALL {
        let arose = ("2026-07-01", Fact::TaskArose { duty });
        if !duty.is_task() {
            assert_eq!(show(&[arose], "2026-07-02"), ["! e-1 dpa.not_a_task"]);
            continue;
        }
        let head = format!("{} {}: ", view::name(duty), duty.clause().id());
        assert_eq!(show(core::slice::from_ref(&arose), "2026-07-02"), [format!("{head}running since 2026-07-01")]);
        let done = [arose.clone(), ("2026-07-03", Fact::TaskDone)];
        assert_eq!(show(&done, "2026-07-04"), [format!("{head}done on 2026-07-03")]);
        let before = [arose.clone(), ("2026-06-30", Fact::TaskDone)];
        assert_eq!(show(&before, "2026-07-04"), [format!("{head}running since 2026-07-01")]);
        let mut barred = vec![arose, ("2026-07-02", Fact::TaskBarred { ground: paper() })];
        let paused =
            format!("{head}paused since 2026-07-02, law forbids it for now; otherwise running since 2026-07-01");
        assert_eq!(show(&barred, "2026-07-04"), [paused]);
        barred.push(("2026-07-05", Fact::TaskFreed));
        assert_eq!(show(&barred, "2026-07-06"), [format!("{head}running since 2026-07-01")]);
    }
}

/// SCC-4g: whoever goes on with the transfer tells the authority.
#[test]
fn going_on_after_a_notice_means_telling_the_authority() {
    for duty in [Duty::NotifyInability, Duty::NotifyChangeOfLaw, Duty::NotifyAuditBar] {
        for (decision, owed) in [
            (ExporterDecision::Continue, true),
            (ExporterDecision::Resume, true),
            (ExporterDecision::Suspend, false),
            (ExporterDecision::Terminate, false),
        ] {
            let facts = [("2026-07-01", Fact::TaskArose { duty }), ("2026-07-05", Fact::ExporterDecided { decision })];
            let forward = "forward_notice SCC-4g: running since 2026-07-05".to_string();
            assert_eq!(show(&facts, "2026-07-06").contains(&forward), owed, "{decision:?}");
        }
    }
    let facts = [
        ("2026-07-01", Fact::TaskArose { duty: Duty::NotifyChangeOfLaw }),
        ("2026-07-05", Fact::ExporterDecided { decision: ExporterDecision::Continue }),
        ("2026-07-07", Fact::NoticeForwarded),
    ];
    assert_eq!(line(&facts, "2026-07-08", Duty::ForwardNotice), "done on 2026-07-07");
    let inquiry = [("2026-07-01", Fact::TaskArose { duty: Duty::AnswerInquiry }), facts[1].clone()];
    assert!(!show(&inquiry, "2026-07-06").iter().any(|line| line.starts_with("forward")));
}
