use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use chrono::{Days as CountOfDays, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::Now;
use crate::clause::{self, Clause};
use crate::deadline::Period;
use crate::governance::tests::{day, days, id, put, refuses, since, text, was_there, words};
use crate::governance::{Days, FindingKind, Refusal, Standing};
use crate::time::Timestamp;

/// Noon of a day, in UTC.
fn on(date: &str) -> Now {
    let noon: chrono::DateTime<chrono::Utc> = format!("{date}T12:00:00Z").parse().unwrap();
    Now::from(noon)
}

fn entry(name: &str, about: &str, days: Days) -> Evidence {
    Evidence::new(id(name), id(about), id("s-2"), days, text("document 4"))
}

/// The file of a rule, all filed on one day.
fn filed(clause: Clause, at: &str, entries: impl IntoIterator<Item = Evidence>) -> EvidenceState {
    let file = |state, evidence| Some(put(file(state, on(at), clause, evidence)));
    entries.into_iter().fold(None, file).unwrap()
}

fn demanding(demands: impl IntoIterator<Item = Demand>) -> EvidencePolicy {
    demands.into_iter().fold(EvidencePolicy::builder().lead_days(30), EvidencePolicyBuilder::demand).build().unwrap()
}

fn standing(register: &Register<'_>, clause: Clause, about: &str, at: &str) -> Standing {
    register.on(clause, &id(about), day(at)).standing()
}

/// Evidence that counts for a rule, about something.
fn good(clause: Clause, name: &str, about: &str, days: Days) -> Evidence {
    let (provider, production, copy) = (id("azure"), id("dublin"), id("amsterdam"));
    let evidence = entry(name, about, days).showing(Part::wanted(clause).iter().copied());
    match clause.id() {
        "E-6H.2" => evidence.with_detail(Detail::Certificate { provider }),
        "E-6H.3" | "A2-Area-1" => evidence.with_detail(Detail::Inherited { provider, certificate: id("iso") }),
        "E-6H.4" => evidence.with_detail(Detail::Copies { servers: 3 }),
        "E-6H.5" | "E-6H.6" | "A2-Avail-2" => evidence.with_detail(Detail::Sites { production, copy }),
        "E-6H.8b" => evidence.with_detail(Detail::Region { region: Region::NorthWesternEurope }),
        _ => evidence,
    }
}

/// For every measure: an auditor finds it missing, then held to the day, then lapsed to the day.
#[test]
fn every_measure_is_missing_until_it_is_there_and_again_when_it_has_lapsed() {
    let certificate =
        filed(clause::E_6H_2, "2026-01-01", [good(clause::E_6H_2, "c", "iso", days("2020-01-01", "2030-12-31"))]);
    for clause in MEASURES.iter().copied() {
        let policy = demanding([Demand::new(clause, id("it"))]);
        let state = filed(clause, "2026-03-01", [good(clause, "e", "it", days("2026-03-01", "2026-05-31"))]);
        let register = Register::new(&policy, [&state, &certificate]);
        for (at, expected) in [
            ("2026-02-28", Standing::Missing),
            ("2026-03-01", Standing::Held { until: Some(day("2026-05-31")) }),
            ("2026-04-30", Standing::Held { until: Some(day("2026-05-31")) }),
            ("2026-05-01", Standing::DueSoon { until: day("2026-05-31") }),
            ("2026-05-31", Standing::DueSoon { until: day("2026-05-31") }),
            ("2026-06-01", Standing::Lapsed { since: day("2026-06-01") }),
        ] {
            assert_eq!(standing(&register, clause, "it", at), expected, "{clause} {at}");
        }
        let found = register.findings(day("2026-07-01"));
        let of_it: Vec<_> = found.iter().filter(|found| found.about() == Some(&id("it"))).collect();
        assert_eq!(of_it.len(), 1, "{clause}");
        assert_eq!(of_it[0].kind(), FindingKind::Lapsed);
        assert_eq!(of_it[0].to_string(), format!("{}, it: no valid evidence since 2026-06-01", clause.id()));
        // About nothing at all, every other measure is missing.
        let missing = found.iter().filter(|found| found.kind() == FindingKind::Missing).count();
        let held = if clause == clause::E_6H_2 { 1 } else { 2 };
        assert_eq!(missing, MEASURES.len() - held, "{clause}");
    }
}

/// Three months from 30 November end on 28 February: there is no 30th.
#[test]
fn evidence_counts_no_longer_than_the_cadence() {
    let every = |period| demanding([Demand::new(clause::E_4_1, id("news")).every(period)]);
    let until = |policy: &EvidencePolicy, days| {
        let state = filed(clause::E_4_1, "2025-11-30", [entry("n-1", "news", days)]);
        match standing(&Register::new(policy, [&state]), clause::E_4_1, "news", "2025-11-30") {
            Standing::Held { until } => until,
            other => panic!("{other}"),
        }
    };
    let quarterly = every(Period::Months(3));
    assert_eq!(until(&quarterly, since("2025-11-30")), Some(day("2026-02-28")));
    assert_eq!(until(&quarterly, days("2025-11-30", "2026-01-31")), Some(day("2026-01-31")));
    assert_eq!(until(&quarterly, days("2025-11-30", "2026-03-31")), Some(day("2026-02-28")));
    assert_eq!(until(&every(Period::Weeks(10)), since("2025-11-30")), Some(day("2026-02-08")));
    assert_eq!(until(&EvidencePolicy::default(), since("2025-11-30")), None);

    // The next one counts from its own day: between them is the gap.
    let two = [entry("n-1", "news", since("2025-11-30")), entry("n-2", "news", since("2026-03-05"))];
    let state = filed(clause::E_4_1, "2025-11-30", two);
    let register = Register::new(&quarterly, [&state]);
    let year = days("2025-11-01", "2026-06-30");
    assert_eq!(
        register.gaps(clause::E_4_1, &id("news"), year),
        [days("2025-11-01", "2025-11-29"), days("2026-03-01", "2026-03-04"), days("2026-06-06", "2026-06-30")]
    );
    // A period that ends after the year 9999 cannot be counted: it is the one day.
    let state = filed(clause::E_4_1, "2025-11-30", [entry("n-1", "news", since("9999-12-31"))]);
    let at = Register::new(&quarterly, [&state]).on(clause::E_4_1, &id("news"), day("9999-12-31")).standing();
    assert_eq!(at, Standing::DueSoon { until: day("9999-12-31") });
}

#[test]
fn without_a_cadence_the_answer_says_so() {
    let says = |policy: &EvidencePolicy, clause| {
        let state = filed(clause, "2026-01-01", [good(clause, "e", "it", since("2026-01-01"))]);
        let answer = Register::new(policy, [&state]).on(clause, &id("it"), day("2026-01-01"));
        assert!(answer.standing().is_held());
        (answer.cadence(), answer.contradictions().collect::<Vec<_>>())
    };
    let yearly = demanding([Demand::new(clause::E_4_1, id("it")).every(Period::Years(1))]);
    assert_eq!(says(&yearly, clause::E_4_1), (Some(Period::Years(1)), vec![]));
    assert_eq!(says(&EvidencePolicy::default(), clause::E_4_1), (None, vec![clause::X17]));
    // "TES" is read as TLS, and that is said.
    assert_eq!(says(&EvidencePolicy::default(), clause::A2_ACCESS_1), (None, vec![clause::X17, clause::X18]));
    let report = Register::new(&yearly, []).report(days("2026-01-01", "2026-01-02")).to_string();
    assert!(report.contains("A2-Access-1 (encryption in transit and at rest): missing"), "{report}");
}

#[test]
fn a_renewal_in_advance_counts_from_its_filing_on() {
    let policy = demanding([Demand::new(clause::E_6H_1, id("azure"))]);
    let mut state = filed(clause::E_6H_1, "2026-01-01", [entry("e-1", "azure", days("2026-01-01", "2026-03-31"))]);
    let renewal = entry("e-2", "azure", days("2026-04-01", "2026-12-31"));
    state = put(file(Some(state), on("2026-03-20"), clause::E_6H_1, renewal));
    let register = Register::new(&policy, [&state]);
    let soon = Standing::DueSoon { until: day("2026-03-31") };
    let renewed = Standing::Held { until: Some(day("2026-12-31")) };
    for (at, expected) in
        [("2026-03-19", soon), ("2026-03-20", renewed), ("2026-03-31", renewed), ("2026-04-01", renewed)]
    {
        assert_eq!(standing(&register, clause::E_6H_1, "azure", at), expected, "{at}");
    }
}

/// A restore that failed is filed, and ends what a restore that worked had shown.
#[test]
fn a2_avail_2_a_failed_restore_ends_what_was_shown_before() {
    let clause = clause::A2_AVAIL_2;
    let worked = |name, first| good(clause, name, "db", since(first));
    let failed = |name, first| good(clause, name, "db", since(first)).showing([]);
    let policy = EvidencePolicy::default();
    let tests = [worked("t-1", "2026-02-01"), failed("t-2", "2026-03-10"), worked("t-3", "2026-03-12")];
    let state = filed(clause, "2026-03-12", tests);
    let register = Register::new(&policy, [&state]);
    for (at, held) in [("2026-03-09", true), ("2026-03-10", false), ("2026-03-11", false), ("2026-03-12", true)] {
        assert_eq!(standing(&register, clause, "db", at).is_held(), held, "{at}");
    }
    assert_eq!(standing(&register, clause, "db", "2026-03-11"), Standing::Lapsed { since: day("2026-03-10") });
    let answer = register.on(clause, &id("db"), day("2026-03-11"));
    assert_eq!(
        (answer.shortfalls(), answer.evidence().map(Evidence::id)),
        ([Shortfall::Part(Part::Restored)].as_slice(), Some(&id("t-2")))
    );
    assert!(register.on(clause, &id("db"), day("2026-03-12")).shortfalls().is_empty());
    let gaps = register.gaps(clause, &id("db"), days("2026-02-01", "2026-03-31"));
    assert_eq!(gaps, [days("2026-03-10", "2026-03-11")]);

    // On one day, what was filed later stands.
    let mut same = filed(clause, "2026-03-10", [failed("t-2", "2026-03-10")]);
    assert_eq!(standing(&Register::new(&policy, [&same]), clause, "db", "2026-03-10"), Standing::Missing);
    same = put(file(Some(same), on("2026-03-11"), clause, worked("t-1", "2026-03-10")));
    assert!(standing(&Register::new(&policy, [&same]), clause, "db", "2026-03-10").is_held());
    same = put(file(Some(same), on("2026-03-12"), clause, failed("t-0", "2026-03-10")));
    assert!(!standing(&Register::new(&policy, [&same]), clause, "db", "2026-03-10").is_held());
    // Another database has its own tests.
    assert_eq!(standing(&register, clause, "db-2", "2026-03-12"), Standing::NotWanted);
}

/// Inherited from a provider, under its certificate, as long as that holds (`E-6H.2`, `E-6H.3`, `A2-Area-1`).
#[test]
fn e_6h_3_an_inherited_control_holds_as_long_as_the_certificate() {
    let policy = EvidencePolicy::default();
    let certificates = [
        good(clause::E_6H_2, "c-1", "iso", days("2025-03-03", "2026-03-02")),
        good(clause::E_6H_2, "c-2", "iso", days("2026-03-10", "2027-03-09")),
        good(clause::E_6H_2, "c-3", "soc", days("2025-01-01", "2027-12-31")),
        good(clause::E_6H_2, "c-4", "iso", days("2025-01-01", "2027-12-31"))
            .with_detail(Detail::Certificate { provider: id("aws") }),
    ];
    // That of another provider is about something else.
    let certificates = filed(clause::E_6H_2, "2026-01-01", certificates);
    for clause in [clause::E_6H_3, clause::A2_AREA_1] {
        let state = filed(clause, "2026-01-01", [good(clause, "n-1", "network", since("2026-01-01"))]);
        let register = Register::new(&policy, [&state, &certificates]);
        assert_eq!(
            register.gaps(clause, &id("network"), days("2025-12-01", "2027-12-31")),
            [days("2026-03-03", "2026-03-09"), days("2027-03-10", "2027-12-31")],
            "{clause}"
        );
        for (at, short) in [("2026-03-02", false), ("2026-03-03", true), ("2026-03-09", true), ("2026-03-10", false)] {
            let answer = register.on(clause, &id("network"), day(at));
            let expected: &[Shortfall] = if short { &[Shortfall::NoCertificate] } else { &[] };
            assert_eq!(answer.shortfalls(), expected, "{at}");
            assert_eq!(answer.standing().is_held(), !short, "{at}");
        }
        let alone = Register::new(&policy, [&state]);
        assert_eq!(standing(&alone, clause, "network", "2026-02-01"), Standing::Missing, "under no certificate");
    }
}

/// The policy says "three-fold redundant on basis of mirroring": three servers, the original among them. A host that does
/// not count the original wants four.
#[test]
fn e_6h_4_three_servers_with_the_original() {
    let four = EvidencePolicy::builder().min_copies(4).build().unwrap();
    for (servers, by_text, by_host) in [(0, false, false), (2, false, false), (3, true, false), (4, true, true)] {
        let evidence = entry("r-1", "db", since("2026-01-01")).with_detail(Detail::Copies { servers });
        for (policy, counts, wanted) in [(&EvidencePolicy::default(), by_text, 3), (&four, by_host, 4)] {
            let short = [Shortfall::Copies { found: servers, wanted }];
            let expected: &[Shortfall] = if counts { &[] } else { &short };
            assert_eq!(evidence.shortfalls(clause::E_6H_4, policy), expected, "{servers} of {wanted}");
        }
    }
    assert_eq!(EvidencePolicy::builder().min_copies(2).build(), Err(EvidencePolicyError::Copies { asked: 2 }));
}

/// What each rule names one by one, and what its detail must say.
#[test]
fn evidence_falls_short_of_what_its_rule_names() {
    let policy = EvidencePolicy::default();
    let whole = since("2026-01-01");
    for clause in MEASURES.iter().copied() {
        let full = good(clause, "e", "it", days("2026-01-01", "2026-12-31"));
        assert!(full.shortfalls(clause, &policy).is_empty(), "{clause}");
        for part in Part::wanted(clause) {
            let others = Part::wanted(clause).iter().copied().filter(|other| other != part);
            let without = full.clone().showing(others);
            assert_eq!(without.shortfalls(clause, &policy), [Shortfall::Part(*part)], "{clause}");
        }
        let bare = entry("e", "it", whole).showing(Part::wanted(clause).iter().copied());
        let expected: &[Shortfall] = if full.detail().is_some() { &[Shortfall::Detail] } else { &[] };
        assert_eq!(bare.shortfalls(clause, &policy), expected, "{clause}");
    }
    let wanted = |clause| Part::wanted(clause).len();
    assert_eq!(
        [clause::E_1_1, clause::E_6H_5, clause::A2_ACCESS_1, clause::A2_AVAIL_2, clause::A2_TRANS_1].map(wanted),
        [4, 2, 2, 1, 3]
    );
    let same = |clause| {
        let sites = Detail::Sites { production: id("dublin"), copy: id("dublin") };
        good(clause, "e", "it", whole).with_detail(sites).shortfalls(clause, &policy)
    };
    for clause in [clause::E_6H_5, clause::E_6H_6, clause::A2_AVAIL_2] {
        assert_eq!(same(clause), [Shortfall::SameSite], "{clause}");
    }
    let elsewhere = entry("e", "it", whole).with_detail(Detail::Region { region: Region::Other(id("us-east")) });
    assert_eq!(elsewhere.shortfalls(clause::E_6H_8B, &policy), [Shortfall::OtherRegion]);
    assert_eq!(good(clause::E_6H_2, "c", "iso", whole).shortfalls(clause::E_6H_2, &policy), [Shortfall::NoExpiry]);
}

#[test]
fn what_is_retired_is_no_longer_wanted_unless_it_is_demanded() {
    let clause = clause::E_6H_1;
    let entries = [
        entry("e-1", "old", days("2025-01-01", "2025-12-31")),
        entry("e-2", "old", since("2026-02-01")).with_detail(Detail::Retired),
    ];
    let state = filed(clause, "2026-02-01", entries);
    let free = EvidencePolicy::default();
    let register = Register::new(&free, [&state]);
    for (at, expected) in [
        ("2024-12-31", Standing::NotWanted),
        ("2026-01-31", Standing::Lapsed { since: day("2026-01-01") }),
        ("2026-02-01", Standing::NotWanted),
    ] {
        assert_eq!(standing(&register, clause, "old", at), expected, "{at}");
    }
    let all = days("2024-01-01", "2026-12-31");
    assert_eq!(register.gaps(clause, &id("old"), all), [days("2026-01-01", "2026-01-31")]);
    assert!(words(&register.findings(day("2026-02-01"))).contains(&"E-6H.1: no evidence on 2026-02-01".to_string()));

    let policy = demanding([Demand::new(clause, id("old")).since(day("2024-12-01"))]);
    let demanded = Register::new(&policy, [&state]);
    assert_eq!(standing(&demanded, clause, "old", "2024-11-30"), Standing::NotWanted);
    assert_eq!(standing(&demanded, clause, "old", "2024-12-01"), Standing::Missing);
    let gaps = demanded.gaps(clause, &id("old"), all);
    assert_eq!(gaps, [days("2024-12-01", "2024-12-31"), days("2026-01-01", "2026-12-31")]);
    let found = words(&demanded.report(all).findings());
    for expected in [
        "E-6H.1, old: no evidence from 2024-12-01 to 2024-12-31",
        "E-6H.1, old: no valid evidence from 2026-01-01 to 2026-12-31",
    ] {
        assert!(found.iter().any(|found| found == expected), "{found:?}");
    }
}

#[test]
fn a_correction_replaces_what_it_names_and_both_stay_on_record() {
    let (clause, policy) = (clause::A2_A, EvidencePolicy::default());
    let state = filed(clause, "2026-01-01", [entry("e-1", "isms", since("2026-01-01"))]);
    let state = put(file(
        Some(state),
        on("2026-05-01"),
        clause,
        entry("e-2", "isms", days("2026-01-01", "2026-03-31")).replacing(id("e-1")),
    ));
    let register = Register::new(&policy, [&state]);
    assert_eq!(standing(&register, clause, "isms", "2026-04-01"), Standing::Lapsed { since: day("2026-04-01") });
    let report = register.report(days("2026-01-01", "2026-04-30"));
    let line = report.lines().iter().find(|line| line.clause() == clause).unwrap();
    assert_eq!(line.entries().len(), 2);
    assert!(report.to_string().contains("e-2: document 4, from 2026-01-01 to 2026-03-31, by s-2, replaces e-1"));
}

#[test]
fn what_cannot_be_filed_says_why() {
    let clause = clause::A2_INPUT_5;
    let lock = entry("e-1", "room", since("2026-01-01"));
    let state = filed(clause, "2026-01-01", [lock.clone()]);
    let file = |evidence: Evidence| file(Some(state.clone()), on("2026-01-02"), clause, evidence);
    was_there(&file(lock.clone()));
    refuses(&file(lock.clone().showing([Part::Use])), Refusal::IdTaken);
    refuses(&file(entry("e-2", "room", since("2026-01-02")).replacing(id("e-9"))), Refusal::Unknown);
    refuses(&file(entry("e-2", "room", since("2026-01-02")).replacing(id("e-2"))), Refusal::Unknown);
    refuses(&super::file(Some(state.clone()), on("2026-01-02"), clause::A2_A, lock), Refusal::AnotherClause);
}

/// A full file takes no more entries, and corrections still.
#[test]
fn a_full_file_is_corrected_and_continued_in_the_next_volume() {
    let clause = clause::A2_INPUT_5;
    let (mut state, mut count) = (None, 0);
    let long = "x".repeat(200);
    let next = |number: i32| {
        Evidence::new(id(&format!("e-{number}")), id("room"), id("s-2"), since("2026-01-01"), text(&long))
    };
    loop {
        let transition = file(state.clone(), on("2026-01-01"), clause, next(count));
        if transition.outcome() == &crate::governance::RecordOutcome::Refused(Refusal::Full) {
            break;
        }
        (state, count) = (Some(put(transition)), count + 1);
    }
    assert!(count > 100, "{count}");
    let correction = next(-1).replacing(id("e-0"));
    let corrected = put(file(state.clone(), on("2026-01-01"), clause, correction));
    let volume = filed(clause, "2026-01-01", [next(count)]);
    let policy = EvidencePolicy::default();
    let report = Register::new(&policy, [&volume, &corrected]).report(days("2026-01-01", "2026-01-01"));
    let line = report.lines().iter().find(|line| line.clause() == clause).unwrap();
    assert_eq!(line.entries().len(), usize::try_from(count).unwrap() + 2);
    assert_ne!(
        EvidenceState::key(crate::Scope::Operator, clause, 0),
        EvidenceState::key(crate::Scope::Operator, clause, 1)
    );
}

/// `A2-Doc-1`: every measure is in the report, with its evidence and its gaps.
#[test]
fn a2_doc_1_a_report_has_every_measure_its_evidence_and_its_gaps() {
    let policy = demanding([Demand::new(clause::D_5_2, id("risks")).every(Period::Years(1))]);
    let state = filed(
        clause::E_6H_2,
        "2026-01-01",
        [
            good(clause::E_6H_2, "c-6", "iso", days("2025-03-03", "2026-03-02")),
            good(clause::E_6H_2, "c-7", "iso", days("2026-03-10", "2027-03-09")),
        ],
    );
    let register = Register::new(&policy, [&state]);
    let report = register.report(days("2026-03-01", "2026-03-31"));
    for clause in MEASURES.iter().chain([&clause::D_5_2]) {
        assert_eq!(report.lines().iter().filter(|line| line.clause() == *clause).count(), 1, "{clause}");
    }
    assert_eq!(report.lines().len(), MEASURES.len() + 1);
    let found = words(&report.findings());
    assert!(found.contains(&"E-6H.2, iso: no valid evidence from 2026-03-03 to 2026-03-09".to_string()));
    assert!(found.contains(&"D-5.2, risks: no evidence from 2026-03-01 to 2026-03-31".to_string()));
    assert_eq!(found.len(), MEASURES.len() + 1);
    let shown = report.to_string();
    let lines: Vec<&str> = shown.lines().skip_while(|line| !line.starts_with("E-6H.2")).take(4).collect();
    assert_eq!(
        lines,
        [
            "E-6H.2, iso (certifications of the hosting provider): held until 2027-03-09 [X17]",
            "  gap from 2026-03-03 to 2026-03-09",
            "  c-6: document 4, from 2025-03-03 to 2026-03-02, by s-2",
            "  c-7: document 4, from 2026-03-10 to 2027-03-09, by s-2",
        ]
    );
    assert!(shown.starts_with("evidence from 2026-03-01 to 2026-03-31: 22 measures, 22 with gaps\n"), "{shown}");
    // What begins later is in no earlier report.
    let earlier = register.report(days("2025-01-01", "2025-12-31"));
    assert_eq!(earlier.lines().iter().map(|line| line.entries().len()).sum::<usize>(), 1);
}

#[test]
fn a_policy_out_of_range_cannot_be_built_nor_read() {
    let bad = |builder: EvidencePolicyBuilder, error| {
        let json = serde_json::to_string(&builder).unwrap();
        assert_eq!(builder.build(), Err(error));
        assert!(serde_json::from_str::<EvidencePolicy>(&json).is_err(), "{json}");
    };
    let policy = EvidencePolicy::builder;
    let demand = || Demand::new(clause::E_4_1, id("news"));
    bad(policy().lead_days(367), EvidencePolicyError::Lead { asked_days: 367 });
    bad(policy().demand(demand()).demand(demand().since(day("2026-01-01"))), EvidencePolicyError::Twice);
    for period in [
        Period::Days(0),
        Period::Days(3654),
        Period::Weeks(522),
        Period::Months(121),
        Period::Years(11),
        Period::WorkingDays(5),
    ] {
        bad(policy().demand(demand().every(period)), EvidencePolicyError::Cadence);
    }
    for period in [Period::Days(1), Period::Days(3653), Period::Weeks(521), Period::Months(120), Period::Years(10)] {
        let good = policy().lead_days(366).demand(demand().every(period)).build().unwrap();
        assert_eq!(serde_json::from_str::<EvidencePolicy>(&serde_json::to_string(&good).unwrap()).unwrap(), good);
    }
    let many = (0..1001)
        .fold(policy(), |policy, number| policy.demand(Demand::new(clause::E_4_1, id(&format!("n-{number}")))));
    bad(many, EvidencePolicyError::TooMany);
}

/// An id is unique in its volume; what replaces it there is nothing to an entry of the same id in another.
#[test]
fn a_correction_is_of_its_own_volume() {
    let db = |name: &str, first, worked: bool| {
        let test = good(clause::A2_AVAIL_2, name, "db", since(first));
        if worked { test } else { test.showing([]) }
    };
    let corrected = filed(
        clause::A2_AVAIL_2,
        "2026-01-05",
        [db("t-1", "2026-01-01", false), db("t-2", "2026-01-01", true).replacing(id("t-1"))],
    );
    let next = filed(clause::A2_AVAIL_2, "2026-02-05", [db("t-1", "2026-02-01", false)]);
    let policy = demanding([Demand::new(clause::A2_AVAIL_2, id("db"))]);
    let register = Register::new(&policy, [&corrected, &next]);
    assert_eq!(standing(&register, clause::A2_AVAIL_2, "db", "2026-01-31"), Standing::Held { until: None });
    let lapsed = Standing::Lapsed { since: day("2026-02-01") };
    assert_eq!(standing(&register, clause::A2_AVAIL_2, "db", "2026-02-10"), lapsed, "the failed restore counts");
}

#[test]
fn a_file_is_read_strictly() {
    let json = |entries: &str| format!(r#"{{"clause":"A2-A","entries":[{entries}]}}"#);
    let one = r#"{"at":"2026-01-01T00:00:00.000000Z","evidence":{"id":"e-1","about":"isms","by":"s-2","days":{"first":"2026-01-01"},"reference":"ISMS"}}"#;
    assert!(serde_json::from_str::<EvidenceState>(&json(one)).is_ok());
    for bad in [
        json(&format!("{one},{one}")),
        json(one).replace("A2-A", "A2-Z"),
        json(&one.replace("isms", "is ms")),
        json(&one.replace(r#""by""#, r#""of""#)),
        json(&one.replace(r#""reference":"ISMS""#, r#""reference":"ISMS","replaces":"e-1""#)),
        json(&one.replace(r#""reference":"ISMS""#, r#""reference":"ISMS","replaces":"e-0""#)),
        json(&one.replace(r#""reference":"ISMS""#, r#""reference":"ISMS","digest":"00""#)),
        json(&one.replace(r#""reference":"ISMS""#, r#""reference":"ISMS","detail":{"copies":{"servers":-1}}"#)),
        json(&one.replace(r#""reference":"ISMS""#, r#""reference":"ISMS","parts":["walls"]"#)),
    ] {
        assert!(serde_json::from_str::<EvidenceState>(&bad).is_err(), "{bad}");
    }
}

// ---- properties, against a look at every day

const FIRST: &str = "2026-01-01";

fn at(offset: u16) -> NaiveDate {
    day(FIRST).checked_add_days(CountOfDays::new(offset.into())).unwrap()
}

/// First day, length (none: open), whether it counts, and the day of filing: within some 60 days.
type Drawn = (u16, Option<u16>, bool, u16);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec((0..60_u16, prop::option::of(0..30_u16), prop::bool::weighted(0.7), 0..60_u16), 0..8)
}

/// The entries, each filed on its own day, in this order.
fn state_of(drawn: &[(usize, Drawn)]) -> Option<EvidenceState> {
    drawn.iter().fold(None, |state, (name, (first, length, counts, filed))| {
        let days = match length {
            Some(length) => Days::try_new(at(*first), at(first + length)),
            None => Days::since(at(*first)),
        };
        let part = counts.then_some(Part::Restored);
        let evidence = good(clause::A2_AVAIL_2, &format!("e-{name}"), "db", days.unwrap()).showing(part);
        Some(put(file(state, on(&at(*filed).to_string()), clause::A2_AVAIL_2, evidence)))
    })
}

fn numbered(drawn: &[Drawn]) -> Vec<(usize, Drawn)> {
    drawn.iter().copied().enumerate().collect()
}

/// Ten lines that say the same: on a day, the rule is met if an entry that counts has it, and none that falls short began
/// after that entry and by the day.
fn model(drawn: &[(usize, Drawn)], cadence: u16, at: u16) -> bool {
    let mut order = drawn.to_vec();
    order.sort_by_key(|(name, (first, _, _, filed))| (*first, *filed, format!("e-{name}")));
    order.iter().enumerate().any(|(position, (_, (first, length, counts, _)))| {
        let last = length.map_or(u16::MAX, |length| first + length).min(first + cadence);
        let spoiled = order[position + 1..].iter().any(|(_, (later, _, counts, _))| !counts && *later <= at);
        *counts && (*first..=last).contains(&at) && !spoiled
    })
}

fn policy_of(cadence: u16) -> EvidencePolicy {
    demanding([Demand::new(clause::A2_AVAIL_2, id("db")).every(Period::Days(cadence.into()))])
}

proptest! {
    #[test]
    fn a_day_is_a_gap_exactly_if_no_entry_counts(drawn in drawn(), cadence in 1..40_u16) {
        let (policy, entries) = (policy_of(cadence), numbered(&drawn));
        let state = state_of(&entries);
        let register = Register::new(&policy, &state);
        let gaps = register.gaps(clause::A2_AVAIL_2, &id("db"), Days::try_new(at(0), at(100)).unwrap());
        for offset in 0..=100 {
            let met = model(&entries, cadence, offset);
            let standing = register.on(clause::A2_AVAIL_2, &id("db"), at(offset)).standing();
            prop_assert_eq!(standing.is_held(), met, "day {}: {}", offset, standing);
            prop_assert_eq!(gaps.iter().any(|gap| gap.has(at(offset))), !met, "day {}", offset);
            if let Standing::Lapsed { since } = standing {
                let before = u16::try_from((since - at(0)).num_days()).unwrap();
                prop_assert!(before > 0 && model(&entries, cadence, before - 1));
                prop_assert!((before..=offset).all(|day| !model(&entries, cadence, day)));
            }
        }
    }

    #[test]
    fn the_order_of_entries_and_of_volumes_is_irrelevant(drawn in drawn(), cut in 0..8_usize, cadence in 1..40_u16) {
        let (policy, entries) = (policy_of(cadence), numbered(&drawn));
        let mut other = entries.clone();
        other.reverse();
        let (one, two) = other.split_at(cut.min(other.len()));
        let (whole, volumes) = (state_of(&entries), [state_of(one), state_of(two)]);
        let (first, second) = (Register::new(&policy, &whole), Register::new(&policy, volumes.iter().flatten()));
        for offset in 0..=100 {
            let answers = [&first, &second].map(|register| register.on(clause::A2_AVAIL_2, &id("db"), at(offset)).standing());
            prop_assert_eq!(answers[0], answers[1]);
        }
        let year = Days::try_new(at(0), at(200)).unwrap();
        prop_assert_eq!(first.report(year).to_string(), second.report(year).to_string());
    }

    #[test]
    fn adding_evidence_that_counts_never_makes_a_gap(drawn in drawn(), more in (0..60_u16, prop::option::of(0..30_u16), 0..60_u16), cadence in 1..40_u16) {
        let (policy, mut entries) = (policy_of(cadence), numbered(&drawn));
        let before = state_of(&entries);
        entries.push((99, (more.0, more.1, true, more.2)));
        let after = state_of(&entries);
        let (first, second) = (Register::new(&policy, &before), Register::new(&policy, &after));
        for offset in 0..=100 {
            let held = |register: &Register<'_>| register.on(clause::A2_AVAIL_2, &id("db"), at(offset)).standing().is_held();
            prop_assert!(!held(&first) || held(&second), "day {}", offset);
        }
    }

    /// Neither evidence that counts nor evidence that does not, if it is filed after the day and is not back-dated.
    #[test]
    fn no_later_entry_changes_the_answer_for_a_day(drawn in drawn(), at_day in 0..60_u16, more in (1..40_u16, prop::option::of(0..30_u16), prop::bool::ANY, 1..40_u16), cadence in 1..40_u16) {
        let (policy, mut entries) = (policy_of(cadence), numbered(&drawn));
        let before = state_of(&entries);
        entries.push((99, (at_day + more.0, more.1, more.2, at_day + more.3)));
        let after = state_of(&entries);
        let (first, second) = (Register::new(&policy, &before), Register::new(&policy, &after));
        for offset in 0..=at_day {
            let answers = [&first, &second].map(|register| register.on(clause::A2_AVAIL_2, &id("db"), at(offset)));
            prop_assert_eq!(&answers[0], &answers[1]);
        }
    }
}

#[test]
fn an_event_has_ids_and_no_reference() {
    let evidence = entry("e-1", "room", since("2026-01-01"));
    let (_, _, facts) = file(None, Now::from(Timestamp::MIN), clause::A2_INPUT_5, evidence).into_parts();
    assert_eq!(facts[0].clauses(), [clause::A2_INPUT_5, clause::A2_DOC_1]);
    let shown: String = format!("{facts:?}");
    assert!(shown.contains("e-1") && shown.contains("room") && shown.contains("s-2") && !shown.contains("document"));
}
