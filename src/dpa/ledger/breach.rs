//! Breaches and prior consultations: section 8, Articles 33, 34 and 36 GDPR.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::{
    Alternative, BreachDetail, DpaEvent, Due, Duty, Fact, FindingKind, HourLimit, HourWindow, Missing, PauseGround,
    RequestLaw, Risk, Status, When, alternative,
};
use super::matter::{Matter, with_pauses, within};
use crate::clause;
use crate::deadline::{Period, REGULATION_1182_71, Trigger};

/// Article 33(1) GDPR.
const AUTHORITY_HOURS: u32 = 72;
/// Article 36(2) GDPR: eight weeks, six more.
const CONSULTATION: (Period, Period) = (Period::Weeks(8), Period::Weeks(14));
const CONSULTATION_RECEIPT: Trigger = Trigger::new("receipt of the request for consultation");

pub(super) fn decide(m: &mut Matter<'_>) {
    // Whoever's it is.
    let aware = m.earliest(|fact| matches!(fact, Fact::ProviderAware | Fact::SubprocessorAware { .. }));
    if let Some(aware) = aware {
        if matches!(aware.fact(), Fact::SubprocessorAware { .. }) {
            m.find(aware, FindingKind::Contradiction(clause::X9));
        }
        let told = m.first_from(aware.when(), |fact| matches!(fact, Fact::CustomerNotified { .. }));
        m.promptly(Duty::NotifyBreach, aware, told);
        if let Some(told) = told {
            let complete = completing(m);
            m.promptly(Duty::CompleteNotice, told, complete);
        }
    }

    // Whoever has been told is aware.
    let controller = m.earliest(|fact| matches!(fact, Fact::ControllerAware | Fact::CustomerNotified { .. }));
    if let Some(controller) = controller {
        authority(m, controller);
    }
    if let Some(controller) = controller.filter(|event| m.applies(clause::G_33_5, event.when().day())) {
        let documented = m.first_from(controller.when(), |fact| matches!(fact, Fact::BreachDocumented));
        m.promptly(Duty::DocumentBreach, controller, documented);
    }

    let steps = m.parts(
        |fact| match fact {
            Fact::StepDirected { step } => Some(step),
            _ => None,
        },
        |fact| match fact {
            Fact::StepDone { step } => Some(step),
            _ => None,
        },
    );
    for (step, directed, done) in steps {
        m.promptly(Duty::CooperateOnBreach, directed, done).part_of(Some(step));
    }
}

/// The notice with which the checklist is complete.
fn completing<'a>(m: &Matter<'a>) -> Option<&'a DpaEvent> {
    let mut known = BTreeSet::new();
    m.all(|fact| matches!(fact, Fact::CustomerNotified { .. })).find(|notice| {
        if let Fact::CustomerNotified { details } = notice.fact() {
            known.extend(details.iter().copied());
        }
        known.len() == BreachDetail::ALL.len()
    })
}

fn authority(m: &mut Matter<'_>, aware: &DpaEvent) {
    let assessed = m.all(|fact| matches!(fact, Fact::RiskAssessed { .. })).last();
    let risk = assessed.and_then(|event| match event.fact() {
        Fact::RiskAssessed { risk } => Some(*risk),
        _ => None,
    });
    let day = aware.when().day();
    if risk != Some(Risk::Unlikely) && m.applies(clause::G_33_1, day) {
        let (due, alternatives) = hours(m, aware.when());
        let notified = m.first_from(aware.when(), |fact| matches!(fact, Fact::AuthorityNotified { .. }));
        let reasons = notified.and_then(|event| match event.fact() {
            Fact::AuthorityNotified { reasons } => reasons.as_ref(),
            _ => None,
        });
        let owed = m.by(Duty::NotifyAuthority, aware, due, notified).excused(reasons);
        owed.alternatives = alternatives;
        // Any present will do: what is done is done.
        let late =
            matches!(owed.status(chrono::DateTime::UNIX_EPOCH.fixed_offset()), Status::DoneLate { reasons: None, .. });
        if let (true, Some(notified)) = (late, notified) {
            m.find(notified, FindingKind::LateWithoutReasons);
        }
    }
    if let (Some(Risk::High), Some(assessed)) = (risk, assessed.filter(|_| m.applies(clause::G_34, day))) {
        let told =
            m.first_from(aware.when(), |fact| matches!(fact, Fact::SubjectsNotified | Fact::SubjectsExempt { .. }));
        m.promptly(Duty::NotifyDataSubjects, assessed, told);
    }
}

/// 72 hours from the awareness; from its whole day, where nobody recorded the instant.
fn hours(m: &Matter<'_>, aware: When) -> (Due, Vec<Alternative>) {
    let calendar = m.context.rules.calendar(RequestLaw::Gdpr);
    let limit = match aware {
        When::At(at) => HourLimit::try_new(at, AUTHORITY_HOURS).map(|limit| {
            let limit = calendar.and_then(|calendar| limit.with_calendar(calendar)).unwrap_or(limit);
            (Due::Hours(limit), alternative::of_hours(&limit))
        }),
        When::On(day) => HourWindow::try_new(day, AUTHORITY_HOURS).map(|window| {
            let window = calendar.and_then(|calendar| window.with_calendar(calendar)).unwrap_or(window);
            (Due::HoursOfDay(window), alternative::of_window(&window))
        }),
    };
    limit.unwrap_or((Due::Unknown(Missing::InstantOfAwareness), Vec::new()))
}

pub(super) fn consultation(m: &mut Matter<'_>) {
    let received = m.first(|fact| matches!(fact, Fact::ConsultationReceived));
    let Some(received) = received.filter(|event| m.applies(clause::G_36_2, event.when().day())) else { return };
    let extended = m.first_from(received.when(), |fact| matches!(fact, Fact::ConsultationExtended));
    let answered = m.first_from(received.when(), |fact| matches!(fact, Fact::ConsultationAnswered));
    let period = if extended.is_some() { CONSULTATION.1 } else { CONSULTATION.0 };
    let start = received.when().day();
    let due = within(period, clause::G_36_2, CONSULTATION_RECEIPT, start);
    let spans =
        m.pairs(|fact| matches!(fact, Fact::ConsultationSuspended), |fact| matches!(fact, Fact::ConsultationResumed));
    // The day of receipt is none of the period, so that nothing can stand still on it. The clock runs again on the
    // day on which the information has come.
    let (due, open) = match start.succ_opt() {
        Some(first) => with_pauses(due, &spans, first, Some),
        None => (due, None),
    };
    let rules = m.context.rules;
    let owed = m.by(Duty::AnswerConsultation, received, due, answered);
    owed.read_by(REGULATION_1182_71, rules.calendar(RequestLaw::Gdpr));
    if let Some(since) = open {
        owed.paused(since, PauseGround::Information);
    }
}
