//! Sections 7 and 8: Data Subject Requests and breaches, and the law whose clocks run.

use super::*;
use crate::deadline::{Convention, Place, Roll};

fn received(kind: RequestKind, by: Recipient, regime: Regime, law: RequestLaw) -> Fact {
    Fact::RequestReceived { kind, by, regime, law }
}

fn access(law: RequestLaw) -> Fact {
    received(RequestKind::Access, Recipient::Provider, Regime::Addendum, law)
}

/// X8: the wording of section 7.1 changes with 25 May 2018.
#[test]
fn the_wording_follows_the_date_of_the_request() {
    let at = |when| show(&[(when, access(RequestLaw::Gdpr))], "2018-06-01");
    assert_eq!(at("2018-05-24"), ["forward_request D-7.1a: running since 2018-05-24"]); // no GDPR clock yet
    assert_eq!(
        at("2018-05-25"),
        ["forward_request D-7.2a: running since 2018-05-25", "act_on_request G-12.3: due on 2018-06-25"]
    );
    for kind in RequestKind::ALL {
        let fact = || received(kind, Recipient::Provider, Regime::Addendum, RequestLaw::Gdpr);
        let first = show(&[("2018-05-24", fact())], "2018-06-01");
        let in_first = matches!(
            kind,
            RequestKind::Access | RequestKind::Rectification | RequestKind::Erasure | RequestKind::Objection
        );
        assert_eq!(first == ["! e-1 dpa.not_in_first_text"], !in_first, "{kind:?}");
        assert_eq!(line(&[("2018-05-25", fact())], "2018-06-01", Duty::ForwardRequest), "running since 2018-05-25");
    }
    let told = [("2018-05-25", access(RequestLaw::Gdpr)), ("2018-05-26", Fact::RequestForwarded)];
    assert_eq!(line(&told, "2018-06-01", Duty::ForwardRequest), "done on 2018-05-26");
    // What the customer received itself need not be forwarded to it.
    let own = received(RequestKind::Access, Recipient::Customer, Regime::Clauses, RequestLaw::Gdpr);
    assert_eq!(show(&[("2018-05-25", own)], "2018-06-01"), ["act_on_request G-12.3: due on 2018-06-25"]);
}

