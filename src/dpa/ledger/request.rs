//! Data Subject Requests: section 7, clause 5(d)(iii), and the law whose clock runs.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::super::{
    Due, Duty, Fact, FindingKind, Missing, PauseGround, Recipient, Regime, RequestKind, RequestLaw, law, periods,
};
use super::matter::{Matter, day, not_before, with_pauses};
use crate::clause;
use crate::deadline::{CCPA, CONTRACT, Convention, ICO_ONE_MONTH, Period, REGULATION_1182_71, Trigger};

const RECEIPT: Trigger = Trigger::new("receipt of the request");

/// The month of the GDPR as a period of an EU act.
const EU_REQUESTS: Convention = REGULATION_1182_71.with_source(
    "Regulation (EEC, Euratom) No 1182/71 Article 3(4); so EDPB Guidelines 01/2022 section 5.3 (cited from memory)",
);

pub(super) fn decide(m: &mut Matter<'_>) {
    let Some(received) = m.first(|fact| matches!(fact, Fact::RequestReceived { .. })) else { return };
    let Fact::RequestReceived { kind, by, regime, law } = *received.fact() else { return };
    let first_text = received.when().day() < m.context.terms.request_text_from();

    if by == Recipient::Provider {
        forward(m, kind, regime, first_text);
    }
    replies(m, regime, first_text);

    let is_help = |fact: &Fact| matches!(fact, Fact::Assisted { .. });
    for (asked, helped) in m.pairs(|fact| matches!(fact, Fact::AssistanceAsked { .. }), is_help) {
        let extra = matches!(asked.fact(), Fact::AssistanceAsked { extra_efforts: true });
        let duty = if extra { Duty::ExtraEfforts } else { Duty::AssistRequest };
        let owed = m.promptly(duty, asked, helped);
        if first_text {
            owed.citing(clause::D_7_1C);
        }
    }
    clock(m, law);
}

fn forward(m: &mut Matter<'_>, kind: RequestKind, regime: Regime, first_text: bool) {
    let Some(received) = m.first(|fact| matches!(fact, Fact::RequestReceived { .. })) else { return };
    let told = m.first_from(received.when(), |fact| matches!(fact, Fact::RequestForwarded));
    if first_text && !kind.is_in_first_text() {
        m.find(received, FindingKind::NotInFirstText);
    } else {
        let forward = m.promptly(Duty::ForwardRequest, received, told);
        if first_text {
            forward.citing(clause::D_7_1A);
        }
    }
    if regime == Regime::Clauses {
        m.promptly(Duty::ForwardDirectRequest, received, told);
    }
}

/// No reply in substance without consent: by the first wording, and by the clauses to this day.
fn replies(m: &mut Matter<'_>, regime: Regime, first_text: bool) {
    let authorised = m.first(|fact| matches!(fact, Fact::ReplyAuthorised));
    for reply in m.all(|fact| matches!(fact, Fact::Replied { confirmation_only: false })) {
        if authorised.is_some_and(|consent| not_before(reply.when(), consent.when())) {
            continue;
        }
        let finding = match (first_text, regime) {
            (true, _) => FindingKind::RepliedWithoutConsent { clause: clause::D_7_1B },
            (false, Regime::Clauses) => FindingKind::RepliedWithoutConsent { clause: clause::SCC_5D_III },
            // The ban is gone from the addendum and survives only in the clauses, which do not apply here.
            (false, Regime::Addendum) => FindingKind::Contradiction(clause::X8),
        };
        m.find(reply, finding);
    }
}

