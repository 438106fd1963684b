//! Agreements: terms, plans, events in any order, obligations at any instant, and the gates.

use std::collections::BTreeSet;
use std::sync::Arc;

use clausework::clause::contradictions;
use clausework::deadline::CONVENTIONS;
use clausework::dpa::{
    Adequacy, Annex, AuditReport, ClauseTerm, ConsentModel, Country, DataAccess, DataType, Derogation, DocumentRank,
    DpaEvent, DpaPolicy, DpaTerms, Duty, Fact, Gap, HeldUse, HourLimit, HourWindow, Instruction, InstructionRegister,
    Instrument, LateReturnRequest, LawRule, Ledger, LegalRequirement, OverallCessation, Processing, ProcessingBasis,
    RecordGate, Regime, Relation, RequestLaw, Route, Standstill, TransferCheck, When, access_refusals,
    ccpa_confirmation, determine_transfer, held_use_refusal, law_rule, prevailing, report_fails, scc_in_force,
    term_conflict,
};

use super::draw::Gen;
use super::{say, see};

pub(super) fn all(g: &Gen) {
    let terms = terms(g);
    plans(g, &terms);
    ledgers(g, terms);
    instants(g);
    gates(g);
}

fn terms(g: &Gen) -> DpaTerms {
    let mut builder = DpaTerms::builder();
    for _ in 0..g.below(3) {
        let period = g.period();
        builder = match g.below(9) {
            0 => builder.deletion(period),
            1 => builder.return_window(period),
            2 => builder.return_compliance(period),
            3 => builder.certification(period),
            4 => builder.objection(period),
            5 => builder.audit_report_age(period),
            6 => builder.list_update(period),
            7 => builder.variation_notice(period),
            _ => builder.request_text_from(g.date()),
        };
    }
    let terms = builder.build().unwrap_or_else(|error| {
        say(&error);
        DpaTerms::default()
    });
    g.policy(terms)
}

fn late(g: &Gen) -> LateReturnRequest {
    let agreed = LateReturnRequest::Agreed { date: g.date(), evidence: g.reference() };
    g.pick(&[LateReturnRequest::Literal, LateReturnRequest::MonthFromRequest, LateReturnRequest::LaterOf, agreed])
}

fn plans(g: &Gen, terms: &DpaTerms) {
    let (day, other) = (g.date(), g.date());
    see(&(terms.deletion(day), terms.return_request(day), terms.return_compliance(day), terms.certification(day)));
    see(&(
        terms.objection(day),
        terms.audit_report(day),
        terms.audit_report_is_current(day, other),
        terms.variation_effect(day),
    ));
    see(&terms.variation_notice_by(day));
    if g.below(16) == 0 {
        terms.term_conflicts().iter().for_each(say); // it tries every kind of day
    }
    match terms.certificate_conflict(day, other) {
        Ok(conflict) => conflict.iter().for_each(say),
        Err(error) => say(&error),
    }
    let (one, another) =
        (ClauseTerm { clause: g.clause(), period: g.period() }, ClauseTerm { clause: g.clause(), period: g.period() });
    let relation = g.pick(&[Relation::Honours, Relation::Destroys, Relation::Certifies]);
    if g.below(16) == 0 {
        term_conflict(g.pick(contradictions()), relation, one, another).iter().for_each(say);
    }
    if let (Ok(one), Ok(another)) = (terms.deletion(day), terms.return_request(other)) {
        Gap::between(&one, &another).iter().for_each(|gap| see(&(gap.to_string(), gap.days())));
    }
    let plan = match terms.exit_plan(day, late(g)) {
        Ok(plan) => plan,
        Err(error) => return say(&error),
    };
    plan.duties().iter().for_each(|duty| say(&duty.because()));
    plan.conflicts().iter().for_each(say);
    see(&(plan.recommended(), plan.gap(), plan.return_request_due(other)));
    say(&plan.timeline());
    #[cfg(feature = "ical")]
    see(&plan.calendar(&g.id(), &g.id(), g.usize(), g.now()));
}