#[test]
fn the_ban_on_replies_survives_in_the_clauses() {
    let reply = Fact::Replied { confirmation_only: false };
    let request = |regime| received(RequestKind::Access, Recipient::Provider, regime, RequestLaw::Gdpr);
    let kinds = |when, regime, more: &[(&'static str, Fact)]| -> Vec<FindingKind> {
        let mut facts = vec![(when, request(regime)), ("2018-06-05", reply.clone())];
        facts.extend(more.iter().cloned());
        ledger_of(policy(), &facts).findings().map(|finding| finding.kind().clone()).collect()
    };
    let banned = |clause| [FindingKind::RepliedWithoutConsent { clause }];
    assert_eq!(kinds("2018-05-24", Regime::Addendum, &[]), banned(clause::D_7_1B));
    assert_eq!(kinds("2018-05-25", Regime::Clauses, &[]), banned(clause::SCC_5D_III));
    assert_eq!(kinds("2018-05-25", Regime::Addendum, &[]), [FindingKind::Contradiction(clause::X8)]);
    assert_eq!(kinds("2018-05-25", Regime::Clauses, &[("2018-06-04", Fact::ReplyAuthorised)]), []);
    assert_eq!(
        kinds("2018-05-25", Regime::Clauses, &[("2018-06-06", Fact::ReplyAuthorised)]),
        banned(clause::SCC_5D_III)
    );
    let confirmed =
        [("2018-05-25", request(Regime::Clauses)), ("2018-06-05", Fact::Replied { confirmation_only: true })];
    assert_eq!(ledger_of(policy(), &confirmed).findings().count(), 0);
    assert!(
        show(&confirmed, "2018-06-06")
            .contains(&"forward_direct_request SCC-5d-iii: running since 2018-05-25".to_string())
    );
}

#[test]
fn help_is_owed_when_asked_for_and_its_cost_is_kept() {
    let asked = |extra_efforts| Fact::AssistanceAsked { extra_efforts };
    let helped = Fact::Assisted { cost: Some(paper()) };
    let facts = [
        ("2026-01-10", access(RequestLaw::Gdpr)),
        ("2026-01-12", asked(false)),
        ("2026-01-13", asked(true)),
        ("2026-01-20", helped),
    ];
    assert_eq!(line(&facts[..3], "2026-01-14", Duty::AssistRequest), "running since 2026-01-12");
    assert_eq!(line(&facts, "2026-01-21", Duty::ExtraEfforts), "done on 2026-01-20");
    let ledger = ledger_of(policy(), &facts);
    let costs: Vec<_> = ledger.costs(&id("acme")).map(|(matter, cost)| (matter.as_str(), cost.as_str())).collect();
    assert_eq!(costs, [("m", "paper 7")]);
    assert_eq!(ledger.costs(&id("other")).count(), 0);
    let before = [("2018-01-10", access(RequestLaw::Gdpr)), ("2018-01-12", asked(true))];
    assert!(show(&before, "2018-01-13").contains(&"extra_efforts D-7.1c: running since 2018-01-12".to_string()));
}

/// Vectors 4, 5 (ICO), 76, 77 (CCPA), 79 (LGPD), 60 (MoJ, before its roll).
#[test]
fn each_law_has_its_own_clock() {
    let due = |law, when| line(&[(when, access(law))], "2019-01-01", Duty::ActOnRequest);
    assert_eq!(due(RequestLaw::Gdpr, "2023-01-31"), "due on 2023-02-28");
    assert_eq!(due(RequestLaw::Gdpr, "2024-01-31"), "due on 2024-02-29");
    assert_eq!(due(RequestLaw::Ccpa, "2025-01-01"), "due on 2025-02-14");
    assert_eq!(due(RequestLaw::Lgpd, "2026-03-02"), "due on 2026-03-17");
    let extended = |law, when, notice| {
        let reasons = Fact::ExtensionNotified { reasons: Some(paper()) };
        show(&[(when, access(law)), (notice, reasons)], "2019-01-01")
    };
    // From the original receipt: three months, 90 days with the day of receipt.
    assert!(
        extended(RequestLaw::Gdpr, "2019-10-01", "2019-11-01")
            .contains(&"act_on_request G-12.3: due on 2020-01-01".to_string())
    );
    assert!(
        extended(RequestLaw::Ccpa, "2025-01-01", "2025-02-14")
            .contains(&"act_on_request G-CCPA: due on 2025-03-31".to_string())
    );
    // Too late by a day, without reasons, or where the law knows none: nothing changes.
    let ineffective = "! e-2 dpa.extension_ineffective".to_string();
    let late = extended(RequestLaw::Gdpr, "2019-10-01", "2019-11-02");
    assert!(late.contains(&"act_on_request G-12.3: due on 2019-11-01".to_string()) && late.contains(&ineffective));
    assert!(extended(RequestLaw::Lgpd, "2026-03-02", "2026-03-05").contains(&ineffective));
    let bare = show(
        &[("2019-10-01", access(RequestLaw::Gdpr)), ("2019-10-05", Fact::ExtensionNotified { reasons: None })],
        "2019-10-06",
    );
    assert!(bare.contains(&"act_on_request G-12.3: due on 2019-11-01".to_string()) && bare.contains(&ineffective));
}

#[test]
fn a_refusal_has_no_second_month() {
    let facts = |refused| {
        [
            ("2019-10-01", access(RequestLaw::Gdpr)),
            ("2019-10-20", Fact::ExtensionNotified { reasons: Some(paper()) }),
            (refused, Fact::RequestRefused),
        ]
    };
    let refused = |on| show(&facts(on), "2020-02-01").into_iter().find(|line| line.starts_with("act_on")).unwrap();
    assert_eq!(refused("2019-11-01"), "act_on_request G-12.4: done on 2019-11-01");
    assert_eq!(
        refused("2019-11-02"),
        "act_on_request G-12.4: done late on 2019-11-02, due 2019-11-01, no reasons given"
    );
    let answered =
        [facts("2020-01-05")[0].clone(), facts("2020-01-05")[1].clone(), ("2020-01-01", Fact::RequestAnswered)];
    assert_eq!(line(&answered, "2020-02-01", Duty::ActOnRequest), "done on 2020-01-01");
}

/// The span from the day of asking to and including the day of answer does not count.
#[test]
fn the_united_kingdom_waits_for_identity_and_stops_for_clarification() {
    let uk = |more: &[(&'static str, Fact)]| {
        let mut facts = vec![("2026-03-02", access(RequestLaw::UkGdpr))];
        facts.extend(more.iter().cloned());
        line(&facts, "2026-03-20", Duty::ActOnRequest)
    };
    assert_eq!(uk(&[]), "due on 2026-04-02");
    let (asked, answered) = (Fact::ClarificationAsked, Fact::ClarificationReceived);
    assert_eq!(
        uk(&[("2026-03-10", asked.clone())]),
        "paused since 2026-03-10, clarification was asked for; otherwise due on 2026-04-02"
    );
    // The 10th to the 14th are five days.
    let span = [("2026-03-10", asked.clone()), ("2026-03-14", answered.clone())];
    assert_eq!(uk(&span), "due on 2026-04-07");
    // Overlapping spans count once.
    let overlap = [span[0].clone(), ("2026-03-12", asked.clone()), span[1].clone()];
    assert_eq!(uk(&overlap), "due on 2026-04-07");
    assert_eq!(
        uk(&[("2026-03-03", Fact::IdentityAsked)]),
        "cannot be computed without the identity information or the fee that was asked for"
    );
    assert_eq!(uk(&[("2026-03-03", Fact::IdentityAsked), ("2026-03-09", Fact::IdentityReceived)]), "due on 2026-04-09");
    // Identity and fee asked for apart: the clock waits for both, whichever came first.
    let (ask, answer) = (Fact::IdentityAsked, Fact::IdentityReceived);
    let waits = "cannot be computed without the identity information or the fee that was asked for";
    let apart = [("2026-03-03", ask.clone()), ("2026-03-04", ask.clone()), ("2026-03-06", answer.clone())];
    assert_eq!(uk(&apart), waits);
    let mut both = apart.to_vec();
    both.push(("2026-03-09", answer.clone()));
    assert_eq!(uk(&both), "due on 2026-04-09");
    let in_turn = [("2026-03-03", ask.clone()), ("2026-03-06", answer.clone()), ("2026-03-20", ask.clone())];
    assert_eq!(uk(&in_turn), waits);
    // What was complete before the request is no reason to wait.
    let before = [("2026-02-27", ask.clone()), ("2026-03-01", answer.clone())];
    assert_eq!(uk(&before), "due on 2026-04-02");
    // In time is until the month is over, as it ran then.
    assert_eq!(uk(&[("2026-04-02", ask.clone())]), waits);
    assert_eq!(uk(&[("2026-04-03", ask.clone())]), "due on 2026-04-02");
    assert_eq!(uk(&[("2026-03-03", ask.clone()), ("2026-03-06", answer), ("2026-04-06", ask)]), waits);
    // A pause is shown from its first day on.
    let begun = |now| {
        line(&[("2026-03-02", access(RequestLaw::UkGdpr)), ("2026-03-10", asked.clone())], now, Duty::ActOnRequest)
    };
    assert_eq!(begun("2026-03-09"), "due on 2026-04-02");
    assert!(begun("2026-03-10").starts_with("paused since 2026-03-10"));
    // The day of receipt is no day of the period.
    assert_eq!(uk(&[("2026-03-02", asked.clone()), ("2026-03-02", answered.clone())]), "due on 2026-04-02");
    assert_eq!(uk(&[("2026-03-02", asked.clone()), ("2026-03-03", answered.clone())]), "due on 2026-04-03");
    // Before 5 February 2026, and under the GDPR, no such rule.
    let early = [("2026-02-04", access(RequestLaw::UkGdpr)), ("2026-02-10", asked.clone()), ("2026-02-14", answered)];
    assert_eq!(line(&early, "2026-02-20", Duty::ActOnRequest), "due on 2026-03-04");
    for (when, clause) in [("2026-02-04", clause::G_12_3), ("2026-02-05", clause::G_UK)] {
        let ledger = ledger_of(policy(), &[(when, access(RequestLaw::UkGdpr))]);
        assert_eq!(owed(&ledger, Duty::ActOnRequest).clause(), clause, "{when}");
    }
    let gdpr = [("2026-03-02", access(RequestLaw::Gdpr)), ("2026-03-10", asked)];
    assert_eq!(line(&gdpr, "2026-03-20", Duty::ActOnRequest), "due on 2026-04-02");
}

/// DPA 2018 s.54: a period that has ended is neither moved nor hidden by asking.
#[test]
fn asking_after_the_last_day_changes_nothing() {
    let (asked, answered) = (Fact::ClarificationAsked, Fact::ClarificationReceived);
    let on = |now: &'static str, more: &[(&'static str, Fact)]| {
        let mut facts = vec![("2026-03-02", access(RequestLaw::UkGdpr))];
        facts.extend(more.iter().cloned());
        line(&facts, now, Duty::ActOnRequest)
    };
    let late = [("2026-04-03", asked.clone()), ("2026-04-20", answered.clone())];
    assert_eq!(on("2026-04-10", &late[..1]), "overdue since 2026-04-03");
    assert_eq!(on("2026-04-20", &late), "overdue since 2026-04-03");
    let done = [late[0].clone(), late[1].clone(), ("2026-04-20", Fact::RequestAnswered)];
    assert_eq!(on("2026-04-21", &done), "done late on 2026-04-20, due 2026-04-02, no reasons given");
    // Asked on the last day: one day is left after the answer.
    let in_time = [("2026-04-02", asked.clone()), ("2026-05-01", answered.clone())];
    assert_eq!(on("2026-05-02", &in_time), "due today, 2026-05-02");
    // An extension is in time by the period as it ran, and then makes room for a pause.
    let extension = |reasons| Fact::ExtensionNotified { reasons };
    let too_late = [late[0].clone(), late[1].clone(), ("2026-04-10", extension(Some(paper())))];
    assert_eq!(on("2026-04-21", &too_late), "overdue since 2026-04-03");
    let extended = [late[0].clone(), late[1].clone(), ("2026-04-01", extension(Some(paper())))];
    assert_eq!(on("2026-04-21", &extended), "due on 2026-06-20"); // 2 June and eighteen days
    // The first notice that is reasoned and in time extends, whatever came before.
    let second = [("2026-03-20", extension(None)), ("2026-03-25", extension(Some(paper())))];
    assert_eq!(on("2026-04-21", &second), "due on 2026-06-02");
    let facts = [("2026-03-02", access(RequestLaw::UkGdpr)), second[0].clone(), second[1].clone()];
    let found = show(&facts, "2026-04-21").into_iter().filter(|line| line.starts_with('!'));
    assert_eq!(found.collect::<Vec<_>>(), ["! e-2 dpa.extension_ineffective"]);
}

