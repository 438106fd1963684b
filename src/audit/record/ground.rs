use core::fmt;

use super::error::RecordError;
use super::wire::{Reader, Writer};
use crate::clause::{self, Clause};

/// By which right data is read, erased, purged or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "closed: part of the canonical bytes of version 1")]
pub enum Basis {
    /// Consent: GDPR Art. 6(1)(a).
    Consent,
    /// A contract with the person: GDPR Art. 6(1)(b).
    Contract,
    /// A legal obligation of the controller: GDPR Art. 6(1)(c).
    LegalObligation,
    /// Vital interests: GDPR Art. 6(1)(d).
    VitalInterests,
    /// A task in the public interest: GDPR Art. 6(1)(e).
    PublicTask,
    /// Legitimate interests: GDPR Art. 6(1)(f).
    LegitimateInterests,
    /// The controller's documented instruction to his processor: GDPR Art. 28(3)(a).
    Instruction,
    /// A request of the person himself: GDPR Art. 15 to 22.
    PersonsRequest,
    /// The time for which it is kept is over: GDPR Art. 5(1)(e).
    RetentionEnded,
    /// The agreement has ended: D-10.1, D-10.2.
    AgreementEnded,
    /// Compelled by a court or an authority: E-3.1.
    Compelled,
    /// To establish, exercise or defend a legal claim: GDPR Art. 17(3)(e).
    LegalClaim,
}

impl Basis {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::Consent,
        Self::Contract,
        Self::LegalObligation,
        Self::VitalInterests,
        Self::PublicTask,
        Self::LegitimateInterests,
        Self::Instruction,
        Self::PersonsRequest,
        Self::RetentionEnded,
        Self::AgreementEnded,
        Self::Compelled,
        Self::LegalClaim,
    ];

    /// The word for it, such as `legal_obligation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegalObligation => "legal_obligation",
            Self::VitalInterests => "vital_interests",
            Self::PublicTask => "public_task",
            Self::LegitimateInterests => "legitimate_interests",
            Self::Instruction => "instruction",
            Self::PersonsRequest => "persons_request",
            Self::RetentionEnded => "retention_ended",
            Self::AgreementEnded => "agreement_ended",
            Self::Compelled => "compelled",
            Self::LegalClaim => "legal_claim",
        }
    }

    /// The clause of the two documents that it comes from, if it comes from them.
    #[must_use]
    pub const fn clause(self) -> Option<Clause> {
        match self {
            Self::AgreementEnded => Some(clause::D_10_1B),
            Self::Compelled => Some(clause::E_3_1),
            _ => None,
        }
    }
}

super::wire::numbered!(Basis, "an unknown legal basis", {
    Consent = 1,
    Contract = 2,
    LegalObligation = 3,
    VitalInterests = 4,
    PublicTask = 5,
    LegitimateInterests = 6,
    Instruction = 7,
    PersonsRequest = 8,
    RetentionEnded = 9,
    AgreementEnded = 10,
    Compelled = 11,
    LegalClaim = 12,
});

/// A basis, and what documents it: the id of a contract, an order, a ticket.
///
/// ```
/// use clausework::audit::record::{Basis, Ground};
/// use clausework::id::OpaqueId;
///
/// let order = OpaqueId::try_new("court-order-4711")?;
/// assert_eq!(Ground::new(Basis::Compelled).documented(&order).to_string(), "compelled (court-order-4711)");
/// # Ok::<(), clausework::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ground<'a> {
    basis: Basis,
    reference: Option<&'a str>,
}

impl<'a> Ground<'a> {
    /// By this right.
    #[must_use]
    pub const fn new(basis: Basis) -> Self {
        Self { basis, reference: None }
    }

    /// Documented there.
    #[must_use]
    pub fn documented(self, reference: &'a crate::id::OpaqueId) -> Self {
        Self { reference: Some(reference.as_str()), ..self }
    }

    /// By which right.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// Where it is documented.
    #[must_use]
    pub const fn reference(&self) -> Option<&'a str> {
        self.reference
    }

    pub(super) fn write(&self, w: &mut Writer<'_>) {
        self.basis.write(w);
        w.optional(self.reference, |w, reference| w.short(reference, "the reference of a ground"));
    }

    pub(super) fn read(r: &mut Reader<'a>) -> Result<Self, RecordError> {
        let basis = Basis::read(r)?;
        Ok(Self { basis, reference: r.optional(|r| r.id("the reference of a ground"))? })
    }
}

impl fmt::Display for Ground<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.basis.as_str())?;
        self.reference.map_or(Ok(()), |reference| write!(f, " ({reference})"))
    }
}
