//! Section 10 and clause 12: return, deletion, certificates, holds.

use super::*;

const CEASED: Fact = Fact::Ceased { regime: Regime::Addendum };
const UNDER_CLAUSES: Fact = Fact::Ceased { regime: Regime::Clauses };
const HANDED: Fact = Fact::HandedOver { flaws: Vec::new() };
const DELETED: Fact = Fact::Deleted { holder: None };
const FULL: Fact = Fact::CertificateIssued { kind: CertificateKind::Full };
const INTERIM: Fact = Fact::CertificateIssued { kind: CertificateKind::Interim };

fn held(holder: &str) -> Fact {
    Fact::CopyHeld { holder: id(holder) }
}

fn deleted_by(holder: &str) -> Fact {
    Fact::Deleted { holder: Some(id(holder)) }
}

/// Vector 91: C = 2026-06-15, deletion until 07-15, window until 09-13.
#[test]
fn silence_leaves_a_decision_and_hides_no_date() {
    let at = |now| show(&[("2026-06-15", CEASED)], now);
    let decision = "delete_copies D-10.1b: decision needed, D-10.2a against D-10.1b; literally";
    assert_eq!(
        at("2026-07-14"),
        [
            "request_return D-10.2a: due on 2026-09-13".to_string(),
            format!("{decision} due on 2026-07-15"),
            "delete_promptly D-10.1a: running since 2026-06-15".to_string(),
        ]
    );
    assert_eq!(at("2026-07-15")[1], format!("{decision} due today, 2026-07-15"));
    assert_eq!(at("2026-07-16")[1], format!("{decision} overdue since 2026-07-16"));
    assert_eq!(at("2026-09-13")[0], "request_return D-10.2a: due today, 2026-09-13");
    assert_eq!(at("2026-09-13")[1], format!("{decision} overdue since 2026-07-16"));
    assert_eq!(at("2026-09-14")[1], "delete_copies D-10.1b: overdue since 2026-07-16");
    assert_eq!(at("2026-09-14")[0], "request_return D-10.2a: lapsed after 2026-09-13"); // never "consented"
}

#[test]
fn a_request_in_time_is_honoured_first_and_then_deletion_is_plain() {
    let facts = [("2026-06-15", CEASED), ("2026-07-15", Fact::ReturnRequested)];
    assert_eq!(
        show(&facts, "2026-07-15"),
        [
            "request_return D-10.2a: done on 2026-07-15",
            "return_copy D-10.2d: due today, 2026-07-15",
            "delete_copies D-10.1b: due today, 2026-07-15",
            "delete_promptly D-10.1a: running since 2026-06-15",
        ]
    );
    // Before the Cessation Date counts as well (X16).
    assert_eq!(
        line(&[("2026-05-01", Fact::ReturnRequested), facts[0].clone()], "2026-06-20", Duty::ReturnCopy),
        "due on 2026-07-15"
    );
}

#[test]
fn a_request_in_the_gap_is_overdue_on_receipt_and_stays_so() {
    let facts = [("2026-06-15", CEASED), ("2026-08-14", Fact::ReturnRequested)];
    let literal = "overdue on receipt (literally due 2026-07-15), by 2026-09-14 under the chosen policy";
    assert_eq!(line(&facts, "2026-08-14", Duty::ReturnCopy), literal);
    assert_eq!(line(&facts, "2026-09-14", Duty::ReturnCopy), literal);
    assert_eq!(line(&facts, "2026-09-15", Duty::ReturnCopy), "overdue since 2026-07-16");
    // Nothing is deleted before it is returned, and the policy has set the day: the decision is made.
    assert_eq!(line(&facts, "2026-08-14", Duty::DeleteCopies), literal);
    assert_eq!(line(&facts, "2026-07-10", Duty::DeleteCopies), "due on 2026-07-15");
    assert_eq!(line(&facts, "2026-09-15", Duty::DeleteCopies), "overdue since 2026-07-16");
    let handed = [facts[0].clone(), facts[1].clone(), ("2026-09-01", HANDED)];
    assert_eq!(
        line(&handed, "2026-09-02", Duty::ReturnCopy),
        "done late on 2026-09-01, due 2026-07-15, no reasons given"
    );
    assert_eq!(line(&handed, "2026-09-02", Duty::DeleteCopies), literal);
    let deleted = [handed[0].clone(), handed[1].clone(), handed[2].clone(), ("2026-09-10", DELETED)];
    assert_eq!(
        line(&deleted, "2026-09-11", Duty::DeleteCopies),
        "done late on 2026-09-10, due 2026-07-15, no reasons given"
    );
    // Deleted by the literal day, it was in time, whatever was asked for later.
    for (when, status) in [("2026-07-15", "done on 2026-07-15"), ("2026-07-16", "done late on 2026-07-16")] {
        let early = [facts[0].clone(), facts[1].clone(), (when, DELETED)];
        assert!(line(&early, "2026-08-15", Duty::DeleteCopies).starts_with(status), "{when}");
    }
    // What is waived is not waited for.
    let waived = [facts[0].clone(), facts[1].clone(), ("2026-08-20", Fact::ReturnWaived)];
    assert_eq!(line(&waived, "2026-08-21", Duty::DeleteCopies), "overdue since 2026-07-16");

    let strict = ledger_of(DpaPolicy::new(LateReturnRequest::Literal), &facts);
    let literally = shown(&strict, "2026-08-14");
    assert!(literally.contains(&"return_copy D-10.2d: overdue since 2026-07-16".to_string()));
    assert!(literally.iter().any(|line| line.starts_with("delete_copies D-10.1b: decision needed")));
    // An agreed day stands for both; one that is not after the limit leaves them where they are.
    for (date, starts) in [
        ("2026-08-31", "overdue on receipt (literally due 2026-07-15), by 2026-08-31"),
        ("2026-07-15", "decision needed"),
    ] {
        let ledger = ledger_of(DpaPolicy::new(agreed(date)), &facts);
        let lines = shown(&ledger, "2026-08-14");
        assert!(lines.iter().any(|line| line.starts_with(&format!("delete_copies D-10.1b: {starts}"))), "{lines:?}");
    }
}