/// An instant of any offset, also where the local day is outside of what chrono can name.
fn when(g: &Gen) -> When {
    match g.below(8) {
        0 => g.text().parse().unwrap_or(When::On(g.date())),
        1 => When::At(g.instant()),
        2 => When::On(g.date()),
        _ => {
            // Of one time, so that events follow each other.
            let day = g.below(400);
            let text = format!(
                "{}T17:00:00+02:00",
                chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(u64::try_from(day).unwrap())
            );
            let at: When = text.parse().unwrap();
            if g.flag() { at } else { When::On(at.day()) }
        }
    }
}

fn event(g: &Gen) -> DpaEvent {
    let lines: Vec<&str> = include_str!("../golden/dpa_facts.v1.json").lines().collect();
    let line = g.pick(&lines);
    let fact: Fact = serde_json::from_str(&g.changed(line)).unwrap_or(serde_json::from_str(line).unwrap());
    let mut event = DpaEvent::new(g.id(), g.id(), g.id(), when(g), fact);
    if g.below(8) == 0 {
        event = event.replacing(g.id());
    }
    if g.below(4) == 0 {
        event = event.with_evidence(g.reference());
    }
    let text = g.changed(&serde_json::to_string(&event).unwrap());
    let again = serde_json::from_str(&text);
    let ids = ["e-1", "e-2", "e-3", "e-4", "e-5", "e-6", "e-7", "e-8", "e-9"];
    let id = clausework::id::OpaqueId::try_new(g.pick(&ids)).unwrap();
    let read: DpaEvent = again.unwrap_or(event);
    DpaEvent::new(id, read.agreement().clone(), read.matter().clone(), read.when(), read.fact().clone())
}

fn ledgers(g: &Gen, terms: DpaTerms) {
    let mut policy = DpaPolicy::new(late(g)).with_standstill(g.pick(&[Standstill::UntilWindowEnds, Standstill::None]));
    policy = policy.with_consent(g.pick(&[ConsentModel::ByRegime, ConsentModel::General, ConsentModel::Written]));
    if let Ok(targeted) = policy.clone().with_target(g.pick(&Duty::ALL), g.period()) {
        policy = targeted;
    }
    see(&policy.target(g.pick(&Duty::ALL)));
    let policy = g.policy(policy);
    let mut ledger = Ledger::new(terms.clone(), policy.clone());
    let events = g.some(25, event);
    for event in &events {
        see(&ledger.apply(event.clone()));
    }
    read(g, &ledger);
    read(g, &ledger.as_of(g.instant()));
    super::evidence::agreement(g, &ledger);
    let clause = g.clause();
    let rule = LawRule::new(clause, "source", g.date(), g.maybe(Gen::date));
    let law = g.pick(&[RequestLaw::Gdpr, RequestLaw::UkGdpr, RequestLaw::Ccpa, RequestLaw::Lgpd]);
    let calendar = Arc::new(super::deadline::calendar(g));
    let replayed = Ledger::replay(terms, policy, events).with_law(rule).with_calendar(law, calendar.clone());
    read(g, &replayed.with_reading(g.pick(CONVENTIONS), Some(calendar)));
}

fn read(g: &Gen, ledger: &Ledger) {
    let (now, agreement, day) = (g.instant(), g.id(), g.date());
    for entry in ledger.obligations() {
        say(&entry);
        say(entry.obligation());
        say(&entry.obligation().status(now));
        say(&entry.obligation().status(g.instant()));
        see(&(entry.obligation().alternatives(), entry.obligation().last_day()));
    }
    ledger.findings().for_each(say);
    ledger.findings_of(&agreement).for_each(say);
    see(&(ledger.of_agreement(&agreement).count(), ledger.next_due(day).is_some(), ledger.overdue(now).count()));
    see(&(ledger.subprocessor_refusals(&agreement, &g.id(), day), ledger.costs(&agreement).count()));
    let records = ledger.records(&agreement);
    see(&(records.on(g.clause(), day).is_some(), records.missing(RecordGate::Transfer, day)));
    say(&ledger.table(now));
    #[cfg(feature = "ical")]
    see(&ledger.calendar(g.now()));
}

