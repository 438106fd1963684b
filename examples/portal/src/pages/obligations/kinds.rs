//! What can be noted of an agreement: words for people, and the fact that it is.

use chrono::NaiveDate;
use clausework::dpa::{
    AuditReport, BreachDetail, CertificateKind, Evidence, Fact, ObjectionOutcome, Recipient, Regime, RequestKind,
    RequestLaw,
};

use super::cards::sentence;

/// One thing that can happen. Whatever else the addendum knows is noted as an obligation that was met.
pub struct Kind {
    /// In the form, and the word in the audit log.
    pub name: &'static str,
    pub words: &'static str,
    /// Which of them belong together.
    pub group: &'static str,
    fact: fn(Details) -> Fact,
}

/// What some of them say beside that they happened.
struct Details {
    day: NaiveDate,
    request: RequestKind,
    law: RequestLaw,
}

/// The portal's customers are served under the addendum alone: no Restricted Transfer.
const REGIME: Regime = Regime::Addendum;

macro_rules! kinds {
    ($($name:literal, $group:literal, $words:literal => $fact:expr;)*) => {
        &[$(Kind { name: $name, group: $group, words: $words, fact: $fact }),*]
    };
}

pub const KINDS: &[Kind] = kinds! {
    "request_received", "A request of a data subject", "We received a request" => |of| {
        Fact::RequestReceived { kind: of.request, by: Recipient::Provider, regime: REGIME, law: of.law }
    };
    "assistance_asked", "A request of a data subject", "The customer asked for help with it" => |_| {
        Fact::AssistanceAsked { extra_efforts: false }
    };
    "breach_noticed", "A personal data breach", "We became aware of a breach" => |_| Fact::ProviderAware;
    "controller_aware", "A personal data breach", "The customer became aware of a breach" => |_| Fact::ControllerAware;
    "customer_told", "A personal data breach", "The customer was told, with all details" => |_| {
        Fact::CustomerNotified { details: BreachDetail::ALL.to_vec() }
    };
    "subprocessor_announced", "A sub-processor", "The customer was notified of a new sub-processor, in full" => |_| {
        Fact::Announced { regime: REGIME, full_details: true }
    };
    "objected", "A sub-processor", "The customer objected in writing, on reasonable grounds" => |_| {
        Fact::Objected { grounds: Evidence::try_new("the customer's letter").ok() }
    };
    "objection_avoided", "A sub-processor", "A change was found that avoids the sub-processor" => |_| {
        Fact::ObjectionEnded { outcome: ObjectionOutcome::Avoided }
    };
    "objection_withdrawn", "A sub-processor", "The customer withdrew its objection" => |_| {
        Fact::ObjectionEnded { outcome: ObjectionOutcome::Withdrawn }
    };
    "due_diligence", "A sub-processor", "Due diligence was carried out" => |_| Fact::DueDiligenceDone;
    "copy_requested", "A sub-processor", "The customer asked for a copy of the contract" => |_| Fact::CopyRequested;
    "ceased", "The end of a service", "The service ceased" => |_| Fact::Ceased { regime: REGIME };
    "return_requested", "The end of a service", "The customer asked for its data back" => |_| Fact::ReturnRequested;
    "return_waived", "The end of a service", "The customer wants deletion without return" => |_| Fact::ReturnWaived;
    "certificate_requested", "The end of a service", "The customer asked for the certificate of deletion" => |_| {
        Fact::CertificateRequested
    };
    "certificate_interim", "The end of a service", "An interim certificate was issued" => |_| {
        Fact::CertificateIssued { kind: CertificateKind::Interim }
    };
    "audit_asked", "An audit", "The customer asked for an audit" => |_| Fact::AuditAsked { regime: REGIME };
    // The conditions of D-11.2: not older than 18 months, an independent auditor, an accepted standard, sufficient measures.
    "report_provided", "An audit", "An independent auditor's report of that day was provided, and shows that the measures suffice" => |of| {
        let report =
            AuditReport { dated: of.day, independent: true, accepted_standard: true, shows_sufficiency: true };
        Fact::ReportProvided { report }
    };
    "accepted", "The agreement itself", "The addendum was accepted" => |_| Fact::Accepted;
};

/// What a data subject may ask for.
pub const REQUESTS: [(&str, &str, RequestKind); 7] = [
    ("access", "Access", RequestKind::Access),
    ("rectification", "Rectification", RequestKind::Rectification),
    ("erasure", "Erasure", RequestKind::Erasure),
    ("objection", "Objection", RequestKind::Objection),
    ("restriction", "Restriction", RequestKind::Restriction),
    ("portability", "Portability", RequestKind::Portability),
    ("automated", "No automated decision", RequestKind::AutomatedDecision),
];

/// Whose clock runs.
pub const LAWS: [(&str, &str, RequestLaw); 4] = [
    ("gdpr", "GDPR: one month", RequestLaw::Gdpr),
    ("uk", "UK GDPR: one month, with pauses", RequestLaw::UkGdpr),
    ("ccpa", "CCPA: 45 days", RequestLaw::Ccpa),
    ("lgpd", "LGPD: 15 days", RequestLaw::Lgpd),
];

impl Kind {
    pub fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The fact; request and law count only for a request of a data subject.
    pub fn fact(&self, day: NaiveDate, request: &str, law: &str) -> Option<Fact> {
        let (.., request) = *REQUESTS.iter().find(|(name, ..)| *name == request)?;
        let (.., law) = *LAWS.iter().find(|(name, ..)| *name == law)?;
        Some((self.fact)(Details { day, request, law }))
    }

    /// The words for a fact that was noted, for one of that day: those of the form, or else its name.
    pub fn words(fact: &Fact, day: NaiveDate) -> String {
        let (request, law) = match fact {
            Fact::RequestReceived { kind, law, .. } => (*kind, *law),
            _ => (RequestKind::Access, RequestLaw::Gdpr),
        };
        if let Some(kind) = KINDS.iter().find(|kind| &(kind.fact)(Details { day, request, law }) == fact) {
            return kind.words.to_owned();
        }
        let name = serde_json::to_value(fact).ok().and_then(|value| match value {
            serde_json::Value::String(name) => Some(name),
            serde_json::Value::Object(fields) => fields.keys().next().cloned(),
            _ => None,
        });
        sentence(&name.unwrap_or_default().replace('_', " "))
    }
}
