//! Section 6 and clauses 5(h), 5(j), 11: sub-processors and the exporter's list.

use super::*;

const NOTICE: Fact = Fact::Announced { regime: Regime::Addendum, full_details: true };
const NOTICE_CLAUSES: Fact = Fact::Announced { regime: Regime::Clauses, full_details: true };

fn objection() -> Fact {
    Fact::Objected { grounds: Some(paper()) }
}

fn ended(outcome: ObjectionOutcome) -> Fact {
    Fact::ObjectionEnded { outcome }
}

fn contract(terms: &[ContractTerm]) -> Fact {
    Fact::ContractSigned { terms: terms.to_vec() }
}

fn full_contract() -> Fact {
    use ContractTerm::{Article28, BeneficiaryClause, ExporterLaw, SameProtection, Written};
    contract(&[Written, SameProtection, Article28, BeneficiaryClause, ExporterLaw])
}

/// Announced, looked into, contracted.
fn ready(notice: Fact) -> Vec<(&'static str, Fact)> {
    vec![("2025-12-18", notice), ("2025-12-20", Fact::DueDiligenceDone), ("2025-12-21", full_contract())]
}

fn refusals(facts: &[(&str, Fact)], policy: DpaPolicy, on: &str) -> Vec<SubprocessorRefusal> {
    ledger_of(policy, facts).subprocessor_refusals(&id("acme"), &id("m"), day(on))
}

/// Vector 98: received on 2025-12-18, two weeks end on 2026-01-01, a holiday, and it stands.
#[test]
fn the_window_is_a_right_that_lapses_and_a_standstill() {
    use SubprocessorRefusal::WindowOpen;
    let facts = ready(NOTICE);
    assert_eq!(line(&facts, "2026-01-01", Duty::ObjectToSubprocessor), "due today, 2026-01-01");
    assert_eq!(line(&facts, "2026-01-02", Duty::ObjectToSubprocessor), "lapsed after 2026-01-01");
    assert_eq!(refusals(&facts, policy(), "2026-01-01"), [WindowOpen { last_day: day("2026-01-01") }]);
    assert_eq!(refusals(&facts, policy(), "2026-01-02"), []);
    assert_eq!(refusals(&facts, policy().with_standstill(Standstill::None), "2025-12-22"), []);
    // Consent makes the wait pointless.
    let mut consented = facts.clone();
    consented.push(("2025-12-19", Fact::ConsentGiven));
    assert_eq!(refusals(&consented, policy(), "2025-12-22"), []);
}

#[test]
fn a_window_that_leaves_the_calendar_is_open() {
    let facts = [("9999-12-30", NOTICE), ("9999-12-30", Fact::DueDiligenceDone), ("9999-12-30", full_contract())];
    let open = SubprocessorRefusal::WindowOpen { last_day: NaiveDate::MAX };
    assert_eq!(refusals(&facts, policy(), "9999-12-31"), [open]);
}

#[test]
fn the_first_full_notice_opens_the_window() {
    let bare = Fact::Announced { regime: Regime::Addendum, full_details: false };
    let mut facts = ready(NOTICE);
    facts.push(("2025-12-01", bare));
    assert_eq!(line(&facts, "2026-01-01", Duty::ObjectToSubprocessor), "due today, 2026-01-01");
    assert!(show(&facts, "2026-01-01").contains(&"! e-4 dpa.notice_incomplete".to_string()));
    let open = SubprocessorRefusal::WindowOpen { last_day: day("2026-01-01") };
    assert_eq!(refusals(&facts, policy(), "2026-01-01"), [open]);
    assert_eq!(refusals(&facts, policy(), "2026-01-02"), []);
}

#[test]
fn nothing_less_than_notice_diligence_and_contract_will_do() {
    use SubprocessorRefusal::{ContractLacks, NoDueDiligence, NotAnnounced, NoticeIncomplete};
    assert_eq!(refusals(&[], policy(), "2026-02-01"), [NotAnnounced]);
    let bare = [("2025-12-18", Fact::Announced { regime: Regime::Addendum, full_details: false })];
    let lacks = |term| ContractLacks { term };
    assert_eq!(
        refusals(&bare, policy(), "2026-02-01"),
        [
            NoticeIncomplete,
            NoDueDiligence,
            lacks(ContractTerm::Written),
            lacks(ContractTerm::SameProtection),
            lacks(ContractTerm::Article28)
        ]
    );
    assert!(show(&bare, "2026-02-01").contains(&"! e-1 dpa.notice_incomplete".to_string()));
    // What happens later does not count earlier.
    assert!(refusals(&ready(NOTICE), policy(), "2025-12-19").contains(&NoDueDiligence));
    assert_eq!(refusals(&ready(NOTICE), policy(), "2025-12-17"), [NotAnnounced]);
    // The last contract counts: it can take away what an earlier one gave.
    let mut worse = ready(NOTICE);
    worse.push(("2026-01-10", contract(&[ContractTerm::Written, ContractTerm::SameProtection])));
    assert_eq!(refusals(&worse, policy(), "2026-01-10"), [lacks(ContractTerm::Article28)]);
}