fn instants(g: &Gen) {
    let (start, day, offset) = (g.instant(), g.date(), g.offset());
    let calendar = super::deadline::calendar(g);
    if let Some(limit) = HourLimit::try_new(start, g.u32()) {
        see(&(limit.earliest(), limit.latest(), limit.with_calendar(&calendar)));
    }
    if let Some(window) = HourWindow::try_new(day, g.u32()) {
        see(&(window.earliest(offset), window.latest(offset), window.last_day(), window.with_calendar(&calendar)));
    }
    let (one, other) = (when(g), when(g));
    see(&(one.cmp(&other), one.day(), one.instant(), one.to_string()));
    serde_json::to_string(&one).unwrap();
    see(&serde_json::from_str::<When>(&serde_json::to_string(&other).unwrap()));
}

fn gates(g: &Gen) {
    let (day, other) = (g.date(), g.date());
    let annex = |from| Annex {
        from,
        exporter: None,
        importer: None,
        duration: None,
        operations: None,
        data: BTreeSet::from([DataType::Name]),
        subjects: BTreeSet::new(),
        special: None,
    };
    let versions = [annex(day), annex(other)];
    see(&Annex::in_force(&versions, g.date()).map(Annex::missing));
    let services = g.some(4, |g| g.maybe(Gen::date));
    see(&(OverallCessation::FirstService.date(&services), OverallCessation::LastService.date(&services)));
    let report = AuditReport {
        dated: g.date(),
        independent: g.flag(),
        accepted_standard: g.flag(),
        shows_sufficiency: g.flag(),
    };
    see(&report_fails(&terms(g), &report, day));
    see(&held_use_refusal(HeldUse::Other, Regime::Clauses));
    let ranks = [DocumentRank::Other, DocumentRank::Addendum, DocumentRank::SignedOtherwise, DocumentRank::Clauses];
    see(&prevailing(g.pick(&ranks), g.pick(&ranks), g.maybe(|g| g.pick(&ranks))));
    see(&access_refusals(
        &DataAccess { is_needed: g.flag(), bound_until: g.maybe(Gen::date), is_vetted: g.flag() },
        day,
    ));

    let mut register = InstructionRegister::default();
    for _ in 0..g.below(4) {
        register.add(Instruction {
            id: g.id(),
            by: g.id(),
            operation: g.id(),
            from: g.date(),
            until: g.maybe(Gen::date),
            evidence: g.reference(),
            infringes_since: g.maybe(Gen::date),
        });
    }
    let law = ProcessingBasis::Law(LegalRequirement {
        law: g.reference(),
        informed: g.maybe(when),
        silence: g.maybe(Gen::reference),
    });
    let basis = g.pick(&[ProcessingBasis::None, ProcessingBasis::Instruction(g.id()), law]);
    let register: InstructionRegister = g.policy(register);
    see(&register.decide(&Processing { member: g.id(), operation: g.id(), when: when(g), basis }));

    let country = |g: &Gen| {
        Country::try_new(&g.text()).unwrap_or(g.pick(&[Country::UNITED_KINGDOM, Country::try_new("DE").unwrap()]))
    };
    let adequate =
        g.some(3, |g| Adequacy { place: country(g), from: g.date(), until: g.maybe(Gen::date), source: g.reference() });
    let derogation = Derogation(g.reference());
    let (from, to) = (country(g), country(g));
    let check = TransferCheck {
        route: g.pick(&[Route::ToProcessor, Route::Onward, Route::Other]),
        from,
        to,
        on: day,
        eea: &adequate,
        adequate: &adequate,
        derogation: g.flag().then_some(&derogation),
    };
    see(&determine_transfer(&check));
    let scc = scc_in_force(g.maybe(Gen::date), g.maybe(Gen::date), g.maybe(Gen::date)).assessed(g.flag());
    see(&(scc.since(), scc.is_valid_instrument(day), scc.missing()));
    let calendar = super::deadline::calendar(g);
    see(&ccpa_confirmation(day, &calendar));
    let clause = g.clause();
    see(&(law_rule(clause), LawRule::new(clause, "source", day, None).status(other)));
    see(&Instrument { clause, no_new_from: g.maybe(Gen::date), last_day: g.maybe(Gen::date) }.is_valid(day, other));
}