// ---- breaches

fn told(details: &[BreachDetail]) -> Fact {
    Fact::CustomerNotified { details: details.to_vec() }
}

/// X9: the Subprocessor knew first.
#[test]
fn the_earlier_awareness_starts_the_clock() {
    let sub = Fact::SubprocessorAware { subprocessor: id("host-7") };
    let facts = [("2026-07-03", Fact::ProviderAware), ("2026-07-01", sub.clone())];
    assert_eq!(line(&facts, "2026-07-04", Duty::NotifyBreach), "running since 2026-07-01"); // and no number
    let ledger = ledger_of(policy(), &facts);
    assert!(ledger.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X9)));
    let swapped = [("2026-07-01", Fact::ProviderAware), ("2026-07-03", sub)];
    assert_eq!(line(&swapped, "2026-07-04", Duty::NotifyBreach), "running since 2026-07-01");
    assert_eq!(ledger_of(policy(), &swapped).findings().count(), 0);
    // On one day the instants decide.
    let same = [
        ("2026-07-01T12:00:00+02:00", Fact::ProviderAware),
        ("2026-07-01T09:00:00+02:00", Fact::SubprocessorAware { subprocessor: id("host-7") }),
    ];
    let ledger = ledger_of(policy(), &same);
    let owed = ledger.obligations().next().unwrap();
    assert_eq!(owed.obligation().because().as_str(), "e-2");
}