#[test]
fn after_the_window_there_is_no_duty_to_return() {
    let late = show(&[("2026-06-15", CEASED), ("2026-09-14", Fact::ReturnRequested)], "2026-09-14");
    assert!(late.contains(&"! e-2 dpa.return_request_too_late".to_string()));
    assert!(!late.iter().any(|line| line.starts_with("return_copy")));
    let last = show(&[("2026-06-15", CEASED), ("2026-09-13", Fact::ReturnRequested)], "2026-09-13");
    assert!(last.iter().any(|line| line.starts_with("return_copy")) && !last.iter().any(|line| line.starts_with('!')));
}

#[test]
fn a_flawed_copy_discharges_nothing() {
    for flaw in [ReturnFlaw::Incomplete, ReturnFlaw::InsecureTransfer, ReturnFlaw::OtherFormat] {
        let flawed = Fact::HandedOver { flaws: vec![flaw] };
        let facts = [("2026-06-15", CEASED), ("2026-06-20", Fact::ReturnRequested), ("2026-07-01", flawed)];
        assert_eq!(line(&facts, "2026-07-02", Duty::ReturnCopy), "due on 2026-07-15");
        assert!(show(&facts, "2026-07-02").contains(&"! e-3 dpa.copy_flawed".to_string()));
    }
    let good = [("2026-06-15", CEASED), ("2026-06-20", Fact::ReturnRequested), ("2026-07-01", HANDED)];
    assert_eq!(line(&good, "2026-07-02", Duty::ReturnCopy), "done on 2026-07-01");
}

#[test]
fn every_holder_deletes_and_the_last_one_ends_the_duty() {
    let facts = [
        ("2026-06-15", CEASED),
        ("2026-01-01", held("backup")),
        ("2026-01-01", held("host-7")),
        ("2026-06-20", Fact::ReturnWaived),
        ("2026-07-01", DELETED),
        ("2026-07-20", deleted_by("backup")),
    ];
    assert_eq!(
        show(&facts, "2026-07-16"),
        [
            "request_return D-10.2a: done on 2026-06-20",
            "delete_copies D-10.1b: done on 2026-07-01",
            "delete_copies[backup] D-10.1c: done late on 2026-07-20, due 2026-07-15, no reasons given",
            "delete_copies[host-7] D-10.1c: overdue since 2026-07-16",
            "delete_promptly D-10.1a: running since 2026-06-15",
        ]
    );
    let mut all = facts.to_vec();
    all.push(("2026-07-10", deleted_by("host-7")));
    assert_eq!(line(&all, "2026-07-21", Duty::DeletePromptly), "done on 2026-07-20");
    // At the very instant counts, a second before does not.
    for (at, status) in [("12:00:00", "done on 2026-06-15"), ("11:59:59", "running since 2026-06-15")] {
        let deleted = format!("2026-06-15T{at}+02:00");
        let facts = [("2026-06-15T12:00:00+02:00", CEASED), (deleted.as_str(), DELETED)];
        assert_eq!(line(&facts, "2026-06-16", Duty::DeletePromptly), status);
    }
    // What was deleted before the end of the service says nothing about what came after.
    let early = [("2026-06-15", CEASED), ("2026-06-14", DELETED)];
    assert_eq!(line(&early, "2026-06-15", Duty::DeletePromptly), "running since 2026-06-15");
}