/// The clock of whoever must answer: each law's own.
fn clock(m: &mut Matter<'_>, regime: RequestLaw) {
    let Some(received) = m.first(|fact| matches!(fact, Fact::RequestReceived { .. })) else { return };
    let rule = match regime {
        // The pauses of the United Kingdom are younger than its clock.
        RequestLaw::Gdpr | RequestLaw::UkGdpr => clause::G_12_3,
        RequestLaw::Ccpa => clause::G_CCPA,
        RequestLaw::Lgpd => clause::G_LGPD,
    };
    if !m.applies(rule, received.when().day()) {
        return;
    }
    let refused = m.first_from(received.when(), |fact| matches!(fact, Fact::RequestRefused));
    let answered = m.first_from(received.when(), |fact| matches!(fact, Fact::RequestAnswered));
    let is_refusal = refused.is_some() && answered.is_none();

    let mut start = received.when().day();
    let mut spans = Vec::new();
    let stops = regime == RequestLaw::UkGdpr && m.applies(clause::G_UK, received.when().day());
    if stops {
        let Some(complete) = complete(m, start) else {
            m.by(Duty::ActOnRequest, received, Due::Unknown(Missing::Identity), answered.or(refused))
                .citing(clause::G_UK);
            return;
        };
        start = complete;
        spans = m
            .pairs(|fact| matches!(fact, Fact::ClarificationAsked), |fact| matches!(fact, Fact::ClarificationReceived));
    }

    // The California period begins on the day of receipt; the others on the day after it.
    let (cited, convention, plain, extended) = match regime {
        RequestLaw::Gdpr => (clause::G_12_3, CONTRACT, Period::Months(1), Period::Months(3)),
        RequestLaw::UkGdpr if stops => (clause::G_UK, CONTRACT, Period::Months(1), Period::Months(3)),
        RequestLaw::UkGdpr => (clause::G_12_3, CONTRACT, Period::Months(1), Period::Months(3)),
        RequestLaw::Ccpa => (clause::G_CCPA, CCPA, Period::Days(45), Period::Days(90)),
        RequestLaw::Lgpd => (clause::G_LGPD, CONTRACT, Period::Days(15), Period::Days(15)),
    };
    // What does not count: the days from the one after the start, from asking to and including the answer.
    let counted = |period| {
        let due = day(periods::under(convention, period, cited, RECEIPT, start));
        start.succ_opt().map_or((Due::Unknown(Missing::Calendar), None), |next| {
            with_pauses(due, &spans, next, |answered| answered.succ_opt())
        })
    };
    let first = counted(plain);
    let mut due = first.clone();
    let notices = m.all(|fact| matches!(fact, Fact::ExtensionNotified { .. }));
    // The first that is in time and reasoned extends.
    for extension in notices.filter(|notice| not_before(notice.when(), received.when())) {
        let in_time = first.0.last_day().is_some_and(|last| extension.when().day() <= last);
        let reasoned = matches!(extension.fact(), Fact::ExtensionNotified { reasons: Some(_) });
        if in_time && reasoned && plain != extended {
            // From the original receipt, not from the end of the first period.
            due = counted(extended);
            break;
        }
        m.find(extension, FindingKind::ExtensionIneffective);
    }
    if regime == RequestLaw::Ccpa {
        let confirmed = m.first_from(received.when(), |fact| matches!(fact, Fact::ReceiptConfirmed));
        // Ten business days need the holidays of the place.
        let calendar = m.context.rules.calendar(RequestLaw::Ccpa);
        let due = calendar.map(|calendar| day(law::confirmation(received.when().day(), calendar)));
        m.by(Duty::ConfirmReceipt, received, due.unwrap_or(Due::Unknown(Missing::Calendar)), confirmed);
    }
    // A refusal has no second month: whoever refuses says so within the first (Article 12(4)).
    let refusing = is_refusal
        && matches!(regime, RequestLaw::Gdpr | RequestLaw::UkGdpr)
        && m.applies(clause::G_12_4, received.when().day());
    let (due, paused) = if refusing { first } else { due };
    let rules = m.context.rules;
    let owed = m.by(Duty::ActOnRequest, received, due, answered.or(refused));
    owed.citing(if refusing { clause::G_12_4 } else { cited });
    if let Some(since) = paused {
        owed.paused(since, PauseGround::Clarification);
    }
    match regime {
        RequestLaw::Gdpr => owed.read_by(EU_REQUESTS, rules.calendar(regime)),
        RequestLaw::UkGdpr => owed.read_by(ICO_ONE_MONTH, rules.calendar(regime)),
        RequestLaw::Ccpa | RequestLaw::Lgpd => owed,
    };
}

/// The day on which the request is complete: the last of receipt, identity information and fee, of what was asked
/// for before the month was over; `None` as long as any of it is outstanding. Each asking wants an answer of its own.
fn complete(m: &Matter<'_>, received: NaiveDate) -> Option<NaiveDate> {
    let mut answers = m.all(|fact| matches!(fact, Fact::IdentityReceived));
    let mut start = received;
    for asked in m.all(|fact| matches!(fact, Fact::IdentityAsked)) {
        let last = periods::last_day(Period::Months(1), start);
        if last.is_some_and(|last| asked.when().day() > last) {
            break;
        }
        let answer = answers.find(|answer| not_before(answer.when(), asked.when()))?;
        start = start.max(answer.when().day());
    }
    Some(start)
}