/// X3: general authorisation in the addendum, written consent in the clauses, which prevail.
#[test]
fn the_clauses_want_written_consent_and_two_more_terms() {
    use SubprocessorRefusal::{ContractLacks, NoConsent};
    let facts = ready(NOTICE_CLAUSES);
    assert_eq!(refusals(&facts, policy(), "2026-02-01"), [NoConsent]);
    assert_eq!(refusals(&facts, policy().with_consent(ConsentModel::General), "2026-02-01"), []);
    assert_eq!(refusals(&ready(NOTICE), policy().with_consent(ConsentModel::Written), "2026-02-01"), [NoConsent]);
    let x3 = FindingKind::Contradiction(clause::X3);
    let found = |policy| ledger_of(policy, &facts).findings().any(|finding| *finding.kind() == x3);
    assert!(found(policy().with_consent(ConsentModel::General)) && !found(policy()));

    let mut plain = facts.clone();
    plain.push(("2025-12-22", Fact::ConsentGiven));
    assert_eq!(refusals(&plain, policy(), "2026-02-01"), []);
    let three = contract(&[ContractTerm::Written, ContractTerm::SameProtection, ContractTerm::Article28]);
    plain.push(("2025-12-23", three));
    let lacking = refusals(&plain, policy(), "2026-02-01");
    assert_eq!(
        lacking,
        [ContractLacks { term: ContractTerm::BeneficiaryClause }, ContractLacks { term: ContractTerm::ExporterLaw }]
    );
    assert_eq!(
        lacking.iter().map(|refusal| refusal.clause()).collect::<Vec<_>>(),
        [clause::SCC_11_2, clause::SCC_11_3]
    );
}

/// X7: the text gives an objection no outcome.
#[test]
fn an_objection_stops_until_it_has_an_end_that_frees() {
    use SubprocessorRefusal::{Avoided, ObjectionOpen, ObjectionUnresolved};
    let with = |more: &[(&'static str, Fact)]| {
        let mut facts = ready(NOTICE);
        facts.extend(more.iter().cloned());
        facts
    };
    let open = with(&[("2026-01-01", objection())]);
    assert_eq!(refusals(&open, policy(), "2026-02-01"), [ObjectionOpen]);
    assert_eq!(line(&open, "2026-02-01", Duty::FindAlternative), "running since 2026-01-01");
    assert_eq!(line(&open, "2026-02-01", Duty::ObjectToSubprocessor), "done on 2026-01-01");
    let after = |outcome| with(&[("2026-01-01", objection()), ("2026-01-20", ended(outcome))]);
    assert_eq!(refusals(&after(ObjectionOutcome::Withdrawn), policy(), "2026-02-01"), []);
    assert_eq!(refusals(&after(ObjectionOutcome::Avoided), policy(), "2026-02-01"), [Avoided]);
    let unresolved = after(ObjectionOutcome::Unresolved);
    assert_eq!(refusals(&unresolved, policy(), "2026-02-01"), [ObjectionUnresolved]);
    assert_eq!(refusals(&unresolved, policy().with_standstill(Standstill::None), "2026-02-01"), []);
    let x7 = FindingKind::Contradiction(clause::X7);
    assert!(ledger_of(policy(), &unresolved).findings().any(|finding| *finding.kind() == x7));
    assert_eq!(line(&unresolved, "2026-02-01", Duty::FindAlternative), "done on 2026-01-20");

    // Too late, or without grounds: on record, and nothing stops.
    let late = with(&[("2026-01-02", objection())]);
    assert_eq!(refusals(&late, policy(), "2026-02-01"), []);
    assert!(show(&late, "2026-02-01").contains(&"! e-4 dpa.objection_too_late".to_string()));
    let bare = with(&[("2025-12-24", Fact::Objected { grounds: None })]);
    assert_eq!(refusals(&bare, policy(), "2026-02-01"), []);
    assert!(show(&bare, "2026-02-01").contains(&"! e-4 dpa.objection_without_grounds".to_string()));
}

#[test]
fn processing_that_began_in_spite_of_a_refusal_is_found() {
    let started = |on: &'static str| {
        let mut facts = ready(NOTICE);
        facts.push((on, Fact::ProcessingStarted));
        facts
    };
    assert!(show(&started("2026-01-01"), "2026-02-01").contains(&"! e-4 dpa.started_too_early".to_string()));
    assert!(!show(&started("2026-01-02"), "2026-02-01").iter().any(|line| line.starts_with('!')));
    // Where the policy does not wait, that the text has no answer is reported instead.
    let eager = ledger_of(policy().with_standstill(Standstill::None), &started("2026-01-01"));
    let kinds: Vec<_> = eager.findings().map(|finding| finding.kind().clone()).collect();
    assert_eq!(kinds, [FindingKind::Contradiction(clause::X7)]);
}