/// 01:00 in India on the 4th is 19:30 UTC on the 3rd; 23:00 in New York on the 3rd is 03:00 UTC on the 4th.
#[test]
fn the_earlier_awareness_is_the_earlier_instant() {
    let facts = [("2026-07-03T23:00:00-04:00", Fact::ControllerAware), ("2026-07-04T01:00:00+05:30", told(&[]))];
    let ledger = ledger_of(policy(), &facts);
    let owed = ledger.obligations().find(|entry| entry.obligation().duty() == Duty::NotifyAuthority).unwrap();
    assert_eq!(owed.obligation().because().as_str(), "e-2");
    let Due::Hours(limit) = owed.obligation().due() else { panic!("no hours") };
    assert_eq!(limit.earliest(), moment("2026-07-06T19:30:00+00:00"));
}

#[test]
fn a_service_target_is_shown_as_the_hosts_own() {
    let policy = policy().with_target(Duty::NotifyBreach, Period::Days(2)).unwrap();
    let ledger = ledger_of(policy, &[("2026-07-01", Fact::ProviderAware)]);
    let entry = ledger.obligations().next().unwrap();
    assert_eq!(entry.obligation().target(), Some(day("2026-07-03")));
    assert_eq!(entry.obligation().status(moment("2026-08-01")).to_string(), "running since 2026-07-01"); // never overdue by it
    assert!(entry.obligation().to_string().ends_with("; own target 2026-07-03, not contractual"));
    assert!(ledger.next_due(day("2026-07-01")).is_none());
}

#[test]
fn a_notice_in_phases_is_complete_when_the_checklist_is() {
    let (first, rest) = BreachDetail::ALL.split_at(4);
    let facts = [("2026-07-01", Fact::ProviderAware), ("2026-07-02", told(first)), ("2026-07-05", told(rest))];
    assert_eq!(line(&facts[..2], "2026-07-03", Duty::NotifyBreach), "done on 2026-07-02");
    assert_eq!(line(&facts[..2], "2026-07-03", Duty::CompleteNotice), "running since 2026-07-02");
    assert_eq!(line(&facts, "2026-07-06", Duty::CompleteNotice), "done on 2026-07-05");
    for missing in BreachDetail::ALL {
        let all_but: Vec<_> = BreachDetail::ALL.into_iter().filter(|detail| *detail != missing).collect();
        let facts = [("2026-07-01", Fact::ProviderAware), ("2026-07-02", told(&all_but))];
        assert_eq!(line(&facts, "2026-07-03", Duty::CompleteNotice), "running since 2026-07-02", "{missing:?}");
    }
}

/// Vectors 34, 36 (12:17 Berlin, 72 hours) and 38 (Friday 17:00 Brussels).
#[test]
fn seventy_two_hours_have_two_readings_and_weekends_count() {
    let facts = [("2026-07-03T17:00:00+02:00", Fact::ControllerAware)];
    let at = |now| line(&facts, now, Duty::NotifyAuthority);
    assert_eq!(at("2026-07-06T16:59:59+02:00"), "due before 2026-07-06T17:00:00+02:00");
    assert_eq!(
        at("2026-07-06T17:00:00+02:00"),
        "overdue since 2026-07-06T17:00:00+02:00 on the strict reading, due before 2026-07-06T18:00:00+02:00"
    );
    assert_eq!(at("2026-07-06T18:00:00+02:00"), "overdue since 2026-07-06");
    let berlin = HourLimit::try_new(moment("2020-12-22T12:17:00+01:00"), 72).unwrap();
    assert_eq!(
        [berlin.earliest(), berlin.latest()],
        [moment("2020-12-25T12:17:00+01:00"), moment("2020-12-25T13:00:00+01:00")]
    );
    // Vector 40: the clocks change inside, and an hour is an hour.
    let autumn = HourLimit::try_new(moment("2026-10-23T12:00:00+02:00"), 72).unwrap();
    assert_eq!(autumn.earliest(), moment("2026-10-26T11:00:00+01:00"));
    // Whoever has been told is aware.
    let told = [("2026-07-01T09:00:00+02:00", Fact::ProviderAware), ("2026-07-03T17:00:00+02:00", told(&[]))];
    assert_eq!(line(&told, "2026-07-04", Duty::NotifyAuthority), "due before 2026-07-06T17:00:00+02:00");
    // The earlier of the two counts, whichever it is.
    for aware in ["2026-07-02T08:00:00+02:00", "2026-07-04T08:00:00+02:00"] {
        let both = [told[0].clone(), told[1].clone(), (aware, Fact::ControllerAware)];
        let due = line(&both, "2026-07-04", Duty::NotifyAuthority);
        let earlier = if aware < "2026-07-03" { "2026-07-05T08:00:00+02:00" } else { "2026-07-06T17:00:00+02:00" };
        assert_eq!(due, format!("due before {earlier}"));
    }
    // Before GDPR applied, there was no such duty.
    assert!(show(&[("2018-05-24T17:00:00+02:00", Fact::ControllerAware)], "2018-05-25").is_empty());
}

