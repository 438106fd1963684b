//! Rules, obligations, measures and the audit log.

use super::*;
use crate::audit::bundle::Bundle;
use crate::audit::checkpoint::{Checkpoint, Origin, SignedCheckpoint};
use crate::audit::record::{
    About, Basis as Right, Body, Class, Draft, Essentials, Ground, Outcome, Phase, Place, Purge,
};
use crate::audit::tree::Frontier;
use crate::audit::verify::{Report as Verified, Values, Verdict};
use crate::clause;
use crate::dpa::{DpaEvent, DpaPolicy, DpaTerms, Fact, LateReturnRequest, Ledger, Regime};
use crate::event::{Actor, Code, Origin as Source};
use crate::governance::{Days, Demand, EvidencePolicy, Register, RolesState};
use crate::id::{OpaqueId, Scope};
use crate::profile::{PolicySet, Profile};

fn id(text: &str) -> OpaqueId {
    OpaqueId::try_new(text).unwrap()
}

fn policies(lock_secs: u32) -> PolicySet {
    PolicySet::from_json(&format!(
        r#"{{ "sign_in": {{ "lockout": {{ "lock_secs": {lock_secs} }},
            "session": {{ "lifetime_secs": 28800, "idle": {{ "lock": {{ "after_secs": 900 }} }} }} }} }}"#
    ))
    .unwrap()
}

fn ledger() -> Ledger {
    let mut ledger = Ledger::new(DpaTerms::default(), DpaPolicy::new(LateReturnRequest::Literal));
    let ceased = Fact::Ceased { regime: Regime::Addendum };
    for (number, agreement, matter, day, fact) in [
        ("e-1", "acme-1", "crm", "2026-10-12", ceased.clone()),
        ("e-2", "acme-1", "crm", "2026-12-01", Fact::Deleted { holder: None }),
        ("e-3", "acme-1", "crm", "2026-10-20", Fact::CertificateRequested),
        ("e-4", "umbrella-1", "shop", "2026-10-12", ceased.clone()),
        ("e-5", "acme-1", "mail", "2026-12-01", ceased),
    ] {
        let _ = ledger.apply(DpaEvent::new(id(number), id(agreement), id(matter), day.parse().unwrap(), fact));
    }
    ledger
}

fn sealed(records: u64) -> (Verified, SignedCheckpoint) {
    let mut log = Frontier::new();
    log.extend_from((0..records).map(u64::to_be_bytes)).unwrap();
    let origin = Origin::try_new("audit.example.com/acme").unwrap();
    let name = origin.key_name().unwrap();
    let note = Checkpoint::new(origin, log.head()).to_note().unwrap();
    let note = note.sign_with(name, crate::audit::checkpoint::KeyId::new([1; 4]), [7; 68].into()).unwrap();
    let report = Verified {
        verdict: Verdict::Verified(log.head()),
        minimum_index: 0,
        size: records,
        purged: 0,
        redacted: 0,
        beyond: 0,
    };
    (report, SignedCheckpoint::new(note).unwrap())
}