/// X11: "already engaged" depends on a date that the text does not have.
#[test]
fn an_old_sub_processor_goes_on_only_against_the_date_of_acceptance() {
    use SubprocessorRefusal::{NoAcceptanceDate, NotAnnounced};
    let old = ("2017-05-01", Fact::AlreadyEngaged { regime: Regime::Addendum });
    let unknown = ledger_of(policy(), core::slice::from_ref(&old));
    assert_eq!(unknown.subprocessor_refusals(&id("acme"), &id("m"), day("2018-06-01")), [NoAcceptanceDate]);
    assert!(shown(&unknown, "2018-06-01").contains(
        &"meet_conditions D-6.2: cannot be computed without the date on which the addendum was accepted".to_string()
    ));
    assert!(unknown.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X11)));

    let accepted = |on: &str| {
        let mut ledger = unknown.clone();
        let event = DpaEvent::new(id("x-1"), id("acme"), id("file"), on.parse().unwrap(), Fact::Accepted);
        assert_eq!(ledger.apply(event), Applied::Added);
        ledger
    };
    assert_eq!(accepted("2017-05-01").subprocessor_refusals(&id("acme"), &id("m"), day("2018-06-01")), []);
    assert_eq!(accepted("2017-04-30").subprocessor_refusals(&id("acme"), &id("m"), day("2018-06-01")), [NotAnnounced]);
    assert_eq!(shown(&accepted("2018-05-25"), "2018-06-01"), ["meet_conditions D-6.2: running since 2017-05-01"]);
    let met = [old, ("2018-07-01", full_contract()), ("2018-06-20", Fact::DueDiligenceDone)];
    let mut ledger = ledger_of(policy(), &met);
    assert_eq!(
        ledger.apply(DpaEvent::new(id("x-1"), id("acme"), id("file"), "2018-05-25".parse().unwrap(), Fact::Accepted)),
        Applied::Added
    );
    assert_eq!(shown(&ledger, "2018-08-01"), ["meet_conditions D-6.2: done on 2018-07-01"]);
}

/// X14: the importer sends, the exporter lists.
#[test]
fn copies_are_sent_and_listed() {
    let asked = [("2025-12-18", NOTICE), ("2026-01-05", Fact::CopyRequested), ("2026-01-04", Fact::CopySent)];
    assert_eq!(line(&asked, "2026-01-06", Duty::SendRequestedCopy), "running since 2026-01-05"); // one sent before does not count
    let mut facts = ready(NOTICE_CLAUSES);
    assert_eq!(line(&facts, "2026-01-06", Duty::SendContractCopy), "running since 2025-12-21");
    facts.push(("2026-01-07", Fact::CopySent));
    assert_eq!(line(&facts, "2026-01-08", Duty::SendContractCopy), "done on 2026-01-07");
    assert_eq!(line(&facts, "2026-01-08", Duty::ListContract), "running since 2026-01-07");
    facts.push(("2026-01-09", Fact::Listed));
    assert_eq!(line(&facts, "2026-01-10", Duty::ListContract), "done on 2026-01-09");
    let mut unsent = ready(NOTICE_CLAUSES);
    unsent.push(("2026-01-09", Fact::Listed));
    let ledger = ledger_of(policy(), &unsent);
    assert!(ledger.findings().any(|finding| *finding.kind() == FindingKind::Contradiction(clause::X14)));
    // Under the addendum alone, a copy is owed on request only.
    assert!(!show(&ready(NOTICE), "2026-01-06").iter().any(|line| line.starts_with("send_")));
}

/// Vector 103: first kept on 2024-02-29; the fourth date is 2028-02-29, not 02-28.
#[test]
fn the_yearly_list_does_not_drift() {
    let mut facts = vec![("2024-02-29", Fact::ListKept)];
    let last_days = |facts: &[(&str, Fact)]| -> Vec<NaiveDate> {
        ledger_of(policy(), facts).obligations().filter_map(|entry| entry.obligation().due().last_day()).collect()
    };
    assert_eq!(last_days(&facts), [day("2025-02-28")]);
    for update in ["2025-02-01", "2026-02-01", "2027-02-01"] {
        facts.push((update, Fact::ListUpdated));
    }
    assert_eq!(last_days(&facts), ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"].map(day));
    // A year without an update stays late, and the late update serves the running year, too.
    let late = [("2024-02-29", Fact::ListKept), ("2025-06-01", Fact::ListUpdated)];
    assert_eq!(
        show(&late, "2025-06-02"),
        [
            "update_list[1] SCC-11.4: done late on 2025-06-01, due 2025-02-28, no reasons given",
            "update_list[2] SCC-11.4: done on 2025-06-01",
            "update_list[3] SCC-11.4: due on 2027-02-28"
        ]
    );
    // Two updates in one year are one year's.
    let twice = [("2024-02-29", Fact::ListKept), ("2024-05-01", Fact::ListUpdated), ("2024-06-01", Fact::ListUpdated)];
    assert_eq!(last_days(&twice), ["2025-02-28", "2026-02-28"].map(day));
}

#[test]
fn who_is_a_sub_processor() {
    assert!(!Appointee::Employee.is_subprocessor());
    assert!(Appointee::Affiliate.is_subprocessor() && Appointee::ThirdParty.is_subprocessor());
}