/// Aware on Friday, 3 July, nobody knows when: 72 hours end on Monday between its first instant and its last.
#[test]
fn an_awareness_known_by_its_day_becomes_overdue_at_its_latest_reading() {
    let facts = [("2026-07-03", Fact::ControllerAware)];
    let at = |now| line(&facts, now, Duty::NotifyAuthority);
    let open = "due before 2026-07-06T00:00:00+02:00 at the earliest, 2026-07-07T00:00:00+02:00 at the latest: \
                which needs the instant of the awareness, not only its day";
    assert_eq!(at("2026-07-04"), open);
    assert_eq!(at("2026-07-05T23:59:59+02:00"), open);
    let strict = "overdue since 2026-07-06T00:00:00+02:00 on the strict reading, due before 2026-07-07T00:00:00+02:00";
    assert_eq!([at("2026-07-06T00:00:00+02:00"), at("2026-07-06T23:59:59+02:00")], [strict, strict]);
    assert_eq!(at("2026-07-07T00:00:00+02:00"), "overdue since 2026-07-07");
    // The day is that of the zone in which the present is told.
    assert!(at("2026-07-06T23:59:59-04:00").starts_with("overdue since 2026-07-06T00:00:00-04:00 on the strict"));
    assert_eq!(at("2026-07-07T00:00:00-04:00"), "overdue since 2026-07-07");
    let ledger = ledger_of(policy(), &facts);
    assert_eq!(ledger.next_due(day("2026-07-03")).unwrap().obligation().due().last_day(), Some(day("2026-07-05")));
    let late = |now| ledger.overdue(moment(now)).count();
    assert_eq!([late("2026-07-05T23:59:59+02:00"), late("2026-07-06T00:00:00+02:00")], [0, 1]);
    let entry = ledger.next_due(day("2026-07-03")).unwrap();
    assert!(entry.obligation().to_string().ends_with("(G-33.1: within 72 hours of an unknown instant of 2026-07-03)"));

    let done = |when, reasons| {
        let facts = [facts[0].clone(), (when, Fact::AuthorityNotified { reasons })];
        let found = show(&facts, "2026-07-10").contains(&"! e-2 dpa.late_without_reasons".to_string());
        (line(&facts, "2026-07-10", Duty::NotifyAuthority), found)
    };
    let between = "done on 2026-07-06, late on the strict reading (due 2026-07-05) and not on another (due 2026-07-06), \
                   no reasons given";
    for (when, status, found) in [
        ("2026-07-05", "done on 2026-07-05", false),
        ("2026-07-05T23:59:59+02:00", "done on 2026-07-05", false),
        ("2026-07-06", between, false),
        ("2026-07-06T00:00:00+02:00", between, false),
        ("2026-07-07", "done late on 2026-07-07, due 2026-07-05, no reasons given", true),
        ("2026-07-07T00:00:00+02:00", "done late on 2026-07-07, due 2026-07-05, no reasons given", true),
    ] {
        assert_eq!(done(when, None), (status.to_string(), found), "{when}");
    }
    // At the end of the calendar there is no limit.
    let never = line(&[("9999-12-31", Fact::ControllerAware)], "2026-07-04", Duty::NotifyAuthority);
    assert_eq!(never, "cannot be computed without the instant of the awareness, not only its day");
}

fn calendar(place: Place) -> alloc::sync::Arc<dyn crate::deadline::Calendar> {
    alloc::sync::Arc::new(place.calendar(2025, 2027).unwrap())
}

fn owed(ledger: &Ledger, duty: Duty) -> Obligation {
    ledger.obligations().find(|entry| entry.obligation().duty() == duty).unwrap().obligation().clone()
}