/// One thing for every part that needs no events.
pub(super) fn hand_in(report: &mut ReportBuilder) {
    let days = Days::try_new("2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap()).unwrap();
    let wanted = EvidencePolicy::builder().demand(Demand::new(clause::E_6H_2, id("iso-27001"))).build().unwrap();
    let (verified, checkpoint) = sealed(5);
    report
        .policies_since(at("2026-01-01T00:00:00"), &policies(900))
        .profile(Profile::PciDss401)
        .agreement(&ledger(), &id("acme-1"))
        .measures(&Register::new(&wanted, []).report(days))
        .findings(&RolesState::default().findings(days))
        .audit_log(&verified, [&checkpoint]);
}

#[test]
fn rules_are_told_with_their_clauses_and_their_changes() {
    let mut report = builder();
    // Handed in out of order; the last would only come into force in December.
    report
        .policies_since(at("2026-12-01T00:00:00"), &policies(60))
        .policies_since(at("2026-11-16T00:00:00"), &policies(1800))
        .policies_since(at("2026-01-01T00:00:00"), &policies(900));
    let rules = report.build().rules.unwrap();
    assert!(rules.known_from_start);
    assert_eq!(rules.in_force_since, Some(at("2026-11-16T00:00:00")));
    let lock = rules.rules.iter().find(|rule| rule.setting == "sign_in.lockout.lock_secs").unwrap();
    assert_eq!(
        (&lock.value, lock.unit, lock.clauses.as_slice()),
        (&RuleValue::Number(1800), "seconds", [clause::E_6P_3].as_slice())
    );
    let [change] = rules.changes.as_slice() else { panic!() };
    assert_eq!(
        (change.at, &change.before, &change.after),
        (at("2026-11-16T00:00:00"), &RuleValue::Number(900), &RuleValue::Number(1800))
    );

    // The numbers of the policy document: 8 characters, 3 attempts, 15 days.
    for (setting, value) in [
        ("sign_in.password.min_chars", RuleValue::Number(8)),
        ("sign_in.lockout.limit", RuleValue::Number(3)),
        ("sign_in.temporary.lifetime_secs", RuleValue::Number(15 * 24 * 60 * 60)),
        ("sign_in.access.https_only", RuleValue::Switch(true)),
        ("sign_in.dormancy.period_days", RuleValue::Unlimited),
    ] {
        let rule = rules.rules.iter().find(|rule| rule.setting == setting).unwrap();
        assert_eq!(rule.value, value, "{setting}");
    }
    let late = builder().policies_since(at("2026-11-16T00:00:00"), &policies(900)).build();
    assert!(!late.rules.as_ref().unwrap().known_from_start && late.rules.as_ref().unwrap().changes.is_empty());
    assert!(late.attention.iter().any(|found| found.part == ReportPart::Rules));
}

#[test]
fn a_profile_is_held_against_what_was_in_force_at_the_end() {
    let held = builder().policies_since(at("2026-01-01T00:00:00"), &policies(900)).profile(Profile::PciDss401).build();
    let [row] = held.profiles.as_ref().unwrap().as_slice() else { panic!() };
    assert_eq!(row.profile, "PCI DSS 4.0.1");
    let short =
        row.findings.iter().find(|finding| finding.section == "8.3.4" && finding.setting.ends_with("lock_secs"));
    let short = short.unwrap();
    assert_eq!(
        (&short.actual, short.asked.as_str(), short.is_demanded),
        (&RuleValue::Number(900), "at least 1800", true)
    );
    assert!(builder().profile(Profile::PciDss401).build().profiles.is_none()); // nothing to hold it against
}

#[test]
fn d_10_1b_an_obligation_is_told_as_of_the_end_and_now() {
    let report = builder().agreement(&ledger(), &id("acme-1")).build();
    let owed = report.obligations.as_ref().unwrap();
    assert_eq!(owed.agreements, ["acme-1"]);
    let row = |duty: &str| owed.obligations.rows.iter().find(|row| row.duty == duty).unwrap();

    // One month from 12 October is 12 November; it was done on 1 December.
    let delete = row("delete_copies");
    assert_eq!((delete.clause, delete.last_day.unwrap().to_string()), (clause::D_10_1B, "2026-11-12".to_string()));
    assert_eq!((delete.at_end.standing, delete.done_on), (ObligationStanding::Overdue, None));
    assert!(delete.at_end.words.contains("overdue since 2026-11-13"), "{}", delete.at_end.words);
    let now = delete.now.as_ref().unwrap();
    assert_eq!(now.standing, ObligationStanding::Late);
    assert!(now.words.starts_with("done late on 2026-12-01, due 2026-11-12"), "{}", now.words);
    assert_eq!(delete.working, "2026-11-12 (D-10.1b: within 1 month of the Cessation Date, 2026-10-12)");

    // 30 days from 20 October are over on 19 November.
    let certify = owed.obligations.rows.iter().find(|row| row.clause == clause::D_10_4).unwrap();
    assert_eq!(certify.last_day.unwrap().to_string(), "2026-11-19");
    assert_eq!(certify.at_end.standing, ObligationStanding::Overdue);
    assert_eq!(certify.now.as_ref().unwrap().standing, ObligationStanding::Overdue);

    // 90 days from 12 October: until 10 January a right is open.
    let right = row("request_return");
    assert_eq!((right.is_right, right.last_day.unwrap().to_string()), (true, "2027-01-10".to_string()));
    assert_eq!(right.at_end.standing, ObligationStanding::Open);

    // Neither what arose in December nor the other customer's.
    assert!(owed.obligations.rows.iter().all(|row| row.matter == "crm" && row.agreement == "acme-1"));
    let count = |standing| owed.obligations.rows.iter().filter(|row| row.at_end.standing == standing).count() as u64;
    for standing in ObligationStanding::ALL {
        assert_eq!(owed.at_end.of(standing), count(standing), "{standing:?}");
    }
    assert!(!report.to_json().contains("umbrella"));

    // Before the end of the period there is one column of how things stand, and not two of the same.
    let heads = ["At the end of the period</th>", "When the report was made</th>"];
    let shown = |report: &Report| heads.map(|head| report.to_html().matches(head).count());
    assert_eq!(shown(&report), [1, 1]);
    let mut early = Report::builder(Now::from(at("2026-11-15T09:00:00")), tenant(), november());
    assert_eq!(shown(&early.agreement(&ledger(), &id("acme-1")).build()), [0, 1]);
}

#[test]
fn an_agreement_handed_in_twice_counts_once() {
    let one = builder().agreement(&ledger(), &id("acme-1")).build();
    let two = builder().agreement(&ledger(), &id("acme-1")).agreement(&ledger(), &id("acme-1")).build();
    assert_eq!(one, two);
    let none = builder().agreement(&ledger(), &id("acme-9")).build();
    assert_eq!(none.obligations.as_ref().unwrap().obligations.total, 0);
    assert!(none.to_html().contains("Nothing was owed in the period"));
}

#[test]
fn a2_doc_1_measures_are_told_with_their_gaps() {
    let mut report = builder();
    hand_in(&mut report);
    let report = report.build();
    let measures = report.measures.as_ref().unwrap();
    assert_eq!(measures.days, ["from 2026-11-01 to 2026-11-30"]);
    let wanted = measures.measures.rows.iter().find(|row| row.clause == clause::E_6H_2).unwrap();
    assert_eq!((wanted.about.as_deref(), wanted.is_held), (Some("iso-27001"), false));
    assert_eq!(wanted.gaps, ["from 2026-11-01 to 2026-11-30"]);
    assert!(
        measures
            .findings
            .rows
            .iter()
            .any(|row| row.what == "E-2.1: nobody is accountable from 2026-11-01 to 2026-11-30")
    );
}

#[test]
fn a2_mon_2_the_verdict_is_told_in_plain_words() {
    let (verified, checkpoint) = sealed(5);
    let audit = builder().audit_log(&verified, [&checkpoint]).build().audit.unwrap();
    assert_eq!((audit.verdict, audit.is_alarm, audit.is_sound, audit.size), ("audit.verified", false, true, 5));
    let row = &audit.checkpoints.rows[0];
    assert_eq!((row.size, row.signed_by.as_slice()), (5, ["audit.example.com/acme".to_string()].as_slice()));
    assert_eq!(audit.root.as_ref(), Some(&row.root));
    assert!(audit.lawful_gaps.is_none()); // not "none": a stream says nothing of them

    let cut = Verified { verdict: Verdict::Truncated { have: 4, anchored: 5 }, ..verified };
    let report = builder().audit_log(&cut, []).build();
    let audit = report.audit.as_ref().unwrap();
    assert!(audit.is_alarm && audit.words.starts_with("Alarm: the log was cut short"));
    assert!(report.to_html().contains("No checkpoint was handed in"));
    assert!(report.attention.iter().any(|found| found.part == ReportPart::Audit && found.what.starts_with("alarm")));
    let unknown = Verified { verdict: Verdict::UnknownKey, ..verified };
    let report = builder().audit_log(&unknown, []).build();
    assert!(report.attention.iter().any(|found| found.what == "log that is not shown to be whole"));
}

#[test]
fn a_bundle_tells_what_the_log_says_is_gone() {
    let (now, nightly, scope) = (at("2026-11-20T00:00:00"), id("nightly"), Scope::Tenant(tenant()));
    let actor = Actor::Job(nightly.clone());
    let what = Purge::Prefix { minimum_index: 300 };
    let essentials = Essentials {
        code: Code::internal("audit.purge"),
        at: now,
        scope: &scope,
        component: &nightly,
        source: Source::Internal,
        phase: Phase::Whole(Outcome::Success),
        actor: &actor,
        about: About::new("log", &nightly),
        class: Class::Log,
    };
    let intent = Body::PurgeIntent { what, youngest: now, ground: Ground::new(Right::RetentionEnded) };
    let mut bytes = Vec::new();
    let _ = Draft::new(essentials).body(intent).encode_into(Place::first(Now::from(now)), &mut bytes).unwrap().count();
    let mut bundle = Bundle::new(Origin::try_new("audit.example.com/acme").unwrap(), Values::Shown);
    bundle.add_record(0, bytes, Vec::new());
    let report = bundle.verify(&[], &[]);
    let of = |tenant: TenantId| {
        let mut made = Report::builder(Now::from(at("2026-12-02T09:00:00")), tenant, november());
        made.audit_bundle(&bundle, &report).build().audit.unwrap()
    };
    let audit = of(tenant());
    let gaps = audit.lawful_gaps.unwrap();
    assert_eq!((gaps.total, gaps.rows[0].what.as_str()), (1, "all records below 300 are to be purged"));
    assert_eq!((gaps.rows[0].kind, gaps.rows[0].basis), ("purge_intent", Some("retention_ended")));
    let others = of(TenantId::try_new("umbrella").unwrap());
    assert_eq!((others.of_others, others.lawful_gaps.unwrap().total), (1, 0));
}

/// What was not looked at is not said to be fine: detectors without events, an agreement nobody has heard of, and a
/// network that was opened to everybody although no rule in the list says so.
#[test]
fn what_is_not_known_is_not_called_nothing() {
    let report = builder().detect(AlertPolicy::default()).build();
    assert_eq!(report.alerts, None);
    assert!(!report.to_html().contains("none raised an alert"));

    let report = builder().agreement(&ledger(), &id("acme-l")).build();
    let owed = report.obligations.as_ref().unwrap();
    assert_eq!((owed.agreements.len(), owed.unknown.as_slice()), (0, &["acme-l".into()][..]));
    assert!(report.attention.iter().any(|point| point.what == "agreement of which no event was handed in"));
    assert!(report.to_html().contains("nothing is known of what they owe: acme-l."));

    let open_to = |network: &str| {
        PolicySet::from_json(&format!(
            r#"{{ "sign_in": {{ "access": {{ "ip_list": {{ "mode": "on", "entries": ["{network}"] }} }},
                "session": {{ "lifetime_secs": 28800, "idle": {{ "lock": {{ "after_secs": 900 }} }} }} }} }}"#
        ))
        .unwrap()
    };
    let second = at("2026-11-02T00:00:00");
    let mut report = builder();
    report.policies_since(november().from(), &open_to("198.51.100.0/24"));
    let report = report.policies_since(second, &open_to("0.0.0.0/0")).build();
    let rules = report.rules.as_ref().unwrap();
    assert_eq!((rules.changes.len(), rules.unlisted_changes.as_slice()), (0, &[second][..]));
    assert!(report.attention.iter().any(|point| point.what == "change of policies in what no rule shows"));
}