#[test]
fn the_copy_goes_out_before_the_data_goes() {
    let before = [
        ("2026-06-15", CEASED),
        ("2026-06-16", Fact::ReturnRequested),
        ("2026-06-20", DELETED),
        ("2026-06-21", HANDED),
    ];
    assert!(show(&before, "2026-06-22").contains(&"! e-3 dpa.deleted_before_return".to_string()));
    let after = [
        ("2026-06-15", CEASED),
        ("2026-06-16", Fact::ReturnRequested),
        ("2026-06-20", HANDED),
        ("2026-06-21", DELETED),
    ];
    assert!(!show(&after, "2026-06-22").iter().any(|line| line.starts_with('!')));
}

#[test]
fn under_the_clauses_the_choice_comes_before_destruction_and_the_certificate_unasked() {
    let blind = show(&[("2026-06-15", UNDER_CLAUSES), ("2026-06-20", DELETED)], "2026-06-21");
    assert!(blind.contains(&"! e-2 dpa.destroyed_before_choice".to_string()));
    assert!(blind.contains(&"certify_destruction SCC-12.1a: running since 2026-06-20".to_string()));
    let chosen = [
        ("2026-06-15", UNDER_CLAUSES),
        ("2026-06-16", Fact::ReturnWaived),
        ("2026-06-20", DELETED),
        ("2026-06-30", FULL),
    ];
    assert_eq!(line(&chosen, "2026-07-01", Duty::CertifyDestruction), "done on 2026-06-30");
    // X6: nobody asked for it, and the clauses want it all the same.
    let found = |facts: &[(&str, Fact)]| -> Vec<FindingKind> {
        ledger_of(policy(), facts).findings().map(|finding| finding.kind().clone()).collect()
    };
    assert_eq!(found(&chosen), [FindingKind::Contradiction(clause::X6)]);
    let mut asked = chosen.to_vec();
    asked.push(("2026-06-30", Fact::CertificateRequested));
    assert_eq!(found(&asked), []);
    // Under the addendum alone, deletion without a choice is no finding, and no certificate is owed unasked (X6).
    let plain = show(&[("2026-06-15", CEASED), ("2026-06-20", DELETED)], "2026-06-21");
    assert!(!plain.iter().any(|line| line.starts_with('!') || line.starts_with("certify")));
}

/// Vector 93: asked for on C = 2026-07-15, due 08-14, a day before deletion.
#[test]
fn a_certificate_due_before_deletion_is_reported_and_an_interim_one_is_followed_up() {
    let facts = [("2026-07-15", CEASED), ("2026-07-15", Fact::CertificateRequested), ("2026-08-10", INTERIM)];
    let lines = show(&facts, "2026-08-15");
    assert!(lines.contains(&"certify D-10.4: done on 2026-08-10".to_string()));
    assert!(lines.contains(&"complete_certificate D-10.4: running since 2026-08-10".to_string()));
    assert!(lines.contains(&"! e-2 dpa.conflict".to_string()));
    assert_eq!(line(&facts[..2], "2026-08-14", Duty::Certify), "due today, 2026-08-14");
    assert_eq!(line(&facts[..2], "2026-08-15", Duty::Certify), "overdue since 2026-08-15");
    let later = show(&[("2026-07-15", CEASED), ("2026-07-16", Fact::CertificateRequested)], "2026-08-01");
    assert!(!later.iter().any(|line| line.starts_with('!')));
}

#[test]
fn full_compliance_is_not_certified_while_something_is_left() {
    let untrue = "! e-4 dpa.certificate_untrue".to_string();
    let mut facts =
        vec![("2026-06-15", CEASED), ("2026-01-01", held("backup")), ("2026-06-20", DELETED), ("2026-07-01", FULL)];
    assert!(show(&facts, "2026-07-02").contains(&untrue));
    facts.push(("2026-06-30", deleted_by("backup")));
    assert!(!show(&facts, "2026-07-02").contains(&untrue));
    facts.push(("2026-06-16", Fact::ReturnRequested));
    assert!(show(&facts, "2026-07-02").contains(&untrue)); // the copy was asked for and is outstanding
    facts.push(("2026-06-18", HANDED));
    assert!(!show(&facts, "2026-07-02").contains(&untrue));
}