/// Vector 38: Friday 17:00 in Brussels; by a disputed view of Article 3(5) until Tuesday, 7 July.
#[test]
fn the_disputed_two_working_days_are_shown_and_never_the_default() {
    let friday = [("2026-07-03T17:00:00+02:00", Fact::ControllerAware)];
    let plain = owed(&ledger_of(policy(), &friday), Duty::NotifyAuthority);
    let ends = |owed: &Obligation| owed.alternatives().iter().map(|other| other.end().to_string()).collect::<Vec<_>>();
    assert_eq!(
        ends(&plain),
        ["before 2026-07-06T18:00:00+02:00", "not without a calendar of holidays for the working days"]
    );
    let ledger = ledger_of(policy(), &friday).with_calendar(RequestLaw::Gdpr, calendar(Place::EuInstitutions));
    let with = owed(&ledger, Duty::NotifyAuthority);
    assert_eq!(ends(&with), ["before 2026-07-06T18:00:00+02:00", "before 2026-07-08T00:00:00+02:00"]);
    assert!(with.alternatives().iter().all(|other| other.held_by().contains("1182/71")));
    assert_eq!(with.status(moment("2026-07-06T16:59:59+02:00")), plain.status(moment("2026-07-06T16:59:59+02:00")));
    let status = |now| with.status(moment(now)).to_string();
    let strict = "overdue since 2026-07-06T17:00:00+02:00 on the strict reading, due before 2026-07-08T00:00:00+02:00";
    assert_eq!([status("2026-07-06T18:00:00+02:00"), status("2026-07-07T23:59:59+02:00")], [strict, strict]);
    assert_eq!(status("2026-07-08T00:00:00+02:00"), "overdue since 2026-07-08");
    assert_eq!(plain.status(moment("2026-07-06T18:00:00+02:00")).to_string(), "overdue since 2026-07-06");
    // From a day alone as well.
    let by_day = [("2026-07-03", Fact::ControllerAware)];
    let ledger = ledger_of(policy(), &by_day).with_calendar(RequestLaw::Gdpr, calendar(Place::EuInstitutions));
    let with = owed(&ledger, Duty::NotifyAuthority);
    assert_eq!(ends(&with), ["before the end of 2026-07-07"]);
    assert_eq!(with.status(moment("2026-07-08T00:00:00+02:00")).to_string(), "overdue since 2026-07-08");
    assert!(with.status(moment("2026-07-07T23:59:59+02:00")).to_string().starts_with("overdue since 2026-07-06T00:00"));
    // A calendar that does not cover the days is none.
    let short = alloc::sync::Arc::new(Place::EuInstitutions.calendar(2027, 2027).unwrap());
    let ledger = ledger_of(policy(), &friday).with_calendar(RequestLaw::Gdpr, short);
    assert_eq!(ends(&owed(&ledger, Duty::NotifyAuthority)), ends(&plain));
    // The table shows them.
    let table = ledger_of(policy(), &friday).table(moment("2026-07-04")).to_string();
    assert_eq!(table.matches("\n  or else    ").count(), 2);
}

/// Vector 62: 25 November and a month are 25 December; then 26 December and a weekend, in England and in Germany.
#[test]
fn a_period_of_days_carries_the_reading_that_moves_it_off_holidays() {
    for (law, place, holder) in [
        (RequestLaw::Gdpr, Place::Germany, "EDPB Guidelines 01/2022"),
        (RequestLaw::UkGdpr, Place::EnglandAndWales, "ICO guidance"),
    ] {
        let answered = ("2025-12-29", Fact::RequestAnswered);
        let facts = [("2025-11-25", access(law)), answered];
        let unread = owed(&ledger_of(policy(), &facts[..1]), Duty::ActOnRequest);
        let [other] = unread.alternatives() else { panic!("one") };
        assert_eq!((other.end(), other.working()), (AlternativeEnd::Unknown(Missing::Calendar), None));
        assert_eq!(unread.status(moment("2025-12-26")).to_string(), "overdue since 2025-12-26");

        let read = |facts: &[(&str, Fact)]| ledger_of(policy(), facts).with_calendar(law, calendar(place));
        let ledger = read(&facts[..1]);
        let act = owed(&ledger, Duty::ActOnRequest);
        let [other] = act.alternatives() else { panic!("one") };
        assert_eq!(other.end(), AlternativeEnd::Day(day("2025-12-29")));
        assert!(other.held_by().contains(holder) && other.working().is_some());
        let status = |now| act.status(moment(now)).to_string();
        assert_eq!(status("2025-12-25"), "due today, 2025-12-25"); // to act on
        let strict = "overdue since 2025-12-26 on the strict reading, due on 2025-12-29";
        assert_eq!([status("2025-12-26"), status("2025-12-29")], [strict, strict]);
        assert_eq!(status("2025-12-30"), "overdue since 2025-12-26");
        assert_eq!(
            [ledger.overdue(moment("2025-12-25")).count(), ledger.overdue(moment("2025-12-26")).count()],
            [0, 1]
        );
        let done = read(&facts);
        assert_eq!(
            owed(&done, Duty::ActOnRequest).status(moment("2026-01-10")).to_string(),
            "done on 2025-12-29, late on the strict reading (due 2025-12-25) and not on another (due 2025-12-29), \
             no reasons given"
        );
        let late = read(&[facts[0].clone(), ("2025-12-30", Fact::RequestAnswered)]);
        let late = owed(&late, Duty::ActOnRequest).status(moment("2026-01-10")).to_string();
        assert_eq!(late, "done late on 2025-12-30, due 2025-12-25, no reasons given");
    }
    // The day that a pause has moved: three days make it Easter Sunday, and Monday is a holiday.
    let paused = [
        ("2026-03-02", access(RequestLaw::UkGdpr)),
        ("2026-03-10", Fact::ClarificationAsked),
        ("2026-03-12", Fact::ClarificationReceived),
    ];
    let ledger = ledger_of(policy(), &paused).with_calendar(RequestLaw::UkGdpr, calendar(Place::EnglandAndWales));
    let act = owed(&ledger, Duty::ActOnRequest);
    assert_eq!(act.due().last_day(), Some(day("2026-04-05")));
    assert_eq!(act.alternatives()[0].end(), AlternativeEnd::Day(day("2026-04-07")));
    // Nobody held the guidance of 2019 before it was given.
    let early = [("2019-07-31", access(RequestLaw::UkGdpr))];
    assert_eq!(owed(&ledger_of(policy(), &early), Duty::ActOnRequest).alternatives(), []);
    // Eight weeks from Friday, 6 March, are Friday, 1 May: a holiday of the institutions.
    let asked = [("2026-03-06", Fact::ConsultationReceived)];
    let ledger = ledger_of(policy(), &asked).with_calendar(RequestLaw::Gdpr, calendar(Place::EuInstitutions));
    let answer = owed(&ledger, Duty::AnswerConsultation);
    assert_eq!(answer.alternatives()[0].end(), AlternativeEnd::Day(day("2026-05-04")));
    // Ten business days have no other number (vector 78).
    let ccpa = [("2025-01-02", access(RequestLaw::Ccpa))];
    let ledger = ledger_of(policy(), &ccpa).with_calendar(RequestLaw::Ccpa, calendar(Place::Germany));
    assert_eq!(owed(&ledger, Duty::ConfirmReceipt).due().last_day(), Some(day("2025-01-16")));
    assert_eq!(owed(&ledger_of(policy(), &ccpa), Duty::ConfirmReceipt).due(), &Due::Unknown(Missing::Calendar));
}