/// Level 2 of ASVS 5.0 includes level 1: what both tell is one thing to look at, and says of which level it is.
#[test]
fn what_two_levels_ask_is_one_demand() {
    let policies = PolicySet::from_json(
        r#"{ "sign_in": { "session": { "lifetime_secs": 28800, "idle": { "lock": { "after_secs": 900 } } } } }"#,
    );
    let with = |profiles: &[Profile]| {
        let mut report = builder();
        report.policies_since(november().from(), policies.as_ref().unwrap());
        profiles.iter().for_each(|profile| {
            report.profile(*profile);
        });
        report.build()
    };
    let count =
        |report: &Report| report.attention.iter().find(|one| one.part == ReportPart::Profiles).map(|one| one.count);
    // 6.2.4 and 6.2.5 are of level 1, 6.2.12 of level 2; that 15 characters are better is a recommendation.
    let both = with(&[Profile::OwaspAsvs5L1, Profile::OwaspAsvs5L2]);
    let [one, two] = both.profiles.as_deref().unwrap() else { panic!() };
    let of = |row: &ProfileRow| {
        let demanded = row.findings.iter().filter(|finding| finding.is_demanded);
        demanded.map(|finding| (finding.of, finding.section)).collect::<Vec<_>>()
    };
    let first = "OWASP ASVS 5.0, level 1";
    assert_eq!(of(one), [(first, "6.2.4"), (first, "6.2.5")]);
    assert_eq!(of(two), [(first, "6.2.4"), (first, "6.2.5"), ("OWASP ASVS 5.0, level 2", "6.2.12")]);
    assert_eq!((count(&both), count(&with(&[Profile::OwaspAsvs5L2]))), (Some(3), Some(3)));
    assert_eq!(count(&with(&[Profile::OwaspAsvs5L1])), Some(2));
    assert_eq!(both.to_html().matches(">6.2.4</td>").count(), 1);
}

/// A request that meets neither of two conditions is told by two events; what other rooms refuse is none of sign-in.
#[test]
fn only_what_is_of_sign_in_is_counted_there() {
    let refused = |code: &str| line("2026-11-03T10:00:00.000000", code, "u-17", MISMATCH);
    let report = builder().stored_events([refused("sign_in.refused"), refused("dpa.report_refused")]).build();
    assert_eq!(report.sign_in.unwrap().refusals, 1);
}