#[test]
fn a_hold_cuts_out_its_scope_and_the_rest_is_due() {
    let hold = |until| Fact::HoldOpened { scope: id("invoices"), law: paper(), until };
    let closed = Fact::HoldClosed { scope: id("invoices") };
    let gone = Fact::HeldDeleted { scope: id("invoices") };
    let open = show(&[("2026-06-15", CEASED), ("2026-06-16", hold(None))], "2026-07-16");
    assert!(
        open.iter()
            .any(|line| line.starts_with("delete_copies D-10.1b:") && line.ends_with("overdue since 2026-07-16"))
    );
    assert!(open.contains(&"keep_held_confidential[invoices] D-10.3b: running since 2026-06-16".to_string()));
    assert!(!open.iter().any(|line| line.starts_with("delete_held")));

    let held = |facts: &[(&str, Fact)], now| {
        show(facts, now).into_iter().find(|line| line.starts_with("delete_held")).unwrap()
    };
    // Closed before the limit: the limit; after it: at once.
    let early = [("2026-06-15", CEASED), ("2026-06-16", hold(None)), ("2026-07-01", closed.clone())];
    assert_eq!(held(&early, "2026-07-02"), "delete_held[invoices] D-10.3a: due on 2026-07-15");
    let late = [("2026-06-15", CEASED), ("2026-06-16", hold(None)), ("2026-10-01", closed.clone())];
    assert_eq!(held(&late, "2026-10-01"), "delete_held[invoices] D-10.3a: due today, 2026-10-01");
    assert_eq!(held(&late, "2026-10-02"), "delete_held[invoices] D-10.3a: overdue since 2026-10-02");
    // A known end needs nobody to close it, and the earlier of the two counts.
    let known = [("2026-06-15", CEASED), ("2026-06-16", hold(Some(day("2026-12-31")))), ("2027-01-05", gone)];
    assert_eq!(
        held(&known, "2027-01-06"),
        "delete_held[invoices] D-10.3a: done late on 2027-01-05, due 2026-12-31, no reasons given"
    );
    let both = [("2026-06-15", CEASED), ("2026-06-16", hold(Some(day("2026-12-31")))), ("2026-11-01", closed)];
    assert_eq!(held(&both, "2026-11-01"), "delete_held[invoices] D-10.3a: due today, 2026-11-01");
    assert!(
        show(&[("2026-06-15", UNDER_CLAUSES), ("2026-06-16", hold(None))], "2026-06-17")
            .contains(&"keep_held_confidential[invoices] SCC-12.1b: running since 2026-06-16".to_string())
    );
}

#[test]
fn an_agreed_isolation_pauses_and_hides_nothing() {
    let until = Fact::IsolationAgreed { until: day("2026-09-13") };
    let facts = [("2026-06-15", CEASED), ("2026-07-10", until)];
    assert_eq!(
        line(&facts, "2026-07-16", Duty::DeleteCopies),
        "paused since 2026-07-10, isolation is agreed until 2026-09-13; otherwise overdue since 2026-07-16"
    );
    assert_eq!(line(&facts, "2026-09-14", Duty::DeleteCopies), "overdue since 2026-07-16"); // the right has lapsed too
    assert!(line(&facts, "2026-07-09", Duty::DeleteCopies).starts_with("decision needed")); // not agreed yet
    for agreed in ["2026-07-10", "2026-09-13"] {
        assert!(line(&facts, agreed, Duty::DeleteCopies).starts_with("paused since 2026-07-10"), "{agreed}");
    }
    let ledger = ledger_of(policy(), &facts);
    assert_eq!(ledger.overdue(moment("2026-07-16")).count(), 1); // paused, and overdue all the same
    let entry = ledger.overdue(moment("2026-07-16")).next().unwrap();
    assert!(entry.obligation().status(moment("2026-07-16")).is_overdue());
}

#[test]
fn each_service_has_its_own_cessation_date() {
    let mut ledger = ledger_of(policy(), &[("2026-06-15", CEASED)]);
    let other = DpaEvent::new(id("x-1"), id("acme"), id("n"), "2026-08-31".parse().unwrap(), CEASED);
    assert_eq!(ledger.apply(other), Applied::Added);
    let limits: Vec<_> = ledger
        .obligations()
        .filter(|entry| entry.obligation().duty() == Duty::DeleteCopies)
        .map(|entry| (entry.matter().to_string(), entry.obligation().due().last_day().unwrap()))
        .collect();
    assert_eq!(limits, [("m".to_string(), day("2026-07-15")), ("n".to_string(), day("2026-09-30"))]);
}