/// Vectors 86 and 98: 30 November 2025 is a Sunday, 1 January a holiday.
#[test]
fn the_agreements_own_periods_are_read_by_the_hosts_conventions() {
    let convention = |roll| {
        let counting = crate::deadline::Counting::builder().roll(roll).build().unwrap();
        Convention::new("a reading", "a commentary", day("2000-01-01"), None, counting)
    };
    let facts = [("2025-10-31", Fact::Ceased { regime: Regime::Addendum }), ("2025-11-01", Fact::ReturnWaived)];
    let read = |roll, facts: &[(&str, Fact)]| {
        ledger_of(policy(), facts).with_reading(convention(roll), Some(calendar(Place::Germany)))
    };
    let later = read(Roll::Following, &facts);
    let delete = owed(&later, Duty::DeleteCopies);
    let status = |owed: &Obligation, now| owed.status(moment(now)).to_string();
    assert_eq!(status(&delete, "2025-12-01"), "overdue since 2025-12-01 on the strict reading, due on 2025-12-01");
    assert_eq!(status(&delete, "2025-12-02"), "overdue since 2025-12-01");
    // A stricter one than the agreement's own.
    let sooner = read(Roll::Preceding, &facts);
    let delete = owed(&sooner, Duty::DeleteCopies);
    assert_eq!(status(&delete, "2025-11-28"), "due today, 2025-11-28");
    assert_eq!(status(&delete, "2025-11-29"), "overdue since 2025-11-29 on the strict reading, due on 2025-11-30");
    assert_eq!([sooner.overdue(moment("2025-11-28")).count(), sooner.overdue(moment("2025-11-29")).count()], [0, 1]);
    // A right is never overdue: it lapses, on one reading and then on all.
    let notice = [("2025-12-18", Fact::Announced { regime: Regime::Addendum, full_details: true })];
    let objection = owed(&read(Roll::Following, &notice), Duty::ObjectToSubprocessor);
    let disputed = "lapsed after 2026-01-01 on the strict reading, after 2026-01-02 on another";
    assert_eq!(
        [status(&objection, "2026-01-02"), status(&objection, "2026-01-03")],
        [disputed, "lapsed after 2026-01-01"]
    );
    assert!(!objection.status(moment("2026-01-02")).is_overdue());
    // What the law sets is none of the agreement's.
    let request = [("2025-11-25", access(RequestLaw::Lgpd))];
    assert_eq!(owed(&read(Roll::Following, &request), Duty::ActOnRequest).alternatives(), []);
    // Without its calendar a reading says so.
    let bare = ledger_of(policy(), &facts).with_reading(convention(Roll::Following), None);
    assert_eq!(owed(&bare, Duty::DeleteCopies).alternatives()[0].end(), AlternativeEnd::Unknown(Missing::Calendar));
}

#[test]
fn a_late_notice_is_recorded_and_wants_reasons() {
    let notified = |when, reasons| {
        let facts = [("2026-07-03T17:00:00+02:00", Fact::ControllerAware), (when, Fact::AuthorityNotified { reasons })];
        let found = show(&facts, "2026-07-10").contains(&"! e-2 dpa.late_without_reasons".to_string());
        (line(&facts, "2026-07-10", Duty::NotifyAuthority), found)
    };
    assert_eq!(notified("2026-07-06T16:59:59+02:00", None), ("done on 2026-07-06".to_string(), false));
    // In the hour between the two readings.
    assert_eq!(
        notified("2026-07-06T17:00:00+02:00", None),
        (
            "done on 2026-07-06, late on the strict reading (due 2026-07-06) and not on another (due 2026-07-06), \
             no reasons given"
                .to_string(),
            false
        )
    );
    assert_eq!(
        notified("2026-07-06T18:00:00+02:00", None),
        ("done late on 2026-07-06, due 2026-07-06, no reasons given".to_string(), true)
    );
    assert_eq!(
        notified("2026-07-08T09:00:00+02:00", Some(paper())),
        ("done late on 2026-07-08, due 2026-07-06, with reasons".to_string(), false)
    );
    // By days alone: before and after the border they tell, on it they cannot.
    assert_eq!(notified("2026-07-05", None).0, "done on 2026-07-05");
    assert_eq!(notified("2026-07-06", None).0, "cannot be computed without the instant of the act, not only its day");
    assert!(notified("2026-07-07", None).1);
}

