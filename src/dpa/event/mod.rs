//! What happened under an agreement: append-only, plain, serialisable.

mod fact;
mod kind;
mod subject;
mod when;

use serde::{Deserialize, Serialize};

pub use self::fact::Fact;
pub use self::kind::{
    AuditReport, BreachDetail, CertificateKind, ContractTerm, ExporterDecision, ObjectionOutcome, Recipient, Regime,
    RequestKind, RequestLaw, ReturnFlaw, Risk, RiskException, VariationGround,
};
pub use self::subject::Subject;
pub(in crate::dpa) use self::when::local_day;
pub use self::when::{When, WhenError};
use super::Evidence;
use crate::id::OpaqueId;

/// One thing that happened: append it, never edit it. A mistake is corrected by a later event that
/// names the one it replaces.
///
/// `matter` tells one service, sub-processor, request, breach … of the agreement from another. Ids
/// are opaque, so that no personal data ends up in a title or a calendar.
///
/// ```
/// use clausework::dpa::{DpaEvent, Fact, Regime};
/// use clausework::id::OpaqueId;
///
/// let id = |text: &str| OpaqueId::try_new(text);
/// let ceased = DpaEvent::new(id("e-1")?, id("acme")?, id("crm")?, "2026-06-15".parse()?, Fact::Ceased { regime: Regime::Addendum });
/// let json = serde_json::to_string(&ceased)?;
/// assert_eq!(
///     json,
///     r#"{"id":"e-1","agreement":"acme","matter":"crm","when":"2026-06-15","fact":{"ceased":{"regime":"addendum"}}}"#
/// );
/// assert_eq!(serde_json::from_str::<DpaEvent>(&json)?, ceased);
///
/// // The day was wrong: a second event says so, and the first stays on record.
/// let corrected = DpaEvent::new(id("e-2")?, id("acme")?, id("crm")?, "2026-06-16".parse()?, Fact::Ceased { regime: Regime::Addendum })
///     .replacing(id("e-1")?);
/// assert_eq!(corrected.replaces(), Some(ceased.id()));
/// assert!(id("anna@example.com").is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DpaEvent {
    id: OpaqueId,
    agreement: OpaqueId,
    matter: OpaqueId,
    when: When,
    fact: Fact,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<OpaqueId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
}

impl DpaEvent {
    /// The fact that happened in `matter` of `agreement`.
    #[must_use]
    pub const fn new(id: OpaqueId, agreement: OpaqueId, matter: OpaqueId, when: When, fact: Fact) -> Self {
        Self { id, agreement, matter, when, fact, replaces: None, evidence: None }
    }

    /// Says that this corrects another event of the same agreement, which then no longer counts.
    #[must_use]
    pub fn replacing(mut self, id: OpaqueId) -> Self {
        self.replaces = Some(id);
        self
    }

    /// Says where the proof can be found.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = Some(evidence);
        self
    }

    /// The event's own id, unique in its agreement.
    #[must_use]
    pub const fn id(&self) -> &OpaqueId {
        &self.id
    }

    /// Which agreement.
    #[must_use]
    pub const fn agreement(&self) -> &OpaqueId {
        &self.agreement
    }

    /// Which service, sub-processor, request … of that agreement.
    #[must_use]
    pub const fn matter(&self) -> &OpaqueId {
        &self.matter
    }

    /// When it happened: not when it was recorded.
    #[must_use]
    pub const fn when(&self) -> When {
        self.when
    }

    /// What happened.
    #[must_use]
    pub const fn fact(&self) -> &Fact {
        &self.fact
    }

    /// The event that this one corrects.
    #[must_use]
    pub const fn replaces(&self) -> Option<&OpaqueId> {
        self.replaces.as_ref()
    }

    /// Where the proof can be found.
    #[must_use]
    pub const fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }
}