#[test]
fn the_last_hold_of_a_scope_decides() {
    let hold = |until: Option<&str>| Fact::HoldOpened { scope: id("invoices"), law: paper(), until: until.map(day) };
    let closed = || Fact::HoldClosed { scope: id("invoices") };
    let gone = || Fact::HeldDeleted { scope: id("invoices") };
    let after = |more: &[(&'static str, Fact)]| {
        let mut facts = vec![("2026-06-15", CEASED)];
        facts.extend(more.iter().cloned());
        let lines = show(&facts, "2026-09-02");
        lines.into_iter().filter(|line| line.contains("_held")).collect::<Vec<_>>()
    };
    let kept = "keep_held_confidential[invoices] D-10.3b: running since 2026-06-16".to_string();
    let due = |on: &str| vec![kept.clone(), format!("delete_held[invoices] D-10.3a: due on {on}")];
    let (short, long) = (hold(Some("2026-12-31")), hold(Some("2028-12-31")));
    assert_eq!(after(&[("2026-06-16", short.clone()), ("2026-06-17", long.clone())]), due("2028-12-31"));
    assert_eq!(after(&[("2026-06-16", long.clone()), ("2026-06-17", short.clone())]), due("2028-12-31"));
    // One without an end, and nothing is to be deleted yet.
    assert_eq!(after(&[("2026-06-16", hold(None)), ("2026-06-17", short.clone())]), [kept.as_str()]);
    let again = [("2026-06-16", hold(None)), ("2026-08-01", closed()), ("2026-09-01", hold(None))];
    assert_eq!(after(&again), [kept.as_str()]);
    assert_eq!(after(&again[..2])[1], "delete_held[invoices] D-10.3a: overdue since 2026-08-02");
    // Closing ends those that were open, and not the next.
    assert_eq!(after(&[("2026-06-16", long), ("2026-08-01", closed()), ("2026-09-01", short)]), due("2026-12-31"));
    // What is held anew after its deletion is there again.
    let anew =
        [("2026-06-16", hold(None)), ("2026-08-01", closed()), ("2026-08-02", gone()), ("2026-09-01", hold(None))];
    assert_eq!(after(&anew), ["keep_held_confidential[invoices] D-10.3b: running since 2026-09-01"]);
}

#[test]
fn a_copy_found_after_the_deletion_is_still_to_be_deleted() {
    let mut facts = vec![
        ("2026-06-15", CEASED),
        ("2026-06-20", DELETED),
        ("2026-06-20", deleted_by("backup")),
        ("2026-06-25", held("backup")),
        ("2026-07-01", FULL),
    ];
    let lines = |facts: &[(&str, Fact)]| show(facts, "2026-07-02");
    let left = "delete_copies[backup] D-10.1c: decision needed, D-10.2a against D-10.1b; literally due on 2026-07-15";
    let left = left.to_string();
    let untrue = "! e-5 dpa.certificate_untrue".to_string();
    assert!(lines(&facts).contains(&left) && lines(&facts).contains(&untrue));
    facts.push(("2026-06-30", deleted_by("backup")));
    assert!(lines(&facts).contains(&"delete_copies[backup] D-10.1c: done on 2026-06-30".to_string()));
    assert!(!lines(&facts).contains(&untrue));
}

#[test]
fn a_deletion_defeats_the_right_that_is_used_after_it() {
    let run = |more: &[(&'static str, Fact)]| {
        let mut facts = vec![("2026-06-15", CEASED), ("2026-06-20", DELETED)];
        facts.extend(more.iter().cloned());
        let defeated = show(&facts, "2026-07-02").contains(&"! e-2 dpa.deleted_before_return".to_string());
        (defeated, line(&facts, "2026-07-02", Duty::RequestReturn))
    };
    let asked = ("2026-06-25", Fact::ReturnRequested);
    assert_eq!(run(core::slice::from_ref(&asked)), (true, "done on 2026-06-25".to_string()));
    assert_eq!(run(&[asked.clone(), ("2026-06-19", HANDED)]), (false, "done on 2026-06-19".to_string()));
    // The first choice counts, and what was waived before is not defeated.
    assert_eq!(run(&[asked.clone(), ("2026-06-18", Fact::ReturnWaived)]), (false, "done on 2026-06-18".to_string()));
    assert_eq!(run(&[asked, ("2026-06-26", Fact::ReturnWaived)]), (true, "done on 2026-06-25".to_string()));
}