/// The sub-processor's awareness is eleven hours before the provider's, on a later local day.
#[test]
fn the_first_awareness_is_the_earlier_instant_whatever_the_offset() {
    let facts = [
        ("2026-07-03T11:30:00-10:00", Fact::ProviderAware), // 21:30 in UTC
        ("2026-07-04T00:30:00+14:00", Fact::SubprocessorAware { subprocessor: id("cloud") }), // 10:30
        ("2026-07-03T12:00:00+00:00", Fact::CustomerNotified { details: BreachDetail::ALL.into() }),
    ];
    assert_eq!(line(&facts, "2026-07-05", Duty::NotifyBreach), "done on 2026-07-03");
}

#[test]
fn the_risk_decides_who_else_is_told() {
    let aware = ("2026-07-03T17:00:00+02:00", Fact::ControllerAware);
    let duties = |risk| show(&[aware.clone(), ("2026-07-04", Fact::RiskAssessed { risk })], "2026-07-04");
    let has = |lines: &[String], duty: &str| lines.iter().any(|line| line.starts_with(duty));
    for (risk, authority, subjects) in
        [(Risk::Unlikely, false, false), (Risk::Likely, true, false), (Risk::High, true, true)]
    {
        let lines = duties(risk);
        assert_eq!((has(&lines, "notify_authority"), has(&lines, "notify_data_subjects")), (authority, subjects));
        assert!(has(&lines, "document_breach G-33.5: running since 2026-07-03")); // whatever the risk
    }
    assert!(has(&show(core::slice::from_ref(&aware), "2026-07-04"), "notify_authority")); // nobody has judged yet
    let high = ("2026-07-04", Fact::RiskAssessed { risk: Risk::High });
    for exception in [RiskException::Protected, RiskException::Averted, RiskException::PublicCommunication] {
        let facts = [aware.clone(), high.clone(), ("2026-07-05", Fact::SubjectsExempt { exception })];
        assert_eq!(line(&facts, "2026-07-06", Duty::NotifyDataSubjects), "done on 2026-07-05");
    }
    let told =
        [aware.clone(), high.clone(), ("2026-07-05", Fact::SubjectsNotified), ("2026-07-06", Fact::BreachDocumented)];
    assert_eq!(line(&told, "2026-07-06", Duty::NotifyDataSubjects), "done on 2026-07-05");
    assert_eq!(line(&told, "2026-07-06", Duty::DocumentBreach), "done on 2026-07-06");
    assert_eq!(line(&[aware, high], "2026-07-06", Duty::NotifyDataSubjects), "running since 2026-07-04");
}

#[test]
fn every_directed_step_is_its_own() {
    let directed = |step| Fact::StepDirected { step: id(step) };
    let facts = [
        ("2026-07-01", Fact::ProviderAware),
        ("2026-07-02", directed("logs")),
        ("2026-07-02", directed("keys")),
        ("2026-07-03", Fact::StepDone { step: id("keys") }),
    ];
    let lines = show(&facts, "2026-07-04");
    assert!(lines.contains(&"cooperate_on_breach[keys] D-8.2: done on 2026-07-03".to_string()));
    assert!(lines.contains(&"cooperate_on_breach[logs] D-8.2: running since 2026-07-02".to_string()));
}

/// Article 36(2) GDPR: eight weeks, six more from the same receipt, suspended while information is awaited.
#[test]
fn a_prior_consultation_runs_eight_weeks_and_fourteen() {
    let run = |more: &[(&'static str, Fact)]| {
        let mut facts = vec![("2026-03-02", Fact::ConsultationReceived)];
        facts.extend(more.iter().cloned());
        line(&facts, "2026-03-20", Duty::AnswerConsultation)
    };
    assert_eq!(run(&[]), "due on 2026-04-27"); // a Monday again
    assert_eq!(run(&[("2026-03-20", Fact::ConsultationExtended)]), "due on 2026-06-08");
    assert_eq!(
        run(&[("2026-04-28", Fact::ConsultationAnswered)]),
        "done late on 2026-04-28, due 2026-04-27, no reasons given"
    );
    let (stop, go) = (Fact::ConsultationSuspended, Fact::ConsultationResumed);
    assert_eq!(
        run(&[("2026-03-10", stop.clone())]),
        "paused since 2026-03-10, information was asked for; otherwise due on 2026-04-27"
    );
    assert_eq!(run(&[("2026-03-10", stop.clone()), ("2026-03-20", go.clone())]), "due on 2026-05-07");
    // The day of receipt is no day of the period: the 3rd and the 4th stood still, and no other.
    let from_receipt = |resumed| run(&[("2026-03-02", stop.clone()), (resumed, go.clone())]);
    assert_eq!(from_receipt("2026-03-05"), "due on 2026-04-29");
    assert_eq!([from_receipt("2026-03-02"), from_receipt("2026-03-03")], ["due on 2026-04-27", "due on 2026-04-27"]);
    // A suspension after the last day moves and hides nothing.
    assert_eq!(run(&[("2026-04-28", stop.clone()), ("2026-05-20", go.clone())]), "due on 2026-04-27");
    assert_eq!(run(&[("2026-04-28", stop.clone())]), "due on 2026-04-27");
    assert_eq!(run(&[("2026-04-27", stop), ("2026-04-30", go)]), "due on 2026-04-30");
    assert!(show(&[("2018-05-24", Fact::ConsultationReceived)], "2018-06-01").is_empty());
}
